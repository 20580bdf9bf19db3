//! Dossiers over HTTP: logging, keys, lists and their filters, acts.

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp, dossier, on_both_async};

const FRIDAY: &str = "2026-11-20T08:00:00+07:00";
const DOSSIERS: &str = "/api/v1/dossiers";

fn codes(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|of| of["code"].as_str().unwrap()).collect()
}

on_both_async! {
    async fn a_dossier_is_logged_found_and_told(db) {
        let app = TestApp::start(db, FRIDAY).await;
        let made = app.log("2.000815", json!({"note": "hai bản", "officer": null, "code": null})).await;
        assert_eq!(made.status, 201);
        let dossier = made.ok();
        let code = dossier["code"].as_str().unwrap();
        assert_eq!(code, "H19.15-261120-0001");
        assert_eq!(made.header("location"), format!("{DOSSIERS}/{code}"));
        assert_eq!(made.header("etag"), "\"1\"");
        assert_eq!(dossier["received_at"], FRIDAY);
        assert_eq!(dossier["due_at"], "2026-11-20T17:00:00+07:00");
        assert_eq!(dossier["officer"], "Cán bộ officer");
        assert_eq!((&dossier["status"], &dossier["portal_state"], &dossier["version"]), (&json!("processing"), &json!(4), &json!(1)));
        let found = app.get("officer", made.header("location")).await;
        assert_eq!(found.header("etag"), "\"1\"");
        assert_eq!(found.ok(), dossier);
        let events = app.get("officer", &format!("{DOSSIERS}/{code}/events")).await.ok();
        assert_eq!(events["items"][0]["act"], "receive");
        assert!(!events.to_string().contains("Hòa"), "the ledger holds a person's name: {events}");
        app.stop().await;
    }
}

on_both_async! {
    async fn a_reporter_sees_the_dossier_and_not_the_person(db) {
        let app = TestApp::start(db, FRIDAY).await;
        let code = app.log("2.000815", json!({"note": "số nhà 7"})).await.ok()["code"].as_str().unwrap().to_owned();
        for path in [format!("{DOSSIERS}/{code}"), DOSSIERS.to_owned(), format!("{DOSSIERS}/{code}/events")] {
            let seen = app.get("reporter", &path).await;
            seen.ok();
            assert!(!seen.body.contains("Hòa") && !seen.body.contains("0912") && !seen.body.contains("số nhà"), "{}", seen.body);
        }
        assert_eq!(app.get("reporter", &format!("{DOSSIERS}/{code}")).await.ok()["applicant"], Value::Null);
        app.stop().await;
    }
}

on_both_async! {
    async fn a_dry_run_answers_the_same_and_stores_nothing(db) {
        let app = TestApp::start(db, FRIDAY).await;
        let body = dossier("2.000815", json!({"code": "X-1", "due_at": "2026-11-23T17:00:00+07:00"}));
        let dry = app.post("officer", &format!("{DOSSIERS}?dry_run=true"), &body).await.ok();
        assert_eq!(app.get("officer", DOSSIERS).await.ok()["count"], 0);
        let mut made = app.post("officer", DOSSIERS, &body).await.ok();
        made["findings"][0]["first_seen_at"] = dry["findings"][0]["first_seen_at"].clone();
        assert_eq!(dry, made);
        app.post("officer", &format!("{DOSSIERS}?dry_run=true"), &body).await.problem(409, "code_taken");
        app.stop().await;
    }
}

on_both_async! {
    async fn a_code_is_taken_once(db) {
        let app = TestApp::start(db, FRIDAY).await;
        let strange = "000.00.14.H10-240122-0001?#ổ";
        let made = app.log("2.000815", json!({"code": strange})).await;
        assert_eq!(made.status, 201);
        assert_eq!(app.get("officer", made.header("location")).await.ok()["code"], strange);
        app.log("2.000815", json!({"code": strange})).await.problem(409, "code_taken");
        app.stop().await;
    }
}

on_both_async! {
    async fn the_same_key_is_answered_with_the_same_bytes(db) {
        let app = TestApp::start(db, FRIDAY).await;
        let send = |who: &'static str, key: &'static str, body: Value| {
            app.by(who, Method::POST, DOSSIERS).header("Idempotency-Key", key).json(&body).send()
        };
        let body = dossier("2.000815", json!({"code": "X-1"}));
        let first = send("officer", "k-1", body.clone()).await;
        assert_eq!(first.status, 201);
        app.at("2026-11-20T09:00:00+07:00");
        let again = send("officer", "k-1", body.clone()).await;
        assert_eq!((again.status, &again.body, again.header("etag"), again.header("location")),
            (201, &first.body, first.header("etag"), first.header("location")));
        send("officer", "k-1", dossier("2.000815", json!({"code": "X-2"}))).await.problem(422, "idempotency_key_reused");
        send("officer", "k-2", body.clone()).await.problem(409, "code_taken");
        send("leader", "k-1", body).await.problem(409, "code_taken");
        assert_eq!(app.get("leader", DOSSIERS).await.ok()["count"], 1);
        for (key, code) in [("", "empty"), ("a b", "bad_characters")] {
            send("officer", key, dossier("2.000815", json!({}))).await.fault("Idempotency-Key", code);
        }
        app.by("officer", Method::POST, DOSSIERS).header("Idempotency-Key", &"k".repeat(256)).json(&dossier("2.000815", json!({}))).send().await
            .fault("Idempotency-Key", "too_long");
        app.stop().await;
    }
}

on_both_async! {
    async fn one_key_sent_by_many_at_once_logs_one_dossier(db) {
        let app = TestApp::start(db, FRIDAY).await;
        let body = dossier("2.000815", json!({}));
        let calls = (0..8).map(|_| app.by("officer", Method::POST, DOSSIERS).header("Idempotency-Key", "k").json(&body).send());
        let answers: Vec<Answer> = futures_util::future::join_all(calls).await;
        let made: Vec<&Answer> = answers.iter().filter(|of| of.status == 201).collect();
        assert!(!made.is_empty() && made.iter().all(|of| of.body == made[0].body));
        for of in answers.iter().filter(|of| of.status != 201) {
            of.problem(409, "idempotency_key_in_flight");
            assert_eq!(of.header("retry-after"), "1");
        }
        assert_eq!(app.get("officer", DOSSIERS).await.ok()["count"], 1);
        app.stop().await;
    }
}

on_both_async! {
    async fn a_batch_stores_the_good_and_names_the_bad(db) {
        let app = TestApp::start(db, FRIDAY).await;
        let rows = json!([
            dossier("2.000815", json!({"code": "B-1"})), dossier("9.9", json!({})), {"unit": 7},
            dossier("2.000815", json!({"code": "B-1"})), dossier("2.000815", json!({"unit": "H19.16"})), dossier("2.000815", json!({"code": "B-2"})),
        ]);
        let done = app.post("officer", "/api/v1/dossiers/batch", &rows).await.ok();
        assert_eq!((&done["created"], &done["rejected"]), (&json!(2), &json!(4)));
        let seen: Vec<(Value, Value)> = done["results"].as_array().unwrap().iter()
            .map(|of| (of["index"].clone(), if of["code"].is_null() { of["problem"]["code"].clone() } else { of["code"].clone() })).collect();
        let expected = ["B-1", "invalid_request", "invalid_request", "code_taken", "forbidden", "B-2"];
        assert_eq!(seen, expected.iter().enumerate().map(|(at, word)| (json!(at), json!(word))).collect::<Vec<_>>());
        let lines = format!("{}\n\n{{\n{}\n", dossier("2.000815", json!({"code": "N-1"})), dossier("2.000815", json!({"code": "N-2"})));
        let done = app.by("officer", Method::POST, "/api/v1/dossiers/batch").body("application/x-ndjson", lines).send().await.ok();
        assert_eq!((&done["created"], &done["rejected"], &done["results"][2]["code"]), (&json!(2), &json!(1), &json!("N-2")));
        assert_eq!(app.get("leader", DOSSIERS).await.ok()["count"], 4);
        let too_many = json!(vec![json!({}); 10_001]);
        app.post("officer", "/api/v1/dossiers/batch", &too_many).await.fault("body", "out_of_range");
        app.stop().await;
    }
}

/// L-1 overdue, L-2 and L-3 open, L-4 resolved early.
async fn log_four(app: &TestApp) {
    for (code, procedure, more) in [
        ("L-1", "2.000815", json!({"received_at": "2026-11-10T09:00:00+07:00"})),
        ("L-2", "2.001016", json!({"received_at": "2026-11-19T09:00:00+07:00", "officer": "Lê Văn Tám"})),
        ("L-3", "2.001016", json!({"applicant": {"name": "Đặng Thị Ửng"}, "channel": "online"})),
        ("L-4", "1.001022", json!({})),
    ] {
        let mut more = more;
        more["code"] = json!(code);
        app.log(procedure, more).await.ok();
    }
    app.act("L-4", &json!({"act": "resolve"})).await.ok();
}

on_both_async! {
    async fn lists_are_filtered_ordered_and_paged(db) {
        let app = TestApp::start(db, FRIDAY).await;
        log_four(&app).await;
        for (query, expected) in [
            ("", vec!["L-1", "L-2", "L-3", "L-4"]),
            ("unit=H19&subtree=false", vec![]),
            ("unit=H19", vec!["L-1", "L-2", "L-3", "L-4"]),
            ("procedure=2.001016", vec!["L-2", "L-3"]),
            ("procedure__in=2.000815,1.001022", vec!["L-1", "L-4"]),
            ("status=resolved", vec!["L-4"]),
            ("status__in=resolved,processing&procedure=1.001022", vec!["L-4"]),
            ("overdue=true", vec!["L-1"]),
            ("overdue=false", vec!["L-2", "L-3", "L-4"]),
            ("finding=overdue", vec!["L-1"]),
            ("officer=L%C3%AA%20V%C4%83n%20T%C3%A1m", vec!["L-2"]),
            ("channel=online", vec!["L-3"]),
            ("sector=Ch%E1%BB%A9ng%20th%E1%BB%B1c", vec!["L-1", "L-2", "L-3"]),
            ("q=dang%20thi%20ung", vec!["L-3"]),
            ("q=%C4%90%E1%BA%B6NG", vec!["L-3"]),
            ("q=l-2", vec!["L-2"]),
            ("q=%25", vec![]),
            ("outcome=early", vec!["L-4"]),
            ("closed_at__isnull=true&received_at__gte=2026-11-19", vec!["L-2", "L-3"]),
            ("closed_at__gte=2026-11-20", vec!["L-4"]),
            ("received_at__lt=2026-11-19", vec!["L-1"]),
            ("received_at__lte=2026-11-19", vec!["L-1", "L-2"]),
            ("received_at__gt=2026-11-19", vec!["L-3", "L-4"]),
            ("received_at__gt=2026-11-19T09:00:00%2B07:00", vec!["L-3", "L-4"]),
            ("received_at__gte=2026-11-19T09:00:00+07:00", vec!["L-2", "L-3", "L-4"]),
            ("due_at__lte=2026-11-23", vec!["L-1", "L-2"]),
            ("due_at__lt=2026-11-23", vec!["L-1"]),
            ("due_within=1wd", vec!["L-2"]),
            ("due_within=3d", vec!["L-2"]),
            ("due_within=5d", vec!["L-2", "L-3"]),
            ("due_within=48h", vec![]),
            ("open_at=2026-11-20", vec!["L-1", "L-2", "L-3", "L-4"]),
            ("open_at=2026-11-21", vec!["L-1", "L-2", "L-3"]),
        ] {
            let page = app.get("leader", &format!("{DOSSIERS}?{query}")).await.ok();
            assert_eq!(codes(&page), expected, "{query}");
            assert_eq!((&page["count"], &page["count_exact"], &page["next"]), (&json!(expected.len()), &json!(true), &Value::Null));
        }
        let mut path = format!("{DOSSIERS}?limit=1");
        let mut walked: Vec<String> = Vec::new();
        loop {
            let page = app.get("leader", &path).await.ok();
            walked.extend(codes(&page).iter().map(ToString::to_string));
            assert_eq!(page["count"], 4);
            let Some(next) = page["next"].as_str() else { break };
            path = format!("{DOSSIERS}?limit=1&cursor={next}");
        }
        assert_eq!(walked, ["L-1", "L-2", "L-3", "L-4"]);
        app.stop().await;
    }
}

on_both_async! {
    async fn acts_need_the_version_that_was_read(db) {
        let app = TestApp::start(db, FRIDAY).await;
        app.log("2.000815", json!({"code": "A-1"})).await.ok();
        let path = format!("{DOSSIERS}/A-1/acts");
        let send = |tag: &'static str, body: Value| app.by("officer", Method::POST, &path).header("If-Match", tag).json(&body).send();
        let resolve = json!({"act": "resolve", "at": null, "reason": null, "appointed_at": null, "ground": null, "changes": null});
        app.post("officer", &path, &resolve).await.problem(428, "precondition_required");
        send("\"7\"", resolve.clone()).await.problem(412, "precondition_failed");
        send("\"abc\"", resolve.clone()).await.problem(412, "precondition_failed");
        send("7", resolve.clone()).await.fault("If-Match", "malformed");
        send("\"1\"", json!({"act": "dance"})).await.fault("act", "not_allowed");
        send("\"1\"", json!({"act": "resolve", "ground": "x"})).await.fault("ground", "conflicting");
        send("\"1\"", json!({"act": "resolve", "at": "2026-11-20T08:00:01+07:00"})).await.fault("at", "in_future");
        send("\"1\"", json!({"act": "resolve", "at": "2026-11-20T07:59:59+07:00"})).await.problem(409, "act_out_of_order");
        let refused = send("\"1\"", json!({"act": "return"})).await.problem(409, "act_not_allowed");
        assert_eq!(refused["allowed_acts"], json!(["request_supplement", "pause", "apologise", "resolve", "refuse", "withdraw", "stop", "correct"]));
        let done = send("\"1\"", resolve.clone()).await;
        assert_eq!(done.header("etag"), "\"2\"");
        let dossier = done.ok();
        assert_eq!((&dossier["status"], &dossier["outcome"], &dossier["closed_at"]), (&json!("resolved"), &json!("on_time"), &json!(FRIDAY)));
        send("\"1\"", json!({"act": "return"})).await.problem(412, "precondition_failed");
        assert_eq!(send("*", json!({"act": "return"})).await.ok()["status"], "returned");
        let refused = send("*", resolve).await.problem(409, "act_not_allowed");
        assert_eq!(refused["allowed_acts"], json!(["correct"]));
        let acts: Vec<Value> = app.get("officer", &format!("{DOSSIERS}/A-1/events")).await.ok()["items"].as_array().unwrap()
            .iter().map(|of| of["act"].clone()).collect();
        assert_eq!(acts, ["receive", "resolve", "return"]);
        app.stop().await;
    }
}
