//! The rows of the tables of counters, and adding to them. Which row an entry belongs to is said in [`crate::app::counters`], what it counts in
//! [`crate::domain::counters`].

use chrono::NaiveDate;
use diesel::prelude::*;

use super::schema::{counter_days, counter_recent, counter_scopes, counter_units};
use super::sent::{Around, Clause, Followed};
use super::{AnyConnection, StoreError};
use crate::domain::counters::Counts;

/// Rows in one statement.
const ROWS_A_STATEMENT: usize = 5_000;

/// Calls a macro with the sums that all these tables have.
macro_rules! with_sums {
    ($called:ident! { $($with:tt)* }) => {
        $called! {
            $($with)*
            received_online, received_direct, early, on_time, late, refused, withdrawn, stopped, late_apologised, twice_supplemented, overdue,
            overdue_apologised, suspended, left_open, left_open_apologised
        }
    };
}

/// Declares the rows of a table of counters: its keys, its sums, and how a row is added to the one with its keys, or takes its place among the others.
macro_rules! counter_rows {
    (
        $(#[$about:meta])*
        $row:ident, $columns:ident, $adding:ident, $added:ident, $add:ident of $table:ident {
            $head:ident: $head_of:ty, $($key:ident: $key_of:ty,)+
        }
        $first:ident, $($sum:ident),+
    ) => {
        rows_and_columns! {
            $(#[$about])*
            #[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
            #[diesel(table_name = $table, treat_none_as_default_value = false)]
            pub struct $row, $columns of $table {
                $head: $head_of,
                $($key: $key_of,)+
                $first: i32,
                $($sum: i32,)+
            }
        }

        /// What is added goes to what is there.
        struct $adding;

        impl Clause for $adding {
            const TEXT: &'static str = concat!(
                " ON CONFLICT (", stringify!($head), $(", ", stringify!($key),)+ ") DO UPDATE SET ",
                stringify!($first), " = ", stringify!($table), ".", stringify!($first), " + excluded.", stringify!($first),
                $(", ", stringify!($sum), " = ", stringify!($table), ".", stringify!($sum), " + excluded.", stringify!($sum)),+
            );
        }

        /// A row that is there grows where it stands: for SQLite, which keeps a copy of every page that an `ON CONFLICT` may have to take back.
        struct $added<'a>(&'a $row);

        impl diesel::query_builder::QueryId for $added<'_> {
            type QueryId = $added<'static>;
            const HAS_STATIC_QUERY_ID: bool = true;
        }

        impl diesel::query_builder::QueryFragment<diesel::sqlite::Sqlite> for $added<'_> {
            fn walk_ast<'b>(
                &'b self,
                mut out: diesel::query_builder::AstPass<'_, 'b, diesel::sqlite::Sqlite>,
            ) -> diesel::QueryResult<()> {
                let row = self.0;
                out.push_sql(concat!(
                    "UPDATE ", stringify!($table), " SET ", stringify!($first), " = ", stringify!($first), " + "
                ));
                out.push_bind_param::<diesel::sql_types::Integer, _>(&row.$first)?;
                $(
                    out.push_sql(concat!(", ", stringify!($sum), " = ", stringify!($sum), " + "));
                    out.push_bind_param::<diesel::sql_types::Integer, _>(&row.$sum)?;
                )+
                out.push_sql(concat!(" WHERE ", stringify!($head), " = "));
                out.push_bind_param::<diesel::dsl::SqlTypeOf<$table::$head>, _>(&row.$head)?;
                $(
                    out.push_sql(concat!(" AND ", stringify!($key), " = "));
                    out.push_bind_param::<diesel::dsl::SqlTypeOf<$table::$key>, _>(&row.$key)?;
                )+
                Ok(())
            }
        }

        impl<Conn> diesel::prelude::RunQueryDsl<Conn> for $added<'_> {}

        impl $row {
            /// A row with these sums.
            ///
            /// # Errors
            /// [`StoreError::Corrupt`] when one is beyond what is kept.
            pub fn new(($head, $($key),+): ($head_of, $($key_of),+), of: &Counts) -> Result<$row, StoreError> {
                Ok($row { $head, $($key,)+ $first: kept(of.$first)?, $($sum: kept(of.$sum)?,)+ })
            }

            /// What it counts.
            pub fn counts(&self) -> Counts {
                Counts { $first: self.$first.into(), $($sum: self.$sum.into(),)+ }
            }

            /// Its keys.
            pub fn keys(&self) -> ($head_of, $($key_of),+) {
                (self.$head.clone(), $(self.$key.clone()),+)
            }
        }

        /// Adds the rows, whose keys differ, to those that are there.
        ///
        /// # Errors
        /// [`StoreError`] of the engine.
        pub fn $add(c: &mut AnyConnection, rows: &[$row]) -> Result<(), StoreError> {
            match c {
                AnyConnection::Pg(c) => {
                    let names = $columns::NAMES.join(", ");
                    let before = format!(concat!("INSERT INTO ", stringify!($table), " ({}) SELECT * FROM "), names);
                    for rows in rows.chunks(ROWS_A_STATEMENT) {
                        let columns = $columns::of(rows);
                        Around { before: before.clone(), columns, after: $adding::TEXT }.execute(&mut **c)?;
                    }
                }
                AnyConnection::Sqlite(c) => {
                    let c: &mut diesel::sqlite::SqliteConnection = &mut *c;
                    for row in rows {
                        if $added(row).execute(c)? == 0 {
                            let insert = diesel::insert_into($table::table).values(row);
                            Followed::<_, $adding>::by(insert).execute(c)?;
                        }
                    }
                }
            }
            Ok(())
        }
    };
}

with_sums! { counter_rows! {
    /// What acts have added of late to one day of a unit, procedure, sector and channel.
    RecentRow, RecentColumns, RecentAdding, RecentAdded, recent_add of counter_recent {
        unit: String, day: NaiveDate, procedure: String, sector: String, channel: String,
    }
} }

with_sums! { counter_rows! {
    /// What a day of a unit comes to.
    DayRow, DayColumns, DayAdding, DayAdded, days_add of counter_days { day: NaiveDate, unit: String, }
} }

with_sums! { counter_rows! {
    /// What all days of a unit before a boundary come to.
    UnitRow, UnitColumns, UnitAdding, UnitAdded, units_add of counter_units { boundary: NaiveDate, unit: String, }
} }

with_sums! { counter_rows! {
    /// What all days of a scope's units before a boundary come to, for one procedure, sector and channel; an empty word stands for all.
    ScopeRow, ScopeColumns, ScopeAdding, ScopeAdded, scopes_add of counter_scopes {
        boundary: NaiveDate, scope: String, channel: String, procedure: String, sector: String,
    }
} }

impl UnitRow {
    /// The same sums at a later boundary.
    pub(super) fn carried_to(self, boundary: NaiveDate) -> UnitRow {
        UnitRow { boundary, ..self }
    }
}

impl ScopeRow {
    /// The same sums at a later boundary.
    pub(super) fn carried_to(self, boundary: NaiveDate) -> ScopeRow {
        ScopeRow { boundary, ..self }
    }
}

fn kept(sum: i64) -> Result<i32, StoreError> {
    i32::try_from(sum).map_err(|_| StoreError::Corrupt(format!("a counter of {sum} is beyond what is kept")))
}

/// Declares the sums as the database adds them up.
macro_rules! summed {
    ($($sum:ident),+) => {
        /// Sums over rows; none over no rows.
        #[derive(Debug, Clone, Queryable)]
        pub(super) struct Summed { $($sum: Option<i64>,)+ }

        impl Summed {
            /// What they count.
            pub(super) fn counts(self) -> Counts {
                Counts { $($sum: self.$sum.unwrap_or(0),)+ }
            }
        }
    };
}
with_sums! { summed! {} }

/// The sums over a table's rows.
macro_rules! sums {
    ($table:ident; $($sum:ident),+) => { ($(diesel::dsl::sum($table::$sum),)+) };
}

/// The sums over a table's rows, as [`Summed`] reads them.
macro_rules! sums_of {
    ($table:ident) => {
        with_sums! { sums! { $table; } }
    };
}

/// Declares the sums as a row has them.
macro_rules! plain {
    ($($sum:ident),+) => {
        /// The sums of one row.
        #[derive(Debug, Clone, Queryable)]
        pub(super) struct Plain { $($sum: i32,)+ }

        impl Plain {
            /// What they count.
            pub(super) fn counts(self) -> Counts {
                Counts { $($sum: self.$sum.into(),)+ }
            }
        }
    };
}
with_sums! { plain! {} }

/// The sums of a table's row.
macro_rules! columns {
    ($table:ident; $($sum:ident),+) => { ($($table::$sum,)+) };
}

/// The sums of a table's row, as [`Plain`] reads them.
macro_rules! columns_of {
    ($table:ident) => {
        with_sums! { columns! { $table; } }
    };
}

pub(super) use {columns, columns_of, sums, sums_of, with_sums};
