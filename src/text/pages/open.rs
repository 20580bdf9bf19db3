//! The pages for anybody: the front, where a dossier stands, when something would be due, how often promises were kept.

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::deadline::LimitUnit;
use crate::domain::office_time;
use crate::domain::period::{Period, Span};
use crate::domain::public_state::PublicState;
use crate::domain::statistics::Rate;
use crate::text::{Lang, moments, shares, time};

labels! {
    /// The first page of somebody who is not signed in.
    FrontWords by front_words {
        title: "Hồ sơ của ông/bà đến đâu rồi?", "Where does your dossier stand?";
        calculator: "Nộp hôm nay thì bao giờ có kết quả?", "Handed in today, when will the result be ready?";
        calculator_lead: "Chọn thủ tục, xem ngày hẹn trả và lý do từng ngày được tính hay không.", "Choose a procedure, and see the due date and why each day counts or does not.";
        compute: "Tính ngày hẹn trả", "Work out a due date";
        officers: "Cán bộ, lãnh đạo của đơn vị", "Officers and leaders of the unit";
    }
}

labels! {
    /// Where a dossier stands.
    StatusWords by status_words {
        title: "Tra cứu hồ sơ", "Look a dossier up";
        lead: "Nhập mã hồ sơ ghi trên giấy tiếp nhận hồ sơ và hẹn trả kết quả.", "Type the dossier's code as it stands on the receipt.";
        code: "Mã hồ sơ", "Dossier code";
        example: "Ví dụ: H19.15-261120-0007", "For example H19.15-261120-0007";
        look_up: "Tra cứu", "Look up";
        empty: "Xin nhập mã hồ sơ.", "Please type the dossier's code.";
        unknown_title: "Không tìm thấy hồ sơ", "No such dossier";
        unknown: "Không có hồ sơ nào mang mã này. Xin xem lại mã trên giấy hẹn; nếu vẫn không tìm thấy, xin hỏi nơi đã nộp hồ sơ.", "No dossier has this code. Please compare it with the receipt; if it is right, ask where you handed the dossier in.";
        often_title: "Xin chờ một lát", "Please wait a moment";
        dossier: "Hồ sơ", "Dossier";
        what_to_do: "Việc cần làm", "What to do";
        appointment: "Hẹn trả kết quả", "Result ready";
        unit: "Nơi tiếp nhận", "Handed in at";
        procedure: "Thủ tục", "Procedure";
        received: "Tiếp nhận lúc", "Received";
        promised: "Giấy hẹn ghi", "The receipt says";
        moved: "Hẹn lại theo quy định", "Moved by law";
        reappointed: "Hẹn lại, có văn bản xin lỗi", "New day, with an apology";
        closed: "Giải quyết xong lúc", "Closed";
        private: "Trang này không hiện tên, số điện thoại của người nộp và tên cán bộ.", "This page shows no applicant's name or telephone number, and no officer's name.";
        again: "Tra cứu hồ sơ khác", "Look another one up";
    }
}

labels! {
    /// When something would be due.
    CalculatorWords by calculator_words {
        title: "Tính ngày hẹn trả", "Work out a due date";
        lead: "Theo luật, lịch nghỉ chính thức và cam kết của đơn vị.", "By the law, the official calendar and what the unit has promised.";
        received: "Nộp hồ sơ lúc", "Handed in at";
        received_hint: "Theo giờ Việt Nam. Để trống là bây giờ.", "In Vietnamese time. Empty means now.";
        received_wrong: "Xin ghi ngày, giờ như 2026-11-20 15:30.", "Please write day and time as 2026-11-20 15:30.";
        by_procedure: "Theo thủ tục", "By procedure";
        procedure: "Thủ tục", "Procedure";
        procedure_hint: "Tên không cần dấu, hoặc mã. Ví dụ: chung thuc ban sao", "Its code, or words of its name, without marks if you like: chung thuc ban sao";
        unit: "Nơi nộp (không bắt buộc)", "Unit (if you like)";
        unit_hint: "Để tính theo lịch và cam kết của nơi đó.", "To go by its calendar and its promises.";
        channel: "Cách nộp", "How";
        case: "Trường hợp", "Case";
        ordinary: "Thông thường", "The ordinary one";
        by_limit: "Hoặc theo thời hạn", "Or by a limit";
        limit: "Thời hạn", "Limit";
        limit_unit: "Tính bằng", "Counted in";
        compute: "Tính ngày hẹn", "Work it out";
        choose: "Ông/bà muốn nói thủ tục nào?", "Which procedure do you mean?";
        choose_unit: "Ông/bà muốn nói đơn vị nào?", "Which unit do you mean?";
        pick: "Xin chọn một dòng trong danh sách trên trang này.", "Please choose one from the list on this page.";
        nothing: "Không tìm thấy thủ tục nào có các chữ này.", "No procedure has these words.";
        nothing_unit: "Không tìm thấy đơn vị nào có các chữ này.", "No unit has these words.";
        either: "Xin chọn thủ tục hoặc ghi thời hạn, không ghi cả hai.", "Please choose a procedure or give a limit, not both.";
        neither: "Xin chọn thủ tục, hoặc ghi thời hạn ở dưới.", "Please choose a procedure, or give a limit below.";
        number: "Xin ghi một số nguyên.", "Please write a whole number.";
        out_of_range: "Xin ghi thời hạn từ 1 trở lên, không quá vài năm.", "Please give a limit of at least 1 and no more than some years.";
        no_number: "Giải quyết trong ngày thì để trống ô này.", "For the same day leave this empty.";
        due: "Hẹn trả kết quả", "Result ready";
        provisional: "Tạm tính: lịch nghỉ của năm đó chưa được công bố, ngày hẹn có thể thay đổi.", "Provisional: that year's days off have not been announced yet, and the day may change.";
        by_law: "Hạn theo luật", "Due by law";
        committed: "Đơn vị cam kết", "Promised by the unit";
        steps: "Từng ngày được tính thế nào", "How each day was counted";
        day: "Ngày", "Day";
        counts: "Tính", "Counted";
        why: "Vì sao", "Why";
        source: "Căn cứ", "Source";
        no_promise: "Chỉ để tham khảo. Ngày hẹn trên giấy tiếp nhận hồ sơ mới là lời hẹn của đơn vị.", "For information. What the unit promises is the day on the receipt.";
        again: "Tính ngày khác", "Work out another";
    }
}

labels! {
    /// How often promises were kept.
    RatesWords by rates_words {
        title: "Tỷ lệ giải quyết đúng hạn", "Resolved on time";
        period: "Kỳ báo cáo", "Period";
        in_time: "Trước hạn và đúng hạn", "Early and on time";
        due: "Đến hạn", "Due";
        rate: "Tỷ lệ", "Rate";
        running: "đang diễn ra", "still running";
        how_title: "Cách tính", "How it is counted";
        how: "Số hồ sơ giải quyết trước hạn và đúng hạn, chia cho số hồ sơ đã giải quyết cộng số hồ sơ đang giải quyết mà đã quá hạn. Hồ sơ xin lỗi và hẹn lại vẫn tính theo hạn ban đầu.", "Dossiers resolved early and on time, over all that were resolved and all that are overdue. A new appointment with an apology changes nothing: the first due date counts.";
        none: "“—” là kỳ chưa có hồ sơ nào đến hạn.", "“—” stands for a period in which nothing was due.";
        periods: "Kỳ báo cáo tính từ ngày 15 tháng trước đến ngày 14 (Nghị định 09/2019/NĐ-CP, Điều 12); năm từ ngày 15/12 năm trước.", "A period runs from the 15th of the month before to the 14th (Decree 09/2019/NĐ-CP, Article 12); a year from 15 December of the year before.";
    }
}

/// Where a dossier stands, for the citizen.
pub(crate) fn state(lang: Lang, of: PublicState) -> &'static str {
    match lang {
        Lang::Vi => match of {
            PublicState::Working => "Đang giải quyết",
            PublicState::Overdue => "Đã quá hẹn, chưa có kết quả",
            PublicState::Reappointed => "Đã xin lỗi và hẹn lại",
            PublicState::Supplement => "Chờ ông/bà bổ sung hồ sơ",
            PublicState::Paused => "Tạm dừng tính thời hạn",
            PublicState::Ready => "Đã có kết quả",
            PublicState::Returned => "Đã trả kết quả",
            PublicState::Refused => "Từ chối giải quyết",
            PublicState::Withdrawn => "Đã rút hồ sơ",
            PublicState::Stopped => "Đã dừng giải quyết",
        },
        Lang::En => match of {
            PublicState::Working => "Being worked on",
            PublicState::Overdue => "Overdue, and not ready",
            PublicState::Reappointed => "Put off with an apology",
            PublicState::Supplement => "Waiting for papers from you",
            PublicState::Paused => "Paused",
            PublicState::Ready => "The result is ready",
            PublicState::Returned => "The result has been handed over",
            PublicState::Refused => "Refused",
            PublicState::Withdrawn => "Withdrawn",
            PublicState::Stopped => "Stopped",
        },
    }
}

/// What the citizen does about it.
pub(crate) fn what_to_do(lang: Lang, of: PublicState) -> &'static str {
    match lang {
        Lang::Vi => match of {
            PublicState::Working => "Ông/bà chưa phải làm gì. Xin đến nhận kết quả theo giờ hẹn ở trên.",
            PublicState::Overdue => {
                "Đơn vị chưa trả kết quả đúng hẹn và phải xin lỗi ông/bà bằng văn bản, nêu rõ lý do và ngày hẹn lại. Xin mang giấy hẹn đến hỏi nơi đã nộp hồ sơ."
            }
            PublicState::Reappointed => {
                "Đơn vị chưa giải quyết kịp, đã xin lỗi và hẹn ông/bà vào ngày mới ở trên."
            }
            PublicState::Supplement => {
                "Xin bổ sung giấy tờ theo yêu cầu của đơn vị. Thời hạn được tính lại từ khi đơn vị nhận đủ hồ sơ."
            }
            PublicState::Paused => {
                "Đơn vị phải chờ một việc theo quy định (như xác minh, niêm yết, nộp thuế, phí) trước khi giải quyết tiếp. Nếu đã nhận thông báo nộp tiền, xin ông/bà nộp theo thông báo."
            }
            PublicState::Ready => {
                "Mời ông/bà mang giấy hẹn và giấy tờ tùy thân đến nhận kết quả trong giờ làm việc, hoặc chờ nhận theo cách đã đăng ký."
            }
            PublicState::Returned => "Hồ sơ đã xong, ông/bà không phải làm gì thêm.",
            PublicState::Refused => {
                "Đơn vị phải trả lời bằng văn bản, nêu rõ lý do. Nếu chưa nhận được, xin hỏi nơi đã nộp hồ sơ; nếu không đồng ý, ông/bà có quyền khiếu nại."
            }
            PublicState::Withdrawn => {
                "Hồ sơ đã được rút và không giải quyết tiếp. Nếu cần, ông/bà nộp hồ sơ mới."
            }
            PublicState::Stopped => {
                "Hồ sơ không được giải quyết tiếp. Xin hỏi nơi đã nộp hồ sơ để biết lý do."
            }
        },
        Lang::En => match of {
            PublicState::Working => "Nothing yet. Please come for the result at the time above.",
            PublicState::Overdue => {
                "The unit has not kept its promise, and owes you a written apology with the reason and a new day. Please ask where you handed the dossier in, and bring the receipt."
            }
            PublicState::Reappointed => {
                "The unit was not ready in time; it has apologised and given you the new day above."
            }
            PublicState::Supplement => {
                "Please bring the papers that the unit asked for. The limit begins anew when the dossier is complete."
            }
            PublicState::Paused => {
                "The unit has to wait for something that the law puts first, such as a verification, a public notice, a tax or a fee. If you were told to pay something, please do."
            }
            PublicState::Ready => {
                "Please come for the result in office hours with the receipt and an identity paper, or wait for it in the way you chose."
            }
            PublicState::Returned => "Nothing: the dossier is done.",
            PublicState::Refused => {
                "The unit has to give its reasons in writing. If you have not had them, ask where you handed the dossier in; if you do not agree, you may complain."
            }
            PublicState::Withdrawn => {
                "The dossier was taken back and is not worked on. If need be, hand in a new one."
            }
            PublicState::Stopped => {
                "The dossier is not worked on any more. Please ask where you handed it in for the reason."
            }
        },
    }
}

/// "17:00 thứ Sáu 20/11/2026".
pub(crate) fn when(lang: Lang, at: DateTime<Utc>) -> String {
    moments::time_weekday_and_date(lang, at)
}

/// "Thứ Sáu 20/11/2026", to stand alone.
pub(crate) fn day(lang: Lang, date: NaiveDate) -> String {
    let text = moments::day(lang, date);
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// "trước 17 giờ".
pub(crate) fn before(lang: Lang, at: DateTime<Utc>) -> String {
    let hour = time(lang, office_time::local_time(at));
    match lang {
        Lang::Vi => format!("trước {hour}"),
        Lang::En => format!("before {hour}"),
    }
}

/// Why a look-up was not made.
pub(crate) fn too_often(lang: Lang, seconds: u64) -> String {
    match lang {
        Lang::Vi => format!(
            "Đã có nhiều lượt tra cứu từ kết nối này trong một phút. Xin thử lại sau {seconds} giây; mã vừa nhập vẫn còn ở dưới."
        ),
        Lang::En => format!(
            "Many dossiers were looked up over this connection within a minute. Please try again in {seconds} seconds; what you typed is kept below."
        ),
    }
}

/// What a limit is counted in.
pub(crate) fn limit_unit(lang: Lang, of: LimitUnit) -> &'static str {
    match (lang, of) {
        (Lang::Vi, LimitUnit::WorkingDay) => "ngày làm việc",
        (Lang::Vi, LimitUnit::CalendarDay) => "ngày",
        (Lang::Vi, LimitUnit::Month) => "tháng",
        (Lang::Vi, LimitUnit::WorkingHour) => "giờ làm việc",
        (Lang::Vi, LimitUnit::SameDay) => "trong ngày",
        (Lang::En, LimitUnit::WorkingDay) => "working days",
        (Lang::En, LimitUnit::CalendarDay) => "days",
        (Lang::En, LimitUnit::Month) => "months",
        (Lang::En, LimitUnit::WorkingHour) => "working hours",
        (Lang::En, LimitUnit::SameDay) => "the same day",
    }
}

/// "Tháng 11/2026", "Năm 2026".
pub(crate) fn period(lang: Lang, of: &Period) -> String {
    match (lang, of.named()) {
        (Lang::Vi, Some((Span::Month(month), year))) => format!("Tháng {month}/{year}"),
        (Lang::Vi, Some((_, year))) => format!("Năm {year}"),
        (Lang::En, Some((Span::Month(month), year))) => format!("Month {month} of {year}"),
        (Lang::En, Some((_, year))) => format!("Year {year}"),
        (_, None) => days(lang, of),
    }
}

/// "15/10–14/11/2026".
pub(crate) fn days(lang: Lang, of: &Period) -> String {
    moments::days(lang, of.from(), of.to())
}

/// "Số liệu tính đến 08:00 thứ Sáu 20/11/2026".
pub(crate) fn as_of(lang: Lang, at: DateTime<Utc>) -> String {
    match lang {
        Lang::Vi => format!("Số liệu tính đến {}.", when(lang, at)),
        Lang::En => format!("As of {}.", when(lang, at)),
    }
}

/// "95,1 %"; "—" of nothing.
pub(crate) fn percent(lang: Lang, of: Rate) -> String {
    shares::percent(lang, of).unwrap_or_else(|| "—".to_owned())
}
