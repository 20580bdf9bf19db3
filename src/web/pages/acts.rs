//! `/dossiers/{code}/acts`, `/queue/acts`: an act on a dossier, from its own page or the slip, or from a row of the queue. What is refused is drawn beside its field, with everything kept.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpResponse, post};

use super::super::fault::{Faults, PageError};
use super::super::form::{Form, Posted};
use super::super::frame::go_on;
use super::super::visitor::{Visitor, within};
use super::act_form::{self, Refused};
use super::{apology, dossier};
use crate::app::view::in_path;
use crate::app::{App, AppError, dossiers};
use crate::domain::act::ActKind;
use crate::text::pages::dossier::dossier_words;

pub(in crate::web) fn configure(config: &mut ServiceConfig) {
    config.service(perform).service(perform_on_row);
}

#[post("/dossiers/{code}/acts")]
async fn perform(app: Data<App>, code: Path<String>, posted: Posted) -> Result<HttpResponse, PageError> {
    done(&app, &posted.visitor, dossier::known(code.into_inner())?, &posted.form).await
}

/// One form holds all rows of a queue; the button that was pressed says which row it is of.
#[post("/queue/acts")]
async fn perform_on_row(app: Data<App>, posted: Posted) -> Result<HttpResponse, PageError> {
    let pressed = posted.form.text("do");
    let mut parts = pressed.splitn(4, ' ');
    let mut part = || parts.next().unwrap_or_default();
    let (act, row, version, code) = (part(), part(), part(), part());
    let fields = [("act", act), ("row", row), ("version", version), ("back", posted.form.text("back"))];
    let form = Form::filled(fields.map(|(name, value)| (name, value.to_owned())).into());
    done(&app, &posted.visitor, dossier::known(code.to_owned())?, &form).await
}

async fn done(app: &App, visitor: &Visitor, code: String, form: &Form) -> Result<HttpResponse, PageError> {
    let done = match act_form::asked(&code, form) {
        Ok(asked) => dossiers::act(app, asked, Some(visitor.by.clone()), visitor.lang).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => Ok(go_on(&onward(&code, form))),
        Err(error) => refused(app, visitor, code, form, error).await,
    }
}

/// To where the form stood: the same place of the queue, the slip, or the dossier's own page.
fn onward(code: &str, form: &Form) -> String {
    let (code, act) = (in_path(code), ActKind::from_word(form.text("act")).map_or("", ActKind::word));
    let back = within(form.text("back"));
    if back.starts_with("/queue") && !back.contains('#') {
        let joint = if back.contains('?') { '&' } else { '?' };
        let row: u32 = form.text("row").parse().unwrap_or(1);
        return format!("{back}{joint}done={act}&code={code}#r{row}");
    }
    if form.text("page") == "apology" {
        return format!("/dossiers/{code}/apology?done=1");
    }
    format!("/dossiers/{code}?done={act}")
}

async fn refused(
    app: &App,
    visitor: &Visitor,
    code: String,
    form: &Form,
    error: AppError,
) -> Result<HttpResponse, PageError> {
    let w = dossier_words(visitor.lang);
    let corrects = form.text("act") == ActKind::Correct.word();
    let stale = matches!(error, AppError::PreconditionFailed);
    let nothing = matches!(&error, AppError::Invalid(all) if all.iter().any(|of| of.name == "changes"));
    let (status, faults) = match error {
        // The form is there for whoever may correct something of it; this, only a leader may.
        AppError::Forbidden if corrects => (StatusCode::FORBIDDEN, Faults::whole(w.leader_only)),
        _ if corrects && nothing => (StatusCode::UNPROCESSABLE_ENTITY, Faults::whole(w.nothing_changed)),
        AppError::PreconditionFailed => (StatusCode::PRECONDITION_FAILED, Faults::whole(w.stale_title)),
        error @ AppError::Refused(_) => (StatusCode::CONFLICT, Faults::of(visitor.lang, error)?),
        error => (StatusCode::UNPROCESSABLE_ENTITY, Faults::of(visitor.lang, error)?),
    };
    let refused = Refused { form, faults };
    if form.text("page") == "apology" && !stale {
        return apology::draw_refused(app, visitor, code, &refused, status).await;
    }
    dossier::draw_refused(app, visitor, code, &refused, (status, stale)).await
}
