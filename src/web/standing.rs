//! The mark that says where a dossier stands: a sign and words, whose colour only repeats them. What it stands for, [`crate::domain::standing`] says.
//!
//! In a template: `{% import "standing.html" as standing %}`, then `{% call standing::mark(of) %}{% endcall %}` with a [`Mark`].

use crate::domain::dossier::Outcome;
use crate::domain::standing::Standing;
use crate::text::Lang;
use crate::text::pages::standing as words;

/// What a template draws.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    /// A sign, for those who do not tell colours apart; hidden from who listens.
    pub(super) sign: &'static str,
    /// "sắp đến hạn".
    pub(super) words: String,
    /// Of the style sheet's `.mark`: `good`, `soon`, `today`, `late`, or nothing.
    pub(super) class: &'static str,
    /// "còn 3 giờ 20 phút làm việc"; where no time runs, nothing.
    pub(super) left: Option<String>,
}

impl Mark {
    /// The mark of where a dossier stands.
    pub(super) fn of(lang: Lang, standing: Standing) -> Mark {
        let (sign, class) = look(standing);
        Mark { sign, words: words::mark(lang, standing), class, left: words::left(lang, standing) }
    }
}

fn look(of: Standing) -> (&'static str, &'static str) {
    match of {
        Standing::Within(_) => ("○", ""),
        Standing::Soon(_) => ("◔", "soon"),
        Standing::Today(_) => ("◕", "today"),
        Standing::Overdue { .. } => ("!", "late"),
        Standing::Waiting | Standing::Paused => ("‖", ""),
        Standing::Closed { outcome: Some(Outcome::Late), .. } => ("✕", "late"),
        Standing::Closed { .. } => ("✓", "good"),
    }
}
