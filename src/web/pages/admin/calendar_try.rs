//! `/admin/calendars/try`: what a calendar would come to, day by day and dossier by dossier; `/admin/calendars/publish`: publishing it.

use actix_web::http::StatusCode;
use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpResponse, post};
use askama::Template;

use super::calendar_edit;
use super::calendar_rows::Typed;
use super::calendars::{Hours, Scope, hours_of, scope_of};
use super::{Around, Room, around};
use crate::app::calendar_views::{ChangedDayView, PublishedView, SaidView, published};
use crate::app::calendars::{self, Form as Written, Proposal, Published};
use crate::app::{App, AppError};
use crate::domain::calendar::SessionRule;
use crate::text::pages::{CalendarWords, and_more, calendar_words, day_kind};
use crate::text::report_words::finding;
use crate::text::{Lang, moments};
use crate::web::fault::{Faults, PageError};
use crate::web::form::{Form, Posted, TOKEN};
use crate::web::frame::{Frame, draw, go_on};
use crate::web::sheet::Sheet;
use crate::web::visitor::Visitor;

/// Dossiers that are named; the others are counted.
const NAMED: usize = 100;

pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(post_trial).service(post_publish);
}

/// A day before and after.
struct Day {
    day: String,
    before: String,
    after: String,
}

/// A dossier's date before and after.
struct Moved {
    code: String,
    from: String,
    to: String,
}

#[derive(Template)]
#[template(path = "admin/calendar_try.html", config = "src/web/askama.toml")]
struct TryHtml {
    frame: Frame,
    a: Around,
    w: &'static CalendarWords,
    scope: Scope,
    here: String,
    unchanged: bool,
    days: Vec<Day>,
    hours: Option<(Vec<Hours>, Vec<Hours>)>,
    announced: Vec<i32>,
    redated: Vec<Moved>,
    redated_count: usize,
    redated_more: String,
    opened: Findings,
    cleared: Findings,
    sheet: Sheet,
}

/// Findings that come or go.
struct Findings {
    count: usize,
    named: Vec<(String, &'static str)>,
    more: String,
}

#[post("/admin/calendars/try")]
async fn post_trial(app: Data<App>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    let scope = scope_of(&app, &visitor, form.text("scope"), form.text("year")).await?;
    let typed = Typed::sent(&form);
    let tried = match proposal(&visitor, &scope, &typed, true) {
        Ok(proposal) => calendars::propose(&app, proposal).await,
        Err(error) => Err(error),
    };
    match tried {
        Ok(found) => draw(&page(&visitor, scope, &form, found)?),
        Err(error) => refused(&visitor, scope, typed, error),
    }
}

#[post("/admin/calendars/publish")]
async fn post_publish(app: Data<App>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    let scope = scope_of(&app, &visitor, form.text("scope"), form.text("year")).await?;
    let typed = Typed::sent(&form);
    let done = match proposal(&visitor, &scope, &typed, false) {
        Ok(proposal) => {
            calendars::propose(&app, proposal.clone()).await.map_err(|error| (error, Some(proposal)))
        }
        Err(error) => Err((error, None)),
    };
    let done = match done {
        // Sent twice: the first time has published just this.
        Err((AppError::PreconditionFailed, Some(of))) if stands(&app, of.clone()).await => "published",
        Err((error, _)) => return refused(&visitor, scope, typed, error),
        Ok(done) if done.unchanged => "unchanged",
        Ok(_) => "published",
    };
    Ok(go_on(&format!("/admin/calendars?{}&done={done}", scope.query(scope.year))))
}

/// Whether what is proposed is what stands.
async fn stands(app: &App, of: Proposal) -> bool {
    let tried = calendars::propose(app, Proposal { based_on: None, dry_run: true, ..of }).await;
    tried.is_ok_and(|of| of.unchanged)
}

fn proposal(visitor: &Visitor, scope: &Scope, typed: &Typed, dry_run: bool) -> Result<Proposal, AppError> {
    Ok(Proposal {
        scope: scope.code.clone(),
        draft: typed.draft(scope)?,
        form: Written::Json,
        source: typed.decision.clone(),
        // A version that cannot be read was never seen.
        based_on: Some(typed.based_on.parse().into_iter().collect()),
        dry_run,
        by: Some(visitor.by.clone()),
    })
}

fn refused(
    visitor: &Visitor,
    scope: Scope,
    typed: Typed,
    error: AppError,
) -> Result<HttpResponse, PageError> {
    let stale = matches!(error, AppError::PreconditionFailed);
    let faults = Faults::of(visitor.lang, error)?;
    let status = if stale { StatusCode::PRECONDITION_FAILED } else { faults.status() };
    calendar_edit::form(visitor, scope, typed, &faults, status)
}

fn page(visitor: &Visitor, scope: Scope, form: &Form, found: Published) -> Result<TryHtml, PageError> {
    let (lang, w) = (visitor.lang, calendar_words(visitor.lang));
    let (frame, a) = around(visitor, Room::Calendars, w.try_title, "")?;
    let of: PublishedView = published(scope.code.clone(), found);
    let mut sheet = Sheet::to(visitor, "publish", "/admin/calendars/publish", w.publish)
        .or_to("/admin/calendars/edit", w.change_again);
    for (name, value) in form.fields().iter().filter(|(name, _)| name != TOKEN) {
        sheet = sheet.hide(name, value);
    }
    let rules =
        |rules: Vec<SessionRule>| -> Vec<Hours> { rules.iter().map(|rule| hours_of(lang, rule)).collect() };
    let redated_count = of.redated.len();
    let moved = of.redated.into_iter().take(NAMED).map(|of| Moved {
        code: of.code,
        from: moments::time_weekday_and_date(lang, of.from.0),
        to: moments::time_weekday_and_date(lang, of.to.0),
    });
    let named = |of: Vec<crate::app::calendar_views::NamedFindingView>| Findings {
        count: of.len(),
        more: more(lang, of.len()),
        named: of.into_iter().take(NAMED).map(|of| (of.dossier, finding(lang, of.code))).collect(),
    };
    Ok(TryHtml {
        frame,
        a,
        w,
        here: scope.query(scope.year),
        unchanged: of.unchanged,
        days: of.days.iter().map(|of| day(lang, of)).collect(),
        hours: of.sessions.map(|of| (rules(of.from), rules(of.to))),
        announced: of.announced,
        redated: moved.collect(),
        redated_count,
        redated_more: more(lang, redated_count),
        opened: named(of.opened),
        cleared: named(of.cleared),
        sheet,
        scope,
    })
}

fn more(lang: Lang, many: usize) -> String {
    many.checked_sub(NAMED).filter(|more| *more > 0).map(|more| and_more(lang, more)).unwrap_or_default()
}

fn day(lang: Lang, of: &ChangedDayView) -> Day {
    let w = calendar_words(lang);
    let said = |said: Option<&SaidView>, works: bool| {
        let works = if works { w.works } else { w.off };
        match said {
            Some(of) => format!("{}: {} ({works})", day_kind(lang, of.kind), of.name),
            None => works.to_owned(),
        }
    };
    Day {
        day: moments::day(lang, of.date),
        before: said(of.from.as_ref(), of.working_before),
        after: said(of.to.as_ref(), of.working_after),
    }
}
