//! `hentra token create`: a user with a first token, which is printed alone and never again.

use chrono::{DateTime, Utc};

use super::{Calling, Failure, calling, output, runtime};
use crate::app::access::{self, NewUser, Role};

/// What is done about tokens.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Add a user and print the token, which is told this once and kept only as a digest.
    Create(Create),
}

/// A user to be added.
#[derive(Debug, clap::Args)]
pub(super) struct Create {
    /// officer, leader, reporter or admin.
    #[arg(long, value_parser = role)]
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

fn role(word: &str) -> Result<Role, String> {
    Role::from_word(word).ok_or_else(|| {
        let words: Vec<&str> = Role::ALL.iter().map(|role| role.word()).collect();
        format!("there are {}", words.join(", "))
    })
}

pub(super) fn run(calling: &Calling, command: Command) -> Result<(), Failure> {
    let Command::Create(Create { role, unit, name, email, expires }) = command;
    let (app, _) = calling.open()?;
    let new = NewUser { name, role, unit, email, expires_at: expires };
    let token = runtime(async { Ok(access::token_create(&app, new).await?) })?;
    output::say(&token)
}
