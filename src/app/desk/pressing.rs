//! What presses: today, and before the weekend. Judged by `alerts::pressing`, as the morning's digest and Friday's mail are.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::{PlaceView, Seat};
use crate::app::access::Principal;
use crate::app::alerts::pressing::Look;
use crate::app::{App, AppError, Catalogue};
use crate::domain::alert::{Kind, Named, Outlook, Reason, Urgency};
use crate::domain::office_time::local_date;
use crate::text::alerts::Line;

/// Rows that a desk shows of what can still be saved.
const SAVABLE_SHOWN: usize = 10;
/// Rows that a desk shows of what may need an apology slip.
const APOLOGIES_SHOWN: usize = 5;
/// Officers that a list begins with.
const OFFICERS: usize = 30;
/// Rows of a page of the whole list.
const PAGE: usize = 50;

/// What can still be saved today; the counts are the morning digest's.
#[derive(Debug, Clone)]
pub struct TodayView {
    /// How many can still be saved.
    pub savable: usize,
    /// Of these, how many are due today by their limit.
    pub due: usize,
    /// Of these, how many a commitment wants resolved today.
    pub committed: usize,
    /// How many are due later and need an apology slip today should that day not be kept.
    pub apologies: usize,
    /// The first that can still be saved, the least working time left first.
    pub lines: Vec<Line>,
    /// The first that may need an apology slip.
    pub apology_lines: Vec<Line>,
}

/// What would roll over the weekend, in short.
#[derive(Debug, Clone, Copy)]
pub struct Friday {
    /// How many.
    pub count: usize,
    /// The last working day of the week; `None` when none of it is worked.
    pub last_day: Option<NaiveDate>,
    /// When the week's last session ends.
    pub closes_at: Option<DateTime<Utc>>,
}

/// Which of what presses is asked for.
#[derive(Debug, Clone)]
pub struct PressingRequest {
    /// Top of the units; `None` for the reader's own.
    pub unit: Option<String>,
    /// Today, or this week.
    pub outlook: Outlook,
    /// Of this officer alone; empty for what nobody is in charge of.
    pub officer: Option<String>,
    /// For this reason alone.
    pub reason: Option<Reason>,
    /// So many rows have been read before.
    pub skip: usize,
}

/// What presses, in order.
#[derive(Debug, Clone)]
pub struct PressingView {
    /// Whose, and when.
    pub place: PlaceView,
    /// By officer, the first who have most; whichever officer and reason are asked for.
    pub officers: Vec<OfficerRow>,
    /// How many officers there are besides.
    pub other_officers: usize,
    /// How many there are in all.
    pub all: usize,
    /// How many there are of the officer and for the reason asked for.
    pub count: usize,
    /// These rows of them.
    pub lines: Vec<Line>,
    /// Where the next rows begin; `None` at the end.
    pub next: Option<usize>,
    /// The week's end.
    pub friday: Friday,
}

/// An officer, and what of theirs presses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficerRow {
    /// The officer's name; empty for what nobody is in charge of.
    pub officer: String,
    /// How many.
    pub count: usize,
    /// The least working time left of them, in minutes.
    pub minutes_left: u32,
}

/// What presses and is not overdue, in order.
///
/// # Errors
/// [`AppError::NotFound`] for a unit that does not exist or that the reader does not see; the store's.
pub async fn pressing(app: &App, request: PressingRequest, by: Principal) -> Result<PressingView, AppError> {
    let (now, apology_lead) = (app.clock().now(), app.measures().apology_lead_working_days);
    app.read_at_once(move |c, catalogue| {
        let Seat { unit, place } = Seat::taken(catalogue, request.unit.as_deref(), &by, now)?;
        let look = Look { unit: &unit, at: now, apology_lead };
        let [mut named] = look.unlapsed(c, catalogue, [request.outlook])?;
        named.retain(|of| of.kind(request.outlook) == request.kind());
        let (all, mut officers) = (named.len(), officers(&named));
        let other_officers = officers.len().saturating_sub(OFFICERS);
        officers.truncate(OFFICERS);
        named.retain(|of| request.asks(of));
        let count = named.len();
        let shown = named.iter().skip(request.skip).take(PAGE);
        let next = request.skip.saturating_add(PAGE);
        Ok(PressingView {
            lines: shown.map(|of| line(catalogue, &unit, of)).collect(),
            next: (next < count).then_some(next),
            friday: Friday::of(catalogue, (&unit, now), all)?,
            place,
            officers,
            other_officers,
            all,
            count,
        })
    })
    .await
}

impl PressingRequest {
    /// What needs an apology slip is asked for by that reason alone: it is no part of what can still be saved.
    fn kind(&self) -> Kind {
        if self.reason == Some(Reason::ApologyDue) { Kind::Apology } else { Kind::Savable }
    }

    fn asks(&self, of: &Named) -> bool {
        let officer = of.dossier.officer.as_deref().unwrap_or_default();
        self.officer.as_deref().is_none_or(|asked| asked == officer)
            && self.reason.is_none_or(|reason| reason == of.reason)
    }
}

fn officers(named: &[Named]) -> Vec<OfficerRow> {
    let mut rows: BTreeMap<&str, OfficerRow> = BTreeMap::new();
    for of in named {
        let Urgency::Savable { minutes_left, .. } = of.urgency else { continue };
        let officer = of.dossier.officer.as_deref().unwrap_or_default();
        let new = || OfficerRow { officer: officer.to_owned(), count: 0, minutes_left };
        let row = rows.entry(officer).or_insert_with(new);
        row.count += 1;
        row.minutes_left = row.minutes_left.min(minutes_left);
    }
    let mut rows: Vec<OfficerRow> = rows.into_values().collect();
    rows.sort_by_key(|row| (std::cmp::Reverse(row.count), row.minutes_left));
    rows
}

fn line(catalogue: &Catalogue, unit: &str, of: &Named) -> Line {
    let elsewhere = of.dossier.unit != unit;
    Line {
        procedure: catalogue.procedure_name(&of.dossier.procedure).to_owned(),
        unit: elsewhere.then(|| catalogue.unit_name(&of.dossier.unit).to_owned()),
        link: None,
        named: of.clone(),
    }
}

impl TodayView {
    /// Of what is named and not overdue.
    pub(super) fn of(catalogue: &Catalogue, unit: &str, named: &[Named]) -> TodayView {
        let (savable, apologies): (Vec<&Named>, Vec<&Named>) =
            named.iter().partition(|of| of.kind(Outlook::Today) == Kind::Savable);
        let because = |reason| savable.iter().filter(|of| of.reason == reason).count();
        let shown = |of: &[&Named], most| -> Vec<Line> {
            of.iter().take(most).map(|of| line(catalogue, unit, of)).collect()
        };
        TodayView {
            savable: savable.len(),
            due: because(Reason::DueToday),
            committed: because(Reason::Committed),
            apologies: apologies.len(),
            lines: shown(&savable, SAVABLE_SHOWN),
            apology_lines: shown(&apologies, APOLOGIES_SHOWN),
        }
    }
}

impl Friday {
    pub(super) fn of(
        catalogue: &Catalogue,
        (unit, at): (&str, DateTime<Utc>),
        count: usize,
    ) -> Result<Friday, AppError> {
        let (calendar, today) = (catalogue.calendar(unit)?, local_date(at));
        let (last_day, closes_at) =
            (calendar.last_working_day_of_week(today), calendar.week_closes_at(today));
        Ok(Friday { count, last_day, closes_at })
    }

    /// Whether the week's work is over at an instant.
    #[must_use]
    pub fn is_over(&self, at: DateTime<Utc>) -> bool {
        self.closes_at.is_none_or(|end| end <= at)
    }
}
