//! Many things in one body, read as they arrive and never held all at once.
//!
//! What can be known early is known early: a body's first MiB is read before its first element is given out, so that a short one which breaks
//! off, or holds too many, is refused as a whole. What breaks later ends the reading with its problem, after all before it were given out.
//! Cutting is `api::split`'s, reading fields is `api::fields`'s.

use std::collections::VecDeque;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt as _;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::extract::{DRAINED, MANY, MOST_ITEMS, declared_length, is_json, is_plain, media_type};
use super::fields;
use super::problem::Problem;
use super::split::{Broken, Element, Form, LONGEST, Place, Splitter};
use crate::app::{AppError, Fault};

/// So many bytes are looked through before anything is done: three thousand dossiers of an ordinary size.
const FORETOLD: usize = 1024 * 1024;

/// The elements of a body on their way in.
pub struct Incoming {
    payload: Payload,
    splitter: Splitter,
    form: Form,
    /// Bytes read so far.
    seen: usize,
    /// Elements found so far.
    found: usize,
    /// Found and not yet given out: those of the beginning, later those of one chunk.
    ready: VecDeque<Element>,
    /// Why there will be no more.
    broken: Option<Problem>,
    ended: bool,
}

/// One of many things: what it says, and how it says it.
#[derive(Debug)]
pub(super) struct Row<T> {
    /// What it says, or why it says nothing.
    pub(super) value: Result<T, Problem>,
    /// Its own bytes; none when it was too long to be kept.
    pub(super) bytes: Vec<u8>,
}

impl FromRequest for Incoming {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let media = media_type(request);
        let form = match media.as_str() {
            "application/x-ndjson" => Form::Lines,
            media if is_json(media) => Form::Array,
            _ => {
                let taken = "application/json, application/x-ndjson";
                return ready(Err(Problem::UnsupportedMediaType(taken)));
            }
        };
        if !is_plain(request.headers()) {
            return ready(Err(Problem::UnsupportedEncoding));
        }
        let too_large = declared_length(request) > MANY;
        ready(Ok(Incoming {
            payload: payload.take(),
            splitter: Splitter::new(form),
            form,
            seen: 0,
            found: 0,
            ready: VecDeque::new(),
            broken: too_large.then_some(Problem::PayloadTooLarge(MANY)),
            ended: too_large,
        }))
    }
}

impl Incoming {
    /// Reads the beginning.
    ///
    /// # Errors
    /// The problem of the whole, when it shows in the beginning: nothing has been given out then.
    pub(super) async fn begin(&mut self) -> Result<(), Problem> {
        while !self.ended && self.seen < FORETOLD {
            self.fill().await;
        }
        match self.broken.take() {
            Some(problem) => {
                self.drain().await;
                Err(problem)
            }
            None => Ok(()),
        }
    }

    /// The next row, which is good or bad on its own.
    ///
    /// # Errors
    /// Why there are no more rows; the last word.
    pub(super) async fn next<T: DeserializeOwned>(&mut self) -> Result<Option<Row<T>>, Problem> {
        loop {
            if let Some(element) = self.ready.pop_front() {
                let value = read(&element);
                return Ok(Some(Row { value, bytes: element.bytes.unwrap_or_default() }));
            }
            if self.ended {
                return self.broken.take().map_or(Ok(None), Err);
            }
            self.fill().await;
        }
    }

    /// Reads what is left and throws it away, so that the sender reads the answer instead of a broken pipe.
    pub(super) async fn drain(&mut self) {
        while self.seen <= DRAINED {
            let Some(Ok(chunk)) = self.payload.next().await else { break };
            self.seen = self.seen.saturating_add(chunk.len());
        }
    }

    /// Reads one chunk.
    async fn fill(&mut self) {
        let result = match self.payload.next().await {
            None => {
                self.ended = true;
                self.splitter.finish().map_err(Problem::from).and_then(|last| self.take(last))
            }
            Some(Err(_)) => Err(Problem::invalid("body", Fault::Malformed)),
            Some(Ok(chunk)) => self.cut(&chunk),
        };
        if let Err(problem) = result {
            self.ended = true;
            self.broken = Some(problem);
        }
    }

    fn cut(&mut self, mut chunk: &[u8]) -> Result<(), Problem> {
        self.seen = self.seen.saturating_add(chunk.len());
        if self.seen > MANY {
            return Err(Problem::PayloadTooLarge(MANY));
        }
        while let Some(element) = self.splitter.next(&mut chunk)? {
            self.take(Some(element))?;
        }
        Ok(())
    }

    fn take(&mut self, element: Option<Element>) -> Result<(), Problem> {
        let Some(element) = element else { return Ok(()) };
        if self.found == MOST_ITEMS {
            return Err(Problem::invalid("body", Fault::OutOfRange));
        }
        // Behind an element that is no JSON nobody knows where the next one begins; a line always ends.
        if self.form == Form::Array {
            sound(&element)?;
        }
        self.found += 1;
        self.ready.push_back(element);
        Ok(())
    }
}

/// Whether the element is JSON, as far as it can be told: one that is no UTF-8 or too long is a matter of its own row.
fn sound(element: &Element) -> Result<(), Problem> {
    let Some(text) = element.bytes.as_deref().and_then(|bytes| std::str::from_utf8(bytes).ok()) else {
        return Ok(());
    };
    serde_json::from_str::<IgnoredAny>(text).map(|_| ()).map_err(|error| malformed(element.place, &error))
}

fn read<T: DeserializeOwned>(element: &Element) -> Result<T, Problem> {
    let bytes = element.bytes.as_deref().ok_or(Problem::PayloadTooLarge(LONGEST))?;
    let text = std::str::from_utf8(bytes).map_err(|_| Problem::InvalidUtf8)?;
    let no_json = |error| malformed(element.place, &error);
    if !text.starts_with('{') {
        serde_json::from_str::<IgnoredAny>(text).map_err(no_json)?;
        return Err(Problem::App(AppError::invalid("body", Fault::Malformed)));
    }
    Ok(fields::from_text(text).map_err(no_json)??)
}

fn malformed(place: Place, error: &serde_json::Error) -> Problem {
    Problem::malformed_at(place.then(Place { line: error.line(), column: error.column() }))
}

impl From<Broken> for Problem {
    fn from(of: Broken) -> Problem {
        match of {
            Broken::NoArray => Problem::invalid("body", Fault::Malformed),
            Broken::At(place) => Problem::malformed_at(place),
        }
    }
}

impl Problem {
    fn malformed_at(place: Place) -> Problem {
        Problem::MalformedJson { line: place.line, column: place.column }
    }
}
