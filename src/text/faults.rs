//! What is wrong with one field: the stable words of faults, and their sentences.

use super::Lang;

words! {
    /// What is wrong with one named field.
    Fault {
        /// Must be given.
        Required = "required",
        /// Not of the expected form or type.
        Malformed = "malformed",
        /// No such field or parameter.
        UnknownField = "unknown_field",
        /// Not one of the allowed words.
        NotAllowed = "not_allowed",
        /// Must not be empty.
        Empty = "empty",
        /// Too long.
        TooLong = "too_long",
        /// Holds characters that cannot be kept.
        BadCharacters = "bad_characters",
        /// Outside the allowed range.
        OutOfRange = "out_of_range",
        /// Names nothing that exists.
        UnknownReference = "unknown_reference",
        /// Lies in the future.
        InFuture = "in_future",
        /// Lies before the year 2000.
        TooEarly = "too_early",
        /// Lies before the receipt.
        BeforeReceipt = "before_receipt",
        /// Not later than what it has to follow.
        NotLater = "not_later",
        /// Not earlier than what it has to precede.
        NotEarlier = "not_earlier",
        /// Cannot be corrected, or not any more.
        NotCorrectable = "not_correctable",
        /// Cannot stand beside another field.
        Conflicting = "conflicting",
        /// Leads beyond the calendar.
        BeyondCalendar = "beyond_calendar",
        /// No limit is in force for it.
        NoLimit = "no_limit",
        /// Given twice.
        Duplicate = "duplicate",
        /// Too short.
        TooShort = "too_short",
        /// Would be guessed.
        Guessable = "guessable",
        /// Somebody else has it.
        Taken = "taken",
        /// Not what stands.
        Wrong = "wrong",
        /// Is no day of the year that is spoken of.
        OtherYear = "other_year",
        /// Would be a working day without being made up.
        AlreadyWorking = "already_working",
        /// Ends before or when it begins.
        Reversed = "reversed",
        /// Overlaps another.
        Overlapping = "overlapping",
        /// Leaves working days, which are named, without a session to work in.
        NoSession = "no_session",
        /// Leaves a year, which is named, without a working day.
        NoWorkingDay = "no_working_day",
        /// More than can be taken at once.
        TooMany = "too_many",
        /// Is over on the day in question; what took its place is named.
        Ended = "ended",
        /// Has not begun on the day in question.
        NotYet = "not_yet",
        /// Stands above or after itself.
        Cyclic = "cyclic",
        /// Was in force when dossiers were received.
        InForce = "in_force",
        /// A timetable that speaks more often than anybody reads.
        TooOften = "too_often",
        /// A timetable that never comes to any day.
        Never = "never",
    }
}

/// What is wrong with the field. `named` are the words that would do, where it is a matter of words; what took the place of something that has
/// ended; or that on account of which something stands.
pub fn reason(lang: Lang, of: Fault, named: &[String]) -> String {
    let sentence = match lang {
        Lang::Vi => reason_vi(of),
        Lang::En => reason_en(of),
    };
    if named.is_empty() {
        return format!("{sentence}.");
    }
    let what = match (lang, of) {
        (Lang::Vi, Fault::Ended) => "nơi kế thừa",
        (Lang::En, Fault::Ended) => "its successor",
        (
            Lang::Vi,
            Fault::InForce | Fault::Cyclic | Fault::UnknownReference | Fault::NoSession | Fault::NoWorkingDay,
        ) => "cụ thể",
        (
            Lang::En,
            Fault::InForce | Fault::Cyclic | Fault::UnknownReference | Fault::NoSession | Fault::NoWorkingDay,
        ) => "namely",
        (Lang::Vi, _) => "được phép",
        (Lang::En, _) => "allowed",
    };
    format!("{sentence}; {what}: {}.", named.join(", "))
}

fn reason_vi(of: Fault) -> &'static str {
    match of {
        Fault::Required => "Bắt buộc phải có",
        Fault::Malformed => "Không đúng kiểu hoặc định dạng",
        Fault::UnknownField => "Không có trường hoặc tham số này",
        Fault::NotAllowed => "Không phải giá trị được phép",
        Fault::Empty => "Không được để trống",
        Fault::TooLong => "Quá dài",
        Fault::BadCharacters => "Có ký tự không được phép",
        Fault::OutOfRange => "Nằm ngoài khoảng cho phép",
        Fault::UnknownReference => "Không có mục nào mang mã này",
        Fault::InFuture => "Không được là thời điểm trong tương lai",
        Fault::TooEarly => "Không được trước năm 2000",
        Fault::BeforeReceipt => "Không được trước thời điểm tiếp nhận",
        Fault::NotLater => "Phải sau mốc thời gian liền trước",
        Fault::NotEarlier => "Phải trước mốc thời gian hiện có",
        Fault::NotCorrectable => "Không được đính chính, hoặc không còn đính chính được nữa",
        Fault::Conflicting => "Không được dùng cùng lúc với một trường khác trong yêu cầu",
        Fault::BeyondCalendar => "Vượt ra ngoài lịch làm việc hiện có",
        Fault::NoLimit => "Thủ tục chưa có thời hạn giải quyết đang hiệu lực",
        Fault::Duplicate => "Chỉ được nêu một lần",
        Fault::TooShort => "Quá ngắn",
        Fault::Guessable => "Quá dễ đoán; vui lòng chọn mật khẩu khác",
        Fault::Taken => "Đã có người dùng",
        Fault::Wrong => "Không đúng",
        Fault::OtherYear => "Không thuộc năm đã nêu",
        Fault::AlreadyWorking => "Vốn là ngày làm việc nên không thể là ngày làm bù",
        Fault::Reversed => "Kết thúc trước hoặc đúng lúc bắt đầu",
        Fault::Overlapping => "Chồng lên một khoảng thời gian khác",
        Fault::NoSession => "Có ngày làm việc không còn buổi làm việc nào",
        Fault::NoWorkingDay => "Cả năm không còn ngày làm việc nào",
        Fault::TooMany => "Quá nhiều trong một lần",
        Fault::Ended => "Đã kết thúc vào ngày này",
        Fault::NotYet => "Chưa bắt đầu vào ngày này",
        Fault::Cyclic => "Tạo thành vòng lặp",
        Fault::InForce => "Đã có hiệu lực khi tiếp nhận các hồ sơ",
        Fault::TooOften => "Quá dày: mỗi phút nhiều nhất một lần và mỗi ngày nhiều nhất 48 lần",
        Fault::Never => "Không bao giờ đến lượt vì không có ngày giờ nào như vậy",
    }
}

fn reason_en(of: Fault) -> &'static str {
    match of {
        Fault::Required => "Must be given",
        Fault::Malformed => "Not of the expected type or form",
        Fault::UnknownField => "There is no such field or parameter",
        Fault::NotAllowed => "Not one of the allowed values",
        Fault::Empty => "Must not be empty",
        Fault::TooLong => "Too long",
        Fault::BadCharacters => "Holds characters that are not allowed",
        Fault::OutOfRange => "Outside the allowed range",
        Fault::UnknownReference => "Nothing of this code exists",
        Fault::InFuture => "Must not lie in the future",
        Fault::TooEarly => "Must not lie before the year 2000",
        Fault::BeforeReceipt => "Must not lie before the receipt",
        Fault::NotLater => "Must be later than what it follows",
        Fault::NotEarlier => "Must be earlier than what stands",
        Fault::NotCorrectable => "Cannot be corrected, or not any more",
        Fault::Conflicting => "Cannot stand beside another field of the request",
        Fault::BeyondCalendar => "Leads beyond the working calendar",
        Fault::NoLimit => "The procedure has no limit in force",
        Fault::Duplicate => "May be given only once",
        Fault::TooShort => "Too short",
        Fault::Guessable => "Too easily guessed; choose another one",
        Fault::Taken => "Somebody else has it",
        Fault::Wrong => "Not right",
        Fault::OtherYear => "Is no day of the year spoken of",
        Fault::AlreadyWorking => "Is a working day anyway and cannot be made up",
        Fault::Reversed => "Ends before or when it begins",
        Fault::Overlapping => "Overlaps another one",
        Fault::NoSession => "Leaves working days without a session to work in",
        Fault::NoWorkingDay => "Leaves a year without a working day",
        Fault::TooMany => "Too many at once",
        Fault::Ended => "Is over on this day",
        Fault::NotYet => "Has not begun on this day",
        Fault::Cyclic => "Leads back to itself",
        Fault::InForce => "Was in force when dossiers were received",
        Fault::TooOften => "Comes too often: once a minute and 48 times a day at most",
        Fault::Never => "Never comes: there is no such day or time",
    }
}
