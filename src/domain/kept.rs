//! How commitments were kept: what became of each that binds a dossier received in a period, as seen from an instant.
//!
//! A commitment is broken when its finding of time has come to be ([`super::finding::of_time`]), and by nothing else: a report and the list of
//! findings never disagree. One dossier may be bound by several commitments, each with a verdict of its own.

use chrono::{DateTime, Utc};

use super::commitment::Pledge;
use super::dossier::NEVER;
use super::finding::Bound;
use super::statistics::{Rate, Window};

words! {
    /// What a row of the commitments report stands for.
    CommitmentsBy {
        /// A unit.
        Unit = "unit",
        /// A procedure.
        Procedure = "procedure",
        /// What is promised.
        Effect = "effect",
    }
}

/// What became of a commitment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The dossier was closed before the commitment lapsed; in which way is not asked.
    Kept,
    /// It was open when the commitment lapsed.
    Broken,
    /// It is open, and the commitment has not lapsed yet; one whose time stands still does not lapse.
    Open,
}

/// What had become of a commitment by the window's `as_of`; `None` for one that demands nothing of its dossier, as the calendar stands.
pub fn verdict(bound: &Bound, closed_at: Option<DateTime<Utc>>, window: &Window) -> Option<Verdict> {
    if bound.due_at == NEVER {
        return None;
    }
    let lapsed = bound.lapses_at <= window.as_of();
    if lapsed && closed_at.is_none_or(|at| at >= bound.lapses_at) {
        return Some(Verdict::Broken);
    }
    let closed = closed_at.is_some_and(|at| at < window.cut());
    Some(if closed { Verdict::Kept } else { Verdict::Open })
}

/// The commitments of one kind that bind the dossiers received in a period, counted by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kept {
    /// All of them.
    pub received: u32,
    /// Those whose receipt promises later than the commitment allows.
    pub promised_beyond: u32,
    /// Kept.
    pub kept: u32,
    /// Broken.
    pub broken: u32,
    /// Neither yet.
    pub open: u32,
}

impl Kept {
    /// Counts `n` with this verdict.
    pub fn add(&mut self, verdict: Verdict, n: u32) {
        self.received += n;
        match verdict {
            Verdict::Kept => self.kept += n,
            Verdict::Broken => self.broken += n,
            Verdict::Open => self.open += n,
        }
    }

    /// Those whose receipt promises what the commitment allows.
    pub fn promised_within(&self) -> u32 {
        self.received.saturating_sub(self.promised_beyond)
    }

    /// Kept, of those kept and broken: what is still open has not been decided.
    pub fn kept_of_decided(&self) -> Rate {
        Rate { numerator: self.kept, denominator: self.kept + self.broken }
    }

    /// Promised within the commitment, of all.
    pub fn promised_within_of_received(&self) -> Rate {
        Rate { numerator: self.promised_within(), denominator: self.received }
    }
}

impl std::ops::AddAssign for Kept {
    fn add_assign(&mut self, other: Kept) {
        self.received += other.received;
        self.promised_beyond += other.promised_beyond;
        self.kept += other.kept;
        self.broken += other.broken;
        self.open += other.open;
    }
}

/// A row of the commitments report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KeptByKind {
    /// "Giải quyết trong ngày".
    pub same_day: Kept,
    /// "Thứ Sáu không hẹn qua tuần": receipts on a Friday or on the last working day of their week, as far as the rule binds them.
    pub week_rollover: Kept,
    /// The others: within the session, within so much time.
    pub other: Kept,
}

impl KeptByKind {
    /// Where commitments to this effect are counted.
    pub fn of(&mut self, pledge: Pledge) -> &mut Kept {
        match pledge {
            Pledge::SameDay => &mut self.same_day,
            Pledge::NoWeekRollover => &mut self.week_rollover,
            Pledge::SameSession | Pledge::Within => &mut self.other,
        }
    }
}

impl std::ops::AddAssign for KeptByKind {
    fn add_assign(&mut self, other: KeptByKind) {
        self.same_day += other.same_day;
        self.week_rollover += other.week_rollover;
        self.other += other.other;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::finding::of_time;
    use crate::domain::period::Period;
    use crate::domain::sample::{at, open};

    fn bound(lapses_at: DateTime<Utc>) -> Bound {
        Bound { commitment_id: 1, pledge: Pledge::SameDay, due_at: at("2026-11-20T17:00:00"), lapses_at }
    }

    fn seen(as_of: &str) -> Window {
        Window::new(&Period::parse("2026-12").unwrap(), at(as_of))
    }

    #[test]
    fn a_commitment_is_kept_until_the_instant_it_lapses() {
        let lapses = at("2026-11-21T00:00:00");
        for (closed, as_of, expected) in [
            (None, "2026-11-20T23:59:59", Verdict::Open),
            (None, "2026-11-21T00:00:00", Verdict::Broken),
            (Some("2026-11-20T23:59:59"), "2026-11-20T23:59:58", Verdict::Open),
            (Some("2026-11-20T23:59:59"), "2026-11-20T23:59:59", Verdict::Kept),
            (Some("2026-11-21T00:00:00"), "2026-11-21T00:00:00", Verdict::Broken),
            (Some("2026-11-23T08:00:00"), "2026-11-22T08:00:00", Verdict::Broken),
        ] {
            assert_eq!(
                verdict(&bound(lapses), closed.map(at), &seen(as_of)),
                Some(expected),
                "{closed:?} {as_of}"
            );
        }
    }

    #[test]
    fn what_stands_still_is_open_and_what_demands_nothing_does_not_count() {
        assert_eq!(verdict(&bound(NEVER), None, &seen("2026-11-30T08:00:00")), Some(Verdict::Open));
        let rests = Bound { due_at: NEVER, ..bound(NEVER) };
        assert_eq!(verdict(&rests, None, &seen("2026-11-30T08:00:00")), None);
    }

    #[test]
    fn rates_are_of_what_is_decided() {
        let mut of = Kept::default();
        assert_eq!((of.kept_of_decided().value(), of.promised_within_of_received().value()), (None, None));
        of.add(Verdict::Kept, 3);
        of.add(Verdict::Broken, 1);
        of.add(Verdict::Open, 4);
        of.promised_beyond = 2;
        assert_eq!((of.kept_of_decided().value(), of.promised_within()), (Some(0.75), 6));
        assert_eq!(of.promised_within_of_received().value(), Some(0.75));
    }

    proptest! {
        #[test]
        fn broken_is_exactly_what_is_found_missed(lapses in 0_i64..100, closed in proptest::option::of(0_i64..100), as_of in 0_i64..100) {
            let minute = |n: i64| at("2026-11-20T08:00:00") + chrono::TimeDelta::minutes(n);
            let window = Window::new(&Period::parse("2026-12").unwrap(), minute(as_of));
            let bound = bound(minute(lapses));
            let dossier = crate::domain::dossier::Dossier { closed_at: closed.map(minute), lapses_at: NEVER, ..open() };
            let found = of_time(&dossier, std::slice::from_ref(&bound), minute(as_of));
            let broken = verdict(&bound, closed.map(minute), &window) == Some(Verdict::Broken);
            prop_assert_eq!(broken, !found.is_empty());
        }
    }
}
