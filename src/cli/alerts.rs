//! `hentra alerts run`: what the scheduler does, once.

use chrono::{DateTime, Utc};

use super::serve::Post;
use super::{Calling, Failure, calling, output, runtime};
use crate::app::alerts;

/// What is done about alerts.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Enqueue every message that is due, deliver what waits, and end.
    Run {
        /// Up to this instant; now without it.
        #[arg(long, value_name = "INSTANT", value_parser = calling::instant)]
        until: Option<DateTime<Utc>>,
    },
}

pub(super) fn run(calling: &Calling, command: &Command) -> Result<(), Failure> {
    let Command::Run { until } = command;
    let (app, settings) = calling.open()?;
    let round = runtime(async {
        let post = Post::new(&settings)?;
        let until = until.unwrap_or_else(|| app.clock().now());
        Ok(alerts::run_until(&app, &post.timetable, &post.mailer, until).await?)
    })?;
    output::say(&format!(
        "slots {} (stale {}), enqueued {}, sent {}, to be tried again {}, failed {}, uncertain {}, stale {}",
        round.slots,
        round.stale_slots,
        round.enqueued,
        round.sent,
        round.retried,
        round.failed,
        round.uncertain,
        round.stale
    ))
}
