//! Sealed reports as people read them: with the names of who sealed and of what was sealed, and the numbers read from the sealed bytes.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::form::FormTable;
use super::seals::{SealView, SealingView, view, visible};
use crate::app::access::{Principal, Right};
use crate::app::dossiers::{Page, PageRequest, UnitScope};
use crate::app::{App, AppError, Catalogue};
use crate::domain::period::Period;
use crate::store::AnyConnection;
use crate::store::access::users_by_id;
use crate::store::seals::{SealHead, seals_of_period};

/// A seal with the names in it.
#[derive(Debug, Clone)]
pub struct NamedSeal {
    /// The seal.
    pub seal: SealView,
    /// The unit's name.
    pub unit_name: String,
    /// Who sealed it; `None` for the system itself.
    pub sealed_by: Option<String>,
    /// The period; `None` for one whose label no program wrote.
    pub period: Option<Period>,
}

/// A sealed report, read from its bytes.
#[derive(Debug, Clone)]
pub struct ShownSeal {
    /// The seal.
    pub named: NamedSeal,
    /// Its numbers.
    pub table: FormTable,
    /// What it says of its sealing.
    pub sealing: SealingView,
}

/// Sealed reports that the reader may see, the newest first.
///
/// # Errors
/// Those of [`super::seals::list`].
pub async fn named(app: &App, scope: UnitScope, page: PageRequest) -> Result<Page<NamedSeal>, AppError> {
    let Page { items, next, count, count_exact } = super::seals::list(app, scope, page).await?;
    let items = app.read(move |c, catalogue| names(c, catalogue, items)).await?;
    Ok(Page { items, next, count, count_exact })
}

/// The seals of exactly this unit and period, the newest first.
///
/// # Errors
/// [`AppError::Forbidden`]; the store's.
pub async fn of_period(
    app: &App,
    unit: String,
    period: String,
    by: Principal,
) -> Result<Vec<NamedSeal>, AppError> {
    by.must(Right::Read)?;
    app.read(move |c, catalogue| {
        if !by.sees(&unit, &catalogue.units) {
            return Ok(Vec::new());
        }
        let heads: Vec<SealHead> = seals_of_period(c, &unit, &period)?;
        names(c, catalogue, heads.into_iter().map(view).collect())
    })
    .await
}

/// One sealed report.
///
/// # Errors
/// [`AppError::NotFound`] when there is none, or none the reader may see; [`AppError::Internal`] when it cannot be read.
pub async fn shown(app: &App, id: i64, by: Principal) -> Result<ShownSeal, AppError> {
    #[derive(Deserialize)]
    struct Sealed {
        sealed: SealingView,
    }
    app.read(move |c, catalogue| {
        let row = visible(c, catalogue, id, &by)?;
        let broken =
            |error: serde_json::Error| AppError::Internal(format!("seal {id} cannot be read: {error}"));
        let table: FormTable = serde_json::from_str(&row.body).map_err(broken)?;
        let Sealed { sealed: sealing } = serde_json::from_str(&row.body).map_err(broken)?;
        let named = names(c, catalogue, vec![view(row.head)])?.pop().ok_or(AppError::NotFound("seal"))?;
        Ok(ShownSeal { named, table, sealing })
    })
    .await
}

fn names(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    seals: Vec<SealView>,
) -> Result<Vec<NamedSeal>, AppError> {
    let ids: Vec<i64> = seals.iter().filter_map(|of| of.sealed_by).collect();
    let users: BTreeMap<i64, String> = users_by_id(c, &ids)?.into_iter().map(|of| (of.id, of.name)).collect();
    let named = |seal: SealView| NamedSeal {
        unit_name: catalogue.unit_name(&seal.unit).to_owned(),
        sealed_by: seal.sealed_by.map(|id| users.get(&id).cloned().unwrap_or_else(|| id.to_string())),
        period: seal.period.read(),
        seal,
    };
    Ok(seals.into_iter().map(named).collect())
}
