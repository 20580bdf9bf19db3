//! Why a dossier's due date is what it is: its limit from what it counts from on, as [`super::deadline_steps`] tells it, and what has become of the
//! dossier since.

use chrono::{DateTime, Utc};

use super::calendar::Calendar;
use super::commitment::CommittedDue;
use super::deadline::{Deadline, DeadlineError};
use super::deadline_steps::{self, Step, Why};
use super::decision::{File, terms};
use super::dossier::{Dossier, Pause, Status};
use super::due::{self, Binding, Judged};
use super::office_time::local_date;
use super::procedure::Procedure;
use super::promise::Rules;

const SUPPLEMENT: &str = "NĐ 61/2018/NĐ-CP Đ.19(4)";
const APOLOGY: &str = "NĐ 61/2018/NĐ-CP Đ.19(9)";

/// What became of a dossier since its receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Since {
    /// It was handed in, at an instant that its limit does not count from any more.
    Received {
        /// When.
        at: DateTime<Utc>,
    },
    /// What had been missing came, and the limit began anew.
    Completed {
        /// When.
        at: DateTime<Utc>,
    },
    /// The officer gave a day of their own.
    Given {
        /// When it is due by that.
        at: DateTime<Utc>,
    },
    /// Its time stood still.
    Paused {
        /// From when to when.
        pause: Pause,
        /// What that added.
        added: Added,
    },
    /// Its time stands still now.
    Halted {
        /// Since when.
        since: DateTime<Utc>,
        /// It waits for the citizen; else it is paused.
        waiting: bool,
        /// Its limit had lapsed by then, so nothing is added.
        late: bool,
    },
    /// An apology slip was given.
    Reappointed {
        /// What the last one says.
        to: DateTime<Utc>,
    },
    /// The calendar of today gives another due date than the one that stands.
    CalendarChanged {
        /// The dossier was closed before, and closed dossiers keep theirs; an open one is about to be re-dated.
        closed: bool,
    },
}

/// What a pause adds to a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// Working days.
    Days(u32),
    /// Minutes of working sessions.
    Minutes(u32),
    /// Nothing: the limit had lapsed when it began.
    Nothing,
}

/// A dossier's due date with its reasons.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// The law's deadline, counted from the receipt, or from the arrival of the complete dossier.
    pub statutory: Deadline,
    /// The commitments that bind it and demand something, the earliest first.
    pub committed: Vec<CommittedDue>,
    /// Day by day, then what became of it since.
    pub steps: Vec<Step>,
}

/// Explains the due date of a dossier under `rules`, those of its unit.
///
/// # Errors
/// When the calendar does not reach so far.
pub fn explain(rules: Rules<'_>, file: &File, procedure: &Procedure) -> Result<Explained, DeadlineError> {
    let dossier = &file.dossier;
    let bound_by: Vec<i64> = file.bounds.iter().map(|bound| bound.commitment_id).collect();
    let reckoned = due::reckon(rules, terms(dossier, procedure, Binding::These(&bound_by)))?;
    let mut steps = before(dossier);
    let told =
        deadline_steps::steps(rules.calendar, &reckoned.statutory, dossier.limit, dossier.late_receipt);
    steps.extend(told);
    for of in &reckoned.committed {
        let unit = rules.commitments.iter().find(|with| with.id == of.commitment_id);
        steps.push(deadline_steps::committed(of, unit.map_or(&dossier.unit, |with| &with.unit)));
    }
    if let Some(at) = dossier.given_due_at {
        steps.push(since(at, Since::Given { at }, None));
    }
    let mut due = reckoned.due;
    for pause in &dossier.pauses {
        let added = added(due, *pause, rules.calendar);
        due = due.after(&[*pause], rules.calendar)?;
        steps.push(since(pause.to, Since::Paused { pause: *pause, added }, None));
    }
    steps.extend(after(dossier, due));
    Ok(Explained { statutory: reckoned.statutory, committed: reckoned.committed, steps })
}

fn since(at: DateTime<Utc>, what: Since, source: Option<&str>) -> Step {
    Step {
        date: local_date(at),
        counts: 0,
        why: Why::Since(what),
        source: source.map(str::to_owned),
        said_by: None,
    }
}

/// How the limit came to count from another instant than the receipt.
fn before(dossier: &Dossier) -> Vec<Step> {
    if dossier.counted_from == dossier.received_at {
        return Vec::new();
    }
    vec![
        since(dossier.received_at, Since::Received { at: dossier.received_at }, None),
        since(dossier.counted_from, Since::Completed { at: dossier.counted_from }, Some(SUPPLEMENT)),
    ]
}

fn added(due: Judged, pause: Pause, calendar: &Calendar) -> Added {
    if pause.from >= due.lapses_at {
        Added::Nothing
    } else if due.by_minute {
        Added::Minutes(u32::try_from(calendar.session_minutes_between(pause.from, pause.to)).unwrap_or(0))
    } else {
        Added::Days(calendar.working_days_between(local_date(pause.from), local_date(pause.to)))
    }
}

/// How it stands now, where `due` is what today's calendar makes of it.
fn after(dossier: &Dossier, due: Judged) -> Vec<Step> {
    let mut steps = Vec::new();
    if let Some(at) = dossier.halted_at {
        let waiting = dossier.status == Status::AwaitingSupplement;
        let what = Since::Halted { since: at, waiting, late: !dossier.stands_still() };
        steps.push(since(at, what, waiting.then_some(SUPPLEMENT)));
    }
    if dossier.reappointments > 0 {
        let what = Since::Reappointed { to: dossier.appointed_at };
        steps.push(since(dossier.appointed_at, what, Some(APOLOGY)));
    }
    if due.due_at != dossier.due_at {
        steps.push(since(
            dossier.due_at,
            Since::CalendarChanged { closed: dossier.closed_at.is_some() },
            None,
        ));
    }
    steps
}
