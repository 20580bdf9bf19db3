//! What every alert mail is framed by: the one line that matters first, whom it is for, the courteous end, and who writes.
//!
//! What stands within the frame is [`super::alerts`]' and [`super::weekly`]'s. The plain part and the HTML part say the same.

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

/// Names come from files and other systems: none may break out of its line.
pub(super) fn one_line(text: &str) -> String {
    text.split(|letter: char| letter.is_whitespace() || letter.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
