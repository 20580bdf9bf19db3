//! Commitments of units: same day, no Friday put off to next week, and their cousins. Those ready to be switched on are
//! [`super::commitment_templates`]', trying one out on past dossiers is [`super::what_if`]'s.

use actix_web::http::header::LOCATION;
use actix_web::{HttpResponse, delete, get, patch, post, web};
use chrono::{NaiveDate, Weekday};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;

use super::auth::Signed;
use super::extract::{Body, Code, Language, NoParams, Params, key};
use super::page::{self, PageParams};
use super::problem::{Problem, ProblemView};
use super::values::LimitBody;
use crate::app::catalogue::commitments::{self, End};
use crate::app::dossiers::Page;
use crate::app::{App, AppError};
use crate::domain::commitment::{Commitment, Effect, HalfDay, ReceivedOn, Selector};

/// The addresses of this file.
pub fn configure(config: &mut utoipa_actix_web::service_config::ServiceConfig) {
    config.service(list).service(find).service(create).service(end).service(remove);
}

/// A commitment to be registered. With no procedures named, `no_week_rollover` covers those the unit registered for the same day.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewCommitment)]
pub struct CommitmentBody {
    /// The unit that commits itself.
    unit: String,
    /// Whether the units below are bound too.
    #[serde(default)]
    subtree: bool,
    /// For every procedure.
    #[serde(default)]
    all: bool,
    /// For these procedures.
    #[serde(default)]
    procedures: Vec<String>,
    /// For these sectors.
    #[serde(default)]
    sectors: Vec<String>,
    /// For procedures with a limit of at most so many working days.
    #[serde(default)]
    max_working_days: Option<u32>,
    /// For receipts on these occasions; for all, if nothing is said.
    #[serde(default)]
    received_on: ReceivedOnBody,
    /// What is promised.
    effect: EffectBody,
    /// First receipt day.
    valid_from: NaiveDate,
    /// Last receipt day; null while it stands.
    #[serde(default)]
    valid_to: Option<NaiveDate>,
    /// The decision's number and date.
    decision: String,
}

/// A registered commitment.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Commitment)]
pub struct CommitmentView {
    /// Its key.
    id: i64,
    /// What it says.
    #[serde(flatten)]
    of: CommitmentBody,
    /// Number and date of the decision that ended it, if one did.
    end_decision: Option<String>,
}

/// The end of a commitment.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CommitmentEnd)]
pub struct EndBody {
    /// Last receipt day; not before a receipt that it has bound.
    valid_to: NaiveDate,
    /// Number and date of the decision that ends it.
    decision: String,
}

/// On which receipts.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ReceivedOn)]
pub struct ReceivedOnBody {
    /// Only on these days of the week: `mon`–`sun`, or 1 (Monday) to 7.
    #[serde(default)]
    #[schema(value_type = Vec<String>, example = json!(["fri"]))]
    weekdays: Vec<DayOfWeek>,
    /// Only on the n-th such day of the month, 1–5.
    #[serde(default)]
    nth_week: Option<u8>,
    /// Only in this half of the day.
    #[serde(default)]
    session: Option<HalfDay>,
}

/// What is promised.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Effect)]
pub enum EffectBody {
    /// The result on the day of receipt.
    SameDay,
    /// The result within the session of receipt.
    SameSession,
    /// Nothing received on a Friday, or on the week's last working day, is put off past Sunday.
    NoWeekRollover,
    /// The result within so many working hours or working days.
    Within(LimitBody),
}

/// A day of the week, written as a word or a number.
#[derive(Debug, Clone, Copy)]
pub(super) struct DayOfWeek(pub(super) Weekday);

impl<'de> Deserialize<'de> for DayOfWeek {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Number(u8),
            Word(String),
        }
        let day = match Written::deserialize(deserializer)? {
            Written::Number(n) => n.checked_sub(1).and_then(|n| Weekday::try_from(n).ok()),
            Written::Word(word) => word.parse().ok(),
        };
        day.map(DayOfWeek).ok_or_else(|| D::Error::custom("no day of the week"))
    }
}

impl Serialize for DayOfWeek {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.to_string().to_lowercase())
    }
}

impl EffectBody {
    /// The effect; `name` is the field's.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when its limit makes no sense.
    pub(super) fn parsed(self, name: &str) -> Result<Effect, AppError> {
        Ok(match self {
            EffectBody::SameDay => Effect::SameDay,
            EffectBody::SameSession => Effect::SameSession,
            EffectBody::NoWeekRollover => Effect::NoWeekRollover,
            EffectBody::Within(limit) => Effect::Within(limit.parsed(&format!("{name}.within"))?),
        })
    }
}

impl From<Effect> for EffectBody {
    fn from(of: Effect) -> Self {
        match of {
            Effect::SameDay => EffectBody::SameDay,
            Effect::SameSession => EffectBody::SameSession,
            Effect::NoWeekRollover => EffectBody::NoWeekRollover,
            Effect::Within(limit) => EffectBody::Within(limit.into()),
        }
    }
}

impl From<ReceivedOnBody> for ReceivedOn {
    fn from(of: ReceivedOnBody) -> Self {
        let weekdays = of.weekdays.iter().map(|day| day.0).collect();
        ReceivedOn { weekdays, nth_week: of.nth_week, session: of.session }
    }
}

impl CommitmentBody {
    fn parsed(self) -> Result<Commitment, AppError> {
        Ok(Commitment {
            id: 0,
            unit: self.unit,
            subtree: self.subtree,
            selector: Selector {
                all: self.all,
                procedures: self.procedures,
                sectors: self.sectors,
                max_working_days: self.max_working_days,
            },
            received_on: self.received_on.into(),
            effect: self.effect.parsed("effect")?,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
            decision: self.decision,
        })
    }
}

impl From<&Commitment> for CommitmentBody {
    fn from(of: &Commitment) -> Self {
        CommitmentBody {
            unit: of.unit.clone(),
            subtree: of.subtree,
            all: of.selector.all,
            procedures: of.selector.procedures.clone(),
            sectors: of.selector.sectors.clone(),
            max_working_days: of.selector.max_working_days,
            received_on: ReceivedOnBody {
                weekdays: of.received_on.weekdays.iter().copied().map(DayOfWeek).collect(),
                nth_week: of.received_on.nth_week,
                session: of.received_on.session,
            },
            effect: of.effect.into(),
            valid_from: of.valid_from,
            valid_to: of.valid_to,
            decision: of.decision.clone(),
        }
    }
}

impl CommitmentView {
    fn drawn(of: &Commitment, end_decision: Option<&str>) -> CommitmentView {
        CommitmentView { id: of.id, of: of.into(), end_decision: end_decision.map(ToOwned::to_owned) }
    }
}

/// The commitments that bind the reader's units, the oldest first.
#[utoipa::path(tag = "catalogue", params(PageParams), responses((status = 200, body = Page<CommitmentView>)))]
#[get("/commitments")]
async fn list(
    app: web::Data<App>,
    (signed, language): (Signed, Language),
    params: Params<PageParams>,
) -> Result<web::Json<Page<CommitmentView>>, Problem> {
    let page = page::asked(params.0.limit, params.0.cursor, signed.0.clone(), language)?;
    let all: Vec<CommitmentView> = app
        .read(move |_, catalogue| {
            let bound = catalogue.commitments.iter().filter(|of| catalogue.concerns(of, &signed.0.unit));
            Ok(bound.map(|of| CommitmentView::drawn(of, catalogue.end_decision(of.id))).collect())
        })
        .await?;
    Ok(web::Json(page::of_all(all, &page, |of| of.id.to_string())?))
}

/// One commitment that binds the reader's units.
#[utoipa::path(tag = "catalogue", params(("id" = i64, Path, description = "Its key")), responses(
    (status = 200, body = CommitmentView),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
#[get("/commitments/{id}")]
async fn find(
    app: web::Data<App>,
    Signed(by): Signed,
    Code(id): Code,
    _params: Params<NoParams>,
) -> Result<web::Json<CommitmentView>, Problem> {
    let id = key(&id, "commitment")?;
    let found = app
        .read(move |_, catalogue| {
            let of = catalogue.commitment(id).filter(|of| catalogue.concerns(of, &by.unit));
            Ok(of.map(|of| CommitmentView::drawn(of, catalogue.end_decision(id))))
        })
        .await?;
    Ok(web::Json(found.ok_or(AppError::NotFound("commitment"))?))
}

/// Registers a commitment. For administrators, of a unit within their own.
#[utoipa::path(tag = "catalogue", request_body = CommitmentBody, responses(
    (status = 201, body = CommitmentView, headers(("Location" = String))),
    (status = 400, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
))]
#[post("/commitments")]
async fn create(
    app: web::Data<App>,
    signed: Signed,
    _params: Params<NoParams>,
    body: Body<CommitmentBody>,
) -> Result<HttpResponse, Problem> {
    let new = body.0.parsed()?;
    let made = commitments::commitment_create(&app, new, Some(signed.0)).await?;
    let location = format!("/api/v1/commitments/{}", made.id);
    Ok(HttpResponse::Created().insert_header((LOCATION, location)).json(CommitmentView::drawn(&made, None)))
}

/// Ends a commitment: gives it its last receipt day, by a decision. What it has bound stays bound. For administrators, of a unit within their own.
#[utoipa::path(tag = "catalogue", params(("id" = i64, Path, description = "Its key")), request_body = EndBody, responses(
    (status = 200, body = CommitmentView),
    (status = 400, body = ProblemView, content_type = "application/problem+json"),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
))]
#[patch("/commitments/{id}")]
async fn end(
    app: web::Data<App>,
    Signed(by): Signed,
    Code(id): Code,
    _params: Params<NoParams>,
    Body(body): Body<EndBody>,
) -> Result<web::Json<CommitmentView>, Problem> {
    let EndBody { valid_to, decision } = body;
    let end = End { valid_to, decision: decision.clone() };
    let ended = commitments::commitment_end(&app, key(&id, "commitment")?, end, Some(by)).await?;
    Ok(web::Json(CommitmentView::drawn(&ended, Some(&decision))))
}

/// Takes away a commitment that has bound no dossier; one that has can only be ended. For administrators, of a unit within their own.
#[utoipa::path(tag = "catalogue", params(("id" = i64, Path, description = "Its key")), responses(
    (status = 204),
    (status = 403, body = ProblemView, content_type = "application/problem+json"),
    (status = 404, body = ProblemView, content_type = "application/problem+json"),
    (status = 409, body = ProblemView, content_type = "application/problem+json"),
))]
#[delete("/commitments/{id}")]
async fn remove(
    app: web::Data<App>,
    Signed(by): Signed,
    Code(id): Code,
    _params: Params<NoParams>,
) -> Result<HttpResponse, Problem> {
    commitments::commitment_remove(&app, key(&id, "commitment")?, Some(by)).await?;
    Ok(HttpResponse::NoContent().finish())
}
