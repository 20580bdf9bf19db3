//! The mail of a rule as it stands in its form, saved or not: `/admin/alerts/new/try`, `/admin/alerts/rules/{name}/try`, and the mail itself for the frame
//! within them, `/admin/alerts/try/mail`. Nothing is sent or written.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpResponse, post};

use super::rule::{page, read, refused};
use crate::app::access::Right;
use crate::app::alerts::rules_shown::{self, AlertRuleView, PreviewView};
use crate::app::{App, AppError};
use crate::text::moments;
use crate::web::fault::{Faults, PageError};
use crate::web::form::{Form, KEY, Posted, TOKEN};
use crate::web::frame::{draw_around_mail, mail};
use crate::web::visitor::Visitor;

pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(try_new).service(try_change).service(show_mail);
}

/// The mail that a form would send.
pub(super) struct Tried {
    /// As of when.
    pub(super) at: String,
    pub(super) reached: bool,
    /// Its subject and its plain text; `None` when there is nothing to tell.
    pub(super) message: Option<(String, String)>,
    /// What asks for the mail as it is laid out: the form once more.
    pub(super) token: String,
    pub(super) fields: Vec<(String, String)>,
}

#[post("/admin/alerts/new/try")]
async fn try_new(app: Data<App>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    visitor.must(Right::Administer)?;
    shown(&app, &visitor, None, &form).await
}

#[post("/admin/alerts/rules/{name}/try")]
async fn try_change(app: Data<App>, name: Path<String>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    visitor.must(Right::Administer)?;
    let stands = rules_shown::rule_find(&app, name.into_inner(), visitor.by.clone()).await?;
    shown(&app, &visitor, Some(&stands), &form).await
}

#[post("/admin/alerts/try/mail")]
async fn show_mail(app: Data<App>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    visitor.must(Right::Administer)?;
    let of = previewed(&app, &visitor, &form, form.text("name")).await?;
    Ok(mail(of.message.ok_or(AppError::NotFound("alert"))?.html))
}

async fn previewed(app: &App, visitor: &Visitor, form: &Form, name: &str) -> Result<PreviewView, AppError> {
    let reader = form.text("reader").parse().ok();
    rules_shown::draft_preview(app, read(form, name)?, None, reader, visitor.by.clone()).await
}

/// The form as it was typed, with its mail above it.
async fn shown(
    app: &App,
    visitor: &Visitor,
    stands: Option<&AlertRuleView>,
    form: &Form,
) -> Result<HttpResponse, PageError> {
    let name = stands.map_or(form.text("name"), |of| of.rule.name.as_str());
    match previewed(app, visitor, form, name).await {
        Ok(of) => {
            let mut page = page(app, visitor, stands, (form, ""), &Faults::default()).await?;
            page.tried = Some(tried(visitor, of, form, name));
            draw_around_mail(StatusCode::OK, &page)
        }
        Err(error) => refused(app, visitor, stands, form, error).await,
    }
}

fn tried(visitor: &Visitor, of: PreviewView, form: &Form, name: &str) -> Tried {
    let ours = [TOKEN, KEY, "name"];
    let mut fields: Vec<_> =
        form.fields().iter().filter(|(of, _)| !ours.contains(&of.as_str())).cloned().collect();
    fields.push(("name".to_owned(), name.to_owned()));
    Tried {
        at: moments::time_weekday_and_date(visitor.lang, of.at.0),
        reached: of.reached,
        message: of.message.map(|of| (of.subject, of.text)),
        token: visitor.form_token.clone(),
        fields,
    }
}
