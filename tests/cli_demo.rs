//! The one command a newcomer types: it starts, its three requests answer what they promise, it stops when told, and
//! starting it again keeps what is there.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::cli::program;

/// A running demo; whatever becomes of the test, it ends with it.
struct Demo {
    child: Child,
    guide: String,
}

impl Demo {
    /// Starts it and reads all it says once it is up. The clock stands on a Friday afternoon.
    fn start(directory: &Path) -> Demo {
        let mut child = program(directory)
            .args(["--clock", "2026-11-20T16:00:00+07:00", "demo", "--bind", "127.0.0.1:0", "--dir"])
            .arg(directory.join("sample"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut guide = String::new();
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            guide.push_str(&line);
            guide.push('\n');
            if line.contains("Ctrl-C") {
                break;
            }
        }
        assert!(guide.contains("/docs"), "the demo ended before it was up: {guide}");
        Demo { child, guide }
    }

    fn curl_lines(&self) -> Vec<&str> {
        self.guide.lines().filter(|line| line.starts_with("curl ")).collect()
    }

    fn address(&self) -> &str {
        self.guide.split("http://").nth(1).unwrap().split('/').next().unwrap()
    }

    /// SIGTERM, as a service manager would; answers the exit code.
    fn stop(&mut self) -> Option<i32> {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        for _ in 0..300 {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        None
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Does what a curl line of the guide would do; answers status and body.
fn curl(line: &str) -> (u16, String) {
    let quoted: Vec<&str> = line.split('\'').collect();
    let url = line.split("http://").nth(1).unwrap().split([' ', '\'']).next().unwrap();
    let (host, path) = url.split_at(url.find('/').unwrap());
    let after = |mark: &str| {
        quoted.iter().position(|part| part.ends_with(mark)).and_then(|at| quoted.get(at + 1)).copied()
    };
    let body = after("-d ");
    let headers: Vec<&str> =
        quoted.windows(2).filter(|pair| pair[0].ends_with("-H ")).map(|pair| pair[1]).collect();
    let mut stream = TcpStream::connect(host).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let method = if body.is_some() { "POST" } else { "GET" };
    let body = body.unwrap_or_default();
    let mut request = format!("{method} /{} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n", &path[1..]);
    for header in headers {
        request.push_str(&format!("{header}\r\n"));
    }
    request.push_str(&format!("Content-Length: {}\r\n\r\n{body}", body.len()));
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

fn json(line: &str, status: u16) -> Value {
    let (answered, body) = curl(line);
    assert_eq!(answered, status, "{line}\n{body}");
    // Long answers come in chunks; what lies between the outermost braces is the document.
    serde_json::from_str(&unchunked(&body)).unwrap_or_else(|error| panic!("{error}: {body}"))
}

fn unchunked(body: &str) -> String {
    if body.starts_with('{') {
        return body.to_owned();
    }
    let mut whole = Vec::new();
    let mut rest = body.as_bytes();
    while let Some(end) = rest.windows(2).position(|pair| pair == b"\r\n") {
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).unwrap(), 16).unwrap();
        whole.extend_from_slice(&rest[end + 2..end + 2 + size]);
        rest = &rest[(end + 4 + size).min(rest.len())..];
    }
    String::from_utf8(whole).unwrap()
}

#[test]
fn the_demo_starts_answers_what_it_promises_stops_and_starts_again() {
    let directory = tempfile::tempdir().unwrap();
    let mut demo = Demo::start(directory.path());
    let ready = format!("curl http://{}/readyz ", demo.address());
    assert_eq!(curl(&ready).0, 200);
    let [dossier, report, findings] = demo.curl_lines().try_into().unwrap();

    let logged = json(dossier, 201);
    let codes: Vec<&str> =
        logged["findings"].as_array().unwrap().iter().map(|of| of["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"same_day_promise") && codes.contains(&"week_rollover_promise"), "{logged}");
    assert_eq!(logged["findings"][0]["compliant_due_at"], "2026-11-20T17:00:00+07:00");

    let report = json(report, 200);
    assert_eq!(report["period"]["label"], "2026-12");
    assert_eq!(report["rows"].as_array().unwrap().len(), 3, "{report}");
    assert_eq!(report["checks"]["ok"], true, "{report}");
    let overdue = report["total"]["in_progress"]["overdue"].as_u64().unwrap();
    assert!((1..40).contains(&overdue), "{report}");

    let found = json(findings, 200);
    assert!(found["count"].as_i64().unwrap() > 3, "{found}");

    let sample = directory.path().join("sample");
    let mode = std::fs::metadata(sample.join("tokens.json")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let mails: Vec<String> = std::fs::read_dir(sample.join("mail"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert!(mails.iter().any(|name| name.starts_with("morning_digest.20261120-0730")), "{mails:?}");
    assert!(mails.iter().any(|name| name.starts_with("week_rollover.20261120-1400")), "{mails:?}");
    assert_eq!(demo.stop(), Some(0));

    let code = logged["code"].as_str().unwrap().to_owned();
    let again = Demo::start(directory.path());
    let token = std::fs::read_to_string(sample.join("tokens.json")).unwrap();
    let token: Value = serde_json::from_str(&token).unwrap();
    let kept = format!(
        "curl 'http://{}/api/v1/dossiers/{code}' -H 'Authorization: Bearer {}'",
        again.address(),
        token["leader"].as_str().unwrap()
    );
    assert_eq!(json(&kept, 200)["applicant"]["name"], "Nguyễn Thị Hòa");
}
