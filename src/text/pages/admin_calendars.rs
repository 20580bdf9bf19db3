//! What the pages about calendars say.

use chrono::NaiveDate;

use crate::domain::calendar::DayKind;
use crate::text::{Lang, date};

labels! {
    /// The pages about calendars.
    CalendarWords by calendar_words {
        title: "Lịch làm việc", "Calendar";
        national: "Cả nước", "The whole country";
        scope: "Lịch của", "Calendar of";
        year: "Năm", "Year";
        year_before: "Năm trước", "Year before";
        year_after: "Năm sau", "Year after";
        edit: "Sửa lịch năm này", "Change this year";
        versions: "Các lần công bố", "Versions";
        provisional: "Lịch nghỉ năm này chưa được công bố: các ngày nghỉ dưới đây suy ra từ luật, mọi ngày hẹn rơi vào năm này là tạm tính.", "The days off of this year are not announced: those below are foreseen by law, and every promise that reaches into the year is provisional.";
        legend: "Chú thích", "Legend";
        special: "Ngày khác với thứ thường lệ", "Days that are not what their weekday says";
        day: "Ngày", "Day";
        kind: "Loại", "Kind";
        name: "Tên", "Name";
        source: "Căn cứ", "Source";
        foreseen: "tạm tính theo luật", "foreseen by law";
        own: "đặt riêng", "its own";
        inherited: "theo cấp trên", "from above";
        of_layer: "Do", "From";
        hours: "Giờ làm việc riêng", "Hours of its own";
        hours_none: "Theo giờ của cấp trên; mặc định là thứ Hai đến thứ Sáu, 07:30–11:30 và 13:00–17:00.", "Those from above; by default Monday to Friday, 07:30–11:30 and 13:00–17:00.";
        stands: "Phiên bản đang hiệu lực", "Version in force";
        says_nothing: "Đơn vị chưa đặt lịch riêng; áp dụng lịch của cấp trên.", "The unit says nothing of its own; the calendar from above holds.";
        by: "người công bố", "published by";
        shipped: "kèm theo phần mềm", "brought along by the program";
        edit_title: "Sửa lịch", "Change the calendar";
        edit_lead: "Bước 1 trên 2. Sửa xong, bấm xem trước: hệ thống cho biết từng ngày thay đổi và những hồ sơ phải đổi ngày hẹn. Chưa có gì được công bố ở bước này.", "Step 1 of 2. When done, look at the preview: it tells day by day what changes and which dossiers get another date. Nothing is published in this step.";
        days_legend: "Ngày nghỉ, ngày làm bù, ngày đóng cửa của năm", "Days off, made up and closed of the year";
        drop: "Bỏ", "Drop";
        day_source: "Căn cứ (bỏ trống: như quyết định bên dưới)", "Source (empty: the decision below)";
        rules_legend: "Giờ làm việc", "Hours";
        rules_hint: "Chỉ ghi khi khác giờ của cấp trên. Mỗi dòng cho biết toàn bộ các buổi của những thứ được chọn; có ngày bắt đầu và kết thúc thì là giờ theo mùa. Viết buổi như 07:30-11:30, 13:00-17:00; bỏ trống là đóng cửa. Bỏ chọn mọi thứ để bỏ dòng.", "Only where they differ from those above. A line gives all sessions of the weekdays ticked; with a first and last day it is a season. Write sessions as 07:30-11:30, 13:00-17:00; none closes the day. Untick all weekdays to drop a line.";
        weekdays: "Các thứ", "Weekdays";
        season_from: "Từ ngày", "First day";
        season_to: "Đến ngày", "Last day";
        sessions: "Các buổi", "Sessions";
        counter_only: "Chỉ tiếp nhận, không tính giờ", "Reception only, no time counted";
        announced: "Nhà nước đã công bố lịch nghỉ của năm này", "The government has announced the days off of this year";
        decision: "Số, ngày của thông báo hoặc quyết định", "Number and date of the notice or decision";
        preview: "Xem trước thay đổi", "Preview the changes";
        try_title: "Xem trước khi công bố", "Before it is published";
        try_lead: "Bước 2 trên 2. Chưa có gì được công bố. Bấm công bố thì lịch mới có hiệu lực ngay, ngày hẹn của các hồ sơ dưới đây được tính lại và ghi vào lịch sử từng hồ sơ. Hồ sơ đã giải quyết xong không đổi. Không lùi lại được, nhưng công bố lại được phiên bản khác.", "Step 2 of 2. Nothing is published yet. When it is, the calendar holds at once, the dossiers below get their dates anew, and each one's history tells it. Closed dossiers never change. It cannot be undone, but another version can be published.";
        publish: "Công bố lịch này", "Publish this calendar";
        change_again: "Sửa tiếp", "Change it again";
        no_change: "Lịch đang có hiệu lực đã đúng như vậy; không có gì để công bố.", "The calendar in force says the same; there is nothing to publish.";
        changed_days: "Ngày thay đổi", "Days that change";
        before: "Đang là", "As it stands";
        after: "Sẽ là", "As it will be";
        works: "ngày làm việc", "working day";
        off: "ngày nghỉ", "day off";
        hours_change: "Giờ làm việc riêng thay đổi", "Its own hours change";
        redated: "Hồ sơ đổi ngày hẹn", "Dossiers that get another date";
        none_redated: "Không hồ sơ chưa giải quyết xong nào đổi ngày hẹn.", "No open dossier gets another date.";
        was_due: "Hạn đang có", "Due as it stands";
        will_be_due: "Hạn mới", "Due then";
        opened: "Cảnh báo mới xuất hiện", "Findings that open";
        cleared: "Cảnh báo không còn", "Findings that no longer stand";
        none: "Không có.", "None.";
        stale: "Trong lúc ông/bà sửa, lịch này đã được công bố lại, nên chưa có gì được công bố. Nội dung đã nhập vẫn còn dưới đây; xin mở lại lịch hiện hành để so sánh.", "This calendar was published again while you were changing it, so nothing was published. What you typed is kept below; open the calendar as it stands now to compare.";
        open_now: "Mở lịch hiện hành", "Open it as it stands now";
        version: "Phiên bản", "Version";
        published_at: "Công bố lúc", "Published";
        version_title: "Nội dung một lần công bố", "What a version says";
        announced_years: "Các năm đã công bố", "Years announced";
        working_days: "ngày làm việc trong năm", "working days in the year";
    }
}

/// What a day is.
pub(crate) fn day_kind(lang: Lang, of: DayKind) -> &'static str {
    match (lang, of) {
        (Lang::Vi, DayKind::Holiday) => "Nghỉ lễ, tết",
        (Lang::Vi, DayKind::Compensatory) => "Nghỉ bù",
        (Lang::Vi, DayKind::Swapped) => "Nghỉ hoán đổi",
        (Lang::Vi, DayKind::Makeup) => "Làm bù",
        (Lang::Vi, DayKind::Closure) => "Đóng cửa",
        (Lang::En, DayKind::Holiday) => "Public holiday",
        (Lang::En, DayKind::Compensatory) => "Day in lieu",
        (Lang::En, DayKind::Swapped) => "Swapped day off",
        (Lang::En, DayKind::Makeup) => "Made-up working day",
        (Lang::En, DayKind::Closure) => "Closed",
    }
}

/// The sign of such a day in the page of a year.
pub(crate) const fn day_sign(lang: Lang, of: DayKind) -> &'static str {
    match (lang, of) {
        (Lang::Vi, DayKind::Holiday) => "L",
        (Lang::Vi, DayKind::Compensatory) => "B",
        (Lang::Vi, DayKind::Swapped) => "H",
        (Lang::Vi, DayKind::Makeup) => "LB",
        (Lang::Vi, DayKind::Closure) => "Đ",
        (Lang::En, DayKind::Holiday) => "P",
        (Lang::En, DayKind::Compensatory) => "L",
        (Lang::En, DayKind::Swapped) => "S",
        (Lang::En, DayKind::Makeup) => "M",
        (Lang::En, DayKind::Closure) => "C",
    }
}

/// A month's name.
pub(crate) fn month(lang: Lang, first: NaiveDate) -> String {
    match lang {
        Lang::Vi => first.format("Tháng %-m").to_string(),
        Lang::En => first.format("%B").to_string(),
    }
}

/// The days of the week as a calendar's page heads them, Monday first.
pub(crate) const fn week_heads(lang: Lang) -> [&'static str; 7] {
    match lang {
        Lang::Vi => ["T2", "T3", "T4", "T5", "T6", "T7", "CN"],
        Lang::En => ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"],
    }
}

/// From when to when a rule of hours holds.
pub(crate) fn season(lang: Lang, from: Option<NaiveDate>, to: Option<NaiveDate>) -> String {
    let day = |day| date(lang, day);
    match (lang, from, to) {
        (Lang::Vi, None, None) => "quanh năm".to_owned(),
        (Lang::Vi, Some(from), None) => format!("từ {}", day(from)),
        (Lang::Vi, None, Some(to)) => format!("đến hết {}", day(to)),
        (Lang::Vi, Some(from), Some(to)) => format!("từ {} đến hết {}", day(from), day(to)),
        (Lang::En, None, None) => "all year".to_owned(),
        (Lang::En, Some(from), None) => format!("from {}", day(from)),
        (Lang::En, None, Some(to)) => format!("until {}", day(to)),
        (Lang::En, Some(from), Some(to)) => format!("{} to {}", day(from), day(to)),
    }
}

/// How many are not shown.
pub(crate) fn and_more(lang: Lang, many: usize) -> String {
    match lang {
        Lang::Vi => format!("và {many} hồ sơ khác."),
        Lang::En => format!("and {many} more."),
    }
}
