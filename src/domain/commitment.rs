//! Commitments (*cam kết*): what a unit promises beyond the law, "giải quyết trong ngày", "thứ Sáu không hẹn qua tuần" and their cousins.
//!
//! A commitment says for which receipts it holds and to what effect; [`due`] turns it into dates. Which promise breaks it is [`super::promise`]'s.

use chrono::{DateTime, Datelike, NaiveDate, Utc, Weekday};
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::deadline::{self, Limit};
use super::due::Judged;
use super::finding::FindingCode;
use super::office_time;
use super::procedure::Procedure;
use super::unit::UnitTree;

/// What is promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// The result on the day of the effective receipt.
    SameDay,
    /// The result within the session of the effective receipt.
    SameSession,
    /// A receipt on a Friday, or on the last working day of its ISO week, is never put off past that week's Sunday.
    NoWeekRollover,
    /// The result within so many working hours or working days.
    Within(Limit),
}

impl Effect {
    /// The effect without its values.
    pub fn pledge(&self) -> Pledge {
        match self {
            Effect::SameDay => Pledge::SameDay,
            Effect::SameSession => Pledge::SameSession,
            Effect::NoWeekRollover => Pledge::NoWeekRollover,
            Effect::Within(_) => Pledge::Within,
        }
    }

    /// The stable word, as clients and the database write it.
    pub fn word(&self) -> &'static str {
        self.pledge().word()
    }

    /// Whether it is judged by the minute rather than by the day.
    fn by_minute(&self) -> bool {
        matches!(self, Effect::SameSession | Effect::Within(Limit::WorkingHours(_)))
    }
}

words! {
    /// The effect of a commitment, without its values.
    Pledge {
        /// The result on the day of receipt.
        SameDay = "same_day",
        /// The result within the session of receipt.
        SameSession = "same_session",
        /// Not put off to next week.
        NoWeekRollover = "no_week_rollover",
        /// The result within so much time.
        Within = "within",
    }
}

impl Pledge {
    /// The finding when it is missed.
    pub fn missed(self) -> FindingCode {
        match self {
            Pledge::SameDay => FindingCode::SameDayMissed,
            Pledge::NoWeekRollover => FindingCode::WeekRolloverMissed,
            Pledge::SameSession | Pledge::Within => FindingCode::CommitmentMissed,
        }
    }

    /// The finding when something later is promised.
    pub fn broken_by_promise(self) -> FindingCode {
        match self {
            Pledge::SameDay => FindingCode::SameDayPromise,
            Pledge::NoWeekRollover => FindingCode::WeekRolloverPromise,
            Pledge::SameSession | Pledge::Within => FindingCode::CommitmentPromise,
        }
    }
}

/// Which procedures a commitment covers. With everything empty it covers none, except that `no_week_rollover` then covers what the unit has
/// registered for same-day handling (Phước Long, Chơn Thành).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Selector {
    /// Every procedure.
    #[serde(default)]
    pub all: bool,
    /// Procedure codes.
    #[serde(default)]
    pub procedures: Vec<String>,
    /// Sectors.
    #[serde(default)]
    pub sectors: Vec<String>,
    /// Procedures whose limit is at most this many working days (a same-day or working-hour limit counts as less than any).
    #[serde(default)]
    pub max_working_days: Option<u32>,
}

impl Selector {
    /// Whether nothing is named.
    pub fn is_empty(&self) -> bool {
        !self.all && self.procedures.is_empty() && self.sectors.is_empty() && self.max_working_days.is_none()
    }

    /// Whether the procedure, with the limit in force, is covered.
    pub fn covers(&self, procedure: &Procedure, limit: Limit) -> bool {
        self.all
            || self.procedures.contains(&procedure.code)
            || self.sectors.contains(&procedure.sector)
            || self.max_working_days.is_some_and(|most| match limit {
                Limit::SameDay | Limit::WorkingHours(_) => true,
                Limit::WorkingDays(days) => days <= most,
                Limit::CalendarDays(_) | Limit::Months(_) => false,
            })
    }
}

words! {
    /// Half of a working day.
    HalfDay {
        /// Before noon.
        Morning = "morning",
        /// From noon on.
        Afternoon = "afternoon",
    }
}

/// On which receipts a commitment holds; an empty one holds on all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceivedOn {
    /// Only on these days of the week.
    #[serde(default)]
    pub weekdays: Vec<Weekday>,
    /// Only on the n-th such day of the month, 1–5.
    #[serde(default)]
    pub nth_week: Option<u8>,
    /// Only in this half of the day.
    #[serde(default)]
    pub session: Option<HalfDay>,
}

impl ReceivedOn {
    fn holds(&self, effective: DateTime<Utc>) -> bool {
        let local = office_time::local(effective);
        let nth = local.day0() / 7 + 1;
        let half = if chrono::Timelike::hour(&local) < 12 { HalfDay::Morning } else { HalfDay::Afternoon };
        (self.weekdays.is_empty() || self.weekdays.contains(&local.weekday()))
            && self.nth_week.is_none_or(|wanted| u32::from(wanted) == nth)
            && self.session.is_none_or(|wanted| wanted == half)
    }
}

/// A commitment of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commitment {
    /// Its key.
    pub id: i64,
    /// The unit that committed itself.
    pub unit: String,
    /// Whether the units below are bound too.
    pub subtree: bool,
    /// Which procedures.
    pub selector: Selector,
    /// Which receipts.
    pub received_on: ReceivedOn,
    /// What is promised.
    pub effect: Effect,
    /// First receipt day.
    pub valid_from: NaiveDate,
    /// Last receipt day; `None` while it stands.
    pub valid_to: Option<NaiveDate>,
    /// The decision's number and date.
    pub decision: String,
}

impl Commitment {
    fn binds(&self, unit: &str, on: NaiveDate, units: &UnitTree) -> bool {
        let here = self.unit == unit || (self.subtree && units.is_within(unit, &self.unit));
        here && self.valid_from <= on && self.valid_to.is_none_or(|last| on <= last)
    }

    fn registers_same_day(&self, procedure: &Procedure, limit: Limit) -> bool {
        self.effect == Effect::SameDay && self.selector.covers(procedure, limit)
    }
}

/// Whether a unit has registered a procedure, with the limit in force, for same-day handling (*đăng ký giải quyết trong ngày*) on a day.
pub fn is_registered_same_day(
    commitments: &[Commitment],
    units: &UnitTree,
    (unit, on): (&str, NaiveDate),
    (procedure, limit): (&Procedure, Limit),
) -> bool {
    commitments.iter().any(|of| of.binds(unit, on, units) && of.registers_same_day(procedure, limit))
}

/// A receipt that commitments are held against.
#[derive(Debug, Clone, Copy)]
pub struct Receipt<'a> {
    /// The unit that took it.
    pub unit: &'a str,
    /// What was asked for.
    pub procedure: &'a Procedure,
    /// The statutory limit in force.
    pub limit: Limit,
    /// When the office counts it as received.
    pub effective: DateTime<Utc>,
}

/// What one commitment demands of one dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommittedDue {
    /// The commitment.
    pub commitment_id: i64,
    /// Its effect.
    pub effect: Effect,
    /// The latest promise that keeps it, in full working time.
    pub due_at: DateTime<Utc>,
    /// A promise at or after this instant breaks it.
    pub promise_before: DateTime<Utc>,
    /// Still open at this instant, it is missed.
    pub lapses_at: DateTime<Utc>,
    /// The decision behind it.
    pub decision: String,
}

impl CommittedDue {
    /// The instant from which a promise of [`Self::due_at`] is broken: its minute for effects in hours, else the end of its day.
    pub fn judged_from(&self) -> DateTime<Utc> {
        self.promise().lapses_at
    }

    /// What a promise for [`Self::due_at`] is judged by.
    pub fn promise(&self) -> Judged {
        let by_minute = self.effect.by_minute();
        let lapses_at = if by_minute {
            self.due_at
        } else {
            office_time::midnight_after(office_time::local_date(self.due_at))
        };
        Judged { due_at: self.due_at, lapses_at, by_minute }
    }

    /// What the commitment itself is judged by, whatever was promised.
    pub fn commitment(&self) -> Judged {
        Judged { due_at: self.due_at, lapses_at: self.lapses_at, by_minute: self.effect.by_minute() }
    }
}

/// The commitments that bind this receipt, with their dates, the earliest due first; of several that would be missed by the same name (the
/// province's and the commune's own, say) the strictest alone. Everything is evaluated on the effective receipt.
pub fn due(
    commitments: &[Commitment],
    units: &UnitTree,
    calendar: &Calendar,
    receipt: Receipt<'_>,
) -> Vec<CommittedDue> {
    let on = office_time::local_date(receipt.effective);
    let binding: Vec<&Commitment> =
        commitments.iter().filter(|commitment| commitment.binds(receipt.unit, on, units)).collect();
    let same_day_registered =
        binding.iter().any(|of| of.registers_same_day(receipt.procedure, receipt.limit));
    let mut found: Vec<CommittedDue> = binding
        .into_iter()
        .filter(|of| {
            let inherits =
                of.effect == Effect::NoWeekRollover && of.selector.is_empty() && same_day_registered;
            inherits || of.selector.covers(receipt.procedure, receipt.limit)
        })
        .filter(|of| of.received_on.holds(receipt.effective))
        .filter_map(|of| dates(of, calendar, receipt.effective))
        .collect();
    found.sort_by_key(|of| (of.due_at, of.judged_from(), of.commitment_id));
    let mut named = Vec::new();
    found.retain(|of| {
        let first = !named.contains(&of.effect.pledge().missed());
        named.push(of.effect.pledge().missed());
        first
    });
    found
}

/// What these commitments demand of a receipt that they have bound already, the earliest due first.
pub fn due_of(
    commitments: &[Commitment],
    ids: &[i64],
    calendar: &Calendar,
    effective: DateTime<Utc>,
) -> Vec<CommittedDue> {
    let mut found: Vec<CommittedDue> = commitments
        .iter()
        .filter(|of| ids.contains(&of.id))
        .filter_map(|of| dates(of, calendar, effective))
        .collect();
    found.sort_by_key(|of| (of.due_at, of.judged_from(), of.commitment_id));
    found
}

fn dates(commitment: &Commitment, calendar: &Calendar, effective: DateTime<Utc>) -> Option<CommittedDue> {
    let on = office_time::local_date(effective);
    let (due_at, promise_before, lapses_at) = match commitment.effect {
        Effect::SameDay => {
            let end = office_time::midnight_after(on);
            (calendar.closes_at(on)?, end, end)
        }
        Effect::SameSession => {
            let end = office_time::instant(on, calendar.session_at(effective)?.end);
            // A promise for the session's last minute keeps it; one a second later does not.
            (end, end + chrono::TimeDelta::seconds(1), end)
        }
        Effect::NoWeekRollover => {
            if on.weekday() != Weekday::Fri && !calendar.is_last_working_day_of_week(on) {
                return None;
            }
            let to_sunday = 6 - u64::from(on.weekday().num_days_from_monday());
            let sunday = on.checked_add_days(chrono::Days::new(to_sunday))?;
            let last = calendar.last_working_day_of_week(on).unwrap_or(on).max(on);
            (calendar.closes_at(last)?, office_time::midnight_after(sunday), calendar.week_closes_at(on)?)
        }
        Effect::Within(limit) => {
            let within = deadline::deadline(calendar, effective, limit, None).ok()?;
            let breaks = within.lapses_at.max(within.due_at + chrono::TimeDelta::seconds(1));
            (within.due_at, breaks, within.lapses_at)
        }
    };
    Some(CommittedDue {
        commitment_id: commitment.id,
        effect: commitment.effect,
        due_at,
        promise_before,
        lapses_at,
        decision: commitment.decision.clone(),
    })
}
