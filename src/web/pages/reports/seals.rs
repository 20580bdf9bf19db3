//! `/reports/seals`: the sealed reports, the newest first.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use super::super::super::fault::PageError;
use super::super::super::frame::{Frame, Tab, draw};
use super::super::super::visitor::Visitor;
use super::asking::{Asking, address};
use super::ways::{Way, ways};
use crate::app::App;
use crate::app::dossiers::{PageRequest, UnitScope};
use crate::app::reports::sealed_views::{NamedSeal, named};
use crate::domain::statistics::GroupBy;
use crate::text::pages::reports::{AskedWords, asked_words, period};
use crate::text::pages::seals::{SealWords, seal_words};
use crate::text::{Lang, moments, reports as text};

pub(super) const PATH: &str = "/reports/seals";
/// Seals on a page.
const ROWS: i64 = 50;

#[derive(Template)]
#[template(path = "seals.html", config = "src/web/askama.toml")]
struct SealsHtml<'a> {
    frame: &'a Frame,
    asked: &'static AskedWords,
    w: &'static SealWords,
    ways: Vec<Way>,
    rows: Vec<SealRow>,
    next: Option<String>,
    first: bool,
}

/// A seal as lists and its own page say it.
pub(super) struct SealRow {
    pub(super) id: i64,
    pub(super) href: String,
    pub(super) period: String,
    pub(super) unit: String,
    pub(super) group_by: &'static str,
    pub(super) sealed_at: String,
    pub(super) sealed_by: String,
    pub(super) hash: String,
}

#[get("/reports/seals")]
pub(super) async fn seals(
    request: HttpRequest,
    app: Data<App>,
    visitor: Visitor,
) -> Result<HttpResponse, PageError> {
    let (asking, lang, w) = (Asking::of(&request), visitor.lang, seal_words(visitor.lang));
    let scope = UnitScope { unit: asking.typed.optional("unit"), subtree: true };
    let cursor = asking.typed.optional("cursor");
    let first = cursor.is_none();
    let page = named(&app, scope, PageRequest { by: visitor.by.clone(), lang, limit: ROWS, cursor }).await?;
    let frame = visitor.frame(Tab::Reports, w.title);
    draw(&SealsHtml {
        frame: &frame,
        asked: asked_words(lang),
        w,
        ways: ways(lang, PATH, ""),
        rows: page.items.iter().map(|of| seal_row(lang, of)).collect(),
        next: page.next.map(|next| address(PATH, &asking.query(&[("cursor", &next)]))),
        first,
    })
}

/// A seal in words.
pub(super) fn seal_row(lang: Lang, of: &NamedSeal) -> SealRow {
    let seal = &of.seal;
    let by = GroupBy::from_word(&seal.group_by);
    SealRow {
        id: seal.id,
        href: format!("/reports/seals/{}", seal.id),
        period: of.period.map_or_else(|| seal.period.label.clone(), |of| period(lang, &of)),
        unit: of.unit_name.clone(),
        group_by: by.map_or("—", |by| text::row_heading(lang, by)),
        sealed_at: moments::time_weekday_and_date(lang, seal.sealed_at.0),
        sealed_by: of.sealed_by.clone().unwrap_or_else(|| seal_words(lang).system.to_owned()),
        hash: seal.hash.clone(),
    }
}
