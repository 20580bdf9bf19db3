//! The apology slip, form 04 of TT 03/2025/TT-VPCP: what stands on the page around it, and its own words.
//!
//! The slip is an official paper and is written in Vietnamese whatever the reader's language.

use chrono::{DateTime, Datelike, Utc};

use crate::domain::office_time;

labels! {
    /// The page around the slip.
    ApologyWords by apology_words {
        title: "Phiếu xin lỗi", "Apology slip";
        lead: "Phải gửi trước ngày hết hạn ít nhất một ngày; chỉ được hẹn lại một lần (NĐ 61/2018 Đ.19(9)).", "It has to go out at least a day before the limit ends, and only once (NĐ 61/2018 art. 19(9)).";
        look: "Xem bản in", "See the slip";
        record: "Ghi nhận việc xin lỗi và hẹn lại", "Record the apology";
        print: "In phiếu", "Print";
        recorded: "Việc xin lỗi và hẹn lại đã được ghi nhận.", "The apology is recorded.";
        not_recorded: "Chưa ghi nhận: phiếu đang hiện là bản xem trước.", "Not recorded yet: the slip shown is a preview.";
        closed: "Hồ sơ đã kết thúc, không cần xin lỗi và hẹn lại nữa.", "The dossier is closed; no apology is needed any more.";
        back: "Về hồ sơ", "Back to the dossier";
        size: "Khổ giấy A5 hoặc A4.", "A5 or A4.";
    }
}

/// Where something has still to be written by hand.
pub(crate) const BLANK: &str = "…………………………………";

/// "17 giờ 00, ngày 20 tháng 11 năm 2026"; a line to be written on without an instant.
pub(crate) fn appointment(at: Option<DateTime<Utc>>) -> String {
    let Some(at) = at else {
        return "…… giờ ……, ngày …… tháng …… năm ………".to_owned();
    };
    let local = office_time::local(at);
    format!("{}, {}", local.format("%H giờ %M"), long_date(at))
}

/// "ngày 20 tháng 11 năm 2026": a zero before days under 10 and before months 1 and 2 (NĐ 30/2020/NĐ-CP).
pub(crate) fn long_date(at: DateTime<Utc>) -> String {
    let day = office_time::local_date(at);
    if day.month() < 3 {
        day.format("ngày %d tháng %m năm %Y").to_string()
    } else {
        day.format("ngày %d tháng %-m năm %Y").to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_stand_as_official_papers_write_them() {
        let at = |text: &str| DateTime::parse_from_rfc3339(text).unwrap().to_utc();
        assert_eq!(
            appointment(Some(at("2026-11-20T17:00:00+07:00"))),
            "17 giờ 00, ngày 20 tháng 11 năm 2026"
        );
        assert_eq!(long_date(at("2026-02-03T00:30:00+07:00")), "ngày 03 tháng 02 năm 2026");
        assert!(appointment(None).contains("giờ ……"));
    }
}
