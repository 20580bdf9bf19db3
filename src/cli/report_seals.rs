//! `hentra report seal` and `hentra report seals`: reports that are never changed again.

use chrono::NaiveDate;

use super::report::machine;
use super::report_words::group_by;
use super::{Failure, output};
use crate::app::App;
use crate::app::dossiers::{PageRequest, UnitScope};
use crate::app::reports::Asked;
use crate::app::reports::processing::ProcessingRequest;
use crate::app::reports::seals::{self, NewSeal};
use crate::domain::office_time;
use crate::domain::statistics::GroupBy;
use crate::text::Lang;

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
    /// What a row stands for: unit, sector, procedure, officer or channel.
    #[arg(long, default_value = "sector", value_parser = group_by)]
    group_by: GroupBy,
}

pub(super) async fn seal(app: &App, of: Seal) -> Result<(), Failure> {
    let by = machine(&of.unit);
    let (period, from, to) = (of.period, of.from, of.to);
    let (as_of, units_as_of, unit, lang) = (None, None, Some(of.unit), Lang::Vi);
    let asked = Asked { period, from, to, as_of, unit, units_as_of, lang };
    let request = ProcessingRequest { asked, group_by: of.group_by, compare: Vec::new() };
    let new = NewSeal { request, actor: None, idempotency: None };
    let sealed = seals::seal(app, new, by).await?;
    output::say(&format!("{} {}", sealed.id, sealed.hash))
}

pub(super) async fn list(app: &App, unit: String) -> Result<(), Failure> {
    let scope = UnitScope { unit: None, subtree: true };
    let page = PageRequest { by: machine(&unit), lang: Lang::Vi, limit: i64::MAX - 1, cursor: None };
    for of in seals::list(app, scope, page).await?.items {
        let sealed_at = office_time::local(of.sealed_at.0).format("%Y-%m-%dT%H:%M:%S%:z");
        output::say(&format!(
            "{}\t{}\t{}\t{}\t{sealed_at}\t{}",
            of.id, of.unit, of.period.label, of.group_by, of.hash
        ))?;
    }
    Ok(())
}
