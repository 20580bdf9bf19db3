//! One binary holds every integration test.

#[cfg(test)]
mod support;

#[cfg(test)]
mod alert_timetable;
#[cfg(test)]
mod alerts;
#[cfg(test)]
mod architecture;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod cli_demo;
#[cfg(test)]
mod deadline_properties;
#[cfg(test)]
mod dependencies;
#[cfg(test)]
mod golden_deadlines;
#[cfg(test)]
mod postgres_harness;
#[cfg(test)]
mod promises;
#[cfg(test)]
mod reports;
#[cfg(test)]
mod store;
#[cfg(test)]
mod writer;
