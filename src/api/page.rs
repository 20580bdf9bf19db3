//! Pages of lists: how many rows, and where to read on.

use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::extract::Language;
use crate::app::access::Principal;
use crate::app::dossiers::{Page, PageRequest};
use crate::app::{AppError, Fault};

/// Rows on a page when nothing is said.
const ORDINARY: i64 = 100;
/// Rows on a page at most.
const MOST: i64 = 500;

/// Which page of a whole list.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageParams {
    /// Rows on the page, 1–500; 100 if nothing is said.
    pub limit: Option<i64>,
    /// `next` of the page before.
    pub cursor: Option<String>,
}

/// The page asked for.
///
/// # Errors
/// [`AppError::Invalid`] when `limit` is not from 1 to 500.
pub fn asked(
    limit: Option<i64>,
    cursor: Option<String>,
    by: Principal,
    language: Language,
) -> Result<PageRequest, AppError> {
    let limit = limit.unwrap_or(ORDINARY);
    if !(1..=MOST).contains(&limit) {
        return Err(AppError::invalid("limit", Fault::OutOfRange));
    }
    Ok(PageRequest { by, lang: language.0, limit, cursor })
}

/// A page of a list held in memory, in the order of its keys.
///
/// # Errors
/// [`AppError::Invalid`] when the cursor names no row.
pub fn of_all<T>(all: Vec<T>, page: &PageRequest, key: impl Fn(&T) -> String) -> Result<Page<T>, AppError> {
    let count = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let from = match &page.cursor {
        None => 0,
        Some(cursor) => {
            let at = all.iter().position(|of| key(of) == *cursor);
            at.ok_or_else(|| AppError::invalid("cursor", Fault::Malformed))? + 1
        }
    };
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
    let rest = all.len().saturating_sub(from);
    let items: Vec<T> = all.into_iter().skip(from).take(limit).collect();
    let next = if rest > limit { items.last().map(key) } else { None };
    Ok(Page { items, next, count, count_exact: true })
}
