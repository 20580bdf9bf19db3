//! What one slot of one rule says to each of its recipients, in full, as it stood at the slot.
//!
//! The domain judges and ranks; here the facts are read once for each unit written to, and put into the recipient's language. The weekly numbers
//! are `weekly`'s, the calendar's state is `horizon`'s.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::places::{Place, address};
use super::weekly::{self, WeeklyWriter};
use super::{AlertSettings, horizon};
use crate::app::access::random_token;
use crate::app::{AppError, Catalogue};
use crate::domain::alert::{self, AlertRule, Audience, Named, Outlook, Topic};
use crate::domain::calendar::Calendar;
use crate::domain::office_time;
use crate::store::AnyConnection;
use crate::store::access::UserRow;
use crate::store::pressing::dossiers_pressing;
use crate::text::Lang;
use crate::text::alerts::{Line, Notice, WeekSoFar, compose};
use crate::text::letter::{Composed, Personal};

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

/// A slot, and what its messages are written against.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    /// The slot.
    pub slot: Slot<'a>,
    /// Units, procedures and calendars.
    pub catalogue: &'a Catalogue,
    /// The installation.
    pub settings: &'a AlertSettings,
}

impl Scene<'_> {
    /// Where the service is reached, without a slash at the end.
    fn home(&self) -> Option<&str> {
        Some(self.settings.public_url.as_deref()?.trim_end_matches('/'))
    }

    /// The address of a place; `None` where the service has none of its own.
    pub(super) fn address(&self, place: Place<'_>) -> Option<String> {
        address(self.home()?, place)
    }
}

/// Whom a message is for.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    /// The reader's unit.
    pub unit: &'a str,
    /// The reader's language.
    pub lang: Lang,
    /// What is said to this reader alone.
    pub personal: &'a Personal,
}

/// The language a user is written to in.
pub(super) fn language_of(user: &UserRow) -> Lang {
    if user.language == "en" { Lang::En } else { Lang::Vi }
}

/// Writes the messages of one slot; what several recipients of one unit share is read once.
pub(super) struct Writer<'a> {
    scene: Scene<'a>,
    named: HashMap<String, Arc<Vec<Named>>>,
    weeks: HashMap<String, Option<WeekSoFar>>,
    weekly: WeeklyWriter,
}

impl<'a> Writer<'a> {
    pub(super) fn new(slot: Slot<'a>, catalogue: &'a Catalogue, settings: &'a AlertSettings) -> Self {
        let scene = Scene { slot, catalogue, settings };
        Writer { scene, named: HashMap::new(), weeks: HashMap::new(), weekly: WeeklyWriter::default() }
    }

    /// The message to a user, with what is said to that user alone; `None` when there is nothing to tell.
    pub(super) fn message(
        &mut self,
        c: &mut AnyConnection,
        to: &UserRow,
        personal: &Personal,
    ) -> Result<Option<Composed>, AppError> {
        let reader = Reader { unit: &to.unit, lang: language_of(to), personal };
        let form = self.scene.slot.rule.form();
        match (form.audience, form.what.outlook()) {
            (Audience::Officer, Some(outlook)) => {
                let mut own = self.named_for(c, &to.unit, outlook)?.as_ref().clone();
                own.retain(|of| of.dossier.officer.as_deref() == Some(to.name.as_str()));
                self.digest(&own, None, outlook, reader)
            }
            (_, Some(outlook)) => {
                let all = self.named_for(c, &to.unit, outlook)?;
                let week = if all.is_empty() { None } else { self.week_of(c, &to.unit)? };
                self.digest(&all, week, outlook, reader)
            }
            (_, None) if form.what == Topic::CalendarHorizon => horizon::message(c, self.scene, reader),
            (_, None) => Ok(Some(self.weekly.message(c, self.scene, reader)?)),
        }
    }

    /// A new Message-ID, without angle brackets.
    pub(super) fn message_id(&self) -> Result<String, AppError> {
        let random = random_token("", 12)?;
        let at = office_time::local(self.scene.slot.at).format("%Y%m%d-%H%M");
        Ok(format!("{}.{at}.{random}@{}", self.scene.slot.rule.name(), self.scene.settings.message_domain))
    }

    fn named_for(
        &mut self,
        c: &mut AnyConnection,
        unit: &str,
        outlook: Outlook,
    ) -> Result<Arc<Vec<Named>>, AppError> {
        if let Some(known) = self.named.get(unit) {
            return Ok(Arc::clone(known));
        }
        let at = self.scene.slot.at;
        let horizon = alert::horizon(outlook, at);
        let units = self.scene.catalogue.units.subtree(unit);
        let mut calendars: HashMap<String, Arc<Calendar>> = HashMap::new();
        let mut named = Vec::new();
        for dossier in dossiers_pressing(c, &units, at.into(), horizon.into())? {
            let calendar = match calendars.get(&dossier.unit) {
                Some(calendar) => Arc::clone(calendar),
                None => {
                    let calendar = self.scene.catalogue.calendar(&dossier.unit)?;
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

    /// How the week has gone so far for a unit and all below it, as a report on its days says it now.
    fn week_of(&mut self, c: &mut AnyConnection, unit: &str) -> Result<Option<WeekSoFar>, AppError> {
        if let Some(known) = self.weeks.get(unit) {
            return Ok(*known);
        }
        let units = self.scene.catalogue.units.subtree(unit);
        let week = weekly::so_far(c, (unit, units), self.scene.slot.now)?;
        self.weeks.insert(unit.to_owned(), week);
        Ok(week)
    }

    /// The message that names these; `None` when there are none.
    fn digest(
        &self,
        named: &[Named],
        week: Option<WeekSoFar>,
        outlook: Outlook,
        reader: Reader<'_>,
    ) -> Result<Option<Composed>, AppError> {
        let Reader { unit, lang, personal } = reader;
        if named.is_empty() {
            return Ok(None);
        }
        let lines: Vec<Line> = named.iter().map(|of| self.line(of, unit)).collect();
        let Scene { slot, catalogue, .. } = self.scene;
        let notice = Notice {
            lang,
            outlook,
            audience: slot.rule.form().audience,
            unit: catalogue.unit_name(unit),
            slot: slot.at,
            now: slot.now,
            lines: &lines,
            week,
            personal,
            savable_link: self.savable_link(unit, outlook),
            overdue_link: self.scene.address(Place::Dossiers(unit, &[("overdue", "true")])),
        };
        compose(&notice).map(Some).map_err(|error| AppError::Internal(error.to_string()))
    }

    fn line(&self, of: &Named, unit: &str) -> Line {
        let code = &of.dossier.procedure;
        let elsewhere = of.dossier.unit != unit;
        Line {
            procedure: self
                .scene
                .catalogue
                .procedures
                .get(code)
                .map_or_else(|| code.clone(), |known| known.name.clone()),
            unit: elsewhere.then(|| self.scene.catalogue.unit_name(&of.dossier.unit).to_owned()),
            link: self.scene.address(Place::Dossier(&of.dossier.code)),
            named: of.clone(),
        }
    }

    fn savable_link(&self, unit: &str, outlook: Outlook) -> Option<String> {
        let before = office_time::local(alert::horizon(outlook, self.scene.slot.at)).to_rfc3339();
        let filters = [("overdue", "false"), ("status__in", "processing"), ("due_at__lt", before.as_str())];
        self.scene.address(Place::Dossiers(unit, &filters))
    }
}
