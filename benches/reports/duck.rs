//! The other rival: DuckDB's scan of the same rows, in a table of its own.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::country::{Country, sqlite, window};
use crate::scans::{micros, plain};
use crate::spread::Spread;

const SCRIPT: &str = r#"
import csv, os, sys, time
import duckdb
what, path = sys.argv[1:3]
if what == "fill":
    con = duckdb.connect(path + ".part")
    con.execute("CREATE TABLE dossiers (unit VARCHAR, channel VARCHAR, outcome VARCHAR, received_at BIGINT, closed_at BIGINT, lapses_at BIGINT)")
    con.execute("COPY dossiers FROM '/dev/stdin' (FORMAT csv, HEADER false, NULL '')")
    con.execute("CHECKPOINT")
    con.close()
    os.rename(path + ".part", path)
else:
    con = duckdb.connect(path, read_only=True)
    con.execute(f"SET threads = {os.cpu_count()}")
    sql = sys.stdin.read()
    rows = con.execute(sql).fetchall()
    print(sum(row[1] for row in rows))
    for _ in range(int(sys.argv[3])):
        began = time.perf_counter()
        con.execute(sql).fetchall()
        print((time.perf_counter() - began) * 1000)
"#;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    unit: String,
    #[diesel(sql_type = Text)]
    channel: String,
    #[diesel(sql_type = Nullable<Text>)]
    outcome: Option<String>,
    #[diesel(sql_type = BigInt)]
    received_at: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    closed_at: Option<i64>,
    #[diesel(sql_type = BigInt)]
    lapses_at: i64,
}

/// How long DuckDB takes for the plain statement.
pub(crate) fn time(country: &Country, directory: &Path) -> Result<Spread, String> {
    if !has_duck() {
        return Err("no python3 in PATH has the module duckdb (pip install duckdb)".to_owned());
    }
    let table: PathBuf = directory.join(format!("{}.duckdb", country.dossiers));
    if !table.exists() {
        fill(country, &table)?;
    }
    let rounds = crate::rounds().to_string();
    let told = python(&["time", &table.display().to_string(), &rounds], |out| {
        out.write_all(plain(&window(), micros).as_bytes())
    })?;
    let times = told.lines().skip(1).map(|line| line.parse().unwrap()).collect();
    let spread = Spread::of(times);
    spread.tell("DuckDB, plain scan");
    Ok(spread)
}

fn has_duck() -> bool {
    Command::new("python3")
        .args(["-c", "import duckdb"])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|of| of.success())
}

/// Brings the rows over, so many at a time.
fn fill(country: &Country, table: &Path) -> Result<(), String> {
    let columns = "unit, channel, outcome";
    let instants = ["received_at", "closed_at", "lapses_at"];
    let some = |of: &str, from: i64| {
        format!(
            "SELECT {columns}, {of} FROM dossiers WHERE id > {from} AND id <= {} ORDER BY id",
            from + 100_000
        )
    };
    let micros =
        instants.map(|of| format!("(EXTRACT(EPOCH FROM {of}) * 1000000)::bigint AS {of}")).join(", ");
    let table = table.display().to_string();
    python(&["fill", &table, ""], |out| {
        let mut writer = csv::Writer::from_writer(out);
        for from in (0..i64::from(country.dossiers)).step_by(100_000) {
            let rows: Vec<Row> = if country.url().starts_with("sqlite://") {
                diesel::sql_query(some(&instants.join(", "), from)).load(&mut sqlite(country.url())).unwrap()
            } else {
                let mut c = PgConnection::establish(country.url()).unwrap();
                diesel::sql_query(some(&micros, from)).load(&mut c).unwrap()
            };
            for of in rows {
                let closed_at = of.closed_at.map(|at| at.to_string()).unwrap_or_default();
                let (received_at, lapses_at) = (of.received_at.to_string(), of.lapses_at.to_string());
                let outcome = of.outcome.unwrap_or_default();
                writer.write_record([of.unit, of.channel, outcome, received_at, closed_at, lapses_at])?;
            }
        }
        writer.flush()
    })
    .map(|_| ())
}

fn python(
    arguments: &[&str],
    say: impl FnOnce(&mut std::process::ChildStdin) -> std::io::Result<()>,
) -> Result<String, String> {
    let mut command = Command::new("python3");
    command.args(["-c", SCRIPT]).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    let mut input = child.stdin.take().ok_or("no standard input")?;
    say(&mut input).map_err(|error| error.to_string())?;
    drop(input);
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(format!("python3 ended with {}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|error| error.to_string())
}
