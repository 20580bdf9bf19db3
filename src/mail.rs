//! Sending one message: over SMTP, into files, or into memory.
//!
//! It knows addresses and servers and nothing of what a message says or when it is due; `app::alerts` calls it, never within a transaction.
//! The production profile takes SMTP only, so that no warning ends in a folder nobody reads.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use lettre::address::Address;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};
use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::client::Tls;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};

/// How long a server may take for one step of a conversation.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a whole conversation may take, however many steps it has.
const LONGEST_CONVERSATION: Duration = Duration::from_secs(60);
/// Connections kept to the server at most; the sender never has more messages under way.
pub const CONNECTIONS: u32 = 4;

/// A message to one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The address.
    pub to: String,
    /// Without angle brackets; the same on each try.
    pub message_id: String,
    /// When it was written.
    pub date: DateTime<Utc>,
    /// Subject.
    pub subject: String,
    /// The plain part.
    pub text: String,
    /// The HTML part, equal in content.
    pub html: String,
}

/// Why the mail settings are not usable.
#[derive(Debug, thiserror::Error)]
pub enum MailSettingsError {
    /// The URL's scheme is none of `smtp`, `smtps`, `files`, `memory`.
    #[error("the mail URL must begin with smtp://, smtps:// or files:///")]
    Scheme,
    /// Mail in production goes to people.
    #[error("in production, mail must go by smtp:// or smtps://")]
    NotInProduction,
    /// The URL cannot be read.
    #[error("the mail URL cannot be used: {0}")]
    Url(String),
    /// The sender's address cannot be used.
    #[error("the sender «{address}» is no address: {why}")]
    From {
        /// What was set.
        address: String,
        /// What is wrong with it.
        why: String,
    },
}

/// Why a message was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// Trying again later may help: a 4xx reply, the network, our own credentials.
    #[error("{0}")]
    Transient(String),
    /// It will never be taken: a 5xx reply, an address that is none.
    #[error("{0}")]
    Permanent(String),
}

/// Where mail goes.
#[derive(Clone)]
pub struct Mailer {
    from: Mailbox,
    way: Way,
}

#[derive(Clone)]
enum Way {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Files(PathBuf),
    Memory(Arc<Mutex<Vec<Letter>>>),
}

impl Mailer {
    /// The mailer of a URL. `from` is the sender (`Hentra <hentra@example.vn>`).
    ///
    /// `smtp://[user:password@]host[:port]` speaks in clear to this machine only; to any other it demands STARTTLS. `smtps://…` is TLS from
    /// the first byte. `files:///dir` (or `files://dir`, relative) writes `dir/<message id>.eml`. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// [`MailSettingsError`] for a URL or sender that cannot be used, or anything but SMTP when `production`.
    pub fn from_url(url: &str, from: &str, production: bool) -> Result<Mailer, MailSettingsError> {
        let from = from.parse().map_err(|error: lettre::address::AddressError| MailSettingsError::From {
            address: from.to_owned(),
            why: error.to_string(),
        })?;
        let (scheme, rest) = url.split_once("://").ok_or(MailSettingsError::Scheme)?;
        let way = match scheme {
            "smtp" | "smtps" => Way::Smtp(smtp(url, scheme, rest)?),
            "files" | "memory" if production => return Err(MailSettingsError::NotInProduction),
            "files" if rest.is_empty() => {
                return Err(MailSettingsError::Url("it names no directory".to_owned()));
            }
            "files" => Way::Files(PathBuf::from(rest)),
            "memory" => Way::Memory(Arc::default()),
            _ => return Err(MailSettingsError::Scheme),
        };
        Ok(Mailer { from, way })
    }

    /// The domain of the sender's address, for Message-IDs.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.from.email.domain()
    }

    /// What a memory mailer has taken so far.
    #[must_use]
    pub fn taken(&self) -> Vec<Letter> {
        match &self.way {
            Way::Memory(taken) => taken.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            Way::Smtp(_) | Way::Files(_) => Vec::new(),
        }
    }

    /// Sends; answers what the server said when it took the message.
    ///
    /// # Errors
    /// [`MailError`], which says whether trying again may help.
    pub async fn send(&self, letter: &Letter) -> Result<String, MailError> {
        match &self.way {
            Way::Smtp(transport) => {
                let message = self.message(letter)?;
                let response = tokio::time::timeout(LONGEST_CONVERSATION, transport.send(message))
                    .await
                    .map_err(|_| MailError::Transient("the server took too long".to_owned()))?
                    .map_err(|error| classify(&error))?;
                let said: Vec<&str> = response.message().collect();
                Ok(format!("{} {}", response.code(), said.join(" ")))
            }
            Way::Files(directory) => {
                let bytes = self.message(letter)?.formatted();
                write_file(directory, &letter.message_id, &bytes)
                    .await
                    .map_err(|error| MailError::Transient(format!("{}: {error}", directory.display())))
            }
            Way::Memory(taken) => {
                taken.lock().unwrap_or_else(PoisonError::into_inner).push(letter.clone());
                Ok("250 kept in memory".to_owned())
            }
        }
    }

    /// The whole message, RFC 5322.
    fn message(&self, letter: &Letter) -> Result<Message, MailError> {
        let unusable = |why: String| MailError::Permanent(why);
        let to: Address =
            letter.to.parse().map_err(|error| unusable(format!("the address is none: {error}")))?;
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(letter.subject.as_str())
            .message_id(Some(format!("<{}>", letter.message_id)))
            .date(SystemTime::from(letter.date))
            // RFC 3834: no answering machine answers this.
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ))
            .multipart(MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone()))
            .map_err(|error| unusable(error.to_string()))
    }
}

fn smtp(
    url: &str,
    scheme: &str,
    rest: &str,
) -> Result<AsyncSmtpTransport<Tokio1Executor>, MailSettingsError> {
    if rest.contains('?') {
        return Err(MailSettingsError::Url(
            "it takes no parameters; TLS follows from host and scheme".into(),
        ));
    }
    let host = host(rest);
    let plain = scheme == "smtp" && is_this_machine(host);
    let url = if plain || scheme == "smtps" { url.to_owned() } else { format!("{url}?tls=required") };
    let wrong = |error: lettre::transport::smtp::Error| MailSettingsError::Url(error.to_string());
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(&url).map_err(wrong)?;
    if plain {
        builder = builder.tls(Tls::None);
    }
    Ok(builder.timeout(Some(PATIENCE)).pool_config(PoolConfig::new().max_size(CONNECTIONS)).build())
}

/// Whether mail can be addressed so: one bare address, without a name.
#[must_use]
pub fn is_address(text: &str) -> bool {
    text.parse::<Address>().is_ok()
}

/// The host within `user:password@host:port/…`.
fn host(rest: &str) -> &str {
    let authority = rest.split('/').next().unwrap_or(rest);
    let place = authority.rsplit('@').next().unwrap_or(authority);
    match place.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        Some((six, _)) => six,
        None => place.split(':').next().unwrap_or(place),
    }
}

fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// RFC 5321: 4xx is for now, 5xx for good. That our own credentials are refused (530, 534, 535, 538) says nothing against the recipient and
/// passes when the settings are put right.
fn classify(error: &lettre::transport::smtp::Error) -> MailError {
    let why = error.to_string();
    let code = error.status().map(u16::from);
    let ours = code.is_some_and(|code| matches!(code, 530 | 534 | 535 | 538));
    if !ours && (error.is_permanent() || error.is_client()) {
        MailError::Permanent(why)
    } else {
        MailError::Transient(why)
    }
}

/// Written beside and renamed, so that whoever watches the folder never reads half a message.
async fn write_file(directory: &PathBuf, message_id: &str, bytes: &[u8]) -> std::io::Result<String> {
    tokio::fs::create_dir_all(directory).await?;
    let path = directory.join(format!("{message_id}.eml"));
    let half = directory.join(format!(".{message_id}.part"));
    tokio::fs::write(&half, bytes).await?;
    tokio::fs::rename(&half, &path).await?;
    Ok(format!("written to {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_found_behind_a_password() {
        assert_eq!(host("mail.example.vn"), "mail.example.vn");
        assert_eq!(host("user:p%40ss@mail.example.vn:587"), "mail.example.vn");
        assert_eq!(host("[::1]:25/hello"), "::1");
        assert!(is_this_machine("127.0.0.1") && is_this_machine("::1") && is_this_machine("LocalHost"));
        assert!(!is_this_machine("localhost.example.vn") && !is_this_machine("10.0.0.1"));
    }

    #[tokio::test]
    async fn production_takes_smtp_only() {
        let refused = |url| Mailer::from_url(url, "hentra@example.vn", true).err().map(|e| e.to_string());
        assert_eq!(refused("files:///letters"), Some(MailSettingsError::NotInProduction.to_string()));
        assert_eq!(refused("memory://"), Some(MailSettingsError::NotInProduction.to_string()));
        assert_eq!(refused("smtp://u:p@mail.example.vn:587"), None);
        assert_eq!(refused("smtps://mail.example.vn"), None);
        assert!(refused("mail.example.vn").is_some() && refused("smtp://h?tls=none").is_some());
    }
}
