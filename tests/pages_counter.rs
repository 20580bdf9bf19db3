//! The counter: a dossier logged in seconds, with the promise seen before it is given; what goes wrong on the way; and the receipt.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::http::Method;
use futures_util::future::join;
use hentra::app::alerts::AlertSettings;
use serde_json::json;

use crate::support::browsing::{Browser, PASSWORD};
use crate::support::{Answer, TestApp, finding_codes, on_both_async};

/// A Friday, one minute after three.
const FRIDAY: &str = "2026-11-20T15:01:00+07:00";
const MORNING: &str = "2026-11-20T08:00:00+07:00";
const COPY: &str = "2.000815";
const SCRIPT: &str = "\"'><script>alert(1)</script>";

/// A whole form, some fields of which are others.
fn form<'a>(others: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields: BTreeMap<&str, &str> = BTreeMap::from([
        ("step", "log"),
        ("key", "counter-1"),
        ("procedure", COPY),
        ("applicant.name", "Nguyễn Thị Hòa"),
        ("applicant.phone", "0912 345 678"),
        ("channel", "in_person"),
        ("copies", "1"),
    ]);
    fields.extend(others.iter().copied());
    fields.into_iter().collect()
}

/// The codes that the form's answer leads to.
#[track_caller]
fn codes(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 303, "{}", answer.body);
    let named = answer.header("location").strip_prefix("/counter/logged?codes=").unwrap().to_owned();
    named.split("%2C").map(ToOwned::to_owned).collect()
}

/// What stands in the page from `begin` to the next `end`.
#[track_caller]
fn between<'a>(page: &'a str, begin: &str, end: &str) -> &'a str {
    let rest = page.split_once(begin).unwrap_or_else(|| panic!("no {begin} in {page}")).1;
    rest.split_once(end).unwrap_or_else(|| panic!("no {end} after {begin}")).0
}

/// The due date told, and the sentence beneath it.
fn told(page: &str) -> (String, String) {
    let due = between(page, r#"<p class="due">"#, "</p>").to_owned();
    let after = page.split_once(r#"<p class="due">"#).unwrap().1;
    (due, between(after, "<p>", "</p>").to_owned())
}

/// The procedures that are offered for some words, in their order.
async fn offered(browser: &mut Browser<'_>, words: &str) -> Vec<String> {
    let query = serde_urlencoded::to_string([("q", words)]).unwrap();
    let part = browser.page(&format!("/counter/procedures?{query}")).await;
    part.split(r#"data-value=""#).skip(1).map(|of| of.split('"').next().unwrap().to_owned()).collect()
}

async fn stored(app: &TestApp) -> i64 {
    app.get("officer", "/api/v1/dossiers?limit=1").await.ok()["count"].as_i64().unwrap()
}

on_both_async! {
    async fn a_dossier_is_logged_and_the_next_one_begins(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut browser = Browser::signed_in(&app, "officer").await;
        let page = browser.page("/counter").await;
        let key = between(&page, r#"name="key" value=""#, "\"").to_owned();
        assert_ne!(key, between(&browser.page("/counter").await, r#"name="key" value=""#, "\""), "each form has a key of its own");
        assert!(!page.contains(r#"id="unit""#), "an officer of one unit has none to choose");
        let sent = browser.post("/counter", &form(&[("key", &key), ("note", "Gấp"), ("applicant.address", "Khu phố 1")])).await;
        let code = codes(&sent).remove(0);
        assert!(!sent.header("location").contains("Nguy"), "no person stands in an address");
        let page = browser.follow(&sent).await.body;
        assert!(page.contains(&code) && page.contains("17:00 thứ Sáu 20/11/2026") && page.contains("Nguyễn Thị Hòa"), "{page}");
        assert!(page.contains(&format!(r#"href="/dossiers/{code}/receipt""#)));
        assert!(page.contains(r#"<a class="button main" href="/counter" autofocus"#), "Enter goes on to the next dossier");
        assert!(!between(&page, "<title>", "</title>").contains("Hòa"));
        // Another dossier of the same person: a form, for persons stand in no address.
        let person = [("step", "look"), ("applicant.name", "Nguyễn Thị Hòa"), ("applicant.phone", "0912 345 678"), ("applicant.address", "Khu phố 1")];
        for (name, value) in &person[1..] {
            assert!(page.contains(&format!(r#"type="hidden" name="{name}" value="{value}""#)), "{name}: {page}");
        }
        let another = browser.post("/counter", &person).await;
        assert!(another.status == 200 && another.body.contains(r#"name="q" value="" autocomplete"#) && another.body.contains(r#"value="Khu phố 1""#), "{}", another.body);
        let dossier = app.get("officer", &format!("/api/v1/dossiers/{code}")).await.ok();
        assert_eq!((&dossier["unit"], &dossier["channel"], &dossier["officer"]), (&json!("H19.15"), &json!("in_person"), &json!("Cán bộ officer")));
        assert_eq!((&dossier["applicant"]["phone"], &dossier["note"]), (&json!("0912 345 678"), &json!("Gấp")));
        app.stop().await;
    }

    async fn procedures_are_found_without_diacritics_the_best_first(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut browser = Browser::signed_in(&app, "officer").await;
        let plain = offered(&mut browser, "chung thuc ban sao").await;
        assert_eq!(plain[0], COPY);
        assert_eq!(offered(&mut browser, "Chứng  Thực BẢN SAO").await, plain);
        assert!(plain.contains(&"2.000942".to_owned()), "the same words in another order come later: {plain:?}");
        assert_eq!(offered(&mut browser, COPY).await, [COPY]);
        assert_eq!(offered(&mut browser, "ctbs").await[0], COPY);
        assert!(offered(&mut browser, "").await.is_empty(), "nothing is usual yet");
        assert!(offered(&mut browser, "không có thủ tục nào như thế").await.is_empty());
        // What the unit takes often comes first among those that fit equally well, then what it registered for the same day.
        let before = offered(&mut browser, "chung thuc").await;
        assert!(before[0] != "2.001016" && before[0] != COPY, "{before:?}");
        app.commit(COPY).await;
        assert_eq!(offered(&mut browser, "chung thuc").await[0], COPY);
        app.log("2.001016", json!({})).await.ok();
        let after = offered(&mut browser, "chung thuc").await;
        assert_eq!(after[..2], ["2.001016", COPY]);
        assert_eq!(offered(&mut browser, "").await, ["2.001016", COPY], "and with nothing typed");
        assert_eq!(offered(&mut browser, "chung thuc ban sao").await[0], COPY, "but not before what fits better");
        app.stop().await;
    }

    async fn the_search_answers_whatever_is_typed(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut browser = Browser::signed_in(&app, "officer").await;
        for words in [SCRIPT, "%", "_", "'; DROP TABLE dossiers --", "\u{0}", "\u{202e}", &"chung ".repeat(3_000)] {
            let query = serde_urlencoded::to_string([("q", words), ("unit", "H19.16")]).unwrap();
            let part = browser.page(&format!("/counter/procedures?{query}")).await;
            assert!(part.starts_with("<ul data-said=") && !part.contains("<script"), "{words}: {part}");
        }
        let mut stranger = Browser::of(&app);
        assert_eq!(stranger.get("/counter/procedures?q=a").await.status, 303);
        app.stop().await;
    }

    async fn what_is_previewed_is_what_is_stored(db) {
        let app = TestApp::start(db, FRIDAY).await;
        app.commit("2.000884").await;
        let mut browser = Browser::signed_in(&app, "officer").await;
        let own = [("promise_date", "2026-11-25"), ("promise_time", "10:30")];
        let day_alone = [("promise_date", "2026-11-26")];
        let mut at = 0;
        for procedure in [COPY, "2.000884", "2.001016", "1.000689"] {
            for promise in [&[][..], &own, &day_alone] {
                at += 1;
                let key = format!("key-{at}");
                let mut fields = vec![("procedure", procedure), ("key", key.as_str())];
                fields.extend(promise);
                let part = browser.post("/counter/preview", &form(&fields)).await;
                assert_eq!(part.status, 200, "{}", part.body);
                let logged = browser.post("/counter", &form(&fields)).await;
                let code = codes(&logged).remove(0);
                let page = browser.follow(&logged).await.body;
                assert_eq!(told(&part.body), told(&page), "{procedure} {promise:?}");
                let dossier = app.get("officer", &format!("/api/v1/dossiers/{code}")).await.ok();
                let found = dossier["findings"].as_array().unwrap();
                assert_eq!(found.is_empty(), !part.body.contains("class=\"warn\""), "{procedure} {promise:?}: {dossier}");
                for finding in found {
                    assert!(part.body.contains(finding["detail"].as_str().unwrap()), "{finding} in {}", part.body);
                }
            }
        }
        // A day without an hour means its last session's end.
        let (due, _) = told(&browser.post("/counter/preview", &form(&day_alone)).await.body);
        assert_eq!(due, "17:00 thứ Năm 26/11/2026");
        assert_eq!(stored(&app).await, at, "what is previewed is not stored");
        app.stop().await;
    }

    async fn what_breaks_a_rule_is_told_before_saving_with_the_day_to_take_instead(db) {
        let app = TestApp::start(db, FRIDAY).await;
        app.commit(COPY).await;
        let mut browser = Browser::signed_in(&app, "officer").await;
        let late = [("promise_date", "2026-11-23"), ("promise_time", "09:00"), ("reason", "Máy hỏng")];
        let part = browser.post("/counter/preview", &form(&late)).await.body;
        assert!(part.contains("hẹn qua tuần") && part.contains("QĐ no_week_rollover của UBND phường"), "{part}");
        assert_eq!(between(&part, r#"data-set="promise_date promise_time">"#, "<"), "Hẹn theo ngày này 17:00 thứ Sáu 20/11/2026");
        // The button takes it, and everything else stays as it was typed.
        let mut fields = form(&late);
        fields.retain(|(name, _)| *name != "step");
        fields.push(("take", "1"));
        let page = browser.post("/counter", &fields).await;
        assert_eq!((page.status, stored(&app).await), (200, 0));
        assert!(page.body.contains(r#"name="promise_date" type="date" value="""#) && page.body.contains(r#"value="Nguyễn Thị Hòa""#), "{}", page.body);
        assert_eq!(told(&page.body).0, "17:00 thứ Sáu 20/11/2026");
        assert!(!page.body.contains("class=\"warn\""));
        // Nothing is refused for it.
        let logged = browser.post("/counter", &form(&late)).await;
        let code = codes(&logged).remove(0);
        let dossier = app.get("officer", &format!("/api/v1/dossiers/{code}")).await.ok();
        assert_eq!(finding_codes(&dossier), ["same_day_promise", "week_rollover_promise"]);
        assert_eq!((&dossier["due_at"], &dossier["reason"]), (&json!("2026-11-23T09:00:00+07:00"), &json!("Máy hỏng")));
        assert!(browser.follow(&logged).await.body.contains("hẹn qua tuần"));
        app.stop().await;
    }

    async fn a_promise_that_moved_since_it_was_shown_is_shown_again_first(db) {
        let app = TestApp::start(db, "2026-11-20T14:59:30+07:00").await;
        let mut browser = Browser::signed_in(&app, "officer").await;
        let part = browser.post("/counter/preview", &form(&[])).await.body;
        let seen = between(&part, r#"name="seen" value=""#, "\"").to_owned();
        assert_eq!((seen.as_str(), told(&part).0.as_str()), ("2026-11-20", "17:00 thứ Sáu 20/11/2026"));
        app.at(FRIDAY);
        let page = browser.post("/counter", &form(&[("seen", &seen)])).await;
        assert_eq!((page.status, stored(&app).await), (409, 0));
        assert!(page.body.contains("nay khác với ngày đã hiện") && page.body.contains(r#"value="Nguyễn Thị Hòa""#), "{}", page.body);
        assert_eq!(told(&page.body).0, "17:00 thứ Hai 23/11/2026");
        let seen = between(&page.body, r#"name="seen" value=""#, "\"").to_owned();
        let made = codes(&browser.post("/counter", &form(&[("seen", &seen)])).await);
        // Sent twice, the second time past another mark: what stands is not asked about again.
        app.at("2026-11-20T15:20:00+07:00");
        assert_eq!(codes(&browser.post("/counter", &form(&[("seen", "2026-11-20")])).await), made);
        assert_eq!(stored(&app).await, 1);
        app.stop().await;
    }

    async fn without_a_script_one_searches_chooses_and_looks(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut browser = Browser::signed_in(&app, "officer").await;
        let typed = [("step", "look"), ("procedure", ""), ("q", "chung thuc"), ("q_before", "")];
        let page = browser.post("/counter", &form(&typed)).await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains(&format!(r#"<input type="radio" name="procedure" value="{}""#, offered(&mut browser, "chung thuc").await[0])), "{}", page.body);
        assert!(page.body.contains(r#"name="q_before" value="chung thuc""#) && page.body.contains(r#"value="Nguyễn Thị Hòa""#));
        let chosen = [("step", "look"), ("procedure", "2.001019"), ("q", "chung thuc"), ("q_before", "chung thuc")];
        let page = browser.post("/counter", &form(&chosen)).await.body;
        assert!(page.contains(r#"name="procedure" value="2.001019""#) && page.contains(r#"name="q" value="2.001019 Chứng thực di chúc""#), "{page}");
        assert_eq!(told(&page).0, "17:00 thứ Tư 25/11/2026");
        // Other words look anew; what fits alone is chosen.
        let anew = [("step", "look"), ("procedure", "2.001019"), ("q", "000942"), ("q_before", "2.001019 Chứng thực di chúc")];
        assert!(browser.post("/counter", &form(&anew)).await.body.contains(r#"name="procedure" value="2.000942""#));
        let nothing = [("step", "look"), ("procedure", ""), ("q", "xyzxyz"), ("q_before", "")];
        assert!(browser.post("/counter", &form(&nothing)).await.body.contains("Không thấy thủ tục nào"));
        // Whoever presses the last button first is shown what there is to choose from, and nothing is stored.
        let hasty = browser.post("/counter", &form(&[("procedure", ""), ("q", "chung thuc"), ("q_before", "")])).await;
        assert_eq!((hasty.status, stored(&app).await), (400, 0));
        assert!(hasty.body.contains(r#"type="radio""#) && hasty.body.contains("Xin chọn thủ tục"));
        // From a link.
        assert_eq!(told(&browser.page("/counter?procedure=2.001019").await).0, "17:00 thứ Tư 25/11/2026");
        app.stop().await;
    }

    async fn forty_copies_are_forty_dossiers_and_stored_once(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut browser = Browser::signed_in(&app, "officer").await;
        let forty = form(&[("copies", "40")]);
        let first = browser.post("/counter", &forty).await;
        let made = codes(&first);
        assert_eq!((made.len(), stored(&app).await), (40, 40));
        assert_eq!(codes(&browser.post("/counter", &forty).await), made, "sent twice, stored once");
        assert_eq!(stored(&app).await, 40);
        let page = browser.follow(&first).await.body;
        assert!(page.contains("Đã tiếp nhận 40 hồ sơ") && page.contains("/counter/receipts?codes="), "{page}");
        let print = between(&page, r#"href="/counter/receipts"#, "\"").to_owned();
        let receipts = browser.page(&format!("/counter/receipts{print}")).await;
        assert_eq!(receipts.matches(r#"<article class="receipt""#).count(), 40);
        assert!(made.iter().all(|code| receipts.contains(code.as_str())));
        app.stop().await;
    }

    async fn a_form_sent_twice_at_once_is_taken_once(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut one = Browser::signed_in(&app, "officer").await;
        let mut other = Browser::of(&app);
        other.post("/sign-in", &[("username", "officer"), ("password", PASSWORD)]).await;
        other.page("/counter").await;
        for (copies, expected) in [("1", 1), ("7", 8)] {
            let fields = form(&[("key", copies), ("copies", copies)]);
            let (a, b) = join(one.post("/counter", &fields), other.post("/counter", &fields)).await;
            assert_eq!(codes(&a), codes(&b));
            assert_eq!(stored(&app).await, expected);
        }
        app.stop().await;
    }

    async fn going_back_and_sending_something_else_is_asked_about(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut browser = Browser::signed_in(&app, "officer").await;
        browser.post("/counter", &form(&[])).await;
        let other = [("applicant.name", "Trần Văn Bình")];
        let page = browser.post("/counter", &form(&other)).await;
        assert_eq!((page.status, stored(&app).await), (409, 1));
        assert!(page.body.contains("đã được ghi nhận với nội dung khác") && page.body.contains(r#"value="Trần Văn Bình""#), "{}", page.body);
        let fresh = between(&page.body, r#"name="key" value=""#, "\"").to_owned();
        assert_ne!(fresh, "counter-1");
        browser.post("/counter", &form(&[other[0], ("key", &fresh)])).await;
        assert_eq!(stored(&app).await, 2);
        // One copy is not several.
        assert_eq!(browser.post("/counter", &form(&[("copies", "2")])).await.status, 409);
        assert_eq!(stored(&app).await, 2);
        app.stop().await;
    }

    async fn a_key_of_no_form_of_ours_is_replaced(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut browser = Browser::signed_in(&app, "officer").await;
        for key in ["", SCRIPT, "khóa", &"k".repeat(65)] {
            let page = browser.post("/counter", &form(&[("key", key), ("step", "look")])).await.body;
            let drawn = between(&page, r#"name="key" value=""#, "\"");
            assert!(drawn.starts_with("counter-") || key.starts_with('"') && !drawn.contains('<'), "{drawn}");
        }
        app.stop().await;
    }
}

on_both_async! {
    async fn faults_stand_beside_their_fields_and_nothing_typed_is_lost(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut browser = Browser::signed_in(&app, "officer").await;
        let long = "Nguyễn ".repeat(300);
        let wrong = [
            ("applicant.name", "  "), ("applicant.phone", long.as_str()), ("applicant.email", "a\u{202e}b"), ("applicant.address", long.as_str()),
            ("note", long.as_str()), ("reason", long.as_str()), ("copies", "0"), ("promise_date", "31/2/2026"), ("promise_time", "25:00"),
        ];
        let page = browser.post("/counter", &form(&wrong)).await;
        assert_eq!((page.status, stored(&app).await), (400, 0));
        for id in ["name", "phone", "email", "address", "note", "reason", "copies", "promise"] {
            assert!(page.body.contains(&format!(r#"class="fault" id="{id}-fault""#)), "{id}: {}", page.body);
        }
        assert_eq!(page.body.matches("<details open>").count(), 2, "what is at fault is not folded away");
        for typed in [long.trim(), "a\u{202e}b", "31/2/2026", "25:00"] {
            assert!(page.body.contains(typed), "{typed}");
        }
        app.stop().await;
    }

    async fn copies_are_between_one_and_a_hundred(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut browser = Browser::signed_in(&app, "officer").await;
        for copies in ["0", "-1", "101", "4294967296", "99999999999999999999", "1.5", "bốn mươi", "1e2"] {
            let page = browser.post("/counter", &form(&[("copies", copies)])).await;
            assert_eq!(page.status, 400, "{copies}");
            assert!(page.body.contains("copies-fault") && page.body.contains(&format!(r#"value="{copies}""#)), "{copies}: {}", page.body);
        }
        assert_eq!(stored(&app).await, 0);
        assert_eq!(codes(&browser.post("/counter", &form(&[("copies", "")])).await).len(), 1, "none said is one");
        assert_eq!(codes(&browser.post("/counter", &form(&[("copies", "100"), ("key", "most")])).await).len(), 100);
        app.stop().await;
    }

    async fn script_in_any_field_is_only_text(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut browser = Browser::signed_in(&app, "officer").await;
        let names = ["unit", "procedure", "q", "q_before", "case", "channel", "applicant.name", "applicant.phone", "applicant.email", "applicant.address", "note",
            "reason", "copies", "promise_date", "promise_time", "seen", "key"];
        for name in names {
            for step in ["look", "log"] {
                let page = browser.post("/counter", &form(&[(name, SCRIPT), ("step", step)])).await;
                let page = browser.follow(&page).await;
                assert!(!page.body.contains("<script>alert"), "{name}");
            }
            let part = browser.post("/counter/preview", &form(&[(name, SCRIPT)])).await;
            assert!(!part.body.contains("<script>alert"), "{name}");
        }
        let texts = [("applicant.name", SCRIPT), ("applicant.phone", SCRIPT), ("applicant.email", SCRIPT), ("applicant.address", SCRIPT), ("key", "texts")];
        let code = codes(&browser.post("/counter", &form(&texts)).await).remove(0);
        let receipt = browser.page(&format!("/dossiers/{code}/receipt")).await;
        assert!(!receipt.contains("<script>alert"));
        assert!(receipt.matches("&#60;script&#62;alert(1)").count() >= 4, "{receipt}");
        app.stop().await;
    }

    async fn a_name_of_the_longest_kind_is_taken_and_a_longer_one_is_not(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut browser = Browser::signed_in(&app, "officer").await;
        let longest = "N".repeat(2_000);
        let code = codes(&browser.post("/counter", &form(&[("applicant.name", &longest)])).await).remove(0);
        assert!(browser.page(&format!("/dossiers/{code}/receipt")).await.contains(&longest));
        let longer = "N".repeat(2_001);
        let page = browser.post("/counter", &form(&[("applicant.name", &longer), ("key", "2")])).await;
        assert!(page.status == 400 && page.body.contains("name-fault") && page.body.contains(&longer));
        app.stop().await;
    }

    async fn what_cannot_be_promised_is_said(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut browser = Browser::signed_in(&app, "officer").await;
        for (date, time) in [("2026-11-19", "17:00"), ("2026-11-20", "07:00"), ("1999-01-01", ""), ("2101-01-01", ""), ("9999-12-31", "10:00"), ("", "10:00")] {
            let promise = [("promise_date", date), ("promise_time", time)];
            let page = browser.post("/counter", &form(&promise)).await;
            assert!(page.status == 400 && page.body.contains("promise-fault"), "{date} {time}: {}", page.body);
            let part = browser.post("/counter/preview", &form(&promise)).await;
            assert!(part.status == 200 && part.body.contains("Chưa tính được ngày hẹn trả"), "{date} {time}: {}", part.body);
        }
        let unknown = browser.post("/counter", &form(&[("procedure", "9.999999")])).await;
        assert!(unknown.status == 400 && unknown.body.contains("q-fault"), "{}", unknown.body);
        let no_channel = browser.post("/counter", &form(&[("channel", "telex")])).await;
        assert!(no_channel.status == 400 && no_channel.body.contains("channel-fault"));
        assert_eq!(stored(&app).await, 0);
        app.stop().await;
    }

    async fn a_case_is_asked_for_where_there_are_several(db) {
        let app = TestApp::start(db, MORNING).await;
        let limit = |days: u32, case: Option<&str>| json!({"limit": {"value": days, "unit": "working_day"}, "case": case, "source": "QĐ 1"});
        let procedure = json!({"code": "9.1", "name": "Thử <b>nghiệm</b>", "sector": "Khác", "limits": [limit(2, None), limit(9, Some("phải xác minh"))]});
        app.post("admin", "/api/v1/procedures", &procedure).await.ok();
        let mut browser = Browser::signed_in(&app, "officer").await;
        let asked = [("procedure", "9.1")];
        let part = browser.post("/counter/preview", &form(&asked)).await.body;
        assert!(part.contains(r#"<option value="phải xác minh">"#), "{part}");
        assert_eq!(told(&part).0, "17:00 thứ Tư 25/11/2026");
        let verified = [("procedure", "9.1"), ("case", "phải xác minh")];
        let part = browser.post("/counter/preview", &form(&verified)).await.body;
        assert!(part.contains(r#"<option value="phải xác minh" selected>"#));
        assert_eq!(told(&part).0, "17:00 thứ Sáu 04/12/2026");
        let code = codes(&browser.post("/counter", &form(&verified)).await).remove(0);
        let receipt = browser.page(&format!("/dossiers/{code}/receipt")).await;
        assert!(receipt.contains("Trường hợp: phải xác minh") && receipt.contains("9 ngày làm việc") && receipt.contains("Thử &#60;b&#62;"), "{receipt}");
        // A case of another procedure is forgotten when one looks, and refused when one logs.
        let other = [("case", "phải xác minh")];
        assert_eq!(browser.post("/counter/preview", &form(&other)).await.body.matches("<select").count(), 0);
        let refused = browser.post("/counter", &form(&[other[0], ("key", "2")])).await;
        assert!(refused.status == 400 && refused.body.contains("case-fault"), "{}", refused.body);
        app.stop().await;
    }

    async fn the_unit_is_chosen_where_there_are_units_below(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut browser = Browser::signed_in(&app, "leader").await;
        let page = browser.page("/counter").await;
        assert!(page.contains(r#"<option value="H19" selected>"#) && page.contains(r#"<option value="H19.16">Phường Chơn Thành"#), "{page}");
        let logged = browser.post("/counter", &form(&[("unit", "H19.16")])).await;
        let code = codes(&logged).remove(0);
        assert_eq!(app.get("leader", &format!("/api/v1/dossiers/{code}")).await.ok()["unit"], "H19.16");
        assert!(browser.follow(&logged).await.body.contains(r#"href="/counter?unit=H19.16" autofocus"#), "the next one is of the same unit");
        let unknown = browser.post("/counter", &form(&[("unit", "H99"), ("key", "2")])).await;
        assert!(unknown.status == 400 && unknown.body.contains("unit-fault"), "{}", unknown.body);
        app.stop().await;
    }

    async fn only_those_who_handle_dossiers_log_them_and_only_in_their_units(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut reporter = Browser::signed_in(&app, "reporter").await;
        for answer in [reporter.get("/counter").await, reporter.get("/counter/procedures?q=a").await, reporter.post("/counter", &form(&[])).await] {
            assert_eq!(answer.status, 403, "{}", answer.body);
        }
        let mut officer = Browser::signed_in(&app, "officer").await;
        assert_eq!(officer.post("/counter", &form(&[("unit", "H19.16")])).await.status, 403);
        let code = codes(&officer.post("/counter", &form(&[])).await).remove(0);
        let receipt = format!("/dossiers/{code}/receipt");
        assert_eq!(reporter.get(&receipt).await.status, 403, "a reporter sees no applicants");
        let mut neighbour = Browser::signed_in(&app, "neighbour").await;
        for address in [receipt, format!("/counter/receipts?codes={code}"), format!("/counter/logged?codes={code}"), "/dossiers/KHONG-CO/receipt".to_owned()] {
            assert_eq!(neighbour.get(&address).await.status, 404, "{address}");
        }
        app.stop().await;
    }

    async fn a_session_that_ended_loses_nothing_typed_and_stores_once(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut browser = Browser::signed_in(&app, "officer").await;
        app.at("2026-11-20T10:00:00+07:00");
        let typed = form(&[("note", "dòng một\ndòng hai"), ("copies", "3")]);
        let late = browser.post("/counter", &typed).await;
        assert_eq!((late.status, stored(&app).await), (401, 0));
        let names: Vec<String> = typed.iter().map(|(name, _)| format!("kept.{name}")).collect();
        for (name, (_, value)) in names.iter().zip(&typed) {
            assert!(late.body.contains(&format!(r#"name="{name}" value="{value}""#)), "{name}: {}", late.body);
        }
        let mut again = vec![("username", "officer"), ("password", PASSWORD), ("kept_to", "/counter")];
        again.extend(names.iter().map(String::as_str).zip(typed.iter().map(|(_, value)| *value)));
        browser.form_token.clear();
        assert_eq!(browser.post("/sign-in", &again).await.status, 200);
        assert_eq!(codes(&browser.post("/counter", &typed).await), codes(&browser.post("/counter", &typed).await));
        assert_eq!(stored(&app).await, 3);
        app.stop().await;
    }
}

on_both_async! {
    async fn the_receipt_says_what_was_promised(db) {
        let app = TestApp::start_with(db, FRIDAY, |app| {
            let public_url = Some("https://hentra.example.vn/".to_owned());
            app.with_timetable(Arc::new(AlertSettings { public_url, ..AlertSettings::default() }))
        }).await;
        let mut browser = Browser::signed_in(&app, "officer").await;
        let person = [("applicant.address", "Khu phố 1"), ("applicant.email", "hoa@example.vn"), ("channel", "postal"), ("procedure", "2.001019")];
        let code = codes(&browser.post("/counter", &form(&person)).await).remove(0);
        let receipt = browser.page(&format!("/dossiers/{code}/receipt")).await;
        for part in [
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", "Tỉnh Đồng Nai",
            "Phường Phước Long", code.as_str(), "Nguyễn Thị Hòa", "0912 345 678", "Khu phố 1", "hoa@example.vn", "Chứng thực di chúc (2.001019)",
            "Bưu chính công ích", "2 ngày làm việc", "15 giờ 01 phút, thứ Sáu ngày 20 tháng 11 năm 2026", "17 giờ 00 phút, thứ Tư ngày 25 tháng 11 năm 2026",
            "NGƯỜI NỘP HỒ SƠ", "NGƯỜI TIẾP NHẬN HỒ SƠ", "Cán bộ officer", "không tính thứ Bảy, Chủ nhật", "<svg viewBox=", "Quét mã để tra cứu",
            "data-print", "Ctrl+P",
        ] {
            assert!(receipt.contains(part), "{part} in {receipt}");
        }
        assert!(!between(&receipt, "<title>", "</title>").contains("Hòa"));
        // The paper stays in Vietnamese for those who read English.
        browser.get("/language?to=en&back=%2F").await;
        let english = browser.page(&format!("/dossiers/{code}/receipt")).await;
        assert!(english.contains("GIẤY TIẾP NHẬN") && english.contains("17 giờ 00 phút, thứ Tư") && english.contains("Print"), "{english}");
        assert!(english.contains("không tính thứ Bảy"));
        app.stop().await;
    }

    async fn the_receipt_keeps_the_first_promise_whatever_came_later(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut browser = Browser::signed_in(&app, "officer").await;
        let code = codes(&browser.post("/counter", &form(&[("procedure", "2.001019")])).await).remove(0);
        let first = browser.page(&format!("/dossiers/{code}/receipt")).await;
        let promised = "17 giờ 00 phút, thứ Tư ngày 25 tháng 11 năm 2026";
        assert!(first.contains(promised) && !first.contains("<svg"), "without a public address there is nothing to scan");
        app.at("2026-11-23T09:00:00+07:00");
        app.act(&code, &json!({"act": "apologise", "reason": "máy hỏng", "appointed_at": "2026-12-04T17:00:00+07:00"})).await.ok();
        browser.post("/sign-in", &[("username", "officer"), ("password", PASSWORD)]).await;
        let later = browser.page(&format!("/dossiers/{code}/receipt")).await;
        assert!(later.contains(promised) && !later.contains("tháng 12"), "{later}");
        app.stop().await;
    }

    async fn receipts_are_of_the_dossiers_named_each_once(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut browser = Browser::signed_in(&app, "officer").await;
        let made = codes(&browser.post("/counter", &form(&[("copies", "3")])).await);
        let of = |codes: &[String]| format!("/counter/receipts?codes={}", codes.join(","));
        let page = browser.page(&of(&[made[2].clone(), made[0].clone(), made[2].clone()])).await;
        assert_eq!(page.matches("<article").count(), 2);
        assert!(page.find(&made[2]).unwrap() < page.find(&made[0]).unwrap(), "in the order asked for");
        for strange in ["/counter/receipts", "/counter/receipts?codes=,,", "/counter/logged", "/counter/logged?codes=%3Cscript%3E"] {
            let answer = browser.get(strange).await;
            assert!(answer.status == 404 && !answer.body.contains("<script>"), "{strange}: {}", answer.status);
        }
        let many: Vec<String> = (0..101).map(|at| format!("X-{at}")).collect();
        assert_eq!(browser.get(&of(&many)).await.status, 404);
        // A code of another system, with letters that an address cannot hold as they are.
        app.log(COPY, json!({"code": "Ä?#&%2F+\"<b>"})).await.ok();
        let path = "/dossiers/%C3%84%3F%23%26%252F%2B%22%3Cb%3E/receipt";
        assert!(browser.page(path).await.contains("Ä?#&#38;%2F+&#34;&#60;b&#62;"));
        app.stop().await;
    }

    async fn the_page_is_light(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut browser = Browser::signed_in(&app, "officer").await;
        let page = browser.page("/counter?procedure=2.000815").await;
        let mut weight = page.len();
        for address in page.split('"').filter(|of| of.starts_with("/static/")) {
            weight += app.call(Method::GET, address).send().await.body.len();
        }
        assert!(weight < 60_000, "{weight}");
        assert!(!page.contains(" style=") && !page.contains(" onclick="));
        app.stop().await;
    }
}
