//! What is known today of a sealed period, set against what was sealed: cell by cell, with the acts that made the difference.
//!
//! The same units and the same window are counted anew. The acts are found on their own, in the ledger: each dossier with entries after the seal is
//! replayed as it stood then and after each later entry. Where the sums of these movements are the difference of the two reports, every changed
//! number is explained, and the answer says so.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::form::FormTable;
use super::seals::{self, SealingView};
use super::tallies::{Tallies, tallies};
use super::{PeriodView, Scope};
use crate::app::access::Principal;
use crate::app::view::OfficeTime;
use crate::app::{App, AppError, Catalogue};
use crate::domain::cell::Cell;
use crate::domain::history;
use crate::domain::ledger::Entry;
use crate::domain::statistics::{GroupBy, Standing, Tally, standing};
use crate::store::AnyConnection;
use crate::store::ledger::{ledger_of, ledger_places};
use crate::store::replay::dossiers_received_before;
use crate::store::seals::SealRow;

/// Dossiers replayed at a time, and places of the ledger read at a time.
const PAGE: usize = 200;
const PLACES: i64 = 10_000;
/// The most acts that are named; those beyond it are only counted.
const NAMED: usize = 1_000;

/// A sealed report against what is known today.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Restatement {
    /// The seal.
    pub seal: i64,
    /// Its hash.
    pub hash: String,
    /// When it was sealed.
    pub sealed_at: OfficeTime,
    /// When it was counted anew.
    pub evaluated_at: OfficeTime,
    /// Top of the units.
    pub unit: String,
    /// The period.
    pub period: PeriodView,
    /// The instant that both are seen from.
    pub as_of: OfficeTime,
    /// What a row stands for.
    pub group_by: GroupBy,
    /// Every number that differs.
    pub changes: Vec<ChangeView>,
    /// The acts recorded after the seal that moved a dossier within the report, at most a thousand of them.
    pub acts: Vec<CauseView>,
    /// How many such acts there are in all.
    pub acts_count: usize,
    /// Whether these acts add up to exactly these changes.
    pub explained: bool,
}

/// A number that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChangeView {
    /// The row; null for the row of sums.
    pub key: Option<String>,
    /// The column, by its place in the report.
    pub column: Cell,
    /// As it was sealed.
    pub sealed: i64,
    /// As it is known now.
    pub now: i64,
}

impl ChangeView {
    /// By how much it grew.
    #[must_use]
    pub fn by(&self) -> i64 {
        self.now - self.sealed
    }
}

/// An act that moved a dossier within the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CauseView {
    /// The dossier.
    pub code: String,
    /// The act's place in the ledger.
    pub seq: i64,
    /// The act.
    pub act: String,
    /// When it is said to have happened.
    pub at: OfficeTime,
    /// When it was recorded.
    pub recorded_at: OfficeTime,
    /// Where the dossier was counted before; null for nowhere.
    pub from: Option<PlaceView>,
    /// Where it is counted since; null for nowhere.
    pub to: Option<PlaceView>,
}

impl CauseView {
    /// The columns that the dossier left, and those it came to; all of them where it moved to another row.
    #[must_use]
    pub fn moved(&self) -> (Vec<Cell>, Vec<Cell>) {
        let of = |place: &Option<PlaceView>| place.as_ref().map(|of| (of.key.clone(), of.columns.clone()));
        let (from, to) = (of(&self.from).unwrap_or_default(), of(&self.to).unwrap_or_default());
        if from.0 != to.0 {
            return (from.1, to.1);
        }
        let without = |some: &[Cell], others: &[Cell]| -> Vec<Cell> {
            some.iter().copied().filter(|cell| !others.contains(cell)).collect()
        };
        (without(&from.1, &to.1), without(&to.1, &from.1))
    }
}

/// Where a dossier is counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlaceView {
    /// The row.
    pub key: String,
    /// The columns.
    pub columns: Vec<Cell>,
}

/// By how much each number moves, by row (`None` for the sums) and column; noughts are left out.
type Movement = BTreeMap<(Option<String>, Cell), i64>;

/// Counts a sealed period anew.
///
/// # Errors
/// [`AppError::NotFound`] for a seal that the reader does not see; the store's.
pub async fn restatement(app: &App, id: i64, by: Principal) -> Result<Restatement, AppError> {
    let now = app.clock().now();
    app.read_at_once(move |c, catalogue| restated(c, catalogue, (id, &by), now)).await
}

fn restated(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    (id, by): (i64, &Principal),
    now: DateTime<Utc>,
) -> Result<Restatement, AppError> {
    let row = seals::visible(c, catalogue, id, by)?;
    let group_by = seals::group_by(&row.head)?;
    let sealed: Value = read(&row, &row.body)?;
    let scope = scope(&row)?;
    let changes = changes(&sealed, &tallies(c, &scope, group_by)?);
    let units = scope.units.iter().map(String::as_str).collect();
    let mut search = Search { group_by, scope: &scope, units, found: Vec::new() };
    search.since(c, row.entries)?;
    let difference: Movement =
        changes.iter().map(|of| ((of.key.clone(), of.column), of.now - of.sealed)).collect();
    let explained = movement(&search.found) == difference;
    let acts_count = search.found.len();
    let mut acts = search.found;
    acts.truncate(NAMED);
    Ok(Restatement {
        seal: row.head.id,
        sealed_at: row.head.sealed_at.utc().into(),
        evaluated_at: now.into(),
        unit: scope.unit,
        period: (&scope.period).into(),
        as_of: scope.window.as_of().into(),
        group_by,
        changes,
        acts,
        acts_count,
        explained,
        hash: row.head.hash,
    })
}

fn read<'a, T: Deserialize<'a>>(row: &SealRow, body: &'a str) -> Result<T, AppError> {
    serde_json::from_str(body)
        .map_err(|error| AppError::Internal(format!("seal {} cannot be read: {error}", row.head.id)))
}

/// What was sealed: the same window, and the same units even where the tree has changed since.
fn scope(row: &SealRow) -> Result<Scope, AppError> {
    #[derive(Deserialize)]
    struct Sealed {
        sealed: SealingView,
    }
    let table: FormTable = read(row, &row.body)?;
    let Sealed { sealed } = read(row, &row.body)?;
    let period = table
        .of_period()
        .ok_or_else(|| AppError::Internal(format!("seal {} is of no period", row.head.id)))?;
    let SealingView { units, answered_by, .. } = sealed;
    let scope = Scope::over(period, &row.head.unit, units).with_period(period, row.head.as_of.utc());
    Ok(Scope { answered_by, ..scope })
}

/// Every number that differs between the sealed report and today's sums.
fn changes(sealed: &Value, now: &Tallies) -> Vec<ChangeView> {
    let rows = sealed.get("rows").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let key_of = |row: &Value| row.get("key").and_then(Value::as_str).unwrap_or_default().to_owned();
    let then: BTreeMap<String, &Value> = rows.iter().map(|row| (key_of(row), row)).collect();
    let keys: BTreeSet<&String> = then.keys().chain(now.by_key.keys()).collect();
    let mut found = Vec::new();
    let mut compare = |key: Option<&String>, row: Option<&Value>, tally: Option<&Tally>| {
        found.extend(Cell::ALL.iter().filter_map(|cell| {
            let sealed = row.map_or(0, |row| sealed_count(row, *cell));
            let now = i64::from(tally.map_or(0, |tally| cell.of(tally)));
            (sealed != now).then(|| ChangeView { key: key.cloned(), column: *cell, sealed, now })
        }));
    };
    for key in keys {
        compare(Some(key), then.get(key).copied(), now.by_key.get(key));
    }
    compare(None, sealed.get("total"), Some(&now.total));
    found
}

/// A number of a sealed row: a cell's word is its place in the JSON.
fn sealed_count(row: &Value, cell: Cell) -> i64 {
    let place = format!("/{}", cell.word().replace('.', "/"));
    row.pointer(&place).and_then(Value::as_i64).unwrap_or(0)
}

/// The sums of what acts moved.
fn movement(acts: &[CauseView]) -> Movement {
    let mut sums = Movement::new();
    for act in acts {
        for (place, by) in [(&act.from, -1), (&act.to, 1)] {
            for cell in place.iter().flat_map(|of| &of.columns) {
                let key = place.as_ref().map(|of| of.key.clone());
                *sums.entry((key, *cell)).or_default() += by;
                *sums.entry((None, *cell)).or_default() += by;
            }
        }
    }
    sums.retain(|_, by| *by != 0);
    sums
}

/// A search for the acts that moved dossiers.
struct Search<'a> {
    group_by: GroupBy,
    scope: &'a Scope,
    units: BTreeSet<&'a str>,
    found: Vec<CauseView>,
}

impl Search<'_> {
    /// Replays every dossier with entries after the place `seq`.
    fn since(&mut self, c: &mut AnyConnection, seq: i64) -> Result<(), AppError> {
        let touched: Vec<i64> = touched(c, seq, self.scope.window.cut())?.into_iter().collect();
        for some in touched.chunks(PAGE) {
            let entries = ledger_of(c, some)?;
            for of_one in entries.chunk_by(|one, next| one.dossier_id == next.dossier_id) {
                self.dossier(of_one, seq);
            }
        }
        self.found.sort_by_key(|act| act.seq);
        Ok(())
    }

    /// Adds the entries after `seq` by which one dossier moved.
    fn dossier(&mut self, entries: &[Entry], seq: i64) {
        let known = entries.partition_point(|entry| entry.seq <= seq);
        let until = |count: usize| entries.get(..count).unwrap_or_default();
        let mut stood = self.place(until(known)).map(|(place, _)| place);
        for (entry, count) in entries.iter().skip(known).zip(known + 1..) {
            let (stands, code) = match self.place(until(count)) {
                Some((place, code)) => (Some(place), Some(code)),
                None => (None, None),
            };
            if stands != stood {
                let code = code.or_else(|| code_of(until(count))).unwrap_or_default();
                self.found.push(self.cause(entry, code, (stood.as_ref(), stands.as_ref())));
            }
            stood = stands;
        }
    }

    fn cause(&self, entry: &Entry, code: String, (from, to): (Option<&Place>, Option<&Place>)) -> CauseView {
        CauseView {
            code,
            seq: entry.seq,
            act: entry.act.clone(),
            at: entry.at.into(),
            recorded_at: entry.recorded_at.into(),
            from: from.map(Into::into),
            to: to.map(Into::into),
        }
    }

    /// Where a dossier is counted by what these entries tell of it, and its code; nowhere where they do not tell all.
    fn place(&self, entries: &[Entry]) -> Option<(Place, String)> {
        let of = replayed(entries)?.file.dossier;
        let standing = standing(&of, &self.scope.window).filter(|_| self.units.contains(of.unit.as_str()))?;
        let key = self.scope.row(self.group_by.key(&of).to_owned(), self.group_by);
        Some((Place { key, standing }, of.code))
    }
}

/// The dossiers with entries after the place `seq` that may be counted: what is read grows with these entries, not with the ledger. One received since, and
/// not before the window's cut, was counted nowhere and is.
fn touched(c: &mut AnyConnection, seq: i64, cut: DateTime<Utc>) -> Result<BTreeSet<i64>, AppError> {
    let (mut found, mut new, mut after) = (BTreeSet::new(), BTreeSet::new(), seq);
    loop {
        let places = ledger_places(c, after, PLACES)?;
        let Some((last, ..)) = places.last() else { break };
        after = *last;
        for (_, dossier, act) in places {
            let room = if act == history::RECEIVE { &mut new } else { &mut found };
            room.extend(dossier);
        }
    }
    found.retain(|id| !new.contains(id));
    let new: Vec<i64> = new.into_iter().collect();
    for some in new.chunks(PAGE) {
        found.extend(dossiers_received_before(c, some, cut.into())?);
    }
    Ok(found)
}

fn replayed(entries: &[Entry]) -> Option<history::Replayed> {
    history::replay(entries.iter().map(|entry| (entry.act.as_str(), &entry.payload))).ok()
}

fn code_of(entries: &[Entry]) -> Option<String> {
    replayed(entries).map(|of| of.file.dossier.code)
}

/// A row, and how the dossier stands in it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    key: String,
    standing: Standing,
}

impl From<&Place> for PlaceView {
    fn from(of: &Place) -> PlaceView {
        let columns = Cell::ALL.iter().copied().filter(|cell| cell.holds(of.standing)).collect();
        PlaceView { key: of.key.clone(), columns }
    }
}
