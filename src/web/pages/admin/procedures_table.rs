//! `/admin/procedures.csv`: the procedures as a table; `/admin/procedures/import`: a table looked at, then read in; and taking back a limit that is still
//! to come.

use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use chrono::NaiveDate;

use super::{Around, Room, around, download};
use crate::app::access::Right;
use crate::app::catalogue::procedures::{NewProcedures, procedures_change};
use crate::app::catalogue::procedures_planned::{Planned, procedures_planned};
use crate::app::view::in_path;
use crate::app::{App, AppError, transfer};
use crate::domain::dossier::Channel;
use crate::domain::procedure::{Procedure, ProcedureLimit};
use crate::text::commitments::limit_words;
use crate::text::pages::{ProcedureWords, planned, procedure_words, table_place, would_differ};
use crate::text::reports::channel;
use crate::text::{Lang, date};
use crate::web::fault::{Faults, PageError};
use crate::web::form::{Form, Posted};
use crate::web::frame::{Frame, draw, draw_as, go_on};
use crate::web::sheet::{Field, Sheet};
use crate::web::visitor::Visitor;

const PATH: &str = "/admin/procedures/import";

pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(download_table).service(ask_import).service(post_look).service(post_import);
    config.service(post_remove);
}

#[get("/admin/procedures.csv")]
async fn download_table(app: Data<App>, visitor: Visitor) -> Result<HttpResponse, PageError> {
    visitor.must(Right::Administer)?;
    let csv = app.read(|_, catalogue| transfer::procedures_to_csv(catalogue.procedures.values()));
    Ok(download("procedures.csv", csv.await?))
}

#[derive(Template)]
#[template(path = "admin/procedures_import.html", config = "src/web/askama.toml")]
struct AskHtml {
    frame: Frame,
    a: Around,
    w: &'static ProcedureWords,
    sheet: Sheet,
}

fn ask(visitor: &Visitor, form: &Form, faults: &Faults) -> Result<AskHtml, PageError> {
    let w = procedure_words(visitor.lang);
    let (frame, a) = around(visitor, Room::Procedures, w.import, "")?;
    let sheet = Sheet::to(visitor, "import", format!("{PATH}/look"), w.look)
        .ask(Field::area("csv", w.csv, form.text("csv"), 12).hint(w.csv_hint).required())
        .with(faults);
    Ok(AskHtml { frame, a, w, sheet })
}

#[get("/admin/procedures/import")]
async fn ask_import(visitor: Visitor) -> Result<HttpResponse, PageError> {
    draw(&ask(&visitor, &Form::default(), &Faults::default())?)
}

/// A procedure that would change, in words.
struct Row {
    code: String,
    name: String,
    change: String,
    limits: Vec<String>,
}

#[derive(Template)]
#[template(path = "admin/procedures_look.html", config = "src/web/askama.toml")]
struct LookHtml {
    frame: Frame,
    a: Around,
    w: &'static ProcedureWords,
    said: String,
    differ: String,
    rows: Vec<Row>,
    sheet: Sheet,
}

fn meant(form: &Form) -> Result<NewProcedures, AppError> {
    let rows = transfer::procedure_rows(form.text("csv").as_bytes())?;
    let correction = form.has("correct").then(|| form.text("reason").to_owned());
    Ok(NewProcedures { rows, whole: false, correction })
}

/// What is wrong with a table, each line and column in words.
fn faults_of(lang: Lang, error: AppError) -> Result<Faults, PageError> {
    Ok(Faults::of(lang, error)?.named(|name| table_place(lang, name)))
}

#[post("/admin/procedures/import/look")]
async fn post_look(app: Data<App>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    match look(&app, &visitor, &form, &Faults::default()).await? {
        Ok(page) => draw(&page),
        Err(error) => {
            let faults = faults_of(visitor.lang, error)?;
            draw_as(faults.status(), &ask(&visitor, &form, &faults)?)
        }
    }
}

/// What the table would come to, or what is wrong with it.
async fn look(
    app: &App,
    visitor: &Visitor,
    form: &Form,
    faults: &Faults,
) -> Result<Result<LookHtml, AppError>, PageError> {
    let (lang, w) = (visitor.lang, procedure_words(visitor.lang));
    let (frame, a) = around(visitor, Room::Procedures, w.import_title, "")?;
    let by = visitor.by.clone();
    // A correction is asked for on the page that comes now; its reason cannot be wrong yet.
    let new = meant(form).map(|of| NewProcedures { correction: None, ..of });
    let found = match new {
        Ok(new) => match procedures_change(app, new.clone(), Some(by.clone()), true).await {
            Ok(changed) => procedures_planned(app, new, by).await.map(|plan| (changed.differing, plan)),
            Err(error) => Err(error),
        },
        Err(error) => Err(error),
    };
    let (differing, plan) = match found {
        Ok(found) => found,
        Err(error) => return Ok(Err(error)),
    };
    let all = plan.len();
    let rows: Vec<Row> = plan.into_iter().filter(Planned::changes).map(|of| row(lang, of)).collect();
    let said = planned(lang, rows.len(), all - rows.len());
    let differ = if differing > 0 { would_differ(lang, differing) } else { String::new() };
    let mut sheet = Sheet::to(visitor, "import", PATH, w.import_now).hide("csv", form.text("csv"));
    if differing > 0 {
        sheet = sheet
            .ask(Field::tick("correct", w.correct, form.has("correct")).wide())
            .ask(Field::line("reason", w.reason, form.text("reason")).wide());
    }
    Ok(Ok(LookHtml { frame, a, w, said, differ, rows, sheet: sheet.with(faults) }))
}

fn row(lang: Lang, of: Planned) -> Row {
    let w = procedure_words(lang);
    let change = match (of.new, of.renamed) {
        (true, _) => w.change_new,
        (false, true) => w.change_renamed,
        (false, false) => "",
    };
    Row {
        limits: of.limits.iter().map(|limit| limit_said(lang, limit)).collect(),
        change: change.to_owned(),
        code: of.code,
        name: of.name,
    }
}

fn limit_said(lang: Lang, of: &ProcedureLimit) -> String {
    let w = procedure_words(lang);
    let mut parts = vec![limit_words(lang, of.limit)];
    parts.extend(of.valid_from.map(|day| format!("{} {}", w.valid_from, date(lang, day))));
    parts.extend(of.channel.map(|of| channel(lang, of.word()).to_owned()));
    parts.extend(of.case.clone());
    parts.join(" · ")
}

#[post("/admin/procedures/import")]
async fn post_import(app: Data<App>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    let done = match meant(&form) {
        Ok(new) => procedures_change(&app, new, Some(visitor.by.clone()), false).await,
        Err(error) => Err(error),
    };
    let error = match done {
        Ok(_) => return Ok(go_on("/admin/procedures?done=saved")),
        Err(error) => error,
    };
    let faults = faults_of(visitor.lang, error)?;
    match look(&app, &visitor, &form, &faults).await? {
        Ok(page) => draw_as(faults.status(), &page),
        Err(_) => draw_as(faults.status(), &ask(&visitor, &form, &faults)?),
    }
}

/// Whether a limit is still to come, and others are there without it.
pub(super) fn may_be_taken_back(of: &Procedure, limit: &ProcedureLimit, today: NaiveDate) -> bool {
    of.limits.len() > 1 && limit.valid_from.is_some_and(|from| from > today)
}

/// The form that takes a limit back.
pub(super) fn removal(visitor: &Visitor, code: &str, of: &ProcedureLimit) -> Sheet {
    let path = format!("/admin/procedures/{}/limits/remove", in_path(code));
    Sheet::to(visitor, "remove", path, procedure_words(visitor.lang).remove)
        .small()
        .hide("channel", of.channel.map(|of| of.word().to_owned()).unwrap_or_default())
        .hide("case", of.case.clone().unwrap_or_default())
        .hide("valid_from", of.valid_from.map(|day| day.to_string()).unwrap_or_default())
}

#[post("/admin/procedures/{code}/limits/remove")]
async fn post_remove(app: Data<App>, code: Path<String>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    visitor.must(Right::Administer)?;
    let asked = code.clone();
    let (mut procedure, today) = app
        .read(move |_, catalogue| {
            let found = catalogue.procedures.get(&asked).cloned().ok_or(AppError::NotFound("procedure"))?;
            Ok((found, catalogue.day))
        })
        .await?;
    let meant = |of: &ProcedureLimit| {
        of.channel == Channel::from_word(form.text("channel"))
            && of.case == form.optional("case")
            && of.valid_from == form.text("valid_from").parse().ok()
    };
    let kept = procedure.clone();
    procedure.limits.retain(|of| !(meant(of) && may_be_taken_back(&kept, of, today)));
    // Sent twice, or come into force meanwhile: there is nothing to take back.
    if procedure.limits.len() < kept.limits.len() {
        let new = NewProcedures { rows: vec![(String::new(), procedure)], whole: true, correction: None };
        procedures_change(&app, new, Some(visitor.by), false).await?;
    }
    Ok(go_on(&format!("/admin/procedures/{}?done=removed", in_path(&code))))
}
