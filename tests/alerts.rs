//! Alert mails end to end: from dossiers to what a mail server on the other side of a real SMTP conversation was told, on both engines.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use hentra::app::access::{NewUser, Principal, Role, token_create};
use hentra::app::alerts::{self, AlertFilter, AlertSettings, AlertView, OutboxStatus, Round};
use hentra::app::dossiers::{self, PageRequest};
use hentra::app::writer::{ActRequest, Applicant, Registration};
use hentra::app::{App, AppError, catalogue};
use hentra::clock::Clock;
use hentra::domain::act::ActKind;
use hentra::domain::commitment::{Commitment, Effect, ReceivedOn, Selector};
use hentra::domain::dossier::Channel;
use hentra::mail::{self, Mailer};
use hentra::store::access::{UserRow, user_insert};
use hentra::store::outbox_lease::{Claim, outbox_claim};
use hentra::store::{Store, StoreError, StoreSettings, catalogue as tables};
use hentra::text::Lang;

use crate::alert_letters::unlinked;
use crate::alert_timetable::shipped_rules;
use crate::support::smtp::{Answer, SmtpServer, Step};
use crate::support::{TestDatabase, on_both_async, unit};

pub(crate) const SENDER: &str = "Hentra <hentra@bendinh.example.vn>";
/// Friday; Tuesday 24/11/2026 is a holiday.
const FRIDAY: &str = "2026-11-20T07:30";

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(&format!("{text}:00+07:00")).unwrap().to_utc()
}

fn store(db: &TestDatabase) -> Store {
    let settings = StoreSettings { url: db.url().to_owned(), readers: 4, patience: Duration::from_secs(5) };
    Store::open(&settings).unwrap()
}

fn commitment(effect: Effect, codes: &[&str]) -> Commitment {
    Commitment {
        id: 0,
        unit: "H19".into(),
        subtree: true,
        selector: Selector {
            procedures: codes.iter().map(|code| (*code).into()).collect(),
            ..Selector::default()
        },
        received_on: ReceivedOn::default(),
        effect,
        valid_from: NaiveDate::from_ymd_opt(2020, 1, 1).unwrap(),
        valid_to: None,
        decision: "QĐ 12/QĐ-UBND".into(),
    }
}

/// A province with a ward that handles copies from the register within the day and puts nothing off from Friday to next week.
pub(crate) async fn office(db: &TestDatabase) -> App {
    office_since(db, "2026-11-19T08:00").await
}

/// The same, its ledger begun at another instant.
pub(crate) async fn office_since(db: &TestDatabase, begun: &str) -> App {
    let app = App::start(store(db), Clock::standing_at(at(begun))).unwrap();
    let units = vec![unit("H19", "Tỉnh Đồng Nai", None), unit("H19.15", "Phường Bến Đình", Some("H19"))];
    catalogue::units_put(&app, units).await.unwrap();
    let registered = commitment(Effect::SameDay, &["2.000908"]);
    catalogue::commitment_create(&app, registered, None).await.unwrap();
    catalogue::commitment_create(&app, commitment(Effect::NoWeekRollover, &[]), None).await.unwrap();
    app
}

pub(crate) async fn user(app: &App, role: Role, unit: &str, email: &str) -> String {
    let new = NewUser {
        name: format!("Người dùng {email}"),
        role,
        unit: unit.into(),
        email: Some(email.into()),
        expires_at: None,
    };
    token_create(app, new).await.unwrap()
}

pub(crate) async fn log(app: &App, code: &str, procedure: &str, received: &str, promised: Option<&str>) {
    app.clock().set(app.clock().now().max(at(received)));
    let new = Registration {
        code: Some(code.into()),
        unit: "H19.15".into(),
        procedure: procedure.into(),
        channel: Channel::InPerson,
        case: None,
        received_at: Some(at(received)),
        due_at: promised.map(at),
        officer: Some("Trần Thị Mai".into()),
        applicant: Applicant {
            name: "Nguyễn Văn Bí Mật".into(),
            phone: Some("0912345678".into()),
            email: None,
            address: None,
        },
        note: Some("ghi chú kín".into()),
        reason: None,
        closed: None,
        idempotency: None,
    };
    dossiers::register(app, new, None, Lang::Vi).await.unwrap();
}

/// One overdue, one due today, one that breaks today's commitment if left, one due next week, one closed.
async fn some_dossiers(app: &App) {
    log(app, "QUA-HAN", "1.004859", "2026-11-12T09:00", None).await;
    log(app, "HOM-NAY", "1.004859", "2026-11-17T09:00", None).await;
    log(app, "TUAN-SAU", "1.004859", "2026-11-19T09:00", None).await;
    log(app, "DA-XONG", "1.004859", "2026-11-17T09:30", None).await;
    let done = ActRequest::of("DA-XONG", ActKind::Resolve);
    dossiers::act(app, done, None, Lang::Vi).await.unwrap();
    log(app, "TRONG-NGAY", "2.000908", "2026-11-20T07:05", Some("2026-11-23T17:00")).await;
}

/// The shipped rules whose mails these tests are about; what each of the others says is `alert_rules`', the weekly mail `alerts_weekly`'s.
fn settings(mailer: &Mailer) -> AlertSettings {
    let rules = shipped_rules()
        .into_iter()
        .filter(|rule| ["morning_digest", "week_rollover"].contains(&rule.name()))
        .collect();
    AlertSettings::new(rules, Some("https://hentra.example.vn/".into()), mailer).unwrap()
}

pub(crate) fn mailer(url: &str) -> Mailer {
    Mailer::from_url(url, SENDER, false).unwrap()
}

/// What `hentra alerts run --until` does, at that instant.
async fn run(app: &App, mailer: &Mailer, until: &str) -> Round {
    app.clock().set(at(until));
    alerts::run_until(app, &settings(mailer), mailer, at(until)).await.unwrap()
}

async fn all(app: &App) -> Vec<AlertView> {
    let by = Principal { user_id: 0, name: "Lãnh đạo".into(), role: Role::Leader, unit: "H19".into() };
    let page = PageRequest { by, lang: Lang::Vi, limit: 100, cursor: None };
    let mut items = alerts::list(app, AlertFilter::default(), page).await.unwrap().items;
    items.sort_by_key(|alert| alert.id);
    items
}

async fn statuses(app: &App) -> Vec<OutboxStatus> {
    all(app).await.into_iter().map(|alert| alert.status).collect()
}

on_both_async! {
    async fn the_digest_arrives_once_through_a_real_conversation(db) {
        let app = office(db).await;
        user(&app, Role::Leader, "H19.15", "lanhdao@bendinh.example.vn").await;
        user(&app, Role::Officer, "H19.15", "canbo@bendinh.example.vn").await;
        some_dossiers(&app).await;
        let server = SmtpServer::start();
        let mailer = mailer(&server.url());
        let round = run(&app, &mailer, FRIDAY).await;
        assert_eq!(round, Round { slots: 1, enqueued: 1, sent: 1, ..Round::default() });
        assert!(run(&app, &mailer, FRIDAY).await.is_quiet());
        assert!(run(&app, &mailer, "2026-11-20T08:00").await.is_quiet());

        let taken = server.taken();
        assert_eq!(taken.len(), 1, "{:#?}", server.conversations());
        let mail = &taken[0];
        assert_eq!(mail.to, ["lanhdao@bendinh.example.vn"]);
        assert_eq!(
            mail.header("Subject").unwrap(),
            "[Phường Bến Đình] 2 hồ sơ cần xử lý hôm nay, 1 đã quá hạn – thứ Sáu 20/11/2026"
        );
        assert_eq!(mail.header("From").unwrap(), "Hentra <hentra@bendinh.example.vn>");
        assert_eq!(mail.header("Auto-Submitted").unwrap(), "auto-generated");
        assert_eq!(mail.header("Date").unwrap(), "Fri, 20 Nov 2026 00:30:00 +0000");
        assert!(mail.header("Content-Type").unwrap().starts_with("multipart/alternative"));
        let id = mail.header("Message-ID").unwrap();
        assert_eq!(id, format!("<{}>", all(&app).await[0].message_id));
        assert!(id.ends_with("@bendinh.example.vn>"), "{id}");

        let html = mail.part("text/html; charset=utf-8").unwrap();
        for said in ["QUA-HAN", "HOM-NAY", "TRONG-NGAY", "quá\u{a0}hạn 3\u{a0}ngày làm\u{a0}việc", "color-scheme"] {
            assert!(html.contains(said), "{said} is not in {html}");
        }
        assert!(!html.contains("TUAN-SAU") && !html.contains("DA-XONG"));
        let text = mail.part("text/plain; charset=utf-8").unwrap();
        for secret in ["Bí Mật", "0912345678", "ghi chú kín"] {
            assert!(!text.contains(secret) && !html.contains(secret));
        }
        insta::allow_duplicates! {
            insta::assert_snapshot!(text.split("\nTrân trọng").next().unwrap(), @r#"
2 hồ sơ còn kịp giải quyết hôm nay, 1 hồ sơ đã quá hạn.

Kính gửi lãnh đạo Phường Bến Đình, dưới đây là hồ sơ cần xử lý trong hôm nay và hồ sơ đã quá hạn, tính đến 7 giờ 30 thứ Sáu 20/11/2026. Hồ sơ còn ít thời gian nhất xếp trước.

Tuần này (từ 16/11/2026), trước và đúng hạn trên số đến hạn: 1/2 = 50,0 %

CÒN KỊP GIẢI QUYẾT HÔM NAY (2)

1. HOM-NAY – còn 8 giờ làm việc
   Thủ tục thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc (1.004859)
   Cán bộ: Trần Thị Mai · hạn 17:00 hôm nay
   https://hentra.example.vn/dossiers/HOM-NAY
2. TRONG-NGAY – còn 8 giờ làm việc
   Thủ tục cấp bản sao từ sổ gốc (2.000908)
   Cán bộ: Trần Thị Mai · hạn 17:00 hôm nay (cam kết trong ngày)
   https://hentra.example.vn/dossiers/TRONG-NGAY
Xem danh sách hồ sơ đến hạn: https://hentra.example.vn/dossiers?unit=H19.15&subtree=true&overdue=false&status__in=processing&due_at__lt=2026-11-21T00%3A00%3A00%2B07%3A00

ĐÃ QUÁ HẠN (1)

1. QUA-HAN – quá hạn 3 ngày làm việc
   Thủ tục thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc (1.004859)
   Cán bộ: Trần Thị Mai · hạn 17:00 thứ Ba 17/11/2026
   https://hentra.example.vn/dossiers/QUA-HAN
Xem danh sách hồ sơ quá hạn: https://hentra.example.vn/dossiers?unit=H19.15&subtree=true&overdue=true
"#);
        }
    }
}

on_both_async! {
    async fn what_would_roll_over_is_told_at_two_on_friday(db) {
        let app = office(db).await;
        user(&app, Role::Leader, "H19", "tinh@dongnai.example.vn").await;
        some_dossiers(&app).await;
        let mailer = mailer("memory://");
        run(&app, &mailer, FRIDAY).await;
        run(&app, &mailer, "2026-11-20T14:00").await;
        let letters = mailer.taken();
        assert_eq!(letters.len(), 2);
        insta::allow_duplicates! {
            insta::assert_snapshot!(format!("{}\n\n{}", letters[1].subject, unlinked(&letters[1].text)), @r#"
[Tỉnh Đồng Nai] 2 hồ sơ sẽ trôi sang tuần sau, 1 đã quá hạn – thứ Sáu 20/11/2026

2 hồ sơ sẽ trôi sang tuần sau nếu không giải quyết xong trong tuần này, 1 hồ sơ đã quá hạn.

Kính gửi lãnh đạo Tỉnh Đồng Nai, dưới đây là hồ sơ phải giải quyết xong trong tuần này mà đến 14 giờ thứ Sáu 20/11/2026 chưa xong, kể cả hồ sơ đã quá hạn. Hồ sơ còn ít thời gian nhất xếp trước.

Tuần này (từ 16/11/2026), trước và đúng hạn trên số đến hạn: 1/2 = 50,0 %

SẼ TRÔI SANG TUẦN SAU NẾU KHÔNG KỊP GIẢI QUYẾT (2)

1. HOM-NAY – còn 3 giờ làm việc
   Thủ tục thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc (1.004859)
   Phường Bến Đình · Cán bộ: Trần Thị Mai · hạn 17:00 hôm nay
   https://hentra.example.vn/dossiers/HOM-NAY
2. TRONG-NGAY – còn 3 giờ làm việc
   Thủ tục cấp bản sao từ sổ gốc (2.000908)
   Phường Bến Đình · Cán bộ: Trần Thị Mai · hạn 17:00 hôm nay (cam kết trong ngày)
   https://hentra.example.vn/dossiers/TRONG-NGAY
Xem danh sách hồ sơ đến hạn: https://hentra.example.vn/dossiers?unit=H19&subtree=true&overdue=false&status__in=processing&due_at__lt=2026-11-23T00%3A00%3A00%2B07%3A00

ĐÃ QUÁ HẠN (1)

1. QUA-HAN – quá hạn 3 ngày làm việc
   Thủ tục thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc (1.004859)
   Phường Bến Đình · Cán bộ: Trần Thị Mai · hạn 17:00 thứ Ba 17/11/2026
   https://hentra.example.vn/dossiers/QUA-HAN
Xem danh sách hồ sơ quá hạn: https://hentra.example.vn/dossiers?unit=H19&subtree=true&overdue=true

Trân trọng.

-- 
Thư tự động của hệ thống Hentra, kỳ 14 giờ thứ Sáu 20/11/2026. Vui lòng không trả lời thư này.
Ngừng nhận loại thư này: https://hentra.example.vn/l/…
"#);
        }
    }
}

on_both_async! {
    async fn one_bad_address_harms_no_neighbour(db) {
        let app = office(db).await;
        for name in ["a", "hong", "b"] {
            user(&app, Role::Leader, "H19.15", &format!("{name}@bendinh.example.vn")).await;
        }
        // Such an address is refused where users are added; one may stand from before it was, or by another hand.
        let bad = UserRow {
            id: 0,
            name: "Hà".into(),
            email: Some("không phải địa chỉ".into()),
            role: "leader".into(),
            unit: "H19.15".into(),
            language: "vi".into(),
            active: true,
            created_at: at(FRIDAY).into(),
        };
        let inserted: Result<i64, StoreError> = store(db).write("test", |c| user_insert(c, bad));
        inserted.unwrap();
        some_dossiers(&app).await;
        let server = SmtpServer::start();
        server.obey(|step, to| match step {
            Step::Rcpt if to.starts_with("hong@") => Answer::Say("550 5.1.1 no such user"),
            _ => Answer::Usual,
        });
        let mailer = mailer(&server.url());
        let round = run(&app, &mailer, FRIDAY).await;
        assert_eq!((round.enqueued, round.sent, round.failed, round.retried), (4, 2, 2, 0));
        let mut to: Vec<String> = server.taken().into_iter().flat_map(|mail| mail.to).collect();
        to.sort();
        assert_eq!(to, ["a@bendinh.example.vn", "b@bendinh.example.vn"]);
        let alerts = all(&app).await;
        use OutboxStatus::{Failed, Sent};
        assert_eq!(statuses(&app).await, [Sent, Failed, Sent, Failed]);
        assert!(alerts[0].server_reply.as_deref().unwrap().starts_with("250 2.0.0 OK"), "{:?}", alerts[0]);
        assert!(alerts[1].server_reply.as_deref().unwrap().contains("no such user"));
        assert!(run(&app, &mailer, "2026-11-20T12:00").await.is_quiet(), "what is refused for good is not tried again");
    }
}

on_both_async! {
    async fn put_off_or_cut_short_it_is_sent_again_under_the_same_id(db) {
        let app = office(db).await;
        user(&app, Role::Leader, "H19.15", "lanhdao@bendinh.example.vn").await;
        some_dossiers(&app).await;
        let server = SmtpServer::start();
        let mailer = mailer(&server.url());
        let faults = [
            (Step::Rcpt, Answer::Say("451 4.7.1 greylisted, come back later")),
            (Step::Banner, Answer::Say("421 too busy")),
            (Step::Data, Answer::HangUp),
            (Step::Message, Answer::Say("452 4.3.1 disk full")),
        ];
        let mut now = at(FRIDAY);
        for (at_step, answer) in faults {
            // A new mailer each time: a kept connection has its banner behind it.
            let mailer = self::mailer(&server.url());
            server.obey(move |step, _| if step == at_step { answer.clone() } else { Answer::Usual });
            app.clock().set(now);
            let round = alerts::run_until(&app, &settings(&mailer), &mailer, now).await.unwrap();
            assert_eq!((round.sent, round.retried, round.failed), (0, 1, 0), "{at_step:?}");
            let again = alerts::run_until(&app, &settings(&mailer), &mailer, now).await.unwrap();
            assert!(again.is_quiet(), "not before its wait is over");
            now += TimeDelta::minutes(38);
        }
        server.obey(|_, _| Answer::Usual);
        app.clock().set(now);
        assert_eq!(alerts::run_until(&app, &settings(&mailer), &mailer, now).await.unwrap().sent, 1);
        assert_eq!(server.taken().len(), 1);
        // Seen whole twice (452, taken), each time as the same message.
        let seen = server.seen();
        assert_eq!(seen.len(), 2);
        assert!(seen.iter().all(|mail| mail.header("Message-ID") == seen[0].header("Message-ID")));
        assert_eq!(all(&app).await[0].attempts, 5);
    }
}

on_both_async! {
    async fn a_server_that_is_down_all_day_leaves_a_stale_mail_not_a_late_one(db) {
        let app = office(db).await;
        user(&app, Role::Leader, "H19.15", "lanhdao@bendinh.example.vn").await;
        some_dossiers(&app).await;
        let nobody = mailer("smtp://127.0.0.1:1");
        assert_eq!(run(&app, &nobody, FRIDAY).await.retried, 1);
        let server = SmtpServer::start();
        let round = run(&app, &mailer(&server.url()), "2026-11-20T17:30").await;
        assert_eq!((round.stale, round.sent, round.stale_slots), (1, 0, 1));
        assert!(server.seen().is_empty());
        assert_eq!(statuses(&app).await, [OutboxStatus::Stale]);
    }
}

on_both_async! {
    async fn nothing_is_locked_while_the_server_is_spoken_to(db) {
        let app = office(db).await;
        user(&app, Role::Leader, "H19.15", "lanhdao@bendinh.example.vn").await;
        some_dossiers(&app).await;
        let server = SmtpServer::start();
        let other = store(db);
        let found = Arc::new(Mutex::new(Vec::new()));
        let note = Arc::clone(&found);
        server.obey(move |step, _| {
            if step == Step::Message {
                let read = tables::catalogue_version(&mut other.reader().unwrap());
                let written: Result<(), StoreError> = other.write("test", |c| tables::catalogue_touch(c).map(|_| ()));
                note.lock().unwrap().push((read.is_ok(), written.is_ok()));
            }
            Answer::Usual
        });
        assert_eq!(run(&app, &mailer(&server.url()), FRIDAY).await.sent, 1);
        assert_eq!(*found.lock().unwrap(), [(true, true)]);
    }
}

on_both_async! {
    async fn of_two_processes_one_sends(db) {
        let app = office(db).await;
        for name in 0..12 {
            user(&app, Role::Leader, "H19.15", &format!("l{name}@bendinh.example.vn")).await;
        }
        some_dossiers(&app).await;
        let other = App::start(store(db), Clock::standing_at(at(FRIDAY))).unwrap();
        app.clock().set(at(FRIDAY));
        let server = SmtpServer::start();
        let (one, two) = (mailer(&server.url()), mailer(&server.url()));
        let (timetable, until) = (settings(&one), at(FRIDAY));
        let (first, second) = tokio::join!(
            alerts::run_until(&app, &timetable, &one, until),
            alerts::run_until(&other, &timetable, &two, until)
        );
        let (first, second) = (first.unwrap(), second.unwrap());
        assert_eq!((first.enqueued + second.enqueued, first.sent + second.sent), (12, 12));
        let mut to: Vec<String> = server.taken().into_iter().flat_map(|mail| mail.to).collect();
        to.sort();
        to.dedup();
        assert_eq!((to.len(), server.seen().len()), (12, 12));
        assert!(server.conversations().len() <= 2 * mail::CONNECTIONS, "connections are reused: {}", server.conversations().len());
    }
}

on_both_async! {
    async fn a_process_that_died_while_sending_leaves_an_uncertain_mail(db) {
        let app = office(db).await;
        user(&app, Role::Leader, "H19.15", "lanhdao@bendinh.example.vn").await;
        some_dossiers(&app).await;
        let mailer = mailer("memory://");
        app.clock().set(at(FRIDAY));
        alerts::enqueue_due(&app, &settings(&mailer), at(FRIDAY)).await.unwrap();
        let (until, lease_until) = (at(FRIDAY).into(), at("2026-11-20T07:40").into());
        let claim = Claim { after: 0, until, now: until, lease_until, limit: 10 };
        let taken: Result<Vec<_>, StoreError> =
            store(db).write("test", |c| outbox_claim(c, claim));
        assert_eq!(taken.unwrap().len(), 1);
        assert!(run(&app, &mailer, "2026-11-20T07:39").await.is_quiet(), "the lease still holds");
        assert_eq!(run(&app, &mailer, "2026-11-20T07:41").await, Round { uncertain: 1, ..Round::default() });
        assert!(mailer.taken().is_empty(), "it may have been taken: it is not sent twice");
        assert_eq!(statuses(&app).await, [OutboxStatus::Uncertain]);
    }
}

on_both_async! {
    async fn mails_that_a_dying_process_never_began_are_sent_by_the_next(db) {
        let app = office(db).await;
        for name in 0..12 {
            user(&app, Role::Leader, "H19.15", &format!("l{name}@bendinh.example.vn")).await;
        }
        some_dossiers(&app).await;
        app.clock().set(at(FRIDAY));
        let server = SmtpServer::start();
        server.obey(|step, _| {
            if step == Step::Banner {
                std::thread::sleep(Duration::from_secs(2));
            }
            Answer::Usual
        });
        let mailer = mailer(&server.url());
        alerts::enqueue_due(&app, &settings(&mailer), at(FRIDAY)).await.unwrap();
        let begun = tokio::time::timeout(Duration::from_millis(500), alerts::deliver(&app, &mailer, at(FRIDAY)));
        assert!(begun.await.is_err(), "it dies while the server hesitates");
        server.obey(|_, _| Answer::Usual);
        let next = run(&app, &Mailer::from_url("memory://", SENDER, false).unwrap(), "2026-11-20T07:50").await;
        assert_eq!((next.uncertain, next.sent), (mail::CONNECTIONS, 12 - mail::CONNECTIONS));
    }
}

on_both_async! {
    async fn holidays_are_silent_and_makeup_saturdays_awake(db) {
        let app = office(db).await;
        app.clock().set(at("2026-08-14T09:00"));
        user(&app, Role::Leader, "H19.15", "lanhdao@bendinh.example.vn").await;
        log(&app, "CU", "1.004859", "2026-08-03T09:00", None).await;
        let mailer = mailer("memory://");
        let mut told = Vec::new();
        let mut day = NaiveDate::from_ymd_opt(2026, 8, 20).unwrap();
        while day <= NaiveDate::from_ymd_opt(2026, 9, 3).unwrap() {
            for hour in ["07:30", "14:00"] {
                if run(&app, &mailer, &format!("{day}T{hour}")).await.sent == 1 {
                    told.push(format!("{} {hour}", day.format("%a %-d/%-m")));
                }
            }
            day = day.succ_opt().unwrap();
        }
        insta::allow_duplicates! {
            insta::assert_snapshot!(told.join(", "), @r#"
Thu 20/8 07:30, Fri 21/8 07:30, Sat 22/8 07:30, Sat 22/8 14:00, Mon 24/8 07:30, Tue 25/8 07:30, Wed 26/8 07:30, Thu 27/8 07:30, Fri 28/8 07:30, Fri 28/8 14:00, Thu 3/9 07:30
"#);
        }
    }
}

on_both_async! {
    async fn when_friday_is_off_the_week_ends_on_thursday(db) {
        let app = office(db).await;
        app.clock().set(at("2021-04-26T08:00"));
        user(&app, Role::Leader, "H19.15", "lanhdao@bendinh.example.vn").await;
        log(&app, "THU-NAM", "2.000908", "2021-04-29T09:00", Some("2021-05-04T17:00")).await;
        let mailer = mailer("memory://");
        run(&app, &mailer, "2021-04-29T14:00").await;
        run(&app, &mailer, "2021-04-30T14:00").await;
        let subjects: Vec<String> = mailer.taken().into_iter().map(|letter| letter.subject).collect();
        assert_eq!(
            subjects,
            ["[Phường Bến Đình] 1 hồ sơ sẽ trôi sang tuần sau – thứ Năm 29/4/2021"]
        );
    }
}

on_both_async! {
    async fn a_missed_slot_is_caught_up_with_its_delay_or_marked_stale(db) {
        let app = office(db).await;
        user(&app, Role::Leader, "H19.15", "lanhdao@bendinh.example.vn").await;
        some_dossiers(&app).await;
        let mailer = mailer("memory://");
        run(&app, &mailer, "2026-11-19T17:30").await;
        // Down until Friday 09:45: what was true at 07:30 is told, and that it is late.
        let round = run(&app, &mailer, "2026-11-20T09:45").await;
        assert_eq!((round.slots, round.stale_slots, round.sent), (1, 0, 1));
        let letter = mailer.taken().pop().unwrap();
        assert!(letter.subject.starts_with("[Phường Bến Đình] 2 hồ sơ cần xử lý hôm nay"), "{}", letter.subject);
        assert!(letter.text.contains("Thư này đến chậm 2 giờ 15 phút"), "{}", letter.text);
        assert!(letter.html.contains("Thư này đến chậm 2 giờ 15 phút"));
        // Down until Wednesday 10:00: Friday 14:00 and Monday are past saving, Tuesday is a holiday, Wednesday is told.
        let round = run(&app, &mailer, "2026-11-25T10:00").await;
        assert_eq!((round.slots, round.stale_slots, round.sent), (3, 2, 1));
        assert!(run(&app, &mailer, "2026-11-25T10:01").await.is_quiet());
    }
}

on_both_async! {
    async fn with_nothing_to_report_the_slot_is_claimed_and_nobody_written_to(db) {
        let app = office(db).await;
        user(&app, Role::Leader, "H19.15", "lanhdao@bendinh.example.vn").await;
        let mailer = mailer("memory://");
        assert_eq!(run(&app, &mailer, FRIDAY).await, Round { slots: 1, ..Round::default() });
        log(&app, "MOI", "2.000908", "2026-11-20T08:00", None).await;
        assert!(run(&app, &mailer, "2026-11-20T08:30").await.is_quiet());
        assert!(mailer.taken().is_empty());
    }
}

on_both_async! {
    async fn files_are_whole_messages(db) {
        let app = office(db).await;
        user(&app, Role::Leader, "H19.15", "lanhdao@bendinh.example.vn").await;
        some_dossiers(&app).await;
        let directory = tempfile::tempdir().unwrap();
        let mailer = mailer(&format!("files://{}/mail", directory.path().display()));
        assert_eq!(run(&app, &mailer, FRIDAY).await.sent, 1);
        let files: Vec<_> = std::fs::read_dir(directory.path().join("mail")).unwrap().flatten().collect();
        assert_eq!(files.len(), 1);
        let name = files[0].file_name().into_string().unwrap();
        assert_eq!(name, format!("{}.eml", all(&app).await[0].message_id));
        let raw = std::fs::read_to_string(files[0].path()).unwrap();
        let mail = crate::support::smtp::Received { to: Vec::new(), raw };
        assert!(mail.header("Subject").unwrap().starts_with("[Phường Bến Đình] 2 hồ sơ"));
        assert!(mail.part("text/plain; charset=utf-8").unwrap().contains("HOM-NAY"));
    }
}

on_both_async! {
    async fn a_long_list_is_capped_and_says_how_many_more(db) {
        let app = office(db).await;
        user(&app, Role::Leader, "H19.15", "lanhdao@bendinh.example.vn").await;
        for n in 0..25 {
            log(&app, &format!("HS-{n:02}"), "1.004859", "2026-11-17T09:00", None).await;
        }
        let mailer = mailer("memory://");
        run(&app, &mailer, FRIDAY).await;
        let letter = mailer.taken().pop().unwrap();
        assert!(letter.subject.contains("25 hồ sơ"));
        for body in [&letter.text, &letter.html] {
            assert!(body.contains("HS-19") && !body.contains("HS-20"));
            assert!(body.contains("… và 5 hồ sơ khác"));
        }
    }
}

on_both_async! {
    async fn names_from_elsewhere_break_out_of_nothing(db) {
        let app = office(db).await;
        let renamed = unit("H19.15", "Phường <b>\r\nBcc: kẻ@gian.vn", Some("H19"));
        catalogue::units_put(&app, vec![renamed]).await.unwrap();
        user(&app, Role::Leader, "H19.15", "lanhdao@bendinh.example.vn").await;
        some_dossiers(&app).await;
        let server = SmtpServer::start();
        assert_eq!(run(&app, &mailer(&server.url()), FRIDAY).await.sent, 1);
        let mail = server.taken().pop().unwrap();
        assert_eq!(mail.header("Bcc"), None);
        assert!(mail.header("Subject").unwrap().starts_with("[Phường <b> Bcc: kẻ@gian.vn] 2 hồ sơ"));
        assert!(!mail.part("text/html").unwrap().contains("<b>"));
    }
}

on_both_async! {
    async fn mails_are_shown_to_those_they_concern(db) {
        let app = office(db).await;
        user(&app, Role::Leader, "H19", "tinh@dongnai.example.vn").await;
        some_dossiers(&app).await;
        run(&app, &mailer("memory://"), FRIDAY).await;
        let id = all(&app).await[0].id;
        let by = |role, unit: &str| Principal { user_id: 0, name: "X".into(), role, unit: unit.into() };
        let shown = alerts::find(&app, id, by(Role::Admin, "H19")).await.unwrap();
        assert!(shown.text.contains("Phường Bến Đình"), "the province is told which ward: {}", shown.text);
        assert!(matches!(alerts::find(&app, id, by(Role::Leader, "H19.15")).await, Err(AppError::NotFound(_))));
        assert!(matches!(alerts::find(&app, id, by(Role::Officer, "H19")).await, Err(AppError::Forbidden)));
        let page = |status| {
            let by = by(Role::Leader, "H19");
            alerts::list(&app, AlertFilter::of_status(status), PageRequest { by, lang: Lang::Vi, limit: 10, cursor: None })
        };
        assert_eq!(page(OutboxStatus::Sent).await.unwrap().count, 1);
        assert_eq!(page(OutboxStatus::Failed).await.unwrap().count, 0);
    }
}

on_both_async! {
    async fn the_scheduler_does_it_by_itself_and_stops_when_told(db) {
        let app = office(db).await;
        user(&app, Role::Leader, "H19.15", "lanhdao@bendinh.example.vn").await;
        some_dossiers(&app).await;
        app.clock().set(at(FRIDAY));
        let mailer = mailer("memory://");
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let running =
            tokio::spawn(hentra::scheduler::run(app.clone(), Arc::new(settings(&mailer)), mailer.clone(), stopped));
        let began = std::time::Instant::now();
        while mailer.taken().is_empty() {
            assert!(began.elapsed() < Duration::from_secs(10), "nothing was sent");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        stop.send(true).unwrap();
        tokio::time::timeout(Duration::from_secs(10), running).await.unwrap().unwrap();
        assert_eq!(statuses(&app).await, [OutboxStatus::Sent], "what was begun is finished first");
    }
}

on_both_async! {
    async fn an_english_reader_is_told_the_same_in_english(db) {
        let app = office(db).await;
        user(&app, Role::Leader, "H19.15", "lanhdao@bendinh.example.vn").await;
        let english = "UPDATE users SET language = 'en'";
        match db.url().strip_prefix("sqlite://") {
            Some(path) => crate::support::beside(path).batch_execute(english),
            None => PgConnection::establish(db.url()).unwrap().batch_execute(english),
        }
        .unwrap();
        some_dossiers(&app).await;
        let mailer = mailer("memory://");
        run(&app, &mailer, "2026-11-20T08:00").await;
        let letter = mailer.taken().pop().unwrap();
        insta::allow_duplicates! {
            insta::assert_snapshot!(format!("{}\n\n{}", letter.subject, unlinked(&letter.text)), @r#"
[Phường Bến Đình] 2 dossiers to handle today, 1 overdue – Friday 20 November 2026

2 dossiers can still be resolved in time today, 1 overdue.

This mail is 30 min late because the service was interrupted; we apologise. Its numbers are as of 07:30; some dossiers may have been resolved since.

For Phường Bến Đình: the dossiers to handle today and those overdue, as of 07:30 on Friday 20 November 2026. The least working time left comes first.

This week (from 16 November 2026), early or on time of those that came due: 1/2 = 50.0%

STILL IN TIME TODAY (2)

1. HOM-NAY – 8 h of working time left
   Thủ tục thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc (1.004859)
   Officer: Trần Thị Mai · due 17:00 today
   https://hentra.example.vn/dossiers/HOM-NAY
2. TRONG-NGAY – 8 h of working time left
   Thủ tục cấp bản sao từ sổ gốc (2.000908)
   Officer: Trần Thị Mai · due 17:00 today (committed: same day)
   https://hentra.example.vn/dossiers/TRONG-NGAY
See the dossiers falling due: https://hentra.example.vn/dossiers?unit=H19.15&subtree=true&overdue=false&status__in=processing&due_at__lt=2026-11-21T00%3A00%3A00%2B07%3A00

OVERDUE (1)

1. QUA-HAN – 3 working days overdue
   Thủ tục thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc (1.004859)
   Officer: Trần Thị Mai · due 17:00 Tuesday 17 November 2026
   https://hentra.example.vn/dossiers/QUA-HAN
See the overdue dossiers: https://hentra.example.vn/dossiers?unit=H19.15&subtree=true&overdue=true

With kind regards.

-- 
Sent automatically by Hentra for 07:30 on Friday 20 November 2026. Please do not reply.
Stop receiving this kind of mail: https://hentra.example.vn/l/…
"#);
        }
        assert!(letter.html.contains("<html lang=\"en\">"));
    }
}

on_both_async! {
    async fn the_list_and_the_mail_are_read_over_http(db) {
        let app = office(db).await;
        let leader = user(&app, Role::Leader, "H19.15", "lanhdao@bendinh.example.vn").await;
        let officer = user(&app, Role::Officer, "H19.15", "canbo@bendinh.example.vn").await;
        some_dossiers(&app).await;
        run(&app, &mailer("memory://"), FRIDAY).await;
        let shared: &hentra::api::Shared = Box::leak(Box::new(hentra::api::Shared::new(app.clone()).unwrap()));
        let service = actix_web::test::init_service(hentra::service::service(shared)).await;
        let id = all(&app).await[0].id;
        let mail = format!("/api/v1/alerts/{id}");
        let mut answers = Vec::new();
        for (token, path) in [
            (&leader, "/api/v1/alerts?status=sent"),
            (&leader, "/api/v1/alerts?status=failed&limit=1"),
            (&leader, &mail),
            (&leader, "/api/v1/alerts/999"),
            (&leader, "/api/v1/alerts?status=lost"),
            (&leader, "/api/v1/alerts?limit=0"),
            (&leader, "/api/v1/alerts?cursor=x"),
            (&leader, "/api/v1/alerts?state=sent"),
            (&officer, "/api/v1/alerts"),
            (&leader, "/api/v1/alerts?rule=morning_digest&unit=H19.15&from=2026-11-20&to=2026-11-20"),
            (&leader, "/api/v1/alerts?rule=week_rollover"),
            (&leader, "/api/v1/alerts?from=2026-11-21"),
            (&leader, "/api/v1/alerts?unit=H19"),
            (&leader, "/api/v1/alerts?from=2026-11-21&to=2026-11-20"),
        ] {
            let request = actix_web::test::TestRequest::get()
                .uri(path)
                .insert_header(("Authorization", format!("Bearer {token}")))
                .to_request();
            let answer = actix_web::test::call_service(&service, request).await;
            let status = answer.status().as_u16();
            let body: serde_json::Value = actix_web::test::read_body_json(answer).await;
            answers.push((status, body));
        }
        let codes: Vec<u16> = answers.iter().map(|(status, _)| *status).collect();
        assert_eq!(codes, [200, 200, 200, 404, 400, 400, 400, 400, 403, 200, 200, 200, 400, 400], "{answers:#?}");
        let first = &answers[0].1["items"][0];
        assert_eq!(first["slot_at"], "2026-11-20T07:30:00+07:00");
        assert_eq!((&first["status"], &first["rule"]), (&"sent".into(), &"morning_digest".into()));
        assert_eq!(answers[1].1["count"], 0);
        let counts: Vec<_> = answers[9..12].iter().map(|(_, body)| body["count"].as_i64().unwrap()).collect();
        assert_eq!(counts, [1, 0, 0]);
        assert_eq!(answers[9].1["states"], serde_json::json!({"sent": 1}));
        let tries = answers[2].1["tries"].as_array().unwrap();
        assert_eq!(tries.len(), 1);
        assert_eq!((&tries[0]["outcome"], &tries[0]["channel"], &tries[0]["attempt"]), (&"sent".into(), &"mail".into(), &1.into()));
        assert_eq!((&tries[0]["ended_at"], &tries[0]["reply"]), (&"2026-11-20T07:30:00+07:00".into(), &"250 kept in memory".into()));
        assert!(answers[2].1["text"].as_str().unwrap().contains("HOM-NAY"));
        assert!(answers[2].1["html"].as_str().unwrap().starts_with("<!DOCTYPE html>"));
    }
}
