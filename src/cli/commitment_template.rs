//! `hentra commitment template`: commitments ready to be switched on, listed and switched on.

use chrono::{NaiveDate, Weekday};

use super::commitment::{Which, half_day, told, weekday};
use super::{Failure, output, runtime};
use crate::app::App;
use crate::app::catalogue::templates::{Switched, switch_on};
use crate::domain::commitment::HalfDay;
use crate::domain::office_time;
use crate::domain::template::{SwitchOn, Template};
use crate::text::{Lang, templates};

/// What is done about templates.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List the templates: word, name in Vietnamese, meaning.
    List,
    /// Switch a template on for a unit; prints the commitment. Called again with the same terms it changes nothing.
    Apply(Apply),
}

/// A template, for whom it is switched on, and since when.
#[derive(Debug, clap::Args)]
pub(super) struct Apply {
    /// same_day, friday_no_rollover or no_appointment_day.
    #[arg(value_parser = template)]
    template: Template,
    /// The unit that commits itself.
    #[arg(long)]
    unit: String,
    /// The units below it are bound too.
    #[arg(long)]
    subtree: bool,
    #[command(flatten)]
    which: Which,
    /// no_appointment_day: which day, mon to sun.
    #[arg(long, value_parser = weekday)]
    weekday: Option<Weekday>,
    /// no_appointment_day: only the n-th such day of the month, 1 to 5.
    #[arg(long)]
    nth_week: Option<u8>,
    /// no_appointment_day: only this half of the day, morning or afternoon.
    #[arg(long, value_parser = half_day)]
    session: Option<HalfDay>,
    /// First receipt day; today without it.
    #[arg(long, value_name = "DAY")]
    valid_from: Option<NaiveDate>,
    /// Last receipt day.
    #[arg(long, value_name = "DAY")]
    valid_to: Option<NaiveDate>,
    /// Number and date of the decision.
    #[arg(long)]
    decision: String,
    /// Say what would be made and change nothing.
    #[arg(long)]
    dry_run: bool,
}

fn template(text: &str) -> Result<Template, String> {
    let words: Vec<&str> = Template::ALL.iter().map(|of| of.word()).collect();
    Template::from_word(text).ok_or_else(|| format!("templates are {}", words.join(", ")))
}

pub(super) fn run(app: &App, command: Command) -> Result<(), Failure> {
    match command {
        Command::List => Template::ALL.iter().try_for_each(|of| {
            let (name, sentence) = (templates::name(Lang::Vi, *of), templates::sentence(Lang::En, *of));
            output::say(&format!("{of}\t{name}\t{sentence}"))
        }),
        Command::Apply(apply) => {
            let today = office_time::local_date(app.clock().now());
            let (template, dry_run) = (apply.template, apply.dry_run);
            let with = apply.switch_on(today);
            let switched = runtime(async { Ok(switch_on(app, template, with, None, dry_run).await?) })?;
            let Switched { commitment, created } = switched;
            let state = match (created, dry_run) {
                (true, false) => "made",
                (true, true) => "would be made",
                (false, _) => "stands already, nothing was changed",
            };
            output::say(&format!("{}\t{state}", told(&commitment)))
        }
    }
}

impl Apply {
    fn switch_on(self, today: NaiveDate) -> SwitchOn {
        SwitchOn {
            unit: self.unit,
            subtree: self.subtree,
            selector: self.which.into(),
            weekday: self.weekday,
            nth_week: self.nth_week,
            session: self.session,
            valid_from: self.valid_from.unwrap_or(today),
            valid_to: self.valid_to,
            decision: self.decision,
        }
    }
}
