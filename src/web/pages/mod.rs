//! The pages, a file each. A handler extracts, calls a verb and draws; at most twenty-five lines.

pub(super) mod desk;
mod desk_draw;
pub(super) mod desk_pressing;
pub(super) mod home;
pub(super) mod reports;
pub(super) mod sign_in;
