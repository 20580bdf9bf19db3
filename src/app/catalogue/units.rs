//! Changing units.

use std::collections::BTreeMap;

use super::Catalogue;
use crate::app::{App, AppError, Fault, Invalid};
use crate::domain::unit::{Unit, UnitTree};
use crate::store::catalogue as store;

/// Adds or changes units, parents and children in any order.
///
/// # Errors
/// An empty code or name, an unknown parent or a cycle, each naming the row; the store's errors.
pub async fn units_put(app: &App, new: Vec<Unit>) -> Result<usize, AppError> {
    app.write_job("units", move |c, catalogue| {
        let ordered = units_ordered(catalogue, new)?;
        store::units_put(c, &ordered)?;
        store::catalogue_touch(c)?;
        Ok(ordered.len())
    })
    .await
}

/// Whether [`units_put`] would take these units.
///
/// # Errors
/// Those of [`units_put`].
pub async fn units_check(app: &App, new: Vec<Unit>) -> Result<(), AppError> {
    app.read(move |_, catalogue| units_ordered(catalogue, new).map(|_| ())).await
}

/// The units as they may be written: parents first, so that each reference finds its row.
fn units_ordered(catalogue: &Catalogue, new: Vec<Unit>) -> Result<Vec<Unit>, AppError> {
    let empty: Vec<Invalid> = new
        .iter()
        .enumerate()
        .filter(|(_, unit)| unit.code.trim().is_empty() || unit.name.trim().is_empty())
        .map(|(at, _)| Invalid::new(format!("[{at}].name"), Fault::Empty))
        .collect();
    if !empty.is_empty() {
        return Err(AppError::Invalid(empty));
    }
    let mut all: BTreeMap<String, Unit> =
        catalogue.units.iter().map(|unit| (unit.code.clone(), unit.clone())).collect();
    let codes: Vec<String> = new.iter().map(|unit| unit.code.clone()).collect();
    all.extend(new.into_iter().map(|unit| (unit.code.clone(), unit)));
    let tree = UnitTree::new(all.into_values().collect())
        .map_err(|_| AppError::invalid("parent", Fault::UnknownReference))?;
    let mut ordered: Vec<Unit> = codes.iter().filter_map(|code| tree.get(code).cloned()).collect();
    ordered.sort_by_key(|unit| tree.lineage(&unit.code).len());
    Ok(ordered)
}
