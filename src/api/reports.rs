//! Reports: one address each, as JSON or as a table.

use actix_web::http::header::{ACCEPT, CONTENT_DISPOSITION, CONTENT_LANGUAGE, CONTENT_TYPE, VARY};
use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::auth::Signed;
use super::extract::{Language, Params};
use super::problem::{Problem, ProblemView};
use super::values::WhenAsked;
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
    #[param(value_type = Option<String>, format = DateTime)]
    as_of: Option<WhenAsked>,
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
    (status = 400, description = "A parameter is wrong, or the unit is not among the reader's", body = ProblemView,
        content_type = "application/problem+json"),
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
            as_of: self.as_of.map(|at| at.0),
            unit: self.unit,
            group_by: self.group_by.unwrap_or(GroupBy::Sector),
            lang,
        }
    }
}

/// The table where the reader likes it better than JSON.
pub(super) fn accepted(request: &HttpRequest) -> Format {
    let wished: Vec<&str> =
        request.headers().get_all(ACCEPT).filter_map(|value| value.to_str().ok()).collect();
    let wished = wished.join(",").to_ascii_lowercase();
    if liking(&wished, "text/csv") > liking(&wished, "application/json") { Format::Csv } else { Format::Json }
}

/// How much a media type is liked (RFC 9110, 12.5.1): its quality, then how exactly it was named.
fn liking(wished: &str, media: &str) -> (f32, usize) {
    let family = media.split('/').next().unwrap_or_default();
    let mut best = (0.0, 0);
    for part in wished.split(',') {
        let mut parameters = part.split(';').map(str::trim);
        let exactness = match parameters.next().unwrap_or_default() {
            range if range == media => 3,
            range if range.strip_suffix("/*") == Some(family) => 2,
            "*/*" => 1,
            _ => continue,
        };
        let quality = parameters.find_map(|parameter| parameter.strip_prefix("q="));
        let quality =
            quality.map_or(1.0, |q| q.parse().ok().filter(|q| (0.0..=1.0).contains(q)).unwrap_or(0.0));
        // What is named most exactly decides, be it the lower.
        if exactness > best.1 {
            best = (quality, exactness);
        }
    }
    if best.0 > 0.0 { best } else { (0.0, 0) }
}

fn table(label: &str, csv: String, lang: Lang) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"II.06a-VPCP-{label}.csv\"")))
        .insert_header((CONTENT_LANGUAGE, lang.tag()))
        .insert_header((VARY, "Accept, Accept-Language"))
        .body(csv)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn the_table_is_answered_where_it_is_liked_better() {
        for (wished, format) in [
            ("", Format::Json),
            ("*/*", Format::Json),
            ("text/csv", Format::Csv),
            ("Text/CSV; charset=utf-8", Format::Csv),
            ("application/json, text/csv;q=0.1", Format::Json),
            ("application/json;q=0.1, text/csv", Format::Csv),
            ("text/csv, application/json", Format::Json),
            ("text/csv, */*;q=0.1", Format::Csv),
            ("text/*, */*;q=0.5", Format::Csv),
            ("text/csv;q=0, */*", Format::Json),
            ("text/csv;q=nan", Format::Json),
            ("image/png", Format::Json),
        ] {
            let request = TestRequest::get().insert_header((ACCEPT, wished)).to_http_request();
            assert_eq!(accepted(&request), format, "{wished}");
        }
    }
}
