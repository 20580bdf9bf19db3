//! Alerts by webhook, to a receiver on the other side of a real conversation: what it is told, how it is signed, and what its answers lead to.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use hentra::app::App;
use hentra::app::access::{Principal, Role};
use hentra::app::alerts::{self, OutboxStatus};
use hentra::store::Moment;
use hentra::store::delivery_tries::TryOutcome;
use hentra::store::outbox::{OutboxRow, outbox_insert};
use hentra::webhook::{Webhook, Webhooks};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::alert_timetable::shipped_rules;
use crate::alerts::{at, mailer, office, user};
use crate::support::{TestDatabase, on_both_async};

const FRIDAY: &str = "2026-11-20T07:30";
const SECRET: &str = "chìa khóa dùng để ký";

/// A request as it came.
#[derive(Clone, Debug)]
struct Heard {
    line: String,
    headers: BTreeMap<String, String>,
    body: String,
}

/// A receiver that answers what it is told to, one answer after the other, the last for ever; nothing at all for an empty one.
struct Receiver {
    url: String,
    heard: Arc<Mutex<Vec<Heard>>>,
}

impl Receiver {
    fn start(answers: &[&'static str]) -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/hook?of=hentra", listener.local_addr().unwrap());
        let heard = Arc::new(Mutex::new(Vec::new()));
        let (its, answers) = (Arc::clone(&heard), answers.to_vec());
        std::thread::spawn(move || {
            for (n, stream) in listener.incoming().flatten().enumerate() {
                let Some(request) = read(&mut BufReader::new(&stream)) else { continue };
                its.lock().unwrap().push(request);
                let answer = answers.get(n).or(answers.last()).unwrap();
                let _ = (&stream).write_all(answer.replace('\n', "\r\n").as_bytes());
            }
        });
        Receiver { url, heard }
    }

    fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap().clone()
    }
}

fn read(reader: &mut impl BufRead) -> Option<Heard> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let line = line.trim_end().to_owned();
        if line.is_empty() {
            break;
        }
        lines.push(line);
    }
    let mut lines = lines.into_iter();
    let line = lines.next()?;
    let headers: BTreeMap<String, String> = lines
        .filter_map(|of| {
            of.split_once(':').map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
        })
        .collect();
    let mut body = vec![0; headers.get("content-length")?.parse().ok()?];
    reader.read_exact(&mut body).ok()?;
    Some(Heard { line, headers, body: String::from_utf8(body).ok()? })
}

/// An office whose alerts may go by `zalo`, and one message that is to.
async fn office_with(db: &TestDatabase, receiver: &Receiver, channel: &str) -> App {
    let app = office(db).await;
    user(&app, Role::Leader, "H19.15", "lanhdao@bendinh.example.vn").await;
    let hook = Webhook::new("zalo", &receiver.url, SECRET).unwrap();
    let app = app.with_webhooks(Webhooks::new(vec![hook]).unwrap());
    app.clock().set(at(FRIDAY));
    let now = Moment::from(at(FRIDAY));
    let row = OutboxRow {
        id: 0,
        rule: "morning_digest".into(),
        slot_at: now,
        user_id: 1,
        recipient: String::new(),
        message_id: "a1@bendinh.example.vn".into(),
        subject: "[Phường Bến Đình] 2 hồ sơ".into(),
        text_body: "HOM-NAY – còn 8 giờ".into(),
        html_body: String::new(),
        status: "pending".into(),
        attempts: 0,
        next_attempt_at: now,
        stale_at: Moment::from(at("2026-11-20T17:00")),
        lease_until: None,
        server_reply: None,
        created_at: now,
        sent_at: None,
        channel: channel.into(),
        delegate_id: 0,
        quiet_from: Some(20 * 60),
        quiet_to: Some(6 * 60),
        begun_at: None,
        opt_down: Some("https://hentra.example.vn/x".into()),
    };
    app.write_job("test", move |c, _| Ok(outbox_insert(c, vec![row])?)).await.unwrap();
    app
}

async fn deliver(app: &App, minutes: i64) -> alerts::Round {
    let now = at(FRIDAY) + TimeDelta::minutes(minutes);
    app.clock().set(now);
    alerts::deliver(app, &mailer("memory://"), now).await.unwrap()
}

async fn shown(app: &App) -> (OutboxStatus, Vec<(TryOutcome, String)>) {
    let by = Principal { user_id: 1, name: "x".into(), role: Role::Admin, unit: "H19".into() };
    let letter = alerts::find(app, 1, by).await.unwrap();
    let tries = letter.tries.into_iter().map(|of| {
        assert_eq!(of.channel, "zalo");
        (of.outcome, of.reply)
    });
    (letter.alert.status, tries.collect())
}

on_both_async! {
    async fn the_receiver_is_told_all_it_needs_and_can_prove_who_said_it(db) {
        let receiver = Receiver::start(&["HTTP/1.1 202 Accepted\nContent-Length: 6\n\nqueued"]);
        let app = office_with(db, &receiver, "zalo").await;
        assert_eq!(deliver(&app, 0).await.sent, 1);
        assert_eq!(shown(&app).await, (OutboxStatus::Sent, vec![(TryOutcome::Sent, "202 Accepted queued".to_owned())]));
        let heard = receiver.heard();
        assert_eq!((heard.len(), heard[0].line.as_str()), (1, "POST /hook?of=hentra HTTP/1.1"));
        let told: Value = serde_json::from_str(&heard[0].body).unwrap();
        assert_eq!(told, json!({
            "version": 1, "id": "a1@bendinh.example.vn", "rule": "morning_digest", "slot_at": "2026-11-20T07:30:00+07:00", "unit": "H19.15",
            "recipient": {"user": 1, "name": "Người dùng lanhdao@bendinh.example.vn"}, "language": "vi",
            "subject": "[Phường Bến Đình] 2 hồ sơ", "text": "HOM-NAY – còn 8 giờ", "opt_down": "https://hentra.example.vn/x",
        }));
        let header = |name: &str| heard[0].headers[name].as_str();
        assert_eq!((header("content-type"), header("idempotency-key")), ("application/json", "a1@bendinh.example.vn"));
        let (time, proof) = header("hentra-signature").split_once(",v1=").unwrap();
        let time = time.strip_prefix("t=").unwrap();
        assert_eq!(time.parse::<i64>().unwrap(), at(FRIDAY).timestamp());
        let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
        mac.update(format!("{time}.{}", heard[0].body).as_bytes());
        let made: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(proof, made);
    }
}

on_both_async! {
    async fn what_passes_is_tried_again_under_the_same_id_and_never_sooner_than_asked(db) {
        let receiver = Receiver::start(&[
            "HTTP/1.1 429 Too Many Requests\nRetry-After: 1200\nContent-Length: 0\nConnection: close\n\n",
            "",
            "HTTP/1.1 503 Service Unavailable\nContent-Length: 0\nConnection: close\n\n",
            "HTTP/1.1 204 No Content\n\n",
        ]);
        let app = office_with(db, &receiver, "zalo").await;
        assert_eq!(deliver(&app, 0).await.retried, 1);
        assert!(deliver(&app, 19).await.is_quiet(), "it asked for twenty minutes");
        assert_eq!(deliver(&app, 21).await.retried, 1, "a lost answer is asked for again: the receiver knows the id");
        assert_eq!(deliver(&app, 60).await.retried, 1);
        assert_eq!(deliver(&app, 120).await.sent, 1);
        let (status, tries) = shown(&app).await;
        let outcomes: Vec<TryOutcome> = tries.iter().map(|of| of.0).collect();
        use TryOutcome::{PutOff, Sent, Unreachable};
        assert_eq!((status, outcomes), (OutboxStatus::Sent, vec![PutOff, Unreachable, PutOff, Sent]));
        let ids: Vec<String> = receiver.heard().into_iter().map(|of| of.headers["idempotency-key"].clone()).collect();
        assert_eq!(ids, vec!["a1@bendinh.example.vn"; 4]);
    }
}

on_both_async! {
    async fn what_is_refused_is_not_tried_again_and_no_redirect_is_followed(db) {
        let elsewhere = Receiver::start(&["HTTP/1.1 204 No Content\n\n"]);
        let redirect = format!("HTTP/1.1 302 Found\nLocation: {}\nContent-Length: 0\nConnection: close\n\n", elsewhere.url);
        let redirect: &'static str = redirect.leak();
        let receiver = Receiver::start(&[redirect]);
        let app = office_with(db, &receiver, "zalo").await;
        assert_eq!(deliver(&app, 0).await.failed, 1);
        assert_eq!(shown(&app).await.1[0].0, TryOutcome::Refused);
        assert!(deliver(&app, 60).await.is_quiet());
        assert_eq!((receiver.heard().len(), elsewhere.heard().len()), (1, 0));
    }
}

on_both_async! {
    async fn a_retry_never_falls_into_quiet_hours_and_ends_when_it_is_worth_nothing(db) {
        let receiver = Receiver::start(&["HTTP/1.1 503 Service Unavailable\nRetry-After: 50400\nContent-Length: 0\nConnection: close\n\n"]);
        let app = office_with(db, &receiver, "zalo").await;
        assert_eq!(deliver(&app, 0).await.retried, 1);
        let by = Principal { user_id: 1, name: "x".into(), role: Role::Admin, unit: "H19".into() };
        // Fourteen hours later it is 21:30, which is quiet until six.
        let next = alerts::find(&app, 1, by).await.unwrap().alert.next_attempt_at.unwrap();
        assert_eq!(next.to_string(), "2026-11-21T06:00:00+07:00");
        let round = deliver(&app, 24 * 60).await;
        assert_eq!((round.stale, round.sent, receiver.heard().len()), (1, 0, 1));
    }
}

on_both_async! {
    async fn a_channel_that_the_settings_no_longer_name_keeps_its_messages_waiting(db) {
        let receiver = Receiver::start(&["HTTP/1.1 204 No Content\n\n"]);
        let app = office_with(db, &receiver, "sms").await;
        assert_eq!(deliver(&app, 0).await.retried, 1);
        let hook = Webhook::new("sms", &receiver.url, SECRET).unwrap();
        let app = app.with_webhooks(Webhooks::new(vec![hook]).unwrap());
        assert_eq!(deliver(&app, 30).await.sent, 1);
    }
}

#[test]
fn a_rule_by_a_channel_that_is_not_there_is_refused_at_start() {
    let home = tempfile::tempdir().unwrap();
    let mut rule =
        shipped_rules().into_iter().find(|rule| rule.name() == "morning_digest").unwrap().form().clone();
    rule.channels = vec!["mail".into(), "zalo".into()];
    let rules = toml::to_string(&BTreeMap::from([("alert_rule", vec![rule])])).unwrap();
    std::fs::write(home.path().join("own.toml"), &rules).unwrap();
    let run = || {
        let mut program = crate::cli::program(home.path());
        program.args(["--config", "own.toml", "alerts", "run"]).output().unwrap()
    };
    let output = run();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("«morning_digest»: channels: there is no webhook «zalo»"), "{said}");
    let hook = "[[webhook]]\nname = \"zalo\"\nurl = \"https://zalo.example.vn/hook\"\nsecret = \"0123456789abcdef\"\n";
    std::fs::write(home.path().join("own.toml"), format!("{rules}\n{hook}")).unwrap();
    let output = run();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
