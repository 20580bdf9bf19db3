//! What one slot of one rule says to each of its recipients, in full, as it stood at the slot.
//!
//! The domain judges and ranks; here the facts are read once for each unit written to, and put into the recipient's language.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::access::random_token;
use super::alerts::AlertSettings;
use super::{AppError, Catalogue};
use crate::domain::alert::{self, AlertRule, Audience, Named, Topic};
use crate::domain::calendar::Calendar;
use crate::domain::office_time;
use crate::store::AnyConnection;
use crate::store::access::UserRow;
use crate::store::alerts::dossiers_pressing;
use crate::text::Lang;
use crate::text::alerts::{Composed, Line, Notice, compose};

/// A slot to be written about.
#[derive(Clone, Copy)]
pub(super) struct Slot<'a> {
    /// The rule that speaks.
    pub rule: &'a AlertRule,
    /// At this instant.
    pub at: DateTime<Utc>,
    /// Written at this one.
    pub now: DateTime<Utc>,
}

/// Writes the messages of one slot; what several recipients of one unit share is read and worded once.
pub(super) struct Writer<'a> {
    slot: Slot<'a>,
    catalogue: &'a Catalogue,
    settings: &'a AlertSettings,
    named: HashMap<String, Arc<Vec<Named>>>,
    worded: HashMap<(String, &'static str), Composed>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(slot: Slot<'a>, catalogue: &'a Catalogue, settings: &'a AlertSettings) -> Self {
        Writer { slot, catalogue, settings, named: HashMap::new(), worded: HashMap::new() }
    }

    /// The message to a user; `None` when there is nothing to tell.
    pub(super) fn message(
        &mut self,
        c: &mut AnyConnection,
        to: &UserRow,
    ) -> Result<Option<Composed>, AppError> {
        let all = self.named_for(c, &to.unit)?;
        let (lang, key) = if to.language == "en" { (Lang::En, "en") } else { (Lang::Vi, "vi") };
        match self.slot.rule.form().audience {
            Audience::Officer => {
                let mut own = all.as_ref().clone();
                own.retain(|of| of.dossier.officer.as_deref() == Some(to.name.as_str()));
                if own.is_empty() { Ok(None) } else { self.word(&own, &to.unit, lang).map(Some) }
            }
            Audience::Leader if all.is_empty() => Ok(None),
            Audience::Leader => {
                let shared = (to.unit.clone(), key);
                if let Some(done) = self.worded.get(&shared) {
                    return Ok(Some(done.clone()));
                }
                let done = self.word(&all, &to.unit, lang)?;
                self.worded.insert(shared, done.clone());
                Ok(Some(done))
            }
        }
    }

    /// A new Message-ID, without angle brackets.
    pub(super) fn message_id(&self) -> Result<String, AppError> {
        let random = random_token("", 12)?;
        let at = office_time::local(self.slot.at).format("%Y%m%d-%H%M");
        Ok(format!("{}.{at}.{random}@{}", self.slot.rule.name(), self.settings.message_domain))
    }

    fn named_for(&mut self, c: &mut AnyConnection, unit: &str) -> Result<Arc<Vec<Named>>, AppError> {
        if let Some(known) = self.named.get(unit) {
            return Ok(Arc::clone(known));
        }
        let at = self.slot.at;
        let horizon = alert::horizon(self.slot.rule.form().what, at);
        let units = self.catalogue.units.subtree(unit);
        let mut calendars: HashMap<String, Arc<Calendar>> = HashMap::new();
        let mut named = Vec::new();
        for dossier in dossiers_pressing(c, &units, at.into(), horizon.into())? {
            let calendar = match calendars.get(&dossier.unit) {
                Some(calendar) => Arc::clone(calendar),
                None => {
                    let calendar = self.catalogue.calendar(&dossier.unit)?;
                    calendars.insert(dossier.unit.clone(), Arc::clone(&calendar));
                    calendar
                }
            };
            named.extend(alert::judge(dossier, at, horizon, &calendar));
        }
        alert::rank(&mut named);
        let named = Arc::new(named);
        self.named.insert(unit.to_owned(), Arc::clone(&named));
        Ok(named)
    }

    fn word(&self, named: &[Named], unit: &str, lang: Lang) -> Result<Composed, AppError> {
        let lines: Vec<Line> = named.iter().map(|of| self.line(of, unit)).collect();
        let form = self.slot.rule.form();
        let notice = Notice {
            lang,
            topic: form.what,
            audience: form.audience,
            unit: self.catalogue.unit_name(unit),
            slot: self.slot.at,
            now: self.slot.now,
            lines: &lines,
            savable_link: self.savable_link(unit, form.what),
            overdue_link: self.link(unit, &[("overdue", "true")]),
        };
        compose(&notice).map_err(|error| AppError::Internal(error.to_string()))
    }

    fn line(&self, of: &Named, unit: &str) -> Line {
        let code = &of.dossier.procedure;
        let elsewhere = of.dossier.unit != unit;
        Line {
            procedure: self
                .catalogue
                .procedures
                .get(code)
                .map_or_else(|| code.clone(), |known| known.name.clone()),
            unit: elsewhere.then(|| self.catalogue.unit_name(&of.dossier.unit).to_owned()),
            named: of.clone(),
        }
    }

    fn savable_link(&self, unit: &str, topic: Topic) -> Option<String> {
        let before = office_time::local(alert::horizon(topic, self.slot.at)).to_rfc3339();
        self.link(unit, &[("overdue", "false"), ("status__in", "processing"), ("due_at__lt", &before)])
    }

    fn link(&self, unit: &str, filters: &[(&str, &str)]) -> Option<String> {
        let home = self.settings.public_url.as_deref()?.trim_end_matches('/');
        let query: Vec<(&str, &str)> =
            [("unit", unit), ("subtree", "true")].iter().chain(filters).copied().collect();
        let query = serde_urlencoded::to_string(query).ok()?;
        Some(format!("{home}/api/v1/dossiers?{query}"))
    }
}
