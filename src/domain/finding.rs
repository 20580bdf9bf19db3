//! Findings (*vi phạm, cảnh báo*): which rule a dossier breaks, since when, and on what evidence.
//!
//! Nothing is refused because of a finding. The promise findings are written down when the promise is given; the others follow from time alone
//! and are derived when they are read.

use chrono::{DateTime, Utc};

use super::dossier::Dossier;

words! {
    /// The rules a dossier can break.
    FindingCode {
        /// Promised later than the day committed to.
        SameDayPromise = "same_day_promise",
        /// Not resolved by the end of the day committed to.
        SameDayMissed = "same_day_missed",
        /// Promised past the week although a commitment says it should not be.
        WeekRolloverPromise = "week_rollover_promise",
        /// Still open when the week's last session ended.
        WeekRolloverMissed = "week_rollover_missed",
        /// Promised later than another commitment allows.
        CommitmentPromise = "commitment_promise",
        /// Not resolved within another commitment.
        CommitmentMissed = "commitment_missed",
        /// Promised later than the statutory date.
        PromiseBeyondLimit = "promise_beyond_limit",
        /// Promised for a day on which the counter is closed.
        PromiseOnDayOff = "promise_on_day_off",
        /// Open at the instant its limit lapsed.
        Overdue = "overdue",
    }
}

/// A finding with its evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule.
    pub code: FindingCode,
    /// What was promised (for those of time: the due instant that passed).
    pub promised_at: DateTime<Utc>,
    /// The promise that would have kept the rule; `None` where nothing can be promised any more.
    pub compliant_due_at: Option<DateTime<Utc>>,
    /// The commitment that is broken, if it is one.
    pub commitment_id: Option<i64>,
    /// The law, decision or calendar row behind it.
    pub source: String,
    /// When it came to be.
    pub first_seen_at: DateTime<Utc>,
    /// When it ceased to matter.
    pub cleared_at: Option<DateTime<Utc>>,
    /// Why it ceased to matter: `closed`.
    pub cleared_why: Option<String>,
}

/// A commitment that binds a dossier, as far as time can break it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// The commitment.
    pub commitment_id: i64,
    /// The finding when it is missed.
    pub missed: FindingCode,
    /// The latest promise that keeps it.
    pub due_at: DateTime<Utc>,
    /// Still open at this instant, it is missed.
    pub lapses_at: DateTime<Utc>,
}

/// The findings that time has brought upon a dossier by `now`: those whose instant it reached open, the oldest first. The database's view of all
/// findings says the same; a test holds the two together.
pub fn of_time(dossier: &Dossier, bounds: &[Bound], now: DateTime<Utc>) -> Vec<Finding> {
    let reached = |lapses_at: DateTime<Utc>| {
        lapses_at <= now && dossier.closed_at.is_none_or(|closed| closed >= lapses_at)
    };
    let found = |code, lapses_at, compliant_due_at, commitment_id| Finding {
        code,
        promised_at: dossier.due_at,
        compliant_due_at,
        commitment_id,
        source: String::new(),
        first_seen_at: lapses_at,
        cleared_at: dossier.closed_at,
        cleared_why: dossier.closed_at.map(|_| "closed".to_owned()),
    };
    let missed = bounds
        .iter()
        .filter(|bound| reached(bound.lapses_at))
        .map(|bound| found(bound.missed, bound.lapses_at, Some(bound.due_at), Some(bound.commitment_id)));
    let overdue =
        reached(dossier.lapses_at).then(|| found(FindingCode::Overdue, dossier.lapses_at, None, None));
    let mut all: Vec<Finding> = missed.chain(overdue).collect();
    all.sort_by_key(|finding| (finding.first_seen_at, finding.code.word()));
    all
}
