//! `hentra ledger`: walks the chain of recorded acts and holds the dossiers against it; makes the dossiers again from it; tells its anchor.

use super::{Calling, Failure, output, runtime};
use crate::app::ledger::{self, Verdict};
use crate::domain::ledger::Anchor;
use crate::domain::office_time::local_date;

/// What is asked of the ledger.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Walk the whole chain and hold every dossier against it; exit code 1 when anything does not fit.
    Verify {
        /// An anchor that was told, as the leaders' weekly mail writes it (`12345:9f86d0…`); may be given several times.
        #[arg(long, value_name = "ENTRIES:HEAD")]
        anchor: Vec<Anchor>,
    },
    /// Make the dossiers, their commitments and findings again what the ledger tells of them. Stop the service first.
    Rebuild,
    /// Tell how long the chain is today, and its head, to be kept elsewhere.
    Anchor,
}

pub(super) fn run(calling: &Calling, command: Command) -> Result<(), Failure> {
    let (app, _) = calling.open()?;
    match command {
        Command::Verify { anchor } => told(&runtime(async { Ok(ledger::verify(&app, anchor).await?) })?),
        Command::Rebuild => {
            let done = runtime(async { Ok(ledger::rebuild(&app).await?) })?.map_err(|broken| {
                let (at, what) = (broken.seq, broken.what);
                Failure::new(format!("the chain is broken at entry {at}: {what}; nothing was changed"))
            })?;
            output::say(&format!(
                "{} dossiers put right, {} taken away that were never received, {} left as they are",
                done.restored, done.removed, done.left
            ))
        }
        Command::Anchor => {
            let today = local_date(app.clock().now());
            let anchors = runtime(async { Ok(app.read(move |c, _| ledger::anchors(c, &[today])).await?) })?;
            match anchors.into_iter().next().and_then(|(_, anchor)| anchor) {
                Some(anchor) => output::say(&anchor.to_string()),
                None => Err(Failure::new("the ledger is empty")),
            }
        }
    }
}

fn told(verdict: &Verdict) -> Result<(), Failure> {
    if let Some(at) = verdict.broken_at {
        return Err(Failure::new(format!(
            "the chain is broken at entry {at}: {}; {} entries before it hold",
            verdict.what.as_deref().unwrap_or_default(),
            verdict.entries
        )));
    }
    if !verdict.ok {
        let dossiers = verdict.differences.iter().map(|of| format!("  {}: {}", of.code, of.what));
        let seals = verdict.broken_seals.iter().map(|of| format!("  seal {}: {}", of.seal, of.what));
        let named: Vec<String> = dossiers.chain(seals).collect();
        return Err(Failure::new(format!(
            "the chain holds ({} entries), and {} of {} dossiers and {} of {} sealed reports are not as it tells:\n{}",
            verdict.entries,
            verdict.differing,
            verdict.dossiers,
            verdict.broken_seals.len(),
            verdict.seals,
            named.join("\n")
        )));
    }
    output::say(&format!("{} entries hold; head {}", verdict.entries, verdict.head))?;
    let untold = match verdict.untold {
        0 => String::new(),
        some => format!(", but for {some} whose entries an older program wrote"),
    };
    output::say(&format!("{} dossiers are as the ledger tells{untold}", verdict.dossiers))?;
    if verdict.seals == 0 {
        return Ok(());
    }
    output::say(&format!("{} sealed reports are as they were sealed", verdict.seals))
}
