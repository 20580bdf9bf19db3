//! Past dossiers, page by page, for trying a rule out on them.

use diesel::prelude::*;

use super::dossiers::{DossierRow, word};
use super::schema::dossiers;
use super::{AnyConnection, Moment, StoreError};
use crate::domain::dossier::{Channel, Dossier};

/// Which past dossiers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past<'a> {
    /// Of this unit.
    pub unit: &'a str,
    /// Not received before this instant.
    pub from: Moment,
    /// Received at this instant or before.
    pub until: Moment,
}

/// The place after which a page begins: receipt and key of the last dossier before it.
pub type Place = (Moment, i64);

/// Those after `place`, in the order of their receipt, at most `most`. One unit at a time goes along the index of receipts; several would have to be
/// sorted anew for every page.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn dossiers_past_after(
    c: &mut AnyConnection,
    past: &Past<'_>,
    place: Option<Place>,
    most: i64,
) -> Result<Vec<Dossier>, StoreError> {
    let from = place.map_or(past.from, |(received_at, _)| received_at);
    let rows: Vec<DossierRow> = on!(c, |c| {
        let mut query = dossiers::table
            .filter(dossiers::unit.eq(past.unit))
            .filter(dossiers::received_at.ge(from).and(dossiers::received_at.le(past.until)))
            .order((dossiers::received_at, dossiers::id))
            .limit(most)
            .select(DossierRow::as_select())
            .into_boxed();
        if let Some((received_at, id)) = place {
            query = query.filter(dossiers::received_at.gt(received_at).or(dossiers::id.gt(id)));
        }
        query.load(c)
    })?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// What has been asked for at a unit since an instant, by the procedures' codes in their order.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn procedures_received(
    c: &mut AnyConnection,
    unit: &str,
    since: Moment,
) -> Result<Vec<String>, StoreError> {
    on!(c, |c| dossiers::table
        .filter(dossiers::unit.eq(unit).and(dossiers::received_at.ge(since)))
        .order(dossiers::procedure)
        .select(dossiers::procedure)
        .distinct()
        .load(c))
    .map_err(Into::into)
}

/// Of these dossiers, those received before an instant.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn dossiers_received_before(
    c: &mut AnyConnection,
    ids: &[i64],
    before: Moment,
) -> Result<Vec<i64>, StoreError> {
    on!(c, |c| dossiers::table
        .filter(dossiers::id.eq_any(ids).and(dossiers::received_at.lt(before)))
        .select(dossiers::id)
        .load(c))
    .map_err(Into::into)
}

#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = dossiers)]
struct ReceiptRow {
    id: i64,
    code: String,
    procedure: String,
    channel: String,
    limit_case: Option<String>,
    received_at: Moment,
}

/// What the limit of a dossier follows from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastReceipt {
    /// Key within the store.
    pub id: i64,
    /// Its code.
    pub code: String,
    /// What was asked for.
    pub procedure: String,
    /// How it came in.
    pub channel: Channel,
    /// As which case; `None` for the ordinary one.
    pub case: Option<String>,
    /// When.
    pub received_at: Moment,
}

/// The receipts for these procedures with keys beyond `after`, in the order of their keys, at most `most`.
///
/// # Errors
/// [`StoreError`] of the engine, or [`StoreError::Corrupt`].
pub fn receipts_after(
    c: &mut AnyConnection,
    procedures: &[String],
    after: i64,
    most: i64,
) -> Result<Vec<PastReceipt>, StoreError> {
    let rows: Vec<ReceiptRow> = on!(c, |c| dossiers::table
        .filter(dossiers::id.gt(after).and(dossiers::procedure.eq_any(procedures)))
        .order(dossiers::id)
        .limit(most)
        .select(ReceiptRow::as_select())
        .load(c))?;
    rows.into_iter()
        .map(|row| {
            let channel = word("channel", &row.channel, Channel::from_word)?;
            let ReceiptRow { id, code, procedure, limit_case: case, received_at, .. } = row;
            Ok(PastReceipt { id, code, procedure, channel, case, received_at })
        })
        .collect()
}
