//! What a list of dossiers holds, in a sentence, where it was come to from a report's number.

use chrono::{DateTime, Utc};

use crate::domain::cell::Cell;
use crate::domain::finding::FindingCode;
use crate::domain::office_time::local_date;
use crate::domain::statistics::GroupBy;
use crate::text::{Lang, date, report_words, reports};

/// "Hồ sơ được đếm ở «Đã giải quyết: Quá hạn», từ 15/10/2026 đến 14/11/2026, lĩnh vực Hộ tịch".
pub(crate) fn counted(
    lang: Lang,
    cell: Cell,
    from: DateTime<Utc>,
    as_of: DateTime<Utc>,
    row: Option<(GroupBy, &str)>,
) -> String {
    let (cell, from, to) =
        (self::cell(lang, cell), date(lang, local_date(from)), date(lang, local_date(as_of)));
    let row = row.map(|(group, key)| {
        let key = match group {
            GroupBy::Officer if key.is_empty() => reports::nobody(lang),
            GroupBy::Channel => reports::channel(lang, key),
            GroupBy::Unit | GroupBy::Sector | GroupBy::Procedure | GroupBy::Officer => key,
        };
        format!("; {}: {key}", reports::row_heading(lang, group))
    });
    let row = row.unwrap_or_default();
    match lang {
        Lang::Vi => format!("Hồ sơ được đếm ở «{cell}», từ {from} đến {to}{row}"),
        Lang::En => format!("The dossiers counted as “{cell}”, {from} to {to}{row}"),
    }
}

/// What a number of the form, or beside it, is called.
fn cell(lang: Lang, of: Cell) -> &'static str {
    let [
        received,
        online,
        direct,
        carried_over,
        resolved,
        early,
        on_time,
        late,
        in_progress,
        within,
        overdue,
    ] = reports::processing_headings(lang);
    match of {
        Cell::Received => received,
        Cell::Online => online,
        Cell::Direct => direct,
        Cell::CarriedOver => carried_over,
        Cell::Resolved => resolved,
        Cell::Early => early,
        Cell::OnTime => on_time,
        Cell::Late => late,
        Cell::InProgress => in_progress,
        Cell::WithinLimit => within,
        Cell::Overdue => overdue,
        of => beside(lang, of),
    }
}

fn beside(lang: Lang, of: Cell) -> &'static str {
    match (lang, of) {
        (Lang::Vi, Cell::Suspended) => "Đang giải quyết: Tạm dừng, chờ bổ sung",
        (Lang::Vi, Cell::LateWithApology) => "Quá hạn, có văn bản xin lỗi",
        (Lang::Vi, Cell::LateWithoutApology) => "Quá hạn, không có văn bản xin lỗi",
        (Lang::Vi, Cell::ClosedResolved) => "Đã giải quyết: Có kết quả",
        (Lang::Vi, Cell::ClosedRefused) => "Đã giải quyết: Từ chối",
        (Lang::Vi, Cell::ClosedWithdrawn) => "Đã giải quyết: Công dân rút",
        (Lang::Vi, Cell::ClosedStopped) => "Đã giải quyết: Dừng xử lý",
        (Lang::En, Cell::Suspended) => "In progress: suspended",
        (Lang::En, Cell::LateWithApology) => "Late, with an apology",
        (Lang::En, Cell::LateWithoutApology) => "Late, without an apology",
        (Lang::En, Cell::ClosedResolved) => "Resolved: with a result",
        (Lang::En, Cell::ClosedRefused) => "Resolved: refused",
        (Lang::En, Cell::ClosedWithdrawn) => "Resolved: withdrawn",
        (Lang::En, Cell::ClosedStopped) => "Resolved: stopped",
        (_, of) => of.word(),
    }
}

/// Those with a finding.
pub(crate) fn finding(lang: Lang, of: FindingCode) -> String {
    let name = report_words::finding(lang, of);
    match lang {
        Lang::Vi => format!("có cảnh báo «{name}»"),
        Lang::En => format!("with the finding “{name}”"),
    }
}

/// "1.234 hồ sơ".
pub(crate) fn count(lang: Lang, of: i64) -> String {
    match (lang, of) {
        (Lang::Vi, _) => format!("{} hồ sơ", grouped(of, '.')),
        (Lang::En, 1) => "1 dossier".to_owned(),
        (Lang::En, _) => format!("{} dossiers", grouped(of, ',')),
    }
}

fn grouped(of: i64, mark: char) -> String {
    let digits = of.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(mark);
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_as_the_language_writes_them() {
        assert_eq!(count(Lang::Vi, 1_234_567), "1.234.567 hồ sơ");
        assert_eq!(
            (count(Lang::En, 123), count(Lang::En, 1_000)),
            ("123 dossiers".into(), "1,000 dossiers".into())
        );
    }
}
