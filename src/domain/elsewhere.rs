//! Calendars of elsewhere (a web feed, a table) as proposals: which of their events may be days off or made up, and which are unclear, and why.
//!
//! Feeds list Valentine's day, the Women's and the Teachers' day and the solar terms beside the public holidays, and call all of them holidays. So an
//! event is taken for a day off only when both its name and its date fit a holiday of the law (BLLĐ 2019 Đ.112, resolution 28/2026/QH16 Đ.2(1)), or
//! when its name says in so many words that it is a day in lieu, swapped or made up and it falls on a weekday or weekend accordingly. Everything else
//! is left to a person. Nothing here publishes anything.

use super::calendar::{Calendar, DayKind, DayRow};
use super::{holiday_names, lunar};
use chrono::{Datelike, NaiveDate, Weekday};
use std::collections::BTreeMap;

/// What was read of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its line in the file, from 1.
    pub line: u64,
    /// Its name.
    pub name: String,
    /// When it is, or why that cannot be told.
    pub days: Result<Span, Doubt>,
    /// What it says itself that it is; tables may, feeds do not.
    pub kind: Option<DayKind>,
    /// The decision it says that it rests on.
    pub source: Option<String>,
    /// It says itself that it is only observed.
    pub observed: bool,
}

/// Whole days, both taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first.
    pub first: NaiveDate,
    /// The last.
    pub last: NaiveDate,
}

words! {
    /// Why nothing is made of an event.
    Doubt {
        /// It is a day that is observed, and worked.
        Observance = "observance",
        /// Its name or date is of no holiday of the law.
        NotADayOff = "not_a_day_off",
        /// It is repeated by a rule.
        Recurring = "recurring",
        /// It is at a time of day.
        Timed = "timed",
        /// It is on several days at once.
        MultiDay = "multi_day",
        /// The day was named further up.
        Duplicate = "duplicate",
        /// It is outside the years a calendar covers.
        OutsideHorizon = "outside_horizon",
        /// The announced calendar, or the scope's own, says otherwise of the day.
        Contradicts = "contradicts",
        /// Its time is of a zone that is not the office's.
        UnknownZone = "unknown_zone",
        /// It cannot be read.
        Malformed = "malformed",
        /// It was called off.
        Cancelled = "cancelled",
    }
}

/// What becomes of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// To be looked at and published: the day is this.
    Proposed(DayKind),
    /// The day is that already.
    Stands(DayKind),
    /// Left to a person.
    Unclear(Doubt),
}

/// What stands for the scope that a feed is read for.
pub struct Standing<'a> {
    /// Its calendar in force.
    pub calendar: &'a Calendar,
    /// The rows it has published itself.
    pub own: &'a [DayRow],
}

/// What becomes of each event, in their order.
#[must_use]
pub fn judge(events: &[Event], standing: &Standing<'_>) -> Vec<Verdict> {
    let own: BTreeMap<NaiveDate, DayKind> = standing.own.iter().map(|row| (row.date, row.kind)).collect();
    let mut named = BTreeMap::new();
    events
        .iter()
        .map(|event| {
            let (date, kind) = match read(event) {
                Ok(read) => read,
                Err(doubt) => return Verdict::Unclear(doubt),
            };
            if named.insert(date, kind).is_some() {
                return Verdict::Unclear(Doubt::Duplicate);
            }
            against(standing.calendar, own.get(&date).copied(), date, kind)
        })
        .collect()
}

/// The one day an event is on, and what its name and date make of it.
fn read(event: &Event) -> Result<(NaiveDate, DayKind), Doubt> {
    let Span { first, last } = event.days?;
    if last < first {
        return Err(Doubt::Malformed);
    }
    if first != last {
        return Err(Doubt::MultiDay);
    }
    if event.observed {
        return Err(Doubt::Observance);
    }
    Ok((first, event.kind.map_or_else(|| kind_of(&event.name, first), Ok)?))
}

/// What name and date say together.
fn kind_of(name: &str, date: NaiveDate) -> Result<DayKind, Doubt> {
    let words = holiday_names::Words::of(name);
    let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
    if weekend && words.makes_up {
        return Ok(DayKind::Makeup);
    }
    if !weekend && words.swaps {
        return Ok(DayKind::Swapped);
    }
    if !weekend && words.in_lieu && near_a_holiday(date) {
        return Ok(DayKind::Compensatory);
    }
    if words.holiday.is_some_and(|holiday| falls_on(holiday, date)) && !words.makes_up && !words.in_lieu {
        return Ok(DayKind::Holiday);
    }
    Err(if words.observance { Doubt::Observance } else { Doubt::NotADayOff })
}

/// A holiday of the law.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holiday {
    NewYear,
    Tet,
    HungKings,
    Reunification,
    Labour,
    NationalDay,
    Culture,
}

const HOLIDAYS: [Holiday; 7] = [
    Holiday::NewYear,
    Holiday::Tet,
    Holiday::HungKings,
    Holiday::Reunification,
    Holiday::Labour,
    Holiday::NationalDay,
    Holiday::Culture,
];

/// Whether the holiday can be on that day: the government chooses the days of Tết, and the one beside 2/9.
fn falls_on(holiday: Holiday, date: NaiveDate) -> bool {
    let on = |month, day| date.month() == month && date.day() == day;
    match holiday {
        Holiday::NewYear => on(1, 1),
        Holiday::Tet => {
            lunar::tet(date.year()).is_some_and(|tet| (-4..=6).contains(&(date - tet).num_days()))
        }
        Holiday::HungKings => lunar::hung_kings_day(date.year()) == Some(date),
        Holiday::Reunification => on(4, 30),
        Holiday::Labour => on(5, 1),
        Holiday::NationalDay => on(9, 1) || on(9, 2) || on(9, 3),
        Holiday::Culture => on(11, 24) && date.year() >= 2026,
    }
}

/// A day in lieu follows its holiday within days: after Tết and a weekend, nine at most.
fn near_a_holiday(date: NaiveDate) -> bool {
    let before = |back: u64| date.checked_sub_days(chrono::Days::new(back));
    (1..=9).filter_map(before).any(|day| HOLIDAYS.iter().any(|of| falls_on(*of, day)))
}

/// What stands of the day decides whether there is anything to propose.
fn against(calendar: &Calendar, own: Option<DayKind>, date: NaiveDate, kind: DayKind) -> Verdict {
    let Some(day) = calendar.day(date) else { return Verdict::Unclear(Doubt::OutsideHorizon) };
    let settled = own.is_some() || !day.provisional;
    match (settled, day.working == kind.is_working()) {
        // A weekday needs no making up, whatever the feed says.
        (_, true) if kind == DayKind::Makeup && day.kind != Some(DayKind::Makeup) => {
            Verdict::Unclear(Doubt::Contradicts)
        }
        (true, true) => Verdict::Stands(day.kind.unwrap_or(kind)),
        (true, false) => Verdict::Unclear(Doubt::Contradicts),
        (false, _) => Verdict::Proposed(kind),
    }
}

/// The days to publish: what the scope says of the years that something is proposed for, and what is proposed beside it, so that nothing that stands is
/// lost. `source` is what a proposed day rests on that names nothing itself.
#[must_use]
pub fn draft(events: &[Event], verdicts: &[Verdict], own: &[DayRow], source: &str) -> Vec<DayRow> {
    let mut days = BTreeMap::new();
    for (event, verdict) in events.iter().zip(verdicts) {
        let (Verdict::Proposed(kind), Ok(Span { first: date, .. })) = (verdict, event.days) else { continue };
        let source = event.source.clone().unwrap_or_else(|| source.to_owned());
        days.insert(date, DayRow { date, kind: *kind, name: event.name.clone(), source });
    }
    let years: Vec<i32> = days.keys().map(|date| date.year()).collect();
    for row in own.iter().filter(|row| years.contains(&row.date.year())) {
        days.insert(row.date, row.clone());
    }
    days.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::CalendarSpec;

    fn event(name: &str, date: &str) -> Event {
        let date: NaiveDate = date.parse().unwrap();
        let days = Ok(Span { first: date, last: date });
        Event { line: 1, name: name.into(), days, kind: None, source: None, observed: false }
    }

    /// 2026 announced, with 24/11 off and Saturday 22/8 made up for Monday 31/8.
    fn own() -> Vec<DayRow> {
        let row = |date: &str, kind| DayRow {
            date: date.parse().unwrap(),
            kind,
            name: "Nghỉ".into(),
            source: "TB 1".into(),
        };
        vec![
            row("2026-08-22", DayKind::Makeup),
            row("2026-08-31", DayKind::Swapped),
            row("2026-11-24", DayKind::Holiday),
        ]
    }

    fn judged(events: &[Event]) -> Vec<Verdict> {
        let calendar = Calendar::build(&CalendarSpec::national(own(), (2000..=2026).collect())).unwrap();
        judge(events, &Standing { calendar: &calendar, own: &own() })
    }

    fn alone(name: &str, date: &str) -> Verdict {
        judged(&[event(name, date)])[0]
    }

    #[test]
    fn holidays_of_the_law_are_proposed_by_name_and_date_together() {
        for (name, date) in [
            ("Tết Dương lịch", "2027-01-01"),
            ("International New Year's Day", "2027-01-01"),
            ("Tết Nguyên đán 2027", "2027-02-06"),
            ("Vietnamese New Year's Eve", "2027-02-05"),
            ("Tet Holiday", "2027-02-09"),
            ("Giỗ tổ Hùng Vương", "2027-04-16"),
            ("Hung Kings Festival", "2027-04-16"),
            ("Ngày Giải phóng miền Nam", "2027-04-30"),
            ("Liberation Day/Reunification Day", "2027-04-30"),
            ("Ngày Quốc tế Lao động", "2027-05-01"),
            ("International Labor Day", "2027-05-01"),
            ("Lễ Quốc khánh", "2027-09-02"),
            ("Independence Day", "2027-09-02"),
            ("Ngày Văn hóa Việt Nam", "2027-11-24"),
        ] {
            assert_eq!(alone(name, date), Verdict::Proposed(DayKind::Holiday), "{name} {date}");
        }
    }

    #[test]
    fn what_is_only_observed_never_becomes_a_day_off() {
        for (name, date, doubt) in [
            ("Lễ tình nhân (Valentine)", "2027-02-14", Doubt::Observance),
            ("Valentine's Day", "2027-02-14", Doubt::Observance),
            ("Ngày Quốc tế Phụ nữ", "2027-03-08", Doubt::Observance),
            ("Ngày Nhà giáo Việt Nam", "2027-11-20", Doubt::Observance),
            ("Vietnamese Teachers' Day", "2027-11-20", Doubt::Observance),
            ("Xuân phân", "2027-03-20", Doubt::Observance),
            ("Đông chí", "2027-12-22", Doubt::Observance),
            ("March Equinox", "2027-03-20", Doubt::Observance),
            ("Lễ Giáng sinh", "2027-12-25", Doubt::Observance),
            ("New Year's Eve", "2027-12-31", Doubt::Observance),
            ("Rằm tháng Giêng", "2027-02-20", Doubt::Observance),
            ("National Day of the People's Republic of China", "2027-10-01", Doubt::NotADayOff),
            ("Giỗ Tổ Hùng Vương", "2027-04-15", Doubt::NotADayOff),
            ("Tết Đoan Ngọ", "2027-06-09", Doubt::Observance),
            ("Tết Trung thu", "2027-09-15", Doubt::Observance),
            ("Ngày Văn hóa Việt Nam", "2025-11-24", Doubt::NotADayOff),
            ("Họp giao ban", "2027-01-01", Doubt::NotADayOff),
            ("Nghỉ bù", "2027-07-01", Doubt::NotADayOff),
        ] {
            assert_eq!(alone(name, date), Verdict::Unclear(doubt), "{name} {date}");
        }
        let observed = Event { observed: true, ..event("Quốc khánh", "2027-09-02") };
        assert_eq!(judged(&[observed]), [Verdict::Unclear(Doubt::Observance)]);
    }

    #[test]
    fn days_in_lieu_swapped_and_made_up_are_told_by_their_words_and_their_weekday() {
        for (name, date, kind) in [
            ("Nghỉ bù Tết Nguyên đán", "2027-02-10", DayKind::Compensatory),
            ("Day off for Labor Day", "2027-05-03", DayKind::Compensatory),
            ("Nghỉ hoán đổi", "2027-12-31", DayKind::Swapped),
            ("Nghỉ hoán đổi, làm bù thứ Bảy", "2027-09-03", DayKind::Swapped),
            ("Đi làm bù cho ngày nghỉ hoán đổi", "2027-08-28", DayKind::Makeup),
            ("Working day (in lieu of Sep 3)", "2027-08-28", DayKind::Makeup),
        ] {
            assert_eq!(alone(name, date), Verdict::Proposed(kind), "{name} {date}");
        }
        // A Friday cannot be made up, and a Saturday not be given in lieu.
        assert_eq!(alone("Làm bù", "2027-08-27"), Verdict::Unclear(Doubt::NotADayOff));
        assert_eq!(alone("Nghỉ bù Quốc khánh", "2027-09-04"), Verdict::Unclear(Doubt::NotADayOff));
    }

    #[test]
    fn what_stands_is_neither_proposed_again_nor_contradicted_by_a_feed() {
        assert_eq!(alone("Ngày Văn hóa Việt Nam", "2026-11-24"), Verdict::Stands(DayKind::Holiday));
        assert_eq!(alone("Làm bù", "2026-08-22"), Verdict::Stands(DayKind::Makeup));
        for (name, date) in [("Quốc khánh", "2026-09-03"), ("Làm bù", "2026-08-29")] {
            assert_eq!(alone(name, date), Verdict::Unclear(Doubt::Contradicts), "{name} {date}");
        }
        // A holiday on a Saturday changes nothing, be the year announced.
        assert_eq!(alone("Quốc khánh", "2023-09-02"), Verdict::Stands(DayKind::Holiday));
    }

    #[test]
    fn what_is_not_one_day_within_the_years_is_unclear() {
        let (first, last) = ("2027-02-05".parse().unwrap(), "2027-02-11".parse().unwrap());
        let tet = event("Tết Nguyên đán", "2027-02-05");
        let several = Event { days: Ok(Span { first, last }), ..tet.clone() };
        let backwards = Event { days: Ok(Span { first: last, last: first }), ..tet.clone() };
        let timed = Event { days: Err(Doubt::Timed), ..tet.clone() };
        let judged =
            judged(&[several, backwards, timed, tet.clone(), tet, event("Quốc khánh", "2061-09-02")]);
        let unclear = |doubt| Verdict::Unclear(doubt);
        let expected = [
            unclear(Doubt::MultiDay),
            unclear(Doubt::Malformed),
            unclear(Doubt::Timed),
            Verdict::Proposed(DayKind::Holiday),
            unclear(Doubt::Duplicate),
            unclear(Doubt::OutsideHorizon),
        ];
        assert_eq!(judged, expected);
    }

    #[test]
    fn a_draft_keeps_what_stands_of_its_years_and_leaves_out_the_unclear() {
        let events =
            [event("Quốc khánh", "2027-09-02"), event("Valentine", "2027-02-14"), event("Họp", "2026-01-05")];
        let mut own = own();
        own.push(DayRow { date: "2027-03-01".parse().unwrap(), ..own[1].clone() });
        let days = draft(&events, &judged(&events), &own, "Nguồn");
        let told: Vec<(String, &str)> =
            days.iter().map(|row| (row.date.to_string(), row.source.as_str())).collect();
        assert_eq!(told, [("2027-03-01".to_owned(), "TB 1"), ("2027-09-02".to_owned(), "Nguồn")]);
    }
}
