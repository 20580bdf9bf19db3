//! One transaction for many commands: load what they name, decide each in memory, write with multi-row statements.
//!
//! A refused command has written nothing; its neighbours go on. Two commands with one new code are one creation and one conflict.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::access::{self, Principal, Right};
use super::catalogue::{Cache, Catalogue};
use super::error::AppError;
use super::intake::{assemble, changing, commitment_rows, digest, findings_at, judge, snapshot};
use super::view;
use super::writer::{ActRequest, Answer, DossierCommand, Registration, What};
use crate::domain::dossier::{self, Act, Dossier};
use crate::domain::finding::Finding;
use crate::domain::fold::fold;
use crate::domain::office_time;
use crate::store::dossiers::{self as store, ApplicantRow, DossierCommitmentRow};
use crate::store::idempotency::{IdempotencyRow, idempotency_by_key, idempotency_forget, idempotency_insert};
use crate::store::ledger::{self, NewEntry};
use crate::store::{AnyConnection, Store, findings};

/// Carries out the commands, recorded at `now`; one answer each, in order.
///
/// # Errors
/// The store's: then nothing at all was written.
pub(super) fn write(
    store: &Store,
    cache: &Cache,
    now: DateTime<Utc>,
    commands: &[DossierCommand],
) -> Result<Vec<Result<Answer, AppError>>, AppError> {
    store.write("dossiers", |c| {
        let catalogue = cache.current(c)?;
        let mut batch = Batch::load(c, &catalogue, now, commands)?;
        let mut answers = Vec::with_capacity(commands.len());
        for command in commands {
            answers.push(match &command.what {
                What::Register(registration) => batch.register(c, registration, command)?,
                What::Act(request) => batch.act(request, command),
            });
        }
        batch.store(c)?;
        Ok(answers)
    })
}

/// No unit takes a million dossiers a day: a longer number at a code's end is no serial.
const SERIALS_END: i64 = 1_000_000;

/// How long an answer is kept under its key.
const KEYS_KEPT: TimeDelta = TimeDelta::hours(72);

/// A dossier in memory, with all that its answer needs.
struct Held {
    dossier: Dossier,
    applicant: ApplicantRow,
    /// The written ones; those of time are derived when they are told.
    findings: Vec<Finding>,
    committed: Vec<DossierCommitmentRow>,
    created: bool,
    changed: bool,
}

struct Batch<'a> {
    catalogue: &'a Catalogue,
    now: DateTime<Utc>,
    held: HashMap<String, Held>,
    replies: HashMap<(i64, String), IdempotencyRow>,
    new_replies: Vec<IdempotencyRow>,
    serials: BTreeMap<String, i64>,
    next_id: i64,
    entries: Vec<NewEntry>,
}

type Judged = Result<Answer, AppError>;
/// A client's key and the hash of its request.
type Keyed = (String, String);

impl<'a> Batch<'a> {
    fn load(
        c: &mut AnyConnection,
        catalogue: &'a Catalogue,
        now: DateTime<Utc>,
        commands: &[DossierCommand],
    ) -> Result<Batch<'a>, AppError> {
        let codes: BTreeSet<String> = commands
            .iter()
            .filter_map(|command| match &command.what {
                What::Register(registration) => registration.code.clone(),
                What::Act(request) => Some(request.code.clone()),
            })
            .collect();
        let mut batch = Batch {
            catalogue,
            now,
            held: HashMap::new(),
            replies: HashMap::new(),
            new_replies: Vec::new(),
            serials: BTreeMap::new(),
            next_id: store::dossiers_last_id(c)? + 1,
            entries: Vec::new(),
        };
        batch.hold(c, &codes.into_iter().collect::<Vec<_>>())?;
        let keys: Vec<String> = commands
            .iter()
            .filter_map(|command| match &command.what {
                What::Register(registration) => registration.idempotency.as_ref(),
                What::Act(request) => request.idempotency.as_ref(),
            })
            .map(|(key, _)| key.clone())
            .collect();
        let replies = idempotency_by_key(c, &keys)?;
        // Whether the asker may still see what a stored answer tells is judged by the dossier as it stands.
        let told = replies.iter().map(|row| row.code.clone()).filter(|code| !batch.held.contains_key(code));
        let told: BTreeSet<String> = told.collect();
        if !told.is_empty() {
            batch.hold(c, &told.into_iter().collect::<Vec<_>>())?;
        }
        batch.replies = replies.into_iter().map(|row| ((row.user_id, row.key.clone()), row)).collect();
        Ok(batch)
    }

    fn hold(&mut self, c: &mut AnyConnection, codes: &[String]) -> Result<(), AppError> {
        let found = store::dossiers_by_code(c, codes)?;
        let ids: Vec<i64> = found.iter().map(|dossier| dossier.id).collect();
        let mut persons: HashMap<i64, ApplicantRow> =
            store::applicants_of(c, &ids)?.into_iter().map(|row| (row.dossier_id, row)).collect();
        let mut found_on: HashMap<i64, Vec<Finding>> = HashMap::new();
        for (id, finding) in findings::findings_written(c, &ids)? {
            found_on.entry(id).or_default().push(finding);
        }
        let mut bound: HashMap<i64, Vec<DossierCommitmentRow>> = HashMap::new();
        for row in store::dossier_commitments_of(c, &ids)? {
            bound.entry(row.dossier_id).or_default().push(row);
        }
        for dossier in found {
            let held = Held {
                applicant: persons.remove(&dossier.id).unwrap_or_else(|| erased(dossier.id)),
                findings: found_on.remove(&dossier.id).unwrap_or_default(),
                committed: bound.remove(&dossier.id).unwrap_or_default(),
                created: false,
                changed: false,
                dossier,
            };
            self.held.insert(held.dossier.code.clone(), held);
        }
        Ok(())
    }

    /// The outer error is the store's and ends the batch; the inner one is this command's alone.
    fn register(
        &mut self,
        c: &mut AnyConnection,
        new: &Registration,
        command: &DossierCommand,
    ) -> Result<Judged, AppError> {
        let by = command.by.as_ref();
        if let Some(known) = self.replay(new.idempotency.as_ref(), by) {
            return Ok(known);
        }
        let promise = match judge(self.catalogue, new, by, self.now) {
            Ok(promise) => promise,
            Err(error) => return Ok(Err(error)),
        };
        let mut dossier = assemble(self.catalogue, new, by, &promise, self.now);
        dossier.code = match &new.code {
            Some(code) if self.held.contains_key(code) => return Ok(Err(AppError::CodeTaken(code.clone()))),
            Some(code) => {
                self.step_over(c, code)?;
                code.clone()
            }
            None => self.next_code(c, &dossier)?,
        };
        let salt = match access::random_token("", 16) {
            Ok(salt) => salt,
            Err(error) => return Ok(Err(error)),
        };
        dossier.id = self.next_id;
        self.next_id += 1;
        let applicant = ApplicantRow {
            dossier_id: dossier.id,
            name: new.applicant.name.clone(),
            phone: new.applicant.phone.clone(),
            email: new.applicant.email.clone(),
            address: new.applicant.address.clone(),
            salt,
            search: fold(&new.applicant.name),
        };
        self.entries.push(NewEntry {
            dossier_id: Some(dossier.id),
            act: "receive",
            at: dossier.received_at.into(),
            actor_id: by.map(|by| by.user_id),
            payload: json!({
                "after": snapshot(&dossier, &applicant.salt),
                "applicant_digest": digest(&applicant),
                "findings": promise.findings.iter().map(|of| of.code.word()).collect::<Vec<_>>(),
                "reason": dossier.reason,
                "imported_closed": new.closed.is_some(),
            }),
        });
        let mut held = Held {
            applicant,
            findings: promise.findings,
            committed: commitment_rows(dossier.id, &promise.committed),
            created: true,
            changed: false,
            dossier,
        };
        clear_if_closed(&mut held);
        let answer = self.answer(&held, command)?;
        self.held.insert(held.dossier.code.clone(), held);
        self.remember(new.idempotency.as_ref(), by, &answer);
        Ok(Ok(answer))
    }

    fn act(&mut self, request: &ActRequest, command: &DossierCommand) -> Judged {
        let by = command.by.as_ref();
        // Before the version is looked at: a repeated request carries the version that it has changed itself.
        if let Some(known) = self.replay(request.idempotency.as_ref(), by) {
            return known;
        }
        let now = self.now;
        let units = &self.catalogue.units;
        let held = self
            .held
            .get_mut(&request.code)
            .filter(|held| by.is_none_or(|by| by.sees(&held.dossier.unit, units)))
            .ok_or(AppError::NotFound("dossier"))?;
        if let Some(by) = by {
            by.must(Right::Handle)?;
        }
        if request.expected_version.is_some_and(|seen| seen != held.dossier.version) {
            return Err(AppError::PreconditionFailed);
        }
        let act = Act { kind: request.kind, at: request.at.unwrap_or(now) };
        let after = dossier::decide(&held.dossier, act, now)?;
        self.entries.push(NewEntry {
            dossier_id: Some(after.id),
            act: act.kind.word(),
            at: act.at.into(),
            actor_id: by.map(|by| by.user_id),
            payload: json!({
                "before": changing(&held.dossier),
                "after": changing(&after),
                "reason": request.reason,
            }),
        });
        held.dossier = after;
        held.changed = true;
        clear_if_closed(held);
        let held = self.held.get(&request.code).ok_or(AppError::NotFound("dossier"))?;
        let answer = self.answer(held, command)?;
        self.remember(request.idempotency.as_ref(), by, &answer);
        Ok(answer)
    }

    /// The answer this key was given before; a conflict when it came with another request.
    fn replay(&self, keyed: Option<&Keyed>, by: Option<&Principal>) -> Option<Judged> {
        let (key, hash) = keyed?;
        let by = by?;
        let row = self.replies.get(&(by.user_id, key.clone()))?;
        if row.request_hash != *hash {
            return Some(Err(AppError::IdempotencyMismatch));
        }
        // The stored answer holds the applicant: it is for the rights of today, not for those of the day it was given.
        if let Err(error) = by.must(Right::Handle) {
            return Some(Err(error));
        }
        let sees = |held: &Held| by.sees(&held.dossier.unit, &self.catalogue.units);
        if !self.held.get(&row.code).is_some_and(sees) {
            return Some(Err(AppError::NotFound("dossier")));
        }
        Some(Ok(Answer { code: row.code.clone(), version: row.version, body: row.body.clone() }))
    }

    fn remember(&mut self, keyed: Option<&Keyed>, by: Option<&Principal>, answer: &Answer) {
        let (Some((key, hash)), Some(by)) = (keyed, by) else { return };
        let row = IdempotencyRow {
            user_id: by.user_id,
            key: key.clone(),
            request_hash: hash.clone(),
            code: answer.code.clone(),
            version: answer.version,
            body: answer.body.clone(),
            created_at: self.now.into(),
        };
        self.replies.insert((by.user_id, key.clone()), row.clone());
        self.new_replies.push(row);
    }

    /// `H19.15-261120-0007`: unit, day of receipt, and a serial of the unit's day.
    fn next_code(&mut self, c: &mut AnyConnection, dossier: &Dossier) -> Result<String, AppError> {
        let day = office_time::local_date(dossier.received_at).format("%y%m%d");
        let prefix = format!("{}-{day}", dossier.unit);
        let mut serial = self.last_serial(c, &prefix)?;
        loop {
            serial += 1;
            let code = format!("{prefix}-{serial:04}");
            // Below the end every code given was stepped over; beyond it another system may have been there.
            let given = serial >= SERIALS_END
                && (self.held.contains_key(&code) || store::dossier_find(c, &code)?.is_some());
            if !given {
                self.serials.insert(prefix, serial);
                return Ok(code);
            }
        }
    }

    /// A code that another system gave may look like one of ours: our serial goes on after it, so that none is given twice.
    fn step_over(&mut self, c: &mut AnyConnection, code: &str) -> Result<(), AppError> {
        let Some((prefix, digits)) = code.rsplit_once('-') else { return Ok(()) };
        let Some(serial) = digits.parse().ok().filter(|serial| *serial < SERIALS_END) else { return Ok(()) };
        if serial > self.last_serial(c, prefix)? {
            self.serials.insert(prefix.to_owned(), serial);
        }
        Ok(())
    }

    fn last_serial(&self, c: &mut AnyConnection, prefix: &str) -> Result<i64, AppError> {
        match self.serials.get(prefix) {
            Some(last) => Ok(*last),
            None => Ok(store::code_serial_find(c, prefix)?),
        }
    }

    fn answer(&self, held: &Held, command: &DossierCommand) -> Result<Answer, AppError> {
        let sees_applicant = command.by.as_ref().is_none_or(|by| by.may(Right::SeeApplicant));
        let scene = view::Scene { catalogue: self.catalogue, lang: command.lang, now: self.now };
        let found = findings_at(&held.dossier, &held.findings, &held.committed, self.now);
        let view = view::dossier(&scene, &held.dossier, sees_applicant.then_some(&held.applicant), &found)?;
        let body = serde_json::to_string(&view).map_err(|error| AppError::Internal(error.to_string()))?;
        Ok(Answer { code: held.dossier.code.clone(), version: held.dossier.version, body })
    }

    fn store(self, c: &mut AnyConnection) -> Result<(), AppError> {
        let mut created: Vec<&Held> = self.held.values().filter(|held| held.created).collect();
        created.sort_by_key(|held| held.dossier.id);
        let changed: Vec<&Held> = self.held.values().filter(|held| held.changed && !held.created).collect();
        let clone = |held: &[&Held]| held.iter().map(|held| held.dossier.clone()).collect::<Vec<_>>();
        store::dossiers_insert(c, &clone(&created))?;
        store::applicants_insert(c, &created.iter().map(|held| held.applicant.clone()).collect::<Vec<_>>())?;
        let committed: Vec<DossierCommitmentRow> =
            created.iter().flat_map(|held| held.committed.clone()).collect();
        store::dossier_commitments_insert(c, &committed)?;
        let found: Vec<(i64, Finding)> = created
            .iter()
            .flat_map(|held| held.findings.iter().map(|finding| (held.dossier.id, finding.clone())))
            .collect();
        findings::findings_insert(c, &found)?;
        store::dossiers_update(c, &clone(&changed))?;
        let closed: Vec<i64> = changed
            .iter()
            .filter(|held| held.dossier.closed_at.is_some())
            .map(|held| held.dossier.id)
            .collect();
        store::findings_clear(c, &closed)?;
        ledger::ledger_append(c, self.now.into(), self.entries)?;
        if !self.new_replies.is_empty() {
            idempotency_forget(c, (self.now - KEYS_KEPT).into())?;
            idempotency_insert(c, &self.new_replies)?;
        }
        for (prefix, last) in &self.serials {
            store::code_serial_set(c, prefix, *last)?;
        }
        Ok(())
    }
}

fn clear_if_closed(held: &mut Held) {
    let Some(closed_at) = held.dossier.closed_at else { return };
    for finding in held.findings.iter_mut().filter(|finding| finding.cleared_at.is_none()) {
        finding.cleared_at = Some(closed_at);
        finding.cleared_why = Some("closed".to_owned());
    }
}

/// The person's data are gone; the dossier stays.
fn erased(dossier_id: i64) -> ApplicantRow {
    ApplicantRow {
        dossier_id,
        name: "—".to_owned(),
        phone: None,
        email: None,
        address: None,
        salt: String::new(),
        search: String::new(),
    }
}
