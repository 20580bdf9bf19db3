//! `Idempotency-Key`: the same request sent twice is carried out once. The stored answers are the writer's; here is only what a request says
//! and which keys are being worked on in this process.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::HttpRequest;

use crate::app::{AppError, Fault};
use crate::domain::ledger::sha256_hex;

const HEADER: &str = "Idempotency-Key";
const LONGEST: usize = 255;

/// The client's key and the hash of its request, if it sent a key.
///
/// # Errors
/// [`AppError::Invalid`] when the key is empty, too long, or not visible ASCII.
pub(super) fn key_of(request: &HttpRequest, body: &[u8]) -> Result<Option<(String, String)>, AppError> {
    let wrong = |fault| AppError::invalid(HEADER, fault);
    let mut sent = request.headers().get_all(HEADER);
    let Some(value) = sent.next() else { return Ok(None) };
    if sent.next().is_some() {
        return Err(wrong(Fault::Duplicate));
    }
    let bytes = value.as_bytes();
    if bytes.is_empty() {
        return Err(wrong(Fault::Empty));
    }
    if bytes.len() > LONGEST {
        return Err(wrong(Fault::TooLong));
    }
    if !bytes.iter().all(u8::is_ascii_graphic) {
        return Err(wrong(Fault::BadCharacters));
    }
    let mut whole = request.uri().to_string().into_bytes();
    whole.push(b'\n');
    whole.extend_from_slice(body);
    Ok(Some((String::from_utf8_lossy(bytes).into_owned(), sha256_hex(&whole))))
}

/// The key and hash of one row of many: the row's own, so that rows are replayed, or refused, each for itself.
pub(super) fn of_row(key: &str, index: usize, row: &[u8]) -> (String, String) {
    // The same JSON, however it is spaced and in whatever order its fields stand.
    let canonical = serde_json::from_slice::<serde_json::Value>(row).map(|row| row.to_string());
    let hash = canonical.map_or_else(|_| sha256_hex(row), |row| sha256_hex(row.as_bytes()));
    (format!("{key}#{index}"), hash)
}

/// The keys being worked on, of all worker threads.
#[derive(Debug, Clone, Default)]
pub struct InFlight(Arc<Mutex<HashSet<(i64, String)>>>);

/// Holds a key until the request is answered.
#[derive(Debug)]
pub(super) struct Flight {
    keys: InFlight,
    key: (i64, String),
}

impl InFlight {
    /// Takes the key for a user's request.
    ///
    /// # Errors
    /// [`AppError::IdempotencyInFlight`] while another request holds it.
    pub(super) fn enter(&self, user: i64, key: &str) -> Result<Flight, AppError> {
        let key = (user, key.to_owned());
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if held.insert(key.clone()) {
            Ok(Flight { keys: self.clone(), key })
        } else {
            Err(AppError::IdempotencyInFlight)
        }
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.keys.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rows_hash_is_its_meanings() {
        let of = |row: &str| of_row("k", 3, row.as_bytes());
        assert_eq!(of("{\"a\": 1, \"b\": [2]}"), of("{\"b\":[2],\"a\":1}"));
        assert_eq!(of("1").0, "k#3");
        assert_ne!(of("{\"a\": 1}").1, of("{\"a\": 2}").1);
    }

    #[test]
    fn a_key_is_held_until_its_flight_ends_and_only_for_its_user() {
        let keys = InFlight::default();
        let flight = keys.enter(1, "k").unwrap();
        assert!(matches!(keys.enter(1, "k"), Err(AppError::IdempotencyInFlight)));
        let other = keys.enter(2, "k").unwrap();
        drop(flight);
        assert!(keys.enter(1, "k").is_ok());
        drop(other);
    }
}
