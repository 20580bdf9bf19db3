//! Trying a commitment or a statutory limit out on the dossiers of the last months.

use actix_web::{post, web};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::auth::Signed;
use super::commitments::{EffectBody, ReceivedOnBody};
use super::extract::{Body, Language, NoParams, Params};
use super::problem::{Problem, ProblemView};
use super::values::{LateReceiptBody, LimitBody};
use crate::app::what_if::{self, WhatIf, WhatIfView};
use crate::app::{App, AppError, Fault};
use crate::domain::commitment::{Commitment, Selector};
use crate::domain::dossier::Channel;
use crate::domain::what_if::{Proposal, ProposedLimit};
use crate::text::Lang;

/// The addresses of this file.
pub fn configure(config: &mut ServiceConfig) {
    config.service(preview);
}

/// Months looked back on when nothing is said.
const ORDINARY_MONTHS: u32 = 3;

/// What is tried out, and on whose dossiers; either `commitment` or `limit`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WhatIf)]
pub struct WhatIfBody {
    /// A commitment that might be made.
    #[serde(default)]
    commitment: Option<ProposedCommitmentBody>,
    /// A statutory limit that might come.
    #[serde(default)]
    limit: Option<ProposedLimitBody>,
    /// The dossiers of this unit and of those below it.
    unit: String,
    /// How many months back, 1–36; 3 if nothing is said.
    #[serde(default)]
    months: Option<u32>,
}

/// A commitment that might be made: as one that is registered. It is held against all dossiers of the months asked for, whatever its own days, so
/// that a draft can be sent as it stands.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ProposedCommitment)]
pub struct ProposedCommitmentBody {
    /// The unit that would commit itself; the one asked about, with those below it, if nothing is said.
    #[serde(default)]
    unit: Option<String>,
    /// With a unit: whether the units below it would be bound too.
    #[serde(default)]
    subtree: bool,
    /// For every procedure.
    #[serde(default)]
    all: bool,
    /// For these procedures.
    #[serde(default)]
    procedures: Vec<String>,
    /// For these sectors.
    #[serde(default)]
    sectors: Vec<String>,
    /// For procedures with a limit of at most so many working days.
    #[serde(default)]
    max_working_days: Option<u32>,
    /// For receipts on these occasions; for all, if nothing is said.
    #[serde(default)]
    received_on: ReceivedOnBody,
    /// What would be promised.
    effect: EffectBody,
    /// Taken and not heeded.
    #[serde(default)]
    #[expect(dead_code, reason = "a draft may carry it")]
    valid_from: Option<NaiveDate>,
    /// Taken and not heeded.
    #[serde(default)]
    #[expect(dead_code, reason = "a draft may carry it")]
    valid_to: Option<NaiveDate>,
    /// Taken and not heeded.
    #[serde(default)]
    #[expect(dead_code, reason = "a draft may carry it")]
    decision: Option<String>,
}

/// A statutory limit that might come.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ProposedLimit)]
pub struct ProposedLimitBody {
    /// For this procedure.
    procedure: String,
    /// For this channel; for all, if nothing is said.
    #[serde(default)]
    channel: Option<Channel>,
    /// The limit.
    limit: LimitBody,
    /// What a receipt late in the day would mean.
    #[serde(default)]
    late_receipt: Option<LateReceiptBody>,
}

impl WhatIfBody {
    fn parsed(self, lang: Lang) -> Result<WhatIf, AppError> {
        let proposal = match (self.commitment, self.limit) {
            (Some(commitment), None) => Proposal::Commitment(commitment.parsed(&self.unit)?),
            (None, Some(limit)) => Proposal::Limit(ProposedLimit {
                procedure: limit.procedure,
                channel: limit.channel,
                limit: limit.limit.parsed("limit.limit")?,
                late_receipt: limit.late_receipt.map(Into::into),
            }),
            (Some(_), Some(_)) => return Err(AppError::invalid("limit", Fault::Conflicting)),
            (None, None) => return Err(AppError::invalid("commitment", Fault::Required)),
        };
        Ok(WhatIf { proposal, unit: self.unit, months: self.months.unwrap_or(ORDINARY_MONTHS), lang })
    }
}

/// From before any dossier on.
const ALWAYS: NaiveDate = match NaiveDate::from_ymd_opt(2000, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

impl ProposedCommitmentBody {
    fn parsed(self, asked: &str) -> Result<Commitment, AppError> {
        Ok(Commitment {
            id: 0,
            subtree: self.subtree || self.unit.is_none(),
            unit: self.unit.unwrap_or_else(|| asked.to_owned()),
            selector: Selector {
                all: self.all,
                procedures: self.procedures,
                sectors: self.sectors,
                max_working_days: self.max_working_days,
            },
            received_on: self.received_on.into(),
            effect: self.effect.parsed("commitment.effect")?,
            valid_from: ALWAYS,
            valid_to: None,
            decision: "?".to_owned(),
        })
    }
}

/// Replays the dossiers of the last months as if a commitment, or another statutory limit, had held: how many it would have covered, kept and
/// broken, by procedure and by weekday, and which. Nothing is changed. For leaders, administrators and reporters.
#[utoipa::path(tag = "catalogue", request_body = WhatIfBody, responses(
    (status = 200, body = WhatIfView),
    (status = 400, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/commitments/preview")]
async fn preview(
    app: web::Data<App>,
    (signed, language): (Signed, Language),
    _params: Params<NoParams>,
    body: Body<WhatIfBody>,
) -> Result<web::Json<WhatIfView>, Problem> {
    let asked = body.0.parsed(language.0)?;
    Ok(web::Json(what_if::what_if(&app, asked, signed.0).await?))
}
