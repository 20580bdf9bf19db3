//! A rule's own introduction: a text with variables in braces, which are few, and none of which is a person's.

use std::fmt::Write as _;

/// The longest introduction, in characters.
const LONGEST: usize = 1000;

words! {
    /// What may stand in braces.
    Variable {
        /// The reader's unit by name.
        Unit = "unit",
        /// How many dossiers can still be saved.
        Savable = "savable",
        /// How many are overdue, or were missed.
        Overdue = "overdue",
        /// The day for which the message holds, with its weekday.
        Day = "day",
        /// The time of the day for which it holds.
        Time = "time",
    }
}

/// Why an introduction is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IntroFlaw {
    /// Nothing of it can be seen.
    #[error("it is empty; leave it out instead")]
    Empty,
    /// Longer than a message's introduction should be.
    #[error("it has more than {LONGEST} characters")]
    TooLong,
    /// Control characters.
    #[error("it has characters that no text has")]
    BadCharacters,
    /// A brace that is not closed, or closes nothing.
    #[error("a brace stands alone; variables are written {{unit}}")]
    Brace,
    /// Braces around something else than a variable.
    #[error("there is no variable {{{0}}}; there are: {known}", known = known())]
    Unknown(String),
}

fn known() -> String {
    Variable::ALL.iter().map(|of| format!("{{{of}}}")).collect::<Vec<_>>().join(", ")
}

/// An introduction whose variables are all known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intro(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Variable(Variable),
}

impl Intro {
    /// Reads an introduction.
    ///
    /// # Errors
    /// [`IntroFlaw`].
    pub fn parse(text: &str) -> Result<Intro, IntroFlaw> {
        if text.trim().is_empty() {
            return Err(IntroFlaw::Empty);
        }
        if text.chars().count() > LONGEST {
            return Err(IntroFlaw::TooLong);
        }
        if text.chars().any(char::is_control) {
            return Err(IntroFlaw::BadCharacters);
        }
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, then) = after.split_once('}').ok_or(IntroFlaw::Brace)?;
            let variable = Variable::from_word(name).ok_or_else(|| IntroFlaw::Unknown(name.to_owned()))?;
            parts.extend([Part::Text(before.to_owned()), Part::Variable(variable)]);
            rest = then;
        }
        parts.push(Part::Text(rest.to_owned()));
        let alone = |part: &Part| matches!(part, Part::Text(text) if text.contains('}'));
        if parts.iter().any(alone) { Err(IntroFlaw::Brace) } else { Ok(Intro(parts)) }
    }

    /// The text, each variable replaced by its value.
    #[must_use]
    pub fn filled(&self, value: impl Fn(Variable) -> String) -> String {
        let mut text = String::new();
        for part in &self.0 {
            let _ = match part {
                Part::Text(plain) => text.write_str(plain),
                Part::Variable(of) => text.write_str(&value(*of)),
            };
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_filled_in_and_nothing_else_is_touched() {
        let intro = Intro::parse("Kính gửi {unit}: còn {savable} hồ sơ ({savable}).").unwrap();
        let filled =
            intro.filled(|of| if of == Variable::Unit { "Phường A {day}".into() } else { "3".into() });
        assert_eq!(filled, "Kính gửi Phường A {day}: còn 3 hồ sơ (3).");
    }

    #[test]
    fn a_variable_that_does_not_exist_is_named() {
        let flaw = |text: &str| Intro::parse(text).unwrap_err();
        assert_eq!(flaw("Gửi {applicant}"), IntroFlaw::Unknown("applicant".into()));
        assert_eq!(
            flaw("Gửi {applicant}").to_string(),
            "there is no variable {applicant}; there are: {unit}, {savable}, {overdue}, {day}, {time}"
        );
        assert_eq!(flaw("Gửi { unit }"), IntroFlaw::Unknown(" unit ".into()));
        assert_eq!(
            (flaw("Gửi {unit"), flaw("Gửi unit}"), flaw("{unit}}")),
            (IntroFlaw::Brace, IntroFlaw::Brace, IntroFlaw::Brace)
        );
        assert_eq!(
            (flaw(" "), flaw(&"a".repeat(1001)), flaw("a\nb")),
            (IntroFlaw::Empty, IntroFlaw::TooLong, IntroFlaw::BadCharacters)
        );
    }
}
