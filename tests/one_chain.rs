//! Several processes over one database: each has a writer of its own, and together they keep one chain, one run of codes and one state a dossier.

use std::collections::BTreeSet;
use std::thread;

use serde_json::json;

use crate::support::{Caller, Heard, Office, on_both};

const PROCESSES: usize = 2;
const CLIENTS: usize = 4;
const DOSSIERS: usize = 8;

fn log(caller: &Caller) -> String {
    let body = json!({"unit": "H19.15", "procedure": "2.000815", "applicant": {"name": "Nguyễn Thị Hòa"}});
    let heard = caller.post("/api/v1/dossiers", &[], &body.to_string()).unwrap();
    assert_eq!(heard.status, 201, "{}", heard.body);
    heard.json()["code"].as_str().unwrap().to_owned()
}

fn resolve(caller: &Caller, code: &str) -> Heard {
    let path = format!("/api/v1/dossiers/{code}/acts");
    caller.post(&path, &[("If-Match", "\"1\"")], &json!({"act": "resolve"}).to_string()).unwrap()
}

/// How many entries the chain has, which must hold.
fn chain(admin: &Caller) -> usize {
    let verdict = admin.get("/api/v1/ledger/verify").unwrap().json();
    assert_eq!(verdict["ok"], true, "{verdict}");
    verdict["entries"].as_u64().unwrap().try_into().unwrap()
}

/// Runs `each` on threads of its own for every client of every process, all at once.
fn at_once<T: Send>(callers: &[Caller], each: impl Fn(usize) -> T + Sync) -> Vec<T> {
    thread::scope(|scope| {
        let each = &each;
        let running: Vec<_> =
            (0..callers.len() * CLIENTS).map(|client| scope.spawn(move || each(client))).collect();
        running.into_iter().map(|one| one.join().unwrap()).collect()
    })
}

on_both! {
    fn processes_that_write_at_once_keep_one_chain(db) {
        let office = Office::furnish(db.url());
        let served: Vec<_> = (0..PROCESSES).map(|_| office.serve("2026-11-20T09:00:00+07:00")).collect();
        let callers: Vec<Caller> = served.iter().map(|one| one.caller(&office.officer)).collect();
        let before = chain(&served[0].caller(&office.admin));

        let logged: Vec<String> = at_once(&callers, |client| {
            (0..DOSSIERS).map(|_| log(&callers[client % PROCESSES])).collect::<Vec<_>>()
        })
        .concat();
        let codes: BTreeSet<&String> = logged.iter().collect();
        assert_eq!(codes.len(), PROCESSES * CLIENTS * DOSSIERS, "a code was given twice");

        // Each dossier is closed through all processes at once: exactly one of them does it.
        let heard = at_once(&callers, |client| {
            let caller = &callers[client % PROCESSES];
            logged.iter().skip(client / PROCESSES).step_by(CLIENTS).map(|code| resolve(caller, code).status).collect::<Vec<_>>()
        })
        .concat();
        let count = |status| heard.iter().filter(|of| **of == status).count();
        assert_eq!((count(200), count(412)), (logged.len(), logged.len() * (PROCESSES - 1)), "{heard:?}");

        // One entry for each receipt and each closing, and the chain holds from its first to its last.
        let after = chain(&served[0].caller(&office.admin));
        assert_eq!(after - before, 2 * logged.len());
    }
}
