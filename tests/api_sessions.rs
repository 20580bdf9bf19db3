//! Signing in and out: what holds, what ends, what locks, and what the ledger is told of it.

use actix_web::http::Method;
use futures_util::future::join_all;
use hentra::app::access::sessions::TokenKind;
use hentra::store::ledger;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp, on_both_async};

const NOW: &str = "2026-11-20T08:00:00+07:00";
const SESSIONS: &str = "/api/v1/sessions";
const PASSWORD: &str = "mưa rào tháng bảy";

/// A user with a username and a password; answers the key.
pub(crate) async fn account(app: &TestApp, role: &str, unit: &str, username: &str) -> i64 {
    let new = json!({"name": format!("Người {username}"), "role": role, "unit": unit, "username": username});
    let id = app.post("admin", "/api/v1/users", &new).await.ok()["id"].as_i64().unwrap();
    set_password(app, id, PASSWORD).await;
    id
}

async fn set_password(app: &TestApp, id: i64, password: &str) {
    let body = json!({ "password": password });
    let set = app.by("admin", Method::PUT, &format!("/api/v1/users/{id}/password")).json(&body).send().await;
    assert_eq!(set.status, 204, "{}", set.body);
}

pub(crate) async fn sign_in(app: &TestApp, username: &str, password: &str) -> Answer {
    let body = json!({"username": username, "password": password});
    app.call(Method::POST, SESSIONS).json(&body).send().await
}

pub(crate) async fn session(app: &TestApp, username: &str) -> String {
    sign_in(app, username, PASSWORD).await.ok()["token"].as_str().unwrap().to_owned()
}

pub(crate) async fn with(app: &TestApp, token: &str, method: Method, path: &str) -> Answer {
    app.call(method, path).header("Authorization", &format!("Bearer {token}")).send().await
}

/// Act and payload of every entry about access, in order.
pub(crate) async fn recorded(app: &TestApp) -> Vec<(String, Value)> {
    let all = app.app.read(|c, _| Ok(ledger::ledger_entries(c, None, 0, i64::MAX)?)).await.unwrap();
    hentra::domain::ledger::verify(&all).unwrap();
    all.into_iter().filter(|(of, _)| of.dossier_id.is_none()).map(|(of, _)| (of.act, of.payload)).collect()
}

async fn acts(app: &TestApp) -> Vec<String> {
    recorded(app).await.into_iter().map(|(act, _)| act).collect()
}

fn count(acts: &[String], act: &str) -> usize {
    acts.iter().filter(|of| *of == act).count()
}

on_both_async! {
    async fn a_session_works_as_any_token_until_it_is_left_alone_or_grows_old(db) {
        let app = TestApp::start(db, NOW).await;
        let id = account(&app, "leader", "H19.15", "Hồng.Lê").await;
        let opened = sign_in(&app, "hong.le", PASSWORD).await;
        assert_eq!((opened.status, opened.header("cache-control")), (201, "no-store"));
        assert_eq!(opened.header("location"), "/api/v1/sessions/current");
        let told = opened.json();
        assert_eq!(told["expires_at"], "2026-11-20T20:00:00+07:00");
        assert_eq!(told["idle_until"], "2026-11-20T09:00:00+07:00");
        assert_eq!((&told["user"]["id"], &told["user"]["username"]), (&json!(id), &json!("Hồng.Lê")));
        let token = told["token"].as_str().unwrap();
        assert!(token.strip_prefix("hentra_").is_some_and(|hex| hex.len() == 64), "{}", token.len());
        let current = || with(&app, token, Method::GET, "/api/v1/sessions/current");
        let now = current().await.ok();
        assert_eq!((&now["kind"], &now["user"]["role"]), (&json!(TokenKind::Session), &json!("leader")));
        assert_eq!(now["may"], json!(["read", "see_applicant", "handle", "correct_closed", "try_rules", "seal"]));
        with(&app, token, Method::GET, "/api/v1/dossiers").await.ok();
        // Used each 59 minutes it lives on; its use is written down on the way.
        for at in ["08:59", "09:58", "10:57", "11:56", "12:55", "13:54", "14:53", "15:52", "16:51", "17:50", "18:49", "19:48"] {
            app.at(&format!("2026-11-20T{at}:00+07:00"));
            assert_eq!(current().await.status, 200, "{at}");
            // Whatever is written after it is durable after it.
            app.get("admin", "/api/v1/users").await.ok();
            app.post("admin", "/api/v1/units", &json!({"code": "H19.16", "name": "Phường", "parent": "H19"})).await.ok();
        }
        app.at("2026-11-20T20:00:00+07:00");
        current().await.problem(401, "unauthenticated");
        let token = session(&app, "hong.le").await;
        app.at("2026-11-20T21:00:00+07:00");
        with(&app, &token, Method::GET, "/api/v1/sessions/current").await.problem(401, "unauthenticated");
        app.stop().await;
    }
}

on_both_async! {
    async fn unknown_wrong_and_locked_are_answered_alike(db) {
        let app = TestApp::start(db, NOW).await;
        let id = account(&app, "officer", "H19.15", "lan.nguyen").await;
        account(&app, "officer", "H19.15", "mai").await;
        let gone = app.by("admin", Method::PATCH, &format!("/api/v1/users/{}", account(&app, "officer", "H19.15", "gone").await));
        gone.json(&json!({"active": false})).send().await.ok();
        app.post("admin", "/api/v1/users", &json!({"name": "A", "role": "officer", "unit": "H19.15", "username": "no.password"})).await.ok();
        let mut answers = Vec::new();
        for (username, password) in [("nobody", PASSWORD), ("mai", "wrong password"), ("gone", PASSWORD), ("no.password", PASSWORD), ("what is this", "x")] {
            answers.push(sign_in(&app, username, password).await);
        }
        for _ in 0..5 {
            answers.push(sign_in(&app, "lan.nguyen", "wrong password").await);
        }
        // Locked now: the right password is no help, and makes no difference.
        answers.push(sign_in(&app, "lan.nguyen", PASSWORD).await);
        for answer in &answers {
            answer.problem(401, "sign_in_failed");
            assert_eq!(answer.body, answers[0].body);
            let names = |of: &Answer| of.headers.keys().cloned().collect::<Vec<_>>();
            assert_eq!(names(answer), names(&answers[0]));
            assert_eq!(answer.header("retry-after"), "");
        }
        let seen = app.get("admin", &format!("/api/v1/users/{id}")).await.ok();
        assert_eq!(seen["locked_until"], "2026-11-20T08:01:00+07:00");
        app.at("2026-11-20T08:00:59+07:00");
        sign_in(&app, "lan.nguyen", PASSWORD).await.problem(401, "sign_in_failed");
        app.at("2026-11-20T08:01:00+07:00");
        sign_in(&app, "lan.nguyen", "wrong again").await.problem(401, "sign_in_failed");
        // The sixth failure locks for twice as long.
        app.at("2026-11-20T08:02:59+07:00");
        sign_in(&app, "lan.nguyen", PASSWORD).await.problem(401, "sign_in_failed");
        app.at("2026-11-20T08:03:00+07:00");
        session(&app, "lan.nguyen").await;
        // A success forgets the failures.
        sign_in(&app, "lan.nguyen", "wrong").await.problem(401, "sign_in_failed");
        session(&app, "lan.nguyen").await;
        let acts = acts(&app).await;
        assert_eq!((count(&acts, "account_locked"), count(&acts, "signed_in")), (2, 2));
        // Mai's one, Lan's seven, and one that tells of those counted.
        assert_eq!(count(&acts, "sign_in_failed"), 9);
        app.stop().await;
    }
}

on_both_async! {
    async fn an_administrator_opens_a_lock_and_a_lock_ends_no_session(db) {
        let app = TestApp::start(db, NOW).await;
        let id = account(&app, "officer", "H19.15", "lan.nguyen").await;
        let held = session(&app, "lan.nguyen").await;
        for _ in 0..5 {
            sign_in(&app, "lan.nguyen", "wrong password").await.problem(401, "sign_in_failed");
        }
        with(&app, &held, Method::GET, "/api/v1/sessions/current").await.ok();
        let unlock = || app.by("commune_admin", Method::DELETE, &format!("/api/v1/users/{id}/lock")).send();
        assert_eq!((unlock().await.status, unlock().await.status), (204, 204));
        session(&app, "lan.nguyen").await;
        assert_eq!(count(&acts(&app).await, "account_unlocked"), 1);
        for _ in 0..5 {
            sign_in(&app, "lan.nguyen", "wrong password").await.problem(401, "sign_in_failed");
        }
        set_password(&app, id, "nắng ấm sân trường").await;
        sign_in(&app, "lan.nguyen", "nắng ấm sân trường").await.ok();
        app.stop().await;
    }
}

on_both_async! {
    async fn guesses_that_race_are_counted_one_by_one(db) {
        let app = TestApp::start(db, NOW).await;
        account(&app, "officer", "H19.15", "lan.nguyen").await;
        let before = acts(&app).await.len();
        let guesses = join_all((0..16).map(|n| {
            let app = &app;
            async move { sign_in(app, "lan.nguyen", &format!("guess number {n}")).await }
        }));
        for answer in guesses.await {
            answer.problem(401, "sign_in_failed");
        }
        sign_in(&app, "lan.nguyen", PASSWORD).await.problem(401, "sign_in_failed");
        let after = &acts(&app).await[before..];
        // Five were judged; the others came behind the lock and are one entry of the tally.
        assert_eq!((count(after, "sign_in_failed"), count(after, "account_locked")), (6, 1), "{after:?}");
        app.stop().await;
    }
}

on_both_async! {
    async fn a_flood_of_unknown_names_is_counted_and_no_name_is_kept(db) {
        let app = TestApp::start(db, NOW).await;
        let before = recorded(&app).await.len();
        for n in 0..12 {
            sign_in(&app, &format!("mật khẩu của tôi {n}"), "x").await.problem(401, "sign_in_failed");
        }
        let told = &recorded(&app).await[before..];
        assert_eq!(told, [("sign_in_failed".to_owned(), json!({"unknown_usernames": 1, "turned_away": 0}))]);
        app.at("2026-11-20T08:10:00+07:00");
        sign_in(&app, "matkhaucuatoi", "x").await.problem(401, "sign_in_failed");
        let told = &recorded(&app).await[before..];
        assert_eq!(told[1].1, json!({"unknown_usernames": 12, "turned_away": 0}));
        assert_eq!(told.len(), 2);
        assert!(!format!("{told:?}").contains("khau"), "{told:?}");
        app.stop().await;
    }
}

on_both_async! {
    async fn nothing_secret_stands_in_the_ledger(db) {
        let app = TestApp::start(db, NOW).await;
        let id = account(&app, "officer", "H19.15", "lan.nguyen").await;
        let token = session(&app, "lan.nguyen").await;
        sign_in(&app, "lan.nguyen", "a wrong password").await.problem(401, "sign_in_failed");
        let issued = app.post("admin", &format!("/api/v1/users/{id}/tokens"), &json!({"label": "máy quét"})).await.ok();
        assert_eq!(with(&app, &token, Method::DELETE, "/api/v1/sessions/current").await.status, 204);
        with(&app, &token, Method::GET, "/api/v1/sessions/current").await.problem(401, "unauthenticated");
        let all = recorded(&app).await;
        let of_lan: Vec<&str> = all.iter().filter(|(_, of)| of["user"] == id).map(|(act, _)| act.as_str()).collect();
        assert_eq!(of_lan, ["user_added", "password_set", "signed_in", "sign_in_failed", "token_issued", "signed_out"]);
        let text = format!("{all:?}");
        for secret in [PASSWORD, "a wrong password", &token, issued["token"].as_str().unwrap(), "argon2", "$", "hentra_"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        for digest in [&token, issued["token"].as_str().unwrap()].map(|of| hentra::domain::ledger::sha256_hex(of.as_bytes())) {
            assert!(!text.contains(&digest), "a digest in {text}");
        }
        app.stop().await;
    }
}

on_both_async! {
    async fn what_cannot_be_a_sign_in_names_its_fields(db) {
        let app = TestApp::start(db, NOW).await;
        let before = recorded(&app).await.len();
        let long = "x".repeat(1_000_000);
        for (body, faults) in [
            (json!({}), vec![("username", "required"), ("password", "required")]),
            (json!({"username": "", "password": ""}), vec![("username", "empty"), ("password", "empty")]),
            (json!({"username": " \t", "password": "x"}), vec![("username", "empty")]),
            (json!({"username": long, "password": long}), vec![("username", "too_long"), ("password", "too_long")]),
            (json!({"username": "a\u{0}b", "password": "c\u{0}d"}), vec![("username", "bad_characters"), ("password", "bad_characters")]),
            (json!({"username": 7, "password": ["x"]}), vec![("username", "malformed"), ("password", "malformed")]),
            (json!({"username": "lan", "password": "x", "remember": true}), vec![("remember", "unknown_field")]),
        ] {
            let answer = app.call(Method::POST, SESSIONS).json(&body).send().await;
            let mut told = answer.faults();
            let mut faults: Vec<_> = faults.into_iter().map(|(name, code)| (name.to_owned(), code.to_owned())).collect();
            told.sort();
            faults.sort();
            assert_eq!(told, faults);
        }
        app.call(Method::POST, &format!("{SESSIONS}?username=lan")).json(&json!({})).send().await.fault("username", "unknown_field");
        let plain = app.call(Method::POST, SESSIONS).body("text/plain", "x").send().await;
        plain.problem(415, "unsupported_media_type");
        app.get("officer", SESSIONS).await.problem(405, "method_not_allowed");
        assert_eq!(recorded(&app).await.len(), before);
        app.stop().await;
    }
}

on_both_async! {
    async fn a_token_tells_the_day_of_its_last_use(db) {
        let app = TestApp::start(db, NOW).await;
        let id = account(&app, "officer", "H19.15", "lan.nguyen").await;
        let issued = app.post("admin", &format!("/api/v1/users/{id}/tokens"), &json!({})).await.ok();
        let last_used = || async {
            let all = app.get("admin", &format!("/api/v1/users/{id}/tokens")).await.ok();
            all["items"][0]["last_used_on"].clone()
        };
        assert_eq!((&issued["last_used_on"], last_used().await), (&Value::Null, Value::Null));
        let token = issued["token"].as_str().unwrap();
        for (at, day) in [(NOW, "2026-11-20"), ("2026-11-20T23:59:59+07:00", "2026-11-20"), ("2026-11-21T00:00:00+07:00", "2026-11-21")] {
            app.at(at);
            with(&app, token, Method::GET, "/api/v1/units").await.ok();
            // The writer takes one after the other: this is written after the use was.
            app.post("admin", "/api/v1/units", &json!({"code": "H19.16", "name": "Phường", "parent": "H19"})).await.ok();
            assert_eq!(last_used().await, day);
        }
        app.stop().await;
    }
}
