//! Statements that diesel would parse and plan anew at every call, in forms that stand prepared: that was most of the work of a batch of acts.

use std::marker::PhantomData;

use diesel::backend::Backend;
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};

/// Declares rows, and the same rows column by column: PostgreSQL takes an array for each column, and so has as many parameters however many rows
/// there are.
macro_rules! rows_and_columns {
    (
        $(#[$about:meta])*
        $vis:vis struct $row:ident, $columns:ident of $table:ident {
            $($(#[$told:meta])* $seen:vis $field:ident: $of:ty,)+
        }
    ) => {
        $(#[$about])*
        $vis struct $row { $($(#[$told])* $seen $field: $of,)+ }

        struct $columns<'a> { $($field: Vec<&'a $of>,)+ }

        impl $columns<'_> {
            const NAMES: &'static [&'static str] = &[$(stringify!($field)),+];

            fn of(rows: &[$row]) -> $columns<'_> {
                $columns { $($field: rows.iter().map(|row| &row.$field).collect(),)+ }
            }
        }

        impl diesel::query_builder::QueryFragment<diesel::pg::Pg> for $columns<'_> {
            fn walk_ast<'b>(
                &'b self,
                mut out: diesel::query_builder::AstPass<'_, 'b, diesel::pg::Pg>,
            ) -> diesel::QueryResult<()> {
                out.push_sql("unnest(");
                $(
                    let first = Self::NAMES.first() == Some(&stringify!($field));
                    out.push_sql(if first { "" } else { ", " });
                    out.push_bind_param::<diesel::sql_types::Array<diesel::dsl::SqlTypeOf<$table::$field>>, _>(
                        &self.$field,
                    )?;
                )+
                out.push_sql(")");
                Ok(())
            }
        }
    };
}

/// Reads and writes rows as two tuples within one: diesel as it is compiled here knows none of more than 32.
macro_rules! in_two_parts {
    (
        $row:ident of $table:ident
        { $($first:ident: $first_of:ty,)+ }
        { $($second:ident: $second_of:ty,)+ }
    ) => {
        impl<DB: diesel::backend::Backend> diesel::Selectable<DB> for $row {
            type SelectExpression = (($($table::$first,)+), ($($table::$second,)+));

            fn construct_selection() -> Self::SelectExpression {
                (($($table::$first,)+), ($($table::$second,)+))
            }
        }

        impl<DB: diesel::backend::Backend, First, Second> diesel::Queryable<(First, Second), DB> for $row
        where
            (($($first_of,)+), ($($second_of,)+)): diesel::deserialize::FromStaticSqlRow<(First, Second), DB>,
        {
            type Row = (($($first_of,)+), ($($second_of,)+));

            fn build((($($first,)+), ($($second,)+)): Self::Row) -> diesel::deserialize::Result<Self> {
                Ok($row { $($first,)+ $($second,)+ })
            }
        }

        impl<'a> diesel::Insertable<$table::table> for &'a $row {
            type Values = <(
                ($(diesel::dsl::Eq<$table::$first, &'a $first_of>,)+),
                ($(diesel::dsl::Eq<$table::$second, &'a $second_of>,)+),
            ) as diesel::Insertable<$table::table>>::Values;

            fn values(self) -> Self::Values {
                (
                    ($($table::$first.eq(&self.$first),)+),
                    ($($table::$second.eq(&self.$second),)+),
                )
                    .values()
            }
        }
    };
}

/// Declares rows that are inserted and changed, once for all their statements: beside what [`rows_and_columns`] makes of them, the clause by which a
/// new row takes the place of the one with its key, and a statement that changes one row where it stands.
///
/// That one is for SQLite. Its `keeping` fields, which the row must still have, stay as they are; these are its foreign keys, so SQLite keeps no copy of
/// the pages to take half a statement back, as it does for every `INSERT … ON CONFLICT`: that was a third of a batch's work.
macro_rules! changing_rows {
    (
        $(#[$about:meta])*
        $vis:vis struct $row:ident, $columns:ident, $replacing:ident, $changed:ident of $table:ident {
            key { $key:ident: $key_of:ty }
            keeping { $($kept:ident: $kept_of:ty,)+ }
            setting { $head:ident: $head_of:ty, $($set:ident: $set_of:ty,)+ }
            carrying { $($carried:ident: $carried_of:ty,)+ }
        }
    ) => {
        in_two_parts! {
            $row of $table
            { $key: $key_of, $($kept: $kept_of,)+ $head: $head_of, $($set: $set_of,)+ }
            { $($carried: $carried_of,)+ }
        }

        rows_and_columns! {
            $(#[$about])*
            $vis struct $row, $columns of $table {
                $key: $key_of,
                $($kept: $kept_of,)+
                $head: $head_of,
                $($set: $set_of,)+
                $($carried: $carried_of,)+
            }
        }

        /// A new row takes the place of the one with its key.
        struct $replacing;

        impl Clause for $replacing {
            const TEXT: &'static str = concat!(
                " ON CONFLICT (", stringify!($key), ") DO UPDATE SET ", stringify!($head), " = excluded.", stringify!($head),
                $(", ", stringify!($kept), " = excluded.", stringify!($kept),)+
                $(", ", stringify!($set), " = excluded.", stringify!($set),)+
                $(", ", stringify!($carried), " = excluded.", stringify!($carried)),+
            );
        }

        /// A row changed where it stands.
        struct $changed<'a>(&'a $row);

        impl diesel::query_builder::QueryId for $changed<'_> {
            type QueryId = $changed<'static>;
            const HAS_STATIC_QUERY_ID: bool = true;
        }

        impl diesel::query_builder::QueryFragment<diesel::sqlite::Sqlite> for $changed<'_> {
            fn walk_ast<'b>(
                &'b self,
                mut out: diesel::query_builder::AstPass<'_, 'b, diesel::sqlite::Sqlite>,
            ) -> diesel::QueryResult<()> {
                let row = self.0;
                out.push_sql(concat!("UPDATE ", stringify!($table), " SET ", stringify!($head), " = "));
                out.push_bind_param::<diesel::dsl::SqlTypeOf<$table::$head>, _>(&row.$head)?;
                $(
                    out.push_sql(concat!(", ", stringify!($set), " = "));
                    out.push_bind_param::<diesel::dsl::SqlTypeOf<$table::$set>, _>(&row.$set)?;
                )+
                $(
                    out.push_sql(concat!(", ", stringify!($carried), " = "));
                    out.push_bind_param::<diesel::dsl::SqlTypeOf<$table::$carried>, _>(&row.$carried)?;
                )+
                out.push_sql(concat!(" WHERE ", stringify!($key), " = "));
                out.push_bind_param::<diesel::dsl::SqlTypeOf<$table::$key>, _>(&row.$key)?;
                $(
                    out.push_sql(concat!(" AND ", stringify!($kept), " = "));
                    out.push_bind_param::<diesel::dsl::SqlTypeOf<$table::$kept>, _>(&row.$kept)?;
                )+
                Ok(())
            }
        }

        impl<Conn> diesel::prelude::RunQueryDsl<Conn> for $changed<'_> {}
    };
}

/// A statement around many rows: `before`, the `unnest` of their columns, `after`.
pub(super) struct Around<C> {
    pub(super) before: String,
    pub(super) columns: C,
    pub(super) after: &'static str,
}

impl<C> QueryId for Around<C> {
    type QueryId = ();
    // Told apart by its text, under which diesel keeps it prepared.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C: QueryFragment<Pg>> QueryFragment<Pg> for Around<C> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(&self.before);
        self.columns.walk_ast(out.reborrow())?;
        out.push_sql(self.after);
        Ok(())
    }
}

impl<C> RunQueryDsl<PgConnection> for Around<C> {}

/// What stands at a statement's end.
pub(super) trait Clause: 'static {
    const TEXT: &'static str;
}

/// A statement and the clause at its end. Diesel's own `ON CONFLICT … DO UPDATE` is never kept prepared.
pub(super) struct Followed<Q, C> {
    statement: Q,
    clause: PhantomData<C>,
}

impl<Q, C> Followed<Q, C> {
    pub(super) fn by(statement: Q) -> Followed<Q, C> {
        Followed { statement, clause: PhantomData }
    }
}

impl<Q: QueryId, C: Clause> QueryId for Followed<Q, C> {
    type QueryId = Followed<Q::QueryId, C>;
    const HAS_STATIC_QUERY_ID: bool = Q::HAS_STATIC_QUERY_ID;
}

impl<DB: Backend, Q: QueryFragment<DB>, C: Clause> QueryFragment<DB> for Followed<Q, C> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.statement.walk_ast(out.reborrow())?;
        out.push_sql(C::TEXT);
        Ok(())
    }
}

impl<Conn, Q, C> RunQueryDsl<Conn> for Followed<Q, C> {}
