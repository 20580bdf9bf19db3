//! The units below one, ranked by how many of their dossiers were in time; by the rules of [`crate::domain::ranking`].

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::heading::HeadingView;
use super::tables::{Tabular, ratio, title};
use super::tallies::{Shares, shares_of_each};
use super::{Asked, RateView, Scope};
use crate::app::access::Principal;
use crate::app::{App, AppError, Catalogue, Fault};
use crate::domain::ranking::{MixFair, RankBy, mix_fair, ranks, together, wilson_lower};
use crate::domain::statistics::Rate;
use crate::domain::unit::UnitTree;
use crate::store::AnyConnection;
use crate::text::{Lang, report_words as words};

/// What a ranking is asked for.
#[derive(Debug, Clone)]
pub struct RankingRequest {
    /// Of when and whom: the units directly below the one named, each with all below it.
    pub asked: Asked,
    /// By what they are ranked.
    pub by: RankBy,
    /// Under so many dossiers come due a unit is not ranked.
    pub minimum: u32,
}

/// The units below one, the best first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RankingReport {
    /// What it is about.
    #[serde(flatten)]
    pub heading: HeadingView,
    /// By what they are ranked.
    pub by: RankBy,
    /// Under so many dossiers come due a unit is not ranked.
    pub minimum: u32,
    /// The units, the best first; those not ranked last, by code.
    pub rows: Vec<RankingRow>,
    /// In time of all that came due, of all the units together.
    pub group: RateView,
}

/// A unit with all below it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RankingRow {
    /// Its place; equals share one. Null when it is not ranked.
    pub rank: Option<u32>,
    /// Its code.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Early and on time, of all that came due.
    pub on_time_of_due: RateView,
    /// What that share is at least: the lower end of Wilson's 95 % interval. Null when nothing came due.
    pub lower_bound: Option<f64>,
    /// The same for its mix of procedures. Null when nothing came due.
    pub mix_fair: Option<MixFairView>,
}

/// What a unit achieved beside what the group would have achieved with its mix of procedures (indirect standardisation).
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct MixFairView {
    /// How many would have been in time at the group's own rate for each procedure.
    pub expected: f64,
    /// Those in time over those expected; 1 is what the group does with such a mix.
    pub ratio: Option<f64>,
    /// The ratio times the group's rate: an index, which above the group's best may exceed 1.
    pub adjusted_rate: Option<f64>,
    /// The same of the lower bound; what `by=mix_fair` ranks by.
    pub adjusted_lower_bound: Option<f64>,
}

impl From<MixFair> for MixFairView {
    fn from(of: MixFair) -> Self {
        MixFairView {
            expected: of.expected,
            ratio: of.ratio,
            adjusted_rate: of.adjusted,
            adjusted_lower_bound: of.adjusted_lower,
        }
    }
}

/// The units directly below one, ranked.
///
/// # Errors
/// [`AppError::Invalid`] naming `minimum` when it is 0; those of [`Asked::scope`]; the store's.
pub async fn ranking(app: &App, request: RankingRequest, by: Principal) -> Result<RankingReport, AppError> {
    if request.minimum == 0 {
        return Err(AppError::invalid("minimum", Fault::OutOfRange));
    }
    let now = app.clock().now();
    app.read_at_once(move |c, catalogue| {
        let scope = request.asked.scope(catalogue, &by, now)?;
        let units = match request.asked.units_as_of {
            None => rates_of_children(c, &catalogue.units, &scope)?,
            Some(day) => {
                let tree = catalogue.register.on(day);
                let tree = tree.map_err(|_| AppError::invalid("units_as_of", Fault::OutOfRange))?;
                rates_of_children(c, &tree, &scope)?
            }
        };
        let mut group: BTreeMap<String, Rate> = BTreeMap::new();
        for (procedure, rate) in units.iter().flat_map(|(_, rates)| rates) {
            let sum = group.entry(procedure.clone()).or_insert(Rate { numerator: 0, denominator: 0 });
            *sum = together([&*sum, rate]);
        }
        let rows = units.iter().map(|(code, own)| row(catalogue, code, own, &group)).collect();
        Ok(RankingReport {
            heading: HeadingView::new(&scope),
            by: request.by,
            minimum: request.minimum,
            rows: ranked(rows, request.by, request.minimum),
            group: together(group.values()).into(),
        })
    })
    .await
}

/// For each unit directly below, with all below it: what was in time of what came due, by procedure.
fn rates_of_children(
    c: &mut AnyConnection,
    tree: &UnitTree,
    scope: &Scope,
) -> Result<Vec<(String, Shares)>, AppError> {
    let children = tree.children(&scope.unit);
    let below: Vec<Scope> =
        children.iter().map(|of| scope.with_units(&of.code, tree.subtree(&of.code))).collect();
    let shares = shares_of_each(c, scope, &below)?;
    Ok(children.iter().map(|of| of.code.clone()).zip(shares).collect())
}

fn row(
    catalogue: &Catalogue,
    code: &str,
    own: &BTreeMap<String, Rate>,
    group: &BTreeMap<String, Rate>,
) -> RankingRow {
    let rate = together(own.values());
    RankingRow {
        rank: None,
        key: code.to_owned(),
        name: catalogue.unit_name(code).to_owned(),
        on_time_of_due: rate.into(),
        lower_bound: wilson_lower(rate),
        mix_fair: mix_fair(own, group).map(Into::into),
    }
}

/// The rows with their ranks, in the order of these, then of the codes.
fn ranked(mut rows: Vec<RankingRow>, by: RankBy, minimum: u32) -> Vec<RankingRow> {
    let score = |row: &RankingRow| match by {
        _ if row.on_time_of_due.denominator < minimum => None,
        RankBy::Wilson => row.lower_bound,
        RankBy::MixFair => row.mix_fair?.adjusted_lower_bound,
    };
    let scores: Vec<Option<f64>> = rows.iter().map(score).collect();
    for (row, rank) in rows.iter_mut().zip(ranks(&scores)) {
        row.rank = rank;
    }
    rows.sort_by_key(|row| (row.rank.unwrap_or(u32::MAX), row.key.clone()));
    rows
}

impl Tabular for RankingReport {
    fn file_name(&self) -> String {
        format!("xep-hang-{}", self.heading.period.label)
    }

    fn records(&self, lang: Lang) -> Vec<Vec<String>> {
        let mut all = vec![words::ranking_headings(lang)];
        for row in &self.rows {
            let place = row.rank.map_or_else(|| words::not_ranked(lang).to_owned(), |rank| rank.to_string());
            let RateView { numerator, denominator, value } = row.on_time_of_due;
            all.push(vec![
                place,
                title(&row.key, &row.name),
                denominator.to_string(),
                numerator.to_string(),
                ratio(value),
                ratio(row.lower_bound),
                ratio(row.mix_fair.map(|of| of.expected)),
                ratio(row.mix_fair.and_then(|of| of.ratio)),
                ratio(row.mix_fair.and_then(|of| of.adjusted_rate)),
                ratio(row.mix_fair.and_then(|of| of.adjusted_lower_bound)),
            ]);
        }
        all
    }
}
