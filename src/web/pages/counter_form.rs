//! The counter's form as it was typed, and what it asks for.

use chrono::{NaiveDate, NaiveTime};

use super::super::form::Form;
use crate::app::catalogue::procedure_search::ProcedureFound;
use crate::app::reception::{Reception, fresh_key};
use crate::app::writer::{Applicant, Registration};
use crate::app::{AppError, Fault, Invalid};
use crate::domain::dossier::Channel;
use crate::domain::letters::shown;
use crate::domain::office_time::instant;

/// The longest key that a form may carry.
const LONGEST_KEY: usize = 64;

/// Each field as it was typed.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed {
    pub(super) unit: String,
    /// What stands in the field for the procedure: words to look for, or the name of the one chosen.
    pub(super) words: String,
    /// The words that `procedure` was chosen by; others look for another one.
    pub(super) words_before: String,
    /// The procedure's code; empty while none is chosen.
    pub(super) procedure: String,
    pub(super) case: String,
    pub(super) channel: String,
    pub(super) name: String,
    pub(super) phone: String,
    pub(super) email: String,
    pub(super) address: String,
    pub(super) note: String,
    pub(super) copies: String,
    pub(super) promise_date: String,
    pub(super) promise_time: String,
    pub(super) reason: String,
    /// The due day that was shown.
    pub(super) seen: String,
    /// What makes a form sent twice be taken once.
    pub(super) key: String,
}

impl Typed {
    /// A form nobody has typed into.
    ///
    /// # Errors
    /// Those of [`fresh_key`].
    pub(super) fn fresh(unit: &str, procedure: &str) -> Result<Typed, AppError> {
        Ok(Typed {
            unit: unit.to_owned(),
            procedure: procedure.to_owned(),
            channel: Channel::InPerson.word().to_owned(),
            copies: "1".to_owned(),
            key: fresh_key()?,
            ..Typed::default()
        })
    }

    /// The form as it was sent; its unit is `unit` where it names none.
    ///
    /// # Errors
    /// As [`Typed::fresh`].
    pub(super) fn of(form: &Form, unit: &str) -> Result<Typed, AppError> {
        let text = |name: &str| form.text(name).to_owned();
        let key = text("key");
        let usable =
            (1..=LONGEST_KEY).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
        Ok(Typed {
            unit: form.optional("unit").unwrap_or_else(|| unit.to_owned()),
            words: text("q"),
            words_before: text("q_before"),
            procedure: text("procedure"),
            case: text("case"),
            channel: form.optional("channel").unwrap_or_else(|| Channel::InPerson.word().to_owned()),
            name: text("applicant.name"),
            phone: text("applicant.phone"),
            email: text("applicant.email"),
            address: text("applicant.address"),
            note: text("note"),
            copies: text("copies"),
            promise_date: text("promise_date"),
            promise_time: text("promise_time"),
            reason: text("reason"),
            seen: text("seen"),
            key: if usable { key } else { fresh_key()? },
        })
    }

    /// Whether what is typed looks for a procedure other than the one chosen before.
    pub(super) fn looks(&self) -> bool {
        self.procedure.is_empty() || self.words != self.words_before
    }

    /// Takes a procedure as chosen; a case that it does not know is no longer one.
    pub(super) fn choose(&mut self, procedure: &ProcedureFound) {
        self.procedure.clone_from(&procedure.code);
        self.words = label(procedure);
        self.words_before.clone_from(&self.words);
    }

    /// Whether the officer promises a date of their own, or began to.
    pub(super) fn promises(&self) -> bool {
        [&self.promise_date, &self.promise_time, &self.reason].iter().any(|text| !text.is_empty())
    }

    /// Whether something stands in the rarer fields.
    pub(super) fn tells_more(&self) -> bool {
        [&self.email, &self.address, &self.note].iter().any(|text| !text.is_empty())
    }

    /// Takes the officer's own date away, so that the rules' own is promised.
    pub(super) fn promise_nothing(&mut self) {
        self.promise_date.clear();
        self.promise_time.clear();
    }

    /// What is asked for, with the faults of what could not be read.
    pub(super) fn reception(&self) -> (Reception, Vec<Invalid>) {
        let mut faults = Vec::new();
        let mut read = |name: &str, fault: Fault| faults.push(Invalid::new(name, fault));
        let channel = Channel::from_word(&self.channel).unwrap_or_else(|| {
            read("channel", Fault::NotAllowed);
            Channel::InPerson
        });
        let copies = copies(&self.copies).unwrap_or_else(|fault| {
            read("copies", fault);
            1
        });
        let promise = promise(&self.promise_date, &self.promise_time).unwrap_or_else(|fault| {
            read("due_at", fault);
            Promise::None
        });
        let new = self.registration(channel, &promise);
        let due_on = if let Promise::On(day) = promise { Some(day) } else { None };
        let seen_on = self.seen.parse().ok();
        (Reception { new, due_on, seen_on, copies, key: self.key.clone() }, faults)
    }

    fn registration(&self, channel: Channel, promise: &Promise) -> Registration {
        let some = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        Registration {
            code: None,
            unit: self.unit.clone(),
            procedure: self.procedure.clone(),
            channel,
            case: some(&self.case),
            received_at: None,
            due_at: if let Promise::At(day, time) = promise { Some(instant(*day, *time)) } else { None },
            officer: None,
            applicant: Applicant {
                // A name of which nothing can be seen is an empty one.
                name: shown(&self.name).to_owned(),
                phone: some(&self.phone),
                email: some(&self.email),
                address: some(&self.address),
            },
            note: some(&self.note),
            reason: some(&self.reason),
            closed: None,
            idempotency: None,
        }
    }
}

/// How a procedure stands in its field once it is chosen.
pub(super) fn label(of: &ProcedureFound) -> String {
    format!("{} {}", of.code, of.name)
}

/// The officer's own date.
#[derive(Debug, PartialEq, Eq)]
enum Promise {
    None,
    On(NaiveDate),
    At(NaiveDate, NaiveTime),
}

fn promise(date: &str, time: &str) -> Result<Promise, Fault> {
    if date.is_empty() {
        return if time.is_empty() { Ok(Promise::None) } else { Err(Fault::Required) };
    }
    // Browsers without a picker of dates send what was typed, as papers write it.
    let read = |form: &str| NaiveDate::parse_from_str(date, form).ok();
    let day = read("%Y-%m-%d").or_else(|| read("%d/%m/%Y")).ok_or(Fault::Malformed)?;
    if !crate::domain::office_time::is_of_our_time(day) {
        return Err(Fault::OutOfRange);
    }
    let read = |form: &str| NaiveTime::parse_from_str(time, form).ok();
    match time {
        "" => Ok(Promise::On(day)),
        _ => {
            read("%H:%M").or_else(|| read("%Hh%M")).map(|time| Promise::At(day, time)).ok_or(Fault::Malformed)
        }
    }
}

fn copies(text: &str) -> Result<u32, Fault> {
    let number = text.strip_prefix('-').unwrap_or(text);
    match text.parse() {
        Ok(count) => Ok(count),
        Err(_) if text.is_empty() => Ok(1),
        Err(_) if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) => {
            Err(Fault::OutOfRange)
        }
        Err(_) => Err(Fault::Malformed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_as_pickers_send_it_and_as_people_write_it() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        let time = NaiveTime::from_hms_opt(15, 30, 0).unwrap();
        assert_eq!(promise("2026-11-20", "15:30"), Ok(Promise::At(day, time)));
        assert_eq!(promise("20/11/2026", "15h30"), Ok(Promise::At(day, time)));
        assert_eq!((promise("20/11/2026", ""), promise("", "")), (Ok(Promise::On(day)), Ok(Promise::None)));
        assert_eq!(promise("", "15:30"), Err(Fault::Required));
        assert_eq!(
            (promise("31/2/2026", ""), promise("2026-11-20", "chiều")),
            (Err(Fault::Malformed), Err(Fault::Malformed))
        );
        assert_eq!(promise("20/11/9999", ""), Err(Fault::OutOfRange));
    }

    #[test]
    fn copies_are_one_unless_said_and_a_number_too_large_is_out_of_range() {
        assert_eq!((copies(""), copies("40"), copies("0")), (Ok(1), Ok(40), Ok(0)));
        assert_eq!(
            (copies("-1"), copies("99999999999999")),
            (Err(Fault::OutOfRange), Err(Fault::OutOfRange))
        );
        assert_eq!(
            (copies("bốn mươi"), copies("1.5"), copies("-")),
            (Err(Fault::Malformed), Err(Fault::Malformed), Err(Fault::Malformed))
        );
    }
}
