//! What every alert mail is framed by: the one line that matters first, whom it is for, the courteous end, and who writes.
//!
//! What stands within the frame is [`super::alerts`]' and [`super::weekly`]'s. The plain part and the HTML part say the same.

use super::Lang;

/// A message in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Composed {
    /// Subject.
    pub subject: String,
    /// The plain part.
    pub text: String,
    /// The HTML part.
    pub html: String,
}

/// Where `templates/letter.html` takes what a single reader is told before everything else.
const TOP: &str = "<!-- top -->";
/// Where it takes what a single reader may do about it, after everything else.
const END: &str = "<!-- end -->";

impl Composed {
    /// The same message with a sentence before everything else, for one of those who are sent it.
    #[must_use]
    pub fn headed(self, sentence: &str) -> Composed {
        let paragraph = format!(
            "\n<p style=\"margin:0 0 12px;padding:6px 12px;border-left:4px solid #4a7ebb\">{}</p>",
            safe(sentence)
        );
        Composed {
            subject: self.subject,
            text: format!("{sentence}\n\n{}", self.text),
            html: self.html.replacen(TOP, &paragraph, 1),
        }
    }

    /// The same message with the way to receive no more of its kind, after everything else.
    #[must_use]
    pub fn with_way_out(self, lang: Lang, to: &str) -> Composed {
        let words = match lang {
            Lang::Vi => "Ngừng nhận loại thư này",
            Lang::En => "Stop receiving this kind of mail",
        };
        let link = format!("<br><a href=\"{}\">{words}</a>", safe(to));
        Composed {
            subject: self.subject,
            text: format!("{}{words}: {to}\n", self.text),
            html: self.html.replacen(END, &link, 1),
        }
    }
}

/// A text as HTML.
fn safe(text: &str) -> String {
    askama::filters::escape(text, askama::filters::Html).map(|safe| safe.to_string()).unwrap_or_default()
}

/// That a message is sent to a reader in the place of somebody who is away.
pub fn on_behalf(lang: Lang, of: &str) -> String {
    let of = one_line(of);
    match lang {
        Lang::Vi => format!(
            "Thư này được gửi đến ông/bà vì ông/bà đang được ủy quyền nhận thay {of} trong thời gian {of} vắng mặt."
        ),
        Lang::En => {
            format!("You receive this mail on behalf of {of}, who is away and has named you as delegate.")
        }
    }
}

/// The frame; `templates/letter.html` sets it in HTML.
pub(super) struct Frame {
    pub language: &'static str,
    pub subject: String,
    pub headline: String,
    pub delay: Option<String>,
    pub intro: String,
    pub closing: &'static str,
    pub footer: String,
}

impl Frame {
    /// The plain part: these lines within the frame.
    pub(super) fn plain(&self, body: Vec<String>) -> String {
        let mut lines = vec![self.headline.clone(), String::new()];
        if let Some(delay) = &self.delay {
            lines.extend([delay.clone(), String::new()]);
        }
        lines.extend([self.intro.clone(), String::new()]);
        lines.extend(body);
        lines.extend([
            self.closing.to_owned(),
            String::new(),
            "-- ".to_owned(),
            self.footer.clone(),
            String::new(),
        ]);
        lines.join("\n")
    }
}

/// A link, and what it is called.
pub(super) struct Link {
    pub words: &'static str,
    pub to: String,
}

impl Link {
    /// As the plain part has it.
    pub(super) fn plain(&self) -> String {
        format!("{}: {}", self.words, self.to)
    }
}

/// Names come from files and other systems: none may break out of its line.
pub(super) fn one_line(text: &str) -> String {
    text.split(|letter: char| letter.is_whitespace() || letter.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::alerts::{NOTICE_ACCENT, OVERDUE_ACCENT, SAVABLE_ACCENT};

    const LETTER: &str = include_str!("templates/letter.html");
    const LINK: &str = include_str!("templates/link.html");
    const MAILS: [&str; 6] = [
        LETTER,
        include_str!("templates/alert.html"),
        include_str!("templates/anchors.html"),
        include_str!("templates/horizon.html"),
        include_str!("templates/weekly.html"),
        // What is put into the frame by code.
        include_str!("letter.rs"),
    ];
    /// WCAG 2.2: text against what is behind it (1.4.3), and what is no text and tells something (1.4.11).
    const TEXT: f64 = 4.5;
    const SIGN: f64 = 3.0;

    fn luminance(colour: &str) -> f64 {
        let channel = |at: usize| {
            let part = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        assert!(colour.len() == 7 && colour.starts_with('#'), "{colour}");
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(one: &str, two: &str) -> f64 {
        let (one, two) = (luminance(one) + 0.05, luminance(two) + 0.05);
        one.max(two) / one.min(two)
    }

    #[track_caller]
    fn legible(ink: &str, ground: &str, least: f64) {
        let of = contrast(ink, ground);
        assert!(of >= least, "{ink} on {ground}: {of:.2}, and {least} is asked for");
    }

    /// What declarations say of a property.
    fn said<'a>(declarations: &'a str, property: &str) -> Option<&'a str> {
        let of = declarations.split(';').filter_map(|one| one.split_once(':'));
        of.filter(|(name, _)| name.trim() == property).map(|(_, value)| &value.trim()[..7]).next_back()
    }

    /// The declarations of a rule of a style sheet.
    fn rule<'a>(sheet: &'a str, selector: &str) -> &'a str {
        let after = sheet.split_once(&format!("{selector} {{")).unwrap_or_else(|| panic!("no {selector}")).1;
        after.split('}').next().unwrap()
    }

    /// Each `style` of a mail's elements that holds a colour and no place to be filled in.
    fn styles(of: &str) -> impl Iterator<Item = String> {
        let plain = of.replace("\\\"", "\"");
        let all: Vec<String> = plain
            .split("style=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .map(ToOwned::to_owned)
            .collect();
        all.into_iter().filter(|of| of.contains('#') && !of.contains("{{"))
    }

    /// The ground of a mail, its text and its quiet text, by day and in the dark.
    fn schemes() -> [[&'static str; 3]; 2] {
        let (day, dark) = LETTER.split_once("prefers-color-scheme: dark").unwrap();
        let body = dark.split_once("<body class=\"page\" style=\"").unwrap().1.split('"').next().unwrap();
        let page = rule(dark, ".page");
        let of = |declarations, property| said(declarations, property).unwrap();
        [
            [of(body, "background"), of(body, "color"), of(rule(day, ".quiet"), "color")],
            [of(page, "background"), of(page, "color"), of(rule(dark, ".quiet"), "color")],
        ]
    }

    #[test]
    fn contrasts_are_counted_as_wcag_does() {
        assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 1e-9);
        assert!((contrast("#777777", "#ffffff") - 4.48).abs() < 0.01);
    }

    #[test]
    fn the_text_of_mails_is_legible_by_day_and_in_the_dark() {
        for [ground, ink, quiet] in schemes() {
            legible(ink, ground, TEXT);
            legible(quiet, ground, TEXT);
        }
        let [day, dark] = schemes();
        let mut own = 0;
        for style in MAILS.into_iter().flat_map(styles) {
            match (said(&style, "color"), said(&style, "background")) {
                (Some(ink), Some(ground)) => legible(ink, ground, TEXT),
                // Nobody gives text a colour without its ground: it would stand on both.
                (Some(ink), None) => [day[0], dark[0]].iter().for_each(|ground| legible(ink, ground, TEXT)),
                (None, _) => {}
            }
            own += usize::from(said(&style, "color").is_some());
        }
        assert!(own >= 3, "the body, the page and the button give their text a colour: {own}");
    }

    #[test]
    fn what_colours_tell_beside_the_words_is_seen_by_day_and_in_the_dark() {
        for [ground, ..] in schemes() {
            for accent in [NOTICE_ACCENT, SAVABLE_ACCENT, OVERDUE_ACCENT] {
                legible(accent, ground, SIGN);
            }
            // The week's bar, and the edge beside what heads a mail.
            for style in MAILS.into_iter().flat_map(styles) {
                if let Some((_, edge)) = style.split_once("border-left:4px solid ") {
                    legible(&edge[..7], ground, SIGN);
                }
                if let Some(bar) = said(&style, "background")
                    .filter(|_| style.contains("height:8px") && !style.contains("#d5d9de"))
                {
                    legible(bar, ground, SIGN);
                }
            }
        }
    }

    #[test]
    fn the_pages_behind_links_are_legible_by_day_and_in_the_dark() {
        let (day, dark) = LINK.split_once("prefers-color-scheme: dark").unwrap();
        for sheet in [day, dark] {
            let root = rule(sheet, ":root");
            let of = |name| said(root, name).unwrap();
            legible(of("--ink"), of("--ground"), TEXT);
            legible(of("--quiet"), of("--ground"), TEXT);
            let ring = rule(dark, ":focus-visible").split_once("outline: 3px solid ").unwrap().1;
            legible(&ring[..7], of("--ground"), SIGN);
        }
        let button = rule(dark, "\nbutton");
        legible(said(button, "color").unwrap(), said(button, "background").unwrap(), TEXT);
    }
}
