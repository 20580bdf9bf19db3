//! A dossier as a row of a table.

use super::super::standing::Mark;
use crate::app::view::{DossierView, in_path};
use crate::domain::act::ActKind;
use crate::domain::office_time::{local, local_date};
use crate::text::pages::dossier as words;
use crate::text::{Lang, date};

/// What a row shows.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// Where it is shown.
    pub(super) href: String,
    pub(super) code: String,
    pub(super) procedure: String,
    pub(super) applicant: Option<String>,
    pub(super) unit: String,
    pub(super) officer: Option<String>,
    pub(super) received: String,
    pub(super) due: String,
    pub(super) mark: Mark,
    /// How many rules it breaks now, in words; nothing where it breaks none.
    pub(super) findings: Option<String>,
    pub(super) finding_count: usize,
    pub(super) version: i64,
    /// What one key does to it.
    pub(super) quick: Option<Quick>,
}

/// An act that needs nothing said about it.
#[derive(Debug, Clone)]
pub(super) struct Quick {
    pub(super) act: &'static str,
    pub(super) words: &'static str,
    pub(super) key: &'static str,
}

impl Row {
    /// The row of a dossier.
    pub(super) fn of(lang: Lang, view: DossierView) -> Row {
        let code = view.code.unwrap_or_default();
        let due = view.due_at.0;
        let count = view.findings.iter().filter(|of| of.cleared_at.is_none()).count();
        Row {
            href: format!("/dossiers/{}", in_path(&code)),
            code,
            procedure: view.names.procedure,
            applicant: view.applicant.map(|of| of.name),
            unit: view.names.unit,
            officer: view.officer,
            received: date(lang, local_date(view.received_at.0)),
            due: format!("{} {}", local(due).format("%H:%M"), date(lang, local_date(due))),
            mark: Mark::of(lang, view.standing),
            findings: (count > 0).then(|| words::findings(lang, count)),
            finding_count: count,
            version: view.version,
            quick: view.allowed_acts.iter().find_map(|act| quick(lang, *act)),
        }
    }
}

/// The one act that a row offers: what its state waits for.
fn quick(lang: Lang, of: ActKind) -> Option<Quick> {
    let key = match of {
        ActKind::Resolve => "x",
        ActKind::Return => "t",
        ActKind::Supplement => "b",
        ActKind::Resume => "c",
        ActKind::RequestSupplement
        | ActKind::Pause
        | ActKind::Apologise
        | ActKind::Refuse
        | ActKind::Withdraw
        | ActKind::Stop
        | ActKind::Correct => return None,
    };
    Some(Quick { act: of.word(), words: words::act(lang, of), key })
}
