//! Sealing a period on its page, what becomes of its numbers later; and the other reports' pages: findings, the lens, ranking, trend, commitments, delays.

use std::collections::BTreeSet;

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::pages_reports::{listed, province, rate, rows, unescaped};
use crate::support::browsing::Browser;
use crate::support::{Answer, TestApp, TestDatabase, on_both_async};

/// Two dossiers of the official November, one resolved late; then it is 16 November.
async fn november(db: &TestDatabase) -> TestApp {
    let app = TestApp::start(db, "2026-11-16T08:00:00+07:00").await;
    for (code, received, due) in [("A", "2026-11-02", "2026-11-04"), ("B", "2026-11-03", "2026-11-20")] {
        let more = json!({
            "code": code, "received_at": format!("{received}T08:00:00+07:00"), "due_at": format!("{due}T17:00:00+07:00"), "reason": "thử",
        });
        app.log("2.001019", more).await.ok();
    }
    acted(&app, json!({"act": "resolve", "at": "2026-11-05T09:00:00+07:00"})).await;
    app
}

async fn acted(app: &TestApp, body: Value) {
    let path = "/api/v1/dossiers/A/acts";
    app.by("leader", Method::POST, path).header("If-Match", "*").json(&body).send().await.ok();
}

/// The hidden fields of the page's form that seals.
fn hidden(page: &str) -> Vec<(String, String)> {
    let form = page.split("action=\"/reports/seals\"").nth(1).unwrap().split("</form>").next().unwrap();
    let value = |field: &str, name: &str| {
        let rest = field.split(&format!("{name}=\"")).nth(1).unwrap();
        unescaped(rest.split('"').next().unwrap())
    };
    let fields = form.split("<input type=\"hidden\"").skip(1);
    fields
        .map(|field| (value(field, " name"), value(field, " value")))
        .filter(|(name, _)| name != "form_token")
        .collect()
}

async fn sent(browser: &mut Browser<'_>, fields: &[(String, String)]) -> Answer {
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post("/reports/seals", &fields).await
}

on_both_async! {
    async fn a_period_is_sealed_once_however_often_the_form_is_sent(db) {
        let app = november(db).await;
        let mut browser = Browser::signed_in(&app, "reporter").await;
        let report = browser.page("/reports?period=2026-11&group_by=unit").await;
        let confirm = unescaped(report[report.find("/reports/seals/new").unwrap()..].split('"').next().unwrap());
        let page = browser.page(&confirm).await;
        assert!(page.contains("Tháng 11 năm 2026") && page.contains("Tỉnh Đồng Nai"), "{page}");
        let fields = hidden(&page);
        let (first, again) = (sent(&mut browser, &fields).await, sent(&mut browser, &fields).await);
        assert_eq!((first.status, first.header("location")), (303, again.header("location")));
        assert_eq!(app.get("reporter", "/api/v1/reports/seals").await.ok()["count"], 1);
        let shown = browser.follow(&first).await;
        let sealed = &app.get("reporter", "/api/v1/reports/seals").await.ok()["items"][0];
        assert!(shown.body.contains(sealed["hash"].as_str().unwrap()) && shown.body.contains("Báo cáo đã được chốt."), "{}", shown.body);
        assert_eq!(rows(&shown.body, 0).last().unwrap()[2].number(), 2);
        assert!(rows(&shown.body, 0).iter().flatten().all(|of| of.href.is_none()), "lists tell of today");
        // Another sealing, meant as one, stands beside it, and the page says so first.
        let page = browser.page(&confirm).await;
        assert!(page.contains("đã có bản chốt"), "{page}");
        assert_eq!(sent(&mut browser, &hidden(&page)).await.status, 303);
        assert_eq!(app.get("reporter", "/api/v1/reports/seals").await.ok()["count"], 2);
        assert_eq!(rows(&browser.page("/reports/seals").await, 0).len(), 2);
        assert!(browser.page("/reports?period=2026-11").await.contains("Kỳ này đã được chốt"));
        app.stop().await;
    }

    async fn the_sealed_bytes_are_those_of_the_api(db) {
        let app = november(db).await;
        let id = app.post("reporter", "/api/v1/reports/seals", &json!({"report": "processing", "period": "2026-11"})).await.ok()["id"].clone();
        let mut browser = Browser::signed_in(&app, "leader").await;
        for (file, format) in [("sealed.json", "json"), ("form.csv", "csv"), ("form.xlsx", "xlsx")] {
            let by_page = browser.get(&format!("/reports/seals/{id}/{file}")).await;
            let by_api = app.get("leader", &format!("/api/v1/reports/seals/{id}?format={format}")).await;
            assert_eq!((by_page.status, &by_page.bytes), (200, &by_api.bytes), "{file}");
        }
        assert_eq!(browser.get(&format!("/reports/seals/{id}/form.exe")).await.status, 404);
        // Not the neighbour's, and not by any other name.
        let mut commune = Browser::signed_in(&app, "neighbour").await;
        for path in [format!("/reports/seals/{id}"), format!("/reports/seals/{id}/restatement"), format!("/reports/seals/{id}/sealed.json"), "/reports/seals/x".into(), "/reports/seals/99".into()] {
            assert_eq!(commune.get(&path).await.status, 404, "{path}");
        }
        assert!(commune.page("/reports/seals").await.contains("Chưa có báo cáo nào được chốt."));
        app.stop().await;
    }

    async fn what_cannot_be_sealed_is_not(db) {
        let app = november(db).await;
        let mut browser = Browser::signed_in(&app, "reporter").await;
        let running = browser.page("/reports/seals/new?period=2026-12").await;
        assert!(running.contains("chưa kết thúc nên chưa chốt được") && !running.contains("action=\"/reports/seals\""), "{running}");
        let refused = browser.post("/reports/seals", &[("period", "2026-12"), ("key", "k")]).await;
        assert_eq!(refused.status, 400);
        assert!(refused.body.contains("role=\"alert\""), "{}", refused.body);
        for query in ["period=2026-11&sector=x", "period=2026-13", "period=2026-11&unit=H99"] {
            assert_eq!(browser.get(&format!("/reports/seals/new?{query}")).await.status, 400, "{query}");
        }
        assert!(!browser.page("/reports?period=2026-12").await.contains("/reports/seals/new"));
        let mut officer = Browser::signed_in(&app, "officer").await;
        assert!(!officer.page("/reports?period=2026-11").await.contains("/reports/seals/new"));
        assert_eq!(officer.get("/reports/seals/new?period=2026-11").await.status, 403);
        assert_eq!(officer.post("/reports/seals", &[("period", "2026-11"), ("key", "k")]).await.status, 403);
        assert_eq!(app.get("reporter", "/api/v1/reports/seals").await.ok()["count"], 0);
        app.stop().await;
    }

    async fn what_came_later_is_shown_number_by_number_and_act_by_act(db) {
        let app = november(db).await;
        let id = app.post("reporter", "/api/v1/reports/seals", &json!({"report": "processing", "period": "2026-11", "group_by": "unit"})).await.ok()["id"].clone();
        let path = format!("/reports/seals/{id}/restatement");
        let mut browser = Browser::signed_in(&app, "reporter").await;
        assert!(browser.page(&path).await.contains("không số nào thay đổi"));
        app.at("2026-11-17T08:00:00+07:00");
        acted(&app, json!({"act": "correct", "reason": "nhập nhầm", "changes": {"closed_at": "2026-11-04T09:00:00+07:00"}})).await;
        let mut browser = Browser::signed_in(&app, "reporter").await;
        let page = browser.page(&path).await;
        let api = app.get("reporter", &format!("/api/v1{path}")).await.ok();
        let changes = rows(&page, 0);
        assert_eq!(changes.len(), api["changes"].as_array().unwrap().len());
        let late = changes.iter().find(|row| row[0].said == "Tổng cộng" && row[1].said == "(10) Quá hạn").unwrap();
        assert_eq!((late[2].said.as_str(), late[3].said.as_str(), late[4].said.as_str()), ("1", "0", "−1 giảm 1"));
        assert!(page.contains("giải thích đúng và đủ"), "{page}");
        let act = &rows(&page, 1)[0];
        assert_eq!((act[0].said.as_str(), act[0].href.as_deref(), act[1].said.as_str()), ("A", Some("/dossiers/A"), "Đính chính"));
        assert!(act[4].said.contains("(10) Quá hạn") && act[4].said.contains("(9) Đúng hạn"), "{act:?}");
        app.stop().await;
    }

    async fn findings_are_read_page_by_page_each_once(db) {
        let app = province(db, 3).await;
        let mut browser = Browser::signed_in(&app, "reporter").await;
        let all = app.get("reporter", "/api/v1/findings?code=overdue&unit=H19.15&limit=500").await.ok();
        let all: Vec<(String, String)> = all["items"].as_array().unwrap().iter()
            .map(|of| (of["dossier"].as_str().unwrap().to_owned(), of["detail"].as_str().unwrap().to_owned())).collect();
        assert!(all.len() > 60, "{} findings prove too little", all.len());
        let (mut address, mut seen) = ("/findings?code=overdue&unit=H19.15&open=&from=".to_owned(), Vec::new());
        loop {
            let page = browser.page(&address).await;
            seen.extend(rows(&page, 0).into_iter().map(|row| (row[1].href.clone().unwrap(), row[2].said.clone())));
            let Some(next) = page.split("rel=\"next\"").next().filter(|_| page.contains("rel=\"next\"")) else { break };
            address = unescaped(next.rsplit("href=\"").next().unwrap().split('"').next().unwrap());
        }
        assert_eq!(seen.len(), all.len());
        for ((href, said), (dossier, detail)) in seen.iter().zip(&all) {
            assert!(*href == format!("/dossiers/{dossier}") && said.ends_with(detail), "{said} is not of {dossier}: {detail}");
        }
        let open = app.get("reporter", "/api/v1/findings?open=true&code=overdue&unit=H19.15").await.ok();
        let page = browser.page("/findings?open=true&code=overdue&unit=H19.15&from=&to=").await;
        assert!(page.contains(&format!("<b>{} cảnh báo</b>", open["count"])), "{page}");
        app.stop().await;
    }

    async fn findings_counted_lead_to_as_many(db) {
        let app = province(db, 3).await;
        let mut browser = Browser::signed_in(&app, "reporter").await;
        let mut followed = 0;
        for query in ["period=2026-10", "period=2026-11-civil&group_by=unit"] {
            let report = app.get("reporter", &format!("/api/v1/reports/findings?{query}")).await.ok();
            let shown = rows(&browser.page(&format!("/findings/counted?{query}")).await, 0);
            for (row, json) in shown.iter().zip(report["rows"].as_array().unwrap().iter().chain([&report["total"]])) {
                assert_eq!((row[1].number(), row[2].number()), (json["opened"].as_u64().unwrap(), json["open"].as_u64().unwrap()));
                let Some(href) = &row[1].href else { continue };
                let list = browser.page(href).await;
                assert!(list.contains(&format!("<b>{} cảnh báo</b>", row[1].number())), "{href}");
                followed += 1;
            }
        }
        assert!(followed > 5, "only {followed} links were followed");
        app.stop().await;
    }

    async fn the_other_reports_say_what_the_api_says(db) {
        let app = province(db, 20_261_130).await;
        let mut browser = Browser::signed_in(&app, "reporter").await;
        let ranking = app.get("reporter", "/api/v1/reports/ranking?period=2026-Q4").await.ok();
        let page = browser.page("/reports/ranking?period=2026-Q4").await;
        let mut places = BTreeSet::new();
        for (row, json) in rows(&page, 0).iter().zip(ranking["rows"].as_array().unwrap()) {
            let place = json["rank"].as_u64().map_or_else(|| "Không xếp hạng".to_owned(), |rank| rank.to_string());
            assert_eq!((&row[0].said, row[2].number()), (&place, json["on_time_of_due"]["denominator"].as_u64().unwrap()));
            if json["lower_bound"].is_null() {
                assert_eq!((row[4].said.as_str(), row[5].said.as_str()), ("—", "—"));
            }
            places.insert(place);
        }
        assert!(places.contains("1") && places.contains("Không xếp hạng"), "{places:?}");
        let trend = app.get("reporter", "/api/v1/reports/trend?period=2026-Q4&by=week").await.ok();
        let shown = rows(&browser.page("/reports/trend?period=2026-Q4&by=week").await, 0);
        assert_eq!(shown.len(), trend["steps"].as_array().unwrap().len() + 1);
        for (row, json) in shown.iter().zip(trend["steps"].as_array().unwrap()) {
            assert_eq!(row[2].number(), json["received"]["total"].as_u64().unwrap());
            assert!(row[7].said.starts_with(&rate(&json["rates"]["on_time_of_due"])), "{row:?}");
            let step = browser.page(row[0].href.as_ref().unwrap()).await;
            if json["over"] == true {
                assert_eq!(rows(&step, 0).last().unwrap()[2].number(), row[2].number(), "{:?}", row[0]);
            }
        }
        let delays = app.get("reporter", "/api/v1/reports/delays?period=2026-11-civil").await.ok();
        let shown = rows(&browser.page("/reports/delays?period=2026-11-civil").await, 0);
        for (row, json) in shown.iter().zip(delays["rows"].as_array().unwrap().iter().chain([&delays["total"]])) {
            for (at, kind) in [(1, "closed_late"), (7, "overdue"), (13, "together")] {
                assert_eq!(row[at].number(), json[kind]["count"].as_u64().unwrap());
                assert_eq!(row[at + 5].number(), json[kind]["citizen_days"].as_u64().unwrap());
                if let Some(href) = &row[at].href {
                    assert_eq!(listed(&app, href).await, row[at].number(), "{href}");
                }
            }
        }
        app.stop().await;
    }

    async fn kept_commitments_and_the_lens_say_what_the_api_says(db) {
        let app = province(db, 20_261_130).await;
        let mut browser = Browser::signed_in(&app, "reporter").await;
        let kept = app.get("reporter", "/api/v1/reports/commitments?period=2026-Q4").await.ok();
        let page = browser.page("/reports/commitments?period=2026-Q4").await;
        for (nth, kind, received, broken) in [(0, "same_day", "received", "broken"), (1, "week_rollover", "friday_receipts", "rolled_over_in_fact"), (2, "other", "received", "broken")] {
            let total = rows(&page, nth).pop().unwrap();
            let json = &kept["total"][kind];
            assert_eq!((total[1].number(), total[5].number()), (json[received].as_u64().unwrap(), json[broken].as_u64().unwrap()), "{kind}");
            assert!(total[7].said.starts_with(&rate(&json["rates"]["kept_of_decided"])), "{total:?}");
            if let Some(href) = &total[5].href {
                assert_eq!(listed(&app, href).await, total[5].number(), "{href}");
            }
        }
        let lens = app.get("reporter", "/api/v1/reports/integrity?period=2026-Q4&minutes=30").await.ok();
        let page = browser.page("/integrity?period=2026-Q4&minutes=30").await;
        let shown = rows(&page, 0);
        let signs: Vec<&Value> = lens["rows"].as_array().unwrap().iter().flat_map(|row| row["signs"].as_array().unwrap()).collect();
        assert_eq!(shown.len(), signs.len());
        for (row, sign) in shown.iter().zip(&signs) {
            let row = &row[row.len() - 5..];
            assert_eq!(row[0].said, sign["name"].as_str().unwrap());
            assert!(row[1].said.starts_with(&rate(&sign["own"])), "{row:?}");
            assert_eq!(row[3].said == "—", sign["chance"].is_null(), "{row:?}");
        }
        assert!(page.contains("không phải kết luận về ai") && page.contains("value=\"30\""), "{page}");
        app.stop().await;
    }
}
