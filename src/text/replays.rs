//! Sending alerts once more: why one is not, and what is to be known of one that is.

use super::Lang;

words! {
    /// Why a message is not sent once more.
    ReplayRefusal {
        /// It was taken by the server.
        Sent = "sent",
        /// It waits to be sent, or is being sent.
        Pending = "pending",
        /// Its address is dead; it has to be released, or put right, first.
        AddressSuppressed = "address_suppressed",
        /// The recipient is no longer active, or has no address.
        RecipientGone = "recipient_gone",
        /// It could not be composed, and still cannot be; its tries say why.
        Uncomposable = "uncomposable",
        /// It could not be composed, and by now there is nothing to tell, or its rule is gone.
        NothingToTell = "nothing_to_tell",
        /// There is no such message, as far as the asker may see.
        NotFound = "not_found",
    }
}

/// Why it is not sent once more, as a sentence.
pub fn reason(lang: Lang, of: ReplayRefusal) -> &'static str {
    match (lang, of) {
        (Lang::Vi, ReplayRefusal::Sent) => "Thư này đã gửi được; không gửi lại lần thứ hai.",
        (Lang::Vi, ReplayRefusal::Pending) => "Thư này đang chờ gửi hoặc đang được gửi; vui lòng đợi.",
        (Lang::Vi, ReplayRefusal::AddressSuppressed) => {
            "Địa chỉ nhận thư này không còn tồn tại; vui lòng sửa địa chỉ của người nhận hoặc gỡ địa chỉ khỏi danh sách ngừng gửi, rồi gửi lại."
        }
        (Lang::Vi, ReplayRefusal::RecipientGone) => {
            "Người nhận không còn hoạt động hoặc không có địa chỉ thư; thư không được gửi lại."
        }
        (Lang::Vi, ReplayRefusal::Uncomposable) => {
            "Thư này vẫn chưa soạn được; nguyên nhân ghi trong các lần thử. Vui lòng khắc phục rồi gửi lại."
        }
        (Lang::Vi, ReplayRefusal::NothingToTell) => {
            "Thư này trước đây chưa soạn được và nay không còn gì để báo; thư không được gửi lại."
        }
        (Lang::Vi, ReplayRefusal::NotFound) => "Không có thư này trong phạm vi được xem.",
        (Lang::En, ReplayRefusal::Sent) => {
            "This message was taken by the server; it is not sent a second time."
        }
        (Lang::En, ReplayRefusal::Pending) => "This message waits to be sent or is being sent; please wait.",
        (Lang::En, ReplayRefusal::AddressSuppressed) => {
            "There is no mailbox at this address; put the recipient's address right or release it from the suppressed ones, then send again."
        }
        (Lang::En, ReplayRefusal::RecipientGone) => {
            "The recipient is no longer active or has no address; the message is not sent again."
        }
        (Lang::En, ReplayRefusal::Uncomposable) => {
            "This message still cannot be composed; its tries say why. Put that right, then send again."
        }
        (Lang::En, ReplayRefusal::NothingToTell) => {
            "This message could not be composed, and by now there is nothing to tell; it is not sent again."
        }
        (Lang::En, ReplayRefusal::NotFound) => "There is no such message among those you may see.",
    }
}

/// Of one whose first sending is uncertain.
pub fn may_come_twice(lang: Lang) -> &'static str {
    match lang {
        Lang::Vi => {
            "Lần gửi trước không rõ kết quả, nên người nhận có thể nhận thư này hai lần (cùng một mã thư)."
        }
        Lang::En => {
            "Nobody knows whether the earlier sending succeeded, so this message may arrive twice (under one Message-ID)."
        }
    }
}

/// The subject of a message whose text could not be composed.
pub fn uncomposed(lang: Lang) -> &'static str {
    match lang {
        Lang::Vi => "(Thư chưa soạn được)",
        Lang::En => "(This message could not be composed)",
    }
}
