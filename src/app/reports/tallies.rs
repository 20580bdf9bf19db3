//! Counting the dossiers of a report's rows: off the counters where these keep the rows apart, dossier by dossier where they do not.
//!
//! Both are held to [`crate::domain::statistics::standing`]. All reads of one count have to see one state: callers read within a snapshot.

mod shares;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use super::Scope;
use crate::app::AppError;
use crate::domain::counters::{Counts, half_month_of, tally};
use crate::domain::office_time::{instant, local_date};
use crate::domain::statistics::{GroupBy, Tally};
use crate::store::AnyConnection;
use crate::store::counters as store;
use crate::store::reports::{standings_count, suspended_count};
use crate::store::touched::touched_between;
pub use shares::{Shares, shares_of_each};

/// What a report's rows come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tallies {
    /// Each row by its key: a unit's, sector's or procedure's, a channel's word, or an officer's name, empty for dossiers nobody is in charge of.
    pub by_key: BTreeMap<String, Tally>,
    /// All of them, counted on their own.
    pub total: Tally,
    /// What cannot be, with its row: the counters are wrong then.
    pub broken: Vec<String>,
}

/// Counts the dossiers of the scope, row by row.
///
/// # Errors
/// The store's.
pub fn tallies(c: &mut AnyConnection, scope: &Scope, group_by: GroupBy) -> Result<Tallies, AppError> {
    match counted(c, scope, group_by)? {
        Some(tallies) => Ok(tallies),
        None => scanned(c, scope, group_by),
    }
}

/// Counts the dossiers of the scope all together: where sums of its units are kept, few rows are read, however many units there are.
///
/// # Errors
/// The store's.
pub fn total(c: &mut AnyConnection, scope: &Scope) -> Result<Tally, AppError> {
    for group_by in [GroupBy::Channel, GroupBy::Unit] {
        if let Some(tallies) = counted(c, scope, group_by)? {
            return Ok(tallies.total);
        }
    }
    Ok(scanned(c, scope, GroupBy::Unit)?.total)
}

/// Counts dossier by dossier.
///
/// # Errors
/// The store's.
pub fn scanned(c: &mut AnyConnection, scope: &Scope, group_by: GroupBy) -> Result<Tallies, AppError> {
    let mut sum = Tallies::default();
    for some in standings_count(c, scope.about(), group_by, &scope.window)? {
        sum.by_key.entry(scope.row(some.key, group_by)).or_default().add(some.standing, some.count);
        sum.total.add(some.standing, some.count);
    }
    for (key, n) in suspended_count(c, scope.about(), group_by, &scope.window)? {
        sum.by_key.entry(scope.row(key, group_by)).or_default().suspended += n;
        sum.total.suspended += n;
    }
    Ok(sum)
}

impl Scope {
    /// The row that what is counted under a key belongs to.
    pub(super) fn row(&self, key: String, group_by: GroupBy) -> String {
        match self.answered_by.get(&key) {
            Some(other) if group_by == GroupBy::Unit => other.clone(),
            Some(_) | None => key,
        }
    }
}

/// The days up to which a report sums its counters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Marks {
    /// All days before this one are before the period.
    start: NaiveDate,
    /// All days before this one count.
    end: NaiveDate,
    /// What is seen from within a day.
    within: Option<Within>,
}

/// A day that is seen from one of its hours, of which counters know nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Within {
    midnight: DateTime<Utc>,
    as_of: DateTime<Utc>,
    /// Whether it is over. Of a day that runs, or is to come, all that happened counts, and what lapses later on it has not lapsed; of one that is over,
    /// only what had happened by the hour counts, dossier by dossier.
    over: bool,
}

impl Marks {
    /// The marks of a scope: of a day that is over and seen from within, the days before it count.
    fn of(scope: &Scope) -> Option<Marks> {
        let as_of = scope.window.as_of();
        if as_of == scope.window.end() {
            let end = local_date(as_of);
            return Some(Marks { start: scope.period.from(), end, within: None });
        }
        let day = local_date(as_of);
        let over = !scope.is_forecast() && !scope.is_seen_from_now();
        let end = if over { day } else { day.succ_opt()? };
        let within = Within { midnight: instant(day, NaiveTime::MIN), as_of, over };
        Some(Marks { start: scope.period.from().min(end), end, within: Some(within) })
    }

    /// Whether a day that is over is seen from within: then it is counted dossier by dossier.
    fn looks_back(&self) -> bool {
        self.within.is_some_and(|of| of.over)
    }

    /// Adds what a day came to that is not folded yet, without what may not have lapsed on the day that runs.
    fn add_recent(&self, day: NaiveDate, counts: &Counts, row: &mut Between) {
        if day < self.start {
            row.start += *counts;
        }
        row.end += *counts;
        if self.within.is_some_and(|of| !of.over) && day.succ_opt() == Some(self.end) {
            row.end.overdue -= counts.left_open;
            row.end.overdue_apologised -= counts.left_open_apologised;
        }
    }
}

/// What a row's counters come to before each of two marks.
#[derive(Debug, Clone, Copy, Default)]
struct Between {
    start: Counts,
    end: Counts,
}

impl Between {
    fn add(&mut self, more: &Between) {
        self.start += more.start;
        self.end += more.end;
    }
}

type Rows = BTreeMap<String, Between>;

/// Changes the row of a key, which is copied only where there is none yet.
pub(super) fn change<R: Default>(rows: &mut BTreeMap<String, R>, key: &str, how: impl FnOnce(&mut R)) {
    match rows.get_mut(key) {
        Some(row) => how(row),
        None => how(rows.entry(key.to_owned()).or_default()),
    }
}

/// Sums counters; `None` where they do not keep the rows apart, or not by the hour that is asked for.
fn counted(c: &mut AnyConnection, scope: &Scope, group_by: GroupBy) -> Result<Option<Tallies>, AppError> {
    // Officers stand in no counter, and units' counters do not keep sectors apart.
    let kept = match group_by {
        GroupBy::Officer => false,
        GroupBy::Unit => scope.sector.is_none(),
        GroupBy::Sector | GroupBy::Procedure | GroupBy::Channel => true,
    };
    if !kept {
        return Ok(None);
    }
    let Some(bases) = kept_bases(c, scope)? else { return Ok(None) };
    let marks = bases.marks;
    let mut rows = Rows::new();
    let known = match group_by {
        GroupBy::Unit => bases.add_units(c, scope, &mut rows)?,
        _ => bases.add_scope(c, scope, group_by, &mut rows)?,
    };
    if !known {
        return Ok(None);
    }
    bases.add_recent(c, scope, group_by, &mut rows)?;
    if let Some(within) = marks.within {
        add_hours(c, scope, group_by, within, &mut rows)?;
    }
    Ok(Some(summed(rows, scope, group_by)))
}

/// What the sums of a scope begin from; `None` where counters do not know of the hour that is asked for, or are not kept yet.
fn kept_bases(c: &mut AnyConnection, scope: &Scope) -> Result<Option<Bases>, AppError> {
    let Some(marks) = Marks::of(scope) else { return Ok(None) };
    let state = scope.known.state(|| Ok(store::counters_state(c)?))?;
    // What has been folded of the day that runs is no longer known by the hour: a clock was set back.
    let unfolded = |day: NaiveDate| state.folded_until.is_none_or(|until| day >= until);
    let by_hour = marks.within.is_none_or(|of| of.over) || marks.end.pred_opt().is_some_and(unfolded);
    Ok((state.counting && by_hour).then_some(Bases { folded_until: state.folded_until, marks }))
}

fn summed(rows: Rows, scope: &Scope, group_by: GroupBy) -> Tallies {
    let mut all = Between::default();
    rows.values().for_each(|row| all.add(row));
    let mut by_key = rows;
    if group_by == GroupBy::Unit && !scope.answered_by.is_empty() {
        for (key, row) in std::mem::take(&mut by_key) {
            by_key.entry(scope.row(key, group_by)).or_default().add(&row);
        }
    }
    let mut tallies = Tallies::default();
    for (key, row) in by_key {
        let (of, broken) = tally(&row.start, &row.end);
        tallies.broken.extend(broken.iter().map(|what| format!("{key}: {what}")));
        if of.received > 0 || !broken.is_empty() {
            tallies.by_key.insert(key, of);
        }
    }
    let (total, broken) = tally(&all.start, &all.end);
    tallies.broken.extend(broken.iter().map(|what| format!("total: {what}")));
    Tallies { total, ..tallies }
}

/// From which balances the sums before the marks begin.
struct Bases {
    folded_until: Option<NaiveDate>,
    marks: Marks,
}

impl Bases {
    /// The newest boundary before a day that has balances; `None` when nothing was folded.
    fn base(&self, day: NaiveDate) -> Option<NaiveDate> {
        self.folded_until.map(|until| if day >= until { until } else { half_month_of(day) })
    }

    /// Whether a day's sums are balances and what is not folded yet, and nothing besides.
    fn is_on_boundary(&self, day: NaiveDate) -> bool {
        self.base(day).is_some_and(|base| base == day || self.folded_until == Some(base))
    }

    /// Whether the sums of scopes, which are kept by boundaries alone, are known at both marks.
    fn suits_scopes(&self) -> bool {
        let nothing = self.folded_until.is_none();
        nothing || (self.is_on_boundary(self.marks.start) && self.is_on_boundary(self.marks.end))
    }

    fn boundaries(&self) -> Vec<NaiveDate> {
        let mut all: Vec<NaiveDate> =
            [self.marks.start, self.marks.end].iter().filter_map(|day| self.base(*day)).collect();
        all.dedup();
        all
    }

    /// Adds what all before a boundary came to.
    fn add_balance(&self, boundary: NaiveDate, counts: &Counts, row: &mut Between) {
        if self.base(self.marks.start) == Some(boundary) {
            row.start += *counts;
        }
        if self.base(self.marks.end) == Some(boundary) {
            row.end += *counts;
        }
    }

    fn add_balances(&self, boundary: NaiveDate, balances: &[store::Keyed], rows: &mut Rows) {
        for (key, counts) in balances {
            change(rows, key, |row| self.add_balance(boundary, counts, row));
        }
    }

    /// Adds what was folded of each unit.
    fn add_units(&self, c: &mut AnyConnection, scope: &Scope, rows: &mut Rows) -> Result<bool, AppError> {
        let units = scope.narrowed();
        let boundaries = self.boundaries();
        if boundaries.is_empty() {
            return Ok(true);
        }
        for boundary in boundaries {
            let read = || Ok(store::counter_units_at(c, units, boundary)?);
            self.add_balances(boundary, &scope.known.balances(boundary, (GroupBy::Unit, None), read)?, rows);
        }
        for (mark, at_start) in [(self.marks.start, true), (self.marks.end, false)] {
            // Days after the newest boundary, of a period that begins or ends on any day.
            let Some(base) = self.base(mark).filter(|_| !self.is_on_boundary(mark)) else { continue };
            let read = || Ok(store::counter_days_between(c, units, (base, mark))?);
            for (unit, counts) in scope.known.days((base, mark), read)?.iter() {
                change(rows, unit, |row| *(if at_start { &mut row.start } else { &mut row.end }) += *counts);
            }
        }
        Ok(true)
    }

    /// Adds what was folded of the scope's units together; whether the scope's sums are of these units, and known on these days.
    fn add_scope(
        &self,
        c: &mut AnyConnection,
        scope: &Scope,
        group_by: GroupBy,
        rows: &mut Rows,
    ) -> Result<bool, AppError> {
        let boundaries = self.boundaries();
        if boundaries.is_empty() {
            return Ok(true);
        }
        if !self.suits_scopes() {
            return Ok(false);
        }
        let look = || {
            let members = store::counter_members_of(c, &[scope.unit.as_str()])?;
            Ok(members.iter().map(|(_, unit)| unit).eq(scope.units.iter()))
        };
        if !scope.known.together(look)? {
            return Ok(false);
        }
        let about = (scope.unit.as_str(), scope.sector.as_deref());
        for boundary in boundaries {
            let read = || Ok(store::counter_scopes_at(c, about, boundary, group_by)?);
            self.add_balances(boundary, &scope.known.balances(boundary, (group_by, about.1), read)?, rows);
        }
        Ok(true)
    }

    /// Adds what is not folded yet, and takes out what may not have lapsed on the day that runs.
    fn add_recent(
        &self,
        c: &mut AnyConnection,
        scope: &Scope,
        group_by: GroupBy,
        rows: &mut Rows,
    ) -> Result<(), AppError> {
        let marks = self.marks;
        // The days that have begun once for all stretches of time; what is to come, which is as much again, only where it is asked for.
        let begun = local_date(scope.now).succ_opt().unwrap_or(marks.end);
        let before = marks.end.max(begun);
        let read = || Ok(store::counter_recent_before(c, scope.about(), before, group_by)?);
        let recent = scope.known.recent(before, (group_by, scope.sector.as_deref()), read)?;
        for (day, key, counts) in recent.iter().filter(|(day, ..)| *day < marks.end) {
            change(rows, key, |row| marks.add_recent(*day, counts, row));
        }
        Ok(())
    }
}

/// Adds what happened on the day that is seen from within by the hour: on one that is over all of it, else what has lapsed.
fn add_hours(
    c: &mut AnyConnection,
    scope: &Scope,
    group_by: GroupBy,
    within: Within,
    rows: &mut Rows,
) -> Result<(), AppError> {
    let Within { midnight, as_of, over } = within;
    let stretch = (midnight.into(), as_of.into());
    if !over {
        for (key, lapsed) in store::lapsed_between(c, scope.about(), stretch, group_by)? {
            rows.entry(key).or_default().end += lapsed;
        }
        return Ok(());
    }
    // Seen from before the period it is all carried over into it.
    let before_period = local_date(as_of) < scope.period.from();
    for (place, counted) in touched_between(c, scope.narrowed(), stretch)? {
        let mut more = counted.come_to(as_of, scope.window.cut());
        more -= counted.come_to(midnight, midnight);
        let Some(key) = place.key(group_by).filter(|_| scope.has_sector(&place.kind.sector)) else {
            continue;
        };
        let row = rows.entry(key.to_owned()).or_default();
        row.end += more;
        if before_period {
            row.start += more;
        }
    }
    Ok(())
}
