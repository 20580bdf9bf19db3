//! Headings and names of the reports beside the form.

use super::Lang;
use super::reports::{processing_headings, row_heading};
use crate::domain::commitment::Pledge;
use crate::domain::finding::FindingCode;
use crate::domain::finding_counts::FindingsBy;
use crate::domain::integrity::{IntegrityBy, Sign};
use crate::domain::kept::CommitmentsBy;
use crate::domain::statistics::GroupBy;

/// What is promised, as a name.
#[must_use]
pub fn pledge(lang: Lang, of: Pledge) -> &'static str {
    match (lang, of) {
        (Lang::Vi, Pledge::SameDay) => "Giải quyết trong ngày",
        (Lang::Vi, Pledge::SameSession) => "Giải quyết trong buổi",
        (Lang::Vi, Pledge::NoWeekRollover) => "Thứ Sáu không hẹn qua tuần",
        (Lang::Vi, Pledge::Within) => "Giải quyết trong thời gian cam kết",
        (Lang::En, Pledge::SameDay) => "On the day of receipt",
        (Lang::En, Pledge::SameSession) => "Within the session of receipt",
        (Lang::En, Pledge::NoWeekRollover) => "No Friday put off to next week",
        (Lang::En, Pledge::Within) => "Within a time committed to",
    }
}

/// The headings of the commitments report: the row, then seven columns for each of the three kinds.
#[must_use]
pub fn commitments_headings(lang: Lang, by: CommitmentsBy) -> Vec<String> {
    let row = match (lang, by) {
        (Lang::Vi, CommitmentsBy::Unit) => "Đơn vị",
        (Lang::Vi, CommitmentsBy::Procedure) => "Thủ tục hành chính",
        (Lang::Vi, CommitmentsBy::Effect) => "Cam kết",
        (Lang::En, CommitmentsBy::Unit) => "Unit",
        (Lang::En, CommitmentsBy::Procedure) => "Procedure",
        (Lang::En, CommitmentsBy::Effect) => "Commitment",
    };
    let (kinds, columns, friday) = match lang {
        Lang::Vi => (
            ["Trong ngày", "Thứ Sáu không hẹn qua tuần", "Cam kết khác"],
            [
                "Tiếp nhận",
                "Hẹn trả đúng cam kết",
                "Hẹn trả quá cam kết",
                "Đã giữ cam kết",
                "Không giữ được cam kết",
                "Chưa đến hạn cam kết",
                "Tỷ lệ giữ cam kết",
            ],
            [
                "Tiếp nhận ngày cuối tuần làm việc",
                "Hẹn trả trong tuần",
                "Hẹn qua tuần",
                "Xong trong tuần",
                "Thực tế qua tuần",
            ],
        ),
        Lang::En => (
            ["Same day", "No Friday put off to next week", "Others"],
            [
                "Received",
                "Promised within",
                "Promised beyond",
                "Kept",
                "Broken",
                "Open",
                "Kept of kept and broken",
            ],
            [
                "Friday receipts",
                "Promised within the week",
                "Rolled over by promise",
                "Closed within the week",
                "Rolled over in fact",
            ],
        ),
    };
    let [same_day, week, other] = kinds;
    let mut all = vec![row.to_owned()];
    all.extend(columns.iter().map(|of| format!("{same_day}: {of}")));
    all.extend(friday.iter().chain(columns.iter().skip(friday.len())).map(|of| format!("{week}: {of}")));
    all.extend(columns.iter().map(|of| format!("{other}: {of}")));
    all
}

/// The headings of a trend: the step, the columns of the form, and the rate of those in time.
#[must_use]
pub fn trend_headings(lang: Lang) -> Vec<String> {
    let (step, rate) = match lang {
        Lang::Vi => (["Kỳ", "Từ ngày", "Đến ngày", "Trạng thái"], "Tỷ lệ đúng hạn trên số đến hạn"),
        Lang::En => (["Step", "From", "To", "State"], "On time of due"),
    };
    step.into_iter().chain(processing_headings(lang)).chain([rate]).map(ToOwned::to_owned).collect()
}

/// Whether a step of a trend is over.
#[must_use]
pub fn step_state(lang: Lang, over: bool) -> &'static str {
    match (lang, over) {
        (Lang::Vi, true) => "Đã kết thúc",
        (Lang::Vi, false) => "Chưa kết thúc",
        (Lang::En, true) => "Over",
        (Lang::En, false) => "Running",
    }
}

/// The headings of a ranking.
#[must_use]
pub fn ranking_headings(lang: Lang) -> Vec<String> {
    let all = match lang {
        Lang::Vi => [
            "Hạng",
            "Đơn vị",
            "Đến hạn giải quyết",
            "Trước hạn và đúng hạn",
            "Tỷ lệ đúng hạn",
            "Cận dưới Wilson 95 %",
            "Số đúng hạn kỳ vọng theo cơ cấu thủ tục",
            "Tỷ số đúng hạn trên kỳ vọng",
            "Tỷ lệ đã hiệu chỉnh",
            "Cận dưới đã hiệu chỉnh",
        ],
        Lang::En => [
            "Rank",
            "Unit",
            "Due",
            "Early and on time",
            "On time of due",
            "Wilson 95 % lower bound",
            "Expected on time for its mix of procedures",
            "Observed over expected",
            "Adjusted rate",
            "Adjusted lower bound",
        ],
    };
    all.map(ToOwned::to_owned).to_vec()
}

/// What stands in the place of a rank that is not given.
#[must_use]
pub fn not_ranked(lang: Lang) -> &'static str {
    match lang {
        Lang::Vi => "Không xếp hạng",
        Lang::En => "Not ranked",
    }
}

/// A rule, as a name.
#[must_use]
pub fn finding(lang: Lang, of: FindingCode) -> &'static str {
    match lang {
        Lang::Vi => finding_vi(of),
        Lang::En => finding_en(of),
    }
}

fn finding_vi(of: FindingCode) -> &'static str {
    match of {
        FindingCode::SameDayPromise => "Hẹn trả sau ngày đã cam kết",
        FindingCode::SameDayMissed => "Chưa xong trong ngày đã cam kết",
        FindingCode::WeekRolloverPromise => "Hẹn trả qua tuần",
        FindingCode::WeekRolloverMissed => "Để trôi qua tuần",
        FindingCode::CommitmentPromise => "Hẹn trả muộn hơn cam kết",
        FindingCode::CommitmentMissed => "Chưa xong trong thời gian cam kết",
        FindingCode::PromiseBeyondLimit => "Hẹn trả muộn hơn thời hạn quy định",
        FindingCode::PromiseOnDayOff => "Hẹn trả vào ngày không làm việc",
        FindingCode::Overdue => "Quá hạn",
        FindingCode::ApologyMissing => "Thiếu văn bản xin lỗi đúng thời gian",
        FindingCode::SecondReappointment => "Hẹn lại quá một lần",
        FindingCode::SecondSupplement => "Yêu cầu bổ sung quá một lần",
        FindingCode::SupplementLate => "Yêu cầu bổ sung muộn",
        FindingCode::PausedWhenDue => "Tạm dừng hoặc yêu cầu bổ sung khi đã đến hạn",
        FindingCode::Backdated => "Ghi nhận chậm so với thời điểm khai",
        FindingCode::ClosedWithoutResult => "Kết thúc không kết quả khi đã đến hạn",
    }
}

fn finding_en(of: FindingCode) -> &'static str {
    match of {
        FindingCode::SameDayPromise => "Promised later than the day committed to",
        FindingCode::SameDayMissed => "Not resolved on the day committed to",
        FindingCode::WeekRolloverPromise => "Promised past the week",
        FindingCode::WeekRolloverMissed => "Rolled over into next week",
        FindingCode::CommitmentPromise => "Promised later than committed to",
        FindingCode::CommitmentMissed => "Not resolved within the commitment",
        FindingCode::PromiseBeyondLimit => "Promised beyond the statutory limit",
        FindingCode::PromiseOnDayOff => "Promised for a day off",
        FindingCode::Overdue => "Overdue",
        FindingCode::ApologyMissing => "No apology slip in time",
        FindingCode::SecondReappointment => "Appointed anew more than once",
        FindingCode::SecondSupplement => "More than one request for supplement",
        FindingCode::SupplementLate => "Supplement asked for late",
        FindingCode::PausedWhenDue => "Paused or sent back when due",
        FindingCode::Backdated => "Recorded long after it is said to have happened",
        FindingCode::ClosedWithoutResult => "Ended without a result when due",
    }
}

/// The headings of the findings report.
#[must_use]
pub fn findings_headings(lang: Lang, by: FindingsBy) -> Vec<String> {
    let row = match (lang, by) {
        (Lang::Vi, FindingsBy::Kind) => "Loại vi phạm, cảnh báo",
        (Lang::Vi, FindingsBy::Unit) => "Đơn vị",
        (Lang::Vi, FindingsBy::Officer) => "Cán bộ",
        (Lang::En, FindingsBy::Kind) => "Rule",
        (Lang::En, FindingsBy::Unit) => "Unit",
        (Lang::En, FindingsBy::Officer) => "Officer",
    };
    let rest = match lang {
        Lang::Vi => [
            "Trong đó",
            "Phát sinh trong kỳ",
            "Còn hiệu lực",
            "Hết do đã kết thúc hồ sơ",
            "Hết do đính chính",
            "Hết do đã xin lỗi",
            "Hết do lịch làm việc thay đổi",
        ],
        Lang::En => [
            "Of which",
            "Opened in the period",
            "Still open",
            "Cleared: dossier closed",
            "Cleared: corrected",
            "Cleared: apologised",
            "Cleared: new calendar",
        ],
    };
    [row].into_iter().chain(rest).map(ToOwned::to_owned).collect()
}

/// The headings of the delays report: the row, then six columns for each of those closed late, those overdue, and both.
#[must_use]
pub fn delays_headings(lang: Lang, by: GroupBy) -> Vec<String> {
    let (kinds, columns) = match lang {
        Lang::Vi => (
            ["Giải quyết quá hạn trong kỳ", "Quá hạn chưa giải quyết", "Tổng cộng"],
            [
                "Số hồ sơ",
                "Tổng số ngày làm việc trễ",
                "Trung vị",
                "Bách phân vị 90",
                "Nhiều nhất",
                "Số ngày người dân phải chờ thêm",
            ],
        ),
        Lang::En => (
            ["Closed late in the period", "Overdue", "Together"],
            ["Dossiers", "Late working days", "Median", "90th percentile", "Most", "Days lost by citizens"],
        ),
    };
    let mut all = vec![row_heading(lang, by).to_owned()];
    for kind in kinds {
        all.extend(columns.iter().map(|of| format!("{kind}: {of}")));
    }
    all
}

/// A sign of the integrity report, as a name.
#[must_use]
pub fn sign(lang: Lang, of: Sign, minutes: u32) -> String {
    let fixed = match (lang, of) {
        (Lang::Vi, Sign::LastMinutes) => {
            return format!("Kết thúc trong {minutes} phút cuối của ngày hẹn trả");
        }
        (Lang::En, Sign::LastMinutes) => {
            return format!("Closed in the last {minutes} minutes of the due day");
        }
        (Lang::Vi, Sign::PausedWhenDue) => "Tạm dừng hoặc yêu cầu bổ sung khi đã đến hạn",
        (Lang::Vi, Sign::BackdatedClosings) => "Ghi nhận kết thúc chậm so với thời điểm khai",
        (Lang::Vi, Sign::Reappointments) => "Hẹn lại",
        (Lang::Vi, Sign::Supplements) => "Yêu cầu bổ sung",
        (Lang::En, Sign::PausedWhenDue) => "Paused or sent back when due",
        (Lang::En, Sign::BackdatedClosings) => "Closing recorded long after it is said to have happened",
        (Lang::En, Sign::Reappointments) => "Appointed anew",
        (Lang::En, Sign::Supplements) => "Sent back for a supplement",
    };
    fixed.to_owned()
}

/// How the integrity report is to be read.
#[must_use]
pub fn integrity_note(lang: Lang) -> &'static str {
    match lang {
        Lang::Vi => {
            "Bảng này chỉ ra nơi nên xem lại, không phải kết luận về ai. Số liệu khác thường có thể do tính chất công việc, ca trực hoặc thủ tục được giao; xin xem từng hồ sơ và trao đổi trước khi nhận xét."
        }
        Lang::En => {
            "This says where to look, and is no verdict on anybody. Unusual numbers may come from the kind of work, the shift or the procedures assigned; look at the dossiers and ask before you judge."
        }
    }
}

/// Whether a sign is worth a look.
#[must_use]
pub fn stands_out(lang: Lang, of: Option<bool>) -> &'static str {
    match (lang, of) {
        (_, None) => "—",
        (Lang::Vi, Some(true)) => "Nên xem lại",
        (Lang::Vi, Some(false)) => "Bình thường",
        (Lang::En, Some(true)) => "Worth a look",
        (Lang::En, Some(false)) => "As the others",
    }
}

/// The headings of the integrity report.
#[must_use]
pub fn integrity_headings(lang: Lang, by: IntegrityBy) -> Vec<String> {
    let row = match (lang, by) {
        (Lang::Vi, IntegrityBy::Officer) => "Cán bộ",
        (Lang::Vi, IntegrityBy::Unit) => "Đơn vị",
        (Lang::En, IntegrityBy::Officer) => "Officer",
        (Lang::En, IntegrityBy::Unit) => "Unit",
    };
    let rest = match lang {
        Lang::Vi => [
            "Dấu hiệu",
            "Số hồ sơ có dấu hiệu",
            "Trên số hồ sơ",
            "Tỷ lệ",
            "Tỷ lệ của những người (đơn vị) còn lại",
            "Xác suất ngẫu nhiên",
            "Nhận xét",
        ],
        Lang::En => ["Sign", "Dossiers with it", "Of", "Rate", "Rate of the others", "Chance", "Remark"],
    };
    [row].into_iter().chain(rest).map(ToOwned::to_owned).collect()
}
