//! Past dossiers, page by page, for trying a rule out on them.

use diesel::prelude::*;

use super::dossiers::DossierRow;
use super::schema::dossiers;
use super::{AnyConnection, Moment, StoreError};
use crate::domain::dossier::Dossier;

/// Which past dossiers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// Of these units.
    pub units: Vec<String>,
    /// Not received before this instant.
    pub from: Moment,
    /// Received at this instant or before.
    pub until: Moment,
}

/// Those with keys beyond `after`, in the order of their keys, at most `most`.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn dossiers_past_after(
    c: &mut AnyConnection,
    past: &Past,
    after: i64,
    most: i64,
) -> Result<Vec<Dossier>, StoreError> {
    let rows: Vec<DossierRow> = on!(c, |c| dossiers::table
        .filter(dossiers::id.gt(after))
        .filter(dossiers::unit.eq_any(&past.units))
        .filter(dossiers::received_at.ge(past.from).and(dossiers::received_at.le(past.until)))
        .order(dossiers::id)
        .limit(most)
        .select(DossierRow::as_select())
        .load(c))?;
    rows.into_iter().map(TryInto::try_into).collect()
}
