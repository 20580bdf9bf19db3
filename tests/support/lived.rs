//! A province that has lived: three communes and a foreign one, months of receipts and acts at random, the same again from the same seed, and what is
//! written down of them. What reports count is counted once more from this.

use std::time::Duration;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc, Weekday};
use hentra::app::access::{Principal, Role};
use hentra::app::writer::{ActRequest, Applicant, Closing, Registration};
use hentra::app::{App, AppError, catalogue, dossiers};
use hentra::clock::Clock;
use hentra::domain::act::ActKind;
use hentra::domain::commitment::{Commitment, Effect, ReceivedOn, Selector};
use hentra::domain::deadline::Limit;
use hentra::domain::dossier::{Channel, ClosedAs, Dossier};
use hentra::domain::finding::{Bound, Finding};
use hentra::domain::office_time;
use hentra::store::bounds::bounds_of;
use hentra::store::findings::findings_of;
use hentra::store::replay::{Past, dossiers_past_after};
use hentra::store::{Store, StoreSettings};
use hentra::text::Lang;

use super::{TestDatabase, unit};

/// All units of the province.
pub(crate) const PROVINCE: [&str; 4] = ["H19", "H19.15", "H19.16", "H19.17"];
const FIRST_DAY: &str = "2026-08-03";
/// The instant at which it stands in the end, a Friday afternoon.
pub(crate) const NOW: &str = "2026-11-20T16:00";

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{text}:00+07:00")).unwrap().to_utc()
}

/// Numbers that come the same again from the same seed.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    pub(crate) fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.below(u64::try_from(all.len()).unwrap())).unwrap()]
    }

    fn minutes(&mut self, below: u64) -> TimeDelta {
        TimeDelta::minutes(i64::try_from(self.below(below)).unwrap())
    }
}

/// The province, and the way to what is written down.
pub(crate) struct Lived {
    pub(crate) app: App,
    store: Store,
    clock: Clock,
}

pub(crate) fn reader(unit: &str) -> Principal {
    Principal { user_id: 7, name: "Lê Văn C".into(), role: Role::Leader, unit: unit.into() }
}

/// What an office registers, with the person's data that no report may tell.
pub(crate) fn receipt(unit: &str, procedure: &str, received_at: DateTime<Utc>) -> Registration {
    Registration {
        code: None,
        unit: unit.into(),
        procedure: procedure.into(),
        channel: Channel::InPerson,
        case: None,
        received_at: Some(received_at),
        due_at: None,
        officer: None,
        applicant: Applicant { name: "Nguyễn Thị Hòa".into(), phone: None, email: None, address: None },
        note: None,
        reason: None,
        closed: None,
        idempotency: None,
    }
}

pub(crate) fn closed(of: Registration, when: DateTime<Utc>) -> Registration {
    Registration {
        closed: Some(Closing { at: when, closed_as: ClosedAs::Resolved, returned_at: None }),
        ..of
    }
}

pub(crate) fn commitment(unit: &str, effect: Effect, procedures: &[&str]) -> Commitment {
    Commitment {
        id: 0,
        unit: unit.into(),
        subtree: true,
        selector: Selector {
            procedures: procedures.iter().map(|code| (*code).to_owned()).collect(),
            ..Selector::default()
        },
        received_on: ReceivedOn::default(),
        effect,
        valid_from: "2026-01-01".parse().unwrap(),
        valid_to: None,
        decision: "QĐ 1".into(),
    }
}

impl Lived {
    /// The province with its commitments, standing at an instant; nothing has happened yet.
    pub(crate) async fn at(db: &TestDatabase, now: &str) -> Lived {
        let settings =
            StoreSettings { url: db.url().to_owned(), readers: 4, patience: Duration::from_secs(5) };
        let clock = Clock::standing_at(at(now));
        let store = Store::open(&settings).unwrap();
        let app = App::start(store.clone(), clock.clone()).unwrap();
        let units = vec![
            unit("H19", "Tỉnh Đồng Nai", None),
            unit("H19.15", "Phường Phước Long", Some("H19")),
            unit("H19.16", "Phường Chơn Thành", Some("H19")),
            unit("H19.17", "Xã Không Hồ Sơ", Some("H19")),
            unit("H20", "Tỉnh khác", None),
        ];
        catalogue::units_put(&app, units).await.unwrap();
        for (effect, procedures) in [
            (Effect::SameDay, &["2.000815"][..]),
            (Effect::NoWeekRollover, &["2.000815", "2.001019"]),
            (Effect::SameSession, &["2.000815"]),
        ] {
            catalogue::commitment_create(&app, commitment("H19", effect, procedures), None).await.unwrap();
        }
        let within = commitment("H19.16", Effect::Within(Limit::WorkingDays(1)), &["1.004194"]);
        catalogue::commitment_create(&app, within, None).await.unwrap();
        Lived { app, store, clock }
    }

    /// The same after months of work, standing at [`NOW`].
    pub(crate) async fn months(db: &TestDatabase, seed: u64) -> Lived {
        let lived = Lived::at(db, &format!("{FIRST_DAY}T06:00")).await;
        let mut dice = Dice(seed);
        let mut day: NaiveDate = FIRST_DAY.parse().unwrap();
        let last = office_time::local_date(at(NOW));
        let mut open: Vec<String> = Vec::new();
        while day < last {
            if day.weekday() != Weekday::Sun {
                lived.day(day, &mut dice, &mut open).await;
            }
            day = day.succ_opt().unwrap();
        }
        lived.clock.set(at(NOW));
        lived
    }

    async fn day(&self, day: NaiveDate, dice: &mut Dice, open: &mut Vec<String>) {
        self.clock.set(at(&format!("{day}T19:00")));
        let opening = at(&format!("{day}T07:00"));
        let new = (0..4).map(|_| registered(dice, opening)).collect();
        for answer in dossiers::register_many(&self.app, new, None, Lang::Vi).await.unwrap() {
            open.push(answer.unwrap().code);
        }
        for _ in 0..dice.below(6) {
            let nth = usize::try_from(dice.below(u64::try_from(open.len()).unwrap())).unwrap();
            let kind = dice.of(&ACTS);
            let back = TimeDelta::days(if dice.below(5) == 0 { 4 } else { 0 });
            let when = opening + dice.minutes(690) - back;
            let request = act(&open[nth], kind, when, opening + TimeDelta::days(20));
            match dossiers::act(&self.app, request, Some(reader("H19")), Lang::Vi).await {
                Ok(_) | Err(AppError::Refused(_) | AppError::Invalid(_) | AppError::NotFound(_)) => {}
                Err(error) => panic!("{error}"),
            }
        }
    }

    /// Every dossier of these units as it is written down, in the order of the units.
    pub(crate) fn dossiers(&self, units: &[&str]) -> Vec<Dossier> {
        let mut c = self.store.reader().unwrap();
        let (from, until) = (at("2000-01-01T00:00").into(), at("2100-01-01T00:00").into());
        let mut all = Vec::new();
        for unit in units {
            let past = Past { unit, from, until };
            all.extend(dossiers_past_after(&mut c, &past, None, 100_000).unwrap());
        }
        all
    }

    /// What binds these dossiers.
    pub(crate) fn bounds(&self, of: &[Dossier]) -> Vec<(i64, Bound)> {
        bounds_of(&mut self.store.reader().unwrap(), &ids(of)).unwrap()
    }

    /// All findings on these dossiers seen by an instant.
    pub(crate) fn findings(&self, of: &[Dossier], by: DateTime<Utc>) -> Vec<(i64, Finding)> {
        findings_of(&mut self.store.reader().unwrap(), &ids(of), by.into()).unwrap()
    }

    /// Registers what has been.
    pub(crate) async fn live(&self, all: Vec<Registration>) {
        for answer in dossiers::register_many(&self.app, all, None, Lang::Vi).await.unwrap() {
            answer.unwrap();
        }
    }
}

fn ids(of: &[Dossier]) -> Vec<i64> {
    of.iter().map(|of| of.id).collect()
}

const ACTS: [ActKind; 12] = [
    ActKind::Resolve,
    ActKind::Resolve,
    ActKind::Resolve,
    ActKind::Resolve,
    ActKind::Refuse,
    ActKind::Withdraw,
    ActKind::Stop,
    ActKind::RequestSupplement,
    ActKind::Supplement,
    ActKind::Pause,
    ActKind::Resume,
    ActKind::Apologise,
];

fn registered(dice: &mut Dice, opening: DateTime<Utc>) -> Registration {
    let unit = dice.of(&["H19", "H19.15", "H19.15", "H19.16", "H19.16", "H20"]);
    let procedure = dice.of(&["2.000815", "2.001019", "1.004194"]);
    let received_at = opening + dice.minutes(700);
    Registration {
        channel: dice.of(Channel::ALL),
        due_at: (dice.below(3) == 0).then(|| received_at + dice.minutes(14_000)),
        officer: dice.of(&[None, Some("Trần Văn B"), Some("Phạm Thị D")]).map(Into::into),
        ..receipt(unit, procedure, received_at)
    }
}

fn act(code: &str, kind: ActKind, when: DateTime<Utc>, appointed_at: DateTime<Utc>) -> ActRequest {
    let halts = kind == ActKind::Pause;
    let apologises = kind == ActKind::Apologise;
    ActRequest {
        code: code.to_owned(),
        kind,
        at: Some(when),
        reason: Some("lý do".into()),
        ground: halts.then(|| "xác minh".into()),
        appointed_at: apologises.then_some(appointed_at),
        changes: None,
        expected_version: None,
        idempotency: None,
    }
}
