//! Logging dossiers, acting on them, finding them.

use chrono::{DateTime, Utc};
use tokio::sync::oneshot;

use super::access::{Principal, Right};
use super::intake::Judging;
use super::reports::links::units_of;
use super::view::{self, DossierView, FindingView, OfficeTime, Scene};
use super::writer::{ActRequest, Answer, Command, DossierCommand, Registration, What};
use super::{App, AppError, Catalogue, Fault, acting, intake};
use crate::domain::dossier::Dossier;
use crate::domain::finding::{Finding, FindingCode};
use crate::store::applicants;
use crate::store::dossiers as store;
use crate::store::findings::findings_of;
use crate::store::findings_list::{FindingFilter, FindingPlace, findings_count, findings_list};
use crate::store::ledger;
use crate::store::listing::{DossierFilter, Place, dossiers_count, dossiers_list};
use crate::store::{AnyConnection, Moment};
use crate::text::Lang;

/// A page of a list.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Pass as `cursor` to read on; null at the end.
    pub next: Option<String>,
    /// How many rows the filter finds in all.
    pub count: i64,
    /// Whether `count` is exact.
    pub count_exact: bool,
}

/// A finding on a dossier, for lists.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct FoundView {
    /// The dossier's code.
    pub dossier: String,
    /// Its unit.
    pub unit: String,
    /// Its procedure.
    pub procedure: String,
    /// The officer in charge.
    pub officer: Option<String>,
    /// The finding.
    #[serde(flatten)]
    pub finding: FindingView,
}

/// One act of a dossier's life, as the ledger holds it.
#[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
pub struct EventView {
    /// Place in the ledger.
    pub seq: i64,
    /// The act.
    pub act: String,
    /// When it is said to have happened.
    pub at: OfficeTime,
    /// When it was written down.
    pub recorded_at: OfficeTime,
    /// The user who did it; null for the system itself.
    pub actor_id: Option<i64>,
    /// What was before and after.
    pub payload: serde_json::Value,
    /// Hash of the entry, over the hash of the entry before it.
    pub hash: String,
}

/// Which page, and for whom.
#[derive(Debug, Clone)]
pub struct PageRequest {
    /// The reader.
    pub by: Principal,
    /// The reader's language.
    pub lang: Lang,
    /// Rows at most.
    pub limit: i64,
    /// Where to read on.
    pub cursor: Option<String>,
}

/// Logs a dossier; durable when this answers.
///
/// # Errors
/// [`AppError::Invalid`] naming each field, [`AppError::Forbidden`] outside the asker's units, [`AppError::CodeTaken`], the key's conflicts, the store's.
pub async fn register(
    app: &App,
    new: Registration,
    by: Option<Principal>,
    lang: Lang,
) -> Result<Answer, AppError> {
    submit(app, What::Register(Box::new(new)), by, lang).await?.await
}

/// Judges a dossier as [`register`] would and stores nothing.
///
/// # Errors
/// As [`register`].
pub async fn rehearse(
    app: &App,
    new: Registration,
    by: Option<Principal>,
    lang: Lang,
) -> Result<DossierView, AppError> {
    intake::check(&new)?;
    let (now, measures) = (app.clock().now(), app.measures());
    app.read(move |c, catalogue| {
        let file = intake::assemble(Judging { catalogue, measures, now }, &new, by.as_ref())?;
        if new.code.is_some() && store::dossier_find(c, &file.dossier.code)?.is_some() {
            return Err(AppError::CodeTaken(file.dossier.code));
        }
        let person = acting::person(0, &new, String::new());
        let found = intake::findings_at(&file, now);
        view::dossier(&Scene { catalogue, lang, now }, &file.dossier, Some(&person), &found)
    })
    .await
}

/// Logs many dossiers; one answer each, in order. Good ones are stored whatever becomes of the others.
///
/// # Errors
/// Only when the writer has stopped.
pub async fn register_many(
    app: &App,
    new: Vec<Registration>,
    by: Option<&Principal>,
    lang: Lang,
) -> Result<Vec<Result<Answer, AppError>>, AppError> {
    let mut waiting = Vec::with_capacity(new.len());
    for one in new {
        match submit(app, What::Register(Box::new(one)), by.cloned(), lang).await {
            Err(AppError::Unavailable(why)) => return Err(AppError::Unavailable(why)),
            sent => waiting.push(sent),
        }
    }
    let mut answers = Vec::with_capacity(waiting.len());
    for one in waiting {
        answers.push(match one {
            Ok(answer) => answer.await,
            Err(error) => Err(error),
        });
    }
    Ok(answers)
}

/// Acts on a dossier.
///
/// # Errors
/// [`AppError::NotFound`] outside the asker's units, [`AppError::Refused`] when the state does not allow it, [`AppError::PreconditionFailed`].
pub async fn act(
    app: &App,
    request: ActRequest,
    by: Option<Principal>,
    lang: Lang,
) -> Result<Answer, AppError> {
    submit(app, What::Act(Box::new(request)), by, lang).await?.await
}

/// One dossier.
///
/// # Errors
/// [`AppError::NotFound`] when there is none, or none the reader may see.
pub async fn find(app: &App, code: String, by: Principal, lang: Lang) -> Result<DossierView, AppError> {
    let now = app.clock().now();
    app.read(move |c, catalogue| {
        let dossier = visible(c, catalogue, &code, &by)?;
        let mut views = draw(c, &Scene { catalogue, lang, now }, vec![dossier], &by)?;
        views.pop().ok_or(AppError::NotFound("dossier"))
    })
    .await
}

/// A dossier's history.
///
/// # Errors
/// As [`find`].
pub async fn events(app: &App, code: String, by: Principal) -> Result<Vec<EventView>, AppError> {
    app.read(move |c, catalogue| {
        let dossier = visible(c, catalogue, &code, &by)?;
        let entries = ledger::ledger_entries(c, Some(dossier.id), 0, i64::MAX)?;
        Ok(entries
            .into_iter()
            .map(|(entry, hash)| EventView {
                seq: entry.seq,
                act: entry.act,
                at: entry.at.into(),
                recorded_at: entry.recorded_at.into(),
                actor_id: entry.actor_id,
                payload: entry.payload,
                hash,
            })
            .collect())
    })
    .await
}

/// A page of dossiers: those of the filter that the reader may see. `unit` narrows to one unit, with all below it when `subtree` says so.
///
/// # Errors
/// [`AppError::Invalid`] for an unknown unit or a cursor that is none.
pub async fn list(
    app: &App,
    mut filter: DossierFilter,
    scope: UnitScope,
    page: PageRequest,
) -> Result<Page<DossierView>, AppError> {
    let now = app.clock().now();
    let after = page.cursor.as_deref().map(read_place).transpose()?;
    app.read(move |c, catalogue| {
        let units = scope.units(catalogue, &page.by)?;
        let units = match filter.counted.as_mut().map(|by| (by.units_as_of, by)) {
            Some((Some(day), by)) => {
                let unit = scope.unit.as_deref().unwrap_or(&page.by.unit);
                units_of(by, unit, catalogue, (&page.by, day))?
            }
            Some((None, _)) | None => units,
        };
        filter.units = catalogue.narrowed(units);
        filter.q_in_names = page.by.may(Right::SeeApplicant);
        let count = dossiers_count(c, &filter, now.into())?;
        let mut rows = dossiers_list(c, &filter, now.into(), after.as_ref(), page.limit + 1)?;
        let next =
            cut(&mut rows, page.limit, |last| format!("{}~{}", last.due_at.timestamp_micros(), last.code));
        let items = draw(c, &Scene { catalogue, lang: page.lang, now }, rows, &page.by)?;
        Ok(Page { items, next, count, count_exact: true })
    })
    .await
}

/// A page of findings, the newest first.
///
/// # Errors
/// As [`list`].
pub async fn findings(
    app: &App,
    mut filter: FindingFilter,
    scope: UnitScope,
    page: PageRequest,
) -> Result<Page<FoundView>, AppError> {
    let now = app.clock().now();
    let after = page.cursor.as_deref().map(read_finding_place).transpose()?;
    app.read(move |c, catalogue| {
        filter.units = catalogue.narrowed(scope.units(catalogue, &page.by)?);
        let count = findings_count(c, &filter, now.into())?;
        let mut rows = findings_list(c, &filter, now.into(), after.as_ref(), page.limit + 1)?;
        let next = cut(&mut rows, page.limit, |last| {
            format!(
                "{}~{}~{}",
                last.finding.first_seen_at.timestamp_micros(),
                last.finding.code,
                last.dossier
            )
        });
        let scene = Scene { catalogue, lang: page.lang, now };
        let items = rows
            .into_iter()
            .map(|row| FoundView {
                finding: view::finding_view(&scene, &row.finding),
                dossier: row.dossier,
                unit: row.unit,
                procedure: row.procedure,
                officer: row.officer,
            })
            .collect();
        Ok(Page { items, next, count, count_exact: true })
    })
    .await
}

/// Which units a list is about.
#[derive(Debug, Clone, Default)]
pub struct UnitScope {
    /// One unit; `None` for all the reader sees.
    pub unit: Option<String>,
    /// With all below it.
    pub subtree: bool,
}

impl UnitScope {
    /// The units' codes.
    ///
    /// # Errors
    /// [`AppError::Invalid`] for a unit that does not exist or that the reader does not see.
    pub fn units(&self, catalogue: &Catalogue, by: &Principal) -> Result<Vec<String>, AppError> {
        match &self.unit {
            None => Ok(catalogue.units.subtree(&by.unit)),
            Some(unit) if !by.sees(unit, &catalogue.units) => {
                Err(AppError::invalid("unit", Fault::UnknownReference))
            }
            Some(unit) if self.subtree => Ok(catalogue.units.subtree(unit)),
            Some(unit) => Ok(vec![unit.clone()]),
        }
    }
}

pub(super) fn visible(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    code: &str,
    by: &Principal,
) -> Result<Dossier, AppError> {
    store::dossier_find(c, code)?
        .filter(|dossier| by.sees(&dossier.unit, &catalogue.units))
        .ok_or(AppError::NotFound("dossier"))
}

/// The views of dossiers, with their persons (where the reader may see them) and findings, in three reads however many they are.
pub(super) fn draw(
    c: &mut AnyConnection,
    scene: &Scene<'_>,
    dossiers: Vec<Dossier>,
    by: &Principal,
) -> Result<Vec<DossierView>, AppError> {
    let ids: Vec<i64> = dossiers.iter().map(|dossier| dossier.id).collect();
    let persons = if by.may(Right::SeeApplicant) { applicants::applicants_of(c, &ids)? } else { Vec::new() };
    let found = findings_of(c, &ids, scene.now.into())?;
    dossiers
        .iter()
        .map(|dossier| {
            let person = persons.iter().find(|row| row.dossier_id == dossier.id);
            let findings: Vec<Finding> = found
                .iter()
                .filter(|(id, _)| *id == dossier.id)
                .map(|(_, finding)| finding.clone())
                .collect();
            view::dossier(scene, dossier, person, &findings)
        })
        .collect()
}

/// Cuts the one row too many and answers the cursor that reads on from there.
pub(super) fn cut<T>(rows: &mut Vec<T>, limit: i64, place: impl Fn(&T) -> String) -> Option<String> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if rows.len() <= limit {
        return None;
    }
    rows.truncate(limit);
    rows.last().map(place)
}

/// An instant of this century: a cursor that says another was not given by us.
fn moment(micros: &str) -> Option<Moment> {
    let at = micros.parse().ok().and_then(DateTime::<Utc>::from_timestamp_micros)?;
    (intake::EARLIEST..intake::LATEST).contains(&at).then(|| at.into())
}

fn read_place(cursor: &str) -> Result<Place, AppError> {
    cursor
        .split_once('~')
        .and_then(|(micros, code)| Some((moment(micros)?, code.to_owned())))
        .ok_or_else(|| AppError::invalid("cursor", Fault::Malformed))
}

fn read_finding_place(cursor: &str) -> Result<FindingPlace, AppError> {
    let mut parts = cursor.splitn(3, '~');
    let mut read = || {
        let at = moment(parts.next()?)?;
        let code = FindingCode::from_word(parts.next()?)?;
        Some((at, parts.next()?.to_owned(), code.word().to_owned()))
    };
    read().ok_or_else(|| AppError::invalid("cursor", Fault::Malformed))
}

/// The writer's word on a command, once it is durable.
pub(super) type Waiting = std::pin::Pin<Box<dyn Future<Output = Result<Answer, AppError>> + Send>>;

/// Checks a command's texts and queues it; the future answered waits for the writer's word.
///
/// # Errors
/// [`AppError::Invalid`] naming each text that cannot be kept; [`AppError::Unavailable`] when the writer has stopped.
pub(super) async fn submit(
    app: &App,
    what: What,
    by: Option<Principal>,
    lang: Lang,
) -> Result<Waiting, AppError> {
    let what = checked(what)?;
    let (reply, answer) = oneshot::channel();
    app.writer().send(Command::Dossier(Box::new(DossierCommand { what, by, lang }), reply)).await?;
    Ok(Box::pin(async move {
        answer.await.map_err(|_| AppError::Unavailable("the writer has stopped".to_owned()))??.written()
    }))
}

/// A command whose texts and dates can be kept.
///
/// # Errors
/// [`AppError::Invalid`] naming each that cannot.
pub(super) fn checked(mut what: What) -> Result<What, AppError> {
    match &what {
        What::Register(new) => intake::check(new)?,
        What::Act(request) => intake::check_act(request)?,
    }
    intake::settle(&mut what);
    Ok(what)
}
