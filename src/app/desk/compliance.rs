//! How the commitments were kept in the official month that runs, and in the one before.

use crate::app::reports::Scope;
use crate::app::reports::commitments::{self, CommitmentsReport, CommitmentsRequest};
use crate::app::{AppError, Catalogue, Fault};
use crate::domain::kept::CommitmentsBy;
use crate::store::AnyConnection;
use crate::text::Lang;

/// How the commitments were kept.
#[derive(Debug, Clone)]
pub struct ComplianceView {
    /// In the month that runs, up to now.
    pub month: CommitmentsReport,
    /// In the month before.
    pub before: CommitmentsReport,
}

pub(super) fn read(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    scope: &Scope,
    lang: Lang,
) -> Result<ComplianceView, AppError> {
    let request =
        CommitmentsRequest { asked: super::asked(&scope.unit, lang), group_by: CommitmentsBy::Effect };
    let before = scope.period.before().map_err(|_| AppError::invalid("period", Fault::OutOfRange))?;
    let before = scope.with_period(before, before.end());
    Ok(ComplianceView {
        month: commitments::evaluated(c, catalogue, scope, &request)?,
        before: commitments::evaluated(c, catalogue, &before, &request)?,
    })
}
