//! Tables of reports that are longer than a page: each row stands on exactly one page, the sums are of all of them, and files hold everything.

use hentra::app::writer::Registration;

use crate::pages_reports::{Cellule, rows};
use crate::support::browsing::Browser;
use crate::support::lived::{Lived, NOW, at, closed, receipt};
use crate::support::{TestApp, TestDatabase, on_both_async};

const OFFICERS: usize = 120;

/// A commune of 120 officers, each with one dossier closed late, and one more that is overdue.
async fn busy(db: &TestDatabase) -> TestApp {
    let lived = Lived::at(db, NOW).await;
    let one = |nth: usize| Registration {
        officer: Some(format!("Cán bộ {nth:03}")),
        due_at: Some(at("2026-11-05T17:00")),
        ..receipt("H19.15", "1.004194", at("2026-11-03T09:00"))
    };
    let late = (0..OFFICERS).map(|nth| closed(one(nth), at("2026-11-09T10:00")));
    lived.live(late.chain((0..OFFICERS).map(one)).collect()).await;
    drop(lived);
    TestApp::start(db, &format!("{NOW}:00+07:00")).await
}

fn names(rows: &[Vec<Cellule>], column: usize) -> Vec<String> {
    rows.iter().filter_map(|row| row.get(column)).map(|of| of.said.clone()).collect()
}

/// The address of the next page, if there is one.
fn next(page: &str) -> Option<String> {
    let before = page.split(r#"" rel="next""#).next().filter(|before| before.len() < page.len())?;
    Some(before.rsplit("href=\"").next()?.replace("&#38;", "&"))
}

/// The rows and the sums of all pages of a table from an address on, by the ways that the pages show.
async fn walked(browser: &mut Browser<'_>, address: &str, has_sums: bool) -> (Vec<Vec<Cellule>>, usize) {
    let (mut all, mut pages, mut sums) = (Vec::new(), 0, None::<Vec<String>>);
    let mut way = Some(address.to_owned());
    while let Some(address) = way {
        let page = browser.page(&address).await;
        let mut shown = rows(&page, 0);
        if has_sums {
            let sum: Vec<String> = shown.pop().into_iter().flatten().map(|of| of.said).collect();
            assert!(!sum.is_empty(), "{address}");
            assert_eq!(sums.get_or_insert_with(|| sum.clone()), &sum, "{address}");
        }
        all.extend(shown);
        pages += 1;
        way = next(&page);
    }
    (all, pages)
}

on_both_async! {
    async fn a_long_report_has_pages_and_its_sums_are_of_all(db) {
        let app = busy(db).await;
        let mut browser = Browser::signed_in(&app, "reporter").await;
        for (address, column) in [
            ("/reports?period=2026-11&group_by=officer&compare=previous", 1),
            ("/reports/delays?period=2026-11&group_by=officer", 0),
            ("/findings/counted?period=2026-11&group_by=officer", 0),
        ] {
            let (all, pages) = walked(&mut browser, address, true).await;
            assert_eq!((all.len(), pages), (OFFICERS, 3), "{address}");
            let found = names(&all, column);
            let mut sorted = found.clone();
            sorted.sort();
            sorted.dedup();
            assert_eq!(found, sorted, "{address}");
            let whole = rows(&browser.page(&format!("{address}&all=1")).await, 0);
            assert_eq!(whole.len(), OFFICERS + 1, "{address}");
            assert_eq!(names(&whole[..OFFICERS], column), found, "{address}");
        }
        app.stop().await;
    }

    async fn rows_keep_their_numbers_and_a_page_beyond_the_last_is_the_last(db) {
        let app = busy(db).await;
        let mut browser = Browser::signed_in(&app, "reporter").await;
        let address = "/reports?period=2026-11&group_by=officer&compare=previous";
        let last = browser.page(&format!("{address}&page=3")).await;
        let shown = rows(&last, 0);
        assert_eq!((shown.len(), shown[0][0].said.as_str()), (21, "101"), "twenty rows and their sum");
        assert!(last.contains("Dòng 101–120 trong 120 dòng"), "{last}");
        assert_eq!(next(&last), None);
        let beyond = browser.page(&format!("{address}&page=99")).await;
        assert_eq!(names(&rows(&beyond, 0), 1), names(&shown, 1));
        let first = browser.page(&format!("{address}&page=x")).await;
        assert_eq!(rows(&first, 0)[0][0].said, "1");
        // Whose dossiers a number counts, and what stands beside it, is told on every page.
        assert!(shown[0][2].href.as_ref().unwrap().contains("key=C%C3%A1n+b%E1%BB%99+100"), "{:?}", shown[0][2]);
        assert_eq!(rows(&last, 1).len(), 21);
        let against: Vec<Vec<Cellule>> = rows(&last, 3);
        assert_eq!(against.len(), 20, "each page sets its own rows against the other period's");
        app.stop().await;
    }

    async fn looking_at_everybody_has_pages_and_files_have_all(db) {
        let app = busy(db).await;
        let mut browser = Browser::signed_in(&app, "reporter").await;
        let (all, pages) = walked(&mut browser, "/integrity?period=2026-11", false).await;
        assert_eq!((all.len(), pages), (OFFICERS * 5, 3), "five signs of each");
        for file in ["/reports/delays.csv", "/reports/processing.csv", "/integrity.csv"] {
            let table = browser.page(&format!("{file}?period=2026-11&group_by=officer&page=2")).await;
            assert!(table.contains("Cán bộ 000") && table.contains("Cán bộ 119"), "{file}");
        }
        let json = app.get("reporter", "/api/v1/reports/delays?period=2026-11&group_by=officer").await.ok();
        assert_eq!(json["rows"].as_array().unwrap().len(), OFFICERS);
        app.stop().await;
    }
}
