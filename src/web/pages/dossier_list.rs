//! `/dossiers`: the list, by the parameters that `GET /api/v1/dossiers` takes. So each number of a report leads here by its own link.

use actix_web::http::StatusCode;
use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use super::super::fault::{Faults, PageError};
use super::super::form::Form;
use super::super::frame::{Frame, Tab, draw, draw_as};
use super::super::visitor::Visitor;
use super::dossier_row::Row;
use crate::api::dossier_list::DossierParams;
use crate::app::access::Right;
use crate::app::dossiers::{self, Page};
use crate::app::view::DossierView;
use crate::app::{App, AppError};
use crate::domain::dossier::{Channel, Outcome, Status};
use crate::domain::finding::FindingCode;
use crate::store::counted::CountedBy;
use crate::text::Lang;
use crate::text::pages::dossier::{self as words, ListWords, list_words};
use crate::text::pages::{dossier_list as told, standing};

/// Rows on a page.
const ROWS: &str = "50";
/// What the form asks for; other parameters stand in it unseen.
const ASKED: [&str; 10] = [
    "status",
    "closed_at__isnull",
    "overdue",
    "due_within",
    "procedure",
    "officer",
    "channel",
    "outcome",
    "received_at__gte",
    "received_at__lte",
];

pub(in crate::web) fn configure(config: &mut ServiceConfig) {
    config.service(list);
}

/// One choice of a field.
struct Choice {
    word: &'static str,
    words: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "dossier_list.html", config = "src/web/askama.toml")]
struct Html<'a> {
    frame: &'a Frame,
    l: &'static ListWords,
    faults: &'a Faults,
    /// What is listed, where it comes from elsewhere.
    told: Vec<String>,
    asked: &'a Form,
    selects: Vec<(&'static str, &'static str, Vec<Choice>)>,
    unseen: Vec<(&'a str, &'a str)>,
    filtered: bool,
    rows: Vec<Row>,
    count: String,
    next: Option<String>,
    first: Option<String>,
    sees_applicant: bool,
}

#[get("/dossiers")]
async fn list(request: HttpRequest, app: Data<App>, visitor: Visitor) -> Result<HttpResponse, PageError> {
    let l = list_words(visitor.lang);
    let asked = Form::parse(request.query_string().as_bytes()).unwrap_or_default();
    let frame = visitor.frame(Tab::Queue, l.title);
    match found(&app, &visitor, &asked).await {
        Ok((page, told)) => draw(&html(&frame, &visitor, &asked, &Faults::default(), (Some(page), told))),
        Err(error) => {
            let faults = Faults::of(visitor.lang, error)?;
            draw_as(StatusCode::BAD_REQUEST, &html(&frame, &visitor, &asked, &faults, (None, Vec::new())))
        }
    }
}

/// The page asked for, and what is told of it.
async fn found(
    app: &App,
    visitor: &Visitor,
    asked: &Form,
) -> Result<(Page<DossierView>, Vec<String>), AppError> {
    // A form sends fields that were left empty, too.
    let given = asked.fields().iter().filter(|(name, value)| name != "limit" && !value.trim().is_empty());
    let given: Vec<(&str, &str)> = given.map(|(name, value)| (name.as_str(), value.trim())).collect();
    let query = serde_urlencoded::to_string([given.as_slice(), &[("limit", ROWS)]].concat());
    let params = DossierParams::read(&query.unwrap_or_default())?;
    let wanted = params.asked(app, visitor.by.clone(), visitor.lang).await?;
    let mut told = Vec::new();
    told.extend(wanted.filter.counted.as_ref().map(|by| counted(visitor.lang, by)));
    if let Some(unit) = wanted.scope.unit.clone() {
        let name =
            app.read(move |_, catalogue| Ok(catalogue.units.get(&unit).map(|of| of.name.clone()))).await?;
        told.extend(name);
    }
    told.extend(
        asked
            .optional("finding")
            .and_then(|word| FindingCode::from_word(&word))
            .map(|code| told::finding(visitor.lang, code)),
    );
    Ok((dossiers::list(app, wanted.filter, wanted.scope, wanted.page).await?, told))
}

fn counted(lang: Lang, by: &CountedBy) -> String {
    told::counted(
        lang,
        by.cell,
        by.window.start(),
        by.window.as_of(),
        by.row.as_ref().map(|(group, key)| (*group, key.as_str())),
    )
}

fn html<'a>(
    frame: &'a Frame,
    visitor: &Visitor,
    asked: &'a Form,
    faults: &'a Faults,
    (found, told): (Option<Page<DossierView>>, Vec<String>),
) -> Html<'a> {
    let l = list_words(visitor.lang);
    let shown = |name: &str| ASKED.contains(&name) || matches!(name, "cursor" | "limit");
    let unseen = asked.fields().iter().filter(|(name, value)| !shown(name) && !value.trim().is_empty());
    let next = found.as_ref().and_then(|page| page.next.clone());
    Html {
        frame,
        l,
        faults,
        told,
        selects: selects(visitor.lang, l, asked),
        unseen: unseen.map(|(name, value)| (name.as_str(), value.as_str())).collect(),
        filtered: asked.fields().iter().any(|(_, value)| !value.is_empty()),
        count: found.as_ref().map(|page| told::count(visitor.lang, page.count)).unwrap_or_default(),
        rows: found.into_iter().flat_map(|page| page.items).map(|view| Row::of(visitor.lang, view)).collect(),
        next: next.map(|cursor| address(asked, Some(&cursor))),
        first: asked.optional("cursor").map(|_| address(asked, None)),
        sees_applicant: visitor.may(Right::SeeApplicant),
        asked,
    }
}

/// The same list from another place on.
fn address(asked: &Form, cursor: Option<&str>) -> String {
    let rest = asked.fields().iter().filter(|(name, value)| name != "cursor" && !value.trim().is_empty());
    let parts =
        rest.map(|(name, value)| (name.as_str(), value.as_str())).chain(cursor.map(|of| ("cursor", of)));
    let query = serde_urlencoded::to_string(parts.collect::<Vec<_>>()).unwrap_or_default();
    if query.is_empty() { "/dossiers".to_owned() } else { format!("/dossiers?{query}") }
}

fn selects(
    lang: Lang,
    l: &'static ListWords,
    asked: &Form,
) -> Vec<(&'static str, &'static str, Vec<Choice>)> {
    let select = |name: &'static str, label: &'static str, all: Vec<(&'static str, String)>| {
        let chosen = asked.text(name);
        let choice = |(word, words): (&'static str, String)| Choice { chosen: chosen == word, word, words };
        (name, label, all.into_iter().map(choice).collect())
    };
    let yes_no = |yes: &str, no: &str| vec![("true", yes.to_owned()), ("false", no.to_owned())];
    let within = [("0wd", 0), ("1wd", 1), ("2wd", 2), ("5wd", 5)];
    let all = |words: &[(&'static str, &'static str)]| {
        words.iter().map(|(word, words)| (*word, (*words).to_owned())).collect::<Vec<_>>()
    };
    let statuses: Vec<_> = Status::ALL.iter().map(|of| (of.word(), words::status(lang, *of))).collect();
    let channels: Vec<_> = Channel::ALL.iter().map(|of| (of.word(), words::channel(lang, *of))).collect();
    let outcomes: Vec<_> = Outcome::ALL.iter().map(|of| (of.word(), standing::outcome(lang, *of))).collect();
    vec![
        select("closed_at__isnull", l.open, yes_no(l.open_yes, l.open_no)),
        select("status", l.status, all(&statuses)),
        select("overdue", l.overdue, yes_no(l.yes, l.no)),
        select(
            "due_within",
            l.due_within,
            within.map(|(word, days)| (word, words::within_days(lang, days))).to_vec(),
        ),
        select("outcome", l.outcome, all(&outcomes)),
        select("channel", l.channel, all(&channels)),
    ]
}
