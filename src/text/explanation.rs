//! The words around an explained deadline, as a terminal shows it.

/// Before the instant of receipt.
pub const RECEIVED: &str = "Thời điểm nộp";
/// Before the first instant of working time from the receipt on; a day limit does not count the day of receipt, whatever its hour.
pub const EFFECTIVE: &str = "Giờ làm việc tính từ";
/// Before the promise.
pub const DUE: &str = "Hẹn trả";
/// Before the law's own due instant.
pub const STATUTORY: &str = "Thời hạn theo quy định";
/// Before the commitment's.
pub const COMMITMENT: &str = "Theo cam kết của đơn vị";
/// Before the instant from which it is late.
pub const LAPSES: &str = "Quá hạn kể từ";
/// When days off are not yet announced.
pub const PROVISIONAL: &str =
    "Ngày nghỉ của năm liên quan chưa được công bố chính thức; kết quả là tạm tính và có thể thay đổi.";
