//! What stands at the head of every report, and the addresses of the lists behind its numbers.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::{PeriodView, Scope};
use crate::app::view::OfficeTime;
use crate::domain::office_time;

/// What a report is about.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HeadingView {
    /// The period.
    pub period: PeriodView,
    /// The instant it is seen from; never after the period's end.
    pub as_of: OfficeTime,
    /// Top of the units it is about, with all below it.
    pub unit: String,
}

impl From<&Scope> for HeadingView {
    fn from(of: &Scope) -> Self {
        HeadingView { period: (&of.period).into(), as_of: of.window.as_of().into(), unit: of.unit.clone() }
    }
}

/// The address of a list (`dossiers`, `findings`) with these parameters.
pub(super) fn list(of: &str, parameters: &[(&str, &str)]) -> String {
    // Pairs of texts can always be written.
    let query = serde_urlencoded::to_string(parameters).unwrap_or_default();
    format!("/api/v1/{of}?{query}")
}

/// An instant as a parameter.
pub(super) fn written(at: DateTime<Utc>) -> String {
    office_time::local(at).to_rfc3339_opts(SecondsFormat::AutoSi, false)
}
