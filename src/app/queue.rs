//! The queue (*hồ sơ cần xử lý*): what waits for somebody's work, by the working time that is left.
//!
//! An officer's own queue holds their dossiers and those of nobody, for nobody else would see these; everybody else's holds those of their units.

use chrono::{DateTime, TimeDelta, Utc};

use super::access::{Principal, Right, Role};
use super::dossiers::{Page, cut, draw};
use super::view::{DossierView, Scene};
use super::{App, AppError, Catalogue, Fault};
use crate::domain::office_time::{local_date, midnight_after};
use crate::domain::standing::QueueGroup;
use crate::store::listing::Place;
use crate::store::queue::{QueueFilter, QueueTimes, queue_count, queue_list};
use crate::text::Lang;

/// Results are in the queue for so long; who has not come by then is looked for in the list.
const READY: TimeDelta = TimeDelta::days(30);

/// Which queue.
#[derive(Debug, Clone)]
pub struct QueueRequest {
    /// Whose.
    pub by: Principal,
    /// The reader's language.
    pub lang: Lang,
    /// An officer wants to see those of colleagues too.
    pub of_unit: bool,
    /// Which part of it; `None` for all that are open.
    pub group: Option<QueueGroup>,
    /// Where to read on.
    pub cursor: Option<String>,
    /// Rows at most.
    pub limit: i64,
}

impl QueueRequest {
    /// Whether it is an officer's own.
    pub fn is_own(&self) -> bool {
        self.by.role == Role::Officer && !self.of_unit
    }
}

/// A page of the queue, and how many wait in all.
#[derive(Debug, Clone)]
pub struct Queue {
    /// The rows, the least working time left first, those whose time stands still last.
    pub page: Page<DossierView>,
    /// All that are open.
    pub open: i64,
    /// Of these, the overdue.
    pub overdue: i64,
    /// Due today.
    pub today: i64,
    /// Due on the next working day.
    pub soon: i64,
    /// Paused or waiting for a supplement.
    pub halted: i64,
    /// Whether they are of more units than one.
    pub of_units: bool,
}

/// A page of somebody's queue. Which day is the next working day, the calendar of the reader's unit says.
///
/// # Errors
/// [`AppError::Invalid`] for a cursor that is none; the store's.
pub async fn queue(app: &App, request: QueueRequest) -> Result<Queue, AppError> {
    request.by.must(Right::Read)?;
    let now = app.clock().now();
    let after = request.cursor.as_deref().map(place).transpose()?;
    app.read(move |c, catalogue| {
        let units = catalogue.units.subtree(&request.by.unit);
        let of_units = units.len() > 1;
        let filter = QueueFilter {
            units: catalogue.narrowed(units),
            officer: request.is_own().then(|| request.by.name.clone()),
            group: request.group,
            at: times(catalogue, &request.by.unit, now)?,
        };
        let mut rows = queue_list(c, &filter, after.as_ref(), request.limit + 1)?;
        let next = cut(&mut rows, request.limit, |last| {
            format!("{}~{}", last.lapses_at.timestamp_micros(), last.code)
        });
        let mut count = |group| queue_count(c, &filter, group);
        let (open, overdue, today) =
            (count(None)?, count(Some(QueueGroup::Overdue))?, count(Some(QueueGroup::Today))?);
        let (soon, halted) = (count(Some(QueueGroup::Soon))?, count(Some(QueueGroup::Halted))?);
        let counted = match request.group {
            None => open,
            Some(QueueGroup::Overdue) => overdue,
            Some(QueueGroup::Today) => today,
            Some(QueueGroup::Soon) => soon,
            Some(QueueGroup::Halted) => halted,
            Some(QueueGroup::Ready) => count(Some(QueueGroup::Ready))?,
        };
        let items = draw(c, &Scene { catalogue, lang: request.lang, now }, rows, &request.by)?;
        let page = Page { items, next, count: counted, count_exact: true };
        Ok(Queue { page, open, overdue, today, soon, halted, of_units })
    })
    .await
}

fn times(catalogue: &Catalogue, unit: &str, now: DateTime<Utc>) -> Result<QueueTimes, AppError> {
    let today = local_date(now);
    let next = catalogue.calendar(unit)?.next_working_day(today).unwrap_or(today);
    Ok(QueueTimes {
        now: now.into(),
        today_ends: midnight_after(today).into(),
        soon_ends: midnight_after(next).into(),
        ready_since: (now - READY).into(),
    })
}

fn place(cursor: &str) -> Result<Place, AppError> {
    let read = || {
        let (micros, code) = cursor.split_once('~')?;
        let at = DateTime::<Utc>::from_timestamp_micros(micros.parse().ok()?)?;
        Some((at.into(), code.to_owned()))
    };
    let kept = !cursor.chars().any(char::is_control);
    read().filter(|_| kept).ok_or_else(|| AppError::invalid("cursor", Fault::Malformed))
}
