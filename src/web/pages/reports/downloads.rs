//! Reports as files, by the session of the page they were chosen on: the same bytes that the API answers.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};

use super::super::super::fault::PageError;
use super::super::super::visitor::Visitor;
use super::asking::Asking;
use crate::api::reports::commitments::CommitmentsParams;
use crate::api::reports::delays::DelaysParams;
use crate::api::reports::findings::FindingsParams;
use crate::api::reports::integrity::IntegrityParams;
use crate::api::reports::processing::{ProcessingParams, drawn};
use crate::api::reports::ranking::RankingParams;
use crate::api::reports::trend::TrendParams;
use crate::api::reports::{FormFormat, table};
use crate::app::App;
use crate::app::reports::processing::processing_of;
use crate::app::reports::tables::csv;
use crate::app::reports::{commitments, delays, findings, integrity, ranking, trend};

#[get("/reports/processing.xlsx")]
pub(super) async fn processing_xlsx(
    request: HttpRequest,
    app: Data<App>,
    visitor: Visitor,
) -> Result<HttpResponse, PageError> {
    processing(&request, &app, visitor, FormFormat::Xlsx).await
}

#[get("/reports/processing.csv")]
pub(super) async fn processing_csv(
    request: HttpRequest,
    app: Data<App>,
    visitor: Visitor,
) -> Result<HttpResponse, PageError> {
    processing(&request, &app, visitor, FormFormat::Csv).await
}

async fn processing(
    request: &HttpRequest,
    app: &App,
    visitor: Visitor,
    format: FormFormat,
) -> Result<HttpResponse, PageError> {
    let params: ProcessingParams = Asking::of(request).params()?;
    let (wanted, sector) = params.wanted(visitor.lang);
    let report = processing_of(app, wanted, sector, visitor.by).await?;
    Ok(drawn(&(&report).into(), format, visitor.lang)?)
}

/// A report's table as a file, from its parameters and its verb.
macro_rules! csv_of {
    ($($name:ident at $path:literal: $params:ty => $verb:path;)+) => {$(
        #[get($path)]
        pub(super) async fn $name(
            request: HttpRequest,
            app: Data<App>,
            visitor: Visitor,
        ) -> Result<HttpResponse, PageError> {
            use crate::app::reports::tables::Tabular as _;
            let (params, lang): ($params, _) = (Asking::of(&request).params()?, visitor.lang);
            let report = $verb(&app, params.wanted(lang), visitor.by).await?;
            Ok(table(&report.file_name(), csv(&report, lang)?, lang))
        }
    )+};
}

csv_of! {
    ranking_csv at "/reports/ranking.csv": RankingParams => ranking::ranking;
    trend_csv at "/reports/trend.csv": TrendParams => trend::trend;
    commitments_csv at "/reports/commitments.csv": CommitmentsParams => commitments::commitments;
    delays_csv at "/reports/delays.csv": DelaysParams => delays::delays;
    findings_csv at "/findings/counted.csv": FindingsParams => findings::findings;
    integrity_csv at "/integrity.csv": IntegrityParams => integrity::integrity;
}
