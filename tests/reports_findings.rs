//! The findings report on both engines: its counts are those of the findings, one by one, and its links list them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use hentra::app::dossiers::{PageRequest, UnitScope, findings as list};
use hentra::app::reports::Asked;
use hentra::app::reports::findings::{FindingCountsView, FindingsReport, FindingsRequest, findings};
use hentra::app::reports::tables::csv;
use hentra::domain::dossier::Dossier;
use hentra::domain::finding::{ClearedWhy, Finding};
use hentra::domain::finding_counts::FindingsBy;
use hentra::domain::period::Period;
use hentra::store::findings_list::FindingFilter;
use hentra::text::Lang;

use crate::reports::ask;
use crate::support::lived::{Lived, NOW, PROVINCE, at, reader};
use crate::support::on_both_async;

async fn report(lived: &Lived, asked: Asked, group_by: FindingsBy) -> FindingsReport {
    findings(&lived.app, FindingsRequest { asked, group_by }, reader("H19")).await.unwrap()
}

fn counts(of: &FindingCountsView) -> [usize; 6] {
    let cleared = of.cleared;
    [of.opened, of.open, cleared.closed, cleared.corrected, cleared.apologised, cleared.redated]
        .map(|count| usize::try_from(count).unwrap())
}

/// The six counts, one by one, of findings all seen by `as_of`.
fn naive(of: &[&Finding], period: &Period, as_of: DateTime<Utc>) -> [usize; 6] {
    let within = |at: DateTime<Utc>| at >= period.start() && at < period.end() && at <= as_of;
    let before = |at: DateTime<Utc>| at <= as_of && at < period.end();
    let cleared = |why: ClearedWhy| {
        of.iter().filter(|of| of.cleared_why == Some(why) && of.cleared_at.is_some_and(within)).count()
    };
    [
        of.iter().filter(|of| within(of.first_seen_at)).count(),
        of.iter().filter(|of| before(of.first_seen_at) && !of.cleared_at.is_some_and(before)).count(),
        cleared(ClearedWhy::Closed),
        cleared(ClearedWhy::Corrected),
        cleared(ClearedWhy::Apologised),
        cleared(ClearedWhy::Redated),
    ]
}

on_both_async! {
    async fn every_count_is_that_of_the_findings(db) {
        let lived = Lived::months(db, 31).await;
        let all: BTreeMap<i64, Dossier> = lived.dossiers(&PROVINCE).into_iter().map(|of| (of.id, of)).collect();
        let dossiers: Vec<Dossier> = all.values().cloned().collect();
        let mut compared = [0; 6];
        for (label, as_of) in [("2026-09", NOW), ("2026-Q4", NOW), ("2026-civil", "2026-10-14T09:30"), ("2026-12", NOW)] {
            let period = Period::parse(label).unwrap();
            let as_of = at(as_of).min(period.end());
            let found = lived.findings(&dossiers, as_of);
            for group_by in FindingsBy::ALL {
                let report = report(&lived, Asked { as_of: Some(as_of), ..ask(label) }, *group_by).await;
                let key = |id: i64, finding: &Finding| match group_by {
                    FindingsBy::Kind => finding.code.word().to_owned(),
                    FindingsBy::Unit => all[&id].unit.clone(),
                    FindingsBy::Officer => all[&id].officer.clone().unwrap_or_default(),
                };
                let mut keys: Vec<String> = Vec::new();
                for row in &report.rows {
                    let own: Vec<&Finding> = found.iter().filter(|(id, of)| key(*id, of) == row.key).map(|(_, of)| of).collect();
                    let expected = naive(&own, &period, as_of);
                    assert_eq!(counts(&row.counts), expected, "{label} {group_by} {}", row.key);
                    for kind in &row.kinds {
                        let own: Vec<&Finding> = own.iter().copied().filter(|of| of.code == kind.code).collect();
                        assert_eq!(counts(&kind.counts), naive(&own, &period, as_of), "{label} {} {}", row.key, kind.code);
                    }
                    compared.iter_mut().zip(expected).for_each(|(sum, more)| *sum += more);
                    keys.push(row.key.clone());
                }
                assert!(keys.is_sorted());
                let whole: Vec<&Finding> = found.iter().map(|(_, of)| of).collect();
                assert_eq!(counts(&report.total.counts), naive(&whole, &period, as_of), "{label} {group_by}");
            }
        }
        let [opened, open, closed, _, apologised, _] = compared;
        assert!(opened > 500 && open > 200 && closed > 100 && apologised > 5, "too little was compared: {compared:?}");
    }
}

on_both_async! {
    async fn the_links_list_what_was_opened(db) {
        let lived = Lived::months(db, 32).await;
        let mut followed = 0;
        for (asked, group_by) in [
            (ask("2026-11"), FindingsBy::Kind),
            (ask("2026-12"), FindingsBy::Unit),
            (Asked { as_of: Some(at("2026-10-20T10:00")), ..ask("2026-Q4") }, FindingsBy::Unit),
        ] {
            let report = report(&lived, asked, group_by).await;
            for row in report.rows.iter().chain([&report.total]) {
                let kinds = row.kinds.iter().map(|kind| &kind.counts);
                for of in kinds.chain([&row.counts]) {
                    assert_eq!(listed(&lived, of.opened_findings.as_ref().unwrap()).await, i64::from(of.opened), "{of:?}");
                    followed += 1;
                }
            }
        }
        assert!(followed > 30, "only {followed} links");
        let by_officer = report(&lived, ask("2026-11"), FindingsBy::Officer).await;
        assert!(by_officer.rows.iter().all(|row| row.counts.opened_findings.is_none()));
        let table = csv(&by_officer, Lang::Vi).unwrap();
        assert!(table.lines().last().unwrap().starts_with("Tổng cộng,,"), "{table}");
        assert!(table.contains("Chưa phân công,Quá hạn,"), "{table}");
    }
}

/// How many findings the link lists, by its parameters alone.
async fn listed(lived: &Lived, link: &str) -> i64 {
    let query = link.strip_prefix("/api/v1/findings?").unwrap();
    let given: BTreeMap<String, String> = serde_urlencoded::from_str(query).unwrap();
    let moment = |name: &str| DateTime::parse_from_rfc3339(&given[name]).unwrap().to_utc();
    let filter = FindingFilter {
        units: None,
        codes: given.get("code").map(|code| vec![code.clone()]),
        open: None,
        from: Some(moment("from").into()),
        before: Some((moment("to") + chrono::TimeDelta::microseconds(1)).into()),
    };
    let scope = UnitScope { unit: Some(given["unit"].clone()), subtree: given["subtree"] == "true" };
    let page = PageRequest { by: reader("H19"), lang: Lang::Vi, limit: 1, cursor: None };
    list(&lived.app, filter, scope, page).await.unwrap().count
}
