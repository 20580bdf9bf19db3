//! The store on both engines: migrations, the transaction door, the append-only ledger.

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use hentra::app::{App, AppError};
use hentra::clock::Clock;
use hentra::store::calendars::calendar_in_force;
use hentra::store::migrations::{
    migrations_count, migrations_pending, migrations_revert_all, migrations_run,
};
use hentra::store::{Moment, Store, StoreError, StoreSettings, catalogue, ledger};

use crate::support::{TestDatabase, on_both, on_both_async};

fn open(db: &TestDatabase) -> Store {
    let settings =
        StoreSettings { url: db.url().to_owned(), readers: 2, patience: std::time::Duration::from_secs(5) };
    Store::open(&settings).unwrap()
}

/// Raw SQL by another hand, past Hentra.
fn execute(db: &TestDatabase, sql: &str) -> Result<(), String> {
    let done = match db.url().strip_prefix("sqlite://") {
        Some(path) => crate::support::beside(path).batch_execute(sql),
        None => PgConnection::establish(db.url()).unwrap().batch_execute(sql),
    };
    done.map_err(|error| error.to_string())
}

fn moment(text: &str) -> Moment {
    chrono::DateTime::parse_from_rfc3339(text).unwrap().to_utc().into()
}

on_both! {
    fn migrations_run_up_down_and_up(db) {
        let store = open(db);
        assert!(migrations_pending(&mut store.reader().unwrap()).unwrap());
        assert_eq!(migrations_run(&store).unwrap().len(), migrations_count());
        assert!(!migrations_pending(&mut store.reader().unwrap()).unwrap());
        assert_eq!(migrations_run(&store).unwrap().len(), 0);
        assert_eq!(migrations_revert_all(&store).unwrap(), migrations_count());
        assert!(catalogue::catalogue_version(&mut store.reader().unwrap()).is_err());
        assert_eq!(migrations_run(&store).unwrap().len(), migrations_count());
        assert_eq!(catalogue::catalogue_version(&mut store.reader().unwrap()).unwrap(), 0);
    }
}

on_both! {
    fn a_failed_write_leaves_nothing_and_a_savepoint_only_its_own(db) {
        let store = open(db);
        migrations_run(&store).unwrap();
        let failed: Result<(), StoreError> = store.write("test", |c| {
            catalogue::catalogue_touch(c)?;
            Err(StoreError::Engine("on purpose".into()))
        });
        assert!(failed.is_err());
        let kept: Result<(), StoreError> = store.write("test", |c| {
            catalogue::catalogue_touch(c)?;
            let inner: Result<(), StoreError> = c.savepoint(|c| {
                catalogue::catalogue_touch(c)?;
                Err(StoreError::Engine("on purpose".into()))
            });
            assert!(inner.is_err());
            Ok(())
        });
        kept.unwrap();
        assert_eq!(catalogue::catalogue_version(&mut store.reader().unwrap()).unwrap(), 1);
    }
}

on_both! {
    fn the_ledger_chains_and_refuses_to_be_rewritten(db) {
        let store = open(db);
        migrations_run(&store).unwrap();
        let at = moment("2026-11-20T10:00:00.123456Z");
        for n in 0..3 {
            let new = (0..2)
                .map(|k| ledger::NewEntry {
                    dossier_id: Some(n),
                    act: "receive",
                    at,
                    actor_id: None,
                    payload: serde_json::json!({"b": k, "a": "hồ sơ", "at": "x"}),
                })
                .collect();
            store.write("test", |c| ledger::ledger_append(c, at, new)).unwrap();
        }
        let entries = ledger::ledger_entries(&mut store.reader().unwrap(), None, 0, 100).unwrap();
        let (count, head) = hentra::domain::ledger::verify(&entries).unwrap();
        assert_eq!((count, &head), (6, &entries[5].1));
        assert_eq!(ledger::ledger_entries(&mut store.reader().unwrap(), Some(1), 0, 100).unwrap().len(), 2);

        for sql in ["UPDATE ledger SET act = 'resolve' WHERE seq = 2", "DELETE FROM ledger WHERE seq = 2"] {
            let refused = execute(db, sql);
            assert!(refused.unwrap_err().contains("append-only"), "{sql}");
        }
    }
}

on_both_async! {
    async fn starting_twice_furnishes_once(db) {
        for _ in 0..2 {
            let app = App::start(open(db), Clock::standing_at(moment("2026-11-20T01:00:00Z").utc())).unwrap();
            let (procedures, calendar) = app
                .read(|_, catalogue| Ok((catalogue.procedures.len(), catalogue.calendar_version)))
                .await
                .unwrap();
            assert_eq!((procedures, calendar), (264, 1));
        }
    }
}

on_both_async! {
    async fn a_catalogue_changed_by_another_process_is_seen(db) {
        let clock = Clock::standing_at(moment("2026-11-20T01:00:00Z").utc());
        let (one, other) = (App::start(open(db), clock.clone()).unwrap(), App::start(open(db), clock).unwrap());
        let names = |app: App| async move {
            app.read(|_, catalogue| Ok::<_, AppError>(catalogue.unit_name("H19").to_owned())).await.unwrap()
        };
        assert_eq!(names(other.clone()).await, "H19");
        let unit = |name: &str| hentra::domain::unit::Unit {
            code: "H19".into(), name: name.into(), parent: None, valid_from: None, valid_to: None, merged_into: None,
        };
        hentra::app::catalogue::units_put(&one, vec![unit("Tỉnh A")]).await.unwrap();
        assert_eq!(names(other.clone()).await, "Tỉnh A");
        hentra::app::catalogue::units_put(&one, vec![unit("Tỉnh B")]).await.unwrap();
        assert_eq!(names(other).await, "Tỉnh B");
    }
}

#[test]
fn a_mistyped_url_is_refused_and_never_taken_for_a_file() {
    for url in [
        "hentra.db",
        "sqlite:hentra.db",
        "sqlite://",
        "mysql://localhost/x",
        "postgre://x",
        "sqlite:///x.db?mode=ro",
    ] {
        let settings =
            StoreSettings { url: url.into(), readers: 1, patience: std::time::Duration::from_secs(1) };
        assert!(matches!(Store::open(&settings), Err(StoreError::Settings(_))), "{url}");
    }
}

on_both! {
    fn a_published_calendar_never_changes(db) {
        let store = open(db);
        migrations_run(&store).unwrap();
        let row = catalogue::CalendarVersionRow {
            version: 0,
            scope: "national".into(),
            content: "{}".into(),
            source: "TB 1".into(),
            published_at: moment("2026-11-20T10:00:00Z"),
            published_by: None,
        };
        let version = store.write("test", |c| catalogue::calendar_insert(c, row)).unwrap();
        for statement in ["UPDATE calendar_versions SET source = 'TB 2'", "DELETE FROM calendar_versions"] {
            let refused = execute(db, statement).unwrap_err();
            assert!(refused.contains("a published calendar never changes"), "{statement}: {refused}");
        }
        let kept = calendar_in_force(&mut store.reader().unwrap(), "national").unwrap().unwrap();
        assert_eq!((kept.version, kept.source.as_str()), (version, "TB 1"));
    }
}
