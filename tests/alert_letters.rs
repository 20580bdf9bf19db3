//! The letters that leaders read: what they say in both languages, that text and HTML hold the same facts, and that they stay short.
//!
//! `HENTRA_LETTERS=DIR cargo test --test main alert_letters` also writes the HTML there, to be looked at in a browser.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use hentra::domain::alert::{Audience, Named, OpenDossier, Outlook, Pledge, Reason, Urgency};
use hentra::domain::statistics::Rate;
use hentra::text::Lang;
use hentra::text::alerts::{Line, Notice, WeekSoFar, compose};
use hentra::text::letter::{Composed, on_behalf};

use crate::alerts::at;

/// Gmail shows no more of a mail than 102 kB.
const LARGEST: usize = 100_000;
const SLOT: &str = "2026-11-20T07:30";

fn dossier(code: &str, officer: Option<&str>, due: &str) -> OpenDossier {
    OpenDossier {
        code: code.into(),
        unit: "H19.15".into(),
        procedure: "1.004859".into(),
        officer: officer.map(Into::into),
        due_at: at(due),
        lapses_at: at(due),
        running: true,
        apology_by: None,
        commitments: Vec::new(),
    }
}

fn line(dossier: OpenDossier, urgency: Urgency) -> Line {
    let reason = match urgency {
        Urgency::Savable { pledge: Some(_), .. } => Reason::Committed,
        Urgency::Savable { .. } => Reason::DueToday,
        Urgency::Missed { .. } => Reason::Missed,
        Urgency::Overdue { .. } => Reason::Overdue,
    };
    let link = Some(format!("https://hentra.example.vn/dossiers/{}", dossier.code));
    Line {
        named: Named { dossier, urgency, reason },
        procedure: "Thủ tục thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc".into(),
        unit: None,
        link,
    }
}

fn savable(code: &str, officer: Option<&str>, minutes_left: u32, pledge: Option<Pledge>) -> Line {
    let by = at("2026-11-20T17:00");
    line(dossier(code, officer, "2026-11-20T17:00"), Urgency::Savable { by, minutes_left, pledge })
}

fn overdue(code: &str, officer: Option<&str>, days_late: u32) -> Line {
    let of = dossier(code, officer, "2026-11-17T17:00");
    line(of, Urgency::Overdue { days_late, minutes_late: days_late * 480 })
}

fn morning() -> Vec<Line> {
    vec![
        savable("H19.15-261120-0007", Some("Trần Thị Mai"), 150, Some(Pledge::SameDay)),
        savable("H19.15-261118-0021", Some("Lê Văn Tám"), 480, None),
        Line { unit: Some("Khu phố 1".into()), ..savable("H19.15-261118-0033", None, 480, None) },
        overdue("H19.15-261112-0002", Some("Trần Thị Mai"), 3),
        overdue("H19.15-261113-0015", Some("Lê Văn Tám"), 1),
    ]
}

fn week(numerator: u32, denominator: u32) -> Option<WeekSoFar> {
    let from = NaiveDate::from_ymd_opt(2026, 11, 16).unwrap();
    Some(WeekSoFar { from, kept: Rate { numerator, denominator } })
}

fn notice(lang: Lang, lines: &[Line], now: DateTime<Utc>) -> Notice<'_> {
    let list = |of: &str| Some(format!("https://hentra.example.vn/dossiers?unit=H19.15&{of}"));
    Notice {
        lang,
        outlook: Outlook::Today,
        audience: Audience::Leader,
        intro: None,
        unit: "Phường Bến Đình",
        slot: at(SLOT),
        now,
        lines,
        week: week(39, 41),
        savable_link: list("overdue=false"),
        overdue_link: list("overdue=true"),
    }
}

fn letter(of: &Notice<'_>) -> Composed {
    let composed =
        compose(of).unwrap().with_way_out(of.lang, "https://hentra.example.vn/l/o.7.morning_digest.1");
    assert_eq!(facts(&composed.text), facts(&spoken(&composed.html)), "{}\n{}", composed.text, composed.html);
    composed
}

/// The words of a part, as a set: what is told, however it is laid out.
fn facts(text: &str) -> BTreeSet<String> {
    let layout = ["-", "--", "–", "·"];
    text.split_whitespace()
        .map(|word| word.trim_matches([':', '.']).to_lowercase())
        .filter(|word| !word.is_empty() && !layout.contains(&word.as_str()))
        .filter(|word| word.parse::<usize>().is_err())
        .collect()
}

/// What the HTML says and where it leads: its visible text and its addresses, without the heads of its columns, which plain text has no use for.
fn spoken(html: &str) -> String {
    let body = html.split("<body").nth(1).unwrap();
    let mut said = String::new();
    for part in body.split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap();
        if tag.starts_with("th") {
            continue;
        }
        if let Some(to) = tag.split("href=\"").nth(1) {
            said.push_str(&format!(" {} ", to.split('"').next().unwrap()));
        }
        said.push_str(&format!(" {text} "));
    }
    said.replace("&nbsp;", " ")
        .replace("&#38;", "&")
        .replace("&#39;", "'")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
}

/// A text without what its signed links are signed with, which is another in each database.
pub(crate) fn unlinked(text: &str) -> String {
    let mut parts = text.split("/l/");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |said, part| {
        let end = part.find(|letter: char| letter.is_whitespace() || letter == '"').unwrap_or(part.len());
        format!("{said}/l/…{}", &part[end..])
    })
}

/// Writes the letter where one can look at it, if somebody asks for it.
pub(crate) fn show(name: &str, html: &str) {
    if let Some(directory) = std::env::var_os("HENTRA_LETTERS") {
        let path = std::path::Path::new(&directory).join(format!("{name}.html"));
        std::fs::write(path, html).unwrap();
    }
}

#[test]
fn the_morning_letter_reads_well_in_vietnamese() {
    let lines = morning();
    let vietnamese = letter(&notice(Lang::Vi, &lines, at(SLOT)));
    show("morning-vi", &vietnamese.html);
    insta::assert_snapshot!(format!("{}\n\n{}", vietnamese.subject, vietnamese.text), @r#"
[Phường Bến Đình] 3 hồ sơ cần xử lý hôm nay, 2 đã quá hạn – thứ Sáu 20/11/2026

3 hồ sơ còn kịp giải quyết hôm nay, 2 hồ sơ đã quá hạn.

Kính gửi lãnh đạo Phường Bến Đình, dưới đây là hồ sơ cần xử lý trong hôm nay và hồ sơ đã quá hạn, tính đến 7 giờ 30 thứ Sáu 20/11/2026. Hồ sơ còn ít thời gian nhất xếp trước.

Tuần này (từ 16/11/2026), trước và đúng hạn trên số đến hạn: 39/41 = 95,1 %

CÒN KỊP GIẢI QUYẾT HÔM NAY (3)

1. H19.15-261120-0007 – còn 2 giờ 30 phút làm việc
   Thủ tục thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc (1.004859)
   Cán bộ: Trần Thị Mai · hạn 17:00 hôm nay (cam kết trong ngày)
   https://hentra.example.vn/dossiers/H19.15-261120-0007
2. H19.15-261118-0021 – còn 8 giờ làm việc
   Thủ tục thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc (1.004859)
   Cán bộ: Lê Văn Tám · hạn 17:00 hôm nay
   https://hentra.example.vn/dossiers/H19.15-261118-0021
3. H19.15-261118-0033 – còn 8 giờ làm việc
   Thủ tục thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc (1.004859)
   Khu phố 1 · Chưa phân công cán bộ · hạn 17:00 hôm nay
   https://hentra.example.vn/dossiers/H19.15-261118-0033
Xem danh sách hồ sơ đến hạn: https://hentra.example.vn/dossiers?unit=H19.15&overdue=false

ĐÃ QUÁ HẠN (2)

1. H19.15-261112-0002 – quá hạn 3 ngày làm việc
   Thủ tục thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc (1.004859)
   Cán bộ: Trần Thị Mai · hạn 17:00 thứ Ba 17/11/2026
   https://hentra.example.vn/dossiers/H19.15-261112-0002
2. H19.15-261113-0015 – quá hạn 1 ngày làm việc
   Thủ tục thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc (1.004859)
   Cán bộ: Lê Văn Tám · hạn 17:00 thứ Ba 17/11/2026
   https://hentra.example.vn/dossiers/H19.15-261113-0015
Xem danh sách hồ sơ quá hạn: https://hentra.example.vn/dossiers?unit=H19.15&overdue=true

Trân trọng.

-- 
Thư tự động của hệ thống Hentra, kỳ 7 giờ 30 thứ Sáu 20/11/2026. Vui lòng không trả lời thư này.
Ngừng nhận loại thư này: https://hentra.example.vn/l/o.7.morning_digest.1
"#);
}

#[test]
fn the_morning_letter_reads_well_in_english() {
    let lines = morning();
    let english = letter(&notice(Lang::En, &lines, at(SLOT)));
    show("morning-en", &english.html);
    insta::assert_snapshot!(format!("{}\n\n{}", english.subject, english.text), @r#"
[Phường Bến Đình] 3 dossiers to handle today, 2 overdue – Friday 20 November 2026

3 dossiers can still be resolved in time today, 2 overdue.

For Phường Bến Đình: the dossiers to handle today and those overdue, as of 07:30 on Friday 20 November 2026. The least working time left comes first.

This week (from 16 November 2026), early or on time of those that came due: 39/41 = 95.1%

STILL IN TIME TODAY (3)

1. H19.15-261120-0007 – 2 h 30 min of working time left
   Thủ tục thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc (1.004859)
   Officer: Trần Thị Mai · due 17:00 today (committed: same day)
   https://hentra.example.vn/dossiers/H19.15-261120-0007
2. H19.15-261118-0021 – 8 h of working time left
   Thủ tục thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc (1.004859)
   Officer: Lê Văn Tám · due 17:00 today
   https://hentra.example.vn/dossiers/H19.15-261118-0021
3. H19.15-261118-0033 – 8 h of working time left
   Thủ tục thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc (1.004859)
   Khu phố 1 · No officer assigned · due 17:00 today
   https://hentra.example.vn/dossiers/H19.15-261118-0033
See the dossiers falling due: https://hentra.example.vn/dossiers?unit=H19.15&overdue=false

OVERDUE (2)

1. H19.15-261112-0002 – 3 working days overdue
   Thủ tục thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc (1.004859)
   Officer: Trần Thị Mai · due 17:00 Tuesday 17 November 2026
   https://hentra.example.vn/dossiers/H19.15-261112-0002
2. H19.15-261113-0015 – 1 working day overdue
   Thủ tục thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc (1.004859)
   Officer: Lê Văn Tám · due 17:00 Tuesday 17 November 2026
   https://hentra.example.vn/dossiers/H19.15-261113-0015
See the overdue dossiers: https://hentra.example.vn/dossiers?unit=H19.15&overdue=true

With kind regards.

-- 
Sent automatically by Hentra for 07:30 on Friday 20 November 2026. Please do not reply.
Stop receiving this kind of mail: https://hentra.example.vn/l/o.7.morning_digest.1
"#);
}

#[test]
fn the_html_is_laid_out_for_a_phone() {
    let lines = morning().split_off(2);
    let composed = letter(&notice(Lang::Vi, &lines, at(SLOT)));
    insta::assert_snapshot!(composed.html.split("<body").nth(1).unwrap(), @r##"
 class="page" style="margin:0;padding:0;background:#ffffff;color:#1b1f24">
<div class="page" style="max-width:640px;margin:0 auto;padding:20px 16px 28px;background:#ffffff;color:#1b1f24;font-family:-apple-system,'Segoe UI',Roboto,Arial,sans-serif;font-size:15px;line-height:1.45"><!-- top -->
<p style="margin:0 0 10px;font-size:21px;line-height:1.3"><strong>1 hồ sơ còn kịp giải quyết hôm nay, 2 hồ sơ đã quá hạn.</strong></p>
<p class="quiet" style="margin:0 0 16px">Kính gửi lãnh đạo Phường Bến Đình, dưới đây là hồ sơ cần xử lý trong hôm nay và hồ sơ đã quá hạn, tính đến 7 giờ 30 thứ Sáu 20/11/2026. Hồ sơ còn ít thời gian nhất xếp trước.</p>
<p style="margin:0 0 4px">Tuần này (từ 16/11/2026), trước và đúng hạn trên số đến hạn: <strong>39/41 = 95,1 %</strong></p>
<table role="presentation" aria-hidden="true" width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse;margin:0 0 4px">
<tr>
<td width="95%" height="8" bgcolor="#2f7d4f" style="height:8px;line-height:8px;font-size:0;background:#2f7d4f">&nbsp;</td>
<td width="5%" height="8" bgcolor="#d5d9de" class="track" style="height:8px;line-height:8px;font-size:0;background:#d5d9de">&nbsp;</td>
</tr>
</table>
<p style="margin:20px 0 2px;font-size:16px"><strong>Còn kịp giải quyết hôm nay (1)</strong></p>
<table width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse;font-size:14px;line-height:1.4">
<tr class="quiet">
<th class="line" align="left" style="padding:4px 8px 4px 10px;border-bottom:2px solid #aeb5bd;font-weight:normal;font-size:13px">Hồ sơ, thủ tục, cán bộ</th>
<th class="line" align="right" style="padding:4px 0 4px 8px;border-bottom:2px solid #aeb5bd;font-weight:normal;font-size:13px">Thời gian, hạn trả</th>
</tr>
<tr>
<td class="line" valign="top" style="padding:8px 8px 8px 10px;border-left:4px solid #c77700;border-bottom:1px solid #d5d9de"><strong><a href="https://hentra.example.vn/dossiers/H19.15-261118-0033">H19.15-261118-0033</a></strong><br>Thủ tục thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc (1.004859)<br><span class="quiet">Khu phố 1 · Chưa phân công cán bộ</span></td>
<td class="line" valign="top" align="right" width="38%" style="padding:8px 0 8px 8px;border-bottom:1px solid #d5d9de"><strong>còn 8 giờ làm việc</strong><br><span class="quiet">hạn 17:00 hôm nay</span></td>
</tr>
</table>
<p style="margin:8px 0 0"><a href="https://hentra.example.vn/dossiers?unit=H19.15&#38;overdue=false">Xem danh sách hồ sơ đến hạn</a></p>
<p style="margin:20px 0 2px;font-size:16px"><strong>Đã quá hạn (2)</strong></p>
<table width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse;font-size:14px;line-height:1.4">
<tr class="quiet">
<th class="line" align="left" style="padding:4px 8px 4px 10px;border-bottom:2px solid #aeb5bd;font-weight:normal;font-size:13px">Hồ sơ, thủ tục, cán bộ</th>
<th class="line" align="right" style="padding:4px 0 4px 8px;border-bottom:2px solid #aeb5bd;font-weight:normal;font-size:13px">Thời gian, hạn trả</th>
</tr>
<tr>
<td class="line" valign="top" style="padding:8px 8px 8px 10px;border-left:4px solid #c62828;border-bottom:1px solid #d5d9de"><strong><a href="https://hentra.example.vn/dossiers/H19.15-261112-0002">H19.15-261112-0002</a></strong><br>Thủ tục thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc (1.004859)<br><span class="quiet">Cán bộ: Trần Thị Mai</span></td>
<td class="line" valign="top" align="right" width="38%" style="padding:8px 0 8px 8px;border-bottom:1px solid #d5d9de"><strong>quá hạn 3 ngày làm việc</strong><br><span class="quiet">hạn 17:00 thứ Ba 17/11/2026</span></td>
</tr>
<tr>
<td class="line" valign="top" style="padding:8px 8px 8px 10px;border-left:4px solid #c62828;border-bottom:1px solid #d5d9de"><strong><a href="https://hentra.example.vn/dossiers/H19.15-261113-0015">H19.15-261113-0015</a></strong><br>Thủ tục thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc (1.004859)<br><span class="quiet">Cán bộ: Lê Văn Tám</span></td>
<td class="line" valign="top" align="right" width="38%" style="padding:8px 0 8px 8px;border-bottom:1px solid #d5d9de"><strong>quá hạn 1 ngày làm việc</strong><br><span class="quiet">hạn 17:00 thứ Ba 17/11/2026</span></td>
</tr>
</table>
<p style="margin:8px 0 0"><a href="https://hentra.example.vn/dossiers?unit=H19.15&#38;overdue=true">Xem danh sách hồ sơ quá hạn</a></p>
<p style="margin:24px 0 0">Trân trọng.</p>
<p class="quiet line" style="margin:16px 0 0;padding-top:10px;border-top:1px solid #d5d9de;font-size:13px">Thư tự động của hệ thống Hentra, kỳ 7 giờ 30 thứ Sáu 20/11/2026. Vui lòng không trả lời thư này.<br><a href="https://hentra.example.vn/l/o.7.morning_digest.1">Ngừng nhận loại thư này</a></p>
</div>
</body>
</html>
"##);
    assert!(!composed.html.contains("<img") && !composed.html.contains("<script"));
}

#[test]
fn what_is_late_or_read_for_another_is_said_on_top() {
    let lines = morning();
    let composed = letter(&notice(Lang::Vi, &lines, at("2026-11-20T09:45")));
    let composed = composed.headed(&on_behalf(Lang::Vi, "Nguyễn Văn\nHùng"));
    assert_eq!(facts(&composed.text), facts(&spoken(&composed.html)));
    show("late-on-behalf", &composed.html);
    let top: Vec<&str> = composed.text.lines().take(5).collect();
    insta::assert_snapshot!(top.join("\n"), @r#"
Thư này được gửi đến ông/bà vì ông/bà đang được ủy quyền nhận thay Nguyễn Văn Hùng trong thời gian Nguyễn Văn Hùng vắng mặt.

3 hồ sơ còn kịp giải quyết hôm nay, 2 hồ sơ đã quá hạn.

Thư này đến chậm 2 giờ 15 phút do hệ thống bị gián đoạn, mong ông/bà thông cảm. Số liệu tính tại thời điểm 7 giờ 30; có thể một số hồ sơ đã được giải quyết sau đó.
"#);
    assert!(!composed.subject.contains("Hùng"));
}

#[test]
fn a_share_of_nothing_is_a_dash_and_has_no_bar() {
    let lines = morning();
    for (week, said, bar) in [
        (week(0, 0), "đến hạn: —", None),
        (week(0, 3), "đến hạn: 0/3 = 0\u{a0}%", Some("width=\"100%\" height=\"8\" bgcolor=\"#d5d9de\"")),
        (
            week(41, 41),
            "đến hạn: 41/41 = 100\u{a0}%",
            Some("width=\"100%\" height=\"8\" bgcolor=\"#2f7d4f\""),
        ),
        (
            week(39, 41),
            "đến hạn: 39/41 = 95,1\u{a0}%",
            Some("width=\"95%\" height=\"8\" bgcolor=\"#2f7d4f\""),
        ),
    ] {
        let composed = letter(&Notice { week, ..notice(Lang::Vi, &lines, at(SLOT)) });
        assert!(composed.text.contains(said), "{said}: {}", composed.text);
        match bar {
            Some(bar) => assert!(composed.html.contains(bar), "{bar}: {}", composed.html),
            None => assert!(!composed.html.contains("height=\"8\"")),
        }
    }
}

#[test]
fn five_hundred_dossiers_with_long_names_stay_one_short_letter() {
    let long = "Nguyễn Thị ".repeat(30);
    let of = |n: usize| Line {
        procedure:
            "Chứng thực bản sao từ bản chính giấy tờ, văn bản do cơ quan có thẩm quyền cấp hoặc chứng nhận; "
                .repeat(4),
        unit: Some("Ủy ban nhân dân phường ".repeat(10)),
        ..if n < 250 {
            savable(&format!("H19.15-261120-{n:04}"), Some(&long), 480, None)
        } else {
            overdue(&format!("H19.15-261110-{n:04}"), Some(&long), 9)
        }
    };
    let lines: Vec<Line> = (0..500).map(of).collect();
    let composed = letter(&notice(Lang::Vi, &lines, at(SLOT)));
    show("five-hundred", &composed.html);
    assert!(composed.html.len() < LARGEST && composed.text.len() < LARGEST, "{}", composed.html.len());
    for said in [
        "250 hồ sơ còn kịp giải quyết hôm nay, 250 hồ sơ đã quá hạn.",
        "… và 230 hồ sơ khác",
        "… và 240 hồ sơ khác",
    ] {
        assert!(composed.text.contains(said), "{said}");
    }
}

#[test]
fn one_dossier_is_told_in_few_words() {
    let lines = morning().split_off(4);
    let composed = letter(&notice(Lang::En, &lines, at(SLOT)));
    show("one-en", &composed.html);
    assert_eq!(composed.subject, "[Phường Bến Đình] 1 dossier overdue – Friday 20 November 2026");
}

#[test]
fn nobody_is_named_in_a_subject_and_no_name_breaks_out_of_its_line() {
    let named = Line {
        procedure: "<script>alert(1)</script>\r\nBcc: x@y".into(),
        ..savable("A\nB", Some("Trần <b>Mai</b>\n"), 1, None)
    };
    let lines = [named];
    let composed = compose(&notice(Lang::Vi, &lines, at(SLOT))).unwrap();
    assert!(!composed.subject.contains("Mai") && !composed.subject.contains('\n'));
    assert!(!composed.html.contains("<script") && !composed.html.contains("<b>Mai"));
    assert!(
        composed
            .text
            .contains("1. A B – còn 1 phút làm việc\n   <script>alert(1)</script> Bcc: x@y (1.004859)\n")
    );
}
