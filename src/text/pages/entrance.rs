//! What every visitor meets: the frame around pages, the sign-in, and refusals.

use crate::text::Lang;

labels! {
    /// Around every page.
    FrameWords by frame_words {
        skip: "Đến nội dung chính", "Skip to the content";
        ways: "Các trang", "Pages";
        other_language: "English", "Tiếng Việt";
        counter: "Tiếp nhận", "Log a dossier";
        queue: "Hồ sơ", "Dossiers";
        desk: "Điều hành", "Desk";
        reports: "Báo cáo", "Reports";
        findings: "Cảnh báo", "Findings";
        calculator: "Tính ngày hẹn", "Due dates";
        admin: "Quản trị", "Administration";
        sign_out: "Đăng xuất", "Sign out";
        sign_in: "Đăng nhập", "Sign in";
        foot: "Giữ đúng hẹn với người dân", "Promises to citizens, kept in view";
    }
}

labels! {
    /// The sign-in, and a form that waited for it.
    SignInWords by sign_in_words {
        title: "Đăng nhập", "Sign in";
        lead: "Dành cho cán bộ, lãnh đạo và quản trị viên của đơn vị.", "For officers, leaders and administrators of the unit.";
        username: "Tên đăng nhập", "Username";
        password: "Mật khẩu", "Password";
        sign_in: "Đăng nhập", "Sign in";
        forgotten: "Quên mật khẩu? Quản trị viên của đơn vị đặt lại được.", "Forgotten the password? An administrator of your unit can set a new one.";
        status: "Tra cứu hồ sơ", "Look a dossier up";
        calculator: "Tính ngày hẹn trả", "Work out a due date";
        expired: "Phiên làm việc đã kết thúc. Xin đăng nhập lại; nội dung ông/bà vừa nhập vẫn được giữ.", "Your session has ended. Please sign in again; what you typed is kept.";
        again_title: "Gửi lại nội dung vừa nhập", "Send what you typed";
        again: "Phiên làm việc đã kết thúc trước khi nội dung được gửi, nên chưa có gì được ghi nhận. Nội dung vẫn còn đây, xin bấm để gửi lại.", "Your session ended before the form was sent, so nothing has been stored. What you typed is kept here; press to send it.";
        send_again: "Gửi lại", "Send it now";
        not_again: "Không gửi, về trang đầu", "Do not send; go to the first page";
    }
}

labels! {
    /// Refusals that only pages make.
    FaultWords by fault_words {
        home: "Về trang đầu", "To the first page";
        nowhere_title: "Không có trang này", "No such page";
        nowhere: "Địa chỉ có thể đã được gõ nhầm, hoặc trang đã được chuyển đi.", "The address may be mistyped, or the page may have moved.";
        forged_title: "Chưa nhận được biểu mẫu", "The form was not taken";
        forged: "Biểu mẫu không được gửi từ trang của hệ thống trong phiên làm việc này, nên không có gì được ghi nhận. Xin mở lại trang và nhập lại.", "The form was not sent from a page of this service in this session, so nothing was stored. Please open the page again and fill it in.";
        too_large_title: "Nội dung quá dài", "Too much at once";
        sent_before: "Biểu mẫu này đã được gửi trước đó với nội dung khác, và nội dung ấy đã được ghi. Nếu vẫn muốn ghi thêm nội dung dưới đây, xin bấm lần nữa.", "This form was sent before with another content, which was stored. If what stands below is to be stored as well, please press again.";
        too_large: "Biểu mẫu dài hơn mức hệ thống nhận (2 MB), nên không có gì được ghi nhận.", "The form is longer than the service takes (2 MB), so nothing was stored.";
    }
}

/// What somebody is, by the word of their role.
pub(crate) fn role(lang: Lang, word: &str) -> &'static str {
    match (lang, word) {
        (Lang::Vi, "officer") => "cán bộ",
        (Lang::Vi, "leader") => "lãnh đạo",
        (Lang::Vi, "reporter") => "cải cách hành chính",
        (Lang::Vi, "admin") => "quản trị viên",
        (Lang::En, "officer") => "officer",
        (Lang::En, "leader") => "leader",
        (Lang::En, "reporter") => "reform office",
        (Lang::En, "admin") => "administrator",
        _ => "—",
    }
}
