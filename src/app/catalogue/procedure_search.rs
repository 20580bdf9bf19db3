//! The procedures that fit what an officer types, those of use to their unit first.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::app::access::Principal;
use crate::app::{App, AppError, Catalogue};
use crate::domain::commitment::is_registered_same_day;
use crate::domain::deadline::Limit;
use crate::domain::dossier::Channel;
use crate::domain::office_time::local_date;
use crate::domain::procedure::Procedure;
use crate::domain::procedure_search::{Fit, Wanted};
use crate::store::dossiers::dossiers_last_procedures;

/// What a unit takes usually is told by so many of its last dossiers.
const LAST: i64 = 300;

/// What is looked for.
#[derive(Debug, Clone)]
pub struct ProcedureQuestion {
    /// For which unit; one that the asker does not see weighs nothing.
    pub unit: String,
    /// What was typed; with nothing, the unit's usual procedures are found.
    pub words: String,
    /// So many at most.
    pub most: usize,
}

/// A procedure that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProcedureFound {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its sector.
    pub sector: String,
    /// Its ordinary limit today for those who come to the counter, if one is in force.
    pub limit: Option<Limit>,
    /// Whether the unit has registered it for same-day handling.
    pub same_day: bool,
    /// The cases that have limits of their own.
    pub cases: Vec<String>,
}

/// The procedures found, and how many there are in all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProceduresFound {
    /// The best, in their order.
    pub best: Vec<ProcedureFound>,
    /// How many fit.
    pub count: usize,
}

/// Finds procedures: how well the words fit decides first, then how often the unit takes them, then whether it has registered them for same-day
/// handling.
///
/// # Errors
/// The store's.
pub async fn procedures_search(
    app: &App,
    question: ProcedureQuestion,
    by: &Principal,
) -> Result<ProceduresFound, AppError> {
    let (today, by) = (local_date(app.clock().now()), by.clone());
    app.read(move |c, catalogue| {
        let known = by.sees(&question.unit, &catalogue.units);
        let last = if known { dossiers_last_procedures(c, &question.unit, LAST)? } else { Vec::new() };
        let mut often: HashMap<&str, usize> = HashMap::new();
        for code in &last {
            *often.entry(code.as_str()).or_default() += 1;
        }
        Ok(ranked(&Place { catalogue, unit: &question.unit, today }, &question, &often))
    })
    .await
}

/// One procedure as it would be found.
///
/// # Errors
/// The store's.
pub async fn procedure_named(app: &App, code: &str, unit: &str) -> Result<Option<ProcedureFound>, AppError> {
    let today = local_date(app.clock().now());
    let (code, unit) = (code.to_owned(), unit.to_owned());
    app.read(move |_, catalogue| {
        let place = Place { catalogue, unit: &unit, today };
        Ok(catalogue.procedures.get(&code).map(|of| place.found(of)))
    })
    .await
}

/// Where and when it is asked.
struct Place<'a> {
    catalogue: &'a Catalogue,
    unit: &'a str,
    today: NaiveDate,
}

impl Place<'_> {
    fn found(&self, of: &Procedure) -> ProcedureFound {
        ProcedureFound {
            code: of.code.clone(),
            name: of.name.clone(),
            sector: of.sector.clone(),
            limit: self.limit(of),
            same_day: self.is_same_day(of),
            cases: of.cases().into_iter().map(ToOwned::to_owned).collect(),
        }
    }

    fn limit(&self, of: &Procedure) -> Option<Limit> {
        of.limit_at(self.today, Channel::InPerson).map(|of| of.limit)
    }

    fn is_same_day(&self, of: &Procedure) -> bool {
        let Catalogue { commitments, units, .. } = self.catalogue;
        let place = (self.unit, self.today);
        self.limit(of).is_some_and(|limit| is_registered_same_day(commitments, units, place, (of, limit)))
    }
}

fn ranked(place: &Place<'_>, question: &ProcedureQuestion, often: &HashMap<&str, usize>) -> ProceduresFound {
    let wanted = Wanted::of(&question.words);
    let procedures = &place.catalogue.procedures;
    // With nothing typed, each procedure fits as well as any other.
    let hits: Vec<(Fit, usize, &Procedure)> = if wanted.is_empty() {
        procedures.values().map(|of| (Fit::Letters, 0, of)).collect()
    } else {
        let of = |code: &str| procedures.get(code);
        place
            .catalogue
            .procedure_index()
            .hits(&wanted)
            .filter_map(|hit| Some((hit.fit, hit.at, of(hit.code)?)))
            .collect()
    };
    let mut weighed: Vec<_> = hits
        .into_iter()
        .map(|(fit, at, of)| {
            let times = often.get(of.code.as_str()).copied().unwrap_or(0);
            ((fit, std::cmp::Reverse(times), !place.is_same_day(of), at, of.name.len()), of)
        })
        .filter(|((_, times, other, ..), _)| !wanted.is_empty() || times.0 > 0 || !other)
        .collect();
    weighed.sort_by(|(one, a), (other, b)| one.cmp(other).then_with(|| a.code.cmp(&b.code)));
    let best = weighed.iter().take(question.most).map(|(_, of)| place.found(of)).collect();
    ProceduresFound { best, count: weighed.len() }
}
