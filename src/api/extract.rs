//! From a request to plain values: query parameters, bodies, the reader's language. Each wrong field is named, none is passed over.
//!
//! Types only say which fields there are; what values mean is parsed by the handlers' own files.

use std::future::{Ready, ready};
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::{ACCEPT_LANGUAGE, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap};
use actix_web::web::{Bytes, BytesMut};
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::StreamExt;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::fields::{self, Row};
use super::problem::Problem;
use crate::app::{AppError, Fault, Invalid};
use crate::text::Lang;

/// The largest body of one thing, in bytes.
pub const SINGLE: usize = 2 * 1024 * 1024;
/// The largest body of many things, in bytes.
pub const MANY: usize = 16 * 1024 * 1024;
/// The most things in one body.
pub const MOST_ITEMS: usize = 10_000;
/// A body beyond the limit is read on and thrown away so far, so that the sender reads the answer instead of a broken pipe.
pub(super) const DRAINED: usize = 64 * 1024 * 1024;

type Extracting<T> = Pin<Box<dyn Future<Output = Result<T, Problem>>>>;

/// The query parameters.
#[derive(Debug, Clone)]
pub struct Params<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Params<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(fields::from_query(request.query_string()).map(Params).map_err(Problem::from))
    }
}

/// A request that takes no query parameters.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoParams {}

/// The code in an address.
#[derive(Debug, Clone)]
pub struct Code(pub String);

impl FromRequest for Code {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let code = web::Path::<String>::from_request(request, payload).into_inner();
        let code = code.ok().map(web::Path::into_inner).filter(|code| fields::kept(code));
        ready(code.map(Code).ok_or(Problem::App(AppError::NotFound("code"))))
    }
}

/// A key in an address; what is no number is nobody's, of what there is none.
///
/// # Errors
/// [`AppError::NotFound`].
pub(super) fn key(text: &str, of: &'static str) -> Result<i64, AppError> {
    text.parse().map_err(|_| AppError::NotFound(of))
}

/// A JSON body of one thing.
#[derive(Debug, Clone)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let kept = Kept::from_request(request, payload);
        Box::pin(async move { Ok(Body(kept.await?.value)) })
    }
}

/// A JSON body of one thing, with its bytes, for those who must know whether it is the same as before.
#[derive(Debug, Clone)]
pub struct Kept<T> {
    /// What it says.
    pub value: T,
    /// How it says it.
    pub bytes: Bytes,
}

impl<T: DeserializeOwned + 'static> FromRequest for Kept<T> {
    type Error = Problem;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            if !is_json(&media_type(&request)) {
                return Err(Problem::UnsupportedMediaType("application/json"));
            }
            let bytes = read(&request, &mut payload, SINGLE).await?;
            Ok(Kept { value: fields::from_json(&bytes)?, bytes })
        })
    }
}

/// Many things: a JSON array, or one JSON object a line (`application/x-ndjson`). Each is good or bad on its own.
#[derive(Debug)]
pub struct Many<T>(pub Vec<Row<T>>);

impl<T: DeserializeOwned + 'static> FromRequest for Many<T> {
    type Error = Problem;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let media = media_type(&request);
            let by_line = media == "application/x-ndjson";
            if !by_line && !is_json(&media) {
                return Err(Problem::UnsupportedMediaType("application/json, application/x-ndjson"));
            }
            let bytes = read(&request, &mut payload, MANY).await?;
            let items = if by_line { fields::from_lines(&bytes)? } else { fields::from_array(&bytes)? };
            if items.len() > MOST_ITEMS {
                return Err(Problem::invalid("body", Fault::OutOfRange));
            }
            Ok(Many(items))
        })
    }
}

/// One thing or several as JSON, or a CSV file.
#[derive(Debug)]
pub enum Posted<T> {
    /// From JSON, one object.
    One(T),
    /// A CSV file.
    Csv(Bytes),
}

impl<T: DeserializeOwned + 'static> FromRequest for Posted<T> {
    type Error = Problem;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let media = media_type(&request);
            if media == "text/csv" {
                let bytes = read(&request, &mut payload, MANY).await?;
                if std::str::from_utf8(&bytes).is_err() {
                    return Err(Problem::InvalidUtf8);
                }
                return Ok(Posted::Csv(bytes));
            }
            if !is_json(&media) {
                return Err(Problem::UnsupportedMediaType("application/json, text/csv"));
            }
            Ok(Posted::One(fields::from_json(&read(&request, &mut payload, SINGLE).await?)?))
        })
    }
}

/// A calendar of elsewhere, as a file.
#[derive(Debug)]
pub enum CalendarText {
    /// iCalendar.
    Ics(String),
    /// A CSV file.
    Csv(Bytes),
}

impl FromRequest for CalendarText {
    type Error = Problem;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let is_table = match media_type(&request).as_str() {
                "text/calendar" => false,
                "text/csv" => true,
                _ => return Err(Problem::UnsupportedMediaType("text/calendar, text/csv")),
            };
            let bytes = read(&request, &mut payload, SINGLE).await?;
            let text = std::str::from_utf8(&bytes).map_err(|_| Problem::InvalidUtf8)?;
            Ok(if is_table { CalendarText::Csv(bytes.clone()) } else { CalendarText::Ics(text.to_owned()) })
        })
    }
}

/// The reader's language.
#[derive(Debug, Clone, Copy)]
pub struct Language(pub Lang);

impl FromRequest for Language {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Language(language_of(request.headers()))))
    }
}

/// The language the reader likes best of those there are; Vietnamese when none is named.
pub(super) fn language_of(headers: &HeaderMap) -> Lang {
    let wished = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut best = (Lang::Vi, 0.0);
    for part in wished.split(',') {
        let (range, parameters) = part.split_once(';').unwrap_or((part, ""));
        let quality = parameters.trim().strip_prefix("q=").map_or(1.0, |q| q.parse().unwrap_or(0.0));
        let tag = range.trim().split('-').next().unwrap_or_default().to_ascii_lowercase();
        let lang = match tag.as_str() {
            "vi" | "*" => Lang::Vi,
            "en" => Lang::En,
            _ => continue,
        };
        if quality > best.1 {
            best = (lang, quality);
        }
    }
    best.0
}

/// The media type without its parameters, in small letters; empty when none is named or its charset is another than UTF-8.
pub(super) fn media_type(request: &HttpRequest) -> String {
    let foreign = |charset: &str| !charset.trim_matches('"').eq_ignore_ascii_case("utf-8");
    let whole = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = whole.split(';').map(str::trim);
    let media = parts.next().unwrap_or_default().to_ascii_lowercase();
    if parts
        .filter_map(|part| part.split_once('='))
        .any(|(name, value)| name.trim().eq_ignore_ascii_case("charset") && foreign(value.trim()))
    {
        return String::new();
    }
    media
}

/// Whether the media type is JSON's.
pub(super) fn is_json(media: &str) -> bool {
    media == "application/json" || (media.starts_with("application/") && media.ends_with("+json"))
}

/// Whether the body is sent as it is; compressed ones are not unpacked here.
pub(super) fn is_plain(headers: &HeaderMap) -> bool {
    let mut codings = headers.get_all(CONTENT_ENCODING).map(|value| value.to_str().unwrap_or("?"));
    codings.all(|value| value.split(',').all(|coding| coding.trim().eq_ignore_ascii_case("identity")))
}

/// How long the sender says the body is; 0 when nothing is said.
pub(super) fn declared_length(request: &HttpRequest) -> usize {
    let declared = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    declared.unwrap_or(0)
}

/// Reads the body, at most `most` bytes of it.
async fn read(request: &HttpRequest, payload: &mut Payload, most: usize) -> Result<Bytes, Problem> {
    if !is_plain(request.headers()) {
        return Err(Problem::UnsupportedEncoding);
    }
    let mut gathered = BytesMut::with_capacity(declared_length(request).min(SINGLE));
    let mut seen = 0_usize;
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| AppError::Invalid(vec![Invalid::new("body", Fault::Malformed)]))?;
        seen = seen.saturating_add(chunk.len());
        if seen <= most {
            gathered.extend_from_slice(&chunk);
        } else if seen > DRAINED {
            break;
        }
    }
    if seen > most { Err(Problem::PayloadTooLarge(most)) } else { Ok(gathered.freeze()) }
}
