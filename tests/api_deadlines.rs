//! Due dates over HTTP: the agreed cases, explanations, batches with bad items in them.

use actix_web::http::Method;
use hentra::app::calendars;
use serde_json::{Value, json};

use crate::support::{TestApp, on_both_async};

const NOW: &str = "2026-11-20T08:00:00+07:00";

on_both_async! {
    async fn all_agreed_cases_come_back_in_order_from_one_batch(db) {
        let app = TestApp::start(db, NOW).await;
        let cases: Vec<Value> = serde_json::from_str(include_str!("golden/deadline-cases.json")).unwrap();
        assert_eq!(cases.len(), 85);
        let question = |case: &Value| {
            let mut question = case.clone();
            question.as_object_mut().unwrap().retain(|name, _| name != "due_at" && name != "lapses_at");
            question
        };
        let questions: Vec<Value> = cases.iter().map(question).collect();
        let answers = app.post("reporter", "/api/v1/deadlines/preview/batch", &json!(questions)).await.ok();
        for (case, answer) in cases.iter().zip(answers.as_array().unwrap()) {
            assert_eq!((&answer["due_at"], &answer["lapses_at"]), (&case["due_at"], &case["lapses_at"]), "{case}");
            assert!(!answer["steps"].as_array().unwrap().is_empty(), "{case}");
        }
        app.stop().await;
    }
}

on_both_async! {
    async fn a_preview_tells_each_day_with_its_source_in_the_readers_language(db) {
        let app = TestApp::start(db, NOW).await;
        let body = json!({"received_at": "2026-08-20T09:00:00+07:00", "limit": {"value": 2, "unit": "working_day"}});
        let answer = app.post("officer", "/api/v1/deadlines/preview", &body).await.ok();
        assert_eq!(answer["due_at"], "2026-08-22T17:00:00+07:00");
        assert_eq!(answer["due_on"], "2026-08-22");
        assert_eq!(answer["steps"][0]["why"], "ngày tiếp nhận không tính");
        assert_eq!(answer["steps"][0]["source"], "BLDS 2015 Đ.147(2)");
        assert_eq!(answer["steps"][2]["counts"], 2);
        let path = "/api/v1/deadlines/preview?received_at=2026-08-20T09:00:00%2B07:00&limit.value=2&limit.unit=working_day";
        assert_eq!(app.get("officer", path).await.ok(), answer);
        assert_eq!(app.get("officer", &path.replace("limit.", "limit_").replace("%2B", "%2b")).await.ok(), answer);
        let english = app.by("officer", Method::GET, path).header("Accept-Language", "en-GB,vi;q=0.5").send().await.ok();
        assert_eq!(english["due_at"], answer["due_at"]);
        assert!(english["steps"][0]["why"] != answer["steps"][0]["why"], "{english}");
        app.stop().await;
    }
}

on_both_async! {
    async fn a_procedure_is_asked_for_with_the_units_commitments(db) {
        let app = TestApp::start(db, NOW).await;
        app.commit("2.000815").await;
        let body = json!({"received_at": "2026-11-20T15:01:00+07:00", "procedure": "2.000815", "unit": "H19.15", "channel": "in_person"});
        let answer = app.post("officer", "/api/v1/deadlines/preview", &body).await.ok();
        assert_eq!(answer["statutory_due_at"], "2026-11-23T17:00:00+07:00");
        assert_eq!(answer["commitment_due_at"], "2026-11-20T17:00:00+07:00");
        assert_eq!(answer["due_at"], "2026-11-20T17:00:00+07:00");
        app.stop().await;
    }
}

on_both_async! {
    async fn questions_that_contradict_themselves_name_the_field(db) {
        let app = TestApp::start(db, NOW).await;
        let limit = json!({"value": 2, "unit": "working_day"});
        let late = json!({"after": "15:00", "effect": "result_next_working_day"});
        for (body, name, code) in [
            (json!({}), "limit", "required"),
            (json!({"limit": limit, "procedure": "2.000815"}), "procedure", "conflicting"),
            (json!({"limit": limit, "unit": "H19.15"}), "unit", "conflicting"),
            (json!({"procedure": "2.000815", "late_receipt": late}), "late_receipt", "conflicting"),
            (json!({"limit": {"value": 0, "unit": "working_day"}}), "limit.value", "out_of_range"),
            (json!({"limit": {"unit": "working_day"}}), "limit.value", "required"),
            (json!({"limit": {"value": 1, "unit": "same_day"}}), "limit.value", "conflicting"),
            (json!({"limit": {"value": 1, "unit": "fortnight"}}), "limit.unit", "not_allowed"),
            (json!({"limit": {"value": 1, "unit": "month", "x": 1}}), "limit.x", "unknown_field"),
            (json!({"limit": limit, "late_receipt": {"after": "25:00", "effect": "result_next_working_day"}}),
                "late_receipt.after", "malformed"),
            (json!({"limit": limit, "received_at": "1999-12-31T23:59:59+07:00"}), "received_at", "out_of_range"),
            (json!({"limit": limit, "received_at": "2026-08-20 09:00"}), "received_at", "malformed"),
            (json!({"limit": {"value": 3650, "unit": "month"}}), "limit", "beyond_calendar"),
            (json!({"procedure": "9.999999"}), "procedure", "unknown_reference"),
            (json!({"procedure": "2.000815", "unit": "H99"}), "unit", "unknown_reference"),
        ] {
            app.post("officer", "/api/v1/deadlines/preview", &body).await.fault(name, code);
        }
        for (query, name, code) in [
            ("limit.value=2", "limit.unit", "required"),
            ("limit.unit=working_day&limit.value=x", "limit.value", "malformed"),
            ("limit.unit=working_day&limit.value=2&limit.value=3", "limit.value", "duplicate"),
            ("procedure=2.000815&colour=red", "colour", "unknown_field"),
            ("procedure=2.000815&channel=fax", "channel", "not_allowed"),
        ] {
            app.get("officer", &format!("/api/v1/deadlines/preview?{query}")).await.fault(name, code);
        }
        app.stop().await;
    }
}

on_both_async! {
    async fn a_bad_item_of_a_batch_is_a_problem_in_its_place(db) {
        let app = TestApp::start(db, NOW).await;
        let good = json!({"received_at": "2026-08-20T09:00:00+07:00", "limit": {"value": 2, "unit": "working_day"}});
        let items = json!([good, {"limit": {"value": 0, "unit": "month"}}, 7, {"procedure": "2.000815", "limits": 1}, good]);
        let answers = app.post("officer", "/api/v1/deadlines/preview/batch", &items).await.ok();
        assert_eq!(answers.as_array().unwrap().len(), 5);
        assert_eq!(answers[0], answers[4]);
        for (at, name, code) in [(1, "limit.value", "out_of_range"), (2, "body", "malformed"), (3, "limits", "unknown_field")] {
            let problem = &answers[at]["problem"];
            assert_eq!(problem["status"], 400);
            assert_eq!((&problem["invalid_params"][0]["name"], &problem["invalid_params"][0]["code"]), (&json!(name), &json!(code)));
        }
        let most = json!(vec![&good; 10_000]);
        assert_eq!(app.post("officer", "/api/v1/deadlines/preview/batch", &most).await.ok().as_array().unwrap().len(), 10_000);
        let too_many = json!(vec![&good; 10_001]);
        app.post("officer", "/api/v1/deadlines/preview/batch", &too_many).await.fault("body", "out_of_range");
        app.post("officer", "/api/v1/deadlines/preview/batch", &good).await.fault("body", "malformed");
        app.stop().await;
    }
}

/// Each step as `day counts why [source] scope`.
fn told(answer: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let line = |step: &Value| {
        let (date, why, source, scope) =
            (text(&step["date"]), text(&step["why"]), text(&step["source"]), text(&step["scope"]));
        format!("{date} {} {why} [{source}] {scope}", step["counts"])
    };
    let steps: Vec<String> = answer["steps"].as_array().unwrap().iter().map(line).collect();
    format!("{}\n{}", answer["sentence"].as_str().unwrap(), steps.join("\n"))
}

/// Closes the commune on 23/11/2026 for a flood, and opens the province's counters on Saturday mornings for reception.
async fn overlay(app: &TestApp) {
    let publish = |scope: &str, file: &str| {
        let file = calendars::calendar_from(file.as_bytes(), false).unwrap();
        calendars::publish(&app.app, scope.to_owned(), file, "CV 1/UBND".to_owned(), false)
    };
    let flood =
        "[[day]]\ndate = \"2026-11-23\"\nkind = \"closure\"\nname = \"lũ lụt\"\nsource = \"CV 12/UBND\"\n";
    publish("H19.15", flood).await.unwrap();
    let saturdays = "[[session]]\nweekdays = [\"sat\"]\nsessions = [{start = \"07:30\", end = \"11:30\", counter_only = true}]\n";
    publish("H19", saturdays).await.unwrap();
}

on_both_async! {
    async fn each_day_off_is_told_with_whose_calendar_it_is(db) {
        let app = TestApp::start(db, NOW).await;
        overlay(&app).await;
        let limit = json!([{"limit": {"value": 2, "unit": "working_day"}, "source": "QĐ 1"}]);
        app.post("admin", "/api/v1/procedures", &json!({"code": "9.1", "name": "x", "sector": "y", "limits": limit})).await.ok();
        let body = json!({"received_at": "2026-11-20T17:15:00+07:00", "procedure": "9.1", "unit": "H19.15"});
        let answer = app.post("officer", "/api/v1/deadlines/preview", &body).await.ok();
        insta::allow_duplicates! { insta::assert_snapshot!(told(&answer), @r"
        Nhận hồ sơ lúc 17 giờ 15 thứ Sáu 20/11/2026; thời hạn 2 ngày làm việc, không tính thứ Bảy, Chủ nhật, ngày cơ quan tạm ngừng làm việc 23/11 và ngày Văn hóa Việt Nam 24/11; hẹn trả kết quả trước 17 giờ thứ Năm 26/11/2026.
        2026-11-20 0 ngày tiếp nhận không tính [BLDS 2015 Đ.147(2)] -
        2026-11-20 0 nộp ngoài giờ làm việc; thời hạn tính theo ngày nên không thay đổi [BLDS 2015 Đ.147(2)] -
        2026-11-21 0 quầy chỉ mở để tiếp nhận hồ sơ, không phải ngày làm việc nên không tính (theo lịch của Tỉnh Đồng Nai) [BLLĐ 2019 Đ.111] H19
        2026-11-22 0 thứ Bảy, Chủ nhật là ngày nghỉ hằng tuần [BLLĐ 2019 Đ.111] -
        2026-11-23 0 cơ quan tạm ngừng làm việc: lũ lụt (theo lịch của Phường Phước Long) [CV 12/UBND] H19.15
        2026-11-24 0 nghỉ lễ: Ngày Văn hóa Việt Nam [Nghị quyết 28/2026/QH16, Đ.2(1), hiệu lực từ 01/7/2026] national
        2026-11-25 1 ngày làm việc thứ nhất [-] -
        2026-11-26 2 ngày làm việc thứ 2 [-] -
        "); }
        let elsewhere = json!({"received_at": "2026-11-20T17:15:00+07:00", "procedure": "9.1", "unit": "H19.16"});
        let answer = app.post("officer", "/api/v1/deadlines/preview", &elsewhere).await.ok();
        assert_eq!(answer["due_on"], "2026-11-25");
        app.stop().await;
    }
}

on_both_async! {
    async fn a_commitment_is_told_with_its_decision_and_what_it_asks(db) {
        let app = TestApp::start(db, NOW).await;
        app.commit("2.000815").await;
        let body = json!({"received_at": "2026-11-20T15:01:00+07:00", "procedure": "2.000815", "unit": "H19.15"});
        let answer = app.post("officer", "/api/v1/deadlines/preview", &body).await.ok();
        insta::allow_duplicates! { insta::assert_snapshot!(told(&answer), @r"
        Nhận hồ sơ lúc 15 giờ 01 thứ Sáu 20/11/2026; đơn vị cam kết giải quyết trong ngày tiếp nhận (QĐ same_day của UBND phường); hẹn trả kết quả trước 17 giờ thứ Sáu 20/11/2026.
        2026-11-20 0 nhận hồ sơ sau 15 giờ mà không giải quyết được ngay thì trả kết quả trong ngày làm việc tiếp theo (23/11/2026) [Luật Hộ tịch 2014 Đ.5(3); NĐ 23/2015/NĐ-CP Đ.7] -
        2026-11-21 0 thứ Bảy, Chủ nhật là ngày nghỉ hằng tuần [BLLĐ 2019 Đ.111] -
        2026-11-22 0 thứ Bảy, Chủ nhật là ngày nghỉ hằng tuần [BLLĐ 2019 Đ.111] -
        2026-11-23 1 trả kết quả trong ngày làm việc tiếp theo [Luật Hộ tịch 2014 Đ.5(3); NĐ 23/2015/NĐ-CP Đ.7] -
        2026-11-20 0 đơn vị cam kết giải quyết trong ngày tiếp nhận [QĐ same_day của UBND phường] H19.15
        2026-11-20 0 đơn vị cam kết không hẹn qua tuần đối với hồ sơ nhận ngày thứ Sáu hoặc ngày làm việc cuối tuần [QĐ no_week_rollover của UBND phường] H19.15
        "); }
        app.stop().await;
    }
}

on_both_async! {
    async fn a_dossier_that_stands_tells_its_supplement_and_pauses(db) {
        let app = TestApp::start(db, "2026-11-09T09:00:00+07:00").await;
        let limit = json!([{"limit": {"value": 3, "unit": "working_day"}, "source": "QĐ 1"}]);
        app.post("admin", "/api/v1/procedures", &json!({"code": "9.1", "name": "x", "sector": "y", "limits": limit})).await.ok();
        app.log("9.1", json!({"code": "L-1"})).await.ok();
        for (at, act) in [
            ("2026-11-10T09:00:00+07:00", json!({"act": "request_supplement", "reason": "thiếu bản chính"})),
            ("2026-11-16T09:30:00+07:00", json!({"act": "supplement"})),
            ("2026-11-17T09:00:00+07:00", json!({"act": "pause", "reason": "xác minh", "ground": "NĐ 61/2018 Đ.19"})),
            ("2026-11-20T09:00:00+07:00", json!({"act": "resume"})),
            ("2026-11-23T10:00:00+07:00", json!({"act": "apologise", "reason": "quá tải", "appointed_at": "2026-11-26T17:00:00+07:00"})),
        ] {
            app.at(at);
            app.act("L-1", &act).await.ok();
        }
        let answer = app.get("officer", "/api/v1/dossiers/L-1/deadline").await.ok();
        let dossier = app.get("officer", "/api/v1/dossiers/L-1").await.ok();
        for field in ["received_at", "due_at", "lapses_at", "first_due_at", "appointed_at", "provisional"] {
            assert_eq!(answer[field], dossier[field], "{field}");
        }
        insta::allow_duplicates! { insta::assert_snapshot!(told(&answer), @r"
        Nhận đủ hồ sơ bổ sung lúc 9 giờ 30 thứ Hai 16/11/2026; thời hạn 3 ngày làm việc tính lại từ đầu; cộng thêm 3 ngày làm việc do tạm dừng; hẹn trả kết quả trước 17 giờ thứ Tư 25/11/2026; đã xin lỗi và hẹn lại trước 17 giờ thứ Năm 26/11/2026.
        2026-11-09 0 nhận hồ sơ lúc 09:00 thứ Hai 09/11/2026 [-] -
        2026-11-16 0 nhận đủ hồ sơ bổ sung lúc 09:30 thứ Hai 16/11/2026; thời hạn tính lại từ đầu [NĐ 61/2018/NĐ-CP Đ.19(4)] -
        2026-11-16 0 ngày tiếp nhận không tính [BLDS 2015 Đ.147(2)] -
        2026-11-17 1 ngày làm việc thứ nhất [-] -
        2026-11-18 2 ngày làm việc thứ 2 [-] -
        2026-11-19 3 ngày làm việc thứ 3 [-] -
        2026-11-20 0 tạm dừng từ 17/11/2026 đến 20/11/2026, hẹn trả được cộng thêm 3 ngày làm việc [-] -
        2026-11-26 0 đã có văn bản xin lỗi và hẹn lại 17:00 thứ Năm 26/11/2026 [NĐ 61/2018/NĐ-CP Đ.19(9)] -
        "); }
        app.at("2026-11-24T08:00:00+07:00");
        app.act("L-1", &json!({"act": "pause", "reason": "xác minh", "ground": "NĐ 61/2018 Đ.19"})).await.ok();
        let halted = app.by("officer", Method::GET, "/api/v1/dossiers/L-1/deadline").header("Accept-Language", "en").send().await.ok();
        assert_eq!(halted["lapses_at"], Value::Null);
        insta::allow_duplicates! { insta::assert_snapshot!(halted["sentence"].as_str().unwrap(), @"Completed at 09:30 on Monday 16 November 2026; limit 3 working days, counted anew; 3 working days added for pauses; paused since 24 November 2026; the limit goes on when handling does; with apologies appointed anew before 17:00 on Thursday 26 November 2026."); }
        app.stop().await;
    }
}
