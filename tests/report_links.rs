//! From each number of a report to the dossiers it counts, on both engines: the lists find exactly those that the definitions count.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::test::{TestRequest, call_service, init_service, read_body};
use chrono::{DateTime, Utc};
use hentra::api::Shared;
use hentra::app::catalogue;
use hentra::domain::cell::Cell;
use hentra::domain::dossier::{Dossier, Halt};
use hentra::domain::period::Period;
use hentra::domain::statistics::{GroupBy, Window, standing};
use hentra::domain::unit::Unit;
use hentra::service::service;
use hentra::store::counted::CountedBy;
use hentra::store::dossiers::dossiers_insert;
use hentra::store::halts::halts_insert;
use hentra::store::listing::{DossierFilter, dossiers_count, dossiers_list};
use serde_json::Value;

use crate::reports::{at, province, rolled, store, token};
use crate::support::lived::Dice;
use crate::support::{TestApp, on_both_async, unit};

fn dossiers(seed: u64, count: i64) -> (Dice, Vec<Dossier>) {
    let mut dice = Dice(seed);
    let all = (1..=count).map(|id| rolled(&mut dice, id)).collect();
    (dice, all)
}

on_both_async! {
    async fn a_list_finds_those_that_a_cell_holds(db) {
        province(db).await;
        let store = store(db);
        let (mut dice, mut all) = dossiers(20_261_121, 400);
        for of in &mut all {
            let (one, other) = (dice.moment(), dice.moment());
            if dice.below(2) == 0 {
                of.halts.push(Halt { from: one.min(other), to: (dice.below(3) > 0).then(|| one.max(other)) });
            }
        }
        let halts: Vec<(i64, Halt)> = all.iter().flat_map(|of| of.halts.iter().map(|halt| (of.id, *halt))).collect();
        store.write("test", |c| { dossiers_insert(c, &all)?; halts_insert(c, &halts) }).unwrap();
        let mut c = store.reader().unwrap();
        let now = at("2026-11-20T16:00");
        let mut seen = BTreeMap::<Cell, usize>::new();
        for label in ["2026-08", "2026-09", "2026-Q3", "2026-08-civil", "2027-01"] {
            let period = Period::parse(label).unwrap();
            let some = dice.of(&all.iter().collect::<Vec<_>>());
            let views = [Some(period.end()), Some(period.start()), Some(dice.moment()), some.closed_at, Some(some.lapses_at), Some(some.received_at)];
            for as_of in views.into_iter().flatten() {
                let window = Window::new(&period, as_of);
                let group_by = dice.of(GroupBy::ALL);
                let keys: BTreeSet<&str> = all.iter().map(|of| group_by.key(of)).collect();
                let rows = keys.into_iter().map(|key| Some((group_by, key.to_owned()))).chain([None]);
                for row in rows {
                    for cell in Cell::ALL {
                        let within = |of: &&Dossier| row.as_ref().is_none_or(|(group_by, key)| group_by.key(of) == key);
                        let holds = |of: &&Dossier| standing(of, &window).is_some_and(|standing| cell.holds(standing));
                        let expected: BTreeSet<&str> =
                            all.iter().filter(within).filter(holds).map(|of| of.code.as_str()).collect();
                        let counted = Some(CountedBy { cell: *cell, window, row: row.clone(), units_as_of: None });
                        let filter = DossierFilter { counted, ..DossierFilter::default() };
                        let found = dossiers_list(&mut c, &filter, now.into(), None, 1_000).unwrap();
                        let codes: BTreeSet<&str> = found.iter().map(|of| of.code.as_str()).collect();
                        assert_eq!(codes, expected, "{cell} of {row:?} in {label} seen from {as_of}");
                        let count = dossiers_count(&mut c, &filter, now.into()).unwrap();
                        assert_eq!(usize::try_from(count).unwrap(), found.len());
                        *seen.entry(*cell).or_default() += found.len();
                    }
                }
            }
        }
        assert!(Cell::ALL.iter().all(|cell| seen[cell] > 20), "{seen:?} proves too little");
    }
}

/// How many dossiers a list holds, page by page, and how many it says it has.
macro_rules! listed {
    ($server:expr, $token:expr, $path:expr) => {{
        let (mut cursor, mut items) = (String::new(), 0);
        loop {
            let request = TestRequest::get()
                .uri(&format!("{}&limit=40{cursor}", $path))
                .insert_header(("Authorization", format!("Bearer {}", $token)))
                .to_request();
            let body = read_body(call_service($server, request).await).await;
            let page: Value = serde_json::from_slice(&body).unwrap();
            assert_eq!(page["count_exact"], true, "{page}");
            items += page["items"].as_array().unwrap().len();
            match page["next"].as_str() {
                Some(next) => {
                    cursor = format!(
                        "&cursor={}",
                        serde_urlencoded::to_string([("", next)]).unwrap().trim_start_matches('=')
                    )
                }
                None => break (items, page["count"].as_u64().unwrap()),
            }
        }
    }};
}

on_both_async! {
    async fn every_link_of_a_report_leads_to_as_many_dossiers_as_it_counts(db) {
        let app = province(db).await;
        let (mut dice, all) = dossiers(77, 120);
        store(db).write("test", |c| dossiers_insert(c, &all)).unwrap();
        // Written past the desk, so they are not counted yet.
        hentra::app::counters::rebuild(&app).await.unwrap();
        let merged = Unit {
            valid_to: Some("2026-10-31".parse().unwrap()),
            merged_into: Some("H19.15".into()),
            ..unit("H19.16", "Phường Chơn Thành", Some("H19"))
        };
        catalogue::units_put(&app, vec![merged]).await.unwrap();
        let token = token(&app, "H19").await;
        // The service's type holds on to the borrow, so the test leaks what it borrows.
        let shared: &'static Shared = Box::leak(Box::new(Shared::new(app).unwrap()));
        let server = init_service(service(shared)).await;
        let (mut followed, mut counted) = (0, 0);
        // Today's tree, the one before two wards were merged, and the one since.
        let trees = ["", "&units_as_of=2026-10-31", "&units_as_of=2026-11-01"];
        for (group_by, tree) in GroupBy::ALL.iter().flat_map(|group_by| trees.map(|tree| (group_by, tree))) {
            let as_of: DateTime<Utc> = dice.moment();
            let period = dice.of(&["period=2026-08", "period=2026-Q3", "period=2026-12", "from=2026-08-20&to=2026-10-03"]);
            let as_of = as_of.format("%Y-%m-%dT%H:%M:%SZ");
            let path = format!("/api/v1/reports/processing?{period}&group_by={group_by}&as_of={as_of}{tree}");
            let request = TestRequest::get().uri(&path).insert_header(("Authorization", format!("Bearer {token}"))).to_request();
            let report: Value = serde_json::from_slice(&read_body(call_service(&server, request).await).await).unwrap();
            for row in report["rows"].as_array().unwrap().iter().chain([&report["total"]]) {
                assert_eq!(row["links"].as_object().unwrap().len(), Cell::ALL.len());
                for cell in Cell::ALL {
                    let number = row.pointer(&format!("/{}", cell.word().replace('.', "/"))).unwrap().as_u64().unwrap();
                    let link = row["links"][cell.word()].as_str().unwrap();
                    let (items, count) = listed!(&server, token, link);
                    assert_eq!((u64::try_from(items).unwrap(), count), (number, number), "{path}: {link}");
                    followed += 1;
                    counted += items;
                }
            }
        }
        assert!(followed > 600 && counted > 600, "only {followed} links to {counted} dossiers were followed");
    }
}

on_both_async! {
    async fn what_a_number_does_not_say_is_named(db) {
        let app = TestApp::start(db, "2026-11-20T08:00:00+07:00").await;
        for (query, name, code) in [
            ("counted_from=2026-08-15&counted_to=2026-09-14", "cell", "required"),
            ("key=x", "cell", "required"),
            ("cell=resolved.late", "counted_from", "required"),
            ("cell=resolved.late&counted_from=2026-08-15", "counted_to", "required"),
            ("cell=resolved.late&counted_from=2026-08-15&counted_to=2026-08-14", "counted_to", "out_of_range"),
            ("cell=resolved.late&counted_from=1999-08-15&counted_to=2026-08-14", "counted_to", "out_of_range"),
            ("units_as_of=2026-08-15", "cell", "required"),
            ("cell=resolved.late&counted_from=2026-08-15&counted_to=2026-09-14&group=sector", "key", "required"),
            ("cell=resolved.late&counted_from=2026-08-15&counted_to=2026-09-14&key=x", "group", "required"),
            ("cell=resolved.soon&counted_from=2026-08-15&counted_to=2026-09-14", "cell", "not_allowed"),
            ("cell=resolved.late&counted_from=2026-08-15&counted_to=2026-09-14&group=week&key=x", "group", "not_allowed"),
        ] {
            app.get("reporter", &format!("/api/v1/dossiers?{query}")).await.fault(name, code);
        }
        let plain = app.get("reporter", "/api/v1/reports/processing?links=false").await.ok();
        assert!(plain["total"].get("links").is_none());
        app.stop().await;
    }
}
