//! Requests sent again under one `Idempotency-Key`: batches row by row, and acts.

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::support::{TestApp, dossier, on_both_async};

const FRIDAY: &str = "2026-11-20T08:00:00+07:00";
const BATCH: &str = "/api/v1/dossiers/batch";

on_both_async! {
    async fn a_repeated_batch_answers_the_same_codes_row_by_row(db) {
        let app = TestApp::start(db, FRIDAY).await;
        let send = |who: &'static str, body: String| {
            app.by(who, Method::POST, BATCH).header("Idempotency-Key", "b-1").body("application/json", body).send()
        };
        let row = |note: &str| dossier("2.000815", json!({"note": note}));
        let first = send("officer", json!([row("a"), row("b"), {"unit": 7}]).to_string()).await;
        assert_eq!((&first.ok()["created"], &first.ok()["rejected"]), (&json!(2), &json!(1)));
        app.at("2026-11-20T09:00:00+07:00");
        // The same rows, spaced otherwise.
        let spaced = serde_json::to_string_pretty(&json!([row("a"), row("b"), {"unit": 7}])).unwrap();
        assert_eq!(send("officer", spaced).await.body, first.body);
        let changed = send("officer", json!([row("a"), row("c"), row("d")]).to_string()).await.ok();
        assert_eq!(changed["results"][0], first.ok()["results"][0]);
        assert_eq!((&changed["results"][1]["problem"]["status"], &changed["results"][1]["problem"]["code"]),
            (&json!(422), &json!("idempotency_key_reused")));
        // The bad row was not stored; mended, it is.
        assert!(changed["results"][2]["code"].is_string(), "{changed}");
        assert_eq!(app.get("leader", "/api/v1/dossiers").await.ok()["count"], 3);
        // Another's key is another key; without one, rows are new.
        assert_eq!(send("leader", json!([row("a")]).to_string()).await.ok()["created"], 1);
        app.post("officer", BATCH, &json!([row("a")])).await.ok();
        assert_eq!(app.get("leader", "/api/v1/dossiers").await.ok()["count"], 5);
        let lines = format!("{}\n{}\n", row("e"), row("f"));
        let by_line = || app.by("officer", Method::POST, BATCH).header("Idempotency-Key", "n").body("application/x-ndjson", lines.clone()).send();
        assert_eq!(by_line().await.body, by_line().await.body);
        app.by("officer", Method::POST, BATCH).header("Idempotency-Key", "a b").json(&json!([])).send().await
            .fault("Idempotency-Key", "bad_characters");
        app.stop().await;
    }
}

on_both_async! {
    async fn a_batch_sent_by_many_at_once_is_stored_once(db) {
        let app = TestApp::start(db, FRIDAY).await;
        let rows = json!(vec![dossier("2.000815", json!({})); 50]);
        let calls = (0..6).map(|_| app.by("officer", Method::POST, BATCH).header("Idempotency-Key", "k").json(&rows).send());
        let answers = futures_util::future::join_all(calls).await;
        for of in answers.iter().filter(|of| of.status != 200) {
            of.problem(409, "idempotency_key_in_flight");
        }
        assert!(answers.iter().any(|of| of.status == 200));
        assert_eq!(app.get("officer", "/api/v1/dossiers").await.ok()["count"], 50);
        app.stop().await;
    }
}

on_both_async! {
    async fn a_repeated_act_is_answered_as_before(db) {
        let app = TestApp::start(db, FRIDAY).await;
        for code in ["A-1", "A-2"] {
            app.log("2.000815", json!({"code": code})).await.ok();
        }
        let send = |code: &'static str, body: Value| {
            app.by("officer", Method::POST, &format!("/api/v1/dossiers/{code}/acts"))
                .header("If-Match", "\"1\"").header("Idempotency-Key", "act-1").json(&body).send()
        };
        let resolve = json!({"act": "resolve"});
        let first = send("A-1", resolve.clone()).await;
        assert_eq!(first.ok()["status"], "resolved");
        app.at("2026-11-20T09:00:00+07:00");
        let again = send("A-1", resolve.clone()).await;
        assert_eq!((again.status, &again.body, again.header("etag")), (200, &first.body, first.header("etag")));
        send("A-1", json!({"act": "resolve", "reason": "x"})).await.problem(422, "idempotency_key_reused");
        send("A-2", resolve).await.problem(422, "idempotency_key_reused");
        assert_eq!(app.get("officer", "/api/v1/dossiers/A-2").await.ok()["version"], 1);
        app.stop().await;
    }
}
