//! The page of calendars to subscribe to: made once, shown once, taken back; and nobody's but those who handle dossiers.

use actix_web::http::Method;

use crate::support::browsing::{Browser, SCRIPT, is_safe, says, value, value_of, went};
use crate::support::{TestApp, on_both_async};

/// A Friday.
const MORNING: &str = "2026-11-20T08:00:00+07:00";
const PATH: &str = "/account/feeds";

/// The path of a calendar whose address stands on a page.
#[track_caller]
fn address<'a>(page: &'a str, which: &str) -> &'a str {
    let field = page.split(&format!("id=\"{which}-address\" value=\"")).nth(1);
    let address = field.unwrap_or_else(|| panic!("no {which}: {page}")).split('"').next().unwrap();
    &address[address.find("/feeds/").unwrap()..]
}

on_both_async! {
    async fn an_address_is_shown_once_and_opens_both_calendars_until_it_is_taken_back(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut officer = Browser::signed_in(&app, "officer").await;
        says(&officer.page("/account").await, PATH);
        let page = officer.page(PATH).await;
        says(&page, "Chưa có địa chỉ nào");
        let fields = [("key", value_of(&page, PATH, "key")), ("unit", "H19.15"), ("label", SCRIPT)];
        let made = officer.post(PATH, &fields).await;
        assert_eq!((made.status, made.header("cache-control")), (200, "no-store"), "{}", made.body);
        says(&made.body, "Đăng ký theo địa chỉ (URL)");
        says(&made.body, "webcal://");
        let (due, days) = (address(&made.body, "due").to_owned(), address(&made.body, "calendar").to_owned());
        for calendar in [&due, &days] {
            let read = app.call(Method::GET, calendar).send().await;
            assert_eq!((read.status, read.header("content-type")), (200, "text/calendar; charset=utf-8"), "{calendar}");
        }
        let list = officer.page(PATH).await;
        is_safe(&list);
        assert!(!list.contains(due.split('/').nth(2).unwrap()), "the secret is shown once");
        assert_eq!(list.matches("/revoke\"").count(), 1);
        let id = list.split("/account/feeds/").nth(1).unwrap().split('/').next().unwrap().to_owned();
        assert_eq!(went(&officer.post(&format!("{PATH}/{id}/revoke"), &[]).await), "/account/feeds?done=revoked");
        assert_eq!(app.call(Method::GET, &due).send().await.status, 404);
        assert_eq!(officer.post(&format!("{PATH}/{id}/revoke"), &[]).await.status, 404);
        assert_eq!(officer.post(&format!("{PATH}/x/revoke"), &[]).await.status, 404);
        app.stop().await;
    }

    async fn a_form_sent_twice_makes_one_address(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut officer = Browser::signed_in(&app, "officer").await;
        let page = officer.page(PATH).await;
        let key = value_of(&page, PATH, "key").to_owned();
        let fields = [("key", key.as_str()), ("unit", "H19.15"), ("label", "điện thoại")];
        assert_eq!(officer.post(PATH, &fields).await.status, 200);
        let twice = went(&officer.post(PATH, &fields).await);
        assert!(twice.starts_with("/account/feeds?done=made_before#feed-"), "{twice}");
        let list = officer.page("/account/feeds?done=made_before").await;
        says(&list, "chỉ hiện một lần");
        says(&list, &format!("id=\"{}\"", twice.split('#').nth(1).unwrap()));
        assert_eq!(list.matches("/revoke\"").count(), 1);
        // The browser went back, and something else was typed into the same form.
        let other = officer.post(PATH, &[("key", &key), ("unit", "H19.15"), ("label", "phòng họp")]).await;
        assert_eq!(other.status, 422, "{}", other.body);
        says(&other.body, "value=\"phòng họp\"");
        let again = value_of(&other.body, PATH, "key").to_owned();
        assert_ne!(again, key);
        assert_eq!(officer.post(PATH, &[("key", &again), ("unit", "H19.15"), ("label", "phòng họp")]).await.status, 200);
        // The same key of somebody else is another.
        let mut leader = Browser::signed_in(&app, "leader").await;
        leader.page(PATH).await;
        assert_eq!(leader.post(PATH, &[("key", &key), ("unit", "H19"), ("label", "x")]).await.status, 200);
        app.stop().await;
    }

    async fn nobody_makes_one_outside_or_without_the_right_or_from_elsewhere(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut officer = Browser::signed_in(&app, "officer").await;
        officer.page(PATH).await;
        assert_eq!(officer.post(PATH, &[("unit", "H19.16")]).await.status, 403);
        let unknown = officer.post(PATH, &[("unit", "H99"), ("label", SCRIPT)]).await;
        assert_eq!(unknown.status, 400);
        says(&unknown.body, "feed-unit-fault");
        is_safe(&unknown.body);
        let long = "x".repeat(201);
        let wrong = officer.post(PATH, &[("unit", "H19.15"), ("label", &long)]).await;
        assert_eq!(wrong.status, 400);
        says(&wrong.body, "feed-label-fault");
        says(&wrong.body, &long);
        officer.form_token = "x".to_owned();
        assert_eq!(officer.post(PATH, &[("unit", "H19.15")]).await.status, 403);
        let mut reporter = Browser::signed_in(&app, "reporter").await;
        assert!(!reporter.page("/account").await.contains(PATH));
        assert_eq!(reporter.get(PATH).await.status, 403);
        assert_eq!(reporter.post(PATH, &[("unit", "H19")]).await.status, 403);
        let mut nobody = Browser::of(&app);
        assert_eq!(nobody.get(PATH).await.header("location"), "/sign-in?next=%2Faccount%2Ffeeds");
        let mut officer = Browser::signed_in(&app, "officer").await;
        assert!(value(&officer.page(PATH).await, "key").starts_with("form-"));
        assert_eq!(officer.page(PATH).await.matches("/revoke\"").count(), 0, "nothing was made");
        app.stop().await;
    }
}
