//! Form II.06a/VPCP "Tình hình, kết quả giải quyết thủ tục hành chính", by the definitions of [`crate::domain::statistics`].
//!
//! A report says of itself whether its equations hold. Its table form is in [`super::tables`].

use chrono::SecondsFormat;
use serde::Serialize;
use utoipa::ToSchema;

use super::tallies::{Tallies, tallies};
use super::{Asked, PeriodView, RateView, Scope};
use crate::app::access::Principal;
use crate::app::view::OfficeTime;
use crate::app::{App, AppError, Catalogue};
use crate::domain::office_time;
use crate::domain::scheme::Scheme;
use crate::domain::statistics::{GroupBy, Tally, Window};
use crate::text::{Lang, reports as text};

/// The form's name in TT 01/2020/TT-VPCP.
const FORM: &str = "II.06a/VPCP";

/// What a processing report is asked for.
#[derive(Debug, Clone)]
pub struct ProcessingRequest {
    /// Of when and whom.
    pub asked: Asked,
    /// What a row stands for.
    pub group_by: GroupBy,
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
}

/// Points by one of the office's own schemes.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PointsView {
    /// The scheme's name.
    pub scheme: String,
    /// The points; null when its rate is of nothing.
    pub points: Option<f64>,
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
    let (now, schemes) = (app.clock().now(), app.schemes().to_vec());
    app.read(move |c, catalogue| {
        let scope = request.asked.scope(catalogue, &by, now)?;
        let tallies = tallies(c, &scope, request.group_by)?;
        let drawing = Drawing {
            catalogue,
            scope: &scope,
            group_by: request.group_by,
            lang: request.asked.lang,
            schemes: &schemes,
        };
        Ok(drawing.report(&tallies))
    })
    .await
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
    fn report(&self, tallies: &Tallies) -> ProcessingReport {
        let Scope { period, window, unit, .. } = self.scope;
        let checks = checks(tallies);
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
            unit: unit.clone(),
            group_by: self.group_by,
            calendar_version: self.catalogue.calendar_version,
            rows: tallies.by_key.iter().map(|(key, tally)| self.row(key, self.name(key), tally)).collect(),
            total: self.row(unit, name, &tallies.total),
            checks,
            dossiers: link(unit, window),
        }
    }

    /// A row with the points of the office's own schemes.
    fn row(&self, key: &str, name: &str, of: &Tally) -> ProcessingRow {
        let points =
            |scheme: &Scheme| PointsView { scheme: scheme.name().to_owned(), points: scheme.points(of) };
        ProcessingRow { points: self.schemes.iter().map(points).collect(), ..row(key, name, of) }
    }

    fn name<'a>(&'a self, key: &'a str) -> &'a str {
        name(self.catalogue, self.group_by, key, self.lang)
    }
}

/// The name of a row.
pub(super) fn name<'a>(catalogue: &'a Catalogue, group_by: GroupBy, key: &'a str, lang: Lang) -> &'a str {
    match group_by {
        GroupBy::Unit => catalogue.unit_name(key),
        GroupBy::Procedure => catalogue.procedures.get(key).map_or(key, |of| &of.name),
        GroupBy::Officer if key.is_empty() => text::nobody(lang),
        GroupBy::Sector | GroupBy::Officer => key,
    }
}

fn checks(tallies: &Tallies) -> ChecksView {
    let Tallies { by_key, total } = tallies;
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
pub(in crate::app) fn link(unit: &str, window: &Window) -> String {
    let written = |at| office_time::local(at).to_rfc3339_opts(SecondsFormat::AutoSi, false);
    let (before, open_at) = (written(window.cut()), written(window.open_from()));
    let parameters =
        [("unit", unit), ("subtree", "true"), ("received_at__lt", &before), ("open_at", &open_at)];
    // Pairs of texts can always be written.
    let query = serde_urlencoded::to_string(parameters).unwrap_or_default();
    format!("/api/v1/dossiers?{query}")
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
        },
        points_766: of.points_766(),
        points: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::{DateTime, Utc};

    use super::*;
    use crate::domain::period::Period;
    use crate::domain::statistics::{Progress, Source, Standing};

    #[test]
    fn a_row_that_does_not_add_up_is_shown() {
        let standing = Standing { source: Source::Direct, progress: Progress::Overdue, apologised: false };
        let mut sound = Tally::default();
        sound.add(standing, 2);
        let of = |row| checks(&Tallies { by_key: BTreeMap::from([("A".to_owned(), row)]), total: sound });
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
