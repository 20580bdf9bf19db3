//! The reform office's reports: form II.06a/VPCP with what stands beside it, and the form in which a report is asked for.

use chrono::{DateTime, Utc};

use crate::domain::period::Period;
use crate::text::{Lang, date, form, moments, numbers};

labels! {
    /// Asking for a report.
    AskedWords by asked_words {
        ways: "Các báo cáo", "Reports";
        processing: "Biểu II.06a", "Form II.06a";
        ranking: "Xếp hạng", "Ranking";
        trend: "Diễn biến", "Trend";
        commitments: "Cam kết", "Commitments";
        delays: "Chậm trễ", "Delays";
        seals: "Bản đã chốt", "Sealed reports";
        findings: "Cảnh báo", "Findings";
        integrity: "Đối chiếu", "Integrity";
        findings_report: "Số liệu cảnh báo", "Findings counted";
        question: "Chọn báo cáo", "Which report";
        period: "Kỳ báo cáo", "Period";
        running: "Tháng báo cáo đang chạy, hoặc hai ngày bên cạnh", "The official month that runs now, or two days";
        months: "Tháng báo cáo (từ ngày 15 đến ngày 14)", "Official months (15th to 14th)";
        quarters: "Quý", "Quarters";
        halves: "6 tháng, 9 tháng", "Half-years and nine months";
        years: "Năm", "Years";
        civil: "Tháng dương lịch (từ ngày 01 đến cuối tháng)", "Calendar months";
        chosen: "Đang xem", "Shown now";
        from: "Từ ngày", "From";
        to: "Đến hết ngày", "To";
        unit: "Đơn vị", "Unit";
        group_by: "Xếp theo", "Rows by";
        compare: "So sánh với", "Compare with";
        compare_none: "không so sánh", "nothing";
        compare_previous: "kỳ liền trước", "the period before";
        compare_year: "cùng kỳ năm trước", "a year before";
        compare_both: "cả hai", "both";
        as_of: "Nhìn từ thời điểm", "Seen from";
        as_of_hint: "Bỏ trống để xem số liệu mới nhất của kỳ.", "Empty: the newest there is.";
        more: "Thêm lựa chọn", "More choices";
        units_as_of: "Theo cây đơn vị ngày", "By the units of";
        units_as_of_hint: "Bỏ trống để xem theo đơn vị hiện nay.", "Empty: by today's units.";
        show: "Xem báo cáo", "Show";
        excel: "Tải Excel", "Excel";
        csv: "Tải CSV", "CSV";
        print: "In", "Print";
        faulty: "Chưa xem được báo cáo; xin sửa các mục được nêu bên dưới.", "The report cannot be shown; please mend what is named below.";
        forecast: "Thời điểm này còn ở phía trước: số liệu là dự kiến nếu từ nay đến đó không tiếp nhận và không giải quyết thêm hồ sơ nào.", "This instant is still to come: the numbers say what will be if nothing is received and nothing closed until then.";
        running_note: "Kỳ báo cáo chưa kết thúc: số liệu còn thay đổi.", "The period is not over: the numbers still change.";
        empty: "Không có hồ sơ nào trong kỳ.", "No dossiers in the period.";
        next: "Xem tiếp", "Read on";
        before: "Trang trước", "The page before";
        first: "Về đầu danh sách", "To the first page";
        all_rows: "Hiện đủ các dòng", "Show all rows";
    }
}

labels! {
    /// The form and what stands beside it.
    ProcessingWords by processing_words {
        title: "Tình hình, kết quả giải quyết thủ tục hành chính", "Administrative procedures received, resolved and in progress";
        beside: "Trong đó", "Of which";
        late: "Quá hạn: cột (10) và (13)", "Late: (10) and (13)";
        with_apology: "Có xin lỗi", "With an apology";
        without_apology: "Không xin lỗi", "Without one";
        suspended: "Đang tạm dừng, trong cột (12)", "Suspended, of (12)";
        closed_as: "Cách kết thúc hồ sơ ở cột (7)", "Ways of closing, of (7)";
        closed_resolved: "Có kết quả", "Resolved";
        closed_refused: "Từ chối", "Refused";
        closed_withdrawn: "Rút", "Withdrawn";
        closed_stopped: "Dừng", "Stopped";
        rates: "Tỷ lệ trước hạn và đúng hạn", "Early and on time";
        of_resolved: "Trên số đã giải quyết", "Of those resolved";
        of_due: "Trên số đến hạn", "Of those due";
        rate_766: "Theo QĐ 766", "By QĐ 766";
        points_766: "Điểm tiến độ QĐ 766 (tối đa 20)", "QĐ 766 points (of 20)";
        rate_hint: "Số đến hạn gồm hồ sơ đã giải quyết và hồ sơ quá hạn chưa giải quyết. Tỷ lệ “—” nghĩa là không có hồ sơ nào để tính, không phải 100 %.", "Due are those resolved and those overdue. A rate of “—” is of no dossier at all, and is not 100%.";
        compared: "So sánh", "Compared";
        figure: "Chỉ tiêu", "Figure";
        this_period: "Kỳ này", "This period";
        difference: "Chênh lệch", "Difference";
        by_rows: "So sánh từng dòng", "Row by row";
        on_time_rate: "Tỷ lệ trước hạn và đúng hạn trên số đến hạn", "Early and on time of due";
        checks_hold: "Các đẳng thức của biểu đều đúng", "All equations of the form hold";
        checks_broken: "Có đẳng thức của biểu không đúng; xin báo quản trị viên trước khi gửi báo cáo", "An equation of the form does not hold; tell an administrator before the report goes out";
        equations: "(3) = (4) + (5) + (6); (7) = (8) + (9) + (10); (11) = (12) + (13); (3) = (7) + (11); dòng tổng cộng bằng tổng các dòng", "(3) = (4) + (5) + (6); (7) = (8) + (9) + (10); (11) = (12) + (13); (3) = (7) + (11); the totals are the sums of the rows";
        carried: "(6) bằng (11) của kỳ liền trước", "(6) is (11) of the period before";
        whole: "Tất cả lĩnh vực", "All sectors";
        sealing: "Chốt báo cáo", "Seal this report";
        sealed: "Kỳ này đã được chốt", "This period has been sealed";
        sealed_hint: "Số liệu trên trang này là số liệu tính lại theo những gì được ghi nhận đến nay; bản đã chốt giữ nguyên số liệu lúc chốt.", "This page counts by what is known today; a sealed report keeps the numbers of its sealing.";
        basis: "Cơ sở tính", "Counted by";
        all_dossiers: "Danh sách hồ sơ của kỳ", "The dossiers of the period";
    }
}

/// A period as people call it: "Quý III năm 2026 (15/6/2026–14/9/2026)", two days alone as "01–30/9/2026".
pub(crate) fn period(lang: Lang, of: &Period) -> String {
    let days = moments::days(lang, of.from(), of.to());
    match period_name(lang, of) {
        Some(name) => format!("{name} ({days})"),
        None => days,
    }
}

/// "Tháng 9 năm 2026", "Tháng 9 năm 2026 (dương lịch)".
pub(crate) fn period_name(lang: Lang, of: &Period) -> Option<String> {
    let name = form::period(lang, of)?;
    let name = name.split_once(": ").map_or(name.as_str(), |(_, name)| name);
    Some(match (of.is_civil(), lang) {
        (false, _) => name.to_owned(),
        (true, Lang::Vi) => format!("{name}, dương lịch"),
        (true, Lang::En) => format!("{name}, calendar"),
    })
}

/// The calendar, catalogue and definitions by which a report was counted, and when.
pub(crate) fn basis(
    lang: Lang,
    (calendar, catalogue, definitions): (i64, i64, u32),
    at: DateTime<Utc>,
) -> String {
    let at = form::as_of(lang, at);
    match lang {
        Lang::Vi => format!(
            "lịch làm việc phiên bản {calendar}; danh mục đơn vị, thủ tục và cam kết phiên bản {catalogue}; định nghĩa chỉ tiêu phiên bản {definitions}. {at}."
        ),
        Lang::En => format!(
            "working calendar version {calendar}; units, procedures and commitments version {catalogue}; definitions version {definitions}. {at}."
        ),
    }
}

/// Which of the rows are on the page, counted from 1.
pub(crate) fn rows_shown(lang: Lang, (from, to): (usize, usize), all: usize) -> String {
    let count = |of: usize| numbers::count(lang, u64::try_from(of).unwrap_or(u64::MAX));
    let (from, to, all) = (count(from), count(to), count(all));
    match lang {
        Lang::Vi => format!("Dòng {from}–{to} trong {all} dòng; số tổng hợp là của tất cả."),
        Lang::En => format!("Rows {from}–{to} of {all}; what is summed up is of all of them."),
    }
}

/// A difference in words: "tăng 12", "giảm 3", "không đổi".
pub(crate) fn grown(lang: Lang, by: i64) -> String {
    let size = numbers::count(lang, by.unsigned_abs());
    match (lang, by) {
        (Lang::Vi, 0) => "không đổi".to_owned(),
        (Lang::En, 0) => "unchanged".to_owned(),
        (Lang::Vi, 1..) => format!("tăng {size}"),
        (Lang::En, 1..) => format!("up {size}"),
        (Lang::Vi, _) => format!("giảm {size}"),
        (Lang::En, _) => format!("down {size}"),
    }
}

/// Of which sector alone a report is.
pub(crate) fn of_sector(lang: Lang, sector: &str) -> String {
    match lang {
        Lang::Vi => format!("Riêng lĩnh vực: {sector}"),
        Lang::En => format!("Sector: {sector}"),
    }
}

/// Which day's tree of units a report goes by.
pub(crate) fn by_units_of(lang: Lang, day: chrono::NaiveDate) -> String {
    let day = date(lang, day);
    match lang {
        Lang::Vi => format!("Theo cây đơn vị ngày {day}"),
        Lang::En => format!("By the units of {day}"),
    }
}

/// "Bản số 3, chốt lúc 08:00 thứ Hai 16/11/2026".
pub(crate) fn sealed_on(lang: Lang, id: i64, at: DateTime<Utc>) -> String {
    let at = moments::time_weekday_and_date(lang, at);
    match lang {
        Lang::Vi => format!("Bản số {id}, chốt lúc {at}"),
        Lang::En => format!("Number {id}, sealed at {at}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_called_as_people_call_it() {
        let of = |label: &str| Period::parse(label).unwrap();
        assert_eq!(period(Lang::Vi, &of("2026-Q3")), "Quý III năm 2026 (15/6–14/9/2026)");
        assert_eq!(period(Lang::Vi, &of("2026-09-civil")), "Tháng 9 năm 2026, dương lịch (01–30/9/2026)");
        let days = Period::between("2026-09-01".parse().unwrap(), "2026-09-03".parse().unwrap()).unwrap();
        assert_eq!(period(Lang::Vi, &days), "01–03/9/2026");
    }
}
