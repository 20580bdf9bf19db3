//! The leader's morning and the reform office's quarter, told to a real browser over a province that has lived for months.

use crate::browser::{look, sign_in, tell};
use crate::pages_all::lived_in;
use crate::support::TestDatabase;
use crate::support::browsing::Browser;
use crate::support::webdriver::{Element, Window};

/// Rows of a list on one page.
const A_PAGE: usize = 50;

/// Follows the number to its list, and holds the one against the other; answers with the list on the screen.
#[track_caller]
fn opens_its_list(window: &Window, number: &Element<'_>) {
    let count: usize =
        number.text().chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap();
    assert!(count > 0, "a number to open");
    let to = number.attribute("href").unwrap();
    number.click();
    window.is_at("/dossiers");
    let rows = window.all("tbody tr").len();
    assert_eq!(rows, count.min(A_PAGE), "{to} lists what the number counts");
}

#[actix_web::test]
async fn the_leaders_morning() {
    let db = TestDatabase::sqlite();
    let (app, _) = lived_in(&db).await;
    Browser::signed_in(&app, "leader").await;
    tell(&app, |window| {
        sign_in(window, "leader");
        window.is_at("/desk");
        look(window, "desk");
        // How many are overdue, by whom, and one of them.
        let by_officer = window.all("table.worst td.num a");
        opens_its_list(window, by_officer.first().expect("somebody has overdue dossiers"));
        look(window, "desk-overdue");
        window.find("tbody th a").click();
        window.wait("the dossier", || (window.path().matches('/').count() == 2).then_some(()));
        window.says("Các mốc thời gian");
        look(window, "desk-dossier");
        window.go("/desk");
        window.named("Mở bảng thứ Sáu").click();
        window.is_at("/desk/friday");
        look(window, "desk-friday");
    })
    .await;
    app.stop().await;
}

#[actix_web::test]
async fn the_reform_offices_quarter() {
    let db = TestDatabase::sqlite();
    let (app, _) = lived_in(&db).await;
    Browser::signed_in(&app, "reporter").await;
    tell(&app, |window| {
        sign_in(window, "reporter");
        window.is_at("/reports");
        window.go("/reports?period=2026-Q4&group_by=unit");
        look(window, "reports-quarter");
        let cells = window.all("table tbody td a[href^='/dossiers']");
        opens_its_list(window, cells.first().expect("a number with a list"));
        look(window, "reports-cell");
        window.back();
        let address = window.named("Tải Excel").attribute("href").unwrap();
        // A workbook is a ZIP archive; it comes with the session's cookie, as a click would bring it.
        let script = format!(
            "return fetch('{address}').then((answer) => answer.arrayBuffer()).then((file) => String.fromCharCode(...new Uint8Array(file).slice(0, 2)))"
        );
        assert_eq!(window.run(&script), "PK");
        window.go("/findings");
        look(window, "findings");
    })
    .await;
    app.stop().await;
}
