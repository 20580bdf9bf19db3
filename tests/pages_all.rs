//! What holds of every page: it is light, it is whole, nothing stands in it that the policy forbids, and it needs no script.

use std::collections::BTreeMap;

use hentra::app::openness::Openness;

use crate::support::browsing::Browser;
use crate::support::lived::Lived;
use crate::support::page_list::PAGES;
use crate::support::{TestApp, TestDatabase, on_both_async};

/// The heaviest a page may be with its style and script over the wire, in bytes.
const WEIGHT: usize = 60_000;
const UNIT: &str = "H19.15";

/// The service over a province that has lived for months, everybody's rates open; and one of its dossiers.
pub(crate) async fn lived_in(db: &TestDatabase) -> (TestApp, String) {
    drop(Lived::months(db, 7).await);
    let open = Openness::new(vec![UNIT.into()], 1_000, 0);
    let app = TestApp::start_with(db, "2026-11-20T16:00:00+07:00", |app| app.with_openness(open)).await;
    let list = app.get("officer", "/api/v1/dossiers?limit=1").await.ok();
    let code = list["items"][0]["code"].as_str().unwrap().to_owned();
    (app, code)
}

pub(crate) fn address(page: &str, code: &str) -> String {
    page.replace("{code}", code).replace("{unit}", UNIT)
}

/// What is amiss with a page that nobody has to see to know.
fn amiss(body: &str) -> Vec<&'static str> {
    let checks = [
        (body.matches("<h1").count() == 1, "not one heading of the first order"),
        (body.contains("<html lang=\"vi\">"), "no language"),
        (!body.contains(" style=\""), "style within the page"),
        (
            !body.contains(" onclick=") && !body.contains(" onchange=") && !body.contains("javascript:"),
            "script within the page",
        ),
        (body.matches("<script").count() == 1, "not one script"),
        (body.matches("<table").count() == body.matches("</table>").count(), "a table that does not end"),
        (body.matches("<form").count() == body.matches("</form>").count(), "a form that does not end"),
        (!body.contains("{{") && !body.contains("{%"), "a template not filled in"),
    ];
    checks.into_iter().filter(|(holds, _)| !holds).map(|(_, what)| what).collect()
}

on_both_async! {
    async fn every_page_is_light_and_whole(db) {
        let (app, code) = lived_in(db).await;
        let mut visitors: BTreeMap<&str, Browser<'_>> = BTreeMap::new();
        let mut kept = 0;
        let mut stranger = Browser::of(&app);
        let door = stranger.page("/sign-in").await;
        for address in door.split('"').filter(|of| of.starts_with("/static/")) {
            kept += stranger.weight(address).await;
        }
        assert!(kept > 1_000, "style and script weigh {kept}");
        let mut wrong = Vec::new();
        for (who, page) in PAGES {
            if !visitors.contains_key(who) {
                let visitor = if *who == "anybody" { Browser::of(&app) } else { Browser::signed_in(&app, who).await };
                visitors.insert(who, visitor);
            }
            let answer = visitors.get_mut(who).unwrap().get(&address(page, &code)).await;
            let asks_back = page.starts_with("/status?") || page.starts_with("/calculator?");
            if answer.status != 200 && !asks_back {
                wrong.push(format!("{who} {page}: {}", answer.status));
                continue;
            }
            let weight = visitors[who].weight(&address(page, &code)).await + kept;
            if weight > WEIGHT {
                wrong.push(format!("{who} {page}: {weight} bytes"));
            }
            // Old proxies unpack what passes through them.
            if answer.body.len() > 2 * WEIGHT {
                wrong.push(format!("{who} {page}: {} bytes unpacked", answer.body.len()));
            }
            wrong.extend(amiss(&answer.body).into_iter().map(|what| format!("{who} {page}: {what}")));
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        app.stop().await;
    }
}

#[test]
fn what_is_amiss_is_seen() {
    let sound = r#"<html lang="vi"><script src="x"></script><h1>a</h1><form></form>"#;
    assert_eq!(amiss(sound), Vec::<&str>::new());
    assert_eq!(amiss(&sound.replace("<h1>", "<h1 style=\"color:red\">")), ["style within the page"]);
    assert_eq!(amiss(&sound.replace("</form>", "")), ["a form that does not end"]);
}
