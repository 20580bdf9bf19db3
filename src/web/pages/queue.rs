//! `/queue`: what waits for the visitor's work, by the working time that is left, with the one act that each row waits for on a key.

use actix_web::web::{Data, Query, ServiceConfig};
use actix_web::{HttpResponse, get};
use askama::Template;
use serde::Deserialize;

use super::super::fault::PageError;
use super::super::frame::{Frame, Tab, draw};
use super::super::visitor::Visitor;
use super::dossier_row::Row;
use crate::app::access::{Right, Role};
use crate::app::queue::{self, Queue, QueueRequest};
use crate::app::view::in_path;
use crate::app::{App, AppError, Fault};
use crate::domain::act::ActKind;
use crate::domain::standing::QueueGroup;
use crate::text::pages::dossier::{self as words, ListWords, QueueWords, list_words, queue_words};

/// Rows on a page.
const ROWS: i64 = 50;

pub(in crate::web) fn configure(config: &mut ServiceConfig) {
    config.service(show);
}

#[derive(Deserialize, Default)]
struct Asked {
    #[serde(default)]
    show: String,
    #[serde(default)]
    whose: String,
    #[serde(default)]
    cursor: String,
    /// What was just done, and to which dossier.
    #[serde(default)]
    done: String,
    #[serde(default)]
    code: String,
}

/// A figure that leads to its list.
struct Figure {
    count: i64,
    words: &'static str,
    href: String,
    here: bool,
    class: &'static str,
}

#[derive(Template)]
#[template(path = "queue.html", config = "src/web/askama.toml")]
struct Html<'a> {
    frame: &'a Frame,
    w: &'static QueueWords,
    l: &'static ListWords,
    figures: Vec<Figure>,
    /// The results that wait to be handed over; only a counter hands over.
    ready: Option<String>,
    ready_here: bool,
    /// For officers: the other of "mine" and "the unit's".
    other: Option<(String, &'static str)>,
    own: bool,
    rows: Vec<Row>,
    /// The same page again, for coming back to it after an act.
    back: String,
    next: Option<String>,
    first: Option<String>,
    may_handle: bool,
    sees_applicant: bool,
    of_units: bool,
    with_officer: bool,
    done: Option<(&'static str, String, String)>,
}

#[get("/queue")]
async fn show(app: Data<App>, visitor: Visitor, asked: Query<Asked>) -> Result<HttpResponse, PageError> {
    let group = match asked.show.as_str() {
        "" => None,
        word => {
            Some(QueueGroup::from_word(word).ok_or_else(|| AppError::invalid("show", Fault::NotAllowed))?)
        }
    };
    let request = QueueRequest {
        by: visitor.by.clone(),
        lang: visitor.lang,
        of_unit: asked.whose == "unit",
        group,
        cursor: Some(asked.cursor.clone()).filter(|cursor| !cursor.is_empty()),
        limit: ROWS,
    };
    let queue = queue::queue(&app, request.clone()).await?;
    let w = queue_words(visitor.lang);
    let frame = visitor.frame(Tab::Queue, if request.is_own() { w.title_own } else { w.title_units });
    draw(&page(&frame, w, &visitor, (&asked, &request), queue))
}

fn page<'a>(
    frame: &'a Frame,
    w: &'static QueueWords,
    visitor: &Visitor,
    (asked, request): (&Asked, &QueueRequest),
    queue: Queue,
) -> Html<'a> {
    let officer = visitor.role() == Role::Officer;
    let to = |group, cursor| address(group, request.of_unit, cursor);
    let whose = officer.then(|| {
        let words = if request.of_unit { w.own } else { w.of_unit };
        (address(request.group, !request.of_unit, None), words)
    });
    Html {
        w,
        l: list_words(visitor.lang),
        figures: figures(w, &queue, request),
        ready: (officer || !queue.of_units).then(|| to(Some(QueueGroup::Ready), None)),
        ready_here: request.group == Some(QueueGroup::Ready),
        other: whose,
        own: request.is_own(),
        back: to(request.group, request.cursor.as_deref()),
        next: queue.page.next.as_deref().map(|cursor| to(request.group, Some(cursor))),
        first: request.cursor.as_ref().map(|_| to(request.group, None)),
        rows: queue.page.items.into_iter().map(|view| Row::of(visitor.lang, view)).collect(),
        may_handle: visitor.may(Right::Handle),
        sees_applicant: visitor.may(Right::SeeApplicant),
        of_units: queue.of_units,
        with_officer: !request.is_own(),
        done: done(visitor, asked),
        frame,
    }
}

fn figures(w: &'static QueueWords, queue: &Queue, request: &QueueRequest) -> Vec<Figure> {
    let figure = |group, count, words, class| Figure {
        count,
        words,
        class: if count > 0 { class } else { "" },
        href: address(group, request.of_unit, None),
        here: request.group == group,
    };
    vec![
        figure(None, queue.open, w.all, ""),
        figure(Some(QueueGroup::Overdue), queue.overdue, w.overdue, "late"),
        figure(Some(QueueGroup::Today), queue.today, w.today, "today"),
        figure(Some(QueueGroup::Soon), queue.soon, w.soon, "soon"),
        figure(Some(QueueGroup::Halted), queue.halted, w.halted, ""),
    ]
}

fn address(group: Option<QueueGroup>, of_unit: bool, cursor: Option<&str>) -> String {
    let mut parts: Vec<(&str, &str)> = Vec::new();
    parts.extend(group.map(|of| ("show", of.word())));
    parts.extend(of_unit.then_some(("whose", "unit")));
    parts.extend(cursor.map(|cursor| ("cursor", cursor)));
    let query = serde_urlencoded::to_string(parts).unwrap_or_default();
    if query.is_empty() { "/queue".to_owned() } else { format!("/queue?{query}") }
}

/// What was just done, with the dossier's code and address.
fn done(visitor: &Visitor, asked: &Asked) -> Option<(&'static str, String, String)> {
    let act = ActKind::from_word(&asked.done)?;
    let href = format!("/dossiers/{}", in_path(&asked.code));
    Some((words::act(visitor.lang, act), asked.code.clone(), href))
}
