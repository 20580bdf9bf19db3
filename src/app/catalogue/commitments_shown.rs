//! Commitments as those who keep them have to see them: whether one has bound anything yet, and for which procedures one could be made.

use chrono::{Months, NaiveDate, NaiveTime};

use super::commitments::kept_commitment;
use crate::app::access::{Principal, Right};
use crate::app::{App, AppError};
use crate::domain::commitment::Commitment;
use crate::domain::deadline::Limit;
use crate::domain::dossier::Channel;
use crate::domain::office_time;
use crate::store::commitments as store;
use crate::store::replay::procedures_received;

/// How far a unit's dossiers are looked back on for what it handles.
const LOOKED_BACK: Months = Months::new(6);

/// A commitment, and what rests on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The commitment.
    pub commitment: Commitment,
    /// The decision that ended it, if one did.
    pub end_decision: Option<String>,
    /// The last receipt day it has bound; `None` when it has bound none.
    pub last_bound: Option<NaiveDate>,
    /// Whether nothing rests on it, so that it can be taken away.
    pub removable: bool,
    /// Whether the asker may end it or take it away; one of a unit above is only seen.
    pub own: bool,
}

/// A commitment that binds the administrator's units.
///
/// # Errors
/// [`AppError::Forbidden`] for others, [`AppError::NotFound`] outside; the store's.
pub async fn commitment_kept(app: &App, id: i64, by: Principal) -> Result<Kept, AppError> {
    by.must(Right::Administer)?;
    app.read(move |c, catalogue| {
        let own = match kept_commitment(catalogue, id, Some(&by)) {
            Ok(_) => true,
            Err(AppError::Forbidden) => false,
            Err(error) => return Err(error),
        };
        let commitment = catalogue.commitment(id).ok_or(AppError::NotFound("commitment"))?.clone();
        let last_bound = store::commitment_last_bound(c, id)?.map(|at| office_time::local_date(at.utc()));
        let removable = own && last_bound.is_none() && !store::commitment_has_findings(c, id)?;
        let end_decision = catalogue.end_decision(id).map(ToOwned::to_owned);
        Ok(Kept { commitment, end_decision, last_bound, removable, own })
    })
    .await
}

/// A procedure that a unit could commit itself for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handled {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The limit in force today for who comes to the counter.
    pub limit: Option<Limit>,
}

/// What a unit within the administrator's own handles: asked for there during the last six months, or registered in one of its commitments.
///
/// # Errors
/// [`AppError::Forbidden`] for others, [`AppError::NotFound`] outside; the store's.
pub async fn procedures_handled(app: &App, unit: String, by: Principal) -> Result<Vec<Handled>, AppError> {
    by.must(Right::Administer)?;
    app.read(move |c, catalogue| {
        if catalogue.units.get(&unit).is_none() || !by.sees(&unit, &catalogue.units) {
            return Err(AppError::NotFound("unit"));
        }
        let since = catalogue.day.checked_sub_months(LOOKED_BACK).unwrap_or(catalogue.day);
        let mut codes = procedures_received(c, &unit, office_time::instant(since, NaiveTime::MIN).into())?;
        let own = catalogue.commitments.iter().filter(|of| of.unit == unit);
        codes.extend(own.flat_map(|of| of.selector.procedures.iter().cloned()));
        codes.sort();
        codes.dedup();
        let known = codes.into_iter().filter_map(|code| catalogue.procedures.get(&code));
        let handled = known.map(|of| Handled {
            code: of.code.clone(),
            name: of.name.clone(),
            limit: of.limit_at(catalogue.day, Channel::InPerson).map(|limit| limit.limit),
        });
        Ok(handled.collect())
    })
    .await
}
