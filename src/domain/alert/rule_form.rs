//! A rule as a settings file or an administrator writes it, before anything is known of its sense.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::rule::{Audience, MAIL, StaleAfter};
use super::selection::{Severity, Topic};

/// A rule as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AlertRule)]
pub struct AlertRuleForm {
    /// Its key: lower-case letters, digits and `_`. A slot is claimed under it, so renaming a rule makes it a new one. An address that names the rule
    /// says it already.
    #[serde(default)]
    pub name: String,
    /// Who is written to; without it, those in `people` alone.
    #[serde(default = "people")]
    pub audience: Audience,
    /// Only readers of this unit and those below it; of all that the rule's owner sees, if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Who else is written to: users by key, name or e-mail address, each about the own unit and all below it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<String>,
    /// What about.
    pub what: Topic,
    /// How many working days `due_within` looks ahead, 1 to 30; for no other topic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    /// How many working days late a dossier is when each step of the ladder is told (officer, head, chairman); for `escalation`, and no other topic.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steps: Option<Vec<u32>>,
    /// When, in the office's zone: second, minute, hour, day of month, month, day of week. 1 is Sunday, so write `Mon-Fri`. The second may be left out.
    pub cron: String,
    /// Silent on days that are not worked, awake on make-up days; the calendar decides, so let `cron` name every day of the week.
    #[serde(default)]
    pub working_days_only: bool,
    /// Only on the last working day of the ISO week: Thursday when Friday is a day off.
    #[serde(default)]
    pub last_working_day_of_week_only: bool,
    /// Only on the first working day of the ISO week: Tuesday when Monday is a day off.
    #[serde(default)]
    pub first_working_day_of_week_only: bool,
    /// From this time of the day (`HH:MM`) nothing is delivered; over midnight when `quiet_to` is earlier in the day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet_from: Option<String>,
    /// At this time of the day (`HH:MM`) what has waited is delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet_to: Option<String>,
    /// Dossiers named for less than this are left out; when none is left, no message is sent.
    #[serde(default = "notice", skip_serializing_if = "is_notice")]
    pub minimum_severity: Severity,
    /// So many minutes after its slot a message is worth nothing and is not sent any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stale_after_minutes: Option<u32>,
    /// Instead of minutes: until the day's last session ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stale_after: Option<StaleAfter>,
    /// The ways it is told: `mail`, or the name of a webhook of the settings.
    #[serde(default = "by_mail", skip_serializing_if = "is_by_mail")]
    pub channels: Vec<String>,
    /// Whether the rule speaks at all.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// What stands before the list, instead of the usual words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intro: Option<IntroForm>,
}

/// A rule's own introduction by language; where one is missing, the usual words stand. Variables: `{unit}`, `{savable}`, `{overdue}`, `{day}`, `{time}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AlertRuleIntro)]
pub struct IntroForm {
    /// In Vietnamese.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vi: Option<String>,
    /// In English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
}

pub(crate) fn yes() -> bool {
    true
}

pub(crate) fn people() -> Audience {
    Audience::People
}

pub(crate) fn notice() -> Severity {
    Severity::Notice
}

pub(crate) fn by_mail() -> Vec<String> {
    vec![MAIL.to_owned()]
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_notice(of: &Severity) -> bool {
    *of == Severity::Notice
}

fn is_by_mail(of: &[String]) -> bool {
    of == [MAIL]
}
