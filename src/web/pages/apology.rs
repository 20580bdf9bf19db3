//! `/dossiers/{code}/apology`: the slip of apology with a new appointment (TT 03/2025/TT-VPCP, form 04; NĐ 61/2018/NĐ-CP Đ.19(9)), to be looked at before
//! it is recorded and printed after.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::super::fault::{Faults, PageError};
use super::super::form::{Form, Posted};
use super::super::frame::{Frame, Tab, draw, draw_as};
use super::super::moment;
use super::super::visitor::Visitor;
use super::act_form::{ActForm, Refused};
use super::dossier::known;
use crate::app::access::Right;
use crate::app::dossier_history::{self, Said, Told};
use crate::app::view::{DossierView, in_path};
use crate::app::{App, dossiers};
use crate::domain::act::ActKind;
use crate::text::pages::apology::{ApologyWords, BLANK, apology_words, appointment, long_date};

pub(in crate::web) fn configure(config: &mut ServiceConfig) {
    config.service(show).service(look);
}

/// What the slip says.
struct Slip {
    unit: String,
    to: String,
    procedure: String,
    code: String,
    received: String,
    promised: String,
    reason: String,
    appointed: String,
    on: String,
}

#[derive(Template)]
#[template(path = "apology.html", config = "src/web/askama.toml")]
struct Html<'a> {
    frame: &'a Frame,
    w: &'static ApologyWords,
    in_path: String,
    version: i64,
    slip: Slip,
    /// The form of the act, as long as it may be done.
    act: Option<ActForm>,
    recorded: bool,
    done: bool,
    closed: bool,
}

#[derive(Deserialize, Default)]
struct Asked {
    #[serde(default)]
    done: String,
}

#[get("/dossiers/{code}/apology")]
async fn show(
    app: Data<App>,
    visitor: Visitor,
    code: Path<String>,
    asked: Query<Asked>,
) -> Result<HttpResponse, PageError> {
    let of = gathered(&app, &visitor, known(code.into_inner())?).await?;
    let w = apology_words(visitor.lang);
    draw(&html(&visitor.frame(Tab::Queue, w.title), &visitor, of, None, !asked.done.is_empty()))
}

/// The slip with what was typed, before anything is recorded.
#[post("/dossiers/{code}/apology")]
async fn look(app: Data<App>, code: Path<String>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    let mut faults = Vec::new();
    moment::read(&form, "appointed_at", &mut faults);
    moment::read(&form, "at", &mut faults);
    let (status, faults) = match moment::no(faults) {
        Ok(()) => (StatusCode::OK, Faults::default()),
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, Faults::of(visitor.lang, error)?),
    };
    draw_refused(&app, &visitor, known(code.into_inner())?, &Refused { form: &form, faults }, status).await
}

/// The slip with a form that came back.
///
/// # Errors
/// As the page itself.
pub(super) async fn draw_refused(
    app: &App,
    visitor: &Visitor,
    code: String,
    refused: &Refused<'_>,
    status: StatusCode,
) -> Result<HttpResponse, PageError> {
    let of = gathered(app, visitor, code).await?;
    let w = apology_words(visitor.lang);
    draw_as(status, &html(&visitor.frame(Tab::Queue, w.title), visitor, of, Some(refused), false))
}

async fn gathered(
    app: &App,
    visitor: &Visitor,
    code: String,
) -> Result<(DossierView, Vec<Told>, DateTime<Utc>), PageError> {
    // The slip is addressed to a person.
    visitor.must(Right::SeeApplicant)?;
    let view = dossiers::find(app, code.clone(), visitor.by.clone(), visitor.lang).await?;
    let history = dossier_history::history(app, code, visitor.by.clone()).await?;
    Ok((view, history, app.clock().now()))
}

fn html<'a>(
    frame: &'a Frame,
    visitor: &Visitor,
    (view, history, now): (DossierView, Vec<Told>, DateTime<Utc>),
    refused: Option<&Refused<'_>>,
    done: bool,
) -> Html<'a> {
    let may = visitor.may(Right::Handle) && view.allowed_acts.contains(&ActKind::Apologise);
    // A second slip is written only where somebody sets out to; the first stays to be printed.
    let last = history.iter().rfind(|of| of.act == ActKind::Apologise.word());
    let act = (may && (last.is_none() || refused.is_some()))
        .then(|| ActForm::of(visitor.lang, ActKind::Apologise, &view, refused));
    let slip = slip(&view, last.filter(|_| act.is_none()), refused.map(|of| of.form), now);
    Html {
        frame,
        w: apology_words(visitor.lang),
        in_path: in_path(view.code.as_deref().unwrap_or_default()),
        version: view.version,
        slip,
        recorded: last.is_some(),
        closed: view.closed_at.is_some(),
        act,
        done,
    }
}

/// The slip as it was recorded, or as it was typed so far.
fn slip(view: &DossierView, recorded: Option<&Told>, typed: Option<&Form>, now: DateTime<Utc>) -> Slip {
    let said = recorded.and_then(|of| of.changes.iter().find(|change| change.field == "appointed_at"));
    let recorded_at = said.and_then(|change| match &change.after {
        Some(Said::At(at)) => Some(*at),
        Some(Said::Word(_)) | None => None,
    });
    let typed_at = typed.and_then(|form| moment::read(form, "appointed_at", &mut Vec::new()));
    let reason =
        recorded.and_then(|of| of.reason.clone()).or_else(|| typed.and_then(|form| form.optional("reason")));
    Slip {
        unit: view.names.unit.clone(),
        to: view.applicant.as_ref().map_or_else(|| BLANK.to_owned(), |of| of.name.clone()),
        procedure: view.names.procedure.clone(),
        code: view.code.clone().unwrap_or_default(),
        received: long_date(view.received_at.0),
        promised: appointment(Some(view.first_due_at.0)),
        reason: reason.unwrap_or_else(|| BLANK.to_owned()),
        appointed: appointment(recorded_at.or(typed_at)),
        on: long_date(recorded.map_or(now, |of| of.at)),
    }
}
