//! What the pages about users say.

use crate::text::Lang;

labels! {
    /// The pages about users.
    UserWords by user_words {
        title: "Người dùng", "Users";
        lead: "Người dùng của đơn vị ông/bà và các đơn vị trực thuộc. Mỗi thay đổi về quyền được ghi vào sổ cái.", "The users of your unit and those below it. The ledger records every change of somebody's rights.";
        add: "Thêm người dùng", "Add a user";
        all: "Tất cả", "All";
        active_only: "Đang dùng", "Active";
        inactive_only: "Đã ngừng", "Inactive";
        which: "Tình trạng", "State";
        name: "Họ và tên", "Name";
        name_hint: "Tên hiện trên hồ sơ của cán bộ.", "Officers appear on their dossiers by it.";
        role: "Vai trò", "Role";
        role_hint: "Cán bộ: tiếp nhận và xử lý. Lãnh đạo: thêm quyền đính chính và nhận thư cảnh báo. Cải cách hành chính: xem số liệu, không thấy dữ liệu cá nhân. Quản trị viên: làm được tất cả.", "Officer: takes and handles dossiers. Leader: corrects, and is warned by mail. Reform office: reads figures without personal data. Administrator: everything.";
        unit: "Đơn vị", "Unit";
        unit_hint: "Người dùng thấy đơn vị này và các đơn vị trực thuộc.", "The user sees this unit and those below it.";
        email: "Thư điện tử", "E-mail address";
        email_hint: "Nơi nhận thư cảnh báo; bỏ trống thì không nhận.", "Where alerts go; none without it.";
        language: "Ngôn ngữ của thư", "Language of mails";
        vi: "Tiếng Việt", "Vietnamese";
        en: "Tiếng Anh", "English";
        username: "Tên đăng nhập", "Username";
        state: "Tình trạng", "State";
        active: "Đang dùng", "Active";
        inactive: "Đã ngừng", "Inactive";
        locked: "Bị khóa đến", "Locked until";
        no_password: "Chưa có mật khẩu", "No password yet";
        password_hint: "Ít nhất 10 ký tự, không dễ đoán. Xin đưa tận tay; người dùng tự đổi ở trang tài khoản.", "10 characters at least, not easily guessed. Hand it over in person; the user can change it.";
        add_now: "Thêm người dùng này", "Add this user";
        add_note: "Bước tiếp theo: đặt mật khẩu ban đầu ở trang của người dùng. Trước đó chưa ai đăng nhập được bằng tên này.", "Next step: set a first password on the user's page. Until then nobody can sign in by this name.";
        added: "Đã thêm người dùng. Xin đặt mật khẩu ban đầu bên dưới rồi đưa tận tay.", "The user is added. Set a first password below and hand it over in person.";
        change: "Thông tin và quyền", "Details and rights";
        change_note: "Đổi vai trò hoặc đơn vị có hiệu lực ngay với mọi phiên đang mở.", "Another role or unit holds at once, for open sessions too.";
        password: "Đặt mật khẩu", "Set a password";
        password_note: "Mật khẩu cũ mất hiệu lực, các phiên đăng nhập cũ kết thúc, khóa (nếu có) được mở.", "The old one ends, and so do the sessions opened with it; a lock is opened.";
        new_password: "Mật khẩu mới", "New password";
        password_needs_name: "Cần có tên đăng nhập trước khi đặt mật khẩu.", "A username is needed before a password can be set.";
        own_password: "Mật khẩu của chính ông/bà được đổi ở", "Your own password is changed on";
        own_account: "trang tài khoản", "your account's page";
        unlock: "Mở khóa", "Unlock";
        unlock_note: "Người này đã nhập sai mật khẩu nhiều lần. Mở khóa thì thử lại được ngay.", "This user has mistyped the password several times. Unlocked, they can try again at once.";
        stop: "Ngừng sử dụng", "Deactivate";
        stop_note: "Người này không đăng nhập và không nhận thư nữa; mọi phiên và khóa truy cập kết thúc ngay. Hồ sơ và lịch sử giữ nguyên. Có thể cho dùng lại.", "The user can no longer sign in and gets no mail; every session and token ends at once. Dossiers and history stay. It can be undone.";
        start: "Cho dùng lại", "Activate again";
        start_note: "Người này đăng nhập lại được bằng mật khẩu cũ; khóa truy cập cũ không sống lại.", "The user can sign in again with the old password; old tokens stay ended.";
        tokens: "Khóa truy cập và phiên đang mở", "Tokens and open sessions";
        tokens_lead: "Khóa truy cập dành cho phần mềm gọi API thay người này. Chỉ hiện một lần khi tạo.", "A token lets a program call the API as this user. It is shown once.";
        label: "Dùng cho", "What for";
        expires: "Hết hạn sau ngày (bỏ trống: không hết hạn)", "Ends after the day (empty: never)";
        issue: "Tạo khóa truy cập", "Create a token";
        kind: "Loại", "Kind";
        token: "khóa truy cập", "token";
        session: "phiên đăng nhập", "session";
        created: "Tạo lúc", "Created";
        ends: "Hết hạn", "Ends";
        never: "không", "never";
        used: "Dùng gần nhất", "Last used";
        revoke: "Thu hồi", "Take back";
        issued_title: "Khóa truy cập mới", "The new token";
        issued_lead: "Xin chép ngay: hệ thống chỉ giữ mã băm nên sẽ không hiện lại được nữa.", "Copy it now: only a digest is kept, so it cannot be shown again.";
        issued_twice: "Khóa đã được tạo từ biểu mẫu này rồi. Nếu chưa kịp chép, xin thu hồi khóa ấy và tạo khóa khác.", "A token has been created from this form already. If it was not copied, take it back and create another.";
        issued_back: "Về trang của người dùng", "Back to the user";
        delegations: "Ủy quyền nhận thư khi vắng", "Who is written to during an absence";
        delegations_lead: "Trong những ngày này thư cảnh báo gửi người được ủy quyền.", "On these days alerts go to the delegate.";
        delegate: "Người nhận thay", "Delegate";
        from: "Từ ngày", "First day";
        to: "Đến hết ngày", "Last day";
        keep: "Người vắng vẫn nhận một bản", "The one who is away gets a copy";
        reason: "Lý do hoặc quyết định", "Reason or decision";
        delegate_add: "Thêm ủy quyền", "Add";
        remove: "Gỡ bỏ", "Remove";
    }
}

/// How many there are.
pub(crate) fn users_counted(lang: Lang, many: i64) -> String {
    match lang {
        Lang::Vi => format!("{many} người dùng"),
        Lang::En if many == 1 => "1 user".to_owned(),
        Lang::En => format!("{many} users"),
    }
}
