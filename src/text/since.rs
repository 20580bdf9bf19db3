//! What became of a dossier since its receipt, as steps of its explanation.

use super::{Lang, commitments, date, moments, steps};
use crate::domain::deadline::Limit;
use crate::domain::dossier_steps::{Added, Since};
use crate::domain::office_time::local_date;

/// The sentence, without capital or full stop, to stand beside its date.
pub(super) fn since(lang: Lang, of: &Since) -> String {
    match lang {
        Lang::Vi => vietnamese(of),
        Lang::En => english(of),
    }
}

fn vietnamese(of: &Since) -> String {
    let lang = Lang::Vi;
    let when = |at| moments::time_weekday_and_date(lang, at);
    let day = |at| date(lang, local_date(at));
    match of {
        Since::Received { at } => format!("nhận hồ sơ lúc {}", when(*at)),
        Since::Completed { at } => {
            format!("nhận đủ hồ sơ bổ sung lúc {}; thời hạn tính lại từ đầu", when(*at))
        }
        Since::Given { at } => format!("cán bộ tiếp nhận ấn định hẹn trả lúc {}", when(*at)),
        Since::Paused { pause, added: Added::Nothing } => {
            format!(
                "tạm dừng từ {} đến {} khi đã quá hạn nên không cộng thêm",
                day(pause.from),
                day(pause.to)
            )
        }
        Since::Paused { pause, added } => {
            let added = amount(lang, *added);
            format!("tạm dừng từ {} đến {}, hẹn trả được cộng thêm {added}", day(pause.from), day(pause.to))
        }
        Since::Halted { waiting, late: true, .. } => {
            let state = if *waiting { "chờ bổ sung" } else { "tạm dừng" };
            format!("đang {state}, nhưng khi đó đã quá hạn nên thời hạn không thay đổi")
        }
        Since::Halted { waiting: true, .. } => {
            "đang chờ bổ sung; thời hạn sẽ tính lại từ đầu khi nhận đủ hồ sơ".to_owned()
        }
        Since::Halted { waiting: false, .. } => {
            "đang tạm dừng; thời hạn sẽ tính tiếp khi xử lý lại".to_owned()
        }
        Since::Reappointed { to } => format!("đã có văn bản xin lỗi và hẹn lại {}", when(*to)),
        Since::CalendarChanged { closed: false } => {
            "lịch làm việc vừa thay đổi; ngày hẹn trả đang được tính lại".to_owned()
        }
        Since::CalendarChanged { closed: true } => {
            "lịch làm việc đã thay đổi sau khi hồ sơ kết thúc; ngày hẹn trả của hồ sơ được giữ nguyên"
                .to_owned()
        }
    }
}

fn english(of: &Since) -> String {
    let lang = Lang::En;
    let when = |at| moments::time_weekday_and_date(lang, at);
    let day = |at| date(lang, local_date(at));
    match of {
        Since::Received { at } => format!("received at {}", when(*at)),
        Since::Completed { at } => format!("complete at {}; the limit begins anew", when(*at)),
        Since::Given { at } => format!("the officer set {}", when(*at)),
        Since::Paused { pause, added: Added::Nothing } => {
            format!(
                "paused from {} to {} when it was late already, so nothing is added",
                day(pause.from),
                day(pause.to)
            )
        }
        Since::Paused { pause, added } => {
            format!(
                "paused from {} to {}, which adds {}",
                day(pause.from),
                day(pause.to),
                amount(lang, *added)
            )
        }
        Since::Halted { waiting, late: true, .. } => {
            let state = if *waiting { "waiting for a supplement" } else { "paused" };
            format!("{state}, but it was late by then, so the limit does not change")
        }
        Since::Halted { waiting: true, .. } => {
            "waiting for a supplement; the limit begins anew when it comes".to_owned()
        }
        Since::Halted { waiting: false, .. } => "paused; the limit goes on when handling does".to_owned(),
        Since::Reappointed { to } => format!("an apology slip appoints anew for {}", when(*to)),
        Since::CalendarChanged { closed: false } => {
            "the calendar has just changed; the due date is being reckoned anew".to_owned()
        }
        Since::CalendarChanged { closed: true } => {
            "the calendar has changed since the dossier was closed; its own due date stands".to_owned()
        }
    }
}

fn amount(lang: Lang, added: Added) -> String {
    match added {
        Added::Days(days) => commitments::limit_words(lang, Limit::WorkingDays(days)),
        Added::Minutes(minutes) => steps::minutes(lang, minutes),
        Added::Nothing => commitments::limit_words(lang, Limit::WorkingDays(0)),
    }
}
