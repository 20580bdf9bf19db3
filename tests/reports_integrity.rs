//! The integrity report on both engines: one officer who stands out, and every count held to the dossiers, their findings and their acts.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use hentra::app::dossiers::events;
use hentra::app::reports::Asked;
use hentra::app::reports::integrity::{IntegrityReport, IntegrityRequest, SignView, integrity};
use hentra::app::reports::tables::csv;
use hentra::app::writer::Registration;
use hentra::domain::dossier::Dossier;
use hentra::domain::finding::FindingCode;
use hentra::domain::integrity::{IntegrityBy, Sign};
use hentra::domain::office_time::local_date;
use hentra::domain::period::Period;
use hentra::domain::statistics::{Window, standing};
use hentra::text::Lang;

use crate::reports::ask;
use crate::support::lived::{Lived, NOW, PROVINCE, at, closed, reader, receipt};
use crate::support::on_both_async;

async fn report(lived: &Lived, asked: Asked, group_by: IntegrityBy, minutes: u32) -> IntegrityReport {
    integrity(&lived.app, IntegrityRequest { asked, group_by, minutes }, reader("H19")).await.unwrap()
}

fn sign(of: &IntegrityReport, key: &str, sign: Sign) -> SignView {
    let row = of.rows.iter().find(|row| row.key == key).unwrap();
    row.signs.iter().find(|of| of.sign == sign).unwrap().clone()
}

on_both_async! {
    async fn who_closes_everything_in_the_last_minutes_stands_out(db) {
        let lived = Lived::at(db, NOW).await;
        let work = |officer: Option<&str>, n: usize, last: usize| -> Vec<Registration> {
            let one = |nth: usize| {
                let new = Registration {
                    officer: officer.map(Into::into),
                    due_at: Some(at("2026-11-05T17:00")),
                    ..receipt("H19.15", "1.004194", at("2026-11-03T09:00"))
                };
                closed(new, at(if nth < last { "2026-11-05T16:50" } else { "2026-11-05T10:00" }))
            };
            (0..n).map(one).collect()
        };
        lived.live(work(Some("Vội Cuối Giờ"), 40, 30)).await;
        lived.live(work(Some("Đều Đặn"), 100, 5)).await;
        lived.live(work(Some("Mới Đến"), 10, 10)).await;
        lived.live(work(None, 50, 50)).await;
        let seen = report(&lived, ask("2026-11-civil"), IntegrityBy::Officer, 15).await;
        let of = |key: &str| sign(&seen, key, Sign::LastMinutes);
        let (hasty, steady, new, nobody) = (of("Vội Cuối Giờ"), of("Đều Đặn"), of("Mới Đến"), of(""));
        assert_eq!((hasty.own.numerator, hasty.own.denominator), (30, 40));
        // The others: 5 of 100 and 10 of 10; those of nobody are nobody's peers.
        assert_eq!((hasty.peers.numerator, hasty.peers.denominator), (15, 110));
        assert_eq!((hasty.stands_out, steady.stands_out), (Some(true), Some(false)));
        // Ten are too few to say, and nobody cannot be looked at.
        assert_eq!((new.stands_out, new.chance, nobody.stands_out, nobody.own.numerator), (None, None, None, 50));
        // Nobody is told apart where the others do the same: five minutes catch none at 16:50.
        let narrow = report(&lived, ask("2026-11-civil"), IntegrityBy::Officer, 9).await;
        assert_eq!(sign(&narrow, "Vội Cuối Giờ", Sign::LastMinutes).own.numerator, 0);
        assert!(seen.note.contains("không phải kết luận"), "{}", seen.note);
        let table = csv(&seen, Lang::Vi).unwrap();
        assert!(table.contains("Vội Cuối Giờ,Kết thúc trong 15 phút cuối của ngày hẹn trả,30,40,0.750000,0.136364,0.000000,Nên xem lại"), "{table}");
    }
}

/// The dossiers with a sign, by the definitions, one by one.
async fn naive(
    lived: &Lived,
    all: &[Dossier],
    period: &Period,
    as_of: DateTime<Utc>,
    minutes: i64,
) -> Vec<(Sign, BTreeSet<i64>, BTreeSet<i64>)> {
    let calendar = lived.app.read(|_, of| of.calendar("H19")).await.unwrap();
    let window = Window::new(period, as_of);
    let within = |at: DateTime<Utc>| at >= period.start() && at < period.end() && at <= as_of;
    let findings = lived.findings(all, as_of);
    let ids = |of: &dyn Fn(&Dossier) -> bool| -> BTreeSet<i64> {
        all.iter().filter(|one| of(one)).map(|one| one.id).collect()
    };
    let of_period = ids(&|of| standing(of, &window).is_some());
    let closings = ids(&|of| of.closed_at.is_some_and(within));
    let last = ids(&|of| {
        let day = local_date(of.due_at);
        of.closed_at.filter(|at| within(*at) && local_date(*at) == day).is_some_and(|at| {
            calendar.closes_at(day).is_some_and(|end| at <= end && at >= end - TimeDelta::minutes(minutes))
        })
    });
    let found = |code: FindingCode, of: &Dossier, when: &dyn Fn(DateTime<Utc>) -> bool| {
        findings.iter().any(|(id, one)| *id == of.id && one.code == code && one.act_at.is_some_and(when))
    };
    let paused = ids(&|of| found(FindingCode::PausedWhenDue, of, &within));
    let backdated = ids(&|of| {
        of.closed_at
            .is_some_and(|closed| within(closed) && found(FindingCode::Backdated, of, &|at| at == closed))
    });
    let (mut appointed, mut supplemented) = (BTreeSet::new(), BTreeSet::new());
    for of in all {
        for event in events(&lived.app, of.code.clone(), reader("H19")).await.unwrap() {
            let then = within(event.at.0) && event.recorded_at.0 <= as_of;
            match event.act.as_str() {
                "apologise" if then => appointed.insert(of.id),
                "request_supplement" if then => supplemented.insert(of.id),
                _ => false,
            };
        }
    }
    vec![
        (Sign::LastMinutes, last, closings.clone()),
        (Sign::PausedWhenDue, paused, of_period.clone()),
        (Sign::BackdatedClosings, backdated, closings),
        (Sign::Reappointments, appointed, of_period.clone()),
        (Sign::Supplements, supplemented, of_period),
    ]
}

on_both_async! {
    async fn every_count_is_that_of_the_dossiers(db) {
        let lived = Lived::months(db, 51).await;
        // Chance alone closes few in the last minutes.
        let late_in_the_day = |nth: usize| {
            let new = Registration {
                officer: ["Trần Văn B", "Phạm Thị D"].get(nth % 3).map(|name| (*name).to_owned()),
                due_at: Some(at("2026-10-13T17:00")),
                ..receipt(["H19.15", "H19.16"][nth % 2], "1.004194", at("2026-10-09T09:00"))
            };
            closed(new, at(["2026-10-13T16:40", "2026-10-13T16:50", "2026-10-13T17:10"][nth % 3]))
        };
        lived.live((0..12).map(late_in_the_day).collect()).await;
        let all = lived.dossiers(&PROVINCE);
        let mut compared = std::collections::BTreeMap::new();
        for (label, as_of, minutes) in [("2026-Q4", NOW, 60), ("2026-civil", NOW, 240), ("2026-civil", "2026-10-20T19:00", 15)] {
            let period = Period::parse(label).unwrap();
            let as_of = at(as_of).min(period.end());
            let expected = naive(&lived, &all, &period, as_of, minutes).await;
            for group_by in IntegrityBy::ALL {
                let asked = Asked { as_of: Some(as_of), ..ask(label) };
                let report = report(&lived, asked, *group_by, u32::try_from(minutes).unwrap()).await;
                let key = |of: &Dossier| match group_by {
                    IntegrityBy::Officer => of.officer.clone().unwrap_or_default(),
                    IntegrityBy::Unit => of.unit.clone(),
                };
                for row in &report.rows {
                    for (sign, with, base) in &expected {
                        let count = |of: &BTreeSet<i64>| {
                            u32::try_from(all.iter().filter(|one| key(one) == row.key && of.contains(&one.id)).count()).unwrap()
                        };
                        let told = row.signs.iter().find(|of| of.sign == *sign).unwrap();
                        assert_eq!((told.own.numerator, told.own.denominator), (count(with), count(base)), "{label} {} {sign}", row.key);
                        assert!(with.is_subset(base), "{sign}");
                        *compared.entry(*sign).or_insert(0) += count(with);
                    }
                }
            }
        }
        assert!(compared.values().all(|n| *n > 5), "too little was compared: {compared:?}");
    }
}
