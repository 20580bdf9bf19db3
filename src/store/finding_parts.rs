//! The parts that all findings are made of: those written down, and for each rule of time the dossiers that were closed since and those that are open.
//!
//! Asked of a whole country, all of them together are a walk through every dossier, on either engine. A part by itself is found along one index:
//! `dossiers_late_seen` (closed late), `dossiers_open_lapses` (open), `dossier_commitments_lapses` (commitments), `findings_seen`
//! (written); the first two hold all by which they are counted. What the parts are is said by the views of the migrations; tests hold them to `all_findings`.

use crate::domain::finding::FindingCode;

/// A part of all findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Those written down with a promise or an act.
    Written,
    /// Limits that lapsed before the closing.
    OverdueClosed,
    /// Limits that lapsed, of open dossiers.
    OverdueOpen,
    /// Apologies that were not given in time, of closed dossiers.
    ApologyClosed,
    /// Apologies that were not given in time, of open dossiers.
    ApologyOpen,
    /// Commitments that were missed, of closed dossiers.
    MissedClosed,
    /// Commitments that were missed, of open dossiers.
    MissedOpen,
}

impl Part {
    /// All of them, which share nothing.
    pub(super) const ALL: [Part; 7] = [
        Part::Written,
        Part::OverdueClosed,
        Part::OverdueOpen,
        Part::ApologyClosed,
        Part::ApologyOpen,
        Part::MissedClosed,
        Part::MissedOpen,
    ];

    /// Whether it is of time and of closed dossiers: when these were closed, all of it ceased to matter, if it had not before.
    pub(super) fn is_of_closed(self) -> bool {
        matches!(self, Part::OverdueClosed | Part::ApologyClosed | Part::MissedClosed)
    }

    /// The rules whose findings are in it; `None` for those of any.
    fn codes(self) -> Option<&'static [FindingCode]> {
        match self {
            Part::Written => None,
            Part::OverdueClosed | Part::OverdueOpen => Some(&[FindingCode::Overdue]),
            Part::ApologyClosed | Part::ApologyOpen => Some(&[FindingCode::ApologyMissing]),
            Part::MissedClosed | Part::MissedOpen => Some(&[
                FindingCode::SameDayMissed,
                FindingCode::WeekRolloverMissed,
                FindingCode::CommitmentMissed,
            ]),
        }
    }

    /// Whether it can hold findings of one of these rules (any, if none are named) that still matter, or do not.
    pub(super) fn may_hold(self, codes: Option<&[String]>, open: Option<bool>) -> bool {
        let of_codes = match (codes, self.codes()) {
            (Some(asked), Some(own)) => own.iter().any(|of| asked.iter().any(|code| code == of.word())),
            (None, _) | (_, None) => true,
        };
        let of_open = match self {
            Part::Written | Part::ApologyOpen => true,
            Part::OverdueClosed | Part::ApologyClosed | Part::MissedClosed => open != Some(true),
            Part::OverdueOpen | Part::MissedOpen => open != Some(false),
        };
        of_codes && of_open
    }
}

/// Runs `$asked!(view, condition, …)` for a part: its view, and what makes it that part, as the predicates of indexes say it. `$until` is an instant no
/// finding that is asked for was first seen after.
macro_rules! of_part {
    ($part:expr, $until:expr, $asked:ident!($($argument:tt),+)) => {{
        let until: Moment = $until;
        match $part {
            Part::Written => {
                $asked!(written_findings, written_findings::first_seen_at.le(until), $($argument),+)
            }
            Part::OverdueClosed => $asked!(
                overdue_findings,
                overdue_findings::closed_at.assume_not_null().ge(overdue_findings::first_seen_at),
                $($argument),+
            ),
            Part::OverdueOpen => {
                $asked!(overdue_findings, overdue_findings::closed_at.is_null(), $($argument),+)
            }
            Part::ApologyClosed => $asked!(
                apology_findings,
                apology_findings::closed_at.assume_not_null().ge(apology_findings::first_seen_at),
                $($argument),+
            ),
            Part::ApologyOpen => {
                $asked!(apology_findings, apology_findings::closed_at.is_null(), $($argument),+)
            }
            // By the commitment's own lapse: it may have been missed before a pause, and what a dossier says of its commitments be of later on.
            Part::MissedClosed => $asked!(
                missed_findings,
                missed_findings::closed_at.assume_not_null().ge(missed_findings::first_seen_at),
                $($argument),+
            ),
            Part::MissedOpen => {
                $asked!(missed_findings, missed_findings::closed_at.is_null(), $($argument),+)
            }
        }
    }};
}
