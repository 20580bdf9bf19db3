//! Alert rules: audience × topic × schedule, and the instants at which a rule speaks.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use cron::{Schedule, TimeUnitSpec};
use serde::{Deserialize, Serialize};

use super::pressing::Outlook;
use crate::domain::calendar::Calendar;
use crate::domain::office_time;

words! {
    /// Who is written to.
    Audience {
        /// Each leader, about the leader's unit and all below it.
        Leader = "leader",
        /// Each officer, about the dossiers in the officer's own hands.
        Officer = "officer",
        /// Each administrator, about the unit administered and all below it.
        Admin = "admin",
    }
}

words! {
    /// What a message is about.
    Topic {
        /// Overdue, due today, committed today.
        MorningDigest = "morning_digest",
        /// Everything that would roll over the weekend.
        WeekRollover = "week_rollover",
        /// Last week in numbers, and the ledger's anchors; sent when there is nothing to tell, too.
        WeeklyNumbers = "weekly_numbers",
        /// A year's days off that are not published, though promises reach into it.
        CalendarHorizon = "calendar_horizon",
    }
}

impl Topic {
    /// To whom alone it goes; `None` when anybody may be told.
    #[must_use]
    pub fn audience(self) -> Option<Audience> {
        match self {
            Topic::MorningDigest | Topic::WeekRollover => None,
            Topic::WeeklyNumbers => Some(Audience::Leader),
            Topic::CalendarHorizon => Some(Audience::Admin),
        }
    }

    /// How far it looks ahead; `None` when it names no dossier.
    #[must_use]
    pub fn outlook(self) -> Option<Outlook> {
        match self {
            Topic::MorningDigest => Some(Outlook::Today),
            Topic::WeekRollover => Some(Outlook::ThisWeek),
            Topic::WeeklyNumbers | Topic::CalendarHorizon => None,
        }
    }
}

/// One line of the timetable: audience × topic × schedule.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "AlertRuleForm", into = "AlertRuleForm")]
pub struct AlertRule {
    form: AlertRuleForm,
    schedule: Schedule,
}

/// A rule as a settings file writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlertRuleForm {
    /// Its key: lower-case letters, digits and `_`. A slot is claimed under it, so renaming a rule makes it a new one.
    pub name: String,
    /// Who is written to.
    pub audience: Audience,
    /// What about.
    pub what: Topic,
    /// When, in the office's zone: second, minute, hour, day of month, month, day of week. 1 is Sunday, so write `Mon-Fri`.
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
    /// So many minutes after its slot a message is worth nothing and is not sent any more.
    pub stale_after_minutes: u32,
    /// Whether the rule speaks at all.
    #[serde(default = "yes")]
    pub enabled: bool,
}

fn yes() -> bool {
    true
}

/// Why a rule makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AlertRuleError {
    /// The name is empty, too long or has other letters than a–z, 0–9 and `_`.
    #[error("alert rule «{0}»: a name has 1 to 40 lower-case letters, digits and _")]
    Name(String),
    /// The cron line cannot be read.
    #[error("alert rule «{rule}»: cron «{cron}»: {why}")]
    Cron {
        /// The rule.
        rule: String,
        /// Its line.
        cron: String,
        /// What is wrong with it.
        why: String,
    },
    /// A message that is stale at once is never sent.
    #[error("alert rule «{0}»: stale_after_minutes must be at least 1")]
    StaleAtOnce(String),
    /// Numbers are for leaders, and the calendar's state for administrators.
    #[error("alert rule «{rule}»: {what} goes to {right}s, not to {audience}s")]
    WrongAudience {
        /// The rule.
        rule: String,
        /// What it is about.
        what: Topic,
        /// To whom that goes.
        right: Audience,
        /// To whom the rule sends it.
        audience: Audience,
    },
}

impl TryFrom<AlertRuleForm> for AlertRule {
    type Error = AlertRuleError;

    fn try_from(form: AlertRuleForm) -> Result<AlertRule, AlertRuleError> {
        let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
        if form.name.is_empty() || form.name.len() > 40 || !form.name.chars().all(plain) {
            return Err(AlertRuleError::Name(form.name));
        }
        if form.stale_after_minutes == 0 {
            return Err(AlertRuleError::StaleAtOnce(form.name));
        }
        let AlertRuleForm { what, audience, .. } = form;
        if let Some(right) = what.audience().filter(|right| *right != audience) {
            return Err(AlertRuleError::WrongAudience { rule: form.name, what, right, audience });
        }
        let wrong =
            |why: String| AlertRuleError::Cron { rule: form.name.clone(), cron: form.cron.clone(), why };
        let schedule = Schedule::from_str(&form.cron).map_err(|error| wrong(error.to_string()))?;
        if schedule.seconds().count() != 1 {
            return Err(wrong("it fires more than once a minute".to_owned()));
        }
        if schedule.after(&DateTime::UNIX_EPOCH).next().is_none() {
            return Err(wrong("it never fires".to_owned()));
        }
        Ok(AlertRule { form, schedule })
    }
}

impl From<AlertRule> for AlertRuleForm {
    fn from(rule: AlertRule) -> Self {
        rule.form
    }
}

impl AlertRule {
    /// The rule as the settings write it.
    #[must_use]
    pub fn form(&self) -> &AlertRuleForm {
        &self.form
    }

    /// Its key.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.form.name
    }

    /// When a message of this slot is worth nothing any more.
    #[must_use]
    pub fn stale_at(&self, slot: DateTime<Utc>) -> DateTime<Utc> {
        slot + chrono::TimeDelta::minutes(i64::from(self.form.stale_after_minutes))
    }

    fn speaks_on(&self, day: NaiveDate, calendar: &Calendar) -> bool {
        (!self.form.working_days_only || calendar.is_working(day))
            && (!self.form.last_working_day_of_week_only || calendar.is_last_working_day_of_week(day))
            && (!self.form.first_working_day_of_week_only || calendar.is_first_working_day_of_week(day))
    }
}

/// The instants in `(after, until]` at which the rule speaks for an office with this calendar, the earliest first.
#[must_use]
pub fn slots(
    rule: &AlertRule,
    after: DateTime<Utc>,
    until: DateTime<Utc>,
    calendar: &Calendar,
) -> Vec<DateTime<Utc>> {
    if !rule.form.enabled {
        return Vec::new();
    }
    rule.schedule
        .after(&office_time::local(after))
        .map(|at| at.with_timezone(&Utc))
        .take_while(|at| *at <= until)
        .filter(|at| rule.speaks_on(office_time::local_date(*at), calendar))
        .collect()
}
