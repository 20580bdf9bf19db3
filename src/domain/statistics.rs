//! The definitions of every statistic, in one place.
//!
//! A [`Window`] says what a report is about, [`standing`] what one dossier is in it, and a [`Tally`] sums standings to the columns of form
//! II.06a/VPCP ("Tình hình, kết quả giải quyết thủ tục hành chính") and the rates beside them. Whoever counts by other means, the database
//! for one, counts [`Standing`]s and is held to this by tests. Pure; which days a period has is said in [`super::period`].

use chrono::{DateTime, TimeDelta, Utc};

use super::dossier::{Channel, ClosedAs, Dossier, Halt, Outcome};
use super::period::Period;

/// Which version of the definitions in this file: it grows when a number's meaning changes, so that a sealed report says by which it was counted.
pub const DEFINITIONS: u32 = 1;

words! {
    /// What a row of a report stands for.
    GroupBy {
        /// A unit.
        Unit = "unit",
        /// A sector (*lĩnh vực*).
        Sector = "sector",
        /// A procedure.
        Procedure = "procedure",
        /// An officer.
        Officer = "officer",
        /// The way dossiers came in.
        Channel = "channel",
    }
}

impl GroupBy {
    /// The row a dossier belongs to; empty for one that nobody is in charge of.
    pub fn key(self, of: &Dossier) -> &str {
        match self {
            GroupBy::Unit => &of.unit,
            GroupBy::Sector => &of.sector,
            GroupBy::Procedure => &of.procedure,
            GroupBy::Officer => of.officer.as_deref().unwrap_or_default(),
            GroupBy::Channel => of.channel.word(),
        }
    }
}

/// The stretch of time a report is about, and the instant it is seen from: what happened later has not happened yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    as_of: DateTime<Utc>,
}

impl Window {
    /// A period seen from `as_of`, or from its own end if that comes first: nothing after the end belongs to it.
    pub fn new(period: &Period, as_of: DateTime<Utc>) -> Window {
        Window { start: period.start(), end: period.end(), as_of: as_of.min(period.end()) }
    }

    /// The instant it is seen from; never after the period's end.
    pub fn as_of(&self) -> DateTime<Utc> {
        self.as_of
    }

    /// The period's end: what happens at it or after it is not of the period.
    pub fn end(&self) -> DateTime<Utc> {
        self.end
    }

    /// The period's beginning: what was received earlier is carried over.
    pub fn start(&self) -> DateTime<Utc> {
        self.start
    }

    /// Acts before this instant count, those at it or after do not: the period's end, or the first microsecond (the store's step) after `as_of`.
    pub fn cut(&self) -> DateTime<Utc> {
        self.as_of.checked_add_signed(TimeDelta::microseconds(1)).map_or(self.end, |next| next.min(self.end))
    }

    /// A dossier closed before this instant is no longer of the period: its beginning, unless it is seen from before that.
    pub fn open_from(&self) -> DateTime<Utc> {
        self.start.min(self.cut())
    }
}

/// What one dossier is within a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Standing {
    /// Where it came from.
    pub source: Source,
    /// How far it has come.
    pub progress: Progress,
    /// Whether the citizen was given an apology with a new appointment.
    pub apologised: bool,
    /// Whether it was sent back for a supplement more than once, which QĐ 766/QĐ-TTg counts as late.
    pub twice_supplemented: bool,
}

/// Where a dossier of a period came from: columns (4) to (6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Source {
    /// Received in the period through the portal: (4).
    Online,
    /// Received in the period at the counter or by post: (5).
    Direct,
    /// Received earlier and open when the period began: (6).
    CarriedOver,
}

impl Source {
    /// The column of a dossier received by `channel`, in the period or `carried_over` into it.
    pub fn of(channel: Channel, carried_over: bool) -> Source {
        match channel {
            _ if carried_over => Source::CarriedOver,
            Channel::Online => Source::Online,
            Channel::InPerson | Channel::Postal => Source::Direct,
        }
    }
}

/// How far a dossier of a period has come: columns (8) to (10), (12) and (13).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Progress {
    /// Closed in the period. Refused, withdrawn and stopped ones count by their closing time like the others; pickup by the citizen is not asked.
    Closed(ClosedAs, Outcome),
    /// Open and within its limit: (12).
    WithinLimit,
    /// Open while its limit stands still, waiting for a supplement or paused on a legal ground; counts in (12) too.
    Suspended,
    /// Open, and its limit has lapsed: (13).
    Overdue,
}

impl Progress {
    /// Where an open dossier is, by whether its limit has lapsed and whether it stood still; one that was late when it was halted stays late.
    pub fn of_open(lapsed: bool, halted: bool) -> Progress {
        match (lapsed, halted) {
            (true, _) => Progress::Overdue,
            (false, true) => Progress::Suspended,
            (false, false) => Progress::WithinLimit,
        }
    }
}

/// What a dossier is within a window; `None` when it is none of its dossiers: received later, or closed before.
///
/// Receipt, halts and closing are those that had happened by the window's `as_of`; when its limit lapses, and whether it was apologised for, is judged by all
/// that is known now: a due date that was moved by law since is the due date.
pub fn standing(of: &Dossier, window: &Window) -> Option<Standing> {
    if of.received_at >= window.cut() {
        return None;
    }
    let closed = of.closed_at.filter(|at| *at < window.cut());
    if closed.is_some_and(|at| at < window.start) {
        return None;
    }
    let progress = match (closed, of.closed_as, of.outcome) {
        (Some(_), Some(closed_as), Some(outcome)) => Progress::Closed(closed_as, outcome),
        _ => {
            let lasts = |halt: &Halt| halt.from < window.cut() && halt.to.is_none_or(|to| to >= window.cut());
            Progress::of_open(of.lapses_at <= window.as_of, of.halts.iter().any(lasts))
        }
    };
    Some(Standing {
        source: Source::of(of.channel, of.received_at < window.start),
        progress,
        apologised: of.reappointments > 0,
        twice_supplemented: of.supplements > 1,
    })
}

/// The sums of a row. Each column is counted on its own, so that [`Tally::violations`] says something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// (3) All dossiers of the period: (4) + (5) + (6).
    pub received: u32,
    /// (4) Received online.
    pub online: u32,
    /// (5) Received at the counter and by post.
    pub direct: u32,
    /// (6) Carried over from the period before.
    pub carried_over: u32,
    /// (7) Closed: (8) + (9) + (10).
    pub resolved: u32,
    /// (8) Closed on a day before the due day.
    pub early: u32,
    /// (9) Closed neither early nor late.
    pub on_time: u32,
    /// (10) Closed when the limit had lapsed.
    pub late: u32,
    /// (11) Open at the end: (12) + (13).
    pub in_progress: u32,
    /// (12) Open within the limit, the suspended included.
    pub within_limit: u32,
    /// (13) Open when the limit had lapsed.
    pub overdue: u32,
    /// Of (12), those whose limit stands still.
    pub suspended: u32,
    /// Of (10) and (13), those with an apology.
    pub late_with_apology: u32,
    /// Of (10) and (13), those without.
    pub late_without_apology: u32,
    /// Of (7), closed with a result.
    pub closed_resolved: u32,
    /// Of (7), refused.
    pub closed_refused: u32,
    /// Of (7), withdrawn.
    pub closed_withdrawn: u32,
    /// Of (7), stopped.
    pub closed_stopped: u32,
    /// Of (8) and (9), those sent back for a supplement more than once.
    pub twice_supplemented: u32,
}

impl Tally {
    /// Counts `n` dossiers that stand alike.
    pub fn add(&mut self, of: Standing, n: u32) {
        self.received += n;
        match of.source {
            Source::Online => self.online += n,
            Source::Direct => self.direct += n,
            Source::CarriedOver => self.carried_over += n,
        }
        match of.progress {
            Progress::Closed(closed_as, outcome) => {
                self.add_closed(closed_as, outcome, n);
                if of.twice_supplemented && outcome != Outcome::Late {
                    self.twice_supplemented += n;
                }
            }
            Progress::WithinLimit => {
                self.in_progress += n;
                self.within_limit += n;
            }
            Progress::Suspended => {
                self.in_progress += n;
                self.within_limit += n;
                self.suspended += n;
            }
            Progress::Overdue => {
                self.in_progress += n;
                self.overdue += n;
            }
        }
        if matches!(of.progress, Progress::Overdue | Progress::Closed(_, Outcome::Late)) {
            match of.apologised {
                true => self.late_with_apology += n,
                false => self.late_without_apology += n,
            }
        }
    }

    fn add_closed(&mut self, closed_as: ClosedAs, outcome: Outcome, n: u32) {
        self.resolved += n;
        match outcome {
            Outcome::Early => self.early += n,
            Outcome::OnTime => self.on_time += n,
            Outcome::Late => self.late += n,
        }
        match closed_as {
            ClosedAs::Resolved => self.closed_resolved += n,
            ClosedAs::Refused => self.closed_refused += n,
            ClosedAs::Withdrawn => self.closed_withdrawn += n,
            ClosedAs::Stopped => self.closed_stopped += n,
        }
    }

    /// The columns with their names, in one order for all that goes over every one of them.
    fn columns(&mut self) -> [&mut u32; 19] {
        [
            &mut self.received,
            &mut self.online,
            &mut self.direct,
            &mut self.carried_over,
            &mut self.resolved,
            &mut self.early,
            &mut self.on_time,
            &mut self.late,
            &mut self.in_progress,
            &mut self.within_limit,
            &mut self.overdue,
            &mut self.suspended,
            &mut self.late_with_apology,
            &mut self.late_without_apology,
            &mut self.closed_resolved,
            &mut self.closed_refused,
            &mut self.closed_withdrawn,
            &mut self.closed_stopped,
            &mut self.twice_supplemented,
        ]
    }

    /// The equations of the form that do not hold; empty when all do, as they must.
    pub fn violations(&self) -> Vec<&'static str> {
        let equations = [
            ("3=4+5+6", self.received, self.online + self.direct + self.carried_over),
            ("7=8+9+10", self.resolved, self.early + self.on_time + self.late),
            ("11=12+13", self.in_progress, self.within_limit + self.overdue),
            ("3=7+11", self.received, self.resolved + self.in_progress),
            (
                "7=resolved+refused+withdrawn+stopped",
                self.resolved,
                self.closed_resolved + self.closed_refused + self.closed_withdrawn + self.closed_stopped,
            ),
            (
                "10+13=with+without apology",
                self.late + self.overdue,
                self.late_with_apology + self.late_without_apology,
            ),
        ];
        let mut broken: Vec<&'static str> =
            equations.iter().filter(|(_, left, right)| left != right).map(|(name, ..)| *name).collect();
        if self.suspended > self.within_limit {
            broken.push("suspended<=12");
        }
        if self.twice_supplemented > self.early + self.on_time {
            broken.push("twice supplemented<=8+9");
        }
        broken
    }

    /// Early and on time, of all closed.
    pub fn on_time_of_resolved(&self) -> Rate {
        Rate { numerator: self.early + self.on_time, denominator: self.resolved }
    }

    /// Early and on time, of all that came due ("đến hạn giải quyết", as QĐ 766/QĐ-TTg and the provinces have it): closed, or overdue and open.
    pub fn on_time_of_due(&self) -> Rate {
        Rate { numerator: self.early + self.on_time, denominator: self.due() }
    }

    /// Closed late or overdue and open, of all that came due.
    pub fn late_of_due(&self) -> Rate {
        Rate { numerator: self.late + self.overdue, denominator: self.due() }
    }

    fn due(&self) -> u32 {
        self.early + self.on_time + self.late + self.overdue
    }

    /// Resolved in time by QĐ 766/QĐ-TTg, of all that came due: as [`Tally::on_time_of_due`], save that whatever was sent back for a supplement more than once
    /// counts as late. The time of waiting for a supplement is not the office's: the limit begins anew.
    pub fn on_time_766(&self) -> Rate {
        let on_time = (self.early + self.on_time).saturating_sub(self.twice_supplemented);
        Rate { numerator: on_time, denominator: self.due() }
    }

    /// QĐ 766/QĐ-TTg "Tiến độ giải quyết": 20 points times [`Tally::on_time_766`], two decimals, halves upwards; none when nothing was due.
    pub fn points_766(&self) -> Option<f64> {
        let rate = self.on_time_766();
        let (numerator, denominator) = (u64::from(rate.numerator), u64::from(rate.denominator));
        // Hundredths in whole numbers, so that no half is lost to binary fractions.
        let hundredths = (numerator * 2 * 2_000 + denominator).checked_div(denominator * 2)?;
        u32::try_from(hundredths).ok().map(|hundredths| f64::from(hundredths) / 100.0)
    }
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, mut other: Tally) {
        for (sum, more) in self.columns().into_iter().zip(other.columns()) {
            *sum += *more;
        }
    }
}

/// A share, with what it is a share of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many.
    pub numerator: u32,
    /// Of how many.
    pub denominator: u32,
}

impl Rate {
    /// The ratio, 0 to 1; none of nothing, which is "—" and never 100 %.
    pub fn value(self) -> Option<f64> {
        (self.denominator > 0).then(|| f64::from(self.numerator) / f64::from(self.denominator))
    }
}

/// What dossiers one by one come to in a window: the slow, obvious count that others are compared with.
pub fn tally<'a>(dossiers: impl IntoIterator<Item = &'a Dossier>, window: &Window) -> Tally {
    let mut sum = Tally::default();
    for standing in dossiers.into_iter().filter_map(|dossier| standing(dossier, window)) {
        sum.add(standing, 1);
    }
    sum
}

#[cfg(test)]
#[path = "statistics_tests.rs"]
mod tests;
