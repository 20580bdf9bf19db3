//! How fast 64 clients log and resolve while counters are kept: over the communes of a province, and all for one commune on one day, where every
//! dossier of a batch falls upon the same counters.

use std::time::Duration;

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, PgConnection, SqliteConnection};

use crate::figures::Figures;
use crate::office::Office;

const CLIENTS: usize = 64;
/// Dossiers a run.
const DOSSIERS: usize = 9_600;
/// Runs of each; they take turns and medians count.
const ROUNDS: usize = 5;
/// What counters may cost of the throughput.
const COST: f64 = 0.15;

/// Whether acts are counted from now on: by the mark that a database has whose counters are still to be made.
fn set_counting(url: &str, counting: bool) {
    let sql = format!(
        "UPDATE counter_state SET counting = {counting}; UPDATE catalogue_version SET version = version + 1"
    );
    match url.strip_prefix("sqlite://") {
        Some(path) => SqliteConnection::establish(path).unwrap().batch_execute(&sql).unwrap(),
        None => PgConnection::establish(url).unwrap().batch_execute(&sql).unwrap(),
    }
}

/// Logs and resolves in the empty database at `url`.
pub(crate) async fn measure(url: &str) {
    let office = Office::open(url).await;
    println!("\n{}, {CLIENTS} clients that log and resolve {DOSSIERS} dossiers a run:", office.engine());
    // Counted and not, taking turns, so that both meet the same machine and a table that grows alike.
    let mut runs: [[Vec<Figures>; 4]; 2] = Default::default();
    for round in 0..2 * ROUNDS {
        let counted = round % 2;
        set_counting(url, counted == 1);
        let runs = &mut runs[counted];
        let (logged, codes) = office.log(CLIENTS, DOSSIERS).await;
        runs[0].push(logged);
        runs[1].push(office.resolve(codes).await);
        let (logged, codes) = office.log_at(1, CLIENTS, DOSSIERS).await;
        runs[2].push(logged);
        runs[3].push(office.resolve(codes).await);
    }
    let names = [
        "logging, many communes",
        "resolving, many communes",
        "logging, one commune",
        "resolving, one commune",
    ];
    for (place, name) in names.into_iter().enumerate() {
        let [without, with] = &runs;
        tell(name, &with[place]);
        let rate = |of: &[Vec<Figures>; 4]| median(&of[place], |run| run.rate);
        let share = 1.0 - rate(with) / rate(without);
        let verdict = if share <= COST { "PASS" } else { "FAIL" };
        println!(
            "  {verdict} {:.0}/s without counters: keeping them costs {:.1} % (bar: {:.0} %)",
            rate(without),
            share * 100.0,
            COST * 100.0
        );
    }
    println!("  the chain of {} entries holds", office.chain().await);
}

fn tell(name: &str, runs: &[Figures]) {
    let ms = |of: fn(&Figures) -> Duration| median(runs, |run| of(run).as_secs_f64() * 1_000.0);
    let rate = median(runs, |of| of.rate);
    println!(
        "  {name:<26} {rate:>7.0}/s   p50 {:>7.2} ms   p99 {:>7.2} ms",
        ms(|of| of.p50),
        ms(|of| of.p99)
    );
}

fn median(runs: &[Figures], figure: impl Fn(&Figures) -> f64) -> f64 {
    let mut all: Vec<f64> = runs.iter().map(figure).collect();
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}
