//! Calendars of elsewhere over HTTP: a report on each event, days to be looked at, and nothing published.

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp, on_both_async};

const NOW: &str = "2026-11-20T08:00:00+07:00";

/// A web feed as they come: holidays, days that are only observed, and what no office could be closed for.
pub(crate) const FEED: &str = "BEGIN:VCALENDAR\r
PRODID:-//Google Inc//Google Calendar 70.9054//EN\r
VERSION:2.0\r
X-WR-CALNAME:Ngày lễ ở Việt Nam\r
X-WR-TIMEZONE:UTC\r
BEGIN:VEVENT\r
DTSTART;VALUE=DATE:20270101\r
DTEND;VALUE=DATE:20270102\r
UID:20270101@google.com\r
DESCRIPTION:Ngày lễ chính thức\r
SUMMARY:Tết Dương lịch\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART;VALUE=DATE:20270214\r
DTEND;VALUE=DATE:20270215\r
DESCRIPTION:Ngày lễ kỷ niệm\\nĐể ẩn ngày lễ kỷ niệm\\, hãy chuyển đến Cài đặt Lịch\r
SUMMARY:Lễ tình nhân\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART;VALUE=DATE:20270308\r
SUMMARY:Ngày Quốc tế Phụ nữ\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART;VALUE=DATE:20271120\r
SUMMARY:Ngày Nhà giáo Việt Nam\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART;VALUE=DATE:20270320\r
SUMMARY:Xuân phân\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART;VALUE=DATE:20270430\r
RRULE:FREQ=YEARLY\r
SUMMARY:Ngày Giải phóng miền Nam\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART;VALUE=DATE:20270205\r
DTEND;VALUE=DATE:20270212\r
SUMMARY:Tết Nguyên đán\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART:20270902T000000Z\r
SUMMARY:Quốc khánh\r
END:VEVENT\r
BEGIN:VEVENT\r
SUMMARY:Giỗ Tổ Hùng Vương\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART;VALUE=DATE:20261124\r
SUMMARY:Ngày Văn hóa Việt Nam\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART;VALUE=DATE:20260903\r
SUMMARY:Quốc khánh\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART;VALUE=DATE:20270902\r
SUMMARY:Quốc khánh\r
END:VEVENT\r
END:VCALENDAR\r
";

async fn import(app: &TestApp, scope: &str, media: &str, body: &str) -> Answer {
    let path = format!("/api/v1/calendars/{scope}/imports");
    app.by("admin", Method::POST, &path).body(media, body).send().await
}

/// Each event as (name, what becomes of it or why nothing does).
fn told(report: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let events = report["events"].as_array().unwrap().iter();
    events
        .map(|of| {
            (text(&of["name"]), if of["doubt"].is_null() { text(&of["outcome"]) } else { text(&of["doubt"]) })
        })
        .collect()
}

on_both_async! {
    async fn a_feed_is_reported_on_and_only_what_the_law_makes_a_holiday_is_proposed(db) {
        let app = TestApp::start(db, NOW).await;
        let report = import(&app, "national", "text/calendar; charset=utf-8", FEED).await.ok();
        let expected = [
            ("Tết Dương lịch", "proposed"),
            ("Lễ tình nhân", "observance"),
            ("Ngày Quốc tế Phụ nữ", "observance"),
            ("Ngày Nhà giáo Việt Nam", "observance"),
            ("Xuân phân", "observance"),
            ("Ngày Giải phóng miền Nam", "recurring"),
            ("Tết Nguyên đán", "multi_day"),
            ("Quốc khánh", "timed"),
            ("Giỗ Tổ Hùng Vương", "malformed"),
            ("Ngày Văn hóa Việt Nam", "stands"),
            ("Quốc khánh", "contradicts"),
            ("Quốc khánh", "proposed"),
        ].map(|(name, what)| (name.to_owned(), what.to_owned()));
        assert_eq!(told(&report), expected);
        assert_eq!((&report["feed"], &report["proposed"], &report["stands"], &report["unclear"]), (&json!("Ngày lễ ở Việt Nam"), &json!(2), &json!(1), &json!(9)));
        assert_eq!(report["events"][1]["line"], 13);
        assert_eq!(report["events"][1]["reason"], "Ngày kỷ niệm hoặc tiết khí, không phải ngày nghỉ.");
        let source = "Ngày lễ ở Việt Nam, chưa đối chiếu văn bản";
        assert_eq!(report["days"], json!([
            {"date": "2027-01-01", "kind": "holiday", "name": "Tết Dương lịch", "source": source},
            {"date": "2027-09-02", "kind": "holiday", "name": "Quốc khánh", "source": source}]));
        assert_eq!(app.get("admin", "/api/v1/calendars/national/versions").await.ok()["count"], 1, "nothing is published");
        // The days go on as they are, first to be tried.
        let body = json!({"source": "TB 2/TB-BNV", "announced": true, "days": report["days"]});
        let trial = app.post("admin", "/api/v1/calendars/national/versions?dry_run=true", &body).await.ok();
        assert_eq!((&trial["announced"], &trial["version"]), (&json!([2027]), &Value::Null));
        app.stop().await;
    }
}

on_both_async! {
    async fn a_table_says_what_its_days_are_and_nothing_that_stands_is_lost(db) {
        let app = TestApp::start(db, NOW).await;
        let own = json!({"source": "QĐ 1", "days": [{"date": "2027-03-01", "kind": "closure", "name": "Sửa trụ sở"}]});
        app.post("admin", "/api/v1/calendars/H19/versions", &own).await.ok();
        let table = "date,name,kind,source\n2027-03-01,Nghỉ,closure,\n2027-03-02,Sửa trụ sở,closure,QĐ 2\n2027-03-02,Sửa tiếp,closure,\n\
                     2027-03-06,Làm bù,,\n2027-13-01,Nghỉ,,\n2027-03-03,Nghỉ,feast,\n2027-03-08,8/3,,\n2061-01-01,Tết Dương lịch,,\n";
        let report = import(&app, "H19", "text/csv", table).await.ok();
        let what: Vec<String> = told(&report).into_iter().map(|of| of.1).collect();
        assert_eq!(what, ["stands", "proposed", "duplicate", "proposed", "malformed", "malformed", "not_a_day_off", "outside_horizon"]);
        let days: Vec<(&Value, &Value)> = report["days"].as_array().unwrap().iter().map(|of| (&of["date"], &of["source"])).collect();
        let unverified = json!("Nguồn ngoài, chưa đối chiếu văn bản");
        let expected = [(json!("2027-03-01"), json!("QĐ 1")), (json!("2027-03-02"), json!("QĐ 2")), (json!("2027-03-06"), unverified)];
        assert_eq!(days, expected.iter().map(|(date, source)| (date, source)).collect::<Vec<_>>());
        app.stop().await;
    }
}

on_both_async! {
    async fn what_is_no_calendar_is_refused_whole(db) {
        let app = TestApp::start(db, NOW).await;
        import(&app, "national", "text/calendar", "date,name\n").await.fault("file", "malformed");
        import(&app, "national", "text/calendar", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n").await.fault("file", "empty");
        import(&app, "national", "text/csv", "date,title\n2027-01-01,x\n").await.problem(400, "invalid_request");
        import(&app, "national", "application/json", "{}").await.problem(415, "unsupported_media_type");
        import(&app, "H77", "text/calendar", FEED).await.problem(404, "not_found");
        let large = format!("BEGIN:VCALENDAR\r\n{}", "X-PAD:x\r\n".repeat(300_000));
        import(&app, "national", "text/calendar", &large).await.problem(413, "payload_too_large");
        let path = "/api/v1/calendars/national/imports";
        app.by("commune_admin", Method::POST, path).body("text/calendar", FEED).send().await.problem(403, "forbidden");
        app.by("admin", Method::POST, path).body("text/calendar", &b"BEGIN:VCALENDAR\xff"[..]).send().await.problem(400, "invalid_utf8");
        app.stop().await;
    }
}
