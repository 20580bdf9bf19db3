//! Where a dossier stands, in the few words of a mark, and the working time that is left.

use crate::domain::dossier::{ClosedAs, Outcome};
use crate::domain::standing::{Left, Standing};
use crate::text::{Lang, alert_words};

/// The words of the mark: "sắp đến hạn", "quá hạn 3 ngày làm việc", "đã có kết quả, đúng hạn".
pub(crate) fn mark(lang: Lang, of: Standing) -> String {
    let plain = match (lang, of) {
        (Lang::Vi, Standing::Within(_)) => "còn hạn",
        (Lang::Vi, Standing::Soon(_)) => "sắp đến hạn",
        (Lang::Vi, Standing::Today(_)) => "đến hạn hôm nay",
        (Lang::Vi, Standing::Waiting) => "chờ bổ sung",
        (Lang::Vi, Standing::Paused) => "tạm dừng",
        (Lang::En, Standing::Within(_)) => "within limit",
        (Lang::En, Standing::Soon(_)) => "due soon",
        (Lang::En, Standing::Today(_)) => "due today",
        (Lang::En, Standing::Waiting) => "awaiting supplement",
        (Lang::En, Standing::Paused) => "paused",
        (_, Standing::Overdue { days, minutes }) => return alert_words::time_late(lang, days, minutes),
        (_, Standing::Closed { way, returned, outcome, days_late }) => {
            let closed = closed(lang, way, returned);
            let punctual = outcome.map(|of| format!(", {}", outcome_words(lang, of, days_late)));
            return format!("{closed}{}", punctual.unwrap_or_default());
        }
    };
    plain.to_owned()
}

/// "còn 3 giờ 20 phút làm việc", "còn 2 ngày làm việc"; nothing where no time runs, or none is left to run.
pub(crate) fn left(lang: Lang, of: Standing) -> Option<String> {
    match of {
        Standing::Within(left) | Standing::Soon(left) | Standing::Today(left) => Some(match left {
            Left::Minutes(minutes) => alert_words::time_left(lang, minutes),
            Left::Days(days) => days_left(lang, days),
        }),
        Standing::Overdue { .. } | Standing::Waiting | Standing::Paused | Standing::Closed { .. } => None,
    }
}

fn days_left(lang: Lang, days: u32) -> String {
    match (lang, days) {
        // On a day off, and due on another before work begins again.
        (Lang::Vi, 0) => "không còn ngày làm việc".to_owned(),
        (Lang::Vi, _) => format!("còn {days} ngày làm việc"),
        (Lang::En, 0) => "no working day left".to_owned(),
        (Lang::En, _) => format!("{} left", alert_words::working_days(days)),
    }
}

/// In which way it was closed.
pub(crate) fn closed(lang: Lang, way: ClosedAs, returned: bool) -> &'static str {
    match (lang, way) {
        (Lang::Vi, ClosedAs::Resolved) if returned => "đã trả kết quả",
        (Lang::Vi, ClosedAs::Resolved) => "đã có kết quả",
        (Lang::Vi, ClosedAs::Refused) => "từ chối giải quyết",
        (Lang::Vi, ClosedAs::Withdrawn) => "công dân rút hồ sơ",
        (Lang::Vi, ClosedAs::Stopped) => "dừng xử lý",
        (Lang::En, ClosedAs::Resolved) if returned => "returned",
        (Lang::En, ClosedAs::Resolved) => "resolved",
        (Lang::En, ClosedAs::Refused) => "refused",
        (Lang::En, ClosedAs::Withdrawn) => "withdrawn",
        (Lang::En, ClosedAs::Stopped) => "stopped",
    }
}

fn outcome_words(lang: Lang, of: Outcome, days_late: u32) -> String {
    match (lang, of) {
        (Lang::Vi, Outcome::Late) if days_late > 0 => format!("quá hạn {days_late} ngày làm việc"),
        (Lang::En, Outcome::Late) if days_late > 0 => {
            format!("{} late", alert_words::working_days(days_late))
        }
        _ => outcome(lang, of).to_owned(),
    }
}

/// How punctual a closing was.
pub(crate) fn outcome(lang: Lang, of: Outcome) -> &'static str {
    match (lang, of) {
        (Lang::Vi, Outcome::Early) => "trước hạn",
        (Lang::Vi, Outcome::OnTime) => "đúng hạn",
        (Lang::Vi, Outcome::Late) => "quá hạn",
        (Lang::En, Outcome::Early) => "early",
        (Lang::En, Outcome::OnTime) => "on time",
        (Lang::En, Outcome::Late) => "late",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_standing_has_its_words_in_both_languages() {
        let closed = |way, returned, outcome, days_late| Standing::Closed {
            way,
            returned,
            outcome: Some(outcome),
            days_late,
        };
        let all = [
            Standing::Within(Left::Days(4)),
            Standing::Soon(Left::Days(1)),
            Standing::Soon(Left::Minutes(270)),
            Standing::Today(Left::Minutes(200)),
            Standing::Today(Left::Minutes(0)),
            Standing::Overdue { days: 0, minutes: 45 },
            Standing::Overdue { days: 3, minutes: 1500 },
            Standing::Waiting,
            Standing::Paused,
            closed(ClosedAs::Resolved, false, Outcome::Early, 0),
            closed(ClosedAs::Resolved, true, Outcome::OnTime, 0),
            closed(ClosedAs::Refused, false, Outcome::Late, 2),
        ];
        let told = all.map(|of| {
            [Lang::Vi, Lang::En]
                .map(|lang| {
                    format!("{} ({})", mark(lang, of), left(lang, of).unwrap_or_default())
                        .replace('\u{a0}', " ")
                })
                .join(" | ")
        });
        insta::assert_snapshot!(told.join("\n"), @r"
        còn hạn (còn 4 ngày làm việc) | within limit (4 working days left)
        sắp đến hạn (còn 1 ngày làm việc) | due soon (1 working day left)
        sắp đến hạn (còn 4 giờ 30 phút làm việc) | due soon (4 h 30 min of working time left)
        đến hạn hôm nay (còn 3 giờ 20 phút làm việc) | due today (3 h 20 min of working time left)
        đến hạn hôm nay (đã hết giờ làm việc) | due today (no working time left)
        quá hạn 45 phút làm việc () | overdue by 45 min of working time ()
        quá hạn 3 ngày làm việc () | 3 working days overdue ()
        chờ bổ sung () | awaiting supplement ()
        tạm dừng () | paused ()
        đã có kết quả, trước hạn () | resolved, early ()
        đã trả kết quả, đúng hạn () | returned, on time ()
        từ chối giải quyết, quá hạn 2 ngày làm việc () | refused, 2 working days late ()
        ");
    }
}
