//! `/`: to the page that one's role begins with; `/language`: the other language.

use actix_web::web::{Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use serde::Deserialize;

use super::super::frame::go_on;
use super::super::visitor::{Reader, language_cookie, within};
use crate::text::Lang;

pub(in crate::web) fn configure(config: &mut ServiceConfig) {
    config.service(home).service(language);
}

#[get("/")]
async fn home(reader: Reader) -> HttpResponse {
    go_on(reader.visitor.as_ref().map_or("/sign-in", |visitor| visitor.home()))
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
