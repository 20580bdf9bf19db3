//! The ways from one report to the others.

use super::asking::address;
use crate::text::Lang;
use crate::text::pages::reports::asked_words;

/// A way.
#[derive(Debug, Clone)]
pub(super) struct Way {
    pub(super) href: String,
    pub(super) words: &'static str,
    pub(super) here: bool,
}

/// From a page to the reports, or to what was found, with these parameters carried over.
pub(super) fn ways(lang: Lang, from: &str, carried: &str) -> Vec<Way> {
    let w = asked_words(lang);
    let reports = [
        ("/reports", w.processing),
        ("/reports/ranking", w.ranking),
        ("/reports/trend", w.trend),
        ("/reports/commitments", w.commitments),
        ("/reports/delays", w.delays),
        ("/reports/seals", w.seals),
    ];
    let found =
        [("/findings", w.findings), ("/findings/counted", w.findings_report), ("/integrity", w.integrity)];
    let is_found = found.iter().any(|(path, _)| *path == from);
    let all = if is_found { found.to_vec() } else { reports.to_vec() };
    let way = |(path, words): (&str, &'static str)| {
        // Lists take no periods.
        let carried = if matches!(path, "/findings" | "/reports/seals") { "" } else { carried };
        Way { href: address(path, carried), words, here: path == from }
    };
    all.into_iter().map(way).collect()
}
