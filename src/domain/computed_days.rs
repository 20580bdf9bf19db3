//! The days off of a year whose calendar the government has not announced, as far as the law lets one foresee them.
//!
//! Public holidays stand in Bộ luật Lao động 2019 Đ.112 and, since 2026, in resolution 28/2026/QH16 Đ.2(1); what is
//! announced each year is which five days Tết takes, which day goes with 2/9, and the swaps. So these rows are a
//! guess with a source, and everything that rests on them is provisional. Earlier years follow the holidays of their
//! own time (Bộ luật Lao động 1994 Đ.73, amended 2007; 2012 Đ.115), cited from memory.
//!
//! The names are those the announced calendars use: data in Vietnamese, not sentences for a reader to be addressed in.

use super::{
    calendar::{DayKind, DayRow},
    lunar,
};
use chrono::{Datelike, Days, NaiveDate, Weekday};
use std::collections::BTreeMap;

const IN_LIEU: &str = "BLLĐ 2019 Đ.111(3), tính trước";

struct Holiday {
    date: NaiveDate,
    name: String,
    source: &'static str,
}

/// The holidays and compensatory days of a year by law alone, in order of date; empty for years out of the lunar
/// calendar's reach. Days are never swapped here: that takes a decision.
#[must_use]
pub fn computed_days(year: i32) -> Vec<DayRow> {
    let mut rows = BTreeMap::new();
    for holiday in holidays(year) {
        rows.entry(holiday.date)
            // Giỗ Tổ can fall on 30/4: one day off with both names; the law gives no second day for it.
            .and_modify(|row: &mut DayRow| row.name = format!("{}; {}", row.name, holiday.name))
            .or_insert_with(|| DayRow {
                date: holiday.date,
                kind: DayKind::Holiday,
                name: holiday.name,
                source: format!("{}, tính trước", holiday.source),
            });
    }
    add_compensatory(&mut rows);
    rows.into_values().collect()
}

/// A holiday on a weekly day off is made up on the next working day (BLLĐ 2019 Đ.111(3)): each in turn takes the first
/// weekday that is not off already, so Saturday 30/4 and Sunday 1/5 give Monday and Tuesday.
fn add_compensatory(rows: &mut BTreeMap<NaiveDate, DayRow>) {
    let on_weekend: Vec<(NaiveDate, String)> =
        rows.values().filter(|row| is_weekend(row.date)).map(|row| (row.date, row.name.clone())).collect();
    for (date, name) in on_weekend {
        let next = date.iter_days().skip(1).find(|day| !is_weekend(*day) && !rows.contains_key(day));
        if let Some(date) = next {
            let name = format!("Nghỉ bù {name}");
            rows.insert(date, DayRow { date, kind: DayKind::Compensatory, name, source: IN_LIEU.to_owned() });
        }
    }
}

fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

fn holidays(year: i32) -> Vec<Holiday> {
    let mut holidays = tet(year);
    let mut add = |date: Option<NaiveDate>, name: &str, source: &'static str| {
        holidays.extend(date.map(|date| Holiday { date, name: name.to_owned(), source }));
    };
    let of_year = |month, day| NaiveDate::from_ymd_opt(year, month, day);
    add(of_year(1, 1), "Tết Dương lịch", article(year, "BLLĐ 2019 Đ.112(1)(a)"));
    if year >= 2007 {
        // A holiday since the amendment of April 2007, in time for that year's 26/4.
        add(lunar::hung_kings_day(year), "Giỗ Tổ Hùng Vương", article(year, "BLLĐ 2019 Đ.112(1)(e)"));
    }
    add(of_year(4, 30), "Ngày Chiến thắng", article(year, "BLLĐ 2019 Đ.112(1)(c)"));
    add(of_year(5, 1), "Ngày Quốc tế lao động", article(year, "BLLĐ 2019 Đ.112(1)(d)"));
    add(of_year(9, 2), "Quốc khánh", article(year, "BLLĐ 2019 Đ.112(1)(đ)"));
    if year >= 2021 {
        let (date, name) = beside_national_day(year);
        add(date, name, "BLLĐ 2019 Đ.112(1)(đ)");
    }
    if year >= 2026 {
        add(of_year(11, 24), "Ngày Văn hóa Việt Nam", "Nghị quyết 28/2026/QH16 Đ.2(1)");
    }
    holidays
}

/// The labour code of the year, for years before the code of 2019 took effect (1/1/2021).
fn article(year: i32, today: &'static str) -> &'static str {
    match year {
        2021.. => today,
        2013..=2020 => "BLLĐ 2012 Đ.115",
        _ => "BLLĐ 1994 Đ.73",
    }
}

/// Five days by default the last of the old year and the first four of the new, the choice of most years (Đ.112(1)(b),
/// and Đ.115 of 2012); before 2014 four days, the last and three.
fn tet(year: i32) -> Vec<Holiday> {
    let source = article(year, "BLLĐ 2019 Đ.112(1)(b)");
    let Some(first) = lunar::tet(year) else { return Vec::new() };
    let mut days = Vec::new();
    if let (Some(eve), Some(twelfth)) = (first.pred_opt(), lunar::solar_date(year - 1, 12, 1)) {
        let day_of_month = (first - twelfth).num_days();
        days.push(Holiday {
            date: eve, name: format!("Tết Nguyên đán ({day_of_month} tháng Chạp)"), source
        });
    }
    let new_year_days = if year >= 2014 { 4 } else { 3 };
    days.extend((1..=new_year_days).filter_map(|day| {
        let date = first.checked_add_days(Days::new(day - 1))?;
        Some(Holiday { date, name: format!("Tết Nguyên đán (mùng {day})"), source })
    }));
    days
}

/// "Quốc khánh 02 ngày (ngày 02 tháng 9 và 01 ngày liền kề trước hoặc sau)": which one is announced each year, and
/// since 2021 it was the one that joins the weekend: 3/9 when 2/9 is a Monday or Thursday, else 1/9. A Sunday has not
/// come up yet; 3/9 then makes the same break as 1/9 would.
fn beside_national_day(year: i32) -> (Option<NaiveDate>, &'static str) {
    let weekday = NaiveDate::from_ymd_opt(year, 9, 2).map(|date| date.weekday());
    match weekday {
        Some(Weekday::Mon | Weekday::Thu | Weekday::Sun) => {
            (NaiveDate::from_ymd_opt(year, 9, 3), "Quốc khánh (ngày liền kề sau)")
        }
        _ => (NaiveDate::from_ymd_opt(year, 9, 1), "Quốc khánh (ngày liền kề trước)"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn off(year: i32) -> Vec<String> {
        computed_days(year).iter().map(|row| row.date.format("%d/%m").to_string()).collect()
    }

    #[test]
    fn a_year_ahead_has_tet_on_a_weekend_made_up_after_it() {
        // Mùng 1 Tết 2027 is Saturday 6/2.
        let expected = [
            "01/01", "05/02", "06/02", "07/02", "08/02", "09/02", "10/02", "11/02", "16/04", "30/04",
            "01/05", "03/05", "02/09", "03/09", "24/11",
        ];
        assert_eq!(off(2027), expected);
        let rows = computed_days(2027);
        let in_lieu = rows.iter().find(|row| row.date.to_string() == "2027-02-10").unwrap();
        assert_eq!(
            (in_lieu.kind, in_lieu.name.as_str()),
            (DayKind::Compensatory, "Nghỉ bù Tết Nguyên đán (mùng 1)")
        );
        assert_eq!(rows[1].name, "Tết Nguyên đán (29 tháng Chạp)");
    }

    #[test]
    fn two_holidays_on_one_weekend_give_two_days_in_turn() {
        let rows = computed_days(2022);
        let name =
            |date: &str| rows.iter().find(|row| row.date.to_string() == date).map(|row| row.name.as_str());
        assert_eq!(name("2022-05-02"), Some("Nghỉ bù Ngày Chiến thắng"));
        assert_eq!(name("2022-05-03"), Some("Nghỉ bù Ngày Quốc tế lao động"));
        assert_eq!(name("2022-05-04"), None);
    }

    #[test]
    fn earlier_years_keep_the_holidays_of_their_time() {
        assert_eq!(
            off(2005),
            [
                "01/01", "03/01", "08/02", "09/02", "10/02", "11/02", "30/04", "01/05", "02/05", "03/05",
                "02/09"
            ]
        );
        assert!(!off(2019).contains(&"03/09".to_owned()) && off(2024).contains(&"03/09".to_owned()));
        assert!(!off(2025).contains(&"24/11".to_owned()) && off(2026).contains(&"24/11".to_owned()));
    }

    #[test]
    fn every_row_has_a_name_and_a_source_and_its_own_day() {
        for year in 2000..=2060 {
            let rows = computed_days(year);
            assert!(rows.len() >= 8, "{year}");
            assert!(rows.windows(2).all(|pair| pair[0].date < pair[1].date), "{year}");
            assert!(rows.iter().all(|row| !row.name.is_empty() && row.source.contains("tính trước")));
            assert!(rows.iter().all(|row| row.date.year() == year), "{year}");
        }
    }
}
