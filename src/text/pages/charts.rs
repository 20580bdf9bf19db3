//! What charts say: to who looks at them, and to who hears them.

use crate::domain::statistics::Rate;
use crate::text::Lang;
use crate::text::shares::share;

/// A level of the axis, in hundredths.
pub(crate) fn level(lang: Lang, hundredths: u32) -> String {
    match lang {
        Lang::Vi => format!("{hundredths}\u{a0}%"),
        Lang::En => format!("{hundredths}%"),
    }
}

/// A point: its step, its share, and whether the step still runs.
pub(crate) fn point(lang: Lang, label: &str, rate: Rate, over: bool) -> String {
    let running = match (over, lang) {
        (true, _) => "",
        (false, Lang::Vi) => " (chưa hết kỳ)",
        (false, Lang::En) => " (still running)",
    };
    format!("{label}: {}{running}", share(lang, rate))
}

/// The whole of a chart, in a sentence: its newest, lowest and highest step.
pub(crate) fn summary(lang: Lang, newest: &str, lowest: &str, highest: &str) -> String {
    match lang {
        Lang::Vi => format!(
            "Gần nhất: {newest}; thấp nhất: {lowest}; cao nhất: {highest}. Số liệu từng kỳ ở bảng kèm theo."
        ),
        Lang::En => format!(
            "Newest: {newest}; lowest: {lowest}; highest: {highest}. The numbers of each period are in the table beside it."
        ),
    }
}
