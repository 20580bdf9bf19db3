//! Whom a rule writes to, and who is sent it in the place of those who are away.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::rules::Standing;
use crate::app::access::Role;
use crate::app::{AppError, Catalogue};
use crate::domain::alert::{Audience, Delegated, StandIn, stand_in};
use crate::store::AnyConnection;
use crate::store::access::{Reached, UserRow, user_find, users_reached};
use crate::store::delegations::delegations_on;

/// Who is sent a copy of a user's message.
#[derive(Debug, Clone)]
pub(super) struct Addressee {
    /// The address; empty when there is none, and the channel has to know the user otherwise.
    pub address: String,
    /// The delegate; `None` for the user's own copy.
    pub delegate: Option<UserRow>,
}

/// The readers of a rule with keys beyond `after`, in the order of their keys, at most `most`.
pub(super) fn readers(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    standing: &Standing,
    after: i64,
    most: i64,
) -> Result<Vec<UserRow>, AppError> {
    let form = standing.rule.form();
    let units = standing.scope().map(|scope| catalogue.units.subtree(scope));
    let role = role_of(form.audience).map(Role::word);
    let reached = Reached { role, people: &form.people, units: units.as_deref() };
    Ok(users_reached(c, &reached, after, most)?)
}

/// As what somebody is written to: by the role that the rule names, or because the rule names the person.
pub(super) fn audience_of(standing: &Standing, user: &UserRow) -> Audience {
    let audience = standing.rule.form().audience;
    let by_role = role_of(audience).is_some_and(|role| role.word() == user.role);
    if by_role { audience } else { Audience::People }
}

fn role_of(audience: Audience) -> Option<Role> {
    match audience {
        Audience::Leader => Some(Role::Leader),
        Audience::Officer => Some(Role::Officer),
        Audience::Admin => Some(Role::Admin),
        Audience::People => None,
    }
}

/// Everybody who is away on a day, and who is written to instead.
pub(super) struct Absences(HashMap<i64, Delegated>);

impl Absences {
    /// Those of a day.
    pub(super) fn on(c: &mut AnyConnection, day: NaiveDate) -> Result<Absences, AppError> {
        let delegated = |row: crate::store::delegations::DelegationRow| {
            (row.user_id, Delegated { to: row.delegate_id, keep: row.keep })
        };
        Ok(Absences(delegations_on(c, day)?.into_iter().map(delegated).collect()))
    }

    /// Who is sent the messages of a user by mail, or by a channel that needs no address. Where no delegate can be reached the user is written to:
    /// nothing is dropped because somebody is away.
    pub(super) fn addressees(
        &self,
        c: &mut AnyConnection,
        user: &UserRow,
        by_mail: bool,
    ) -> Result<Vec<Addressee>, AppError> {
        let reachable = |of: &UserRow| of.active && (of.email.is_some() || !by_mail);
        let to = |of: &UserRow| of.email.clone().unwrap_or_default();
        let mut all = Vec::new();
        let mut keep = true;
        if let Some(StandIn { delegate, keep: kept }) = stand_in(user.id, &self.0)
            && let Some(delegate) = user_find(c, delegate)?.filter(reachable)
        {
            keep = kept;
            all.push(Addressee { address: to(&delegate), delegate: Some(delegate) });
        }
        if keep && reachable(user) {
            all.push(Addressee { address: to(user), delegate: None });
        }
        Ok(all)
    }
}
