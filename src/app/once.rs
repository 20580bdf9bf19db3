//! Forms that make something, sent twice: the second time nothing is made, and what the first one made is told.
//!
//! A form is drawn with a key ([`fresh_key`]) that it is sent with. What it makes is noted under that key in the transaction that makes it, as the place
//! in the ledger where it was written down; so no verb has to know of forms.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{App, AppError, access};
use crate::domain::ledger::sha256_hex;
use crate::store::AnyConnection;
use crate::store::idempotency::{IdempotencyRow, idempotency_by_key, idempotency_insert};
use crate::store::ledger::{ledger_entries, ledger_last};

/// The longest key that a form may carry.
const LONGEST: usize = 64;

/// A form as it was sent: whose, under which key, and saying what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    user_id: i64,
    key: String,
    hash: String,
}

impl Once {
    /// `said` is all that makes it another form when it is sent again under the same key. `None` for a key that no form was drawn with.
    #[must_use]
    pub fn new(user_id: i64, key: &str, said: &str) -> Option<Once> {
        let usable = (1..=LONGEST).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
        usable.then(|| Once { user_id, key: key.to_owned(), hash: sha256_hex(said.as_bytes()) })
    }

    /// What is noted under the key.
    ///
    /// # Errors
    /// [`AppError::IdempotencyMismatch`] where the same key came with something else.
    fn noted(&self, c: &mut AnyConnection) -> Result<Option<IdempotencyRow>, AppError> {
        let found = idempotency_by_key(c, std::slice::from_ref(&self.key))?;
        match found.into_iter().find(|row| row.user_id == self.user_id) {
            Some(row) if row.request_hash != self.hash => Err(AppError::IdempotencyMismatch),
            found => Ok(found),
        }
    }

    fn note(&self, c: &mut AnyConnection, now: DateTime<Utc>) -> Result<(), AppError> {
        let row = IdempotencyRow {
            user_id: self.user_id,
            key: self.key.clone(),
            request_hash: self.hash.clone(),
            code: ledger_last(c)?.to_string(),
            version: 1,
            body: String::new(),
            created_at: now.into(),
        };
        Ok(idempotency_insert(c, &[row])?)
    }
}

/// A key for a form that is drawn anew.
///
/// # Errors
/// [`AppError::Internal`] when the machine has no randomness to give.
pub fn fresh_key() -> Result<String, AppError> {
    access::random_token("form-", 16)
}

/// What came of a form that makes something.
#[derive(Debug)]
pub enum Sent<T> {
    /// It was made now.
    Now(T),
    /// The same form had made it before.
    Before(Made),
}

/// What a form made before, as the ledger has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made(Value);

impl Made {
    /// The key of the thing of this kind, as the ledger names the kind (`feed`, `unit`); empty where it tells of none.
    #[must_use]
    pub fn key(&self, of: &str) -> String {
        match self.0.get(of) {
            Some(Value::String(code)) => code.clone(),
            Some(Value::Number(id)) => id.to_string(),
            _ => String::new(),
        }
    }
}

/// Runs a change, once only.
///
/// # Errors
/// Those of `body`; [`AppError::IdempotencyInFlight`] where it was made before, [`AppError::IdempotencyMismatch`] where something else was.
pub(super) fn around<T>(
    c: &mut AnyConnection,
    once: Option<&Once>,
    now: DateTime<Utc>,
    body: impl FnOnce(&mut AnyConnection) -> Result<T, AppError>,
) -> Result<T, AppError> {
    let Some(once) = once else { return body(c) };
    if once.noted(c)?.is_some() {
        return Err(AppError::IdempotencyInFlight);
    }
    let done = body(c)?;
    once.note(c, now)?;
    Ok(done)
}

impl App {
    /// The same app, in which a change is made only if this form has made none yet; asked with [`App::sent`] what came of it. It is for one verb that
    /// changes something in one go, and writes it into the ledger.
    #[must_use]
    pub fn once(&self, once: Option<Once>) -> App {
        App { once: once.map(Into::into), ..self.clone() }
    }

    /// What came of a verb of [`App::once`]: one that was refused because the form was taken before is no failure.
    ///
    /// # Errors
    /// The verb's; [`AppError::IdempotencyMismatch`] where the form had another content when it was taken.
    pub async fn sent<T>(&self, result: Result<T, AppError>) -> Result<Sent<T>, AppError> {
        let error = match result {
            Ok(made) => return Ok(Sent::Now(made)),
            Err(error) => error,
        };
        let Some(once) = self.once.clone() else { return Err(error) };
        let made = self.read(move |c, _| {
            let Some(row) = once.noted(c)? else { return Ok(None) };
            let seq: i64 = row.code.parse().map_err(|_| AppError::IdempotencyMismatch)?;
            Ok(ledger_entries(c, None, seq - 1, 1)?.pop().map(|(entry, _)| Made(entry.payload)))
        });
        made.await?.map(Sent::Before).ok_or(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_key_that_a_form_could_carry_counts() {
        assert!(Once::new(1, &fresh_key().unwrap(), "x").is_some());
        for key in ["", "a b", "ă", &"x".repeat(LONGEST + 1)] {
            assert_eq!(Once::new(1, key, "x"), None, "{key}");
        }
        assert_ne!(Once::new(1, "k", "x"), Once::new(1, "k", "y"));
    }

    #[test]
    fn what_was_made_is_named_as_the_ledger_names_it() {
        let made = Made(serde_json::json!({"feed": 7, "unit": "H19.15", "label": null}));
        assert_eq!((made.key("feed"), made.key("unit")), ("7".to_owned(), "H19.15".to_owned()));
        assert_eq!((made.key("label"), made.key("user")), (String::new(), String::new()));
    }
}
