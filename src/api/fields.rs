//! Reading named fields: from a query string, from JSON. Every fault is gathered with the field's name before anything is refused.
//!
//! serde stops at the first fault. Here the faulty field is taken out and the rest read again, so that a client learns of all faults at once.

use std::collections::BTreeSet;

use actix_web::web::Bytes;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};
use serde_path_to_error::{Path, Segment};

use super::problem::Problem;
use crate::app::{AppError, Fault, Invalid};

/// More faults than this are not gathered from one request.
const MOST_FAULTS: usize = 20;
/// Readings of one body on the way to its faults.
const MOST_ROUNDS: usize = 4 * MOST_FAULTS;
/// What stands for bytes that are no UTF-8 once a query is decoded.
const REPLACEMENT: char = '\u{FFFD}';
/// What may stand between the parts of JSON.
const BLANK: [char; 4] = [' ', '\t', '\n', '\r'];

/// What a value's own reading says when it is of its form, and outside the allowed range.
pub(super) const OUT_OF_RANGE: &str = "out of range";
/// What it says when nothing is there.
pub(super) const EMPTY: &str = "nothing there";

/// A value, or the first fault on the way to it, with its name.
struct Tracked<T>(Result<T, Invalid>);

impl<'de, T: DeserializeOwned> Deserialize<'de> for Tracked<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Tracked(
            serde_path_to_error::deserialize(deserializer)
                .map_err(|error| described(error.path(), &error.inner().to_string())),
        ))
    }
}

/// Whether a decoded text of an address can be looked for: control characters stand in nothing we keep, and one engine refuses to compare NUL.
pub(super) fn kept(text: &str) -> bool {
    !text.chars().any(|letter| letter == REPLACEMENT || letter.is_control())
}

/// The parameters of a query string.
///
/// # Errors
/// [`AppError::Invalid`] naming each parameter that is unknown, repeated, or not of its type.
pub(crate) fn from_query<T: DeserializeOwned>(query: &str) -> Result<T, AppError> {
    let mut pairs = serde_urlencoded::from_str::<Vec<(String, String)>>(query)
        .map_err(|_| AppError::invalid("query", Fault::Malformed))?;
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    if let Some((name, _)) = pairs.iter().find(|(name, value)| !(kept(name) && kept(value))) {
        return Err(AppError::invalid(name.clone(), Fault::BadCharacters));
    }
    pairs.retain(|(name, _)| {
        let first = seen.insert(name.clone());
        if !first {
            faults.push(Invalid::new(name.clone(), Fault::Duplicate));
        }
        first
    });
    loop {
        let plain =
            serde_urlencoded::to_string(&pairs).map_err(|_| AppError::invalid("query", Fault::Malformed))?;
        let fault = match serde_urlencoded::from_str::<Tracked<T>>(&plain) {
            Ok(Tracked(Ok(value))) if faults.is_empty() => return Ok(value),
            Ok(Tracked(Err(fault))) => fault,
            Ok(_) | Err(_) => return Err(AppError::Invalid(faults)),
        };
        let before = pairs.len();
        pairs.retain(|(name, _)| *name != fault.name);
        faults.push(fault);
        if pairs.len() == before || faults.len() >= MOST_FAULTS {
            return Err(AppError::Invalid(faults));
        }
    }
}

/// One thing as JSON.
///
/// # Errors
/// A problem when it is no UTF-8 or no JSON; [`AppError::Invalid`] naming each field that is unknown, missing or not of its type.
pub(super) fn from_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|_| Problem::InvalidUtf8)?;
    Ok(from_text(text).map_err(|error| malformed(&error))??)
}

/// The outer error: it is no JSON. The inner one names each fault.
pub(super) fn from_text<T: DeserializeOwned>(text: &str) -> Result<Result<T, AppError>, serde_json::Error> {
    // The straight way first: it alone sees a field given twice.
    let error = match serde_path_to_error::deserialize::<_, T>(&mut serde_json::Deserializer::from_str(text))
    {
        Ok(value) => return serde_json::from_str::<IgnoredAny>(text).map(|_| Ok(value)),
        Err(error) => error,
    };
    let whole: Value = serde_json::from_str(text)?;
    Ok(match from_value::<T>(whole) {
        Err(faults) => Err(faults),
        Ok(_) => Err(AppError::Invalid(vec![described(error.path(), &error.inner().to_string())])),
    })
}

/// One of many things: what it says, and how it says it.
#[derive(Debug)]
pub struct Row<T> {
    /// What it says, or why it says nothing.
    pub value: Result<T, AppError>,
    /// Its own bytes.
    pub bytes: Bytes,
}

impl<T: DeserializeOwned> Row<T> {
    /// Reads the row `text`, a part of `whole`.
    fn read(whole: &Bytes, text: &str) -> Row<T> {
        let no_json = |_| Err(AppError::invalid("body", Fault::Malformed));
        Row { value: from_text(text).unwrap_or_else(no_json), bytes: whole.slice_ref(text.as_bytes()) }
    }
}

/// Many things as a JSON array, each good or bad on its own.
///
/// # Errors
/// A problem when the whole is no UTF-8, no JSON or no array.
pub(super) fn from_array<T: DeserializeOwned>(bytes: &Bytes) -> Result<Vec<Row<T>>, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|_| Problem::InvalidUtf8)?;
    serde_json::from_str::<IgnoredAny>(text).map_err(|error| malformed(&error))?;
    let items = text.trim_start_matches(BLANK).strip_prefix('[').and_then(elements);
    let items = items.ok_or_else(|| Problem::invalid("body", Fault::Malformed))?;
    Ok(items.into_iter().map(|item| Row::read(bytes, item)).collect())
}

/// The texts of an array's elements; `rest` stands behind its bracket and is known to be sound.
fn elements(mut rest: &str) -> Option<Vec<&str>> {
    let mut found = Vec::new();
    loop {
        rest = rest.trim_start_matches(BLANK);
        if rest.starts_with(']') {
            return Some(found);
        }
        rest = rest.strip_prefix(',').unwrap_or(rest).trim_start_matches(BLANK);
        let mut stream = serde_json::Deserializer::from_str(rest).into_iter::<IgnoredAny>();
        stream.next()?.ok()?;
        let (element, after) = rest.split_at_checked(stream.byte_offset())?;
        found.push(element);
        rest = after;
    }
}

/// Many things, one JSON object a line; empty lines are passed over.
///
/// # Errors
/// A problem when the whole is no UTF-8.
pub(super) fn from_lines<T: DeserializeOwned>(bytes: &Bytes) -> Result<Vec<Row<T>>, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|_| Problem::InvalidUtf8)?;
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    Ok(lines.map(|line| Row::read(bytes, line)).collect())
}

fn malformed(error: &serde_json::Error) -> Problem {
    Problem::MalformedJson { line: error.line(), column: error.column() }
}

fn from_value<T: DeserializeOwned>(mut whole: Value) -> Result<T, AppError> {
    let mut faults: Vec<Invalid> = Vec::new();
    // What was told of, or taken out because a part of it was: missing now, and not worth another word.
    let mut told: BTreeSet<String> = BTreeSet::new();
    for _ in 0..MOST_ROUNDS {
        let Some(fault) = first_fault::<T>(&whole) else { break };
        let missing = fault.fault == Fault::Required;
        let rest = if missing { container(&fault.name) } else { &fault.name };
        let (name, removed) = (fault.name.clone(), removable(rest).to_owned());
        if !told.contains(container(&name)) && told.insert(name.clone()) {
            faults.push(fault);
        }
        if faults.len() >= MOST_FAULTS {
            break;
        }
        if missing && fill::<T>(&mut whole, &name) {
            continue;
        }
        if !take_out(&mut whole, &removed) {
            break;
        }
        told.insert(removed);
    }
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    serde_path_to_error::deserialize(&whole)
        .map_err(|error| AppError::Invalid(vec![described(error.path(), &error.inner().to_string())]))
}

fn first_fault<T: DeserializeOwned>(whole: &Value) -> Option<Invalid> {
    let read = serde_path_to_error::deserialize::<_, T>(whole);
    read.err().map(|error| described(error.path(), &error.inner().to_string()))
}

/// Puts something into the missing field that can be read, so that reading goes on to the next one missing; answers whether there is such a thing.
fn fill<T: DeserializeOwned>(whole: &mut Value, name: &str) -> bool {
    let mut candidates = vec![json!("2026-01-01"), json!([]), json!(0), json!(false), json!({}), json!("")];
    while let Some(candidate) = candidates.pop() {
        let Some((fields, last)) = place(whole, name) else { return false };
        fields.insert(last, candidate);
        let Some(fault) = first_fault::<T>(whole) else { return true };
        let beneath = fault.name.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'));
        if (beneath && fault.fault == Fault::Required) || !(beneath || fault.name == name) {
            return true;
        }
        candidates.extend(fault.allowed.first().map(|word| json!(word)));
    }
    take_out(whole, name);
    false
}

/// What a field stands in: `a[0]` for `a[0].b`, nothing for `a`.
fn container(name: &str) -> &str {
    name.rfind(['.', '[']).and_then(|at| name.get(..at)).unwrap_or_default()
}

/// The smallest thing around `name` that can be taken out without renumbering its neighbours.
fn removable(name: &str) -> &str {
    if name.ends_with(']') { removable(container(name)) } else { name }
}

/// Removes the field named `a.b[0].c`; answers whether there was one.
fn take_out(whole: &mut Value, name: &str) -> bool {
    place(whole, name).is_some_and(|(fields, last)| fields.remove(&last).is_some())
}

/// The object that the field named `a.b[0].c` stands in, and its own name there.
fn place<'a>(whole: &'a mut Value, name: &str) -> Option<(&'a mut Map<String, Value>, String)> {
    let plain = name.replace('[', ".").replace(']', "");
    let pointer: String = plain.split('.').map(|part| format!("/{part}")).collect();
    let (parent, last) = pointer.rsplit_once('/')?;
    Some((whole.pointer_mut(parent)?.as_object_mut()?, last.to_owned()))
}

/// What serde complains of, in our words. Its sentences are its only interface.
fn described(path: &Path, message: &str) -> Invalid {
    let at = name_of(path);
    let within = |field: &str| {
        let known = at == field || at.ends_with(&format!(".{field}"));
        if at == "body" {
            field.to_owned()
        } else if known {
            at.clone()
        } else {
            format!("{at}.{field}")
        }
    };
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let first = quoted.first().copied().unwrap_or_default();
    if message.starts_with("unknown field") {
        Invalid::new(within(first), Fault::UnknownField)
    } else if message.starts_with("missing field") {
        Invalid::new(within(first), Fault::Required)
    } else if message.starts_with("duplicate field") {
        Invalid::new(within(first), Fault::Duplicate)
    } else if message.starts_with("unknown variant") {
        Invalid::not_allowed(at, quoted.get(1..).unwrap_or_default())
    } else if message.starts_with(OUT_OF_RANGE) {
        Invalid::new(at, Fault::OutOfRange)
    } else if message.starts_with(EMPTY) {
        Invalid::new(at, Fault::Empty)
    } else {
        Invalid::new(at, Fault::Malformed)
    }
}

fn name_of(path: &Path) -> String {
    let mut name = String::new();
    for segment in path.iter() {
        match segment {
            Segment::Seq { index } => name.push_str(&format!("[{index}]")),
            Segment::Map { key } | Segment::Enum { variant: key } => {
                if !name.is_empty() {
                    name.push('.');
                }
                name.push_str(key);
            }
            Segment::Unknown => {}
        }
    }
    if name.is_empty() { "body".to_owned() } else { name }
}
