//! What the page about the ledger says.

use crate::text::Lang;

labels! {
    /// The page about the ledger.
    LedgerWords by ledger_words {
        title: "Sổ cái", "The ledger";
        lead: "Mỗi thao tác trên hồ sơ, danh mục và tài khoản là một mục của sổ cái, nối với mục trước bằng mã băm. Kiểm tra là đi hết chuỗi từ mục đầu và đối chiếu từng hồ sơ, từng báo cáo đã chốt với sổ. Không có gì bị thay đổi.", "Every act on a dossier, on the catalogue and on accounts is an entry, bound to the one before by a hash. Checking walks the whole chain and holds each dossier and each sealed report against it. Nothing is changed.";
        check: "Kiểm tra sổ cái", "Check the ledger";
        anchor: "Đối chiếu với một dấu niêm đã giữ (không bắt buộc)", "Hold it against an anchor that was kept (optional)";
        anchor_hint: "Chép nguyên văn từ thư hằng ngày: SỐ_MỤC:MÃ_BĂM.", "Copied whole from the daily mail: ENTRIES:HEAD.";
        slow: "Với vài triệu mục, việc kiểm tra có thể mất vài phút.", "With millions of entries this may take minutes.";
        last: "Lần kiểm tra gần nhất", "The last check";
        never: "Chưa kiểm tra lần nào từ khi hệ thống khởi động.", "None since the service was started.";
        whole: "Toàn vẹn", "It holds";
        broken: "Có sai lệch", "Something differs";
        entries: "Số mục khớp từ đầu", "Entries that hold from the first on";
        head: "Mã băm của mục cuối", "Hash of the last";
        dossiers: "Hồ sơ đã đối chiếu", "Dossiers held against it";
        seals: "Báo cáo chốt đã đối chiếu", "Sealed reports held against it";
        anchored: "Đã đối chiếu với một dấu niêm", "Held against an anchor";
        broken_at: "Mục đầu tiên không khớp", "First entry that does not fit";
        what: "Chi tiết", "Details";
        differing: "Hồ sơ khác với sổ", "Dossiers that differ from it";
        seal: "Báo cáo chốt", "Sealed report";
        to_do: "Xin đừng sửa gì trong cơ sở dữ liệu, giữ nguyên bản sao lưu và báo ngay cho đơn vị quản trị hệ thống: dữ liệu đã bị thay đổi ngoài phần mềm.", "Please change nothing in the database, keep the backups, and tell whoever runs the system at once: data were changed past the program.";
        anchors: "Dấu niêm cuối mỗi ngày", "Anchors of the last days";
        anchors_lead: "Giữ một dấu niêm ở nơi khác (sổ giấy, thư) thì về sau không ai sửa được lịch sử trước đó mà không lộ.", "With an anchor kept elsewhere (on paper, in a mail), nobody can change the history before it unseen.";
        day: "Ngày", "Day";
        anchor_head: "Dấu niêm", "Anchor";
        before_first: "chưa có mục nào", "before the first entry";
    }
}

/// What the last check came to, as a sentence.
pub(crate) fn checked_at(lang: Lang, at: &str) -> String {
    match lang {
        Lang::Vi => format!("Kiểm tra lúc {at}."),
        Lang::En => format!("Checked at {at}."),
    }
}
