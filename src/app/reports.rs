//! Reports: what a period came to, by the definitions of [`crate::domain::statistics`].
//!
//! A report is read in one query and says of itself whether its equations hold. Its table form is in [`super::report_tables`].

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::access::{Principal, Right};
use super::view::OfficeTime;
use super::{App, AppError, Catalogue, Fault};
use crate::domain::office_time;
use crate::domain::period::{Period, PeriodError};
use crate::domain::statistics::{GroupBy, Rate, Tally, Window};
use crate::store::reports::{Counted, standings_count};
use crate::text::{Lang, reports as text};

/// The form's name in TT 01/2020/TT-VPCP.
const FORM: &str = "II.06a/VPCP";

/// What a processing report is asked for.
#[derive(Debug, Clone)]
pub struct ProcessingRequest {
    /// The period's label (`2026-09`, `2026-Q3-civil`); `None` for the official month that runs now, or the days below.
    pub period: Option<String>,
    /// First day of any two.
    pub from: Option<NaiveDate>,
    /// Last day of any two, included.
    pub to: Option<NaiveDate>,
    /// The instant to look from; `None` for now or the period's end, whichever is earlier.
    pub as_of: Option<DateTime<Utc>>,
    /// Top of the units it is about; `None` for the reader's own.
    pub unit: Option<String>,
    /// What a row stands for.
    pub group_by: GroupBy,
    /// The language of the few words that are no data.
    pub lang: Lang,
}

/// Form II.06a/VPCP with what is asked for beside it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProcessingReport {
    /// The form.
    #[schema(example = "II.06a/VPCP")]
    pub form: &'static str,
    /// The period.
    pub period: PeriodView,
    /// The instant it is seen from; never after the period's end.
    pub as_of: OfficeTime,
    /// Top of the units it is about, with all below it.
    pub unit: String,
    /// What a row stands for.
    pub group_by: GroupBy,
    /// The newest calendar version that the due dates rest on.
    pub calendar_version: i64,
    /// One row each with any dossier in the period, sorted by key.
    pub rows: Vec<ProcessingRow>,
    /// All rows together; its key is the unit.
    pub total: ProcessingRow,
    /// Whether the form's equations hold.
    pub checks: ChecksView,
    /// Lists exactly the dossiers of column (3) of the total.
    pub dossiers: String,
}

/// A period.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PeriodView {
    /// As it is asked for.
    #[schema(example = "2026-09")]
    pub label: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day, included.
    pub to: NaiveDate,
}

/// One row of the form: columns (2) to (13) and what stands beside them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProcessingRow {
    /// The unit's or procedure's code, the sector, or the officer's name; empty for dossiers nobody is in charge of.
    pub key: String,
    /// (2) The name to show.
    pub name: String,
    /// (3) to (6).
    pub received: ReceivedView,
    /// (7) to (10).
    pub resolved: ResolvedView,
    /// (11) to (13).
    pub in_progress: InProgressView,
    /// Closed late or overdue, with an apology.
    pub late_with_apology: u32,
    /// Closed late or overdue, without one.
    pub late_without_apology: u32,
    /// (7) by the way of closing.
    pub closed_as: ClosedAsView,
    /// Shares.
    pub rates: RatesView,
    /// QĐ 766/QĐ-TTg "Tiến độ giải quyết", 0 to 20; null when nothing was due.
    pub points_766: Option<f64>,
}

/// Dossiers of the period by where they came from.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct ReceivedView {
    /// (3) All.
    pub total: u32,
    /// (4) Received online.
    pub online: u32,
    /// (5) Received at the counter and by post.
    pub direct: u32,
    /// (6) Carried over from the period before.
    pub carried_over: u32,
}

/// Dossiers closed in the period.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct ResolvedView {
    /// (7) All.
    pub total: u32,
    /// (8) Before the due day.
    pub early: u32,
    /// (9) On time.
    pub on_time: u32,
    /// (10) Late.
    pub late: u32,
}

/// Dossiers open at `as_of`.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct InProgressView {
    /// (11) All.
    pub total: u32,
    /// (12) Within the limit.
    pub within_limit: u32,
    /// (13) Overdue.
    pub overdue: u32,
    /// Of (12), those whose limit stands still.
    pub suspended: u32,
}

/// Closed dossiers by the way of closing.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct ClosedAsView {
    /// With a result.
    pub resolved: u32,
    /// Refused.
    pub refused: u32,
    /// Withdrawn by the citizen.
    pub withdrawn: u32,
    /// Stopped.
    pub stopped: u32,
}

/// The shares of a row.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct RatesView {
    /// Early and on time, of (7).
    pub on_time_of_resolved: RateView,
    /// Early and on time, of (7) and (13).
    pub on_time_of_due: RateView,
    /// Late and overdue, of (7) and (13).
    pub late_of_due: RateView,
}

/// A share.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct RateView {
    /// How many.
    pub numerator: u32,
    /// Of how many.
    pub denominator: u32,
    /// The ratio, 0 to 1; null when the denominator is 0.
    pub value: Option<f64>,
}

/// Whether a report's equations hold; they must, and a report says so itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChecksView {
    /// Whether all do.
    pub ok: bool,
    /// Those that do not, with the row.
    pub violations: Vec<String>,
}

/// The processing report of a unit and all below it.
///
/// # Errors
/// [`AppError::Invalid`] naming `period`, `from`, `to`, `as_of`, or `unit` for one that the reader does not see; the store's.
pub async fn processing(
    app: &App,
    request: ProcessingRequest,
    by: Principal,
) -> Result<ProcessingReport, AppError> {
    let now = app.clock().now();
    let period = period_of(&request, now)?;
    let as_of = request.as_of.unwrap_or(now).min(period.end());
    if as_of > now {
        return Err(AppError::invalid("as_of", Fault::InFuture));
    }
    let window = Window::new(&period, as_of);
    app.read(move |c, catalogue| {
        let unit = unit_of(&request, &by, catalogue)?;
        let units = catalogue.units.subtree(&unit);
        let counted = standings_count(c, &units, request.group_by, &window)?;
        let scene = Drawing { catalogue, unit: &unit, request: &request };
        Ok(scene.report(&period, &window, &counted))
    })
    .await
}

fn period_of(request: &ProcessingRequest, now: DateTime<Utc>) -> Result<Period, AppError> {
    let read = match (&request.period, request.from, request.to) {
        (Some(_), Some(_), _) | (Some(_), _, Some(_)) => {
            return Err(AppError::invalid("period", Fault::Conflicting));
        }
        (None, Some(_), None) => return Err(AppError::invalid("to", Fault::Required)),
        (None, None, Some(_)) => return Err(AppError::invalid("from", Fault::Required)),
        (Some(label), None, None) => Period::parse(label).map_err(|error| (error, "period")),
        (None, Some(from), Some(to)) => Period::between(from, to).map_err(|error| (error, "to")),
        (None, None, None) => {
            Period::official_month_of(office_time::local_date(now)).map_err(|error| (error, "period"))
        }
    };
    read.map_err(|(error, name)| match error {
        PeriodError::Malformed => AppError::invalid(name, Fault::Malformed),
        PeriodError::OutOfRange | PeriodError::Reversed => AppError::invalid(name, Fault::OutOfRange),
    })
}

fn unit_of(request: &ProcessingRequest, by: &Principal, catalogue: &Catalogue) -> Result<String, AppError> {
    by.must(Right::Read)?;
    let unit = request.unit.as_ref().unwrap_or(&by.unit);
    let known = catalogue.units.get(unit).is_some() && by.sees(unit, &catalogue.units);
    // As lists do: whoever may not read of a unit does not learn whether there is one.
    if known { Ok(unit.clone()) } else { Err(AppError::invalid("unit", Fault::UnknownReference)) }
}

/// What a report is drawn against.
struct Drawing<'a> {
    catalogue: &'a Catalogue,
    unit: &'a str,
    request: &'a ProcessingRequest,
}

impl Drawing<'_> {
    fn report(&self, period: &Period, window: &Window, counted: &[Counted]) -> ProcessingReport {
        let mut by_key: BTreeMap<&str, Tally> = BTreeMap::new();
        let mut total = Tally::default();
        for some in counted {
            by_key.entry(&some.key).or_default().add(some.standing, some.count);
            total.add(some.standing, some.count);
        }
        let checks = checks(&by_key, &total);
        if !checks.ok {
            // Without the rows' names, which may be officers'.
            tracing::error!(period = %period, unit = self.unit, broken = checks.violations.len(), total = ?total.violations(),
                "a report's equations do not hold");
        }
        let name = self.catalogue.unit_name(self.unit);
        ProcessingReport {
            form: FORM,
            period: PeriodView { label: period.to_string(), from: period.from(), to: period.to() },
            as_of: window.as_of().into(),
            unit: self.unit.to_owned(),
            group_by: self.request.group_by,
            calendar_version: self.catalogue.calendar_version,
            rows: by_key.iter().map(|(key, tally)| row(key, self.name(key), tally)).collect(),
            total: row(self.unit, name, &total),
            checks,
            dossiers: link(self.unit, window),
        }
    }

    fn name<'a>(&'a self, key: &'a str) -> &'a str {
        match self.request.group_by {
            GroupBy::Unit => self.catalogue.unit_name(key),
            GroupBy::Procedure => self.catalogue.procedures.get(key).map_or(key, |of| &of.name),
            GroupBy::Officer if key.is_empty() => text::nobody(self.request.lang),
            GroupBy::Sector | GroupBy::Officer => key,
        }
    }
}

fn checks(by_key: &BTreeMap<&str, Tally>, total: &Tally) -> ChecksView {
    let mut violations: Vec<String> = by_key
        .iter()
        .flat_map(|(key, tally)| tally.violations().into_iter().map(move |of| format!("{key}: {of}")))
        .collect();
    violations.extend(total.violations().into_iter().map(|of| format!("total: {of}")));
    let mut sum = Tally::default();
    for tally in by_key.values() {
        sum += *tally;
    }
    if sum != *total {
        violations.push("total=sum of rows".to_owned());
    }
    ChecksView { ok: violations.is_empty(), violations }
}

/// The list that finds exactly the dossiers of column (3).
pub(super) fn link(unit: &str, window: &Window) -> String {
    let written = |at| office_time::local(at).to_rfc3339_opts(SecondsFormat::AutoSi, false);
    let (before, open_at) = (written(window.cut()), written(window.open_from()));
    let parameters =
        [("unit", unit), ("subtree", "true"), ("received_at__lt", &before), ("open_at", &open_at)];
    // Pairs of texts can always be written.
    let query = serde_urlencoded::to_string(parameters).unwrap_or_default();
    format!("/api/v1/dossiers?{query}")
}

fn row(key: &str, name: &str, of: &Tally) -> ProcessingRow {
    ProcessingRow {
        key: key.to_owned(),
        name: name.to_owned(),
        received: ReceivedView {
            total: of.received,
            online: of.online,
            direct: of.direct,
            carried_over: of.carried_over,
        },
        resolved: ResolvedView { total: of.resolved, early: of.early, on_time: of.on_time, late: of.late },
        in_progress: InProgressView {
            total: of.in_progress,
            within_limit: of.within_limit,
            overdue: of.overdue,
            suspended: of.suspended,
        },
        late_with_apology: of.late_with_apology,
        late_without_apology: of.late_without_apology,
        closed_as: ClosedAsView {
            resolved: of.closed_resolved,
            refused: of.closed_refused,
            withdrawn: of.closed_withdrawn,
            stopped: of.closed_stopped,
        },
        rates: RatesView {
            on_time_of_resolved: of.on_time_of_resolved().into(),
            on_time_of_due: of.on_time_of_due().into(),
            late_of_due: of.late_of_due().into(),
        },
        points_766: of.points_766(),
    }
}

impl From<Rate> for RateView {
    fn from(of: Rate) -> Self {
        RateView { numerator: of.numerator, denominator: of.denominator, value: of.value() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::statistics::{Progress, Source, Standing};

    #[test]
    fn a_row_that_does_not_add_up_is_shown() {
        let standing = Standing { source: Source::Direct, progress: Progress::Overdue, apologised: false };
        let mut sound = Tally::default();
        sound.add(standing, 2);
        let rows = BTreeMap::from([("A", sound)]);
        assert_eq!(checks(&rows, &sound), ChecksView { ok: true, violations: vec![] });
        let broken = Tally { overdue: 1, ..sound };
        let shown = checks(&BTreeMap::from([("A", broken)]), &sound);
        assert_eq!(shown.violations, ["A: 11=12+13", "A: 10+13=with+without apology", "total=sum of rows"]);
        assert!(!shown.ok);
    }

    #[test]
    fn the_link_is_written_for_a_query_string() {
        let window = Window::new(&Period::parse("2026-09").unwrap(), DateTime::<Utc>::MAX_UTC);
        assert_eq!(
            link("H19", &window),
            "/api/v1/dossiers?unit=H19&subtree=true&received_at__lt=2026-09-15T00%3A00%3A00%2B07%3A00\
             &open_at=2026-08-15T00%3A00%3A00%2B07%3A00"
        );
    }
}
