//! However many rows a call has, the service holds a window of them and no more.

use std::time::Duration;

use hentra::app::access::{Principal, Role};
use hentra::app::bulk::{WEIGHT, WINDOW, Window};
use hentra::app::writer::{ActRequest, What};
use hentra::app::{App, AppError};
use hentra::clock::Clock;
use hentra::domain::act::ActKind;
use hentra::store::{Store, StoreSettings};
use hentra::text::Lang;

use crate::support::{on_both, on_both_async};

fn act(n: usize) -> What {
    What::Act(Box::new(ActRequest::of(format!("none-{n}"), ActKind::Resolve)))
}

on_both_async! {
    async fn a_window_never_holds_more_than_it_says(db) {
        let settings = StoreSettings { url: db.url().to_owned(), readers: 2, patience: Duration::from_secs(5) };
        let now = chrono::DateTime::parse_from_rfc3339("2026-11-20T08:00:00+07:00").unwrap().to_utc();
        let app = App::start(Store::open(&settings).unwrap(), Clock::standing_at(now)).unwrap();
        let by = Principal { user_id: 7, name: "Lan".into(), role: Role::Officer, unit: "H19".into() };
        // Rows of next to nothing fill it by number, large ones by weight.
        for (weight, most) in [(30, WINDOW), (64 * 1024, WEIGHT / (64 * 1024))] {
            let mut window = Window::new(&app, Some(by.clone()), Lang::Vi);
            let mut settled = Vec::new();
            for n in 0..3 * WINDOW {
                while let Some(one) = window.make_room(weight).await {
                    settled.push(one);
                }
                window.send(n, act(n), weight).await.unwrap();
            }
            while let Some(one) = window.settle().await {
                settled.push(one);
            }
            assert_eq!(window.peak(), most);
            assert!(settled.iter().map(|(n, _)| *n).eq(0..3 * WINDOW), "out of order");
            assert!(settled.iter().all(|(_, result)| matches!(result, Err(AppError::NotFound(_)))));
        }
    }
}

#[cfg(target_os = "linux")]
on_both! {
    fn ten_thousand_rows_in_one_call_take_no_more_memory_than_a_few(db) {
        use serde_json::json;

        use crate::support::Office;

        let office = Office::furnish(db.url());
        let served = office.serve("2026-11-20T08:00:00+07:00");
        let caller = served.caller(&office.officer);
        let send = |rows: usize| {
            // Of five, one is stored and four are refused by the writer: that is quicker, and their answers are longer.
            let row = |n: usize| {
                let procedure = if n.is_multiple_of(5) { "2.000815" } else { "9.999999" };
                json!({"unit": "H19.15", "procedure": procedure, "applicant": {"name": "Nguyễn Thị Hòa"}, "note": "a".repeat(1_480)})
            };
            let body = json!((0..rows).map(row).collect::<Vec<_>>()).to_string();
            let answer = caller.post("/api/v1/dossiers/batch", &[], &body).unwrap().json();
            assert_eq!((&answer["created"], &answer["rejected"]), (&json!(rows / 5), &json!(rows - rows / 5)));
            body.len()
        };
        // One and a half windows, so that every buffer has had to grow as far as it may.
        send(1_500);
        let before = served.peak_memory();
        let sent = send(10_000);
        let more = served.peak_memory() - before;
        assert!(sent > 15 * 1024 * 1024, "{sent} bytes are not many");
        assert!(more < sent / 3, "{sent} bytes in one call took {more} more");
    }
}
