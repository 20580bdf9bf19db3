//! `/`: to the page that one's role begins with, or, for somebody who is not signed in, what they may ask; `/language`: the other language.

use actix_web::web::{Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;
use serde::Deserialize;

use super::super::fault::PageError;
use super::super::frame::{Frame, Tab, draw, go_on};
use super::super::visitor::{Reader, language_cookie, within};
use crate::text::Lang;
use crate::text::pages::open::{FrontWords, StatusWords, front_words, status_words};

pub(in crate::web) fn configure(config: &mut ServiceConfig) {
    config.service(home).service(language);
}

#[derive(Template)]
#[template(path = "front.html", config = "src/web/askama.toml")]
struct FrontHtml<'a> {
    frame: &'a Frame,
    w: &'static FrontWords,
    s: &'static StatusWords,
}

#[get("/")]
async fn home(reader: Reader) -> Result<HttpResponse, PageError> {
    if let Some(visitor) = &reader.visitor {
        return Ok(go_on(visitor.home()));
    }
    let w = front_words(reader.lang);
    let frame = Frame::of(&reader, Tab::None, w.title);
    draw(&FrontHtml { frame: &frame, w, s: status_words(reader.lang) })
}

#[derive(Deserialize)]
struct Wished {
    to: String,
    #[serde(default)]
    back: String,
}

#[get("/language")]
async fn language(request: HttpRequest, wished: Query<Wished>) -> HttpResponse {
    let lang = if wished.to == Lang::En.tag() { Lang::En } else { Lang::Vi };
    let mut answer = go_on(within(&wished.back));
    // A cookie of two plain words cannot be refused by the header's own rules.
    let _ = answer.add_cookie(&language_cookie(&request, lang));
    answer
}
