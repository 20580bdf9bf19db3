//! Which open dossiers press, why, and in what order they are named.

use chrono::{DateTime, Utc};

use super::selection::{Outlook, Reason, Severity, horizon, morning};
use crate::domain::calendar::Calendar;
use crate::domain::commitment::Pledge;
use crate::domain::office_time;

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
    /// An apology slip has to go out before this instant (NĐ 61/2018/NĐ-CP Đ.19(9)); `None` when one has gone out.
    pub apology_by: Option<DateTime<Utc>>,
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

/// How a dossier stands that is named.
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
    /// The time of today by which it had to be done has passed; nothing is said of the limit, which may lapse only at midnight.
    Missed {
        /// The latest such time.
        by: DateTime<Utc>,
        /// Minutes of working sessions since then.
        minutes_late: u32,
        /// The commitment that set it; `None` when it is the due date itself.
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
    /// How it stands.
    pub urgency: Urgency,
    /// Why it is named.
    pub reason: Reason,
}

/// What can be done about a dossier that is named; readers are told each kind apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It can still be saved.
    Savable,
    /// It is overdue, or was missed.
    Overdue,
    /// It is due on a later day, and needs an apology slip today should that day not be kept; told apart where other things are told too.
    Apology,
}

impl Named {
    /// How serious it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.reason.severity()
    }

    /// What can be done about it, where all of this outlook is told.
    #[must_use]
    pub fn kind(&self, outlook: Outlook) -> Kind {
        match self.urgency {
            _ if outlook == Outlook::Today && self.reason == Reason::ApologyDue => Kind::Apology,
            Urgency::Savable { .. } => Kind::Savable,
            Urgency::Missed { .. } | Urgency::Overdue { .. } => Kind::Overdue,
        }
    }
}

/// Why an open dossier is to be named at `at` by this outlook; `None` when it is not. `calendar` is its unit's.
///
/// A dossier is overdue when its limit has lapsed; else it is savable when its limit, a commitment or the day of its apology slip ends within the
/// outlook, and the earliest of these sets the time left. A commitment that has lapsed already is a finding, and an alert only on its day.
#[must_use]
pub fn judge(
    dossier: OpenDossier,
    outlook: Outlook,
    at: DateTime<Utc>,
    calendar: &Calendar,
) -> Option<Named> {
    if outlook == Outlook::MissedToday {
        return missed(dossier, at, calendar);
    }
    if dossier.lapses_at <= at {
        let due_day = office_time::local_date(dossier.due_at);
        let urgency = Urgency::Overdue {
            days_late: calendar.working_days_between(due_day, office_time::local_date(at)),
            minutes_late: minutes(calendar, dossier.due_at, at),
        };
        return outlook.names_overdue().then_some(Named { dossier, urgency, reason: Reason::Overdue });
    }
    if !dossier.running {
        return None;
    }
    let horizon = horizon(outlook, at, calendar);
    let (by, _, reason, pledge) = ends(&dossier, outlook, at, calendar)
        .into_iter()
        .filter(|(_, lapses_at, ..)| at < *lapses_at && *lapses_at <= horizon)
        .min_by_key(|(by, _, reason, pledge)| (*by, *reason, *pledge))?;
    let minutes_left = minutes(calendar, at, by);
    Some(Named { dossier, urgency: Urgency::Savable { by, minutes_left, pledge }, reason })
}

fn minutes(calendar: &Calendar, from: DateTime<Utc>, to: DateTime<Utc>) -> u32 {
    u32::try_from(calendar.session_minutes_between(from, to)).unwrap_or(0)
}

/// Something that ends for a dossier: by when, when it has lapsed, why that is told, and the commitment.
type End = (DateTime<Utc>, DateTime<Utc>, Reason, Option<Pledge>);

/// What ends for a dossier, as far as the outlook asks.
fn ends(of: &OpenDossier, outlook: Outlook, at: DateTime<Utc>, calendar: &Calendar) -> Vec<End> {
    let today = office_time::local_date(at);
    let mut found = Vec::new();
    if outlook.names_due() {
        let reason = match outlook {
            Outlook::ThisWeek => Reason::RollsOver,
            _ if office_time::local_date(of.due_at) <= today => Reason::DueToday,
            _ => Reason::DueSoon,
        };
        found.push((of.due_at, of.lapses_at, reason, None));
    }
    for bound in of.commitments.iter().filter(|bound| outlook.names_pledge(bound.effect)) {
        let reason = if outlook == Outlook::ThisWeek { Reason::RollsOver } else { Reason::Committed };
        found.push((bound.due_at, bound.lapses_at, reason, Some(bound.effect)));
    }
    // Where the slip could go out until the limit itself lapses, being due says it all.
    let apology_by = of.apology_by.filter(|by| outlook.names_apology() && *by < of.lapses_at);
    if let Some(apology_by) = apology_by {
        found.push((calendar.closes_at(today).unwrap_or(apology_by), apology_by, Reason::ApologyDue, None));
    }
    found
}

/// What had to be done by a time of today that has passed: the latest such time is told, and by which commitment.
fn missed(dossier: OpenDossier, at: DateTime<Utc>, calendar: &Calendar) -> Option<Named> {
    if !dossier.running && dossier.lapses_at > at {
        return None;
    }
    let today = morning(office_time::local_date(at));
    let (by, _, _, pledge) = ends(&dossier, Outlook::MissedToday, at, calendar)
        .into_iter()
        .filter(|(by, ..)| today < *by && *by <= at)
        .max_by_key(|(by, _, reason, pledge)| (*by, std::cmp::Reverse((*reason, *pledge))))?;
    let urgency = Urgency::Missed { by, minutes_late: minutes(calendar, by, at), pledge };
    Some(Named { dossier, urgency, reason: Reason::Missed })
}

/// Orders what is named by what can still be saved: the least working time left first, then what today's time has passed for, the
/// overdue last and among them the longest first.
pub fn rank(named: &mut [Named]) {
    named.sort_by_cached_key(|of| {
        let (group, first, then) = match of.urgency {
            Urgency::Savable { by, minutes_left, .. } => (0, minutes_left, by),
            Urgency::Missed { by, .. } => (1, 0, by),
            Urgency::Overdue { days_late, .. } => (2, u32::MAX - days_late, of.dossier.due_at),
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
            apology_by: None,
            commitments: Vec::new(),
        }
    }

    fn judged(dossier: OpenDossier, outlook: Outlook, now: &str) -> Option<Urgency> {
        judge(dossier, outlook, at(now), &calendar()).map(|named| named.urgency)
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
        let mut named: Vec<Named> =
            all.into_iter().filter_map(|of| judge(of, Outlook::Today, now, &calendar())).collect();
        rank(&mut named);
        let order: Vec<&str> = named.iter().map(|of| of.dossier.code.as_str()).collect();
        assert_eq!(order, ["AT-TEN", "ALSO-TODAY", "TODAY", "SINCE-MONDAY", "SINCE-WEDNESDAY"]);
    }

    fn reason(dossier: OpenDossier, outlook: Outlook, now: &str) -> Option<Reason> {
        judge(dossier, outlook, at(now), &calendar()).map(|named| named.reason)
    }

    #[test]
    fn each_selection_names_its_own_and_says_why() {
        let late = dossier("A", "05T17:00", "06T00:00");
        let today = dossier("B", "06T17:00", "07T00:00");
        let monday = OpenDossier { apology_by: Some(at("07T00:00")), ..dossier("C", "09T17:00", "10T00:00") };
        let tuesday = dossier("D", "10T17:00", "11T00:00");
        let all = [late, today, monday, tuesday];
        let told = |outlook, now: &str| all.clone().map(|of| reason(of, outlook, now));
        let (late, due, soon, slip) =
            (Some(Reason::Overdue), Some(Reason::DueToday), Some(Reason::DueSoon), Some(Reason::ApologyDue));
        let missed = Some(Reason::Missed);
        assert_eq!(told(Outlook::Today, "06T07:30"), [late, due, slip, None]);
        assert_eq!(told(Outlook::Overdue, "06T07:30"), [late, None, None, None]);
        assert_eq!(told(Outlook::DueToday, "06T07:30"), [None, due, None, None]);
        assert_eq!(told(Outlook::DueWithin(1), "06T07:30"), [None, due, soon, None]);
        assert_eq!(told(Outlook::DueWithin(2), "06T07:30"), [None, due, soon, soon]);
        assert_eq!(told(Outlook::ApologyToday, "06T07:30"), [None, None, slip, None]);
        assert_eq!(told(Outlook::CommittedToday, "06T07:30"), [None; 4]);
        assert_eq!(told(Outlook::MissedToday, "06T16:59"), [None; 4]);
        assert_eq!(told(Outlook::MissedToday, "06T17:05"), [None, missed, None, None]);
        assert_eq!(told(Outlook::MissedToday, "07T00:05"), [None; 4]);
    }

    #[test]
    fn a_slip_that_went_out_or_is_due_with_the_limit_itself_is_not_asked_for() {
        let monday = OpenDossier { apology_by: Some(at("07T00:00")), ..dossier("C", "09T17:00", "10T00:00") };
        assert_eq!(
            reason(OpenDossier { apology_by: None, ..monday.clone() }, Outlook::Today, "06T07:30"),
            None
        );
        assert_eq!(reason(monday, Outlook::Today, "09T07:30"), Some(Reason::DueToday));
        let same_day =
            OpenDossier { apology_by: Some(at("07T00:00")), ..dossier("A", "06T17:00", "07T00:00") };
        assert_eq!(reason(same_day.clone(), Outlook::Today, "06T07:30"), Some(Reason::DueToday));
        assert_eq!(reason(same_day, Outlook::ApologyToday, "06T07:30"), None);
    }

    #[test]
    fn a_commitment_is_told_while_it_can_be_kept_and_once_it_was_missed() {
        let mut bound = dossier("A", "09T17:00", "10T00:00");
        bound.commitments = vec![
            BindingCommitment { effect: Pledge::SameDay, due_at: at("06T17:00"), lapses_at: at("07T00:00") },
            BindingCommitment {
                effect: Pledge::NoWeekRollover,
                due_at: at("06T17:00"),
                lapses_at: at("06T17:00"),
            },
        ];
        let told = |outlook, now| judged(bound.clone(), outlook, now);
        let by = at("06T17:00");
        assert_eq!(
            told(Outlook::CommittedToday, "06T14:30"),
            Some(Urgency::Savable { by, minutes_left: 150, pledge: Some(Pledge::SameDay) })
        );
        assert_eq!(
            told(Outlook::MissedToday, "06T17:05"),
            Some(Urgency::Missed { by, minutes_late: 0, pledge: Some(Pledge::SameDay) })
        );
        let rollover = OpenDossier { commitments: vec![bound.commitments[1]], ..bound.clone() };
        assert_eq!(reason(rollover, Outlook::CommittedToday, "06T14:30"), None);
        let halted = OpenDossier { running: false, ..bound };
        assert_eq!(reason(halted, Outlook::MissedToday, "06T17:05"), None);
    }

    /// What the store is asked for holds everything that is named, whatever the outlook and the hour.
    #[test]
    fn nothing_is_named_beyond_the_reach() {
        let within = |(after, through): (DateTime<Utc>, DateTime<Utc>), of| after < of && of <= through;
        let outlooks = [
            Outlook::Today,
            Outlook::ThisWeek,
            Outlook::Overdue,
            Outlook::DueToday,
            Outlook::DueWithin(3),
            Outlook::CommittedToday,
            Outlook::ApologyToday,
            Outlook::MissedToday,
        ];
        let mut named = 0;
        for outlook in outlooks {
            for now in ["05T07:30", "06T07:30", "06T14:00", "06T17:05", "07T09:00"] {
                let reach = crate::domain::alert::Reach::of(outlook, at(now), &calendar(), 1);
                for day in 2..=20 {
                    let due = at(&format!("{day:02}T17:00"));
                    let lapses_at = office_time::midnight_after(office_time::local_date(due));
                    let last = calendar().subtract_working_days(office_time::local_date(due), 1).unwrap();
                    let pledged = BindingCommitment { effect: Pledge::Within, due_at: due, lapses_at };
                    let apology_by = Some(office_time::midnight_after(last));
                    let limit = OpenDossier {
                        due_at: due,
                        lapses_at,
                        apology_by,
                        ..dossier("A", "02T17:00", "03T00:00")
                    };
                    let far = dossier("A", "27T17:00", "28T00:00");
                    let bound = OpenDossier { commitments: vec![pledged], ..far };
                    if judge(limit.clone(), outlook, at(now), &calendar()).is_some() {
                        named += 1;
                        let slip = reach.apologies.is_some_and(|(limits, slips)| {
                            within(limits, lapses_at) && apology_by.is_some_and(|by| within(slips, by))
                        });
                        assert!(
                            slip || reach.limits.is_some_and(|of| within(of, lapses_at)),
                            "{outlook:?} {now} {due}"
                        );
                    }
                    if judge(bound, outlook, at(now), &calendar()).is_some() {
                        named += 1;
                        assert!(
                            reach.pledges.is_some_and(|of| within(of, lapses_at)),
                            "{outlook:?} {now} {due}"
                        );
                    }
                }
            }
        }
        assert!(named > 50, "only {named} were named at all");
    }
}
