//! The rules a promise breaks, at once in the answer, and those that time brings.

use serde_json::{Value, json};

use crate::support::{TestApp, finding_codes, on_both_async};

fn finding<'a>(dossier: &'a Value, code: &str) -> &'a Value {
    dossier["findings"].as_array().unwrap().iter().find(|of| of["code"] == code).unwrap()
}

on_both_async! {
    async fn a_friday_receipt_promised_for_monday_breaks_both_commitments(db) {
        let app = TestApp::start(db, "2026-11-20T15:01:00+07:00").await;
        app.commit("2.000815").await;
        let dossier = app.log("2.000815", json!({"due_at": "2026-11-23T17:00:00+07:00"})).await.ok();
        assert_eq!(finding_codes(&dossier), ["same_day_promise", "week_rollover_promise"]);
        for code in ["same_day_promise", "week_rollover_promise"] {
            assert_eq!(finding(&dossier, code)["compliant_due_at"], "2026-11-20T17:00:00+07:00");
        }
        assert_eq!(finding(&dossier, "week_rollover_promise")["commitment"], "QĐ no_week_rollover của UBND phường");
        assert_eq!(dossier["statutory_due_at"], "2026-11-23T17:00:00+07:00");
        assert_eq!(dossier["commitment_due_at"], "2026-11-20T17:00:00+07:00");
        let listed = app.get("leader", "/api/v1/findings?code=week_rollover_promise&open=true").await.ok();
        assert_eq!((&listed["count"], &listed["items"][0]["dossier"]), (&json!(1), &dossier["code"]));
        let kept = app.log("2.000815", json!({})).await.ok();
        assert_eq!((finding_codes(&kept), &kept["due_at"]), (vec![], &json!("2026-11-20T17:00:00+07:00")));
        app.stop().await;
    }
}

on_both_async! {
    async fn a_makeup_saturday_is_within_the_week(db) {
        let app = TestApp::start(db, "2026-08-21T09:00:00+07:00").await;
        app.commit("2.000815").await;
        let body = json!({
            "unit": "H19.15", "procedures": ["2.001016"], "effect": "no_week_rollover",
            "valid_from": "2026-01-01", "decision": "QĐ 7",
        });
        app.post("admin", "/api/v1/commitments", &body).await.ok();
        let saturday = app.log("2.001016", json!({"due_at": "2026-08-22T17:00:00+07:00"})).await.ok();
        assert_eq!(finding_codes(&saturday), Vec::<String>::new());
        let monday = app.log("2.001016", json!({"due_at": "2026-08-24T17:00:00+07:00"})).await.ok();
        assert_eq!(finding_codes(&monday), ["week_rollover_promise"]);
        assert_eq!(finding(&monday, "week_rollover_promise")["compliant_due_at"], "2026-08-22T17:00:00+07:00");
        app.stop().await;
    }
}

on_both_async! {
    async fn thursday_is_the_weeks_last_working_day_when_friday_is_off(db) {
        // Friday 1/1/2027 is a holiday; in 2026, Thursday 31/12 is that week's last working day.
        let app = TestApp::start(db, "2026-12-31T09:00:00+07:00").await;
        app.commit("2.000815").await;
        let dossier = app.log("2.000815", json!({"due_at": "2027-01-04T17:00:00+07:00"})).await.ok();
        assert!(finding_codes(&dossier).contains(&"week_rollover_promise".to_owned()), "{dossier}");
        assert_eq!(finding(&dossier, "week_rollover_promise")["compliant_due_at"], "2026-12-31T17:00:00+07:00");
        app.at("2027-01-01T09:00:00+07:00");
        app.stop().await;
    }
}

on_both_async! {
    async fn a_promise_on_a_day_off_or_beyond_the_limit_is_flagged(db) {
        let app = TestApp::start(db, "2026-11-20T09:00:00+07:00").await;
        let sunday = app.log("2.001016", json!({"due_at": "2026-11-22T17:00:00+07:00"})).await.ok();
        assert_eq!(finding_codes(&sunday), ["promise_on_day_off"]);
        let culture_day = app.log("2.001016", json!({"due_at": "2026-11-24T10:00:00+07:00"})).await.ok();
        assert_eq!(finding_codes(&culture_day), ["promise_on_day_off"]);
        let late = app.log("2.001016", json!({"due_at": "2026-11-27T10:00:00+07:00", "reason": "chờ xác minh"})).await.ok();
        assert_eq!(finding_codes(&late), ["promise_beyond_limit"]);
        assert_eq!(finding(&late, "promise_beyond_limit")["compliant_due_at"], "2026-11-25T17:00:00+07:00");
        assert_eq!(late["reason"], "chờ xác minh");
        app.stop().await;
    }
}

on_both_async! {
    async fn time_brings_findings_and_resolving_clears_them(db) {
        let app = TestApp::start(db, "2026-11-20T09:00:00+07:00").await;
        app.commit("2.000815").await;
        app.log("2.000815", json!({"code": "T-1"})).await.ok();
        let codes = || async { finding_codes(&app.get("officer", "/api/v1/dossiers/T-1").await.ok()) };
        assert_eq!(codes().await, Vec::<String>::new());
        app.at("2026-11-20T16:59:59+07:00");
        assert_eq!(codes().await, Vec::<String>::new());
        app.at("2026-11-20T17:00:00+07:00");
        assert_eq!(codes().await, ["week_rollover_missed"]);
        app.at("2026-11-21T00:00:00+07:00");
        assert_eq!(codes().await, ["apology_missing", "overdue", "same_day_missed", "week_rollover_missed"]);
        let open = app.get("leader", "/api/v1/findings?open=true&from=2026-11-20&to=2026-11-20").await.ok();
        assert_eq!((&open["count"], &open["items"][0]["code"]), (&json!(1), &json!("week_rollover_missed")));
        app.at("2026-11-23T08:00:00+07:00");
        let dossier = app.act("T-1", &json!({"act": "resolve"})).await.ok();
        assert_eq!((&dossier["outcome"], &dossier["late_working_days"]), (&json!("late"), &json!(1)));
        assert!(dossier["findings"].as_array().unwrap().iter().all(|of| of["cleared_at"] == "2026-11-23T08:00:00+07:00"), "{dossier}");
        assert_eq!(app.get("leader", "/api/v1/findings?open=true").await.ok()["count"], 0);
        assert_eq!(app.get("leader", "/api/v1/findings?open=false&code__in=overdue,same_day_missed").await.ok()["count"], 2);
        assert_eq!(app.get("neighbour", "/api/v1/findings").await.ok()["count"], 0);
        app.stop().await;
    }
}
