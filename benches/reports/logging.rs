//! How fast 64 clients log and resolve while counters are kept: over the communes of a province, and all for one commune on one day, where every
//! dossier of a batch falls upon the same counters.

use std::time::Duration;

use crate::figures::Figures;
use crate::office::Office;

const CLIENTS: usize = 64;
/// Dossiers a run.
const DOSSIERS: usize = 9_600;
/// Runs of each; they take turns and medians count.
const ROUNDS: usize = 5;

/// Logs and resolves in the empty database at `url`.
pub(crate) async fn measure(url: &str) {
    let office = Office::open(url).await;
    println!("\n{}, {CLIENTS} clients that log and resolve {DOSSIERS} dossiers a run:", office.engine());
    let mut runs: [Vec<Figures>; 4] = Default::default();
    for _ in 0..ROUNDS {
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
    for (name, runs) in names.into_iter().zip(&runs) {
        tell(name, runs);
    }
    let rate = |place: usize| median(&runs[place], |of| of.rate);
    println!(
        "  one against many: logging {:.2} times, resolving {:.2} times",
        rate(2) / rate(0),
        rate(3) / rate(1)
    );
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
