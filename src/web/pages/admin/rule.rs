//! `/admin/alerts/rules/{name}`: a rule and its form; `/admin/alerts/new`: a new one.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use askama::Template;

use super::rule_try::Tried;
use super::rules::{next, readers, seen, sentence, version};
use super::{Around, Done, Room, around, unit_choices};
use crate::app::alerts::rules_changed::{rule_put, rule_remove};
use crate::app::alerts::rules_shown::{self, AlertRuleView};
use crate::app::once::Sent;
use crate::app::view::in_path;
use crate::app::{App, AppError, Fault, Invalid};
use crate::domain::alert::{AlertRuleForm, Audience, IntroForm, MAIL, Severity, StaleAfter, Topic};
use crate::text::Lang;
use crate::text::pages::{RuleWords, audience, rule_words, severity, topic};
use crate::web::fault::{Faults, PageError};
use crate::web::form::{Form, Posted};
use crate::web::frame::{Frame, draw, draw_as, go_on};
use crate::web::sheet::{Choice, Field, Sheet};
use crate::web::visitor::Visitor;

pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(show_rule).service(post_change).service(post_remove).service(ask_new).service(post_new);
}

#[derive(Template)]
#[template(path = "admin/rule.html", config = "src/web/askama.toml")]
pub(super) struct RuleHtml {
    frame: Frame,
    a: Around,
    w: &'static RuleWords,
    title: String,
    /// What stands; `None` for a rule to be made.
    stands: Option<Stands>,
    stale: bool,
    path: String,
    sheet: Sheet,
    /// The mail that the form would send, where that was asked.
    pub(super) tried: Option<Tried>,
}

/// A rule as it stands.
struct Stands {
    sentence: String,
    next: Vec<String>,
    of_settings: bool,
    /// The form that removes the office's own rule, and what holds afterwards.
    remove: Option<(Sheet, &'static str)>,
}

#[get("/admin/alerts/rules/{name}")]
async fn show_rule(
    app: Data<App>,
    visitor: Visitor,
    name: Path<String>,
    done: Query<Done>,
) -> Result<HttpResponse, PageError> {
    let of = rules_shown::rule_find(&app, name.into_inner(), visitor.by.clone()).await?;
    let form = filled(&of);
    draw(&page(&app, &visitor, Some(&of), (&form, &done.done), &Faults::default()).await?)
}

#[get("/admin/alerts/new")]
async fn ask_new(app: Data<App>, visitor: Visitor) -> Result<HttpResponse, PageError> {
    let form = Form::filled(vec![
        ("cron", "30 7 * * *".to_owned()),
        ("working_days_only", "yes".to_owned()),
        ("enabled", "yes".to_owned()),
        ("channels", MAIL.to_owned()),
    ]);
    draw(&page(&app, &visitor, None, (&form, ""), &Faults::default()).await?)
}

#[post("/admin/alerts/rules/{name}")]
async fn post_change(app: Data<App>, name: Path<String>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    let stands = rules_shown::rule_find(&app, name.into_inner(), visitor.by.clone()).await?;
    let put = match read(&form, &stands.rule.name) {
        Ok(rule) => rule_put(&app, rule, seen(&form), visitor.by.clone()).await,
        Err(error) => Err(error),
    };
    match put {
        Ok(of) => Ok(go_on(&format!("/admin/alerts/rules/{}?done=saved", in_path(of.rule.name())))),
        Err(error) => refused(&app, &visitor, Some(&stands), &form, error).await,
    }
}

#[post("/admin/alerts/new")]
async fn post_new(app: Data<App>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    let name = form.text("name");
    let once = app.once(form.once(&visitor));
    let standing = rules_shown::rule_find(&app, name.to_owned(), visitor.by.clone()).await;
    let put = match (standing, read(&form, name)) {
        (Ok(_), _) => Err(AppError::invalid("name", Fault::Taken)),
        (Err(AppError::NotFound(_)), Ok(rule)) => {
            rule_put(&once, rule, seen(&form), visitor.by.clone()).await
        }
        (Err(AppError::NotFound(_)), Err(error)) | (Err(error), _) => Err(error),
    };
    let shown = |name: &str, done| go_on(&format!("/admin/alerts/rules/{}?done={done}", in_path(name)));
    match once.sent(put).await {
        Ok(Sent::Now(of)) => Ok(shown(of.rule.name(), "added")),
        Ok(Sent::Before(made)) => Ok(shown(&made.key("alert_rule"), "made_before")),
        Err(error) => refused(&app, &visitor, None, &form, error).await,
    }
}

#[post("/admin/alerts/rules/{name}/remove")]
async fn post_remove(app: Data<App>, name: Path<String>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    rule_remove(&app, name.into_inner(), seen(&form), visitor.by).await?;
    Ok(go_on("/admin/alerts?done=removed"))
}

pub(super) async fn refused(
    app: &App,
    visitor: &Visitor,
    stands: Option<&AlertRuleView>,
    form: &Form,
    error: AppError,
) -> Result<HttpResponse, PageError> {
    // A rule whose version the form does not name was made by somebody else meanwhile.
    let stale = matches!(error, AppError::PreconditionFailed | AppError::PreconditionRequired);
    let faults = if stale { Faults::default() } else { Faults::of(visitor.lang, error)?.gathered() };
    let mut page = page(app, visitor, stands, (form, ""), &faults).await?;
    page.stale = stale;
    let status = if stale { StatusCode::PRECONDITION_FAILED } else { faults.status() };
    draw_as(status, &page)
}

pub(super) async fn page(
    app: &App,
    visitor: &Visitor,
    of: Option<&AlertRuleView>,
    (form, done): (&Form, &str),
    faults: &Faults,
) -> Result<RuleHtml, PageError> {
    let (lang, w) = (visitor.lang, rule_words(visitor.lang));
    let title = of.map_or(w.add, |_| w.edit);
    let (frame, a) = around(visitor, Room::Rules, title, done)?;
    let path = of.map_or("/admin/alerts/new".to_owned(), |of| {
        format!("/admin/alerts/rules/{}", in_path(&of.rule.name))
    });
    let units = unit_choices(app, visitor, form.text("unit")).await?;
    let readers = readers(app, visitor, form.text("reader").parse().unwrap_or_default()).await?;
    let mut sheet = Sheet::to(visitor, "rule", path.clone(), w.save).hide("version", form.text("version"));
    if of.is_none() {
        sheet = sheet
            .once()?
            .ask(Field::line("name", w.name, form.text("name")).hint(w.name_hint).required().wide());
    }
    let sheet = sheet
        .ask_all(about(lang, form, units))
        .ask_all(times(lang, form))
        .ask_all(mailing(app, lang, form))
        .or_to(format!("{path}/try"), w.try_mail)
        .ask(Field::one("reader", w.try_for, readers).hint(w.try_hint))
        .with(faults);
    let stands = of.map(|of| stands(visitor, of, &path));
    Ok(RuleHtml { frame, a, w, title: title.to_owned(), stands, stale: false, path, sheet, tried: None })
}

fn stands(visitor: &Visitor, of: &AlertRuleView, path: &str) -> Stands {
    let (lang, w) = (visitor.lang, rule_words(visitor.lang));
    let remove = of.version.map(|_| {
        let sheet = Sheet::to(visitor, "remove", format!("{path}/remove"), w.remove);
        (
            sheet.calm().hide("version", version(of)),
            if of.in_settings { w.remove_back } else { w.remove_gone },
        )
    });
    let unit = of.rule.unit.clone().unwrap_or_default();
    Stands {
        sentence: sentence(lang, &of.rule, &unit),
        next: next(lang, of),
        of_settings: of.version.is_none(),
        remove,
    }
}

/// Who is written to, and about what.
fn about(lang: Lang, form: &Form, units: Vec<Choice>) -> Vec<Field> {
    let w = rule_words(lang);
    let audiences = Audience::ALL
        .iter()
        .map(|of| Choice::new(of.word(), audience(lang, *of)).when(form.text("audience") == of.word()));
    let topics = Topic::ALL
        .iter()
        .map(|of| Choice::new(of.word(), topic(lang, *of)).when(form.text("what") == of.word()));
    let everywhere = Choice::new("", w.everywhere).when(form.text("unit").is_empty());
    vec![
        Field::one("what", w.topic, topics.collect()).wide(),
        Field::one("audience", w.audience, audiences.collect()),
        Field::one("unit", w.unit, std::iter::once(everywhere).chain(units).collect()),
        Field::area("people", w.people, form.text("people"), 2).hint(w.people_hint),
        Field::number("days", w.days, form.text("days")).hint(w.days_hint),
        Field::line("steps", w.steps, form.text("steps")).hint(w.steps_hint),
    ]
}

/// When.
fn times(lang: Lang, form: &Form) -> Vec<Field> {
    let w = rule_words(lang);
    let tick = |name: &'static str, words| Field::tick(name, words, form.has(name)).wide();
    vec![
        Field::line("cron", w.cron, form.text("cron")).hint(w.cron_hint).required().wide(),
        tick("working_days_only", w.working_days_only),
        tick("first_working_day_of_week_only", w.first_day),
        tick("last_working_day_of_week_only", w.last_day),
        Field::time("quiet_from", w.quiet_from, form.text("quiet_from")),
        Field::time("quiet_to", w.quiet_to, form.text("quiet_to")),
    ]
}

/// How, and in which words.
fn mailing(app: &App, lang: Lang, form: &Form) -> Vec<Field> {
    let w = rule_words(lang);
    let severities = Severity::ALL.iter().map(|of| {
        Choice::new(of.word(), severity(lang, *of)).when(form.text("minimum_severity") == of.word())
    });
    let chosen: Vec<&str> = form.all("channels").collect();
    let channel = |name: &str, words: &str| Choice::new(name, words).when(chosen.contains(&name));
    let mut channels = vec![channel(MAIL, w.by_mail)];
    channels.extend(app.webhooks().names().map(|name| channel(name, name)));
    let mut fields = vec![
        Field::one("minimum_severity", w.minimum, severities.collect()),
        Field::number("stale_after_minutes", w.stale, form.text("stale_after_minutes")).hint(w.stale_hint),
        Field::area("intro.vi", w.intro_vi, form.text("intro.vi"), 2).hint(w.intro_hint),
        Field::area("intro.en", w.intro_en, form.text("intro.en"), 2),
        Field::tick("enabled", w.enabled, form.has("enabled")).wide(),
    ];
    if channels.len() > 1 {
        fields.insert(2, Field::many("channels", w.channels, channels));
    }
    fields
}

/// The form as the rule stands.
fn filled(of: &AlertRuleView) -> Form {
    let rule = &of.rule;
    let intro = rule.intro.clone().unwrap_or_default();
    let number = |of: Option<u32>| of.map(|of| of.to_string()).unwrap_or_default();
    let steps = rule.steps.iter().flatten().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let mut fields = vec![
        ("version", version(of)),
        ("what", rule.what.word().to_owned()),
        ("audience", rule.audience.word().to_owned()),
        ("unit", rule.unit.clone().unwrap_or_default()),
        ("people", rule.people.join("\n")),
        ("days", number(rule.days)),
        ("steps", steps),
        ("cron", rule.cron.clone()),
        ("quiet_from", rule.quiet_from.clone().unwrap_or_default()),
        ("quiet_to", rule.quiet_to.clone().unwrap_or_default()),
        ("minimum_severity", rule.minimum_severity.word().to_owned()),
        ("stale_after_minutes", number(rule.stale_after_minutes)),
        ("intro.vi", intro.vi.unwrap_or_default()),
        ("intro.en", intro.en.unwrap_or_default()),
    ];
    let ticks = [
        ("working_days_only", rule.working_days_only),
        ("first_working_day_of_week_only", rule.first_working_day_of_week_only),
        ("last_working_day_of_week_only", rule.last_working_day_of_week_only),
        ("enabled", rule.enabled),
    ];
    fields.extend(ticks.into_iter().filter(|tick| tick.1).map(|tick| (tick.0, "yes".to_owned())));
    fields.extend(rule.channels.iter().map(|name| ("channels", name.clone())));
    Form::filled(fields)
}

/// The rule that the form means.
///
/// # Errors
/// [`AppError::Invalid`] naming what cannot be read; the rest is the rule's own to judge.
pub(super) fn read(form: &Form, name: &str) -> Result<AlertRuleForm, AppError> {
    let mut faults = Vec::new();
    let mut number = |name: &'static str| {
        let read = form.optional(name).map(|text| text.parse::<u32>()).transpose();
        read.unwrap_or_else(|_| {
            faults.push(Invalid::new(name, Fault::Malformed));
            None
        })
    };
    let (days, stale_after_minutes) = (number("days"), number("stale_after_minutes"));
    let steps = form.optional("steps").map(|text| {
        let parts = text.split([',', ' ', ';']).filter(|part| !part.is_empty());
        parts.map(str::parse::<u32>).collect::<Result<Vec<_>, _>>()
    });
    let steps = steps.transpose().unwrap_or_else(|_| {
        faults.push(Invalid::new("steps", Fault::Malformed));
        None
    });
    let (audience, what) = (Audience::from_word(form.text("audience")), Topic::from_word(form.text("what")));
    let chosen = [("audience", audience.is_some()), ("what", what.is_some())];
    faults.extend(chosen.iter().filter(|of| !of.1).map(|of| Invalid::new(of.0, Fault::Required)));
    let (Some(audience), Some(what), true) = (audience, what, faults.is_empty()) else {
        return Err(AppError::Invalid(faults));
    };
    let (vi, en) = (form.optional("intro.vi"), form.optional("intro.en"));
    let channels: Vec<String> = form.all("channels").map(ToOwned::to_owned).collect();
    Ok(AlertRuleForm {
        name: name.to_owned(),
        audience,
        unit: form.optional("unit"),
        people: form
            .text("people")
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(ToOwned::to_owned)
            .collect(),
        what,
        days,
        steps,
        cron: form.text("cron").to_owned(),
        working_days_only: form.has("working_days_only"),
        last_working_day_of_week_only: form.has("last_working_day_of_week_only"),
        first_working_day_of_week_only: form.has("first_working_day_of_week_only"),
        quiet_from: form.optional("quiet_from"),
        quiet_to: form.optional("quiet_to"),
        minimum_severity: Severity::from_word(form.text("minimum_severity")).unwrap_or(Severity::Notice),
        stale_after_minutes,
        stale_after: stale_after_minutes.is_none().then_some(StaleAfter::Session),
        channels: if channels.is_empty() { vec![MAIL.to_owned()] } else { channels },
        enabled: form.has("enabled"),
        intro: (vi.is_some() || en.is_some()).then_some(IntroForm { vi, en }),
    })
}
