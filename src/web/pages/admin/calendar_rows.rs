//! Days and hours as the form of a calendar has them, a row each, and what they mean.

use std::str::FromStr;

use chrono::{Datelike, NaiveDate, NaiveTime, Weekday};

use super::calendars::Scope;
use crate::app::calendar_views::ContentView;
use crate::app::{AppError, Fault, Invalid};
use crate::domain::calendar::{DayKind, DayRow, Session, SessionRule, Weekdays};
use crate::domain::calendar_draft::Draft;
use crate::web::form::Form;

/// Empty rows that are offered beside those that stand.
const MORE_DAYS: usize = 5;
const MORE_RULES: usize = 2;
/// Rows of hours that a form may have; the verb takes fewer.
const MOST_RULES: usize = 400;

/// A day's row as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct DayTyped {
    pub(super) date: String,
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) source: String,
}

/// A row of hours as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RuleTyped {
    pub(super) weekdays: Vec<String>,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) sessions: String,
    pub(super) counter_only: String,
}

/// A calendar as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) based_on: String,
    pub(super) announced: bool,
    pub(super) decision: String,
    pub(super) days: Vec<DayTyped>,
    pub(super) rules: Vec<RuleTyped>,
}

impl Typed {
    /// As it stands, before anybody typed.
    pub(super) fn standing(scope: &Scope, version: Option<i64>, of: &ContentView) -> Typed {
        let days = of.days.iter().filter(|row| row.date.year() == scope.year);
        Typed {
            based_on: version.unwrap_or(0).to_string(),
            announced: of.announced.contains(&scope.year),
            decision: String::new(),
            days: days.map(day_typed).collect(),
            rules: of.sessions.iter().map(rule_typed).collect(),
        }
    }

    /// As it was sent, without the rows that are empty or dropped.
    pub(super) fn sent(form: &Form) -> Typed {
        let dropped: Vec<&str> = form.all("drop").collect();
        let cells = form.all("date").zip(form.all("kind")).zip(form.all("name").zip(form.all("day_source")));
        let day = |((date, kind), (name, source)): ((&str, &str), (&str, &str))| DayTyped {
            date: date.to_owned(),
            kind: kind.to_owned(),
            name: name.to_owned(),
            source: source.to_owned(),
        };
        let kept = cells.enumerate().filter(|(at, _)| !dropped.contains(&at.to_string().as_str()));
        let days = kept.map(|(_, cells)| day(cells)).filter(|of| !of.date.is_empty() || !of.name.is_empty());
        Typed {
            based_on: form.text("based_on").to_owned(),
            announced: form.has("announced"),
            decision: form.text("decision").to_owned(),
            days: days.collect(),
            rules: rules_sent(form),
        }
    }

    /// The same with empty rows to fill in.
    pub(super) fn with_room(mut self, scope: &Scope) -> Typed {
        let kind = if scope.is_national() { "holiday" } else { "closure" };
        let empty = DayTyped { kind: kind.to_owned(), ..DayTyped::default() };
        self.days.extend(std::iter::repeat_n(empty, MORE_DAYS));
        self.rules.extend(std::iter::repeat_n(RuleTyped::default(), MORE_RULES));
        self
    }

    /// What it means for the scope.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming each cell that cannot be read (`days[2].date`).
    pub(super) fn draft(&self, scope: &Scope) -> Result<Draft, AppError> {
        let mut faults = Vec::new();
        let mut days = Vec::new();
        for (at, typed) in self.days.iter().enumerate() {
            match day_meant(typed, &self.decision) {
                Ok(row) => days.push(row),
                Err((field, fault)) => faults.push(Invalid::new(format!("days[{at}].{field}"), fault)),
            }
        }
        let mut rules = Vec::new();
        for (at, typed) in self.rules.iter().enumerate() {
            match rule_meant(typed) {
                Ok(rule) => rules.push(rule),
                Err((field, fault)) => faults.push(Invalid::new(format!("sessions[{at}].{field}"), fault)),
            }
        }
        if !faults.is_empty() {
            return Err(AppError::Invalid(faults));
        }
        let announced = scope.is_national().then_some(self.announced);
        Ok(Draft { year: Some(scope.year), announced, days, sessions: Some(rules) })
    }
}

fn day_typed(of: &DayRow) -> DayTyped {
    DayTyped {
        date: of.date.to_string(),
        kind: word(of.kind).to_owned(),
        name: of.name.clone(),
        source: of.source.clone(),
    }
}

fn rule_typed(of: &SessionRule) -> RuleTyped {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let times = |only: bool| {
        let of = of.sessions.iter().filter(|session| session.counter_only == only);
        let times = of.map(|of| format!("{}-{}", of.start.format("%H:%M"), of.end.format("%H:%M")));
        times.collect::<Vec<_>>().join(", ")
    };
    RuleTyped {
        weekdays: of.weekdays.into(),
        from: day(of.valid_from),
        to: day(of.valid_to),
        sessions: times(false),
        counter_only: times(true),
    }
}

fn rules_sent(form: &Form) -> Vec<RuleTyped> {
    let column = |name: &'static str| form.all(name).map(ToOwned::to_owned);
    let spans = column("rule_from").zip(column("rule_to"));
    let times = column("rule_sessions").zip(column("rule_counter"));
    let mut rules = Vec::new();
    for (at, ((from, to), (sessions, counter_only))) in spans.zip(times).take(MOST_RULES).enumerate() {
        let weekdays: Vec<String> = form.all(&format!("rule{at}")).map(ToOwned::to_owned).collect();
        if !weekdays.is_empty() {
            rules.push(RuleTyped { weekdays, from, to, sessions, counter_only });
        }
    }
    rules
}

/// The stable word of a kind.
pub(super) const fn word(of: DayKind) -> &'static str {
    match of {
        DayKind::Holiday => "holiday",
        DayKind::Compensatory => "compensatory",
        DayKind::Swapped => "swapped",
        DayKind::Makeup => "makeup",
        DayKind::Closure => "closure",
    }
}

type Meant<T> = Result<T, (&'static str, Fault)>;

fn day_meant(of: &DayTyped, decision: &str) -> Meant<DayRow> {
    let empty = if of.date.is_empty() { Fault::Required } else { Fault::Malformed };
    let date = of.date.parse().map_err(|_| ("date", empty))?;
    let kind = super::calendars::kinds().find(|kind| word(*kind) == of.kind);
    let source = if of.source.is_empty() { decision } else { &of.source };
    Ok(DayRow {
        date,
        kind: kind.ok_or(("kind", Fault::NotAllowed))?,
        name: of.name.clone(),
        source: source.to_owned(),
    })
}

fn rule_meant(of: &RuleTyped) -> Meant<SessionRule> {
    let day = |name: &'static str, text: &str| {
        let read = (!text.is_empty()).then(|| text.parse::<NaiveDate>()).transpose();
        read.map_err(|_| (name, Fault::Malformed))
    };
    let weekdays: Option<Weekdays> = of.weekdays.iter().map(|day| Weekday::from_str(day).ok()).collect();
    let read = |text: &str, only| sessions(text, only).ok_or(("sessions", Fault::Malformed));
    let mut all = read(&of.sessions, false)?;
    all.extend(read(&of.counter_only, true)?);
    Ok(SessionRule {
        weekdays: weekdays.ok_or(("weekdays", Fault::NotAllowed))?,
        valid_from: day("valid_from", &of.from)?,
        valid_to: day("valid_to", &of.to)?,
        sessions: all,
    })
}

/// Sessions as people write them: `07:30-11:30, 13h-17h`.
fn sessions(text: &str, counter_only: bool) -> Option<Vec<Session>> {
    let parts = text.split([',', ';']).map(str::trim).filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (start, end) = part.split_once(['-', '–'])?;
            Some(Session { start: time(start)?, end: time(end)?, counter_only })
        })
        .collect()
}

fn time(text: &str) -> Option<NaiveTime> {
    let text = text.trim().replace(['h', 'H', 'g'], ":");
    let whole = if text.ends_with(':') { format!("{text}00") } else { text };
    NaiveTime::parse_from_str(&whole, "%H:%M").ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope() -> Scope {
        Scope { code: "H19.15".into(), name: String::new(), may: true, year: 2026 }
    }

    #[test]
    fn hours_are_read_as_people_write_them() {
        let read = |text: &str| {
            sessions(text, false)
                .map(|of| of.iter().map(|of| (of.start.to_string(), of.end.to_string())).collect::<Vec<_>>())
        };
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        let day = vec![pair("07:30:00", "11:30:00"), pair("13:00:00", "17:00:00")];
        for text in ["07:30-11:30, 13:00-17:00", "7h30–11h30;13h – 17h,"] {
            assert_eq!(read(text), Some(day.clone()), "{text}");
        }
        assert_eq!(read(""), Some(Vec::new()));
        for text in ["sáng", "07:30", "25:00-26:00", "07:30-11:30 13:00-17:00"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn what_stands_is_read_back_as_it_was() {
        let days = vec![DayRow {
            date: "2026-11-23".parse().unwrap(),
            kind: DayKind::Closure,
            name: "Lụt".into(),
            source: "QĐ 1".into(),
        }];
        let mut rule = SessionRule::office_hours();
        rule.valid_from = Some("2026-06-01".parse().unwrap());
        let content = ContentView { announced: Vec::new(), days: days.clone(), sessions: vec![rule.clone()] };
        let draft = Typed::standing(&scope(), Some(3), &content).draft(&scope()).unwrap();
        assert_eq!((draft.days, draft.sessions, draft.announced), (days, Some(vec![rule]), None));
    }

    #[test]
    fn rows_dropped_or_empty_are_gone_and_a_row_without_its_day_is_named() {
        let form = Form::parse(
            "date=2026-11-23&kind=closure&name=a&day_source=&date=&kind=closure&name=&day_source=\
             &date=2026-11-24&kind=closure&name=b&day_source=x&date=&kind=closure&name=c&day_source=&drop=0&decision=QD"
                .as_bytes(),
        )
        .unwrap();
        let typed = Typed::sent(&form);
        assert_eq!(typed.days.len(), 2);
        let Err(AppError::Invalid(faults)) = typed.draft(&scope()) else { panic!("no day") };
        assert_eq!(faults, [Invalid::new("days[1].date", Fault::Required)]);
    }
}
