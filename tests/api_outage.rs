//! The database goes away and comes back; the service says so and recovers by itself.

use std::time::Duration;

use actix_web::http::Method;
use serde_json::json;

use crate::support::{Absence, Engine, TestApp, on_both_async};

const NOW: &str = "2026-11-20T08:00:00+07:00";

on_both_async! {
    async fn an_absent_database_is_a_503_and_the_service_recovers(db) {
        let app = TestApp::start_patient(db, NOW, Duration::from_millis(300)).await;
        app.log("2.000815", json!({})).await.ok();
        let away = Absence::begin(db);
        let refused = app.log("2.000815", json!({"applicant": {"name": "Trần Bí Mật"}})).await;
        let problem = refused.problem(503, "unavailable");
        assert_eq!(refused.header("retry-after"), "5");
        assert!(!problem.to_string().contains("database is locked") && !problem.to_string().contains("FATAL"), "{problem}");
        if db.engine() == Engine::Postgres {
            app.get("officer", "/api/v1/dossiers").await.problem(503, "unavailable");
            app.call(Method::GET, "/readyz").send().await.problem(503, "unavailable");
        }
        assert_eq!(app.call(Method::GET, "/healthz").send().await.ok()["status"], "ok");
        away.end();
        let mut tries = 0;
        while app.log("2.000815", json!({})).await.status != 201 {
            tries += 1;
            assert!(tries < 20, "the service did not recover");
            actix_web::rt::time::sleep(Duration::from_millis(200)).await;
        }
        let engine = app.call(Method::GET, "/readyz").send().await.ok()["engine"].clone();
        assert_eq!(engine, if db.engine() == Engine::Postgres { "postgresql" } else { "sqlite" });
        assert_eq!(app.get("officer", "/api/v1/dossiers").await.ok()["count"], 2);
        app.stop().await;
    }
}
