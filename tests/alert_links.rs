//! Links in mails, followed as a reader, a mail scanner, a mail program and a forger would, on both engines.

use std::sync::Arc;

use actix_web::http::Method;
use hentra::app::AppError;
use hentra::app::alerts::{self, AlertSettings, Round};
use hentra::domain::alert::AlertRule;
use hentra::mail::{Letter, Mailer};
use serde_json::{Value, json};

use crate::alert_timetable::shipped_rules;
use crate::support::{Answer, TestApp, instant, on_both_async};

/// Friday.
const MORNING: &str = "2026-11-20T07:30:00+07:00";
const SENDER: &str = "Hentra <hentra@bendinh.example.vn>";
const HOME: &str = "https://hentra.example.vn";

/// The service, its timetable and its post.
pub(crate) struct Office {
    pub(crate) app: TestApp,
    settings: AlertSettings,
    pub(crate) mailer: Mailer,
}

impl Office {
    pub(crate) async fn open(db: &crate::support::TestDatabase, rules: &[&str]) -> Office {
        Office::open_with(
            db,
            shipped_rules().into_iter().filter(|rule| rules.contains(&rule.name())).collect(),
        )
        .await
    }

    /// The same with rules of one's own.
    pub(crate) async fn open_with(db: &crate::support::TestDatabase, rules: Vec<AlertRule>) -> Office {
        let mailer = Mailer::from_url("memory://", SENDER, false).unwrap();
        let settings = AlertSettings::new(rules, Some(HOME.into()), &mailer).unwrap();
        let app = TestApp::start_with(db, "2026-11-12T08:00:00+07:00", |app| {
            app.with_timetable(Arc::new(settings.clone()))
        })
        .await;
        Office { app, settings, mailer }
    }

    pub(crate) fn settings(&self) -> &AlertSettings {
        &self.settings
    }

    /// A user who is written to; answers the key.
    pub(crate) async fn user(&self, role: &str, unit: &str, name: &str, language: &str) -> i64 {
        let body = json!({"name": name, "role": role, "unit": unit, "language": language,
            "email": format!("{role}.{}@example.vn", unit.to_lowercase())});
        self.app.post("admin", "/api/v1/users", &body).await.ok()["id"].as_i64().unwrap()
    }

    /// Mails of that instant.
    pub(crate) async fn run(&self, at: &str) -> Vec<Letter> {
        self.round(at).await;
        self.mailer.taken()
    }

    /// What came of that instant.
    pub(crate) async fn round(&self, at: &str) -> Round {
        self.try_round(at).await.unwrap()
    }

    pub(crate) async fn try_round(&self, at: &str) -> Result<Round, AppError> {
        self.app.at(at);
        alerts::run_until(&self.app.app, &self.settings, &self.mailer, instant(at)).await
    }

    pub(crate) async fn get(&self, link: &str) -> Answer {
        self.app.call(Method::GET, link).send().await
    }

    pub(crate) async fn post(&self, link: &str, form: &str) -> Answer {
        self.app.call(Method::POST, link).body("application/x-www-form-urlencoded", form).send().await
    }

    /// What the ledger was told by links and of them.
    pub(crate) async fn told(&self, act: &str) -> Vec<Value> {
        let entries = self
            .app
            .app
            .read(|c, _| Ok(hentra::store::ledger::ledger_entries(c, None, 0, i64::MAX)?))
            .await
            .unwrap();
        entries.into_iter().filter(|(of, _)| of.act == act).map(|(of, _)| of.payload).collect()
    }
}

/// The path of the first signed link in a mail.
pub(crate) fn link(of: &Letter) -> String {
    let at = of.text.find("/l/").unwrap_or_else(|| panic!("no link: {}", of.text));
    of.text[at..].split_whitespace().next().unwrap().to_owned()
}

/// A page that a reader without scripts can use, which loads nothing and names nobody.
#[track_caller]
pub(crate) fn page(answer: &Answer, status: u16, title: &str) {
    assert_eq!(answer.status, status, "{}", answer.body);
    assert!(answer.body.contains(&format!("<h1>{title}</h1>")), "{title}: {}", answer.body);
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    let policy = answer.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'nonce-"), "{policy}");
    assert!(!policy.contains("unsafe") && !policy.contains("script-src"));
    let nonce = policy.split("nonce-").nth(1).unwrap().split('\'').next().unwrap();
    assert!(answer.body.contains(&format!("<style nonce=\"{nonce}\">")));
    for sign in ["<script", "<img", "src=", "http://", "https://", "style=\"", "Nguyễn", "@example.vn"] {
        assert!(!answer.body.contains(sign), "{sign}: {}", answer.body);
    }
}

/// One dossier due today.
async fn due_today(office: &Office) {
    office.app.at("2026-11-17T09:00:00+07:00");
    office.app.log("1.004859", json!({"code": "HOM-NAY"})).await.ok();
}

on_both_async! {
    async fn a_reader_turns_a_mail_off_and_on_again_by_its_link(db) {
        let office = Office::open(db, &["morning_digest", "week_rollover"]).await;
        let leader = office.user("leader", "H19.15", "Nguyễn Văn Hùng", "vi").await;
        due_today(&office).await;
        let mails = office.run(MORNING).await;
        let link = link(&mails[0]);
        assert_eq!(mails[0].opt_down.as_deref(), Some(format!("{HOME}{link}").as_str()));
        assert!(mails[0].html.contains(&format!("<a href=\"{HOME}{link}\">Ngừng nhận loại thư này</a>")));
        assert!(!link.contains("Hùng") && !link.contains('@'), "{link}");

        // A scanner follows every link; nothing comes of it.
        for _ in 0..3 {
            let looked = office.get(&link).await;
            page(&looked, 200, "Ngừng nhận thư");
            assert!(looked.body.contains("«Việc cần xử lý đầu ngày»"));
        }
        assert_eq!(office.app.get("admin", "/api/v1/alert-opt-downs").await.ok()["count"], 0);

        page(&office.post(&link, "do=stop").await, 200, "Đã ngừng nhận thư");
        page(&office.post(&link, "do=stop").await, 200, "Đã ngừng nhận thư");
        page(&office.get(&link).await, 200, "Đã ngừng nhận thư");
        let listed = office.app.get("admin", "/api/v1/alert-opt-downs").await.ok();
        assert_eq!((&listed["count"], &listed["items"][0]["user"], &listed["items"][0]["rule"]), (&json!(1), &json!(leader), &json!("morning_digest")));
        // The other rule still speaks; this one is silent.
        assert_eq!(office.run("2026-11-20T14:00:00+07:00").await.len(), 2);
        assert_eq!(office.run("2026-11-23T07:30:00+07:00").await.len(), 2);

        page(&office.post(&link, "do=resume").await, 200, "Ngừng nhận thư");
        assert_eq!(office.run("2026-11-25T07:30:00+07:00").await.len(), 3);
        let told = |of: &[Value]| of.iter().map(|of| (of["user"].clone(), of["rule"].clone(), of["by"].clone())).collect::<Vec<_>>();
        let once = vec![(json!(leader), json!("morning_digest"), json!("link"))];
        assert_eq!(told(&office.told("alert_turned_off").await), once);
        assert_eq!(told(&office.told("alert_turned_on").await), once);
        office.app.stop().await;
    }
}

on_both_async! {
    async fn a_mail_program_unsubscribes_by_one_click_and_an_administrator_takes_it_back(db) {
        let office = Office::open(db, &["morning_digest"]).await;
        office.user("leader", "H19.15", "Nguyễn Văn Hùng", "en").await;
        office.user("leader", "H19", "Trần Thị Mai", "vi").await;
        due_today(&office).await;
        let mails = office.run(MORNING).await;
        let english = mails.iter().find(|of| of.to == "leader.h19.15@example.vn").unwrap();
        page(&office.post(&link(english), "List-Unsubscribe=One-Click").await, 200, "The mail is stopped");
        let other = mails.iter().find(|of| of.to == "leader.h19@example.vn").unwrap();
        let multipart = "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n";
        let answer = office.app.call(Method::POST, &link(other)).body("multipart/form-data; boundary=b", multipart).send().await;
        page(&answer, 200, "Đã ngừng nhận thư");
        assert_eq!(office.run("2026-11-23T07:30:00+07:00").await.len(), 2);

        let listed = office.app.get("admin", "/api/v1/alert-opt-downs").await.ok();
        assert_eq!(listed["count"], 2);
        for item in listed["items"].as_array().unwrap() {
            let path = format!("/api/v1/alert-opt-downs/{}", item["id"]);
            let by = |who| office.app.by(who, Method::DELETE, &path).send();
            by("leader").await.problem(403, "forbidden");
            let below = item["unit"] == "H19.15";
            assert_eq!(by("commune_admin").await.status, if below { 204 } else { 404 });
            assert_eq!(by("admin").await.status, if below { 404 } else { 204 });
        }
        assert_eq!(office.run("2026-11-25T07:30:00+07:00").await.len(), 4);
        assert_eq!(office.told("alert_turned_on").await.iter().filter(|of| of["by"] == "administrator").count(), 2);
        office.app.stop().await;
    }
}

on_both_async! {
    async fn a_link_that_was_changed_has_expired_or_is_about_nobody_does_nothing(db) {
        let office = Office::open(db, &["morning_digest"]).await;
        let leader = office.user("leader", "H19.15", "Nguyễn Văn Hùng", "vi").await;
        due_today(&office).await;
        let good = link(&office.run(MORNING).await[0]);
        let flipped = if good.ends_with('0') { "1" } else { "0" };
        let other_purpose = good.replacen("/l/o.", "/l/a.", 1);
        let other_user = good.replacen(&format!("o.{leader}."), &format!("o.{}.", leader + 1), 1);
        let other_rule = good.replacen("morning_digest", "weekly_numbers", 1);
        let longer = format!("{}{flipped}", &good[..good.len() - 1]);
        for bad in [other_purpose.as_str(), &other_user, &other_rule, &longer, &good[..good.len() - 1], "/l/x", "/l/o.1.morning_digest.9999999999.00", "/l/%00", "/l/%E1%BB%91"] {
            assert_ne!(bad, good);
            page(&office.get(bad).await, 400, "Đường dẫn không đúng");
            page(&office.post(bad, "List-Unsubscribe=One-Click").await, 400, "Đường dẫn không đúng");
        }
        let english = office.app.call(Method::GET, "/l/x").header("Accept-Language", "en").send().await;
        page(&english, 400, "The link is not right");

        office.app.at("2027-05-19T07:30:00+07:00");
        page(&office.get(&good).await, 404, "Đường dẫn đã hết hạn");
        page(&office.post(&good, "do=stop").await, 404, "Đường dẫn đã hết hạn");
        office.app.at("2027-05-19T07:29:59+07:00");
        let leaves = json!({"active": false});
        office.app.by("admin", Method::PATCH, &format!("/api/v1/users/{leader}")).json(&leaves).send().await.ok();
        page(&office.get(&good).await, 410, "Thư này không còn hiệu lực");
        page(&office.post(&good, "do=stop").await, 410, "Thư này không còn hiệu lực");
        assert_eq!(office.app.get("admin", "/api/v1/alert-opt-downs").await.ok()["count"], 0);
        assert_eq!(office.told("alert_turned_off").await.len(), 0);
        office.app.stop().await;
    }
}

on_both_async! {
    async fn what_shows_that_the_service_lives_cannot_be_turned_off(db) {
        let office = Office::open(db, &["weekly_numbers"]).await;
        office.user("leader", "H19.15", "Nguyễn Văn Hùng", "vi").await;
        let mails = office.run("2026-11-16T07:30:00+07:00").await;
        assert_eq!(mails.len(), 1);
        assert!(mails[0].opt_down.is_none() && !mails[0].text.contains("/l/"));
        office.app.stop().await;
    }
}

on_both_async! {
    async fn the_key_is_made_once_and_stands_in_no_answer(db) {
        let office = Office::open(db, &["morning_digest"]).await;
        let key = |office: &Office| {
            let app = office.app.app.clone();
            async move { app.read(|c, _| Ok(hentra::store::alert_links::secret_find(c, "alert_links")?)).await.unwrap().unwrap() }
        };
        let made = key(&office).await;
        assert_eq!(made.len(), 64);
        office.app.stop().await;
        let again = Office::open(db, &["morning_digest"]).await;
        assert_eq!(key(&again).await, made);
        again.app.stop().await;
    }
}
