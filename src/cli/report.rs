//! `hentra report`: the reports, as CSV, as Excel workbooks, or as the API gives them.

use std::path::PathBuf;

use chrono::{DateTime, NaiveDate, Utc};

use super::{Calling, Failure, calling, output, runtime};
use crate::app::access::{Principal, Role};
use crate::app::dossiers::{PageRequest, UnitScope};
use crate::app::reports::Asked;
use crate::app::reports::processing::{self, ProcessingRequest};
use crate::app::reports::seals::{self, NewSeal};
use crate::app::reports::tables::processing_csv;
use crate::app::reports::workbook::processing_xlsx;
use crate::domain::office_time;
use crate::domain::statistics::GroupBy;
use crate::text::Lang;

/// Which report.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Form II.06a/VPCP: what was received, resolved and is in progress.
    Processing(Processing),
    /// Seal form II.06a/VPCP of a period that is over: the same bytes for ever, their hash in the ledger. Prints key and hash.
    Seal(Seal),
    /// List the sealed reports of a unit and all below it, the newest first.
    Seals {
        /// The unit.
        #[arg(long)]
        unit: String,
    },
}

/// What is sealed.
#[derive(Debug, clap::Args)]
pub(super) struct Seal {
    /// 2026-09, 2026-Q3, 2026-H1, 2026-9M or 2026, each with -civil for calendar months.
    #[arg(long, required_unless_present = "from", conflicts_with_all = ["from", "to"])]
    period: Option<String>,
    /// First day, instead of a period.
    #[arg(long, value_name = "DAY", requires = "to")]
    from: Option<NaiveDate>,
    /// Last day, included.
    #[arg(long, value_name = "DAY", requires = "from")]
    to: Option<NaiveDate>,
    /// The unit, with all below it.
    #[arg(long)]
    unit: String,
    /// What a row stands for: unit, sector, procedure or officer.
    #[arg(long, default_value = "sector", value_parser = group_by)]
    group_by: GroupBy,
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
    /// Write the form as an Excel workbook to this file, ready to print and sign, instead of printing CSV.
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    xlsx: Option<PathBuf>,
}

fn group_by(word: &str) -> Result<GroupBy, String> {
    GroupBy::from_word(word).ok_or_else(|| "there are unit, sector, procedure, officer, channel".to_owned())
}

pub(super) fn run(calling: &Calling, command: Command) -> Result<(), Failure> {
    match command {
        Command::Processing(of) => print(calling, of),
        Command::Seal(of) => seal(calling, of),
        Command::Seals { unit } => list(calling, unit),
    }
}

/// Who may run commands on the machine may read all of it.
fn machine(unit: &str) -> Principal {
    Principal { user_id: 0, name: String::new(), role: Role::Admin, unit: unit.to_owned() }
}

fn seal(calling: &Calling, of: Seal) -> Result<(), Failure> {
    let (app, _) = calling.open()?;
    let by = machine(&of.unit);
    let (period, from, to) = (of.period, of.from, of.to);
    let (as_of, units_as_of, unit, lang) = (None, None, Some(of.unit), Lang::Vi);
    let asked = Asked { period, from, to, as_of, unit, units_as_of, lang };
    let request = ProcessingRequest { asked, group_by: of.group_by, compare: Vec::new() };
    let new = NewSeal { request, actor: None, idempotency: None };
    let sealed = runtime(async { Ok(seals::seal(&app, new, by).await?) })?;
    output::say(&format!("{} {}", sealed.id, sealed.hash))
}

fn list(calling: &Calling, unit: String) -> Result<(), Failure> {
    let (app, _) = calling.open()?;
    let scope = UnitScope { unit: None, subtree: true };
    let page = PageRequest { by: machine(&unit), lang: Lang::Vi, limit: i64::MAX - 1, cursor: None };
    for of in runtime(async { Ok(seals::list(&app, scope, page).await?) })?.items {
        let sealed_at = office_time::local(of.sealed_at.0).format("%Y-%m-%dT%H:%M:%S%:z");
        output::say(&format!(
            "{}\t{}\t{}\t{}\t{sealed_at}\t{}",
            of.id, of.unit, of.period.label, of.group_by, of.hash
        ))?;
    }
    Ok(())
}

fn print(calling: &Calling, of: Processing) -> Result<(), Failure> {
    let (app, _) = calling.open()?;
    let by = machine(&of.unit);
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
    if let Some(file) = of.xlsx {
        let bytes = processing_xlsx(&(&report).into(), Lang::Vi)?;
        return std::fs::write(&file, bytes)
            .map_err(|error| Failure::new(format!("{} cannot be written: {error}", file.display())));
    }
    let text = if of.json {
        serde_json::to_string_pretty(&report).map_err(|error| Failure::new(error.to_string()))?
    } else {
        processing_csv(&report, Lang::Vi)?
    };
    output::say(text.trim_end())
}
