//! What the page about calendars to subscribe to says.

use crate::text::Lang;

labels! {
    /// Calendars to subscribe to.
    FeedWords by feed_words {
        title: "Lịch trên điện thoại và Outlook", "Calendars on the phone and in Outlook";
        account: "Tài khoản của tôi", "My account";
        lead: "Đưa ngày hẹn trả và ngày nghỉ của đơn vị vào ứng dụng lịch vẫn dùng; lịch tự cập nhật, không có tên người dân.", "Puts when results are due, and the unit's days off, into the calendar program you use; it keeps itself up to date and names no citizen.";
        secret: "Ai có địa chỉ bí mật cũng xem được lịch mà không cần đăng nhập. Nếu lỡ lộ, xin thu hồi: địa chỉ hết hiệu lực ngay.", "Whoever has the secret address sees the calendar without signing in. Should it get about, take it back: it ends at once.";
        make_title: "Tạo địa chỉ lịch", "A new calendar address";
        make: "Tạo địa chỉ", "Make the address";
        unit: "Lịch của đơn vị", "The calendar of";
        unit_hint: "Gồm cả các đơn vị trực thuộc.", "With the units below it.";
        what_for: "Dùng cho", "What for";
        label: "Dùng cho (không bắt buộc)", "What for (optional)";
        label_hint: "Ví dụ: điện thoại của tôi, màn hình phòng họp.", "For example: my phone, the screen in the meeting room.";
        standing: "Các địa chỉ đang có hiệu lực", "Addresses that hold";
        none: "Chưa có địa chỉ nào.", "There is none yet.";
        made: "Tạo lúc", "Made";
        by: "Người tạo", "By";
        mine: "tôi", "me";
        colleagues: "người khác trong đơn vị", "somebody else of the unit";
        act: "Việc", "Act";
        revoke: "Thu hồi", "Take back";
        made_title: "Địa chỉ lịch mới", "The new calendar address";
        made_lead: "Xin chép ngay: hệ thống chỉ giữ mã băm nên địa chỉ không hiện lại được nữa.", "Copy it now: only a digest is kept, so it cannot be shown again.";
        how: "Trong ứng dụng lịch của điện thoại hoặc Outlook, chọn «Thêm lịch», rồi «Đăng ký theo địa chỉ (URL)», và dán địa chỉ này vào.", "In the phone's calendar or in Outlook choose “Add calendar”, then “Subscribe from web (URL)”, and paste the address.";
        due: "Ngày hẹn trả", "Results due";
        due_what: "Mỗi hồ sơ chưa xong là một mục vào ngày hẹn, gồm mã hồ sơ và thủ tục.", "An entry for each open dossier on the day it is due: its code and procedure.";
        days: "Ngày nghỉ, ngày làm bù", "Days off and made up";
        days_what: "Của năm nay và năm sau.", "Of this year and the next.";
        copy: "Sao chép", "Copy";
        copied: "Đã sao chép.", "Copied.";
        open: "Mở bằng ứng dụng lịch của máy này", "Open in this device's calendar";
        back: "Đã chép xong, về danh sách", "Copied; back to the list";
    }
}

/// What was done just now; nothing for a word that is none.
pub(crate) fn feed_done(lang: Lang, word: &str) -> &'static str {
    match (lang, word) {
        (Lang::Vi, "revoked") => "Đã thu hồi. Địa chỉ không còn hiệu lực.",
        (Lang::En, "revoked") => "Taken back. The address holds no more.",
        (Lang::Vi, "made_before") => {
            "Địa chỉ đã được tạo từ biểu mẫu này rồi và chỉ hiện một lần. Nếu chưa kịp chép, xin thu hồi địa chỉ ấy và tạo địa chỉ khác."
        }
        (Lang::En, "made_before") => {
            "An address has been made from this form already, and is shown once only. If it was not copied, take it back and make another."
        }
        _ => "",
    }
}
