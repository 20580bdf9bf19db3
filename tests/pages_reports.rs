//! The reform office's pages: the numbers of the API, each with the list of what it counts; files of the same bytes; periods sealed once and for all.

use hentra::domain::cell::Cell;
use serde_json::{Value, json};

use crate::support::browsing::Browser;
use crate::support::lived::{Lived, NOW};
use crate::support::{TestApp, on_both_async};

/// A cell of a page's table.
#[derive(Debug, Clone)]
pub(crate) struct Cellule {
    pub(crate) said: String,
    pub(crate) href: Option<String>,
}

impl Cellule {
    pub(crate) fn number(&self) -> u64 {
        self.said.replace('.', "").parse().unwrap_or_else(|_| panic!("{self:?} is no number"))
    }
}

pub(crate) fn unescaped(text: &str) -> String {
    let marks =
        [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&nbsp;", " "), ("&#38;", "&")];
    marks.iter().fold(text.to_owned(), |text, (mark, letter)| text.replace(mark, letter))
}

/// What stands between tags, in one line.
fn plain(html: &str) -> String {
    let mut said = String::new();
    for piece in html.split('<') {
        said.push_str(piece.split_once('>').map_or(piece, |(_, rest)| rest));
    }
    unescaped(&said.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The rows of the n-th table of a page, sums and all.
pub(crate) fn rows(page: &str, nth: usize) -> Vec<Vec<Cellule>> {
    let table = page.split("<table").nth(nth + 1).unwrap_or_else(|| panic!("no table {nth}: {page}"));
    let table = table.split("</table>").next().unwrap();
    let body = table.split("<tbody>").nth(1).unwrap().replace("<th", "<td");
    let cell = |piece: &str| {
        let (tag, rest) = piece.split_once('>').unwrap();
        let inner = rest.split("</t").next().unwrap();
        let href = inner.split("href=\"").nth(1).and_then(|rest| rest.split('"').next()).map(unescaped);
        assert!(!tag.contains("style="), "{tag}");
        Cellule { said: plain(inner), href }
    };
    let row = |row: &str| row.split("<td").skip(1).map(cell).collect();
    body.split("<tr").skip(1).map(row).collect()
}

fn at(row: &Value, cell: Cell) -> &Value {
    row.pointer(&format!("/{}", cell.word().replace('.', "/"))).unwrap()
}

pub(crate) async fn province(db: &crate::support::TestDatabase, seed: u64) -> TestApp {
    drop(Lived::months(db, seed).await);
    TestApp::start(db, &format!("{NOW}:00+07:00")).await
}

/// How many dossiers the API lists where a page's link leads.
pub(crate) async fn listed(app: &TestApp, href: &str) -> u64 {
    assert!(href.starts_with("/dossiers?"), "{href}");
    app.get("reporter", &format!("/api/v1{href}&limit=1")).await.ok()["count"].as_u64().unwrap()
}

/// That each cell says the number of the JSON and leads to as many dossiers; how many links were followed.
async fn same(app: &TestApp, shown: &[Cellule], row: &Value, cells: &[Cell]) -> usize {
    let mut followed = 0;
    for (shown, cell) in shown.iter().zip(cells) {
        let number = at(row, *cell).as_u64().unwrap();
        assert_eq!(shown.number(), number, "{cell} of {row}");
        match &shown.href {
            Some(href) => {
                assert_eq!(listed(app, href).await, number, "{href}");
                followed += 1;
            }
            None => assert_eq!(number, 0, "{cell} has no link"),
        }
    }
    followed
}

pub(crate) fn rate(of: &Value) -> String {
    match (of["numerator"].as_u64().unwrap(), of["denominator"].as_u64().unwrap()) {
        (_, 0) => "—".to_owned(),
        (numerator, denominator) => format!("{numerator}/{denominator} = "),
    }
}

const FORM: [Cell; 11] = [
    Cell::Received,
    Cell::Online,
    Cell::Direct,
    Cell::CarriedOver,
    Cell::Resolved,
    Cell::Early,
    Cell::OnTime,
    Cell::Late,
    Cell::InProgress,
    Cell::WithinLimit,
    Cell::Overdue,
];
const BESIDE: [Cell; 7] = [
    Cell::LateWithApology,
    Cell::LateWithoutApology,
    Cell::Suspended,
    Cell::ClosedResolved,
    Cell::ClosedRefused,
    Cell::ClosedWithdrawn,
    Cell::ClosedStopped,
];

on_both_async! {
    async fn the_form_says_what_the_api_counts_and_each_number_lists_as_many(db) {
        let app = province(db, 20_261_130).await;
        let mut browser = Browser::signed_in(&app, "reporter").await;
        let mut followed = 0;
        for query in [
            "period=2026-10", "period=2026-Q4&group_by=unit", "period=2026-10-civil&group_by=officer&unit=H19.15",
            "from=2026-09-03&to=2026-10-20&group_by=procedure", "period=2026-11&as_of=2026-10-29T10%3A00&group_by=channel",
            "period=2026-Q4&sector=Ch%E1%BB%A9ng%20th%E1%BB%B1c&group_by=procedure",
        ] {
            let page = browser.page(&format!("/reports?{query}")).await;
            let asked = query.replace("T10%3A00", "T10:00:00%2B07:00");
            let report = app.get("reporter", &format!("/api/v1/reports/processing?{asked}")).await.ok();
            let json: Vec<&Value> = report["rows"].as_array().unwrap().iter().chain([&report["total"]]).collect();
            let (form, beside) = (rows(&page, 0), rows(&page, 1));
            assert_eq!((form.len(), beside.len()), (json.len(), json.len()), "{query}");
            for ((form, beside), row) in form.iter().zip(&beside).zip(&json) {
                assert_eq!((form.len(), beside.len()), (13, 12), "{query}");
                if !std::ptr::eq(*row, &report["total"]) {
                    assert!(form[1].said.starts_with(row["name"].as_str().unwrap()), "{:?}", form[1]);
                }
                followed += same(&app, &form[2..], row, &FORM).await;
                followed += same(&app, &beside[1..8], row, &BESIDE).await;
                let rates = ["on_time_of_resolved", "on_time_of_due", "on_time_766"];
                for (shown, name) in beside[8..11].iter().zip(rates) {
                    let expected = rate(&row["rates"][name]);
                    assert!(if expected == "—" { shown.said == expected } else { shown.said.starts_with(&expected) }, "{shown:?}");
                }
            }
            assert!(page.contains("Các đẳng thức của biểu đều đúng"), "{query}");
        }
        assert!(followed > 150, "only {followed} links were followed");
        app.stop().await;
    }

    async fn a_sector_is_made_of_its_procedures_and_a_unit_of_those_below_it(db) {
        let app = province(db, 7).await;
        let mut browser = Browser::signed_in(&app, "reporter").await;
        let mut seen = 0;
        for query in ["period=2026-10", "period=2026-Q4", "from=2026-08-09&to=2026-11-11", "period=2026-11-civil&as_of=2026-11-10T09%3A30"] {
            let page = browser.page(&format!("/reports?{query}")).await;
            for row in rows(&page, 0).iter().filter(|row| row[1].href.is_some()) {
                let below = browser.page(row[1].href.as_ref().unwrap()).await;
                let below = rows(&below, 0);
                let numbers = |row: &[Cellule]| row[2..].iter().map(Cellule::number).collect::<Vec<_>>();
                assert_eq!(numbers(below.last().unwrap()), numbers(row), "{query}: {row:?}");
                // Officers are counted dossier by dossier, which must come to the same.
                let scanned = browser.page(&row[1].href.as_ref().unwrap().replace("group_by=procedure", "group_by=officer")).await;
                assert_eq!(numbers(rows(&scanned, 0).last().unwrap()), numbers(row), "{query}: {row:?}");
                seen += below.len();
            }
        }
        assert!(seen > 12, "only {seen} rows were seen");
        let units = browser.page("/reports?period=2026-10&group_by=unit").await;
        let named = |code: &str| rows(&units, 0).into_iter().find(|row| row[1].said.ends_with(code)).unwrap()[1].clone();
        assert_eq!(named("H19").href, None, "it is this report's own");
        let commune = named("H19.15").href.unwrap();
        assert!(commune.contains("unit=H19.15") && commune.contains("group_by=sector") && commune.contains("period=2026-10"), "{commune}");
        app.stop().await;
    }

    async fn a_period_is_set_against_others_with_sign_and_words(db) {
        let app = province(db, 99).await;
        let mut browser = Browser::signed_in(&app, "reporter").await;
        let query = "period=2026-11&compare=previous,year&group_by=unit";
        let page = browser.page(&format!("/reports?{query}")).await;
        let report = app.get("reporter", &format!("/api/v1/reports/processing?{query}")).await.ok();
        let lines = rows(&page, 2);
        assert_eq!(lines.len(), FORM.len() + 1);
        for (line, cell) in lines.iter().zip(FORM) {
            let number = |row: &Value| at(row, cell).as_i64().unwrap();
            let now = number(&report["total"]);
            assert_eq!(i64::try_from(line[1].number()).unwrap(), now);
            for (shown, then) in line[2..].chunks(2).zip(report["comparisons"].as_array().unwrap()) {
                let then = number(&then["total"]);
                assert_eq!(i64::try_from(shown[0].number()).unwrap(), then);
                let expected = match now - then {
                    0 => "0 không đổi".to_owned(),
                    more @ 1.. => format!("+{more} tăng {more}"),
                    less => format!("−{} giảm {}", -less, -less),
                };
                assert_eq!(shown[1].said, expected);
            }
        }
        // Nothing was due a year before.
        assert_eq!(lines.last().unwrap()[4].said, "—");
        assert!(page.contains("(6) bằng (11) của kỳ liền trước"), "the period is over and the equation was held");
        app.stop().await;
    }

    async fn files_are_the_bytes_of_the_api(db) {
        let app = province(db, 5).await;
        let mut browser = Browser::signed_in(&app, "reporter").await;
        let page = browser.page("/reports?period=2026-10&group_by=unit&from=&to=&as_of=&compare=").await;
        for (ending, format) in [("xlsx", "xlsx"), ("csv", "csv")] {
            let start = page.find(&format!("/reports/processing.{ending}")).unwrap();
            let address = unescaped(page[start..].split('"').next().unwrap());
            let file = browser.get(&address).await;
            let by_api = app.get("reporter", &format!("/api/v1/reports/processing?period=2026-10&group_by=unit&format={format}")).await;
            assert_eq!((file.status, &file.bytes), (200, &by_api.bytes));
            assert!(file.bytes.len() > 200);
            assert_eq!(file.header("content-disposition"), format!("attachment; filename=\"II.06a-VPCP-2026-10.{ending}\""));
        }
        for (page, api) in [
            ("/reports/ranking.csv", "reports/ranking"), ("/reports/trend.csv", "reports/trend"), ("/reports/commitments.csv", "reports/commitments"),
            ("/reports/delays.csv", "reports/delays"), ("/findings/counted.csv", "reports/findings"), ("/integrity.csv", "reports/integrity"),
        ] {
            let file = browser.get(&format!("{page}?period=2026-10")).await;
            let by_api = app.get("reporter", &format!("/api/v1/{api}?period=2026-10&format=csv")).await;
            assert_eq!((file.status, &file.bytes), (200, &by_api.bytes), "{page}");
        }
        let nobody = Browser::of(&app).get("/reports/processing.csv?period=2026-10").await;
        assert_eq!(nobody.status, 303);
        app.stop().await;
    }

    async fn what_was_typed_wrong_is_named_at_its_field(db) {
        let app = TestApp::start(db, "2026-11-20T16:00:00+07:00").await;
        let mut browser = Browser::signed_in(&app, "reporter").await;
        for (path, name, status) in [
            ("/reports?period=2026-13", "period", 400),
            ("/reports?period=2026-10&from=2026-10-01&to=2026-10-02", "period", 400),
            ("/reports?from=2026-10-01", "to", 400),
            ("/reports?from=2026-10-01&to=2026-09-01", "to", 400),
            ("/reports?from=mai&to=2026-09-01", "from", 400),
            ("/reports?as_of=mai", "as_of", 400),
            ("/reports?unit=H99", "unit", 404),
            ("/reports?unit=%3Cscript%3Ealert(1)%3C/script%3E", "unit", 404),
            ("/reports?group_by=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "group_by", 400),
            ("/reports?compare=never", "compare", 400),
            ("/reports?period=2000-01&compare=previous", "compare", 400),
            ("/reports/ranking?minimum=0", "minimum", 400),
            ("/reports/ranking?by=luck", "by", 400),
            ("/reports/trend?from=2000-01-01&to=2100-12-31&by=week", "by", 400),
            ("/reports/commitments?group_by=officer", "group_by", 400),
            ("/reports/delays?period=%3Cb%3E", "period", 400),
            ("/integrity?minutes=0", "minutes", 400),
            ("/findings/counted?group_by=sector", "group_by", 400),
            ("/findings?code=nothing", "code", 400),
            ("/findings?unit=H99", "unit", 404),
            ("/findings?from=2026-10-02&to=2026-10-01", "to", 400),
        ] {
            let answer = browser.get(path).await;
            assert_eq!(answer.status, status, "{path}: {}", answer.body);
            assert!(answer.body.contains(&format!("id=\"{name}-fault\"")), "{path}: {}", answer.body);
            assert!(answer.body.contains("aria-invalid=\"true\"") && !answer.body.contains("<script>alert"), "{path}");
            assert!(!answer.body.contains("<b>\""), "{path}");
        }
        let kept = browser.get("/reports?period=2026-13&unit=H19.15").await.body;
        assert!(kept.contains("<option value=\"2026-13\" selected>") && kept.contains("<option value=\"H19.15\" selected>"), "{kept}");
        let strange = browser.get("/reports?colour=blue").await;
        assert_eq!(strange.status, 400);
        assert!(strange.body.contains("colour:"), "{}", strange.body);
        // A commune's reader finds neither the province nor the neighbour.
        let mut commune = Browser::signed_in(&app, "officer").await;
        for unit in ["H19", "H19.16"] {
            assert_eq!(commune.get(&format!("/reports?unit={unit}")).await.status, 404);
            assert_eq!(commune.get(&format!("/reports/processing.csv?unit={unit}")).await.status, 400);
        }
        assert!(!commune.page("/reports").await.contains("Phường Chơn Thành"));
        app.stop().await;
    }

    async fn of_nothing_there_is_no_rate(db) {
        let app = TestApp::start(db, "2026-11-20T16:00:00+07:00").await;
        let mut browser = Browser::signed_in(&app, "reporter").await;
        let page = browser.page("/reports?period=2026-10").await;
        assert!(page.contains("Không có hồ sơ nào trong kỳ."));
        let total = rows(&page, 1).pop().unwrap();
        assert_eq!(total[8..12].iter().map(|of| of.said.as_str()).collect::<Vec<_>>(), ["—"; 4]);
        for path in ["/reports/ranking", "/reports/trend", "/reports/commitments", "/reports/delays", "/findings", "/findings/counted", "/integrity", "/reports/seals"] {
            assert!(!browser.page(path).await.contains("100\u{a0}%"), "{path}");
        }
        app.stop().await;
    }

    async fn rows_come_by_fifty_and_names_are_nothing_but_names(db) {
        let app = TestApp::start(db, "2026-11-20T16:00:00+07:00").await;
        let long = "Nguyễn Phước Bảo ".repeat(11);
        for n in 0..60 {
            let officer = format!("<i>{n:02} {}", if n == 0 { long.trim() } else { "\"'&" });
            app.log("2.001019", json!({"officer": officer, "received_at": "2026-11-19T08:00:00+07:00"})).await.ok();
        }
        let mut browser = Browser::signed_in(&app, "reporter").await;
        let page = browser.page("/reports?group_by=officer").await;
        assert_eq!(rows(&page, 0).len(), 51);
        assert!(page.contains("Dòng 1–50 trong 60 dòng") && !page.contains("<i>0"), "{page}");
        assert_eq!(rows(&page, 0).last().unwrap()[2].number(), 60);
        let all = unescaped(page.split("href=\"").find(|way| way.contains("all=1")).unwrap().split('"').next().unwrap());
        assert_eq!(rows(&browser.page(&all).await, 0).len(), 61);
        assert!(rows(&page, 0)[0][1].said.contains(long.trim()));
        app.stop().await;
    }
}
