//! Sealed reports on both engines: the same bytes for ever, their hash in the ledger, and later knowledge explained act by act.

use actix_web::http::Method;
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use hentra::app::ledger as chain;
use hentra::domain::ledger::sha256_hex;
use serde_json::{Value, json};

use crate::histories::Dice;
use crate::support::{TestApp, TestDatabase, on_both_async};

const SEALS: &str = "/api/v1/reports/seals";

/// Raw SQL by another hand, past Hentra.
fn execute(db: &TestDatabase, sql: &str) -> Result<(), String> {
    let done = match db.url().strip_prefix("sqlite://") {
        Some(path) => crate::support::beside(path).batch_execute(sql),
        None => PgConnection::establish(db.url()).unwrap().batch_execute(sql),
    };
    done.map_err(|error| error.to_string())
}

/// Logs a dossier at this instant, due on a later day.
async fn logged(app: &TestApp, code: &str, received_at: &str, due: &str) {
    let more = json!({
        "code": code, "received_at": format!("{received_at}:00+07:00"), "due_at": format!("{due}T17:00:00+07:00"), "reason": "thử",
    });
    app.log("2.001019", more).await.ok();
}

async fn acted(app: &TestApp, code: &str, body: Value) {
    let path = format!("/api/v1/dossiers/{code}/acts");
    app.by("leader", Method::POST, &path).header("If-Match", "*").json(&body).send().await.ok();
}

/// Three dossiers of the official November, one resolved late; then it is 16 November.
async fn november(db: &TestDatabase) -> TestApp {
    let app = TestApp::start(db, "2026-11-16T08:00:00+07:00").await;
    for (code, received_at, due) in [
        ("A", "2026-11-02T08:00", "2026-11-04"),
        ("B", "2026-11-03T08:00", "2026-11-06"),
        ("C", "2026-11-04T08:00", "2026-11-20"),
    ] {
        logged(&app, code, received_at, due).await;
    }
    acted(&app, "A", json!({"act": "resolve", "at": "2026-11-05T09:00:00+07:00"})).await;
    app
}

async fn seal(app: &TestApp, more: Value) -> Value {
    let mut body = json!({"report": "processing", "period": "2026-11"});
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    app.post("reporter", SEALS, &body).await.ok()
}

async fn restated(app: &TestApp, seal: &Value) -> Value {
    app.get("reporter", &format!("{SEALS}/{}/restatement", seal["id"])).await.ok()
}

on_both_async! {
    async fn a_sealed_report_is_the_same_bytes_for_ever(db) {
        let app = november(db).await;
        let made = app.post("reporter", SEALS, &json!({"report": "processing", "period": "2026-11", "group_by": "unit"})).await;
        let sealed = made.ok();
        assert_eq!(made.status, 201);
        let path = format!("{SEALS}/{}", sealed["id"]);
        assert_eq!(made.header("location"), path);
        let first = app.get("leader", &path).await;
        assert_eq!(sealed["hash"], sha256_hex(first.body.as_bytes()));
        assert_eq!(first.header("etag"), format!("\"{}\"", sealed["hash"].as_str().unwrap()));
        let body = first.ok();
        assert_eq!((&body["total"]["received"]["total"], &body["total"]["resolved"]["late"]), (&json!(3), &json!(1)));
        assert_eq!((&body["as_of"], &body["calendar_version"]), (&json!("2026-11-15T00:00:00+07:00"), &json!(1)));
        assert_eq!(body["sealed"]["definitions"], hentra::domain::statistics::DEFINITIONS);
        assert!(body["sealed"]["catalogue_version"].is_i64() && body["sealed"]["ledger_entries"].as_i64() > Some(3));
        acted(&app, "A", json!({"act": "correct", "reason": "nhập nhầm", "changes": {"closed_at": "2026-11-03T09:00:00+07:00"}})).await;
        app.at("2027-03-01T08:00:00+07:00");
        assert_eq!(app.get("reporter", &path).await.body, first.body);
        let again = app.by("leader", Method::GET, &path).header("If-None-Match", first.header("etag")).send().await;
        assert_eq!((again.status, again.body.as_str()), (304, ""));
        // The form is drawn from what was sealed.
        let csv = app.get("reporter", &format!("{path}?format=csv")).await.body;
        assert!(csv.ends_with("Tổng cộng,3,0,3,0,1,0,0,1,2,1,1\n"), "{csv}");
        assert_eq!(app.get("reporter", &format!("{path}?format=xlsx")).await.status, 200);
        let verdict = chain::verify(&app.app, Vec::new()).await.unwrap();
        assert!(verdict.ok && verdict.seals == 1, "{verdict:?}");
        app.stop().await;
    }
}

on_both_async! {
    async fn a_seal_that_was_changed_is_named(db) {
        let app = november(db).await;
        let (one, two) = (seal(&app, json!({})).await, seal(&app, json!({"group_by": "officer"})).await);
        for sql in ["UPDATE seals SET body = ''", "DELETE FROM seals WHERE id = 1"] {
            assert!(execute(db, sql).unwrap_err().contains("a sealed report is never changed"), "{sql}");
        }
        let by_hand = match db.url().strip_prefix("sqlite://") {
            Some(_) => "DROP TRIGGER seals_no_update; DROP TRIGGER seals_no_delete",
            None => "DROP TRIGGER seals_no_change ON seals",
        };
        execute(db, by_hand).unwrap();
        let forged = "UPDATE seals SET body = replace(body, '\"late\":1', '\"late\":0') WHERE id = 1";
        for (sql, seal, what) in [
            (forged, &one, "its bytes are not those that were sealed"),
            ("UPDATE seals SET period = '2026-10' WHERE id = 2", &two, "what is said of it is not what the ledger tells"),
            ("DELETE FROM seals WHERE id = 2", &two, "it was taken away"),
        ] {
            execute(db, sql).unwrap();
            let verdict = app.get("admin", "/api/v1/ledger/verify").await.ok();
            assert_eq!(verdict["ok"], false, "{sql}");
            let named = verdict["broken_seals"].as_array().unwrap();
            assert!(named.contains(&json!({"seal": seal["id"], "what": what})), "{sql}: {verdict}");
        }
        app.stop().await;
    }
}

on_both_async! {
    async fn what_is_sealed_while_the_chain_is_walked_is_not_held_for_forged(db) {
        let app = november(db).await;
        let sealing = async {
            for round in 0..20 {
                seal(&app, json!({"as_of": format!("2026-11-16T07:{:02}:00+07:00", round + 10)})).await;
            }
        };
        let walking = async {
            let mut seen = std::collections::BTreeSet::new();
            while seen.last() != Some(&20) {
                let verdict = chain::verify(&app.app, Vec::new()).await.unwrap();
                assert_eq!(verdict.broken_seals, [], "after {} entries", verdict.entries);
                seen.insert(verdict.seals);
            }
            seen
        };
        let ((), seen) = tokio::join!(sealing, walking);
        assert!(seen.len() > 2, "it was never walked between: {seen:?}");
        app.stop().await;
    }
}

on_both_async! {
    async fn what_cannot_be_sealed_is_named(db) {
        let app = november(db).await;
        for (more, name, code) in [
            (json!({"period": "2026-12"}), "period", "in_future"),
            (json!({"period": "2027"}), "period", "in_future"),
            (json!({"period": null}), "period", "in_future"),
            (json!({"period": null, "from": "2026-11-01", "to": "2026-11-16"}), "to", "in_future"),
            (json!({"as_of": "2026-11-10T00:00:00+07:00"}), "as_of", "out_of_range"),
            (json!({"as_of": "2027-11-10T00:00:00+07:00"}), "", ""),
            (json!({"period": "2026-13"}), "period", "malformed"),
            (json!({"from": "2026-11-01"}), "period", "conflicting"),
            (json!({"unit": "H99"}), "unit", "unknown_reference"),
            (json!({"report": "ranking"}), "report", "not_allowed"),
            (json!({"group_by": "week"}), "group_by", "not_allowed"),
            (json!({"compare": ["century"]}), "compare[0]", "not_allowed"),
            (json!({"links": false}), "links", "unknown_field"),
        ] {
            let mut body = json!({"report": "processing", "period": "2026-11"});
            for (name, value) in more.as_object().unwrap() {
                body[name] = value.clone();
            }
            let answer = app.post("reporter", SEALS, &body).await;
            match name {
                // Seen from later than now is seen from the period's end.
                "" => assert_eq!(answer.status, 201, "{}", answer.body),
                _ => answer.fault(name, code),
            }
        }
        app.post("officer", SEALS, &json!({"report": "processing", "period": "2026-11"})).await.problem(403, "forbidden");
        app.post("commune_admin", SEALS, &json!({"report": "processing", "period": "2026-11", "unit": "H19"})).await
            .fault("unit", "unknown_reference");
        let whole = seal(&app, json!({})).await;
        for path in [format!("{SEALS}/{}", whole["id"]), format!("{SEALS}/{}/restatement", whole["id"]), format!("{SEALS}/99"), format!("{SEALS}/x")] {
            app.get("officer", &path).await.problem(404, "not_found");
        }
        app.stop().await;
    }
}

on_both_async! {
    async fn seals_are_listed_and_a_repeated_request_seals_once(db) {
        let app = november(db).await;
        let body = json!({"report": "processing", "period": "2026-11", "unit": "H19.15"});
        let send = |body: &Value| app.by("reporter", Method::POST, SEALS).header("Idempotency-Key", "k").json(body).send();
        let (first, second) = (send(&body).await, send(&body).await);
        assert_eq!((first.status, &first.body), (201, &second.body));
        send(&json!({"report": "processing", "period": "2026-10"})).await.problem(422, "idempotency_key_reused");
        seal(&app, json!({})).await;
        let page = app.get("reporter", &format!("{SEALS}?limit=1")).await.ok();
        assert_eq!((&page["count"], &page["items"][0]["unit"]), (&json!(2), &json!("H19")));
        let next = app.get("reporter", &format!("{SEALS}?limit=1&cursor={}", page["next"].as_str().unwrap())).await.ok();
        assert_eq!((&next["next"], &next["items"][0]["unit"]), (&Value::Null, &json!("H19.15")));
        // A commune sees its own.
        assert_eq!(app.get("officer", SEALS).await.ok()["count"], 1);
        app.get("officer", &format!("{SEALS}?unit=H19")).await.fault("unit", "unknown_reference");
        app.get("officer", &format!("{SEALS}?cursor=x")).await.fault("cursor", "malformed");
        app.stop().await;
    }
}

on_both_async! {
    async fn a_restatement_names_each_number_and_each_act(db) {
        let app = november(db).await;
        let sealed = seal(&app, json!({"group_by": "unit"})).await;
        let same = restated(&app, &sealed).await;
        assert_eq!((&same["changes"], &same["acts"], &same["explained"]), (&json!([]), &json!([]), &json!(true)));
        app.at("2026-11-17T08:00:00+07:00");
        // A was on time after all; B was resolved on its day and nobody wrote it down; D was forgotten in a drawer; C goes on, which changes nothing.
        acted(&app, "A", json!({"act": "correct", "reason": "nhập nhầm", "changes": {"closed_at": "2026-11-04T09:00:00+07:00"}})).await;
        acted(&app, "B", json!({"act": "resolve", "at": "2026-11-06T09:00:00+07:00", "reason": "ghi bổ sung"})).await;
        logged(&app, "D", "2026-11-05T08:00", "2026-11-10").await;
        acted(&app, "C", json!({"act": "resolve"})).await;
        logged(&app, "E", "2026-11-17T07:30", "2026-11-18").await;
        let now = restated(&app, &sealed).await;
        assert_eq!(now["explained"], true, "{now:#}");
        let change = |key: &Value, column: &str| {
            let all = now["changes"].as_array().unwrap();
            let found = all.iter().find(|of| of["key"] == *key && of["column"] == column);
            found.map(|of| (of["sealed"].as_i64().unwrap(), of["now"].as_i64().unwrap()))
        };
        for key in [json!("H19.15"), Value::Null] {
            assert_eq!(change(&key, "received.total"), Some((3, 4)));
            assert_eq!(change(&key, "resolved.total"), Some((1, 2)));
            assert_eq!(change(&key, "resolved.late"), Some((1, 0)));
            assert_eq!(change(&key, "resolved.on_time"), Some((0, 2)));
            assert_eq!(change(&key, "in_progress.overdue"), None, "B left it and D came");
            assert_eq!(change(&key, "in_progress.within_limit"), None);
        }
        let acts: Vec<(&str, &str)> = now["acts"].as_array().unwrap().iter()
            .map(|of| (of["code"].as_str().unwrap(), of["act"].as_str().unwrap())).collect();
        assert_eq!(acts, [("A", "correct"), ("B", "resolve"), ("D", "receive")]);
        let of_a = &now["acts"][0];
        assert!(of_a["from"]["columns"].as_array().unwrap().contains(&json!("resolved.late")));
        assert!(of_a["to"]["columns"].as_array().unwrap().contains(&json!("resolved.on_time")));
        assert_eq!((&now["acts"][2]["from"], &now["acts"][0]["recorded_at"]), (&Value::Null, &json!("2026-11-17T08:00:00+07:00")));
        app.stop().await;
    }
}

/// Tries an act at random on one of forty dossiers; those that the state does not allow are refused.
async fn tries(app: &TestApp, dice: &mut Dice, today: u64, times: u64) -> usize {
    let mut done = 0;
    for _ in 0..times {
        let code = format!("R-{}", dice.below(40));
        let day = |dice: &mut Dice| {
            format!("2026-11-{:02}T{:02}:30:00+07:00", 2 + dice.below(today - 2), 8 + dice.below(9))
        };
        let body = match dice.below(8) {
            0 => json!({"act": "resolve", "at": day(dice), "reason": "x"}),
            1 => json!({"act": "request_supplement", "at": day(dice), "reason": "x"}),
            2 => json!({"act": "pause", "at": day(dice), "reason": "x", "ground": "xác minh"}),
            3 => json!({"act": "apologise", "reason": "x", "appointed_at": "2026-12-25T17:00:00+07:00"}),
            4 => json!({"act": "withdraw", "at": day(dice), "reason": "x"}),
            5 => json!({"act": "correct", "reason": "x", "changes": {"received_at": day(dice)}}),
            6 => json!({"act": "correct", "reason": "x", "changes": {"closed_at": day(dice)}}),
            _ => json!({"act": "correct", "reason": "x", "changes": {"channel": "online"}}),
        };
        let path = format!("/api/v1/dossiers/{code}/acts");
        let answer = app.by("leader", Method::POST, &path).header("If-Match", "*").json(&body).send().await;
        assert!(matches!(answer.status, 200 | 400 | 409), "{body}: {}", answer.body);
        done += usize::from(answer.status == 200);
    }
    done
}

on_both_async! {
    async fn whatever_happens_later_is_explained(db) {
        let app = TestApp::start(db, "2026-11-16T08:00:00+07:00").await;
        let mut dice = Dice(0x5ea1);
        for n in 0..40 {
            let (day, due) = (2 + dice.below(12), 3 + dice.below(20));
            logged(&app, &format!("R-{n}"), &format!("2026-11-{day:02}T08:00"), &format!("2026-11-{:02}", due.max(day))).await;
        }
        tries(&app, &mut dice, 15, 60).await;
        let mut sealed = Vec::new();
        for more in [
            json!({"group_by": "unit"}), json!({"group_by": "sector", "unit": "H19.15"}), json!({"group_by": "officer"}),
            json!({"period": null, "from": "2026-11-04", "to": "2026-11-09", "group_by": "procedure"}),
        ] {
            sealed.push(seal(&app, more).await);
        }
        app.at("2026-11-25T08:00:00+07:00");
        assert!(tries(&app, &mut dice, 24, 120).await > 20, "too little was done");
        for seal in &sealed {
            let now = restated(&app, seal).await;
            assert_eq!(now["explained"], true, "{now:#}");
            assert!(!now["changes"].as_array().unwrap().is_empty(), "seal {} proves nothing", seal["id"]);
            assert_eq!(now["acts_count"], now["acts"].as_array().unwrap().len());
        }
        app.stop().await;
    }
}
