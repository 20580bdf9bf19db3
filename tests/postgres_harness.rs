//! The harness itself: a test database is there, is alone, and is gone afterwards, on both engines.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::support::{
    Engine, PostgresSource, TestDatabase, on_both, on_both_async, postgres, source, with_database,
};

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

fn execute(db: &TestDatabase, statement: &str) -> Result<i64, String> {
    let count = "SELECT count(*) AS n FROM promise";
    match db.engine() {
        Engine::Sqlite => {
            let path = db.url().strip_prefix("sqlite://").unwrap();
            let mut connection = SqliteConnection::establish(path).map_err(|error| error.to_string())?;
            connection.batch_execute(statement).map_err(|error| error.to_string())?;
            Ok(diesel::sql_query(count).get_result::<Count>(&mut connection).unwrap().n)
        }
        Engine::Postgres => {
            let mut connection = PgConnection::establish(db.url()).map_err(|error| error.to_string())?;
            connection.batch_execute(statement).map_err(|error| error.to_string())?;
            Ok(diesel::sql_query(count).get_result::<Count>(&mut connection).unwrap().n)
        }
    }
}

const TABLE: &str = "CREATE TABLE promise (due TEXT NOT NULL); INSERT INTO promise VALUES ('thứ Sáu')";

on_both! {
    fn a_database_is_fresh_and_keeps_what_it_is_given(db) {
        assert_eq!(execute(db, TABLE), Ok(1), "an empty database takes the table");
        assert_eq!(execute(db, "INSERT INTO promise VALUES ('thứ Hai')"), Ok(2));
        assert!(execute(db, TABLE).is_err(), "the table is there already");
    }

    fn two_databases_do_not_see_each_other(db) {
        let other = match db.engine() {
            Engine::Sqlite => TestDatabase::sqlite(),
            Engine::Postgres => TestDatabase::postgres().unwrap(),
        };
        assert_ne!(db.url(), other.url());
        assert_eq!(execute(db, TABLE), Ok(1));
        assert_eq!(execute(&other, TABLE), Ok(1), "the same table fits into the other one");
    }
}

on_both_async! {
    async fn an_async_body_runs_in_a_runtime(db) {
        actix_web::rt::time::sleep(Duration::from_millis(1)).await;
        assert_eq!(execute(db, TABLE), Ok(1));
    }
}

/// Without PostgreSQL half of the store tests return early; on CI that must not pass for success.
#[test]
fn postgres_half_ran() {
    if let PostgresSource::Missing(reason) = source() {
        let on_ci = std::env::var("CI").is_ok_and(|value| value == "true");
        assert!(!on_ci, "PostgreSQL half NOT run: {reason}");
    }
}

#[test]
fn a_sqlite_database_goes_with_its_guard() {
    let db = TestDatabase::sqlite();
    execute(&db, TABLE).unwrap();
    let file = std::path::PathBuf::from(db.url().strip_prefix("sqlite://").unwrap());
    assert!(file.is_file());
    drop(db);
    assert!(!file.parent().unwrap().exists());
}

#[test]
fn a_postgres_database_goes_with_its_guard_even_while_in_use() {
    let Some(db) = TestDatabase::postgres() else { return };
    let url = db.url().to_owned();
    let _still_connected = PgConnection::establish(&url).unwrap();
    drop(db);
    let Err(error) = PgConnection::establish(&url) else { panic!("the database is still there") };
    assert!(error.to_string().contains("does not exist"), "{error}");
}

#[test]
fn a_prepared_database_is_a_copy_of_its_own() {
    let Some(one) = TestDatabase::postgres_prepared(prepare) else { return };
    let two = TestDatabase::postgres_prepared(prepare).unwrap();
    assert_eq!(execute(&one, "INSERT INTO promise VALUES ('thứ Hai')"), Ok(2));
    assert_eq!(execute(&two, "SELECT 1"), Ok(1), "what one writes the other does not see");
}

fn prepare(url: &str) {
    PgConnection::establish(url).unwrap().batch_execute(TABLE).unwrap();
}

#[test]
fn a_database_can_be_taken_away_and_brought_back() {
    assert!(!TestDatabase::sqlite().take_away());
    let Some(db) = TestDatabase::postgres() else { return };
    let mut inside = PgConnection::establish(db.url()).unwrap();
    assert!(db.take_away());
    assert!(inside.batch_execute("SELECT 1").is_err(), "who was in is thrown out");
    assert!(PgConnection::establish(db.url()).is_err(), "and nobody is let in");
    db.bring_back();
    assert_eq!(execute(&db, TABLE), Ok(1));
}

#[test]
fn a_url_changes_its_database_and_nothing_else() {
    let cases = [
        ("postgres://u:p@host:5433/postgres?sslmode=require", "postgres://u:p@host:5433/x?sslmode=require"),
        ("postgres://host", "postgres://host/x"),
        ("postgresql:///postgres?host=/run/a/b", "postgresql:///x?host=/run/a/b"),
    ];
    for (url, expected) in cases {
        assert_eq!(with_database(url, "x"), expected);
    }
}

/// Not a test of its own: the process that [`the_server_ends_with_a_process_that_is_killed`] kills.
#[test]
#[ignore = "started by the_server_ends_with_a_process_that_is_killed"]
fn holds_a_server_until_killed() {
    let Ok(report) = std::env::var("HENTRA_TEST_REPORT") else { return };
    let mut connection = PgConnection::establish(postgres().unwrap().create_database().as_str()).unwrap();
    let directory = diesel::sql_query("SELECT current_setting('data_directory') AS line");
    let directory = directory.get_result::<Line>(&mut connection).unwrap().line;
    // A child that outlives us must not keep the server alive.
    let mut child = Command::new("sleep").arg("120").stdin(Stdio::null()).spawn().unwrap();
    std::fs::write(report, format!("{directory}\n{}\n", child.id())).unwrap();
    child.wait().unwrap();
}

#[test]
fn the_server_ends_with_a_process_that_is_killed() {
    if !matches!(source(), PostgresSource::Started(_)) {
        return;
    }
    let scratch = tempfile::tempdir().unwrap();
    let report = scratch.path().join("report");
    let mut holder = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "postgres_harness::holds_a_server_until_killed", "--ignored"])
        .env("HENTRA_TEST_REPORT", &report)
        .env_remove("HENTRA_TEST_POSTGRES_URL")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    assert!(wait_until(|| std::fs::read_to_string(&report).is_ok_and(|text| text.ends_with('\n'))));
    let text = std::fs::read_to_string(&report).unwrap();
    let (data, child) = text.trim().split_once('\n').unwrap();
    let data = std::path::Path::new(data);
    assert!(data.is_dir(), "{} holds the running server", data.display());
    holder.kill().unwrap();
    holder.wait().unwrap();
    let gone = wait_until(|| !data.parent().unwrap().exists());
    Command::new("kill").arg(child).status().unwrap();
    assert!(gone, "{} was left behind", data.display());
}

fn wait_until(condition: impl Fn() -> bool) -> bool {
    let deadline = Instant::now() + Duration::from_secs(60);
    while Instant::now() < deadline {
        if condition() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    false
}
