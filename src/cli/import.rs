//! `hentra import`: dossiers, procedures, units and calendars from files.
//!
//! Dossiers are taken row by row, bad ones named by their line; the others are small and taken whole or not at all.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::complaint::plain;
use super::{Calling, Failure, import_calendar, output, runtime};
use crate::app::catalogue::procedures::{NewProcedures, procedures_change};
use crate::app::catalogue::units::units_change;
use crate::app::{App, AppError, dossiers, transfer, transfer_dossiers};
use crate::domain::deadline::Limit;
use crate::text::{Lang, commitments};

/// Dossiers sent to the writer at once.
const AT_ONCE: usize = 5_000;

/// In place of a file's name.
const STANDARD_INPUT: &str = "-";

/// What is brought in.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Dossiers, past and present: CSV or NDJSON with the fields of POST /dossiers (in CSV applicant_name,
    /// applicant_phone …) and closed_at, closed_as, returned_at. Good rows are kept, bad ones named by their line.
    Dossiers(Source),
    /// Procedures: CSV code,name,sector,limit_value,limit_unit,late_after,late_effect,channel,valid_from,source and case. Limits
    /// stand beside those kept; one for the same channel, case and first day takes the place of the one kept.
    Procedures(ProceduresSource),
    /// Units: CSV code,name,parent and, where they are to be said, valid_from,valid_to,merged_into,holds_from (the day from
    /// which name and parent hold).
    Units(Source),
    /// A calendar: TOML as config/calendar has it, or CSV date,kind,name,source. Its days replace all of their years. A web feed (.ics) is never
    /// published: each event is reported on, and a file to be looked at is printed.
    Calendar(import_calendar::CalendarSource),
}

/// A file, and whether it is only tried.
#[derive(Debug, clap::Args)]
pub(super) struct Source {
    /// The file; - for standard input.
    pub(super) file: PathBuf,
    /// Say what would happen and change nothing.
    #[arg(long)]
    pub(super) dry_run: bool,
}

/// A file of procedures, and whether it may put right what was in force.
#[derive(Debug, clap::Args)]
pub(super) struct ProceduresSource {
    #[command(flatten)]
    source: Source,
    /// Why limits that were in force when dossiers were received may be others; without it that is refused.
    #[arg(long, value_name = "REASON")]
    correct: Option<String>,
}

pub(super) fn run(calling: &Calling, command: Command) -> Result<(), Failure> {
    let (app, _) = calling.open()?;
    runtime(async {
        match command {
            Command::Dossiers(source) => import_dossiers(&app, &source).await,
            Command::Procedures(of) => import_procedures(&app, of).await,
            Command::Units(source) => {
                let rows = transfer::units_from_csv(&read(&source.file)?)?;
                let count = units_change(&app, rows, None, source.dry_run).await?;
                told(count, "units", source.dry_run)
            }
            Command::Calendar(of) => import_calendar::run(&app, of).await,
        }
    })
}

pub(super) fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    if file == Path::new(STANDARD_INPUT) {
        let mut all = Vec::new();
        std::io::stdin().lock().read_to_end(&mut all)?;
        return Ok(all);
    }
    std::fs::read(file).map_err(|error| Failure::new(format!("{}: {error}", file.display())))
}

fn told(count: usize, what: &str, dry_run: bool) -> Result<(), Failure> {
    let verb = if dry_run { "would be imported" } else { "imported" };
    output::say(&format!("{count} {what} {verb}"))
}

async fn import_procedures(app: &App, of: ProceduresSource) -> Result<(), Failure> {
    let ProceduresSource { source: Source { file, dry_run }, correct } = of;
    let rows = transfer::procedure_rows(&read(&file)?)?;
    let new = NewProcedures { rows, whole: false, correction: correct };
    let changed = procedures_change(app, new, None, dry_run).await?;
    for of in &changed.dossiers {
        let limit = |limit: Option<Limit>| {
            limit.map_or_else(|| "no limit".to_owned(), |of| commitments::limit_words(Lang::En, of))
        };
        output::say(&format!("{}: {} -> {}", of.code, limit(of.from), limit(of.to)))?;
    }
    if changed.differing > 0 {
        let count = changed.differing;
        output::say(&format!("{count} dossiers were received under another limit, and keep it"))?;
    }
    told(changed.written, "procedures", dry_run)
}

async fn import_dossiers(app: &App, source: &Source) -> Result<(), Failure> {
    let file = read(&source.file)?;
    let in_columns = !transfer_dossiers::is_ndjson(&file);
    let rows = transfer_dossiers::dossiers_from(&file)?;
    let (mut good, mut bad) = (0_usize, 0_usize);
    let mut codes = BTreeSet::new();
    let mut rows = rows.into_iter();
    loop {
        let some: Vec<transfer_dossiers::Row> = rows.by_ref().take(AT_ONCE).collect();
        if some.is_empty() {
            break;
        }
        let results =
            if source.dry_run { try_rows(app, some, &mut codes).await } else { keep_rows(app, some).await? };
        for (line, result) in results {
            match result {
                Ok(()) => good += 1,
                Err(error) => {
                    bad += 1;
                    let error = if in_columns { transfer_dossiers::by_column(error) } else { error };
                    output::complain(&format!("line {line}: {}", plain(&error)));
                }
            }
        }
    }
    let verb = if source.dry_run { "would be imported" } else { "imported" };
    output::say(&format!("{good} dossiers {verb}, {bad} rejected"))?;
    match (bad, source.dry_run) {
        (0, _) => Ok(()),
        (_, false) => Err(Failure::new(format!("{bad} rows were rejected; the others stand"))),
        (_, true) => Err(Failure::new(format!("{bad} rows would be rejected; nothing was changed"))),
    }
}

type Results = Vec<(u64, Result<(), AppError>)>;

/// Logs the good rows; the answers come back in the order of the lines.
async fn keep_rows(app: &App, rows: Vec<transfer_dossiers::Row>) -> Result<Results, Failure> {
    let mut results: Results = Vec::with_capacity(rows.len());
    let (mut lines, mut new) = (Vec::new(), Vec::new());
    for (line, row) in rows {
        match row {
            Ok(registration) => {
                lines.push(line);
                new.push(registration);
            }
            Err(error) => results.push((line, Err(error))),
        }
    }
    let answers = dossiers::register_many(app, new, None, Lang::En).await?;
    results.extend(lines.into_iter().zip(answers).map(|(line, answer)| (line, answer.map(|_| ()))));
    results.sort_by_key(|(line, _)| *line);
    Ok(results)
}

/// What [`keep_rows`] would answer, with nothing kept; a code that stands twice in the file is found here too.
async fn try_rows(app: &App, rows: Vec<transfer_dossiers::Row>, codes: &mut BTreeSet<String>) -> Results {
    let mut results: Results = Vec::with_capacity(rows.len());
    for (line, row) in rows {
        let tried = match row {
            Ok(new) => {
                let code = new.code.clone();
                match dossiers::rehearse(app, new, None, Lang::En).await {
                    Ok(_) => code.map_or(Ok(()), |code| {
                        if codes.insert(code.clone()) { Ok(()) } else { Err(AppError::CodeTaken(code)) }
                    }),
                    Err(error) => Err(error),
                }
            }
            Err(error) => Err(error),
        };
        results.push((line, tried));
    }
    results
}
