//! Alerts (*cảnh báo*): when a rule speaks, and which dossiers it names.
//!
//! [`slots`] turns a rule into instants by the cron line and the office's calendar; an [`Outlook`] is what a rule's topic selects, [`judge`] and [`rank`]
//! choose and order what a message names. Who receives it, how it is worded and how it is sent is not known here: see `app::alerts`, `text::alerts`
//! and `mail`.

mod delegation;
mod intro;
pub mod ladder;
mod pressing;
mod quiet;
mod rule;
pub mod rule_form;
mod rule_schedule;
mod selection;
pub mod signed;

pub use super::commitment::Pledge;
pub use delegation::{Delegated, StandIn, stand_in};
pub use intro::{Intro, IntroFlaw, Variable};
pub use pressing::{BindingCommitment, Kind, Named, OpenDossier, Urgency, judge, rank};
pub use quiet::Quiet;
pub use rule::{AlertRule, AlertRuleError, Audience, MAIL, RuleFlaw, StaleAfter, is_name};
pub use rule_form::{AlertRuleForm, IntroForm};
pub use rule_schedule::{Spoken, instants, next_slots, slots, spoken};
pub use selection::{LONGEST_DUE_WITHIN, Outlook, Reach, Reason, Severity, Stretch, Topic, horizon};
