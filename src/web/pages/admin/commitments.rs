//! `/admin/commitments`: what units have committed themselves to, one of them, its end and its removal.

use actix_web::web::{Data, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use chrono::NaiveDate;

use super::{Around, Done, Room, around, key, unit_choices};
use crate::app::catalogue::commitments::{self, End};
use crate::app::catalogue::commitments_shown::{self, Kept};
use crate::app::{App, AppError, Catalogue, Fault};
use crate::domain::commitment::Commitment;
use crate::domain::office_time::local_date;
use crate::domain::template::Template as Ready;
use crate::text::pages::{CommitmentWords, RoomWords, commitment_words, covers, received_on, room_words};
use crate::text::{Lang, commitments as effects, date, templates};
use crate::web::fault::{Faults, PageError};
use crate::web::form::{Form, Posted};
use crate::web::frame::{Frame, draw, draw_as, go_on};
use crate::web::sheet::{Choice, Field, Sheet};
use crate::web::visitor::Visitor;

pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(list_all).service(show_one).service(post_end).service(post_remove);
}

/// A commitment in a list.
pub(super) struct Row {
    pub(super) id: i64,
    pub(super) unit: String,
    pub(super) subtree: bool,
    pub(super) promise: String,
    pub(super) covers: String,
    pub(super) names: Vec<String>,
    pub(super) from: String,
    pub(super) to: Option<String>,
    pub(super) decision: String,
    /// The class of its mark, and the words.
    pub(super) state: (&'static str, &'static str),
}

/// A template that is ready to be switched on.
struct ReadyMade {
    word: &'static str,
    name: &'static str,
    sentence: &'static str,
}

#[derive(Template)]
#[template(path = "admin/commitments.html", config = "src/web/askama.toml")]
struct ListHtml {
    frame: Frame,
    a: Around,
    r: &'static RoomWords,
    w: &'static CommitmentWords,
    ready: Vec<ReadyMade>,
    units: Vec<Choice>,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "admin/commitment.html", config = "src/web/askama.toml")]
struct OneHtml {
    frame: Frame,
    a: Around,
    r: &'static RoomWords,
    w: &'static CommitmentWords,
    row: Row,
    kept: Kept,
    last_bound: Option<String>,
    end: Sheet,
    remove: Sheet,
}

/// A commitment as it is listed.
pub(super) fn row(lang: Lang, catalogue: &Catalogue, of: &Commitment) -> Row {
    let w = commitment_words(lang);
    let state = if of.valid_to.is_some_and(|last| last < catalogue.day) {
        ("", w.over)
    } else if of.valid_from > catalogue.day {
        ("soon", w.to_come)
    } else {
        ("good", w.holds)
    };
    let codes = of.selector.procedures.iter();
    let names: Vec<String> =
        codes.map(|code| format!("{} ({code})", catalogue.procedure_name(code))).collect();
    let on = received_on(lang, &of.received_on);
    let effect = effects::step(lang, of.effect);
    Row {
        id: of.id,
        unit: catalogue.unit_name(&of.unit).to_owned(),
        subtree: of.subtree,
        promise: if on.is_empty() { effect } else { format!("{effect}, {on}") },
        covers: covers(lang, &of.selector, &names),
        names,
        from: date(lang, of.valid_from),
        to: of.valid_to.map(|day| date(lang, day)),
        decision: of.decision.clone(),
        state,
    }
}

#[get("/admin/commitments")]
async fn list_all(app: Data<App>, visitor: Visitor, done: Query<Done>) -> Result<HttpResponse, PageError> {
    let (lang, w) = (visitor.lang, commitment_words(visitor.lang));
    let (frame, a) = around(&visitor, Room::Commitments, w.title, &done.done)?;
    let units = unit_choices(&app, &visitor, &visitor.by.unit).await?;
    let by = visitor.by.clone();
    let rows = app.read(move |_, catalogue| {
        let bound = catalogue.commitments.iter().rev().filter(|of| catalogue.concerns(of, &by.unit));
        Ok(bound.map(|of| row(lang, catalogue, of)).collect())
    });
    let ready = Ready::ALL.iter().map(|of| ReadyMade {
        word: of.word(),
        name: templates::name(lang, *of),
        sentence: templates::sentence(lang, *of),
    });
    let page =
        ListHtml { frame, a, r: room_words(lang), w, ready: ready.collect(), units, rows: rows.await? };
    draw(&page)
}

#[get("/admin/commitments/{id:\\d+}")]
async fn show_one(
    app: Data<App>,
    visitor: Visitor,
    id: Path<String>,
    done: Query<Done>,
) -> Result<HttpResponse, PageError> {
    let page = one(&app, &visitor, &id, &done.done, &Form::default(), &Faults::default()).await?;
    draw(&page)
}

async fn one(
    app: &App,
    visitor: &Visitor,
    id: &str,
    done: &str,
    form: &Form,
    faults: &Faults,
) -> Result<OneHtml, PageError> {
    let (lang, w) = (visitor.lang, commitment_words(visitor.lang));
    let (frame, a) = around(visitor, Room::Commitments, w.title, done)?;
    let id = key(id, "commitment")?;
    let kept = commitments_shown::commitment_kept(app, id, visitor.by.clone()).await?;
    let commitment = kept.commitment.clone();
    let row = app.read(move |_, catalogue| Ok(row(lang, catalogue, &commitment))).await?;
    let day = if form.has("valid_to") {
        form.text("valid_to").to_owned()
    } else {
        local_date(app.clock().now()).to_string()
    };
    let end = Sheet::to(visitor, "end", format!("/admin/commitments/{id}/end"), w.end)
        .calm()
        .ask(Field::day("valid_to", w.last_day_only, day).required())
        .ask(
            Field::line("decision", w.decision_field, form.text("decision")).hint(w.decision_hint).required(),
        )
        .with(faults);
    let remove = Sheet::to(visitor, "remove", format!("/admin/commitments/{id}/remove"), w.remove).calm();
    let last_bound = kept.last_bound.map(|day| date(lang, day));
    Ok(OneHtml { frame, a, r: room_words(lang), w, row, kept, last_bound, end, remove })
}

#[post("/admin/commitments/{id}/end")]
async fn post_end(app: Data<App>, id: Path<String>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    let ended = match form.text("valid_to").parse::<NaiveDate>() {
        Ok(valid_to) => {
            let end = End { valid_to, decision: form.text("decision").to_owned() };
            let id = key(&id, "commitment")?;
            commitments::commitment_end(&app, id, end, Some(visitor.by.clone())).await.map(drop)
        }
        Err(_) => Err(AppError::invalid("valid_to", Fault::Required)),
    };
    match ended {
        Ok(()) => Ok(go_on(&format!("/admin/commitments/{id}?done=ended"))),
        Err(error) => {
            let faults = Faults::of(visitor.lang, error)?;
            draw_as(faults.status(), &one(&app, &visitor, &id, "", &form, &faults).await?)
        }
    }
}

#[post("/admin/commitments/{id}/remove")]
async fn post_remove(app: Data<App>, id: Path<String>, posted: Posted) -> Result<HttpResponse, PageError> {
    commitments::commitment_remove(&app, key(&id, "commitment")?, Some(posted.visitor.by)).await?;
    Ok(go_on("/admin/commitments?done=removed"))
}
