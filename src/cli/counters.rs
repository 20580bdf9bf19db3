//! `hentra counters`: holds the counters that reports are made of against the dossiers, and makes them again.

use super::{Calling, Failure, output, runtime};
use crate::app::counters::{self, Difference};

/// Differences named one by one; beyond it they are only counted.
const NAMED: usize = 20;

/// What is asked of the counters.
#[derive(Debug, Clone, Copy, clap::Subcommand)]
pub(super) enum Command {
    /// Hold all counters against all dossiers; exit code 1 when any differs.
    Check,
    /// Make all counters again from the dossiers. Nothing else is written meanwhile.
    Rebuild,
}

pub(super) fn run(calling: &Calling, command: Command) -> Result<(), Failure> {
    let (app, _) = calling.open()?;
    match command {
        Command::Check => {
            let checked = runtime(async { Ok(counters::check(&app).await?) })?;
            let Some((units, found)) = checked else {
                return Err(Failure::new("the counters have not been made yet: hentra counters rebuild"));
            };
            told(units, &found)
        }
        Command::Rebuild => {
            let counted = runtime(async { Ok(counters::rebuild(&app).await?) })?;
            output::say(&format!("{counted} dossiers counted"))
        }
    }
}

fn told(units: usize, found: &[Difference]) -> Result<(), Failure> {
    if found.is_empty() {
        return output::say(&format!("the counters of {units} units are what the dossiers come to"));
    }
    let named = found.iter().take(NAMED).map(|of| {
        let Difference { of, key, day, what, expected, kept } = of;
        format!("  {key}, {of}, {day}: {what} is {kept} and should be {expected}")
    });
    let more = found.len().saturating_sub(NAMED);
    let rest = (more > 0).then(|| format!("  and {more} more"));
    let lines: Vec<String> = named.chain(rest).collect();
    Err(Failure::new(format!("{} counters differ from the dossiers:\n{}", found.len(), lines.join("\n"))))
}
