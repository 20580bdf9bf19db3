//! A calendar that moves many open dossiers, on both engines: counters log on meanwhile, and what was cut off is finished.

use std::time::Duration;

use chrono::{DateTime, Utc};
use hentra::app::calendars::{CalendarFile, Published, publish};
use hentra::app::catalogue::LayerContent;
use hentra::app::redating_slices::Watch;
use hentra::app::writer::{ActRequest, Applicant, Registration};
use hentra::app::{App, catalogue, dossiers, ledger as chain};
use hentra::clock::Clock;
use hentra::domain::act::ActKind;
use hentra::domain::calendar::{DayKind, DayRow};
use hentra::domain::dossier::{Channel, Status};
use hentra::store::catalogue::{CalendarVersionRow, calendar_insert, catalogue_touch};
use hentra::store::dossiers::{dossier_find, dossiers_after};
use hentra::store::redatings::{redating_begin, redatings_unfinished};
use hentra::store::{Store, StoreSettings, ledger};
use hentra::text::Lang;

use crate::support::{TestDatabase, on_both_async, unit};

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{text}:00+07:00")).unwrap().to_utc()
}

fn store(db: &TestDatabase) -> Store {
    let settings = StoreSettings { url: db.url().to_owned(), readers: 4, patience: Duration::from_secs(5) };
    Store::open(&settings).unwrap()
}

/// Thursday 19/11/2026 at nine: three working days are Friday, Monday and, Tuesday 24/11 being a holiday, Wednesday 25/11.
async fn office(db: &TestDatabase) -> App {
    let app = App::start(store(db), Clock::standing_at(at("2026-11-19T09:00"))).unwrap();
    let units = vec![unit("H19", "H19", None), unit("H19.15", "H19.15", Some("H19"))];
    catalogue::units_put(&app, units).await.unwrap();
    app
}

fn new(code: String) -> Registration {
    Registration {
        code: Some(code),
        unit: "H19.15".into(),
        procedure: "1.004194".into(),
        channel: Channel::InPerson,
        case: None,
        received_at: None,
        due_at: None,
        officer: None,
        applicant: Applicant { name: "Hòa".into(), phone: None, email: None, address: None },
        note: None,
        reason: None,
        closed: None,
        idempotency: None,
    }
}

async fn logged(app: &App, count: usize) {
    let rows = (0..count).map(|n| new(format!("D-{n:04}"))).collect();
    let answers = dossiers::register_many(app, rows, None, Lang::Vi).await.unwrap();
    assert!(answers.iter().all(Result::is_ok));
}

/// The commune is under water on Friday.
fn flood() -> DayRow {
    DayRow {
        date: "2026-11-20".parse().unwrap(),
        kind: DayKind::Closure,
        name: "Ngập lụt".into(),
        source: "CV 1/UBND".into(),
    }
}

async fn flooded(app: &App, dry_run: bool) -> Published {
    let file = CalendarFile { day: vec![flood()], ..CalendarFile::default() };
    publish(app, "H19.15".into(), file, "lũ".into(), dry_run).await.unwrap()
}

/// The acts of all dossiers in the order of the chain.
fn acts(db: &TestDatabase) -> Vec<String> {
    let mut c = store(db).reader().unwrap();
    let entries = ledger::ledger_entries(&mut c, None, 0, 100_000).unwrap();
    entries.into_iter().filter(|(entry, _)| entry.dossier_id.is_some()).map(|(entry, _)| entry.act).collect()
}

async fn sound(app: &App) {
    let verdict = chain::verify(app, Vec::new()).await.unwrap();
    assert!(verdict.ok, "{verdict:?}");
}

on_both_async! {
    async fn many_dossiers_move_in_slices_and_the_counters_log_between_them(db) {
        let app = office(&db).await;
        logged(&app, 900).await;
        let foreseen = flooded(&app, true).await;
        assert_eq!((foreseen.version, foreseen.redating.redated.len()), (None, 900));
        let publisher = app.clone();
        let publishing = tokio::spawn(async move { flooded(&publisher, false).await });
        let mut between = 0;
        while !publishing.is_finished() {
            dossiers::register(&app, new(format!("N-{between:04}")), None, Lang::Vi).await.unwrap();
            between += 1;
        }
        let published = publishing.await.unwrap();
        assert_eq!(published.version, Some(2));
        // Those logged before the version stood were re-dated as well; those after it, never.
        assert!(published.redating.redated.len() >= 900);
        assert_eq!(published.redating.redated[0].to, at("2026-11-26T17:00"));
        let acts = acts(&db);
        let first = acts.iter().position(|act| act == "redate").unwrap();
        let last = acts.iter().rposition(|act| act == "redate").unwrap();
        assert!(
            acts[first..last].iter().any(|act| act == "receive"),
            "no counter came in between {first} and {last} of {}", acts.len()
        );
        let mut c = store(&db).reader().unwrap();
        let all = dossiers_after(&mut c, 0, 10_000).unwrap();
        assert_eq!(all.len(), 900 + between);
        assert!(all.iter().all(|of| of.due_at == at("2026-11-26T17:00")), "a dossier kept a date of the old calendar");
        assert_eq!(acts.iter().filter(|act| *act == "redate").count(), published.redating.redated.len());
        assert!(redatings_unfinished(&mut c).unwrap().is_empty());
        sound(&app).await;
    }

    async fn a_small_calendar_is_published_and_re_dates_in_one_transaction(db) {
        let app = office(&db).await;
        logged(&app, 3).await;
        flooded(&app, false).await;
        let mut c = store(&db).reader().unwrap();
        let recorded: Vec<_> = ledger::ledger_entries(&mut c, None, 0, 100).unwrap();
        let redated: Vec<_> = recorded.iter().filter(|(entry, _)| entry.act == "redate").collect();
        assert_eq!(redated.len(), 3);
        assert!(redated.iter().all(|(entry, _)| entry.payload["calendar_version"] == 2));
        assert!(redatings_unfinished(&mut c).unwrap().is_empty());
    }

    async fn what_a_dead_process_began_is_finished_and_no_act_goes_by_the_old_dates(db) {
        let app = office(&db).await;
        logged(&app, 600).await;
        // A process published, and died before its first slice was done.
        let content = LayerContent { days: vec![flood()], ..LayerContent::default() };
        store(&db).write("a process that died", |c| {
            let row = CalendarVersionRow {
                version: 0,
                scope: "H19.15".into(),
                content: serde_json::to_string(&content).unwrap(),
                source: "lũ".into(),
                published_at: at("2026-11-19T09:00").into(),
                published_by: None,
            };
            let version = calendar_insert(c, row)?;
            redating_begin(c, version, at("2026-11-19T09:00").into())?;
            catalogue_touch(c)
        }).unwrap();

        let mut c = store(&db).reader().unwrap();
        assert_eq!(dossier_find(&mut c, "D-0599").unwrap().unwrap().due_at, at("2026-11-25T17:00"));
        let pause = ActRequest {
            reason: Some("Chờ xác minh".into()),
            ground: Some("NĐ 61/2018 Đ.19".into()),
            expected_version: Some(1),
            ..ActRequest::of("D-0599", ActKind::Pause)
        };
        dossiers::act(&app, pause, None, Lang::Vi).await.unwrap();
        let paused = dossier_find(&mut c, "D-0599").unwrap().unwrap();
        assert_eq!((paused.status, paused.version), (Status::Paused, 3));
        assert_eq!(paused.due_at, at("2026-11-26T17:00"), "the act went by the old calendar");

        let mut watch = Watch::default();
        watch.look(&app).await.unwrap();
        assert!(!redatings_unfinished(&mut c).unwrap().is_empty(), "the process that publishes is given time");
        watch.look(&app).await.unwrap();
        assert!(redatings_unfinished(&mut c).unwrap().is_empty());
        let all = dossiers_after(&mut c, 0, 10_000).unwrap();
        assert!(all.iter().all(|of| of.due_at == at("2026-11-26T17:00")));
        assert_eq!(acts(&db).iter().filter(|act| *act == "redate").count(), 600, "each was re-dated once");
        // An act needs no re-dating any more.
        dossiers::act(&app, ActRequest::of("D-0001", ActKind::Resolve), None, Lang::Vi).await.unwrap();
        assert_eq!(acts(&db).last().unwrap(), "resolve");
        sound(&app).await;
    }
}
