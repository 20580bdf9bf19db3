//! Addresses that turned out to be dead: shown to leaders and administrators, released by administrators.

use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::views::must_be_warned;
use crate::app::access::{Principal, Right};
use crate::app::entries::{self, Stamp};
use crate::app::view::OfficeTime;
use crate::app::{App, AppError};
use crate::store::suppressions::{self as store, Suppressed};

/// An address that is written to no more.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SuppressionView {
    /// Its key.
    pub id: i64,
    /// Whose address it is, by key.
    pub user: i64,
    /// By name.
    pub user_name: String,
    /// The user's unit.
    pub unit: String,
    /// The address.
    pub address: String,
    /// The message that found it dead.
    pub alert: i64,
    /// What the server said.
    pub server_reply: String,
    /// Since when.
    pub since: OfficeTime,
}

/// The dead addresses of the asker's units, the newest first.
///
/// # Errors
/// [`AppError::Forbidden`] for officers and reporters, the store's errors.
pub async fn suppressions(app: &App, by: Principal) -> Result<Vec<SuppressionView>, AppError> {
    must_be_warned(&by)?;
    app.read(move |c, catalogue| {
        let rows = store::suppressions_list(c, &catalogue.units.subtree(&by.unit))?;
        Ok(rows.into_iter().map(view).collect())
    })
    .await
}

/// Lets an address be written to again. What was not sent to it stays so until it is replayed.
///
/// # Errors
/// [`AppError::Forbidden`] for all but administrators, [`AppError::NotFound`] outside their units, the store's errors.
pub async fn release(app: &App, id: i64, by: Principal) -> Result<(), AppError> {
    by.must(Right::Administer)?;
    let now = app.clock().now();
    app.write_job("alert address release", move |c, catalogue| {
        let (row, ..) = store::suppression_find(c, id)?
            .filter(|(_, _, unit)| by.sees(unit, &catalogue.units))
            .ok_or(AppError::NotFound("suppression"))?;
        store::suppression_delete(c, id)?;
        let entry = ("alert_address_released", json!({"user": row.user_id, "alert": row.outbox_id}));
        entries::append(c, Stamp::of(Some(&by), now), [entry])
    })
    .await
}

fn view((row, user_name, unit): Suppressed) -> SuppressionView {
    SuppressionView {
        id: row.id,
        user: row.user_id,
        user_name,
        unit,
        address: row.address,
        alert: row.outbox_id,
        server_reply: row.reply,
        since: row.since.utc().into(),
    }
}
