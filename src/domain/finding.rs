//! Findings (*vi phạm, cảnh báo*): which rule a dossier breaks, since when, and on what evidence.
//!
//! Nothing is refused because of a finding. The promise findings are written down when the promise is given; the others follow from time alone
//! and are derived when they are read.

use chrono::{DateTime, Utc};

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
