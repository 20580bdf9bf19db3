//! Reading an iCalendar file (RFC 5545) event by event, so that one that cannot be read spoils no other, and each is named by its line.
//!
//! The crate `icalendar` reads a whole file or nothing, and goes as deep as the file nests; so events are cut out by their lines here, bounded, and
//! handed to it one by one. What an event means is [`crate::domain::elsewhere`]'s.

use chrono::{Days, NaiveDate};
use icalendar::parser::{Component, Property, unfold};

use super::error::{AppError, Fault};
use crate::domain::elsewhere::{Doubt, Event, Span};
use crate::domain::fold::fold;
use crate::domain::letters::on_a_line;

/// Events in one file.
pub(super) const MOST_EVENTS: usize = 10_000;
/// Lines of one event; more is no holiday.
const MOST_LINES: usize = 200;
/// Letters of a name that are kept.
const LONGEST_NAME: usize = 200;
/// The office's zone, by the names it goes by.
const OFFICE_ZONES: [&str; 4] = ["Asia/Ho_Chi_Minh", "Asia/Saigon", "Asia/Bangkok", "SE Asia Standard Time"];

/// What was read of a feed.
pub(super) struct Feed {
    /// Its own name.
    pub(super) name: Option<String>,
    /// Its events, in their order.
    pub(super) events: Vec<Event>,
}

/// An event's lines as they stand in the file.
struct Block<'a> {
    line: u64,
    lines: Vec<&'a str>,
    /// Components within it, one in another.
    depth: usize,
    ended: bool,
}

/// Reads a file.
///
/// # Errors
/// [`AppError::Invalid`] when it is no iCalendar file, or has too many events; a faulty event is an event in doubt.
pub(super) fn read(text: &str) -> Result<Feed, AppError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !text.trim_start().get(..15).is_some_and(|head| head.eq_ignore_ascii_case("BEGIN:VCALENDAR")) {
        return Err(AppError::invalid("file", Fault::Malformed));
    }
    let (name, blocks) = cut(text);
    if blocks.len() > MOST_EVENTS {
        return Err(AppError::invalid("file", Fault::TooMany));
    }
    if blocks.is_empty() {
        return Err(AppError::invalid("file", Fault::Empty));
    }
    Ok(Feed { name, events: blocks.iter().map(event).collect() })
}

/// The feed's name, and its events' lines.
fn cut(text: &str) -> (Option<String>, Vec<Block<'_>>) {
    let (mut name, mut blocks, mut open) = (None, Vec::new(), None::<Block<'_>>);
    for (number, line) in (1..).zip(text.lines()) {
        let begins = is(line, "BEGIN:VEVENT");
        if begins || is(line, "END:VCALENDAR") {
            // One that was never ended is told as such.
            blocks.extend(open.take());
        }
        if begins {
            open = Some(Block { line: number, lines: vec![line], depth: 0, ended: false });
            continue;
        }
        let Some(block) = &mut open else {
            name = name.or_else(|| named(line));
            continue;
        };
        block.lines.push(line);
        if is(line, "END:VEVENT") {
            block.ended = true;
            blocks.extend(open.take());
        } else if line.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("BEGIN:")) {
            block.depth += 1;
        }
    }
    blocks.extend(open);
    (name, blocks)
}

fn is(line: &str, expected: &str) -> bool {
    line.trim_end().eq_ignore_ascii_case(expected)
}

fn named(line: &str) -> Option<String> {
    let (key, value) = line.split_once(':')?;
    let key = key.split(';').next().unwrap_or_default();
    key.eq_ignore_ascii_case("X-WR-CALNAME").then(|| shown(value)).filter(|name| !name.is_empty())
}

/// The text on one line, without what deceives, not too long.
pub(super) fn shown(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().filter(|letter| on_a_line(*letter)).take(LONGEST_NAME).collect()
}

fn event(block: &Block<'_>) -> Event {
    let malformed = |name: String| Event {
        line: block.line,
        name,
        days: Err(Doubt::Malformed),
        kind: None,
        source: None,
        observed: false,
    };
    // An alarm or two may stand in an event; what nests deeper or goes on for ever is not handed on.
    if !block.ended || block.depth > 4 || block.lines.len() > MOST_LINES {
        return malformed(String::new());
    }
    let text = unfold(&(block.lines.join("\n") + "\n"));
    let Ok(component) = Component::try_from(text.as_str()) else { return malformed(String::new()) };
    let name = value(&component, "SUMMARY").map(|name| shown(&name)).unwrap_or_default();
    if name.is_empty() {
        return malformed(name);
    }
    let observed = value(&component, "DESCRIPTION").is_some_and(|text| {
        let text = fold(&text);
        text.starts_with("observance") || text.starts_with("ngay le ky niem")
    });
    Event { days: days(&component), observed, ..malformed(name) }
}

fn property<'a>(of: &'a Component<'_>, name: &str) -> Option<&'a Property<'a>> {
    of.properties.iter().find(|property| property.name.as_str().eq_ignore_ascii_case(name))
}

fn value(of: &Component<'_>, name: &str) -> Option<String> {
    property(of, name).map(|property| property.val.as_str().to_owned())
}

/// The whole days an event is on.
fn days(of: &Component<'_>) -> Result<Span, Doubt> {
    if value(of, "STATUS").is_some_and(|status| status.eq_ignore_ascii_case("CANCELLED")) {
        return Err(Doubt::Cancelled);
    }
    if ["RRULE", "RDATE", "EXRULE", "RECURRENCE-ID"].iter().any(|name| property(of, name).is_some()) {
        return Err(Doubt::Recurring);
    }
    let first = date(property(of, "DTSTART").ok_or(Doubt::Malformed)?)?;
    // The end of whole days is the day after the last (RFC 5545, 3.6.1); some feeds name the last itself.
    let last = match (property(of, "DTEND"), value(of, "DURATION")) {
        (Some(end), _) => {
            let end = date(end)?;
            if end > first { end.checked_sub_days(Days::new(1)).ok_or(Doubt::Malformed)? } else { end }
        }
        (None, Some(length)) if length.trim() != "P1D" => return Err(Doubt::MultiDay),
        (None, _) => first,
    };
    Ok(Span { first, last })
}

/// A whole day; a time of day is none, be it of the office's zone or another.
fn date(of: &Property<'_>) -> Result<NaiveDate, Doubt> {
    let text = of.val.as_str().trim();
    if let Ok(date) = NaiveDate::parse_from_str(text, "%Y%m%d") {
        let written = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
        return if written { Ok(date) } else { Err(Doubt::Malformed) };
    }
    let (day, time) = text.split_once('T').ok_or(Doubt::Malformed)?;
    let digits = |part: &str, length| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(day, 8) || !digits(time.trim_end_matches('Z'), 6) {
        return Err(Doubt::Malformed);
    }
    let zone = of.params.iter().find(|parameter| parameter.key.as_str().eq_ignore_ascii_case("TZID"));
    let zone = zone.and_then(|zone| zone.val.as_ref());
    let foreign = zone.is_some_and(|zone| !OFFICE_ZONES.contains(&zone.as_str().trim_matches('"')));
    Err(if foreign { Doubt::UnknownZone } else { Doubt::Timed })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(events: &str) -> String {
        format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-WR-CALNAME:Ngày lễ ở Việt Nam\r\n{events}END:VCALENDAR\r\n"
        )
    }

    fn one(lines: &str) -> Event {
        let text = file(&format!("BEGIN:VEVENT\r\n{lines}END:VEVENT\r\n"));
        let mut feed = read(&text).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(feed.events.len(), 1);
        feed.events.remove(0)
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn whole_days_are_read_with_their_names_unfolded() {
        let long = "DTSTART;VALUE=DATE:20270206\r\nDTEND;VALUE=DATE:20270207\r\nSUMMARY:Tết Nguyên \r\n đán\\, mùng 1\r\n";
        let event = one(long);
        assert_eq!((event.name.as_str(), event.line), ("Tết Nguyên đán, mùng 1", 4));
        assert_eq!(event.days, Ok(Span { first: day("2027-02-06"), last: day("2027-02-06") }));
        let span = |dates: &str| one(&format!("{dates}SUMMARY:x\r\n")).days.map(|of| (of.first, of.last));
        let single = Ok((day("2027-02-06"), day("2027-02-06")));
        assert_eq!(span("DTSTART:20270206\r\n"), single);
        assert_eq!(span("DTSTART;VALUE=DATE:20270206\r\nDTEND;VALUE=DATE:20270206\r\n"), single);
        assert_eq!(span("DTSTART;VALUE=DATE:20270206\r\nDURATION:P1D\r\n"), single);
        let several = span("DTSTART;VALUE=DATE:20270205\r\nDTEND;VALUE=DATE:20270212\r\n");
        assert_eq!(several, Ok((day("2027-02-05"), day("2027-02-11"))));
        let feed = read(&file("BEGIN:VEVENT\r\nEND:VEVENT\r\n")).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(feed.name.as_deref(), Some("Ngày lễ ở Việt Nam"));
    }

    #[test]
    fn what_is_no_whole_day_is_in_doubt_with_the_reason() {
        let doubt = |lines: &str| one(&format!("{lines}SUMMARY:x\r\n")).days.unwrap_err();
        for (lines, expected) in [
            ("DTSTART;VALUE=DATE:20270206\r\nRRULE:FREQ=YEARLY\r\n", Doubt::Recurring),
            ("DTSTART;VALUE=DATE:20270206\r\nRDATE;VALUE=DATE:20280206\r\n", Doubt::Recurring),
            ("DTSTART:20270206T010000Z\r\n", Doubt::Timed),
            ("DTSTART;TZID=Asia/Ho_Chi_Minh:20270206T080000\r\n", Doubt::Timed),
            ("DTSTART;TZID=Mars/Olympus:20270206T080000\r\n", Doubt::UnknownZone),
            ("DTSTART;VALUE=DATE:20270206\r\nDURATION:P2D\r\n", Doubt::MultiDay),
            ("DTSTART;VALUE=DATE:20270206\r\nSTATUS:CANCELLED\r\n", Doubt::Cancelled),
            ("DTSTART;VALUE=DATE:20270230\r\n", Doubt::Malformed),
            ("DTSTART;VALUE=DATE:2027-02-06\r\n", Doubt::Malformed),
            ("DTSTART:tomorrow\r\n", Doubt::Malformed),
            ("DTSTART:20270206T\r\n", Doubt::Malformed),
            ("DTEND:20270206\r\n", Doubt::Malformed),
            ("no property at all\r\n", Doubt::Malformed),
        ] {
            assert_eq!(doubt(lines), expected, "{lines}");
        }
        assert_eq!(one("DTSTART;VALUE=DATE:20270206\r\n").days, Err(Doubt::Malformed), "it has no name");
    }

    #[test]
    fn an_event_that_does_not_end_or_nests_without_end_spoils_no_other() {
        let good = "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20270206\r\nSUMMARY:Tết\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nEND:VALARM\r\nEND:VEVENT\r\n";
        let nested = format!("BEGIN:VEVENT\r\n{}", "BEGIN:X\r\n".repeat(50_000));
        let text = file(&format!("{nested}{good}BEGIN:VEVENT\r\nSUMMARY:x\r\n{good}"));
        let feed = read(&text).unwrap_or_else(|error| panic!("{error}"));
        let lines: Vec<(u64, bool)> = feed.events.iter().map(|of| (of.line, of.days.is_ok())).collect();
        assert_eq!(lines, [(4, false), (50_005, true), (50_012, false), (50_014, true)]);
    }

    #[test]
    fn a_google_feed_says_itself_what_is_only_observed() {
        let of = |description: &str| {
            one(&format!("DTSTART;VALUE=DATE:20270308\r\nSUMMARY:x\r\nDESCRIPTION:{description}\r\n"))
                .observed
        };
        assert!(of("Observance\\nTo hide observances, go to Google Calendar"));
        assert!(of("Ngày lễ kỷ niệm\\nĐể ẩn"));
        assert!(!of("Public holiday") && !of("Ngày lễ chính thức"));
    }

    #[test]
    fn what_is_no_calendar_is_refused_as_a_file() {
        let fault = |text: &str| match read(text) {
            Err(AppError::Invalid(faults)) => faults[0].fault,
            _ => panic!("{text}"),
        };
        assert_eq!(fault(""), Fault::Malformed);
        assert_eq!(fault("date,name\n"), Fault::Malformed);
        assert_eq!(fault("BEGIN:VCALENDAR\nEND:VCALENDAR\n"), Fault::Empty);
        assert_eq!(fault(&file(&"BEGIN:VEVENT\r\nEND:VEVENT\r\n".repeat(MOST_EVENTS + 1))), Fault::TooMany);
        assert!(read("\u{feff}begin:vcalendar\nbegin:vevent\nend:vevent\nend:vcalendar\n").is_ok());
    }
}
