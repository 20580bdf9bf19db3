//! What needs an administrator's eye: the calendar's horizon, mails that did not arrive, locked accounts, the scheduler, the ledger's last check.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc};

use super::access::{Principal, Right};
use super::ledger::Check;
use super::{App, AppError, Catalogue};
use crate::app::alerts::OutboxStatus;
use crate::app::catalogue::NATIONAL;
use crate::domain::{foresight, office_time};
use crate::store::AnyConnection;
use crate::store::calendars::open_due_from;
use crate::store::credentials::credentials_locked;
use crate::store::outbox::{OutboxFilter, outbox_tally};
use crate::store::suppressions::suppressions_list;

/// How far back mails are looked at: what is older nobody waits for any more.
const MAIL_DAYS: Days = Days::new(7);

/// What needs an administrator's eye.
#[derive(Debug, Clone)]
pub struct Oversight {
    /// The instant it is seen from.
    pub now: DateTime<Utc>,
    /// The first year whose days off are not announced, and what reaches into it; `None` while nothing does.
    pub horizon: Option<Horizon>,
    /// From which day on mails are counted.
    pub mails_since: NaiveDate,
    /// The mails since then by where they stand; a state without any is missing.
    pub mails: BTreeMap<OutboxStatus, i64>,
    /// Addresses that are written to no more.
    pub dead_addresses: usize,
    /// Accounts that wrong passwords have locked.
    pub locked: Vec<Locked>,
    /// Whether open dossiers are still being re-dated by a calendar in force.
    pub redating: bool,
    /// When the scheduler was last heard of; `None` where this process has none.
    pub scheduler_last: Option<DateTime<Utc>>,
    /// Whether it has stopped.
    pub scheduler_stopped: bool,
    /// The ledger's last check by this process.
    pub ledger: Option<Arc<Check>>,
}

/// A year that is not announced, and what reaches into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Horizon {
    /// The year.
    pub year: i32,
    /// Open dossiers that are due in it or later.
    pub dossiers: i64,
}

/// A locked account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locked {
    /// The user's key.
    pub user: i64,
    /// The user's name.
    pub name: String,
    /// Until when.
    pub until: DateTime<Utc>,
}

/// Looks over the administrator's units.
///
/// # Errors
/// [`AppError::Forbidden`] for others; the store's.
pub async fn oversight(app: &App, by: Principal) -> Result<Oversight, AppError> {
    by.must(Right::Administer)?;
    let now = app.clock().now();
    let (scheduler_last, scheduler_stopped) = (app.pulse().last(), app.pulse().has_stopped(now));
    let ledger = app.ledger_check().get();
    app.read(move |c, catalogue| {
        let units = catalogue.units.subtree(&by.unit);
        let mails_since = catalogue.day.checked_sub_days(MAIL_DAYS).unwrap_or(catalogue.day);
        let from = office_time::instant(mails_since, NaiveTime::MIN).into();
        let mails = OutboxFilter {
            units: catalogue.units_below(&by.unit),
            from: Some(from),
            ..OutboxFilter::default()
        };
        let locked = credentials_locked(c, &units, now.into())?;
        let locked = locked
            .into_iter()
            .filter_map(|(user, name, until)| Some(Locked { user, name, until: until?.utc() }))
            .collect();
        Ok(Oversight {
            now,
            horizon: horizon(c, catalogue, &by.unit, now)?,
            mails_since,
            mails: outbox_tally(c, &mails)?.into_iter().collect(),
            dead_addresses: suppressions_list(c, &units)?.len(),
            locked,
            redating: catalogue.redating,
            scheduler_last,
            scheduler_stopped,
            ledger,
        })
    })
    .await
}

fn horizon(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    unit: &str,
    now: DateTime<Utc>,
) -> Result<Option<Horizon>, AppError> {
    let national = catalogue.calendar(NATIONAL)?;
    let Some(year) = foresight::unannounced_from(&national, catalogue.day) else { return Ok(None) };
    let Some(first) = NaiveDate::from_ymd_opt(year, 1, 1) else { return Ok(None) };
    let begins = office_time::instant(first, NaiveTime::MIN);
    let dossiers = open_due_from(c, catalogue.units_below(unit).as_deref(), begins.into())?;
    let calendar = catalogue.calendar(unit)?;
    let reach = foresight::farthest(&calendar, catalogue.procedures.values(), now);
    let pressing = foresight::alarm(year, dossiers, reach).is_some() || year <= catalogue.day.year();
    Ok(pressing.then_some(Horizon { year, dossiers }))
}
