//! The deadlines everyone agrees on: 85 cases over the shipped calendar and the default sessions.

use chrono::{DateTime, FixedOffset, Utc};
use hentra::{
    app::shipped::national_calendar_rows,
    domain::{
        calendar::{Calendar, CalendarSpec},
        deadline::{LateReceipt, Limit, deadline},
        deadline_steps::steps,
    },
    text::{Lang, steps::why},
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
