//! What stands above a report's tables: its period, its unit and the instant it is seen from.

use crate::app::reports::heading::HeadingView;
use crate::text::pages::reports::{asked_words, period};
use crate::text::{Lang, form};

/// The lines above a report.
#[derive(Debug)]
pub(super) struct Titles {
    pub(super) period: String,
    pub(super) as_of: String,
    pub(super) forecast: Option<&'static str>,
}

impl Titles {
    pub(super) fn of(lang: Lang, heading: &HeadingView) -> Titles {
        let label = &heading.period.label;
        Titles {
            period: heading.period.read().map_or_else(|| label.clone(), |of| period(lang, &of)),
            as_of: form::as_of(lang, heading.as_of.0),
            forecast: heading.forecast.then_some(asked_words(lang).forecast),
        }
    }
}
