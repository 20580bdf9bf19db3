//! Durability shown, not claimed: the real program is killed under load, again and again, and whatever it had answered is there.
//!
//! After each death it is started on the same database. Every answered write must stand, none half; a request whose answer was cut off is sent
//! again under its key and must leave exactly one trace; the ledger's chain must hold.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use diesel::{PgConnection, SqliteConnection};
use serde_json::{Value, json};

use crate::support::{Caller, Heard, Office, Served, on_both, start_lasting_postgres};

const DEATHS: u32 = 20;
const CLIENTS: usize = 6;
const ROWS_A_CALL: usize = 12;

/// A request with a key of its own, and what was heard of it.
struct Sent {
    path: String,
    key: String,
    version: Option<i64>,
    body: String,
    heard: Option<Heard>,
}

impl Sent {
    fn send(caller: &Caller, path: String, key: String, version: Option<i64>, body: &Value) -> Sent {
        let mut sent = Sent { path, key, version, body: body.to_string(), heard: None };
        sent.heard = sent.again(caller);
        sent
    }

    fn again(&self, caller: &Caller) -> Option<Heard> {
        let tag = self.version.map(|version| format!("\"{version}\""));
        let mut headers = vec![("Idempotency-Key", self.key.as_str())];
        headers.extend(tag.as_deref().map(|tag| ("If-Match", tag)));
        caller.post(&self.path, &headers, &self.body).filter(|heard| heard.status != 503)
    }

    /// The dossiers that the answer says were written, with their versions; nothing when it says that the database was away for some.
    fn written(&self) -> Option<Vec<(String, i64)>> {
        let heard = self.heard.as_ref()?;
        assert!((200..300).contains(&heard.status), "{} {}: {}", self.path, heard.status, heard.body);
        let answer = heard.json();
        let Some(rows) = answer["results"].as_array() else {
            return Some(vec![(text(&answer["code"]), answer["version"].as_i64().unwrap())]);
        };
        let away = |problem: &Value| problem["code"] == "unavailable";
        if away(&answer["problem"]) || rows.iter().any(|row| away(&row["problem"])) {
            return None;
        }
        assert_eq!((rows.len(), &answer["rejected"]), (ROWS_A_CALL, &json!(0)), "{answer}");
        // A batch does not tell versions: a new dossier has the first.
        Some(rows.iter().map(|row| (text(&row["code"]), row["version"].as_i64().unwrap_or(1))).collect())
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// A dossier whose promise breaks the law's limit, so that a finding must stand beside it.
fn dossier(note: &str) -> Value {
    json!({"unit": "H19.15", "procedure": "2.000815", "due_at": "2027-03-01T17:00:00+07:00", "note": note,
        "applicant": {"name": format!("Nguyễn Thị {note}"), "phone": "0912345678"}})
}

/// Logs dossiers and closes them, alone and many at once, until it is stopped or nobody answers any more.
fn client(caller: &Caller, name: &str, stop: &AtomicBool, heard: &AtomicUsize, stubborn: bool) -> Vec<Sent> {
    let mut log: Vec<Sent> = Vec::new();
    for n in 0.. {
        let key = format!("{name}-{n}");
        let many = n % 3 == 2;
        let (path, body) = if many {
            let rows: Vec<Value> = (0..ROWS_A_CALL).map(|row| dossier(&format!("{key}-{row}"))).collect();
            ("/api/v1/dossiers/batch", Value::from(rows))
        } else {
            ("/api/v1/dossiers", dossier(&key))
        };
        log.push(Sent::send(caller, path.to_owned(), key.clone(), None, &body));
        if let Some(written) = log.last().unwrap().written() {
            heard.fetch_add(written.len(), Ordering::Relaxed);
            let acting = format!("{key}-act");
            log.push(if many {
                let row = |(code, version): &(String, i64)| json!({"code": code, "version": version, "act": "resolve"});
                let rows: Vec<Value> = written.iter().map(row).collect();
                Sent::send(caller, "/api/v1/dossiers/acts".to_owned(), acting, None, &Value::from(rows))
            } else {
                let path = format!("/api/v1/dossiers/{}/acts", written[0].0);
                Sent::send(caller, path, acting, Some(1), &json!({"act": "resolve"}))
            });
        }
        let cut = log.last().unwrap().heard.is_none();
        if stop.load(Ordering::Relaxed) || cut && !stubborn {
            break;
        }
        if cut {
            std::thread::sleep(Duration::from_millis(20));
        }
    }
    log
}

/// One database and all that was ever answered about it.
struct Trial<'a> {
    office: Office,
    url: &'a str,
    /// Version by code.
    answered: BTreeMap<String, i64>,
    /// Requests whose answers were cut off.
    cut: usize,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

#[derive(QueryableByName)]
struct Standing {
    #[diesel(sql_type = Text)]
    code: String,
    #[diesel(sql_type = BigInt)]
    version: i64,
}

impl<'a> Trial<'a> {
    fn furnish(url: &'a str) -> Trial<'a> {
        Trial { office: Office::furnish(url), url, answered: BTreeMap::new(), cut: 0 }
    }

    /// Starts the service at the `round`th minute after eight: the clock never goes back, however often it dies.
    fn serve(&self, round: u32) -> Served {
        self.office.serve(&format!("2026-11-20T08:{round:02}:00+07:00"))
    }

    /// Lets the clients work until `end` has done its worst; answers all they sent.
    fn load(
        &self,
        served: Served,
        round: u32,
        end: impl FnOnce(Served) -> Option<Served>,
    ) -> (Vec<Sent>, Option<Served>) {
        let (stop, heard) = (AtomicBool::new(false), AtomicUsize::new(0));
        let caller = served.caller(&self.office.officer);
        std::thread::scope(|scope| {
            let clients: Vec<_> = (0..CLIENTS)
                .map(|n| {
                    let (caller, stop, heard) = (&caller, &stop, &heard);
                    let stubborn = round > DEATHS;
                    scope.spawn(move || client(caller, &format!("r{round}c{n}"), stop, heard, stubborn))
                })
                .collect();
            let begun = (0..2_000).any(|_| {
                std::thread::sleep(Duration::from_millis(5));
                heard.load(Ordering::Relaxed) >= CLIENTS
            });
            assert!(begun, "round {round}: nothing was answered");
            let left = end(served);
            stop.store(true, Ordering::Relaxed);
            (clients.into_iter().flat_map(|client| client.join().unwrap()).collect(), left)
        })
    }

    /// That everything answered is there, whole; sends again what was cut off, and some of what was answered.
    fn check(&mut self, served: &Served, sent: Vec<Sent>, round: u32) {
        let caller = served.caller(&self.office.officer);
        for (code, version) in sent.iter().filter_map(Sent::written).flatten() {
            self.expect(code, version);
        }
        let standing = self.standing();
        for (code, version) in &self.answered {
            assert!(
                standing.get(code) >= Some(version),
                "round {round}: {code} was answered with version {version}"
            );
        }
        self.nothing_is_half_there(round);
        for mut one in sent.into_iter().rev() {
            let whole = one.written().is_some();
            let sampled = one.key.ends_with('3') || one.key.ends_with("2-act");
            if whole && sampled {
                assert_eq!(
                    one.again(&caller).unwrap().body,
                    one.heard.unwrap().body,
                    "round {round}: {}",
                    one.key
                );
            } else if !whole {
                self.cut += 1;
                one.heard = one.again(&caller);
                let written =
                    one.written().unwrap_or_else(|| panic!("round {round}: {} is not taken again", one.key));
                assert_eq!(
                    one.again(&caller).unwrap().body,
                    one.heard.unwrap().body,
                    "round {round}: {}",
                    one.key
                );
                written.into_iter().for_each(|(code, version)| self.expect(code, version));
            }
        }
        // Neither less nor more than was answered: nothing that was sent twice stands twice.
        assert_eq!(self.standing(), self.answered, "round {round}");
        self.nothing_is_half_there(round);
        let verdict = served.caller(&self.office.admin).get("/api/v1/ledger/verify").unwrap().json();
        assert_eq!(verdict["ok"], true, "round {round}: {verdict}");
    }

    fn expect(&mut self, code: String, version: i64) {
        let known = self.answered.entry(code).or_insert(version);
        *known = version.max(*known);
    }

    fn standing(&self) -> BTreeMap<String, i64> {
        let rows: Vec<Standing> = self.ask("SELECT code, version FROM dossiers");
        rows.into_iter().map(|row| (row.code, row.version)).collect()
    }

    /// A dossier, its person, its finding, its entries in the ledger and the answer kept under its key: all or nothing.
    fn nothing_is_half_there(&self, round: u32) {
        for (broken, sql) in [
            (
                "dossiers without a person",
                "dossiers d WHERE NOT EXISTS (SELECT 1 FROM applicants a WHERE a.dossier_id = d.id)",
            ),
            (
                "dossiers without a finding",
                "dossiers d WHERE NOT EXISTS (SELECT 1 FROM findings f WHERE f.dossier_id = d.id)",
            ),
            (
                "dossiers without a receipt",
                "dossiers d WHERE NOT EXISTS (SELECT 1 FROM ledger l WHERE l.dossier_id = d.id AND l.act = 'receive')",
            ),
            (
                "dossiers with an act too few or too many",
                "dossiers d WHERE d.version <> (SELECT count(*) FROM ledger l WHERE l.dossier_id = d.id)",
            ),
            (
                "entries without a dossier",
                "ledger l WHERE l.dossier_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM dossiers d WHERE d.id = l.dossier_id)",
            ),
            (
                "answers kept of what is not",
                "idempotency_keys k WHERE NOT EXISTS (SELECT 1 FROM dossiers d WHERE d.code = k.code AND d.version >= k.version)",
            ),
        ] {
            let found: Vec<Number> = self.ask(&format!("SELECT count(*) AS n FROM {sql}"));
            assert_eq!(found[0].n, 0, "round {round}: {broken}");
        }
    }

    fn ask<T>(&self, sql: &str) -> Vec<T>
    where
        T: QueryableByName<diesel::sqlite::Sqlite> + QueryableByName<diesel::pg::Pg> + 'static,
    {
        match self.url.strip_prefix("sqlite://") {
            Some(path) => diesel::sql_query(sql).load(&mut SqliteConnection::establish(path).unwrap()),
            None => diesel::sql_query(sql).load(&mut PgConnection::establish(self.url).unwrap()),
        }
        .unwrap()
    }

    fn finish(&self) {
        let verdict = self.office.run(&["ledger", "verify"]);
        assert!(verdict.contains("entries hold; head "), "{verdict}");
        assert!(self.cut > 0, "no request was ever cut off: there was no load");
    }
}

/// Somewhere between 10 and 137 thousandths of a second.
fn a_while() -> Duration {
    Duration::from_millis(10 + u64::from(getrandom::u32().unwrap() & 0x7F))
}

on_both! {
    fn killed_under_load_it_loses_nothing_that_was_answered(db) {
        let mut trial = Trial::furnish(db.url());
        let mut sent = Vec::new();
        for round in 0..=DEATHS {
            let served = trial.serve(round);
            trial.check(&served, sent, round);
            if round == DEATHS {
                served.kill();
                break;
            }
            (sent, _) = trial.load(served, round, |served| {
                std::thread::sleep(a_while());
                served.kill();
                None
            });
        }
        trial.finish();
    }
}

#[test]
fn a_database_server_that_dies_under_load_costs_nothing_that_was_answered() {
    let Ok(server) = start_lasting_postgres() else { return };
    let mut trial = Trial::furnish(&server.url);
    let round = DEATHS + 1;
    let mut served = Some(trial.serve(round));
    for death in 0..3 {
        let (sent, left) = trial.load(served.take().unwrap(), round + death, |served| {
            std::thread::sleep(a_while());
            // The server's own rule: when one of its processes dies by violence, all end, and it recovers from its log.
            let pid = "SELECT pid::bigint AS n FROM pg_stat_activity WHERE backend_type = 'walwriter'";
            let pid = trial.ask::<Number>(pid)[0].n.to_string();
            assert!(Command::new("kill").args(["-9", &pid]).status().unwrap().success());
            std::thread::sleep(Duration::from_millis(400));
            Some(served)
        });
        served = left;
        let running = served.as_ref().unwrap();
        let caller = running.caller(&trial.office.officer);
        let back = (0..100).any(|_| {
            std::thread::sleep(Duration::from_millis(100));
            caller.get("/api/v1/dossiers?limit=1").is_some_and(|heard| heard.status == 200)
        });
        assert!(back, "the service did not find its database again");
        trial.check(running, sent, round + death);
    }
    trial.finish();
}
