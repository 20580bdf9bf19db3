//! Counters against the definitions they are held to, dossier by dossier.

use chrono::{Days, NaiveTime};
use proptest::prelude::*;

use super::*;
use crate::domain::dossier::{Dossier, Halt, NEVER, outcome};
use crate::domain::office_time::instant;
use crate::domain::period::Period;
use crate::domain::sample::{at, open};
use crate::domain::statistics::{self, Window};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A dossier with a history of any kind, minutes apart; many of its instants are midnights.
fn any_dossier() -> impl Strategy<Value = Dossier> {
    let instant_of = |range: std::ops::Range<i64>| {
        (range, any::<bool>())
            .prop_map(|(minutes, midnight)| if midnight { minutes / 1_440 * 1_440 } else { minutes })
    };
    let times = (
        instant_of(0..100_000),
        instant_of(0..60_000),
        proptest::option::of(instant_of(0..90_000)),
        proptest::collection::vec((instant_of(0..40_000), proptest::option::of(instant_of(0..20_000))), 0..3),
    );
    let kinds = (0..3_usize, 0..4_usize, 0..3_u32, 0..4_u32, any::<bool>());
    (times, kinds).prop_map(
        |((received, limit, closing, halts), (channel, closed_as, again, back, still))| {
            let base = at("2026-06-01T00:00:00");
            let minutes = TimeDelta::minutes;
            let mut of = open();
            of.received_at = base + minutes(received);
            of.due_at = of.received_at + minutes(limit);
            of.lapses_at = of.due_at;
            of.channel = Channel::ALL[channel];
            of.reappointments = again;
            of.supplements = back;
            let mut from = of.received_at;
            for (after, long) in halts {
                from += minutes(after);
                let to = long.map(|long| from + minutes(long));
                of.halts.push(Halt { from, to });
                let Some(to) = to else { break };
                from = to;
            }
            match closing {
                Some(after) => {
                    let when = from.max(of.received_at) + minutes(after);
                    of.outcome = Some(outcome(&of, when));
                    of.closed_at = Some(when);
                    of.closed_as = Some(ClosedAs::ALL[closed_as]);
                    if let Some(last) = of.halts.last_mut() {
                        last.to = last.to.or(Some(when));
                    }
                }
                None if still && of.halts.last().is_some_and(|halt| halt.to.is_none()) => {
                    of.lapses_at = NEVER
                }
                None => {}
            }
            of
        },
    )
}

fn summed(dossiers: &[Dossier], before: NaiveDate) -> Counts {
    let mut sum = Counts::default();
    let entries = difference(dossiers.iter().map(|of| (None, Some(of))));
    for (_, counts) in entries.iter().filter(|((_, day), _)| *day < before) {
        sum += *counts;
    }
    sum
}

proptest! {
    #[test]
    fn a_row_off_the_counters_is_the_row_of_the_definitions(
        dossiers in proptest::collection::vec(any_dossier(), 0..25),
        (first, days) in (0..200_u64, 0..120_u64),
    ) {
        let from = day("2026-05-15") + Days::new(first);
        let period = Period::between(from, from + Days::new(days)).unwrap();
        let expected = statistics::tally(&dossiers, &Window::new(&period, period.end()));
        let (start, end) = (summed(&dossiers, from), summed(&dossiers, period.to().succ_opt().unwrap()));
        let (found, broken) = tally(&start, &end);
        prop_assert_eq!((found, broken, found.violations()), (expected, vec![], vec![]));
    }

    #[test]
    fn a_row_seen_from_within_a_day_is_the_days_before_and_what_its_dossiers_came_to_since(
        dossiers in proptest::collection::vec(any_dossier(), 0..25),
        (first, days, minutes) in (0..200_u64, 0..120_u64, 0..172_800_i64),
    ) {
        let from = day("2026-05-15") + Days::new(first);
        let period = Period::between(from, from + Days::new(days)).unwrap();
        let window = Window::new(&period, (period.start() + TimeDelta::minutes(minutes)).min(period.end() - TimeDelta::minutes(1)));
        let today = local_date(window.as_of());
        let midnight = instant(today, NaiveTime::MIN);
        let mut end = summed(&dossiers, today);
        for of in dossiers.iter().map(Counted::from) {
            prop_assert_eq!(of.come_to(midnight, midnight), {
                let mut days = super::Days::new();
                of.enter(1, &mut days);
                days.range(..today).fold(Counts::default(), |mut sum, (_, counts)| { sum += *counts; sum.left_open = 0; sum.left_open_apologised = 0; sum })
            });
            end += of.come_to(window.as_of(), window.cut());
            end -= of.come_to(midnight, midnight);
        }
        let (found, broken) = tally(&summed(&dossiers, from), &end);
        prop_assert_eq!((found, broken), (statistics::tally(&dossiers, &window), vec![]));
    }

    #[test]
    fn what_is_left_to_do_stands_on_the_day_it_lapses(
        dossiers in proptest::collection::vec(any_dossier(), 0..25),
        first in 0..200_u64,
    ) {
        let today = day("2026-05-15") + Days::new(first);
        let midnight = instant(today, NaiveTime::MIN);
        let due = |of: &&Dossier| of.closed_at.is_none() && of.lapses_at > midnight && of.lapses_at <= midnight + TimeDelta::days(1);
        let entries = difference(dossiers.iter().map(|of| (None, Some(of))));
        let left: i64 = entries.iter().filter(|((_, day), _)| *day == today).map(|(_, counts)| counts.left_open).sum();
        let expected = dossiers.iter().filter(due).count();
        prop_assert_eq!(left, i64::try_from(expected).unwrap());
    }

    #[test]
    fn an_act_moves_what_it_moves(before in any_dossier(), mut after in any_dossier()) {
        after.id = before.id;
        let mut moved = difference([(None, Some(&before))]);
        for (key, counts) in difference([(Some(&before), Some(&after))]) {
            *moved.entry(key).or_default() += counts;
        }
        moved.retain(|_, counts| !counts.is_nothing());
        prop_assert_eq!(moved, difference([(None, Some(&after))]));
        prop_assert!(difference([(Some(&before), Some(&before))]).is_empty());
    }

    #[test]
    fn balances_are_the_sums_before_each_boundary(
        days in proptest::collection::btree_map(0..300_u64, -3..4_i64, 0..20),
        until in 0..320_u64,
    ) {
        let begin = day("2026-01-10");
        let until = begin + Days::new(until);
        let days: super::Days = days
            .into_iter()
            .map(|(n, early)| (begin + Days::new(n), Counts { early, ..Counts::default() }))
            .collect();
        let found: BTreeMap<NaiveDate, i64> =
            balances(&days, until).into_iter().map(|(at, sum)| (at, sum.early)).collect();
        let mut at = begin;
        while at < begin + Days::new(340) {
            let sum: i64 = days.range(..at).map(|(_, counts)| counts.early).sum();
            let kept = at <= until && (at.day() == 1 || at.day() == 15 || at == until);
            prop_assert_eq!(found.get(&at).copied().unwrap_or(0), if kept { sum } else { 0 }, "{}", at);
            at = at + Days::new(1);
        }
    }
}

#[test]
fn half_months_begin_on_the_1st_and_the_15th() {
    for (of, begun, next) in [
        ("2026-02-01", "2026-02-01", "2026-02-15"),
        ("2026-02-14", "2026-02-01", "2026-02-15"),
        ("2026-02-15", "2026-02-15", "2026-03-01"),
        ("2026-02-28", "2026-02-15", "2026-03-01"),
        ("2026-12-31", "2026-12-15", "2027-01-01"),
        ("2028-01-31", "2028-01-15", "2028-02-01"),
    ] {
        assert_eq!((half_month_of(day(of)), half_month_after(day(of))), (day(begun), day(next)), "{of}");
    }
    let all: Vec<NaiveDate> = boundaries(day("2026-02-20"), day("2026-03-20")).collect();
    assert_eq!(all, [day("2026-03-01"), day("2026-03-15"), day("2026-03-20")]);
    assert_eq!(boundaries(day("2026-02-20"), day("2026-03-01")).collect::<Vec<_>>(), [day("2026-03-01")]);
    assert_eq!(boundaries(day("2026-02-20"), day("2026-02-20")).count(), 0);
}

#[test]
fn less_than_nothing_is_told_and_shown_as_nothing() {
    let start = Counts { received_direct: 2, ..Counts::default() };
    let end = Counts { received_direct: 1, on_time: 1, ..Counts::default() };
    let (row, broken) = tally(&start, &end);
    assert_eq!(broken, ["5>=0"]);
    assert_eq!((row.direct, row.carried_over, row.on_time, row.in_progress), (0, 2, 1, 0));
}
