//! A database that is away for a while: PostgreSQL throws everyone out, a SQLite file is locked by another hand.

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};

use super::TestDatabase;

/// While it lives, `db` lets nobody write; [`Absence::end`] brings it back.
pub(crate) struct Absence<'a> {
    db: &'a TestDatabase,
    lock: Option<SqliteConnection>,
}

impl<'a> Absence<'a> {
    pub(crate) fn begin(db: &'a TestDatabase) -> Self {
        if db.take_away() {
            return Self { db, lock: None };
        }
        let mut lock = SqliteConnection::establish(db.url().trim_start_matches("sqlite://")).unwrap();
        lock.batch_execute("PRAGMA busy_timeout = 5000; BEGIN EXCLUSIVE").unwrap();
        Self { db, lock: Some(lock) }
    }

    pub(crate) fn end(self) {
        match self.lock {
            Some(mut lock) => lock.batch_execute("ROLLBACK").unwrap(),
            None => self.db.bring_back(),
        }
    }
}
