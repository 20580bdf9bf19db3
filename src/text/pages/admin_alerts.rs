//! What the pages about alert rules and the mails they sent say.

use crate::domain::alert::{AlertRuleForm, Audience, Severity, Spoken, Topic};
use crate::text::{Lang, listed, moments, time};

labels! {
    /// The pages about alert rules.
    RuleWords by rule_words {
        title: "Cảnh báo qua thư", "Alert rules";
        lead: "Mỗi quy tắc gửi thư cho một nhóm người vào một giờ nhất định, theo lịch làm việc. Xếp theo giờ trong ngày.", "Each rule writes to some people at a time of day, by the working calendar. Ordered by time of day.";
        add: "Thêm quy tắc", "Add a rule";
        at: "Giờ", "Time";
        what: "Nội dung", "What it does";
        next: "Ba lần tới", "Next three times";
        state: "Tình trạng", "State";
        on: "Đang bật", "On";
        off: "Đang tắt", "Off";
        never: "Không có lần nào sắp tới", "No time to come";
        of_settings: "theo cấu hình", "from the settings";
        of_office: "do đơn vị đặt", "the office's own";
        switch_on: "Bật", "Switch on";
        switch_off: "Tắt", "Switch off";
        preview: "Xem thư", "See the mail";
        preview_title: "Thư sẽ gửi", "The mail as it would be sent";
        preview_lead: "Đúng như sẽ gửi cho người được chọn nếu quy tắc chạy ngay bây giờ. Chưa có gì được gửi.", "Just as it would go to this person, were it sent now. Nothing is sent.";
        preview_for: "Gửi cho", "To";
        try_mail: "Xem thư, chưa lưu", "See the mail, unsaved";
        try_for: "Xem thư như gửi cho", "See the mail as it would go to";
        try_hint: "Chỉ dùng để xem thử, không phải phần của quy tắc.", "For looking at it alone; no part of the rule.";
        try_html: "Hiện thư như khi trình bày", "Show the mail as laid out";
        tried_title: "Thư theo nội dung đang nhập", "The mail by what the form says";
        tried_lead: "Quy tắc chưa được lưu và chưa có gì được gửi.", "The rule is not saved, and nothing is sent.";
        myself: "Tôi", "Me";
        not_reached: "Quy tắc này không gửi cho người ấy; thư được soạn như thể có.", "The rule does not reach this person; the mail is made as if it did.";
        nothing_to_tell: "Lúc này không có gì để báo, nên sẽ không có thư nào được gửi.", "There is nothing to tell right now, so no mail would be sent.";
        subject: "Tiêu đề", "Subject";
        html: "Bản trình bày", "As laid out";
        text: "Bản chữ thường", "As plain text";
        edit: "Sửa quy tắc", "Change the rule";
        edit_note: "Thay đổi có hiệu lực từ lúc lưu: giờ đã qua không gửi bù, không ai nhận hai lần. Việc sửa được ghi vào sổ cái.", "It counts from the moment it is saved: times past are not caught up, and nobody is written to twice. The ledger records the change.";
        over_settings: "Đây là quy tắc theo cấu hình. Khi lưu, bản của đơn vị thay cho bản cấu hình cho đến khi gỡ bỏ.", "This rule comes from the settings. Once saved, the office's version holds in its place until it is removed.";
        remove: "Gỡ bỏ bản của đơn vị", "Remove the office's version";
        remove_back: "Quy tắc theo cấu hình có hiệu lực trở lại ngay.", "The settings' rule holds again at once.";
        remove_gone: "Quy tắc này không còn; không thư nào được gửi theo nó nữa.", "The rule is gone; nothing is sent by it any more.";
        name: "Tên quy tắc", "Name";
        name_hint: "Chữ thường không dấu, chữ số và dấu gạch dưới, ví dụ nhac_chieu_thu_sau.", "Lower-case letters, digits and _, for example friday_reminder.";
        audience: "Gửi cho", "Who is written to";
        unit: "Chỉ trong đơn vị", "Only within the unit";
        everywhere: "Mọi đơn vị của người đặt quy tắc", "All units of whoever made the rule";
        people: "Người nhận thêm", "Who else";
        people_hint: "Mỗi dòng một người: tên, thư điện tử hoặc mã số người dùng.", "One a line: name, e-mail address or the user's number.";
        topic: "Về việc", "About";
        days: "Trước bao nhiêu ngày làm việc", "Working days ahead";
        days_hint: "Chỉ dùng cho «sắp đến hạn», từ 1 đến 30.", "Only for what is due soon, 1 to 30.";
        steps: "Các bậc báo lên (số ngày làm việc quá hạn)", "Steps of the ladder (working days late)";
        steps_hint: "Chỉ dùng cho «báo lên cấp trên»: cán bộ, lãnh đạo đơn vị, lãnh đạo cấp trên, ví dụ 1, 2, 3.", "Only for the ladder: officer, head, chairman; for example 1, 2, 3.";
        cron: "Giờ gửi (dòng cron)", "When (a cron line)";
        cron_hint: "Phút, giờ, ngày, tháng, thứ. Ví dụ 30 7 * * * là 07:30 mỗi ngày; 0 14 * * Fri là 14:00 thứ Sáu.", "Minute, hour, day, month, weekday. 30 7 * * * is 07:30 each day; 0 14 * * Fri is 14:00 on Fridays.";
        working_days_only: "Chỉ ngày làm việc (nghỉ lễ thì im, làm bù thì gửi)", "Working days only (silent on holidays, awake on made-up days)";
        last_day: "Chỉ ngày làm việc cuối cùng của tuần", "Only the last working day of the week";
        first_day: "Chỉ ngày làm việc đầu tiên của tuần", "Only the first working day of the week";
        quiet_from: "Không gửi từ", "Silent from";
        quiet_to: "đến", "until";
        minimum: "Chỉ nêu hồ sơ từ mức", "Only dossiers from";
        stale: "Hết giá trị sau (phút)", "Worth nothing after (minutes)";
        stale_hint: "Máy chủ ngừng quá lâu thì thôi không gửi nữa. Bỏ trống: đến hết buổi làm việc cuối cùng của ngày.", "Should the service have been down for longer, it is not sent. Empty: until the day's last session ends.";
        channels: "Đường gửi", "Channels";
        intro_vi: "Lời mở đầu (tiếng Việt)", "Introduction in Vietnamese";
        intro_en: "Lời mở đầu (tiếng Anh)", "Introduction in English";
        intro_hint: "Bỏ trống: lời mở đầu thường dùng. Có thể dùng {unit}, {savable}, {overdue}, {day}, {time}.", "Empty: the usual words. {unit}, {savable}, {overdue}, {day} and {time} may stand in it.";
        enabled: "Quy tắc đang bật", "The rule is on";
        save: "Lưu quy tắc", "Save the rule";
        stale_version: "Quy tắc đã được người khác sửa trong lúc ông/bà nhập, nên chưa lưu. Nội dung đã nhập vẫn còn dưới đây.", "Somebody else changed the rule meanwhile, so it was not saved. What you typed is kept below.";
        open_now: "Mở bản hiện hành", "Open it as it stands now";
        addresses: "Địa chỉ ngừng gửi, thư bị tắt", "Dead addresses, mails turned off";
        by_mail: "thư điện tử", "mail";
    }
}

labels! {
    /// The pages about mails that were sent.
    LetterWords by letter_words {
        title: "Thư đã gửi", "Mails sent";
        lead: "Mọi thư cảnh báo, mới nhất trước. Thư không gửi được hoặc chưa rõ có thể gửi lại.", "Every alert, the newest first. What was not sent, or is uncertain, can be sent again.";
        status: "Tình trạng", "State";
        all: "Tất cả", "All";
        rule: "Quy tắc", "Rule";
        recipient: "Người nhận", "To";
        subject: "Tiêu đề", "Subject";
        slot: "Số liệu lúc", "As of";
        sent_at: "Gửi lúc", "Sent";
        reply: "Máy chủ trả lời", "The server said";
        tries: "Các lần thử gửi", "Tries";
        attempt: "Lần", "No.";
        channel: "Đường gửi", "Channel";
        begun: "Bắt đầu", "Begun";
        ended: "Kết thúc", "Ended";
        outcome: "Kết quả", "Outcome";
        message_id: "Mã thư (Message-ID)", "Message-ID";
        next_try: "Thử lại lúc", "Tried again at";
        no_tries: "Chưa thử gửi lần nào.", "Not tried yet.";
        replay: "Gửi lại", "Send it again";
        choose: "Chọn", "Choose";
        again_chosen: "Gửi lại thư đã chọn", "Send the chosen ones again";
        again_all: "Gửi lại mọi thư chưa gửi được theo bộ lọc này", "Send again all of this filter that were not sent";
        again_title: "Gửi lại nhiều thư", "Sending many again";
        again_refused: "Không gửi lại", "Not sent again";
        again_more: "Bộ lọc còn nhiều thư hơn một lần gửi; xin gửi tiếp sau khi xem kết quả này.", "The filter finds more than are sent at once; send again once this is done.";
        again_none: "Chưa chọn thư nào, nên không có gì được gửi lại.", "No mail was chosen, so none is sent again.";
        reason: "Lý do", "Why";
        back: "Về danh sách thư", "Back to the mails";
        replay_note: "Thư được gửi lại đúng nội dung này, cùng mã thư, đến địa chỉ hiện nay của người nhận.", "The same mail goes once more, under the same Message-ID, to the address the recipient has now.";
        addresses_title: "Địa chỉ ngừng gửi và thư bị tắt", "Dead addresses and mails turned off";
        dead: "Địa chỉ ngừng gửi", "Addresses written to no more";
        dead_lead: "Máy chủ thư báo các hộp thư này không tồn tại. Sửa địa chỉ ở trang người dùng, hoặc cho gửi lại nếu hộp thư đã mở.", "The mail server said that these mailboxes do not exist. Mend the address on the user's page, or release it once the mailbox is there.";
        user: "Người dùng", "User";
        address: "Địa chỉ", "Address";
        since: "Từ", "Since";
        release: "Cho gửi lại", "Release";
        turned_off: "Thư bị người nhận tắt", "Mails turned off by their readers";
        turned_off_lead: "Người nhận đã bấm tắt trong thư. Bật lại nếu cần; việc bật được ghi vào sổ cái.", "The reader turned them off by the link in the mail. Turning them on again is recorded in the ledger.";
        turn_on: "Bật lại", "Turn on again";
        none: "Không có.", "None.";
    }
}

/// How many wait to be sent again.
pub(crate) fn replayed(lang: Lang, many: usize) -> String {
    match lang {
        Lang::Vi => format!("{many} thư đang chờ gửi lại."),
        Lang::En => format!("{many} wait to be sent again."),
    }
}

/// Who is written to.
pub(crate) fn audience(lang: Lang, of: Audience) -> &'static str {
    match (lang, of) {
        (Lang::Vi, Audience::Leader) => "lãnh đạo, về đơn vị mình và các đơn vị trực thuộc",
        (Lang::Vi, Audience::Officer) => "cán bộ, về hồ sơ của chính mình",
        (Lang::Vi, Audience::Admin) => "quản trị viên, về đơn vị mình quản trị",
        (Lang::Vi, Audience::People) => "chỉ những người nêu tên",
        (Lang::En, Audience::Leader) => "each leader, about their unit and all below it",
        (Lang::En, Audience::Officer) => "each officer, about their own dossiers",
        (Lang::En, Audience::Admin) => "each administrator, about the unit administered",
        (Lang::En, Audience::People) => "only those named",
    }
}

/// What a mail is about.
pub(crate) fn topic(lang: Lang, of: Topic) -> &'static str {
    match lang {
        Lang::Vi => topic_vi(of),
        Lang::En => topic_en(of),
    }
}

fn topic_vi(of: Topic) -> &'static str {
    match of {
        Topic::MorningDigest => "việc hôm nay: quá hạn, đến hạn, cam kết trong ngày, văn bản xin lỗi cần gửi",
        Topic::Overdue => "hồ sơ quá hạn",
        Topic::DueToday => "hồ sơ đến hạn hôm nay",
        Topic::DueWithin => "hồ sơ sắp đến hạn",
        Topic::CommittedToday => "hồ sơ cam kết xong hôm nay mà chưa xong",
        Topic::WeekRollover => "hồ sơ sẽ trôi sang tuần sau",
        Topic::ApologyDue => "hồ sơ cần văn bản xin lỗi trong hôm nay",
        Topic::MissedToday => "hồ sơ lẽ ra xong hôm nay mà chưa xong",
        Topic::WeeklyNumbers => "số liệu tuần trước",
        Topic::CalendarHorizon => "năm chưa công bố lịch nghỉ mà đã có hẹn",
        Topic::LedgerAnchor => "dấu niêm sổ cái",
        Topic::Escalation => "báo lên cấp trên hồ sơ quá hạn chưa ai giải quyết",
    }
}

fn topic_en(of: Topic) -> &'static str {
    match of {
        Topic::MorningDigest => "today: overdue, due, committed, apology slips to send",
        Topic::Overdue => "what is overdue",
        Topic::DueToday => "what is due today",
        Topic::DueWithin => "what is due soon",
        Topic::CommittedToday => "what is committed for today and still open",
        Topic::WeekRollover => "what would roll over into next week",
        Topic::ApologyDue => "what needs an apology slip today",
        Topic::MissedToday => "what had to be done today and is still open",
        Topic::WeeklyNumbers => "last week in numbers",
        Topic::CalendarHorizon => "a year without announced days off that promises reach into",
        Topic::LedgerAnchor => "the ledger's anchors",
        Topic::Escalation => "late dossiers that nobody resolved, up the ladder",
    }
}

/// From how serious a dossier on it is named.
pub(crate) fn severity(lang: Lang, of: Severity) -> &'static str {
    match (lang, of) {
        (Lang::Vi, Severity::Notice) => "tất cả, kể cả cần lưu ý",
        (Lang::Vi, Severity::Due) => "đến hạn trở lên",
        (Lang::Vi, Severity::Overdue) => "chỉ quá hạn",
        (Lang::En, Severity::Notice) => "all, notices too",
        (Lang::En, Severity::Due) => "what is due",
        (Lang::En, Severity::Overdue) => "only what is too late",
    }
}

/// When a rule speaks: the times of the day, and on which days.
pub(crate) fn when(lang: Lang, of: &AlertRuleForm, spoken: &Spoken) -> String {
    let times: Vec<String> = spoken.times.iter().take(4).map(|at| time(lang, *at)).collect();
    let more = if spoken.times.len() > times.len() { " …" } else { "" };
    let at = format!("{}{more}", listed(lang, &times));
    let days: Vec<&str> = spoken.weekdays.iter().map(|day| moments::weekday(lang, *day)).collect();
    let on = match (lang, days.is_empty()) {
        (_, true) => String::new(),
        (Lang::Vi, false) => format!(" {}", days.join(", ")),
        (Lang::En, false) => format!(" on {}", days.join(", ")),
    };
    let some = match (lang, spoken.some_dates) {
        (_, false) => String::new(),
        (Lang::Vi, true) => format!(", chỉ một số ngày hoặc tháng ({})", of.cron),
        (Lang::En, true) => format!(", on some dates only ({})", of.cron),
    };
    format!("{at}{on}, {}{some}", which_days(lang, of))
}

fn which_days(lang: Lang, of: &AlertRuleForm) -> &'static str {
    let only = (of.first_working_day_of_week_only, of.last_working_day_of_week_only, of.working_days_only);
    match (lang, only) {
        (Lang::Vi, (true, _, _)) => "ngày làm việc đầu tiên của tuần",
        (Lang::Vi, (_, true, _)) => "ngày làm việc cuối cùng của tuần",
        (Lang::Vi, (_, _, true)) => "các ngày làm việc",
        (Lang::Vi, _) => "kể cả ngày nghỉ",
        (Lang::En, (true, _, _)) => "on the first working day of the week",
        (Lang::En, (_, true, _)) => "on the last working day of the week",
        (Lang::En, (_, _, true)) => "on working days",
        (Lang::En, _) => "days off included",
    }
}

/// What a rule does, in one sentence; `unit` is the name of the one it keeps to.
pub(crate) fn rule_sentence(lang: Lang, of: &AlertRuleForm, when: &str, unit: Option<&str>) -> String {
    let (who, what) = (audience(lang, of.audience), topic(lang, of.what));
    let more = of.people.len();
    let also = match (lang, of.audience, more) {
        (_, _, 0) | (_, Audience::People, _) => String::new(),
        (Lang::Vi, _, more) => format!(" và {more} người nêu tên"),
        (Lang::En, _, more) => format!(" and {more} more"),
    };
    let far = match (lang, of.days) {
        (_, None) => String::new(),
        (Lang::Vi, Some(days)) => format!(" (trong {days} ngày làm việc)"),
        (Lang::En, Some(days)) => format!(" (within {days} working days)"),
    };
    let within = match (lang, unit) {
        (_, None) => String::new(),
        (Lang::Vi, Some(unit)) => format!(" Chỉ trong {unit}."),
        (Lang::En, Some(unit)) => format!(" Only within {unit}."),
    };
    match lang {
        Lang::Vi => format!("Lúc {when}: gửi {who}{also} – {what}{far}.{within}"),
        Lang::En => format!("At {when}: to {who}{also} – {what}{far}.{within}"),
    }
}

/// Where a mail stands, by its word: the class of the mark, and what it means.
pub(crate) fn letter_status(lang: Lang, word: &str) -> (&'static str, &'static str) {
    match (lang, word) {
        (Lang::Vi, "pending") => ("today", "đang chờ gửi"),
        (Lang::Vi, "sent") => ("good", "đã gửi"),
        (Lang::Vi, "failed") => ("late", "không gửi được"),
        (Lang::Vi, "uncertain") => ("soon", "chưa rõ đã đến"),
        (Lang::Vi, "stale") => ("soon", "hết giá trị, không gửi"),
        (Lang::Vi, "suppressed") => ("late", "địa chỉ ngừng gửi"),
        (Lang::En, "pending") => ("today", "waits to be sent"),
        (Lang::En, "sent") => ("good", "sent"),
        (Lang::En, "failed") => ("late", "not sent"),
        (Lang::En, "uncertain") => ("soon", "may have arrived"),
        (Lang::En, "stale") => ("soon", "too old, not sent"),
        (Lang::En, "suppressed") => ("late", "dead address"),
        _ => ("", "—"),
    }
}

/// What came of a try, by its word.
pub(crate) fn try_outcome(lang: Lang, word: &str) -> &'static str {
    match (lang, word) {
        (Lang::Vi, "sent") => "máy chủ đã nhận",
        (Lang::Vi, "unreachable") => "không kết nối được",
        (Lang::Vi, "put_off") => "máy chủ hẹn lần sau",
        (Lang::Vi, "greylisted") => "máy chủ tạm từ chối thư lần đầu",
        (Lang::Vi, "refused") => "máy chủ từ chối",
        (Lang::Vi, "dead_address") => "không có hộp thư này",
        (Lang::Vi, "unanswered") => "đã gửi, không thấy trả lời",
        (Lang::Vi, "abandoned") => "tiến trình dừng giữa chừng",
        (Lang::En, "sent") => "taken by the server",
        (Lang::En, "unreachable") => "nobody answered",
        (Lang::En, "put_off") => "the server said: later",
        (Lang::En, "greylisted") => "turned away the first time",
        (Lang::En, "refused") => "refused",
        (Lang::En, "dead_address") => "no such mailbox",
        (Lang::En, "unanswered") => "handed over, no reply",
        (Lang::En, "abandoned") => "the process stopped meanwhile",
        _ => "—",
    }
}
