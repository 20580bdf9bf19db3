//! Tokens: given by administrators to users within their units, told once, kept as a digest, taken back at once.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use super::record::{self, AccessAct, Stamp};
use super::sessions::{BYTES, PREFIX, TokenKind, has_ended};
use super::users::{self, NewAccount};
use super::{App, AppError, Fault, Principal, Role, kept_user, own_or_kept, random_token};
use crate::domain::ledger::sha256_hex;
use crate::domain::office_time;
use crate::store::access::{TokenRow, token_by_id, token_insert, tokens_of, tokens_revoke};
use crate::store::dossiers::word;
use crate::store::{AnyConnection, Moment};

/// The longest label, in characters.
const LONGEST_LABEL: usize = 200;

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

/// A token to be given to a user.
#[derive(Debug, Clone, Default)]
pub struct NewToken {
    /// What it is for.
    pub label: Option<String>,
    /// When it ends; `None` for never.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A token that holds, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenView {
    /// Its key.
    pub id: i64,
    /// How its user came by it.
    pub kind: TokenKind,
    /// What it is for.
    pub label: Option<String>,
    /// When it was given.
    pub created_at: DateTime<Utc>,
    /// When it ends; `None` for never.
    pub expires_at: Option<DateTime<Utc>>,
    /// The office's day on which it was last used; `None` before its first use.
    pub last_used_on: Option<NaiveDate>,
}

impl TokenView {
    fn of(row: TokenRow) -> Result<TokenView, AppError> {
        let kind = word("kind of token", &row.kind, TokenKind::from_word)?;
        Ok(TokenView {
            id: row.id,
            kind,
            label: row.label,
            created_at: row.created_at.utc(),
            expires_at: row.expires_at.map(Moment::utc),
            last_used_on: row.used_at.map(|at| office_time::local_date(at.utc())),
        })
    }
}

/// Adds a user and answers the token, which is told this once and kept only as a digest. The system's own act.
///
/// # Errors
/// An unknown unit, an empty name, an address that no mail can be sent to, an end that has passed; the store's errors.
pub async fn token_create(app: &App, new: NewUser) -> Result<String, AppError> {
    let account = NewAccount {
        name: new.name,
        role: new.role,
        unit: new.unit,
        email: new.email,
        ..NewAccount::default()
    };
    let account = account.checked()?;
    let now = app.clock().now();
    check_end("expires", new.expires_at, now)?;
    let token = random_token(PREFIX, BYTES)?;
    let digest = sha256_hex(token.as_bytes());
    app.write_job("token", move |c, catalogue| {
        let user = users::add(c, catalogue, account, None, now)?;
        let of = NewToken { expires_at: new.expires_at, ..NewToken::default() };
        issue(c, user.id, digest, of, Stamp { actor: None, now }).map(drop)
    })
    .await?;
    Ok(token)
}

/// Gives a user within the administrator's units one more token; answers it, this once, with what is shown of it.
///
/// # Errors
/// [`AppError::Invalid`] naming `label`, or `expires_at` when it has passed; [`AppError::UserInactive`] for a user who is not active;
/// [`AppError::Forbidden`], [`AppError::NotFound`] outside.
pub async fn token_issue(
    app: &App,
    user_id: i64,
    new: NewToken,
    by: Option<Principal>,
) -> Result<(String, TokenView), AppError> {
    let now = app.clock().now();
    // Who may not is told so first, and learns nothing of the fields.
    let asker = by.clone();
    app.read(move |c, catalogue| kept_user(c, catalogue, user_id, asker.as_ref()).map(drop)).await?;
    check_end("expires_at", new.expires_at, now)?;
    if let Some(label) = &new.label {
        users::check_line("label", label, LONGEST_LABEL)?;
    }
    let token = random_token(PREFIX, BYTES)?;
    let digest = sha256_hex(token.as_bytes());
    let row = app
        .write_job("token", move |c, catalogue| {
            let user = kept_user(c, catalogue, user_id, by.as_ref())?;
            if !user.active {
                return Err(AppError::UserInactive);
            }
            issue(c, user.id, digest, new, Stamp::of(by.as_ref(), now))
        })
        .await?;
    Ok((token, TokenView::of(row)?))
}

fn issue(
    c: &mut AnyConnection,
    user_id: i64,
    digest: String,
    new: NewToken,
    stamp: Stamp,
) -> Result<TokenRow, AppError> {
    let mut row = TokenRow {
        id: 0,
        user_id,
        digest,
        created_at: stamp.now.into(),
        expires_at: new.expires_at.map(Into::into),
        revoked_at: None,
        kind: TokenKind::Token.word().to_owned(),
        label: new.label,
        used_at: None,
    };
    row.id = token_insert(c, row.clone())?;
    let payload = json!({"user": user_id, "token": row.id, "label": row.label, "expires_at": new.expires_at});
    record::write(c, stamp, AccessAct::TokenIssued, payload)?;
    Ok(row)
}

/// The tokens and sessions of a user that hold now, the oldest first: one's own, or those of a user within the administrator's units.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] outside.
pub async fn tokens_list(app: &App, user_id: i64, by: Option<Principal>) -> Result<Vec<TokenView>, AppError> {
    let (settings, now) = (app.access().settings, app.clock().now());
    app.read(move |c, catalogue| {
        let user = own_or_kept(c, catalogue, user_id, by.as_ref())?;
        let held = tokens_of(c, user.id)?.into_iter().filter(|token| !has_ended(token, &settings, now));
        held.map(TokenView::of).collect()
    })
    .await
}

/// Takes a token or session back: one's own, or that of a user within the administrator's units. It ends at once.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] outside, and for a token that the user has not or no longer.
pub async fn token_revoke(
    app: &App,
    user_id: i64,
    token_id: i64,
    by: Option<Principal>,
) -> Result<(), AppError> {
    let now = app.clock().now();
    app.write_job("token", move |c, catalogue| {
        let user = own_or_kept(c, catalogue, user_id, by.as_ref())?;
        revoke(c, token_id, Some(user.id), Stamp::of(by.as_ref(), now))
    })
    .await
}

/// Takes any token back: the system's own act.
///
/// # Errors
/// [`AppError::NotFound`] for one that there is not, or no longer.
pub async fn token_revoke_by_system(app: &App, token_id: i64) -> Result<(), AppError> {
    let now = app.clock().now();
    app.write_job("token", move |c, _| revoke(c, token_id, None, Stamp { actor: None, now })).await
}

fn revoke(c: &mut AnyConnection, id: i64, of: Option<i64>, stamp: Stamp) -> Result<(), AppError> {
    let token = token_by_id(c, id)?
        .filter(|token| token.revoked_at.is_none() && of.is_none_or(|user| user == token.user_id))
        .ok_or(AppError::NotFound("token"))?;
    tokens_revoke(c, &[id], stamp.now.into())?;
    let payload = json!({"user": token.user_id, "token": id, "kind": token.kind});
    record::write(c, stamp, AccessAct::TokenRevoked, payload)
}

fn check_end(name: &str, end: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<(), AppError> {
    if end.is_some_and(|at| at <= now) { Err(AppError::invalid(name, Fault::OutOfRange)) } else { Ok(()) }
}
