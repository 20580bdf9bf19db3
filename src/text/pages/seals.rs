//! Sealed reports: the list, sealing one, and what has become of its numbers since.

use crate::domain::act::ActKind;
use crate::domain::cell::Cell;
use crate::domain::history;
use crate::text::Lang;

labels! {
    /// The list of sealed reports, and the sealing.
    SealWords by seal_words {
        ways: "Các báo cáo", "Reports";
        title: "Báo cáo đã chốt", "Sealed reports";
        lead: "Bản đã chốt không bao giờ thay đổi; mã băm của nó nằm trong sổ cái, nên ai sửa cũng bị phát hiện.", "A sealed report never changes; its hash stands in the ledger, so that nobody can alter it unseen.";
        number: "Bản số", "Number";
        period: "Kỳ báo cáo", "Period";
        unit: "Đơn vị", "Unit";
        group_by: "Xếp theo", "Rows by";
        sealed_at: "Chốt lúc", "Sealed at";
        sealed_by: "Người chốt", "By";
        system: "hệ thống", "the system";
        as_of: "Thời điểm", "Seen from";
        hash: "Mã băm SHA-256", "SHA-256";
        entries: "Số bút toán trong sổ cái lúc chốt", "Entries in the ledger then";
        units: "Số đơn vị được tính", "Units counted";
        calendar: "Các phiên bản", "Versions";
        none: "Chưa có báo cáo nào được chốt.", "No report has been sealed yet.";
        confirm_title: "Chốt báo cáo", "Seal a report";
        confirm_lead: "Xin xem kỹ trước khi chốt. Bản đã chốt không sửa và không xóa được; số liệu ghi nhận sau lúc chốt chỉ hiện ở phần số liệu điều chỉnh.", "Please check before you seal. A sealed report can be neither changed nor deleted; what is recorded later shows as a restatement only.";
        to_be_sealed: "Sẽ chốt", "To be sealed";
        received: "Tiếp nhận (3)", "Received (3)";
        resolved: "Đã giải quyết (7)", "Resolved (7)";
        in_progress: "Đang giải quyết (11)", "In progress (11)";
        overdue: "Quá hạn chưa giải quyết (13)", "Overdue (13)";
        compare: "Kèm so sánh với", "Compared with";
        seal: "Chốt báo cáo này", "Seal this report";
        back: "Quay lại báo cáo", "Back to the report";
        already: "Kỳ này của đơn vị đã có bản chốt; chốt nữa sẽ thêm một bản mới bên cạnh.", "This unit's period has been sealed before; sealing again adds another beside it.";
        not_over: "Kỳ báo cáo chưa kết thúc nên chưa chốt được.", "The period is not over and cannot be sealed yet.";
        table: "Số liệu đã chốt", "The sealed numbers";
        restated: "Số liệu điều chỉnh", "Restatement";
        counted: "Tính lại lúc", "Counted anew at";
        same: "Tính lại theo những gì được ghi nhận đến nay, không số nào thay đổi.", "Counted anew by what is known today, no number differs.";
        row: "Dòng", "Row";
        column: "Cột", "Column";
        sealed: "Đã chốt", "Sealed";
        now: "Nay", "Now";
        difference: "Chênh lệch", "Difference";
        acts: "Các thao tác ghi nhận sau khi chốt", "Acts recorded since";
        dossier: "Hồ sơ", "Dossier";
        act: "Thao tác", "Act";
        at: "Thời điểm khai", "Said to have happened";
        recorded_at: "Ghi nhận lúc", "Recorded at";
        moved: "Chuyển trong biểu", "Moved within the form";
        nowhere: "ngoài biểu", "outside the form";
        explained: "Các thao tác dưới đây giải thích đúng và đủ mọi chênh lệch.", "The acts below add up to exactly these differences.";
        unexplained: "Các thao tác dưới đây chưa giải thích hết chênh lệch; xin báo quản trị viên kiểm tra sổ cái.", "The acts below do not add up to the differences; ask an administrator to verify the ledger.";
        download: "Tải đúng bản đã chốt (JSON)", "The sealed bytes (JSON)";
        done: "Báo cáo đã được chốt.", "The report has been sealed.";
        today: "Xem số liệu tính đến nay", "Show the numbers of today";
    }
}

/// How many acts of all are named.
pub(crate) fn acts_named(lang: Lang, (named, all): (usize, usize)) -> String {
    match lang {
        Lang::Vi => format!("Nêu {named} trong {all} thao tác."),
        Lang::En => format!("{named} of {all} acts are named."),
    }
}

/// An act of the ledger, by its word.
pub(crate) fn act(lang: Lang, word: &str) -> &str {
    match (lang, word) {
        (Lang::Vi, history::RECEIVE) => return "Tiếp nhận",
        (Lang::En, history::RECEIVE) => return "Received",
        (Lang::Vi, history::REDATE) => return "Đổi ngày theo lịch mới",
        (Lang::En, history::REDATE) => return "Re-dated by a new calendar",
        _ => {}
    }
    match (lang, ActKind::from_word(word)) {
        (_, None) => word,
        (Lang::Vi, Some(of)) => act_vi(of),
        (Lang::En, Some(of)) => act_en(of),
    }
}

fn act_vi(of: ActKind) -> &'static str {
    match of {
        ActKind::RequestSupplement => "Yêu cầu bổ sung",
        ActKind::Supplement => "Nhận bổ sung",
        ActKind::Pause => "Tạm dừng",
        ActKind::Resume => "Tiếp tục",
        ActKind::Apologise => "Xin lỗi, hẹn lại",
        ActKind::Resolve => "Giải quyết xong",
        ActKind::Return => "Trả kết quả",
        ActKind::Refuse => "Từ chối",
        ActKind::Withdraw => "Rút hồ sơ",
        ActKind::Stop => "Dừng xử lý",
        ActKind::Correct => "Đính chính",
    }
}

fn act_en(of: ActKind) -> &'static str {
    match of {
        ActKind::RequestSupplement => "Sent back for a supplement",
        ActKind::Supplement => "Supplemented",
        ActKind::Pause => "Paused",
        ActKind::Resume => "Resumed",
        ActKind::Apologise => "Apologised",
        ActKind::Resolve => "Resolved",
        ActKind::Return => "Returned",
        ActKind::Refuse => "Refused",
        ActKind::Withdraw => "Withdrawn",
        ActKind::Stop => "Stopped",
        ActKind::Correct => "Corrected",
    }
}

/// A cell of the form, by its column's number and name.
pub(crate) fn cell(lang: Lang, of: Cell) -> &'static str {
    match lang {
        Lang::Vi => cell_vi(of),
        Lang::En => cell_en(of),
    }
}

fn cell_vi(of: Cell) -> &'static str {
    match of {
        Cell::Received => "(3) Tiếp nhận",
        Cell::Online => "(4) Trực tuyến",
        Cell::Direct => "(5) Trực tiếp, bưu chính",
        Cell::CarriedOver => "(6) Từ kỳ trước",
        Cell::Resolved => "(7) Đã giải quyết",
        Cell::Early => "(8) Trước hạn",
        Cell::OnTime => "(9) Đúng hạn",
        Cell::Late => "(10) Quá hạn",
        Cell::InProgress => "(11) Đang giải quyết",
        Cell::WithinLimit => "(12) Trong hạn",
        Cell::Overdue => "(13) Quá hạn chưa xong",
        Cell::Suspended => "Đang tạm dừng",
        Cell::LateWithApology => "Quá hạn có xin lỗi",
        Cell::LateWithoutApology => "Quá hạn không xin lỗi",
        Cell::ClosedResolved => "Kết thúc có kết quả",
        Cell::ClosedRefused => "Kết thúc do từ chối",
        Cell::ClosedWithdrawn => "Kết thúc do rút hồ sơ",
        Cell::ClosedStopped => "Kết thúc do dừng xử lý",
    }
}

fn cell_en(of: Cell) -> &'static str {
    match of {
        Cell::Received => "(3) Received",
        Cell::Online => "(4) Online",
        Cell::Direct => "(5) In person, by post",
        Cell::CarriedOver => "(6) Carried over",
        Cell::Resolved => "(7) Resolved",
        Cell::Early => "(8) Early",
        Cell::OnTime => "(9) On time",
        Cell::Late => "(10) Late",
        Cell::InProgress => "(11) In progress",
        Cell::WithinLimit => "(12) Within the limit",
        Cell::Overdue => "(13) Overdue",
        Cell::Suspended => "Suspended",
        Cell::LateWithApology => "Late with an apology",
        Cell::LateWithoutApology => "Late without an apology",
        Cell::ClosedResolved => "Closed with a result",
        Cell::ClosedRefused => "Refused",
        Cell::ClosedWithdrawn => "Withdrawn",
        Cell::ClosedStopped => "Stopped",
    }
}
