//! The pages behind links in mails: what one button does, and what came of it. They hold no script and load nothing.

use askama::Template;
use chrono::NaiveDate;

use super::{Lang, moments};
use crate::domain::alert::Topic;

/// What a page says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkPage<'a> {
    /// The mails of a rule may be turned off, or on again.
    OptDown {
        /// What they are about; `None` when the rule is gone.
        topic: Option<Topic>,
        /// Whether they are off.
        off: bool,
    },
    /// A letter of the ladder may be acknowledged.
    Acknowledge {
        /// The dossiers that are still open.
        open: &'a [String],
        /// How many are closed by now.
        closed: usize,
        /// The days that may be chosen.
        days: &'a [NaiveDate],
        /// The day that was.
        until: Option<NaiveDate>,
    },
    /// It is no link of ours.
    Forged,
    /// Its time is over.
    Expired,
    /// What it was about is gone.
    Gone,
    /// The day chosen is none of those offered.
    NoSuchDay,
    /// The service cannot do it now.
    Unavailable,
}

struct Button {
    name: &'static str,
    value: &'static str,
    words: &'static str,
}

struct Choice {
    words: &'static str,
    days: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "link.html", config = "src/text/askama.toml")]
struct Html<'a> {
    language: &'static str,
    nonce: &'a str,
    title: String,
    said: Vec<String>,
    codes: &'a [String],
    choice: Option<Choice>,
    button: Option<Button>,
}

/// The page as HTML; its one style sheet is allowed by `nonce`.
///
/// # Errors
/// Only when the template cannot be rendered, which no input brings about.
pub fn page(lang: Lang, of: &LinkPage<'_>, nonce: &str) -> Result<String, askama::Error> {
    let (title, said) = words(lang, of);
    let codes: &[String] = if let LinkPage::Acknowledge { open, .. } = of { open } else { &[] };
    let page = Html {
        language: lang.tag(),
        nonce,
        title,
        said,
        codes,
        choice: choice(lang, of),
        button: button(lang, of),
    };
    page.render()
}

fn choice(lang: Lang, of: &LinkPage<'_>) -> Option<Choice> {
    let LinkPage::Acknowledge { days, open, .. } = of else { return None };
    let words = match lang {
        Lang::Vi => "Nếu hồ sơ vẫn chưa xong, nhắc lại tôi vào ngày",
        Lang::En => "If they are still open, remind me on",
    };
    let days: Vec<_> = days.iter().map(|day| (day.to_string(), moments::day(lang, *day))).collect();
    (!open.is_empty()).then_some(Choice { words, days })
}

fn button(lang: Lang, of: &LinkPage<'_>) -> Option<Button> {
    let button = |name, value, words| Some(Button { name, value, words });
    match (lang, of) {
        (Lang::Vi, LinkPage::OptDown { off: false, .. }) => button("do", "stop", "Ngừng nhận loại thư này"),
        (Lang::En, LinkPage::OptDown { off: false, .. }) => {
            button("do", "stop", "Stop receiving this kind of mail")
        }
        (Lang::Vi, LinkPage::OptDown { off: true, .. }) => button("do", "resume", "Nhận lại loại thư này"),
        (Lang::En, LinkPage::OptDown { off: true, .. }) => {
            button("do", "resume", "Receive this kind of mail again")
        }
        (_, LinkPage::Acknowledge { open: [], .. }) => None,
        (Lang::Vi, LinkPage::Acknowledge { .. }) => button("do", "acknowledge", "Xác nhận đã biết"),
        (Lang::En, LinkPage::Acknowledge { .. }) => button("do", "acknowledge", "Say that I know"),
        _ => None,
    }
}

fn words(lang: Lang, of: &LinkPage<'_>) -> (String, Vec<String>) {
    match lang {
        Lang::Vi => vietnamese(of),
        Lang::En => english(of),
    }
}

fn vietnamese(of: &LinkPage<'_>) -> (String, Vec<String>) {
    let page =
        |title: &str, said: &[&str]| (title.to_owned(), said.iter().map(|of| (*of).to_owned()).collect());
    match of {
        LinkPage::OptDown { topic, off: false } => (
            "Ngừng nhận thư".to_owned(),
            vec![format!("Ông/bà đang nhận thư «{}».", topic_vi(*topic)),
                 "Sau khi ngừng, thư này không được gửi nữa cho đến khi ông/bà nhận lại bằng chính đường dẫn này, hoặc quản trị viên của đơn vị mở lại.".to_owned()],
        ),
        LinkPage::OptDown { topic, off: true } => (
            "Đã ngừng nhận thư".to_owned(),
            vec![format!("Thư «{}» không còn được gửi cho ông/bà.", topic_vi(*topic)),
                 "Ông/bà có thể nhận lại bất cứ lúc nào bằng nút dưới đây; quản trị viên của đơn vị cũng mở lại được.".to_owned()],
        ),
        LinkPage::Acknowledge { open: [], .. } => page("Các hồ sơ đã giải quyết xong", &["Mọi hồ sơ trong thư đã được giải quyết xong hoặc kết thúc. Xin cảm ơn ông/bà."]),
        LinkPage::Acknowledge { open, closed, until, .. } => {
            let title = if until.is_some() { "Đã ghi nhận" } else { "Xác nhận đã biết hồ sơ quá hạn" };
            let mut said = Vec::new();
            if let Some(day) = until {
                said.push(format!(
                    "Hệ thống đã ghi nhận ông/bà biết các hồ sơ này. Nếu vẫn chưa xong, ông/bà được nhắc lại vào {}. Có thể chọn ngày khác.",
                    moments::day(Lang::Vi, *day)
                ));
            }
            said.push(format!("{} hồ sơ trong thư còn chưa giải quyết xong:", open.len()));
            if *closed > 0 {
                said.insert(said.len() - 1, format!("{closed} hồ sơ đã giải quyết xong."));
            }
            (title.to_owned(), said)
        }
        LinkPage::Forged => page("Đường dẫn không đúng", &["Đường dẫn này không phải do hệ thống tạo ra, hoặc đã bị cắt bớt hay sửa đổi. Không có gì được thay đổi. Xin mở lại đường dẫn trong thư."]),
        LinkPage::Expired => page("Đường dẫn đã hết hạn", &["Không có gì được thay đổi. Xin dùng đường dẫn trong thư mới nhất."]),
        LinkPage::Gone => page("Thư này không còn hiệu lực", &["Nội dung mà đường dẫn nói đến không còn nữa. Không có gì được thay đổi."]),
        LinkPage::NoSuchDay => page("Chưa chọn được ngày", &["Ngày nhắc lại phải là một trong năm ngày làm việc sắp tới. Không có gì được thay đổi. Xin mở lại đường dẫn trong thư và chọn lại."]),
        LinkPage::Unavailable => page("Hệ thống đang gián đoạn", &["Chưa thực hiện được yêu cầu. Xin thử lại sau ít phút."]),
    }
}

fn english(of: &LinkPage<'_>) -> (String, Vec<String>) {
    let page =
        |title: &str, said: &[&str]| (title.to_owned(), said.iter().map(|of| (*of).to_owned()).collect());
    match of {
        LinkPage::OptDown { topic, off: false } => (
            "Stop receiving a mail".to_owned(),
            vec![format!("You receive the mail “{}”.", topic_en(*topic)),
                 "Once stopped, it is not sent to you until you turn it on again by this same link, or an administrator of your unit does.".to_owned()],
        ),
        LinkPage::OptDown { topic, off: true } => (
            "The mail is stopped".to_owned(),
            vec![format!("The mail “{}” is no longer sent to you.", topic_en(*topic)),
                 "You can receive it again at any time by the button below; an administrator of your unit can turn it on, too.".to_owned()],
        ),
        LinkPage::Acknowledge { open: [], .. } => page("All of them are closed", &["Every dossier of the mail has been resolved or closed. Thank you."]),
        LinkPage::Acknowledge { open, closed, until, .. } => {
            let title = if until.is_some() { "Noted" } else { "Say that you know of the overdue dossiers" };
            let mut said = Vec::new();
            if let Some(day) = until {
                said.push(format!(
                    "It is noted that you know of these dossiers. If they are still open, you are reminded on {}. You may choose another day.",
                    moments::day(Lang::En, *day)
                ));
            }
            if *closed > 0 {
                said.push(format!("Closed by now: {closed}."));
            }
            said.push(format!("Still open: {}.", open.len()));
            (title.to_owned(), said)
        }
        LinkPage::Forged => page("The link is not right", &["This link was not made by this service, or was cut or changed. Nothing was done. Please open the link in the mail again."]),
        LinkPage::Expired => page("The link has expired", &["Nothing was done. Please use the link in the newest mail."]),
        LinkPage::Gone => page("This mail no longer holds", &["What the link is about is gone. Nothing was done."]),
        LinkPage::NoSuchDay => page("No such day", &["The day has to be one of the next five working days. Nothing was done. Please open the link in the mail again and choose."]),
        LinkPage::Unavailable => page("The service is interrupted", &["Your request could not be carried out yet. Please try again in some minutes."]),
    }
}

fn topic_vi(of: Option<Topic>) -> &'static str {
    match of {
        None => "cảnh báo hồ sơ",
        Some(Topic::MorningDigest) => "Việc cần xử lý đầu ngày",
        Some(Topic::Overdue) => "Hồ sơ quá hạn",
        Some(Topic::DueToday) => "Hồ sơ đến hạn hôm nay",
        Some(Topic::DueWithin) => "Hồ sơ sắp đến hạn",
        Some(Topic::CommittedToday) => "Hồ sơ cam kết trong ngày chưa xong",
        Some(Topic::WeekRollover) => "Hồ sơ sẽ trôi sang tuần sau",
        Some(Topic::ApologyDue) => "Hồ sơ đến hạn gửi văn bản xin lỗi",
        Some(Topic::MissedToday) => "Hồ sơ lỡ hẹn trong ngày",
        Some(Topic::WeeklyNumbers) => "Số liệu tuần",
        Some(Topic::CalendarHorizon) => "Lịch nghỉ chưa công bố",
        Some(Topic::LedgerAnchor) => "Dấu niêm sổ cái",
        Some(Topic::Escalation) => "Báo vượt cấp hồ sơ quá hạn",
    }
}

fn topic_en(of: Option<Topic>) -> &'static str {
    match of {
        None => "alerts about dossiers",
        Some(Topic::MorningDigest) => "The day's dossiers",
        Some(Topic::Overdue) => "Overdue dossiers",
        Some(Topic::DueToday) => "Dossiers due today",
        Some(Topic::DueWithin) => "Dossiers due soon",
        Some(Topic::CommittedToday) => "Dossiers committed for today and still open",
        Some(Topic::WeekRollover) => "Dossiers about to roll over into next week",
        Some(Topic::ApologyDue) => "Dossiers with an apology slip due",
        Some(Topic::MissedToday) => "Dossiers missed today",
        Some(Topic::WeeklyNumbers) => "The week in numbers",
        Some(Topic::CalendarHorizon) => "Days off not yet published",
        Some(Topic::LedgerAnchor) => "Anchors of the ledger",
        Some(Topic::Escalation) => "Overdue dossiers up the ladder",
    }
}
