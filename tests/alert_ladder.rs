//! The ladder end to end: who is told of a late dossier, when, by which letter, and what acknowledging it brings about; on both engines.

use actix_web::http::Method;
use hentra::domain::alert::{AlertRule, AlertRuleForm};
use hentra::mail::Letter;
use serde_json::{Value, json};

use crate::alert_links::{Office, link, page};
use crate::alert_timetable::shipped_rules;
use crate::support::on_both_async;

const CODE: &str = "QUA-HAN";

/// The shipped ladder with three steps, as an office has it whose departments are units of their own, kept to a unit.
pub(crate) fn three_steps(unit: Option<&str>) -> AlertRule {
    let shipped = shipped_rules().into_iter().find(|rule| rule.name() == "escalation").unwrap();
    let unit = unit.map(ToOwned::to_owned);
    AlertRule::try_from(AlertRuleForm { steps: Some(vec![1, 2, 3]), unit, ..shipped.form().clone() }).unwrap()
}

/// A province and a commune, each with a leader, and an officer; a dossier of the commune is due Tuesday 17/11/2026. The ladder goes up to the province.
async fn late(db: &crate::support::TestDatabase) -> Office {
    late_under(db, three_steps(None)).await
}

async fn late_under(db: &crate::support::TestDatabase, rule: AlertRule) -> Office {
    let office = Office::open_with(db, vec![rule]).await;
    office.user("officer", "H19.15", "Lê Văn Tám", "vi").await;
    office.user("leader", "H19.15", "Nguyễn Văn Hùng", "vi").await;
    office.user("leader", "H19", "Trần Thị Mai", "en").await;
    log(&office, CODE, "Lê Văn Tám").await;
    office
}

async fn log(office: &Office, code: &str, officer: &str) {
    office.app.at("2026-11-12T09:00:00+07:00");
    office.app.log("1.004859", json!({"code": code, "officer": officer})).await.ok();
}

/// To whom the mails of an instant went, and what their rows say.
async fn told(office: &Office, day: &str) -> Vec<String> {
    let mails = fresh(office, &format!("2026-11-{day}T07:40:00+07:00")).await;
    let mut told: Vec<String> = mails.iter().map(|of| of.to.split('@').next().unwrap().to_owned()).collect();
    told.sort();
    told
}

/// The mails of an instant alone.
async fn fresh(office: &Office, at: &str) -> Vec<Letter> {
    let before = office.mailer.taken().len();
    office.run(at).await.split_off(before)
}

async fn known(office: &Office) -> Vec<(String, String, Value)> {
    let path = format!("/api/v1/dossiers/{CODE}/acknowledgements");
    let told = office.app.get("leader", &path).await.ok();
    let text = |of: &Value| of.as_str().unwrap().to_owned();
    let row = |of: &Value| (text(&of["step"]), text(&of["user_name"]), of["quiet_until"].clone());
    told["items"].as_array().unwrap().iter().map(row).collect()
}

on_both_async! {
    async fn a_late_dossier_climbs_a_step_each_working_day_until_it_is_closed(db) {
        let office = late(db).await;
        assert_eq!(told(&office, "17").await, [""; 0]);
        assert_eq!(told(&office, "18").await, ["officer.h19.15"]);
        // The same slot once more tells nothing twice.
        assert_eq!(told(&office, "18").await, [""; 0]);
        assert_eq!(told(&office, "19").await, ["leader.h19.15", "officer.h19.15"]);
        assert_eq!(told(&office, "20").await, ["leader.h19", "leader.h19.15", "officer.h19.15"]);
        // Saturday and Sunday are off.
        assert_eq!(told(&office, "21").await, [""; 0]);
        assert_eq!(told(&office, "23").await, ["leader.h19", "leader.h19.15", "officer.h19.15"]);
        office.app.act(CODE, &json!({"act": "resolve"})).await.ok();
        // Tuesday is a holiday; on Wednesday there is nothing late.
        assert_eq!(told(&office, "25").await, [""; 0]);
        let steps: Vec<String> = known(&office).await.into_iter().take(3).map(|(step, who, _)| format!("{step} {who}")).collect();
        assert_eq!(steps, ["officer Lê Văn Tám", "head Nguyễn Văn Hùng", "officer Lê Văn Tám"]);
        office.app.stop().await;
    }
}

on_both_async! {
    async fn one_letter_names_all_dossiers_of_its_reader(db) {
        let office = late(db).await;
        log(&office, "QUA-HAN-2", "Không Ai Biết").await;
        log(&office, "QUA-HAN-3", "Lê Văn Tám").await;
        // Nobody is called so: the officer's step is passed on the first day, and that is said to the head on the second.
        let first = fresh(&office, "2026-11-18T07:40:00+07:00").await;
        assert_eq!(first.len(), 1);
        insta::allow_duplicates! {
            insta::assert_snapshot!(masked(&first[0]), @r#"
[Phường Phước Long] 2 hồ sơ quá hạn chưa giải quyết, lâu nhất 1 ngày làm việc – thứ Tư 18/11/2026

2 hồ sơ quá hạn chưa giải quyết, lâu nhất 1 ngày làm việc.

Kính gửi cán bộ Phường Phước Long, đây là các hồ sơ ông/bà phụ trách đã quá hạn trả. Nếu chưa giải quyết xong, hồ sơ sẽ được báo lên lãnh đạo đơn vị.

Xác nhận đã biết: https://hentra.example.vn/l/…
Xác nhận là ghi nhận ông/bà đã biết các hồ sơ này và tạm ngừng nhắc đến ngày ông/bà chọn; hồ sơ vẫn được báo lên bậc trên nếu chưa giải quyết xong.

BÁO LẦN ĐẦU (2)

1. QUA-HAN – quá hạn 1 ngày làm việc
   Thủ tục thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc (1.004859)
   Cán bộ: Lê Văn Tám · hạn 17:00 thứ Ba 17/11/2026
   https://hentra.example.vn/dossiers/QUA-HAN
2. QUA-HAN-3 – quá hạn 1 ngày làm việc
   Thủ tục thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc (1.004859)
   Cán bộ: Lê Văn Tám · hạn 17:00 thứ Ba 17/11/2026
   https://hentra.example.vn/dossiers/QUA-HAN-3
Xem danh sách hồ sơ quá hạn: https://hentra.example.vn/dossiers?unit=H19.15&subtree=true&overdue=true

Trân trọng.

-- 
Thư tự động của hệ thống Hentra, kỳ 7 giờ 40 thứ Tư 18/11/2026. Vui lòng không trả lời thư này.
"#);
        }
        crate::alert_letters::show("ladder", &first[0].html);
        let second = fresh(&office, "2026-11-19T07:40:00+07:00").await;
        let head = second.iter().find(|of| of.to.starts_with("leader")).unwrap();
        assert!(head.text.contains("3. QUA-HAN-3 – quá hạn 2 ngày làm việc"), "{}", head.text);
        assert!(head.text.contains("Cán bộ: Không Ai Biết · chưa báo được cán bộ phụ trách"), "{}", head.text);
        assert!(!head.text.contains("đã được báo mà"), "of one of them nobody was told: {}", head.text);
        let third = fresh(&office, "2026-11-20T07:40:00+07:00").await;
        let chairman = third.iter().find(|of| of.to == "leader.h19@example.vn").unwrap();
        assert_eq!(chairman.subject, "[Tỉnh Đồng Nai] 3 overdue dossiers still open, up to 3 working days late – Friday 20 November 2026");
        for mail in first.iter().chain(&second).chain(&third) {
            assert!(mail.opt_down.is_none() && !mail.text.contains("Hòa") && !mail.subject.contains("Tám"));
        }
        office.app.stop().await;
    }
}

/// A letter without its signed link.
fn masked(of: &Letter) -> String {
    format!("{}\n\n{}", of.subject, of.text.replace(&link(of), "/l/…"))
}

on_both_async! {
    async fn acknowledging_says_who_knew_and_quiets_that_step_until_its_day(db) {
        let office = late(db).await;
        let mails = fresh(&office, "2026-11-18T07:40:00+07:00").await;
        let link = link(&mails[0]);
        let looked = office.get(&link).await;
        crate::alert_letters::show("acknowledge", &looked.body);
        page(&looked, 200, "Xác nhận đã biết hồ sơ quá hạn");
        assert!(looked.body.contains("<li>QUA-HAN</li>") && looked.body.contains("value=\"2026-11-26\">thứ Năm 26/11/2026<"), "{}", looked.body);
        assert_eq!(known(&office).await[0].2, Value::Null);
        // A day off, a day too far, today, and no day at all are no days to choose; a mail program's click acknowledges nothing.
        for day in ["2026-11-24", "2026-11-27", "2026-11-18", "mai", ""] {
            page(&office.post(&link, &format!("do=acknowledge&until={day}")).await, 400, "Chưa chọn được ngày");
        }
        page(&office.post(&link, "List-Unsubscribe=One-Click").await, 400, "Chưa chọn được ngày");
        assert_eq!(known(&office).await[0].2, Value::Null);

        for _ in 0..2 {
            page(&office.post(&link, "do=acknowledge&until=2026-11-23").await, 200, "Đã ghi nhận");
        }
        assert_eq!(known(&office).await, [("officer".into(), "Lê Văn Tám".into(), json!("2026-11-23"))]);
        let entries = office.told("alert_acknowledged").await;
        assert_eq!(entries.len(), 1);
        assert_eq!((&entries[0]["until"], &entries[0]["dossiers"]), (&json!("2026-11-23"), &json!([{"code": CODE, "step": "officer"}])));

        // The officer's step is quiet until Monday; those above are told all the same.
        assert_eq!(told(&office, "19").await, ["leader.h19.15"]);
        assert_eq!(told(&office, "20").await, ["leader.h19", "leader.h19.15"]);
        assert_eq!(told(&office, "23").await, ["leader.h19", "leader.h19.15", "officer.h19.15"]);
        office.app.act(CODE, &json!({"act": "resolve"})).await.ok();
        page(&office.get(&link).await, 200, "Các hồ sơ đã giải quyết xong");
        office.app.stop().await;
    }
}

on_both_async! {
    async fn a_redated_dossier_begins_anew_once_it_is_no_longer_late(db) {
        let office = late(db).await;
        assert_eq!(told(&office, "18").await, ["officer.h19.15"]);
        office.app.at("2026-11-18T09:00:00+07:00");
        let later = json!({"act": "correct", "reason": "ghi sai ngày nhận", "changes": {"received_at": "2026-11-16T09:00:00+07:00"}});
        office.app.by("leader", Method::POST, &format!("/api/v1/dossiers/{CODE}/acts")).header("If-Match", "*").json(&later).send().await.ok();
        // Due Thursday 19/11 now: not late on Thursday, one day late on Friday.
        assert_eq!(told(&office, "19").await, [""; 0]);
        assert_eq!(told(&office, "20").await, ["officer.h19.15"]);
        assert_eq!(told(&office, "23").await, ["leader.h19.15", "officer.h19.15"]);
        office.app.stop().await;
    }
}

on_both_async! {
    async fn the_shipped_ladder_ends_with_the_leaders_of_the_unit(db) {
        let shipped = shipped_rules().into_iter().find(|rule| rule.name() == "escalation").unwrap();
        let office = late_under(db, shipped).await;
        assert_eq!(told(&office, "18").await, ["officer.h19.15"]);
        let second = fresh(&office, "2026-11-19T07:40:00+07:00").await;
        let head = second.iter().find(|of| of.to.starts_with("leader")).unwrap();
        assert!(head.text.contains("Kính đề nghị ông/bà chỉ đạo.") && !head.text.contains("cấp trên") && !head.text.contains("bậc trên"), "{}", head.text);
        for day in ["20", "23", "25", "26"] {
            assert_eq!(told(&office, day).await, ["leader.h19.15", "officer.h19.15"], "the province is told of no commune's dossier: {day}");
        }
        office.app.stop().await;
    }
}

on_both_async! {
    async fn a_ladder_kept_to_a_unit_tells_nobody_above_it(db) {
        let office = late_under(db, three_steps(Some("H19.15"))).await;
        assert_eq!(told(&office, "18").await, ["officer.h19.15"]);
        // Of those within reach the unit's own leaders are the last step.
        assert_eq!(told(&office, "19").await, ["officer.h19.15"]);
        for day in ["20", "23", "25"] {
            assert_eq!(told(&office, day).await, ["leader.h19.15", "officer.h19.15"], "{day}");
        }
        assert!(known(&office).await.iter().any(|(step, who, _)| step == "chairman" && who == "Nguyễn Văn Hùng"));
        office.app.stop().await;
    }
}

/// Lets somebody be away.
async fn away(office: &Office, who: i64, delegate: i64, (from, to): (&str, &str), keep: bool) {
    let body = json!({"delegate": delegate, "from": from, "to": to, "keep": keep});
    office.app.post("admin", &format!("/api/v1/users/{who}/delegations"), &body).await.ok();
}

on_both_async! {
    async fn who_is_away_is_told_through_the_delegate_on_each_step(db) {
        let office = Office::open_with(db, vec![three_steps(None)]).await;
        let officer = office.user("officer", "H19.15", "Lê Văn Tám", "vi").await;
        let head = office.user("leader", "H19.15", "Nguyễn Văn Hùng", "vi").await;
        let other = json!({"name": "Phạm Thị Thay", "role": "officer", "unit": "H19.15", "email": "thay@example.vn"});
        let other = office.app.post("admin", "/api/v1/users", &other).await.ok()["id"].as_i64().unwrap();
        let deputy = json!({"name": "Lê Thị Phó", "role": "leader", "unit": "H19", "language": "en", "email": "pho@example.vn"});
        let deputy = office.app.post("admin", "/api/v1/users", &deputy).await.ok()["id"].as_i64().unwrap();
        log(&office, CODE, "Lê Văn Tám").await;
        office.app.at("2026-11-17T09:00:00+07:00");
        away(&office, officer, other, ("2026-11-18", "2026-11-19"), false).await;
        away(&office, head, deputy, ("2026-11-19", "2026-11-19"), true).await;

        let first = fresh(&office, "2026-11-18T07:40:00+07:00").await;
        let behalf = "Thư này được gửi đến ông/bà vì ông/bà đang được ủy quyền nhận thay Lê Văn Tám";
        assert_eq!(first.iter().map(|of| of.to.as_str()).collect::<Vec<_>>(), ["thay@example.vn"]);
        assert!(first[0].text.starts_with(behalf) && first[0].text.contains(CODE), "{}", first[0].text);
        // Who acknowledges is who read, and it is the officer's step that is quiet for it.
        page(&office.post(&link(&first[0]), "do=acknowledge&until=2026-11-20").await, 200, "Đã ghi nhận");
        assert_eq!(known(&office).await, [("officer".into(), "Phạm Thị Thay".into(), json!("2026-11-20"))]);

        // The head keeps an own copy; each has a link of its own, and the delegate's is in the delegate's language.
        let second = fresh(&office, "2026-11-19T07:40:00+07:00").await;
        let to = |address: &str| second.iter().find(|of| of.to == address).unwrap_or_else(|| panic!("{address}: {second:?}"));
        assert_eq!(second.len(), 2);
        let (own, for_him) = (to("leader.h19.15@example.vn"), to("pho@example.vn"));
        assert!(for_him.text.starts_with("You receive this mail on behalf of Nguyễn Văn Hùng"), "{}", for_him.text);
        assert!(!own.text.contains("nhận thay") && link(own) != link(for_him));

        // Back again on the day after the last one; the chairman's step is the deputy's own.
        let third = fresh(&office, "2026-11-20T07:40:00+07:00").await;
        let mut told: Vec<&str> = third.iter().map(|of| of.to.as_str()).collect();
        told.sort_unstable();
        assert_eq!(told, ["leader.h19.15@example.vn", "officer.h19.15@example.vn", "pho@example.vn"]);
        assert!(!third.iter().any(|of| of.text.contains("on behalf") || of.text.contains("nhận thay")));
        office.app.stop().await;
    }
}

on_both_async! {
    async fn a_step_that_was_passed_is_not_taken_up_again_when_a_delegate_can_be_reached(db) {
        let office = Office::open_with(db, vec![three_steps(None)]).await;
        let silent = json!({"name": "Lê Văn Tám", "role": "officer", "unit": "H19.15"});
        let silent = office.app.post("admin", "/api/v1/users", &silent).await.ok()["id"].as_i64().unwrap();
        let head = office.user("leader", "H19.15", "Nguyễn Văn Hùng", "vi").await;
        office.user("leader", "H19", "Trần Thị Mai", "en").await;
        log(&office, CODE, "Lê Văn Tám").await;
        log(&office, "QUA-HAN-2", "Lê Văn Tám").await;
        assert_eq!(told(&office, "18").await, [""; 0], "the officer has no address");
        office.app.at("2026-11-18T09:00:00+07:00");
        away(&office, silent, head, ("2026-11-19", "2026-11-30"), false).await;
        // The step was passed on the day before; the head is told as head.
        assert_eq!(told(&office, "19").await, ["leader.h19.15"]);
        office.app.stop().await;
    }
}

on_both_async! {
    async fn where_nobody_stands_above_the_units_own_leaders_are_the_last_step(db) {
        let office = Office::open_with(db, vec![three_steps(None)]).await;
        office.user("leader", "H19.15", "Nguyễn Văn Hùng", "vi").await;
        log(&office, CODE, "Lê Văn Tám").await;
        assert_eq!(told(&office, "18").await, [""; 0]);
        assert_eq!(told(&office, "19").await, [""; 0]);
        assert_eq!(told(&office, "20").await, ["leader.h19.15"]);
        assert_eq!(known(&office).await, [("chairman".into(), "Nguyễn Văn Hùng".into(), Value::Null)]);
        office.app.stop().await;
    }
}

on_both_async! {
    async fn the_acknowledgements_of_a_dossier_are_for_those_who_see_it(db) {
        let office = late(db).await;
        told(&office, "18").await;
        let path = format!("/api/v1/dossiers/{CODE}/acknowledgements");
        assert_eq!(office.app.get("officer", &path).await.ok()["items"][0]["step"], "officer");
        office.app.get("neighbour", &path).await.problem(404, "not_found");
        office.app.get("officer", &format!("{path}?x=1")).await.fault("x", "unknown_field");
        office.app.stop().await;
    }
}

on_both_async! {
    async fn a_letter_about_a_dossier_that_was_taken_away_is_gone_and_hinders_nothing(db) {
        let office = late(db).await;
        let link = link(&fresh(&office, "2026-11-18T07:40:00+07:00").await[0]);
        // As the repair from the ledger takes away what the ledger never saw.
        let taken_away = office.app.app.write_job("test", |c, _| {
            let ids = [hentra::store::dossiers::dossier_find(c, CODE)?.unwrap().id];
            hentra::store::bounds::bounds_delete(c, &ids)?;
            hentra::store::halts::halts_delete(c, &ids)?;
            hentra::store::findings::findings_delete(c, &ids)?;
            hentra::store::applicants::applicants_erase(c, &ids)?;
            Ok(hentra::store::dossiers::dossiers_delete(c, &ids)?)
        });
        taken_away.await.unwrap();
        page(&office.get(&link).await, 410, "Thư này không còn hiệu lực");
        page(&office.post(&link, "do=acknowledge&until=2026-11-23").await, 410, "Thư này không còn hiệu lực");
        assert_eq!(office.told("alert_acknowledged").await.len(), 0);
        assert_eq!(told(&office, "19").await, [""; 0]);
        office.app.stop().await;
    }
}

/// So many officers, each with a late dossier of the own, logged in the order of their names.
async fn many(office: &Office, officers: usize) {
    for n in 0..officers {
        let name = format!("Cán bộ {n:03}");
        let body = json!({"name": name, "role": "officer", "unit": "H19.15", "email": format!("o{n:03}@example.vn")});
        office.app.post("admin", "/api/v1/users", &body).await.ok();
        log(office, &format!("QH-{n:03}"), &name).await;
    }
}

/// A second process over the same database, whose clock is the first one's.
fn neighbour(office: &Office, db: &crate::support::TestDatabase) -> hentra::app::App {
    let patience = std::time::Duration::from_secs(10);
    let settings = hentra::store::StoreSettings { url: db.url().to_owned(), readers: 2, patience };
    let store = hentra::store::Store::open(&settings).unwrap();
    hentra::app::App::start(store, office.app.app.clock().clone()).unwrap()
}

async fn slot_rows(office: &Office) -> Vec<(String, Option<i64>, i64)> {
    let open = office.app.app.read(|c, _| Ok(hentra::store::alert_slots::slots_open(c)?)).await.unwrap();
    open.into_iter().map(|row| (row.result, row.written_to, row.enqueued)).collect()
}

on_both_async! {
    async fn a_ladder_of_many_is_written_in_slices_once_to_each_by_two_processes_at_once(db) {
        let office = Office::open_with(db, vec![three_steps(None)]).await;
        office.user("leader", "H19.15", "Nguyễn Văn Hùng", "vi").await;
        office.user("leader", "H19", "Trần Thị Mai", "en").await;
        many(&office, 70).await;
        log(&office, "A-KHONG-AI", "Không Ai Biết").await;
        office.run("2026-11-17T07:40:00+07:00").await;
        let (settings, until) = (office.settings().clone(), crate::support::instant("2026-11-18T07:40:00+07:00"));
        office.app.at("2026-11-18T07:40:00+07:00");
        let other = neighbour(&office, db);
        let (one, two) = tokio::join!(
            hentra::app::alerts::enqueue_due(&office.app.app, &settings, until),
            hentra::app::alerts::enqueue_due(&other, &settings, until),
        );
        let (one, two) = (one.unwrap(), two.unwrap());
        assert_eq!((one.slots + two.slots, one.enqueued + two.enqueued), (1, 70));
        assert_eq!(slot_rows(&office).await, []);
        let mut once: Vec<String> = fresh(&office, "2026-11-18T07:41:00+07:00").await.into_iter().map(|of| of.to).collect();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), 70, "each once");
        // Each officer was told, and nobody on the one dossier that nobody has: on the next day the head is told of all.
        let second = fresh(&office, "2026-11-19T07:40:00+07:00").await;
        let head = second.iter().find(|of| of.to == "leader.h19.15@example.vn").unwrap();
        assert!(head.subject.contains("] 71 hồ sơ quá hạn chưa giải quyết"), "{}", head.subject);
        assert_eq!(head.text.matches("chưa báo được cán bộ phụ trách").count(), 1, "{}", head.text);
        office.app.stop().await;
    }
}

on_both_async! {
    async fn a_ladder_that_a_process_left_half_written_is_finished_behind_the_last(db) {
        let office = Office::open_with(db, vec![three_steps(None)]).await;
        many(&office, 4).await;
        let keys: Vec<i64> = {
            let users = office.app.get("admin", "/api/v1/users?limit=200").await.ok();
            let mut keys: Vec<i64> = users["items"].as_array().unwrap().iter()
                .filter(|of| of["name"].as_str().unwrap().starts_with("Cán bộ 0")).map(|of| of["id"].as_i64().unwrap()).collect();
            keys.sort_unstable();
            keys
        };
        office.run("2026-11-17T07:40:00+07:00").await;
        // As it stands when a process dies after the slice that ended with the second officer, having told the first two.
        let at = crate::support::instant("2026-11-18T07:40:00+07:00");
        let open = hentra::store::alert_slots::SlotRow {
            rule: "escalation".into(), slot_at: at.into(), claimed_at: at.into(), result: "open".into(), written_to: Some(keys[1]), enqueued: 2,
        };
        office.app.app.write_job("test", move |c, _| {
            let late = hentra::store::ladder::dossiers_late(c, None, at.into())?;
            let taken: Vec<_> = late.iter().filter(|of| ["QH-000", "QH-001"].contains(&of.code.as_str())).map(|of| hentra::store::ladder::StepRow {
                dossier_id: of.id, due_at: of.due_at, step: "officer".into(), told_at: at.into(), anyone: true,
            }).collect();
            hentra::store::ladder::ladder_told(c, &taken, &[])?;
            Ok(hentra::store::alert_slots::slot_claim(c, &open)?)
        }).await.unwrap();
        // What comes to light meanwhile is told by the next slot where its reader was written to before.
        log(&office, "QH-MOI", "Cán bộ 000").await;
        let mails = fresh(&office, "2026-11-18T07:44:00+07:00").await;
        let mut to: Vec<&str> = mails.iter().map(|of| of.to.as_str()).collect();
        to.sort_unstable();
        assert_eq!(to, ["o002@example.vn", "o003@example.vn"]);
        assert!(mails.iter().all(|of| of.text.contains("BÁO LẦN ĐẦU (1)")), "{}", mails[0].text);
        assert_eq!(slot_rows(&office).await, []);
        // On the next day everybody is told: those of the dead process again, and of the new dossier its officer for the first time.
        let next = fresh(&office, "2026-11-19T07:40:00+07:00").await;
        assert_eq!(next.len(), 4);
        let first = next.iter().find(|of| of.to == "o000@example.vn").unwrap();
        assert!(first.text.contains("BÁO LẦN ĐẦU (1)") && first.text.contains("QH-000") && first.text.contains("QH-MOI"), "{}", first.text);
        office.app.stop().await;
    }
}
