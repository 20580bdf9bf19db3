//! Handing a message to a receiver of the office's own, such as a gateway to Zalo or SMS: by HTTP, signed, never redirected.
//!
//! It knows addresses and secrets, and nothing of what a message says or when it is due. The receiver tells messages apart by their id and takes one
//! that comes twice for the same, which is why a lost answer is simply asked for again.

use std::fmt;
use std::io::Read as _;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use hmac::Mac as _;
use serde::Serialize;
use ureq::Agent;
use ureq::http::Uri;

use crate::domain::alert::signed::mac;
use crate::domain::alert::{MAIL, is_name};
use crate::domain::ledger::hex;
use crate::mail::{NotTaken, shortened};

/// How long a receiver may take for its whole answer, and for taking the connection.
const PATIENCE: Duration = Duration::from_secs(30);
const PATIENCE_TO_CONNECT: Duration = Duration::from_secs(10);
/// So much of an answer's body is kept as evidence.
const KEPT_BYTES: u64 = 300;
/// A shorter secret could be guessed from one signed message.
const SHORTEST_SECRET: usize = 16;

/// A receiver.
#[derive(Clone)]
pub struct Webhook {
    name: String,
    url: String,
    secret: String,
    agent: Agent,
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Why a receiver cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WebhookError {
    /// The name is empty, too long, has other letters than a–z, 0–9 and `_`, or is `mail`.
    #[error("a name has 1 to 40 lower-case letters, digits and _, and is not «mail»")]
    Name,
    /// The address is none that a message may be sent to.
    #[error("url: it must begin with https://, or with http:// and lead to this machine")]
    Url,
    /// The secret is guessed too easily.
    #[error("the secret must have at least {SHORTEST_SECRET} characters")]
    Secret,
}

/// A message to be handed over.
#[derive(Debug, Clone, Serialize)]
pub struct Parcel {
    /// The form of this body; grows only when a field changes its meaning.
    pub version: u8,
    /// The same on each try, and the Message-ID that mail would have.
    pub id: String,
    /// The rule's name.
    pub rule: String,
    /// The instant its numbers hold for, RFC 3339 at the office.
    pub slot_at: String,
    /// The recipient's unit.
    pub unit: String,
    /// Whom it is for.
    pub recipient: Recipient,
    /// Of subject and text: `vi` or `en`.
    pub language: String,
    /// Subject.
    pub subject: String,
    /// The whole message as plain text, with its links.
    pub text: String,
    /// Where one click stops messages of this kind; null where there is no such place.
    pub opt_down: Option<String>,
}

/// Whom a message is for.
#[derive(Debug, Clone, Serialize)]
pub struct Recipient {
    /// The user's key, by which the receiver finds telephone or account.
    pub user: i64,
    /// The user's name.
    pub name: String,
}

impl Webhook {
    /// A receiver of this name at this address; what it is sent is signed with the secret.
    ///
    /// # Errors
    /// [`WebhookError`] naming what is wrong.
    pub fn new(name: &str, url: &str, secret: &str) -> Result<Webhook, WebhookError> {
        if !is_name(name) || name == MAIL {
            return Err(WebhookError::Name);
        }
        let here = leads_here(url).ok_or(WebhookError::Url)?;
        if secret.chars().count() < SHORTEST_SECRET {
            return Err(WebhookError::Secret);
        }
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(PATIENCE))
            .timeout_connect(Some(PATIENCE_TO_CONNECT))
            .user_agent(concat!("hentra/", env!("CARGO_PKG_VERSION")));
        if here {
            // This machine is reached directly, whatever proxy leads outside.
            config = config.proxy(None);
        }
        let (name, url, secret) = (name.to_owned(), url.to_owned(), secret.to_owned());
        Ok(Webhook { name, url, secret, agent: config.build().into() })
    }

    /// Its name, which rules choose it by.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Hands the message over; answers what the receiver said. `now` is what the signature says of the time.
    ///
    /// # Errors
    /// [`NotTaken`], which says whether trying again may help.
    pub async fn send(&self, parcel: &Parcel, now: DateTime<Utc>) -> Result<String, NotTaken> {
        let body = serde_json::to_vec(parcel).map_err(|error| NotTaken::Refused(error.to_string()))?;
        let (hook, id) = (self.clone(), parcel.id.clone());
        tokio::task::spawn_blocking(move || hook.post(&id, &body, now))
            .await
            .unwrap_or_else(|error| Err(NotTaken::Unreachable(error.to_string())))
    }

    fn post(&self, id: &str, body: &[u8], now: DateTime<Utc>) -> Result<String, NotTaken> {
        let answer = self
            .agent
            .post(&self.url)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", id)
            .header("Hentra-Signature", signature(&self.secret, now, body))
            .send(body)
            .map_err(|error| NotTaken::Unreachable(shortened(error.to_string())))?;
        let status = answer.status();
        let named = answer.headers().get("Retry-After").and_then(|value| value.to_str().ok());
        let again_after = named.and_then(|text| wait_named(text, now));
        let mut said = Vec::new();
        // A body that breaks off changes nothing of what the status says.
        let _ = answer.into_body().into_reader().take(KEPT_BYTES).read_to_end(&mut said);
        let reply = shortened(format!("{status} {}", String::from_utf8_lossy(&said).trim()));
        match status.as_u16() {
            200..=299 => Ok(reply),
            408 | 425 | 429 | 500..=599 => Err(NotTaken::PutOff { reply, again_after }),
            _ => Err(NotTaken::Refused(reply)),
        }
    }
}

/// `t=<seconds since 1970>,v1=<hex>`: HMAC-SHA256, keyed with the secret, over the seconds, a dot and the body. The receiver makes it again and
/// compares; by the seconds it refuses what somebody sends a second time later.
fn signature(secret: &str, now: DateTime<Utc>, body: &[u8]) -> String {
    let seconds = now.timestamp();
    let said = [format!("{seconds}.").as_bytes(), body].concat();
    let signed =
        mac(secret.as_bytes(), &said).map(|mac| hex(&mac.finalize().into_bytes())).unwrap_or_default();
    format!("t={seconds},v1={signed}")
}

/// What `Retry-After` asks for: seconds, or until an instant (RFC 9110, 10.2.3).
fn wait_named(text: &str, now: DateTime<Utc>) -> Option<Duration> {
    if let Ok(seconds) = text.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = DateTime::parse_from_rfc2822(text.trim()).ok()?.to_utc();
    (until - now).to_std().ok()
}

/// Whether an address that may be used leads to this machine; `None` for one that may not be used.
fn leads_here(url: &str) -> Option<bool> {
    let uri: Uri = url.parse().ok()?;
    let host = uri.host().filter(|host| !host.is_empty())?;
    // Names and passwords in addresses end in logs; the signature is what proves the sender.
    if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
        return None;
    }
    let here = crate::mail::is_this_machine(host.trim_start_matches('[').trim_end_matches(']'));
    match uri.scheme_str() {
        Some("https") => Some(here),
        Some("http") if here => Some(true),
        _ => None,
    }
}

/// All receivers of the installation; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Webhooks(Arc<[Webhook]>);

impl Webhooks {
    /// # Errors
    /// The name that stands twice.
    pub fn new(all: Vec<Webhook>) -> Result<Webhooks, String> {
        for (at, one) in all.iter().enumerate() {
            if all.iter().skip(at + 1).any(|other| other.name == one.name) {
                return Err(one.name.clone());
            }
        }
        Ok(Webhooks(all.into()))
    }

    /// The one of this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Webhook> {
        self.0.iter().find(|one| one.name == name)
    }

    /// Their names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|one| one.name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "0123456789abcdef";

    #[test]
    fn only_closed_ways_and_this_machine_are_used() {
        for (url, good) in [
            ("https://zalo.example.vn/hook?x=1", true),
            ("http://127.0.0.1:9000/hook", true),
            ("http://[::1]/hook", true),
            ("http://localhost/hook", true),
            ("http://zalo.example.vn/hook", false),
            ("https://user:password@zalo.example.vn/hook", false),
            ("http://localhost.example.vn/", false),
            ("ftp://zalo.example.vn/", false),
            ("zalo.example.vn/hook", false),
            ("https://", false),
            ("", false),
        ] {
            assert_eq!(Webhook::new("zalo", url, SECRET).is_ok(), good, "{url}");
        }
        let named = |name| Webhook::new(name, "https://x.example.vn/", SECRET).err();
        assert_eq!(
            (named("zalo_2"), named("mail"), named("")),
            (None, Some(WebhookError::Name), Some(WebhookError::Name))
        );
        assert_eq!(Webhook::new("zalo", "https://x.vn", "short").err(), Some(WebhookError::Secret));
    }

    #[test]
    fn the_signature_is_what_receivers_make_of_it() {
        // Made with: printf '%s' '1500000000.{"version":1}' | openssl dgst -sha256 -hmac 0123456789abcdef
        let at = DateTime::from_timestamp(1_500_000_000, 0).unwrap();
        insta::assert_snapshot!(signature(SECRET, at, br#"{"version":1}"#), @"t=1500000000,v1=27c8b5e5c810bf81f167cc08c3a7a7cc450722d7361478bb533019f1b48052fc");
    }

    #[test]
    fn a_wait_is_named_in_seconds_or_as_an_instant() {
        let now = DateTime::from_timestamp(1_445_412_420, 0).unwrap();
        assert_eq!(wait_named("120", now), Some(Duration::from_secs(120)));
        assert_eq!(wait_named("Wed, 21 Oct 2015 07:28:00 GMT", now), Some(Duration::from_secs(60)));
        assert_eq!((wait_named("soon", now), wait_named("Wed, 21 Oct 2015 07:26:00 GMT", now)), (None, None));
    }

    #[test]
    fn no_secret_is_shown() {
        let hook = Webhook::new("zalo", "https://x.example.vn/", SECRET).unwrap();
        assert!(!format!("{:?}", Webhooks::new(vec![hook]).unwrap()).contains(SECRET));
    }
}
