//! `/dossiers/{code}`: where a dossier stands, its dates and where each comes from, what it breaks, its history, and what can be done.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, get};
use serde::Deserialize;

use super::super::fault::PageError;
use super::super::frame::{Tab, draw, draw_as};
use super::super::visitor::Visitor;
use super::act_form::Refused;
use super::dossier_draw::{self, Drawn};
use crate::app::alerts::acknowledging::{self, ToldView};
use crate::app::dossier_deadline::{self, DossierDeadlineView};
use crate::app::dossier_history::{self, Told};
use crate::app::view::DossierView;
use crate::app::{App, AppError, dossiers};
use crate::domain::act::ActKind;
use crate::text::pages::dossier as words;

pub(in crate::web) fn configure(config: &mut ServiceConfig) {
    config.service(show);
}

/// All that the page tells.
pub(super) struct Gathered {
    pub(super) view: DossierView,
    pub(super) deadline: DossierDeadlineView,
    pub(super) history: Vec<Told>,
    pub(super) told: Vec<ToldView>,
}

#[derive(Deserialize, Default)]
struct Asked {
    /// What was just done.
    #[serde(default)]
    done: String,
}

#[get("/dossiers/{code}")]
async fn show(
    app: Data<App>,
    visitor: Visitor,
    code: Path<String>,
    asked: Query<Asked>,
) -> Result<HttpResponse, PageError> {
    let code = known(code.into_inner())?;
    let of = gathered(&app, &visitor, code.clone()).await?;
    let done = ActKind::from_word(&asked.done).map(|act| words::act(visitor.lang, act));
    let frame = visitor.frame(Tab::Queue, title(&visitor, &code));
    draw(&dossier_draw::page(&frame, &visitor, of, Drawn { done, ..Drawn::default() }))
}

/// The page again, with a form that came back.
///
/// # Errors
/// As the page itself.
pub(super) async fn draw_refused(
    app: &App,
    visitor: &Visitor,
    code: String,
    refused: &Refused<'_>,
    (status, stale): (StatusCode, bool),
) -> Result<HttpResponse, PageError> {
    let of = gathered(app, visitor, code.clone()).await?;
    let frame = visitor.frame(Tab::Queue, title(visitor, &code));
    let drawn = Drawn { done: None, refused: Some(refused), stale };
    draw_as(status, &dossier_draw::page(&frame, visitor, of, drawn))
}

fn title(visitor: &Visitor, code: &str) -> String {
    format!("{} {code}", words::dossier_words(visitor.lang).title)
}

/// A code that a dossier may have.
///
/// # Errors
/// [`AppError::NotFound`] for one that none has.
pub(super) fn known(code: String) -> Result<String, AppError> {
    let strange = |letter: char| letter.is_control() || letter == char::REPLACEMENT_CHARACTER;
    if code.chars().any(strange) { Err(AppError::NotFound("dossier")) } else { Ok(code) }
}

async fn gathered(app: &App, visitor: &Visitor, code: String) -> Result<Gathered, PageError> {
    let (by, lang) = (&visitor.by, visitor.lang);
    Ok(Gathered {
        view: dossiers::find(app, code.clone(), by.clone(), lang).await?,
        deadline: dossier_deadline::deadline(app, code.clone(), by.clone(), lang).await?,
        history: dossier_history::history(app, code.clone(), by.clone()).await?,
        told: acknowledging::told(app, code, by.clone()).await?,
    })
}
