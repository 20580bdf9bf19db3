//! Random histories on both engines: what a write answers is what a read tells, the ledger tells it too, and the tables can be made again from it.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use hentra::app::access::{Principal, Role};
use hentra::app::writer::{ActRequest, Applicant, Correction, PersonChanges, Registration};
use hentra::app::{App, AppError, catalogue, dossiers, ledger as chain, privacy};
use hentra::clock::Clock;
use hentra::domain::act::ActKind;
use hentra::domain::commitment::{Commitment, Effect, ReceivedOn, Selector};
use hentra::domain::correction::Changes;
use hentra::domain::dossier::Channel;
use hentra::store::{Store, StoreSettings, ledger};
use hentra::text::Lang;
use serde_json::Value;

use crate::support::{TestDatabase, on_both_async, unit};

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{text}:00+07:00")).unwrap().to_utc()
}

/// Numbers that come the same again from the same seed.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }

    pub(crate) fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.below(u64::try_from(all.len()).unwrap())).unwrap()].clone()
    }
}

pub(crate) fn leader() -> Principal {
    Principal { user_id: 7, name: "Trần Văn B".into(), role: Role::Leader, unit: "H19".into() }
}

pub(crate) async fn office(db: &TestDatabase) -> App {
    let settings = StoreSettings { url: db.url().to_owned(), readers: 4, patience: Duration::from_secs(5) };
    let clock = Clock::standing_at(at("2026-11-02T08:00"));
    let app = App::start(Store::open(&settings).unwrap(), clock).unwrap();
    let unit = |code: &str, parent: Option<&str>| unit(code, code, parent);
    catalogue::units_put(&app, vec![unit("H19", None), unit("H19.15", Some("H19"))]).await.unwrap();
    for effect in [Effect::SameDay, Effect::NoWeekRollover, Effect::SameSession] {
        let new = Commitment {
            id: 0,
            unit: "H19.15".into(),
            subtree: true,
            selector: Selector { procedures: vec!["2.000815".into()], ..Selector::default() },
            received_on: ReceivedOn::default(),
            effect,
            valid_from: "2026-01-01".parse().unwrap(),
            valid_to: None,
            decision: "QĐ 1".into(),
        };
        catalogue::commitment_create(&app, new, None).await.unwrap();
    }
    app
}

pub(crate) fn registration(n: u64, dice: &mut Dice, now: DateTime<Utc>) -> Registration {
    let promised = TimeDelta::hours(i64::try_from(dice.below(200)).unwrap());
    Registration {
        code: Some(format!("D-{n}")),
        unit: "H19.15".into(),
        procedure: dice.of(&["2.000815", "2.001019", "1.004194"]).into(),
        channel: dice.of(Channel::ALL),
        case: None,
        received_at: Some(now - TimeDelta::minutes(i64::try_from(dice.below(3000)).unwrap())),
        due_at: (dice.below(3) == 0).then(|| now + promised),
        officer: None,
        applicant: Applicant { name: format!("Người {n}"), phone: None, email: None, address: None },
        note: (dice.below(2) == 0).then(|| "ghi chú 📎".into()),
        reason: None,
        closed: None,
        idempotency: None,
    }
}

const GOES_ON: [ActKind; 7] = [
    ActKind::RequestSupplement,
    ActKind::Supplement,
    ActKind::Pause,
    ActKind::Resume,
    ActKind::Apologise,
    ActKind::Return,
    ActKind::Correct,
];

pub(crate) fn act(code: String, dice: &mut Dice, now: DateTime<Utc>) -> ActRequest {
    // What ends a dossier comes seldom, so that histories grow.
    let kind = if dice.below(12) == 0 { dice.of(ActKind::ALL) } else { dice.of(&GOES_ON) };
    let back = TimeDelta::minutes(dice.of(&[0, 0, 0, 30, 600, 5000]));
    let mut dossier = Changes::default();
    let mut person = PersonChanges::default();
    match dice.below(6) {
        0 => dossier.officer = Some(Some("Lê C".into())),
        1 => dossier.received_at = Some(now - TimeDelta::hours(i64::try_from(dice.below(90)).unwrap())),
        2 => dossier.closed_at = Some(now - back),
        3 => dossier.channel = Some(dice.of(Channel::ALL)),
        4 => dossier.due_at = Some(now + TimeDelta::hours(i64::try_from(dice.below(40)).unwrap())),
        _ => {
            person.name = Some("Người được đính chính".into());
            dossier.personal = true;
        }
    }
    ActRequest {
        at: (back > TimeDelta::zero()).then(|| now - back),
        reason: Some("lý do".into()),
        ground: (kind == ActKind::Pause).then(|| "xác minh".into()),
        appointed_at: (kind == ActKind::Apologise)
            .then(|| now + TimeDelta::days(i64::try_from(dice.below(30)).unwrap())),
        changes: (kind == ActKind::Correct).then_some(Correction { dossier, person }),
        ..ActRequest::of(code, kind)
    }
}

async fn told(app: &App, code: &str) -> Value {
    serde_json::to_value(dossiers::find(app, code.into(), leader(), Lang::Vi).await.unwrap()).unwrap()
}

/// Twelve dossiers and four hundred tries at an act over eight weeks; each answer is read again. Answers how often each act was done.
async fn live(app: &App, seed: u64) -> std::collections::BTreeMap<&'static str, usize> {
    let mut dice = Dice(seed);
    let mut done = std::collections::BTreeMap::new();
    let mut now = at("2026-11-02T08:00");
    for n in 0..12 {
        let made =
            dossiers::register(app, registration(n, &mut dice, now), Some(leader()), Lang::Vi).await.unwrap();
        assert_eq!(serde_json::from_str::<Value>(&made.body).unwrap(), told(app, &made.code).await);
    }
    for _ in 0..400 {
        now += TimeDelta::minutes(i64::try_from(dice.below(400)).unwrap());
        app.clock().set(now);
        let request = act(format!("D-{}", dice.below(12)), &mut dice, now);
        let (kind, code) = (request.kind, request.code.clone());
        match dossiers::act(app, request, Some(leader()), Lang::Vi).await {
            Ok(answer) => {
                *done.entry(kind.word()).or_default() += 1;
                let answer: Value = serde_json::from_str(&answer.body).unwrap();
                assert_eq!(answer, told(app, &code).await, "{kind} on {code}, seed {seed}");
            }
            Err(AppError::Refused(_) | AppError::Invalid(_)) => {}
            Err(other) => panic!("{kind} on {code}: {other}"),
        }
    }
    done
}

on_both_async! {
    async fn what_a_write_answers_is_what_a_read_and_the_ledger_tell(db) {
        let app = office(db).await;
        let done = live(&app, 0x5eed).await;
        assert_eq!(done.len(), ActKind::ALL.len(), "every act was done: {done:?}");
        let verdict = chain::verify(&app, Vec::new()).await.unwrap();
        assert!(verdict.ok, "{verdict:?}");
        assert_eq!((verdict.dossiers, verdict.untold, verdict.differing), (12, 0, 0));
    }
}

/// Raw SQL by another hand, past Hentra.
pub(crate) fn execute(db: &TestDatabase, sql: &str) {
    match db.url().strip_prefix("sqlite://") {
        Some(path) => crate::support::beside(path).batch_execute(sql),
        None => PgConnection::establish(db.url()).unwrap().batch_execute(sql),
    }
    .unwrap_or_else(|error| panic!("{sql}: {error}"));
}

on_both_async! {
    async fn what_another_hand_does_to_the_tables_is_named_and_put_right(db) {
        let app = office(db).await;
        live(&app, 0xdead).await;
        let before: Vec<Value> = futures_util::future::join_all((0..12).map(|n| {
            let app = app.clone();
            async move { told(&app, &format!("D-{n}")).await }
        })).await;
        for (sql, what) in [
            ("UPDATE dossiers SET due_at = lapses_at WHERE code = 'D-0'", "due_at"),
            ("UPDATE dossiers SET outcome = 'on_time', closed_as = 'resolved', closed_at = received_at WHERE code = 'D-1'", "closed_at"),
            ("UPDATE dossiers SET code = 'X' WHERE code = 'D-2'; UPDATE dossiers SET code = 'D-2' WHERE code = 'D-3'; UPDATE dossiers SET code = 'D-3' WHERE code = 'X'", "code"),
            ("UPDATE dossiers SET officer = 'Người khác' WHERE code = 'D-4'", "officer"),
            ("DELETE FROM findings", "findings"),
            ("UPDATE dossier_commitments SET lapses_at = due_at", "commitments"),
            ("DELETE FROM dossier_commitments; DELETE FROM findings", "commitments"),
            ("UPDATE dossier_commitments SET unit = 'H19.99'", "carry something else"),
            ("UPDATE dossier_commitments SET closed_at = lapses_at, promised_beyond = NOT promised_beyond", "carry something else"),
        ] {
            execute(db, sql);
            let verdict = chain::verify(&app, Vec::new()).await.unwrap();
            assert!(!verdict.ok && verdict.broken_at.is_none(), "{sql}: {verdict:?}");
            assert!(verdict.differences.iter().any(|of| of.what.contains(what)), "{sql}: {verdict:?}");
            let rebuilt = chain::rebuild(&app).await.unwrap().unwrap();
            assert_eq!((rebuilt.restored, rebuilt.removed, rebuilt.left), (verdict.differing, 0, 0), "{sql}");
            assert!(chain::verify(&app, Vec::new()).await.unwrap().ok, "{sql}");
            for (n, stood) in before.iter().enumerate() {
                assert_eq!(told(&app, &format!("D-{n}")).await, *stood, "{sql}");
            }
        }
    }
}

on_both_async! {
    async fn a_dossier_taken_away_comes_back_and_one_smuggled_in_goes(db) {
        let app = office(db).await;
        live(&app, 0xbee).await;
        execute(db, "DELETE FROM findings WHERE dossier_id = 5; DELETE FROM dossier_commitments WHERE dossier_id = 5;
            DELETE FROM applicants WHERE dossier_id = 5; DELETE FROM dossier_halts WHERE dossier_id = 5; DELETE FROM dossiers WHERE id = 5");
        let verdict = chain::verify(&app, Vec::new()).await.unwrap();
        assert_eq!((verdict.ok, verdict.differing, verdict.differences[0].code.as_str()), (false, 1, "D-4"));
        chain::rebuild(&app).await.unwrap().unwrap();
        let verdict = chain::verify(&app, Vec::new()).await.unwrap();
        assert_eq!(verdict.differing, 1, "the person's data are not the ledger's to restore");
        assert!(verdict.differences[0].what.contains("gone without having been erased"), "{verdict:?}");
        let columns = "code_search, unit, procedure, sector, channel, limit_value, limit_unit, status, received_at, effective_receipt, statutory_due_at,
            commitment_due_at, first_due_at, due_at, lapses_at, appointed_at, provisional, closed_at, closed_as, outcome, returned_at, officer, reason,
            supplements, reappointments, version";
        execute(db, &format!("INSERT INTO dossiers (id, code, {columns}) SELECT 99, 'GHOST', {columns} FROM dossiers WHERE id = 1"));
        let verdict = chain::verify(&app, Vec::new()).await.unwrap();
        assert!(verdict.broken_at.is_some() || verdict.differences.iter().any(|of| of.code == "GHOST"), "{verdict:?}");
        assert_eq!(chain::rebuild(&app).await.unwrap().unwrap().removed, 1);
        let gone = dossiers::find(&app, "GHOST".into(), leader(), Lang::Vi).await;
        assert!(matches!(gone, Err(AppError::NotFound(_))), "{gone:?}");
    }
}

on_both_async! {
    async fn persons_are_erased_when_their_time_is_over_and_the_chain_stays_whole(db) {
        let app = office(db).await;
        live(&app, 0xcafe).await;
        let closed = |of: &Value| !of["closed_at"].is_null();
        let mut standing = Vec::new();
        for n in 0..12 {
            standing.push(told(&app, &format!("D-{n}")).await);
        }
        let count = standing.iter().filter(|of| closed(of)).count();
        assert!(count > 0 && count < 12, "{count}");
        let before = app.clock().now() + TimeDelta::seconds(1);
        assert_eq!(privacy::due(&app, before).await.unwrap(), i64::try_from(count).unwrap());
        assert_eq!(privacy::erase(&app, before, Some(7)).await.unwrap(), count);
        assert_eq!(privacy::erase(&app, before, None).await.unwrap(), 0, "once is enough");
        for stood in &standing {
            let code = stood["code"].as_str().unwrap();
            let now = told(&app, code).await;
            let known = !now["applicant"].is_null();
            assert_eq!(known, !closed(stood), "{now}");
            assert_eq!((&now["closed_at"], &now["outcome"], &now["due_at"]), (&stood["closed_at"], &stood["outcome"], &stood["due_at"]));
            assert_eq!(now["version"].as_i64(), stood["version"].as_i64().map(|version| version + i64::from(closed(stood))));
        }
        let verdict = chain::verify(&app, Vec::new()).await.unwrap();
        assert!(verdict.ok, "{verdict:?}");
        let entries = app.read(|c, _| Ok(ledger::ledger_entries(c, None, 0, 10_000)?)).await.unwrap();
        assert_eq!(entries.iter().filter(|(of, _)| of.act == "erase").count(), count);
        let gone = standing.iter().find(|of| closed(of)).unwrap()["code"].as_str().unwrap().to_owned();
        let person = Correction {
            dossier: Changes { personal: true, ..Changes::default() },
            person: PersonChanges { name: Some("Lại đây".into()), ..PersonChanges::default() },
        };
        let back = ActRequest { changes: Some(person), reason: Some("x".into()), ..ActRequest::of(gone, ActKind::Correct) };
        let refused = dossiers::act(&app, back, Some(leader()), Lang::Vi).await;
        assert!(matches!(refused, Err(AppError::Invalid(_))), "{refused:?}");
    }
}

on_both_async! {
    async fn an_anchor_shows_a_history_that_was_rewritten_soundly(db) {
        let app = office(db).await;
        live(&app, 0xf00d).await;
        let days: Vec<_> = ["2026-11-01", "2026-11-05", "2027-01-31"].iter().map(|day| day.parse().unwrap()).collect();
        let anchors = app.read(move |c, _| chain::anchors(c, &days)).await.unwrap();
        assert_eq!(anchors[0].1, None, "before the first entry there is nothing");
        let (early, last) = (anchors[1].1.clone().unwrap(), anchors[2].1.clone().unwrap());
        let verdict = chain::verify(&app, vec![early.clone(), last.clone()]).await.unwrap();
        assert!(verdict.ok, "{verdict:?}");
        assert_eq!((verdict.entries, &verdict.head), (last.entries, &last.head));
        let mut other = early.clone();
        other.head = "0".repeat(64);
        let verdict = chain::verify(&app, vec![other]).await.unwrap();
        assert_eq!((verdict.ok, verdict.broken_at), (false, Some(early.entries)));
        let mut beyond = last.clone();
        beyond.entries += 1;
        let verdict = chain::verify(&app, vec![beyond]).await.unwrap();
        assert_eq!((verdict.ok, verdict.broken_at), (false, Some(last.entries + 1)));
    }
}

on_both_async! {
    async fn the_database_itself_refuses_to_change_the_ledger(db) {
        let app = office(db).await;
        live(&app, 0xabc).await;
        let refused = |sql: &str| {
            let answer = match db.url().strip_prefix("sqlite://") {
                Some(path) => crate::support::beside(path).batch_execute(sql),
                None => PgConnection::establish(db.url()).unwrap().batch_execute(sql),
            };
            answer.unwrap_err().to_string()
        };
        let mut statements = vec![
            "UPDATE ledger SET act = 'receive' WHERE seq = 3",
            "DELETE FROM ledger WHERE seq = 3",
            "DELETE FROM ledger",
        ];
        match db.url().starts_with("sqlite://") {
            true => statements.extend([
                "INSERT OR REPLACE INTO ledger SELECT * FROM ledger WHERE seq = 3",
                "INSERT OR REPLACE INTO ledger SELECT seq + 100000, dossier_id, act, at, recorded_at, actor_id, payload, prev_hash, hash FROM ledger WHERE seq = 3",
            ]),
            false => statements.push("TRUNCATE ledger"),
        }
        for sql in statements {
            let why = refused(sql);
            assert!(why.contains("the ledger is append-only"), "{sql}: {why}");
        }
        assert!(chain::verify(&app, Vec::new()).await.unwrap().ok);
    }
}
