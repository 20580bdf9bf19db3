//! Reading a calendar of elsewhere: a report on each of its events, and the days to be looked at. Nothing is published here, nor anything written.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::access::Principal;
use super::calendars::may_publish;
use super::csv_lines::{Cells, Columns, lines};
use super::error::{AppError, Fault};
use super::{App, ics};
use crate::domain::calendar::{DayKind, DayRow};
use crate::domain::elsewhere::{self, Doubt, Event, Span, Standing, Verdict};
use crate::text::{Lang, elsewhere as words};

const COLUMNS: Columns<'_> = Columns { all: &["date", "name", "kind", "source"], required: 2 };

/// A file of elsewhere.
#[derive(Debug, Clone, Copy)]
pub enum Feed<'a> {
    /// iCalendar.
    Ics(&'a str),
    /// A table `date,name` and, where it has them, `kind` and `source`.
    Csv(&'a [u8]),
}

words! {
    /// What becomes of an event.
    Outcome {
        /// To be looked at: it is among `days`.
        Proposed = "proposed",
        /// The day is that already.
        Stands = "stands",
        /// Left to a person; `doubt` and `reason` say why.
        Unclear = "unclear",
    }
}

/// An event, and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EventView {
    /// Its line in the file.
    pub line: u64,
    /// Its name.
    pub name: String,
    /// Its first day; null when it is on no whole day.
    pub from: Option<NaiveDate>,
    /// Its last day.
    pub to: Option<NaiveDate>,
    /// What becomes of it.
    pub outcome: Outcome,
    /// What the day is, or would be.
    pub kind: Option<DayKind>,
    /// Why it is unclear.
    pub doubt: Option<Doubt>,
    /// The same in words.
    pub reason: Option<String>,
}

/// What was found in a file of elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FeedReport {
    /// The scope it was read for.
    pub scope: String,
    /// The feed's own name.
    pub feed: Option<String>,
    /// How many events are proposed.
    pub proposed: usize,
    /// How many stand already.
    pub stands: usize,
    /// How many are left to a person.
    pub unclear: usize,
    /// Each event, in the file's order.
    pub events: Vec<EventView>,
    /// What could be published: the days proposed, and beside them those that the scope says already of their years. Look at each, put the decision in
    /// as its source, then send them to `POST /calendars/{scope}/versions`.
    pub days: Vec<DayRow>,
}

/// Reads a file for a scope and reports on it.
///
/// # Errors
/// [`AppError::Forbidden`] and [`AppError::NotFound`] as for publishing; [`AppError::Invalid`] when it is no file of its kind.
pub async fn report(
    app: &App,
    scope: String,
    feed: Feed<'_>,
    lang: Lang,
    by: Option<Principal>,
) -> Result<FeedReport, AppError> {
    let read = match feed {
        Feed::Ics(text) => ics::read(text),
        Feed::Csv(table) => Ok(ics::Feed { name: None, events: from_table(table)? }),
    };
    app.read(move |_, catalogue| {
        may_publish(catalogue, &scope, by.as_ref())?;
        let ics::Feed { name, events } = read?;
        let calendar = catalogue.calendar(&scope)?;
        let own = catalogue.layer(&scope).map_or(&[][..], |layer| &layer.days);
        let verdicts = elsewhere::judge(&events, &Standing { calendar: &calendar, own });
        let days = elsewhere::draft(&events, &verdicts, own, &words::unverified(name.as_deref()));
        let events: Vec<EventView> =
            events.into_iter().zip(verdicts).map(|(event, verdict)| view(lang, event, verdict)).collect();
        let count = |outcome| events.iter().filter(|of| of.outcome == outcome).count();
        Ok(FeedReport {
            scope,
            feed: name,
            proposed: count(Outcome::Proposed),
            stands: count(Outcome::Stands),
            unclear: count(Outcome::Unclear),
            events,
            days,
        })
    })
    .await
}

fn view(lang: Lang, event: Event, verdict: Verdict) -> EventView {
    let (outcome, kind, doubt) = match verdict {
        Verdict::Proposed(kind) => (Outcome::Proposed, Some(kind), None),
        Verdict::Stands(kind) => (Outcome::Stands, Some(kind), None),
        Verdict::Unclear(doubt) => (Outcome::Unclear, None, Some(doubt)),
    };
    let days = event.days.ok();
    EventView {
        line: event.line,
        name: event.name,
        from: days.map(|of| of.first),
        to: days.map(|of| of.last),
        outcome,
        kind,
        doubt,
        reason: doubt.map(|doubt| words::doubt(lang, doubt).to_owned()),
    }
}

fn from_table(table: &[u8]) -> Result<Vec<Event>, AppError> {
    let rows = lines(table, COLUMNS)?;
    if rows.len() > ics::MOST_EVENTS {
        return Err(AppError::invalid("file", Fault::TooMany));
    }
    Ok(rows.iter().map(|(line, row)| event(*line, row)).collect())
}

fn event(line: u64, row: &Cells) -> Event {
    let kind = row.given("kind").map(|kind| serde_json::from_value::<DayKind>(kind.into()));
    let date = row.get("date").parse::<NaiveDate>().ok();
    let readable = !row.get("name").is_empty() && !kind.as_ref().is_some_and(Result::is_err);
    let days = date.filter(|_| readable).map(|date| Span { first: date, last: date });
    Event {
        line,
        name: ics::shown(row.get("name")),
        days: days.ok_or(Doubt::Malformed),
        kind: kind.and_then(Result::ok),
        source: row.given("source").map(ToOwned::to_owned),
        observed: false,
    }
}
