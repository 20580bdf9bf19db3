//! Where a dossier stands, as far as anybody may know who has its code: without who, why, or by whom.

use chrono::{DateTime, Utc};

use super::dossier::{Dossier, Status};
use super::office_time::local_date;

words! {
    /// Where a dossier stands for the citizen who asks.
    PublicState {
        /// Being worked on, and its time is not over.
        Working = "working",
        /// Its time is over, and there is no result.
        Overdue = "overdue",
        /// Being worked on; its time is over or nearly so, an apology was given, and the new day has not passed.
        Reappointed = "reappointed",
        /// The citizen has to bring what is missing.
        Supplement = "supplement",
        /// Halted on a legal ground.
        Paused = "paused",
        /// The result can be fetched.
        Ready = "ready",
        /// The citizen has the result.
        Returned = "returned",
        /// Refused.
        Refused = "refused",
        /// Taken back by the citizen.
        Withdrawn = "withdrawn",
        /// Stopped.
        Stopped = "stopped",
    }
}

/// Where the dossier stands at `now`.
pub fn public_state(of: &Dossier, now: DateTime<Utc>) -> PublicState {
    match of.status {
        Status::Processing => {
            let reappointed = of.appointed_at > of.due_at;
            // By the day, as a new appointment is given: whoever comes on that day comes in time.
            if reappointed && local_date(now) <= local_date(of.appointed_at) {
                PublicState::Reappointed
            } else if of.is_overdue(now) {
                PublicState::Overdue
            } else {
                PublicState::Working
            }
        }
        Status::AwaitingSupplement => PublicState::Supplement,
        Status::Paused => PublicState::Paused,
        Status::Resolved => PublicState::Ready,
        Status::Returned => PublicState::Returned,
        Status::Refused => PublicState::Refused,
        Status::Withdrawn => PublicState::Withdrawn,
        Status::Stopped => PublicState::Stopped,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sample::{at, open};

    #[test]
    fn a_dossier_is_overdue_until_a_new_day_is_given_and_again_once_that_has_passed() {
        let mut of = open();
        let states = |of: &Dossier| {
            ["2026-11-20T23:59:59", "2026-11-21T00:00:00", "2026-11-24T23:00:00", "2026-11-25T08:00:00"]
                .map(|now| public_state(of, at(now)))
        };
        let [working, overdue] = [PublicState::Working, PublicState::Overdue];
        assert_eq!(states(&of), [working, overdue, overdue, overdue]);
        of.appointed_at = at("2026-11-24T17:00:00");
        let reappointed = PublicState::Reappointed;
        assert_eq!(states(&of), [reappointed, reappointed, reappointed, overdue]);
    }

    #[test]
    fn every_status_has_its_word() {
        let mut of = open();
        let found: Vec<PublicState> = Status::ALL
            .iter()
            .map(|status| {
                of.status = *status;
                public_state(&of, at("2026-11-20T08:00:00"))
            })
            .collect();
        let expected =
            ["working", "supplement", "paused", "ready", "returned", "refused", "withdrawn", "stopped"];
        assert_eq!(found.iter().map(|of| of.word()).collect::<Vec<_>>(), expected);
    }
}
