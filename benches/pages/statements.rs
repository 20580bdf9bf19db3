//! Which statements a page asks of the database, and how long these take: for those who want to know why a page takes as long as it does.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};
use std::time::Instant;

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};

/// Statements that are told of a page.
const TOLD: usize = 12;
/// Letters of a statement that are told.
const LETTERS: usize = 230;

/// By statement: how often, and milliseconds in all.
static SEEN: LazyLock<Mutex<HashMap<String, (u32, f64)>>> = LazyLock::new(Mutex::default);

#[derive(Default)]
struct Watch {
    since: Option<Instant>,
}

impl Instrumentation for Watch {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartQuery { .. } => self.since = Some(Instant::now()),
            InstrumentationEvent::FinishQuery { query, .. } => {
                let Some(since) = self.since.take() else { return };
                let sql = query.to_string();
                let sql = sql.split(" -- binds").next().unwrap_or_default().to_owned();
                let mut seen = SEEN.lock().unwrap();
                let of = seen.entry(sql).or_default();
                *of = (of.0 + 1, of.1 + since.elapsed().as_secs_f64() * 1_000.0);
            }
            _ => {}
        }
    }
}

/// Watches the connections that are opened from now on.
pub(crate) fn watch() {
    set_default_instrumentation(|| Some(Box::new(Watch::default()))).unwrap();
}

/// Tells the statements since it was last asked, the longest first, by the page that was asked for so many times.
pub(crate) fn tell(pages: usize) {
    let seen = std::mem::take(&mut *SEEN.lock().unwrap());
    let pages = f64::from(u32::try_from(pages).unwrap());
    let mut all: Vec<(String, (u32, f64))> = seen.into_iter().collect();
    all.sort_by(|a, b| b.1.1.total_cmp(&a.1.1));
    let whole: f64 = all.iter().map(|of| of.1.1).sum();
    println!("       {:>8.2} ms in {} statements", whole / pages, all.len());
    for (sql, (times, taken)) in all.into_iter().take(TOLD) {
        let told: String = sql.chars().take(LETTERS).collect();
        println!("       {:>8.2} ms {:>6.1}x {told}", taken / pages, f64::from(times) / pages);
    }
}
