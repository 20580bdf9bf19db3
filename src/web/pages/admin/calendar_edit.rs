//! `/admin/calendars/edit`: a year's days and the hours of a calendar as a form. Nothing is published from here; [`super::calendar_try`] shows first what it
//! would come to.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Query, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use chrono::Weekday;

use super::calendar_rows::{DayTyped, RuleTyped, Typed, word};
use super::calendars::{Asked, Scope, kinds, scope_of};
use super::{Around, Room, around};
use crate::app::calendar_views;
use crate::app::{App, AppError};
use crate::text::pages::{CalendarWords, calendar_words, day_kind, week_heads};
use crate::web::fault::{Faults, PageError};
use crate::web::form::Posted;
use crate::web::frame::{Frame, draw, draw_as};
use crate::web::visitor::Visitor;

const WEEK: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(ask_edit).service(post_edit);
}

/// A row of the form, with what is wrong in it.
struct Row<T> {
    at: usize,
    of: T,
    fault: String,
}

#[derive(Template)]
#[template(path = "admin/calendar_edit.html", config = "src/web/askama.toml")]
struct EditHtml {
    frame: Frame,
    a: Around,
    w: &'static CalendarWords,
    scope: Scope,
    here: String,
    token: String,
    based_on: String,
    announced: bool,
    decision: String,
    decision_fault: String,
    said: Vec<String>,
    stale: bool,
    kinds: Vec<(&'static str, &'static str)>,
    week: Vec<(String, &'static str)>,
    days: Vec<Row<DayTyped>>,
    rules: Vec<Row<RuleTyped>>,
}

#[get("/admin/calendars/edit")]
async fn ask_edit(app: Data<App>, visitor: Visitor, asked: Query<Asked>) -> Result<HttpResponse, PageError> {
    let scope = scope_of(&app, &visitor, &asked.scope, &asked.year).await?;
    let says = calendar_views::current(&app, scope.code.clone()).await?;
    let typed = Typed::standing(&scope, says.version, &says.content);
    form(&visitor, scope, typed, &Faults::default(), StatusCode::OK)
}

#[post("/admin/calendars/edit")]
async fn post_edit(app: Data<App>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form: sent } = posted;
    let scope = scope_of(&app, &visitor, sent.text("scope"), sent.text("year")).await?;
    form(&visitor, scope, Typed::sent(&sent), &Faults::default(), StatusCode::OK)
}

/// The form as it was typed, with what is wrong.
///
/// # Errors
/// [`AppError::Forbidden`] for a calendar that is not the administrator's.
pub(super) fn form(
    visitor: &Visitor,
    scope: Scope,
    typed: Typed,
    faults: &Faults,
    status: StatusCode,
) -> Result<HttpResponse, PageError> {
    let (lang, w) = (visitor.lang, calendar_words(visitor.lang));
    let (frame, a) = around(visitor, Room::Calendars, w.edit_title, "")?;
    if !scope.may {
        return Err(AppError::Forbidden.into());
    }
    let of_row = |name: &str| name.starts_with("days[") || name.starts_with("sessions[") || name == "source";
    let typed = typed.with_room(&scope);
    let week = WEEK.iter().map(|day| day.to_string().to_lowercase()).zip(week_heads(lang));
    let page = EditHtml {
        frame,
        a,
        w,
        here: scope.query(scope.year),
        scope,
        token: visitor.form_token.clone(),
        based_on: typed.based_on,
        announced: typed.announced,
        decision: typed.decision,
        decision_fault: faults.at("source").unwrap_or_default().to_owned(),
        said: faults.apart(of_row),
        stale: status == StatusCode::PRECONDITION_FAILED,
        kinds: kinds().map(|kind| (word(kind), day_kind(lang, kind))).collect(),
        week: week.collect(),
        days: rows(typed.days, faults, "days"),
        rules: rows(typed.rules, faults, "sessions"),
    };
    if status == StatusCode::OK { draw(&page) } else { draw_as(status, &page) }
}

fn rows<T>(of: Vec<T>, faults: &Faults, name: &str) -> Vec<Row<T>> {
    let row = |(at, of)| Row { at, of, fault: faults.under(&format!("{name}[{at}]")).join(" ") };
    of.into_iter().enumerate().map(row).collect()
}
