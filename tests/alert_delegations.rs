//! Delegation: who is written to while somebody is away.

use actix_web::http::Method;
use hentra::app::alerts::{self, AlertSettings};
use hentra::domain::alert::AlertRule;
use hentra::mail::{Letter, Mailer};
use serde_json::{Value, json};

use crate::alerts::{at, mailer};
use crate::api_sessions::recorded;
use crate::support::{Answer, TestApp, on_both_async};

const NOW: &str = "2026-11-20T08:00:00+07:00";

struct People {
    chair: i64,
    deputy: i64,
    head: i64,
}

async fn leader(app: &TestApp, name: &str, unit: &str, address: &str) -> i64 {
    let new = json!({"name": name, "role": "leader", "unit": unit, "email": address});
    app.post("admin", "/api/v1/users", &new).await.ok()["id"].as_i64().unwrap()
}

/// A chairman, a deputy and a head, and a dossier overdue since Wednesday.
async fn office(app: &TestApp) -> People {
    let people = People {
        chair: leader(app, "Trần Văn Chủ", "H19.15", "chutich@phuoclong.example.vn").await,
        deputy: leader(app, "Lê Thị Phó", "H19.15", "phochutich@phuoclong.example.vn").await,
        head: leader(app, "Phạm Trưởng", "H19.15", "truongphong@phuoclong.example.vn").await,
    };
    app.log("1.004859", json!({"code": "QUA-HAN", "received_at": "2026-11-12T09:00:00+07:00"})).await.ok();
    people
}

async fn delegate(app: &TestApp, who: &str, user: i64, more: Value) -> Answer {
    let mut body = json!({"from": "2026-11-21", "to": "2026-11-25"});
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    app.post(who, &format!("/api/v1/users/{user}/delegations"), &body).await
}

/// What a rule for leaders sends that day.
async fn sent(app: &TestApp, mailer: &Mailer, day: &str) -> Vec<Letter> {
    let text = "name = \"r\"\naudience = \"leader\"\nwhat = \"overdue\"\ncron = \"0 0 9 * * *\"\nstale_after_minutes = 60";
    let rule: AlertRule = toml::from_str(text).unwrap();
    let settings = AlertSettings::new(vec![rule], None, mailer).unwrap();
    let before = mailer.taken().len();
    app.at(&format!("{day}T09:00:00+07:00"));
    alerts::run_until(&app.app, &settings, mailer, at(&format!("{day}T09:00"))).await.unwrap();
    mailer.taken().split_off(before)
}

fn to<'a>(letters: &'a [Letter], address: &str) -> Vec<&'a Letter> {
    letters.iter().filter(|of| of.to.starts_with(address)).collect()
}

on_both_async! {
    async fn a_delegate_is_written_to_in_the_place_of_who_is_away_and_told_so(db) {
        let app = TestApp::start(db, NOW).await;
        let of = office(&app).await;
        let mailer = mailer("memory://");
        assert_eq!(sent(&app, &mailer, "2026-11-20").await.len(), 3);
        let made = delegate(&app, "admin", of.chair, json!({"delegate": of.deputy, "reason": "QĐ 12, đi họp"})).await;
        assert_eq!(made.status, 201);
        let letters = sent(&app, &mailer, "2026-11-21").await;
        assert_eq!((letters.len(), to(&letters, "chutich").len(), to(&letters, "phochutich").len()), (3, 0, 2));
        let behalf: Vec<&Letter> = to(&letters, "phochutich").into_iter().filter(|of| of.text.contains("Trần Văn Chủ")).collect();
        assert_eq!(behalf.len(), 1);
        let sentence = "Thư này được gửi đến ông/bà vì ông/bà đang được ủy quyền nhận thay Trần Văn Chủ trong thời gian Trần Văn Chủ vắng mặt.";
        assert!(behalf[0].text.starts_with(sentence), "{}", behalf[0].text);
        assert!(behalf[0].html.contains(sentence) && !behalf[0].subject.contains("Trần Văn Chủ"));
        // The last day counts, the day after does not.
        let letters = sent(&app, &mailer, "2026-11-25").await;
        assert_eq!((to(&letters, "chutich").len(), to(&letters, "phochutich").len()), (0, 2));
        let letters = sent(&app, &mailer, "2026-11-26").await;
        assert_eq!((to(&letters, "chutich").len(), to(&letters, "phochutich").len()), (1, 1));
        app.stop().await;
    }
}

on_both_async! {
    async fn who_keeps_the_own_copy_is_written_to_as_well(db) {
        let app = TestApp::start(db, NOW).await;
        let of = office(&app).await;
        let mailer = mailer("memory://");
        delegate(&app, "admin", of.chair, json!({"delegate": of.deputy, "keep": true})).await.ok();
        let letters = sent(&app, &mailer, "2026-11-21").await;
        assert_eq!((letters.len(), to(&letters, "chutich").len(), to(&letters, "phochutich").len()), (4, 1, 2));
        app.stop().await;
    }
}

on_both_async! {
    async fn a_delegate_who_is_away_is_followed_and_a_circle_drops_nothing(db) {
        let app = TestApp::start(db, NOW).await;
        let of = office(&app).await;
        let mailer = mailer("memory://");
        delegate(&app, "admin", of.chair, json!({"delegate": of.deputy})).await.ok();
        delegate(&app, "admin", of.deputy, json!({"delegate": of.head})).await.ok();
        let letters = sent(&app, &mailer, "2026-11-21").await;
        assert_eq!((letters.len(), to(&letters, "truongphong").len()), (3, 3), "own, for the deputy, for the chairman");
        let circle = delegate(&app, "admin", of.head, json!({"delegate": of.chair})).await.ok();
        let letters = sent(&app, &mailer, "2026-11-22").await;
        let each = ["chutich", "phochutich", "truongphong"].map(|address| to(&letters, address).len());
        assert_eq!((letters.len(), each), (3, [1, 1, 1]), "everybody is away: each is written to");
        assert!(!letters.iter().any(|letter| letter.text.contains("nhận thay")));
        // A delegate whom no mail reaches stands in for nobody.
        let path = format!("/api/v1/users/{}/delegations/{}", of.head, circle["id"]);
        assert_eq!(app.by("admin", Method::DELETE, &path).send().await.status, 204);
        let change = app.by("admin", Method::PATCH, &format!("/api/v1/users/{}", of.head)).json(&json!({"email": null})).send().await;
        change.ok();
        let letters = sent(&app, &mailer, "2026-11-23").await;
        assert_eq!((to(&letters, "chutich").len(), to(&letters, "phochutich").len()), (1, 1));
        app.stop().await;
    }
}

on_both_async! {
    async fn delegations_are_ones_own_or_kept_by_administrators(db) {
        let app = TestApp::start(db, NOW).await;
        let of = office(&app).await;
        let me = app.get("officer", "/api/v1/sessions/current").await.ok()["user"]["id"].as_i64().unwrap();
        let made = delegate(&app, "officer", me, json!({"delegate": of.head})).await.ok();
        assert_eq!((&made["delegate_name"], &made["keep"], &made["from"]), (&json!("Phạm Trưởng"), &json!(false), &json!("2026-11-21")));
        let path = format!("/api/v1/users/{me}/delegations");
        assert_eq!(app.get("commune_admin", &path).await.ok()["items"], json!([made]));
        app.get("neighbour", &path).await.problem(403, "forbidden");
        delegate(&app, "officer", of.chair, json!({"delegate": me})).await.problem(403, "forbidden");
        let outside = app.get("neighbour", "/api/v1/sessions/current").await.ok()["user"]["id"].as_i64().unwrap();
        for (more, field, fault) in [
            (json!({"delegate": 99_999}), "delegate", "unknown_reference"),
            (json!({"delegate": outside}), "delegate", "unknown_reference"),
            (json!({"delegate": of.deputy}), "delegate", "cyclic"),
            (json!({"delegate": of.chair, "from": "2026-11-26"}), "to", "reversed"),
            (json!({"delegate": of.chair, "from": "2026-11-16", "to": "2026-11-19"}), "to", "out_of_range"),
            (json!({"delegate": of.chair, "to": "2027-11-30"}), "to", "out_of_range"),
            (json!({"delegate": of.chair, "from": "someday"}), "from", "malformed"),
            (json!({"delegate": of.chair, "reason": " "}), "reason", "empty"),
        ] {
            delegate(&app, "admin", of.deputy, more).await.fault(field, fault);
        }
        delegate(&app, "officer", me, json!({"delegate": of.chair, "from": "2026-11-25", "to": "2026-11-30"})).await.fault("from", "overlapping");
        let gone = app.by("officer", Method::DELETE, &format!("{path}/{}", made["id"])).send().await;
        assert_eq!((gone.status, app.get("officer", &path).await.ok()["items"].clone()), (204, json!([])));
        app.by("officer", Method::DELETE, &format!("{path}/{}", made["id"])).send().await.problem(404, "not_found");
        let acts: Vec<String> = recorded(&app).await.into_iter().filter(|(_, of)| of["delegation"] == made["id"]).map(|(act, _)| act).collect();
        assert_eq!(acts, ["delegation_added", "delegation_removed"]);
        app.stop().await;
    }
}
