//! The verbs of the system, one function a use case, over domain and store.
//!
//! Changes go as commands to the one [`writer`]; reads go straight to the store, off the async threads. No SQL, HTTP or HTML here.
//! Begin with [`dossiers`].

pub mod access;
mod acting;
pub mod alerts;
mod batch;
pub mod bulk;
pub mod calendar_days;
pub mod calendar_files;
pub mod calendar_import;
pub mod calendar_views;
pub mod calendars;
pub mod catalogue;
pub mod choices;
pub mod counters;
mod csv_lines;
pub mod deadlines;
pub mod desk;
pub mod dossier_deadline;
pub mod dossier_history;
pub mod dossiers;
pub mod due_within;
mod entries;
pub mod error;
pub mod feed_calendars;
pub mod generate;
mod ics;
mod intake;
pub mod ledger;
pub mod levels;
mod off_thread;
pub mod once;
pub mod openness;
pub mod oversight;
pub mod privacy;
pub mod projection;
pub mod public_rates;
pub mod public_status;
pub mod pulse;
pub mod queue;
pub mod receipts;
pub mod reception;
pub mod redating;
pub mod redating_slices;
pub mod reports;
mod sealed;
mod serials;
pub mod shipped;
pub mod transfer;
pub mod transfer_dossiers;
pub mod view;
pub mod what_if;
pub mod writer;

use std::sync::Arc;

use tokio::sync::oneshot;

use crate::clock::Clock;
use crate::domain::conduct::Measures;
use crate::domain::scheme::Scheme;
use crate::metrics::Metrics;
use crate::store::delivery_tries::TryOutcome;
use crate::store::{AnyConnection, Store, StoreError, migrations};
use crate::webhook::Webhooks;
use alerts::AlertSettings;
pub use catalogue::Catalogue;
pub use error::{AppError, Fault, Invalid};
use openness::Openness;
use writer::Desk;

/// The running system: cheap to clone, shared by every storey above.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
    schemes: Arc<[Scheme]>,
    webhooks: Webhooks,
    timetable: Arc<AlertSettings>,
    openness: Arc<Openness>,
    /// The form that the next change is made by, if it must not be made twice.
    once: Option<Arc<once::Once>>,
}

struct Inner {
    desk: Desk,
    writer: writer::Writer,
    access: access::Access,
    pulse: pulse::Pulse,
    ledger_check: ledger::LastCheck,
}

impl App {
    /// [`App::start_with`] the measures that hold where nothing else is set.
    ///
    /// # Errors
    /// The store's errors; the shipped data being unreadable.
    pub fn start(store: Store, clock: Clock) -> Result<App, AppError> {
        App::start_with(store, clock, Measures::default(), access::AccessSettings::default())
    }

    /// As [`App::start`], with measures and settings for sessions and locks of one's own.
    ///
    /// # Errors
    /// As [`App::start`].
    pub fn start_with(
        store: Store,
        clock: Clock,
        measures: Measures,
        access: access::AccessSettings,
    ) -> Result<App, AppError> {
        let ran = migrations::migrations_run(&store)?;
        if !ran.is_empty() {
            tracing::info!(engine = store.engine(), steps = ?ran, "database migrated");
        }
        let now = clock.now();
        store.write("furnish", |c| {
            catalogue::furnish(c, now)?;
            alerts::links::furnish(c, now)
        })?;
        let cache = Arc::new(catalogue::Cache::new(clock.clone()));
        let metrics = Arc::new(Metrics::new(store.engine())?);
        TryOutcome::ALL.iter().for_each(|outcome| metrics.alerts_of(outcome.word(), 0));
        let desk = Desk { store, clock, cache, measures, metrics };
        let writer = writer::Writer::start(desk.clone())?;
        let inner = Arc::new(Inner {
            desk,
            writer,
            access: access::Access::new(access),
            pulse: pulse::Pulse::default(),
            ledger_check: ledger::LastCheck::default(),
        });
        Ok(App {
            inner,
            schemes: Arc::default(),
            webhooks: Webhooks::default(),
            timetable: Arc::default(),
            openness: Arc::default(),
            once: None,
        })
    }

    /// The same app, whose reports give points by the office's own schemes.
    #[must_use]
    pub fn with_schemes(self, schemes: &[Scheme]) -> App {
        App { schemes: schemes.into(), ..self }
    }

    /// The office's own schemes of points.
    pub fn schemes(&self) -> &[Scheme] {
        &self.schemes
    }

    /// The same app, whose alerts may go by these receivers too.
    #[must_use]
    pub fn with_webhooks(self, webhooks: Webhooks) -> App {
        App { webhooks, ..self }
    }

    /// The receivers by which alerts may go besides mail.
    pub fn webhooks(&self) -> &Webhooks {
        &self.webhooks
    }

    /// The same app, whose timetable of alerts begins with the settings' lines.
    #[must_use]
    pub fn with_timetable(self, timetable: Arc<AlertSettings>) -> App {
        App { timetable, ..self }
    }

    /// The timetable of alerts as the settings have it.
    pub fn timetable(&self) -> &AlertSettings {
        &self.timetable
    }

    /// The same app, open to those who are not signed in as far as the settings say.
    #[must_use]
    pub fn with_openness(self, openness: Openness) -> App {
        App { openness: Arc::new(openness), ..self }
    }

    /// What those may ask who are not signed in.
    pub fn openness(&self) -> &Openness {
        &self.openness
    }

    /// The clock everyone goes by.
    pub fn clock(&self) -> &Clock {
        &self.inner.desk.clock
    }

    /// What the office has set.
    pub fn measures(&self) -> Measures {
        self.inner.desk.measures
    }

    /// What the process counts of itself.
    pub fn metrics(&self) -> &Metrics {
        &self.inner.desk.metrics
    }

    /// Whether the scheduler of this process still goes round.
    pub fn pulse(&self) -> &pulse::Pulse {
        &self.inner.pulse
    }

    /// When this process last walked the ledger, and what it found.
    pub fn ledger_check(&self) -> &ledger::LastCheck {
        &self.inner.ledger_check
    }

    /// The writer, for commands.
    pub(crate) fn writer(&self) -> &writer::Writer {
        &self.inner.writer
    }

    /// What access keeps in memory.
    fn access(&self) -> &access::Access {
        &self.inner.access
    }

    /// The engine's name.
    pub fn engine(&self) -> &'static str {
        self.inner.desk.store.engine()
    }

    /// Runs `body` with a reading connection and the catalogue as it stands, on a thread that may block.
    ///
    /// # Errors
    /// What `body` answers, or the store's errors.
    pub async fn read<T: Send + 'static>(
        &self,
        body: impl FnOnce(&mut AnyConnection, &Catalogue) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let inner = Arc::clone(&self.inner);
        let run = move || {
            let mut connection = inner.desk.store.reader()?;
            let catalogue = inner.desk.cache.current(&mut connection)?;
            body(&mut connection, &catalogue)
        };
        off_thread::run(run).await?
    }

    /// [`App::read`], where all that `body` reads has to be of one instant.
    ///
    /// # Errors
    /// As [`App::read`].
    pub async fn read_at_once<T: Send + 'static>(
        &self,
        body: impl FnOnce(&mut AnyConnection, &Catalogue) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        self.read(move |c, catalogue| c.snapshot(|c| body(c, catalogue))).await
    }

    /// Runs `body` alone in a transaction of the one writer; what it writes is durable when this answers.
    ///
    /// # Errors
    /// What `body` answers (nothing is written then), or the store's errors.
    pub async fn write_job<T: Send + 'static>(
        &self,
        name: &'static str,
        body: impl FnOnce(&mut AnyConnection, &Catalogue) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let (reply, answer) = oneshot::channel();
        let (cache, once) = (Arc::clone(&self.inner.desk.cache), self.once.clone());
        let now = self.clock().now();
        let job = move |store: &Store| {
            let result = store.write(name, |c| {
                let catalogue = cache.current(c)?;
                once::around(c, once.as_deref(), now, |c| body(c, &catalogue))
            });
            // The asker may have gone away; what was written stays written.
            let _ = reply.send(result);
        };
        self.inner.writer.send(writer::Command::Job(Box::new(job))).await?;
        answer.await.map_err(|_| AppError::Unavailable("the writer has stopped".to_owned()))?
    }

    /// Queues a small write that nobody waits for; it is lost, with a word in the log, where the writer is overrun or the database away.
    fn write_later(
        &self,
        name: &'static str,
        body: impl FnOnce(&mut AnyConnection) -> Result<(), StoreError> + Send + 'static,
    ) {
        let job = move |store: &Store| {
            if let Err(error) = store.write(name, body) {
                tracing::warn!(transaction = name, %error, "a write that nobody waits for was lost");
            }
        };
        if !self.inner.writer.offer(writer::Command::Job(Box::new(job))) {
            tracing::warn!(
                transaction = name,
                "the writer is overrun; a write that nobody waits for was lost"
            );
        }
    }

    /// Whether the database answers and is of this program's version, and the scheduler, where this process has one, still goes round.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when the database does not, [`AppError::SchedulerStopped`] when the scheduler does not.
    pub async fn ready(&self) -> Result<(), AppError> {
        if !self.inner.writer.is_alive() {
            return Err(AppError::Unavailable("the writer has stopped".to_owned()));
        }
        let inner = Arc::clone(&self.inner);
        let check = move || -> Result<bool, StoreError> {
            let mut connection = inner.desk.store.reader()?;
            migrations::migrations_pending(&mut connection)
        };
        let pending = off_thread::run(check).await??;
        if pending {
            return Err(AppError::Unavailable("migrations are waiting".to_owned()));
        }
        if self.pulse().has_stopped(self.clock().now()) {
            return Err(AppError::SchedulerStopped);
        }
        Ok(())
    }
}
