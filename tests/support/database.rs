//! A database that belongs to one test: made empty, gone when the guard is dropped.
//!
//! It knows both engines and nothing of what is stored in them.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;

use super::postgres::{Server, postgres};

/// A connection past the service to its SQLite file, which waits while the service writes.
pub(crate) fn beside(path: &str) -> SqliteConnection {
    let mut connection = SqliteConnection::establish(path).unwrap();
    connection.batch_execute("PRAGMA busy_timeout = 10000").unwrap();
    connection
}

/// The two engines every store and API test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// A fresh database and its URL; dropping it removes the file or the database.
pub(crate) struct TestDatabase {
    url: String,
    home: Home,
}

enum Home {
    /// Held only so that the directory goes with the guard.
    Directory(#[expect(dead_code, reason = "its Drop is its use")] tempfile::TempDir),
    Server(&'static Server),
}

impl TestDatabase {
    /// A SQLite file that does not exist yet, in a directory of its own (so that `-wal` and `-shm` go with it).
    pub(crate) fn sqlite() -> Self {
        let directory = tempfile::Builder::new().prefix("hentra-sqlite-").tempdir().unwrap();
        let url = format!("sqlite://{}", directory.path().join("hentra.db").display());
        Self { url, home: Home::Directory(directory) }
    }

    /// An empty PostgreSQL database, or nothing where there is no PostgreSQL (which has then been said loudly).
    pub(crate) fn postgres() -> Option<Self> {
        postgres().map(|server| Self { url: server.create_database(), home: Home::Server(server) })
    }

    /// A copy of a PostgreSQL database that `prepare` was run on once for the whole test binary (migrations, say).
    pub(crate) fn postgres_prepared(prepare: fn(&str)) -> Option<Self> {
        postgres().map(|server| {
            let template = server.prepared_template(prepare);
            Self { url: server.create_database_from(template), home: Home::Server(server) }
        })
    }

    /// The URL as `HENTRA_DATABASE_URL` takes it: `sqlite:///…/hentra.db` or `postgres://…`.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Which engine this is, for the few tests that must know.
    pub(crate) fn engine(&self) -> Engine {
        match self.home {
            Home::Directory(_) => Engine::Sqlite,
            Home::Server(_) => Engine::Postgres,
        }
    }

    /// Plays an outage: throws every session out and lets none in until [`TestDatabase::bring_back`].
    /// Answers whether this engine can (a SQLite file cannot be taken from a process that has it open).
    pub(crate) fn take_away(&self) -> bool {
        match self.home {
            Home::Directory(_) => false,
            Home::Server(server) => {
                server.shut_out(&self.url);
                true
            }
        }
    }

    /// Ends the outage that [`TestDatabase::take_away`] began.
    pub(crate) fn bring_back(&self) {
        if let Home::Server(server) = self.home {
            server.let_in(&self.url);
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Home::Server(server) = self.home {
            server.drop_database(&self.url);
        }
    }
}
