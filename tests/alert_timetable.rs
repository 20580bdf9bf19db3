//! The shipped timetable, told as the next times of each line around the days that go wrong.

use std::fmt::Write as _;

use chrono::{DateTime, TimeDelta, Utc};
use hentra::app::shipped;
use hentra::domain::alert::{AlertRule, slots};
use hentra::domain::calendar::{Calendar, CalendarSpec};
use hentra::domain::office_time;

pub(crate) fn shipped_rules() -> Vec<AlertRule> {
    toml::from_str::<toml::Table>(include_str!("../config/default.toml"))
        .unwrap()
        .remove("alert_rule")
        .unwrap()
        .try_into()
        .unwrap()
}

fn calendar() -> Calendar {
    let (days, announced) = shipped::national_calendar_rows().unwrap();
    Calendar::build(&CalendarSpec::national(days, announced)).unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{text}:00+07:00")).unwrap().to_utc()
}

#[test]
#[expect(clippy::too_many_lines, reason = "the whole timetable stands in it")]
fn the_next_three_times_of_each_rule_around_tet_a_makeup_saturday_and_a_friday_holiday() {
    let calendar = calendar();
    let mut told = String::new();
    for (occasion, after) in [
        ("Tết 2026", "2026-02-11T08:00"),
        ("làm bù thứ Bảy 22/8/2026", "2026-08-20T08:00"),
        ("thứ Sáu 1/5/2026 nghỉ lễ", "2026-04-28T08:00"),
        ("thứ Sáu 30/4/2021 nghỉ lễ", "2021-04-27T08:00"),
    ] {
        writeln!(told, "{occasion}").unwrap();
        for rule in shipped_rules() {
            let next = slots(&rule, at(after), at(after) + TimeDelta::days(40), &calendar);
            for slot in next.iter().take(3) {
                writeln!(told, "  {} {}", rule.name(), office_time::local(*slot).format("%a %F %R")).unwrap();
            }
        }
    }
    insta::assert_snapshot!(told, @r#"
Tết 2026
  morning_digest Thu 2026-02-12 07:30
  morning_digest Fri 2026-02-13 07:30
  morning_digest Mon 2026-02-23 07:30
  own_list Thu 2026-02-12 07:45
  own_list Fri 2026-02-13 07:45
  own_list Mon 2026-02-23 07:45
  week_rollover Fri 2026-02-13 14:00
  week_rollover Fri 2026-02-27 14:00
  week_rollover Fri 2026-03-06 14:00
  same_day_open Wed 2026-02-11 14:30
  same_day_open Thu 2026-02-12 14:30
  same_day_open Fri 2026-02-13 14:30
  missed_today Wed 2026-02-11 17:05
  missed_today Thu 2026-02-12 17:05
  missed_today Fri 2026-02-13 17:05
  weekly_numbers Mon 2026-02-23 07:30
  weekly_numbers Mon 2026-03-02 07:30
  weekly_numbers Mon 2026-03-09 07:30
  escalation Thu 2026-02-12 07:40
  escalation Fri 2026-02-13 07:40
  escalation Mon 2026-02-23 07:40
  calendar_horizon Mon 2026-02-23 07:30
  calendar_horizon Mon 2026-03-02 07:30
  calendar_horizon Mon 2026-03-09 07:30
làm bù thứ Bảy 22/8/2026
  morning_digest Fri 2026-08-21 07:30
  morning_digest Sat 2026-08-22 07:30
  morning_digest Mon 2026-08-24 07:30
  own_list Fri 2026-08-21 07:45
  own_list Sat 2026-08-22 07:45
  own_list Mon 2026-08-24 07:45
  week_rollover Sat 2026-08-22 14:00
  week_rollover Fri 2026-08-28 14:00
  week_rollover Fri 2026-09-04 14:00
  same_day_open Thu 2026-08-20 14:30
  same_day_open Fri 2026-08-21 14:30
  same_day_open Sat 2026-08-22 14:30
  missed_today Thu 2026-08-20 17:05
  missed_today Fri 2026-08-21 17:05
  missed_today Sat 2026-08-22 17:05
  weekly_numbers Mon 2026-08-24 07:30
  weekly_numbers Thu 2026-09-03 07:30
  weekly_numbers Mon 2026-09-07 07:30
  escalation Fri 2026-08-21 07:40
  escalation Sat 2026-08-22 07:40
  escalation Mon 2026-08-24 07:40
  calendar_horizon Mon 2026-08-24 07:30
  calendar_horizon Thu 2026-09-03 07:30
  calendar_horizon Mon 2026-09-07 07:30
thứ Sáu 1/5/2026 nghỉ lễ
  morning_digest Wed 2026-04-29 07:30
  morning_digest Mon 2026-05-04 07:30
  morning_digest Tue 2026-05-05 07:30
  own_list Wed 2026-04-29 07:45
  own_list Mon 2026-05-04 07:45
  own_list Tue 2026-05-05 07:45
  week_rollover Wed 2026-04-29 14:00
  week_rollover Fri 2026-05-08 14:00
  week_rollover Fri 2026-05-15 14:00
  same_day_open Tue 2026-04-28 14:30
  same_day_open Wed 2026-04-29 14:30
  same_day_open Mon 2026-05-04 14:30
  missed_today Tue 2026-04-28 17:05
  missed_today Wed 2026-04-29 17:05
  missed_today Mon 2026-05-04 17:05
  weekly_numbers Mon 2026-05-04 07:30
  weekly_numbers Mon 2026-05-11 07:30
  weekly_numbers Mon 2026-05-18 07:30
  escalation Wed 2026-04-29 07:40
  escalation Mon 2026-05-04 07:40
  escalation Tue 2026-05-05 07:40
  calendar_horizon Mon 2026-05-04 07:30
  calendar_horizon Mon 2026-05-11 07:30
  calendar_horizon Mon 2026-05-18 07:30
thứ Sáu 30/4/2021 nghỉ lễ
  morning_digest Wed 2021-04-28 07:30
  morning_digest Thu 2021-04-29 07:30
  morning_digest Tue 2021-05-04 07:30
  own_list Wed 2021-04-28 07:45
  own_list Thu 2021-04-29 07:45
  own_list Tue 2021-05-04 07:45
  week_rollover Thu 2021-04-29 14:00
  week_rollover Fri 2021-05-07 14:00
  week_rollover Fri 2021-05-14 14:00
  same_day_open Tue 2021-04-27 14:30
  same_day_open Wed 2021-04-28 14:30
  same_day_open Thu 2021-04-29 14:30
  missed_today Tue 2021-04-27 17:05
  missed_today Wed 2021-04-28 17:05
  missed_today Thu 2021-04-29 17:05
  weekly_numbers Tue 2021-05-04 07:30
  weekly_numbers Mon 2021-05-10 07:30
  weekly_numbers Mon 2021-05-17 07:30
  escalation Wed 2021-04-28 07:40
  escalation Thu 2021-04-29 07:40
  escalation Tue 2021-05-04 07:40
  calendar_horizon Tue 2021-05-04 07:30
  calendar_horizon Mon 2021-05-10 07:30
  calendar_horizon Mon 2021-05-17 07:30
"#);
}

#[test]
fn a_rule_that_makes_no_sense_is_refused_by_name() {
    let rule = |name: &str, cron: &str, stale: u32, more: &str| {
        let text = format!(
            "name = \"{name}\"\naudience = \"leader\"\nwhat = \"morning_digest\"\ncron = \"{cron}\"\nstale_after_minutes = {stale}\n{more}"
        );
        toml::from_str::<AlertRule>(&text).map_err(|error| error.to_string())
    };
    assert!(rule("digest", "0 30 7 * * *", 60, "").is_ok());
    assert!(rule("digest", "0 30 7 * * Mon-Fri", 60, "enabled = false").is_ok());
    let refused = |result: Result<AlertRule, String>, why: &str| {
        let error = result.unwrap_err();
        assert!(error.contains(why), "{error}");
    };
    refused(rule("digest", "*/10 30 7 * * *", 60, ""), "more than once a minute");
    refused(rule("digest", "0 30 7 30 2 *", 60, ""), "never fires");
    refused(rule("digest", "half past seven", 60, ""), "half past seven");
    refused(rule("Bản tin", "0 30 7 * * *", 60, ""), "Bản tin");
    refused(rule("digest", "0 30 7 * * *", 0, ""), "stale_after_minutes");
    refused(rule("digest", "0 30 7 * * *", 60, "audiance = 1"), "audiance");
    refused(rule("digest", "0 30 7 * * *", 60, "people = [\"a\", \"a\"]"), "«a» stands twice");
    refused(
        rule("digest", "0 30 7 * * *", 60, "[intro]\nvi = \"{who}\""),
        "intro.vi: there is no variable {who}; there are: {unit}",
    );
    let officers = "name = \"n\"\naudience = \"officer\"\nwhat = \"weekly_numbers\"\ncron = \"0 30 7 * * *\"\nstale_after_minutes = 1";
    let error = toml::from_str::<AlertRule>(officers).unwrap_err().to_string();
    let words =
        "alert rule «n»: audience: weekly_numbers does not go to each officer; there are: leader, people";
    assert!(error.contains(words), "{error}");
    let leaders = officers.replace("officer", "leader").replace("weekly_numbers", "calendar_horizon");
    let error = toml::from_str::<AlertRule>(&leaders).unwrap_err().to_string();
    assert!(
        error.contains("calendar_horizon does not go to each leader; there are: admin, people"),
        "{error}"
    );
}

#[test]
fn a_rule_goes_through_its_written_form_and_back() {
    for rule in shipped_rules() {
        let written = toml::to_string(&rule).unwrap();
        let read: AlertRule = toml::from_str(&written).unwrap();
        assert_eq!(read.form(), rule.form());
    }
}

#[test]
fn a_disabled_rule_is_silent_and_a_plain_one_speaks_on_holidays_too() {
    let calendar = calendar();
    let text = "name = \"r\"\naudience = \"leader\"\nwhat = \"morning_digest\"\ncron = \"0 0 8 * * *\"\nstale_after_minutes = 1\n";
    let plain: AlertRule = toml::from_str(text).unwrap();
    let silent: AlertRule = toml::from_str(&format!("{text}enabled = false")).unwrap();
    let (after, until) = (at("2026-04-30T08:00"), at("2026-05-03T08:00"));
    assert_eq!(slots(&plain, after, until, &calendar).len(), 3, "after is excluded, until included");
    assert!(slots(&silent, after, until, &calendar).is_empty());
}
