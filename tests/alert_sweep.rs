//! The sweep that finds what presses reads what it reports: by the plans of SQLite, and by what PostgreSQL says it has read.

use chrono::{DateTime, Utc};
use hentra::app::{App, catalogue};
use hentra::clock::Clock;
use hentra::domain::alert::{OpenDossier, Outlook, Reach};
use hentra::domain::calendar::{Calendar, CalendarSpec};
use hentra::domain::commitment::{Commitment, Effect, ReceivedOn, Selector};
use hentra::store::pressing::{Pressing, dossiers_pressing};
use hentra::store::{AnyConnection, Store, StoreError, StoreSettings};

use crate::alerts::at;
use crate::support::many_dossiers::{Lie, Sent, make, postgres_read, sqlite_plan};
use crate::support::{Engine, TestDatabase, on_both_async, unit};

const DOSSIERS: u32 = 20_000;
const UNITS: usize = 40;
/// So many rows PostgreSQL may look at besides, to learn at planning where an index begins and ends.
const FOR_THE_PLAN: usize = 16;
const OUTLOOKS: [Outlook; 8] = [
    Outlook::Today,
    Outlook::ThisWeek,
    Outlook::Overdue,
    Outlook::DueToday,
    Outlook::DueWithin(1),
    Outlook::CommittedToday,
    Outlook::ApologyToday,
    Outlook::MissedToday,
];

/// A province of communes with 20 000 open dossiers, a hundredth of them overdue, a hundredth due today, and so on.
async fn province(db: &TestDatabase) -> (Store, Vec<String>) {
    let settings =
        StoreSettings { url: db.url().to_owned(), readers: 2, patience: std::time::Duration::from_secs(10) };
    let store = Store::open(&settings).unwrap();
    let app = App::start(store.clone(), Clock::standing_at(at("2026-11-20T07:30"))).unwrap();
    let codes: Vec<String> = (0..UNITS).map(|n| format!("H19.{n:02}")).collect();
    let communes = codes.iter().map(|code| unit(code, "Phường", Some("H19")));
    catalogue::units_put(&app, std::iter::once(unit("H19", "Tỉnh", None)).chain(communes).collect())
        .await
        .unwrap();
    let pledge = Commitment {
        id: 0,
        unit: "H19".into(),
        subtree: true,
        selector: Selector { all: true, ..Selector::default() },
        received_on: ReceivedOn::default(),
        effect: Effect::SameDay,
        valid_from: "2020-01-01".parse().unwrap(),
        valid_to: None,
        decision: "QĐ 1".into(),
    };
    catalogue::commitment_create(&app, pledge, None).await.unwrap();
    make(db.url(), DOSSIERS, &codes, "1.004859", Lie { late: 10, due: 10, soon: 10, pledged: 10 });
    (store, codes)
}

fn reach(outlook: Outlook, now: &str) -> Reach {
    let calendar = Calendar::build(&CalendarSpec::national(Vec::new(), [2026, 2027].into())).unwrap();
    Reach::of(outlook, at(now), &calendar, 1)
}

/// What is reported to one commune, and to all of them.
fn asked<'a>(codes: &'a [String], outlook: Outlook, all: bool) -> Pressing<'a> {
    let now = if outlook == Outlook::MissedToday { "2026-11-20T17:05" } else { "2026-11-20T07:30" };
    let units = if all { None } else { Some(&codes[7..8]) };
    Pressing { units, at: at(now).into(), reach: reach(outlook, now) }
}

fn by_sqlite(url: &str, store: &Store, codes: &[String]) {
    let mut c = store.reader().unwrap();
    let sent = Sent::by(&mut c);
    for outlook in OUTLOOKS {
        for all in [true, false] {
            dossiers_pressing(&mut c, &asked(codes, outlook, all)).unwrap();
        }
    }
    let statements = sent.statements();
    assert!(statements.len() >= 9, "{statements:#?}");
    let mut used = std::collections::BTreeSet::new();
    for sql in statements {
        let plan = sqlite_plan(url, &sql);
        for step in &plan {
            // A list of units is a table of its own to SQLite, and is walked.
            let harmless = step.starts_with("SEARCH")
                || step.starts_with("LIST SUBQUERY")
                || step.starts_with("CORRELATED");
            assert!(harmless || !step.contains("dossier"), "{plan:#?}\n{sql}");
            used.extend(
                step.split_whitespace().filter(|word| word.starts_with("dossier")).map(ToOwned::to_owned),
            );
        }
    }
    for index in ["dossiers_open", "dossiers_open_lapses", "dossier_commitments_open", "dossiers_closed"] {
        assert!(used.contains(index), "{index} is not among {used:?}");
    }
}

/// Every open dossier of the province.
fn everything(c: &mut AnyConnection) -> Vec<OpenDossier> {
    let limits = Some((at("2000-01-01T00:00"), at("2060-01-01T00:00")));
    let reach = Reach { limits, ..Reach::default() };
    let asked = Pressing { units: None, at: at("2026-11-20T07:30").into(), reach };
    let all = dossiers_pressing(c, &asked).unwrap();
    assert_eq!(all.len(), usize::try_from(DOSSIERS).unwrap());
    all
}

fn within((after, through): (DateTime<Utc>, DateTime<Utc>), of: DateTime<Utc>) -> bool {
    after < of && of <= through
}

/// How many rows stand in the stretch of the index that each reason walks: by the limit, by the commitment, by the limit once more for the slip.
///
/// Limit and slip never overlap, limit and commitment do: such a dossier is read for each of both. One statement with an OR would read it once, and SQLite
/// then walks all that is open in the units.
fn standing(all: &[OpenDossier], asked: &Pressing<'_>) -> [usize; 3] {
    let theirs = || all.iter().filter(|of| asked.units.is_none_or(|units| units.contains(&of.unit)));
    let Reach { limits, pledges, apologies } = asked.reach;
    let by_limit = |stretch: Option<_>| {
        stretch.map_or(0, |stretch| theirs().filter(|of| within(stretch, of.lapses_at)).count())
    };
    let by_pledge = pledges.map_or(0, |stretch| {
        theirs().filter(|of| of.commitments.iter().any(|of| within(stretch, of.lapses_at))).count()
    });
    [by_limit(limits), by_pledge, by_limit(apologies.map(|(stretch, _)| stretch))]
}

/// What PostgreSQL has read of a table: rows, and how often it walked the whole of it.
fn read_so_far(c: &mut AnyConnection, table: &str) -> (i64, i64) {
    let read = postgres_read(c, table);
    (read.fetched + read.scanned, read.scans)
}

fn by_postgres(store: &Store, codes: &[String]) {
    let mut c = store.reader().unwrap();
    let open = everything(&mut c);
    for outlook in OUTLOOKS {
        for all in [true, false] {
            let asked = asked(codes, outlook, all);
            let [by_limit, by_pledge, by_slip] = standing(&open, &asked);
            let (found, read, scans, bound) = c
                .snapshot(|c: &mut AnyConnection| {
                    let (before, pledges_before) =
                        (read_so_far(c, "dossiers"), read_so_far(c, "dossier_commitments"));
                    let found = dossiers_pressing(c, &asked)?.len();
                    let (after, pledges_after) =
                        (read_so_far(c, "dossiers"), read_so_far(c, "dossier_commitments"));
                    let read = after.0 - before.0;
                    Ok::<_, StoreError>((found, read, after.1 - before.1, pledges_after.0 - pledges_before.0))
                })
                .unwrap();
            let read = usize::try_from(read).unwrap();
            let told = format!(
                "{outlook:?}, all {all}: {found} found, {by_limit}, {by_pledge} and {by_slip} in the stretches"
            );
            assert!(found > 0, "{told}");
            assert_eq!(scans, 0, "{told}: dossiers were walked");
            assert!(read <= by_limit + by_pledge + by_slip + FOR_THE_PLAN, "{told}; {read} rows were read");
            if by_pledge + by_slip == 0 {
                assert!(read <= found + FOR_THE_PLAN, "{told}: {read} rows were read, each once");
            }
            // One commitment of each dossier looked at for it, and of each that is found. What a whole province reports is a good part of so small a
            // table, which is read whole then.
            let few = all || usize::try_from(bound).unwrap() <= by_pledge + found + FOR_THE_PLAN;
            assert!(few, "{told}: {bound} commitments were read");
        }
    }
}

on_both_async! {
    async fn the_sweep_reads_what_it_reports(db) {
        let (store, codes) = province(db).await;
        match db.engine() {
            Engine::Sqlite => by_sqlite(db.url(), &store, &codes),
            Engine::Postgres => by_postgres(&store, &codes),
        }
    }
}

on_both_async! {
    async fn the_sweep_finds_what_a_walk_through_all_finds(db) {
        let (store, codes) = province(db).await;
        let mut c = store.reader().unwrap();
        let all = everything(&mut c);
        for outlook in OUTLOOKS {
            for one in [true, false] {
                let asked = asked(&codes, outlook, one);
                let reach = asked.reach;
                let mut expected: Vec<&str> = all.iter()
                    .filter(|of| one || of.unit == codes[7])
                    .filter(|of| {
                        reach.limits.is_some_and(|limits| within(limits, of.lapses_at))
                            || reach.pledges.is_some_and(|pledges| of.commitments.iter().any(|of| within(pledges, of.lapses_at)))
                            || reach.apologies.is_some_and(|(limits, slips)| {
                                within(limits, of.lapses_at) && of.apology_by.is_some_and(|by| within(slips, by))
                            })
                    })
                    .map(|of| of.code.as_str())
                    .collect();
                let found = dossiers_pressing(&mut c, &asked).unwrap();
                let mut found: Vec<&str> = found.iter().map(|of| of.code.as_str()).collect();
                expected.sort_unstable();
                found.sort_unstable();
                assert!(!found.is_empty());
                assert_eq!(found, expected, "{outlook:?}");
            }
        }
    }
}
