//! Publishing a calendar: days off and made up, hours, for the country or for one unit, as a new version.
//!
//! A new calendar may move the dates of open dossiers: which, and how each one's history tells it, is [`super::redating`]'s, while the
//! counters log on [`super::redating_slices`]'. What files look like is [`super::calendar_files`]', what stands is told by [`super::calendar_views`].

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike as _, Utc};
use serde_json::json;

use super::access::{Principal, Right};
pub use super::calendar_files::{CalendarFile, Form, draft_from};
use super::catalogue::{LayerContent, NATIONAL, version_row};
use super::entries::{self, Stamp};
use super::error::{AppError, Fault};
use super::intake::Judging;
use super::redating::{self, Redating};
use super::{App, Catalogue, redating_slices};
use crate::domain::calendar::SessionRule;
use crate::domain::calendar_changes::{ChangedDay, changed_days};
use crate::domain::calendar_draft::{self as draft, Draft, Flawed};
use crate::domain::ledger::sha256_hex;
use crate::store::catalogue as store;
use crate::store::{AnyConnection, Moment, calendars as versions};

/// The word of the ledger's entry about a published calendar.
const PUBLISHED: &str = "calendar_published";

/// A calendar to be published, or to be tried.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// `national`, or a unit's code; it holds for all below it.
    pub scope: String,
    /// What the scope is to say.
    pub draft: Draft,
    /// How the draft's rows are named.
    pub form: Form,
    /// The decision or notice it rests on.
    pub source: String,
    /// The versions of the scope that the draft may have been made from (0: none stood); any, when nothing is said.
    pub based_on: Option<Vec<i64>>,
    /// Only say what would be.
    pub dry_run: bool,
    /// Who publishes; `None` for whoever has the machine.
    pub by: Option<Principal>,
}

/// What publishing came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The new version's number; `None` in a dry run, and when the same stands already.
    pub version: Option<i64>,
    /// The scope's version before; `None` when it said nothing.
    pub based_on: Option<i64>,
    /// Whether the same stands already, so that nothing is published.
    pub unchanged: bool,
    /// Days the scope's calendar now says something of.
    pub days: usize,
    /// What is different from what stands.
    pub changes: Changes,
    /// What it does to open dossiers.
    pub redating: Redating,
}

/// What a new version changes for its scope.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Days of which something else is said, those foreseen by law among them.
    pub days: Vec<ChangedDay>,
    /// The scope's own hours, before and after; `None` when they stay.
    pub sessions: Option<(Vec<SessionRule>, Vec<SessionRule>)>,
    /// Years that are announced now and were not before.
    pub announced: Vec<i32>,
    /// Years that were announced before and are not now.
    pub withdrawn: Vec<i32>,
}

/// Publishes a file as the system itself; see [`propose`].
///
/// # Errors
/// As [`propose`].
pub async fn publish(
    app: &App,
    scope: String,
    file: CalendarFile,
    source: String,
    dry_run: bool,
) -> Result<Published, AppError> {
    let (draft, form) = (file.into(), Form::Toml);
    propose(app, Proposal { scope, draft, form, source, based_on: None, dry_run, by: None }).await
}

/// Publishes a draft as the next version of its scope, and re-dates the open dossiers it moves, with an act in each one's history; closed ones are never
/// touched. In a dry run, and when the same stands already, only says what would be.
///
/// # Errors
/// [`AppError::Forbidden`] for those who may not, [`AppError::NotFound`] for an unknown scope, [`AppError::PreconditionFailed`] when another
/// version stands than the draft was made from, [`AppError::Invalid`] naming each row that is wrong.
pub async fn propose(app: &App, of: Proposal) -> Result<Published, AppError> {
    let (now, measures) = (Moment::from(app.clock().now()).utc(), app.measures());
    // All are looked at before anything is written, and without keeping the counters from writing.
    let tried = of.clone();
    let foreseen = app
        .read(move |c, catalogue| {
            let stands = met(c, catalogue, &tried)?;
            let Some(plan) = planned(catalogue, &tried)? else {
                return Ok(unchanged(catalogue, &tried.scope, stands));
            };
            let by = Judging { catalogue: &plan.after, measures, now };
            let redating = c.snapshot(|c| redating::foreseen(c, plan.units.as_deref(), by))?;
            Ok(plan.published(None, stands, redating))
        })
        .await?;
    if of.dry_run || foreseen.unchanged {
        return Ok(foreseen);
    }
    let write = move |c: &mut AnyConnection, catalogue: &Catalogue| {
        let stands = met(c, catalogue, &of)?;
        let Some(mut plan) = planned(catalogue, &of)? else {
            return Ok((unchanged(catalogue, &of.scope, stands), true));
        };
        let version = insert(c, &of, &plan.content, now)?;
        plan.after.calendar_version = version;
        let by = Judging { catalogue: &plan.after, measures, now };
        let (redating, finished) = redating_slices::begin(c, by, version)?;
        Ok((plan.published(Some(version), stands, redating), finished))
    };
    let (mut published, finished) = app.write_job("calendar", write).await?;
    if let Some(version) = published.version.filter(|_| !finished) {
        published.redating.add(redating_slices::finish(app, version).await?);
    }
    Ok(published)
}

/// Whether the asker may, and the draft was made from what stands; answers that version.
fn met(c: &mut AnyConnection, catalogue: &Catalogue, of: &Proposal) -> Result<Option<i64>, AppError> {
    may_publish(catalogue, &of.scope, of.by.as_ref())?;
    let stands = versions::calendar_in_force(c, &of.scope)?.map(|row| row.version);
    let seen = of.based_on.as_ref().is_none_or(|seen| seen.contains(&stands.unwrap_or(0)));
    if seen { Ok(stands) } else { Err(AppError::PreconditionFailed) }
}

/// Whether the asker publishes for the scope: an administrator for the own unit and those below, for the country one of a topmost unit.
///
/// # Errors
/// [`AppError::Forbidden`]; [`AppError::NotFound`] when there is no such scope.
pub(super) fn may_publish(
    catalogue: &Catalogue,
    scope: &str,
    by: Option<&Principal>,
) -> Result<(), AppError> {
    if let Some(by) = by {
        by.must(Right::Administer)?;
    }
    if !catalogue.is_scope(scope) {
        return Err(AppError::NotFound("calendar"));
    }
    let Some(by) = by else { return Ok(()) };
    let may = match scope {
        NATIONAL => catalogue.units.is_topmost(&by.unit),
        unit => by.sees(unit, &catalogue.units),
    };
    if may { Ok(()) } else { Err(AppError::Forbidden) }
}

fn unchanged(catalogue: &Catalogue, scope: &str, stands: Option<i64>) -> Published {
    Published {
        version: None,
        based_on: stands,
        unchanged: true,
        days: catalogue.layer(scope).map_or(0, |layer| layer.days.len()),
        changes: Changes::default(),
        redating: Redating::default(),
    }
}

/// Writes the version and its entry in the ledger, which holds a digest of what it says.
fn insert(
    c: &mut AnyConnection,
    of: &Proposal,
    content: &LayerContent,
    now: DateTime<Utc>,
) -> Result<i64, AppError> {
    let stamp = Stamp::of(of.by.as_ref(), now);
    let row = version_row(&of.scope, content, &of.source, stamp)?;
    let digest = sha256_hex(row.content.as_bytes());
    let version = store::calendar_insert(c, row)?;
    store::catalogue_touch(c)?;
    let payload = json!({"scope": of.scope, "version": version, "source": of.source, "digest": digest});
    entries::append(c, stamp, [(PUBLISHED, payload)])?;
    Ok(version)
}

/// What a scope would say, the catalogue with it, and the units it holds for; `None` for all.
struct Plan {
    content: LayerContent,
    after: Catalogue,
    units: Option<Vec<String>>,
    changes: Changes,
}

impl Plan {
    fn published(self, version: Option<i64>, based_on: Option<i64>, redating: Redating) -> Published {
        let days = self.content.days.len();
        Published { version, based_on, unchanged: false, days, changes: self.changes, redating }
    }
}

/// The plan, if it changes anything.
fn planned(catalogue: &Catalogue, of: &Proposal) -> Result<Option<Plan>, AppError> {
    let scope = of.scope.as_str();
    let invalid =
        |flaws: Vec<Flawed>| AppError::Invalid(flaws.into_iter().map(|flaw| of.form.invalid(flaw)).collect());
    if let Some(flaw) = draft::of_text(&of.source) {
        let named = of.form.invalid((draft::Place::Days, flaw));
        return Err(AppError::invalid("source", named.fault));
    }
    let units = (scope != NATIONAL).then(|| catalogue.units.subtree(scope));
    let kept = catalogue.layer(scope);
    let content = laid_over(kept, &of.draft, scope == NATIONAL);
    let announced = if scope == NATIONAL { Some(&content) } else { catalogue.layer(NATIONAL) };
    let announced = announced.map(|national| national.announced.clone()).unwrap_or_default();
    let around = catalogue.calendar_around(scope, announced);
    let around = around.map_err(|error| AppError::Internal(error.to_string()))?;
    let flaws = draft::flaws(&of.draft, &around);
    if !flaws.is_empty() {
        return Err(invalid(flaws));
    }
    if *kept.unwrap_or(&LayerContent::default()) == content {
        return Ok(None);
    }
    let after = catalogue.with_layer(scope, &content);
    let after = after.map_err(|error| invalid(vec![draft::of_build(&of.draft, &error)]))?;
    let idle = draft::of_years(&of.draft, &*after.calendar(scope)?);
    if !idle.is_empty() {
        return Err(invalid(idle));
    }
    let changes =
        changes(kept, &content, changed_days(&*catalogue.calendar(scope)?, &*after.calendar(scope)?));
    Ok(Some(Plan { content, after, units, changes }))
}

fn changes(kept: Option<&LayerContent>, content: &LayerContent, days: Vec<ChangedDay>) -> Changes {
    let nothing = LayerContent::default();
    let kept = kept.unwrap_or(&nothing);
    let hours = || (kept.sessions.clone(), content.sessions.clone());
    Changes {
        days,
        sessions: (kept.sessions != content.sessions).then(hours),
        announced: content.announced.difference(&kept.announced).copied().collect(),
        withdrawn: kept.announced.difference(&content.announced).copied().collect(),
    }
}

/// What the scope says from now on: the draft's years as the draft has them, the others as they were.
fn laid_over(kept: Option<&LayerContent>, draft: &Draft, national: bool) -> LayerContent {
    let mut content = kept.cloned().unwrap_or_default();
    let years: BTreeSet<i32> = draft.years();
    content.days.retain(|row| !years.contains(&row.date.year()));
    content.days.extend(draft.days.iter().cloned());
    content.days.sort_by_key(|row| row.date);
    if let Some(sessions) = &draft.sessions {
        content.sessions.clone_from(sessions);
    }
    match draft.announced {
        Some(true) if national => content.announced.extend(years),
        Some(false) if national => content.announced.retain(|year| !years.contains(year)),
        Some(_) | None => {}
    }
    content
}

/// Whether an administrator may say that years are announced: only of the country's calendar.
///
/// # Errors
/// [`AppError::Invalid`] naming `announced`.
pub fn announced_by(scope: &str, announced: Option<bool>) -> Result<(), AppError> {
    let foreign = scope != NATIONAL && announced.is_some();
    if foreign { Err(AppError::invalid("announced", Fault::Conflicting)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dates(content: &LayerContent) -> Vec<String> {
        content.days.iter().map(|row| row.date.to_string()).collect()
    }

    fn csv(text: &str) -> Draft {
        draft_from(format!("date,kind,name,source\n{text}").as_bytes(), true).unwrap().0
    }

    #[test]
    fn a_drafts_years_take_the_place_of_what_was_said_of_them() {
        let kept = laid_over(None, &csv("2026-12-01,closure,a,b\n2027-01-01,holiday,a,b\n"), true);
        assert_eq!(kept.announced, BTreeSet::from([2026, 2027]));
        let mut new = csv("2027-02-05,holiday,a,b\n");
        for (announced, years) in [
            (None, BTreeSet::from([2026, 2027])),
            (Some(true), BTreeSet::from([2026, 2027])),
            (Some(false), BTreeSet::from([2026])),
        ] {
            new.announced = announced;
            let laid = laid_over(Some(&kept), &new, true);
            assert_eq!(dates(&laid), ["2026-12-01", "2027-02-05"]);
            assert_eq!(laid.announced, years);
        }
        let emptied = laid_over(Some(&kept), &Draft { year: Some(2026), ..Draft::default() }, true);
        assert_eq!(dates(&emptied), ["2027-01-01"]);
        assert!(laid_over(None, &csv("2026-12-01,closure,a,b\n"), false).announced.is_empty());
    }

    #[test]
    fn hours_stay_unless_others_are_given_and_none_are_others_too() {
        let hours = vec![SessionRule::office_hours()];
        let kept = LayerContent { sessions: hours.clone(), ..LayerContent::default() };
        let after =
            |sessions| laid_over(Some(&kept), &Draft { sessions, ..Draft::default() }, false).sessions;
        assert_eq!((after(None), after(Some(Vec::new()))), (hours, Vec::new()));
    }
}
