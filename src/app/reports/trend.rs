//! How the numbers of form II.06a/VPCP went, week by week, month by month or quarter by quarter.

use serde::Serialize;
use utoipa::ToSchema;

use super::heading::HeadingView;
use super::processing::{ProcessingRow, row};
use super::tables::{Tabular, counts, ratio};
use super::tallies::total;
use super::{Asked, PeriodView, Scope};
use crate::app::access::Principal;
use crate::app::{App, AppError, Catalogue, Fault};
use crate::domain::steps::{MOST_STEPS, Step, StepBy, steps};
use crate::store::AnyConnection;
use crate::text::{Lang, report_words as words};

/// What a trend is asked for.
#[derive(Debug, Clone)]
pub struct TrendRequest {
    /// Of when and whom.
    pub asked: Asked,
    /// How long a step is.
    pub by: StepBy,
}

/// The numbers of the form, step by step.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TrendReport {
    /// What it is about.
    #[serde(flatten)]
    pub heading: HeadingView,
    /// How long a step is.
    pub by: StepBy,
    /// The steps that have begun, in order of time.
    pub steps: Vec<StepView>,
    /// The whole stretch; its key is the unit. What is carried over from step to step is in it once.
    pub total: ProcessingRow,
}

/// A step.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StepView {
    /// Its days.
    pub period: PeriodView,
    /// Whether it is a whole week, month or quarter; false for one that the stretch's border cuts.
    pub whole: bool,
    /// Whether it was over at `as_of`; the numbers of one that is not are still growing.
    pub over: bool,
    /// The columns of the form; the key is the step's label.
    #[serde(flatten)]
    pub row: ProcessingRow,
}

/// The trend of a unit and all below it.
///
/// # Errors
/// [`AppError::Invalid`] naming `by` when there are more than [`MOST_STEPS`]; those of [`Asked::scope`]; the store's.
pub async fn trend(app: &App, request: TrendRequest, by: Principal) -> Result<TrendReport, AppError> {
    let now = app.clock().now();
    app.read_at_once(move |c, catalogue| {
        let scope = request.asked.scope(catalogue, &by, now)?;
        evaluated(c, catalogue, &scope, request.by)
    })
    .await
}

/// The trend of a scope; all its reads have to see one state.
pub(in crate::app) fn evaluated(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    scope: &Scope,
    by: StepBy,
) -> Result<TrendReport, AppError> {
    let all = steps(&scope.period, by);
    if all.len() > MOST_STEPS {
        return Err(AppError::invalid("by", Fault::TooMany));
    }
    let begun = all.into_iter().filter(|step| step.period.start() <= scope.window.as_of());
    let views = begun.map(|step| counted(c, scope, step)).collect::<Result<_, AppError>>()?;
    let whole = total(c, scope)?;
    Ok(TrendReport {
        heading: HeadingView::new(scope),
        by,
        steps: views,
        total: row(&scope.unit, catalogue.unit_name(&scope.unit), &whole),
    })
}

fn counted(c: &mut AnyConnection, scope: &Scope, step: Step) -> Result<StepView, AppError> {
    let as_of = scope.window.as_of();
    let seen = total(c, &scope.with_period(step.period, as_of))?;
    let label = step.period.to_string();
    Ok(StepView {
        period: (&step.period).into(),
        whole: step.whole,
        over: step.period.end() <= as_of,
        row: row(&label, &label, &seen),
    })
}

impl Tabular for TrendReport {
    fn file_name(&self) -> String {
        format!("dien-bien-{}", self.heading.period.label)
    }

    fn records(&self, lang: Lang) -> Vec<Vec<String>> {
        let mut all = vec![words::trend_headings(lang)];
        for step in &self.steps {
            let PeriodView { label, from, to } = &step.period;
            let state = words::step_state(lang, step.over);
            let mut cells = vec![label.clone(), from.to_string(), to.to_string(), state.to_owned()];
            cells.extend(counts(&step.row).map(|count| count.to_string()));
            cells.push(ratio(step.row.rates.on_time_of_due.value));
            all.push(cells);
        }
        all
    }
}
