//! A message that cannot be composed stands in the outbox all the same: failed, with the reason, counted, and composed when it is sent once more.

use std::collections::BTreeMap;

use actix_web::http::Method;
use hentra::app::alerts::Round;
use serde_json::{Value, json};

use crate::alert_links::{Office, link};
use crate::alerts_weekly::sql;
use crate::support::{TestDatabase, instant, on_both_async};

const FRIDAY: &str = "2026-11-20T07:30:00+07:00";
/// What a newer version might write, and this one cannot read.
const FOREIGN: &str = "UPDATE dossiers SET status = 'archived' WHERE code = 'HOM-NAY'";
const MENDED: &str = "UPDATE dossiers SET status = 'processing' WHERE code = 'HOM-NAY'";

/// Two communes, each with a leader, the first one's reading English; in each a dossier is due on Friday.
async fn two_communes(db: &TestDatabase) -> Office {
    let office = Office::open(db, &["morning_digest"]).await;
    office.user("leader", "H19.15", "Nguyễn Văn Hùng", "en").await;
    office.user("leader", "H19.16", "Trần Thị Mai", "vi").await;
    office.app.at("2026-11-17T09:00:00+07:00");
    office.app.log("1.004859", json!({"code": "HOM-NAY"})).await.ok();
    let next_door = crate::support::dossier("1.004859", json!({"code": "BEN-CANH", "unit": "H19.16"}));
    office.app.post("neighbour", "/api/v1/dossiers", &next_door).await.ok();
    office
}

/// The one message to an address: its key and what is shown of it.
async fn shown(office: &Office, address: &str) -> Value {
    let list = office.app.get("admin", "/api/v1/alerts").await.ok();
    let mut found = list["items"].as_array().unwrap().iter().filter(|of| of["recipient"] == address);
    let id = found.next().unwrap_or_else(|| panic!("nothing to {address}: {list}"))["id"].clone();
    assert!(found.next().is_none(), "two to {address}: {list}");
    office.app.get("admin", &format!("/api/v1/alerts/{id}")).await.ok()
}

async fn uncomposed(office: &Office) -> f64 {
    let answer = office.app.call(Method::GET, "/metrics").send().await;
    let series: BTreeMap<&str, f64> = answer
        .body
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.rsplit_once(' '))
        .map(|(name, value)| (name, value.parse().unwrap()))
        .collect();
    series["hentra_alert_tries_total{outcome=\"uncomposed\"}"]
}

on_both_async! {
    async fn what_cannot_be_composed_is_listed_and_counted_and_kept_from_nobody_else(db) {
        let office = two_communes(db).await;
        sql(db, FOREIGN);
        office.app.at(FRIDAY);
        let round = office.round(FRIDAY).await;
        assert_eq!(round, Round { slots: 1, enqueued: 2, uncomposed: 1, sent: 1, ..Round::default() });
        let mails = office.mailer.taken();
        assert_eq!(mails.len(), 1);
        assert!(mails[0].to == "leader.h19.16@example.vn" && mails[0].text.contains("BEN-CANH"), "{}", mails[0].text);
        assert!(office.round(FRIDAY).await.is_quiet(), "once for each rule, recipient and slot");
        assert!((uncomposed(&office).await - 1.0).abs() < f64::EPSILON);

        let of = shown(&office, "leader.h19.15@example.vn").await;
        assert_eq!((&of["status"], &of["subject"], &of["text"]), (&json!("failed"), &json!("(This message could not be composed)"), &json!("")));
        let why = "stored data cannot be read: unknown status «archived»";
        assert_eq!(of["server_reply"], why);
        let tries = of["tries"].as_array().unwrap();
        assert_eq!((tries.len(), &tries[0]["attempt"], &tries[0]["outcome"], &tries[0]["reply"]), (1, &json!(0), &json!("uncomposed"), &json!(why)));
        office.app.stop().await;
    }
}

on_both_async! {
    async fn it_is_composed_when_it_is_sent_once_more_as_it_stood_at_its_slot(db) {
        let office = two_communes(db).await;
        sql(db, FOREIGN);
        office.round(FRIDAY).await;
        let before = shown(&office, "leader.h19.15@example.vn").await;
        let path = format!("/api/v1/alerts/{}/replay", before["id"]);
        office.app.at("2026-11-20T09:00:00+07:00");
        // Nothing was mended: it stays as it is, and its evidence tells of the new try.
        let refused = office.app.post("admin", &path, &json!({})).await;
        assert!(refused.problem(409, "not_replayable")["detail"].as_str().unwrap().contains("chưa soạn được"));
        let of = shown(&office, "leader.h19.15@example.vn").await;
        assert_eq!((&of["status"], &of["tries"][0]["ended_at"]), (&json!("failed"), &json!("2026-11-20T09:00:00+07:00")));
        assert!(office.round("2026-11-20T09:00:00+07:00").await.is_quiet());

        sql(db, MENDED);
        let many = office.app.post("admin", "/api/v1/alerts/replay", &json!({"status": "failed"})).await.ok();
        assert_eq!((&many["replayed"][0]["id"], &many["replayed"][0]["may_come_twice"]), (&before["id"], &json!(false)));
        assert_eq!(office.round("2026-11-20T09:01:00+07:00").await.sent, 1);
        let mail = office.mailer.taken().pop().unwrap();
        assert_eq!(json!(mail.message_id), before["message_id"]);
        assert!(mail.to == "leader.h19.15@example.vn" && mail.text.contains("HOM-NAY"), "{}", mail.text);
        assert!(mail.text.contains("delay") || mail.text.contains("late"), "the delay is stated: {}", mail.text);
        assert!(mail.opt_down.as_deref().is_some_and(|of| of.ends_with(&link(&mail))));
        let of = shown(&office, "leader.h19.15@example.vn").await;
        assert_eq!((&of["status"], of["tries"].as_array().unwrap().len()), (&json!("sent"), 2));
        office.app.stop().await;
    }
}

on_both_async! {
    async fn what_has_nothing_to_tell_any_more_is_not_sent(db) {
        let office = two_communes(db).await;
        sql(db, FOREIGN);
        office.round(FRIDAY).await;
        let id = shown(&office, "leader.h19.15@example.vn").await["id"].clone();
        sql(db, MENDED);
        // It was resolved before the slot, as comes out when the act is written down.
        office.app.at("2026-11-20T09:00:00+07:00");
        let act = json!({"act": "resolve", "at": "2026-11-19T16:00:00+07:00"});
        office.app.act("HOM-NAY", &act).await.ok();
        let refused = office.app.post("admin", &format!("/api/v1/alerts/{id}/replay"), &json!({})).await;
        assert!(refused.problem(409, "not_replayable")["detail"].as_str().unwrap().contains("không còn gì để báo"));
        assert!(office.round("2026-11-20T09:01:00+07:00").await.is_quiet());
        assert_eq!(instant("2026-11-20T09:01:00+07:00"), office.app.app.clock().now());
        office.app.stop().await;
    }
}

on_both_async! {
    async fn a_slot_that_cannot_be_read_at_all_holds_up_no_mail_that_waits(db) {
        let office = Office::open(db, &["morning_digest", "escalation"]).await;
        office.user("leader", "H19.15", "Nguyễn Văn Hùng", "vi").await;
        office.app.at("2026-11-12T09:00:00+07:00");
        office.app.log("1.004859", json!({"code": "QUA-HAN"})).await.ok();
        assert_eq!(office.round("2026-11-20T07:30:00+07:00").await.sent, 1);
        // The ladder's memory holds a step that nobody knows: its slot is tried again and again, and what else is due goes out.
        sql(db, "INSERT INTO ladder_steps (dossier_id, due_at, step, told_at, anyone) SELECT id, due_at, 'minister', due_at, TRUE FROM dossiers");
        office.app.at("2026-11-23T07:41:00+07:00");
        let failed = office.try_round("2026-11-23T07:41:00+07:00").await;
        assert!(failed.is_err(), "{failed:?}");
        assert_eq!(office.mailer.taken().len(), 2, "Monday's digest was sent");
        sql(db, "DELETE FROM ladder_steps");
        assert_eq!(office.round("2026-11-23T07:45:00+07:00").await.slots, 1, "the ladder's slot was not lost");
        office.app.stop().await;
    }
}
