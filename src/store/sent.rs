//! Statements that diesel would parse and plan anew at every call, in forms that stand prepared: that was most of the work of a batch of acts.

use std::marker::PhantomData;

use diesel::backend::Backend;
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::Text;
use serde::Serialize;

use super::StoreError;

/// A statement around many rows, which PostgreSQL takes as one JSON text: `before`, the text, `after`. It has one parameter however many they are.
pub(super) struct Sent {
    before: &'static str,
    rows: String,
    after: &'static str,
}

impl Sent {
    pub(super) fn new(
        before: &'static str,
        rows: &[impl Serialize],
        after: &'static str,
    ) -> Result<Sent, StoreError> {
        let rows = serde_json::to_string(rows).map_err(|error| StoreError::Engine(error.to_string()))?;
        Ok(Sent { before, rows, after })
    }
}

impl QueryId for Sent {
    type QueryId = ();
    // Told apart by its text, under which diesel keeps it prepared.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Pg> for Sent {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql(self.before);
        out.push_bind_param::<Text, _>(&self.rows)?;
        out.push_sql(self.after);
        Ok(())
    }
}

impl RunQueryDsl<PgConnection> for Sent {}

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
