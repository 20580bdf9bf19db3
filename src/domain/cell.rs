//! The cells of form II.06a/VPCP and of what stands beside it, each as a question that is asked of one dossier.
//!
//! What a cell counts is said once, in [`Cell::holds`]; sums, lists and restatements are held to it by tests.

use super::dossier::{ClosedAs, Outcome};
use super::statistics::{Progress, Source, Standing, Tally};

words! {
    /// One number of a row; its word is the number's place in the report's JSON.
    Cell {
        /// (3)
        Received = "received.total",
        /// (4)
        Online = "received.online",
        /// (5)
        Direct = "received.direct",
        /// (6)
        CarriedOver = "received.carried_over",
        /// (7)
        Resolved = "resolved.total",
        /// (8)
        Early = "resolved.early",
        /// (9)
        OnTime = "resolved.on_time",
        /// (10)
        Late = "resolved.late",
        /// (11)
        InProgress = "in_progress.total",
        /// (12)
        WithinLimit = "in_progress.within_limit",
        /// (13)
        Overdue = "in_progress.overdue",
        /// Of (12), those whose limit stands still.
        Suspended = "in_progress.suspended",
        /// Of (10) and (13), those with an apology.
        LateWithApology = "late_with_apology",
        /// Of (10) and (13), those without.
        LateWithoutApology = "late_without_apology",
        /// Of (7), closed with a result.
        ClosedResolved = "closed_as.resolved",
        /// Of (7), refused.
        ClosedRefused = "closed_as.refused",
        /// Of (7), withdrawn.
        ClosedWithdrawn = "closed_as.withdrawn",
        /// Of (7), stopped.
        ClosedStopped = "closed_as.stopped",
    }
}

impl Cell {
    /// Whether a dossier that stands so is counted here.
    pub fn holds(self, of: Standing) -> bool {
        let closed_as = |way| matches!(of.progress, Progress::Closed(as_what, _) if as_what == way);
        let closed = |outcome| matches!(of.progress, Progress::Closed(_, how) if how == outcome);
        let is_closed = matches!(of.progress, Progress::Closed(..));
        let is_late = closed(Outcome::Late) || of.progress == Progress::Overdue;
        match self {
            Cell::Received => true,
            Cell::Online => of.source == Source::Online,
            Cell::Direct => of.source == Source::Direct,
            Cell::CarriedOver => of.source == Source::CarriedOver,
            Cell::Resolved => is_closed,
            Cell::Early => closed(Outcome::Early),
            Cell::OnTime => closed(Outcome::OnTime),
            Cell::Late => closed(Outcome::Late),
            Cell::InProgress => !is_closed,
            Cell::WithinLimit => matches!(of.progress, Progress::WithinLimit | Progress::Suspended),
            Cell::Overdue => of.progress == Progress::Overdue,
            Cell::Suspended => of.progress == Progress::Suspended,
            Cell::LateWithApology => is_late && of.apologised,
            Cell::LateWithoutApology => is_late && !of.apologised,
            Cell::ClosedResolved => closed_as(ClosedAs::Resolved),
            Cell::ClosedRefused => closed_as(ClosedAs::Refused),
            Cell::ClosedWithdrawn => closed_as(ClosedAs::Withdrawn),
            Cell::ClosedStopped => closed_as(ClosedAs::Stopped),
        }
    }

    /// The number of this cell in a row.
    pub fn of(self, row: &Tally) -> u32 {
        match self {
            Cell::Received => row.received,
            Cell::Online => row.online,
            Cell::Direct => row.direct,
            Cell::CarriedOver => row.carried_over,
            Cell::Resolved => row.resolved,
            Cell::Early => row.early,
            Cell::OnTime => row.on_time,
            Cell::Late => row.late,
            Cell::InProgress => row.in_progress,
            Cell::WithinLimit => row.within_limit,
            Cell::Overdue => row.overdue,
            Cell::Suspended => row.suspended,
            Cell::LateWithApology => row.late_with_apology,
            Cell::LateWithoutApology => row.late_without_apology,
            Cell::ClosedResolved => row.closed_resolved,
            Cell::ClosedRefused => row.closed_refused,
            Cell::ClosedWithdrawn => row.closed_withdrawn,
            Cell::ClosedStopped => row.closed_stopped,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_counts_those_it_holds() {
        let mut progresses = vec![Progress::WithinLimit, Progress::Suspended, Progress::Overdue];
        for closed_as in ClosedAs::ALL {
            progresses.extend(Outcome::ALL.iter().map(|outcome| Progress::Closed(*closed_as, *outcome)));
        }
        for source in [Source::Online, Source::Direct, Source::CarriedOver] {
            for progress in &progresses {
                for apologised in [false, true] {
                    let standing =
                        Standing { source, progress: *progress, apologised, twice_supplemented: false };
                    let mut row = Tally::default();
                    row.add(standing, 1);
                    for cell in Cell::ALL {
                        assert_eq!(cell.of(&row), u32::from(cell.holds(standing)), "{cell} {standing:?}");
                    }
                }
            }
        }
    }
}
