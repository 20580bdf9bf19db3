//! What goes wrong between Hentra and a mail server, in real conversations: each message arrives exactly once or is named as uncertain, nothing is lost,
//! and nobody is harmed by what befell a neighbour. Counted at the server, on both engines.
//!
//! Where a process has to die, it is the real program, and it dies by SIGKILL.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use hentra::app::access::{Principal, Role};
use hentra::app::alerts::{self, AlertFilter, AlertSettings, Asked, OutboxStatus, Round};
use hentra::app::dossiers::PageRequest;
use hentra::app::{App, AppError};
use hentra::domain::alert::AlertRule;
use hentra::mail::{CONNECTIONS, Mailer, Patience};
use hentra::store::delivery_tries::TryOutcome;
use hentra::store::{Store, StoreSettings};
use hentra::text::Lang;
use hentra::text::replays::ReplayRefusal;

use crate::alert_timetable::shipped_rules;
use crate::alerts::{SENDER, at, log, mailer, office, user};
use crate::cli::program;
use crate::support::smtp::{Answer, SmtpServer, Step};
use crate::support::{Absence, Engine, TestDatabase, on_both_async};

const FRIDAY: &str = "2026-11-20T07:30";
const NOBODY_KNOWS: &str = "451 4.3.0 nobody knows";

/// The morning's digest alone, so that each leader is written to once a day.
fn rule() -> AlertRule {
    shipped_rules().into_iter().find(|rule| rule.name() == "morning_digest").unwrap()
}

fn settings(mailer: &Mailer) -> AlertSettings {
    AlertSettings::new(vec![rule()], None, mailer).unwrap()
}

/// An office whose leaders `l0@…`, `l1@…` are to be told of a dossier that is due on Friday.
async fn leaders(db: &TestDatabase, many: usize) -> App {
    let app = office(db).await;
    for n in 0..many {
        user(&app, Role::Leader, "H19.15", &address(n)).await;
    }
    log(&app, "HOM-NAY", "1.004859", "2026-11-17T09:00", None).await;
    app
}

fn address(n: usize) -> String {
    format!("l{n}@bendinh.example.vn")
}

async fn run_at(app: &App, mailer: &Mailer, now: DateTime<Utc>) -> Round {
    app.clock().set(now);
    alerts::run_until(app, &settings(mailer), mailer, now).await.unwrap()
}

async fn run(app: &App, mailer: &Mailer, until: &str) -> Round {
    run_at(app, mailer, at(until)).await
}

/// Runs again and again, a quarter of an hour apart, until nothing waits any more or the day is over.
async fn run_the_day(app: &App, mailer: &Mailer) {
    let mut now = app.clock().now();
    while pending(app).await > 0 && now < at("2026-11-20T16:30") {
        now += TimeDelta::minutes(16);
        run_at(app, mailer, now).await;
    }
}

fn admin() -> Principal {
    Principal { user_id: 1, name: "Quản trị".into(), role: Role::Admin, unit: "H19".into() }
}

/// Every message: address, state, and the outcomes of its tries.
async fn messages(app: &App) -> BTreeMap<String, (OutboxStatus, Vec<TryOutcome>)> {
    let page = PageRequest { by: admin(), lang: Lang::Vi, limit: 500, cursor: None };
    let mut all = BTreeMap::new();
    for row in alerts::list(app, AlertFilter::default(), page).await.unwrap().items {
        let tries = alerts::find(app, row.id, admin()).await.unwrap().tries;
        let outcomes = tries.into_iter().map(|of| of.outcome).collect();
        assert!(
            all.insert(row.recipient.clone(), (row.status, outcomes)).is_none(),
            "{} twice",
            row.recipient
        );
    }
    all
}

async fn keys(app: &App, status: OutboxStatus) -> Vec<i64> {
    let page = PageRequest { by: admin(), lang: Lang::Vi, limit: 500, cursor: None };
    let found = alerts::list(app, AlertFilter::of_status(status), page).await.unwrap();
    found.items.into_iter().map(|row| row.id).collect()
}

async fn count(app: &App, status: OutboxStatus) -> usize {
    keys(app, status).await.len()
}

async fn pending(app: &App) -> usize {
    count(app, OutboxStatus::Pending).await
}

/// How often the server took a message to each address.
fn taken(server: &SmtpServer) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for to in server.taken().into_iter().flat_map(|mail| mail.to) {
        *counts.entry(to).or_default() += 1;
    }
    counts
}

/// The promise: one message for each leader, each taken exactly once or named as uncertain, in which case not more than once; and under one
/// Message-ID however often it was tried.
async fn once_or_uncertain(app: &App, server: &SmtpServer, many: usize) -> usize {
    let (told, counted) = (messages(app).await, taken(server));
    assert_eq!(told.len(), many);
    let mut uncertain = 0;
    for (address, (status, tries)) in &told {
        let times = counted.get(address).copied().unwrap_or(0);
        match status {
            OutboxStatus::Sent => assert_eq!(times, 1, "{address}: {tries:?}"),
            OutboxStatus::Uncertain => {
                assert!(times <= 1, "{address} was sent {times} times");
                uncertain += 1;
            }
            other => panic!("{address} is {other}: {tries:?}"),
        }
    }
    let ids: BTreeSet<String> = server.seen().iter().filter_map(|mail| mail.header("Message-ID")).collect();
    assert!(ids.len() <= many, "a message was given another id");
    uncertain
}

on_both_async! {
    async fn a_server_that_refuses_all_leaves_them_listed_and_is_not_asked_again(db) {
        let app = leaders(db, 12).await;
        let server = SmtpServer::start();
        server.obey(|step, _| if step == Step::Rcpt { Answer::Say("550 5.7.1 blocked by policy") } else { Answer::Usual });
        let mailer = mailer(&server.url());
        let round = run(&app, &mailer, FRIDAY).await;
        assert_eq!((round.enqueued, round.failed, round.sent, round.retried), (12, 12, 0, 0));
        assert!(run(&app, &mailer, "2026-11-20T09:00").await.is_quiet());
        assert!(alerts::suppressions(&app, admin()).await.unwrap().is_empty(), "policy says nothing against an address");
        // When the server has come to its senses, one request sends them all.
        server.obey(|_, _| Answer::Usual);
        let found = AlertFilter::of_status(OutboxStatus::Failed);
        let asked = alerts::replay_many(&app, Asked::Found(found), admin(), Lang::Vi).await.unwrap();
        assert_eq!((asked.replayed.len(), asked.refused.len()), (12, 0));
        assert_eq!(run(&app, &mailer, "2026-11-20T09:01").await.sent, 12);
        assert_eq!(once_or_uncertain(&app, &server, 12).await, 0);
    }
}

on_both_async! {
    async fn a_server_that_lets_nobody_in_is_tried_again_for_it_speaks_of_us(db) {
        let app = leaders(db, 10).await;
        let server = SmtpServer::start();
        server.obey(|step, _| if step == Step::Banner { Answer::Say("554 5.7.1 no service for you") } else { Answer::Usual });
        let mailer = mailer(&server.url());
        let round = run(&app, &mailer, FRIDAY).await;
        assert_eq!((round.retried, round.failed), (10, 0));
        server.obey(|_, _| Answer::Usual);
        run_the_day(&app, &mailer).await;
        assert_eq!(once_or_uncertain(&app, &server, 10).await, 0);
        let (_, tries) = &messages(&app).await[&address(0)];
        assert_eq!(tries[..], [TryOutcome::PutOff, TryOutcome::Sent]);
    }
}

/// As a greylister does it: who comes for the first time is put off, and let in when coming again after `least`.
fn greylister(server: &SmtpServer, app: &App, least: TimeDelta) {
    let (clock, mut first) = (app.clock().clone(), BTreeMap::new());
    server.obey(move |step, to| {
        if step != Step::Rcpt {
            return Answer::Usual;
        }
        let since = *first.entry(to.to_owned()).or_insert(clock.now());
        if clock.now() - since >= least {
            Answer::Usual
        } else {
            Answer::Say("451 4.7.1 Greylisting in action, please come back later")
        }
    });
}

on_both_async! {
    async fn greylisting_servers_let_every_message_through_within_the_hour(db) {
        let app = leaders(db, 9).await;
        let server = SmtpServer::start();
        let mailer = mailer(&server.url());
        greylister(&server, &app, TimeDelta::minutes(25));
        run(&app, &mailer, FRIDAY).await;
        for minute in 1..=60 {
            run_at(&app, &mailer, at(FRIDAY) + TimeDelta::minutes(minute)).await;
        }
        assert_eq!(once_or_uncertain(&app, &server, 9).await, 0);
        for (status, tries) in messages(&app).await.into_values() {
            assert_eq!(status, OutboxStatus::Sent);
            assert!(tries.len() <= 5 && tries[0] == TryOutcome::Greylisted, "{tries:?}");
        }
    }
}

on_both_async! {
    async fn usual_greylisters_need_one_more_try(db) {
        let app = leaders(db, 3).await;
        let server = SmtpServer::start();
        let mailer = mailer(&server.url());
        greylister(&server, &app, TimeDelta::minutes(5));
        run(&app, &mailer, FRIDAY).await;
        for minute in 1..=8 {
            run_at(&app, &mailer, at(FRIDAY) + TimeDelta::minutes(minute)).await;
        }
        assert_eq!(once_or_uncertain(&app, &server, 3).await, 0);
        assert_eq!(messages(&app).await[&address(0)].1, [TryOutcome::Greylisted, TryOutcome::Sent]);
    }
}

/// Misbehaves for one address alone, the first time that a conversation for it comes to `step`.
fn once_for(server: &SmtpServer, bad: String, at_step: Step, answer: Answer) {
    let (mut done, mut current) = (false, false);
    server.obey(move |step, told| {
        match step {
            Step::Rcpt => current = told == bad,
            Step::Message => current = told.contains(&format!("To: {bad}")),
            Step::Banner | Step::Data => {}
        }
        if step == at_step && current && !done {
            done = true;
            return answer.clone();
        }
        Answer::Usual
    });
}

on_both_async! {
    async fn dropped_before_the_message_it_is_sent_again(db) {
        let app = leaders(db, 6).await;
        let server = SmtpServer::start();
        let mailer = mailer(&server.url());
        let mut dropped = 0;
        server.obey(move |step, _| {
            dropped += usize::from(step == Step::Data);
            if step == Step::Data && dropped == 2 { Answer::HangUp } else { Answer::Usual }
        });
        let round = run(&app, &mailer, FRIDAY).await;
        assert_eq!((round.sent, round.retried, round.uncertain), (5, 1, 0), "the neighbours are unharmed");
        run_the_day(&app, &mailer).await;
        assert_eq!(once_or_uncertain(&app, &server, 6).await, 0);
    }
}

on_both_async! {
    async fn dropped_after_the_message_it_is_uncertain_whether_it_was_taken_or_not(db) {
        let app = leaders(db, 6).await;
        let server = SmtpServer::start();
        let mailer = mailer(&server.url());
        // One is dropped and was not taken, one is dropped and was.
        let mut messages_seen = 0;
        server.obey(move |step, _| {
            messages_seen += usize::from(step == Step::Message);
            match (step, messages_seen) {
                (Step::Message, 2) => Answer::HangUp,
                (Step::Message, 3) => Answer::TakeAndHangUp,
                _ => Answer::Usual,
            }
        });
        let round = run(&app, &mailer, FRIDAY).await;
        assert_eq!((round.sent, round.uncertain, round.retried, round.failed), (4, 2, 0, 0));
        assert!(run(&app, &mailer, "2026-11-20T12:00").await.is_quiet(), "nobody sends it twice by himself");
        assert_eq!(once_or_uncertain(&app, &server, 6).await, 2);
        assert_eq!(server.taken().len(), 5);
        // Who asks for it is told, and it goes under the same id.
        let asked = alerts::replay_many(&app, Asked::Ids(keys(&app, OutboxStatus::Uncertain).await), admin(), Lang::En).await.unwrap();
        assert!(asked.replayed.len() == 2 && asked.replayed.iter().all(|of| of.may_come_twice && of.note.is_some()));
        assert_eq!(run(&app, &mailer, "2026-11-20T12:01").await.sent, 2);
        assert_eq!((server.seen().len(), server.taken().len()), (8, 7));
        let ids: BTreeSet<String> = server.seen().iter().filter_map(|mail| mail.header("Message-ID")).collect();
        assert_eq!(ids.len(), 6);
    }
}

on_both_async! {
    async fn answering_slowly_harms_nobody_else(db) {
        let app = leaders(db, 6).await;
        let server = SmtpServer::start();
        let patience = Patience { step: Duration::from_millis(1_500), message: Duration::from_millis(2_500) };
        let mailer = Mailer::patient(&server.url(), SENDER, false, patience).unwrap();
        once_for(&server, address(1), Step::Rcpt, Answer::Slow(Duration::from_secs(4)));
        let round = run(&app, &mailer, FRIDAY).await;
        assert_eq!((round.sent, round.retried, round.uncertain), (5, 1, 0));
        run_the_day(&app, &mailer).await;
        assert_eq!(once_or_uncertain(&app, &server, 6).await, 0);
        assert_eq!(messages(&app).await[&address(1)].1, [TryOutcome::Unreachable, TryOutcome::Sent]);
    }
}

on_both_async! {
    async fn a_server_too_slow_to_say_that_it_took_the_message_is_not_sent_it_twice(db) {
        let app = leaders(db, 4).await;
        let server = SmtpServer::start();
        let patience = Patience { step: Duration::from_millis(1_500), message: Duration::from_millis(2_500) };
        let mailer = Mailer::patient(&server.url(), SENDER, false, patience).unwrap();
        once_for(&server, address(2), Step::Message, Answer::Slow(Duration::from_secs(4)));
        let round = run(&app, &mailer, FRIDAY).await;
        assert_eq!((round.sent, round.uncertain), (3, 1));
        tokio::time::sleep(Duration::from_secs(2)).await;
        run_the_day(&app, &mailer).await;
        assert_eq!(once_or_uncertain(&app, &server, 4).await, 1);
        assert_eq!(messages(&app).await[&address(2)], (OutboxStatus::Uncertain, vec![TryOutcome::Unanswered]));
    }
}

on_both_async! {
    async fn one_dead_address_of_fifty_stops_nobody_and_is_written_to_no_more(db) {
        let app = leaders(db, 50).await;
        let server = SmtpServer::start();
        let dead = address(17);
        let refused = dead.clone();
        server.obey(move |step, to| match step {
            Step::Rcpt if to == refused => Answer::Say("550 5.1.1 no such user here"),
            _ => Answer::Usual,
        });
        let mailer = mailer(&server.url());
        let round = run(&app, &mailer, FRIDAY).await;
        assert_eq!((round.enqueued, round.sent, round.failed, round.retried), (50, 49, 1, 0));
        let counted = taken(&server);
        assert!(counted.len() == 49 && counted.values().all(|times| *times == 1) && !counted.contains_key(&dead));
        let known = alerts::suppressions(&app, admin()).await.unwrap();
        assert_eq!((known.len(), &known[0].address, known[0].unit.as_str()), (1, &dead, "H19.15"));
        assert!(known[0].server_reply.contains("no such user here"));

        // On Monday what waits for it is written down and not sent.
        let asked_before = conversations_naming(&server, &dead);
        let round = run(&app, &mailer, "2026-11-23T07:30").await;
        assert_eq!((round.enqueued, round.sent, round.suppressed), (50, 49, 1));
        assert_eq!(conversations_naming(&server, &dead), asked_before);
        let suppressed = keys(&app, OutboxStatus::Suppressed).await;
        assert_eq!(suppressed.len(), 1);
        let refusal = alerts::replay(&app, suppressed[0], admin(), Lang::Vi).await;
        assert!(matches!(refusal, Err(AppError::NotReplayable(ReplayRefusal::AddressSuppressed))), "{refusal:?}");

        // The mailbox is there again: an administrator releases it, and the message can be sent.
        server.obey(|_, _| Answer::Usual);
        let leader = Principal { role: Role::Leader, ..admin() };
        assert!(matches!(alerts::release(&app, known[0].id, leader).await, Err(AppError::Forbidden)));
        alerts::release(&app, known[0].id, admin()).await.unwrap();
        assert_eq!(alerts::replay(&app, suppressed[0], admin(), Lang::Vi).await.unwrap().was, OutboxStatus::Suppressed);
        assert_eq!(run(&app, &mailer, "2026-11-23T07:40").await.sent, 1);
        assert_eq!(taken(&server)[&dead], 1);
    }
}

fn conversations_naming(server: &SmtpServer, address: &str) -> usize {
    server.conversations().into_iter().flatten().filter(|line| line.contains(&format!("<{address}>"))).count()
}

on_both_async! {
    async fn a_clock_that_jumps_over_three_slots_tells_what_is_still_worth_telling(db) {
        let app = leaders(db, 5).await;
        let server = SmtpServer::start();
        let mailer = mailer(&server.url());
        run(&app, &mailer, "2026-11-18T17:30").await;
        // Thursday, Friday and Monday are missed (Tuesday 24/11/2026 is off); Wednesday is caught up.
        let round = run(&app, &mailer, "2026-11-25T09:00").await;
        assert_eq!((round.slots, round.stale_slots, round.enqueued, round.sent), (4, 3, 5, 5));
        assert_eq!(once_or_uncertain(&app, &server, 5).await, 0);
        assert!(server.taken().iter().all(|mail| mail.part("text/plain").unwrap().contains("1 giờ 30 phút")));
    }
}

/// A delivery under way in a process that waits only moments for the database at each try, so that nearly all of its waiting is between its tries. That
/// waiting goes by the service's clock, which [`pass`] moves on.
struct Interrupted<'a> {
    app: App,
    server: SmtpServer,
    mailer: Mailer,
    running: tokio::task::JoinHandle<Result<Round, AppError>>,
    away: Absence<'a>,
}

/// The database goes away when the server has the first message whole and has not answered yet; then the server answers.
async fn interrupted(db: &TestDatabase, many: usize) -> Interrupted<'_> {
    let clock = leaders(db, many).await.clock().clone();
    let patience = Duration::from_millis(200);
    let store = Store::open(&StoreSettings { url: db.url().to_owned(), readers: 2, patience }).unwrap();
    let app = App::start(store, clock).unwrap();
    app.clock().set(at(FRIDAY));
    let server = SmtpServer::start();
    let (came, comes) = mpsc::channel();
    let (go_on, may_go_on) = mpsc::channel::<()>();
    let mut first = true;
    server.obey(move |step, _| {
        if step == Step::Message && std::mem::take(&mut first) {
            came.send(()).unwrap();
            let _ = may_go_on.recv_timeout(Duration::from_secs(30));
        }
        Answer::Usual
    });
    let mailer = mailer(&server.url());
    let (sending, sender) = (app.clone(), mailer.clone());
    let running =
        tokio::spawn(
            async move { alerts::run_until(&sending, &settings(&sender), &sender, at(FRIDAY)).await },
        );
    let waiting = tokio::task::spawn_blocking(move || comes.recv_timeout(Duration::from_secs(30)));
    waiting.await.unwrap().unwrap();
    let away = Absence::begin(db);
    go_on.send(()).unwrap();
    Interrupted { app, server, mailer, running, away }
}

/// Moves the clock on by a second in each twenty-fifth of one, until `enough` says so.
async fn pass(app: &App, enough: impl Fn() -> bool) {
    let truly = std::time::Instant::now();
    while !enough() {
        assert!(truly.elapsed() < Duration::from_secs(90), "it never ends");
        tokio::time::sleep(Duration::from_millis(40)).await;
        app.clock().set(app.clock().now() + TimeDelta::seconds(1));
    }
}

on_both_async! {
    // Shown: for more than a minute of the clock that it waits by, the sender tries again and again to write down what the server took, gives none of it
    // up and sends none of it again; once the database is there, all is written down as sent.
    async fn while_the_database_is_away_for_a_minute_what_was_taken_is_remembered(db) {
        let Interrupted { app, server, mailer, running, away } = interrupted(db, 3).await;
        let since = app.clock().now();
        pass(&app, || app.clock().now() - since > TimeDelta::seconds(75)).await;
        assert!(!running.is_finished(), "it waits for the database");
        assert!(!server.taken().is_empty(), "the server has it all the while");
        away.end();
        pass(&app, || running.is_finished()).await;
        let round = running.await.unwrap().unwrap();
        assert_eq!((round.sent, round.uncertain, round.retried), (3, 0, 0));
        assert_eq!(once_or_uncertain(&app, &server, 3).await, 0);
        assert!(run(&app, &mailer, "2026-11-20T09:00").await.is_quiet());
    }
}

on_both_async! {
    // Shown: an absence longer than the sender's patience makes uncertain what it could not write down, and nothing is sent twice for it.
    async fn what_could_not_be_written_down_for_minutes_is_uncertain_and_sent_once(db) {
        let Interrupted { app, server, mailer, running, away } = interrupted(db, 3).await;
        pass(&app, || running.is_finished()).await;
        let given_up = running.await.unwrap();
        assert!(matches!(given_up, Err(AppError::Unavailable(_))), "{given_up:?}");
        let taken_then = server.taken().len();
        assert!(taken_then >= 1);
        away.end();
        // Within the lease nobody touches them; after it they are named.
        assert_eq!(run(&app, &mailer, "2026-11-20T07:40").await.uncertain, 0);
        let named = run(&app, &mailer, "2026-11-20T07:55").await.uncertain;
        assert!((1..=3).contains(&named), "{named}");
        assert_eq!(once_or_uncertain(&app, &server, 3).await, named);
        assert!(run(&app, &mailer, "2026-11-20T09:00").await.is_quiet());
    }
}

/// The real program with the office's database, one rule, and its clock at an instant.
struct Hentra {
    home: tempfile::TempDir,
    url: String,
    mail: String,
}

impl Hentra {
    fn new(db: &TestDatabase, server: &SmtpServer) -> Hentra {
        let home = tempfile::tempdir().unwrap();
        let rules = toml::to_string(&BTreeMap::from([("alert_rule", vec![rule()])])).unwrap();
        std::fs::write(home.path().join("own.toml"), format!("mail_from = \"{SENDER}\"\n{rules}")).unwrap();
        Hentra { home, url: db.url().to_owned(), mail: server.url() }
    }

    fn command(&self, arguments: &[&str], now: &str) -> Command {
        let mut program = program(self.home.path());
        program.args(arguments).env("HENTRA_DATABASE_URL", &self.url).env("HENTRA_MAIL_URL", &self.mail);
        program.env("HENTRA_CONFIG", self.home.path().join("own.toml")).env("HENTRA_LOG", "off");
        program.env("HENTRA_CLOCK", format!("{now}:01+07:00")).stdout(Stdio::null()).stderr(Stdio::null());
        program
    }

    /// `alerts run`, left to itself.
    fn begin(&self, now: &str) -> Child {
        self.command(&["alerts", "run"], now).spawn().unwrap()
    }

    /// `alerts run` to its end.
    fn run(&self, now: &str) {
        self.command(&["alerts", "run"], now).status().unwrap();
    }
}

/// A child to be ended by whoever comes to the right moment first.
type Victim = Arc<Mutex<Option<u32>>>;

/// SIGSTOP, so that nothing further is done, whatever it is told; then `act`; then SIGKILL. Only the first time.
fn kill_around(victim: &Victim, act: impl FnOnce()) {
    let Some(pid) = victim.lock().unwrap().take() else { return act() };
    signal("-STOP", pid);
    act();
    signal("-KILL", pid);
}

fn signal(which: &str, pid: u32) {
    assert!(Command::new("kill").args([which, &pid.to_string()]).status().unwrap().success());
}

async fn ended(mut child: Child) {
    tokio::task::spawn_blocking(move || child.wait()).await.unwrap().unwrap();
}

/// Twelve leaders; the child is killed where `moment` says, then others go on. Answers how many messages are uncertain, and how many of these the
/// server took.
async fn killed_at(db: &TestDatabase, moment: Step, taken_first: bool) -> (usize, usize) {
    let many = CONNECTIONS + 4;
    let app = leaders(db, many).await;
    app.clock().set(at(FRIDAY));
    let server = SmtpServer::start();
    let hentra = Hentra::new(db, &server);
    let victim: Victim = Arc::default();
    let its = Arc::clone(&victim);
    server.obey(move |step, _| {
        if step == moment && its.lock().unwrap().is_some() {
            kill_around(&its, || {});
            return if taken_first { Answer::TakeAndHangUp } else { Answer::HangUp };
        }
        Answer::Usual
    });
    // Nobody looks for it before it is there.
    let child = {
        let mut starting = victim.lock().unwrap();
        let child = hentra.begin(FRIDAY);
        *starting = Some(child.id());
        child
    };
    ended(child).await;
    assert!(victim.lock().unwrap().is_none(), "it ended before it could be killed");
    // Within the lease nobody touches what the dead had begun, and all else is sent; after it the rest is named.
    hentra.run("2026-11-20T07:35");
    hentra.run("2026-11-20T07:55");
    let uncertain = once_or_uncertain(&app, &server, many).await;
    let (told, counted) = (messages(&app).await, taken(&server));
    let of_the_dead = told.iter().filter(|(_, (status, _))| *status == OutboxStatus::Uncertain);
    (uncertain, of_the_dead.filter(|(address, _)| counted.contains_key(*address)).count())
}

on_both_async! {
    async fn killed_after_it_took_them_those_are_uncertain_and_all_others_are_sent(db) {
        let (uncertain, _) = killed_at(db, Step::Banner, false).await;
        assert!((1..=CONNECTIONS).contains(&uncertain), "{uncertain}");
    }
}

on_both_async! {
    async fn killed_after_the_server_took_it_it_is_uncertain_and_not_sent_twice(db) {
        let (uncertain, taken) = killed_at(db, Step::Message, true).await;
        assert!(taken >= 1 && (1..=CONNECTIONS).contains(&uncertain), "{uncertain} uncertain, {taken} taken");
    }
}

on_both_async! {
    async fn killed_before_it_took_any_nothing_is_lost(db) {
        let app = leaders(db, 6).await;
        app.clock().set(at(FRIDAY));
        let server = SmtpServer::start();
        let hentra = Hentra::new(db, &server);
        alerts::enqueue_due(&app, &settings(&mailer("memory://")), at(FRIDAY)).await.unwrap();
        let held = Held::begin(db);
        let mut child = hentra.begin(FRIDAY);
        tokio::time::sleep(Duration::from_millis(700)).await;
        child.kill().unwrap();
        child.wait().unwrap();
        held.end();
        assert_eq!((pending(&app).await, server.conversations().len()), (6, 0));
        hentra.run("2026-11-20T07:35");
        assert_eq!(once_or_uncertain(&app, &server, 6).await, 0);
    }
}

/// The right to write, held by another hand.
enum Held {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Held {
    fn begin(db: &TestDatabase) -> Held {
        match db.engine() {
            Engine::Sqlite => {
                let mut c = SqliteConnection::establish(db.url().trim_start_matches("sqlite://")).unwrap();
                c.batch_execute("PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE").unwrap();
                Held::Sqlite(c)
            }
            Engine::Postgres => {
                let mut c = PgConnection::establish(db.url()).unwrap();
                c.batch_execute("SELECT pg_advisory_lock(7205759403792794)").unwrap();
                Held::Postgres(c)
            }
        }
    }

    fn end(self) {
        match self {
            Held::Sqlite(mut c) => c.batch_execute("ROLLBACK").unwrap(),
            Held::Postgres(mut c) => c.batch_execute("SELECT pg_advisory_unlock_all()").unwrap(),
        }
    }
}

on_both_async! {
    async fn killed_after_it_wrote_it_down_nothing_is_sent_twice(db) {
        let app = leaders(db, 6).await;
        app.clock().set(at(FRIDAY));
        let server = SmtpServer::start();
        let hentra = Hentra::new(db, &server);
        let mut serving = hentra.command(&["serve"], FRIDAY);
        let mut child = serving.env("HENTRA_BIND", "127.0.0.1:0").spawn().unwrap();
        let mut waited = 0;
        while count(&app, OutboxStatus::Sent).await < 6 {
            waited += 1;
            assert!(waited < 600, "nothing was sent");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        hentra.run("2026-11-20T07:55");
        assert_eq!(once_or_uncertain(&app, &server, 6).await, 0);
        assert_eq!(server.seen().len(), 6);
    }
}

on_both_async! {
    async fn two_processes_at_once_send_each_message_once(db) {
        let app = leaders(db, 40).await;
        app.clock().set(at(FRIDAY));
        let server = SmtpServer::start();
        let hentra = Hentra::new(db, &server);
        let both = [hentra.begin(FRIDAY), hentra.begin(FRIDAY)];
        for child in both {
            ended(child).await;
        }
        assert_eq!(once_or_uncertain(&app, &server, 40).await, 0);
        assert_eq!(server.seen().len(), 40);
    }
}

on_both_async! {
    async fn what_the_server_said_is_kept_and_no_address_is_in_the_log(db) {
        let app = leaders(db, 2).await;
        app.clock().set(at(FRIDAY));
        let server = SmtpServer::start();
        server.obey(|step, to| match step {
            Step::Rcpt if to == address(0) => Answer::Say("550 5.1.1 <l0@bendinh.example.vn> unknown"),
            Step::Rcpt => Answer::Say(NOBODY_KNOWS),
            _ => Answer::Usual,
        });
        let hentra = Hentra::new(db, &server);
        let mut command = hentra.command(&["alerts", "run"], FRIDAY);
        let output = command.env("HENTRA_LOG", "debug").stderr(Stdio::piped()).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("an alert was not taken"), "{said}");
        assert!(!said.contains("l0@") && !said.contains("l1@"), "{said}");
        let ids = keys(&app, OutboxStatus::Failed).await;
        let tries = alerts::find(&app, ids[0], admin()).await.unwrap().tries;
        assert!(tries[0].reply.contains("<l0@bendinh.example.vn> unknown") && tries[0].channel == "mail", "{tries:?}");
    }
}
