//! Signing in by password, signing out, and finding out who holds a token.
//!
//! A session is a token that ends of itself: after a time without use, and after a longer time whatever its use. Whether the username is
//! unknown, the password wrong or the account locked, the answer is the same, and so is the work done for it.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;

use super::record::{self, AccessAct, Stamp};
use super::users::UserView;
use super::{
    AccessSettings, App, AppError, Invalid, Principal, fault_of, passwords, principal_of, random_token,
};
use crate::domain::account::{AccountFault, Password, Username};
use crate::domain::ledger::sha256_hex;
use crate::domain::office_time;
use crate::store::access::{
    self as store, TokenRow, UserRow, token_find, token_insert, token_touch, tokens_forget, tokens_revoke,
};
use crate::store::credentials::{credential_by_key, credentials_of};
use crate::store::dossiers::word;
use crate::store::{AnyConnection, Moment};

/// What every token begins with, so that one left lying about is recognised.
pub(super) const PREFIX: &str = "hentra_";
/// Random bytes of a token.
pub(super) const BYTES: usize = 32;
/// A session's use is written down once in this part of its idle time: it ends that much too early at worst, and no request writes for it alone.
const TOUCHES_IN_IDLE_TIME: i32 = 10;
/// Sessions that ended so long ago are forgotten; the ledger remembers them.
const FORGOTTEN_AFTER: TimeDelta = TimeDelta::days(30);

words! {
    /// How somebody came by a token.
    TokenKind {
        /// An administrator gave it; for programs, and for first steps.
        Token = "token",
        /// By signing in with a password; ends of itself.
        Session = "session",
    }
}

/// A session just opened; the only time that its token is told.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The bearer token.
    pub token: String,
    /// When it ends at the latest.
    pub expires_at: DateTime<Utc>,
    /// When it ends if it is not used before.
    pub idle_until: DateTime<Utc>,
    /// Who signed in.
    pub user: UserView,
}

/// Who holds a token, and how long it holds.
#[derive(Debug, Clone)]
pub struct Presented {
    /// Who.
    pub principal: Principal,
    /// The token's key.
    pub token_id: i64,
    /// How they came by it.
    pub kind: TokenKind,
    /// When it ends; `None` for never.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it ends if it is not used again; `None` for what does not end so.
    pub idle_until: Option<DateTime<Utc>>,
}

/// The tokens whose use is being written down: one at a time each.
#[derive(Debug, Clone, Default)]
pub(crate) struct Touching(Arc<Mutex<BTreeSet<i64>>>);

/// Opens a session.
///
/// # Errors
/// [`AppError::Invalid`] naming `username` or `password` when it is empty, too long, or holds control characters; [`AppError::SignInFailed`]
/// whatever else is wrong with them; [`AppError::Busy`] when too many sign in at once.
pub async fn sign_in(app: &App, username: &str, password: &str) -> Result<Opened, AppError> {
    let (name, password) = offered(username, password)?;
    let credential = match name {
        Some(name) => app.read(move |c, _| Ok(credential_by_key(c, name.key())?)).await?,
        None => None,
    };
    let tried = passwords::compare(app, credential, password).await?;
    let (settings, now) = (app.access().settings, app.clock().now());
    // What is written for a failure stays written, so a failure is no error of the transaction.
    let opened = app
        .write_job("sign in", move |c, _| match passwords::settle(c, settings.lockout, &tried, now)? {
            Some(user) => open(c, &settings, user, now).map(Some),
            None => Ok(None),
        })
        .await?;
    opened.ok_or(AppError::SignInFailed)
}

/// Both fields are looked at before anything is refused. A username that nobody can have is answered as one that nobody has.
fn offered(username: &str, password: &str) -> Result<(Option<Username>, Password), AppError> {
    let name = match Username::parse(username) {
        Ok(name) => Ok(Some(name)),
        Err(fault @ (AccountFault::Empty | AccountFault::TooLong)) => Err(fault),
        Err(_) if username.chars().any(char::is_control) => Err(AccountFault::BadCharacters),
        Err(_) => Ok(None),
    };
    match (name, Password::typed(password)) {
        (Ok(name), Ok(password)) => Ok((name, password)),
        (name, password) => {
            let faults = [("username", name.err()), ("password", password.err())];
            let named =
                |(name, fault): (&str, Option<AccountFault>)| Some(Invalid::new(name, fault_of(fault?)));
            Err(AppError::Invalid(faults.into_iter().filter_map(named).collect()))
        }
    }
}

fn open(
    c: &mut AnyConnection,
    settings: &AccessSettings,
    user: UserRow,
    now: DateTime<Utc>,
) -> Result<Opened, AppError> {
    let token = random_token(PREFIX, BYTES)?;
    let expires_at = now + settings.session_longest;
    tokens_forget(c, TokenKind::Session.word(), (now - FORGOTTEN_AFTER).into())?;
    let row = TokenRow {
        id: 0,
        user_id: user.id,
        digest: sha256_hex(token.as_bytes()),
        created_at: now.into(),
        expires_at: Some(expires_at.into()),
        revoked_at: None,
        kind: TokenKind::Session.word().to_owned(),
        label: None,
        used_at: Some(now.into()),
    };
    let id = token_insert(c, row)?;
    let stamp = Stamp { actor: Some(user.id), now };
    record::write(c, stamp, AccessAct::SignedIn, json!({"user": user.id, "token": id}))?;
    let credential = credentials_of(c, &[user.id])?.pop();
    let idle_until = (now + settings.session_idle).min(expires_at);
    Ok(Opened { token, expires_at, idle_until, user: UserView::of(user, credential.as_ref(), now)? })
}

/// The user behind a bearer token at the present instant.
///
/// # Errors
/// As [`present`].
pub async fn authenticate(app: &App, token: &str) -> Result<Principal, AppError> {
    Ok(present(app, token).await?.principal)
}

/// Who holds a bearer token at the present instant, and how long it holds. That it was used is written down from time to time.
///
/// # Errors
/// [`AppError::Unauthenticated`] for an unknown, ended or revoked token, or a user no longer active.
pub async fn present(app: &App, token: &str) -> Result<Presented, AppError> {
    let digest = sha256_hex(token.as_bytes());
    let now = app.clock().now();
    let found = app.read(move |c, _| Ok(token_find(c, &digest)?)).await?;
    let settings = app.access().settings;
    let (token, user) = found
        .filter(|(token, user)| user.active && !has_ended(token, &settings, now))
        .ok_or(AppError::Unauthenticated)?;
    if is_touch_due(&token, &settings, now) {
        touch(app, token.id, now);
    }
    let kind = word("kind of token", &token.kind, TokenKind::from_word)?;
    let expires_at = token.expires_at.map(Moment::utc);
    let idle_until = (kind == TokenKind::Session).then(|| now + settings.session_idle);
    let idle_until = idle_until.map(|idle| expires_at.map_or(idle, |end| end.min(idle)));
    Ok(Presented { principal: principal_of(user)?, token_id: token.id, kind, expires_at, idle_until })
}

/// Whether the token holds no longer: taken back, expired, or a session left alone.
pub(super) fn has_ended(token: &TokenRow, settings: &AccessSettings, now: DateTime<Utc>) -> bool {
    let passed = |at: Option<Moment>| at.is_some_and(|at| at.utc() <= now);
    let idle = token.kind == TokenKind::Session.word()
        && token.used_at.unwrap_or(token.created_at).utc() + settings.session_idle <= now;
    passed(token.revoked_at) || passed(token.expires_at) || idle
}

/// A session's use is noted often enough to keep it alive, a token's once a day of the office.
fn is_touch_due(token: &TokenRow, settings: &AccessSettings, now: DateTime<Utc>) -> bool {
    let Some(used) = token.used_at.map(Moment::utc) else { return true };
    if token.kind == TokenKind::Session.word() {
        return now - used >= settings.session_idle / TOUCHES_IN_IDLE_TIME;
    }
    office_time::local_date(used) < office_time::local_date(now)
}

fn touch(app: &App, id: i64, now: DateTime<Utc>) {
    let touching = app.access().touching.clone();
    let first = touching.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id);
    if first {
        app.write_later("token use", move |c| {
            let written = token_touch(c, id, now.into());
            touching.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
            written
        });
    }
}

/// Ends the session, or gives the token back, that the asker came with.
///
/// # Errors
/// The store's.
pub async fn sign_out(app: &App, presented: Presented) -> Result<(), AppError> {
    let now = app.clock().now();
    app.write_job("sign out", move |c, _| {
        let (user, id) = (presented.principal.user_id, presented.token_id);
        let Some(token) = store::token_by_id(c, id)?.filter(|token| token.revoked_at.is_none()) else {
            return Ok(());
        };
        tokens_revoke(c, &[token.id], now.into())?;
        let payload = json!({"user": user, "token": id, "kind": token.kind});
        record::write(c, Stamp { actor: Some(user), now }, AccessAct::SignedOut, payload)
    })
    .await
}

/// The account of who is signed in.
///
/// # Errors
/// The store's.
pub async fn account(app: &App, principal: &Principal) -> Result<UserView, AppError> {
    let (id, now) = (principal.user_id, app.clock().now());
    app.read(move |c, _| {
        let user = store::user_find(c, id)?.ok_or(AppError::NotFound("user"))?;
        UserView::of(user, credentials_of(c, &[id])?.first(), now)
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(kind: TokenKind, used_minutes_ago: Option<i64>, now: DateTime<Utc>) -> TokenRow {
        TokenRow {
            id: 1,
            user_id: 1,
            digest: String::new(),
            created_at: (now - TimeDelta::minutes(600)).into(),
            expires_at: None,
            revoked_at: None,
            kind: kind.word().to_owned(),
            label: None,
            used_at: used_minutes_ago.map(|ago| (now - TimeDelta::minutes(ago)).into()),
        }
    }

    #[test]
    fn sessions_left_alone_end_and_tokens_do_not() {
        let (now, settings) =
            (DateTime::from_timestamp(1_700_000_000, 0).unwrap(), AccessSettings::default());
        let ended = |kind, ago| has_ended(&token(kind, ago, now), &settings, now);
        assert!(!ended(TokenKind::Session, Some(59)) && ended(TokenKind::Session, Some(60)));
        assert!(ended(TokenKind::Session, None) && !ended(TokenKind::Token, None));
        assert!(!ended(TokenKind::Token, Some(500_000)));
        let later = now + TimeDelta::minutes(1);
        let expiring = TokenRow { expires_at: Some(later.into()), ..token(TokenKind::Session, Some(0), now) };
        assert!(!has_ended(&expiring, &settings, now) && has_ended(&expiring, &settings, later));
    }

    #[test]
    fn use_is_written_down_from_time_to_time() {
        // 2026-11-20 17:30 at the office.
        let (now, settings) =
            (DateTime::from_timestamp(1_795_170_600, 0).unwrap(), AccessSettings::default());
        let due = |kind, ago| is_touch_due(&token(kind, ago, now), &settings, now);
        assert!(!due(TokenKind::Session, Some(5)) && due(TokenKind::Session, Some(6)));
        assert!(due(TokenKind::Token, None) && due(TokenKind::Token, Some(24 * 60)));
        assert!(!due(TokenKind::Token, Some(17 * 60)) && due(TokenKind::Token, Some(18 * 60)));
    }

    #[test]
    fn a_username_that_nobody_can_have_is_as_good_as_unknown() {
        let faults = |name, password| match offered(name, password) {
            Ok((name, _)) => vec![name.map_or("nobody".to_owned(), |name| name.key().to_owned())],
            Err(AppError::Invalid(all)) => {
                all.iter().map(|of| format!("{}: {}", of.name, of.fault)).collect()
            }
            Err(error) => vec![error.to_string()],
        };
        assert_eq!(faults("Lan.Nguyễn", "x"), ["lan.nguyen"]);
        assert_eq!(faults("a password, by mistake", "x"), ["nobody"]);
        assert_eq!(faults("", ""), ["username: empty", "password: empty"]);
        assert_eq!(faults("a\u{0}b", "c\u{0}d"), ["username: bad_characters", "password: bad_characters"]);
        assert_eq!(faults(&"a".repeat(65), &"b".repeat(129)), ["username: too_long", "password: too_long"]);
    }
}
