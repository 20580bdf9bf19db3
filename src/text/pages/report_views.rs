//! The reports beside the form: ranking, trend, commitments, delays.

use crate::domain::period::{Period, Span};
use crate::domain::ranking::RankBy;
use crate::domain::steps::StepBy;
use crate::text::Lang;

labels! {
    /// The ranking.
    RankingWords by ranking_words {
        title: "Xếp hạng đơn vị trực thuộc", "Ranking of the units below";
        by: "Xếp hạng theo", "Ranked by";
        minimum: "Số hồ sơ tối thiểu", "Fewest dossiers";
        rank: "Hạng", "Rank";
        unit: "Đơn vị", "Unit";
        due: "Đến hạn", "Due";
        on_time: "Trước hạn và đúng hạn", "Early and on time";
        rate: "Tỷ lệ", "Rate";
        lower: "Cận dưới Wilson 95 %", "Wilson 95% lower bound";
        expected: "Kỳ vọng theo cơ cấu thủ tục", "Expected for its mix";
        ratio: "So với kỳ vọng", "Of the expected";
        adjusted: "Tỷ lệ đã hiệu chỉnh", "Adjusted rate";
        adjusted_lower: "Cận dưới đã hiệu chỉnh", "Adjusted lower bound";
        group: "Tất cả đơn vị", "All units";
        how: "Cách xếp hạng", "How it is ranked";
        wilson: "Đơn vị ít hồ sơ dễ đạt 100 % hoặc rất thấp chỉ do ngẫu nhiên. Vì vậy hạng tính theo cận dưới Wilson 95 %: mức mà tỷ lệ đúng hạn thực của đơn vị rất có thể không thấp hơn. Càng nhiều hồ sơ, cận dưới càng gần tỷ lệ đạt được.", "A unit with few dossiers may reach 100%, or very little, by chance alone. So units are ranked by the lower end of Wilson's 95% interval: what their true rate most probably is at least. The more dossiers, the nearer it comes to the rate itself.";
        mix: "“Kỳ vọng” là số hồ sơ sẽ đúng hạn nếu từng thủ tục của đơn vị đạt tỷ lệ chung của cả nhóm: đơn vị nhận nhiều thủ tục khó không bị thiệt.", "“Expected” is how many would have been in time at the group's own rate for each procedure: whoever has harder work is not put at a disadvantage.";
        none: "Đơn vị này không có đơn vị trực thuộc để xếp hạng.", "This unit has none below it to rank.";
    }
}

labels! {
    /// The trend.
    TrendWords by trend_words {
        title: "Diễn biến theo thời gian", "Trend";
        by: "Mỗi kỳ là", "A step is";
        chart: "Tỷ lệ trước hạn và đúng hạn trên số đến hạn", "Early and on time of due";
        step: "Kỳ", "Step";
        days: "Các ngày", "Days";
        received: "Tiếp nhận (3)", "Received (3)";
        resolved: "Đã giải quyết (7)", "Resolved (7)";
        late: "Quá hạn (10)", "Late (10)";
        in_progress: "Đang giải quyết (11)", "In progress (11)";
        overdue: "Quá hạn chưa xong (13)", "Overdue (13)";
        rate: "Tỷ lệ đúng hạn", "On time";
        running: "chưa kết thúc", "still running";
        cut: "không trọn", "cut off";
        whole: "Cả giai đoạn", "The whole stretch";
        whole_hint: "Hồ sơ chuyển từ kỳ này sang kỳ khác chỉ tính một lần trong dòng cả giai đoạn.", "What is carried over from step to step is in the whole once.";
    }
}

labels! {
    /// How commitments were kept.
    KeptWords by kept_words {
        title: "Thực hiện cam kết với người dân", "Commitments kept";
        lead: "Hồ sơ tiếp nhận trong kỳ mà cam kết của đơn vị ràng buộc; một hồ sơ chịu nhiều cam kết được tính ở từng cam kết.", "Dossiers received in the period that a commitment binds; one bound by several counts with each.";
        same_day: "Giải quyết trong ngày", "On the day of receipt";
        week: "Thứ Sáu không hẹn qua tuần", "No Friday put off to next week";
        other: "Cam kết khác", "Other commitments";
        received: "Tiếp nhận", "Received";
        friday: "Tiếp nhận cuối tuần", "Received at the week's end";
        promised_within: "Hẹn đúng cam kết", "Promised within";
        promised_beyond: "Hẹn quá cam kết", "Promised beyond";
        kept: "Giữ được", "Kept";
        broken: "Không giữ được", "Broken";
        open: "Chưa đến hạn", "Open";
        rate: "Tỷ lệ giữ", "Kept of decided";
        listless: "Số không có đường dẫn: danh sách chỉ xem được từ hiện tại nên không tìm lại đúng các hồ sơ này.", "A number without a link: lists look from now, and would not find exactly these.";
        none: "Không có hồ sơ nào chịu cam kết trong kỳ.", "No dossier was bound by a commitment in the period.";
    }
}

labels! {
    /// How late the late ones were.
    DelayWords by delay_words {
        title: "Mức độ chậm trễ", "How late";
        lead: "Ngày làm việc tính theo lịch của từng đơn vị; ngày chờ thêm là ngày dương lịch người dân phải đợi sau ngày hẹn.", "Working days are those of each unit's own calendar; days lost are calendar days that citizens waited beyond the due day.";
        closed_late: "Giải quyết quá hạn trong kỳ", "Closed late in the period";
        overdue: "Quá hạn chưa giải quyết", "Overdue";
        together: "Tổng cộng", "Together";
        count: "Hồ sơ", "Dossiers";
        working_days: "Tổng ngày làm việc trễ", "Late working days";
        median: "Trung vị", "Median";
        p90: "90 % không quá", "90th percentile";
        max: "Nhiều nhất", "Most";
        citizen_days: "Ngày chờ thêm", "Days lost";
        median_hint: "Trung vị: một nửa số hồ sơ trễ không quá chừng ấy ngày. “90 % không quá”: chín phần mười số hồ sơ trễ không quá chừng ấy ngày.", "The median is what half of them do not exceed; the 90th percentile what nine of ten do not.";
        none: "Không có hồ sơ nào trễ trong kỳ.", "Nothing was late in the period.";
    }
}

/// Why a unit is not ranked.
pub(crate) fn unranked(lang: Lang, minimum: u32) -> String {
    match lang {
        Lang::Vi => format!(
            "Đơn vị có dưới {minimum} hồ sơ đến hạn trong kỳ được liệt kê nhưng không xếp hạng: số quá ít để so sánh."
        ),
        Lang::En => format!(
            "Units with fewer than {minimum} dossiers due in the period are listed and not ranked: too few to compare."
        ),
    }
}

/// By what units are ranked.
pub(crate) fn rank_by(lang: Lang, of: RankBy) -> &'static str {
    match (lang, of) {
        (Lang::Vi, RankBy::Wilson) => "tỷ lệ đúng hạn (cận dưới Wilson)",
        (Lang::Vi, RankBy::MixFair) => "tỷ lệ đã hiệu chỉnh theo cơ cấu thủ tục",
        (Lang::En, RankBy::Wilson) => "share in time (Wilson's lower bound)",
        (Lang::En, RankBy::MixFair) => "the same, fair to the mix of procedures",
    }
}

/// A step below a chart's axis: "T10", "Q3", "05/10".
pub(crate) fn step_label(lang: Lang, of: &Period) -> String {
    match (lang, of.named()) {
        (Lang::Vi, Some((Span::Month(month), _))) => format!("T{month}"),
        (Lang::En, Some((Span::Month(_), _))) => of.to().format("%b").to_string(),
        (_, Some((Span::Quarter(quarter), _))) => format!("Q{quarter}"),
        _ => of.from().format("%d/%m").to_string(),
    }
}

/// How long a step is.
pub(crate) fn step_by(lang: Lang, of: StepBy) -> &'static str {
    match (lang, of) {
        (Lang::Vi, StepBy::Week) => "một tuần",
        (Lang::Vi, StepBy::Month) => "một tháng",
        (Lang::Vi, StepBy::Quarter) => "một quý",
        (Lang::En, StepBy::Week) => "a week",
        (Lang::En, StepBy::Month) => "a month",
        (Lang::En, StepBy::Quarter) => "a quarter",
    }
}
