//! The leader's desk: what can still be saved today, what is overdue and with whom, what would roll over the weekend, how the rate went, how the
//! commitments were kept, and what comes next.
//!
//! All of it is read of one instant. What presses is judged where the mails have it judged, so that desk and mail agree; rates are the reports' own. A number
//! comes with the address of the list of exactly what it counts.

mod compliance;
mod forecast;
mod going;
mod overdue;
pub mod pressing;

use chrono::{DateTime, Utc};

use super::access::{Principal, Right};
use super::alerts::pressing::Look;
use super::reports::{Asked, Scope};
use super::{App, AppError, Catalogue};
use crate::domain::alert::Outlook;
use crate::domain::steps::StepBy;
use crate::text::Lang;

pub use compliance::ComplianceView;
pub use forecast::ForecastView;
pub use going::{GoingView, StepLinks};
pub use overdue::{OverdueRow, OverdueTable, OverdueView};
use pressing::{Friday, TodayView};

/// Whose desk.
#[derive(Debug, Clone)]
pub struct DeskRequest {
    /// Top of the units; `None` for the reader's own.
    pub unit: Option<String>,
    /// How long the steps of the rate are; `None` for what suits the unit.
    pub steps: Option<StepBy>,
    /// The reader's language.
    pub lang: Lang,
}

/// A unit by code and name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitView {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// Of which unit a desk is, and when it is looked at.
#[derive(Debug, Clone)]
pub struct PlaceView {
    /// The instant.
    pub now: DateTime<Utc>,
    /// Whether the unit works on this day.
    pub working: bool,
    /// The unit.
    pub unit: UnitView,
    /// The units above it that the reader sees, the topmost first.
    pub above: Vec<UnitView>,
    /// The units directly below it.
    pub below: Vec<UnitView>,
}

/// The desk of a unit and all below it.
#[derive(Debug, Clone)]
pub struct DeskView {
    /// Whose, and when.
    pub place: PlaceView,
    /// What can still be saved today.
    pub today: TodayView,
    /// What would roll over the weekend.
    pub friday: Friday,
    /// What is overdue.
    pub overdue: OverdueView,
    /// What falls due next.
    pub forecast: Vec<ForecastView>,
    /// How the rate went.
    pub going: GoingView,
    /// How the commitments were kept.
    pub compliance: ComplianceView,
}

/// The desk of a unit.
///
/// # Errors
/// [`AppError::NotFound`] for a unit that does not exist or that the reader does not see; the store's.
pub async fn desk(app: &App, request: DeskRequest, by: Principal) -> Result<DeskView, AppError> {
    let (now, apology_lead) = (app.clock().now(), app.measures().apology_lead_working_days);
    app.read_at_once(move |c, catalogue| {
        let Seat { unit, place } = Seat::taken(catalogue, request.unit.as_deref(), &by, now)?;
        let scope = asked(&unit, request.lang).scope(catalogue, &by, now)?;
        let look = Look { unit: &unit, at: now, apology_lead };
        let [today, week] = look.unlapsed(c, catalogue, [Outlook::Today, Outlook::ThisWeek])?;
        let whole = place.below.is_empty();
        let steps = request.steps.unwrap_or(if whole { StepBy::Week } else { StepBy::Month });
        Ok(DeskView {
            today: TodayView::of(catalogue, &unit, &today),
            friday: Friday::of(catalogue, (&unit, now), week.len())?,
            overdue: overdue::read(c, catalogue, &scope, request.lang)?,
            forecast: forecast::read(c, catalogue, &scope)?,
            going: going::read(c, catalogue, &scope, steps)?,
            compliance: compliance::read(c, catalogue, &scope, request.lang)?,
            place,
        })
    })
    .await
}

/// The reports of the official month that runs, for a unit and all below it.
fn asked(unit: &str, lang: Lang) -> Asked {
    Asked {
        period: None,
        from: None,
        to: None,
        as_of: None,
        unit: Some(unit.to_owned()),
        units_as_of: None,
        lang,
    }
}

/// A reader at a unit's desk.
struct Seat {
    unit: String,
    place: PlaceView,
}

impl Seat {
    /// # Errors
    /// [`AppError::NotFound`] for a unit that does not exist or that the reader does not see: who may not read of it does not learn whether there is one.
    fn taken(
        catalogue: &Catalogue,
        unit: Option<&str>,
        by: &Principal,
        now: DateTime<Utc>,
    ) -> Result<Seat, AppError> {
        by.must(Right::Read)?;
        let code = unit.unwrap_or(&by.unit);
        let units = &catalogue.units;
        let of = units.get(code).filter(|_| by.sees(code, units)).ok_or(AppError::NotFound("unit"))?;
        let view = |code: &str, name: &str| UnitView { code: code.to_owned(), name: name.to_owned() };
        let lineage = units.lineage(code).into_iter().skip(1).filter(|of| by.sees(&of.code, units));
        let mut above: Vec<UnitView> = lineage.map(|of| view(&of.code, &of.name)).collect();
        above.reverse();
        let today = crate::domain::office_time::local_date(now);
        let below = units.children(code).into_iter().filter(|of| !of.has_ended(today));
        let place = PlaceView {
            now,
            working: catalogue.calendar(code)?.is_working(today),
            unit: view(&of.code, &of.name),
            above,
            below: below.map(|of| view(&of.code, &of.name)).collect(),
        };
        Ok(Seat { unit: of.code.clone(), place })
    }
}

/// What the filters of a list begin with that is about a scope: its unit, with all below it as lists have it.
fn about(scope: &Scope) -> [(&str, &str); 1] {
    [("unit", scope.unit.as_str())]
}
