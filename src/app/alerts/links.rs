//! What links in mails do, without signing in: turning the mails of a rule off and on again, and acknowledging what a letter of the ladder told.
//!
//! Looking at a link changes nothing, for mail scanners follow every link; only its page's button does. A link does the one thing that it was signed for
//! ([`crate::domain::alert::signed`]), for the one reader of the mail that it stood in, until it expires. The key is made by the installation itself and
//! leaves the database for nobody's eyes.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde_json::json;

use super::acknowledging::{self, Letter};
use super::digest::language_of;
use super::rules::timetable;
use crate::app::access::random_token;
use crate::app::entries::{self, Stamp};
use crate::app::{App, AppError, Catalogue};
use crate::domain::alert::Topic;
use crate::domain::alert::signed::{Claim, KEY_BYTES, LinkFault, SigningKey, sign, verify};
use crate::store::AnyConnection;
use crate::store::access::{UserRow, user_find};
use crate::store::alert_links as store;
use crate::text::Lang;

/// The name under which the key is kept.
const KEY: &str = "alert_links";
/// A mail may be unsubscribed from long after it came (RFC 8058 asks for no less than the mail's own usefulness).
const OPT_DOWN_HOLDS: TimeDelta = TimeDelta::days(180);
/// So long a letter of the ladder can be acknowledged.
const ACKNOWLEDGE_HOLDS: TimeDelta = TimeDelta::days(14);

/// Why a link does nothing.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// It is no link of ours, or its time is over.
    #[error(transparent)]
    Fault(#[from] LinkFault),
    /// What it was about is gone: the reader, the rule, the letter.
    #[error("what the link was about is gone")]
    Gone,
    /// The day chosen is none of those offered.
    #[error("the day is none of those offered")]
    NoSuchDay,
    /// The store's errors.
    #[error(transparent)]
    App(#[from] AppError),
}

/// What a link is about, as its page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Linked {
    /// The mails of a rule.
    OptDown {
        /// What they are about; `None` when the rule is gone.
        topic: Option<Topic>,
        /// Whether they are turned off.
        off: bool,
    },
    /// A letter of the ladder.
    Acknowledge(Letter),
}

/// What is done by a link's button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// What the link is for: turn the mails off, and as a mail program asks for it by one click (RFC 8058).
    Stop,
    /// Turn the mails on again.
    Resume,
    /// Say that the letter is known, and be reminded on this day.
    Acknowledge(NaiveDate),
}

/// A link as its page shows it, in the reader's language.
#[derive(Debug, Clone)]
pub struct LinkView {
    /// The reader's language.
    pub lang: Lang,
    /// What it is about.
    pub linked: Linked,
}

/// Makes the key that links are signed with, if there is none yet.
pub(in crate::app) fn furnish(c: &mut AnyConnection, now: DateTime<Utc>) -> Result<(), AppError> {
    if store::secret_find(c, KEY)?.is_none() {
        let mut bytes = [0_u8; KEY_BYTES];
        getrandom::fill(&mut bytes).map_err(|error| AppError::Internal(error.to_string()))?;
        store::secret_insert(c, KEY, &SigningKey::from(bytes).to_hex(), now.into())?;
    }
    Ok(())
}

pub(super) fn signing_key(c: &mut AnyConnection) -> Result<SigningKey, AppError> {
    let kept = store::secret_find(c, KEY)?.and_then(|kept| SigningKey::from_hex(&kept));
    kept.ok_or_else(|| AppError::Internal("the key of links is missing or damaged".to_owned()))
}

/// What allows a page its one style sheet, new for each answer.
///
/// # Errors
/// [`AppError::Internal`] when the machine has no randomness to give.
pub fn nonce() -> Result<String, AppError> {
    random_token("", 16)
}

/// The token that turns the mails of a rule off for a user; `None` where they cannot be: numbers, anchors and the ladder are what shows that the
/// service lives and that somebody knows.
pub(super) fn opt_down_token(
    key: &SigningKey,
    (rule, topic): (&str, Topic),
    user_id: i64,
    now: DateTime<Utc>,
) -> Option<String> {
    let claim = Claim::OptDown { user_id, rule: rule.to_owned() };
    topic.may_be_turned_off().then(|| sign(key, &claim, now + OPT_DOWN_HOLDS))
}

/// The token that acknowledges a letter.
pub(super) fn acknowledge_token(key: &SigningKey, letter: &str, now: DateTime<Utc>) -> String {
    sign(key, &Claim::Acknowledge { letter: letter.to_owned() }, now + ACKNOWLEDGE_HOLDS)
}

/// What a link is about. Changes nothing.
///
/// # Errors
/// [`LinkError`].
pub async fn look(app: &App, token: String) -> Result<LinkView, LinkError> {
    let now = app.clock().now();
    let rules = app.timetable().rules.clone();
    let seen = app.read(move |c, catalogue| {
        let claim = match verify(&signing_key(c)?, &token, now) {
            Ok(claim) => claim,
            Err(fault) => return Ok(Err(fault.into())),
        };
        let topic = |rule: &str| topic_of(&rules, catalogue, rule);
        shown(c, catalogue, &claim, topic, now)
    });
    seen.await?
}

/// Does what a link is for; answers how things stand then. Doing it twice changes nothing more.
///
/// # Errors
/// [`LinkError`]; nothing is done then.
pub async fn act(app: &App, token: String, wish: Wish) -> Result<LinkView, LinkError> {
    let now = app.clock().now();
    let rules = app.timetable().rules.clone();
    let done = app.write_job("alert link", move |c, catalogue| {
        let claim = match verify(&signing_key(c)?, &token, now) {
            Ok(claim) => claim,
            Err(fault) => return Ok(Err(fault.into())),
        };
        let topic = |rule: &str| topic_of(&rules, catalogue, rule);
        let view = match shown(c, catalogue, &claim, topic, now)? {
            Ok(view) => view,
            Err(error) => return Ok(Err(error)),
        };
        match (&claim, wish) {
            (Claim::OptDown { user_id, rule }, Wish::Stop | Wish::Resume) => {
                turn(c, *user_id, rule, wish == Wish::Stop, now)?;
            }
            (Claim::Acknowledge { letter }, Wish::Acknowledge(day)) => {
                if !acknowledging::acknowledge(c, catalogue, letter, day, now)? {
                    return Ok(Err(LinkError::NoSuchDay));
                }
            }
            // A form of another link: nothing is done.
            (Claim::Acknowledge { .. }, _) => return Ok(Err(LinkError::NoSuchDay)),
            (Claim::OptDown { .. }, Wish::Acknowledge(_)) => return Ok(Ok(view)),
        }
        shown(c, catalogue, &claim, topic, now)
    });
    done.await?
}

fn topic_of(rules: &[crate::domain::alert::AlertRule], catalogue: &Catalogue, name: &str) -> Option<Topic> {
    timetable(rules, catalogue).iter().find(|of| of.rule.name() == name).map(|of| of.rule.form().what)
}

fn shown(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    claim: &Claim,
    topic: impl Fn(&str) -> Option<Topic>,
    now: DateTime<Utc>,
) -> Result<Result<LinkView, LinkError>, AppError> {
    let (user_id, linked) = match claim {
        Claim::OptDown { user_id, rule } => {
            let off = store::opt_down_stands(c, *user_id, rule)?;
            (*user_id, Linked::OptDown { topic: topic(rule), off })
        }
        Claim::Acknowledge { letter } => match acknowledging::letter(c, catalogue, letter, now)? {
            Some(letter) => (letter.user_id, Linked::Acknowledge(letter)),
            None => return Ok(Err(LinkError::Gone)),
        },
    };
    let reader = user_find(c, user_id)?.filter(|user: &UserRow| user.active);
    Ok(reader.map(|user| LinkView { lang: language_of(&user), linked }).ok_or(LinkError::Gone))
}

fn turn(
    c: &mut AnyConnection,
    user_id: i64,
    rule: &str,
    off: bool,
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    let changed = if off {
        store::opt_down_insert(c, user_id, rule, now.into())?
    } else {
        store::opt_down_remove(c, user_id, rule)?
    };
    if !changed {
        return Ok(());
    }
    let act = if off { "alert_turned_off" } else { "alert_turned_on" };
    let stamp = Stamp { actor: Some(user_id), now };
    entries::append(c, stamp, [(act, json!({"user": user_id, "rule": rule, "by": "link"}))])
}
