//! The door: signing in and out, who is let in, what a form has to carry, and that nothing typed is lost when a session ends.

use actix_web::http::Method;
use hentra::app::access::user_changes::{UserChange, user_change};

use crate::support::browsing::{Browser, PASSWORD};
use crate::support::{TestApp, on_both_async};

const MORNING: &str = "2026-11-20T08:00:00+07:00";

on_both_async! {
    async fn one_signs_in_and_out_again(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut browser = Browser::signed_in(&app, "officer").await;
        let home = browser.get("/").await;
        let home = browser.follow(&home).await;
        assert_eq!(home.status, 200);
        assert!(home.body.contains("Cán bộ officer") && home.body.contains("Phường Phước Long"), "{}", home.body);
        let policy = home.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(home.header("cache-control"), "no-store");
        let out = browser.post("/sign-out", &[]).await;
        assert_eq!((out.status, out.header("location")), (303, "/sign-in"));
        let again = browser.get("/queue").await;
        assert_eq!((again.status, again.header("location")), (303, "/sign-in?next=%2Fqueue"));
        app.stop().await;
    }

    async fn the_cookie_is_for_no_script_and_a_token_is_no_session(db) {
        let app = TestApp::start(db, MORNING).await;
        Browser::signed_in(&app, "officer").await;
        let form = format!("username=officer&password={}", PASSWORD.replace(' ', "+"));
        let answer = app.call(Method::POST, "/sign-in").header("X-Forwarded-Proto", "https")
            .body("application/x-www-form-urlencoded", form).send().await;
        let cookie = answer.header("set-cookie");
        for part in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        // A program's token, which never ends, opens no pages.
        let answer = app.call(Method::GET, "/queue").header("Cookie", &format!("hentra_session={}", app.token("officer"))).send().await;
        assert_eq!(answer.status, 303);
        app.stop().await;
    }

    async fn a_refused_sign_in_says_the_same_whatever_is_wrong(db) {
        let app = TestApp::start(db, MORNING).await;
        Browser::signed_in(&app, "officer").await;
        let mut stranger = Browser::of(&app);
        let said = |body: &str| body.split(r#"role="alert">"#).nth(1).unwrap().split('<').next().unwrap().to_owned();
        let wrong = stranger.post("/sign-in", &[("username", "officer"), ("password", "nham-lan-nay")]).await;
        let unknown = stranger.post("/sign-in", &[("username", "nobody"), ("password", "nham-lan-nay")]).await;
        assert_eq!((wrong.status, unknown.status), (401, 401));
        assert_eq!(said(&wrong.body), said(&unknown.body));
        assert!(wrong.body.contains(r#"value="officer""#), "what was typed is kept");
        assert!(!wrong.body.contains("nham-lan-nay"), "but not the password");
        let empty = stranger.post("/sign-in", &[("username", ""), ("password", "")]).await;
        assert!(empty.body.contains("username-fault") && empty.body.contains("password-fault"), "{}", empty.body);
        let script = stranger.post("/sign-in", &[("username", "\"><script>alert(1)</script>"), ("password", "x")]).await;
        assert!(!script.body.contains("<script>alert"), "{}", script.body);
        app.stop().await;
    }

    async fn a_form_of_elsewhere_is_not_taken(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut browser = Browser::signed_in(&app, "officer").await;
        let token = std::mem::replace(&mut browser.form_token, "0".repeat(32));
        let forged = browser.post("/sign-out", &[]).await;
        assert_eq!(forged.status, 403);
        let foreign = app.call(Method::POST, "/sign-in").header("Origin", "https://evil.example")
            .body("application/x-www-form-urlencoded", "username=officer&password=x").send().await;
        assert_eq!(foreign.status, 403);
        browser.form_token = token;
        assert_eq!(browser.get("/").await.header("location"), "/queue", "the session goes on");
        app.stop().await;
    }

    async fn what_was_typed_is_kept_when_the_session_ended_meanwhile(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut browser = Browser::signed_in(&app, "officer").await;
        app.at("2026-11-20T10:00:00+07:00");
        let late = browser.post("/counter", &[("name", "Nguyễn \"Thị\" <b>Hòa</b>"), ("procedure", "2.000815")]).await;
        assert_eq!(late.status, 401);
        assert!(late.body.contains("Nguyễn &#34;Thị&#34; &#60;b&#62;Hòa"), "{}", late.body);
        let kept = [("username", "officer"), ("password", PASSWORD), ("kept_to", "/counter"), ("kept.name", "Nguyễn \"Thị\" <b>Hòa</b>"),
            ("kept.form_token", "of the session that is over")];
        let mistyped = browser.post("/sign-in", &[("username", "officer"), ("password", "nham-lan-nay"), kept[2], kept[3]]).await;
        assert!(mistyped.body.contains(r#"name="kept.name" value="Nguyễn"#), "kept over a mistyped password, too");
        browser.form_token.clear();
        let again = browser.post("/sign-in", &kept).await;
        assert_eq!(again.status, 200);
        assert!(again.body.contains(r#"action="/counter""#) && again.body.contains(r#"name="name" value="Nguyễn &#34;Thị"#), "{}", again.body);
        assert_eq!(again.body.matches("of the session that is over").count(), 0);
        assert_eq!(browser.form_token.len(), 32, "the page has the token of the new session");
        app.stop().await;
    }

    async fn somebody_put_out_is_out_at_once(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut browser = Browser::signed_in(&app, "officer").await;
        let id = hentra::app::access::authenticate(&app.app, app.token("officer")).await.unwrap().user_id;
        let out = UserChange { active: Some(false), ..UserChange::default() };
        user_change(&app.app, id, out, None).await.unwrap();
        assert_eq!(browser.get("/queue").await.status, 303);
        assert_eq!(browser.post("/counter", &[("name", "x")]).await.status, 401);
        app.stop().await;
    }

    async fn the_language_is_chosen_and_kept(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut browser = Browser::of(&app);
        assert!(browser.page("/sign-in").await.contains("<html lang=\"vi\">"));
        let answer = browser.get("/language?to=en&back=%2Fsign-in").await;
        assert_eq!((answer.status, answer.header("location")), (303, "/sign-in"));
        assert!(browser.page("/sign-in").await.contains("<html lang=\"en\">"));
        let away = browser.get("/language?to=vi&back=%2F%2Fevil.example").await;
        assert_eq!(away.header("location"), "/");
        app.stop().await;
    }

    async fn an_address_of_nothing_is_a_page_for_readers_and_a_problem_for_programs(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut browser = Browser::of(&app);
        let page = browser.get("/khong-co").await;
        assert_eq!(page.status, 404);
        assert!(page.body.contains("Không có trang này"), "{}", page.body);
        app.call(Method::GET, "/khong-co").send().await.problem(404, "unknown_address");
        app.call(Method::GET, "/api/v2/x").header("Accept", "text/html").send().await.problem(404, "unknown_address");
        app.call(Method::DELETE, "/healthz").send().await.problem(405, "method_not_allowed");
        app.stop().await;
    }

    async fn style_and_script_may_be_kept_for_ever(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut browser = Browser::of(&app);
        let page = browser.page("/sign-in").await;
        let mut weight = page.len();
        for address in page.split('"').filter(|of| of.starts_with("/static/")) {
            let file = browser.get(address).await;
            assert_eq!(file.status, 200);
            assert!(file.header("cache-control").contains("immutable"));
            weight += file.body.len();
        }
        // A page may weigh 60 kB with them; this leaves the larger ones their part.
        assert!(weight < 40_000, "{weight}");
        assert_eq!(browser.get("/static/style.0000000000000000.css").await.status, 404);
        app.stop().await;
    }
}
