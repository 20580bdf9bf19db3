//! What came of handing a message over, judged by where the conversation stood and what the server said (RFC 5321, RFC 3463).

use std::time::Duration;

use lettre::transport::smtp::response::Response;

use super::smtp::Fault;

/// A server may answer with 100 000 bytes; so many characters of it are kept.
const LONGEST_REPLY: usize = 500;

/// Where a conversation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Connecting, greeting, signing in: nothing yet of the message.
    Greeting,
    /// `MAIL FROM`.
    Sender,
    /// `RCPT TO`.
    Recipient,
    /// `DATA`, and the message until its end.
    Data,
    /// The whole message has been handed over.
    End,
}

/// Why a message was not taken, or may not have been; each with what the server or the network said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    /// Nobody was there, or the conversation broke before the message was whole. Trying again helps when they are back.
    #[error("{0}")]
    Unreachable(String),
    /// Not now: a 4xx reply, or our own credentials.
    #[error("{reply}")]
    PutOff {
        /// What was said.
        reply: String,
        /// Not before so long a time, if the receiver named one.
        again_after: Option<Duration>,
    },
    /// Not from a stranger who has not come before (greylisting): whoever comes again after some minutes is let in.
    #[error("{0}")]
    Greylisted(String),
    /// Never: a 5xx reply, an address that is none.
    #[error("{0}")]
    Refused(String),
    /// Never, nor anything else sent there: there is no such mailbox.
    #[error("{0}")]
    DeadAddress(String),
    /// It was handed over whole and no reply came: perhaps it was taken.
    #[error("{0}")]
    Unanswered(String),
}

/// Whether the server had closed the connection before this message began.
pub(super) fn is_farewell(fault: &Fault) -> bool {
    match fault {
        Fault::Slow => false,
        Fault::Network(_) => true,
        Fault::Smtp(error) => error.status().is_none_or(|code| u16::from(code) == 421),
    }
}

/// What the server said when it took a message.
pub(super) fn shown(response: &Response) -> String {
    let said: Vec<&str> = response.message().collect();
    shortened(format!("{} {}", response.code(), said.join(" ")))
}

/// The meaning of a conversation that stopped.
pub(super) fn judge(stage: Stage, fault: &Fault) -> NotTaken {
    let error = match fault {
        Fault::Smtp(error) => error,
        Fault::Slow => return broken(stage, "the server took too long".to_owned()),
        Fault::Network(error) => return broken(stage, shortened(error.to_string())),
    };
    let said = shortened(error.to_string());
    match error.status().map(u16::from) {
        None if error.is_client() && stage != Stage::Greeting => NotTaken::Refused(said),
        None => broken(stage, said),
        Some(code) if (400..500).contains(&code) => put_off(code, said),
        // A 5xx before the message speaks of us (blocked, misconfigured), not of the recipient, and so do refused credentials, whenever they are;
        // both pass when the settings are put right.
        Some(530 | 534 | 535 | 538) => NotTaken::PutOff { reply: said, again_after: None },
        Some(_) if stage == Stage::Greeting => NotTaken::PutOff { reply: said, again_after: None },
        Some(code) if is_dead_address(code, &said) && stage != Stage::Sender => NotTaken::DeadAddress(said),
        Some(_) => NotTaken::Refused(said),
    }
}

fn broken(stage: Stage, said: String) -> NotTaken {
    if stage == Stage::End { NotTaken::Unanswered(said) } else { NotTaken::Unreachable(said) }
}

/// Greylisting has no code of its own: usual servers say 450 or 451 with 4.7.1, or name it.
fn put_off(code: u16, said: String) -> NotTaken {
    let lower = said.to_lowercase();
    let named = ["greylist", "graylist", "grey-list", "gray-list"].iter().any(|sign| lower.contains(sign));
    if named || matches!(code, 450 | 451) && enhanced(&said) == Some("4.7.1") {
        NotTaken::Greylisted(said)
    } else {
        NotTaken::PutOff { reply: said, again_after: None }
    }
}

/// Whether a 5xx says that the mailbox itself is not there. Policy (5.7.x), size and content say nothing against it; without a code of RFC 3463 the
/// usual words must.
fn is_dead_address(code: u16, said: &str) -> bool {
    const DEAD: [&str; 6] = ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"];
    const WORDS: [&str; 6] = [
        "no such user",
        "user unknown",
        "unknown user",
        "no such recipient",
        "no such mailbox",
        "mailbox not found",
    ];
    match enhanced(said) {
        Some(status) => DEAD.contains(&status),
        None => {
            let lower = said.to_lowercase();
            matches!(code, 550 | 551 | 553) && WORDS.iter().any(|sign| lower.contains(sign))
        }
    }
}

/// The status of RFC 3463 (`5.1.1`) within what was said: the first word of that form.
fn enhanced(said: &str) -> Option<&str> {
    said.split_whitespace().map(|word| word.trim_matches(|of: char| !of.is_ascii_digit())).find(|word| {
        let parts: Vec<&str> = word.split('.').collect();
        let digits =
            |part: &&str| !part.is_empty() && part.len() <= 3 && part.bytes().all(|of| of.is_ascii_digit());
        parts.len() == 3 && parts.iter().all(digits) && matches!(parts.first(), Some(&("4" | "5")))
    })
}

/// At most so much as is kept, on one line.
pub(crate) fn shortened(said: String) -> String {
    said.chars().map(|of| if of.is_control() { ' ' } else { of }).take(LONGEST_REPLY).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_told_from_an_address() {
        assert_eq!(enhanced("permanent error (550): 5.1.1 <a@b>: no such user"), Some("5.1.1"));
        assert_eq!(enhanced("transient error (451): 4.7.1 greylisted"), Some("4.7.1"));
        assert_eq!(enhanced("permanent error (550): #5.1.10 null MX"), Some("5.1.10"));
        assert_eq!(enhanced("rejected, see 5.example.vn or 10.0.0.1"), None);
    }

    #[test]
    fn only_what_speaks_of_the_mailbox_is_a_dead_address() {
        for (code, said, dead) in [
            (550, "550 5.1.1 no such user", true),
            (550, "550 5.2.1 mailbox disabled", true),
            (556, "556 5.1.10 null MX", true),
            (550, "550 No such user here", true),
            (550, "550 5.7.1 rejected by policy: user unknown to us", false),
            (552, "552 5.2.2 mailbox full", false),
            (550, "550 blocked, see our page", false),
            (554, "554 5.1.8 bad sender", false),
        ] {
            assert_eq!(is_dead_address(code, said), dead, "{said}");
        }
    }

    #[test]
    fn greylisting_is_heard_from_usual_servers() {
        let heard = |code, said: &str| matches!(put_off(code, said.to_owned()), NotTaken::Greylisted(_));
        assert!(heard(450, "450 4.2.0 <a@b>: Recipient address rejected: Greylisted, see http://postgrey"));
        assert!(heard(451, "451 4.7.1 Please try again later"));
        assert!(heard(421, "421 Temporary graylisting"));
        assert!(!heard(452, "452 4.3.1 disk full") && !heard(451, "451 4.3.0 queue file write error"));
    }
}
