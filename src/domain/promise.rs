//! From law to promise: the statutory date, the unit's commitments, what the receipt promises, and which rules that breaks.

use chrono::{DateTime, Utc};

use super::calendar::Calendar;
use super::commitment::{self, Commitment, CommittedDue, Effect, Receipt};
use super::deadline::{self, Deadline, DeadlineError, Limit};
use super::dossier::Channel;
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
    /// When.
    pub received_at: DateTime<Utc>,
    /// The officer's own promise, if one was given.
    pub promised: Option<DateTime<Utc>>,
}

/// What the receipt will say, and what is wrong with it.
#[derive(Debug, Clone, PartialEq)]
pub struct Promise {
    /// The law's dates.
    pub statutory: Deadline,
    /// The limit they come from.
    pub limit: ProcedureLimit,
    /// The commitments that apply, the earliest first.
    pub committed: Vec<CommittedDue>,
    /// What is promised.
    pub first_due_at: DateTime<Utc>,
    /// The instant from which it is broken.
    pub lapses_at: DateTime<Utc>,
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
    let limit = intake.procedure.limit_at(received_on, intake.channel).ok_or(PromiseError::NoLimit)?;
    let statutory = deadline::deadline(rules.calendar, intake.received_at, limit.limit, limit.late_receipt)?;
    let receipt = Receipt {
        unit: intake.unit,
        procedure: intake.procedure,
        limit: limit.limit,
        effective: statutory.effective_receipt,
    };
    let committed = commitment::due(rules.commitments, rules.units, rules.calendar, receipt);
    if intake.promised.is_some_and(|at| at < intake.received_at) {
        return Err(PromiseError::BeforeReceipt);
    }
    let earliest = committed.first().filter(|of| of.due_at < statutory.due_at);
    let (first_due_at, lapses_at) = match (intake.promised, earliest) {
        (Some(at), _) => (at, promised_lapse(at, limit.limit, &statutory, &committed)),
        (None, Some(of)) => (of.due_at, of.judged_from()),
        (None, None) => (statutory.due_at, statutory.lapses_at),
    };
    let mut promise =
        Promise { statutory, limit: limit.clone(), committed, first_due_at, lapses_at, findings: Vec::new() };
    promise.findings = findings(rules.calendar, &promise);
    Ok(promise)
}

/// When a given promise is broken. One that repeats the law's date or a commitment's is judged as that is; any other at the end of its day (BLDS
/// 2015 Đ.148(6)), under an hour limit at its minute.
fn promised_lapse(
    at: DateTime<Utc>,
    limit: Limit,
    statutory: &Deadline,
    committed: &[CommittedDue],
) -> DateTime<Utc> {
    if at == statutory.due_at {
        return statutory.lapses_at;
    }
    if let Some(of) = committed.iter().find(|of| of.due_at == at) {
        return of.judged_from();
    }
    match limit {
        Limit::WorkingHours(_) => at,
        Limit::WorkingDays(_) | Limit::CalendarDays(_) | Limit::Months(_) | Limit::SameDay => {
            office_time::midnight_after(office_time::local_date(at))
        }
    }
}

fn findings(calendar: &Calendar, promise: &Promise) -> Vec<Finding> {
    let at = promise.first_due_at;
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
        cleared_at: None,
        cleared_why: None,
    };
    let mut all: Vec<Finding> = promise
        .committed
        .iter()
        .filter(|of| at >= of.promise_before)
        .map(|of| found(promise_code(of.effect), Some(of.commitment_id), &of.decision))
        .collect();
    if at >= beyond_limit_from(promise) {
        all.push(found(FindingCode::PromiseBeyondLimit, None, &promise.limit.source));
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

/// Dates are compared for day limits, minutes for hour limits.
fn beyond_limit_from(promise: &Promise) -> DateTime<Utc> {
    match promise.limit.limit {
        Limit::WorkingHours(_) => promise.statutory.due_at + chrono::TimeDelta::microseconds(1),
        Limit::WorkingDays(_) | Limit::CalendarDays(_) | Limit::Months(_) | Limit::SameDay => {
            office_time::midnight_after(promise.statutory.due_on)
        }
    }
}

fn promise_code(effect: Effect) -> FindingCode {
    match effect {
        Effect::SameDay => FindingCode::SameDayPromise,
        Effect::NoWeekRollover => FindingCode::WeekRolloverPromise,
        Effect::SameSession | Effect::Within(_) => FindingCode::CommitmentPromise,
    }
}
