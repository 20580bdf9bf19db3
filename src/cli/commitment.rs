//! `hentra commitment`: what units promise beyond the law, registered and listed.

use chrono::{NaiveDate, Weekday};

use super::commitment_template as template;
use super::{Calling, Failure, deadline, output, runtime};
use crate::app::catalogue;
use crate::app::catalogue::commitments::{End, commitment_end, commitment_remove};
use crate::domain::commitment::{Commitment, Effect, HalfDay, ReceivedOn, Selector};
use crate::domain::deadline::Limit;
use crate::domain::office_time;
use crate::text::{Lang, commitments, moments};

/// What is done about commitments.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Register a commitment; prints its key.
    Create(Create),
    /// List the commitments, the oldest first.
    List,
    /// End a commitment: give it its last receipt day. What it has bound stays bound.
    End(Ending),
    /// Take away a commitment that has bound no dossier.
    Remove {
        /// Its key.
        id: i64,
    },
    /// Commitments that many units make in the same words, switched on in one call.
    #[command(subcommand)]
    Template(template::Command),
}

/// The end of a commitment.
#[derive(Debug, clap::Args)]
pub(super) struct Ending {
    /// Its key.
    id: i64,
    /// Last receipt day.
    #[arg(long, value_name = "DAY")]
    valid_to: NaiveDate,
    /// Number and date of the decision that ends it.
    #[arg(long)]
    decision: String,
}

/// Which procedures are meant.
#[derive(Debug, clap::Args)]
pub(super) struct Which {
    /// Procedure codes, separated by commas.
    #[arg(long, value_delimiter = ',')]
    procedures: Vec<String>,
    /// A sector; may be given several times.
    #[arg(long = "sector")]
    sectors: Vec<String>,
    /// Every procedure whose limit is at most so many working days.
    #[arg(long)]
    max_working_days: Option<u32>,
    /// Every procedure.
    #[arg(long)]
    all: bool,
}

impl From<Which> for Selector {
    fn from(of: Which) -> Self {
        let Which { procedures, sectors, max_working_days, all } = of;
        Selector { all, procedures, sectors, max_working_days }
    }
}

/// A commitment to be registered.
#[derive(Debug, clap::Args)]
pub(super) struct Create {
    /// The unit that commits itself.
    #[arg(long)]
    unit: String,
    /// The units below it are bound too.
    #[arg(long)]
    subtree: bool,
    /// same_day, same_session, no_week_rollover, or within with a limit (within=2:working_day).
    #[arg(long, value_parser = effect)]
    effect: Effect,
    #[command(flatten)]
    which: Which,
    /// Only receipts on these days: mon,tue,wed,thu,fri,sat,sun.
    #[arg(long, value_delimiter = ',', value_parser = weekday)]
    received_on: Vec<Weekday>,
    /// Only on the n-th such day of the month, 1 to 5.
    #[arg(long)]
    nth_week: Option<u8>,
    /// Only in this half of the day: morning or afternoon.
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
}

fn effect(text: &str) -> Result<Effect, String> {
    match text.split_once('=') {
        Some(("within", limit)) => match deadline::limit(limit)? {
            limit @ (Limit::WorkingDays(_) | Limit::WorkingHours(_)) => Ok(Effect::Within(limit)),
            _ => Err("within takes working days or working hours".to_owned()),
        },
        None if text == "same_day" => Ok(Effect::SameDay),
        None if text == "same_session" => Ok(Effect::SameSession),
        None if text == "no_week_rollover" => Ok(Effect::NoWeekRollover),
        _ => Err("effects are same_day, same_session, no_week_rollover, within=2:working_day".to_owned()),
    }
}

pub(super) fn weekday(text: &str) -> Result<Weekday, String> {
    text.parse().map_err(|_| "days are mon, tue, wed, thu, fri, sat, sun".to_owned())
}

pub(super) fn half_day(text: &str) -> Result<HalfDay, String> {
    HalfDay::from_word(text).ok_or_else(|| "either morning or afternoon".to_owned())
}

pub(super) fn run(calling: &Calling, command: Command) -> Result<(), Failure> {
    let (app, _) = calling.open()?;
    match command {
        Command::Create(create) => {
            let today = office_time::local_date(app.clock().now());
            let new = commitment(create, today);
            let made = runtime(async { Ok(catalogue::commitment_create(&app, new, None).await?) })?;
            output::say(&made.id.to_string())
        }
        Command::List => {
            let all =
                runtime(async { Ok(app.read(|_, catalogue| Ok(catalogue.commitments.clone())).await?) })?;
            all.iter().try_for_each(|of| output::say(&told(of)))
        }
        Command::End(Ending { id, valid_to, decision }) => {
            let end = End { valid_to, decision };
            let ended = runtime(async { Ok(commitment_end(&app, id, end, None).await?) })?;
            output::say(&told(&ended))
        }
        Command::Remove { id } => runtime(async { Ok(commitment_remove(&app, id, None).await?) }),
        Command::Template(command) => template::run(&app, command),
    }
}

fn commitment(of: Create, today: NaiveDate) -> Commitment {
    Commitment {
        id: 0,
        unit: of.unit,
        subtree: of.subtree,
        selector: of.which.into(),
        received_on: ReceivedOn { weekdays: of.received_on, nth_week: of.nth_week, session: of.session },
        effect: of.effect,
        valid_from: of.valid_from.unwrap_or(today),
        valid_to: of.valid_to,
        decision: of.decision,
    }
}

/// One line: key, unit, effect, procedures, receipts, days, decision.
pub(super) fn told(of: &Commitment) -> String {
    let effect = match of.effect {
        Effect::Within(limit) => format!("within {}", commitments::limit_words(Lang::En, limit)),
        Effect::SameDay | Effect::SameSession | Effect::NoWeekRollover => of.effect.word().to_owned(),
    };
    let mut covered: Vec<String> = of.selector.procedures.clone();
    covered.extend(of.selector.sectors.iter().map(|sector| format!("«{sector}»")));
    covered.extend(of.selector.max_working_days.map(|most| format!("limit ≤ {most} working days")));
    if of.selector.all {
        covered.push("all procedures".to_owned());
    }
    if covered.is_empty() {
        covered.push("what is registered for the same day".to_owned());
    }
    let mut receipts: Vec<String> =
        of.received_on.weekdays.iter().map(|day| moments::weekday(Lang::En, *day).to_owned()).collect();
    receipts.extend(of.received_on.nth_week.map(|nth| format!("week {nth}")));
    receipts.extend(of.received_on.session.map(|half| half.word().to_owned()));
    let receipts = if receipts.is_empty() { "any day".to_owned() } else { receipts.join(" ") };
    let unit = if of.subtree { format!("{} and below", of.unit) } else { of.unit.clone() };
    let until = of.valid_to.map_or_else(String::new, |day| day.to_string());
    [
        of.id.to_string(),
        unit,
        effect,
        covered.join(","),
        receipts,
        format!("{}..{until}", of.valid_from),
        of.decision.clone(),
    ]
    .join("\t")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effects_are_read_and_refused() {
        assert_eq!(effect("within=2:working_day"), Ok(Effect::Within(Limit::WorkingDays(2))));
        assert_eq!(effect("no_week_rollover"), Ok(Effect::NoWeekRollover));
        for wrong in ["within", "within=1:month", "sameday", "same_day=1"] {
            assert!(effect(wrong).is_err(), "{wrong}");
        }
    }
}
