//! Users, their passwords and tokens: kept by administrators within their own units, and by nobody beyond.

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::api_sessions::{account, recorded, session, sign_in, with};
use crate::support::{Answer, TestApp, on_both_async};

const NOW: &str = "2026-11-20T08:00:00+07:00";
const USERS: &str = "/api/v1/users";

async fn patch(app: &TestApp, who: &str, id: impl std::fmt::Display, change: Value) -> Answer {
    app.by(who, Method::PATCH, &format!("{USERS}/{id}")).json(&change).send().await
}

async fn me(app: &TestApp, who: &str) -> Value {
    app.get(who, "/api/v1/sessions/current").await.ok()["user"]["id"].clone()
}

fn lan(more: Value) -> Value {
    let mut body = json!({"name": "Nguyễn Thị Lan", "role": "officer", "unit": "H19.15"});
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

on_both_async! {
    async fn a_user_is_added_found_changed_and_let_go(db) {
        let app = TestApp::start(db, NOW).await;
        let new = lan(json!({"email": "lan@phuoclong.example.vn", "username": "Lan.Nguyễn", "language": "en"}));
        let made = app.post("commune_admin", USERS, &new).await;
        assert_eq!(made.status, 201);
        let user = made.json();
        let id = user["id"].as_i64().unwrap();
        assert_eq!(made.header("location"), format!("{USERS}/{id}"));
        assert_eq!(user, json!({
            "id": id, "name": "Nguyễn Thị Lan", "username": "Lan.Nguyễn", "email": "lan@phuoclong.example.vn", "role": "officer",
            "unit": "H19.15", "language": "en", "active": true, "has_password": false, "locked_until": null, "created_at": NOW,
        }));
        assert_eq!(app.get("admin", made.header("location")).await.ok(), user);
        let changed = patch(&app, "admin", id, json!({"name": "Nguyễn Lan", "role": "leader", "unit": "H19", "email": null})).await.ok();
        assert_eq!((&changed["role"], &changed["unit"], &changed["email"]), (&json!("leader"), &json!("H19"), &Value::Null));
        assert_eq!(changed["username"], "Lan.Nguyễn");
        // What changes nothing is no entry.
        patch(&app, "admin", id, json!({"name": "Nguyễn Lan"})).await.ok();
        patch(&app, "admin", id, json!({})).await.ok();
        patch(&app, "admin", id, json!({"username": null})).await.ok();
        let all = recorded(&app).await;
        let of_lan: Vec<&(String, Value)> = all.iter().filter(|(_, of)| of["user"] == id).collect();
        let acts: Vec<&str> = of_lan.iter().map(|(act, _)| act.as_str()).collect();
        assert_eq!(acts, ["user_added", "user_changed", "user_changed"]);
        let (before, after) = (&of_lan[1].1["before"], &of_lan[1].1["after"]);
        assert_eq!((&before["role"], &before["unit"], &before["email"]), (&json!("officer"), &json!("H19.15"), &json!("lan@phuoclong.example.vn")));
        assert_eq!((&after["role"], &after["unit"], &after["name"]), (&json!("leader"), &json!("H19"), &json!("Nguyễn Lan")));
        assert_eq!((&of_lan[2].1["before"]["username"], &of_lan[2].1["after"]["username"]), (&json!("Lan.Nguyễn"), &Value::Null));
        app.stop().await;
    }
}

on_both_async! {
    async fn lists_hold_the_units_of_the_reader_and_go_on(db) {
        let app = TestApp::start(db, NOW).await;
        let names = |of: &Value| of["items"].as_array().unwrap().iter().map(|of| of["unit"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        let own = app.get("commune_admin", USERS).await.ok();
        assert_eq!((&own["count"], names(&own)), (&json!(2), vec!["H19.15".into(), "H19.15".into()]));
        let mut seen = Vec::new();
        let mut path = format!("{USERS}?limit=4");
        loop {
            let page = app.get("admin", &path).await.ok();
            assert_eq!(page["count"], 6);
            seen.extend(page["items"].as_array().unwrap().iter().map(|of| of["id"].as_i64().unwrap()));
            let Some(next) = page["next"].as_str() else { break };
            path = format!("{USERS}?limit=4&cursor={next}");
        }
        assert_eq!(seen, [1, 2, 3, 4, 5, 6]);
        assert_eq!(names(&app.get("admin", &format!("{USERS}?unit=H19.16")).await.ok()), ["H19.16"]);
        patch(&app, "admin", 2, json!({"active": false})).await.ok();
        assert_eq!(app.get("admin", &format!("{USERS}?active=false")).await.ok()["items"][0]["id"], 2);
        assert_eq!(app.get("admin", &format!("{USERS}?active=true")).await.ok()["count"], 5);
        app.get("admin", &format!("{USERS}?cursor=x")).await.fault("cursor", "malformed");
        app.get("admin", &format!("{USERS}?unit=H99")).await.fault("unit", "unknown_reference");
        app.get("admin", &format!("{USERS}?q=lan")).await.fault("q", "unknown_field");
        app.stop().await;
    }
}

on_both_async! {
    async fn nobody_gives_rights_beyond_their_own_units(db) {
        let app = TestApp::start(db, NOW).await;
        for unit in ["H19", "H19.16"] {
            app.post("commune_admin", USERS, &lan(json!({"unit": unit}))).await.problem(403, "forbidden");
            patch(&app, "commune_admin", me(&app, "officer").await, json!({"unit": unit})).await.problem(403, "forbidden");
            patch(&app, "commune_admin", me(&app, "commune_admin").await, json!({"unit": unit})).await.problem(403, "forbidden");
        }
        for who in ["neighbour", "admin", "leader"] {
            let id = me(&app, who).await;
            patch(&app, "commune_admin", &id, json!({"role": "reporter"})).await.problem(404, "not_found");
            app.get("commune_admin", &format!("{USERS}/{id}")).await.problem(404, "not_found");
            app.post("commune_admin", &format!("{USERS}/{id}/tokens"), &json!({})).await.problem(404, "not_found");
        }
        for id in ["0", "-1", "99", "99999999999999999999", "x", "%00"] {
            app.get("admin", &format!("{USERS}/{id}")).await.problem(404, "not_found");
            app.by("admin", Method::DELETE, &format!("{USERS}/1/tokens/{id}")).send().await.problem(404, "not_found");
        }
        app.stop().await;
    }
}

on_both_async! {
    async fn everybody_sees_their_own_account_and_ends_their_own_tokens(db) {
        let app = TestApp::start(db, NOW).await;
        let id = account(&app, "reporter", "H19.15", "lan.nguyen").await;
        let (held, other) = (session(&app, "lan.nguyen").await, session(&app, "lan.nguyen").await);
        with(&app, &held, Method::GET, &format!("{USERS}/{id}")).await.ok();
        let tokens = with(&app, &held, Method::GET, &format!("{USERS}/{id}/tokens")).await.ok();
        let items = tokens["items"].as_array().unwrap();
        assert_eq!((items.len(), &items[0]["kind"]), (2, &json!("session")));
        assert!(!tokens.to_string().contains("hentra_") && !tokens.to_string().contains("digest"), "{tokens}");
        let ended = with(&app, &held, Method::DELETE, &format!("{USERS}/{id}/tokens/{}", items[1]["id"])).await;
        assert_eq!(ended.status, 204);
        with(&app, &other, Method::GET, "/api/v1/units").await.problem(401, "unauthenticated");
        // One's own rights, and new tokens, are for others to give.
        let own = |method, path: &str| app.call(method, &format!("{USERS}/{id}{path}")).header("Authorization", &format!("Bearer {held}"));
        own(Method::PATCH, "").json(&json!({"role": "admin"})).send().await.problem(403, "forbidden");
        own(Method::POST, "/tokens").json(&json!({})).send().await.problem(403, "forbidden");
        own(Method::DELETE, "/lock").send().await.problem(403, "forbidden");
        let foreign = me(&app, "officer").await;
        with(&app, &held, Method::DELETE, &format!("{USERS}/{foreign}/tokens/1")).await.problem(403, "forbidden");
        app.stop().await;
    }
}

on_both_async! {
    async fn who_is_let_go_is_out_at_once_and_for_good(db) {
        let app = TestApp::start(db, NOW).await;
        let id = account(&app, "officer", "H19.15", "lan.nguyen").await;
        let held = session(&app, "lan.nguyen").await;
        let issued = app.post("admin", &format!("{USERS}/{id}/tokens"), &json!({})).await.ok();
        let token = issued["token"].as_str().unwrap();
        patch(&app, "commune_admin", id, json!({"active": false})).await.ok();
        for token in [&held, token] {
            with(&app, token, Method::GET, "/api/v1/units").await.problem(401, "unauthenticated");
        }
        sign_in(&app, "lan.nguyen", "mưa rào tháng bảy").await.problem(401, "sign_in_failed");
        app.post("admin", &format!("{USERS}/{id}/tokens"), &json!({})).await.problem(409, "user_inactive");
        let all = recorded(&app).await;
        let change = all.iter().rfind(|(act, _)| act == "user_changed").unwrap();
        assert_eq!((&change.1["after"]["active"], &change.1["tokens_ended"]), (&json!(false), &json!(2)));
        patch(&app, "commune_admin", id, json!({"active": true})).await.ok();
        for token in [&held, token] {
            with(&app, token, Method::GET, "/api/v1/units").await.problem(401, "unauthenticated");
        }
        session(&app, "lan.nguyen").await;
        app.stop().await;
    }
}

on_both_async! {
    async fn the_topmost_unit_keeps_an_administrator(db) {
        let app = TestApp::start(db, NOW).await;
        let last = me(&app, "admin").await;
        for change in [json!({"active": false}), json!({"role": "leader"}), json!({"unit": "H19.15"})] {
            patch(&app, "admin", &last, change).await.problem(409, "last_administrator");
        }
        patch(&app, "admin", &last, json!({"name": "Quản trị"})).await.ok();
        // A commune may be left without one: the province keeps it.
        patch(&app, "admin", me(&app, "commune_admin").await, json!({"active": false})).await.ok();
        let other = account(&app, "admin", "H19", "second").await;
        patch(&app, "admin", other, json!({"active": false})).await.ok();
        patch(&app, "admin", &last, json!({"active": false})).await.problem(409, "last_administrator");
        patch(&app, "admin", other, json!({"active": true})).await.ok();
        patch(&app, "admin", &last, json!({"active": false})).await.ok();
        app.get("admin", USERS).await.problem(401, "unauthenticated");
        app.stop().await;
    }
}

on_both_async! {
    async fn what_cannot_be_kept_of_a_user_is_named(db) {
        let app = TestApp::start(db, NOW).await;
        let id = app.post("admin", USERS, &lan(json!({"username": "lan.nguyen"}))).await.ok()["id"].clone();
        app.post("admin", USERS, &lan(json!({"username": "other"}))).await.ok();
        for (more, name, code) in [
            (json!({"name": ""}), "name", "empty"),
            (json!({"name": " \u{200B}"}), "name", "empty"),
            (json!({"name": "x".repeat(201)}), "name", "too_long"),
            (json!({"name": "Lan\u{0}"}), "name", "bad_characters"),
            (json!({"name": "Lan\u{202E}naL"}), "name", "bad_characters"),
            (json!({"role": "king"}), "role", "not_allowed"),
            (json!({"unit": "H99"}), "unit", "unknown_reference"),
            (json!({"unit": "H\u{0}"}), "unit", "unknown_reference"),
            (json!({"email": "no address"}), "email", "malformed"),
            (json!({"email": "a@b.vn\r\nBcc: x@y.vn"}), "email", "malformed"),
            (json!({"language": "fr"}), "language", "not_allowed"),
            (json!({"username": ""}), "username", "empty"),
            (json!({"username": "ab"}), "username", "too_short"),
            (json!({"username": "a".repeat(65)}), "username", "too_long"),
            (json!({"username": "lan nguyen"}), "username", "bad_characters"),
            (json!({"username": "lan\u{0}"}), "username", "bad_characters"),
            (json!({"username": "\u{202E}neyugn.nal"}), "username", "bad_characters"),
            (json!({"username": "lаn.nguyen"}), "username", "bad_characters"),
            (json!({"username": "LAN.Nguyễn"}), "username", "taken"),
            (json!({"username": "lan.nguye\u{302}\u{303}n"}), "username", "taken"),
            (json!({"password": "x"}), "password", "unknown_field"),
        ] {
            app.post("admin", USERS, &lan(more.clone())).await.fault(name, code);
            if name != "password" && code != "taken" {
                patch(&app, "admin", &id, more).await.fault(name, code);
            }
        }
        patch(&app, "admin", &id, json!({"username": "OTHER"})).await.fault("username", "taken");
        patch(&app, "admin", &id, json!({"username": "Lan.Nguyễn"})).await.ok();
        let missing = app.post("admin", USERS, &json!({})).await.faults();
        assert_eq!(missing.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["name", "role", "unit"]);
        assert_eq!(app.get("admin", USERS).await.ok()["count"], 8);
        app.stop().await;
    }
}

on_both_async! {
    async fn passwords_are_set_with_the_current_one_or_by_an_administrator(db) {
        let app = TestApp::start(db, NOW).await;
        let id = account(&app, "officer", "H19.15", "lan.nguyen").await;
        let (held, other) = (session(&app, "lan.nguyen").await, session(&app, "lan.nguyen").await);
        let path = format!("{USERS}/{id}/password");
        let set = |body: Value| app.call(Method::PUT, &path).header("Authorization", &format!("Bearer {held}")).json(&body).send();
        let (old, new) = ("mưa rào tháng bảy", "nắng ấm sân trường");
        for (body, name, code) in [
            (json!({"current": old}), "password", "required"),
            (json!({"password": new}), "current", "required"),
            (json!({"password": new, "current": ""}), "current", "empty"),
            (json!({"password": new, "current": "wrong"}), "current", "wrong"),
            (json!({"password": "", "current": old}), "password", "empty"),
            (json!({"password": "ngắn", "current": old}), "password", "too_short"),
            (json!({"password": "mưa ".repeat(40), "current": old}), "password", "too_long"),
            (json!({"password": "x".repeat(1_500_000), "current": old}), "password", "too_long"),
            (json!({"password": "mưa rào\u{0} tháng bảy", "current": old}), "password", "bad_characters"),
            (json!({"password": "Lan.Nguyen@2026", "current": old}), "password", "guessable"),
            (json!({"password": "Người lan.nguyen 1", "current": old}), "password", "guessable"),
            (json!({"password": "0912345678", "current": old}), "password", "guessable"),
        ] {
            set(body).await.fault(name, code);
        }
        assert_eq!(set(json!({"password": new, "current": old})).await.status, 204);
        with(&app, &held, Method::GET, "/api/v1/units").await.ok();
        with(&app, &other, Method::GET, "/api/v1/units").await.problem(401, "unauthenticated");
        sign_in(&app, "lan.nguyen", old).await.problem(401, "sign_in_failed");
        sign_in(&app, "lan.nguyen", "na\u{306}\u{301}ng a\u{302}\u{301}m sa\u{302}n trươ\u{300}ng").await.ok();
        // Guessing the current one from a stolen session meets the same lock, and a locked account proves nothing.
        for _ in 0..6 {
            set(json!({"password": old, "current": "wrong"})).await.fault("current", "wrong");
        }
        set(json!({"password": old, "current": new})).await.fault("current", "wrong");
        assert_ne!(app.get("admin", &format!("{USERS}/{id}")).await.ok()["locked_until"], Value::Null);
        // By an administrator it ends every session.
        let by_admin = app.by("commune_admin", Method::PUT, &path).json(&json!({"password": old})).send().await;
        assert_eq!(by_admin.status, 204);
        with(&app, &held, Method::GET, "/api/v1/units").await.problem(401, "unauthenticated");
        session(&app, "lan.nguyen").await;
        let nameless = me(&app, "officer").await;
        let refused = app.by("admin", Method::PUT, &format!("{USERS}/{nameless}/password")).json(&json!({"password": new})).send().await;
        refused.fault("username", "required");
        app.stop().await;
    }
}

on_both_async! {
    async fn tokens_are_given_for_a_time_and_taken_back_at_once(db) {
        let app = TestApp::start(db, NOW).await;
        let id = app.post("admin", USERS, &lan(json!({}))).await.ok()["id"].clone();
        let path = format!("{USERS}/{id}/tokens");
        for (body, name, code) in [
            (json!({"expires_at": NOW}), "expires_at", "out_of_range"),
            (json!({"expires_at": "2020-01-01T00:00:00+07:00"}), "expires_at", "out_of_range"),
            (json!({"expires_at": "tomorrow"}), "expires_at", "malformed"),
            (json!({"label": " "}), "label", "empty"),
            (json!({"label": "x".repeat(201)}), "label", "too_long"),
            (json!({"label": "a\u{0}"}), "label", "bad_characters"),
            (json!({"token": "mine"}), "token", "unknown_field"),
        ] {
            app.post("admin", &path, &body).await.fault(name, code);
        }
        let issued = app.post("admin", &path, &json!({"label": "máy quét", "expires_at": "2026-11-20T09:00:00+07:00"})).await;
        assert_eq!((issued.status, issued.header("cache-control")), (201, "no-store"));
        let issued = issued.json();
        let token = issued["token"].as_str().unwrap();
        with(&app, token, Method::GET, "/api/v1/units").await.ok();
        let other = app.post("admin", &path, &json!({})).await;
        assert_eq!(app.by("admin", Method::DELETE, other.header("location")).send().await.status, 204);
        app.by("admin", Method::DELETE, other.header("location")).send().await.problem(404, "not_found");
        // A token is its user's alone: by another user's address it is not found.
        let foreign = format!("{USERS}/{}/tokens/{}", me(&app, "officer").await, issued["id"]);
        app.by("admin", Method::DELETE, &foreign).send().await.problem(404, "not_found");
        assert_eq!(app.get("admin", &path).await.ok()["items"].as_array().unwrap().len(), 1);
        app.at("2026-11-20T09:00:00+07:00");
        with(&app, token, Method::GET, "/api/v1/units").await.problem(401, "unauthenticated");
        assert_eq!(app.get("admin", &path).await.ok()["items"], json!([]));
        app.stop().await;
    }
}
