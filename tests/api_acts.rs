//! Acts over REST: a dossier's whole life, what each act needs, and what may be corrected by whom.

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp, finding_codes, on_both_async};

const MONDAY: &str = "2026-11-16T09:00:00+07:00";
/// Two working days: certified copies of a signature.
const TWO_DAYS: &str = "2.001019";

/// Logs a dossier of Monday 16/11, due Wednesday 18/11... or whenever its procedure says.
async fn logged(app: &TestApp, code: &str) -> Value {
    app.log(TWO_DAYS, json!({"code": code, "due_at": "2026-11-18T17:00:00+07:00"})).await.ok()
}

async fn by(app: &TestApp, who: &str, code: &str, body: Value) -> Answer {
    let path = format!("/api/v1/dossiers/{code}/acts");
    app.by(who, Method::POST, &path).header("If-Match", "*").json(&body).send().await
}

async fn read(app: &TestApp, code: &str) -> Value {
    app.get("officer", &format!("/api/v1/dossiers/{code}")).await.ok()
}

on_both_async! {
    async fn a_dossier_lives_its_whole_life(db) {
        let app = TestApp::start(db, MONDAY).await;
        let made = logged(&app, "L-1").await;
        assert_eq!(made["lapses_at"], "2026-11-19T00:00:00+07:00");
        app.at("2026-11-17T10:00:00+07:00");
        let sent_back = app.act("L-1", &json!({"act": "request_supplement", "reason": "thiếu bản sao căn cước"})).await.ok();
        assert_eq!((&sent_back["status"], &sent_back["portal_state"], &sent_back["supplements"]), (&json!("awaiting_supplement"), &json!(5), &json!(1)));
        assert_eq!((&sent_back["lapses_at"], &sent_back["halted_at"]), (&Value::Null, &json!("2026-11-17T10:00:00+07:00")));
        assert_eq!(sent_back["allowed_acts"], json!(["supplement", "apologise", "refuse", "withdraw", "stop", "correct"]));
        app.at("2026-11-19T08:00:00+07:00");
        assert_eq!(read(&app, "L-1").await["overdue"], false, "its time stands still");
        let complete = app.act("L-1", &json!({"act": "supplement"})).await.ok();
        assert_eq!(complete["status"], "processing");
        assert_eq!(complete["first_due_at"], made["first_due_at"], "what the receipt promised stays said");
        assert!(complete["due_at"].as_str() > made["due_at"].as_str(), "{complete}");
        let due = complete["due_at"].clone();
        app.at("2026-11-19T09:00:00+07:00");
        let paused = app.act("L-1", &json!({"act": "pause", "reason": "xác minh chữ ký", "ground": "NĐ 23/2015 Đ.20"})).await.ok();
        assert_eq!((&paused["status"], &paused["portal_state"]), (&json!("paused"), &json!(6)));
        app.at("2026-11-20T09:00:00+07:00");
        let resumed = app.act("L-1", &json!({"act": "resume"})).await.ok();
        assert!(resumed["due_at"].as_str() > due.as_str(), "one working day later: {resumed}");
        app.at("2026-11-20T10:00:00+07:00");
        let told = app.act("L-1", &json!({"act": "apologise", "reason": "hệ thống lỗi", "appointed_at": "2026-12-04T17:00:00+07:00"})).await.ok();
        assert_eq!((&told["appointed_at"], &told["due_at"], &told["reappointments"]), (&json!("2026-12-04T17:00:00+07:00"), &resumed["due_at"], &json!(1)));
        let resolved = app.act("L-1", &json!({"act": "resolve"})).await.ok();
        assert_eq!((&resolved["closed_as"], &resolved["outcome"]), (&json!("resolved"), &json!("early")));
        let returned = app.act("L-1", &json!({"act": "return"})).await.ok();
        assert_eq!((&returned["status"], &returned["version"]), (&json!("returned"), &json!(8)));
        let events = app.get("officer", "/api/v1/dossiers/L-1/events").await.ok();
        let items = events["items"].as_array().unwrap();
        let acts: Vec<&str> = items.iter().map(|of| of["act"].as_str().unwrap()).collect();
        assert_eq!(acts, ["receive", "request_supplement", "supplement", "pause", "resume", "apologise", "resolve", "return"]);
        assert_eq!((&items[1]["payload"]["reason"], &items[3]["payload"]["ground"]), (&json!("thiếu bản sao căn cước"), &json!("NĐ 23/2015 Đ.20")));
        assert_eq!((&items[6]["payload"]["before"]["status"], &items[6]["payload"]["after"]["status"]), (&json!("processing"), &json!("resolved")));
        app.stop().await;
    }
}

on_both_async! {
    async fn each_way_of_closing_has_its_state_and_the_portals_code(db) {
        let app = TestApp::start(db, MONDAY).await;
        for (act, status, portal) in [("refuse", "refused", 3), ("withdraw", "withdrawn", 7), ("stop", "stopped", 8), ("resolve", "resolved", 9)] {
            logged(&app, act).await;
            let closed = app.act(act, &json!({"act": act, "reason": "lý do"})).await.ok();
            assert_eq!((&closed["status"], &closed["portal_state"], &closed["closed_as"]), (&json!(status), &json!(portal), &json!(status)));
            assert_eq!(closed["outcome"], "early");
        }
        app.stop().await;
    }
}

on_both_async! {
    async fn what_an_act_lacks_or_has_too_much_is_named(db) {
        let app = TestApp::start(db, MONDAY).await;
        logged(&app, "B-1").await;
        for (body, name, code) in [
            (json!({"act": "pause", "ground": "x"}), "reason", "required"),
            (json!({"act": "pause", "ground": "x", "reason": " "}), "reason", "required"),
            (json!({"act": "pause", "reason": "x"}), "ground", "required"),
            (json!({"act": "request_supplement"}), "reason", "required"),
            (json!({"act": "refuse"}), "reason", "required"),
            (json!({"act": "stop"}), "reason", "required"),
            (json!({"act": "apologise", "reason": "x"}), "appointed_at", "required"),
            (json!({"act": "apologise", "reason": "x", "appointed_at": "2026-11-18T17:00:00+07:00"}), "appointed_at", "not_later"),
            (json!({"act": "apologise", "reason": "x", "appointed_at": "2101-01-01T00:00:00+07:00"}), "appointed_at", "out_of_range"),
            (json!({"act": "resolve", "appointed_at": "2026-11-20T17:00:00+07:00"}), "appointed_at", "conflicting"),
            (json!({"act": "resolve", "changes": {"officer": "B"}}), "changes", "conflicting"),
            (json!({"act": "correct", "reason": "x"}), "changes", "required"),
            (json!({"act": "correct", "reason": "x", "changes": {}}), "changes", "required"),
            (json!({"act": "correct", "changes": {"officer": "B"}}), "reason", "required"),
            (json!({"act": "correct", "reason": "x", "changes": {"status": "resolved"}}), "changes.status", "not_correctable"),
            (json!({"act": "correct", "reason": "x", "changes": {"lapses_at": MONDAY}}), "changes.lapses_at", "not_correctable"),
            (json!({"act": "correct", "reason": "x", "changes": {"colour": "red"}}), "changes.colour", "unknown_field"),
            (json!({"act": "correct", "reason": "x", "changes": {"procedure": "0.0"}}), "changes.procedure", "unknown_reference"),
            (json!({"act": "correct", "reason": "x", "changes": {"channel": "fax"}}), "changes.channel", "not_allowed"),
            (json!({"act": "correct", "reason": "x", "changes": {"applicant": {"name": " "}}}), "changes.applicant.name", "empty"),
            (json!({"act": "correct", "reason": "x", "changes": {"applicant": {"phone": "\u{0}"}}}), "changes.applicant.phone", "bad_characters"),
            (json!({"act": "correct", "reason": "x", "changes": {"closed_at": MONDAY}}), "changes.closed_at", "not_correctable"),
            (json!({"act": "correct", "reason": "x", "changes": {"returned_at": MONDAY}}), "changes.returned_at", "not_correctable"),
            (json!({"act": "correct", "reason": "x", "changes": {"due_at": "2026-11-19T17:00:00+07:00"}}), "changes.due_at", "not_earlier"),
            (json!({"act": "correct", "reason": "x", "changes": {"received_at": "2026-11-16T09:00:01+07:00"}}), "changes.received_at", "in_future"),
            (json!({"act": "correct", "reason": "x", "changes": {"received_at": "1999-11-16T09:00:01+07:00"}}), "changes.received_at", "out_of_range"),
            (json!({"act": "resolve", "reason": "a".repeat(1024 * 1024)}), "reason", "too_long"),
            (json!({"act": "resolve", "reason": "a\u{0}b"}), "reason", "bad_characters"),
            (json!({"act": "receive"}), "act", "not_allowed"),
            (json!({"act": "redate"}), "act", "not_allowed"),
            (json!({"act": "erase"}), "act", "not_allowed"),
        ] {
            let answer = app.act("B-1", &body).await;
            assert_eq!(answer.faults(), [(name.to_owned(), code.to_owned())], "{body:.200}");
        }
        assert_eq!(read(&app, "B-1").await["version"], 1, "nothing was done");
        app.stop().await;
    }
}

on_both_async! {
    async fn corrections_are_for_those_who_answer_for_them(db) {
        let app = TestApp::start(db, MONDAY).await;
        logged(&app, "C-1").await;
        let correct = |changes: Value| json!({"act": "correct", "reason": "ghi nhầm", "changes": changes});
        let name = correct(json!({"applicant": {"name": "Nguyễn Thị Hòe", "phone": null}, "note": "đã gọi", "officer": "Lê C"}));
        let after = app.act("C-1", &name).await.ok();
        assert_eq!(after["applicant"], json!({"name": "Nguyễn Thị Hòe", "phone": null, "email": null, "address": null}));
        assert_eq!((&after["note"], &after["officer"]), (&json!("đã gọi"), &json!("Lê C")));
        assert_eq!(after, read(&app, "C-1").await);
        let found = app.get("officer", "/api/v1/dossiers?q=nguyen%20thi%20hoe").await.ok();
        assert_eq!(found["count"], 1, "what is corrected is found");
        app.at("2026-11-17T09:00:00+07:00");
        app.act("C-1", &json!({"act": "resolve"})).await.ok();
        let closing = correct(json!({"closed_at": "2026-11-16T16:00:00+07:00"}));
        by(&app, "officer", "C-1", closing.clone()).await.problem(403, "forbidden");
        by(&app, "officer", "C-1", name).await.problem(403, "forbidden");
        by(&app, "reporter", "C-1", closing.clone()).await.problem(403, "forbidden");
        by(&app, "neighbour", "C-1", closing.clone()).await.problem(404, "not_found");
        let put_right = by(&app, "leader", "C-1", closing).await.ok();
        assert_eq!(put_right["closed_at"], "2026-11-16T16:00:00+07:00");
        let events = app.get("leader", "/api/v1/dossiers/C-1/events").await.ok();
        let last = events["items"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((&last["act"], &last["payload"]["reason"]), (&json!("correct"), &json!("ghi nhầm")));
        assert_eq!(last["payload"]["before"]["closed_at"], "2026-11-17T02:00:00Z");
        assert!(!events.to_string().contains("Nguyễn"), "the ledger holds no person");
        app.stop().await;
    }
}

on_both_async! {
    async fn the_conduct_of_an_office_is_found_at_once_and_listed(db) {
        let app = TestApp::start(db, MONDAY).await;
        logged(&app, "F-1").await;
        app.at("2026-11-18T10:00:00+07:00");
        let sent_back = app.act("F-1", &json!({"act": "request_supplement", "reason": "x"})).await.ok();
        assert_eq!(finding_codes(&sent_back), ["paused_when_due"]);
        app.at("2026-11-23T10:00:00+07:00");
        app.act("F-1", &json!({"act": "supplement"})).await.ok();
        let again = app.act("F-1", &json!({"act": "request_supplement", "reason": "y"})).await.ok();
        assert_eq!(finding_codes(&again), ["paused_when_due", "second_supplement"]);
        let detail = &again["findings"][1];
        assert_eq!(detail["source"], "NĐ 118/2025/NĐ-CP Đ.11; QĐ 766/QĐ-TTg");
        assert_eq!(detail["detail"], "Yêu cầu bổ sung thứ Hai 23/11/2026 là lần thứ hai trở lên; chỉ được yêu cầu bổ sung một lần.");
        let backdated = app.act("F-1", &json!({"act": "supplement", "at": "2026-11-23T10:00:00+07:00"})).await.ok();
        assert_eq!(finding_codes(&backdated), ["paused_when_due", "second_supplement"], "written down at once");
        app.at("2026-11-30T10:00:00+07:00");
        let late = app.act("F-1", &json!({"act": "stop", "reason": "z", "at": "2026-11-26T10:00:00+07:00"})).await.ok();
        let codes = finding_codes(&late);
        assert!(codes.contains(&"backdated".to_owned()), "{codes:?}");
        let open = app.get("leader", "/api/v1/findings?open=true&code__in=backdated,closed_without_result").await.ok();
        assert!(open["count"].as_i64() >= Some(1), "what the closing itself brought about stays open: {open}");
        app.stop().await;
    }
}

on_both_async! {
    async fn a_receipt_long_past_is_found_back_dated_and_a_recent_one_is_not(db) {
        let app = TestApp::start(db, "2026-11-18T09:00:00+07:00").await;
        for (received, expected) in [("2026-11-17T08:00:00+07:00", false), ("2026-11-16T08:00:00+07:00", true)] {
            let made = app.log(TWO_DAYS, json!({"received_at": received})).await.ok();
            assert_eq!(finding_codes(&made).contains(&"backdated".to_owned()), expected, "{received}");
        }
        app.stop().await;
    }
}
