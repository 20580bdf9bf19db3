//! Long tables in pages: which rows are on this one, and the ways to the others. What is summed up is always of all rows.

use std::ops::{Bound, Range};

use super::asking::{Room, address};
use crate::text::pages::reports::rows_shown;

/// Rows on a page, unless all are asked for.
const ROWS: usize = 50;
/// The parameters: the page's number, counted from 1; and that all rows are asked for.
const PAGE: &str = "page";
const ALL: &str = "all";

/// The rows of a table that are on the page.
#[derive(Debug)]
pub(super) struct Pages {
    range: Range<usize>,
    /// Which rows these are of how many; `None` where the table has but one page.
    pub(super) said: Option<String>,
    pub(super) first: Option<String>,
    pub(super) before: Option<String>,
    pub(super) next: Option<String>,
    /// Where all are.
    pub(super) all: Option<String>,
}

impl Pages {
    /// The page that was asked for, of so many rows; the last one where it would lie beyond them.
    pub(super) fn of(room: &Room, rows: usize) -> Pages {
        let last = rows.saturating_sub(1) / ROWS;
        let whole = Pages { range: 0..rows, said: None, first: None, before: None, next: None, all: None };
        if last == 0 || room.asking.is_asked(ALL) {
            return whole;
        }
        let asked = room.asking.typed.text(PAGE).parse::<usize>().unwrap_or(1);
        let page = asked.saturating_sub(1).min(last);
        let range = page * ROWS..rows.min((page + 1) * ROWS);
        let to = |page: usize| match page {
            0 => room.here(&[]),
            _ => with(room, PAGE, &(page + 1).to_string()),
        };
        Pages {
            said: Some(rows_shown(room.lang(), (range.start + 1, range.end), rows)),
            first: (page > 1).then(|| to(0)),
            before: page.checked_sub(1).map(to),
            next: (page < last).then(|| to(page + 1)),
            all: Some(with(room, ALL, "1")),
            range,
        }
    }

    /// Where they stand among all of them.
    pub(super) fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// Those of a table's rows that are on the page.
    pub(super) fn cut<'a, T>(&self, rows: &'a [T]) -> &'a [T] {
        rows.get(self.range()).unwrap_or_default()
    }

    /// The keys that belong on the page, of a table sorted by key, be they in it or not: from its first one up to the next page's.
    pub(super) fn keys<'a, T>(
        &self,
        rows: &'a [T],
        key: impl Fn(&'a T) -> &'a str,
    ) -> (Bound<&'a str>, Bound<&'a str>) {
        let first = rows.get(self.range.start).filter(|_| self.range.start > 0);
        let next = rows.get(self.range.end);
        (
            first.map_or(Bound::Unbounded, |row| Bound::Included(key(row))),
            next.map_or(Bound::Unbounded, |row| Bound::Excluded(key(row))),
        )
    }
}

/// This page with one of its own parameters.
fn with(room: &Room, name: &str, value: &str) -> String {
    let query = room.asking.query(&[]);
    let more = format!("{name}={value}");
    address(room.path, &if query.is_empty() { more } else { format!("{query}&{more}") })
}
