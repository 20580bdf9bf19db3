//! The real program, serving: started as an operator would, asked over a socket, and ended in the middle of whatever it does.
//!
//! A request is answered whole or not at all: an answer that was cut off counts as none, as it does for any client.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::cli::program;

/// A home for the program, with a province of one commune in the database at `url`, and a token for an officer and an administrator.
pub(crate) struct Office {
    home: tempfile::TempDir,
    url: String,
    pub(crate) officer: String,
    pub(crate) admin: String,
}

impl Office {
    pub(crate) fn furnish(url: &str) -> Office {
        let home = tempfile::tempdir().unwrap();
        let units = "code,name,parent\nH19,Tỉnh,\nH19.15,Phường,H19\n";
        std::fs::write(home.path().join("units.csv"), units).unwrap();
        let mut office = Office { home, url: url.to_owned(), officer: String::new(), admin: String::new() };
        office.run(&["import", "units", "units.csv"]);
        let token = |role| ["token", "create", "--role", role, "--unit", "H19", "--name", role];
        office.officer = office.run(&token("officer"));
        office.admin = office.run(&token("admin"));
        office
    }

    /// Carries out a command that must succeed; answers what it printed.
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        let output = self.program().args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Starts the service with its clock at `at`.
    pub(crate) fn serve(&self, at: &str) -> Served {
        let mut program = self.program();
        program.env("HENTRA_CLOCK", at);
        Served::start(program)
    }

    fn program(&self) -> Command {
        let mut program = program(self.home.path());
        // It is to fail here, and its log would only say so.
        program.env("HENTRA_DATABASE_URL", &self.url).env("HENTRA_LOG", "off");
        program
    }
}

/// A running service. Whatever becomes of the test, it ends with it.
pub(crate) struct Served {
    child: Child,
    address: String,
}

/// What was answered, whole.
#[derive(Debug, Clone)]
pub(crate) struct Heard {
    pub(crate) status: u16,
    pub(crate) body: String,
}

impl Heard {
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

/// Where and as whom requests are sent; cheap to give to every client.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    address: String,
    token: String,
}

impl Served {
    /// Starts `program … serve` on a free port and waits until it takes requests.
    fn start(mut program: Command) -> Served {
        let mut child =
            program.env("HENTRA_BIND", "127.0.0.1:0").arg("serve").stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().rsplit_once("http://").map(|(_, address)| address.to_owned());
        let address = address.unwrap_or_else(|| panic!("the service ended before it was up: {line}"));
        Served { child, address }
    }

    pub(crate) fn caller(&self, token: &str) -> Caller {
        Caller { address: self.address.clone(), token: token.to_owned() }
    }

    /// SIGKILL: no handler runs, nothing is flushed.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// The most memory it has had in use so far, in bytes.
    #[cfg(target_os = "linux")]
    pub(crate) fn peak_memory(&self) -> usize {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(Path::new(&path)).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() * 1024
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Caller {
    pub(crate) fn get(&self, path: &str) -> Option<Heard> {
        self.send(&format!("GET {path}"), &[], "")
    }

    pub(crate) fn post(&self, path: &str, headers: &[(&str, &str)], body: &str) -> Option<Heard> {
        self.send(&format!("POST {path}"), headers, body)
    }

    /// The same in chunks, without saying how long the whole is.
    pub(crate) fn post_chunked(&self, path: &str, headers: &[(&str, &str)], body: &str) -> Option<Heard> {
        let headers = [headers, &[("Transfer-Encoding", "chunked")]].concat();
        let mut stream = self.begin(&format!("POST {path}"), &headers)?;
        for chunk in body.as_bytes().chunks(10_007) {
            stream.write_all(format!("{:x}\r\n", chunk.len()).as_bytes()).ok()?;
            stream.write_all(chunk).ok()?;
            stream.write_all(b"\r\n").ok()?;
        }
        stream.write_all(b"0\r\n\r\n").ok()?;
        heard(stream)
    }

    /// Sends only the first `sent` bytes of the body it announced, and hangs up.
    pub(crate) fn break_off(&self, path: &str, headers: &[(&str, &str)], body: &str, sent: usize) {
        let length = body.len().to_string();
        let headers = [headers, &[("Content-Length", length.as_str())]].concat();
        let mut stream = self.begin(&format!("POST {path}"), &headers).unwrap();
        stream.write_all(&body.as_bytes()[..sent]).unwrap();
    }

    /// The answer; nothing when the service went away before it was whole.
    fn send(&self, line: &str, headers: &[(&str, &str)], body: &str) -> Option<Heard> {
        let length = body.len().to_string();
        let headers = [headers, &[("Content-Length", length.as_str())]].concat();
        let mut stream = self.begin(line, &headers)?;
        stream.write_all(body.as_bytes()).ok()?;
        heard(stream)
    }

    /// Sends all but the body.
    fn begin(&self, line: &str, headers: &[(&str, &str)]) -> Option<TcpStream> {
        let mut head = format!("{line} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", self.address);
        head.push_str(&format!("Authorization: Bearer {}\r\n", self.token));
        if !headers.iter().any(|(name, _)| *name == "Content-Type") {
            head.push_str("Content-Type: application/json\r\n");
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let mut stream = TcpStream::connect(&self.address).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream.write_all(format!("{head}\r\n").as_bytes()).ok()?;
        Some(stream)
    }
}

fn heard(mut stream: TcpStream) -> Option<Heard> {
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).ok()?;
    whole(&answer)
}

/// The answer in `bytes`, if it is there to its last byte.
fn whole(bytes: &[u8]) -> Option<Heard> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).unwrap().to_ascii_lowercase();
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let rest = &bytes[end + 4..];
    let field = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    let body = match field("content-length:") {
        Some(length) => (rest.len() == length.parse::<usize>().unwrap()).then(|| rest.to_vec())?,
        None => unchunked(rest)?,
    };
    Some(Heard { status, body: String::from_utf8(body).unwrap() })
}

fn unchunked(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|pair| pair == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).ok()?, 16).ok()?;
        let chunk = rest.get(end + 2..end + 2 + size)?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(chunk);
        rest = rest.get(end + 4 + size..)?;
    }
}

#[test]
fn an_answer_that_was_cut_off_is_none() {
    let heard = |text: &str| whole(text.as_bytes()).map(|of| (of.status, of.body));
    let plain = "HTTP/1.1 201 Created\r\nContent-Length: 4\r\n\r\n{\"a\"";
    assert_eq!(heard(plain), Some((201, "{\"a\"".to_owned())));
    assert_eq!(heard(&plain[..plain.len() - 1]), None);
    assert_eq!(heard("HTTP/1.1 200 OK\r\n"), None);
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
    assert_eq!(heard(chunked), Some((200, "abcde".to_owned())));
    assert_eq!(heard(chunked.trim_end().trim_end_matches('0')), None);
}
