//! What would have been: a past dossier held against a commitment, or a statutory limit, that did not hold when it was received.
//!
//! The dossier's own history stands as it is: when it was received and promised, when its time stood still, when it was closed. Only the date it
//! is held against is another. [`Trial`] judges one dossier, [`Score`] adds the verdicts up.

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use super::calendar::Calendar;
use super::commitment::{self, Commitment, CommittedDue, Effect, Receipt};
use super::deadline::{self, DeadlineError, LateReceipt, Limit};
use super::dossier::{Channel, Dossier, NEVER};
use super::due::{self, Binding, Judged, Terms};
use super::procedure::Procedure;
use super::promise::{Rules, beyond_limit_from};
use super::statistics::Rate;
use super::unit::UnitTree;

/// A limit that might be the law.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedLimit {
    /// For this procedure.
    pub procedure: String,
    /// For this channel; `None` for all.
    pub channel: Option<Channel>,
    /// The limit.
    pub limit: Limit,
    /// What a receipt late in the day would mean.
    pub late_receipt: Option<LateReceipt>,
}

/// What might hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proposal {
    /// A commitment of a unit.
    Commitment(Commitment),
    /// A statutory limit.
    Limit(ProposedLimit),
}

/// A proposal made ready to be held against many dossiers.
#[derive(Debug, Clone)]
pub struct Trial {
    rule: Rule,
}

#[derive(Debug, Clone)]
enum Rule {
    /// The commitment under trial has [`TRIED`] for its key; the others are those it refers to.
    Commitments(Vec<Commitment>),
    Limit(ProposedLimit),
}

/// The key of the commitment under trial, which no registered one has.
const TRIED: i64 = i64::MAX;

/// How a dossier ended, held against the date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Closed in time.
    Kept,
    /// Open, and there is still time.
    Running,
    /// Closed when the time was over.
    ClosedLater,
    /// Open, and the time is over.
    StillOpen,
}

/// What the proposal would have meant for one dossier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// When it would have been due, moved by the pauses there were.
    pub due_at: DateTime<Utc>,
    /// From which instant on it would have been late.
    pub lapses_at: DateTime<Utc>,
    /// Whether the receipt promised a later day (or minute).
    pub promised_later: bool,
    /// How it ended.
    pub ending: Ending,
}

impl Verdict {
    /// Whether the dossier would have broken the rule, by its promise or in fact.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.promised_later || matches!(self.ending, Ending::ClosedLater | Ending::StillOpen)
    }
}

impl Trial {
    /// Makes a proposal ready; `registered` are the commitments that stand: one against rollover that names no procedure refers to those for the
    /// same day.
    #[must_use]
    pub fn new(proposal: Proposal, registered: &[Commitment]) -> Trial {
        let rule = match proposal {
            Proposal::Limit(limit) => Rule::Limit(limit),
            Proposal::Commitment(of) => {
                let refers = of.effect == Effect::NoWeekRollover && of.selector.is_empty();
                let referred = registered.iter().filter(|other| refers && other.effect == Effect::SameDay);
                let mut all: Vec<Commitment> = referred.cloned().collect();
                all.push(Commitment { id: TRIED, ..of });
                Rule::Commitments(all)
            }
        };
        Trial { rule }
    }

    /// What it would have meant for a dossier, seen from `now`; `None` when it would not have covered it. `calendar` is the unit's, `procedure` the
    /// dossier's. Where the limit began anew with a supplement, the dossier is judged from then on.
    ///
    /// # Errors
    /// When the date would lie beyond the calendar.
    pub fn verdict(
        &self,
        (calendar, units): (&Calendar, &UnitTree),
        procedure: &Procedure,
        dossier: &Dossier,
        now: DateTime<Utc>,
    ) -> Result<Option<Verdict>, DeadlineError> {
        let held = match &self.rule {
            Rule::Commitments(all) => committed(all, (calendar, units), procedure, dossier)?,
            Rule::Limit(limit) => limited(limit, (calendar, units), procedure, dossier)?,
        };
        let Some(Held { promise_before, judged }) = held else { return Ok(None) };
        let due = judged.after(&dossier.pauses, calendar)?;
        Ok(Some(Verdict {
            due_at: due.due_at,
            lapses_at: due.lapses_at,
            promised_later: dossier.first_due_at >= promise_before,
            ending: ending(dossier, due.lapses_at, now),
        }))
    }
}

/// What a dossier is held to.
struct Held {
    /// A promise at or after this instant is later.
    promise_before: DateTime<Utc>,
    /// The date, before any pause.
    judged: Judged,
}

fn committed(
    all: &[Commitment],
    (calendar, units): (&Calendar, &UnitTree),
    procedure: &Procedure,
    dossier: &Dossier,
) -> Result<Option<Held>, DeadlineError> {
    // The sector is the one the dossier was received under, wherever the procedure has moved since.
    let procedure: Cow<'_, Procedure> = if procedure.sector == dossier.sector {
        Cow::Borrowed(procedure)
    } else {
        Cow::Owned(Procedure { sector: dossier.sector.clone(), ..procedure.clone() })
    };
    let due_from = |effective| -> Option<CommittedDue> {
        let receipt = Receipt { unit: &dossier.unit, procedure: &procedure, limit: dossier.limit, effective };
        commitment::due(all, units, calendar, receipt).into_iter().find(|of| of.commitment_id == TRIED)
    };
    let Some(first) = due_from(dossier.effective_receipt) else { return Ok(None) };
    let judged = if dossier.counted_from == dossier.received_at {
        first.commitment()
    } else {
        let anew = deadline::deadline(calendar, dossier.counted_from, dossier.limit, dossier.late_receipt)?;
        // What arrives complete on a day that is not bound has nothing more to keep.
        let free = Judged { lapses_at: NEVER, ..first.commitment() };
        due_from(anew.effective_receipt).map_or(free, |of| of.commitment())
    };
    Ok(Some(Held { promise_before: first.promise_before, judged }))
}

fn limited(
    proposed: &ProposedLimit,
    (calendar, units): (&Calendar, &UnitTree),
    procedure: &Procedure,
    dossier: &Dossier,
) -> Result<Option<Held>, DeadlineError> {
    let covers = proposed.procedure == dossier.procedure
        && proposed.channel.is_none_or(|channel| channel == dossier.channel);
    if !covers {
        return Ok(None);
    }
    let terms = Terms {
        unit: &dossier.unit,
        procedure,
        limit: proposed.limit,
        late_receipt: proposed.late_receipt,
        counted_from: dossier.received_at,
        given: None,
        binding: Binding::InForce,
    };
    let rules = Rules { calendar, units, commitments: &[] };
    let first = due::reckon(rules, terms)?;
    let promise_before = beyond_limit_from(proposed.limit, &first.statutory);
    let judged = due::reckon(rules, Terms { counted_from: dossier.counted_from, ..terms })?.due;
    Ok(Some(Held { promise_before, judged }))
}

fn ending(dossier: &Dossier, lapses_at: DateTime<Utc>, now: DateTime<Utc>) -> Ending {
    match (dossier.closed_at, dossier.halted_at) {
        (Some(closed), _) if closed < lapses_at => Ending::Kept,
        (Some(_), _) => Ending::ClosedLater,
        // Its time stands still since then.
        (None, Some(halted)) if halted < lapses_at => Ending::Running,
        (None, None) if now < lapses_at => Ending::Running,
        (None, _) => Ending::StillOpen,
    }
}

/// Verdicts added up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Score {
    /// Dossiers that would have been covered.
    pub covered: u32,
    /// Closed in time, as promised in time.
    pub kept: u32,
    /// Broken by the promise or in fact; each dossier once.
    pub broken: u32,
    /// Promised in time, open, and still in time.
    pub running: u32,
    /// Promised for later.
    pub promised_later: u32,
    /// Closed when the time was over.
    pub closed_later: u32,
    /// Open though the time is over.
    pub still_open: u32,
    /// Closed in time, whatever was promised.
    pub closed_in_time: u32,
}

impl Score {
    /// Counts one more dossier.
    pub fn add(&mut self, of: &Verdict) {
        self.covered += 1;
        self.promised_later += u32::from(of.promised_later);
        match of.ending {
            Ending::Kept => self.closed_in_time += 1,
            Ending::ClosedLater => self.closed_later += 1,
            Ending::StillOpen => self.still_open += 1,
            Ending::Running => {}
        }
        match (of.is_broken(), of.ending) {
            (true, _) => self.broken += 1,
            (false, Ending::Running) => self.running += 1,
            (false, _) => self.kept += 1,
        }
    }

    /// Kept, of kept and broken: what runs is not decided.
    #[must_use]
    pub fn rate(&self) -> Rate {
        Rate { numerator: self.kept, denominator: self.kept + self.broken }
    }

    /// Closed in time, of those closed or out of time, whatever was promised: promises were given without knowing of the rule.
    #[must_use]
    pub fn rate_in_fact(&self) -> Rate {
        let decided = self.closed_in_time + self.closed_later + self.still_open;
        Rate { numerator: self.closed_in_time, denominator: decided }
    }
}
