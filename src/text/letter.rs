//! What every alert mail is framed by: the one line that matters first, whom it is for, the courteous end, and who writes.
//!
//! What stands within the frame is [`super::alerts`]' and [`super::weekly`]'s. The plain part and the HTML part say the same.

use super::{Lang, alert_words};

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

/// What differs between two who are told the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Personal {
    /// For whom the reader stands in, by name.
    pub on_behalf_of: Option<String>,
    /// Where the reader turns such mails off; `None` where they cannot be.
    pub opt_down: Option<String>,
}

impl Personal {
    /// That the reader stands in for somebody.
    pub(super) fn on_behalf(&self, lang: Lang) -> Option<String> {
        self.on_behalf_of.as_deref().map(|name| alert_words::on_behalf(lang, &one_line(name)))
    }

    /// The way to turn such mails off.
    pub(super) fn way_out(&self, lang: Lang) -> Option<Link> {
        self.opt_down.clone().map(|to| Link { words: alert_words::opt_down(lang), to })
    }
}

/// The frame; `templates/letter.html` sets it in HTML.
pub(super) struct Frame {
    pub language: &'static str,
    pub subject: String,
    pub headline: String,
    /// Why the reader gets what is another's to read.
    pub on_behalf: Option<String>,
    pub delay: Option<String>,
    pub intro: String,
    pub closing: &'static str,
    pub footer: String,
    /// Where the reader turns such mails off.
    pub opt_down: Option<Link>,
}

impl Frame {
    /// The plain part: these lines within the frame.
    pub(super) fn plain(&self, body: Vec<String>) -> String {
        let mut lines = vec![self.headline.clone(), String::new()];
        for note in self.on_behalf.iter().chain(&self.delay) {
            lines.extend([note.clone(), String::new()]);
        }
        lines.extend([self.intro.clone(), String::new()]);
        lines.extend(body);
        lines.extend([self.closing.to_owned(), String::new(), "-- ".to_owned(), self.footer.clone()]);
        lines.extend(self.opt_down.as_ref().map(Link::plain));
        lines.push(String::new());
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
