//! Form II.06a/VPCP as an Excel workbook, read back by another library: it says what the JSON says, on both engines.

use std::io::Cursor;

use calamine::{Data, Range, Reader, Xlsx};
use hentra::app::App;
use hentra::app::reports::processing::ProcessingReport;
use hentra::app::reports::tables::csv;
use hentra::app::reports::workbook::{XLSX, processing_xlsx};
use hentra::domain::statistics::GroupBy;
use hentra::text::Lang;
use serde_json::{Value, json};

use crate::reports::{ask, report_by};
use crate::support::{TestApp, TestDatabase, on_both_async};

/// The first row of data, and how many columns there are, counted from 0.
const FIRST: u32 = 9;
const COLUMNS: u32 = 13;

/// A workbook read back.
struct Sheet {
    values: Range<Data>,
    formulas: Range<String>,
}

impl Sheet {
    fn read(bytes: &[u8]) -> Sheet {
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).unwrap();
        let name = book.sheet_names()[0].clone();
        Sheet {
            values: book.worksheet_range(&name).unwrap(),
            formulas: book.worksheet_formula(&name).unwrap(),
        }
    }

    fn text(&self, row: u32, column: u32) -> String {
        self.values.get_value((row, column)).map(ToString::to_string).unwrap_or_default()
    }

    fn formula(&self, row: u32, column: u32) -> &str {
        self.formulas.get_value((row, column)).map_or("", String::as_str)
    }

    /// Columns (3) to (13) of a row, as the file holds them without anything being computed anew.
    fn counts(&self, row: u32) -> Vec<u64> {
        (2..COLUMNS).map(|column| self.text(row, column).parse().unwrap()).collect()
    }

    /// The same, with every formula worked out from the plain numbers.
    fn computed(&self, row: u32) -> Vec<u64> {
        (2..COLUMNS).map(|column| self.compute(row, column)).collect()
    }

    fn compute(&self, row: u32, column: u32) -> u64 {
        let formula = self.formula(row, column);
        if formula.is_empty() {
            return self.text(row, column).parse().unwrap();
        }
        let range = formula.strip_prefix("SUM(").and_then(|rest| rest.strip_suffix(')')).unwrap();
        let (from, to) = range.split_once(':').unwrap();
        let ((top, left), (bottom, right)) = (place(from), place(to));
        (top..=bottom).flat_map(|row| (left..=right).map(move |column| self.compute(row, column))).sum()
    }
}

/// `C10` as (row, column), counted from 0.
fn place(name: &str) -> (u32, u32) {
    let (letter, line) = name.split_at(1);
    (line.parse::<u32>().unwrap() - 1, u32::from(letter.as_bytes()[0] - b'A'))
}

fn columns(row: &Value) -> Vec<u64> {
    let of = |group: &str, name: &str| row[group][name].as_u64().unwrap();
    let all = [
        ("received", ["total", "online", "direct", "carried_over"].as_slice()),
        ("resolved", &["total", "early", "on_time", "late"]),
        ("in_progress", &["total", "within_limit", "overdue"]),
    ];
    all.iter().flat_map(|(group, names)| names.iter().map(move |name| of(group, name))).collect()
}

/// Some dossiers in two communes, one officer with a name that looks like a formula.
async fn furnished(db: &TestDatabase) -> TestApp {
    let app = TestApp::start(db, "2026-11-20T16:00:00+07:00").await;
    let days = ["02", "03", "04", "05", "06", "09", "10", "11", "12", "13"];
    for (n, day) in days.iter().enumerate() {
        let procedure = if n % 3 == 0 { "2.000815" } else { "2.001019" };
        let more = json!({
            "code": format!("S-{n:03}"), "received_at": format!("2026-11-{day}T08:00:00+07:00"),
            "due_at": format!("2026-11-{day}T17:00:00+07:00"), "channel": if n % 2 == 0 { "online" } else { "in_person" },
            "officer": if n % 4 == 0 { json!("=HYPERLINK(\"http://x\")") } else { json!("Trần Văn B") }, "reason": "thử",
        });
        app.log(procedure, more).await.ok();
        if n % 4 != 3 {
            let at = format!("2026-11-{day}T{}:00:00+07:00", if n % 2 == 0 { "16" } else { "18" });
            app.act(&format!("S-{n:03}"), &json!({"act": "resolve", "at": at})).await.ok();
        }
    }
    app
}

async fn report(app: &App, group_by: GroupBy) -> ProcessingReport {
    report_by(app, ask("2026-11"), group_by).await
}

on_both_async! {
    async fn the_workbook_says_what_the_json_says(db) {
        let app = furnished(db).await;
        for group_by in GroupBy::ALL {
            let report = report(&app.app, *group_by).await;
            let json = serde_json::to_value(&report).unwrap();
            let sheet = Sheet::read(&processing_xlsx(&(&report).into(), Lang::Vi).unwrap());
            let rows = json["rows"].as_array().unwrap();
            for (row, at) in rows.iter().zip(FIRST..) {
                assert!(sheet.text(at, 1).starts_with(row["name"].as_str().unwrap()), "{group_by}");
                assert_eq!(sheet.text(at, 0), (at - FIRST + 1).to_string());
                assert_eq!(sheet.counts(at), columns(row), "{group_by}");
                assert_eq!(sheet.computed(at), columns(row), "{group_by}");
                for (column, formula) in [(2, "SUM(D:F)"), (6, "SUM(H:J)"), (10, "SUM(L:M)")] {
                    let line = (at + 1).to_string();
                    assert_eq!(sheet.formula(at, column).replace(&line, ""), formula);
                }
            }
            let total = FIRST + u32::try_from(rows.len()).unwrap();
            assert_eq!(sheet.text(total, 0), "Tổng cộng");
            assert_eq!((sheet.counts(total), sheet.computed(total)), (columns(&json["total"]), columns(&json["total"])));
            assert!((2..COLUMNS).all(|column| sheet.formula(total, column).starts_with("SUM(")), "{group_by}");
            assert!(columns(&json["total"])[0] > 5, "{json} proves nothing");
        }
        app.stop().await;
    }
}

on_both_async! {
    async fn what_stands_around_the_table(db) {
        let app = furnished(db).await;
        let report = report(&app.app, GroupBy::Officer).await;
        let bytes = processing_xlsx(&(&report).into(), Lang::Vi).unwrap();
        let sheet = Sheet::read(&bytes);
        assert_eq!(sheet.text(0, 0), "Biểu số II.06a/VPCP");
        assert_eq!(sheet.text(0, 2), "TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH");
        assert_eq!(sheet.text(0, 9), "Đơn vị báo cáo: Tỉnh Đồng Nai");
        assert!(sheet.text(1, 0).contains("01/2020/TT-VPCP") && sheet.text(1, 9).starts_with("Đơn vị nhận báo cáo:"));
        assert_eq!(sheet.text(1, 2), "Kỳ báo cáo: Tháng 11 năm 2026");
        assert_eq!(sheet.text(2, 2), "(Từ ngày 15/10/2026 đến ngày 14/11/2026)");
        assert_eq!(sheet.text(3, 2), "Số liệu tính đến hết ngày 14/11/2026");
        assert_eq!(sheet.text(4, 9), "Đơn vị tính: Số hồ sơ TTHC");
        assert_eq!(sheet.text(5, 1), "Cán bộ");
        for (column, number) in (0..COLUMNS).zip(1..) {
            assert!(sheet.text(8, column).starts_with(&format!("({number})")), "{column}");
        }
        // Two officers, the sums, and below them the signatures.
        let all: Vec<String> = (FIRST..FIRST + 8).flat_map(|row| [sheet.text(row, 0), sheet.text(row, 7)]).collect();
        assert!(all.contains(&"NGƯỜI LẬP BIỂU".to_owned()) && all.contains(&"THỦ TRƯỞNG ĐƠN VỊ".to_owned()), "{all:?}");
        // A name that looks like a formula is a name.
        let row = (FIRST..FIRST + 2).find(|row| sheet.text(*row, 1).starts_with('=')).unwrap();
        assert_eq!((sheet.text(row, 1).as_str(), sheet.formula(row, 1)), ("=HYPERLINK(\"http://x\")", ""));
        // The same report makes the same bytes, and another one does not.
        assert_eq!(processing_xlsx(&(&report).into(), Lang::Vi).unwrap(), bytes);
        assert_ne!(processing_xlsx(&(&report).into(), Lang::En).unwrap(), bytes);
        app.stop().await;
    }
}

on_both_async! {
    async fn a_report_of_nothing_is_a_form_of_noughts(db) {
        let app = TestApp::start(db, "2026-11-20T16:00:00+07:00").await;
        let report = report(&app.app, GroupBy::Sector).await;
        let sheet = Sheet::read(&processing_xlsx(&(&report).into(), Lang::Vi).unwrap());
        assert_eq!((sheet.text(FIRST, 0), sheet.counts(FIRST)), ("Tổng cộng".to_owned(), vec![0; 11]));
        assert_eq!(sheet.computed(FIRST), [0; 11]);
        assert!(csv(&report, Lang::Vi).unwrap().ends_with("Tổng cộng,0,0,0,0,0,0,0,0,0,0,0\n"));
        app.stop().await;
    }
}

on_both_async! {
    async fn it_is_answered_where_it_is_asked_for(db) {
        let app = furnished(db).await;
        let path = "/api/v1/reports/processing?period=2026-11";
        let named = app.get("reporter", &format!("{path}&format=xlsx")).await;
        let liked = app.by("reporter", actix_web::http::Method::GET, path).header("Accept", XLSX).send().await;
        for answer in [&named, &liked] {
            assert_eq!((answer.status, answer.header("content-type")), (200, XLSX));
            assert_eq!(answer.header("content-disposition"), "attachment; filename=\"II.06a-VPCP-2026-11.xlsx\"");
        }
        app.get("reporter", &format!("{path}&format=ods")).await.fault("format", "not_allowed");
        app.stop().await;
    }
}
