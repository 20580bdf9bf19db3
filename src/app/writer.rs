//! The one writer: requests queue as commands, it takes whatever waits, and answers each only when it is durable.
//!
//! One thread, one connection, one transaction for all that waits: on two cores that is several times faster than a transaction a request, and the
//! slowest request waits no longer than two batches. What a batch does is `app::batch`'s.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::{mpsc, oneshot};

use super::access::Principal;
use super::catalogue::Cache;
use super::view::DossierView;
use super::{AppError, batch};
use crate::clock::Clock;
use crate::domain::act::ActKind;
use crate::domain::conduct::Measures;
use crate::domain::correction::Changes;
use crate::domain::dossier::{Channel, ClosedAs};
use crate::metrics::{Metrics, Stopwatch};
use crate::store::Store;
use crate::text::Lang;

/// Commands that may wait; beyond it, askers wait before they are let in.
const QUEUE: usize = 4096;
/// Commands in one transaction at most: enough to share a commit well, few enough to answer soon.
const BATCH: usize = 1024;
/// How long the writer looks whether more come.
const MOMENT: Duration = Duration::from_micros(100);

/// Something to be written.
pub enum Command {
    /// A dossier is logged, or acted on; shares a transaction with its neighbours. The answer goes where the second says.
    Dossier(Box<DossierCommand>, Reply),
    /// Anything rarer, alone in its transaction.
    Job(Box<dyn FnOnce(&Store) + Send>),
}

/// A command about one dossier.
pub struct DossierCommand {
    /// What is to be done.
    pub what: What,
    /// Who asks; `None` for the system itself (the demo, an import on the command line).
    pub by: Option<Principal>,
    /// In which language to answer.
    pub lang: Lang,
}

/// Where the answer to a command goes.
pub type Reply = oneshot::Sender<Result<Drawn, AppError>>;

/// What is to be done to a dossier.
pub enum What {
    /// Log it.
    Register(Box<Registration>),
    /// Act on it.
    Act(Box<ActRequest>),
}

/// A dossier to be logged; its texts have been checked.
#[derive(Debug, Clone)]
pub struct Registration {
    /// Its code, when another system gave one.
    pub code: Option<String>,
    /// Unit that takes it.
    pub unit: String,
    /// Procedure code.
    pub procedure: String,
    /// How it came in.
    pub channel: Channel,
    /// As which case of the procedure; `None` for the ordinary one.
    pub case: Option<String>,
    /// When; `None` for now.
    pub received_at: Option<DateTime<Utc>>,
    /// The officer's own promise.
    pub due_at: Option<DateTime<Utc>>,
    /// Who is in charge; `None` for the one who asks.
    pub officer: Option<String>,
    /// Who handed it in.
    pub applicant: Applicant,
    /// Free text.
    pub note: Option<String>,
    /// Why the promise breaks a rule.
    pub reason: Option<String>,
    /// How it ended, when it is history that is brought along.
    pub closed: Option<Closing>,
    /// The client's key and the hash of its request.
    pub idempotency: Option<(String, String)>,
}

/// The person who handed a dossier in.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Applicant {
    /// Full name.
    pub name: String,
    /// Telephone.
    #[serde(default)]
    pub phone: Option<String>,
    /// E-mail address.
    #[serde(default)]
    pub email: Option<String>,
    /// Postal address.
    #[serde(default)]
    pub address: Option<String>,
}

/// How a dossier of the past ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closing {
    /// When.
    pub at: DateTime<Utc>,
    /// In which way.
    pub closed_as: ClosedAs,
    /// When the citizen took the result.
    pub returned_at: Option<DateTime<Utc>>,
}

/// What is put right of the person's data and the note; what is `None` stays, `Some(None)` takes away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PersonChanges {
    /// Full name.
    pub name: Option<String>,
    /// Telephone.
    pub phone: Option<Option<String>>,
    /// E-mail address.
    pub email: Option<Option<String>>,
    /// Postal address.
    pub address: Option<Option<String>>,
    /// The note on the dossier.
    pub note: Option<Option<String>>,
}

/// What a correction puts right.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Correction {
    /// Of the dossier.
    pub dossier: Changes,
    /// Of the person.
    pub person: PersonChanges,
}

/// An act asked for.
#[derive(Debug, Clone)]
pub struct ActRequest {
    /// The dossier.
    pub code: String,
    /// What is done.
    pub kind: ActKind,
    /// When it happened; `None` for now.
    pub at: Option<DateTime<Utc>>,
    /// Why.
    pub reason: Option<String>,
    /// The legal ground of a pause.
    pub ground: Option<String>,
    /// The new appointment of an apology.
    pub appointed_at: Option<DateTime<Utc>>,
    /// What a correction puts right.
    pub changes: Option<Correction>,
    /// The version the asker has seen; `None` to act on whatever stands.
    pub expected_version: Option<i64>,
    /// The client's key and the hash of its request.
    pub idempotency: Option<(String, String)>,
}

impl ActRequest {
    /// An act that happens now, on whatever version stands, with nothing said about it.
    pub fn of(code: impl Into<String>, kind: ActKind) -> ActRequest {
        ActRequest {
            code: code.into(),
            kind,
            at: None,
            reason: None,
            ground: None,
            appointed_at: None,
            changes: None,
            expected_version: None,
            idempotency: None,
        }
    }
}

/// What a command about a dossier is answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The dossier's code.
    pub code: String,
    /// Its version after the command.
    pub version: i64,
    /// The dossier as JSON; stored to the byte under an idempotency key.
    pub body: String,
}

/// An answer as the writer gives it. The JSON is made by who asked, on its own thread, unless the writer had to store it.
pub enum Drawn {
    /// The dossier as it stands after the command.
    Fresh(Box<DossierView>),
    /// Written out already.
    Written(Answer),
}

impl Drawn {
    /// The answer written out.
    ///
    /// # Errors
    /// [`AppError::Internal`] when it cannot be written as JSON, which every dossier can.
    pub fn written(self) -> Result<Answer, AppError> {
        match self {
            Drawn::Written(answer) => Ok(answer),
            Drawn::Fresh(view) => {
                let body =
                    serde_json::to_string(&view).map_err(|error| AppError::Internal(error.to_string()))?;
                Ok(Answer { code: view.code.unwrap_or_default(), version: view.version, body })
            }
        }
    }
}

/// What the writer works with.
#[derive(Clone)]
pub struct Desk {
    /// The database.
    pub store: Store,
    /// What time it is.
    pub clock: Clock,
    /// The catalogue last seen.
    pub cache: Arc<Cache>,
    /// What the office has set.
    pub measures: Measures,
    /// Where it is counted what the writer does.
    pub metrics: Arc<Metrics>,
}

/// The way to the writer.
pub struct Writer {
    queue: mpsc::Sender<Command>,
}

impl Writer {
    /// Starts the writer's thread; it ends when the last way to it is gone.
    ///
    /// # Errors
    /// [`AppError::Internal`] when the machine gives no thread.
    pub fn start(desk: Desk) -> Result<Writer, AppError> {
        let (queue, waiting) = mpsc::channel(QUEUE);
        std::thread::Builder::new()
            .name("hentra-writer".to_owned())
            .spawn(move || run(waiting, &desk))
            .map_err(|error| AppError::Internal(error.to_string()))?;
        Ok(Writer { queue })
    }

    /// Whether the writer's thread still takes commands.
    pub fn is_alive(&self) -> bool {
        !self.queue.is_closed()
    }

    /// Queues a command; waits while the queue is full.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when the writer has stopped.
    pub async fn send(&self, command: Command) -> Result<(), AppError> {
        self.queue.send(command).await.map_err(|_| AppError::Unavailable("the writer has stopped".to_owned()))
    }

    /// Queues a command unless the queue is full or the writer has stopped; answers whether it did.
    pub(super) fn offer(&self, command: Command) -> bool {
        self.queue.try_send(command).is_ok()
    }
}

fn run(mut waiting: mpsc::Receiver<Command>, desk: &Desk) {
    let mut next = waiting.blocking_recv();
    let mut answered = 0;
    while let Some(command) = next.take() {
        match command {
            Command::Job(job) => job(&desk.store),
            Command::Dossier(first, reply) => {
                let (mut commands, mut replies) = (vec![*first], vec![reply]);
                let_come(&waiting, answered);
                // Only what already waits: a lone request goes at once.
                while commands.len() < BATCH {
                    match waiting.try_recv() {
                        Ok(Command::Dossier(command, reply)) => {
                            commands.push(*command);
                            replies.push(reply);
                        }
                        Ok(job @ Command::Job(_)) => {
                            next = Some(job);
                            break;
                        }
                        Err(_) => break,
                    }
                }
                answered = commands.len();
                carry_out(&commands, replies, desk);
            }
        }
        if next.is_none() {
            next = waiting.blocking_recv();
        }
    }
}

/// Gives those who were just answered the moment they need to come again, while they still come: else two halves of them would take turns, each
/// paying for a transaction that all could share. One who asks alone never waits.
fn let_come(waiting: &mpsc::Receiver<Command>, answered: usize) {
    let mut came = waiting.len();
    while came + 1 < answered {
        std::thread::sleep(MOMENT);
        let now = waiting.len();
        if now == came {
            return;
        }
        came = now;
    }
}

fn carry_out(commands: &[DossierCommand], replies: Vec<Reply>, desk: &Desk) {
    let watch = Stopwatch::start();
    let answers = match batch::write(desk, commands) {
        Err(AppError::Internal(why)) if commands.len() > 1 => {
            // One of them trips the database in a way that deciding did not foresee: each alone, so that its neighbours are unharmed.
            tracing::error!(error = %why, commands = commands.len(), "a batch was refused; its commands are tried one by one");
            commands.iter().map(|command| single(command, desk)).collect()
        }
        Err(AppError::Unavailable(why)) => {
            commands.iter().map(|_| Err(AppError::Unavailable(why.clone()))).collect()
        }
        Err(error) => {
            let why = error.to_string();
            commands.iter().map(|_| Err(AppError::Internal(why.clone()))).collect()
        }
        Ok(answers) => {
            desk.metrics.batch_written(commands.len(), watch);
            answers
        }
    };
    for (reply, answer) in replies.into_iter().zip(answers) {
        // The asker may have gone away; what was written stays written.
        let _ = reply.send(answer);
    }
}

fn single(command: &DossierCommand, desk: &Desk) -> Result<Drawn, AppError> {
    batch::write(desk, std::slice::from_ref(command))?
        .pop()
        .unwrap_or_else(|| Err(AppError::Internal("a command was not answered".to_owned())))
}
