//! The timetable as data: rules of administrators over the lines of the settings, what each selection says, and everything that makes no rule.

use actix_web::http::Method;
use hentra::app::access::{NewUser, Role, token_create};
use hentra::app::alerts::{self, AlertSettings, Round};
use hentra::app::writer::ActRequest;
use hentra::app::{App, catalogue, dossiers};
use hentra::domain::act::ActKind;
use hentra::domain::alert::AlertRule;
use hentra::domain::commitment::{Commitment, Effect, ReceivedOn, Selector};
use hentra::mail::{Letter, Mailer};
use hentra::text::Lang;
use serde_json::{Value, json};

use crate::alerts::{at, log, mailer, office_since, user};
use crate::api_sessions::recorded;
use crate::support::{Answer, TestApp, TestDatabase, on_both_async};

const NOW: &str = "2026-11-20T08:00:00+07:00";
const RULES: &str = "/api/v1/alert-rules";
/// Three working days.
const THREE_DAYS: &str = "1.004859";

fn overdue(more: Value) -> Value {
    let mut body =
        json!({"audience": "leader", "what": "overdue", "cron": "0 0 9 * * *", "stale_after_minutes": 60});
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

async fn put(app: &TestApp, who: &str, name: &str, seen: Option<&str>, body: &Value) -> Answer {
    let mut call = app.by(who, Method::PUT, &format!("{RULES}/{name}"));
    if let Some(seen) = seen {
        call = call.header("If-Match", seen);
    }
    call.json(body).send().await
}

async fn remove(app: &TestApp, who: &str, name: &str, seen: &str) -> Answer {
    app.by(who, Method::DELETE, &format!("{RULES}/{name}")).header("If-Match", seen).send().await
}

on_both_async! {
    async fn a_rule_lies_over_the_settings_line_until_it_is_taken_away(db) {
        let app = TestApp::start(db, NOW).await;
        let all = app.get("admin", RULES).await.ok();
        let told: Vec<(String, String)> = all["items"].as_array().unwrap().iter()
            .map(|of| (of["name"].as_str().unwrap().to_owned(), of["origin"].as_str().unwrap().to_owned())).collect();
        let shipped = ["morning_digest", "own_list", "week_rollover", "same_day_open", "missed_today", "weekly_numbers", "escalation", "calendar_horizon"];
        assert_eq!(told, shipped.map(|name| (name.to_owned(), "settings".to_owned())));
        let line = app.get("leader", &format!("{RULES}/morning_digest")).await;
        assert_eq!(line.header("etag"), "");
        let line = line.ok();
        assert_eq!((&line["version"], &line["owner"], &line["in_settings"]), (&Value::Null, &Value::Null, &json!(true)));
        assert_eq!(line["next"], json!(["2026-11-23T07:30:00+07:00", "2026-11-25T07:30:00+07:00", "2026-11-26T07:30:00+07:00"]),
            "24/11 is a day off");

        let later = json!({"audience": "leader", "what": "morning_digest", "cron": "0 15 8 * * *", "working_days_only": true, "stale_after": "session"});
        let made = put(&app, "admin", "morning_digest", None, &later).await;
        assert_eq!(made.header("etag"), "\"1\"");
        let made = made.ok();
        assert_eq!((&made["origin"], &made["owner"], &made["version"], &made["changed_at"]),
            (&json!("office"), &json!("H19"), &json!(1), &json!(NOW)));
        assert_eq!(made["next"][0], "2026-11-20T08:15:00+07:00");
        assert_eq!(app.get("leader", RULES).await.ok()["items"][0]["origin"], "office", "and in its place");

        put(&app, "admin", "morning_digest", None, &later).await.problem(428, "precondition_required");
        put(&app, "admin", "morning_digest", Some("\"7\""), &later).await.problem(412, "precondition_failed");
        let silent = {
            let mut body = later.clone();
            body["enabled"] = json!(false);
            body
        };
        let silenced = put(&app, "admin", "morning_digest", Some("\"1\""), &silent).await.ok();
        assert_eq!((&silenced["version"], &silenced["next"]), (&json!(2), &json!([])));
        remove(&app, "admin", "morning_digest", "\"1\"").await.problem(412, "precondition_failed");
        app.by("admin", Method::DELETE, &format!("{RULES}/morning_digest")).send().await.problem(428, "precondition_required");
        assert_eq!(remove(&app, "admin", "morning_digest", "\"2\"").await.status, 204);
        assert_eq!(app.get("leader", &format!("{RULES}/morning_digest")).await.ok(), line);
        remove(&app, "admin", "morning_digest", "*").await.problem(404, "not_found");

        let entries: Vec<(String, Value)> = recorded(&app).await.into_iter().filter(|(_, of)| of["alert_rule"] == "morning_digest").collect();
        let acts: Vec<&str> = entries.iter().map(|(act, _)| act.as_str()).collect();
        assert_eq!(acts, ["alert_rule_changed", "alert_rule_changed", "alert_rule_removed"]);
        assert_eq!(entries[0].1["before"], Value::Null);
        assert_eq!((&entries[1].1["before"]["rule"]["enabled"], &entries[1].1["after"]["rule"]["enabled"]), (&json!(true), &json!(false)));
        assert_eq!(entries[2].1["before"]["version"], 2);
        app.stop().await;
    }
}

on_both_async! {
    async fn a_commune_has_rules_of_its_own_and_nobody_elses(db) {
        let app = TestApp::start(db, NOW).await;
        let new = NewUser { name: "Quản trị 16".into(), role: Role::Admin, unit: "H19.16".into(), email: None, expires_at: None };
        let neighbour = token_create(&app.app, new).await.unwrap();
        let next_door = |method: Method, path: &str| app.call(method, path).header("Authorization", &format!("Bearer {neighbour}"));
        let own = put(&app, "commune_admin", "qua_han_phuong", None, &overdue(json!({}))).await.ok();
        assert_eq!((&own["owner"], &own["in_settings"]), (&json!("H19.15"), &json!(false)));
        let path = format!("{RULES}/qua_han_phuong");
        assert_eq!(app.get("admin", &path).await.ok(), own, "the province sees it");
        next_door(Method::GET, &path).send().await.problem(404, "not_found");
        next_door(Method::PUT, &path).json(&overdue(json!({}))).send().await.fault("name", "taken");
        next_door(Method::DELETE, &path).header("If-Match", "*").send().await.problem(404, "not_found");

        // What holds for every unit is no commune's to change, whether the settings or the province wrote it.
        put(&app, "commune_admin", "morning_digest", None, &overdue(json!({}))).await.problem(403, "forbidden");
        put(&app, "admin", "qua_han_tinh", None, &overdue(json!({}))).await.ok();
        assert_eq!(app.get("commune_admin", &format!("{RULES}/qua_han_tinh")).await.status, 200);
        put(&app, "commune_admin", "qua_han_tinh", Some("*"), &overdue(json!({}))).await.problem(403, "forbidden");
        remove(&app, "commune_admin", "qua_han_tinh", "*").await.problem(403, "forbidden");
        // The province changes the commune's, which stays the commune's.
        let changed = put(&app, "admin", "qua_han_phuong", Some("\"1\""), &overdue(json!({"cron": "0 0 10 * * *"}))).await.ok();
        assert_eq!((&changed["owner"], &changed["version"]), (&json!("H19.15"), &json!(2)));
        put(&app, "leader", "qua_han_tinh", Some("*"), &overdue(json!({}))).await.problem(403, "forbidden");
        app.stop().await;
    }
}

on_both_async! {
    async fn what_makes_no_rule_is_refused_by_field(db) {
        let app = TestApp::start(db, NOW).await;
        let twins = || NewUser { name: "Lê Tám".into(), role: Role::Officer, unit: "H19.15".into(), email: None, expires_at: None };
        token_create(&app.app, twins()).await.unwrap();
        token_create(&app.app, twins()).await.unwrap();
        for (more, field, fault) in [
            (json!({"cron": "half past seven"}), "cron", "malformed"),
            (json!({"cron": "0 61 7 * * *"}), "cron", "malformed"),
            (json!({"cron": "30 7 * * 1-5"}), "cron", "malformed"),
            (json!({"cron": "*/10 30 7 * * *"}), "cron", "too_often"),
            (json!({"cron": "0 * * * * *"}), "cron", "too_often"),
            (json!({"cron": "0 30 7 30 2 *"}), "cron", "never"),
            (json!({"audience": "people"}), "audience", "required"),
            (json!({"audience": "mayor"}), "audience", "not_allowed"),
            (json!({"audience": "officer", "what": "weekly_numbers"}), "audience", "not_allowed"),
            (json!({"what": "everything"}), "what", "not_allowed"),
            (json!({"what": "due_within"}), "days", "required"),
            (json!({"what": "due_within", "days": 0}), "days", "out_of_range"),
            (json!({"what": "due_within", "days": 31}), "days", "out_of_range"),
            (json!({"days": 3}), "days", "conflicting"),
            (json!({"quiet_from": "22:00", "quiet_to": "22:00"}), "quiet_to", "conflicting"),
            (json!({"quiet_from": "22:00"}), "quiet_to", "required"),
            (json!({"quiet_from": "25:00", "quiet_to": "06:00"}), "quiet_from", "malformed"),
            (json!({"stale_after": "session"}), "stale_after", "conflicting"),
            (json!({"stale_after_minutes": 0}), "stale_after_minutes", "out_of_range"),
            (json!({"minimum_severity": "grave"}), "minimum_severity", "not_allowed"),
            (json!({"what": "ledger_anchor", "minimum_severity": "due"}), "minimum_severity", "conflicting"),
            (json!({"channels": []}), "channels", "required"),
            (json!({"channels": ["Zalo OA"]}), "channels", "bad_characters"),
            (json!({"channels": ["mail", "zalo_tinh"]}), "channels[1]", "not_allowed"),
            (json!({"channels": ["sms"]}), "channels[0]", "not_allowed"),
            (json!({"channels": ["mail", "mail"]}), "channels", "duplicate"),
            (json!({"people": ["lan@"]}), "people[0]", "malformed"),
            (json!({"people": ["lan@nowhere.example.vn"]}), "people[0]", "unknown_reference"),
            (json!({"people": ["Cán bộ officer", "Không Có Ai"]}), "people[1]", "unknown_reference"),
            (json!({"people": ["Lê Tám"]}), "people[0]", "not_allowed"),
            (json!({"people": [" "]}), "people", "required"),
            (json!({"unit": "H99"}), "unit", "unknown_reference"),
            (json!({"intro": {"vi": "Gửi {applicant}"}}), "intro.vi", "not_allowed"),
            (json!({"intro": {"en": "For {unit"}}), "intro.en", "malformed"),
            (json!({"name": "another"}), "name", "conflicting"),
            (json!({"audiance": "leader"}), "audiance", "unknown_field"),
        ] {
            put(&app, "admin", "r", None, &overdue(more)).await.fault(field, fault);
        }
        put(&app, "admin", "Qu%C3%A1%20h%E1%BA%A1n", None, &overdue(json!({}))).await.fault("name", "bad_characters");
        let nobody = json!({"what": "overdue", "cron": "0 0 9 * * *", "stale_after_minutes": 60});
        put(&app, "admin", "r", None, &nobody).await.fault("audience", "required");
        // Outside of one's own units nobody and nothing is known.
        for (more, field) in [(json!({"unit": "H19.16"}), "unit"), (json!({"people": ["Cán bộ neighbour"]}), "people[0]")] {
            put(&app, "commune_admin", "r", None, &overdue(more)).await.fault(field, "unknown_reference");
        }
        app.get("admin", &format!("{RULES}/r")).await.problem(404, "not_found");
        app.get("admin", &format!("{RULES}/morning_digest/preview?at=tomorrow")).await.fault("at", "malformed");
        app.get("admin", &format!("{RULES}/morning_digest/preview?user=99999")).await.fault("user", "unknown_reference");
        app.stop().await;
    }
}

on_both_async! {
    async fn people_are_kept_by_their_keys_and_told_of_their_units(db) {
        let app = TestApp::start(db, NOW).await;
        let by_name = json!({"what": "overdue", "people": ["Cán bộ officer"], "cron": "0 9 * * *", "stale_after_minutes": 60});
        let made = put(&app, "commune_admin", "nhac_rieng", None, &by_name).await.ok();
        let key = app.get("officer", "/api/v1/sessions/current").await.ok()["user"]["id"].to_string();
        assert_eq!((&made["people"], &made["audience"]), (&json!([key]), &json!("people")));
        // What was read can be written again.
        let mut again = made.clone();
        for own in ["origin", "in_settings", "owner", "version", "changed_at", "changed_by", "next"] {
            again.as_object_mut().unwrap().remove(own);
        }
        assert_eq!(put(&app, "commune_admin", "nhac_rieng", Some("\"1\""), &again).await.ok()["people"], json!([key]));
        app.stop().await;
    }
}

fn rule(name: &str, more: &str) -> AlertRule {
    let text = format!("name = \"{name}\"\ncron = \"0 30 7 * * *\"\nstale_after_minutes = 60\n{more}");
    toml::from_str(&text).unwrap_or_else(|error| panic!("{error}"))
}

fn settings(mailer: &Mailer, rules: Vec<AlertRule>) -> AlertSettings {
    AlertSettings::new(rules, None, mailer).unwrap()
}

async fn run(app: &App, mailer: &Mailer, rules: &[AlertRule], until: &str) -> Round {
    app.clock().set(at(until));
    alerts::run_until(app, &settings(mailer, rules.to_vec()), mailer, at(until)).await.unwrap()
}

/// On Friday 20/11/2026: one overdue, one due today, one due on Monday whose apology slip is due today, one committed for today, one due on Wednesday.
async fn an_office_with_everything(db: &TestDatabase) -> App {
    let app = office_since(db, "2026-11-12T08:00").await;
    user(&app, Role::Leader, "H19.15", "lanhdao@bendinh.example.vn").await;
    for (code, received) in [
        ("QUA-HAN", "2026-11-12T09:00"),
        ("HOM-NAY", "2026-11-17T09:00"),
        ("THU-HAI", "2026-11-18T09:00"),
        ("THU-TU", "2026-11-19T09:00"),
    ] {
        log(&app, code, THREE_DAYS, received, None).await;
    }
    log(&app, "TRONG-NGAY", "2.000908", "2026-11-20T07:05", Some("2026-11-25T17:00")).await;
    app
}

/// Which dossiers a mail names, in its order.
fn named(letter: &Letter) -> Vec<&'static str> {
    let mut places: Vec<(usize, &str)> = ["QUA-HAN", "HOM-NAY", "THU-HAI", "THU-TU", "TRONG-NGAY"]
        .into_iter()
        .filter_map(|code| Some((letter.text.find(code)?, code)))
        .collect();
    places.sort_unstable();
    places.into_iter().map(|(_, code)| code).collect()
}

on_both_async! {
    async fn each_selection_tells_its_own(db) {
        let app = an_office_with_everything(db).await;
        let what = |topic: &str| format!("audience = \"leader\"\nwhat = \"{topic}\"\n");
        for (topic, hour, codes, subject) in [
            ("morning_digest", "07:30", vec!["HOM-NAY", "TRONG-NGAY", "QUA-HAN", "THU-HAI"], "2 hồ sơ cần xử lý hôm nay, 1 đã quá hạn"),
            ("overdue", "07:30", vec!["QUA-HAN"], "1 hồ sơ đã quá hạn"),
            ("due_today", "07:30", vec!["HOM-NAY"], "1 hồ sơ đến hạn hôm nay"),
            ("due_within", "07:30", vec!["HOM-NAY", "THU-HAI"], "2 hồ sơ đến hạn trong 1 ngày làm việc tới"),
            ("apology_due", "07:30", vec!["THU-HAI"], "1 hồ sơ đến hạn gửi văn bản xin lỗi hôm nay"),
            ("week_rollover", "14:00", vec!["HOM-NAY", "TRONG-NGAY", "QUA-HAN"], "2 hồ sơ sẽ trôi sang tuần sau"),
            ("committed_today", "14:30", vec!["TRONG-NGAY"], "1 hồ sơ cam kết trong ngày chưa giải quyết xong"),
            ("missed_today", "17:05", vec!["HOM-NAY", "TRONG-NGAY"], "2 hồ sơ lỡ hẹn hôm nay"),
        ] {
            let mailer = mailer("memory://");
            let days = if topic == "due_within" { "days = 1\n" } else { "" };
            let of = rule(&format!("r_{topic}"), &(what(topic) + days));
            let (hours, minutes) = hour.split_once(':').unwrap();
            let mut form = of.form().clone();
            form.cron = format!("0 {minutes} {hours} * * *");
            let of = AlertRule::try_from(form).unwrap();
            let round = run(&app, &mailer, &[of], &format!("2026-11-20T{hour}")).await;
            assert_eq!(round.sent, 1, "{topic}");
            let letter = mailer.taken().pop().unwrap();
            let mut told = named(&letter);
            let mut codes = codes;
            if topic == "morning_digest" {
                // What only may need an apology slip stands apart, behind what is to be done.
                assert_eq!(told.last(), Some(&"THU-HAI"), "{}", letter.text);
            }
            if topic == "morning_digest" || topic == "missed_today" || topic == "week_rollover" {
                told.sort_unstable();
                codes.sort_unstable();
            }
            assert_eq!(told, codes, "{topic}: {}", letter.text);
            assert!(letter.subject.contains(subject), "{topic}: {}", letter.subject);
            for code in named(&letter) {
                assert!(letter.html.contains(code), "{topic}");
            }
        }
        let mailer = mailer("memory://");
        let anchors = rule("r_anchor", "audience = \"leader\"\nwhat = \"ledger_anchor\"\n");
        assert_eq!(run(&app, &mailer, &[anchors], "2026-11-21T07:30").await.sent, 1);
        let letter = mailer.taken().pop().unwrap();
        assert!(letter.subject.contains("Dấu niêm sổ cái đến hết ngày 20/11/2026"), "{}", letter.subject);
        assert!(letter.text.contains("hentra ledger verify --anchor") && letter.html.contains("monospace"));
    }
}

on_both_async! {
    async fn an_apology_slip_that_went_out_and_a_resolved_dossier_are_told_no_more(db) {
        let app = an_office_with_everything(db).await;
        let slips = [rule("slips", "audience = \"leader\"\nwhat = \"apology_due\"\n")];
        app.clock().set(at("2026-11-20T07:10"));
        let mut apology = ActRequest::of("THU-HAI", ActKind::Apologise);
        (apology.reason, apology.appointed_at) = (Some("Chờ xác minh".into()), Some(at("2026-11-26T17:00")));
        dossiers::act(&app, apology, None, Lang::Vi).await.unwrap();
        let mailer = mailer("memory://");
        let round = run(&app, &mailer, &slips, "2026-11-20T07:30").await;
        assert_eq!(round, Round { slots: 1, ..Round::default() });
        // A slot that is caught up tells what stood at the slot, though it was resolved since.
        let today = [rule("today", "audience = \"leader\"\nwhat = \"due_today\"\n")];
        app.clock().set(at("2026-11-20T07:40"));
        dossiers::act(&app, ActRequest::of("HOM-NAY", ActKind::Resolve), None, Lang::Vi).await.unwrap();
        assert_eq!(run(&app, &mailer, &today, "2026-11-20T07:50").await.sent, 1);
        let letter = mailer.taken().pop().unwrap();
        assert!(letter.text.contains("HOM-NAY") && letter.text.contains("đến chậm 20 phút"), "{}", letter.text);
    }
}

on_both_async! {
    async fn severity_unit_people_intro_and_channels_are_the_rules(db) {
        let app = an_office_with_everything(db).await;
        user(&app, Role::Leader, "H19", "tinh@dongnai.example.vn").await;
        user(&app, Role::Officer, "H19.15", "thuky@bendinh.example.vn").await;
        let mailer = mailer("memory://");
        let serious = rule("serious", "audience = \"leader\"\nunit = \"H19.15\"\nwhat = \"morning_digest\"\nminimum_severity = \"overdue\"\n\
            [intro]\nvi = \"Gửi {unit}: {overdue} hồ sơ quá hạn, {savable} hồ sơ còn kịp, lúc {time} {day}.\"\n");
        assert_eq!(run(&app, &mailer, &[serious], "2026-11-20T07:30").await.sent, 1, "the province is not of the unit");
        let letter = mailer.taken().pop().unwrap();
        assert_eq!((letter.to.as_str(), named(&letter)), ("lanhdao@bendinh.example.vn", vec!["QUA-HAN"]));
        let own = "Gửi Phường Bến Đình: 1 hồ sơ quá hạn, 0 hồ sơ còn kịp, lúc 7 giờ 30 thứ Sáu 20/11/2026.";
        assert!(letter.text.contains(own) && letter.html.contains(own), "{}", letter.text);

        let people = rule("people", "people = [\"thuky@bendinh.example.vn\"]\nwhat = \"overdue\"\n");
        assert_eq!(run(&app, &mailer, &[people], "2026-11-20T07:40").await.sent, 1);
        let letter = mailer.taken().pop().unwrap();
        assert_eq!(letter.to, "thuky@bendinh.example.vn");
        assert!(letter.text.contains("Kính gửi Phường Bến Đình,") && named(&letter) == ["QUA-HAN"], "{}", letter.text);

        let both = rule("both", "audience = \"leader\"\nunit = \"H19.15\"\nwhat = \"overdue\"\nchannels = [\"mail\", \"zalo_tinh\"]\n");
        app.clock().set(at("2026-11-20T07:45"));
        let round = alerts::enqueue_due(&app, &settings(&mailer, vec![both]), at("2026-11-20T07:45")).await.unwrap();
        assert_eq!(round.enqueued, 2, "a message for each channel");
    }
}

on_both_async! {
    async fn a_preview_is_the_mail_that_is_sent_and_writes_nothing(db) {
        let app = TestApp::start(db, NOW).await;
        let mail = |address: &str, role: &str| json!({"name": format!("Người {role}"), "role": role, "unit": "H19.15", "email": address});
        let leader = app.post("admin", "/api/v1/users", &mail("lanhdao@phuoclong.example.vn", "leader")).await.ok()["id"].clone();
        app.log(THREE_DAYS, json!({"code": "HOM-NAY", "received_at": "2026-11-17T09:00:00+07:00"})).await.ok();
        app.at("2026-11-20T09:00:00+07:00");
        put(&app, "admin", "han_hom_nay", None, &overdue(json!({"what": "due_today", "cron": "0 30 9 * * *"}))).await.ok();
        let before = recorded(&app).await.len();
        let path = format!("{RULES}/han_hom_nay/preview?user={leader}&at=2026-11-20T09:30:00%2B07:00");
        let previewed = app.get("commune_admin", &path).await.ok();
        assert_eq!((&previewed["reached"], &previewed["user"], &previewed["at"]),
            (&json!(true), &leader, &json!("2026-11-20T09:30:00+07:00")));
        app.get("commune_admin", &format!("{RULES}/han_hom_nay/preview?user=3")).await.fault("user", "unknown_reference");
        let own = app.get("commune_admin", &format!("{RULES}/han_hom_nay/preview")).await.ok();
        assert_eq!(own["reached"], false, "an administrator is no leader");
        assert!(own["message"]["text"].as_str().unwrap().contains("HOM-NAY"));
        let earlier = app.get("commune_admin", &format!("{RULES}/han_hom_nay/preview?at=2026-11-19T09:30:00%2B07:00")).await.ok();
        assert_eq!(earlier["message"], Value::Null, "nothing was due then");
        assert_eq!(recorded(&app).await.len(), before);

        let mailer = mailer("memory://");
        app.at("2026-11-20T09:30:00+07:00");
        let settings = AlertSettings::new(Vec::new(), None, &mailer).unwrap();
        let round = alerts::run_until(&app.app, &settings, &mailer, at("2026-11-20T09:30")).await.unwrap();
        assert_eq!((round.slots, round.sent), (1, 1), "nothing was claimed by looking");
        let sent = mailer.taken().pop().unwrap();
        assert_eq!((&previewed["message"]["subject"], &previewed["message"]["text"], &previewed["message"]["html"]),
            (&json!(sent.subject), &json!(sent.text), &json!(sent.html)));
        app.stop().await;
    }
}

on_both_async! {
    async fn a_rule_that_is_not_written_yet_is_previewed_as_it_would_be(db) {
        let app = TestApp::start(db, NOW).await;
        app.log(THREE_DAYS, json!({"code": "HOM-NAY", "received_at": "2026-11-17T09:00:00+07:00"})).await.ok();
        app.at("2026-11-20T09:00:00+07:00");
        let mut draft = overdue(json!({"what": "due_today", "cron": "0 30 9 * * *", "intro": {"vi": "Nhắc {unit}:"}}));
        let preview = format!("{RULES}/preview?at=2026-11-20T09:30:00%2B07:00");
        let before = recorded(&app).await.len();
        let nameless = app.post("commune_admin", &preview, &draft).await.ok();
        draft["name"] = json!("han_hom_nay");
        let named = app.post("commune_admin", &preview, &draft).await.ok();
        assert_eq!(recorded(&app).await.len(), before);
        app.get("commune_admin", &format!("{RULES}/han_hom_nay")).await.problem(404, "not_found");
        put(&app, "commune_admin", "han_hom_nay", None, &draft).await.ok();
        let stored = app.get("commune_admin", &format!("{RULES}/han_hom_nay/preview?at=2026-11-20T09:30:00%2B07:00")).await.ok();
        assert_eq!((&named, &nameless["message"]), (&stored, &stored["message"]));
        assert!(stored["message"]["text"].as_str().unwrap().contains("Nhắc "), "{stored}");

        draft["cron"] = json!("0 0 7 30 2 *");
        app.post("commune_admin", &preview, &draft).await.fault("cron", "never");
        draft["cron"] = json!("0 30 9 * * *");
        draft["people"] = json!(["không ai"]);
        app.post("commune_admin", &preview, &draft).await.fault("people[0]", "unknown_reference");
        draft["people"] = json!([]);
        draft["channels"] = json!(["pigeon"]);
        app.post("commune_admin", &preview, &draft).await.fault("channels[0]", "not_allowed");
        draft["channels"] = json!(["mail"]);
        draft["name"] = json!("morning_digest");
        app.post("commune_admin", &preview, &draft).await.problem(403, "forbidden");
        app.post("leader", &preview, &draft).await.problem(403, "forbidden");
        app.stop().await;
    }
}

/// A commitment that each dossier of a unit is resolved within the session, so that every outlook has a third kind to look at.
pub(crate) fn within_the_session(unit: &str) -> Commitment {
    Commitment {
        id: 0,
        unit: unit.into(),
        subtree: true,
        selector: Selector { all: true, ..Selector::default() },
        received_on: ReceivedOn::default(),
        effect: Effect::SameSession,
        valid_from: "2020-01-01".parse().unwrap(),
        valid_to: None,
        decision: "QĐ 7".into(),
    }
}

on_both_async! {
    async fn a_session_missed_at_noon_is_told_at_the_end_of_the_day_and_not_before(db) {
        let app = office_since(db, "2026-11-20T07:00").await;
        user(&app, Role::Leader, "H19.15", "lanhdao@bendinh.example.vn").await;
        catalogue::commitment_create(&app, within_the_session("H19.15"), None).await.unwrap();
        log(&app, "HOM-NAY", THREE_DAYS, "2026-11-20T09:00", None).await;
        let mailer = mailer("memory://");
        let at_noon = "cron = \"0 0 11 * * *\"";
        let text = |name: &str, cron: &str| {
            format!("name = \"{name}\"\naudience = \"leader\"\nwhat = \"missed_today\"\n{cron}\nstale_after_minutes = 60")
        };
        let early: AlertRule = toml::from_str(&text("early", at_noon)).unwrap();
        assert_eq!(run(&app, &mailer, &[early], "2026-11-20T11:00").await, Round { slots: 1, ..Round::default() });
        let late: AlertRule = toml::from_str(&text("late", "cron = \"0 5 17 * * *\"")).unwrap();
        assert_eq!(run(&app, &mailer, &[late], "2026-11-20T17:05").await.sent, 1);
        let letter = mailer.taken().pop().unwrap();
        assert!(letter.text.contains("hạn 11:30 hôm nay"), "{}", letter.text);
        assert!(letter.text.contains("qua giờ hẹn 4 giờ làm việc"), "{}", letter.text);
    }
}
