//! What the pages about units and procedures say.

use crate::domain::deadline::{LateEffect, LateReceipt, LimitUnit};
use crate::text::{Lang, time};

labels! {
    /// The pages about units.
    UnitWords by unit_words {
        title: "Đơn vị", "Units";
        lead: "Cây đơn vị. Đổi tên, chuyển cấp, sáp nhập đều ghi ngày có hiệu lực; hồ sơ cũ giữ mã cũ và được cộng vào đơn vị mới.", "The tree of units. Renaming, moving and merging carry the day from which they hold; old dossiers keep their codes and are counted with the new unit.";
        code: "Mã", "Code";
        name: "Tên", "Name";
        parent: "Trực thuộc", "Below";
        state: "Tình trạng", "State";
        active: "đang hoạt động", "active";
        ended: "kết thúc ngày", "ended on";
        to_come: "hoạt động từ", "from";
        merged: "sáp nhập vào", "merged into";
        add: "Thêm đơn vị", "Add a unit";
        add_code_hint: "Mã định danh, không có khoảng trắng hay dấu «/», ví dụ H19.15.", "Its code, without blanks or «/», for example H19.15.";
        valid_from: "Hoạt động từ ngày (bỏ trống nếu không rõ)", "First day (empty if not known)";
        import: "Nhập nhiều đơn vị (CSV)", "Several at once (CSV)";
        import_hint: "Dòng đầu: code,name,parent và, nếu cần, valid_from,valid_to,merged_into,holds_from. Ngày viết 2026-11-30.", "First line: code,name,parent and, where they are to be said, valid_from,valid_to,merged_into,holds_from. Days as 2026-11-30.";
        look: "Xem trước", "Look first";
        import_title: "Nhập đơn vị: xem trước", "Units from a table: before they are stored";
        import_now: "Ghi các đơn vị này", "Store these units";
        export: "Tải bảng CSV", "Download as CSV";
        history: "Tên và cấp trên qua các thời kỳ", "Names and places over time";
        since: "Từ", "From";
        until: "Đến", "Until";
        always: "trước nay", "always";
        rename: "Đổi tên hoặc chuyển cấp", "Rename or move";
        rename_lead: "Có ngày hiệu lực: tên cũ được giữ cho đến hôm trước. Bỏ trống ngày: chỉ sửa lỗi ghi, tên cũ không được giữ.", "With a day, the old name is kept until the day before. Without one, a mistake is corrected and the old name is not kept.";
        holds_from: "Có hiệu lực từ ngày", "Holds from";
        merge: "Sáp nhập hoặc kết thúc", "Merge or end";
        merge_lead: "Đơn vị thôi nhận hồ sơ sau ngày cuối. Hồ sơ đang giải quyết và số liệu cũ được thấy ở đơn vị kế thừa.", "The unit takes no dossiers after its last day. Open dossiers and old figures are seen at its successor.";
        last_day: "Ngày hoạt động cuối cùng", "Last day";
        into: "Đơn vị kế thừa", "Successor";
        no_successor: "Không có", "None";
        merge_now: "Ghi kết thúc", "Store the end";
    }
}

labels! {
    /// The pages about procedures.
    ProcedureWords by procedure_words {
        title: "Thủ tục hành chính", "Procedures";
        search: "Tìm theo tên, mã, lĩnh vực (không cần dấu)", "Search by name, code or sector (without diacritics)";
        find: "Tìm", "Search";
        code: "Mã", "Code";
        name: "Tên thủ tục", "Procedure";
        sector: "Lĩnh vực", "Sector";
        limit: "Thời hạn", "Limit";
        limits: "Thời hạn qua các thời kỳ", "Limits over time";
        channel: "Hình thức nhận", "Channel";
        any_channel: "Mọi hình thức", "Any";
        case: "Trường hợp", "Case";
        ordinary: "Thông thường", "Ordinary";
        late: "Nhận muộn trong ngày", "Received late in the day";
        valid_from: "Áp dụng từ ngày nhận", "From receipts on";
        always: "trước nay", "always";
        source: "Căn cứ", "Source";
        now: "đang áp dụng", "in force";
        add: "Thêm thời hạn mới", "Add a limit";
        add_lead: "Thời hạn mới áp dụng cho hồ sơ nhận từ ngày ghi dưới đây; hồ sơ đã nhận giữ thời hạn cũ. Chỉ quản trị viên cấp cao nhất thêm được, vì áp dụng cho mọi đơn vị.", "The new limit holds for receipts from the day below on; dossiers already received keep theirs. Only administrators of the topmost unit add one, for it holds for every unit.";
        unit: "Tính theo", "Counted in";
        value: "Số lượng (bỏ trống nếu trong ngày)", "How many (none for the same day)";
        case_hint: "Bỏ trống nếu là trường hợp thông thường.", "Empty for the ordinary one.";
        late_after: "Nhận sau giờ", "Received after";
        late_effect: "thì", "then";
        no_late: "Không quy định", "No rule";
        source_hint: "Văn bản quy định, ví dụ QĐ 1234/QĐ-UBND ngày 01/12/2026, mục 3.", "Where it stands, for example QĐ 1234/QĐ-UBND of 1 December 2026.";
        correct: "Đính chính: thời hạn này lẽ ra đã áp dụng khi nhận các hồ sơ trước đây", "A correction: it should have been in force when earlier dossiers were received";
        reason: "Lý do đính chính", "Why";
        store: "Ghi thời hạn này", "Store this limit";
        try_out: "Thử trên hồ sơ 6 tháng qua", "Try it on the last 6 months";
        export: "Tải bảng CSV", "Download as CSV";
        import: "Nhập từ bảng CSV", "Read in a table (CSV)";
        import_lead: "Thời hạn trong bảng đứng bên cạnh thời hạn đang có; cùng hình thức, trường hợp và ngày bắt đầu thì thay thế. Chưa có gì được ghi ở bước xem trước.", "The table's limits stand beside those kept; one for the same channel, case and first day takes its place. Looking first stores nothing.";
        csv: "Nội dung bảng", "The table";
        csv_hint: "Dòng đầu: code,name,sector,limit_unit,limit_value,late_after,late_effect,channel,valid_from,source,case. Mỗi thời hạn một dòng.", "First line: code,name,sector,limit_unit,limit_value,late_after,late_effect,channel,valid_from,source,case. A line for each limit.";
        file: "Chọn tệp CSV trên máy, hoặc dán nội dung vào ô bên dưới:", "Choose a CSV file, or paste its content below:";
        look: "Xem trước", "Look first";
        import_title: "Nhập thủ tục: xem trước", "Procedures from a table: before they are stored";
        import_now: "Ghi các thay đổi này", "Store these changes";
        change: "Thay đổi", "What changes";
        change_new: "thủ tục mới", "new";
        change_renamed: "đổi tên hoặc lĩnh vực", "another name or sector";
        no_change: "Bảng này không làm thay đổi gì.", "The table changes nothing.";
        new_limits: "Thời hạn mới hoặc đổi", "Limits new or other";
        act: "Việc", "Act";
        remove: "Gỡ bỏ", "Remove";
        not_yours: "Thời hạn do quản trị viên cấp cao nhất ghi. Ông/bà vẫn thử được một thời hạn dự kiến trên hồ sơ đã qua.", "Limits are kept by the topmost unit's administrators. You can still try a proposed one on past dossiers.";
        none_found: "Không có thủ tục nào khớp.", "Nothing matches.";
    }
}

/// How many of a table's procedures would change, and how many stay.
pub(crate) fn planned(lang: Lang, changing: usize, same: usize) -> String {
    match lang {
        Lang::Vi => format!("{changing} thủ tục sẽ được thêm hoặc thay đổi; {same} thủ tục giữ nguyên."),
        Lang::En => format!("{changing} procedures would be added or changed; {same} stay as they are."),
    }
}

/// Where something is in a table (`line 3: limit_unit`), in words; any other name as it is.
pub(crate) fn table_place(lang: Lang, name: &str) -> String {
    let place = name.strip_prefix("line ").map(|rest| rest.split_once(": ").unwrap_or((rest, "")));
    match (lang, place) {
        (Lang::Vi, Some((line, ""))) => format!("Dòng {line}"),
        (Lang::Vi, Some((line, column))) => format!("Dòng {line}, cột {column}"),
        (Lang::En, Some((line, ""))) => format!("Line {line}"),
        (Lang::En, Some((line, column))) => format!("Line {line}, column {column}"),
        (_, None) => name.to_owned(),
    }
}

/// How many units there are directly below one.
pub(crate) fn units_below(lang: Lang, many: usize) -> String {
    match lang {
        Lang::Vi => format!("{many} đơn vị trực thuộc"),
        Lang::En if many == 1 => "1 unit below".to_owned(),
        Lang::En => format!("{many} units below"),
    }
}

/// How many procedures there are.
pub(crate) fn procedures_counted(lang: Lang, many: usize) -> String {
    match lang {
        Lang::Vi => format!("{many} thủ tục"),
        Lang::En => format!("{many} procedures"),
    }
}

/// A unit of limits.
pub(crate) fn limit_unit(lang: Lang, of: LimitUnit) -> &'static str {
    match (lang, of) {
        (Lang::Vi, LimitUnit::WorkingDay) => "ngày làm việc",
        (Lang::Vi, LimitUnit::CalendarDay) => "ngày (kể cả ngày nghỉ)",
        (Lang::Vi, LimitUnit::Month) => "tháng",
        (Lang::Vi, LimitUnit::WorkingHour) => "giờ làm việc",
        (Lang::Vi, LimitUnit::SameDay) => "trong ngày tiếp nhận",
        (Lang::En, LimitUnit::WorkingDay) => "working days",
        (Lang::En, LimitUnit::CalendarDay) => "days, worked or not",
        (Lang::En, LimitUnit::Month) => "months",
        (Lang::En, LimitUnit::WorkingHour) => "working hours",
        (Lang::En, LimitUnit::SameDay) => "the day of receipt",
    }
}

/// What a late receipt means.
pub(crate) fn late_words(lang: Lang, of: LateEffect) -> &'static str {
    match (lang, of) {
        (Lang::Vi, LateEffect::ResultNextWorkingDay) => "trả kết quả trong ngày làm việc tiếp theo",
        (Lang::Vi, LateEffect::ClockStartsNextWorkingDay) => "tính thời hạn từ ngày làm việc tiếp theo",
        (Lang::En, LateEffect::ResultNextWorkingDay) => "the result may be given on the next working day",
        (Lang::En, LateEffect::ClockStartsNextWorkingDay) => "counting begins with the next working day",
    }
}

/// A rule for late receipts.
pub(crate) fn case_of(lang: Lang, of: LateReceipt) -> String {
    let (at, effect) = (time(lang, of.after), late_words(lang, of.effect));
    match lang {
        Lang::Vi => format!("sau {at}: {effect}"),
        Lang::En => format!("after {at}: {effect}"),
    }
}

/// How many units a table would store.
pub(crate) fn written(lang: Lang, many: usize) -> String {
    match lang {
        Lang::Vi => format!("Bảng hợp lệ: {many} đơn vị sẽ được thêm hoặc thay đổi. Chưa có gì được ghi."),
        Lang::En => {
            format!("The table can be taken: {many} units would be added or changed. Nothing is stored yet.")
        }
    }
}

/// How many dossiers would have had another limit.
pub(crate) fn would_differ(lang: Lang, many: usize) -> String {
    match (lang, many) {
        (Lang::Vi, 0) => "Không hồ sơ nào đã nhận bị ảnh hưởng.".to_owned(),
        (Lang::Vi, many) => format!(
            "{many} hồ sơ đã nhận lẽ ra có thời hạn khác. Các hồ sơ ấy giữ thời hạn cũ; muốn ghi thì phải đánh dấu đính chính và nêu lý do."
        ),
        (Lang::En, 0) => "No dossier already received is affected.".to_owned(),
        (Lang::En, many) => format!(
            "{many} dossiers already received would have had another limit. They keep theirs; to store it, mark it as a correction and say why."
        ),
    }
}
