//! Commitments that many units make in the same words, switched on in one call.

use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, get, post, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::auth::Signed;
use super::commitments::{CommitmentBody, DayOfWeek};
use super::extract::{Body, Code, Language, NoParams, Params};
use super::problem::{Problem, ProblemView};
use crate::app::catalogue::templates::{self, Switched};
use crate::app::{App, AppError};
use crate::domain::commitment::{HalfDay, Selector};
use crate::domain::template::{SwitchOn, Template};
use crate::text::{Lang, templates as text};

/// The addresses of this file.
pub fn configure(config: &mut ServiceConfig) {
    config.service(list).service(apply);
}

/// The parameters of every template, those that must be given first.
const REQUIRED: [&str; 3] = ["unit", "valid_from", "decision"];
const OPTIONAL: [&str; 6] = ["subtree", "procedures", "sectors", "max_working_days", "all", "valid_to"];

/// The templates there are.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = CommitmentTemplates)]
pub struct TemplatesView {
    /// Each with its words.
    items: Vec<TemplateView>,
}

/// A commitment ready to be switched on.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = CommitmentTemplate)]
pub struct TemplateView {
    /// The word by which it is switched on.
    template: Template,
    /// Its name, as units call it.
    name: &'static str,
    /// What the unit promises by it.
    sentence: &'static str,
    /// What it takes.
    parameters: Vec<ParameterView>,
}

/// A parameter of a template.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = TemplateParameter)]
pub struct ParameterView {
    /// Its field.
    name: &'static str,
    /// What it means.
    meaning: &'static str,
    /// Whether it must be given. Of `procedures`, `sectors`, `max_working_days` and `all` one must be, unless the template says what none means.
    required: bool,
}

impl TemplateView {
    fn drawn(of: Template, lang: Lang) -> TemplateView {
        let needed = |name: &&str| REQUIRED.contains(name) || *name == "weekday";
        let names = REQUIRED.iter().chain(of.own_parameters()).chain(&OPTIONAL);
        let parameter = |name: &&'static str| ParameterView {
            name,
            meaning: text::parameter(lang, name),
            required: needed(name),
        };
        TemplateView {
            template: of,
            name: text::name(lang, of),
            sentence: text::sentence(lang, of),
            parameters: names.map(parameter).collect(),
        }
    }
}

/// For whom a template is switched on, and since when.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SwitchOn)]
pub struct SwitchOnBody {
    /// The unit that commits itself.
    unit: String,
    /// Whether the units below are bound too.
    #[serde(default)]
    subtree: bool,
    /// For every procedure.
    #[serde(default)]
    all: bool,
    /// The procedures registered.
    #[serde(default)]
    procedures: Vec<String>,
    /// For these sectors.
    #[serde(default)]
    sectors: Vec<String>,
    /// For procedures with a limit of at most so many working days.
    #[serde(default)]
    max_working_days: Option<u32>,
    /// `no_appointment_day`: the day of the week, `mon`–`sun`, or 1 (Monday) to 7.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "fri")]
    weekday: Option<DayOfWeek>,
    /// `no_appointment_day`: only the n-th such day of the month, 1–5.
    #[serde(default)]
    nth_week: Option<u8>,
    /// `no_appointment_day`: only this half of the day; the result is then given within the session.
    #[serde(default)]
    session: Option<HalfDay>,
    /// First receipt day.
    valid_from: NaiveDate,
    /// Last receipt day; null while it stands.
    #[serde(default)]
    valid_to: Option<NaiveDate>,
    /// The decision's number and date.
    decision: String,
}

impl From<SwitchOnBody> for SwitchOn {
    fn from(of: SwitchOnBody) -> Self {
        SwitchOn {
            unit: of.unit,
            subtree: of.subtree,
            selector: Selector {
                all: of.all,
                procedures: of.procedures,
                sectors: of.sectors,
                max_working_days: of.max_working_days,
            },
            weekday: of.weekday.map(|day| day.0),
            nth_week: of.nth_week,
            session: of.session,
            valid_from: of.valid_from,
            valid_to: of.valid_to,
            decision: of.decision,
        }
    }
}

/// How to switch a template on.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SwitchOnParams {
    /// Answer what would be, and change nothing.
    #[serde(default)]
    dry_run: bool,
}

/// What switching a template on came to.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = SwitchedOn)]
pub struct SwitchedView {
    /// How many commitments were made, or would be.
    created: usize,
    /// How many stood already in the same terms, and were left as they are.
    unchanged: usize,
    /// The commitments.
    commitments: Vec<MadeView>,
}

/// A commitment that a template made.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = MadeCommitment)]
pub struct MadeView {
    /// Its key; null when it was only tried.
    id: Option<i64>,
    /// What it says.
    #[serde(flatten)]
    of: CommitmentBody,
}

impl From<&Switched> for SwitchedView {
    fn from(of: &Switched) -> Self {
        let id = Some(of.commitment.id).filter(|id| *id > 0);
        SwitchedView {
            created: usize::from(of.created),
            unchanged: usize::from(!of.created),
            commitments: vec![MadeView { id, of: (&of.commitment).into() }],
        }
    }
}

/// The commitments that are ready to be switched on, in the reader's language.
#[utoipa::path(tag = "catalogue", responses((status = 200, body = TemplatesView)))]
#[get("/commitment-templates")]
async fn list(language: Language, _params: Params<NoParams>) -> Result<web::Json<TemplatesView>, Problem> {
    let items = Template::ALL.iter().map(|of| TemplateView::drawn(*of, language.0)).collect();
    Ok(web::Json(TemplatesView { items }))
}

/// Switches a template on for a unit, with its list of procedures, in one call. Asked for again with the same terms it changes nothing, and says so
/// with 200 and `unchanged`. For administrators, of a unit within their own.
#[utoipa::path(tag = "catalogue", params(SwitchOnParams, ("name" = Template, Path)), request_body = SwitchOnBody, responses(
    (status = 201, body = SwitchedView, headers(("Location" = String))),
    (status = 200, description = "Nothing was changed: it stands already, or was only tried", body = SwitchedView),
    (status = 400, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/commitment-templates/{name}")]
async fn apply(
    app: web::Data<App>,
    Signed(by): Signed,
    Code(name): Code,
    Params(params): Params<SwitchOnParams>,
    Body(body): Body<SwitchOnBody>,
) -> Result<HttpResponse, Problem> {
    let template = Template::from_word(&name).ok_or(AppError::NotFound("template"))?;
    let switched = templates::switch_on(&app, template, body.into(), Some(by), params.dry_run).await?;
    let view = SwitchedView::from(&switched);
    if params.dry_run || !switched.created {
        return Ok(HttpResponse::Ok().json(view));
    }
    let location = format!("/api/v1/commitments/{}", switched.commitment.id);
    Ok(HttpResponse::Created().insert_header((LOCATION, location)).json(view))
}
