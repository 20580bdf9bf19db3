//! The columns of form II.06a/VPCP as a row of the JSON groups them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::processing::ProcessingRow;
use crate::domain::cell::Cell;

/// Dossiers of the period by where they came from.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub struct ReceivedView {
    /// (3) All.
    pub total: u32,
    /// (4) Received online.
    pub online: u32,
    /// (5) Received at the counter and by post.
    pub direct: u32,
    /// (6) Carried over from the period before.
    pub carried_over: u32,
}

/// Dossiers closed in the period.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub struct ResolvedView {
    /// (7) All.
    pub total: u32,
    /// (8) Before the due day.
    pub early: u32,
    /// (9) On time.
    pub on_time: u32,
    /// (10) Late.
    pub late: u32,
}

/// Dossiers open at `as_of`.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
pub struct InProgressView {
    /// (11) All.
    pub total: u32,
    /// (12) Within the limit.
    pub within_limit: u32,
    /// (13) Overdue.
    pub overdue: u32,
    /// Of (12), those whose limit stands still.
    pub suspended: u32,
}

/// Closed dossiers by the way of closing.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct ClosedAsView {
    /// With a result.
    pub resolved: u32,
    /// Refused.
    pub refused: u32,
    /// Withdrawn by the citizen.
    pub withdrawn: u32,
    /// Stopped.
    pub stopped: u32,
}

impl ProcessingRow {
    /// The number of a cell.
    #[must_use]
    pub fn count(&self, of: Cell) -> u32 {
        let ProcessingRow { received, resolved, in_progress, closed_as, .. } = self;
        match of {
            Cell::Received => received.total,
            Cell::Online => received.online,
            Cell::Direct => received.direct,
            Cell::CarriedOver => received.carried_over,
            Cell::Resolved => resolved.total,
            Cell::Early => resolved.early,
            Cell::OnTime => resolved.on_time,
            Cell::Late => resolved.late,
            Cell::InProgress => in_progress.total,
            Cell::WithinLimit => in_progress.within_limit,
            Cell::Overdue => in_progress.overdue,
            Cell::Suspended => in_progress.suspended,
            Cell::LateWithApology => self.late_with_apology,
            Cell::LateWithoutApology => self.late_without_apology,
            Cell::ClosedResolved => closed_as.resolved,
            Cell::ClosedRefused => closed_as.refused,
            Cell::ClosedWithdrawn => closed_as.withdrawn,
            Cell::ClosedStopped => closed_as.stopped,
        }
    }

    /// The address of the list of the dossiers that a cell counts; `None` in a report without links.
    #[must_use]
    pub fn link(&self, of: Cell) -> Option<&str> {
        self.links.as_ref()?.get(of.word()).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::reports::processing::row;
    use crate::domain::statistics::Tally;

    #[test]
    fn a_cell_is_the_number_in_its_place() {
        let tally = Tally {
            received: 1,
            online: 2,
            direct: 3,
            carried_over: 4,
            resolved: 5,
            early: 6,
            on_time: 7,
            late: 8,
            in_progress: 9,
            within_limit: 10,
            overdue: 11,
            suspended: 12,
            late_with_apology: 13,
            late_without_apology: 14,
            closed_resolved: 15,
            closed_refused: 16,
            closed_withdrawn: 17,
            closed_stopped: 18,
            twice_supplemented: 19,
        };
        let row = row("k", "n", &tally);
        let json = serde_json::to_value(&row).unwrap();
        for cell in Cell::ALL {
            let place = format!("/{}", cell.word().replace('.', "/"));
            assert_eq!(json.pointer(&place).unwrap().as_u64(), Some(row.count(*cell).into()), "{cell}");
            assert_eq!(row.count(*cell), cell.of(&tally), "{cell}");
        }
    }
}
