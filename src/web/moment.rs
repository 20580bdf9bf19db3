//! Instants as a browser's field for date and time writes them, by the office's clock.

use chrono::{DateTime, NaiveDateTime, Utc};

use super::form::Form;
use crate::app::{AppError, Fault, Invalid};
use crate::domain::office_time;

/// As browsers send them, and as people write them where the browser knows no such field.
const WRITTEN: [&str; 5] =
    ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M", "%H:%M %d/%m/%Y", "%d/%m/%Y %Hh%M"];

/// What a field of date and time is filled with.
pub(super) fn written(at: DateTime<Utc>) -> String {
    office_time::local(at).format("%Y-%m-%dT%H:%M").to_string()
}

/// The instant that a field says; `None` where it was left empty. What is none is added to `faults`.
pub(super) fn read(form: &Form, name: &str, faults: &mut Vec<Invalid>) -> Option<DateTime<Utc>> {
    let text = form.text(name);
    if text.is_empty() {
        return None;
    }
    let at = WRITTEN.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    let at = at.map(|at| office_time::instant(at.date(), at.time()));
    if at.is_none() {
        faults.push(Invalid::new(name, Fault::Malformed));
    }
    at
}

/// Nothing, or all that is wrong.
///
/// # Errors
/// [`AppError::Invalid`] naming each.
pub(super) fn no(faults: Vec<Invalid>) -> Result<(), AppError> {
    if faults.is_empty() { Ok(()) } else { Err(AppError::Invalid(faults)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_read_as_it_was_written() {
        let form =
            Form::parse(b"at=2026-11-20T15%3A01&hand=20%2F11%2F2026+15%3A01&wrong=soon&empty=").unwrap();
        let mut faults = Vec::new();
        let at = read(&form, "at", &mut faults).unwrap();
        assert_eq!(
            (written(at).as_str(), at.to_rfc3339().as_str()),
            ("2026-11-20T15:01", "2026-11-20T08:01:00+00:00")
        );
        assert_eq!(read(&form, "hand", &mut faults), Some(at));
        assert_eq!((read(&form, "empty", &mut faults), faults.len()), (None, 0));
        assert_eq!((read(&form, "wrong", &mut faults), faults.len()), (None, 1));
    }
}
