//! Alerts (*cảnh báo*): when a rule speaks, and which dossiers it names.
//!
//! [`slots`] turns a rule into instants by the cron line and the office's calendar; [`judge`] and [`rank`] choose and order what a message
//! names. Who receives it, how it is worded and how it is sent is not known here: see `app::alerts`, `text::alerts` and `mail`.

mod pressing;
mod quiet;
mod rule;

pub use super::commitment::Pledge;
pub use pressing::{BindingCommitment, Named, OpenDossier, Outlook, Urgency, horizon, judge, rank};
pub use quiet::Quiet;
pub use rule::{AlertRule, AlertRuleError, AlertRuleForm, Audience, Topic, slots};
