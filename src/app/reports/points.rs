//! Points beside the form, by the office's own schemes.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::scheme::Scheme;
use crate::domain::statistics::Tally;

/// Points by one of the office's own schemes.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PointsView {
    /// The scheme's name.
    pub scheme: String,
    /// The points; null when its rate is of nothing.
    pub points: Option<f64>,
}

/// The points of a row, scheme by scheme.
pub(super) fn points(schemes: &[Scheme], of: &Tally) -> Vec<PointsView> {
    let view = |scheme: &Scheme| PointsView { scheme: scheme.name().to_owned(), points: scheme.points(of) };
    schemes.iter().map(view).collect()
}
