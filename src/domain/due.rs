//! The dates of a dossier, reckoned from what its limit counts from and from the pauses since: one function for the receipt, a supplement, a
//! resumption, a correction and a new calendar.
//!
//! A supplement restarts the limit, so it is a new [`Terms`]; a pause shifts what was reckoned ([`Judged::after`]). What has lapsed is moved by
//! neither: a late dossier stays late. It knows no acts; see [`super::act`].

use chrono::{DateTime, Utc};

use super::calendar::Calendar;
use super::commitment::{self, CommittedDue, Receipt};
use super::deadline::{self, Deadline, DeadlineError, LateReceipt, Limit};
use super::dossier::Pause;
use super::office_time::{instant, local_date, local_time, midnight_after};
use super::procedure::Procedure;
use super::promise::Rules;

/// What a limit counts from, and by which rules.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// The unit that took the dossier.
    pub unit: &'a str,
    /// What is asked for.
    pub procedure: &'a Procedure,
    /// The statutory limit in force at receipt.
    pub limit: Limit,
    /// What a receipt late in the day means by the same law.
    pub late_receipt: Option<LateReceipt>,
    /// The receipt, or the arrival of the complete dossier after a supplement.
    pub counted_from: DateTime<Utc>,
    /// The officer's own promise, if one was given.
    pub given: Option<DateTime<Utc>>,
    /// Which commitments are to be kept.
    pub binding: Binding<'a>,
}

/// Which commitments a dossier is held to.
#[derive(Debug, Clone, Copy)]
pub enum Binding<'a> {
    /// Those in force at the receipt.
    InForce,
    /// These, which were in force at the receipt, whatever has become of them since.
    These(&'a [i64]),
}

/// When something is due, and from which instant it is late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judged {
    /// When it is due.
    pub due_at: DateTime<Utc>,
    /// Late from this instant on.
    pub lapses_at: DateTime<Utc>,
    /// Judged by the minute and moved by session minutes; else by the day and moved by working days.
    pub by_minute: bool,
}

/// What the terms come to, before any pause.
#[derive(Debug, Clone, PartialEq)]
pub struct Reckoned {
    /// The law's dates.
    pub statutory: Deadline,
    /// The commitments that apply, the earliest first.
    pub committed: Vec<CommittedDue>,
    /// What punctuality is judged by: the given promise, else the earlier of law and commitments.
    pub due: Judged,
}

/// Reckons the dates of `terms` under `rules`.
///
/// # Errors
/// When the calendar does not reach so far.
pub fn reckon(rules: Rules<'_>, terms: Terms<'_>) -> Result<Reckoned, DeadlineError> {
    let statutory = deadline::deadline(rules.calendar, terms.counted_from, terms.limit, terms.late_receipt)?;
    let effective = statutory.effective_receipt;
    let committed = match terms.binding {
        Binding::InForce => {
            let receipt =
                Receipt { unit: terms.unit, procedure: terms.procedure, limit: terms.limit, effective };
            commitment::due(rules.commitments, rules.units, rules.calendar, receipt)
        }
        Binding::These(ids) => commitment::due_of(rules.commitments, ids, rules.calendar, effective),
    };
    let earliest = committed.first().filter(|of| of.due_at < statutory.due_at);
    let due = match (terms.given, earliest) {
        (Some(at), _) => given(at, terms.limit, &statutory, &committed),
        (None, Some(of)) => of.promise(),
        (None, None) => by_law(terms.limit, &statutory),
    };
    Ok(Reckoned { statutory, committed, due })
}

impl Reckoned {
    /// Whether the law's date, or `due`, which is this after the pauses, rests on days off that are not announced yet.
    pub fn is_provisional(&self, calendar: &Calendar, received_at: DateTime<Utc>, due: Judged) -> bool {
        let last = self.statutory.due_on.max(local_date(due.due_at));
        calendar.provisional_between(local_date(received_at), last)
    }
}

fn by_law(limit: Limit, statutory: &Deadline) -> Judged {
    let by_minute = matches!(limit, Limit::WorkingHours(_));
    Judged { due_at: statutory.due_at, lapses_at: statutory.lapses_at, by_minute }
}

/// When a given promise is broken. One that repeats the law's date or a commitment's is judged as that is; any other at the end of its day (BLDS
/// 2015 Đ.148(6)), under an hour limit at its minute.
fn given(at: DateTime<Utc>, limit: Limit, statutory: &Deadline, committed: &[CommittedDue]) -> Judged {
    if at == statutory.due_at {
        return by_law(limit, statutory);
    }
    if let Some(of) = committed.iter().find(|of| of.due_at == at) {
        return of.promise();
    }
    match limit {
        Limit::WorkingHours(_) => Judged { due_at: at, lapses_at: at, by_minute: true },
        Limit::WorkingDays(_) | Limit::CalendarDays(_) | Limit::Months(_) | Limit::SameDay => {
            Judged { due_at: at, lapses_at: midnight_after(local_date(at)), by_minute: false }
        }
    }
}

impl Judged {
    /// The same after these pauses, in order: the remaining limit goes on, by the working days in (from, to] or by session minutes. A pause that
    /// began when it had lapsed moves nothing.
    ///
    /// # Errors
    /// When the calendar does not reach so far.
    pub fn after(self, pauses: &[Pause], calendar: &Calendar) -> Result<Judged, DeadlineError> {
        pauses.iter().try_fold(self, |due, pause| {
            if pause.from >= due.lapses_at {
                return Ok(due);
            }
            let moved =
                if due.by_minute { due.by_minutes(*pause, calendar) } else { due.by_days(*pause, calendar) };
            moved.ok_or(DeadlineError::EndsAfterCalendar)
        })
    }

    fn by_minutes(self, pause: Pause, calendar: &Calendar) -> Option<Judged> {
        let minutes = u32::try_from(calendar.session_minutes_between(pause.from, pause.to)).ok()?;
        if minutes == 0 {
            return Some(self);
        }
        let due_at = calendar.add_session_minutes(self.due_at, minutes)?;
        Some(Judged { due_at, lapses_at: due_at, ..self })
    }

    fn by_days(self, pause: Pause, calendar: &Calendar) -> Option<Judged> {
        let days = calendar.working_days_between(local_date(pause.from), local_date(pause.to));
        if days == 0 {
            return Some(self);
        }
        let on = local_date(self.due_at);
        let day = calendar.add_working_days(on, days)?;
        let due_at = if calendar.closes_at(on) == Some(self.due_at) {
            calendar.closes_at(day)?
        } else {
            instant(day, local_time(self.due_at))
        };
        // A commitment that lapses with a session's end, be it another day's, lapses with that of the new day.
        let lapses_at = if self.lapses_at == midnight_after(on) { midnight_after(day) } else { due_at };
        Some(Judged { due_at, lapses_at, ..self })
    }
}

/// An apology slip for what is due at `due_at` is in time before this instant: the end of the day so many working days before the due day (NĐ
/// 61/2018/NĐ-CP Đ.19(9): "trước ngày hết hạn … chậm nhất 01 ngày"). It never ends before the day from which the limit counts has ended, for
/// nobody apologises before the receipt, nor after the limit has lapsed.
pub fn apology_by(
    calendar: &Calendar,
    due: Judged,
    counted_from: DateTime<Utc>,
    lead_working_days: u32,
) -> DateTime<Utc> {
    let due_day = local_date(due.due_at);
    let last = calendar.subtract_working_days(due_day, lead_working_days).unwrap_or(due_day);
    midnight_after(last).max(midnight_after(local_date(counted_from))).min(due.lapses_at)
}
