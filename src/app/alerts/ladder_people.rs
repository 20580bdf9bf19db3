//! Who stands on which step of the ladder for a dossier, of those who can be told: the officer in charge by name, the leaders of the unit, the leaders of
//! the nearest unit above it that has any. A rule that keeps to a unit tells nobody above that unit.

use std::collections::{BTreeSet, HashMap};

use super::slices::Scribe;
use crate::app::access::Role;
use crate::app::{AppError, Catalogue};
use crate::domain::alert::MAIL;
use crate::domain::alert::ladder::{Ladder, Step};
use crate::store::AnyConnection;
use crate::store::access::{UserRow, users_named, users_of_role};
use crate::store::ladder::LateRow;

/// Everybody who may stand on a step, and who does for the dossier looked at last.
pub(super) struct People {
    users: HashMap<i64, UserRow>,
    leaders: HashMap<String, Vec<i64>>,
    named: HashMap<String, Vec<i64>>,
    reachable: HashMap<i64, bool>,
    standing: HashMap<Step, Vec<i64>>,
}

impl People {
    /// The leaders, and those in charge of these dossiers.
    pub(super) fn read(c: &mut AnyConnection, late: &[LateRow]) -> Result<People, AppError> {
        let names: BTreeSet<&str> = late.iter().filter_map(|of| of.officer.as_deref()).collect();
        let names: Vec<&str> = names.into_iter().collect();
        let mut people = People {
            users: HashMap::new(),
            leaders: HashMap::new(),
            named: HashMap::new(),
            reachable: HashMap::new(),
            standing: HashMap::new(),
        };
        for user in users_of_role(c, Role::Leader.word())? {
            people.leaders.entry(user.unit.clone()).or_default().push(user.id);
            people.users.insert(user.id, user);
        }
        // A reporter handles no dossiers, whatever the name.
        for user in users_named(c, &names, Role::Reporter.word())? {
            people.named.entry(user.name.clone()).or_default().push(user.id);
            people.users.insert(user.id, user);
        }
        Ok(people)
    }

    /// A user that may stand on a step.
    pub(super) fn user(&self, id: i64) -> Option<&UserRow> {
        self.users.get(&id)
    }

    /// Who stands on a step for the dossier looked at last.
    pub(super) fn on(&self, step: Step) -> &[i64] {
        self.standing.get(&step).map_or(&[], Vec::as_slice)
    }

    /// Looks who stands on which step for a dossier. Where no unit above has leaders that can be told, the unit's own are its chairman, and told once, as
    /// the last step.
    pub(super) fn look(
        &mut self,
        c: &mut AnyConnection,
        catalogue: &Catalogue,
        scribe: &Scribe<'_>,
        (dossier, ladder): (&LateRow, &Ladder),
    ) -> Result<(), AppError> {
        let scope = scribe.standing.scope();
        let reached = |unit: &str| scope.is_none_or(|scope| catalogue.units.is_within(unit, scope));
        let lineage = catalogue.units.lineage(&dossier.unit).into_iter().map(|unit| unit.code.clone());
        let lineage: Vec<String> = lineage.filter(|unit| reached(unit)).collect();
        let officers = dossier.officer.as_ref().and_then(|name| self.named.get(name)).cloned();
        let mut officers = officers.unwrap_or_default();
        officers.retain(|id| self.users.get(id).is_some_and(|user| lineage.contains(&user.unit)));
        let officers = self.told(c, scribe, officers)?;
        let own = self.leaders.get(&dossier.unit).cloned().unwrap_or_default();
        let own = self.told(c, scribe, own)?;
        let mut above = Vec::new();
        for unit in lineage.iter().filter(|unit| **unit != dossier.unit) {
            above = self.leaders.get(unit).cloned().unwrap_or_default();
            above = self.told(c, scribe, above)?;
            if !above.is_empty() {
                break;
            }
        }
        let own_are_last = above.is_empty() && ladder.reaches(Step::Chairman);
        let (heads, chairmen) = if own_are_last { (Vec::new(), own) } else { (own, above) };
        self.standing =
            HashMap::from([(Step::Officer, officers), (Step::Head, heads), (Step::Chairman, chairmen)]);
        Ok(())
    }

    /// Those of them who can be told by any of the rule's channels, themselves or through a delegate.
    fn told(
        &mut self,
        c: &mut AnyConnection,
        scribe: &Scribe<'_>,
        of: Vec<i64>,
    ) -> Result<Vec<i64>, AppError> {
        let mut told = Vec::new();
        for id in of {
            let Some(user) = self.users.get(&id) else { continue };
            let reachable = match self.reachable.get(&id) {
                Some(known) => *known,
                None => {
                    let mut any = false;
                    for channel in &scribe.slot.rule.form().channels {
                        any |= !scribe.absences.addressees(c, user, channel == MAIL)?.is_empty();
                    }
                    self.reachable.insert(id, any);
                    any
                }
            };
            if reachable {
                told.push(id);
            }
        }
        Ok(told)
    }
}
