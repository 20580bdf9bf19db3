//! What would have been: proposals held against dossiers whose every date is known by hand, and against the rules themselves.

use chrono::{DateTime, TimeDelta, Utc};
use hentra::app::shipped;
use hentra::domain::act::{Act, ActKind};
use hentra::domain::calendar::{Calendar, CalendarSpec};
use hentra::domain::commitment::{Commitment, Effect, HalfDay, ReceivedOn, Selector};
use hentra::domain::conduct::Measures;
use hentra::domain::deadline::Limit;
use hentra::domain::decision::{File, Office, bounds, decide};
use hentra::domain::dossier::{Channel, Dossier, Status};
use hentra::domain::finding::{FindingCode, of_time};
use hentra::domain::procedure::Procedure;
use hentra::domain::promise::{Intake, Rules, promise};
use hentra::domain::unit::UnitTree;
use hentra::domain::what_if::{Ending, Proposal, ProposedLimit, Score, Trial, Verdict};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp, dossier, on_both_async, unit};

const NOW: &str = "2026-11-20T08:00:00+07:00";
const ADDRESS: &str = "/api/v1/commitments/preview";

/// Logs a dossier of two working days as it was, and resolves it where it was.
async fn past(app: &TestApp, code: &str, received: &str, promised: Option<&str>, resolved: Option<&str>) {
    let at = |text: &str| format!("{text}:00+07:00");
    let mut more = json!({"code": code, "received_at": at(received)});
    if let Some(promised) = promised {
        more["due_at"] = at(promised).into();
    }
    app.log("2.001019", more).await.ok();
    if let Some(resolved) = resolved {
        app.act(code, &json!({"act": "resolve", "at": at(resolved)})).await.ok();
    }
}

/// Six dossiers of H19.15, one of them of another procedure, and one of H19.16.
async fn furnish(app: &TestApp) {
    past(app, "KEPT", "2026-11-12T09:00", Some("2026-11-12T17:00"), Some("2026-11-12T16:00")).await;
    past(app, "PROMISED", "2026-11-13T09:00", Some("2026-11-16T17:00"), Some("2026-11-13T10:00")).await;
    past(app, "CLOSED", "2026-11-13T09:00", None, Some("2026-11-16T09:00")).await;
    past(app, "OPEN", "2026-11-16T09:00", Some("2026-11-16T17:00"), None).await;
    past(app, "RUNNING", "2026-11-20T07:45", Some("2026-11-20T17:00"), None).await;
    app.log("2.000815", json!({"received_at": "2026-11-12T09:00:00+07:00"})).await.ok();
    let elsewhere = json!({"unit": "H19.16", "code": "ELSEWHERE", "received_at": "2026-11-11T09:00:00+07:00", "due_at": "2026-11-11T17:00:00+07:00"});
    app.post("neighbour", "/api/v1/dossiers", &dossier("2.001019", elsewhere)).await.ok();
    app.by("neighbour", actix_web::http::Method::POST, "/api/v1/dossiers/ELSEWHERE/acts")
        .header("If-Match", "*")
        .json(&json!({"act": "resolve", "at": "2026-11-11T10:00:00+07:00"}))
        .send()
        .await
        .ok();
}

fn same_day(unit: &str) -> Value {
    json!({"commitment": {"procedures": ["2.001019"], "effect": "same_day"}, "unit": unit})
}

/// covered, kept, broken, running, promised later, closed later, still open.
fn score(of: &Value) -> [i64; 7] {
    ["covered", "kept", "broken", "running", "promised_later", "closed_later", "still_open"]
        .map(|name| of[name].as_i64().unwrap())
}

async fn ask(app: &TestApp, body: &Value) -> Answer {
    app.post("reporter", ADDRESS, body).await
}

on_both_async! {
    async fn a_proposed_commitment_is_held_against_the_past(db) {
        let app = TestApp::start(db, NOW).await;
        furnish(&app).await;
        let told = ask(&app, &same_day("H19.15")).await.ok();
        assert_eq!((&told["from"], &told["to"], &told["received"]), (&json!("2026-08-20"), &json!("2026-11-20"), &json!(6)));
        assert_eq!(score(&told["total"]), [5, 1, 3, 1, 2, 1, 1]);
        assert_eq!(told["total"]["rate"], json!({"numerator": 1, "denominator": 4, "value": 0.25}));
        assert_eq!(told["total"]["rate_in_fact"], json!({"numerator": 2, "denominator": 4, "value": 0.5}));
        let procedures = told["by_procedure"].as_array().unwrap();
        assert_eq!((procedures.len(), &procedures[0]["key"], score(&procedures[0])), (1, &json!("2.001019"), [5, 1, 3, 1, 2, 1, 1]));
        let days: Vec<(&str, &str, [i64; 7])> = told["by_weekday"].as_array().unwrap().iter()
            .map(|of| (of["key"].as_str().unwrap(), of["name"].as_str().unwrap(), score(of))).collect();
        assert_eq!(days, [
            ("mon", "thứ Hai", [1, 0, 1, 0, 0, 0, 1]),
            ("thu", "thứ Năm", [1, 1, 0, 0, 0, 0, 0]),
            ("fri", "thứ Sáu", [3, 0, 2, 1, 2, 1, 0]),
        ]);
        assert_eq!(told["broken"]["count"], 3);
        assert_eq!(told["broken"]["items"][1], json!({
            "code": "CLOSED", "unit": "H19.15", "procedure": "2.001019", "received_at": "2026-11-13T09:00:00+07:00",
            "due_at": "2026-11-13T17:00:00+07:00", "promised_at": "2026-11-17T17:00:00+07:00", "closed_at": "2026-11-16T09:00:00+07:00",
            "by": ["promised_later", "closed_later"]}));
        assert_eq!(told["broken"]["items"][0]["by"], json!(["promised_later"]));
        assert_eq!((&told["broken"]["items"][2]["code"], &told["broken"]["items"][2]["closed_at"]), (&json!("OPEN"), &Value::Null));
        // The whole province, and a draft as it would be registered.
        let mut draft = same_day("H19");
        for (name, value) in [("valid_from", json!("2027-01-01")), ("decision", json!("dự thảo")), ("valid_to", Value::Null)] {
            draft["commitment"][name] = value;
        }
        assert_eq!(score(&ask(&app, &draft).await.ok()["total"]), [6, 2, 3, 1, 2, 1, 1]);
        // Only the commune's own, though the whole province is looked at.
        draft["commitment"]["unit"] = "H19.16".into();
        assert_eq!(score(&ask(&app, &draft).await.ok()["total"]), [1, 1, 0, 0, 0, 0, 0]);
        // Nothing was changed.
        assert_eq!(app.get("leader", "/api/v1/commitments").await.ok()["count"], 0);
        assert_eq!(app.get("admin", "/api/v1/ledger/verify").await.ok()["ok"], true);
        app.stop().await;
    }
}

on_both_async! {
    async fn receipts_of_some_days_alone_and_the_rollover_of_what_is_registered(db) {
        let app = TestApp::start(db, NOW).await;
        furnish(&app).await;
        let mut friday = same_day("H19.15");
        friday["commitment"]["received_on"] = json!({"weekdays": ["fri"], "session": "morning"});
        assert_eq!(score(&ask(&app, &friday).await.ok()["total"]), [3, 0, 2, 1, 2, 1, 0]);
        let rollover = json!({"commitment": {"effect": "no_week_rollover"}, "unit": "H19.15"});
        // Nothing is registered for the same day, so that nothing is covered; and of nothing there is no rate.
        let nothing = ask(&app, &rollover).await.ok();
        assert_eq!(nothing["total"]["rate"], json!({"numerator": 0, "denominator": 0, "value": null}));
        app.commit("2.001019").await;
        assert_eq!(score(&ask(&app, &rollover).await.ok()["total"]), [3, 0, 2, 1, 2, 1, 0]);
        app.stop().await;
    }
}

on_both_async! {
    async fn a_proposed_limit_is_held_against_the_past(db) {
        let app = TestApp::start(db, NOW).await;
        furnish(&app).await;
        let limit = |more: Value| {
            let mut body = json!({"limit": {"procedure": "2.001019", "limit": {"value": 1, "unit": "working_day"}}, "unit": "H19.15", "months": 1});
            for (name, value) in more.as_object().unwrap() {
                body["limit"][name] = value.clone();
            }
            body
        };
        let told = ask(&app, &limit(json!({}))).await.ok();
        assert_eq!((&told["from"], score(&told["total"])), (&json!("2026-10-20"), [5, 2, 2, 1, 1, 0, 1]));
        assert_eq!(told["broken"]["items"][0]["code"], "CLOSED");
        assert_eq!(told["broken"]["items"][0]["due_at"], "2026-11-16T17:00:00+07:00");
        assert_eq!(score(&ask(&app, &limit(json!({"channel": "online"}))).await.ok()["total"]), [0; 7]);
        // Whoever comes after 08:59 has the next working day for the first: a day more for all but the last.
        let late = json!({"late_receipt": {"after": "08:59", "effect": "clock_starts_next_working_day"}});
        assert_eq!(score(&ask(&app, &limit(late)).await.ok()["total"]), [5, 3, 1, 1, 0, 0, 1]);
        app.stop().await;
    }
}

on_both_async! {
    async fn who_may_ask_and_what_makes_no_sense(db) {
        let app = TestApp::start(db, NOW).await;
        app.post("officer", ADDRESS, &same_day("H19.15")).await.problem(403, "forbidden");
        for who in ["leader", "reporter", "admin", "commune_admin"] {
            app.post(who, ADDRESS, &same_day("H19.15")).await.ok();
        }
        app.post("commune_admin", ADDRESS, &same_day("H19.16")).await.fault("unit", "unknown_reference");
        let with = |at: &str, name: &str, value: Value| {
            let mut body = same_day("H19.15");
            match at {
                "" => body[name] = value,
                at => body[at][name] = value,
            }
            body
        };
        for (body, name, code) in [
            (with("", "months", json!(0)), "months", "out_of_range"),
            (with("", "months", json!(37)), "months", "out_of_range"),
            (with("", "unit", json!("H77")), "unit", "unknown_reference"),
            (with("commitment", "procedures", json!(["2.001019", "9.9"])), "commitment.procedures[1]", "unknown_reference"),
            (with("commitment", "procedures", json!([])), "commitment.procedures", "required"),
            (with("commitment", "effect", json!({"within": {"value": 0, "unit": "working_day"}})), "commitment.effect.within.value", "out_of_range"),
            (with("commitment", "colour", json!(1)), "commitment.colour", "unknown_field"),
            (json!({"unit": "H19.15"}), "commitment", "required"),
            (json!({"unit": "H19.15", "limit": {"procedure": "9.9", "limit": {"unit": "same_day"}}}), "limit.procedure", "unknown_reference"),
            (with("", "limit", json!({"procedure": "2.001019", "limit": {"unit": "same_day"}})), "limit", "conflicting"),
        ] {
            ask(&app, &body).await.fault(name, code);
        }
        app.stop().await;
    }
}

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{text}:00+07:00")).unwrap().to_utc()
}

/// A commune, its calendar and one procedure.
struct World {
    calendar: Calendar,
    units: UnitTree,
    procedure: Procedure,
}

impl World {
    fn new() -> World {
        let (days, announced) = shipped::national_calendar_rows().unwrap();
        let procedure = shipped::procedures().unwrap().into_iter().find(|of| of.code == "2.001019").unwrap();
        World {
            calendar: Calendar::build(&CalendarSpec::national(days, announced)).unwrap(),
            units: UnitTree::new(vec![unit("H19.15", "Phường", None)]).unwrap(),
            procedure,
        }
    }

    fn rules<'a>(&'a self, commitments: &'a [Commitment]) -> Rules<'a> {
        Rules { calendar: &self.calendar, units: &self.units, commitments }
    }

    /// A dossier received and promised so, under these commitments.
    fn receive(
        &self,
        commitments: &[Commitment],
        received_at: DateTime<Utc>,
        promised: DateTime<Utc>,
    ) -> File {
        let intake = Intake {
            unit: "H19.15",
            procedure: &self.procedure,
            channel: Channel::InPerson,
            case: None,
            received_at,
            promised: Some(promised),
        };
        let made = promise(self.rules(commitments), intake).unwrap();
        let reckoned = &made.reckoned;
        let dossier = Dossier {
            id: 1,
            code: "A".into(),
            unit: "H19.15".into(),
            procedure: self.procedure.code.clone(),
            sector: self.procedure.sector.clone(),
            channel: Channel::InPerson,
            case: None,
            limit: made.limit.limit,
            late_receipt: made.limit.late_receipt,
            status: Status::Processing,
            received_at,
            effective_receipt: reckoned.statutory.effective_receipt,
            statutory_due_at: reckoned.statutory.due_at,
            commitment_due_at: reckoned.committed.first().map(|of| of.due_at),
            first_due_at: reckoned.due.due_at,
            due_at: reckoned.due.due_at,
            lapses_at: reckoned.due.lapses_at,
            appointed_at: reckoned.due.due_at,
            provisional: false,
            closed_at: None,
            closed_as: None,
            outcome: None,
            returned_at: None,
            officer: None,
            reason: None,
            supplements: 0,
            reappointments: 0,
            counted_from: received_at,
            given_due_at: Some(promised),
            pauses: Vec::new(),
            halted_at: None,
            halts: Vec::new(),
            apology_by: reckoned.due.lapses_at,
            apologised_at: None,
            last_act_at: received_at,
            version: 1,
        };
        File { bounds: bounds(&reckoned.committed), findings: made.findings, dossier }
    }

    fn act(&self, commitments: &[Commitment], file: &File, kind: ActKind, at: DateTime<Utc>) -> File {
        let office = Office {
            rules: self.rules(commitments),
            procedure: &self.procedure,
            measures: Measures::default(),
        };
        let paused = kind == ActKind::Pause;
        let act = Act {
            kind,
            at,
            reason: Some("lý do".into()),
            ground: paused.then(|| "căn cứ".into()),
            appointed_at: None,
            changes: None,
            by_person: true,
        };
        decide(file, &act, &office, at).unwrap()
    }

    fn verdict(&self, trial: &Trial, dossier: &Dossier, now: DateTime<Utc>) -> Option<Verdict> {
        trial.verdict((&self.calendar, &self.units), &self.procedure, dossier, now).unwrap()
    }
}

fn commitment(effect: Effect, received_on: ReceivedOn) -> Commitment {
    Commitment {
        id: 1,
        unit: "H19.15".into(),
        subtree: false,
        selector: Selector { all: true, ..Selector::default() },
        received_on,
        effect,
        valid_from: "2026-01-01".parse().unwrap(),
        valid_to: None,
        decision: "QĐ 1".into(),
    }
}

#[test]
fn a_supplement_on_a_day_that_is_not_bound_sets_free() {
    let world = World::new();
    let friday = ReceivedOn { weekdays: vec![chrono::Weekday::Fri], ..ReceivedOn::default() };
    let trial = Trial::new(Proposal::Commitment(commitment(Effect::SameDay, friday)), &[]);
    let file = world.receive(&[], at("2026-11-20T09:00"), at("2026-11-20T17:00"));
    let open = |file: &File| world.verdict(&trial, &file.dossier, at("2026-11-30T09:00")).unwrap();
    assert_eq!(open(&file).ending, Ending::StillOpen);
    let asked = world.act(&[], &file, ActKind::RequestSupplement, at("2026-11-20T10:00"));
    assert_eq!(open(&asked).ending, Ending::Running, "its time stands still");
    let on = |day: &str| open(&world.act(&[], &asked, ActKind::Supplement, at(day)));
    assert_eq!(on("2026-11-25T09:00").ending, Ending::Running);
    let friday = on("2026-11-27T09:00");
    assert_eq!((friday.ending, friday.due_at), (Ending::StillOpen, at("2026-11-27T17:00")));
}

fn an_effect() -> impl Strategy<Value = Effect> {
    prop_oneof![
        Just(Effect::SameDay),
        Just(Effect::SameSession),
        Just(Effect::NoWeekRollover),
        (1_u32..4).prop_map(|n| Effect::Within(Limit::WorkingDays(n))),
        (1_u32..12).prop_map(|n| Effect::Within(Limit::WorkingHours(n))),
    ]
}

fn occasions() -> impl Strategy<Value = ReceivedOn> {
    let session = prop_oneof![Just(None), Just(Some(HalfDay::Morning)), Just(Some(HalfDay::Afternoon))];
    (any::<bool>(), session).prop_map(|(friday, session)| ReceivedOn {
        weekdays: if friday { vec![chrono::Weekday::Thu, chrono::Weekday::Fri] } else { Vec::new() },
        nth_week: None,
        session,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// A dossier that the commitment bound has its findings exactly where the same dossier, not bound, would have broken it.
    #[test]
    fn the_verdict_is_what_the_rules_find_where_the_commitment_is_in_force(
        effect in an_effect(),
        received_on in occasions(),
        received in 0_i64..60 * 24 * 90,
        promised in 0_i64..60 * 24 * 6,
        paused in proptest::option::of((0_i64..60 * 72, 1_i64..60 * 96)),
        closed in proptest::option::of(0_i64..60 * 24 * 8),
        seen in 0_i64..60 * 24 * 20,
    ) {
        let world = World::new();
        // Over the two days off of 24/11 and 31/8 to 2/9, and the make-up Saturday of 22/8.
        let received_at = at("2026-08-17T00:00") + TimeDelta::minutes(received);
        let promised = received_at + TimeDelta::minutes(promised);
        let one = [commitment(effect, received_on)];
        let trial = Trial::new(Proposal::Commitment(one[0].clone()), &[]);
        let mut bound = world.receive(&one, received_at, promised);
        let mut free = world.receive(&[], received_at, promised);
        let mut last = received_at;
        let mut both = |kind, at| {
            bound = world.act(&one, &bound, kind, at);
            free = world.act(&[], &free, kind, at);
        };
        if let Some((after, long)) = paused {
            let from = received_at + TimeDelta::minutes(after);
            last = from + TimeDelta::minutes(long);
            both(ActKind::Pause, from);
            both(ActKind::Resume, last);
        }
        if let Some(after) = closed {
            last += TimeDelta::minutes(after);
            both(ActKind::Resolve, last);
        }
        let now = last + TimeDelta::minutes(seen);
        let verdict = world.verdict(&trial, &free.dossier, now);
        prop_assert_eq!(verdict.is_some(), !bound.bounds.is_empty());
        let Some(verdict) = verdict else { return Ok(()) };
        let by_promise = [FindingCode::SameDayPromise, FindingCode::WeekRolloverPromise, FindingCode::CommitmentPromise];
        prop_assert_eq!(verdict.promised_later, bound.findings.iter().any(|of| by_promise.contains(&of.code)));
        let missed = [FindingCode::SameDayMissed, FindingCode::WeekRolloverMissed, FindingCode::CommitmentMissed];
        let found = of_time(&bound.dossier, &bound.bounds, now).iter().any(|of| missed.contains(&of.code));
        prop_assert_eq!(matches!(verdict.ending, Ending::ClosedLater | Ending::StillOpen), found);
        prop_assert_eq!(verdict.due_at, bound.bounds[0].due_at);
        let mut score = Score::default();
        score.add(&verdict);
        prop_assert_eq!(score.covered, score.kept + score.broken + score.running);
    }

    /// Under the limit that was the law, what would have been is what was.
    #[test]
    fn the_law_itself_proposed_judges_as_the_law_did(
        received in 0_i64..60 * 24 * 90,
        paused in proptest::option::of((0_i64..60 * 72, 1_i64..60 * 96)),
        closed in 0_i64..60 * 24 * 8,
    ) {
        let world = World::new();
        let received_at = at("2026-08-17T00:00") + TimeDelta::minutes(received);
        let limit = world.procedure.limits[0].clone();
        let proposal = ProposedLimit {
            procedure: world.procedure.code.clone(),
            channel: None,
            limit: limit.limit,
            late_receipt: limit.late_receipt,
        };
        let trial = Trial::new(Proposal::Limit(proposal), &[]);
        let by_law = world.receive(&[], received_at, received_at).dossier.statutory_due_at;
        let mut file = world.receive(&[], received_at, by_law);
        let mut last = received_at;
        if let Some((after, long)) = paused {
            let from = received_at + TimeDelta::minutes(after);
            last = from + TimeDelta::minutes(long);
            file = world.act(&[], &file, ActKind::Pause, from);
            file = world.act(&[], &file, ActKind::Resume, last);
        }
        file = world.act(&[], &file, ActKind::Resolve, last + TimeDelta::minutes(closed));
        let verdict = world.verdict(&trial, &file.dossier, at("2027-01-01T00:00")).unwrap();
        prop_assert!(!verdict.promised_later);
        prop_assert_eq!((verdict.due_at, verdict.lapses_at), (file.dossier.due_at, file.dossier.lapses_at));
        let late = file.dossier.outcome == Some(hentra::domain::dossier::Outcome::Late);
        prop_assert_eq!(verdict.ending == Ending::ClosedLater, late);
    }
}
