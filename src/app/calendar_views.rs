//! What a scope's calendar says and has said, and what a proposal would come to, as the world is told.

use serde::Serialize;
use utoipa::ToSchema;

use super::calendars::{Changes, Published};
use super::catalogue::LayerContent;
use super::redating::{Named, Redated};
use super::view::OfficeTime;
use super::{App, AppError, Catalogue};
use crate::domain::calendar::{DayKind, DayRow, SessionRule};
use crate::domain::calendar_changes::{ChangedDay, Said};
use crate::domain::finding::FindingCode;
use crate::store::AnyConnection;
use crate::store::calendars::{self as store, VersionHead};
use crate::store::catalogue::CalendarVersionRow;

/// A published version, without what it says.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VersionView {
    /// Its number; they grow over all scopes.
    pub version: i64,
    /// The decision or notice it rests on.
    pub source: String,
    /// When it was published.
    pub published_at: OfficeTime,
    /// Who published it; null for what the program brought along, or whoever has the machine.
    pub published_by: Option<String>,
}

/// What a version says of its scope alone; what it is silent on comes from the layers outside.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct ContentView {
    /// Years that the government has announced; only the country's calendar says so.
    pub announced: Vec<i32>,
    /// Days off and made up.
    pub days: Vec<DayRow>,
    /// Hours.
    pub sessions: Vec<SessionRule>,
}

/// A version with what it says.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PublishedVersionView {
    /// `national`, or a unit's code.
    pub scope: String,
    /// Its number, source and publisher.
    #[serde(flatten)]
    pub head: VersionView,
    /// What it says.
    #[serde(flatten)]
    pub content: ContentView,
}

/// What a scope says now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CalendarView {
    /// `national`, or a unit's code.
    pub scope: String,
    /// The version in force; null while the scope says nothing itself.
    pub version: Option<i64>,
    /// The decision or notice it rests on.
    pub source: Option<String>,
    /// When it was published.
    pub published_at: Option<OfficeTime>,
    /// Who published it.
    pub published_by: Option<String>,
    /// What the scope says itself.
    #[serde(flatten)]
    pub content: ContentView,
    /// What it lies over, the outermost first.
    pub inherits: Vec<LayerView>,
}

/// A layer outside.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LayerView {
    /// `national`, or a unit's code.
    pub scope: String,
    /// Its version in force.
    #[serde(flatten)]
    pub head: VersionView,
}

/// What publishing came to, or would.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PublishedView {
    /// `national`, or a unit's code.
    pub scope: String,
    /// The new version; null in a dry run, and when the same stands already.
    pub version: Option<i64>,
    /// The version that stood before; null when there was none.
    pub based_on: Option<i64>,
    /// The same stands already: nothing is published.
    pub unchanged: bool,
    /// Days of which something else is said, those that the law lets foresee among them.
    pub days: Vec<ChangedDayView>,
    /// The scope's own hours, before and after; null when they stay.
    pub sessions: Option<ChangedHoursView>,
    /// Years that are announced now and were not before.
    pub announced: Vec<i32>,
    /// Years that were announced before and are not now.
    pub withdrawn: Vec<i32>,
    /// Open dossiers that are due at another instant.
    pub redated: Vec<RedatedView>,
    /// Open dossiers of which only other dates move.
    pub touched: usize,
    /// How many findings open.
    pub new_findings: usize,
    /// How many findings no longer stand.
    pub cleared_findings: usize,
    /// The findings that open.
    pub opened: Vec<NamedFindingView>,
    /// The findings that no longer stand.
    pub cleared: Vec<NamedFindingView>,
}

words! {
    /// How a day is different.
    DayChange {
        /// It was what its weekday says.
        Added = "added",
        /// It is to be what its weekday says.
        Removed = "removed",
        /// Something else was said of it.
        Changed = "changed",
    }
}

/// A day of which something else is said.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChangedDayView {
    /// The day.
    pub date: chrono::NaiveDate,
    /// How it is different.
    pub change: DayChange,
    /// What stands; null when it is what its weekday says.
    pub from: Option<SaidView>,
    /// What is to stand.
    pub to: Option<SaidView>,
    /// Whether it is a working day as it stands.
    pub working_before: bool,
    /// Whether it is to be one.
    pub working_after: bool,
}

/// What is said of a day.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SaidView {
    /// What it is.
    pub kind: DayKind,
    /// Its name.
    pub name: String,
    /// The decision it rests on.
    pub source: String,
}

/// Hours before and after.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ChangedHoursView {
    /// Those that stand.
    pub from: Vec<SessionRule>,
    /// Those that are to stand.
    pub to: Vec<SessionRule>,
}

/// An open dossier that is due at another instant.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RedatedView {
    /// Its code.
    pub code: String,
    /// When it was due.
    pub from: OfficeTime,
    /// When it is due.
    pub to: OfficeTime,
}

/// A finding and the dossier it is on.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct NamedFindingView {
    /// The dossier's code.
    pub dossier: String,
    /// The finding's.
    pub code: FindingCode,
}

/// What a scope says now, and over what.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown scope; the store's errors.
pub async fn current(app: &App, scope: String) -> Result<CalendarView, AppError> {
    app.read(move |c, catalogue| {
        known(catalogue, &scope)?;
        let mut inherits = Vec::new();
        for outer in catalogue.scopes_around(&scope) {
            if let Some(row) = store::calendar_in_force(c, &outer)? {
                inherits.push(LayerView { head: head(c, &row)?, scope: outer });
            }
        }
        let (mut stands, mut said) = (None, ContentView::default());
        if let Some(row) = store::calendar_in_force(c, &scope)? {
            stands = Some(head(c, &row)?);
            said = content(&row)?;
        }
        let (version, at) = (stands.as_ref().map(|of| of.version), stands.as_ref().map(|of| of.published_at));
        let (source, by) = stands.map_or((None, None), |of| (Some(of.source), of.published_by));
        Ok(CalendarView {
            scope,
            version,
            source,
            published_at: at,
            published_by: by,
            content: said,
            inherits,
        })
    })
    .await
}

/// Every version of a scope, the newest first.
///
/// # Errors
/// [`AppError::NotFound`] for an unknown scope; the store's errors.
pub async fn list(app: &App, scope: String) -> Result<Vec<VersionView>, AppError> {
    app.read(move |c, catalogue| {
        known(catalogue, &scope)?;
        let rows = store::calendar_versions(c, &scope)?;
        heads(c, rows)
    })
    .await
}

/// What a version says, for ever.
///
/// # Errors
/// [`AppError::NotFound`] when the scope has no such version; the store's errors.
pub async fn find(app: &App, scope: String, version: i64) -> Result<PublishedVersionView, AppError> {
    app.read(move |c, catalogue| {
        known(catalogue, &scope)?;
        let row = store::calendar_version(c, &scope, version)?.ok_or(AppError::NotFound("version"))?;
        Ok(PublishedVersionView { scope, head: head(c, &row)?, content: content(&row)? })
    })
    .await
}

fn known(catalogue: &Catalogue, scope: &str) -> Result<(), AppError> {
    if catalogue.is_scope(scope) { Ok(()) } else { Err(AppError::NotFound("calendar")) }
}

fn content(row: &CalendarVersionRow) -> Result<ContentView, AppError> {
    let said: LayerContent = serde_json::from_str(&row.content)
        .map_err(|error| AppError::Internal(format!("calendar version {}: {error}", row.version)))?;
    Ok(ContentView {
        announced: said.announced.into_iter().collect(),
        days: said.days,
        sessions: said.sessions,
    })
}

fn head(c: &mut AnyConnection, row: &CalendarVersionRow) -> Result<VersionView, AppError> {
    let head = VersionHead {
        version: row.version,
        source: row.source.clone(),
        published_at: row.published_at,
        published_by: row.published_by,
    };
    let one = heads(c, vec![head])?.pop();
    one.ok_or_else(|| AppError::Internal("a version without its head".to_owned()))
}

fn heads(c: &mut AnyConnection, rows: Vec<VersionHead>) -> Result<Vec<VersionView>, AppError> {
    let ids: Vec<i64> = rows.iter().filter_map(|row| row.published_by).collect();
    let names = store::publishers(c, &ids)?;
    let view = |row: VersionHead| VersionView {
        version: row.version,
        source: row.source,
        published_at: row.published_at.utc().into(),
        published_by: row.published_by.and_then(|id| names.get(&id).cloned()),
    };
    Ok(rows.into_iter().map(view).collect())
}

/// What publishing came to, for the one who asked.
#[must_use]
pub fn published(scope: String, of: Published) -> PublishedView {
    let Changes { days, sessions, announced, withdrawn } = of.changes;
    let named = |of: Named| NamedFindingView { dossier: of.dossier, code: of.code };
    let redated = |of: Redated| RedatedView { code: of.code, from: of.from.into(), to: of.to.into() };
    PublishedView {
        scope,
        version: of.version,
        based_on: of.based_on,
        unchanged: of.unchanged,
        days: days.into_iter().map(changed_day).collect(),
        sessions: sessions.map(|(from, to)| ChangedHoursView { from, to }),
        announced,
        withdrawn,
        touched: of.redating.touched,
        new_findings: of.redating.opened.len(),
        cleared_findings: of.redating.cleared.len(),
        redated: of.redating.redated.into_iter().map(redated).collect(),
        opened: of.redating.opened.into_iter().map(named).collect(),
        cleared: of.redating.cleared.into_iter().map(named).collect(),
    }
}

fn changed_day(of: ChangedDay) -> ChangedDayView {
    let said = |of: Said| SaidView { kind: of.kind, name: of.name, source: of.source };
    ChangedDayView {
        date: of.date,
        change: match (&of.from, &of.to) {
            (None, _) => DayChange::Added,
            (Some(_), None) => DayChange::Removed,
            (Some(_), Some(_)) => DayChange::Changed,
        },
        from: of.from.map(said),
        to: of.to.map(said),
        working_before: of.worked,
        working_after: of.works,
    }
}
