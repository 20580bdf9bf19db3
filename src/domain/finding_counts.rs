//! Counting findings over a period: those that came to be in it, those that still matter when it is looked at, and those that ceased to matter in it.

use super::finding::{ClearedWhy, Finding};
use super::statistics::Window;

words! {
    /// What a row of the findings report stands for.
    FindingsBy {
        /// A rule.
        Kind = "kind",
        /// A unit.
        Unit = "unit",
        /// An officer.
        Officer = "officer",
    }
}

/// Findings counted. Those opened and cleared in one period are in both; the open ones may be of any time before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FindingCounts {
    /// First seen in the period.
    pub opened: u32,
    /// Seen, and mattering still, at the instant it is seen from.
    pub open: u32,
    /// Ceased to matter in the period because the dossier was closed.
    pub cleared_closed: u32,
    /// … because a correction took away what they rested on.
    pub cleared_corrected: u32,
    /// … because the apology came, too late.
    pub cleared_apologised: u32,
    /// … because a new calendar moved the date they rested on.
    pub cleared_redated: u32,
}

impl FindingCounts {
    /// Counts a finding.
    pub fn add(&mut self, of: &Finding, window: &Window) {
        if of.first_seen_at >= window.cut() {
            return;
        }
        self.opened += u32::from(of.first_seen_at >= window.start());
        let cleared = of.cleared_at.filter(|at| *at < window.cut());
        self.open += u32::from(cleared.is_none());
        if cleared.is_some_and(|at| at >= window.start()) {
            match of.cleared_why {
                Some(ClearedWhy::Closed) => self.cleared_closed += 1,
                Some(ClearedWhy::Corrected) => self.cleared_corrected += 1,
                Some(ClearedWhy::Apologised) => self.cleared_apologised += 1,
                Some(ClearedWhy::Redated) => self.cleared_redated += 1,
                None => {}
            }
        }
    }

    /// Whether there is nothing to tell.
    pub fn is_empty(&self) -> bool {
        *self == FindingCounts::default()
    }
}

impl std::ops::AddAssign for FindingCounts {
    fn add_assign(&mut self, other: FindingCounts) {
        self.opened += other.opened;
        self.open += other.open;
        self.cleared_closed += other.cleared_closed;
        self.cleared_corrected += other.cleared_corrected;
        self.cleared_apologised += other.cleared_apologised;
        self.cleared_redated += other.cleared_redated;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::finding::FindingCode;
    use crate::domain::period::Period;
    use crate::domain::sample::at;

    fn finding(seen: &str, cleared: Option<(&str, ClearedWhy)>) -> Finding {
        Finding {
            code: FindingCode::Overdue,
            promised_at: at("2026-11-01T17:00:00"),
            compliant_due_at: None,
            commitment_id: None,
            source: String::new(),
            act_at: None,
            first_seen_at: at(seen),
            cleared_at: cleared.map(|(when, _)| at(when)),
            cleared_why: cleared.map(|(_, why)| why),
        }
    }

    #[test]
    fn a_finding_counts_by_what_was_known_then() {
        let window = Window::new(&Period::parse("2026-11-civil").unwrap(), at("2026-11-20T16:00:00"));
        let mut counts = FindingCounts::default();
        for of in [
            // Of before, open.
            finding("2026-10-05T00:00:00", None),
            // Of before, cleared before: nothing.
            finding("2026-10-05T00:00:00", Some(("2026-10-31T23:59:59", ClearedWhy::Closed))),
            // Of before, cleared in the first instant of the period.
            finding("2026-10-05T00:00:00", Some(("2026-11-01T00:00:00", ClearedWhy::Closed))),
            // Opened and cleared in it.
            finding("2026-11-05T00:00:00", Some(("2026-11-06T08:00:00", ClearedWhy::Apologised))),
            // Opened at the very instant, cleared later.
            finding("2026-11-20T16:00:00", Some(("2026-11-20T16:00:01", ClearedWhy::Corrected))),
            // Not seen yet.
            finding("2026-11-20T16:00:01", None),
        ] {
            counts.add(&of, &window);
        }
        let expected = FindingCounts {
            opened: 2,
            open: 2,
            cleared_closed: 1,
            cleared_apologised: 1,
            ..FindingCounts::default()
        };
        assert_eq!(counts, expected);
    }
}
