//! What the pages about commitments say.

use crate::domain::commitment::{HalfDay, Pledge, ReceivedOn, Selector};
use crate::domain::deadline::Limit;
use crate::text::commitments::limit_words;
use crate::text::{Lang, moments};

labels! {
    /// The pages about commitments.
    CommitmentWords by commitment_words {
        title: "Cam kết của đơn vị", "Commitments";
        lead: "Cam kết là lời hứa sớm hơn luật định. Hồ sơ nhận trong thời gian có cam kết được tính hạn theo cam kết; hẹn muộn hơn thì hệ thống báo ngay tại quầy, không chặn.", "A commitment promises more than the law asks. Dossiers received while it holds are due by it; a later promise is flagged at the counter at once, and not refused.";
        ready: "Bật cam kết có sẵn", "Switch on a ready-made one";
        choose: "Bật cam kết này", "Switch this on";
        for_unit: "Cho đơn vị", "For the unit";
        any: "Đặt cam kết khác", "Make any other commitment";
        any_lead: "Khi cam kết của đơn vị không giống mẫu nào: tự chọn lời hứa, thủ tục và ngày nhận.", "Where the unit's commitment is like none of these: choose the promise, the procedures and the days of receipt.";
        any_title: "Đặt cam kết", "A commitment of your own";
        effect: "Lời hứa", "What is promised";
        within_value: "Trong bao nhiêu", "Within how many";
        within_hint: "Chỉ dùng cho «trong một thời gian».", "Only for “within some time”.";
        within_unit: "Tính theo", "Counted in";
        weekdays: "Chỉ khi nhận vào các ngày", "Only when received on";
        weekdays_hint: "Không chọn ngày nào thì áp dụng cho mọi ngày.", "With none ticked it holds on every day.";
        every_procedure: "Mọi thủ tục của đơn vị", "Every procedure of the unit";
        sectors: "Mọi thủ tục thuộc lĩnh vực", "Every procedure of these sectors";
        handled_hint: "Các thủ tục đơn vị đã tiếp nhận trong sáu tháng qua.", "What the unit has received during the last six months.";
        make: "Đặt cam kết này", "Make this commitment";
        in_force: "Các cam kết", "Commitments";
        unit: "Đơn vị", "Unit";
        promise: "Nội dung", "What is promised";
        procedures: "Thủ tục", "Procedures";
        period: "Hiệu lực", "In force";
        decision: "Quyết định", "Decision";
        state: "Tình trạng", "State";
        holds: "Đang hiệu lực", "In force";
        to_come: "Sắp có hiệu lực", "To come";
        over: "Đã kết thúc", "Over";
        subtree: "và các đơn vị trực thuộc", "and the units below";
        confirm_lead: "Chưa có gì được ghi cho đến khi ông/bà bấm nút bên dưới.", "Nothing is stored until you press the button below.";
        what_happens: "Sau khi bật: hồ sơ đủ điều kiện nhận từ ngày bắt đầu được tính hạn theo cam kết; hồ sơ đã nhận trước đó không đổi; việc bật được ghi vào sổ cái kèm tên ông/bà.", "Once it is on: dossiers received from the first day on are due by it; those received before keep their dates; the ledger records it with your name.";
        ticked: "Thủ tục áp dụng", "Procedures it covers";
        ticked_hint: "Các thủ tục đơn vị đã tiếp nhận trong sáu tháng qua. Đã chọn sẵn thủ tục mà luật quy định trả trong ngày.", "What the unit has received during the last six months. Those that the law wants done on the day are ticked.";
        ticked_friday: "Không chọn thủ tục nào thì áp dụng cho các thủ tục đơn vị đã đăng ký giải quyết trong ngày.", "With none ticked it covers what the unit has registered for the same day.";
        none_handled: "Đơn vị chưa tiếp nhận thủ tục nào trong sáu tháng qua; xin ghi mã vào ô bên dưới.", "The unit has received nothing in the last six months; write the codes below.";
        codes: "Mã thủ tục khác", "Other procedures' codes";
        max_days: "Hoặc mọi thủ tục có thời hạn không quá (ngày làm việc)", "Or every procedure with a limit of at most (working days)";
        bind_below: "Áp dụng cả cho các đơn vị trực thuộc", "Bind the units below too";
        weekday: "Ngày trong tuần", "Day of the week";
        half: "Buổi", "Half of the day";
        whole_day: "Cả ngày", "The whole day";
        morning: "Sáng", "Morning";
        afternoon: "Chiều", "Afternoon";
        nth: "Lần thứ mấy trong tháng", "Which one of the month";
        every_week: "Mọi tuần", "Every week";
        first_day: "Từ ngày nhận", "First receipt day";
        last_day: "Đến ngày nhận (bỏ trống nếu chưa định)", "Last receipt day (empty while it stands)";
        decision_field: "Số, ngày của quyết định", "Number and date of the decision";
        decision_hint: "Ví dụ: QĐ 125/QĐ-UBND ngày 20/11/2026", "For example QĐ 125/QĐ-UBND of 20/11/2026";
        switch_on: "Bật cam kết", "Switch it on";
        try_out: "Thử trên hồ sơ đã qua", "Try it on past dossiers";
        tried: "Nếu cam kết này đã có trong 6 tháng qua", "Had this commitment held during the last 6 months";
        last_day_only: "Ngày nhận cuối cùng", "Last receipt day";
        end_title: "Kết thúc cam kết", "End this commitment";
        end_lead: "Ghi ngày nhận cuối cùng. Hồ sơ đã nhận đến hết ngày đó vẫn được tính theo cam kết; hồ sơ nhận sau đó thì không. Không xóa được lịch sử.", "Name the last receipt day. Dossiers received by then stay bound; those received later are not. History is not deleted.";
        end: "Ghi ngày kết thúc", "Set the last day";
        end_decision: "Kết thúc theo", "Ended by";
        last_bound: "Hồ sơ gần nhất được tính theo cam kết này nhận ngày", "The last dossier bound by it was received on";
        remove_title: "Gỡ bỏ", "Take it away";
        remove_lead: "Chưa có hồ sơ nào được tính theo cam kết này, nên có thể gỡ bỏ hẳn, chẳng hạn khi bật nhầm. Việc gỡ được ghi vào sổ cái.", "No dossier rests on it yet, so it can be taken away, should it have been switched on by mistake. The ledger records it.";
        remove: "Gỡ bỏ cam kết", "Take the commitment away";
        not_own: "Cam kết này do đơn vị cấp trên đặt; ông/bà chỉ xem được.", "A unit above keeps this one; you only see it.";
        by_procedure: "Theo thủ tục", "By procedure";
        by_weekday: "Theo ngày nhận", "By weekday of receipt";
        covered: "Thuộc diện", "Covered";
        kept: "Giữ được", "Kept";
        broken: "Không giữ được", "Broken";
        examples: "Một số hồ sơ sẽ không giữ được", "Some that would have broken it";
        dossier: "Hồ sơ", "Dossier";
        would_be_due: "Lẽ ra đến hạn", "Would have been due";
        closed: "Xong lúc", "Closed";
        still_open: "chưa xong", "still open";
    }
}

/// What a commitment can promise, to choose from.
pub(crate) fn pledge(lang: Lang, of: Pledge) -> &'static str {
    match (lang, of) {
        (Lang::Vi, Pledge::SameDay) => "trả kết quả trong ngày nhận",
        (Lang::Vi, Pledge::SameSession) => "trả kết quả trong buổi nhận",
        (Lang::Vi, Pledge::NoWeekRollover) => {
            "nhận thứ Sáu hoặc cuối tuần làm việc thì không hẹn sang tuần sau"
        }
        (Lang::Vi, Pledge::Within) => "trả kết quả trong một thời gian (ghi bên cạnh)",
        (Lang::En, Pledge::SameDay) => "the result on the day of receipt",
        (Lang::En, Pledge::SameSession) => "the result within the session of receipt",
        (Lang::En, Pledge::NoWeekRollover) => {
            "nothing received on a Friday, or on the week's last working day, is put off to next week"
        }
        (Lang::En, Pledge::Within) => "the result within some time (written beside)",
    }
}

/// Which procedures a commitment covers; `names` are those it names.
pub(crate) fn covers(lang: Lang, of: &Selector, names: &[String]) -> String {
    let mut parts = Vec::new();
    if of.all {
        parts.push(said(lang, "mọi thủ tục", "every procedure").to_owned());
    }
    match names.len() {
        0 => {}
        1..=3 => parts.push(names.join("; ")),
        many => parts.push(match lang {
            Lang::Vi => format!("{many} thủ tục"),
            Lang::En => format!("{many} procedures"),
        }),
    }
    if !of.sectors.is_empty() {
        parts.push(format!("{} {}", said(lang, "lĩnh vực", "sectors"), of.sectors.join(", ")));
    }
    if let Some(days) = of.max_working_days {
        let limit = limit_words(lang, Limit::WorkingDays(days));
        parts.push(match lang {
            Lang::Vi => format!("thủ tục có thời hạn không quá {limit}"),
            Lang::En => format!("procedures with a limit of at most {limit}"),
        });
    }
    if parts.is_empty() {
        parts.push(
            said(lang, "thủ tục đã đăng ký giải quyết trong ngày", "what is registered for the same day")
                .to_owned(),
        );
    }
    parts.join("; ")
}

/// On which receipts it holds; empty for all.
pub(crate) fn received_on(lang: Lang, of: &ReceivedOn) -> String {
    let mut parts: Vec<String> =
        of.weekdays.iter().map(|day| moments::weekday(lang, *day).to_owned()).collect();
    if let Some(nth) = of.nth_week {
        parts.push(nth_of_month(lang, nth));
    }
    match of.session {
        Some(HalfDay::Morning) => parts.push(said(lang, "buổi sáng", "in the morning").to_owned()),
        Some(HalfDay::Afternoon) => parts.push(said(lang, "buổi chiều", "in the afternoon").to_owned()),
        None => {}
    }
    if parts.is_empty() {
        return String::new();
    }
    format!("{} {}", said(lang, "khi nhận vào", "when received on"), parts.join(", "))
}

/// The n-th such day of a month.
pub(crate) fn nth_of_month(lang: Lang, nth: u8) -> String {
    match lang {
        Lang::Vi => format!("lần thứ {nth} trong tháng"),
        Lang::En => format!("the month's number {nth}"),
    }
}

/// What trying a commitment out came to, in one sentence.
pub(crate) fn tried(lang: Lang, (received, covered, kept, broken): (u32, u32, u32, u32)) -> String {
    match lang {
        Lang::Vi => format!(
            "Trong {received} hồ sơ đã nhận, {covered} hồ sơ thuộc diện cam kết: {kept} hồ sơ đã hẹn và trả kịp, {broken} hồ sơ hẹn muộn hơn hoặc xong muộn hơn."
        ),
        Lang::En => format!(
            "Of {received} dossiers received it would have covered {covered}: {kept} were promised and done in time, {broken} were promised for later or done later."
        ),
    }
}

fn said(lang: Lang, vi: &'static str, en: &'static str) -> &'static str {
    if lang == Lang::Vi { vi } else { en }
}
