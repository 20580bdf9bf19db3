//! Commitments that many units make in the same words, ready to be switched on: "giải quyết trong ngày", "thứ Sáu không hẹn qua tuần", "ngày …
//! không hẹn".
//!
//! A template knows what its words mean as a [`Commitment`]; for whom and since when is said by whoever switches it on.

use chrono::{NaiveDate, Weekday};

use super::commitment::{Commitment, Effect, HalfDay, ReceivedOn, Selector};

words! {
    /// A commitment in the words that units use for it.
    Template {
        /// "Giải quyết trong ngày": the result on the day of receipt (Phước Long, Chơn Thành).
        SameDay = "same_day",
        /// "Thứ Sáu không hẹn qua tuần": what is received on a Friday, or on the week's last working day, is not put off to next week.
        FridayNoRollover = "friday_no_rollover",
        /// "Ngày … không hẹn": nobody who comes on that day is sent away with an appointment ("Ngày thứ 6 không hẹn" in Thành Sen since 3/10/2025,
        /// "Thứ Năm không hẹn" in Tân Hưng since 1/2/2026, "Sáng thứ Tư không hẹn").
        NoAppointmentDay = "no_appointment_day",
    }
}

/// For whom a template is switched on, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SwitchOn {
    /// The unit that commits itself.
    pub unit: String,
    /// Whether the units below are bound too.
    pub subtree: bool,
    /// Which procedures; none named means, for [`Template::FridayNoRollover`] alone, those registered for the same day.
    pub selector: Selector,
    /// The day of the week without appointments; only for [`Template::NoAppointmentDay`].
    pub weekday: Option<Weekday>,
    /// Only the n-th such day of the month, 1–5; only for [`Template::NoAppointmentDay`].
    pub nth_week: Option<u8>,
    /// Only this half of the day; only for [`Template::NoAppointmentDay`].
    pub session: Option<HalfDay>,
    /// First receipt day.
    pub valid_from: NaiveDate,
    /// Last receipt day; `None` while it stands.
    pub valid_to: Option<NaiveDate>,
    /// The decision's number and date.
    pub decision: String,
}

/// A parameter that does not fit the template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misfit {
    /// Needed and not given.
    Missing(&'static str),
    /// Given and meaningless.
    Foreign(&'static str),
}

impl Template {
    /// The parameters it takes beside those that every commitment has.
    pub fn own_parameters(self) -> &'static [&'static str] {
        match self {
            Template::SameDay | Template::FridayNoRollover => &[],
            Template::NoAppointmentDay => &["weekday", "session", "nth_week"],
        }
    }

    /// Whether it may be switched on without naming any procedure.
    pub fn may_name_none(self) -> bool {
        self == Template::FridayNoRollover
    }

    /// The commitment that its words make of this.
    ///
    /// # Errors
    /// Each parameter that is missing or means nothing here.
    pub fn commitment(self, with: SwitchOn) -> Result<Commitment, Vec<Misfit>> {
        let misfits = self.misfits(&with);
        if !misfits.is_empty() {
            return Err(misfits);
        }
        let effect = match (self, with.session) {
            (Template::FridayNoRollover, _) => Effect::NoWeekRollover,
            // Nobody is to come back: who comes in the morning has the result before the counter closes for lunch.
            (Template::NoAppointmentDay, Some(_)) => Effect::SameSession,
            (Template::SameDay | Template::NoAppointmentDay, _) => Effect::SameDay,
        };
        Ok(Commitment {
            id: 0,
            unit: with.unit,
            subtree: with.subtree,
            selector: with.selector,
            received_on: ReceivedOn {
                weekdays: with.weekday.into_iter().collect(),
                nth_week: with.nth_week,
                session: with.session,
            },
            effect,
            valid_from: with.valid_from,
            valid_to: with.valid_to,
            decision: with.decision,
        })
    }

    fn misfits(self, with: &SwitchOn) -> Vec<Misfit> {
        let given = [
            ("weekday", with.weekday.is_some()),
            ("session", with.session.is_some()),
            ("nth_week", with.nth_week.is_some()),
        ];
        let takes = |name: &str| self.own_parameters().contains(&name);
        let mut found: Vec<Misfit> = given
            .iter()
            .filter(|(name, given)| *given && !takes(name))
            .map(|of| Misfit::Foreign(of.0))
            .collect();
        if self == Template::NoAppointmentDay && with.weekday.is_none() {
            found.push(Misfit::Missing("weekday"));
        }
        if with.selector.is_empty() && !self.may_name_none() {
            found.push(Misfit::Missing("procedures"));
        }
        found
    }
}

/// Whether two commitments say the same, whatever their keys and in whatever order they name things.
pub fn same_terms(one: &Commitment, other: &Commitment) -> bool {
    let plain = |of: &Commitment| {
        let mut of = Commitment { id: 0, decision: of.decision.trim().to_owned(), ..of.clone() };
        for list in [&mut of.selector.procedures, &mut of.selector.sectors] {
            list.sort();
            list.dedup();
        }
        of.received_on.weekdays.sort_by_key(Weekday::num_days_from_monday);
        of.received_on.weekdays.dedup();
        of
    };
    plain(one) == plain(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(codes: &[&str]) -> SwitchOn {
        SwitchOn {
            unit: "H19.15".into(),
            subtree: false,
            selector: Selector {
                procedures: codes.iter().map(ToString::to_string).collect(),
                ..Selector::default()
            },
            weekday: None,
            nth_week: None,
            session: None,
            valid_from: "2025-10-03".parse().unwrap(),
            valid_to: None,
            decision: "QĐ 1".into(),
        }
    }

    #[test]
    fn each_template_means_one_commitment() {
        let same_day = Template::SameDay.commitment(with(&["1.1"])).unwrap();
        assert_eq!((same_day.effect, same_day.received_on), (Effect::SameDay, ReceivedOn::default()));
        let friday = Template::FridayNoRollover.commitment(with(&[])).unwrap();
        assert_eq!((friday.effect, friday.selector.is_empty()), (Effect::NoWeekRollover, true));
        let day = SwitchOn { weekday: Some(Weekday::Fri), ..with(&["1.1"]) };
        let day = Template::NoAppointmentDay.commitment(day).unwrap();
        assert_eq!((day.effect, day.received_on.weekdays), (Effect::SameDay, vec![Weekday::Fri]));
        let morning =
            SwitchOn { weekday: Some(Weekday::Wed), session: Some(HalfDay::Morning), ..with(&["1.1"]) };
        assert_eq!(Template::NoAppointmentDay.commitment(morning).unwrap().effect, Effect::SameSession);
    }

    #[test]
    fn what_is_missing_or_means_nothing_is_named() {
        let of = |template: Template, with| template.commitment(with).unwrap_err();
        assert_eq!(of(Template::SameDay, with(&[])), [Misfit::Missing("procedures")]);
        let misplaced = SwitchOn { weekday: Some(Weekday::Fri), nth_week: Some(1), ..with(&["1.1"]) };
        assert_eq!(
            of(Template::SameDay, misplaced),
            [Misfit::Foreign("weekday"), Misfit::Foreign("nth_week")]
        );
        assert_eq!(
            of(Template::NoAppointmentDay, with(&[])),
            [Misfit::Missing("weekday"), Misfit::Missing("procedures")]
        );
    }

    #[test]
    fn the_same_terms_are_known_again_in_any_order() {
        let one = Template::SameDay.commitment(with(&["1.1", "1.2"])).unwrap();
        let other =
            Commitment { id: 7, ..Template::SameDay.commitment(with(&["1.2", "1.1", "1.2"])).unwrap() };
        assert!(same_terms(&one, &other));
        assert!(!same_terms(&one, &Commitment { subtree: true, ..other.clone() }));
        assert!(!same_terms(&one, &Template::SameDay.commitment(with(&["1.1"])).unwrap()));
    }
}
