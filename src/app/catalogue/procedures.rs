//! Changing procedures.

use crate::app::{App, AppError};
use crate::domain::procedure::Procedure;
use crate::store::catalogue as store;

/// Adds or changes procedures; the limits given replace those kept.
///
/// # Errors
/// The store's errors.
pub async fn procedures_put(app: &App, new: Vec<Procedure>) -> Result<usize, AppError> {
    app.write_job("procedures", move |c, _| {
        store::procedures_put(c, &new)?;
        store::catalogue_touch(c)?;
        Ok(new.len())
    })
    .await
}
