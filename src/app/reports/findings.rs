//! Findings counted by rule, by unit and by officer; what is counted is said in [`crate::domain::finding_counts`].

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde::Serialize;
use utoipa::ToSchema;

use super::heading::{HeadingView, list, written};
use super::tables::{Tabular, title};
use super::{Asked, Scope};
use crate::app::access::Principal;
use crate::app::{App, AppError, Catalogue};
use crate::domain::finding::FindingCode;
use crate::domain::finding_counts::{FindingCounts, FindingsBy};
use crate::store::finding_counts::{CountsByCode, findings_counted};
use crate::text::{Lang, report_words as words, reports as text};

/// What a findings report is asked for.
#[derive(Debug, Clone)]
pub struct FindingsRequest {
    /// Of when and whom.
    pub asked: Asked,
    /// What a row stands for.
    pub group_by: FindingsBy,
}

/// Findings, counted.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FindingsReport {
    /// What it is about.
    #[serde(flatten)]
    pub heading: HeadingView,
    /// What a row stands for.
    pub group_by: FindingsBy,
    /// One row each with any finding, sorted by key.
    pub rows: Vec<FindingsRow>,
    /// All rows together, rule by rule; its key is the unit.
    pub total: FindingsRow,
}

/// A row.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FindingsRow {
    /// The rule's word, the unit's code, or the officer's name; empty for dossiers nobody is in charge of.
    pub key: String,
    /// The name to show.
    pub name: String,
    /// All rules together.
    #[serde(flatten)]
    pub counts: FindingCountsView,
    /// Rule by rule.
    pub kinds: Vec<FindingKindView>,
}

/// Findings of one rule.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FindingKindView {
    /// The rule.
    pub code: FindingCode,
    /// The name to show.
    pub name: String,
    /// How many.
    #[serde(flatten)]
    pub counts: FindingCountsView,
}

/// Findings counted.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FindingCountsView {
    /// First seen in the period.
    pub opened: u32,
    /// Still mattering at `as_of`, whenever they were first seen.
    pub open: u32,
    /// Ceased to matter in the period, by the reason.
    pub cleared: ClearedView,
    /// Lists exactly those of `opened`; null where no list finds them: by officer.
    pub opened_findings: Option<String>,
}

/// Findings that ceased to matter.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct ClearedView {
    /// The dossier was closed.
    pub closed: u32,
    /// A correction took away what they rested on.
    pub corrected: u32,
    /// The apology came, too late.
    pub apologised: u32,
    /// A new calendar moved the date they rested on.
    pub redated: u32,
}

/// The findings on dossiers of a unit and all below it, counted.
///
/// # Errors
/// Those of [`Asked::scope`]; the store's.
pub async fn findings(
    app: &App,
    request: FindingsRequest,
    by: Principal,
) -> Result<FindingsReport, AppError> {
    let now = app.clock().now();
    app.read_at_once(move |c, catalogue| {
        let scope = request.asked.scope(catalogue, &by, now)?;
        let mut counted: BTreeMap<String, CountsByCode> = BTreeMap::new();
        for (key, row) in findings_counted(c, scope.narrowed(), request.group_by, &scope.window)? {
            let by_unit = request.group_by == FindingsBy::Unit;
            let of = counted.entry(if by_unit { scope.answering(&key).to_owned() } else { key }).or_default();
            row.into_iter().for_each(|(code, counts)| *of.entry(code).or_default() += counts);
        }
        let mut total = CountsByCode::new();
        for (code, counts) in counted.values().flatten() {
            *total.entry(*code).or_default() += *counts;
        }
        let drawing = Drawing {
            catalogue,
            scope: &scope,
            group_by: request.group_by,
            lang: request.asked.lang,
            listed: request.asked.units_as_of.is_none() && !scope.is_forecast(),
        };
        let below = [("unit", scope.unit.as_str()), ("subtree", "true")];
        Ok(FindingsReport {
            heading: HeadingView::new(&scope),
            group_by: request.group_by,
            rows: counted.iter().map(|(key, of)| drawing.row(key, of)).collect(),
            total: drawing.drawn(&scope.unit, catalogue.unit_name(&scope.unit), &total, Some(&below)),
        })
    })
    .await
}

/// What a report is drawn against.
struct Drawing<'a> {
    catalogue: &'a Catalogue,
    scope: &'a Scope,
    group_by: FindingsBy,
    lang: Lang,
    /// Whether lists find what is counted: they go by the tree of today, and tell nothing of what is to come.
    listed: bool,
}

impl Drawing<'_> {
    fn row(&self, key: &str, of: &CountsByCode) -> FindingsRow {
        match self.group_by {
            FindingsBy::Kind => {
                let name = FindingCode::from_word(key).map_or(key, |code| words::finding(self.lang, code));
                let below = [("unit", self.scope.unit.as_str()), ("subtree", "true"), ("code", key)];
                self.drawn(key, name, of, Some(&below))
            }
            FindingsBy::Unit => {
                let here = [("unit", key), ("subtree", "false")];
                self.drawn(key, self.catalogue.unit_name(key), of, Some(&here))
            }
            FindingsBy::Officer => {
                let name = if key.is_empty() { text::nobody(self.lang) } else { key };
                self.drawn(key, name, of, None)
            }
        }
    }

    fn drawn(
        &self,
        key: &str,
        name: &str,
        of: &CountsByCode,
        listed: Option<&[(&str, &str)]>,
    ) -> FindingsRow {
        let mut sum = FindingCounts::default();
        of.values().for_each(|counts| sum += *counts);
        let kind = |(code, counts): (&FindingCode, &FindingCounts)| {
            // Of a row that is of one rule the address names it already.
            let named = listed.map(|of| {
                let mut of = of.to_vec();
                of.retain(|(name, _)| *name != "code");
                of.push(("code", code.word()));
                of
            });
            let name = words::finding(self.lang, *code).to_owned();
            FindingKindView { code: *code, name, counts: self.counts(counts, named.as_deref()) }
        };
        FindingsRow {
            key: key.to_owned(),
            name: name.to_owned(),
            counts: self.counts(&sum, listed),
            kinds: of.iter().map(kind).collect(),
        }
    }

    fn counts(&self, of: &FindingCounts, listed: Option<&[(&str, &str)]>) -> FindingCountsView {
        let window = &self.scope.window;
        let link = |of: &[(&str, &str)]| {
            // The list takes its last instant in.
            let last = window.cut() - TimeDelta::microseconds(1);
            let (from, to) = (written(window.start()), written(last));
            list("findings", &[of, &[("from", from.as_str()), ("to", &to)]].concat())
        };
        FindingCountsView {
            opened: of.opened,
            open: of.open,
            cleared: ClearedView {
                closed: of.cleared_closed,
                corrected: of.cleared_corrected,
                apologised: of.cleared_apologised,
                redated: of.cleared_redated,
            },
            opened_findings: listed.filter(|_| self.listed && window.start() < window.cut()).map(link),
        }
    }
}

impl Tabular for FindingsReport {
    fn file_name(&self) -> String {
        format!("vi-pham-canh-bao-{}", self.heading.period.label)
    }

    fn records(&self, lang: Lang) -> Vec<Vec<String>> {
        let mut all = vec![words::findings_headings(lang, self.group_by)];
        for row in &self.rows {
            let name = title(&row.key, &row.name);
            if self.group_by != FindingsBy::Kind {
                for kind in &row.kinds {
                    all.push(record(name.clone(), &kind.name, &kind.counts));
                }
            }
            let whole = if self.group_by == FindingsBy::Kind { "" } else { text::total(lang) };
            all.push(record(name, whole, &row.counts));
        }
        all.push(record(text::total(lang).to_owned(), "", &self.total.counts));
        all
    }
}

fn record(name: String, kind: &str, of: &FindingCountsView) -> Vec<String> {
    let ClearedView { closed, corrected, apologised, redated } = of.cleared;
    let mut cells = vec![name, kind.to_owned()];
    let counts = [of.opened, of.open, closed, corrected, apologised, redated];
    cells.extend(counts.map(|count| count.to_string()));
    cells
}
