//! Changing the catalogue as a signed-in administrator: who may change what, before [`super::catalogue`] does it.

use std::collections::BTreeMap;

use super::access::{Principal, Right};
use super::{App, AppError, Catalogue, Fault, Invalid, catalogue};
use crate::domain::procedure::Procedure;
use crate::domain::unit::{Unit, UnitTree};

/// Adds or changes units within the administrator's own.
///
/// # Errors
/// [`AppError::Forbidden`] for a unit that lies outside, or would; those of [`catalogue::units_put`].
pub async fn units_put(app: &App, new: Vec<Unit>, by: Principal) -> Result<usize, AppError> {
    by.must(Right::Administer)?;
    let asked = new.clone();
    app.read(move |_, catalogue| units_may(catalogue, &asked, &by)).await?;
    catalogue::units_put(app, new).await
}

fn units_may(catalogue: &Catalogue, new: &[Unit], by: &Principal) -> Result<(), AppError> {
    let mut all: BTreeMap<&str, Unit> =
        catalogue.units.iter().map(|unit| (unit.code.as_str(), unit.clone())).collect();
    all.extend(new.iter().map(|unit| (unit.code.as_str(), unit.clone())));
    let faults: Vec<Invalid> = new
        .iter()
        .filter(|unit| unit.merged_into.as_deref().is_some_and(|code| !all.contains_key(code)))
        .map(|_| Invalid::new("merged_into", Fault::UnknownReference))
        .collect();
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    let after = UnitTree::new(all.into_values().collect())
        .map_err(|_| AppError::invalid("parent", Fault::UnknownReference))?;
    let outside = |unit: &&Unit| {
        let was = catalogue.units.get(&unit.code).is_some() && !by.sees(&unit.code, &catalogue.units);
        was || !by.sees(&unit.code, &after)
    };
    if new.iter().any(|unit| outside(&unit)) { Err(AppError::Forbidden) } else { Ok(()) }
}

/// Adds or changes procedures, which hold for every unit: for an administrator of the topmost unit alone.
///
/// # Errors
/// [`AppError::Forbidden`] for any other; those of [`catalogue::procedures_put`].
pub async fn procedures_put(app: &App, new: Vec<Procedure>, by: Principal) -> Result<usize, AppError> {
    by.must(Right::Administer)?;
    app.read(move |_, catalogue| {
        let below = catalogue.units.get(&by.unit).is_some_and(|unit| unit.parent.is_some());
        if below { Err(AppError::Forbidden) } else { Ok(()) }
    })
    .await?;
    catalogue::procedures_put(app, new).await
}
