//! Calls with many rows as sockets deliver them: in chunks of unknown number, and cut off in the middle.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Office, on_both};

const NOW: &str = "2026-11-20T08:00:00+07:00";

on_both! {
    fn a_body_that_grows_beyond_the_limit_is_answered_up_to_there(db) {
        let office = Office::furnish(db.url());
        let served = office.serve(NOW);
        let caller = served.caller(&office.officer);
        let line = format!("{}\n", json!({"code": "none", "act": "resolve", "reason": "a".repeat(60_000)}));
        let lines = [("Content-Type", "application/x-ndjson")];
        let answer = caller.post_chunked("/api/v1/dossiers/acts", &lines, &line.repeat(300)).unwrap();
        assert_eq!(answer.status, 200, "{}", answer.body);
        let answer = answer.json();
        assert_eq!((&answer["problem"]["code"], &answer["problem"]["status"]), (&json!("payload_too_large"), &json!(413)));
        let rows = answer["results"].as_array().unwrap();
        assert_eq!(rows.len(), 16 * 1024 * 1024 / line.len(), "the rows within the limit");
        assert!(rows.iter().all(|row| row["code"] == "none" && row["problem"]["code"] == "invalid_request"));
        // The service is well, and so is a small body in chunks.
        let small = caller.post_chunked("/api/v1/dossiers/acts", &lines, "{\"code\":\"none\",\"act\":\"resolve\"}").unwrap();
        assert_eq!(small.json()["results"][0]["problem"]["code"], "not_found");
    }
}

on_both! {
    fn a_caller_who_hangs_up_in_the_middle_finds_nothing_twice_under_its_key(db) {
        let office = Office::furnish(db.url());
        let served = office.serve(NOW);
        let caller = served.caller(&office.officer);
        let row = |n: usize| json!({"unit": "H19.15", "procedure": "2.000815", "applicant": {"name": "Lan"}, "note": n.to_string()});
        let mut rows: Vec<Value> = (0..30).map(row).collect();
        // Refused rows in between, so that the first thirty are with the writer when the line goes dead.
        rows.extend(vec![json!({"colour": "a".repeat(30_000)}); 50]);
        rows.extend((30..60).map(row));
        let body = Value::from(rows).to_string();
        let key = [("Idempotency-Key", "once")];
        caller.break_off("/api/v1/dossiers/batch", &key, &body, body.len() - 5_000);
        let logged = || caller.get("/api/v1/dossiers?limit=1").unwrap().json()["count"].as_u64().unwrap();
        let begun = (0..400).any(|_| {
            std::thread::sleep(Duration::from_millis(25));
            logged() >= 30
        });
        assert!(begun, "the rows before the end were not stored: {}", logged());
        let again = || caller.post("/api/v1/dossiers/batch", &key, &body).unwrap();
        let answer = (0..400).map(|_| again()).find(|answer| {
            // The first call may not have ended yet.
            std::thread::sleep(Duration::from_millis(25));
            answer.status != 409
        });
        let answer = answer.unwrap().json();
        assert_eq!((&answer["created"], &answer["rejected"], &answer["problem"]), (&json!(60), &json!(50), &Value::Null));
        assert_eq!(logged(), 60);
    }
}
