//! What the ledger is told of access: who signed in, who did not, and who changed whose rights.
//!
//! An entry holds keys, names, roles and units; never a password, a token or the digest of one, and never the text of an unknown username, for
//! people type passwords there. Failed sign-ins of an account are bounded by its lock; all others are only counted, and the counts are written
//! at most every ten minutes.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::AppError;
use crate::app::entries;
pub(super) use crate::app::entries::Stamp;
use crate::store::AnyConnection;
use crate::store::access::UserRow;
use crate::store::credentials::{TallyRow, tally_find, tally_put};

/// Counted failures come to the ledger at most so often.
const TALLIED_EVERY: TimeDelta = TimeDelta::minutes(10);

words! {
    /// What an entry about access tells.
    AccessAct {
        /// A session was opened by password.
        SignedIn = "signed_in",
        /// A session was ended by its user.
        SignedOut = "signed_out",
        /// A password was wrong, or failures of nobody's account were counted.
        SignInFailed = "sign_in_failed",
        /// Too many wrong passwords.
        AccountLocked = "account_locked",
        /// An administrator opened the lock.
        AccountUnlocked = "account_unlocked",
        /// A user was added.
        UserAdded = "user_added",
        /// A user's name, role, unit, address, language, username or activity was changed.
        UserChanged = "user_changed",
        /// A password was set.
        PasswordSet = "password_set",
        /// A token was given.
        TokenIssued = "token_issued",
        /// A token or session was taken back.
        TokenRevoked = "token_revoked",
        /// A secret address of a calendar was made.
        FeedCreated = "feed_created",
        /// A secret address of a calendar was taken back.
        FeedRevoked = "feed_revoked",
    }
}

/// Appends one entry, within the running write.
pub(super) fn write(
    c: &mut AnyConnection,
    stamp: Stamp,
    act: AccessAct,
    payload: Value,
) -> Result<(), AppError> {
    entries::append(c, stamp, [(act.word(), payload)])
}

/// A user as the ledger writes one down.
pub(super) fn user(of: &UserRow, username: Option<&str>) -> Value {
    json!({
        "name": of.name, "role": of.role, "unit": of.unit, "email": of.email, "language": of.language,
        "active": of.active, "username": username,
    })
}

/// Counts a failure that is no account's own; tells the ledger of those counted, once that was long enough ago.
pub(super) fn tally(c: &mut AnyConnection, known: bool, now: DateTime<Utc>) -> Result<(), AppError> {
    let mut counted = tally_find(c)?;
    if known {
        counted.turned_away = counted.turned_away.saturating_add(1);
    } else {
        counted.unknown = counted.unknown.saturating_add(1);
    }
    // A clock set back must not silence the ledger for good.
    let told = counted.recorded_at.is_some_and(|at| (now - at.utc()).abs() < TALLIED_EVERY);
    if !told {
        let payload = json!({"unknown_usernames": counted.unknown, "turned_away": counted.turned_away});
        write(c, Stamp { actor: None, now }, AccessAct::SignInFailed, payload)?;
        counted = TallyRow { unknown: 0, turned_away: 0, recorded_at: Some(now.into()) };
    }
    Ok(tally_put(c, counted)?)
}
