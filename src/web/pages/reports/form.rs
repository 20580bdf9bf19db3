//! Form II.06a/VPCP as the circular has it: thirteen numbered columns under merged headings, and its head.

use super::super::super::fault::PageError;
use super::Count;
use super::paging::Pages;
use crate::app::AppError;
use crate::app::reports::form::{FormRow, FormTable};
use crate::app::reports::processing::{ProcessingReport, ProcessingRow};
use crate::domain::cell::Cell;
use crate::text::form::{self as form_text, FormWords};
use crate::text::{Lang, reports as text};

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
/// The row that numbers the columns, as the circular has it.
const NUMBERS: [&str; 13] = [
    "(1)",
    "(2)",
    "(3) = (4) + (5) + (6)",
    "(4)",
    "(5)",
    "(6)",
    "(7) = (8) + (9) + (10)",
    "(8)",
    "(9)",
    "(10)",
    "(11) = (12) + (13)",
    "(12)",
    "(13)",
];

/// The form's head.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) w: &'static FormWords,
    pub(super) form: String,
    pub(super) unit: String,
    /// "Kỳ báo cáo: …"; empty of any two days.
    pub(super) period: String,
    pub(super) days: String,
    pub(super) as_of: String,
}

/// The form's table.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) w: &'static FormWords,
    pub(super) leading: [&'static str; 2],
    pub(super) columns: &'static [&'static str],
    pub(super) numbers: &'static [&'static str],
    pub(super) rows: Vec<Row>,
    pub(super) total_name: &'static str,
    pub(super) total: Vec<Count>,
}

/// A row.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) number: usize,
    pub(super) name: String,
    /// The code, where it is not the name.
    pub(super) code: String,
    /// Where what it is made of is shown.
    pub(super) href: Option<String>,
    pub(super) counts: Vec<Count>,
}

impl Head {
    /// # Errors
    /// [`AppError::Internal`] for a period that no program wrote.
    pub(super) fn of(lang: Lang, table: &FormTable) -> Result<Head, PageError> {
        let unknown = || AppError::Internal(format!("{} is no period", table.period.label));
        let period = table.of_period().ok_or_else(unknown)?;
        Ok(Head {
            w: form_text::words(lang),
            form: table.form.clone(),
            unit: table.total.name.clone(),
            period: form_text::period(lang, &period).unwrap_or_default(),
            days: form_text::days(lang, &period),
            as_of: form_text::as_of(lang, table.as_of.0),
        })
    }
}

impl Sheet {
    /// The rows of a report that are on a page, each number with its link; `drill` leads from a row to what it is made of.
    pub(super) fn of(
        lang: Lang,
        report: &ProcessingReport,
        pages: &Pages,
        drill: impl Fn(&ProcessingRow) -> Option<String>,
    ) -> Sheet {
        let counts = |row: &ProcessingRow| -> Vec<Count> {
            CELLS.iter().map(|cell| Count::new(lang, row.count(*cell), row.link(*cell))).collect()
        };
        let row = |(number, of): (usize, &ProcessingRow)| Row {
            number,
            name: of.name.clone(),
            code: code(&of.key, &of.name),
            href: drill(of),
            counts: counts(of),
        };
        let rows = (pages.range().start + 1..).zip(pages.cut(&report.rows)).map(row).collect();
        Sheet {
            rows,
            total: counts(&report.total),
            ..Sheet::empty(lang, text::row_heading(lang, report.group_by))
        }
    }

    /// A form that was sealed: its numbers, and no links, for lists tell of today.
    pub(super) fn sealed(lang: Lang, table: &FormTable) -> Sheet {
        let counts = |row: &FormRow| -> Vec<Count> {
            row.counts().iter().map(|count| Count::new(lang, *count, None)).collect()
        };
        let row = |(number, of): (usize, &FormRow)| Row {
            number,
            name: of.name.clone(),
            code: code(&of.key, &of.name),
            href: None,
            counts: counts(of),
        };
        let rows = (1..).zip(&table.rows).map(row).collect();
        Sheet {
            rows,
            total: counts(&table.total),
            ..Sheet::empty(lang, text::row_heading(lang, table.group_by))
        }
    }

    fn empty(lang: Lang, heading: &'static str) -> Sheet {
        let w = form_text::words(lang);
        Sheet {
            w,
            leading: [text::number_heading(lang), heading],
            columns: &w.columns,
            numbers: &NUMBERS,
            rows: Vec::new(),
            total_name: text::total(lang),
            total: Vec::new(),
        }
    }
}

/// A row's code, where it says more than its name.
pub(super) fn code(key: &str, name: &str) -> String {
    if key == name { String::new() } else { key.to_owned() }
}
