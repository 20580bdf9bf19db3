//! The words of form II.06a/VPCP as it is printed and signed (TT 01/2020/TT-VPCP): its title, headings and the signatures' place.

use chrono::{DateTime, NaiveTime, Utc};

use super::Lang;
use crate::domain::office_time;
use crate::domain::period::{Period, Span};

/// The fixed words of the form.
#[derive(Debug, Clone, Copy)]
pub struct FormWords {
    /// Which form it is, before its number.
    pub form: &'static str,
    /// Where the form is laid down.
    pub source: &'static str,
    /// The report's name.
    pub title: &'static str,
    /// Before the reporting unit's name.
    pub reporting_unit: &'static str,
    /// Before the place for the unit that the report goes to.
    pub receiving_unit: &'static str,
    /// What the numbers count.
    pub measure: &'static str,
    /// Above columns (3) to (6), (7) to (10) and (11) to (13).
    pub groups: [&'static str; 3],
    /// Above columns (4) and (5).
    pub in_period: &'static str,
    /// Columns (3) to (13).
    pub columns: [&'static str; 11],
    /// The place for the day and the town.
    pub place_and_day: &'static str,
    /// Who drew it up, and how they sign.
    pub drawn_up_by: [&'static str; 2],
    /// Who answers for it, and how they sign.
    pub head: [&'static str; 2],
    /// "Page", before its number.
    pub page: &'static str,
}

/// The form in Vietnamese, as offices print it.
const VI: FormWords = FormWords {
    form: "Biểu số",
    source: "Ban hành theo Thông tư số 01/2020/TT-VPCP",
    title: "TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH",
    reporting_unit: "Đơn vị báo cáo:",
    receiving_unit: "Đơn vị nhận báo cáo: ………………",
    measure: "Đơn vị tính: Số hồ sơ TTHC",
    groups: ["Số lượng hồ sơ tiếp nhận", "Số lượng hồ sơ đã giải quyết", "Số lượng hồ sơ đang giải quyết"],
    in_period: "Trong kỳ",
    columns: [
        "Tổng số",
        "Trực tuyến",
        "Trực tiếp, dịch vụ bưu chính",
        "Từ kỳ trước",
        "Tổng số",
        "Trước hạn",
        "Đúng hạn",
        "Quá hạn",
        "Tổng số",
        "Trong hạn",
        "Quá hạn",
    ],
    place_and_day: "………………, ngày …… tháng …… năm ………",
    drawn_up_by: ["NGƯỜI LẬP BIỂU", "(Ký, ghi rõ họ tên)"],
    head: ["THỦ TRƯỞNG ĐƠN VỊ", "(Ký, ghi rõ họ tên, đóng dấu)"],
    page: "Trang",
};

/// The form in English, for readers of that language; what is sent on is the Vietnamese one.
const EN: FormWords = FormWords {
    form: "Form",
    source: "Circular 01/2020/TT-VPCP",
    title: "ADMINISTRATIVE PROCEDURES RECEIVED, RESOLVED AND IN PROGRESS",
    reporting_unit: "Reporting unit:",
    receiving_unit: "Receiving unit: ………………………",
    measure: "Unit of measure: dossiers",
    groups: ["Received", "Resolved", "In progress"],
    in_period: "In the period",
    columns: [
        "Total",
        "Online",
        "In person, by post",
        "Carried over",
        "Total",
        "Early",
        "On time",
        "Late",
        "Total",
        "Within the limit",
        "Overdue",
    ],
    place_and_day: "………………, day …… month …… year ………",
    drawn_up_by: ["DRAWN UP BY", "(Signature, full name)"],
    head: ["HEAD OF THE UNIT", "(Signature, full name, seal)"],
    page: "Page",
};

/// The form's words in a language.
#[must_use]
pub const fn words(lang: Lang) -> &'static FormWords {
    match lang {
        Lang::Vi => &VI,
        Lang::En => &EN,
    }
}

/// "Kỳ báo cáo: Quý III năm 2026"; of any two days nothing but their line, which is [`days`].
#[must_use]
pub fn period(lang: Lang, of: &Period) -> Option<String> {
    let (span, year) = of.named()?;
    let roman = |n: u32| ["I", "II", "III", "IV"].into_iter().zip(1..).find(|(_, at)| *at == n);
    let quarter = |n| roman(n).map_or("", |(word, _)| word);
    Some(match (lang, span) {
        (Lang::Vi, Span::Month(month)) => format!("Kỳ báo cáo: Tháng {month} năm {year}"),
        (Lang::Vi, Span::Quarter(n)) => format!("Kỳ báo cáo: Quý {} năm {year}", quarter(n)),
        (Lang::Vi, Span::Half(1)) => format!("Kỳ báo cáo: 6 tháng đầu năm {year}"),
        (Lang::Vi, Span::Half(_)) => format!("Kỳ báo cáo: 6 tháng cuối năm {year}"),
        (Lang::Vi, Span::NineMonths) => format!("Kỳ báo cáo: 9 tháng đầu năm {year}"),
        (Lang::Vi, Span::Year) => format!("Kỳ báo cáo: Năm {year}"),
        (Lang::En, Span::Month(month)) => format!("Reporting period: month {month} of {year}"),
        (Lang::En, Span::Quarter(n)) => format!("Reporting period: quarter {} of {year}", quarter(n)),
        (Lang::En, Span::Half(1)) => format!("Reporting period: first half of {year}"),
        (Lang::En, Span::Half(_)) => format!("Reporting period: second half of {year}"),
        (Lang::En, Span::NineMonths) => format!("Reporting period: nine months of {year}"),
        (Lang::En, Span::Year) => format!("Reporting period: year {year}"),
    })
}

/// "(Từ ngày 15/6/2026 đến ngày 14/9/2026)".
#[must_use]
pub fn days(lang: Lang, of: &Period) -> String {
    let (from, to) = (super::date(lang, of.from()), super::date(lang, of.to()));
    match lang {
        Lang::Vi => format!("(Từ ngày {from} đến ngày {to})"),
        Lang::En => format!("(from {from} to {to})"),
    }
}

/// "Số liệu tính đến hết ngày 14/9/2026", or to the minute within a day.
#[must_use]
pub fn as_of(lang: Lang, at: DateTime<Utc>) -> String {
    let (day, time) = (office_time::local_date(at), office_time::local_time(at));
    if let (NaiveTime::MIN, Some(before)) = (time, day.pred_opt()) {
        let ended = super::date(lang, before);
        return match lang {
            Lang::Vi => format!("Số liệu tính đến hết ngày {ended}"),
            Lang::En => format!("As of the end of {ended}"),
        };
    }
    let (day, time) = (super::date(lang, day), time.format("%H:%M"));
    match lang {
        Lang::Vi => format!("Số liệu tính đến {time} ngày {day}"),
        Lang::En => format!("As of {time} on {day}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_named_as_offices_name_them() {
        for (label, vi, en) in [
            ("2026-09", "Kỳ báo cáo: Tháng 9 năm 2026", "Reporting period: month 9 of 2026"),
            ("2026-Q3", "Kỳ báo cáo: Quý III năm 2026", "Reporting period: quarter III of 2026"),
            ("2026-H1", "Kỳ báo cáo: 6 tháng đầu năm 2026", "Reporting period: first half of 2026"),
            ("2026-H2", "Kỳ báo cáo: 6 tháng cuối năm 2026", "Reporting period: second half of 2026"),
            ("2026-9M", "Kỳ báo cáo: 9 tháng đầu năm 2026", "Reporting period: nine months of 2026"),
            ("2026", "Kỳ báo cáo: Năm 2026", "Reporting period: year 2026"),
        ] {
            let of = Period::parse(label).unwrap();
            assert_eq!(period(Lang::Vi, &of).as_deref(), Some(vi));
            assert_eq!(period(Lang::En, &of).as_deref(), Some(en));
        }
        let of = Period::between("2026-09-01".parse().unwrap(), "2026-09-03".parse().unwrap()).unwrap();
        assert_eq!(period(Lang::Vi, &of), None);
        assert_eq!(days(Lang::Vi, &of), "(Từ ngày 01/9/2026 đến ngày 03/9/2026)");
    }

    #[test]
    fn the_end_of_a_day_is_said_as_such() {
        let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().to_utc();
        let midnight = at("2026-09-15T00:00:00+07:00");
        assert_eq!(as_of(Lang::Vi, midnight), "Số liệu tính đến hết ngày 14/9/2026");
        assert_eq!(as_of(Lang::Vi, at("2026-09-15T16:05:00+07:00")), "Số liệu tính đến 16:05 ngày 15/9/2026");
    }
}
