//! Delegations: who is written to while somebody is away. Kept by oneself, or by the administrators within whose units one is; each change is written in
//! one transaction with its entry in the ledger. What becomes of a message meanwhile is `recipients`'.

use chrono::{Days, NaiveDate};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::app::access::{Principal, own_or_kept};
use crate::app::entries::{self, Stamp};
use crate::app::view::OfficeTime;
use crate::app::{App, AppError, Catalogue, Fault, Invalid};
use crate::domain::letters::on_a_line;
use crate::domain::office_time;
use crate::store::AnyConnection;
use crate::store::access::{UserRow, user_find};
use crate::store::delegations::{DelegationRow, delegation_delete, delegation_insert, delegations_of};

/// The longest absence, in days: whoever is away for longer has left.
const LONGEST: Days = Days::new(366);
/// The longest reason, in characters.
const LONGEST_REASON: usize = 500;

words! {
    /// What an entry about delegations tells.
    DelegationAct {
        /// A delegation was made.
        Added = "delegation_added",
        /// A delegation was taken away.
        Removed = "delegation_removed",
    }
}

/// A delegation to be made.
#[derive(Debug, Clone)]
pub struct NewDelegation {
    /// Who is away.
    pub user: i64,
    /// Who is written to instead.
    pub delegate: i64,
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// Whether the one who is away is written to as well.
    pub keep: bool,
    /// Why, or by which decision.
    pub reason: Option<String>,
}

/// A delegation.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Delegation)]
pub struct DelegationView {
    /// Its key.
    pub id: i64,
    /// The key of the user who is written to instead.
    pub delegate: i64,
    /// That user's name.
    pub delegate_name: Option<String>,
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// Whether the one who is away is written to as well.
    pub keep: bool,
    /// Why, or by which decision.
    pub reason: Option<String>,
    /// When it was made.
    pub created_at: OfficeTime,
}

/// A user's delegations, the earliest first: one's own, or those of a user within the administrator's units.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] for another's; the store's errors.
pub async fn delegations_list(app: &App, user: i64, by: Principal) -> Result<Vec<DelegationView>, AppError> {
    app.read(move |c, catalogue| {
        own_or_kept(c, catalogue, user, Some(&by))?;
        delegations_of(c, user)?.into_iter().map(|row| view(c, row)).collect()
    })
    .await
}

/// Lets somebody else be written to for some days.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] for another's; [`AppError::Invalid`] naming each wrong field: a `delegate` who is unknown, not active,
/// oneself or of units that have nothing to do with one's own; days in the wrong order, over, of more than a year, or overlapping others.
pub async fn delegation_add(
    app: &App,
    new: NewDelegation,
    by: Principal,
) -> Result<DelegationView, AppError> {
    let now = app.clock().now();
    app.write_job("delegation", move |c, catalogue| {
        let user = own_or_kept(c, catalogue, new.user, Some(&by))?;
        let mut faults = day_faults(c, &new, office_time::local_date(now))?;
        faults.extend(delegate_fault(c, catalogue, &user, new.delegate)?);
        faults.extend(reason_fault(new.reason.as_deref()));
        if !faults.is_empty() {
            return Err(AppError::Invalid(faults));
        }
        let mut row = DelegationRow {
            id: 0,
            user_id: user.id,
            delegate_id: new.delegate,
            from_day: new.from,
            to_day: new.to,
            keep: new.keep,
            reason: new.reason,
            created_at: now.into(),
            created_by: Some(by.user_id),
        };
        row.id = delegation_insert(c, row.clone())?;
        told(c, Stamp::of(Some(&by), now), DelegationAct::Added, &row)?;
        view(c, row)
    })
    .await
}

/// Takes a delegation away; from then on the user is written to again.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] for another's, and for one that there is not; the store's errors.
pub async fn delegation_remove(app: &App, user: i64, id: i64, by: Principal) -> Result<(), AppError> {
    let now = app.clock().now();
    app.write_job("delegation", move |c, catalogue| {
        own_or_kept(c, catalogue, user, Some(&by))?;
        let row = delegations_of(c, user)?.into_iter().find(|row| row.id == id);
        let row = row.ok_or(AppError::NotFound("delegation"))?;
        delegation_delete(c, id)?;
        told(c, Stamp::of(Some(&by), now), DelegationAct::Removed, &row)
    })
    .await
}

fn told(
    c: &mut AnyConnection,
    stamp: Stamp,
    act: DelegationAct,
    row: &DelegationRow,
) -> Result<(), AppError> {
    let payload = json!({
        "delegation": row.id, "user": row.user_id, "delegate": row.delegate_id, "from": row.from_day, "to": row.to_day, "keep": row.keep,
        "reason": row.reason,
    });
    entries::append(c, stamp, [(act.word(), payload)])
}

fn day_faults(
    c: &mut AnyConnection,
    new: &NewDelegation,
    today: NaiveDate,
) -> Result<Vec<Invalid>, AppError> {
    let longest = new.from.checked_add_days(LONGEST);
    let fault = if new.to < new.from {
        Some(Invalid::new("to", Fault::Reversed))
    } else if new.to < today || longest.is_none_or(|last| new.to > last) {
        Some(Invalid::new("to", Fault::OutOfRange))
    } else {
        let overlaps = |of: &DelegationRow| of.from_day <= new.to && new.from <= of.to_day;
        let other = delegations_of(c, new.user)?.into_iter().any(|of| overlaps(&of));
        other.then(|| Invalid::new("from", Fault::Overlapping))
    };
    Ok(fault.into_iter().collect())
}

/// A delegate has to be of the own unit, of one above it or of one below it: of other units one reveals nothing.
fn delegate_fault(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    user: &UserRow,
    delegate: i64,
) -> Result<Option<Invalid>, AppError> {
    if delegate == user.id {
        return Ok(Some(Invalid::new("delegate", Fault::Cyclic)));
    }
    let units = &catalogue.units;
    let related =
        |of: &UserRow| units.is_within(&of.unit, &user.unit) || units.is_within(&user.unit, &of.unit);
    let known = user_find(c, delegate)?.filter(|of| of.active && related(of));
    Ok(known.is_none().then(|| Invalid::new("delegate", Fault::UnknownReference)))
}

fn reason_fault(reason: Option<&str>) -> Option<Invalid> {
    let fault = match reason? {
        text if text.trim().is_empty() => Fault::Empty,
        text if text.chars().count() > LONGEST_REASON => Fault::TooLong,
        text if !text.chars().all(on_a_line) => Fault::BadCharacters,
        _ => return None,
    };
    Some(Invalid::new("reason", fault))
}

fn view(c: &mut AnyConnection, row: DelegationRow) -> Result<DelegationView, AppError> {
    Ok(DelegationView {
        id: row.id,
        delegate: row.delegate_id,
        delegate_name: user_find(c, row.delegate_id)?.map(|user| user.name),
        from: row.from_day,
        to: row.to_day,
        keep: row.keep,
        reason: row.reason,
        created_at: row.created_at.utc().into(),
    })
}
