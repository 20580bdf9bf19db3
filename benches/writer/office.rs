//! Hentra as the benchmark drives it: a province of communes, complete dossiers, and clients that ask again as soon as they are answered.

use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, Utc};
use hentra::app::access::{Principal, Role};
use hentra::app::writer::{ActRequest, Applicant, Registration};
use hentra::app::{App, catalogue, dossiers, ledger};
use hentra::clock::Clock;
use hentra::domain::act::ActKind;
use hentra::domain::commitment::{Commitment, Effect, ReceivedOn, Selector};
use hentra::domain::deadline::Limit;
use hentra::domain::dossier::Channel;
use hentra::domain::unit::Unit;
use hentra::store::{Store, StoreSettings};
use hentra::text::Lang;

use crate::figures::Figures;

const PROVINCE: &str = "H19";
/// Communes in the province.
pub(crate) const COMMUNES: usize = 16;

/// A running Hentra.
pub(crate) struct Office {
    app: App,
}

/// What one client asks for, one after the other.
pub(crate) enum Request {
    Log(Box<Registration>),
    Resolve(Box<ActRequest>),
}

impl Office {
    pub(crate) async fn open(url: &str) -> Office {
        let settings = StoreSettings { url: url.to_owned(), readers: 2, patience: Duration::from_secs(10) };
        let clock = Clock::starting_at(at("2026-11-20T10:00"));
        let app = App::start(Store::open(&settings).unwrap(), clock).unwrap();
        let communes = (0..COMMUNES).map(|n| unit(&commune(n), Some(PROVINCE)));
        let units = std::iter::once(unit(PROVINCE, None)).chain(communes).collect();
        catalogue::units_put(&app, units).await.unwrap();
        catalogue::commitment_create(&app, next_day(), None).await.unwrap();
        Office { app }
    }

    /// Has so many dossiers logged by so many clients; answers their codes, client by client.
    pub(crate) async fn log(&self, clients: usize, dossiers: usize) -> (Figures, Vec<Vec<String>>) {
        self.log_at(COMMUNES, clients, dossiers).await
    }

    /// The same for so many communes.
    pub(crate) async fn log_at(
        &self,
        communes: usize,
        clients: usize,
        dossiers: usize,
    ) -> (Figures, Vec<Vec<String>>) {
        let each = |client| {
            let log = move |_| Request::Log(Box::new(registration(client % communes)));
            (0..dossiers / clients).map(log).collect()
        };
        self.ask((0..clients).map(each).collect()).await
    }

    /// Has these dossiers resolved, each by the client that logged it.
    pub(crate) async fn resolve(&self, codes: Vec<Vec<String>>) -> Figures {
        let each = |codes: Vec<String>| codes.into_iter().map(resolution).collect();
        self.ask(codes.into_iter().map(each).collect()).await.0
    }

    pub(crate) fn engine(&self) -> &'static str {
        self.app.engine()
    }

    /// How many entries the chain has, walked from its beginning.
    pub(crate) async fn chain(&self) -> i64 {
        let verdict = ledger::verify(&self.app, Vec::new()).await.unwrap();
        assert!(verdict.ok, "the chain is broken: {verdict:?}");
        verdict.entries
    }

    async fn ask(&self, requests: Vec<Vec<Request>>) -> (Figures, Vec<Vec<String>>) {
        let start = Instant::now();
        let running: Vec<_> =
            requests.into_iter().map(|of| tokio::spawn(client(self.app.clone(), of))).collect();
        let (mut waits, mut codes) = (Vec::new(), Vec::new());
        for one in running {
            let (waited, got) = one.await.unwrap();
            waits.extend(waited);
            codes.push(got);
        }
        (Figures::new(waits, start.elapsed()), codes)
    }
}

async fn client(app: App, requests: Vec<Request>) -> (Vec<Duration>, Vec<String>) {
    let (mut waits, mut codes) = (Vec::new(), Vec::new());
    for request in requests {
        let asked = Instant::now();
        let answer = match request {
            Request::Log(new) => dossiers::register(&app, *new, Some(officer()), Lang::Vi).await,
            Request::Resolve(act) => dossiers::act(&app, *act, Some(officer()), Lang::Vi).await,
        };
        codes.push(answer.unwrap().code);
        waits.push(asked.elapsed());
    }
    (waits, codes)
}

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{text}:00+07:00")).unwrap().to_utc()
}

fn commune(n: usize) -> String {
    format!("{PROVINCE}.{}", 10 + n % COMMUNES)
}

fn unit(code: &str, parent: Option<&str>) -> Unit {
    Unit {
        code: code.into(),
        name: "Phường Bình Lộc".into(),
        parent: parent.map(Into::into),
        valid_from: None,
        valid_to: None,
        merged_into: None,
    }
}

/// The result on the next working day, whatever is asked for.
fn next_day() -> Commitment {
    Commitment {
        id: 0,
        unit: PROVINCE.into(),
        subtree: true,
        selector: Selector { all: true, ..Selector::default() },
        received_on: ReceivedOn::default(),
        effect: Effect::Within(Limit::WorkingDays(1)),
        valid_from: NaiveDate::from_ymd_opt(2026, 1, 1).unwrap(),
        valid_to: None,
        decision: "Quyết định 01/QĐ-UBND".into(),
    }
}

fn officer() -> Principal {
    Principal { user_id: 7, name: "Trần Văn Bình".into(), role: Role::Officer, unit: PROVINCE.into() }
}

/// A dossier with all that can hang on one: bound by a commitment, and promised as the law allows but later than that.
fn registration(client: usize) -> Registration {
    Registration {
        code: None,
        unit: commune(client),
        procedure: "2.001019".into(),
        channel: Channel::InPerson,
        case: None,
        received_at: None,
        due_at: Some(at("2026-11-25T17:00")),
        officer: None,
        applicant: Applicant {
            name: "Nguyễn Thị Hòa".into(),
            phone: Some("0912345678".into()),
            email: None,
            address: Some("Tổ 3, khu phố 2, phường Bình Lộc, tỉnh Đồng Nai".into()),
        },
        note: Some("Công dân nộp bản sao, bổ sung bản chính khi nhận kết quả.".into()),
        reason: Some("Chờ xác minh của công an phường.".into()),
        closed: None,
        idempotency: None,
    }
}

fn resolution(code: String) -> Request {
    Request::Resolve(Box::new(ActRequest {
        expected_version: Some(1),
        ..ActRequest::of(code, ActKind::Resolve)
    }))
}
