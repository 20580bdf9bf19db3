//! The dossiers that wait for somebody's work, in the order in which their limits lapse.
//!
//! A dossier lapses at its due instant or when its due day is over, so that the indexes that hold when they lapse tell on which day they are due. Those
//! whose time stands still lapse last of all. `dossiers_open` and `dossiers_open_lapses` hold the open ones in that order, with and without units;
//! results that wait to be handed over are found by `dossiers_closed`.

use diesel::prelude::*;

use super::dossiers::DossierRow;
use super::listing::Place;
use super::schema::dossiers;
use super::{AnyConnection, Moment, StoreError};
use crate::domain::dossier::{Dossier, NEVER, Status};
use crate::domain::standing::QueueGroup;

/// Whose queue, and which part of it.
#[derive(Debug, Clone)]
pub struct QueueFilter {
    /// Of these units; `None` where they are all there are.
    pub units: Option<Vec<String>>,
    /// In this officer's hands or in nobody's; `None` for whoever's.
    pub officer: Option<String>,
    /// Which of them; `None` for all that are open.
    pub group: Option<QueueGroup>,
    /// The instants that groups are told apart by.
    pub at: QueueTimes,
}

/// The instants that groups are told apart by.
#[derive(Debug, Clone, Copy)]
pub struct QueueTimes {
    /// The present.
    pub now: Moment,
    /// When today is over.
    pub today_ends: Moment,
    /// When the next working day is over.
    pub soon_ends: Moment,
    /// Results that exist since then may wait to be handed over.
    pub ready_since: Moment,
}

/// Adds the filter's conditions to a boxed query over `dossiers`.
macro_rules! waiting {
    ($query:expr, $filter:expr, $group:expr) => {{
        let filter: &QueueFilter = $filter;
        let at = filter.at;
        let never = Moment::from(NEVER);
        let mut query = $query;
        if let Some(units) = &filter.units {
            query = query.filter(dossiers::unit.eq_any(units));
        }
        if let Some(officer) = &filter.officer {
            query = query.filter(dossiers::officer.eq(officer).or(dossiers::officer.is_null()));
        }
        match $group {
            // Which all do; it names the index that they are sorted by, where SQLite would read every dossier that the units ever had.
            None => query.filter(dossiers::closed_at.is_null().and(dossiers::lapses_at.le(never))),
            Some(QueueGroup::Overdue) => {
                query.filter(dossiers::closed_at.is_null().and(dossiers::lapses_at.le(at.now)))
            }
            Some(QueueGroup::Today) => query
                .filter(dossiers::closed_at.is_null())
                .filter(dossiers::lapses_at.gt(at.now).and(dossiers::lapses_at.le(at.today_ends))),
            Some(QueueGroup::Soon) => query
                .filter(dossiers::closed_at.is_null())
                .filter(dossiers::lapses_at.gt(at.now.max(at.today_ends)))
                .filter(dossiers::lapses_at.le(at.soon_ends)),
            Some(QueueGroup::Halted) => {
                query.filter(dossiers::closed_at.is_null().and(dossiers::lapses_at.ge(never)))
            }
            Some(QueueGroup::Ready) => query.filter(dossiers::closed_at.is_not_null()).filter(
                dossiers::closed_at.ge(at.ready_since).and(dossiers::status.eq(Status::Resolved.word())),
            ),
        }
    }};
}

/// A page of the queue after `after`, at most `limit` rows, by the instant at which they lapse, then code.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn queue_list(
    c: &mut AnyConnection,
    filter: &QueueFilter,
    after: Option<&Place>,
    limit: i64,
) -> Result<Vec<Dossier>, StoreError> {
    let rows: Vec<DossierRow> = on!(c, |c| {
        let query = dossiers::table.select(DossierRow::as_select()).into_boxed();
        let mut query = waiting!(query, filter, filter.group);
        if let Some((lapses_at, code)) = after {
            query = query.filter(dossiers::lapses_at.ge(*lapses_at)).filter(
                dossiers::lapses_at
                    .gt(*lapses_at)
                    .or(dossiers::lapses_at.eq(*lapses_at).and(dossiers::code.gt(code))),
            );
        }
        query.order((dossiers::lapses_at.asc(), dossiers::code.asc())).limit(limit).load(c)
    })?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// How many dossiers of a group there are, whichever the filter names.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn queue_count(
    c: &mut AnyConnection,
    filter: &QueueFilter,
    group: Option<QueueGroup>,
) -> Result<i64, StoreError> {
    on!(c, |c| {
        let query = waiting!(dossiers::table.into_boxed(), filter, group);
        query.count().get_result(c)
    })
    .map_err(Into::into)
}
