//! One query body, type-checked against each engine.

/// Runs `$body` with `$c` bound to the concrete connection: the same source compiles once for PostgreSQL and once for SQLite.
macro_rules! on {
    ($any:expr, |$c:ident| $body:expr) => {
        match $any {
            $crate::store::AnyConnection::Pg($c) => {
                let $c: &mut diesel::pg::PgConnection = &mut *$c;
                $body
            }
            $crate::store::AnyConnection::Sqlite($c) => {
                let $c: &mut diesel::sqlite::SqliteConnection = &mut *$c;
                $body
            }
        }
    };
}
