//! `hentra alerts run`: what the scheduler does, once.

use chrono::{DateTime, Utc};

use super::serve::Post;
use super::{Calling, Failure, calling, output, runtime};
use crate::app::alerts;

/// What is done about alerts.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Enqueue every message that is due, deliver what waits, and end; exit code 1 when a message was not taken.
    Run {
        /// Up to this instant, which has passed; now without it. To look ahead, start the clock there with --clock.
        #[arg(long, value_name = "INSTANT", value_parser = calling::instant)]
        until: Option<DateTime<Utc>>,
    },
}

pub(super) fn run(calling: &Calling, command: &Command) -> Result<(), Failure> {
    let Command::Run { until } = command;
    let (app, settings) = calling.open()?;
    let app = app.with_webhooks(settings.webhooks()?);
    let round = runtime(async {
        let post = Post::new(&settings)?;
        let now = app.clock().now();
        let until = until.unwrap_or(now);
        if until > now {
            // Slots claimed before their time would never be claimed again, and their mail would tell of today's dossiers.
            return Err(Failure::new(
                "--until: this instant has not come yet, and its mail can be sent only once; to look ahead, try --clock on a copy of the database",
            ));
        }
        Ok(alerts::run_until(&app, &post.timetable, &post.mailer, until).await?)
    })?;
    output::say(&format!(
        "slots {} (stale {}), enqueued {}, sent {}, to be tried again {}, failed {}, uncertain {}, stale {}, suppressed {}, not composed {}",
        round.slots,
        round.stale_slots,
        round.enqueued,
        round.sent,
        round.retried,
        round.failed,
        round.uncertain,
        round.stale,
        round.suppressed,
        round.uncomposed
    ))?;
    match (round.failed, round.retried, round.uncertain, round.uncomposed) {
        (0, 0, 0, 0) => Ok(()),
        (failed, retried, uncertain, uncomposed) => Err(Failure::new(format!(
            "{failed} messages were refused for good, {retried} are to be tried again, {uncertain} may or may not have been sent, {uncomposed} could not be composed"
        ))),
    }
}
