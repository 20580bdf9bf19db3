//! Links that do one thing for one reader without signing in: what they may do, how long, and the signature that shows that we made them.
//!
//! A token is `purpose.subject.expiry.signature`: in the clear, for nothing in it is secret but the signature's key, and it names no person. The
//! signature is HMAC-SHA-256 (RFC 2104) over all before it, cut to 128 bits (RFC 2104 §5 allows no fewer than half), so that a token of one
//! purpose is none of another. Who keeps the key, and what a claim brings about, is `app::alerts::links`'.

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::domain::ledger::hex;

/// Bytes of a key: those of the hash, as RFC 2104 §3 has it.
pub const KEY_BYTES: usize = 32;
/// Bytes of a signature.
const SIGNATURE_BYTES: usize = 16;
/// Longer texts are no tokens of ours.
const LONGEST: usize = 160;

/// The key that links are signed with. It is never shown, not even when it is debugged.
#[derive(Clone)]
pub struct SigningKey([u8; KEY_BYTES]);

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

impl From<[u8; KEY_BYTES]> for SigningKey {
    fn from(bytes: [u8; KEY_BYTES]) -> Self {
        SigningKey(bytes)
    }
}

impl SigningKey {
    /// The key as it is kept, in hex.
    #[must_use]
    pub fn to_hex(&self) -> String {
        hex(&self.0)
    }

    /// The key that is kept as this; `None` when the text is no key.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<SigningKey> {
        bytes(text)?.try_into().ok().map(SigningKey)
    }
}

/// What a link does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// Says that the reader of a letter knows of what it tells.
    Acknowledge {
        /// The letter's key: lower-case letters and digits.
        letter: String,
    },
    /// Turns the mails of a rule off for a user, and on again.
    OptDown {
        /// The user's key.
        user_id: i64,
        /// The rule's name.
        rule: String,
    },
}

impl Claim {
    fn written(&self) -> String {
        match self {
            Claim::Acknowledge { letter } => format!("a.{letter}"),
            Claim::OptDown { user_id, rule } => format!("o.{user_id}.{rule}"),
        }
    }

    fn read(text: &str) -> Option<Claim> {
        let parts: Vec<&str> = text.split('.').collect();
        match parts.as_slice() {
            ["a", letter] => Some(Claim::Acknowledge { letter: (*letter).to_owned() }),
            ["o", user_id, rule] => {
                Some(Claim::OptDown { user_id: user_id.parse().ok()?, rule: (*rule).to_owned() })
            }
            _ => None,
        }
    }
}

/// Why a link does nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LinkFault {
    /// It is no link of ours, or not as we made it.
    #[error("the link is not as it was made")]
    Forged,
    /// Its time is over.
    #[error("the link has expired")]
    Expired,
}

/// The token of a claim that holds until just before `expires`.
#[must_use]
pub fn sign(key: &SigningKey, claim: &Claim, expires: DateTime<Utc>) -> String {
    let said = format!("{}.{}", claim.written(), expires.timestamp());
    let signature =
        mac(&key.0, said.as_bytes()).map(|mac| mac.finalize().into_bytes().to_vec()).unwrap_or_default();
    let kept: Vec<u8> = signature.into_iter().take(SIGNATURE_BYTES).collect();
    format!("{said}.{}", hex(&kept))
}

/// What a token claims, if we signed it and its time is not over.
///
/// # Errors
/// [`LinkFault`]. The signature is compared in constant time, and before anything else is looked at.
pub fn verify(key: &SigningKey, token: &str, now: DateTime<Utc>) -> Result<Claim, LinkFault> {
    let (said, signature) =
        token.rsplit_once('.').filter(|_| token.len() <= LONGEST).ok_or(LinkFault::Forged)?;
    let signature =
        bytes(signature).filter(|bytes| bytes.len() == SIGNATURE_BYTES).ok_or(LinkFault::Forged)?;
    let mac = mac(&key.0, said.as_bytes()).ok_or(LinkFault::Forged)?;
    mac.verify_truncated_left(&signature).map_err(|_| LinkFault::Forged)?;
    let (claim, expires) = said.rsplit_once('.').ok_or(LinkFault::Forged)?;
    let claim = Claim::read(claim).ok_or(LinkFault::Forged)?;
    let expires: i64 = expires.parse().map_err(|_| LinkFault::Forged)?;
    if now.timestamp() < expires { Ok(claim) } else { Err(LinkFault::Expired) }
}

/// HMAC-SHA-256 over what was said; `None` never comes about: every length of key is allowed.
pub(crate) fn mac(key: &[u8], said: &[u8]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(said);
    Some(mac)
}

/// The bytes of lower-case hex; one value has one text.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let lower = |byte: &u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(byte);
    if !text.len().is_multiple_of(2) || !text.as_bytes().iter().all(lower) {
        return None;
    }
    (0..text.len() / 2).map(|at| u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    fn key(of: u8) -> SigningKey {
        SigningKey::from([of; KEY_BYTES])
    }

    fn opt_down() -> Claim {
        Claim::OptDown { user_id: 7, rule: "morning_digest".into() }
    }

    #[test]
    fn a_token_says_what_it_was_made_for_until_it_expires() {
        let token = sign(&key(1), &opt_down(), at(1_000));
        assert!(token.starts_with("o.7.morning_digest.1000."), "{token}");
        assert_eq!(verify(&key(1), &token, at(999)), Ok(opt_down()));
        assert_eq!(verify(&key(1), &token, at(1_000)), Err(LinkFault::Expired));
        let letter = Claim::Acknowledge { letter: "00ff".into() };
        assert_eq!(verify(&key(1), &sign(&key(1), &letter, at(9)), at(1)), Ok(letter));
    }

    #[test]
    fn another_key_another_purpose_or_another_expiry_is_no_link() {
        let token = sign(&key(1), &opt_down(), at(1_000));
        assert_eq!(verify(&key(2), &token, at(1)), Err(LinkFault::Forged));
        for (from, to) in
            [("o.7.", "o.8."), ("o.7.morning_digest", "a.7"), (".1000.", ".9000."), ("o.", "O.")]
        {
            let changed = token.replacen(from, to, 1);
            assert_ne!(changed, token);
            assert_eq!(verify(&key(1), &changed, at(1)), Err(LinkFault::Forged), "{changed}");
        }
        for none in ["", ".", "a.b.c", "....", &"a.".repeat(200), "o.7.morning_digest.1000.", "ố.7.x.1.00"]
        {
            assert_eq!(verify(&key(1), none, at(1)), Err(LinkFault::Forged), "{none}");
        }
    }

    #[test]
    fn the_signature_is_the_published_hmac() {
        // RFC 4231, test case 2: key "Jefe", data "what do ya want for nothing?"; padded with zeros a key is the same (RFC 2104 §2).
        let mut jefe = [0; KEY_BYTES];
        jefe[..4].copy_from_slice(b"Jefe");
        let mac = mac(&SigningKey::from(jefe).0, b"what do ya want for nothing?").unwrap();
        assert_eq!(
            hex(&mac.finalize().into_bytes()),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn a_key_is_kept_as_text_and_never_shown() {
        let kept = SigningKey::from_hex(&key(0xab).to_hex()).unwrap();
        assert_eq!(kept.to_hex(), "ab".repeat(KEY_BYTES));
        assert_eq!(format!("{kept:?}"), "SigningKey(…)");
        for none in ["", "ab", &"AB".repeat(KEY_BYTES), &"xy".repeat(KEY_BYTES)] {
            assert!(SigningKey::from_hex(none).is_none());
        }
    }

    proptest! {
        #[test]
        fn a_token_with_any_letter_changed_is_refused(at_letter in 0_usize..57, to in "[a-z0-9.]") {
            let token = sign(&key(1), &opt_down(), at(1_000));
            let at_letter = at_letter % token.len();
            let mut changed = token.clone();
            changed.replace_range(at_letter..=at_letter, &to);
            prop_assume!(changed != token);
            prop_assert_eq!(verify(&key(1), &changed, at(1)), Err(LinkFault::Forged));
        }

        #[test]
        fn no_text_is_a_panic(text in "\\PC{0,80}") {
            prop_assert!(verify(&key(1), &text, at(1)).is_err());
        }
    }
}
