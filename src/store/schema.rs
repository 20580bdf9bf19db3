//! The tables as diesel sees them; one description for both engines. The migrations are the truth, this repeats it.

use diesel::{
    allow_columns_to_appear_in_same_group_by_clause, allow_tables_to_appear_in_same_query, joinable, table,
};

table! {
    catalogue_version (id) { id -> Integer, version -> BigInt, }
}
table! {
    units (code) {
        code -> Text, name -> Text, parent -> Nullable<Text>, valid_from -> Nullable<Date>, valid_to -> Nullable<Date>,
        merged_into -> Nullable<Text>,
    }
}
table! {
    former_units (code, until) { code -> Text, until -> Date, name -> Text, parent -> Nullable<Text>, }
}
table! {
    procedures (code) { code -> Text, name -> Text, sector -> Text, }
}
table! {
    procedure_limits (id) {
        id -> BigInt, procedure -> Text, channel -> Nullable<Text>, limit_case -> Nullable<Text>, limit_value -> Nullable<Integer>,
        limit_unit -> Text, late_after -> Nullable<Text>, late_effect -> Nullable<Text>, valid_from -> Nullable<Date>, source -> Text,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::store::instant::Instant;
    commitments (id) {
        id -> BigInt, unit -> Text, subtree -> Bool, selector -> Text, received_on -> Text, effect -> Text, valid_from -> Date,
        valid_to -> Nullable<Date>, decision -> Text, created_at -> Instant, created_by -> Nullable<BigInt>,
        end_decision -> Nullable<Text>,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::store::instant::Instant;
    calendar_versions (version) {
        version -> BigInt, scope -> Text, content -> Text, source -> Text, published_at -> Instant, published_by -> Nullable<BigInt>,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::store::instant::Instant;
    redatings (version) {
        version -> BigInt, after_id -> BigInt, started_at -> Instant, finished_at -> Nullable<Instant>,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::store::instant::Instant;
    users (id) {
        id -> BigInt, name -> Text, email -> Nullable<Text>, role -> Text, unit -> Text, language -> Text, active -> Bool,
        created_at -> Instant,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::store::instant::Instant;
    tokens (id) {
        id -> BigInt, user_id -> BigInt, digest -> Text, created_at -> Instant, expires_at -> Nullable<Instant>,
        revoked_at -> Nullable<Instant>, kind -> Text, label -> Nullable<Text>, used_at -> Nullable<Instant>,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::store::instant::Instant;
    feeds (id) {
        id -> BigInt, unit -> Text, digest -> Text, label -> Nullable<Text>, created_at -> Instant, created_by -> BigInt,
        revoked_at -> Nullable<Instant>,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::store::instant::Instant;
    credentials (user_id) {
        user_id -> BigInt, username -> Text, username_key -> Text, password -> Nullable<Text>, password_set_at -> Nullable<Instant>,
        failures -> Integer, failed_at -> Nullable<Instant>, locked_until -> Nullable<Instant>,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::store::instant::Instant;
    sign_in_tally (id) {
        id -> Integer, unknown -> BigInt, turned_away -> BigInt, recorded_at -> Nullable<Instant>,
    }
}
mod declared {
    use diesel::table;

    table! {
        use diesel::sql_types::*;
        use crate::store::instant::Instant;
        dossiers (id) {
            id -> BigInt, code -> Text, code_search -> Text, unit -> Text, procedure -> Text, sector -> Text,
            channel -> Text, status -> Text, received_at -> Instant, effective_receipt -> Instant,
            commitment_due_at -> Nullable<Instant>, due_at -> Instant, lapses_at -> Instant, closed_at -> Nullable<Instant>,
            closed_as -> Nullable<Text>, outcome -> Nullable<Text>, officer -> Nullable<Text>, supplements -> Integer,
            reappointments -> Integer, apology_by -> Instant, apologised_at -> Nullable<Instant>,
        }
    }
}
/// The columns that statements look at, and those that rows only carry: with all of them in `table!` diesel's own code for tables that wide would have to be
/// compiled with it, which takes three times as long as diesel without.
pub(super) mod dossiers {
    use diesel::sql_types::{BigInt, Bool, Integer, Nullable, Text};

    pub(in crate::store) use super::declared::dossiers::*;
    use crate::store::instant::Instant;

    carried! {
        dossiers {
            limit_value -> Nullable<Integer>, limit_unit -> Text, statutory_due_at -> Instant, first_due_at -> Instant,
            appointed_at -> Instant, provisional -> Bool, returned_at -> Nullable<Instant>, reason -> Nullable<Text>,
            version -> BigInt, late_after -> Nullable<Text>, late_effect -> Nullable<Text>, counted_from -> Instant,
            given_due_at -> Nullable<Instant>, pauses -> Text, halted_at -> Nullable<Instant>, last_act_at -> Instant,
            limit_case -> Nullable<Text>, halts -> Text,
        }
    }
}
table! {
    applicants (dossier_id) {
        dossier_id -> BigInt, name -> Text, phone -> Nullable<Text>, email -> Nullable<Text>, address -> Nullable<Text>, salt -> Text,
        search -> Text, note -> Nullable<Text>,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::store::instant::Instant;
    dossier_commitments (dossier_id, commitment_id) {
        dossier_id -> BigInt, commitment_id -> BigInt, effect -> Text, due_at -> Instant, lapses_at -> Instant, code -> Text, unit -> Text,
        procedure -> Text, officer -> Nullable<Text>, received_at -> Instant, closed_at -> Nullable<Instant>, promised_beyond -> Bool,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::store::instant::Instant;
    findings (id) {
        id -> BigInt, dossier_id -> BigInt, code -> Text, promised_at -> Instant, compliant_due_at -> Nullable<Instant>,
        commitment_id -> Nullable<BigInt>, source -> Text, act_at -> Nullable<Instant>, first_seen_at -> Instant, cleared_at -> Nullable<Instant>,
        cleared_why -> Nullable<Text>,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::store::instant::Instant;
    /// The view that joins written findings with those that time brings about.
    all_findings (dossier_id, code) {
        dossier_id -> BigInt, code -> Text, promised_at -> Instant, compliant_due_at -> Nullable<Instant>,
        commitment_id -> Nullable<BigInt>, source -> Text, act_at -> Nullable<Instant>, first_seen_at -> Instant, cleared_at -> Nullable<Instant>,
        cleared_why -> Nullable<Text>,
    }
}

/// A part of all findings, with what their dossiers are sorted and counted by.
macro_rules! findings_part {
    ($(#[$doc:meta])* $name:ident) => {
        table! {
            use diesel::sql_types::*;
            use crate::store::instant::Instant;
            $(#[$doc])*
            $name (dossier_id, code) {
                dossier_id -> BigInt, dossier -> Text, unit -> Text, officer -> Nullable<Text>, closed_at -> Nullable<Instant>,
                code -> Text, first_seen_at -> Instant, cleared_at -> Nullable<Instant>, cleared_why -> Nullable<Text>,
            }
        }
    };
}

findings_part! {
    /// The view of those written down.
    written_findings
}
findings_part! {
    /// The view of limits that lapsed.
    overdue_findings
}
findings_part! {
    /// The view of apologies that were not given in time.
    apology_findings
}
findings_part! {
    /// The view of commitments that were missed.
    missed_findings
}
table! {
    code_serials (prefix) { prefix -> Text, last -> BigInt, }
}
table! {
    use diesel::sql_types::*;
    use crate::store::instant::Instant;
    ledger (seq) {
        seq -> BigInt, dossier_id -> Nullable<BigInt>, act -> Text, at -> Instant, recorded_at -> Instant, actor_id -> Nullable<BigInt>,
        payload -> Text, prev_hash -> Text, hash -> Text,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::store::instant::Instant;
    seals (id) {
        id -> BigInt, report -> Text, unit -> Text, period -> Text, from_day -> Date, to_day -> Date, group_by -> Text, as_of -> Instant,
        sealed_at -> Instant, sealed_by -> Nullable<BigInt>, entries -> BigInt, hash -> Text, body -> Text,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::store::instant::Instant;
    idempotency_keys (user_id, key) {
        user_id -> BigInt, key -> Text, request_hash -> Text, code -> Text, version -> BigInt, body -> Text, created_at -> Instant,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::store::instant::Instant;
    alert_slots (rule, slot_at) {
        rule -> Text, slot_at -> Instant, claimed_at -> Instant, result -> Text, written_to -> Nullable<BigInt>, enqueued -> BigInt,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::store::instant::Instant;
    alert_rules (name) {
        name -> Text, unit -> Text, content -> Text, version -> BigInt, changed_at -> Instant, changed_by -> Nullable<BigInt>,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::store::instant::Instant;
    delegations (id) {
        id -> BigInt, user_id -> BigInt, delegate_id -> BigInt, from_day -> Date, to_day -> Date, keep -> Bool, reason -> Nullable<Text>,
        created_at -> Instant, created_by -> Nullable<BigInt>,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::store::instant::Instant;
    outbox (id) {
        id -> BigInt, rule -> Text, slot_at -> Instant, user_id -> BigInt, recipient -> Text, message_id -> Text, subject -> Text,
        text_body -> Text, html_body -> Text, status -> Text, attempts -> Integer, next_attempt_at -> Instant, stale_at -> Instant,
        lease_until -> Nullable<Instant>, server_reply -> Nullable<Text>, created_at -> Instant, sent_at -> Nullable<Instant>,
        channel -> Text, delegate_id -> BigInt, quiet_from -> Nullable<Integer>, quiet_to -> Nullable<Integer>,
        begun_at -> Nullable<Instant>, opt_down -> Nullable<Text>,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::store::instant::Instant;
    delivery_tries (outbox_id, attempt) {
        outbox_id -> BigInt, attempt -> Integer, channel -> Text, begun_at -> Instant, ended_at -> Instant, outcome -> Text, reply -> Text,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::store::instant::Instant;
    suppressions (id) {
        id -> BigInt, user_id -> BigInt, address -> Text, outbox_id -> BigInt, reply -> Text, since -> Instant,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::store::instant::Instant;
    secrets (name) { name -> Text, value -> Text, made_at -> Instant, }
}
table! {
    use diesel::sql_types::*;
    use crate::store::instant::Instant;
    alert_opt_downs (id) { id -> BigInt, user_id -> BigInt, rule -> Text, since -> Instant, }
}
table! {
    use diesel::sql_types::*;
    use crate::store::instant::Instant;
    ladder_steps (dossier_id, due_at, step) {
        dossier_id -> BigInt, due_at -> Instant, step -> Text, told_at -> Instant, anyone -> Bool,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::store::instant::Instant;
    ladder_letters (letter, dossier_id, step) {
        letter -> Text, message_id -> Text, user_id -> BigInt, dossier_id -> BigInt, step -> Text, told_at -> Instant,
    }
}
table! {
    use diesel::sql_types::*;
    use crate::store::instant::Instant;
    acknowledgements (id) {
        id -> BigInt, letter -> Text, user_id -> BigInt, dossier_id -> BigInt, step -> Text, at -> Instant, quiet_until -> Date,
    }
}

table! {
    use diesel::sql_types::*;
    use crate::store::instant::Instant;
    // No key: a stretch may come twice.
    dossier_halts (dossier_id, from_at) { dossier_id -> BigInt, from_at -> Instant, to_at -> Nullable<Instant>, }
}
table! {
    counter_state (id) { id -> Integer, counting -> Bool, folded_until -> Nullable<Date>, }
}
table! {
    counter_members (scope, unit) { scope -> Text, unit -> Text, }
}

/// A table of counters: its keys, and the sums that all of them have.
macro_rules! counter_table {
    ($name:ident ($($key:ident),+) { $($column:ident -> $of:ty,)+ }) => {
        table! {
            $name ($($key),+) {
                $($column -> $of,)+
                received_online -> Integer, received_direct -> Integer, early -> Integer, on_time -> Integer, late -> Integer,
                refused -> Integer, withdrawn -> Integer, stopped -> Integer, late_apologised -> Integer,
                twice_supplemented -> Integer, overdue -> Integer, overdue_apologised -> Integer, suspended -> Integer,
                left_open -> Integer, left_open_apologised -> Integer,
            }
        }
    };
}

counter_table! {
    counter_recent (unit, day, procedure, sector, channel) {
        unit -> Text, day -> Date, procedure -> Text, sector -> Text, channel -> Text,
    }
}
counter_table! { counter_days (day, unit) { day -> Date, unit -> Text, } }
counter_table! { counter_units (boundary, unit) { boundary -> Date, unit -> Text, } }
counter_table! {
    counter_scopes (boundary, scope, channel, procedure, sector) {
        boundary -> Date, scope -> Text, channel -> Text, procedure -> Text, sector -> Text,
    }
}

joinable!(dossier_halts -> dossiers (dossier_id));
joinable!(tokens -> users (user_id));
joinable!(feeds -> users (created_by));
joinable!(redatings -> calendar_versions (version));
joinable!(credentials -> users (user_id));
joinable!(outbox -> users (user_id));
joinable!(alert_opt_downs -> users (user_id));
joinable!(ladder_letters -> users (user_id));
joinable!(ladder_letters -> dossiers (dossier_id));
joinable!(suppressions -> users (user_id));
joinable!(applicants -> dossiers (dossier_id));
joinable!(dossier_commitments -> dossiers (dossier_id));
joinable!(findings -> dossiers (dossier_id));
joinable!(all_findings -> dossiers (dossier_id));
allow_tables_to_appear_in_same_query!(
    dossiers,
    applicants,
    dossier_commitments,
    dossier_halts,
    findings,
    all_findings,
    ledger,
    outbox,
    suppressions,
    alert_opt_downs,
    ladder_letters,
    tokens,
    feeds,
    credentials,
    users
);

allow_tables_to_appear_in_same_query!(redatings, calendar_versions);
allow_tables_to_appear_in_same_query!(dossiers, units);
allow_tables_to_appear_in_same_query!(dossier_halts, units);

// What reports count by.
allow_columns_to_appear_in_same_group_by_clause!(dossiers::unit, dossiers::procedure, dossiers::officer,);
allow_columns_to_appear_in_same_group_by_clause!(
    dossier_commitments::unit,
    dossier_commitments::procedure,
    dossier_commitments::effect,
);
