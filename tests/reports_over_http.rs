//! The reports over HTTP: JSON and CSV, whose units, and what is said of requests that make no sense.

use serde_json::Value;

use crate::support::{TestApp, on_both_async};

/// Parameters that do not make sense, each with the name of what is wrong.
type Wrong = &'static [(&'static str, &'static str)];

/// Each report with parameters of its own that do, and the names of those that do not.
const REPORTS: [(&str, &str, Wrong); 6] = [
    ("commitments", "group_by=effect", &[("group_by=sector", "group_by"), ("by=week", "by")]),
    (
        "ranking",
        "by=mix_fair&minimum=1",
        &[
            ("minimum=0", "minimum"),
            ("minimum=-1", "minimum"),
            ("minimum=many", "minimum"),
            ("by=luck", "by"),
        ],
    ),
    ("delays", "group_by=officer", &[("group_by=kind", "group_by"), ("minimum=1", "minimum")]),
    (
        "integrity",
        "group_by=unit&minutes=30",
        &[
            ("minutes=0", "minutes"),
            ("minutes=241", "minutes"),
            ("minutes=-5", "minutes"),
            ("minutes=few", "minutes"),
            ("group_by=sector", "group_by"),
        ],
    ),
    ("findings", "group_by=officer", &[("group_by=code", "group_by"), ("code=overdue", "code")]),
    ("trend", "by=week", &[("by=year", "by"), ("group_by=unit", "group_by")]),
];

/// What every report refuses, with the name of what is wrong.
const WRONG: [(&str, &str); 13] = [
    ("period=2026-9", "period"),
    ("period=2026-13", "period"),
    ("period=2026-Q5", "period"),
    ("period=1999", "period"),
    ("period=2026-11&from=2026-11-01", "period"),
    ("from=2026-11-10", "to"),
    ("from=2026-11-10&to=2026-11-09", "to"),
    ("from=2026-11-31&to=2026-12-01", "from"),
    ("period=2026-11&as_of=2027-01-01T00:00:00%2B07:00&to=2026-11-01", "period"),
    ("period=2026-12&as_of=tomorrow", "as_of"),
    ("units_as_of=2026-02-30", "units_as_of"),
    ("unit=H99", "unit"),
    ("units=H19", "units"),
];

on_both_async! {
    async fn json_or_csv_as_the_reader_likes_it(db) {
        let app = TestApp::start(db, "2026-11-20T08:00:00+07:00").await;
        for (report, own, _) in REPORTS {
            let path = format!("/api/v1/reports/{report}?period=2026-12&{own}");
            let body = app.get("reporter", &path).await.ok();
            assert_eq!((&body["period"]["label"], &body["unit"]), (&"2026-12".into(), &"H19".into()), "{body}");
            assert_eq!(body["as_of"], "2026-11-20T08:00:00+07:00", "{body}");
            let asked = app.get("reporter", &format!("{path}&format=csv")).await;
            let liked = app.by("reporter", actix_web::http::Method::GET, &path).header("Accept", "text/csv").send().await;
            for answer in [asked, liked] {
                assert_eq!((answer.status, answer.header("content-type")), (200, "text/csv; charset=utf-8"));
                let name = answer.header("content-disposition");
                assert!(name.starts_with("attachment; filename=\"") && name.ends_with("2026-12.csv\""), "{name}");
                assert!(answer.body.starts_with('\u{feff}'), "{}", answer.body);
            }
            // The reader's own unit when none is named.
            let own = app.get("officer", &path).await.ok();
            assert_eq!(own["unit"], "H19.15", "{own}");
        }
        app.stop().await;
    }
}

on_both_async! {
    async fn what_makes_no_sense_is_named(db) {
        let app = TestApp::start(db, "2026-11-20T08:00:00+07:00").await;
        for (report, _, wrong) in REPORTS {
            let format = [("format=pdf", "format")];
            for (query, name) in WRONG.iter().chain(wrong).chain(&format) {
                let answer = app.get("reporter", &format!("/api/v1/reports/{report}?{query}")).await;
                let found = answer.faults();
                assert_eq!((found.len(), found[0].0.as_str()), (1, *name), "{report}?{query}: {}", answer.body);
            }
            for (who, unit) in [("officer", "H19"), ("officer", "H19.16"), ("commune_admin", "H19")] {
                let answer = app.get(who, &format!("/api/v1/reports/{report}?unit={unit}")).await;
                answer.fault("unit", "unknown_reference");
            }
            let nobody = app.call(actix_web::http::Method::GET, &format!("/api/v1/reports/{report}")).send().await;
            assert_eq!(nobody.status, 401);
        }
        app.stop().await;
    }
}

on_both_async! {
    async fn units_are_ranked_each_by_its_own_also_where_the_reader_sees_all_there_are(db) {
        let app = TestApp::start(db, "2026-11-20T08:00:00+07:00").await;
        let logged = app.log("2.000815", serde_json::json!({})).await.ok();
        app.act(logged["code"].as_str().unwrap(), &serde_json::json!({"act": "resolve"})).await.ok();
        let report = app.get("leader", "/api/v1/reports/ranking?period=2026-12&minimum=1").await.ok();
        let rows: Vec<(&Value, &Value, &Value)> = report["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| (&row["rank"], &row["key"], &row["on_time_of_due"]["denominator"]))
            .collect();
        assert_eq!(rows, [(&1.into(), &"H19.15".into(), &1.into()), (&Value::Null, &"H19.16".into(), &0.into())]);
        // What is to come is told as such.
        let later = app.get("leader", "/api/v1/reports/trend?period=2026-12&as_of=2026-12-01T00:00:00%2B07:00").await.ok();
        assert_eq!((&report["forecast"], &later["forecast"]), (&false.into(), &true.into()));
        app.stop().await;
    }
}

on_both_async! {
    async fn a_broken_commitment_counts_and_its_link_finds_it(db) {
        let app = TestApp::start(db, "2026-11-19T08:00:00+07:00").await;
        app.commit("2.000815").await;
        let kept = app.log("2.000815", serde_json::json!({})).await.ok();
        app.log("2.000815", serde_json::json!({})).await.ok();
        app.act(kept["code"].as_str().unwrap(), &serde_json::json!({"act": "resolve"})).await.ok();
        app.at("2026-11-20T08:00:00+07:00");
        let report = app.get("leader", "/api/v1/reports/commitments?period=2026-12").await.ok();
        let of: &Value = &report["rows"][0]["same_day"];
        assert_eq!((&of["received"], &of["kept"], &of["broken"], &of["open"]), (&2.into(), &1.into(), &1.into(), &0.into()));
        assert_eq!(of["rates"]["kept_of_decided"], serde_json::json!({"numerator": 1, "denominator": 2, "value": 0.5}));
        let listed = app.get("leader", of["broken_dossiers"].as_str().unwrap()).await.ok();
        assert_eq!(listed["count"], 1, "{listed}");
        app.stop().await;
    }
}
