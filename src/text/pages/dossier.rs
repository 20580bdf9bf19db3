//! Dossiers on pages: their list, one of them, its history, and the acts that may be done to it.

use chrono::{DateTime, Utc};

use crate::domain::act::ActKind;
use crate::domain::alert::ladder::Step;
use crate::domain::dossier::{Channel, Status};
use crate::domain::finding::ClearedWhy;
use crate::domain::history::{ERASE, RECEIVE, REDATE};
use crate::text::{Lang, moments, reports};

labels! {
    /// One dossier.
    DossierWords by dossier_words {
        title: "Hồ sơ", "Dossier";
        receipt: "Giấy tiếp nhận", "Receipt";
        apology: "Phiếu xin lỗi", "Apology slip";
        procedure: "Thủ tục", "Procedure";
        unit: "Đơn vị", "Unit";
        officer: "Cán bộ phụ trách", "Officer in charge";
        nobody: "chưa phân công", "nobody";
        channel: "Hình thức nộp", "Received by";
        applicant: "Người nộp", "Applicant";
        phone: "Điện thoại", "Telephone";
        email: "Thư điện tử", "E-mail";
        address: "Địa chỉ", "Address";
        note: "Ghi chú", "Note";
        promise_reason: "Lý do hẹn", "Reason for the promise";
        dates: "Các mốc thời gian", "Dates";
        date: "Mốc", "Date";
        whence: "Căn cứ", "From";
        received: "Tiếp nhận", "Received";
        effective: "Tính là đã nhận", "Counts as received";
        statutory: "Hạn theo quy định", "Statutory limit";
        commitment: "Hạn theo cam kết", "Commitment";
        first: "Hẹn trả ban đầu", "First promise";
        due: "Hạn giải quyết", "Due";
        appointed: "Hẹn trả hiện nay", "Appointed";
        lapses: "Quá hạn kể từ", "Late from";
        closed: "Kết thúc", "Closed";
        returned: "Trả kết quả", "Returned";
        halted: "Tạm dừng từ", "Halted since";
        apologised: "Xin lỗi", "Apologised";
        whence_received: "theo giấy tiếp nhận", "the receipt";
        whence_effective: "giờ làm việc của đơn vị", "the unit's sessions";
        whence_statutory: "thời hạn của thủ tục khi tiếp nhận", "the procedure's limit at the receipt";
        whence_commitment: "cam kết của đơn vị", "the unit's commitment";
        whence_first: "ghi trên giấy tiếp nhận", "written on the receipt";
        whence_due: "hẹn trả ban đầu, cộng thời gian tạm dừng, bổ sung theo luật; dùng để tính đúng hạn", "the first promise, moved by law alone; punctuality is judged by it";
        whence_appointed: "ngày báo cho công dân gần nhất", "what the citizen was last told";
        whence_lapses: "hết hạn giải quyết (BLDS 2015 Đ.148)", "the end of the limit (BLDS 2015 art. 148)";
        whence_still: "thời gian đang tạm dừng nên chưa tính", "its time stands still";
        provisional: "Ngày hẹn còn tạm tính vì lịch nghỉ của năm chưa được công bố.", "The date is provisional: the year's days off have not been announced.";
        explain: "Cách tính từng ngày", "Day by day";
        day: "Ngày", "Day";
        counts: "Tính", "Counts";
        why: "Vì sao", "Why";
        source: "Nguồn", "Source";
        findings: "Cảnh báo", "Findings";
        instead: "Nên hẹn", "Promise instead";
        cleared: "không còn hiệu lực", "no longer matters";
        history: "Quá trình xử lý", "History";
        history_hint: "Theo sổ ghi không sửa được.", "As the append-only ledger has it.";
        system: "hệ thống", "the system";
        recorded: "ghi vào hệ thống", "recorded";
        reason: "Lý do", "Reason";
        ground: "Căn cứ pháp lý", "Legal ground";
        person_changed: "dữ liệu người nộp hoặc ghi chú được đính chính", "the applicant's data or the note were put right";
        told: "Đã nhắc", "Who was told";
        told_at: "nhắc lúc", "told at";
        acknowledged: "đã biết lúc", "acknowledged at";
        unacknowledged: "chưa xác nhận", "not acknowledged";
        acts: "Việc có thể làm", "What can be done";
        no_acts: "Ông/bà xem được hồ sơ này nhưng không xử lý hồ sơ.", "You may read this dossier, and not act on it.";
        leader_corrects: "Hồ sơ đã kết thúc; chỉ lãnh đạo đơn vị được đính chính.", "The dossier is closed; only a leader may correct it.";
        leader_only: "Việc đính chính này do lãnh đạo đơn vị thực hiện.", "A leader has to make this correction.";
        at: "Thời điểm thực hiện", "When it happened";
        earlier: "Đã thực hiện từ trước?", "Did it happen earlier?";
        at_hint: "Để trống nếu vừa thực hiện xong.", "Leave empty if it has just happened.";
        missing: "Giấy tờ, nội dung còn thiếu", "What is missing";
        ground_hint: "Điều, khoản của văn bản cho phép tạm dừng.", "The article that allows the pause.";
        new_appointment: "Hẹn lại", "New appointment";
        new_appointment_hint: "Sau ngày hẹn hiện nay; chỉ được hẹn lại một lần.", "After the present appointment; once only.";
        correct_hint: "Chỉ sửa ô ghi sai; ô không sửa giữ nguyên. Nội dung cũ vẫn còn trong sổ.", "Change only what is wrong; the rest stays. The ledger keeps what stood.";
        due_hint: "Chỉ sửa được thành sớm hơn.", "Only to an earlier time.";
        nothing_changed: "Chưa có ô nào được sửa.", "Nothing was changed.";
        stale_title: "Hồ sơ đã thay đổi từ khi ông/bà mở trang", "The dossier has changed since you opened the page";
        stale: "Việc ông/bà vừa gửi chưa được ghi nhận. Dưới đây là những gì đã diễn ra; trang này đã cập nhật và nội dung ông/bà nhập vẫn còn. Xin xem lại rồi gửi lại nếu vẫn cần.", "What you sent was not recorded. This is what happened meanwhile; the page shows the dossier as it stands, and what you typed is kept. Please look at it again, and send it again if it is still needed.";
        typed: "Nội dung ông/bà vừa nhập", "What you typed";
        recorded_now: "Đã ghi nhận", "Recorded";
        write_slip: "Soạn và in phiếu xin lỗi", "Write and print the slip";
    }
}

labels! {
    /// The list of dossiers.
    ListWords by list_words {
        title: "Danh sách hồ sơ", "Dossiers";
        code: "Mã hồ sơ", "Code";
        procedure: "Thủ tục", "Procedure";
        applicant: "Người nộp", "Applicant";
        unit: "Đơn vị", "Unit";
        officer: "Cán bộ", "Officer";
        received: "Tiếp nhận", "Received";
        due: "Hạn giải quyết", "Due";
        stands: "Tình trạng", "Stands";
        findings: "Cảnh báo", "Findings";
        none: "Không có hồ sơ nào.", "No dossiers.";
        more: "Trang sau", "Next page";
        first: "Về trang đầu", "First page";
        filter: "Lọc", "Filter";
        filters: "Bộ lọc", "Filters";
        clear: "Bỏ lọc", "Clear";
        any: "tất cả", "any";
        status: "Trạng thái", "State";
        open: "Giai đoạn", "Open or closed";
        open_yes: "đang giải quyết", "open";
        open_no: "đã kết thúc", "closed";
        overdue: "Quá hạn chưa xong", "Overdue";
        yes: "có", "yes";
        no: "không", "no";
        due_within: "Đến hạn trong", "Due within";
        procedure_code: "Mã thủ tục", "Procedure code";
        channel: "Hình thức nộp", "Received by";
        outcome: "Kết quả", "Punctuality";
        received_from: "Tiếp nhận từ ngày", "Received from";
        received_to: "đến ngày", "to";
        search: "Tìm hồ sơ", "Find a dossier";
        search_hint: "Mã hồ sơ, mã thủ tục hoặc tên người nộp", "Code, procedure code, or the applicant's name";
        search_codes: "Mã hồ sơ hoặc mã thủ tục", "Dossier or procedure code";
        find: "Tìm", "Find";
        found: "Kết quả tìm", "Found";
        found_more: "Chỉ hiện 50 hồ sơ đầu; xin gõ thêm để thu hẹp.", "Only the first 50 are shown; type more to narrow it down.";
        empty_search: "Xin gõ ít nhất một chữ hoặc số.", "Please type at least one letter or digit.";
    }
}

labels! {
    /// The queue.
    QueueWords by queue_words {
        title_own: "Hồ sơ của tôi", "My dossiers";
        title_units: "Hồ sơ đang giải quyết", "Open dossiers";
        parts: "Các nhóm hồ sơ", "Groups";
        all: "đang giải quyết", "open";
        overdue: "quá hạn", "overdue";
        today: "đến hạn hôm nay", "due today";
        soon: "sắp đến hạn", "due soon";
        halted: "tạm dừng, chờ bổ sung", "paused or waiting";
        ready: "Chờ trả kết quả", "To be handed over";
        own: "Chỉ hồ sơ của tôi", "Only mine";
        of_unit: "Cả đơn vị", "The whole unit";
        left: "Thời gian còn lại", "Time left";
        due: "Hạn", "Due";
        acts: "Xử lý", "Act";
        nothing: "Không còn hồ sơ nào ở đây.", "Nothing waits here.";
        keys: "Phím tắt", "Keys";
        keys_move: "xuống, lên", "down, up";
        keys_open: "mở hồ sơ", "open";
        keys_find: "tìm", "find";
        list: "Tra cứu tất cả hồ sơ", "All dossiers";
        mine_and_nobodys: "Gồm hồ sơ ông/bà phụ trách và hồ sơ chưa phân công của đơn vị.", "Yours, and those of the unit that nobody has.";
    }
}

/// Where a dossier stands in its life.
pub(crate) fn status(lang: Lang, of: Status) -> &'static str {
    match (lang, of) {
        (Lang::Vi, Status::Processing) => "đang giải quyết",
        (Lang::Vi, Status::AwaitingSupplement) => "chờ bổ sung",
        (Lang::Vi, Status::Paused) => "tạm dừng",
        (Lang::Vi, Status::Resolved) => "đã có kết quả",
        (Lang::Vi, Status::Returned) => "đã trả kết quả",
        (Lang::Vi, Status::Refused) => "từ chối giải quyết",
        (Lang::Vi, Status::Withdrawn) => "công dân rút hồ sơ",
        (Lang::Vi, Status::Stopped) => "dừng xử lý",
        (Lang::En, Status::Processing) => "processing",
        (Lang::En, Status::AwaitingSupplement) => "awaiting supplement",
        (Lang::En, Status::Paused) => "paused",
        (Lang::En, Status::Resolved) => "resolved",
        (Lang::En, Status::Returned) => "returned",
        (Lang::En, Status::Refused) => "refused",
        (Lang::En, Status::Withdrawn) => "withdrawn",
        (Lang::En, Status::Stopped) => "stopped",
    }
}

/// How it came in.
pub(crate) fn channel(lang: Lang, of: Channel) -> &'static str {
    reports::channel(lang, of.word())
}

/// What a button says that does it.
pub(crate) fn act(lang: Lang, of: ActKind) -> &'static str {
    match (lang, of) {
        (Lang::Vi, ActKind::RequestSupplement) => "Yêu cầu bổ sung",
        (Lang::Vi, ActKind::Supplement) => "Đã nhận bổ sung",
        (Lang::Vi, ActKind::Pause) => "Tạm dừng",
        (Lang::Vi, ActKind::Resume) => "Xử lý tiếp",
        (Lang::Vi, ActKind::Apologise) => "Xin lỗi và hẹn lại",
        (Lang::Vi, ActKind::Resolve) => "Đã có kết quả",
        (Lang::Vi, ActKind::Return) => "Đã trả kết quả",
        (Lang::Vi, ActKind::Refuse) => "Từ chối giải quyết",
        (Lang::Vi, ActKind::Withdraw) => "Công dân rút hồ sơ",
        (Lang::Vi, ActKind::Stop) => "Dừng xử lý",
        (Lang::Vi, ActKind::Correct) => "Đính chính",
        (Lang::En, ActKind::RequestSupplement) => "Ask for a supplement",
        (Lang::En, ActKind::Supplement) => "Supplement received",
        (Lang::En, ActKind::Pause) => "Pause",
        (Lang::En, ActKind::Resume) => "Resume",
        (Lang::En, ActKind::Apologise) => "Apologise and appoint anew",
        (Lang::En, ActKind::Resolve) => "Resolved",
        (Lang::En, ActKind::Return) => "Returned",
        (Lang::En, ActKind::Refuse) => "Refuse",
        (Lang::En, ActKind::Withdraw) => "Withdrawn by the citizen",
        (Lang::En, ActKind::Stop) => "Stop",
        (Lang::En, ActKind::Correct) => "Correct",
    }
}

/// What it does to the limit, in a sentence.
pub(crate) fn act_effect(lang: Lang, of: ActKind) -> &'static str {
    match (lang, of) {
        (Lang::Vi, ActKind::RequestSupplement) => {
            "Thời hạn dừng lại; tính lại từ đầu khi nhận đủ hồ sơ. Chỉ yêu cầu một lần."
        }
        (Lang::Vi, ActKind::Supplement) => "Thời hạn tính lại từ đầu kể từ lúc nhận đủ hồ sơ.",
        (Lang::Vi, ActKind::Pause) => "Thời hạn dừng lại cho đến khi xử lý tiếp.",
        (Lang::Vi, ActKind::Resume) => "Thời hạn còn lại được tính tiếp.",
        (Lang::Vi, ActKind::Apologise) => {
            "Báo cho công dân ngày hẹn mới; hạn dùng để tính đúng hạn không thay đổi."
        }
        (Lang::Vi, ActKind::Resolve) => "Kết thúc việc giải quyết; thời gian ngừng tính.",
        (Lang::Vi, ActKind::Return) => "Công dân đã nhận kết quả.",
        (Lang::Vi, ActKind::Refuse) => "Kết thúc hồ sơ, có văn bản nêu lý do.",
        (Lang::Vi, ActKind::Withdraw) => "Kết thúc hồ sơ theo đề nghị của công dân.",
        (Lang::Vi, ActKind::Stop) => "Kết thúc hồ sơ mà không có kết quả.",
        (Lang::Vi, ActKind::Correct) => "Sửa nội dung ghi sai; các mốc thời gian được tính lại.",
        (Lang::En, ActKind::RequestSupplement) => {
            "The limit stops, and begins anew with the complete dossier. Once only."
        }
        (Lang::En, ActKind::Supplement) => "The limit begins anew with the complete dossier.",
        (Lang::En, ActKind::Pause) => "The limit stops until handling goes on.",
        (Lang::En, ActKind::Resume) => "The rest of the limit runs on.",
        (Lang::En, ActKind::Apologise) => {
            "The citizen is told a new day; what punctuality is judged by stays."
        }
        (Lang::En, ActKind::Resolve) => "The result exists; the time stops.",
        (Lang::En, ActKind::Return) => "The citizen has the result.",
        (Lang::En, ActKind::Refuse) => "Closes the dossier, with a letter that says why.",
        (Lang::En, ActKind::Withdraw) => "Closes the dossier at the citizen's wish.",
        (Lang::En, ActKind::Stop) => "Closes the dossier without a result.",
        (Lang::En, ActKind::Correct) => "Puts right what was written wrongly; the dates follow.",
    }
}

/// What happened, as its word in the ledger has it; the word itself for one of a newer program.
pub(crate) fn event(lang: Lang, word: &str) -> &str {
    match (lang, word, ActKind::from_word(word)) {
        (_, _, Some(kind)) => act(lang, kind),
        (Lang::Vi, RECEIVE, _) => "Tiếp nhận",
        (Lang::Vi, REDATE, _) => "Tính lại ngày hẹn theo lịch mới",
        (Lang::Vi, ERASE, _) => "Xóa dữ liệu cá nhân",
        (Lang::En, RECEIVE, _) => "Received",
        (Lang::En, REDATE, _) => "Re-dated by a new calendar",
        (Lang::En, ERASE, _) => "Personal data erased",
        _ => word,
    }
}

/// What a field of the history is called.
pub(crate) fn field(lang: Lang, name: &str) -> &str {
    let w = dossier_words(lang);
    match name {
        "first_due_at" => w.first,
        "due_at" => w.due,
        "appointed_at" => w.appointed,
        "received_at" => w.received,
        "closed_at" => w.closed,
        "returned_at" => w.returned,
        "procedure" => w.procedure,
        "channel" => w.channel,
        "officer" => w.officer,
        other => other,
    }
}

/// Why a finding ceased to matter.
pub(crate) fn cleared(lang: Lang, of: ClearedWhy) -> &'static str {
    match (lang, of) {
        (Lang::Vi, ClearedWhy::Closed) => "hồ sơ đã kết thúc",
        (Lang::Vi, ClearedWhy::Corrected) => "đã đính chính",
        (Lang::Vi, ClearedWhy::Apologised) => "đã xin lỗi, sau thời hạn",
        (Lang::Vi, ClearedWhy::Redated) => "lịch mới dời ngày hẹn",
        (Lang::En, ClearedWhy::Closed) => "the dossier was closed",
        (Lang::En, ClearedWhy::Corrected) => "corrected",
        (Lang::En, ClearedWhy::Apologised) => "apologised, too late",
        (Lang::En, ClearedWhy::Redated) => "a new calendar moved the date",
    }
}

/// As whom somebody was told that it is late.
pub(crate) fn step(lang: Lang, of: Step) -> &'static str {
    match (lang, of) {
        (Lang::Vi, Step::Officer) => "cán bộ phụ trách",
        (Lang::Vi, Step::Head) => "lãnh đạo đơn vị",
        (Lang::Vi, Step::Chairman) => "lãnh đạo cấp trên",
        (Lang::En, Step::Officer) => "the officer in charge",
        (Lang::En, Step::Head) => "the head of the unit",
        (Lang::En, Step::Chairman) => "the leaders above",
    }
}

/// "17:00 thứ Sáu 20/11/2026".
pub(crate) fn at(lang: Lang, at: DateTime<Utc>) -> String {
    moments::time_weekday_and_date(lang, at)
}

/// So many working days ahead.
pub(crate) fn within_days(lang: Lang, days: u32) -> String {
    match (lang, days) {
        (Lang::Vi, 0) => "hôm nay".to_owned(),
        (Lang::Vi, _) => format!("{days} ngày làm việc"),
        (Lang::En, 0) => "today".to_owned(),
        (Lang::En, 1) => "1 working day".to_owned(),
        (Lang::En, _) => format!("{days} working days"),
    }
}

/// How many findings: for who only hears the sign.
pub(crate) fn findings(lang: Lang, count: usize) -> String {
    match (lang, count) {
        (Lang::Vi, _) => format!("{count} cảnh báo"),
        (Lang::En, 1) => "1 finding".to_owned(),
        (Lang::En, _) => format!("{count} findings"),
    }
}
