//! Law against commitment: the two verdicts, on the shipped calendar and procedures.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc, Weekday};
use hentra::app::shipped;
use hentra::domain::calendar::{Calendar, CalendarSpec};
use hentra::domain::commitment::{Commitment, Effect, HalfDay, ReceivedOn, Selector};
use hentra::domain::deadline::Limit;
use hentra::domain::dossier::Channel;
use hentra::domain::finding::FindingCode::{self, *};
use hentra::domain::procedure::Procedure;
use hentra::domain::promise::{Intake, Promise, PromiseError, Rules, promise};
use hentra::domain::unit::UnitTree;

use crate::support::unit;

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{text}:00+07:00")).unwrap().to_utc()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

struct Office {
    calendar: Calendar,
    units: UnitTree,
    procedures: BTreeMap<String, Procedure>,
    commitments: Vec<Commitment>,
}

fn commitment(id: i64, effect: Effect, selector: Selector) -> Commitment {
    Commitment {
        id,
        unit: "H19".into(),
        subtree: true,
        selector,
        received_on: ReceivedOn::default(),
        effect,
        valid_from: day("2026-01-01"),
        valid_to: None,
        decision: format!("QĐ {id}/QĐ-UBND"),
    }
}

fn codes(codes: &[&str]) -> Selector {
    Selector { procedures: codes.iter().map(ToString::to_string).collect(), ..Selector::default() }
}

fn office(commitments: Vec<Commitment>) -> Office {
    let (days, announced) = shipped::national_calendar_rows().unwrap();
    let unit = |code: &str, parent: Option<&str>| unit(code, code, parent);
    Office {
        calendar: Calendar::build(&CalendarSpec::national(days, announced)).unwrap(),
        units: UnitTree::new(vec![unit("H19", None), unit("H19.15", Some("H19"))]).unwrap(),
        procedures: shipped::procedures().unwrap().into_iter().map(|of| (of.code.clone(), of)).collect(),
        commitments,
    }
}

/// As the two shipped templates have it: same-day for certification, and no Friday to next week.
fn committed_office() -> Office {
    office(vec![
        commitment(1, Effect::SameDay, codes(&["2.000815"])),
        commitment(2, Effect::NoWeekRollover, Selector::default()),
    ])
}

impl Office {
    fn take(&self, procedure: &str, received: &str, promised: Option<&str>) -> Result<Promise, PromiseError> {
        let rules = Rules { calendar: &self.calendar, units: &self.units, commitments: &self.commitments };
        let intake = Intake {
            unit: "H19.15",
            procedure: &self.procedures[procedure],
            channel: Channel::InPerson,
            case: None,
            received_at: at(received),
            promised: promised.map(at),
        };
        promise(rules, intake)
    }

    fn findings(
        &self,
        procedure: &str,
        received: &str,
        promised: &str,
    ) -> Vec<(FindingCode, Option<DateTime<Utc>>)> {
        let made = self.take(procedure, received, Some(promised)).unwrap();
        made.findings.iter().map(|of| (of.code, of.compliant_due_at)).collect()
    }
}

#[test]
fn lawful_on_monday_and_still_a_broken_promise() {
    let office = committed_office();
    // Friday 15:01: Luật Hộ tịch's 15 o'clock rule moves the law's date to Monday, the commitment stays with Friday.
    let made = office.take("2.000815", "2026-11-20T15:01", None).unwrap();
    assert_eq!(made.reckoned.statutory.due_at, at("2026-11-23T17:00"));
    assert_eq!(made.reckoned.committed[0].due_at, at("2026-11-20T17:00"));
    assert_eq!(
        (made.reckoned.due.due_at, made.reckoned.due.lapses_at),
        (at("2026-11-20T17:00"), at("2026-11-21T00:00"))
    );
    assert_eq!(made.findings, []);
    let friday = Some(at("2026-11-20T17:00"));
    assert_eq!(
        office.findings("2.000815", "2026-11-20T15:01", "2026-11-23T17:00"),
        [(SameDayPromise, friday), (WeekRolloverPromise, friday)]
    );
}

#[test]
fn a_make_up_saturday_belongs_to_the_week() {
    let office = office(vec![
        commitment(1, Effect::SameDay, Selector { sectors: vec!["không có".into()], ..Selector::default() }),
        commitment(2, Effect::NoWeekRollover, codes(&["2.000815"])),
    ]);
    assert_eq!(office.findings("2.000815", "2026-08-21T15:01", "2026-08-22T17:00"), []);
    let saturday = Some(at("2026-08-22T17:00"));
    assert!(
        office
            .findings("2.000815", "2026-08-21T15:01", "2026-08-24T17:00")
            .contains(&(WeekRolloverPromise, saturday))
    );
    // The make-up Saturday is itself the week's last working day.
    assert!(
        office
            .findings("2.000815", "2026-08-22T09:00", "2026-08-24T17:00")
            .contains(&(WeekRolloverPromise, saturday))
    );
}

#[test]
fn thursday_is_the_last_working_day_when_friday_is_off() {
    let office = office(vec![commitment(2, Effect::NoWeekRollover, codes(&["2.000815"]))]);
    // 1/5/2026 is a Friday and a holiday, 30/4 the Thursday before it too: Wednesday 29/4 is the last working day.
    let made = office.take("2.000815", "2026-04-29T15:30", Some("2026-05-04T17:00")).unwrap();
    assert_eq!(made.findings[0].code, WeekRolloverPromise);
    assert_eq!(made.findings[0].compliant_due_at, Some(at("2026-04-29T17:00")));
    assert_eq!(made.reckoned.committed[0].lapses_at, at("2026-04-29T17:00"));
    // A Wednesday that is not the last working day binds nothing.
    assert_eq!(office.take("2.000815", "2026-04-22T15:30", None).unwrap().reckoned.committed, []);
}

#[test]
fn everything_is_judged_on_the_effective_receipt() {
    let office = committed_office();
    // After closing on Friday it is Monday's: Monday's promise keeps both commitments.
    let made = office.take("2.000815", "2026-11-20T17:30", Some("2026-11-23T17:00")).unwrap();
    assert_eq!(made.findings, []);
    assert_eq!(made.reckoned.committed.len(), 1, "only same_day binds on a Monday");
}

#[test]
fn beyond_the_limit_and_on_a_day_off() {
    let office = office(Vec::new());
    // 2.001019: two working days; Tuesday 24/11 is a holiday from 2026 on, so Friday 20/11 leads to Wednesday 25/11.
    let made = office.take("2.001019", "2026-11-20T10:00", None).unwrap();
    assert_eq!(made.reckoned.due.due_at, at("2026-11-25T17:00"));
    let lawful = Some(at("2026-11-25T17:00"));
    assert_eq!(office.findings("2.001019", "2026-11-20T10:00", "2026-11-25T23:00"), []);
    assert_eq!(
        office.findings("2.001019", "2026-11-20T10:00", "2026-11-26T08:00"),
        [(PromiseBeyondLimit, lawful)]
    );
    assert_eq!(
        office.findings("2.001019", "2026-11-20T10:00", "2026-11-24T17:00"),
        [(PromiseOnDayOff, lawful)]
    );
    assert_eq!(
        office.findings("2.001019", "2026-11-20T10:00", "2026-11-28T17:00"),
        [(PromiseBeyondLimit, lawful), (PromiseOnDayOff, lawful)]
    );
    assert_eq!(
        office.take("2.001019", "2026-11-20T10:00", Some("2026-11-20T09:59")),
        Err(PromiseError::BeforeReceipt)
    );
}

#[test]
fn the_cousins_bind_by_weekday_week_and_session() {
    // "Sáng thứ Tư không hẹn": what is taken on a Wednesday morning is resolved in the session.
    let mut wednesday = commitment(3, Effect::SameSession, codes(&["2.000815"]));
    wednesday.received_on =
        ReceivedOn { weekdays: vec![Weekday::Wed], nth_week: Some(3), session: Some(HalfDay::Morning) };
    let office =
        office(vec![wednesday, commitment(4, Effect::Within(Limit::WorkingHours(4)), codes(&["2.001019"]))]);
    let made = office.take("2.000815", "2026-11-18T09:00", None).unwrap();
    assert_eq!(
        (made.reckoned.due.due_at, made.reckoned.due.lapses_at),
        (at("2026-11-18T11:30"), at("2026-11-18T11:30"))
    );
    assert_eq!(
        office.findings("2.000815", "2026-11-18T09:00", "2026-11-18T17:00"),
        [(CommitmentPromise, Some(at("2026-11-18T11:30")))]
    );
    for elsewhere in ["2026-11-18T14:00", "2026-11-19T09:00", "2026-11-11T09:00"] {
        assert_eq!(office.take("2.000815", elsewhere, None).unwrap().reckoned.committed, [], "{elsewhere}");
    }
    let hours = office.take("2.001019", "2026-11-19T16:00", None).unwrap();
    assert_eq!(hours.reckoned.due.due_at, at("2026-11-20T10:30"));
    assert_eq!(office.findings("2.001019", "2026-11-19T16:00", "2026-11-20T10:30"), []);
    assert_eq!(office.findings("2.001019", "2026-11-19T16:00", "2026-11-20T10:31")[0].0, CommitmentPromise);
}

#[test]
fn a_commitment_binds_its_unit_its_days_and_its_selector_only() {
    let mut own =
        commitment(1, Effect::SameDay, Selector { max_working_days: Some(2), ..Selector::default() });
    own.subtree = false;
    let office_of_province = office(vec![own.clone()]);
    assert_eq!(office_of_province.take("2.001019", "2026-11-19T09:00", None).unwrap().reckoned.committed, []);
    own.unit = "H19.15".into();
    own.valid_to = Some(day("2026-11-19"));
    let office_of_commune = office(vec![own]);
    assert_eq!(
        office_of_commune.take("2.001019", "2026-11-19T09:00", None).unwrap().reckoned.committed.len(),
        1
    );
    assert_eq!(office_of_commune.take("2.001019", "2026-11-20T09:00", None).unwrap().reckoned.committed, []);
    // 1.004335 has 30 calendar days: not "at most 2 working days".
    assert_eq!(office_of_commune.take("1.004335", "2026-11-19T09:00", None).unwrap().reckoned.committed, []);
}

#[test]
fn the_advice_never_breaks_another_rule() {
    // One working hour by law, and nothing to next week: the compliant date is the law's 10:00, not Saturday's closing.
    let mut office = office(vec![commitment(2, Effect::NoWeekRollover, codes(&["1.1"]))]);
    office.procedures.insert("1.1".into(), hour_procedure());
    let ten = Some(at("2026-08-21T10:00"));
    assert_eq!(
        office.findings("1.1", "2026-08-21T09:00", "2026-08-24T17:00"),
        [(WeekRolloverPromise, ten), (PromiseBeyondLimit, ten)]
    );
    assert_eq!(office.findings("1.1", "2026-08-21T09:00", "2026-08-21T10:00"), []);
}

fn hour_procedure() -> Procedure {
    Procedure {
        code: "1.1".into(),
        name: "x".into(),
        sector: "y".into(),
        limits: vec![hentra::domain::procedure::ProcedureLimit {
            channel: None,
            case: None,
            limit: Limit::WorkingHours(1),
            late_receipt: None,
            valid_from: None,
            source: "luật".into(),
        }],
    }
}

#[test]
fn a_promise_said_aloud_is_judged_as_the_one_understood() {
    let office = office(vec![commitment(1, Effect::SameSession, codes(&["2.001019"]))]);
    let understood = office.take("2.001019", "2026-11-20T08:00", None).unwrap();
    let said = office.take("2.001019", "2026-11-20T08:00", Some("2026-11-20T11:30")).unwrap();
    assert_eq!(
        (said.reckoned.due.due_at, said.reckoned.due.lapses_at),
        (understood.reckoned.due.due_at, understood.reckoned.due.lapses_at)
    );
    assert_eq!(said.reckoned.due.lapses_at, at("2026-11-20T11:30"));
    let by_law = office.take("2.001019", "2026-11-20T08:00", Some("2026-11-25T17:00")).unwrap();
    assert_eq!(by_law.reckoned.due.lapses_at, at("2026-11-26T00:00"));
}

#[test]
fn of_overlapping_commitments_the_strictest_speaks() {
    let mut later = commitment(2, Effect::Within(Limit::WorkingDays(1)), codes(&["2.001019"]));
    later.unit = "H19.15".into();
    let office = office(vec![
        later,
        commitment(1, Effect::SameDay, codes(&["2.001019"])),
        commitment(3, Effect::SameDay, Selector { all: true, ..Selector::default() }),
        commitment(4, Effect::Within(Limit::WorkingHours(2)), codes(&["2.001019"])),
    ]);
    let made = office.take("2.001019", "2026-11-19T09:00", Some("2026-11-23T17:00")).unwrap();
    let bound: Vec<i64> = made.reckoned.committed.iter().map(|of| of.commitment_id).collect();
    assert_eq!(bound, [4, 1]);
    let codes: Vec<FindingCode> = made.findings.iter().map(|of| of.code).collect();
    assert_eq!(codes, [CommitmentPromise, SameDayPromise]);
}
