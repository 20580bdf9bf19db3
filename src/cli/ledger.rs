//! `hentra ledger verify`: walks the chain of recorded acts and names its first broken link.

use super::{Calling, Failure, output, runtime};
use crate::app::ledger;

/// What is asked of the ledger.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Walk the whole chain; exit code 1 when a link is broken.
    Verify,
}

pub(super) fn run(calling: &Calling, command: &Command) -> Result<(), Failure> {
    match command {
        Command::Verify => {}
    }
    let (app, _) = calling.open()?;
    let verdict = runtime(async { Ok(ledger::verify(&app).await?) })?;
    match (verdict.broken_at, verdict.what) {
        (None, _) => output::say(&format!("{} entries hold; head {}", verdict.entries, verdict.head)),
        (Some(at), what) => Err(Failure::new(format!(
            "the chain is broken at entry {at}: {}; {} entries before it hold",
            what.unwrap_or_default(),
            verdict.entries
        ))),
    }
}
