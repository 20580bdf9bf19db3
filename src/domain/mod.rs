//! Pure rules over plain values: no I/O, no async, no clock; `now` is always an argument.

pub mod calendar;
mod calendar_build;
mod calendar_spec;
mod computed_days;
mod day_index;
pub mod deadline;
pub mod deadline_steps;
mod horizon;
pub mod lunar;
pub mod office_time;
mod weekdays;
