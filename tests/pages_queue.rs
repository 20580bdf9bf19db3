//! The queue, the list and the search: what stands where, for whom, and that a report's numbers lead to just the dossiers they count.

use hentra::domain::cell::Cell;
use serde_json::{Value, json};

use crate::support::browsing::Browser;
use crate::support::{TestApp, on_both_async};

const FRIDAY: &str = "2026-11-20T08:00:00+07:00";
const TWO_DAYS: &str = "2.001019";

async fn logged(app: &TestApp, code: &str, due: &str, more: Value) {
    let mut fields = json!({"code": code, "received_at": "2026-11-16T09:00:00+07:00", "due_at": format!("{due}:00+07:00")});
    fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    app.log(TWO_DAYS, fields).await.ok();
}

/// One of each: overdue, due today, soon, later, paused; and one in a colleague's hands, one in nobody's.
async fn furnished(app: &TestApp) {
    logged(app, "LATER", "2026-11-30T17:00", json!({})).await;
    logged(app, "SOON", "2026-11-23T17:00", json!({})).await;
    logged(app, "OVERDUE", "2026-11-18T17:00", json!({})).await;
    logged(app, "COLLEAGUE", "2026-11-18T16:00", json!({"officer": "Lê Văn Bình"})).await;
    logged(app, "TODAY", "2026-11-20T16:30", json!({})).await;
    logged(app, "PAUSED", "2026-11-20T17:00", json!({})).await;
    app.act("PAUSED", &json!({"act": "pause", "reason": "xác minh", "ground": "NĐ 23/2015", "at": "2026-11-17T08:00:00+07:00"})).await.ok();
}

/// The codes of a page's rows, in order.
fn codes(page: &str) -> Vec<String> {
    let rows = page.split(r#"<th scope="row"><a "#).skip(1);
    rows.map(|row| row.split("/dossiers/").nth(1).unwrap().split('"').next().unwrap().to_owned()).collect()
}

on_both_async! {
    async fn the_least_working_time_left_stands_first_and_what_stands_still_last(db) {
        let app = TestApp::start(db, FRIDAY).await;
        furnished(&app).await;
        let mut browser = Browser::signed_in(&app, "officer").await;
        let page = browser.page("/queue").await;
        assert_eq!(codes(&page), ["OVERDUE", "TODAY", "SOON", "LATER", "PAUSED"]);
        for told in ["quá\u{a0}hạn 2\u{a0}ngày", "còn\u{a0}7\u{a0}giờ", "còn 1 ngày làm việc", "tạm dừng"] {
            assert!(page.contains(told), "{told}: {page}");
        }
        for (group, expected) in [("overdue", vec!["OVERDUE"]), ("today", vec!["TODAY"]), ("soon", vec!["SOON"]), ("halted", vec!["PAUSED"]), ("ready", vec![])] {
            let of_group = browser.page(&format!("/queue?show={group}")).await;
            assert_eq!(codes(&of_group), expected, "{group}");
            let figure = format!(r#"show={group}" aria-current="page"><b>{}</b>"#, expected.len());
            assert!(group == "ready" || of_group.contains(&figure), "{figure}: {of_group}");
        }
        assert_eq!(codes(&browser.page("/queue?whose=unit").await), ["COLLEAGUE", "OVERDUE", "TODAY", "SOON", "LATER", "PAUSED"]);
        let mut leader = Browser::signed_in(&app, "leader").await;
        assert_eq!(codes(&leader.page("/queue").await).len(), 6);
        let mut neighbour = Browser::signed_in(&app, "neighbour").await;
        assert!(codes(&neighbour.page("/queue?whose=unit").await).is_empty());
        for wrong in ["/queue?show=all", "/queue?cursor=x", "/queue?cursor=1~%00"] {
            assert_eq!(browser.get(wrong).await.status, 400, "{wrong}");
        }
        app.stop().await;
    }

    async fn one_key_resolves_and_returns_and_the_browser_comes_back_to_its_row(db) {
        let app = TestApp::start(db, FRIDAY).await;
        furnished(&app).await;
        let mut browser = Browser::signed_in(&app, "officer").await;
        let page = browser.page("/queue?show=overdue").await;
        for part in [r#"data-key="x""#, r#"data-key="o""#, r#"name="do" value="resolve 1 1 OVERDUE""#, r#"name="back" value="/queue?show=overdue""#] {
            assert!(page.contains(part), "{part}: {page}");
        }
        let done = browser.post("/queue/acts", &[("do", "resolve 1 1 OVERDUE"), ("back", "/queue?show=overdue")]).await;
        assert_eq!((done.status, done.header("location")), (303, "/queue?show=overdue&done=resolve&code=OVERDUE#r1"));
        let page = browser.page("/queue?show=overdue&done=resolve&code=OVERDUE").await;
        assert!(codes(&page).is_empty() && page.contains(r#"class="done""#), "{page}");
        let ready = browser.page("/queue?show=ready").await;
        assert!(codes(&ready) == ["OVERDUE"] && ready.contains(r#"data-key="t""#), "{ready}");
        let done = browser.post("/queue/acts", &[("do", "return 1 2 OVERDUE"), ("back", "//evil.example/queue")]).await;
        assert_eq!(done.header("location"), "/dossiers/OVERDUE?done=return", "nobody is sent elsewhere");
        let resumed = browser.post("/queue/acts", &[("do", "resume 5 2 PAUSED"), ("back", "/queue")]).await;
        assert_eq!(resumed.header("location"), "/queue?done=resume&code=PAUSED#r5");
        let stale = browser.post("/queue/acts", &[("do", "resolve 2 7 TODAY"), ("back", "/queue")]).await;
        assert!(stale.status == 412 && stale.body.contains("Hồ sơ đã thay đổi"), "{}", stale.body);
        for strange in ["", "resolve", "resolve 1 1", "resolve 1 x TODAY", "fly 1 1 TODAY", "resolve 1 1 \u{0}"] {
            assert!(matches!(browser.post("/queue/acts", &[("do", strange)]).await.status, 404 | 422), "{strange:?}");
        }
        let mut reporter = Browser::signed_in(&app, "reporter").await;
        let page = reporter.page("/queue").await;
        assert!(!page.contains(r#"name="do""#) && !codes(&page).is_empty(), "who only reads is offered no act");
        assert_eq!(reporter.post("/dossiers/TODAY/acts", &[("act", "resolve"), ("version", "1")]).await.status, 403);
        app.stop().await;
    }

    async fn a_long_queue_goes_on_page_by_page_and_each_page_is_light(db) {
        let app = TestApp::start(db, FRIDAY).await;
        let name = "Công ty trách nhiệm hữu hạn một thành viên thương mại dịch vụ Phước Long";
        for n in 0..53 {
            logged(&app, &format!("Q-{n:02}"), "2026-11-23T17:00", json!({"applicant": {"name": name}})).await;
        }
        let mut browser = Browser::signed_in(&app, "officer").await;
        let first = browser.page("/queue").await;
        assert_eq!(codes(&first).len(), 50);
        assert!(first.contains("<b>53</b>"), "{first}");
        let next = first.split(r#"<a href=""#).map(|rest| rest.split('"').next().unwrap()).find(|to| to.contains("cursor=")).unwrap();
        let second = browser.page(&next.replace("&#38;", "&")).await;
        assert_eq!(codes(&second), ["Q-50", "Q-51", "Q-52"]);
        assert!(first.len() < 80_000, "{} before it is packed for the way", first.len());
        app.stop().await;
    }

    async fn a_name_is_looked_for_without_ever_standing_in_an_address(db) {
        let app = TestApp::start(db, FRIDAY).await;
        logged(&app, "N-1", "2026-11-23T17:00", json!({"applicant": {"name": "Điểu Thị Mai"}})).await;
        logged(&app, "N-2", "2026-11-23T17:00", json!({"applicant": {"name": "Lê Văn Bình"}})).await;
        let mut browser = Browser::signed_in(&app, "officer").await;
        let found = browser.post("/queue/search", &[("q", "dieu thi")]).await;
        assert_eq!((found.status, codes(&found.body)), (200, vec!["N-1".to_owned()]), "{}", found.body);
        assert_eq!(browser.post("/queue/search", &[("q", "N-2")]).await.header("location"), "/dossiers/N-2");
        let of_procedure = browser.post("/queue/search", &[("q", TWO_DAYS)]).await;
        assert_eq!(of_procedure.header("location"), "/dossiers?procedure=2.001019&closed_at__isnull=true");
        assert_eq!(codes(&browser.follow(&of_procedure).await.body), ["N-1", "N-2"]);
        for nothing in ["", "  ", "\u{0}", "%%%"] {
            let back = browser.post("/queue/search", &[("q", nothing)]).await;
            assert!(matches!(back.status, 200 | 422) && codes(&back.body).is_empty(), "{nothing:?}: {}", back.status);
        }
        let markup = browser.post("/queue/search", &[("q", "\"><script>alert(1)</script>")]).await;
        assert!(!markup.body.contains("<script>alert"), "{}", markup.body);
        let mut reporter = Browser::signed_in(&app, "reporter").await;
        assert!(codes(&reporter.post("/queue/search", &[("q", "dieu thi")]).await.body).is_empty());
        app.stop().await;
    }

    async fn the_list_takes_a_forms_empty_fields_and_says_what_is_wrong_with_others(db) {
        let app = TestApp::start(db, FRIDAY).await;
        furnished(&app).await;
        let mut browser = Browser::signed_in(&app, "officer").await;
        let page = browser.page("/dossiers?status=&overdue=true&procedure=&received_at__gte=2026-11-16&cursor=").await;
        assert_eq!(codes(&page), ["COLLEAGUE", "OVERDUE"]);
        assert!(page.contains("2 hồ sơ") && page.contains(r#"<option value="true" selected>"#), "{page}");
        for wrong in ["?status=open", "?unit=H20", "?cell=resolved.late", "?cursor=x", "?q=%00", "?color=red", "?closed_at__isnull=false&due_within=1wd"] {
            let back = browser.get(&format!("/dossiers{wrong}")).await;
            assert!(back.status == 400 && back.body.contains(r#"role="alert""#), "{wrong}: {} {}", back.status, back.body);
        }
        let markup = browser.get("/dossiers?officer=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").await;
        assert!(!markup.body.contains("<script>alert"), "{}", markup.body);
        app.stop().await;
    }

    async fn each_number_of_a_report_leads_to_a_page_of_just_those_dossiers(db) {
        let app = TestApp::start(db, FRIDAY).await;
        furnished(&app).await;
        app.act("SOON", &json!({"act": "resolve", "at": "2026-11-17T09:00:00+07:00"})).await.ok();
        app.act("OVERDUE", &json!({"act": "refuse", "reason": "x"})).await.ok();
        let report = app.get("leader", "/api/v1/reports/processing?from=2026-11-01&to=2026-11-30&group_by=officer").await.ok();
        let mut browser = Browser::signed_in(&app, "leader").await;
        let mut counted = 0;
        for row in report["rows"].as_array().unwrap().iter().chain([&report["total"]]) {
            for cell in Cell::ALL {
                let number = row.pointer(&format!("/{}", cell.word().replace('.', "/"))).unwrap().as_u64().unwrap();
                let link = row["links"][cell.word()].as_str().unwrap().strip_prefix("/api/v1").unwrap();
                let page = browser.page(link).await;
                assert!(page.contains(&format!(">{number} hồ sơ<")) && page.contains("Hồ sơ được đếm ở"), "{link}: {page}");
                assert_eq!(u64::try_from(codes(&page).len()).unwrap(), number, "{link}");
                counted += number;
            }
        }
        assert!(counted > 20, "{counted} proves too little");
        app.stop().await;
    }
}
