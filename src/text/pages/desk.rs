//! The leader's desk. What presses is said in the mails' own words.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use crate::domain::ahead::Ahead;
use crate::domain::alert::{Named, Outlook, Reason, Urgency};
use crate::domain::office_time::{local, local_date};
use crate::domain::statistics::GroupBy;
use crate::domain::steps::StepBy;
use crate::text::alerts::{Counts, LONGEST_NAME, shortened};
use crate::text::{Lang, alert_words, moments};

labels! {
    /// The desk and its lists.
    DeskWords by desk_words {
        title: "Điều hành", "Desk";
        to_desk: "Về trang điều hành", "Back to the desk";
        choose_unit: "Xem đơn vị trực thuộc", "Look at a unit below";
        go: "Xem", "Look";
        units: "Đơn vị", "Units";
        day_off: "ngày nghỉ", "day off";
        print: "In trang này", "Print this page";
        figures: "Tình hình lúc này", "How it stands now";
        savable: "còn kịp hôm nay", "still in time today";
        overdue: "đã quá hạn", "overdue";
        rollover: "sẽ trôi sang tuần sau", "rolling into next week";
        week_rate: "đúng hạn tuần này", "on time this week";
        month_rate: "đúng hạn tháng này", "on time this month";
        next_day: "đến hạn", "due";
        none_savable: "Hôm nay không còn hồ sơ nào phải giải quyết gấp.", "Nothing is left that must be resolved today.";
        none_overdue: "Không có hồ sơ quá hạn.", "Nothing is overdue.";
        none_rollover: "Không còn hồ sơ nào sẽ trôi sang tuần sau.", "Nothing would roll over into next week.";
        all_today: "Xem tất cả", "See all";
        because_due: "đến hạn hôm nay", "due today";
        because_committed: "cam kết hôm nay", "committed for today";
        left: "Thời gian còn lại", "Time left";
        dossier: "Hồ sơ, thủ tục", "Dossier, procedure";
        officer: "Cán bộ", "Officer";
        due: "Hạn", "Due";
        overdue_title: "Đã quá hạn", "Overdue";
        count: "Số hồ sơ", "Dossiers";
        longest: "Lâu nhất", "Longest";
        friday_title: "Trước khi hết tuần", "Before the week is over";
        friday_board: "Mở bảng thứ Sáu", "Open the Friday board";
        board_title: "Sẽ trôi sang tuần sau", "Rolling over into next week";
        no_working_day: "Tuần này không có ngày làm việc.", "No day of this week is a working day.";
        week_over: "Tuần này đã hết giờ làm việc. Hồ sơ chưa giải quyết xong sẽ trôi sang tuần sau.", "The week's working time is over. What is still open rolls over into next week.";
        by_officer: "Theo cán bộ", "By officer";
        everybody: "Tất cả cán bộ", "All officers";
        least_left: "Gấp nhất", "Most pressing";
        nobody: "Chưa phân công cán bộ", "No officer assigned";
        more: "Xem tiếp", "More";
        apologies_title: "Cần gửi văn bản xin lỗi hôm nay nếu không kịp hạn", "Apology slip to go out today if the day cannot be kept";
        today_title: "Còn kịp giải quyết hôm nay", "Still in time today";
        forecast_title: "Sắp đến hạn", "Falling due";
        forecast_hint: "Hồ sơ đang giải quyết, không tính hồ sơ tạm dừng hoặc chờ bổ sung.", "Dossiers being worked on; those paused or waiting for a supplement are left out.";
        stretch: "Khoảng thời gian", "Stretch";
        going_hint: "Trước và đúng hạn trên số đến hạn. Kỳ chưa hết vẽ bằng chấm rỗng; kỳ không có hồ sơ nào đến hạn để trống.", "Early and on time, of those that came due. A step that still runs has a hollow point; one in which nothing came due is left out.";
        going_table: "Số liệu từng kỳ", "The numbers of each step";
        by_week: "Theo tuần", "By week";
        by_month: "Theo tháng", "By month";
        no_rate: "Chưa có hồ sơ nào đến hạn, nên chưa có tỷ lệ.", "Nothing has come due yet, so there is no rate.";
        step: "Kỳ", "Step";
        early: "Trước hạn", "Early";
        on_time: "Đúng hạn", "On time";
        late: "Quá hạn", "Late";
        left_overdue: "Còn quá hạn", "Overdue, open";
        rate: "Tỷ lệ", "Rate";
        running: "chưa hết kỳ", "still running";
        kept_title: "Giữ cam kết", "Commitments kept";
        kept_more: "Xem báo cáo cam kết", "See the report on commitments";
        kept_kind: "Cam kết", "Commitment";
        kept: "Giữ được", "Kept";
        broken: "Không giữ được", "Broken";
        kept_before: "Kỳ trước", "Period before";
        same_day: "Giải quyết trong ngày", "Same day";
        no_rollover: "Thứ Sáu không hẹn qua tuần", "Friday not into next week";
        other: "Cam kết khác", "Other commitments";
        no_commitments: "Trong kỳ không có hồ sơ nào thuộc cam kết đã đăng ký.", "No dossier of this period is bound by a commitment.";
    }
}

/// The one line that matters: what can still be saved today, and what no longer can.
pub(crate) fn headline(lang: Lang, savable: usize, overdue: usize, apologies: usize) -> Option<String> {
    let of = Counts { savable, overdue, apologies };
    let anything = savable + overdue + apologies > 0;
    anything.then(|| alert_words::headline(lang, Outlook::Today, of))
}

/// "08:00 thứ Sáu 20/11/2026".
pub(crate) fn moment(lang: Lang, at: DateTime<Utc>) -> String {
    moments::time_weekday_and_date(lang, at)
}

/// The working time that is left.
pub(crate) fn time_left(lang: Lang, minutes: u32) -> String {
    alert_words::time_left(lang, minutes)
}

/// When something of it is due, seen from `now`.
pub(crate) fn due(lang: Lang, of: &Named, now: DateTime<Utc>) -> String {
    let today = local_date(now);
    match of.urgency {
        Urgency::Savable { by, pledge, .. } if of.reason != Reason::ApologyDue => {
            alert_words::due(lang, by, today, pledge)
        }
        _ => alert_words::due(lang, of.dossier.due_at, today, None),
    }
}

/// A name as the mails have it: procedures' run to 300 letters.
pub(crate) fn brief(name: &str) -> String {
    shortened(name, LONGEST_NAME)
}

/// Heads what may need an apology slip today.
pub(crate) fn apologies_title(lang: Lang, count: usize) -> String {
    alert_words::savable_title(lang, Outlook::ApologyToday, count)
}

/// Heads what can still be saved today.
pub(crate) fn savable_title(lang: Lang, count: usize) -> String {
    alert_words::savable_title(lang, Outlook::Today, count)
}

/// Heads a table of the overdue.
pub(crate) fn overdue_by(lang: Lang, by: GroupBy) -> &'static str {
    match (lang, by) {
        (Lang::Vi, GroupBy::Unit) => "Theo đơn vị",
        (Lang::Vi, GroupBy::Officer) => "Theo cán bộ",
        (Lang::Vi, GroupBy::Procedure) => "Theo thủ tục",
        (Lang::Vi, GroupBy::Sector) => "Theo lĩnh vực",
        (Lang::Vi, GroupBy::Channel) => "Theo cách nộp",
        (Lang::En, GroupBy::Unit) => "By unit",
        (Lang::En, GroupBy::Officer) => "By officer",
        (Lang::En, GroupBy::Procedure) => "By procedure",
        (Lang::En, GroupBy::Sector) => "By sector",
        (Lang::En, GroupBy::Channel) => "By channel",
    }
}

/// Rows that are not shown.
pub(crate) fn others(lang: Lang, count: usize) -> String {
    match lang {
        Lang::Vi => format!("… và {count} dòng khác"),
        Lang::En => format!("… and {count} more rows"),
    }
}

/// "3 ngày làm việc"; within the due day's own time, less than one.
pub(crate) fn days_late(lang: Lang, days: u32) -> String {
    match (lang, days) {
        (Lang::Vi, 0) => "chưa đến 1\u{a0}ngày".to_owned(),
        (Lang::Vi, _) => format!("{days}\u{a0}ngày làm\u{a0}việc"),
        (Lang::En, 0) => "less than a day".to_owned(),
        (Lang::En, _) => alert_words::working_days(days),
    }
}

/// How long there is to save what would roll over.
pub(crate) fn until(lang: Lang, closes_at: DateTime<Utc>, last_day: NaiveDate) -> String {
    let (time, day) = (local(closes_at).format("%H:%M"), moments::day(lang, last_day));
    match lang {
        Lang::Vi => format!("Ngày làm việc cuối tuần này: {day}; hết giờ lúc {time}."),
        Lang::En => format!("The week's last working day is {day}; it closes at {time}."),
    }
}

/// What would roll over, in a sentence.
pub(crate) fn rollover(lang: Lang, count: usize) -> String {
    let of = Counts { savable: count, overdue: 0, apologies: 0 };
    alert_words::headline(lang, Outlook::ThisWeek, of)
}

/// A stretch of the days to come.
pub(crate) fn ahead(lang: Lang, of: Ahead, last: NaiveDate) -> String {
    let day = moments::day(lang, last);
    match (lang, of) {
        (Lang::Vi, Ahead::NextWorkingDay) => format!("Ngày làm việc tới ({day})"),
        (Lang::Vi, Ahead::ThisWeek) => format!("Từ nay đến hết tuần này ({day})"),
        (Lang::Vi, Ahead::NextWeek) => format!("Tuần sau (đến hết {day})"),
        (Lang::En, Ahead::NextWorkingDay) => format!("Next working day ({day})"),
        (Lang::En, Ahead::ThisWeek) => format!("From now to the end of the week ({day})"),
        (Lang::En, Ahead::NextWeek) => format!("Next week (to {day})"),
    }
}

/// A day, short: "thứ Hai 23/11".
pub(crate) fn short_day(lang: Lang, day: NaiveDate) -> String {
    let weekday = moments::weekday(lang, day.weekday());
    match lang {
        Lang::Vi => format!("{weekday} {}", day.format("%d/%m")),
        Lang::En => format!("{weekday} {}", day.format("%-d %b")),
    }
}

/// A step below the axis of a chart.
pub(crate) fn step_label(lang: Lang, by: StepBy, from: NaiveDate) -> String {
    match (lang, by) {
        (Lang::Vi, StepBy::Week) => from.format("%d/%m").to_string(),
        (Lang::Vi, _) => from.format("T%-m/%y").to_string(),
        (Lang::En, StepBy::Week) => from.format("%-d %b").to_string(),
        (Lang::En, _) => from.format("%b %y").to_string(),
    }
}

/// A step in a table.
pub(crate) fn step(lang: Lang, by: StepBy, (from, to): (NaiveDate, NaiveDate)) -> String {
    match (lang, by) {
        (_, StepBy::Week) => moments::days(lang, from, to),
        (Lang::Vi, _) => from.format("Tháng %-m/%Y").to_string(),
        (Lang::En, _) => from.format("%B %Y").to_string(),
    }
}

/// What a chart of the rate shows.
pub(crate) fn chart_title(lang: Lang, by: StepBy) -> &'static str {
    match (lang, by) {
        (Lang::Vi, StepBy::Week) => "Tỷ lệ đúng hạn theo tuần",
        (Lang::Vi, _) => "Tỷ lệ đúng hạn theo tháng",
        (Lang::En, StepBy::Week) => "On-time rate by week",
        (Lang::En, _) => "On-time rate by month",
    }
}

/// The days of a report's period.
pub(crate) fn period(lang: Lang, from: NaiveDate, to: NaiveDate) -> String {
    moments::days(lang, from, to)
}
