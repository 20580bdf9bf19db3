//! Form II.06a beside other periods, from instants to come, and by the units of another day; on both engines.

use hentra::app::reports::Asked;
use hentra::app::reports::processing::{Comparison, ProcessingReport, ProcessingRequest, processing};
use hentra::app::{App, AppError, Fault, catalogue};
use hentra::domain::dossier::Channel::InPerson;
use hentra::domain::statistics::GroupBy;
use hentra::domain::unit::Unit;

use crate::reports::{HISTORY, ask, asked_by, at, live, province, reader, report, report_by};
use crate::support::{on_both_async, unit};

async fn beside(app: &App, asked: Asked, compare: &[Comparison]) -> ProcessingReport {
    let request = ProcessingRequest { asked, group_by: GroupBy::Unit, compare: compare.to_vec() };
    let report = processing(app, request, reader("H19")).await.unwrap();
    assert!(report.checks.ok, "{:?}", report.checks);
    report
}

on_both_async! {
    async fn beside_the_period_before_and_the_year_before(db) {
        let app = province(db).await;
        live(&app, &HISTORY).await;
        live(&app, &[("H19.15", InPerson, "2025-08-20T08:00", "2025-08-26", None)]).await;
        let report = beside(&app, ask("2026-09"), &[Comparison::Previous, Comparison::Year]).await;
        let told: Vec<_> = report.comparisons.iter().map(|of| {
            (of.with, of.period.label.as_str(), of.as_of.0, of.total.received.total, of.total.in_progress.total)
        }).collect();
        assert_eq!(told, [
            // A, B, J and the one from the year before are its dossiers; A is closed before it ends.
            (Comparison::Previous, "2026-08", at("2026-08-15T00:00"), 4, 3),
            (Comparison::Year, "2025-09", at("2025-09-15T00:00"), 1, 1),
        ]);
        assert_eq!(report.total.received.carried_over, 3, "what the one leaves open the other begins with");
        let rows: Vec<_> = report.comparisons[0].rows.iter().map(|row| (row.key.as_str(), row.name.as_str())).collect();
        assert_eq!(rows, [("H19.15", "Phường Phước Long"), ("H19.16", "Phường Chơn Thành")]);
        // A period that runs is set against as many days of another: five days and the one that runs.
        let running = beside(&app, ask("2026-12"), &[Comparison::Previous]).await;
        assert_eq!(running.comparisons[0].as_of.0, at("2026-10-21T00:00"));
        let Err(AppError::Invalid(faults)) = processing(
            &app,
            ProcessingRequest { asked: ask("2000-01"), group_by: GroupBy::Unit, compare: vec![Comparison::Previous] },
            reader("H19"),
        ).await else { panic!("there is none before it") };
        assert_eq!((faults[0].name.as_str(), faults[0].fault), ("compare", Fault::OutOfRange));
    }
}

on_both_async! {
    async fn from_an_instant_to_come_it_tells_what_will_be_if_nothing_is_done(db) {
        let app = province(db).await;
        live(&app, &HISTORY).await;
        live(&app, &[("H19.15", InPerson, "2026-11-20T09:00", "2026-11-23", None)]).await;
        for (as_of, forecast, overdue) in [
            (None, false, 1),
            (Some("2026-11-20T16:00"), false, 1),
            (Some("2026-11-23T23:59"), true, 1),
            (Some("2026-11-24T00:00"), true, 2),
            (Some("2026-12-31T00:00"), true, 2),
        ] {
            let seen = report(&app, Asked { as_of: as_of.map(at), ..ask("2026-12") }).await;
            assert_eq!((seen.forecast, seen.total.in_progress.overdue), (forecast, overdue), "{as_of:?}");
            assert_eq!(seen.total.received.total, 2, "{as_of:?}");
            assert!(seen.as_of.0 <= at("2026-12-15T00:00"));
        }
    }
}

async fn rows(app: &App, unit: &str, day: Option<&str>) -> Vec<(String, u32)> {
    let day = day.map(|day| day.parse().unwrap());
    let asked = Asked { unit: Some(unit.into()), units_as_of: day, ..ask("2026-09") };
    let report = report_by(app, asked, GroupBy::Unit).await;
    assert_eq!(report.total.received.total, report.rows.iter().map(|row| row.received.total).sum::<u32>());
    report.rows.into_iter().map(|row| (row.key, row.received.total)).collect()
}

on_both_async! {
    async fn old_dossiers_count_to_the_units_of_the_day_that_is_asked_for(db) {
        let app = province(db).await;
        live(&app, &HISTORY).await;
        let row = |unit: &str, n| (unit.to_owned(), n);
        let merged = Unit {
            valid_to: Some("2026-10-31".parse().unwrap()),
            merged_into: Some("H19.15".into()),
            ..unit("H19.16", "Phường Chơn Thành", Some("H19"))
        };
        catalogue::units_put(&app, vec![merged]).await.unwrap();
        let both = [row("H19.15", 7), row("H19.16", 1)];
        // Without a day: today's tree, each under the code it was taken with.
        assert_eq!(rows(&app, "H19", None).await, both);
        assert_eq!(rows(&app, "H19.15", None).await, both);
        // As they were when September was over, and as they are since.
        assert_eq!(rows(&app, "H19", Some("2026-09-14")).await, both);
        assert_eq!(rows(&app, "H19.15", Some("2026-10-31")).await, [row("H19.15", 7)]);
        assert_eq!(rows(&app, "H19", Some("2026-11-01")).await, [row("H19.15", 8)]);
        assert_eq!(rows(&app, "H19.15", Some("2026-11-01")).await, [row("H19.15", 8)]);
        let by_sector = report(&app, Asked { unit: Some("H19.15".into()), units_as_of: "2026-10-31".parse().ok(), ..ask("2026-09") }).await;
        assert_eq!((by_sector.rows.len(), by_sector.total.received.total), (1, 7));
    }
}

on_both_async! {
    async fn whose_units_of_old_are_not_seen_today_is_told_so(db) {
        let app = province(db).await;
        let counter = |parent: &str| unit("H19.15.01", "Quầy", Some(parent));
        catalogue::units_put(&app, vec![counter("H19.15")]).await.unwrap();
        let moved = catalogue::units::UnitRow {
            place: String::new(),
            unit: counter("H19.17"),
            holds_from: Some("2026-11-01".parse().unwrap()),
            keeps_days: true,
        };
        catalogue::units::units_change(&app, vec![moved], None, false).await.unwrap();
        let asked = |day: &str| Asked { units_as_of: day.parse().ok(), ..ask("2026-09") };
        let Err(AppError::Invalid(faults)) = asked_by(&app, asked("2026-10-31"), "H19.15").await else {
            panic!("a sum would give away what the reader does not see");
        };
        assert_eq!((faults[0].name.as_str(), faults[0].fault), ("units_as_of", Fault::OutOfRange));
        asked_by(&app, asked("2026-11-01"), "H19.15").await.unwrap();
        asked_by(&app, asked("2026-10-31"), "H19").await.unwrap();
    }
}
