//! What falls due next, of what is being worked on: what stands still has no date to plan by.

use chrono::NaiveDate;

use super::about;
use crate::app::reports::Scope;
use crate::app::reports::heading::{list, written};
use crate::app::{AppError, Catalogue};
use crate::domain::ahead::{Ahead, stretches};
use crate::domain::dossier::Status;
use crate::store::AnyConnection;
use crate::store::listing::{Bounds, DossierFilter, dossiers_count};

/// What falls due in a stretch of the days to come.
#[derive(Debug, Clone)]
pub struct ForecastView {
    /// Which.
    pub ahead: Ahead,
    /// Its last day.
    pub last: NaiveDate,
    /// How many dossiers.
    pub count: i64,
    /// The address of their list.
    pub link: String,
}

pub(super) fn read(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    scope: &Scope,
) -> Result<Vec<ForecastView>, AppError> {
    let calendar = catalogue.calendar(&scope.unit)?;
    let status = Status::Processing.word();
    let mut found = Vec::new();
    for of in stretches(scope.now, &calendar) {
        let filter = DossierFilter {
            units: scope.narrowed().map(<[String]>::to_vec),
            statuses: Some(vec![status.to_owned()]),
            open: Some(true),
            due_at: Bounds { gte: Some(of.from.into()), lt: Some(of.before.into()), ..Bounds::default() },
            ..DossierFilter::default()
        };
        let (from, before) = (written(of.from), written(of.before));
        let due = [
            ("status", status),
            ("closed_at__isnull", "true"),
            ("due_at__gte", from.as_str()),
            ("due_at__lt", &before),
        ];
        found.push(ForecastView {
            ahead: of.ahead,
            last: of.last,
            count: dossiers_count(c, &filter, scope.now.into())?,
            link: list("dossiers", &[&about(scope)[..], &due].concat()),
        });
    }
    Ok(found)
}
