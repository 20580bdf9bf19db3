//! Which open dossiers of a unit and all below it press at an instant: read from the store, judged and ranked by the domain. Mails ask here, and the
//! leader's desk too, so that the two agree.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::app::{AppError, Catalogue};
use crate::domain::alert::{self, Kind, Named, OpenDossier, Outlook, Reach};
use crate::domain::calendar::Calendar;
use crate::store::AnyConnection;
use crate::store::pressing::{Pressing, dossiers_pressing};

/// A look at what presses.
#[derive(Debug, Clone, Copy)]
pub(in crate::app) struct Look<'a> {
    /// Top of the units.
    pub unit: &'a str,
    /// The instant at which.
    pub at: DateTime<Utc>,
    /// How many working days before the due day an apology slip has to go out.
    pub apology_lead: u32,
}

/// What may press, and by whose calendar that is judged.
struct Seen {
    dossiers: Vec<OpenDossier>,
    calendars: HashMap<String, Arc<Calendar>>,
}

impl Look<'_> {
    /// All that an outlook names, in order.
    ///
    /// # Errors
    /// The store's; [`AppError::Internal`] when a unit's calendar cannot be built.
    pub(in crate::app) fn named(
        &self,
        c: &mut AnyConnection,
        catalogue: &Catalogue,
        outlook: Outlook,
    ) -> Result<Vec<Named>, AppError> {
        let Seen { dossiers, calendars } = self.seen(c, catalogue, &[outlook], |reach| reach)?;
        Ok(self.judged(dossiers.into_iter(), &calendars, outlook))
    }

    /// What each of some outlooks names and is not overdue, in order; the overdue, of which there may be many, are not read.
    ///
    /// # Errors
    /// As [`Look::named`].
    pub(in crate::app) fn unlapsed<const N: usize>(
        &self,
        c: &mut AnyConnection,
        catalogue: &Catalogue,
        outlooks: [Outlook; N],
    ) -> Result<[Vec<Named>; N], AppError> {
        let Seen { dossiers, calendars } =
            self.seen(c, catalogue, &outlooks, |reach| reach.unlapsed(self.at))?;
        Ok(outlooks.map(|outlook| {
            let mut named = self.judged(dossiers.iter().cloned(), &calendars, outlook);
            named.retain(|of| of.kind(outlook) != Kind::Overdue);
            named
        }))
    }

    fn seen(
        &self,
        c: &mut AnyConnection,
        catalogue: &Catalogue,
        outlooks: &[Outlook],
        narrowed: impl Fn(Reach) -> Reach,
    ) -> Result<Seen, AppError> {
        let units = catalogue.units.subtree(self.unit);
        let mut calendars = HashMap::with_capacity(units.len());
        let mut reach = Reach::default();
        for code in &units {
            let calendar = catalogue.calendar(code)?;
            for outlook in outlooks {
                reach = reach.or(Reach::of(*outlook, self.at, &calendar, self.apology_lead));
            }
            calendars.insert(code.clone(), calendar);
        }
        let all = units.len() == catalogue.units.count();
        let asked = Pressing { units: &units, all, at: self.at.into(), reach: narrowed(reach) };
        Ok(Seen { dossiers: dossiers_pressing(c, &asked)?, calendars })
    }

    fn judged(
        &self,
        dossiers: impl Iterator<Item = OpenDossier>,
        calendars: &HashMap<String, Arc<Calendar>>,
        outlook: Outlook,
    ) -> Vec<Named> {
        let judge = |of: OpenDossier| {
            let calendar = calendars.get(&of.unit)?;
            alert::judge(of, outlook, self.at, calendar)
        };
        let mut named: Vec<Named> = dossiers.filter_map(judge).collect();
        alert::rank(&mut named);
        named
    }
}
