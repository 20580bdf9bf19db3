//! The serials of codes: the last number given under each prefix (a unit and a day).

use diesel::prelude::*;
use diesel::upsert::excluded;

use super::schema::code_serials;
use super::{AnyConnection, StoreError};

const ROWS_A_STATEMENT: usize = 500;

/// The last serials given under these prefixes, as (prefix, serial); those under which none was given are left out.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn serials_of(c: &mut AnyConnection, prefixes: &[String]) -> Result<Vec<(String, i64)>, StoreError> {
    let mut found = Vec::new();
    for some in prefixes.chunks(ROWS_A_STATEMENT) {
        let rows: Vec<(String, i64)> = on!(c, |c| code_serials::table
            .filter(code_serials::prefix.eq_any(some))
            .select((code_serials::prefix, code_serials::last))
            .load(c))?;
        found.extend(rows);
    }
    Ok(found)
}

/// Remembers the last serials given, as (prefix, serial).
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn serials_set(c: &mut AnyConnection, last: &[(String, i64)]) -> Result<(), StoreError> {
    let rows: Vec<_> = last
        .iter()
        .map(|(prefix, last)| (code_serials::prefix.eq(prefix), code_serials::last.eq(last)))
        .collect();
    for some in rows.chunks(ROWS_A_STATEMENT) {
        on!(c, |c| diesel::insert_into(code_serials::table)
            .values(some.to_vec())
            .on_conflict(code_serials::prefix)
            .do_update()
            .set(code_serials::last.eq(excluded(code_serials::last)))
            .execute(c))?;
    }
    Ok(())
}
