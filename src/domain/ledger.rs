//! The ledger's chain: each entry's hash covers the one before it, so that a rewritten past shows.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The hash that the first entry points back to.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// One act as it is written down for good.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Place in the chain, from 1 without gaps.
    pub seq: i64,
    /// The dossier it is about, if it is about one.
    pub dossier_id: Option<i64>,
    /// The act's word (`receive`, `resolve`, …).
    pub act: String,
    /// When it is said to have happened.
    pub at: DateTime<Utc>,
    /// When it was written down.
    pub recorded_at: DateTime<Utc>,
    /// The user who did it; `None` for the system itself.
    pub actor_id: Option<i64>,
    /// What was before and after. Personal data stand here only as a salted digest.
    pub payload: Value,
    /// Hash of the entry before.
    pub prev_hash: String,
}

impl Entry {
    /// SHA-256 over the entry as canonical JSON (keys sorted, no blanks, instants in UTC with microseconds), in hex.
    pub fn hash(&self) -> String {
        self.hash_with(&self.payload.to_string())
    }

    /// The same, for one who has the payload as text already; it is the longest part and is not written out twice.
    pub fn hash_with(&self, payload: &str) -> String {
        let instant = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Micros, true);
        let canonical = format!(
            r#"{{"act":{},"actor_id":{},"at":"{}","dossier_id":{},"payload":{payload},"prev_hash":{},"recorded_at":"{}","seq":{}}}"#,
            json!(self.act),
            json!(self.actor_id),
            instant(self.at),
            json!(self.dossier_id),
            json!(self.prev_hash),
            instant(self.recorded_at),
            self.seq,
        );
        sha256_hex(canonical.as_bytes())
    }
}

/// How long the chain was at some instant, and what its last entry's hash was. Told outside (in the leaders' mail), it shows a history that was
/// rewritten since, be it rewritten soundly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor {
    /// How many entries there were.
    pub entries: i64,
    /// Hash of the last of them.
    pub head: String,
}

impl std::fmt::Display for Anchor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.entries, self.head)
    }
}

impl std::str::FromStr for Anchor {
    type Err = String;

    /// Reads what [`Anchor`] writes: `12345:9f86d081…`, the head in full.
    fn from_str(text: &str) -> Result<Anchor, String> {
        let wrong = || format!("«{text}» is no anchor; write it as 12345:9f86d081…, the head in full");
        let (entries, head) = text.split_once(':').ok_or_else(wrong)?;
        let whole = head.len() == 64 && head.bytes().all(|byte| byte.is_ascii_hexdigit());
        let entries = entries.parse().ok().filter(|entries: &i64| *entries > 0 && whole).ok_or_else(wrong)?;
        Ok(Anchor { entries, head: head.to_ascii_lowercase() })
    }
}

/// Where a chain breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenLink {
    /// The first entry that does not fit.
    pub seq: i64,
    /// What is wrong with it, in English, for the administrator.
    pub what: String,
}

/// A walk along the chain, entry by entry.
#[derive(Debug, Clone)]
pub struct Walk {
    count: i64,
    head: String,
}

impl Default for Walk {
    fn default() -> Self {
        Walk { count: 0, head: GENESIS.to_owned() }
    }
}

impl Walk {
    /// How many entries held so far.
    pub fn count(&self) -> i64 {
        self.count
    }

    /// Hash of the last entry that held.
    pub fn head(&self) -> &str {
        &self.head
    }

    /// Takes the next entry, with the hash stored beside it; `anchors` are those that were told.
    ///
    /// # Errors
    /// [`BrokenLink`] when it does not fit; the walk stays where it was.
    pub fn step(&mut self, entry: &Entry, stored: &str, anchors: &[Anchor]) -> Result<(), BrokenLink> {
        let broken = |what: &str| Err(BrokenLink { seq: entry.seq, what: what.to_owned() });
        if entry.seq != self.count + 1 {
            return broken("an entry is missing before this one");
        }
        if entry.prev_hash != self.head {
            return broken("it does not point to the entry before it");
        }
        if entry.hash() != stored {
            return broken("its content does not match its hash");
        }
        if anchors.iter().any(|of| of.entries == entry.seq && of.head != stored) {
            return broken("it is not the entry that was there when the anchor was told");
        }
        stored.clone_into(&mut self.head);
        self.count = entry.seq;
        Ok(())
    }
}

/// Walks entries in order of `seq`, each with the hash stored beside it; answers the count and the head's hash.
///
/// # Errors
/// The first [`BrokenLink`].
pub fn verify<'a>(
    entries: impl IntoIterator<Item = &'a (Entry, String)>,
) -> Result<(i64, String), BrokenLink> {
    let mut walk = Walk::default();
    for (entry, stored) in entries {
        walk.step(entry, stored, &[])?;
    }
    Ok((walk.count, walk.head))
}

/// Hex of SHA-256, for hashes and digests alike.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Bytes in lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(n: i64) -> Vec<(Entry, String)> {
        let mut head = GENESIS.to_owned();
        (1..=n)
            .map(|seq| {
                let entry = Entry {
                    seq,
                    dossier_id: Some(seq),
                    act: "receive".into(),
                    at: DateTime::from_timestamp(seq, 0).unwrap(),
                    recorded_at: DateTime::from_timestamp(seq, 5_000).unwrap(),
                    actor_id: None,
                    payload: json!({"b": 1, "a": seq}),
                    prev_hash: head.clone(),
                };
                head = entry.hash();
                (entry, head.clone())
            })
            .collect()
    }

    #[test]
    fn a_whole_chain_verifies_and_a_changed_one_names_its_first_broken_link() {
        let whole = chain(5);
        assert_eq!(verify(&whole).unwrap(), (5, whole[4].1.clone()));
        let mut changed = whole.clone();
        changed[2].0.payload = json!({"a": 99});
        assert_eq!(verify(&changed).unwrap_err().seq, 3);
        let mut cut = whole;
        cut.remove(1);
        assert_eq!(verify(&cut).unwrap_err().seq, 3);
    }
}
