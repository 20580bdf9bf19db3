//! `/admin/procedures`: looking for a procedure, its limits over time, adding one, and trying one on past dossiers.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use chrono::{NaiveDate, NaiveTime};
use serde::Deserialize;

use super::commitment_new::{Trial, told};
use super::procedures_table::{may_be_taken_back, removal};
use super::{Around, Done, Room, around};
use crate::app::catalogue::procedures::{NewProcedures, procedures_change};
use crate::app::catalogue::units::texts_faults;
use crate::app::view::in_path;
use crate::app::what_if::{WhatIf, what_if};
use crate::app::{App, AppError, Fault, Invalid};
use crate::domain::deadline::{LateEffect, LateReceipt, Limit, LimitError, LimitUnit};
use crate::domain::dossier::Channel;
use crate::domain::fold::fold;
use crate::domain::procedure::{Procedure, ProcedureLimit};
use crate::domain::what_if::{Proposal, ProposedLimit};
use crate::text::commitments::limit_words;
use crate::text::pages::{
    CommitmentWords, ProcedureWords, RoomWords, case_of, commitment_words, late_words, limit_unit,
    procedure_words, procedures_counted, room_words, would_differ,
};
use crate::text::reports::channel;
use crate::text::{Lang, date};
use crate::web::fault::{Faults, PageError};
use crate::web::form::{Form, Posted};
use crate::web::frame::{Frame, draw, draw_as, go_on};
use crate::web::sheet::{Choice, Field, Sheet};
use crate::web::visitor::Visitor;

const PAGE: usize = 50;
/// How far a trial looks back, in months.
const MONTHS: u32 = 6;

pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(list_all).service(show_one).service(post_limit).service(post_trial);
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    done: String,
}

/// A procedure in the list.
struct Row {
    path: String,
    code: String,
    name: String,
    sector: String,
    limit: String,
}

#[derive(Template)]
#[template(path = "admin/procedures.html", config = "src/web/askama.toml")]
struct ListHtml {
    frame: Frame,
    a: Around,
    r: &'static RoomWords,
    w: &'static ProcedureWords,
    q: String,
    counted: String,
    rows: Vec<Row>,
    /// Whether the visitor may read in a table.
    topmost: bool,
    next: Option<String>,
}

#[get("/admin/procedures")]
async fn list_all(app: Data<App>, visitor: Visitor, asked: Query<Asked>) -> Result<HttpResponse, PageError> {
    let (lang, w) = (visitor.lang, procedure_words(visitor.lang));
    let (frame, a) = around(&visitor, Room::Procedures, w.title, &asked.done)?;
    let own = visitor.by.unit.clone();
    let from: usize = asked.from.parse().unwrap_or(0);
    let wanted = fold(&asked.q);
    let (count, topmost, rows) = app
        .read(move |_, catalogue| {
            let fits = |of: &&Procedure| {
                let text = format!("{} {} {}", fold(&of.name), fold(&of.code), fold(&of.sector));
                wanted.split(' ').all(|word| text.contains(word))
            };
            let found: Vec<&Procedure> = catalogue.procedures.values().filter(fits).collect();
            let shown = found.iter().skip(from).take(PAGE);
            let rows: Vec<Row> = shown.map(|of| row(lang, of, catalogue.day)).collect();
            Ok((found.len(), catalogue.units.is_topmost(&own), rows))
        })
        .await?;
    let after = from.saturating_add(PAGE);
    let next = (after < count).then(|| {
        let fields = [("q", asked.q.clone()), ("from", after.to_string())];
        serde_urlencoded::to_string(fields).unwrap_or_default()
    });
    let counted = procedures_counted(lang, count);
    draw(&ListHtml { frame, a, r: room_words(lang), w, q: asked.q.clone(), counted, rows, topmost, next })
}

fn row(lang: Lang, of: &Procedure, today: NaiveDate) -> Row {
    let limit = of.limit_at(today, Channel::InPerson).map(|of| limit_words(lang, of.limit));
    Row {
        path: format!("/admin/procedures/{}", in_path(&of.code)),
        code: of.code.clone(),
        name: of.name.clone(),
        sector: of.sector.clone(),
        limit: limit.unwrap_or_else(|| "—".to_owned()),
    }
}

/// A limit in words.
struct LimitRow {
    /// Takes it back, where it is still to come.
    remove: Option<Sheet>,
    limit: String,
    channel: String,
    case: String,
    late: String,
    from: String,
    source: String,
    now: bool,
}

#[derive(Template)]
#[template(path = "admin/procedure.html", config = "src/web/askama.toml")]
struct OneHtml {
    frame: Frame,
    a: Around,
    p: &'static ProcedureWords,
    /// The words of a trial.
    w: &'static CommitmentWords,
    of: Procedure,
    limits: Vec<LimitRow>,
    trial: Option<Trial>,
    differ: String,
    topmost: bool,
    sheet: Sheet,
}

#[get("/admin/procedures/{code}")]
async fn show_one(
    app: Data<App>,
    visitor: Visitor,
    code: Path<String>,
    done: Query<Done>,
) -> Result<HttpResponse, PageError> {
    let page = one(&app, &visitor, &code, &done.done, &Form::default(), &Faults::default()).await?;
    draw(&page)
}

async fn one(
    app: &App,
    visitor: &Visitor,
    code: &str,
    done: &str,
    form: &Form,
    faults: &Faults,
) -> Result<OneHtml, PageError> {
    let (lang, w) = (visitor.lang, procedure_words(visitor.lang));
    let (frame, a) = around(visitor, Room::Procedures, w.title, done)?;
    let (asked, unit) = (code.to_owned(), visitor.by.unit.clone());
    let (of, day, topmost) = app
        .read(move |_, catalogue| {
            let found = catalogue.procedures.get(&asked).cloned().ok_or(AppError::NotFound("procedure"))?;
            Ok((found, catalogue.day, catalogue.units.is_topmost(&unit)))
        })
        .await?;
    let mut limits: Vec<&ProcedureLimit> = of.limits.iter().collect();
    limits.sort_by_key(|of| (of.case.clone(), std::cmp::Reverse(of.valid_from)));
    let limits = limits.into_iter().map(|limit| {
        let remove =
            (topmost && may_be_taken_back(&of, limit, day)).then(|| removal(visitor, &of.code, limit));
        LimitRow { remove, ..limit_row(lang, &of, limit, day) }
    });
    let limits = limits.collect();
    let sheet = sheet(visitor, code, topmost, form).with(faults);
    let (p, w) = (w, commitment_words(lang));
    Ok(OneHtml { frame, a, p, w, of, limits, trial: None, differ: String::new(), topmost, sheet })
}

fn limit_row(lang: Lang, procedure: &Procedure, of: &ProcedureLimit, today: NaiveDate) -> LimitRow {
    let w = procedure_words(lang);
    let by = of.channel.unwrap_or(Channel::InPerson);
    let now = procedure.limit_for(today, by, of.case.as_deref()) == Some(of);
    LimitRow {
        remove: None,
        limit: limit_words(lang, of.limit),
        channel: of
            .channel
            .map_or_else(|| w.any_channel.to_owned(), |of| channel(lang, of.word()).to_owned()),
        case: of.case.clone().unwrap_or_else(|| w.ordinary.to_owned()),
        late: of.late_receipt.map_or_else(|| "—".to_owned(), |of| case_of(lang, of)),
        from: of.valid_from.map_or_else(|| w.always.to_owned(), |day| date(lang, day)),
        source: of.source.clone(),
        now,
    }
}

fn sheet(visitor: &Visitor, code: &str, topmost: bool, form: &Form) -> Sheet {
    let (lang, w) = (visitor.lang, procedure_words(visitor.lang));
    let chosen = |name: &'static str, word: &str| form.text(name) == word;
    let units = LimitUnit::ALL
        .iter()
        .map(|of| Choice::new(of.word(), limit_unit(lang, *of)).when(chosen("unit", of.word())));
    let channels = Channel::ALL
        .iter()
        .map(|of| Choice::new(of.word(), channel(lang, of.word())).when(chosen("channel", of.word())));
    let effects = LateEffect::ALL
        .iter()
        .map(|of| Choice::new(of.word(), late_words(lang, *of)).when(chosen("late_effect", of.word())));
    let path = format!("/admin/procedures/{}", in_path(code));
    let sheet = if topmost {
        Sheet::to(visitor, "limit", format!("{path}/limits"), w.store)
            .or_to(format!("{path}/trial"), w.try_out)
    } else {
        Sheet::to(visitor, "limit", format!("{path}/trial"), w.try_out)
    };
    let any = Choice::new("", w.any_channel).when(chosen("channel", ""));
    let sheet = sheet
        .ask(Field::number("limit.value", w.value, form.text("limit.value")))
        .ask(Field::one("unit", w.unit, units.collect()))
        .ask(Field::one("channel", w.channel, std::iter::once(any).chain(channels).collect()))
        .ask(Field::time("late_after", w.late_after, form.text("late_after")))
        .ask(Field::one(
            "late_effect",
            w.late_effect,
            std::iter::once(Choice::new("", w.no_late)).chain(effects).collect(),
        ));
    if !topmost {
        return sheet;
    }
    sheet
        .ask(Field::line("case", w.case, form.text("case")).hint(w.case_hint))
        .ask(Field::day("valid_from", w.valid_from, form.text("valid_from")).required())
        .ask(Field::line("source", w.source, form.text("source")).hint(w.source_hint).required().wide())
        .ask(Field::tick("correct", w.correct, form.has("correct")).wide())
        .ask(Field::line("reason", w.reason, form.text("reason")).wide())
}

/// The limit that the form means, for any procedure.
///
/// # Errors
/// [`AppError::Invalid`] naming each wrong field.
fn read(form: &Form) -> Result<ProcedureLimit, AppError> {
    let mut faults = Vec::new();
    let value = form.optional("limit.value").map(|text| text.parse::<u32>()).transpose();
    let unit = LimitUnit::from_word(form.text("unit")).unwrap_or(LimitUnit::WorkingDay);
    let limit = match value {
        Ok(value) => Limit::new(unit, value).map_err(|error| match error {
            LimitError::ValueMissing(_) => Fault::Required,
            LimitError::ValueWithSameDay => Fault::Conflicting,
            LimitError::OutOfRange { .. } => Fault::OutOfRange,
        }),
        Err(_) => Err(Fault::Malformed),
    };
    let late = match (form.optional("late_after"), LateEffect::from_word(form.text("late_effect"))) {
        (None, None) => Ok(None),
        (Some(after), Some(effect)) => NaiveTime::parse_from_str(&after, "%H:%M")
            .map(|after| Some(LateReceipt { after, effect }))
            .map_err(|_| ("late_after", Fault::Malformed)),
        (None, Some(_)) => Err(("late_after", Fault::Required)),
        (Some(_), None) => Err(("late_effect", Fault::Required)),
    };
    let from = form.optional("valid_from").map(|text| text.parse::<NaiveDate>()).transpose();
    faults.extend(limit.as_ref().err().map(|fault| Invalid::new("limit.value", *fault)));
    faults.extend(late.as_ref().err().map(|(name, fault)| Invalid::new(*name, *fault)));
    faults.extend(from.as_ref().err().map(|_| Invalid::new("valid_from", Fault::Malformed)));
    let (Ok(limit), Ok(late_receipt), Ok(valid_from)) = (limit, late, from) else {
        return Err(AppError::Invalid(faults));
    };
    Ok(ProcedureLimit {
        channel: Channel::from_word(form.text("channel")),
        case: form.optional("case"),
        limit,
        late_receipt,
        valid_from,
        source: form.text("source").to_owned(),
    })
}

/// The limit as it is to be stored: with its first day and its source.
fn complete(form: &Form) -> Result<ProcedureLimit, AppError> {
    let limit = read(form)?;
    let mut faults = texts_faults(&[("source", &limit.source)]);
    faults.extend(limit.case.as_ref().map(|case| texts_faults(&[("case", case)])).unwrap_or_default());
    if limit.valid_from.is_none() {
        faults.push(Invalid::new("valid_from", Fault::Required));
    }
    if faults.is_empty() { Ok(limit) } else { Err(AppError::Invalid(faults)) }
}

async fn change(
    app: &App,
    visitor: &Visitor,
    code: &str,
    form: &Form,
    dry_run: bool,
) -> Result<usize, AppError> {
    let limit = complete(form)?;
    let code = code.to_owned();
    let stands = app.read(move |_, catalogue| {
        catalogue.procedures.get(&code).cloned().ok_or(AppError::NotFound("procedure"))
    });
    let procedure = Procedure { limits: vec![limit], ..stands.await? };
    let correction = form.has("correct").then(|| form.text("reason").to_owned());
    let new = NewProcedures { rows: vec![(String::new(), procedure)], whole: false, correction };
    Ok(procedures_change(app, new, Some(visitor.by.clone()), dry_run).await?.differing)
}

#[post("/admin/procedures/{code}/limits")]
async fn post_limit(app: Data<App>, code: Path<String>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    match change(&app, &visitor, &code, &form, false).await {
        Ok(_) => Ok(go_on(&format!("/admin/procedures/{}?done=saved", in_path(&code)))),
        Err(error) => {
            let faults = Faults::of(visitor.lang, error)?;
            draw_as(faults.status(), &one(&app, &visitor, &code, "", &form, &faults).await?)
        }
    }
}

#[post("/admin/procedures/{code}/trial")]
async fn post_trial(app: Data<App>, code: Path<String>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    let tried = match read(&form) {
        Ok(of) => {
            let (channel, limit, late_receipt) = (of.channel, of.limit, of.late_receipt);
            let proposal =
                Proposal::Limit(ProposedLimit { procedure: code.clone(), channel, limit, late_receipt });
            let unit = visitor.by.unit.clone();
            what_if(&app, WhatIf { proposal, unit, months: MONTHS, lang: visitor.lang }, visitor.by.clone())
                .await
        }
        Err(error) => Err(error),
    };
    match tried {
        Ok(found) => {
            let mut page = one(&app, &visitor, &code, "", &form, &Faults::default()).await?;
            page.trial = Some(told(visitor.lang, found));
            // What storing it would come to is told as far as the form is complete.
            let differing = change(&app, &visitor, &code, &form, true).await.ok();
            page.differ = differing.map(|many| would_differ(visitor.lang, many)).unwrap_or_default();
            draw_as(StatusCode::OK, &page)
        }
        Err(error) => {
            let faults = Faults::of(visitor.lang, error)?;
            draw_as(faults.status(), &one(&app, &visitor, &code, "", &form, &faults).await?)
        }
    }
}
