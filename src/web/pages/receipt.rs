//! `/dossiers/{code}/receipt`, `/counter/receipts`: the receipts that citizens take home, one a page of A5.

use actix_web::web::{Data, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, get};
use askama::Template;

use super::super::fault::PageError;
use super::super::frame::{Frame, Tab, draw};
use super::super::qr::{Qr, qr};
use super::super::visitor::Visitor;
use super::counter_logged::{Named, with_codes};
use crate::app::App;
use crate::app::receipts::{ReceiptView, receipts};
use crate::app::reception::MOST_COPIES;
use crate::app::view::in_path;
use crate::text::Lang;
use crate::text::pages::receipt::{SHEET, SheetWords, day, moment};
use crate::text::pages::{ReceiptWords, allows, channel, receipt_words};

pub(in crate::web) fn configure(config: &mut ServiceConfig) {
    config.service(one).service(many);
}

/// Where these receipts are printed.
pub(super) fn address(codes: &[String]) -> String {
    match codes {
        [code] => format!("/dossiers/{}/receipt", in_path(code)),
        _ => with_codes("/counter/receipts", codes),
    }
}

/// The codes, when they are as many as one form can have made.
///
/// # Errors
/// [`PageError::NoSuchPage`] for none and for more.
pub(super) fn wanted(codes: Vec<String>) -> Result<Vec<String>, PageError> {
    let most = usize::try_from(MOST_COPIES).unwrap_or(usize::MAX);
    if (1..=most).contains(&codes.len()) { Ok(codes) } else { Err(PageError::NoSuchPage) }
}

/// A receipt in its words.
struct Sheet {
    view: ReceiptView,
    channel: &'static str,
    limit: String,
    received_day: String,
    received: String,
    due: String,
    qr: Option<Qr>,
}

impl Sheet {
    fn of(view: ReceiptView, public_url: Option<&str>) -> Sheet {
        let of = &view.dossier;
        let code = of.code.clone().unwrap_or_default();
        let status = public_url.map(|home| {
            let query = serde_urlencoded::to_string([("code", code)]).unwrap_or_default();
            format!("{}/status?{query}", home.trim_end_matches('/'))
        });
        Sheet {
            channel: channel(Lang::Vi, of.channel.word()),
            limit: allows(Lang::Vi, Some(view.limit), false),
            received_day: day(of.received_at.0),
            received: moment(of.received_at.0),
            // What was promised on the day, whatever came later.
            due: moment(of.first_due_at.0),
            qr: status.and_then(|address| qr(&address)),
            view,
        }
    }
}

#[derive(Template)]
#[template(path = "receipt.html", config = "src/web/askama.toml")]
struct ReceiptHtml<'a> {
    frame: &'a Frame,
    w: &'static ReceiptWords,
    s: &'static SheetWords,
    sheets: Vec<Sheet>,
    /// Back to the dossier, where it is one.
    back: String,
}

#[get("/dossiers/{code}/receipt")]
async fn one(app: Data<App>, visitor: Visitor, code: Path<String>) -> Result<HttpResponse, PageError> {
    let back = format!("/dossiers/{}", in_path(&code));
    print(&app, &visitor, vec![code.into_inner()], back).await
}

#[get("/counter/receipts")]
async fn many(app: Data<App>, visitor: Visitor, named: Query<Named>) -> Result<HttpResponse, PageError> {
    print(&app, &visitor, wanted(named.codes())?, String::new()).await
}

async fn print(
    app: &App,
    visitor: &Visitor,
    codes: Vec<String>,
    back: String,
) -> Result<HttpResponse, PageError> {
    // The paper is in Vietnamese, whatever the reader's language.
    let views = receipts(app, codes, &visitor.by, Lang::Vi).await?;
    let home = app.timetable().public_url.as_deref();
    let w = receipt_words(visitor.lang);
    let sheets = views.into_iter().map(|view| Sheet::of(view, home)).collect();
    draw(&ReceiptHtml { frame: &visitor.frame(Tab::Counter, w.title), w, s: &SHEET, sheets, back })
}
