//! Sending alerts once more, and releasing dead addresses, over HTTP: what is answered, and what the ledger keeps of it.

use actix_web::http::Method;
use hentra::store::Moment;
use hentra::store::outbox::{OutboxRow, OutboxStatus, outbox_insert};
use hentra::store::suppressions::{SuppressionRow, suppression_insert};
use serde_json::{Value, json};

use crate::support::{TestApp, on_both_async, outbox};

const NOW: &str = "2026-11-20T08:00:00+07:00";

/// A user of the commune with an address; answers the key.
async fn leader(app: &TestApp, name: &str) -> i64 {
    let new = json!({"name": name, "role": "leader", "unit": "H19.15", "email": format!("{name}@bendinh.example.vn")});
    app.post("admin", "/api/v1/users", &new).await.ok()["id"].as_i64().unwrap()
}

/// A message to the user in this state, for the slot of some minutes before; answers the key.
async fn message(app: &TestApp, user_id: i64, status: OutboxStatus, minutes: i64) -> i64 {
    let now = app.app.clock().now();
    let at = Moment::from(now - chrono::TimeDelta::minutes(minutes));
    let row = OutboxRow {
        recipient: "old@bendinh.example.vn".into(),
        message_id: format!("{user_id}-{minutes}@bendinh.example.vn"),
        status: status.word().into(),
        attempts: 1,
        ..outbox::message(user_id, at)
    };
    app.app.write_job("test", move |c, _| Ok(outbox_insert(c, vec![row])?)).await.unwrap();
    let list = app.get("admin", "/api/v1/alerts?limit=1").await.ok();
    list["items"][0]["id"].as_i64().unwrap()
}

async fn replay(app: &TestApp, who: &str, body: Value) -> Value {
    app.post(who, "/api/v1/alerts/replay", &body).await.ok()
}

async fn last_entry(app: &TestApp) -> (String, Value) {
    let read = app.app.read(|c, _| {
        let last = hentra::store::ledger::ledger_last(c)?;
        Ok(hentra::store::ledger::ledger_entries(c, None, last - 1, 1)?)
    });
    let (entry, _) = read.await.unwrap().pop().unwrap();
    (entry.act, entry.payload)
}

on_both_async! {
    async fn one_is_sent_once_more_and_the_ledger_keeps_who_asked(db) {
        let app = TestApp::start(db, NOW).await;
        let to = leader(&app, "mai").await;
        let failed = message(&app, to, OutboxStatus::Failed, 30).await;
        let answer = app.post("leader", &format!("/api/v1/alerts/{failed}/replay"), &json!({})).await.ok();
        assert_eq!(answer, json!({"id": failed, "was": "failed", "may_come_twice": false}));
        let shown = app.get("leader", &format!("/api/v1/alerts/{failed}")).await.ok();
        assert_eq!((&shown["status"], &shown["recipient"]), (&json!("pending"), &json!("mai@bendinh.example.vn")), "it goes to the address of today");
        assert_eq!(last_entry(&app).await, ("alerts_replayed".to_owned(), json!({"alerts": [{"id": failed, "was": "failed"}]})));
        // It waits now, and is not asked for twice.
        let again = app.post("leader", &format!("/api/v1/alerts/{failed}/replay"), &json!({})).await;
        let problem = again.problem(409, "not_replayable");
        assert!(problem["detail"].as_str().unwrap().contains("đang chờ gửi"), "{problem}");
        let sent = message(&app, to, OutboxStatus::Sent, 20).await;
        app.post("admin", &format!("/api/v1/alerts/{sent}/replay"), &json!({})).await.problem(409, "not_replayable");
        app.post("admin", "/api/v1/alerts/999/replay", &json!({})).await.problem(404, "not_found");
        app.post("commune_admin", &format!("/api/v1/alerts/{sent}/replay"), &json!({})).await.problem(409, "not_replayable");
        app.post("officer", &format!("/api/v1/alerts/{sent}/replay"), &json!({})).await.problem(403, "forbidden");
        app.stop().await;
    }
}

on_both_async! {
    async fn many_are_sent_once_more_and_the_others_named(db) {
        let app = TestApp::start(db, NOW).await;
        let (mai, lan, gone) = (leader(&app, "mai").await, leader(&app, "lan").await, leader(&app, "gone").await);
        let uncertain = message(&app, mai, OutboxStatus::Uncertain, 50).await;
        let sent = message(&app, mai, OutboxStatus::Sent, 40).await;
        let stale = message(&app, lan, OutboxStatus::Stale, 30).await;
        let lost = message(&app, gone, OutboxStatus::Failed, 20).await;
        app.by("admin", Method::PATCH, &format!("/api/v1/users/{gone}")).json(&json!({"active": false})).send().await.ok();
        let answer = replay(&app, "admin", json!({"ids": [uncertain, sent, stale, lost, 999]})).await;
        let mut replayed: Vec<i64> = answer["replayed"].as_array().unwrap().iter().map(|of| of["id"].as_i64().unwrap()).collect();
        replayed.sort_unstable();
        assert_eq!(replayed, [uncertain, stale]);
        let note = answer["replayed"].as_array().unwrap().iter().find(|of| of["id"] == uncertain).unwrap();
        assert!(note["may_come_twice"] == true && note["note"].as_str().unwrap().contains("hai lần"), "{note}");
        let mut refused: Vec<(i64, &str)> = answer["refused"].as_array().unwrap().iter().map(|of| (of["id"].as_i64().unwrap(), of["code"].as_str().unwrap())).collect();
        refused.sort_unstable();
        assert_eq!(refused, [(sent, "sent"), (lost, "recipient_gone"), (999, "not_found")]);
        assert_eq!(answer["more"], false);
        // By filter: only those that were not sent are found at all.
        let found = replay(&app, "admin", json!({"rule": "morning_digest", "from": "2026-11-20", "to": "2026-11-20"})).await;
        assert_eq!((found["replayed"].as_array().unwrap().len(), found["refused"].as_array().unwrap().len()), (0, 1));
        app.stop().await;
    }
}

on_both_async! {
    async fn a_request_that_makes_no_sense_names_the_field(db) {
        let app = TestApp::start(db, NOW).await;
        for (body, name, code) in [
            (json!({}), "ids", "required"),
            (json!({"ids": []}), "ids", "empty"),
            (json!({"ids": [1], "rule": "x"}), "ids", "conflicting"),
            (json!({"ids": (0..501).collect::<Vec<i64>>()}), "ids", "out_of_range"),
            (json!({"ids": ["x"]}), "ids[0]", "malformed"),
            (json!({"status": "lost"}), "status", "not_allowed"),
            (json!({"unit": "H20"}), "unit", "unknown_reference"),
            (json!({"from": "2026-11-21", "to": "2026-11-20"}), "to", "out_of_range"),
            (json!({"from": "yesterday"}), "from", "malformed"),
            (json!({"rules": "x"}), "rules", "unknown_field"),
        ] {
            app.post("admin", "/api/v1/alerts/replay", &body).await.fault(name, code);
        }
        app.stop().await;
    }
}

on_both_async! {
    async fn a_dead_address_is_seen_and_released_and_the_ledger_keeps_who_did_it(db) {
        let app = TestApp::start(db, NOW).await;
        let to = leader(&app, "mai").await;
        let alert = message(&app, to, OutboxStatus::Failed, 30).await;
        let since = Moment::from(app.app.clock().now());
        let address = "mai@bendinh.example.vn".to_owned();
        let row = SuppressionRow { id: 0, user_id: to, address, outbox_id: alert, reply: "550 5.1.1 unknown".into(), since };
        app.app.write_job("test", move |c, _| Ok(suppression_insert(c, row)?)).await.unwrap();
        let list = app.get("leader", "/api/v1/alert-suppressions").await.ok();
        let seen = &list["items"][0];
        assert_eq!((&list["count"], &seen["address"], &seen["user"]), (&json!(1), &json!("mai@bendinh.example.vn"), &json!(to)));
        assert_eq!((&seen["unit"], &seen["alert"], &seen["server_reply"]), (&json!("H19.15"), &json!(alert), &json!("550 5.1.1 unknown")));
        // Not before it is released.
        let refused = app.post("leader", &format!("/api/v1/alerts/{alert}/replay"), &json!({})).await;
        assert!(refused.problem(409, "not_replayable")["detail"].as_str().unwrap().contains("không còn tồn tại"));
        let path = format!("/api/v1/alert-suppressions/{}", seen["id"]);
        app.by("leader", Method::DELETE, &path).send().await.problem(403, "forbidden");
        assert_eq!(app.by("admin", Method::DELETE, &path).send().await.status, 204);
        assert_eq!(last_entry(&app).await, ("alert_address_released".to_owned(), json!({"user": to, "alert": alert})));
        app.by("admin", Method::DELETE, &path).send().await.problem(404, "not_found");
        assert_eq!(app.get("leader", "/api/v1/alert-suppressions").await.ok()["count"], 0);
        app.post("leader", &format!("/api/v1/alerts/{alert}/replay"), &json!({})).await.ok();
        assert_eq!(app.get("admin", "/api/v1/ledger/verify").await.ok()["ok"], true);
        app.stop().await;
    }
}
