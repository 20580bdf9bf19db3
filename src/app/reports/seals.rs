//! Sealed reports: what a period came to, told once and never again otherwise.
//!
//! A report is sealed when its period is over. Its bytes are kept, and their hash is an entry of the ledger, so that neither can be changed unseen.
//! What later corrections make of the same period is [`super::restatement`]'s.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::processing::{ProcessingReport, ProcessingRequest, evaluated};
use super::{PeriodView, Scope};
use crate::app::access::{Principal, Right};
use crate::app::dossiers::{Page, PageRequest, UnitScope};
use crate::app::entries::{self, Stamp};
use crate::app::view::OfficeTime;
use crate::app::{App, AppError, Catalogue, Fault};
use crate::domain::ledger::sha256_hex;
use crate::domain::scheme::Scheme;
use crate::domain::statistics::{DEFINITIONS, GroupBy};
use crate::store::idempotency::{IdempotencyRow, idempotency_by_key, idempotency_insert};
use crate::store::ledger::ledger_last;
use crate::store::seals::{self as store, SealHead, SealRow};
use crate::store::{AnyConnection, Moment};

/// The act by which a report is sealed, as the ledger writes it.
pub(in crate::app) const SEALED: &str = "report_sealed";

words! {
    /// Which reports can be sealed.
    SealedKind {
        /// Form II.06a/VPCP.
        Processing = "processing",
    }
}

/// A sealed report in lists, and what sealing answers.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SealView {
    /// Its key.
    pub id: i64,
    /// SHA-256 of its bytes, in hex; also in the ledger.
    pub hash: String,
    /// When it was sealed.
    pub sealed_at: OfficeTime,
    /// The user who did; null for the system itself.
    pub sealed_by: Option<i64>,
    /// Which report.
    #[schema(example = "processing")]
    pub report: String,
    /// Top of the units it is about, with all below it.
    pub unit: String,
    /// The period.
    pub period: PeriodView,
    /// What a row stands for.
    #[schema(example = "sector")]
    pub group_by: String,
    /// The instant it is seen from: the period's end.
    pub as_of: OfficeTime,
}

/// What a sealed report says of its sealing.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SealingView {
    /// When.
    pub at: OfficeTime,
    /// How many entries the ledger had: what was recorded later is not in it.
    pub ledger_entries: i64,
    /// Version of units, procedures and commitments.
    pub catalogue_version: i64,
    /// Version of the statistics' definitions.
    pub definitions: u32,
    /// The units it counts.
    pub units: Vec<String>,
    /// The units that answer for others' dossiers, where it goes by the tree of another day.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub answered_by: BTreeMap<String, String>,
}

/// A report with what is said of its sealing.
#[derive(Debug, Serialize, ToSchema)]
pub struct SealedReport {
    /// Of its sealing.
    pub sealed: SealingView,
    /// The report as it was.
    #[serde(flatten)]
    pub report: ProcessingReport,
}

/// What is to be sealed, and by whom.
#[derive(Debug, Clone)]
pub struct NewSeal {
    /// The report.
    pub request: ProcessingRequest,
    /// The user; `None` for the system itself.
    pub actor: Option<i64>,
    /// The client's key and the hash of its request.
    pub idempotency: Option<(String, String)>,
}

/// Seals the report of a period that is over.
///
/// # Errors
/// [`AppError::Forbidden`] for officers; those of [`super::Asked::scope`]; [`AppError::Invalid`] naming `period` or `to` while the period is not over, and
/// `as_of` where it lies before the period's end: a seal stands for the whole of it.
pub async fn seal(app: &App, new: NewSeal, by: Principal) -> Result<SealView, AppError> {
    by.must(Right::Seal)?;
    let (now, schemes) = (app.clock().now(), app.schemes().to_vec());
    app.write_job("seal", move |c, catalogue| {
        let asked = &new.request.asked;
        let scope = asked.scope(catalogue, &by, now)?;
        if let Some(known) = replayed(c, catalogue, &new, &by)? {
            return Ok(view(known));
        }
        if scope.period.end() > now {
            let name = if asked.to.is_some() { "to" } else { "period" };
            return Err(AppError::invalid(name, Fault::InFuture));
        }
        if scope.window.as_of() < scope.period.end() {
            return Err(AppError::invalid("as_of", Fault::OutOfRange));
        }
        let row = drawn(c, catalogue, &scope, (&new, now, &schemes))?;
        store::seal_insert(c, &row)?;
        entries::append(c, Stamp { actor: new.actor, now }, [(SEALED, told(&row))])?;
        if let Some((key, request_hash)) = new.idempotency {
            let (user_id, code, created_at) = (by.user_id, row.head.id.to_string(), now.into());
            let reply = IdempotencyRow {
                user_id,
                key,
                request_hash,
                code,
                version: 1,
                body: String::new(),
                created_at,
            };
            idempotency_insert(c, &[reply])?;
        }
        Ok(view(row.head))
    })
    .await
}

/// What the same request with the same key has sealed before.
fn replayed(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    new: &NewSeal,
    by: &Principal,
) -> Result<Option<SealHead>, AppError> {
    let Some((key, request_hash)) = &new.idempotency else { return Ok(None) };
    let known = idempotency_by_key(c, std::slice::from_ref(key))?;
    let Some(known) = known.into_iter().find(|row| row.user_id == by.user_id) else { return Ok(None) };
    if known.request_hash != *request_hash {
        return Err(AppError::IdempotencyMismatch);
    }
    let id = known.code.parse().map_err(|_| AppError::IdempotencyMismatch)?;
    Ok(Some(visible(c, catalogue, id, by)?.head))
}

/// The report as it is kept.
fn drawn(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    scope: &Scope,
    (new, now, schemes): (&NewSeal, DateTime<Utc>, &[Scheme]),
) -> Result<SealRow, AppError> {
    let group_by = new.request.group_by;
    let report = evaluated(c, catalogue, scope, &new.request, schemes)?;
    let entries = ledger_last(c)?;
    let sealed = SealingView {
        at: now.into(),
        ledger_entries: entries,
        catalogue_version: catalogue.version(),
        definitions: DEFINITIONS,
        units: scope.units.to_vec(),
        answered_by: scope.answered_by.clone(),
    };
    let body = serde_json::to_string(&SealedReport { sealed, report })
        .map_err(|error| AppError::Internal(error.to_string()))?;
    let head = SealHead {
        id: store::seal_next(c)?,
        report: SealedKind::Processing.word().to_owned(),
        unit: scope.unit.clone(),
        period: scope.period.to_string(),
        from_day: scope.period.from(),
        to_day: scope.period.to(),
        group_by: group_by.word().to_owned(),
        as_of: scope.window.as_of().into(),
        sealed_at: now.into(),
        sealed_by: new.actor,
        hash: sha256_hex(body.as_bytes()),
    };
    Ok(SealRow { head, entries, body })
}

/// A seal as the ledger writes it down: all but the body, of which it holds the hash.
pub(in crate::app) fn told(row: &SealRow) -> Value {
    let of = &row.head;
    json!({
        "seal": of.id, "report": of.report, "unit": of.unit, "period": of.period, "from": of.from_day, "to": of.to_day,
        "group_by": of.group_by, "as_of": OfficeTime(of.as_of.utc()), "sealed_at": OfficeTime(of.sealed_at.utc()),
        "sealed_by": of.sealed_by, "entries": row.entries, "hash": of.hash,
    })
}

/// Sealed reports that the reader may see, the newest first.
///
/// # Errors
/// [`AppError::Invalid`] for an unknown unit or a cursor that is none.
pub async fn list(app: &App, scope: UnitScope, page: PageRequest) -> Result<Page<SealView>, AppError> {
    page.by.must(Right::Read)?;
    let before = match &page.cursor {
        None => i64::MAX,
        Some(cursor) => cursor.parse().map_err(|_| AppError::invalid("cursor", Fault::Malformed))?,
    };
    app.read(move |c, catalogue| {
        let units = scope.units(catalogue, &page.by)?;
        let count = store::seals_count(c, &units)?;
        let mut rows = store::seals_list(c, &units, before, page.limit + 1)?;
        let more = rows.len() > usize::try_from(page.limit).unwrap_or(usize::MAX);
        if more {
            rows.pop();
        }
        let next = rows.last().filter(|_| more).map(|last| last.id.to_string());
        Ok(Page { items: rows.into_iter().map(view).collect(), next, count, count_exact: true })
    })
    .await
}

/// A sealed report, its bytes and all.
///
/// # Errors
/// [`AppError::NotFound`] when there is none, or none the reader may see.
pub async fn find(app: &App, id: i64, by: Principal) -> Result<SealRow, AppError> {
    app.read(move |c, catalogue| visible(c, catalogue, id, &by)).await
}

pub(super) fn visible(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    id: i64,
    by: &Principal,
) -> Result<SealRow, AppError> {
    by.must(Right::Read)?;
    store::seal_find(c, id)?
        .filter(|row| by.sees(&row.head.unit, &catalogue.units))
        .ok_or(AppError::NotFound("seal"))
}

pub(super) fn view(of: SealHead) -> SealView {
    let at = |moment: Moment| OfficeTime(moment.utc());
    SealView {
        id: of.id,
        hash: of.hash,
        sealed_at: at(of.sealed_at),
        sealed_by: of.sealed_by,
        report: of.report,
        unit: of.unit,
        period: PeriodView { label: of.period, from: of.from_day, to: of.to_day },
        group_by: of.group_by,
        as_of: at(of.as_of),
    }
}

/// What a row of a sealed report stands for.
pub(super) fn group_by(of: &SealHead) -> Result<GroupBy, AppError> {
    GroupBy::from_word(&of.group_by)
        .ok_or_else(|| AppError::Internal(format!("seal {} is by an unknown {}", of.id, of.group_by)))
}
