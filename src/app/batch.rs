//! One transaction for many commands: load what they name, decide each in memory, write with multi-row statements.
//!
//! A refused command has written nothing; its neighbours go on. Two commands with one new code are one creation and one conflict.

use std::collections::{BTreeSet, HashMap};

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::access::{self, Principal, Right};
use super::acting::{decided, may, moment, person, put_right, written};
use super::counters;
use super::error::{AppError, Fault};
use super::intake::{Judging, assemble, digest, findings_at};
use super::redating::brought_up;
use super::serials::Serials;
use super::view;
use super::writer::{ActRequest, Answer, Desk, DossierCommand, Drawn, Registration, What};
use crate::domain::act::Act;
use crate::domain::decision::File;
use crate::domain::history::RECEIVE;
use crate::store::applicants::{self, ApplicantRow};
use crate::store::dossiers as store;
use crate::store::files;
use crate::store::idempotency::{IdempotencyRow, idempotency_by_key, idempotency_forget, idempotency_insert};
use crate::store::ledger::{self, NewEntry};
use crate::store::{AnyConnection, Moment};

/// Carries out the commands, recorded now; one answer each, in order.
///
/// # Errors
/// The store's: then nothing at all was written.
pub(super) fn write(
    desk: &Desk,
    commands: &[DossierCommand],
) -> Result<Vec<Result<Drawn, AppError>>, AppError> {
    desk.store.write("dossiers", |c| {
        let catalogue = desk.cache.current(c)?;
        // The database keeps microseconds: what is decided in memory must be what will be read back.
        let now = Moment::from(desk.clock.now()).utc();
        let judging = Judging { catalogue: &catalogue, measures: desk.measures, now };
        let (batch, answers) = Batch::decided(c, judging, commands)?;
        batch.store(c)?;
        Ok(answers)
    })
}

/// Carries out all the commands within the running transaction, or none of them when one is refused or `keep` says so; one answer each, in order.
///
/// # Errors
/// The store's, with which the transaction must end.
pub(super) fn write_together(
    c: &mut AnyConnection,
    judging: Judging<'_>,
    commands: &[DossierCommand],
    keep: bool,
) -> Result<Vec<Judged>, AppError> {
    let (batch, answers) = Batch::decided(c, judging, commands)?;
    if keep && answers.iter().all(Result::is_ok) {
        batch.store(c)?;
    }
    Ok(answers)
}

/// How long an answer is kept under its key.
const KEYS_KEPT: TimeDelta = TimeDelta::hours(72);

/// A dossier in memory, with all that its answer needs.
struct Held {
    /// As it was loaded; `None` when it is new.
    before: Option<File>,
    file: File,
    person: ApplicantRow,
    changed: bool,
    person_changed: bool,
}

struct Batch<'a> {
    judging: Judging<'a>,
    held: HashMap<String, Held>,
    replies: HashMap<(i64, String), IdempotencyRow>,
    new_replies: Vec<IdempotencyRow>,
    serials: Serials,
    /// The highest key of a dossier, once one was needed.
    last_id: Option<i64>,
    entries: Vec<NewEntry>,
}

type Judged = Result<Drawn, AppError>;
/// A client's key and the hash of its request.
type Keyed = (String, String);

impl<'a> Batch<'a> {
    /// The batch with every command decided and nothing written yet.
    fn decided(
        c: &mut AnyConnection,
        judging: Judging<'a>,
        commands: &[DossierCommand],
    ) -> Result<(Batch<'a>, Vec<Judged>), AppError> {
        let mut batch = Batch::load(c, judging, commands)?;
        let mut answers = Vec::with_capacity(commands.len());
        for command in commands {
            answers.push(match &command.what {
                What::Register(registration) => batch.register(c, registration, command)?,
                What::Act(request) => batch.act(request, command),
            });
        }
        Ok((batch, answers))
    }

    fn load(
        c: &mut AnyConnection,
        judging: Judging<'a>,
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
            judging,
            held: HashMap::new(),
            replies: HashMap::new(),
            new_replies: Vec::new(),
            serials: Serials::load(c, commands, judging.now)?,
            last_id: None,
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
        let persons = applicants::applicants_of(c, &ids)?;
        let mut persons: HashMap<i64, ApplicantRow> =
            persons.into_iter().map(|row| (row.dossier_id, row)).collect();
        for file in files::files_of(c, found)? {
            let id = file.dossier.id;
            let held = Held {
                before: Some(file.clone()),
                person: persons.remove(&id).unwrap_or_else(|| ApplicantRow::erased(id)),
                file,
                changed: false,
                person_changed: false,
            };
            self.held.insert(held.file.dossier.code.clone(), held);
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
        let mut file = match assemble(self.judging, new, by) {
            Ok(file) => file,
            Err(error) => return Ok(Err(error)),
        };
        file.dossier.code = match &new.code {
            Some(code) if self.held.contains_key(code) => return Ok(Err(AppError::CodeTaken(code.clone()))),
            Some(code) => {
                self.serials.step_over(code);
                code.clone()
            }
            None => {
                let (held, of) = (&self.held, &file.dossier);
                self.serials.next(c, (&of.unit, of.received_at), |code| held.contains_key(code))?
            }
        };
        let salt = match access::random_token("", 16) {
            Ok(salt) => salt,
            Err(error) => return Ok(Err(error)),
        };
        file.dossier.id = 1 + match self.last_id {
            Some(last) => last,
            None => store::dossiers_last_id(c)?,
        };
        self.last_id = Some(file.dossier.id);
        let person = person(file.dossier.id, new, salt);
        let mut payload = written(None, &file)?;
        payload.insert("applicant_digest".to_owned(), json!(digest(&person)));
        payload.insert("imported_closed".to_owned(), json!(new.closed.is_some()));
        self.entries.push(NewEntry {
            dossier_id: Some(file.dossier.id),
            act: RECEIVE,
            at: file.dossier.received_at.into(),
            actor_id: by.map(|by| by.user_id),
            payload: Value::Object(payload),
        });
        let held = Held { before: None, file, person, changed: true, person_changed: true };
        let drawn = self.draw(&held, command)?;
        self.held.insert(held.file.dossier.code.clone(), held);
        Ok(self.remember(new.idempotency.as_ref(), by, drawn))
    }

    fn act(&mut self, request: &ActRequest, command: &DossierCommand) -> Judged {
        let by = command.by.as_ref();
        // Before the version is looked at: a repeated request carries the version that it has changed itself.
        if let Some(known) = self.replay(request.idempotency.as_ref(), by) {
            return known;
        }
        let (judging, units) = (self.judging, &self.judging.catalogue.units);
        let held = self
            .held
            .get_mut(&request.code)
            .filter(|held| by.is_none_or(|by| by.sees(&held.file.dossier.unit, units)))
            .ok_or(AppError::NotFound("dossier"))?;
        may(by, request, &held.file.dossier, judging.now)?;
        if request.expected_version.is_some_and(|seen| seen != held.file.dossier.version) {
            return Err(AppError::PreconditionFailed);
        }
        let judging = Judging { now: moment(judging.now, &held.file.dossier), ..judging };
        let act = Act {
            kind: request.kind,
            at: request.at.unwrap_or(judging.now),
            reason: request.reason.clone(),
            ground: request.ground.clone(),
            appointed_at: request.appointed_at,
            changes: request.changes.as_ref().map(|changes| changes.dossier.clone()),
            by_person: by.is_some(),
        };
        if judging.catalogue.redating
            && let Some((file, entry)) = brought_up(&held.file, judging)?
        {
            self.entries.push(entry);
            held.file = file;
            held.changed = true;
        }
        let after = decided(judging, &held.file, &act)?;
        let mut payload = written(Some(&held.file), &after)?;
        payload.insert("reason".to_owned(), json!(act.reason));
        if let Some(ground) = &act.ground {
            payload.insert("ground".to_owned(), json!(ground));
        }
        if let Some(changes) = request.changes.as_ref().filter(|changes| changes.dossier.personal) {
            if held.person.is_erased() {
                // The person's data were erased, and do not come back.
                return Err(AppError::invalid("changes.applicant", Fault::NotCorrectable));
            }
            put_right(&mut held.person, &changes.person);
            held.person_changed = true;
            payload.insert("applicant_digest".to_owned(), json!(digest(&held.person)));
        }
        self.entries.push(NewEntry {
            dossier_id: Some(after.dossier.id),
            act: act.kind.word(),
            at: act.at.into(),
            actor_id: by.map(|by| by.user_id),
            payload: Value::Object(payload),
        });
        held.file = after;
        held.changed = true;
        let held = self.held.get(&request.code).ok_or(AppError::NotFound("dossier"))?;
        let drawn = self.draw(held, command)?;
        self.remember(request.idempotency.as_ref(), by, drawn)
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
        let sees = |held: &Held| by.sees(&held.file.dossier.unit, &self.judging.catalogue.units);
        if !self.held.get(&row.code).is_some_and(sees) {
            return Some(Err(AppError::NotFound("dossier")));
        }
        let (code, body) = (row.code.clone(), row.body.clone());
        Some(Ok(Drawn::Written(Answer { code, version: row.version, body })))
    }

    /// Writes the answer out where it is to be kept under a key.
    fn remember(&mut self, keyed: Option<&Keyed>, by: Option<&Principal>, drawn: Drawn) -> Judged {
        let (Some((key, hash)), Some(by)) = (keyed, by) else { return Ok(drawn) };
        let answer = drawn.written()?;
        let row = IdempotencyRow {
            user_id: by.user_id,
            key: key.clone(),
            request_hash: hash.clone(),
            code: answer.code.clone(),
            version: answer.version,
            body: answer.body.clone(),
            created_at: self.judging.now.into(),
        };
        self.replies.insert((by.user_id, key.clone()), row.clone());
        self.new_replies.push(row);
        Ok(Drawn::Written(answer))
    }

    fn draw(&self, held: &Held, command: &DossierCommand) -> Judged {
        let sees_applicant = command.by.as_ref().is_none_or(|by| by.may(Right::SeeApplicant));
        let person = Some(&held.person).filter(|person| sees_applicant && !person.is_erased());
        let now = self.judging.now;
        let scene = view::Scene { catalogue: self.judging.catalogue, lang: command.lang, now };
        let view = view::dossier(&scene, &held.file.dossier, person, &findings_at(&held.file, now))?;
        Ok(Drawn::Fresh(Box::new(view)))
    }

    fn store(self, c: &mut AnyConnection) -> Result<(), AppError> {
        let mut touched: Vec<&Held> = self.held.values().filter(|held| held.changed).collect();
        touched.sort_by_key(|held| held.file.dossier.id);
        let (created, changed): (Vec<&Held>, Vec<&Held>) =
            touched.into_iter().partition(|held| held.before.is_none());
        files::files_insert(c, &created.iter().map(|held| &held.file).collect::<Vec<_>>())?;
        applicants::applicants_insert(
            c,
            &created.iter().map(|held| held.person.clone()).collect::<Vec<_>>(),
        )?;
        let pairs: Vec<(&File, &File)> =
            changed.iter().filter_map(|held| Some((held.before.as_ref()?, &held.file))).collect();
        files::files_update(c, &pairs)?;
        let new = created.iter().map(|held| (None, Some(&held.file.dossier)));
        let moved = pairs.iter().map(|(before, after)| (Some(&before.dossier), Some(&after.dossier)));
        counters::count(c, self.judging.catalogue, new.chain(moved))?;
        let persons = changed.iter().filter(|held| held.person_changed).map(|held| held.person.clone());
        applicants::applicants_update(c, &persons.collect::<Vec<_>>())?;
        let now = self.judging.now;
        ledger::ledger_append(c, now.into(), self.entries)?;
        if !self.new_replies.is_empty() {
            idempotency_forget(c, (now - KEYS_KEPT).into())?;
            idempotency_insert(c, &self.new_replies)?;
        }
        self.serials.store(c)
    }
}
