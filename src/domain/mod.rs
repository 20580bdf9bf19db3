//! Pure rules over plain values: no I/O, no async, no clock; `now` is always an argument.
//!
//! Begin with [`deadline`] (from receipt to due date), then [`promise`] (law and commitment, and what breaks them), then [`decision`] (what an act
//! makes of a dossier). The storeys above read and write; here it is only decided.

pub mod account;
pub mod act;
pub mod ahead;
pub mod alert;
pub mod calendar;
mod calendar_build;
pub mod calendar_changes;
pub mod calendar_draft;
mod calendar_spec;
pub mod cell;
pub mod commitment;
mod computed_days;
pub mod conduct;
pub mod correction;
pub mod counters;
mod day_index;
pub mod deadline;
pub mod deadline_steps;
pub mod decision;
pub mod delay;
pub mod dice;
pub mod dossier;
pub mod dossier_steps;
pub mod due;
pub mod elsewhere;
pub mod finding;
pub mod finding_counts;
pub mod fold;
pub mod foresight;
pub mod history;
mod holiday_names;
mod horizon;
pub mod integrity;
pub mod kept;
pub mod ledger;
pub mod letters;
pub mod lunar;
pub mod office_time;
pub mod period;
pub mod procedure;
pub mod promise;
pub mod ranking;
#[cfg(test)]
pub(crate) mod sample;
pub mod scheme;
pub mod statistics;
pub mod steps;
pub mod template;
pub mod unit;
mod weekdays;
pub mod weekly;
pub mod what_if;
