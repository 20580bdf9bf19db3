//! Alerts at the size of the country: how long it takes to find what presses among a million open dossiers, beside a plain walk through them, with the
//! rows that PostgreSQL says it has read; and what counters feel while ten thousand digests are enqueued in one slot, beside the same counters on the
//! same database before. Read the ratios.
//!
//! `HENTRA_BENCH_DOSSIERS` sets how many dossiers are open, `HENTRA_BENCH_LEADERS` how many are written to, `HENTRA_BENCH_ENGINE` (`sqlite`,
//! `postgresql`) leaves the other engine out. PostgreSQL is started from installed binaries with the server's own defaults.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints and may fail")]
#![expect(
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "a benchmark prints and may fail"
)]

#[path = "writer/figures.rs"]
mod figures;
#[path = "../tests/support/many_dossiers.rs"]
mod many_dossiers;
#[path = "../tests/support/postgres_start.rs"]
mod postgres_start;

use std::env;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel::{PgConnection, SqliteConnection};
use figures::Figures;
use hentra::app::alerts::{self, AlertSettings};
use hentra::app::writer::{Applicant, Registration};
use hentra::app::{App, catalogue, dossiers};
use hentra::clock::Clock;
use hentra::domain::alert::{AlertRule, Outlook, Reach};
use hentra::domain::calendar::{Calendar, CalendarSpec};
use hentra::domain::commitment::{Commitment, Effect, ReceivedOn, Selector};
use hentra::domain::dossier::Channel;
use hentra::domain::unit::Unit;
use hentra::store::pressing::{Pressing, dossiers_pressing};
use hentra::store::{AnyConnection, Store, StoreSettings};
use hentra::text::Lang;
use many_dossiers::{Lie, Read, Sent, make, postgres_read, sqlite_plan};

const PROVINCES: usize = 34;
const COMMUNES: usize = 100;
const PROCEDURE: &str = "1.004859";
/// Of a thousand open dossiers, ten each are overdue, due today, in need of an apology slip today, and committed for today.
const LIE: Lie = Lie { late: 10, due: 10, soon: 10, pledged: 10 };
/// Counters that log at the same time.
const CLIENTS: usize = 8;
/// Dossiers that each of them logs while nothing is enqueued.
const QUIET: usize = 400;
/// How often each sweep is timed.
const ROUNDS: usize = 5;

fn main() {
    let number = |name: &str, usual: u32| env::var(name).map_or(usual, |text| text.parse().unwrap());
    let (open, leaders) =
        (number("HENTRA_BENCH_DOSSIERS", 1_000_000), number("HENTRA_BENCH_LEADERS", 10_000));
    let engine = env::var("HENTRA_BENCH_ENGINE").unwrap_or_default();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        if engine != "postgresql" {
            let directory = tempfile::tempdir().unwrap();
            let url = format!("sqlite://{}", directory.path().join("hentra.db").display());
            measure(&url, open, leaders).await;
        }
        if engine != "sqlite" {
            match postgres_start::start("") {
                Ok(started) => measure(&started.url, open, leaders).await,
                Err(why) => println!("PostgreSQL: left out, {why}"),
            }
        }
    });
}

async fn measure(url: &str, open: u32, leaders: u32) {
    let settings = StoreSettings { url: url.to_owned(), readers: 4, patience: Duration::from_secs(60) };
    let store = Store::open(&settings).unwrap();
    let app = App::start(store.clone(), Clock::starting_at(at("2026-11-20T07:30"))).unwrap();
    let (units, communes) = country();
    catalogue::units_put(&app, units).await.unwrap();
    catalogue::commitment_create(&app, pledge(), None).await.unwrap();
    let began = Instant::now();
    make(url, open, &communes, PROCEDURE, LIE);
    println!("{}: {open} open dossiers, made in {:.0} s", app.engine(), began.elapsed().as_secs_f64());
    sweeps(url, &store, &communes);
    digests(&app, url, &communes, leaders).await;
}

fn sweeps(url: &str, store: &Store, communes: &[String]) {
    let calendar = Calendar::build(&CalendarSpec::national(Vec::new(), [2026, 2027].into())).unwrap();
    let now = at("2026-11-20T07:30");
    let reach = Reach::of(Outlook::Today, now, &calendar, 1);
    let scan = plain_scan(url);
    for (name, units) in [
        ("a commune", Some(&communes[42..43])),
        ("a province", Some(&communes[..COMMUNES])),
        ("the country", None),
    ] {
        let asked = Pressing { units, at: now.into(), reach };
        let mut times = Vec::new();
        let mut found = 0;
        for _ in 0..ROUNDS {
            let mut c = store.reader().unwrap();
            let began = Instant::now();
            found = dossiers_pressing(&mut c, &asked).unwrap().len();
            times.push(began.elapsed());
        }
        times.sort();
        let median = times[ROUNDS / 2];
        println!(
            "  {name:<12} {found:>6} named in {:>9.2} ms: {:.1} times as fast as walking through all ({:.0} ms); {}",
            median.as_secs_f64() * 1_000.0,
            scan.as_secs_f64() / median.as_secs_f64(),
            scan.as_secs_f64() * 1_000.0,
            read(url, store, &asked),
        );
    }
}

/// What was read: rows on PostgreSQL, the indexes walked on SQLite.
fn read(url: &str, store: &Store, asked: &Pressing<'_>) -> String {
    let mut c = store.reader().unwrap();
    if url.starts_with("sqlite://") {
        let sent = Sent::by(&mut c);
        dossiers_pressing(&mut c, asked).unwrap();
        let steps: Vec<String> = sent.statements().iter().flat_map(|sql| sqlite_plan(url, sql)).collect();
        let scans = steps.iter().filter(|step| step.starts_with("SCAN dossier")).count();
        return format!(
            "{scans} scans, {} index walks",
            steps.iter().filter(|step| step.starts_with("SEARCH")).count()
        );
    }
    let (before, after) = c
        .snapshot(|c: &mut AnyConnection| {
            let before = postgres_read(c, "dossiers");
            dossiers_pressing(c, asked)?;
            Ok::<(Read, Read), hentra::store::StoreError>((before, postgres_read(c, "dossiers")))
        })
        .unwrap();
    format!(
        "{} scans, {} rows read",
        after.scans - before.scans,
        after.fetched + after.scanned - before.fetched - before.scanned
    )
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    many: i64,
}

/// The fastest of so many walks through every open dossier, counting what is due, overdue or committed for today.
fn plain_scan(url: &str) -> Duration {
    let instant = |micros: i64| {
        if url.starts_with("sqlite://") {
            micros.to_string()
        } else {
            format!("to_timestamp({} / 1000000.0)", micros)
        }
    };
    let tomorrow = instant(at("2026-11-21T00:00").timestamp_micros());
    // A sign before a column keeps SQLite from its indexes; PostgreSQL is told by its settings.
    let plus = if url.starts_with("sqlite://") { "+" } else { "" };
    let sql = format!(
        "SELECT count(*) AS many FROM dossiers WHERE {plus}closed_at IS NULL AND ({plus}lapses_at <= {tomorrow} OR {plus}commitment_due_at <= {tomorrow})"
    );
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let began;
        let row: Counted = match url.strip_prefix("sqlite://") {
            Some(path) => {
                let mut c = SqliteConnection::establish(path).unwrap();
                began = Instant::now();
                diesel::sql_query(&sql).get_result(&mut c).unwrap()
            }
            None => {
                let mut c = PgConnection::establish(url).unwrap();
                c.batch_execute(
                    "SET enable_indexscan = off; SET enable_indexonlyscan = off; SET enable_bitmapscan = off",
                )
                .unwrap();
                began = Instant::now();
                diesel::sql_query(&sql).get_result(&mut c).unwrap()
            }
        };
        times.push(began.elapsed());
        assert!(row.many > 0);
    }
    times.sort();
    times[0]
}

/// Counters log before, and while a digest is enqueued for each leader.
async fn digests(app: &App, url: &str, communes: &[String], leaders: u32) {
    run(url, &people(url, communes, leaders));
    let quiet = counters(app, communes, |logged| logged == QUIET).await;
    let text = "name = \"digest\"\naudience = \"leader\"\nwhat = \"morning_digest\"\ncron = \"0 30 7 * * *\"\nstale_after_minutes = 600";
    let rule: AlertRule = toml::from_str(text).unwrap();
    let settings = AlertSettings {
        rules: vec![rule],
        message_domain: "bench.example.vn".into(),
        ..AlertSettings::default()
    };
    let (writer, until, began) = (app.clone(), app.clock().now(), Instant::now());
    let enqueuing = tokio::spawn(async move {
        let round = alerts::enqueue_due(&writer, &settings, until).await.unwrap();
        (round.enqueued, began.elapsed())
    });
    let busy = counters(app, communes, |_| enqueuing.is_finished()).await;
    let (enqueued, took) = enqueuing.await.unwrap();
    println!("  {enqueued} digests to {leaders} leaders enqueued in {:.1} s", took.as_secs_f64());
    tell("nothing enqueued", &quiet);
    tell("meanwhile", &busy);
    println!(
        "  the counters' slowest hundredth waits {:.1} times as long meanwhile",
        busy.p99.as_secs_f64() / quiet.p99.as_secs_f64()
    );
}

fn tell(name: &str, of: &Figures) {
    println!(
        "  {name:<17} {:>6.0} dossiers/s   p50 {:>7.2} ms   p99 {:>7.2} ms",
        of.rate,
        of.p50.as_secs_f64() * 1_000.0,
        of.p99.as_secs_f64() * 1_000.0
    );
}

/// Counters that log one dossier after the other until `enough` says so of how many each has logged.
async fn counters(app: &App, communes: &[String], enough: impl Fn(usize) -> bool) -> Figures {
    let began = Instant::now();
    let (mut waits, mut logged) = (Vec::new(), 0);
    while !enough(logged) {
        let each = (0..CLIENTS).map(|client| {
            let (app, unit) = (app.clone(), communes[(logged * CLIENTS + client) % communes.len()].clone());
            tokio::spawn(async move {
                let asked = Instant::now();
                dossiers::register(&app, registration(unit), None, Lang::Vi).await.unwrap();
                asked.elapsed()
            })
        });
        for one in each.collect::<Vec<_>>() {
            waits.push(one.await.unwrap());
        }
        logged += 1;
    }
    Figures::new(waits, began.elapsed())
}

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{text}:00+07:00")).unwrap().to_utc()
}

fn country() -> (Vec<Unit>, Vec<String>) {
    let unit = |code: &str, parent: Option<&str>| Unit {
        code: code.into(),
        name: format!("Đơn vị {code}"),
        parent: parent.map(Into::into),
        valid_from: None,
        valid_to: None,
        merged_into: None,
    };
    let mut units = vec![unit("VN", None)];
    let mut communes = Vec::new();
    for province in 1..=PROVINCES {
        let above = format!("G{province:02}");
        units.push(unit(&above, Some("VN")));
        for commune in 1..=COMMUNES {
            let code = format!("{above}.{commune:03}");
            units.push(unit(&code, Some(&above)));
            communes.push(code);
        }
    }
    (units, communes)
}

/// So that the commitments made for the benchmark have one to be of; what counters log meanwhile is not bound by it.
fn pledge() -> Commitment {
    Commitment {
        id: 0,
        unit: "VN".into(),
        subtree: true,
        selector: Selector { procedures: vec!["2.000908".into()], ..Selector::default() },
        received_on: ReceivedOn::default(),
        effect: Effect::SameDay,
        valid_from: "2020-01-01".parse().unwrap(),
        valid_to: None,
        decision: "QĐ 1".into(),
    }
}

/// Leaders dealt out to the communes.
fn people(url: &str, communes: &[String], leaders: u32) -> String {
    let sqlite = url.starts_with("sqlite://");
    let (active, since) = if sqlite { ("1", "0") } else { ("true", "now()") };
    let rows: Vec<String> = (0..leaders as usize)
        .map(|n| {
            let unit = &communes[n % communes.len()];
            format!(
                "({}, 'Lãnh đạo {n}', 'l{n}@example.vn', 'leader', '{unit}', 'vi', {active}, {since})",
                n + 1
            )
        })
        .collect();
    format!(
        "INSERT INTO users (id, name, email, role, unit, language, active, created_at) VALUES {}",
        rows.join(", ")
    )
}

fn run(url: &str, sql: &str) {
    match url.strip_prefix("sqlite://") {
        Some(path) => SqliteConnection::establish(path).unwrap().batch_execute(sql),
        None => PgConnection::establish(url).unwrap().batch_execute(sql),
    }
    .unwrap();
}

fn registration(unit: String) -> Registration {
    Registration {
        code: None,
        unit,
        procedure: PROCEDURE.into(),
        channel: Channel::InPerson,
        case: None,
        received_at: None,
        due_at: None,
        officer: Some("Trần Thị Mai".into()),
        applicant: Applicant { name: "Nguyễn Văn An".into(), phone: None, email: None, address: None },
        note: None,
        reason: None,
        closed: None,
        idempotency: None,
    }
}
