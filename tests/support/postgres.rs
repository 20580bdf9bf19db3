//! The PostgreSQL the test binary uses, found or started once, and databases made in it.
//!
//! Resolution: `HENTRA_TEST_POSTGRES_URL` if set, else a server started from installed binaries
//! (`postgres_start.rs`), else none: then it says so on standard error, where libtest does not capture, and
//! the test `postgres_half_ran` fails when `CI=true`.

use std::io::Write;
use std::sync::{Mutex, OnceLock};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Integer, Text};

use super::postgres_start::{Started, start};

/// Nothing that tests write need outlive a power cut.
const FAST: &str = "fsync = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
# CREATE DATABASE … TEMPLATE must not wait for a vacuum of the template.
autovacuum = off";

/// Where PostgreSQL comes from in this run.
pub(crate) enum PostgresSource {
    /// Given by `HENTRA_TEST_POSTGRES_URL`: a server whose user may create databases.
    Url(String),
    /// Started by this process; it ends with this process.
    Started(Started),
    /// Neither, and why.
    Missing(String),
}

impl PostgresSource {
    fn resolve() -> Self {
        match std::env::var("HENTRA_TEST_POSTGRES_URL") {
            Ok(url) if !url.trim().is_empty() => Self::Url(url),
            _ => match start(&format!("{FAST}\nsynchronous_commit = off")) {
                Ok(started) => Self::Started(started),
                Err(reason) => Self::Missing(reason),
            },
        }
    }

    fn url(&self) -> Option<&str> {
        match self {
            Self::Url(url) => Some(url),
            Self::Started(started) => Some(&started.url),
            Self::Missing(_) => None,
        }
    }
}

/// A server for tests that kill it: what it has committed outlives its processes.
pub(crate) fn start_lasting_postgres() -> Result<Started, String> {
    start(FAST)
}

/// The one answer to "where does PostgreSQL come from", resolved on first use and announced when it is nowhere.
pub(crate) fn source() -> &'static PostgresSource {
    static SOURCE: OnceLock<PostgresSource> = OnceLock::new();
    SOURCE.get_or_init(|| {
        let source = PostgresSource::resolve();
        if let PostgresSource::Missing(reason) = &source {
            // `eprintln!` would be captured by libtest and shown for failing tests only.
            let line = format!("\n\n!!! PostgreSQL half NOT run: {reason}\n\n");
            std::io::stderr().write_all(line.as_bytes()).unwrap();
        }
        source
    })
}

/// The server all PostgreSQL tests share, or nothing where there is none.
pub(crate) fn postgres() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER.get_or_init(|| source().url().map(Server::new)).as_ref()
}

/// The first key of the advisory locks by which test processes tell each other that they are alive.
const LEASE: i32 = 0x4865_6e74;

/// A server in which this process makes and drops databases named `hentra_test_<process>_<n>`.
pub(crate) struct Server {
    url: String,
    process: i32,
    /// Kept open: while it is, no other process takes our databases for leftovers.
    _lease: Mutex<PgConnection>,
    serial: std::sync::atomic::AtomicU32,
    template: OnceLock<String>,
}

#[derive(QueryableByName)]
struct Leftover {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Locked {
    #[diesel(sql_type = Bool)]
    locked: bool,
}

impl Server {
    fn new(url: &str) -> Self {
        let process = i32::try_from(getrandom::u32().unwrap() >> 1).unwrap();
        let mut lease = connect(url);
        assert!(lock(&mut lease, process), "another test process drew the same number; run again");
        sweep(&mut lease);
        Self {
            url: url.to_owned(),
            process,
            _lease: Mutex::new(lease),
            serial: std::sync::atomic::AtomicU32::new(0),
            template: OnceLock::new(),
        }
    }

    /// Makes an empty database and gives its URL.
    pub(crate) fn create_database(&self) -> String {
        self.create_database_from("template0")
    }

    /// Makes a copy of the database named `template` and gives its URL. Nobody may be connected to the template.
    pub(crate) fn create_database_from(&self, template: &str) -> String {
        let n = self.serial.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let name = format!("hentra_test_{:08x}_{n}", self.process);
        self.run(&format!("CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8'"));
        with_database(&self.url, &name)
    }

    /// The name of a database on which `prepare` was run, made on the first call. One preparation serves the
    /// whole process, so every caller must pass the same function.
    pub(crate) fn prepared_template(&self, prepare: fn(&str)) -> &str {
        self.template.get_or_init(|| {
            let url = self.create_database();
            prepare(&url);
            database_of(&url).to_owned()
        })
    }

    /// Drops the database behind `url`, with whoever is still connected. Says so when it cannot, but does not
    /// panic: it runs while a failing test unwinds.
    pub(crate) fn drop_database(&self, url: &str) {
        let statement = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", database_of(url));
        if let Err(error) = self.try_run(&statement) {
            let line = format!("could not drop a test database: {error}\n");
            std::io::stderr().write_all(line.as_bytes()).ok();
        }
    }

    /// Lets no ordinary session into the database behind `url` and ends those that are there.
    pub(crate) fn shut_out(&self, url: &str) {
        let name = database_of(url);
        self.run(&format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false"));
        self.run(&format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"));
    }

    /// Undoes [`Server::shut_out`].
    pub(crate) fn let_in(&self, url: &str) {
        self.run(&format!("ALTER DATABASE {} WITH ALLOW_CONNECTIONS true", database_of(url)));
    }

    fn run(&self, statement: &str) {
        self.try_run(statement).unwrap_or_else(|error| panic!("{statement}: {error}"));
    }

    fn try_run(&self, statement: &str) -> Result<(), String> {
        let mut connection = PgConnection::establish(&self.url).map_err(|error| error.to_string())?;
        connection.batch_execute(statement).map_err(|error| error.to_string())
    }
}

/// `url` with its database replaced, keeping credentials, host, port and parameters.
pub(crate) fn with_database(url: &str, database: &str) -> String {
    let (base, parameters) = match url.split_once('?') {
        Some((base, parameters)) => (base, format!("?{parameters}")),
        None => (url, String::new()),
    };
    let authority = base.find("://").map_or(0, |scheme| scheme + 3);
    let end = base[authority..].find('/').map_or(base.len(), |slash| authority + slash);
    format!("{}/{database}{parameters}", &base[..end])
}

fn database_of(url: &str) -> &str {
    let base = url.split_once('?').map_or(url, |(base, _)| base);
    base.rsplit_once('/').unwrap().1
}

fn connect(url: &str) -> PgConnection {
    PgConnection::establish(url)
        .unwrap_or_else(|error| panic!("the test PostgreSQL cannot be reached: {error}"))
}

/// Takes the lease of a test process on this connection, unless its owner still holds it.
fn lock(connection: &mut PgConnection, process: i32) -> bool {
    diesel::sql_query("SELECT pg_try_advisory_lock($1, $2) AS locked")
        .bind::<Integer, _>(LEASE)
        .bind::<Integer, _>(process)
        .get_result::<Locked>(connection)
        .unwrap()
        .locked
}

/// Drops what killed test processes left behind; only a server that outlives them has any.
fn sweep(connection: &mut PgConnection) {
    let leftovers = diesel::sql_query(
        "SELECT datname::text AS name FROM pg_database WHERE datname ~ '^hentra_test_[0-9a-f]{8}_[0-9]+$'",
    )
    .load::<Leftover>(connection)
    .unwrap();
    for Leftover { name } in leftovers {
        let owner = i32::from_str_radix(&name["hentra_test_".len()..][..8], 16).unwrap_or(i32::MAX);
        if lock(connection, owner) {
            // Two processes may sweep at once; the second finds it gone.
            connection.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).ok();
            let unlock = format!("SELECT pg_advisory_unlock({LEASE}, {owner})");
            connection.batch_execute(&unlock).unwrap();
        }
    }
}
