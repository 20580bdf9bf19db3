//! What calendars to subscribe to say: their names, days off, due dates. Of a dossier its code and procedure, and no person.

use chrono::{DateTime, Utc};

use super::{Lang, steps, time};
use crate::domain::calendar::{Day, DayKind};
use crate::domain::deadline_steps::Why;
use crate::domain::office_time::local_time;

/// The name of a unit's calendar of days.
pub fn days_of(lang: Lang, unit: &str) -> String {
    match lang {
        Lang::Vi => format!("Ngày nghỉ, ngày làm bù – {unit}"),
        Lang::En => format!("Days off and made up – {unit}"),
    }
}

/// The name of a unit's calendar of due dates.
pub fn due_of(lang: Lang, unit: &str) -> String {
    match lang {
        Lang::Vi => format!("Hẹn trả kết quả – {unit}"),
        Lang::En => format!("Results due – {unit}"),
    }
}

/// What a day is: "Nghỉ lễ: Quốc khánh".
pub fn day(lang: Lang, of: &Day<'_>) -> String {
    let name = of.name.unwrap_or_default().to_owned();
    let said = match of.kind {
        Some(DayKind::Makeup) => steps::why(lang, &Why::Makeup { name }),
        Some(kind) => steps::why(lang, &Why::DayOff { kind, name }),
        None => name,
    };
    let mut letters = said.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// What a day rests on, and that it may yet change.
pub fn source(lang: Lang, source: &str, provisional: bool) -> String {
    match (lang, provisional) {
        (_, false) => source.to_owned(),
        (Lang::Vi, true) => format!("{source}. Lịch nghỉ năm này chưa được công bố; ngày này là tạm tính."),
        (Lang::En, true) => {
            format!("{source}. The days off of this year are not announced yet; this one is provisional.")
        }
    }
}

/// That a dossier is due: "Hẹn trả trước 17 giờ: H19.15-261120-0007, Chứng thực bản sao".
pub fn due(lang: Lang, code: &str, procedure: &str, due_at: DateTime<Utc>) -> String {
    let at = time(lang, local_time(due_at));
    match lang {
        Lang::Vi => format!("Hẹn trả trước {at}: {code}, {procedure}"),
        Lang::En => format!("Due before {at}: {code}, {procedure}"),
    }
}

/// That a dossier's time stands still.
pub fn standing_still(lang: Lang) -> &'static str {
    match lang {
        Lang::Vi => "Hồ sơ đang tạm dừng hoặc chờ bổ sung; ngày hẹn trả sẽ thay đổi.",
        Lang::En => "Paused or waiting for a supplement; the due date will change.",
    }
}
