//! The leader's desk: each number opens a list of exactly so many, desk and morning mail name the same, and the days on which such pages go wrong.

use actix_web::http::Method;
use hentra::app::access::authenticate;
use hentra::app::access::user_changes::{UserChange, user_change};
use hentra::app::writer::Registration;
use hentra::app::{alerts, dossiers};
use hentra::text::Lang;
use serde_json::{Value, json};

use crate::support::browsing::Browser;
use crate::support::lived::{self, receipt};
use crate::support::{TestApp, on_both_async};

/// A Friday; Tuesday 24/11/2026 is a holiday.
const FRIDAY: &str = "2026-11-20T07:30:00+07:00";
/// Before anything was handed in.
const BEFORE: &str = "2026-10-05T07:00:00+07:00";
/// Two working days.
const WILLS: &str = "2.001019";
/// Three working days.
const RESIDENCE: &str = "1.004194";
/// Within the day.
const COPIES: &str = "2.000815";
const MAI: &str = "Trần Thị Mai";
const CUC: &str = "Phạm \"Cúc\" <b>";

/// A number and the address of its list.
#[derive(Debug)]
struct Linked {
    number: u32,
    href: String,
}

/// What is linked to by nothing but a number, or by a figure at the head.
fn linked(page: &str) -> Vec<Linked> {
    let anchors = page.split("<a href=\"").skip(1);
    let read = anchors.filter_map(|rest| {
        let (href, rest) = rest.split_once('"')?;
        let words = rest.split_once('>')?.1.split_once("</a>")?.0;
        let number = match words.strip_prefix("<b>") {
            Some(figure) => figure.split('<').next()?,
            None => words,
        };
        Some(Linked { number: number.trim().parse().ok()?, href: plain(href) })
    });
    read.collect()
}

fn plain(html: &str) -> String {
    html.replace("&#38;", "&")
        .replace("&amp;", "&")
        .replace("&#34;", "\"")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
}

/// The part of a page from one heading's id to the end of its section.
fn section<'a>(page: &'a str, id: &str) -> &'a str {
    let from = page.find(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("no {id} on {page}"));
    page[from..].split("</section>").next().unwrap()
}

/// The codes of the dossiers that are linked to, in order.
fn codes(part: &str) -> Vec<String> {
    let links = part.split("href=\"/dossiers/").skip(1);
    links.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

async fn log(app: &TestApp, code: &str, at: &str, procedure: &str, more: Value) {
    app.at(at);
    let mut all = json!({"code": code});
    for (name, value) in more.as_object().unwrap() {
        all[name] = value.clone();
    }
    app.log(procedure, all).await.ok();
}

/// Who logs what when; what comes from a system, without a name, is in nobody's hands.
const RECEIPTS: [(&str, &str, &str, &str); 15] = [
    ("2026-10-05T08:00", "S-1", WILLS, MAI),
    ("2026-10-20T08:00", "S-2", WILLS, MAI),
    ("2026-11-03T08:00", "T-2", WILLS, CUC),
    ("2026-11-09T08:00", "T-1", WILLS, MAI),
    ("2026-11-09T09:00", "Q-1", RESIDENCE, CUC),
    ("2026-11-10T09:00", "Q-2", RESIDENCE, CUC),
    ("2026-11-11T09:00", "Q-3", WILLS, MAI),
    ("2026-11-12T09:00", "Q-4", WILLS, ""),
    ("2026-11-13T08:00", "C-1", COPIES, MAI),
    ("2026-11-17T09:00", "P-1", RESIDENCE, MAI),
    ("2026-11-17T09:30", "H-1", RESIDENCE, MAI),
    ("2026-11-18T09:30", "H-2", WILLS, ""),
    ("2026-11-19T09:30", "M-1", WILLS, CUC),
    ("2026-11-19T09:40", "W-1", RESIDENCE, CUC),
    ("2026-11-20T07:05", "C-2", COPIES, MAI),
];

/// What becomes of it: T-2 and C-1 are closed late.
const ACTS: [(&str, &str); 6] = [
    ("2026-10-05T16:00", "S-1"),
    ("2026-10-20T16:00", "S-2"),
    ("2026-11-09T16:00", "T-1"),
    ("2026-11-12T10:00", "T-2"),
    ("2026-11-16T09:00", "C-1"),
    ("2026-11-17T09:10", "P-1"),
];

/// Weeks of little work, in the order of time: closed in time and late, overdue with two officers and with nobody, due today, committed for today though
/// promised for Monday, due in the days after, paused.
async fn some_work(app: &TestApp) {
    app.commit(COPIES).await;
    let mut acts = ACTS.iter().peekable();
    for (at, code, procedure, officer) in RECEIPTS {
        while let Some((acted, of)) = acts.next_if(|(acted, _)| *acted < at) {
            app.at(&format!("{acted}:00+07:00"));
            let act = if *of == "P-1" {
                json!({"act": "pause", "reason": "chờ xác minh", "ground": "NĐ 23/2015 Đ.20"})
            } else {
                json!({"act": "resolve"})
            };
            app.act(of, &act).await.ok();
        }
        if officer.is_empty() {
            app.at(&format!("{at}:00+07:00"));
            let new =
                Registration { code: Some(code.to_owned()), ..receipt("H19.15", procedure, lived::at(at)) };
            dossiers::register(&app.app, new, None, Lang::Vi).await.unwrap();
            continue;
        }
        let mut more = json!({"officer": officer});
        if code == "C-2" {
            more["due_at"] = json!("2026-11-23T17:00:00+07:00");
        }
        log(app, code, &format!("{at}:00+07:00"), procedure, more).await;
    }
    app.at(FRIDAY);
}

/// Every number of the page opens a list of so many: lists of dossiers by the API, whose parameters they take, the desk's own by their page.
async fn numbers_open_lists(app: &TestApp, browser: &mut Browser<'_>, page: &str) -> usize {
    let mut followed = 0;
    for Linked { number, href } in linked(page) {
        let counted = if href.starts_with("/dossiers?") {
            let answer = app.get("leader", &format!("/api/v1{href}")).await.ok();
            u32::try_from(answer["count"].as_u64().unwrap()).unwrap()
        } else {
            assert!(href.starts_with("/desk/"), "{href}");
            let list = browser.page(&href).await;
            u32::try_from(codes(&list).len()).unwrap()
        };
        assert_eq!(counted, number, "{href}");
        followed += 1;
    }
    followed
}

on_both_async! {
    async fn each_number_opens_its_list(db) {
        let app = TestApp::start(db, BEFORE).await;
        some_work(&app).await;
        let mut browser = Browser::signed_in(&app, "leader").await;
        for path in ["/desk", "/desk?unit=H19.15", "/desk?unit=H19.16", "/desk?unit=H19.15&by=month"] {
            let page = browser.page(path).await;
            let followed = numbers_open_lists(&app, &mut browser, &page).await;
            assert!(followed > 6, "{path} has only {followed} numbers");
        }
        let page = browser.page("/desk?unit=H19.15").await;
        let overdue = section(&page, "overdue");
        assert_eq!(linked(overdue).iter().map(|of| of.number).collect::<Vec<_>>(), [2, 1, 1, 2, 2], "{overdue}");
        assert!(overdue.contains("Phạm &#34;Cúc&#34; &#60;b&#62;") && !page.contains("Cúc\" <b>"), "{overdue}");
        app.stop().await;
    }

    async fn desk_and_morning_mail_name_the_same(db) {
        let app = TestApp::start(db, BEFORE).await;
        some_work(&app).await;
        let user = authenticate(&app.app, app.token("leader")).await.unwrap().user_id;
        let reached = UserChange { email: Some(Some("chu-tich@example.vn".into())), ..UserChange::default() };
        user_change(&app.app, user, reached, None).await.unwrap();
        let settings = app.app.timetable().clone();
        // The rules begin to speak with the first round.
        app.at("2026-11-20T07:29:00+07:00");
        alerts::enqueue_due(&app.app, &settings, app.app.clock().now()).await.unwrap();
        app.at(FRIDAY);
        alerts::enqueue_due(&app.app, &settings, app.app.clock().now()).await.unwrap();
        let sent = app.get("admin", "/api/v1/alerts?rule=morning_digest").await.ok();
        let letter = app.get("admin", &format!("/api/v1/alerts/{}", sent["items"][0]["id"])).await.ok();
        let text = letter["text"].as_str().unwrap();
        let named = |heading: &str| -> Vec<String> {
            let part = text.split(heading).nth(1).unwrap_or_default();
            let rows = part.lines().skip(1).take_while(|line| line.is_empty() || line.starts_with([' ', '1', '2', '3', '4', '5', '6']));
            rows.filter_map(|line| line.split_once(". ")?.1.split_once(" – ")).map(|(code, _)| code.to_owned()).collect()
        };
        let mut browser = Browser::signed_in(&app, "leader").await;
        let page = browser.page("/desk").await;
        let (savable, apologies) = (codes(section(&page, "today")), codes(section(&page, "apologies")));
        assert_eq!(savable, named("CÒN KỊP GIẢI QUYẾT HÔM NAY (3)"), "{text}");
        assert_eq!(apologies, named("CẦN GỬI VĂN BẢN XIN LỖI TRONG HÔM NAY NẾU KHÔNG KỊP HẠN (1)"), "{text}");
        assert_eq!((savable.len(), apologies.len()), (3, 1), "{text}");
        let headline = page.split("class=\"headline\">").nth(1).unwrap().split('<').next().unwrap();
        assert!(text.contains(headline) && headline.contains("3 hồ sơ còn kịp"), "{headline} {text}");
        assert_eq!(named("ĐÃ QUÁ HẠN (4)").len(), 4, "{text}");
        assert!(page.contains("<b>4</b> đã quá hạn"), "{page}");
        app.stop().await;
    }

    async fn the_friday_board_tells_what_rolls_over_by_officer(db) {
        let app = TestApp::start(db, BEFORE).await;
        some_work(&app).await;
        let mut browser = Browser::signed_in(&app, "leader").await;
        let board = browser.page("/desk/friday").await;
        let mut all = codes(section(&board, "rows"));
        all.sort();
        assert_eq!(all, ["C-2", "H-1", "H-2"], "{board}");
        let officers: Vec<u32> = linked(section(&board, "officers")).iter().map(|of| of.number).collect();
        assert_eq!(officers, [2, 1], "{board}");
        assert_eq!(numbers_open_lists(&app, &mut browser, section(&board, "officers")).await, 2);
        assert!(board.contains("thứ Sáu 20/11/2026; hết giờ lúc 17:00"), "{board}");
        app.at("2026-11-20T21:40:00+07:00");
        let evening = browser.get("/desk/friday").await;
        let mut browser = if evening.status == 200 { browser } else { Browser::signed_in(&app, "leader").await };
        let evening = browser.page("/desk/friday").await;
        assert!(evening.contains("Tuần này đã hết giờ làm việc"), "{evening}");
        assert!(section(&evening, "rows").contains("đã hết giờ làm việc"), "{evening}");
        let desk = browser.page("/desk").await;
        assert!(section(&desk, "today").contains("đã hết giờ làm việc"), "{desk}");
        app.stop().await;
    }

    async fn a_week_whose_friday_is_off_ends_before_it(db) {
        let app = TestApp::start(db, "2026-04-28T08:00:00+07:00").await;
        app.commit(COPIES).await;
        log(&app, "T-5", "2026-04-28T08:00:00+07:00", WILLS, json!({"officer": MAI})).await;
        let mut browser = Browser::signed_in(&app, "leader").await;
        // Thursday 30/4 and Friday 1/5/2026 are off.
        let board = browser.page("/desk/friday").await;
        assert!(board.contains("Ngày làm việc cuối tuần này: thứ Tư 29/4/2026"), "{board}");
        let desk = browser.page("/desk").await;
        assert_eq!(numbers_open_lists(&app, &mut browser, &desk).await, linked(&desk).len());
        app.at("2026-05-01T09:00:00+07:00");
        let mut browser = Browser::signed_in(&app, "leader").await;
        let desk = browser.page("/desk").await;
        assert!(desk.contains("ngày nghỉ") && desk.contains("Tuần này đã hết giờ làm việc"), "{desk}");
        app.stop().await;
    }

    async fn a_unit_that_finished_nothing_has_no_rate(db) {
        let app = TestApp::start(db, FRIDAY).await;
        let mut browser = Browser::signed_in(&app, "leader").await;
        let page = browser.page("/desk?unit=H19.16").await;
        assert!(page.contains("<b>—</b> đúng hạn tuần này"), "{page}");
        assert!(!page.contains("100\u{a0}%") && !page.contains("<svg class=\"chart\""), "{page}");
        assert!(page.contains("Không có hồ sơ quá hạn."), "{page}");
        assert!(browser.page("/desk/friday?unit=H19.16").await.contains("Không còn hồ sơ nào sẽ trôi sang tuần sau."));
        app.stop().await;
    }

    async fn who_may_not_see_a_unit_does_not_learn_of_it(db) {
        let app = TestApp::start(db, BEFORE).await;
        some_work(&app).await;
        for path in ["/desk", "/desk/today", "/desk/friday"] {
            let mut browser = Browser::signed_in(&app, "neighbour").await;
            for unit in ["H19.15", "H19", "H99", "%22%3E%3Cscript%3E"] {
                let answer = browser.get(&format!("{path}?unit={unit}")).await;
                assert_eq!(answer.status, 404, "{path} {unit}");
                assert!(!answer.body.contains("<script>"), "{}", answer.body);
            }
            assert!(!browser.page(path).await.contains("H-1"));
            assert_eq!(app.call(Method::GET, path).header("Accept", "text/html").send().await.status, 303);
            for who in ["reporter", "admin", "officer"] {
                Browser::signed_in(&app, who).await.page(path).await;
            }
        }
        app.stop().await;
    }

    async fn a_list_is_narrowed_and_nothing_odd_in_its_address_harms(db) {
        let app = TestApp::start(db, BEFORE).await;
        some_work(&app).await;
        let mut browser = Browser::signed_in(&app, "leader").await;
        assert_eq!(codes(&browser.page("/desk/today?reason=committed").await), ["C-2"]);
        assert_eq!(codes(&browser.page("/desk/today?reason=apology_due").await), ["M-1"]);
        assert_eq!(codes(&browser.page("/desk/today?officer=").await), ["H-2"]);
        let all = codes(&browser.page("/desk/today").await).len();
        assert_eq!(codes(&browser.page("/desk/today?reason=x&skip=-1").await).len(), all);
        let strange = browser.page("/desk/today?officer=%3Cscript%3E&skip=99999999999999999999").await;
        assert!(codes(&strange).is_empty() && !strange.contains("<script>"), "{strange}");
        let english = browser.get("/language?to=en&back=/desk").await;
        let english = browser.follow(&english).await;
        assert!(english.body.contains("3 dossiers can still be resolved in time today, 4 overdue."), "{}", english.body);
        assert!(english.body.len() < 40_000, "{}", english.body.len());
        app.stop().await;
    }
}
