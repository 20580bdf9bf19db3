//! Changing the timetable: an administrator's rule over a line of the settings, or beside them; each change in one transaction with its entry in the
//! ledger.
//!
//! A rule counts from the instant at which it is written: a slot of the new times that lies before is not caught up, and one of the old times that had
//! come and was not claimed yet is written down as replaced. So no rule speaks of its past, and none twice of one instant.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use super::AlertSettings;
use super::rules::{OfficeRule, Standing, timetable};
use super::slots::{mark, unclaimed};
use crate::app::access::{Principal, Right};
use crate::app::catalogue::record::{self, CatalogueAct, Change, Stamp};
use crate::app::{App, AppError, Catalogue, Fault, Invalid};
use crate::domain::alert::MAIL;
use crate::domain::alert::{AlertRule, AlertRuleError, AlertRuleForm, RuleFlaw};
use crate::store::access::{Reached, users_reached};
use crate::store::alert_rules::{AlertRuleRow, alert_rule_delete, alert_rule_put};
use crate::store::alert_slots::slot_claim;
use crate::store::{AnyConnection, catalogue as versions};

/// What a draft goes by that has no name yet.
const NAMELESS: &str = "draft";

/// The versions of a rule that the asker has seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// None is named.
    Nothing,
    /// Whatever stands.
    Any,
    /// One of these.
    Versions(Vec<i64>),
}

/// Writes a rule under its name: a new one, or over the line of the settings or the office's own rule of that name. It reaches nobody outside of the
/// units of the administrator who made it.
///
/// # Errors
/// [`AppError::Forbidden`] for who is no administrator, for the rule of a unit above, and for a line of the settings to who does not administer every
/// unit; [`AppError::PreconditionRequired`] and [`AppError::PreconditionFailed`] where a rule of the office's own stands; [`AppError::Invalid`] naming
/// each wrong field, `name` where another unit has taken it.
pub async fn rule_put(
    app: &App,
    form: AlertRuleForm,
    seen: Seen,
    by: Principal,
) -> Result<Standing, AppError> {
    by.must(Right::Administer)?;
    let rule = AlertRule::try_from(form).map_err(fault_of)?;
    must_be_there(app, &rule.form().channels)?;
    let (settings, now) = (app.timetable().clone(), app.clock().now());
    app.write_job("alert rule", move |c, catalogue| {
        let before = standing(&settings, catalogue, rule.name());
        may_write(catalogue, before.as_ref(), &by)?;
        must_have_seen(before.as_ref(), &seen)?;
        let after = written_over(c, catalogue, before.as_ref(), rule, (&by, now))?;
        if let Some(next) = &after.office {
            alert_rule_put(c, &row(next)?)?;
        }
        retimed(c, catalogue, (before.as_ref(), Some(&after)), now)?;
        told(c, Stamp::of(Some(&by), now), before.as_ref(), Some(&after))?;
        Ok(after)
    })
    .await
}

/// The rule of a form as it would stand, had it been written now; nothing is written. One without a name stands over none.
///
/// # Errors
/// As [`rule_put`], whatever version stands.
pub(super) fn draft(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    settings: &AlertSettings,
    form: AlertRuleForm,
    (by, now): (&Principal, DateTime<Utc>),
) -> Result<Standing, AppError> {
    let before = standing(settings, catalogue, &form.name);
    let name = if form.name.is_empty() { NAMELESS.to_owned() } else { form.name.clone() };
    let rule = AlertRule::try_from(AlertRuleForm { name, ..form }).map_err(fault_of)?;
    may_write(catalogue, before.as_ref(), by)?;
    written_over(c, catalogue, before.as_ref(), rule, (by, now))
}

/// An administrator's rule over what stands under its name.
fn written_over(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    before: Option<&Standing>,
    rule: AlertRule,
    (by, now): (&Principal, DateTime<Utc>),
) -> Result<Standing, AppError> {
    let office = before.and_then(|of| of.office.as_ref());
    let owner = office.map_or_else(|| by.unit.clone(), |of| of.owner.clone());
    let rule = Arc::new(referring(c, catalogue, rule, &owner, by)?);
    let next = OfficeRule {
        rule: Arc::clone(&rule),
        owner,
        version: office.map_or(1, |of| of.version + 1),
        changed_at: now,
        changed_by: Some(by.user_id),
    };
    Ok(Standing { rule, in_settings: before.is_some_and(|of| of.in_settings), office: Some(next) })
}

/// Takes the office's own rule of a name away; the settings' line of that name, if there is one, holds again from now on, and is answered.
///
/// # Errors
/// [`AppError::NotFound`] where the office has no such rule, else as [`rule_put`].
pub async fn rule_remove(
    app: &App,
    name: String,
    seen: Seen,
    by: Principal,
) -> Result<Option<Standing>, AppError> {
    by.must(Right::Administer)?;
    let (settings, now) = (app.timetable().clone(), app.clock().now());
    app.write_job("alert rule", move |c, catalogue| {
        let missing = || AppError::NotFound("alert rule");
        let before = standing(&settings, catalogue, &name).filter(|of| of.concerns(catalogue, &by));
        let before = before.filter(|of| of.office.is_some()).ok_or_else(missing)?;
        may_write(catalogue, Some(&before), &by)?;
        must_have_seen(Some(&before), &seen)?;
        alert_rule_delete(c, &name)?;
        let line = settings.rules.iter().find(|rule| rule.name() == name);
        let after = line.map(|rule| Standing { rule: rule.clone().into(), office: None, in_settings: true });
        retimed(c, catalogue, (Some(&before), after.as_ref()), now)?;
        told(c, Stamp::of(Some(&by), now), Some(&before), after.as_ref())?;
        Ok(after)
    })
    .await
}

/// # Errors
/// [`AppError::Invalid`] naming each channel that the settings do not.
pub(super) fn must_be_there(app: &App, channels: &[String]) -> Result<(), AppError> {
    let allowed: Vec<&str> = std::iter::once(MAIL).chain(app.webhooks().names()).collect();
    let strange = channels.iter().enumerate().filter(|(_, of)| !allowed.contains(&of.as_str()));
    let faults: Vec<Invalid> =
        strange.map(|(at, _)| Invalid::not_allowed(format!("channels[{at}]"), &allowed)).collect();
    if faults.is_empty() { Ok(()) } else { Err(AppError::Invalid(faults)) }
}

/// The rule of a name as it stands.
pub(super) fn standing(settings: &AlertSettings, catalogue: &Catalogue, name: &str) -> Option<Standing> {
    timetable(&settings.rules, catalogue).into_iter().find(|of| of.rule.name() == name)
}

/// Whether the asker may change what stands.
fn may_write(catalogue: &Catalogue, before: Option<&Standing>, by: &Principal) -> Result<(), AppError> {
    let Some(before) = before else { return Ok(()) };
    let Some(office) = &before.office else {
        let everything = catalogue.units.subtree(&by.unit).len() == catalogue.units.count();
        return if everything { Ok(()) } else { Err(AppError::Forbidden) };
    };
    if by.sees(&office.owner, &catalogue.units) {
        return Ok(());
    }
    // The rule of a unit above is seen and not the asker's to change; of that of another it is told only that the name is taken.
    let above = catalogue.units.is_within(&by.unit, &office.owner);
    Err(if above { AppError::Forbidden } else { AppError::invalid("name", Fault::Taken) })
}

fn must_have_seen(before: Option<&Standing>, seen: &Seen) -> Result<(), AppError> {
    let version = before.and_then(|of| of.office.as_ref()).map(|of| of.version);
    let ok = match (version, seen) {
        (Some(_), Seen::Nothing) => return Err(AppError::PreconditionRequired),
        (Some(version), Seen::Versions(of)) => of.contains(&version),
        (None, Seen::Versions(_)) => false,
        (None, Seen::Any) => before.is_some(),
        (Some(_), Seen::Any) | (None, Seen::Nothing) => true,
    };
    if ok { Ok(()) } else { Err(AppError::PreconditionFailed) }
}

/// The rule with its people by their keys, once everything it names is found within the owner's units and what the asker sees.
fn referring(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    rule: AlertRule,
    owner: &str,
    by: &Principal,
) -> Result<AlertRule, AppError> {
    let mut form = AlertRuleForm::from(rule);
    let mut faults = Vec::new();
    let within = |unit: &str| by.sees(unit, &catalogue.units) && catalogue.units.is_within(unit, owner);
    if form.unit.as_deref().is_some_and(|unit| !within(unit)) {
        faults.push(Invalid::new("unit", Fault::UnknownReference));
    }
    let units = catalogue.units.subtree(owner);
    let mut keys = Vec::new();
    for (at, person) in form.people.iter().enumerate() {
        let field = format!("people[{at}]");
        match person_key(c, &units, person) {
            Ok(key) if keys.contains(&key) => faults.push(Invalid::new(field, Fault::Duplicate)),
            Ok(key) => keys.push(key),
            Err(Named::Fault(fault, allowed)) => {
                faults.push(Invalid { allowed, ..Invalid::new(field, fault) });
            }
            Err(Named::Store(error)) => return Err(error),
        }
    }
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    form.people = keys;
    AlertRule::try_from(form).map_err(fault_of)
}

enum Named {
    Fault(Fault, Vec<String>),
    Store(AppError),
}

/// The key of the one person whom a text names.
fn person_key(c: &mut AnyConnection, units: &[String], person: &str) -> Result<String, Named> {
    if person.contains('@') && !crate::mail::is_address(person) {
        return Err(Named::Fault(Fault::Malformed, Vec::new()));
    }
    let people = [person.to_owned()];
    let reached = Reached { role: None, people: &people, units: Some(units) };
    let found = users_reached(c, &reached, 0, 10).map_err(|error| Named::Store(error.into()))?;
    match found.as_slice() {
        [] => Err(Named::Fault(Fault::UnknownReference, Vec::new())),
        [one] => Ok(one.id.to_string()),
        // Several of one name: their keys tell them apart.
        several => {
            Err(Named::Fault(Fault::NotAllowed, several.iter().map(|user| user.id.to_string()).collect()))
        }
    }
}

/// What a rule's flaw is called in an answer.
pub(super) fn fault_of(error: AlertRuleError) -> AppError {
    let mut invalid = Invalid::new(error.field, Fault::Malformed);
    (invalid.fault, invalid.allowed) = match error.flaw {
        RuleFlaw::Required(_) => (Fault::Required, Vec::new()),
        RuleFlaw::Malformed(_) => (Fault::Malformed, Vec::new()),
        RuleFlaw::Name(_) => (Fault::BadCharacters, Vec::new()),
        RuleFlaw::TooOften(_) => (Fault::TooOften, Vec::new()),
        RuleFlaw::Never(_) => (Fault::Never, Vec::new()),
        RuleFlaw::OutOfRange(..) => (Fault::OutOfRange, Vec::new()),
        RuleFlaw::Conflicting(_) => (Fault::Conflicting, Vec::new()),
        RuleFlaw::NotAllowed { allowed, .. } => (Fault::NotAllowed, allowed),
        RuleFlaw::Duplicate(_) => (Fault::Duplicate, Vec::new()),
        RuleFlaw::TooMany(_) => (Fault::TooMany, Vec::new()),
    };
    AppError::Invalid(vec![invalid])
}

fn row(of: &OfficeRule) -> Result<AlertRuleRow, AppError> {
    Ok(AlertRuleRow {
        name: of.rule.name().to_owned(),
        unit: of.owner.clone(),
        content: written(of)?.to_string(),
        version: of.version,
        changed_at: of.changed_at.into(),
        changed_by: of.changed_by,
    })
}

fn written(of: &OfficeRule) -> Result<Value, AppError> {
    serde_json::to_value(of.rule.form()).map_err(|error| AppError::Internal(error.to_string()))
}

/// Lets other times count from now on: what the old ones had come to and nobody had claimed is written down as replaced.
fn retimed(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    (before, after): (Option<&Standing>, Option<&Standing>),
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let Some(name) = after.or(before).map(|of| of.rule.name().to_owned()) else { return Ok(()) };
    if before.zip(after).is_some_and(|(before, after)| before.rule.speaks_like(&after.rule)) {
        return Ok(());
    }
    if let Some(before) = before {
        for at in unclaimed(c, catalogue, &before.rule, now)? {
            slot_claim(c, &mark(&name, at, now, "replaced"))?;
        }
    }
    let result = if before.is_some() { "changed" } else { "begun" };
    slot_claim(c, &mark(&name, now, now, result))?;
    Ok(())
}

fn told(
    c: &mut AnyConnection,
    stamp: Stamp,
    before: Option<&Standing>,
    after: Option<&Standing>,
) -> Result<(), AppError> {
    let Some(name) = after.or(before).map(|of| of.rule.name().to_owned()) else { return Ok(()) };
    let told = |of: Option<&Standing>| {
        of.and_then(|of| of.office.as_ref())
            .map(|of| {
                Ok::<_, AppError>(json!({ "unit": of.owner, "version": of.version, "rule": written(of)? }))
            })
            .transpose()
    };
    let act = if after.is_some_and(|of| of.office.is_some()) {
        CatalogueAct::AlertRuleChanged
    } else {
        CatalogueAct::AlertRuleRemoved
    };
    let change = Change {
        act,
        of: "alert_rule",
        key: json!(name),
        before: told(before)?,
        after: told(after)?,
        more: Map::new(),
    };
    record::write(c, stamp, vec![change])?;
    Ok(versions::catalogue_touch(c)?)
}
