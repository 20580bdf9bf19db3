//! The ranking on both engines: the units below one, with the shares that the form gives them.

use std::collections::BTreeMap;

use hentra::app::reports::Asked;
use hentra::app::reports::ranking::{RankingReport, RankingRequest, ranking};
use hentra::app::reports::tables::csv;
use hentra::app::writer::Registration;
use hentra::app::{AppError, Fault};
use hentra::domain::dossier::Dossier;
use hentra::domain::period::Period;
use hentra::domain::ranking::RankBy;
use hentra::domain::statistics::{Window, tally};
use hentra::text::Lang;

use crate::reports::ask;
use crate::support::lived::{Lived, NOW, PROVINCE, at, closed, reader, receipt};
use crate::support::on_both_async;

async fn report(lived: &Lived, asked: Asked, by: RankBy, minimum: u32) -> RankingReport {
    ranking(&lived.app, RankingRequest { asked, by, minimum }, reader("H19")).await.unwrap()
}

/// `n` dossiers of a unit and procedure, of which `late` are closed a day late.
fn work(unit: &str, procedure: &str, n: usize, late: usize) -> Vec<Registration> {
    let one = |nth: usize| {
        let new = Registration {
            due_at: Some(at("2026-11-05T17:00")),
            ..receipt(unit, procedure, at("2026-11-03T09:00"))
        };
        closed(new, if nth < late { at("2026-11-06T09:00") } else { at("2026-11-04T09:00") })
    };
    (0..n).map(one).collect()
}

on_both_async! {
    async fn the_mix_of_procedures_turns_the_order(db) {
        let lived = Lived::at(db, NOW).await;
        // H19.15 has the hard procedure, H19.16 the easy one; on each by itself H19.15 is the better.
        let (easy, hard) = ("2.001019", "1.004194");
        for (unit, procedure, n, late) in
            [("H19.15", easy, 20, 0), ("H19.15", hard, 80, 32), ("H19.16", easy, 80, 8), ("H19.16", hard, 20, 12)]
        {
            lived.live(work(unit, procedure, n, late)).await;
        }
        lived.live(work("H19.17", easy, 5, 0)).await;
        // Nobody's child: not among those ranked.
        lived.live(work("H19", easy, 3, 3)).await;
        let plain = report(&lived, ask("2026-11-civil"), RankBy::Wilson, 30).await;
        let order = |of: &RankingReport| -> Vec<(Option<u32>, String)> {
            of.rows.iter().map(|row| (row.rank, row.key.clone())).collect()
        };
        let row = |rank: Option<u32>, key: &str| (rank, key.to_owned());
        assert_eq!(order(&plain), [row(Some(1), "H19.16"), row(Some(2), "H19.15"), row(None, "H19.17")]);
        let fair = report(&lived, ask("2026-11-civil"), RankBy::MixFair, 30).await;
        assert_eq!(order(&fair), [row(Some(1), "H19.15"), row(Some(2), "H19.16"), row(None, "H19.17")]);
        // The group: easy 97 of 105, hard 56 of 100.
        let harder = fair.rows[0].mix_fair.unwrap();
        let expected = 20.0 * 97.0 / 105.0 + 80.0 * 56.0 / 100.0;
        assert!((harder.expected - expected).abs() < 1e-9 && (harder.ratio.unwrap() - 68.0 / expected).abs() < 1e-9);
        assert!((harder.adjusted_rate.unwrap() - 68.0 / expected * 153.0 / 205.0).abs() < 1e-9);
        assert_eq!((fair.group.numerator, fair.group.denominator), (153, 205));
        // Everybody is ranked where one dossier is enough.
        let all = report(&lived, ask("2026-11-civil"), RankBy::Wilson, 1).await;
        assert!(all.rows.iter().all(|row| row.rank.is_some()), "{all:?}");
        let table = csv(&fair, Lang::Vi).unwrap();
        assert!(table.lines().last().unwrap().starts_with("Không xếp hạng,Xã Không Hồ Sơ (H19.17),5,5,1.000000,"), "{table}");
    }
}

on_both_async! {
    async fn equals_share_a_rank_and_a_unit_without_units_below_has_none(db) {
        let lived = Lived::at(db, NOW).await;
        for unit in ["H19.15", "H19.16"] {
            lived.live(work(unit, "2.001019", 40, 4)).await;
        }
        for by in RankBy::ALL {
            let of = report(&lived, ask("2026-11-civil"), *by, 30).await;
            assert_eq!(of.rows.iter().map(|row| row.rank).collect::<Vec<_>>(), [Some(1), Some(1), None], "{by}");
        }
        let alone = report(&lived, Asked { unit: Some("H19.15".into()), ..ask("2026-11-civil") }, RankBy::Wilson, 30).await;
        assert_eq!((alone.rows.len(), alone.group.value), (0, None));
        let request = RankingRequest { asked: ask("2026-11"), by: RankBy::Wilson, minimum: 0 };
        let Err(AppError::Invalid(faults)) = ranking(&lived.app, request, reader("H19")).await else {
            panic!("a minimum of nothing was not refused");
        };
        assert_eq!((faults[0].name.as_str(), faults[0].fault), ("minimum", Fault::OutOfRange));
    }
}

on_both_async! {
    async fn every_share_is_that_of_the_dossiers(db) {
        let lived = Lived::months(db, 23).await;
        let all = lived.dossiers(&PROVINCE);
        for (label, as_of) in [("2026-10", NOW), ("2026-Q4", "2026-10-20T10:00"), ("2026-civil", NOW)] {
            let asked = Asked { as_of: Some(at(as_of)), ..ask(label) };
            let period = Period::parse(label).unwrap();
            let asked = Asked { as_of: asked.as_of.map(|at| at.min(period.end())), ..asked };
            let window = Window::new(&period, at(as_of));
            let report = report(&lived, asked, RankBy::MixFair, 1).await;
            let mut due_of_group = 0;
            let mut group: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
            let children = ["H19.15", "H19.16", "H19.17"];
            let of = |unit: &str, procedure: &str| {
                let own: Vec<&Dossier> = all.iter().filter(|of| of.unit == unit && of.procedure == procedure).collect();
                tally(own, &window).on_time_of_due()
            };
            let procedures = ["2.000815", "2.001019", "1.004194"];
            for procedure in procedures {
                for unit in children {
                    let rate = of(unit, procedure);
                    let sum = group.entry(procedure).or_default();
                    *sum = (sum.0 + f64::from(rate.numerator), sum.1 + f64::from(rate.denominator));
                }
            }
            for row in &report.rows {
                let own: Vec<&Dossier> = all.iter().filter(|of| of.unit == row.key).collect();
                let rate = tally(own, &window).on_time_of_due();
                assert_eq!((row.on_time_of_due.numerator, row.on_time_of_due.denominator), (rate.numerator, rate.denominator));
                due_of_group += rate.denominator;
                let Some(fair) = row.mix_fair else { continue };
                let expected: f64 = procedures
                    .iter()
                    .filter(|procedure| group[*procedure].1 > 0.0)
                    .map(|procedure| f64::from(of(&row.key, procedure).denominator) * group[procedure].0 / group[procedure].1)
                    .sum();
                assert!((fair.expected - expected).abs() < 1e-9, "{label} {}: {fair:?} {expected}", row.key);
            }
            assert_eq!(report.rows.len(), 3);
            assert_eq!(report.group.denominator, due_of_group);
            assert!(due_of_group > 50, "{label} compares only {due_of_group} dossiers");
        }
    }
}
