//! `/admin`: what needs an administrator's eye, and the ways to everything that is kept there, a file each.

mod calendar_edit;
mod calendar_rows;
mod calendar_try;
mod calendars;
mod commitment_any;
mod commitment_new;
mod commitments;
mod ledger;
mod letters;
mod letters_again;
mod people;
mod person;
mod procedures;
mod procedures_table;
mod rule;
mod rule_try;
mod rules;
mod unit_tree;
mod units;

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::{Data, Query, ServiceConfig};
use actix_web::{HttpResponse, get};
use askama::Template;
use serde::Deserialize;

use super::super::fault::PageError;
use super::super::frame::{Frame, NOT_KEPT, Tab, Way, draw};
use super::super::sheet::Choice;
use super::super::visitor::Visitor;
use crate::app::access::Right;
use crate::app::alerts::OutboxStatus;
use crate::app::oversight::{self, Oversight};
use crate::app::{App, AppError, Catalogue};
use crate::text::Lang;
use crate::text::moments::time_weekday_and_date;
use crate::text::pages::{
    AdminWords, RoomWords, admin_done, admin_words, horizon_said, ledger_found, mails_since, room_words,
};

pub(in crate::web) fn configure(config: &mut ServiceConfig) {
    config.service(home);
    for room in [
        commitments::configure,
        commitment_new::configure,
        commitment_any::configure,
        calendars::configure,
        calendar_edit::configure,
        calendar_try::configure,
        rules::configure,
        rule::configure,
        rule_try::configure,
        letters::configure,
        letters_again::configure,
        people::configure,
        person::configure,
        units::configure,
        procedures_table::configure,
        procedures::configure,
        ledger::configure,
    ] {
        room(config);
    }
}

/// A room of the administration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Room {
    Home,
    Commitments,
    Calendars,
    Rules,
    Letters,
    People,
    Units,
    Procedures,
    Ledger,
}

impl Room {
    /// In the order in which they stand, with their addresses.
    const ALL: [(Room, &'static str); 9] = [
        (Room::Home, "/admin"),
        (Room::Commitments, "/admin/commitments"),
        (Room::Calendars, "/admin/calendars"),
        (Room::Rules, "/admin/alerts"),
        (Room::Letters, "/admin/alerts/sent"),
        (Room::People, "/admin/users"),
        (Room::Units, "/admin/units"),
        (Room::Procedures, "/admin/procedures"),
        (Room::Ledger, "/admin/ledger"),
    ];

    fn words(self, w: &RoomWords) -> &'static str {
        match self {
            Room::Home => w.home,
            Room::Commitments => w.commitments,
            Room::Calendars => w.calendars,
            Room::Rules => w.rules,
            Room::Letters => w.letters,
            Room::People => w.people,
            Room::Units => w.units,
            Room::Procedures => w.procedures,
            Room::Ledger => w.ledger,
        }
    }
}

/// What stands around a page of the administration.
#[derive(Debug, Clone)]
struct Around {
    rooms: Vec<Way>,
    rooms_name: &'static str,
    /// What was done just now.
    done: &'static str,
}

/// With more units than this a page names them without their codes, and shows a level at a time: it would be too heavy.
const LONG_TREE: usize = 500;

/// What was done just now, as the address says; nothing for a word that is none.
#[derive(Debug, Clone, Default, Deserialize)]
struct Done {
    #[serde(default)]
    done: String,
}

/// What stands around a page, for administrators; `done` is the word of what was done just now.
///
/// # Errors
/// [`AppError::Forbidden`] for others.
fn around(
    visitor: &Visitor,
    room: Room,
    title: impl Into<String>,
    done: &str,
) -> Result<(Frame, Around), PageError> {
    visitor.must(Right::Administer)?;
    let w = room_words(visitor.lang);
    let ways = Room::ALL.into_iter();
    let rooms = ways.map(|(of, href)| Way { href, words: of.words(w), here: of == room }).collect();
    let around = Around { rooms, rooms_name: w.rooms, done: admin_done(visitor.lang, done) };
    Ok((visitor.frame(Tab::Admin, title), around))
}

/// A key in an address.
///
/// # Errors
/// [`AppError::NotFound`] for what is none.
pub(super) fn key(text: &str, of: &'static str) -> Result<i64, PageError> {
    Ok(text.parse().map_err(|_| AppError::NotFound(of))?)
}

/// The units within the visitor's own, those below indented.
pub(super) async fn unit_choices(
    app: &App,
    visitor: &Visitor,
    chosen: &str,
) -> Result<Vec<Choice>, PageError> {
    let (own, chosen) = (visitor.by.unit.clone(), chosen.to_owned());
    let choices = app.read(move |_, catalogue| {
        let mut choices = Vec::new();
        let coded = catalogue.units.subtree(&own).len() <= LONG_TREE;
        unit_choice(catalogue, &own, 0, (&chosen, coded), &mut choices);
        Ok(choices)
    });
    Ok(choices.await?)
}

fn unit_choice(
    catalogue: &Catalogue,
    code: &str,
    depth: usize,
    (chosen, coded): (&str, bool),
    into: &mut Vec<Choice>,
) {
    let mut words = format!("{}{}", "\u{2003}".repeat(depth), catalogue.unit_name(code));
    if coded {
        words = format!("{words} ({code})");
    }
    into.push(Choice::new(code, words).when(code == chosen));
    for child in catalogue.units.children(code) {
        unit_choice(catalogue, &child.code, depth + 1, (chosen, coded), into);
    }
}

/// The names of units by their codes, for those that a page tells of.
pub(super) async fn unit_names(app: &App, codes: Vec<String>) -> Result<Vec<String>, PageError> {
    let named =
        move |catalogue: &Catalogue| codes.iter().map(|code| catalogue.unit_name(code).to_owned()).collect();
    Ok(app.read(move |_, catalogue| Ok(named(catalogue))).await?)
}

/// A table to be kept as a file.
fn download(name: &str, csv: String) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header(NOT_KEPT)
        .body(csv)
}

/// One thing that was looked at.
struct Looked {
    title: &'static str,
    /// Whether somebody has to do something.
    calls: bool,
    /// Whether it is known how it stands.
    known: bool,
    said: String,
    href: String,
    link: &'static str,
}

#[derive(Template)]
#[template(path = "admin/home.html", config = "src/web/askama.toml")]
struct HomeHtml {
    frame: Frame,
    a: Around,
    w: &'static AdminWords,
    looked: Vec<Looked>,
}

#[get("/admin")]
async fn home(app: Data<App>, visitor: Visitor, done: Query<Done>) -> Result<HttpResponse, PageError> {
    let w = admin_words(visitor.lang);
    let (frame, a) = around(&visitor, Room::Home, w.title, &done.done)?;
    let seen = oversight::oversight(&app, visitor.by.clone()).await?;
    let mut looked = looked(visitor.lang, w, &seen);
    // What calls for somebody stands first.
    looked.sort_by_key(|of| !of.calls);
    draw(&HomeHtml { frame, a, w, looked })
}

fn looked(lang: Lang, w: &'static AdminWords, of: &Oversight) -> Vec<Looked> {
    vec![
        calendar(lang, w, of),
        mails(lang, w, of),
        locked(lang, w, of),
        scheduler(lang, w, of),
        checked(lang, w, of),
    ]
}

fn calendar(lang: Lang, w: &'static AdminWords, of: &Oversight) -> Looked {
    let said = match &of.horizon {
        Some(far) => horizon_said(lang, far.year, far.dossiers),
        None if of.redating => w.redating.to_owned(),
        None => w.calendar_fine.to_owned(),
    };
    let year = of.horizon.as_ref().map(|far| far.year.to_string());
    let href = format!("/admin/calendars?scope=national&year={}", year.unwrap_or_default());
    Looked { title: w.calendar, calls: of.horizon.is_some(), known: true, said, href, link: w.to_calendar }
}

fn mails(lang: Lang, w: &'static AdminWords, of: &Oversight) -> Looked {
    let many = |status| of.mails.get(&status).copied().unwrap_or(0);
    let failed = many(OutboxStatus::Failed) + many(OutboxStatus::Suppressed) + many(OutboxStatus::Stale);
    let uncertain = many(OutboxStatus::Uncertain);
    let said =
        mails_since(lang, of.mails_since, (many(OutboxStatus::Sent), failed, uncertain), of.dead_addresses);
    let calls = failed + uncertain > 0 || of.dead_addresses > 0;
    let href = if failed > 0 { "/admin/alerts/sent?status=failed" } else { "/admin/alerts/sent" };
    Looked { title: w.mails, calls, known: true, said, href: href.to_owned(), link: w.to_mails }
}

fn locked(lang: Lang, w: &'static AdminWords, of: &Oversight) -> Looked {
    let until = |of: &oversight::Locked| format!("{} ({})", of.name, time_weekday_and_date(lang, of.until));
    let names: Vec<String> = of.locked.iter().map(until).collect();
    let said = if names.is_empty() {
        w.none_locked.to_owned()
    } else {
        format!("{} {}.", w.locked_until, names.join("; "))
    };
    let href = match of.locked.as_slice() {
        [one] => format!("/admin/users/{}", one.user),
        _ => "/admin/users".to_owned(),
    };
    Looked { title: w.locked, calls: !of.locked.is_empty(), known: true, said, href, link: w.to_users }
}

fn scheduler(lang: Lang, w: &'static AdminWords, of: &Oversight) -> Looked {
    let said = match of.scheduler_last {
        None => w.no_scheduler.to_owned(),
        Some(at) if of.scheduler_stopped => {
            format!("{} {}.", w.scheduler_stopped, time_weekday_and_date(lang, at))
        }
        Some(at) => format!("{} {}.", w.scheduler_goes, time_weekday_and_date(lang, at)),
    };
    Looked {
        title: w.scheduler,
        calls: of.scheduler_stopped,
        known: of.scheduler_last.is_some(),
        said,
        href: "/admin/alerts".to_owned(),
        link: w.to_rules,
    }
}

fn checked(lang: Lang, w: &'static AdminWords, of: &Oversight) -> Looked {
    let said =
        of.ledger.as_ref().map(|check| ledger_found(lang, check.at, check.verdict.ok, check.verdict.entries));
    let calls = of.ledger.as_ref().is_some_and(|check| !check.verdict.ok);
    let said = said.unwrap_or_else(|| w.not_checked.to_owned());
    let known = of.ledger.is_some();
    Looked { title: w.ledger, calls, known, said, href: "/admin/ledger".to_owned(), link: w.to_ledger }
}
