//! What many rows are answered with: kept small while the rows are worked on, and written out piece by piece.
//!
//! As one JSON document, or one row a line for who accepts `application/x-ndjson`.

use actix_web::HttpResponse;
use actix_web::http::header::{ACCEPT, HeaderMap};
use actix_web::web::Bytes;
use futures_util::stream;
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::{Problem, ProblemView};
use crate::text::Lang;

/// About so many bytes are written at a time.
const PIECE: usize = 16 * 1024;

/// What became of many dossiers.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchView {
    /// How many were logged.
    created: usize,
    /// How many were refused.
    rejected: usize,
    /// Each, in the order sent.
    results: Vec<BatchItem>,
    /// Why what was sent was not read to its end; the rows before it stand in `results` and hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<ProblemView>,
}

/// What became of one of many.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchItem {
    /// Its place in what was sent, from 0.
    index: usize,
    /// The code it stands under.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<ProblemView>,
}

/// What became of many acts.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActsView {
    /// How many were done.
    done: usize,
    /// How many were refused.
    rejected: usize,
    /// Each, in the order sent.
    results: Vec<ActsItem>,
    /// Why what was sent was not read to its end; the rows before it stand in `results` and hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<ProblemView>,
}

/// What became of one act of many.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActsItem {
    /// Its place in what was sent, from 0.
    index: usize,
    /// The dossier's code, as far as the row could be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// The dossier's version after the act.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<i64>,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<ProblemView>,
}

/// What became of a row, until it is told.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// The dossier's code, once it is known.
    pub(super) code: Option<String>,
    /// Its version, where it is told.
    pub(super) version: Option<i64>,
    /// Why it was refused.
    pub(super) problem: Option<Problem>,
}

/// The answer to a call with many rows.
pub(super) struct BulkAnswer {
    /// What the good ones are counted under.
    pub(super) counted_as: &'static str,
    /// One for each row read.
    pub(super) outcomes: Vec<Outcome>,
    /// Why no more were read.
    pub(super) broken: Option<Problem>,
    /// The reader's language.
    pub(super) lang: Lang,
    /// One row a line.
    pub(super) by_line: bool,
}

impl BulkAnswer {
    /// The response, written as it is sent.
    ///
    /// # Errors
    /// [`serde_json::Error`] when the end cannot be written.
    pub(super) fn respond(self) -> Result<HttpResponse, serde_json::Error> {
        let rejected = self.outcomes.iter().filter(|of| of.problem.is_some()).count();
        let good = self.outcomes.len() - rejected;
        let counts = format!("\"{}\":{good},\"rejected\":{rejected}", self.counted_as);
        let broken = match self.broken {
            Some(problem) => {
                format!(",\"problem\":{}", serde_json::to_string(&problem.view(self.lang, None))?)
            }
            None => String::new(),
        };
        let (media, head, tail) = if self.by_line {
            ("application/x-ndjson", String::new(), format!("{{{counts}{broken}}}\n"))
        } else {
            ("application/json", format!("{{{counts},\"results\":["), format!("]{broken}}}"))
        };
        let rows =
            Pieces { rows: self.outcomes.into_iter().enumerate(), lang: self.lang, by_line: self.by_line };
        let whole = [head].into_iter().map(|text| Ok(Bytes::from(text)));
        let whole = whole.chain(rows).chain([Ok(Bytes::from(tail))]);
        let whole = whole.filter(|piece| !matches!(piece, Ok(bytes) if bytes.is_empty()));
        Ok(HttpResponse::Ok().content_type(media).streaming(stream::iter(whole)))
    }
}

/// The rows as text, piece by piece.
struct Pieces {
    rows: std::iter::Enumerate<std::vec::IntoIter<Outcome>>,
    lang: Lang,
    by_line: bool,
}

impl Iterator for Pieces {
    type Item = Result<Bytes, serde_json::Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut piece = Vec::with_capacity(PIECE);
        while piece.len() < PIECE
            && let Some((index, outcome)) = self.rows.next()
        {
            if index > 0 && !self.by_line {
                piece.push(b',');
            }
            let item = ActsItem {
                index,
                code: outcome.code,
                version: outcome.version,
                problem: outcome.problem.map(|problem| problem.view(self.lang, None)),
            };
            if let Err(error) = serde_json::to_writer(&mut piece, &item) {
                tracing::error!(%error, "an answer could not be written as JSON");
                return Some(Err(error));
            }
            if self.by_line {
                piece.push(b'\n');
            }
        }
        (!piece.is_empty()).then(|| Ok(Bytes::from(piece)))
    }
}

/// Whether the reader asks for one row a line.
pub(super) fn by_line(headers: &HeaderMap) -> bool {
    let wished = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    wished.split(',').any(|part| {
        let media = part.split(';').next().unwrap_or_default().trim();
        media.eq_ignore_ascii_case("application/x-ndjson")
    })
}
