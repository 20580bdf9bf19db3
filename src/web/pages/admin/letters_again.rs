//! `/admin/alerts/sent/replay`: sending many mails again, those chosen in the list or all that its filter finds, and what came of it.

use actix_web::http::StatusCode;
use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpResponse, post};
use askama::Template;

use super::{Around, Room, around};
use crate::app::App;
use crate::app::alerts::{self, AlertFilter, Asked, OutboxStatus, ReplayView};
use crate::text::pages::{LetterWords, letter_words, replayed};
use crate::text::replays::may_come_twice;
use crate::web::fault::PageError;
use crate::web::form::{Form, Posted};
use crate::web::frame::{Frame, draw_as};

pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(post_replay);
}

#[derive(Template)]
#[template(path = "admin/letters_again.html", config = "src/web/askama.toml")]
struct AgainHtml {
    frame: Frame,
    a: Around,
    w: &'static LetterWords,
    /// Whether nothing was asked for.
    none: bool,
    said: String,
    /// What is to be known of those that may arrive twice.
    twice: &'static str,
    done: ReplayView,
}

#[post("/admin/alerts/sent/replay")]
async fn post_replay(app: Data<App>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    let (lang, w) = (visitor.lang, letter_words(visitor.lang));
    let (frame, a) = around(&visitor, Room::Letters, w.again_title, "")?;
    let asked = asked(&form);
    let none = asked.is_none();
    let done = match asked {
        Some(asked) => alerts::replay_many(&app, asked, visitor.by.clone(), lang).await?,
        None => ReplayView::default(),
    };
    let twice = if done.replayed.iter().any(|of| of.may_come_twice) { may_come_twice(lang) } else { "" };
    let said = replayed(lang, done.replayed.len());
    let status = if none { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    draw_as(status, &AgainHtml { frame, a, w, none, said, twice, done })
}

/// Which mails the form asks for; `None` for none.
fn asked(form: &Form) -> Option<Asked> {
    let (status, rule) = (OutboxStatus::from_word(form.text("status")), form.optional("rule"));
    if form.has("all") {
        let filtered = status.is_some() || rule.is_some();
        return filtered.then(|| Asked::Found(AlertFilter { status, rule, ..AlertFilter::default() }));
    }
    let ids: Vec<i64> = form.all("id").filter_map(|id| id.parse().ok()).take(alerts::MOST_AT_ONCE).collect();
    (!ids.is_empty()).then_some(Asked::Ids(ids))
}
