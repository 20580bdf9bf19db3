//! The style sheet and the script, under addresses that name their content, so that browsers may keep them for ever and never keep an old one.

use std::io::Write as _;
use std::sync::LazyLock;

use actix_web::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use actix_web::web::{Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::fault::PageError;
use crate::domain::ledger::sha256_hex;

/// A file that pages load.
pub(super) struct Static {
    /// Its address.
    pub(super) address: String,
    media: &'static str,
    content: &'static str,
    /// The same, packed once; `None` should that fail, which it cannot in memory.
    packed: Option<Vec<u8>>,
}

impl Static {
    fn new(name: &str, ending: &str, media: &'static str, content: &'static str) -> Static {
        let hash: String = sha256_hex(content.as_bytes()).chars().take(16).collect();
        let address = format!("/static/{name}.{hash}.{ending}");
        Static { address, media, content, packed: packed(content).ok() }
    }
}

fn packed(content: &str) -> std::io::Result<Vec<u8>> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(content.as_bytes())?;
    packer.finish()
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
async fn file(request: HttpRequest, name: Path<String>) -> Result<HttpResponse, PageError> {
    let asked = format!("/static/{name}");
    let all = [&*STYLE, &*SCRIPT];
    let found = all.into_iter().find(|of| of.address == asked).ok_or(PageError::NoSuchPage)?;
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header((CONTENT_TYPE, found.media))
        .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((VARY, ACCEPT_ENCODING.as_str()))
        .insert_header(("X-Content-Type-Options", "nosniff"));
    let codings =
        request.headers().get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match &found.packed {
        Some(packed) if codings.contains("gzip") => {
            Ok(answer.insert_header((CONTENT_ENCODING, "gzip")).body(packed.clone()))
        }
        _ => Ok(answer.body(found.content)),
    }
}
