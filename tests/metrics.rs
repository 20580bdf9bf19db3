//! `GET /metrics`: its form, what goes up, and what never stands in it.

use std::collections::BTreeMap;

use actix_web::http::Method;
use serde_json::json;

use crate::support::{TestApp, on_both_async};

const NOW: &str = "2026-11-20T08:00:00+07:00";

/// Each series with its labels as written, and its value; the text must be of Prometheus' form 0.0.4.
fn parsed(text: &str) -> BTreeMap<String, f64> {
    let (mut series, mut kinds) = (BTreeMap::new(), BTreeMap::new());
    assert!(text.ends_with('\n'));
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').unwrap();
            assert!(["counter", "gauge", "histogram"].contains(&kind), "{line}");
            assert!(kinds.insert(name, kind).is_none(), "twice: {line}");
        } else if let Some(rest) = line.strip_prefix("# HELP ") {
            assert!(rest.split_once(' ').is_some_and(|(_, help)| !help.is_empty()), "{line}");
        } else {
            let (name, value) = line.rsplit_once(' ').unwrap();
            let bare = name.split('{').next().unwrap();
            let base = ["_bucket", "_sum", "_count"].iter().find_map(|end| bare.strip_suffix(end));
            let known =
                kinds.contains_key(bare) || base.is_some_and(|base| kinds.get(base) == Some(&"histogram"));
            assert!(known, "no type: {line}");
            assert!(bare.starts_with("hentra_"), "{line}");
            if let Some(labels) = name.strip_prefix(bare).filter(|labels| !labels.is_empty()) {
                assert!(labels.starts_with('{') && labels.ends_with("\"}"), "{line}");
            }
            assert!(series.insert(name.to_owned(), value.parse().unwrap()).is_none(), "twice: {line}");
        }
    }
    series
}

async fn metrics(app: &TestApp) -> (BTreeMap<String, f64>, String) {
    let answer = app.call(Method::GET, "/metrics").send().await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    (parsed(&answer.body), answer.body)
}

const LOGGED: &str = r#"hentra_http_requests_total{method="POST",route="/api/v1/dossiers",status="2xx"}"#;
const READ: &str = r#"hentra_http_requests_total{method="GET",route="/api/v1/dossiers/{code}",status="2xx"}"#;
const NOT_FOUND: &str =
    r#"hentra_http_requests_total{method="GET",route="/api/v1/dossiers/{code}",status="4xx"}"#;
const REFUSED: &str = r#"hentra_http_requests_total{method="POST",route="/api/v1/dossiers",status="4xx"}"#;
const ELSEWHERE: &str = r#"hentra_http_requests_total{method="other",route="unmatched",status="4xx"}"#;

on_both_async! {
    async fn what_happens_goes_up_and_nobody_is_named(db) {
        let app = TestApp::start(db, NOW).await;
        let (before, _) = metrics(&app).await;
        assert!(!before.contains_key(LOGGED) && before["hentra_writer_batches_total"] == 0.0);
        let made = app.log("2.000815", json!({"officer": "Lê Thị Tám", "note": "Gọi trước"})).await.ok();
        let code = made["code"].as_str().unwrap();
        app.get("officer", &format!("/api/v1/dossiers/{code}")).await.ok();
        app.get("officer", "/api/v1/dossiers/khong-co").await.problem(404, "not_found");
        app.log("9.999999", json!({})).await.fault("procedure", "unknown_reference");
        app.call(Method::from_bytes(b"BREW").unwrap(), "/tach-tra?ten=Hoa").send().await;
        let (after, text) = metrics(&app).await;
        for series in [LOGGED, READ, NOT_FOUND, REFUSED, ELSEWHERE] {
            assert_eq!(after.get(series), Some(&1.0), "{series}\n{text}");
        }
        let timed = r#"hentra_http_request_seconds_count{method="GET",route="/api/v1/dossiers/{code}"}"#;
        assert_eq!(after[timed], 2.0);
        assert!(after["hentra_writer_batches_total"] >= 1.0);
        assert_eq!(after["hentra_writer_batch_commands_sum"], after["hentra_writer_batch_commands_count"]);
        assert_eq!(after["hentra_writer_batch_seconds_count"], after["hentra_writer_batches_total"]);
        assert!(after["hentra_ledger_entries"] > before["hentra_ledger_entries"]);
        for told in [code, "khong-co", "tach-tra", "Hoa", "BREW", "Tám", "Nguyễn", "0912345678", "Gọi", app.token("officer")] {
            assert!(!text.contains(told), "{told} in {text}");
        }
        app.stop().await;
    }
}

on_both_async! {
    async fn outbox_build_and_counters_are_told(db) {
        let app = TestApp::start(db, NOW).await;
        let (first, _) = metrics(&app).await;
        for state in ["pending", "sent", "failed", "uncertain", "stale", "suppressed"] {
            assert_eq!(first[&format!("hentra_outbox_messages{{state=\"{state}\"}}")], 0.0);
        }
        assert_eq!(first["hentra_outbox_oldest_pending_seconds"], 0.0);
        assert_eq!((first["hentra_database_up"], first["hentra_counters_checked_total"]), (1.0, 0.0));
        let build = format!("hentra_build_info{{engine=\"{}\",version=\"{}\"}}", app.app.engine(), env!("CARGO_PKG_VERSION"));
        assert_eq!(first[&build], 1.0);
        app.app.metrics().counters_checked(40, 3);
        app.app.metrics().counters_checked(40, 1);
        let (then, _) = metrics(&app).await;
        assert_eq!((then["hentra_counters_checked_total"], then["hentra_counters_differing"]), (80.0, 1.0));
        app.stop().await;
    }
}

on_both_async! {
    async fn alerts_are_counted_by_what_came_of_them(db) {
        let app = TestApp::start(db, NOW).await;
        let (first, _) = metrics(&app).await;
        let tries = |outcome: &str| format!("hentra_alert_tries_total{{outcome=\"{outcome}\"}}");
        for outcome in ["sent", "unreachable", "put_off", "greylisted", "refused", "dead_address", "unanswered", "abandoned", "uncomposed"] {
            assert_eq!(first[&tries(outcome)], 0.0, "told from the start, so that its first rise is seen");
        }
        for result in ["enqueued", "nothing", "stale"] {
            assert_eq!(first[&format!("hentra_alert_slots{{result=\"{result}\"}}")], 0.0);
        }
        assert_eq!((first["hentra_suppressed_addresses"], first["hentra_alert_try_seconds_count"]), (0.0, 0.0));
        app.app.metrics().alert_tried("refused", hentra::metrics::Stopwatch::start());
        let (then, _) = metrics(&app).await;
        assert_eq!((then[&tries("refused")], then[&tries("sent")], then["hentra_alert_try_seconds_count"]), (1.0, 0.0, 1.0));
        app.stop().await;
    }
}

on_both_async! {
    async fn a_scheduler_that_has_stopped_is_told(db) {
        let app = TestApp::start(db, NOW).await;
        let ready = || app.call(Method::GET, "/readyz").send();
        assert!(!metrics(&app).await.0.contains_key("hentra_scheduler_silent_seconds"));
        assert_eq!(ready().await.ok()["scheduler_heard_at"], json!(null), "this process has none");
        app.app.pulse().begin(app.app.clock().now());
        assert_eq!(ready().await.ok()["scheduler_heard_at"], NOW);
        app.at("2026-11-20T08:09:00+07:00");
        assert_eq!(ready().await.ok()["status"], "ready");
        app.at("2026-11-20T08:11:00+07:00");
        ready().await.problem(503, "scheduler_stopped");
        assert_eq!(app.call(Method::HEAD, "/readyz").send().await.status, 503);
        assert_eq!(metrics(&app).await.0["hentra_scheduler_silent_seconds"], 660.0);
        assert_eq!(app.get("officer", "/api/v1/dossiers").await.status, 200, "the counters go on");
        app.app.pulse().beat(app.app.clock().now());
        assert_eq!(ready().await.ok()["status"], "ready");
        app.stop().await;
    }
}

on_both_async! {
    async fn while_the_database_is_away_the_rest_is_told(db) {
        let app = TestApp::start_patient(db, NOW, std::time::Duration::from_millis(300)).await;
        if db.take_away() {
            let (away, _) = metrics(&app).await;
            assert_eq!(away["hentra_database_up"], 0.0);
            assert!(!away.contains_key("hentra_ledger_entries"));
            db.bring_back();
            assert_eq!(metrics(&app).await.0["hentra_database_up"], 1.0);
        }
        app.stop().await;
    }
}
