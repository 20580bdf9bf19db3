//! The columns of form II.06a/VPCP as a row of the JSON groups them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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
