//! The definitions, each said as an example, and what must hold of every history.

use proptest::prelude::*;

use super::*;
use crate::domain::dossier::Status;
use crate::domain::{dossier, sample};

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{text}:00+07:00")).unwrap().to_utc()
}

/// Received at the counter, due at 17:00 of a day and late from its 24:00.
fn open(received: &str, due_day: &str) -> Dossier {
    let due_at = at(&format!("{due_day}T17:00"));
    Dossier {
        received_at: at(received),
        effective_receipt: at(received),
        statutory_due_at: due_at,
        first_due_at: due_at,
        due_at,
        lapses_at: due_at + TimeDelta::hours(7),
        appointed_at: due_at,
        ..sample::open()
    }
}

fn closed(mut of: Dossier, when: DateTime<Utc>, closed_as: ClosedAs) -> Dossier {
    of.outcome = Some(dossier::outcome(&of, when));
    of.closed_at = Some(when);
    of.closed_as = Some(closed_as);
    of.status = Status::Resolved;
    of
}

fn september(as_of: &str) -> Window {
    Window::new(&Period::parse("2026-09").unwrap(), at(as_of))
}

fn alone(of: &Dossier, window: &Window) -> Tally {
    tally([of], window)
}

#[test]
fn the_columns_of_receipt() {
    let window = september("2026-12-01T00:00");
    let mut online = open("2026-08-15T00:00", "2026-12-31");
    online.channel = Channel::Online;
    assert_eq!((alone(&online, &window).received, alone(&online, &window).online), (1, 1));
    let mut postal = open("2026-09-14T23:59", "2026-12-31");
    postal.channel = Channel::Postal;
    assert_eq!(alone(&postal, &window).direct, 1);
    // Carried over, by whatever channel it once came.
    online.received_at = at("2026-08-14T23:59");
    assert_eq!((alone(&online, &window).carried_over, alone(&online, &window).online), (1, 0));
    // The 15th is the next period's.
    assert_eq!(alone(&open("2026-09-15T00:00", "2026-12-31"), &window), Tally::default());
}

#[test]
fn closing_counts_in_the_period_it_happens_in() {
    let of = |when: &str| {
        let dossier = closed(open("2026-08-10T08:00", "2026-12-31"), at(when), ClosedAs::Resolved);
        alone(&dossier, &september("2026-12-01T00:00"))
    };
    assert_eq!(of("2026-08-14T23:59"), Tally::default());
    assert_eq!((of("2026-08-15T00:00").carried_over, of("2026-08-15T00:00").resolved), (1, 1));
    assert_eq!((of("2026-09-14T23:59").resolved, of("2026-09-14T23:59").in_progress), (1, 0));
    assert_eq!((of("2026-09-15T00:00").resolved, of("2026-09-15T00:00").in_progress), (0, 1));
}

#[test]
fn early_on_time_and_late_each_closing_kind_alike() {
    let window = september("2026-12-01T00:00");
    type Column = fn(&Tally) -> u32;
    let columns: [(ClosedAs, Column); 4] = [
        (ClosedAs::Resolved, |of| of.closed_resolved),
        (ClosedAs::Refused, |of| of.closed_refused),
        (ClosedAs::Withdrawn, |of| of.closed_withdrawn),
        (ClosedAs::Stopped, |of| of.closed_stopped),
    ];
    for (kind, count) in columns {
        let on = |when: &str| alone(&closed(open("2026-08-20T08:00", "2026-08-26"), at(when), kind), &window);
        assert_eq!((on("2026-08-25T23:59").early, count(&on("2026-08-25T23:59"))), (1, 1));
        assert_eq!(on("2026-08-26T00:00").on_time, 1);
        assert_eq!(on("2026-08-26T23:59").on_time, 1);
        assert_eq!((on("2026-08-27T00:00").late, on("2026-08-27T00:00").late_without_apology), (1, 1));
    }
}

#[test]
fn open_is_within_the_limit_until_it_lapses() {
    let dossier = open("2026-08-20T08:00", "2026-08-26");
    assert_eq!(alone(&dossier, &september("2026-08-26T23:59")).within_limit, 1);
    assert_eq!(alone(&dossier, &september("2026-08-27T00:00")).overdue, 1);
    // Due on the period's last day and still open when that day is over.
    assert_eq!(alone(&open("2026-08-20T08:00", "2026-09-14"), &september("2026-12-01T00:00")).overdue, 1);
    assert_eq!(
        alone(&open("2026-08-20T08:00", "2026-09-15"), &september("2026-12-01T00:00")).within_limit,
        1
    );
}

#[test]
fn a_limit_that_stands_still_is_within_the_limit_and_told_apart() {
    let mut dossier = open("2026-08-20T08:00", "2026-08-26");
    let numbers = |of: &Dossier, as_of: &str| {
        let sum = alone(of, &september(as_of));
        (sum.within_limit, sum.suspended, sum.overdue)
    };
    dossier.halts = vec![Halt { from: at("2026-08-24T09:00"), to: None }];
    assert_eq!(numbers(&dossier, "2026-12-01T00:00"), (0, 0, 1), "it has lapsed all the same");
    dossier.lapses_at = dossier::NEVER;
    assert_eq!(numbers(&dossier, "2026-12-01T00:00"), (1, 1, 0), "halted in time");
    assert_eq!(numbers(&dossier, "2026-08-24T08:59"), (1, 0, 0), "not halted yet");
    assert_eq!(numbers(&dossier, "2026-08-24T09:00"), (1, 1, 0));
    dossier.halts = vec![Halt { from: at("2026-08-24T09:00"), to: Some(at("2026-08-28T10:00")) }];
    dossier.lapses_at = at("2026-09-02T00:00");
    assert_eq!(numbers(&dossier, "2026-08-28T09:59"), (1, 1, 0), "it was halted then, whatever it is now");
    assert_eq!(numbers(&dossier, "2026-08-28T10:00"), (1, 0, 0));
    assert_eq!(numbers(&dossier, "2026-09-02T00:00"), (0, 0, 1));
}

#[test]
fn an_apology_is_told_but_changes_no_column() {
    let mut dossier = open("2026-08-20T08:00", "2026-08-26");
    dossier.reappointments = 1;
    let sum = alone(&dossier, &september("2026-12-01T00:00"));
    assert_eq!((sum.overdue, sum.late_with_apology, sum.late_without_apology), (1, 1, 0));
    assert_eq!(alone(&dossier, &september("2026-08-26T10:00")).late_with_apology, 0);
}

#[test]
fn what_happens_after_as_of_has_not_happened_yet() {
    let dossier = closed(open("2026-08-20T08:00", "2026-08-26"), at("2026-08-26T10:00"), ClosedAs::Resolved);
    assert_eq!(alone(&dossier, &september("2026-08-20T07:59")), Tally::default());
    assert_eq!(alone(&dossier, &september("2026-08-20T08:00")).in_progress, 1);
    assert_eq!(alone(&dossier, &september("2026-08-26T09:59")).in_progress, 1);
    assert_eq!(alone(&dossier, &september("2026-08-26T10:00")).on_time, 1);
    // Seen from before the period began, what is open then is carried over.
    let earlier = closed(open("2026-08-01T08:00", "2026-08-26"), at("2026-08-11T10:00"), ClosedAs::Resolved);
    let seen = alone(&earlier, &september("2026-08-10T10:00"));
    assert_eq!((seen.carried_over, seen.within_limit, seen.violations()), (1, 1, vec![]));
}

#[test]
fn the_published_figures_of_vinh_phuc_come_out() {
    // Vĩnh Phúc, 9/2021: received 4 131, carried over 2 171, in all 6 302; due 4 169, of these in time 4 157 (99,71 %) and late 12 (0,29 %).
    let mut sum = Tally::default();
    let standing =
        |source, progress| Standing { source, progress, apologised: false, twice_supplemented: false };
    let on_time = Progress::Closed(ClosedAs::Resolved, Outcome::OnTime);
    sum.add(standing(Source::CarriedOver, on_time), 2_171);
    sum.add(standing(Source::Online, on_time), 4_157 - 2_171);
    sum.add(standing(Source::Direct, Progress::Closed(ClosedAs::Resolved, Outcome::Late)), 12);
    sum.add(standing(Source::Direct, Progress::WithinLimit), 4_131 - (4_157 - 2_171) - 12);
    assert_eq!((sum.online + sum.direct, sum.carried_over, sum.received), (4_131, 2_171, 6_302));
    assert_eq!(sum.on_time_of_due(), Rate { numerator: 4_157, denominator: 4_169 });
    let percent = |rate: Rate| format!("{:.2}", rate.value().unwrap() * 100.0);
    assert_eq!((percent(sum.on_time_of_due()), percent(sum.late_of_due())), ("99.71".into(), "0.29".into()));
    assert_eq!(sum.points_766(), Some(19.94));
    assert_eq!(sum.violations(), Vec::<&str>::new());
}

#[test]
fn what_was_sent_back_twice_is_late_for_qd_766_alone() {
    let mut dossier =
        closed(open("2026-08-20T08:00", "2026-08-26"), at("2026-08-26T10:00"), ClosedAs::Resolved);
    dossier.supplements = 1;
    let once = alone(&dossier, &september("2026-12-01T00:00"));
    assert_eq!((once.on_time, once.twice_supplemented, once.points_766()), (1, 0, Some(20.0)));
    dossier.supplements = 2;
    let twice = alone(&dossier, &september("2026-12-01T00:00"));
    assert_eq!((twice.on_time, twice.twice_supplemented, twice.points_766()), (1, 1, Some(0.0)));
    assert_eq!(twice.on_time_of_due().value(), Some(1.0));
    let late = closed(dossier, at("2026-08-28T10:00"), ClosedAs::Resolved);
    let late = alone(&late, &september("2026-12-01T00:00"));
    assert_eq!(
        (late.late, late.twice_supplemented, late.violations()),
        (1, 0, vec![]),
        "late once is enough"
    );
}

#[test]
fn nothing_due_is_no_rate_and_never_a_hundred_percent() {
    let none = Tally::default();
    assert_eq!((none.on_time_of_resolved().value(), none.on_time_of_due().value()), (None, None));
    assert_eq!((none.late_of_due().value(), none.points_766()), (None, None));
    let overdue = Tally { received: 1, in_progress: 1, overdue: 1, ..none };
    assert_eq!((overdue.on_time_of_resolved().value(), overdue.on_time_of_due().value()), (None, Some(0.0)));
    assert_eq!(overdue.points_766(), Some(0.0));
}

#[test]
fn points_round_halves_upwards() {
    // 1/1600 of 20 points is 0.0125; 3/1600 is 0.0375, which binary fractions would round by luck.
    let points = |on_time, late| Tally { on_time, late, ..Tally::default() }.points_766();
    assert_eq!((points(1, 0), points(2, 1)), (Some(20.0), Some(13.33)));
    assert_eq!((points(1, 799), points(3, 797), points(5, 795)), (Some(0.03), Some(0.08), Some(0.13)));
}

#[test]
fn a_broken_equation_is_named() {
    let sum =
        Tally { received: 3, online: 1, in_progress: 3, within_limit: 3, suspended: 4, ..Tally::default() };
    assert_eq!(sum.violations(), ["3=4+5+6", "suspended<=12"]);
}

fn any_dossier() -> impl Strategy<Value = Dossier> {
    let base = at("2026-06-01T00:00");
    let times = (0..200_000_i64, 0..60_000_i64, proptest::option::of(0..120_000_i64));
    let kinds = (0..3_usize, 0..4_usize, 0..8_usize, 0..3_u32);
    (times, kinds).prop_map(
        move |((received, limit, closing), (channel, closed_as, status, reappointments))| {
            let mut dossier = open("2026-06-01T00:00", "2026-06-01");
            dossier.received_at = base + TimeDelta::minutes(received);
            dossier.due_at = dossier.received_at + TimeDelta::minutes(limit);
            dossier.lapses_at = dossier.due_at + TimeDelta::hours(7);
            dossier.channel = Channel::ALL[channel];
            dossier.reappointments = reappointments;
            dossier.status = Status::ALL[status];
            match closing {
                Some(after) => {
                    let when = dossier.received_at + TimeDelta::minutes(after);
                    closed(dossier, when, ClosedAs::ALL[closed_as])
                }
                None => dossier,
            }
        },
    )
}

proptest! {
    #[test]
    fn every_history_keeps_the_equations_and_hands_on_what_is_open(dossiers in proptest::collection::vec(any_dossier(), 0..40)) {
        let mut open_before = 0;
        for month in 6..=12 {
            let period = Period::parse(&format!("2026-{month:02}")).unwrap();
            let sum = tally(&dossiers, &Window::new(&period, period.end()));
            prop_assert_eq!(sum.violations(), Vec::<&str>::new());
            prop_assert_eq!(sum.carried_over, open_before, "{}", period);
            open_before = sum.in_progress;
        }
    }

    #[test]
    fn any_view_keeps_the_equations_and_parts_sum_to_the_whole(
        dossiers in proptest::collection::vec(any_dossier(), 0..40),
        as_of in 0..400_000_i64,
    ) {
        let as_of = at("2026-05-01T00:00") + TimeDelta::minutes(as_of);
        let window = Window::new(&Period::parse("2026-Q3").unwrap(), as_of);
        let whole = tally(&dossiers, &window);
        prop_assert_eq!(whole.violations(), Vec::<&str>::new());
        let (one, other) = dossiers.split_at(dossiers.len() / 2);
        let mut sum = tally(one, &window);
        sum += tally(other, &window);
        prop_assert_eq!(sum, whole);
    }
}
