//! Pure rules over plain values: no I/O, no async, no clock; `now` is always an argument.

pub mod lunar;
pub mod office_time;
mod weekdays;
