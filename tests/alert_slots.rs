//! Claiming slots: rules that come, change and go, slots that are written in slices by several processes, quiet hours.

use chrono::TimeDelta;
use hentra::app::App;
use hentra::app::access::{NewUser, Principal, Role, token_create};
use hentra::app::alerts::rules_changed::{Seen, rule_put, rule_remove};
use hentra::app::alerts::{self, AlertSettings, Round};
use hentra::domain::alert::{AlertRule, AlertRuleForm};
use hentra::mail::Mailer;
use hentra::store::alert_slots::{SlotRow, slot_claim};

use crate::alerts::{at, log, mailer, office_since, user};
use crate::support::on_both_async;

/// Three working days.
const THREE_DAYS: &str = "1.004859";

fn form(cron: &str) -> AlertRuleForm {
    let text = format!(
        "name = \"r\"\naudience = \"leader\"\nwhat = \"overdue\"\ncron = \"{cron}\"\nstale_after_minutes = 120"
    );
    toml::from_str::<AlertRule>(&text).unwrap().form().clone()
}

fn admin() -> Principal {
    Principal { user_id: 1, name: "Quản trị".into(), role: Role::Admin, unit: "H19".into() }
}

/// An office with an administrator, a leader, and something overdue since 18/11.
async fn office(db: &crate::support::TestDatabase) -> App {
    let app = office_since(db, "2026-11-12T08:00").await;
    let new = NewUser {
        name: "Quản trị".into(),
        role: Role::Admin,
        unit: "H19".into(),
        email: None,
        expires_at: None,
    };
    token_create(&app, new).await.unwrap();
    user(&app, Role::Leader, "H19.15", "lanhdao@bendinh.example.vn").await;
    log(&app, "QUA-HAN", THREE_DAYS, "2026-11-12T09:00", None).await;
    app
}

async fn run_with(app: &App, mailer: &Mailer, rules: Vec<AlertRule>, until: &str) -> Round {
    app.clock().set(at(until));
    let settings = AlertSettings::new(rules, None, mailer).unwrap();
    alerts::run_until(app, &settings, mailer, at(until)).await.unwrap()
}

async fn run(app: &App, mailer: &Mailer, until: &str) -> Round {
    run_with(app, mailer, Vec::new(), until).await
}

async fn put(app: &App, now: &str, seen: Seen, form: AlertRuleForm) {
    app.clock().set(at(now));
    rule_put(app, form, seen, admin()).await.unwrap();
}

on_both_async! {
    async fn a_rule_written_now_does_not_speak_of_its_past(db) {
        let app = office(db).await;
        let mailer = mailer("memory://");
        put(&app, "2026-11-20T09:30", Seen::Nothing, form("0 0 9 * * *")).await;
        assert!(run(&app, &mailer, "2026-11-20T09:31").await.is_quiet(), "09:00 was worth sending until 11:00, and was before the rule");
        assert_eq!(run(&app, &mailer, "2026-11-21T09:00").await.sent, 1);
    }
}

on_both_async! {
    async fn other_times_count_from_the_change_and_no_instant_twice(db) {
        let app = office(db).await;
        let mailer = mailer("memory://");
        put(&app, "2026-11-19T10:00", Seen::Nothing, form("0 0 9 * * *")).await;
        assert_eq!(run(&app, &mailer, "2026-11-20T09:00").await.sent, 1);
        // Moved back and forth over the same instant: it has been claimed.
        put(&app, "2026-11-20T09:00", Seen::Any, form("0 30 9 * * *")).await;
        put(&app, "2026-11-20T09:00", Seen::Any, form("0 0 9 * * *")).await;
        assert!(run(&app, &mailer, "2026-11-20T09:10").await.is_quiet());
        put(&app, "2026-11-20T09:20", Seen::Any, form("0 15 9 * * *")).await;
        assert!(run(&app, &mailer, "2026-11-20T09:21").await.is_quiet(), "09:15 had passed when it was written");
        assert_eq!(run(&app, &mailer, "2026-11-21T09:15").await.sent, 1);
        // Another text at the same times takes nothing from the slot that is due.
        let mut to_more = form("0 15 9 * * *");
        to_more.people = vec!["lanhdao@bendinh.example.vn".into()];
        put(&app, "2026-11-22T09:16", Seen::Any, to_more).await;
        assert_eq!(run(&app, &mailer, "2026-11-22T09:17").await.sent, 1);
    }
}

on_both_async! {
    async fn a_rule_that_was_silent_for_a_month_does_not_flood(db) {
        let app = office(db).await;
        let mailer = mailer("memory://");
        put(&app, "2026-11-19T10:00", Seen::Nothing, form("0 0 9 * * *")).await;
        let silent = AlertRuleForm { enabled: false, ..form("0 0 9 * * *") };
        put(&app, "2026-11-19T11:00", Seen::Any, silent).await;
        assert!(run(&app, &mailer, "2026-12-20T09:00").await.is_quiet());
        put(&app, "2026-12-20T10:00", Seen::Any, form("0 0 9 * * *")).await;
        assert!(run(&app, &mailer, "2026-12-20T10:01").await.is_quiet());
        assert_eq!(run(&app, &mailer, "2026-12-21T09:00").await.sent, 1);
    }
}

on_both_async! {
    async fn what_had_come_and_was_not_claimed_is_written_down_as_replaced(db) {
        let app = office(db).await;
        put(&app, "2026-11-19T10:00", Seen::Nothing, form("0 0 9 * * *")).await;
        put(&app, "2026-11-20T09:01", Seen::Any, form("0 0 10 * * *")).await;
        let store = hentra::store::Store::open(&hentra::store::StoreSettings {
            url: db.url().to_owned(), readers: 1, patience: std::time::Duration::from_secs(5),
        }).unwrap();
        let nine = SlotRow {
            rule: "r".into(), slot_at: at("2026-11-20T09:00").into(), claimed_at: at("2026-11-20T09:01").into(), result: "enqueued".into(),
            written_to: None, enqueued: 0,
        };
        let again = store.write("test", |c| slot_claim(c, &nine)).unwrap();
        assert!(!again, "09:00 stands in the book");
        rule_remove(&app, "r".into(), Seen::Any, admin()).await.unwrap();
    }
}

on_both_async! {
    async fn the_settings_line_holds_again_from_the_removal_on(db) {
        let app = office(db).await;
        let mailer = mailer("memory://");
        let line = || vec![AlertRule::try_from(form("0 30 7 * * *")).unwrap()];
        let app = app.with_timetable(std::sync::Arc::new(AlertSettings::new(line(), None, &mailer).unwrap()));
        assert_eq!(run_with(&app, &mailer, line(), "2026-11-19T07:30").await.sent, 1);
        put(&app, "2026-11-19T08:00", Seen::Nothing, form("0 0 6 * * *")).await;
        assert_eq!(run_with(&app, &mailer, line(), "2026-11-20T06:00").await.sent, 1);
        assert!(run_with(&app, &mailer, line(), "2026-11-20T07:45").await.is_quiet(), "the office's own times hold");
        app.clock().set(at("2026-11-20T07:50"));
        let stands = rule_remove(&app, "r".into(), Seen::Versions(vec![1]), admin()).await.unwrap();
        assert!(stands.is_some_and(|of| of.in_settings && of.office.is_none()));
        assert!(run_with(&app, &mailer, line(), "2026-11-20T07:51").await.is_quiet(), "07:30 was not the line's");
        assert_eq!(run_with(&app, &mailer, line(), "2026-11-21T07:30").await.sent, 1);
    }
}

/// Leaders enough for several slices.
async fn many_leaders(app: &App, many: usize) {
    for number in 0..many {
        user(app, Role::Leader, "H19.15", &format!("lanhdao{number:03}@bendinh.example.vn")).await;
    }
}

fn addresses(mailer: &Mailer) -> Vec<String> {
    let mut all: Vec<String> = mailer.taken().into_iter().map(|letter| letter.to).collect();
    all.sort();
    all
}

on_both_async! {
    async fn a_slot_of_many_is_written_in_slices_once_to_each_by_two_processes_at_once(db) {
        let app = office(db).await;
        many_leaders(&app, 130).await;
        let mailer = mailer("memory://");
        put(&app, "2026-11-19T10:00", Seen::Nothing, form("0 0 9 * * *")).await;
        app.clock().set(at("2026-11-20T09:00"));
        let other = App::start(
            hentra::store::Store::open(&hentra::store::StoreSettings {
                url: db.url().to_owned(), readers: 2, patience: std::time::Duration::from_secs(10),
            }).unwrap(),
            app.clock().clone(),
        ).unwrap();
        let settings = AlertSettings::new(Vec::new(), None, &mailer).unwrap();
        let until = at("2026-11-20T09:00");
        let (one, two) = tokio::join!(
            alerts::enqueue_due(&app, &settings, until),
            alerts::enqueue_due(&other, &settings, until),
        );
        let (one, two) = (one.unwrap(), two.unwrap());
        assert_eq!((one.slots + two.slots, one.enqueued + two.enqueued), (1, 131));
        assert_eq!(run(&app, &mailer, "2026-11-20T09:01").await.sent, 131);
        let mut once = addresses(&mailer);
        once.dedup();
        assert_eq!(once.len(), 131, "each once");
    }
}

on_both_async! {
    async fn a_slot_that_a_process_left_half_written_is_finished_behind_the_last(db) {
        let app = office(db).await;
        many_leaders(&app, 9).await;
        let mailer = mailer("memory://");
        put(&app, "2026-11-19T10:00", Seen::Nothing, form("0 0 9 * * *")).await;
        // As it stands when a process dies after the slice that ended with the user of key 6.
        let open = SlotRow {
            rule: "r".into(), slot_at: at("2026-11-20T09:00").into(), claimed_at: at("2026-11-20T09:00").into(), result: "open".into(),
            written_to: Some(6), enqueued: 5,
        };
        app.write_job("test", move |c, _| Ok(slot_claim(c, &open)?)).await.unwrap();
        let round = run(&app, &mailer, "2026-11-20T09:05").await;
        assert_eq!(round, Round { enqueued: 5, sent: 5, ..Round::default() }, "the slot was claimed by the one who died");
        assert_eq!(addresses(&mailer).len(), 5);
        assert!(run(&app, &mailer, "2026-11-20T09:06").await.is_quiet());
    }
}

on_both_async! {
    async fn a_message_waits_for_the_quiet_hours_to_end(db) {
        let app = office(db).await;
        let mailer = mailer("memory://");
        let night = AlertRuleForm { quiet_from: Some("20:00".into()), quiet_to: Some("06:30".into()), stale_after_minutes: Some(1_000), ..form("0 0 22 * * *") };
        put(&app, "2026-11-19T10:00", Seen::Nothing, night).await;
        assert_eq!(run(&app, &mailer, "2026-11-19T22:00").await, Round { slots: 1, enqueued: 1, ..Round::default() });
        assert!(run(&app, &mailer, "2026-11-20T06:29").await.is_quiet());
        assert_eq!(run(&app, &mailer, "2026-11-20T06:30").await.sent, 1);
        let letter = mailer.taken().pop().unwrap();
        assert_eq!(letter.date, at("2026-11-20T06:30") - TimeDelta::minutes(8 * 60 + 30), "as it was written at 22:00");
    }
}

on_both_async! {
    async fn a_warning_of_the_day_is_worth_nothing_once_its_session_has_ended(db) {
        let app = office(db).await;
        let mailer = mailer("memory://");
        let session = AlertRuleForm { stale_after: Some(hentra::domain::alert::StaleAfter::Session), stale_after_minutes: None, ..form("0 30 14 * * *") };
        put(&app, "2026-11-19T10:00", Seen::Nothing, session).await;
        assert_eq!(run(&app, &mailer, "2026-11-19T16:59").await.sent, 1, "late, and still of use");
        let round = run(&app, &mailer, "2026-11-20T17:00").await;
        assert_eq!(round, Round { slots: 1, stale_slots: 1, ..Round::default() });
    }
}
