//! Adding, renaming, moving, ending and merging units, each change written into the ledger. What a tree is, and what a unit was before, is
//! [`crate::domain::unit`]'s.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use serde_json::{Map, json};

use super::Catalogue;
use super::commitments::stamped;
use super::record::{self, CatalogueAct, Change};
use crate::app::access::Principal;
use crate::app::{App, AppError, Fault, Invalid};
use crate::domain::letters::on_a_line;
use crate::domain::unit::{FormerUnit, Unit, UnitRegister, UnitTree, UnitTreeError};
use crate::store::catalogue as store;

/// The longest name or code, in characters.
const LONGEST_TEXT: usize = 1_000;

/// A unit as it is to be, and where that was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitRow {
    /// What stands before a field's name in a fault: `line 4: ` for a file, nothing for one unit alone.
    pub place: String,
    /// The unit.
    pub unit: Unit,
    /// The day from which name and parent hold, where they change; `None` to correct what stands.
    pub holds_from: Option<NaiveDate>,
    /// Whether the days and the successor that are kept stay, because the row does not speak of them.
    pub keeps_days: bool,
}

impl UnitRow {
    /// A unit that comes by itself, not in a file.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming `code` or `name` where they cannot be written on paper, or into an address.
    pub fn alone(unit: Unit, holds_from: Option<NaiveDate>) -> Result<UnitRow, AppError> {
        let mut faults = texts_faults(&[("code", &unit.code), ("name", &unit.name)]);
        if unit.code.chars().any(|letter| letter.is_whitespace() || letter == '/') {
            faults.push(Invalid::new("code", Fault::BadCharacters));
        }
        if !faults.is_empty() {
            return Err(AppError::Invalid(faults));
        }
        Ok(UnitRow { place: String::new(), unit, holds_from, keeps_days: false })
    }
}

/// The faults of texts that must be given and fit on a line.
pub fn texts_faults(texts: &[(&str, &String)]) -> Vec<Invalid> {
    let fault = |text: &str| match text {
        text if text.trim().is_empty() => Some(Fault::Empty),
        text if text.chars().count() > LONGEST_TEXT => Some(Fault::TooLong),
        text if !text.chars().all(on_a_line) => Some(Fault::BadCharacters),
        _ => None,
    };
    texts.iter().filter_map(|(name, text)| fault(text).map(|fault| Invalid::new(*name, fault))).collect()
}

/// Adds or changes units as the system itself, parents and children in any order; names and parents are corrected.
///
/// # Errors
/// Those of [`units_change`].
pub async fn units_put(app: &App, new: Vec<Unit>) -> Result<usize, AppError> {
    let many = new.len() > 1;
    let place = |at: usize| if many { format!("units[{at}].") } else { String::new() };
    let row = |(at, unit)| UnitRow { place: place(at), unit, holds_from: None, keeps_days: false };
    let rows = new.into_iter().enumerate().map(row).collect();
    units_change(app, rows, None, false).await
}

/// Adds or changes units within the administrator's own (any for the system itself), parents and children in any order; answers how many. A dry run
/// only says whether it could be.
///
/// # Errors
/// [`AppError::Invalid`] naming each row and field: an empty code or name, an unknown parent or successor, units that would stand above themselves on
/// any day, an end before the beginning, a name that holds from a day before the one it follows; [`AppError::Forbidden`] for a unit that lies
/// outside, or would; the store's errors.
pub async fn units_change(
    app: &App,
    rows: Vec<UnitRow>,
    by: Option<Principal>,
    dry_run: bool,
) -> Result<usize, AppError> {
    let stamp = stamped(app, by.as_ref())?;
    if dry_run {
        return app
            .read(move |_, catalogue| Ok(Plan::made(catalogue, rows, by.as_ref())?.changes.len()))
            .await;
    }
    app.write_job("units", move |c, catalogue| {
        let plan = Plan::made(catalogue, rows, by.as_ref())?;
        let units: Vec<Unit> = plan.changes.iter().map(|of| of.after.clone()).collect();
        store::units_put(c, &units)?;
        store::former_units_put(
            c,
            &plan.changes.iter().filter_map(|of| of.former.clone()).collect::<Vec<_>>(),
        )?;
        store::catalogue_touch(c)?;
        let entries = plan.changes.iter().filter_map(UnitChange::entry).collect();
        record::write(c, stamp, entries)?;
        Ok(units.len())
    })
    .await
}

/// One unit, before and after.
struct UnitChange {
    before: Option<Unit>,
    after: Unit,
    former: Option<FormerUnit>,
}

impl UnitChange {
    /// What the ledger is told; nothing where nothing changed.
    fn entry(&self) -> Option<Change> {
        if self.before.as_ref() == Some(&self.after) {
            return None;
        }
        let from = self.former.as_ref().and_then(|of| of.until.succ_opt());
        Some(Change {
            act: CatalogueAct::UnitChanged,
            of: "unit",
            key: json!(self.after.code),
            before: self.before.as_ref().map(record::unit),
            after: Some(record::unit(&self.after)),
            more: from.map(|day| ("holds_from".to_owned(), json!(day))).into_iter().collect::<Map<_, _>>(),
        })
    }
}

/// What the rows come to.
struct Plan {
    changes: Vec<UnitChange>,
}

impl Plan {
    fn made(catalogue: &Catalogue, rows: Vec<UnitRow>, by: Option<&Principal>) -> Result<Plan, AppError> {
        let mut faults = rows_faults(&rows);
        let mut register = catalogue.register.clone();
        let mut changes = Vec::with_capacity(rows.len());
        for row in &rows {
            match applied(&mut register, row) {
                Ok(change) => changes.push(change),
                Err(fault) => faults.push(fault),
            }
        }
        faults.extend(rows.iter().flat_map(|row| relations_faults(&register, row)));
        if faults.is_empty() {
            faults.extend(register.check().err().map(|error| tree_fault(&error, &rows)));
        }
        if !faults.is_empty() {
            return Err(AppError::Invalid(faults));
        }
        let today = catalogue.day;
        let after = register.on(today).map_err(|error| AppError::Internal(error.to_string()))?;
        if let Some(by) = by {
            within(by, &catalogue.units, &after, &rows)?;
        }
        Ok(Plan { changes })
    }
}

/// Whether every row is about a unit within the administrator's own, before and after.
fn within(by: &Principal, before: &UnitTree, after: &UnitTree, rows: &[UnitRow]) -> Result<(), AppError> {
    let outside = |row: &UnitRow| {
        let code = &row.unit.code;
        (before.get(code).is_some() && !by.sees(code, before)) || !by.sees(code, after)
    };
    if rows.iter().any(outside) { Err(AppError::Forbidden) } else { Ok(()) }
}

/// What can be said of each row alone.
fn rows_faults(rows: &[UnitRow]) -> Vec<Invalid> {
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    for UnitRow { place, unit, holds_from, .. } in rows {
        let mut fault = |name: &str, fault| faults.push(Invalid::new(format!("{place}{name}"), fault));
        if unit.code.trim().is_empty() {
            fault("code", Fault::Empty);
        }
        if unit.name.trim().is_empty() {
            fault("name", Fault::Empty);
        }
        if !seen.insert((&unit.code, holds_from)) {
            fault("code", Fault::Duplicate);
        }
        let days =
            [("valid_from", unit.valid_from), ("valid_to", unit.valid_to), ("holds_from", *holds_from)];
        for (name, _) in
            days.iter().filter(|(_, day)| day.is_some_and(|day| !(1900..=2100).contains(&day.year())))
        {
            fault(name, Fault::OutOfRange);
        }
        if unit.valid_from.zip(unit.valid_to).is_some_and(|(first, last)| last < first) {
            fault("valid_to", Fault::OutOfRange);
        }
    }
    faults
}

/// Writes a row down in the register.
fn applied(register: &mut UnitRegister, row: &UnitRow) -> Result<UnitChange, Invalid> {
    let before = register.get(&row.unit.code).cloned();
    let mut after = row.unit.clone();
    // Who tells a new name need not repeat the days.
    if let Some(before) = before.as_ref().filter(|_| row.keeps_days || row.holds_from.is_some()) {
        after.valid_from = after.valid_from.or(before.valid_from);
        after.valid_to = after.valid_to.or(before.valid_to);
        after.merged_into = after.merged_into.or_else(|| before.merged_into.clone());
    }
    let former = match (&before, row.holds_from) {
        (Some(before), Some(from)) => {
            let fault = |fault| Invalid::new(format!("{}holds_from", row.place), fault);
            let since = register.newest_since(&row.unit.code);
            if since.is_some_and(|since| from < since) {
                return Err(fault(Fault::NotLater));
            }
            if after.valid_to.is_some_and(|last| last < from) {
                return Err(fault(Fault::OutOfRange));
            }
            let same = before.name == after.name && before.parent == after.parent;
            register.put(after.clone(), Some(from).filter(|_| !same && since != Some(from)))
        }
        (None, Some(from)) => {
            after.valid_from = after.valid_from.or(Some(from));
            register.put(after.clone(), None)
        }
        (_, None) => register.put(after.clone(), None),
    };
    Ok(UnitChange { before, after, former })
}

/// What is wrong with the units that a row names.
fn relations_faults(register: &UnitRegister, row: &UnitRow) -> Vec<Invalid> {
    let UnitRow { place, unit, .. } = row;
    let named = [("parent", &unit.parent), ("merged_into", &unit.merged_into)];
    let named = named.into_iter().filter_map(|(name, code)| Some((name, code.as_ref()?)));
    let strangers = named.filter(|(_, code)| register.get(code).is_none());
    let mut faults: Vec<Invalid> = strangers
        .map(|(name, code)| Invalid {
            allowed: vec![code.clone()],
            ..Invalid::new(format!("{place}{name}"), Fault::UnknownReference)
        })
        .collect();
    // A successor takes over on the day after the last.
    if faults.is_empty() && unit.merged_into.is_some() && unit.valid_to.is_none() {
        faults.push(Invalid::new(format!("{place}valid_to"), Fault::Required));
    }
    faults
}

/// Which row makes the units no tree: the last of those that stand above themselves.
fn tree_fault(error: &UnitTreeError, rows: &[UnitRow]) -> Invalid {
    let codes = match error {
        UnitTreeError::Cycle(codes) => codes.clone(),
        // What names a unit that does not exist has been found row by row.
        UnitTreeError::UnknownParent { unit, .. } | UnitTreeError::UnknownSuccessor { unit, .. } => {
            vec![unit.clone()]
        }
    };
    let row = rows.iter().rev().find(|row| codes.contains(&row.unit.code));
    let by_merger = row.is_some_and(|row| row.unit.merged_into.is_some());
    let field = if by_merger { "merged_into" } else { "parent" };
    let place = row.map_or("", |row| row.place.as_str());
    Invalid { allowed: codes, ..Invalid::new(format!("{place}{field}"), Fault::Cyclic) }
}
