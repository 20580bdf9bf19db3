//! `hentra config show`: the settings in force, as TOML, each with where it comes from; passwords masked.

use super::{Calling, Failure, output};

/// What is asked of the settings.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Print the settings in force and where each comes from; passwords are masked.
    Show,
}

pub(super) fn run(calling: &Calling, command: &Command) -> Result<(), Failure> {
    match command {
        Command::Show => {}
    }
    let settings = calling.settings()?;
    for (key, value, origin) in settings.shown() {
        match value {
            Some(value) => output::say(&format!("{key} = {value}  # {origin}"))?,
            None => output::say(&format!("# {key}  # {origin}"))?,
        }
    }
    output::say(&format!("\n# alert_rule  # {}", settings.origin("alert_rule")))?;
    output::say(settings.shown_rules()?.trim_end())?;
    if let Some(schemes) = settings.shown_schemes()? {
        output::say(&format!("\n# report_scheme  # {}", settings.origin("report_scheme")))?;
        output::say(schemes.trim_end())?;
    }
    for (name, url) in settings.shown_webhooks() {
        // The secret is not shown, whichever way it is given.
        output::say(&format!("\n# webhook {name}: {url}  # {}", settings.origin("webhook")))?;
    }
    Ok(())
}
