//! The alarm to administrators about a year that is not announced, end to end on both engines.

use hentra::app::App;
use hentra::app::access::Role;
use hentra::app::alerts::{self, AlertSettings, Round};
use hentra::app::calendars::{CalendarFile, publish};
use hentra::mail::{Letter, Mailer};

use crate::alert_letters::unlinked;
use crate::alert_timetable::shipped_rules;
use crate::alerts::{at, log, mailer, office_since, user};
use crate::alerts_weekly::sql;
use crate::support::on_both_async;

/// Three working days.
const THREE_DAYS: &str = "1.004859";

/// What the scheduler does at that instant with the shipped rule alone.
async fn run(app: &App, mailer: &Mailer, until: &str) -> Round {
    app.clock().set(at(until));
    let rules = shipped_rules().into_iter().filter(|rule| rule.name() == "calendar_horizon").collect();
    let settings = AlertSettings::new(rules, Some("https://hentra.example.vn/".into()), mailer).unwrap();
    alerts::run_until(app, &settings, mailer, at(until)).await.unwrap()
}

fn to<'a>(letters: &'a [Letter], address: &str) -> &'a Letter {
    letters.iter().find(|of| of.to == address).unwrap()
}

on_both_async! {
    async fn administrators_are_told_once_a_week_while_promises_reach_into_a_year_that_is_not_announced(db) {
        let app = office_since(db, "2026-06-01T07:00").await;
        user(&app, Role::Admin, "H19", "quantri@dongnai.example.vn").await;
        user(&app, Role::Admin, "H19.15", "quantri@bendinh.example.vn").await;
        user(&app, Role::Leader, "H19.15", "lanhdao@bendinh.example.vn").await;
        let mailer = mailer("memory://");
        let round = run(&app, &mailer, "2026-06-01T07:30").await;
        assert_eq!(round, Round { slots: 1, ..Round::default() }, "nothing reaches beyond 2026 from June");
        log(&app, "NAM-SAU", THREE_DAYS, "2026-12-25T09:00", Some("2027-01-05T17:00")).await;
        log(&app, "NAM-NAY", THREE_DAYS, "2026-12-25T09:00", None).await;
        run(&app, &mailer, "2026-12-28T07:29").await;
        let round = run(&app, &mailer, "2026-12-28T07:30").await;
        assert_eq!((round.slots, round.sent), (1, 2), "one mail to each administrator, none to the leader");
        assert!(run(&app, &mailer, "2026-12-29T07:30").await.is_quiet(), "not again before next week");
        let letters = mailer.taken();
        let ward = to(&letters, "quantri@bendinh.example.vn");
        for secret in ["Bí Mật", "0912345678", "ghi chú kín", "Trần Thị Mai", "NAM-SAU"] {
            assert!(!ward.text.contains(secret) && !ward.html.contains(secret));
        }
        assert!(ward.html.contains("1 hồ sơ chưa giải quyết xong") && ward.html.contains("<li"));
        insta::allow_duplicates! {
            insta::assert_snapshot!(format!("{}\n\n{}", ward.subject, unlinked(&ward.text.replace('\u{a0}', " "))), @r#"
[Phường Bến Đình] Chưa có lịch nghỉ năm 2027

Chưa có lịch nghỉ năm 2027.

Kính gửi quản trị viên Phường Bến Đình, lịch nghỉ lễ năm 2027 chưa được đưa vào hệ thống, trong khi đã có lời hẹn hoặc thời hạn kéo sang năm đó. Các ngày hẹn ấy đang được tính tạm theo những ngày nghỉ suy ra từ luật và có thể thay đổi khi có thông báo chính thức.

– 1 hồ sơ chưa giải quyết xong có hạn trả từ ngày 01/01/2027 trở đi.
– Hồ sơ tiếp nhận hôm nay theo thủ tục có thời hạn dài nhất – Quyết toán tiền cấp quyền khai thác khoáng sản (cấp Xã) (1.014259) – được hẹn trả ngày 29/3/2027.
Xem danh sách hồ sơ: https://hentra.example.vn/dossiers?unit=H19.15&subtree=true&status__in=processing%2Cawaiting_supplement%2Cpaused&due_at__gte=2027-01-01T00%3A00%3A00%2B07%3A00

Khi có thông báo lịch nghỉ năm 2027, quản trị viên đơn vị cấp cao nhất công bố lịch bằng lệnh hentra import calendar hoặc POST /api/v1/calendars/national/versions, xem trước thay đổi với dry_run=true. Hồ sơ chưa giải quyết xong được tính lại ngày hẹn ngay khi công bố. Nếu đã có thông báo mà ông/bà không có quyền công bố, xin chuyển thư này cho quản trị viên cấp trên.

Trân trọng.

-- 
Thư tự động của hệ thống Hentra, kỳ 7 giờ 30 thứ Hai 28/12/2026. Vui lòng không trả lời thư này.
Ngừng nhận loại thư này: https://hentra.example.vn/l/…
"#);
        }
    }
}

on_both_async! {
    async fn the_alarm_ends_when_the_year_is_announced_and_speaks_english_to_who_reads_it(db) {
        let app = office_since(db, "2026-12-25T08:00").await;
        user(&app, Role::Admin, "H19", "admin@dongnai.example.vn").await;
        sql(db, "UPDATE users SET language = 'en'");
        let mailer = mailer("memory://");
        assert_eq!(run(&app, &mailer, "2026-12-28T07:30").await.sent, 1);
        let letter = mailer.taken().pop().unwrap();
        assert_eq!(letter.subject, "[Tỉnh Đồng Nai] The days off of 2027 are missing");
        assert!(letter.text.contains("under the procedure with the longest limit") && !letter.text.contains("open dossier"), "{}", letter.text);
        assert!(!letter.text.contains("/api/v1/dossiers"), "no dossiers, no link to them");
        let year = CalendarFile { year: Some(2027), announced: true, ..CalendarFile::default() };
        publish(&app, "national".into(), year, "TB 2/TB-BNV".into(), false).await.unwrap();
        let round = run(&app, &mailer, "2027-01-04T07:30").await;
        assert_eq!((round.slots, round.enqueued), (1, 0));
    }
}
