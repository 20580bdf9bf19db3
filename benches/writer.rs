//! Logging and resolving complete dossiers through the one writer, beside the database doing the same row writes in one transaction each.
//!
//! On PostgreSQL the rival is pgbench on the same server, on SQLite a loop over one connection. What the rival writes is read off the tables, so
//! it writes what this version of Hentra writes. It is given every ease: literals instead of parameters, no reading, no hashing, a serial row of
//! its own for each client. Runs alternate and medians count; then all once more with each flush of the disk slowed by 2 ms. Read the ratios.
//!
//! PostgreSQL is started from installed binaries, or is the empty database that `HENTRA_TEST_POSTGRES_URL` names (then without the slowed disk,
//! which is not ours to slow). `HENTRA_BENCH_DOSSIERS` sets how many dossiers a run logs, `HENTRA_BENCH_ROUNDS` how often runs are repeated;
//! `HENTRA_BENCH_ENGINE` (`sqlite`, `postgresql`) leaves the other out; `HENTRA_BENCH_SHOW` shows what the rival runs.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints and may fail")]
#![expect(
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "a benchmark prints and may fail"
)]

#[path = "writer/figures.rs"]
mod figures;
#[path = "writer/office.rs"]
mod office;
#[path = "../tests/support/postgres_start.rs"]
mod postgres_start;
#[path = "writer/rival.rs"]
mod rival;
#[path = "writer/rows.rs"]
mod rows;
#[path = "writer/slow_disk.rs"]
mod slow_disk;

use std::env;
use std::time::Duration;

use figures::Figures;
use office::Office;
use rival::Rival;
use rows::{Database, Script};

const CLIENTS: usize = 64;
/// Hentra's rate over its rival's is to be at least this.
const BAR: f64 = 1.5;
const DELAY_US: u32 = 2_000;

fn main() {
    match slow_disk::delay() {
        None => println!("The disk as it is"),
        Some(delay) => println!("\nEach flush of the disk slowed by {delay} µs"),
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(both());
    if slow_disk::delay().is_none()
        && let Err(why) = slow_disk::again(DELAY_US)
    {
        println!("{why}");
    }
}

async fn both() {
    let asked = env::var("HENTRA_BENCH_ENGINE").ok();
    if asked.as_deref() != Some("sqlite") {
        on_postgres().await;
    }
    if asked.as_deref() != Some("postgresql") {
        let directory = tempfile::tempdir().unwrap();
        let url = |name| format!("sqlite://{}", directory.path().join(name).display());
        compare(&url("hentra.db"), &url("rival.db")).await;
    }
}

async fn on_postgres() {
    match env::var("HENTRA_TEST_POSTGRES_URL") {
        Ok(_) if slow_disk::delay().is_some() => println!("PostgreSQL: not ours to slow, left out"),
        Ok(url) => postgres(&url).await,
        // Whatever the platform's own way of flushing is, the shim knows this one.
        Err(_) => match postgres_start::start("wal_sync_method = fdatasync") {
            Ok(started) => postgres(&started.url).await,
            Err(why) => println!("PostgreSQL: left out, {why}"),
        },
    }
}

async fn postgres(server: &str) {
    let base = server.rsplit_once('/').unwrap().0;
    for name in ["hentra_bench", "hentra_bench_rival"] {
        let mut maintenance = Database::open(server);
        maintenance.run(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        maintenance.run(&format!("CREATE DATABASE {name}"));
    }
    compare(&format!("{base}/hentra_bench"), &format!("{base}/hentra_bench_rival")).await;
}

/// What one request writes.
struct Scripts {
    log: Script,
    resolve: Script,
}

/// Watches Hentra log and resolve one dossier in the rival's database.
async fn scripts(database: &mut Database, url: &str) -> Scripts {
    let office = Office::open(url).await;
    // The day's first dossier makes rows that the others only change.
    office.log(1, 1).await;
    let before = database.snapshot();
    let (_, codes) = office.log(1, 1).await;
    let logged = database.snapshot();
    office.resolve(codes).await;
    let resolved = database.snapshot();
    let per_dossier = logged.grown_since(&before);
    Scripts { log: logged.since(&before, &per_dossier, 0), resolve: resolved.since(&logged, &per_dossier, 1) }
}

/// The rival on its database, which Hentra has furnished, and what it is to write there.
async fn rival(url: &str) -> (Rival, Scripts) {
    let mut database = Database::open(url);
    database.run(match &database {
        Database::Pg(_) => "SET TIME ZONE 'UTC'",
        // As Hentra's own connections are.
        Database::Sqlite(_) => {
            "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON"
        }
    });
    let scripts = scripts(&mut database, url).await;
    for statement in scripts.log.setup.iter().chain(&scripts.resolve.setup) {
        for client in 0..CLIENTS {
            database.run(&statement.replace(":client_id", &client.to_string()));
        }
    }
    database.rehearse(&scripts.log, rival::FIRST_ID);
    database.rehearse(&scripts.resolve, rival::FIRST_ID);
    if env::var_os("HENTRA_BENCH_SHOW").is_some() {
        scripts.log.each.iter().chain(&scripts.resolve.each).for_each(|statement| println!("{statement}"));
    }
    (Rival::new(database, postgres_start::binaries().as_deref(), url), scripts)
}

async fn compare(url: &str, rival_url: &str) {
    let (mut rival, scripts) = rival(rival_url).await;
    let office = Office::open(url).await;
    let engine = office.engine();
    let dossiers = number("HENTRA_BENCH_DOSSIERS", 9_600);
    println!("{engine}, logging, 1 client:");
    let alone = dossiers / 16;
    tell(rival.name(), &rival.run(&scripts.log, 0, 1, alone));
    tell("Hentra", &office.log(1, alone).await.0);
    let (mut logging, mut resolving) = (Vec::new(), Vec::new());
    for round in 1..=number("HENTRA_BENCH_ROUNDS", 3) {
        let theirs = rival.run(&scripts.log, round, CLIENTS, dossiers);
        let (ours, codes) = office.log(CLIENTS, dossiers).await;
        logging.push((theirs, ours));
        let theirs = rival.run(&scripts.resolve, round, CLIENTS, dossiers);
        resolving.push((theirs, office.resolve(codes).await));
    }
    judge(&format!("{engine}, logging, {CLIENTS} clients:"), rival.name(), &logging);
    judge(&format!("{engine}, resolving, {CLIENTS} clients:"), rival.name(), &resolving);
    println!("{engine}: the chain of {} entries holds", office.chain().await);
}

fn number(name: &str, otherwise: usize) -> usize {
    env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

fn tell(who: &str, of: &Figures) {
    let ms = |of: std::time::Duration| of.as_secs_f64() * 1000.0;
    println!("  {who:<14} {:>7.0}/s   p50 {:>7.2} ms   p99 {:>7.2} ms", of.rate, ms(of.p50), ms(of.p99));
}

fn judge(title: &str, rival: &str, runs: &[(Figures, Figures)]) {
    let (theirs, ours): (Vec<Figures>, Vec<Figures>) = runs.iter().copied().unzip();
    let (theirs, ours) = (median(&theirs), median(&ours));
    println!("{title}");
    tell(rival, &theirs);
    tell("Hentra", &ours);
    let ratio = ours.rate / theirs.rate;
    let tail = ours.p99.as_secs_f64() / theirs.p99.as_secs_f64();
    let verdict = if ratio >= BAR && tail <= 1.0 { "PASS" } else { "FAIL" };
    println!("  {verdict}: rate {ratio:.2} times (bar: {BAR} or more), p99 {tail:.2} times (bar: 1 or less)");
}

/// The medians of several runs, each figure for itself.
fn median(runs: &[Figures]) -> Figures {
    let middle = |of: fn(&Figures) -> f64| {
        let mut all: Vec<f64> = runs.iter().map(of).collect();
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    };
    Figures {
        rate: middle(|of| of.rate),
        p50: Duration::from_secs_f64(middle(|of| of.p50.as_secs_f64())),
        p99: Duration::from_secs_f64(middle(|of| of.p99.as_secs_f64())),
    }
}
