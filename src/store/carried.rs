//! Columns beside those of diesel's `table!`: for what rows carry and no statement looks at.

/// Declares columns of a table that `table!` declares without them. They are selected and written like the others; of the operators they have what every
/// expression has.
macro_rules! carried {
    ($table:ident { $($column:ident -> $of:ty,)+ }) => { $(
        #[expect(non_camel_case_types, reason = "named as the column is, like those of table!")]
        #[derive(Debug, Clone, Copy, Default, diesel::query_builder::QueryId)]
        pub struct $column;

        impl diesel::expression::Expression for $column {
            type SqlType = $of;
        }

        impl<DB: diesel::backend::Backend> diesel::query_builder::QueryFragment<DB> for $column {
            fn walk_ast<'b>(
                &'b self,
                mut out: diesel::query_builder::AstPass<'_, 'b, DB>,
            ) -> diesel::QueryResult<()> {
                out.push_identifier(stringify!($table))?;
                out.push_sql(".");
                out.push_identifier(stringify!($column))
            }
        }

        impl<QS> diesel::AppearsOnTable<QS> for $column where
            QS: diesel::query_source::AppearsInFromClause<table, Count = diesel::query_source::Once>
        {
        }

        // On the outer side of a left join too: there is no such query.
        impl<QS> diesel::SelectableExpression<QS> for $column where $column: diesel::AppearsOnTable<QS> {}

        impl diesel::expression::ValidGrouping<()> for $column {
            type IsAggregate = diesel::expression::is_aggregate::No;
        }

        impl diesel::query_source::Column for $column {
            type Table = table;
            const NAME: &'static str = stringify!($column);
        }
    )+ };
}
