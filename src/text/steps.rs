//! The reasons of a deadline's steps as an officer would give them across the counter.

use super::since::since;
use super::{Lang, commitments, date, listed, time};
use crate::domain::{
    calendar::DayKind,
    deadline::LateEffect,
    deadline_steps::Why,
    office_time::{local_date, local_time},
};

/// The sentence for a reason, without capital or full stop, to stand beside its date.
#[must_use]
pub fn why(lang: Lang, why: &Why) -> String {
    match lang {
        Lang::Vi => vietnamese(why),
        Lang::En => english(why),
    }
}

/// A reason that a calendar other than the country's gives, with whose it is.
#[must_use]
pub fn of_unit(lang: Lang, why: &str, unit: &str) -> String {
    match lang {
        Lang::Vi => format!("{why} (theo lịch của {unit})"),
        Lang::En => format!("{why} (by the calendar of {unit})"),
    }
}

/// So many minutes of working time: "7 giờ 05 phút làm việc".
pub(super) fn minutes(lang: Lang, minutes: u32) -> String {
    match lang {
        Lang::Vi => format!("{} làm việc", vi_minutes(minutes)),
        Lang::En => format!("{} of working time", en_minutes(minutes)),
    }
}

fn vietnamese(why: &Why) -> String {
    match why {
        Why::ReceiptDayNeverCounts => "ngày tiếp nhận không tính".to_owned(),
        Why::DayZero => "được coi là ngày tiếp nhận nên không tính".to_owned(),
        Why::Counted { n } => format!("ngày làm việc {}", vi_ordinal(*n)),
        Why::Makeup { name } => vi_makeup(name),
        Why::CalendarDay { n, day_off: false } => format!("ngày {}", vi_ordinal(*n)),
        Why::CalendarDay { n, day_off: true } => {
            format!("ngày {} (ngày nghỉ vẫn tính)", vi_ordinal(*n))
        }
        Why::MonthsEnd { months, shortened: false } => format!("tròn {months} tháng"),
        Why::MonthsEnd { months, shortened: true } => {
            format!("tròn {months} tháng; tháng này không có ngày tương ứng nên lấy ngày cuối tháng")
        }
        Why::Weekend => "thứ Bảy, Chủ nhật là ngày nghỉ hằng tuần".to_owned(),
        Why::CounterOnly => {
            "quầy chỉ mở để tiếp nhận hồ sơ, không phải ngày làm việc nên không tính".to_owned()
        }
        Why::DayOff { kind, name } => vi_day_off(*kind, name),
        Why::RolledToNextWorkingDay => {
            "ngày cuối của thời hạn là ngày nghỉ nên chuyển sang ngày làm việc tiếp theo".to_owned()
        }
        Why::SessionHours { minutes, total } => {
            format!("tính {} làm việc, cộng dồn {}", vi_minutes(*minutes), vi_minutes(*total))
        }
        Why::NoSessionLeft => "đã hết giờ làm việc trong ngày".to_owned(),
        Why::SameDay => "giải quyết ngay trong ngày tiếp nhận".to_owned(),
        Why::ResultThisDay => "trả kết quả trong ngày làm việc tiếp theo".to_owned(),
        Why::Provisional { years } => {
            format!("lịch nghỉ năm {} chưa được công bố nên ngày hẹn là tạm tính", listed(Lang::Vi, years))
        }
        Why::Committed { effect } => commitments::step(Lang::Vi, *effect),
        Why::Since(what) => since(Lang::Vi, what),
        Why::LateReceipt { .. }
        | Why::LateReceiptNoEffect { .. }
        | Why::OutsideSessions { .. }
        | Why::OutsideSessionsNoEffect => vi_receipt(why),
    }
}

/// The reasons that have to do with the hour of receipt.
fn vi_receipt(why: &Why) -> String {
    let lang = Lang::Vi;
    match why {
        Why::LateReceipt { after, effect: LateEffect::ResultNextWorkingDay, next } => format!(
            "nhận hồ sơ sau {} mà không giải quyết được ngay thì trả kết quả trong ngày làm việc tiếp theo ({})",
            time(lang, *after),
            date(lang, *next)
        ),
        Why::LateReceipt { after, effect: LateEffect::ClockStartsNextWorkingDay, next } => format!(
            "nhận hồ sơ sau {} nên được coi là tiếp nhận vào ngày làm việc tiếp theo ({})",
            time(lang, *after),
            date(lang, *next)
        ),
        Why::LateReceiptNoEffect { after } => format!(
            "nhận hồ sơ sau {} chỉ ảnh hưởng đến việc trả kết quả trong ngày, không làm thay đổi thời hạn này",
            time(lang, *after)
        ),
        Why::OutsideSessions { begins } => format!(
            "nộp ngoài giờ làm việc nên được tính là tiếp nhận từ {} ngày {}",
            time(lang, local_time(*begins)),
            date(lang, local_date(*begins))
        ),
        Why::OutsideSessionsNoEffect => {
            "nộp ngoài giờ làm việc; thời hạn tính theo ngày nên không thay đổi".to_owned()
        }
        other => vietnamese(other),
    }
}

fn vi_day_off(kind: DayKind, name: &str) -> String {
    match kind {
        DayKind::Holiday if name.starts_with("Tết") => format!("nghỉ {name}"),
        DayKind::Holiday => titled("nghỉ lễ", name),
        DayKind::Compensatory => titled("nghỉ bù", name),
        DayKind::Swapped => titled("nghỉ hoán đổi", name),
        DayKind::Closure => titled("cơ quan tạm ngừng làm việc", name),
        DayKind::Makeup => vi_makeup(name),
    }
}

/// "Đi làm bù cho 31/8/2026" is announced; "làm bù cho 31/8/2026" is said.
fn vi_makeup(name: &str) -> String {
    titled("làm bù", name.strip_prefix("Đi ").unwrap_or(name))
}

/// The name led by what it is, unless it says so itself: "nghỉ lễ: Quốc khánh", but "nghỉ bù Quốc khánh".
fn titled(what: &str, name: &str) -> String {
    let mut letters = name.chars();
    let lowered: String = letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect();
    if lowered.starts_with(what) { lowered } else { format!("{what}: {name}") }
}

fn vi_ordinal(n: u32) -> String {
    if n == 1 { "thứ nhất".to_owned() } else { format!("thứ {n}") }
}

fn vi_minutes(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} phút"),
        (hours, 0) => format!("{hours} giờ"),
        (hours, minutes) => format!("{hours} giờ {minutes:02} phút"),
    }
}

fn english(why: &Why) -> String {
    match why {
        Why::ReceiptDayNeverCounts => "the day of receipt does not count".to_owned(),
        Why::DayZero => "taken as the day of receipt, so it does not count".to_owned(),
        Why::Counted { n } => format!("working day {n}"),
        Why::Makeup { name } => format!("make-up working day ({name})"),
        Why::CalendarDay { n, day_off: false } => format!("day {n}"),
        Why::CalendarDay { n, day_off: true } => format!("day {n} (days off count too)"),
        Why::MonthsEnd { months, shortened: false } => format!("{} complete", count(*months, "month")),
        Why::MonthsEnd { months, shortened: true } => {
            format!(
                "{} complete; this month has no such day, so its last day stands",
                count(*months, "month")
            )
        }
        Why::Weekend => "Saturday and Sunday are weekly days off".to_owned(),
        Why::CounterOnly => "the counter is open for reception only; not a working day".to_owned(),
        Why::DayOff { kind, name } => en_day_off(*kind, name),
        Why::RolledToNextWorkingDay => {
            "the limit ends on a day off, so it moves to the next working day".to_owned()
        }
        Why::SessionHours { minutes, total } => {
            format!("{} of working time, {} so far", en_minutes(*minutes), en_minutes(*total))
        }
        Why::NoSessionLeft => "no working time left this day".to_owned(),
        Why::SameDay => "handled on the day of receipt".to_owned(),
        Why::ResultThisDay => "the result is given on the next working day".to_owned(),
        Why::Provisional { years } => {
            format!(
                "the days off of {} are not announced yet, so this date is provisional",
                listed(Lang::En, years)
            )
        }
        Why::Committed { effect } => commitments::step(Lang::En, *effect),
        Why::Since(what) => since(Lang::En, what),
        Why::LateReceipt { .. }
        | Why::LateReceiptNoEffect { .. }
        | Why::OutsideSessions { .. }
        | Why::OutsideSessionsNoEffect => en_receipt(why),
    }
}

fn en_receipt(why: &Why) -> String {
    let lang = Lang::En;
    match why {
        Why::LateReceipt { after, effect: LateEffect::ResultNextWorkingDay, next } => format!(
            "received after {} and not handled at once: the result is given on the next working day ({})",
            time(lang, *after),
            date(lang, *next)
        ),
        Why::LateReceipt { after, effect: LateEffect::ClockStartsNextWorkingDay, next } => format!(
            "received after {}, so taken as received on the next working day ({})",
            time(lang, *after),
            date(lang, *next)
        ),
        Why::LateReceiptNoEffect { after } => {
            format!("receipt after {} affects same-day results only, not this limit", time(lang, *after))
        }
        Why::OutsideSessions { begins } => format!(
            "handed in outside office hours, so taken as received from {} on {}",
            time(lang, local_time(*begins)),
            date(lang, local_date(*begins))
        ),
        Why::OutsideSessionsNoEffect => {
            "handed in outside office hours, which does not touch a limit in days".to_owned()
        }
        other => english(other),
    }
}

fn en_day_off(kind: DayKind, name: &str) -> String {
    let what = match kind {
        DayKind::Holiday => "public holiday",
        DayKind::Compensatory => "day off in lieu",
        DayKind::Swapped => "swapped day off",
        DayKind::Closure => "office closed",
        DayKind::Makeup => "make-up working day",
    };
    format!("{what}: {name}")
}

fn en_minutes(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes:02} min"),
    }
}

fn count(n: u32, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn off(kind: DayKind, name: &str) -> String {
        why(Lang::Vi, &Why::DayOff { kind, name: name.to_owned() })
    }

    #[test]
    fn a_day_off_is_named_once() {
        assert_eq!(off(DayKind::Holiday, "Quốc khánh"), "nghỉ lễ: Quốc khánh");
        assert_eq!(off(DayKind::Holiday, "Tết Nguyên đán (mùng 1)"), "nghỉ Tết Nguyên đán (mùng 1)");
        assert_eq!(off(DayKind::Compensatory, "Nghỉ bù Quốc khánh"), "nghỉ bù Quốc khánh");
        assert_eq!(
            off(DayKind::Swapped, "Nghỉ hoán đổi (làm bù 22/8/2026)"),
            "nghỉ hoán đổi (làm bù 22/8/2026)"
        );
        assert_eq!(off(DayKind::Closure, "lũ lụt"), "cơ quan tạm ngừng làm việc: lũ lụt");
    }

    #[test]
    fn a_make_up_day_is_said_for_which_day_it_is() {
        let makeup = |name: &str| why(Lang::Vi, &Why::Makeup { name: name.to_owned() });
        for name in ["Đi làm bù cho 31/8/2026", "Làm bù cho 31/8/2026", "làm bù cho 31/8/2026"] {
            assert_eq!(makeup(name), "làm bù cho 31/8/2026");
        }
        assert_eq!(makeup("Thứ Bảy sau bão"), "làm bù: Thứ Bảy sau bão");
    }

    #[test]
    fn hours_and_years_are_listed_in_words() {
        let hours = Why::SessionHours { minutes: 60, total: 425 };
        assert_eq!(why(Lang::Vi, &hours), "tính 1 giờ làm việc, cộng dồn 7 giờ 05 phút");
        assert_eq!(why(Lang::En, &hours), "1 h of working time, 7 h 05 min so far");
        let years = Why::Provisional { years: vec![2027, 2028, 2029] };
        assert!(why(Lang::Vi, &years).contains("năm 2027, 2028 và 2029 chưa được công bố"));
    }
}
