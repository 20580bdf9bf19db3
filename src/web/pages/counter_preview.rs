//! What the counter would promise, told before anything is stored.

use chrono::NaiveDate;

use super::super::fault::{Faults, PageError};
use super::super::visitor::Visitor;
use super::counter_form::Typed;
use crate::app::reception::{self, Rehearsed};
use crate::app::{App, AppError};
use crate::domain::office_time::local_date;
use crate::text::Lang;
use crate::text::moments::time_weekday_and_date;

/// What would be promised.
#[derive(Debug, Default)]
pub(super) struct Preview {
    /// The promise; `None` while no procedure is chosen, or none can be given.
    pub(super) shown: Option<Appointment>,
    /// Why none can be given.
    pub(super) faults: Vec<String>,
}

/// A promise as it would be given.
#[derive(Debug)]
pub(super) struct Appointment {
    /// When the result is ready.
    pub(super) due: String,
    /// Its day, which the form sends back.
    pub(super) day: NaiveDate,
    /// Why then.
    pub(super) sentence: String,
    /// By law.
    pub(super) statutory: String,
    /// By the unit's commitment.
    pub(super) commitment: Option<String>,
    /// Whether it rests on days off not announced yet.
    pub(super) provisional: bool,
    /// What the promise breaks: a sentence each, with the decision of a commitment.
    pub(super) findings: Vec<(String, Option<String>)>,
    /// The promise to give instead.
    pub(super) instead: Option<String>,
}

impl Preview {
    /// What would be promised for what is typed.
    ///
    /// # Errors
    /// Those that are no matter of the form.
    pub(super) async fn of(app: &App, visitor: &Visitor, typed: &Typed) -> Result<Preview, PageError> {
        if typed.procedure.is_empty() {
            return Ok(Preview::default());
        }
        let (reception, mut faults) = typed.reception();
        // In how many copies is no matter of when.
        faults.retain(|fault| fault.name != "copies");
        let result = match faults.is_empty() {
            true => reception::rehearse(app, reception, &visitor.by, visitor.lang).await,
            false => Err(AppError::Invalid(faults)),
        };
        match result {
            Ok(rehearsed) => {
                Ok(Preview { shown: Some(appointment(visitor.lang, rehearsed)), faults: Vec::new() })
            }
            Err(error) => Ok(Preview { shown: None, faults: Faults::of(visitor.lang, error)?.said() }),
        }
    }
}

fn appointment(lang: Lang, of: Rehearsed) -> Appointment {
    let words = |at: crate::app::view::OfficeTime| time_weekday_and_date(lang, at.0);
    let Rehearsed { dossier, deadline } = of;
    let promised = dossier.first_due_at;
    let instead = dossier.findings.iter().find_map(|of| of.compliant_due_at).filter(|at| *at != promised);
    Appointment {
        due: words(promised),
        day: local_date(promised.0),
        sentence: deadline.sentence,
        statutory: words(dossier.statutory_due_at),
        commitment: dossier.commitment_due_at.map(words),
        provisional: dossier.provisional,
        findings: dossier.findings.into_iter().map(|of| (of.detail, of.commitment)).collect(),
        instead: instead.map(words),
    }
}
