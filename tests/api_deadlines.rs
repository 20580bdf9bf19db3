//! Due dates over HTTP: the agreed cases, explanations, batches with bad items in them.

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::support::{TestApp, on_both_async};

const NOW: &str = "2026-11-20T08:00:00+07:00";

on_both_async! {
    async fn all_agreed_cases_come_back_in_order_from_one_batch(db) {
        let app = TestApp::start(db, NOW).await;
        let cases: Vec<Value> = serde_json::from_str(include_str!("golden/deadline-cases.json")).unwrap();
        assert_eq!(cases.len(), 85);
        let question = |case: &Value| {
            let mut question = case.clone();
            question.as_object_mut().unwrap().retain(|name, _| name != "due_at" && name != "lapses_at");
            question
        };
        let questions: Vec<Value> = cases.iter().map(question).collect();
        let answers = app.post("reporter", "/api/v1/deadlines/preview/batch", &json!(questions)).await.ok();
        for (case, answer) in cases.iter().zip(answers.as_array().unwrap()) {
            assert_eq!((&answer["due_at"], &answer["lapses_at"]), (&case["due_at"], &case["lapses_at"]), "{case}");
            assert!(!answer["steps"].as_array().unwrap().is_empty(), "{case}");
        }
        app.stop().await;
    }
}

on_both_async! {
    async fn a_preview_tells_each_day_with_its_source_in_the_readers_language(db) {
        let app = TestApp::start(db, NOW).await;
        let body = json!({"received_at": "2026-08-20T09:00:00+07:00", "limit": {"value": 2, "unit": "working_day"}});
        let answer = app.post("officer", "/api/v1/deadlines/preview", &body).await.ok();
        assert_eq!(answer["due_at"], "2026-08-22T17:00:00+07:00");
        assert_eq!(answer["due_on"], "2026-08-22");
        assert_eq!(answer["steps"][0]["why"], "ngày tiếp nhận không tính");
        assert_eq!(answer["steps"][0]["source"], "BLDS 2015 Đ.147(2)");
        assert_eq!(answer["steps"][2]["counts"], 2);
        let path = "/api/v1/deadlines/preview?received_at=2026-08-20T09:00:00%2B07:00&limit.value=2&limit.unit=working_day";
        assert_eq!(app.get("officer", path).await.ok(), answer);
        assert_eq!(app.get("officer", &path.replace("limit.", "limit_").replace("%2B", "%2b")).await.ok(), answer);
        let english = app.by("officer", Method::GET, path).header("Accept-Language", "en-GB,vi;q=0.5").send().await.ok();
        assert_eq!(english["due_at"], answer["due_at"]);
        assert!(english["steps"][0]["why"] != answer["steps"][0]["why"], "{english}");
        app.stop().await;
    }
}

on_both_async! {
    async fn a_procedure_is_asked_for_with_the_units_commitments(db) {
        let app = TestApp::start(db, NOW).await;
        app.commit("2.000815").await;
        let body = json!({"received_at": "2026-11-20T15:01:00+07:00", "procedure": "2.000815", "unit": "H19.15", "channel": "in_person"});
        let answer = app.post("officer", "/api/v1/deadlines/preview", &body).await.ok();
        assert_eq!(answer["statutory_due_at"], "2026-11-23T17:00:00+07:00");
        assert_eq!(answer["commitment_due_at"], "2026-11-20T17:00:00+07:00");
        assert_eq!(answer["due_at"], "2026-11-20T17:00:00+07:00");
        app.stop().await;
    }
}

on_both_async! {
    async fn questions_that_contradict_themselves_name_the_field(db) {
        let app = TestApp::start(db, NOW).await;
        let limit = json!({"value": 2, "unit": "working_day"});
        let late = json!({"after": "15:00", "effect": "result_next_working_day"});
        for (body, name, code) in [
            (json!({}), "limit", "required"),
            (json!({"limit": limit, "procedure": "2.000815"}), "procedure", "conflicting"),
            (json!({"limit": limit, "unit": "H19.15"}), "unit", "conflicting"),
            (json!({"procedure": "2.000815", "late_receipt": late}), "late_receipt", "conflicting"),
            (json!({"limit": {"value": 0, "unit": "working_day"}}), "limit.value", "out_of_range"),
            (json!({"limit": {"unit": "working_day"}}), "limit.value", "required"),
            (json!({"limit": {"value": 1, "unit": "same_day"}}), "limit.value", "conflicting"),
            (json!({"limit": {"value": 1, "unit": "fortnight"}}), "limit.unit", "not_allowed"),
            (json!({"limit": {"value": 1, "unit": "month", "x": 1}}), "limit.x", "unknown_field"),
            (json!({"limit": limit, "late_receipt": {"after": "25:00", "effect": "result_next_working_day"}}),
                "late_receipt.after", "malformed"),
            (json!({"limit": limit, "received_at": "1999-12-31T23:59:59+07:00"}), "received_at", "out_of_range"),
            (json!({"limit": limit, "received_at": "2026-08-20 09:00"}), "received_at", "malformed"),
            (json!({"limit": {"value": 3650, "unit": "month"}}), "limit", "beyond_calendar"),
            (json!({"procedure": "9.999999"}), "procedure", "unknown_reference"),
            (json!({"procedure": "2.000815", "unit": "H99"}), "unit", "unknown_reference"),
        ] {
            app.post("officer", "/api/v1/deadlines/preview", &body).await.fault(name, code);
        }
        for (query, name, code) in [
            ("limit.value=2", "limit.unit", "required"),
            ("limit.unit=working_day&limit.value=x", "limit.value", "malformed"),
            ("limit.unit=working_day&limit.value=2&limit.value=3", "limit.value", "duplicate"),
            ("procedure=2.000815&colour=red", "colour", "unknown_field"),
            ("procedure=2.000815&channel=fax", "channel", "not_allowed"),
        ] {
            app.get("officer", &format!("/api/v1/deadlines/preview?{query}")).await.fault(name, code);
        }
        app.stop().await;
    }
}

on_both_async! {
    async fn a_bad_item_of_a_batch_is_a_problem_in_its_place(db) {
        let app = TestApp::start(db, NOW).await;
        let good = json!({"received_at": "2026-08-20T09:00:00+07:00", "limit": {"value": 2, "unit": "working_day"}});
        let items = json!([good, {"limit": {"value": 0, "unit": "month"}}, 7, {"procedure": "2.000815", "limits": 1}, good]);
        let answers = app.post("officer", "/api/v1/deadlines/preview/batch", &items).await.ok();
        assert_eq!(answers.as_array().unwrap().len(), 5);
        assert_eq!(answers[0], answers[4]);
        for (at, name, code) in [(1, "limit.value", "out_of_range"), (2, "body", "malformed"), (3, "limits", "unknown_field")] {
            let problem = &answers[at]["problem"];
            assert_eq!(problem["status"], 400);
            assert_eq!((&problem["invalid_params"][0]["name"], &problem["invalid_params"][0]["code"]), (&json!(name), &json!(code)));
        }
        let most = json!(vec![&good; 10_000]);
        assert_eq!(app.post("officer", "/api/v1/deadlines/preview/batch", &most).await.ok().as_array().unwrap().len(), 10_000);
        let too_many = json!(vec![&good; 10_001]);
        app.post("officer", "/api/v1/deadlines/preview/batch", &too_many).await.fault("body", "out_of_range");
        app.post("officer", "/api/v1/deadlines/preview/batch", &good).await.fault("body", "malformed");
        app.stop().await;
    }
}
