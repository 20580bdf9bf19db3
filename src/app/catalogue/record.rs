//! What the ledger is told of the catalogue: who changed which unit, procedure, commitment or alert rule, with what was before and after.

use serde_json::{Map, Value, json};

use crate::app::AppError;
use crate::app::entries;
pub(in crate::app) use crate::app::entries::Stamp;
use crate::domain::commitment::Commitment;
use crate::domain::procedure::{Procedure, ProcedureLimit};
use crate::domain::unit::Unit;
use crate::store::AnyConnection;

words! {
    /// What an entry about the catalogue tells.
    CatalogueAct {
        /// A unit was added, renamed, moved, ended or merged.
        UnitChanged = "unit_changed",
        /// A procedure was added, or its name, sector or limits changed.
        ProcedureChanged = "procedure_changed",
        /// A commitment was registered.
        CommitmentAdded = "commitment_added",
        /// A commitment was given its last day.
        CommitmentEnded = "commitment_ended",
        /// A commitment that had bound no dossier was taken away.
        CommitmentRemoved = "commitment_removed",
        /// An alert rule was written over a line of the settings or beside them, or changed.
        AlertRuleChanged = "alert_rule_changed",
        /// An alert rule was taken away; a line of the settings of its name holds again.
        AlertRuleRemoved = "alert_rule_removed",
    }
}

/// One change: what it is about, and what of it was before and is after; `None` where there is nothing.
#[derive(Debug, Clone)]
pub(in crate::app) struct Change {
    pub(in crate::app) act: CatalogueAct,
    /// Under which name the key stands: `unit`, `procedure`, `commitment`, `alert_rule`.
    pub(in crate::app) of: &'static str,
    pub(in crate::app) key: Value,
    pub(in crate::app) before: Option<Value>,
    pub(in crate::app) after: Option<Value>,
    /// What else is to be told: the reason of a correction, the decision of an end.
    pub(in crate::app) more: Map<String, Value>,
}

/// Appends an entry for each change, within the running write.
pub(in crate::app) fn write(
    c: &mut AnyConnection,
    stamp: Stamp,
    changes: Vec<Change>,
) -> Result<(), AppError> {
    entries::append(c, stamp, changes.into_iter().map(told))
}

fn told(change: Change) -> (&'static str, Value) {
    let mut payload = change.more;
    payload.insert(change.of.to_owned(), change.key);
    payload.insert("before".to_owned(), change.before.unwrap_or_default());
    payload.insert("after".to_owned(), change.after.unwrap_or_default());
    (change.act.word(), Value::Object(payload))
}

/// A unit as the ledger writes one down.
pub(super) fn unit(of: &Unit) -> Value {
    json!({
        "name": of.name, "parent": of.parent, "valid_from": of.valid_from, "valid_to": of.valid_to,
        "merged_into": of.merged_into,
    })
}

/// A procedure as the ledger writes one down.
pub(super) fn procedure(of: &Procedure) -> Value {
    json!({
        "name": of.name, "sector": of.sector, "limits": of.limits.iter().map(limit).collect::<Vec<_>>(),
    })
}

/// A limit as the ledger writes one down.
pub(super) fn limit(of: &ProcedureLimit) -> Value {
    json!({
        "channel": of.channel, "case": of.case, "limit": of.limit, "late_receipt": of.late_receipt,
        "valid_from": of.valid_from, "source": of.source,
    })
}

/// A commitment as the ledger writes one down.
pub(super) fn commitment(of: &Commitment) -> Value {
    json!({
        "unit": of.unit, "subtree": of.subtree, "selector": of.selector, "received_on": of.received_on,
        "effect": of.effect, "valid_from": of.valid_from, "valid_to": of.valid_to, "decision": of.decision,
    })
}
