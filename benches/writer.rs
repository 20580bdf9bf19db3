//! Logging complete dossiers through the one writer: 64 clients at once against one client waiting for each answer, beside it in one run.
//!
//! One client is what a transaction per request costs; the ratio is what sharing a commit gives. SQLite in a temporary directory; PostgreSQL
//! beside it when `HENTRA_TEST_POSTGRES_URL` names an empty database.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints and may fail")]

use std::time::{Duration, Instant};

use hentra::app::writer::{Applicant, Registration};
use hentra::app::{App, catalogue, dossiers};
use hentra::clock::Clock;
use hentra::domain::dossier::Channel;
use hentra::domain::unit::Unit;
use hentra::store::{Store, StoreSettings};
use hentra::text::Lang;

const ROWS: usize = 6_400;

fn registration() -> Registration {
    Registration {
        code: None,
        unit: "H19.15".into(),
        procedure: "2.001019".into(),
        channel: Channel::InPerson,
        received_at: None,
        due_at: None,
        officer: Some("Trần Văn B".into()),
        applicant: Applicant { name: "Nguyễn Thị Hòa".into(), phone: None, email: None, address: None },
        note: None,
        reason: None,
        closed: None,
        idempotency: None,
    }
}

async fn log(app: &App, clients: usize, rows: usize) -> (f64, Duration) {
    let start = Instant::now();
    let running: Vec<_> = (0..clients)
        .map(|_| {
            let app = app.clone();
            tokio::spawn(async move {
                let mut waits = Vec::new();
                for _ in 0..rows / clients {
                    let asked = Instant::now();
                    dossiers::register(&app, registration(), None, Lang::Vi).await.unwrap();
                    waits.push(asked.elapsed());
                }
                waits
            })
        })
        .collect();
    let mut waits = Vec::new();
    for one in running {
        waits.extend(one.await.unwrap());
    }
    waits.sort();
    let rate = f64::from(u32::try_from(waits.len()).unwrap()) / start.elapsed().as_secs_f64();
    (rate, *waits.get(waits.len() * 99 / 100).unwrap())
}

async fn compare(url: String) {
    let settings = StoreSettings { url, readers: 2, patience: Duration::from_secs(10) };
    let app = App::start(Store::open(&settings).unwrap(), Clock::System).unwrap();
    let unit = Unit {
        code: "H19.15".into(),
        name: "Phường".into(),
        parent: None,
        valid_from: None,
        valid_to: None,
        merged_into: None,
    };
    catalogue::units_put(&app, vec![unit]).await.unwrap();
    log(&app, 8, 400).await;
    let (one, _) = log(&app, 1, ROWS / 8).await;
    let (many, p99) = log(&app, 64, ROWS).await;
    println!("{}: 1 client {one:.0}/s, 64 clients {many:.0}/s (p99 {} ms)", app.engine(), p99.as_millis());
    println!("{}: ratio 64 clients / 1 client: {:.1}", app.engine(), many / one);
}

#[tokio::main]
async fn main() {
    let directory = tempfile::tempdir().unwrap();
    compare(format!("sqlite://{}", directory.path().join("bench.db").display())).await;
    if let Ok(url) = std::env::var("HENTRA_TEST_POSTGRES_URL") {
        compare(url).await;
    }
}
