//! `hentra report`: the reports, as CSV, as Excel workbooks, or as the API gives them.

use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::report_words::{by_step, commitments_by, findings_by, group_by, integrity_by, rank_by};
use super::{Calling, Failure, calling, output, report_seals, runtime};
use crate::app::App;
use crate::app::access::{Principal, Role};
use crate::app::reports::Asked;
use crate::app::reports::commitments::{CommitmentsRequest, commitments};
use crate::app::reports::delays::{DelaysRequest, delays};
use crate::app::reports::findings::{FindingsRequest, findings};
use crate::app::reports::form::FormTable;
use crate::app::reports::integrity::{IntegrityRequest, integrity};
use crate::app::reports::processing::{ProcessingReport, ProcessingRequest, processing};
use crate::app::reports::ranking::{RankingRequest, ranking};
use crate::app::reports::tables::{Tabular, csv};
use crate::app::reports::trend::{TrendRequest, trend};
use crate::app::reports::workbook::processing_xlsx;
use crate::domain::finding_counts::FindingsBy;
use crate::domain::integrity::{IntegrityBy, USUAL_MINUTES};
use crate::domain::kept::CommitmentsBy;
use crate::domain::ranking::{RankBy, USUAL_MINIMUM};
use crate::domain::statistics::GroupBy;
use crate::domain::steps::StepBy;
use crate::text::Lang;

/// Which report.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Form II.06a/VPCP: what was received, resolved and is in progress.
    Processing {
        #[command(flatten)]
        about: About,
        /// What a row stands for: unit, sector, procedure, officer or channel.
        #[arg(long, default_value = "sector", value_parser = group_by)]
        group_by: GroupBy,
        /// Write the form as an Excel workbook to this file, ready to print and sign, instead of printing CSV.
        #[arg(long, value_name = "FILE", conflicts_with = "json")]
        xlsx: Option<PathBuf>,
    },
    /// Seal form II.06a/VPCP of a period that is over: the same bytes for ever, their hash in the ledger. Prints key and hash.
    Seal(report_seals::Seal),
    /// List the sealed reports of a unit and all below it, the newest first.
    Seals {
        /// The unit.
        #[arg(long)]
        unit: String,
    },
    /// How same-day, Friday and other commitments were kept.
    Commitments {
        #[command(flatten)]
        about: About,
        /// What a row stands for: unit, procedure or effect.
        #[arg(long, default_value = "unit", value_parser = commitments_by)]
        group_by: CommitmentsBy,
    },
    /// The units below one, ranked by what they did in time.
    Ranking {
        #[command(flatten)]
        about: About,
        /// By what: wilson, or mix_fair.
        #[arg(long, default_value = "wilson", value_parser = rank_by)]
        by: RankBy,
        /// Under so many dossiers come due a unit is not ranked.
        #[arg(long, default_value_t = USUAL_MINIMUM)]
        minimum: u32,
    },
    /// The numbers of the form step by step.
    Trend {
        #[command(flatten)]
        about: About,
        /// How long a step is: week, month or quarter.
        #[arg(long, default_value = "month", value_parser = by_step)]
        by: StepBy,
    },
    /// Findings, counted.
    Findings {
        #[command(flatten)]
        about: About,
        /// What a row stands for: kind, unit or officer.
        #[arg(long, default_value = "kind", value_parser = findings_by)]
        group_by: FindingsBy,
    },
    /// How late the late ones were.
    Delays {
        #[command(flatten)]
        about: About,
        /// What a row stands for: unit, sector, procedure, officer or channel.
        #[arg(long, default_value = "unit", value_parser = group_by)]
        group_by: GroupBy,
    },
    /// Where numbers look too good; it says where to look, and proves nothing.
    Integrity {
        #[command(flatten)]
        about: About,
        /// What a row stands for: officer or unit.
        #[arg(long, default_value = "officer", value_parser = integrity_by)]
        group_by: IntegrityBy,
        /// How many minutes before the due day's last session ends are its last ones.
        #[arg(long, default_value_t = USUAL_MINUTES)]
        minutes: u32,
    },
}

/// What a report is about.
#[derive(Debug, clap::Args)]
pub(super) struct About {
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
    /// Print it as the API gives it, instead of CSV.
    #[arg(long)]
    json: bool,
}

impl About {
    fn asked(&self) -> Asked {
        Asked {
            period: self.period.clone(),
            from: self.from,
            to: self.to,
            as_of: self.as_of,
            unit: Some(self.unit.clone()),
            units_as_of: None,
            lang: Lang::Vi,
        }
    }

    fn reader(&self) -> Principal {
        machine(&self.unit)
    }

    fn say(&self, report: &(impl Serialize + Tabular)) -> Result<(), Failure> {
        if self.json { self.say_json(report) } else { output::say(csv(report, Lang::Vi)?.trim_end()) }
    }

    fn say_json(&self, report: &impl Serialize) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(report).map_err(|error| Failure::new(error.to_string()))?;
        output::say(text.trim_end())
    }
}

/// Who may run commands on the machine may read all of it.
pub(super) fn machine(unit: &str) -> Principal {
    Principal { user_id: 0, name: String::new(), role: Role::Admin, unit: unit.to_owned() }
}

fn written(report: &ProcessingReport, file: &Path) -> Result<(), Failure> {
    let bytes = processing_xlsx(&report.into(), Lang::Vi)?;
    std::fs::write(file, bytes)
        .map_err(|error| Failure::new(format!("{} cannot be written: {error}", file.display())))
}

pub(super) fn run(calling: &Calling, command: Command) -> Result<(), Failure> {
    let (app, _) = calling.open()?;
    runtime(reported(&app, command))
}

async fn reported(app: &App, command: Command) -> Result<(), Failure> {
    match command {
        Command::Processing { about, group_by, xlsx } => {
            let request = ProcessingRequest { asked: about.asked(), group_by, compare: Vec::new() };
            let report = processing(app, request, about.reader()).await?;
            match xlsx {
                Some(file) => written(&report, &file),
                None if about.json => about.say_json(&report),
                None => output::say(csv(&FormTable::from(&report), Lang::Vi)?.trim_end()),
            }
        }
        Command::Seal(of) => report_seals::seal(app, of).await,
        Command::Seals { unit } => report_seals::list(app, unit).await,
        Command::Commitments { about, group_by } => {
            let request = CommitmentsRequest { asked: about.asked(), group_by };
            about.say(&commitments(app, request, about.reader()).await?)
        }
        Command::Ranking { about, by, minimum } => {
            let request = RankingRequest { asked: about.asked(), by, minimum };
            about.say(&ranking(app, request, about.reader()).await?)
        }
        Command::Trend { about, by } => {
            let request = TrendRequest { asked: about.asked(), by };
            about.say(&trend(app, request, about.reader()).await?)
        }
        Command::Findings { about, group_by } => {
            let request = FindingsRequest { asked: about.asked(), group_by };
            about.say(&findings(app, request, about.reader()).await?)
        }
        Command::Delays { about, group_by } => {
            let request = DelaysRequest { asked: about.asked(), group_by };
            about.say(&delays(app, request, about.reader()).await?)
        }
        Command::Integrity { about, group_by, minutes } => {
            let request = IntegrityRequest { asked: about.asked(), group_by, minutes };
            about.say(&integrity(app, request, about.reader()).await?)
        }
    }
}
