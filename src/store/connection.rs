//! The connection door: which engine, which pool, and the one transaction door.

use std::os::unix::fs::OpenOptionsExt as _;
use std::time::Duration;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::pg::PgConnection;
use diesel::r2d2::{ConnectionManager, CustomizeConnection, Error as PoolError, Pool, PooledConnection};
use diesel::sqlite::SqliteConnection;

use super::StoreError;

/// How to reach the database.
#[derive(Debug, Clone)]
pub struct StoreSettings {
    /// `sqlite:///path/file.db` or `postgres://…`; the scheme chooses the engine.
    pub url: String,
    /// Connections kept for reading.
    pub readers: u32,
    /// How long a caller waits for a connection, or SQLite for a lock, before the database counts as away.
    pub patience: Duration,
}

/// A connection of either engine; match it with `on!`.
pub enum AnyConnection {
    /// PostgreSQL.
    Pg(PooledConnection<ConnectionManager<PgConnection>>),
    /// SQLite.
    Sqlite(PooledConnection<ConnectionManager<SqliteConnection>>),
}

/// The database: readers in a pool, and one connection for writing.
#[derive(Clone)]
pub struct Store {
    readers: AnyPool,
    writer: AnyPool,
}

#[derive(Clone)]
enum AnyPool {
    Pg(Pool<ConnectionManager<PgConnection>>),
    Sqlite(Pool<ConnectionManager<SqliteConnection>>),
}

/// The pages that a SQLite connection for reading keeps in memory, in KiB: as large as an index over the late dossiers of a country, which is else read anew page
/// by page.
const SQLITE_READER_KB: u32 = 16_384;
/// The same of the one for writing, which is SQLite's own measure: a large batch fills whatever there is.
pub(super) const SQLITE_WRITER_KB: u32 = 2_000;

/// What every SQLite connection is told before its first query.
#[derive(Debug)]
struct SqlitePragmas {
    busy_timeout_ms: u128,
    cache_kb: u32,
}

impl CustomizeConnection<SqliteConnection, PoolError> for SqlitePragmas {
    fn on_acquire(&self, connection: &mut SqliteConnection) -> Result<(), PoolError> {
        // busy_timeout first: switching to WAL itself takes a lock.
        let pragmas = format!(
            "PRAGMA busy_timeout = {}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA cache_size = -{};",
            self.busy_timeout_ms, self.cache_kb
        );
        connection.batch_execute(&pragmas).map_err(PoolError::QueryError)
    }
}

/// PostgreSQL answers in UTC whatever the server's own zone is.
#[derive(Debug)]
struct PgSession;

impl CustomizeConnection<PgConnection, PoolError> for PgSession {
    fn on_acquire(&self, connection: &mut PgConnection) -> Result<(), PoolError> {
        connection.batch_execute("SET TIME ZONE 'UTC'").map_err(PoolError::QueryError)
    }
}

impl Store {
    /// Opens the pools, and makes the SQLite file if there is none; the first connection is made when it is first needed, so a database that is away is found by the first query.
    ///
    /// # Errors
    /// [`StoreError::Settings`] when the URL names neither engine; [`StoreError::Unavailable`] when an SQLite file is not there and cannot be
    /// made.
    pub fn open(settings: &StoreSettings) -> Result<Store, StoreError> {
        let url = settings.url.as_str();
        if let Some(path) = url.strip_prefix("sqlite://") {
            if path.is_empty() || path.contains('?') {
                return Err(StoreError::Settings(format!(
                    "«{url}» names no SQLite file: sqlite:///path/file.db"
                )));
            }
            create_private(path)?;
            return Ok(Store {
                readers: AnyPool::Sqlite(sqlite_pool(
                    path,
                    settings.readers,
                    SQLITE_READER_KB,
                    settings.patience,
                )),
                writer: AnyPool::Sqlite(sqlite_pool(path, 1, SQLITE_WRITER_KB, settings.patience)),
            });
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            refuse_tls_without_library(url)?;
            return Ok(Store {
                readers: AnyPool::Pg(pg_pool(url, settings.readers, settings.patience)),
                writer: AnyPool::Pg(pg_pool(url, 1, settings.patience)),
            });
        }
        Err(StoreError::Settings(
            "the database URL must begin with sqlite:// or postgres:// (never a bare file name)".to_owned(),
        ))
    }

    /// The engine's name, for logs and `/readyz`.
    pub fn engine(&self) -> &'static str {
        match self.readers {
            AnyPool::Pg(_) => "postgresql",
            AnyPool::Sqlite(_) => "sqlite",
        }
    }

    /// A connection for reading. Blocks; call it off the async threads.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when none can be had in time.
    pub fn reader(&self) -> Result<AnyConnection, StoreError> {
        self.readers.get()
    }

    /// The transaction door: everything `body` writes is committed together, or nothing is. `name` says in the log what it was for.
    ///
    /// On SQLite the write lock is taken at once (`BEGIN IMMEDIATE`); on PostgreSQL an advisory lock makes several processes take turns,
    /// so that one chain of the ledger and one row of numbers hold for all of them.
    ///
    /// # Errors
    /// What `body` returned, after a rollback; or the store's own error when the transaction could not be begun or committed.
    pub fn write<T, E>(
        &self,
        name: &'static str,
        body: impl FnOnce(&mut AnyConnection) -> Result<T, E>,
    ) -> Result<T, E>
    where
        E: From<StoreError>,
    {
        let mut connection = self.writer.get()?;
        begin(&mut connection).map_err(StoreError::from)?;
        match body(&mut connection) {
            Ok(value) => {
                commit(&mut connection).map_err(StoreError::from)?;
                Ok(value)
            }
            Err(error) => {
                if let Err(broken) = roll_back(&mut connection) {
                    tracing::warn!(transaction = name, error = %broken, "rollback failed; the connection is dropped");
                }
                Err(error)
            }
        }
    }
}

impl AnyConnection {
    /// Runs `body`, which reads only, so that all its reads see the database as it was at the first one.
    ///
    /// # Errors
    /// What `body` returned, or the store's own error.
    pub fn snapshot<T, E>(&mut self, body: impl FnOnce(&mut AnyConnection) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StoreError>,
    {
        match self {
            AnyConnection::Pg(c) => {
                let c: &mut PgConnection = &mut *c;
                let sql = "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY";
                AnsiTransactionManager::begin_transaction_sql(c, sql)
            }
            // Within a transaction of its own a reader of the write-ahead log sees one state.
            AnyConnection::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(&mut **c, "BEGIN"),
        }
        .map_err(StoreError::from)?;
        let answer = body(self);
        roll_back(self).map_err(StoreError::from)?;
        answer
    }

    /// Runs `body` within a savepoint of the running transaction: when it fails, only its own writes are undone.
    ///
    /// # Errors
    /// What `body` returned, or the store's own error.
    pub fn savepoint<T, E>(&mut self, body: impl FnOnce(&mut AnyConnection) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StoreError>,
    {
        on!(self, |c| AnsiTransactionManager::begin_transaction(c)).map_err(StoreError::from)?;
        match body(self) {
            Ok(value) => {
                commit(self).map_err(StoreError::from)?;
                Ok(value)
            }
            Err(error) => {
                roll_back(self).map_err(StoreError::from)?;
                Err(error)
            }
        }
    }
}

fn begin(connection: &mut AnyConnection) -> diesel::QueryResult<()> {
    match connection {
        AnyConnection::Pg(c) => {
            let c: &mut PgConnection = &mut *c;
            // In one message. Any fixed number does, as long as every Hentra process uses the same one.
            let begun = "BEGIN; SELECT pg_advisory_xact_lock(7205759403792794)";
            AnsiTransactionManager::begin_transaction_sql(c, begun).inspect_err(|_| {
                let _ = c.batch_execute("ROLLBACK");
            })
        }
        AnyConnection::Sqlite(c) => {
            let c: &mut SqliteConnection = &mut *c;
            AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE")
        }
    }
}

fn commit(connection: &mut AnyConnection) -> diesel::QueryResult<()> {
    on!(connection, |c| AnsiTransactionManager::commit_transaction(c))
}

fn roll_back(connection: &mut AnyConnection) -> diesel::QueryResult<()> {
    on!(connection, |c| AnsiTransactionManager::rollback_transaction(c))
}

impl AnyPool {
    fn get(&self) -> Result<AnyConnection, StoreError> {
        match self {
            AnyPool::Pg(pool) => pool.get().map(AnyConnection::Pg),
            AnyPool::Sqlite(pool) => pool.get().map(AnyConnection::Sqlite),
        }
        .map_err(|error| StoreError::Unavailable(error.to_string()))
    }
}

/// Makes the file, if there is none, readable by its owner alone: it holds names and telephone numbers. SQLite gives its `-wal` and `-shm` the
/// same mode. A file that is there keeps what its owner gave it.
fn create_private(path: &str) -> Result<(), StoreError> {
    let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    match made {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            Err(StoreError::Unavailable(format!("{path}: {error}")))
        }
        _ => Ok(()),
    }
}

fn sqlite_pool(
    path: &str,
    size: u32,
    cache_kb: u32,
    patience: Duration,
) -> Pool<ConnectionManager<SqliteConnection>> {
    Pool::builder()
        .max_size(size)
        .min_idle(Some(0))
        .connection_timeout(patience)
        .connection_customizer(Box::new(SqlitePragmas { busy_timeout_ms: patience.as_millis(), cache_kb }))
        .build_unchecked(ConnectionManager::new(path))
}

fn pg_pool(url: &str, size: u32, patience: Duration) -> Pool<ConnectionManager<PgConnection>> {
    Pool::builder()
        .max_size(size)
        .min_idle(Some(0))
        .connection_timeout(patience)
        .connection_customizer(Box::new(PgSession))
        .build_unchecked(ConnectionManager::new(url))
}

/// The libpq compiled into the default build has no TLS: better a clear word at start than a connection in clear that was asked to be closed.
fn refuse_tls_without_library(url: &str) -> Result<(), StoreError> {
    let asks =
        ["sslmode=require", "sslmode=verify-ca", "sslmode=verify-full"].iter().any(|mode| url.contains(mode));
    if asks && cfg!(feature = "bundled-libpq") {
        return Err(StoreError::Settings(
            "sslmode asks for TLS, and this build's libpq has none: use the container image, or build with \
             --no-default-features --features system-libpq"
                .to_owned(),
        ));
    }
    Ok(())
}
