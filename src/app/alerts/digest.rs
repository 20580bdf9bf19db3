//! What one slot of one rule says to each of its recipients, in full, as it stood at the slot.
//!
//! The domain judges and ranks; here the facts are read once for each unit written to, and put into the recipient's language. The weekly numbers
//! are `weekly`'s, the calendar's state is `horizon`'s.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::places::{Place, address};
use super::pressing::Look;
use super::weekly::{self, WeeklyWriter};
use super::{AlertSettings, horizon};
use crate::app::access::random_token;
use crate::app::{AppError, Catalogue};
use crate::domain::alert::{self, AlertRule, Audience, Named, Outlook, Topic};
use crate::domain::office_time;
use crate::store::AnyConnection;
use crate::store::access::UserRow;
use crate::text::Lang;
use crate::text::alerts::{Line, Notice, WeekSoFar, compose};
use crate::text::letter::Composed;

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

/// Writes the messages of one slot; what several recipients of one unit share is read and worded once.
pub(super) struct Writer<'a> {
    scene: Scene<'a>,
    named: HashMap<String, Arc<Vec<Named>>>,
    weeks: HashMap<String, Option<WeekSoFar>>,
    weekly: WeeklyWriter,
    worded: HashMap<(String, Lang, Audience), Option<Composed>>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(slot: Slot<'a>, catalogue: &'a Catalogue, settings: &'a AlertSettings) -> Self {
        let scene = Scene { slot, catalogue, settings };
        Writer {
            scene,
            named: HashMap::new(),
            weeks: HashMap::new(),
            weekly: WeeklyWriter::default(),
            worded: HashMap::new(),
        }
    }

    /// The message to a user as one of such readers; `None` when there is nothing to tell.
    pub(super) fn message(
        &mut self,
        c: &mut AnyConnection,
        to: &UserRow,
        audience: Audience,
    ) -> Result<Option<Composed>, AppError> {
        let lang = language_of(to);
        let rule = self.scene.slot.rule;
        if let (Audience::Officer, Some(outlook)) = (audience, rule.outlook()) {
            let mut own = self.named_for(c, &to.unit, outlook)?.as_ref().clone();
            own.retain(|of| of.dossier.officer.as_deref() == Some(to.name.as_str()));
            return self.digest(&own, None, (to, audience, outlook));
        }
        let shared = (to.unit.clone(), lang, audience);
        if let Some(done) = self.worded.get(&shared) {
            return Ok(done.clone());
        }
        let done = match (rule.outlook(), rule.form().what) {
            (Some(outlook), _) => {
                let all = self.named_for(c, &to.unit, outlook)?;
                let week = if all.is_empty() { None } else { self.week_of(c, &to.unit)? };
                self.digest(&all, week, (to, audience, outlook))?
            }
            // The ladder names dossiers and readers together; its letters are `ladder`'s.
            (None, Topic::Escalation) => None,
            (None, Topic::CalendarHorizon) => horizon::message(c, self.scene, &to.unit, lang)?,
            (None, Topic::LedgerAnchor) => Some(self.weekly.anchors_message(c, self.scene, &to.unit, lang)?),
            (None, _) => Some(self.weekly.message(c, self.scene, &to.unit, lang)?),
        };
        self.worded.insert(shared, done.clone());
        Ok(done)
    }

    /// The slot, and what its messages are written against.
    pub(super) fn scene(&self) -> Scene<'a> {
        self.scene
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
        let Scene { slot, catalogue, settings } = self.scene;
        let look = Look { unit, at: slot.at, apology_lead: settings.apology_lead };
        let mut named = look.named(c, catalogue, outlook)?;
        let least = slot.rule.form().minimum_severity;
        named.retain(|of| of.severity() >= least);
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
        (to, audience, outlook): (&UserRow, Audience, Outlook),
    ) -> Result<Option<Composed>, AppError> {
        if named.is_empty() {
            return Ok(None);
        }
        let (lang, unit) = (language_of(to), to.unit.as_str());
        let lines: Vec<Line> = named.iter().map(|of| self.line(of, unit)).collect();
        let Scene { slot, catalogue, .. } = self.scene;
        let (intro_vi, intro_en) = slot.rule.intro();
        let notice = Notice {
            lang,
            outlook,
            audience,
            intro: if lang == Lang::Vi { intro_vi } else { intro_en },
            unit: catalogue.unit_name(unit),
            slot: slot.at,
            now: slot.now,
            lines: &lines,
            week,
            savable_link: self.savable_link(unit, outlook)?,
            overdue_link: self.scene.address(Place::Dossiers(unit, &[("overdue", "true")])),
        };
        compose(&notice).map(Some).map_err(|error| AppError::Internal(error.to_string()))
    }

    fn line(&self, of: &Named, unit: &str) -> Line {
        let elsewhere = of.dossier.unit != unit;
        Line {
            procedure: self.scene.catalogue.procedure_name(&of.dossier.procedure).to_owned(),
            unit: elsewhere.then(|| self.scene.catalogue.unit_name(&of.dossier.unit).to_owned()),
            link: self.scene.address(Place::Dossier(&of.dossier.code)),
            named: of.clone(),
        }
    }

    fn savable_link(&self, unit: &str, outlook: Outlook) -> Result<Option<String>, AppError> {
        let calendar = self.scene.catalogue.calendar(unit)?;
        let before = office_time::local(alert::horizon(outlook, self.scene.slot.at, &calendar)).to_rfc3339();
        let filters = [("overdue", "false"), ("status__in", "processing"), ("due_at__lt", before.as_str())];
        Ok(self.scene.address(Place::Dossiers(unit, &filters)))
    }
}

/// The language a user is written to in.
pub(super) fn language_of(user: &UserRow) -> Lang {
    if user.language == "en" { Lang::En } else { Lang::Vi }
}
