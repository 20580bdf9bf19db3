//! One binary holds every integration test.
