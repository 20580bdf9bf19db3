//! Many rows sent to PostgreSQL as one text. A statement with one parameter stands prepared however many rows it carries; a multi-row one is
//! parsed and planned anew at every call, which was most of the work of a batch of acts.

use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::Text;
use serde::Serialize;

use super::StoreError;

/// A statement around its rows, which stand in it as a JSON text: `before`, the text, `after`.
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
