//! The `hentra` program.
fn main() {}
