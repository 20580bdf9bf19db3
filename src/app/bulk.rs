//! Many commands of one call on their way to the writer: never more at once than a window holds, answered in the order they were sent.
//!
//! The window keeps the writer's transactions large and the memory of a call small, however many rows it has and however slow the disk is.
//! Commands of which all must stand or none go [`together`], in a transaction of their own.

use std::collections::VecDeque;

use super::access::Principal;
use super::dossiers::{self, Waiting};
use super::intake::Judging;
use super::writer::{Answer, DossierCommand, Drawn, What};
use super::{App, AppError, batch};
use crate::store::Moment;
use crate::text::Lang;

/// The most commands of one call that wait for the writer at once: a whole transaction of them.
pub const WINDOW: usize = 1024;
/// The most bytes that their rows took as they were sent.
pub const WEIGHT: usize = 1024 * 1024;

/// What a command left: the rest of its answer is of no use to a caller of many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The dossier's code.
    pub code: String,
    /// Its version after the command.
    pub version: i64,
}

impl From<Answer> for Done {
    fn from(of: Answer) -> Done {
        Done { code: of.code, version: of.version }
    }
}

/// A command's place in its call, and what became of it.
pub type Settled = (usize, Result<Done, AppError>);

/// The commands of one call that are with the writer.
pub struct Window {
    app: App,
    by: Option<Principal>,
    lang: Lang,
    held: VecDeque<Held>,
    weight: usize,
    peak: usize,
}

struct Held {
    index: usize,
    weight: usize,
    answer: Waiting,
}

impl Window {
    /// A window for the commands of one asker; `None` is the system itself.
    pub fn new(app: &App, by: Option<Principal>, lang: Lang) -> Window {
        Window { app: app.clone(), by, lang, held: VecDeque::new(), weight: 0, peak: 0 }
    }

    /// Waits for the oldest command while there is no room for another of `weight` bytes; `None` when there is room.
    pub async fn make_room(&mut self, weight: usize) -> Option<Settled> {
        let room = self.held.len() < WINDOW && self.weight + weight <= WEIGHT;
        if room { None } else { self.settle().await }
    }

    /// Sends a command on; its answer comes out of [`Window::make_room`] or [`Window::settle`].
    ///
    /// # Errors
    /// [`AppError::Invalid`] when its texts cannot be kept, [`AppError::Unavailable`] when the writer has stopped.
    pub async fn send(&mut self, index: usize, what: What, weight: usize) -> Result<(), AppError> {
        let answer = dossiers::submit(&self.app, what, self.by.clone(), self.lang).await?;
        self.held.push_back(Held { index, weight, answer });
        self.weight += weight;
        self.peak = self.peak.max(self.held.len());
        Ok(())
    }

    /// Waits for the oldest command; `None` when none is left.
    pub async fn settle(&mut self) -> Option<Settled> {
        let oldest = self.held.front_mut()?;
        let answer = (&mut oldest.answer).await;
        let oldest = self.held.pop_front()?;
        self.weight = self.weight.saturating_sub(oldest.weight);
        Some((oldest.index, answer.map(Done::from)))
    }

    /// The most commands that were ever held at once.
    pub fn peak(&self) -> usize {
        self.peak
    }
}

/// A command whose texts and dates can be kept, for [`together`].
///
/// # Errors
/// [`AppError::Invalid`] naming each that cannot.
pub fn checked(what: What) -> Result<What, AppError> {
    dossiers::checked(what)
}

/// Carries out all commands in one transaction, or none of them: when one is refused, or when `keep` is false because another row already was.
/// Each has its answer either way; they stand only when `keep` and all of them are good.
///
/// # Errors
/// The store's; nothing was written then.
pub async fn together(
    app: &App,
    commands: Vec<What>,
    by: Option<Principal>,
    lang: Lang,
    keep: bool,
) -> Result<Vec<Result<Done, AppError>>, AppError> {
    let asked = |what| DossierCommand { what, by: by.clone(), lang };
    let commands: Vec<DossierCommand> = commands.into_iter().map(asked).collect();
    let (clock, measures) = (app.clock().clone(), app.measures());
    let answers = app.write_job("together", move |c, catalogue| {
        // The database keeps microseconds: what is decided in memory must be what will be read back.
        let now = Moment::from(clock.now()).utc();
        let answers = batch::write_together(c, Judging { catalogue, measures, now }, &commands, keep)?;
        Ok(answers.into_iter().map(|answer| answer.and_then(Drawn::written).map(Done::from)).collect())
    });
    answers.await
}
