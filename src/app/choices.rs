//! What somebody means who types a procedure or a unit: its code, or words of its name, with or without marks.

use super::{App, AppError, Catalogue};
use crate::domain::fold::fold;
use crate::domain::procedure::Procedure;
use crate::domain::procedure_search::{Fit, Wanted};
use chrono::NaiveDate;

/// More are not shown; a word more finds fewer.
const MOST_SHOWN: usize = 12;
/// So many units can still be shown in one list to choose from.
const MOST_UNITS: usize = 60;

/// Something to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Of a procedure, the cases that have limits of their own.
    pub cases: Vec<String>,
}

/// What a text means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meant {
    /// This.
    One(Choice),
    /// One of these; there may be more.
    Several(Vec<Choice>),
    /// Nothing that there is.
    Nothing,
}

/// The procedure that is meant.
///
/// # Errors
/// The store's.
pub async fn procedure(app: &App, text: String) -> Result<Meant, AppError> {
    app.read(move |_, catalogue| Ok(procedures_meant(catalogue, &text))).await
}

/// The unit that is meant, of those that take dossiers on a day.
///
/// # Errors
/// The store's.
pub async fn unit(app: &App, text: String, on: NaiveDate) -> Result<Meant, AppError> {
    app.read(move |_, catalogue| Ok(meant(&text, open_units(catalogue, on).into_iter()))).await
}

/// The units that take dossiers on a day, where they are few enough to choose from a list; else none.
///
/// # Errors
/// The store's.
pub async fn few_units(app: &App, on: NaiveDate) -> Result<Vec<Choice>, AppError> {
    app.read(move |_, catalogue| {
        let all = open_units(catalogue, on);
        Ok(if all.len() > MOST_UNITS { Vec::new() } else { all })
    })
    .await
}

/// As the counter's search finds them, without what one unit takes often.
fn procedures_meant(catalogue: &Catalogue, text: &str) -> Meant {
    let whole = fold(text);
    let procedures = &catalogue.procedures;
    let exact = |of: &&Procedure| fold(&of.code) == whole || fold(&of.name) == whole;
    if let Some(of) = procedures.values().find(exact) {
        return Meant::One(of_procedure(of));
    }
    let wanted = Wanted::of(text);
    let hits = catalogue.procedure_index().hits(&wanted);
    let found = hits.filter_map(|hit| Some((hit.fit, hit.at, procedures.get(hit.code)?)));
    let mut found: Vec<(Fit, usize, &Procedure)> = found.collect();
    found.sort_by(|a, b| (a.0, a.1, a.2.name.len(), &a.2.code).cmp(&(b.0, b.1, b.2.name.len(), &b.2.code)));
    shown(found.into_iter().map(|(.., of)| of_procedure(of)))
}

fn of_procedure(of: &Procedure) -> Choice {
    let cases = of.cases().into_iter().map(ToOwned::to_owned).collect();
    Choice { code: of.code.clone(), name: of.name.clone(), cases }
}

fn open_units(catalogue: &Catalogue, on: NaiveDate) -> Vec<Choice> {
    let open = catalogue.units.iter().filter(|unit| !unit.has_ended(on) && !unit.is_to_come(on));
    open.map(|unit| Choice { code: unit.code.clone(), name: unit.name.clone(), cases: Vec::new() }).collect()
}

/// A code or a whole name means that alone; else everything with all the words is meant, the likeliest first.
fn meant(text: &str, all: impl Iterator<Item = Choice>) -> Meant {
    let text = fold(text);
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        return Meant::Nothing;
    }
    let mut found = Vec::new();
    for of in all {
        let (code, name) = (fold(&of.code), fold(&of.name));
        if code == text || name == text {
            return Meant::One(of);
        }
        if words.iter().all(|word| name.contains(word) || code.starts_with(word)) {
            // A name that holds the words as they stand goes first, and of such the shortest.
            found.push((!name.contains(&text), name.chars().count(), of));
        }
    }
    found.sort_by(|a, b| (a.0, a.1, &a.2.code).cmp(&(b.0, b.1, &b.2.code)));
    shown(found.into_iter().map(|(.., of)| of))
}

fn shown(found: impl Iterator<Item = Choice>) -> Meant {
    let mut found: Vec<Choice> = found.take(MOST_SHOWN).collect();
    match found.pop() {
        None => Meant::Nothing,
        Some(last) if found.is_empty() => Meant::One(last),
        Some(last) => {
            found.push(last);
            Meant::Several(found)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> impl Iterator<Item = Choice> {
        let names = [
            ("2.000815", "Chứng thực bản sao từ bản chính"),
            ("2.000843", "Cấp bản sao từ sổ gốc, chứng thực chữ ký"),
            ("1.001193", "Đăng ký khai sinh"),
            ("1.001194", "Đăng ký khai sinh lưu động"),
        ];
        names.into_iter().map(|(code, name)| Choice {
            code: code.into(),
            name: name.into(),
            cases: Vec::new(),
        })
    }

    fn codes(text: &str) -> Vec<String> {
        match meant(text, all()) {
            Meant::One(of) => vec![of.code],
            Meant::Several(all) => all.into_iter().map(|of| of.code).collect(),
            Meant::Nothing => Vec::new(),
        }
    }

    #[test]
    fn words_are_found_without_their_marks_and_in_any_order() {
        assert_eq!(codes("chung thuc ban sao"), ["2.000815", "2.000843"]);
        assert_eq!(codes("CHÍNH bản"), ["2.000815"]);
        assert_eq!(codes("dong khai"), ["1.001194"]);
        assert_eq!((codes("kết hôn"), codes(" "), codes("")), (vec![], vec![], vec![]));
    }

    #[test]
    fn a_code_or_a_whole_name_means_that_alone() {
        assert_eq!(codes("1.001193"), ["1.001193"]);
        assert_eq!(codes("đăng ký khai sinh"), ["1.001193"], "though another name begins so");
        assert_eq!(codes("1.00"), ["1.001193", "1.001194"]);
    }
}
