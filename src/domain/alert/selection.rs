//! What a message is about: its topic, which open dossiers that selects, why each is named, and how serious that is.
//!
//! [`super::pressing`] judges a dossier by an [`Outlook`]; the store is asked only for what lies within the outlook's [`Reach`].

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc};

use super::rule::Audience;
use crate::domain::calendar::Calendar;
use crate::domain::commitment::Pledge;
use crate::domain::office_time;

/// The farthest that `due_within` looks ahead, in working days: beyond a month a list says nothing about what presses.
pub const LONGEST_DUE_WITHIN: u32 = 30;

words! {
    /// What a message is about.
    Topic {
        /// Overdue, due today, committed today, apology slip due today.
        MorningDigest = "morning_digest",
        /// What is overdue.
        Overdue = "overdue",
        /// What is due today.
        DueToday = "due_today",
        /// What is due from now to the end of the n-th working day after today; the rule's `days` says n.
        DueWithin = "due_within",
        /// What a commitment wants resolved today (within the day, the session, a set time) and is still open.
        CommittedToday = "committed_today",
        /// Everything that would roll over the weekend.
        WeekRollover = "week_rollover",
        /// What needs an apology slip by the end of today (NĐ 61/2018/NĐ-CP Đ.19(9)), should it not be resolved in time.
        ApologyDue = "apology_due",
        /// What had to be done by a time of today that has passed, and is still open.
        MissedToday = "missed_today",
        /// Last week in numbers, and the ledger's anchors; sent when there is nothing to tell, too.
        WeeklyNumbers = "weekly_numbers",
        /// A year's days off that are not published, though promises reach into it.
        CalendarHorizon = "calendar_horizon",
        /// The ledger's anchor of each day since the last working day; sent when there is nothing to tell, too.
        LedgerAnchor = "ledger_anchor",
        /// Late dossiers that nobody has resolved, up the ladder: officer, head, chairman ([`super::ladder`]).
        Escalation = "escalation",
    }
}

impl Topic {
    /// Whether it may be told to such readers: numbers and anchors are not for officers, the calendar's state is for those who can mend it. Whoever
    /// is named by a rule may be told anything.
    #[must_use]
    pub fn goes_to(self, audience: Audience) -> bool {
        match (self, audience) {
            // The ladder finds its readers by itself.
            (Topic::Escalation, of) => of == Audience::Leader,
            (_, Audience::People) => true,
            (Topic::WeeklyNumbers, of) => of == Audience::Leader,
            (Topic::CalendarHorizon, of) => of == Audience::Admin,
            (Topic::LedgerAnchor, of) => of != Audience::Officer,
            (_, _) => true,
        }
    }

    /// Whether its readers may turn it off by the link in the mail: not what shows that the service lives, nor what has to be known by somebody.
    #[must_use]
    pub fn may_be_turned_off(self) -> bool {
        !matches!(self, Topic::WeeklyNumbers | Topic::LedgerAnchor | Topic::Escalation)
    }

    /// Which dossiers it names, `days` being how far `due_within` looks; `None` when it names none.
    #[must_use]
    pub fn outlook(self, days: u32) -> Option<Outlook> {
        match self {
            Topic::MorningDigest => Some(Outlook::Today),
            Topic::Overdue => Some(Outlook::Overdue),
            Topic::DueToday => Some(Outlook::DueToday),
            Topic::DueWithin => Some(Outlook::DueWithin(days)),
            Topic::CommittedToday => Some(Outlook::CommittedToday),
            Topic::WeekRollover => Some(Outlook::ThisWeek),
            Topic::ApologyDue => Some(Outlook::ApologyToday),
            Topic::MissedToday => Some(Outlook::MissedToday),
            Topic::WeeklyNumbers | Topic::CalendarHorizon | Topic::LedgerAnchor | Topic::Escalation => None,
        }
    }
}

/// Which open dossiers a message names, and how far it looks ahead for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outlook {
    /// Overdue, and due, committed or in need of an apology slip by the end of the day.
    Today,
    /// Overdue, and due or committed by the end of the ISO week.
    ThisWeek,
    /// Overdue alone.
    Overdue,
    /// Due by the end of the day, not yet overdue.
    DueToday,
    /// Due by the end of so many working days after today, not yet overdue.
    DueWithin(u32),
    /// Committed by the end of the day; what is only not to roll over the weekend is [`Outlook::ThisWeek`]'s.
    CommittedToday,
    /// In need of an apology slip by the end of the day.
    ApologyToday,
    /// Due or committed by a time of today that has passed.
    MissedToday,
}

impl Outlook {
    /// Whether it names what is overdue.
    pub(super) fn names_overdue(self) -> bool {
        matches!(self, Outlook::Today | Outlook::ThisWeek | Outlook::Overdue)
    }

    /// Whether it names what is due by its limit.
    pub(super) fn names_due(self) -> bool {
        use Outlook::{DueToday, DueWithin, MissedToday, ThisWeek, Today};
        matches!(self, Today | ThisWeek | DueToday | DueWithin(_) | MissedToday)
    }

    /// Whether it names what is bound by such a commitment.
    pub(super) fn names_pledge(self, pledge: Pledge) -> bool {
        match self {
            Outlook::Today | Outlook::ThisWeek | Outlook::MissedToday => true,
            Outlook::CommittedToday => pledge != Pledge::NoWeekRollover,
            Outlook::Overdue | Outlook::DueToday | Outlook::DueWithin(_) | Outlook::ApologyToday => false,
        }
    }

    /// Whether it names what needs an apology slip.
    pub(super) fn names_apology(self) -> bool {
        matches!(self, Outlook::Today | Outlook::ApologyToday)
    }
}

words! {
    /// Why a dossier is named; the first that holds when several do at the same instant.
    Reason {
        /// Its limit has lapsed.
        Overdue = "overdue",
        /// Its limit ends today.
        DueToday = "due_today",
        /// A commitment wants it resolved by then.
        Committed = "committed",
        /// Left as it is, it rolls over into next week.
        RollsOver = "rolls_over",
        /// Its limit ends on one of the next days.
        DueSoon = "due_soon",
        /// If it cannot be resolved in time, the apology slip has to go out today.
        ApologyDue = "apology_due",
        /// The time of today by which it had to be done has passed.
        Missed = "missed",
    }
}

words! {
    /// How serious it is that a dossier is named, the least first. A rule's `minimum_severity` leaves out what is less.
    Severity {
        /// Something is to be done in good time: a day still to come, an apology slip.
        Notice = "notice",
        /// It has to be resolved today, or this week if it is not to roll over.
        Due = "due",
        /// It is too late, by the law or by the unit's own commitment.
        Overdue = "overdue",
    }
}

impl Reason {
    /// How serious it is.
    #[must_use]
    pub fn severity(self) -> Severity {
        match self {
            Reason::DueSoon | Reason::ApologyDue => Severity::Notice,
            Reason::DueToday | Reason::Committed | Reason::RollsOver => Severity::Due,
            Reason::Overdue | Reason::Missed => Severity::Overdue,
        }
    }
}

/// The instant up to which one looks ahead from `at`: the end of the day, of the ISO week, or of the n-th working day after today.
#[must_use]
pub fn horizon(outlook: Outlook, at: DateTime<Utc>, calendar: &Calendar) -> DateTime<Utc> {
    let today = office_time::local_date(at);
    let last = match outlook {
        Outlook::ThisWeek => {
            let to_sunday = 6 - u64::from(today.weekday().num_days_from_monday());
            today.checked_add_days(Days::new(to_sunday)).unwrap_or(today)
        }
        Outlook::DueWithin(days) => calendar.add_working_days(today, days).unwrap_or(today),
        Outlook::Today
        | Outlook::Overdue
        | Outlook::DueToday
        | Outlook::CommittedToday
        | Outlook::ApologyToday
        | Outlook::MissedToday => today,
    };
    office_time::midnight_after(last)
}

/// A stretch of time: later than its first instant, up to and with its last.
pub type Stretch = (DateTime<Utc>, DateTime<Utc>);

/// What of a dossier has to lie where for an outlook to have a reason to name it. The store reads what lies in any of these, and no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reach {
    /// The limit lapses within.
    pub limits: Option<Stretch>,
    /// A commitment lapses within.
    pub pledges: Option<Stretch>,
    /// The limit lapses within the first, and the apology slip has to go out within the second.
    pub apologies: Option<(Stretch, Stretch)>,
}

impl Reach {
    /// The reach of an outlook from `at`; `apology_lead` is how many working days before the due day an apology slip has to go out.
    #[must_use]
    pub fn of(outlook: Outlook, at: DateTime<Utc>, calendar: &Calendar, apology_lead: u32) -> Reach {
        let today = office_time::local_date(at);
        let horizon = horizon(outlook, at, calendar);
        let ever = DateTime::UNIX_EPOCH;
        let ahead = Some((at, horizon));
        let limits = match outlook {
            Outlook::Today | Outlook::ThisWeek => Some((ever, horizon)),
            Outlook::Overdue => Some((ever, at)),
            Outlook::DueToday | Outlook::DueWithin(_) => ahead,
            Outlook::MissedToday => Some((morning(today), horizon)),
            Outlook::CommittedToday | Outlook::ApologyToday => None,
        };
        let pledges = match outlook {
            Outlook::Today | Outlook::ThisWeek | Outlook::CommittedToday => ahead,
            Outlook::MissedToday => Some((morning(today), horizon)),
            Outlook::Overdue | Outlook::DueToday | Outlook::DueWithin(_) | Outlook::ApologyToday => None,
        };
        let apologies = outlook.names_apology().then(|| {
            let last = calendar.add_working_days(today, apology_lead).unwrap_or(today);
            ((horizon, office_time::midnight_after(last)), (at, horizon))
        });
        Reach { limits, pledges, apologies }
    }

    /// The same without what has lapsed by `at`: for who counts the overdue by other means.
    #[must_use]
    pub fn unlapsed(self, at: DateTime<Utc>) -> Reach {
        Reach { limits: self.limits.map(|(after, through)| (after.max(at), through)), ..self }
    }

    /// What lies within either of two: units with calendars of their own look ahead differently.
    #[must_use]
    pub fn or(self, other: Reach) -> Reach {
        let wider = |one: Stretch, two: Stretch| (one.0.min(two.0), one.1.max(two.1));
        let either = |one: Option<Stretch>, two: Option<Stretch>| match (one, two) {
            (Some(one), Some(two)) => Some(wider(one, two)),
            (one, two) => one.or(two),
        };
        let apologies = match (self.apologies, other.apologies) {
            (Some(one), Some(two)) => Some((wider(one.0, two.0), wider(one.1, two.1))),
            (one, two) => one.or(two),
        };
        Reach {
            limits: either(self.limits, other.limits),
            pledges: either(self.pledges, other.pledges),
            apologies,
        }
    }
}

/// 00:00 of a day.
pub(super) fn morning(day: NaiveDate) -> DateTime<Utc> {
    office_time::instant(day, NaiveTime::MIN)
}
