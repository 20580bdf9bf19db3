//! The printed receipt, *Giấy tiếp nhận hồ sơ và hẹn trả kết quả* (TT 03/2025/TT-VPCP, mẫu số 01), and what stands around it on the screen.
//!
//! The paper is an official one and is in Vietnamese whoever prints it.

use chrono::{DateTime, Datelike, Timelike, Utc};

use crate::domain::office_time;
use crate::text::{Lang, moments};

labels! {
    /// Around the sheets on the screen.
    ReceiptWords by receipt_words {
        title: "Giấy tiếp nhận hồ sơ và hẹn trả kết quả", "Receipts";
        print: "In", "Print";
        hint: "Khổ giấy A5. Không thấy nút In thì bấm Ctrl+P.", "Paper A5. If there is no button, press Ctrl+P.";
        next: "Hồ sơ tiếp theo", "Next dossier";
        back: "Về hồ sơ", "Back to the dossier";
    }
}

/// The words of the paper.
pub(crate) struct SheetWords {
    /// The country's name.
    pub(crate) country: &'static str,
    /// Its motto.
    pub(crate) motto: &'static str,
    /// The desk that takes dossiers.
    pub(crate) desk: &'static str,
    /// What the paper is.
    pub(crate) title: &'static str,
    /// Before the code.
    pub(crate) code: &'static str,
    /// Before the applicant's name.
    pub(crate) applicant: &'static str,
    /// Before the address.
    pub(crate) address: &'static str,
    /// Before the telephone number.
    pub(crate) phone: &'static str,
    /// Before the e-mail address.
    pub(crate) email: &'static str,
    /// Before the procedure.
    pub(crate) procedure: &'static str,
    /// Before the case.
    pub(crate) case: &'static str,
    /// Before the channel.
    pub(crate) channel: &'static str,
    /// Before what was handed in, to be filled in by hand.
    pub(crate) papers: &'static str,
    /// Before how many sets, to be filled in by hand.
    pub(crate) sets: &'static str,
    /// Behind it.
    pub(crate) set: &'static str,
    /// Before the limit.
    pub(crate) limit: &'static str,
    /// Before the instant of receipt.
    pub(crate) received: &'static str,
    /// Before the instant of return.
    pub(crate) due: &'static str,
    /// Before where the result is given.
    pub(crate) place: &'static str,
    /// At the counter.
    pub(crate) at_counter: &'static str,
    /// By post.
    pub(crate) by_post: &'static str,
    /// Online.
    pub(crate) online: &'static str,
    /// Over the applicant's signature.
    pub(crate) signed_applicant: &'static str,
    /// Over the officer's signature.
    pub(crate) signed_officer: &'static str,
    /// Under both.
    pub(crate) sign_here: &'static str,
    /// Beside the code to be scanned.
    pub(crate) scan: &'static str,
    /// Beside the code to be named, where there is no page to look at.
    pub(crate) ask: &'static str,
}

/// See [`SheetWords`].
pub(crate) const SHEET: SheetWords = SheetWords {
    country: "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    motto: "Độc lập - Tự do - Hạnh phúc",
    desk: "BỘ PHẬN MỘT CỬA",
    title: "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
    code: "Mã hồ sơ",
    applicant: "Đã tiếp nhận hồ sơ của",
    address: "Địa chỉ",
    phone: "Số điện thoại",
    email: "Thư điện tử",
    procedure: "Nội dung yêu cầu giải quyết",
    case: "Trường hợp",
    channel: "Hình thức nộp",
    papers: "Thành phần hồ sơ nộp gồm",
    sets: "Số lượng hồ sơ",
    set: "bộ",
    limit: "Thời hạn giải quyết theo quy định",
    received: "Thời gian nhận hồ sơ",
    due: "Thời gian trả kết quả",
    place: "Đăng ký nhận kết quả",
    at_counter: "tại nơi tiếp nhận",
    by_post: "qua bưu chính",
    online: "trực tuyến",
    signed_applicant: "NGƯỜI NỘP HỒ SƠ",
    signed_officer: "NGƯỜI TIẾP NHẬN HỒ SƠ",
    sign_here: "(Ký, ghi rõ họ tên)",
    scan: "Quét mã để tra cứu",
    ask: "Khi cần hỏi về hồ sơ, xin cho biết mã hồ sơ trên giấy này.",
};

/// "15 giờ 01 phút, thứ Sáu ngày 20 tháng 11 năm 2026".
pub(crate) fn moment(at: DateTime<Utc>) -> String {
    let local = office_time::local(at);
    let weekday = moments::weekday(Lang::Vi, local.weekday());
    format!("{} giờ {:02} phút, {weekday} {}", local.hour(), local.minute(), day(at))
}

/// "ngày 02 tháng 9 năm 2026": a zero before days under 10 and before months 1 and 2 only (NĐ 30/2020/NĐ-CP).
pub(crate) fn day(at: DateTime<Utc>) -> String {
    let date = office_time::local_date(at);
    let month = if date.month() < 3 { format!("{:02}", date.month()) } else { date.month().to_string() };
    format!("ngày {:02} tháng {month} năm {}", date.day(), date.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_paper_says_hour_minute_and_date_in_full() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        assert_eq!(
            moment(at("2026-11-20T15:01:59+07:00")),
            "15 giờ 01 phút, thứ Sáu ngày 20 tháng 11 năm 2026"
        );
        assert_eq!(day(at("2026-09-01T17:00:00Z")), "ngày 02 tháng 9 năm 2026");
        assert_eq!(day(at("2026-02-02T08:00:00+07:00")), "ngày 02 tháng 02 năm 2026");
    }
}
