//! What a newcomer is shown when the sample is up: addresses, a token for each role, and three requests to paste.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, SecondsFormat, Utc, Weekday};

use super::{Home, Tokens, place};
use crate::domain::calendar::Calendar;
use crate::domain::office_time;
use crate::domain::period::Period;

/// Half past three: after the hour from which the law lets a same-day result wait for the next working day.
const AFTERNOON: Option<NaiveTime> = NaiveTime::from_hms_opt(15, 30, 0);
const CLOSING: Option<NaiveTime> = NaiveTime::from_hms_opt(17, 0, 0);
/// How far back a Friday that was worked is looked for.
const DAYS_BACK: u64 = 42;

/// The guide, for a service that answers at `address` (`http://127.0.0.1:8080`).
pub fn guide(home: &Home, tokens: &Tokens, address: &str, calendar: &Calendar, now: DateTime<Utc>) -> String {
    let [dossier, report, findings] = requests(tokens, address, calendar, now);
    format!(
        "\
Hentra — dữ liệu mẫu, mọi tên người và đơn vị đều không có thật (sample data; no person or unit in it exists)

  Trang làm việc / pages    {address}/
    tên đăng nhập / username  officer, leader, reporter, admin
    mật khẩu / password       {password}

  Tài liệu API / API docs   {address}/docs
  OpenAPI                   {address}/openapi.json
  Thư mục dữ liệu / data    {directory}
  Thư nhắc / mail           {directory}/mail/*.eml

  Mã truy cập / tokens (cũng ở / also in {tokens_file})
    officer   {officer}
    leader    {leader}
    reporter  {reporter}
    admin     {admin}

1. Nhận hồ sơ chiều thứ Sáu, hẹn sang thứ Hai: được lưu và báo ngay vi phạm cam kết.
   A Friday dossier promised for Monday: it is kept, and flagged at once.

{dossier}

2. Báo cáo biểu II.06a/VPCP của kỳ hiện tại, theo đơn vị.
   The report of the current official month, by unit.

{report}

3. Những vi phạm còn mở.
   The findings that are still open.

{findings}

Dừng bằng Ctrl-C / stop with Ctrl-C.",
        directory = home.directory().display(),
        tokens_file = home.tokens_file().display(),
        password = tokens.password,
        officer = tokens.officer,
        leader = tokens.leader,
        reporter = tokens.reporter,
        admin = tokens.admin,
    )
}

/// Three requests as curl lines: a dossier that breaks the Friday rule, the report, the open findings.
pub fn requests(tokens: &Tokens, address: &str, calendar: &Calendar, now: DateTime<Utc>) -> [String; 3] {
    let (received_at, due_at) = friday_and_monday(calendar, now);
    let body = serde_json::json!({
        "unit": place::COMMUNES[0].code,
        "procedure": "2.000815",
        "applicant": { "name": "Nguyễn Thị Hòa" },
        "received_at": received_at,
        "due_at": due_at,
    });
    let month = Period::official_month_of(office_time::local_date(now))
        .map(|period| format!("&period={period}"))
        .unwrap_or_default();
    [
        format!(
            "curl -sS {address}/api/v1/dossiers -H 'Authorization: Bearer {}' -H 'Content-Type: application/json' -d '{body}'",
            tokens.officer
        ),
        format!(
            "curl -sS '{address}/api/v1/reports/processing?unit={}&group_by=unit{month}' -H 'Authorization: Bearer {}'",
            place::PROVINCE,
            tokens.reporter
        ),
        format!(
            "curl -sS '{address}/api/v1/findings?open=true&limit=20' -H 'Authorization: Bearer {}'",
            tokens.reporter
        ),
    ]
}

/// The afternoon of the last Friday that was worked, and the close of the Monday after it, as RFC 3339.
fn friday_and_monday(calendar: &Calendar, now: DateTime<Utc>) -> (String, String) {
    let at = |date: NaiveDate, time: Option<NaiveTime>| office_time::instant(date, time.unwrap_or_default());
    let today = office_time::local_date(now);
    let friday = (0..DAYS_BACK)
        .filter_map(|back| today.checked_sub_days(Days::new(back)))
        .find(|day| day.weekday() == Weekday::Fri && calendar.is_working(*day) && at(*day, AFTERNOON) <= now)
        .unwrap_or(today);
    let monday = friday.checked_add_days(Days::new(3)).unwrap_or(friday);
    let written = |instant| office_time::local(instant).to_rfc3339_opts(SecondsFormat::Secs, false);
    (written(at(friday, AFTERNOON)), written(at(monday, CLOSING)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::shipped;
    use crate::domain::calendar::CalendarSpec;

    #[test]
    fn the_friday_shown_is_worked_and_over() {
        let (days, announced) = shipped::national_calendar_rows().unwrap();
        let calendar = Calendar::build(&CalendarSpec::national(days, announced)).unwrap();
        let shown = |now: &str| friday_and_monday(&calendar, now.parse().unwrap()).0;
        assert_eq!(shown("2026-11-22T09:00:00+07:00"), "2026-11-20T15:30:00+07:00");
        assert_eq!(shown("2026-11-20T15:29:00+07:00"), "2026-11-13T15:30:00+07:00");
        // 1/5/2026 is a Friday and a holiday.
        assert_eq!(shown("2026-05-04T09:00:00+07:00"), "2026-04-24T15:30:00+07:00");
    }
}
