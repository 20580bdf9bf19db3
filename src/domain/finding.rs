//! Findings (*vi phạm, cảnh báo*): which rule a dossier breaks, since when, and on what evidence.
//!
//! Nothing is refused because of a finding. Those of the promise are written down when the promise is given and those of an act with the act
//! ([`super::conduct`]); the others follow from time alone and are derived when they are read.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::commitment::Pledge;
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
        /// Open at the instant its limit lapsed, and no apology slip had been given in time.
        ApologyMissing = "apology_missing",
        /// Appointed anew more than once.
        SecondReappointment = "second_reappointment",
        /// Sent back for a supplement more than once.
        SecondSupplement = "second_supplement",
        /// Sent back for a supplement more than 3 working days after the receipt.
        SupplementLate = "supplement_late",
        /// Paused or sent back on the due day or after it.
        PausedWhenDue = "paused_when_due",
        /// Recorded long after it is said to have happened.
        Backdated = "backdated",
        /// Stopped or withdrawn on the due day or after it.
        ClosedWithoutResult = "closed_without_result",
    }
}

impl FindingCode {
    /// Whether it is about what was promised, and falls with a promise that is corrected.
    pub fn is_of_promise(self) -> bool {
        match self {
            FindingCode::SameDayPromise
            | FindingCode::WeekRolloverPromise
            | FindingCode::CommitmentPromise
            | FindingCode::PromiseBeyondLimit
            | FindingCode::PromiseOnDayOff => true,
            FindingCode::SameDayMissed
            | FindingCode::WeekRolloverMissed
            | FindingCode::CommitmentMissed
            | FindingCode::Overdue
            | FindingCode::ApologyMissing
            | FindingCode::SecondReappointment
            | FindingCode::SecondSupplement
            | FindingCode::SupplementLate
            | FindingCode::PausedWhenDue
            | FindingCode::Backdated
            | FindingCode::ClosedWithoutResult => false,
        }
    }
}

words! {
    /// Why a finding ceased to matter.
    ClearedWhy {
        /// The dossier was closed.
        Closed = "closed",
        /// A correction took away what it rested on.
        Corrected = "corrected",
        /// The apology came, too late.
        Apologised = "apologised",
        /// A new calendar moved the date it rested on.
        Redated = "redated",
    }
}

/// A finding with its evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// The rule.
    pub code: FindingCode,
    /// What was promised (for those of time and of acts: the due instant then).
    pub promised_at: DateTime<Utc>,
    /// The promise that would have kept the rule; `None` where nothing can be promised any more.
    pub compliant_due_at: Option<DateTime<Utc>>,
    /// The commitment that is broken, if it is one.
    pub commitment_id: Option<i64>,
    /// The law, decision or calendar row behind it.
    pub source: String,
    /// When the act that brought it about is said to have happened; `None` where no act after the receipt did.
    pub act_at: Option<DateTime<Utc>>,
    /// When it came to be.
    pub first_seen_at: DateTime<Utc>,
    /// When it ceased to matter.
    pub cleared_at: Option<DateTime<Utc>>,
    /// Why it ceased to matter.
    pub cleared_why: Option<ClearedWhy>,
}

impl Finding {
    /// Marks it as one that ceased to matter; one that did before is left as it is.
    pub fn clear(&mut self, at: DateTime<Utc>, why: ClearedWhy) {
        if self.cleared_at.is_none() {
            self.cleared_at = Some(at);
            self.cleared_why = Some(why);
        }
    }
}

/// A commitment that binds a dossier, as far as time can break it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bound {
    /// The commitment.
    pub commitment_id: i64,
    /// What it promises.
    pub pledge: Pledge,
    /// The latest promise that keeps it; never, while the calendar lets it demand nothing of the receipt.
    pub due_at: DateTime<Utc>,
    /// Still open at this instant, it is missed; never, while it rests so or the dossier's time stands still.
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
        act_at: None,
        first_seen_at: lapses_at,
        cleared_at: dossier.closed_at,
        cleared_why: dossier.closed_at.map(|_| ClearedWhy::Closed),
    };
    let missed = bounds.iter().filter(|bound| reached(bound.lapses_at)).map(|bound| {
        found(bound.pledge.missed(), bound.lapses_at, Some(bound.due_at), Some(bound.commitment_id))
    });
    let overdue =
        reached(dossier.lapses_at).then(|| found(FindingCode::Overdue, dossier.lapses_at, None, None));
    let in_time = dossier.apologised_at.is_some_and(|at| at < dossier.apology_by);
    let apology = (reached(dossier.lapses_at) && !in_time).then(|| {
        let missing = found(FindingCode::ApologyMissing, dossier.lapses_at, None, None);
        late_apology(dossier).map_or(missing.clone(), |at| Finding {
            cleared_at: Some(at),
            cleared_why: Some(ClearedWhy::Apologised),
            ..missing
        })
    });
    let mut all: Vec<Finding> = missed.chain(overdue).chain(apology).collect();
    all.sort_by_key(|finding| (finding.first_seen_at, finding.code.word()));
    all
}

/// When an apology that came too late ended its being missing: at the lapse itself, if it came before; `None` when the closing was first.
fn late_apology(dossier: &Dossier) -> Option<DateTime<Utc>> {
    let at = dossier.apologised_at?.max(dossier.lapses_at);
    dossier.closed_at.is_none_or(|closed| at < closed).then_some(at)
}
