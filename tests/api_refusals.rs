//! The finer points of what is refused over HTTP, and by which name: addresses, headers, instants, names, commitments.

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::support::{TestApp, dossier, on_both_async};

const NOW: &str = "2026-11-20T08:00:00+07:00";
const DOSSIERS: &str = "/api/v1/dossiers";
const PREVIEW: &str = "/api/v1/deadlines/preview";

on_both_async! {
    async fn control_characters_in_addresses_find_nothing(db) {
        let app = TestApp::start(db, NOW).await;
        for name in ["unit", "procedure", "procedure__in", "sector", "officer", "q", "cursor"] {
            for written in ["%00", "a%00b", "a%0Ab", "%7F"] {
                app.get("leader", &format!("{DOSSIERS}?{name}={written}")).await.fault(name, "bad_characters");
            }
        }
        for path in ["dossiers/A%00B", "dossiers/A%00B/events", "dossiers/%01", "units/H19%00", "procedures/%00"] {
            app.get("leader", &format!("/api/v1/{path}")).await.problem(404, "not_found");
        }
        app.get("leader", "/api/v1/calendars/H%00/days?from=2026-01-01&to=2026-01-02").await.problem(404, "not_found");
        app.act("A%00B", &json!({"act": "resolve"})).await.problem(404, "not_found");
        let decision = json!({"unit": "H19.15", "all": true, "effect": "same_day", "valid_from": "2026-01-01", "decision": "Q\u{0}"});
        app.post("admin", "/api/v1/commitments", &decision).await.fault("decision", "bad_characters");
        let limits = json!([{"limit": {"value": 2, "unit": "working_day"}, "source": "Q\u{0}", "case": "c\u{0}"}]);
        let procedure = json!({"code": "9.1", "name": "x", "sector": "y", "limits": limits});
        assert_eq!(app.post("admin", "/api/v1/procedures", &procedure).await.faults(),
            [("limits[0].source".into(), "bad_characters".into()), ("limits[0].case".into(), "bad_characters".into())]);
        app.stop().await;
    }
}

on_both_async! {
    async fn cursors_that_no_list_gave_are_refused(db) {
        let app = TestApp::start(db, NOW).await;
        for at in ["-9000000000000000000", "0", "946659599999999", "4133955600000000", "9223372036854775807", "99999999999999999999"] {
            app.get("leader", &format!("{DOSSIERS}?cursor={at}~X")).await.fault("cursor", "malformed");
            app.get("leader", &format!("/api/v1/findings?cursor={at}~overdue~X")).await.fault("cursor", "malformed");
        }
        for at in ["946659600000000", "4133955599999999"] {
            app.get("leader", &format!("{DOSSIERS}?cursor={at}~X")).await.ok();
        }
        app.stop().await;
    }
}

on_both_async! {
    async fn a_field_given_twice_is_the_same_problem_alone_and_in_a_row(db) {
        let app = TestApp::start(db, NOW).await;
        for (row, name) in [
            (r#"{"unit":"H19.15","unit":"H19.16","procedure":"2.000815","applicant":{"name":"A"}}"#, "unit"),
            (r#"{"unit":"H19.15","procedure":"2.000815","applicant":{"name":"A","name":"B"}}"#, "applicant.name"),
        ] {
            let alone = app.by("officer", Method::POST, DOSSIERS).body("application/json", row).send().await;
            alone.fault(name, "duplicate");
            for (media, body) in [("application/json", format!("\n[ {row}\t,{row} ] ")), ("application/x-ndjson", format!("{row}\n{row}\n"))] {
                let rows = app.by("officer", Method::POST, &format!("{DOSSIERS}/batch")).body(media, body).send().await.ok();
                assert_eq!((&rows["created"], &rows["rejected"]), (&json!(0), &json!(2)));
                for at in 0..2 {
                    assert_eq!(rows["results"][at]["problem"]["invalid_params"], alone.json()["invalid_params"], "{rows}");
                }
            }
        }
        for body in ["[1,]", "[", "[1 2]", "[] []", "{}", "7", ""] {
            let answer = app.by("officer", Method::POST, &format!("{DOSSIERS}/batch")).body("application/json", body).send().await;
            assert_eq!(answer.status, 400, "{body}");
        }
        let mixed = r#"[1,"],[",{"a":[]},[[1],2],null,true,-1.5e3]"#;
        let rows = app.by("officer", Method::POST, &format!("{DOSSIERS}/batch")).body("application/json", mixed).send().await.ok();
        assert_eq!(rows["rejected"], 7);
        app.stop().await;
    }
}

on_both_async! {
    async fn parameters_that_an_address_does_not_take_are_named(db) {
        let app = TestApp::start(db, NOW).await;
        let question = json!({"limit": {"value": 2, "unit": "working_day"}});
        app.post("officer", &format!("{PREVIEW}?colour=red"), &question).await.fault("colour", "unknown_field");
        app.post("officer", &format!("{PREVIEW}/batch?colour=red"), &json!([question])).await.fault("colour", "unknown_field");
        for path in ["/healthz", "/readyz", "/metrics", "/api/v1/alerts/1", "/api/v1/ledger/verify", "/api/v1/units/H19", "/api/v1/procedures/2.000815",
            "/api/v1/commitments/1", "/api/v1/dossiers/x", "/api/v1/dossiers/x/events", "/api/v1/reports/processing", "/api/v1/alerts"] {
            app.get("admin", &format!("{path}?colour=red")).await.fault("colour", "unknown_field");
        }
        for path in ["units", "procedures", "commitments", "dossiers/batch"] {
            app.post("admin", &format!("/api/v1/{path}?colour=red"), &json!([])).await.fault("colour", "unknown_field");
        }
        for (query, name, code) in [
            ("dossiers?q=", "q", "malformed"),
            ("dossiers?q=%20%20", "q", "malformed"),
            ("dossiers?status__in=", "status__in", "empty"),
            ("dossiers?procedure__in=,,", "procedure__in", "empty"),
            ("findings?code__in=", "code__in", "empty"),
            ("findings?from=2026-11-21&to=2026-11-20", "to", "out_of_range"),
            ("findings?from=2026-11-20T08:00:01%2B07:00&to=2026-11-20T08:00:00%2B07:00", "to", "out_of_range"),
            ("reports/processing?unit=H99", "unit", "unknown_reference"),
        ] {
            app.get("leader", &format!("/api/v1/{query}")).await.fault(name, code);
        }
        app.get("leader", "/api/v1/findings?from=2026-11-20&to=2026-11-20").await.ok();
        app.get("neighbour", "/api/v1/reports/processing?unit=H19.15").await.fault("unit", "unknown_reference");
        app.stop().await;
    }
}

on_both_async! {
    async fn instants_lie_within_the_years_that_counters_see(db) {
        let app = TestApp::start(db, NOW).await;
        app.log("2.000815", json!({"code": "A-1"})).await.ok();
        for at in ["1999-12-31T23:59:59+07:00", "2101-01-01T00:00:00+07:00", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"] {
            for name in ["received_at", "due_at"] {
                app.log("2.000815", json!({name: at})).await.fault(name, "out_of_range");
            }
            app.act("A-1", &json!({"act": "resolve", "at": at})).await.fault("at", "out_of_range");
            let limit = json!({"value": 2, "unit": "working_day"});
            app.post("officer", PREVIEW, &json!({"received_at": at, "limit": limit})).await.fault("received_at", "out_of_range");
            let written = at.replace('+', "%2B");
            for (path, name) in [
                ("deadlines/preview?procedure=2.000815&received_at=", "received_at"),
                ("dossiers?due_at__lt=", "due_at__lt"),
                ("dossiers?open_at=", "open_at"),
                ("findings?from=", "from"),
                ("reports/processing?as_of=", "as_of"),
            ] {
                app.get("leader", &format!("/api/v1/{path}{written}")).await.fault(name, "out_of_range");
            }
        }
        // A plus sign left as it is means a plus sign.
        let asked = |plus: &str| format!("{PREVIEW}?received_at=2026-11-20T15:01:00{plus}07:00&limit.value=2&limit.unit=working_day");
        let answer = app.get("officer", &asked("+")).await.ok();
        assert_eq!(answer["received_at"], "2026-11-20T15:01:00+07:00");
        assert_eq!(answer, app.get("officer", &asked("%2B")).await.ok());
        app.stop().await;
    }
}

on_both_async! {
    async fn compressed_bodies_are_not_taken(db) {
        let app = TestApp::start(db, NOW).await;
        let body = dossier("2.000815", json!({}));
        let send = |path: &'static str, coding: &'static str| {
            app.by("officer", Method::POST, path).header("Content-Encoding", coding).json(&body).send()
        };
        for coding in ["gzip", "br", "identity, gzip", "x"] {
            let refused = send(DOSSIERS, coding).await;
            let problem = refused.problem(415, "unsupported_media_type");
            assert!(problem["detail"].as_str().unwrap().contains("Content-Encoding"), "{problem}");
            assert_eq!(refused.header("accept-encoding"), "identity");
        }
        send(PREVIEW, "gzip").await.problem(415, "unsupported_media_type");
        assert_eq!(send(DOSSIERS, "Identity").await.status, 201);
        app.stop().await;
    }
}

on_both_async! {
    async fn tags_of_if_match_are_read_as_a_list(db) {
        let app = TestApp::start(db, NOW).await;
        app.log("2.000815", json!({"code": "A-1"})).await.ok();
        let act = |tags: &'static str| {
            app.by("officer", Method::POST, &format!("{DOSSIERS}/A-1/acts")).header("If-Match", tags).json(&json!({"act": "resolve"})).send()
        };
        act("W/\"1\"").await.problem(412, "precondition_failed");
        act("\"7\", W/\"1\"").await.problem(412, "precondition_failed");
        act("\"1\" \"2\"").await.fault("If-Match", "malformed");
        act("").await.fault("If-Match", "malformed");
        act("\"7\", \"1\"").await.ok();
        app.stop().await;
    }
}

on_both_async! {
    async fn probes_may_ask_without_a_body(db) {
        let app = TestApp::start(db, NOW).await;
        for path in ["/healthz", "/readyz"] {
            let probe = app.call(Method::HEAD, path).send().await;
            assert_eq!((probe.status, probe.body.as_str()), (200, ""));
            let wrong = app.call(Method::POST, path).send().await;
            wrong.problem(405, "method_not_allowed");
            assert_eq!(wrong.header("allow"), "GET, HEAD");
        }
        app.stop().await;
    }
}

on_both_async! {
    async fn names_of_which_nothing_can_be_seen_are_empty(db) {
        let app = TestApp::start(db, NOW).await;
        for name in ["\u{200B}", " \u{FEFF}\u{2060} ", "\u{3164}", "\u{2800}"] {
            app.log("2.000815", json!({"applicant": {"name": name}})).await.fault("applicant.name", "empty");
            app.log("2.000815", json!({"officer": name})).await.fault("officer", "empty");
        }
        app.log("2.000815", json!({"officer": ""})).await.fault("officer", "empty");
        app.log("2.000815", json!({"officer": "  "})).await.fault("officer", "empty");
        let made = app.log("2.000815", json!({"officer": " Lê Tám ", "applicant": {"name": " \u{200B}Nguyễn Thị Hòa\t"}})).await.ok();
        assert_eq!((&made["officer"], &made["applicant"]["name"]), (&json!("Lê Tám"), &json!("Nguyễn Thị Hòa")));
        assert_eq!(app.log("2.000815", json!({"officer": null})).await.ok()["officer"], "Cán bộ officer");
        app.stop().await;
    }
}

on_both_async! {
    async fn commitments_are_terms_that_can_be_kept_and_are_found_again(db) {
        let app = TestApp::start(db, NOW).await;
        let body = |more: Value| {
            let mut body = json!({"unit": "H19.15", "all": true, "effect": "same_day", "valid_from": "2026-01-01", "decision": "QĐ 1"});
            for (name, value) in more.as_object().unwrap() {
                body[name] = value.clone();
            }
            body
        };
        for (more, name, code) in [
            (json!({"effect": {"within": {"value": 3, "unit": "calendar_day"}}}), "effect.within.unit", "not_allowed"),
            (json!({"effect": {"within": {"value": 3, "unit": "month"}}}), "effect.within.unit", "not_allowed"),
            (json!({"effect": {"within": {"unit": "same_day"}}}), "effect.within.unit", "not_allowed"),
            (json!({"max_working_days": 0}), "max_working_days", "out_of_range"),
            (json!({"max_working_days": 4_000_000_000_u32}), "max_working_days", "out_of_range"),
            (json!({"valid_from": "1999-12-31"}), "valid_from", "out_of_range"),
            (json!({"valid_from": "2101-01-01"}), "valid_from", "out_of_range"),
            (json!({"valid_to": "2101-01-01"}), "valid_to", "out_of_range"),
        ] {
            app.post("admin", "/api/v1/commitments", &body(more)).await.fault(name, code);
        }
        assert_eq!(app.get("admin", "/api/v1/commitments").await.ok()["count"], 0);
        let ends = json!({"valid_from": "2000-01-01", "valid_to": "2100-12-31", "max_working_days": 1});
        app.post("admin", "/api/v1/commitments", &body(ends)).await.ok();
        let made = app.post("commune_admin", "/api/v1/commitments", &body(json!({"effect": {"within": {"value": 2, "unit": "working_day"}}}))).await;
        assert_eq!(made.status, 201);
        let location = made.header("location");
        assert_eq!(location, format!("/api/v1/commitments/{}", made.json()["id"]));
        assert_eq!(app.get("officer", location).await.ok(), made.json());
        app.get("neighbour", location).await.problem(404, "not_found");
        app.get("officer", "/api/v1/commitments/999").await.problem(404, "not_found");
        app.get("officer", "/api/v1/commitments/x").await.problem(404, "not_found");
        app.stop().await;
    }
}
