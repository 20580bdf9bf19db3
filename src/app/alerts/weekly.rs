//! What the weekly mail says to a unit: the numbers of last week and the week before it, and the ledger's anchors; and the mail of the anchors alone.
//!
//! The numbers are the reports' own ([`crate::domain::statistics`]), each week seen from its end.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc, Weekday};

use super::digest::Scene;
use super::places::Place;
use crate::app::reports::Scope;
use crate::app::reports::tallies::{tallies, total};
use crate::app::{AppError, ledger};
use crate::domain::ledger::Anchor;
use crate::domain::period::Period;
use crate::domain::statistics::GroupBy;
use crate::domain::{office_time, weekly};
use crate::store::AnyConnection;
use crate::text::Lang;
use crate::text::alerts::WeekSoFar;
use crate::text::anchors::{self, AnchorsNotice};
use crate::text::letter::Composed;
use crate::text::weekly::{WeekNumbers, WeeklyLinks, WeeklyNotice, compose};

type Anchors = Arc<Vec<(NaiveDate, Option<Anchor>)>>;

/// Writes the weekly messages of one slot. Anchors are the whole ledger's, so they are looked up once for all units that tell the same days.
#[derive(Default)]
pub(super) struct WeeklyWriter {
    anchors: HashMap<Vec<NaiveDate>, Anchors>,
}

impl WeeklyWriter {
    /// The message to the leaders of a unit; there always is one, be there something to tell or not.
    pub(super) fn message(
        &mut self,
        c: &mut AnyConnection,
        scene: Scene<'_>,
        unit: &str,
        lang: Lang,
    ) -> Result<Composed, AppError> {
        let today = office_time::local_date(scene.slot.at);
        let outside = |error: crate::domain::period::PeriodError| AppError::Internal(error.to_string());
        let week = weekly::week_before(today).map_err(outside)?;
        let before = week.before().map_err(outside)?;
        let days = weekly::days_anchored(&week, today, &*scene.catalogue.calendar(unit)?);
        let anchors = self.anchors(c, days)?;
        let units = scene.catalogue.units.subtree(unit);
        let notice = WeeklyNotice {
            lang,
            unit: scene.catalogue.unit_name(unit),
            slot: scene.slot.at,
            now: scene.slot.now,
            week: numbers(c, (unit, &units), week)?,
            before: numbers(c, (unit, &units), before)?,
            anchors: &anchors,
            links: links(scene, unit, &week),
        };
        compose(&notice).map_err(|error| AppError::Internal(error.to_string()))
    }

    /// The message that tells the ledger's anchors alone: those of the days since the last working day, that day included.
    pub(super) fn anchors_message(
        &mut self,
        c: &mut AnyConnection,
        scene: Scene<'_>,
        unit: &str,
        lang: Lang,
    ) -> Result<Composed, AppError> {
        let today = office_time::local_date(scene.slot.at);
        let calendar = scene.catalogue.calendar(unit)?;
        let first = calendar.subtract_working_days(today, 1).unwrap_or(today);
        let anchors = self.anchors(c, first.iter_days().take_while(|day| *day < today).collect())?;
        let notice = AnchorsNotice {
            lang,
            unit: scene.catalogue.unit_name(unit),
            slot: scene.slot.at,
            now: scene.slot.now,
            anchors: &anchors,
        };
        anchors::compose(&notice).map_err(|error| AppError::Internal(error.to_string()))
    }

    fn anchors(&mut self, c: &mut AnyConnection, days: Vec<NaiveDate>) -> Result<Anchors, AppError> {
        if let Some(known) = self.anchors.get(&days) {
            return Ok(Arc::clone(known));
        }
        let anchors = Arc::new(ledger::anchors(c, &days)?);
        self.anchors.insert(days, Arc::clone(&anchors));
        Ok(anchors)
    }
}

/// What a week came to, as a report on its days says it.
fn numbers(
    c: &mut AnyConnection,
    (unit, units): (&str, &[String]),
    days: Period,
) -> Result<WeekNumbers, AppError> {
    let tallies = tallies(c, &Scope::over(days, unit, units.to_vec()), GroupBy::Unit)?;
    Ok(WeekNumbers { days, tally: tallies.total })
}

/// What the week that runs has come to, as a report on its days up to now says it; `None` where no report can be about it.
pub(super) fn so_far(
    c: &mut AnyConnection,
    (unit, units): (&str, Vec<String>),
    now: DateTime<Utc>,
) -> Result<Option<WeekSoFar>, AppError> {
    let today = office_time::local_date(now);
    let from = today.week(Weekday::Mon).first_day();
    let Ok(days) = Period::between(from, today) else { return Ok(None) };
    let scope = Scope { now, ..Scope::over(days, unit, units) }.with_period(days, now);
    let kept = total(c, &scope)?.on_time_of_due();
    Ok(Some(WeekSoFar { from, kept }))
}

fn links(scene: Scene<'_>, unit: &str, week: &Period) -> WeeklyLinks {
    WeeklyLinks {
        report: scene.address(Place::Report(unit, week)),
        dossiers: scene.address(Place::Counted(unit, week)),
        overdue: scene.address(Place::Dossiers(unit, &[("overdue", "true")])),
    }
}
