//! Conversations with one SMTP server: connections are kept between messages, and every step has its patience.
//!
//! It speaks step by step, so that it knows where a conversation broke: before the end of the message was handed over nothing can have been taken,
//! after it nobody can tell. What a reply means is `replies`'.

use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use lettre::Message;
use lettre::address::Envelope;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::Response;
use lettre::transport::smtp::{Error, SMTP_PORT, SUBMISSION_PORT, SUBMISSIONS_PORT};
use percent_encoding::percent_decode_str;
use tokio::net::TcpStream;
use tokio::time::Instant;
use url::Url;

use super::replies::{self, NotTaken, Stage};
use super::{CONNECTIONS, MailSettingsError};

/// A connection that was idle for longer is not used again: servers hang up after some minutes.
const LONGEST_IDLE: Duration = Duration::from_secs(30);
/// The message is handed over in pieces of so many bytes.
const PIECE: usize = 16 * 1024;

/// How long a server may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For connecting, greeting and signing in together, and for each step after it.
    pub step: Duration,
    /// For the message itself and the reply to it. Longer, since many servers examine a message before they answer, and a client that hangs up
    /// meanwhile does not know whether it was taken (RFC 5321, 4.5.3.2.6).
    pub message: Duration,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience { step: Duration::from_secs(30), message: Duration::from_secs(300) }
    }
}

/// How the connection is closed to others.
enum Secrecy {
    /// Not at all: this machine only.
    Plain,
    /// STARTTLS, or nothing is sent.
    Upgraded(TlsParameters),
    /// TLS from the first byte.
    Wrapped(TlsParameters),
}

/// One server, and the connections kept to it.
pub(super) struct SmtpServer {
    host: String,
    port: u16,
    secrecy: Secrecy,
    credentials: Option<Credentials>,
    hello: ClientId,
    patience: Patience,
    idle: Mutex<Vec<(AsyncSmtpConnection, Instant)>>,
}

/// Why a step was not done.
#[derive(Debug)]
pub(super) enum Fault {
    /// It took longer than our patience.
    Slow,
    /// The server said no, or the conversation broke.
    Smtp(Error),
    /// The server cannot be reached.
    Network(std::io::Error),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Fault {
        Fault::Smtp(error)
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Fault {
        Fault::Network(error)
    }
}

/// Where a conversation stopped, and why.
struct Stopped {
    stage: Stage,
    fault: Fault,
}

impl SmtpServer {
    /// The server of a URL, as [`super::Mailer::from_url`] describes it.
    pub(super) fn of_url(url: &str, patience: Patience) -> Result<SmtpServer, MailSettingsError> {
        let wrong = |why: &str| MailSettingsError::Url(why.to_owned());
        let parsed = Url::parse(url).map_err(|error| wrong(&error.to_string()))?;
        if parsed.query().is_some() || parsed.fragment().is_some() {
            return Err(wrong("it takes no parameters; TLS follows from host and scheme"));
        }
        let host =
            parsed.host_str().filter(|host| !host.is_empty()).ok_or_else(|| wrong("it names no host"))?;
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let tls = || TlsParameters::new(host.clone()).map_err(|error| wrong(&error.to_string()));
        let (secrecy, usual_port) = match parsed.scheme() {
            "smtps" => (Secrecy::Wrapped(tls()?), SUBMISSIONS_PORT),
            _ if is_this_machine(&host) => (Secrecy::Plain, SMTP_PORT),
            _ => (Secrecy::Upgraded(tls()?), SUBMISSION_PORT),
        };
        let decoded = |text: &str| {
            percent_decode_str(text)
                .decode_utf8()
                .map(|text| text.into_owned())
                .map_err(|error| wrong(&error.to_string()))
        };
        let credentials = match parsed.password() {
            Some(password) => Some(Credentials::new(decoded(parsed.username())?, decoded(password)?)),
            None => None,
        };
        let name = parsed.path().trim_matches('/');
        let hello = if name.is_empty() { ClientId::default() } else { ClientId::Domain(name.to_owned()) };
        let port = parsed.port().unwrap_or(usual_port);
        Ok(SmtpServer { host, port, secrecy, credentials, hello, patience, idle: Mutex::default() })
    }

    /// Hands the message over; answers what the server said when it took it.
    pub(super) async fn send(&self, message: &Message) -> Result<String, NotTaken> {
        let (envelope, bytes) = (message.envelope(), message.formatted());
        if let Some(mut kept) = self.take_idle() {
            match self.hand_over(&mut kept, envelope, &bytes).await {
                // The server closed it while it lay idle; nothing was begun.
                Err(stopped) if stopped.stage == Stage::Sender && replies::is_farewell(&stopped.fault) => {}
                done => return self.finish(kept, done).await,
            }
        }
        let mut fresh = self.connect().await.map_err(|fault| replies::judge(Stage::Greeting, &fault))?;
        let done = self.hand_over(&mut fresh, envelope, &bytes).await;
        self.finish(fresh, done).await
    }

    async fn finish(
        &self,
        mut connection: AsyncSmtpConnection,
        done: Result<Response, Stopped>,
    ) -> Result<String, NotTaken> {
        match done {
            Ok(response) => {
                self.keep(connection);
                Ok(replies::shown(&response))
            }
            Err(Stopped { stage, fault }) => {
                // Where the server still listens, it is told that we are done with it.
                if matches!(&fault, Fault::Smtp(error) if error.status().is_some()) {
                    let _ = tokio::time::timeout(self.patience.step, connection.quit()).await;
                }
                Err(replies::judge(stage, &fault))
            }
        }
    }

    fn take_idle(&self) -> Option<AsyncSmtpConnection> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|(_, since)| since.elapsed() < LONGEST_IDLE);
        idle.pop().map(|(connection, _)| connection)
    }

    fn keep(&self, connection: AsyncSmtpConnection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < CONNECTIONS {
            idle.push((connection, Instant::now()));
        }
    }

    /// Connects, greets and signs in.
    async fn connect(&self) -> Result<AsyncSmtpConnection, Fault> {
        within(self.patience.step, async {
            let place = (self.host.as_str(), self.port);
            let mut connection = match &self.secrecy {
                Secrecy::Wrapped(tls) => {
                    // Without TCP_NODELAY: lettre opens the socket itself and lets nobody at it, and a stream of ours would need a TLS of ours beside
                    // its own. The end of a message may wait some 40 ms for an acknowledgement, as long as such servers take over a message anyway.
                    AsyncSmtpConnection::connect_tokio1(place, None, &self.hello, Some(tls.clone()), None)
                        .await?
                }
                Secrecy::Plain | Secrecy::Upgraded(_) => {
                    let stream = TcpStream::connect(place).await?;
                    // The line that ends a message is a packet of its own; it must not wait for the message to be acknowledged.
                    stream.set_nodelay(true)?;
                    AsyncSmtpConnection::connect_with_transport(Box::new(stream), &self.hello).await?
                }
            };
            if let Secrecy::Upgraded(tls) = &self.secrecy {
                connection.starttls(tls.clone(), &self.hello).await?;
            }
            if let Some(credentials) = &self.credentials {
                connection.auth(DEFAULT_MECHANISMS, credentials).await?;
            }
            Ok::<_, Fault>(connection)
        })
        .await
    }

    async fn hand_over(
        &self,
        connection: &mut AsyncSmtpConnection,
        envelope: &Envelope,
        bytes: &[u8],
    ) -> Result<Response, Stopped> {
        let stopped = |stage| move |fault| Stopped { stage, fault };
        let step = self.patience.step;
        let parameters = parameters(connection, envelope, bytes);
        let sender = Mail::new(envelope.from().cloned(), parameters);
        within(step, connection.command(sender)).await.map_err(stopped(Stage::Sender))?;
        for to in envelope.to() {
            let recipient = Rcpt::new(to.clone(), Vec::new());
            within(step, connection.command(recipient)).await.map_err(stopped(Stage::Recipient))?;
        }
        within(step, connection.command(Data)).await.map_err(stopped(Stage::Data))?;
        let mut whole = false;
        let mut pieces = bytes.chunks(PIECE);
        // The line that ends the message is written once there is no further piece.
        let told = std::iter::from_fn(|| {
            let piece = pieces.next();
            whole |= piece.is_none();
            piece
        });
        let answer = within(self.patience.message, connection.message_iter(told)).await;
        let stage = if whole { Stage::End } else { Stage::Data };
        answer.map_err(stopped(stage))
    }
}

/// What has to be announced of a message that is not plain ASCII. A server that cannot take such a one says so itself.
fn parameters(connection: &AsyncSmtpConnection, envelope: &Envelope, bytes: &[u8]) -> Vec<MailParameter> {
    let mut parameters = Vec::new();
    let mut addresses = envelope.to().iter().chain(envelope.from());
    if addresses.any(|address| !AsRef::<str>::as_ref(address).is_ascii()) {
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if !bytes.is_ascii() && connection.server_info().supports_feature(Extension::EightBitMime) {
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    parameters
}

async fn within<T, E>(patience: Duration, step: impl Future<Output = Result<T, E>>) -> Result<T, Fault>
where
    Fault: From<E>,
{
    match tokio::time::timeout(patience, step).await {
        Ok(done) => Ok(done?),
        Err(_) => Err(Fault::Slow),
    }
}

/// Whether the host is this machine itself.
pub(crate) fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(url: &str) -> SmtpServer {
        SmtpServer::of_url(url, Patience::default()).unwrap()
    }

    #[tokio::test]
    async fn only_this_machine_is_spoken_to_in_clear() {
        for (url, plain, port) in [
            ("smtp://127.0.0.1", true, 25),
            ("smtp://[::1]:2525/hello", true, 2525),
            ("smtp://LocalHost", true, 25),
            ("smtp://localhost.example.vn", false, 587),
            ("smtp://10.0.0.1:25", false, 25),
            ("smtp://u:p%40ss@mail.example.vn", false, 587),
            ("smtps://mail.example.vn", false, 465),
        ] {
            let server = server(url);
            assert_eq!((matches!(server.secrecy, Secrecy::Plain), server.port), (plain, port), "{url}");
        }
    }

    #[tokio::test]
    async fn name_and_password_are_read_as_urls_write_them() {
        let told = server("smtp://u%40x:p%40ss@mail.example.vn:587").credentials;
        assert_eq!(told, Some(Credentials::new("u@x".to_owned(), "p@ss".to_owned())));
        assert!(SmtpServer::of_url("smtp://h?tls=none", Patience::default()).is_err());
        assert!(SmtpServer::of_url("smtp://", Patience::default()).is_err());
    }
}
