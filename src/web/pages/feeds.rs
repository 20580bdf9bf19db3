//! `/account/feeds`: the secret addresses of calendars that a phone or Outlook subscribes to: those that hold, a new one, and taking one back.

use actix_web::web::{Data, Path, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;

use super::super::fault::{Faults, PageError};
use super::super::form::{Form, Posted};
use super::super::frame::{Frame, Tab, draw, draw_as, go_on};
use super::super::sheet::{Field, Sheet};
use super::super::visitor::Visitor;
use super::admin::{key, unit_choices, unit_names};
use crate::app::access::Right;
use crate::app::access::feeds::{self, FeedView, NewFeed};
use crate::app::once::Sent;
use crate::app::{App, AppError};
use crate::text::moments;
use crate::text::pages::feeds::{FeedWords, feed_done, feed_words};

pub(in crate::web) fn configure(config: &mut ServiceConfig) {
    config.service(show).service(make).service(revoke);
}

/// An address that holds, in words.
struct Row {
    id: i64,
    unit: String,
    label: String,
    made: String,
    by: &'static str,
    revoke: Sheet,
}

#[derive(Template)]
#[template(path = "feeds.html", config = "src/web/askama.toml")]
struct ListHtml {
    frame: Frame,
    w: &'static FeedWords,
    done: &'static str,
    rows: Vec<Row>,
    sheet: Sheet,
}

/// An address just made: the only time that it is shown.
#[derive(Template)]
#[template(path = "feed_made.html", config = "src/web/askama.toml")]
struct MadeHtml {
    frame: Frame,
    w: &'static FeedWords,
    unit: String,
    calendars: [Calendar; 2],
}

/// One of the two calendars under an address.
struct Calendar {
    id: &'static str,
    name: &'static str,
    what: &'static str,
    address: String,
    /// The same for programs that a link opens.
    webcal: String,
}

#[derive(Deserialize, Default)]
struct Asked {
    #[serde(default)]
    done: String,
}

#[get("/account/feeds")]
async fn show(app: Data<App>, visitor: Visitor, asked: Query<Asked>) -> Result<HttpResponse, PageError> {
    let form = Form::filled(vec![("unit", visitor.by.unit.clone())]);
    draw(&page(&app, &visitor, &asked.done, (&form, &Faults::default())).await?)
}

async fn page(
    app: &App,
    visitor: &Visitor,
    done: &str,
    (form, faults): (&Form, &Faults),
) -> Result<ListHtml, PageError> {
    let w = feed_words(visitor.lang);
    let found = feeds::feeds_list(app, visitor.by.clone()).await?;
    let names = unit_names(app, found.iter().map(|of| of.unit.clone()).collect()).await?;
    let rows = found.into_iter().zip(names).map(|(of, unit)| row(visitor, of, unit)).collect();
    let units = unit_choices(app, visitor, form.text("unit")).await?;
    let sheet = Sheet::to(visitor, "feed", "/account/feeds", w.make)
        .once()?
        .ask(Field::one("unit", w.unit, units).hint(w.unit_hint))
        .ask(Field::line("label", w.label, form.text("label")).hint(w.label_hint))
        .with(faults);
    let frame = visitor.frame(Tab::None, w.title);
    Ok(ListHtml { frame, w, done: feed_done(visitor.lang, done), rows, sheet })
}

fn row(visitor: &Visitor, of: FeedView, unit: String) -> Row {
    let w = feed_words(visitor.lang);
    Row {
        id: of.id,
        unit,
        label: of.label.unwrap_or_else(|| "—".to_owned()),
        made: moments::time_weekday_and_date(visitor.lang, of.created_at),
        by: if of.created_by == visitor.by.user_id { w.mine } else { w.colleagues },
        revoke: Sheet::to(visitor, "revoke", format!("/account/feeds/{}/revoke", of.id), w.revoke).small(),
    }
}

#[post("/account/feeds")]
async fn make(request: HttpRequest, app: Data<App>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    visitor.must(Right::Handle)?;
    let once = app.once(form.once(&visitor));
    let new = NewFeed { unit: form.text("unit").to_owned(), label: form.optional("label") };
    let made = feeds::feed_create(&once, new, visitor.by.clone()).await;
    match once.sent(made).await {
        Ok(Sent::Now((secret, of))) => {
            draw(&told(&app, &visitor, &home(&app, &request), (&secret, of)).await?)
        }
        Ok(Sent::Before(made)) => {
            Ok(go_on(&format!("/account/feeds?done=made_before#feed-{}", made.key("feed"))))
        }
        Err(error) => refused(&app, &visitor, &form, error).await,
    }
}

async fn refused(
    app: &App,
    visitor: &Visitor,
    form: &Form,
    error: AppError,
) -> Result<HttpResponse, PageError> {
    let faults = Faults::of(visitor.lang, error)?;
    draw_as(faults.status(), &page(app, visitor, "", (form, &faults)).await?)
}

/// Where the service is reached: as the settings say, or as the browser reached it.
fn home(app: &App, request: &HttpRequest) -> String {
    let reached = || {
        let info = request.connection_info();
        format!("{}://{}", info.scheme(), info.host())
    };
    let told = app.timetable().public_url.as_deref().map(|home| home.trim_end_matches('/').to_owned());
    told.unwrap_or_else(reached)
}

async fn told(
    app: &App,
    visitor: &Visitor,
    home: &str,
    (secret, of): (&str, FeedView),
) -> Result<MadeHtml, PageError> {
    let w = feed_words(visitor.lang);
    let unit = unit_names(app, vec![of.unit]).await?.pop().unwrap_or_default();
    let calendar = |id, name, what| {
        let address = format!("{home}/feeds/{secret}/{id}.ics");
        let webcal = address.split_once("://").map(|(_, rest)| format!("webcal://{rest}"));
        Calendar { id, name, what, webcal: webcal.unwrap_or_default(), address }
    };
    let calendars = [calendar("due", w.due, w.due_what), calendar("calendar", w.days, w.days_what)];
    Ok(MadeHtml { frame: visitor.frame(Tab::None, w.made_title), w, unit, calendars })
}

#[post("/account/feeds/{id}/revoke")]
async fn revoke(app: Data<App>, id: Path<String>, posted: Posted) -> Result<HttpResponse, PageError> {
    feeds::feed_revoke(&app, key(&id, "feed")?, posted.visitor.by).await?;
    Ok(go_on("/account/feeds?done=revoked"))
}
