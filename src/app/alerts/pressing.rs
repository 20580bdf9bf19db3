//! Which open dossiers of a unit and all below it press at an instant: read from the store, judged and ranked by the domain. Mails ask here, and the
//! leader's desk too, so that the two agree.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::app::{AppError, Catalogue};
use crate::domain::alert::{self, Kind, Named, Outlook, Reach};
use crate::domain::calendar::Calendar;
use crate::store::AnyConnection;
use crate::store::pressing::{Pressing, dossiers_pressing};

/// A look at what presses.
#[derive(Debug, Clone, Copy)]
pub(in crate::app) struct Look<'a> {
    /// Top of the units.
    pub unit: &'a str,
    /// What is looked for, and how far ahead.
    pub outlook: Outlook,
    /// The instant at which.
    pub at: DateTime<Utc>,
    /// How many working days before the due day an apology slip has to go out.
    pub apology_lead: u32,
}

impl Look<'_> {
    /// All that is named, in order.
    ///
    /// # Errors
    /// The store's; [`AppError::Internal`] when a unit's calendar cannot be built.
    pub(in crate::app) fn named(
        &self,
        c: &mut AnyConnection,
        catalogue: &Catalogue,
    ) -> Result<Vec<Named>, AppError> {
        self.within(c, catalogue, |reach| reach)
    }

    /// What is named and not overdue, in order; the overdue, of which there may be many, are not read.
    ///
    /// # Errors
    /// As [`Look::named`].
    pub(in crate::app) fn unlapsed(
        &self,
        c: &mut AnyConnection,
        catalogue: &Catalogue,
    ) -> Result<Vec<Named>, AppError> {
        let mut named = self.within(c, catalogue, |reach| reach.unlapsed(self.at))?;
        named.retain(|of| of.kind(self.outlook) != Kind::Overdue);
        Ok(named)
    }

    fn within(
        &self,
        c: &mut AnyConnection,
        catalogue: &Catalogue,
        narrowed: impl Fn(Reach) -> Reach,
    ) -> Result<Vec<Named>, AppError> {
        let units = catalogue.units.subtree(self.unit);
        let mut calendars: HashMap<&str, Arc<Calendar>> = HashMap::new();
        let mut reach = Reach::default();
        for code in &units {
            let calendar = catalogue.calendar(code)?;
            reach = reach.or(Reach::of(self.outlook, self.at, &calendar, self.apology_lead));
            calendars.insert(code, calendar);
        }
        let all = units.len() == catalogue.units.count();
        let asked = Pressing { units: &units, all, at: self.at.into(), reach: narrowed(reach) };
        let mut named = Vec::new();
        for dossier in dossiers_pressing(c, &asked)? {
            if let Some(calendar) = calendars.get(dossier.unit.as_str()) {
                named.extend(alert::judge(dossier, self.outlook, self.at, calendar));
            }
        }
        alert::rank(&mut named);
        Ok(named)
    }
}
