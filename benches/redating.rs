//! A national calendar that moves every open dossier: how long re-dating them takes, and what a counter that logs meanwhile feels of it, beside the
//! same counter on the same database when nothing is published. Read the ratio.
//!
//! PostgreSQL is started from installed binaries, or is the empty database that `HENTRA_TEST_POSTGRES_URL` names. `HENTRA_BENCH_DOSSIERS` sets how
//! many dossiers are open.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints and may fail")]
#![expect(clippy::indexing_slicing, clippy::as_conversions, reason = "a benchmark prints and may fail")]

#[path = "writer/figures.rs"]
mod figures;
#[path = "../tests/support/postgres_start.rs"]
mod postgres_start;

use std::env;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use diesel::Connection as _;
use diesel::connection::SimpleConnection as _;
use figures::Figures;
use hentra::app::calendars::{CalendarFile, publish};
use hentra::app::writer::{Applicant, Registration};
use hentra::app::{App, catalogue, dossiers, ledger};
use hentra::clock::Clock;
use hentra::domain::calendar::{DayKind, DayRow};
use hentra::domain::dossier::Channel;
use hentra::domain::unit::Unit;
use hentra::store::{Store, StoreSettings};
use hentra::text::Lang;

const UNIT: &str = "H19.15";
/// Dossiers logged in one call while the database is filled.
const TOGETHER: usize = 1_000;
/// Dossiers that the counter logs, one after the other, while nothing is published.
const QUIET: usize = 500;

fn main() {
    let open = env::var("HENTRA_BENCH_DOSSIERS").map_or(100_000, |text| text.parse().unwrap());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        match env::var("HENTRA_TEST_POSTGRES_URL") {
            Ok(url) => measure(&url, open).await,
            Err(_) => match postgres_start::start("") {
                Ok(started) => measure(&started.url, open).await,
                Err(why) => println!("PostgreSQL: left out, {why}"),
            },
        }
        let directory = tempfile::tempdir().unwrap();
        measure(&format!("sqlite://{}", directory.path().join("hentra.db").display()), open).await;
    });
}

async fn measure(url: &str, open: usize) {
    let settings = StoreSettings { url: url.to_owned(), readers: 2, patience: Duration::from_secs(10) };
    let app =
        App::start(Store::open(&settings).unwrap(), Clock::starting_at(at("2026-11-19T09:00"))).unwrap();
    catalogue::units_put(&app, vec![unit()]).await.unwrap();
    for from in (0..open).step_by(TOGETHER) {
        let rows = (from..open.min(from + TOGETHER)).map(|_| registration()).collect();
        let answers = dossiers::register_many(&app, rows, None, Lang::Vi).await.unwrap();
        assert!(answers.iter().all(Result::is_ok));
    }
    analyze(url);
    let began = Instant::now();
    let foreseen = publish(&app, "national".into(), closed(), "thử".into(), true).await.unwrap();
    assert_eq!(foreseen.redating.redated.len(), open);
    println!(
        "{}, {open} open dossiers: the dry run takes {:.1} s",
        app.engine(),
        began.elapsed().as_secs_f64()
    );

    let quiet = counter(&app, |logged| logged == QUIET).await;
    let (publisher, began) = (app.clone(), Instant::now());
    let publishing = tokio::spawn(async move {
        let published = publish(&publisher, "national".into(), closed(), "thử".into(), false).await.unwrap();
        (published.redating.redated.len(), began.elapsed())
    });
    let busy = counter(&app, |_| publishing.is_finished()).await;
    let (redated, took) = publishing.await.unwrap();
    assert!(redated >= open + QUIET);
    println!(
        "  published and re-dated {redated} in {:.1} s, the look at all of them beforehand included",
        took.as_secs_f64()
    );
    tell("nothing published", &quiet);
    tell("meanwhile", &busy);
    println!(
        "  the counter's slowest hundredth waits {:.1} times as long meanwhile",
        busy.p99.as_secs_f64() / quiet.p99.as_secs_f64()
    );
    let verdict = ledger::verify(&app, Vec::new()).await.unwrap();
    assert!(verdict.ok, "{verdict:?}");
}

/// What PostgreSQL does by itself some time after a table was filled.
fn analyze(url: &str) {
    if url.starts_with("postgres") {
        diesel::PgConnection::establish(url).unwrap().batch_execute("ANALYZE").unwrap();
    }
}

fn tell(when: &str, of: &Figures) {
    let ms = |of: Duration| of.as_secs_f64() * 1000.0;
    println!(
        "  a counter, {when:<18} {:>6.0}/s   p50 {:>6.2} ms   p99 {:>6.2} ms",
        of.rate,
        ms(of.p50),
        ms(of.p99)
    );
}

/// A counter that logs one dossier after the other until it is enough.
async fn counter(app: &App, enough: impl Fn(usize) -> bool) -> Figures {
    let (start, mut waits) = (Instant::now(), Vec::new());
    while !enough(waits.len()) {
        let asked = Instant::now();
        dossiers::register(app, registration(), None, Lang::Vi).await.unwrap();
        waits.push(asked.elapsed());
    }
    Figures::new(waits, start.elapsed())
}

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{text}:00+07:00")).unwrap().to_utc()
}

fn unit() -> Unit {
    Unit {
        code: UNIT.into(),
        name: "Phường Bình Lộc".into(),
        parent: None,
        valid_from: None,
        valid_to: None,
        merged_into: None,
    }
}

/// The whole country closed on the Friday that every limit runs over.
fn closed() -> CalendarFile {
    let day = DayRow {
        date: "2026-11-20".parse().unwrap(),
        kind: DayKind::Closure,
        name: "Nghỉ phòng chống bão".into(),
        source: "Công điện".into(),
    };
    // Beside the days of its year as they stand, so that nothing else moves.
    let (mut days, _) = hentra::app::shipped::national_calendar_rows().unwrap();
    days.retain(|row| row.date.to_string().starts_with("2026") && row.date != day.date);
    days.push(day);
    CalendarFile { year: Some(2026), announced: true, day: days, ..CalendarFile::default() }
}

fn registration() -> Registration {
    Registration {
        code: None,
        unit: UNIT.into(),
        procedure: "1.004194".into(),
        channel: Channel::InPerson,
        case: None,
        received_at: None,
        due_at: None,
        officer: Some("Trần Văn Bình".into()),
        applicant: Applicant { name: "Nguyễn Thị Hòa".into(), phone: None, email: None, address: None },
        note: None,
        reason: None,
        closed: None,
        idempotency: None,
    }
}
