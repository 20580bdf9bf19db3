//! Calendars over HTTP: what stands, what has been published, trying a version and publishing it, and what is refused by which row.

use actix_web::http::Method;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp, on_both_async};

/// A Friday.
const NOW: &str = "2026-11-20T08:00:00+07:00";
/// Two working days.
const TWO_DAYS: &str = "2.001035";

fn versions(scope: &str) -> String {
    format!("/api/v1/calendars/{scope}/versions")
}

fn flood(days: &[&str]) -> Value {
    let day = |date: &&str| json!({"date": date, "kind": "closure", "name": "Ngập lụt"});
    json!({"source": "QĐ 12/QĐ-UBND", "days": days.iter().map(day).collect::<Vec<_>>()})
}

async fn tried(app: &TestApp, who: &str, scope: &str, body: &Value) -> Answer {
    app.post(who, &format!("{}?dry_run=true", versions(scope)), body).await
}

/// The days of an answer as (date, change).
fn changed(answer: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let days = answer["days"].as_array().unwrap();
    days.iter().map(|of| (text(&of["date"]), text(&of["change"]))).collect()
}

on_both_async! {
    async fn a_version_is_tried_then_published_and_moves_open_dossiers(db) {
        let app = TestApp::start(db, NOW).await;
        app.log(TWO_DAYS, json!({"code": "MO"})).await.ok();
        // 24/11 is a holiday: Monday and Wednesday.
        assert_eq!(app.get("officer", "/api/v1/dossiers/MO").await.ok()["due_at"], "2026-11-25T17:00:00+07:00");
        app.log(TWO_DAYS, json!({"code": "HEN", "due_at": "2026-11-23T17:00:00+07:00"})).await.ok();
        app.log(TWO_DAYS, json!({"code": "XONG"})).await.ok();
        app.act("XONG", &json!({"act": "resolve"})).await.ok();
        let body = flood(&["2026-11-23", "2026-11-21"]);
        let trial = tried(&app, "commune_admin", "H19.15", &body).await;
        assert_eq!((trial.status, trial.header("etag")), (200, "\"0\""));
        let told = trial.ok();
        assert_eq!((&told["version"], &told["based_on"], &told["unchanged"]), (&Value::Null, &Value::Null, &json!(false)));
        assert_eq!(told["redated"], json!([{"code": "MO", "from": "2026-11-25T17:00:00+07:00", "to": "2026-11-26T17:00:00+07:00"}]));
        assert_eq!((&told["new_findings"], &told["opened"]), (&json!(1), &json!([{"dossier": "HEN", "code": "promise_on_day_off"}])));
        assert_eq!((&told["cleared_findings"], &told["cleared"]), (&json!(0), &json!([])));
        let added = |date: &str| (date.to_owned(), "added".to_owned());
        assert_eq!(changed(&told), [added("2026-11-21"), added("2026-11-23")]);
        assert_eq!(told["days"][1], json!({
            "date": "2026-11-23", "change": "added", "from": null, "working_before": true, "working_after": false,
            "to": {"kind": "closure", "name": "Ngập lụt", "source": "QĐ 12/QĐ-UBND"}}));
        assert_eq!(told["sessions"], Value::Null);
        assert_eq!(app.get("officer", "/api/v1/dossiers/MO").await.ok()["version"], 1, "a dry run writes nothing");
        assert_eq!(app.get("admin", &versions("H19.15")).await.ok()["count"], 0);

        let made = app.post("commune_admin", &versions("H19.15"), &body).await;
        assert_eq!((made.status, made.header("etag"), made.header("location")), (201, "\"2\"", "/api/v1/calendars/H19.15/versions/2"));
        let mut expected = told.clone();
        expected["version"] = json!(2);
        assert_eq!(made.ok(), expected, "what was tried is what was done");
        let dossier = app.get("officer", "/api/v1/dossiers/MO").await.ok();
        assert_eq!((&dossier["due_at"], &dossier["version"]), (&json!("2026-11-26T17:00:00+07:00"), &json!(2)));
        assert_eq!(app.get("officer", "/api/v1/dossiers/XONG").await.ok()["version"], 2);
        let events = app.get("officer", "/api/v1/dossiers/MO/events").await.ok();
        assert_eq!((&events["items"][1]["act"], events["items"].as_array().unwrap().len()), (&json!("redate"), 2));
        // Taken back: the finding no longer stands, and the date is the old one.
        let back = app.post("commune_admin", &versions("H19.15"), &json!({"source": "QĐ 13", "year": 2026})).await.ok();
        assert_eq!(back["cleared"], json!([{"dossier": "HEN", "code": "promise_on_day_off"}]));
        assert_eq!(back["redated"][0]["to"], "2026-11-25T17:00:00+07:00");
        assert_eq!(back["days"][0]["change"], "removed");
        assert_eq!(app.get("admin", "/api/v1/ledger/verify").await.ok()["ok"], true);
        app.stop().await;
    }
}

on_both_async! {
    async fn what_stands_makes_no_new_version_and_what_was_published_is_read_for_ever(db) {
        let app = TestApp::start(db, NOW).await;
        let shipped = app.get("officer", "/api/v1/calendars/national").await;
        assert_eq!(shipped.header("etag"), "\"1\"");
        let shipped = shipped.ok();
        assert_eq!((&shipped["version"], &shipped["published_by"], &shipped["inherits"]), (&json!(1), &Value::Null, &json!([])));
        let of_2026: Vec<Value> = shipped["days"].as_array().unwrap().iter()
            .filter(|of| of["date"].as_str().unwrap().starts_with("2026")).cloned().collect();
        assert!(of_2026.len() > 15 && shipped["announced"].as_array().unwrap().contains(&json!(2026)));
        let again = app.post("admin", &versions("national"), &json!({"source": "TB 1", "announced": true, "days": of_2026})).await;
        assert_eq!((again.status, again.header("etag")), (200, "\"1\""));
        assert_eq!((&again.ok()["unchanged"], &again.ok()["version"], &again.ok()["days"]), (&json!(true), &Value::Null, &json!([])));
        let nothing = app.post("admin", &versions("H19.15"), &json!({"source": "QĐ 1", "year": 2026})).await.ok();
        assert_eq!((&nothing["unchanged"], &nothing["based_on"]), (&json!(true), &Value::Null));

        assert_eq!(app.post("admin", &versions("H19"), &flood(&["2026-12-01"])).await.status, 201);
        app.at("2026-11-21T09:00:00+07:00");
        assert_eq!(app.post("commune_admin", &versions("H19.15"), &flood(&["2026-12-02"])).await.status, 201);
        assert_eq!(app.post("commune_admin", &versions("H19.15"), &flood(&["2026-12-03"])).await.status, 201);
        let now = app.get("neighbour", "/api/v1/calendars/H19.15").await.ok();
        assert_eq!((&now["version"], &now["source"]), (&json!(4), &json!("QĐ 12/QĐ-UBND")));
        assert_eq!((&now["published_at"], &now["published_by"]), (&json!("2026-11-21T09:00:00+07:00"), &json!("Cán bộ commune_admin")));
        assert_eq!(now["days"], json!([{"date": "2026-12-03", "kind": "closure", "name": "Ngập lụt", "source": "QĐ 12/QĐ-UBND"}]));
        let outer: Vec<(&Value, &Value)> = now["inherits"].as_array().unwrap().iter().map(|of| (&of["scope"], &of["version"])).collect();
        assert_eq!(outer, [(&json!("national"), &json!(1)), (&json!("H19"), &json!(2))]);
        let listed = app.get("officer", &format!("{}?limit=1", versions("H19.15"))).await.ok();
        assert_eq!((&listed["items"][0]["version"], &listed["next"], &listed["count"]), (&json!(4), &json!("4"), &json!(2)));
        let rest = app.get("officer", &format!("{}?cursor=4", versions("H19.15"))).await.ok();
        assert_eq!((&rest["items"][0]["version"], &rest["next"]), (&json!(3), &Value::Null));
        let old = app.get("officer", &format!("{}/3", versions("H19.15"))).await.ok();
        assert_eq!((&old["scope"], &old["days"][0]["date"]), (&json!("H19.15"), &json!("2026-12-02")));
        for path in ["H19.15/versions/2", "H19.15/versions/99", "H19.15/versions/x", "H77/versions", "H77/versions/3", "H77"] {
            app.get("officer", &format!("/api/v1/calendars/{path}")).await.problem(404, "not_found");
        }
        app.stop().await;
    }
}

on_both_async! {
    async fn of_many_administrators_who_saw_the_same_version_one_publishes(db) {
        let app = TestApp::start(db, NOW).await;
        let publish = |day: usize, tag: &'static str| {
            let body = flood(&[&format!("2026-12-{:02}", day + 1)]);
            app.by("commune_admin", Method::POST, &versions("H19.15")).header("If-Match", tag).json(&body).send()
        };
        let answers: Vec<Answer> = join_all((0..8).map(|day| publish(day, "\"0\""))).await;
        assert_eq!(answers.iter().filter(|of| of.status == 201).count(), 1);
        for late in answers.iter().filter(|of| of.status != 201) {
            late.problem(412, "precondition_failed");
        }
        publish(20, "\"1\"").await.problem(412, "precondition_failed");
        publish(20, "nonsense").await.fault("If-Match", "malformed");
        let tag = app.get("commune_admin", "/api/v1/calendars/H19.15").await.header("etag").to_owned();
        assert_eq!(tag, "\"2\"");
        assert_eq!(publish(20, "\"2\"").await.status, 201);
        assert_eq!(publish(21, "*").await.status, 201);
        app.stop().await;
    }
}

on_both_async! {
    async fn an_announced_year_takes_the_place_of_the_one_foreseen(db) {
        let app = TestApp::start(db, NOW).await;
        let preview = || app.get("officer", "/api/v1/deadlines/preview?limit=30:working_day");
        assert_eq!(preview().await.status, 400, "the limit is given in a body");
        let asked = json!({"received_at": "2027-02-01T09:00:00+07:00", "limit": {"value": 5, "unit": "working_day"}});
        let foreseen = app.post("officer", "/api/v1/deadlines/preview", &asked).await.ok();
        assert_eq!((&foreseen["due_on"], &foreseen["provisional"]), (&json!("2027-02-15"), &json!(true)));
        let day = |date: &str, kind: &str| json!({"date": date, "kind": kind, "name": "Tết Nguyên đán", "source": "TB 2/TB-BNV"});
        let days: Vec<Value> = ["2027-02-04", "2027-02-05", "2027-02-08", "2027-02-09"].iter().map(|date| day(date, "holiday")).collect();
        let body = json!({"source": "TB 2/TB-BNV", "year": 2027, "announced": true, "days": days});
        let told = tried(&app, "admin", "national", &body).await.ok();
        assert_eq!((&told["announced"], &told["withdrawn"]), (&json!([2027]), &json!([])));
        let of = |date: &str| changed(&told).into_iter().find(|of| of.0 == date).map(|of| of.1);
        assert_eq!(of("2027-02-04").as_deref(), Some("added"));
        assert_eq!(of("2027-02-10").as_deref(), Some("removed"), "a day in lieu that was foreseen");
        assert_eq!(of("2027-02-05").as_deref(), Some("changed"));
        assert_eq!(app.post("admin", &versions("national"), &body).await.status, 201);
        let known = app.post("officer", "/api/v1/deadlines/preview", &asked).await.ok();
        assert_eq!((&known["due_on"], &known["provisional"]), (&json!("2027-02-12"), &json!(false)));
        app.stop().await;
    }
}

on_both_async! {
    async fn hours_are_published_with_seasons_and_reception_and_given_back(db) {
        let app = TestApp::start(db, NOW).await;
        let sessions = json!([
            {"weekdays": ["mon", "tue", "wed", "thu", "fri"], "valid_from": "2027-05-01", "valid_to": "2027-08-31",
             "sessions": [{"start": "07:00", "end": "11:00"}, {"start": "13:30", "end": "17:30"}]},
            {"weekdays": ["sat"], "sessions": [{"start": "07:30", "end": "11:30", "counter_only": true}]}]);
        let told = app.post("commune_admin", &versions("H19.15"), &json!({"source": "QĐ 3", "sessions": sessions})).await.ok();
        assert_eq!((&told["days"], told["sessions"]["to"].as_array().unwrap().len()), (&json!([]), 2));
        assert_eq!(told["sessions"]["from"], json!([]));
        let days = "/api/v1/calendars/H19.15/days?from=2027-05-28&to=2027-05-29";
        let items = app.get("officer", days).await.ok()["items"].clone();
        assert_eq!(items[0]["sessions"], json!([["07:00", "11:00"], ["13:30", "17:30"]]));
        assert_eq!((&items[1]["working"], &items[1]["sessions"]), (&json!(false), &json!([["07:30", "11:30"]])));
        // Days alone leave the hours as they are.
        app.post("commune_admin", &versions("H19.15"), &flood(&["2027-05-29"])).await.ok();
        let items = app.get("officer", days).await.ok()["items"].clone();
        assert_eq!((&items[0]["sessions"][0][0], &items[1]["sessions"]), (&json!("07:00"), &json!([])));
        app.post("commune_admin", &versions("H19.15"), &json!({"source": "QĐ 4", "sessions": []})).await.ok();
        assert_eq!(app.get("officer", days).await.ok()["items"][0]["sessions"][0][0], "07:30");
        app.stop().await;
    }
}

on_both_async! {
    async fn days_go_out_and_come_in_as_a_table(db) {
        let app = TestApp::start(db, NOW).await;
        let csv = |path: String, body: &'static str| app.by("admin", Method::POST, &path).body("text/csv", body).send();
        let path = format!("{}?source=Q%C4%90%2012", versions("H19"));
        let body = "date,kind,name,source\n2026-12-01,closure,\"Ngập, sạt lở\",QĐ 12\n2026-12-05,makeup,Làm bù,QĐ 12\n";
        assert_eq!(csv(path.clone(), body).await.status, 201);
        let table = app.by("officer", Method::GET, "/api/v1/calendars/H19").header("Accept", "text/csv").send().await;
        assert_eq!((table.status, table.header("content-type"), table.body.as_str()), (200, "text/csv; charset=utf-8", body));
        assert_eq!(csv(path.clone(), body).await.ok()["unchanged"], true);
        csv(versions("H19"), body).await.fault("source", "required");
        csv(format!("{}?source=%20", versions("H19")), body).await.fault("source", "empty");
        let bad = "date,kind,name,source\n2026-12-01,closure,Ngập,QĐ\n2026-12-02,makeup,Bù,QĐ\n2026-12-01,holiday,,QĐ\n";
        let faults: Vec<(String, String)> = csv(path.clone(), bad).await.faults();
        let named = |name: &str, code: &str| (name.to_owned(), code.to_owned());
        assert_eq!(faults, [named("line 3: date", "already_working"), named("line 4: date", "duplicate"), named("line 4: name", "empty")]);
        csv(path.clone(), "date,kind,name,source\n2026-12-01,feast,a,b\n").await.fault("line 2: kind", "not_allowed");
        csv(path, "date,kind,name,source\n").await.fault("file", "empty");
        app.stop().await;
    }
}

on_both_async! {
    async fn what_makes_no_sense_is_refused_by_its_row(db) {
        let app = TestApp::start(db, NOW).await;
        let day = |date: &str, kind: &str| json!({"date": date, "kind": kind, "name": "Nghỉ", "source": "QĐ 1"});
        let friday = |sessions: Value| json!([{"weekdays": ["fri"], "sessions": sessions}]);
        let at = |start: &str, end: &str| json!({"start": start, "end": end});
        let every: Vec<Value> = (0..365).map(|n| {
            let date = chrono::NaiveDate::from_yo_opt(2027, n + 1).unwrap();
            day(&date.to_string(), "closure")
        }).collect();
        for (more, name, code) in [
            (json!({"source": " "}), "source", "empty"),
            (json!({"source": null}), "source", "malformed"),
            (json!({"days": [day("2026-11-23", "closure"), day("2026-11-23", "holiday")]}), "days[1].date", "duplicate"),
            (json!({"days": [day("2026-11-21", "closure"), day("2026-11-23", "makeup")]}), "days[1].date", "already_working"),
            (json!({"days": [day("2061-01-03", "closure")]}), "days[0].date", "beyond_calendar"),
            (json!({"days": [day("2026-02-30", "closure")]}), "days[0].date", "malformed"),
            (json!({"days": [day("2026-11-23", "feast")]}), "days[0].kind", "not_allowed"),
            (json!({"days": [{"date": "2026-11-23", "kind": "closure", "name": ""}]}), "days[0].name", "empty"),
            (json!({"days": [{"date": "2026-11-23", "kind": "closure"}]}), "days[0].name", "required"),
            (json!({"year": 2027, "days": [day("2026-11-23", "closure")]}), "days[0].date", "other_year"),
            (json!({"announced": true}), "announced", "conflicting"),
            (json!({"sessions": friday(json!([at("07:30", "11:30"), at("11:00", "17:00")]))}), "sessions[0].sessions[1]", "overlapping"),
            (json!({"sessions": friday(json!([at("13:00", "17:00"), at("11:30", "07:30")]))}), "sessions[0].sessions[1]", "reversed"),
            (json!({"sessions": friday(json!([at("7h30", "11:30")]))}), "sessions[0].sessions[0].start", "malformed"),
            (json!({"sessions": friday(json!([]))}), "sessions", "no_session"),
            (json!({"sessions": [{"weekdays": ["someday"], "sessions": []}]}), "sessions[0].weekdays", "malformed"),
            (json!({"sessions": [{"weekdays": ["mon"], "valid_from": "2027-09-01", "valid_to": "2027-08-31", "sessions": [at("07:30", "11:30")]}]}),
             "sessions[0].valid_to", "reversed"),
            (json!({"days": every}), "days", "no_working_day"),
            (json!({"colour": 1}), "colour", "unknown_field"),
        ] {
            let mut body = json!({"source": "QĐ 1"});
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            for query in ["?dry_run=true", ""] {
                let answer = app.post("commune_admin", &format!("{}{query}", versions("H19.15")), &body).await;
                assert_eq!(answer.faults(), [(name.to_owned(), code.to_owned())], "{body}");
            }
        }
        let named = tried(&app, "commune_admin", "H19.15", &json!({"source": "QĐ 1", "sessions": friday(json!([]))})).await.json();
        assert_eq!(named["invalid_params"][0]["reason"], "Có ngày làm việc không còn buổi làm việc nào; cụ thể: 2000-01-07.");
        // The country takes the hours from under a commune that works on its make-up Saturday: the row that does so is named.
        let no_fridays = json!([{"weekdays": ["fri"], "valid_from": "2027-01-01", "valid_to": "2027-01-31", "sessions": []}]);
        let fridays = ["2027-01-08", "2027-01-15", "2027-01-22", "2027-01-29"].map(|date| day(date, "closure"));
        app.post("commune_admin", &versions("H19.15"), &json!({"source": "QĐ 2", "sessions": no_fridays, "days": fridays})).await.ok();
        let made_up = json!({"source": "TB 3", "days": [day("2027-01-23", "makeup")]});
        tried(&app, "admin", "national", &made_up).await.fault("days[0].date", "no_session");
        assert_eq!(app.get("admin", &versions("national")).await.ok()["count"], 1);
        app.stop().await;
    }
}

on_both_async! {
    async fn a_body_that_is_too_large_or_of_another_kind_is_refused(db) {
        let app = TestApp::start(db, NOW).await;
        let send = |media: &'static str, body: Vec<u8>| {
            app.by("admin", Method::POST, &versions("H19")).body(media, body).send()
        };
        send("application/xml", b"<days/>".to_vec()).await.problem(415, "unsupported_media_type");
        send("application/json", b"{\"source\":".to_vec()).await.problem(400, "malformed_json");
        send("application/json", vec![b' '; 3 * 1024 * 1024]).await.problem(413, "payload_too_large");
        send("text/csv", vec![b'a'; 17 * 1024 * 1024]).await.problem(413, "payload_too_large");
        send("text/csv", b"date\xff".to_vec()).await.problem(400, "invalid_utf8");
        app.post("admin", "/api/v1/calendars/H77/versions", &flood(&["2026-11-23"])).await.problem(404, "not_found");
        app.post("admin", &format!("{}?dry=1", versions("H19")), &flood(&["2026-11-23"])).await.fault("dry", "unknown_field");
        app.post("admin", &format!("{}?source=x", versions("H19")), &flood(&["2026-11-23"])).await.fault("source", "conflicting");
        app.stop().await;
    }
}

on_both_async! {
    async fn the_country_is_published_for_by_a_topmost_unit_and_a_unit_by_its_own(db) {
        let app = TestApp::start(db, NOW).await;
        let body = flood(&["2026-12-01"]);
        for (who, scope, status) in [
            ("officer", "H19.15", 403), ("leader", "H19.15", 403), ("reporter", "H19.15", 403),
            ("commune_admin", "H19.15", 200), ("commune_admin", "H19.16", 403), ("commune_admin", "H19", 403),
            ("commune_admin", "national", 403), ("admin", "national", 200), ("admin", "H19", 200), ("admin", "H19.16", 200),
        ] {
            assert_eq!(tried(&app, who, scope, &body).await.status, status, "{who} for {scope}");
        }
        app.stop().await;
    }
}
