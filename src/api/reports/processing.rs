//! Form II.06a/VPCP.

use actix_web::http::header::VARY;
use actix_web::{HttpRequest, HttpResponse, get, web};

use super::{FormFormat, file, liked_best, table};
use crate::api::auth::Signed;
use crate::api::extract::{Language, Params};
use crate::api::problem::{Problem, ProblemView};
use crate::api::values::Listed;
use crate::app::reports::form::FormTable;
use crate::app::reports::processing::{self as report, Comparison, ProcessingReport, ProcessingRequest};
use crate::app::reports::tables::{Tabular, csv};
use crate::app::reports::workbook::{XLSX, processing_xlsx};
use crate::app::{App, AppError};
use crate::domain::statistics::GroupBy;
use crate::text::Lang;

report_params! {
    /// What the form is about.
    struct ProcessingParams {
        /// What a row stands for; `sector`.
        group_by: Option<GroupBy>,
        /// The one sector whose dossiers are counted; all, if nothing is said.
        sector: Option<String>,
        /// What to compare it with: `previous`, the period before; `year`, the same a year before; or both, with a comma between.
        #[param(value_type = Option<String>, example = "previous,year")]
        compare: Option<Listed<Comparison>>,
        /// Whether each number of the JSON is given the address of the list of the dossiers it counts; true.
        links: Option<bool>,
        /// In which form; otherwise as `Accept` has it.
        format: Option<FormFormat>,
    }
}

impl ProcessingParams {
    /// What is asked for, and of which sector alone.
    pub(crate) fn wanted(&self, lang: Lang) -> (ProcessingRequest, Option<String>) {
        let group_by = self.group_by.unwrap_or(GroupBy::Sector);
        let compare = self.compare.as_ref().map(|all| all.0.clone()).unwrap_or_default();
        (ProcessingRequest { asked: self.asked(lang), group_by, compare }, self.sector.clone())
    }
}

/// Form II.06a/VPCP: dossiers received, resolved and in progress.
#[utoipa::path(tag = "reports", params(ProcessingParams), responses(
    (status = 200, description = "The report", content(
        (ProcessingReport = "application/json"),
        (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    )),
    (status = 400, description = "A parameter is wrong, or the unit is not among the reader's", body = ProblemView,
        content_type = "application/problem+json"),
))]
#[get("/reports/processing")]
pub(super) async fn processing(
    app: web::Data<App>,
    Signed(by): Signed,
    Params(params): Params<ProcessingParams>,
    Language(lang): Language,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let (wanted, sector) = params.wanted(lang);
    let report = report::processing_of(&app, wanted, sector, by).await?;
    Ok(match params.format.unwrap_or_else(|| wished(&request)) {
        FormFormat::Json if params.links.unwrap_or(true) => {
            HttpResponse::Ok().insert_header((VARY, "Accept")).json(report.linked())
        }
        FormFormat::Json => HttpResponse::Ok().insert_header((VARY, "Accept")).json(report),
        format => drawn(&(&report).into(), format, lang)?,
    })
}

/// The form in which the reader likes it best.
pub(super) fn wished(request: &HttpRequest) -> FormFormat {
    let tables = [("text/csv", FormFormat::Csv), (XLSX, FormFormat::Xlsx)];
    liked_best(request, &tables).unwrap_or(FormFormat::Json)
}

/// The form as a file to keep.
pub(crate) fn drawn(of: &FormTable, format: FormFormat, lang: Lang) -> Result<HttpResponse, AppError> {
    let name = of.file_name();
    Ok(match format {
        FormFormat::Xlsx => file(&format!("{name}.xlsx"), XLSX, processing_xlsx(of, lang)?, lang),
        FormFormat::Csv | FormFormat::Json => table(&name, csv(of, lang)?, lang),
    })
}
