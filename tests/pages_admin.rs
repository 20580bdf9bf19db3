//! The administration's pages: what needs an eye, commitments in two clicks, calendars tried and published, alert rules, users, units, procedures and the
//! ledger; and that nobody reaches past their own units.

use serde_json::json;

use crate::support::browsing::{Browser, PASSWORD, SCRIPT, is_safe, says, value, value_of, went};
use crate::support::{TestApp, on_both_async};

/// A Friday.
const MORNING: &str = "2026-11-20T08:00:00+07:00";
const COPIES: &str = "2.000815";

on_both_async! {
    async fn only_administrators_come_in(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut officer = Browser::signed_in(&app, "officer").await;
        for path in ["/admin", "/admin/commitments", "/admin/commitments/new?template=same_day", "/admin/commitments/any", "/admin/procedures.csv", "/admin/procedures/import",
            "/admin/calendars", "/admin/calendars/edit", "/admin/alerts", "/admin/alerts/new", "/admin/alerts/sent", "/admin/alerts/addresses", "/admin/users", "/admin/users/new", "/admin/users/1",
            "/admin/units", "/admin/units.csv", "/admin/units/of/H19.15", "/admin/procedures", "/admin/ledger"] {
            assert_eq!(officer.get(path).await.status, 403, "{path}");
        }
        officer.get("/admin").await;
        for path in ["/admin/ledger/check", "/admin/users/new", "/admin/units/new", "/admin/commitments/new?template=same_day", "/admin/commitments/any",
            "/admin/alerts/new/try", "/admin/alerts/try/mail", "/admin/alerts/sent/replay", "/admin/procedures/import", "/admin/procedures/import/look"] {
            let refused = officer.post(path, &[("unit", "H19.15"), ("template", "same_day"), ("valid_from", "2026-11-20"), ("decision", "QĐ 1"),
                ("procedures", COPIES), ("name", "x"), ("username", "xyz"), ("role", "admin"), ("code", "X"), ("effect", "same_day"), ("what", "overdue"), ("audience", "leader"),
                ("cron", "0 9 * * *"), ("csv", "code,name,sector,limit_unit\n1.1,A,B,same_day")]).await;
            assert_eq!(refused.status, 403, "{path}: {}", refused.body);
        }
        let mut nobody = Browser::of(&app);
        assert_eq!(nobody.get("/admin").await.header("location"), "/sign-in?next=%2Fadmin");
        app.stop().await;
    }

    async fn every_room_opens_in_both_languages_and_is_light(db) {
        let app = TestApp::start(db, MORNING).await;
        app.commit(COPIES).await;
        let mut admin = Browser::signed_in(&app, "admin").await;
        for language in ["vi", "en"] {
            admin.get(&format!("/language?to={language}&back=%2Fadmin")).await;
            for path in ["/admin", "/admin/commitments", "/admin/commitments/1", "/admin/commitments/new?template=no_appointment_day&unit=H19.15",
                "/admin/commitments/any", "/admin/procedures/import", "/account/feeds",
                "/admin/calendars?scope=national&year=2026", "/admin/calendars?scope=H19.15", "/admin/calendars/edit?scope=national&year=2026",
                "/admin/calendars/versions?scope=national", "/admin/alerts", "/admin/alerts/rules/morning_digest", "/admin/alerts/new",
                "/admin/alerts/rules/morning_digest/preview", "/admin/alerts/sent", "/admin/alerts/addresses", "/admin/users", "/admin/users/new",
                "/admin/users/1", "/admin/units", "/admin/units/of/H19.15", "/admin/procedures", "/admin/procedures/2.000815", "/admin/ledger"] {
                let page = admin.page(path).await;
                says(&page, &format!("<html lang=\"{language}\">"));
                assert_eq!(page.matches("<h1").count(), 1, "{path}");
                assert!(!page.contains("style=") && !page.contains("onclick"), "{path}");
                assert!(page.len() < 44_000, "{path}: {}", page.len());
            }
        }
        app.stop().await;
    }

    async fn the_first_page_tells_what_calls_for_somebody(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut admin = Browser::signed_in(&app, "admin").await;
        let calm = admin.page("/admin").await;
        says(&calm, "Không có tài khoản nào đang bị khóa");
        Browser::signed_in(&app, "officer").await;
        let mut thief = Browser::of(&app);
        for _ in 0..5 {
            thief.post("/sign-in", &[("username", "officer"), ("password", "đoán mò")]).await;
        }
        let page = admin.page("/admin").await;
        says(&page, "Cán bộ officer");
        says(&page, "cần xem");
        // Nothing is called fine that nobody has looked at: neither the ledger, nor the mails of a process that sends none.
        assert_eq!(page.matches("— chưa rõ").count(), 2, "{page}");
        // The commune's own administrator is told, too.
        let mut commune = Browser::signed_in(&app, "commune_admin").await;
        says(&commune.page("/admin").await, "Cán bộ officer");
        let user = hentra::app::access::authenticate(&app.app, app.token("officer")).await.unwrap().user_id;
        let path = format!("/admin/users/{user}");
        says(&admin.page(&path).await, "Mở khóa");
        assert_eq!(went(&admin.post(&format!("{path}/unlock"), &[]).await), format!("{path}?done=unlocked"));
        says(&admin.page("/admin").await, "Không có tài khoản nào đang bị khóa");
        app.stop().await;
    }

    async fn a_template_is_on_after_two_clicks_and_not_twice(db) {
        let app = TestApp::start(db, MORNING).await;
        app.log(COPIES, json!({})).await;
        let mut admin = Browser::signed_in(&app, "commune_admin").await;
        let page = admin.page("/admin/commitments/new?template=same_day&unit=H19.15").await;
        says(&page, COPIES);
        says(&page, "Chưa có gì được ghi");
        let fields = [("template", "same_day"), ("unit", "H19.15"), ("valid_from", "2026-11-20"), ("decision", "QĐ 7/QĐ-UBND"), ("procedures", COPIES)];
        let on = went(&admin.post("/admin/commitments/new", &fields).await);
        assert!(on.ends_with("?done=switched_on"), "{on}");
        let again = went(&admin.post("/admin/commitments/new", &fields).await);
        assert_eq!(again, on.replace("switched_on", "stood_already"));
        says(&admin.page(&on).await, "QĐ 7/QĐ-UBND");
        let held = app.log(COPIES, json!({})).await.json();
        assert_eq!(held["commitment_due_at"], "2026-11-20T17:00:00+07:00", "{held}");
        app.stop().await;
    }

    async fn a_template_that_is_filled_in_wrongly_is_drawn_again_with_what_was_typed(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut admin = Browser::signed_in(&app, "commune_admin").await;
        admin.page("/admin/commitments/new?template=same_day").await;
        let wrong = admin.post("/admin/commitments/new", &[("template", "same_day"), ("unit", "H19.15"), ("valid_from", "2026-11-20"), ("decision", SCRIPT)]).await;
        assert_eq!(wrong.status, 400);
        is_safe(&wrong.body);
        says(&wrong.body, "alert(1)");
        says(&wrong.body, "new-procedures-fault");
        let unknown = admin.post("/admin/commitments/new", &[("template", "same_day"), ("unit", "H19.15"), ("valid_from", "2026-11-20"), ("decision", ""),
            ("codes", "9.999999"), ("max_working_days", "nhiều")]).await;
        says(&unknown.body, "new-max_working_days-fault");
        let outside = admin.post("/admin/commitments/new", &[("template", "same_day"), ("unit", "H19.16"), ("valid_from", "2026-11-20"), ("decision", "QĐ"), ("procedures", COPIES)]).await;
        assert_eq!(outside.status, 403);
        assert_eq!(admin.get("/admin/commitments/new?template=same_day&unit=H19.16").await.status, 404);
        assert_eq!(admin.get("/admin/commitments/new?template=none").await.status, 404);
        app.stop().await;
    }

    async fn a_commitment_is_tried_on_the_past_before_it_is_switched_on(db) {
        let app = TestApp::start(db, "2026-11-18T08:00:00+07:00").await;
        app.log(COPIES, json!({"due_at": "2026-11-19T17:00:00+07:00"})).await;
        app.at(MORNING);
        let mut admin = Browser::signed_in(&app, "admin").await;
        admin.page("/admin/commitments/new?template=same_day&unit=H19.15").await;
        let tried = admin.post("/admin/commitments/new/trial", &[("template", "same_day"), ("unit", "H19.15"), ("valid_from", "2026-11-20"), ("procedures", COPIES)]).await;
        assert_eq!(tried.status, 200, "{}", tried.body);
        says(&tried.body, "Trong 1 hồ sơ đã nhận, 1 hồ sơ thuộc diện cam kết: 0 hồ sơ đã hẹn và trả kịp, 1 hồ sơ hẹn muộn hơn");
        says(&admin.page("/admin/commitments").await, "Chưa có mục nào");
        app.stop().await;
    }

    async fn a_commitment_is_ended_or_taken_away_while_nothing_rests_on_it(db) {
        let app = TestApp::start(db, MORNING).await;
        app.commit(COPIES).await;
        app.log(COPIES, json!({})).await;
        let mut admin = Browser::signed_in(&app, "commune_admin").await;
        let page = admin.page("/admin/commitments/1").await;
        assert!(!page.contains("/admin/commitments/1/remove"), "a dossier rests on it");
        assert_eq!(admin.post("/admin/commitments/1/remove", &[]).await.status, 409);
        let early = admin.post("/admin/commitments/1/end", &[("valid_to", "2026-11-19"), ("decision", SCRIPT)]).await;
        assert_eq!(early.status, 400);
        says(&early.body, "end-valid_to-fault");
        is_safe(&early.body);
        let ended = admin.post("/admin/commitments/1/end", &[("valid_to", "2026-11-30"), ("decision", "QĐ 9")]).await;
        says(&admin.page(&went(&ended)).await, "QĐ 9");
        let fields = [("template", "same_day"), ("unit", "H19.15"), ("valid_from", "2026-12-01"), ("decision", "QĐ 10"), ("procedures", "1.001193")];
        let on = went(&admin.post("/admin/commitments/new", &fields).await);
        let path = on.split('?').next().unwrap().to_owned();
        says(&admin.page(&path).await, &format!("{path}/remove"));
        assert_eq!(went(&admin.post(&format!("{path}/remove"), &[]).await), "/admin/commitments?done=removed");
        assert_eq!(admin.get(&path).await.status, 404);
        assert_eq!(admin.get("/admin/commitments/999999999999999999999").await.status, 404);
        app.stop().await;
    }

    async fn a_calendar_is_tried_then_published_once_and_re_dates_dossiers(db) {
        let app = TestApp::start(db, MORNING).await;
        let logged = app.log("1.003677", json!({})).await.json();
        assert_eq!(logged["due_at"], "2026-11-23T17:00:00+07:00", "{logged}");
        let code = logged["code"].as_str().unwrap().to_owned();
        let mut admin = Browser::signed_in(&app, "commune_admin").await;
        let form = admin.page("/admin/calendars/edit?scope=H19.15&year=2026").await;
        let based_on = value(&form, "based_on").to_owned();
        let fields = [("scope", "H19.15"), ("year", "2026"), ("based_on", based_on.as_str()), ("decision", "QĐ 3"),
            ("date", "2026-11-23"), ("kind", "closure"), ("name", "Lụt <b>lớn</b>"), ("day_source", "")];
        let tried = admin.post("/admin/calendars/try", &fields).await;
        assert_eq!(tried.status, 200, "{}", tried.body);
        says(&tried.body, "thứ Hai 23/11/2026");
        says(&tried.body, &code);
        says(&tried.body, "Lụt &#60;b&#62;lớn");
        says(&admin.page("/admin/calendars?scope=H19.15&year=2026").await, "Đơn vị chưa đặt lịch riêng");
        let published = went(&admin.post("/admin/calendars/publish", &fields).await);
        assert!(published.ends_with("done=published"), "{published}");
        assert_eq!(went(&admin.post("/admin/calendars/publish", &fields).await), published, "sent twice, published once");
        let page = admin.page(&published).await;
        says(&page, "QĐ 3");
        let moved = app.get("officer", &format!("/api/v1/dossiers/{code}")).await.json();
        assert_eq!(moved["due_at"], "2026-11-25T17:00:00+07:00", "the 24th is a holiday: {moved}");
        let versions = admin.page("/admin/calendars/versions?scope=H19.15").await;
        assert_eq!(versions.matches("/admin/calendars/versions/").count(), 1, "{versions}");
        says(&versions, "Cán bộ commune_admin");
        app.stop().await;
    }

    async fn a_calendar_that_somebody_else_published_meanwhile_is_not_overwritten(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut admin = Browser::signed_in(&app, "admin").await;
        let mut other = Browser::signed_in(&app, "commune_admin").await;
        let fields = |date: &'static str| [("scope", "H19.15"), ("year", "2026"), ("based_on", "0"), ("decision", "QĐ 3"),
            ("date", date), ("kind", "closure"), ("name", "Đóng cửa"), ("day_source", "")];
        other.page("/admin/calendars/edit?scope=H19.15").await;
        went(&other.post("/admin/calendars/publish", &fields("2026-12-01")).await);
        admin.page("/admin/calendars/edit?scope=H19.15").await;
        for path in ["/admin/calendars/try", "/admin/calendars/publish"] {
            let stale = admin.post(path, &fields("2026-12-02")).await;
            assert_eq!(stale.status, 412, "{path}");
            says(&stale.body, "đã được công bố lại");
            says(&stale.body, "2026-12-02");
        }
        let page = admin.page("/admin/calendars?scope=H19.15&year=2026").await;
        says(&page, "01/12/2026");
        app.stop().await;
    }

    async fn what_is_wrong_with_a_calendar_stands_in_its_row(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut admin = Browser::signed_in(&app, "commune_admin").await;
        admin.page("/admin/calendars/edit?scope=H19.15").await;
        let base = [("scope", "H19.15"), ("year", "2026"), ("based_on", "0")];
        let wrong = [&base[..], &[("decision", SCRIPT), ("date", "2026-11-23"), ("kind", "makeup"), ("name", SCRIPT), ("day_source", SCRIPT),
            ("date", ""), ("kind", "closure"), ("name", "không có ngày"), ("day_source", "")]].concat();
        let answer = admin.post("/admin/calendars/try", &wrong).await;
        assert_eq!(answer.status, 400);
        is_safe(&answer.body);
        says(&answer.body, "day-1-fault");
        let makeup = admin.post("/admin/calendars/try", &[&base[..], &[("decision", "QĐ"), ("date", "2026-11-23"), ("kind", "makeup"), ("name", "bù"), ("day_source", "")]].concat()).await;
        says(&makeup.body, "Vốn là ngày làm việc");
        let hours = admin.post("/admin/calendars/try", &[&base[..], &[("decision", "QĐ"), ("rule0", "mon"), ("rule_from", ""), ("rule_to", ""),
            ("rule_sessions", "từ sáng"), ("rule_counter", "")]].concat()).await;
        assert_eq!(hours.status, 400);
        says(&hours.body, "rule-0-fault");
        says(&hours.body, "từ sáng");
        let none = admin.post("/admin/calendars/try", &[&base[..], &[("decision", ""), ("date", "2026-12-01"), ("kind", "closure"), ("name", "x"), ("day_source", "y")]].concat()).await;
        says(&none.body, "decision-fault");
        for (path, status) in [("/admin/calendars/edit?scope=national", 403), ("/admin/calendars/edit?scope=H19.16", 404), ("/admin/calendars?scope=H99", 404)] {
            assert_eq!(admin.get(path).await.status, status, "{path}");
        }
        let national = admin.post("/admin/calendars/publish", &[("scope", "national"), ("year", "2026"), ("based_on", "1"), ("decision", "QĐ")]).await;
        assert_eq!(national.status, 403);
        app.stop().await;
    }

    async fn an_alert_rule_is_changed_by_its_version_and_switched(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut admin = Browser::signed_in(&app, "admin").await;
        let list = admin.page("/admin/alerts").await;
        let (morning, evening) = (list.find("morning_digest").unwrap(), list.find("missed_today").unwrap());
        assert!(morning < evening, "by time of day");
        says(&list, "07:30");
        let base = [("what", "morning_digest"), ("audience", "leader"), ("working_days_only", "yes"), ("enabled", "yes"), ("minimum_severity", "notice")];
        let path = "/admin/alerts/rules/morning_digest";
        admin.page(path).await;
        let impossible = admin.post(path, &[&base[..], &[("cron", "0 0 7 30 2 *"), ("version", ""), ("intro.vi", SCRIPT)]].concat()).await;
        assert_eq!(impossible.status, 400);
        says(&impossible.body, "rule-cron-fault");
        says(&impossible.body, "0 0 7 30 2 *");
        is_safe(&impossible.body);
        let first = admin.post(path, &[&base[..], &[("cron", "0 7 * * *"), ("version", "")]].concat()).await;
        assert_eq!(went(&first), format!("{path}?done=saved"));
        assert_eq!(value(&admin.page(path).await, "version"), "1");
        let stale = admin.post(path, &[&base[..], &[("cron", "15 7 * * *"), ("version", "")]].concat()).await;
        assert_eq!(stale.status, 412);
        says(&stale.body, "15 7 * * *");
        let off = admin.post(&format!("{path}/switch"), &[("version", "1"), ("enabled", "no")]).await;
        assert_eq!(went(&off), "/admin/alerts?done=saved");
        assert_eq!(went(&admin.post(&format!("{path}/switch"), &[("version", "1"), ("enabled", "no")]).await), "/admin/alerts?done=saved", "twice");
        assert_eq!(went(&admin.post(&format!("{path}/remove"), &[("version", "2")]).await), "/admin/alerts?done=removed");
        assert_eq!(value(&admin.page(path).await, "version"), "", "the settings' line holds again");
        app.stop().await;
    }

    async fn a_new_rule_has_its_own_name_and_keeps_to_its_makers_units(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut admin = Browser::signed_in(&app, "commune_admin").await;
        admin.page("/admin/alerts/new").await;
        let fields = |name: &'static str| [("name", name), ("what", "overdue"), ("audience", "leader"), ("cron", "0 9 * * Fri"), ("enabled", "yes"),
            ("minimum_severity", "notice"), ("working_days_only", "yes")];
        let made = admin.post("/admin/alerts/new", &fields("nhac_chieu")).await;
        assert_eq!(went(&made), "/admin/alerts/rules/nhac_chieu?done=added");
        says(&admin.page("/admin/alerts/rules/nhac_chieu").await, "thứ Sáu");
        for name in ["nhac_chieu", "morning_digest"] {
            let taken = admin.post("/admin/alerts/new", &fields(name)).await;
            assert_eq!(taken.status, 400);
            says(&taken.body, "rule-name-fault");
        }
        let strange = admin.post("/admin/alerts/new", &fields("Tên <b>lạ</b>")).await;
        says(&strange.body, "rule-name-fault");
        let people = admin.post("/admin/alerts/new", &[&fields("nguoi")[..], &[("people", "không ai\n\"><script>alert(1)</script>")]].concat()).await;
        says(&people.body, "rule-people-fault");
        is_safe(&people.body);
        // A line of the settings is not the commune's to change.
        let settings = admin.post("/admin/alerts/rules/morning_digest", &fields("")).await;
        assert_eq!(settings.status, 403);
        app.stop().await;
    }

    async fn a_rules_mail_is_shown_in_a_frame_that_can_do_nothing(db) {
        let app = TestApp::start(db, MORNING).await;
        app.log(COPIES, json!({"due_at": "2026-11-20T17:00:00+07:00"})).await;
        let mut admin = Browser::signed_in(&app, "admin").await;
        let path = "/admin/alerts/rules/morning_digest/preview";
        let page = admin.get(path).await;
        assert_eq!(page.status, 200, "{}", page.body);
        assert!(page.header("content-security-policy").ends_with("frame-src 'self'"));
        says(&page.body, "<iframe class=\"mail\" sandbox");
        let mail = admin.get(&format!("{path}/mail")).await;
        assert_eq!(mail.status, 200);
        let policy = mail.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'self'") && policy.ends_with("sandbox"), "{policy}");
        says(&mail.body, "Tỉnh Đồng Nai");
        assert_eq!(admin.get("/admin/alerts/rules/nobodys/preview").await.status, 404);
        app.stop().await;
    }

    async fn a_mail_that_was_sent_is_shown_and_one_that_is_not_there_is_not(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut admin = Browser::signed_in(&app, "admin").await;
        assert_eq!(admin.get("/admin/alerts/sent/1").await.status, 404);
        assert_eq!(admin.post("/admin/alerts/sent/1/replay", &[]).await.status, 404);
        assert_eq!(admin.get("/admin/alerts/sent?cursor=x").await.status, 400);
        says(&admin.page("/admin/alerts/sent?status=failed&rule=%3Cscript%3Ealert").await, "Chưa có mục nào");
        app.stop().await;
    }

    async fn a_user_is_added_once_given_a_password_and_let_go(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut admin = Browser::signed_in(&app, "commune_admin").await;
        admin.page("/admin/users/new").await;
        let fields = [("name", "Nguyễn Thị Hòa"), ("username", "hoa.nt"), ("role", "officer"), ("unit", "H19.15"), ("email", "hoa@example.vn"), ("language", "vi")];
        let added = went(&admin.post("/admin/users/new", &fields).await);
        let twice = admin.post("/admin/users/new", &fields).await;
        assert_eq!(twice.status, 400);
        says(&twice.body, "new-username-fault");
        let path = added.split('?').next().unwrap().to_owned();
        says(&admin.page(&added).await, "Xin đặt mật khẩu ban đầu");
        let weak = admin.post(&format!("{path}/password"), &[("password", "1234567890")]).await;
        assert_eq!(weak.status, 400);
        says(&weak.body, "password-password-fault");
        assert!(!weak.body.contains("1234567890"));
        went(&admin.post(&format!("{path}/password"), &[("password", PASSWORD)]).await);
        let mut hoa = Browser::of(&app);
        assert_eq!(hoa.post("/sign-in", &[("username", "hoa.nt"), ("password", PASSWORD)]).await.status, 303);
        went(&admin.post(&format!("{path}/active"), &[("active", "no")]).await);
        assert_eq!(hoa.get("/queue").await.header("location"), "/sign-in?next=%2Fqueue", "out at once");
        says(&admin.page(&path).await, "Cho dùng lại");
        app.stop().await;
    }

    async fn nobody_gives_rights_beyond_the_own_units_and_the_last_administrator_stays(db) {
        let app = TestApp::start(db, MORNING).await;
        let id = |who: &'static str| {
            let app = &app;
            async move { hentra::app::access::authenticate(&app.app, app.token(who)).await.unwrap().user_id }
        };
        let mut commune = Browser::signed_in(&app, "commune_admin").await;
        commune.page("/admin/users/new").await;
        let fields = [("name", SCRIPT), ("username", "abcdef"), ("role", "admin"), ("unit", "H19"), ("email", ""), ("language", "vi")];
        assert_eq!(commune.post("/admin/users/new", &fields).await.status, 403);
        let odd = commune.post("/admin/users/new", &[("name", ""), ("username", SCRIPT), ("role", "king"), ("unit", "H19.15"), ("email", SCRIPT)]).await;
        assert_eq!(odd.status, 400);
        is_safe(&odd.body);
        for who in ["leader", "neighbour", "admin"] {
            let path = format!("/admin/users/{}", id(who).await);
            assert_eq!(commune.get(&path).await.status, 404, "{who}");
            for act in ["", "/password", "/unlock", "/active", "/tokens"] {
                let answer = commune.post(&format!("{path}{act}"), &[("active", "no"), ("password", PASSWORD), ("role", "officer"), ("name", "x"), ("unit", "H19.15")]).await;
                assert_eq!(answer.status, 404, "{who}{act}");
            }
        }
        let mut admin = Browser::signed_in(&app, "admin").await;
        let own = format!("/admin/users/{}", id("admin").await);
        admin.page(&own).await;
        let last = admin.post(&format!("{own}/active"), &[("active", "no")]).await;
        assert_eq!(last.status, 409, "{}", last.body);
        let demoted = admin.post(&own, &[("name", "Tôi"), ("username", "admin"), ("role", "officer"), ("unit", "H19"), ("language", "vi")]).await;
        assert_eq!(demoted.status, 409);
        says(&demoted.body, "value=\"Tôi\"");
        says(&admin.page(&own).await, "trang tài khoản");
        app.stop().await;
    }

    async fn a_token_is_shown_once_made_once_and_taken_back(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut admin = Browser::signed_in(&app, "commune_admin").await;
        let user = hentra::app::access::authenticate(&app.app, app.token("officer")).await.unwrap().user_id;
        let path = format!("/admin/users/{user}");
        let page = admin.page(&path).await;
        let key = value_of(&page, &format!("{path}/tokens"), "key").to_owned();
        let fields = [("key", key.as_str()), ("label", SCRIPT), ("expires_at", "2027-01-31")];
        let issued = admin.post(&format!("{path}/tokens"), &fields).await;
        assert_eq!(issued.status, 200);
        let token = issued.body.split("<code>").nth(1).unwrap().split('<').next().unwrap().to_owned();
        assert!(hentra::app::access::authenticate(&app.app, &token).await.is_ok());
        let twice = admin.post(&format!("{path}/tokens"), &fields).await;
        assert_eq!(twice.status, 409);
        says(&twice.body, "đã được tạo từ biểu mẫu này rồi");
        let page = admin.page(&path).await;
        is_safe(&page);
        assert!(!page.contains(&token));
        let newest = page.rsplit(&format!("{path}/tokens/")).next().unwrap().split('/').next().unwrap().to_owned();
        went(&admin.post(&format!("{path}/tokens/{newest}/revoke"), &[]).await);
        assert!(hentra::app::access::authenticate(&app.app, &token).await.is_err());
        let past = admin.post(&format!("{path}/tokens"), &[("expires_at", "2020-01-01")]).await;
        says(&past.body, "issue-expires_at-fault");
        app.stop().await;
    }

    async fn an_absence_is_delegated_and_taken_back(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut admin = Browser::signed_in(&app, "admin").await;
        let officer = hentra::app::access::authenticate(&app.app, app.token("officer")).await.unwrap().user_id;
        let delegate = hentra::app::access::authenticate(&app.app, app.token("commune_admin")).await.unwrap().user_id.to_string();
        let path = format!("/admin/users/{officer}");
        says(&admin.page(&path).await, "Cán bộ commune_admin");
        let fields = [("delegate", delegate.as_str()), ("from", "2026-11-23"), ("to", "2026-11-27"), ("reason", SCRIPT)];
        went(&admin.post(&format!("{path}/delegations"), &fields).await);
        let overlapping = admin.post(&format!("{path}/delegations"), &fields).await;
        assert_eq!(overlapping.status, 400);
        says(&overlapping.body, "delegate-from-fault");
        is_safe(&overlapping.body);
        let empty = admin.post(&format!("{path}/delegations"), &[("delegate", "x"), ("from", "2026-11-30"), ("to", "")]).await;
        assert_eq!(empty.status, 400);
        let page = admin.page(&path).await;
        let remove = page.split("/delegations/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        went(&admin.post(&format!("{path}/delegations/{remove}"), &[]).await);
        assert!(!admin.page(&path).await.contains("/delegations/1"));
        app.stop().await;
    }

    async fn a_tree_of_very_many_units_is_shown_a_level_at_a_time(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut admin = Browser::signed_in(&app, "admin").await;
        let below = |n: usize| format!("H19.15.{n:03},Tổ {n} <b>,H19.15\n");
        let table: String = (0..501).map(below).collect();
        says(&admin.page("/admin/units").await, "Phường Phước Long (H19.15)");
        went(&admin.post("/admin/units/import", &[("csv", &format!("code,name,parent\n{table}"))]).await);
        let top = admin.page("/admin/units").await;
        says(&top, r#"<a href="/admin/units?below=H19.15">501 đơn vị trực thuộc</a>"#);
        assert!(!top.contains("/admin/units/of/H19.15.007"), "what is below is on a page of its own");
        assert!(!top.contains("Phường Phước Long (H19.15)"), "the choices are too many for their codes");
        let level = admin.page("/admin/units?below=H19.15").await;
        says(&level, "/admin/units/of/H19.15.007");
        says(&level, "Tổ 7 &#60;b&#62;");
        assert!(!level.contains("/admin/units/of/H19.16\""));
        // What nobody has, or the asker does not see, is as if nothing had been asked.
        let mut commune = Browser::signed_in(&app, "commune_admin").await;
        for page in [admin.page("/admin/units?below=none").await, commune.page("/admin/units?below=H19").await] {
            says(&page, "/admin/units/of/H19.15");
        }
        assert!(!commune.page("/admin/units?below=H19").await.contains("/admin/units/of/H19.16"));
        app.stop().await;
    }

    async fn units_are_added_renamed_merged_and_read_from_a_table(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut admin = Browser::signed_in(&app, "admin").await;
        admin.page("/admin/units").await;
        went(&admin.post("/admin/units/new", &[("code", "H19.17"), ("name", "Phường \"Mới\" <b>"), ("parent", "H19")]).await);
        let taken = admin.post("/admin/units/new", &[("code", "H19.17"), ("name", "Khác"), ("parent", "H19")]).await;
        says(&taken.body, "add-code-fault");
        let odd = admin.post("/admin/units/new", &[("code", "a b/c"), ("name", SCRIPT), ("parent", "H19")]).await;
        says(&odd.body, "add-code-fault");
        is_safe(&odd.body);
        let renamed = admin.post("/admin/units/of/H19.17/rename", &[("name", "Phường Tân Khai"), ("parent", "H19"), ("holds_from", "2026-12-01")]).await;
        let page = admin.page(&went(&renamed)).await;
        says(&page, "Phường &#34;Mới&#34; &#60;b&#62;");
        says(&page, "Phường Tân Khai");
        let merged = admin.post("/admin/units/of/H19.17/merge", &[("valid_to", "2026-12-31"), ("merged_into", "H19.15")]).await;
        says(&admin.page(&went(&merged)).await, "sáp nhập vào Phường Phước Long");
        let cycle = admin.post("/admin/units/of/H19.15/rename", &[("name", "Phước Long"), ("parent", "H19.15")]).await;
        assert_eq!(cycle.status, 400, "{}", cycle.body);
        let table = "code,name,parent\nH19.18,Phường Mười Tám,H19\n";
        let looked = admin.post("/admin/units/import/look", &[("csv", table)]).await;
        says(&looked.body, "1 đơn vị sẽ được thêm");
        assert_eq!(admin.get("/admin/units/of/H19.18").await.status, 404, "nothing is stored yet");
        went(&admin.post("/admin/units/import", &[("csv", table)]).await);
        let bad = admin.post("/admin/units/import/look", &[("csv", "code,name,parent\nX,,\"><script>alert(1)</script>\n")]).await;
        assert_eq!(bad.status, 400);
        says(&bad.body, "line 2: name");
        is_safe(&bad.body);
        says(&admin.page("/admin/units.csv").await, "H19.18,Phường Mười Tám,H19");
        let mut commune = Browser::signed_in(&app, "commune_admin").await;
        commune.page("/admin/units").await;
        assert_eq!(commune.get("/admin/units/of/H19.16").await.status, 404);
        assert_eq!(commune.post("/admin/units/of/H19.16/rename", &[("name", "x"), ("parent", "H19")]).await.status, 404);
        assert_eq!(commune.post("/admin/units/new", &[("code", "H19.99"), ("name", "x"), ("parent", "H19")]).await.status, 403);
        assert!(!commune.page("/admin/units.csv").await.contains("H19.16"));
        app.stop().await;
    }

    async fn a_procedure_is_found_without_diacritics_and_gets_a_limit(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut admin = Browser::signed_in(&app, "admin").await;
        says(&admin.page("/admin/procedures?q=chung+thuc+ban+sao").await, COPIES);
        is_safe(&admin.page("/admin/procedures?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").await);
        let path = format!("/admin/procedures/{COPIES}");
        admin.page(&path).await;
        let fields = [("limit.value", "2"), ("unit", "working_day"), ("channel", ""), ("valid_from", "2027-01-01"), ("source", "QĐ 5 <b>")];
        went(&admin.post(&format!("{path}/limits"), &fields).await);
        let page = admin.page(&path).await;
        says(&page, "QĐ 5 &#60;b&#62;");
        says(&page, "01/01/2027");
        let wrong = admin.post(&format!("{path}/limits"), &[("limit.value", "0"), ("unit", "working_day"), ("valid_from", ""), ("source", SCRIPT), ("late_after", "15:00")]).await;
        assert_eq!(wrong.status, 400);
        says(&wrong.body, "limit-limit.value-fault");
        says(&wrong.body, "limit-late_effect-fault");
        is_safe(&wrong.body);
        app.log(COPIES, json!({})).await;
        let tried = admin.post(&format!("{path}/trial"), &[("limit.value", "1"), ("unit", "working_day"), ("channel", "")]).await;
        assert_eq!(tried.status, 200, "{}", tried.body);
        says(&tried.body, "1 hồ sơ thuộc diện");
        assert_eq!(admin.get("/admin/procedures/9.999999").await.status, 404);
        let mut commune = Browser::signed_in(&app, "commune_admin").await;
        says(&commune.page(&path).await, "Thời hạn do quản trị viên cấp cao nhất ghi");
        assert_eq!(commune.post(&format!("{path}/limits"), &fields).await.status, 403);
        app.stop().await;
    }

    async fn the_ledger_is_checked_by_a_button_and_told_in_words(db) {
        let app = TestApp::start(db, MORNING).await;
        app.log(COPIES, json!({})).await;
        let mut admin = Browser::signed_in(&app, "admin").await;
        says(&admin.page("/admin/ledger").await, "Chưa kiểm tra lần nào");
        let checked = admin.post("/admin/ledger/check", &[("anchor", "")]).await;
        says(&admin.page(&went(&checked)).await, "Toàn vẹn");
        says(&admin.page("/admin").await, "toàn vẹn");
        let odd = admin.post("/admin/ledger/check", &[("anchor", SCRIPT)]).await;
        assert_eq!(odd.status, 400);
        says(&odd.body, "check-anchor-fault");
        is_safe(&odd.body);
        let foreign = format!("1:{}", "0".repeat(64));
        went(&admin.post("/admin/ledger/check", &[("anchor", &foreign)]).await);
        says(&admin.page("/admin/ledger").await, "Có sai lệch");
        says(&admin.page("/admin").await, "CÓ SAI LỆCH");
        app.stop().await;
    }

    async fn what_was_typed_into_an_administrators_form_outlives_the_session(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut admin = Browser::signed_in(&app, "admin").await;
        app.at("2026-11-20T10:00:00+07:00");
        let late = admin.post("/admin/units/new", &[("code", "H19.20"), ("name", "Phường Hai Mươi"), ("parent", "H19")]).await;
        assert_eq!(late.status, 401);
        says(&late.body, "Phường Hai Mươi");
        says(&late.body, "value=\"/admin/units/new\"");
        app.stop().await;
    }
}
