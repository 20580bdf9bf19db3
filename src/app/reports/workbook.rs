//! Form II.06a/VPCP as an Excel workbook that is printed, signed and sent on: A4 landscape, one page wide, the totals as formulas.
//!
//! The same report makes the same bytes: the document's time is the instant the report is seen from.

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Workbook, Worksheet, XlsxError,
};

use super::form::{COUNTS, FormRow, FormTable};
use crate::app::AppError;
use crate::domain::office_time;
use crate::text::form::{self, FormWords};
use crate::text::{Lang, reports as text};

/// The media type of the workbook.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// Typeface of official papers (NĐ 30/2020/NĐ-CP, phụ lục I).
const TYPEFACE: &str = "Times New Roman";
/// The library's and Excel's number for A4.
const A4: u8 = 9;
/// A line of text, and the tallest row that Excel shows, in points.
const LINE: f64 = 15.75;
const TALLEST: f64 = 409.0;
/// How many letters fit in a line of column (2), and in one of the block of units, in the form's type.
const NAME_LETTERS: usize = 42;
const UNIT_LETTERS: usize = 36;
/// The letters of the columns of numbers, (3) to (13).
const LETTERS: [&str; COUNTS] = ["C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M"];
/// The last column, (13), counted from 0 as all rows and columns are here.
const LAST: u16 = 12;
/// The sums within a row: (3), (7) and (11), each with the first and the last of its parts.
const ROW_SUMS: [(usize, &str, &str); 3] = [(0, "D", "F"), (4, "H", "J"), (8, "L", "M")];
/// The first row of the headings, and the row that numbers the columns; these are repeated on each printed page.
const HEADINGS: u32 = 5;
const NUMBERS: u32 = 8;
/// The first row of data.
const FIRST: u32 = 9;

/// The form as an Excel workbook.
///
/// # Errors
/// [`AppError::Internal`] when the workbook cannot be written, as of more rows than a sheet has.
pub fn processing_xlsx(table: &FormTable, lang: Lang) -> Result<Vec<u8>, AppError> {
    workbook(table, lang)
        .map_err(|error| AppError::Internal(format!("the workbook cannot be written: {error}")))
}

fn workbook(table: &FormTable, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let words = form::words(lang);
    let mut workbook = Workbook::new();
    let written = ExcelDateTime::from_timestamp(office_time::local(table.as_of.0).timestamp().max(0))?;
    let properties = DocProperties::new()
        .set_title(format!("{} {}: {}", words.form, table.form, words.title))
        .set_subject(&table.period.label)
        .set_company(&table.total.name)
        .set_creation_datetime(&written);
    workbook.set_properties(&properties);
    let sheet = workbook.add_worksheet();
    page(sheet, words)?;
    let mut drawing = Drawing { sheet, words, lang, last: FIRST };
    drawing.title(table)?;
    drawing.headings(table)?;
    drawing.rows(table)?;
    drawing.signatures()?;
    workbook.save_to_buffer()
}

/// Paper, margins, and the widths of the columns: together they fill the width of the page.
fn page(sheet: &mut Worksheet, words: &FormWords) -> Result<(), XlsxError> {
    sheet.set_name("II.06a-VPCP")?;
    sheet.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0).set_print_center_horizontally(true);
    sheet.set_margins(0.6, 0.4, 0.6, 0.6, 0.3, 0.3);
    sheet.set_footer(format!("&C&\"{TYPEFACE},Regular\"&10{} &P/&N", words.page));
    sheet.set_repeat_rows(HEADINGS, NUMBERS)?;
    sheet.set_freeze_panes(FIRST, 2)?;
    sheet.set_column_width(0, 5)?;
    sheet.set_column_width(1, 40)?;
    for column in 2..=LAST {
        sheet.set_column_width(column, 9.5)?;
    }
    Ok(())
}

/// The height of a row, in points, that shows all of a text in lines of so many letters. Excel finds it by itself; other programs, and merged cells,
/// leave the text cut off.
fn height(text: &str, letters: usize) -> f64 {
    let (mut lines, mut used) = (1_u8, 0);
    for word in text.split_whitespace().map(|word| word.chars().count()) {
        if used > 0 && used + 1 + word > letters {
            lines = lines.saturating_add(1);
            used = word;
        } else {
            used += word + usize::from(used > 0);
        }
    }
    (f64::from(lines) * LINE + 3.0).min(TALLEST)
}

fn plain() -> Format {
    Format::new().set_font_name(TYPEFACE).set_font_size(12).set_align(FormatAlign::VerticalCenter)
}

fn centred() -> Format {
    plain().set_align(FormatAlign::Center).set_text_wrap()
}

fn cell() -> Format {
    plain().set_border(FormatBorder::Thin)
}

fn heading() -> Format {
    centred().set_border(FormatBorder::Thin).set_font_size(11).set_bold()
}

fn number() -> Format {
    cell().set_num_format("#,##0").set_align(FormatAlign::Right).set_indent(1)
}

/// A sheet being drawn.
struct Drawing<'a> {
    sheet: &'a mut Worksheet,
    words: &'static FormWords,
    lang: Lang,
    /// The last row drawn.
    last: u32,
}

impl Drawing<'_> {
    /// The form's number on the left, the report's name and period in the middle, the units on the right.
    fn title(&mut self, table: &FormTable) -> Result<(), XlsxError> {
        let Drawing { words, lang, .. } = *self;
        let period = table.of_period();
        let named = period.and_then(|of| form::period(lang, &of)).unwrap_or_default();
        let days = period.map_or_else(|| table.period.label.clone(), |of| form::days(lang, &of));
        let left = plain().set_text_wrap();
        let strong = left.clone().set_bold();
        let slanted = centred().set_italic();
        let reporting = format!("{} {}", words.reporting_unit, table.total.name);
        let tall = height(&reporting, UNIT_LETTERS).max(22.0);
        let lines = [
            (0, 0, 1, format!("{} {}", words.form, table.form), strong.clone()),
            (0, 2, 8, words.title.to_owned(), centred().set_bold().set_font_size(14)),
            (0, 9, LAST, reporting, strong),
            (1, 0, 1, words.source.to_owned(), left.clone()),
            (1, 2, 8, named, centred().set_bold()),
            (1, 9, LAST, words.receiving_unit.to_owned(), left),
            (2, 2, 8, days, slanted.clone()),
            (3, 2, 8, form::as_of(lang, table.as_of.0), slanted.clone()),
            (4, 9, LAST, words.measure.to_owned(), slanted.set_align(FormatAlign::Right)),
        ];
        for (row, from, to, text, format) in lines {
            self.sheet.merge_range(row, from, row, to, &text, &format)?;
        }
        for (row, height) in [(0, tall), (1, 20.0), (2, 18.0), (3, 18.0), (4, 20.0)] {
            self.sheet.set_row_height(row, height)?;
        }
        Ok(())
    }

    /// Three levels of headings and the row that numbers the columns.
    fn headings(&mut self, table: &FormTable) -> Result<(), XlsxError> {
        let Drawing { words, lang, .. } = *self;
        let (group, middle, lowest) = (HEADINGS, HEADINGS + 1, HEADINGS + 2);
        let format = heading();
        let leading = [text::number_heading(lang), text::row_heading(lang, table.group_by)];
        for (column, text) in (0..).zip(leading) {
            self.sheet.merge_range(group, column, lowest, column, text, &format)?;
        }
        for ((from, to), text) in [(2, 5), (6, 9), (10, LAST)].into_iter().zip(words.groups) {
            self.sheet.merge_range(group, from, group, to, text, &format)?;
        }
        self.sheet.merge_range(middle, 3, middle, 4, words.in_period, &format)?;
        for (column, text) in (2..).zip(words.columns) {
            match column {
                3 | 4 => self.sheet.write_string_with_format(lowest, column, text, &format)?,
                _ => self.sheet.merge_range(middle, column, lowest, column, text, &format)?,
            };
        }
        let numbering = heading().set_italic().unset_bold().set_font_size(9);
        for (column, number) in (0..).zip(1_u32..=13) {
            let text = match number {
                3 => "(3)=\n(4)+(5)+(6)".to_owned(),
                7 => "(7)=\n(8)+(9)+(10)".to_owned(),
                11 => "(11)=\n(12)+(13)".to_owned(),
                _ => format!("({number})"),
            };
            self.sheet.write_string_with_format(NUMBERS, column, text, &numbering)?;
        }
        for (row, height) in [(group, 20), (middle, 20), (lowest, 48), (NUMBERS, 26)] {
            self.sheet.set_row_height(row, height)?;
        }
        Ok(())
    }

    fn rows(&mut self, table: &FormTable) -> Result<(), XlsxError> {
        let numbering = cell().set_align(FormatAlign::Center);
        // As text in the cell's own format too: typed anew it does not become a formula.
        let name = cell().set_text_wrap().set_num_format("@").set_align(FormatAlign::Left).set_indent(1);
        let format = number();
        for (at, (ordinal, row)) in (FIRST..).zip((1_u32..).zip(&table.rows)) {
            self.sheet.write_number_with_format(at, 0, ordinal, &numbering)?;
            let title = row.title();
            self.sheet.set_row_height(at, height(&title, NAME_LETTERS))?;
            self.sheet.write_string_with_format(at, 1, title, &name)?;
            self.counts(at, row, &format)?;
        }
        self.last = (FIRST..).zip(&table.rows).last().map_or(FIRST, |(at, _)| at + 1);
        self.total(table)
    }

    /// One row's numbers, its sums as formulas.
    fn counts(&mut self, at: u32, row: &FormRow, format: &Format) -> Result<(), XlsxError> {
        let line = at + 1;
        for ((index, column), count) in (0_usize..).zip(2_u16..).zip(row.counts()) {
            match ROW_SUMS.iter().find(|(sum, ..)| *sum == index) {
                Some((_, from, to)) => {
                    let sum =
                        Formula::new(format!("=SUM({from}{line}:{to}{line})")).set_result(count.to_string());
                    self.sheet.write_formula_with_format(at, column, sum, format)?
                }
                None => self.sheet.write_number_with_format(at, column, count, format)?,
            };
        }
        Ok(())
    }

    /// The row of sums; without rows to sum, the numbers themselves.
    fn total(&mut self, table: &FormTable) -> Result<(), XlsxError> {
        let at = self.last;
        let format = number().set_bold();
        let name = cell().set_bold().set_align(FormatAlign::Center);
        self.sheet.merge_range(at, 0, at, 1, text::total(self.lang), &name)?;
        self.sheet.set_row_height(at, 20)?;
        if table.rows.is_empty() {
            return self.counts(at, &table.total, &format);
        }
        for ((letter, column), count) in LETTERS.into_iter().zip(2_u16..).zip(table.total.counts()) {
            let sum = format!("=SUM({letter}{}:{letter}{at})", FIRST + 1);
            let sum = Formula::new(sum).set_result(count.to_string());
            self.sheet.write_formula_with_format(at, column, sum, &format)?;
        }
        Ok(())
    }

    /// Who drew it up on the left, who answers for it on the right, and room for their hands.
    fn signatures(&mut self) -> Result<(), XlsxError> {
        let words = self.words;
        let (day, office, how) = (self.last + 2, self.last + 3, self.last + 4);
        let (slanted, strong) = (centred().set_italic(), centred().set_bold());
        self.sheet.merge_range(day, 7, day, LAST, words.place_and_day, &slanted)?;
        for (row, of, format) in [(office, 0, &strong), (how, 1, &slanted)] {
            let place = |all: [&'static str; 2]| all.into_iter().nth(of).unwrap_or_default();
            self.sheet.merge_range(row, 0, row, 3, place(words.drawn_up_by), format)?;
            self.sheet.merge_range(row, 7, row, LAST, place(words.head), format)?;
        }
        let end = how + 5;
        self.sheet.set_print_area(0, 0, end, LAST)?;
        Ok(())
    }
}
