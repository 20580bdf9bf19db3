//! The pages, a file each. A handler extracts, calls a verb and draws; at most twenty-five lines.

pub(super) mod admin;
pub(super) mod home;
pub(super) mod sign_in;
