//! Units, procedures, commitments, calendars and the ledger's walk over HTTP.

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::support::{TestApp, on_both_async};

const NOW: &str = "2026-11-20T08:00:00+07:00";

on_both_async! {
    async fn units_are_added_by_json_and_csv_within_the_administrators_own(db) {
        let app = TestApp::start(db, NOW).await;
        let unit = |code: &str, parent: Option<&str>| json!({"code": code, "name": "Phường Mới", "parent": parent});
        let made = app.post("admin", "/api/v1/units", &unit("H19.17", Some("H19"))).await;
        assert_eq!((made.status, made.header("location")), (201, "/api/v1/units/H19.17"));
        assert_eq!(app.get("officer", "/api/v1/units/H19.17").await.ok(), made.ok());
        app.get("officer", "/api/v1/units/H19.99").await.problem(404, "not_found");
        app.post("officer", "/api/v1/units", &unit("H19.18", Some("H19"))).await.problem(403, "forbidden");
        app.post("commune_admin", "/api/v1/units", &unit("H19.18", Some("H19"))).await.problem(403, "forbidden");
        app.post("commune_admin", "/api/v1/units", &unit("H19.16", Some("H19.15"))).await.problem(403, "forbidden");
        app.post("commune_admin", "/api/v1/units", &unit("H19.15.1", Some("H19.15"))).await.ok();
        app.post("admin", "/api/v1/units", &unit("H20", None)).await.problem(403, "forbidden");
        app.post("admin", "/api/v1/units", &unit("H19.18", Some("H77"))).await.fault("parent", "unknown_reference");
        app.post("admin", "/api/v1/units", &unit(" ", Some("H19"))).await.problem(400, "invalid_request");
        let merged = json!({"code": "H19.17", "name": "x", "parent": "H19", "merged_into": "H88"});
        app.post("admin", "/api/v1/units", &merged).await.fault("merged_into", "unknown_reference");
        let csv = |body: &'static str| app.by("admin", Method::POST, "/api/v1/units").body("text/csv; charset=utf-8", body).send();
        assert_eq!(csv("code,name,parent\nH19.20.1,Tổ 1,H19.20\nH19.20,Phường Hai,H19\n").await.ok()["written"], 2);
        csv("code,name,parent\nH19.21,,H19\n").await.fault("line 2: name", "empty");
        let page = app.get("reporter", "/api/v1/units?limit=2").await.ok();
        assert_eq!((&page["next"], &page["count"]), (&json!("H19.15"), &json!(7)));
        let rest = app.get("reporter", "/api/v1/units?cursor=H19.15&limit=500").await.ok();
        assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next"]), (5, &Value::Null));
        app.stop().await;
    }
}

on_both_async! {
    async fn procedures_are_read_and_changed_at_the_top_alone(db) {
        let app = TestApp::start(db, NOW).await;
        assert_eq!(app.get("officer", "/api/v1/procedures").await.ok()["count"], 264);
        let shipped = app.get("officer", "/api/v1/procedures/2.000815").await.ok();
        assert_eq!(shipped["limits"][0]["limit"], json!({"unit": "same_day"}));
        assert_eq!(shipped["limits"][0]["late_receipt"], json!({"after": "15:00", "effect": "result_next_working_day"}));
        let new = json!({"code": "9.000001", "name": "Thủ tục mới", "sector": "Thử", "limits": [
            {"limit": {"value": 2, "unit": "working_day"}, "source": "QĐ 1"},
            {"channel": "online", "limit": {"value": 4, "unit": "working_hour"}, "valid_from": "2026-01-01", "source": "QĐ 2"}]});
        app.post("commune_admin", "/api/v1/procedures", &new).await.problem(403, "forbidden");
        app.post("leader", "/api/v1/procedures", &new).await.problem(403, "forbidden");
        assert_eq!(app.post("admin", "/api/v1/procedures", &new).await.status, 201);
        let read = app.get("officer", "/api/v1/procedures/9.000001").await.ok();
        assert_eq!(read["limits"][1]["limit"], json!({"value": 4, "unit": "working_hour"}));
        app.post("admin", "/api/v1/procedures", &read).await.ok();
        let body = json!({"received_at": NOW, "procedure": "9.000001", "unit": "H19.15", "channel": "online"});
        assert_eq!(app.post("officer", "/api/v1/deadlines/preview", &body).await.ok()["due_at"], "2026-11-20T13:30:00+07:00");
        let bad = json!({"code": "9.2", "name": "x", "sector": "y", "limits": [{"limit": {"value": 0, "unit": "month"}, "source": ""}]});
        app.post("admin", "/api/v1/procedures", &bad).await.fault("limits[0].limit.value", "out_of_range");
        let csv = "code,name,sector,limit_value,limit_unit,late_after,late_effect,channel,valid_from,source\n9.000002,A,B,3,working_day,,,,,x\n";
        assert_eq!(app.by("admin", Method::POST, "/api/v1/procedures").body("text/csv", csv).send().await.ok()["written"], 1);
        app.by("admin", Method::POST, "/api/v1/procedures").body("text/csv", &b"code\xff"[..]).send().await.problem(400, "invalid_utf8");
        app.stop().await;
    }
}

on_both_async! {
    async fn commitments_take_weekdays_by_number_or_name(db) {
        let app = TestApp::start(db, NOW).await;
        let body = |more: Value| {
            let mut body = json!({"unit": "H19.15", "all": true, "effect": "same_day", "valid_from": "2026-01-01", "decision": "QĐ 1"});
            for (name, value) in more.as_object().unwrap() {
                body[name] = value.clone();
            }
            body
        };
        let made = app.post("admin", "/api/v1/commitments", &body(json!({"received_on": {"weekdays": [5, "mon", "Sunday"], "nth_week": 2, "session": "morning"}}))).await;
        assert_eq!(made.status, 201);
        assert_eq!(made.ok()["received_on"], json!({"weekdays": ["fri", "mon", "sun"], "nth_week": 2, "session": "morning"}));
        let within = app.post("commune_admin", "/api/v1/commitments", &body(json!({"effect": {"within": {"value": 4, "unit": "working_hour"}}}))).await.ok();
        assert_eq!(within["effect"], json!({"within": {"value": 4, "unit": "working_hour"}}));
        for (more, name, code) in [
            (json!({"received_on": {"weekdays": [8]}}), "received_on.weekdays[0]", "malformed"),
            (json!({"received_on": {"nth_week": 6}}), "received_on.nth_week", "out_of_range"),
            (json!({"effect": "soon"}), "effect", "not_allowed"),
            (json!({"effect": {"within": {"unit": "month"}}}), "effect.within.value", "required"),
            (json!({"all": false}), "procedures", "required"),
            (json!({"procedures": ["9.9"]}), "procedures[0]", "unknown_reference"),
            (json!({"sectors": ["Không có"]}), "sectors[0]", "unknown_reference"),
            (json!({"unit": "H77"}), "unit", "unknown_reference"),
            (json!({"valid_to": "2025-01-01"}), "valid_to", "out_of_range"),
            (json!({"decision": " "}), "decision", "empty"),
            (json!({"colour": 1}), "colour", "unknown_field"),
        ] {
            app.post("admin", "/api/v1/commitments", &body(more)).await.fault(name, code);
        }
        app.post("officer", "/api/v1/commitments", &body(json!({}))).await.problem(403, "forbidden");
        app.post("commune_admin", "/api/v1/commitments", &body(json!({"unit": "H19.16"}))).await.problem(403, "forbidden");
        app.post("admin", "/api/v1/commitments", &body(json!({"unit": "H19", "subtree": true}))).await.ok();
        assert_eq!(app.get("officer", "/api/v1/commitments").await.ok()["count"], 3);
        assert_eq!(app.get("neighbour", "/api/v1/commitments").await.ok()["count"], 1);
        app.stop().await;
    }
}

on_both_async! {
    async fn the_calendar_tells_its_days(db) {
        let app = TestApp::start(db, NOW).await;
        let days = |scope: &str, query: &str| format!("/api/v1/calendars/{scope}/days?{query}");
        let told = app.get("officer", &days("national", "from=2026-08-22&to=2026-08-31")).await.ok();
        let items = told["items"].as_array().unwrap();
        assert_eq!(items.len(), 10);
        assert_eq!((&items[0]["working"], &items[0]["kind"]), (&json!(true), &json!("makeup")));
        assert_eq!(items[0]["sessions"], json!([["07:30", "11:30"], ["13:00", "17:00"]]));
        assert_eq!((&items[1]["working"], &items[1]["kind"], &items[1]["sessions"]), (&json!(false), &Value::Null, &json!([])));
        assert_eq!((&items[9]["working"], &items[9]["kind"]), (&json!(false), &json!("swapped")));
        assert_eq!(app.get("officer", &days("H19.15", "from=2026-08-22&to=2026-08-31")).await.ok(), told);
        app.get("officer", &days("H77", "from=2026-08-22&to=2026-08-31")).await.problem(404, "not_found");
        app.get("officer", &days("national", "from=2026-08-22")).await.fault("to", "required");
        app.get("officer", &days("national", "from=2026-08-22&to=2026-08-21")).await.fault("to", "out_of_range");
        app.get("officer", &days("national", "from=2020-01-01&to=2023-01-06")).await.fault("to", "out_of_range");
        assert_eq!(app.get("officer", &days("national", "from=2020-01-01&to=2023-01-04")).await.ok()["items"].as_array().unwrap().len(), 1_100);
        app.get("officer", &days("national", "from=1990-01-01&to=1990-01-02")).await.fault("from", "beyond_calendar");
        app.stop().await;
    }
}

on_both_async! {
    async fn the_ledger_is_walked_by_administrators(db) {
        let app = TestApp::start(db, NOW).await;
        let rows: Vec<Value> = (0..2_500).map(|_| crate::support::dossier("2.000815", json!({}))).collect();
        app.post("officer", "/api/v1/dossiers/batch", &json!(rows)).await.ok();
        app.get("leader", "/api/v1/ledger/verify").await.problem(403, "forbidden");
        let verdict = app.get("admin", "/api/v1/ledger/verify").await.ok();
        // Besides the dossiers: three units, and six users, each with a token.
        assert_eq!((&verdict["ok"], &verdict["entries"], &verdict["broken_at"]), (&json!(true), &json!(2_515), &Value::Null));
        assert_eq!(verdict["head"].as_str().unwrap().len(), 64);
        app.stop().await;
    }
}
