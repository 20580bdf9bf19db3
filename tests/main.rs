//! One binary holds every integration test.

#[cfg(test)]
mod support;

#[cfg(test)]
mod alert_composing;
#[cfg(test)]
mod alert_delegations;
#[cfg(test)]
mod alert_faults;
#[cfg(test)]
mod alert_ladder;
#[cfg(test)]
mod alert_letters;
#[cfg(test)]
mod alert_links;
#[cfg(test)]
mod alert_replays;
#[cfg(test)]
mod alert_rules;
#[cfg(test)]
mod alert_slots;
#[cfg(test)]
mod alert_sweep;
#[cfg(test)]
mod alert_timetable;
#[cfg(test)]
mod alert_webhooks;
#[cfg(test)]
mod alerts;
#[cfg(test)]
mod alerts_horizon;
#[cfg(test)]
mod alerts_weekly;
#[cfg(test)]
mod api_access;
#[cfg(test)]
mod api_acts;
#[cfg(test)]
mod api_bad_input;
#[cfg(test)]
mod api_bulk;
#[cfg(test)]
mod api_calendar_imports;
#[cfg(test)]
mod api_calendars;
#[cfg(test)]
mod api_catalogue;
#[cfg(test)]
mod api_commitments;
#[cfg(test)]
mod api_deadlines;
#[cfg(test)]
mod api_document;
#[cfg(test)]
mod api_dossiers;
#[cfg(test)]
mod api_feeds;
#[cfg(test)]
mod api_findings;
#[cfg(test)]
mod api_letters;
#[cfg(test)]
mod api_outage;
#[cfg(test)]
mod api_procedures;
#[cfg(test)]
mod api_races;
#[cfg(test)]
mod api_refusals;
#[cfg(test)]
mod api_repeats;
#[cfg(test)]
mod api_sessions;
#[cfg(test)]
mod api_units;
#[cfg(test)]
mod api_users;
#[cfg(test)]
mod architecture;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod browser_offices;
#[cfg(test)]
mod bulk_memory;
#[cfg(test)]
mod bulk_wire;
#[cfg(test)]
mod cli;
#[cfg(test)]
mod cli_demo;
#[cfg(test)]
mod cli_reports;
#[cfg(test)]
mod commitment_cousins;
#[cfg(test)]
mod counters;
#[cfg(test)]
mod country;
#[cfg(test)]
mod deadline_properties;
#[cfg(test)]
mod dependencies;
#[cfg(test)]
mod durability;
#[cfg(test)]
mod findings_list;
#[cfg(test)]
mod generate;
#[cfg(test)]
mod golden_acts;
#[cfg(test)]
mod golden_deadlines;
#[cfg(test)]
mod histories;
#[cfg(test)]
mod lunar;
#[cfg(test)]
mod metrics;
#[cfg(test)]
mod one_chain;
#[cfg(test)]
mod pages_admin;
#[cfg(test)]
mod pages_admin_forms;
#[cfg(test)]
mod pages_all;
#[cfg(test)]
mod pages_counter;
#[cfg(test)]
mod pages_desk;
#[cfg(test)]
mod pages_dossier;
#[cfg(test)]
mod pages_entrance;
#[cfg(test)]
mod pages_feeds;
mod pages_long_tables;
#[cfg(test)]
mod pages_open;
#[cfg(test)]
mod pages_queue;
#[cfg(test)]
mod pages_reports;
#[cfg(test)]
mod pages_seals;
#[cfg(test)]
mod postgres_harness;
#[cfg(test)]
mod promises;
#[cfg(test)]
mod redating;
#[cfg(test)]
mod report_links;
#[cfg(test)]
mod report_seals;
#[cfg(test)]
mod report_workbook;
#[cfg(test)]
mod reports;
#[cfg(test)]
mod reports_commitments;
#[cfg(test)]
mod reports_compared;
#[cfg(test)]
mod reports_delays;
#[cfg(test)]
mod reports_findings;
#[cfg(test)]
mod reports_integrity;
#[cfg(test)]
mod reports_over_http;
#[cfg(test)]
mod reports_ranking;
#[cfg(test)]
mod reports_schemes;
#[cfg(test)]
mod reports_trend;
#[cfg(test)]
mod republishing;
#[cfg(test)]
mod store;
#[cfg(test)]
mod what_if;
#[cfg(test)]
mod writer;
