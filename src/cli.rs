//! The command line: one subcommand a verb of the app, results on standard output, everything else on standard error.
//!
//! It reads arguments and settings and says in plain words what came of it: exit code 0, 1 when something failed, 2 when
//! it was not called rightly. It knows no rules; each file here is one verb's arguments and its way to print.

mod alerts;
mod calling;
mod commitment;
mod commitment_template;
mod complaint;
mod config_show;
mod counters;
mod deadline;
mod demo;
mod health;
mod import;
mod import_calendar;
mod ledger;
pub(crate) mod output;
mod privacy;
mod report;
mod report_seals;
mod report_words;
mod serve;
mod token;
mod user;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::store::migrations;
use crate::telemetry;
pub(crate) use calling::{Calling, runtime};
pub(crate) use complaint::Failure;

/// Keeps the promised return dates (hẹn trả) of one-stop counters in view.
#[derive(Debug, Parser)]
#[command(name = "hentra", version, about, propagate_version = true)]
struct Cli {
    /// A settings file of your own (TOML); before the environment, after what is shipped. Also HENTRA_CONFIG.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Start the service's clock at this instant, ticking on; not in production. Also HENTRA_CLOCK.
    #[arg(long, global = true, value_name = "INSTANT", value_parser = calling::instant)]
    clock: Option<chrono::DateTime<chrono::Utc>>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API and send the alerts, until told to stop.
    Serve,
    /// Serve a furnished sample province from an embedded database; prints addresses, tokens and requests to try.
    Demo(demo::Arguments),
    /// Bring the database to this program's version and end.
    Migrate,
    /// Give access: tokens of officers, leaders, reporters and administrators.
    #[command(subcommand)]
    Token(token::Command),
    /// Keep the accounts of those who sign in.
    #[command(subcommand)]
    User(user::Command),
    /// Register what a unit promises beyond the law.
    #[command(subcommand)]
    Commitment(commitment::Command),
    /// Bring in dossiers, procedures, units or a calendar from a file.
    #[command(subcommand)]
    Import(import::Command),
    /// Say when something is due, and why, day by day.
    Deadline(deadline::Arguments),
    /// Print a report.
    #[command(subcommand)]
    Report(report::Command),
    /// Examine the chain of recorded acts.
    #[command(subcommand)]
    Ledger(ledger::Command),
    /// Hold the counters that reports are made of against the dossiers, or make them again.
    #[command(subcommand)]
    Counters(counters::Command),
    /// Erase personal data when its time is over.
    #[command(subcommand)]
    Privacy(privacy::Command),
    /// Send the mails that are due.
    #[command(subcommand)]
    Alerts(alerts::Command),
    /// Print the OpenAPI document of the API.
    Openapi,
    /// Look at the settings.
    #[command(subcommand)]
    Config(config_show::Command),
    /// Ask a running service whether it is ready; exit code 0 when it is.
    Health(health::Arguments),
}

/// Does what the arguments say; the first is the program's own name.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no errors; clap knows where each belongs.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    match carry_out(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::complain(&failure.to_string());
            ExitCode::from(1)
        }
    }
}

fn carry_out(cli: Cli) -> Result<(), Failure> {
    let calling = Calling::new(cli.config, cli.clock);
    match cli.command {
        Command::Serve => serve::run(&calling),
        Command::Demo(arguments) => demo::run(calling, arguments),
        Command::Migrate => migrate(&calling),
        Command::Token(command) => token::run(&calling, command),
        Command::User(command) => user::run(&calling, command),
        Command::Commitment(command) => commitment::run(&calling, command),
        Command::Import(command) => import::run(&calling, command),
        Command::Deadline(arguments) => deadline::run(&calling, arguments),
        Command::Report(command) => report::run(&calling, command),
        Command::Ledger(command) => ledger::run(&calling, command),
        Command::Counters(command) => counters::run(&calling, command),
        Command::Privacy(command) => privacy::run(&calling, &command),
        Command::Alerts(command) => alerts::run(&calling, &command),
        Command::Openapi => output::say(crate::api::openapi_json()?.trim_end()),
        Command::Config(command) => config_show::run(&calling, &command),
        Command::Health(arguments) => health::run(&arguments),
    }
}

/// Says which steps were run, and the step the database stands at.
fn migrate(calling: &Calling) -> Result<(), Failure> {
    let settings = calling.settings()?;
    telemetry::start(&settings.log, settings.log_format).map_err(Failure::new)?;
    let store = calling::open_store(&settings)?;
    let ran = migrations::migrations_run(&store)?;
    let app = calling::start_app(&settings, calling::clock(&settings))?;
    let steps = migrations::migrations_names();
    for step in steps.iter().filter(|step| ran.iter().any(|version| step.starts_with(version.as_str()))) {
        output::say(&format!("ran {step}"))?;
    }
    let done = if ran.is_empty() { "nothing was to do" } else { "migrated" };
    let version = steps.last().map_or("", String::as_str);
    output::say(&format!("{} ({}): {done}; schema {version}", settings.database_url, app.engine()))
}
