//! Units that are renamed, moved, ended and merged, each from its day on.

use actix_web::http::Method;
use hentra::store::ledger;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp, dossier, on_both_async};

const NOW: &str = "2026-11-20T08:00:00+07:00";
const UNITS: &str = "/api/v1/units";

fn unit(code: &str, name: &str, parent: &str, more: Value) -> Value {
    let mut body = json!({"code": code, "name": name, "parent": parent});
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

async fn put(app: &TestApp, body: &Value) -> Answer {
    app.post("admin", UNITS, body).await
}

async fn csv(app: &TestApp, body: &str) -> Answer {
    app.by("admin", Method::POST, UNITS).body("text/csv", body.to_owned()).send().await
}

/// Name and parent of a unit on a day; nothing when it did not exist then.
async fn on(app: &TestApp, code: &str, day: &str) -> Option<(String, String)> {
    let all = app.get("officer", &format!("{UNITS}?as_of={day}")).await.ok();
    let found = all["items"].as_array().unwrap().iter().find(|of| of["code"] == code)?;
    Some((found["name"].as_str()?.to_owned(), found["parent"].as_str()?.to_owned()))
}

on_both_async! {
    async fn a_name_and_a_place_hold_from_their_day(db) {
        let app = TestApp::start(db, NOW).await;
        let told = put(&app, &unit("H19.15", "Phường Phước Bình", "H19", json!({"holds_from": "2026-12-01"}))).await.ok();
        assert_eq!(told["name"], "Phường Phước Long", "the new name is yet to come");
        assert_eq!(told["history"], json!([
            {"from": null, "until": "2026-11-30", "name": "Phường Phước Long", "parent": "H19"},
            {"from": "2026-12-01", "until": null, "name": "Phường Phước Bình", "parent": "H19"}]));
        put(&app, &unit("H19.15", "Phường Phước Bình", "H19.16", json!({"holds_from": "2027-07-01", "valid_to": "2030-12-31"}))).await.ok();
        // A name told again from the same day corrects it, and leaves the days that it does not tell.
        let again = put(&app, &unit("H19.15", "Phường Phước Bình", "H19.16", json!({"holds_from": "2027-07-01"}))).await.ok();
        assert_eq!((again["history"].as_array().unwrap().len(), &again["valid_to"]), (3, &json!("2030-12-31")));
        let pair = |name: &str, parent: &str| Some((name.to_owned(), parent.to_owned()));
        assert_eq!(on(&app, "H19.15", "2026-11-30").await, pair("Phường Phước Long", "H19"));
        assert_eq!(on(&app, "H19.15", "2026-12-01").await, pair("Phường Phước Bình", "H19"));
        assert_eq!(on(&app, "H19.15", "2027-07-01").await, pair("Phường Phước Bình", "H19.16"));
        // At midnight the name changes by itself, for everybody and in the same process.
        app.at("2026-11-30T23:59:59+07:00");
        assert_eq!(app.get("officer", "/api/v1/units/H19.15").await.ok()["name"], "Phường Phước Long");
        app.at("2026-12-01T00:00:00+07:00");
        assert_eq!(app.get("officer", "/api/v1/units/H19.15").await.ok()["name"], "Phường Phước Bình");
        app.get("neighbour", "/api/v1/dossiers?unit=H19.15").await.fault("unit", "unknown_reference");
        app.at("2027-07-01T00:00:00+07:00");
        app.get("neighbour", "/api/v1/dossiers?unit=H19.15").await.ok();
        app.stop().await;
    }
}

on_both_async! {
    async fn a_merged_unit_keeps_its_dossiers_and_takes_no_new_ones(db) {
        let app = TestApp::start(db, NOW).await;
        let old = json!({"unit": "H19.16", "code": "OLD"});
        app.post("neighbour", "/api/v1/dossiers", &dossier("2.001019", old)).await.ok();
        app.get("officer", "/api/v1/dossiers/OLD").await.problem(404, "not_found");
        let end = json!({"valid_to": "2026-11-22", "merged_into": "H19.15"});
        put(&app, &unit("H19.16", "Phường Chơn Thành", "H19", end)).await.ok();
        // Until its last day it works as before.
        app.get("officer", "/api/v1/dossiers/OLD").await.problem(404, "not_found");
        app.at("2026-11-23T08:00:00+07:00");
        let seen = app.get("officer", "/api/v1/dossiers/OLD").await.ok();
        assert_eq!(seen["unit"], "H19.16", "it keeps the code of the unit that took it");
        app.act("OLD", &json!({"act": "resolve"})).await.ok();
        let new = |at: &str| dossier("2.001019", json!({"unit": "H19.16", "received_at": format!("{at}T09:00:00+07:00")}));
        let refused = app.post("neighbour", "/api/v1/dossiers", &dossier("2.001019", json!({"unit": "H19.16"}))).await;
        refused.fault("unit", "ended");
        assert_eq!(refused.json()["invalid_params"][0]["reason"], "Đã kết thúc vào ngày này; nơi kế thừa: H19.15.");
        app.post("officer", "/api/v1/deadlines/preview", &json!({"procedure": "2.001019", "unit": "H19.16"})).await.fault("unit", "ended");
        // What it received in its time may still be written down, and so may its past.
        assert_eq!(app.post("neighbour", "/api/v1/dossiers", &new("2026-11-20")).await.status, 201);
        assert_eq!(on(&app, "H19.16", "2026-11-22").await.unwrap().0, "Phường Chơn Thành");
        assert_eq!(on(&app, "H19.16", "2026-11-23").await, None);
        let list = app.get("officer", "/api/v1/dossiers?unit=H19.15").await.ok();
        assert_eq!(list["count"], 2, "{list}");
        put(&app, &unit("H19.20", "Phường Hai", "H19", json!({"valid_from": "2027-01-01"}))).await.ok();
        app.post("admin", "/api/v1/dossiers", &dossier("2.001019", json!({"unit": "H19.20"}))).await.fault("unit", "not_yet");
        app.stop().await;
    }
}

on_both_async! {
    async fn what_makes_no_tree_is_named_by_its_row(db) {
        let app = TestApp::start(db, NOW).await;
        put(&app, &unit("H19", "Tỉnh", "H19.15", json!({}))).await.fault("parent", "cyclic");
        put(&app, &unit("H19.15", "Phường", "H19.15", json!({}))).await.fault("parent", "cyclic");
        put(&app, &unit("H19.15", "Phường", "H77", json!({}))).await.fault("parent", "unknown_reference");
        let merged = |into: &str| json!({"valid_to": "2026-11-30", "merged_into": into});
        put(&app, &unit("H19.15", "Phường", "H19", merged("H77"))).await.fault("merged_into", "unknown_reference");
        put(&app, &unit("H19.15", "Phường", "H19", merged("H19.15"))).await.fault("merged_into", "cyclic");
        put(&app, &unit("H19.15", "Phường", "H19", json!({"merged_into": "H19.16"}))).await.fault("valid_to", "required");
        put(&app, &unit("H19.15", "Phường", "H19", merged("H19.16"))).await.ok();
        // Each into the other: from the day on which both are over there is no way up.
        put(&app, &unit("H19.16", "Phường", "H19", merged("H19.15"))).await.fault("merged_into", "cyclic");
        let ends = json!({"valid_from": "2026-12-01", "valid_to": "2026-11-30"});
        put(&app, &unit("H19.17", "Phường", "H19", ends)).await.fault("valid_to", "out_of_range");
        put(&app, &unit("H19.15", "Phường", "H19", json!({"valid_from": "1026-12-01"}))).await.fault("valid_from", "out_of_range");
        put(&app, &unit("H19.16", "Tên mới", "H19", json!({"holds_from": "2026-11-01"}))).await.ok();
        put(&app, &unit("H19.16", "Tên cũ", "H19", json!({"holds_from": "2026-10-01"}))).await.fault("holds_from", "not_later");
        for (file, name, code) in [
            ("code,name,parent\nH19.18,A,H19\nH19.19,B,H20\n", "line 3: parent", "unknown_reference"),
            ("code,name,parent\nH19.18,A,H19.19\nH19.21,C,H19\nH19.19,B,H19.18\n", "line 4: parent", "cyclic"),
            ("code,name,parent\nH19.18,A,H19\nH19.18,B,H19\n", "line 3: code", "duplicate"),
            ("code,name,parent,holds_from\nH19.18,A,H19,\nH19.18,B,H19,soon\n", "line 3: holds_from", "malformed"),
            ("code,name,parent,valid_to,merged_into\nH19.18,A,H19,2026-11-30,H19.99\n", "line 2: merged_into", "unknown_reference"),
        ] {
            csv(&app, file).await.fault(name, code);
        }
        let two = csv(&app, "code,name,parent\nH19.18,,H19\nH19.19,B,H20\n").await;
        two.fault("line 2: name", "empty");
        assert_eq!(app.get("officer", UNITS).await.ok()["count"], 3, "nothing of it was kept");
        app.stop().await;
    }
}

on_both_async! {
    async fn a_file_tells_a_history_and_leaves_days_that_it_does_not_speak_of(db) {
        let app = TestApp::start(db, NOW).await;
        let file = "code,name,parent,holds_from\nH19.18,Xã Cũ,H19,\nH19.18,Phường Mới,H19,2025-07-01\n";
        assert_eq!(csv(&app, file).await.ok()["written"], 2);
        let told = app.get("officer", "/api/v1/units/H19.18").await.ok();
        assert_eq!(told["history"][0], json!({"from": null, "until": "2025-06-30", "name": "Xã Cũ", "parent": "H19"}));
        csv(&app, "code,name,parent,valid_to,merged_into\nH19.18,Phường Mới,H19,2026-10-31,H19.15\n").await.ok();
        // A file of names alone does not bring it back to life.
        csv(&app, "code,name,parent\nH19.18,Phường Mới (cũ),H19\n").await.ok();
        let told = app.get("officer", "/api/v1/units/H19.18").await.ok();
        assert_eq!((&told["name"], &told["valid_to"], &told["merged_into"]), (&json!("Phường Mới (cũ)"), &json!("2026-10-31"), &json!("H19.15")));
        let entries = app.app.read(|c, _| Ok(ledger::ledger_entries(c, None, 0, i64::MAX)?)).await.unwrap();
        let about: Vec<_> = entries.iter().filter(|(of, _)| of.payload["unit"] == "H19.18").collect();
        assert_eq!(about.len(), 4);
        assert!(about.iter().all(|(of, _)| of.act == "unit_changed" && of.actor_id.is_some()));
        assert_eq!((&about[0].0.payload["before"], &about[1].0.payload["holds_from"]), (&Value::Null, &json!("2025-07-01")));
        assert_eq!((&about[3].0.payload["before"]["name"], &about[3].0.payload["after"]["name"]), (&json!("Phường Mới"), &json!("Phường Mới (cũ)")));
        // Once more: nothing changes, and nothing is told.
        csv(&app, "code,name,parent\nH19.18,Phường Mới (cũ),H19\n").await.ok();
        let more = app.app.read(|c, _| Ok(ledger::ledger_entries(c, None, 0, i64::MAX)?)).await.unwrap();
        assert_eq!(more.len(), entries.len());
        assert_eq!(app.get("admin", "/api/v1/ledger/verify").await.ok()["ok"], true);
        app.stop().await;
    }
}
