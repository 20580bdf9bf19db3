//! Procedures and their limits: read by all who are signed in, changed by the topmost unit's administrators.

use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, get, post, put, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::auth::Signed;
use super::extract::{Body, Code, Language, NoParams, Params, Posted};
use super::page::{self, PageParams};
use super::problem::{Problem, ProblemView};
use super::values::{LateReceiptBody, LimitBody};
use crate::app::catalogue::procedures::{NewProcedures, ProceduresChanged, procedures_change};
use crate::app::catalogue::units::texts_faults;
use crate::app::dossiers::Page;
use crate::app::view::in_path;
use crate::app::{App, AppError, Fault, Invalid, transfer};
use crate::domain::dossier::Channel;
use crate::domain::procedure::{Procedure, ProcedureLimit};

/// The addresses of this file.
pub fn configure(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(list).service(find).service(add).service(replace);
}

/// A procedure.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Procedure)]
pub struct ProcedureBody {
    /// National code, like `2.000815`.
    code: String,
    /// Its full name.
    name: String,
    /// Its sector.
    sector: String,
    /// Its limits, past and present.
    limits: Vec<ProcedureLimitBody>,
    /// The cases that have limits of their own, as `limits` names them; told, and need not be sent.
    #[serde(default)]
    cases: Option<Vec<String>>,
}

/// One limit of a procedure.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ProcedureLimit)]
pub struct ProcedureLimitBody {
    /// The channel it is for; null for all.
    #[serde(default)]
    channel: Option<Channel>,
    /// The case it is for; null for the ordinary one.
    #[serde(default)]
    case: Option<String>,
    /// The limit itself.
    limit: LimitBody,
    /// What a receipt late in the day means.
    #[serde(default)]
    late_receipt: Option<LateReceiptBody>,
    /// First receipt day it holds for; null when it has always held.
    #[serde(default)]
    valid_from: Option<NaiveDate>,
    /// The law or decision it stands in.
    source: String,
}

impl ProcedureBody {
    fn parsed(self) -> Result<Procedure, AppError> {
        let mut faults =
            texts_faults(&[("code", &self.code), ("name", &self.name), ("sector", &self.sector)]);
        if self.limits.is_empty() {
            faults.push(Invalid::new("limits", Fault::Empty));
        }
        let mut limits = Vec::with_capacity(self.limits.len());
        for (at, of) in self.limits.into_iter().enumerate() {
            faults.extend(printable(&format!("limits[{at}].source"), Some(&of.source)));
            faults.extend(printable(&format!("limits[{at}].case"), of.case.as_ref()));
            match of.limit.parsed(&format!("limits[{at}].limit")) {
                Ok(limit) => limits.push(ProcedureLimit {
                    channel: of.channel,
                    case: of.case,
                    limit,
                    late_receipt: of.late_receipt.map(Into::into),
                    valid_from: of.valid_from,
                    source: of.source,
                }),
                Err(AppError::Invalid(found)) => faults.extend(found),
                Err(error) => return Err(error),
            }
        }
        if !faults.is_empty() {
            return Err(AppError::Invalid(faults));
        }
        let procedure = Procedure { code: self.code, name: self.name, sector: self.sector, limits };
        // What was told may be sent back, and another thing means nothing.
        if self.cases.is_some_and(|cases| cases != procedure.cases()) {
            return Err(AppError::invalid("cases", Fault::Conflicting));
        }
        Ok(procedure)
    }
}

/// The fault of a text that may be empty and fits on a line.
fn printable(name: &str, text: Option<&String>) -> Vec<Invalid> {
    let given = text.filter(|text| !text.trim().is_empty());
    given.map(|text| texts_faults(&[(name, text)])).unwrap_or_default()
}

impl From<&Procedure> for ProcedureBody {
    fn from(of: &Procedure) -> Self {
        let limit = |of: &ProcedureLimit| ProcedureLimitBody {
            channel: of.channel,
            case: of.case.clone(),
            limit: of.limit.into(),
            late_receipt: of.late_receipt.map(Into::into),
            valid_from: of.valid_from,
            source: of.source.clone(),
        };
        ProcedureBody {
            code: of.code.clone(),
            name: of.name.clone(),
            sector: of.sector.clone(),
            limits: of.limits.iter().map(limit).collect(),
            cases: Some(of.cases().into_iter().map(ToOwned::to_owned).collect()),
        }
    }
}

/// All procedures, by code.
#[utoipa::path(tag = "catalogue", params(PageParams), responses((status = 200, body = Page<ProcedureBody>)))]
#[get("/procedures")]
async fn list(
    app: web::Data<App>,
    (signed, language): (Signed, Language),
    params: Params<PageParams>,
) -> Result<web::Json<Page<ProcedureBody>>, Problem> {
    let page = page::asked(params.0.limit, params.0.cursor, signed.0, language)?;
    let all: Vec<ProcedureBody> =
        app.read(|_, catalogue| Ok(catalogue.procedures.values().map(ProcedureBody::from).collect())).await?;
    Ok(web::Json(page::of_all(all, &page, |of| of.code.clone())?))
}

/// One procedure.
#[utoipa::path(tag = "catalogue", params(("code" = String, Path)), responses(
    (status = 200, body = ProcedureBody),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/procedures/{code}")]
async fn find(
    app: web::Data<App>,
    Code(code): Code,
    _params: Params<NoParams>,
) -> Result<web::Json<ProcedureBody>, Problem> {
    Ok(web::Json(found(&app, code).await?))
}

/// How procedures are changed.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ChangeParams {
    /// Answer which dossiers would have had another limit, and change nothing.
    #[serde(default)]
    dry_run: bool,
    /// Whether a limit that was in force when dossiers were received may become another; needs a `reason`.
    #[serde(default)]
    correct: bool,
    /// Why; it goes into the ledger.
    reason: Option<String>,
}

impl ChangeParams {
    fn correction(&self) -> Result<Option<String>, AppError> {
        match (self.correct, &self.reason) {
            (true, reason) => Ok(Some(reason.clone().unwrap_or_default())),
            (false, None) => Ok(None),
            (false, Some(_)) => Err(AppError::invalid("reason", Fault::Conflicting)),
        }
    }
}

async fn found(app: &App, code: String) -> Result<ProcedureBody, AppError> {
    let found =
        app.read(move |_, catalogue| Ok(catalogue.procedures.get(&code).map(ProcedureBody::from))).await?;
    found.ok_or(AppError::NotFound("procedure"))
}

/// Adds or changes a procedure, or all of a CSV file; the limits given stand beside those kept, and one for the same channel, case and first day takes
/// the place of the one kept. A limit that was in force when dossiers were received is changed only as a correction. For administrators of the
/// topmost unit.
///
/// CSV columns: `code,name,sector,limit_value,limit_unit,late_after,late_effect,channel,valid_from,source` and `case`.
#[utoipa::path(tag = "catalogue", params(ChangeParams), request_body(content((ProcedureBody = "application/json"), (String = "text/csv"))), responses(
    (status = 201, body = ProcedureBody, headers(("Location" = String))),
    (status = 200, description = "From CSV, or a dry run", body = ProceduresChanged),
    (status = 400, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/procedures")]
async fn add(
    app: web::Data<App>,
    Signed(by): Signed,
    Params(params): Params<ChangeParams>,
    posted: Posted<ProcedureBody>,
) -> Result<HttpResponse, Problem> {
    let (rows, one) = match posted {
        Posted::Csv(csv) => (transfer::procedure_rows(&csv)?, None),
        Posted::One(body) => {
            let procedure = body.parsed()?;
            let code = procedure.code.clone();
            (vec![(String::new(), procedure)], Some(code))
        }
    };
    let new = NewProcedures { rows, whole: false, correction: params.correction()? };
    let changed = procedures_change(&app, new, Some(by), params.dry_run).await?;
    match one.filter(|_| !params.dry_run) {
        None => Ok(HttpResponse::Ok().json(changed)),
        Some(code) => {
            let location = format!("/api/v1/procedures/{}", in_path(&code));
            Ok(HttpResponse::Created().insert_header((LOCATION, location)).json(found(&app, code).await?))
        }
    }
}

/// Writes a procedure as it stands here, its limits in place of all that are kept: so a version that was to come is taken back. A limit that was in
/// force when dossiers were received is changed only as a correction. For administrators of the topmost unit.
#[utoipa::path(tag = "catalogue", params(ChangeParams, ("code" = String, Path)), request_body = ProcedureBody, responses(
    (status = 200, body = ProceduresChanged),
    (status = 400, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
))]
#[put("/procedures/{code}")]
async fn replace(
    app: web::Data<App>,
    Signed(by): Signed,
    Code(code): Code,
    Params(params): Params<ChangeParams>,
    Body(body): Body<ProcedureBody>,
) -> Result<web::Json<ProceduresChanged>, Problem> {
    let procedure = body.parsed()?;
    if procedure.code != code {
        return Err(Problem::invalid("code", Fault::Conflicting));
    }
    let rows = vec![(String::new(), procedure)];
    let new = NewProcedures { rows, whole: true, correction: params.correction()? };
    Ok(web::Json(procedures_change(&app, new, Some(by), params.dry_run).await?))
}
