//! Users: added and listed by administrators within their own units; the system itself keeps all of them. How they change is `user_changes`'.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::record::{self, AccessAct, Stamp};
use super::{App, AppError, Fault, Invalid, Principal, Right, Role, fault_of, own_or_kept, role_of};
use crate::app::Catalogue;
use crate::app::dossiers::{Page, PageRequest};
use crate::domain::account::Username;
use crate::domain::letters;
use crate::store::access::{
    UserFilter, UserRow, user_find as find_user, user_insert, users_count, users_list as users_page,
};
use crate::store::credentials::{CredentialRow, credential_by_key, credential_put, credentials_of};
use crate::store::{AnyConnection, Moment};

/// The longest name, in characters.
const LONGEST_NAME: usize = 200;

words! {
    /// The language a user is written to in.
    MailLanguage {
        /// Vietnamese.
        Vi = "vi",
        /// English.
        En = "en",
    }
}

/// A user to be added.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// Name, as shown.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Top of what the user sees.
    pub unit: String,
    /// Where mail goes.
    pub email: Option<String>,
    /// In which language.
    pub language: MailLanguage,
    /// What the user signs in by; `None` for who comes with a token alone.
    pub username: Option<String>,
}

impl Default for NewAccount {
    /// Nobody yet: an officer without a name, written to in Vietnamese.
    fn default() -> Self {
        NewAccount {
            name: String::new(),
            role: Role::Officer,
            unit: String::new(),
            email: None,
            language: MailLanguage::Vi,
            username: None,
        }
    }
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserView {
    /// Key.
    pub id: i64,
    /// Name, as shown.
    pub name: String,
    /// What the user signs in by.
    pub username: Option<String>,
    /// Where mail goes.
    pub email: Option<String>,
    /// Role.
    pub role: Role,
    /// Top of what the user sees.
    pub unit: String,
    /// The language of mail.
    pub language: MailLanguage,
    /// Whether the user may still sign in.
    pub active: bool,
    /// Whether a password is set.
    pub has_password: bool,
    /// Until when wrong passwords have locked the account; `None` while it is open.
    pub locked_until: Option<DateTime<Utc>>,
    /// When the user was added.
    pub created_at: DateTime<Utc>,
}

impl UserView {
    pub(super) fn of(
        row: UserRow,
        credential: Option<&CredentialRow>,
        now: DateTime<Utc>,
    ) -> Result<UserView, AppError> {
        Ok(UserView {
            id: row.id,
            role: role_of(&row.role)?,
            language: MailLanguage::from_word(&row.language).unwrap_or(MailLanguage::Vi),
            name: row.name,
            username: credential.map(|of| of.username.clone()),
            email: row.email,
            unit: row.unit,
            active: row.active,
            has_password: credential.is_some_and(|of| of.password.is_some()),
            locked_until: credential.and_then(|of| of.locked_until).map(Moment::utc).filter(|at| *at > now),
            created_at: row.created_at.utc(),
        })
    }
}

/// A new user's fields, each of which can be kept.
#[derive(Debug, Clone)]
pub(super) struct Checked {
    new: NewAccount,
    pub(super) username: Option<Username>,
}

impl NewAccount {
    /// # Errors
    /// [`AppError::Invalid`] naming each wrong field.
    pub(super) fn checked(self) -> Result<Checked, AppError> {
        let mut faults = Vec::new();
        let mut kept = |result: Result<(), AppError>| {
            if let Err(AppError::Invalid(found)) = result {
                faults.extend(found);
            }
        };
        kept(check_line("name", &self.name, LONGEST_NAME));
        kept(check_email(self.email.as_deref()));
        let username = self.username.as_deref().map(read_username).transpose();
        let username = username.inspect_err(|fault| faults.push(fault.clone())).ok().flatten();
        if faults.is_empty() { Ok(Checked { new: self, username }) } else { Err(AppError::Invalid(faults)) }
    }
}

/// A text that stands on one line and shows something.
pub(super) fn check_line(name: &str, text: &str, longest: usize) -> Result<(), AppError> {
    if text.trim().is_empty() {
        Err(AppError::invalid(name, Fault::Empty))
    } else if text.chars().count() > longest {
        Err(AppError::invalid(name, Fault::TooLong))
    } else if !text.chars().all(letters::on_a_line) {
        Err(AppError::invalid(name, Fault::BadCharacters))
    } else {
        Ok(())
    }
}

fn check_email(email: Option<&str>) -> Result<(), AppError> {
    if email.is_none_or(crate::mail::is_address) {
        Ok(())
    } else {
        Err(AppError::invalid("email", Fault::Malformed))
    }
}

fn read_username(text: &str) -> Result<Username, Invalid> {
    Username::parse(text).map_err(|fault| Invalid::new("username", fault_of(fault)))
}

/// Adds a user within the administrator's units.
///
/// # Errors
/// [`AppError::Forbidden`] for who keeps no users, and for a unit outside; [`AppError::Invalid`] naming each wrong field: an unknown `unit`, a
/// `username` that is taken.
pub async fn user_add(app: &App, new: NewAccount, by: Option<Principal>) -> Result<UserView, AppError> {
    if let Some(by) = &by {
        by.must(Right::Administer)?;
    }
    let checked = new.checked()?;
    let now = app.clock().now();
    app.write_job("user", move |c, catalogue| {
        let user = add(c, catalogue, checked, by.as_ref(), now)?;
        let credential = credentials_of(c, &[user.id])?.pop();
        UserView::of(user, credential.as_ref(), now)
    })
    .await
}

/// Adds a user within the running write.
pub(super) fn add(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    of: Checked,
    by: Option<&Principal>,
    now: DateTime<Utc>,
) -> Result<UserRow, AppError> {
    check_unit(catalogue, &of.new.unit, by)?;
    let mut user = UserRow {
        id: 0,
        name: of.new.name.trim().to_owned(),
        email: of.new.email,
        role: of.new.role.word().to_owned(),
        unit: of.new.unit,
        language: of.new.language.word().to_owned(),
        active: true,
        created_at: now.into(),
    };
    user.id = user_insert(c, user.clone())?;
    if let Some(username) = &of.username {
        name_user(c, user.id, username)?;
    }
    let after = record::user(&user, of.username.as_ref().map(Username::as_str));
    let stamp = Stamp::of(by, now);
    record::write(c, stamp, AccessAct::UserAdded, json!({"user": user.id, "after": after}))?;
    Ok(user)
}

/// Nobody gives rights where they have none.
pub(super) fn check_unit(catalogue: &Catalogue, unit: &str, by: Option<&Principal>) -> Result<(), AppError> {
    if catalogue.units.get(unit).is_none() {
        return Err(AppError::invalid("unit", Fault::UnknownReference));
    }
    if by.is_none_or(|by| by.sees(unit, &catalogue.units)) { Ok(()) } else { Err(AppError::Forbidden) }
}

/// Gives a user a name to sign in by, in the place of the one that stood; the password stays.
pub(super) fn name_user(c: &mut AnyConnection, user_id: i64, username: &Username) -> Result<(), AppError> {
    if credential_by_key(c, username.key())?.is_some_and(|of| of.user_id != user_id) {
        return Err(AppError::invalid("username", Fault::Taken));
    }
    let stood = credentials_of(c, &[user_id])?.pop();
    let empty = CredentialRow {
        user_id,
        username: String::new(),
        username_key: String::new(),
        password: None,
        password_set_at: None,
        failures: 0,
        failed_at: None,
        locked_until: None,
    };
    let (username, username_key) = (username.as_str().to_owned(), username.key().to_owned());
    Ok(credential_put(c, &CredentialRow { username, username_key, ..stood.unwrap_or(empty) })?)
}

/// A user: one's own account, or one within the administrator's units.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] outside.
pub async fn user_find(app: &App, id: i64, by: Option<Principal>) -> Result<UserView, AppError> {
    let now = app.clock().now();
    app.read(move |c, catalogue| {
        let user = own_or_kept(c, catalogue, id, by.as_ref())?;
        UserView::of(user, credentials_of(c, &[id])?.first(), now)
    })
    .await
}

/// Which users.
#[derive(Debug, Clone, Default)]
pub struct WhichUsers {
    /// Of this unit and those below it; all that the administrator keeps without it.
    pub unit: Option<String>,
    /// Only those who may still sign in (true), or only the others (false).
    pub active: Option<bool>,
}

/// A page of the users within the administrator's units, in the order in which they were added.
///
/// # Errors
/// [`AppError::Forbidden`] for who keeps no users; [`AppError::Invalid`] for an unknown unit or a cursor that is none.
pub async fn users_list(app: &App, which: WhichUsers, page: PageRequest) -> Result<Page<UserView>, AppError> {
    page.by.must(Right::Administer)?;
    let after = page.cursor.as_deref().map_or(Ok(0), str::parse::<i64>);
    let after = after.map_err(|_| AppError::invalid("cursor", Fault::Malformed))?;
    let now = app.clock().now();
    app.read(move |c, catalogue| {
        let root = which.unit.as_deref().unwrap_or(&page.by.unit);
        if !page.by.sees(root, &catalogue.units) {
            return Err(AppError::invalid("unit", Fault::UnknownReference));
        }
        let filter = UserFilter { units: catalogue.units_below(root), active: which.active };
        let count = users_count(c, &filter)?;
        let mut rows = users_page(c, &filter, after, page.limit + 1)?;
        let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = rows.last().filter(|_| more).map(|row| row.id.to_string());
        Ok(Page { items: drawn(c, rows, now)?, next, count, count_exact: true })
    })
    .await
}

/// Every user there is, for who keeps the system itself.
///
/// # Errors
/// The store's.
pub async fn users_all(app: &App) -> Result<Vec<UserView>, AppError> {
    let now = app.clock().now();
    app.read(move |c, _| {
        let rows = users_page(c, &UserFilter { units: None, active: None }, 0, i64::MAX)?;
        drawn(c, rows, now)
    })
    .await
}

/// The user who signs in by this name, for who keeps the system itself.
///
/// # Errors
/// The store's.
pub async fn user_by_name(app: &App, username: &str) -> Result<Option<UserView>, AppError> {
    let Ok(name) = Username::parse(username) else { return Ok(None) };
    let now = app.clock().now();
    app.read(move |c, _| {
        let Some(credential) = credential_by_key(c, name.key())? else { return Ok(None) };
        let user = find_user(c, credential.user_id)?.ok_or(AppError::NotFound("user"))?;
        UserView::of(user, Some(&credential), now).map(Some)
    })
    .await
}

fn drawn(c: &mut AnyConnection, rows: Vec<UserRow>, now: DateTime<Utc>) -> Result<Vec<UserView>, AppError> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let credentials = credentials_of(c, &ids)?;
    rows.into_iter()
        .map(|row| {
            let credential = credentials.iter().find(|of| of.user_id == row.id);
            UserView::of(row, credential, now)
        })
        .collect()
}
