//! The one writer on both engines: a batch, its neighbours, its races, and what it leaves in the ledger.

use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use hentra::app::access::{Principal, Role};
use hentra::app::dossiers::{PageRequest, UnitScope};
use hentra::app::writer::{ActRequest, Applicant, Registration};
use hentra::app::{App, AppError, catalogue, dossiers, ledger as chain};
use hentra::clock::Clock;
use hentra::domain::act::ActKind;
use hentra::domain::commitment::{Commitment, Effect, ReceivedOn, Selector};
use hentra::domain::dossier::Channel;
use hentra::domain::fold::fold;
use hentra::store::findings_list::FindingFilter;
use hentra::store::listing::DossierFilter;
use hentra::store::{Store, StoreSettings, ledger};
use hentra::text::Lang;
use serde_json::Value;

use crate::support::{TestDatabase, on_both_async, unit};

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{text}:00+07:00")).unwrap().to_utc()
}

async fn office(db: &TestDatabase) -> App {
    let settings = StoreSettings { url: db.url().to_owned(), readers: 4, patience: Duration::from_secs(5) };
    let app =
        App::start(Store::open(&settings).unwrap(), Clock::standing_at(at("2026-11-20T16:00"))).unwrap();
    let unit = |code: &str, parent: Option<&str>| unit(code, code, parent);
    // Children first: the order of the list must not matter.
    catalogue::units_put(&app, vec![unit("H19.15", Some("H19")), unit("H19", None)]).await.unwrap();
    app
}

fn new(code: Option<&str>, name: &str) -> Registration {
    Registration {
        code: code.map(Into::into),
        unit: "H19.15".into(),
        procedure: "2.001019".into(),
        channel: Channel::InPerson,
        case: None,
        received_at: Some(at("2026-11-20T10:00")),
        due_at: None,
        officer: None,
        applicant: Applicant {
            name: name.into(),
            phone: Some("0912345678".into()),
            email: None,
            address: None,
        },
        note: None,
        reason: None,
        closed: None,
        idempotency: None,
    }
}

fn resolve(code: &str, expected_version: Option<i64>) -> ActRequest {
    ActRequest { expected_version, ..ActRequest::of(code, ActKind::Resolve) }
}

fn officer() -> Principal {
    Principal { user_id: 7, name: "Trần Văn B".into(), role: Role::Officer, unit: "H19".into() }
}

on_both_async! {
    async fn good_rows_are_stored_and_bad_rows_harm_no_neighbour(db) {
        let app = office(db).await;
        let mut rows: Vec<Registration> = (0..30).map(|n| new(None, &format!("Người {n}"))).collect();
        rows[3].procedure = "0.0".into();
        rows[7].received_at = Some(at("2026-11-21T10:00"));
        rows[9].applicant.name = "  ".into();
        rows[11].code = Some("CODE-1".into());
        rows[12].code = Some("CODE-1".into());
        let answers = dossiers::register_many(&app, rows, None, Lang::Vi).await.unwrap();
        let bad: Vec<usize> = (0..30).filter(|n| answers[*n].is_err()).collect();
        assert_eq!(bad, [3, 7, 9, 12]);
        assert!(matches!(&answers[12], Err(AppError::CodeTaken(code)) if code == "CODE-1"));
        let codes: Vec<&str> = answers.iter().flatten().map(|answer| answer.code.as_str()).collect();
        assert_eq!(codes[..3], ["H19.15-261120-0001", "H19.15-261120-0002", "H19.15-261120-0003"]);
        assert_eq!(codes.iter().collect::<std::collections::BTreeSet<_>>().len(), 26);
    }
}

on_both_async! {
    async fn a_code_of_another_system_that_looks_like_ours_is_stepped_over(db) {
        let app = office(db).await;
        let given = dossiers::register(&app, new(Some("H19.15-261120-0041"), "Người"), None, Lang::Vi).await.unwrap();
        assert_eq!(given.code, "H19.15-261120-0041");
        let next = dossiers::register(&app, new(None, "Người"), None, Lang::Vi).await.unwrap();
        assert_eq!(next.code, "H19.15-261120-0042");
        dossiers::register(&app, new(Some("H19.15-261120-0007"), "Người"), None, Lang::Vi).await.unwrap();
        dossiers::register(&app, new(Some("000.00.14.H10-240122-20241231235959"), "Người"), None, Lang::Vi).await.unwrap();
        let next = dossiers::register(&app, new(None, "Người"), None, Lang::Vi).await.unwrap();
        assert_eq!(next.code, "H19.15-261120-0043");
    }
}

on_both_async! {
    async fn a_finding_is_cleared_when_its_dossier_is_closed(db) {
        let app = office(db).await;
        let late = Registration { due_at: Some(at("2026-11-28T17:00")), ..new(Some("LATE"), "Người") };
        let made: Value =
            serde_json::from_str(&dossiers::register(&app, late, None, Lang::Vi).await.unwrap().body).unwrap();
        assert_eq!(made["findings"][0]["code"], "promise_beyond_limit");
        assert_eq!(made["findings"][0]["compliant_due_at"], "2026-11-25T17:00:00+07:00");
        assert_eq!(made["findings"][0]["cleared_at"], Value::Null);
        dossiers::act(&app, resolve("LATE", None), None, Lang::Vi).await.unwrap();
        let seen = dossiers::find(&app, "LATE".into(), officer(), Lang::Vi).await.unwrap();
        let cleared: Vec<_> = seen.findings.iter().map(|of| of.cleared_at.map(|at| at.0)).collect();
        assert_eq!(cleared, [Some(at("2026-11-20T16:00")), Some(at("2026-11-20T16:00"))]);
    }
}

/// Commits province and commune to the same day for one procedure: the two overlap.
async fn commit(app: &App) {
    for (unit, effect) in
        [("H19", Effect::SameDay), ("H19.15", Effect::SameDay), ("H19.15", Effect::NoWeekRollover)]
    {
        let new = Commitment {
            id: 0,
            unit: unit.into(),
            subtree: true,
            selector: Selector { procedures: vec!["2.001019".into()], ..Selector::default() },
            received_on: ReceivedOn::default(),
            effect,
            valid_from: "2026-01-01".parse().unwrap(),
            valid_to: None,
            decision: format!("QĐ {unit}"),
        };
        catalogue::commitment_create(app, new, None).await.unwrap();
    }
}

async fn told(app: &App, code: &str) -> Value {
    serde_json::to_value(dossiers::find(app, code.into(), officer(), Lang::Vi).await.unwrap()).unwrap()
}

on_both_async! {
    async fn what_a_write_answers_is_what_a_read_tells(db) {
        let app = office(db).await;
        commit(&app).await;
        let received = ["2026-11-20T15:59", "2026-11-20T08:00", "2026-11-13T15:00", "2026-11-09T09:00", "2026-08-21T16:00"];
        let mut found = std::collections::BTreeSet::new();
        for (n, received_at) in received.iter().enumerate() {
            for due in [None, Some("2026-11-23T17:00"), Some("2026-11-28T09:00")] {
                let row = Registration {
                    received_at: Some(at(received_at)),
                    due_at: due.map(at),
                    ..new(None, "Người")
                };
                let made = dossiers::register(&app, row, Some(officer()), Lang::Vi).await.unwrap();
                let answer: Value = serde_json::from_str(&made.body).unwrap();
                assert_eq!(answer, told(&app, &made.code).await, "{received_at} {due:?}");
                found.extend(answer["findings"].as_array().unwrap().iter().map(|of| of["code"].to_string()));
                let act = ActRequest {
                    at: (n > 0).then(|| at(received_at) + chrono::TimeDelta::hours(1)),
                    ..resolve(&made.code, Some(1))
                };
                let acted = dossiers::act(&app, act, Some(officer()), Lang::Vi).await.unwrap();
                let answer: Value = serde_json::from_str(&acted.body).unwrap();
                assert_eq!(answer, told(&app, &made.code).await, "{received_at} {due:?}, resolved");
            }
        }
        for expected in ["overdue", "same_day_missed", "week_rollover_missed", "same_day_promise", "promise_on_day_off"] {
            assert!(found.contains(&format!("\"{expected}\"")), "{expected} never came: {found:?}");
        }
    }
}

on_both_async! {
    async fn acts_that_share_a_transaction_clear_the_findings_too(db) {
        let app = office(db).await;
        let late = Registration { due_at: Some(at("2026-11-28T17:00")), ..new(Some("LATE"), "Người") };
        dossiers::register(&app, late, None, Lang::Vi).await.unwrap();
        let busy = app.clone();
        let hold = tokio::spawn(async move {
            busy.write_job("hold", |_, _| {
                std::thread::sleep(Duration::from_millis(200));
                Ok(())
            })
            .await
        });
        tokio::time::sleep(Duration::from_millis(50)).await;
        let back = ActRequest { kind: ActKind::Return, ..resolve("LATE", None) };
        let (resolved, returned) = tokio::join!(
            dossiers::act(&app, resolve("LATE", None), None, Lang::Vi),
            dossiers::act(&app, back, None, Lang::Vi)
        );
        hold.await.unwrap().unwrap();
        assert_eq!((resolved.unwrap().version, returned.unwrap().version), (2, 3));
        let open = told(&app, "LATE").await["findings"].as_array().unwrap().iter().filter(|of| of["cleared_at"].is_null()).count();
        assert_eq!(open, 0);
    }
}

on_both_async! {
    async fn findings_are_paged_whole_where_commitments_overlap(db) {
        let app = office(db).await;
        commit(&app).await;
        for _ in 0..3 {
            let row = Registration { due_at: Some(at("2026-11-23T17:00")), ..new(None, "Người") };
            dossiers::register(&app, row, None, Lang::Vi).await.unwrap();
        }
        let (mut cursor, mut seen, mut count) = (None, Vec::new(), 0);
        loop {
            let page = PageRequest { by: officer(), lang: Lang::Vi, limit: 1, cursor };
            let page = dossiers::findings(&app, FindingFilter::default(), UnitScope::default(), page).await.unwrap();
            seen.extend(page.items.iter().map(|of| (of.dossier.clone(), of.finding.code)));
            count = count.max(page.count);
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!((seen.len(), count), (6, 6), "{seen:?}");
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 6);
    }
}

on_both_async! {
    async fn codes_of_another_system_at_the_end_of_our_serials_block_nothing(db) {
        let app = office(db).await;
        for code in ["H19.15-261120-999999", "H19.15-261120-1000000"] {
            dossiers::register(&app, new(Some(code), "Người"), None, Lang::Vi).await.unwrap();
        }
        let next = dossiers::register(&app, new(None, "Người"), None, Lang::Vi).await.unwrap();
        assert_eq!(next.code, "H19.15-261120-1000001");
    }
}

on_both_async! {
    async fn a_name_is_searched_only_by_those_who_may_see_it_and_a_code_in_any_case(db) {
        let app = office(db).await;
        dossiers::register(&app, new(Some("Hồ-a_1"), "Đặng Thị Ánh"), None, Lang::Vi).await.unwrap();
        let reporter = Principal { role: Role::Reporter, ..officer() };
        for (by, words, expected) in [
            (officer(), "dang thi anh", 1),
            (reporter.clone(), "dang thi anh", 0),
            (reporter.clone(), "HO-A_1", 1),
            (reporter.clone(), "Hồ-a_1", 1),
            (reporter, "hoxax1", 0),
        ] {
            let filter = DossierFilter { q: Some(fold(words)), ..DossierFilter::default() };
            let page = PageRequest { by, lang: Lang::Vi, limit: 10, cursor: None };
            let found = dossiers::list(&app, filter, UnitScope::default(), page).await.unwrap();
            assert_eq!(found.count, expected, "{words}");
        }
    }
}

on_both_async! {
    async fn an_act_repeated_under_its_key_is_answered_again(db) {
        let app = office(db).await;
        let made = dossiers::register(&app, new(None, "Người"), None, Lang::Vi).await.unwrap();
        let keyed = |hash: &str| ActRequest {
            idempotency: Some(("act-1".into(), hash.into())),
            ..resolve(&made.code, Some(1))
        };
        let first = dossiers::act(&app, keyed("h1"), Some(officer()), Lang::Vi).await.unwrap();
        assert_eq!(dossiers::act(&app, keyed("h1"), Some(officer()), Lang::Vi).await.unwrap(), first);
        let other = dossiers::act(&app, keyed("h2"), Some(officer()), Lang::Vi).await;
        assert!(matches!(other, Err(AppError::IdempotencyMismatch)), "{other:?}");
    }
}

on_both_async! {
    async fn answers_are_forgotten_after_three_days(db) {
        let app = office(db).await;
        let keyed = |key: &str| Registration { idempotency: Some((key.into(), "h".into())), ..new(None, "Người") };
        let first = dossiers::register(&app, keyed("a"), Some(officer()), Lang::Vi).await.unwrap();
        app.clock().set(at("2026-11-23T15:59"));
        assert_eq!(dossiers::register(&app, keyed("a"), Some(officer()), Lang::Vi).await.unwrap(), first);
        app.clock().set(at("2026-11-23T16:01"));
        dossiers::register(&app, keyed("b"), Some(officer()), Lang::Vi).await.unwrap();
        let anew = dossiers::register(&app, keyed("a"), Some(officer()), Lang::Vi).await.unwrap();
        assert_ne!(anew.code, first.code);
    }
}

on_both_async! {
    async fn every_act_is_in_the_chain_and_no_person_is(db) {
        let app = office(db).await;
        let made = dossiers::register(&app, new(None, "Nguyễn Thị Hòa"), Some(officer()), Lang::Vi).await.unwrap();
        dossiers::act(&app, resolve(&made.code, Some(1)), Some(officer()), Lang::Vi).await.unwrap();
        let entries = app.read(|c, _| Ok(ledger::ledger_entries(c, None, 0, 100)?)).await.unwrap();
        hentra::domain::ledger::verify(&entries).unwrap();
        // The office's two units come first.
        let of_dossiers = &entries[2..];
        let acts: Vec<(&str, Option<i64>)> = of_dossiers.iter().map(|(of, _)| (of.act.as_str(), of.actor_id)).collect();
        assert_eq!(acts, [("receive", Some(7)), ("resolve", Some(7))]);
        let written = entries.iter().map(|(of, _)| of.payload.to_string()).collect::<String>();
        assert!(!written.contains("Nguyễn") && !written.contains("0912345678"), "{written}");
        let resolved = &of_dossiers[1].0.payload;
        assert_eq!((&resolved["before"]["status"], &resolved["after"]["status"]), (&Value::from("processing"), &Value::from("resolved")));
        assert_eq!(resolved["after"]["outcome"], "early");
    }
}

on_both_async! {
    async fn of_sixty_four_that_race_for_one_code_one_wins(db) {
        let app = office(db).await;
        let racing: Vec<_> = (0..64)
            .map(|n| {
                let app = app.clone();
                tokio::spawn(async move {
                    dossiers::register(&app, new(Some("ONE"), &format!("Người {n}")), None, Lang::Vi).await
                })
            })
            .collect();
        let mut won = 0;
        for one in racing {
            match one.await.unwrap() {
                Ok(_) => won += 1,
                Err(error) => assert!(matches!(error, AppError::CodeTaken(_)), "{error}"),
            }
        }
        assert_eq!(won, 1);
    }
}

on_both_async! {
    async fn of_sixty_four_acts_on_one_version_one_wins(db) {
        let app = office(db).await;
        let made = dossiers::register(&app, new(None, "Người"), None, Lang::Vi).await.unwrap();
        let racing: Vec<_> = (0..64)
            .map(|_| {
                let (app, act) = (app.clone(), resolve(&made.code, Some(1)));
                tokio::spawn(async move { dossiers::act(&app, act, Some(officer()), Lang::Vi).await })
            })
            .collect();
        let mut won = 0;
        for one in racing {
            match one.await.unwrap() {
                Ok(answer) => {
                    assert_eq!(answer.version, 2);
                    won += 1;
                }
                Err(error) => assert!(matches!(error, AppError::PreconditionFailed | AppError::Refused(_)), "{error}"),
            }
        }
        assert_eq!(won, 1);
    }
}

on_both_async! {
    async fn two_processes_over_one_database_keep_one_chain_and_one_row_of_numbers(db) {
        let (one, other) = (office(db).await, office(db).await);
        let mut racing = Vec::new();
        for n in 0..40 {
            let app = if n % 2 == 0 { one.clone() } else { other.clone() };
            racing.push(tokio::spawn(async move {
                dossiers::register(&app, new(None, "Người"), None, Lang::Vi).await.unwrap().code
            }));
        }
        let mut codes = std::collections::BTreeSet::new();
        for one in racing {
            codes.insert(one.await.unwrap());
        }
        assert_eq!(codes.len(), 40);
        assert_eq!(codes.last().unwrap(), "H19.15-261120-0040");
        let entries = one.read(|c, _| Ok(ledger::ledger_entries(c, None, 0, 100)?)).await.unwrap();
        // Before the dossiers stand the two units, which the second process found as they were to be.
        assert_eq!(hentra::domain::ledger::verify(&entries).unwrap().0, 42);
    }
}

on_both_async! {
    async fn a_key_answers_again_to_the_byte_even_within_one_batch(db) {
        let app = office(db).await;
        let keyed = |name: &str, hash: &str| Registration {
            idempotency: Some(("key-1".into(), hash.into())),
            ..new(None, name)
        };
        let by = officer();
        let rows = vec![keyed("A", "h1"), keyed("A", "h1"), keyed("B", "h2")];
        let answers = dossiers::register_many(&app, rows, Some(&by), Lang::Vi).await.unwrap();
        let first = answers[0].as_ref().unwrap();
        assert_eq!(answers[1].as_ref().unwrap(), first);
        assert!(matches!(answers[2], Err(AppError::IdempotencyMismatch)));
        let other = Principal { user_id: 8, ..officer() };
        let again = dossiers::register(&app, keyed("A", "h1"), Some(by), Lang::Vi).await.unwrap();
        assert_eq!(again, *first);
        let elsewhere = dossiers::register(&app, keyed("A", "h1"), Some(other), Lang::Vi).await.unwrap();
        assert_ne!(elsewhere.code, first.code, "a key belongs to the one who sent it");
    }
}

on_both_async! {
    async fn the_writer_outlives_an_absent_database(db) {
        let settings = StoreSettings { url: db.url().to_owned(), readers: 2, patience: Duration::from_millis(300) };
        office(db).await;
        let app = App::start(Store::open(&settings).unwrap(), Clock::standing_at(at("2026-11-20T16:00"))).unwrap();
        let blocker = crate::support::Absence::begin(db);
        let refused = dossiers::register(&app, new(None, "Người"), None, Lang::Vi).await;
        assert!(matches!(refused, Err(AppError::Unavailable(_))), "{refused:?}");
        blocker.end();
        let mut stored = dossiers::register(&app, new(None, "Người"), None, Lang::Vi).await;
        for _ in 0..20 {
            if stored.is_ok() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
            stored = dossiers::register(&app, new(None, "Người"), None, Lang::Vi).await;
        }
        assert_eq!(stored.unwrap().version, 1);
    }
}

on_both_async! {
    async fn a_ledger_that_was_cut_or_emptied_is_named(db) {
        let app = office(db).await;
        assert!(chain::verify(&app, Vec::new()).await.unwrap().ok);
        for code in ["A-1", "A-2"] {
            dossiers::register(&app, new(Some(code), "Lan"), None, Lang::Vi).await.unwrap();
        }
        assert!(chain::verify(&app, Vec::new()).await.unwrap().ok);
        let off = match db.url().strip_prefix("sqlite://") {
            Some(_) => "DROP TRIGGER ledger_no_delete",
            None => "DROP TRIGGER ledger_no_change ON ledger",
        };
        execute(db, off);
        // Two units were written down before the two dossiers.
        for (sql, at, left) in [("DELETE FROM ledger WHERE seq = 4", 4, 3), ("DELETE FROM ledger", 1, 0)] {
            execute(db, sql);
            let verdict = chain::verify(&app, Vec::new()).await.unwrap();
            assert_eq!((verdict.ok, verdict.broken_at, verdict.entries), (false, Some(at), left));
            assert!(verdict.what.unwrap().contains("there are 2"), "{sql}");
        }
    }
}

/// Raw SQL by another hand, past Hentra.
fn execute(db: &TestDatabase, sql: &str) {
    match db.url().strip_prefix("sqlite://") {
        Some(path) => crate::support::beside(path).batch_execute(sql),
        None => PgConnection::establish(db.url()).unwrap().batch_execute(sql),
    }
    .unwrap();
}
