//! What the calendar of a place says, day by day.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::catalogue::NATIONAL;
use super::{App, AppError, Fault};
use crate::domain::calendar::Day;

/// Days that may be asked for at once: three years.
const MOST_DAYS: i64 = 1_100;

/// A day.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DayView {
    /// The day.
    pub date: NaiveDate,
    /// Whether it counts as a working day.
    pub working: bool,
    /// What makes it other than its weekday: `holiday`, `compensatory`, `swapped`, `makeup`, `closure`; null when nothing does.
    #[schema(value_type = Option<String>, example = "makeup")]
    pub kind: Option<crate::domain::calendar::DayKind>,
    /// The name of that.
    pub name: Option<String>,
    /// The decree or law behind it.
    pub source: Option<String>,
    /// Whether the year's days off have not been announced.
    pub provisional: bool,
    /// When the counter is open.
    #[schema(value_type = Vec<Vec<String>>, example = json!([["07:30", "11:30"], ["13:00", "17:00"]]))]
    pub sessions: Vec<[String; 2]>,
}

/// The days from `from` to `to`, both taken in, of a scope: `national` or a unit's code.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown scope; [`AppError::Invalid`] for days in the wrong order, too many, or outside the calendar.
pub async fn days(
    app: &App,
    scope: String,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<DayView>, AppError> {
    if from > to || (to - from).num_days() >= MOST_DAYS {
        return Err(AppError::invalid("to", Fault::OutOfRange));
    }
    app.read(move |_, catalogue| {
        if scope != NATIONAL && catalogue.units.get(&scope).is_none() {
            return Err(AppError::NotFound("calendar"));
        }
        let calendar = catalogue.calendar(&scope)?;
        from.iter_days()
            .take_while(|date| *date <= to)
            .map(|date| {
                let day =
                    calendar.day(date).ok_or_else(|| AppError::invalid("from", Fault::BeyondCalendar))?;
                Ok(view(&day))
            })
            .collect()
    })
    .await
}

fn view(day: &Day<'_>) -> DayView {
    let time = |at: chrono::NaiveTime| at.format("%H:%M").to_string();
    DayView {
        date: day.date,
        working: day.working,
        kind: day.kind,
        name: day.name.map(ToOwned::to_owned),
        source: day.source.map(ToOwned::to_owned),
        provisional: day.provisional,
        sessions: day.sessions.iter().map(|session| [time(session.start), time(session.end)]).collect(),
    }
}
