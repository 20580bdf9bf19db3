//! Who may do what: roles on a unit and its subtree, and the ways to prove who one is.
//!
//! [`sessions`] signs in by password and finds out who holds a token, [`users`] (and [`user_changes`]) and [`tokens`] are
//! kept by administrators within their own units, [`passwords`] are set. Every change is written in one transaction with its entry in the ledger, whose words are `record`'s. What a username, a
//! password and a lock are, [`crate::domain::account`] says. Nothing here knows of HTTP: pages use the same verbs.

pub mod feeds;
pub mod passwords;
pub mod record;
pub mod sessions;
pub mod tokens;
pub mod user_changes;
pub mod users;

use chrono::TimeDelta;

use super::catalogue::Catalogue;
use super::{App, AppError, Fault, Invalid};
use crate::domain::account::{AccountFault, Lockout};
use crate::domain::ledger::hex;
use crate::domain::unit::UnitTree;
use crate::store::AnyConnection;
use crate::store::access::{UserRow, user_find};
use crate::store::dossiers::word;

pub use sessions::authenticate;
pub use tokens::{NewUser, token_create};

words! {
    /// What a user may do within the unit and below it.
    Role {
        /// Logs dossiers and acts on them.
        Officer = "officer",
        /// As an officer, corrects closed dossiers, and is warned by mail.
        Leader = "leader",
        /// Reads dossiers without personal data, findings and reports.
        Reporter = "reporter",
        /// Keeps units, procedures, commitments and users; may do what the others may.
        Admin = "admin",
    }
}

words! {
    /// What a user sets out to do; [`Principal::must`] says whether the role allows it.
    Right {
        /// Read dossiers, findings and reports.
        Read = "read",
        /// See the applicant's personal data.
        SeeApplicant = "see_applicant",
        /// Log dossiers and act on them.
        Handle = "handle",
        /// Correct a dossier after its closing, or what its due date rests on after its limit has lapsed.
        CorrectClosed = "correct_closed",
        /// Try out on past dossiers what a commitment or a limit would have meant.
        TryRules = "try_rules",
        /// Seal the report of a period that is over.
        Seal = "seal",
        /// Change the catalogue and the users.
        Administer = "administer",
    }
}

impl Role {
    /// Whether the role has the right.
    pub fn may(self, right: Right) -> bool {
        match right {
            Right::Read => true,
            Right::SeeApplicant | Right::Handle => self != Role::Reporter,
            Right::TryRules | Right::Seal => self != Role::Officer,
            Right::CorrectClosed => matches!(self, Role::Leader | Role::Admin),
            Right::Administer => self == Role::Admin,
        }
    }
}

/// A signed-in user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The user's key.
    pub user_id: i64,
    /// The user's name; officers appear on their dossiers by it.
    pub name: String,
    /// What the user may do.
    pub role: Role,
    /// Where: this unit and its subtree.
    pub unit: String,
}

impl Principal {
    /// Whether the role has the right.
    pub fn may(&self, right: Right) -> bool {
        self.role.may(right)
    }

    /// # Errors
    /// [`AppError::Forbidden`] when the role has not the right.
    pub fn must(&self, right: Right) -> Result<(), AppError> {
        if self.may(right) { Ok(()) } else { Err(AppError::Forbidden) }
    }

    /// Whether the unit lies within what the user sees.
    pub fn sees(&self, unit: &str, units: &UnitTree) -> bool {
        units.is_within(unit, &self.unit)
    }
}

/// How long sessions last and when accounts are locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccessSettings {
    /// A session that is not used for so long ends.
    pub session_idle: TimeDelta,
    /// A session ends after so long, however much it is used.
    pub session_longest: TimeDelta,
    /// When wrong passwords lock an account.
    pub lockout: Lockout,
}

impl Default for AccessSettings {
    /// As `config/default.toml` has it.
    fn default() -> Self {
        AccessSettings {
            session_idle: TimeDelta::minutes(60),
            session_longest: TimeDelta::hours(12),
            lockout: Lockout { attempts: 5, first: TimeDelta::minutes(1), longest: TimeDelta::minutes(60) },
        }
    }
}

/// What the running system keeps in memory for access.
pub(super) struct Access {
    pub(super) settings: AccessSettings,
    pub(super) hasher: passwords::Hasher,
    pub(super) touching: sessions::Touching,
}

impl Access {
    pub(super) fn new(settings: AccessSettings) -> Access {
        Access { settings, hasher: passwords::Hasher::default(), touching: sessions::Touching::default() }
    }
}

/// The role a stored word stands for.
fn role_of(stored: &str) -> Result<Role, AppError> {
    Ok(word("role", stored, Role::from_word)?)
}

fn principal_of(user: UserRow) -> Result<Principal, AppError> {
    let role = role_of(&user.role)?;
    Ok(Principal { user_id: user.id, name: user.name, role, unit: user.unit })
}

/// The user, as far as `by` keeps users there; the system itself (`None`) keeps all.
///
/// # Errors
/// [`AppError::Forbidden`] for those who keep no users, [`AppError::NotFound`] outside the administrator's units.
fn kept_user(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    id: i64,
    by: Option<&Principal>,
) -> Result<UserRow, AppError> {
    if let Some(by) = by {
        by.must(Right::Administer)?;
    }
    user_find(c, id)?
        .filter(|user| by.is_none_or(|by| by.sees(&user.unit, &catalogue.units)))
        .ok_or(AppError::NotFound("user"))
}

/// As [`kept_user`], or the asker's own account whatever the role.
pub(in crate::app) fn own_or_kept(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    id: i64,
    by: Option<&Principal>,
) -> Result<UserRow, AppError> {
    let own = by.is_some_and(|by| by.user_id == id);
    kept_user(c, catalogue, id, if own { None } else { by })
}

fn fault_of(fault: AccountFault) -> Fault {
    match fault {
        AccountFault::Empty => Fault::Empty,
        AccountFault::TooShort => Fault::TooShort,
        AccountFault::TooLong => Fault::TooLong,
        AccountFault::BadCharacters => Fault::BadCharacters,
        AccountFault::Guessable => Fault::Guessable,
    }
}

/// `prefix` and so many random bytes in hex.
///
/// # Errors
/// [`AppError::Internal`] when the machine has no randomness to give.
pub(super) fn random_token(prefix: &str, bytes: usize) -> Result<String, AppError> {
    let mut random = vec![0_u8; bytes];
    getrandom::fill(&mut random).map_err(|error| AppError::Internal(error.to_string()))?;
    Ok(format!("{prefix}{}", hex(&random)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_has_its_rights_and_no_other() {
        let rights = |role: Role| {
            Right::ALL.iter().filter(|right| role.may(**right)).map(|right| right.word()).collect::<Vec<_>>()
        };
        assert_eq!(rights(Role::Officer), ["read", "see_applicant", "handle"]);
        assert_eq!(
            rights(Role::Leader),
            ["read", "see_applicant", "handle", "correct_closed", "try_rules", "seal"]
        );
        assert_eq!(rights(Role::Reporter), ["read", "try_rules", "seal"]);
        assert_eq!(
            rights(Role::Admin),
            ["read", "see_applicant", "handle", "correct_closed", "try_rules", "seal", "administer"]
        );
    }
}
