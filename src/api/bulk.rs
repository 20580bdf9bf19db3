//! Many at once: dossiers to be logged, acts to be done; a JSON array or one object a line, each row good or bad on its own.
//!
//! Rows are read as they arrive ([`super::incoming`]), a window of them is with the writer at once ([`crate::app::bulk`]), and the answer begins
//! when all are settled: many clients and proxies do not read before they have sent all. A call that is cut off in the middle has stored the
//! rows that were with the writer; sent again under its `Idempotency-Key`, those are answered as before.

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

use super::act_row::ActRow;
use super::auth::Signed;
use super::bulk_answer::{ActsView, BatchView, BulkAnswer, Outcome, by_line};
use super::dossiers::RegistrationBody;
use super::extract::{Language, Params};
use super::idempotency::{self, Flight, InFlight};
use super::incoming::{Incoming, Row};
use super::problem::{Problem, ProblemView};
use crate::app::access::{Principal, Right};
use crate::app::bulk::{self, Settled, Window};
use crate::app::writer::What;
use crate::app::{App, AppError};
use crate::text::Lang;

/// The addresses of this file.
pub fn configure(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(create_many).service(act_many);
}

/// How to carry out many.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BulkParams {
    /// All or none: one refused row, or a body that breaks off, and nothing is stored.
    #[serde(default)]
    atomic: bool,
}

/// Logs up to 10 000 dossiers: a JSON array, or one object a line (`application/x-ndjson`). Good ones are stored, bad ones named.
///
/// A row may take 64 KiB, a body 16 MiB. What breaks off, or holds too many, within its first MiB is refused as a whole; what does so later is
/// answered with the rows before it, which are stored, and ends with `problem`. With `Accept: application/x-ndjson` the answer is one row a line,
/// the counts in the last one.
///
/// With `atomic=true` all rows are stored, in one transaction, or none: then those at fault have their own problem, and the others `not_stored`.
///
/// With an `Idempotency-Key` the rows that were stored are answered as before when they are sent again in their places; a row that is now another
/// is refused.
#[utoipa::path(tag = "dossiers", params(BulkParams, ("Idempotency-Key" = Option<String>, Header)),
    request_body(content((Vec<RegistrationBody> = "application/json"), (RegistrationBody = "application/x-ndjson"))), responses(
    (status = 200, body = BatchView),
    (status = 400, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 409, body = ProblemView, content_type = "application/problem+json"),
    (status = 413, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/dossiers/batch")]
async fn create_many(
    request: HttpRequest,
    (app, in_flight): (web::Data<App>, web::Data<InFlight>),
    (signed, language, params): (Signed, Language, Params<BulkParams>),
    rows: Incoming,
) -> Result<HttpResponse, Problem> {
    let call = Call::of(&request, (&app, &in_flight), signed.0, language.0, params.0.atomic)?;
    call.carry_out::<RegistrationBody>(rows).await
}

/// Acts on up to 10 000 dossiers, as `POST /dossiers/{code}/acts` does on one: a JSON array, or one object a line (`application/x-ndjson`).
///
/// Rows are done in the order sent, so that one dossier may stand in several. `version` is the row's `If-Match`. Limits, `Accept`, `atomic` and
/// `Idempotency-Key` are those of `POST /dossiers/batch`.
#[utoipa::path(tag = "dossiers", params(BulkParams, ("Idempotency-Key" = Option<String>, Header)),
    request_body(content((Vec<ActRow> = "application/json"), (ActRow = "application/x-ndjson"))), responses(
    (status = 200, body = ActsView),
    (status = 400, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 409, body = ProblemView, content_type = "application/problem+json"),
    (status = 413, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/dossiers/acts")]
async fn act_many(
    request: HttpRequest,
    (app, in_flight): (web::Data<App>, web::Data<InFlight>),
    (signed, language, params): (Signed, Language, Params<BulkParams>),
    rows: Incoming,
) -> Result<HttpResponse, Problem> {
    let call = Call::of(&request, (&app, &in_flight), signed.0, language.0, params.0.atomic)?;
    call.carry_out::<ActRow>(rows).await
}

/// A row that asks for something to be written.
trait Asking: DeserializeOwned {
    /// What the good rows are counted under.
    const COUNTED_AS: &'static str;
    /// Whether the dossier's code and version are told of each row.
    const TELLS_VERSION: bool;

    fn asked(self, keyed: Option<(String, String)>) -> Result<What, AppError>;
}

impl Asking for RegistrationBody {
    const COUNTED_AS: &'static str = "created";
    const TELLS_VERSION: bool = false;

    fn asked(self, keyed: Option<(String, String)>) -> Result<What, AppError> {
        Ok(What::Register(Box::new(self.parsed(keyed))))
    }
}

impl Asking for ActRow {
    const COUNTED_AS: &'static str = "done";
    const TELLS_VERSION: bool = true;

    fn asked(self, keyed: Option<(String, String)>) -> Result<What, AppError> {
        Ok(What::Act(Box::new(self.parsed(keyed)?)))
    }
}

/// The code of a row that says little else that can be understood.
#[derive(Deserialize)]
struct Named {
    code: String,
}

/// One call with many rows.
struct Call {
    way: Way,
    key: Option<String>,
    /// Held until the call is answered.
    _flight: Option<Flight>,
    lang: Lang,
    by_line: bool,
    outcomes: Vec<Outcome>,
    /// The database went away.
    away: Option<String>,
}

/// How commands go to the writer.
enum Way {
    /// As they come, each good or bad on its own.
    Apart(Window),
    /// When all are there, all or none; each with its place.
    Together { app: App, by: Principal, commands: Vec<(usize, What)> },
}

impl Call {
    /// # Errors
    /// [`AppError::Forbidden`] for who may write nothing; the key's faults.
    fn of(
        request: &HttpRequest,
        (app, in_flight): (&App, &InFlight),
        by: Principal,
        lang: Lang,
        atomic: bool,
    ) -> Result<Call, AppError> {
        by.must(Right::Handle)?;
        let key = idempotency::key_of(request, &[])?.map(|(key, _)| key);
        let flight = key.as_ref().map(|key| in_flight.enter(by.user_id, key)).transpose()?;
        let way = if atomic {
            Way::Together { app: app.clone(), by, commands: Vec::new() }
        } else {
            Way::Apart(Window::new(app, Some(by), lang))
        };
        let by_line = by_line(request.headers());
        Ok(Call { way, key, _flight: flight, lang, by_line, outcomes: Vec::new(), away: None })
    }

    /// # Errors
    /// The problem of the whole, when nothing was done.
    async fn carry_out<T: Asking>(mut self, mut rows: Incoming) -> Result<HttpResponse, Problem> {
        rows.begin().await?;
        let broken = loop {
            match rows.next::<T>().await {
                Ok(Some(row)) => self.take(row).await,
                Ok(None) => break None,
                Err(problem) => break Some(problem),
            }
            if let Some(why) = &self.away {
                break Some(Problem::App(AppError::Unavailable(why.clone())));
            }
        };
        rows.drain().await;
        let broken = self.finish::<T>(broken).await?;
        let Call { outcomes, lang, by_line, .. } = self;
        let answer = BulkAnswer { counted_as: T::COUNTED_AS, outcomes, broken, lang, by_line };
        answer.respond().map_err(|error| Problem::App(AppError::Internal(error.to_string())))
    }

    async fn take<T: Asking>(&mut self, row: Row<T>) {
        let index = self.outcomes.len();
        let keyed = self.key.as_ref().map(|key| idempotency::of_row(key, index, &row.bytes));
        match row.value.and_then(|value| Ok(value.asked(keyed)?)) {
            Ok(what) => {
                let code = match &what {
                    What::Register(_) => None,
                    What::Act(request) => Some(request.code.clone()),
                };
                self.outcomes.push(Outcome { code, ..Outcome::default() });
                self.send::<T>(index, what, row.bytes.len()).await;
            }
            Err(problem) => {
                let named = T::TELLS_VERSION.then(|| serde_json::from_slice::<Named>(&row.bytes).ok());
                let code = named.flatten().map(|of| of.code);
                self.outcomes.push(Outcome { code, version: None, problem: Some(problem) });
            }
        }
    }

    async fn send<T: Asking>(&mut self, index: usize, what: What, weight: usize) {
        let mut settled = Vec::new();
        let sent = match &mut self.way {
            Way::Apart(window) => {
                while let Some(one) = window.make_room(weight).await {
                    settled.push(one);
                }
                window.send(index, what, weight).await
            }
            Way::Together { commands, .. } => bulk::checked(what).map(|what| commands.push((index, what))),
        };
        settled.extend(sent.err().map(|error| (index, Err(error))));
        settled.into_iter().for_each(|one| self.settled::<T>(one));
    }

    /// Waits for what is still with the writer; answers why not all was read.
    ///
    /// # Errors
    /// The problem of the whole, when nothing was done.
    async fn finish<T: Asking>(&mut self, broken: Option<Problem>) -> Result<Option<Problem>, Problem> {
        let settled = match &mut self.way {
            Way::Apart(window) => {
                let mut settled = Vec::new();
                while let Some(one) = window.settle().await {
                    settled.push(one);
                }
                settled
            }
            Way::Together { app, by, commands } => {
                if let Some(problem) = broken {
                    return Err(problem);
                }
                let (places, commands): (Vec<usize>, Vec<What>) = commands.drain(..).unzip();
                let keep = places.len() == self.outcomes.len();
                let answers = bulk::together(app, commands, Some(by.clone()), self.lang, keep).await?;
                places.into_iter().zip(answers).collect()
            }
        };
        settled.into_iter().for_each(|one| self.settled::<T>(one));
        let refused = self.outcomes.iter().filter(|of| of.problem.is_some()).count();
        if matches!(self.way, Way::Together { .. }) && refused > 0 {
            self.nothing_was_stored::<T>();
        }
        match self.away.take() {
            Some(why) if refused == self.outcomes.len() => Err(Problem::App(AppError::Unavailable(why))),
            Some(_) | None => Ok(broken),
        }
    }

    /// Takes back what the good rows would have been told, had all been good.
    fn nothing_was_stored<T: Asking>(&mut self) {
        for outcome in self.outcomes.iter_mut().filter(|of| of.problem.is_none()) {
            outcome.problem = Some(Problem::NotStored);
            outcome.version = None;
            if !T::TELLS_VERSION {
                outcome.code = None;
            }
        }
    }

    fn settled<T: Asking>(&mut self, (index, result): Settled) {
        let Some(outcome) = self.outcomes.get_mut(index) else { return };
        match result {
            Ok(done) => {
                outcome.code = Some(done.code);
                outcome.version = T::TELLS_VERSION.then_some(done.version);
            }
            Err(error) => {
                match &error {
                    AppError::Unavailable(why) => self.away = Some(why.clone()),
                    AppError::Internal(why) => tracing::error!(%why, index, "a row of many was not written"),
                    _ => {}
                }
                outcome.problem = Some(error.into());
            }
        }
    }
}
