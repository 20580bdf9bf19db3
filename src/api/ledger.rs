//! The ledger as a whole: whether its chain holds, and how long it was at the end of a day.

use actix_web::{get, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::auth::Signed;
use super::extract::Params;
use super::problem::{Problem, ProblemView};
use crate::app::access::Right;
use crate::app::ledger::{self, Verdict};
use crate::app::{App, Fault};
use crate::domain::ledger::Anchor;

/// The most days in one list.
const MOST_DAYS: usize = 366;

/// The addresses of this file.
pub fn configure(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(verify).service(anchors);
}

/// What the chain is held against.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct VerifyParams {
    /// An anchor that was told, `12345:9f86d081…`, the head in full.
    #[serde(default)]
    anchor: Option<String>,
}

/// Walks the whole chain, names its first broken link, and holds every dossier against it. For administrators.
#[utoipa::path(tag = "ledger", params(VerifyParams), responses(
    (status = 200, body = Verdict),
    (status = 400, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/ledger/verify")]
async fn verify(
    app: web::Data<App>,
    signed: Signed,
    params: Params<VerifyParams>,
) -> Result<web::Json<Verdict>, Problem> {
    signed.0.must(Right::Administer)?;
    let anchor = params.0.anchor.map(|text| text.parse::<Anchor>()).transpose();
    let anchor = anchor.map_err(|_| Problem::invalid("anchor", Fault::Malformed))?;
    Ok(web::Json(ledger::verify(&app, anchor.into_iter().collect()).await?))
}

/// Which days.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AnchorsParams {
    /// The first day.
    from: NaiveDate,
    /// The last day, itself included.
    to: NaiveDate,
}

/// How long the ledger was at the end of a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnchorView {
    /// The day.
    date: NaiveDate,
    /// How many entries there were; 0 before the first.
    entries: i64,
    /// Hash of the last of them; null when there was none.
    head: Option<String>,
}

/// The ledger's anchors.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnchorsView {
    /// One a day.
    items: Vec<AnchorView>,
}

/// How long the ledger was at the end of each day, and its head then, to be held against what was told. For leaders and administrators.
#[utoipa::path(tag = "ledger", params(AnchorsParams), responses(
    (status = 200, body = AnchorsView),
    (status = 400, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/ledger/anchors")]
async fn anchors(
    app: web::Data<App>,
    signed: Signed,
    Params(asked): Params<AnchorsParams>,
) -> Result<web::Json<AnchorsView>, Problem> {
    signed.0.must(Right::CorrectClosed)?;
    let days: Vec<NaiveDate> =
        asked.from.iter_days().take_while(|day| *day <= asked.to).take(MOST_DAYS + 1).collect();
    if days.is_empty() || days.len() > MOST_DAYS {
        return Err(Problem::invalid("to", Fault::OutOfRange));
    }
    let anchors = app.read(move |c, _| ledger::anchors(c, &days)).await?;
    let item = |(date, anchor): (NaiveDate, Option<Anchor>)| {
        let (entries, head) = anchor.map_or((0, None), |of| (of.entries, Some(of.head)));
        AnchorView { date, entries, head }
    };
    Ok(web::Json(AnchorsView { items: anchors.into_iter().map(item).collect() }))
}
