//! The timetable in force: the lines of the settings, and over them what the office's administrators have written.
//!
//! The office's own rules are part of the catalogue, whose version every process looks at before each of its rounds: a change made through one of them
//! holds at the next look of all. How they are changed is `rules_changed`'s.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::app::access::Principal;
use crate::app::{AppError, Catalogue};
use crate::domain::alert::AlertRule;
use crate::store::AnyConnection;
use crate::store::alert_rules::alert_rules_all;

words! {
    /// Where a rule comes from.
    RuleOrigin {
        /// From the settings of the installation.
        Settings = "settings",
        /// From an administrator of the office.
        Office = "office",
    }
}

/// A rule of the office's own.
#[derive(Debug, Clone)]
pub struct OfficeRule {
    /// The rule.
    pub rule: Arc<AlertRule>,
    /// The unit whose administrators keep it; it reaches nobody outside of that unit and those below it.
    pub owner: String,
    /// Grows with each change, from 1.
    pub version: i64,
    /// When it was changed last.
    pub changed_at: DateTime<Utc>,
    /// By whom.
    pub changed_by: Option<i64>,
}

/// A rule in force.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The rule.
    pub rule: Arc<AlertRule>,
    /// What is known of it where the office wrote it.
    pub office: Option<OfficeRule>,
    /// Whether the settings have a line of this name, which holds again once the office's rule is taken away.
    pub in_settings: bool,
}

impl Standing {
    /// Where it comes from.
    #[must_use]
    pub fn origin(&self) -> RuleOrigin {
        if self.office.is_some() { RuleOrigin::Office } else { RuleOrigin::Settings }
    }

    /// The unit to which it keeps, with those below it; `None` when it reaches everybody.
    #[must_use]
    pub fn scope(&self) -> Option<&str> {
        let owner = || self.office.as_ref().map(|of| of.owner.as_str());
        self.rule.form().unit.as_deref().or_else(owner)
    }

    /// Whether it can reach a user of a unit.
    #[must_use]
    pub fn reaches(&self, catalogue: &Catalogue, unit: &str) -> bool {
        self.scope().is_none_or(|scope| catalogue.units.is_within(unit, scope))
    }

    /// Whether it can reach anybody whom the asker sees: somebody in one of the asker's own units.
    #[must_use]
    pub fn concerns(&self, catalogue: &Catalogue, by: &Principal) -> bool {
        self.reaches(catalogue, &by.unit)
            || self.scope().is_some_and(|scope| by.sees(scope, &catalogue.units))
    }
}

/// The office's rules as the database holds them. One that cannot be read any more is left out and named in the log: the others must not fall silent.
pub(in crate::app) fn office_rules(c: &mut AnyConnection) -> Result<Vec<OfficeRule>, AppError> {
    let mut rules = Vec::new();
    for row in alert_rules_all(c)? {
        match serde_json::from_str::<AlertRule>(&row.content) {
            Ok(rule) => rules.push(OfficeRule {
                rule: Arc::new(rule),
                owner: row.unit,
                version: row.version,
                changed_at: row.changed_at.utc(),
                changed_by: row.changed_by,
            }),
            Err(error) => {
                tracing::error!(rule = row.name, %error, "an alert rule cannot be read; it is silent")
            }
        }
    }
    Ok(rules)
}

/// Every rule in force, those of the settings first and in their order.
#[must_use]
pub fn timetable(settings: &[AlertRule], catalogue: &Catalogue) -> Vec<Standing> {
    let office = |name: &str| catalogue.alert_rules.iter().find(|of| of.rule.name() == name).cloned();
    let mut all: Vec<Standing> = settings
        .iter()
        .map(|rule| {
            let office = office(rule.name());
            let rule = office.as_ref().map_or_else(|| Arc::new(rule.clone()), |of| Arc::clone(&of.rule));
            Standing { rule, office, in_settings: true }
        })
        .collect();
    let own =
        catalogue.alert_rules.iter().filter(|of| !settings.iter().any(|rule| rule.name() == of.rule.name()));
    all.extend(own.map(|of| Standing {
        rule: Arc::clone(&of.rule),
        office: Some(of.clone()),
        in_settings: false,
    }));
    all
}
