//! The service over a country's dossiers, with somebody of each role signed in.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use awc::Client;
use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use hentra::api::Shared;
use hentra::app::App;
use hentra::app::access::passwords::{NewPassword, password_set};
use hentra::app::access::user_changes::{UserChange, user_change};
use hentra::app::access::{NewUser, Role, authenticate, token_create};
use hentra::app::generate::{GenerateError, Plan, generate};
use hentra::app::openness::Openness;
use hentra::clock::Clock;
use hentra::store::{Store, StoreSettings};

const UNITS: u32 = 3_400;
const COMMUNE: &str = "G07.042";
const PROVINCE: &str = "G07";
const COUNTRY: &str = "VN";
const PASSWORD: &str = "lúa chín vàng đồng 2026";
const PEOPLE: [(&str, Role, &str); 6] = [
    ("officer", Role::Officer, COMMUNE),
    ("leader", Role::Leader, COMMUNE),
    ("head", Role::Leader, PROVINCE),
    ("chief", Role::Leader, COUNTRY),
    ("reporter", Role::Reporter, COUNTRY),
    ("admin", Role::Admin, COUNTRY),
];

/// The service, listening.
pub(crate) struct House {
    engine: &'static str,
    base: String,
    client: Client,
    cookies: BTreeMap<&'static str, String>,
    /// A dossier of the commune's.
    code: String,
    /// What style and script weigh.
    kept: usize,
}

/// What a page took.
pub(crate) struct Taken {
    pub(crate) status: u16,
    /// Whether it is one: an answer that is there, or one that says that a code is unknown or a word means several things.
    pub(crate) is_page: bool,
    /// Milliseconds.
    pub(crate) median: f64,
    pub(crate) p99: f64,
    pub(crate) first: f64,
    /// With its header, style and script.
    pub(crate) bytes: usize,
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// Makes the database unless it stands.
pub(crate) fn create_database(server: &str, name: &str) {
    let mut c = PgConnection::establish(server).unwrap();
    let sql = format!("SELECT count(*) AS n FROM pg_database WHERE datname = '{name}'");
    if diesel::sql_query(sql).get_result::<Found>(&mut c).unwrap().n == 0 {
        c.batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
    }
}

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

impl House {
    /// The service over this database; the country is made now if the database is empty.
    pub(crate) async fn open(url: &str, dossiers: u32) -> House {
        let settings = StoreSettings { url: url.to_owned(), readers: 2, patience: Duration::from_secs(60) };
        let clock = Clock::starting_at(at("2026-11-16T10:00:00+07:00"));
        let app = App::start(Store::open(&settings).unwrap(), clock).unwrap();
        // Nobody is to wait for a measure here.
        let app = app.with_openness(Openness::new(vec![COMMUNE.into()], u32::MAX / 1_000, 0));
        let from = "2023-11-15".parse().unwrap();
        let plan = Plan {
            dossiers,
            units: UNITS,
            procedures: 200,
            years: 3,
            seed: 1,
            from: Some(from),
            committed: true,
        };
        match generate(&app, &plan, |_| ()).await {
            Ok(made) => {
                println!("{}: made {made} dossiers", app.engine());
                if url.starts_with("postgres") {
                    PgConnection::establish(url).unwrap().batch_execute("VACUUM (ANALYZE)").unwrap();
                }
            }
            Err(GenerateError::NotEmpty) => {}
            Err(error) => panic!("{url}: {error}"),
        }
        hentra::app::counters::Tender::default().look(&app).await.unwrap();
        House::serve(app).await
    }

    async fn serve(app: App) -> House {
        let engine = app.engine();
        let mut tokens = BTreeMap::new();
        for (who, role, unit) in PEOPLE {
            tokens.insert(who, person(&app, who, role, unit).await);
        }
        let shared = Shared::new(app).unwrap();
        let server = actix_web::HttpServer::new(move || hentra::service::service(&shared))
            .workers(1)
            .tcp_nodelay(true)
            .disable_signals();
        let server = server.bind(("127.0.0.1", 0)).unwrap();
        let base = format!("http://{}", server.addrs()[0]);
        actix_web::rt::spawn(server.run());
        let client = Client::builder().timeout(Duration::from_secs(60)).disable_redirects().finish();
        let mut house =
            House { engine, base, client, cookies: BTreeMap::new(), code: String::new(), kept: 0 };
        for (who, ..) in PEOPLE {
            house.sign_in(who).await;
        }
        house.code = house.dossier(&tokens["officer"]).await;
        house.kept = house.weigh_kept().await;
        house
    }

    pub(crate) fn engine(&self) -> &'static str {
        self.engine
    }

    async fn sign_in(&mut self, who: &'static str) {
        let form = serde_urlencoded::to_string([("username", who), ("password", PASSWORD)]).unwrap();
        let request = self.client.post(format!("{}/sign-in", self.base));
        let answer = request.content_type("application/x-www-form-urlencoded").send_body(form).await.unwrap();
        assert_eq!(answer.status().as_u16(), 303, "{who}");
        let cookie = answer.headers().get("set-cookie").unwrap().to_str().unwrap();
        self.cookies.insert(who, cookie.split(';').next().unwrap().to_owned());
    }

    async fn dossier(&self, token: &str) -> String {
        let request = self.client.get(format!("{}/api/v1/dossiers?limit=1", self.base)).bearer_auth(token);
        let body = request.send().await.unwrap().body().await.unwrap();
        let list: serde_json::Value = serde_json::from_slice(&body).unwrap();
        list["items"][0]["code"].as_str().unwrap().to_owned()
    }

    async fn weigh_kept(&self) -> usize {
        let (page, ..) = self.ask("anybody", "/sign-in", "identity").await;
        let mut weight = 0;
        for address in page.split('"').filter(|of| of.starts_with("/static/")) {
            weight += self.ask("anybody", address, "gzip").await.2;
        }
        assert!(weight > 0, "a page without style");
        weight
    }

    /// Asks for a page once, and then so often as is said.
    pub(crate) async fn take(&self, who: &str, page: &str, rounds: usize) -> Taken {
        let page = page.replace("{code}", &self.code).replace("{unit}", COMMUNE);
        let asked = Instant::now();
        let (body, status, _) = self.ask(who, &page, "identity").await;
        let first = asked.elapsed().as_secs_f64() * 1_000.0;
        let mut all = Vec::with_capacity(rounds);
        let mut bytes = 0;
        // Of a page that did not come nothing more is asked: the others are to be told of too.
        let rounds = if status == 0 { 1 } else { rounds };
        for _ in 0..rounds {
            let asked = Instant::now();
            // As browsers ask; what packing costs is part of the time.
            bytes = self.ask(who, &page, "gzip").await.2;
            all.push(asked.elapsed().as_secs_f64() * 1_000.0);
        }
        all.sort_by(f64::total_cmp);
        let asks_back = page.starts_with("/status?") || page.starts_with("/calculator?");
        let is_page = status == 200 || (asks_back && body.contains("<form"));
        let (median, p99) = (all[all.len() / 2], all[all.len() * 99 / 100]);
        Taken { status, is_page, median, p99, first, bytes: bytes + self.kept }
    }

    /// Body, status, and all bytes with the header, as they go over the wire in a coding; status 0 where no answer came in time.
    async fn ask(&self, who: &str, path: &str, coding: &str) -> (String, u16, usize) {
        let mut request = self.client.get(format!("{}{path}", self.base));
        request = request.insert_header(("Accept", "text/html")).insert_header(("Accept-Encoding", coding));
        if let Some(cookie) = self.cookies.get(who) {
            request = request.insert_header(("Cookie", cookie.as_str()));
        }
        let Ok(mut answer) = request.send().await else { return (String::new(), 0, 0) };
        let header: usize =
            answer.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
        let body = answer.body().limit(16 * 1024 * 1024).await.unwrap();
        (String::from_utf8_lossy(&body).into_owned(), answer.status().as_u16(), header + body.len())
    }
}

/// Somebody who can sign in; answers a token of theirs.
async fn person(app: &App, who: &str, role: Role, unit: &str) -> String {
    let new =
        NewUser {
            name: format!("Cán bộ {who}"), role, unit: unit.to_owned(), email: None, expires_at: None
        };
    let token = token_create(app, new).await.unwrap();
    let user_id = authenticate(app, &token).await.unwrap().user_id;
    // In a database that is kept, somebody of an earlier run has the name.
    let named = UserChange { username: Some(Some(who.to_owned())), ..UserChange::default() };
    if user_change(app, user_id, named, None).await.is_ok() {
        let new = NewPassword { user_id, password: PASSWORD.to_owned(), current: None, keep: None };
        password_set(app, new, None).await.unwrap();
    }
    token
}
