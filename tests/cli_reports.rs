//! The reports on the command line: a table or what the API gives, and the words that there are.

use std::process::Output;

use serde_json::Value;

use crate::cli::program;

fn run(home: &tempfile::TempDir, arguments: &[&str]) -> Output {
    program(home.path()).env("HENTRA_CLOCK", "2026-11-20T16:00:00+07:00").args(arguments).output().unwrap()
}

fn good(home: &tempfile::TempDir, arguments: &[&str]) -> String {
    let output = run(home, arguments);
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

const REPORTS: [&str; 7] =
    ["processing", "commitments", "ranking", "trend", "findings", "delays", "integrity"];

#[test]
fn every_report_is_told_as_a_table_and_as_the_api_gives_it() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("units.csv"), "code,name,parent\nH19,Tỉnh,\nH19.15,Phường,H19\n")
        .unwrap();
    good(&home, &["import", "units", "units.csv"]);
    for report in REPORTS {
        let asked = ["report", report, "--unit", "H19", "--period", "2026-12"];
        let table = good(&home, &asked);
        assert!(table.starts_with('\u{feff}') && table.contains(','), "{report}: {table}");
        let told: Value = serde_json::from_str(&good(&home, &[&asked[..], &["--json"]].concat())).unwrap();
        assert_eq!((&told["unit"], &told["period"]["label"]), (&"H19".into(), &"2026-12".into()), "{report}");
    }
    for (arguments, why) in [
        (["ranking", "--minimum", "0"], "minimum: "),
        (["ranking", "--by", "luck"], "there are wilson, mix_fair"),
        (["trend", "--by", "year"], "there are week, month, quarter"),
        (["integrity", "--minutes", "0"], "minutes: "),
        (["findings", "--group-by", "code"], "there are kind, unit, officer"),
        (["commitments", "--unit", "H99"], "unit: "),
    ] {
        let unit: &[&str] = if arguments.contains(&"--unit") { &[] } else { &["--unit", "H19"] };
        let output = run(&home, &[&["report"][..], &arguments, unit].concat());
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && error.contains(why), "{arguments:?}: {error}");
    }
}
