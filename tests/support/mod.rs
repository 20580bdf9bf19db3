//! What every integration test stands on: a fresh, empty database on either engine, and one source for both.
//!
//! Write `on_both! { fn name(db) { … } }` (or [`on_both_async`]) and get the two tests `name::sqlite` and
//! `name::postgres`; the body is given a `&TestDatabase`. Nothing here may know Hentra's own tables or routes.
//! Where to look next: `database.rs` for the guard, `postgres.rs` for where the server comes from.

mod absence;
mod app;
pub(crate) mod browsing;
mod database;
pub(crate) mod lived;
pub(crate) mod many_dossiers;
pub(crate) mod outbox;
pub(crate) mod page_list;
mod postgres;
mod postgres_start;
mod served;
pub(crate) mod smtp;
pub(crate) mod webdriver;

pub(crate) use absence::Absence;
pub(crate) use app::{Answer, TestApp, dossier, finding_codes, instant, unit};
pub(crate) use database::{Engine, TestDatabase, beside};
pub(crate) use postgres::{PostgresSource, postgres, source, start_lasting_postgres, with_database};
pub(crate) use served::{Caller, Heard, Office, Served};

/// One synchronous test body, run on SQLite and on PostgreSQL.
///
/// The function and the module of the same name live in different namespaces, so no glob import is needed.
macro_rules! on_both {
    ($($(#[$attribute:meta])* fn $name:ident($db:ident) $body:block)+) => {$(
        $(#[$attribute])*
        #[cfg(test)]
        fn $name($db: &$crate::support::TestDatabase) $body

        #[cfg(test)]
        mod $name {
            #[test]
            fn sqlite() {
                super::$name(&$crate::support::TestDatabase::sqlite());
            }

            #[test]
            fn postgres() {
                if let Some(db) = $crate::support::TestDatabase::postgres() {
                    super::$name(&db);
                }
            }
        }
    )+};
}

/// One asynchronous test body, run on SQLite and on PostgreSQL in actix's own runtime.
macro_rules! on_both_async {
    ($($(#[$attribute:meta])* async fn $name:ident($db:ident) $body:block)+) => {$(
        $(#[$attribute])*
        #[cfg(test)]
        async fn $name($db: &$crate::support::TestDatabase) $body

        #[cfg(test)]
        mod $name {
            #[actix_web::test]
            async fn sqlite() {
                let db = $crate::support::TestDatabase::sqlite();
                super::$name(&db).await;
            }

            #[actix_web::test]
            async fn postgres() {
                if let Some(db) = $crate::support::TestDatabase::postgres() {
                    super::$name(&db).await;
                }
            }
        }
    )+};
}

pub(crate) use {on_both, on_both_async};
