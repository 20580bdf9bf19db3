//! Migrations, compiled in; run on start and by `hentra migrate`.

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
    let ran = match &mut connection {
        AnyConnection::Pg(c) => c.run_pending_migrations(POSTGRES),
        AnyConnection::Sqlite(c) => c.run_pending_migrations(SQLITE),
    };
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

/// How many steps this program carries, the same on both engines.
pub fn migrations_count() -> usize {
    let steps = MigrationSource::<diesel::sqlite::Sqlite>::migrations(&SQLITE);
    steps.map_or(0, |steps| steps.len())
}

fn engine(error: Box<dyn std::error::Error + Send + Sync>) -> StoreError {
    StoreError::Engine(format!("migration: {error}"))
}
