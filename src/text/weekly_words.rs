//! The words of the weekly mail: those that stand by themselves in one place per language, then its sentences.

use chrono::NaiveDate;

use super::shares::percent;
use super::{Lang, moments};
use crate::domain::period::Period;
use crate::domain::statistics::Tally;

/// What stands by itself.
pub(super) struct Words {
    pub figures_title: &'static str,
    pub before: &'static str,
    pub received: &'static str,
    pub carried_over: &'static str,
    pub resolved: &'static str,
    pub in_progress: &'static str,
    pub early: &'static str,
    pub on_time: &'static str,
    pub late: &'static str,
    pub within_limit: &'static str,
    pub overdue: &'static str,
    pub of_resolved: &'static str,
    pub of_due: &'static str,
    pub report_link: &'static str,
    pub dossiers_link: &'static str,
    pub overdue_link: &'static str,
    pub anchors_title: &'static str,
    pub anchors_meaning: &'static str,
    pub anchors_check: &'static str,
}

const VIETNAMESE: Words = Words {
    figures_title: "Số liệu của tuần",
    before: "Tuần trước đó",
    received: "Tiếp nhận trong tuần",
    carried_over: "Từ tuần trước chuyển sang",
    resolved: "Đã giải quyết",
    in_progress: "Đang giải quyết khi hết tuần",
    early: "trước hạn",
    on_time: "đúng hạn",
    late: "quá hạn",
    within_limit: "trong hạn",
    overdue: "quá hạn",
    of_resolved: "Tỷ lệ trước và đúng hạn trên số đã giải quyết",
    of_due: "Tỷ lệ trước và đúng hạn trên số đến hạn (gồm cả số quá hạn đang chờ)",
    report_link: "Xem báo cáo của tuần",
    dossiers_link: "Xem danh sách hồ sơ đã đếm trong tuần",
    overdue_link: "Xem danh sách hồ sơ hiện đang quá hạn",
    anchors_title: "Dấu niêm sổ cái",
    anchors_meaning: "Sổ cái ghi mọi thao tác trên hồ sơ; mỗi dấu niêm gồm số mục của sổ khi hết ngày và mã băm của mục cuối cùng. Xin giữ lại thư này: nếu sau này lịch sử hồ sơ bị sửa hoặc bị xóa, sổ cái sẽ không còn khớp với dấu niêm.",
    anchors_check: "Để kiểm tra, quản trị hệ thống chép nguyên văn một dấu niêm ở trên vào lệnh hentra ledger verify --anchor SỐ_MỤC:MÃ_BĂM, hoặc vào GET /api/v1/ledger/verify?anchor=SỐ_MỤC:MÃ_BĂM.",
};

const ENGLISH: Words = Words {
    figures_title: "The week in numbers",
    before: "The week before",
    received: "Received in the week",
    carried_over: "Carried over from the week before",
    resolved: "Resolved",
    in_progress: "Open at the week's end",
    early: "early",
    on_time: "on time",
    late: "late",
    within_limit: "within the limit",
    overdue: "overdue",
    of_resolved: "Early or on time, of those resolved",
    of_due: "Early or on time, of those that came due (the overdue still open included)",
    report_link: "See the week's report",
    dossiers_link: "See the dossiers counted in the week",
    overdue_link: "See the dossiers overdue now",
    anchors_title: "Anchors of the ledger",
    anchors_meaning: "The ledger records every act on a dossier; an anchor is the number of its entries at the end of a day and the hash of the last of them. Please keep this mail: should the history of a dossier be changed or deleted later, the ledger will no longer agree with its anchors.",
    anchors_check: "To check, an administrator copies one of the anchors above, whole, into hentra ledger verify --anchor ENTRIES:HEAD, or into GET /api/v1/ledger/verify?anchor=ENTRIES:HEAD.",
};

/// The words of a language.
pub(super) fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::Vi => &VIETNAMESE,
        Lang::En => &ENGLISH,
    }
}

/// "Tuần 16–22/11/2026".
pub(super) fn week(lang: Lang, of: &Period) -> String {
    let days = days(lang, of);
    match lang {
        Lang::Vi => format!("Tuần {days}"),
        Lang::En => format!("Week of {days}"),
    }
}

/// "Tuần 16–22/11/2026: giải quyết 41 hồ sơ, 39 trước và đúng hạn (95,1 %), 2 quá hạn đang chờ"; the share only where it is asked for.
pub(super) fn summary(lang: Lang, week: &Period, of: &Tally, with_share: bool) -> String {
    let week = self::week(lang, week);
    if of.received == 0 {
        return match lang {
            Lang::Vi => format!("{week}: không có hồ sơ nào"),
            Lang::En => format!("{week}: no dossiers at all"),
        };
    }
    let rate = of.on_time_of_resolved();
    let kept = rate.numerator;
    let share = percent(lang, rate).filter(|_| with_share).map(|of| format!(" ({of})")).unwrap_or_default();
    let resolved = match (lang, of.resolved) {
        (Lang::Vi, 0) => "không giải quyết hồ sơ nào".to_owned(),
        (Lang::Vi, all) => format!("giải quyết {all} hồ sơ, {kept} trước và đúng hạn{share}"),
        (Lang::En, 0) => "no dossier resolved".to_owned(),
        (Lang::En, 1) => format!("1 dossier resolved, {kept} early or on time{share}"),
        (Lang::En, all) => format!("{all} dossiers resolved, {kept} early or on time{share}"),
    };
    let waiting = match (lang, of.overdue) {
        (Lang::Vi, 0) => "không còn hồ sơ quá hạn đang chờ".to_owned(),
        (Lang::Vi, some) => format!("{some} quá hạn đang chờ"),
        (Lang::En, 0) => "none overdue and open".to_owned(),
        (Lang::En, some) => format!("{some} overdue and open"),
    };
    format!("{week}: {resolved}, {waiting}")
}

/// Whom it is for, and what the numbers are.
pub(super) fn intro(lang: Lang, unit: &str, week: &Period, before: &Period) -> String {
    let (week, before) = (days(lang, week), days(lang, before));
    match lang {
        Lang::Vi => format!(
            "Kính gửi lãnh đạo {unit}, dưới đây là kết quả tiếp nhận và giải quyết hồ sơ của đơn vị và các đơn vị trực thuộc trong tuần {week}, tính đến hết Chủ nhật, bên cạnh số liệu của tuần trước đó ({before})."
        ),
        Lang::En => format!(
            "For {unit} and the units below it: dossiers received and resolved in the week of {week}, as of the end of Sunday, beside the numbers of the week before ({before})."
        ),
    }
}

/// "16–22/11/2026".
pub(super) fn days(lang: Lang, of: &Period) -> String {
    moments::days(lang, of.from(), of.to())
}

/// A day and how many entries the ledger had when it was over.
pub(super) fn anchored(lang: Lang, day: NaiveDate, entries: Option<i64>) -> String {
    let day = moments::day(lang, day);
    match (lang, entries) {
        (Lang::Vi, None) => format!("{day} – sổ chưa có mục nào"),
        (Lang::Vi, Some(entries)) => format!("{day} – {entries} mục"),
        (Lang::En, None) => format!("{day} – no entries yet"),
        (Lang::En, Some(1)) => format!("{day} – 1 entry"),
        (Lang::En, Some(entries)) => format!("{day} – {entries} entries"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_that_matters_says_what_was_resolved_and_what_is_overdue() {
        let week = Period::between("2026-11-16".parse().unwrap(), "2026-11-22".parse().unwrap()).unwrap();
        let told = |of: Tally, with| {
            let vietnamese = summary(Lang::Vi, &week, &of, with).replace('\u{a0}', " ");
            format!("{vietnamese} | {}", summary(Lang::En, &week, &of, with))
        };
        let busy =
            Tally { received: 45, resolved: 41, early: 30, on_time: 9, overdue: 2, ..Tally::default() };
        let idle = Tally { received: 3, ..Tally::default() };
        let one = Tally { received: 1, resolved: 1, late: 1, ..Tally::default() };
        insta::assert_snapshot!(
            [told(busy, true), told(busy, false), told(idle, true), told(one, true), told(Tally::default(), true)]
                .join("\n"),
            @r#"
        Tuần 16–22/11/2026: giải quyết 41 hồ sơ, 39 trước và đúng hạn (95,1 %), 2 quá hạn đang chờ | Week of 16–22 November 2026: 41 dossiers resolved, 39 early or on time (95.1%), 2 overdue and open
        Tuần 16–22/11/2026: giải quyết 41 hồ sơ, 39 trước và đúng hạn, 2 quá hạn đang chờ | Week of 16–22 November 2026: 41 dossiers resolved, 39 early or on time, 2 overdue and open
        Tuần 16–22/11/2026: không giải quyết hồ sơ nào, không còn hồ sơ quá hạn đang chờ | Week of 16–22 November 2026: no dossier resolved, none overdue and open
        Tuần 16–22/11/2026: giải quyết 1 hồ sơ, 0 trước và đúng hạn (0 %), không còn hồ sơ quá hạn đang chờ | Week of 16–22 November 2026: 1 dossier resolved, 0 early or on time (0%), none overdue and open
        Tuần 16–22/11/2026: không có hồ sơ nào | Week of 16–22 November 2026: no dossiers at all
        "#
        );
    }
}
