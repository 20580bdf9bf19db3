//! Stories told to a real browser, as those who live them would: the pages with their style and script, the keyboard, the printer, and what axe-core says of them.
//!
//! Each runs on SQLite alone: what differs between the engines, the other tests see. Pictures of each page are left in `target/screenshots`.

use std::sync::{Mutex, PoisonError};

use crate::pages_all::{address, lived_in};
use crate::support::browsing::{Browser, PASSWORD};
use crate::support::page_list::PAGES;
use crate::support::webdriver::{DESKTOP, ENTER, Element, PHONE, TAB, Window, axe, driver};
use crate::support::{TestApp, TestDatabase, instant};

static TURN: Mutex<()> = Mutex::new(());
const MORNING: &str = "2026-11-20T08:00:00+07:00";

/// Has somebody tell a story in a window over the service, off the thread on which the service is stopped.
pub(crate) async fn tell(app: &TestApp, story: impl FnOnce(&Window) + Send + 'static) {
    let Ok(driver) = driver() else { return };
    let home = app.address().to_owned();
    let told = actix_web::rt::task::spawn_blocking(move || {
        // One at a time: browsers are heavy, and what a story waits for should not be another's.
        let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        story(&driver.window(&home, DESKTOP));
    })
    .await;
    if let Err(failed) = told {
        std::panic::resume_unwind(failed.into_panic());
    }
}

/// The service at `at`, in which these may sign in by their words for usernames.
pub(crate) async fn open(db: &TestDatabase, at: &str, who: &[&str]) -> TestApp {
    let app = TestApp::start(db, at).await;
    for one in who {
        Browser::signed_in(&app, one).await;
    }
    app
}

/// Signs in by keyboard alone.
pub(crate) fn sign_in(window: &Window, who: &str) {
    window.go("/sign-in");
    window.press(&format!("{who}{TAB}{PASSWORD}{ENTER}"));
    window.wait("signed in", || (!window.path().starts_with("/sign-in")).then_some(()));
}

/// Holds a page to what all pages are held to, and keeps its picture.
#[track_caller]
pub(crate) fn look(window: &Window, name: &str) {
    let wrong = looked(window, name);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is wrong with a page for those who cannot see well, use no mouse, or have a telephone.
fn looked(window: &Window, name: &str) -> Vec<String> {
    window.picture(name);
    let mut wrong = window.amiss();
    if !window.title().ends_with(" – Hentra") || window.all("h1").len() != 1 {
        wrong.push(format!("title «{}», {} h1", window.title(), window.all("h1").len()));
    }
    window.resize(PHONE);
    let sideways =
        window.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth");
    if sideways != 0 {
        wrong.push(format!("a telephone has to scroll {sideways} px sideways"));
    }
    window.resize(DESKTOP);
    let path = window.path();
    wrong.into_iter().map(|what| format!("{name} ({path}): {what}")).collect()
}

#[test]
fn browser_half_ran() {
    let missing = [driver().as_ref().err().cloned(), axe().err()];
    let missing: Vec<String> = missing.into_iter().flatten().collect();
    let ci = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(missing.is_empty() || !ci, "CI=true needs both: {}", missing.join("; "));
}

#[actix_web::test]
async fn sign_in_by_keyboard_and_its_refusal() {
    let db = TestDatabase::sqlite();
    let app = open(&db, MORNING, &["officer"]).await;
    tell(&app, |window| {
        window.go("/sign-in");
        look(window, "sign-in");
        assert_eq!(window.focused().attribute("name").as_deref(), Some("username"), "one can type at once");
        window.press(&format!("officer{TAB}sai rồi{ENTER}"));
        window.says("Tên đăng nhập hoặc mật khẩu không đúng");
        look(window, "sign-in-refused");
        assert_eq!(window.find("#username").property("value"), "officer", "what was typed is kept");
        assert_eq!(window.find("#password").property("value"), "", "but not the password");
        window.find("#password").write(&format!("{PASSWORD}{ENTER}"));
        window.is_at("/queue");
        window.says("Cán bộ officer");
        window.named("Đăng xuất").click();
        window.is_at("/sign-in");
        window.back();
        window.wait("the door", || window.path().starts_with("/sign-in").then_some(()));
        assert!(!window.text().contains("Cán bộ officer"), "no cache shows the page again");
    })
    .await;
    app.stop().await;
}

/// Each page over a province that has lived for months.
#[actix_web::test]
async fn every_page_is_for_everybody() {
    let db = TestDatabase::sqlite();
    let (app, code) = lived_in(&db).await;
    for who in ["officer", "leader", "reporter", "admin"] {
        Browser::signed_in(&app, who).await;
    }
    tell(&app, move |window| {
        let mut wrong = Vec::new();
        let mut before = "anybody";
        for (who, page) in PAGES {
            if *who != before {
                window.forget();
                sign_in(window, who);
                before = who;
            }
            let path = address(page, &code);
            window.go(&path);
            let name = page.replace(['/', '?', '=', '&', '{', '}', '.', '+'], "-");
            wrong.extend(looked(window, &format!("{who}{name}")));
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    })
    .await;
    app.stop().await;
}

#[actix_web::test]
async fn a_citizen_looks_a_dossier_up_on_a_telephone() {
    let db = TestDatabase::sqlite();
    let app = open(&db, MORNING, &[]).await;
    app.log("1.001022", serde_json::json!({"code": "H19.15-261120-0007"})).await.ok();
    tell(&app, |window| {
        window.resize(PHONE);
        window.go("/");
        look(window, "front");
        window.labelled("Mã hồ sơ").write("h19.15-261120-0007");
        window.press(ENTER);
        window.says("Đang giải quyết");
        window.says("Thứ Năm 26/11/2026");
        assert!(!window.text().contains("Hòa"), "no name of a person: {}", window.text());
        look(window, "status");
        window.labelled("Mã hồ sơ").write(&format!("H19.15-261120-9999{ENTER}"));
        window.says("Không tìm thấy hồ sơ");
        look(window, "status-unknown");
    })
    .await;
    app.stop().await;
}

#[actix_web::test]
async fn a_citizen_works_out_when_a_result_would_be_ready() {
    let db = TestDatabase::sqlite();
    let app = open(&db, MORNING, &[]).await;
    tell(&app, |window| {
        window.go("/");
        window.named("Tính ngày hẹn trả").click();
        window.is_at("/calculator");
        look(window, "calculator");
        window.labelled("Thủ tục").write(&format!("chung thuc ban sao{ENTER}"));
        window.says("Ông/bà muốn nói thủ tục nào?");
        look(window, "calculator-choices");
        window.named("Chứng thực bản sao từ bản chính").click();
        window.says("Hẹn trả kết quả");
        window.says("Thứ Sáu 20/11/2026");
        look(window, "calculator-answer");
        window.named("English").click();
        window.says("Friday 20 November 2026");
        window.go("/calculator?received_at=2026-11-20T15:30&value=3");
        window.says("Thursday 26 November 2026");
    })
    .await;
    app.stop().await;
}

/// The pages of a printed document, each with its width and height in millimetres.
fn sheets(pdf: &[u8]) -> Vec<(u32, u32)> {
    let text = String::from_utf8_lossy(pdf);
    let pages = text.split("/Type /Page").skip(1).filter(|after| !after.starts_with('s'));
    pages
        .map(|after| {
            let numbers = after.split("/MediaBox [").nth(1).unwrap().split(']').next().unwrap();
            let sides: Vec<f64> = numbers.split_whitespace().map(|of| of.parse().unwrap()).collect();
            let millimetres = |points: f64| format!("{:.0}", points / 72.0 * 25.4).parse().unwrap();
            (millimetres(sides[2]), millimetres(sides[3]))
        })
        .collect()
}

const A5: (u32, u32) = (148, 210);

#[actix_web::test]
async fn the_officers_minute() {
    let db = TestDatabase::sqlite();
    let app = open(&db, "2026-11-20T15:01:00+07:00", &["officer"]).await;
    app.commit("2.000815").await;
    tell(&app, |window| {
        sign_in(window, "officer");
        window.go("/counter");
        look(window, "counter");
        // Procedure, name, telephone: the keyboard alone.
        let found = || {
            let first = window.all("[role=option]").into_iter().next()?;
            (first.is_shown() && first.text().starts_with("Chứng thực bản sao từ bản chính")).then_some(())
        };
        window.press("chung thuc ban sao");
        window.wait("the procedure found", found);
        window.press(ENTER);
        let due = || window.all("#due-part .due").first().map(Element::text);
        assert!(
            window.wait("the due date", due).contains("thứ Sáu 20/11/2026"),
            "seen before anything is stored: {}",
            window.text()
        );
        window.press(&format!("Nguyễn Thị Hòa{TAB}0912345678"));
        look(window, "counter-filled");
        assert_eq!(window.find("#name").property("value"), "Nguyễn Thị Hòa", "the focus went on to the name");
        window.press(ENTER);
        window.is_at("/counter/logged");
        window.says("thứ Sáu 20/11/2026");
        look(window, "counter-logged");
        // The receipt, on a sheet of its own.
        window.press("p");
        window.is_at("/dossiers/");
        window.says("Nguyễn Thị Hòa");
        look(window, "receipt");
        assert_eq!(sheets(&window.printed()), [A5]);
        // The next one: three copies at once.
        window.go("/counter");
        window.press("ctbs");
        window.wait("the procedure found", found);
        window.press(ENTER);
        window.wait("the due date", due);
        window.press("Trần Văn Bình");
        window.find("#copies").rewrite(&format!("3{ENTER}"));
        window.is_at("/counter/logged");
        window.press("p");
        window.is_at("/counter/receipts");
        assert_eq!(sheets(&window.printed()), [A5; 3]);
        // What was copied is done: a key steps to the row, a key resolves.
        window.go("/queue");
        let rows = || window.all("tbody [data-row]").len();
        assert_eq!(rows(), 4);
        window.press("jx");
        window.wait("the row is done", || (rows() == 3).then_some(()));
        assert_eq!(window.all(".done").len(), 1);
        look(window, "queue");
    })
    .await;
    app.stop().await;
}

#[actix_web::test]
async fn a_promise_against_the_commitment_is_told_before_it_is_given() {
    let db = TestDatabase::sqlite();
    let app = open(&db, "2026-11-20T15:01:00+07:00", &["officer"]).await;
    app.commit("2.000815").await;
    tell(&app, |window| {
        sign_in(window, "officer");
        window.go("/counter?procedure=2.000815");
        window.named("Tự ấn định").click();
        window.run("document.getElementById('promise_date').value = '2026-11-23'; document.getElementById('promise_date').dispatchEvent(new Event('input', {bubbles: true}))");
        window.wait("the finding", || window.all("#due-part .warn, #due-part .alarm").first().map(|_| ()));
        window.says("20/11/2026");
        look(window, "counter-finding");
    })
    .await;
    app.stop().await;
}

#[actix_web::test]
async fn what_was_typed_outlives_the_session() {
    let db = TestDatabase::sqlite();
    let app = open(&db, MORNING, &["officer"]).await;
    let clock = app.app.clock().clone();
    tell(&app, move |window| {
        sign_in(window, "officer");
        window.go("/counter?procedure=2.000815");
        window.labelled("Họ và tên").write("Nguyễn \"Thị\" <b>Hòa</b>");
        clock.set(instant("2026-11-20T10:00:00+07:00"));
        window.press(ENTER);
        window.says("Phiên làm việc đã kết thúc");
        look(window, "session-over");
        window.find("#username").write(&format!("officer{TAB}"));
        window.press(&format!("{PASSWORD}{ENTER}"));
        window.says("Gửi lại nội dung vừa nhập");
        window.press(ENTER);
        window.is_at("/counter/logged");
        window.says("Nguyễn \"Thị\" <b>Hòa</b>");
    })
    .await;
    app.stop().await;
}

#[test]
fn sheets_are_counted_and_measured() {
    let page = "/Type /Page\n/MediaBox [0 0 419.52801 595.32001] >>";
    let pdf = format!("%PDF-1.4 << /Type /Pages /Count 2 >> {page} {page}");
    assert_eq!(sheets(pdf.as_bytes()), [A5, A5]);
}
