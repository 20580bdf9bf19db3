//! How the commitments were kept: "giải quyết trong ngày", "thứ Sáu không hẹn qua tuần" and the others, by the definitions of
//! [`crate::domain::kept`].

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::heading::{HeadingView, list, written};
use super::tables::{Tabular, ratio, title};
use super::{Asked, RateView, Scope};
use crate::app::access::Principal;
use crate::app::{App, AppError, Catalogue};
use crate::domain::commitment::Pledge;
use crate::domain::finding::FindingCode;
use crate::domain::kept::{CommitmentsBy, Kept, KeptByKind};
use crate::store::AnyConnection;
use crate::store::kept::kept_count;
use crate::text::{Lang, report_words as words, reports as text};

/// What a commitments report is asked for.
#[derive(Debug, Clone)]
pub struct CommitmentsRequest {
    /// Of when and whom.
    pub asked: Asked,
    /// What a row stands for.
    pub group_by: CommitmentsBy,
}

/// How the commitments that bind the dossiers received in the period were kept.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CommitmentsReport {
    /// What it is about.
    #[serde(flatten)]
    pub heading: HeadingView,
    /// What a row stands for.
    pub group_by: CommitmentsBy,
    /// One row each with any commitment, sorted by key.
    pub rows: Vec<CommitmentsRow>,
    /// All rows together; its key is the unit.
    pub total: CommitmentsRow,
}

/// A row: the three kinds of commitments. A dossier bound by several counts with each of them.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CommitmentsRow {
    /// The unit's or procedure's code, or the effect's word.
    pub key: String,
    /// The name to show.
    pub name: String,
    /// "Giải quyết trong ngày".
    pub same_day: KeptView,
    /// "Thứ Sáu không hẹn qua tuần".
    pub week_rollover: RolloverView,
    /// Within the session, or within so much time.
    pub other: KeptView,
}

/// Commitments of one kind.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct KeptView {
    /// Registered dossiers received in the period.
    pub received: u32,
    /// Promised within the commitment.
    pub promised_within: u32,
    /// Promised later.
    pub promised_beyond: u32,
    /// Closed before the commitment lapsed.
    pub kept: u32,
    /// Open when it lapsed: each has a finding of that name.
    pub broken: u32,
    /// Open, and the commitment has not lapsed.
    pub open: u32,
    /// Shares.
    pub rates: KeptRatesView,
    /// Lists the dossiers of `broken`; null where no list finds exactly these: for a report seen from the past, or by effect.
    pub broken_dossiers: Option<String>,
}

/// The week-rollover rule: receipts on a Friday, or on the week's last working day, that it binds.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RolloverView {
    /// Such receipts in the period.
    pub friday_receipts: u32,
    /// Promised for this week.
    pub promised_within: u32,
    /// Promised past it.
    pub rolled_over_by_promise: u32,
    /// Closed within the week.
    pub kept: u32,
    /// Open when the week's last session ended.
    pub rolled_over_in_fact: u32,
    /// Open, and the week is not over.
    pub open: u32,
    /// Shares.
    pub rates: KeptRatesView,
    /// Lists the dossiers of `rolled_over_in_fact`; null where no list finds exactly these.
    pub rolled_over_dossiers: Option<String>,
}

/// The shares of one kind of commitments.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct KeptRatesView {
    /// Kept, of those kept and broken.
    pub kept_of_decided: RateView,
    /// Promised within, of those received.
    pub promised_within_of_received: RateView,
}

/// How the commitments of a unit and all below it were kept.
///
/// # Errors
/// Those of [`Asked::scope`]; the store's.
pub async fn commitments(
    app: &App,
    request: CommitmentsRequest,
    by: Principal,
) -> Result<CommitmentsReport, AppError> {
    let now = app.clock().now();
    app.read_at_once(move |c, catalogue| {
        let scope = request.asked.scope(catalogue, &by, now)?;
        evaluated(c, catalogue, &scope, &request)
    })
    .await
}

/// The report of a scope; all its reads have to see one state.
pub(in crate::app) fn evaluated(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    scope: &Scope,
    request: &CommitmentsRequest,
) -> Result<CommitmentsReport, AppError> {
    let CommitmentsRequest { asked, group_by } = request;
    let counted = kept_count(c, scope.narrowed(), *group_by, &scope.window)?;
    let mut rows: BTreeMap<String, KeptByKind> = BTreeMap::new();
    for (key, of) in counted {
        let by_unit = *group_by == CommitmentsBy::Unit;
        let key = if by_unit { scope.answering(&key).to_owned() } else { key };
        *rows.entry(key).or_default() += of;
    }
    let mut total = KeptByKind::default();
    rows.values().for_each(|of| total += *of);
    let listed = asked.units_as_of.is_none() && scope.is_seen_from_now();
    let drawing = Drawing { catalogue, scope, group_by: *group_by, listed };
    Ok(CommitmentsReport {
        heading: HeadingView::new(scope),
        group_by: *group_by,
        rows: rows.iter().map(|(key, of)| drawing.row(key, of, asked.lang)).collect(),
        total: drawing.total(&total),
    })
}

/// What a report is drawn against.
struct Drawing<'a> {
    catalogue: &'a Catalogue,
    scope: &'a Scope,
    group_by: CommitmentsBy,
    /// Whether lists find what is counted: they look from now, and by the tree of today.
    listed: bool,
}

impl Drawing<'_> {
    fn row(&self, key: &str, of: &KeptByKind, lang: Lang) -> CommitmentsRow {
        match self.group_by {
            CommitmentsBy::Unit => {
                let linked = [("unit", key), ("subtree", "false")];
                self.drawn(key, self.catalogue.unit_name(key), of, Some(&linked))
            }
            CommitmentsBy::Procedure => {
                let name = self.catalogue.procedure_name(key);
                let linked = [("unit", self.scope.unit.as_str()), ("subtree", "true"), ("procedure", key)];
                self.drawn(key, name, of, Some(&linked))
            }
            CommitmentsBy::Effect => {
                let name = Pledge::from_word(key).map_or(key, |of| words::pledge(lang, of));
                self.drawn(key, name, of, None)
            }
        }
    }

    fn total(&self, of: &KeptByKind) -> CommitmentsRow {
        let unit = &self.scope.unit;
        self.drawn(unit, self.catalogue.unit_name(unit), of, Some(&[("unit", unit), ("subtree", "true")]))
    }

    fn drawn(
        &self,
        key: &str,
        name: &str,
        of: &KeptByKind,
        linked: Option<&[(&str, &str)]>,
    ) -> CommitmentsRow {
        let link = |code| linked.and_then(|of| self.broken(of, code));
        CommitmentsRow {
            key: key.to_owned(),
            name: name.to_owned(),
            same_day: kept(&of.same_day, link(FindingCode::SameDayMissed)),
            week_rollover: rollover(&of.week_rollover, link(FindingCode::WeekRolloverMissed)),
            other: kept(&of.other, link(FindingCode::CommitmentMissed)),
        }
    }

    fn broken(&self, of: &[(&str, &str)], code: FindingCode) -> Option<String> {
        let window = &self.scope.window;
        self.listed.then(|| {
            let (start, cut) = (written(window.start()), written(window.cut()));
            let received = [("received_at__gte", start.as_str()), ("received_at__lt", &cut)];
            list("dossiers", &[of, &[("finding", code.word())], &received].concat())
        })
    }
}

fn kept(of: &Kept, broken_dossiers: Option<String>) -> KeptView {
    KeptView {
        received: of.received,
        promised_within: of.promised_within(),
        promised_beyond: of.promised_beyond,
        kept: of.kept,
        broken: of.broken,
        open: of.open,
        rates: rates(of),
        broken_dossiers,
    }
}

fn rollover(of: &Kept, rolled_over_dossiers: Option<String>) -> RolloverView {
    RolloverView {
        friday_receipts: of.received,
        promised_within: of.promised_within(),
        rolled_over_by_promise: of.promised_beyond,
        kept: of.kept,
        rolled_over_in_fact: of.broken,
        open: of.open,
        rates: rates(of),
        rolled_over_dossiers,
    }
}

fn rates(of: &Kept) -> KeptRatesView {
    KeptRatesView {
        kept_of_decided: of.kept_of_decided().into(),
        promised_within_of_received: of.promised_within_of_received().into(),
    }
}

impl Tabular for CommitmentsReport {
    fn file_name(&self) -> String {
        format!("cam-ket-{}", self.heading.period.label)
    }

    fn records(&self, lang: Lang) -> Vec<Vec<String>> {
        let mut all = vec![words::commitments_headings(lang, self.group_by)];
        for row in &self.rows {
            all.push(record(title(&row.key, &row.name), row));
        }
        all.push(record(text::total(lang).to_owned(), &self.total));
        all
    }
}

fn record(title: String, row: &CommitmentsRow) -> Vec<String> {
    let of = &row.week_rollover;
    let rolled = [
        of.friday_receipts,
        of.promised_within,
        of.rolled_over_by_promise,
        of.kept,
        of.rolled_over_in_fact,
        of.open,
    ];
    let kinds = [
        (columns(&row.same_day), row.same_day.rates),
        (rolled, of.rates),
        (columns(&row.other), row.other.rates),
    ];
    let mut cells = vec![title];
    for (counts, rates) in kinds {
        cells.extend(counts.map(|count| count.to_string()));
        cells.push(ratio(rates.kept_of_decided.value));
    }
    cells
}

fn columns(of: &KeptView) -> [u32; 6] {
    [of.received, of.promised_within, of.promised_beyond, of.kept, of.broken, of.open]
}
