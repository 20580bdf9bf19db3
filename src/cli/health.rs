//! `hentra health`: asks a running service over plain HTTP, for a container that has no other client.

use std::io::{Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use super::{Failure, output};

const PATIENCE: Duration = Duration::from_secs(4);
/// A status line is shorter than this.
const ENOUGH: u64 = 256;

/// Whom to ask.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The address to ask.
    #[arg(long, default_value = "http://127.0.0.1:8080/readyz")]
    url: String,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let status = ask(&arguments.url).map_err(|why| Failure::new(format!("{}: {why}", arguments.url)))?;
    match status.as_str() {
        "200" => output::say("ready"),
        other => Err(Failure::new(format!("{} answers {other}", arguments.url))),
    }
}

fn ask(url: &str) -> Result<String, String> {
    let rest = url.strip_prefix("http://").ok_or("must begin with http://")?;
    let (host, path) = rest.find('/').map_or((rest, "/"), |at| rest.split_at(at));
    let with_port = if host.rsplit(']').next().unwrap_or(host).contains(':') {
        host.to_owned()
    } else {
        format!("{host}:80")
    };
    let address =
        with_port.to_socket_addrs().map_err(|error| error.to_string())?.next().ok_or("names no address")?;
    let talk = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")?;
        let mut answer = Vec::new();
        stream.take(ENOUGH).read_to_end(&mut answer)?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    };
    let answer = talk().map_err(|error| error.to_string())?;
    answer.split_whitespace().nth(1).map(ToOwned::to_owned).ok_or_else(|| "no HTTP answer".to_owned())
}
