//! Dates after supplements and pauses, worked out by hand, day by day, over the shipped calendar and the default sessions (07:30–11:30, 13:00–17:00).
//!
//! Days off that matter here: Sat 22/8/2026 is worked for Mon 31/8, 1/9 and 2/9 are off (Quốc khánh), 24/11 is off (Ngày Văn hóa Việt Nam), Tết is
//! off from Mon 16/2 to Fri 20/2/2026.

use chrono::{DateTime, Utc};
use hentra::app::shipped::national_calendar_rows;
use hentra::domain::act::{Act, ActKind};
use hentra::domain::calendar::{Calendar, CalendarSpec, DayKind, DayRow, Layer};
use hentra::domain::commitment::{Commitment, Effect, ReceivedOn, Selector};
use hentra::domain::conduct::Measures;
use hentra::domain::deadline::{LateEffect, LateReceipt, Limit};
use hentra::domain::decision::{File, Office, bounds, decide, redate};
use hentra::domain::dossier::{Channel, Dossier, Outcome, Status};
use hentra::domain::due::apology_by;
use hentra::domain::finding::FindingCode;
use hentra::domain::procedure::{Procedure, ProcedureLimit};
use hentra::domain::promise::{Intake, Rules, promise};
use hentra::domain::unit::UnitTree;

use crate::support::unit;

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{text}:00+07:00")).unwrap().to_utc()
}

struct Counter {
    calendar: Calendar,
    units: UnitTree,
    procedure: Procedure,
    commitments: Vec<Commitment>,
}

impl Counter {
    fn new(limit: Limit) -> Counter {
        let (rows, announced) = national_calendar_rows().unwrap();
        let limit = ProcedureLimit {
            channel: None,
            case: None,
            limit,
            late_receipt: None,
            valid_from: None,
            source: "QĐ".into(),
        };
        Counter {
            calendar: Calendar::build(&CalendarSpec::national(rows, announced)).unwrap(),
            units: UnitTree::new(vec![unit("H19.15", "Phường", None)]).unwrap(),
            procedure: Procedure {
                code: "1".into(),
                name: "x".into(),
                sector: "y".into(),
                limits: vec![limit],
            },
            commitments: Vec::new(),
        }
    }

    fn late_after(mut self, hour: u32, effect: LateEffect) -> Counter {
        let after = chrono::NaiveTime::from_hms_opt(hour, 0, 0).unwrap();
        self.procedure.limits[0].late_receipt = Some(LateReceipt { after, effect });
        self
    }

    fn committed(mut self, effect: Effect) -> Counter {
        self.commitments.push(Commitment {
            id: i64::try_from(self.commitments.len()).unwrap() + 1,
            unit: "H19.15".into(),
            subtree: false,
            selector: Selector { all: true, ..Selector::default() },
            received_on: ReceivedOn::default(),
            effect,
            valid_from: "2020-01-01".parse().unwrap(),
            valid_to: None,
            decision: "QĐ".into(),
        });
        self
    }

    /// The same counter, closed on these days of November 2026, too.
    fn closed_on(mut self, days: &[u32]) -> Counter {
        let row = |day: &u32| DayRow {
            date: chrono::NaiveDate::from_ymd_opt(2026, 11, *day).unwrap(),
            kind: DayKind::Closure,
            name: "Lũ".into(),
            source: "CV 1".into(),
        };
        let (rows, announced) = national_calendar_rows().unwrap();
        let flood = Layer { days: days.iter().map(row).collect(), sessions: Vec::new() };
        let spec = CalendarSpec::national(rows, announced).with_layer(flood);
        self.calendar = Calendar::build(&spec).unwrap();
        self
    }

    /// The file under this counter's calendar.
    fn redated(&self, file: &File) -> File {
        redate(file, &self.office(), at("2026-11-25T09:00")).unwrap().unwrap()
    }

    fn office(&self) -> Office<'_> {
        Office {
            rules: Rules { calendar: &self.calendar, units: &self.units, commitments: &self.commitments },
            procedure: &self.procedure,
            measures: Measures::default(),
        }
    }

    fn receive(&self, received: &str, promised: Option<&str>) -> File {
        let received_at = at(received);
        let intake = Intake {
            unit: "H19.15",
            procedure: &self.procedure,
            channel: Channel::InPerson,
            case: None,
            received_at,
            promised: promised.map(at),
        };
        let made = promise(self.office().rules, intake).unwrap();
        let due = made.reckoned.due;
        let dossier = Dossier {
            id: 1,
            code: "1".into(),
            unit: "H19.15".into(),
            procedure: "1".into(),
            sector: "y".into(),
            channel: Channel::InPerson,
            case: None,
            limit: made.limit.limit,
            late_receipt: made.limit.late_receipt,
            status: Status::Processing,
            received_at,
            effective_receipt: made.reckoned.statutory.effective_receipt,
            statutory_due_at: made.reckoned.statutory.due_at,
            commitment_due_at: made.reckoned.committed.first().map(|of| of.due_at),
            first_due_at: due.due_at,
            due_at: due.due_at,
            lapses_at: due.lapses_at,
            appointed_at: due.due_at,
            provisional: false,
            closed_at: None,
            closed_as: None,
            outcome: None,
            returned_at: None,
            officer: None,
            reason: None,
            supplements: 0,
            reappointments: 0,
            counted_from: received_at,
            given_due_at: promised.map(at),
            pauses: Vec::new(),
            halted_at: None,
            halts: Vec::new(),
            apology_by: apology_by(&self.calendar, due, received_at, 1),
            apologised_at: None,
            last_act_at: received_at,
            version: 1,
        };
        File { dossier, bounds: bounds(&made.reckoned.committed), findings: made.findings }
    }

    fn does(&self, file: &File, kind: ActKind, when: &str) -> File {
        let act = Act {
            kind,
            at: at(when),
            reason: Some("lý do".into()),
            ground: (kind == ActKind::Pause).then(|| "xác minh".into()),
            appointed_at: (kind == ActKind::Apologise).then(|| at("2026-12-31T17:00")),
            changes: None,
            by_person: false,
        };
        decide(file, &act, &self.office(), at(when)).unwrap()
    }

    /// What a life comes to, as `due · lapses`.
    #[track_caller]
    fn life(&self, received: &str, acts: &[(ActKind, &str)], due: &str, lapses: &str) -> File {
        let file = acts
            .iter()
            .fold(self.receive(received, None), |file, (kind, when)| self.does(&file, *kind, when));
        assert_eq!((file.dossier.due_at, file.dossier.lapses_at), (at(due), at(lapses)), "{acts:?}");
        file
    }
}

use ActKind::{Pause, RequestSupplement, Resolve, Resume, Supplement};

#[test]
fn a_supplement_begins_the_limit_anew() {
    let three = Counter::new(Limit::WorkingDays(3));
    // Received Mon 16/11: Tue 1, Wed 2, Thu 19/11 = 3. Sent back Tue; complete on Fri 20/11 at 16:00: Mon 23 = 1, Tue 24 off, Wed 25 = 2, Thu 26 = 3.
    let acts = [(RequestSupplement, "2026-11-17T10:00"), (Supplement, "2026-11-20T16:00")];
    three.life("2026-11-16T09:00", &acts, "2026-11-26T17:00", "2026-11-27T00:00");
    // Complete on Sat 21/11 (a day off): the date it came still does not count. Mon 23 = 1, Wed 25 = 2, Thu 26 = 3.
    let acts = [(RequestSupplement, "2026-11-17T10:00"), (Supplement, "2026-11-21T09:00")];
    three.life("2026-11-16T09:00", &acts, "2026-11-26T17:00", "2026-11-27T00:00");
    // Complete on Fri 13/2/2026 before Tết: Mon 23/2 = 1, Tue = 2, Wed 25/2 = 3.
    let acts = [(RequestSupplement, "2026-02-10T10:00"), (Supplement, "2026-02-13T09:00")];
    three.life("2026-02-09T09:00", &acts, "2026-02-25T17:00", "2026-02-26T00:00");
}

#[test]
fn a_supplement_after_the_hour_counts_as_a_receipt_after_the_hour() {
    let two = Counter::new(Limit::WorkingDays(2)).late_after(15, LateEffect::ClockStartsNextWorkingDay);
    // Complete on Thu 19/11 at 15:30: Fri 20 stands in for the day of receipt; Mon 23 = 1, Tue 24 off, Wed 25 = 2.
    let acts = [(RequestSupplement, "2026-11-17T10:00"), (Supplement, "2026-11-19T15:30")];
    two.life("2026-11-16T09:00", &acts, "2026-11-25T17:00", "2026-11-26T00:00");
    // At 15:00 sharp it is not late: Fri 20 = 1, Mon 23 = 2.
    let acts = [(RequestSupplement, "2026-11-17T10:00"), (Supplement, "2026-11-19T15:00")];
    two.life("2026-11-16T09:00", &acts, "2026-11-23T17:00", "2026-11-24T00:00");
}

#[test]
fn a_pause_moves_a_day_limit_by_the_working_days_after_it_up_to_the_resumption() {
    let five = Counter::new(Limit::WorkingDays(5));
    // Received Mon 9/11: Tue 1, Wed 2, Thu 3, Fri 4, Mon 16/11 = 5.
    five.life("2026-11-09T09:00", &[], "2026-11-16T17:00", "2026-11-17T00:00");
    // Paused Tue 10, resumed Thu 12: Wed and Thu, two days; Mon 16 + 2 = Wed 18/11.
    let acts = [(Pause, "2026-11-10T08:00"), (Resume, "2026-11-12T16:59")];
    five.life("2026-11-09T09:00", &acts, "2026-11-18T17:00", "2026-11-19T00:00");
    // Paused and resumed on one day: nothing.
    let acts = [(Pause, "2026-11-10T08:00"), (Resume, "2026-11-10T16:00")];
    five.life("2026-11-09T09:00", &acts, "2026-11-16T17:00", "2026-11-17T00:00");
    // Paused Fri 13, resumed Mon 16: Mon alone, for Sat and Sun are no working days; Mon 16 + 1 = Tue 17/11.
    let acts = [(Pause, "2026-11-13T08:00"), (Resume, "2026-11-16T08:00")];
    five.life("2026-11-09T09:00", &acts, "2026-11-17T17:00", "2026-11-18T00:00");
    // Paused Fri 20/11, resumed Wed 25: Mon 23, Wed 25 (Tue 24 off), two days. Received Tue 17: Wed 1, Thu 2, Fri 3, Mon 4, Wed 25 = 5; + 2 = Fri 27/11.
    let acts = [(Pause, "2026-11-20T08:00"), (Resume, "2026-11-25T08:00")];
    five.life("2026-11-17T09:00", &acts, "2026-11-27T17:00", "2026-11-28T00:00");
    // Over the make-up Saturday: paused Fri 21/8, resumed Sat 22/8, which is worked: one day. Received Wed 19/8: Thu 1, Fri 2, Sat 22 = 3, Mon 24 = 4,
    // Tue 25 = 5; + 1 = Wed 26/8.
    let acts = [(Pause, "2026-08-21T08:00"), (Resume, "2026-08-22T08:00")];
    five.life("2026-08-19T09:00", &acts, "2026-08-26T17:00", "2026-08-27T00:00");
}

#[test]
fn several_pauses_add_up() {
    let five = Counter::new(Limit::WorkingDays(5));
    // Mon 16/11; Wed and Thu = 2 → Wed 18; then paused Thu 12 again, resumed Fri 13: one day → Thu 19/11.
    let acts = [
        (Pause, "2026-11-10T08:00"),
        (Resume, "2026-11-12T10:00"),
        (Pause, "2026-11-12T11:00"),
        (Resume, "2026-11-13T10:00"),
    ];
    five.life("2026-11-09T09:00", &acts, "2026-11-19T17:00", "2026-11-20T00:00");
    // A supplement forgets the pauses before it: complete on Mon 16/11: Tue 1 … Fri 20 = 4, Mon 23 = 5.
    let acts = [
        (Pause, "2026-11-10T08:00"),
        (Resume, "2026-11-12T10:00"),
        (RequestSupplement, "2026-11-12T11:00"),
        (Supplement, "2026-11-16T10:00"),
    ];
    let file = five.life("2026-11-09T09:00", &acts, "2026-11-23T17:00", "2026-11-24T00:00");
    assert_eq!(file.dossier.pauses, []);
}

#[test]
fn calendar_days_and_months_move_by_working_days_too() {
    // 10 calendar days from Mon 9/11: Thu 19/11. Paused Tue 10 to Thu 12: two working days → Mon 23/11 (Fri 20 = 1, Mon 23 = 2).
    let acts = [(Pause, "2026-11-10T08:00"), (Resume, "2026-11-12T08:00")];
    Counter::new(Limit::CalendarDays(10)).life(
        "2026-11-09T09:00",
        &acts,
        "2026-11-23T17:00",
        "2026-11-24T00:00",
    );
    // A month from Mon 9/11: Wed 9/12. The same two days → Fri 11/12.
    Counter::new(Limit::Months(1)).life("2026-11-09T09:00", &acts, "2026-12-11T17:00", "2026-12-12T00:00");
}

#[test]
fn hours_move_by_the_minutes_of_the_sessions_that_stood_still() {
    let four = Counter::new(Limit::WorkingHours(4));
    // Received Mon 16/11 at 09:00: 09:00–11:30 is 2 h 30, 13:00–14:30 the rest: due 14:30.
    four.life("2026-11-16T09:00", &[], "2026-11-16T14:30", "2026-11-16T14:30");
    // Still from 10:00 to 13:30: 10:00–11:30 and 13:00–13:30, two hours; due 16:30.
    let acts = [(Pause, "2026-11-16T10:00"), (Resume, "2026-11-16T13:30")];
    four.life("2026-11-16T09:00", &acts, "2026-11-16T16:30", "2026-11-16T16:30");
    // Still from 10:00 to Tue 08:00: 1 h 30 + 4 h + 0 h 30 = 6 h; 14:30 + 2 h 30 = 17:00, and 3 h 30 on Tue from 07:30: 11:00.
    let acts = [(Pause, "2026-11-16T10:00"), (Resume, "2026-11-17T08:00")];
    four.life("2026-11-16T09:00", &acts, "2026-11-17T11:00", "2026-11-17T11:00");
    // Still over noon only: no session minute, nothing moves.
    let acts = [(Pause, "2026-11-16T11:40"), (Resume, "2026-11-16T12:50")];
    four.life("2026-11-16T09:00", &acts, "2026-11-16T14:30", "2026-11-16T14:30");
}

#[test]
fn what_is_late_is_moved_by_nothing() {
    let two = Counter::new(Limit::WorkingDays(2));
    // Received Mon 16/11, due Wed 18/11. At 00:00 of Thu it is late; a minute before it is not.
    let acts = [(Pause, "2026-11-19T00:00"), (Resume, "2026-11-23T08:00")];
    two.life("2026-11-16T09:00", &acts, "2026-11-18T17:00", "2026-11-19T00:00");
    // Thu 19, Fri 20, Mon 23: three days → Mon 23/11.
    let acts = [(Pause, "2026-11-18T23:59"), (Resume, "2026-11-23T08:00")];
    two.life("2026-11-16T09:00", &acts, "2026-11-23T17:00", "2026-11-24T00:00");
    let acts = [(RequestSupplement, "2026-11-19T08:00"), (Supplement, "2026-11-23T08:00")];
    let file = two.life("2026-11-16T09:00", &acts, "2026-11-18T17:00", "2026-11-19T00:00");
    let closed = two.does(&file, Resolve, "2026-11-23T09:00");
    assert_eq!(closed.dossier.outcome, Some(Outcome::Late));
}

#[test]
fn a_commitment_stands_still_and_begins_anew_with_the_dossier() {
    let five = Counter::new(Limit::WorkingDays(5)).committed(Effect::SameDay);
    // Received Mon 16/11 09:00 and promised for the day. Paused at 10:00, resumed Wed 18: Tue, Wed → Wed 18/11.
    let acts = [(Pause, "2026-11-16T10:00"), (Resume, "2026-11-18T08:00")];
    let file = five.life("2026-11-16T09:00", &acts, "2026-11-18T17:00", "2026-11-19T00:00");
    assert_eq!(
        (file.bounds[0].due_at, file.bounds[0].lapses_at),
        (at("2026-11-18T17:00"), at("2026-11-19T00:00"))
    );
    // Sent back at 10:00, complete on Fri 20/11 at 08:00: the day of completeness is the day now.
    let acts = [(RequestSupplement, "2026-11-16T10:00"), (Supplement, "2026-11-20T08:00")];
    let file = five.life("2026-11-16T09:00", &acts, "2026-11-20T17:00", "2026-11-21T00:00");
    assert_eq!(file.bounds[0].lapses_at, at("2026-11-21T00:00"));
    // Sent back only on Tue: the day's promise was broken by then and stays broken, and being the due date, it is not moved.
    let acts = [(RequestSupplement, "2026-11-17T08:00"), (Supplement, "2026-11-20T08:00")];
    let file = five.life("2026-11-16T09:00", &acts, "2026-11-16T17:00", "2026-11-17T00:00");
    assert_eq!(file.bounds[0].lapses_at, at("2026-11-17T00:00"));
}

#[test]
fn a_missed_commitment_stays_missed_when_the_limit_itself_begins_anew() {
    let five = Counter::new(Limit::WorkingDays(5)).committed(Effect::SameDay);
    // The officer promised Mon 23/11, the law's own day; the commitment was missed on Mon 16/11 at midnight.
    let file = five.receive("2026-11-16T09:00", Some("2026-11-23T17:00"));
    let file = five.does(&file, RequestSupplement, "2026-11-17T08:00");
    let file = five.does(&file, Supplement, "2026-11-20T08:00");
    let missed = hentra::domain::finding::of_time(&file.dossier, &file.bounds, at("2026-11-20T08:00"));
    assert_eq!(missed.iter().map(|of| of.code).collect::<Vec<_>>(), [FindingCode::SameDayMissed]);
    // Complete on Fri 20/11: what was committed for that day sets the due date, as it would for a receipt.
    assert_eq!(file.dossier.due_at, at("2026-11-20T17:00"));
}

#[test]
fn what_is_promised_for_the_week_moves_by_days_and_ends_with_a_session() {
    let five = Counter::new(Limit::WorkingDays(5)).committed(Effect::NoWeekRollover);
    // Received Fri 20/11 09:00: promised for Fri 17:00. Paused 10:00, resumed Wed 25: Mon 23, Wed 25 → the second working day after Fri: Wed 25/11.
    let acts = [(Pause, "2026-11-20T10:00"), (Resume, "2026-11-25T08:00")];
    let file = five.life("2026-11-20T09:00", &acts, "2026-11-25T17:00", "2026-11-26T00:00");
    assert_eq!(
        file.bounds[0].lapses_at,
        at("2026-11-25T17:00"),
        "missed when the session ends, not at midnight"
    );
}

#[test]
fn the_apology_is_due_a_working_day_before() {
    // Due Thu 3/9/2026: 1/9 and 2/9 are off, Mon 31/8 is swapped with Sat 22/8, so the working day before is Fri 28/8.
    let five = Counter::new(Limit::WorkingDays(5));
    // Received Mon 24/8: Tue 1, Wed 2, Thu 3, Fri 28 = 4, Thu 3/9 = 5.
    let file = five.receive("2026-08-24T09:00", None);
    assert_eq!(file.dossier.due_at, at("2026-09-03T17:00"));
    assert_eq!(file.dossier.apology_by, at("2026-08-29T00:00"));
    let in_time = five.does(&file, ActKind::Apologise, "2026-08-28T23:59");
    let late = five.does(&file, ActKind::Apologise, "2026-08-29T00:00");
    let of_time = |file: &File| {
        let found = hentra::domain::finding::of_time(&file.dossier, &file.bounds, at("2026-09-04T00:00"));
        found.iter().map(|of| of.code).collect::<Vec<_>>()
    };
    assert_eq!(of_time(&in_time), [FindingCode::Overdue]);
    assert_eq!(of_time(&late), [FindingCode::ApologyMissing, FindingCode::Overdue]);
    // A same-day dossier can be apologised for on its day.
    let same_day = Counter::new(Limit::SameDay).receive("2026-11-16T09:00", None);
    assert_eq!(same_day.dossier.apology_by, at("2026-11-17T00:00"));
}

#[test]
fn an_officers_promise_keeps_its_hour_when_it_moves() {
    let five = Counter::new(Limit::WorkingDays(5));
    // Promised for Mon 16/11 at 10:00; Wed and Thu stood still → Wed 18/11 at 10:00.
    let file = five.receive("2026-11-09T09:00", Some("2026-11-16T10:00"));
    let file = five.does(&file, Pause, "2026-11-10T08:00");
    let file = five.does(&file, Resume, "2026-11-12T08:00");
    assert_eq!(
        (file.dossier.due_at, file.dossier.lapses_at),
        (at("2026-11-18T10:00"), at("2026-11-19T00:00"))
    );
    assert_eq!(file.dossier.appointed_at, file.dossier.due_at);
    assert_eq!(file.dossier.first_due_at, at("2026-11-16T10:00"), "what the receipt promised stays said");
}

/// Both files say the same but for how often they were changed, and the findings' own history.
#[track_caller]
fn same_dates(one: &File, other: &File) {
    let dossier = Dossier { version: other.dossier.version, ..one.dossier.clone() };
    assert_eq!((&dossier, &one.bounds), (&other.dossier, &other.bounds));
}

#[test]
fn a_commitment_that_a_calendar_lets_demand_nothing_rests_until_it_does_again() {
    let five = || Counter::new(Limit::WorkingDays(5)).committed(Effect::NoWeekRollover);
    // Closed on Fri 20/11, so Thu 19/11 is the week's last working day, and nothing received then is put off to next week.
    let (closed, open) = (five().closed_on(&[20]), five());
    let file = closed.receive("2026-11-19T09:00", None);
    assert_eq!(file.dossier.due_at, at("2026-11-19T17:00"));
    // Worked after all: Thu is no last day any more. Fri 20 = 1, Mon 23 = 2, Wed 25 = 3, Thu 26 = 4, Fri 27 = 5.
    let moved = open.redated(&file);
    assert_eq!((moved.dossier.due_at, moved.dossier.commitment_due_at), (at("2026-11-27T17:00"), None));
    let missed = hentra::domain::finding::of_time(&moved.dossier, &moved.bounds, at("2026-11-25T09:00"));
    assert!(missed.is_empty(), "{missed:?}");
    same_dates(&closed.redated(&moved), &file);
}

#[test]
fn what_an_apology_slip_said_outlives_a_due_date_that_moves_past_it_and_back() {
    let five = || Counter::new(Limit::WorkingDays(5));
    // Tue 17 = 1, Wed 18 = 2, Thu 19 = 3, Fri 20 = 4, Mon 23 = 5; the slip says Wed 25/11.
    let apology = Act {
        kind: ActKind::Apologise,
        at: at("2026-11-19T09:00"),
        reason: Some("lý do".into()),
        ground: None,
        appointed_at: Some(at("2026-11-25T17:00")),
        changes: None,
        by_person: true,
    };
    let file = five().receive("2026-11-16T09:00", None);
    let file = decide(&file, &apology, &five().office(), at("2026-11-19T09:00")).unwrap();
    // Closed on Fri 20 and Mon 23: Wed 25 = 4, Thu 26 = 5.
    let moved = five().closed_on(&[20, 23]).redated(&file);
    let told = |file: &File| (file.dossier.due_at, file.dossier.appointment());
    assert_eq!(told(&moved), (at("2026-11-26T17:00"), at("2026-11-26T17:00")));
    let back = five().redated(&moved);
    assert_eq!(told(&back), (at("2026-11-23T17:00"), at("2026-11-25T17:00")));
    same_dates(&back, &file);
}

#[test]
fn whether_it_was_halted_in_time_is_judged_by_the_calendar_in_force() {
    let five = || Counter::new(Limit::WorkingDays(5));
    let file = five().receive("2026-11-16T09:00", None);
    // Due Mon 23/11, sent back on Wed 25/11: late. Closed on 18 and 19, it is due Thu 26/11 and was sent back in time.
    let late = five().does(&file, RequestSupplement, "2026-11-25T08:00");
    assert!(!late.dossier.stands_still());
    let in_time = five().closed_on(&[18, 19]).redated(&late);
    assert_eq!((in_time.dossier.due_at, in_time.dossier.stands_still()), (at("2026-11-26T17:00"), true));
    same_dates(&five().redated(&in_time), &late);
}
