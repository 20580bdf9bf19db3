//! Trying a commitment or a limit out on the dossiers of the last months, before anybody decides on it.
//!
//! Dossiers are read page by page within one snapshot on a reader's connection: memory stays small, and the writer never waits. What one dossier
//! comes to is [`crate::domain::what_if`]'s.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveTime, Utc, Weekday};
use serde::Serialize;
use utoipa::ToSchema;

use super::access::{Principal, Right};
use super::catalogue::commitments::commitment_faults;
use super::reports::RateView;
use super::view::OfficeTime;
use super::{App, AppError, Catalogue, Fault, Invalid};
use crate::domain::calendar::Calendar;
use crate::domain::dossier::Dossier;
use crate::domain::office_time::{instant, local_date};
use crate::domain::what_if::{Ending, Proposal, Score, Trial, Verdict};
use crate::store::replay::{Past, dossiers_past_after};
use crate::store::{AnyConnection, Moment};
use crate::text::{Lang, moments};

/// Dossiers read at once.
const PAGE: i64 = 2_000;
/// Broken dossiers that are listed; the others are only counted.
const LISTED: usize = 500;
/// The months looked back on at most.
const MOST_MONTHS: u32 = 36;

/// What is asked.
#[derive(Debug, Clone)]
pub struct WhatIf {
    /// What might hold.
    pub proposal: Proposal,
    /// Whose dossiers: this unit's and those of the units below.
    pub unit: String,
    /// How many months back, 1–36.
    pub months: u32,
    /// In which language names are told.
    pub lang: Lang,
}

/// What would have been.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WhatIfView {
    /// Top of the units it is about.
    pub unit: String,
    /// First receipt day looked at.
    pub from: NaiveDate,
    /// Last receipt day looked at.
    pub to: NaiveDate,
    /// The instant it is seen from.
    pub as_of: OfficeTime,
    /// All dossiers of these days, covered or not.
    pub received: u32,
    /// What those covered come to.
    pub total: ScoreView,
    /// The same by procedure, in the order of their codes.
    pub by_procedure: Vec<ScoreRow>,
    /// The same by the weekday on which the office counts them as received, Monday first.
    pub by_weekday: Vec<ScoreRow>,
    /// Those that would have broken it.
    pub broken: BrokenView,
}

/// Dossiers held against a rule.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ScoreView {
    /// How many the rule would have covered: `kept` + `broken` + `running`.
    pub covered: u32,
    /// Promised and closed in time.
    pub kept: u32,
    /// Promised for later, closed later, or still open when the time was over; each dossier once.
    pub broken: u32,
    /// Open, and still in time.
    pub running: u32,
    /// Of the broken: promised for later.
    pub promised_later: u32,
    /// Of the broken: closed later.
    pub closed_later: u32,
    /// Of the broken: still open.
    pub still_open: u32,
    /// `kept` of `kept` and `broken`.
    pub rate: RateView,
    /// Closed in time, of those closed or out of time, whatever had been promised: promises were given without knowing of the rule.
    pub rate_in_fact: RateView,
}

/// One procedure's, or weekday's, score.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ScoreRow {
    /// The procedure's code, or `mon` to `sun`.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What its dossiers come to.
    #[serde(flatten)]
    pub score: ScoreView,
}

/// The dossiers that would have broken the rule.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct BrokenView {
    /// The first 500, by unit and receipt.
    pub items: Vec<BrokenDossier>,
    /// How many there are.
    pub count: u32,
}

words! {
    /// By what a dossier would have broken the rule.
    BrokenBy {
        /// The receipt promised a later day.
        PromisedLater = "promised_later",
        /// It was closed when the time was over.
        ClosedLater = "closed_later",
        /// It is open, and the time is over.
        StillOpen = "still_open",
    }
}

/// A dossier that would have broken the rule.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BrokenDossier {
    /// Its code.
    pub code: String,
    /// The unit that took it.
    pub unit: String,
    /// What was asked for.
    pub procedure: String,
    /// When it was handed in.
    pub received_at: OfficeTime,
    /// When it would have been due.
    pub due_at: OfficeTime,
    /// What the receipt promised.
    pub promised_at: OfficeTime,
    /// When it was closed.
    pub closed_at: Option<OfficeTime>,
    /// By what it would have broken the rule.
    pub by: Vec<BrokenBy>,
}

/// Tries the proposal out on the dossiers of a unit and all below it.
///
/// # Errors
/// [`AppError::Forbidden`] for officers; [`AppError::Invalid`] naming `unit`, `months`, or what is wrong with the proposal (`commitment.procedures[0]`,
/// `limit.procedure`); the store's.
pub async fn what_if(app: &App, asked: WhatIf, by: Principal) -> Result<WhatIfView, AppError> {
    by.must(Right::TryRules)?;
    if !(1..=MOST_MONTHS).contains(&asked.months) {
        return Err(AppError::invalid("months", Fault::OutOfRange));
    }
    let now = app.clock().now();
    app.read(move |c, catalogue| {
        check(&asked, &by, catalogue)?;
        c.snapshot(|c| Replay::new(catalogue, asked, now).run(c))
    })
    .await
}

fn check(asked: &WhatIf, by: &Principal, catalogue: &Catalogue) -> Result<(), AppError> {
    let known = catalogue.units.get(&asked.unit).is_some() && by.sees(&asked.unit, &catalogue.units);
    if !known {
        // As reports do: whoever may not read of a unit does not learn whether there is one.
        return Err(AppError::invalid("unit", Fault::UnknownReference));
    }
    let mut faults = Vec::new();
    match &asked.proposal {
        Proposal::Commitment(of) => {
            let below = |of: Invalid| Invalid { name: format!("commitment.{}", of.name), ..of };
            faults.extend(commitment_faults(of, catalogue).into_iter().map(below));
        }
        Proposal::Limit(of) if !catalogue.procedures.contains_key(&of.procedure) => {
            faults.push(Invalid::new("limit.procedure", Fault::UnknownReference));
        }
        Proposal::Limit(_) => {}
    }
    if faults.is_empty() { Ok(()) } else { Err(AppError::Invalid(faults)) }
}

/// The running count.
struct Replay<'a> {
    catalogue: &'a Catalogue,
    trial: Trial,
    units: Vec<String>,
    from: Moment,
    view: WhatIfView,
    lang: Lang,
    now: DateTime<Utc>,
    total: Score,
    by_procedure: BTreeMap<String, Score>,
    by_weekday: BTreeMap<u8, Score>,
}

impl<'a> Replay<'a> {
    fn new(catalogue: &'a Catalogue, asked: WhatIf, now: DateTime<Utc>) -> Replay<'a> {
        let to = local_date(now);
        let from = to.checked_sub_months(Months::new(asked.months)).unwrap_or(to);
        let trial = Trial::new(asked.proposal, &catalogue.commitments);
        let units = catalogue.units.subtree(&asked.unit);
        let view = WhatIfView {
            unit: asked.unit,
            from,
            to,
            as_of: now.into(),
            received: 0,
            total: Score::default().into(),
            by_procedure: Vec::new(),
            by_weekday: Vec::new(),
            broken: BrokenView::default(),
        };
        Replay {
            catalogue,
            trial,
            units,
            from: instant(from, NaiveTime::MIN).into(),
            view,
            lang: asked.lang,
            now,
            total: Score::default(),
            by_procedure: BTreeMap::new(),
            by_weekday: BTreeMap::new(),
        }
    }

    fn run(mut self, c: &mut AnyConnection) -> Result<WhatIfView, AppError> {
        for unit in std::mem::take(&mut self.units) {
            let calendar = self.catalogue.calendar(&unit)?;
            let past = Past { unit: &unit, from: self.from, until: self.now.into() };
            let mut place = None;
            loop {
                let page = dossiers_past_after(c, &past, place, PAGE)?;
                let Some(last) = page.last() else { break };
                place = Some((last.received_at.into(), last.id));
                self.judge(&calendar, &page)?;
            }
        }
        Ok(self.told())
    }

    fn judge(&mut self, calendar: &Calendar, page: &[Dossier]) -> Result<(), AppError> {
        for dossier in page {
            self.view.received += 1;
            if let Some(verdict) = self.verdict(calendar, dossier)? {
                self.count(dossier, &verdict);
            }
        }
        Ok(())
    }

    fn verdict(&self, calendar: &Calendar, dossier: &Dossier) -> Result<Option<Verdict>, AppError> {
        let Some(procedure) = self.catalogue.procedures.get(&dossier.procedure) else { return Ok(None) };
        Ok(self.trial.verdict((calendar, &self.catalogue.units), procedure, dossier, self.now)?)
    }

    fn count(&mut self, dossier: &Dossier, verdict: &Verdict) {
        self.total.add(verdict);
        match self.by_procedure.get_mut(&dossier.procedure) {
            Some(score) => score.add(verdict),
            None => self.by_procedure.entry(dossier.procedure.clone()).or_default().add(verdict),
        }
        let weekday = local_date(dossier.effective_receipt).weekday().number_from_monday();
        self.by_weekday.entry(u8::try_from(weekday).unwrap_or_default()).or_default().add(verdict);
        if verdict.is_broken() {
            self.view.broken.count += 1;
            if self.view.broken.items.len() < LISTED {
                self.view.broken.items.push(broken(dossier, verdict));
            }
        }
    }

    fn told(self) -> WhatIfView {
        let procedure = |(code, score): (String, Score)| {
            let name = self.catalogue.procedure_name(&code).to_owned();
            ScoreRow { name, key: code, score: score.into() }
        };
        let weekday = |(number, score): (u8, Score)| {
            let day = Weekday::try_from(number.saturating_sub(1)).unwrap_or(Weekday::Mon);
            let name = moments::weekday(self.lang, day).to_owned();
            ScoreRow { key: day.to_string().to_lowercase(), name, score: score.into() }
        };
        WhatIfView {
            total: self.total.into(),
            by_procedure: self.by_procedure.into_iter().map(procedure).collect(),
            by_weekday: self.by_weekday.into_iter().map(weekday).collect(),
            ..self.view
        }
    }
}

fn broken(of: &Dossier, verdict: &Verdict) -> BrokenDossier {
    let ending = match verdict.ending {
        Ending::ClosedLater => Some(BrokenBy::ClosedLater),
        Ending::StillOpen => Some(BrokenBy::StillOpen),
        Ending::Kept | Ending::Running => None,
    };
    let promise = verdict.promised_later.then_some(BrokenBy::PromisedLater);
    BrokenDossier {
        code: of.code.clone(),
        unit: of.unit.clone(),
        procedure: of.procedure.clone(),
        received_at: of.received_at.into(),
        due_at: verdict.due_at.into(),
        promised_at: of.first_due_at.into(),
        closed_at: of.closed_at.map(Into::into),
        by: promise.into_iter().chain(ending).collect(),
    }
}

impl From<Score> for ScoreView {
    fn from(of: Score) -> Self {
        ScoreView {
            covered: of.covered,
            kept: of.kept,
            broken: of.broken,
            running: of.running,
            promised_later: of.promised_later,
            closed_later: of.closed_later,
            still_open: of.still_open,
            rate: of.rate().into(),
            rate_in_fact: of.rate_in_fact().into(),
        }
    }
}
