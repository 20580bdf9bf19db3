//! The style sheet and the script, under addresses that name their content, so that browsers may keep them for ever and never keep an old one.

use std::sync::LazyLock;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::web::{Path, ServiceConfig};
use actix_web::{HttpResponse, get};

use super::fault::PageError;
use crate::domain::ledger::sha256_hex;

/// A file that pages load.
pub(super) struct Static {
    /// Its address.
    pub(super) address: String,
    media: &'static str,
    content: &'static str,
}

impl Static {
    fn new(name: &str, ending: &str, media: &'static str, content: &'static str) -> Static {
        let hash: String = sha256_hex(content.as_bytes()).chars().take(16).collect();
        Static { address: format!("/static/{name}.{hash}.{ending}"), media, content }
    }
}

/// The style of all pages, printed ones too.
pub(super) static STYLE: LazyLock<Static> = LazyLock::new(|| {
    Static::new("style", "css", "text/css; charset=utf-8", include_str!("static/style.css"))
});
/// What makes pages quicker to use.
pub(super) static SCRIPT: LazyLock<Static> = LazyLock::new(|| {
    Static::new("hentra", "js", "text/javascript; charset=utf-8", include_str!("static/hentra.js"))
});

pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(file);
}

#[get("/static/{name}")]
async fn file(name: Path<String>) -> Result<HttpResponse, PageError> {
    let asked = format!("/static/{name}");
    let all = [&*STYLE, &*SCRIPT];
    let found = all.into_iter().find(|of| of.address == asked).ok_or(PageError::NoSuchPage)?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, found.media))
        .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header(("X-Content-Type-Options", "nosniff"))
        .body(found.content))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_block_of_the_style_ends_where_it_should() {
        // A brace that is missing takes all rules after it along, and no browser says so.
        let mut depth = 0_i32;
        for (line, text) in STYLE.content.lines().enumerate() {
            if text.starts_with("/*") {
                assert_eq!(depth, 0, "line {}: a block before it does not end", line + 1);
            }
            depth += i32::try_from(text.matches('{').count()).unwrap();
            depth -= i32::try_from(text.matches('}').count()).unwrap();
        }
        assert_eq!(depth, 0);
    }
}
