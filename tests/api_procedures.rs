//! Versions of procedures: added beside those kept, and what was in force put right only with a reason.

use actix_web::http::Method;
use hentra::store::ledger;
use serde_json::{Value, json};

use crate::support::{TestApp, on_both_async};

const NOW: &str = "2026-11-20T08:00:00+07:00";
const PROCEDURES: &str = "/api/v1/procedures";

/// A procedure with these limits: (working days, channel, first day).
fn procedure(limits: &[(u32, Option<&str>, Option<&str>)]) -> Value {
    let limit = |(days, channel, from): &(u32, Option<&str>, Option<&str>)| json!({"limit": {"value": days, "unit": "working_day"}, "channel": channel, "valid_from": from, "source": "QĐ 1"});
    json!({"code": "9.1", "name": "Thử", "sector": "Khác", "limits": limits.iter().map(limit).collect::<Vec<_>>()})
}

/// Days and first day of each limit kept.
async fn kept(app: &TestApp) -> Vec<(u64, Value)> {
    let read = app.get("officer", "/api/v1/procedures/9.1").await.ok();
    let limits = read["limits"].as_array().unwrap();
    limits.iter().map(|of| (of["limit"]["value"].as_u64().unwrap(), of["valid_from"].clone())).collect()
}

on_both_async! {
    async fn a_version_stands_beside_those_kept_and_the_one_in_force_at_receipt_counts(db) {
        let app = TestApp::start(db, NOW).await;
        app.post("admin", PROCEDURES, &procedure(&[(5, None, None), (4, Some("online"), None)])).await.ok();
        app.log("9.1", json!({"code": "OLD"})).await.ok();
        let made = app.post("admin", PROCEDURES, &procedure(&[(2, None, Some("2026-11-23"))])).await;
        assert_eq!((made.status, made.json()["limits"].as_array().unwrap().len()), (201, 3));
        assert_eq!(kept(&app).await, [(5, Value::Null), (4, Value::Null), (2, json!("2026-11-23"))]);
        let due = |body: Value| {
            let mut asked = json!({"procedure": "9.1", "unit": "H19.15"});
            for (name, value) in body.as_object().unwrap() {
                asked[name] = value.clone();
            }
            let app = &app;
            async move { app.post("officer", "/api/v1/deadlines/preview", &asked).await.ok()["due_on"].clone() }
        };
        // Tuesday 24/11 is a day off.
        assert_eq!(due(json!({"received_at": "2026-11-20T09:00:00+07:00"})).await, "2026-11-30");
        assert_eq!(due(json!({"received_at": "2026-11-20T09:00:00+07:00", "channel": "online"})).await, "2026-11-27");
        assert_eq!(due(json!({"received_at": "2026-11-23T09:00:00+07:00"})).await, "2026-11-26");
        assert_eq!(due(json!({"received_at": "2026-11-23T09:00:00+07:00", "channel": "online"})).await, "2026-11-26");
        // What is yet to come may be another, or be taken back; what was received stays as it was.
        app.post("admin", PROCEDURES, &procedure(&[(3, None, Some("2026-11-23"))])).await.ok();
        assert_eq!(kept(&app).await[2], (3, json!("2026-11-23")));
        let back = procedure(&[(5, None, None), (4, Some("online"), None)]);
        let put = app.by("admin", Method::PUT, "/api/v1/procedures/9.1").json(&back).send().await.ok();
        assert_eq!((&put["written"], &put["differing"]), (&json!(1), &json!(0)));
        assert_eq!(kept(&app).await.len(), 2);
        app.by("admin", Method::PUT, "/api/v1/procedures/9.2").json(&back).send().await.fault("code", "conflicting");
        assert_eq!(app.get("officer", "/api/v1/dossiers/OLD").await.ok()["due_at"], "2026-11-30T17:00:00+07:00");
        app.stop().await;
    }
}

on_both_async! {
    async fn what_was_in_force_is_put_right_only_with_a_reason(db) {
        let app = TestApp::start(db, NOW).await;
        app.post("admin", PROCEDURES, &procedure(&[(5, None, None)])).await.ok();
        // Nobody has been received under it yet.
        app.post("admin", PROCEDURES, &procedure(&[(6, None, None)])).await.ok();
        for code in ["A-1", "A-2"] {
            app.log("9.1", json!({"code": code, "received_at": "2026-11-19T09:00:00+07:00"})).await.ok();
        }
        app.log("9.1", json!({"code": "A-3", "channel": "online", "received_at": "2026-11-20T07:45:00+07:00"})).await.ok();
        let shorter = procedure(&[(4, None, None)]);
        let refused = app.post("admin", PROCEDURES, &shorter).await;
        refused.fault("limits", "in_force");
        assert_eq!(refused.json()["invalid_params"][0]["reason"], "Đã có hiệu lực khi tiếp nhận các hồ sơ; cụ thể: A-1, A-2, A-3.");
        // A version that begins today is the past of those received today, and of those alone.
        let today = procedure(&[(4, None, Some("2026-11-20"))]);
        assert_eq!(app.post("admin", PROCEDURES, &today).await.faults()[0].0, "limits");
        let tried = app.post("admin", &format!("{PROCEDURES}?dry_run=true"), &today).await;
        assert_eq!((tried.status, &tried.json()["differing"]), (200, &json!(1)));
        assert_eq!(tried.json()["dossiers"][0], json!({
            "code": "A-3", "procedure": "9.1", "received_at": "2026-11-20T07:45:00+07:00",
            "from": {"value": 6, "unit": "working_day"}, "to": {"value": 4, "unit": "working_day"}}));
        assert_eq!(kept(&app).await, [(6, Value::Null)]);
        app.post("admin", &format!("{PROCEDURES}?correct=true"), &shorter).await.fault("reason", "required");
        app.post("admin", &format!("{PROCEDURES}?reason=x"), &shorter).await.fault("reason", "conflicting");
        let corrected = app.post("admin", &format!("{PROCEDURES}?correct=true&reason=nh%E1%BA%ADp%20sai"), &shorter).await;
        assert_eq!((corrected.status, kept(&app).await), (201, vec![(4, Value::Null)]));
        // The dossiers keep what they were received under.
        assert_eq!(app.get("officer", "/api/v1/dossiers/A-1").await.ok()["due_at"], "2026-11-30T17:00:00+07:00");
        let entries = app.app.read(|c, _| Ok(ledger::ledger_entries(c, None, 0, i64::MAX)?)).await.unwrap();
        let last = &entries.iter().rfind(|(of, _)| of.act == "procedure_changed").unwrap().0.payload;
        assert_eq!((&last["procedure"], &last["reason"], &last["differing"]), (&json!("9.1"), &json!("nhập sai"), &json!(3)));
        assert_eq!(last["before"]["limits"][0]["limit"]["value"], 6);
        app.stop().await;
    }
}

on_both_async! {
    async fn a_file_names_the_line_whose_version_was_in_force_or_stands_twice(db) {
        let app = TestApp::start(db, NOW).await;
        let csv = |query: &str, body: &str| {
            let head = "code,name,sector,limit_value,limit_unit,channel,valid_from,source\n";
            let call = app.by("admin", Method::POST, &format!("{PROCEDURES}{query}"));
            let call = call.body("text/csv", format!("{head}{body}"));
            async move { call.send().await }
        };
        csv("", "9.1,A,B,3,working_day,,,x\n9.2,A,B,3,working_day,,,x\n").await.ok();
        app.log("9.2", json!({"code": "A-1"})).await.ok();
        let change = "9.1,A,B,2,working_day,,,x\n9.2,A,B,2,working_day,,,x\n9.2,A,B,1,working_day,,2027-01-01,x\n";
        csv("", change).await.fault("line 3: limits", "in_force");
        assert_eq!(csv("?dry_run=true", change).await.ok()["differing"], 1);
        let twice = "9.1,A,B,2,working_day,online,2027-01-01,x\n9.1,A,B,3,working_day,online,2027-01-01,x\n";
        csv("", twice).await.fault("line 2: limits[1]", "duplicate");
        // Only another source, name or sector is no other limit.
        csv("", "9.2,Tên,C,3,working_day,,,y\n").await.ok();
        let read = app.get("officer", "/api/v1/procedures/9.2").await.ok();
        assert_eq!((&read["name"], &read["limits"][0]["source"]), (&json!("Tên"), &json!("y")));
        assert_eq!(app.get("officer", "/api/v1/dossiers/A-1").await.ok()["sector"], "B", "the sector at receipt stands");
        app.stop().await;
    }
}

on_both_async! {
    async fn a_dossier_is_received_as_a_case_and_remembers_it(db) {
        let app = TestApp::start(db, NOW).await;
        let mut two = procedure(&[(5, None, None), (9, None, None)]);
        two["limits"][1]["case"] = "cần xác minh".into();
        app.post("admin", PROCEDURES, &two).await.ok();
        assert_eq!(app.get("officer", "/api/v1/procedures/9.1").await.ok()["cases"], json!(["cần xác minh"]));
        two["cases"] = json!(["khác"]);
        app.post("admin", PROCEDURES, &two).await.fault("cases", "conflicting");
        let ordinary = app.log("9.1", json!({"code": "A-1"})).await.ok();
        assert_eq!((&ordinary["case"], &ordinary["due_at"]), (&Value::Null, &json!("2026-11-30T17:00:00+07:00")));
        let verified = app.log("9.1", json!({"code": "A-2", "case": "cần xác minh"})).await.ok();
        assert_eq!((&verified["case"], &verified["due_at"]), (&json!("cần xác minh"), &json!("2026-12-04T17:00:00+07:00")));
        let unknown = app.log("9.1", json!({"case": "khẩn"})).await;
        unknown.fault("case", "not_allowed");
        assert_eq!(unknown.json()["invalid_params"][0]["reason"], "Không phải giá trị được phép; được phép: cần xác minh.");
        app.log("2.000815", json!({"case": "cần xác minh"})).await.fault("case", "not_allowed");
        let preview = json!({"procedure": "9.1", "unit": "H19.15", "case": "cần xác minh"});
        assert_eq!(app.post("officer", "/api/v1/deadlines/preview", &preview).await.ok()["due_on"], "2026-12-04");
        app.get("officer", "/api/v1/deadlines/preview?procedure=9.1&case=khac").await.fault("case", "not_allowed");
        app.get("officer", "/api/v1/deadlines/preview?limit_unit=same_day&case=khac").await.fault("case", "conflicting");
        // A corrected receipt is reckoned as the same case; another procedure has none of it.
        let correct = |changes: Value| json!({"act": "correct", "reason": "ghi nhầm", "changes": changes});
        let moved = app.act("A-2", &correct(json!({"received_at": "2026-11-19T09:00:00+07:00"}))).await.ok();
        assert_eq!((&moved["case"], &moved["due_at"]), (&json!("cần xác minh"), &json!("2026-12-03T17:00:00+07:00")));
        let other = app.act("A-2", &correct(json!({"procedure": "2.001019"}))).await.ok();
        assert_eq!((&other["case"], &other["due_at"]), (&Value::Null, &json!("2026-11-23T17:00:00+07:00")));
        // Another limit of the case is another past for those received as it, and for nobody else.
        app.log("9.1", json!({"code": "A-3", "case": "cần xác minh"})).await.ok();
        two["cases"] = Value::Null;
        two["limits"][1]["limit"]["value"] = json!(8);
        let tried = app.post("admin", &format!("{PROCEDURES}?dry_run=true"), &two).await.ok();
        assert_eq!((&tried["differing"], &tried["dossiers"][0]["code"]), (&json!(1), &json!("A-3")));
        assert_eq!(app.get("admin", "/api/v1/ledger/verify").await.ok()["ok"], true);
        app.stop().await;
    }
}
