//! The codes that a batch gives: `H19.15-261120-0007` is unit, day of receipt, and a serial of the unit's day.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};

use super::error::AppError;
use super::writer::{DossierCommand, What};
use crate::domain::office_time;
use crate::store::AnyConnection;
use crate::store::dossiers::dossier_find;
use crate::store::serials::{serials_of, serials_set};

/// No unit takes a million dossiers a day: a longer number at a code's end is no serial.
const END: i64 = 1_000_000;

/// The last serials under their prefixes, as they stood and as the batch has moved them.
pub(super) struct Serials {
    stood: HashMap<String, i64>,
    given: BTreeMap<String, i64>,
}

impl Serials {
    /// Reads in one go those under which these commands may need a code.
    pub(super) fn load(
        c: &mut AnyConnection,
        commands: &[DossierCommand],
        now: DateTime<Utc>,
    ) -> Result<Serials, AppError> {
        let prefixes: BTreeSet<String> = commands
            .iter()
            .filter_map(|command| match &command.what {
                What::Register(new) => match &new.code {
                    Some(code) => Some(parts(code)?.0.to_owned()),
                    None => Some(prefix(&new.unit, new.received_at.unwrap_or(now))),
                },
                What::Act(_) => None,
            })
            .collect();
        let stood = serials_of(c, &prefixes.into_iter().collect::<Vec<_>>())?.into_iter().collect();
        Ok(Serials { stood, given: BTreeMap::new() })
    }

    /// A code for a dossier of this unit and receipt. `taken` says whether the batch holds a dossier of that code.
    pub(super) fn next(
        &mut self,
        c: &mut AnyConnection,
        (unit, received_at): (&str, DateTime<Utc>),
        taken: impl Fn(&str) -> bool,
    ) -> Result<String, AppError> {
        let prefix = prefix(unit, received_at);
        let mut serial = self.last(&prefix);
        loop {
            serial += 1;
            let code = format!("{prefix}-{serial:04}");
            // Below the end every code given was stepped over; beyond it another system may have been there.
            if serial < END || !(taken(&code) || dossier_find(c, &code)?.is_some()) {
                self.given.insert(prefix, serial);
                return Ok(code);
            }
        }
    }

    /// A code that another system gave may look like one of ours: our serial goes on after it, so that none is given twice.
    pub(super) fn step_over(&mut self, code: &str) {
        let Some((prefix, serial)) = parts(code) else { return };
        if serial > self.last(prefix) {
            self.given.insert(prefix.to_owned(), serial);
        }
    }

    fn last(&self, prefix: &str) -> i64 {
        self.given.get(prefix).or_else(|| self.stood.get(prefix)).copied().unwrap_or(0)
    }

    /// Writes down what the batch has given.
    pub(super) fn store(self, c: &mut AnyConnection) -> Result<(), AppError> {
        Ok(serials_set(c, &self.given.into_iter().collect::<Vec<_>>())?)
    }
}

fn prefix(unit: &str, received_at: DateTime<Utc>) -> String {
    format!("{unit}-{}", office_time::local_date(received_at).format("%y%m%d"))
}

/// Prefix and serial of a code that looks like one of ours.
fn parts(code: &str) -> Option<(&str, i64)> {
    let (prefix, digits) = code.rsplit_once('-')?;
    Some((prefix, digits.parse().ok().filter(|serial| *serial < END)?))
}
