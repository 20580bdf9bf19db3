//! The leaders' weekly mail end to end, on both engines: last week in numbers, and anchors that show a rewritten ledger.

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use hentra::app::access::{Principal, Role};
use hentra::app::alerts::{self, AlertSettings, Round};
use hentra::app::reports::Asked;
use hentra::app::reports::processing::{ProcessingRequest, processing};
use hentra::app::writer::ActRequest;
use hentra::app::{App, catalogue, dossiers, ledger};
use hentra::domain::act::ActKind;
use hentra::domain::ledger::Anchor;
use hentra::domain::statistics::GroupBy;
use hentra::domain::unit::Unit;
use hentra::mail::{Letter, Mailer};
use hentra::text::Lang;

use crate::alert_timetable::shipped_rules;
use crate::alerts::{at, log, mailer, office_since, user};
use crate::support::{Engine, TestDatabase, on_both_async};

/// The Monday after the week that is told; the digest goes out at the same time.
const MONDAY: &str = "2026-11-23T07:30";
/// Thủ tục thay đổi, cải chính, bổ sung thông tin hộ tịch: three working days.
const THREE_DAYS: &str = "1.004859";

/// What the scheduler does at that instant, with the weekly mail and the leaders' digests of the shipped timetable.
async fn run(app: &App, mailer: &Mailer, until: &str) -> Round {
    app.clock().set(at(until));
    let told = ["morning_digest", "week_rollover", "weekly_numbers", "calendar_horizon"];
    let rules = shipped_rules().into_iter().filter(|rule| told.contains(&rule.name())).collect();
    let settings = AlertSettings::new(rules, Some("https://hentra.example.vn/".into()), mailer).unwrap();
    alerts::run_until(app, &settings, mailer, at(until)).await.unwrap()
}

/// The weekly mails among those sent.
fn weekly(mailer: &Mailer) -> Vec<Letter> {
    let told = |of: &Letter| of.subject.contains("] Tuần ") || of.subject.contains("] Week of ");
    mailer.taken().into_iter().filter(told).collect()
}

async fn resolve(app: &App, code: &str, when: &str) {
    app.clock().set(at(when));
    dossiers::act(app, ActRequest::of(code, ActKind::Resolve), None, Lang::Vi).await.unwrap();
}

/// By hand, for 16–22/11 and, in brackets, 9–15/11: received 3 (3), carried over 2 (0), resolved 3 (1): early 1 (1), on time 1 (0), late 1 (0);
/// open 2 (2): within the limit 1 (1), overdue 1 (1).
async fn two_weeks(app: &App) {
    history(app, true).await;
}

/// The same, or with another past: the late one is said to have been resolved in time.
async fn history(app: &App, as_it_was: bool) {
    log(app, "SOM-TUAN-TRUOC", THREE_DAYS, "2026-11-10T09:00", None).await;
    // Due on Friday the 13th.
    log(app, "MUON", THREE_DAYS, "2026-11-10T09:30", None).await;
    resolve(app, "SOM-TUAN-TRUOC", "2026-11-12T08:00").await;
    if !as_it_was {
        resolve(app, "MUON", "2026-11-12T08:30").await;
    }
    // Due on Tuesday the 17th, and open ever after.
    log(app, "QUA-HAN", THREE_DAYS, "2026-11-12T09:00", None).await;
    // Both due on Thursday the 19th.
    log(app, "SOM", THREE_DAYS, "2026-11-16T09:00", None).await;
    log(app, "DUNG", THREE_DAYS, "2026-11-16T09:30", None).await;
    if as_it_was {
        resolve(app, "MUON", "2026-11-17T10:00").await;
    }
    resolve(app, "SOM", "2026-11-18T10:00").await;
    resolve(app, "DUNG", "2026-11-19T16:00").await;
    log(app, "CON-HAN", THREE_DAYS, "2026-11-20T09:00", None).await;
    // Of neither week.
    log(app, "SANG-THU-HAI", THREE_DAYS, "2026-11-23T07:00", None).await;
}

fn anchors(text: &str) -> Vec<Anchor> {
    text.split(|letter: char| letter.is_whitespace() || "<>".contains(letter))
        .filter_map(|word| word.parse().ok())
        .collect()
}

/// Heads are made with random salts, so a snapshot shows only that one stands there in full; spaces that do not break are shown as others.
fn masked(text: &str) -> String {
    anchors(text)
        .iter()
        .fold(text.replace('\u{a0}', " "), |text, of| text.replace(&of.head, "(64 hexadecimal digits)"))
}

pub(crate) fn sql(db: &TestDatabase, statement: &str) {
    match db.url().strip_prefix("sqlite://") {
        Some(path) => crate::support::beside(path).batch_execute(statement),
        None => PgConnection::establish(db.url()).unwrap().batch_execute(statement),
    }
    .unwrap();
}

/// The mail of that Monday to a leader who reads Vietnamese and to one who reads English.
async fn both_languages(db: &TestDatabase) -> (Letter, Letter) {
    let app = office_since(db, "2026-11-10T08:00").await;
    user(&app, Role::Leader, "H19.15", "lanhdao@bendinh.example.vn").await;
    user(&app, Role::Leader, "H19.15", "leader@bendinh.example.vn").await;
    sql(db, "UPDATE users SET language = 'en' WHERE email LIKE 'leader@%'");
    two_weeks(&app).await;
    let mailer = mailer("memory://");
    let round = run(&app, &mailer, MONDAY).await;
    assert_eq!(
        (round.slots, round.sent),
        (3, 4),
        "the digest and the numbers, to each of the two; no administrator has an address"
    );
    assert!(run(&app, &mailer, "2026-11-24T07:30").await.is_quiet());
    let mut letters = weekly(&mailer);
    assert_eq!(letters.len(), 2);
    letters.sort_by_key(|of| of.html.contains("lang=\"en\""));
    let english = letters.pop().unwrap();
    (letters.pop().unwrap(), english)
}

on_both_async! {
    #[expect(clippy::too_many_lines, reason = "whole mails stand in it, in both languages")]
    async fn last_week_stands_beside_the_week_before_it(db) {
        let (vietnamese, english) = both_languages(db).await;
        for secret in ["Bí Mật", "0912345678", "ghi chú kín", "Trần Thị Mai", "QUA-HAN"] {
            assert!(!vietnamese.text.contains(secret) && !vietnamese.html.contains(secret));
        }
        insta::allow_duplicates! {
            insta::assert_snapshot!(masked(&format!("{}\n\n{}", vietnamese.subject, vietnamese.text)), @r#"
[Phường Bến Đình] Tuần 16–22/11/2026: giải quyết 3 hồ sơ, 2 trước và đúng hạn, 1 quá hạn đang chờ

Tuần 16–22/11/2026: giải quyết 3 hồ sơ, 2 trước và đúng hạn (66,7 %), 1 quá hạn đang chờ.

Kính gửi lãnh đạo Phường Bến Đình, dưới đây là kết quả tiếp nhận và giải quyết hồ sơ của đơn vị và các đơn vị trực thuộc trong tuần 16–22/11/2026, tính đến hết Chủ nhật, bên cạnh số liệu của tuần trước đó (09–15/11/2026).

SỐ LIỆU CỦA TUẦN

Tiếp nhận trong tuần: 3 (tuần trước đó: 3)
Từ tuần trước chuyển sang: 2 (tuần trước đó: 0)
Đã giải quyết: 3 (tuần trước đó: 1)
  – trước hạn: 1 (tuần trước đó: 1)
  – đúng hạn: 1 (tuần trước đó: 0)
  – quá hạn: 1 (tuần trước đó: 0)
Đang giải quyết khi hết tuần: 2 (tuần trước đó: 2)
  – trong hạn: 1 (tuần trước đó: 1)
  – quá hạn: 1 (tuần trước đó: 1)
Tỷ lệ trước và đúng hạn trên số đã giải quyết: 2/3 = 66,7 % (tuần trước đó: 1/1 = 100 %)
Tỷ lệ trước và đúng hạn trên số đến hạn (gồm cả số quá hạn đang chờ): 2/4 = 50,0 % (tuần trước đó: 1/2 = 50,0 %)

Xem báo cáo của tuần: https://hentra.example.vn/reports?unit=H19.15&from=2026-11-16&to=2026-11-22&group_by=unit
Xem danh sách hồ sơ đã đếm trong tuần: https://hentra.example.vn/dossiers?unit=H19.15&subtree=true&received_at__lt=2026-11-23T00%3A00%3A00%2B07%3A00&open_at=2026-11-16T00%3A00%3A00%2B07%3A00
Xem danh sách hồ sơ hiện đang quá hạn: https://hentra.example.vn/dossiers?unit=H19.15&subtree=true&overdue=true

DẤU NIÊM SỔ CÁI

Sổ cái ghi mọi thao tác trên hồ sơ; mỗi dấu niêm gồm số mục của sổ khi hết ngày và mã băm của mục cuối cùng. Xin giữ lại thư này: nếu sau này lịch sử hồ sơ bị sửa hoặc bị xóa, sổ cái sẽ không còn khớp với dấu niêm.

thứ Hai 16/11/2026 – 14 mục
   14:(64 hexadecimal digits)
thứ Ba 17/11/2026 – 15 mục
   15:(64 hexadecimal digits)
thứ Tư 18/11/2026 – 16 mục
   16:(64 hexadecimal digits)
thứ Năm 19/11/2026 – 17 mục
   17:(64 hexadecimal digits)
thứ Sáu 20/11/2026 – 18 mục
   18:(64 hexadecimal digits)
thứ Bảy 21/11/2026 – 18 mục
   18:(64 hexadecimal digits)
Chủ nhật 22/11/2026 – 18 mục
   18:(64 hexadecimal digits)

Để kiểm tra, quản trị hệ thống chép nguyên văn một dấu niêm ở trên vào lệnh hentra ledger verify --anchor SỐ_MỤC:MÃ_BĂM, hoặc vào GET /api/v1/ledger/verify?anchor=SỐ_MỤC:MÃ_BĂM.

Trân trọng.

-- 
Thư tự động của hệ thống Hentra, kỳ 7 giờ 30 thứ Hai 23/11/2026. Vui lòng không trả lời thư này.
"#);
            insta::assert_snapshot!(masked(&format!("{}\n\n{}", english.subject, english.text)), @r#"
[Phường Bến Đình] Week of 16–22 November 2026: 3 dossiers resolved, 2 early or on time, 1 overdue and open

Week of 16–22 November 2026: 3 dossiers resolved, 2 early or on time (66.7%), 1 overdue and open.

For Phường Bến Đình and the units below it: dossiers received and resolved in the week of 16–22 November 2026, as of the end of Sunday, beside the numbers of the week before (9–15 November 2026).

THE WEEK IN NUMBERS

Received in the week: 3 (the week before: 3)
Carried over from the week before: 2 (the week before: 0)
Resolved: 3 (the week before: 1)
  – early: 1 (the week before: 1)
  – on time: 1 (the week before: 0)
  – late: 1 (the week before: 0)
Open at the week's end: 2 (the week before: 2)
  – within the limit: 1 (the week before: 1)
  – overdue: 1 (the week before: 1)
Early or on time, of those resolved: 2/3 = 66.7% (the week before: 1/1 = 100%)
Early or on time, of those that came due (the overdue still open included): 2/4 = 50.0% (the week before: 1/2 = 50.0%)

See the week's report: https://hentra.example.vn/reports?unit=H19.15&from=2026-11-16&to=2026-11-22&group_by=unit
See the dossiers counted in the week: https://hentra.example.vn/dossiers?unit=H19.15&subtree=true&received_at__lt=2026-11-23T00%3A00%3A00%2B07%3A00&open_at=2026-11-16T00%3A00%3A00%2B07%3A00
See the dossiers overdue now: https://hentra.example.vn/dossiers?unit=H19.15&subtree=true&overdue=true

ANCHORS OF THE LEDGER

The ledger records every act on a dossier; an anchor is the number of its entries at the end of a day and the hash of the last of them. Please keep this mail: should the history of a dossier be changed or deleted later, the ledger will no longer agree with its anchors.

Monday 16 November 2026 – 14 entries
   14:(64 hexadecimal digits)
Tuesday 17 November 2026 – 15 entries
   15:(64 hexadecimal digits)
Wednesday 18 November 2026 – 16 entries
   16:(64 hexadecimal digits)
Thursday 19 November 2026 – 17 entries
   17:(64 hexadecimal digits)
Friday 20 November 2026 – 18 entries
   18:(64 hexadecimal digits)
Saturday 21 November 2026 – 18 entries
   18:(64 hexadecimal digits)
Sunday 22 November 2026 – 18 entries
   18:(64 hexadecimal digits)

To check, an administrator copies one of the anchors above, whole, into hentra ledger verify --anchor ENTRIES:HEAD, or into GET /api/v1/ledger/verify?anchor=ENTRIES:HEAD.

With kind regards.

-- 
Sent automatically by Hentra for 07:30 on Monday 23 November 2026. Please do not reply.
"#);
        }
    }
}

on_both_async! {
    #[expect(clippy::too_many_lines, reason = "whole mails stand in it, in both languages")]
    async fn the_html_says_the_same_as_the_text(db) {
        let (vietnamese, english) = both_languages(db).await;
        for letter in [&vietnamese, &english] {
            assert_eq!(anchors(&letter.html), anchors(&letter.text));
            assert_eq!(anchors(&letter.text).len(), 7);
        }
        insta::allow_duplicates! {
            insta::assert_snapshot!(masked(&vietnamese.html), @r#"
<!DOCTYPE html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>[Phường Bến Đình] Tuần 16–22/11/2026: giải quyết 3 hồ sơ, 2 trước và đúng hạn, 1 quá hạn đang chờ</title>
<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
a { color: inherit; }
.quiet { color: #4d5560; }
@media (prefers-color-scheme: dark) {
.page { background: #15181c !important; color: #e8eaed !important; }
.quiet { color: #b3bac3 !important; }
.line { border-bottom-color: #3a4048 !important; border-top-color: #3a4048 !important; }
.track { background: #3a4048 !important; }
}
</style>
</head>
<body class="page" style="margin:0;padding:0;background:#ffffff;color:#1b1f24">
<div class="page" style="max-width:640px;margin:0 auto;padding:20px 16px 28px;background:#ffffff;color:#1b1f24;font-family:-apple-system,'Segoe UI',Roboto,Arial,sans-serif;font-size:15px;line-height:1.45"><!-- top -->
<p style="margin:0 0 10px;font-size:21px;line-height:1.3"><strong>Tuần 16–22/11/2026: giải quyết 3 hồ sơ, 2 trước và đúng hạn (66,7 %), 1 quá hạn đang chờ.</strong></p>
<p class="quiet" style="margin:0 0 16px">Kính gửi lãnh đạo Phường Bến Đình, dưới đây là kết quả tiếp nhận và giải quyết hồ sơ của đơn vị và các đơn vị trực thuộc trong tuần 16–22/11/2026, tính đến hết Chủ nhật, bên cạnh số liệu của tuần trước đó (09–15/11/2026).</p>
<p style="margin:24px 0 4px;font-size:17px"><strong>Số liệu của tuần</strong></p>
<table width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse;font-size:15px">
<tr>
<th class="line" align="left" style="padding:6px 8px 6px 0;border-bottom:2px solid #aeb5bd;font-weight:normal"></th>
<th class="line" align="right" valign="bottom" width="27%" style="padding:6px 0 6px 8px;border-bottom:2px solid #aeb5bd;font-size:13px"><span style="white-space:nowrap">Tuần</span> <span style="white-space:nowrap">16–22/11/2026</span></th>
<th class="line" align="right" valign="bottom" width="27%" style="padding:6px 0 6px 8px;border-bottom:2px solid #aeb5bd;font-weight:normal;font-size:13px">Tuần trước đó<br><span style="white-space:nowrap">09–15/11/2026</span></th>
</tr>
<tr>
<td class="line" valign="top" style="padding:6px 8px 6px 0;border-bottom:1px solid #d5d9de">Tiếp nhận trong tuần</td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de"><strong>3</strong></td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de">3</td>
</tr>
<tr>
<td class="line" valign="top" style="padding:6px 8px 6px 0;border-bottom:1px solid #d5d9de">Từ tuần trước chuyển sang</td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de"><strong>2</strong></td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de">0</td>
</tr>
<tr>
<td class="line" valign="top" style="padding:6px 8px 6px 0;border-bottom:1px solid #d5d9de">Đã giải quyết</td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de"><strong>3</strong></td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de">1</td>
</tr>
<tr>
<td class="line" valign="top" style="padding:6px 8px 6px 16px;border-bottom:1px solid #d5d9de">trước hạn</td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de"><strong>1</strong></td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de">1</td>
</tr>
<tr>
<td class="line" valign="top" style="padding:6px 8px 6px 16px;border-bottom:1px solid #d5d9de">đúng hạn</td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de"><strong>1</strong></td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de">0</td>
</tr>
<tr>
<td class="line" valign="top" style="padding:6px 8px 6px 16px;border-bottom:1px solid #d5d9de">quá hạn</td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de"><strong>1</strong></td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de">0</td>
</tr>
<tr>
<td class="line" valign="top" style="padding:6px 8px 6px 0;border-bottom:1px solid #d5d9de">Đang giải quyết khi hết tuần</td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de"><strong>2</strong></td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de">2</td>
</tr>
<tr>
<td class="line" valign="top" style="padding:6px 8px 6px 16px;border-bottom:1px solid #d5d9de">trong hạn</td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de"><strong>1</strong></td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de">1</td>
</tr>
<tr>
<td class="line" valign="top" style="padding:6px 8px 6px 16px;border-bottom:1px solid #d5d9de">quá hạn</td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de"><strong>1</strong></td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de">1</td>
</tr>
<tr>
<td class="line" valign="top" style="padding:6px 8px 6px 0;border-bottom:1px solid #d5d9de">Tỷ lệ trước và đúng hạn trên số đã giải quyết</td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de"><strong>2/3 = 66,7 %</strong></td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de">1/1 = 100 %</td>
</tr>
<tr>
<td class="line" valign="top" style="padding:6px 8px 6px 0;border-bottom:1px solid #d5d9de">Tỷ lệ trước và đúng hạn trên số đến hạn (gồm cả số quá hạn đang chờ)</td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de"><strong>2/4 = 50,0 %</strong></td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de">1/2 = 50,0 %</td>
</tr>
</table>
<p style="margin:8px 0 0"><a href="https://hentra.example.vn/reports?unit=H19.15&#38;from=2026-11-16&#38;to=2026-11-22&#38;group_by=unit">Xem báo cáo của tuần</a></p>
<p style="margin:8px 0 0"><a href="https://hentra.example.vn/dossiers?unit=H19.15&#38;subtree=true&#38;received_at__lt=2026-11-23T00%3A00%3A00%2B07%3A00&#38;open_at=2026-11-16T00%3A00%3A00%2B07%3A00">Xem danh sách hồ sơ đã đếm trong tuần</a></p>
<p style="margin:8px 0 0"><a href="https://hentra.example.vn/dossiers?unit=H19.15&#38;subtree=true&#38;overdue=true">Xem danh sách hồ sơ hiện đang quá hạn</a></p>
<p style="margin:32px 0 4px;font-size:15px"><strong>Dấu niêm sổ cái</strong></p>
<p class="quiet" style="margin:0 0 8px;font-size:13px">Sổ cái ghi mọi thao tác trên hồ sơ; mỗi dấu niêm gồm số mục của sổ khi hết ngày và mã băm của mục cuối cùng. Xin giữ lại thư này: nếu sau này lịch sử hồ sơ bị sửa hoặc bị xóa, sổ cái sẽ không còn khớp với dấu niêm.</p>
<table width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse;font-size:13px">
<tr>
<td class="line" style="padding:4px 0;border-bottom:1px solid #d5d9de">thứ Hai 16/11/2026 – 14 mục<br><span style="font-family:Consolas,Menlo,monospace;font-size:12px;word-break:break-all">14:(64 hexadecimal digits)</span></td>
</tr>
<tr>
<td class="line" style="padding:4px 0;border-bottom:1px solid #d5d9de">thứ Ba 17/11/2026 – 15 mục<br><span style="font-family:Consolas,Menlo,monospace;font-size:12px;word-break:break-all">15:(64 hexadecimal digits)</span></td>
</tr>
<tr>
<td class="line" style="padding:4px 0;border-bottom:1px solid #d5d9de">thứ Tư 18/11/2026 – 16 mục<br><span style="font-family:Consolas,Menlo,monospace;font-size:12px;word-break:break-all">16:(64 hexadecimal digits)</span></td>
</tr>
<tr>
<td class="line" style="padding:4px 0;border-bottom:1px solid #d5d9de">thứ Năm 19/11/2026 – 17 mục<br><span style="font-family:Consolas,Menlo,monospace;font-size:12px;word-break:break-all">17:(64 hexadecimal digits)</span></td>
</tr>
<tr>
<td class="line" style="padding:4px 0;border-bottom:1px solid #d5d9de">thứ Sáu 20/11/2026 – 18 mục<br><span style="font-family:Consolas,Menlo,monospace;font-size:12px;word-break:break-all">18:(64 hexadecimal digits)</span></td>
</tr>
<tr>
<td class="line" style="padding:4px 0;border-bottom:1px solid #d5d9de">thứ Bảy 21/11/2026 – 18 mục<br><span style="font-family:Consolas,Menlo,monospace;font-size:12px;word-break:break-all">18:(64 hexadecimal digits)</span></td>
</tr>
<tr>
<td class="line" style="padding:4px 0;border-bottom:1px solid #d5d9de">Chủ nhật 22/11/2026 – 18 mục<br><span style="font-family:Consolas,Menlo,monospace;font-size:12px;word-break:break-all">18:(64 hexadecimal digits)</span></td>
</tr>
</table>
<p class="quiet" style="margin:8px 0 0;font-size:13px">Để kiểm tra, quản trị hệ thống chép nguyên văn một dấu niêm ở trên vào lệnh hentra ledger verify --anchor SỐ_MỤC:MÃ_BĂM, hoặc vào GET /api/v1/ledger/verify?anchor=SỐ_MỤC:MÃ_BĂM.</p>
<p style="margin:24px 0 0">Trân trọng.</p>
<p class="quiet line" style="margin:16px 0 0;padding-top:10px;border-top:1px solid #d5d9de;font-size:13px">Thư tự động của hệ thống Hentra, kỳ 7 giờ 30 thứ Hai 23/11/2026. Vui lòng không trả lời thư này.<!-- end --></p>
</div>
</body>
</html>
"#);
            insta::assert_snapshot!(masked(&english.html), @r#"
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>[Phường Bến Đình] Week of 16–22 November 2026: 3 dossiers resolved, 2 early or on time, 1 overdue and open</title>
<style>
:root { color-scheme: light dark; supported-color-schemes: light dark; }
a { color: inherit; }
.quiet { color: #4d5560; }
@media (prefers-color-scheme: dark) {
.page { background: #15181c !important; color: #e8eaed !important; }
.quiet { color: #b3bac3 !important; }
.line { border-bottom-color: #3a4048 !important; border-top-color: #3a4048 !important; }
.track { background: #3a4048 !important; }
}
</style>
</head>
<body class="page" style="margin:0;padding:0;background:#ffffff;color:#1b1f24">
<div class="page" style="max-width:640px;margin:0 auto;padding:20px 16px 28px;background:#ffffff;color:#1b1f24;font-family:-apple-system,'Segoe UI',Roboto,Arial,sans-serif;font-size:15px;line-height:1.45"><!-- top -->
<p style="margin:0 0 10px;font-size:21px;line-height:1.3"><strong>Week of 16–22 November 2026: 3 dossiers resolved, 2 early or on time (66.7%), 1 overdue and open.</strong></p>
<p class="quiet" style="margin:0 0 16px">For Phường Bến Đình and the units below it: dossiers received and resolved in the week of 16–22 November 2026, as of the end of Sunday, beside the numbers of the week before (9–15 November 2026).</p>
<p style="margin:24px 0 4px;font-size:17px"><strong>The week in numbers</strong></p>
<table width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse;font-size:15px">
<tr>
<th class="line" align="left" style="padding:6px 8px 6px 0;border-bottom:2px solid #aeb5bd;font-weight:normal"></th>
<th class="line" align="right" valign="bottom" width="27%" style="padding:6px 0 6px 8px;border-bottom:2px solid #aeb5bd;font-size:13px"><span style="white-space:nowrap">Week</span> <span style="white-space:nowrap">of</span> <span style="white-space:nowrap">16–22</span> <span style="white-space:nowrap">November</span> <span style="white-space:nowrap">2026</span></th>
<th class="line" align="right" valign="bottom" width="27%" style="padding:6px 0 6px 8px;border-bottom:2px solid #aeb5bd;font-weight:normal;font-size:13px">The week before<br><span style="white-space:nowrap">9–15</span> <span style="white-space:nowrap">November</span> <span style="white-space:nowrap">2026</span></th>
</tr>
<tr>
<td class="line" valign="top" style="padding:6px 8px 6px 0;border-bottom:1px solid #d5d9de">Received in the week</td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de"><strong>3</strong></td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de">3</td>
</tr>
<tr>
<td class="line" valign="top" style="padding:6px 8px 6px 0;border-bottom:1px solid #d5d9de">Carried over from the week before</td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de"><strong>2</strong></td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de">0</td>
</tr>
<tr>
<td class="line" valign="top" style="padding:6px 8px 6px 0;border-bottom:1px solid #d5d9de">Resolved</td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de"><strong>3</strong></td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de">1</td>
</tr>
<tr>
<td class="line" valign="top" style="padding:6px 8px 6px 16px;border-bottom:1px solid #d5d9de">early</td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de"><strong>1</strong></td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de">1</td>
</tr>
<tr>
<td class="line" valign="top" style="padding:6px 8px 6px 16px;border-bottom:1px solid #d5d9de">on time</td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de"><strong>1</strong></td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de">0</td>
</tr>
<tr>
<td class="line" valign="top" style="padding:6px 8px 6px 16px;border-bottom:1px solid #d5d9de">late</td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de"><strong>1</strong></td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de">0</td>
</tr>
<tr>
<td class="line" valign="top" style="padding:6px 8px 6px 0;border-bottom:1px solid #d5d9de">Open at the week&#39;s end</td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de"><strong>2</strong></td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de">2</td>
</tr>
<tr>
<td class="line" valign="top" style="padding:6px 8px 6px 16px;border-bottom:1px solid #d5d9de">within the limit</td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de"><strong>1</strong></td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de">1</td>
</tr>
<tr>
<td class="line" valign="top" style="padding:6px 8px 6px 16px;border-bottom:1px solid #d5d9de">overdue</td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de"><strong>1</strong></td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de">1</td>
</tr>
<tr>
<td class="line" valign="top" style="padding:6px 8px 6px 0;border-bottom:1px solid #d5d9de">Early or on time, of those resolved</td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de"><strong>2/3 = 66.7%</strong></td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de">1/1 = 100%</td>
</tr>
<tr>
<td class="line" valign="top" style="padding:6px 8px 6px 0;border-bottom:1px solid #d5d9de">Early or on time, of those that came due (the overdue still open included)</td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de"><strong>2/4 = 50.0%</strong></td>
<td class="line" valign="top" align="right" style="padding:6px 0 6px 8px;border-bottom:1px solid #d5d9de">1/2 = 50.0%</td>
</tr>
</table>
<p style="margin:8px 0 0"><a href="https://hentra.example.vn/reports?unit=H19.15&#38;from=2026-11-16&#38;to=2026-11-22&#38;group_by=unit">See the week&#39;s report</a></p>
<p style="margin:8px 0 0"><a href="https://hentra.example.vn/dossiers?unit=H19.15&#38;subtree=true&#38;received_at__lt=2026-11-23T00%3A00%3A00%2B07%3A00&#38;open_at=2026-11-16T00%3A00%3A00%2B07%3A00">See the dossiers counted in the week</a></p>
<p style="margin:8px 0 0"><a href="https://hentra.example.vn/dossiers?unit=H19.15&#38;subtree=true&#38;overdue=true">See the dossiers overdue now</a></p>
<p style="margin:32px 0 4px;font-size:15px"><strong>Anchors of the ledger</strong></p>
<p class="quiet" style="margin:0 0 8px;font-size:13px">The ledger records every act on a dossier; an anchor is the number of its entries at the end of a day and the hash of the last of them. Please keep this mail: should the history of a dossier be changed or deleted later, the ledger will no longer agree with its anchors.</p>
<table width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse;font-size:13px">
<tr>
<td class="line" style="padding:4px 0;border-bottom:1px solid #d5d9de">Monday 16 November 2026 – 14 entries<br><span style="font-family:Consolas,Menlo,monospace;font-size:12px;word-break:break-all">14:(64 hexadecimal digits)</span></td>
</tr>
<tr>
<td class="line" style="padding:4px 0;border-bottom:1px solid #d5d9de">Tuesday 17 November 2026 – 15 entries<br><span style="font-family:Consolas,Menlo,monospace;font-size:12px;word-break:break-all">15:(64 hexadecimal digits)</span></td>
</tr>
<tr>
<td class="line" style="padding:4px 0;border-bottom:1px solid #d5d9de">Wednesday 18 November 2026 – 16 entries<br><span style="font-family:Consolas,Menlo,monospace;font-size:12px;word-break:break-all">16:(64 hexadecimal digits)</span></td>
</tr>
<tr>
<td class="line" style="padding:4px 0;border-bottom:1px solid #d5d9de">Thursday 19 November 2026 – 17 entries<br><span style="font-family:Consolas,Menlo,monospace;font-size:12px;word-break:break-all">17:(64 hexadecimal digits)</span></td>
</tr>
<tr>
<td class="line" style="padding:4px 0;border-bottom:1px solid #d5d9de">Friday 20 November 2026 – 18 entries<br><span style="font-family:Consolas,Menlo,monospace;font-size:12px;word-break:break-all">18:(64 hexadecimal digits)</span></td>
</tr>
<tr>
<td class="line" style="padding:4px 0;border-bottom:1px solid #d5d9de">Saturday 21 November 2026 – 18 entries<br><span style="font-family:Consolas,Menlo,monospace;font-size:12px;word-break:break-all">18:(64 hexadecimal digits)</span></td>
</tr>
<tr>
<td class="line" style="padding:4px 0;border-bottom:1px solid #d5d9de">Sunday 22 November 2026 – 18 entries<br><span style="font-family:Consolas,Menlo,monospace;font-size:12px;word-break:break-all">18:(64 hexadecimal digits)</span></td>
</tr>
</table>
<p class="quiet" style="margin:8px 0 0;font-size:13px">To check, an administrator copies one of the anchors above, whole, into hentra ledger verify --anchor ENTRIES:HEAD, or into GET /api/v1/ledger/verify?anchor=ENTRIES:HEAD.</p>
<p style="margin:24px 0 0">With kind regards.</p>
<p class="quiet line" style="margin:16px 0 0;padding-top:10px;border-top:1px solid #d5d9de;font-size:13px">Sent automatically by Hentra for 07:30 on Monday 23 November 2026. Please do not reply.<!-- end --></p>
</div>
</body>
</html>
"#);
        }
    }
}

on_both_async! {
    async fn the_numbers_are_the_reports(db) {
        let app = office_since(db, "2026-11-10T08:00").await;
        user(&app, Role::Leader, "H19", "tinh@dongnai.example.vn").await;
        two_weeks(&app).await;
        let mailer = mailer("memory://");
        run(&app, &mailer, MONDAY).await;
        let text = weekly(&mailer).pop().unwrap().text;
        let mut reports = Vec::new();
        for (from, to) in [("2026-11-16", "2026-11-22"), ("2026-11-09", "2026-11-15")] {
            let asked = Asked {
                period: None,
                from: Some(from.parse().unwrap()),
                to: Some(to.parse().unwrap()),
                as_of: None,
                unit: None,
                units_as_of: None,
                lang: Lang::Vi,
            };
            let request = ProcessingRequest { asked, group_by: GroupBy::Unit, compare: Vec::new() };
            let by = Principal { user_id: 0, name: "X".into(), role: Role::Leader, unit: "H19".into() };
            reports.push(processing(&app, request, by).await.unwrap().total);
        }
        let [week, before] = reports.as_slice() else { panic!("two weeks") };
        for (label, of_week, of_before) in [
            ("Tiếp nhận trong tuần", week.received.online + week.received.direct, before.received.online + before.received.direct),
            ("Từ tuần trước chuyển sang", week.received.carried_over, before.received.carried_over),
            ("Đã giải quyết", week.resolved.total, before.resolved.total),
            ("  – trước hạn", week.resolved.early, before.resolved.early),
            ("  – đúng hạn", week.resolved.on_time, before.resolved.on_time),
            ("  – quá hạn", week.resolved.late, before.resolved.late),
            ("Đang giải quyết khi hết tuần", week.in_progress.total, before.in_progress.total),
            ("  – trong hạn", week.in_progress.within_limit, before.in_progress.within_limit),
            ("  – quá hạn", week.in_progress.overdue, before.in_progress.overdue),
        ] {
            let line = format!("\n{label}: {of_week} (tuần trước đó: {of_before})\n");
            assert!(text.contains(&line), "{line} is not in {text}");
        }
        let (rate, rate_before) = (week.rates.on_time_of_due, before.rates.on_time_of_due);
        assert_eq!((rate.numerator, rate.denominator, rate_before.numerator, rate_before.denominator), (2, 4, 1, 2));
        assert!(masked(&text).contains("quá hạn đang chờ): 2/4 = 50,0 % (tuần trước đó: 1/2 = 50,0 %)"), "{text}");
    }
}

on_both_async! {
    async fn it_comes_when_there_is_nothing_to_tell_and_tells_of_no_other_unit(db) {
        let app = office_since(db, "2026-11-10T08:00").await;
        let neighbour = Unit {
            code: "H19.16".into(),
            name: "Phường Chơn Thành".into(),
            parent: Some("H19".into()),
            valid_from: None,
            valid_to: None,
            merged_into: None,
        };
        catalogue::units_put(&app, vec![neighbour]).await.unwrap();
        user(&app, Role::Leader, "H19.16", "lanhdao@chonthanh.example.vn").await;
        user(&app, Role::Officer, "H19.15", "canbo@bendinh.example.vn").await;
        two_weeks(&app).await;
        let mailer = mailer("memory://");
        assert_eq!(run(&app, &mailer, MONDAY).await.sent, 1, "no digest without dossiers, and nothing to officers");
        let letter = weekly(&mailer).pop().unwrap();
        assert_eq!(letter.subject, "[Phường Chơn Thành] Tuần 16–22/11/2026: không có hồ sơ nào");
        assert!(letter.text.contains("Tỷ lệ trước và đúng hạn trên số đã giải quyết: — (tuần trước đó: —)"));
        assert!(!letter.text.contains("\u{a0}%") && !letter.html.contains("\u{a0}%"), "of nothing there is no share");
        assert_eq!(anchors(&letter.text).len(), 7, "the ledger is everybody's");
    }
}

on_both_async! {
    async fn before_the_ledgers_first_entry_there_is_no_anchor(db) {
        let app = office_since(db, MONDAY).await;
        user(&app, Role::Leader, "H19.15", "lanhdao@bendinh.example.vn").await;
        let mailer = mailer("memory://");
        assert_eq!(run(&app, &mailer, MONDAY).await.sent, 1);
        let letter = weekly(&mailer).pop().unwrap();
        assert_eq!(letter.text.matches("sổ chưa có mục nào").count(), 7, "{}", letter.text);
        assert_eq!(letter.html.matches("sổ chưa có mục nào").count(), 7);
        assert!(anchors(&letter.text).is_empty());
    }
}

on_both_async! {
    async fn an_anchor_from_the_mail_holds_until_the_ledger_is_another(db) {
        let app = office_since(db, "2026-11-10T08:00").await;
        user(&app, Role::Leader, "H19.15", "lanhdao@bendinh.example.vn").await;
        two_weeks(&app).await;
        let mailer = mailer("memory://");
        run(&app, &mailer, MONDAY).await;
        let told = anchors(&weekly(&mailer).pop().unwrap().text);
        let verdict = ledger::verify(&app, told.clone()).await.unwrap();
        assert!(verdict.ok && verdict.entries > told[6].entries, "{verdict:?}");

        // The same office with another past, written soundly: each link of its chain holds, and only the anchors tell.
        let other = match db.engine() {
            Engine::Sqlite => TestDatabase::sqlite(),
            Engine::Postgres => TestDatabase::postgres().unwrap(),
        };
        let rewritten = office_since(&other, "2026-11-10T08:00").await;
        user(&rewritten, Role::Leader, "H19.15", "lanhdao@bendinh.example.vn").await;
        history(&rewritten, false).await;
        let alone = ledger::verify(&rewritten, Vec::new()).await.unwrap();
        assert!(alone.ok && alone.entries == verdict.entries, "{alone:?}");
        for anchor in told {
            let verdict = ledger::verify(&rewritten, vec![anchor.clone()]).await.unwrap();
            assert!(!verdict.ok, "{verdict:?}");
            assert_eq!(verdict.broken_at, Some(anchor.entries));
            assert_eq!(verdict.what.as_deref(), Some("it is not the entry that was there when the anchor was told"));
        }
    }
}

on_both_async! {
    async fn when_monday_is_off_it_comes_on_the_first_working_day(db) {
        let app = office_since(db, "2021-04-27T08:00").await;
        user(&app, Role::Leader, "H19.15", "lanhdao@bendinh.example.vn").await;
        let mailer = mailer("memory://");
        run(&app, &mailer, "2021-04-30T14:00").await;
        assert!(run(&app, &mailer, "2021-05-03T12:00").await.is_quiet(), "3/5/2021 is a day off for 1/5");
        assert_eq!(run(&app, &mailer, "2021-05-04T07:30").await.sent, 1);
        let letter = weekly(&mailer).pop().unwrap();
        assert_eq!(letter.subject, "[Phường Bến Đình] Tuần 26/4–02/5/2021: không có hồ sơ nào");
        let days: Vec<&str> = letter.text.lines().filter(|line| line.contains(" – sổ chưa") || line.contains(" mục")).collect();
        assert!(days.iter().any(|day| day.starts_with("thứ Hai 03/5/2021 – ")), "Monday is told too: {days:?}");
    }
}

on_both_async! {
    async fn late_it_says_so_and_after_two_days_it_is_stale(db) {
        let app = office_since(db, "2026-11-10T08:00").await;
        user(&app, Role::Leader, "H19.15", "lanhdao@bendinh.example.vn").await;
        let mailer = mailer("memory://");
        run(&app, &mailer, "2026-11-16T07:30").await;
        run(&app, &mailer, "2026-11-23T10:00").await;
        let letters = weekly(&mailer);
        assert_eq!(letters.len(), 2);
        let late = "\n\nThư này đến chậm 2 giờ 30 phút do hệ thống bị gián đoạn, mong ông/bà thông cảm.\n\n";
        assert!(!letters[0].text.contains("đến chậm") && letters[1].text.contains(late), "{}", letters[1].text);
        assert!(letters[1].html.contains(late.trim()));
        // Down from Monday 30/11 07:00 to Wednesday 07:30.
        run(&app, &mailer, "2026-11-30T07:00").await;
        let round = run(&app, &mailer, "2026-12-02T07:30").await;
        assert_eq!((round.slots, round.stale_slots), (5, 4), "Wednesday's digest alone is not stale");
        assert_eq!(weekly(&mailer).len(), 2);
    }
}
