//! What the pages of the desk are drawn from: the place they are about, rows of what presses, addresses.

use chrono::{DateTime, Utc};

use crate::app::desk::PlaceView;
use crate::app::desk::pressing::Friday;
use crate::app::view::in_path;
use crate::domain::alert::{Kind, Outlook, Urgency};
use crate::domain::statistics::Rate;
use crate::text::Lang;
use crate::text::alerts::Line;
use crate::text::pages::desk::{self as text, DeskWords};
use crate::text::shares;

/// With so many minutes of working time left, a row is marked as the most pressing.
const SOON: u32 = 120;

/// A unit that can be gone to.
pub(super) struct Unit {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) href: String,
}

/// Of which unit a page is, and when it is looked at.
pub(super) struct Place {
    /// The page's own address, for the chooser of a unit.
    pub(super) address: &'static str,
    pub(super) name: String,
    pub(super) moment: String,
    pub(super) working: bool,
    pub(super) above: Vec<Unit>,
    pub(super) below: Vec<Unit>,
}

impl Place {
    pub(super) fn of(lang: Lang, address: &'static str, view: &PlaceView) -> Place {
        let unit = |of: &crate::app::desk::UnitView| Unit {
            code: of.code.clone(),
            name: of.name.clone(),
            href: with_unit(address, &of.code),
        };
        Place {
            address,
            name: view.unit.name.clone(),
            moment: text::moment(lang, view.now),
            working: view.working,
            above: view.above.iter().map(unit).collect(),
            below: view.below.iter().map(unit).collect(),
        }
    }
}

/// A dossier that presses.
pub(super) struct Row {
    pub(super) sign: &'static str,
    pub(super) class: &'static str,
    pub(super) left: String,
    pub(super) code: String,
    pub(super) href: String,
    pub(super) procedure: String,
    pub(super) officer: Option<String>,
    pub(super) unit: Option<String>,
    pub(super) due: String,
}

/// Rows of what presses.
pub(super) fn rows(lang: Lang, outlook: Outlook, now: DateTime<Utc>, lines: &[Line]) -> Vec<Row> {
    lines.iter().map(|line| row(lang, outlook, now, line)).collect()
}

fn row(lang: Lang, outlook: Outlook, now: DateTime<Utc>, line: &Line) -> Row {
    let minutes = match line.named.urgency {
        Urgency::Savable { minutes_left, .. } => minutes_left,
        Urgency::Missed { .. } | Urgency::Overdue { .. } => 0,
    };
    let (sign, class) = match line.named.kind(outlook) {
        Kind::Savable if minutes <= SOON => ("◕", "soon"),
        Kind::Savable => ("◔", "today"),
        Kind::Overdue => ("!", "late"),
        Kind::Apology => ("✉", ""),
    };
    let dossier = &line.named.dossier;
    Row {
        sign,
        class,
        left: text::time_left(lang, minutes),
        code: dossier.code.clone(),
        href: format!("/dossiers/{}", in_path(&dossier.code)),
        procedure: text::brief(&line.procedure),
        officer: dossier.officer.clone().filter(|name| !name.is_empty()),
        unit: line.unit.clone(),
        due: text::due(lang, &line.named, now),
    }
}

/// Until when what would roll over can be saved.
pub(super) fn until(lang: Lang, w: &DeskWords, of: &Friday, now: DateTime<Utc>) -> Option<String> {
    match (of.last_day, of.closes_at) {
        (None, _) | (_, None) => Some(w.no_working_day.to_owned()),
        _ if of.is_over(now) => Some(w.week_over.to_owned()),
        (Some(day), Some(at)) => Some(text::until(lang, at, day)),
    }
}

/// An address about a unit.
pub(super) fn with_unit(address: &str, unit: &str) -> String {
    let query = serde_urlencoded::to_string([("unit", unit)]).unwrap_or_default();
    format!("{address}?{query}")
}

/// A rate in percent; "—" of nothing.
pub(super) fn percent(lang: Lang, of: Rate) -> String {
    shares::percent(lang, of).unwrap_or_else(|| "—".to_owned())
}
