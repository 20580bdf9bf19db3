//! Many clients at one dossier in the same moment, over HTTP: one wins, and the others are told so.

use actix_web::http::Method;
use futures_util::future::join_all;
use serde_json::json;

use crate::support::{Answer, TestApp, on_both_async};

const FRIDAY: &str = "2026-11-20T08:00:00+07:00";
const CLIENTS: usize = 64;

async fn acts_in_the_ledger(app: &TestApp, code: &str) -> Vec<String> {
    let events = app.get("officer", &format!("/api/v1/dossiers/{code}/events")).await.ok();
    let items = events["items"].as_array().unwrap().iter();
    items.map(|of| of["act"].as_str().unwrap().to_owned()).collect()
}

on_both_async! {
    async fn of_sixty_four_clients_with_one_tag_exactly_one_acts(db) {
        let app = TestApp::start(db, FRIDAY).await;
        app.log("2.000815", json!({"code": "A-1"})).await.ok();
        let acting = (0..CLIENTS).map(|_| {
            app.by("officer", Method::POST, "/api/v1/dossiers/A-1/acts").header("If-Match", "\"1\"")
                .json(&json!({"act": "resolve"})).send()
        });
        let answers: Vec<Answer> = join_all(acting).await;
        let won: Vec<&Answer> = answers.iter().filter(|of| of.status == 200).collect();
        assert_eq!(won.len(), 1);
        assert_eq!((won[0].header("etag"), &won[0].ok()["status"]), ("\"2\"", &json!("resolved")));
        for lost in answers.iter().filter(|of| of.status != 200) {
            match lost.status {
                412 => lost.problem(412, "precondition_failed"),
                _ => lost.problem(409, "act_not_allowed"),
            };
        }
        assert_eq!(acts_in_the_ledger(&app, "A-1").await, ["receive", "resolve"]);
        app.stop().await;
    }
}

on_both_async! {
    async fn sixty_four_clients_with_one_key_do_one_act_and_hear_one_answer(db) {
        let app = TestApp::start(db, FRIDAY).await;
        app.log("2.000815", json!({"code": "A-1"})).await.ok();
        let act = || {
            app.by("officer", Method::POST, "/api/v1/dossiers/A-1/acts").header("If-Match", "\"1\"")
                .header("Idempotency-Key", "one").json(&json!({"act": "resolve"})).send()
        };
        let answers: Vec<Answer> = join_all((0..CLIENTS).map(|_| act())).await;
        let again = act().await;
        assert_eq!(again.status, 200);
        let done = answers.iter().filter(|of| of.status == 200);
        assert!(done.clone().count() > 0);
        for answer in done {
            assert_eq!((&answer.body, answer.header("etag")), (&again.body, again.header("etag")));
        }
        for answer in answers.iter().filter(|of| of.status != 200) {
            answer.problem(409, "idempotency_key_in_flight");
            assert_eq!(answer.header("retry-after"), "1");
        }
        assert_eq!(acts_in_the_ledger(&app, "A-1").await, ["receive", "resolve"]);
        app.stop().await;
    }
}

on_both_async! {
    async fn bulk_calls_and_single_acts_at_one_dossier_let_one_win(db) {
        let app = TestApp::start(db, FRIDAY).await;
        for code in ["A-1", "A-2"] {
            app.log("2.000815", json!({"code": code})).await.ok();
        }
        let rows = json!([{"code": "A-1", "act": "resolve", "version": 1}, {"code": "A-2", "act": "resolve", "version": 1}]);
        let many = (0..CLIENTS / 2).map(|_| app.post("officer", "/api/v1/dossiers/acts", &rows));
        let single = (0..CLIENTS / 2).map(|_| {
            app.by("officer", Method::POST, "/api/v1/dossiers/A-1/acts").header("If-Match", "\"1\"")
                .json(&json!({"act": "resolve"})).send()
        });
        let (many, single) = futures_util::future::join(join_all(many), join_all(single)).await;
        let done: u64 = many.iter().map(|of| of.ok()["done"].as_u64().unwrap()).sum();
        let alone = single.iter().filter(|of| of.status == 200).count();
        assert_eq!(done + u64::try_from(alone).unwrap(), 2);
        for code in ["A-1", "A-2"] {
            assert_eq!(acts_in_the_ledger(&app, code).await, ["receive", "resolve"]);
        }
        app.stop().await;
    }
}
