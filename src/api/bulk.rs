//! Many at once: dossiers to be logged, acts to be done; a JSON array or one object a line, each row good or bad on its own.
//!
//! Rows are read as they arrive ([`super::incoming`]), a window of them is with the writer at once ([`crate::app::bulk`]), and the answer begins
//! when all are settled: many clients and proxies do not read before they have sent all. A call that is cut off in the middle has stored the
//! rows that were with the writer; sent again under its `Idempotency-Key`, those are answered as before.

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::act_row::ActRow;
use super::auth::Signed;
use super::bulk_answer::{ActsView, BatchView, BulkAnswer, Outcome, by_line};
use super::dossiers::RegistrationBody;
use super::extract::{Language, NoParams, Params};
use super::idempotency::{self, Flight, InFlight};
use super::incoming::{Incoming, Row};
use super::problem::{Problem, ProblemView};
use crate::app::access::Right;
use crate::app::bulk::{Settled, Window};
use crate::app::writer::What;
use crate::app::{App, AppError};
use crate::text::Lang;

/// The addresses of this file.
pub fn configure(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(create_many).service(act_many);
}

/// Logs up to 10 000 dossiers: a JSON array, or one object a line (`application/x-ndjson`). Good ones are stored, bad ones named.
///
/// A row may take 64 KiB, a body 16 MiB. What breaks off, or holds too many, within its first MiB is refused as a whole; what does so later is
/// answered with the rows before it, which are stored, and ends with `problem`. With `Accept: application/x-ndjson` the answer is one row a line,
/// the counts in the last one.
///
/// With an `Idempotency-Key` the rows that were stored are answered as before when they are sent again in their places; a row that is now another
/// is refused.
#[utoipa::path(tag = "dossiers", params(("Idempotency-Key" = Option<String>, Header)),
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
    (signed, language, _params): (Signed, Language, Params<NoParams>),
    rows: Incoming,
) -> Result<HttpResponse, Problem> {
    let call = Call::of(&request, &app, &in_flight, signed, language.0)?;
    call.carry_out::<RegistrationBody>(rows).await
}

/// Acts on up to 10 000 dossiers, as `POST /dossiers/{code}/acts` does on one: a JSON array, or one object a line (`application/x-ndjson`).
///
/// Rows are done in the order sent, so that one dossier may stand in several. `version` is the row's `If-Match`. Limits, `Accept` and
/// `Idempotency-Key` are those of `POST /dossiers/batch`.
#[utoipa::path(tag = "dossiers", params(("Idempotency-Key" = Option<String>, Header)),
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
    (signed, language, _params): (Signed, Language, Params<NoParams>),
    rows: Incoming,
) -> Result<HttpResponse, Problem> {
    let call = Call::of(&request, &app, &in_flight, signed, language.0)?;
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
    window: Window,
    key: Option<String>,
    /// Held until the call is answered.
    _flight: Option<Flight>,
    lang: Lang,
    by_line: bool,
    outcomes: Vec<Outcome>,
    /// The database went away.
    away: Option<String>,
}

impl Call {
    /// # Errors
    /// [`AppError::Forbidden`] for who may write nothing; the key's faults.
    fn of(
        request: &HttpRequest,
        app: &App,
        in_flight: &InFlight,
        signed: Signed,
        lang: Lang,
    ) -> Result<Call, AppError> {
        signed.0.must(Right::Handle)?;
        let key = idempotency::key_of(request, &[])?.map(|(key, _)| key);
        let flight = key.as_ref().map(|key| in_flight.enter(signed.0.user_id, key)).transpose()?;
        Ok(Call {
            window: Window::new(app, Some(signed.0), lang),
            key,
            _flight: flight,
            lang,
            by_line: by_line(request.headers()),
            outcomes: Vec::new(),
            away: None,
        })
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
        while let Some(settled) = self.window.settle().await {
            self.settled::<T>(settled);
        }
        rows.drain().await;
        match self.away {
            Some(why) if self.outcomes.iter().all(|of| of.problem.is_some()) => {
                Err(Problem::App(AppError::Unavailable(why)))
            }
            Some(_) | None => {
                let Call { outcomes, lang, by_line, .. } = self;
                let answer = BulkAnswer { counted_as: T::COUNTED_AS, outcomes, broken, lang, by_line };
                answer.respond().map_err(|error| Problem::App(AppError::Internal(error.to_string())))
            }
        }
    }

    async fn take<T: Asking>(&mut self, row: Row<T>) {
        let index = self.outcomes.len();
        let weight = row.bytes.len();
        let keyed = self.key.as_ref().map(|key| idempotency::of_row(key, index, &row.bytes));
        let what = match row.value.and_then(|value| Ok(value.asked(keyed)?)) {
            Ok(what) => what,
            Err(problem) => {
                let named = T::TELLS_VERSION.then(|| serde_json::from_slice::<Named>(&row.bytes).ok());
                let code = named.flatten().map(|of| of.code);
                self.outcomes.push(Outcome { code, version: None, problem: Some(problem) });
                return;
            }
        };
        let code = match &what {
            What::Register(_) => None,
            What::Act(request) => Some(request.code.clone()),
        };
        self.outcomes.push(Outcome { code, ..Outcome::default() });
        while let Some(settled) = self.window.make_room(weight).await {
            self.settled::<T>(settled);
        }
        if let Err(error) = self.window.send(index, what, weight).await {
            self.settled::<T>((index, Err(error)));
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
