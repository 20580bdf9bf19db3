//! Pure rules over plain values: no I/O, no async, no clock; `now` is always an argument.
//!
//! Begin with [`deadline`] (from receipt to due date), then [`promise`] (law and commitment, and what breaks them), then [`dossier`] (the state
//! machine). The storeys above read and write; here it is only decided.

pub mod account;
pub mod alert;
pub mod calendar;
mod calendar_build;
mod calendar_spec;
pub mod commitment;
mod computed_days;
mod day_index;
pub mod deadline;
pub mod deadline_steps;
pub mod dossier;
pub mod finding;
pub mod fold;
mod horizon;
pub mod ledger;
pub mod lunar;
pub mod office_time;
pub mod period;
pub mod procedure;
pub mod promise;
pub mod statistics;
pub mod unit;
mod weekdays;
