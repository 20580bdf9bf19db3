//! Findings, listed and counted, and the lens on numbers that look odd.

use crate::domain::finding::ClearedWhy;
use crate::domain::finding_counts::FindingsBy;
use crate::domain::integrity::{IntegrityBy, MINIMUM_BASE, MINIMUM_COUNT};
use crate::text::{Lang, numbers};

labels! {
    /// The list of findings, and their numbers.
    FindingWords by finding_words {
        title: "Vi phạm, cảnh báo", "Findings";
        rule: "Loại", "Rule";
        any_rule: "tất cả các loại", "all rules";
        unit: "Đơn vị", "Unit";
        any_unit: "tất cả đơn vị được xem", "all units you see";
        state: "Trạng thái", "State";
        any_state: "còn hiệu lực và đã hết", "open and cleared";
        open: "còn hiệu lực", "open";
        cleared: "đã hết", "cleared";
        from: "Phát sinh từ ngày", "Seen from";
        to: "đến hết ngày", "to";
        dossier: "Hồ sơ", "Dossier";
        what: "Nội dung", "What";
        source: "Căn cứ", "Source";
        seen: "Phát sinh", "Since";
        nobody: "chưa phân công", "nobody";
        none: "Không có cảnh báo nào như vậy.", "There are no such findings.";
        numbers_title: "Số liệu vi phạm, cảnh báo trong kỳ", "Findings of the period";
        group_by: "Xếp theo", "Rows by";
        opened: "Phát sinh trong kỳ", "Opened in the period";
        still: "Còn hiệu lực", "Still open";
        closed: "Hết do kết thúc hồ sơ", "Cleared: closed";
        corrected: "Hết do đính chính", "Cleared: corrected";
        apologised: "Hết do đã xin lỗi", "Cleared: apologised";
        redated: "Hết do lịch thay đổi", "Cleared: new calendar";
        of_which: "Trong đó", "Of which";
    }
}

labels! {
    /// The lens on numbers that look odd.
    IntegrityWords by integrity_words {
        title: "Đối chiếu số liệu", "Integrity";
        group_by: "So sánh", "Set beside each other";
        minutes: "Số phút cuối ngày", "The day's last minutes";
        look: "Xem ở đây", "Look here";
        look_lead: "Những nơi số liệu khác hẳn phần còn lại", "Where the numbers differ from all the others'";
        nothing: "Không có số liệu nào khác hẳn phần còn lại.", "Nothing stands out.";
        all: "Tất cả số liệu", "All numbers";
        sign: "Dấu hiệu", "Sign";
        own: "Số hồ sơ có dấu hiệu", "Dossiers with it";
        peers: "Phần còn lại", "The others";
        chance: "Xác suất ngẫu nhiên", "Chance";
        remark: "Nhận xét", "Remark";
        how: "Cách đối chiếu", "How it is told";
    }
}

/// How it is decided what stands out.
pub(crate) fn rule(lang: Lang) -> String {
    match lang {
        Lang::Vi => format!(
            "Mỗi dòng được so với tất cả các dòng còn lại gộp chung. Chỉ nêu “xem ở đây” khi có ít nhất {MINIMUM_COUNT} hồ sơ có dấu hiệu, cả hai bên có ít nhất {MINIMUM_BASE} hồ sơ, và nếu mọi người như nhau thì ngẫu nhiên chỉ cho ra con số ấy chưa đến 1 lần trong 1.000 (phép thử Fisher, một phía). Ít hồ sơ hơn thì không nói gì: “—”."
        ),
        Lang::En => format!(
            "Each row is set beside all the others together. It says “look here” only with at least {MINIMUM_COUNT} dossiers that have the sign, at least {MINIMUM_BASE} dossiers on either side, and where chance would bring so many less than once in 1,000 times were all alike (Fisher's exact test, one-sided). Of fewer nothing is said: “—”."
        ),
    }
}

/// A chance as a number: at least "1 trên 1.000.000".
pub(crate) fn chance(lang: Lang, of: Option<f64>) -> String {
    match of {
        None => numbers::NONE.to_owned(),
        Some(of) if of < 0.000_001 => match lang {
            Lang::Vi => "dưới 0,000001".to_owned(),
            Lang::En => "under 0.000001".to_owned(),
        },
        Some(of) => numbers::decimal(lang, of, if of < 0.01 { 6 } else { 2 }),
    }
}

/// Why a finding matters no more.
pub(crate) fn cleared(lang: Lang, of: ClearedWhy) -> &'static str {
    match (lang, of) {
        (Lang::Vi, ClearedWhy::Closed) => "đã hết: hồ sơ đã kết thúc",
        (Lang::Vi, ClearedWhy::Corrected) => "đã hết: đã đính chính",
        (Lang::Vi, ClearedWhy::Apologised) => "đã hết: đã xin lỗi",
        (Lang::Vi, ClearedWhy::Redated) => "đã hết: lịch thay đổi",
        (Lang::En, ClearedWhy::Closed) => "cleared: closed",
        (Lang::En, ClearedWhy::Corrected) => "cleared: corrected",
        (Lang::En, ClearedWhy::Apologised) => "cleared: apologised",
        (Lang::En, ClearedWhy::Redated) => "cleared: new calendar",
    }
}

/// What a row of the findings' numbers stands for.
pub(crate) fn findings_by(lang: Lang, of: FindingsBy) -> &'static str {
    match (lang, of) {
        (Lang::Vi, FindingsBy::Kind) => "Loại",
        (Lang::Vi, FindingsBy::Unit) => "Đơn vị",
        (Lang::Vi, FindingsBy::Officer) => "Cán bộ",
        (Lang::En, FindingsBy::Kind) => "Rule",
        (Lang::En, FindingsBy::Unit) => "Unit",
        (Lang::En, FindingsBy::Officer) => "Officer",
    }
}

/// Whom the lens is on.
pub(crate) fn integrity_by(lang: Lang, of: IntegrityBy) -> &'static str {
    match (lang, of) {
        (Lang::Vi, IntegrityBy::Officer) => "Cán bộ",
        (Lang::Vi, IntegrityBy::Unit) => "Đơn vị",
        (Lang::En, IntegrityBy::Officer) => "Officer",
        (Lang::En, IntegrityBy::Unit) => "Unit",
    }
}

/// How many findings there are in all.
pub(crate) fn found(lang: Lang, of: i64) -> String {
    let n = numbers::count(lang, of.unsigned_abs());
    match lang {
        Lang::Vi => format!("{n} cảnh báo"),
        Lang::En => format!("{n} findings"),
    }
}

/// As many whole words of a text as so many letters hold, and a sign that there is more.
pub(crate) fn shortened(text: &str, letters: usize) -> String {
    if text.chars().count() <= letters {
        return text.to_owned();
    }
    let mut kept = String::new();
    for word in text.split_whitespace() {
        if kept.chars().count() + word.chars().count() >= letters {
            break;
        }
        kept.push_str(word);
        kept.push(' ');
    }
    format!("{}…", kept.trim_end_matches([' ', ',', ';']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_cut_between_words() {
        assert_eq!(shortened("Chứng thực bản sao", 40), "Chứng thực bản sao");
        assert_eq!(shortened("Chứng thực bản sao, từ bản chính", 21), "Chứng thực bản sao…");
        assert_eq!(shortened("Chứngthựcbảnsao", 4), "…");
    }
}
