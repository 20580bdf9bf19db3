//! Headings of the report forms.

use super::Lang;
use crate::domain::dossier::Channel;
use crate::domain::statistics::GroupBy;

/// The heading of rows by `group_by`: column (2) of form II.06a/VPCP.
#[must_use]
pub fn row_heading(lang: Lang, group_by: GroupBy) -> &'static str {
    match (lang, group_by) {
        (Lang::Vi, GroupBy::Unit) => "Đơn vị",
        (Lang::Vi, GroupBy::Sector) => "Lĩnh vực giải quyết",
        (Lang::Vi, GroupBy::Procedure) => "Thủ tục hành chính",
        (Lang::Vi, GroupBy::Officer) => "Cán bộ",
        (Lang::Vi, GroupBy::Channel) => "Hình thức tiếp nhận",
        (Lang::En, GroupBy::Unit) => "Unit",
        (Lang::En, GroupBy::Sector) => "Sector",
        (Lang::En, GroupBy::Procedure) => "Procedure",
        (Lang::En, GroupBy::Officer) => "Officer",
        (Lang::En, GroupBy::Channel) => "Received by",
    }
}

/// The headings of form II.06a/VPCP, columns (3) to (13), in order.
#[must_use]
pub fn processing_headings(lang: Lang) -> [&'static str; 11] {
    match lang {
        Lang::Vi => [
            "Tiếp nhận: Tổng số",
            "Tiếp nhận: Trong kỳ, trực tuyến",
            "Tiếp nhận: Trong kỳ, trực tiếp và dịch vụ bưu chính",
            "Tiếp nhận: Từ kỳ trước chuyển qua",
            "Đã giải quyết: Tổng số",
            "Đã giải quyết: Trước hạn",
            "Đã giải quyết: Đúng hạn",
            "Đã giải quyết: Quá hạn",
            "Đang giải quyết: Tổng số",
            "Đang giải quyết: Trong hạn",
            "Đang giải quyết: Quá hạn",
        ],
        Lang::En => [
            "Received: total",
            "Received: in the period, online",
            "Received: in the period, in person and by post",
            "Received: carried over from the period before",
            "Resolved: total",
            "Resolved: early",
            "Resolved: on time",
            "Resolved: late",
            "In progress: total",
            "In progress: within the limit",
            "In progress: overdue",
        ],
    }
}

/// The heading of the row's number: column (1).
#[must_use]
pub fn number_heading(lang: Lang) -> &'static str {
    match lang {
        Lang::Vi => "TT",
        Lang::En => "No.",
    }
}

/// The name of the row of sums.
#[must_use]
pub fn total(lang: Lang) -> &'static str {
    match lang {
        Lang::Vi => "Tổng cộng",
        Lang::En => "Total",
    }
}

/// The row of dossiers that no officer is in charge of.
#[must_use]
pub fn nobody(lang: Lang) -> &'static str {
    match lang {
        Lang::Vi => "Chưa phân công",
        Lang::En => "Not assigned",
    }
}

/// The name of a way in which dossiers come in, by its word; the word itself for one that is none.
#[must_use]
pub fn channel(lang: Lang, word: &str) -> &str {
    match (lang, Channel::from_word(word)) {
        (Lang::Vi, Some(Channel::InPerson)) => "Trực tiếp",
        (Lang::Vi, Some(Channel::Online)) => "Trực tuyến",
        (Lang::Vi, Some(Channel::Postal)) => "Dịch vụ bưu chính",
        (Lang::En, Some(Channel::InPerson)) => "In person",
        (Lang::En, Some(Channel::Online)) => "Online",
        (Lang::En, Some(Channel::Postal)) => "By post",
        (_, None) => word,
    }
}
