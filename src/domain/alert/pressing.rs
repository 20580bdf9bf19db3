//! Which open dossiers press, why, and in what order they are named.

use chrono::{DateTime, Datelike, Days, Utc};

use crate::domain::calendar::Calendar;
use crate::domain::commitment::Pledge;
use crate::domain::office_time;

/// How far a topic looks ahead for dossiers to name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outlook {
    /// To the end of the day.
    Today,
    /// To the end of the ISO week.
    ThisWeek,
}

/// An open dossier, as far as an alert is concerned; nothing of the person who handed it in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenDossier {
    /// Its code.
    pub code: String,
    /// Its unit.
    pub unit: String,
    /// Its procedure.
    pub procedure: String,
    /// The officer in charge.
    pub officer: Option<String>,
    /// What punctuality is judged by.
    pub due_at: DateTime<Utc>,
    /// Late from this instant on.
    pub lapses_at: DateTime<Utc>,
    /// Whether its time runs: it is neither paused nor waiting for a supplement.
    pub running: bool,
    /// The commitments that bind it.
    pub commitments: Vec<BindingCommitment>,
}

/// A commitment that binds an open dossier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BindingCommitment {
    /// Its effect.
    pub effect: Pledge,
    /// To be resolved by.
    pub due_at: DateTime<Utc>,
    /// Missed from this instant on.
    pub lapses_at: DateTime<Utc>,
}

/// Why a dossier is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// It can still be saved.
    Savable {
        /// The earliest instant by which it has to be resolved.
        by: DateTime<Utc>,
        /// Minutes of working sessions left until then; 0 when only closed hours are left.
        minutes_left: u32,
        /// The commitment that sets that instant; `None` when it is the due date itself.
        pledge: Option<Pledge>,
    },
    /// Its limit has lapsed.
    Overdue {
        /// Working days after the due day, today included.
        days_late: u32,
        /// Minutes of working sessions since the due instant.
        minutes_late: u32,
    },
}

/// A dossier that is named, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The dossier.
    pub dossier: OpenDossier,
    /// Why.
    pub urgency: Urgency,
}

/// The instant up to which one looks ahead from `at`: the end of the day, or of the ISO week.
#[must_use]
pub fn horizon(outlook: Outlook, at: DateTime<Utc>) -> DateTime<Utc> {
    let today = office_time::local_date(at);
    let last = match outlook {
        Outlook::Today => today,
        Outlook::ThisWeek => {
            let to_sunday = 6 - u64::from(today.weekday().num_days_from_monday());
            today.checked_add_days(Days::new(to_sunday)).unwrap_or(today)
        }
    };
    office_time::midnight_after(last)
}

/// Why an open dossier is to be named at `at`, looking ahead to `horizon`; `None` when it is not. `calendar` is its unit's.
///
/// A dossier is overdue when its limit has lapsed; else it is savable when its limit, or a commitment, lapses within the horizon, and the
/// earliest of these sets the time left. A commitment that has lapsed already is a finding, no alert.
#[must_use]
pub fn judge(
    dossier: OpenDossier,
    at: DateTime<Utc>,
    horizon: DateTime<Utc>,
    calendar: &Calendar,
) -> Option<Named> {
    let minutes = |from, to| u32::try_from(calendar.session_minutes_between(from, to)).unwrap_or(0);
    if dossier.lapses_at <= at {
        let due_day = office_time::local_date(dossier.due_at);
        let urgency = Urgency::Overdue {
            days_late: calendar.working_days_between(due_day, office_time::local_date(at)),
            minutes_late: minutes(dossier.due_at, at),
        };
        return Some(Named { dossier, urgency });
    }
    if !dossier.running {
        return None;
    }
    let due = (dossier.due_at, dossier.lapses_at, None);
    let pledged = dossier.commitments.iter().map(|of| (of.due_at, of.lapses_at, Some(of.effect)));
    let (by, _, pledge) = std::iter::once(due)
        .chain(pledged)
        .filter(|(_, lapses_at, _)| at < *lapses_at && *lapses_at <= horizon)
        .min_by_key(|(by, _, pledge)| (*by, *pledge))?;
    Some(Named { dossier, urgency: Urgency::Savable { by, minutes_left: minutes(at, by), pledge } })
}

/// Orders what is named by what can still be saved: the least working time left first, the overdue last and among them the longest first.
pub fn rank(named: &mut [Named]) {
    named.sort_by_cached_key(|of| {
        let (group, first, then) = match of.urgency {
            Urgency::Savable { by, minutes_left, .. } => (0, minutes_left, by),
            Urgency::Overdue { days_late, .. } => (1, u32::MAX - days_late, of.dossier.due_at),
        };
        (group, first, then, of.dossier.code.clone())
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::CalendarSpec;
    use std::collections::BTreeSet;

    /// No holidays; 2026-03-06 is a Friday.
    fn calendar() -> Calendar {
        Calendar::build(&CalendarSpec::national(Vec::new(), BTreeSet::new())).unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(&format!("2026-03-{text}:00+07:00")).unwrap().to_utc()
    }

    fn dossier(code: &str, due: &str, lapses: &str) -> OpenDossier {
        OpenDossier {
            code: code.into(),
            unit: "H19".into(),
            procedure: "1".into(),
            officer: None,
            due_at: at(due),
            lapses_at: at(lapses),
            running: true,
            commitments: Vec::new(),
        }
    }

    fn judged(dossier: OpenDossier, outlook: Outlook, now: &str) -> Option<Urgency> {
        judge(dossier, at(now), horizon(outlook, at(now)), &calendar()).map(|named| named.urgency)
    }

    #[test]
    fn what_is_due_within_the_horizon_is_named_and_nothing_later() {
        let friday = dossier("A", "06T17:00", "07T00:00");
        let savable =
            |minutes_left| Some(Urgency::Savable { by: at("06T17:00"), minutes_left, pledge: None });
        assert_eq!(judged(friday.clone(), Outlook::Today, "06T07:30"), savable(480));
        assert_eq!(judged(friday.clone(), Outlook::Today, "06T14:30"), savable(150));
        assert_eq!(judged(friday.clone(), Outlook::Today, "06T18:00"), savable(0));
        assert_eq!(judged(friday.clone(), Outlook::Today, "05T07:30"), None);
        assert_eq!(judged(friday, Outlook::ThisWeek, "05T13:00"), savable(240 + 480));
        assert_eq!(judged(dossier("B", "09T17:00", "10T00:00"), Outlook::ThisWeek, "06T14:00"), None);
    }

    #[test]
    fn the_earliest_of_limit_and_commitments_counts_and_a_lapsed_commitment_does_not() {
        let mut bound = dossier("A", "09T17:00", "10T00:00");
        let pledge = |effect, due: &str, lapses: &str| BindingCommitment {
            effect,
            due_at: at(due),
            lapses_at: at(lapses),
        };
        bound.commitments = vec![
            pledge(Pledge::NoWeekRollover, "06T17:00", "06T17:00"),
            pledge(Pledge::SameSession, "06T11:30", "06T11:30"),
        ];
        let named = |now| judged(bound.clone(), Outlook::ThisWeek, now);
        let by = |by: &str, minutes_left, effect| {
            Some(Urgency::Savable { by: at(by), minutes_left, pledge: Some(effect) })
        };
        assert_eq!(named("06T10:00"), by("06T11:30", 90, Pledge::SameSession));
        assert_eq!(named("06T14:00"), by("06T17:00", 180, Pledge::NoWeekRollover));
        assert_eq!(named("06T17:00"), None);
    }

    #[test]
    fn a_stopped_clock_is_no_alert_until_it_has_lapsed() {
        let paused = OpenDossier { running: false, ..dossier("A", "06T17:00", "07T00:00") };
        assert_eq!(judged(paused.clone(), Outlook::Today, "06T07:30"), None);
        assert_eq!(
            judged(paused, Outlook::Today, "10T07:30"),
            Some(Urgency::Overdue { days_late: 2, minutes_late: 480 })
        );
    }

    #[test]
    fn an_hour_limit_is_overdue_by_the_minute() {
        let hours = dossier("A", "06T09:00", "06T09:00");
        assert_eq!(
            judged(hours, Outlook::Today, "06T13:30"),
            Some(Urgency::Overdue { days_late: 0, minutes_late: 180 })
        );
    }

    #[test]
    fn what_can_still_be_saved_comes_first_and_the_longest_overdue_before_the_others() {
        let all = [
            dossier("SINCE-WEDNESDAY", "04T17:00", "05T00:00"),
            dossier("TODAY", "06T17:00", "07T00:00"),
            dossier("SINCE-MONDAY", "02T17:00", "03T00:00"),
            dossier("AT-TEN", "06T10:00", "06T10:00"),
            dossier("ALSO-TODAY", "06T17:00", "07T00:00"),
        ];
        let now = at("06T07:30");
        let horizon = horizon(Outlook::Today, now);
        let mut named: Vec<Named> =
            all.into_iter().filter_map(|of| judge(of, now, horizon, &calendar())).collect();
        rank(&mut named);
        let order: Vec<&str> = named.iter().map(|of| of.dossier.code.as_str()).collect();
        assert_eq!(order, ["AT-TEN", "ALSO-TODAY", "TODAY", "SINCE-MONDAY", "SINCE-WEDNESDAY"]);
    }
}
