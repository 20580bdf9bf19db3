//! The pages, a file each. A handler extracts, calls a verb and draws; at most twenty-five lines.

pub(super) mod account;
mod act_form;
pub(super) mod acts;
pub(super) mod admin;
pub(super) mod apology;
pub(super) mod calculator;
pub(super) mod counter;
mod counter_form;
pub(super) mod counter_logged;
mod counter_preview;
pub(super) mod counter_procedures;
pub(super) mod desk;
mod desk_draw;
pub(super) mod desk_pressing;
pub(super) mod dossier;
mod dossier_draw;
pub(super) mod dossier_list;
mod dossier_row;
pub(super) mod dossier_search;
pub(super) mod feeds;
pub(super) mod home;
pub(super) mod queue;
pub(super) mod rates;
pub(super) mod receipt;
pub(super) mod reports;
pub(super) mod sign_in;
pub(super) mod status;
