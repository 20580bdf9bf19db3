//! Hentra keeps the promised return dates (*hẹn trả*) of one-stop counters in view.

#[macro_use]
mod word;

pub mod app;
pub mod clock;
pub mod domain;
pub mod store;
pub mod text;
