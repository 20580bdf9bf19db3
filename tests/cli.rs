//! The program as a user calls it: arguments, exit codes, what stands on standard output and what does not.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// The program in a directory of its own, with an SQLite database in it and nothing of this machine's settings.
pub(crate) fn program(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hentra"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("HENTRA_")) {
        command.env_remove(name);
    }
    command.current_dir(home).env("HENTRA_LOG", "warn");
    command.env("HENTRA_DATABASE_URL", format!("sqlite://{}", home.join("hentra.db").display()));
    command
}

struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Home {
        let home = Home(tempfile::tempdir().unwrap());
        fs::write(home.0.path().join("units.csv"), "code,name,parent\nH19.15,Phường,H19\nH19,Tỉnh,\n")
            .unwrap();
        home
    }

    /// With units in its database.
    fn furnished() -> Home {
        let home = Home::new();
        assert_eq!(home.good(&["import", "units", "units.csv"]), "2 units imported");
        home
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.path().join(name), text).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Output {
        program(self.0.path()).args(arguments).output().unwrap()
    }

    #[track_caller]
    fn good(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", told(&output.stderr));
        told(&output.stdout)
    }

    /// Exit code, standard output and standard error of a call that must fail.
    #[track_caller]
    fn bad(&self, arguments: &[&str]) -> (i32, String, String) {
        let output = self.run(arguments);
        let code = output.status.code().unwrap();
        assert_ne!(code, 0, "{arguments:?}: {}", told(&output.stdout));
        (code, told(&output.stdout), told(&output.stderr))
    }
}

fn told(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap().trim_end().to_owned()
}

#[test]
fn a_token_stands_alone_on_standard_output() {
    let home = Home::furnished();
    let create = ["token", "create", "--role", "officer", "--name", "Lan", "--unit"];
    let token = home.good(&[&create[..], &["H19.15", "--expires", "2030-01-01T00:00"]].concat());
    assert!(token.strip_prefix("hentra_").is_some_and(|hex| hex.len() == 64), "{token}");
    let (code, out, error) = home.bad(&[&create[..], &["H99"]].concat());
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(error.contains("unit: "), "{error}");
    let (code, _, error) = home.bad(&["token", "create", "--role", "king", "--name", "A", "--unit", "H19"]);
    assert_eq!(code, 2);
    assert!(error.contains("officer, leader, reporter, admin"), "{error}");
}

#[test]
fn accounts_are_kept_and_a_password_comes_by_standard_input_alone() {
    use std::io::Write as _;
    use std::process::Stdio;
    let home = Home::furnished();
    let add =
        ["user", "add", "--role", "admin", "--unit", "H19", "--name", "Lan", "--username", "Lan.Nguyễn"];
    let id = home.good(&add);
    assert!(home.bad(&add).2.contains("username: Somebody else has it"));
    let set = |user: &str, password: &str| {
        let mut command = program(home.0.path());
        command.args(["user", "set-password", user]).stdin(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(password.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        (output.status.code().unwrap(), told(&output.stderr))
    };
    assert!(home.good(&["user", "list"]).ends_with("\tno password yet"));
    assert_eq!(set("lan.nguyen", "mưa rào tháng bảy\n"), (0, String::new()));
    assert_eq!(set(&id, "mưa rào tháng tám\r\n"), (0, String::new()));
    for (password, why) in [
        ("", "password: Must not be empty"),
        ("short\n", "Too short"),
        ("lannguyen2026\n", "Too easily guessed"),
    ] {
        let (code, error) = set("lan.nguyen", password);
        assert!(code == 1 && error.contains(why), "{error}");
    }
    assert!(set("nobody", "x").1.contains("there is no user «nobody»"));
    assert_eq!(home.good(&["user", "list"]), format!("{id}\tLan.Nguyễn\tLan\tadmin\tH19"));
    let token = home.good(&["token", "issue", "lan.nguyen", "--label", "máy quét"]);
    assert!(token.starts_with("hentra_"), "{token}");
    let listed = home.good(&["token", "list", "lan.nguyen"]);
    assert!(
        listed.contains("\ttoken\tmáy quét\t") && listed.ends_with("\tnever ends\tnever used"),
        "{listed}"
    );
    let key = listed.split('\t').next().unwrap();
    assert_eq!(home.good(&["token", "revoke", key]), "");
    assert!(home.bad(&["token", "revoke", key]).2.contains("not found: token"));
    assert_eq!(home.good(&["token", "list", &id]), "");
    // The only administrator of the topmost unit stays one, whoever has the machine.
    assert!(home.bad(&["user", "deactivate", &id]).2.contains("without an administrator"));
    home.good(&["token", "create", "--role", "admin", "--unit", "H19", "--name", "Mai"]);
    home.good(&["user", "deactivate", &id]);
    assert!(home.good(&["user", "list"]).contains("\tnot active"));
    assert!(home.bad(&["token", "issue", &id]).2.contains("not active"));
    for done in
        [&["user", "activate", &id][..], &["user", "unlock", &id], &["user", "set-username", &id, "lan2"]]
    {
        assert_eq!(home.good(done), "");
    }
    assert!(home.good(&["ledger", "verify"]).contains("entries hold"));
}

#[test]
fn good_rows_are_kept_and_bad_ones_named_by_their_line() {
    let home = Home::furnished();
    home.write(
        "past.csv",
        "unit,procedure,applicant_name,code,received_at,closed_at,closed_as\n\
         H19.15,2.000815,Lan,A-1,2026-11-20 08:00,2026-11-20 09:00,resolved\n\
         H19.15,9.999999,Lan,A-2,2026-11-20 08:00,,\n\
         H19.15,2.000815,Lan,A-1,2026-11-20 08:00,,\n\
         H19.15,2.000815,,A-4,yesterday,,\n\
         H19.15,2.000815,Lan,A-5,2026-11-20 08:00,2026-11-19 09:00,resolved\n",
    );
    let import = ["--clock", "2026-11-20T10:00", "import", "dossiers", "past.csv"];
    let (code, out, error) = home.bad(&[&import[..], &["--dry-run"]].concat());
    assert_eq!((code, out.as_str()), (1, "1 dossiers would be imported, 4 rejected"), "{error}");
    let (code, out, error) = home.bad(&import);
    assert_eq!((code, out.as_str()), (1, "1 dossiers imported, 4 rejected"), "{error}");
    for named in ["line 3: procedure: ", "line 4: code: ", "line 5: received_at: ", "line 6: closed_at: "] {
        assert!(error.contains(named), "{named} in {error}");
    }
    assert!(!error.contains("line 2"), "{error}");
    home.write(
        "more.ndjson",
        "{\"unit\":\"H19.15\",\"procedure\":\"2.000815\",\"applicant\":{\"name\":\"Mai\"}}\n",
    );
    assert_eq!(home.good(&["import", "dossiers", "more.ndjson"]), "1 dossiers imported, 0 rejected");
    let verdict = home.good(&["ledger", "verify"]);
    assert!(verdict.starts_with("4 entries hold; head "), "{verdict}");
}

#[test]
fn procedures_and_units_are_taken_whole_or_not_at_all() {
    let home = Home::furnished();
    home.write("bad.csv", "code,name,parent\nH19.16,Xã,H19\nH19.17,Xã,H20\n");
    assert!(home.bad(&["import", "units", "bad.csv", "--dry-run"]).2.contains("parent: "));
    assert!(
        home.bad(&["import", "units", "bad.csv"])
            .2
            .contains("line 3: parent: Nothing of this code exists; namely: H20.")
    );
    home.write("round.csv", "code,name,parent\nH19.16,Xã,H19\nH19,Tỉnh,H19.16\n");
    let (_, _, error) = home.bad(&["import", "units", "round.csv"]);
    assert!(error.contains("parent: Leads back to itself; namely: H19, H19.16."), "{error}");
    assert!(home.bad(&["deadline", "--procedure", "2.000815", "--unit", "H19.16"]).2.contains("unit: "));
    home.write("own.csv", "code,name,sector,limit_value,limit_unit\n9.000001,Thử,Khác,4,working_day\n");
    assert_eq!(home.good(&["import", "procedures", "own.csv"]), "1 procedures imported");
    let told = home.good(&["deadline", "--procedure", "9.000001", "--received-at", "2026-08-20T09:00"]);
    assert!(told.contains("Hẹn trả: 17:00 thứ Ba 25/8/2026"), "{told}");
}

#[test]
fn a_calendar_is_published_for_one_unit_and_moves_its_open_dossiers() {
    let home = Home::furnished();
    home.write("flood.csv", "date,kind,name,source\n2026-11-23,closure,Ngập lụt,QĐ 1\n");
    let publish = ["import", "calendar", "flood.csv", "--unit", "H19.15"];
    assert!(home.good(&[&publish[..], &["--dry-run"]].concat()).contains("would be published"));
    let due = |unit: &str| {
        let deadline = ["deadline", "--received-at", "2026-11-20T09:00", "--procedure", "2.001035", "--json"];
        let told = home.good(&[&deadline[..], &["--unit", unit]].concat());
        serde_json::from_str::<serde_json::Value>(&told).unwrap()["due_on"].as_str().unwrap().to_owned()
    };
    // 24/11 is a holiday: two working days from Friday are Monday and Wednesday.
    assert_eq!(due("H19.15"), "2026-11-25");
    assert!(home.good(&publish).contains("calendar of H19.15: version 2, 1 days"));
    assert_eq!((due("H19.15").as_str(), due("H19").as_str()), ("2026-11-26", "2026-11-25"));
    // An open dossier received on Friday and due on Thursday is moved by what moves its days, and by nothing else.
    home.write(
        "open.csv",
        "unit,procedure,applicant_name,received_at\nH19.15,2.001035,Lan,2026-11-20T09:00\n",
    );
    home.good(&["--clock", "2026-11-20T10:00", "import", "dossiers", "open.csv"]);
    home.write(
        "flood.csv",
        "date,kind,name,source\n2026-11-23,closure,Ngập,QĐ 1\n2026-11-25,closure,Ngập,QĐ 2\n",
    );
    let moved = "2026-11-26T17:00 -> 2026-11-27T17:00";
    let told = home.good(&[&publish[..], &["--dry-run"]].concat());
    assert!(told.contains(moved) && told.contains("1 open dossiers would be due on another date"), "{told}");
    assert_eq!(due("H19.15"), "2026-11-26", "a dry run changes nothing");
    let told = home.good(&publish);
    assert!(
        told.contains(moved) && told.contains("version 3") && told.contains("1 open dossiers are due"),
        "{told}"
    );
    assert_eq!(due("H19.15"), "2026-11-27");
    assert!(home.good(&["ledger", "verify"]).contains("1 dossiers are as the ledger tells"));
    home.write(
        "next.toml",
        "year = 2027\nannounced = true\n[[day]]\ndate = \"2027-02-05\"\nkind = \"holiday\"\nname = \"Tết\"\nsource = \"TB 1\"\n",
    );
    assert!(
        home.good(&["import", "calendar", "next.toml", "--dry-run"]).contains("0 open dossiers would be due")
    );
    assert!(home.good(&["import", "calendar", "next.toml"]).contains("calendar of national: version 4"));
}

#[test]
fn a_calendar_is_told_day_by_day_and_the_same_is_not_published_twice() {
    let home = Home::furnished();
    home.write(
        "open.csv",
        "unit,procedure,applicant_name,received_at,due_at,code\nH19.15,2.001035,Lan,2026-11-20T09:00,2026-11-23T17:00,HEN\n",
    );
    home.good(&["--clock", "2026-11-20T10:00", "import", "dossiers", "open.csv"]);
    home.write("flood.csv", "date,kind,name,source\n2026-11-23,closure,Ngập lụt,QĐ 1\n");
    let publish = ["import", "calendar", "flood.csv", "--unit", "H19.15", "--source", "QĐ 1/QĐ-UBND"];
    let told = home.good(&[&["--clock", "2026-11-20T11:00"][..], &publish, &["--dry-run"]].concat());
    assert!(told.contains("2026-11-23 working -> closure «Ngập lụt» (QĐ 1)"), "{told}");
    assert!(
        told.contains("HEN: +promise_on_day_off") && told.contains("1 findings would be opened"),
        "{told}"
    );
    assert!(home.good(&publish).contains("calendar of H19.15: version 2, 1 days"));
    assert!(home.good(&publish).contains("the same stands already, 1 days; nothing is published"));
    home.write("bad.csv", "date,kind,name,source\n2026-12-01,closure,a,b\n\n2026-12-02,makeup,a,b\n");
    let (_, _, error) = home.bad(&["import", "calendar", "bad.csv", "--unit", "H19.15"]);
    assert!(error.contains("line 4: date: Is a working day anyway"), "{error}");
    assert!(
        home.bad(&["import", "calendar", "flood.csv", "--unit", "H77"])
            .2
            .contains("unit: Nothing of this code")
    );
}

#[test]
fn a_web_feed_is_reported_on_and_becomes_a_file_to_be_looked_at() {
    let home = Home::furnished();
    home.write("feed.ics", crate::api_calendar_imports::FEED);
    let output = home.run(&["import", "calendar", "feed.ics"]);
    assert_eq!(output.status.code(), Some(0));
    let (draft, report) = (told(&output.stdout), told(&output.stderr));
    assert!(
        report.contains("line 13: 2027-02-14 «Lễ tình nhân»: unclear: A day that is observed"),
        "{report}"
    );
    assert!(report.contains("2 proposed, 1 stand already, 9 unclear; nothing is published"), "{report}");
    for absent in ["2027-02-14", "2027-03-08", "2027-11-20", "2027-03-20"] {
        assert!(!draft.contains(absent), "{draft}");
    }
    home.write("draft.toml", &draft);
    let dry_run = home.good(&["import", "calendar", "draft.toml", "--dry-run"]);
    assert!(dry_run.contains("2027 is announced") && dry_run.contains("would be published"), "{dry_run}");
    let first = "2027-01-01 holiday «Tết Dương lịch» (BLLĐ 2019 Đ.112(1)(a), tính trước) -> holiday «Tết Dương lịch» (Ngày lễ ở Việt Nam, chưa đối chiếu";
    assert!(dry_run.contains(first), "{dry_run}");
    home.write("notes.ics", "no calendar");
    assert!(
        home.bad(&["import", "calendar", "notes.ics"]).2.contains("file: Not of the expected type or form")
    );
}

#[test]
fn a_deadline_is_told_with_its_reasons() {
    let home = Home::new();
    let told =
        home.good(&["deadline", "--received-at", "2026-08-20T09:00:00+07:00", "--limit", "2:working_day"]);
    assert!(told.contains("Hẹn trả: 17:00 thứ Bảy 22/8/2026"), "{told}");
    assert!(told.contains("làm bù cho 31/8/2026"), "{told}");
    assert_eq!(home.bad(&["deadline"]).0, 2);
    assert_eq!(home.bad(&["deadline", "--limit", "0:working_day"]).0, 2);
    assert_eq!(home.bad(&["deadline", "--limit", "same_day", "--unit", "H19"]).0, 2);
}

#[test]
fn a_commitment_is_registered_listed_and_applied() {
    let home = Home::furnished();
    let create =
        ["commitment", "create", "--unit", "H19", "--subtree", "--effect", "same_day", "--decision", "QĐ 12"];
    let procedures = ["--procedures", "2.000815", "--received-on", "fri", "--valid-from", "2026-01-01"];
    assert_eq!(home.good(&[&create[..], &procedures].concat()), "1");
    assert!(home.good(&["commitment", "list"]).contains("1\tH19 and below\tsame_day\t2.000815\tFriday\t"));
    let told = home.good(&[
        "deadline",
        "--received-at",
        "2026-11-20T15:01",
        "--procedure",
        "2.000815",
        "--unit",
        "H19.15",
    ]);
    assert!(told.contains("Theo cam kết của đơn vị: 17:00 thứ Sáu 20/11/2026"), "{told}");
    assert!(home.bad(&create).2.contains("procedures: "));
    let ended = home.good(&["commitment", "end", "1", "--valid-to", "2026-12-31", "--decision", "QĐ 13"]);
    assert!(ended.contains("2026-01-01..2026-12-31\tQĐ 12"), "{ended}");
    assert_eq!(home.good(&["commitment", "remove", "1"]), "");
    assert!(home.bad(&["commitment", "remove", "1"]).2.contains("not found: commitment"));
}

#[test]
fn a_template_is_switched_on_once() {
    let home = Home::furnished();
    let listed = home.good(&["commitment", "template", "list"]);
    assert!(listed.starts_with("same_day\tGiải quyết trong ngày\t"), "{listed}");
    let apply = |more: &[&'static str]| {
        let terms = ["--unit", "H19.15", "--procedures", "2.000815,2.000884", "--valid-from", "2026-01-01"];
        [&["commitment", "template", "apply"], more, &terms, &["--decision", "QĐ 7"]].concat()
    };
    let day = ["no_appointment_day", "--weekday", "wed", "--session", "morning"];
    let told = "\tH19.15\tsame_session\t2.000815,2.000884\tWednesday morning\t2026-01-01..\tQĐ 7\t";
    assert_eq!(home.good(&apply(&[&day[..], &["--dry-run"]].concat())), format!("0{told}would be made"));
    assert_eq!(home.good(&["commitment", "list"]), "");
    assert_eq!(home.good(&apply(&day)), format!("1{told}made"));
    assert_eq!(home.good(&apply(&day)), format!("1{told}stands already, nothing was changed"));
    assert!(home.bad(&apply(&["same_day", "--weekday", "wed"])).2.contains("weekday: "));
    let (code, _, error) = home.bad(&apply(&["no_such"]));
    assert!(code == 2 && error.contains("same_day, friday_no_rollover, no_appointment_day"), "{error}");
}

#[test]
fn settings_are_shown_without_passwords_and_refused_by_name() {
    let home = Home::new();
    let show = |name: &str, value: &str| {
        program(home.0.path()).args(["config", "show"]).env(name, value).output().unwrap()
    };
    let shown = show("HENTRA_DATABASE_URL", "postgres://hentra:s3cret@db/hentra");
    assert!(told(&shown.stdout).contains("postgres://hentra:***@db/hentra"), "{}", told(&shown.stdout));
    assert!(!told(&shown.stdout).contains("s3cret") && !told(&shown.stderr).contains("s3cret"));
    assert!(told(&show("HENTRA_DATBASE_URL", "x").stderr).contains("HENTRA_DATBASE_URL"));
    let refused = show("HENTRA_BIND", "here");
    assert_eq!(refused.status.code(), Some(1));
    assert!(told(&refused.stderr).contains("bind (HENTRA_BIND)"), "{}", told(&refused.stderr));
}

#[test]
fn an_unknown_database_and_a_clock_in_production_are_refused() {
    let home = Home::new();
    let call = |name: &str, value: &str, arguments: &[&str]| {
        let output = program(home.0.path()).args(arguments).env(name, value).output().unwrap();
        (output.status.code(), told(&output.stderr))
    };
    let (code, error) = call("HENTRA_DATABASE_URL", "mysql://db/hentra", &["migrate"]);
    assert_eq!(code, Some(1));
    assert!(error.contains("sqlite:// or postgres://"), "{error}");
    let (code, error) = call("HENTRA_PROFILE", "production", &["--clock", "2026-11-20T08:00", "migrate"]);
    assert_eq!(code, Some(1));
    assert!(error.contains("clock (--clock)") && error.contains("production"), "{error}");
    let (code, error) = call("HENTRA_PROFILE", "production", &["serve"]);
    assert_eq!(code, Some(1));
    assert!(error.contains("mail_url") && error.contains("smtp://"), "{error}");
    assert_eq!(call("HENTRA_PROFILE", "production", &["migrate"]).0, Some(0));
}

#[test]
fn calling_it_wrongly_is_exit_code_two_and_health_says_when_nobody_answers() {
    let home = Home::new();
    assert_eq!(home.bad(&["nonsense"]).0, 2);
    assert_eq!(home.bad(&["--clock", "noon", "migrate"]).0, 2);
    assert!(home.good(&["openapi"]).contains("\"openapi\": \"3.1"));
    let (code, _, error) = home.bad(&["health", "--url", "http://127.0.0.1:1/readyz"]);
    assert_eq!(code, 1);
    assert!(error.contains("http://127.0.0.1:1/readyz"), "{error}");
}

#[test]
fn a_bad_file_is_told_by_line_and_column() {
    let home = Home::furnished();
    let units = "units";
    let procedures = "procedures";
    let calendar = "calendar";
    for (what, text, told) in [
        (
            units,
            "code,nmae,parent\nA,B,\n",
            &["line 1: nmae: There is no", "line 1: name: Must be given"][..],
        ),
        (units, "code,name,parent\nA,B,\nA,C,\n", &["line 3: code: May be given only once"]),
        (units, "code,name,parent\nA\n", &["line 2: name: Must be given"]),
        (units, "code,name\nA,B,C\n", &["line 2: after name: "]),
        (units, "code,name,parent\n", &["file: Must not be empty"]),
        (units, "", &["line 1: code: Must be given"]),
        (
            procedures,
            "code,name,sector,limit_value,unit\n1,A,B,3,x\n",
            &["line 1: unit: ", "line 1: limit_unit: "],
        ),
        (
            calendar,
            "date,kind,name,source\n2026-13-01,feast,A,B\n",
            &["line 2: date: ", "line 2: kind: ", "holiday, "],
        ),
        (calendar, "date,kind,name,source\n", &["file: Must not be empty"]),
        ("dossiers", "unit,procedure,applicant_name\n", &["file: Must not be empty"]),
        ("dossiers", "unit,procedure,applicant_name\nH19.15,2.000815,\n", &["line 2: applicant_name: "]),
    ] {
        home.write("bad.csv", text);
        let (code, _, error) = home.bad(&["import", what, "bad.csv"]);
        assert_eq!(code, 1);
        assert!(told.iter().all(|told| error.contains(told)), "{text}: {error}");
        assert!(!error.contains("CSV") && !error.contains("byte"), "{error}");
    }
    home.write(
        "bad.toml",
        "year = 2027\n[[day]]\ndate = \"2027-01-01\"\nkind = \"feast\"\nname = \"A\"\nsource = \"B\"\n",
    );
    let (_, _, error) = home.bad(&["import", "calendar", "bad.toml"]);
    assert!(
        error.contains("line 4: kind: ") && error.contains("closure") && !error.contains("variant"),
        "{error}"
    );
}

#[test]
fn a_token_needs_an_address_that_mail_can_reach_and_an_end_to_come() {
    let home = Home::furnished();
    let create = [
        "--clock",
        "2026-11-20T10:00",
        "token",
        "create",
        "--role",
        "leader",
        "--name",
        "A",
        "--unit",
        "H19",
    ];
    for (more, field) in
        [(["--email", "lan.example"], "email: "), (["--expires", "2026-11-20T09:00"], "expires: ")]
    {
        let (code, out, error) = home.bad(&[&create[..], &more].concat());
        assert_eq!((code, out.as_str()), (1, ""));
        assert!(error.contains(field), "{error}");
    }
    let more = ["--email", "lan@example.vn", "--expires", "2026-11-20T11:00"];
    assert!(home.good(&[&create[..], &more].concat()).starts_with("hentra_"));
}

#[test]
fn alerts_are_not_sent_before_their_time_and_a_mail_not_taken_is_a_failure() {
    let home = Home::furnished();
    let create = ["token", "create", "--role", "leader", "--name", "A", "--unit", "H19"];
    home.good(&[&create[..], &["--email", "lan@example.vn"]].concat());
    home.write(
        "open.csv",
        "unit,procedure,applicant_name,received_at\nH19.15,2.001035,Lan,2026-11-12T09:00\n",
    );
    home.good(&["--clock", "2026-11-20T07:00", "import", "dossiers", "open.csv"]);
    let run = ["--clock", "2026-11-20T07:31", "alerts", "run"];
    let (code, out, error) = home.bad(&[&run[..], &["--until", "2026-11-20T14:05"]].concat());
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(error.contains("--until") && error.contains("--clock"), "{error}");
    // Nobody listens at this port, so the mail is to be tried again.
    let unsent =
        program(home.0.path()).args(run).env("HENTRA_MAIL_URL", "smtp://127.0.0.1:1").output().unwrap();
    assert_eq!(unsent.status.code(), Some(1));
    assert!(
        told(&unsent.stdout).contains("enqueued 1, sent 0, to be tried again 1"),
        "{}",
        told(&unsent.stdout)
    );
    assert!(told(&unsent.stderr).contains("1 are to be tried again"), "{}", told(&unsent.stderr));
    // Before the ladder speaks at 07:40.
    let later = home.good(&["--clock", "2026-11-20T07:38", "alerts", "run"]);
    assert!(later.contains("sent 1, "), "{later}");
}

#[test]
fn a_setting_that_does_not_fit_is_refused_in_plain_words() {
    let home = Home::new();
    let show = |name: &str, value: &str| {
        let output = program(home.0.path()).args(["config", "show"]).env(name, value).output().unwrap();
        (output.status.code().unwrap(), told(&output.stdout), told(&output.stderr))
    };
    for (name, value, words) in [
        ("HENTRA_PROFILE", "prod", "demo, dev, production"),
        ("HENTRA_LOG_FORMAT", "xml", "text, json"),
        ("HENTRA_CLOCK", "noon", "2026-11-20T15:01"),
        ("HENTRA_PUBLIC_URL", "hentra.example.vn", "https://"),
        ("HENTRA_PUBLIC_URL", "ftp://hentra.example.vn", "https://"),
        ("HENTRA_DATABASE_READERS", "many", "whole number"),
    ] {
        let (code, _, error) = show(name, value);
        assert_eq!(code, 1, "{name}");
        assert!(error.contains(&format!("({name})")) && error.contains(words), "{error}");
        assert!(!error.contains("variant") && !error.contains('`'), "{error}");
    }
    assert!(show("HENTRA_CLOCK", "2026-11-20 15:01").1.contains("clock = \"2026-11-20T08:01:00+00:00\""));
    let (_, shown, _) = show("HENTRA_LOG", "warn");
    assert!(
        shown.contains("name = \"morning_digest\"") && shown.contains("cron = \"0 0 14 * * *\""),
        "{shown}"
    );
    let rule = "[[alert_rule]]\nname = \"noon\"\naudience = \"leader\"\nwhat = \"morning_digest\"\ncron = \"0 0 12 * * *\"\nstale_after_minutes = 5\n";
    for (right, wrong, words) in [
        ("0 0 12 * * *", "every noon", "cron: «every noon»"),
        ("leader", "mayor", "audience: there is no «mayor»; write one of leader, officer"),
        ("stale_after_minutes", "stale_past", "there is no field «stale_past»"),
        ("= 5", "= 0", "stale_after_minutes"),
    ] {
        home.write("own.toml", &rule.replace(right, wrong));
        let (_, _, error) = home.bad(&["--config", "own.toml", "config", "show"]);
        assert!(error.contains("alert_rule (own.toml): alert rule «noon»: "), "{error}");
        assert!(error.contains(words) && error.matches("«noon»").count() == 1, "{error}");
    }
    home.write("own.toml", rule);
    let shown = home.good(&["--config", "own.toml", "config", "show"]);
    assert!(shown.contains("# alert_rule  # own.toml") && shown.contains("name = \"noon\""), "{shown}");
    assert!(!shown.contains("morning_digest\"\naudience"), "{shown}");
}

#[test]
fn migrate_says_what_it_did_and_the_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = Home::new();
    let place = home.0.path().join("data");
    let migrate = || {
        let url = format!("sqlite://{}", place.join("hentra.db").display());
        told(&program(home.0.path()).arg("migrate").env("HENTRA_DATABASE_URL", url).output().unwrap().stdout)
    };
    let first = migrate();
    assert!(first.contains("ran 00000000000001_first_light") && first.contains("; schema 0"), "{first}");
    let second = migrate();
    assert!(second.contains("nothing was to do; schema 0") && !second.contains("ran "), "{second}");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&place), mode(&place.join("hentra.db"))), (0o700, 0o600));
}
