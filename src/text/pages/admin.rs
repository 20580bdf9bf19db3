//! What the administration's first page says, and what is said after something was done there.

use chrono::{DateTime, NaiveDate, Utc};

use crate::text::{Lang, date, moments};

labels! {
    /// The rooms of the administration.
    RoomWords by room_words {
        rooms: "Các mục quản trị", "Administration";
        home: "Tổng quan", "Overview";
        commitments: "Cam kết", "Commitments";
        calendars: "Lịch làm việc", "Calendars";
        rules: "Cảnh báo", "Alert rules";
        letters: "Thư đã gửi", "Mails sent";
        people: "Người dùng", "Users";
        units: "Đơn vị", "Units";
        procedures: "Thủ tục", "Procedures";
        ledger: "Sổ cái", "Ledger";
        show: "Xem", "Show";
        more: "Xem tiếp", "Show more";
        save: "Lưu", "Save";
        from: "từ", "from";
        to: "đến", "to";
        now: "đến nay", "until now";
        nothing: "Chưa có mục nào.", "There is nothing yet.";
        one_a_line: "Mỗi dòng một mục.", "One a line.";
    }
}

labels! {
    /// The administration's first page.
    AdminWords by admin_words {
        title: "Quản trị", "Administration";
        lead: "Những việc cần quản trị viên để mắt đến; việc cần xử lý đứng trước.", "What needs an administrator's eye; what calls for somebody stands first.";
        calls: "cần xem", "needs you";
        fine: "ổn", "fine";
        unknown: "chưa rõ", "not known";
        calendar: "Lịch nghỉ", "Days off";
        calendar_fine: "Mọi lời hẹn hiện có đều nằm trong các năm đã công bố lịch nghỉ.", "All promises lie within years whose days off are announced.";
        redating: "Đang tính lại ngày hẹn theo lịch vừa công bố.", "Open dossiers are being re-dated by the calendar just published.";
        to_calendar: "Xem lịch làm việc", "See the calendar";
        mails: "Thư cảnh báo", "Alert mails";
        to_mails: "Xem thư đã gửi", "See the mails";
        locked: "Tài khoản bị khóa", "Locked accounts";
        none_locked: "Không có tài khoản nào đang bị khóa vì nhập sai mật khẩu.", "No account is locked by wrong passwords.";
        locked_until: "Bị khóa tạm vì nhập sai mật khẩu nhiều lần:", "Locked for a while by wrong passwords:";
        to_users: "Xem người dùng", "See the users";
        scheduler: "Bộ gửi thư tự động", "Scheduler";
        no_scheduler: "Tiến trình này không chạy bộ gửi thư tự động.", "This process runs no scheduler.";
        scheduler_stopped: "Đã ngừng chạy, lần cuối hoạt động lúc", "It has stopped; it was last heard of at";
        scheduler_goes: "Đang chạy, lần gần nhất lúc", "It goes round, last at";
        to_rules: "Xem các quy tắc cảnh báo", "See the alert rules";
        ledger: "Sổ cái", "Ledger";
        not_checked: "Chưa được kiểm tra từ khi hệ thống khởi động.", "It has not been checked since the service was started.";
        to_ledger: "Kiểm tra sổ cái", "Check the ledger";
    }
}

/// What was done just now; nothing for a word that is none.
pub(crate) fn admin_done(lang: Lang, word: &str) -> &'static str {
    match (lang, word) {
        (Lang::Vi, "saved") => "Đã lưu.",
        (Lang::Vi, "added") => "Đã thêm.",
        (Lang::Vi, "made_before") => {
            "Biểu mẫu này đã được gửi trước đó và đã được ghi; không ghi thêm lần nữa."
        }
        (Lang::Vi, "removed") => "Đã gỡ bỏ.",
        (Lang::Vi, "switched_on") => {
            "Đã bật cam kết. Hồ sơ tiếp nhận từ ngày bắt đầu được tính theo cam kết này."
        }
        (Lang::Vi, "stood_already") => {
            "Cam kết này đã có từ trước với đúng nội dung ấy, nên không có gì thay đổi."
        }
        (Lang::Vi, "ended") => "Đã ghi ngày kết thúc. Hồ sơ đã nhận vẫn giữ ngày hẹn cũ.",
        (Lang::Vi, "published") => {
            "Đã công bố lịch. Ngày hẹn của hồ sơ chưa giải quyết xong được tính lại ngay."
        }
        (Lang::Vi, "unchanged") => "Lịch đang có hiệu lực đã đúng như vậy, nên không công bố phiên bản mới.",
        (Lang::Vi, "replayed") => "Thư đang chờ gửi lại.",
        (Lang::Vi, "released") => {
            "Địa chỉ được gửi thư trở lại. Thư chưa gửi trước đây chỉ đi khi ông/bà bấm gửi lại."
        }
        (Lang::Vi, "password") => "Đã đặt mật khẩu. Các phiên đăng nhập cũ của người này đã kết thúc.",
        (Lang::Vi, "unlocked") => "Đã mở khóa tài khoản.",
        (Lang::Vi, "revoked") => "Đã thu hồi.",
        (Lang::Vi, "checked") => "Đã kiểm tra xong.",
        (Lang::En, "saved") => "Saved.",
        (Lang::En, "added") => "Added.",
        (Lang::En, "made_before") => "This form was sent before and taken then; nothing was stored twice.",
        (Lang::En, "removed") => "Removed.",
        (Lang::En, "switched_on") => {
            "The commitment is on. Dossiers received from its first day on are held to it."
        }
        (Lang::En, "stood_already") => "The same commitment stood already, so nothing was changed.",
        (Lang::En, "ended") => "The last day is set. Dossiers received by then keep their dates.",
        (Lang::En, "published") => "The calendar is published. Open dossiers get their dates anew at once.",
        (Lang::En, "unchanged") => "The calendar in force says the same, so no new version was published.",
        (Lang::En, "replayed") => "The mail waits to be sent again.",
        (Lang::En, "released") => {
            "The address is written to again. Mails that were not sent go out only when you send them again."
        }
        (Lang::En, "password") => "The password is set. The user's sessions have ended.",
        (Lang::En, "unlocked") => "The account is unlocked.",
        (Lang::En, "revoked") => "Taken back.",
        (Lang::En, "checked") => "Checked.",
        _ => "",
    }
}

/// What reaches into a year whose days off are not announced.
pub(crate) fn horizon_said(lang: Lang, year: i32, dossiers: i64) -> String {
    match lang {
        Lang::Vi if dossiers == 0 => format!(
            "Lịch nghỉ năm {year} chưa được công bố trong hệ thống. Hiện chưa có hồ sơ nào hẹn trả trong năm đó; ngày hẹn rơi vào năm ấy sẽ chỉ là tạm tính."
        ),
        Lang::En if dossiers == 0 => format!(
            "The days off of {year} are not published here. No open dossier is due in that year yet; dates that reach into it will be provisional."
        ),
        Lang::Vi => format!(
            "Lịch nghỉ năm {year} chưa được công bố trong hệ thống, trong khi thời hạn đã kéo sang năm đó ({dossiers} hồ sơ chưa giải quyết xong có hạn trả từ đầu năm {year}). Các ngày hẹn ấy là tạm tính."
        ),
        Lang::En => format!(
            "The days off of {year} are not published here, and limits reach into that year ({dossiers} open dossiers are due in it or later). Those dates are provisional."
        ),
    }
}

/// How mails fared of late.
pub(crate) fn mails_since(
    lang: Lang,
    since: NaiveDate,
    (sent, failed, uncertain): (i64, i64, i64),
    dead: usize,
) -> String {
    let since = date(lang, since);
    match lang {
        Lang::Vi => format!(
            "Từ {since}: {sent} thư đã gửi, {failed} thư không gửi được, {uncertain} thư chưa rõ đã đến hay chưa. Địa chỉ ngừng gửi: {dead}."
        ),
        Lang::En => format!(
            "Since {since}: {sent} sent, {failed} not sent, {uncertain} of which nobody knows whether they arrived. Addresses written to no more: {dead}."
        ),
    }
}

/// What the ledger's last check found, in one sentence.
pub(crate) fn ledger_found(lang: Lang, at: DateTime<Utc>, ok: bool, entries: i64) -> String {
    let at = moments::time_weekday_and_date(lang, at);
    match (lang, ok) {
        (Lang::Vi, true) => format!("Kiểm tra lúc {at}: toàn vẹn, {entries} mục."),
        (Lang::Vi, false) => format!("Kiểm tra lúc {at}: CÓ SAI LỆCH. Xin xem chi tiết ngay."),
        (Lang::En, true) => format!("Checked at {at}: it holds, {entries} entries."),
        (Lang::En, false) => format!("Checked at {at}: SOMETHING DIFFERS. Please see the details at once."),
    }
}
