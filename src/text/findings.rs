//! What findings say to the officer, in words.

use chrono::{DateTime, Utc};

use super::{Lang, moments};
use crate::domain::finding::{Finding, FindingCode};
use crate::domain::office_time::local_date;

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
    let act = of.act_at.map(|at| format!(" {}", moments::day(Lang::Vi, local_date(at)))).unwrap_or_default();
    let recorded = moments::day(Lang::Vi, local_date(of.first_seen_at));
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
        FindingCode::ApologyMissing => {
            "Đã quá hạn mà chưa có văn bản xin lỗi và đề nghị gia hạn đúng thời gian quy định.".to_owned()
        }
        FindingCode::SecondReappointment => {
            format!("Hẹn lại{act} là lần thứ hai trở lên; chỉ được hẹn lại một lần.")
        }
        FindingCode::SecondSupplement => {
            format!("Yêu cầu bổ sung{act} là lần thứ hai trở lên; chỉ được yêu cầu bổ sung một lần.")
        }
        FindingCode::SupplementLate => {
            format!("Yêu cầu bổ sung{act}, quá 03 ngày làm việc kể từ khi tiếp nhận.")
        }
        FindingCode::PausedWhenDue => {
            format!("Tạm dừng hoặc yêu cầu bổ sung{act}, đúng vào ngày hẹn trả {promised} hoặc sau ngày đó.")
        }
        FindingCode::Backdated => {
            format!("Ghi nhận vào hệ thống {recorded}, chậm so với thời điểm được khai là đã thực hiện{act}.")
        }
        FindingCode::ClosedWithoutResult => {
            format!("Dừng xử lý hoặc rút hồ sơ{act}, đúng vào ngày hẹn trả {promised} hoặc sau ngày đó.")
        }
    }
}

fn english(of: &Finding, promised: &str, instead: &str) -> String {
    let act =
        of.act_at.map(|at| format!(" on {}", moments::day(Lang::En, local_date(at)))).unwrap_or_default();
    let recorded = moments::day(Lang::En, local_date(of.first_seen_at));
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
        FindingCode::ApologyMissing => {
            "Overdue, and no apology slip with a new appointment was given in time.".to_owned()
        }
        FindingCode::SecondReappointment => {
            format!("Appointed anew{act} for a second time or more; once is allowed.")
        }
        FindingCode::SecondSupplement => {
            format!("A supplement was asked for{act} for a second time or more; once is allowed.")
        }
        FindingCode::SupplementLate => {
            format!("A supplement was asked for{act}, more than 3 working days after the receipt.")
        }
        FindingCode::PausedWhenDue => {
            format!("Paused or sent back{act}, on the due day, {promised}, or after it.")
        }
        FindingCode::Backdated => {
            format!("Recorded on {recorded}, long after it is said to have happened{act}.")
        }
        FindingCode::ClosedWithoutResult => {
            format!("Stopped or withdrawn{act}, on the due day, {promised}, or after it.")
        }
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
        FindingCode::ApologyMissing | FindingCode::SecondReappointment => "NĐ 61/2018/NĐ-CP Đ.19(9)",
        FindingCode::SecondSupplement => "NĐ 118/2025/NĐ-CP Đ.11; QĐ 766/QĐ-TTg",
        FindingCode::SupplementLate => "NĐ 61/2018/NĐ-CP Đ.19(4)",
        // Signs to look at, which no law names as such.
        FindingCode::PausedWhenDue | FindingCode::Backdated | FindingCode::ClosedWithoutResult => "",
        FindingCode::PromiseOnDayOff => "BLDS 2015 Đ.148(5)",
        FindingCode::SameDayPromise
        | FindingCode::SameDayMissed
        | FindingCode::WeekRolloverPromise
        | FindingCode::WeekRolloverMissed
        | FindingCode::CommitmentPromise
        | FindingCode::CommitmentMissed => "",
    }
}
