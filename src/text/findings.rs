//! What findings say to the officer, in words.

use chrono::{DateTime, Utc};

use super::{Lang, moments};
use crate::domain::finding::{Finding, FindingCode};

/// One sentence: what is wrong, and what to promise instead.
pub fn detail(lang: Lang, of: &Finding) -> String {
    let promised = moments::weekday_and_date(lang, of.promised_at);
    let instead = of.compliant_due_at.map(|at| instead(lang, at)).unwrap_or_default();
    match lang {
        Lang::Vi => vietnamese(of, &promised, &instead),
        Lang::En => english(of, &promised, &instead),
    }
}

fn vietnamese(of: &Finding, promised: &str, instead: &str) -> String {
    match of.code {
        FindingCode::SameDayPromise => {
            format!("Hẹn trả {promised}, trong khi thủ tục này đã đăng ký giải quyết trong ngày.{instead}")
        }
        FindingCode::WeekRolloverPromise => {
            format!(
                "Hẹn trả {promised} là hẹn qua tuần, trái cam kết không hẹn qua tuần đối với hồ sơ nhận thứ Sáu hoặc ngày làm việc cuối tuần.{instead}"
            )
        }
        FindingCode::CommitmentPromise => {
            format!("Hẹn trả {promised}, muộn hơn cam kết của đơn vị.{instead}")
        }
        FindingCode::PromiseBeyondLimit => {
            format!("Hẹn trả {promised}, muộn hơn thời hạn theo quy định.{instead}")
        }
        FindingCode::PromiseOnDayOff => {
            format!("Hẹn trả {promised}, là ngày Bộ phận Một cửa không làm việc.{instead}")
        }
        FindingCode::SameDayMissed => "Chưa giải quyết xong trong ngày như đơn vị đã cam kết.".to_owned(),
        FindingCode::WeekRolloverMissed => {
            "Hết buổi làm việc cuối tuần mà hồ sơ chưa giải quyết xong, trôi sang tuần sau.".to_owned()
        }
        FindingCode::CommitmentMissed => "Chưa giải quyết xong trong thời gian đơn vị đã cam kết.".to_owned(),
        FindingCode::Overdue => format!("Đã quá hạn, hạn giải quyết là {promised}."),
    }
}

fn english(of: &Finding, promised: &str, instead: &str) -> String {
    match of.code {
        FindingCode::SameDayPromise => {
            format!(
                "Promised for {promised}, though this procedure is registered for same-day handling.{instead}"
            )
        }
        FindingCode::WeekRolloverPromise => {
            format!(
                "Promised for {promised}, which is next week, against the commitment to put nothing taken on a Friday, or on the week's last working day, off to next week.{instead}"
            )
        }
        FindingCode::CommitmentPromise => {
            format!("Promised for {promised}, later than the unit's commitment.{instead}")
        }
        FindingCode::PromiseBeyondLimit => {
            format!("Promised for {promised}, later than the statutory limit.{instead}")
        }
        FindingCode::PromiseOnDayOff => {
            format!("Promised for {promised}, when the counter is closed.{instead}")
        }
        FindingCode::SameDayMissed => "Not resolved on the day, as the unit had committed to.".to_owned(),
        FindingCode::WeekRolloverMissed => {
            "Still open after the week's last session: it rolled over into next week.".to_owned()
        }
        FindingCode::CommitmentMissed => "Not resolved within the time the unit had committed to.".to_owned(),
        FindingCode::Overdue => format!("Overdue: it was due on {promised}."),
    }
}

fn instead(lang: Lang, at: DateTime<Utc>) -> String {
    let at = moments::time_weekday_and_date(lang, at);
    match lang {
        Lang::Vi => format!(" Nên hẹn chậm nhất {at}."),
        Lang::En => format!(" Promise {at} at the latest."),
    }
}

/// The law behind a finding that names no source of its own.
pub fn law(code: FindingCode) -> &'static str {
    match code {
        FindingCode::Overdue => "NĐ 61/2018/NĐ-CP Đ.19",
        FindingCode::PromiseBeyondLimit => "NĐ 61/2018/NĐ-CP Đ.17",
        FindingCode::PromiseOnDayOff => "BLDS 2015 Đ.148(5)",
        FindingCode::SameDayPromise
        | FindingCode::SameDayMissed
        | FindingCode::WeekRolloverPromise
        | FindingCode::WeekRolloverMissed
        | FindingCode::CommitmentPromise
        | FindingCode::CommitmentMissed => "",
    }
}
