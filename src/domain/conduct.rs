//! Findings that an act brings about: how the office conducts itself when it sends a dossier back, halts it, appoints anew, or ends it without a
//! result. Time's own are [`super::finding::of_time`]'s, those of the promise [`super::promise`]'s.

use chrono::{DateTime, Utc};

use super::act::{Act, ActKind};
use super::calendar::Calendar;
use super::dossier::Dossier;
use super::finding::{Finding, FindingCode};
use super::office_time::local_date;

/// A supplement is asked for within so many working days of the receipt (NĐ 61/2018/NĐ-CP Đ.19(4)).
const SUPPLEMENT_WITHIN_WORKING_DAYS: u32 = 3;

/// What an office may set of these rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measures {
    /// An apology slip is due so many working days before the due day (NĐ 61/2018/NĐ-CP Đ.19(9) asks for at least 1).
    pub apology_lead_working_days: u32,
    /// An act recorded more than so many working days after the day it is said to have happened on is back-dated.
    pub backdated_after_working_days: u32,
}

impl Default for Measures {
    fn default() -> Self {
        Measures { apology_lead_working_days: 1, backdated_after_working_days: 1 }
    }
}

/// What `act`, allowed and recorded at `now`, brings upon the dossier that stood as `before` and stands as `after`.
pub fn of_act(
    before: &Dossier,
    after: &Dossier,
    act: &Act,
    calendar: &Calendar,
    now: DateTime<Utc>,
) -> Vec<Finding> {
    let found = |code| of(code, before.due_at, Some(act.at), now);
    let on = local_date(act.at);
    let due_or_later = on >= local_date(before.due_at);
    let mut all = Vec::new();
    match act.kind {
        ActKind::RequestSupplement => {
            if after.supplements > 1 {
                all.push(found(FindingCode::SecondSupplement));
            }
            let waited = calendar.working_days_between(local_date(before.counted_from), on);
            if waited > SUPPLEMENT_WITHIN_WORKING_DAYS {
                all.push(found(FindingCode::SupplementLate));
            }
            if due_or_later {
                all.push(found(FindingCode::PausedWhenDue));
            }
        }
        ActKind::Pause if due_or_later => all.push(found(FindingCode::PausedWhenDue)),
        ActKind::Apologise => {
            if after.reappointments > 1 {
                all.push(found(FindingCode::SecondReappointment));
            }
            if !calendar.is_open(local_date(after.appointed_at)) {
                all.push(Finding {
                    promised_at: after.appointed_at,
                    compliant_due_at: calendar
                        .next_working_day(local_date(after.appointed_at))
                        .and_then(|day| calendar.closes_at(day)),
                    ..found(FindingCode::PromiseOnDayOff)
                });
            }
        }
        // The due date as it stands after the waiting that is never counted.
        ActKind::Withdraw | ActKind::Stop if on >= local_date(after.due_at) => {
            all.push(Finding { promised_at: after.due_at, ..found(FindingCode::ClosedWithoutResult) });
        }
        ActKind::Pause
        | ActKind::Supplement
        | ActKind::Resume
        | ActKind::Resolve
        | ActKind::Return
        | ActKind::Refuse
        | ActKind::Withdraw
        | ActKind::Stop
        | ActKind::Correct => {}
    }
    all
}

/// Whether something said to have happened at `at` is recorded at `now` too late to be taken on trust.
pub fn backdated(
    at: DateTime<Utc>,
    now: DateTime<Utc>,
    due_at: DateTime<Utc>,
    calendar: &Calendar,
    measures: Measures,
) -> Option<Finding> {
    let days = calendar.working_days_between(local_date(at), local_date(now));
    (days > measures.backdated_after_working_days).then(|| of(FindingCode::Backdated, due_at, Some(at), now))
}

fn of(
    code: FindingCode,
    due_at: DateTime<Utc>,
    act_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Finding {
    Finding {
        code,
        promised_at: due_at,
        compliant_due_at: None,
        commitment_id: None,
        source: String::new(),
        act_at,
        first_seen_at: now,
        cleared_at: None,
        cleared_why: None,
    }
}
