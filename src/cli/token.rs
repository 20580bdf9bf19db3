//! `hentra token`: tokens given, listed and taken back. A new one is printed alone and never again.

use chrono::{DateTime, Utc};

use super::{Calling, Failure, calling, output, runtime, user};
use crate::app::access::tokens::{self, NewToken, TokenView};
use crate::app::access::{self, NewUser, Role};
use crate::domain::office_time;

/// What is done about tokens.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Add a user and print the token, which is told this once and kept only as a digest.
    Create(Create),
    /// Give a user who is there one more token; prints it, this once.
    Issue(Issue),
    /// List a user's tokens and sessions that hold: key, kind, label, day given, end, day last used.
    List(user::Whose),
    /// Take a token or session back by its key; it ends at once.
    Revoke {
        /// The token's key, as `hentra token list` prints it.
        token: i64,
    },
}

/// A user to be added.
#[derive(Debug, clap::Args)]
pub(super) struct Create {
    /// officer, leader, reporter or admin.
    #[arg(long, value_parser = user::role)]
    role: Role,
    /// The unit; the user sees it and all below it.
    #[arg(long)]
    unit: String,
    /// The user's name, as shown.
    #[arg(long)]
    name: String,
    /// Where mail goes; leaders are warned there.
    #[arg(long)]
    email: Option<String>,
    /// When the token ends, an instant to come; without it, it does not.
    #[arg(long, value_name = "INSTANT", value_parser = calling::instant)]
    expires: Option<DateTime<Utc>>,
}

/// A token for a user who is there.
#[derive(Debug, clap::Args)]
pub(super) struct Issue {
    #[command(flatten)]
    whose: user::Whose,
    /// What it is for.
    #[arg(long)]
    label: Option<String>,
    /// When it ends, an instant to come; without it, it does not.
    #[arg(long, value_name = "INSTANT", value_parser = calling::instant)]
    expires: Option<DateTime<Utc>>,
}

pub(super) fn run(calling: &Calling, command: Command) -> Result<(), Failure> {
    let (app, _) = calling.open()?;
    match command {
        Command::Create(Create { role, unit, name, email, expires }) => {
            let new = NewUser { name, role, unit, email, expires_at: expires };
            output::say(&runtime(async { Ok(access::token_create(&app, new).await?) })?)
        }
        Command::Issue(Issue { whose, label, expires }) => {
            let new = NewToken { label, expires_at: expires };
            let (token, _) = runtime(async {
                let id = whose.key(&app).await?;
                Ok(tokens::token_issue(&app, id, new, None).await?)
            })?;
            output::say(&token)
        }
        Command::List(whose) => {
            let held = runtime(async {
                let id = whose.key(&app).await?;
                Ok(tokens::tokens_list(&app, id, None).await?)
            })?;
            held.iter().try_for_each(|of| output::say(&told(of)))
        }
        Command::Revoke { token } => {
            runtime(async { Ok(tokens::token_revoke_by_system(&app, token).await?) })
        }
    }
}

fn told(of: &TokenView) -> String {
    let day = |at: DateTime<Utc>| office_time::local_date(at).to_string();
    [
        of.id.to_string(),
        of.kind.to_string(),
        of.label.clone().unwrap_or_default(),
        day(of.created_at),
        of.expires_at.map_or_else(|| "never ends".to_owned(), |at| office_time::local(at).to_rfc3339()),
        of.last_used_on.map_or_else(|| "never used".to_owned(), |day| day.to_string()),
    ]
    .join("\t")
}
