//! The pages for anybody: where a dossier stands, when something would be due, how often promises were kept. They show no person and take any input.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::http::Method;
use diesel::Connection as _;
use diesel::connection::{Instrumentation, InstrumentationEvent};
use hentra::app::openness::{Asker, Openness};
use hentra::app::public_status::{Looked, look_up};
use hentra::app::{App, Catalogue};
use hentra::clock::Clock;
use hentra::store::{AnyConnection, Store, StoreSettings};
use serde_json::json;

use crate::support::browsing::Browser;
use crate::support::{TestApp, instant, on_both_async};

const MORNING: &str = "2026-11-20T08:00:00+07:00";
const PROCEDURE: &str = "2.000815";
const SCRIPT: &str = "\"><script>alert(1)</script>'";

/// The statements that a connection is sent, without their parameters.
#[derive(Clone, Default)]
struct Statements(Arc<Mutex<Vec<String>>>);

impl Instrumentation for Statements {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            let sql = query.to_string();
            self.0.lock().unwrap().push(sql.split(" -- binds").next().unwrap().to_owned());
        }
    }
}

impl Statements {
    fn gather(self, c: &mut AnyConnection) {
        match c {
            AnyConnection::Pg(c) => c.set_instrumentation(self),
            AnyConnection::Sqlite(c) => c.set_instrumentation(self),
        }
    }

    fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

/// Logs a dossier with all that must not be seen, and answers its code.
async fn logged(app: &TestApp, code: &str) -> String {
    let more = json!({"code": code, "officer": "Trần Thị Kín", "note": "ghi chú riêng", "reason": "lý do riêng",
        "applicant": {"name": "Nguyễn Văn Riêng", "phone": "0987654321", "address": "Số 1 đường Riêng"}});
    let logged = app.log("1.001022", more).await.ok();
    logged["code"].as_str().unwrap().to_owned()
}

fn has_nothing_private(body: &str) {
    for private in ["Kín", "Riêng", "riêng", "0987654321"] {
        assert!(!body.contains(private), "{private}: {body}");
    }
}

on_both_async! {
    async fn a_visitor_is_met_by_what_anybody_may_ask(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut browser = Browser::of(&app);
        let front = browser.page("/").await;
        for link in [r#"action="/status""#, r#"href="/calculator""#, r#"href="/sign-in""#] {
            assert!(front.contains(link), "{link}: {front}");
        }
        let door = browser.page("/sign-in").await;
        assert!(door.contains(r#"href="/status""#) && door.contains(r#"href="/calculator""#), "{door}");
        app.stop().await;
    }

    async fn a_code_is_answered_with_where_the_dossier_stands_and_nothing_of_persons(db) {
        let app = TestApp::start(db, MORNING).await;
        let code = logged(&app, "H19.15-261120-0007").await;
        let mut browser = Browser::of(&app);
        let page = browser.page(&format!("/status?code={code}")).await;
        for told in ["Phường Phước Long", "Thủ tục đăng ký nhận cha, mẹ, con", "08:00 thứ Sáu 20/11/2026", "Đang giải quyết", "Thứ Năm 26/11/2026", "trước 17 giờ"] {
            assert!(page.contains(told), "{told}: {page}");
        }
        has_nothing_private(&page);
        assert!(!page.split("<title>").nth(1).unwrap().split('<').next().unwrap().contains(&code), "no code in the title");
        assert_eq!(browser.get(&format!("/status?code={code}")).await.header("x-robots-tag"), "noindex");
        // As a telephone writes it.
        let typed = browser.page("/status?code=++h19.15-261120-0007+").await;
        assert!(typed.contains("Đang giải quyết"), "{typed}");
        app.stop().await;
    }

    async fn each_turn_of_a_dossiers_life_is_told_in_plain_words(db) {
        let app = TestApp::start(db, MORNING).await;
        let code = logged(&app, "D-1").await;
        let mut browser = Browser::of(&app);
        let at = format!("/status?code={code}");
        app.act(&code, &json!({"act": "request_supplement", "reason": "Thiếu giấy tờ"})).await.ok();
        let waiting = browser.page(&at).await;
        assert!(waiting.contains("Chờ ông/bà bổ sung hồ sơ") && !waiting.contains("trước 17 giờ"), "{waiting}");
        assert!(!waiting.contains("Thiếu giấy tờ"), "a reason may name a person");
        app.at("2026-11-25T09:00:00+07:00");
        app.act(&code, &json!({"act": "supplement"})).await.ok();
        let anew = browser.page(&at).await;
        assert!(anew.contains("Hẹn lại theo quy định") && anew.contains("Thứ Hai 30/11/2026"), "{anew}");
        app.at("2026-12-01T09:00:00+07:00");
        let late = browser.page(&at).await;
        assert!(late.contains("Đã quá hẹn, chưa có kết quả") && !late.contains("trước 17 giờ"), "{late}");
        let apology = json!({"act": "apologise", "reason": "Cán bộ nghỉ ốm", "appointed_at": "2026-12-03T17:00:00+07:00"});
        app.act(&code, &apology).await.ok();
        let put_off = browser.page(&at).await;
        assert!(put_off.contains("Đã xin lỗi và hẹn lại") && put_off.contains("Thứ Năm 03/12/2026"), "{put_off}");
        app.act(&code, &json!({"act": "resolve"})).await.ok();
        let ready = browser.page(&at).await;
        assert!(ready.contains("Đã có kết quả") && ready.contains("Giải quyết xong lúc"), "{ready}");
        app.act(&code, &json!({"act": "return"})).await.ok();
        assert!(browser.page(&at).await.contains("Đã trả kết quả"));
        for page in [waiting, anew, late, put_off, ready] {
            has_nothing_private(&page);
        }
        app.stop().await;
    }

    async fn an_unknown_code_is_not_found_and_any_input_is_taken(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut browser = Browser::of(&app);
        let unknown = browser.get("/status?code=H19.15-000000-0000").await;
        assert_eq!(unknown.status, 404);
        assert!(unknown.body.contains("Không tìm thấy hồ sơ") && unknown.body.contains(r#"value="H19.15-000000-0000""#), "{}", unknown.body);
        let script = browser.get(&format!("/status?code={}", query(SCRIPT))).await;
        assert_eq!(script.status, 404);
        assert!(!script.body.contains("<script>alert"), "{}", script.body);
        for (strange, status) in [("%00", 404), ("a%00b", 404), ("%F0%9F%93%84", 404), (&"9".repeat(3_000), 404), ("%25", 404), ("~1", 404), ("", 400), ("+++", 400), ("%FF", 400)] {
            assert_eq!(browser.get(&format!("/status?code={strange}")).await.status, status, "{strange}");
        }
        assert_eq!(browser.get("/status").await.status, 200);
        assert_eq!(browser.get("/status?code=a&code=b&x=1").await.status, 404);
        app.stop().await;
    }

    /// The time that an answer takes tells whether there is such a dossier only where it is gone about in another way; so it is the ways that are compared: the
    /// statements that the database is sent, with one connection for all reading.
    async fn an_unknown_code_costs_the_database_what_a_known_one_does(db) {
        let seen = TestApp::start(db, MORNING).await;
        let code = logged(&seen, "H19.15-261120-0007").await;
        let settings = StoreSettings { url: db.url().to_owned(), readers: 1, patience: Duration::from_secs(10) };
        let app = App::start(Store::open(&settings).unwrap(), Clock::standing_at(instant(MORNING))).unwrap();
        let asker = Asker::at("203.0.113.7".parse().unwrap());
        assert_eq!(look_up(&app, "nothing", asker).await.unwrap(), Looked::Unknown, "the catalogue is in memory from here on");
        let sent = Statements::default();
        let gathering = sent.clone();
        let gather = move |c: &mut AnyConnection, _: &Catalogue| {
            gathering.gather(c);
            Ok(())
        };
        app.read(gather).await.unwrap();
        let mut ways = Vec::new();
        for code in [code.as_str(), "H19.15-261120-0008", "a\0b", &"9".repeat(3_000)] {
            let before = sent.all().len();
            let found = look_up(&app, code, asker).await.unwrap();
            ways.push((sent.all().split_off(before), matches!(found, Looked::Found(_))));
        }
        assert!(ways[0].1 && ways[1..].iter().all(|(_, found)| !found), "{ways:?}");
        assert!(ways[0].0.iter().any(|sql| sql.contains("dossiers")), "{ways:?}");
        assert!(ways.iter().all(|(sent, _)| *sent == ways[0].0), "{ways:?}");
        seen.stop().await;
    }

    async fn who_asks_too_often_waits(db) {
        let app = TestApp::start_with(db, MORNING, |app| app.with_openness(Openness::new(Vec::new(), 3, 0))).await;
        let code = logged(&app, "D-1").await;
        let at = format!("/status?code={code}");
        let mut browser = Browser::of(&app);
        for _ in 0..3 {
            assert_eq!(browser.get(&at).await.status, 200);
        }
        let refused = browser.get(&at).await;
        assert_eq!((refused.status, refused.header("retry-after")), (429, "21"));
        assert!(refused.body.contains("Xin chờ một lát") && refused.body.contains(r#"value="D-1""#), "{}", refused.body);
        assert!(!refused.body.contains("Đang giải quyết"));
        assert_eq!(browser.get("/status").await.status, 200, "the empty form looks nothing up");
        // A header that no proxy wrote gives nobody another measure.
        let forged = app.call(Method::GET, &at).header("X-Forwarded-For", "198.51.100.9").send().await;
        assert_eq!(forged.status, 429);
        app.at("2026-11-20T08:00:21+07:00");
        assert_eq!(browser.get(&at).await.status, 200);
        app.stop().await;
    }

    async fn behind_a_proxy_each_address_has_its_own_measure(db) {
        let app = TestApp::start_with(db, MORNING, |app| app.with_openness(Openness::new(Vec::new(), 1, 1))).await;
        let asked = async |from: &str| app.call(Method::GET, "/status?code=x").header("X-Forwarded-For", from).send().await.status;
        assert_eq!(asked("203.0.113.7").await, 404);
        assert_eq!(asked("203.0.113.7").await, 429);
        assert_eq!(asked("198.51.100.1, 203.0.113.7").await, 429, "what stands before the proxy's word is the asker's own");
        assert_eq!(asked("203.0.113.8").await, 404);
        app.stop().await;
    }

    async fn a_procedure_in_words_without_marks_is_answered_with_its_day(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut browser = Browser::of(&app);
        let fresh = browser.page("/calculator").await;
        assert!(fresh.contains(r#"value="2026-11-20T08:00""#) && fresh.contains("Phường Phước Long"), "{fresh}");
        let several = browser.get("/calculator?procedure=chung+thuc+ban+sao&received_at=2026-11-20T15:01&unit=").await;
        assert_eq!(several.status, 400);
        let link = several.body.split('"').find(|of| of.starts_with("/calculator?") && of.ends_with("procedure=2.000815")).unwrap().replace("&#38;", "&");
        let page = browser.page(&link).await;
        for told in ["Thứ Hai 23/11/2026", "Nhận hồ sơ lúc 15 giờ 01 thứ Sáu 20/11/2026", "Chứng thực bản sao từ bản chính", "thứ Sáu 20/11/2026"] {
            assert!(page.contains(told), "{told}: {page}");
        }
        app.commit(PROCEDURE).await;
        let bound = browser.page(&format!("{}&unit=phuoc+long", link.replace("unit=&", ""))).await;
        assert!(bound.contains("Thứ Sáu 20/11/2026") && bound.contains("Đơn vị cam kết"), "{bound}");
        app.stop().await;
    }

    async fn a_limit_is_answered_with_its_day_and_each_days_reason(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut browser = Browser::of(&app);
        let page = browser.page("/calculator?received_at=2026-08-20T09:00&value=2&limit_unit=working_day").await;
        assert!(page.contains("Thứ Bảy 22/8/2026") && page.contains("làm bù"), "{page}");
        let english = browser.get("/language?to=en&back=%2Fcalculator%3Fvalue%3D2").await;
        let english = browser.follow(&english).await;
        assert!(english.body.contains("Wednesday 25 November 2026"), "{}", english.body);
        let year = browser.page("/calculator?received_at=2029-12-20T09:00&value=60&limit_unit=working_day").await;
        assert!(year.contains("Provisional"), "{year}");
        app.stop().await;
    }

    async fn what_is_wrong_in_the_calculator_stands_beside_its_field(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut browser = Browser::of(&app);
        let script = query(SCRIPT);
        for (asked, field) in [
            ("procedure=&value=", "procedure"),
            ("procedure=kh%C3%B4ng+c%C3%B3+th%E1%BA%ADt", "procedure"),
            ("procedure=2.000815&value=3", "value"),
            ("procedure=2.000815&unit=n%C6%A1i+n%C3%A0o", "unit"),
            ("procedure=2.000815&unit=phuong", "unit"),
            ("value=x", "value"),
            ("value=-1", "value"),
            ("value=0", "value"),
            ("value=99999999999", "value"),
            ("value=3&limit_unit=same_day", "value"),
            ("value=3&received_at=h%C3%B4m+nay", "received_at"),
            ("value=3&received_at=1999-01-01T08:00", "received_at"),
            ("value=3&received_at=2999-01-01T08:00", "received_at"),
            (&format!("procedure={script}&unit={script}&received_at={script}"), "received_at"),
            (&format!("procedure={script}&unit={script}"), "procedure"),
            (&format!("procedure=2.000815&unit={script}"), "unit"),
            (&format!("value={script}&limit_unit={script}&channel={script}&case={script}"), "value"),
        ] {
            let answer = browser.get(&format!("/calculator?{asked}")).await;
            assert_eq!(answer.status, 400, "{asked}: {}", answer.body);
            assert!(answer.body.contains(&format!(r#"id="{field}-fault""#)), "{asked}: {}", answer.body);
            assert!(!answer.body.contains("<script>alert"), "{asked}: {}", answer.body);
        }
        assert_eq!(browser.get("/calculator?procedure=%FF").await.status, 400);
        assert_eq!(browser.get(&format!("/calculator?procedure={}", "chung+".repeat(1_000))).await.status, 400);
        app.stop().await;
    }

    async fn rates_are_shown_by_units_that_want_it_and_by_no_others(db) {
        let app = TestApp::start_with(db, MORNING, |app| app.with_openness(Openness::new(vec!["H19.15".into(), "gone".into()], 30, 0))).await;
        let codes = ["D-1", "D-2", "D-3"];
        for code in codes {
            logged(&app, code).await;
        }
        app.act("D-1", &json!({"act": "resolve"})).await.ok();
        app.at("2026-11-27T08:00:00+07:00");
        app.act("D-2", &json!({"act": "resolve"})).await.ok();
        let mut browser = Browser::of(&app);
        let page = browser.page("/rates/H19.15").await;
        for told in ["Phường Phước Long", "Tháng 12/2026", "đang diễn ra", "33,3", "08:00 thứ Sáu 27/11/2026", "15/11–14/12/2026"] {
            assert!(page.contains(told), "{told}: {page}");
        }
        let row = |name: &str| page.split(name).nth(1).unwrap().split("</tr>").next().unwrap().to_owned();
        assert!(row("Tháng 12/2026").contains(">1</td>") && row("Tháng 12/2026").contains(">3</td>"), "{page}");
        assert!(row("Tháng 11/2026").contains("<b>—</b>"), "{page}");
        has_nothing_private(&page);
        let nowhere = browser.get("/rates/khong-co").await;
        for closed in ["/rates/H19.16", "/rates/H19", "/rates/gone", "/rates/%00", "/rates/%3Cscript%3E"] {
            let answer = browser.get(closed).await;
            assert_eq!((answer.status, &answer.body), (404, &nowhere.body), "{closed}");
        }
        app.stop().await;
    }

    async fn with_the_database_away_the_pages_say_so(db) {
        let app = TestApp::start_patient(db, MORNING, Duration::from_millis(300)).await;
        let code = logged(&app, "D-1").await;
        if !db.take_away() {
            // SQLite's file is read by as many as like, whoever writes it.
            return app.stop().await;
        }
        let mut browser = Browser::of(&app);
        assert_eq!(browser.get(&format!("/status?code={code}")).await.status, 503);
        assert_eq!(browser.get("/calculator").await.status, 503);
        assert_eq!(browser.get("/").await.status, 200, "the first page needs none");
        db.bring_back();
        assert_eq!(browser.get(&format!("/status?code={code}")).await.status, 200);
        app.stop().await;
    }
}

fn query(text: &str) -> String {
    serde_urlencoded::to_string([("x", text)]).unwrap()[2..].to_owned()
}
