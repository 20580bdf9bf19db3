//! The counter: logging a dossier, and what is said once it stands.

use crate::domain::deadline::Limit;
use crate::text::Lang;
use crate::text::commitments::limit_words;

labels! {
    /// Logging a dossier.
    CounterWords by counter_words {
        title: "Tiếp nhận hồ sơ", "Log a dossier";
        unit: "Đơn vị tiếp nhận", "Receiving unit";
        procedure: "Thủ tục", "Procedure";
        procedure_hint: "Gõ vài chữ không cần dấu, hoặc mã; phím ↓ mở các thủ tục thường nhận.", "Type a few words, without diacritics if you like, or the code; ↓ lists the usual ones.";
        look: "Tìm", "Find";
        choose: "Chọn thủ tục", "Choose the procedure";
        procedure_missing: "Xin chọn thủ tục.", "Please choose the procedure.";
        none_found: "Không thấy thủ tục nào. Xin thử ít chữ hơn.", "No procedure found. Try fewer words.";
        case: "Trường hợp", "Case";
        ordinary_case: "Thông thường", "The ordinary one";
        channel: "Hình thức nộp", "How it comes in";
        name: "Họ và tên người nộp", "Applicant's full name";
        phone: "Số điện thoại", "Telephone";
        more: "Thư điện tử, địa chỉ, ghi chú", "E-mail, address, note";
        email: "Thư điện tử", "E-mail";
        address: "Địa chỉ", "Address";
        note: "Ghi chú", "Note";
        copies: "Số bản giống nhau", "Copies alike";
        copies_hint: "Mỗi bản là một hồ sơ, một giấy hẹn; nhiều nhất 100.", "Each is a dossier with its own receipt; at most 100.";
        promise: "Tự ấn định ngày hẹn trả", "Promise another date";
        promise_date: "Ngày hẹn trả", "Date";
        promise_time: "Giờ", "Hour";
        promise_hint: "Để trống thì hẹn theo quy định và cam kết; không ghi giờ thì hẹn cuối buổi.", "Leave empty to promise by law and commitment; without an hour, the end of the day is meant.";
        reason: "Lý do hẹn khác", "Reason";
        log: "Tiếp nhận", "Log it";
        show_due: "Xem ngày hẹn trả", "Show the due date";
        due: "Hẹn trả kết quả", "The result is ready";
        due_first: "Chọn thủ tục để thấy ngày hẹn trả.", "Choose a procedure to see the due date.";
        statutory: "Theo quy định", "By law";
        commitment: "Theo cam kết", "By commitment";
        no_commitment: "không có cam kết", "no commitment";
        provisional: "Ngày này dựa trên lịch nghỉ chưa được công bố chính thức.", "This date rests on days off that are not announced yet.";
        finding: "Cảnh báo", "Warning";
        instead: "Hẹn theo ngày này", "Promise this date instead";
        goes_on: "Vẫn có thể tiếp nhận; xin ghi lý do.", "You may go on; please give a reason.";
        not_now: "Chưa tính được ngày hẹn trả.", "No due date can be told yet.";
        due_changed: "Ngày hẹn trả nay khác với ngày đã hiện lúc trước, vì giờ tiếp nhận đã qua mốc hoặc quy định vừa thay đổi. Chưa có gì được ghi nhận; xin xem lại ngày hẹn rồi bấm Tiếp nhận.", "The due date is no longer the one shown before, because the hour has passed a mark or a rule has changed. Nothing has been stored; please look at the date, then log it.";
        sent_before: "Biểu mẫu này đã được ghi nhận với nội dung khác. Nếu đây là hồ sơ mới, xin bấm Tiếp nhận lần nữa.", "This form has been stored with other content. If this is a new dossier, press Log it once more.";
    }
}

labels! {
    /// What is said of dossiers just logged.
    LoggedWords by logged_words {
        code: "Mã hồ sơ", "Code";
        codes: "Các mã hồ sơ", "Codes";
        applicant: "Người nộp", "Applicant";
        procedure: "Thủ tục", "Procedure";
        unit: "Đơn vị", "Unit";
        due: "Hẹn trả kết quả", "The result is ready";
        print_one: "In giấy hẹn", "Print the receipt";
        print_many: "In các giấy hẹn", "Print the receipts";
        next: "Hồ sơ tiếp theo", "Next dossier";
        person: "Cùng người nộp", "Same applicant";
        same: "Cùng thủ tục", "Same procedure";
        findings: "Cảnh báo đã ghi nhận", "Findings";
    }
}

/// How a dossier comes in, by the channel's word.
pub(crate) fn channel(lang: Lang, word: &str) -> &'static str {
    match (lang, word) {
        (Lang::Vi, "in_person") => "Trực tiếp",
        (Lang::Vi, "online") => "Trực tuyến",
        (Lang::Vi, "postal") => "Bưu chính công ích",
        (Lang::En, "in_person") => "At the counter",
        (Lang::En, "online") => "Online",
        (Lang::En, "postal") => "By post",
        _ => "—",
    }
}

/// How many procedures were found, for those who hear the page.
pub(crate) fn found(lang: Lang, count: usize, shown: usize) -> String {
    match (lang, count) {
        (Lang::Vi, 0) => "Không thấy thủ tục nào".to_owned(),
        (Lang::En, 0) => "No procedure found".to_owned(),
        (Lang::Vi, _) if count > shown => {
            format!("Có {count} thủ tục, đang hiện {shown}; gõ thêm chữ để thu hẹp")
        }
        (Lang::En, _) if count > shown => {
            format!("{count} procedures, {shown} shown; type more to narrow them down")
        }
        (Lang::Vi, _) => format!("Có {count} thủ tục"),
        (Lang::En, 1) => "1 procedure".to_owned(),
        (Lang::En, _) => format!("{count} procedures"),
    }
}

/// What a procedure allows, in a word or two.
pub(crate) fn allows(lang: Lang, limit: Option<Limit>, same_day: bool) -> String {
    match (lang, limit, same_day) {
        (Lang::Vi, _, true) | (Lang::Vi, Some(Limit::SameDay), _) => "trong ngày".to_owned(),
        (Lang::En, _, true) | (Lang::En, Some(Limit::SameDay), _) => "same day".to_owned(),
        (_, Some(limit), _) => limit_words(lang, limit),
        (Lang::Vi, None, _) => "chưa có thời hạn".to_owned(),
        (Lang::En, None, _) => "no limit yet".to_owned(),
    }
}

/// The heading over dossiers just logged.
pub(crate) fn logged(lang: Lang, count: usize) -> String {
    match (lang, count) {
        (Lang::Vi, 0 | 1) => "Đã tiếp nhận hồ sơ".to_owned(),
        (Lang::Vi, _) => format!("Đã tiếp nhận {count} hồ sơ"),
        (Lang::En, 0 | 1) => "The dossier is logged".to_owned(),
        (Lang::En, _) => format!("{count} dossiers are logged"),
    }
}
