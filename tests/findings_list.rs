//! The list of findings on both engines: page after page it is what a walk through all findings on all dossiers finds, and so is its count.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::time::Duration;

use hentra::domain::dossier::Dossier;
use hentra::domain::finding::FindingCode;
use hentra::store::findings_list::{FindingFilter, FindingPlace, FoundOn, findings_count, findings_list};
use hentra::store::{AnyConnection, Moment, Store, StoreSettings};

use crate::support::lived::{Lived, NOW, at};
use crate::support::on_both_async;

/// A finding by what it is told apart and sorted by: the newest first, then dossier and rule.
type Line = (Reverse<Moment>, String, String);

fn line(of: &FoundOn) -> Line {
    (Reverse(of.finding.first_seen_at.into()), of.dossier.clone(), of.finding.code.word().to_owned())
}

/// All pages of so many rows.
fn paged(c: &mut AnyConnection, filter: &FindingFilter, now: Moment, limit: i64) -> Vec<Line> {
    let mut all: Vec<Line> = Vec::new();
    let mut after: Option<FindingPlace> = None;
    loop {
        let page = findings_list(c, filter, now, after.as_ref(), limit).unwrap();
        assert!(page.len() <= usize::try_from(limit).unwrap());
        let Some(last) = page.last().map(line) else { return all };
        after = Some((last.0.0, last.1, last.2));
        all.extend(page.iter().map(line));
    }
}

fn filters() -> Vec<FindingFilter> {
    let only = |codes: &[FindingCode]| FindingFilter {
        codes: Some(codes.iter().map(|code| code.word().to_owned()).collect()),
        ..FindingFilter::default()
    };
    let all = [
        FindingFilter::default(),
        only(&[FindingCode::Overdue]),
        only(&[FindingCode::ApologyMissing]),
        only(&[FindingCode::SameDayMissed, FindingCode::CommitmentMissed]),
        only(&[FindingCode::Overdue, FindingCode::SupplementLate, FindingCode::PromiseBeyondLimit]),
    ];
    let states = [None, Some(true), Some(false)];
    let stretches = [
        (None, None),
        (Some("2026-09-07T08:00"), Some("2026-10-20T00:00")),
        (Some("2026-11-01T00:00"), None),
    ];
    let instant = |text: &str| -> Moment { at(text).into() };
    let mut filters = Vec::new();
    for of in all {
        for open in states {
            for (from, before) in stretches {
                let (from, before) = (from.map(instant), before.map(instant));
                filters.push(FindingFilter { open, from, before, ..of.clone() });
            }
        }
    }
    filters
}

on_both_async! {
    async fn pages_and_count_are_those_of_a_walk_through_everything(db) {
        let lived = Lived::months(db, 20_261_201).await;
        let settings = StoreSettings { url: db.url().to_owned(), readers: 1, patience: Duration::from_secs(5) };
        let store = Store::open(&settings).unwrap();
        let mut c = store.reader().unwrap();
        let dossiers = lived.dossiers(&["H19", "H19.15", "H19.16", "H20"]);
        let by_id: BTreeMap<i64, &Dossier> = dossiers.iter().map(|of| (of.id, of)).collect();
        let mut seen = 0;
        for now in [at(NOW), at("2026-10-05T10:00")] {
            let found = lived.findings(&dossiers, now);
            for (nth, filter) in filters().into_iter().enumerate() {
                for units in [None, Some(vec!["H19.15".to_owned()]), Some(vec!["H19".to_owned(), "H19.16".to_owned()])] {
                    let filter = FindingFilter { units, ..filter.clone() };
                    let mut expected: Vec<Line> = found.iter()
                        .filter(|(id, _)| filter.units.as_ref().is_none_or(|units| units.contains(&by_id[id].unit)))
                        .filter(|(_, of)| filter.codes.as_ref().is_none_or(|codes| codes.iter().any(|code| code == of.code.word())))
                        .filter(|(_, of)| filter.open.is_none_or(|open| of.cleared_at.is_none() == open))
                        .filter(|(_, of)| filter.from.is_none_or(|from| Moment::from(of.first_seen_at) >= from))
                        .filter(|(_, of)| filter.before.is_none_or(|before| Moment::from(of.first_seen_at) < before))
                        .map(|(id, of)| (Reverse(of.first_seen_at.into()), by_id[id].code.clone(), of.code.word().to_owned()))
                        .collect();
                    expected.sort();
                    let count = findings_count(&mut c, &filter, now.into()).unwrap();
                    assert_eq!(usize::try_from(count).unwrap(), expected.len(), "{filter:?}");
                    // Two commitments may be missed at one instant, which a page's place does not tell apart.
                    expected.dedup();
                    let limit = [7, 50, 1_000][nth % 3];
                    let mut listed = paged(&mut c, &filter, now.into(), limit);
                    listed.dedup();
                    assert_eq!(listed, expected, "{filter:?}, {limit} a page");
                    seen += listed.len();
                }
            }
        }
        assert!(seen > 2_000, "only {seen} findings were seen");
    }
}
