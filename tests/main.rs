//! One binary holds every integration test.

#[cfg(test)]
mod support;

#[cfg(test)]
mod dependencies;
#[cfg(test)]
mod postgres_harness;
