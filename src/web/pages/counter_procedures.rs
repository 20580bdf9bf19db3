//! `/counter/procedures`: the procedures that fit what is typed, as a part of the page; and which one a form has chosen.

use actix_web::web::{Data, Query, ServiceConfig};
use actix_web::{HttpResponse, get};
use askama::Template;
use serde::Deserialize;

use super::super::fault::PageError;
use super::super::frame::draw;
use super::super::visitor::Visitor;
use super::counter_form::{Typed, label};
use crate::app::access::Right;
use crate::app::catalogue::procedure_search::{
    ProcedureFound, ProcedureQuestion, procedure_named, procedures_search,
};
use crate::app::{App, AppError};
use crate::text::Lang;
use crate::text::pages::{allows, found};

/// So many are shown; who sees none that fits types more.
const SHOWN: usize = 10;
/// Nobody types more words than this; the rest is left out.
const LONGEST: usize = 200;

pub(in crate::web) fn configure(config: &mut ServiceConfig) {
    config.service(search);
}

/// A procedure to choose.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) sector: String,
    /// What stands in the field once it is chosen.
    pub(super) label: String,
    /// Its limit in words.
    pub(super) allows: String,
    pub(super) same_day: bool,
}

impl Line {
    fn of(lang: Lang, of: ProcedureFound) -> Line {
        Line {
            label: label(&of),
            allows: allows(lang, of.limit, of.same_day),
            same_day: of.same_day,
            code: of.code,
            name: of.name,
            sector: of.sector,
        }
    }
}

#[derive(Template)]
#[template(path = "counter_procedures.html", config = "src/web/askama.toml")]
struct ListHtml<'a> {
    said: &'a str,
    lines: &'a [Line],
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    unit: String,
}

#[get("/counter/procedures")]
async fn search(app: Data<App>, visitor: Visitor, asked: Query<Asked>) -> Result<HttpResponse, PageError> {
    visitor.must(Right::Handle)?;
    let Asked { q, unit } = asked.into_inner();
    let unit = if unit.is_empty() { visitor.by.unit.clone() } else { unit };
    let (lines, count) = lines(&app, &visitor, unit, &q).await?;
    draw(&ListHtml { said: &found(visitor.lang, count, lines.len()), lines: &lines })
}

async fn lines(
    app: &App,
    visitor: &Visitor,
    unit: String,
    words: &str,
) -> Result<(Vec<Line>, usize), AppError> {
    let words = words.chars().take(LONGEST).collect();
    let found = procedures_search(app, ProcedureQuestion { unit, words, most: SHOWN }, &visitor.by).await?;
    Ok((found.best.into_iter().map(|of| Line::of(visitor.lang, of)).collect(), found.count))
}

/// What a form has chosen, or is offered.
#[derive(Debug, Default)]
pub(super) struct Choice {
    chosen: Option<ProcedureFound>,
    /// Those to choose from.
    pub(super) lines: Vec<Line>,
    /// Whether words were typed that fit nothing.
    pub(super) none_found: bool,
}

impl Choice {
    /// Settles which procedure is meant: the one chosen, as long as its words are not changed; else the only one that fits the words, or those to
    /// choose from. `typed` is brought in line with it.
    ///
    /// # Errors
    /// The store's.
    pub(super) async fn of(app: &App, visitor: &Visitor, typed: &mut Typed) -> Result<Choice, AppError> {
        if !typed.looks()
            && let Some(chosen) = procedure_named(app, &typed.procedure, &typed.unit).await?
        {
            typed.choose(&chosen);
            return Ok(Choice { chosen: Some(chosen), ..Choice::default() });
        }
        typed.procedure.clear();
        typed.words_before.clone_from(&typed.words);
        if typed.words.is_empty() {
            return Ok(Choice::default());
        }
        let (lines, count) = lines(app, visitor, typed.unit.clone(), &typed.words).await?;
        if let ([only], 1) = (lines.as_slice(), count)
            && let Some(chosen) = procedure_named(app, &only.code, &typed.unit).await?
        {
            typed.choose(&chosen);
            return Ok(Choice { chosen: Some(chosen), ..Choice::default() });
        }
        Ok(Choice { none_found: lines.is_empty(), chosen: None, lines })
    }

    /// The cases of the procedure that is chosen.
    pub(super) fn cases(&self) -> &[String] {
        self.chosen.as_ref().map_or(&[], |of| &of.cases)
    }

    /// Lets go of a case of another procedure, chosen before this one.
    pub(super) fn forget_case(&self, typed: &mut Typed) {
        if !self.cases().contains(&typed.case) {
            typed.case.clear();
        }
    }
}
