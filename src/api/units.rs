//! Units: read by all who are signed in, changed by administrators within their own.

use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, get, post, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::auth::Signed;
use super::dossiers::encoded;
use super::extract::{Code, Language, NoParams, Params, Posted};
use super::page;
use super::problem::{Problem, ProblemView};
use crate::app::dossiers::Page;
use crate::app::{App, AppError, Fault, Invalid, administration, transfer};
use crate::domain::letters::on_a_line;
use crate::domain::unit::Unit;

/// The addresses of this file.
pub fn configure(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(list).service(find).service(put);
}

/// A unit.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Unit)]
pub struct UnitBody {
    /// Its code.
    code: String,
    /// Its name on paper.
    name: String,
    /// The unit above it.
    #[serde(default)]
    parent: Option<String>,
    /// First day of its existence, if known.
    #[serde(default)]
    valid_from: Option<NaiveDate>,
    /// Last day of its existence, if it is over.
    #[serde(default)]
    valid_to: Option<NaiveDate>,
    /// The unit that took its place.
    #[serde(default)]
    merged_into: Option<String>,
}

impl UnitBody {
    fn parsed(self) -> Result<Unit, AppError> {
        let mut faults = named(&[("code", &self.code), ("name", &self.name)]);
        if self.code.chars().any(|letter| letter.is_whitespace() || letter == '/') {
            faults.push(Invalid::new("code", Fault::BadCharacters));
        }
        if self.valid_from.zip(self.valid_to).is_some_and(|(from, to)| to < from) {
            faults.push(Invalid::new("valid_to", Fault::OutOfRange));
        }
        if !faults.is_empty() {
            return Err(AppError::Invalid(faults));
        }
        Ok(Unit {
            code: self.code,
            name: self.name,
            parent: self.parent,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
            merged_into: self.merged_into,
        })
    }
}

impl From<&Unit> for UnitBody {
    fn from(of: &Unit) -> Self {
        UnitBody {
            code: of.code.clone(),
            name: of.name.clone(),
            parent: of.parent.clone(),
            valid_from: of.valid_from,
            valid_to: of.valid_to,
            merged_into: of.merged_into.clone(),
        }
    }
}

/// The faults of texts that must be given and fit on a line.
pub(super) fn named(texts: &[(&str, &String)]) -> Vec<Invalid> {
    let fault = |text: &str| match text {
        text if text.trim().is_empty() => Some(Fault::Empty),
        text if text.chars().count() > 1_000 => Some(Fault::TooLong),
        text if !text.chars().all(on_a_line) => Some(Fault::BadCharacters),
        _ => None,
    };
    texts.iter().filter_map(|(name, text)| fault(text).map(|fault| Invalid::new(*name, fault))).collect()
}

/// Which page of a whole list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageParams {
    /// Rows on the page, 1–500; 100 if nothing is said.
    pub limit: Option<i64>,
    /// `next` of the page before.
    pub cursor: Option<String>,
}

/// How many rows of a file were taken in.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Imported {
    /// New or changed.
    pub written: usize,
}

/// All units, by code.
#[utoipa::path(tag = "catalogue", params(PageParams), responses((status = 200, body = Page<UnitBody>)))]
#[get("/units")]
async fn list(
    app: web::Data<App>,
    (signed, language): (Signed, Language),
    params: Params<PageParams>,
) -> Result<web::Json<Page<UnitBody>>, Problem> {
    let page = page::asked(params.0.limit, params.0.cursor, signed.0, language)?;
    let all: Vec<UnitBody> =
        app.read(|_, catalogue| Ok(catalogue.units.iter().map(UnitBody::from).collect())).await?;
    Ok(web::Json(page::of_all(all, &page, |unit| unit.code.clone())?))
}

/// One unit.
#[utoipa::path(tag = "catalogue", params(("code" = String, Path)), responses(
    (status = 200, body = UnitBody),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/units/{code}")]
async fn find(
    app: web::Data<App>,
    Code(code): Code,
    _params: Params<NoParams>,
) -> Result<web::Json<UnitBody>, Problem> {
    let found = app.read(move |_, catalogue| Ok(catalogue.units.get(&code).map(UnitBody::from))).await?;
    Ok(web::Json(found.ok_or(AppError::NotFound("unit"))?))
}

/// Adds or changes a unit, or all of a CSV file `code,name,parent`. For administrators, within their own unit.
#[utoipa::path(tag = "catalogue", request_body(content((UnitBody = "application/json"), (String = "text/csv"))), responses(
    (status = 201, body = UnitBody, headers(("Location" = String))),
    (status = 200, description = "From CSV", body = Imported),
    (status = 400, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/units")]
async fn put(
    app: web::Data<App>,
    signed: Signed,
    _params: Params<NoParams>,
    posted: Posted<UnitBody>,
) -> Result<HttpResponse, Problem> {
    match posted {
        Posted::Csv(csv) => {
            let units = transfer::units_from_csv(&csv)?;
            let written = administration::units_put(&app, units, signed.0).await?;
            Ok(HttpResponse::Ok().json(Imported { written }))
        }
        Posted::One(body) => {
            let unit = body.clone().parsed()?;
            let location = format!("/api/v1/units/{}", encoded(&unit.code));
            administration::units_put(&app, vec![unit], signed.0).await?;
            Ok(HttpResponse::Created().insert_header((LOCATION, location)).json(body))
        }
    }
}
