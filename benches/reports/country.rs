//! The country that is measured: made where it does not stand yet, and asked for reports.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use hentra::app::App;
use hentra::app::access::{Principal, Role};
use hentra::app::counters::Tender;
use hentra::app::generate::{Plan, generate};
use hentra::app::reports::Asked;
use hentra::app::reports::processing::{ProcessingRequest, processing};
use hentra::clock::Clock;
use hentra::domain::period::Period;
use hentra::domain::statistics::{GroupBy, Window};
use hentra::store::{Store, StoreSettings};
use hentra::text::Lang;

use crate::spread::Spread;

/// One of the provinces, with a hundred communes.
pub(crate) const PROVINCE: &str = "G07";
/// One of its communes.
pub(crate) const COMMUNE: &str = "G07.042";
const UNITS: u32 = 3_400;

/// A database with a country in it.
pub(crate) struct Country {
    app: App,
    store: Store,
    url: String,
    pub(crate) dossiers: u32,
}

/// What a report is asked for.
#[derive(Clone, Copy)]
pub(crate) struct Report {
    pub(crate) period: Option<&'static str>,
    pub(crate) days: Option<(&'static str, &'static str)>,
    pub(crate) as_of: Option<&'static str>,
    pub(crate) unit: &'static str,
    pub(crate) group_by: GroupBy,
}

#[derive(QueryableByName)]
struct Sized {
    #[diesel(sql_type = Text)]
    what: String,
    #[diesel(sql_type = BigInt)]
    bytes: i64,
}

impl Country {
    /// The country in this database; made now if the database is empty.
    pub(crate) async fn open(url: &str, dossiers: u32) -> Country {
        let settings = StoreSettings { url: url.to_owned(), readers: 2, patience: Duration::from_secs(60) };
        let store = Store::open(&settings).unwrap();
        let app = App::start(store.clone(), Clock::starting_at(at("2026-11-16T10:00:00+07:00"))).unwrap();
        let from = "2023-11-15".parse().unwrap();
        let plan = Plan {
            dossiers,
            units: UNITS,
            procedures: 200,
            years: 3,
            seed: 1,
            from: Some(from),
            committed: false,
        };
        let began = Instant::now();
        match generate(&app, &plan, |_| ()).await {
            Ok(made) => {
                println!("{}: made {made} dossiers in {:.0} s", app.engine(), began.elapsed().as_secs_f64());
                settle(url);
            }
            Err(hentra::app::generate::GenerateError::NotEmpty) => {}
            Err(error) => panic!("{url}: {error}"),
        }
        // As the service does by the way: a database of an older program gets its counters, any other folds the days that are over.
        Tender::default().look(&app).await.unwrap();
        Country { app, store, url: url.to_owned(), dossiers }
    }

    pub(crate) fn engine(&self) -> &'static str {
        self.app.engine()
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// All units.
    pub(crate) fn units(&self) -> Vec<String> {
        let provinces = (1..=34).map(|n| format!("G{n:02}"));
        let all = provinces.flat_map(|of| {
            let communes: Vec<String> = (1..=100).map(|n| format!("{of}.{n:03}")).collect();
            std::iter::once(of).chain(communes)
        });
        std::iter::once("VN".to_owned()).chain(all).collect()
    }

    /// Asks for the report, once to warm up and then so often as is set.
    pub(crate) async fn time(&self, name: &str, of: Report) -> Spread {
        self.ask(of).await;
        let mut all = Vec::new();
        for _ in 0..crate::rounds() {
            let asked = Instant::now();
            self.ask(of).await;
            all.push(asked.elapsed().as_secs_f64() * 1_000.0);
        }
        let spread = Spread::of(all);
        spread.tell(name);
        spread
    }

    async fn ask(&self, of: Report) {
        let asked = Asked {
            period: of.period.map(Into::into),
            from: of.days.map(|days| days.0.parse().unwrap()),
            to: of.days.map(|days| days.1.parse().unwrap()),
            as_of: of.as_of.map(at),
            unit: Some(of.unit.into()),
            units_as_of: None,
            lang: Lang::Vi,
        };
        let request = ProcessingRequest { asked, group_by: of.group_by, compare: Vec::new() };
        let report = processing(&self.app, request, reader()).await.unwrap();
        assert!(report.checks.ok && report.total.received.total > 0);
    }

    /// What the dossiers, their indexes and all other tables take.
    pub(crate) fn tell_sizes(&self) {
        let sizes: Vec<Sized> = if self.url.starts_with("sqlite://") {
            let sql = "SELECT CASE WHEN m.type = 'index' THEN m.tbl_name || ', indexes' ELSE m.tbl_name END AS what, CAST(SUM(s.pgsize) AS BIGINT) AS bytes
                         FROM dbstat s JOIN sqlite_master m ON m.name = s.name WHERE s.aggregate GROUP BY 1 HAVING SUM(s.pgsize) > 1000000 ORDER BY 2 DESC";
            diesel::sql_query(sql).load(&mut sqlite(&self.url)).unwrap()
        } else {
            let sql = "SELECT what, bytes FROM (
                         SELECT relname::text AS what, pg_table_size(oid)::bigint AS bytes FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
                         UNION ALL
                         SELECT relname || ', indexes', pg_indexes_size(oid)::bigint FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
                       ) s WHERE bytes > 1000000 ORDER BY bytes DESC";
            diesel::sql_query(sql).load(&mut PgConnection::establish(&self.url).unwrap()).unwrap()
        };
        println!("  sizes:");
        for of in sizes {
            println!("    {:<32} {:>8.1} MB", of.what, of.bytes as f64 / 1e6);
        }
    }
}

/// The window of the quarter that is measured, seen from its end.
pub(crate) fn window() -> Window {
    Window::new(&Period::parse(crate::QUARTER.period.unwrap()).unwrap(), DateTime::<Utc>::MAX_UTC)
}

pub(crate) fn sqlite(url: &str) -> SqliteConnection {
    SqliteConnection::establish(url.strip_prefix("sqlite://").unwrap()).unwrap()
}

/// What PostgreSQL does by itself some time after a table was filled.
fn settle(url: &str) {
    if url.starts_with("postgres") {
        PgConnection::establish(url).unwrap().batch_execute("VACUUM (ANALYZE)").unwrap();
    }
}

/// Takes the database away if it stands.
pub(crate) fn drop_database(server: &str, name: &str) {
    let mut c = PgConnection::establish(server).unwrap();
    c.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).unwrap();
}

/// Makes the database unless it stands.
pub(crate) fn create_database(server: &str, name: &str) {
    let mut c = PgConnection::establish(server).unwrap();
    let sql =
        format!("SELECT datname::text AS what, 0::bigint AS bytes FROM pg_database WHERE datname = '{name}'");
    let found: Vec<Sized> = diesel::sql_query(sql).load(&mut c).unwrap();
    if found.is_empty() {
        c.batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
    }
}

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().to_utc()
}

fn reader() -> Principal {
    Principal { user_id: 1, name: "Trần Văn Bình".into(), role: Role::Reporter, unit: "VN".into() }
}
