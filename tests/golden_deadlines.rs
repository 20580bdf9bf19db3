//! The deadlines everyone agrees on: 85 cases over the shipped calendar and the default sessions.

use chrono::{DateTime, FixedOffset, Utc};
use hentra::{
    app::shipped::national_calendar_rows,
    domain::{
        calendar::{Calendar, CalendarSpec},
        deadline::{LateReceipt, Limit, deadline},
        deadline_steps::steps,
    },
    text::{
        Lang,
        sentence::{Appointment, sentence},
        steps::why,
    },
};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    received_at: DateTime<FixedOffset>,
    limit: Limit,
    late_receipt: Option<LateReceipt>,
    due_at: DateTime<FixedOffset>,
    lapses_at: DateTime<FixedOffset>,
}

fn shipped_calendar() -> Calendar {
    let (rows, announced) = national_calendar_rows().unwrap();
    Calendar::build(&CalendarSpec::national(rows, announced)).unwrap()
}

fn cases() -> Vec<Case> {
    serde_json::from_str(include_str!("golden/deadline-cases.json")).unwrap()
}

#[test]
fn all_golden_deadlines_agree() {
    let calendar = shipped_calendar();
    let cases = cases();
    assert_eq!(cases.len(), 85);
    let mut wrong = Vec::new();
    for case in cases {
        let got = deadline(&calendar, case.received_at.to_utc(), case.limit, case.late_receipt).unwrap();
        let expected: (DateTime<Utc>, DateTime<Utc>) = (case.due_at.to_utc(), case.lapses_at.to_utc());
        if (got.due_at, got.lapses_at) != expected || got.provisional {
            wrong.push(format!("{} {:?}: {got:?}", case.received_at, case.limit));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The steps must tell the same story as the reckoning, which does not walk days: the count ends at the limit's value
/// and the telling at the due day.
#[test]
fn the_steps_of_the_golden_cases_end_where_the_deadline_does() {
    let calendar = shipped_calendar();
    for case in cases() {
        let due = deadline(&calendar, case.received_at.to_utc(), case.limit, case.late_receipt).unwrap();
        let told = steps(&calendar, &due, case.limit, case.late_receipt);
        let of = format!("{} {:?}: {told:#?}", case.received_at, case.limit);
        assert_eq!(told.iter().map(|step| step.counts).max(), case.limit.value().or(Some(1)), "{of}");
        assert_eq!(told.last().map(|step| step.date), Some(due.due_on), "{of}");
        assert!(told.windows(2).all(|pair| pair[0].date <= pair[1].date), "{of}");
    }
}

#[test]
fn the_steps_say_in_vietnamese_why_each_day_counted() {
    let calendar = shipped_calendar();
    let late: LateReceipt =
        serde_json::from_str(r#"{"after":"15:00","effect":"clock_starts_next_working_day"}"#).unwrap();
    let received_at = "2026-08-20T09:00:00+07:00".parse().unwrap();
    let due = deadline(&calendar, received_at, Limit::WorkingDays(2), Some(late)).unwrap();
    let told: Vec<String> = steps(&calendar, &due, Limit::WorkingDays(2), Some(late))
        .iter()
        .map(|step| {
            let source = step.source.as_deref().unwrap_or("-");
            format!("{} {} {} [{source}]", step.date, step.counts, why(Lang::Vi, &step.why))
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    2026-08-20 0 ngày tiếp nhận không tính [BLDS 2015 Đ.147(2)]
    2026-08-21 1 ngày làm việc thứ nhất [-]
    2026-08-22 2 làm bù cho 31/8/2026 [Thông báo 9441/TB-BNV]
    ");
}

#[test]
fn hours_over_tet_are_told_day_by_day() {
    let calendar = shipped_calendar();
    let received_at = "2026-02-12T16:00:00+07:00".parse().unwrap();
    let due = deadline(&calendar, received_at, Limit::WorkingHours(10), None).unwrap();
    let told: Vec<String> = steps(&calendar, &due, Limit::WorkingHours(10), None)
        .iter()
        .map(|step| format!("{} {} {}", step.date, step.counts, why(Lang::Vi, &step.why)))
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    2026-02-12 1 tính 1 giờ làm việc, cộng dồn 1 giờ
    2026-02-13 9 tính 8 giờ làm việc, cộng dồn 9 giờ
    2026-02-14 0 thứ Bảy, Chủ nhật là ngày nghỉ hằng tuần
    2026-02-15 0 thứ Bảy, Chủ nhật là ngày nghỉ hằng tuần
    2026-02-16 0 nghỉ Tết Nguyên đán Bính Ngọ (29 tháng Chạp)
    2026-02-17 0 nghỉ Tết Nguyên đán (mùng 1)
    2026-02-18 0 nghỉ Tết Nguyên đán (mùng 2)
    2026-02-19 0 nghỉ Tết Nguyên đán (mùng 3)
    2026-02-20 0 nghỉ Tết Nguyên đán (mùng 4)
    2026-02-21 0 thứ Bảy, Chủ nhật là ngày nghỉ hằng tuần
    2026-02-22 0 thứ Bảy, Chủ nhật là ngày nghỉ hằng tuần
    2026-02-23 10 tính 1 giờ làm việc, cộng dồn 10 giờ
    ");
}

fn said(calendar: &Calendar, lang: Lang, case: &Case) -> String {
    let due = deadline(calendar, case.received_at.to_utc(), case.limit, case.late_receipt).unwrap();
    let steps = steps(calendar, &due, case.limit, case.late_receipt);
    let appointment = Appointment {
        counted_from: due.received_at,
        limit: case.limit,
        commitment: None,
        due_at: due.due_at,
        steps: &steps,
    };
    sentence(lang, &appointment)
}

/// The first sixteen of the agreed cases are the traps.
#[test]
fn the_traps_are_told_in_one_sentence_each() {
    let calendar = shipped_calendar();
    let told: Vec<String> = cases().iter().take(16).map(|case| said(&calendar, Lang::Vi, case)).collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    Nhận hồ sơ lúc 9 giờ thứ Sáu 28/8/2026; thời hạn 3 ngày làm việc, không tính thứ Bảy, Chủ nhật và các ngày nghỉ Quốc khánh 31/8–02/9; hẹn trả kết quả trước 17 giờ thứ Hai 07/9/2026.
    Nhận hồ sơ lúc 9 giờ thứ Năm 20/8/2026; thời hạn 2 ngày làm việc, tính cả thứ Bảy 22/8/2026 làm bù; hẹn trả kết quả trước 17 giờ thứ Bảy 22/8/2026.
    Nhận hồ sơ lúc 15 giờ 01 thứ Sáu 21/8/2026 (sau 15 giờ, trả kết quả trong ngày làm việc tiếp theo); thủ tục giải quyết trong ngày; hẹn trả kết quả trước 17 giờ thứ Bảy 22/8/2026.
    Nhận hồ sơ lúc 15 giờ thứ Sáu 20/11/2026; thủ tục giải quyết trong ngày; hẹn trả kết quả trước 17 giờ thứ Sáu 20/11/2026.
    Nhận hồ sơ lúc 15 giờ 01 thứ Sáu 20/11/2026 (sau 15 giờ, trả kết quả trong ngày làm việc tiếp theo); thủ tục giải quyết trong ngày; hẹn trả kết quả trước 17 giờ thứ Hai 23/11/2026.
    Nhận hồ sơ lúc 10 giờ thứ Sáu 20/11/2026; thời hạn 2 ngày làm việc, không tính thứ Bảy, Chủ nhật và ngày Văn hóa Việt Nam 24/11; hẹn trả kết quả trước 17 giờ thứ Tư 25/11/2026.
    Nhận hồ sơ lúc 10 giờ thứ Sáu 21/8/2026; thời hạn 10 ngày, ngày cuối rơi vào các ngày nghỉ Quốc khánh 31/8–02/9 nên chuyển sang ngày làm việc tiếp theo; hẹn trả kết quả trước 17 giờ thứ Năm 03/9/2026.
    Nhận hồ sơ lúc 10 giờ thứ Bảy 11/4/2026; thời hạn 15 ngày, ngày cuối rơi vào các ngày nghỉ Giỗ Tổ Hùng Vương 26–27/4 nên chuyển sang ngày làm việc tiếp theo; hẹn trả kết quả trước 17 giờ thứ Ba 28/4/2026.
    Nhận hồ sơ lúc 10 giờ thứ Năm 05/01/2023; thời hạn 20 ngày, ngày cuối rơi vào các ngày nghỉ Tết Nguyên đán 25–26/01 nên chuyển sang ngày làm việc tiếp theo; hẹn trả kết quả trước 17 giờ thứ Sáu 27/01/2023.
    Nhận hồ sơ lúc 10 giờ thứ Năm 12/02/2026; thời hạn 5 ngày làm việc, không tính thứ Bảy, Chủ nhật và các ngày nghỉ Tết Nguyên đán 16–20/02; hẹn trả kết quả trước 17 giờ thứ Năm 26/02/2026.
    Nhận hồ sơ lúc 10 giờ thứ Tư 31/12/2025; thời hạn 3 ngày làm việc, không tính thứ Bảy, Chủ nhật và các ngày nghỉ Tết Dương lịch 01–02/01/2026; hẹn trả kết quả trước 17 giờ thứ Tư 07/01/2026.
    Nhận hồ sơ lúc 10 giờ thứ Năm 08/01/2026; thời hạn 2 ngày làm việc, tính cả thứ Bảy 10/01/2026 làm bù; hẹn trả kết quả trước 17 giờ thứ Bảy 10/01/2026.
    Nhận hồ sơ lúc 10 giờ thứ Sáu 26/4/2024; thời hạn 2 ngày làm việc, không tính thứ Bảy, Chủ nhật và các ngày nghỉ lễ 29/4–01/5 (ngày Chiến thắng và ngày Quốc tế lao động); hẹn trả kết quả trước 17 giờ thứ Sáu 03/5/2024.
    Nhận hồ sơ lúc 10 giờ thứ Sáu 25/4/2025; thời hạn 3 ngày làm việc, không tính Chủ nhật, tính cả thứ Bảy 26/4/2025 làm bù; hẹn trả kết quả trước 17 giờ thứ Ba 29/4/2025.
    Nhận hồ sơ lúc 10 giờ thứ Năm 28/4/2022; thời hạn 7 ngày làm việc, không tính thứ Bảy, Chủ nhật và các ngày nghỉ lễ 30/4–03/5 (ngày Chiến thắng và ngày Quốc tế lao động); hẹn trả kết quả trước 17 giờ thứ Tư 11/5/2022.
    Nhận hồ sơ lúc 9 giờ thứ Bảy 21/11/2026; thời hạn 3 ngày làm việc, không tính Chủ nhật và ngày Văn hóa Việt Nam 24/11; hẹn trả kết quả trước 17 giờ thứ Năm 26/11/2026.
    ");
}

#[test]
fn and_in_english() {
    let calendar = shipped_calendar();
    let told: Vec<String> = cases().iter().take(16).map(|case| said(&calendar, Lang::En, case)).collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    Received at 09:00 on Friday 28 August 2026; limit 3 working days, not counting Saturdays, Sundays and Quốc khánh (31 August – 2 September); result due before 17:00 on Monday 7 September 2026.
    Received at 09:00 on Thursday 20 August 2026; limit 2 working days, counting Saturday 22 August 2026, worked to make up; result due before 17:00 on Saturday 22 August 2026.
    Received at 15:01 on Friday 21 August 2026 (after 15:00, so the result is given on the next working day); a same-day procedure; result due before 17:00 on Saturday 22 August 2026.
    Received at 15:00 on Friday 20 November 2026; a same-day procedure; result due before 17:00 on Friday 20 November 2026.
    Received at 15:01 on Friday 20 November 2026 (after 15:00, so the result is given on the next working day); a same-day procedure; result due before 17:00 on Monday 23 November 2026.
    Received at 10:00 on Friday 20 November 2026; limit 2 working days, not counting Saturdays, Sundays and Ngày Văn hóa Việt Nam (24 November); result due before 17:00 on Wednesday 25 November 2026.
    Received at 10:00 on Friday 21 August 2026; limit 10 days, ending on a day off, Quốc khánh (31 August – 2 September), so moved to the next working day; result due before 17:00 on Thursday 3 September 2026.
    Received at 10:00 on Saturday 11 April 2026; limit 15 days, ending on a day off, Giỗ Tổ Hùng Vương (26–27 April), so moved to the next working day; result due before 17:00 on Tuesday 28 April 2026.
    Received at 10:00 on Thursday 5 January 2023; limit 20 days, ending on a day off, Tết Nguyên đán (25–26 January), so moved to the next working day; result due before 17:00 on Friday 27 January 2023.
    Received at 10:00 on Thursday 12 February 2026; limit 5 working days, not counting Saturdays, Sundays and Tết Nguyên đán (16–20 February); result due before 17:00 on Thursday 26 February 2026.
    Received at 10:00 on Wednesday 31 December 2025; limit 3 working days, not counting Saturdays, Sundays and Tết Dương lịch (1–2 January 2026); result due before 17:00 on Wednesday 7 January 2026.
    Received at 10:00 on Thursday 8 January 2026; limit 2 working days, counting Saturday 10 January 2026, worked to make up; result due before 17:00 on Saturday 10 January 2026.
    Received at 10:00 on Friday 26 April 2024; limit 2 working days, not counting Saturdays, Sundays and Ngày Chiến thắng and Ngày Quốc tế lao động (29 April – 1 May); result due before 17:00 on Friday 3 May 2024.
    Received at 10:00 on Friday 25 April 2025; limit 3 working days, not counting Sunday, counting Saturday 26 April 2025, worked to make up; result due before 17:00 on Tuesday 29 April 2025.
    Received at 10:00 on Thursday 28 April 2022; limit 7 working days, not counting Saturdays, Sundays and Ngày Chiến thắng and Ngày Quốc tế lao động (30 April – 3 May); result due before 17:00 on Wednesday 11 May 2022.
    Received at 09:00 on Saturday 21 November 2026; limit 3 working days, not counting Sunday and Ngày Văn hóa Việt Nam (24 November); result due before 17:00 on Thursday 26 November 2026.
    ");
}

/// What the agreed cases do not have: a clock that starts the next day, a receipt outside office hours, a year not yet announced, a long limit.
#[test]
fn other_receipts_are_told_in_one_sentence_each() {
    let calendar = shipped_calendar();
    let cases = r#"[
        {"received_at":"2026-11-20T15:30:00+07:00","limit":{"value":1,"unit":"working_day"},"late_receipt":{"after":"15:00","effect":"clock_starts_next_working_day"}},
        {"received_at":"2026-11-20T15:30:00+07:00","limit":{"value":3,"unit":"working_day"}},
        {"received_at":"2026-11-21T09:00:00+07:00","limit":{"unit":"same_day"}},
        {"received_at":"2026-11-20T11:45:00+07:00","limit":{"value":8,"unit":"working_hour"}},
        {"received_at":"2026-12-30T08:00:00+07:00","limit":{"value":5,"unit":"working_day"}},
        {"received_at":"2026-10-31T08:00:00+07:00","limit":{"value":1,"unit":"month"}},
        {"received_at":"2026-07-25T08:00:00+07:00","limit":{"value":1,"unit":"month"}},
        {"received_at":"2026-01-05T08:00:00+07:00","limit":{"value":200,"unit":"working_day"}}
    ]"#;
    let mut cases: Vec<serde_json::Value> = serde_json::from_str(cases).unwrap();
    let told: Vec<String> = cases
        .iter_mut()
        .map(|case| {
            case["due_at"] = case["received_at"].clone();
            case["lapses_at"] = case["received_at"].clone();
            said(&calendar, Lang::Vi, &serde_json::from_value(case.take()).unwrap())
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    Nhận hồ sơ lúc 15 giờ 30 thứ Sáu 20/11/2026 (sau 15 giờ, coi như nhận thứ Hai 23/11/2026); thời hạn 1 ngày làm việc, không tính thứ Bảy, Chủ nhật và ngày Văn hóa Việt Nam 24/11; hẹn trả kết quả trước 17 giờ thứ Tư 25/11/2026.
    Nhận hồ sơ lúc 15 giờ 30 thứ Sáu 20/11/2026; thời hạn 3 ngày làm việc, không tính thứ Bảy, Chủ nhật và ngày Văn hóa Việt Nam 24/11; hẹn trả kết quả trước 17 giờ thứ Năm 26/11/2026.
    Nhận hồ sơ lúc 9 giờ thứ Bảy 21/11/2026 (ngoài giờ làm việc, tính từ 7 giờ 30 thứ Hai 23/11/2026); thủ tục giải quyết trong ngày; hẹn trả kết quả trước 17 giờ thứ Hai 23/11/2026.
    Nhận hồ sơ lúc 11 giờ 45 thứ Sáu 20/11/2026 (ngoài giờ làm việc, tính từ 13 giờ thứ Sáu 20/11/2026); thời hạn 8 giờ làm việc, không tính thứ Bảy, Chủ nhật; hẹn trả kết quả trước 11 giờ 30 thứ Hai 23/11/2026.
    Nhận hồ sơ lúc 8 giờ thứ Tư 30/12/2026; thời hạn 5 ngày làm việc, không tính thứ Bảy, Chủ nhật và ngày nghỉ Tết Dương lịch 01/01/2027; hẹn trả kết quả trước 17 giờ thứ Năm 07/01/2027 (tạm tính, do lịch nghỉ năm 2027 chưa công bố).
    Nhận hồ sơ lúc 8 giờ thứ Bảy 31/10/2026; thời hạn 1 tháng; hẹn trả kết quả trước 17 giờ thứ Hai 30/11/2026.
    Nhận hồ sơ lúc 8 giờ thứ Bảy 25/7/2026; thời hạn 1 tháng; hẹn trả kết quả trước 17 giờ thứ Ba 25/8/2026.
    Nhận hồ sơ lúc 8 giờ thứ Hai 05/01/2026; thời hạn 200 ngày làm việc, không tính thứ Bảy, Chủ nhật, các ngày nghỉ Tết Nguyên đán 16–20/02 và 3 đợt nghỉ khác, tính cả 2 ngày làm bù; hẹn trả kết quả trước 17 giờ thứ Sáu 23/10/2026.
    ");
}

#[test]
fn every_agreed_case_fits_a_receipt() {
    let calendar = shipped_calendar();
    for case in cases() {
        for lang in [Lang::Vi, Lang::En] {
            let told = said(&calendar, lang, &case);
            assert!(told.chars().count() <= 300, "{} letters: {told}", told.chars().count());
        }
    }
}
