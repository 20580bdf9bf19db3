//! A small SMTP server in the test's own process: it speaks the protocol over TCP, keeps every conversation whole, and can be told to
//! refuse, to put off, or to hang up at any step.
//!
//! It knows nothing of Hentra. [`Received`] reads a message back as a mail program would.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Where a conversation stands when the server is about to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Somebody has connected.
    Banner,
    /// `RCPT TO:<…>`; the argument is the address.
    Rcpt,
    /// `DATA`; the message has not come yet.
    Data,
    /// The whole message has come; the argument is the message.
    Message,
}

/// What the server does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// What a willing server says.
    Usual,
    /// This line instead.
    Say(&'static str),
    /// Hangs up without a word.
    HangUp,
    /// The usual, after so long a while.
    Slow(Duration),
    /// Takes note as if it had said the usual, and hangs up without a word.
    TakeAndHangUp,
}

type Script = Box<dyn FnMut(Step, &str) -> Answer + Send>;

/// A message that was taken.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) to: Vec<String>,
    pub(crate) raw: String,
}

pub(crate) struct SmtpServer {
    address: SocketAddr,
    log: Arc<Mutex<Log>>,
    script: Arc<Mutex<Script>>,
}

#[derive(Default)]
struct Log {
    taken: Vec<Received>,
    /// Every message whose end was seen, taken or not.
    seen: Vec<Received>,
    conversations: Vec<Vec<String>>,
}

impl SmtpServer {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let log = Arc::new(Mutex::new(Log::default()));
        let script: Arc<Mutex<Script>> = Arc::new(Mutex::new(Box::new(|_, _| Answer::Usual)));
        let (its_log, its_script) = (Arc::clone(&log), Arc::clone(&script));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (log, script) = (Arc::clone(&its_log), Arc::clone(&its_script));
                std::thread::spawn(move || converse(&stream, &log, &script));
            }
        });
        Self { address, log, script }
    }

    pub(crate) fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// From now on, `script` decides.
    pub(crate) fn obey(&self, script: impl FnMut(Step, &str) -> Answer + Send + 'static) {
        *self.script.lock().unwrap() = Box::new(script);
    }

    pub(crate) fn taken(&self) -> Vec<Received> {
        self.log.lock().unwrap().taken.clone()
    }

    pub(crate) fn seen(&self) -> Vec<Received> {
        self.log.lock().unwrap().seen.clone()
    }

    /// What was said, one list a connection, each line with `C: ` or `S: `.
    pub(crate) fn conversations(&self) -> Vec<Vec<String>> {
        self.log.lock().unwrap().conversations.clone()
    }
}

fn converse(stream: &TcpStream, log: &Mutex<Log>, script: &Mutex<Script>) -> Option<()> {
    let number = {
        let mut log = log.lock().unwrap();
        log.conversations.push(Vec::new());
        log.conversations.len() - 1
    };
    let session = Session { stream, log, script, number };
    session.answer(Step::Banner, "", "220 catcher ESMTP")?;
    let mut reader = BufReader::new(stream);
    let mut to = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        session.note(format!("C: {line}"));
        session.obey_command(line, &mut reader, &mut to)?;
    }
}

struct Session<'a> {
    stream: &'a TcpStream,
    log: &'a Mutex<Log>,
    script: &'a Mutex<Script>,
    number: usize,
}

/// Everything here answers `None` when the conversation is over.
impl Session<'_> {
    fn note(&self, line: String) {
        self.log.lock().unwrap().conversations[self.number].push(line);
    }

    fn say(&self, line: &str) -> Option<()> {
        self.note(format!("S: {line}"));
        let mut stream = self.stream;
        stream.write_all(format!("{line}\r\n").as_bytes()).ok()
    }

    /// The server's word at a step; whether it was the usual one.
    fn answer(&self, step: Step, argument: &str, usual: &str) -> Option<bool> {
        self.answer_once(step, argument, usual, || ())
    }

    /// The same; what the word says is done before it is said, for who hears it looks at once.
    fn answer_once(&self, step: Step, argument: &str, usual: &str, done: impl FnOnce()) -> Option<bool> {
        let answer = (self.script.lock().unwrap())(step, argument);
        match answer {
            Answer::Usual => {
                done();
                self.say(usual).map(|()| true)
            }
            Answer::Say(line) => self.say(line).map(|()| false),
            Answer::Slow(while_) => {
                std::thread::sleep(while_);
                done();
                self.say(usual).map(|()| true)
            }
            Answer::TakeAndHangUp => {
                done();
                self.hang_up();
                Some(true)
            }
            Answer::HangUp => {
                self.hang_up();
                None
            }
        }
    }

    fn hang_up(&self) {
        self.note("S: (hangs up)".to_owned());
        self.stream.shutdown(std::net::Shutdown::Both).ok();
    }

    fn obey_command(
        &self,
        line: &str,
        reader: &mut BufReader<&TcpStream>,
        to: &mut Vec<String>,
    ) -> Option<()> {
        let word = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
        match word.as_str() {
            "EHLO" => {
                self.say("250-catcher")?;
                self.say("250 8BITMIME")
            }
            "RCPT" => {
                let address = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                if self.answer(Step::Rcpt, &address, "250 OK")? {
                    to.push(address);
                }
                Some(())
            }
            "DATA" => self.take_message(reader, to),
            "QUIT" => {
                self.say("221 bye")?;
                None
            }
            "RSET" => {
                to.clear();
                self.say("250 OK")
            }
            _ => self.say("250 OK"),
        }
    }

    fn take_message(&self, reader: &mut BufReader<&TcpStream>, to: &mut Vec<String>) -> Option<()> {
        if self.answer(Step::Data, "", "354 go ahead")? {
            let raw = read_message(reader)?;
            let message = Received { to: std::mem::take(to), raw };
            self.log.lock().unwrap().seen.push(message.clone());
            let take = || self.log.lock().unwrap().taken.push(message.clone());
            self.answer_once(Step::Message, &message.raw, "250 2.0.0 OK queued as 42", take)?;
        }
        Some(())
    }
}

fn read_message(reader: &mut BufReader<&TcpStream>) -> Option<String> {
    let mut message = String::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line == ".\r\n" {
            return Some(message);
        }
        message.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}

impl Received {
    /// A header's value, unfolded, with its encoded words decoded.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        header(&self.raw, name).map(|value| decode_words(&value))
    }

    /// The decoded body of the part of this type.
    pub(crate) fn part(&self, media: &str) -> Option<String> {
        let whole = header(&self.raw, "Content-Type")?;
        let boundary = whole.split("boundary=\"").nth(1)?.split('"').next()?.to_owned();
        self.raw
            .split(&format!("--{boundary}"))
            .find(|part| header(part.trim_start(), "Content-Type").is_some_and(|of| of.starts_with(media)))
            .map(|part| decode_part(part.trim_start()))
    }
}

fn header(part: &str, name: &str) -> Option<String> {
    let head = part.split("\r\n\r\n").next()?.replace("\r\n ", " ").replace("\r\n\t", " ");
    head.split("\r\n").find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
    })
}

fn decode_part(part: &str) -> String {
    let body = part.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    let bytes = match header(part, "Content-Transfer-Encoding").unwrap_or_default().as_str() {
        "base64" => base64(body),
        "quoted-printable" => quoted_printable(&body.replace("=\r\n", "")),
        _ => body.as_bytes().to_vec(),
    };
    String::from_utf8(bytes).unwrap().replace("\r\n", "\n").trim_end().to_owned()
}

/// RFC 2047, both encodings; the space between two encoded words does not count.
fn decode_words(value: &str) -> String {
    let mut decoded = Vec::new();
    let mut rest = value;
    let mut after_word = false;
    while let Some(start) = rest.find("=?") {
        let before = &rest[..start];
        if !(after_word && before.trim().is_empty()) {
            decoded.extend_from_slice(before.as_bytes());
        }
        let mut parts = rest[start + 2..].splitn(4, '?');
        let (_charset, encoding, text) = (parts.next(), parts.next().unwrap(), parts.next().unwrap());
        decoded.extend(match encoding {
            "b" | "B" => base64(text),
            _ => quoted_printable(&text.replace('_', " ")),
        });
        rest = &parts.next().unwrap()[1..];
        after_word = true;
    }
    decoded.extend_from_slice(rest.as_bytes());
    String::from_utf8(decoded).unwrap()
}

fn base64(text: &str) -> Vec<u8> {
    let value = |letter: u8| match letter {
        b'A'..=b'Z' => Some(letter - b'A'),
        b'a'..=b'z' => Some(letter - b'a' + 26),
        b'0'..=b'9' => Some(letter - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let sextets: Vec<u8> = text.bytes().filter_map(value).collect();
    let mut bytes = Vec::new();
    for four in sextets.chunks(4) {
        let bits = four.iter().fold(0_u32, |bits, six| bits << 6 | u32::from(*six)) << (6 * (4 - four.len()));
        bytes.extend_from_slice(&bits.to_be_bytes()[1..four.len()]);
    }
    bytes
}

fn quoted_printable(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut letters = text.bytes();
    while let Some(letter) = letters.next() {
        if letter == b'=' {
            let hex = [letters.next().unwrap(), letters.next().unwrap()];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap());
        } else {
            bytes.push(letter);
        }
    }
    bytes
}
