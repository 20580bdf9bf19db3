//! `hentra generate`: fills an empty database with a made-up country, to measure with.

use chrono::NaiveDate;

use super::{Calling, Failure, output, runtime};
use crate::app::generate::{Plan, Progress, generate};
use crate::config::Profile;

/// How large a country.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Dossiers in all.
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u32).range(1..=100_000_000))]
    dossiers: u32,
    /// Units that take dossiers, in up to 34 provinces.
    #[arg(long, default_value_t = 3_400, value_parser = clap::value_parser!(u32).range(1..=30_000))]
    units: u32,
    /// Procedures that are asked for, of those in the catalogue.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u16).range(1..))]
    procedures: u16,
    /// Years over which dossiers come in.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=20))]
    years: u32,
    /// What chance begins with: the same number makes the same dossiers.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// First day; so many years ago without it.
    #[arg(long, value_name = "DAY")]
    from: Option<NaiveDate>,
    /// All units have committed themselves for the last year.
    #[arg(long)]
    committed: bool,
}

pub(super) fn run(calling: &Calling, arguments: &Arguments) -> Result<(), Failure> {
    if calling.settings()?.profile == Profile::Production {
        return Err(Failure::new("the production profile makes up no dossiers"));
    }
    let (app, _) = calling.open()?;
    let plan = Plan {
        dossiers: arguments.dossiers,
        units: arguments.units,
        procedures: arguments.procedures.into(),
        years: arguments.years,
        seed: arguments.seed,
        from: arguments.from,
        committed: arguments.committed,
    };
    let told = |progress| match progress {
        Progress::Written(many) => output::tell(&format!("{many} of {} dossiers", arguments.dossiers)),
        Progress::Making(name) => output::tell(&format!("makes {name}")),
    };
    let made = runtime(async { generate(&app, &plan, told).await.map_err(Failure::from) })?;
    output::say(&format!(
        "{made} dossiers made up, for measuring alone: they have no ledger and no applicants"
    ))
}
