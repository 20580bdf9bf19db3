//! What becomes of one dossier: acts that the service itself decides, until it is closed or the stretch is over.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::country::Habits;
use crate::domain::act::{Act, ActKind, Refusal};
use crate::domain::decision::{File, Office, decide};
use crate::domain::dice::Dice;
use crate::domain::office_time::local_date;

/// Of a thousand dossiers, so many are sent back for a supplement.
const SUPPLEMENT: u32 = 40;
/// Of a thousand requests for a supplement, so many are never answered.
const UNANSWERED: u32 = 80;
/// Of a thousand dossiers, so many are paused on a legal ground.
const PAUSED: u32 = 15;
/// Of a thousand dossiers, so many are withdrawn, refused, or stopped.
const ENDS: [(ActKind, u32); 3] = [(ActKind::Withdraw, 12), (ActKind::Refuse, 9), (ActKind::Stop, 4)];
/// Of a thousand dossiers handled in time, so many are ready before the due day.
const EARLY: u32 = 680;
/// Of a thousand late ones, so many lie until somebody asks for them.
const FORGOTTEN: u32 = 60;
/// Of a thousand results, so many are fetched within days.
const FETCHED: u32 = 870;
/// Working days late: so many in a thousand, and between which numbers.
const LATE_BY: [(u32, u32, u32); 5] = [(560, 1, 2), (250, 3, 5), (130, 6, 15), (50, 16, 60), (10, 61, 250)];

/// A dossier in the hands of those who have these habits; nothing happens at `until` or later.
pub(super) struct Life<'a> {
    pub(super) file: File,
    pub(super) office: &'a Office<'a>,
    pub(super) until: DateTime<Utc>,
    pub(super) dice: &'a mut Dice,
    pub(super) habits: Habits,
}

/// Whether life goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Goes {
    On,
    /// It is closed, or the stretch is over.
    NoFurther,
}

impl Life<'_> {
    /// The dossier as it stands in the end.
    pub(super) fn live(mut self) -> Result<File, Refusal> {
        let goes = match self.dice.below(1_000) {
            drawn if drawn < SUPPLEMENT => self.supplement()?,
            drawn if drawn < SUPPLEMENT + PAUSED => self.pause()?,
            _ => Goes::On,
        };
        if goes == Goes::On && self.end_without_result()? == Goes::On {
            if self.dice.permille(self.habits.late_permille) {
                self.resolve_late()?;
            } else {
                let at = self.in_time();
                self.resolve(at)?;
            }
        }
        Ok(self.file)
    }

    /// Sent back within days; the citizen brings what is missing, or never does.
    fn supplement(&mut self) -> Result<Goes, Refusal> {
        let days = self.dice.between(0, 2);
        let asked = self.some_days_on(self.last(), days);
        if self.act(ActKind::RequestSupplement, asked)? == Goes::NoFurther {
            return Ok(Goes::NoFurther);
        }
        if self.dice.permille(UNANSWERED) {
            let days = self.dice.between(20, 60);
            let given_up = self.some_days_on(self.last(), days);
            self.act(ActKind::Stop, given_up)?;
            return Ok(Goes::NoFurther);
        }
        let days = self.dice.between(1, 12);
        let brought = self.some_days_on(self.last(), days);
        self.act(ActKind::Supplement, brought)
    }

    /// Its time stands still while another authority is asked, say.
    fn pause(&mut self) -> Result<Goes, Refusal> {
        let at = self.within_a_while(240);
        if self.act(ActKind::Pause, at)? == Goes::NoFurther {
            return Ok(Goes::NoFurther);
        }
        let days = self.dice.between(2, 20);
        let at = self.some_days_on(self.last(), days);
        self.act(ActKind::Resume, at)
    }

    fn end_without_result(&mut self) -> Result<Goes, Refusal> {
        let mut drawn = self.dice.below(1_000);
        for (kind, share) in ENDS {
            if drawn < share {
                let at = self.in_time();
                self.act(kind, at)?;
                return Ok(Goes::NoFurther);
            }
            drawn -= share;
        }
        Ok(Goes::On)
    }

    fn resolve_late(&mut self) -> Result<(), Refusal> {
        let by = self.dice.weighted(&LATE_BY, |of| of.0).copied().unwrap_or((0, 1, 2));
        let days = self.dice.between(by.1, by.2);
        let due = self.file.dossier.due_at;
        if self.dice.permille(self.habits.apologised_permille)
            && self.apologise(due, days)? == Goes::NoFurther
        {
            return Ok(());
        }
        if self.dice.permille(FORGOTTEN) {
            return Ok(());
        }
        let at = self.some_days_on(due, days);
        self.resolve(at)
    }

    /// A slip given before the due day, where there is a day before it, that names a day near that of the result.
    fn apologise(&mut self, due: DateTime<Utc>, days: u32) -> Result<Goes, Refusal> {
        let calendar = self.office.rules.calendar;
        let (from, due_day) = (local_date(self.last()), local_date(due));
        let (Some(day), true) = (calendar.subtract_working_days(due_day, 1), from < due_day) else {
            return Ok(Goes::On);
        };
        let new_day = calendar.add_working_days(due_day, days).and_then(|day| calendar.closes_at(day));
        let at = self.moment_on(day.max(from)).max(self.last() + TimeDelta::minutes(1));
        match new_day {
            Some(appointed_at) => {
                let act = Act { appointed_at: Some(appointed_at), ..act(ActKind::Apologise, at) };
                self.carry_out(&act)
            }
            None => Ok(Goes::On),
        }
    }

    /// The result, and most times its being fetched.
    fn resolve(&mut self, at: DateTime<Utc>) -> Result<(), Refusal> {
        if self.act(ActKind::Resolve, at)? == Goes::On && self.dice.permille(FETCHED) {
            let days = self.dice.between(0, 4);
            let at = self.some_days_on(self.last(), days);
            self.act(ActKind::Return, at)?;
        }
        Ok(())
    }

    /// An instant at which nothing is late: before the due day, where there is one, or on it.
    fn in_time(&mut self) -> DateTime<Utc> {
        let calendar = self.office.rules.calendar;
        let (from, due) = (self.last(), self.file.dossier.due_at);
        let days = calendar.working_days_between(local_date(from), local_date(due));
        if days > 0 && self.dice.permille(EARLY) {
            // Things lie until the end draws near.
            let after = self.dice.below(days).max(self.dice.below(days));
            return self.some_days_on(from, after);
        }
        let opens = calendar.opens_at(local_date(due)).map_or(from, |opens| opens.max(from));
        let left = calendar.session_minutes_between(opens, due);
        let minutes = self.dice.below(u32::try_from(left).unwrap_or(0));
        calendar.add_session_minutes(opens, minutes.max(1)).map_or(from, |at| at.min(due)).max(from)
    }

    /// So many working days after `at`, at some time of the day; within the hours that follow when it is the same day.
    fn some_days_on(&mut self, at: DateTime<Utc>, days: u32) -> DateTime<Utc> {
        if days == 0 {
            return self.within_a_while(150);
        }
        let day = self.office.rules.calendar.add_working_days(local_date(at), days);
        day.map_or(at, |day| self.moment_on(day)).max(self.last())
    }

    /// Up to so many minutes of session time after the last act.
    fn within_a_while(&mut self, minutes: u32) -> DateTime<Utc> {
        let (last, after) = (self.last(), self.dice.between(3, minutes));
        self.office.rules.calendar.add_session_minutes(last, after).unwrap_or(last)
    }

    fn moment_on(&mut self, day: NaiveDate) -> DateTime<Utc> {
        let calendar = self.office.rules.calendar;
        let Some(opens) = calendar.opens_at(day) else { return self.last() };
        let length =
            calendar.closes_at(day).map_or(0, |closes| calendar.session_minutes_between(opens, closes));
        let minutes = self.dice.below(u32::try_from(length).unwrap_or(0));
        let seconds = TimeDelta::seconds(i64::from(self.dice.below(60)));
        calendar.add_session_minutes(opens, minutes).unwrap_or(opens) + seconds
    }

    fn last(&self) -> DateTime<Utc> {
        self.file.dossier.last_act_at
    }

    fn act(&mut self, kind: ActKind, at: DateTime<Utc>) -> Result<Goes, Refusal> {
        self.carry_out(&act(kind, at))
    }

    fn carry_out(&mut self, act: &Act) -> Result<Goes, Refusal> {
        if act.at >= self.until {
            return Ok(Goes::NoFurther);
        }
        self.file = decide(&self.file, act, self.office, act.at)?;
        Ok(Goes::On)
    }
}

/// An act with what it must say.
fn act(kind: ActKind, at: DateTime<Utc>) -> Act {
    let reason = match kind {
        ActKind::RequestSupplement
        | ActKind::Pause
        | ActKind::Apologise
        | ActKind::Refuse
        | ActKind::Stop
        | ActKind::Correct => Some("Dữ liệu đo tải".to_owned()),
        ActKind::Supplement | ActKind::Resume | ActKind::Resolve | ActKind::Return | ActKind::Withdraw => {
            None
        }
    };
    let ground = (kind == ActKind::Pause).then(|| "Dữ liệu đo tải".to_owned());
    Act { kind, at, reason, ground, appointed_at: None, changes: None, by_person: false }
}
