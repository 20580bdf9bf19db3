//! The reports of a whole country beside plain scans of the same dossiers, on PostgreSQL and SQLite, and beside DuckDB's scan. Read the ratios.
//!
//! `HENTRA_BENCH_DOSSIERS` names the sizes (`1000000,10000000`; a small one without it), `HENTRA_BENCH_DIR` a directory in which the databases are kept,
//! so that another run need not make them again, `HENTRA_BENCH_ROUNDS` how often each is asked, `HENTRA_BENCH_ENGINE` (`sqlite`, `postgresql`) leaves the
//! other engine out. The plain scan is the fastest of several written by hand, with the columns of form II.06a alone. DuckDB runs in a `python3` that has
//! its module, on a table of its own with as many threads as there are cores; where there is none, that is said. PostgreSQL is started from installed
//! binaries with the server's own defaults.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints and may fail")]
#![expect(
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "a benchmark prints and may fail"
)]

#[path = "reports/country.rs"]
mod country;
#[path = "reports/duck.rs"]
mod duck;
#[path = "writer/figures.rs"]
mod figures;
#[path = "reports/logging.rs"]
mod logging;
#[path = "writer/office.rs"]
mod office;
#[path = "../tests/support/postgres_start.rs"]
mod postgres_start;
#[path = "reports/scans.rs"]
mod scans;
#[path = "reports/spread.rs"]
mod spread;

use std::env;
use std::path::Path;

use country::{Country, Report};
use hentra::domain::statistics::GroupBy;
use spread::Spread;

/// What is asked of the largest database, in the words of the bars.
const COMMUNE_MS: f64 = 5.0;
const DUCK: f64 = 5.0;
const PROVINCE: f64 = 10.0;
const OTHER_ROWS: f64 = 3.0;
const GROWTH: f64 = 1.5;
/// Bars are for so many dossiers and more.
const LARGE: u32 = 10_000_000;

/// A quarter that is over, as the office counts them.
const QUARTER: Report =
    Report { period: Some("2026-Q3"), days: None, as_of: None, unit: "VN", group_by: GroupBy::Unit };

fn main() {
    let sizes: Vec<u32> = env::var("HENTRA_BENCH_DOSSIERS")
        .map_or(vec![200_000], |text| text.split(',').map(|size| size.trim().parse().unwrap()).collect());
    let passing = tempfile::tempdir().unwrap();
    let kept = env::var_os("HENTRA_BENCH_DIR").map(std::path::PathBuf::from);
    let directory = kept.as_deref().unwrap_or(passing.path());
    std::fs::create_dir_all(directory).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let asked = env::var("HENTRA_BENCH_ENGINE").ok();
        if asked.as_deref() != Some("sqlite") {
            on_postgres(kept.as_deref(), directory, &sizes).await;
        }
        if asked.as_deref() != Some("postgresql") {
            let url = |size: u32| format!("sqlite://{}", directory.join(format!("{size}.db")).display());
            both(&sizes, &url, directory, 50.0).await;
            logging::measure(&format!("sqlite://{}", passing.path().join("logging.db").display())).await;
        }
    });
}

async fn on_postgres(kept: Option<&Path>, directory: &Path, sizes: &[u32]) {
    let home = kept.map(|kept| kept.join("postgres"));
    if let Some(home) = &home {
        std::fs::create_dir_all(home).unwrap();
    }
    let started = match &home {
        Some(home) => postgres_start::start_in(Some(home), ""),
        None => postgres_start::start(""),
    };
    match started {
        Ok(started) => {
            let base = started.url.rsplit_once('/').unwrap().0.to_owned();
            for size in sizes {
                country::create_database(&started.url, &format!("country_{size}"));
            }
            both(sizes, &|size| format!("{base}/country_{size}"), directory, 20.0).await;
            country::drop_database(&started.url, "logging");
            country::create_database(&started.url, "logging");
            logging::measure(&format!("{base}/logging")).await;
        }
        Err(why) => println!("PostgreSQL: LEFT OUT, {why}"),
    }
}

/// Measures each size on one engine; `bar` is how many times faster than the plain scan the country's quarter is to be.
async fn both(sizes: &[u32], url: &dyn Fn(u32) -> String, directory: &Path, bar: f64) {
    let mut smaller: Option<(u32, f64)> = None;
    for size in sizes {
        let country = Country::open(&url(*size), *size).await;
        let of = measure(&country, directory, bar).await;
        if let Some((before, ms)) = smaller {
            let growth = of / ms;
            println!(
                "  {} {before} to {size} dossiers: {growth:.2} times as long (bar: below {GROWTH})",
                word(growth < GROWTH)
            );
        }
        smaller = Some((*size, of));
    }
}

/// Measures everything on one database; answers how long the country's quarter by unit takes.
async fn measure(country: &Country, directory: &Path, bar: f64) -> f64 {
    println!("\n{}, {} dossiers: the country's quarter by unit", country.engine(), country.dossiers);
    let scan = scans::fastest(country);
    let quarter = country.time("Hentra", QUARTER).await;
    judge(country, scan.median / quarter.median, bar, "the plain scan");
    match duck::time(country, directory) {
        Ok(duck) => judge(country, duck.median / quarter.median, DUCK, "DuckDB's scan"),
        Err(why) => println!("  DuckDB: LEFT OUT, {why}"),
    }
    println!("  the same by other rows, of other stretches and units:");
    for group_by in [GroupBy::Sector, GroupBy::Procedure] {
        let of = country.time(&format!("by {group_by}"), Report { group_by, ..QUARTER }).await;
        at_most(country, of.median / quarter.median, OTHER_ROWS, "times the report by unit");
    }
    let province = country.time("one province", Report { unit: country::PROVINCE, ..QUARTER }).await;
    judge(country, quarter.median / province.median, PROVINCE, "the country");
    let commune = country.time("one commune", Report { unit: country::COMMUNE, ..QUARTER }).await;
    at_most(country, commune.median, COMMUNE_MS, "ms");
    let now = Report { period: Some("2026-11"), as_of: Some("2026-11-09T10:20:00+07:00"), ..QUARTER };
    country.time("a month, seen from within a day that is over", now).await;
    let running = Report { period: Some("2026-12"), ..QUARTER };
    country.time("the month that runs, as of now", running).await;
    let odd = Report { period: None, days: Some(("2026-07-03", "2026-09-22")), ..QUARTER };
    country.time("odd days", odd).await;
    country.tell_sizes();
    quarter.median
}

fn word(passed: bool) -> &'static str {
    if passed { "PASS" } else { "FAIL" }
}

/// A bar, which holds for large databases alone.
fn judge(country: &Country, times: f64, bar: f64, than: &str) {
    let verdict = if country.dossiers >= LARGE { word(times >= bar) } else { "    " };
    println!("  {verdict} {times:.1} times faster than {than} (bar at {LARGE}: {bar})");
}

fn at_most(country: &Country, figure: f64, bar: f64, what: &str) {
    let verdict = if country.dossiers >= LARGE { word(figure <= bar) } else { "    " };
    println!("  {verdict} {figure:.2} {what} (bar at {LARGE}: {bar} or less)");
}

/// How often each is asked.
fn rounds() -> usize {
    env::var("HENTRA_BENCH_ROUNDS").map_or(7, |text| text.parse().unwrap())
}

/// Asks once to warm up, then so often as is set.
fn timed(name: &str, mut ask: impl FnMut()) -> Spread {
    ask();
    let spread = Spread::of((0..rounds()).map(|_| spread::took(&mut ask)).collect());
    spread.tell(name);
    spread
}
