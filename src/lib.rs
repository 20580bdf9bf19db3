//! Hentra keeps the promised return dates (*hẹn trả*) of one-stop counters in view.

pub mod app;
pub mod domain;
pub mod text;
