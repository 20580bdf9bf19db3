//! The trend on both engines: each step is the form's own count of its days.

use hentra::app::reports::Asked;
use hentra::app::reports::processing::ProcessingRow;
use hentra::app::reports::tables::csv;
use hentra::app::reports::trend::{TrendReport, TrendRequest, trend};
use hentra::app::{AppError, Fault};
use hentra::domain::period::Period;
use hentra::domain::statistics::{Tally, Window, tally};
use hentra::domain::steps::StepBy;
use hentra::text::Lang;

use crate::support::lived::{Lived, PROVINCE, at, reader};
use crate::support::on_both_async;

fn ask(period: &str) -> Asked {
    Asked { lang: Lang::En, ..crate::reports::ask(period) }
}

async fn report(lived: &Lived, asked: Asked, by: StepBy) -> TrendReport {
    trend(&lived.app, TrendRequest { asked, by }, reader("H19")).await.unwrap()
}

/// The columns of the form, as the answer and as the definitions have them.
fn columns(row: &ProcessingRow) -> [u32; 9] {
    let (received, resolved, open) = (&row.received, &row.resolved, &row.in_progress);
    [
        received.total,
        received.online,
        received.carried_over,
        resolved.total,
        resolved.early,
        resolved.late,
        open.total,
        open.within_limit,
        open.overdue,
    ]
}

fn expected(of: &Tally) -> [u32; 9] {
    [
        of.received,
        of.online,
        of.carried_over,
        of.resolved,
        of.early,
        of.late,
        of.in_progress,
        of.within_limit,
        of.overdue,
    ]
}

on_both_async! {
    async fn each_step_is_what_the_form_says_of_its_days(db) {
        let lived = Lived::months(db, 11).await;
        let all = lived.dossiers(&PROVINCE);
        let now = at("2026-11-20T16:00");
        for (asked, by) in [
            (ask("2026-Q4"), StepBy::Month),
            (ask("2026"), StepBy::Quarter),
            (ask("2026-H2-civil"), StepBy::Month),
            (ask("2026-11-civil"), StepBy::Week),
            (Asked { as_of: Some(at("2026-10-07T12:00")), ..ask("2026-Q4") }, StepBy::Week),
        ] {
            let as_of = asked.as_of.unwrap_or(now);
            let report = report(&lived, asked.clone(), by).await;
            assert!(report.steps.len() > 2, "{asked:?} has hardly a step");
            let mut open_before: Option<u32> = None;
            for step in &report.steps {
                let period = Period::between(step.period.from, step.period.to).unwrap();
                let counted = tally(&all, &Window::new(&period, as_of));
                assert_eq!(columns(&step.row), expected(&counted), "{asked:?} {}", step.period.label);
                assert_eq!(step.over, period.end() <= as_of, "{}", step.period.label);
                assert_eq!(step.row.key, step.period.label);
                if let Some(open) = open_before {
                    assert_eq!(step.row.received.carried_over, open, "{}", step.period.label);
                }
                open_before = Some(step.row.in_progress.total);
            }
            let whole = Period::parse(asked.period.as_ref().unwrap()).unwrap();
            assert_eq!(columns(&report.total), expected(&tally(&all, &Window::new(&whole, as_of))), "{asked:?}");
        }
    }
}

on_both_async! {
    async fn the_step_that_runs_is_marked_and_none_comes_after_it(db) {
        let lived = Lived::months(db, 12).await;
        let report = report(&lived, ask("2026-11-civil"), StepBy::Week).await;
        let steps: Vec<(&str, bool, bool)> =
            report.steps.iter().map(|of| (of.period.label.as_str(), of.whole, of.over)).collect();
        assert_eq!(steps, [
            ("2026-11-01..2026-11-01", false, true),
            ("2026-11-02..2026-11-08", true, true),
            ("2026-11-09..2026-11-15", true, true),
            ("2026-11-16..2026-11-22", true, false),
        ]);
        let table = csv(&report, Lang::Vi).unwrap();
        assert!(table.lines().next().unwrap().starts_with("\u{feff}Kỳ,Từ ngày,Đến ngày,Trạng thái,Tiếp nhận: Tổng số,"), "{table}");
        assert!(table.lines().last().unwrap().starts_with("2026-11-16..2026-11-22,2026-11-16,2026-11-22,Chưa kết thúc,"), "{table}");
    }
}

on_both_async! {
    async fn too_many_steps_are_refused(db) {
        let lived = Lived::at(db, "2026-11-20T16:00").await;
        let day = |text: &str| text.parse().ok();
        let long = Asked { period: None, from: day("2000-01-01"), to: day("2100-12-31"), ..ask("") };
        let refused = trend(&lived.app, TrendRequest { asked: long, by: StepBy::Week }, reader("H19")).await;
        let Err(AppError::Invalid(faults)) = refused else { panic!("a century of weeks was not refused") };
        assert_eq!((faults[0].name.as_str(), faults[0].fault), ("by", Fault::TooMany));
    }
}
