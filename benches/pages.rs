//! Every page of the service over a country's dossiers, on SQLite and PostgreSQL: how long it takes and what it weighs, beside `/healthz` of the same process,
//! which does nothing. Read the bars, and the ratios where the machine is another.
//!
//! `HENTRA_BENCH_DOSSIERS` names the size (a million for the bars; a small one without it), `HENTRA_BENCH_DIR` a directory in which the databases are kept, so
//! that another run need not make them again, `HENTRA_BENCH_ROUNDS` how often each page is asked for, `HENTRA_BENCH_ENGINE` (`sqlite`, `postgresql`) leaves the other
//! engine out, `HENTRA_BENCH_ONLY` all pages but those whose role and address hold that text; with `HENTRA_BENCH_STATEMENTS` each page is followed by its statements. A page is asked for by somebody signed in, over a connection that is kept, one after the other; the time is from the request to the last byte.
//! Its weight is that of the answer as it goes over the wire to a browser of today, packed, with its header, and of the style and the script, which browsers keep. PostgreSQL is started from installed binaries with the
//! server's own defaults.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints and may fail")]
#![expect(clippy::panic, clippy::indexing_slicing, reason = "a benchmark prints and may fail")]

#[path = "pages/house.rs"]
mod house;
#[path = "../tests/support/page_list.rs"]
mod page_list;
#[path = "../tests/support/postgres_start.rs"]
mod postgres_start;
#[path = "pages/statements.rs"]
mod statements;

use std::env;
use std::path::Path;

use house::{House, Taken};
use page_list::PAGES;

/// The heaviest a page may be, in bytes.
const WEIGHT: usize = 60_000;
/// The longest that 99 of 100 answers may take, in milliseconds.
const TIME: f64 = 20.0;
/// The bar of time is for so many dossiers and more.
const LARGE: u32 = 1_000_000;

/// Who asks as which of those whom the list of pages knows: the leaders are those of a commune, of a whole province and of the country.
const ASKED_BY: &[(&str, &str)] = &[
    ("anybody", "anybody"),
    ("officer", "officer"),
    ("leader", "leader"),
    ("head", "leader"),
    ("chief", "leader"),
    ("reporter", "reporter"),
    ("admin", "admin"),
];

fn main() {
    let size = env::var("HENTRA_BENCH_DOSSIERS").map_or(20_000, |text| text.trim().parse().unwrap());
    let passing = tempfile::tempdir().unwrap();
    let kept = env::var_os("HENTRA_BENCH_DIR").map(std::path::PathBuf::from);
    let directory = kept.as_deref().unwrap_or(passing.path());
    std::fs::create_dir_all(directory).unwrap();
    let asked = env::var("HENTRA_BENCH_ENGINE").ok();
    if env::var_os("HENTRA_BENCH_STATEMENTS").is_some() {
        statements::watch();
    }
    actix_web::rt::System::new().block_on(async {
        if asked.as_deref() != Some("postgresql") {
            measure(&format!("sqlite://{}", directory.join(format!("pages_{size}.db")).display()), size)
                .await;
        }
        if asked.as_deref() != Some("sqlite") {
            on_postgres(kept.as_deref(), size).await;
        }
    });
}

async fn on_postgres(kept: Option<&Path>, size: u32) {
    let home = kept.map(|kept| kept.join("postgres_pages"));
    if let Some(home) = &home {
        std::fs::create_dir_all(home).unwrap();
    }
    let started = match &home {
        Some(home) => postgres_start::start_in(Some(home), ""),
        None => postgres_start::start(""),
    };
    match started {
        Ok(started) => {
            let name = format!("pages_{size}");
            house::create_database(&started.url, &name);
            measure(&format!("{}/{name}", started.url.rsplit_once('/').unwrap().0), size).await;
        }
        Err(why) => println!("PostgreSQL: LEFT OUT, {why}"),
    }
}

async fn measure(url: &str, size: u32) {
    let house = House::open(url, size).await;
    let beside = house.take("anybody", "/healthz", rounds()).await;
    println!(
        "\n{}, {size} dossiers, each page {} times; /healthz: {:.2} ms, p99 {:.2} ms",
        house.engine(),
        rounds(),
        beside.median,
        beside.p99
    );
    println!(
        "  {:<4} {:<9} {:<52} {:>8} {:>8} {:>8} {:>7} {:>8}",
        "", "who", "page", "median", "p99", "first", "times", "bytes"
    );
    let (mut slow, mut heavy) = (0, 0);
    let all = ASKED_BY.iter().flat_map(|(who, role)| {
        PAGES.iter().filter(move |(of, _)| of == role).map(move |(_, page)| (who, page))
    });
    let only = env::var("HENTRA_BENCH_ONLY").unwrap_or_default();
    for (who, page) in all.filter(|(who, page)| format!("{who} {page}").contains(&only)) {
        let of = house.take(who, page, rounds()).await;
        if !of.is_page {
            println!("  FAIL {who:<9} {page:<52} answered {}", of.status);
            slow += 1;
            continue;
        }
        let quick = of.p99 <= TIME || size < LARGE;
        slow += usize::from(!quick);
        heavy += usize::from(of.bytes > WEIGHT);
        let tells = env::var_os("HENTRA_BENCH_STATEMENTS").is_some();
        tell(who, page, &of, quick && of.bytes <= WEIGHT, of.median / beside.median);
        if tells {
            statements::tell(rounds() + 1);
        }
    }
    let bar = if size < LARGE { "    " } else { word(slow == 0) };
    println!(
        "  {bar} {slow} pages over {TIME} ms in one of a hundred answers, or not there (bar at {LARGE}: none)"
    );
    println!("  {} {heavy} pages over {WEIGHT} bytes with style and script (bar: none)", word(heavy == 0));
}

fn tell(who: &str, page: &str, of: &Taken, passed: bool, times: f64) {
    println!(
        "  {} {who:<9} {page:<52} {:>8.2} {:>8.2} {:>8.2} {times:>7.1} {:>8}",
        word(passed),
        of.median,
        of.p99,
        of.first,
        of.bytes
    );
}

fn word(passed: bool) -> &'static str {
    if passed { "PASS" } else { "FAIL" }
}

/// How often each is asked for.
fn rounds() -> usize {
    env::var("HENTRA_BENCH_ROUNDS").map_or(100, |text| text.parse().unwrap())
}
