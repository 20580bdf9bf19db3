//! `hentra user`: the accounts of those who sign in, kept by who has the machine. What is done here the ledger writes down as the system's own.

use std::io::{BufRead as _, IsTerminal as _};

use super::{Calling, Failure, output, runtime};
use crate::app::App;
use crate::app::access::Role;
use crate::app::access::passwords::{self, NewPassword};
use crate::app::access::user_changes::{self, UserChange};
use crate::app::access::users::{self, MailLanguage, NewAccount, UserView};

/// What is done about users.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// List the users: key, username, name, role, unit, e-mail, and what is out of the ordinary.
    List,
    /// Add a user; prints the key.
    Add(Add),
    /// Set a password, read from standard input; opens a lock and ends the sessions opened by the old one.
    SetPassword(Whose),
    /// Give a user a name to sign in by, in the place of the one that stood.
    SetUsername {
        #[command(flatten)]
        whose: Whose,
        /// 3 to 64 letters, digits, and . _ - @ within.
        username: String,
    },
    /// Open the lock that wrong passwords have put before an account.
    Unlock(Whose),
    /// Let a user go: every token and session ends at once, and no more mail is sent.
    Deactivate(Whose),
    /// Let a user in again, who must then be given a token or sign in anew.
    Activate(Whose),
}

/// A user to be added.
#[derive(Debug, clap::Args)]
pub(super) struct Add {
    /// officer, leader, reporter or admin.
    #[arg(long, value_parser = role)]
    role: Role,
    /// The unit; the user sees it and all below it.
    #[arg(long)]
    unit: String,
    /// The user's name, as shown.
    #[arg(long)]
    name: String,
    /// What the user signs in by.
    #[arg(long)]
    username: Option<String>,
    /// Where mail goes; leaders are warned there.
    #[arg(long)]
    email: Option<String>,
    /// The language of mail: vi or en.
    #[arg(long, default_value = "vi", value_parser = language)]
    language: MailLanguage,
}

/// A user who is there.
#[derive(Debug, clap::Args)]
pub(super) struct Whose {
    /// The user's key, or username.
    #[arg(value_name = "USER")]
    user: String,
}

impl Whose {
    /// The user's key.
    pub(super) async fn key(&self, app: &App) -> Result<i64, Failure> {
        if let Ok(id) = self.user.parse() {
            return Ok(id);
        }
        let found = users::user_by_name(app, &self.user).await?;
        found.map(|user| user.id).ok_or_else(|| Failure::new(format!("there is no user «{}»", self.user)))
    }
}

pub(super) fn role(word: &str) -> Result<Role, String> {
    Role::from_word(word).ok_or_else(|| words(Role::ALL))
}

fn language(word: &str) -> Result<MailLanguage, String> {
    MailLanguage::from_word(word).ok_or_else(|| words(MailLanguage::ALL))
}

fn words<T: std::fmt::Display>(all: &[T]) -> String {
    let words: Vec<String> = all.iter().map(ToString::to_string).collect();
    format!("there are {}", words.join(", "))
}

pub(super) fn run(calling: &Calling, command: Command) -> Result<(), Failure> {
    let (app, _) = calling.open()?;
    match command {
        Command::List => {
            let all = runtime(async { Ok(users::users_all(&app).await?) })?;
            all.iter().try_for_each(|of| output::say(&told(of)))
        }
        Command::Add(Add { role, unit, name, username, email, language }) => {
            let new = NewAccount { name, role, unit, email, language, username };
            let user = runtime(async { Ok(users::user_add(&app, new, None).await?) })?;
            output::say(&user.id.to_string())
        }
        Command::SetPassword(whose) => {
            let password = read_password()?;
            runtime(async {
                let new =
                    NewPassword { user_id: whose.key(&app).await?, password, current: None, keep: None };
                Ok(passwords::password_set(&app, new, None).await?)
            })
        }
        Command::SetUsername { whose, username } => {
            change(&app, &whose, UserChange { username: Some(Some(username)), ..UserChange::default() })
        }
        Command::Unlock(whose) => runtime(async {
            let id = whose.key(&app).await?;
            Ok(user_changes::user_unlock(&app, id, None).await?)
        }),
        Command::Deactivate(whose) => {
            change(&app, &whose, UserChange { active: Some(false), ..UserChange::default() })
        }
        Command::Activate(whose) => {
            change(&app, &whose, UserChange { active: Some(true), ..UserChange::default() })
        }
    }
}

fn change(app: &App, whose: &Whose, change: UserChange) -> Result<(), Failure> {
    runtime(async {
        let id = whose.key(app).await?;
        user_changes::user_change(app, id, change, None).await?;
        Ok(())
    })
}

/// One line of standard input. Never an argument: those stand in the shell's history and in the list of processes.
fn read_password() -> Result<String, Failure> {
    let input = std::io::stdin();
    if input.is_terminal() {
        output::complain("type the new password and Enter; it is shown as you type");
    }
    let mut line = String::new();
    input.lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// One line a user.
fn told(of: &UserView) -> String {
    let mut apart = Vec::new();
    if !of.active {
        apart.push("not active");
    }
    if of.locked_until.is_some() {
        apart.push("locked");
    }
    if of.username.is_some() && !of.has_password {
        apart.push("no password yet");
    }
    [
        of.id.to_string(),
        of.username.clone().unwrap_or_default(),
        of.name.clone(),
        of.role.to_string(),
        of.unit.clone(),
        of.email.clone().unwrap_or_default(),
        apart.join(", "),
    ]
    .join("\t")
}
