//! What Hentra is measured against: the same rows, one transaction for each request.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::BigInt;
use diesel::sqlite::Sqlite;

use crate::figures::Figures;
use crate::rows::{Database, Script};

/// The first id, of the rehearsal; eleven digits, and out of the way of those that Hentra gave.
pub(crate) const FIRST_ID: i64 = 10_000_000_000;
const IDS_A_ROUND: i64 = 100_000_000;
const IDS_A_CLIENT: i64 = 1_000_000;

/// Someone who writes what a [`Script`] says.
pub(crate) enum Rival {
    /// The server's own benchmark, at its URL.
    Pgbench { binary: PathBuf, url: String },
    /// One connection in a loop, with nothing in between: the most that a commit for each request can give on SQLite.
    Loop(SqliteConnection),
}

impl Rival {
    pub(crate) fn new(database: Database, binaries: Option<&Path>, url: &str) -> Rival {
        match (database, binaries) {
            (Database::Sqlite(connection), _) => Rival::Loop(connection),
            (Database::Pg(_), Some(binaries)) => {
                Rival::Pgbench { binary: binaries.join("pgbench"), url: url.to_owned() }
            }
            (Database::Pg(_), None) => {
                panic!("pgbench stands beside the server's binaries, and there are none")
            }
        }
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Rival::Pgbench { .. } => "pgbench",
            Rival::Loop(_) => "a commit each",
        }
    }

    /// Runs the script so many times; a resolving script finds what the logging one of the same round wrote.
    pub(crate) fn run(&mut self, script: &Script, round: usize, clients: usize, times: usize) -> Figures {
        let first = FIRST_ID + (1 + round as i64) * IDS_A_ROUND;
        match self {
            Rival::Pgbench { binary, url } => {
                pgbench(binary, url, &text(script, first), clients, times / clients)
            }
            // One after the other is slow enough with an eighth of them.
            Rival::Loop(connection) => alone(connection, script, first, clients, times / 8),
        }
    }
}

/// The script in pgbench's words.
fn text(script: &Script, first: i64) -> String {
    let statements = script.each.join(";\n");
    format!(
        "\\set n :n + 1\n\\set id {first} + :client_id * {IDS_A_CLIENT} + :n\nBEGIN;\n{statements};\nCOMMIT;\n"
    )
}

fn pgbench(binary: &Path, url: &str, script: &str, clients: usize, each: usize) -> Figures {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("script.sql"), script).unwrap();
    let mut command = Command::new(binary);
    command.current_dir(directory.path()).env_remove("LD_PRELOAD");
    command.args(["--no-vacuum", "--protocol=prepared", "--log", "--file=script.sql", "--define=n=0"]);
    command.args([
        format!("--client={clients}"),
        format!("--jobs={}", clients.min(2)),
        format!("--transactions={each}"),
    ]);
    let output = command.arg(url).output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    let rate =
        told.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse::<f64>().ok());
    let complaint = String::from_utf8_lossy(&output.stderr);
    let complaint: String = complaint.lines().take(3).collect();
    let rate = rate.filter(|_| output.status.success()).unwrap_or_else(|| panic!("pgbench: {complaint}"));
    let waits = waits(directory.path());
    assert_eq!(waits.len(), clients * each, "pgbench: {complaint}");
    let took = Duration::from_secs_f64(waits.len() as f64 / rate);
    Figures::new(waits, took)
}

/// What pgbench logged of its transactions: the third word is how long each took, in microseconds.
fn waits(directory: &Path) -> Vec<Duration> {
    let logs = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    logs.filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("pgbench_log")))
        .flat_map(|path| BufReader::new(fs::File::open(path).unwrap()).lines())
        .map(|line| Duration::from_micros(line.unwrap().split(' ').nth(2).unwrap().parse().unwrap()))
        .collect()
}

/// A client of so many that take turns waits for all the others' commits and its own.
fn alone(
    connection: &mut SqliteConnection,
    script: &Script,
    first: i64,
    clients: usize,
    times: usize,
) -> Figures {
    let statements: Vec<Statement> = script.each.iter().map(|sql| Statement::new(sql)).collect();
    let start = Instant::now();
    let mut ends = vec![Duration::ZERO];
    for id in (first..).take(times) {
        let write = |c: &mut SqliteConnection| {
            statements.iter().try_for_each(|of| Bound { parts: &of.parts, id }.execute(c).map(|_| ()))
        };
        connection.immediate_transaction(write).unwrap();
        ends.push(start.elapsed());
    }
    let waits =
        ends.windows(clients + 1).map(|turn| *turn.last().unwrap() - *turn.first().unwrap()).collect();
    let mut figures = Figures::new(waits, start.elapsed());
    figures.rate = times as f64 / start.elapsed().as_secs_f64();
    figures
}

/// SQL between the places where the id goes.
struct Statement {
    parts: Vec<String>,
}

impl Statement {
    fn new(sql: &str) -> Statement {
        Statement { parts: sql.replace(":client_id", "0").split(":id").map(str::to_owned).collect() }
    }
}

/// A statement with its id; unlike `sql_query`'s, diesel prepares it once.
struct Bound<'a> {
    parts: &'a [String],
    id: i64,
}

impl QueryId for Bound<'_> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Sqlite> for Bound<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        for (n, part) in self.parts.iter().enumerate() {
            if n > 0 {
                out.push_bind_param::<BigInt, _>(&self.id)?;
            }
            out.push_sql(part);
        }
        Ok(())
    }
}

impl RunQueryDsl<SqliteConnection> for Bound<'_> {}
