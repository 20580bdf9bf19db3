//! What is asked of a whole country reads what it tells of: by the plans of SQLite, and by what PostgreSQL says it has read. A walk through all dossiers
//! takes seconds where there are a million.

use std::collections::BTreeSet;
use std::time::Duration;

use hentra::app::{App, catalogue};
use hentra::clock::Clock;
use hentra::domain::act::ActKind;
use hentra::domain::commitment::Effect;
use hentra::domain::finding::FindingCode;
use hentra::domain::finding_counts::FindingsBy;
use hentra::domain::integrity::IntegrityBy;
use hentra::domain::kept::CommitmentsBy;
use hentra::domain::period::Period;
use hentra::domain::statistics::{GroupBy, Window};
use hentra::store::delays::{late_closed, late_open};
use hentra::store::finding_counts::findings_counted;
use hentra::store::findings_list::{FindingFilter, findings_count, findings_list};
use hentra::store::integrity::{
    acted_on, backdated_closings, officers_bases, paused_when_due, timely_closings,
};
use hentra::store::kept::kept_count;
use hentra::store::overdue::overdue_list;
use hentra::store::queue::{QueueFilter, QueueTimes, queue_count, queue_list};
use hentra::store::reports::{About, standings_count, suspended_count};
use hentra::store::{AnyConnection, Moment, Store, StoreError, StoreSettings};

use crate::alerts::at;
use crate::support::lived::commitment;
use crate::support::many_dossiers::{Lie, Sent, make, postgres_read, run, sqlite_plan};
use crate::support::{Engine, TestDatabase, on_both_async, unit};

const DOSSIERS: u32 = 20_000;
const NOW: &str = "2026-11-20T09:00";

/// A country of communes with 20 000 dossiers of three years, one in forty still open, one in seventeen late.
async fn country(db: &TestDatabase) -> Store {
    let settings = StoreSettings { url: db.url().to_owned(), readers: 2, patience: Duration::from_secs(10) };
    let store = Store::open(&settings).unwrap();
    let app = App::start(store.clone(), Clock::standing_at(at(NOW))).unwrap();
    let codes: Vec<String> = (0..40).map(|n| format!("H19.{n:02}")).collect();
    let communes = codes.iter().map(|code| unit(code, "Phường", Some("H19")));
    catalogue::units_put(&app, std::iter::once(unit("H19", "Tỉnh", None)).chain(communes).collect())
        .await
        .unwrap();
    let pledge = commitment("H19", Effect::SameDay, &["2.000815"]);
    catalogue::commitment_create(&app, pledge, None).await.unwrap();
    make(db.url(), DOSSIERS, &codes, "1.004859", Lie { late: 400, due: 10, soon: 10, pledged: 10 });
    close(db.url());
    store
}

/// Closes all but one in forty, over the three years before.
fn close(url: &str) {
    let back = |column: &str| match url.starts_with("sqlite://") {
        true => format!("{column} - (30 + id % 1000) * 86400000000"),
        false => format!("{column} - (30 + id % 1000) * INTERVAL '1 day'"),
    };
    let later = |column: &str, minutes: i32| match url.starts_with("sqlite://") {
        true => format!("{column} + {minutes} * 60000000"),
        false => format!("{column} + {minutes} * INTERVAL '1 minute'"),
    };
    let moved: Vec<String> = ["received_at", "due_at", "lapses_at", "apology_by", "commitment_due_at"]
        .iter()
        .map(|column| format!("{column} = {}", back(column)))
        .collect();
    run(url, &format!("UPDATE dossiers SET {} WHERE id % 40 <> 0", moved.join(", ")));
    run(
        url,
        &format!(
            "UPDATE dossiers SET status = 'returned', closed_as = 'resolved', outcome = CASE WHEN id % 17 = 0 THEN 'late' ELSE 'on_time' END,
                    closed_at = CASE WHEN id % 17 = 0 THEN {} ELSE {} END WHERE id % 40 <> 0;
             UPDATE dossier_commitments SET due_at = d.commitment_due_at, lapses_at = {}, received_at = d.received_at, closed_at = d.closed_at,
                    promised_beyond = d.id % 50 = 0 FROM dossiers d WHERE d.id = dossier_id;
             {}",
            later("lapses_at", 3_000),
            later("due_at", -30),
            later("d.commitment_due_at", 420),
            // In service nobody tells SQLite of the rows.
            if url.starts_with("sqlite://") { "DELETE FROM sqlite_stat1" } else { "ANALYZE" },
        ),
    );
    if !url.starts_with("sqlite://") {
        // As PostgreSQL does by itself some time after so many changes; and its indexes of the open ones never held all, as they did here.
        run(url, "VACUUM");
        run(url, "REINDEX TABLE dossier_commitments");
    }
}

fn window() -> Window {
    Window::new(&Period::parse("2026-12").unwrap(), at(NOW))
}

fn filters() -> Vec<FindingFilter> {
    let codes = |of: FindingCode| Some(vec![of.word().to_owned()]);
    vec![
        FindingFilter::default(),
        FindingFilter { open: Some(true), ..FindingFilter::default() },
        FindingFilter { codes: codes(FindingCode::SameDayMissed), ..FindingFilter::default() },
        FindingFilter { codes: codes(FindingCode::Overdue), open: Some(false), ..FindingFilter::default() },
    ]
}

type Asked = fn(&mut AnyConnection) -> Result<usize, StoreError>;

/// What is asked of all units, by what it is called, and how much of the dossiers it may read, in percent.
const QUESTIONS: [(&str, Asked, u32); 17] = [
    // Each dossier that is on a page is read once for each part.
    ("a page of findings", list, 30),
    ("late open", |c| Ok(late_open(c, None, &window())?.len()), 5),
    ("late closed", |c| Ok(late_closed(c, None, &window())?.len()), 5),
    ("closings of a quarter of an hour", timely, 1),
    ("paused when due", |c| Ok(paused_when_due(c, None, IntegrityBy::Officer, &window())?.len()), 1),
    ("closings backdated", |c| Ok(backdated_closings(c, None, IntegrityBy::Unit, &window())?.len()), 1),
    ("apologies", |c| Ok(acted_on(c, None, IntegrityBy::Officer, &window(), ActKind::Apologise)?.len()), 1),
    (
        "supplements",
        |c| Ok(acted_on(c, None, IntegrityBy::Unit, &window(), ActKind::RequestSupplement)?.len()),
        1,
    ),
    ("bases of officers", |c| Ok(officers_bases(c, None, &window())?.len()), 10),
    (
        "standings of officers",
        |c| Ok(standings_count(c, About::default(), GroupBy::Officer, &window())?.len()),
        10,
    ),
    ("commitments by effect", |c| Ok(kept_count(c, None, CommitmentsBy::Effect, &window())?.len()), 1),
    ("commitments of some units", kept_by_some, 1),
    ("overdue", |c| Ok(overdue_list(c, None, at(NOW).into())?.len()), 5),
    ("findings by kind", |c| Ok(findings_counted(c, None, FindingsBy::Kind, &window())?.len()), 10),
    ("suspended", |c| Ok(suspended_count(c, About::default(), GroupBy::Officer, &window())?.len()), 1),
    ("the queue", |c| queue(c, None), 8),
    ("the queue of some units", |c| queue(c, Some(vec!["H19.15".into(), "H19.16".into()])), 8),
];

fn kept_by_some(c: &mut AnyConnection) -> Result<usize, StoreError> {
    let units = ["H19.15".to_owned(), "H19.16".to_owned()];
    Ok(kept_count(c, Some(&units), CommitmentsBy::Procedure, &window())?.len())
}

fn list(c: &mut AnyConnection) -> Result<usize, StoreError> {
    let now: Moment = at(NOW).into();
    let first = findings_list(c, &FindingFilter::default(), now, None, 50)?;
    let last = first.last().map(|of| {
        let finding = &of.finding;
        (Moment::from(finding.first_seen_at), of.dossier.clone(), finding.code.word().to_owned())
    });
    Ok(first.len() + findings_list(c, &FindingFilter::default(), now, last.as_ref(), 50)?.len())
}

fn timely(c: &mut AnyConnection) -> Result<usize, StoreError> {
    let stretch = (at("2026-10-19T16:45").into(), at("2026-10-19T17:00").into());
    Ok(timely_closings(c, None, IntegrityBy::Unit, stretch)?.len())
}

fn queue(c: &mut AnyConnection, units: Option<Vec<String>>) -> Result<usize, StoreError> {
    let at = QueueTimes {
        now: at(NOW).into(),
        today_ends: at("2026-11-21T00:00").into(),
        soon_ends: at("2026-11-24T00:00").into(),
        ready_since: at("2026-10-21T09:00").into(),
    };
    let filter = QueueFilter { units, officer: None, group: None, at };
    queue_count(c, &filter, None)?;
    Ok(queue_list(c, &filter, None, 50)?.len())
}

/// Counts, of which the whole of a small index is walked: by SQLite's plans alone.
fn counts(c: &mut AnyConnection) {
    for filter in filters() {
        findings_count(c, &filter, at(NOW).into()).unwrap();
        findings_list(c, &filter, at(NOW).into(), None, 50).unwrap();
    }
    for by in FindingsBy::ALL {
        findings_counted(c, None, *by, &window()).unwrap();
    }
}

/// That no table is walked, and of an index no more than a stretch, or all where it holds the open alone.
fn by_sqlite(url: &str, store: &Store) {
    let mut c = store.reader().unwrap();
    let sent = Sent::by(&mut c);
    for (_, ask, _) in QUESTIONS {
        ask(&mut c).unwrap();
    }
    counts(&mut c);
    let mut used = BTreeSet::new();
    for sql in sent.statements() {
        let plan = sqlite_plan(url, &sql);
        for step in &plan {
            let open_alone =
                ["dossiers_open", "dossiers_unit_due_open", "findings_open", "dossier_commitments_open"]
                    .iter()
                    .any(|of| step.contains(of));
            let walks = step.starts_with("SCAN ") && !open_alone;
            // Those that are written down are counted one by one where their reason is all that is asked: nothing else is kept of when they ended.
            let written = step.starts_with("SCAN findings") && sql.contains("\"findings\".\"code\"");
            let named = ["CONSTANT", "all_findings", "(subquery", "LIST"].iter().any(|of| step.contains(of));
            assert!(!walks || written || named, "{step} in {plan:#?}\n{sql}");
            // Along which a unit's dossiers are read one by one, closed for years or not.
            assert!(!step.contains("dossiers_received"), "{step} in {plan:#?}\n{sql}");
            used.extend(step.split_whitespace().map(ToOwned::to_owned));
        }
    }
    for index in [
        "dossiers_closings",
        "dossiers_late_seen",
        "dossiers_late_closings",
        "dossiers_open_lapses",
        "findings_acts",
        "ledger_signs",
        "dossier_commitments_received",
        "dossier_commitments_units",
        "dossier_commitments_beyond",
        "dossier_commitments_missed",
        "dossier_commitments_open",
    ] {
        assert!(used.contains(index), "{index} is not among {used:?}");
    }
}

fn by_postgres(store: &Store) {
    let mut c = store.reader().unwrap();
    for (name, ask, percent) in QUESTIONS {
        let (found, read) = c
            .snapshot(|c: &mut AnyConnection| {
                let before = read_so_far(c);
                let found = ask(c)?;
                Ok::<_, StoreError>((found, read_so_far(c) - before))
            })
            .unwrap();
        let most = i64::from(DOSSIERS) * i64::from(percent) / 100;
        assert!(read <= most, "{name}: {found} found, {read} dossiers and commitments read, {most} at most");
    }
}

/// How many rows of dossiers and of their commitments this connection has read.
fn read_so_far(c: &mut AnyConnection) -> i64 {
    let read = ["dossiers", "dossier_commitments"].map(|table| postgres_read(c, table));
    read.iter().map(|of| of.fetched + of.scanned).sum()
}

on_both_async! {
    async fn what_is_asked_of_a_country_is_no_walk_through_it(db) {
        let store = country(db).await;
        match db.engine() {
            Engine::Sqlite => by_sqlite(db.url(), &store),
            Engine::Postgres => by_postgres(&store),
        }
    }
}
