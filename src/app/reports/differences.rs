//! What a report says against another period: each number beside the other's, and the difference.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Bound, RangeBounds};

use super::RateView;
use super::processing::{ComparedView, ProcessingReport, ProcessingRow, row};
use crate::domain::cell::Cell;
use crate::domain::statistics::Tally;

/// Columns (3) to (13).
const CELLS: [Cell; 11] = [
    Cell::Received,
    Cell::Online,
    Cell::Direct,
    Cell::CarriedOver,
    Cell::Resolved,
    Cell::Early,
    Cell::OnTime,
    Cell::Late,
    Cell::InProgress,
    Cell::WithinLimit,
    Cell::Overdue,
];

/// A row set against the same row of another period.
#[derive(Debug, Clone)]
pub struct RowDifference {
    /// The row's key.
    pub key: String,
    /// The name to show.
    pub name: String,
    /// Columns (3) to (13), in order.
    pub counts: Vec<CountDifference>,
    /// Early and on time, of all that came due.
    pub on_time_of_due: RateDifference,
}

/// A number set against another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountDifference {
    /// Which number.
    pub cell: Cell,
    /// In the report.
    pub now: u32,
    /// In the other period.
    pub then: u32,
    /// By how much it grew.
    pub by: i64,
}

/// A share set against another.
#[derive(Debug, Clone, Copy)]
pub struct RateDifference {
    /// In the report.
    pub now: RateView,
    /// In the other period.
    pub then: RateView,
    /// By how many percentage points it grew; `None` where either share is of nothing.
    pub points: Option<f64>,
}

impl RowDifference {
    /// One number.
    #[must_use]
    pub fn count(&self, of: Cell) -> Option<CountDifference> {
        self.counts.iter().find(|count| count.cell == of).copied()
    }
}

impl ProcessingReport {
    /// All rows together against those of another period.
    #[must_use]
    pub fn total_difference(&self, then: &ComparedView) -> RowDifference {
        difference(&self.total, &then.total)
    }

    /// Row by row, by key, of the keys that lie between two; a row that is only in one of the two periods is set against noughts.
    #[must_use]
    pub fn differences(&self, then: &ComparedView, within: (Bound<&str>, Bound<&str>)) -> Vec<RowDifference> {
        let by_key = |rows: &'_ [ProcessingRow]| -> BTreeMap<String, ProcessingRow> {
            let rows = rows.iter().filter(|row| RangeBounds::<str>::contains(&within, row.key.as_str()));
            rows.map(|row| (row.key.clone(), row.clone())).collect()
        };
        let (now, then) = (by_key(&self.rows), by_key(&then.rows));
        let keys: BTreeSet<&String> = now.keys().chain(then.keys()).collect();
        let differ = |key: &String| {
            let (now, then) = (now.get(key), then.get(key));
            let nothing = row(key, &now.or(then)?.name, &Tally::default());
            Some(difference(now.unwrap_or(&nothing), then.unwrap_or(&nothing)))
        };
        keys.into_iter().filter_map(differ).collect()
    }
}

fn difference(now: &ProcessingRow, then: &ProcessingRow) -> RowDifference {
    let count = |cell: Cell| {
        let (now, then) = (now.count(cell), then.count(cell));
        CountDifference { cell, now, then, by: i64::from(now) - i64::from(then) }
    };
    RowDifference {
        key: now.key.clone(),
        name: now.name.clone(),
        counts: CELLS.into_iter().map(count).collect(),
        on_time_of_due: rates(now.rates.on_time_of_due, then.rates.on_time_of_due),
    }
}

fn rates(now: RateView, then: RateView) -> RateDifference {
    let points = now.value.zip(then.value).map(|(now, then)| (now - then) * 100.0);
    RateDifference { now, then, points }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(received: u32, on_time: u32, late: u32) -> ProcessingRow {
        let resolved = on_time + late;
        row("A", "a", &Tally { received, resolved, on_time, late, ..Tally::default() })
    }

    #[test]
    fn a_number_grew_by_what_it_was_less() {
        let found = difference(&of(7, 3, 1), &of(9, 1, 1));
        let received = found.count(Cell::Received).unwrap();
        assert_eq!((received.now, received.then, received.by), (7, 9, -2));
        assert_eq!(found.count(Cell::OnTime).unwrap().by, 2);
        assert_eq!(found.counts.len(), 11);
        assert_eq!(found.count(Cell::Suspended), None, "it is no column of the form");
        let points = found.on_time_of_due.points.unwrap();
        assert!((points - 25.0).abs() < 1e-9, "{points}");
    }

    #[test]
    fn a_share_of_nothing_has_no_difference() {
        assert_eq!(difference(&of(1, 0, 0), &of(1, 1, 0)).on_time_of_due.points, None);
        assert_eq!(difference(&of(1, 1, 0), &of(1, 0, 0)).on_time_of_due.points, None);
    }
}
