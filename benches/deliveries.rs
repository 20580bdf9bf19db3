//! Delivering a full outbox to a mail server on this machine, beside the same number of connections sending the same messages in a bare loop.
//!
//! The server is a sink in threads of its own: it speaks SMTP and keeps nothing. It answers at once, and then once more taking 20 ms for each message,
//! as one does that writes to its disk or examines what it takes. The bare loop claims nothing and writes nothing down; read the ratio. Runs alternate
//! and medians count.
//!
//! `HENTRA_BENCH_MESSAGES` sets how many messages a run has, `HENTRA_BENCH_ROUNDS` how often runs are repeated, `HENTRA_BENCH_ENGINE` (`sqlite`,
//! `postgresql`) leaves the other out. PostgreSQL is started from installed binaries, or is the empty database that `HENTRA_TEST_POSTGRES_URL` names.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a benchmark prints and may fail")]
#![expect(clippy::indexing_slicing, clippy::as_conversions, reason = "a benchmark prints and may fail")]

#[path = "../tests/support/outbox.rs"]
mod outbox;
#[path = "../tests/support/postgres_start.rs"]
mod postgres_start;

use std::env;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use hentra::app::access::{NewUser, Role, token_create};
use hentra::app::{App, alerts, catalogue};
use hentra::clock::Clock;
use hentra::domain::unit::Unit;
use hentra::mail::{CONNECTIONS, Letter, Mailer};
use hentra::store::outbox::{OutboxRow, outbox_insert};
use hentra::store::{Store, StoreSettings};
use tokio::task::JoinSet;

const FROM: &str = "Hentra <hentra@example.vn>";
/// What a digest of ten dossiers weighs.
const TEXT: usize = 3_000;
const HTML: usize = 12_000;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let asked = env::var("HENTRA_BENCH_ENGINE").ok();
        if asked.as_deref() != Some("postgresql") {
            let directory = tempfile::tempdir().unwrap();
            compare(&format!("sqlite://{}", directory.path().join("hentra.db").display())).await;
        }
        if asked.as_deref() != Some("sqlite") {
            on_postgres().await;
        }
    });
}

async fn on_postgres() {
    if let Ok(url) = env::var("HENTRA_TEST_POSTGRES_URL") {
        return compare(&url).await;
    }
    match postgres_start::start("wal_sync_method = fdatasync") {
        Ok(server) => compare(&server.url).await,
        Err(why) => println!("postgresql left out: {why}"),
    }
}

fn number(name: &str, usual: usize) -> usize {
    env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

async fn compare(url: &str) {
    let (messages, rounds) = (number("HENTRA_BENCH_MESSAGES", 2_000), number("HENTRA_BENCH_ROUNDS", 3));
    let office = Office::open(url).await;
    println!("{}: {CONNECTIONS} connections, medians of {rounds} rounds", office.app.engine());
    for (delay, messages) in [(Duration::ZERO, messages), (Duration::from_millis(20), messages)] {
        let (mut ours, mut bare) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            let sink = Sink::start(delay);
            bare.push(bare_loop(&sink, messages).await);
            let sink = Sink::start(delay);
            ours.push(office.deliver(&sink, messages).await);
        }
        let (ours, bare) = (median(ours), median(bare));
        println!(
            "  a message taken after {:>2} ms: Hentra {ours:>7.0}/s, bare loop {bare:>7.0}/s, ratio {:.2}",
            delay.as_millis(),
            ours / bare
        );
    }
}

fn median(mut of: Vec<f64>) -> f64 {
    of.sort_by(f64::total_cmp);
    of[of.len() / 2]
}

fn rate(messages: usize, took: Duration) -> f64 {
    messages as f64 / took.as_secs_f64()
}

/// The same letters by as many connections, nothing else.
async fn bare_loop(sink: &Sink, messages: usize) -> f64 {
    let mailer = Mailer::from_url(&sink.url(), FROM, false).unwrap();
    let next = Arc::new(AtomicUsize::new(0));
    let start = Instant::now();
    let mut running = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let (mailer, next) = (mailer.clone(), Arc::clone(&next));
        running.spawn(async move {
            loop {
                let n = next.fetch_add(1, Ordering::Relaxed);
                if n >= messages {
                    return;
                }
                mailer.send(&letter(n)).await.unwrap();
            }
        });
    }
    while let Some(one) = running.join_next().await {
        one.unwrap();
    }
    let took = start.elapsed();
    assert_eq!(sink.taken(), messages);
    rate(messages, took)
}

fn letter(n: usize) -> Letter {
    Letter {
        to: format!("l{n}@example.vn"),
        message_id: format!("bare-{n}@example.vn"),
        date: at(),
        subject: "[Phường Bến Đình] 12 hồ sơ cần xử lý hôm nay, 3 đã quá hạn".to_owned(),
        text: "Hồ sơ đến hạn. ".repeat(TEXT / 15),
        html: "<p>Hồ sơ đến hạn.</p>".repeat(HTML / 22),
        opt_down: None,
    }
}

fn at() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-11-20T07:30:00+07:00").unwrap().to_utc()
}

struct Office {
    app: App,
    user: i64,
    written: AtomicUsize,
}

impl Office {
    async fn open(url: &str) -> Office {
        let settings = StoreSettings { url: url.to_owned(), readers: 2, patience: Duration::from_secs(10) };
        let app = App::start(Store::open(&settings).unwrap(), Clock::standing_at(at())).unwrap();
        let unit = Unit {
            code: "H19".into(),
            name: "Tỉnh".into(),
            parent: None,
            valid_from: None,
            valid_to: None,
            merged_into: None,
        };
        catalogue::units_put(&app, vec![unit]).await.unwrap();
        let new = NewUser {
            name: "Lãnh đạo".into(),
            role: Role::Leader,
            unit: "H19".into(),
            email: None,
            expires_at: None,
        };
        token_create(&app, new).await.unwrap();
        Office { app, user: 1, written: AtomicUsize::new(0) }
    }

    async fn deliver(&self, sink: &Sink, messages: usize) -> f64 {
        let from = self.written.fetch_add(messages, Ordering::Relaxed);
        let rows: Vec<OutboxRow> = (from..from + messages).map(|n| self.row(n)).collect();
        self.app.write_job("bench", move |c, _| Ok(outbox_insert(c, rows)?)).await.unwrap();
        let mailer = Mailer::from_url(&sink.url(), FROM, false).unwrap();
        let start = Instant::now();
        let round = alerts::deliver(&self.app, &mailer, at()).await.unwrap();
        let took = start.elapsed();
        assert_eq!((round.sent, sink.taken()), (messages, messages));
        rate(messages, took)
    }

    fn row(&self, n: usize) -> OutboxRow {
        let Letter { to, message_id, date, subject, text, html, opt_down } = letter(n);
        let slot = date + chrono::TimeDelta::milliseconds(i64::try_from(n).unwrap());
        OutboxRow {
            rule: "bench".into(),
            slot_at: slot.into(),
            recipient: to,
            message_id: message_id.replace("bare", "ours"),
            subject,
            text_body: text,
            html_body: html,
            stale_at: (date + chrono::TimeDelta::hours(9)).into(),
            opt_down,
            ..outbox::message(self.user, date.into())
        }
    }
}

/// A mail server that takes everything and keeps nothing.
struct Sink {
    address: SocketAddr,
    taken: Arc<AtomicUsize>,
}

impl Sink {
    fn start(delay: Duration) -> Sink {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, taken) = (listener.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
        let its = Arc::clone(&taken);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let taken = Arc::clone(&its);
                std::thread::spawn(move || converse(&stream, delay, &taken));
            }
        });
        Sink { address, taken }
    }

    fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    fn taken(&self) -> usize {
        self.taken.load(Ordering::Relaxed)
    }
}

/// Until the other side hangs up.
fn converse(stream: &TcpStream, delay: Duration, taken: &AtomicUsize) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let (mut reader, mut writer) = (BufReader::new(stream), BufWriter::new(stream));
    let mut say = |line: &str| writer.write_all(line.as_bytes()).and_then(|()| writer.flush());
    say("220 sink\r\n")?;
    let mut line = Vec::new();
    loop {
        line.clear();
        if reader.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        if line.starts_with(b"QUIT") {
            return say("221 bye\r\n");
        }
        if !line.starts_with(b"DATA") {
            say("250 OK\r\n")?;
            continue;
        }
        say("354 go ahead\r\n")?;
        loop {
            line.clear();
            if reader.read_until(b'\n', &mut line)? == 0 {
                return Ok(());
            }
            if line == b".\r\n" {
                break;
            }
        }
        std::thread::sleep(delay);
        taken.fetch_add(1, Ordering::Relaxed);
        say("250 taken\r\n")?;
    }
}
