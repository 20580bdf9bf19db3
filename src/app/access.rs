//! Who may do what: roles on a unit and its subtree, and the tokens that prove them.

use chrono::{DateTime, Utc};

use super::{App, AppError};
use crate::domain::ledger::sha256_hex;
use crate::domain::unit::UnitTree;
use crate::store::access::{self, TokenRow, UserRow};

words! {
    /// What a user may do within the unit and below it.
    Role {
        /// Logs dossiers and acts on them.
        Officer = "officer",
        /// As an officer, and is warned by mail.
        Leader = "leader",
        /// Reads dossiers without personal data, findings and reports.
        Reporter = "reporter",
        /// Keeps units, procedures, commitments and users; may do what the others may.
        Admin = "admin",
    }
}

/// What a user sets out to do; [`Principal::must`] says whether the role allows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// Read dossiers, findings and reports.
    Read,
    /// See the applicant's personal data.
    SeeApplicant,
    /// Log dossiers and act on them.
    Handle,
    /// Correct a dossier after its closing, or what its due date rests on after its limit has lapsed.
    CorrectClosed,
    /// Change the catalogue.
    Administer,
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
        match right {
            Right::Read => true,
            Right::SeeApplicant | Right::Handle => self.role != Role::Reporter,
            Right::CorrectClosed => matches!(self.role, Role::Leader | Role::Admin),
            Right::Administer => self.role == Role::Admin,
        }
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

/// A user to be added with a first token.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// Name, as shown.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Top of what the user sees.
    pub unit: String,
    /// Where mail goes.
    pub email: Option<String>,
    /// When the token ends; `None` for never.
    pub expires_at: Option<DateTime<Utc>>,
}

/// The user behind a bearer token at `now`.
///
/// # Errors
/// [`AppError::Unauthenticated`] for an unknown, expired or revoked token, or a user no longer active.
pub async fn authenticate(app: &App, token: &str) -> Result<Principal, AppError> {
    let digest = sha256_hex(token.as_bytes());
    let now = app.clock().now();
    let found = app.read(move |c, _| Ok(access::token_find(c, &digest)?)).await?;
    let (token, user) = found.ok_or(AppError::Unauthenticated)?;
    let ended = token.revoked_at.is_some_and(|at| at.utc() <= now)
        || token.expires_at.is_some_and(|at| at.utc() <= now);
    if ended || !user.active {
        return Err(AppError::Unauthenticated);
    }
    let role = Role::from_word(&user.role)
        .ok_or_else(|| AppError::Internal(format!("unknown role {}", user.role)))?;
    Ok(Principal { user_id: user.id, name: user.name, role, unit: user.unit })
}

/// Adds a user and answers the token, which is told this once and kept only as a digest.
///
/// # Errors
/// An unknown unit, an empty name, an address that no mail can be sent to, an end that has passed; the store's errors.
pub async fn token_create(app: &App, new: NewUser) -> Result<String, AppError> {
    use super::error::Fault;
    if new.name.trim().is_empty() {
        return Err(AppError::invalid("name", Fault::Empty));
    }
    if new.email.as_deref().is_some_and(|email| !crate::mail::is_address(email)) {
        return Err(AppError::invalid("email", Fault::Malformed));
    }
    let now = app.clock().now();
    if new.expires_at.is_some_and(|at| at <= now) {
        return Err(AppError::invalid("expires", Fault::OutOfRange));
    }
    let token = random_token("hentra_", 32)?;
    let digest = sha256_hex(token.as_bytes());
    let now = now.into();
    app.write_job("token", move |c, catalogue| {
        if catalogue.units.get(&new.unit).is_none() {
            return Err(AppError::invalid("unit", Fault::UnknownReference));
        }
        let user = UserRow {
            id: 0,
            name: new.name,
            email: new.email,
            role: new.role.word().to_owned(),
            unit: new.unit,
            language: "vi".to_owned(),
            active: true,
            created_at: now,
        };
        let user_id = access::user_insert(c, user)?;
        let expires_at = new.expires_at.map(Into::into);
        access::token_insert(
            c,
            TokenRow { id: 0, user_id, digest, created_at: now, expires_at, revoked_at: None },
        )?;
        Ok(())
    })
    .await?;
    Ok(token)
}

/// `prefix` and so many random bytes in hex.
///
/// # Errors
/// [`AppError::Internal`] when the machine has no randomness to give.
pub(super) fn random_token(prefix: &str, bytes: usize) -> Result<String, AppError> {
    use std::fmt::Write as _;
    let mut random = vec![0_u8; bytes];
    getrandom::fill(&mut random).map_err(|error| AppError::Internal(error.to_string()))?;
    let mut token = prefix.to_owned();
    for byte in random {
        let _ = write!(token, "{byte:02x}");
    }
    Ok(token)
}
