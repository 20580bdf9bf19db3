//! The delays report on both engines: a few late dossiers worked by hand, and every number held to the dossiers one by one.

use chrono::{DateTime, Utc};
use hentra::app::reports::Asked;
use hentra::app::reports::delays::{DelaysReport, DelaysRequest, DelaysView, delays};
use hentra::app::reports::tables::csv;
use hentra::app::writer::Registration;
use hentra::domain::dossier::{Dossier, Outcome};
use hentra::domain::office_time::local_date;
use hentra::domain::period::Period;
use hentra::domain::statistics::{GroupBy, Window, tally};
use hentra::text::Lang;
use serde_json::Value;

use crate::reports::ask;
use crate::support::lived::{Lived, NOW, PROVINCE, at, closed, reader, receipt};
use crate::support::on_both_async;

async fn report(lived: &Lived, asked: Asked, group_by: GroupBy) -> DelaysReport {
    delays(&lived.app, DelaysRequest { asked, group_by }, reader("H19")).await.unwrap()
}

/// Count, sum, twice the median, 90th percentile, most, days lost.
fn numbers(of: &DelaysView) -> (u32, u64, Option<f64>, Option<u32>, Option<u32>, u64) {
    (of.count, of.working_days, of.median, of.p90, of.max, of.citizen_days)
}

on_both_async! {
    async fn a_few_late_ones_worked_by_hand(db) {
        let lived = Lived::at(db, NOW).await;
        let due = |unit: &str, day: &str| Registration {
            due_at: Some(at(&format!("{day}T17:00"))),
            ..receipt(unit, "1.004194", at("2026-11-02T09:00"))
        };
        lived.live(vec![
            // Due Thursday, closed Friday: one day. Due Friday, closed Monday: one working day, three of the citizen's.
            closed(due("H19.15", "2026-11-05"), at("2026-11-06T09:00")),
            closed(due("H19.15", "2026-11-06"), at("2026-11-09T09:00")),
            // Due Wednesday, closed the Wednesday after: five of seven.
            closed(due("H19.15", "2026-11-04"), at("2026-11-11T09:00")),
            // On a Saturday: late by no working day, and by one of the citizen's.
            closed(due("H19.16", "2026-11-06"), at("2026-11-07T09:00")),
            // In time, and late before the period.
            closed(due("H19.15", "2026-11-06"), at("2026-11-06T16:00")),
            // Open since Thursday 12/11: six working days by Friday 20/11, eight in all.
            due("H19.15", "2026-11-12"),
        ]).await;
        let by_unit = report(&lived, ask("2026-11-civil"), GroupBy::Unit).await;
        let keys: Vec<&str> = by_unit.rows.iter().map(|row| row.key.as_str()).collect();
        assert_eq!(keys, ["H19.15", "H19.16"]);
        let first = &by_unit.rows[0];
        assert_eq!(numbers(&first.closed_late), (3, 7, Some(1.0), Some(5), Some(5), 11));
        assert_eq!(numbers(&first.overdue), (1, 6, Some(6.0), Some(6), Some(6), 8));
        assert_eq!(numbers(&first.together), (4, 13, Some(3.0), Some(6), Some(6), 19));
        assert_eq!(numbers(&by_unit.rows[1].closed_late), (1, 0, Some(0.0), Some(0), Some(0), 1));
        assert_eq!(numbers(&by_unit.rows[1].overdue), (0, 0, None, None, None, 0));
        assert_eq!(numbers(&by_unit.total.closed_late), (4, 7, Some(1.0), Some(5), Some(5), 12));
        // Seen from Tuesday the 17th, three days after Thursday.
        let earlier = Asked { as_of: Some(at("2026-11-17T10:00")), ..ask("2026-11-civil") };
        assert_eq!(numbers(&report(&lived, earlier, GroupBy::Unit).await.total.overdue), (1, 3, Some(3.0), Some(3), Some(3), 5));
        let table = csv(&by_unit, Lang::Vi).unwrap();
        assert!(table.lines().nth(1).unwrap().starts_with("Phường Phước Long (H19.15),3,7,1,5,5,11,1,6,6,6,6,8,4,13,3,"), "{table}");
    }
}

/// The numbers of late dossiers as (working days, calendar days), by counting days.
fn naive(mut late: Vec<(u32, u64)>) -> (u32, u64, Option<f64>, Option<u32>, Option<u32>, u64) {
    late.sort_unstable();
    let days: Vec<u32> = late.iter().map(|(days, _)| *days).collect();
    let n = days.len();
    let median = (n > 0).then(|| f64::from(days[(n - 1) / 2] + days[n / 2]) / 2.0);
    let p90 =
        days.iter().copied().find(|day| days.iter().filter(|other| *other <= day).count() * 10 >= n * 9);
    let sum = days.iter().copied().map(u64::from).sum();
    (
        u32::try_from(n).unwrap(),
        sum,
        median,
        p90,
        days.last().copied(),
        late.iter().map(|(_, days)| days).sum(),
    )
}

on_both_async! {
    async fn every_number_is_that_of_the_dossiers(db) {
        let lived = Lived::months(db, 41).await;
        let all = lived.dossiers(&PROVINCE);
        let calendar = lived.app.read(|_, of| of.calendar("H19")).await.unwrap();
        let how_late = |of: &Dossier, until: DateTime<Utc>| {
            let (due, until) = (local_date(of.due_at), local_date(until));
            let after = due.iter_days().skip(1).take_while(|day| *day <= until);
            let working = after.filter(|day| calendar.is_working(*day)).count();
            (u32::try_from(working).unwrap(), u64::try_from((until - due).num_days()).unwrap())
        };
        let (mut closed_late, mut overdue) = (0, 0);
        for (label, as_of) in [("2026-10", NOW), ("2026-Q4", NOW), ("2026-civil", "2026-10-20T10:00"), ("2026-08-civil", NOW)] {
            let period = Period::parse(label).unwrap();
            let as_of = at(as_of).min(period.end());
            for group_by in [GroupBy::Unit, GroupBy::Sector, GroupBy::Procedure, GroupBy::Officer] {
                let report = report(&lived, Asked { as_of: Some(as_of), ..ask(label) }, group_by).await;
                for row in report.rows.iter().map(Some).chain([None]) {
                    let of_row = |of: &&Dossier| row.is_none_or(|row| group_by.key(of) == row.key);
                    let closed_by = |of: &Dossier| of.closed_at.filter(|at| *at <= as_of && *at < period.end());
                    let closed: Vec<(u32, u64)> = all
                        .iter()
                        .filter(of_row)
                        .filter(|of| of.outcome == Some(Outcome::Late) && closed_by(of).is_some_and(|at| at >= period.start()))
                        .map(|of| how_late(of, of.closed_at.unwrap()))
                        .collect();
                    let open: Vec<(u32, u64)> = all
                        .iter()
                        .filter(of_row)
                        .filter(|of| of.received_at <= as_of && closed_by(of).is_none() && of.lapses_at <= as_of)
                        .map(|of| how_late(of, as_of))
                        .collect();
                    let told = row.unwrap_or(&report.total);
                    closed_late += closed.len();
                    overdue += open.len();
                    assert_eq!(numbers(&told.together), naive([&closed[..], &open].concat()), "{label} {group_by} {}", told.key);
                    assert_eq!(numbers(&told.closed_late), naive(closed), "{label} {group_by} {}", told.key);
                    assert_eq!(numbers(&told.overdue), naive(open), "{label} {group_by} {}", told.key);
                }
                // As many as the form says.
                let form = tally(&all, &Window::new(&period, as_of));
                assert_eq!((report.total.closed_late.count, report.total.overdue.count), (form.late, form.overdue), "{label}");
            }
        }
        assert!(closed_late > 100 && overdue > 200, "only {closed_late} closed late and {overdue} overdue were compared");
    }
}

on_both_async! {
    async fn its_links_say_what_they_count(db) {
        let lived = Lived::months(db, 42).await;
        let now = report(&lived, ask("2026-12"), GroupBy::Officer).await;
        let nobody = now.rows.iter().find(|row| row.key.is_empty()).unwrap();
        assert_eq!((&nobody.closed_late_dossiers, &nobody.overdue_dossiers), (&None, &None));
        let told: Value = serde_json::to_value(&now.total).unwrap();
        assert_eq!(told["overdue_dossiers"], "/api/v1/dossiers?unit=H19&subtree=true&overdue=true");
        assert_eq!(
            told["closed_late_dossiers"],
            "/api/v1/dossiers?unit=H19&subtree=true&outcome=late&closed_at__gte=2026-11-15T00%3A00%3A00%2B07%3A00\
             &closed_at__lt=2026-11-20T16%3A00%3A00.000001%2B07%3A00"
        );
        let past = report(&lived, ask("2026-10"), GroupBy::Officer).await;
        assert!(past.rows.iter().all(|row| row.overdue_dossiers.is_none()));
    }
}
