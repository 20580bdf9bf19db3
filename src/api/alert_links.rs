//! `/l/{token}`: what links in mails lead to, for readers who are not signed in; and what readers turned off, for administrators.
//!
//! GET shows a page and changes nothing, for mail scanners follow every link. POST does what the link was signed for: by the page's button, or by a mail
//! program's one click (RFC 8058).

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY};
use actix_web::web::{Bytes, Data, Json, Path};
use actix_web::{HttpRequest, HttpResponse, delete, get, post};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::auth::Signed;
use super::extract::{Code, Language, NoParams, Params, key, language_of};
use super::page::{self, PageParams};
use super::problem::Problem;
use crate::app::alerts::acknowledging::{self, ToldView};
use crate::app::alerts::links::{self, LinkError, LinkView, Linked, Wish};
use crate::app::alerts::opt_downs::{self, OptDownView};
use crate::app::dossiers::Page;
use crate::app::{App, AppError};
use crate::domain::alert::signed::LinkFault;
use crate::text::Lang;
use crate::text::links::{LinkPage, page as drawn};

/// The addresses of this file that ask for a token.
pub fn configure(config: &mut ServiceConfig) {
    config.service(opt_downs_list).service(opt_down_take_back).service(told);
}

/// The pages behind links, open to whoever holds one.
pub fn configure_open(config: &mut ServiceConfig) {
    config.service(look).service(act);
}

/// What a page's form sends.
#[derive(Debug, Default, Deserialize)]
struct Sent {
    #[serde(rename = "do")]
    wish: Option<String>,
    until: Option<String>,
}

impl Sent {
    /// What a form, or a mail program's one click, asks for. What cannot be read asks for what the link is for, as a click does.
    fn wish(body: &[u8]) -> Wish {
        let sent: Sent = serde_urlencoded::from_bytes(body).unwrap_or_default();
        match (sent.wish.as_deref(), sent.until) {
            (Some("resume"), _) => Wish::Resume,
            (Some("acknowledge"), day) => {
                Wish::Acknowledge(day.and_then(|day| day.parse().ok()).unwrap_or(NaiveDate::MIN))
            }
            _ => Wish::Stop,
        }
    }
}

/// The page behind a link in a mail. Looking at it changes nothing.
#[utoipa::path(tag = "alerts", security(()), params(("token" = String, Path, description = "As the mail has it")), responses(
    (status = 200, body = String, content_type = "text/html"),
    (status = 400, description = "It was cut or changed", body = String, content_type = "text/html"),
    (status = 404, description = "Its time is over", body = String, content_type = "text/html"),
    (status = 410, description = "What it was about is gone", body = String, content_type = "text/html"),
))]
#[get("/l/{token}")]
async fn look(request: HttpRequest, app: Data<App>, token: Path<String>) -> Result<HttpResponse, Problem> {
    answer(&request, links::look(&app, token.into_inner()).await)
}

/// Does what a link is for: by the button of its page, or by a mail program with `List-Unsubscribe=One-Click` (RFC 8058). Twice does nothing more.
#[utoipa::path(tag = "alerts", security(()), params(("token" = String, Path, description = "As the mail has it")),
    request_body(content = String, content_type = "application/x-www-form-urlencoded"), responses(
    (status = 200, body = String, content_type = "text/html"),
    (status = 400, description = "It was cut or changed, or the day is none of those offered", body = String, content_type = "text/html"),
    (status = 404, description = "Its time is over", body = String, content_type = "text/html"),
    (status = 410, description = "What it was about is gone", body = String, content_type = "text/html"),
))]
#[post("/l/{token}")]
async fn act(
    request: HttpRequest,
    app: Data<App>,
    token: Path<String>,
    body: Bytes,
) -> Result<HttpResponse, Problem> {
    answer(&request, links::act(&app, token.into_inner(), Sent::wish(&body)).await)
}

fn answer(request: &HttpRequest, result: Result<LinkView, LinkError>) -> Result<HttpResponse, Problem> {
    let reader = language_of(request.headers());
    let view = match &result {
        Ok(view) => return html(StatusCode::OK, view.lang, &shown(&view.linked)),
        Err(error) => error,
    };
    let (status, page) = match view {
        LinkError::Fault(LinkFault::Forged) => (StatusCode::BAD_REQUEST, LinkPage::Forged),
        LinkError::Fault(LinkFault::Expired) => (StatusCode::NOT_FOUND, LinkPage::Expired),
        LinkError::Gone => (StatusCode::GONE, LinkPage::Gone),
        LinkError::NoSuchDay => (StatusCode::BAD_REQUEST, LinkPage::NoSuchDay),
        LinkError::App(AppError::Unavailable(why)) => {
            tracing::warn!(%why, "the database is away");
            (StatusCode::SERVICE_UNAVAILABLE, LinkPage::Unavailable)
        }
        LinkError::App(why) => {
            tracing::error!(%why, "a link could not be followed");
            (StatusCode::INTERNAL_SERVER_ERROR, LinkPage::Unavailable)
        }
    };
    html(status, reader, &page)
}

fn shown(of: &Linked) -> LinkPage<'_> {
    match of {
        Linked::OptDown { topic, off } => LinkPage::OptDown { topic: *topic, off: *off },
        Linked::Acknowledge(letter) => LinkPage::Acknowledge {
            open: &letter.open,
            closed: letter.closed,
            days: &letter.days,
            until: letter.until,
        },
    }
}

fn html(status: StatusCode, lang: Lang, page: &LinkPage<'_>) -> Result<HttpResponse, Problem> {
    let nonce = links::nonce()?;
    let body = drawn(lang, page, &nonce).map_err(|error| AppError::Internal(error.to_string()))?;
    let policy = format!(
        "default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    Ok(HttpResponse::build(status)
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((CONTENT_SECURITY_POLICY, policy))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header(("X-Content-Type-Options", "nosniff"))
        .body(body))
}

/// Which mails were turned off by the link in them, the oldest first; for administrators, about readers within their units.
#[utoipa::path(tag = "alerts", params(PageParams), responses((status = 200, body = Page<OptDownView>)))]
#[get("/alert-opt-downs")]
async fn opt_downs_list(
    app: Data<App>,
    (signed, language): (Signed, Language),
    Params(params): Params<PageParams>,
) -> Result<Json<Page<OptDownView>>, Problem> {
    let page = page::asked(params.limit, params.cursor, signed.0, language)?;
    let all = opt_downs::opt_downs(&app, page.by.clone()).await?;
    Ok(Json(page::of_all(all, &page, |of| of.id.to_string())?))
}

/// Turns mails on again for a reader, for administrators; the ledger keeps who did it.
#[utoipa::path(tag = "alerts", params(("id" = i64, Path, description = "Its key")), responses((status = 204)))]
#[delete("/alert-opt-downs/{id}")]
async fn opt_down_take_back(
    app: Data<App>,
    Signed(by): Signed,
    id: Path<String>,
    _params: Params<NoParams>,
) -> Result<HttpResponse, Problem> {
    opt_downs::take_back(&app, key(&id, "opt_down")?, by).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Who was told of a dossier by the ladder.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ToldOfDossier)]
struct ToldBody {
    /// The oldest first.
    items: Vec<ToldView>,
}

/// Who was told that a dossier is late, step by step, and who acknowledged it when.
#[utoipa::path(tag = "alerts", params(("code" = String, Path, description = "The dossier's code")), responses((status = 200, body = ToldBody)))]
#[get("/dossiers/{code}/acknowledgements")]
async fn told(
    app: Data<App>,
    Signed(by): Signed,
    Code(code): Code,
    _params: Params<NoParams>,
) -> Result<Json<ToldBody>, Problem> {
    Ok(Json(ToldBody { items: acknowledging::told(&app, code, by).await? }))
}
