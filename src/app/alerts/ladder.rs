//! The ladder's messages of one slot: which late dossiers have come to which step, who stands on it, and one letter to each about all that concerns them.
//!
//! When a step is taken, [`crate::domain::alert::ladder`] says. A step that was told speaks again each working day until it is acknowledged, then on
//! the day that was asked for. Dossiers are judged as they stand when the letters are written: what is closed by then falls out.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{DateTime, Utc};

use super::digest::language_of;
use super::ladder_people::People;
use super::links::acknowledge_token;
use super::places::Place;
use super::slices::{Scribe, Slice, Tellings};
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

/// What a reader is told of a dossier.
struct Mention<'a> {
    dossier: &'a LateRow,
    days_late: u32,
    /// The steps on which the reader stands, the highest last.
    steps: Vec<Step>,
    /// Whether any of them is told for the first time.
    first: bool,
    /// The steps below that nobody stood on.
    passed: Vec<Step>,
}

type Book<'a> = BTreeMap<i64, Vec<Mention<'a>>>;

/// What is known of the late dossiers from before.
struct Memory {
    taken: HashMap<i64, Vec<Rung>>,
    quiet: HashSet<(i64, String)>,
}

/// All messages of the slot, and what they tell, to be noted when they are enqueued.
pub(super) fn slice(c: &mut AnyConnection, scribe: &mut Scribe<'_>) -> Result<Slice, AppError> {
    let catalogue = scribe.catalogue;
    let slot = scribe.slot;
    let days = slot.rule.form().steps.clone().unwrap_or_default();
    let ladder = Ladder::new(&days).ok_or_else(|| AppError::Internal("a ladder without steps".to_owned()))?;
    let units = scribe.standing.scope().map(|scope| catalogue.units.subtree(scope));
    let late = store::dossiers_late(c, units.as_deref(), slot.now.into())?;
    let memory = memory(c, &late, slot.now)?;
    let mut people = People::read(c, &late)?;
    let mut tellings = Tellings::default();
    let mut book = Book::new();
    for dossier in &late {
        let calendar = scribe.calendar(&dossier.unit)?;
        if !slot.rule.speaks_at(slot.at, &calendar) {
            continue;
        }
        people.look(c, catalogue, scribe, (dossier, &ladder))?;
        let taken = memory.taken.get(&dossier.id).map_or(&[][..], Vec::as_slice);
        let due_day = office_time::local_date(dossier.due_at.utc());
        let days_late = calendar.working_days_between(due_day, office_time::local_date(slot.now));
        let anyone = |step| !people.on(step).is_empty();
        let steps = climb(&ladder, days_late, taken, anyone, (slot.now, &calendar));
        tellings.steps.extend(steps.iter().map(|rung| step_row(dossier, rung)));
        enter(&mut book, &people, (dossier, days_late), &memory.spoken(dossier, taken, &steps));
    }
    write(c, scribe, (&people, book), tellings)
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
    fn spoken(&self, dossier: &LateRow, taken: &[Rung], new: &[Rung]) -> Spoken {
        let quiet = |step: Step| self.quiet.contains(&(dossier.id, step.word().to_owned()));
        let again =
            taken.iter().filter(|rung| rung.anyone && !quiet(rung.step)).map(|rung| (rung.step, false));
        let first = new.iter().filter(|rung| rung.anyone).map(|rung| (rung.step, true));
        let passed = taken.iter().chain(new).filter(|rung| !rung.anyone).map(|rung| rung.step);
        Spoken { steps: again.chain(first).collect(), passed: passed.collect() }
    }
}

fn enter<'a>(
    book: &mut Book<'a>,
    people: &People,
    (dossier, days_late): (&'a LateRow, u32),
    spoken: &Spoken,
) {
    for (step, first) in &spoken.steps {
        for user in people.on(*step) {
            let mentions = book.entry(*user).or_default();
            match mentions.last_mut().filter(|of| of.dossier.id == dossier.id) {
                Some(known) => {
                    known.steps.push(*step);
                    known.first |= *first;
                }
                None => mentions.push(Mention {
                    dossier,
                    days_late,
                    steps: vec![*step],
                    first: *first,
                    passed: spoken.passed.iter().filter(|of| *of < step).copied().collect(),
                }),
            }
        }
    }
}

/// One letter to each reader and each who reads in a reader's place, each with a link of its own: who acknowledges is who read.
fn write(
    c: &mut AnyConnection,
    scribe: &mut Scribe<'_>,
    (people, book): (&People, Book<'_>),
    mut tellings: Tellings,
) -> Result<Slice, AppError> {
    let mut messages = Vec::new();
    for (user_id, mentions) in book {
        let Some(user) = people.user(user_id) else { continue };
        let calendar = scribe.calendar(&user.unit)?;
        for channel in scribe.slot.rule.form().channels.clone() {
            for to in scribe.absences.addressees(c, user, channel == MAIL)? {
                let reader = to.delegate.clone().unwrap_or_else(|| user.clone());
                let letter = random_token("", 12)?;
                let token = acknowledge_token(&scribe.key, &letter, scribe.slot.now);
                let mut said = said(scribe, user, &reader, &mentions, &token)?;
                if to.delegate.is_some() {
                    said = said.headed(&on_behalf(language_of(&reader), &user.name));
                }
                let row = scribe.row(user, to, &channel, said, &calendar)?;
                tellings.letters.extend(letter_rows(&letter, reader.id, &mentions, &row));
                messages.push(row);
            }
        }
    }
    Ok(Slice { messages, told: tellings, written_to: None, stale: false })
}

fn letter_rows(letter: &str, user_id: i64, mentions: &[Mention<'_>], row: &OutboxRow) -> Vec<LetterRow> {
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
    mentions: &[Mention<'_>],
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
