//! The administration's forms that make something: once, however often they are sent; commitments in one's own words, the mail of a rule that is not saved,
//! many mails sent again, and procedures as a table.

use hentra::store::Moment;
use hentra::store::outbox::{OutboxRow, OutboxStatus, outbox_insert};
use serde_json::json;

use crate::support::browsing::{Browser, SCRIPT, is_safe, says, value_of, went};
use crate::support::{TestApp, on_both_async, outbox};

/// A Friday.
const MORNING: &str = "2026-11-20T08:00:00+07:00";
const COPIES: &str = "2.000815";
const ANY: &str = "/admin/commitments/any";

/// The fields with a key before them.
fn keyed<'a>(key: &'a str, fields: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    std::iter::once(("key", key)).chain(fields.iter().copied()).collect()
}

/// A form on a page is sent twice; answers where the browser goes the first and the second time.
async fn twice(
    browser: &mut Browser<'_>,
    page: &str,
    action: &str,
    fields: &[(&str, &str)],
) -> (String, String) {
    let drawn = browser.page(page).await;
    let key = value_of(&drawn, action, "key").to_owned();
    let fields = keyed(&key, fields);
    let first = went(&browser.post(action, &fields).await);
    (first, went(&browser.post(action, &fields).await))
}

on_both_async! {
    async fn what_is_made_by_a_form_sent_twice_is_made_once_and_shown(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut admin = Browser::signed_in(&app, "admin").await;
        let unit = [("code", "H19.17"), ("name", "Phường Mới"), ("parent", "H19")];
        let (_, again) = twice(&mut admin, "/admin/units", "/admin/units/new", &unit).await;
        assert_eq!(again, "/admin/units/of/H19.17?done=made_before");
        says(&admin.page(&again).await, "đã được gửi trước đó");

        let user = [("name", "Nguyễn Thị Hòa"), ("username", "hoa.nt"), ("role", "officer"), ("unit", "H19.15"), ("language", "vi")];
        let (first, again) = twice(&mut admin, "/admin/users/new", "/admin/users/new", &user).await;
        assert_eq!(again, first.replace("added", "made_before"));

        let rule = [("name", "nhac_chieu"), ("what", "overdue"), ("audience", "leader"), ("cron", "0 9 * * Fri"), ("enabled", "yes"), ("minimum_severity", "notice")];
        let (_, again) = twice(&mut admin, "/admin/alerts/new", "/admin/alerts/new", &rule).await;
        assert_eq!(again, "/admin/alerts/rules/nhac_chieu?done=made_before");

        let commitment = [("unit", "H19.15"), ("effect", "same_day"), ("procedures", COPIES), ("valid_from", "2026-11-20"), ("decision", "QĐ 7")];
        let (first, again) = twice(&mut admin, ANY, ANY, &commitment).await;
        assert_eq!(again, first.replace("switched_on", "made_before"));
        let list = app.get("admin", "/api/v1/commitments").await.ok();
        assert_eq!(list["items"].as_array().unwrap().len(), 1);

        let path = first_user(&app, "officer").await;
        let delegate = first_user(&app, "commune_admin").await;
        let delegation = [("delegate", delegate.rsplit('/').next().unwrap()), ("from", "2026-11-23"), ("to", "2026-11-27")];
        let (_, again) = twice(&mut admin, &path, &format!("{path}/delegations"), &delegation).await;
        assert_eq!(again, format!("{path}?done=made_before"));
        assert_eq!(admin.page(&path).await.matches("/remove\"").count(), 1);
        app.stop().await;
    }

    async fn a_key_that_came_with_something_else_makes_nothing_until_it_is_pressed_again(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut admin = Browser::signed_in(&app, "admin").await;
        let key = value_of(&admin.page("/admin/units").await, "/admin/units/new", "key").to_owned();
        went(&admin.post("/admin/units/new", &keyed(&key, &[("code", "H19.17"), ("name", "Mười Bảy"), ("parent", "H19")])).await);
        let other = [("code", "H19.18"), ("name", SCRIPT), ("parent", "H19")];
        let refused = admin.post("/admin/units/new", &keyed(&key, &other)).await;
        assert_eq!(refused.status, 422);
        says(&refused.body, "đã được gửi trước đó với nội dung khác");
        is_safe(&refused.body);
        assert_eq!(admin.get("/admin/units/of/H19.18").await.status, 404);
        let fresh = value_of(&refused.body, "/admin/units/new", "key").to_owned();
        admin.page("/admin/units").await;
        went(&admin.post("/admin/units/new", &keyed(&fresh, &other)).await);
        // What was refused used up no key: nothing was made.
        let key = value_of(&admin.page("/admin/units").await, "/admin/units/new", "key").to_owned();
        let taken = admin.post("/admin/units/new", &keyed(&key, &[("code", "H19.18"), ("name", "x"), ("parent", "H19")])).await;
        assert_eq!(taken.status, 400);
        says(&taken.body, "add-code-fault");
        went(&admin.post("/admin/units/new", &keyed(&key, &[("code", "H19.19"), ("name", "x"), ("parent", "H19")])).await);
        app.stop().await;
    }

    async fn any_commitment_is_tried_and_made(db) {
        let app = TestApp::start(db, "2026-11-18T08:00:00+07:00").await;
        app.log(COPIES, json!({"due_at": "2026-11-19T17:00:00+07:00"})).await;
        app.at(MORNING);
        let mut admin = Browser::signed_in(&app, "commune_admin").await;
        says(&admin.page("/admin/commitments").await, ANY);
        says(&admin.page(ANY).await, COPIES);
        let fields = [("unit", "H19.15"), ("effect", "within"), ("effect.within.value", "4"), ("effect.within.unit", "working_hour"), ("all", "yes"),
            ("received_on.weekdays", "wed"), ("received_on.weekdays", "fri"), ("received_on.session", "morning"), ("valid_from", "2026-11-20"),
            ("valid_to", "2026-12-31"), ("decision", "QĐ 8 <b>")];
        let tried = admin.post(&format!("{ANY}/trial"), &fields).await;
        assert_eq!(tried.status, 200, "{}", tried.body);
        says(&tried.body, "Trong 1 hồ sơ đã nhận, 1 hồ sơ thuộc diện cam kết: 0 hồ sơ đã hẹn và trả kịp, 1 hồ sơ hẹn muộn hơn");
        says(&tried.body, "value=\"QĐ 8 &#60;b&#62;\"");
        assert_eq!(tried.body.matches(" checked").count(), 3, "both days, and every procedure");
        assert_eq!(app.get("admin", "/api/v1/commitments").await.ok()["count"], 0);
        let on = went(&admin.post(ANY, &fields).await);
        says(&admin.page(&on).await, "QĐ 8 &#60;b&#62;");
        let made = app.get("admin", "/api/v1/commitments").await.ok()["items"][0].clone();
        assert_eq!(made["effect"], json!({"within": {"value": 4, "unit": "working_hour"}}));
        assert_eq!(made["received_on"], json!({"weekdays": ["wed", "fri"], "nth_week": null, "session": "morning"}));
        assert_eq!((&made["all"], &made["valid_to"]), (&json!(true), &json!("2026-12-31")));
        let sector = [("unit", "H19.15"), ("effect", "same_session"), ("sectors", "Chứng thực"), ("max_working_days", "2"), ("received_on.nth_week", "1"),
            ("valid_from", "2026-12-01"), ("decision", "QĐ 9")];
        went(&admin.post(ANY, &sector).await);
        app.stop().await;
    }

    async fn a_commitment_that_is_filled_in_wrongly_keeps_what_was_typed(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut admin = Browser::signed_in(&app, "commune_admin").await;
        admin.page(ANY).await;
        for to in [ANY.to_owned(), format!("{ANY}/trial")] {
            let wrong = admin.post(&to, &[("unit", "H19.15"), ("effect", "within"), ("effect.within.value", "ba"), ("effect.within.unit", "working_day"),
                ("codes", SCRIPT), ("max_working_days", "nhiều"), ("valid_from", "mai"), ("decision", SCRIPT), ("procedures", COPIES)]).await;
            assert_eq!(wrong.status, 400);
            for field in ["effect.within.value", "max_working_days", "valid_from"] {
                says(&wrong.body, &format!("any-{field}-fault"));
            }
            is_safe(&wrong.body);
            says(&wrong.body, COPIES);
            says(&wrong.body, "alert(1)");
        }
        let none = admin.post(ANY, &[("unit", "H19.15"), ("effect", "same_day"), ("valid_from", "2026-11-20"), ("decision", "")]).await;
        says(&none.body, "any-decision-fault");
        says(&none.body, "any-procedures-fault");
        let months = admin.post(ANY, &[("unit", "H19.15"), ("effect", "within"), ("effect.within.value", "1"), ("effect.within.unit", "month"),
            ("all", "yes"), ("valid_from", "2026-11-20"), ("decision", "QĐ")]).await;
        says(&months.body, "any-effect.within.unit-fault");
        let outside = admin.post(ANY, &[("unit", "H19.16"), ("effect", "same_day"), ("all", "yes"), ("valid_from", "2026-11-20"), ("decision", "QĐ")]).await;
        assert_eq!(outside.status, 403);
        let token = std::mem::replace(&mut admin.form_token, "x".to_owned());
        let forged = admin.post(ANY, &[("unit", "H19.15"), ("effect", "same_day"), ("all", "yes"), ("valid_from", "2026-11-20"), ("decision", "QĐ")]).await;
        assert_eq!(forged.status, 403);
        assert_ne!(token, "x");
        assert_eq!(app.get("admin", "/api/v1/commitments").await.ok()["count"], 0);
        app.stop().await;
    }

    async fn the_mail_of_a_rule_is_seen_before_the_rule_is_saved(db) {
        let app = TestApp::start(db, MORNING).await;
        app.log(COPIES, json!({"due_at": "2026-11-20T17:00:00+07:00"})).await;
        let mut admin = Browser::signed_in(&app, "admin").await;
        says(&admin.page("/admin/alerts/new").await, "/admin/alerts/new/try");
        let fields = [("what", "due_today"), ("audience", "leader"), ("cron", "0 9 * * *"), ("enabled", "yes"), ("minimum_severity", "notice"),
            ("intro.vi", "Xin nhắc <script>alert(1)</script>")];
        let tried = admin.post("/admin/alerts/new/try", &fields).await;
        assert_eq!(tried.status, 200, "{}", tried.body);
        assert!(tried.header("content-security-policy").ends_with("frame-src 'self'"));
        says(&tried.body, "Quy tắc chưa được lưu");
        says(&tried.body, "<iframe class=\"mail\" sandbox name=\"mail\"");
        says(&tried.body, "Xin nhắc");
        is_safe(&tried.body);
        let mail = admin.post("/admin/alerts/try/mail", &fields).await;
        assert_eq!(mail.status, 200);
        assert!(mail.header("content-security-policy").ends_with("sandbox"));
        says(&mail.body, "Xin nhắc");
        is_safe(&mail.body);
        let path = "/admin/alerts/rules/morning_digest";
        let changed = admin.post(&format!("{path}/try"), &fields).await;
        says(&changed.body, "Xin nhắc");
        assert_eq!(value_of(&changed.body, "/admin/alerts/try/mail", "name"), "morning_digest");
        let wrong = admin.post(&format!("{path}/try"), &[("what", "due_today"), ("audience", "leader"), ("cron", SCRIPT), ("minimum_severity", "notice")]).await;
        assert_eq!(wrong.status, 400);
        says(&wrong.body, "rule-cron-fault");
        is_safe(&wrong.body);
        assert_eq!(admin.post("/admin/alerts/rules/nobodys/try", &fields).await.status, 404);
        leads_back(&admin.get("/admin/alerts/new/try").await, "/admin/alerts/new");
        leads_back(&admin.get("/admin/alerts/rules/morning_digest/try").await, path);
        leads_back(&admin.get("/admin/alerts/sent/replay").await, "/admin/alerts/sent");
        leads_back(&admin.get("/admin/procedures/import/look").await, "/admin/procedures/import");
        leads_back(&admin.get("/admin/commitments/any/trial").await, ANY);
        leads_back(&admin.get("/admin/commitments/new/trial").await, "/admin/commitments/new");
        leads_back(&admin.get("/admin/calendars/try").await, "/admin/calendars");
        leads_back(&admin.get("/admin/procedures/2.000815/trial").await, "/admin/procedures/2.000815");
        leads_back(&admin.get("/admin/users/1/tokens/2/revoke").await, "/admin/users/1/tokens");
        leads_back(&admin.get("/admin/users/1/tokens").await, "/admin/users/1");
        leads_back(&admin.get("/account/password").await, "/account");
        assert_eq!(admin.get("/admin/users/1/nothing/2").await.status, 404);
        assert!(!admin.page(path).await.contains("Xin nhắc"), "nothing was saved");
        app.stop().await;
    }

    async fn many_mails_are_sent_again_by_choice_or_by_filter(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut admin = Browser::signed_in(&app, "admin").await;
        assert!(!admin.page("/admin/alerts/sent").await.contains("/admin/alerts/sent/replay"), "there is nothing to be sent again");
        let new = json!({"name": "Mai", "role": "leader", "unit": "H19.15", "email": "mai@bendinh.example.vn"});
        let to = app.post("admin", "/api/v1/users", &new).await.ok()["id"].as_i64().unwrap();
        for (minutes, status) in [(50, OutboxStatus::Failed), (40, OutboxStatus::Sent), (30, OutboxStatus::Uncertain), (20, OutboxStatus::Failed)] {
            let at = Moment::from(app.app.clock().now() - chrono::TimeDelta::minutes(minutes));
            let row = OutboxRow { message_id: format!("{minutes}@bendinh.example.vn"), status: status.word().into(), subject: SCRIPT.into(), ..outbox::message(to, at) };
            app.app.write_job("test", move |c, _| Ok(outbox_insert(c, vec![row])?)).await.unwrap();
        }
        let list = admin.page("/admin/alerts/sent").await;
        assert_eq!(list.matches("type=\"checkbox\"").count(), 3, "what was sent is not to be chosen");
        is_safe(&list);
        let path = "/admin/alerts/sent/replay";
        let none = admin.post(path, &[]).await;
        assert_eq!(none.status, 400);
        says(&none.body, "Chưa chọn thư nào");
        assert_eq!(admin.post(path, &[("all", "yes")]).await.status, 400, "all of everything is not asked for");
        let ids: Vec<&str> = list.split("name=\"id\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        let chosen = admin.post(path, &[("id", ids[0]), ("id", ids[1]), ("id", "999"), ("id", "x")]).await;
        assert_eq!(chosen.status, 200);
        says(&chosen.body, "2 thư đang chờ gửi lại.");
        says(&chosen.body, "hai lần");
        says(&chosen.body, "/admin/alerts/sent/999");
        let again = admin.post(path, &[("id", ids[0])]).await;
        says(&again.body, "0 thư đang chờ gửi lại.");
        says(&admin.page("/admin/alerts/sent?status=failed").await, "name=\"all\"");
        says(&admin.post(path, &[("all", "yes"), ("status", "failed"), ("rule", "")]).await.body, "1 thư đang chờ gửi lại.");
        let mut leader = Browser::signed_in(&app, "leader").await;
        assert_eq!(leader.post(path, &[("id", ids[0])]).await.status, 403);
        app.stop().await;
    }

    async fn procedures_are_downloaded_looked_at_and_read_in(db) {
        let app = TestApp::start(db, MORNING).await;
        let mut admin = Browser::signed_in(&app, "admin").await;
        let path = "/admin/procedures/import";
        says(&admin.page("/admin/procedures").await, path);
        let all = admin.get("/admin/procedures.csv").await;
        assert_eq!(all.header("content-disposition"), "attachment; filename=\"procedures.csv\"");
        says(&all.body, COPIES);
        admin.page(path).await;
        let same = admin.post(&format!("{path}/look"), &[("csv", &all.body)]).await;
        says(&same.body, "0 thủ tục sẽ được thêm hoặc thay đổi");
        let table = format!("code,name,sector,limit_unit,limit_value,valid_from,source\n9.000001,Thủ tục <b>mới</b>,Đất đai,working_day,5,,QĐ 1\n{COPIES},Chứng thực bản sao,Chứng thực,working_day,2,2027-01-01,QĐ 2\n");
        let looked = admin.post(&format!("{path}/look"), &[("csv", &table)]).await;
        assert_eq!(looked.status, 200, "{}", looked.body);
        says(&looked.body, "2 thủ tục sẽ được thêm hoặc thay đổi; 0 thủ tục giữ nguyên");
        says(&looked.body, "đổi tên hoặc lĩnh vực");
        says(&looked.body, "Thủ tục &#60;b&#62;mới");
        says(&looked.body, "01/01/2027");
        assert_eq!(admin.get("/admin/procedures/9.000001").await.status, 404, "nothing is stored yet");
        assert_eq!(went(&admin.post(path, &[("csv", &table)]).await), "/admin/procedures?done=saved");
        says(&admin.page("/admin/procedures/9.000001").await, "5 ngày làm việc");
        let bad = admin.post(&format!("{path}/look"), &[("csv", "code,name,sector,limit_unit,limit_value\n1.1,A,,fortnight,\"><script>alert(1)</script>\n")]).await;
        assert_eq!(bad.status, 400);
        says(&bad.body, "Dòng 2, cột limit_unit");
        says(&bad.body, "Dòng 2, cột sector");
        says(&bad.body, "fortnight");
        is_safe(&bad.body);
        // A limit that is still to come is taken back, once.
        let one = format!("/admin/procedures/{COPIES}");
        let page = admin.page(&one).await;
        let remove = format!("{one}/limits/remove");
        assert_eq!(page.matches(&remove).count(), 1, "only what is still to come");
        let fields = [("channel", ""), ("case", ""), ("valid_from", "2027-01-01")];
        for _ in 0..2 {
            assert_eq!(went(&admin.post(&remove, &fields).await), format!("{one}?done=removed"));
        }
        assert!(!admin.page(&one).await.contains(&remove));
        let mut commune = Browser::signed_in(&app, "commune_admin").await;
        assert!(!commune.page("/admin/procedures").await.contains(path));
        for to in [path.to_owned(), format!("{path}/look")] {
            assert_eq!(commune.post(&to, &[("csv", &table)]).await.status, 403, "{to}");
        }
        app.stop().await;
    }

    async fn a_table_that_changes_the_past_asks_for_a_reason(db) {
        let app = TestApp::start(db, MORNING).await;
        app.log(COPIES, json!({})).await;
        let mut admin = Browser::signed_in(&app, "admin").await;
        let all = admin.page("/admin/procedures.csv").await;
        let mut rows: Vec<String> = all.lines().filter(|line| line.starts_with(COPIES)).map(ToOwned::to_owned).collect();
        let head = all.lines().next().unwrap().to_owned();
        for row in &mut rows {
            *row = row.replace(",same_day,,", ",working_day,9,");
        }
        let table = format!("{head}\n{}\n", rows.join("\n"));
        let path = "/admin/procedures/import";
        admin.page(path).await;
        let looked = admin.post(&format!("{path}/look"), &[("csv", &table)]).await;
        assert_eq!(looked.status, 200, "{}", looked.body);
        says(&looked.body, "name=\"correct\"");
        let refused = admin.post(path, &[("csv", &table)]).await;
        assert_eq!(refused.status, 400);
        says(&refused.body, "name=\"correct\"");
        let unsaid = admin.post(path, &[("csv", &table), ("correct", "yes"), ("reason", "")]).await;
        says(&unsaid.body, "import-reason-fault");
        went(&admin.post(path, &[("csv", &table), ("correct", "yes"), ("reason", "ghi nhầm")]).await);
        app.stop().await;
    }
}

/// Whoever changes the language on a page that answers a form comes back to the form.
#[track_caller]
fn leads_back(answer: &crate::support::Answer, to: &str) {
    assert_eq!((answer.status, answer.header("location")), (303, to));
}

async fn first_user(app: &TestApp, who: &str) -> String {
    let user = hentra::app::access::authenticate(&app.app, app.token(who)).await.unwrap().user_id;
    format!("/admin/users/{user}")
}
