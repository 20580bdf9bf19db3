//! Hentra keeps the promised return dates (*hẹn trả*) of one-stop counters in view.
//!
//! # The map
//!
//! ```text
//! domain  <-  store  <-  app  <-  { api, web, mail, webhook, scheduler, cli, demo }  <-  main
//! ```
//!
//! | storey | what lives there | what must never be there |
//! |---|---|---|
//! | [`domain`] | calendar, deadlines, commitments, the dossier's state machine, findings, every statistic's definition | I/O, async, diesel, actix, a clock |
//! | [`store`] | the only place that names diesel; one source for SQLite and PostgreSQL | HTTP words, business decisions |
//! | [`app`] | the verbs of the system; all changes go through the one writer | SQL, HTTP, HTML |
//! | [`api`] | REST under `/api/v1`, and the one table of refusals | SQL, rules |
//! | [`web`] | pages for people, on the same verbs | SQL, rules, numbers computed there |
//! | [`text`] | every sentence a person reads, per language | anything that decides |
//! | [`clock`] | the only place that reads the time | business rules |
//! | [`metrics`] | what the service counts of itself for `/metrics` | what it means, addresses, codes, persons |
//!
//! `tests/architecture.rs` reads the sources and fails when a storey names what it must not. Begin with [`domain::deadline`] for what the system
//! knows, and with [`app::dossiers`] for what it does.
//!
//! # Invariants
//!
//! - The domain names no clock: `now` is always an argument.
//! - A request is answered only when what it wrote is durable.
//! - The ledger is append-only and chained; triggers refuse to change it on both engines.
//! - A sealed report is the same bytes for ever, and its hash stands in the ledger.
//! - Nothing is refused because of a finding; it is flagged.
//! - A person's data stand in one table, and in no log, address or mail subject.
//! - A password or token is kept as a hash alone; every change of somebody's rights is an entry of the ledger.
//!
//! # The words
//!
//! dossier *hồ sơ* · procedure *thủ tục hành chính* · sector *lĩnh vực* · unit *đơn vị* · officer *cán bộ* · receipt *giấy tiếp nhận và hẹn trả kết
//! quả* · promise *hẹn trả* · statutory limit *thời hạn giải quyết* · commitment *cam kết* · supplement *bổ sung* · pause *tạm dừng* · resolved
//! *đã giải quyết* · returned *đã trả* · early *trước hạn* · on time *đúng hạn* · late *quá hạn* · finding *vi phạm, cảnh báo*

#[macro_use]
mod word;

pub mod api;
pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod domain;
pub mod mail;
pub mod metrics;
pub mod scheduler;
pub mod service;
pub mod store;
pub mod telemetry;
pub mod text;
pub mod web;
pub mod webhook;
