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

/// Up to so many rows go one by one: `COPY` has a round trip more than a statement that stands prepared.
pub(super) const FEW: usize = 3;

/// Inserts rows the fastest way each engine has, in the running transaction; answers a query result of nothing.
///
/// A multi-row `INSERT` is parsed anew at every call, and on PostgreSQL that was most of the work of a batch: there many rows go by `COPY`. SQLite
/// takes any number, and PostgreSQL a few, through a one-row statement that stands prepared.
macro_rules! insert_rows {
    ($any:expr, $table:expr, $rows:expr) => {{
        let rows = $rows;
        match $any {
            $crate::store::AnyConnection::Pg(c) if rows.len() > $crate::store::on::FEW => {
                let c: &mut diesel::pg::PgConnection = &mut *c;
                diesel::copy_from($table).from_insertable(rows).execute(c).map(|_| ())
            }
            any => insert_each!(any, $table, rows),
        }
    }};
}

/// Inserts rows one by one, through a statement that stands prepared.
macro_rules! insert_each {
    ($any:expr, $table:expr, $rows:expr) => {
        on!($any, |c| $rows
            .iter()
            .try_for_each(|row| diesel::insert_into($table).values(row).execute(c).map(|_| ())))
    };
}

/// Narrows a boxed query to some units, if any are named. Where all are meant none are: PostgreSQL compares a list that long with every row, one by one.
macro_rules! of_units {
    ($query:expr, $unit:expr, $units:expr) => {{
        let mut query = $query;
        if let Some(units) = $units {
            query = query.filter($unit.eq_any(units));
        }
        query
    }};
}

/// Narrows a boxed query to dossiers of one sector, where one is named.
macro_rules! of_sector {
    ($query:expr, $column:expr, $sector:expr) => {{
        let mut query = $query;
        if let Some(sector) = $sector {
            query = query.filter($column.eq(sector));
        }
        query
    }};
}

/// The greatest key of a table, 0 while it is empty, so that the next one is free: keys are given by the one writer, in its transaction.
macro_rules! last_key {
    ($any:expr, $key:expr, $table:expr) => {
        on!($any, |c| $table.select(diesel::dsl::max($key)).first::<Option<i64>>(c))
            .map(Option::unwrap_or_default)
    };
}
