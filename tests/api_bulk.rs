//! Many rows in one call: how a body is cut, what each row is answered with, and what happens where it breaks off.

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp, dossier, on_both_async};

const FRIDAY: &str = "2026-11-20T08:00:00+07:00";
const DOSSIERS: &str = "/api/v1/dossiers";
const BATCH: &str = "/api/v1/dossiers/batch";
const ACTS: &str = "/api/v1/dossiers/acts";
const JSON: &str = "application/json";
const LINES: &str = "application/x-ndjson";

/// Each row's code, or its problem's.
fn words(answer: &Value) -> Vec<String> {
    let results = answer["results"].as_array().unwrap();
    for (at, row) in results.iter().enumerate() {
        assert_eq!(row["index"], at, "{row}");
    }
    let word = |row: &Value| {
        if row["problem"].is_null() { row["code"].clone() } else { row["problem"]["code"].clone() }
    };
    results.iter().map(|row| word(row).as_str().unwrap().to_owned()).collect()
}

async fn send(app: &TestApp, path: &str, media: &str, body: impl Into<Vec<u8>>) -> Answer {
    app.by("officer", Method::POST, path).body(media, body).send().await
}

async fn count(app: &TestApp) -> Value {
    app.get("leader", DOSSIERS).await.ok()["count"].clone()
}

fn row(code: &str) -> String {
    dossier("2.000815", json!({"code": code})).to_string()
}

on_both_async! {
    async fn a_strange_row_is_named_and_its_neighbours_are_unharmed(db) {
        let app = TestApp::start(db, FRIDAY).await;
        let nested = format!("{}1{}", "{\"a\":".repeat(50_000 / 5), "}".repeat(50_000 / 5));
        let strange: [(Vec<u8>, &str); 7] = [
            (format!("{{\"note\":\"{}\"}}", "a".repeat(64 * 1024)).into_bytes(), "payload_too_large"),
            (b"{\"unit\":\"\xFF\xFE\"}".to_vec(), "invalid_utf8"),
            (nested.into_bytes(), "malformed_json"),
            (b"[[\"H19.15\"],2]".to_vec(), "invalid_request"),
            (br#"{"unit":"H19.15","unit":"H19.15","procedure":"2.000815","applicant":{"name":"A"}}"#.to_vec(), "invalid_request"),
            (dossier("2.000815", json!({"applicant": {"name": "A\u{0}B"}})).to_string().into_bytes(), "invalid_request"),
            (b"\"x\"".to_vec(), "invalid_request"),
        ];
        for (media, open, between, close) in [(JSON, "\u{FEFF} [", "\r\n , ", "]\r\n"), (LINES, "\u{FEFF}", " \r\n\r\n", "\n")] {
            let mut body = format!("{open}{}", row(&format!("{media}-first"))).into_bytes();
            for (bytes, _) in &strange {
                body.extend_from_slice(between.as_bytes());
                body.extend_from_slice(bytes);
            }
            body.extend_from_slice(format!("{between}{}{close}", row("last").replace("last", &media.replace('/', "-"))).as_bytes());
            // A slash in the code of the first row: refused as what it is.
            let answer = send(&app, BATCH, media, body).await.ok();
            let mut expected = vec!["invalid_request"];
            expected.extend(strange.iter().map(|(_, word)| *word));
            let last = media.replace('/', "-");
            expected.push(&last);
            assert_eq!(words(&answer), expected);
            assert_eq!((&answer["created"], &answer["rejected"], &answer["problem"]), (&json!(1), &json!(8), &Value::Null));
            let told = answer["results"][1]["problem"]["detail"].as_str().unwrap();
            assert!(told.contains("64 KiB"), "{told}");
        }
        assert_eq!(count(&app).await, 2);
        app.stop().await;
    }
}

on_both_async! {
    async fn lines_and_nothing_are_taken_as_they_are(db) {
        let app = TestApp::start(db, FRIDAY).await;
        for (media, body) in [(JSON, "[]"), (JSON, " [ \n] "), (LINES, ""), (LINES, " \r\n\n"), (LINES, "\u{FEFF}")] {
            let answer = send(&app, BATCH, media, body).await.ok();
            assert_eq!(answer, json!({"created": 0, "rejected": 0, "results": []}), "{body:?}");
        }
        // A line that is no JSON is told with its place in the whole; the next line is another row.
        let answer = send(&app, BATCH, LINES, format!("{}\n\n  {{\"unit\": x}}\n\0\n{}", row("N-1"), row("N-2"))).await.ok();
        assert_eq!(words(&answer), ["N-1", "malformed_json", "malformed_json", "N-2"]);
        let told = answer["results"][1]["problem"]["detail"].as_str().unwrap();
        assert!(told.contains("dòng 3, cột 12"), "{told}");
        app.stop().await;
    }
}

on_both_async! {
    async fn answers_come_one_row_a_line_to_who_asks_for_them(db) {
        let app = TestApp::start(db, FRIDAY).await;
        let body = format!("[{},7]", row("L-1"));
        let answer = app.by("officer", Method::POST, BATCH).header("Accept", "application/json;q=0.5, application/x-ndjson")
            .body(JSON, body).send().await;
        assert_eq!((answer.status, answer.header("content-type")), (200, LINES));
        let lines: Vec<Value> = answer.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines.len(), 3);
        assert_eq!(lines[0], json!({"index": 0, "code": "L-1"}));
        assert_eq!((&lines[1]["index"], &lines[1]["problem"]["code"]), (&json!(1), &json!("invalid_request")));
        assert_eq!(lines[2], json!({"created": 1, "rejected": 1}));
        app.stop().await;
    }
}

on_both_async! {
    async fn what_breaks_off_early_is_refused_as_a_whole(db) {
        let app = TestApp::start(db, FRIDAY).await;
        let good = row("A-1");
        for (body, line, column) in [
            (format!("[{good},"), 1, good.len() + 3),
            (format!("[{good}\n,{{\"unit\": x}}]"), 2, 11),
            (format!("[{good},]"), 1, good.len() + 3),
            (format!("[{good}]\n\n{good}"), 3, 1),
            (format!("[{good} {good}]"), 1, good.len() + 3),
        ] {
            let problem = send(&app, BATCH, JSON, body.clone()).await.problem(400, "malformed_json");
            let place = format!("dòng {line}, cột {column}.");
            assert!(problem["detail"].as_str().unwrap().contains(&place), "{place} in {problem} of {body}");
        }
        send(&app, BATCH, JSON, good.clone()).await.fault("body", "malformed");
        send(&app, BATCH, JSON, "").await.problem(400, "malformed_json");
        send(&app, BATCH, "text/plain", "[]").await.problem(415, "unsupported_media_type");
        app.by("officer", Method::POST, BATCH).header("Content-Encoding", "gzip").body(JSON, "[]").send().await
            .problem(415, "unsupported_media_type");
        let many = |rows: usize| format!("[{}]", vec!["7"; rows].join(","));
        send(&app, BATCH, JSON, many(10_001)).await.fault("body", "out_of_range");
        assert_eq!(send(&app, BATCH, JSON, many(10_000)).await.ok()["rejected"], 10_000);
        assert_eq!(count(&app).await, 0);
        app.post("reporter", BATCH, &json!([])).await.problem(403, "forbidden");
        app.post("reporter", ACTS, &json!([])).await.problem(403, "forbidden");
        app.stop().await;
    }
}

on_both_async! {
    async fn what_breaks_off_late_is_told_behind_the_rows_before_it(db) {
        let app = TestApp::start(db, FRIDAY).await;
        let stored: Vec<String> =
            (0..40).map(|n| dossier("2.000815", json!({"code": format!("S-{n}")})).to_string()).collect();
        // Rows that are refused fill the first MiB.
        let filler = vec![format!("{{\"colour\":\"{}\"}}", "a".repeat(30_000)); 40].join(",");
        let start = format!("[{},{filler}", stored.join(","));
        assert!(start.len() > 1024 * 1024);
        let whole = send(&app, BATCH, JSON, format!("{start},{{]")).await.ok();
        assert_eq!((&whole["created"], &whole["rejected"]), (&json!(40), &json!(40)));
        assert_eq!((&whole["problem"]["code"], &whole["problem"]["status"]), (&json!("malformed_json"), &json!(400)));
        assert_eq!(count(&app).await, 40);
        let lines = app.by("officer", Method::POST, BATCH).header("Accept", LINES).body(JSON, format!("{start},{}", row("S-40"))).send().await;
        let last: Value = serde_json::from_str(lines.body.lines().last().unwrap()).unwrap();
        assert_eq!((&last["created"], &last["problem"]["code"]), (&json!(0), &json!("malformed_json")));
        assert_eq!(count(&app).await, 40);
        // More rows than there may be, and they do not show in the first MiB.
        let none = json!({"code": "none", "act": "resolve", "reason": "a".repeat(100)}).to_string();
        let whole = send(&app, ACTS, LINES, format!("{none}\n").repeat(10_001)).await.ok();
        assert_eq!((&whole["done"], &whole["rejected"], &whole["problem"]["code"]), (&json!(0), &json!(10_000), &json!("invalid_request")));
        assert_eq!(whole["problem"]["invalid_params"][0]["code"], "out_of_range");
        app.stop().await;
    }
}

on_both_async! {
    async fn acts_are_done_in_the_order_sent_and_answered_with_their_versions(db) {
        let app = TestApp::start(db, FRIDAY).await;
        for code in ["A-1", "A-2", "A-3"] {
            app.log("2.000815", json!({"code": code})).await.ok();
        }
        app.post("leader", DOSSIERS, &dossier("2.000815", json!({"code": "B-1", "unit": "H19.16"}))).await.ok();
        let rows = json!([
            {"code": "A-1", "act": "resolve", "version": 1},
            {"code": "A-1", "act": "return", "version": 2},
            {"code": "A-2", "act": "resolve", "version": 7},
            {"code": "A-2", "act": "resolve", "version": null},
            {"code": "A-2", "act": "resolve"},
            {"code": "A-3", "act": "dance"},
            {"act": "resolve"},
            {"code": "B-1", "act": "resolve"},
            {"code": "none", "act": "resolve"},
            {"code": "A\u{0}", "act": "resolve"},
            {"code": "A-3", "act": "resolve", "at": "2026-11-20T08:00:01+07:00"},
            {"code": "A-3", "act": "resolve", "reason": "a".repeat(2_001)},
            {"code": "A-3", "act": "resolve", "colour": "red"},
            {"code": "A-3", "act": "resolve", "version": "1"},
        ]);
        let done = app.post("officer", ACTS, &rows).await.ok();
        assert_eq!((&done["done"], &done["rejected"]), (&json!(3), &json!(11)));
        assert_eq!(done["results"][0], json!({"index": 0, "code": "A-1", "version": 2}));
        assert_eq!(done["results"][1], json!({"index": 1, "code": "A-1", "version": 3}));
        assert_eq!(done["results"][3], json!({"index": 3, "code": "A-2", "version": 2}));
        let told = |at: usize| (done["results"][at]["code"].clone(), done["results"][at]["problem"]["code"].clone());
        for (at, code, problem) in [
            (2, json!("A-2"), "precondition_failed"),
            (4, json!("A-2"), "act_not_allowed"),
            (5, json!("A-3"), "invalid_request"),
            (6, Value::Null, "invalid_request"),
            (7, json!("B-1"), "not_found"),
            (8, json!("none"), "not_found"),
            (9, json!("A\u{0}"), "not_found"),
            (10, json!("A-3"), "invalid_request"),
            (11, json!("A-3"), "invalid_request"),
            (12, json!("A-3"), "invalid_request"),
            (13, json!("A-3"), "invalid_request"),
        ] {
            assert_eq!(told(at), (code, json!(problem)), "{at}: {done}");
        }
        let allowed = done["results"][4]["problem"]["allowed_acts"].as_array().unwrap();
        assert!(allowed.contains(&json!("return")) && !allowed.contains(&json!("resolve")), "{allowed:?}");
        assert_eq!(done["results"][6]["problem"]["invalid_params"][0]["name"], "code");
        assert_eq!(app.get("officer", &format!("{DOSSIERS}/A-3")).await.ok()["version"], 1);
        app.post("officer", &format!("{ACTS}?colour=red"), &json!([])).await.fault("colour", "unknown_field");
        app.stop().await;
    }
}

on_both_async! {
    async fn acts_sent_again_under_their_key_are_answered_as_before(db) {
        let app = TestApp::start(db, FRIDAY).await;
        for code in ["A-1", "A-2"] {
            app.log("2.000815", json!({"code": code})).await.ok();
        }
        let send = |key: &'static str, rows: Value| app.by("officer", Method::POST, ACTS).header("Idempotency-Key", key).json(&rows).send();
        let resolve = |code: &str| json!({"code": code, "act": "resolve", "version": 1});
        let first = send("k", json!([resolve("A-1"), resolve("A-2"), resolve("A-3")])).await;
        assert_eq!(first.ok()["done"], 2);
        app.at("2026-11-20T09:00:00+07:00");
        assert_eq!(send("k", json!([resolve("A-1"), resolve("A-2"), resolve("A-3")])).await.body, first.body);
        let other = send("k", json!([resolve("A-2"), resolve("A-2")])).await.ok();
        assert_eq!(words(&other), ["idempotency_key_reused", "A-2"]);
        let unkeyed = app.post("officer", ACTS, &json!([resolve("A-1")])).await.ok();
        assert_eq!(words(&unkeyed), ["precondition_failed"]);
        let events = app.get("officer", &format!("{DOSSIERS}/A-1/events")).await.ok();
        assert_eq!(events["items"].as_array().unwrap().len(), 2);
        app.stop().await;
    }
}

on_both_async! {
    async fn atomic_stores_all_or_none(db) {
        let app = TestApp::start(db, FRIDAY).await;
        let atomic = |path: &str, rows: Value| {
            let path = format!("{path}?atomic=true");
            let call = app.by("officer", Method::POST, &path).json(&rows);
            call.send()
        };
        let new = |more: Value| dossier("2.000815", more);
        let entries = || async { app.get("admin", "/api/v1/ledger/verify").await.ok()["entries"].clone() };
        let before = entries().await;
        let refused = atomic(BATCH, json!([
            new(json!({})), {"unit": 7}, new(json!({"procedure": "9.9"})), new(json!({"note": "a".repeat(2_001)})),
            new(json!({"code": "T-1"})), new(json!({"code": "T-1"})),
        ])).await.ok();
        assert_eq!((&refused["created"], &refused["rejected"]), (&json!(0), &json!(6)));
        let expected = ["not_stored", "invalid_request", "invalid_request", "invalid_request", "not_stored", "code_taken"];
        assert_eq!(words(&refused), expected);
        assert_eq!((&refused["results"][0]["code"], &refused["results"][0]["problem"]["status"]), (&Value::Null, &json!(424)));
        assert_eq!(count(&app).await, 0);
        assert_eq!(entries().await, before);
        let stored = atomic(BATCH, json!([new(json!({})), new(json!({"code": "T-1"})), new(json!({}))])).await.ok();
        assert_eq!((&stored["created"], &stored["rejected"]), (&json!(3), &json!(0)));
        // Nothing of the refused call is left, no serial number either.
        assert_eq!(words(&stored), ["H19.15-261120-0001", "T-1", "H19.15-261120-0002"]);

        let act = |code: &str, act: &str| json!({"code": code, "act": act, "version": 1});
        let refused = atomic(ACTS, json!([act("T-1", "resolve"), act("T-1", "resolve"), act("none", "resolve")])).await.ok();
        assert_eq!((&refused["done"], words(&refused)), (&json!(0), ["not_stored", "precondition_failed", "not_found"].map(String::from).to_vec()));
        assert_eq!((&refused["results"][0]["code"], &refused["results"][0]["version"]), (&json!("T-1"), &Value::Null));
        assert_eq!(app.get("officer", &format!("{DOSSIERS}/T-1")).await.ok()["version"], 1);
        let done = atomic(ACTS, json!([act("T-1", "resolve"), {"code": "T-1", "act": "return"}])).await.ok();
        assert_eq!((&done["done"], &done["results"][1]), (&json!(2), &json!({"index": 1, "code": "T-1", "version": 3})));
        assert_eq!(atomic(BATCH, json!([])).await.ok(), json!({"created": 0, "rejected": 0, "results": []}));
        app.stop().await;
    }
}

on_both_async! {
    async fn atomic_stores_nothing_of_a_body_that_breaks_off_and_nothing_twice(db) {
        let app = TestApp::start(db, FRIDAY).await;
        let path = format!("{BATCH}?atomic=true");
        let filler = vec![dossier("2.000815", json!({"note": "a".repeat(2_000)})).to_string(); 520].join(",");
        assert!(filler.len() > 1024 * 1024);
        send(&app, &path, JSON, format!("[{filler},{{]")).await.problem(400, "malformed_json");
        assert_eq!(count(&app).await, 0);
        let keyed = |rows: &Value| app.by("officer", Method::POST, &path).header("Idempotency-Key", "k").json(rows).send();
        let row = |note: &str| dossier("2.000815", json!({"note": note}));
        assert_eq!(keyed(&json!([row("a"), {}])).await.ok()["created"], 0);
        let first = keyed(&json!([row("a"), row("b")])).await;
        assert_eq!(first.ok()["created"], 2);
        assert_eq!(keyed(&json!([row("a"), row("b")])).await.body, first.body);
        let other = keyed(&json!([row("a"), row("c"), row("d")])).await.ok();
        assert_eq!(words(&other), ["not_stored", "idempotency_key_reused", "not_stored"]);
        assert_eq!(count(&app).await, 2);
        app.stop().await;
    }
}
