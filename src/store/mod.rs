//! Everything that is kept: the only storey that names diesel.
//!
//! One connection door ([`connection`]), one transaction door ([`Store::write`]), one source for SQLite and PostgreSQL (the `on!` macro),
//! queries noun-first (`dossier_find`, `outbox_claim`). It knows rows and nothing of HTTP, and takes no business decision.
//! Next to look at: `schema` for the tables, `dossiers` for the busiest queries.

#[macro_use]
mod carried;
#[macro_use]
mod on;
#[macro_use]
mod sent;

pub mod access;
pub mod alert_links;
pub mod alert_rules;
pub mod alert_slots;
pub mod applicants;
pub mod bounds;
pub mod bulk;
pub mod calendars;
pub mod catalogue;
pub mod commitments;
pub mod connection;
#[macro_use]
pub mod counted;
pub mod counter_folding;
mod counter_rows;
pub mod counters;
pub mod credentials;
pub mod delays;
pub mod delegations;
pub mod delivery_tries;
pub mod dossiers;
pub mod error;
pub mod feeds;
pub mod files;
#[macro_use]
mod finding_parts;
pub mod finding_counts;
pub mod findings;
pub mod findings_list;
pub mod halts;
pub mod idempotency;
pub mod instant;
pub mod integrity;
pub mod kept;
pub mod ladder;
pub mod ledger;
pub mod listing;
pub mod migrations;
pub mod outbox;
pub mod outbox_lease;
pub mod outbox_levels;
pub mod overdue;
pub mod pressing;
pub mod queue;
pub mod redatings;
pub mod replay;
pub mod reports;
mod schema;
pub mod seals;
pub mod serials;
pub mod shares;
pub mod suppressions;
pub mod touched;

pub use connection::{AnyConnection, Store, StoreSettings};
pub use error::StoreError;
pub use instant::Moment;
