//! What stands beside the form: the ways of closing, apologies and rates, and the report set against other periods.

use super::form::code;
use super::paging::Pages;
use super::{Count, rate};
use crate::app::reports::differences::{RateDifference, RowDifference};
use crate::app::reports::points::PointsView;
use crate::app::reports::processing::{ComparedView, Comparison, ProcessingReport, ProcessingRow};
use crate::app::view::page_of;
use crate::domain::cell::Cell;
use crate::text::numbers::{self, NONE};
use crate::text::pages::reports::{asked_words, grown, period};
use crate::text::pages::seals::cell as cell_name;
use crate::text::{Lang, pages::reports::processing_words, reports as text};

/// What stands beside the columns of the form.
const CELLS: [Cell; 7] = [
    Cell::LateWithApology,
    Cell::LateWithoutApology,
    Cell::Suspended,
    Cell::ClosedResolved,
    Cell::ClosedRefused,
    Cell::ClosedWithdrawn,
    Cell::ClosedStopped,
];
/// The numbers that rows are compared by.
const COMPARED: [Cell; 4] = [Cell::Received, Cell::Resolved, Cell::Late, Cell::Overdue];

/// The second table.
#[derive(Debug)]
pub(super) struct Beside {
    pub(super) rows: Vec<BesideRow>,
    pub(super) total: BesideRow,
    /// The office's own schemes of points.
    pub(super) schemes: Vec<String>,
}

/// A row of it.
#[derive(Debug)]
pub(super) struct BesideRow {
    pub(super) name: String,
    pub(super) code: String,
    pub(super) counts: Vec<Count>,
    pub(super) rates: [String; 3],
    pub(super) points_766: String,
    pub(super) points: Vec<String>,
}

impl Beside {
    pub(super) fn of(lang: Lang, report: &ProcessingReport, pages: &Pages) -> Beside {
        let schemes = report.total.points.iter().map(|of| of.scheme.clone()).collect();
        Beside {
            rows: pages.cut(&report.rows).iter().map(|row| beside(lang, row)).collect(),
            total: BesideRow {
                name: text::total(lang).to_owned(),
                code: String::new(),
                ..beside(lang, &report.total)
            },
            schemes,
        }
    }
}

fn beside(lang: Lang, row: &ProcessingRow) -> BesideRow {
    let points = |of: Option<f64>| of.map_or_else(|| NONE.to_owned(), |of| numbers::decimal(lang, of, 2));
    let rates = &row.rates;
    BesideRow {
        name: row.name.clone(),
        code: code(&row.key, &row.name),
        counts: CELLS.iter().map(|cell| Count::new(lang, row.count(*cell), row.link(*cell))).collect(),
        rates: [rates.on_time_of_resolved, rates.on_time_of_due, rates.on_time_766].map(|of| rate(lang, of)),
        points_766: points(row.points_766),
        points: row.points.iter().map(|of: &PointsView| points(of.points)).collect(),
    }
}

/// The report set against other periods: a line for each figure, two columns for each period.
#[derive(Debug)]
pub(super) struct Against {
    pub(super) periods: Vec<OtherPeriod>,
    pub(super) lines: Vec<Line>,
}

/// Another period.
#[derive(Debug)]
pub(super) struct OtherPeriod {
    pub(super) name: String,
    pub(super) period: String,
    /// Its own report.
    pub(super) href: String,
    /// Row by row.
    pub(super) rows: Vec<RowLine>,
}

/// A figure, now and in each of the other periods.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) name: String,
    pub(super) now: String,
    pub(super) then: Vec<Then>,
}

/// A figure of another period, and the difference with its sign and in words.
#[derive(Debug)]
pub(super) struct Then {
    pub(super) said: String,
    pub(super) sign: String,
    pub(super) words: String,
}

/// A row set against the same row of another period.
#[derive(Debug)]
pub(super) struct RowLine {
    pub(super) name: String,
    pub(super) code: String,
    /// For each figure: now, then, and the difference.
    pub(super) figures: Vec<(String, Then)>,
}

impl Against {
    /// `address` leads to the report of a period, by its label or by its days.
    pub(super) fn of(
        lang: Lang,
        report: &ProcessingReport,
        pages: &Pages,
        address: impl Fn(&ComparedView) -> String,
    ) -> Against {
        let totals: Vec<RowDifference> =
            report.comparisons.iter().map(|then| report.total_difference(then)).collect();
        let keys = pages.keys(&report.rows, |row| &row.key);
        let other = |then: &ComparedView| OtherPeriod {
            name: compared_with(lang, then.with).to_owned(),
            period: then.period.read().map_or_else(|| then.period.label.clone(), |of| period(lang, &of)),
            href: address(then),
            rows: report.differences(then, keys).iter().map(|row| row_line(lang, row)).collect(),
        };
        Against { periods: report.comparisons.iter().map(other).collect(), lines: lines(lang, &totals) }
    }
}

fn compared_with(lang: Lang, with: Comparison) -> &'static str {
    let w = asked_words(lang);
    match with {
        Comparison::Previous => w.compare_previous,
        Comparison::Year => w.compare_year,
    }
}

fn lines(lang: Lang, totals: &[RowDifference]) -> Vec<Line> {
    let Some(first) = totals.first() else { return Vec::new() };
    let mut lines: Vec<Line> = first
        .counts
        .iter()
        .map(|of| Line {
            name: cell_name(lang, of.cell).to_owned(),
            now: numbers::count(lang, of.now),
            then: totals.iter().map(|total| count_then(lang, total, of.cell)).collect(),
        })
        .collect();
    lines.push(Line {
        name: processing_words(lang).on_time_rate.to_owned(),
        now: rate(lang, first.on_time_of_due.now),
        then: totals.iter().map(|total| rate_then(lang, &total.on_time_of_due)).collect(),
    });
    lines
}

fn row_line(lang: Lang, of: &RowDifference) -> RowLine {
    let now = |cell| of.count(cell).map_or_else(|| NONE.to_owned(), |of| numbers::count(lang, of.now));
    let mut figures: Vec<(String, Then)> =
        COMPARED.iter().map(|cell| (now(*cell), count_then(lang, of, *cell))).collect();
    figures.push((rate(lang, of.on_time_of_due.now), rate_then(lang, &of.on_time_of_due)));
    RowLine { name: of.name.clone(), code: code(&of.key, &of.name), figures }
}

/// The headings of the figures that rows are compared by.
pub(super) fn compared_headings(lang: Lang) -> Vec<&'static str> {
    let cells = COMPARED.iter().map(|cell| cell_name(lang, *cell));
    cells.chain([processing_words(lang).of_due]).collect()
}

fn count_then(lang: Lang, of: &RowDifference, cell: Cell) -> Then {
    let Some(of) = of.count(cell) else { return nothing() };
    Then {
        said: numbers::count(lang, of.then),
        sign: numbers::signed(lang, of.by),
        words: grown(lang, of.by),
    }
}

fn rate_then(lang: Lang, of: &RateDifference) -> Then {
    Then { said: rate(lang, of.then), sign: numbers::points(lang, of.points), words: String::new() }
}

fn nothing() -> Then {
    Then { said: NONE.to_owned(), sign: NONE.to_owned(), words: String::new() }
}

/// The list of all dossiers of a report.
pub(super) fn all_dossiers(report: &ProcessingReport) -> String {
    page_of(&report.dossiers)
}
