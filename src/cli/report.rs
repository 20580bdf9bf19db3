//! `hentra report`: the reports, as CSV or as the API gives them.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Calling, Failure, calling, output, runtime};
use crate::app::access::{Principal, Role};
use crate::app::reports::Asked;
use crate::app::reports::processing::{self, ProcessingRequest};
use crate::app::reports::tables::processing_csv;
use crate::domain::statistics::GroupBy;
use crate::text::Lang;

/// Which report.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Form II.06a/VPCP: what was received, resolved and is in progress.
    Processing(Processing),
}

/// What a processing report is about.
#[derive(Debug, clap::Args)]
pub(super) struct Processing {
    /// 2026-09, 2026-Q3, 2026-H1, 2026-9M or 2026, each with -civil for calendar months; the current official month without it.
    #[arg(long, conflicts_with_all = ["from", "to"])]
    period: Option<String>,
    /// First day, instead of a period.
    #[arg(long, value_name = "DAY", requires = "to")]
    from: Option<NaiveDate>,
    /// Last day, included.
    #[arg(long, value_name = "DAY", requires = "from")]
    to: Option<NaiveDate>,
    /// Look from this instant; from now or the period's end without it.
    #[arg(long, value_name = "INSTANT", value_parser = calling::instant)]
    as_of: Option<DateTime<Utc>>,
    /// The unit, with all below it.
    #[arg(long)]
    unit: String,
    /// What a row stands for: unit, sector, procedure, officer or channel.
    #[arg(long, default_value = "sector", value_parser = group_by)]
    group_by: GroupBy,
    /// Print it as the API gives it, instead of CSV.
    #[arg(long)]
    json: bool,
}

fn group_by(word: &str) -> Result<GroupBy, String> {
    GroupBy::from_word(word).ok_or_else(|| "there are unit, sector, procedure, officer, channel".to_owned())
}

pub(super) fn run(calling: &Calling, command: Command) -> Result<(), Failure> {
    let Command::Processing(of) = command;
    let (app, _) = calling.open()?;
    // Who may run commands on the machine may read all of it.
    let by = Principal { user_id: 0, name: String::new(), role: Role::Admin, unit: of.unit.clone() };
    let asked = Asked {
        period: of.period,
        from: of.from,
        to: of.to,
        as_of: of.as_of,
        unit: Some(of.unit),
        units_as_of: None,
        lang: Lang::Vi,
    };
    let request = ProcessingRequest { asked, group_by: of.group_by, compare: Vec::new() };
    let report = runtime(async { Ok(processing::processing(&app, request, by).await?) })?;
    let text = if of.json {
        serde_json::to_string_pretty(&report).map_err(|error| Failure::new(error.to_string()))?
    } else {
        processing_csv(&report, Lang::Vi)?
    };
    output::say(text.trim_end())
}
