//! One binary holds every integration test.

#[cfg(test)]
mod deadline_properties;
#[cfg(test)]
mod golden_deadlines;
