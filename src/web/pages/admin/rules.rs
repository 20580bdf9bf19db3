//! `/admin/alerts`: the timetable by time of day, each rule with its sentence and its next times; the mail that one would send.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;

use super::{Around, Done, Room, around, unit_names};
use crate::app::access::users::{self, WhichUsers};
use crate::app::alerts::rules::RuleOrigin;
use crate::app::alerts::rules_changed::{Seen, rule_put};
use crate::app::alerts::rules_shown::{self, AlertRuleView, PreviewView};
use crate::app::dossiers::PageRequest;
use crate::app::view::in_path;
use crate::app::{App, AppError};
use crate::domain::alert::{AlertRuleForm, spoken};
use crate::text::pages::{RuleWords, rule_sentence, rule_words, when};
use crate::text::{Lang, moments};
use crate::web::fault::PageError;
use crate::web::form::{Form, Posted};
use crate::web::frame::{Frame, draw, draw_around_mail, go_on, mail};
use crate::web::sheet::{Choice, Sheet};
use crate::web::visitor::Visitor;

/// Readers who may be chosen for a preview.
const READERS: i64 = 100;

pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(list_all).service(post_switch).service(show_preview).service(show_mail);
}

/// A rule in the list.
struct Row {
    name: String,
    path: String,
    time: String,
    sentence: String,
    next: Vec<String>,
    enabled: bool,
    origin: &'static str,
    switch: Sheet,
}

#[derive(Template)]
#[template(path = "admin/rules.html", config = "src/web/askama.toml")]
struct ListHtml {
    frame: Frame,
    a: Around,
    w: &'static RuleWords,
    rows: Vec<Row>,
}

#[get("/admin/alerts")]
async fn list_all(app: Data<App>, visitor: Visitor, done: Query<Done>) -> Result<HttpResponse, PageError> {
    let w = rule_words(visitor.lang);
    let (frame, a) = around(&visitor, Room::Rules, w.title, &done.done)?;
    let mut rules = rules_shown::rules_list(&app, visitor.by.clone()).await?;
    rules.sort_by_cached_key(|of| (spoken(&of.rule.cron).times.first().copied(), of.rule.name.clone()));
    let units = rules.iter().map(|of| of.rule.unit.clone().unwrap_or_default()).collect();
    let names = unit_names(&app, units).await?;
    let rows = rules.iter().zip(names).map(|(of, unit)| row(&visitor, of, &unit)).collect();
    draw(&ListHtml { frame, a, w, rows })
}

/// What a rule does, in one sentence.
pub(super) fn sentence(lang: Lang, of: &AlertRuleForm, unit: &str) -> String {
    let when = when(lang, of, &spoken(&of.cron));
    rule_sentence(lang, of, &when, Some(unit).filter(|unit| !unit.is_empty()))
}

/// The next times of a rule in words.
pub(super) fn next(lang: Lang, of: &AlertRuleView) -> Vec<String> {
    of.next.iter().map(|at| moments::time_weekday_and_date(lang, at.0)).collect()
}

fn row(visitor: &Visitor, of: &AlertRuleView, unit: &str) -> Row {
    let (lang, w) = (visitor.lang, rule_words(visitor.lang));
    let path = format!("/admin/alerts/rules/{}", in_path(&of.rule.name));
    let button = if of.rule.enabled { w.switch_off } else { w.switch_on };
    let first = spoken(&of.rule.cron).times.first().map(|at| at.format("%H:%M").to_string());
    Row {
        name: of.rule.name.clone(),
        time: first.unwrap_or_default(),
        sentence: sentence(lang, &of.rule, unit),
        next: next(lang, of),
        enabled: of.rule.enabled,
        origin: if of.origin == RuleOrigin::Office { w.of_office } else { w.of_settings },
        switch: Sheet::to(visitor, "switch", format!("{path}/switch"), button)
            .small()
            .hide("version", version(of))
            .hide("enabled", if of.rule.enabled { "no" } else { "yes" }),
        path,
    }
}

/// The version that a change has to name; nothing for a line of the settings.
pub(super) fn version(of: &AlertRuleView) -> String {
    of.version.map(|version| version.to_string()).unwrap_or_default()
}

/// The version that the form was drawn from.
pub(super) fn seen(form: &Form) -> Seen {
    form.text("version").parse().map_or(Seen::Nothing, |version| Seen::Versions(vec![version]))
}

#[post("/admin/alerts/rules/{name}/switch")]
async fn post_switch(app: Data<App>, name: Path<String>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    let stands = rules_shown::rule_find(&app, name.into_inner(), visitor.by.clone()).await?;
    let enabled = form.text("enabled") == "yes";
    // Sent twice: it is as it was asked to be.
    if stands.rule.enabled != enabled {
        rule_put(&app, AlertRuleForm { enabled, ..stands.rule }, seen(&form), visitor.by).await?;
    }
    Ok(go_on("/admin/alerts?done=saved"))
}

#[derive(Debug, Default, Deserialize)]
struct Reader {
    #[serde(default)]
    user: String,
}

#[derive(Template)]
#[template(path = "admin/rule_preview.html", config = "src/web/askama.toml")]
struct PreviewHtml {
    frame: Frame,
    a: Around,
    w: &'static RuleWords,
    name: String,
    path: String,
    at: String,
    readers: Vec<Choice>,
    user: i64,
    of: PreviewView,
}

async fn previewed(
    app: &App,
    visitor: &Visitor,
    name: &str,
    reader: &Reader,
) -> Result<PreviewView, PageError> {
    visitor.must(crate::app::access::Right::Administer)?;
    let user = reader.user.parse().ok();
    Ok(rules_shown::rule_preview(app, name.to_owned(), None, user, visitor.by.clone()).await?)
}

/// For whom a mail can be composed: oneself, and the users within one's units.
pub(super) async fn readers(app: &App, visitor: &Visitor, chosen: i64) -> Result<Vec<Choice>, PageError> {
    let (lang, w, by) = (visitor.lang, rule_words(visitor.lang), visitor.by.clone());
    let which = WhichUsers { active: Some(true), ..WhichUsers::default() };
    let page = PageRequest { by, lang, limit: READERS, cursor: None };
    let others = users::users_list(app, which, page).await?.items;
    let others = others
        .into_iter()
        .filter(|user| user.id != visitor.by.user_id)
        .map(|user| Choice::new(user.id.to_string(), user.name).when(user.id == chosen));
    Ok(std::iter::once(Choice::new("", w.myself)).chain(others).collect())
}

#[get("/admin/alerts/rules/{name}/preview")]
async fn show_preview(
    app: Data<App>,
    visitor: Visitor,
    name: Path<String>,
    reader: Query<Reader>,
) -> Result<HttpResponse, PageError> {
    let (lang, w) = (visitor.lang, rule_words(visitor.lang));
    let (frame, a) = around(&visitor, Room::Rules, w.preview_title, "")?;
    let of = previewed(&app, &visitor, &name, &reader).await?;
    let readers = readers(&app, &visitor, of.user).await?;
    let at = moments::time_weekday_and_date(lang, of.at.0);
    let path = format!("/admin/alerts/rules/{}", in_path(&name));
    draw_around_mail(
        StatusCode::OK,
        &PreviewHtml { frame, a, w, name: name.into_inner(), path, at, readers, user: of.user, of },
    )
}

#[get("/admin/alerts/rules/{name}/preview/mail")]
async fn show_mail(
    app: Data<App>,
    visitor: Visitor,
    name: Path<String>,
    reader: Query<Reader>,
) -> Result<HttpResponse, PageError> {
    let of = previewed(&app, &visitor, &name, &reader).await?;
    Ok(mail(of.message.ok_or(AppError::NotFound("alert"))?.html))
}
