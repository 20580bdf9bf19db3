//! A furnished sample province: three communes that do not exist, the real procedures and calendar, and six weeks of
//! dossiers that end now, in an embedded database within one directory.
//!
//! It is made by the same verbs that serve real dossiers, so what is seen in it is what the service does. It knows how to
//! furnish and what to show; starting a server is the command line's.

mod day;
mod furnish;
pub mod guide;
mod people;
mod place;

use std::io::Write as _;
use std::os::unix::fs::DirBuilderExt as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveTime, Utc};

use crate::app::alerts::{self, AlertSettings};
use crate::app::catalogue::NATIONAL;
use crate::app::{App, AppError};
use crate::clock::Clock;
use crate::domain::calendar::Calendar;
use crate::domain::{alert, office_time};
use crate::mail::Mailer;
use crate::store::{Store, StoreError, StoreSettings};
use furnish::Life;
pub use place::Tokens;

/// Why the sample cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A verb was not carried out.
    #[error(transparent)]
    App(#[from] AppError),
    /// A file cannot be read or written.
    #[error("{path}: {why}")]
    Files {
        /// The file or directory.
        path: String,
        /// What the system says.
        why: String,
    },
    /// An earlier start was broken off halfway.
    #[error(
        "{0} holds a sample that was not finished, or another database: remove it or give another directory"
    )]
    Unfinished(String),
    /// The sample contradicts the service; it would be a fault of the program.
    #[error("the sample data cannot be made: {0}")]
    Broken(String),
}

impl From<StoreError> for DemoError {
    fn from(error: StoreError) -> Self {
        DemoError::App(error.into())
    }
}

/// The directory a sample lives in.
#[derive(Debug, Clone)]
pub struct Home {
    directory: PathBuf,
}

impl Home {
    /// Makes the directory where it does not stand; without one, a fresh one among the machine's temporary files.
    ///
    /// # Errors
    /// [`DemoError::Files`].
    pub fn at(directory: Option<PathBuf>) -> Result<Home, DemoError> {
        let directory = match directory {
            Some(directory) => directory,
            None => {
                let mut random = [0_u8; 6];
                getrandom::fill(&mut random).map_err(|error| DemoError::Broken(error.to_string()))?;
                let name =
                    random.iter().fold("hentra-demo-".to_owned(), |name, byte| format!("{name}{byte:02x}"));
                std::env::temp_dir().join(name)
            }
        };
        let files = |error: std::io::Error| files(&directory, &error);
        // Names, telephone numbers and tokens lie in it, be they invented: for its owner alone.
        let private = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&directory);
        private.map_err(files)?;
        let directory = directory.canonicalize().map_err(files)?;
        Ok(Home { directory })
    }

    /// The directory.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The database's URL.
    pub fn database_url(&self) -> String {
        format!("sqlite://{}", self.database().display())
    }

    /// Where mail goes.
    pub fn mail_url(&self) -> String {
        format!("files://{}", self.directory.join("mail").display())
    }

    /// Where the tokens stand; written last, so that what has them is whole.
    pub fn tokens_file(&self) -> PathBuf {
        self.directory.join("tokens.json")
    }

    fn database(&self) -> PathBuf {
        self.directory.join("hentra.db")
    }

    /// The tokens of a sample that stands already; `None` where there is none yet.
    ///
    /// # Errors
    /// [`DemoError::Unfinished`] for half a sample, [`DemoError::Files`].
    pub fn tokens(&self) -> Result<Option<Tokens>, DemoError> {
        let path = self.tokens_file();
        match std::fs::read(&path) {
            Ok(text) => serde_json::from_slice(&text).map(Some).map_err(|error| DemoError::Files {
                path: path.display().to_string(),
                why: error.to_string(),
            }),
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(files(&path, &error)),
            Err(_) if self.database().exists() => {
                Err(DemoError::Unfinished(self.directory.display().to_string()))
            }
            Err(_) => Ok(None),
        }
    }

    /// Only their owner may read them.
    fn keep(&self, tokens: &Tokens) -> Result<(), DemoError> {
        let path = self.tokens_file();
        let text =
            serde_json::to_string_pretty(tokens).map_err(|error| DemoError::Broken(error.to_string()))?;
        let write = || -> std::io::Result<()> {
            let mut file =
                std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
            writeln!(file, "{text}")
        };
        write().map_err(|error| files(&path, &error))
    }
}

fn files(path: &Path, error: &std::io::Error) -> DemoError {
    DemoError::Files { path: path.display().to_string(), why: error.to_string() }
}

/// Furnishes an empty directory with a province whose life ends at `now`; answers its tokens.
///
/// # Errors
/// [`DemoError`].
pub async fn furnish(
    home: &Home,
    store: &StoreSettings,
    alerts: &AlertSettings,
    mailer: &Mailer,
    now: DateTime<Utc>,
) -> Result<Tokens, DemoError> {
    let first = furnish::first_day(now);
    let clock = Clock::standing_at(office_time::instant(first, NaiveTime::MIN));
    let app = App::start(Store::open(store)?, clock)?;
    let staff = place::settle(&app, first).await?;
    let mut life = Life::begin(&app, &staff, now).await?;
    let calendar = app.read(|_, catalogue| catalogue.calendar(NATIONAL)).await?;
    for slot in last_slots(alerts, &calendar, now) {
        life.live(slot).await?;
        alerts::run_until(&app, alerts, mailer, slot).await?;
    }
    life.live(now).await?;
    home.keep(&staff.tokens)?;
    Ok(staff.tokens)
}

/// The instants at which mail was due on the last two working days, so that there is some to read.
fn last_slots(alerts: &AlertSettings, calendar: &Calendar, now: DateTime<Utc>) -> Vec<DateTime<Utc>> {
    let today = office_time::local_date(now);
    let last = calendar.working_day_on_or_before(today).unwrap_or(today);
    let from = calendar.subtract_working_days(last, 1).unwrap_or(last);
    let from = office_time::instant(from, NaiveTime::MIN);
    let mut slots: Vec<DateTime<Utc>> =
        alerts.rules.iter().flat_map(|rule| alert::slots(rule, from, now, calendar)).collect();
    slots.sort();
    slots.dedup();
    slots
}
