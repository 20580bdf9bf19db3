//! Which mails were turned off by their readers: shown to administrators, who may turn them on again.

use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::app::access::{Principal, Right};
use crate::app::entries::{self, Stamp};
use crate::app::view::OfficeTime;
use crate::app::{App, AppError};
use crate::store::alert_links as store;

/// Mails that a reader has turned off.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OptDownView {
    /// Its key.
    pub id: i64,
    /// The reader, by key.
    pub user: i64,
    /// By name.
    pub user_name: String,
    /// The reader's unit.
    pub unit: String,
    /// The rule's name.
    pub rule: String,
    /// Since when.
    pub since: OfficeTime,
}

/// What readers of the asker's units have turned off, the oldest first.
///
/// # Errors
/// [`AppError::Forbidden`] for all but administrators, the store's errors.
pub async fn opt_downs(app: &App, by: Principal) -> Result<Vec<OptDownView>, AppError> {
    by.must(Right::Administer)?;
    app.read(move |c, catalogue| {
        let rows = store::opt_downs_list(c, &catalogue.units.subtree(&by.unit))?;
        let view = |(row, user_name, unit): (store::OptDownRow, String, String)| OptDownView {
            id: row.id,
            user: row.user_id,
            user_name,
            unit,
            rule: row.rule,
            since: row.since.utc().into(),
        };
        Ok(rows.into_iter().map(view).collect())
    })
    .await
}

/// Turns the mails on again; the ledger keeps who did it.
///
/// # Errors
/// [`AppError::Forbidden`] for all but administrators, [`AppError::NotFound`] outside their units, the store's errors.
pub async fn take_back(app: &App, id: i64, by: Principal) -> Result<(), AppError> {
    by.must(Right::Administer)?;
    let now = app.clock().now();
    app.write_job("alert opt-down", move |c, catalogue| {
        let (row, _) = store::opt_down_find(c, id)?
            .filter(|(_, unit)| by.sees(unit, &catalogue.units))
            .ok_or(AppError::NotFound("opt_down"))?;
        store::opt_down_remove(c, row.user_id, &row.rule)?;
        let told = json!({"user": row.user_id, "rule": row.rule, "by": "administrator"});
        entries::append(c, Stamp::of(Some(&by), now), [("alert_turned_on", told)])
    })
    .await
}
