//! `/admin/ledger`: whether the chain holds, and its anchors.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Query, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use chrono::{Days, NaiveDate};

use super::{Around, Done, Room, around};
use crate::app::access::Right;
use crate::app::ledger::{self, Check};
use crate::app::{App, AppError, Fault};
use crate::domain::ledger::Anchor;
use crate::domain::office_time::local_date;
use crate::text::moments;
use crate::text::pages::{LedgerWords, checked_at, ledger_words};
use crate::web::fault::{Faults, PageError};
use crate::web::form::{Form, Posted};
use crate::web::frame::{Frame, draw_as, go_on};
use crate::web::sheet::{Field, Sheet};
use crate::web::visitor::Visitor;

/// Days whose anchors are shown.
const DAYS: u64 = 14;

pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(show_ledger).service(post_check);
}

#[derive(Template)]
#[template(path = "admin/ledger.html", config = "src/web/askama.toml")]
struct LedgerHtml {
    frame: Frame,
    a: Around,
    w: &'static LedgerWords,
    sheet: Sheet,
    last: Option<std::sync::Arc<Check>>,
    at: String,
    anchors: Vec<(String, Option<String>)>,
}

#[get("/admin/ledger")]
async fn show_ledger(app: Data<App>, visitor: Visitor, done: Query<Done>) -> Result<HttpResponse, PageError> {
    let page = page(&app, &visitor, &done.done, &Form::default(), &Faults::default()).await?;
    draw_as(StatusCode::OK, &page)
}

#[post("/admin/ledger/check")]
async fn post_check(app: Data<App>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    visitor.must(Right::Administer)?;
    let Ok(anchor) = form.optional("anchor").map(|text| text.parse::<Anchor>()).transpose() else {
        let faults = Faults::of(visitor.lang, AppError::invalid("anchor", Fault::Malformed))?;
        return draw_as(faults.status(), &page(&app, &visitor, "", &form, &faults).await?);
    };
    ledger::verify(&app, anchor.into_iter().collect()).await?;
    Ok(go_on("/admin/ledger?done=checked"))
}

async fn page(
    app: &App,
    visitor: &Visitor,
    done: &str,
    form: &Form,
    faults: &Faults,
) -> Result<LedgerHtml, PageError> {
    let (lang, w) = (visitor.lang, ledger_words(visitor.lang));
    let (frame, a) = around(visitor, Room::Ledger, w.title, done)?;
    let sheet = Sheet::to(visitor, "check", "/admin/ledger/check", w.check)
        .ask(Field::line("anchor", w.anchor, form.text("anchor")).hint(w.anchor_hint).wide())
        .with(faults);
    let today = local_date(app.clock().now());
    let days: Vec<NaiveDate> =
        (1..=DAYS).filter_map(|back| today.checked_sub_days(Days::new(back))).collect();
    let anchors = app.read(move |c, _| ledger::anchors(c, &days)).await?;
    let told = |(day, anchor): (NaiveDate, Option<Anchor>)| {
        (moments::day(lang, day), anchor.map(|anchor| anchor.to_string()))
    };
    let last = app.ledger_check().get();
    let at = last.as_ref().map(|check| checked_at(lang, &moments::time_weekday_and_date(lang, check.at)));
    let at = at.unwrap_or_default();
    Ok(LedgerHtml { frame, a, w, sheet, last, at, anchors: anchors.into_iter().map(told).collect() })
}
