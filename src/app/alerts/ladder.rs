//! The ladder's messages of one slot: which late dossiers have come to which step, who stands on it, and one letter to each about all that concerns them.
//!
//! When a step is taken, [`crate::domain::alert::ladder`] says. A step that was told speaks again each working day until it is acknowledged, then on
//! the day that was asked for. Dossiers are judged as they stand when the letters are written: what is closed by then falls out. Like every slot it is
//! written in slices; a step is noted in the one that holds the first letter telling of it, so that what nobody was told counts for nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::digest::language_of;
use super::ladder_people::People;
use super::links::acknowledge_token;
use super::places::Place;
use super::slices::{Begun, MESSAGES, Scribe, Slice, said_or_why};
use crate::app::AppError;
use crate::app::access::random_token;
use crate::domain::alert::MAIL;
use crate::domain::alert::ladder::{Ladder, Rung, Step, climb};
use crate::domain::office_time;
use crate::store::AnyConnection;
use crate::store::access::UserRow;
use crate::store::dossiers::word;
use crate::store::ladder::{self as store, LateRow, LetterRow, StepRow};
use crate::store::outbox::OutboxRow;
use crate::text::ladder::{LadderLine, LadderNotice, compose};
use crate::text::letter::{Composed, on_behalf};

/// A slice ends with the letter that brings it to so many notes of steps and tellings.
const NOTES: usize = 1_000;
/// So many slices are composed from one look at what is late.
const SLICES: usize = 10;

/// What a reader is told of a dossier.
struct Mention {
    dossier: Arc<LateRow>,
    days_late: u32,
    /// The steps on which the reader stands, the highest last.
    steps: Vec<Step>,
    /// Whether any of them is told for the first time.
    first: bool,
    /// The steps below that nobody stood on.
    passed: Vec<Step>,
}

type Book = BTreeMap<i64, Vec<Mention>>;

/// What is known of the late dossiers from before.
struct Memory {
    taken: HashMap<i64, Vec<Rung>>,
    quiet: HashSet<(i64, String)>,
}

/// Who is to be told of what, and the steps taken thereby, by dossier.
struct Register {
    people: People,
    book: Book,
    steps: BTreeMap<i64, Vec<StepRow>>,
}

/// The next letters of the slot, with what they tell, to be noted when they are enqueued.
pub(super) fn slices(
    c: &mut AnyConnection,
    scribe: &mut Scribe<'_>,
    begun: Begun,
) -> Result<Vec<Slice>, AppError> {
    let Register { people, book, mut steps } = register(c, scribe, begun.since)?;
    let (mut done, mut slice) = (Vec::new(), Slice::of(Vec::new(), Some(begun.after)));
    for (user_id, mentions) in book.range(begun.after.saturating_add(1)..) {
        if let Some(user) = people.user(*user_id) {
            write(c, scribe, (user, mentions), &mut steps, &mut slice)?;
        }
        slice.written_to = Some(*user_id);
        if slice.messages.len() >= MESSAGES || notes(&slice) >= NOTES {
            let next = Slice::of(Vec::new(), slice.written_to);
            done.push(std::mem::replace(&mut slice, next));
            if done.len() >= SLICES {
                return Ok(done);
            }
        }
    }
    // Steps that nobody stands on have no letter to be noted with. One that only a reader written to before stands on waits for the next slot.
    for row in steps.into_values().filter(|rows| rows.iter().all(|row| !row.anyone)).flatten() {
        if notes(&slice) >= NOTES {
            let next = Slice::of(Vec::new(), slice.written_to);
            done.push(std::mem::replace(&mut slice, next));
            if done.len() >= SLICES {
                return Ok(done);
            }
        }
        slice.told.steps.push(row);
    }
    done.push(Slice { written_to: None, ..slice });
    Ok(done)
}

fn notes(slice: &Slice) -> usize {
    slice.told.steps.len() + slice.told.letters.len()
}

/// The letters to one reader, and what they tell.
pub(super) fn letters_to(
    c: &mut AnyConnection,
    scribe: &mut Scribe<'_>,
    user_id: i64,
) -> Result<Slice, AppError> {
    let now = scribe.slot.now;
    let Register { people, book, mut steps } = register(c, scribe, now)?;
    let mut slice = Slice::of(Vec::new(), None);
    if let (Some(user), Some(mentions)) = (people.user(user_id), book.get(&user_id)) {
        write(c, scribe, (user, mentions), &mut steps, &mut slice)?;
    }
    Ok(slice)
}

/// Looks at all that was late when the slot's writing began.
fn register(
    c: &mut AnyConnection,
    scribe: &mut Scribe<'_>,
    since: DateTime<Utc>,
) -> Result<Register, AppError> {
    let (catalogue, slot) = (scribe.catalogue, scribe.slot);
    let days = slot.rule.form().steps.clone().unwrap_or_default();
    let ladder = Ladder::new(&days).ok_or_else(|| AppError::Internal("a ladder without steps".to_owned()))?;
    let units = scribe.standing.scope().map(|scope| catalogue.units.subtree(scope));
    let late = store::dossiers_late(c, units.as_deref(), since.into())?;
    let memory = memory(c, &late, slot.now)?;
    let people = People::read(c, &late)?;
    let mut register = Register { people, book: Book::new(), steps: BTreeMap::new() };
    for dossier in late.into_iter().map(Arc::new) {
        let calendar = scribe.calendar(&dossier.unit)?;
        if !slot.rule.speaks_at(slot.at, &calendar) {
            continue;
        }
        let people = &mut register.people;
        people.look(c, catalogue, scribe, (&dossier, &ladder))?;
        let taken = memory.taken.get(&dossier.id).map_or(&[][..], Vec::as_slice);
        let due_day = office_time::local_date(dossier.due_at.utc());
        let days_late = calendar.working_days_between(due_day, office_time::local_date(slot.now));
        let anyone = |step| !people.on(step).is_empty();
        let steps = climb(&ladder, days_late, taken, anyone, (slot.now, &calendar));
        let spoken = memory.spoken(&dossier, taken, &steps, since);
        enter(&mut register.book, people, (&dossier, days_late), &spoken);
        if !steps.is_empty() {
            let rows = steps.iter().map(|rung| step_row(&dossier, rung)).collect();
            register.steps.insert(dossier.id, rows);
        }
    }
    Ok(register)
}

fn step_row(dossier: &LateRow, rung: &Rung) -> StepRow {
    StepRow {
        dossier_id: dossier.id,
        due_at: dossier.due_at,
        step: rung.step.word().to_owned(),
        told_at: rung.told_at.into(),
        anyone: rung.anyone,
    }
}

fn memory(c: &mut AnyConnection, late: &[LateRow], now: DateTime<Utc>) -> Result<Memory, AppError> {
    let ids: Vec<i64> = late.iter().map(|of| of.id).collect();
    let lapses: HashMap<i64, _> = late.iter().map(|of| (of.id, of.lapses_at.utc())).collect();
    let mut taken: HashMap<i64, Vec<Rung>> = HashMap::new();
    for row in store::ladder_steps_of(c, &ids)? {
        let step = word("step", &row.step, Step::from_word)?;
        let rung = Rung { step, told_at: row.told_at.utc(), anyone: row.anyone };
        if lapses.get(&row.dossier_id).is_some_and(|lapses_at| rung.counts(*lapses_at)) {
            taken.entry(row.dossier_id).or_default().push(rung);
        }
    }
    let today = office_time::local_date(now);
    let acknowledged = store::acknowledgements_beyond(c, &ids, today)?;
    let quiet = acknowledged
        .into_iter()
        .filter(|row| lapses.get(&row.dossier_id).is_some_and(|lapses_at| *lapses_at <= row.at.utc()))
        .map(|row| (row.dossier_id, row.step))
        .collect();
    Ok(Memory { taken, quiet })
}

/// What is said of a dossier: each step that speaks, whether for the first time, and the steps that nobody stood on.
struct Spoken {
    steps: Vec<(Step, bool)>,
    passed: Vec<Step>,
}

impl Memory {
    /// A step that was taken since the slot's writing began is told for the first time by it, to whichever of its readers.
    fn spoken(&self, dossier: &LateRow, taken: &[Rung], new: &[Rung], since: DateTime<Utc>) -> Spoken {
        let quiet = |step: Step| self.quiet.contains(&(dossier.id, step.word().to_owned()));
        let again = taken
            .iter()
            .filter(|rung| rung.anyone && !quiet(rung.step))
            .map(|rung| (rung.step, rung.told_at >= since));
        let first = new.iter().filter(|rung| rung.anyone).map(|rung| (rung.step, true));
        let passed = taken.iter().chain(new).filter(|rung| !rung.anyone).map(|rung| rung.step);
        Spoken { steps: again.chain(first).collect(), passed: passed.collect() }
    }
}

fn enter(book: &mut Book, people: &People, (dossier, days_late): (&Arc<LateRow>, u32), spoken: &Spoken) {
    for (step, first) in &spoken.steps {
        for user in people.on(*step) {
            let mentions = book.entry(*user).or_default();
            match mentions.last_mut().filter(|of| of.dossier.id == dossier.id) {
                Some(known) => {
                    known.steps.push(*step);
                    known.first |= *first;
                }
                None => mentions.push(Mention {
                    dossier: Arc::clone(dossier),
                    days_late,
                    steps: vec![*step],
                    first: *first,
                    passed: spoken.passed.iter().filter(|of| *of < step).copied().collect(),
                }),
            }
        }
    }
}

/// A letter to a reader and to each who reads in the reader's place, each with a link of its own: who acknowledges is who read.
fn write(
    c: &mut AnyConnection,
    scribe: &mut Scribe<'_>,
    (user, mentions): (&UserRow, &[Mention]),
    steps: &mut BTreeMap<i64, Vec<StepRow>>,
    slice: &mut Slice,
) -> Result<(), AppError> {
    for channel in &scribe.slot.rule.form().channels {
        for to in scribe.absences.addressees(c, user, channel == MAIL)? {
            let reader = to.delegate.clone().unwrap_or_else(|| user.clone());
            let letter = random_token("", 12)?;
            let token = acknowledge_token(&scribe.key, &letter, scribe.slot.now);
            let mut said = said_or_why(said(scribe, user, &reader, mentions, &token))?;
            if to.delegate.is_some() {
                said = said.map(|said| said.headed(&on_behalf(language_of(&reader), &user.name)));
            }
            let row = scribe.row(user, to, channel, said)?;
            if row.is_composed() {
                let first = mentions.iter().filter(|of| of.first);
                slice.told.steps.extend(first.filter_map(|of| steps.remove(&of.dossier.id)).flatten());
                slice.told.letters.extend(letter_rows(&letter, reader.id, mentions, &row));
            }
            slice.messages.push(row);
        }
    }
    Ok(())
}

fn letter_rows(letter: &str, user_id: i64, mentions: &[Mention], row: &OutboxRow) -> Vec<LetterRow> {
    let steps = mentions.iter().flat_map(|of| of.steps.iter().map(|step| (of.dossier.id, *step)));
    let rows: BTreeSet<(i64, Step)> = steps.collect();
    rows.into_iter()
        .map(|(dossier_id, step)| LetterRow {
            letter: letter.to_owned(),
            message_id: row.message_id.clone(),
            user_id,
            dossier_id,
            step: step.word().to_owned(),
            told_at: row.created_at,
        })
        .collect()
}

/// Whether the rule's ladder has a step above this one.
fn goes_on_above(scribe: &Scribe<'_>, step: Step) -> bool {
    let days = scribe.slot.rule.form().steps.as_deref().unwrap_or_default();
    let above = Step::ALL.iter().find(|of| **of > step);
    above.is_some_and(|above| Ladder::new(days).is_some_and(|ladder| ladder.reaches(*above)))
}

fn said(
    scribe: &Scribe<'_>,
    user: &UserRow,
    reader: &UserRow,
    mentions: &[Mention],
    token: &str,
) -> Result<Composed, AppError> {
    let scene = scribe.writer.scene();
    let mut lines: Vec<LadderLine> = mentions
        .iter()
        .map(|of| LadderLine {
            code: of.dossier.code.clone(),
            procedure: of.dossier.procedure.clone(),
            procedure_name: scene.catalogue.procedure_name(&of.dossier.procedure).to_owned(),
            unit: (of.dossier.unit != user.unit)
                .then(|| scene.catalogue.unit_name(&of.dossier.unit).to_owned()),
            officer: of.dossier.officer.clone(),
            due_at: of.dossier.due_at.utc(),
            days_late: of.days_late,
            step: of.steps.last().copied().unwrap_or(Step::Officer),
            first: of.first,
            passed: of.passed.clone(),
            link: scene.address(Place::Dossier(&of.dossier.code)),
        })
        .collect();
    lines.sort_by(|one, two| two.days_late.cmp(&one.days_late).then_with(|| one.code.cmp(&two.code)));
    let highest = lines.iter().map(|line| line.step).max();
    let notice = LadderNotice {
        lang: language_of(reader),
        goes_on: highest.is_some_and(|step| goes_on_above(scribe, step)),
        unit: scene.catalogue.unit_name(&user.unit),
        slot: scribe.slot.at,
        now: scribe.slot.now,
        lines: &lines,
        acknowledge: scene.address(Place::Signed(token)),
        overdue_link: scene.address(Place::Dossiers(&user.unit, &[("overdue", "true")])),
    };
    compose(&notice).map_err(|error| AppError::Internal(error.to_string()))
}
