//! The whole service on a random port: a province with two communes, a token per role, and a clock that the test moves.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::http::Method;
use awc::Client;
use chrono::{DateTime, Utc};
use hentra::api::Shared;
use hentra::app::access::{NewUser, Role, token_create};
use hentra::app::alerts::AlertSettings;
use hentra::app::{App, catalogue};
use hentra::clock::Clock;
use hentra::domain::unit::Unit;
use hentra::store::{Store, StoreSettings};
use serde_json::{Value, json};

use super::TestDatabase;

/// Answers of ten thousand rows are larger than awc takes by itself.
const LARGEST_ANSWER: usize = 64 * 1024 * 1024;

pub(crate) struct TestApp {
    pub(crate) app: App,
    clock: Clock,
    base: String,
    tokens: BTreeMap<&'static str, String>,
    server: ServerHandle,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
    /// The body as it came; a file is no text.
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// The answer's JSON, which must be a success.
    #[track_caller]
    pub(crate) fn ok(&self) -> Value {
        assert!((200..300).contains(&self.status), "{} {}", self.status, self.body);
        self.json()
    }

    /// The problem's JSON, which must have this status and code and be a whole problem.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["status"], status);
        assert_eq!(problem["type"], format!("urn:hentra:problem:{code}"));
        for member in ["title", "detail", "instance"] {
            assert!(problem[member].as_str().is_some_and(|text| !text.is_empty()), "{member}: {problem}");
        }
        problem
    }

    /// The faults of an invalid request as (name, code).
    #[track_caller]
    pub(crate) fn faults(&self) -> Vec<(String, String)> {
        let problem = self.problem(400, "invalid_request");
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let all = problem["invalid_params"].as_array().unwrap();
        all.iter().map(|of| (text(&of["name"]), text(&of["code"]))).collect()
    }

    /// That exactly this one field is at fault.
    #[track_caller]
    pub(crate) fn fault(&self, name: &str, code: &str) {
        assert_eq!(self.faults(), [(name.to_owned(), code.to_owned())]);
    }
}

/// A request being put together.
pub(crate) struct Call<'a> {
    app: &'a TestApp,
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Call<'_> {
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn body(mut self, media: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header("Content-Type", media)
    }

    /// A body whose media type is among the headers.
    pub(crate) fn text(mut self, body: &str) -> Self {
        self.body = body.into();
        self
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    pub(crate) async fn send(self) -> Answer {
        let client = Client::builder().timeout(Duration::from_secs(60)).disable_redirects().finish();
        let mut request = client.request(self.method, format!("{}{}", self.app.base, self.path));
        for (name, value) in &self.headers {
            request = request.append_header((name.as_str(), value.as_str()));
        }
        let mut response = request.send_body(self.body).await.unwrap();
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()))
            .collect();
        let body = response.body().limit(LARGEST_ANSWER).await.unwrap();
        Answer {
            status: response.status().as_u16(),
            headers,
            body: String::from_utf8(body.to_vec()).unwrap_or_default(),
            bytes: body.to_vec(),
        }
    }
}

/// The shipped timetable.
fn timetable() -> AlertSettings {
    let mut shipped: toml::Table = toml::from_str(include_str!("../../config/default.toml")).unwrap();
    let rules = shipped.remove("alert_rule").unwrap().try_into().unwrap();
    AlertSettings { rules, message_domain: "hentra.example.vn".into(), ..AlertSettings::default() }
}

pub(crate) fn instant(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

impl TestApp {
    /// The service standing at `at`.
    pub(crate) async fn start(db: &TestDatabase, at: &str) -> TestApp {
        Self::start_patient(db, at, Duration::from_secs(10)).await
    }

    /// The same, waiting only so long for the database.
    pub(crate) async fn start_patient(db: &TestDatabase, at: &str, patience: Duration) -> TestApp {
        Self::start_furnished(db, at, patience, |app| app).await
    }

    /// The service standing at `at`, with settings of its own.
    pub(crate) async fn start_with(db: &TestDatabase, at: &str, furnish: impl FnOnce(App) -> App) -> TestApp {
        Self::start_furnished(db, at, Duration::from_secs(10), furnish).await
    }

    async fn start_furnished(
        db: &TestDatabase,
        at: &str,
        patience: Duration,
        furnish: impl FnOnce(App) -> App,
    ) -> TestApp {
        let store = Store::open(&StoreSettings { url: db.url().to_owned(), readers: 4, patience }).unwrap();
        let clock = Clock::standing_at(instant(at));
        let app = furnish(App::start(store, clock.clone()).unwrap().with_timetable(Arc::new(timetable())));
        let units = vec![
            unit("H19", "Tỉnh Đồng Nai", None),
            unit("H19.15", "Phường Phước Long", Some("H19")),
            unit("H19.16", "Phường Chơn Thành", Some("H19")),
        ];
        catalogue::units_put(&app, units).await.unwrap();
        let mut tokens = BTreeMap::new();
        for (who, role, unit) in [
            ("officer", Role::Officer, "H19.15"),
            ("neighbour", Role::Officer, "H19.16"),
            ("leader", Role::Leader, "H19"),
            ("reporter", Role::Reporter, "H19"),
            ("admin", Role::Admin, "H19"),
            ("commune_admin", Role::Admin, "H19.15"),
        ] {
            let new = NewUser {
                name: format!("Cán bộ {who}"),
                role,
                unit: unit.to_owned(),
                email: None,
                expires_at: None,
            };
            tokens.insert(who, token_create(&app, new).await.unwrap());
        }
        let shared = Shared::new(app.clone()).unwrap();
        let server = actix_web::HttpServer::new(move || hentra::service::service(&shared))
            .workers(1)
            .disable_signals()
            .bind(("127.0.0.1", 0))
            .unwrap();
        let base = format!("http://{}", server.addrs()[0]);
        let server = server.run();
        let handle = server.handle();
        actix_web::rt::spawn(server);
        TestApp { app, clock, base, tokens, server: handle }
    }

    /// Moves the clock.
    pub(crate) fn at(&self, at: &str) {
        self.clock.set(instant(at));
    }

    pub(crate) fn token(&self, who: &str) -> &str {
        &self.tokens[who]
    }

    /// What its addresses begin with.
    pub(crate) fn address(&self) -> &str {
        &self.base
    }

    /// A request by nobody.
    pub(crate) fn call(&self, method: Method, path: &str) -> Call<'_> {
        Call { app: self, method, path: path.to_owned(), headers: Vec::new(), body: Vec::new() }
    }

    /// A request by someone.
    pub(crate) fn by(&self, who: &str, method: Method, path: &str) -> Call<'_> {
        self.call(method, path).header("Authorization", &format!("Bearer {}", self.token(who)))
    }

    pub(crate) async fn get(&self, who: &str, path: &str) -> Answer {
        self.by(who, Method::GET, path).send().await
    }

    pub(crate) async fn post(&self, who: &str, path: &str, body: &Value) -> Answer {
        self.by(who, Method::POST, path).json(body).send().await
    }

    /// Logs a dossier as the officer of H19.15, with more fields than the required ones.
    pub(crate) async fn log(&self, procedure: &str, more: Value) -> Answer {
        self.post("officer", "/api/v1/dossiers", &dossier(procedure, more)).await
    }

    /// Does an act on whatever version stands.
    pub(crate) async fn act(&self, code: &str, body: &Value) -> Answer {
        self.by("officer", Method::POST, &format!("/api/v1/dossiers/{code}/acts"))
            .header("If-Match", "*")
            .json(body)
            .send()
            .await
    }

    /// Registers same-day handling of a procedure in H19.15 and "no Friday put off to next week" beside it.
    pub(crate) async fn commit(&self, procedure: &str) {
        for (effect, procedures) in [("same_day", vec![procedure]), ("no_week_rollover", vec![])] {
            let body = json!({
                "unit": "H19.15", "procedures": procedures, "effect": effect,
                "valid_from": "2026-01-01", "decision": format!("QĐ {effect} của UBND phường"),
            });
            self.post("admin", "/api/v1/commitments", &body).await.ok();
        }
    }

    pub(crate) async fn stop(self) {
        self.server.stop(false).await;
    }
}

/// A unit that has always been there.
pub(crate) fn unit(code: &str, name: &str, parent: Option<&str>) -> Unit {
    Unit {
        code: code.into(),
        name: name.into(),
        parent: parent.map(Into::into),
        valid_from: None,
        valid_to: None,
        merged_into: None,
    }
}

/// The body of a dossier with the required fields, and more.
pub(crate) fn dossier(procedure: &str, more: Value) -> Value {
    let mut body = json!({"unit": "H19.15", "procedure": procedure, "applicant": {"name": "Nguyễn Thị Hòa", "phone": "0912345678"}});
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// The codes of the findings on a dossier, sorted.
pub(crate) fn finding_codes(dossier: &Value) -> Vec<String> {
    let mut codes: Vec<String> = dossier["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|of| of["code"].as_str().unwrap().to_owned())
        .collect();
    codes.sort();
    codes
}
