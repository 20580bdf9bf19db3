//! The made-up country: the same for the same seed, sound row by row, and alike what counters see.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Datelike as _, Utc, Weekday};
use hentra::app::access::{Principal, Role};
use hentra::app::generate::{GenerateError, Plan, Progress, generate};
use hentra::app::reports::Asked;
use hentra::app::reports::commitments::{CommitmentsRequest, commitments};
use hentra::app::reports::processing::{ProcessingRequest, processing};
use hentra::app::{App, AppError};
use hentra::clock::Clock;
use hentra::domain::commitment::Pledge;
use hentra::domain::deadline::deadline;
use hentra::domain::dossier::{self, Channel, ClosedAs, Dossier, NEVER, Outcome, Status};
use hentra::domain::kept::{CommitmentsBy, Verdict, verdict};
use hentra::domain::office_time::local_date;
use hentra::domain::period::Period;
use hentra::domain::statistics::{GroupBy, Window, tally};
use hentra::store::bounds::bounds_of;
use hentra::store::bulk::dossiers_bare;
use hentra::store::dossiers::dossiers_after;
use hentra::store::{Store, StoreError, StoreSettings};
use hentra::text::Lang;

use crate::cli::program;
use crate::support::{TestDatabase, on_both_async};

const NOW: &str = "2026-11-20T08:00:00+07:00";

fn now() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(NOW).unwrap().to_utc()
}

fn plan(seed: u64) -> Plan {
    let from = Some("2024-11-15".parse().unwrap());
    Plan { dossiers: 4_000, units: 68, procedures: 60, years: 2, seed, from, committed: false }
}

fn open(db: &TestDatabase) -> (App, Store) {
    let settings = StoreSettings { url: db.url().to_owned(), readers: 2, patience: Duration::from_secs(10) };
    let store = Store::open(&settings).unwrap();
    (App::start(store.clone(), Clock::standing_at(now())).unwrap(), store)
}

/// The dossiers as the store reads them back, in the order of their keys.
async fn made(db: &TestDatabase, plan: &Plan) -> (App, Vec<Dossier>) {
    let (app, store) = open(db);
    let mut last = 0;
    let told = |progress| {
        if let Progress::Written(many) = progress {
            last = many;
        }
    };
    assert_eq!(generate(&app, plan, told).await.unwrap(), plan.dossiers);
    assert_eq!(last, plan.dossiers);
    let all = dossiers_after(&mut store.reader().unwrap(), 0, 10_000).unwrap();
    (app, all)
}

/// What the ledger would tell of each, without their keys.
fn told(all: &[Dossier]) -> Vec<String> {
    all.iter().map(|of| serde_json::to_string(of).unwrap()).collect()
}

#[actix_web::test]
async fn the_same_seed_makes_the_same_rows_on_both_engines_and_another_makes_others() {
    let (_, first) = made(&TestDatabase::sqlite(), &plan(7)).await;
    let (_, other) = made(&TestDatabase::sqlite(), &plan(8)).await;
    assert_ne!(told(&first), told(&other));
    let again = match TestDatabase::postgres() {
        Some(db) => made(&db, &plan(7)).await.1,
        None => made(&TestDatabase::sqlite(), &plan(7)).await.1,
    };
    assert_eq!(told(&first), told(&again));
}

on_both_async! {
    async fn each_row_is_sound_and_the_report_counts_it(db) {
        let (app, all) = made(db, &plan(7)).await;
        assert_eq!(all.len(), 4_000);
        let calendar = app.read(|_, catalogue| catalogue.calendar("national")).await.unwrap();
        for of in &all {
            assert!(calendar.session_at(of.received_at).is_some_and(|session| !session.counter_only), "{of:?}");
            assert!(calendar.is_working(local_date(of.received_at)) && of.last_act_at >= of.received_at);
            check_end(of);
            if of.supplements == 0 && of.pauses.is_empty() {
                let lawful = deadline(&calendar, of.received_at, of.limit, of.late_receipt).unwrap();
                assert_eq!((of.due_at, of.first_due_at), (lawful.due_at, lawful.due_at), "{of:?}");
                assert!(of.lapses_at == lawful.lapses_at || (of.lapses_at == NEVER && of.halted_at.is_some()), "{of:?}");
            }
        }
        let window = Window::new(&Period::parse("2026-Q3").unwrap(), now());
        let expected = tally(&all, &window);
        let asked = Asked { period: Some("2026-Q3".into()), from: None, to: None, as_of: None, unit: Some("VN".into()), units_as_of: None, lang: Lang::Vi };
        let by = Principal { user_id: 1, name: "Lê Tám".into(), role: Role::Reporter, unit: "VN".into() };
        let report = processing(&app, ProcessingRequest { asked, group_by: GroupBy::Unit, compare: Vec::new() }, by).await.unwrap();
        assert!(report.checks.ok && expected.received > 300, "{expected:?}");
        let total = &report.total;
        assert_eq!(
            (total.received.total, total.received.online, total.resolved.late, total.in_progress.overdue),
            (expected.received, expected.online, expected.late, expected.overdue)
        );
    }
}

/// That it says how it ended, and so as its state has it.
fn check_end(of: &Dossier) {
    assert_eq!(of.closed_at.is_some(), of.closed_as.is_some(), "{of:?}");
    let outcome = of.closed_at.map(|at| dossier::outcome(of, at));
    assert_eq!(of.outcome, outcome, "{of:?}");
    let halted = matches!(of.status, Status::AwaitingSupplement | Status::Paused);
    assert_eq!(of.halted_at.is_some(), halted, "{of:?}");
    assert!(halted || of.lapses_at != NEVER, "{of:?}");
    let closed_as = match of.status {
        Status::Resolved | Status::Returned => Some(ClosedAs::Resolved),
        Status::Refused => Some(ClosedAs::Refused),
        Status::Withdrawn => Some(ClosedAs::Withdrawn),
        Status::Stopped => Some(ClosedAs::Stopped),
        Status::Processing | Status::AwaitingSupplement | Status::Paused => None,
    };
    assert_eq!(of.closed_as, closed_as, "{of:?}");
    assert_eq!(of.returned_at.is_some(), of.status == Status::Returned, "{of:?}");
}

#[actix_web::test]
async fn dossiers_come_and_go_as_counters_see_it() {
    let (_, all) = made(&TestDatabase::sqlite(), &plan(7)).await;
    let part = |many: usize| f64::from(u32::try_from(many).unwrap()) / 4_000.0;
    let share = |some: &dyn Fn(&Dossier) -> bool| part(all.iter().filter(|of| some(of)).count());
    let on = |day| share(&|of: &Dossier| local_date(of.received_at).weekday() == day);
    assert!(on(Weekday::Mon) > 1.2 * on(Weekday::Fri), "{} {}", on(Weekday::Mon), on(Weekday::Fri));
    assert_eq!(on(Weekday::Sun), 0.0);
    let online = |half: &[Dossier]| half.iter().filter(|of| of.channel == Channel::Online).count();
    let (before, after) = all.split_at(2_000);
    assert!(online(after) > online(before) + 300, "{} {}", online(before), online(after));
    let between = |what: &str, share: f64, least: f64, most: f64| {
        assert!((least..most).contains(&share), "{what}: {share}");
    };
    between("postal", share(&|of| of.channel == Channel::Postal), 0.02, 0.05);
    between("late", share(&|of| of.outcome == Some(Outcome::Late)), 0.01, 0.15);
    between("early", share(&|of| of.outcome == Some(Outcome::Early)), 0.2, 0.8);
    between("open", share(&|of| of.closed_at.is_none()), 0.002, 0.08);
    between("apologised", share(&|of| of.reappointments > 0), 0.001, 0.03);
    between("sent back", share(&|of| of.supplements > 0), 0.02, 0.06);
    for end in [ClosedAs::Refused, ClosedAs::Withdrawn, ClosedAs::Stopped] {
        between(end.word(), share(&|of| of.closed_as == Some(end)), 0.001, 0.03);
    }
    let mut units: BTreeMap<&str, usize> = BTreeMap::new();
    let mut procedures: BTreeMap<&str, usize> = BTreeMap::new();
    for of in &all {
        *units.entry(&of.unit).or_default() += 1;
        *procedures.entry(&of.procedure).or_default() += 1;
    }
    let most = |of: &BTreeMap<&str, usize>| of.values().copied().max().unwrap();
    assert!(most(&units) > 2 * 4_000 / 68, "{units:?}");
    assert_eq!(most(&procedures), procedures["2.000815"]);
    between("the most usual", part(most(&procedures)), 0.1, 0.4);
}

on_both_async! {
    async fn what_stands_beside_the_rows_stands_again(db) {
        let names = |store: &Store| {
            let mut found = Vec::new();
            let undone = store.write("look", |c| {
                found = dossiers_bare(c)?.into_iter().map(|of| of.name).collect();
                Err::<(), StoreError>(StoreError::Corrupt("nothing is to be changed".to_owned()))
            });
            assert!(undone.is_err());
            found
        };
        let (app, store) = open(db);
        let before: Vec<String> = names(&store);
        assert!(before.iter().any(|name| name == "dossiers_received"), "{before:?}");
        generate(&app, &Plan { dossiers: 100, ..plan(1) }, |_| ()).await.unwrap();
        assert_eq!(names(&store), before);
    }
}

on_both_async! {
    async fn a_database_in_use_and_days_to_come_are_refused(db) {
        let (app, _) = open(db);
        let small = Plan { dossiers: 50, ..plan(1) };
        let to_come = Plan { from: Some("2025-01-01".parse().unwrap()), ..small.clone() };
        assert!(matches!(generate(&app, &to_come, |_| ()).await, Err(GenerateError::ToCome(_))));
        let early = Plan { from: Some("2011-01-01".parse().unwrap()), ..small.clone() };
        assert!(matches!(generate(&app, &early, |_| ()).await, Err(GenerateError::TooEarly(_))));
        let many = Plan { procedures: 1_000, ..small.clone() };
        assert!(matches!(generate(&app, &many, |_| ()).await, Err(GenerateError::TooFewProcedures(_))));
        let empty = app.read(|c, catalogue| {
            assert_eq!(catalogue.units.iter().count(), 0);
            Ok::<_, AppError>(dossiers_after(c, 0, 1)?.len())
        });
        assert_eq!(empty.await.unwrap(), 0);
        assert_eq!(generate(&app, &Plan { from: None, ..small.clone() }, |_| ()).await.unwrap(), 50);
        assert!(matches!(generate(&app, &small, |_| ()).await, Err(GenerateError::NotEmpty)));
    }
}

on_both_async! {
    async fn units_that_committed_themselves_are_held_to_it_in_the_last_year(db) {
        let (app, all) = made(db, &Plan { committed: true, ..plan(7) }).await;
        let ids: Vec<i64> = all.iter().map(|of| of.id).collect();
        let bounds = app.read(move |c, _| Ok(bounds_of(c, &ids)?)).await.unwrap();
        let by_id: BTreeMap<i64, &Dossier> = all.iter().map(|of| (of.id, of)).collect();
        let first = "2025-11-15".parse().unwrap();
        // What was received before may be bound since it was complete.
        assert!(bounds.iter().all(|(id, _)| local_date(by_id[id].received_at) >= first || by_id[id].supplements > 0));
        let window = Window::new(&Period::parse("2026-Q3").unwrap(), now());
        let mut expected: BTreeMap<Pledge, (u32, u32, u32)> = BTreeMap::new();
        for (id, bound) in &bounds {
            let of = by_id[id];
            let within = of.received_at >= window.start() && of.received_at < window.cut();
            match verdict(bound, of.closed_at, &window).filter(|_| within) {
                Some(Verdict::Kept) => expected.entry(bound.pledge).or_default().0 += 1,
                Some(Verdict::Broken) => expected.entry(bound.pledge).or_default().1 += 1,
                Some(Verdict::Open) => expected.entry(bound.pledge).or_default().2 += 1,
                None => {}
            }
        }
        let asked = Asked { period: Some("2026-Q3".into()), from: None, to: None, as_of: None, unit: Some("VN".into()), units_as_of: None, lang: Lang::Vi };
        let by = Principal { user_id: 1, name: "Lê Tám".into(), role: Role::Reporter, unit: "VN".into() };
        for group_by in CommitmentsBy::ALL.iter().copied() {
            let request = CommitmentsRequest { asked: asked.clone(), group_by };
            let total = commitments(&app, request, by.clone()).await.unwrap().total;
            let (same_day, friday) = (&total.same_day, &total.week_rollover);
            assert_eq!((same_day.kept, same_day.broken, same_day.open), expected[&Pledge::SameDay]);
            assert_eq!((friday.kept, friday.rolled_over_in_fact, friday.open), expected[&Pledge::NoWeekRollover]);
            assert!(same_day.kept > 100 && same_day.broken > 0 && same_day.promised_beyond > 0, "{same_day:?}");
        }
    }
}

#[test]
fn the_command_says_what_it_made_and_production_makes_nothing_up() {
    let home = tempfile::tempdir().unwrap();
    let arguments = ["generate", "--dossiers", "60", "--units", "4", "--procedures", "5", "--years", "1"];
    let refused = program(home.path()).args(arguments).env("HENTRA_PROFILE", "production").output().unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("makes up no dossiers"));
    assert!(!home.path().join("hentra.db").exists());
    let made = program(home.path()).args(arguments).output().unwrap();
    assert_eq!(made.status.code(), Some(0), "{}", String::from_utf8_lossy(&made.stderr));
    assert!(String::from_utf8_lossy(&made.stdout).starts_with("60 dossiers made up, for measuring alone"));
    assert!(String::from_utf8_lossy(&made.stderr).contains("makes dossiers_due"));
    let again = program(home.path()).args(arguments).output().unwrap();
    assert!(String::from_utf8_lossy(&again.stderr).contains("holds dossiers already"));
}
