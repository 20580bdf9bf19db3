//! `/queue/search`: finding a dossier by its code, its procedure or its applicant's name.
//!
//! What is looked for comes as a form and is answered at once, so that no person's name ever stands in an address.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpResponse, post};
use askama::Template;

use super::super::fault::{Faults, PageError};
use super::super::form::Posted;
use super::super::frame::{Frame, Tab, draw, draw_as, go_on};
use super::super::visitor::Visitor;
use super::dossier_row::Row;
use crate::app::access::Right;
use crate::app::dossiers::{self, Page, PageRequest, UnitScope};
use crate::app::view::{DossierView, in_path};
use crate::app::{App, AppError};
use crate::domain::fold::fold;
use crate::store::listing::DossierFilter;
use crate::text::pages::dossier::{ListWords, list_words};

/// Rows shown.
const ROWS: i64 = 50;

pub(in crate::web) fn configure(config: &mut ServiceConfig) {
    config.service(search);
}

#[derive(Template)]
#[template(path = "dossier_search.html", config = "src/web/askama.toml")]
struct Html<'a> {
    frame: &'a Frame,
    l: &'static ListWords,
    words: &'a str,
    faults: &'a Faults,
    rows: Vec<Row>,
    more: bool,
    sees_applicant: bool,
}

#[post("/queue/search")]
async fn search(app: Data<App>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    let words = form.text("q");
    let l = list_words(visitor.lang);
    if fold(words).is_empty() || words.chars().any(char::is_control) {
        let faults = Faults::one("q", l.empty_search);
        return draw_as(
            actix_web::http::StatusCode::UNPROCESSABLE_ENTITY,
            &page(&visitor.frame(Tab::Queue, l.found), &visitor, words, &faults, None),
        );
    }
    if let Some(to) = exactly(&app, &visitor, words).await? {
        return Ok(go_on(&to));
    }
    let filter = DossierFilter { q: Some(fold(words)), ..DossierFilter::default() };
    let request = PageRequest { by: visitor.by.clone(), lang: visitor.lang, limit: ROWS, cursor: None };
    let found = dossiers::list(&app, filter, UnitScope { unit: None, subtree: true }, request).await?;
    draw(&page(&visitor.frame(Tab::Queue, l.found), &visitor, words, &Faults::default(), Some(found)))
}

/// The page of the dossier with this very code, or of the open dossiers for the procedure with it.
async fn exactly(app: &App, visitor: &Visitor, words: &str) -> Result<Option<String>, PageError> {
    match dossiers::find(app, words.to_owned(), visitor.by.clone(), visitor.lang).await {
        Ok(_) => return Ok(Some(format!("/dossiers/{}", in_path(words)))),
        Err(AppError::NotFound(_)) => {}
        Err(error) => return Err(error.into()),
    }
    let code = words.to_owned();
    let known = app.read(move |_, catalogue| Ok(catalogue.procedures.contains_key(&code))).await?;
    Ok(known.then(|| format!("/dossiers?procedure={}&closed_at__isnull=true", in_path(words))))
}

fn page<'a>(
    frame: &'a Frame,
    visitor: &Visitor,
    words: &'a str,
    faults: &'a Faults,
    found: Option<Page<DossierView>>,
) -> Html<'a> {
    let more = found.as_ref().is_some_and(|page| page.next.is_some());
    let rows = found.map(|page| page.items).unwrap_or_default();
    Html {
        frame,
        l: list_words(visitor.lang),
        words,
        faults,
        rows: rows.into_iter().map(|view| Row::of(visitor.lang, view)).collect(),
        more,
        sees_applicant: visitor.may(Right::SeeApplicant),
    }
}
