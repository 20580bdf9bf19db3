//! `/account`: who one is here, until when the session holds, and one's own password.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Query, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;

use super::super::fault::{Faults, PageError};
use super::super::form::Posted;
use super::super::frame::{Frame, Tab, draw, draw_as, go_on};
use super::super::visitor::Visitor;
use crate::app::access::Right;
use crate::app::access::passwords::{NewPassword, password_set};
use crate::app::{App, AppError};
use crate::text::pages::account::{AccountWords, account_words};
use crate::text::pages::{dossier, role};

pub(in crate::web) fn configure(config: &mut ServiceConfig) {
    config.service(show).service(change);
}

#[derive(Template)]
#[template(path = "account.html", config = "src/web/askama.toml")]
struct Html<'a> {
    frame: &'a Frame,
    w: &'static AccountWords,
    name: &'a str,
    role: &'static str,
    unit: &'a str,
    until: Option<String>,
    idle: Option<String>,
    /// Whether the visitor may have calendars to subscribe to.
    feeds: bool,
    done: bool,
    faults: &'a Faults,
}

#[derive(Deserialize, Default)]
struct Asked {
    #[serde(default)]
    done: String,
}

#[get("/account")]
async fn show(visitor: Visitor, asked: Query<Asked>) -> Result<HttpResponse, PageError> {
    let frame = visitor.frame(Tab::None, account_words(visitor.lang).title);
    draw(&html(&frame, &visitor, !asked.done.is_empty(), &Faults::default()))
}

#[post("/account/password")]
async fn change(app: Data<App>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    let w = account_words(visitor.lang);
    let frame = visitor.frame(Tab::None, w.title);
    if form.text("password") != form.text("again") {
        let faults = Faults::one("again", w.differ);
        return draw_as(StatusCode::UNPROCESSABLE_ENTITY, &html(&frame, &visitor, false, &faults));
    }
    let new = NewPassword {
        user_id: visitor.by.user_id,
        password: form.text("password").to_owned(),
        current: Some(form.text("current").to_owned()),
        keep: Some(visitor.presented.token_id),
    };
    match password_set(&app, new, Some(visitor.by.clone())).await {
        Ok(()) => Ok(go_on("/account?done=1")),
        Err(error) => {
            let busy = matches!(error, AppError::Busy);
            let status = if busy { StatusCode::TOO_MANY_REQUESTS } else { StatusCode::UNPROCESSABLE_ENTITY };
            draw_as(status, &html(&frame, &visitor, false, &Faults::of(visitor.lang, error)?))
        }
    }
}

fn html<'a>(frame: &'a Frame, visitor: &'a Visitor, done: bool, faults: &'a Faults) -> Html<'a> {
    let at = |at: Option<chrono::DateTime<chrono::Utc>>| at.map(|at| dossier::at(visitor.lang, at));
    Html {
        frame,
        w: account_words(visitor.lang),
        name: &visitor.by.name,
        role: role(visitor.lang, visitor.role().word()),
        unit: &visitor.unit_name,
        until: at(visitor.presented.expires_at),
        idle: at(visitor.presented.idle_until),
        feeds: visitor.may(Right::Handle),
        done,
        faults,
    }
}
