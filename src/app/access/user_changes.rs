//! Changes of a user's rights and names, letting a user go, and opening a lock: each with what was before and after in the ledger.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::record::{self, AccessAct, Stamp};
use super::users::{MailLanguage, NewAccount, UserView, check_unit, name_user};
use super::{App, AppError, Principal, Role, kept_user};
use crate::app::Catalogue;
use crate::domain::account::Username;
use crate::store::AnyConnection;
use crate::store::access::{UserRow, tokens_of, tokens_revoke, user_update, users_active_but};
use crate::store::credentials::{CredentialRow, credential_delete, credential_put, credentials_of};

/// What changes of a user; `None` leaves as it is, and `Some(None)` takes away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UserChange {
    /// Name, as shown.
    pub name: Option<String>,
    /// Role.
    pub role: Option<Role>,
    /// Top of what the user sees.
    pub unit: Option<String>,
    /// Where mail goes.
    pub email: Option<Option<String>>,
    /// In which language.
    pub language: Option<MailLanguage>,
    /// What the user signs in by; taking it away takes the password along.
    pub username: Option<Option<String>>,
    /// Whether the user may still sign in and is still written to. Who may not loses every token and session.
    pub active: Option<bool>,
}

/// Changes a user within the administrator's units.
///
/// # Errors
/// As [`super::users::user_add`], and [`AppError::NotFound`] for a user outside; [`AppError::LastAdministrator`] when nobody active would be left to keep the
/// topmost unit.
pub async fn user_change(
    app: &App,
    id: i64,
    change: UserChange,
    by: Option<Principal>,
) -> Result<UserView, AppError> {
    let asker = by.clone();
    app.read(move |c, catalogue| kept_user(c, catalogue, id, asker.as_ref()).map(drop)).await?;
    let username = change.checked()?;
    let now = app.clock().now();
    app.write_job("user", move |c, catalogue| {
        let before = kept_user(c, catalogue, id, by.as_ref())?;
        let after = change.applied(before.clone());
        if after.unit != before.unit {
            check_unit(catalogue, &after.unit, by.as_ref())?;
        }
        keep_an_administrator(c, catalogue, &before, &after)?;
        let stamp = Stamp::of(by.as_ref(), now);
        carry_out(c, (&before, &after), username.as_ref(), stamp)
    })
    .await
}

impl UserChange {
    /// The new username, if it changes.
    fn checked(&self) -> Result<Option<Option<Username>>, AppError> {
        let stand_in = |text: &Option<String>| text.clone().unwrap_or_else(|| "x".to_owned());
        let fields = NewAccount {
            name: stand_in(&self.name),
            email: self.email.clone().flatten(),
            username: self.username.clone().flatten(),
            ..NewAccount::default()
        };
        let checked = fields.checked()?;
        Ok(self.username.is_some().then_some(checked.username))
    }

    fn applied(self, to: UserRow) -> UserRow {
        UserRow {
            name: self.name.map_or(to.name, |name| name.trim().to_owned()),
            role: self.role.map_or(to.role, |role| role.word().to_owned()),
            unit: self.unit.unwrap_or(to.unit),
            email: self.email.unwrap_or(to.email),
            language: self.language.map_or(to.language, |of| of.word().to_owned()),
            active: self.active.unwrap_or(to.active),
            ..to
        }
    }
}

fn carry_out(
    c: &mut AnyConnection,
    (before, after): (&UserRow, &UserRow),
    username: Option<&Option<Username>>,
    stamp: Stamp,
) -> Result<UserView, AppError> {
    let stood = credentials_of(c, &[before.id])?.pop();
    user_update(c, after)?;
    match username {
        Some(Some(username)) => name_user(c, after.id, username)?,
        Some(None) => credential_delete(c, after.id)?,
        None => {}
    }
    let stands = credentials_of(c, &[after.id])?.pop();
    let told =
        |row, of: &Option<CredentialRow>| record::user(row, of.as_ref().map(|of| of.username.as_str()));
    let (was, is) = (told(before, &stood), told(after, &stands));
    if was != is {
        let ended = if after.active { 0 } else { end_all(c, after.id, stamp.now)? };
        let payload = json!({"user": after.id, "before": was, "after": is, "tokens_ended": ended});
        record::write(c, stamp, AccessAct::UserChanged, payload)?;
    }
    UserView::of(after.clone(), stands.as_ref(), stamp.now)
}

/// Takes back every token and session: who is let in again begins anew.
fn end_all(c: &mut AnyConnection, user_id: i64, now: DateTime<Utc>) -> Result<usize, AppError> {
    let ids: Vec<i64> = tokens_of(c, user_id)?.iter().map(|token| token.id).collect();
    tokens_revoke(c, &ids, now.into())?;
    Ok(ids.len())
}

/// The topmost unit must not be left without an active administrator: nobody could give the right back.
fn keep_an_administrator(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    before: &UserRow,
    after: &UserRow,
) -> Result<(), AppError> {
    let admin = Role::Admin.word();
    let keeps = |user: &UserRow| user.active && user.role == admin && user.unit == before.unit;
    let topmost = catalogue.units.is_topmost(&before.unit);
    if topmost && keeps(before) && !keeps(after) && users_active_but(c, admin, &before.unit, before.id)? == 0
    {
        return Err(AppError::LastAdministrator);
    }
    Ok(())
}

/// Opens the lock that wrong passwords have put before an account; a user within the administrator's units.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] outside.
pub async fn user_unlock(app: &App, id: i64, by: Option<Principal>) -> Result<(), AppError> {
    let now = app.clock().now();
    app.write_job("unlock", move |c, catalogue| {
        kept_user(c, catalogue, id, by.as_ref())?;
        let Some(stands) = credentials_of(c, &[id])?.pop().filter(|of| of.failures > 0) else {
            return Ok(());
        };
        credential_put(c, &CredentialRow { failures: 0, failed_at: None, locked_until: None, ..stands })?;
        let stamp = Stamp::of(by.as_ref(), now);
        record::write(c, stamp, AccessAct::AccountUnlocked, json!({"user": id}))
    })
    .await
}
