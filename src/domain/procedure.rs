//! Procedures (*thủ tục hành chính*): what a citizen can ask for, and how long the authority may take.

use chrono::NaiveDate;

use super::deadline::{LateReceipt, Limit};
use super::dossier::Channel;

/// A procedure with all its limits, past and present.
#[derive(Debug, Clone, PartialEq)]
pub struct Procedure {
    /// National code, like `2.000815`.
    pub code: String,
    /// Its full name.
    pub name: String,
    /// Sector (*lĩnh vực*).
    pub sector: String,
    /// Its limits; which one holds depends on channel, case and day.
    pub limits: Vec<ProcedureLimit>,
}

/// One limit (*thời hạn giải quyết*) of a procedure.
#[derive(Debug, Clone, PartialEq)]
pub struct ProcedureLimit {
    /// The channel it is for; `None` for all.
    pub channel: Option<Channel>,
    /// The case it is for; `None` for the ordinary one.
    pub case: Option<String>,
    /// The limit itself.
    pub limit: Limit,
    /// What a receipt late in the day means.
    pub late_receipt: Option<LateReceipt>,
    /// First receipt day it holds for; `None` when it has always held.
    pub valid_from: Option<NaiveDate>,
    /// The law or decision it stands in.
    pub source: String,
}

impl Procedure {
    /// The ordinary limit in force for a receipt on `received_on` by `channel`: the newest version not after that day,
    /// and among equals the one made for the channel.
    pub fn limit_at(&self, received_on: NaiveDate, channel: Channel) -> Option<&ProcedureLimit> {
        self.limits
            .iter()
            .filter(|limit| limit.case.is_none())
            .filter(|limit| limit.channel.is_none_or(|of| of == channel))
            .filter(|limit| limit.valid_from.is_none_or(|from| from <= received_on))
            .max_by_key(|limit| (limit.valid_from, limit.channel.is_some()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn limit(days: u32, channel: Option<Channel>, from: Option<&str>) -> ProcedureLimit {
        ProcedureLimit {
            channel,
            case: None,
            limit: Limit::WorkingDays(days),
            late_receipt: None,
            valid_from: from.map(day),
            source: String::new(),
        }
    }

    #[test]
    fn the_version_in_force_at_receipt_counts() {
        let procedure = Procedure {
            code: "1.0".into(),
            name: "x".into(),
            sector: "y".into(),
            limits: vec![
                limit(5, None, None),
                limit(3, None, Some("2026-07-01")),
                limit(4, Some(Channel::Online), None),
                limit(2, Some(Channel::Online), Some("2026-08-01")),
                limit(1, None, Some("2026-08-01")),
            ],
        };
        let at = |on, channel| procedure.limit_at(day(on), channel).unwrap().limit;
        assert_eq!(at("2026-06-30", Channel::InPerson), Limit::WorkingDays(5));
        assert_eq!(at("2026-07-01", Channel::InPerson), Limit::WorkingDays(3));
        assert_eq!(at("2026-06-30", Channel::Online), Limit::WorkingDays(4));
        assert_eq!(
            at("2026-07-01", Channel::Online),
            Limit::WorkingDays(3),
            "the newer law overrides the older exception"
        );
        assert_eq!(
            at("2026-08-01", Channel::Online),
            Limit::WorkingDays(2),
            "of one day's versions the channel's own holds"
        );
    }
}
