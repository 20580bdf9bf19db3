//! Commitments over HTTP: switched on from a template, ended, taken away, and all of it in the ledger.

use actix_web::http::Method;
use hentra::store::ledger;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp, on_both_async};

const NOW: &str = "2026-11-20T08:00:00+07:00";
const TEMPLATES: &str = "/api/v1/commitment-templates";

/// Terms of a template for H19.15, with more or other fields.
fn terms(more: Value) -> Value {
    let mut body = json!({"unit": "H19.15", "procedures": ["2.000815", "2.001019"], "valid_from": "2026-11-01", "decision": "QĐ 7/QĐ-UBND"});
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

async fn apply(app: &TestApp, who: &str, template: &str, body: &Value) -> Answer {
    app.post(who, &format!("{TEMPLATES}/{template}"), body).await
}

/// Words and payloads of the entries about commitments.
async fn told(app: &TestApp) -> Vec<(String, Value)> {
    let entries = app.app.read(|c, _| Ok(ledger::ledger_entries(c, None, 0, i64::MAX)?)).await.unwrap();
    let about = entries.into_iter().filter(|(of, _)| of.act.starts_with("commitment_"));
    about.map(|(of, _)| (of.act, of.payload)).collect()
}

on_both_async! {
    async fn templates_say_what_they_mean_in_the_readers_language(db) {
        let app = TestApp::start(db, NOW).await;
        let vietnamese = app.get("officer", TEMPLATES).await.ok();
        let names: Vec<&str> = vietnamese["items"].as_array().unwrap().iter().map(|of| of["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["Giải quyết trong ngày", "Thứ Sáu không hẹn qua tuần", "Ngày không hẹn"]);
        let english = app.by("officer", Method::GET, TEMPLATES).header("Accept-Language", "en").send().await.ok();
        let day = &english["items"][2];
        assert_eq!((&day["template"], &day["name"]), (&json!("no_appointment_day"), &json!("Day without appointments")));
        let parameters = day["parameters"].as_array().unwrap();
        assert_eq!(parameters[3], json!({"name": "weekday", "meaning": "the day of the week: mon to sun, or 1 (Monday) to 7", "required": true}));
        for template in vietnamese["items"].as_array().unwrap().iter().chain(english["items"].as_array().unwrap()) {
            for of in template["parameters"].as_array().unwrap() {
                assert_ne!(of["meaning"], "", "{of}");
            }
        }
        app.stop().await;
    }
}

on_both_async! {
    async fn a_template_is_switched_on_in_one_call_and_only_once(db) {
        let app = TestApp::start(db, NOW).await;
        let tried = apply(&app, "admin", "same_day?dry_run=true", &terms(json!({}))).await;
        assert_eq!((tried.status, tried.json()["created"].clone()), (200, json!(1)));
        assert_eq!(tried.json()["commitments"][0]["id"], Value::Null);
        assert_eq!(app.get("officer", "/api/v1/commitments").await.ok()["count"], 0);
        let made = apply(&app, "commune_admin", "same_day", &terms(json!({}))).await;
        assert_eq!((made.status, made.header("location")), (201, "/api/v1/commitments/1"));
        let of = &made.json()["commitments"][0];
        assert_eq!((&of["id"], &of["effect"], &of["procedures"]), (&json!(1), &json!("same_day"), &json!(["2.000815", "2.001019"])));
        // The same terms, told in another order, are known again.
        let again = apply(&app, "admin", "same_day", &terms(json!({"procedures": ["2.001019", "2.000815"]}))).await;
        assert_eq!(again.status, 200);
        assert_eq!((&again.json()["created"], &again.json()["unchanged"], &again.json()["commitments"][0]["id"]), (&json!(0), &json!(1), &json!(1)));
        // Other terms are another commitment.
        let friday = apply(&app, "admin", "friday_no_rollover", &terms(json!({"procedures": []}))).await.ok();
        assert_eq!((&friday["commitments"][0]["effect"], &friday["created"]), (&json!("no_week_rollover"), &json!(1)));
        let day = json!({"weekday": 3, "session": "morning", "nth_week": 1});
        let day = apply(&app, "admin", "no_appointment_day", &terms(day)).await.ok();
        assert_eq!(day["commitments"][0]["received_on"], json!({"weekdays": ["wed"], "nth_week": 1, "session": "morning"}));
        assert_eq!(day["commitments"][0]["effect"], "same_session");
        assert_eq!(app.get("officer", "/api/v1/commitments").await.ok()["count"], 3);
        // They bind at once: this Friday's dossier is promised for today, and what was asked for Monday is told with the day to take instead.
        let dossier = app.log("2.001019", json!({"due_at": "2026-11-23T17:00:00+07:00"})).await.ok();
        assert_eq!(dossier["commitment_due_at"], "2026-11-20T17:00:00+07:00");
        assert_eq!(crate::support::finding_codes(&dossier), ["same_day_promise", "week_rollover_promise"]);
        assert_eq!(told(&app).await.iter().map(|(act, _)| act.as_str()).collect::<Vec<_>>(), ["commitment_added"; 3]);
        app.stop().await;
    }
}

on_both_async! {
    async fn a_template_refuses_what_it_does_not_take(db) {
        let app = TestApp::start(db, NOW).await;
        for (template, more, name, code) in [
            ("same_day", json!({"procedures": []}), "procedures", "required"),
            ("same_day", json!({"procedures": ["2.000815", "9.9"]}), "procedures[1]", "unknown_reference"),
            ("same_day", json!({"weekday": "fri"}), "weekday", "conflicting"),
            ("same_day", json!({"unit": "H77"}), "unit", "unknown_reference"),
            ("same_day", json!({"valid_to": "2026-10-01"}), "valid_to", "out_of_range"),
            ("same_day", json!({"max_working_days": 0}), "max_working_days", "out_of_range"),
            ("no_appointment_day", json!({}), "weekday", "required"),
            ("no_appointment_day", json!({"weekday": "friday", "nth_week": 6}), "received_on.nth_week", "out_of_range"),
            ("no_appointment_day", json!({"weekday": "someday"}), "weekday", "malformed"),
            ("friday_no_rollover", json!({"session": "morning"}), "session", "conflicting"),
            ("friday_no_rollover", json!({"decision": " "}), "decision", "empty"),
        ] {
            apply(&app, "admin", template, &terms(more.clone())).await.fault(name, code);
            apply(&app, "admin", &format!("{template}?dry_run=true"), &terms(more)).await.fault(name, code);
        }
        apply(&app, "admin", "no_such", &terms(json!({}))).await.problem(404, "not_found");
        for who in ["officer", "leader", "reporter"] {
            apply(&app, who, "same_day?dry_run=true", &terms(json!({}))).await.problem(403, "forbidden");
        }
        apply(&app, "commune_admin", "same_day", &terms(json!({"unit": "H19.16"}))).await.problem(403, "forbidden");
        assert_eq!(app.get("leader", "/api/v1/commitments").await.ok()["count"], 0);
        app.stop().await;
    }
}

on_both_async! {
    async fn a_commitment_is_ended_by_a_decision_and_keeps_what_it_bound(db) {
        let app = TestApp::start(db, NOW).await;
        apply(&app, "admin", "same_day", &terms(json!({}))).await.ok();
        let bound = app.log("2.001019", json!({})).await.ok();
        let end = |valid_to: &str| json!({"valid_to": valid_to, "decision": "QĐ 9/QĐ-UBND"});
        let patch = |who: &'static str, body: Value| {
            let call = app.by(who, Method::PATCH, "/api/v1/commitments/1").json(&body);
            async move { call.send().await }
        };
        patch("officer", end("2026-11-30")).await.problem(403, "forbidden");
        patch("neighbour", end("2026-11-30")).await.problem(403, "forbidden");
        patch("admin", end("2026-10-31")).await.fault("valid_to", "out_of_range");
        let in_force = patch("admin", end("2026-11-19")).await;
        in_force.fault("valid_to", "in_force");
        assert_eq!(in_force.json()["invalid_params"][0]["reason"], "Đã có hiệu lực khi tiếp nhận các hồ sơ; cụ thể: 2026-11-20.");
        patch("admin", json!({"valid_to": "2026-11-20", "decision": ""})).await.fault("decision", "empty");
        patch("admin", json!({"valid_to": "2026-11-20"})).await.fault("decision", "required");
        let ended = patch("commune_admin", end("2026-11-20")).await.ok();
        assert_eq!((&ended["valid_to"], &ended["end_decision"], &ended["decision"]), (&json!("2026-11-20"), &json!("QĐ 9/QĐ-UBND"), &json!("QĐ 7/QĐ-UBND")));
        assert_eq!(app.get("officer", "/api/v1/commitments/1").await.ok(), ended);
        // Today still binds, Monday does not; what was bound stays bound, and is missed when it stays open.
        app.at("2026-11-23T09:00:00+07:00");
        assert_eq!(app.log("2.001019", json!({})).await.ok()["commitment_due_at"], Value::Null);
        let code = bound["code"].as_str().unwrap();
        let missed = app.get("officer", &format!("/api/v1/dossiers/{code}")).await.ok();
        assert!(crate::support::finding_codes(&missed).contains(&"same_day_missed".to_owned()), "{missed}");
        patch("admin", end("2026-12-31")).await.fault("valid_to", "not_correctable");
        let told = told(&app).await;
        assert_eq!(told[1].0, "commitment_ended");
        assert_eq!((&told[1].1["commitment"], &told[1].1["decision"]), (&json!(1), &json!("QĐ 9/QĐ-UBND")));
        assert_eq!((&told[1].1["before"]["valid_to"], &told[1].1["after"]["valid_to"]), (&Value::Null, &json!("2026-11-20")));
        assert_eq!(app.get("admin", "/api/v1/ledger/verify").await.ok()["ok"], true);
        app.stop().await;
    }
}

on_both_async! {
    async fn only_a_commitment_that_bound_nothing_is_taken_away(db) {
        let app = TestApp::start(db, NOW).await;
        apply(&app, "admin", "same_day", &terms(json!({}))).await.ok();
        apply(&app, "admin", "same_day", &terms(json!({"procedures": ["2.000884"]}))).await.ok();
        apply(&app, "admin", "same_day", &terms(json!({"unit": "H19", "subtree": true, "procedures": ["2.000908"]}))).await.ok();
        app.log("2.001019", json!({})).await.ok();
        let delete = |who: &'static str, id: u32| {
            let call = app.by(who, Method::DELETE, &format!("/api/v1/commitments/{id}"));
            async move { call.send().await }
        };
        delete("leader", 2).await.problem(403, "forbidden");
        // The province's commitment binds the commune, whose administrator sees it and may not touch it.
        delete("commune_admin", 3).await.problem(403, "forbidden");
        delete("admin", 1).await.problem(409, "in_use");
        delete("admin", 99).await.problem(404, "not_found");
        assert_eq!(delete("commune_admin", 2).await.status, 204);
        delete("admin", 2).await.problem(404, "not_found");
        assert_eq!(app.get("officer", "/api/v1/commitments").await.ok()["count"], 2);
        let told = told(&app).await;
        assert_eq!((told[3].0.as_str(), &told[3].1["before"]["selector"]["procedures"]), ("commitment_removed", &json!(["2.000884"])));
        app.stop().await;
    }
}
