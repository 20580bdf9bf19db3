//! Reports: one address each, as JSON or as a table.

use actix_web::http::header::{ACCEPT, CONTENT_DISPOSITION, CONTENT_LANGUAGE, CONTENT_TYPE, VARY};
use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Deserializer, de::Error};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::auth::Signed;
use super::extract::{Language, Params};
use super::problem::{Problem, ProblemView};
use crate::app::App;
use crate::app::report_tables::processing_csv;
use crate::app::reports::{self, ProcessingReport, ProcessingRequest};
use crate::domain::statistics::GroupBy;
use crate::text::Lang;

/// The addresses of this file.
pub fn configure(config: &mut ServiceConfig) {
    config.service(processing);
}

words! {
    /// In which form a report is answered.
    Format {
        /// All there is.
        Json = "json",
        /// The thirteen columns of the form.
        Csv = "csv",
    }
}

/// What a report is about.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ReportParams {
    /// `2026-09`, `2026-Q3`, `2026-H1`, `2026-9M` or `2026`: official periods, from the 15th to the 14th (NĐ 09/2019/NĐ-CP Đ.12); with `-civil` the
    /// calendar months instead. Without it and without days: the official month that runs now.
    period: Option<String>,
    /// First day of any two, instead of `period`.
    from: Option<NaiveDate>,
    /// Last day, included.
    to: Option<NaiveDate>,
    /// The instant to look from; what happened later has not happened yet. Now or the period's end, whichever is earlier.
    #[serde(default, deserialize_with = "instant")]
    #[param(value_type = Option<String>, format = DateTime)]
    as_of: Option<DateTime<FixedOffset>>,
    /// Top of the units it is about; the reader's own.
    unit: Option<String>,
    /// What a row stands for; `sector`.
    group_by: Option<GroupBy>,
    /// In which form; otherwise as `Accept` has it.
    format: Option<Format>,
}

/// Form II.06a/VPCP: dossiers received, resolved and in progress.
#[utoipa::path(tag = "reports", params(ReportParams), responses(
    (status = 200, description = "The report", content(
        (ProcessingReport = "application/json"),
        (String = "text/csv"),
    )),
    (status = 400, description = "A parameter is wrong", body = ProblemView, content_type = "application/problem+json"),
    (status = 403, description = "The unit is not among the reader's", body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/reports/processing")]
async fn processing(
    app: web::Data<App>,
    Signed(by): Signed,
    Params(params): Params<ReportParams>,
    Language(lang): Language,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let format = params.format.unwrap_or_else(|| accepted(&request));
    let report = reports::processing(&app, params.into_request(lang), by).await?;
    Ok(match format {
        Format::Json => HttpResponse::Ok().insert_header((VARY, "Accept")).json(report),
        Format::Csv => table(&report.period.label, processing_csv(&report, lang)?, lang),
    })
}

impl ReportParams {
    fn into_request(self, lang: Lang) -> ProcessingRequest {
        ProcessingRequest {
            period: self.period,
            from: self.from,
            to: self.to,
            as_of: self.as_of.map(|at| at.to_utc()),
            unit: self.unit,
            group_by: self.group_by.unwrap_or(GroupBy::Sector),
            lang,
        }
    }
}

fn accepted(request: &HttpRequest) -> Format {
    let wished = request.headers().get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if wished.to_ascii_lowercase().contains("text/csv") { Format::Csv } else { Format::Json }
}

fn table(label: &str, csv: String, lang: Lang) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"II.06a-VPCP-{label}.csv\"")))
        .insert_header((CONTENT_LANGUAGE, lang.tag()))
        .insert_header((VARY, "Accept, Accept-Language"))
        .body(csv)
}

/// An instant in a query string, where the `+` of `+07:00` is read as a blank when it was not escaped.
fn instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<FixedOffset>>, D::Error> {
    let text = String::deserialize(deserializer)?;
    DateTime::parse_from_rfc3339(&text.replace(' ', "+")).map(Some).map_err(D::Error::custom)
}
