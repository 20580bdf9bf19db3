//! The commitments that units make under many names, by hand: receipt by receipt, on the shipped calendar and procedures.

use chrono::{DateTime, NaiveDate, Utc, Weekday};
use hentra::app::shipped;
use hentra::domain::calendar::{Calendar, CalendarSpec};
use hentra::domain::commitment::{Commitment, CommittedDue, HalfDay, Receipt, Selector, due};
use hentra::domain::deadline::Limit;
use hentra::domain::procedure::Procedure;
use hentra::domain::template::{SwitchOn, Template};
use hentra::domain::unit::UnitTree;

use crate::support::unit;

const UNIT: &str = "H19.15";
/// The list that comes with a registration: seven procedures, as in Thành Sen.
const SEVEN: [&str; 7] = ["2.000815", "2.000884", "2.000908", "2.000635", "1.001193", "1.000656", "1.004873"];

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{text}:00+07:00")).unwrap().to_utc()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// An office with one commitment.
struct Office {
    calendar: Calendar,
    units: UnitTree,
    procedures: Vec<Procedure>,
    commitment: Commitment,
}

impl Office {
    fn with(commitment: Commitment) -> Office {
        let (days, announced) = shipped::national_calendar_rows().unwrap();
        Office {
            calendar: Calendar::build(&CalendarSpec::national(days, announced)).unwrap(),
            units: UnitTree::new(vec![unit(UNIT, "Phường", None)]).unwrap(),
            procedures: shipped::procedures().unwrap(),
            commitment,
        }
    }

    fn bound(&self, procedure: &str, received: &str) -> Option<CommittedDue> {
        let procedure = self.procedures.iter().find(|of| of.code == procedure).unwrap();
        let effective = self.calendar.effective_receipt(at(received)).unwrap();
        let receipt = Receipt { unit: UNIT, procedure, limit: procedure.limits[0].limit, effective };
        due(std::slice::from_ref(&self.commitment), &self.units, &self.calendar, receipt).pop()
    }

    /// Each receipt, and when the commitment says it is due; nothing where it does not bind.
    #[track_caller]
    fn agrees(&self, procedure: &str, cases: &[(&str, Option<&str>)]) {
        for (received, expected) in cases {
            let found = self.bound(procedure, received).map(|of| of.due_at);
            assert_eq!(found, expected.map(at), "received {received}");
        }
    }
}

fn no_appointment(weekday: Weekday, since: &str) -> SwitchOn {
    SwitchOn {
        unit: UNIT.into(),
        subtree: false,
        selector: Selector {
            procedures: SEVEN.iter().map(ToString::to_string).collect(),
            ..Selector::default()
        },
        weekday: Some(weekday),
        nth_week: None,
        session: None,
        valid_from: day(since),
        valid_to: None,
        decision: "Kế hoạch của UBND phường".into(),
    }
}

fn day_without(with: SwitchOn) -> Office {
    Office::with(Template::NoAppointmentDay.commitment(with).unwrap())
}

#[test]
fn friday_without_appointments_in_thanh_sen() {
    let office = day_without(no_appointment(Weekday::Fri, "2025-10-03"));
    office.agrees(
        "2.000815",
        &[
            ("2025-09-26T09:00", None),
            ("2025-10-03T09:00", Some("2025-10-03T17:00")),
            ("2025-10-03T16:59", Some("2025-10-03T17:00")),
            // After closing it is Monday's; what came after closing on Thursday is Friday's.
            ("2025-10-03T17:00", None),
            ("2025-10-02T17:30", Some("2025-10-03T17:00")),
            ("2025-10-02T16:30", None),
            ("2025-10-04T09:00", None),
            // A swapped Friday and a holiday one are no Fridays of the counter, and the make-up Saturday of the first is none either.
            ("2026-01-02T09:00", None),
            ("2026-01-10T09:00", None),
            ("2026-05-01T09:00", None),
            ("2026-08-21T15:01", Some("2026-08-21T17:00")),
        ],
    );
    for listed in SEVEN {
        assert!(office.bound(listed, "2025-10-03T09:00").is_some(), "{listed}");
    }
    assert_eq!(office.bound("2.001019", "2025-10-03T09:00"), None);
}

#[test]
fn thursday_without_appointments_in_tan_hung() {
    let office = day_without(no_appointment(Weekday::Thu, "2026-02-01"));
    office.agrees(
        "2.000815",
        &[
            ("2026-01-29T09:00", None),
            ("2026-02-05T08:00", Some("2026-02-05T17:00")),
            ("2026-02-06T08:00", None),
            // Thursday 19/2/2026 is the third day of Tết.
            ("2026-02-19T08:00", None),
            ("2026-02-26T11:45", Some("2026-02-26T17:00")),
        ],
    );
}

#[test]
fn wednesday_morning_without_appointments_ends_with_the_morning() {
    let with = SwitchOn { session: Some(HalfDay::Morning), ..no_appointment(Weekday::Wed, "2026-01-01") };
    let office = day_without(with);
    office.agrees(
        "2.000815",
        &[
            ("2026-11-18T07:00", Some("2026-11-18T11:30")),
            ("2026-11-18T11:29", Some("2026-11-18T11:30")),
            // At lunch it is the afternoon's.
            ("2026-11-18T11:30", None),
            ("2026-11-18T13:00", None),
            ("2026-11-17T18:00", Some("2026-11-18T11:30")),
            ("2026-11-17T09:00", None),
        ],
    );
    let bound = office.bound("2.000815", "2026-11-18T09:00").unwrap();
    assert_eq!(
        (bound.lapses_at, bound.decision.as_str()),
        (at("2026-11-18T11:30"), "Kế hoạch của UBND phường")
    );
}

#[test]
fn the_nth_week_counts_that_day_of_the_month() {
    let on =
        |nth, weekday| day_without(SwitchOn { nth_week: Some(nth), ..no_appointment(weekday, "2026-01-01") });
    on(1, Weekday::Fri).agrees(
        "2.000815",
        &[
            ("2026-11-06T09:00", Some("2026-11-06T17:00")),
            ("2026-11-13T09:00", None),
            // Received after closing on Thursday 5/11: the first Friday's.
            ("2026-11-05T17:00", Some("2026-11-06T17:00")),
        ],
    );
    // The month begins on a Sunday: its fourth Thursday lies in the fourth full week, its first Monday in the second row of the page.
    on(4, Weekday::Thu)
        .agrees("2.000815", &[("2026-11-26T09:00", Some("2026-11-26T17:00")), ("2026-11-19T09:00", None)]);
    on(1, Weekday::Mon).agrees("2.000815", &[("2026-11-02T09:00", Some("2026-11-02T17:00"))]);
    on(5, Weekday::Fri)
        .agrees("2.000815", &[("2026-07-31T09:00", Some("2026-07-31T17:00")), ("2026-07-24T09:00", None)]);
}

#[test]
fn every_effect_has_its_date() {
    use hentra::domain::commitment::Effect;
    let of = |effect| {
        let mut commitment = Template::FridayNoRollover
            .commitment(SwitchOn { weekday: None, ..no_appointment(Weekday::Fri, "2026-01-01") })
            .unwrap();
        commitment.effect = effect;
        Office::with(commitment)
    };
    // Thursday 26/11/2026, 15:00; then Friday 27/11 and Friday 21/8, whose week ends with the make-up Saturday 22/8.
    for (effect, thursday, friday, august) in [
        (Effect::SameDay, Some("2026-11-26T17:00"), Some("2026-11-27T17:00"), Some("2026-08-21T17:00")),
        (Effect::SameSession, Some("2026-11-26T17:00"), Some("2026-11-27T17:00"), Some("2026-08-21T17:00")),
        (Effect::NoWeekRollover, None, Some("2026-11-27T17:00"), Some("2026-08-22T17:00")),
        (
            Effect::Within(Limit::WorkingDays(1)),
            Some("2026-11-27T17:00"),
            Some("2026-11-30T17:00"),
            Some("2026-08-22T17:00"),
        ),
        (
            Effect::Within(Limit::WorkingHours(4)),
            Some("2026-11-27T09:30"),
            Some("2026-11-30T09:30"),
            Some("2026-08-22T09:30"),
        ),
    ] {
        of(effect).agrees(
            "2.000815",
            &[("2026-11-26T15:00", thursday), ("2026-11-27T15:00", friday), ("2026-08-21T15:00", august)],
        );
    }
    // The week's last working day is Wednesday 29/4/2026: Thursday and Friday are holidays.
    of(Effect::NoWeekRollover)
        .agrees("2.000815", &[("2026-04-29T15:00", Some("2026-04-29T17:00")), ("2026-04-28T15:00", None)]);
}

#[test]
fn every_selector_covers_what_it_says() {
    let covered = |selector: Selector| {
        let with = SwitchOn { selector, ..no_appointment(Weekday::Fri, "2026-01-01") };
        let office = day_without(with);
        // The same day, two working days, thirty days.
        ["2.000815", "2.001019", "1.004335"].map(|code| office.bound(code, "2026-11-20T09:00").is_some())
    };
    let named = |codes: &[&str]| Selector {
        procedures: codes.iter().map(ToString::to_string).collect(),
        ..Selector::default()
    };
    assert_eq!(covered(named(&["2.001019"])), [false, true, false]);
    assert_eq!(covered(Selector { all: true, ..Selector::default() }), [true; 3]);
    assert_eq!(covered(Selector { max_working_days: Some(1), ..Selector::default() }), [true, false, false]);
    assert_eq!(covered(Selector { max_working_days: Some(2), ..Selector::default() }), [true, true, false]);
    let sector = shipped::procedures().unwrap().into_iter().find(|of| of.code == "1.004335").unwrap().sector;
    let by_sector = covered(Selector { sectors: vec![sector], ..Selector::default() });
    assert!(by_sector[2] && !by_sector[0], "{by_sector:?}");
    assert_eq!(covered(Selector { max_working_days: Some(1), ..named(&["1.004335"]) }), [true, false, true]);
}
