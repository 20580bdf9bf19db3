//! Showing the timetable to those it concerns: its rules with their next times, and the mail that a rule would send.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::digest::{Slot, Writer};
use super::recipients::{audience_of, readers};
use super::rules::{RuleOrigin, Standing, timetable};
use super::rules_changed::{draft, must_be_there, standing};
use super::slices::Scribe;
use super::views::must_be_warned;
use super::{AlertSettings, ladder};
use crate::app::access::{Principal, Right};
use crate::app::view::OfficeTime;
use crate::app::{App, AppError, Catalogue, Fault};
use crate::domain::alert::{AlertRuleForm, Topic, next_slots};
use crate::store::AnyConnection;
use crate::store::access::{UserRow, user_find};

/// So many of a rule's next times are told.
const NEXT: usize = 3;

/// A rule of the timetable.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AlertRuleInForce)]
pub struct AlertRuleView {
    /// What it says.
    #[serde(flatten)]
    pub rule: AlertRuleForm,
    /// Where it comes from.
    pub origin: RuleOrigin,
    /// Whether the settings have a line of this name; without an own rule of the office over it, it is what holds.
    pub in_settings: bool,
    /// The unit whose administrators keep it, and beyond which it reaches nobody; null for a line of the settings.
    pub owner: Option<String>,
    /// Grows with each change, from 1; null for a line of the settings.
    pub version: Option<i64>,
    /// When it was changed last.
    pub changed_at: Option<OfficeTime>,
    /// The key of the user who did.
    pub changed_by: Option<i64>,
    /// Its next three times by the reader's calendar; none when it is not enabled.
    pub next: Vec<OfficeTime>,
}

/// The mail that a rule would send.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AlertRulePreview)]
pub struct PreviewView {
    /// The instant its numbers hold for.
    pub at: OfficeTime,
    /// The key of the user to whom.
    pub user: i64,
    /// Whether the rule reaches this user at all; if not, the mail is as if it named the user.
    pub reached: bool,
    /// The mail; null when there is nothing to tell, so that none would be sent.
    pub message: Option<PreviewedMessage>,
}

/// A mail as it would be sent.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AlertRulePreviewMessage)]
pub struct PreviewedMessage {
    /// Subject.
    pub subject: String,
    /// The plain part.
    pub text: String,
    /// The HTML part.
    pub html: String,
}

/// The rules in force that can reach anybody within the reader's units, those of the settings first.
///
/// # Errors
/// [`AppError::Forbidden`] for officers and reporters; the store's errors.
pub async fn rules_list(app: &App, by: Principal) -> Result<Vec<AlertRuleView>, AppError> {
    must_be_warned(&by)?;
    let (settings, now) = (app.timetable().clone(), app.clock().now());
    app.read(move |_, catalogue| {
        let all = timetable(&settings.rules, catalogue).into_iter();
        all.filter(|of| of.concerns(catalogue, &by)).map(|of| view(catalogue, &of, &by, now)).collect()
    })
    .await
}

/// The rule of a name.
///
/// # Errors
/// [`AppError::Forbidden`] for officers and reporters, [`AppError::NotFound`] for one that reaches nobody within the reader's units; the store's errors.
pub async fn rule_find(app: &App, name: String, by: Principal) -> Result<AlertRuleView, AppError> {
    must_be_warned(&by)?;
    let (settings, now) = (app.timetable().clone(), app.clock().now());
    app.read(move |_, catalogue| {
        let of = concerning(&settings, catalogue, &name, &by)?;
        view(catalogue, &of, &by, now)
    })
    .await
}

/// A rule as it is shown right after it was changed.
///
/// # Errors
/// The store's errors.
pub async fn rule_shown(app: &App, of: Standing, by: Principal) -> Result<AlertRuleView, AppError> {
    let now = app.clock().now();
    app.read(move |_, catalogue| view(catalogue, &of, &by, now)).await
}

/// The mail that a rule would send to the asker, or to a user within the asker's units, as of an instant; nothing is written. It is composed by what
/// composes the real one.
///
/// # Errors
/// As [`rule_find`]; [`AppError::Invalid`] naming `user` for one whom the asker does not see.
pub async fn rule_preview(
    app: &App,
    name: String,
    at: Option<DateTime<Utc>>,
    user: Option<i64>,
    by: Principal,
) -> Result<PreviewView, AppError> {
    must_be_warned(&by)?;
    let (settings, at) = seen_from(app, at);
    app.read_at_once(move |c, catalogue| {
        let of = concerning(&settings, catalogue, &name, &by)?;
        previewed(c, catalogue, &settings, &of, (at, user, &by))
    })
    .await
}

/// As [`rule_preview`], of a rule that is not written yet: as it would stand under its name, or beside the others while it has none.
///
/// # Errors
/// [`AppError::Forbidden`] for who is no administrator, and those of writing it, whatever version stands; [`AppError::Invalid`] naming `user` for one
/// whom the asker does not see.
pub async fn draft_preview(
    app: &App,
    form: AlertRuleForm,
    at: Option<DateTime<Utc>>,
    user: Option<i64>,
    by: Principal,
) -> Result<PreviewView, AppError> {
    by.must(Right::Administer)?;
    must_be_there(app, &form.channels)?;
    let (settings, at) = seen_from(app, at);
    let now = app.clock().now();
    app.read_at_once(move |c, catalogue| {
        let of = draft(c, catalogue, &settings, form, (&by, now))?;
        previewed(c, catalogue, &settings, &of, (at, user, &by))
    })
    .await
}

/// What mails are composed with, and the instant they are composed for: now, if none is named.
fn seen_from(app: &App, at: Option<DateTime<Utc>>) -> (AlertSettings, DateTime<Utc>) {
    let apology_lead = app.measures().apology_lead_working_days;
    let settings = AlertSettings { apology_lead, ..app.timetable().clone() };
    (settings, at.unwrap_or_else(|| app.clock().now()))
}

fn previewed(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    settings: &AlertSettings,
    of: &Standing,
    (at, user, by): (DateTime<Utc>, Option<i64>, &Principal),
) -> Result<PreviewView, AppError> {
    let user = reader(c, catalogue, user, by)?;
    let slot = Slot { rule: &of.rule, at, now: at };
    if of.rule.form().what == Topic::Escalation {
        let mut scribe = Scribe::new(c, catalogue, settings, of, slot)?;
        let written = ladder::letters_to(c, &mut scribe, user.id)?.messages;
        let own = written.into_iter().find(|row| row.delegate_id == 0);
        if let Some(why) = own.as_ref().and_then(|row| row.server_reply.clone()) {
            return Err(AppError::Internal(why));
        }
        let message = own.map(|row| PreviewedMessage {
            subject: row.subject,
            text: row.text_body,
            html: row.html_body,
        });
        return Ok(PreviewView { at: at.into(), user: user.id, reached: message.is_some(), message });
    }
    let mut writer = Writer::new(slot, catalogue, settings);
    let said = writer.message(c, &user, audience_of(of, &user))?;
    let reached = readers(c, catalogue, of, user.id - 1, 1)?.iter().any(|reader| reader.id == user.id);
    let message = said.map(|of| PreviewedMessage { subject: of.subject, text: of.text, html: of.html });
    Ok(PreviewView { at: at.into(), user: user.id, reached, message })
}

fn reader(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    user: Option<i64>,
    by: &Principal,
) -> Result<UserRow, AppError> {
    let id = user.unwrap_or(by.user_id);
    let found = user_find(c, id)?.filter(|of| id == by.user_id || by.sees(&of.unit, &catalogue.units));
    found.ok_or_else(|| AppError::invalid("user", Fault::UnknownReference))
}

fn concerning(
    settings: &AlertSettings,
    catalogue: &Catalogue,
    name: &str,
    by: &Principal,
) -> Result<Standing, AppError> {
    let found = standing(settings, catalogue, name).filter(|of| of.concerns(catalogue, by));
    found.ok_or(AppError::NotFound("alert rule"))
}

fn view(
    catalogue: &Catalogue,
    of: &Standing,
    by: &Principal,
    now: DateTime<Utc>,
) -> Result<AlertRuleView, AppError> {
    let calendar = catalogue.calendar(&by.unit)?;
    let office = of.office.as_ref();
    Ok(AlertRuleView {
        rule: of.rule.form().clone(),
        origin: of.origin(),
        in_settings: of.in_settings,
        owner: office.map(|of| of.owner.clone()),
        version: office.map(|of| of.version),
        changed_at: office.map(|of| of.changed_at.into()),
        changed_by: office.and_then(|of| of.changed_by),
        next: next_slots(&of.rule, now, &calendar, NEXT).into_iter().map(Into::into).collect(),
    })
}
