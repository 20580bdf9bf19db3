//! A form as it is drawn: its fields with their labels, hints and faults, in one template for all of them.

use askama::Template;
use askama::filters::HtmlSafe;

use super::fault::Faults;
use super::form::KEY;
use super::visitor::Visitor;
use crate::app::AppError;
use crate::app::once::fresh_key;

/// One of several that may be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) words: String,
    pub(super) chosen: bool,
}

impl Choice {
    pub(super) fn new(value: impl Into<String>, words: impl Into<String>) -> Choice {
        Choice { value: value.into(), words: words.into(), chosen: false }
    }

    /// The same, chosen or not.
    pub(super) fn when(self, chosen: bool) -> Choice {
        Choice { chosen, ..self }
    }
}

/// How a field is filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// A line of this type (`text`, `date` …).
    Line(&'static str),
    /// Several lines, so many shown.
    Area(u8),
    /// A box, ticked or not.
    Tick(bool),
    /// One of these.
    One(Vec<Choice>),
    /// Any of these.
    Many(Vec<Choice>),
}

/// A field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) label: String,
    pub(super) value: String,
    pub(super) hint: String,
    pub(super) fault: String,
    pub(super) kind: Kind,
    pub(super) required: bool,
    pub(super) wide: bool,
}

impl Field {
    fn new(name: &'static str, label: impl Into<String>, kind: Kind) -> Field {
        Field {
            name,
            label: label.into(),
            value: String::new(),
            hint: String::new(),
            fault: String::new(),
            kind,
            required: false,
            wide: false,
        }
    }

    /// A line.
    pub(super) fn line(name: &'static str, label: impl Into<String>, value: impl Into<String>) -> Field {
        Field { value: value.into(), ..Field::new(name, label, Kind::Line("text")) }
    }

    /// A day.
    pub(super) fn day(name: &'static str, label: impl Into<String>, value: impl Into<String>) -> Field {
        Field { value: value.into(), ..Field::new(name, label, Kind::Line("date")) }
    }

    /// A time of day.
    pub(super) fn time(name: &'static str, label: impl Into<String>, value: impl Into<String>) -> Field {
        Field { value: value.into(), ..Field::new(name, label, Kind::Line("time")) }
    }

    /// A whole number.
    pub(super) fn number(name: &'static str, label: impl Into<String>, value: impl Into<String>) -> Field {
        Field { value: value.into(), ..Field::new(name, label, Kind::Line("number")) }
    }

    /// A new password; what was typed is never shown again.
    pub(super) fn password(name: &'static str, label: impl Into<String>) -> Field {
        Field::new(name, label, Kind::Line("password"))
    }

    /// Several lines.
    pub(super) fn area(
        name: &'static str,
        label: impl Into<String>,
        value: impl Into<String>,
        rows: u8,
    ) -> Field {
        Field { value: value.into(), wide: true, ..Field::new(name, label, Kind::Area(rows)) }
    }

    /// A box.
    pub(super) fn tick(name: &'static str, label: impl Into<String>, ticked: bool) -> Field {
        Field::new(name, label, Kind::Tick(ticked))
    }

    /// One of several.
    pub(super) fn one(name: &'static str, label: impl Into<String>, choices: Vec<Choice>) -> Field {
        Field::new(name, label, Kind::One(choices))
    }

    /// Any of several.
    pub(super) fn many(name: &'static str, label: impl Into<String>, choices: Vec<Choice>) -> Field {
        Field { wide: true, ..Field::new(name, label, Kind::Many(choices)) }
    }

    /// With a word of explanation.
    pub(super) fn hint(self, hint: impl Into<String>) -> Field {
        Field { hint: hint.into(), ..self }
    }

    /// Must be filled in.
    pub(super) fn required(self) -> Field {
        Field { required: true, ..self }
    }

    /// Across the whole form.
    pub(super) fn wide(self) -> Field {
        Field { wide: true, ..self }
    }
}

/// A form.
#[derive(Debug, Clone, Template)]
#[template(path = "sheet.html", config = "src/web/askama.toml")]
pub(super) struct Sheet {
    /// What stands before its fields' ids, so that several forms fit on a page.
    key: &'static str,
    action: String,
    token: String,
    hidden: Vec<(String, String)>,
    fields: Vec<Field>,
    said: Vec<String>,
    button: String,
    tone: &'static str,
    /// Other buttons, each with the address it sends to.
    others: Vec<(String, String)>,
}

/// It escapes what it holds itself.
impl HtmlSafe for Sheet {}

impl Sheet {
    /// An empty form that is sent to `action` by a button.
    pub(super) fn to(
        visitor: &Visitor,
        key: &'static str,
        action: impl Into<String>,
        button: impl Into<String>,
    ) -> Sheet {
        Sheet {
            key,
            action: action.into(),
            token: visitor.form_token.clone(),
            hidden: Vec::new(),
            fields: Vec::new(),
            said: Vec::new(),
            button: button.into(),
            tone: "main",
            others: Vec::new(),
        }
    }

    /// With a value that is sent along.
    pub(super) fn hide(mut self, name: impl Into<String>, value: impl Into<String>) -> Sheet {
        self.hidden.push((name.into(), value.into()));
        self
    }

    /// With a key of its own, so that what it makes is made once, however often it is sent.
    ///
    /// # Errors
    /// [`AppError::Internal`] when the machine has no randomness to give.
    pub(super) fn once(self) -> Result<Sheet, AppError> {
        Ok(self.hide(KEY, fresh_key()?))
    }

    /// With a field.
    pub(super) fn ask(mut self, field: Field) -> Sheet {
        self.fields.push(field);
        self
    }

    /// With several fields.
    pub(super) fn ask_all(mut self, fields: impl IntoIterator<Item = Field>) -> Sheet {
        self.fields.extend(fields);
        self
    }

    /// With one more button, which sends to another address.
    pub(super) fn or_to(mut self, action: impl Into<String>, button: impl Into<String>) -> Sheet {
        self.others.push((action.into(), button.into()));
        self
    }

    /// With a small button that does not call for attention.
    pub(super) fn small(self) -> Sheet {
        Sheet { tone: "small", ..self }
    }

    /// With a button like any other.
    pub(super) fn calm(self) -> Sheet {
        Sheet { tone: "calm", ..self }
    }

    /// With what is wrong, each fault beside its field and the others above them all.
    pub(super) fn with(mut self, faults: &Faults) -> Sheet {
        let names: Vec<&str> = self.fields.iter().map(|of| of.name).collect();
        self.said = faults.beside(&names);
        for field in &mut self.fields {
            faults.at(field.name).unwrap_or_default().clone_into(&mut field.fault);
        }
        self
    }
}
