//! Counters: what each dossier adds to the sums that reports are made of, and how a report's row is read off them.
//!
//! A dossier makes a few entries, each of +1 or −1 on a day: it was received, closed, became overdue, ceased to be. Every number of a report, for any day past
//! or to come, is then a sum of entries up to that day; nothing has to be done at night. An act moves a dossier's entries, so the counters change by the
//! difference. What the numbers mean is said in [`super::statistics`], which a test holds this to.
//!
//! A day's sum holds what happened before its midnight, as a period's end has it: an instant of lapse that is midnight itself belongs to the day before.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};

use super::dossier::{Channel, ClosedAs, Dossier, Outcome};
use super::office_time::local_date;
use super::statistics::{GroupBy, Tally};

/// Declares the sums, once for all that goes over every one of them.
macro_rules! counts {
    ($($(#[$about:meta])* $field:ident,)+) => {
        /// Sums of entries, each of which counts dossiers.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
        pub struct Counts {
            $($(#[$about])* pub $field: i64,)+
        }

        impl std::ops::AddAssign for Counts {
            fn add_assign(&mut self, more: Counts) {
                $(self.$field += more.$field;)+
            }
        }

        impl std::ops::SubAssign for Counts {
            fn sub_assign(&mut self, less: Counts) {
                $(self.$field -= less.$field;)+
            }
        }

        impl Counts {
            /// Each sum with its name, for those who compare.
            pub fn named(&self) -> Vec<(&'static str, i64)> {
                vec![$((stringify!($field), self.$field)),+]
            }
        }
    };
}

counts! {
    /// Received through the portal.
    received_online,
    /// Received at the counter and by post.
    received_direct,
    /// Closed before the due day.
    early,
    /// Closed neither early nor late.
    on_time,
    /// Closed when the limit had lapsed.
    late,
    /// Of those closed, refused.
    refused,
    /// Of those closed, withdrawn.
    withdrawn,
    /// Of those closed, stopped.
    stopped,
    /// Of those closed late, with an apology.
    late_apologised,
    /// Of those closed early or on time, sent back for a supplement more than once.
    twice_supplemented,
    /// Open, and the limit has lapsed.
    overdue,
    /// Of those, with an apology.
    overdue_apologised,
    /// Open while the limit stands still, and has not lapsed.
    suspended,
    /// Open now, on the day on which the limit lapses or lapsed: what is left to do, by day.
    left_open,
    /// Of those, with an apology.
    left_open_apologised,
}

impl Counts {
    /// All that were received.
    pub fn received(&self) -> i64 {
        self.received_online + self.received_direct
    }

    /// All that were closed.
    pub fn closed(&self) -> i64 {
        self.early + self.on_time + self.late
    }

    /// Whether nothing is counted.
    pub fn is_nothing(&self) -> bool {
        *self == Counts::default()
    }
}

/// What the entries of dossiers are kept apart by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The unit that took the dossier.
    pub unit: String,
    /// Its procedure and how it came in.
    pub kind: Kind,
}

/// What was asked for, and how.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind {
    /// The procedure's code.
    pub procedure: String,
    /// The procedure's sector when the dossier was received.
    pub sector: String,
    /// How it came in.
    pub channel: Channel,
}

impl Place {
    /// The row that it is counted in; `None` for officers, whom counters do not know.
    pub fn key(&self, group_by: GroupBy) -> Option<&str> {
        match group_by {
            GroupBy::Unit => Some(&self.unit),
            GroupBy::Sector => Some(&self.kind.sector),
            GroupBy::Procedure => Some(&self.kind.procedure),
            GroupBy::Channel => Some(self.kind.channel.word()),
            GroupBy::Officer => None,
        }
    }

    /// Where a dossier's entries are counted.
    pub fn of(dossier: &Dossier) -> Place {
        Place {
            unit: dossier.unit.clone(),
            kind: Kind {
                procedure: dossier.procedure.clone(),
                sector: dossier.sector.clone(),
                channel: dossier.channel,
            },
        }
    }
}

/// What entries are made of: a dossier without what counters do not look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// How it came in.
    pub channel: Channel,
    /// When.
    pub received_at: DateTime<Utc>,
    /// Late from this instant on.
    pub lapses_at: DateTime<Utc>,
    /// When, how and how punctually it was closed.
    pub closed: Option<(DateTime<Utc>, ClosedAs, Outcome)>,
    /// Whether it was apologised for.
    pub apologised: bool,
    /// Whether it was sent back for a supplement more than once.
    pub twice_supplemented: bool,
    /// When its time stood still, from and to.
    pub halts: Vec<(DateTime<Utc>, Option<DateTime<Utc>>)>,
}

impl From<&Dossier> for Counted {
    fn from(of: &Dossier) -> Self {
        Counted {
            channel: of.channel,
            received_at: of.received_at,
            lapses_at: of.lapses_at,
            closed: of
                .closed_at
                .zip(of.closed_as.zip(of.outcome))
                .map(|(at, (closed_as, outcome))| (at, closed_as, outcome)),
            apologised: of.reappointments > 0,
            twice_supplemented: of.supplements > 1,
            halts: of.halts.iter().map(|halt| (halt.from, halt.to)).collect(),
        }
    }
}

/// Sums by day.
pub type Days = BTreeMap<NaiveDate, Counts>;

impl Counted {
    /// Adds the dossier's entries `times` over (−1 takes them away), each to its day.
    pub fn enter(&self, times: i64, into: &mut Days) {
        let mut at = |day: NaiveDate, what: &dyn Fn(&mut Counts)| what(into.entry(day).or_default());
        let received_on = local_date(self.received_at);
        at(received_on, &|sum| match self.channel {
            Channel::Online => sum.received_online += times,
            Channel::InPerson | Channel::Postal => sum.received_direct += times,
        });
        if let Some((closed_at, closed_as, outcome)) = self.closed {
            at(local_date(closed_at), &|sum| self.enter_closing(closed_as, outcome, times, sum));
        }
        // What was received when its limit had lapsed is overdue from the receipt on.
        let overdue_on = lapse_day(self.lapses_at).max(received_on);
        let apologised = if self.apologised { times } else { 0 };
        at(overdue_on, &|sum| {
            sum.overdue += times;
            sum.overdue_apologised += apologised;
        });
        match self.closed {
            Some((closed_at, ..)) => at(overdue_on.max(local_date(closed_at)), &|sum| {
                sum.overdue -= times;
                sum.overdue_apologised -= apologised;
            }),
            None => at(lapse_day(self.lapses_at), &|sum| {
                sum.left_open += times;
                sum.left_open_apologised += apologised;
            }),
        }
        for (from, to) in &self.halts {
            let begun = local_date(*from);
            // Once it has lapsed it is overdue, whether or not anybody waits for anything.
            let over = to.map_or(overdue_on, |to| local_date(to).min(overdue_on)).max(begun);
            at(begun, &|sum| sum.suspended += times);
            at(over, &|sum| sum.suspended -= times);
        }
    }

    /// What the dossier's entries come to at an instant within a day, which entries do not know: what had happened before `cut`, and a limit that had lapsed by
    /// `as_of`. At midnight, with both the same, it is the sum of the entries of all days before.
    pub fn come_to(&self, as_of: DateTime<Utc>, cut: DateTime<Utc>) -> Counts {
        let mut sum = Counts::default();
        if self.received_at >= cut {
            return sum;
        }
        match self.channel {
            Channel::Online => sum.received_online = 1,
            Channel::InPerson | Channel::Postal => sum.received_direct = 1,
        }
        if let Some((_, closed_as, outcome)) = self.closed.filter(|(at, ..)| *at < cut) {
            self.enter_closing(closed_as, outcome, 1, &mut sum);
            return sum;
        }
        if self.lapses_at <= as_of {
            sum.overdue = 1;
            sum.overdue_apologised = i64::from(self.apologised);
        } else if self.halts.iter().any(|(from, to)| *from < cut && to.is_none_or(|to| to >= cut)) {
            sum.suspended = 1;
        }
        sum
    }

    fn enter_closing(&self, closed_as: ClosedAs, outcome: Outcome, times: i64, sum: &mut Counts) {
        match outcome {
            Outcome::Early => sum.early += times,
            Outcome::OnTime => sum.on_time += times,
            Outcome::Late => sum.late += times,
        }
        match closed_as {
            ClosedAs::Resolved => {}
            ClosedAs::Refused => sum.refused += times,
            ClosedAs::Withdrawn => sum.withdrawn += times,
            ClosedAs::Stopped => sum.stopped += times,
        }
        match outcome {
            Outcome::Late if self.apologised => sum.late_apologised += times,
            Outcome::Early | Outcome::OnTime if self.twice_supplemented => sum.twice_supplemented += times,
            Outcome::Early | Outcome::OnTime | Outcome::Late => {}
        }
    }
}

/// The day with whose end a limit has lapsed.
fn lapse_day(lapses_at: DateTime<Utc>) -> NaiveDate {
    local_date(lapses_at - TimeDelta::microseconds(1))
}

/// What becomes of the counters when dossiers change: the entries of each as it is less those of it as it was. What comes to nothing is left out.
pub fn difference<'a>(
    changes: impl IntoIterator<Item = (Option<&'a Dossier>, Option<&'a Dossier>)>,
) -> BTreeMap<(Place, NaiveDate), Counts> {
    let mut places: BTreeMap<Place, Days> = BTreeMap::new();
    for (before, after) in changes {
        for (of, times) in before.map(|of| (of, -1)).into_iter().chain(after.map(|of| (of, 1))) {
            Counted::from(of).enter(times, places.entry(Place::of(of)).or_default());
        }
    }
    let flat = places
        .into_iter()
        .flat_map(|(place, days)| days.into_iter().map(move |(day, counts)| ((place.clone(), day), counts)));
    flat.filter(|(_, counts)| !counts.is_nothing()).collect()
}

/// The half month a day falls in begins on the 1st or the 15th: official periods and civil ones both begin and end there (NĐ 09/2019/NĐ-CP Đ.12).
pub fn half_month_of(day: NaiveDate) -> NaiveDate {
    day.with_day(if day.day() < 15 { 1 } else { 15 }).unwrap_or(day)
}

/// The beginning of the half month after that of `day`.
pub fn half_month_after(day: NaiveDate) -> NaiveDate {
    let begun = half_month_of(day);
    // Seventeen days on from the 15th it is the next month, whichever it is.
    let next =
        if begun.day() == 1 { begun.with_day(15) } else { begun.checked_add_days(chrono::Days::new(17)) };
    half_month_of(next.unwrap_or(NaiveDate::MAX))
}

/// The boundaries after `first` up to `until`: the beginnings of half months, and `until` itself.
pub fn boundaries(first: NaiveDate, until: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    let halves = std::iter::successors(Some(half_month_after(first)), |at| Some(half_month_after(*at)));
    let last = Some(until).filter(|until| *until > first && half_month_of(*until) != *until);
    halves.take_while(move |at| *at <= until).chain(last)
}

/// What all days before each boundary up to `until` come to, where that is anything.
pub fn balances(days: &Days, until: NaiveDate) -> Vec<(NaiveDate, Counts)> {
    let Some(first) = days.keys().next() else { return Vec::new() };
    let (mut days, mut sum) = (days.iter().peekable(), Counts::default());
    boundaries(*first, until)
        .map(|boundary| {
            while let Some((_, counts)) = days.next_if(|(day, _)| **day < boundary) {
                sum += *counts;
            }
            (boundary, sum)
        })
        .filter(|(_, sum)| !sum.is_nothing())
        .collect()
}

/// A report's row, from the sums of all entries up to the period's beginning and of all up to the instant it is seen from; with what cannot be: less than
/// nothing of something.
pub fn tally(start: &Counts, end: &Counts) -> (Tally, Vec<&'static str>) {
    let mut broken = Vec::new();
    let mut count = |name: &'static str, n: i64| {
        u32::try_from(n).unwrap_or_else(|_| {
            broken.push(name);
            0
        })
    };
    let mut within = *end;
    within -= *start;
    let (carried_over, in_progress) = (start.received() - start.closed(), end.received() - end.closed());
    let with_apology = within.late_apologised + end.overdue_apologised;
    let tally = Tally {
        received: count("3>=0", within.received() + carried_over),
        online: count("4>=0", within.received_online),
        direct: count("5>=0", within.received_direct),
        carried_over: count("6>=0", carried_over),
        resolved: count("7>=0", within.closed()),
        early: count("8>=0", within.early),
        on_time: count("9>=0", within.on_time),
        late: count("10>=0", within.late),
        in_progress: count("11>=0", in_progress),
        within_limit: count("12>=0", in_progress - end.overdue),
        overdue: count("13>=0", end.overdue),
        suspended: count("suspended>=0", end.suspended),
        late_with_apology: count("with apology>=0", with_apology),
        late_without_apology: count("without apology>=0", within.late + end.overdue - with_apology),
        closed_resolved: count(
            "closed as resolved>=0",
            within.closed() - within.refused - within.withdrawn - within.stopped,
        ),
        closed_refused: count("closed as refused>=0", within.refused),
        closed_withdrawn: count("closed as withdrawn>=0", within.withdrawn),
        closed_stopped: count("closed as stopped>=0", within.stopped),
        twice_supplemented: count("twice supplemented>=0", within.twice_supplemented),
    };
    (tally, broken)
}

#[cfg(test)]
#[path = "counters_tests.rs"]
mod tests;
