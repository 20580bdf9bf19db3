//! The commitments report on both engines: a week worked by hand, and the counts held to the dossiers and their findings one by one.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use hentra::app::reports::Asked;
use hentra::app::reports::commitments::{CommitmentsReport, CommitmentsRequest, KeptView, commitments};
use hentra::app::reports::tables::csv;
use hentra::domain::commitment::Pledge;
use hentra::domain::dossier::Dossier;
use hentra::domain::finding::{Bound, ClearedWhy, Finding};
use hentra::domain::kept::CommitmentsBy;
use hentra::domain::period::Period;
use hentra::text::Lang;
use serde_json::Value;

use crate::reports::ask;
use crate::support::lived::{Lived, PROVINCE, at, closed, reader, receipt};
use crate::support::on_both_async;

async fn report(lived: &Lived, asked: Asked, group_by: CommitmentsBy) -> CommitmentsReport {
    commitments(&lived.app, CommitmentsRequest { asked, group_by }, reader("H19")).await.unwrap()
}

fn kept(of: &KeptView) -> [u32; 6] {
    [of.received, of.promised_within, of.promised_beyond, of.kept, of.broken, of.open]
}

on_both_async! {
    async fn a_week_worked_by_hand(db) {
        let lived = Lived::at(db, "2026-11-20T16:00").await;
        let new = |received: &str| receipt("H19.15", "2.000815", at(received));
        let promised = |received: &str, due: &str| hentra::app::writer::Registration { due_at: Some(at(due)), ..new(received) };
        lived.live(vec![
            // Thursday, resolved that day; no rule about Fridays.
            closed(new("2026-11-19T08:00"), at("2026-11-19T10:00")),
            // Thursday, resolved the day after.
            closed(new("2026-11-19T09:00"), at("2026-11-20T08:00")),
            // Friday: promised for Monday, open.
            promised("2026-11-20T08:30", "2026-11-23T17:00"),
            // Friday, as it should be: resolved.
            closed(new("2026-11-20T09:00"), at("2026-11-20T15:00")),
            // The Friday before, resolved on Monday.
            closed(new("2026-11-13T09:00"), at("2026-11-16T08:00")),
            // Under the week rule alone: promised for Tuesday, resolved on time by that and rolled over all the same.
            closed(receipt("H19.15", "2.001019", at("2026-11-13T09:00")), at("2026-11-17T08:00")),
        ]).await;
        let whole = report(&lived, ask("2026-11-civil"), CommitmentsBy::Unit).await;
        assert_eq!(kept(&whole.total.same_day), [5, 4, 1, 2, 2, 1]);
        let week = &whole.total.week_rollover;
        assert_eq!(
            [week.friday_receipts, week.promised_within, week.rolled_over_by_promise, week.kept, week.rolled_over_in_fact, week.open],
            [4, 3, 1, 1, 2, 1]
        );
        let rate = week.rates.kept_of_decided;
        assert_eq!((rate.numerator, rate.denominator, rate.value), (1, 3, Some(1.0 / 3.0)));
        assert_eq!(whole.rows.iter().map(|row| row.key.as_str()).collect::<Vec<_>>(), ["H19.15"]);
        let official = report(&lived, ask("2026-12"), CommitmentsBy::Procedure).await;
        assert_eq!(kept(&official.total.same_day), [4, 3, 1, 2, 1, 1]);
        let empty = report(&lived, Asked { unit: Some("H19.17".into()), ..ask("2026-12") }, CommitmentsBy::Unit).await;
        assert_eq!((empty.rows.len(), empty.total.same_day.rates.kept_of_decided.value), (0, None));
        // What the report's own link finds, by its parameters.
        assert_eq!(linked(&lived, whole.total.same_day.broken_dossiers.as_deref()), 2);
        assert_eq!(linked(&lived, whole.total.week_rollover.rolled_over_dossiers.as_deref()), 2);
    }
}

/// How many dossiers of the province are of the link's parameters, found one by one.
fn linked(lived: &Lived, link: Option<&str>) -> usize {
    let query = link.unwrap().strip_prefix("/api/v1/dossiers?").unwrap();
    let given: BTreeMap<String, String> = serde_urlencoded::from_str(query).unwrap();
    let moment = |name: &str| DateTime::parse_from_rfc3339(&given[name]).unwrap().to_utc();
    let all = lived.dossiers(&PROVINCE);
    let found = lived.findings(&all, at("2026-11-20T16:00"));
    let received =
        |of: &Dossier| (moment("received_at__gte")..moment("received_at__lt")).contains(&of.received_at);
    all.iter()
        .filter(|of| received(of))
        .filter(|of| {
            found.iter().any(|(id, finding)| *id == of.id && finding.code.word() == given["finding"])
        })
        .count()
}

/// The six counts of a kind, from the dossiers and their findings alone.
fn naive(
    dossiers: &[&Dossier],
    bounds: &[(i64, Bound)],
    findings: &[(i64, Finding)],
    kind: &[Pledge],
    as_of: DateTime<Utc>,
) -> [u32; 6] {
    let mut counts = [0; 6];
    for dossier in dossiers {
        for (_, bound) in
            bounds.iter().filter(|(id, bound)| *id == dossier.id && kind.contains(&bound.pledge))
        {
            let found = |code| {
                findings.iter().any(|(id, of)| {
                    let taken_away =
                        matches!(of.cleared_why, Some(ClearedWhy::Corrected | ClearedWhy::Redated));
                    *id == dossier.id
                        && of.code == code
                        && of.commitment_id == Some(bound.commitment_id)
                        && !taken_away
                })
            };
            let broken = found(bound.pledge.missed());
            let closed = dossier.closed_at.is_some_and(|at| at <= as_of);
            let beyond = found(bound.pledge.broken_by_promise());
            counts[0] += 1;
            counts[if beyond { 2 } else { 1 }] += 1;
            counts[if broken {
                4
            } else if closed {
                3
            } else {
                5
            }] += 1;
        }
    }
    counts
}

on_both_async! {
    async fn every_count_is_that_of_the_dossiers_and_their_findings(db) {
        let lived = Lived::months(db, 20_261_120).await;
        let all = lived.dossiers(&PROVINCE);
        let bounds = lived.bounds(&all);
        let (mut broken, mut beyond) = (0, 0);
        for (label, as_of) in [
            ("2026-09", None),
            ("2026-Q4", None),
            ("2026-civil", Some("2026-11-05T16:59")),
            ("2026-11-civil", Some("2026-11-13T17:00")),
            ("2026-12", None),
        ] {
            let period = Period::parse(label).unwrap();
            let as_of = as_of.map_or(at("2026-11-20T16:00"), at).min(period.end());
            let findings = lived.findings(&all, as_of);
            for group_by in CommitmentsBy::ALL {
                let asked = Asked { as_of: Some(as_of), ..ask(label) };
                let report = report(&lived, asked, *group_by).await;
                for row in report.rows.iter().chain([&report.total]) {
                    let whole = row.key == "H19" && *row.key == report.total.key && std::ptr::eq(row, &raw const report.total);
                    let of_row = |of: &&Dossier| match group_by {
                        _ if whole => true,
                        CommitmentsBy::Unit => of.unit == row.key,
                        CommitmentsBy::Procedure => of.procedure == row.key,
                        CommitmentsBy::Effect => true,
                    };
                    let received = |of: &&Dossier| of.received_at >= period.start() && of.received_at <= as_of && of.received_at < period.end();
                    let seen: Vec<&Dossier> = all.iter().filter(received).filter(of_row).collect();
                    let kinds = |pledges: &[Pledge]| -> Vec<Pledge> {
                        pledges.iter().copied().filter(|of| whole || *group_by != CommitmentsBy::Effect || of.word() == row.key).collect()
                    };
                    let count = |pledges: &[Pledge]| naive(&seen, &bounds, &findings, &kinds(pledges), as_of);
                    let week = &row.week_rollover;
                    let rolled = [week.friday_receipts, week.promised_within, week.rolled_over_by_promise, week.kept, week.rolled_over_in_fact, week.open];
                    assert_eq!(kept(&row.same_day), count(&[Pledge::SameDay]), "{label} {group_by} {}", row.key);
                    assert_eq!(rolled, count(&[Pledge::NoWeekRollover]), "{label} {group_by} {}", row.key);
                    assert_eq!(kept(&row.other), count(&[Pledge::SameSession, Pledge::Within]), "{label} {group_by} {}", row.key);
                    broken += rolled[4] + row.same_day.broken;
                    beyond += rolled[2] + row.same_day.promised_beyond;
                }
            }
        }
        assert!(broken > 100 && beyond > 20, "only {broken} broken and {beyond} promised beyond were compared");
    }
}

on_both_async! {
    async fn as_a_table_and_without_anybodys_data(db) {
        let lived = Lived::months(db, 7).await;
        let report = report(&lived, ask("2026-Q4"), CommitmentsBy::Effect).await;
        let table = csv(&report, Lang::Vi).unwrap();
        let mut lines = csv_lines(&table);
        let headings = lines.remove(0);
        assert_eq!((headings.len(), headings[0].as_str(), headings[8].as_str()), (22, "Cam kết", "Thứ Sáu không hẹn qua tuần: Tiếp nhận ngày cuối tuần làm việc"));
        assert_eq!(lines.len(), report.rows.len() + 1);
        assert!(lines.iter().all(|line| line.len() == 22));
        assert_eq!(lines.last().unwrap()[0], "Tổng cộng");
        let json: Value = serde_json::to_value(&report).unwrap();
        assert_eq!(json["period"]["label"], "2026-Q4");
        assert!(!format!("{table}{json}").contains("Nguyễn Thị Hòa"));
    }
}

fn csv_lines(table: &str) -> Vec<Vec<String>> {
    let text = table.strip_prefix('\u{feff}').unwrap();
    let mut read = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    read.records().map(|row| row.unwrap().iter().map(ToOwned::to_owned).collect()).collect()
}
