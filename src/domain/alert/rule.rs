//! Alert rules: audience × topic × schedule, and the instants at which a rule speaks. How one is written, in a file or as JSON, is `form`'s.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc};
use cron::Schedule;
use serde::{Deserialize, Serialize};

use super::intro::Intro;
use super::ladder::{LONGEST_WAIT, Ladder};
use super::quiet::Quiet;
use super::rule_form::{AlertRuleForm, IntroForm};
use super::rule_schedule::schedule;
use super::selection::{LONGEST_DUE_WITHIN, Outlook, Severity, Topic};
use crate::domain::calendar::Calendar;
use crate::domain::office_time;

/// The longest name of a rule or a channel, in letters.
const LONGEST_NAME: usize = 40;
/// The most people a rule names.
const MOST_PEOPLE: usize = 100;
/// The longest time a message is worth sending, in minutes: so far back missed slots are caught up.
const LONGEST_WORTH: u32 = 31 * 24 * 60;
/// The channel of every rule that names none.
pub const MAIL: &str = "mail";

words! {
    /// Who is written to.
    Audience {
        /// Each leader, about the leader's unit and all below it.
        Leader = "leader",
        /// Each officer, about the dossiers in the officer's own hands.
        Officer = "officer",
        /// Each administrator, about the unit administered and all below it.
        Admin = "admin",
        /// Those whom the rule names and nobody else, each about the own unit and all below it.
        People = "people",
    }
}

words! {
    /// Until when a message is worth sending, where no number of minutes says it.
    StaleAfter {
        /// Until the last session of the slot's day ends, by the reader's calendar; until midnight when the slot comes after it.
        Session = "session",
    }
}

/// One line of the timetable: audience × topic × schedule.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "AlertRuleForm", into = "AlertRuleForm")]
pub struct AlertRule {
    form: AlertRuleForm,
    schedule: Schedule,
    quiet: Option<Quiet>,
    intro_vi: Option<Intro>,
    intro_en: Option<Intro>,
}

/// What is wrong with a field of a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuleFlaw {
    /// It must be there.
    #[error("{0}")]
    Required(&'static str),
    /// It cannot be read.
    #[error("{0}")]
    Malformed(String),
    /// It has other letters than it may.
    #[error("«{0}»: a name has 1 to 40 lower-case letters, digits and _")]
    Name(String),
    /// The cron line comes more often than anybody reads.
    #[error("«{0}»: it fires more than once a minute, or more than 48 times a day")]
    TooOften(String),
    /// The cron line names a day that never comes.
    #[error("«{0}»: it never fires")]
    Never(String),
    /// A number outside its range.
    #[error("it must be from {0} to {1}")]
    OutOfRange(u32, u32),
    /// It cannot stand beside another field.
    #[error("{0}")]
    Conflicting(String),
    /// It is not one of those that may stand there.
    #[error("{what}; there are: {}", allowed.join(", "))]
    NotAllowed {
        /// What is wrong.
        what: String,
        /// What would do.
        allowed: Vec<String>,
    },
    /// Twice the same.
    #[error("«{0}» stands twice")]
    Duplicate(String),
    /// More than a rule may have.
    #[error("there are more than {0}")]
    TooMany(usize),
}

/// Why a rule makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("alert rule «{rule}»: {field}: {flaw}")]
pub struct AlertRuleError {
    /// The rule.
    pub rule: String,
    /// The field, as it is written.
    pub field: &'static str,
    /// What is wrong with it.
    pub flaw: RuleFlaw,
}

type Checked<T> = Result<T, (&'static str, RuleFlaw)>;

impl TryFrom<AlertRuleForm> for AlertRule {
    type Error = AlertRuleError;

    fn try_from(form: AlertRuleForm) -> Result<AlertRule, AlertRuleError> {
        let rule = form.name.clone();
        AlertRule::checked(form).map_err(|(field, flaw)| AlertRuleError { rule, field, flaw })
    }
}

impl From<AlertRule> for AlertRuleForm {
    fn from(rule: AlertRule) -> Self {
        rule.form
    }
}

impl AlertRule {
    fn checked(form: AlertRuleForm) -> Checked<AlertRule> {
        if !is_name(&form.name) {
            return Err(("name", RuleFlaw::Name(form.name)));
        }
        audience_checked(&form)?;
        what_checked(&form)?;
        stale_checked(&form)?;
        channels_checked(&form)?;
        let schedule = schedule(&form.cron).map_err(|flaw| ("cron", flaw))?;
        let quiet = quiet_checked(&form)?;
        let IntroForm { vi, en } = form.intro.clone().unwrap_or_default();
        let intro_vi = intro_checked("intro.vi", vi.as_deref())?;
        let intro_en = intro_checked("intro.en", en.as_deref())?;
        Ok(AlertRule { form, schedule, quiet, intro_vi, intro_en })
    }

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

    /// Which dossiers its messages name; `None` when they name none.
    #[must_use]
    pub fn outlook(&self) -> Option<Outlook> {
        self.form.what.outlook(self.form.days.unwrap_or(1))
    }

    /// The hours in which its messages are not delivered.
    #[must_use]
    pub fn quiet(&self) -> Option<Quiet> {
        self.quiet
    }

    /// Its own introduction in Vietnamese and in English, where it has one.
    #[must_use]
    pub fn intro(&self) -> (Option<&Intro>, Option<&Intro>) {
        (self.intro_vi.as_ref(), self.intro_en.as_ref())
    }

    /// When a message of this slot is worth nothing any more, to a reader with this calendar.
    #[must_use]
    pub fn stale_at(&self, slot: DateTime<Utc>, calendar: &Calendar) -> DateTime<Utc> {
        if let Some(minutes) = self.form.stale_after_minutes {
            return slot + TimeDelta::minutes(i64::from(minutes));
        }
        let day = office_time::local_date(slot);
        let closes = calendar.closes_at(day).filter(|closes| slot < *closes);
        closes.unwrap_or_else(|| office_time::midnight_after(day))
    }

    /// The instant after which slots are not stale at `until`: where a rule begins that has never been heard of.
    #[must_use]
    pub fn worth_from(&self, until: DateTime<Utc>, calendar: &Calendar) -> DateTime<Utc> {
        if let Some(minutes) = self.form.stale_after_minutes {
            return until - TimeDelta::minutes(i64::from(minutes));
        }
        let today = office_time::local_date(until);
        let closed = calendar.closes_at(today).filter(|closes| *closes <= until);
        closed.unwrap_or_else(|| office_time::instant(today, NaiveTime::MIN))
    }

    /// Whether the rule speaks at one of its instants to readers with this calendar.
    #[must_use]
    pub fn speaks_at(&self, at: DateTime<Utc>, calendar: &Calendar) -> bool {
        self.form.enabled && self.speaks_on(office_time::local_date(at), calendar)
    }

    /// Whether two rules speak at the same instants, whatever they say and to whom.
    #[must_use]
    pub fn speaks_like(&self, other: &AlertRule) -> bool {
        let when = |of: &AlertRuleForm| {
            (
                of.enabled,
                of.working_days_only,
                of.last_working_day_of_week_only,
                of.first_working_day_of_week_only,
            )
        };
        when(&self.form) == when(&other.form) && self.schedule == other.schedule
    }

    fn speaks_on(&self, day: NaiveDate, calendar: &Calendar) -> bool {
        (!self.form.working_days_only || calendar.is_working(day))
            && (!self.form.last_working_day_of_week_only || calendar.is_last_working_day_of_week(day))
            && (!self.form.first_working_day_of_week_only || calendar.is_first_working_day_of_week(day))
    }
}

/// Whether rules and channels may be called so: 1 to 40 lower-case letters, digits and `_`.
#[must_use]
pub fn is_name(text: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    !text.is_empty() && text.len() <= LONGEST_NAME && text.chars().all(plain)
}

fn audience_checked(form: &AlertRuleForm) -> Checked<()> {
    if form.audience == Audience::People && form.people.is_empty() {
        let why = "it reaches nobody: name a role in audience, or persons in people";
        return Err(("audience", RuleFlaw::Required(why)));
    }
    if form.people.len() > MOST_PEOPLE {
        return Err(("people", RuleFlaw::TooMany(MOST_PEOPLE)));
    }
    for (at, person) in form.people.iter().enumerate() {
        if person.trim().is_empty() {
            return Err(("people", RuleFlaw::Required("a name, a key or an address must be given")));
        }
        if form.people.iter().take(at).any(|before| before == person) {
            return Err(("people", RuleFlaw::Duplicate(person.clone())));
        }
    }
    Ok(())
}

fn what_checked(form: &AlertRuleForm) -> Checked<()> {
    let AlertRuleForm { what, audience, days, .. } = form;
    if !what.goes_to(*audience) {
        let allowed = Audience::ALL.iter().filter(|of| what.goes_to(**of)).map(ToString::to_string).collect();
        let wrong = format!("{what} does not go to each {audience}");
        return Err(("audience", RuleFlaw::NotAllowed { what: wrong, allowed }));
    }
    match (*what == Topic::DueWithin, days) {
        (true, None) => return Err(("days", RuleFlaw::Required("due_within needs to know how many days"))),
        (true, Some(days)) if !(1..=LONGEST_DUE_WITHIN).contains(days) => {
            return Err(("days", RuleFlaw::OutOfRange(1, LONGEST_DUE_WITHIN)));
        }
        (false, Some(_)) => {
            return Err(("days", RuleFlaw::Conflicting(format!("{what} does not look so many days ahead"))));
        }
        (true, Some(_)) | (false, None) => {}
    }
    steps_checked(form)?;
    let names_dossiers = what.outlook(1).is_some();
    if !names_dossiers && form.minimum_severity != Severity::Notice {
        let why = format!("{what} names no dossiers, so there is none to leave out");
        return Err(("minimum_severity", RuleFlaw::Conflicting(why)));
    }
    if !names_dossiers && form.intro.is_some() {
        let why = format!("{what} has an introduction of its own");
        return Err(("intro", RuleFlaw::Conflicting(why)));
    }
    Ok(())
}

fn steps_checked(form: &AlertRuleForm) -> Checked<()> {
    match (form.what == Topic::Escalation, &form.steps) {
        (true, None) => {
            let why = "say how many working days late each step is told, such as [1, 2, 3]";
            Err(("steps", RuleFlaw::Required(why)))
        }
        (true, Some(days)) if Ladder::new(days).is_none() => {
            let why = format!(
                "one to three numbers of working days from 1 to {LONGEST_WAIT}, none smaller than the one before"
            );
            Err(("steps", RuleFlaw::Malformed(why)))
        }
        (true, Some(_)) if !form.people.is_empty() => {
            let why = "the ladder finds its readers by itself".to_owned();
            Err(("people", RuleFlaw::Conflicting(why)))
        }
        (false, Some(_)) => Err(("steps", RuleFlaw::Conflicting(format!("{} climbs no ladder", form.what)))),
        (true, Some(_)) | (false, None) => Ok(()),
    }
}

fn stale_checked(form: &AlertRuleForm) -> Checked<()> {
    match (form.stale_after_minutes, form.stale_after) {
        (None, None) => {
            let why = "say until when a message is worth sending: here, or by stale_after = \"session\"";
            Err(("stale_after_minutes", RuleFlaw::Required(why)))
        }
        (Some(_), Some(_)) => {
            let why = "it cannot stand beside stale_after_minutes".to_owned();
            Err(("stale_after", RuleFlaw::Conflicting(why)))
        }
        (Some(minutes), None) if !(1..=LONGEST_WORTH).contains(&minutes) => {
            Err(("stale_after_minutes", RuleFlaw::OutOfRange(1, LONGEST_WORTH)))
        }
        (Some(_), None) | (None, Some(StaleAfter::Session)) => Ok(()),
    }
}

fn channels_checked(form: &AlertRuleForm) -> Checked<()> {
    if form.channels.is_empty() {
        return Err(("channels", RuleFlaw::Required("there must be one at least, such as mail")));
    }
    for (at, channel) in form.channels.iter().enumerate() {
        if !is_name(channel) {
            return Err(("channels", RuleFlaw::Name(channel.clone())));
        }
        if form.channels.iter().take(at).any(|before| before == channel) {
            return Err(("channels", RuleFlaw::Duplicate(channel.clone())));
        }
    }
    Ok(())
}

fn quiet_checked(form: &AlertRuleForm) -> Checked<Option<Quiet>> {
    let (from, to) = match (&form.quiet_from, &form.quiet_to) {
        (None, None) => return Ok(None),
        (Some(_), None) => return Err(("quiet_to", RuleFlaw::Required("quiet hours have an end, too"))),
        (None, Some(_)) => {
            return Err(("quiet_from", RuleFlaw::Required("quiet hours have a beginning, too")));
        }
        (Some(from), Some(to)) => (minute("quiet_from", from)?, minute("quiet_to", to)?),
    };
    let same = || {
        let why = "it is the same as quiet_from: that would be no hours at all, or all of them";
        ("quiet_to", RuleFlaw::Conflicting(why.to_owned()))
    };
    Quiet::new(from, to).map(Some).ok_or_else(same)
}

fn minute(field: &'static str, text: &str) -> Checked<u32> {
    let time = NaiveTime::parse_from_str(text, "%H:%M").ok().filter(|_| text.len() == 5);
    let wrong = || (field, RuleFlaw::Malformed(format!("«{text}» is no time of the day, such as 06:30")));
    time.map(|time| time.hour() * 60 + time.minute()).ok_or_else(wrong)
}

fn intro_checked(field: &'static str, text: Option<&str>) -> Checked<Option<Intro>> {
    use super::intro::{IntroFlaw, Variable};
    text.map(Intro::parse).transpose().map_err(|flaw| {
        let flaw = match flaw {
            IntroFlaw::Unknown(name) => RuleFlaw::NotAllowed {
                what: format!("there is no variable {{{name}}}"),
                allowed: Variable::ALL.iter().map(|of| format!("{{{of}}}")).collect(),
            },
            other => RuleFlaw::Malformed(other.to_string()),
        };
        (field, flaw)
    })
}

/// The instants in `(after, until]` of the rule's schedule; none when it is not enabled.
pub(super) fn scheduled(
    rule: &AlertRule,
    (after, until): (DateTime<Utc>, DateTime<Utc>),
) -> impl Iterator<Item = DateTime<Utc>> {
    let speaks = rule.form.enabled;
    rule.schedule
        .after(&office_time::local(after))
        .map(|at| at.with_timezone(&Utc))
        .take_while(move |at| speaks && *at <= until)
}
