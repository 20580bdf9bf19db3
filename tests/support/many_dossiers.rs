//! Many open dossiers, made by one statement, and what the database says of how it finds some of them. For tests and benchmarks of the sweep.

use diesel::connection::{Instrumentation, InstrumentationEvent, SimpleConnection};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel::{PgConnection, SqliteConnection};
use hentra::store::AnyConnection;
use std::sync::{Arc, Mutex};

/// Microseconds since 1970 of 2026-11-20T00:00:00+07:00, a Friday.
const TODAY: i64 = 1_795_107_600_000_000;
const DAY: i64 = 86_400_000_000;

/// How the dossiers of a province lie: of every thousand, `late` are overdue, `due` are due today, `soon` on Monday, and `pledged` are committed for
/// today; the rest is due weeks later. Every other dossier has a commitment that ends with its limit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lie {
    pub(crate) late: u32,
    pub(crate) due: u32,
    pub(crate) soon: u32,
    pub(crate) pledged: u32,
}

pub(crate) fn run(url: &str, sql: &str) {
    match url.strip_prefix("sqlite://") {
        // The service may be writing.
        Some(path) => SqliteConnection::establish(path)
            .unwrap()
            .batch_execute(&format!("PRAGMA busy_timeout = 10000; {sql}")),
        None => PgConnection::establish(url).unwrap().batch_execute(sql),
    }
    .unwrap_or_else(|error| panic!("{error}: {sql}"));
}

/// Makes `many` open dossiers, dealt out to the units, of a procedure and under a commitment that stand; then has the tables analysed.
pub(crate) fn make(url: &str, many: u32, units: &[String], procedure: &str, lie: Lie) {
    let sqlite = url.starts_with("sqlite://");
    let instant = |micros: &str| {
        if sqlite { format!("({micros})") } else { format!("to_timestamp(({micros}) / 1000000.0)") }
    };
    let (late, due, soon) = (lie.late, lie.late + lie.due, lie.late + lie.due + lie.soon);
    let pledged = soon + lie.pledged;
    // The same step for every unit, prime to a thousand, so that each unit has its share of each kind.
    let kind = "(CAST(i AS BIGINT) * 7919 / :units % 1000)".replace(":units", &units.len().to_string());
    let day = format!(
        "(CASE WHEN {kind} < {late} THEN -1 - i % 5 WHEN {kind} < {due} THEN 0 WHEN {kind} < {soon} THEN 3 ELSE 14 + i % 60 END)"
    );
    let closes = |day: &str| instant(&format!("{TODAY} + {day} * {DAY} + 61200000000"));
    let lapses = instant(&format!("{TODAY} + ({day} + 1) * {DAY}"));
    let slip = instant(&format!(
        "{TODAY} + (CASE WHEN {kind} BETWEEN {due} AND {soon} - 1 THEN 1 ELSE {day} END) * {DAY}"
    ));
    let received = instant(&format!("{TODAY} - 20 * {DAY} + i % 3600000000"));
    let pledge = format!(
        "CASE WHEN {kind} >= {soon} AND {kind} < {pledged} THEN {} ELSE {} END",
        closes("0"),
        closes(&day)
    );
    let names =
        units.iter().enumerate().map(|(at, code)| format!("({at}, '{code}')")).collect::<Vec<_>>().join(", ");
    let numbers = format!("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {many})");
    run(url, &format!(
        "CREATE TABLE dealt (at INTEGER PRIMARY KEY, code TEXT NOT NULL); INSERT INTO dealt (at, code) VALUES {names};
         {numbers} INSERT INTO dossiers (id, code, code_search, unit, procedure, sector, channel, limit_value, limit_unit, status, received_at,
             effective_receipt, statutory_due_at, commitment_due_at, first_due_at, due_at, lapses_at, appointed_at, provisional, supplements,
             reappointments, version, counted_from, pauses, apology_by, last_act_at, officer)
         SELECT i, 'M-' || i, 'm-' || i, dealt.code, '{procedure}', 'Hộ tịch', 'in_person', 3, 'working_day', 'processing', {received}, {received}, {due_at},
             {pledge}, {due_at}, {due_at}, {lapses}, {due_at}, {no}, 0, 0, 1, {received}, '[]', {slip}, {received}, 'Trần Thị Mai'
           FROM n JOIN dealt ON dealt.at = i % {units_len};
         INSERT INTO dossier_commitments (dossier_id, commitment_id, effect, due_at, lapses_at, code, unit, procedure, officer, received_at)
         SELECT id, 1, 'within', commitment_due_at, CASE WHEN commitment_due_at = due_at THEN lapses_at ELSE {midnight} END, code, unit, procedure, officer,
                received_at
           FROM dossiers;
         DROP TABLE dealt; ANALYZE;",
        due_at = closes(&day),
        no = if sqlite { "0" } else { "false" },
        units_len = units.len(),
        midnight = instant(&format!("{TODAY} + {DAY}")),
    ));
}

/// The statements that a connection is sent, each with its parameters, while they are gathered.
#[derive(Clone, Default)]
pub(crate) struct Sent(Arc<Mutex<Vec<String>>>);

impl Instrumentation for Sent {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            self.0.lock().unwrap().push(query.to_string());
        }
    }
}

impl Sent {
    /// Gathers from now on what this connection is sent.
    pub(crate) fn by(c: &mut AnyConnection) -> Sent {
        let sent = Sent::default();
        match c {
            AnyConnection::Pg(c) => c.set_instrumentation(sent.clone()),
            AnyConnection::Sqlite(c) => c.set_instrumentation(sent.clone()),
        }
        sent
    }

    /// What has been gathered, without the parameters, each statement once.
    pub(crate) fn statements(&self) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for sent in self.0.lock().unwrap().iter() {
            let sql = sent.split(" -- binds").next().unwrap_or_default().trim().to_owned();
            if sql.starts_with("SELECT") && !all.contains(&sql) {
                all.push(sql);
            }
        }
        all
    }
}

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// How SQLite goes about a statement, step by step.
pub(crate) fn sqlite_plan(url: &str, sql: &str) -> Vec<String> {
    let mut c = SqliteConnection::establish(url.strip_prefix("sqlite://").unwrap()).unwrap();
    let steps: Vec<Step> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}")).load(&mut c).unwrap();
    steps.into_iter().map(|step| step.detail).collect()
}

/// What PostgreSQL has read of a table within the running transaction.
#[derive(QueryableByName, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Read {
    /// Scans of the whole table.
    #[diesel(sql_type = BigInt)]
    pub(crate) scans: i64,
    /// Rows read by these.
    #[diesel(sql_type = BigInt)]
    pub(crate) scanned: i64,
    /// Rows fetched by way of an index.
    #[diesel(sql_type = BigInt)]
    pub(crate) fetched: i64,
}

/// What PostgreSQL has read of `table` within the running transaction of this connection.
pub(crate) fn postgres_read(c: &mut AnyConnection, table: &str) -> Read {
    let AnyConnection::Pg(c) = c else { panic!("no PostgreSQL") };
    diesel::sql_query(format!(
        "SELECT seq_scan AS scans, seq_tup_read AS scanned, coalesce(idx_tup_fetch, 0) AS fetched \
           FROM pg_stat_xact_user_tables WHERE relname = '{table}'"
    ))
    .get_result(&mut **c)
    .unwrap()
}
