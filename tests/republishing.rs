//! Calendars published through the app, at random: open dossiers get the dates that the slow engine gives, the old rows give the old dates back,
//! and the order of edits does not matter.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use hentra::app::access::{Principal, Role};
use hentra::app::calendars::{CalendarFile, publish};
use hentra::app::catalogue::procedures::{NewProcedures, procedures_change};
use hentra::app::catalogue::{LayerContent, NATIONAL};
use hentra::app::writer::{ActRequest, Applicant, Registration};
use hentra::app::{App, catalogue, dossiers};
use hentra::clock::Clock;
use hentra::domain::act::ActKind;
use hentra::domain::calendar::{CalendarSpec, DayKind, DayRow, Layer, SessionRule};
use hentra::domain::commitment::{Commitment, Effect, ReceivedOn, Selector};
use hentra::domain::deadline::{LateReceipt, Limit};
use hentra::domain::decision::File;
use hentra::domain::dossier::Channel;
use hentra::domain::finding::FindingCode;
use hentra::domain::procedure::{Procedure, ProcedureLimit};
use hentra::store::dossiers::dossiers_open_after;
use hentra::store::files::files_of;
use hentra::store::{Store, StoreSettings};
use hentra::text::Lang;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use crate::deadline_properties::{Slow, late, layer, limit};
use crate::support::{TestDatabase, on_both_async, unit};

/// The country, a province, two of its communes.
const SCOPES: [&str; 4] = [NATIONAL, "H19", "H19.15", "H19.16"];
const NOW: &str = "2026-11-20T09:00:00+07:00";
const DOSSIERS: usize = 48;

fn now() -> DateTime<Utc> {
    NOW.parse().unwrap()
}

/// Random values that come the same each time.
struct Chance(TestRunner);

impl Chance {
    fn of<T: std::fmt::Debug>(&mut self, strategy: impl Strategy<Value = T>) -> T {
        strategy.new_tree(&mut self.0).unwrap().current()
    }
}

async fn with_procedures(app: &App, procedures: Vec<Procedure>) {
    let rows = procedures.into_iter().enumerate().map(|(n, of)| (format!("[{n}]"), of)).collect();
    let new = NewProcedures { rows, whole: false, correction: None };
    procedures_change(app, new, None, false).await.unwrap();
}

/// An office with procedures of every kind of limit, commitments of every effect, and days of its own in every scope.
async fn office(db: &TestDatabase, chance: &mut Chance) -> App {
    let settings = StoreSettings { url: db.url().to_owned(), readers: 4, patience: Duration::from_secs(10) };
    let app = App::start(Store::open(&settings).unwrap(), Clock::standing_at(now())).unwrap();
    let of = |code: &str| unit(code, code, (code != "H19").then_some("H19"));
    catalogue::units_put(&app, SCOPES[1..].iter().map(|code| of(code)).collect()).await.unwrap();
    let procedures = (0..DOSSIERS).map(|n| procedure(n, chance.of(limit()), chance.of(late()))).collect();
    with_procedures(&app, procedures).await;
    let within = [Limit::WorkingDays(2), Limit::WorkingHours(6)].map(Effect::Within);
    for effect in [Effect::SameDay, Effect::SameSession, Effect::NoWeekRollover].into_iter().chain(within) {
        catalogue::commitment_create(&app, commitment(effect), None).await.unwrap();
    }
    for scope in SCOPES {
        let content = edit(chance, scope, 2026);
        published(&app, scope, &content).await.unwrap();
    }
    app
}

fn procedure(n: usize, limit: Limit, late_receipt: Option<LateReceipt>) -> Procedure {
    let limit = ProcedureLimit {
        channel: None,
        case: None,
        limit,
        late_receipt,
        valid_from: None,
        source: "QĐ 1".into(),
    };
    Procedure { code: format!("1.{n}"), name: "x".into(), sector: "y".into(), limits: vec![limit] }
}

fn commitment(effect: Effect) -> Commitment {
    Commitment {
        id: 0,
        unit: "H19".into(),
        subtree: true,
        // Those of a few dossiers, so that others are due by law alone.
        selector: Selector {
            procedures: (0..DOSSIERS / 2).map(|n| format!("1.{n}")).collect(),
            ..Selector::default()
        },
        received_on: ReceivedOn::default(),
        effect,
        valid_from: "2026-01-01".parse().unwrap(),
        valid_to: None,
        decision: "QĐ 1".into(),
    }
}

/// What a scope is made to say of a year: closures on weekdays, work on weekends, hours.
fn edit(chance: &mut Chance, scope: &str, year: i32) -> CalendarFile {
    let pivot = NaiveDate::from_ymd_opt(year, if year == 2026 { 11 } else { 2 }, 10).unwrap();
    let Layer { days, mut sessions } = chance.of(layer(pivot, 24));
    let weekend = |date: NaiveDate| chrono::Datelike::weekday(&date).number_from_monday() > 5;
    let kind = |row: &DayRow| match (weekend(row.date), row.kind) {
        // Two scopes that both make a Saturday up would say the same thing twice.
        (true, DayKind::Makeup) if [NATIONAL, "H19"].contains(&scope) => DayKind::Closure,
        (false, DayKind::Makeup) => DayKind::Closure,
        (_, kind) => kind,
    };
    let of_year = |row: &DayRow| chrono::Datelike::year(&row.date) == year;
    let day =
        days.iter().filter(|row| of_year(row)).map(|row| DayRow { kind: kind(row), ..row.clone() }).collect();
    sessions
        .push(SessionRule { valid_to: Some(pivot - chrono::Days::new(60)), ..SessionRule::office_hours() });
    CalendarFile { year: Some(year), announced: scope == NATIONAL && year == 2026, day, session: sessions }
}

async fn published(app: &App, scope: &str, file: &CalendarFile) -> Result<(), String> {
    let published = publish(app, scope.to_owned(), file.clone(), "QĐ 1".to_owned(), false).await;
    published.map(drop).map_err(|error| error.to_string())
}

async fn said(app: &App, scope: &'static str) -> LayerContent {
    app.read(move |_, catalogue| Ok(catalogue.layer(scope).cloned().unwrap_or_default())).await.unwrap()
}

/// The rows that stand for a scope's year, as a file that says them again.
async fn standing(app: &App, scope: &'static str, year: i32) -> CalendarFile {
    let content = said(app, scope).await;
    let of_year = |row: &&DayRow| chrono::Datelike::year(&row.date) == year;
    CalendarFile {
        year: Some(year),
        announced: content.announced.contains(&year),
        day: content.days.iter().filter(of_year).cloned().collect(),
        session: content.sessions,
    }
}

/// Dossiers received over three weeks at any hour, with what became of each: sent back, halted, apologised for.
async fn furnish(app: &App, chance: &mut Chance) {
    for n in 0..DOSSIERS {
        let minutes = chance.of(0_i64..21 * 24 * 60);
        let received_at = now() - TimeDelta::days(21) + TimeDelta::minutes(minutes);
        let promised = chance.of(proptest::option::weighted(0.2, 1_i64..400));
        app.clock().set(received_at);
        let new = registration(n, received_at, promised.map(|hours| received_at + TimeDelta::hours(hours)));
        dossiers::register(app, new, Some(leader()), Lang::Vi).await.unwrap();
        let mut at = received_at;
        for kind in chance.of(proptest::sample::select(LIVES.to_vec())) {
            at += TimeDelta::minutes(chance.of(1_i64..5 * 24 * 60));
            if at > now() {
                break;
            }
            app.clock().set(at);
            let appointed_at =
                (*kind == ActKind::Apologise).then(|| at + TimeDelta::days(chance.of(1_i64..60)));
            let request = ActRequest {
                at: Some(at),
                reason: Some("lý do".into()),
                ground: (*kind == ActKind::Pause).then(|| "xác minh".into()),
                appointed_at,
                ..ActRequest::of(format!("D-{n}"), *kind)
            };
            // An appointment before the due date is refused; the dossier then goes on without.
            let _ = dossiers::act(app, request, Some(leader()), Lang::Vi).await;
        }
    }
    app.clock().set(now());
}

use ActKind::{Apologise, Pause, RequestSupplement, Resume, Supplement};

const LIVES: [&[ActKind]; 9] = [
    &[],
    &[],
    &[],
    &[Pause],
    &[Apologise],
    &[RequestSupplement],
    &[Pause, Resume, Apologise],
    &[RequestSupplement, Supplement, Pause, Resume],
    &[Apologise, Pause, Resume, RequestSupplement],
];

fn registration(n: usize, received_at: DateTime<Utc>, due_at: Option<DateTime<Utc>>) -> Registration {
    Registration {
        code: Some(format!("D-{n}")),
        unit: SCOPES[1 + n % 3].into(),
        procedure: format!("1.{n}"),
        case: None,
        channel: Channel::InPerson,
        received_at: Some(received_at),
        due_at,
        officer: None,
        applicant: Applicant { name: format!("Người {n}"), phone: None, email: None, address: None },
        note: None,
        reason: None,
        closed: None,
        idempotency: None,
    }
}

fn leader() -> Principal {
    Principal { user_id: 7, name: "Trần Văn B".into(), role: Role::Leader, unit: "H19".into() }
}

/// Every open dossier with its dates and commitments, and which rules its promise breaks; without how often it was changed.
type Dates = Vec<(File, BTreeSet<(FindingCode, Option<i64>)>)>;

async fn dates(app: &App) -> Dates {
    let all = open(app).await;
    assert_eq!(all.len(), DOSSIERS);
    all
}

async fn open(app: &App) -> Dates {
    let files = app.read(|c, _| {
        let open = dossiers_open_after(c, None, 0, 1_000)?;
        Ok(files_of(c, open)?)
    });
    let mut files = files.await.unwrap();
    files
        .drain(..)
        .map(|mut file| {
            let open = file.findings.drain(..).filter(|of| of.cleared_at.is_none());
            let open = open.map(|of| (of.code, of.commitment_id)).collect();
            file.dossier.version = 0;
            (file, open)
        })
        .collect()
}

/// That no dossier's dates differ.
#[track_caller]
fn same(one: &Dates, other: &Dates, about: &str) {
    for (one, other) in one.iter().zip(other) {
        assert_eq!(one, other, "{about}");
    }
}

/// How many dossiers' dates differ.
fn moved(before: &Dates, after: &Dates) -> usize {
    before.iter().zip(after).filter(|(before, after)| before.0.dossier != after.0.dossier).count()
}

/// Holds every dossier's statutory date against the slow engine, on the calendar of its unit as it was published.
async fn judged_by_the_slow_engine(app: &App) {
    let mut layers = BTreeMap::new();
    for scope in SCOPES {
        layers.insert(scope, said(app, scope).await);
    }
    for (file, _) in dates(app).await {
        let dossier = file.dossier;
        if dossier.counted_from != dossier.received_at {
            continue;
        }
        let mut lineage = vec![NATIONAL, "H19"];
        lineage.extend((dossier.unit != "H19").then_some(dossier.unit.as_str()));
        let layer = |scope: &&str| Layer {
            days: layers[scope].days.clone(),
            sessions: layers[scope].sessions.clone(),
        };
        let spec = CalendarSpec {
            layers: lineage.iter().map(layer).collect(),
            announced: layers[NATIONAL].announced.clone(),
        };
        let slow = Slow::new(&spec).deadline(dossier.received_at, dossier.limit, dossier.late_receipt);
        let found = (dossier.effective_receipt, dossier.statutory_due_at);
        assert_eq!(found, (slow.effective_receipt, slow.due_at), "{dossier:#?}");
    }
}

on_both_async! {
    async fn the_old_rows_give_every_date_back_and_the_slow_engine_agrees(db) {
        let mut chance = Chance(TestRunner::deterministic());
        let app = office(db, &mut chance).await;
        furnish(&app, &mut chance).await;
        let before = dates(&app).await;
        let mut changed = 0;
        for round in 0..8 {
            let (scope, year) = (SCOPES[round % SCOPES.len()], if round < 6 { 2026 } else { 2027 });
            let old = standing(&app, scope, year).await;
            published(&app, scope, &edit(&mut chance, scope, year)).await.unwrap();
            changed += moved(&before, &dates(&app).await);
            judged_by_the_slow_engine(&app).await;
            published(&app, scope, &old).await.unwrap();
            same(&dates(&app).await, &before, &format!("round {round}, {scope} {year}"));
        }
        assert!(changed > 40, "hardly anything moved: {changed}");
    }

    async fn the_order_of_edits_does_not_matter(db) {
        let mut chance = Chance(TestRunner::deterministic());
        let app = office(db, &mut chance).await;
        furnish(&app, &mut chance).await;
        let before = dates(&app).await;
        let mut changed = 0;
        for round in 0..2 {
            let mut edits = Vec::new();
            for scope in SCOPES {
                edits.push((scope, standing(&app, scope, 2026).await, edit(&mut chance, scope, 2026)));
            }
            let mut came_to = Vec::new();
            for start in [0, 1, 2] {
                edits.rotate_left(start);
                for (scope, _, new) in &edits {
                    published(&app, scope, new).await.unwrap();
                }
                came_to.push(dates(&app).await);
                for (scope, old, _) in edits.iter().rev() {
                    published(&app, scope, old).await.unwrap();
                }
                same(&dates(&app).await, &before, &format!("round {round}, taken back"));
            }
            same(&came_to[0], &came_to[1], &format!("round {round}"));
            same(&came_to[0], &came_to[2], &format!("round {round}"));
            changed += moved(&before, &came_to[0]);
        }
        assert!(changed > 30, "hardly anything moved: {changed}");
    }
}

on_both_async! {
    /// 2027 is not announced: its days off are computed by law. What is announced then puts the 4th of January off for a Saturday.
    async fn dates_of_a_year_ahead_are_provisional_until_it_is_announced(db) {
        let settings = StoreSettings { url: db.url().to_owned(), readers: 4, patience: Duration::from_secs(10) };
        let clock = Clock::standing_at("2026-12-29T09:00:00+07:00".parse().unwrap());
        let app = App::start(Store::open(&settings).unwrap(), clock).unwrap();
        catalogue::units_put(&app, vec![unit("H19", "Tỉnh", None)]).await.unwrap();
        let limits = [Limit::WorkingDays(3), Limit::WorkingDays(1), Limit::Months(2)];
        let procedures = limits.iter().enumerate().map(|(n, limit)| procedure(n, *limit, None)).collect();
        with_procedures(&app, procedures).await;
        for n in 0..limits.len() {
            let new = Registration { unit: "H19".into(), ..registration(n, app.clock().now(), None) };
            dossiers::register(&app, new, Some(leader()), Lang::Vi).await.unwrap();
        }
        let told = |of: &Dates| -> Vec<(String, bool)> {
            let due = |file: &File| file.dossier.due_at.format("%Y-%m-%d").to_string();
            of.iter().map(|(file, _)| (due(file), file.dossier.provisional)).collect()
        };
        let of = |days: [(&str, bool); 3]| days.map(|(day, provisional)| (day.to_owned(), provisional));
        // Wed 30, Thu 31, Fri 1/1 is off, Mon 4/1 = 3. Two months on there is no 29/2, and Sun 28/2 moves on to Mon 1/3.
        let foreseen = of([("2027-01-04", true), ("2026-12-30", false), ("2027-03-01", true)]);
        assert_eq!(told(&open(&app).await), foreseen);

        let mut announced = hentra::domain::calendar::computed_days(2027);
        let row = |day: &str, kind| DayRow { date: day.parse().unwrap(), kind, name: "Hoán đổi".into(), source: "TB 1".into() };
        announced.push(row("2027-01-04", DayKind::Swapped));
        announced.push(row("2027-01-09", DayKind::Makeup));
        let file = CalendarFile { year: Some(2027), announced: true, day: announced, session: Vec::new() };
        published(&app, NATIONAL, &file).await.unwrap();
        let known = of([("2027-01-05", false), ("2026-12-30", false), ("2027-03-01", false)]);
        assert_eq!(told(&open(&app).await), known);

        let mut acts = Vec::new();
        for n in 0..limits.len() {
            let events = dossiers::events(&app, format!("D-{n}"), leader()).await.unwrap();
            acts.push(events.into_iter().map(|event| (event.act, event.payload)).collect::<Vec<_>>());
        }
        let kinds: Vec<Vec<&str>> = acts.iter().map(|of| of.iter().map(|(act, _)| act.as_str()).collect()).collect();
        assert_eq!(kinds, [vec!["receive", "redate"], vec!["receive"], vec!["receive", "redate"]]);
        let after = &acts[0][1].1;
        assert_eq!((&after["before"]["provisional"], &after["after"]["provisional"]), (&true.into(), &false.into()));
        assert!(after["calendar_version"].as_i64().is_some_and(|version| version > 1), "{after}");
    }
}
