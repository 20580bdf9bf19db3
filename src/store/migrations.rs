//! Migrations, compiled in; run on start and by `hentra migrate`.

use diesel::connection::SimpleConnection;
use diesel::migration::MigrationSource;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{AnyConnection, Store, StoreError};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Brings the database to this program's version; answers the steps that were run.
///
/// # Errors
/// [`StoreError::Unavailable`] when the database is away, [`StoreError::Engine`] when a step fails (it is rolled back).
pub fn migrations_run(store: &Store) -> Result<Vec<String>, StoreError> {
    let mut connection = store.reader()?;
    match &mut connection {
        AnyConnection::Pg(c) => {
            // Processes that start together take turns; the one that comes second finds nothing left to do.
            c.batch_execute("SELECT pg_advisory_lock(7205759403792795)")?;
            let ran = names(c.run_pending_migrations(POSTGRES));
            c.batch_execute("SELECT pg_advisory_unlock(7205759403792795)")?;
            ran
        }
        AnyConnection::Sqlite(c) => names(c.run_pending_migrations(SQLITE)),
    }
}

fn names<V: ToString>(
    ran: Result<Vec<V>, Box<dyn std::error::Error + Send + Sync>>,
) -> Result<Vec<String>, StoreError> {
    ran.map(|steps| steps.iter().map(ToString::to_string).collect()).map_err(engine)
}

/// Takes every step back: the database is empty afterwards.
///
/// # Errors
/// As [`migrations_run`].
pub fn migrations_revert_all(store: &Store) -> Result<usize, StoreError> {
    let mut connection = store.reader()?;
    let reverted = match &mut connection {
        AnyConnection::Pg(c) => c.revert_all_migrations(POSTGRES),
        AnyConnection::Sqlite(c) => c.revert_all_migrations(SQLITE),
    };
    reverted.map(|steps| steps.len()).map_err(engine)
}

/// Whether steps wait to be run, for `/readyz`.
///
/// # Errors
/// As [`migrations_run`].
pub fn migrations_pending(connection: &mut AnyConnection) -> Result<bool, StoreError> {
    match connection {
        AnyConnection::Pg(c) => c.has_pending_migration(POSTGRES),
        AnyConnection::Sqlite(c) => c.has_pending_migration(SQLITE),
    }
    .map_err(engine)
}

/// The names of the steps this program carries, the first one first, the same on both engines.
pub fn migrations_names() -> Vec<String> {
    let steps = MigrationSource::<diesel::sqlite::Sqlite>::migrations(&SQLITE).unwrap_or_default();
    let mut names: Vec<String> = steps.iter().map(|step| step.name().to_string()).collect();
    names.sort();
    names
}

/// How many steps this program carries, the same on both engines.
pub fn migrations_count() -> usize {
    let steps = MigrationSource::<diesel::sqlite::Sqlite>::migrations(&SQLITE);
    steps.map_or(0, |steps| steps.len())
}

fn engine(error: Box<dyn std::error::Error + Send + Sync>) -> StoreError {
    StoreError::Engine(format!("migration: {error}"))
}
