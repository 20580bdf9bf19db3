//! Calendars to subscribe to (iCalendar, RFC 5545): a unit's days off and made up, and the due dates of its open dossiers. They name codes and
//! procedures, and no person.

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use icalendar::{Calendar as Ics, Component, Event, EventLike, EventStatus, Property};

use super::access::feeds::unit_shown;
use super::{App, AppError, Catalogue};
use crate::domain::calendar::{Calendar, Day};
use crate::domain::deadline::Limit;
use crate::domain::dossier::Dossier;
use crate::domain::ledger::sha256_hex;
use crate::domain::office_time::local_date;
use crate::store::ledger::ledger_last;
use crate::store::listing::{DossierFilter, dossiers_list};
use crate::text::{Lang, feeds as text};

/// Due dates in one calendar at most, the earliest; a commune has some hundreds.
const MOST_DUE: i64 = 5_000;
/// Calendar programs send no language; those who subscribe are an office of this country.
const LANG: Lang = Lang::Vi;

/// What an address answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// What the calendar was made from; when it is the same, so is the calendar but for its stamps.
    pub state: String,
    /// The calendar; `None` when the asker knows this state already.
    pub body: Option<String>,
}

/// The days off and made up of the unit's calendar, of this year and the next.
///
/// # Errors
/// [`AppError::NotFound`] for a secret under which nothing stands.
pub async fn days(app: &App, secret: String, known: Vec<String>) -> Result<Fetched, AppError> {
    let now = app.clock().now();
    app.read(move |c, catalogue| {
        let unit = unit_shown(c, catalogue, &secret)?;
        let year = local_date(now).year();
        let state = format!("{}-{year}", catalogue.version());
        if known.contains(&state) {
            return Ok(Fetched { state, body: None });
        }
        let calendar = catalogue.calendar(&unit)?;
        let mut ics = published(&text::days_of(LANG, catalogue.unit_name(&unit)));
        let stamp = Stamp { now, sequence: catalogue.calendar_version };
        for day in special_days(&calendar, year) {
            ics.push(day_event(&day, &unit, stamp));
        }
        Ok(Fetched { state, body: Some(ics.to_string()) })
    })
    .await
}

/// The due dates of the open dossiers of the unit and all below it.
///
/// # Errors
/// [`AppError::NotFound`] for a secret under which nothing stands.
pub async fn due(app: &App, secret: String, known: Vec<String>) -> Result<Fetched, AppError> {
    let now = app.clock().now();
    app.read(move |c, catalogue| {
        let unit = unit_shown(c, catalogue, &secret)?;
        // Every act is an entry of the ledger, so the same end of it means the same dossiers.
        let state = format!("{}-{}", catalogue.version(), ledger_last(c)?);
        if known.contains(&state) {
            return Ok(Fetched { state, body: None });
        }
        let units = Some(catalogue.units.subtree(&unit));
        let open = DossierFilter { units, open: Some(true), ..DossierFilter::default() };
        let mut ics = published(&text::due_of(LANG, catalogue.unit_name(&unit)));
        for dossier in dossiers_list(c, &open, now.into(), None, MOST_DUE)? {
            ics.push(due_event(catalogue, &dossier, now));
        }
        Ok(Fetched { state, body: Some(ics.to_string()) })
    })
    .await
}

fn published(name: &str) -> Ics {
    let mut ics = Ics::empty();
    let about = [
        ("VERSION", "2.0"),
        ("PRODID", "-//Hentra//Hentra//VI"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
    ];
    for (key, value) in about {
        ics.append_property(Property::new(key, value));
    }
    ics.name(name).timezone("Asia/Ho_Chi_Minh");
    // An hour: what is due today must not come tomorrow.
    ics.append_property(Property::new("REFRESH-INTERVAL", "PT1H").add_parameter("VALUE", "DURATION").done());
    ics.append_property(Property::new("X-PUBLISHED-TTL", "PT1H"));
    ics
}

/// When a calendar is given out, and how often what it shows was changed.
#[derive(Debug, Clone, Copy)]
struct Stamp {
    now: DateTime<Utc>,
    sequence: i64,
}

/// An event with a key that stays the same for what it is about, whatever else changes.
fn event(about: &str, summary: &str, stamp: Stamp) -> Event {
    let key = sha256_hex(about.as_bytes());
    let mut event = Event::with_uid(&format!("{}@hentra", key.get(..32).unwrap_or(&key)));
    event.timestamp(stamp.now).sequence(u32::try_from(stamp.sequence).unwrap_or(u32::MAX)).summary(summary);
    // Nobody is busy because a day is off, or a dossier due.
    event.add_property("TRANSP", "TRANSPARENT");
    event
}

fn all_day(event: &mut Event, day: NaiveDate) {
    event.starts(day).ends(day.checked_add_days(Days::new(1)).unwrap_or(day));
}

/// The days of a year and the next that a row makes what they are.
fn special_days(calendar: &Calendar, year: i32) -> impl Iterator<Item = Day<'_>> {
    let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
    let days = first.iter_days().take_while(move |day| day.year() <= year + 1);
    days.filter_map(|day| calendar.day(day)).filter(|day| day.kind.is_some())
}

fn day_event(day: &Day<'_>, unit: &str, stamp: Stamp) -> Event {
    let summary = text::day(LANG, day);
    let mut event = event(&format!("day {unit} {}", day.date), &summary, stamp);
    all_day(&mut event, day.date);
    event.status(if day.provisional { EventStatus::Tentative } else { EventStatus::Confirmed });
    event.description(&text::source(LANG, day.source.unwrap_or_default(), day.provisional));
    event
}

fn due_event(catalogue: &Catalogue, dossier: &Dossier, now: DateTime<Utc>) -> Event {
    let procedure = catalogue.procedures.get(&dossier.procedure).map_or("", |of| &of.name);
    let summary = text::due(LANG, &dossier.code, procedure, dossier.due_at);
    let mut event =
        event(&format!("due {}", dossier.code), &summary, Stamp { now, sequence: dossier.version });
    match dossier.limit {
        // Hours run out at a minute, days with the day.
        Limit::WorkingHours(_) => {
            event.starts(dossier.due_at);
        }
        Limit::WorkingDays(_) | Limit::CalendarDays(_) | Limit::Months(_) | Limit::SameDay => {
            all_day(&mut event, local_date(dossier.due_at));
        }
    }
    let unsure = dossier.stands_still() || dossier.provisional;
    event.status(if unsure { EventStatus::Tentative } else { EventStatus::Confirmed });
    if dossier.stands_still() {
        event.description(text::standing_still(LANG));
    }
    event
}
