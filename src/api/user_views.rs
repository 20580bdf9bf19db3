//! What requests about users, tokens and sessions hold, and what is answered of them.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::values::Shown;
use crate::app::access::sessions::{Opened, Presented, TokenKind};
use crate::app::access::tokens::{NewToken, TokenView};
use crate::app::access::user_changes::UserChange;
use crate::app::access::users::{MailLanguage, NewAccount, UserView};
use crate::app::access::{Right, Role};
use crate::app::view::OfficeTime;

/// A username and a password.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SignIn)]
pub(super) struct SignInBody {
    /// The username; case and marks do not matter.
    pub(super) username: String,
    /// The password.
    #[schema(format = Password)]
    pub(super) password: String,
}

/// A session just opened.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpenedSession)]
pub(super) struct OpenedBody {
    /// The bearer token, told this once.
    token: String,
    /// When the session ends at the latest.
    expires_at: OfficeTime,
    /// When it ends if it is not used before.
    idle_until: OfficeTime,
    /// Who signed in.
    user: UserBody,
}

impl From<Opened> for OpenedBody {
    fn from(of: Opened) -> Self {
        OpenedBody {
            token: of.token,
            expires_at: of.expires_at.into(),
            idle_until: of.idle_until.into(),
            user: of.user.into(),
        }
    }
}

/// Who is signed in, how, and what they may do.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CurrentSession)]
pub(super) struct CurrentBody {
    /// How the token was come by.
    kind: TokenKind,
    /// When it ends; null for never.
    expires_at: Option<OfficeTime>,
    /// When it ends if it is not used again; null for what does not end so.
    idle_until: Option<OfficeTime>,
    /// Who.
    user: UserBody,
    /// What they may do within their unit and below it.
    may: Vec<Right>,
}

impl CurrentBody {
    pub(super) fn of(presented: &Presented, user: UserView) -> CurrentBody {
        let rights = Right::ALL.iter().copied();
        CurrentBody {
            kind: presented.kind,
            expires_at: presented.expires_at.map(Into::into),
            idle_until: presented.idle_until.map(Into::into),
            may: rights.filter(|right| presented.principal.may(*right)).collect(),
            user: user.into(),
        }
    }
}

/// A user.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = User)]
pub(super) struct UserBody {
    /// Key.
    pub(super) id: i64,
    /// Name, as shown; officers appear on their dossiers by it.
    name: String,
    /// What the user signs in by; null for who has only tokens.
    username: Option<String>,
    /// Where mail goes.
    email: Option<String>,
    /// Role.
    role: Role,
    /// Top of what the user sees.
    unit: String,
    /// The language of mail.
    language: MailLanguage,
    /// Whether the user may still sign in and is still written to.
    active: bool,
    /// Whether a password is set.
    has_password: bool,
    /// Until when wrong passwords have locked the account; null while it is open.
    locked_until: Option<OfficeTime>,
    /// When the user was added.
    created_at: OfficeTime,
}

impl From<UserView> for UserBody {
    fn from(of: UserView) -> Self {
        UserBody {
            id: of.id,
            name: of.name,
            username: of.username,
            email: of.email,
            role: of.role,
            unit: of.unit,
            language: of.language,
            active: of.active,
            has_password: of.has_password,
            locked_until: of.locked_until.map(Into::into),
            created_at: of.created_at.into(),
        }
    }
}

/// A user to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewUser)]
pub(super) struct NewUserBody {
    /// Name, as shown.
    name: Shown,
    /// Role.
    role: Role,
    /// Top of what the user sees.
    unit: String,
    /// Where mail goes.
    #[serde(default)]
    email: Option<String>,
    /// The language of mail; Vietnamese if nothing is said.
    #[serde(default)]
    language: Option<MailLanguage>,
    /// What the user signs in by, 3 to 64 letters, digits, and `. _ - @` within; needed for a password.
    #[serde(default)]
    username: Option<String>,
}

impl From<NewUserBody> for NewAccount {
    fn from(of: NewUserBody) -> Self {
        NewAccount {
            name: of.name.0,
            role: of.role,
            unit: of.unit,
            email: of.email,
            language: of.language.unwrap_or(MailLanguage::Vi),
            username: of.username,
        }
    }
}

/// What changes of a user; a field that is not there leaves it as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = UserChange)]
pub(super) struct UserChangeBody {
    /// Name, as shown.
    #[serde(default)]
    name: Option<Shown>,
    /// Role.
    #[serde(default)]
    role: Option<Role>,
    /// Top of what the user sees.
    #[serde(default)]
    unit: Option<String>,
    /// Where mail goes; null for nowhere.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    email: Option<Option<String>>,
    /// The language of mail.
    #[serde(default)]
    language: Option<MailLanguage>,
    /// What the user signs in by; null takes it and the password away.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    username: Option<Option<String>>,
    /// Whether the user may still sign in; false ends every token and session at once.
    #[serde(default)]
    active: Option<bool>,
}

/// Tells `null` from a field that is not there.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(deserializer).map(Some)
}

impl From<UserChangeBody> for UserChange {
    fn from(of: UserChangeBody) -> Self {
        UserChange {
            name: of.name.map(|name| name.0),
            role: of.role,
            unit: of.unit,
            email: of.email,
            language: of.language,
            username: of.username,
            active: of.active,
        }
    }
}

/// A password to be set.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewPassword)]
pub(super) struct PasswordBody {
    /// The new one: 10 to 128 characters, not the account's own names, not digits alone.
    #[schema(format = Password)]
    pub(super) password: String,
    /// The one that stands; needed to change one's own.
    #[serde(default)]
    #[schema(format = Password)]
    pub(super) current: Option<String>,
}

/// A token to be given.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewToken)]
pub(super) struct NewTokenBody {
    /// What it is for.
    #[serde(default)]
    label: Option<String>,
    /// When it ends, an instant to come; never if nothing is said.
    #[serde(default)]
    expires_at: Option<DateTime<Utc>>,
}

impl From<NewTokenBody> for NewToken {
    fn from(of: NewTokenBody) -> Self {
        NewToken { label: of.label, expires_at: of.expires_at }
    }
}

/// A token or session that holds, without its secret.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Token)]
pub(super) struct TokenBody {
    /// Its key.
    pub(super) id: i64,
    /// How its user came by it.
    kind: TokenKind,
    /// What it is for.
    label: Option<String>,
    /// When it was given.
    created_at: OfficeTime,
    /// When it ends; null for never.
    expires_at: Option<OfficeTime>,
    /// The day on which it was last used; null before its first use.
    last_used_on: Option<NaiveDate>,
}

impl From<TokenView> for TokenBody {
    fn from(of: TokenView) -> Self {
        TokenBody {
            id: of.id,
            kind: of.kind,
            label: of.label,
            created_at: of.created_at.into(),
            expires_at: of.expires_at.map(Into::into),
            last_used_on: of.last_used_on,
        }
    }
}

/// A token just given.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IssuedToken)]
pub(super) struct IssuedBody {
    /// The bearer token, told this once.
    pub(super) token: String,
    /// What is shown of it from now on.
    #[serde(flatten)]
    pub(super) of: TokenBody,
}

/// The tokens and sessions of a user.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Tokens)]
pub(super) struct TokensBody {
    /// Those that hold, the oldest first.
    pub(super) items: Vec<TokenBody>,
}
