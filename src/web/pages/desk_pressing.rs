//! `/desk/today` and `/desk/friday`: all that can still be saved today, and all that would roll over the weekend, by officer.

use actix_web::web::{Data, Query, ServiceConfig};
use actix_web::{HttpResponse, get};
use askama::Template;
use serde::Deserialize;

use super::super::fault::PageError;
use super::super::frame::{Frame, Tab, draw};
use super::super::visitor::Visitor;
use super::desk_draw::{Place, Row, rows, until, with_unit};
use crate::app::App;
use crate::app::desk::pressing::{OfficerRow, PressingRequest, PressingView, pressing};
use crate::domain::alert::{Outlook, Reason};
use crate::text::Lang;
use crate::text::pages::desk::{self as text, DeskWords, desk_words};

pub(in crate::web) fn configure(config: &mut ServiceConfig) {
    config.service(today).service(friday);
}

#[derive(Debug, Clone, Deserialize)]
struct Asked {
    unit: Option<String>,
    officer: Option<String>,
    reason: Option<String>,
    skip: Option<String>,
}

impl Asked {
    fn request(&self, outlook: Outlook) -> PressingRequest {
        PressingRequest {
            unit: self.unit.clone().filter(|unit| !unit.is_empty()),
            outlook,
            officer: self.officer.clone(),
            reason: self.reason.as_deref().and_then(Reason::from_word),
            skip: self.skip.as_deref().and_then(|skip| skip.parse().ok()).unwrap_or(0),
        }
    }
}

#[get("/desk/today")]
async fn today(app: Data<App>, visitor: Visitor, asked: Query<Asked>) -> Result<HttpResponse, PageError> {
    let w = desk_words(visitor.lang);
    let view = pressing(&app, asked.request(Outlook::Today), visitor.by.clone()).await?;
    let slips = asked.reason.as_deref() == Some(Reason::ApologyDue.word());
    let title = if slips { w.apologies_title } else { w.today_title };
    let frame = visitor.frame(Tab::Desk, format!("{title} – {}", view.place.unit.name));
    let about = About { address: "/desk/today", title, outlook: Outlook::Today };
    draw(&PressingHtml::of(&frame, w, (about, &asked), &view))
}

#[get("/desk/friday")]
async fn friday(app: Data<App>, visitor: Visitor, asked: Query<Asked>) -> Result<HttpResponse, PageError> {
    let w = desk_words(visitor.lang);
    let view = pressing(&app, asked.request(Outlook::ThisWeek), visitor.by.clone()).await?;
    let frame = visitor.frame(Tab::Desk, format!("{} – {}", w.board_title, view.place.unit.name));
    let about = About { address: "/desk/friday", title: w.board_title, outlook: Outlook::ThisWeek };
    draw(&PressingHtml::of(&frame, w, (about, &asked), &view))
}

/// Which of the lists.
#[derive(Debug, Clone, Copy)]
struct About {
    address: &'static str,
    title: &'static str,
    outlook: Outlook,
}

struct Officer {
    name: Option<String>,
    count: usize,
    left: String,
    href: String,
    here: bool,
}

#[derive(Template)]
#[template(path = "desk_pressing.html", config = "src/web/askama.toml")]
struct PressingHtml<'a> {
    frame: &'a Frame,
    w: &'static DeskWords,
    place: Place,
    desk_href: String,
    title: &'static str,
    /// What the list is about, in a sentence.
    lead: Option<String>,
    none: &'static str,
    officers: Vec<Officer>,
    other_officers: Option<String>,
    all: usize,
    all_href: String,
    /// Whether all is shown, of every officer and for every reason.
    whole: bool,
    count: usize,
    rows: Vec<Row>,
    next: Option<String>,
}

impl<'a> PressingHtml<'a> {
    fn of(
        frame: &'a Frame,
        w: &'static DeskWords,
        (about, asked): (About, &Asked),
        view: &PressingView,
    ) -> PressingHtml<'a> {
        let (lang, now, unit) = (frame.lang, view.place.now, &view.place.unit.code);
        let home = with_unit(about.address, unit);
        let rolls = about.outlook == Outlook::ThisWeek;
        PressingHtml {
            place: Place::of(lang, about.address, &view.place),
            desk_href: with_unit("/desk", unit),
            title: about.title,
            lead: rolls.then(|| until(lang, w, &view.friday, now)).flatten(),
            none: if rolls { w.none_rollover } else { w.none_savable },
            officers: officers(lang, &home, asked, &view.officers),
            other_officers: (view.other_officers > 0).then(|| text::others(lang, view.other_officers)),
            all: view.all,
            whole: asked.officer.is_none() && asked.reason.is_none(),
            count: view.count,
            rows: rows(lang, about.outlook, now, &view.lines),
            next: view.next.map(|skip| next(&home, asked, skip)),
            all_href: home,
            frame,
            w,
        }
    }
}

fn officers(lang: Lang, home: &str, asked: &Asked, of: &[OfficerRow]) -> Vec<Officer> {
    let officer = |row: &OfficerRow| Officer {
        name: Some(row.officer.clone()).filter(|name| !name.is_empty()),
        count: row.count,
        left: text::time_left(lang, row.minutes_left),
        href: with(home, &[("officer", &row.officer)]),
        here: asked.officer.as_deref() == Some(&row.officer),
    };
    of.iter().map(officer).collect()
}

/// The address of the rows that come next.
fn next(home: &str, asked: &Asked, skip: usize) -> String {
    let skip = skip.to_string();
    let kept = [("officer", asked.officer.as_deref()), ("reason", asked.reason.as_deref())];
    let mut all: Vec<(&str, &str)> =
        kept.iter().filter_map(|(name, value)| Some((*name, (*value)?))).collect();
    all.push(("skip", &skip));
    with(home, &all)
}

fn with(home: &str, parameters: &[(&str, &str)]) -> String {
    format!("{home}&{}", serde_urlencoded::to_string(parameters).unwrap_or_default())
}
