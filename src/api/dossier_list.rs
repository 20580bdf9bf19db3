//! Lists of dossiers and of findings: their filters, from query parameters to the app's own.

use actix_web::{get, web};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;

use super::auth::Signed;
use super::extract::{Language, Params};
use super::problem::{Problem, ProblemView};
use super::values::{Listed, Suffixes, WhenAsked, WhenOrDay};
use super::{counted, fields, page};
use crate::app::access::Principal;
use crate::app::dossiers::{self, FoundView, Page, PageRequest, UnitScope};
use crate::app::due_within::{self, DueWithin};
use crate::app::view::DossierView;
use crate::app::{App, AppError, Fault};
use crate::domain::cell::Cell;
use crate::domain::dossier::{Channel, Outcome, Status};
use crate::domain::finding::FindingCode;
use crate::domain::fold::fold;
use crate::domain::statistics::GroupBy;
use crate::store::findings_list::FindingFilter;
use crate::store::listing::DossierFilter;
use crate::text::Lang;

/// The addresses of this file.
pub fn configure(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(list).service(findings);
}

/// Which dossiers. Instants are RFC 3339; a plain day stands for the whole of it.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DossierParams {
    /// Of this unit; of all that the reader sees, if nothing is said.
    unit: Option<String>,
    /// With the units below; true if nothing is said.
    subtree: Option<bool>,
    /// For this procedure.
    procedure: Option<String>,
    /// For one of these procedures, with commas between.
    #[serde(rename = "procedure__in")]
    #[param(value_type = Option<String>)]
    procedure_in: Option<Listed<String>>,
    /// In this state.
    status: Option<Status>,
    /// In one of these states, with commas between.
    #[serde(rename = "status__in")]
    #[param(value_type = Option<String>)]
    status_in: Option<Listed<Status>>,
    /// Open and past their limit (true), or not so (false).
    overdue: Option<bool>,
    /// Open, due from now on and within `2wd` (working days), `3d` or `48h`.
    due_within: Option<String>,
    /// With this finding.
    finding: Option<FindingCode>,
    /// In this officer's hands.
    officer: Option<String>,
    /// Come in this way.
    channel: Option<Channel>,
    /// Of this sector.
    sector: Option<String>,
    /// With these words in the code or the applicant's name, with or without diacritics.
    q: Option<String>,
    /// Closed this punctually.
    outcome: Option<Outcome>,
    /// Open at this instant, or closed later.
    #[param(value_type = Option<String>)]
    open_at: Option<WhenOrDay>,
    /// Counted by this number of form II.06a/VPCP, by its place in a row of `/reports/processing` (`resolved.late`); needs `counted_from` and
    /// `counted_to`.
    cell: Option<Cell>,
    /// First day of the report's period.
    counted_from: Option<NaiveDate>,
    /// Last day of the report's period, included.
    counted_to: Option<NaiveDate>,
    /// The instant that the report is seen from; now or the period's end, whichever is earlier.
    #[param(value_type = Option<String>, format = DateTime)]
    counted_as_of: Option<WhenAsked>,
    /// The day by whose tree of units the report goes.
    units_as_of: Option<NaiveDate>,
    /// What a row of the report stands for; needs `key`.
    group: Option<GroupBy>,
    /// The row's key; empty for dossiers nobody is in charge of.
    key: Option<String>,
    /// Due before.
    #[serde(rename = "due_at__lt")]
    #[param(value_type = Option<String>)]
    due_lt: Option<WhenOrDay>,
    /// Due at the latest.
    #[serde(rename = "due_at__lte")]
    #[param(value_type = Option<String>)]
    due_lte: Option<WhenOrDay>,
    /// Due after.
    #[serde(rename = "due_at__gt")]
    #[param(value_type = Option<String>)]
    due_gt: Option<WhenOrDay>,
    /// Due at the earliest.
    #[serde(rename = "due_at__gte")]
    #[param(value_type = Option<String>)]
    due_gte: Option<WhenOrDay>,
    /// Received before.
    #[serde(rename = "received_at__lt")]
    #[param(value_type = Option<String>)]
    received_lt: Option<WhenOrDay>,
    /// Received at the latest.
    #[serde(rename = "received_at__lte")]
    #[param(value_type = Option<String>)]
    received_lte: Option<WhenOrDay>,
    /// Received after.
    #[serde(rename = "received_at__gt")]
    #[param(value_type = Option<String>)]
    received_gt: Option<WhenOrDay>,
    /// Received at the earliest.
    #[serde(rename = "received_at__gte")]
    #[param(value_type = Option<String>)]
    received_gte: Option<WhenOrDay>,
    /// Closed before.
    #[serde(rename = "closed_at__lt")]
    #[param(value_type = Option<String>)]
    closed_lt: Option<WhenOrDay>,
    /// Closed at the latest.
    #[serde(rename = "closed_at__lte")]
    #[param(value_type = Option<String>)]
    closed_lte: Option<WhenOrDay>,
    /// Closed after.
    #[serde(rename = "closed_at__gt")]
    #[param(value_type = Option<String>)]
    closed_gt: Option<WhenOrDay>,
    /// Closed at the earliest.
    #[serde(rename = "closed_at__gte")]
    #[param(value_type = Option<String>)]
    closed_gte: Option<WhenOrDay>,
    /// Open (true) or closed (false).
    #[serde(rename = "closed_at__isnull")]
    closed_isnull: Option<bool>,
    /// Rows on the page, 1–500; 100 if nothing is said.
    limit: Option<i64>,
    /// `next` of the page before.
    cursor: Option<String>,
}

impl DossierParams {
    fn scope(&self) -> UnitScope {
        UnitScope { unit: self.unit.clone(), subtree: self.subtree.unwrap_or(true) }
    }

    fn counted(&mut self) -> counted::Asked {
        counted::Asked {
            cell: self.cell.take(),
            from: self.counted_from.take(),
            to: self.counted_to.take(),
            as_of: self.counted_as_of.take(),
            group: self.group.take(),
            key: self.key.take(),
            units_as_of: self.units_as_of.take(),
        }
    }

    /// # Errors
    /// [`AppError::Invalid`] when nothing of `q` can be looked for.
    fn filter(self) -> Result<DossierFilter, AppError> {
        let due_at = Suffixes { lt: self.due_lt, lte: self.due_lte, gt: self.due_gt, gte: self.due_gte };
        let received_at = Suffixes {
            lt: self.received_lt,
            lte: self.received_lte,
            gt: self.received_gt,
            gte: self.received_gte,
        };
        let closed_at =
            Suffixes { lt: self.closed_lt, lte: self.closed_lte, gt: self.closed_gt, gte: self.closed_gte };
        let statuses = either(self.status, self.status_in);
        let q = self.q.map(|words| fold(&words));
        if q.as_ref().is_some_and(String::is_empty) {
            return Err(AppError::invalid("q", Fault::Malformed));
        }
        Ok(DossierFilter {
            units: None,
            procedures: either(self.procedure, self.procedure_in),
            sector: self.sector,
            channel: self.channel.map(|of| of.word().to_owned()),
            statuses: statuses.map(|all| all.into_iter().map(|of| of.word().to_owned()).collect()),
            outcome: self.outcome.map(|of| of.word().to_owned()),
            officer: self.officer,
            overdue: self.overdue,
            finding: self.finding.map(|of| of.word().to_owned()),
            received_at: received_at.into(),
            due_at: due_at.into(),
            closed_at: closed_at.into(),
            open: self.closed_isnull,
            open_at: self.open_at.map(|at| at.start().into()),
            // The handler's, who knows what time it is.
            counted: None,
            q,
            // The app decides by the reader's rights.
            q_in_names: false,
        })
    }
}

/// What a list is asked for.
pub(crate) struct Asked {
    /// Which dossiers.
    pub(crate) filter: DossierFilter,
    /// Of which units.
    pub(crate) scope: UnitScope,
    /// Which page of them.
    pub(crate) page: PageRequest,
}

impl DossierParams {
    /// The parameters of a query string; for pages, whose addresses take the same.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming each parameter that is unknown, repeated, or not of its type.
    pub(crate) fn read(query: &str) -> Result<DossierParams, AppError> {
        fields::from_query(query)
    }

    /// What they ask for.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming what is out of range or contradicts another.
    pub(crate) async fn asked(mut self, app: &App, by: Principal, lang: Lang) -> Result<Asked, AppError> {
        let page = page::asked(self.limit, self.cursor.take(), by.clone(), Language(lang))?;
        let (scope, within) = (self.scope(), self.due_within.take());
        let counted = self.counted().counted(app.clock().now())?;
        let mut filter = DossierFilter { counted, ..self.filter()? };
        if let Some(text) = within {
            let within =
                DueWithin::parse(&text).ok_or_else(|| AppError::invalid("due_within", Fault::Malformed))?;
            if filter.open == Some(false) {
                return Err(AppError::invalid("closed_at__isnull", Fault::Conflicting));
            }
            let (from, before) = due_within::stretch(app, within, by).await?;
            filter.open = Some(true);
            filter.due_at.gte = filter.due_at.gte.max(Some(from.into()));
            filter.due_at.lt = Some(filter.due_at.lt.map_or(before.into(), |lt| lt.min(before.into())));
        }
        Ok(Asked { filter, scope, page })
    }
}

/// One word, or several; with both, the one if it is among the several.
fn either<T: PartialEq>(one: Option<T>, several: Option<Listed<T>>) -> Option<Vec<T>> {
    match (one, several) {
        (None, None) => None,
        (Some(one), None) => Some(vec![one]),
        (None, Some(several)) => Some(several.0),
        (Some(one), Some(several)) => Some(several.0.into_iter().filter(|of| *of == one).collect()),
    }
}

/// Dossiers that the reader may see, by due date, then code.
#[utoipa::path(tag = "dossiers", params(DossierParams), responses(
    (status = 200, body = Page<DossierView>),
    (status = 400, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/dossiers")]
async fn list(
    app: web::Data<App>,
    (signed, language): (Signed, Language),
    params: Params<DossierParams>,
) -> Result<web::Json<Page<DossierView>>, Problem> {
    let Asked { filter, scope, page } = params.0.asked(&app, signed.0, language.0).await?;
    Ok(web::Json(dossiers::list(&app, filter, scope, page).await?))
}

/// Which findings.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FindingParams {
    /// Of this unit; of all that the reader sees, if nothing is said.
    unit: Option<String>,
    /// With the units below; true if nothing is said.
    subtree: Option<bool>,
    /// Of this rule.
    code: Option<FindingCode>,
    /// Of one of these rules, with commas between.
    #[serde(rename = "code__in")]
    #[param(value_type = Option<String>)]
    code_in: Option<Listed<FindingCode>>,
    /// Those that still matter (true), or those cleared (false).
    open: Option<bool>,
    /// First seen at the earliest: an instant or a day.
    #[param(value_type = Option<String>)]
    from: Option<WhenOrDay>,
    /// First seen at the latest: an instant or a day, taken in.
    #[param(value_type = Option<String>)]
    to: Option<WhenOrDay>,
    /// Rows on the page, 1–500; 100 if nothing is said.
    limit: Option<i64>,
    /// `next` of the page before.
    cursor: Option<String>,
}

impl FindingParams {
    /// Of which units, and which of theirs.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when nothing lies between the two days.
    pub(crate) fn wanted(self) -> Result<(UnitScope, FindingFilter), AppError> {
        let scope = UnitScope { unit: self.unit, subtree: self.subtree.unwrap_or(true) };
        let codes = either(self.code, self.code_in);
        if self.from.zip(self.to).is_some_and(|(from, to)| from.start() >= to.end()) {
            return Err(AppError::invalid("to", Fault::OutOfRange));
        }
        let filter = FindingFilter {
            units: None,
            codes: codes.map(|all| all.into_iter().map(|of| of.word().to_owned()).collect()),
            open: self.open,
            from: self.from.map(|at| at.start().into()),
            before: self.to.map(|at| at.end().into()),
        };
        Ok((scope, filter))
    }
}

/// Findings on dossiers that the reader may see, the newest first.
#[utoipa::path(tag = "findings", params(FindingParams), responses(
    (status = 200, body = Page<FoundView>),
    (status = 400, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/findings")]
async fn findings(
    app: web::Data<App>,
    (signed, language): (Signed, Language),
    params: Params<FindingParams>,
) -> Result<web::Json<Page<FoundView>>, Problem> {
    let mut params = params.0;
    let page = page::asked(params.limit, params.cursor.take(), signed.0, language)?;
    let (scope, filter) = params.wanted()?;
    Ok(web::Json(dossiers::findings(&app, filter, scope, page).await?))
}
