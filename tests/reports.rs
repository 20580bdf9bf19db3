//! The processing report on both engines: a history worked by hand, the database held to the definitions, and the answer over HTTP.

use std::collections::BTreeMap;
use std::time::Duration;

use actix_web::test::{TestRequest, call_service, init_service, read_body};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use hentra::api::Shared;
use hentra::app::access::{NewUser, Principal, Role, token_create};
use hentra::app::dossiers::{PageRequest, UnitScope};
use hentra::app::reports::Asked;
use hentra::app::reports::processing::{ProcessingReport, ProcessingRequest, ProcessingRow, processing};
use hentra::app::reports::tables::csv;
use hentra::app::writer::{Applicant, Closing, Registration};
use hentra::app::{App, AppError, Fault, catalogue, dossiers};
use hentra::clock::Clock;
use hentra::domain::deadline::{Limit, LimitUnit};
use hentra::domain::dossier::{self, Channel, ClosedAs, Dossier, Status};
use hentra::domain::period::Period;
use hentra::domain::statistics::{GroupBy, Tally, Window, standing, tally};
use hentra::service::service;
use hentra::store::dossiers::dossiers_insert;
use hentra::store::listing::DossierFilter;
use hentra::store::reports::{About, standings_count};
use hentra::store::{Store, StoreSettings};
use hentra::text::Lang;
use serde_json::Value;

use crate::support::lived::Dice;
use crate::support::{TestDatabase, on_both_async, unit};

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{text}:00+07:00")).unwrap().to_utc()
}

pub(crate) fn store(db: &TestDatabase) -> Store {
    let settings = StoreSettings { url: db.url().to_owned(), readers: 4, patience: Duration::from_secs(5) };
    Store::open(&settings).unwrap()
}

/// A province with three communes and a foreign one, seen at 16:00 on Friday 20/11/2026.
pub(crate) async fn province(db: &TestDatabase) -> App {
    let app = App::start(store(db), Clock::standing_at(at("2026-11-20T16:00"))).unwrap();
    let units = vec![
        unit("H19", "Tỉnh Đồng Nai", None),
        unit("H19.15", "Phường Phước Long", Some("H19")),
        unit("H19.16", "Phường Chơn Thành", Some("H19")),
        unit("H19.17", "Xã Không Hồ Sơ", Some("H19")),
        unit("H20", "Tỉnh khác", None),
    ];
    catalogue::units_put(&app, units).await.unwrap();
    app
}

pub(crate) fn reader(unit: &str) -> Principal {
    Principal { user_id: 7, name: "Lê Văn C".into(), role: Role::Reporter, unit: unit.into() }
}

pub(crate) type Past<'a> = (&'a str, Channel, &'a str, &'a str, Option<(&'a str, ClosedAs)>);

fn past((unit, channel, received, due, closed): Past<'_>) -> Registration {
    Registration {
        code: None,
        unit: unit.into(),
        procedure: "2.001019".into(),
        channel,
        case: None,
        received_at: Some(at(received)),
        due_at: Some(at(&format!("{due}T17:00"))),
        officer: None,
        applicant: Applicant { name: "Nguyễn Thị Hòa".into(), phone: None, email: None, address: None },
        note: None,
        reason: None,
        closed: closed.map(|(when, closed_as)| Closing { at: at(when), closed_as, returned_at: None }),
        idempotency: None,
    }
}

pub(crate) async fn live(app: &App, history: &[Past<'_>]) {
    let rows = history.iter().map(|of| past(*of)).collect();
    for answer in dossiers::register_many(app, rows, None, Lang::Vi).await.unwrap() {
        answer.unwrap();
    }
}

use Channel::{InPerson, Online, Postal};
use ClosedAs::{Refused, Resolved, Stopped, Withdrawn};

pub(crate) const HISTORY: [Past<'static>; 10] = [
    // A: received and resolved before the official September begins on 15/8.
    ("H19.15", InPerson, "2026-08-10T08:00", "2026-08-20", Some(("2026-08-13T10:00", Resolved))),
    // B: carried over, early.
    ("H19.15", Online, "2026-08-10T09:00", "2026-08-20", Some(("2026-08-18T10:00", Resolved))),
    // C: online, on time (after office hours of the due day is still that day).
    ("H19.15", Online, "2026-08-17T08:00", "2026-08-19", Some(("2026-08-19T17:30", Resolved))),
    // D: by post, late.
    ("H19.15", Postal, "2026-08-20T08:00", "2026-08-24", Some(("2026-08-25T08:00", Resolved))),
    // E: refused the day before it was due.
    ("H19.15", InPerson, "2026-09-03T08:00", "2026-09-10", Some(("2026-09-09T09:00", Refused))),
    // F: withdrawn on the due day.
    ("H19.15", InPerson, "2026-09-04T08:00", "2026-09-08", Some(("2026-09-08T16:00", Withdrawn))),
    // G: due on the period's last day, resolved two days later.
    ("H19.15", InPerson, "2026-09-10T08:00", "2026-09-14", Some(("2026-09-16T08:00", Resolved))),
    // H: received in the period's last hour.
    ("H19.15", Online, "2026-09-14T23:00", "2026-09-18", Some(("2026-09-18T10:00", Resolved))),
    // I: the next period's, stopped late.
    ("H19.15", InPerson, "2026-09-15T08:00", "2026-09-17", Some(("2026-09-21T08:00", Stopped))),
    // J: forgotten in another commune.
    ("H19.16", InPerson, "2026-08-03T08:00", "2026-08-10", None),
];

pub(crate) fn ask(period: &str) -> Asked {
    Asked {
        period: Some(period.into()),
        from: None,
        to: None,
        as_of: None,
        unit: None,
        units_as_of: None,
        lang: Lang::Vi,
    }
}

fn between(from: &str, to: &str) -> Asked {
    let day = |text: &str| Some(text.parse::<NaiveDate>().unwrap());
    Asked { period: None, from: day(from), to: day(to), ..ask("") }
}

pub(crate) async fn asked_by(app: &App, asked: Asked, unit: &str) -> Result<ProcessingReport, AppError> {
    processing(app, ProcessingRequest { asked, group_by: GroupBy::Sector, compare: Vec::new() }, reader(unit))
        .await
}

pub(crate) async fn report(app: &App, asked: Asked) -> ProcessingReport {
    report_by(app, asked, GroupBy::Sector).await
}

pub(crate) async fn report_by(app: &App, asked: Asked, group_by: GroupBy) -> ProcessingReport {
    let report = processing(app, ProcessingRequest { asked, group_by, compare: Vec::new() }, reader("H19"))
        .await
        .unwrap();
    assert!(report.checks.ok, "{:?}", report.checks);
    report
}

/// Columns (3) to (13).
fn columns(row: &ProcessingRow) -> [u32; 11] {
    [
        row.received.total,
        row.received.online,
        row.received.direct,
        row.received.carried_over,
        row.resolved.total,
        row.resolved.early,
        row.resolved.on_time,
        row.resolved.late,
        row.in_progress.total,
        row.in_progress.within_limit,
        row.in_progress.overdue,
    ]
}

on_both_async! {
    async fn a_history_worked_by_hand(db) {
        let app = province(db).await;
        live(&app, &HISTORY).await;
        let early = Asked { as_of: Some(at("2026-08-24T12:00")), ..ask("2026-09") };
        let expected = [
            (ask("2026-09"), [8, 2, 4, 2, 5, 2, 2, 1, 3, 1, 2]),
            (ask("2026-10"), [4, 0, 1, 3, 3, 0, 1, 2, 1, 0, 1]),
            (ask("2026-Q3"), [9, 3, 6, 0, 6, 3, 2, 1, 3, 1, 2]),
            (ask("2026-09-civil"), [6, 1, 4, 1, 5, 1, 2, 2, 1, 0, 1]),
            (between("2026-08-17", "2026-08-19"), [3, 1, 0, 2, 2, 1, 1, 0, 1, 0, 1]),
            (early, [4, 1, 1, 2, 2, 1, 1, 0, 2, 1, 1]),
        ];
        for (request, numbers) in expected {
            let asked = format!("{request:?}");
            let report = report(&app, request).await;
            assert_eq!(columns(&report.total), numbers, "{asked}");
            assert_eq!(linked(&app, &report).await, i64::from(report.total.received.total), "{}", report.dossiers);
        }
    }
}

/// How many dossiers the report's own link finds, by its parameters alone.
async fn linked(app: &App, report: &ProcessingReport) -> i64 {
    let query = report.dossiers.strip_prefix("/api/v1/dossiers?").unwrap();
    let given: BTreeMap<String, String> = serde_urlencoded::from_str(query).unwrap();
    assert_eq!(given.len(), 4, "{query}");
    let moment = |name: &str| Some(DateTime::parse_from_rfc3339(&given[name]).unwrap().to_utc().into());
    let mut filter = DossierFilter { open_at: moment("open_at"), ..DossierFilter::default() };
    filter.received_at.lt = moment("received_at__lt");
    let scope = UnitScope { unit: Some(given["unit"].clone()), subtree: given["subtree"] == "true" };
    let page = PageRequest { by: reader("H19"), lang: Lang::Vi, limit: 1, cursor: None };
    dossiers::list(app, filter, scope, page).await.unwrap().count
}

on_both_async! {
    async fn what_stands_beside_the_columns(db) {
        let app = province(db).await;
        live(&app, &HISTORY).await;
        let september = report(&app, ask("2026-09")).await;
        let total = serde_json::to_value(&september.total).unwrap();
        assert_eq!(total["closed_as"], serde_json::json!({"resolved": 3, "refused": 1, "withdrawn": 1, "stopped": 0}));
        assert_eq!((&total["late_with_apology"], &total["late_without_apology"]), (&0.into(), &3.into()));
        let rate = |name: &str| {
            let of = &total["rates"][name];
            (of["numerator"].as_u64().unwrap(), of["denominator"].as_u64().unwrap(), of["value"].as_f64().unwrap())
        };
        assert_eq!(rate("on_time_of_resolved"), (4, 5, 0.8));
        assert_eq!(rate("on_time_of_due"), (4, 7, 4.0 / 7.0));
        assert_eq!(rate("late_of_due"), (3, 7, 3.0 / 7.0));
        assert_eq!(total["points_766"], 11.43);
        assert_eq!((september.form, september.period.label.as_str()), ("II.06a/VPCP", "2026-09"));
        assert_eq!((september.as_of.0, september.calendar_version), (at("2026-09-15T00:00"), 1));
    }
}

on_both_async! {
    async fn rows_by_what_they_stand_for(db) {
        let app = province(db).await;
        live(&app, &HISTORY).await;
        let mut names = Vec::new();
        for group_by in GroupBy::ALL {
            let report = report_by(&app, ask("2026-09"), *group_by).await;
            names.extend(report.rows.into_iter().map(|row| (row.key, row.name, row.received.total)));
        }
        let sector = app.read(|_, of| Ok(of.procedures["2.001019"].sector.clone())).await.unwrap();
        let procedure = app.read(|_, of| Ok(of.procedures["2.001019"].name.clone())).await.unwrap();
        let row = |key: &str, name: &str, n: u32| (key.to_owned(), name.to_owned(), n);
        assert_eq!(names, [
            row("H19.15", "Phường Phước Long", 7),
            row("H19.16", "Phường Chơn Thành", 1),
            row(&sector, &sector, 8),
            row("2.001019", &procedure, 8),
            row("", "Chưa phân công", 8),
            row("in_person", "Trực tiếp", 4),
            row("online", "Trực tuyến", 3),
            row("postal", "Dịch vụ bưu chính", 1),
        ]);
    }
}

on_both_async! {
    async fn a_unit_without_dossiers_has_no_rates(db) {
        let app = province(db).await;
        live(&app, &HISTORY).await;
        let empty = report(&app, Asked { unit: Some("H19.17".into()), ..ask("2026-09") }).await;
        assert_eq!((empty.rows.len(), columns(&empty.total)), (0, [0; 11]));
        let total = serde_json::to_value(&empty.total).unwrap();
        for name in ["on_time_of_resolved", "on_time_of_due", "late_of_due"] {
            assert_eq!(total["rates"][name], serde_json::json!({"numerator": 0, "denominator": 0, "value": null}));
        }
        assert_eq!(total["points_766"], Value::Null);
        let one = report(&app, Asked { unit: Some("H19.16".into()), ..ask("2026-09") }).await;
        assert_eq!(columns(&one.total), [1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1]);
        assert_eq!(linked(&app, &one).await, 1);
    }
}

on_both_async! {
    async fn without_a_period_it_is_the_official_month_that_runs_now(db) {
        let app = province(db).await;
        live(&app, &[("H19.15", InPerson, "2026-11-20T16:00", "2026-11-23", None)]).await;
        let running = report(&app, Asked { period: None, ..ask("") }).await;
        assert_eq!((running.period.label.as_str(), running.as_of.0), ("2026-12", at("2026-11-20T16:00")));
        // Received in the very instant that is looked from.
        assert_eq!(columns(&running.total), [1, 0, 1, 0, 0, 0, 0, 0, 1, 1, 0]);
        assert_eq!(linked(&app, &running).await, 1);
    }
}

on_both_async! {
    async fn wrong_requests_are_named(db) {
        let app = province(db).await;
        let some_day = "2026-09-01".parse::<NaiveDate>().ok();
        let unknown = Asked { unit: Some("H99".into()), ..ask("2026-09") };
        let cases = [
            (ask("2026-9"), "period", Fault::Malformed),
            (ask("1999"), "period", Fault::OutOfRange),
            (Asked { from: some_day, ..ask("2026-09") }, "period", Fault::Conflicting),
            (Asked { period: None, from: some_day, ..ask("") }, "to", Fault::Required),
            (Asked { period: None, to: some_day, ..ask("") }, "from", Fault::Required),
            (between("2026-09-02", "2026-09-01"), "to", Fault::OutOfRange),
            (unknown, "unit", Fault::UnknownReference),
        ];
        for (request, name, fault) in cases {
            let asked = format!("{request:?}");
            let Err(AppError::Invalid(faults)) = asked_by(&app, request, "H19").await else {
                panic!("{asked} was not refused");
            };
            let found: Vec<_> = faults.iter().map(|of| (of.name.as_str(), of.fault)).collect();
            assert_eq!(found, [(name, fault)], "{asked}");
        }
        for (unit, by) in [("H20", "H19"), ("H19", "H19.15")] {
            let outside = Asked { unit: Some(unit.into()), ..ask("2026-09") };
            let Err(AppError::Invalid(faults)) = asked_by(&app, outside, by).await else {
                panic!("{unit} was not refused");
            };
            assert_eq!((faults[0].name.as_str(), faults[0].fault), ("unit", Fault::UnknownReference), "{unit}");
        }
    }
}

impl Dice {
    /// A minute between 1/6 and 20/11/2026; now and then exactly a period's border.
    pub(crate) fn moment(&mut self) -> DateTime<Utc> {
        match self.below(8) {
            0 => self.of(&[at("2026-08-15T00:00"), at("2026-09-15T00:00"), at("2026-10-15T00:00")]),
            _ => at("2026-06-01T00:00") + TimeDelta::minutes(i64::try_from(self.below(247_000)).unwrap()),
        }
    }
}

pub(crate) fn rolled(dice: &mut Dice, id: i64) -> Dossier {
    let received_at = dice.moment();
    let due_at = received_at + TimeDelta::minutes(i64::try_from(dice.below(40_000)).unwrap());
    let mut of = Dossier {
        id,
        code: format!("R-{id:05}"),
        unit: dice.of(&["H19", "H19.15", "H19.16", "H20"]).into(),
        procedure: dice.of(&["2.001019", "2.000815"]).into(),
        sector: dice.of(&["Chứng thực", "Hộ tịch", "Đất đai"]).into(),
        channel: dice.of(Channel::ALL),
        case: None,
        limit: Limit::new(LimitUnit::SameDay, None).unwrap(),
        status: dice.of(&[Status::Processing, Status::AwaitingSupplement, Status::Paused]),
        received_at,
        effective_receipt: received_at,
        statutory_due_at: due_at,
        commitment_due_at: None,
        first_due_at: due_at,
        due_at,
        lapses_at: if dice.below(6) == 0 { dice.moment().max(due_at) } else { due_at + TimeDelta::hours(7) },
        appointed_at: due_at,
        provisional: false,
        closed_at: None,
        closed_as: None,
        outcome: None,
        returned_at: None,
        officer: dice.of(&[None, Some("Trần Văn B"), Some("Phạm Thị D")]).map(Into::into),
        reason: None,
        supplements: 0,
        reappointments: u32::try_from(dice.below(3)).unwrap(),
        late_receipt: None,
        counted_from: received_at,
        given_due_at: None,
        pauses: Vec::new(),
        halted_at: None,
        halts: Vec::new(),
        apology_by: due_at,
        apologised_at: None,
        last_act_at: received_at,
        version: 1,
    };
    let closing = dice.moment().max(received_at);
    if dice.below(4) > 0 {
        of.outcome = Some(dossier::outcome(&of, closing));
        of.closed_at = Some(closing);
        of.closed_as = Some(dice.of(ClosedAs::ALL));
        of.status = dice.of(&[Status::Resolved, Status::Returned, Status::Refused, Status::Stopped]);
    }
    of
}

on_both_async! {
    async fn the_database_counts_as_the_definitions_do(db) {
        province(db).await;
        let store = store(db);
        let mut dice = Dice(20_261_120);
        let all: Vec<Dossier> = (1..=600).map(|id| rolled(&mut dice, id)).collect();
        store.write("test", |c| dossiers_insert(c, &all)).unwrap();
        let units = ["H19".to_owned(), "H19.15".to_owned(), "H19.16".to_owned()];
        let within: Vec<&Dossier> = all.iter().filter(|of| units.contains(&of.unit)).collect();
        let mut c = store.reader().unwrap();
        let mut counted_dossiers = 0;
        for label in ["2026-07", "2026-08", "2026-09", "2026-10", "2026-Q3", "2026-08-civil", "2026", "2027-01"] {
            let period = Period::parse(label).unwrap();
            let mut views = vec![period.end(), period.start(), dice.moment(), dice.moment()];
            // Exactly when something was received, closed and lapsed.
            let some = dice.of(&within);
            views.extend([Some(some.received_at), some.closed_at, Some(some.lapses_at)].into_iter().flatten());
            for as_of in views {
                let window = Window::new(&period, as_of);
                for group_by in GroupBy::ALL {
                    let mut expected: BTreeMap<&str, Tally> = BTreeMap::new();
                    for of in &within {
                        if let Some(standing) = standing(of, &window) {
                            expected.entry(group_by.key(of)).or_default().add(standing, 1);
                        }
                    }
                    let counted = standings_count(&mut c, About { units: Some(&units), sector: None }, *group_by, &window).unwrap();
                    let mut found: BTreeMap<&str, Tally> = BTreeMap::new();
                    for some in &counted {
                        found.entry(&some.key).or_default().add(some.standing, some.count);
                        counted_dossiers += some.count;
                    }
                    assert_eq!(found, expected, "{label} {as_of} {group_by}");
                }
            }
        }
        assert!(counted_dossiers > 10_000, "only {counted_dossiers} dossiers were compared");
    }
}

on_both_async! {
    async fn what_a_period_leaves_open_the_next_carries_over(db) {
        let app = province(db).await;
        let mut dice = Dice(7);
        let all: Vec<Dossier> = (1..=400).map(|id| rolled(&mut dice, id)).collect();
        store(db).write("test", |c| dossiers_insert(c, &all)).unwrap();
        // Written past the desk, so they are not counted yet.
        hentra::app::counters::rebuild(&app).await.unwrap();
        for tiles in [["2026-07", "2026-08", "2026-09", "2026-10", "2026-11"], ["2026-06-civil", "2026-07-civil", "2026-08-civil", "2026-09-civil", "2026-10-civil"]] {
            let mut open_before: Option<u32> = None;
            for label in tiles {
                let report = report(&app, ask(label)).await;
                if let Some(open) = open_before {
                    assert_eq!(report.total.received.carried_over, open, "{label}");
                }
                assert!(report.total.in_progress.total > 0, "{label} proves nothing");
                open_before = Some(report.total.in_progress.total);
                assert_eq!(linked(&app, &report).await, i64::from(report.total.received.total), "{label}");
                let seen: Vec<&Dossier> = all.iter().filter(|of| of.unit != "H20").collect();
                let period = Period::parse(label).unwrap();
                let whole = tally(seen, &Window::new(&period, period.end()));
                assert_eq!(columns(&report.total)[0], whole.received);
            }
        }
    }
}

on_both_async! {
    async fn as_a_table_it_has_the_thirteen_columns(db) {
        let app = province(db).await;
        live(&app, &HISTORY).await;
        let by_unit = report_by(&app, ask("2026-09"), GroupBy::Unit).await;
        let csv = csv(&by_unit, Lang::Vi).unwrap();
        let table = csv.strip_prefix('\u{feff}').unwrap();
        let mut lines = table.lines();
        let headings = lines.next().unwrap();
        assert!(headings.starts_with("(1) TT,(2) Đơn vị,(3) Tiếp nhận: Tổng số,"), "{headings}");
        assert!(headings.ends_with(",(13) Đang giải quyết: Quá hạn"), "{headings}");
        assert_eq!(lines.collect::<Vec<_>>(), [
            "1,Phường Phước Long (H19.15),7,2,4,1,5,2,2,1,2,1,1",
            "2,Phường Chơn Thành (H19.16),1,0,0,1,0,0,0,0,1,0,1",
            ",Tổng cộng,8,2,4,2,5,2,2,1,3,1,2",
        ]);
    }
}

pub(crate) async fn token(app: &App, unit: &str) -> String {
    let user = NewUser {
        name: "Lê Văn C".into(),
        role: Role::Reporter,
        unit: unit.into(),
        email: None,
        expires_at: None,
    };
    token_create(app, user).await.unwrap()
}

on_both_async! {
    async fn over_http(db) {
        let app = province(db).await;
        live(&app, &HISTORY).await;
        let tokens = [token(&app, "H19").await, token(&app, "H19.15").await];
        // The service's type holds on to the borrow, so the test leaks what it borrows.
        let shared: &'static Shared = Box::leak(Box::new(Shared::new(app).unwrap()));
        let server = init_service(service(shared)).await;
        let get = |query: &str, token: &str, accept: &str| {
            let request = TestRequest::get()
                .uri(&format!("/api/v1/reports/processing?{query}"))
                .insert_header(("Authorization", format!("Bearer {token}")))
                .insert_header(("Accept", accept.to_owned()))
                .to_request();
            let answer = call_service(&server, request);
            async move {
                let answer = answer.await;
                (answer.status().as_u16(), String::from_utf8(read_body(answer).await.to_vec()).unwrap())
            }
        };
        let (status, body) = get("period=2026-09&group_by=unit&as_of=2026-08-24T12:00:00+07:00", &tokens[0], "*/*").await;
        let report: Value = serde_json::from_str(&body).unwrap();
        assert_eq!((status, &report["rows"][0]["key"]), (200, &"H19.15".into()));
        assert_eq!(report["period"], serde_json::json!({"label": "2026-09", "from": "2026-08-15", "to": "2026-09-14"}));
        assert_eq!((&report["as_of"], &report["unit"]), (&"2026-08-24T12:00:00+07:00".into(), &"H19".into()));
        assert_eq!(report["total"]["received"], serde_json::json!({"total": 4, "online": 1, "direct": 1, "carried_over": 2}));
        assert_eq!(report["checks"], serde_json::json!({"ok": true, "violations": []}));
        for (query, accept) in [("period=2026-09&format=csv", "*/*"), ("period=2026-09", "text/csv")] {
            let (status, body) = get(query, &tokens[0], accept).await;
            assert!(status == 200 && body.starts_with("\u{feff}(1) TT,(2) Lĩnh vực giải quyết,"), "{status} {body}");
        }
        let (_, body) = get("period=2026-09&compare=year,previous", &tokens[0], "*/*").await;
        let compared: Value = serde_json::from_str(&body).unwrap();
        let labels: Vec<_> = compared["comparisons"].as_array().unwrap().iter().map(|of| (&of["with"], &of["period"]["label"])).collect();
        assert_eq!(labels, [(&"year".into(), &"2025-09".into()), (&"previous".into(), &"2026-08".into())]);
        // The reader's own unit when none is named.
        let (_, body) = get("period=2026-09", &tokens[1], "*/*").await;
        let own: Value = serde_json::from_str(&body).unwrap();
        assert_eq!((&own["unit"], &own["total"]["received"]["total"]), (&"H19.15".into(), &7.into()));
        for (query, token, status, name) in [
            ("period=2026-09&format=pdf", 0, 400, "format"),
            ("period=2026-09&group_by=week", 0, 400, "group_by"),
            ("period=2026-09&units=H19", 0, 400, "units"),
            ("period=2026-09&compare=previous,century", 0, 400, "compare"),
            ("period=2026-09&units_as_of=2026-13-01", 0, 400, "units_as_of"),
            ("period=2026-9", 0, 400, "period"),
            ("period=2026-09&unit=H99", 0, 400, "unit"),
            ("from=2026-09-31&to=2026-10-01", 0, 400, "from"),
            ("period=2026-09&as_of=yesterday", 0, 400, "as_of"),
            ("period=2026-09&unit=H19", 1, 400, "unit"),
            ("period=2026-09&unit=H20", 0, 400, "unit"),
        ] {
            let (found, body) = get(query, &tokens[token], "*/*").await;
            let problem: Value = serde_json::from_str(&body).unwrap();
            assert_eq!(found, status, "{query}: {body}");
            assert_eq!(problem["invalid_params"][0]["name"].as_str().unwrap_or_default(), name, "{body}");
        }
        assert_eq!(get("period=2026-09", "none", "*/*").await.0, 401);
    }
}
