//! What the alarm about the calendar says to administrators: the year that is not announced, and what reaches into it.

use chrono::NaiveDate;

use super::digest::Scene;
use super::places::Place;
use crate::app::AppError;
use crate::app::catalogue::NATIONAL;
use crate::domain::{foresight, office_time};
use crate::store::AnyConnection;
use crate::store::calendars::open_due_from;
use crate::text::Lang;
use crate::text::horizon::{HorizonNotice, compose};
use crate::text::letter::Composed;

/// What is not closed, as the list of dossiers filters by it.
const OPEN: &str = "processing,awaiting_supplement,paused";

/// The message to the administrators of a unit; `None` while everything rests on announced years.
pub(super) fn message(
    c: &mut AnyConnection,
    scene: Scene<'_>,
    unit: &str,
    lang: Lang,
) -> Result<Option<Composed>, AppError> {
    let national = scene.catalogue.calendar(NATIONAL)?;
    let today = office_time::local_date(scene.slot.at);
    let Some(year) = foresight::unannounced_from(&national, today) else { return Ok(None) };
    let Some(first_day) = NaiveDate::from_ymd_opt(year, 1, 1) else { return Ok(None) };
    let units = scene.catalogue.units_below(unit);
    let begins = office_time::instant(first_day, chrono::NaiveTime::MIN);
    let dossiers = open_due_from(c, units.as_deref(), begins.into())?;
    let calendar = scene.catalogue.calendar(unit)?;
    let reach = foresight::farthest(&calendar, scene.catalogue.procedures.values(), scene.slot.at);
    let Some(alarm) = foresight::alarm(year, dossiers, reach) else { return Ok(None) };
    let from = office_time::local(begins).to_rfc3339();
    let notice = HorizonNotice {
        lang,
        unit: scene.catalogue.unit_name(unit),
        slot: scene.slot.at,
        now: scene.slot.now,
        alarm,
        dossiers_link: scene.address(Place::Dossiers(unit, &[("status__in", OPEN), ("due_at__gte", &from)])),
    };
    compose(&notice).map(Some).map_err(|error| AppError::Internal(error.to_string()))
}
