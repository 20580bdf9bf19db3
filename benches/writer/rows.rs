//! Which rows one request writes, read off the tables before and after it, and turned into statements that write the same again.
//!
//! Nothing here names a table or column of Hentra's but `dossier_id`: what a later version writes, its rival writes too.

use std::collections::{BTreeMap, BTreeSet};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;

/// A database of either engine, asked by plain SQL.
pub(crate) enum Database {
    Pg(PgConnection),
    Sqlite(SqliteConnection),
}

/// A row as SQL literals, in the order of its table's columns.
type Row = Vec<String>;

/// Every row of every table, by table and primary key.
pub(crate) struct Snapshot {
    columns: BTreeMap<String, Vec<Column>>,
    rows: BTreeMap<String, BTreeMap<Row, Row>>,
}

struct Column {
    name: String,
    /// Of the primary key.
    primary: bool,
    /// Of the primary key or of another unique one.
    unique: bool,
    text: bool,
    references: Option<String>,
}

/// The statements of one transaction, with `:id` for its dossier and `:client_id` for who runs it.
pub(crate) struct Script {
    /// Run once for each client, before all.
    pub(crate) setup: Vec<String>,
    /// Run in each transaction, between BEGIN and COMMIT.
    pub(crate) each: Vec<String>,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

const PG_COLUMNS: &str = "SELECT json_build_array(c.relname, a.attname,
      EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY (i.indkey))::int::text,
      EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND a.attnum = ANY (i.indkey))::int::text,
      (a.atttypid = 'text'::regtype)::int::text,
      coalesce((SELECT f.confrelid::regclass::text FROM pg_constraint f
                 WHERE f.conrelid = c.oid AND f.contype = 'f' AND f.conkey = ARRAY[a.attnum]), ''))::text AS line
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY c.relname, a.attnum";

const SQLITE_COLUMNS: &str = "SELECT json_array(t.name, c.name, cast(c.pk > 0 AS text),
      cast(c.pk > 0 OR EXISTS (SELECT 1 FROM pragma_index_list(t.name) l, pragma_index_info(l.name) i
                                WHERE l.\"unique\" AND i.name = c.name) AS text),
      cast(c.type = 'TEXT' AS text),
      coalesce((SELECT f.\"table\" FROM pragma_foreign_key_list(t.name) f WHERE f.\"from\" = c.name), '')) AS line
  FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%'
 ORDER BY t.name, c.cid";

/// A second row that one request adds to a table has its key this far from the first's.
const ROW_STRIDE: i64 = 1_000_000_000_000;
/// So far apart are the keys of what different requests add for one dossier.
const REQUEST_STRIDE: i64 = 1_000_000_000_000_000;

impl Database {
    pub(crate) fn open(url: &str) -> Database {
        match url.strip_prefix("sqlite://") {
            Some(path) => Database::Sqlite(SqliteConnection::establish(path).unwrap()),
            None => Database::Pg(PgConnection::establish(url).unwrap()),
        }
    }

    pub(crate) fn run(&mut self, sql: &str) {
        match self {
            Database::Pg(c) => c.batch_execute(sql),
            Database::Sqlite(c) => c.batch_execute(sql),
        }
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// Runs a script once, and sees that each of its statements finds its row.
    pub(crate) fn rehearse(&mut self, script: &Script, id: i64) {
        for sql in &script.each {
            let sql = sql.replace(":client_id", "0").replace(":id", &id.to_string());
            let rows = match self {
                Database::Pg(c) => diesel::sql_query(&sql).execute(c),
                Database::Sqlite(c) => diesel::sql_query(&sql).execute(c),
            };
            assert_eq!(rows, Ok(1), "{sql}");
        }
    }

    pub(crate) fn snapshot(&mut self) -> Snapshot {
        let mut columns: BTreeMap<String, Vec<Column>> = BTreeMap::new();
        for row in self.lines(match self {
            Database::Pg(_) => PG_COLUMNS,
            Database::Sqlite(_) => SQLITE_COLUMNS,
        }) {
            let [table, name, primary, unique, text, references] = row.try_into().unwrap();
            columns.entry(table).or_default().push(Column {
                name,
                primary: primary == "1",
                unique: unique == "1",
                text: text == "1",
                references: (!references.is_empty()).then_some(references),
            });
        }
        let mut rows = BTreeMap::new();
        for (table, columns) in &columns {
            let keyed = self.lines(&self.read_all(table, columns)).into_iter().map(|row| {
                let parts = columns.iter().zip(&row).filter(|(column, _)| column.primary);
                (parts.map(|(_, literal)| literal.clone()).collect(), row)
            });
            rows.insert(table.clone(), keyed.collect());
        }
        Snapshot { columns, rows }
    }

    /// The query that reads a table's rows, each value as the literal that would write it.
    fn read_all(&self, table: &str, columns: &[Column]) -> String {
        let literal = |column: &Column| match self {
            // Escaped so that nothing in a text looks like a variable to pgbench.
            Database::Pg(_) => format!(
                r"coalesce('U&''' || replace(replace(replace({}::text, '\', '\\'), '''', ''''''), ':', '\003a') || '''', 'NULL')",
                column.name
            ),
            Database::Sqlite(_) => format!("quote({})", column.name),
        };
        let literals = columns.iter().map(literal).collect::<Vec<_>>().join(", ");
        match self {
            Database::Pg(_) => format!("SELECT json_build_array({literals})::text AS line FROM {table}"),
            Database::Sqlite(_) => format!("SELECT json_array({literals}) AS line FROM {table}"),
        }
    }

    fn lines(&mut self, sql: &str) -> Vec<Row> {
        let lines: Vec<Line> = match self {
            Database::Pg(c) => diesel::sql_query(sql).load(c),
            Database::Sqlite(c) => diesel::sql_query(sql).load(c),
        }
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
        lines.iter().map(|of| serde_json::from_str(&of.line).unwrap()).collect()
    }
}

impl Snapshot {
    /// The statements that write what was written between `before` and this. `per_dossier` are the tables of which each dossier has rows of its
    /// own; a row changed in another one is shared, and each client gets its own copy of it, so that no client waits for another. `nth` is which
    /// request of the dossier's life this is, from 0.
    pub(crate) fn since(&self, before: &Snapshot, per_dossier: &BTreeSet<String>, nth: i64) -> Script {
        let mut script = Script { setup: Vec::new(), each: Vec::new() };
        for table in self.tables() {
            let old = &before.rows[table];
            let gone = old.iter().filter(|(key, _)| !self.rows[table].contains_key(*key));
            for ((_, row), stride) in gone.zip((0..).step_by(ROW_STRIDE as usize)) {
                script.each.push(self.delete(table, row, per_dossier, stride));
            }
            let (mut added, mut changed) = (nth * REQUEST_STRIDE, 0);
            for (key, row) in &self.rows[table] {
                match old.get(key) {
                    None => {
                        script.each.push(self.insert(table, row, per_dossier, added));
                        added += ROW_STRIDE;
                    }
                    Some(was) if was != row && per_dossier.contains(table) => {
                        let key =
                            |column: &Column, literal: &str| varied(column, literal, per_dossier, changed);
                        script.each.push(self.update(table, was, row, key));
                        changed += ROW_STRIDE;
                    }
                    Some(was) if was != row => {
                        script.setup.push(self.copy(table, was));
                        script.each.push(self.update(table, was, row, shared));
                    }
                    Some(_) => {}
                }
            }
        }
        script
    }

    /// The tables that have more rows than before.
    pub(crate) fn grown_since(&self, before: &Snapshot) -> BTreeSet<String> {
        self.rows
            .iter()
            .filter(|(table, rows)| rows.len() > before.rows[*table].len())
            .map(|(table, _)| table.clone())
            .collect()
    }

    /// Those that others refer to first.
    fn tables(&self) -> Vec<&String> {
        let mut tables: Vec<&String> = self.columns.keys().collect();
        tables.sort_by_key(|table| {
            self.columns[*table].iter().filter(|of| of.references.as_deref() == Some("dossiers")).count()
        });
        tables
    }

    fn insert(&self, table: &str, row: &Row, per_dossier: &BTreeSet<String>, stride: i64) -> String {
        let columns = &self.columns[table];
        let values =
            columns.iter().zip(row).map(|(column, literal)| varied(column, literal, per_dossier, stride));
        statement(table, columns, values)
    }

    fn delete(&self, table: &str, row: &Row, per_dossier: &BTreeSet<String>, stride: i64) -> String {
        let keys = self.columns[table].iter().zip(row).filter(|(column, _)| column.primary);
        let keys = keys.map(|(column, literal)| {
            format!("{} = {}", column.name, varied(column, literal, per_dossier, stride))
        });
        format!("DELETE FROM {table} WHERE {}", keys.collect::<Vec<_>>().join(" AND "))
    }

    fn copy(&self, table: &str, row: &Row) -> String {
        let columns = &self.columns[table];
        let values = columns.iter().zip(row).map(|(column, literal)| shared(column, literal));
        // Logging and resolving change the same row of the day: one copy is enough for both.
        format!("{} ON CONFLICT DO NOTHING", statement(table, columns, values))
    }

    fn update(&self, table: &str, was: &Row, row: &Row, key: impl Fn(&Column, &str) -> String) -> String {
        let columns = self.columns[table].iter().zip(was.iter().zip(row));
        let (mut sets, mut keys) = (Vec::new(), Vec::new());
        for (column, (was, is)) in columns {
            if column.primary {
                keys.push(format!("{} = {}", column.name, key(column, is)));
            } else if was != is {
                sets.push(format!("{} = {is}", column.name));
            }
        }
        format!("UPDATE {table} SET {} WHERE {}", sets.join(", "), keys.join(" AND "))
    }
}

fn statement(table: &str, columns: &[Column], values: impl Iterator<Item = String>) -> String {
    let names: Vec<&str> = columns.iter().map(|of| of.name.as_str()).collect();
    format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), values.collect::<Vec<_>>().join(", "))
}

/// The literal, or what stands for it in another dossier's row: keys of its own, and references to its dossier.
fn varied(column: &Column, literal: &str, per_dossier: &BTreeSet<String>, stride: i64) -> String {
    let own = column.unique && column.references.is_none();
    let child =
        column.name == "dossier_id" || column.references.as_ref().is_some_and(|of| per_dossier.contains(of));
    match (own, child) {
        _ if literal == "NULL" => literal.to_owned(),
        // As long as it was: the ids have eleven digits.
        (true, _) if column.text => {
            format!("{}' || CAST(:id AS text)", literal.get(..literal.len() - 12).unwrap())
        }
        (_, true) => "CAST(:id AS bigint)".to_owned(),
        (true, _) if stride == 0 => "CAST(:id AS bigint)".to_owned(),
        (true, _) => format!("CAST(:id AS bigint) + {stride}"),
        _ => literal.to_owned(),
    }
}

/// The literal, or each client's own key in a row that all dossiers share.
fn shared(column: &Column, literal: &str) -> String {
    if column.primary && column.text && column.references.is_none() {
        format!("{literal} || CAST(:client_id AS text)")
    } else {
        literal.to_owned()
    }
}
