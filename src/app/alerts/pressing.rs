//! Which open dossiers of a unit and all below it press at an instant: read from the store, judged and ranked by the domain. Mails ask here, and the
//! leader's desk too, so that the two agree.

use chrono::{DateTime, Utc};

use crate::app::{AppError, Catalogue};
use crate::domain::alert::{self, Kind, Named, OpenDossier, Outlook, Reach};
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
        let dossiers = self.seen(c, catalogue, &[outlook], |reach| reach)?;
        self.judged(dossiers, catalogue, outlook)
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
        let mut dossiers = self.seen(c, catalogue, &outlooks, |reach| reach.unlapsed(self.at))?;
        let mut all = [const { Vec::new() }; N];
        for (place, (outlook, named)) in outlooks.into_iter().zip(&mut all).enumerate() {
            let judged = if place + 1 < N { dossiers.clone() } else { std::mem::take(&mut dossiers) };
            *named = self.judged(judged, catalogue, outlook)?;
            named.retain(|of| of.kind(outlook) != Kind::Overdue);
        }
        Ok(all)
    }

    fn seen(
        &self,
        c: &mut AnyConnection,
        catalogue: &Catalogue,
        outlooks: &[Outlook],
        narrowed: impl Fn(Reach) -> Reach,
    ) -> Result<Vec<OpenDossier>, AppError> {
        let units = catalogue.units.subtree(self.unit);
        let mut reach = Reach::default();
        for calendar in catalogue.calendars_of(&units)? {
            for outlook in outlooks {
                reach = reach.or(Reach::of(*outlook, self.at, &calendar, self.apology_lead));
            }
        }
        let units = catalogue.narrowed(units);
        let asked = Pressing { units: units.as_deref(), at: self.at.into(), reach: narrowed(reach) };
        Ok(dossiers_pressing(c, &asked)?)
    }

    fn judged(
        &self,
        dossiers: Vec<OpenDossier>,
        catalogue: &Catalogue,
        outlook: Outlook,
    ) -> Result<Vec<Named>, AppError> {
        let mut named = Vec::new();
        for of in dossiers {
            let calendar = catalogue.calendar(&of.unit)?;
            named.extend(alert::judge(of, outlook, self.at, &calendar));
        }
        alert::rank(&mut named);
        Ok(named)
    }
}
