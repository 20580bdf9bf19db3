//! The thirteen columns of form II.06a/VPCP and what stands above them: what every table of a processing report is drawn from.
//!
//! It reads from a report, and as well from the JSON of one that was sealed by an older program: of that it takes these fields and no others.

use serde::Deserialize;

use super::PeriodView;
use super::columns::{InProgressView, ReceivedView, ResolvedView};
use super::processing::{ProcessingReport, ProcessingRow};
use super::tables::titled;
use crate::app::view::OfficeTime;
use crate::domain::period::Period;
use crate::domain::statistics::GroupBy;

/// How many columns hold numbers: (3) to (13).
pub const COUNTS: usize = 11;

/// The form's columns.
#[derive(Debug, Clone, Deserialize)]
pub struct FormTable {
    /// The form.
    pub form: String,
    /// The period.
    pub period: PeriodView,
    /// The instant it is seen from.
    pub as_of: OfficeTime,
    /// What a row stands for.
    pub group_by: GroupBy,
    /// The newest calendar version that the due dates rest on.
    #[serde(default)]
    pub calendar_version: i64,
    /// The rows, as the report has them.
    pub rows: Vec<FormRow>,
    /// All rows together; its name is the reporting unit's.
    pub total: FormRow,
}

/// Columns (2) to (13) of a row.
#[derive(Debug, Clone, Deserialize)]
pub struct FormRow {
    /// The row's key.
    pub key: String,
    /// (2) Its name.
    pub name: String,
    /// (3) to (6).
    pub received: ReceivedView,
    /// (7) to (10).
    pub resolved: ResolvedView,
    /// (11) to (13).
    pub in_progress: InProgressView,
}

impl From<&ProcessingReport> for FormTable {
    fn from(of: &ProcessingReport) -> FormTable {
        FormTable {
            form: of.form.to_owned(),
            period: of.period.clone(),
            as_of: of.as_of,
            group_by: of.group_by,
            calendar_version: of.calendar_version,
            rows: of.rows.iter().map(FormRow::from).collect(),
            total: (&of.total).into(),
        }
    }
}

impl From<&ProcessingRow> for FormRow {
    fn from(of: &ProcessingRow) -> FormRow {
        FormRow {
            key: of.key.clone(),
            name: of.name.clone(),
            received: of.received,
            resolved: of.resolved,
            in_progress: of.in_progress,
        }
    }
}

impl FormTable {
    /// The period itself; `None` for one whose label no program wrote.
    #[must_use]
    pub fn of_period(&self) -> Option<Period> {
        self.period.read()
    }
}

impl FormRow {
    /// Columns (3) to (13), in order.
    #[must_use]
    pub fn counts(&self) -> [u32; COUNTS] {
        let FormRow { received, resolved, in_progress, .. } = self;
        [
            received.total,
            received.online,
            received.direct,
            received.carried_over,
            resolved.total,
            resolved.early,
            resolved.on_time,
            resolved.late,
            in_progress.total,
            in_progress.within_limit,
            in_progress.overdue,
        ]
    }

    /// The name with the code behind it, where it has one of its own.
    #[must_use]
    pub fn title(&self) -> String {
        titled(&self.key, &self.name)
    }
}
