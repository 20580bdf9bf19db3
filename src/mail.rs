//! Sending one message: over SMTP, into files, or into memory.
//!
//! It knows addresses and servers and nothing of what a message says or when it is due; `app::alerts` calls it, never within a transaction.
//! The production profile takes SMTP only, so that no warning ends in a folder nobody reads.

mod replies;
mod smtp;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use chrono::{DateTime, Utc};
use lettre::address::Address;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};

pub use replies::NotTaken;
pub(crate) use replies::shortened;
pub use smtp::Patience;
use smtp::SmtpServer;
pub(crate) use smtp::is_this_machine;

/// Connections kept to the server at most; the sender never has more messages under way.
pub const CONNECTIONS: usize = 8;

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
    /// Where one click stops letters of this kind (RFC 8058); `None` where there is no such place.
    pub opt_down: Option<String>,
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

/// Where mail goes.
#[derive(Clone)]
pub struct Mailer {
    from: Mailbox,
    reply_to: Option<Mailbox>,
    way: Way,
}

#[derive(Clone)]
enum Way {
    Smtp(Arc<SmtpServer>),
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
        Mailer::patient(url, from, production, Patience::default())
    }

    /// The same with another patience than the usual one.
    ///
    /// # Errors
    /// As [`Mailer::from_url`].
    pub fn patient(
        url: &str,
        from: &str,
        production: bool,
        patience: Patience,
    ) -> Result<Mailer, MailSettingsError> {
        let from = mailbox(from)?;
        let (scheme, rest) = url.split_once("://").ok_or(MailSettingsError::Scheme)?;
        let way = match scheme {
            "smtp" | "smtps" => Way::Smtp(Arc::new(SmtpServer::of_url(url, patience)?)),
            "files" | "memory" if production => return Err(MailSettingsError::NotInProduction),
            "files" if rest.is_empty() => {
                return Err(MailSettingsError::Url("it names no directory".to_owned()));
            }
            "files" => Way::Files(PathBuf::from(rest)),
            "memory" => Way::Memory(Arc::default()),
            _ => return Err(MailSettingsError::Scheme),
        };
        Ok(Mailer { from, reply_to: None, way })
    }

    /// The same mailer, whose letters are answered to another address than the sender's (`Văn phòng <vp@example.vn>`).
    ///
    /// # Errors
    /// [`MailSettingsError::From`] when that is no address.
    pub fn answered_to(self, address: &str) -> Result<Mailer, MailSettingsError> {
        Ok(Mailer { reply_to: Some(mailbox(address)?), ..self })
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
    /// [`NotTaken`], which says whether trying again may help.
    pub async fn send(&self, letter: &Letter) -> Result<String, NotTaken> {
        match &self.way {
            Way::Smtp(server) => server.send(&self.message(letter)?).await,
            Way::Files(directory) => {
                let bytes = self.message(letter)?.formatted();
                write_file(directory, &letter.message_id, &bytes)
                    .await
                    .map_err(|error| NotTaken::Unreachable(format!("{}: {error}", directory.display())))
            }
            Way::Memory(taken) => {
                taken.lock().unwrap_or_else(PoisonError::into_inner).push(letter.clone());
                Ok("250 kept in memory".to_owned())
            }
        }
    }

    /// The whole message, RFC 5322.
    fn message(&self, letter: &Letter) -> Result<Message, NotTaken> {
        let to: Address = letter
            .to
            .parse()
            .map_err(|error| NotTaken::DeadAddress(format!("the address is none: {error}")))?;
        let mut builder = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(letter.subject.as_str())
            .message_id(Some(format!("<{}>", letter.message_id)))
            .date(SystemTime::from(letter.date))
            // RFC 3834: no answering machine answers this.
            .raw_header(raw("Auto-Submitted", "auto-generated"));
        if let Some(address) = &self.reply_to {
            builder = builder.reply_to(address.clone());
        }
        // RFC 8058; the header is our own, but a link that could end it is none.
        if let Some(link) = letter.opt_down.as_deref().filter(|link| is_plain_link(link)) {
            builder = builder
                .raw_header(raw("List-Unsubscribe", &format!("<{link}>")))
                .raw_header(raw("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
        }
        builder
            .multipart(MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone()))
            .map_err(|error| NotTaken::Refused(error.to_string()))
    }
}

fn raw(name: &'static str, value: &str) -> HeaderValue {
    let name = HeaderName::new_from_ascii_str(name);
    // Not folded: a link broken over two lines is read as two by some.
    HeaderValue::dangerous_new_pre_encoded(name, value.to_owned(), value.to_owned())
}

fn is_plain_link(link: &str) -> bool {
    let web = link.starts_with("https://") || link.starts_with("http://");
    web && link.bytes().all(|of| of.is_ascii_graphic() && !matches!(of, b'<' | b'>'))
}

fn mailbox(address: &str) -> Result<Mailbox, MailSettingsError> {
    address.parse().map_err(|error: lettre::address::AddressError| MailSettingsError::From {
        address: address.to_owned(),
        why: error.to_string(),
    })
}

/// Whether mail can be addressed so: one bare address, without a name.
#[must_use]
pub fn is_address(text: &str) -> bool {
    text.parse::<Address>().is_ok()
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

    fn letter(to: &str) -> Letter {
        Letter {
            to: to.to_owned(),
            message_id: "1@example.vn".to_owned(),
            date: DateTime::UNIX_EPOCH,
            subject: "S".to_owned(),
            text: "t".to_owned(),
            html: "<p>t</p>".to_owned(),
            opt_down: None,
        }
    }

    fn written(mailer: &Mailer, letter: &Letter) -> Result<String, NotTaken> {
        mailer.message(letter).map(|message| String::from_utf8(message.formatted()).unwrap())
    }

    #[test]
    fn no_address_and_no_link_breaks_a_header() {
        let mailer = Mailer::from_url("memory://", "Hentra <hentra@example.vn>", false).unwrap();
        for to in ["a@b.vn\r\nBcc: x@y.vn", "<a@b.vn>", "a@b.vn, c@d.vn", "a b@c.vn", "a@b.vn\n", "@b.vn", ""]
        {
            assert!(matches!(written(&mailer, &letter(to)), Err(NotTaken::DeadAddress(_))), "{to:?}");
        }
        let link = format!("https://hentra.example.vn/alert-links/{}", "x".repeat(200));
        let with = |link: &str| Letter { opt_down: Some(link.to_owned()), ..letter("a@b.vn") };
        let whole = written(&mailer, &with(&link)).unwrap();
        assert!(whole.contains(&format!("\r\nList-Unsubscribe: <{link}>\r\n")), "{whole}");
        assert!(whole.contains("\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"), "{whole}");
        for link in
            ["https://x\r\nBcc: y@z.vn", "https://x>, <mailto:a@b.vn", "javascript:alert(1)", "https://x y"]
        {
            assert!(!written(&mailer, &with(link)).unwrap().contains("List-Unsubscribe"), "{link:?}");
        }
    }

    #[test]
    fn answers_go_where_the_office_says() {
        let mailer = || Mailer::from_url("memory://", "Hentra <hentra@example.vn>", false).unwrap();
        assert!(!written(&mailer(), &letter("a@b.vn")).unwrap().contains("Reply-To"));
        let answered = mailer().answered_to("vp@bendinh.example.vn").unwrap();
        assert!(
            written(&answered, &letter("a@b.vn")).unwrap().contains("Reply-To: vp@bendinh.example.vn\r\n")
        );
        assert!(mailer().answered_to("vp@b.vn\r\nBcc: x@y.vn").is_err());
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
