//! Points of an office's own schemes: in the report on both engines, and what the settings refuse.

use hentra::app::reports::Asked;
use hentra::app::reports::points::PointsView;
use hentra::app::reports::processing::{ProcessingRequest, processing};
use hentra::app::writer::Registration;
use hentra::config::{Sources, load};
use hentra::domain::statistics::GroupBy;
use hentra::text::Lang;
use serde_json::Value;

use crate::support::lived::{Lived, NOW, at, closed, reader, receipt};
use crate::support::on_both_async;

/// Settings of a file of one's own.
fn sources(text: &str) -> (tempfile::TempDir, Sources) {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("own.toml");
    std::fs::write(&file, text).unwrap();
    (directory, Sources { file: Some(file), ..Sources::default() })
}

const TWO: &str = r#"
[[report_scheme]]
name = "Tiến độ theo QĐ 1"
rate = "on_time_of_due"
steps = [{ at_least = 0.9, points = 10 }, { at_least = 0.5, points = 2.5 }]

[[report_scheme]]
name = "Thang 20"
rate = "on_time_of_due"
times = 20
"#;

on_both_async! {
    async fn rows_and_total_carry_the_points(db) {
        let lived = Lived::at(db, NOW).await;
        let (_directory, sources) = sources(TWO);
        let schemes = load(&sources).unwrap().settings.report_scheme;
        let work = |unit: &str, when: &str| {
            let new = Registration { due_at: Some(at("2026-11-05T17:00")), ..receipt(unit, "1.004194", at("2026-11-03T09:00")) };
            closed(new, at(when))
        };
        lived.live(vec![
            work("H19.15", "2026-11-04T09:00"),
            work("H19.15", "2026-11-05T09:00"),
            work("H19.15", "2026-11-06T09:00"),
            work("H19.16", "2026-11-05T09:00"),
            // Open and in time: nothing is due.
            Registration { due_at: Some(at("2026-11-27T17:00")), ..receipt("H19.17", "1.004194", at("2026-11-19T09:00")) },
        ]).await;
        let app = lived.app.clone().with_schemes(&schemes);
        let asked = Asked { period: Some("2026-11-civil".into()), from: None, to: None, as_of: None, unit: None, units_as_of: None, lang: Lang::Vi };
        let request = ProcessingRequest { asked, group_by: GroupBy::Unit, compare: Vec::new() };
        let report = processing(&app, request.clone(), reader("H19")).await.unwrap();
        let points = |of: &[PointsView]| -> Vec<(String, Option<f64>)> {
            of.iter().map(|of| (of.scheme.clone(), of.points)).collect()
        };
        let both = |steps: Option<f64>, times: Option<f64>| {
            vec![("Tiến độ theo QĐ 1".to_owned(), steps), ("Thang 20".to_owned(), times)]
        };
        let rows: Vec<_> = report.rows.iter().map(|row| (row.key.as_str(), points(&row.points))).collect();
        assert_eq!(rows, [
            ("H19.15", both(Some(2.5), Some(13.33))),
            ("H19.16", both(Some(10.0), Some(20.0))),
            ("H19.17", both(None, None)),
        ]);
        assert_eq!(points(&report.total.points), both(Some(2.5), Some(15.0)));
        // Where an office has none, nothing is said of them.
        let plain: Value = serde_json::to_value(processing(&lived.app, request, reader("H19")).await.unwrap()).unwrap();
        assert_eq!(plain["total"].get("points"), None);
    }
}

#[test]
fn none_are_shipped() {
    assert!(load(&Sources::default()).unwrap().settings.report_scheme.is_empty());
    let (_directory, sources) = sources(TWO);
    let shown = load(&sources).unwrap().settings.shown_schemes().unwrap().unwrap();
    // What is shown is what a file may say.
    let (_again, again) = self::sources(&shown);
    assert_eq!(load(&again).unwrap().settings.report_scheme, load(&sources).unwrap().settings.report_scheme);
}

#[test]
fn what_makes_no_sense_is_named_with_its_scheme() {
    let scheme = |rest: &str| format!("[[report_scheme]]\nname = \"Điểm\"\n{rest}\n");
    for (text, why) in [
        ("report_scheme = 20\n".to_owned(), "it is a list; begin each scheme with [[report_scheme]]"),
        (scheme("times = 20"), "report scheme «Điểm»: missing field `rate`"),
        (scheme("rate = \"on_time\"\ntimes = 20"), "report scheme «Điểm»: unknown variant `on_time`"),
        (scheme("rate = \"on_time_of_due\""), "report scheme «Điểm»: write either steps or times"),
        (
            scheme("rate = \"on_time_of_due\"\ntimes = 0"),
            "report scheme «Điểm»: times: it must lie between 1 and 1000",
        ),
        (
            scheme("rate = \"on_time_of_due\"\ntimes = 20\nfactor = 2"),
            "report scheme «Điểm»: unknown field `factor`",
        ),
        (
            scheme("rate = \"on_time_of_due\"\nsteps = []"),
            "report scheme «Điểm»: steps: there must be at least one",
        ),
        (
            scheme("rate = \"on_time_of_due\"\nsteps = [{ at_least = 98, points = 10 }]"),
            "report scheme «Điểm»: steps: at_least is a rate, from 0 to 1; 98 is none",
        ),
        (
            scheme(
                "rate = \"on_time_of_due\"\nsteps = [{ at_least = 0.9, points = 5 }, { at_least = 0.95, points = 8 }]",
            ),
            "report scheme «Điểm»: steps: begin with the highest at_least; 0.95 does not lie below the one before it",
        ),
        (
            "[[report_scheme]]\nrate = \"on_time_of_due\"\ntimes = 20\n".to_owned(),
            "report scheme 1: missing field `name`",
        ),
        (format!("{TWO}{TWO}"), "report scheme «Tiến độ theo QĐ 1»: it stands twice"),
    ] {
        let (_directory, sources) = sources(&text);
        let refused = load(&sources).unwrap_err().to_string();
        assert!(
            refused.starts_with("the setting report_scheme (") && refused.contains(why),
            "{text}: {refused}"
        );
    }
}
