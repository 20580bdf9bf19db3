//! Bad input over HTTP: each kind is refused with a problem that names it, and nothing is stored.

use actix_web::http::Method;
use chrono::TimeDelta;
use hentra::app::access::{NewUser, Role, token_create};
use serde_json::json;

use crate::support::{TestApp, dossier, on_both_async};

const NOW: &str = "2026-11-20T08:00:00+07:00";
const DOSSIERS: &str = "/api/v1/dossiers";

on_both_async! {
    async fn a_body_that_cannot_be_read_is_refused(db) {
        let app = TestApp::start(db, NOW).await;
        let send = |media: &str, body: Vec<u8>| app.by("officer", Method::POST, DOSSIERS).body(media, body).send();
        let problem = send("application/json", b"{\"unit\": \n \"H19.15\",, }".to_vec()).await.problem(400, "malformed_json");
        assert!(problem["detail"].as_str().unwrap().contains("dòng 2"), "{problem}");
        send("application/json", Vec::new()).await.problem(400, "malformed_json");
        send("application/json", b"{} {}".to_vec()).await.problem(400, "malformed_json");
        send("application/json", b"{\"unit\": \"\xff\xfe\"}".to_vec()).await.problem(400, "invalid_utf8");
        send("text/plain", b"{}".to_vec()).await.problem(415, "unsupported_media_type");
        send("application/json; charset=utf-16", b"{}".to_vec()).await.problem(415, "unsupported_media_type");
        let large = dossier("2.000815", json!({"note": "a".repeat(10 * 1024 * 1024)})).to_string();
        send("application/json", large.into_bytes()).await.problem(413, "payload_too_large");
        let batch = format!("[\"{}\"]", "a".repeat(17 * 1024 * 1024));
        app.by("officer", Method::POST, "/api/v1/dossiers/batch").body("application/json", batch).send().await
            .problem(413, "payload_too_large");
        assert_eq!(app.get("leader", DOSSIERS).await.ok()["count"], 0);
        app.stop().await;
    }
}

on_both_async! {
    async fn each_bad_field_of_a_dossier_is_named(db) {
        let app = TestApp::start(db, NOW).await;
        for (more, name, code) in [
            (json!({"colour": "red"}), "colour", "unknown_field"),
            (json!({"applicant": {"name": "A", "age": 7}}), "applicant.age", "unknown_field"),
            (json!({"unit": "H99"}), "unit", "unknown_reference"),
            (json!({"procedure": "9.999999"}), "procedure", "unknown_reference"),
            (json!({"received_at": "2026-11-20T08:00:01+07:00"}), "received_at", "in_future"),
            (json!({"received_at": "1999-12-31T23:59:59+07:00"}), "received_at", "out_of_range"),
            (json!({"received_at": "yesterday"}), "received_at", "malformed"),
            (json!({"received_at": "2026-11-20T08:00:00"}), "received_at", "malformed"),
            (json!({"received_at": "2026-11-20T07:59:60+07:00"}), "received_at", "malformed"),
            (json!({"due_at": "2026-11-20T07:59:59+07:00"}), "due_at", "before_receipt"),
            (json!({"channel": "fax"}), "channel", "not_allowed"),
            (json!({"applicant": {"name": ""}}), "applicant.name", "empty"),
            (json!({"applicant": {"name": " \t "}}), "applicant.name", "empty"),
            (json!({"applicant": {"name": "A\u{0}B"}}), "applicant.name", "bad_characters"),
            (json!({"applicant": {}}), "applicant.name", "required"),
            (json!({"unit": 7}), "unit", "malformed"),
            (json!({"note": "a".repeat(2_001)}), "note", "too_long"),
            (json!({"code": "a/b"}), "code", "bad_characters"),
            (json!({"code": ""}), "code", "empty"),
        ] {
            app.log("2.000815", more.clone()).await.fault(name, code);
            let row = dossier("2.000815", more);
            let batch = app.post("officer", "/api/v1/dossiers/batch", &json!([row])).await.ok();
            assert_eq!(batch["results"][0]["problem"]["invalid_params"][0]["name"], name, "{batch}");
        }
        let channel = app.log("2.000815", json!({"channel": "fax"})).await.json();
        let reason = channel["invalid_params"][0]["reason"].as_str().unwrap();
        assert!(["in_person", "online", "postal"].iter().all(|word| reason.contains(word)), "{reason}");
        let required = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), "required".to_owned())).collect::<Vec<_>>();
        let missing = app.post("officer", DOSSIERS, &json!({})).await.faults();
        assert_eq!(missing, required(&["unit", "procedure", "applicant"]));
        let missing = app.post("officer", DOSSIERS, &json!({"applicant": {}})).await.faults();
        assert_eq!(missing, required(&["applicant.name", "unit", "procedure"]));
        let missing = app.post("admin", "/api/v1/commitments", &json!({})).await.faults();
        assert_eq!(missing, required(&["unit", "effect", "valid_from", "decision"]));
        app.post("officer", DOSSIERS, &json!([])).await.fault("body", "malformed");
        app.by("officer", Method::POST, DOSSIERS).body("application/json", r#"{"unit":"H19.15","unit":"H19.16"}"#).send().await
            .problem(400, "invalid_request");
        assert_eq!(app.get("leader", DOSSIERS).await.ok()["count"], 0);
        app.stop().await;
    }
}

on_both_async! {
    async fn all_faults_are_told_at_once(db) {
        let app = TestApp::start(db, NOW).await;
        let more = json!({"colour": "red", "channel": "fax", "received_at": "x", "applicant": {"name": 7}});
        let mut faults = app.log("2.000815", more).await.faults();
        faults.sort();
        let expected = [("applicant.name", "malformed"), ("channel", "not_allowed"), ("colour", "unknown_field"), ("received_at", "malformed")];
        assert_eq!(faults, expected.map(|(name, code)| (name.to_owned(), code.to_owned())));
        let mut faults = app.get("officer", "/api/v1/dossiers?limit=x&overdue=perhaps&colour=red").await.faults();
        faults.sort();
        let expected = [("colour", "unknown_field"), ("limit", "malformed"), ("overdue", "malformed")];
        assert_eq!(faults, expected.map(|(name, code)| (name.to_owned(), code.to_owned())));
        app.stop().await;
    }
}

on_both_async! {
    async fn each_bad_parameter_is_named(db) {
        let app = TestApp::start(db, NOW).await;
        for (query, name, code) in [
            ("colour=red", "colour", "unknown_field"),
            ("atomic=true", "atomic", "unknown_field"),
            ("overdue=true&overdue=true", "overdue", "duplicate"),
            ("status=lost", "status", "not_allowed"),
            ("status__in=processing,lost", "status__in", "not_allowed"),
            ("limit=0", "limit", "out_of_range"),
            ("limit=501", "limit", "out_of_range"),
            ("cursor=nonsense", "cursor", "malformed"),
            ("due_within=2w", "due_within", "malformed"),
            ("due_within=2wd&closed_at__isnull=false", "closed_at__isnull", "conflicting"),
            ("due_at__lt=soon", "due_at__lt", "malformed"),
            ("due_at__lt=%2B99999-01-01", "due_at__lt", "malformed"),
            ("unit=H99", "unit", "unknown_reference"),
            ("q=%ff", "q", "bad_characters"),
        ] {
            app.get("leader", &format!("{DOSSIERS}?{query}")).await.fault(name, code);
        }
        app.by("officer", Method::POST, "/api/v1/dossiers?dry_run=perhaps").json(&dossier("2.000815", json!({}))).send().await
            .fault("dry_run", "malformed");
        app.post("officer", "/api/v1/dossiers/batch?atomic=perhaps", &json!([])).await.fault("atomic", "malformed");
        app.get("officer", "/api/v1/findings?code=lateness").await.fault("code", "not_allowed");
        app.stop().await;
    }
}

on_both_async! {
    async fn only_a_token_in_force_is_let_in(db) {
        let app = TestApp::start(db, NOW).await;
        let missing = app.call(Method::GET, DOSSIERS).send().await;
        missing.problem(401, "unauthenticated");
        assert_eq!(missing.header("www-authenticate"), "Bearer realm=\"hentra\"");
        for value in ["Bearer", "Bearer hentra_0000", "Basic dXNlcjpwYXNz", "hentra_0000", "Bearer  "] {
            app.call(Method::GET, DOSSIERS).header("Authorization", value).send().await.problem(401, "unauthenticated");
        }
        // A stranger learns nothing of what a body should hold.
        app.call(Method::POST, DOSSIERS).body("application/json", "{").send().await.problem(401, "unauthenticated");
        let expires_at = Some(app.app.clock().now() + TimeDelta::hours(1));
        let new = NewUser { name: "Tạm".into(), role: Role::Officer, unit: "H19.15".into(), email: None, expires_at };
        let bearer = format!("Bearer {}", token_create(&app.app, new).await.unwrap());
        let call = || app.call(Method::GET, DOSSIERS).header("Authorization", &bearer).send();
        call().await.ok();
        app.at("2026-11-20T09:00:00+07:00");
        call().await.problem(401, "unauthenticated");
        app.stop().await;
    }
}

on_both_async! {
    async fn outside_ones_units_nothing_is_seen_or_done(db) {
        let app = TestApp::start(db, NOW).await;
        let code = app.log("2.000815", json!({})).await.ok()["code"].as_str().unwrap().to_owned();
        let path = format!("{DOSSIERS}/{code}");
        app.get("neighbour", &path).await.problem(404, "not_found");
        app.get("neighbour", &format!("{path}/events")).await.problem(404, "not_found");
        app.get("officer", &format!("{DOSSIERS}/none")).await.problem(404, "not_found");
        let act = |who| app.by(who, Method::POST, &format!("{path}/acts")).header("If-Match", "*").json(&json!({"act": "resolve"})).send();
        act("neighbour").await.problem(404, "not_found");
        act("reporter").await.problem(403, "forbidden");
        app.post("neighbour", DOSSIERS, &dossier("2.000815", json!({}))).await.problem(403, "forbidden");
        app.post("reporter", DOSSIERS, &dossier("2.000815", json!({}))).await.problem(403, "forbidden");
        assert_eq!(app.get("neighbour", DOSSIERS).await.ok()["count"], 0);
        app.get("neighbour", &format!("{DOSSIERS}?unit=H19.15")).await.fault("unit", "unknown_reference");
        assert_eq!(app.get("leader", DOSSIERS).await.ok()["count"], 1);
        app.stop().await;
    }
}

on_both_async! {
    async fn problems_speak_the_readers_language_and_name_the_address(db) {
        let app = TestApp::start(db, NOW).await;
        let path = format!("{DOSSIERS}/none");
        let vietnamese = app.get("officer", &path).await.problem(404, "not_found");
        assert_eq!(vietnamese["title"], "Không tìm thấy");
        assert_eq!(vietnamese["instance"], path);
        let english = app.by("officer", Method::GET, &path).header("Accept-Language", "fr, en;q=0.9, vi;q=0.1").send().await;
        assert_eq!(english.problem(404, "not_found")["title"], "Not found");
        assert_eq!(english.header("content-language"), "en");
        app.stop().await;
    }
}

on_both_async! {
    async fn an_unknown_address_and_a_wrong_method_are_problems(db) {
        let app = TestApp::start(db, NOW).await;
        app.get("officer", "/api/v1/nothing").await.problem(404, "unknown_address");
        app.call(Method::GET, "/nothing").send().await.problem(404, "unknown_address");
        let wrong = app.by("officer", Method::DELETE, "/api/v1/dossiers/x").send().await;
        wrong.problem(405, "method_not_allowed");
        assert_eq!(wrong.header("allow"), "GET");
        let wrong = app.by("officer", Method::PUT, DOSSIERS).send().await;
        wrong.problem(405, "method_not_allowed");
        assert_eq!(wrong.header("allow"), "GET, POST");
        app.stop().await;
    }
}
