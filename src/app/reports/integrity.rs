//! The lens on numbers that look too good: each officer, or unit, beside the others. It says "look here", never "guilty"; the signs and the rule are
//! [`crate::domain::integrity`]'s.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use super::heading::HeadingView;
use super::tables::{Tabular, ratio, title};
use super::tallies::tallies;
use super::{Asked, RateView, Scope};
use crate::app::access::Principal;
use crate::app::{App, AppError, Catalogue, Fault};
use crate::domain::act::ActKind;
use crate::domain::calendar::Calendar;
use crate::domain::integrity::{
    Beside, IntegrityBy, MOST_MINUTES, Sign, beside, in_last_minutes, stretches_of_last_minutes,
};
use crate::domain::ranking::together;
use crate::domain::statistics::{GroupBy, Rate, Tally};
use crate::store::AnyConnection;
use crate::store::integrity::{
    Base, ByKey, acted_on, backdated_closings, officers_bases, paused_when_due, timely_closings,
};
use crate::text::{Lang, report_words as words, reports as text};

/// Digits of a probability that are told.
const CHANCE_STEPS: f64 = 1e6;

/// What an integrity report is asked for.
#[derive(Debug, Clone)]
pub struct IntegrityRequest {
    /// Of when and whom.
    pub asked: Asked,
    /// Whom the lens is on.
    pub group_by: IntegrityBy,
    /// How many minutes before the due day's last session ends are its last ones.
    pub minutes: u32,
}

/// Each officer, or unit, beside the others.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct IntegrityReport {
    /// What it is about.
    #[serde(flatten)]
    pub heading: HeadingView,
    /// Whom the lens is on.
    pub group_by: IntegrityBy,
    /// How many minutes before the due day's last session ends are its last ones.
    pub minutes: u32,
    /// How it is to be read.
    pub note: String,
    /// One row each with any dossier in the period, sorted by key.
    pub rows: Vec<IntegrityRow>,
}

/// An officer or a unit.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct IntegrityRow {
    /// The officer's name or the unit's code; empty for dossiers nobody is in charge of, which are set beside nobody.
    pub key: String,
    /// The name to show.
    pub name: String,
    /// The signs, in one order for all rows.
    pub signs: Vec<SignView>,
}

/// A sign, beside the others' rate.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SignView {
    /// Which.
    pub sign: Sign,
    /// The name to show.
    pub name: String,
    /// How many dossiers have it, of how many.
    pub own: RateView,
    /// The same of all the others together.
    pub peers: RateView,
    /// How probable so many or more would be, were all alike (Fisher's exact test, one-sided), to six decimals. Null of fewer than 30 dossiers, one's own or
    /// the others'.
    pub chance: Option<f64>,
    /// Whether it is worth a look: at least 3, and a chance below 0.001. Null where `chance` is.
    pub stands_out: Option<bool>,
}

/// Each officer of a unit and all below it, or each unit, beside the others.
///
/// # Errors
/// [`AppError::Invalid`] naming `minutes` when there are none or more than [`MOST_MINUTES`]; those of [`Asked::scope`]; the store's.
pub async fn integrity(
    app: &App,
    request: IntegrityRequest,
    by: Principal,
) -> Result<IntegrityReport, AppError> {
    if !(1..=MOST_MINUTES).contains(&request.minutes) {
        return Err(AppError::invalid("minutes", Fault::OutOfRange));
    }
    let now = app.clock().now();
    app.read_at_once(move |c, catalogue| {
        let scope = request.asked.scope(catalogue, &by, now)?;
        let lens = Lens::new(c, catalogue, &scope, &request)?;
        let rows = lens.bases.iter().map(|(key, base)| lens.row(catalogue, key, base)).collect();
        Ok(IntegrityReport {
            heading: HeadingView::new(&scope),
            group_by: request.group_by,
            minutes: request.minutes,
            note: words::integrity_note(request.asked.lang).to_owned(),
            rows,
        })
    })
    .await
}

/// What is known of everybody.
struct Lens {
    by: IntegrityBy,
    lang: Lang,
    bases: BTreeMap<String, Base>,
    signs: Vec<Counts>,
}

/// What is known of one sign: how many dossiers of whom have it, and the share of all that somebody is in charge of.
struct Counts {
    sign: Sign,
    name: String,
    by_key: ByKey,
    all: Rate,
}

impl Lens {
    fn new(
        c: &mut AnyConnection,
        catalogue: &Catalogue,
        scope: &Scope,
        request: &IntegrityRequest,
    ) -> Result<Lens, AppError> {
        let by = request.group_by;
        let bases = bases(c, scope, by)?;
        let (units, window) = (scope.narrowed(), &scope.window);
        let mut signs = Vec::new();
        for sign in Sign::ALL {
            let counts = match sign {
                Sign::LastMinutes => last_minutes(c, catalogue, scope, request)?,
                Sign::PausedWhenDue => paused_when_due(c, units, by, window)?,
                Sign::BackdatedClosings => backdated_closings(c, units, by, window)?,
                Sign::Reappointments => acted_on(c, units, by, window, ActKind::Apologise)?,
                Sign::Supplements => acted_on(c, units, by, window, ActKind::RequestSupplement)?,
            };
            let counts = if by == IntegrityBy::Unit { answered(scope, counts) } else { counts };
            let named = bases.iter().filter(|(key, _)| !key.is_empty());
            let rates: Vec<Rate> = named.map(|(key, base)| rate(*sign, &counts, key, base)).collect();
            let name = words::sign(request.asked.lang, *sign, request.minutes);
            signs.push(Counts { sign: *sign, name, by_key: counts, all: together(&rates) });
        }
        Ok(Lens { by, lang: request.asked.lang, bases, signs })
    }

    fn row(&self, catalogue: &Catalogue, key: &str, base: &Base) -> IntegrityRow {
        let name = match self.by {
            IntegrityBy::Unit => catalogue.unit_name(key),
            IntegrityBy::Officer if key.is_empty() => text::nobody(self.lang),
            IntegrityBy::Officer => key,
        };
        let signs = self.signs.iter().map(|of| Lens::sign(of, key, base)).collect();
        IntegrityRow { key: key.to_owned(), name: name.to_owned(), signs }
    }

    fn sign(Counts { sign, name, by_key, all }: &Counts, key: &str, base: &Base) -> SignView {
        let own = rate(*sign, by_key, key, base);
        // Dossiers that nobody is in charge of are nobody's peers.
        let mut peers = *all;
        if !key.is_empty() {
            peers.numerator = peers.numerator.saturating_sub(own.numerator);
            peers.denominator = peers.denominator.saturating_sub(own.denominator);
        }
        let judged =
            if key.is_empty() { Beside { chance: None, stands_out: None } } else { beside(own, peers) };
        SignView {
            sign: *sign,
            name: name.clone(),
            own: own.into(),
            peers: peers.into(),
            chance: judged.chance.map(|chance| (chance * CHANCE_STEPS).round() / CHANCE_STEPS),
            stands_out: judged.stands_out,
        }
    }
}

/// The counts of units that were no more on the day asked for are those of who had taken their place.
fn answered(scope: &Scope, counts: ByKey) -> ByKey {
    let mut all = ByKey::new();
    for (unit, n) in counts {
        *all.entry(scope.answering(&unit).to_owned()).or_default() += n;
    }
    all
}

fn rate(sign: Sign, counts: &ByKey, key: &str, base: &Base) -> Rate {
    let denominator = if sign.is_of_closings() { base.resolved } else { base.received };
    Rate { numerator: counts.get(key).copied().unwrap_or(0), denominator }
}

/// Of how many dossiers of whom. Units' counters know it; of officers all that is counted is what is asked.
fn bases(c: &mut AnyConnection, scope: &Scope, by: IntegrityBy) -> Result<BTreeMap<String, Base>, AppError> {
    match by {
        IntegrityBy::Officer => Ok(officers_bases(c, scope.narrowed(), &scope.window)?),
        IntegrityBy::Unit => {
            let all = tallies(c, scope, GroupBy::Unit)?.by_key.into_iter();
            let base = |of: Tally| Base { received: of.received, resolved: of.resolved };
            Ok(all.map(|(key, of)| (key, base(of))).collect())
        }
    }
}

fn last_minutes(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    scope: &Scope,
    request: &IntegrityRequest,
) -> Result<ByKey, AppError> {
    let (start, cut) = (scope.window.start(), scope.window.cut());
    let stretches = match scope.narrowed() {
        // Of some units all closings are few.
        Some(_) => vec![(start, cut)],
        None => {
            let calendars = catalogue.calendars_of(scope.units.iter())?;
            let apart: Vec<&Calendar> = calendars.iter().map(Arc::as_ref).collect();
            stretches_of_last_minutes(&apart, (start, cut), request.minutes)
        }
    };
    let mut counts = ByKey::new();
    for (from, before) in stretches {
        for of in timely_closings(c, scope.narrowed(), request.group_by, (from.into(), before.into()))? {
            let calendar = catalogue.calendar(&of.unit)?;
            if in_last_minutes(&calendar, of.due_at, of.closed_at, request.minutes) {
                *counts.entry(of.key).or_default() += 1;
            }
        }
    }
    Ok(counts)
}

impl Tabular for IntegrityReport {
    fn file_name(&self) -> String {
        format!("doi-chieu-{}", self.heading.period.label)
    }

    fn records(&self, lang: Lang) -> Vec<Vec<String>> {
        let mut all = vec![words::integrity_headings(lang, self.group_by)];
        for row in &self.rows {
            for of in &row.signs {
                all.push(vec![
                    title(&row.key, &row.name),
                    of.name.clone(),
                    of.own.numerator.to_string(),
                    of.own.denominator.to_string(),
                    ratio(of.own.value),
                    ratio(of.peers.value),
                    ratio(of.chance),
                    words::stands_out(lang, of.stands_out).to_owned(),
                ]);
            }
        }
        all
    }
}
