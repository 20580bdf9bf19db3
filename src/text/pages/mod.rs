//! The words of the pages: labels, headings and sentences, in both languages side by side.
//!
//! A page's template takes its words as `w`. What is said elsewhere too (refusals, findings, explanations) stands where it is said first.

/// A page's words: a field each, first in Vietnamese, then in English.
macro_rules! labels {
    ($(#[$doc:meta])* $name:ident by $given:ident { $($field:ident: $vi:literal, $en:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub(crate) struct $name { $(pub(crate) $field: &'static str,)+ }

        /// The words in a language.
        pub(crate) const fn $given(lang: $crate::text::Lang) -> &'static $name {
            const VI: $name = $name { $($field: $vi,)+ };
            const EN: $name = $name { $($field: $en,)+ };
            match lang {
                $crate::text::Lang::Vi => &VI,
                $crate::text::Lang::En => &EN,
            }
        }
    };
}

pub(crate) mod account;
mod admin;
mod admin_alerts;
mod admin_calendars;
mod admin_catalogue;
mod admin_commitments;
mod admin_ledger;
mod admin_users;
pub(crate) mod apology;
pub(crate) mod charts;
mod counter;
pub(crate) mod desk;
pub(crate) mod dossier;
pub(crate) mod dossier_list;
mod entrance;
pub(crate) mod feeds;
pub(crate) mod findings;
pub(crate) mod open;
pub(crate) mod receipt;
pub(crate) mod report_views;
pub(crate) mod reports;
pub(crate) mod seals;
pub(crate) mod standing;

pub(crate) use admin::{
    AdminWords, RoomWords, admin_done, admin_words, horizon_said, ledger_found, mails_since, room_words,
};
pub(crate) use admin_alerts::{
    LetterWords, RuleWords, audience, letter_status, letter_words, replayed, rule_sentence, rule_words,
    severity, topic, try_outcome, when,
};
pub(crate) use admin_calendars::{
    CalendarWords, and_more, calendar_words, day_kind, day_sign, month, season, week_heads,
};
pub(crate) use admin_catalogue::{
    ProcedureWords, UnitWords, case_of, late_words, limit_unit, planned, procedure_words, procedures_counted,
    table_place, unit_words, units_below, would_differ, written,
};
pub(crate) use admin_commitments::{
    CommitmentWords, commitment_words, covers, nth_of_month, pledge, received_on, tried,
};
pub(crate) use admin_ledger::{LedgerWords, checked_at, ledger_words};
pub(crate) use admin_users::{UserWords, user_words, users_counted};
pub(crate) use counter::{
    CounterWords, LoggedWords, allows, channel, counter_words, found, logged, logged_words,
};
pub(crate) use entrance::{
    FaultWords, FrameWords, SignInWords, fault_words, frame_words, role, sign_in_words,
};
pub(crate) use receipt::{ReceiptWords, receipt_words};
