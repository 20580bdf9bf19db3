//! What the service says when it refuses: the stable words of problems, and their sentences. What is wrong with single fields is
//! [`super::faults`]'s.

use super::Lang;
pub use super::faults::{Fault, reason};

words! {
    /// Why a request was refused; stable, for programs to tell problems apart.
    ProblemCode {
        /// Fields or parameters are wrong; each is named.
        InvalidRequest = "invalid_request",
        /// The body is no JSON.
        MalformedJson = "malformed_json",
        /// The body is no UTF-8.
        InvalidUtf8 = "invalid_utf8",
        /// No token, or one that holds no longer.
        Unauthenticated = "unauthenticated",
        /// Unknown username, wrong password, or a locked account.
        SignInFailed = "sign_in_failed",
        /// Too much at once.
        TooManyRequests = "too_many_requests",
        /// The topmost unit would be left without an administrator.
        LastAdministrator = "last_administrator",
        /// The user may no longer sign in.
        UserInactive = "user_inactive",
        /// Signed in, but not for this.
        Forbidden = "forbidden",
        /// Nothing of this name, as far as the user may see.
        NotFound = "not_found",
        /// No such address.
        UnknownAddress = "unknown_address",
        /// The address does not take this method.
        MethodNotAllowed = "method_not_allowed",
        /// The dossier's state does not allow the act.
        ActNotAllowed = "act_not_allowed",
        /// The act is said to have happened before the last one.
        ActOutOfOrder = "act_out_of_order",
        /// A dossier with this code stands already.
        CodeTaken = "code_taken",
        /// Dossiers rest on it, so it cannot be taken away.
        InUse = "in_use",
        /// A request with the same key is being worked on.
        IdempotencyKeyInFlight = "idempotency_key_in_flight",
        /// The key was used for another request.
        IdempotencyKeyReused = "idempotency_key_reused",
        /// The dossier or calendar has changed since it was read.
        PreconditionFailed = "precondition_failed",
        /// A change needs `If-Match`.
        PreconditionRequired = "precondition_required",
        /// Good in itself, and not stored because another row was refused.
        NotStored = "not_stored",
        /// The body is larger than allowed.
        PayloadTooLarge = "payload_too_large",
        /// The body is of a media type that is not taken here.
        UnsupportedMediaType = "unsupported_media_type",
        /// The database is away.
        Unavailable = "unavailable",
        /// The task that sends alerts has stopped.
        SchedulerStopped = "scheduler_stopped",
        /// The alert cannot be sent again.
        NotReplayable = "not_replayable",
        /// Something broke that should not.
        Internal = "internal",
    }
}

/// The problem's name in a few words; the same for every occurrence.
pub fn title(lang: Lang, of: ProblemCode) -> &'static str {
    match lang {
        Lang::Vi => title_vi(of),
        Lang::En => title_en(of),
    }
}

fn title_vi(of: ProblemCode) -> &'static str {
    match of {
        ProblemCode::InvalidRequest => "Yêu cầu không hợp lệ",
        ProblemCode::MalformedJson => "Nội dung không phải JSON hợp lệ",
        ProblemCode::InvalidUtf8 => "Nội dung không phải UTF-8",
        ProblemCode::Unauthenticated => "Chưa đăng nhập",
        ProblemCode::SignInFailed => "Không đăng nhập được",
        ProblemCode::TooManyRequests => "Quá nhiều yêu cầu cùng lúc",
        ProblemCode::LastAdministrator => "Quản trị viên cuối cùng",
        ProblemCode::UserInactive => "Tài khoản đã ngừng sử dụng",
        ProblemCode::Forbidden => "Không có quyền",
        ProblemCode::NotFound => "Không tìm thấy",
        ProblemCode::UnknownAddress => "Địa chỉ không tồn tại",
        ProblemCode::MethodNotAllowed => "Phương thức không được hỗ trợ",
        ProblemCode::ActNotAllowed => "Thao tác không được phép",
        ProblemCode::ActOutOfOrder => "Thao tác sai trình tự thời gian",
        ProblemCode::CodeTaken => "Mã hồ sơ đã tồn tại",
        ProblemCode::InUse => "Đang có hồ sơ áp dụng",
        ProblemCode::IdempotencyKeyInFlight => "Yêu cầu cùng khóa đang được xử lý",
        ProblemCode::IdempotencyKeyReused => "Khóa đã dùng cho yêu cầu khác",
        ProblemCode::PreconditionFailed => "Nội dung đã thay đổi",
        ProblemCode::PreconditionRequired => "Thiếu tiêu đề If-Match",
        ProblemCode::NotStored => "Không được lưu",
        ProblemCode::PayloadTooLarge => "Nội dung quá lớn",
        ProblemCode::UnsupportedMediaType => "Kiểu nội dung không được hỗ trợ",
        ProblemCode::Unavailable => "Tạm thời không phục vụ được",
        ProblemCode::SchedulerStopped => "Bộ gửi cảnh báo đã dừng",
        ProblemCode::NotReplayable => "Không gửi lại được thư này",
        ProblemCode::Internal => "Lỗi hệ thống",
    }
}

fn title_en(of: ProblemCode) -> &'static str {
    match of {
        ProblemCode::InvalidRequest => "Invalid request",
        ProblemCode::MalformedJson => "Malformed JSON",
        ProblemCode::InvalidUtf8 => "Not UTF-8",
        ProblemCode::Unauthenticated => "Not signed in",
        ProblemCode::SignInFailed => "Sign-in failed",
        ProblemCode::TooManyRequests => "Too many requests at once",
        ProblemCode::LastAdministrator => "Last administrator",
        ProblemCode::UserInactive => "User not active",
        ProblemCode::Forbidden => "Forbidden",
        ProblemCode::NotFound => "Not found",
        ProblemCode::UnknownAddress => "No such address",
        ProblemCode::MethodNotAllowed => "Method not allowed",
        ProblemCode::ActNotAllowed => "Act not allowed",
        ProblemCode::ActOutOfOrder => "Act out of order",
        ProblemCode::CodeTaken => "Code taken",
        ProblemCode::InUse => "Dossiers rest on it",
        ProblemCode::IdempotencyKeyInFlight => "Request with this key in flight",
        ProblemCode::IdempotencyKeyReused => "Key used for another request",
        ProblemCode::PreconditionFailed => "Changed in the meantime",
        ProblemCode::PreconditionRequired => "If-Match required",
        ProblemCode::NotStored => "Not stored",
        ProblemCode::PayloadTooLarge => "Body too large",
        ProblemCode::UnsupportedMediaType => "Unsupported media type",
        ProblemCode::Unavailable => "Temporarily unavailable",
        ProblemCode::SchedulerStopped => "The scheduler has stopped",
        ProblemCode::NotReplayable => "The message cannot be sent again",
        ProblemCode::Internal => "Internal error",
    }
}

/// What to do about it, in one or two sentences.
pub fn detail(lang: Lang, of: ProblemCode) -> &'static str {
    match lang {
        Lang::Vi => detail_vi(of),
        Lang::En => detail_en(of),
    }
}

/// What is to be done where it is about alerts.
fn of_alerts(lang: Lang, of: ProblemCode) -> &'static str {
    match (lang, of == ProblemCode::SchedulerStopped) {
        (Lang::Vi, true) => {
            "Bộ phận tự động gửi cảnh báo của tiến trình này đã dừng; người vận hành cần khởi động lại dịch vụ. Hồ sơ vẫn tiếp nhận và xử lý bình thường."
        }
        (Lang::En, true) => {
            "The task of this process that sends alerts has stopped; restart the service. Dossiers are still received and handled."
        }
        (Lang::Vi, false) => "Thư này không gửi lại được.",
        (Lang::En, false) => "This message cannot be sent again.",
    }
}

fn detail_vi(of: ProblemCode) -> &'static str {
    match of {
        ProblemCode::InvalidRequest => {
            "Một hoặc nhiều trường không hợp lệ; xem `invalid_params` để biết từng trường."
        }
        ProblemCode::MalformedJson => "Không đọc được nội dung gửi lên theo định dạng JSON.",
        ProblemCode::InvalidUtf8 => "Nội dung gửi lên phải được mã hóa UTF-8.",
        ProblemCode::Unauthenticated => {
            "Vui lòng gửi kèm mã truy cập còn hiệu lực trong tiêu đề `Authorization: Bearer …`."
        }
        ProblemCode::SignInFailed => {
            "Tên đăng nhập hoặc mật khẩu không đúng, hoặc tài khoản đang tạm khóa do nhập sai nhiều lần; vui lòng kiểm tra, thử lại sau ít phút hoặc nhờ quản trị viên hỗ trợ."
        }
        ProblemCode::TooManyRequests => {
            "Đang có quá nhiều người đăng nhập cùng lúc; vui lòng thử lại sau ít giây."
        }
        ProblemCode::LastAdministrator => {
            "Đơn vị cấp cao nhất phải còn ít nhất một quản trị viên đang hoạt động; vui lòng chỉ định người khác trước."
        }
        ProblemCode::UserInactive => {
            "Tài khoản này đã ngừng sử dụng; vui lòng kích hoạt lại trước khi cấp mã truy cập."
        }
        ProblemCode::Forbidden => {
            "Tài khoản của anh/chị không có quyền thực hiện việc này tại đơn vị đã chọn."
        }
        ProblemCode::NotFound => "Không có mục này, hoặc mục này nằm ngoài phạm vi anh/chị được xem.",
        ProblemCode::UnknownAddress => "Dịch vụ không có địa chỉ này; danh sách địa chỉ có tại `/docs`.",
        ProblemCode::MethodNotAllowed => {
            "Địa chỉ này không nhận phương thức đã dùng; tiêu đề `Allow` nêu các phương thức được nhận."
        }
        ProblemCode::ActNotAllowed => {
            "Trạng thái hiện tại của hồ sơ không cho phép thao tác này; `allowed_acts` nêu các thao tác được phép."
        }
        ProblemCode::ActOutOfOrder => "Thời điểm của thao tác không được trước thao tác gần nhất của hồ sơ.",
        ProblemCode::CodeTaken => "Đã có hồ sơ mang mã này.",
        ProblemCode::InUse => "Đã có hồ sơ áp dụng nên không xóa được; vui lòng đặt ngày kết thúc.",
        ProblemCode::IdempotencyKeyInFlight => {
            "Yêu cầu trước với cùng `Idempotency-Key` chưa xử lý xong; vui lòng thử lại sau giây lát."
        }
        ProblemCode::IdempotencyKeyReused => {
            "`Idempotency-Key` này đã dùng cho một yêu cầu có nội dung khác; vui lòng dùng khóa mới."
        }
        ProblemCode::PreconditionFailed => {
            "Hồ sơ hoặc lịch đã thay đổi từ lần đọc trước; vui lòng đọc lại rồi thực hiện."
        }
        ProblemCode::PreconditionRequired => {
            "Vui lòng gửi kèm tiêu đề `If-Match` mang `ETag` của hồ sơ, hoặc `*`."
        }
        ProblemCode::NotStored => {
            "Dòng này hợp lệ, nhưng không được lưu vì có dòng khác trong cùng lần gửi bị từ chối (`atomic=true`)."
        }
        ProblemCode::PayloadTooLarge => "Nội dung gửi lên vượt quá dung lượng cho phép.",
        ProblemCode::UnsupportedMediaType => "Địa chỉ này không nhận kiểu nội dung (`Content-Type`) đã gửi.",
        ProblemCode::Unavailable => {
            "Hệ thống tạm thời chưa truy cập được cơ sở dữ liệu; vui lòng thử lại sau ít giây."
        }
        ProblemCode::SchedulerStopped | ProblemCode::NotReplayable => of_alerts(Lang::Vi, of),
        ProblemCode::Internal => {
            "Đã xảy ra lỗi ngoài dự kiến và đã được ghi lại; xin lỗi anh/chị vì sự bất tiện này."
        }
    }
}

fn detail_en(of: ProblemCode) -> &'static str {
    match of {
        ProblemCode::InvalidRequest => "One or more fields are invalid; `invalid_params` names each.",
        ProblemCode::MalformedJson => "The body cannot be read as JSON.",
        ProblemCode::InvalidUtf8 => "The body must be encoded as UTF-8.",
        ProblemCode::Unauthenticated => {
            "Send a token that is in force in the header `Authorization: Bearer …`."
        }
        ProblemCode::SignInFailed => {
            "The username or the password is wrong, or the account is locked for a while after wrong passwords; check them, try again in some minutes, or ask an administrator."
        }
        ProblemCode::TooManyRequests => "Too many people sign in at once; try again in a few seconds.",
        ProblemCode::LastAdministrator => {
            "The topmost unit must keep one active administrator at least; appoint another one first."
        }
        ProblemCode::UserInactive => {
            "This account is no longer in use; activate it before giving it a token."
        }
        ProblemCode::Forbidden => "Your account may not do this at the chosen unit.",
        ProblemCode::NotFound => "There is none, or it lies outside what you may see.",
        ProblemCode::UnknownAddress => "The service has no such address; `/docs` lists them.",
        ProblemCode::MethodNotAllowed => {
            "This address does not take the method used; the header `Allow` names those it takes."
        }
        ProblemCode::ActNotAllowed => {
            "The dossier's state does not allow this act; `allowed_acts` names those it allows."
        }
        ProblemCode::ActOutOfOrder => "An act cannot have happened before the dossier's last one.",
        ProblemCode::CodeTaken => "A dossier with this code exists already.",
        ProblemCode::InUse => "Dossiers rest on it, so it cannot be taken away; give it a last day instead.",
        ProblemCode::IdempotencyKeyInFlight => {
            "An earlier request with this `Idempotency-Key` is still being worked on; try again in a moment."
        }
        ProblemCode::IdempotencyKeyReused => {
            "This `Idempotency-Key` was used for a request with another body; use a new key."
        }
        ProblemCode::PreconditionFailed => {
            "The dossier or calendar has changed since you read it; read it again first."
        }
        ProblemCode::PreconditionRequired => "Send the header `If-Match` with the dossier's `ETag`, or `*`.",
        ProblemCode::NotStored => {
            "This row is good, and was not stored because another row of the call was refused (`atomic=true`)."
        }
        ProblemCode::PayloadTooLarge => "The body is larger than allowed.",
        ProblemCode::UnsupportedMediaType => "This address does not take the `Content-Type` sent.",
        ProblemCode::Unavailable => {
            "The database cannot be reached at the moment; try again in a few seconds."
        }
        ProblemCode::SchedulerStopped | ProblemCode::NotReplayable => of_alerts(Lang::En, of),
        ProblemCode::Internal => "Something unexpected went wrong and was recorded; we are sorry.",
    }
}

/// Where the body ceases to be JSON.
pub fn place(lang: Lang, line: usize, column: usize) -> String {
    match lang {
        Lang::Vi => format!("Lỗi ở dòng {line}, cột {column}."),
        Lang::En => format!("The fault is at line {line}, column {column}."),
    }
}

/// How large a body, or one row of it, may be.
pub fn at_most_bytes(lang: Lang, most: usize) -> String {
    let kibibytes = most / 1024;
    let size =
        if kibibytes < 1024 { format!("{kibibytes} KiB") } else { format!("{} MiB", kibibytes / 1024) };
    match lang {
        Lang::Vi => format!("Tối đa {size}."),
        Lang::En => format!("At most {size}."),
    }
}

/// That bodies are taken only as they are.
pub fn only_plain(lang: Lang) -> &'static str {
    match lang {
        Lang::Vi => "Nội dung phải gửi nguyên dạng, không nén (`Content-Encoding: identity`).",
        Lang::En => "The body must be sent as it is, not compressed (`Content-Encoding: identity`).",
    }
}

/// Which media types are taken.
pub fn taken(lang: Lang, types: &str) -> String {
    match lang {
        Lang::Vi => format!("Được nhận: {types}."),
        Lang::En => format!("Taken are: {types}."),
    }
}
