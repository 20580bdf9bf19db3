//! Statements that diesel would parse and plan anew at every call, in forms that stand prepared: that was most of the work of a batch of acts.

use std::marker::PhantomData;

use diesel::backend::Backend;
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};

/// Declares rows, and the same rows column by column: PostgreSQL takes an array for each column, and so has as many parameters however many rows
/// there are.
macro_rules! rows_and_columns {
    ($(#[$about:meta])* $vis:vis struct $row:ident, $columns:ident of $table:ident { $($field:ident: $of:ty,)+ }) => {
        $(#[$about])*
        $vis struct $row { $($field: $of,)+ }

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

/// Declares the statement that changes one row of SQLite's where it stands; its first fields, which the row must still have, stay as they are.
///
/// It touches no foreign key, so SQLite keeps no copy of the pages to take half a statement back, as it does for every `INSERT … ON CONFLICT`: that
/// was a third of a batch's work.
macro_rules! in_place {
    ($(#[$about:meta])* $statement:ident of $row:ident in $table:ident, finding [$first:ident $(, $found:ident)*], setting [$head:ident $(, $set:ident)* $(,)?]) => {
        $(#[$about])*
        struct $statement<'a>(&'a $row);

        impl diesel::query_builder::QueryId for $statement<'_> {
            type QueryId = $statement<'static>;
            const HAS_STATIC_QUERY_ID: bool = true;
        }

        impl diesel::query_builder::QueryFragment<diesel::sqlite::Sqlite> for $statement<'_> {
            fn walk_ast<'b>(
                &'b self,
                mut out: diesel::query_builder::AstPass<'_, 'b, diesel::sqlite::Sqlite>,
            ) -> diesel::QueryResult<()> {
                // Taken apart by name, so that no field is forgotten.
                let $row { $first, $($found,)* $head, $($set),* } = self.0;
                out.push_sql(concat!("UPDATE ", stringify!($table), " SET ", stringify!($head), " = "));
                out.push_bind_param::<diesel::dsl::SqlTypeOf<$table::$head>, _>($head)?;
                $(
                    out.push_sql(concat!(", ", stringify!($set), " = "));
                    out.push_bind_param::<diesel::dsl::SqlTypeOf<$table::$set>, _>($set)?;
                )*
                out.push_sql(concat!(" WHERE ", stringify!($first), " = "));
                out.push_bind_param::<diesel::dsl::SqlTypeOf<$table::$first>, _>($first)?;
                $(
                    out.push_sql(concat!(" AND ", stringify!($found), " = "));
                    out.push_bind_param::<diesel::dsl::SqlTypeOf<$table::$found>, _>($found)?;
                )*
                Ok(())
            }
        }

        impl<Conn> diesel::prelude::RunQueryDsl<Conn> for $statement<'_> {}
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
