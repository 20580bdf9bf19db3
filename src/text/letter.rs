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
