//! Procedures and their limits: read by all who are signed in, changed by the topmost unit's administrators.

use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, get, post, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::auth::Signed;
use super::dossiers::encoded;
use super::extract::{Code, Language, NoParams, Params, Posted};
use super::page;
use super::problem::{Problem, ProblemView};
use super::units::{Imported, PageParams, named};
use super::values::{LateReceiptBody, LimitBody};
use crate::app::dossiers::Page;
use crate::app::{App, AppError, Fault, Invalid, administration, transfer};
use crate::domain::dossier::Channel;
use crate::domain::procedure::{Procedure, ProcedureLimit};

/// The addresses of this file.
pub fn configure(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(list).service(find).service(put);
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
        let mut faults = named(&[("code", &self.code), ("name", &self.name), ("sector", &self.sector)]);
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
        Ok(Procedure { code: self.code, name: self.name, sector: self.sector, limits })
    }
}

/// The fault of a text that may be empty and fits on a line.
fn printable(name: &str, text: Option<&String>) -> Vec<Invalid> {
    let given = text.filter(|text| !text.trim().is_empty());
    given.map(|text| named(&[(name, text)])).unwrap_or_default()
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
    let found =
        app.read(move |_, catalogue| Ok(catalogue.procedures.get(&code).map(ProcedureBody::from))).await?;
    Ok(web::Json(found.ok_or(AppError::NotFound("procedure"))?))
}

/// Adds or changes a procedure, or all of a CSV file; the limits given replace those kept. For administrators of the topmost unit.
///
/// CSV columns: `code,name,sector,limit_value,limit_unit,late_after,late_effect,channel,valid_from,source`.
#[utoipa::path(tag = "catalogue", request_body(content((ProcedureBody = "application/json"), (String = "text/csv"))), responses(
    (status = 201, body = ProcedureBody, headers(("Location" = String))),
    (status = 200, description = "From CSV", body = Imported),
    (status = 400, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/procedures")]
async fn put(
    app: web::Data<App>,
    signed: Signed,
    _params: Params<NoParams>,
    posted: Posted<ProcedureBody>,
) -> Result<HttpResponse, Problem> {
    match posted {
        Posted::Csv(csv) => {
            let procedures = transfer::procedures_from_csv(&csv)?;
            let written = administration::procedures_put(&app, procedures, signed.0).await?;
            Ok(HttpResponse::Ok().json(Imported { written }))
        }
        Posted::One(body) => {
            let procedure = body.clone().parsed()?;
            let location = format!("/api/v1/procedures/{}", encoded(&procedure.code));
            administration::procedures_put(&app, vec![procedure], signed.0).await?;
            Ok(HttpResponse::Created().insert_header((LOCATION, location)).json(body))
        }
    }
}
