//! Filling an empty `dossiers` with millions of rows: what PostgreSQL and SQLite keep beside the rows is made once at the end, which is several times
//! faster than keeping it up row by row. The rows themselves go by [`super::dossiers::dossiers_insert`].

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::Text;

use super::connection::SQLITE_WRITER_KB;
use super::{AnyConnection, StoreError};

/// Something that stands beside the rows: an index, a key or a reference to another table.
#[derive(Debug, Clone, PartialEq, Eq, QueryableByName)]
pub struct Beside {
    /// Its name.
    #[diesel(sql_type = Text)]
    pub name: String,
    /// The statement that takes it away.
    #[diesel(sql_type = Text)]
    taken: String,
    /// The statement that makes it again, from the database's own definition.
    #[diesel(sql_type = Text)]
    made: String,
}

/// References and keys before indexes: those of constraints go with them. The primary key stays, for other tables refer to it.
const OF_POSTGRES: &str = "
SELECT conname::text AS name,
       format('ALTER TABLE dossiers DROP CONSTRAINT %I', conname) AS taken,
       format('ALTER TABLE dossiers ADD CONSTRAINT %I %s', conname, pg_get_constraintdef(oid)) AS made
  FROM pg_constraint WHERE conrelid = 'dossiers'::regclass AND contype IN ('f', 'u')
UNION ALL
SELECT c.relname::text, format('DROP INDEX %I', c.relname), pg_get_indexdef(i.indexrelid)
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
 WHERE i.indrelid = 'dossiers'::regclass
   AND NOT EXISTS (SELECT 1 FROM pg_constraint o WHERE o.conindid = i.indexrelid AND o.conrelid = i.indrelid)
 ORDER BY 1";

/// SQLite makes the keys of a table's own declaration itself; they have no statement and stay.
const OF_SQLITE: &str = "
SELECT name, 'DROP INDEX \"' || name || '\"' AS taken, sql AS made
  FROM sqlite_master WHERE type = 'index' AND tbl_name = 'dossiers' AND sql IS NOT NULL ORDER BY 1";

/// Takes away what stands beside the rows of `dossiers`, within the running write; answers what is to be made again.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn dossiers_bare(c: &mut AnyConnection) -> Result<Vec<Beside>, StoreError> {
    let beside: Vec<Beside> = match c {
        AnyConnection::Pg(c) => diesel::sql_query(OF_POSTGRES).load(&mut **c)?,
        AnyConnection::Sqlite(c) => diesel::sql_query(OF_SQLITE).load(&mut **c)?,
    };
    for one in &beside {
        on!(c, |c| c.batch_execute(&one.taken))?;
    }
    Ok(beside)
}

/// Makes again one thing that [`dossiers_bare`] took away, within the running write, with more memory than a request is given.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn dossiers_beside(c: &mut AnyConnection, one: &Beside) -> Result<(), StoreError> {
    match c {
        AnyConnection::Pg(c) => {
            c.batch_execute("SET LOCAL maintenance_work_mem = '512MB'")?;
            c.batch_execute(&one.made)?;
        }
        AnyConnection::Sqlite(c) => {
            // SQLite sorts in so much memory as its page cache may take.
            c.batch_execute("PRAGMA cache_size = -262144; PRAGMA threads = 2")?;
            let made = c.batch_execute(&one.made);
            c.batch_execute(&format!("PRAGMA cache_size = -{SQLITE_WRITER_KB}; PRAGMA threads = 0"))?;
            made?;
        }
    }
    Ok(())
}

/// Tells PostgreSQL's planner of the rows, as it would find out by itself some time later; SQLite is told nothing in service either.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn dossiers_analyze(c: &mut AnyConnection) -> Result<(), StoreError> {
    match c {
        AnyConnection::Pg(c) => Ok(c.batch_execute("ANALYZE dossiers")?),
        AnyConnection::Sqlite(_) => Ok(()),
    }
}
