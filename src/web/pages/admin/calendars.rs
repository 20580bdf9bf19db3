//! `/admin/calendars`: a year of a calendar on one page, the days that stand out with their sources, the hours, and the versions that were published.

use actix_web::web::{Data, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, get};
use askama::Template;
use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

use super::{Around, Room, around, key, unit_choices};
use crate::app::calendar_days::{self, DayView};
use crate::app::calendar_views::{self, CalendarView, ContentView, PublishedVersionView, VersionView};
use crate::app::catalogue::NATIONAL;
use crate::app::{App, AppError};
use crate::domain::calendar::{DayKind, DayRow, SessionRule};
use crate::domain::office_time::local_date;
use crate::text::pages::{
    CalendarWords, RoomWords, calendar_words, day_kind, day_sign, month, room_words, season, week_heads,
};
use crate::text::{Lang, moments};
use crate::web::fault::PageError;
use crate::web::frame::{Frame, draw};
use crate::web::sheet::Choice;
use crate::web::visitor::Visitor;

pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(show_year).service(show_versions).service(show_version);
}

/// Which calendar.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    pub(super) scope: String,
    #[serde(default)]
    pub(super) year: String,
    #[serde(default)]
    pub(super) done: String,
}

/// A calendar that the administrator may look at.
#[derive(Debug, Clone)]
pub(super) struct Scope {
    /// `national`, or a unit's code.
    pub(super) code: String,
    pub(super) name: String,
    /// Whether it is the administrator's to change.
    pub(super) may: bool,
    pub(super) year: i32,
}

impl Scope {
    pub(super) fn is_national(&self) -> bool {
        self.code == NATIONAL
    }

    /// The fields by which addresses name it.
    pub(super) fn query(&self, year: i32) -> String {
        let year = year.to_string();
        serde_urlencoded::to_string([("scope", self.code.as_str()), ("year", &year)]).unwrap_or_default()
    }
}

/// The country's calendar, or one of a unit within the administrator's own; the own unit's when none is named.
///
/// # Errors
/// [`AppError::NotFound`] for any other.
pub(super) async fn scope_of(
    app: &App,
    visitor: &Visitor,
    scope: &str,
    year: &str,
) -> Result<Scope, PageError> {
    let today = local_date(app.clock().now());
    let year = year.parse().ok().filter(|year| (2000..=2060).contains(year)).unwrap_or(today.year());
    let national = calendar_words(visitor.lang).national;
    let (by, code) = (visitor.by.clone(), if scope.is_empty() { NATIONAL } else { scope }.to_owned());
    let found = app.read(move |_, catalogue| {
        if code == NATIONAL {
            let may = catalogue.units.is_topmost(&by.unit);
            return Ok(Scope { code, name: national.to_owned(), may, year });
        }
        if catalogue.units.get(&code).is_none() || !by.sees(&code, &catalogue.units) {
            return Err(AppError::NotFound("calendar"));
        }
        let name = catalogue.unit_name(&code).to_owned();
        Ok(Scope { code, name, may: true, year })
    });
    Ok(found.await?)
}

/// A day of a month's sheet.
pub(super) struct Cell {
    number: u32,
    class: &'static str,
    sign: &'static str,
    title: String,
}

struct Month {
    name: String,
    weeks: Vec<Vec<Option<Cell>>>,
}

/// A day that is not what its weekday says.
struct Special {
    day: String,
    kind: &'static str,
    name: String,
    source: String,
    provisional: bool,
    own: bool,
}

/// Hours in words.
pub(super) struct Hours {
    pub(super) weekdays: String,
    pub(super) season: String,
    pub(super) sessions: String,
}

#[derive(Template)]
#[template(path = "admin/calendar.html", config = "src/web/askama.toml")]
struct YearHtml {
    frame: Frame,
    a: Around,
    r: &'static RoomWords,
    w: &'static CalendarWords,
    scope: Scope,
    scopes: Vec<Choice>,
    before: String,
    after: String,
    here: String,
    heads: [&'static str; 7],
    months: Vec<Month>,
    legend: Vec<(&'static str, &'static str, &'static str)>,
    specials: Vec<Special>,
    provisional: bool,
    working: usize,
    hours: Vec<Hours>,
    stands: Option<Head>,
}

/// A version in words.
struct Head {
    version: i64,
    source: String,
    at: String,
    by: String,
}

#[get("/admin/calendars")]
async fn show_year(app: Data<App>, visitor: Visitor, asked: Query<Asked>) -> Result<HttpResponse, PageError> {
    let (lang, w) = (visitor.lang, calendar_words(visitor.lang));
    let scope = scope_of(&app, &visitor, &asked.scope, &asked.year).await?;
    let (frame, a) = around(&visitor, Room::Calendars, w.title, &asked.done)?;
    let (first, last) = ends(scope.year)?;
    let days = calendar_days::days(&app, scope.code.clone(), first, last).await?;
    let says = calendar_views::current(&app, scope.code.clone()).await?;
    let page = YearHtml {
        frame,
        a,
        r: room_words(lang),
        w,
        scopes: scopes(&app, &visitor, &scope).await?,
        before: scope.query(scope.year - 1),
        after: scope.query(scope.year + 1),
        here: scope.query(scope.year),
        heads: week_heads(lang),
        months: months(lang, &days),
        legend: kinds().map(|kind| (class(kind), day_sign(lang, kind), day_kind(lang, kind))).collect(),
        specials: specials(lang, &days, &says),
        provisional: days.iter().any(|day| day.provisional),
        working: days.iter().filter(|day| day.working).count(),
        hours: hours(lang, &says.content),
        stands: stands(lang, &says),
        scope,
    };
    draw(&page)
}

/// Every kind of day, in the order in which they are told.
pub(super) fn kinds() -> impl Iterator<Item = DayKind> {
    [DayKind::Holiday, DayKind::Compensatory, DayKind::Swapped, DayKind::Makeup, DayKind::Closure].into_iter()
}

fn ends(year: i32) -> Result<(NaiveDate, NaiveDate), PageError> {
    let ends = NaiveDate::from_ymd_opt(year, 1, 1).zip(NaiveDate::from_ymd_opt(year, 12, 31));
    Ok(ends.ok_or(AppError::NotFound("calendar"))?)
}

async fn scopes(app: &App, visitor: &Visitor, scope: &Scope) -> Result<Vec<Choice>, PageError> {
    let national = Choice::new(NATIONAL, calendar_words(visitor.lang).national).when(scope.is_national());
    let units = unit_choices(app, visitor, &scope.code).await?;
    Ok(std::iter::once(national).chain(units).collect())
}

const fn class(of: DayKind) -> &'static str {
    match of {
        DayKind::Holiday => "holiday",
        DayKind::Compensatory | DayKind::Swapped => "lieu",
        DayKind::Makeup => "makeup",
        DayKind::Closure => "closure",
    }
}

fn months(lang: Lang, days: &[DayView]) -> Vec<Month> {
    days.chunk_by(|one, other| one.date.month() == other.date.month())
        .map(|days| {
            let name = days.first().map(|day| month(lang, day.date)).unwrap_or_default();
            let weeks = days.chunk_by(|one, other| one.date.iso_week() == other.date.iso_week());
            Month { name, weeks: weeks.map(|week| row(lang, week)).collect() }
        })
        .collect()
}

/// The seven places of a week, empty before a month's first day.
fn row(lang: Lang, week: &[DayView]) -> Vec<Option<Cell>> {
    let place = |at: u32| week.iter().find(|day| day.date.weekday().num_days_from_monday() == at);
    (0..7).map(|at| place(at).map(|day| cell(lang, day))).collect()
}

fn cell(lang: Lang, day: &DayView) -> Cell {
    let number = day.date.day();
    match day.kind {
        Some(kind) => Cell {
            number,
            class: class(kind),
            sign: day_sign(lang, kind),
            title: day.name.clone().unwrap_or_else(|| day_kind(lang, kind).to_owned()),
        },
        None if day.working => Cell { number, class: "", sign: "", title: String::new() },
        None => Cell { number, class: "off", sign: "", title: String::new() },
    }
}

fn specials(lang: Lang, days: &[DayView], says: &CalendarView) -> Vec<Special> {
    let special = |day: &DayView| {
        let kind = day.kind?;
        Some(Special {
            day: moments::day(lang, day.date),
            kind: day_kind(lang, kind),
            name: day.name.clone().unwrap_or_default(),
            source: day.source.clone().unwrap_or_default(),
            provisional: day.provisional,
            own: says.content.days.iter().any(|row| row.date == day.date),
        })
    };
    days.iter().filter_map(special).collect()
}

/// A scope's own hours in words.
pub(super) fn hours(lang: Lang, of: &ContentView) -> Vec<Hours> {
    of.sessions.iter().map(|rule| hours_of(lang, rule)).collect()
}

/// A rule of hours in words.
pub(super) fn hours_of(lang: Lang, rule: &SessionRule) -> Hours {
    let only = if lang == Lang::Vi { "chỉ tiếp nhận" } else { "reception only" };
    let session = |of: &crate::domain::calendar::Session| {
        let times = format!("{}–{}", of.start.format("%H:%M"), of.end.format("%H:%M"));
        if of.counter_only { format!("{times} ({only})") } else { times }
    };
    let sessions: Vec<String> = rule.sessions.iter().map(session).collect();
    let weekdays: Vec<&str> = rule.weekdays.iter().map(|day| moments::weekday(lang, day)).collect();
    Hours {
        weekdays: weekdays.join(", "),
        season: season(lang, rule.valid_from, rule.valid_to),
        sessions: if sessions.is_empty() { "—".to_owned() } else { sessions.join(", ") },
    }
}

fn stands(lang: Lang, says: &CalendarView) -> Option<Head> {
    let w = calendar_words(lang);
    Some(Head {
        version: says.version?,
        source: says.source.clone()?,
        at: moments::time_weekday_and_date(lang, says.published_at?.0),
        by: says.published_by.clone().unwrap_or_else(|| w.shipped.to_owned()),
    })
}

fn head(lang: Lang, of: &VersionView) -> Head {
    Head {
        version: of.version,
        source: of.source.clone(),
        at: moments::time_weekday_and_date(lang, of.published_at.0),
        by: of.published_by.clone().unwrap_or_else(|| calendar_words(lang).shipped.to_owned()),
    }
}

#[derive(Template)]
#[template(path = "admin/calendar_versions.html", config = "src/web/askama.toml")]
struct VersionsHtml {
    frame: Frame,
    a: Around,
    w: &'static CalendarWords,
    scope: Scope,
    here: String,
    heads: Vec<Head>,
}

#[get("/admin/calendars/versions")]
async fn show_versions(
    app: Data<App>,
    visitor: Visitor,
    asked: Query<Asked>,
) -> Result<HttpResponse, PageError> {
    let (lang, w) = (visitor.lang, calendar_words(visitor.lang));
    let scope = scope_of(&app, &visitor, &asked.scope, &asked.year).await?;
    let (frame, a) = around(&visitor, Room::Calendars, w.versions, &asked.done)?;
    let all = calendar_views::list(&app, scope.code.clone()).await?;
    let heads = all.iter().map(|of| head(lang, of)).collect();
    let here = scope.query(scope.year);
    draw(&VersionsHtml { frame, a, w, scope, here, heads })
}

#[derive(Template)]
#[template(path = "admin/calendar_version.html", config = "src/web/askama.toml")]
struct VersionHtml {
    frame: Frame,
    a: Around,
    w: &'static CalendarWords,
    scope: Scope,
    here: String,
    head: Head,
    announced: String,
    days: Vec<(String, &'static str, DayRow)>,
    hours: Vec<Hours>,
}

#[get("/admin/calendars/versions/{version}")]
async fn show_version(
    app: Data<App>,
    visitor: Visitor,
    version: Path<String>,
    asked: Query<Asked>,
) -> Result<HttpResponse, PageError> {
    let (lang, w) = (visitor.lang, calendar_words(visitor.lang));
    let scope = scope_of(&app, &visitor, &asked.scope, &asked.year).await?;
    let (frame, a) = around(&visitor, Room::Calendars, w.version_title, "")?;
    let version = key(&version, "version")?;
    let found = calendar_views::find(&app, scope.code.clone(), version).await?;
    let PublishedVersionView { head: of, content, .. } = found;
    let announced: Vec<String> = content.announced.iter().map(ToString::to_string).collect();
    let hours = hours(lang, &content);
    let day = |row: DayRow| (moments::day(lang, row.date), day_kind(lang, row.kind), row);
    let days = content.days.into_iter().map(day).collect();
    let (here, announced) = (scope.query(scope.year), announced.join(", "));
    draw(&VersionHtml { frame, a, w, scope, here, head: head(lang, &of), announced, days, hours })
}
