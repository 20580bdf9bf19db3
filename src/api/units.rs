//! Units: read by all who are signed in, changed by administrators within their own.

use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, get, post, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::auth::Signed;
use super::extract::{Code, Language, NoParams, Params, Posted};
use super::page;
use super::problem::{Problem, ProblemView};
use crate::app::catalogue::units::{UnitRow, units_change};
use crate::app::dossiers::Page;
use crate::app::view::in_path;
use crate::app::{App, AppError, Catalogue, transfer};
use crate::domain::unit::{Unit, UnitVersion};

/// The addresses of this file.
pub fn configure(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(list).service(find).service(put);
}

/// A unit as it is to be.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewUnit)]
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
    /// The unit that takes its place on the day after; its dossiers keep their unit, and are from then on seen there too.
    #[serde(default)]
    merged_into: Option<String>,
    /// The day from which name and parent hold, where they change: what they were before is kept, and so are days that are not told. Without it
    /// what stands is corrected.
    #[serde(default)]
    holds_from: Option<NaiveDate>,
}

/// A unit.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Unit)]
pub struct UnitView {
    /// Its code.
    code: String,
    /// Its name on paper.
    name: String,
    /// The unit above it.
    parent: Option<String>,
    /// First day of its existence, if known.
    valid_from: Option<NaiveDate>,
    /// Last day of its existence, if it is over.
    valid_to: Option<NaiveDate>,
    /// The unit that took its place.
    merged_into: Option<String>,
}

/// A unit with what it was.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = UnitWithHistory)]
pub struct UnitHistoryView {
    /// As it stands today.
    #[serde(flatten)]
    unit: UnitView,
    /// Its names and places, the oldest first, those to come last.
    history: Vec<UnitVersionView>,
}

/// A stretch of a unit's history.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = UnitVersion)]
pub struct UnitVersionView {
    /// First day; null where nothing is known before.
    from: Option<NaiveDate>,
    /// Last day; null while it lasts.
    until: Option<NaiveDate>,
    /// Its name.
    name: String,
    /// The unit above it.
    parent: Option<String>,
}

impl UnitBody {
    fn parsed(self) -> Result<UnitRow, AppError> {
        let unit = Unit {
            code: self.code,
            name: self.name,
            parent: self.parent,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
            merged_into: self.merged_into,
        };
        UnitRow::alone(unit, self.holds_from)
    }
}

impl From<&Unit> for UnitView {
    fn from(of: &Unit) -> Self {
        UnitView {
            code: of.code.clone(),
            name: of.name.clone(),
            parent: of.parent.clone(),
            valid_from: of.valid_from,
            valid_to: of.valid_to,
            merged_into: of.merged_into.clone(),
        }
    }
}

impl From<UnitVersion> for UnitVersionView {
    fn from(of: UnitVersion) -> Self {
        UnitVersionView { from: of.from, until: of.until, name: of.name, parent: of.parent }
    }
}

/// The unit as it stands, with what it was.
async fn found(app: &App, code: String) -> Result<UnitHistoryView, AppError> {
    app.read(move |_, catalogue| {
        let unit = catalogue.units.get(&code).ok_or(AppError::NotFound("unit"))?;
        let history = catalogue.register.history(&code).into_iter().map(Into::into).collect();
        Ok(UnitHistoryView { unit: unit.into(), history })
    })
    .await
}

/// Which units.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct UnitParams {
    /// As they stood on this day, and only those that existed then; today's names and all units, if nothing is said.
    as_of: Option<NaiveDate>,
    /// Rows on the page, 1–500; 100 if nothing is said.
    limit: Option<i64>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// How many rows of a file were taken in.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Imported {
    /// New or changed.
    pub written: usize,
}

/// All units, by code; as they stood on a day, if one is named.
#[utoipa::path(tag = "catalogue", params(UnitParams), responses(
    (status = 200, body = Page<UnitView>),
    (status = 400, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/units")]
async fn list(
    app: web::Data<App>,
    (signed, language): (Signed, Language),
    Params(params): Params<UnitParams>,
) -> Result<web::Json<Page<UnitView>>, Problem> {
    let page = page::asked(params.limit, params.cursor, signed.0, language)?;
    let all: Vec<UnitView> = app.read(move |_, catalogue| units_on(catalogue, params.as_of)).await?;
    Ok(web::Json(page::of_all(all, &page, |unit| unit.code.clone())?))
}

fn units_on(catalogue: &Catalogue, day: Option<NaiveDate>) -> Result<Vec<UnitView>, AppError> {
    let Some(day) = day else { return Ok(catalogue.units.iter().map(UnitView::from).collect()) };
    let then = catalogue.register.on(day).map_err(|error| AppError::Internal(error.to_string()))?;
    let there = then.iter().filter(|unit| !unit.is_to_come(day) && !unit.has_ended(day));
    Ok(there.map(UnitView::from).collect())
}

/// One unit, with its former names and places.
#[utoipa::path(tag = "catalogue", params(("code" = String, Path)), responses(
    (status = 200, body = UnitHistoryView),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/units/{code}")]
async fn find(
    app: web::Data<App>,
    Code(code): Code,
    _params: Params<NoParams>,
) -> Result<web::Json<UnitHistoryView>, Problem> {
    Ok(web::Json(found(&app, code).await?))
}

/// Adds or changes a unit, or all of a CSV file `code,name,parent` (and `valid_from,valid_to,merged_into,holds_from`, where they are to be said). For
/// administrators, within their own unit.
#[utoipa::path(tag = "catalogue", request_body(content((UnitBody = "application/json"), (String = "text/csv"))), responses(
    (status = 201, body = UnitHistoryView, headers(("Location" = String))),
    (status = 200, description = "From CSV", body = Imported),
    (status = 400, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/units")]
async fn put(
    app: web::Data<App>,
    Signed(by): Signed,
    _params: Params<NoParams>,
    posted: Posted<UnitBody>,
) -> Result<HttpResponse, Problem> {
    match posted {
        Posted::Csv(csv) => {
            let rows = transfer::units_from_csv(&csv)?;
            let written = units_change(&app, rows, Some(by), false).await?;
            Ok(HttpResponse::Ok().json(Imported { written }))
        }
        Posted::One(body) => {
            let row = body.parsed()?;
            let code = row.unit.code.clone();
            units_change(&app, vec![row], Some(by), false).await?;
            let location = format!("/api/v1/units/{}", in_path(&code));
            Ok(HttpResponse::Created().insert_header((LOCATION, location)).json(found(&app, code).await?))
        }
    }
}
