//! Every state against every act, and what the rules of §19 of NĐ 61/2018 come to. Dates day by day are in `tests/golden_acts.rs`.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::*;
use crate::domain::calendar::{Calendar, CalendarSpec};
use crate::domain::commitment::{Commitment, Effect, ReceivedOn, Selector};
use crate::domain::correction::Changes;
use crate::domain::deadline::Limit;
use crate::domain::dossier::Outcome;
use crate::domain::finding::FindingCode;
use crate::domain::procedure::ProcedureLimit;
use crate::domain::sample::{at, open};
use crate::domain::unit::{Unit, UnitTree};

/// An office without holidays; 2026-11-18 is a Wednesday.
struct Desk {
    calendar: Calendar,
    units: UnitTree,
    procedure: Procedure,
}

impl Desk {
    fn new() -> Desk {
        let unit = |code: &str| Unit {
            code: code.into(),
            name: code.into(),
            parent: None,
            valid_from: None,
            valid_to: None,
            merged_into: None,
        };
        let limit = ProcedureLimit {
            channel: None,
            case: None,
            limit: Limit::WorkingDays(2),
            late_receipt: None,
            valid_from: None,
            source: "QĐ 1".into(),
        };
        Desk {
            calendar: Calendar::build(&CalendarSpec::national(Vec::new(), BTreeSet::from([2026]))).unwrap(),
            units: UnitTree::new(vec![unit("H19.15")]).unwrap(),
            procedure: Procedure {
                code: "2.001019".into(),
                name: "x".into(),
                sector: "Chứng thực".into(),
                limits: vec![limit],
            },
        }
    }

    fn office(&self) -> Office<'_> {
        Office {
            rules: Rules { calendar: &self.calendar, units: &self.units, commitments: &[] },
            procedure: &self.procedure,
            measures: Measures::default(),
        }
    }

    /// The act, recorded when it happens.
    fn act(&self, file: &File, kind: ActKind, when: &str) -> Result<File, Refusal> {
        self.recorded(file, &full(kind, when), when)
    }

    fn recorded(&self, file: &File, act: &Act, now: &str) -> Result<File, Refusal> {
        decide(file, act, &self.office(), at(now))
    }

    fn all(&self, acts: &[(ActKind, &str)]) -> File {
        acts.iter().fold(file(), |file, (kind, when)| self.act(&file, *kind, when).unwrap())
    }
}

fn file() -> File {
    File { dossier: open(), bounds: Vec::new(), findings: Vec::new() }
}

/// An act with all that its kind needs, and nothing else.
fn full(kind: ActKind, when: &str) -> Act {
    let changes = Changes { officer: Some(Some("Trần Văn B".into())), ..Changes::default() };
    Act {
        kind,
        at: at(when),
        reason: Some("lý do".into()),
        ground: (kind == ActKind::Pause).then(|| "xác minh".into()),
        appointed_at: (kind == ActKind::Apologise).then(|| at("2026-12-31T17:00:00")),
        changes: (kind == ActKind::Correct).then_some(changes),
        by_person: true,
    }
}

fn codes(file: &File) -> Vec<FindingCode> {
    file.findings.iter().map(|of| of.code).collect()
}

/// One dossier in each state, by the acts that lead there.
fn every_state(desk: &Desk) -> Vec<File> {
    use ActKind as A;
    let day = |n: u32| format!("2026-11-{n}T09:00:00");
    let by = |acts: &[A]| {
        let times: Vec<String> = (18..).take(acts.len()).map(day).collect();
        let acts: Vec<(A, &str)> = acts.iter().copied().zip(times.iter().map(String::as_str)).collect();
        desk.all(&acts)
    };
    vec![
        by(&[]),
        by(&[A::RequestSupplement]),
        by(&[A::Pause]),
        by(&[A::Resolve]),
        by(&[A::Resolve, A::Return]),
        by(&[A::Refuse]),
        by(&[A::Withdraw]),
        by(&[A::Stop]),
    ]
}

#[test]
fn each_state_allows_just_its_acts_and_a_refusal_names_them() {
    let desk = Desk::new();
    let states = every_state(&desk);
    let seen: BTreeSet<Status> = states.iter().map(|file| file.dossier.status).collect();
    assert_eq!(seen.len(), Status::ALL.len(), "{seen:?}");
    for file in &states {
        let status = file.dossier.status;
        for kind in ActKind::ALL {
            let answer = desk.act(file, *kind, "2026-11-25T09:00:00");
            if allowed(status).contains(kind) {
                let after = answer.unwrap_or_else(|refusal| panic!("{kind} while {status}: {refusal}"));
                assert_eq!(after.dossier.version, file.dossier.version + 1);
            } else {
                let refused = Refusal::NotAllowed { act: *kind, status, allowed: allowed(status).to_vec() };
                assert_eq!(answer, Err(refused));
            }
        }
    }
}

#[test]
fn what_an_act_needs_is_asked_for_and_what_belongs_to_another_is_refused() {
    let desk = Desk::new();
    for file in &every_state(&desk) {
        for kind in allowed(file.dossier.status) {
            let whole = full(*kind, "2026-11-25T09:00:00");
            let without = |act: Act| desk.recorded(file, &act, "2026-11-25T09:00:00");
            let required = |name| Err(Refusal::field(name, Flaw::Required));
            for empty in [None, Some("  ".to_owned())] {
                let answer = without(Act { reason: empty, ..whole.clone() });
                let expected = if kind.needs_reason() { required("reason") } else { Ok(()) };
                assert_eq!(answer.map(|_| ()), expected, "{kind}");
            }
            for (name, of) in [
                ("ground", ActKind::Pause),
                ("appointed_at", ActKind::Apologise),
                ("changes", ActKind::Correct),
            ] {
                let mut other = full(of, "2026-11-25T09:00:00");
                other.kind = *kind;
                let expected = if of == *kind { Ok(()) } else { Err(Refusal::field(name, Flaw::Foreign)) };
                // The kind's own needs come first, so give them too.
                let mixed = Act {
                    ground: other.ground.or(whole.ground.clone()),
                    appointed_at: other.appointed_at.or(whole.appointed_at),
                    changes: other.changes.or(whole.changes.clone()),
                    ..whole.clone()
                };
                assert_eq!(without(mixed).map(|_| ()), expected, "{kind} with {name}");
                if of == *kind {
                    let bare = Act { ground: None, appointed_at: None, changes: None, ..whole.clone() };
                    assert_eq!(without(bare).map(|_| ()), required(name), "{kind} without {name}");
                }
            }
        }
    }
}

#[test]
fn acts_follow_each_other_in_time_and_none_is_of_the_future() {
    let desk = Desk::new();
    let early = desk.act(&file(), ActKind::Resolve, "2026-11-18T08:59:59");
    assert_eq!(early, Err(Refusal::BeforeLastAct { last: at("2026-11-18T09:00:00") }));
    let future =
        desk.recorded(&file(), &full(ActKind::Resolve, "2026-11-19T09:00:01"), "2026-11-19T09:00:00");
    assert_eq!(future, Err(Refusal::field("at", Flaw::InFuture)));
    let paused = desk.all(&[(ActKind::Pause, "2026-11-19T09:00:00")]);
    let before = desk.recorded(&paused, &full(ActKind::Resume, "2026-11-19T08:00:00"), "2026-11-20T09:00:00");
    assert_eq!(before, Err(Refusal::BeforeLastAct { last: at("2026-11-19T09:00:00") }));
    assert!(
        desk.act(&paused, ActKind::Resume, "2026-11-19T09:00:00").is_ok(),
        "the same instant is in order"
    );
}

#[test]
fn time_stands_still_while_it_waits_and_a_late_dossier_stays_late() {
    let desk = Desk::new();
    let waiting = desk.all(&[(ActKind::RequestSupplement, "2026-11-20T10:00:00")]);
    assert!(waiting.dossier.stands_still() && !waiting.dossier.is_overdue(at("2027-01-01T00:00:00")));
    let late = desk.all(&[(ActKind::RequestSupplement, "2026-11-23T10:00:00")]);
    assert!(late.dossier.is_overdue(at("2026-11-23T10:00:00")));
    let back = desk.act(&late, ActKind::Supplement, "2026-11-30T10:00:00").unwrap();
    assert_eq!(
        (back.dossier.due_at, back.dossier.lapses_at, back.dossier.counted_from),
        (open().due_at, open().lapses_at, open().received_at)
    );
    let resolved = desk.act(&back, ActKind::Resolve, "2026-11-30T11:00:00").unwrap();
    assert_eq!(resolved.dossier.outcome, Some(Outcome::Late));
}

#[test]
fn who_ends_a_waiting_dossier_is_not_charged_for_the_waiting() {
    let desk = Desk::new();
    for (halt, end) in [(ActKind::RequestSupplement, ActKind::Stop), (ActKind::Pause, ActKind::Withdraw)] {
        let halted = desk.all(&[(halt, "2026-11-19T10:00:00")]);
        let ended = desk.act(&halted, end, "2026-12-10T10:00:00").unwrap();
        assert_eq!((ended.dossier.outcome, ended.dossier.halted_at), (Some(Outcome::Early), None));
        assert_eq!(codes(&ended), [], "{halt}, {end}");
    }
}

#[test]
fn apologies_move_the_appointment_and_never_the_due_date() {
    let desk = Desk::new();
    let appoint = |file: &File, appointed: &str, when: &str| {
        let act = Act { appointed_at: Some(at(appointed)), ..full(ActKind::Apologise, when) };
        desk.recorded(file, &act, when)
    };
    let once = appoint(&file(), "2026-11-24T17:00:00", "2026-11-19T09:00:00").unwrap();
    assert_eq!((once.dossier.due_at, once.dossier.appointed_at), (open().due_at, at("2026-11-24T17:00:00")));
    assert_eq!(codes(&once), []);
    for wrong in ["2026-11-24T17:00:00", "2026-11-20T17:00:00"] {
        let refused = appoint(&once, wrong, "2026-11-19T10:00:00");
        assert_eq!(refused, Err(Refusal::field("appointed_at", Flaw::NotLater)));
    }
    // A Saturday.
    let twice = appoint(&once, "2026-11-28T10:00:00", "2026-11-24T09:00:00").unwrap();
    assert_eq!(codes(&twice), [FindingCode::SecondReappointment, FindingCode::PromiseOnDayOff]);
    assert_eq!(twice.findings[1].compliant_due_at, Some(at("2026-11-30T17:00:00")));
    let of_time = |file: &File| {
        let found = crate::domain::finding::of_time(&file.dossier, &[], at("2026-11-21T00:00:00"));
        found.iter().map(|of| of.code).collect::<Vec<_>>()
    };
    assert_eq!(of_time(&once), [FindingCode::Overdue]);
    assert_eq!(of_time(&file()), [FindingCode::ApologyMissing, FindingCode::Overdue]);
    let too_late = appoint(&file(), "2026-11-24T17:00:00", "2026-11-20T00:00:00").unwrap();
    assert_eq!(of_time(&too_late), [FindingCode::ApologyMissing, FindingCode::Overdue]);
}

#[test]
fn the_office_is_held_to_its_conduct() {
    use ActKind as A;
    use FindingCode as F;
    let desk = Desk::new();
    for (acts, expected) in [
        (&[(A::RequestSupplement, "2026-11-19T17:00:00")][..], &[][..]),
        (&[(A::RequestSupplement, "2026-11-20T00:00:00")], &[F::PausedWhenDue]),
        (&[(A::RequestSupplement, "2026-11-24T09:00:00")], &[F::SupplementLate, F::PausedWhenDue]),
        (&[(A::Pause, "2026-11-20T09:00:00")], &[F::PausedWhenDue]),
        (&[(A::Pause, "2026-11-19T09:00:00")], &[]),
        (
            &[
                (A::RequestSupplement, "2026-11-18T10:00:00"),
                (A::Supplement, "2026-11-23T09:00:00"),
                (A::RequestSupplement, "2026-11-24T09:00:00"),
            ],
            &[F::SecondSupplement],
        ),
        (&[(A::Stop, "2026-11-19T23:00:00")], &[]),
        (&[(A::Stop, "2026-11-20T07:00:00")], &[F::ClosedWithoutResult]),
        (&[(A::Withdraw, "2026-11-25T07:00:00")], &[F::ClosedWithoutResult]),
        (&[(A::Refuse, "2026-11-25T07:00:00")], &[]),
    ] {
        assert_eq!(codes(&desk.all(acts)), expected, "{acts:?}");
    }
}

#[test]
fn what_is_written_down_long_after_the_fact_is_found() {
    let desk = Desk::new();
    let act = full(ActKind::Resolve, "2026-11-20T16:00:00");
    for (now, expected) in [
        ("2026-11-20T16:00:00", &[][..]),
        ("2026-11-23T23:59:59", &[]),
        ("2026-11-24T00:00:00", &[FindingCode::Backdated]),
    ] {
        assert_eq!(codes(&desk.recorded(&file(), &act, now).unwrap()), expected, "{now}");
        let system = Act { by_person: false, ..act.clone() };
        assert_eq!(codes(&desk.recorded(&file(), &system, now).unwrap()), []);
    }
}

#[test]
fn a_corrected_receipt_gives_the_dates_that_follow_from_it() {
    let desk = Desk::new();
    let correct = |file: &File, changes: Changes| {
        let act = Act { changes: Some(changes), ..full(ActKind::Correct, "2026-11-19T09:00:00") };
        desk.recorded(file, &act, "2026-11-19T09:00:00")
    };
    let received = Changes { received_at: Some(at("2026-11-17T10:00:00")), ..Changes::default() };
    let after = correct(&file(), received.clone()).unwrap().dossier;
    assert_eq!((after.counted_from, after.due_at), (at("2026-11-17T10:00:00"), at("2026-11-19T17:00:00")));
    assert_eq!((after.statutory_due_at, after.appointed_at), (after.due_at, after.due_at));
    let halted = desk.all(&[(ActKind::Pause, "2026-11-18T10:00:00")]);
    let refused = correct(&halted, received);
    assert_eq!(refused, Err(Refusal::field("changes.received_at", Flaw::NotCorrectable)));
    let promise = |when: &str| correct(&file(), Changes { due_at: Some(at(when)), ..Changes::default() });
    assert_eq!(promise("2026-11-19T17:00:00").unwrap().dossier.lapses_at, at("2026-11-20T00:00:00"));
    assert_eq!(promise("2026-11-20T17:00:00"), Err(Refusal::field("changes.due_at", Flaw::NotEarlier)));
    let nothing = correct(&file(), Changes::default());
    assert_eq!(nothing, Err(Refusal::field("changes", Flaw::Required)));
    let unclosed = Changes { closed_at: Some(at("2026-11-18T10:00:00")), ..Changes::default() };
    assert_eq!(correct(&file(), unclosed), Err(Refusal::field("changes.closed_at", Flaw::NotCorrectable)));
}

#[test]
fn a_corrected_closing_is_judged_anew_and_stays_visible() {
    let desk = Desk::new();
    let late = desk.all(&[(ActKind::Resolve, "2026-11-24T09:00:00")]);
    assert_eq!(late.dossier.outcome, Some(Outcome::Late));
    let correct = |when: &str| {
        let changes = Changes { closed_at: Some(at(when)), ..Changes::default() };
        let act = Act { changes: Some(changes), ..full(ActKind::Correct, "2026-11-25T09:00:00") };
        desk.recorded(&late, &act, "2026-11-25T09:00:00")
    };
    let better = correct("2026-11-20T16:00:00").unwrap();
    assert_eq!(better.dossier.outcome, Some(Outcome::OnTime));
    assert_eq!(codes(&better), [FindingCode::Backdated]);
    assert_eq!(correct("2026-11-18T08:00:00"), Err(Refusal::field("changes.closed_at", Flaw::NotLater)));
    assert_eq!(correct("2026-11-25T09:00:01"), Err(Refusal::field("changes.closed_at", Flaw::NotEarlier)));
}

#[test]
fn a_leader_answers_for_what_is_closed_or_has_lapsed() {
    let desk = Desk::new();
    let officer = Changes { officer: Some(None), ..Changes::default() };
    let receipt = Changes { received_at: Some(at("2026-11-17T09:00:00")), ..Changes::default() };
    let (before, after) = (at("2026-11-20T23:59:59"), at("2026-11-21T00:00:00"));
    let asked = |changes: &Changes, of: &File, now| changes.need_leader(&of.dossier, now);
    assert_eq!([before, after].map(|now| asked(&receipt, &file(), now)), [false, true]);
    assert_eq!([before, after].map(|now| asked(&officer, &file(), now)), [false, false]);
    let closed = desk.all(&[(ActKind::Resolve, "2026-11-19T09:00:00")]);
    assert!(asked(&officer, &closed, before));
}

#[test]
fn a_new_calendar_moves_open_dossiers_and_no_closed_one() {
    let desk = Desk::new();
    let flood = CalendarSpec::national(
        vec![crate::domain::calendar::DayRow {
            date: "2026-11-20".parse().unwrap(),
            kind: crate::domain::calendar::DayKind::Closure,
            name: "Lũ".into(),
            source: "CV 1".into(),
        }],
        BTreeSet::from([2026]),
    );
    let after = Desk { calendar: Calendar::build(&flood).unwrap(), ..Desk::new() };
    let now = at("2026-11-19T09:00:00");
    assert_eq!(redate(&file(), &desk.office(), now), Ok(None));
    let moved = redate(&file(), &after.office(), now).unwrap().unwrap();
    assert_eq!((moved.dossier.due_at, moved.dossier.version), (at("2026-11-23T17:00:00"), 2));
    assert_eq!(moved.dossier.first_due_at, open().first_due_at, "what was promised stays said");
    let back = redate(&moved, &desk.office(), now).unwrap().unwrap();
    assert_eq!(back.dossier, Dossier { version: 3, ..open() }, "the old calendar gives the old dates");
    let waiting = desk.all(&[(ActKind::Pause, "2026-11-19T10:00:00")]);
    assert!(redate(&waiting, &after.office(), now).unwrap().is_none_or(|of| of.dossier.stands_still()));
    let closed = desk.all(&[(ActKind::Resolve, "2026-11-19T10:00:00")]);
    assert_eq!(redate(&closed, &after.office(), now), Ok(None));
}

/// Whoever looks for commitments that press looks by the dossier's earliest.
#[test]
fn a_commitment_that_binds_the_complete_dossier_is_its_earliest() {
    let (desk, day) = (Desk::new(), |n| NaiveDate::from_ymd_opt(2026, 11, n).unwrap());
    let made = [Commitment {
        id: 7,
        unit: "H19.15".into(),
        subtree: false,
        selector: Selector { all: true, ..Selector::default() },
        received_on: ReceivedOn::default(),
        effect: Effect::SameDay,
        valid_from: day(19),
        valid_to: None,
        decision: "QĐ 2".into(),
    }];
    let office = Office { rules: Rules { commitments: &made, ..desk.office().rules }, ..desk.office() };
    let asked = desk.all(&[(ActKind::RequestSupplement, "2026-11-19T10:00:00")]);
    assert_eq!(asked.dossier.commitment_due_at, None, "it was received the day before");
    let came = "2026-11-23T09:00:00";
    let whole = decide(&asked, &full(ActKind::Supplement, came), &office, at(came)).unwrap();
    let [bound] = whole.bounds.as_slice() else { panic!("{:?}", whole.bounds) };
    assert_eq!((bound.commitment_id, bound.due_at), (7, at("2026-11-23T17:00:00")));
    assert_eq!(whole.dossier.commitment_due_at, Some(bound.due_at));
}
