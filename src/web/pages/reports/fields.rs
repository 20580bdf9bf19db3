//! The fields of a form in which something is chosen: drawn again as they were left, each with its fault beside it.

use super::super::super::fault::Faults;
use super::super::super::form::Form;

/// A field.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) hint: Option<&'static str>,
    pub(super) fault: Option<String>,
    /// The fields whose place this one takes once it is filled in.
    pub(super) clears: &'static str,
    pub(super) kind: Kind,
}

/// What stands in a field.
#[derive(Debug, Clone)]
pub(super) enum Kind {
    /// One of several.
    Select(Vec<Group>),
    /// Something typed, of an HTML type.
    Input(&'static str, String),
    /// A number between two others.
    Number(u32, u32, String),
}

/// Choices under one heading; those without a heading stand by themselves.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub(super) heading: &'static str,
    pub(super) choices: Vec<Choice>,
}

/// A choice.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) words: String,
    pub(super) chosen: bool,
}

impl Choice {
    /// One that is chosen where nothing or its own value was typed.
    pub(super) fn new(value: impl Into<String>, words: impl Into<String>) -> Choice {
        Choice { value: value.into(), words: words.into(), chosen: false }
    }
}

/// Puts fields together from what was typed and what is wrong with it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'a> {
    pub(super) typed: &'a Form,
    pub(super) faults: &'a Faults,
}

impl Fields<'_> {
    /// A field without a hint.
    pub(super) fn field(self, name: &'static str, label: &'static str, kind: Kind) -> Field {
        let fault = self.faults.at(name).map(ToOwned::to_owned);
        Field { name, label, hint: None, fault, clears: "", kind }
    }

    /// One of these; `usual` where nothing was chosen. What is none of them stays to be seen.
    pub(super) fn select(
        self,
        name: &'static str,
        label: &'static str,
        usual: &str,
        groups: Vec<(&'static str, Vec<Choice>)>,
        strange: &'static str,
    ) -> Field {
        let typed = self.typed.text(name);
        let value = if typed.is_empty() { usual } else { typed };
        let mut found = false;
        let mut group = |(heading, choices): (&'static str, Vec<Choice>)| {
            let choose = |of: Choice| {
                let chosen = !found && of.value == value;
                found |= chosen;
                Choice { chosen, ..of }
            };
            Group { heading, choices: choices.into_iter().map(choose).collect() }
        };
        let mut groups: Vec<Group> = groups.iter().cloned().map(&mut group).collect();
        if !found && !typed.is_empty() {
            let choices = vec![Choice { chosen: true, ..Choice::new(typed, typed) }];
            groups.push(Group { heading: strange, choices });
        }
        self.field(name, label, Kind::Select(groups))
    }

    /// Something typed.
    pub(super) fn input(self, name: &'static str, label: &'static str, html_type: &'static str) -> Field {
        self.field(name, label, Kind::Input(html_type, self.typed.text(name).to_owned()))
    }

    /// A number; `usual` where nothing was typed.
    pub(super) fn number(
        self,
        name: &'static str,
        label: &'static str,
        (from, to, usual): (u32, u32, u32),
    ) -> Field {
        let typed = self.typed.text(name);
        let value = if typed.is_empty() { usual.to_string() } else { typed.to_owned() };
        self.field(name, label, Kind::Number(from, to, value))
    }
}

impl Field {
    /// The choices; none where something is typed.
    pub(super) fn groups(&self) -> &[Group] {
        match &self.kind {
            Kind::Select(groups) => groups,
            Kind::Input(..) | Kind::Number(..) => &[],
        }
    }

    /// What HTML calls it.
    pub(super) fn html_type(&self) -> &str {
        match &self.kind {
            Kind::Input(html_type, _) => html_type,
            Kind::Number(..) | Kind::Select(_) => "number",
        }
    }

    /// What was typed.
    pub(super) fn value(&self) -> &str {
        match &self.kind {
            Kind::Input(_, value) | Kind::Number(_, _, value) => value,
            Kind::Select(_) => "",
        }
    }

    /// Between which numbers it lies.
    pub(super) fn range(&self) -> Option<(u32, u32)> {
        match &self.kind {
            Kind::Number(from, to, _) => Some((*from, *to)),
            Kind::Input(..) | Kind::Select(_) => None,
        }
    }

    /// The ids of what describes it; empty for nothing.
    pub(super) fn described(&self) -> String {
        let hint = self.hint.map(|_| format!("{}-hint", self.name));
        let fault = self.fault.as_ref().map(|_| format!("{}-fault", self.name));
        hint.into_iter().chain(fault).collect::<Vec<_>>().join(" ")
    }

    /// With a hint below its label.
    pub(super) fn hinted(self, hint: &'static str) -> Field {
        Field { hint: Some(hint), ..self }
    }

    /// Filling it in empties these.
    pub(super) fn clearing(self, clears: &'static str) -> Field {
        Field { clears, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_chosen_stays_chosen_even_where_it_is_none_of_them() {
        let chosen = |query: &str| {
            let typed = Form::parse(query.as_bytes()).unwrap();
            let faults = Faults::default();
            let fields = Fields { typed: &typed, faults: &faults };
            let choices = vec![Choice::new("a", "A"), Choice::new("b", "B")];
            let Kind::Select(groups) = fields.select("x", "X", "b", vec![("", choices)], "?").kind else {
                panic!("it is a select")
            };
            let all = groups.into_iter().flat_map(|of| of.choices).filter(|of| of.chosen);
            all.map(|of| of.value).collect::<Vec<_>>()
        };
        assert_eq!(
            (chosen("x=a"), chosen(""), chosen("x=%3Cb%3E")),
            (vec!["a".into()], vec!["b".into()], vec!["<b>".into()])
        );
    }
}
