//! The verbs of the system, one function a use case.

pub mod shipped;
