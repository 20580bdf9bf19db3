//! `/counter/logged`: what was just logged, large enough to be read out, and on to the next one.

use std::collections::BTreeSet;

use actix_web::web::{Data, Query, ServiceConfig};
use actix_web::{HttpResponse, get};
use askama::Template;
use serde::Deserialize;

use super::super::fault::PageError;
use super::super::frame::{Frame, Tab, draw};
use super::super::visitor::Visitor;
use super::{counter, receipt};
use crate::app::App;
use crate::app::receipts::{ReceiptView, receipts};
use crate::app::view::in_path;
use crate::text::moments::time_weekday_and_date;
use crate::text::pages::{LoggedWords, logged, logged_words};

pub(in crate::web) fn configure(config: &mut ServiceConfig) {
    config.service(show);
}

/// Where it is told that these dossiers were logged.
pub(super) fn address(codes: &[String]) -> String {
    with_codes("/counter/logged", codes)
}

/// An address about several dossiers.
pub(super) fn with_codes(path: &str, codes: &[String]) -> String {
    let query = serde_urlencoded::to_string([("codes", codes.join(","))]).unwrap_or_default();
    format!("{path}?{query}")
}

/// Dossiers named in an address.
#[derive(Deserialize)]
pub(super) struct Named {
    #[serde(default)]
    codes: String,
}

impl Named {
    /// Their codes, each once.
    pub(super) fn codes(&self) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let each = self.codes.split(',').map(str::trim).filter(|code| !code.is_empty());
        each.filter(|code| seen.insert(*code)).map(ToOwned::to_owned).collect()
    }
}

#[derive(Template)]
#[template(path = "counter_logged.html", config = "src/web/askama.toml")]
struct LoggedHtml<'a> {
    frame: &'a Frame,
    w: &'static LoggedWords,
    form_token: &'a str,
    /// The first dossier; those of one form are alike.
    first: &'a ReceiptView,
    applicant: &'a str,
    due: String,
    /// Each code with the address of its dossier.
    codes: Vec<(String, String)>,
    print: String,
    next: String,
    same: String,
}

#[get("/counter/logged")]
async fn show(app: Data<App>, visitor: Visitor, named: Query<Named>) -> Result<HttpResponse, PageError> {
    let codes = receipt::wanted(named.codes())?;
    let views = receipts(&app, codes.clone(), &visitor.by, visitor.lang).await?;
    let Some(first) = views.first() else { return Err(PageError::NoSuchPage) };
    let w = logged_words(visitor.lang);
    let unit = Some(first.dossier.unit.as_str()).filter(|unit| *unit != visitor.by.unit);
    let page = LoggedHtml {
        frame: &visitor.frame(Tab::Counter, logged(visitor.lang, views.len())),
        w,
        form_token: &visitor.form_token,
        applicant: first.dossier.applicant.as_ref().map_or("", |of| &of.name),
        due: time_weekday_and_date(visitor.lang, first.dossier.first_due_at.0),
        codes: codes.iter().map(|code| (code.clone(), format!("/dossiers/{}", in_path(code)))).collect(),
        print: receipt::address(&codes),
        next: counter::address(unit, None),
        same: counter::address(unit, Some(&first.dossier.procedure)),
        first,
    };
    draw(&page)
}
