//! Calendars to subscribe to: what stands in them, read back by a parser, and their secret addresses.

use std::collections::BTreeMap;

use actix_web::http::Method;
use chrono::{NaiveDate, TimeDelta};
use icalendar::{Calendar, CalendarDateTime, Component, DatePerhapsTime, Event, EventStatus};
use serde_json::{Value, json};

use crate::support::{Answer, TestApp, on_both_async};

const NOW: &str = "2026-11-20T08:00:00+07:00";

async fn made(app: &TestApp, who: &str, unit: &str) -> Value {
    let made = app.post(who, "/api/v1/feeds", &json!({"unit": unit, "label": "Lịch của trưởng phòng"})).await;
    assert_eq!((made.status, made.header("cache-control")), (201, "no-store"));
    made.json()
}

fn address<'a>(feed: &'a Value, which: &str) -> &'a str {
    feed[which].as_str().unwrap()
}

/// What stands at the address, as anybody may read it.
async fn read(app: &TestApp, address: &str) -> Answer {
    app.call(Method::GET, address).send().await
}

/// The events of a calendar that keeps to the form: CRLF, lines of 75 octets at most, the properties that RFC 5545 asks for.
fn events(answer: &Answer) -> Vec<Event> {
    assert_eq!((answer.status, answer.header("content-type")), (200, "text/calendar; charset=utf-8"));
    assert!(answer.body.ends_with("END:VCALENDAR\r\n"));
    for line in answer.body.split_terminator("\r\n") {
        assert!(line.len() <= 75 && !line.contains(['\r', '\n']), "{} octets: {line}", line.len());
    }
    let calendar: Calendar = answer.body.parse().unwrap();
    for (key, value) in [("VERSION", "2.0"), ("METHOD", "PUBLISH"), ("X-WR-TIMEZONE", "Asia/Ho_Chi_Minh")] {
        assert_eq!(calendar.property_value(key), Some(value));
    }
    let events: Vec<Event> = calendar.events().cloned().collect();
    let ids: std::collections::BTreeSet<&str> = events.iter().map(|event| event.get_uid().unwrap()).collect();
    assert_eq!(ids.len(), events.len(), "no two events have one UID");
    assert!(events.iter().all(|event| event.get_timestamp().is_some() && event.get_sequence().is_some()));
    events
}

/// The same by what they say.
fn by_name(answer: &Answer) -> BTreeMap<String, Event> {
    events(answer).into_iter().map(|event| (event.get_summary().unwrap().to_owned(), event)).collect()
}

/// The same by their days.
fn by_day(answer: &Answer) -> BTreeMap<NaiveDate, Event> {
    events(answer).into_iter().map(|event| (starts_on(&event), event)).collect()
}

fn starts_on(event: &Event) -> NaiveDate {
    match event.get_start() {
        Some(DatePerhapsTime::Date(day)) => day,
        other => panic!("not all day: {other:?}"),
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

on_both_async! {
    async fn a_units_days_are_read_back_from_its_calendar(db) {
        let app = TestApp::start(db, NOW).await;
        let feed = made(&app, "officer", "H19.15").await;
        let answer = read(&app, address(&feed, "calendar")).await;
        assert_eq!(answer.header("cache-control"), "private, no-cache");
        let days = by_day(&answer);
        let of = |text: &str| &days[&day(text)];
        assert_eq!(of("2026-11-24").get_summary(), Some("Nghỉ lễ: Ngày Văn hóa Việt Nam"));
        let makeup = of("2026-08-22");
        assert_eq!(makeup.get_summary(), Some("Làm bù cho 31/8/2026"));
        assert_eq!(makeup.get_status(), Some(EventStatus::Confirmed));
        assert_eq!(makeup.get_end(), Some(DatePerhapsTime::Date(day("2026-08-23"))));
        assert!(makeup.get_description().unwrap().contains("9441/TB-BNV"));
        assert_eq!(makeup.property_value("TRANSP"), Some("TRANSPARENT"));
        let ahead = of("2027-02-06");
        assert_eq!(ahead.get_summary(), Some("Nghỉ Tết Nguyên đán (mùng 1)"));
        assert_eq!(ahead.get_status(), Some(EventStatus::Tentative));
        assert!(ahead.get_description().unwrap().contains("tạm tính"), "{ahead:?}");
        assert!(!days.contains_key(&day("2026-11-21")), "an ordinary weekend is no event");
        // The same days have the same keys in the calendar of tomorrow.
        app.at("2026-11-21T08:00:00+07:00");
        let again = by_day(&read(&app, address(&feed, "calendar")).await);
        let keys = |of: &BTreeMap<NaiveDate, Event>| -> Vec<String> {
            of.values().map(|event| event.get_uid().unwrap().to_owned()).collect()
        };
        assert_eq!(keys(&again), keys(&days));
        app.stop().await;
    }

    async fn due_dates_come_with_code_and_procedure_and_no_person(db) {
        let app = TestApp::start(db, NOW).await;
        let procedure = |code: &str, value: u32, unit: &str| {
            let limits = json!([{"limit": {"value": value, "unit": unit}, "source": "QĐ 1"}]);
            json!({"code": code, "name": "Xác nhận, theo mẫu; bản sao", "sector": "y", "limits": limits})
        };
        app.post("admin", "/api/v1/procedures", &procedure("9.1", 2, "working_day")).await.ok();
        app.post("admin", "/api/v1/procedures", &procedure("9.2", 4, "working_hour")).await.ok();
        app.log("9.1", json!({"code": "L-1"})).await.ok();
        app.log("9.2", json!({"code": "L-2"})).await.ok();
        let elsewhere = json!({"unit": "H19.16", "procedure": "9.1", "code": "K-1", "applicant": {"name": "Trần B"}});
        app.post("neighbour", "/api/v1/dossiers", &elsewhere).await.ok();
        let feed = made(&app, "officer", "H19.15").await;
        let answer = read(&app, address(&feed, "due")).await;
        for secret in ["Hòa", "0912345678", "Cán bộ"] {
            assert!(!answer.body.contains(secret), "{}", answer.body);
        }
        let first = by_name(&answer);
        let by_days = "Hẹn trả trước 17 giờ: L-1, Xác nhận, theo mẫu; bản sao";
        let by_hours = "Hẹn trả trước 13 giờ 30: L-2, Xác nhận, theo mẫu; bản sao";
        assert_eq!(first.keys().collect::<Vec<_>>(), [by_hours, by_days]);
        assert_eq!(starts_on(&first[by_days]), day("2026-11-25"), "24/11 is off");
        let minute = NOW.parse::<chrono::DateTime<chrono::Utc>>().unwrap() + TimeDelta::minutes(330);
        assert_eq!(first[by_hours].get_start(), Some(DatePerhapsTime::DateTime(CalendarDateTime::Utc(minute))));

        app.at("2026-11-20T09:00:00+07:00");
        app.act("L-1", &json!({"act": "pause", "reason": "xác minh", "ground": "NĐ 61/2018 Đ.19"})).await.ok();
        app.act("L-2", &json!({"act": "resolve"})).await.ok();
        let later = by_name(&read(&app, address(&feed, "due")).await);
        assert_eq!(later.keys().collect::<Vec<_>>(), [by_days], "what is resolved is due no more");
        let (was, is) = (&first[by_days], &later[by_days]);
        assert_eq!(is.get_uid(), was.get_uid());
        assert!(is.get_sequence() > was.get_sequence());
        assert_eq!((was.get_status(), is.get_status()), (Some(EventStatus::Confirmed), Some(EventStatus::Tentative)));
        // The province's own calendar holds the communes'.
        let province = made(&app, "leader", "H19").await;
        assert_eq!(events(&read(&app, address(&province, "due")).await).len(), 2);
        app.stop().await;
    }

    async fn who_knows_the_state_is_answered_cheaply(db) {
        let app = TestApp::start(db, NOW).await;
        let feed = made(&app, "officer", "H19.15").await;
        app.log("2.000815", json!({"code": "L-1"})).await.ok();
        for which in ["calendar", "due"] {
            let tag = read(&app, address(&feed, which)).await.header("etag").to_owned();
            let asked = |tag: &str| app.call(Method::GET, address(&feed, which)).header("If-None-Match", tag);
            let known = asked(&tag).send().await;
            assert_eq!((known.status, known.body.as_str(), known.header("etag")), (304, "", tag.as_str()), "{which}");
            assert_eq!(asked(&format!("\"x\", {}", tag.trim_start_matches("W/"))).send().await.status, 304);
            assert_eq!(asked("\"x\"").send().await.status, 200);
        }
        let tag = read(&app, address(&feed, "due")).await.header("etag").to_owned();
        app.act("L-1", &json!({"act": "resolve"})).await.ok();
        let after = app.call(Method::GET, address(&feed, "due")).header("If-None-Match", &tag).send().await;
        assert_eq!(events(&after).len(), 0);
        app.stop().await;
    }

    async fn an_address_is_told_once_and_ends_when_it_is_taken_back(db) {
        let app = TestApp::start(db, NOW).await;
        let feed = made(&app, "officer", "H19.15").await;
        let other = made(&app, "officer", "H19.15").await;
        let secret = address(&feed, "due").split('/').nth(2).unwrap();
        assert_eq!(secret.len(), 64, "256 bits");
        let listed = app.get("leader", "/api/v1/feeds").await;
        assert_eq!(listed.ok()["items"].as_array().unwrap().len(), 2);
        assert!(!listed.body.contains(secret));
        assert_eq!(listed.json()["items"][0]["label"], "Lịch của trưởng phòng");
        assert_eq!(app.get("neighbour", "/api/v1/feeds").await.ok()["items"], json!([]));

        let path = format!("/api/v1/feeds/{}", feed["id"]);
        app.by("neighbour", Method::DELETE, &path).send().await.problem(404, "not_found");
        assert_eq!(app.by("officer", Method::DELETE, &path).send().await.status, 204);
        app.by("officer", Method::DELETE, &path).send().await.problem(404, "not_found");
        let gone = read(&app, address(&feed, "due")).await.problem(404, "not_found");
        let never = read(&app, "/feeds/0000/due.ics").await.problem(404, "not_found");
        assert_eq!((&gone["detail"], &gone["title"]), (&never["detail"], &never["title"]));
        assert_eq!(read(&app, address(&other, "due")).await.status, 200);

        let entries = app.app.read(|c, _| Ok(hentra::store::ledger::ledger_entries(c, None, 0, 1_000)?)).await.unwrap();
        let told: Vec<(&str, &Value)> = entries
            .iter()
            .filter(|(entry, _)| entry.act.starts_with("feed_"))
            .map(|(entry, _)| (entry.act.as_str(), &entry.payload["feed"]))
            .collect();
        assert_eq!(told, [("feed_created", &feed["id"]), ("feed_created", &other["id"]), ("feed_revoked", &feed["id"])]);
        assert!(entries.iter().all(|(entry, _)| !entry.payload.to_string().contains(secret)));
        app.stop().await;
    }

    async fn an_address_shows_what_its_maker_may_see_today(db) {
        let app = TestApp::start(db, NOW).await;
        let feed = made(&app, "officer", "H19.15").await;
        let maker = format!("/api/v1/users/{}", feed["created_by"]);
        let change = async |change: Value| {
            app.by("admin", Method::PATCH, &maker).json(&change).send().await.ok();
            read(&app, address(&feed, "calendar")).await.status
        };
        assert_eq!(change(json!({"role": "reporter"})).await, 404);
        assert_eq!(change(json!({"role": "leader"})).await, 200);
        assert_eq!(change(json!({"unit": "H19.16"})).await, 404);
        assert_eq!(change(json!({"unit": "H19.15", "active": false})).await, 404);
        app.stop().await;
    }

    async fn what_cannot_be_an_address_names_the_field(db) {
        let app = TestApp::start(db, NOW).await;
        app.post("officer", "/api/v1/feeds", &json!({})).await.fault("unit", "required");
        app.post("officer", "/api/v1/feeds", &json!({"unit": "H99"})).await.fault("unit", "unknown_reference");
        app.post("officer", "/api/v1/feeds", &json!({"unit": "H19.15", "label": "a\nb"})).await.fault("label", "bad_characters");
        app.post("officer", "/api/v1/feeds", &json!({"unit": "H19.16"})).await.problem(403, "forbidden");
        app.post("reporter", "/api/v1/feeds", &json!({"unit": "H19"})).await.problem(403, "forbidden");
        app.stop().await;
    }
}
