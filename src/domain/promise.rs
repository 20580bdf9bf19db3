//! From law to promise: the statutory date, the unit's commitments, what the receipt promises, and which rules that breaks.

use chrono::{DateTime, NaiveDate, Utc};

use super::calendar::Calendar;
use super::commitment::Commitment;
use super::deadline::{Deadline, DeadlineError, Limit};
use super::dossier::{Channel, Dossier};
use super::due::{self, Binding, Reckoned, Terms};
use super::finding::{Finding, FindingCode};
use super::office_time;
use super::procedure::{Procedure, ProcedureLimit};
use super::unit::UnitTree;

/// The rules in force for one unit.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// The unit's calendar.
    pub calendar: &'a Calendar,
    /// The tree of units.
    pub units: &'a UnitTree,
    /// All commitments.
    pub commitments: &'a [Commitment],
}

/// A receipt to be given a due date.
#[derive(Debug, Clone, Copy)]
pub struct Intake<'a> {
    /// The unit that takes it.
    pub unit: &'a str,
    /// What is asked for.
    pub procedure: &'a Procedure,
    /// How it came in.
    pub channel: Channel,
    /// As which case; `None` for the ordinary one.
    pub case: Option<&'a str>,
    /// When.
    pub received_at: DateTime<Utc>,
    /// The officer's own promise, if one was given.
    pub promised: Option<DateTime<Utc>>,
}

/// What the receipt will say, and what is wrong with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Promise {
    /// The dates of law and commitments, and what is promised.
    pub reckoned: Reckoned,
    /// The limit they come from.
    pub limit: ProcedureLimit,
    /// The rules broken by promising so.
    pub findings: Vec<Finding>,
}

/// Why no promise can be given.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PromiseError {
    /// The procedure has no limit for this channel on this day.
    #[error("the procedure has no limit in force on the day of receipt")]
    NoLimit,
    /// The officer's promise lies before the receipt.
    #[error("the promise lies before the receipt")]
    BeforeReceipt,
    /// The limit leads out of the calendar.
    #[error(transparent)]
    Deadline(#[from] DeadlineError),
}

/// The promise for `intake` under `rules`, with its findings.
///
/// # Errors
/// [`PromiseError`] when there is no limit, the promise precedes the receipt, or the calendar does not reach so far.
pub fn promise(rules: Rules<'_>, intake: Intake<'_>) -> Result<Promise, PromiseError> {
    let received_on = office_time::local_date(intake.received_at);
    let limit =
        intake.procedure.limit_for(received_on, intake.channel, intake.case).ok_or(PromiseError::NoLimit)?;
    let terms = Terms {
        unit: intake.unit,
        procedure: intake.procedure,
        limit: limit.limit,
        late_receipt: limit.late_receipt,
        counted_from: intake.received_at,
        given: intake.promised,
        binding: Binding::InForce,
    };
    let reckoned = due::reckon(rules, terms)?;
    if intake.promised.is_some_and(|at| at < intake.received_at) {
        return Err(PromiseError::BeforeReceipt);
    }
    let findings = judge(rules.calendar, &reckoned, limit.limit, &limit.source);
    Ok(Promise { reckoned, limit: limit.clone(), findings })
}

/// When a promise is due that names a day and no hour: as the counter closes that day; where it stays closed, at the hour at which the working day before
/// closes. `None` beyond the calendar.
pub fn end_of_day(calendar: &Calendar, day: NaiveDate) -> Option<DateTime<Utc>> {
    let closes_on = |on| calendar.closes_at(on);
    closes_on(day).or_else(|| {
        let before = closes_on(calendar.working_day_on_or_before(day)?)?;
        Some(office_time::instant(day, office_time::local_time(before)))
    })
}

/// The law behind a dossier's limit; empty when the catalogue does not know it any more.
pub(super) fn source_of<'a>(procedure: &'a Procedure, dossier: &Dossier) -> &'a str {
    let received_on = office_time::local_date(dossier.received_at);
    procedure
        .limit_for(received_on, dossier.channel, dossier.case.as_deref())
        .map_or("", |limit| &limit.source)
}

/// The rules that a promise breaks; `source` is the law behind the limit.
pub(super) fn judge(calendar: &Calendar, promise: &Reckoned, limit: Limit, source: &str) -> Vec<Finding> {
    let at = promise.due.due_at;
    // The one date that keeps the law and every commitment: advice must not break another rule.
    let compliant = promise
        .committed
        .first()
        .map_or(promise.statutory.due_at, |of| of.due_at.min(promise.statutory.due_at));
    let found = |code, commitment_id, source: &str| Finding {
        code,
        promised_at: at,
        compliant_due_at: Some(compliant),
        commitment_id,
        source: source.to_owned(),
        // The promise is given with the receipt, whenever that is written down.
        first_seen_at: promise.statutory.received_at,
        act_at: None,
        cleared_at: None,
        cleared_why: None,
    };
    let mut all: Vec<Finding> = promise
        .committed
        .iter()
        .filter(|of| at >= of.promise_before)
        .map(|of| found(of.effect.pledge().broken_by_promise(), Some(of.commitment_id), &of.decision))
        .collect();
    if at >= beyond_limit_from(limit, &promise.statutory) {
        all.push(found(FindingCode::PromiseBeyondLimit, None, source));
    }
    let on = office_time::local_date(at);
    if !calendar.is_open(on) {
        let source = calendar
            .day(on)
            .and_then(|day| day.source.or(day.name).map(ToOwned::to_owned))
            .unwrap_or_default();
        all.push(found(FindingCode::PromiseOnDayOff, None, &source));
    }
    all
}

/// A promise from this instant on is later than the law's date: dates are compared for day limits, minutes for hour limits.
pub(super) fn beyond_limit_from(limit: Limit, statutory: &Deadline) -> DateTime<Utc> {
    match limit {
        Limit::WorkingHours(_) => statutory.due_at + chrono::TimeDelta::microseconds(1),
        Limit::WorkingDays(_) | Limit::CalendarDays(_) | Limit::Months(_) | Limit::SameDay => {
            office_time::midnight_after(statutory.due_on)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::{CalendarSpec, DayKind, DayRow};

    #[test]
    fn a_day_without_an_hour_ends_as_the_counter_closes() {
        let off = DayRow {
            date: "2026-11-24".parse().unwrap(),
            kind: DayKind::Holiday,
            name: "Ngày Văn hóa".into(),
            source: "NQ 28/2026/QH16".into(),
        };
        let calendar = Calendar::build(&CalendarSpec::national(vec![off], (2000..=2060).collect())).unwrap();
        let end = |day: &str| {
            end_of_day(&calendar, day.parse().unwrap()).map(|at| office_time::local(at).to_rfc3339())
        };
        assert_eq!(end("2026-11-20").as_deref(), Some("2026-11-20T17:00:00+07:00"));
        assert_eq!(
            end("2026-11-24").as_deref(),
            Some("2026-11-24T17:00:00+07:00"),
            "at the hour of the day before"
        );
        assert_eq!(end("2026-11-22").as_deref(), Some("2026-11-22T17:00:00+07:00"));
        assert_eq!(end("2300-01-01"), None);
    }
}
