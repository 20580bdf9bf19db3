//! Form II.06a/VPCP "Tình hình, kết quả giải quyết thủ tục hành chính", by the definitions of [`crate::domain::statistics`].
//!
//! A report says of itself whether its equations hold. Its table form is in [`super::tables`].

use chrono::{Days, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;

use super::columns::{ClosedAsView, InProgressView, ReceivedView, ResolvedView};
use super::heading::{list, query, row_name, written};
use super::links::Links;
use super::points::{PointsView, points};
use super::tallies::{Tallies, tallies};
use super::{Asked, PeriodView, RateView, Scope};
use crate::app::access::Principal;
use crate::app::view::OfficeTime;
use crate::app::{App, AppError, Catalogue, Fault};
use crate::domain::office_time::local_date;
use crate::domain::period::Period;
use crate::domain::scheme::Scheme;
use crate::domain::statistics::{GroupBy, Tally, Window};
use crate::store::AnyConnection;
use crate::text::Lang;

/// The form's name in TT 01/2020/TT-VPCP.
const FORM: &str = "II.06a/VPCP";

/// What a processing report is asked for.
#[derive(Debug, Clone)]
pub struct ProcessingRequest {
    /// Of when and whom.
    pub asked: Asked,
    /// What a row stands for.
    pub group_by: GroupBy,
    /// What it is to be compared with.
    pub compare: Vec<Comparison>,
}

words! {
    /// What a report is compared with.
    Comparison {
        /// The period before.
        Previous = "previous",
        /// The same period a year before.
        Year = "year",
    }
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
    /// Whether that instant is still to come: what will be if nothing is received and nothing is closed until then.
    pub forecast: bool,
    /// Top of the units it is about, with all below it.
    pub unit: String,
    /// The day by whose tree of units it goes, where that is not today's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub units_as_of: Option<NaiveDate>,
    /// The one sector whose dossiers it counts, where it was asked for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sector: Option<String>,
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
    /// The periods it was to be compared with, in the order they were asked for.
    pub comparisons: Vec<ComparedView>,
    /// Lists exactly the dossiers of column (3) of the total.
    pub dossiers: String,
}

/// Another period, counted in the same way.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ComparedView {
    /// Which.
    pub with: Comparison,
    /// The period.
    pub period: PeriodView,
    /// The instant it is seen from: its end, or, while the period it is compared with still runs, the end of as many days of it.
    pub as_of: OfficeTime,
    /// One row each with any dossier in that period, sorted by key.
    pub rows: Vec<ProcessingRow>,
    /// All rows together; its key is the unit.
    pub total: ProcessingRow,
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
    /// Points by the office's own schemes, in their order; absent where it has none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub points: Vec<PointsView>,
    /// For each number, by its place in this row (`resolved.late`), the address of the list of exactly the dossiers it counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<std::collections::BTreeMap<String, String>>)]
    pub links: Option<Links>,
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
    /// Early and on time, of (7) and (13), by QĐ 766/QĐ-TTg: what was sent back for a supplement more than once counts as late.
    pub on_time_766: RateView,
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
/// Those of [`Asked::scope`]; the store's.
pub async fn processing(
    app: &App,
    request: ProcessingRequest,
    by: Principal,
) -> Result<ProcessingReport, AppError> {
    processing_of(app, request, None, by).await
}

/// The same of the dossiers of one sector, where one is named: what a row of sectors is made of.
///
/// # Errors
/// As [`processing`].
pub async fn processing_of(
    app: &App,
    request: ProcessingRequest,
    sector: Option<String>,
    by: Principal,
) -> Result<ProcessingReport, AppError> {
    let (now, schemes) = (app.clock().now(), app.schemes().to_vec());
    app.read_at_once(move |c, catalogue| {
        let scope = Scope { sector, ..request.asked.scope(catalogue, &by, now)? };
        evaluated(c, catalogue, &scope, &request, &schemes)
    })
    .await
}

/// The report of a scope; all its reads have to see one state.
pub(super) fn evaluated(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    scope: &Scope,
    request: &ProcessingRequest,
    schemes: &[Scheme],
) -> Result<ProcessingReport, AppError> {
    let counted = tallies(c, scope, request.group_by)?;
    let compared = request.compare.iter().map(|with| Compared::count(c, scope, request, *with));
    let compared: Vec<Compared> = compared.collect::<Result<_, _>>()?;
    let Asked { lang, .. } = request.asked;
    let drawing = Drawing { catalogue, scope, group_by: request.group_by, lang, schemes };
    Ok(ProcessingReport {
        forecast: scope.is_forecast(),
        units_as_of: request.asked.units_as_of,
        sector: scope.sector.clone(),
        ..drawing.report(&counted, &compared)
    })
}

/// A period to compare with, counted.
struct Compared {
    with: Comparison,
    scope: Scope,
    tallies: Tallies,
}

impl Compared {
    fn count(
        c: &mut AnyConnection,
        scope: &Scope,
        request: &ProcessingRequest,
        with: Comparison,
    ) -> Result<Compared, AppError> {
        let period = match with {
            Comparison::Previous => scope.period.before(),
            Comparison::Year => scope.period.year_before(),
        };
        let beyond = |_| AppError::invalid("compare", Fault::OutOfRange);
        let period = period.map_err(beyond)?;
        let scope = match as_far(scope, &period) {
            Some(last) => scope.with_days_of(period, last).map_err(beyond)?,
            None => scope.with_period(period, period.start()),
        };
        Ok(Compared { with, tallies: tallies(c, &scope, request.group_by)?, scope })
    }
}

/// The last day of a period that is set against one that is over; the last of as many days of it as have begun of one that still runs, `None` when none has.
fn as_far(scope: &Scope, period: &Period) -> Option<NaiveDate> {
    if scope.window.as_of() == scope.period.end() {
        return Some(period.to());
    }
    let begun = (local_date(scope.window.as_of()) - scope.period.from()).num_days();
    let day = period.from().checked_add_days(Days::new(u64::try_from(begun).ok()?))?;
    Some(day.min(period.to()))
}

/// What a report is drawn against.
struct Drawing<'a> {
    catalogue: &'a Catalogue,
    scope: &'a Scope,
    group_by: GroupBy,
    lang: Lang,
    schemes: &'a [Scheme],
}

impl Drawing<'_> {
    fn report(&self, tallies: &Tallies, compared: &[Compared]) -> ProcessingReport {
        let Scope { period, window, unit, .. } = self.scope;
        let checks = checks(tallies, compared);
        if !checks.ok {
            // Without the rows' names, which may be officers'.
            tracing::error!(%period, unit, broken = checks.violations.len(), total = ?tallies.total.violations(),
                "a report's equations do not hold");
        }
        let name = self.catalogue.unit_name(unit);
        ProcessingReport {
            form: FORM,
            period: period.into(),
            as_of: window.as_of().into(),
            forecast: false,
            unit: unit.clone(),
            units_as_of: None,
            sector: None,
            group_by: self.group_by,
            calendar_version: self.catalogue.calendar_version,
            rows: self.rows(tallies),
            total: self.row(unit, name, &tallies.total),
            checks,
            comparisons: compared.iter().map(|of| self.compared(of)).collect(),
            dossiers: of_sector(link(unit, window), self.scope.sector.as_deref()),
        }
    }

    fn rows(&self, tallies: &Tallies) -> Vec<ProcessingRow> {
        let Drawing { catalogue, group_by, lang, .. } = *self;
        let row = |(key, of): (&String, &Tally)| self.row(key, row_name(catalogue, group_by, key, lang), of);
        tallies.by_key.iter().map(row).collect()
    }

    fn compared(&self, of: &Compared) -> ComparedView {
        ComparedView {
            with: of.with,
            period: (&of.scope.period).into(),
            as_of: of.scope.window.as_of().into(),
            rows: self.rows(&of.tallies),
            total: self.row(&of.scope.unit, self.catalogue.unit_name(&of.scope.unit), &of.tallies.total),
        }
    }

    /// A row with the points of the office's own schemes.
    fn row(&self, key: &str, name: &str, of: &Tally) -> ProcessingRow {
        ProcessingRow { points: points(self.schemes, of), ..row(key, name, of) }
    }
}

fn checks(tallies: &Tallies, compared: &[Compared]) -> ChecksView {
    let Tallies { by_key, total, broken } = tallies;
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
    violations.extend(broken.iter().cloned());
    violations.extend(compared.iter().flat_map(|of| carried_over(tallies, of)));
    ChecksView { ok: violations.is_empty(), violations }
}

/// Where what the period before left open is not what this one began with.
fn carried_over(tallies: &Tallies, before: &Compared) -> Vec<String> {
    let left = &before.tallies;
    let whole = before.scope.window.as_of() == before.scope.period.end();
    if before.with != Comparison::Previous || !whole {
        return Vec::new();
    }
    let open = |of: Option<&Tally>| of.map_or(0, |tally| tally.in_progress);
    let begun = |of: Option<&Tally>| of.map_or(0, |tally| tally.carried_over);
    let keys = left.by_key.keys().chain(tallies.by_key.keys().filter(|key| !left.by_key.contains_key(*key)));
    let rows = keys.filter(|key| open(left.by_key.get(*key)) != begun(tallies.by_key.get(*key)));
    let broken = rows.map(|key| format!("{key}: 6=11 of the period before")).collect();
    let total = (left.total.in_progress != tallies.total.carried_over)
        .then(|| "total: 6=11 of the period before".to_owned());
    [broken, Vec::from_iter(total)].concat()
}

/// The list that finds exactly the dossiers of column (3).
pub(in crate::app) fn link(unit: &str, window: &Window) -> String {
    let (before, open_at) = (written(window.cut()), written(window.open_from()));
    let asked = [("unit", unit), ("subtree", "true"), ("received_at__lt", &before), ("open_at", &open_at)];
    list("dossiers", &asked)
}

/// The same list of one sector alone.
fn of_sector(link: String, sector: Option<&str>) -> String {
    match sector {
        None => link,
        Some(sector) => format!("{link}&{}", query(&[("sector", sector)])),
    }
}

pub(super) fn row(key: &str, name: &str, of: &Tally) -> ProcessingRow {
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
            on_time_766: of.on_time_766().into(),
        },
        points_766: of.points_766(),
        points: Vec::new(),
        links: None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::{DateTime, Utc};

    use super::*;
    use crate::domain::statistics::{Progress, Source, Standing};

    #[test]
    fn a_row_that_does_not_add_up_is_shown() {
        let standing = Standing {
            source: Source::Direct,
            progress: Progress::Overdue,
            apologised: false,
            twice_supplemented: false,
        };
        let mut sound = Tally::default();
        sound.add(standing, 2);
        let of = |row| {
            let by_key = BTreeMap::from([("A".to_owned(), row)]);
            checks(&Tallies { by_key, total: sound, broken: Vec::new() }, &[])
        };
        assert_eq!(of(sound), ChecksView { ok: true, violations: vec![] });
        let shown = of(Tally { overdue: 1, ..sound });
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
