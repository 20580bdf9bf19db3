//! What every command begins with: settings, log, the app over its database, and a runtime to wait in.

use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::{Failure, output};
use crate::app::App;
use crate::app::transfer_dossiers::read_instant;
use crate::clock::Clock;
use crate::config::{self, Settings, Sources};
use crate::store::Store;
use crate::telemetry;

/// How the program was called.
pub(crate) struct Calling {
    file: Option<PathBuf>,
    options: Vec<(&'static str, &'static str, String)>,
}

impl Calling {
    pub(crate) fn new(file: Option<PathBuf>, clock: Option<DateTime<Utc>>) -> Calling {
        let options = clock.map(|at| ("clock", "--clock", at.to_rfc3339())).into_iter().collect();
        Calling { file, options }
    }

    /// Sets `key` as the option says, before the environment and every file.
    pub(crate) fn set(&mut self, key: &'static str, option: &'static str, value: String) {
        self.options.push((key, option, value));
    }

    /// The settings in force; variables that look like ours and mean nothing are named.
    pub(crate) fn settings(&self) -> Result<Settings, Failure> {
        let loaded = config::load(&Sources::of_process(self.file.clone(), self.options.clone()))?;
        for name in loaded.unknown_variables {
            output::complain(&format!("there is no setting {name}; it means nothing here"));
        }
        Ok(loaded.settings)
    }

    /// The app over the database that is set, with the log running.
    pub(crate) fn open(&self) -> Result<(App, Settings), Failure> {
        let settings = self.settings()?;
        telemetry::start(&settings.log, settings.log_format).map_err(Failure::new)?;
        let app = start_app(&settings, clock(&settings))?;
        Ok((app, settings))
    }
}

/// The clock that is set.
pub(crate) fn clock(settings: &Settings) -> Clock {
    settings.clock.map_or(Clock::System, Clock::starting_at)
}

/// The app over the database that is set, going by `clock`.
pub(crate) fn start_app(settings: &Settings, clock: Clock) -> Result<App, Failure> {
    let app = App::start_with(open_store(settings)?, clock, settings.measures(), settings.access())?;
    Ok(app.with_schemes(&settings.report_scheme).with_openness(settings.openness()))
}

/// The database that is set, whatever step it stands at; an SQLite file's directory is made.
pub(crate) fn open_store(settings: &Settings) -> Result<Store, Failure> {
    let store = settings.store();
    if let Some(directory) = store.url.strip_prefix("sqlite://").and_then(|path| Path::new(path).parent()) {
        // What lies in it is for this service alone.
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(directory)
            .map_err(|error| Failure::new(format!("{}: {error}", directory.display())))?;
    }
    Ok(Store::open(&store)?)
}

/// Waits for `work` on this thread.
pub(crate) fn runtime<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    actix_web::rt::System::new().block_on(work)
}

/// An instant as an argument: RFC 3339, or the office's wall clock (`"2026-11-20 15:01"`).
pub(crate) fn instant(text: &str) -> Result<DateTime<Utc>, String> {
    read_instant(text).ok_or_else(|| {
        "write it as 2026-11-20T15:01:00+07:00, or 2026-11-20T15:01 by the office's clock".to_owned()
    })
}
