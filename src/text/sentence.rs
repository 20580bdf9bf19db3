//! A due date in one sentence, as it may stand on the receipt: when the dossier came, under which limit, which days do not count, and when the result
//! is ready.
//!
//! It is made from the same steps that tell each day; here days off that follow each other become one stretch (Tết), and what the citizen need not
//! know is left out.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, NaiveDate, Utc, Weekday};

use super::sentence_days::stretches;
use super::{Lang, commitments, listed, moments, time};
use crate::domain::commitment::Effect;
use crate::domain::deadline::{LateEffect, Limit};
use crate::domain::deadline_steps::{LISTED_DAYS, Since, Step, Why};
use crate::domain::dossier_steps::Added;
use crate::domain::office_time::{local_date, local_time};

/// What a sentence is made from.
#[derive(Debug, Clone, Copy)]
pub struct Appointment<'a> {
    /// What the limit counts from: the receipt, or the arrival of the complete dossier.
    pub counted_from: DateTime<Utc>,
    /// The limit set by law.
    pub limit: Limit,
    /// The commitment that sets the due date, with its decision; `None` where the law does, or the officer.
    pub commitment: Option<(Effect, &'a str)>,
    /// When it is due.
    pub due_at: DateTime<Utc>,
    /// Every step.
    pub steps: &'a [Step],
}

/// The sentence, with its full stop.
#[must_use]
pub fn sentence(lang: Lang, of: &Appointment<'_>) -> String {
    let mut parts = vec![received(lang, of), limit(lang, of)];
    parts.extend(pauses(lang, of));
    parts.push(due(lang, of));
    parts.extend(reappointed(lang, of));
    format!("{}.", parts.join("; "))
}

fn instant(lang: Lang, at: DateTime<Utc>) -> String {
    match lang {
        Lang::Vi => format!("{} {}", time(lang, local_time(at)), moments::weekday_and_date(lang, at)),
        Lang::En => format!("{} on {}", time(lang, local_time(at)), moments::weekday_and_date(lang, at)),
    }
}

fn received(lang: Lang, of: &Appointment<'_>) -> String {
    let at = instant(lang, of.counted_from);
    let completed = of.steps.iter().any(|step| matches!(step.why, Why::Since(Since::Completed { .. })));
    let opening = match (lang, completed) {
        (Lang::Vi, false) => format!("Nhận hồ sơ lúc {at}"),
        (Lang::Vi, true) => format!("Nhận đủ hồ sơ bổ sung lúc {at}"),
        (Lang::En, false) => format!("Received at {at}"),
        (Lang::En, true) => format!("Completed at {at}"),
    };
    // What the law makes of a late hour is no matter where a commitment sets the day.
    let matters = |why: &Why| of.commitment.is_none() || matches!(why, Why::OutsideSessions { .. });
    let aside = of.steps.iter().filter(|step| matters(&step.why)).find_map(|step| aside(lang, &step.why));
    opening + &aside.map(|aside| format!(" ({aside})")).unwrap_or_default()
}

/// What the hour of receipt does.
fn aside(lang: Lang, why: &Why) -> Option<String> {
    Some(match (lang, why) {
        (Lang::Vi, Why::OutsideSessions { begins }) => {
            format!("ngoài giờ làm việc, tính từ {}", instant(lang, *begins))
        }
        (Lang::En, Why::OutsideSessions { begins }) => {
            format!("outside office hours, so taken as received at {}", instant(lang, *begins))
        }
        (_, Why::LateReceipt { after, effect, next }) => {
            let (after, next) = (time(lang, *after), moments::day(lang, *next));
            match (lang, effect) {
                (Lang::Vi, LateEffect::ClockStartsNextWorkingDay) => {
                    format!("sau {after}, coi như nhận {next}")
                }
                (Lang::Vi, LateEffect::ResultNextWorkingDay) => {
                    format!("sau {after}, trả kết quả trong ngày làm việc tiếp theo")
                }
                (Lang::En, LateEffect::ClockStartsNextWorkingDay) => {
                    format!("after {after}, so taken as received on {next}")
                }
                (Lang::En, LateEffect::ResultNextWorkingDay) => {
                    format!("after {after}, so the result is given on the next working day")
                }
            }
        }
        _ => return None,
    })
}

fn limit(lang: Lang, of: &Appointment<'_>) -> String {
    let given = of.steps.iter().any(|step| matches!(step.why, Why::Since(Since::Given { .. })));
    let completed = of.steps.iter().any(|step| matches!(step.why, Why::Since(Since::Completed { .. })));
    match (lang, of.commitment, of.limit) {
        (Lang::Vi, _, _) if given => "ngày hẹn do cán bộ tiếp nhận ấn định".to_owned(),
        (Lang::En, _, _) if given => "due on the day that the officer set".to_owned(),
        (_, Some((effect, decision)), _) => format!("{} ({decision})", commitments::step(lang, effect)),
        (Lang::Vi, None, Limit::SameDay) => "thủ tục giải quyết trong ngày".to_owned(),
        (Lang::En, None, Limit::SameDay) => "a same-day procedure".to_owned(),
        (Lang::Vi, None, limit) => {
            let anew = if completed { " tính lại từ đầu" } else { "" };
            format!("thời hạn {}{anew}{}", commitments::limit_words(lang, limit), days(lang, of))
        }
        (Lang::En, None, limit) => {
            let anew = if completed { ", counted anew" } else { "" };
            format!("limit {}{anew}{}", commitments::limit_words(lang, limit), days(lang, of))
        }
    }
}

/// The days that do not count, those that do though they are Saturdays, and where an end on a day off moves to.
fn days(lang: Lang, of: &Appointment<'_>) -> String {
    let mut text = String::new();
    match of.limit {
        Limit::WorkingDays(_) | Limit::WorkingHours(_) => {
            let named = named(lang, of);
            let skipped: Vec<String> = weekend(lang, of, named.is_empty()).into_iter().chain(named).collect();
            if !skipped.is_empty() {
                text += if lang == Lang::Vi { ", không tính " } else { ", not counting " };
                text += &listed(lang, &skipped);
            }
        }
        Limit::CalendarDays(_) | Limit::Months(_) => {
            if of.steps.iter().any(|step| step.why == Why::RolledToNextWorkingDay) {
                let mut off = named(lang, of);
                if off.is_empty() {
                    off.extend(weekend(lang, of, true));
                }
                let off = listed(lang, &off);
                text += &match lang {
                    Lang::Vi => format!(", ngày cuối rơi vào {off} nên chuyển sang ngày làm việc tiếp theo"),
                    Lang::En => format!(", ending on a day off, {off}, so moved to the next working day"),
                };
            }
        }
        Limit::SameDay => {}
    }
    text + &made_up(lang, of)
}

/// The weekly days off on the way, "thứ Bảy, Chủ nhật"; in a short telling, which passes them over, both.
fn weekend(lang: Lang, of: &Appointment<'_>, alone: bool) -> Option<String> {
    let in_short = (local_date(of.due_at) - local_date(of.counted_from)).num_days() > LISTED_DAYS;
    let long = in_short && matches!(of.limit, Limit::WorkingDays(_) | Limit::WorkingHours(_));
    let off = |day: Weekday| {
        let told =
            |step: &Step| matches!(step.why, Why::Weekend | Why::CounterOnly) && step.date.weekday() == day;
        long || of.steps.iter().any(told)
    };
    match (lang, off(Weekday::Sat), off(Weekday::Sun)) {
        (_, false, false) => None,
        (Lang::Vi, true, true) => Some("thứ Bảy, Chủ nhật".to_owned()),
        (Lang::En, true, true) if alone => Some("Saturdays and Sundays".to_owned()),
        (Lang::En, true, true) => Some("Saturdays, Sundays".to_owned()),
        (_, true, false) => Some(moments::weekday(lang, Weekday::Sat).to_owned()),
        (_, false, true) => Some(moments::weekday(lang, Weekday::Sun).to_owned()),
    }
}

fn named(lang: Lang, of: &Appointment<'_>) -> Vec<String> {
    stretches(lang, of.steps, local_date(of.counted_from).year())
}

fn made_up(lang: Lang, of: &Appointment<'_>) -> String {
    let days: BTreeSet<NaiveDate> =
        of.steps.iter().filter(|step| matches!(step.why, Why::Makeup { .. })).map(|step| step.date).collect();
    let first = days.first().map(|day| moments::day(lang, *day)).unwrap_or_default();
    match (lang, days.len()) {
        (_, 0) => String::new(),
        (Lang::Vi, 1) => format!(", tính cả {first} làm bù"),
        (Lang::En, 1) => format!(", counting {first}, worked to make up"),
        (Lang::Vi, several) => format!(", tính cả {several} ngày làm bù"),
        (Lang::En, several) => format!(", counting {several} days worked to make up"),
    }
}

fn pauses(lang: Lang, of: &Appointment<'_>) -> Option<String> {
    let (mut days, mut minutes) = (0_u32, 0_u32);
    for step in of.steps {
        if let Why::Since(Since::Paused { added, .. }) = &step.why {
            match added {
                Added::Days(more) => days = days.saturating_add(*more),
                Added::Minutes(more) => minutes = minutes.saturating_add(*more),
                Added::Nothing => {}
            }
        }
    }
    let added = match (days, minutes) {
        (0, 0) => return None,
        (0, minutes) => super::steps::minutes(lang, minutes),
        (days, _) => commitments::limit_words(lang, Limit::WorkingDays(days)),
    };
    Some(match lang {
        Lang::Vi => format!("cộng thêm {added} do tạm dừng"),
        Lang::En => format!("{added} added for pauses"),
    })
}

fn due(lang: Lang, of: &Appointment<'_>) -> String {
    let halted = of.steps.iter().find_map(|step| match step.why {
        Why::Since(Since::Halted { since, waiting, late: false }) => Some((since, waiting)),
        _ => None,
    });
    let since = halted.map(|(since, _)| super::date(lang, local_date(since))).unwrap_or_default();
    match (lang, halted) {
        (Lang::Vi, Some((_, true))) => {
            format!("đang chờ bổ sung từ {since}, thời hạn tính lại từ đầu khi nhận đủ hồ sơ")
        }
        (Lang::Vi, Some((_, false))) => format!("đang tạm dừng từ {since}, thời hạn tính tiếp khi xử lý lại"),
        (Lang::En, Some((_, true))) => {
            format!("waiting for a supplement since {since}; the limit begins anew when it comes")
        }
        (Lang::En, Some((_, false))) => format!("paused since {since}; the limit goes on when handling does"),
        (Lang::Vi, None) => {
            format!("hẹn trả kết quả trước {}{}", instant(lang, of.due_at), provisional(lang, of))
        }
        (Lang::En, None) => {
            format!("result due before {}{}", instant(lang, of.due_at), provisional(lang, of))
        }
    }
}

fn provisional(lang: Lang, of: &Appointment<'_>) -> String {
    let last = local_date(of.due_at).year();
    let years = of.steps.iter().find_map(|step| match &step.why {
        Why::Provisional { years } => {
            Some(years.iter().filter(|year| **year <= last).map(ToString::to_string))
        }
        _ => None,
    });
    let years: Vec<String> = years.map(Iterator::collect).unwrap_or_default();
    match (lang, years.is_empty()) {
        (_, true) => String::new(),
        (Lang::Vi, false) => format!(" (tạm tính, do lịch nghỉ năm {} chưa công bố)", listed(lang, &years)),
        (Lang::En, false) => {
            format!(" (provisional: the days off of {} are not announced yet)", listed(lang, &years))
        }
    }
}

fn reappointed(lang: Lang, of: &Appointment<'_>) -> Option<String> {
    let to = of.steps.iter().find_map(|step| match step.why {
        Why::Since(Since::Reappointed { to }) if to > of.due_at => Some(to),
        _ => None,
    })?;
    Some(match lang {
        Lang::Vi => format!("đã xin lỗi và hẹn lại trước {}", instant(lang, to)),
        Lang::En => format!("with apologies appointed anew before {}", instant(lang, to)),
    })
}
