//! A dossier's page: what it tells to whom, each act done through it, what comes back when something is wrong, the slip, and one's own account.

use serde_json::{Value, json};

use crate::support::browsing::{Browser, PASSWORD};
use crate::support::{TestApp, on_both_async};

const TUESDAY: &str = "2026-11-17T10:00:00+07:00";
const TWO_DAYS: &str = "2.001019";
const MARKUP: &str = "\"><script>alert(1)</script>&";

async fn logged(app: &TestApp, code: &str) -> Value {
    let more = json!({"code": code, "received_at": "2026-11-16T09:00:00+07:00", "due_at": "2026-11-18T17:00:00+07:00"});
    app.log(TWO_DAYS, more).await.ok()
}

async fn stands(app: &TestApp, code: &str) -> Value {
    app.get("officer", &format!("/api/v1/dossiers/{code}")).await.ok()
}

/// Sends an act with the version that the page shows.
async fn act(browser: &mut Browser<'_>, code: &str, fields: &[(&str, &str)]) -> crate::support::Answer {
    let page = browser.page(&format!("/dossiers/{code}")).await;
    let version = version_of(&page);
    let all: Vec<(&str, &str)> = fields.iter().copied().chain([("version", version.as_str())]).collect();
    browser.post(&format!("/dossiers/{code}/acts"), &all).await
}

fn version_of(page: &str) -> String {
    page.split(r#"name="version" value=""#).nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned()
}

on_both_async! {
    async fn the_page_tells_where_a_dossier_stands_and_nothing_typed_is_markup(db) {
        let app = TestApp::start(db, TUESDAY).await;
        let long = "Nguyễn".repeat(80);
        let applicant = json!({"name": format!("{long} {MARKUP}"), "phone": MARKUP, "email": MARKUP, "address": MARKUP});
        app.log(TWO_DAYS, json!({"code": "D-1", "applicant": applicant, "note": MARKUP, "reason": MARKUP, "officer": MARKUP,
            "received_at": "2026-11-16T09:00:00+07:00", "due_at": "2026-11-30T17:00:00+07:00"})).await.ok();
        let mut browser = Browser::signed_in(&app, "officer").await;
        let page = browser.page("/dossiers/D-1").await;
        assert!(!page.contains("<script>alert") && page.contains("&#60;script&#62;alert"), "{page}");
        assert!(page.contains(&long) && page.contains("còn hạn"), "{page}");
        assert!(page.contains("muộn hơn thời hạn theo quy định"), "its finding: {page}");
        assert!(page.contains("17:00 thứ Hai 30/11/2026") && page.contains("Tiếp nhận"), "{page}");
        let title = page.split("<title>").nth(1).unwrap().split("</title>").next().unwrap();
        assert_eq!(title, "Hồ sơ D-1 – Hentra");
        assert!(page.contains("Cán bộ officer"), "the history names who took it");
        let mut reporter = Browser::signed_in(&app, "reporter").await;
        let page = reporter.page("/dossiers/D-1").await;
        assert!(!page.contains(&long) && !page.contains(r#"name="act""#), "{page}");
        let mut neighbour = Browser::signed_in(&app, "neighbour").await;
        for path in ["/dossiers/D-1", "/dossiers/D-1/apology", "/dossiers/none", "/dossiers/%00", "/dossiers/a%FFb"] {
            assert_eq!(neighbour.get(path).await.status, 404, "{path}");
        }
        assert_eq!(neighbour.post("/dossiers/D-1/acts", &[("act", "resolve"), ("version", "1")]).await.status, 404);
        assert_eq!(stands(&app, "D-1").await["version"], 1);
        app.stop().await;
    }

    async fn a_dossier_lives_its_whole_life_on_its_page(db) {
        let app = TestApp::start(db, TUESDAY).await;
        logged(&app, "L-1").await;
        let mut browser = Browser::signed_in(&app, "officer").await;
        let steps: [(&[(&str, &str)], &str); 7] = [
            (&[("act", "request_supplement"), ("reason", "thiếu bản sao căn cước"), ("at", "2026-11-16T10:00")], "awaiting_supplement"),
            (&[("act", "supplement"), ("at", "2026-11-16T15:00")], "processing"),
            (&[("act", "pause"), ("reason", "xác minh chữ ký"), ("ground", "NĐ 23/2015 Đ.20"), ("at", "17/11/2026 08:00")], "paused"),
            (&[("act", "resume"), ("at", "2026-11-17T09:00")], "processing"),
            (&[("act", "apologise"), ("reason", "hệ thống lỗi"), ("appointed_at", "2026-12-04T17:00")], "processing"),
            (&[("act", "resolve"), ("at", "")], "resolved"),
            (&[("act", "return")], "returned"),
        ];
        for (fields, status) in steps {
            let done = act(&mut browser, "L-1", fields).await;
            assert_eq!((done.status, done.header("location")), (303, format!("/dossiers/L-1?done={}", fields[0].1).as_str()), "{}", done.body);
            assert_eq!(stands(&app, "L-1").await["status"], status);
            assert!(browser.follow(&done).await.body.contains(r#"class="done""#));
        }
        let page = browser.page("/dossiers/L-1").await;
        for told in ["thiếu bản sao căn cước", "NĐ 23/2015 Đ.20", "hệ thống lỗi", "17:00 thứ Sáu 04/12/2026", "đã trả kết quả, trước hạn", "ghi vào hệ thống"] {
            assert!(page.contains(told), "{told}: {page}");
        }
        assert!(page.contains("Hồ sơ đã kết thúc; chỉ lãnh đạo"), "an officer corrects nothing any more");
        for (kind, status) in [("refuse", "refused"), ("withdraw", "withdrawn"), ("stop", "stopped")] {
            logged(&app, kind).await;
            assert_eq!(act(&mut browser, kind, &[("act", kind), ("reason", "lý do")]).await.status, 303);
            assert_eq!(stands(&app, kind).await["status"], status);
        }
        app.stop().await;
    }

    async fn what_is_refused_comes_back_with_all_that_was_typed(db) {
        let app = TestApp::start(db, TUESDAY).await;
        logged(&app, "R-1").await;
        let mut browser = Browser::signed_in(&app, "officer").await;
        let back = act(&mut browser, "R-1", &[("act", "apologise"), ("reason", MARKUP), ("appointed_at", "2026-11-17T17:00")]).await;
        assert_eq!(back.status, 422);
        assert!(back.body.contains("apologise-appointed_at-fault") && back.body.contains(r#"value="2026-11-17T17:00""#), "{}", back.body);
        assert!(back.body.contains("&#62;&#60;script&#62;") && !back.body.contains("<script>alert"), "{}", back.body);
        let back = act(&mut browser, "R-1", &[("act", "pause"), ("reason", ""), ("ground", "NĐ 1"), ("at", "chiều qua")]).await;
        assert!(back.body.contains("pause-at-fault") && back.body.contains("chiều qua") && back.body.contains("NĐ 1"), "{}", back.body);
        let back = act(&mut browser, "R-1", &[("act", "resolve"), ("at", "2030-01-01T08:00")]).await;
        assert!(back.status == 422 && back.body.contains("resolve-at-fault"), "{}", back.body);
        let back = act(&mut browser, "R-1", &[("act", "return")]).await;
        assert_eq!(back.status, 409, "its state does not allow that");
        assert!(back.body.contains(r#"role="alert""#));
        for fields in [&[("act", "fly"), ("version", "1")][..], &[("act", "resolve")], &[]] {
            assert_eq!(browser.post("/dossiers/R-1/acts", fields).await.status, 422);
        }
        let reason = "x".repeat(5_000);
        let back = act(&mut browser, "R-1", &[("act", "refuse"), ("reason", &reason)]).await;
        assert!(back.status == 422 && back.body.contains("refuse-reason-fault") && back.body.contains(&reason));
        assert_eq!(stands(&app, "R-1").await["version"], 1, "nothing was done");
        app.stop().await;
    }

    async fn a_form_made_for_an_older_version_says_what_has_happened_meanwhile(db) {
        let app = TestApp::start(db, TUESDAY).await;
        logged(&app, "S-1").await;
        let mut browser = Browser::signed_in(&app, "officer").await;
        browser.page("/dossiers/S-1").await;
        app.act("S-1", &json!({"act": "pause", "reason": "chờ thuế", "ground": "Luật Đất đai Đ.137"})).await.ok();
        let late = browser.post("/dossiers/S-1/acts", &[("act", "refuse"), ("version", "1"), ("reason", "không đủ điều kiện")]).await;
        assert_eq!(late.status, 412);
        for told in ["Hồ sơ đã thay đổi", "chờ thuế", "Luật Đất đai Đ.137", "không đủ điều kiện"] {
            assert!(late.body.contains(told), "{told}: {}", late.body);
        }
        assert_eq!(version_of(&late.body), "2", "the form that comes back is for what stands");
        let gone = browser.post("/dossiers/S-1/acts", &[("act", "request_supplement"), ("version", "1"), ("reason", "thiếu sơ đồ thửa đất")]).await;
        assert!(gone.status == 412 && gone.body.contains("thiếu sơ đồ thửa đất"), "kept where the act is gone: {}", gone.body);
        let again = browser.post("/dossiers/S-1/acts", &[("act", "refuse"), ("version", "2"), ("reason", "không đủ điều kiện")]).await;
        assert_eq!((again.status, &stands(&app, "S-1").await["status"]), (303, &json!("refused")));
        app.stop().await;
    }

    async fn a_form_sent_twice_is_done_once(db) {
        let app = TestApp::start(db, TUESDAY).await;
        logged(&app, "T-1").await;
        let mut browser = Browser::signed_in(&app, "officer").await;
        let fields = [("act", "request_supplement"), ("version", "1"), ("reason", "thiếu giấy")];
        for _ in 0..2 {
            assert_eq!(browser.post("/dossiers/T-1/acts", &fields).await.status, 303);
        }
        assert_eq!(stands(&app, "T-1").await["version"], 2);
        app.stop().await;
    }

    async fn only_what_was_changed_is_put_right_and_a_closed_dossier_by_a_leader(db) {
        let app = TestApp::start(db, TUESDAY).await;
        let before = logged(&app, "C-1").await;
        let mut browser = Browser::signed_in(&app, "officer").await;
        let same = act(&mut browser, "C-1", &[("act", "correct"), ("reason", "x"), ("changes.officer", "An"), ("was.changes.officer", "An")]).await;
        assert!(same.status == 422 && same.body.contains("Chưa có ô nào được sửa"), "{}", same.body);
        let page = browser.page("/dossiers/C-1").await;
        assert!(page.contains(r#"name="was.changes.received_at" value="2026-11-16T09:00""#), "{page}");
        let fields = [("act", "correct"), ("reason", "gõ nhầm"), ("changes.applicant.name", "Trần Thị Sửa"), ("was.changes.applicant.name", "cũ"),
            ("changes.channel", "postal"), ("was.changes.channel", "in_person"), ("changes.note", "ghi chú mới"), ("was.changes.note", "")];
        assert_eq!(act(&mut browser, "C-1", &fields).await.status, 303);
        let right = stands(&app, "C-1").await;
        assert_eq!((&right["applicant"]["name"], &right["channel"], &right["note"]), (&json!("Trần Thị Sửa"), &json!("postal"), &json!("ghi chú mới")));
        assert_eq!(right["received_at"], before["received_at"]);
        let page = browser.page("/dossiers/C-1").await;
        assert!(page.contains("Trực tiếp → Dịch vụ bưu chính") && page.contains("gõ nhầm"), "{page}");
        let unknown = act(&mut browser, "C-1", &[("act", "correct"), ("reason", "x"), ("changes.procedure", "9.999999"), ("was.changes.procedure", TWO_DAYS)]).await;
        assert!(unknown.status == 422 && unknown.body.contains("correct-changes.procedure-fault"), "{}", unknown.body);
        assert_eq!(act(&mut browser, "C-1", &[("act", "resolve")]).await.status, 303);
        let closed_at = [("act", "correct"), ("version", "3"), ("reason", "ghi muộn"), ("changes.closed_at", "2026-11-17T09:30"), ("was.changes.closed_at", "2026-11-17T10:00")];
        let officer = browser.post("/dossiers/C-1/acts", &closed_at).await;
        assert!(officer.status == 403 && officer.body.contains("lãnh đạo"), "{}", officer.body);
        let mut leader = Browser::signed_in(&app, "leader").await;
        assert_eq!(leader.post("/dossiers/C-1/acts", &closed_at).await.status, 303);
        assert_eq!(stands(&app, "C-1").await["closed_at"], "2026-11-17T09:30:00+07:00");
        app.stop().await;
    }

    async fn the_slip_is_looked_at_then_recorded_then_printed(db) {
        let app = TestApp::start(db, TUESDAY).await;
        app.log(TWO_DAYS, json!({"code": "A-1", "applicant": {"name": "Điểu Thị <b>Mai</b>"}, "received_at": "2026-11-16T09:00:00+07:00", "due_at": "2026-11-18T17:00:00+07:00"})).await.ok();
        let mut browser = Browser::signed_in(&app, "officer").await;
        let empty = browser.page("/dossiers/A-1/apology").await;
        for said in ["Điểu Thị &#60;b&#62;Mai", "Phường Phước Long", "A-1", "17 giờ 00, ngày 18 tháng 11 năm 2026", "ngày 16 tháng 11 năm 2026", "Lý do: …"] {
            assert!(empty.contains(said), "{said}: {empty}");
        }
        let look = browser.post("/dossiers/A-1/apology", &[("act", "apologise"), ("version", "1"), ("reason", MARKUP), ("appointed_at", "2026-11-25T17:00")]).await;
        assert_eq!(look.status, 200);
        assert!(look.body.contains("17 giờ 00, ngày 25 tháng 11 năm 2026") && !look.body.contains("<script>alert"), "{}", look.body);
        assert_eq!(stands(&app, "A-1").await["reappointments"], 0, "looking records nothing");
        let fields = [("act", "apologise"), ("version", "1"), ("page", "apology"), ("reason", "mất điện cả ngày"), ("appointed_at", "2026-11-17T17:00")];
        let refused = browser.post("/dossiers/A-1/acts", &fields).await;
        assert!(refused.status == 422 && refused.body.contains("apologise-appointed_at-fault") && refused.body.contains("mất điện cả ngày"), "{}", refused.body);
        let fields = [fields[0], fields[1], fields[2], fields[3], ("appointed_at", "2026-11-25T17:00")];
        let done = browser.post("/dossiers/A-1/acts", &fields).await;
        assert_eq!((done.status, done.header("location")), (303, "/dossiers/A-1/apology?done=1"), "{}", done.body);
        let slip = browser.follow(&done).await.body;
        assert!(slip.contains("Lý do: mất điện cả ngày") && slip.contains("ngày 25 tháng 11 năm 2026") && slip.contains("data-print"), "{slip}");
        assert!(!slip.contains(r#"name="act""#), "nothing is left to be recorded");
        let mut reporter = Browser::signed_in(&app, "reporter").await;
        assert_eq!(reporter.get("/dossiers/A-1/apology").await.status, 403, "a slip names a person");
        app.stop().await;
    }

    async fn ones_own_password_is_changed_with_the_current_one(db) {
        let app = TestApp::start(db, TUESDAY).await;
        let mut browser = Browser::signed_in(&app, "officer").await;
        let mut elsewhere = Browser::of(&app);
        assert_eq!(elsewhere.post("/sign-in", &[("username", "officer"), ("password", PASSWORD)]).await.status, 303);
        let page = browser.page("/account").await;
        assert!(page.contains("Cán bộ officer") && page.contains("Phường Phước Long") && page.contains("cán bộ"), "{page}");
        let new = "mưa rào tháng bảy 2026";
        for (current, password, again, fault) in [
            ("sai", new, new, "current-fault"),
            (PASSWORD, "ngắn", "ngắn", "password-fault"),
            (PASSWORD, new, "khác", "again-fault"),
            ("", new, new, "current-fault"),
        ] {
            let back = browser.post("/account/password", &[("current", current), ("password", password), ("again", again)]).await;
            assert!(back.status == 422 && back.body.contains(fault), "{fault}: {}", back.body);
            assert!(!back.body.contains(new), "no password comes back");
        }
        let done = browser.post("/account/password", &[("current", PASSWORD), ("password", new), ("again", new)]).await;
        assert_eq!((done.status, done.header("location")), (303, "/account?done=1"), "{}", done.body);
        assert!(browser.follow(&done).await.body.contains("Mật khẩu đã được đổi"), "this session goes on");
        assert_eq!(elsewhere.get("/account").await.status, 303, "the others have ended");
        let mut again = Browser::of(&app);
        assert_eq!(again.post("/sign-in", &[("username", "officer"), ("password", PASSWORD)]).await.status, 401);
        assert_eq!(again.post("/sign-in", &[("username", "officer"), ("password", new)]).await.status, 303);
        app.stop().await;
    }
}
