//! Six weeks of a province's life, lived through in order: the clock is moved on, dossiers come in, results are made and
//! handed over, and the last days' mails go out, all by the verbs that the service itself uses.
//!
//! So what was recorded when, and when each finding was first seen, is as it would have been.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use futures_util::future::try_join_all;

use super::DemoError;
use super::day::{self, Arrival, Fate};
use super::place::{COMMUNES, Staff};
use crate::app::writer::{ActRequest, Answer};
use crate::app::{App, AppError, dossiers};
use crate::domain::act::ActKind;
use crate::domain::calendar::Calendar;
use crate::domain::dice::Dice;
use crate::domain::office_time;
use crate::text::Lang;

/// How far back the sample's life goes.
pub(super) const DAYS_BACK: u64 = 42;
/// What happens within one such stretch is written down at its end.
const STRETCH: TimeDelta = TimeDelta::minutes(30);
/// Of a thousand results, so many are fetched the same day or soon after.
const FETCHED_PERMILLE: u32 = 930;

/// What happens at an instant.
enum Event {
    Arrival { commune: usize, arrival: Box<Arrival> },
    Act { hands: Hands, request: Box<ActRequest>, then: Option<Fate> },
}

/// In whose hands a dossier is.
#[derive(Clone, Copy)]
struct Hands {
    commune: usize,
    officer: usize,
}

/// The sample's life as it goes on.
pub(super) struct Life<'a> {
    app: &'a App,
    staff: &'a Staff,
    calendars: Vec<std::sync::Arc<Calendar>>,
    until: DateTime<Utc>,
    /// By instant, and in the order in which they were foreseen.
    coming: BTreeMap<(DateTime<Utc>, u64), Event>,
    foreseen: u64,
}

/// The first day of the sample's life, as seen from `now`.
pub(super) fn first_day(now: DateTime<Utc>) -> NaiveDate {
    let today = office_time::local_date(now);
    today.checked_sub_days(Days::new(DAYS_BACK)).unwrap_or(today)
}

impl<'a> Life<'a> {
    /// Foresees who comes in, from the first day to `until`.
    pub(super) async fn begin(
        app: &'a App,
        staff: &'a Staff,
        until: DateTime<Utc>,
    ) -> Result<Life<'a>, DemoError> {
        let last = office_time::local_date(until);
        let foreseen = move |_: &mut _, catalogue: &crate::app::Catalogue| {
            let mut calendars = Vec::new();
            let mut arrivals = Vec::new();
            for (at, commune) in COMMUNES.iter().enumerate() {
                let calendar = catalogue.calendar(commune.code)?;
                for date in first_day(until).iter_days().take_while(|date| *date <= last) {
                    let of_day = day::arrivals(catalogue, &calendar, commune, date);
                    arrivals.extend(of_day.into_iter().map(|arrival| (at, arrival)));
                }
                calendars.push(calendar);
            }
            Ok((calendars, arrivals))
        };
        let (calendars, arrivals) = app.read(foreseen).await?;
        let mut life = Life { app, staff, calendars, until, coming: BTreeMap::new(), foreseen: 0 };
        for (commune, arrival) in arrivals {
            life.foresee(arrival.at, Event::Arrival { commune, arrival: Box::new(arrival) });
        }
        Ok(life)
    }

    /// Lives on until `until`; what is foreseen for later stays open.
    pub(super) async fn live(&mut self, until: DateTime<Utc>) -> Result<(), DemoError> {
        while let Some(((at, _), _)) = self.coming.first_key_value() {
            let end = stretch_end(*at).min(until);
            if *at > until {
                break;
            }
            self.app.clock().set(end);
            self.stretch(end).await?;
        }
        self.app.clock().set(until);
        Ok(())
    }

    fn foresee(&mut self, at: DateTime<Utc>, event: Event) {
        if at <= self.until {
            self.foreseen += 1;
            self.coming.insert((at, self.foreseen), event);
        }
    }

    /// Everything up to `end`: first what comes in, then what is done, each with one wait for the writer.
    async fn stretch(&mut self, end: DateTime<Utc>) -> Result<(), DemoError> {
        let later = self.coming.split_off(&(end, u64::MAX));
        let now = std::mem::replace(&mut self.coming, later);
        let (mut arrivals, mut acts) = (Vec::new(), Vec::new());
        for ((at, _), event) in now {
            match event {
                Event::Arrival { commune, arrival } => arrivals.push((commune, arrival)),
                Event::Act { hands, request, then } => {
                    acts.push((hands, ActRequest { at: Some(at), ..*request }, then));
                }
            }
        }
        let app = self.app;
        let staff = self.staff;
        let registered = arrivals.into_iter().map(|(commune, arrival)| async move {
            let hands = Hands { commune, officer: arrival.officer };
            let by = officer(staff, hands);
            let answer = dossiers::register(app, arrival.registration.clone(), by, Lang::Vi).await?;
            Ok::<_, AppError>((hands, arrival, answer))
        });
        for (hands, arrival, answer) in try_join_all(registered).await? {
            let mut dice = Dice::of(&[
                u64::from(arrival.at.timestamp_subsec_nanos()),
                arrival.at.timestamp().unsigned_abs(),
            ]);
            if !self.foresee_detour(hands, arrival.fate, &answer, &mut dice)? {
                self.foresee_result(hands, arrival.fate, &answer, &mut dice)?;
            }
        }
        let done = acts.into_iter().map(|(hands, request, then)| async move {
            let answer = dossiers::act(app, request, officer(staff, hands), Lang::Vi).await?;
            Ok::<_, AppError>((hands, then, answer))
        });
        for (hands, then, answer) in try_join_all(done).await? {
            if let Some(fate) = then {
                let mut dice =
                    Dice::of(&[answer.version.unsigned_abs(), answer.code.len().try_into().unwrap_or(0)]);
                self.foresee_result(hands, fate, &answer, &mut dice)?;
            }
        }
        Ok(())
    }

    /// Whether the dossier will be sent back or paused on its way; what becomes of it then is foreseen when its time runs again.
    fn foresee_detour(
        &mut self,
        hands: Hands,
        fate: Fate,
        answer: &Answer,
        dice: &mut Dice,
    ) -> Result<bool, DemoError> {
        let promise = Promise::of(answer)?;
        let Some(calendar) = self.calendars.get(hands.commune).cloned() else { return Ok(false) };
        let Some(detour) = day::detour(&calendar, promise.effective_receipt, promise.due_at, dice) else {
            return Ok(false);
        };
        let (halt, go_on) = match detour.ground {
            None => (ActKind::RequestSupplement, ActKind::Supplement),
            Some(_) => (ActKind::Pause, ActKind::Resume),
        };
        let halting = ActRequest {
            reason: Some(detour.reason.to_owned()),
            ground: detour.ground.map(ToOwned::to_owned),
            ..ActRequest::of(answer.code.clone(), halt)
        };
        self.foresee(detour.from, Event::Act { hands, request: Box::new(halting), then: None });
        let back = Box::new(ActRequest::of(answer.code.clone(), go_on));
        self.foresee(detour.to, Event::Act { hands, request: back, then: Some(fate) });
        Ok(true)
    }

    /// When the dossier will be resolved and handed over, from the promise it was given; of what will be late, who was told so.
    fn foresee_result(
        &mut self,
        hands: Hands,
        fate: Fate,
        answer: &Answer,
        dice: &mut Dice,
    ) -> Result<(), DemoError> {
        let promise = Promise::of(answer)?;
        let Some(calendar) = self.calendars.get(hands.commune).cloned() else { return Ok(()) };
        let (from, due_at) = (promise.effective_receipt, promise.due_at);
        if let Some((at, appointed_at)) = day::apology(&calendar, due_at, fate, dice) {
            let request = ActRequest {
                reason: Some(day::APOLOGY.to_owned()),
                appointed_at: Some(appointed_at),
                ..ActRequest::of(answer.code.clone(), ActKind::Apologise)
            };
            // Nobody is told before the dossier was taken in, or while it waited.
            if at > self.app.clock().now() {
                self.foresee(at, Event::Act { hands, request: Box::new(request), then: None });
            }
        }
        let Some(at) = day::resolved_at(&calendar, from, due_at, fate, dice) else { return Ok(()) };
        let at = at.max(self.app.clock().now());
        let act = |kind| {
            let request = Box::new(ActRequest::of(answer.code.clone(), kind));
            Event::Act { hands, request, then: None }
        };
        self.foresee(at, act(ActKind::Resolve));
        if dice.permille(FETCHED_PERMILLE) {
            // Later than a stretch, so that the result is written down before it is handed over.
            let waits = if from.date_naive() == at.date_naive() { (31, 90) } else { (60, 600) };
            let fetched = calendar.add_session_minutes(at, dice.between(waits.0, waits.1));
            if let Some(fetched) = fetched {
                self.foresee(fetched, act(ActKind::Return));
            }
        }
        Ok(())
    }
}

/// What is needed of an answer.
#[derive(serde::Deserialize)]
struct Promise {
    effective_receipt: DateTime<Utc>,
    due_at: DateTime<Utc>,
}

impl Promise {
    fn of(answer: &Answer) -> Result<Promise, DemoError> {
        serde_json::from_str(&answer.body).map_err(|error| DemoError::Broken(error.to_string()))
    }
}

fn officer(staff: &Staff, hands: Hands) -> Option<crate::app::access::Principal> {
    staff.officers.get(hands.commune)?.get(hands.officer).cloned()
}

fn stretch_end(at: DateTime<Utc>) -> DateTime<Utc> {
    let into = at.timestamp().rem_euclid(STRETCH.num_seconds());
    at - TimeDelta::seconds(into) + STRETCH
}
