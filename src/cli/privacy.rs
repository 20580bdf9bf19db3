//! `hentra privacy`: erases the data of persons when their time is over.

use chrono::{DateTime, Days, Utc};

use super::{Calling, Failure, output, runtime};
use crate::app::privacy;

/// What is done with persons' data.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Erase names, telephones, addresses and notes of dossiers closed so long ago. Each erasure is an act in the ledger, and cannot be taken back.
    Erase {
        /// Keep those closed within so many days; `applicant_retention_days` of the settings, if nothing is said.
        #[arg(long, value_name = "DAYS")]
        older_than_days: Option<u32>,
        /// Only say how many there are.
        #[arg(long)]
        dry_run: bool,
    },
}

pub(super) fn run(calling: &Calling, command: &Command) -> Result<(), Failure> {
    let Command::Erase { older_than_days, dry_run } = command;
    let (app, settings) = calling.open()?;
    let days = older_than_days.or(settings.applicant_retention_days).ok_or_else(|| {
        Failure::new("say --older-than-days, or set applicant_retention_days: how long persons' data are kept is yours to decide")
    })?;
    let before = before(app.clock().now(), days)?;
    if *dry_run {
        let due = runtime(async { Ok(privacy::due(&app, before).await?) })?;
        return output::say(&format!("{due} dossiers closed more than {days} days ago hold a person's data"));
    }
    let erased = runtime(async { Ok(privacy::erase(&app, before, None).await?) })?;
    output::say(&format!("erased the person's data of {erased} dossiers closed more than {days} days ago"))
}

fn before(now: DateTime<Utc>, days: u32) -> Result<DateTime<Utc>, Failure> {
    now.checked_sub_days(Days::new(days.into()))
        .ok_or_else(|| Failure::new("so many days ago there was no calendar"))
}
