//! One's own account.

labels! {
    /// One's own account.
    AccountWords by account_words {
        title: "Tài khoản của tôi", "My account";
        name: "Họ và tên", "Name";
        role: "Vai trò", "Role";
        unit: "Đơn vị", "Unit";
        until: "Phiên làm việc kết thúc muộn nhất", "The session ends at the latest";
        idle: "Nếu không dùng, kết thúc lúc", "If not used, it ends";
        feeds: "Lịch trên điện thoại và Outlook", "Calendars on the phone and in Outlook";
        feeds_lead: "Ngày hẹn trả và ngày nghỉ của đơn vị có thể hiện ngay trong ứng dụng lịch vẫn dùng.", "When results are due, and the unit's days off, can stand in the calendar program you use.";
        to_feeds: "Địa chỉ lịch", "Calendar addresses";
        change: "Đổi mật khẩu", "Change the password";
        change_hint: "Các phiên làm việc khác của ông/bà sẽ kết thúc; phiên này vẫn tiếp tục.", "Your other sessions end; this one goes on.";
        current: "Mật khẩu hiện nay", "Current password";
        new: "Mật khẩu mới", "New password";
        new_hint: "Nên dùng một câu ngắn dễ nhớ, khó đoán.", "A short sentence that is easy to remember and hard to guess.";
        again: "Nhập lại mật khẩu mới", "The new password again";
        differ: "Hai lần nhập mật khẩu mới không giống nhau.", "The two do not match.";
        save: "Đổi mật khẩu", "Change the password";
        done: "Mật khẩu đã được đổi.", "The password was changed.";
    }
}
