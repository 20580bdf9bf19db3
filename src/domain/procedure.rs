//! Procedures (*thủ tục hành chính*): what a citizen can ask for, and how long the authority may take.

use std::collections::BTreeSet;

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

impl ProcedureLimit {
    /// Whether both are versions of the same thing for the same days.
    pub fn is_version_of(&self, other: &ProcedureLimit) -> bool {
        self.channel == other.channel && self.case == other.case && self.valid_from == other.valid_from
    }

    /// Whether both give the same dates.
    pub fn agrees_with(&self, other: &ProcedureLimit) -> bool {
        self.limit == other.limit && self.late_receipt == other.late_receipt
    }
}

impl Procedure {
    /// The procedure with what a newer one says: its name and sector, and its limits beside those kept. A limit for the same channel, case and first
    /// day takes the place of the one kept.
    #[must_use]
    pub fn with(&self, newer: Procedure) -> Procedure {
        let mut limits = self.limits.clone();
        for new in newer.limits {
            match limits.iter_mut().find(|kept| kept.is_version_of(&new)) {
                Some(kept) => *kept = new,
                None => limits.push(new),
            }
        }
        Procedure { limits, ..newer }
    }

    /// Whether a receipt up to `today` can have another limit by the one than by the other.
    pub fn past_differs(&self, other: &Procedure, today: NaiveDate) -> bool {
        let begun = |of: &&ProcedureLimit| of.valid_from.is_none_or(|from| from <= today);
        let only = |one: &Procedure, other: &Procedure| {
            let known = |of: &ProcedureLimit| {
                other.limits.iter().any(|kept| kept.is_version_of(of) && kept.agrees_with(of))
            };
            one.limits.iter().filter(begun).any(|of| !known(of))
        };
        only(self, other) || only(other, self)
    }

    /// The cases that have limits of their own, in the order of their names.
    pub fn cases(&self) -> Vec<&str> {
        let named: BTreeSet<&str> = self.limits.iter().filter_map(|limit| limit.case.as_deref()).collect();
        named.into_iter().collect()
    }

    /// The limit in force for a receipt as this case: the case's own where there is one in force, else the ordinary one.
    pub fn limit_for(
        &self,
        received_on: NaiveDate,
        channel: Channel,
        case: Option<&str>,
    ) -> Option<&ProcedureLimit> {
        let own = case.and_then(|case| self.newest(received_on, channel, Some(case)));
        own.or_else(|| self.limit_at(received_on, channel))
    }

    /// The ordinary limit in force for a receipt on `received_on` by `channel`: the newest version not after that day,
    /// and among equals the one made for the channel.
    pub fn limit_at(&self, received_on: NaiveDate, channel: Channel) -> Option<&ProcedureLimit> {
        self.newest(received_on, channel, None)
    }

    fn newest(
        &self,
        received_on: NaiveDate,
        channel: Channel,
        case: Option<&str>,
    ) -> Option<&ProcedureLimit> {
        self.limits
            .iter()
            .filter(|limit| limit.case.as_deref() == case)
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

    #[test]
    fn a_case_has_its_own_limit_from_its_day_and_the_ordinary_one_before() {
        let own = |days, from| ProcedureLimit { case: Some("xác minh".into()), ..limit(days, None, from) };
        let limits =
            vec![limit(5, None, None), own(9, Some("2026-07-01")), limit(3, None, Some("2026-08-01"))];
        let procedure = Procedure { code: "1.0".into(), name: "x".into(), sector: "y".into(), limits };
        let at = |on, case| procedure.limit_for(day(on), Channel::InPerson, case).unwrap().limit;
        assert_eq!(procedure.cases(), ["xác minh"]);
        assert_eq!(at("2026-06-30", Some("xác minh")), Limit::WorkingDays(5));
        assert_eq!(at("2026-07-01", Some("xác minh")), Limit::WorkingDays(9));
        assert_eq!(
            at("2026-08-01", Some("xác minh")),
            Limit::WorkingDays(9),
            "the newer ordinary one is not the case's"
        );
        assert_eq!(at("2026-07-01", None), Limit::WorkingDays(5));
    }

    #[test]
    fn a_newer_version_stands_beside_those_kept() {
        let of = |limits| Procedure { code: "1.0".into(), name: "x".into(), sector: "y".into(), limits };
        let kept = of(vec![limit(5, None, None), limit(4, Some(Channel::Online), None)]);
        let added = kept.with(of(vec![limit(3, None, Some("2026-12-01"))]));
        assert_eq!(added.limits.len(), 3);
        assert!(!kept.past_differs(&added, day("2026-11-30")));
        assert!(kept.past_differs(&added, day("2026-12-01")));
        let corrected = kept.with(of(vec![limit(6, None, None)]));
        assert_eq!(corrected.limits, [limit(6, None, None), limit(4, Some(Channel::Online), None)]);
        assert!(kept.past_differs(&corrected, day("2000-01-01")));
        let sourced = ProcedureLimit { source: "QĐ 1".into(), ..limit(5, None, None) };
        assert!(
            !kept.past_differs(&kept.with(of(vec![sourced])), day("2026-12-01")),
            "only the source differs"
        );
    }
}
