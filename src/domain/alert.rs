//! Alerts (*cảnh báo*): when a rule speaks, and which dossiers it names.
//!
//! [`slots`] turns a rule into instants by the cron line and the office's calendar; an [`Outlook`] is what a rule's topic selects, [`judge`] and [`rank`]
//! choose and order what a message names. Who receives it, how it is worded and how it is sent is not known here: see `app::alerts`, `text::alerts`
//! and `mail`.

mod intro;
mod pressing;
mod quiet;
mod rule;
mod selection;

pub use super::commitment::Pledge;
pub use intro::{Intro, Variable};
pub use pressing::{BindingCommitment, Named, OpenDossier, Urgency, judge, rank};
pub use quiet::Quiet;
pub use rule::{AlertRule, AlertRuleError, AlertRuleForm, Audience, RuleFlaw, StaleAfter, slots};
pub use selection::{LONGEST_DUE_WITHIN, Outlook, Reach, Reason, Severity, Stretch, Topic, horizon};
