//! Passwords: hashed with argon2id, set by their owner or an administrator, and proved with a lock behind too many failures.
//!
//! Hashing takes 19 MiB and some hundredths of a second by design. So it happens off the async threads, two at a time, with a short queue before
//! it; who comes when the queue is full is asked to come again. A flood of sign-ins costs the machine that much and no more.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use chrono::{DateTime, Utc};
use serde_json::json;
use tokio::sync::Semaphore;

use super::record::{self, AccessAct, Stamp};
use super::sessions::TokenKind;
use super::{App, AppError, Fault, Principal, fault_of, own_or_kept};
use crate::app::off_thread;
use crate::domain::account::{Lockout, Password};
use crate::store::access::{UserRow, tokens_of, tokens_revoke, user_find};
use crate::store::credentials::{CredentialRow, credential_put, credentials_of};
use crate::store::{AnyConnection, Moment};

/// Memory of one hash, in KiB (19 MiB). OWASP's cheat sheet gives this, two passes and one lane as its first choice for argon2id.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Hashes at a time.
const AT_ONCE: usize = 2;
/// Askers who may wait for their hash.
const WAITING: usize = 64;
/// A hash of the same cost that no password has: it is checked where there is nothing to check, so that both take as long.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$aGVudHJhLW5vYm9keSdzLQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Where passwords are hashed.
pub(crate) struct Hasher {
    places: Arc<Semaphore>,
    waiting: AtomicUsize,
}

impl Default for Hasher {
    fn default() -> Self {
        Hasher { places: Arc::new(Semaphore::new(AT_ONCE)), waiting: AtomicUsize::new(0) }
    }
}

impl Hasher {
    /// The password's hash as a PHC string, with a salt of its own.
    ///
    /// # Errors
    /// [`AppError::Busy`] when too many wait.
    async fn hash(&self, password: Password) -> Result<String, AppError> {
        self.run(move || {
            let mut salt = [0_u8; 16];
            getrandom::fill(&mut salt).map_err(|error| error.to_string())?;
            let hash = argon2()?.hash_password_with_salt(password.reveal().as_bytes(), &salt);
            hash.map(|hash| hash.to_string()).map_err(|error| error.to_string())
        })
        .await?
        .map_err(AppError::Internal)
    }

    /// Whether the password has this hash; without one it takes as long and is wrong.
    ///
    /// # Errors
    /// [`AppError::Busy`] when too many wait.
    async fn matches(&self, password: Password, hash: Option<String>) -> Result<bool, AppError> {
        self.run(move || {
            let known = hash.is_some();
            let hash = hash.unwrap_or_else(|| NOBODYS.to_owned());
            let right = argon2().is_ok_and(|argon2| {
                argon2.verify_password(password.reveal().as_bytes(), hash.as_str()).is_ok()
            });
            known && right
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, AppError> {
        let _waiting = Waiting::join(&self.waiting)?;
        let place = Arc::clone(&self.places).acquire_owned().await;
        let place = place.map_err(|error| AppError::Internal(error.to_string()))?;
        let held = move || {
            // Held by the work itself: an asker who goes away does not let another in while the hash still runs.
            let _place = place;
            work()
        };
        off_thread::run(held).await
    }
}

/// A place in the queue, given back when it is dropped.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn join(waiting: &'a AtomicUsize) -> Result<Waiting<'a>, AppError> {
        let before = waiting.fetch_add(1, Ordering::SeqCst);
        let place = Waiting(waiting);
        if before < AT_ONCE + WAITING { Ok(place) } else { Err(AppError::Busy) }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

fn argon2() -> Result<Argon2<'static>, String> {
    let parameters = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| error.to_string())?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters))
}

/// What was found out about a typed password before the writer judges it.
#[derive(Debug)]
pub(super) struct Tried {
    /// Whose it would be.
    credential: Option<CredentialRow>,
    right: bool,
}

/// Compares a typed password with the one that stands; the writer must still [`settle`] it.
///
/// # Errors
/// [`AppError::Busy`] when too many wait.
pub(super) async fn compare(
    app: &App,
    credential: Option<CredentialRow>,
    typed: Password,
) -> Result<Tried, AppError> {
    let now = app.clock().now();
    let open = credential.as_ref().filter(|of| !is_locked(of, now));
    let hash = open.and_then(|of| of.password.clone());
    let right = app.access().hasher.matches(typed, hash).await?;
    Ok(Tried { credential, right })
}

pub(super) fn is_locked(of: &CredentialRow, now: DateTime<Utc>) -> bool {
    of.locked_until.is_some_and(|until| until.utc() > now)
}

/// Judges a typed password within the running write, where no other can be judged beside it: answers whose it is, or `None`. Counts failures,
/// locks, and tells the ledger. What is answered after a lock came, or the password changed meanwhile, is `None` even if it was right.
pub(super) fn settle(
    c: &mut AnyConnection,
    rule: Lockout,
    tried: &Tried,
    now: DateTime<Utc>,
) -> Result<Option<UserRow>, AppError> {
    let Some(seen) = &tried.credential else {
        record::tally(c, false, now)?;
        return Ok(None);
    };
    let user = user_find(c, seen.user_id)?.filter(|user| user.active);
    let stands = credentials_of(c, &[seen.user_id])?.pop();
    let open =
        stands.filter(|of| of.password.is_some() && of.password == seen.password && !is_locked(of, now));
    let (Some(user), Some(mut stands)) = (user, open) else {
        record::tally(c, true, now)?;
        return Ok(None);
    };
    if tried.right {
        if stands.failures > 0 {
            stands = CredentialRow { failures: 0, failed_at: None, locked_until: None, ..stands };
            credential_put(c, &stands)?;
        }
        return Ok(Some(user));
    }
    fail(c, rule, stands, now)?;
    Ok(None)
}

fn fail(
    c: &mut AnyConnection,
    rule: Lockout,
    mut of: CredentialRow,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let before = u32::try_from(of.failures).unwrap_or(0);
    let failures = Lockout::failures(before, of.failed_at.map(Moment::utc), now);
    let until = rule.until(failures, now);
    of.failures = i32::try_from(failures).unwrap_or(i32::MAX);
    of.failed_at = Some(now.into());
    of.locked_until = until.map(Into::into);
    credential_put(c, &of)?;
    let stamp = Stamp { actor: None, now };
    record::write(c, stamp, AccessAct::SignInFailed, json!({"user": of.user_id, "failures": failures}))?;
    match until {
        Some(until) => {
            record::write(c, stamp, AccessAct::AccountLocked, json!({"user": of.user_id, "until": until}))
        }
        None => Ok(()),
    }
}

/// A password to be set.
#[derive(Debug, Clone)]
pub struct NewPassword {
    /// Whose.
    pub user_id: i64,
    /// The new one.
    pub password: String,
    /// The one that stands, from who sets their own.
    pub current: Option<String>,
    /// The asker's own session, which goes on when they set their own password.
    pub keep: Option<i64>,
}

/// Sets a password: one's own, with the current one where there is one, or as an administrator that of a user within the own units. Sessions
/// opened by the old one end, a lock is opened.
///
/// # Errors
/// [`AppError::Invalid`] naming `password` or `current`, or `username` when there is none yet; [`AppError::Forbidden`], [`AppError::NotFound`] as
/// for any user; [`AppError::Busy`].
pub async fn password_set(app: &App, new: NewPassword, by: Option<Principal>) -> Result<(), AppError> {
    let id = new.user_id;
    let asker = by.clone();
    let (user, credential) = app
        .read(move |c, catalogue| {
            let user = own_or_kept(c, catalogue, id, asker.as_ref())?;
            let credential = credentials_of(c, &[id])?.pop();
            Ok((user, credential.ok_or_else(|| AppError::invalid("username", Fault::Required))?))
        })
        .await?;
    let mailbox = user.email.as_deref().and_then(|email| email.split('@').next()).unwrap_or_default();
    let about = [credential.username.as_str(), user.name.as_str(), mailbox];
    let about: Vec<&str> = about.into_iter().filter(|name| !name.is_empty()).collect();
    let chosen = Password::chosen(&new.password, &about)
        .map_err(|fault| AppError::invalid("password", fault_of(fault)))?;
    let own = by.as_ref().is_some_and(|by| by.user_id == id);
    if own && credential.password.is_some() {
        prove_own(app, credential, new.current).await?;
    }
    let hash = app.access().hasher.hash(chosen).await?;
    let now = app.clock().now();
    app.write_job("password", move |c, catalogue| {
        own_or_kept(c, catalogue, id, by.as_ref())?;
        let stands = credentials_of(c, &[id])?.pop();
        let stands = stands.ok_or_else(|| AppError::invalid("username", Fault::Required))?;
        let (password, at) = (Some(hash), Some(now.into()));
        let put = CredentialRow {
            password,
            password_set_at: at,
            failures: 0,
            failed_at: None,
            locked_until: None,
            ..stands
        };
        credential_put(c, &put)?;
        let ended = end_sessions(c, id, new.keep.filter(|_| own), now)?;
        let stamp = Stamp::of(by.as_ref(), now);
        record::write(c, stamp, AccessAct::PasswordSet, json!({"user": id, "sessions_ended": ended}))
    })
    .await
}

/// Who holds a stolen session must not set a password: the current one is proved as at a sign-in, with the same lock behind it.
async fn prove_own(app: &App, credential: CredentialRow, current: Option<String>) -> Result<(), AppError> {
    let current = current.ok_or_else(|| AppError::invalid("current", Fault::Required))?;
    let typed = Password::typed(&current).map_err(|fault| AppError::invalid("current", fault_of(fault)))?;
    let tried = compare(app, Some(credential), typed).await?;
    let (rule, now) = (app.access().settings.lockout, app.clock().now());
    let proved = app.write_job("prove", move |c, _| settle(c, rule, &tried, now)).await?;
    if proved.is_some() { Ok(()) } else { Err(AppError::invalid("current", Fault::Wrong)) }
}

/// Ends a user's sessions but one; answers how many.
fn end_sessions(
    c: &mut AnyConnection,
    user_id: i64,
    but: Option<i64>,
    now: DateTime<Utc>,
) -> Result<usize, AppError> {
    let sessions = tokens_of(c, user_id)?;
    let ids: Vec<i64> = sessions
        .iter()
        .filter(|token| token.kind == TokenKind::Session.word() && Some(token.id) != but)
        .map(|token| token.id)
        .collect();
    tokens_revoke(c, &ids, now.into())?;
    Ok(ids.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Password {
        Password::typed(text).unwrap()
    }

    #[actix_web::test]
    async fn a_hash_says_how_it_was_made_and_fits_its_password_alone() {
        let hasher = Hasher::default();
        let hash = hasher.hash(typed("mưa rào tháng bảy")).await.unwrap();
        let how = "$argon2id$v=19$m=19456,t=2,p=1$";
        assert!(hash.starts_with(how), "{hash}");
        assert!(NOBODYS.starts_with(how) && NOBODYS.len() == hash.len(), "{NOBODYS} {hash}");
        assert_ne!(hasher.hash(typed("mưa rào tháng bảy")).await.unwrap(), hash);
        assert!(hasher.matches(typed("mưa rào tháng bảy"), Some(hash.clone())).await.unwrap());
        assert!(!hasher.matches(typed("mưa rào tháng tám"), Some(hash)).await.unwrap());
        assert!(!hasher.matches(typed("mưa rào tháng bảy"), None).await.unwrap());
        assert!(!hasher.matches(typed("x"), Some("no hash".to_owned())).await.unwrap());
        // The hash of nobody can be read: only then does it take as long as any other.
        assert!(argon2::password_hash::phc::PasswordHash::new(NOBODYS).is_ok());
    }

    #[actix_web::test]
    async fn who_comes_when_the_queue_is_full_is_sent_away_and_may_come_again() {
        let hasher = Hasher::default();
        let full: Vec<Waiting<'_>> =
            (0..AT_ONCE + WAITING).map(|_| Waiting::join(&hasher.waiting).unwrap()).collect();
        assert!(matches!(hasher.run(|| ()).await, Err(AppError::Busy)));
        drop(full);
        assert!(hasher.run(|| ()).await.is_ok());
    }
}
