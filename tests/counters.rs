//! Counters are what counting dossier by dossier comes to, whatever has happened and whenever they were folded, on both engines.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, TimeDelta, Utc};
use hentra::app::calendars::{CalendarFile, publish};
use hentra::app::catalogue::procedures::{NewProcedures, procedures_change};
use hentra::app::counters::{self, Tender};
use hentra::app::reports::tallies::{Tallies, scanned, shares_of_each, tallies};
use hentra::app::reports::{Asked, Scope};
use hentra::app::transfer::procedure_rows;
use hentra::app::writer::Registration;
use hentra::app::{App, AppError, catalogue, dossiers, ledger as chain};
use hentra::domain::calendar::{DayKind, DayRow};
use hentra::domain::dossier::Dossier;
use hentra::domain::office_time::local_date;
use hentra::domain::period::Period;
use hentra::domain::statistics::{GroupBy, Rate, Tally, standing};
use hentra::domain::unit::Unit;
use hentra::store::dossiers::dossiers_after;
use hentra::text::Lang;

use crate::histories::{Dice, act, at, execute, leader, office, registration};
use crate::support::{Engine, on_both_async, unit};

const UNITS: [&str; 4] = ["H19.15", "H19.16", "H19.16.01", "H19.17"];

/// A province with a commune that has a counter of its own below it; everything standing at 2/11/2026, 08:00.
async fn province(db: &crate::support::TestDatabase) -> App {
    let app = office(db).await;
    let units = vec![
        unit("H19.16", "Xã Thứ Hai", Some("H19")),
        unit("H19.16.01", "Quầy thôn", Some("H19.16")),
        unit("H19.17", "Xã Thứ Ba", Some("H19")),
        unit("H20", "Tỉnh khác", None),
    ];
    catalogue::units_put(&app, units).await.unwrap();
    app
}

async fn everything(app: &App) -> Vec<Dossier> {
    app.read(|c, _| Ok(dossiers_after(c, 0, 10_000)?)).await.unwrap()
}

/// What the definitions make of the dossiers, one by one.
fn plainly(all: &[Dossier], scope: &Scope, group_by: GroupBy) -> BTreeMap<String, Tally> {
    let mut rows: BTreeMap<String, Tally> = BTreeMap::new();
    for of in all.iter().filter(|of| scope.units.contains(&of.unit)) {
        if let Some(standing) = standing(of, &scope.window) {
            rows.entry(group_by.key(of).to_owned()).or_default().add(standing, 1);
        }
    }
    rows
}

/// All sorts of stretches of time as they are asked for at `now`: what runs, what is over, any days, and what is to come.
fn asked(dice: &mut Dice, now: DateTime<Utc>) -> Vec<Asked> {
    let today = local_date(now);
    let of = |period: Period, as_of: Option<DateTime<Utc>>| Asked {
        period: None,
        from: Some(period.from()),
        to: Some(period.to()),
        as_of,
        unit: None,
        units_as_of: None,
        lang: Lang::Vi,
    };
    let month = Period::official_month_of(today).unwrap();
    let odd = |dice: &mut Dice| {
        let from = today - Days::new(dice.below(40));
        Period::between(from, from + Days::new(dice.below(30))).unwrap()
    };
    let civil = Period::parse(&format!("{}-civil", today.format("%Y-%m"))).unwrap();
    let (some, other, past) =
        (odd(dice), odd(dice), now - TimeDelta::minutes(i64::try_from(dice.below(20_000)).unwrap()));
    let ahead = now + TimeDelta::minutes(i64::try_from(dice.below(20_000)).unwrap());
    let next = Period::between(today + Days::new(3), today + Days::new(20)).unwrap();
    vec![
        of(month, None),
        of(month.before().unwrap(), None),
        of(civil, None),
        of(civil.before().unwrap(), None),
        of(some, None),
        of(other, Some(past)),
        of(month, Some(past)),
        of(
            month.before().unwrap(),
            Some(now - TimeDelta::minutes(i64::try_from(dice.below(60_000)).unwrap())),
        ),
        of(some, Some(now - TimeDelta::minutes(i64::try_from(dice.below(500)).unwrap()))),
        of(month, Some(month.end())),
        of(month, Some(ahead)),
        of(next, None),
    ]
}

/// Holds the counters, the scan and the definitions against each other; answers how many dossiers were in what was counted.
async fn compare(app: &App, dice: &mut Dice, unit: &str) -> u32 {
    let (now, all) = (app.clock().now(), everything(app).await);
    let mut counted = 0;
    for asked in asked(dice, now) {
        let asked = Asked { unit: Some(unit.to_owned()), ..asked };
        let by = leader();
        for group_by in GroupBy::ALL {
            let (asked, by) = (asked.clone(), by.clone());
            let (scope, off_counters, scanned): (Scope, Tallies, Tallies) = app
                .read(move |c, catalogue| {
                    let scope = asked.scope(catalogue, &by, now)?;
                    c.snapshot(|c| {
                        let (sum, scan) = (tallies(c, &scope, *group_by)?, scanned(c, &scope, *group_by)?);
                        Ok((scope, sum, scan))
                    })
                })
                .await
                .unwrap();
            let told = format!("{} {group_by} as of {} at {now}", scope.period, scope.window.as_of());
            assert_eq!(scanned.by_key, plainly(&all, &scope, *group_by), "scan: {told}");
            assert_eq!(off_counters, scanned, "counters: {told}");
            counted += scanned.total.received;
        }
        compare_parts(app, asked, now).await;
    }
    counted
}

/// Holds what a ranking is made of against counting each unit directly below by itself, and a sector's rows against counting its dossiers.
async fn compare_parts(app: &App, asked: Asked, now: DateTime<Utc>) {
    let read = app.read(move |c, catalogue| {
        let scope = asked.scope(catalogue, &leader(), now)?;
        let below: Vec<Scope> = catalogue
            .units
            .children(&scope.unit)
            .iter()
            .map(|of| scope.with_units(&of.code, catalogue.units.subtree(&of.code)))
            .collect();
        c.snapshot(|c| {
            let together = shares_of_each(c, &scope, &below)?;
            for (part, shares) in below.iter().zip(&together) {
                let told =
                    format!("{} of {} as of {} at {now}", scope.period, part.unit, scope.window.as_of());
                let rates = |of: BTreeMap<String, Tally>| -> BTreeMap<String, Rate> {
                    of.into_iter()
                        .map(|(key, tally)| (key, tally.on_time_of_due()))
                        .filter(|(_, rate)| rate.denominator > 0)
                        .collect()
                };
                let due = shares
                    .iter()
                    .filter(|(_, rate)| rate.denominator > 0)
                    .map(|(key, rate)| (key.clone(), *rate))
                    .collect::<BTreeMap<_, _>>();
                assert_eq!(due, rates(scanned(c, part, GroupBy::Procedure)?.by_key), "shares: {told}");
            }
            for sector in scanned(c, &scope, GroupBy::Sector)?.by_key.into_keys() {
                let of_sector = Scope { sector: Some(sector), ..scope.clone() };
                for group_by in [GroupBy::Sector, GroupBy::Procedure, GroupBy::Channel] {
                    assert_eq!(
                        tallies(c, &of_sector, group_by)?,
                        scanned(c, &of_sector, group_by)?,
                        "{group_by} of {:?}",
                        of_sector.sector
                    );
                }
            }
            Ok::<_, AppError>(())
        })
    });
    read.await.unwrap();
}

async fn sound(app: &App) {
    let (units, found) = counters::check(app).await.unwrap().unwrap();
    assert!(found.is_empty() && units > 3, "{found:#?}");
}

fn closed(day: &str) -> DayRow {
    let date = day.parse().unwrap();
    DayRow { date, kind: DayKind::Closure, name: "lũ".into(), source: "QĐ".into() }
}

on_both_async! {
    async fn they_are_what_counting_one_by_one_comes_to_after_any_history(db) {
        let app = province(db).await;
        let (mut dice, mut tender, mut now) = (Dice(0xc0de), Tender::default(), at("2026-11-02T08:00"));
        let (mut made, mut acted, mut counted) = (0, 0, 0);
        for step in 0..420_u64 {
            now += TimeDelta::minutes(i64::try_from(dice.below(300)).unwrap());
            app.clock().set(now);
            match dice.below(10) {
                0..=1 => {
                    let new = Registration { unit: dice.of(&UNITS).into(), ..registration(made, &mut dice, now) };
                    dossiers::register(&app, new, Some(leader()), Lang::Vi).await.unwrap();
                    made += 1;
                }
                2..=8 if made > 0 => {
                    let request = act(format!("D-{}", dice.below(made)), &mut dice, now);
                    match dossiers::act(&app, request, Some(leader()), Lang::Vi).await {
                        Ok(_) => acted += 1,
                        Err(AppError::Refused(_) | AppError::Invalid(_)) => {}
                        Err(other) => panic!("{other}"),
                    }
                }
                _ => tender.look(&app).await.unwrap(),
            }
            if step == 150 || step == 260 {
                let day = if step == 150 { closed("2026-12-09") } else { closed("2026-12-18") };
                let file = CalendarFile { day: vec![day], ..CalendarFile::default() };
                publish(&app, "H19.16".into(), file, "lũ".into(), false).await.unwrap();
            }
            if step == 200 {
                // The counter goes over to another commune, with all that it has come to.
                let moved = Unit { parent: Some("H19.17".into()), ..unit("H19.16.01", "Quầy thôn", None) };
                catalogue::units_put(&app, vec![moved]).await.unwrap();
            }
            if step % 35 == 34 {
                sound(&app).await;
                let unit = dice.of(&["H19", "H19.16", "H19.17", "H19.15"]);
                counted += compare(&app, &mut dice, unit).await;
            }
        }
        assert!(made > 50 && acted > 80 && counted > 5_000, "{made} {acted} {counted}");
        assert_eq!((tender.differing(), tender.checked() > 10), (0, true));
        sound(&app).await;
        let before = compare(&app, &mut Dice(1), "H19").await;
        assert_eq!(counters::rebuild(&app).await.unwrap(), made);
        sound(&app).await;
        assert_eq!(compare(&app, &mut Dice(1), "H19").await, before);
        chain::rebuild(&app).await.unwrap().unwrap();
        sound(&app).await;
        // What happens after a rebuild is counted on.
        let new = Registration { unit: "H19.17".into(), ..registration(made, &mut dice, now) };
        dossiers::register(&app, new, Some(leader()), Lang::Vi).await.unwrap();
        sound(&app).await;
        assert!(compare(&app, &mut Dice(1), "H19").await > before);
        // A clock that is set back unfolds nothing and makes nothing wrong.
        app.clock().set(now - TimeDelta::days(9));
        tender.look(&app).await.unwrap();
        sound(&app).await;
        compare(&app, &mut dice, "H19").await;
    }
}

fn running(group_by: GroupBy) -> impl AsyncFn(&App) -> Tallies {
    async move |app: &App| {
        let (now, by) = (app.clock().now(), leader());
        app.read(move |c, catalogue| {
            let asked = Asked {
                period: Some("2026-12".into()),
                from: None,
                to: None,
                as_of: None,
                unit: Some("H19".into()),
                units_as_of: None,
                lang: Lang::Vi,
            };
            let scope = asked.scope(catalogue, &by, now)?;
            c.snapshot(|c| tallies(c, &scope, group_by))
        })
        .await
        .unwrap()
    }
}

async fn received(app: &App, many: u64) {
    let mut dice = Dice(77);
    for n in 0..many {
        let new = Registration { unit: "H19.15".into(), ..registration(n, &mut dice, app.clock().now()) };
        dossiers::register(app, new, Some(leader()), Lang::Vi).await.unwrap();
    }
}

on_both_async! {
    async fn a_database_of_the_program_before_is_brought_along(db) {
        let app = province(db).await;
        received(&app, 30).await;
        app.clock().set(at("2026-11-20T09:00"));
        Tender::default().look(&app).await.unwrap();
        received_more(&app, 30).await;
        let (before, kept) = (running(GroupBy::Sector)(&app).await, running(GroupBy::Channel)(&app).await);
        let [down, up] = match db.engine() {
            Engine::Sqlite => [
                include_str!("../migrations/sqlite/00000000000016_kept/down.sql"),
                include_str!("../migrations/sqlite/00000000000016_kept/up.sql"),
            ],
            Engine::Postgres => [
                include_str!("../migrations/postgres/00000000000016_kept/down.sql"),
                include_str!("../migrations/postgres/00000000000016_kept/up.sql"),
            ],
        };
        execute(db, down);
        execute(db, up);
        // What the step makes of the rows that stand is what the program would have written.
        let verdict = chain::verify(&app, Vec::new()).await.unwrap();
        assert!(verdict.ok, "{verdict:?}");
        sound(&app).await;
        assert_eq!(running(GroupBy::Sector)(&app).await, before);
        assert_eq!(running(GroupBy::Channel)(&app).await, kept);
        assert!(before.total.received >= 30, "{before:?}");
    }
}

on_both_async! {
    async fn another_hand_in_them_is_found_named_and_put_right(db) {
        let app = province(db).await;
        app.clock().set(at("2026-11-18T09:00"));
        received(&app, 12).await;
        app.clock().set(at("2026-11-20T09:00"));
        let mut tender = Tender::default();
        tender.look(&app).await.unwrap();
        received_more(&app, 12).await;
        sound(&app).await;
        let honest = running(GroupBy::Unit)(&app).await;
        for (sql, of) in [
            ("UPDATE counter_units SET received_direct = received_direct + 7 WHERE unit = 'H19.15'", "balances"),
            ("UPDATE counter_days SET on_time = on_time + 1 WHERE unit = 'H19.15'", "days"),
            ("UPDATE counter_recent SET left_open = left_open - 1 WHERE unit = 'H19.15'", "days by procedure"),
            ("UPDATE counter_scopes SET early = early + 3 WHERE scope = 'H19'", "balances with all below"),
            ("UPDATE counter_scopes SET late = late + 1 WHERE scope = 'H19' AND channel = ''", "balances with all below"),
            ("DELETE FROM counter_scopes WHERE procedure = ''", "balances with all below"),
            ("DELETE FROM counter_recent", "days by procedure"),
        ] {
            execute(db, sql);
            let (_, found) = counters::check(&app).await.unwrap().unwrap();
            assert!(found.iter().any(|difference| difference.of == of), "{sql}: {found:?}");
            assert_eq!(counters::rebuild(&app).await.unwrap(), 24);
            sound(&app).await;
            assert_eq!(running(GroupBy::Unit)(&app).await, honest, "{sql}");
        }
        // Reports do read them, and say so when what they read cannot be.
        execute(db, "UPDATE counter_units SET received_direct = received_direct - 1000 WHERE unit = 'H19.15'");
        let broken = running(GroupBy::Unit)(&app).await;
        assert!(broken.broken.contains(&"H19.15: 3>=0".to_owned()), "{:?}", broken.broken);
        let differing = tender.differing();
        for _ in 0..8 {
            app.clock().set(app.clock().now() + TimeDelta::minutes(6));
            tender.look(&app).await.unwrap();
        }
        assert!(tender.differing() > differing, "the check in the background came upon it");
    }
}

async fn received_more(app: &App, from: u64) {
    let mut dice = Dice(78);
    for n in from..from + 12 {
        let new = Registration { unit: "H19.16".into(), ..registration(n, &mut dice, app.clock().now()) };
        dossiers::register(app, new, Some(leader()), Lang::Vi).await.unwrap();
    }
}

on_both_async! {
    async fn where_they_were_never_made_reports_are_right_and_they_are_made(db) {
        // As a database of an older version is after its migration.
        let app = province(db).await;
        app.clock().set(at("2026-11-18T09:00"));
        received(&app, 12).await;
        execute(db, "DELETE FROM counter_recent; UPDATE counter_state SET counting = FALSE; UPDATE catalogue_version SET version = version + 1");
        assert_eq!(counters::check(&app).await.unwrap(), None);
        let before = running(GroupBy::Procedure)(&app).await;
        assert!(before.total.received >= 12);
        received_more(&app, 12).await;
        let more = running(GroupBy::Procedure)(&app).await;
        assert_eq!(more.total.received, before.total.received + 12);
        Tender::default().look(&app).await.unwrap();
        sound(&app).await;
        assert_eq!(running(GroupBy::Procedure)(&app).await, more);
        compare(&app, &mut Dice(3), "H19").await;
    }
}

on_both_async! {
    async fn the_day_that_runs_is_known_to_the_minute(db) {
        // A limit of hours that ends at 10:00 is overdue from then on; one of days not before midnight.
        let app = province(db).await;
        app.clock().set(at("2026-11-20T08:00"));
        let csv = "code,name,sector,limit_value,limit_unit,late_after,late_effect,channel,valid_from,source\n\
                    9.000001,Thử giờ,Chứng thực,2,working_hour,,,,2020-01-01,QĐ 1\n";
        let new = NewProcedures { rows: procedure_rows(csv.as_bytes()).unwrap(), whole: false, correction: None };
        procedures_change(&app, new, None, false).await.unwrap();
        let mut dice = Dice(5);
        let of = |n: u64, procedure: &str, now| Registration {
            // Where no commitment ends earlier than the law.
            unit: "H19.17".into(),
            procedure: procedure.into(),
            received_at: Some(now),
            due_at: None,
            ..registration(n, &mut Dice(n + 9), now)
        };
        for (n, procedure) in [(0, "9.000001"), (1, "2.000815")] {
            let new = of(n, procedure, at("2026-11-20T08:00"));
            dossiers::register(&app, new, Some(leader()), Lang::Vi).await.unwrap();
        }
        for (when, overdue) in
            [("2026-11-20T09:59", 0), ("2026-11-20T10:00", 1), ("2026-11-20T23:59", 1), ("2026-11-21T00:00", 2)]
        {
            app.clock().set(at(when));
            for group_by in [GroupBy::Unit, GroupBy::Procedure, GroupBy::Channel] {
                assert_eq!(running(group_by)(&app).await.total.overdue, overdue, "{when} {group_by}");
            }
            compare(&app, &mut dice, "H19").await;
        }
    }
}

#[test]
fn half_months_are_those_of_the_official_periods() {
    for label in ["2026-09", "2026-Q3", "2026-H1", "2026-9M", "2026", "2026-09-civil", "2026-Q3-civil"] {
        let period = Period::parse(label).unwrap();
        for border in [period.from(), period.to().succ_opt().unwrap()] {
            assert_eq!(hentra::domain::counters::half_month_of(border), border, "{label}");
        }
    }
}
