//! Strange letters and long texts over HTTP: refused by name, or stored and given back exactly.

use serde_json::{Value, json};

use crate::support::{TestApp, dossier, on_both_async};

const FRIDAY: &str = "2026-11-20T08:00:00+07:00";
const DOSSIERS: &str = "/api/v1/dossiers";

on_both_async! {
    async fn letters_of_every_kind_come_back_as_they_were_sent(db) {
        let app = TestApp::start(db, FRIDAY).await;
        let long = "Nguyễn ".repeat(500 / 7);
        for name in [
            "Nguyễn Thị Hòa",
            // The same name, letters and marks apart: neither form is made into the other.
            "Nguye\u{302}\u{303}n Thi\u{323} Ho\u{300}a",
            "Đỗ Ưng \u{1F469}\u{200D}\u{1F467} \u{1F600}",
            "محمد \u{200F}علي",
            "O'Brien \"Bà\" \\ <b> & %00 ;--",
            "\u{10FFFF}\u{E000}",
            long.trim(),
            &"Ằ".repeat(500),
        ] {
            let made = app.log("2.000815", json!({"applicant": {"name": name}, "note": format!("{name}\n\t{name}")})).await.ok();
            assert_eq!(made["applicant"]["name"], name);
            let found = app.get("officer", &format!("{DOSSIERS}/{}", made["code"].as_str().unwrap())).await.ok();
            assert_eq!((&found["applicant"]["name"], &found["note"]), (&json!(name), &json!(format!("{name}\n\t{name}"))));
            let row = dossier("2.000815", json!({"applicant": {"name": name}}));
            let code = app.post("officer", &format!("{DOSSIERS}/batch"), &json!([row])).await.ok()["results"][0]["code"].clone();
            let found = app.get("officer", &format!("{DOSSIERS}/{}", code.as_str().unwrap())).await.ok();
            assert_eq!(found["applicant"]["name"], name);
        }
        app.stop().await;
    }
}

on_both_async! {
    async fn letters_that_deceive_or_cannot_be_kept_are_refused_by_name(db) {
        let app = TestApp::start(db, FRIDAY).await;
        let bad = ["\u{0}", "\u{1}", "\u{7F}", "\u{85}", "\u{202A}", "\u{202E}", "\u{2066}", "\u{2069}"];
        let fields = ["applicant.name", "applicant.phone", "applicant.email", "applicant.address", "officer", "note", "reason", "code"];
        let with = |field: &str, text: &str| {
            let mut body = dossier("2.000815", json!({}));
            match field.split_once('.') {
                Some((_, field)) => body["applicant"][field] = json!(text),
                None => body[field] = json!(text),
            }
            body
        };
        let mut rows = Vec::new();
        for letter in bad {
            for field in fields {
                rows.push((field, with(field, &format!("A{letter}B"))));
            }
            // At the ends of a name, where blanks (of which U+0085 is one) are taken away.
            if letter != "\u{85}" {
                rows.push(("applicant.name", with("applicant.name", &format!("{letter}AB{letter}"))));
            }
        }
        for field in ["applicant.name", "applicant.phone", "applicant.email", "officer", "code"] {
            rows.push((field, with(field, "A\nB")));
        }
        for (field, body) in &rows {
            app.post("officer", DOSSIERS, body).await.fault(field, "bad_characters");
        }
        let bodies: Vec<&Value> = rows.iter().map(|(_, body)| body).collect();
        let many = app.post("officer", &format!("{DOSSIERS}/batch"), &json!(bodies)).await.ok();
        assert_eq!(many["rejected"], rows.len());
        for ((field, _), result) in rows.iter().zip(many["results"].as_array().unwrap()) {
            assert_eq!(result["problem"]["invalid_params"][0]["name"], *field, "{result}");
        }
        assert_eq!(app.get("leader", DOSSIERS).await.ok()["count"], 0);
        let unit = json!({"code": "H19.17", "name": "Phường \u{202E}X", "parent": "H19"});
        app.post("admin", "/api/v1/units", &unit).await.fault("name", "bad_characters");
        app.stop().await;
    }
}

on_both_async! {
    async fn a_reason_is_short_and_of_letters_that_can_be_kept(db) {
        let app = TestApp::start(db, FRIDAY).await;
        let mebibyte = "lý do ".repeat(1024 * 1024 / 7 + 1);
        assert!(mebibyte.len() >= 1024 * 1024);
        app.log("2.000815", json!({"reason": mebibyte})).await.fault("reason", "too_long");
        app.log("2.000815", json!({"code": "A-1"})).await.ok();
        for (reason, fault) in [(mebibyte.as_str(), "too_long"), ("a\u{0}", "bad_characters"), ("a\u{202E}", "bad_characters")] {
            app.act("A-1", &json!({"act": "resolve", "reason": reason})).await.fault("reason", fault);
        }
        let many = app.post("officer", &format!("{DOSSIERS}/acts"), &json!([
            {"code": "A-1", "act": "resolve", "reason": mebibyte},
            {"code": "A-1", "act": "resolve", "reason": "a\u{0}"},
        ])).await.ok();
        assert_eq!(many["results"][0]["problem"]["code"], "payload_too_large");
        assert_eq!(many["results"][1]["problem"]["invalid_params"][0]["code"], "bad_characters");
        assert_eq!(app.get("officer", &format!("{DOSSIERS}/A-1")).await.ok()["version"], 1);
        app.act("A-1", &json!({"act": "resolve", "reason": "Đã xong \u{1F600}\n— cảm ơn"})).await.ok();
        let events = app.get("officer", &format!("{DOSSIERS}/A-1/events")).await.ok();
        assert_eq!(events["items"][1]["payload"]["reason"], "Đã xong \u{1F600}\n— cảm ơn");
        app.stop().await;
    }
}
