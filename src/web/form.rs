//! What a browser sends back: the fields of a form, known to come from one of our pages.
//!
//! A form of somebody whose session ended meanwhile is not lost: [`PageError::Expired`] carries it over the sign-in.

use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::{HOST, HeaderMap, ORIGIN};
use actix_web::web::BytesMut;
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt as _;
use percent_encoding::percent_decode;

use super::fault::PageError;
use super::visitor::{Visitor, recognise};
use crate::app::once::Once;
use crate::app::{AppError, Fault};

/// The largest form, in bytes.
const MOST: usize = 2 * 1024 * 1024;
/// The field that shows a form to be one of the visitor's own pages.
pub(super) const TOKEN: &str = "form_token";
/// The field that makes a form sent twice be taken once.
pub(super) const KEY: &str = "key";

/// The fields of a form, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Form {
    fields: Vec<(String, String)>,
}

impl Form {
    /// A form as though it had been filled in so, for drawing one that nobody has typed into yet.
    pub(super) fn filled(fields: Vec<(&str, String)>) -> Form {
        Form { fields: fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect() }
    }

    /// A field as it was typed, without white space around it; empty when it was not sent.
    pub(super) fn text(&self, name: &str) -> &str {
        self.fields.iter().find(|(of, _)| of == name).map_or("", |(_, value)| value.trim())
    }

    /// A field that may be left empty.
    pub(super) fn optional(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|text| !text.is_empty()).map(ToOwned::to_owned)
    }

    /// Each value of a field that may be sent several times.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(of, _)| of == name).map(|(_, value)| value.trim())
    }

    /// Whether a box is ticked, or a button was pressed.
    pub(super) fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(of, _)| of == name)
    }

    /// All fields.
    pub(super) fn fields(&self) -> &[(String, String)] {
        &self.fields
    }

    /// What it is taken for, however often it is sent; `None` where it carries no key.
    pub(super) fn once(&self, visitor: &Visitor) -> Option<Once> {
        let said: Vec<_> = self.fields.iter().filter(|(name, _)| name != TOKEN && name != KEY).collect();
        Once::new(visitor.by.user_id, self.text(KEY), &serde_json::to_string(&said).ok()?)
    }

    /// The form of these bytes (`application/x-www-form-urlencoded`). Line ends become single.
    pub(super) fn parse(bytes: &[u8]) -> Option<Form> {
        // What is no UTF-8 would be mended silently below.
        percent_decode(bytes).decode_utf8().ok()?;
        let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(bytes).ok()?;
        let plain = |text: String| if text.contains('\r') { text.replace("\r\n", "\n") } else { text };
        Some(Form { fields: fields.into_iter().map(|(name, value)| (name, plain(value))).collect() })
    }
}

type Extracting<T> = Pin<Box<dyn Future<Output = Result<T, PageError>>>>;

/// A form of somebody signed in.
#[derive(Debug, Clone)]
pub(super) struct Posted {
    /// Who.
    pub(super) visitor: Visitor,
    /// What.
    pub(super) form: Form,
}

impl FromRequest for Posted {
    type Error = PageError;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            must_be_ours(request.headers())?;
            let form = read(&mut payload).await?;
            let Some(visitor) = recognise(&request).await? else { return Err(PageError::Expired(form)) };
            if form.text(TOKEN) != visitor.form_token {
                return Err(PageError::Forged);
            }
            Ok(Posted { visitor, form })
        })
    }
}

/// A form of anybody; it has still to come from a page of this service.
#[derive(Debug, Clone)]
pub(super) struct OpenForm(pub(super) Form);

impl FromRequest for OpenForm {
    type Error = PageError;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            must_be_ours(request.headers())?;
            Ok(OpenForm(read(&mut payload).await?))
        })
    }
}

/// Browsers say where a form comes from, in one header or the other; old ones say neither, and then the form's token alone decides.
fn must_be_ours(headers: &HeaderMap) -> Result<(), PageError> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("Sec-Fetch-Site") {
        return if matches!(site, "same-origin" | "none") { Ok(()) } else { Err(PageError::Forged) };
    }
    let Some(origin) = text(ORIGIN.as_str()) else { return Ok(()) };
    let host = text(HOST.as_str()).unwrap_or_default();
    let of_origin = origin.split_once("://").map_or("", |(_, host)| host);
    if of_origin == host { Ok(()) } else { Err(PageError::Forged) }
}

async fn read(payload: &mut Payload) -> Result<Form, PageError> {
    let mut gathered = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| AppError::invalid("form", Fault::Malformed))?;
        if gathered.len().saturating_add(chunk.len()) > MOST {
            return Err(PageError::TooLarge);
        }
        gathered.extend_from_slice(&chunk);
    }
    Form::parse(&gathered).ok_or_else(|| AppError::invalid("form", Fault::Malformed).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_they_were_typed() {
        let form = Form::parse(
            "name=+Nguy%E1%BB%85n+Th%E1%BB%8B+H%C3%B2a+&code=1&code=2&note=a%0D%0Ab&empty=".as_bytes(),
        )
        .unwrap();
        assert_eq!((form.text("name"), form.text("absent")), ("Nguyễn Thị Hòa", ""));
        assert_eq!(form.all("code").collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!((form.text("note"), form.optional("empty"), form.has("empty")), ("a\nb", None, true));
        assert!(Form::parse(b"a=%FF").is_none());
    }

    #[test]
    fn a_form_of_another_site_is_none_of_ours() {
        let is_ours = |headers: &[(&'static str, &'static str)]| {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.insert(
                    actix_web::http::header::HeaderName::from_static(name),
                    actix_web::http::header::HeaderValue::from_static(value),
                );
            }
            must_be_ours(&map).is_ok()
        };
        assert!(is_ours(&[("sec-fetch-site", "same-origin"), ("origin", "null")]));
        assert!(!is_ours(&[("sec-fetch-site", "cross-site"), ("origin", "http://h"), ("host", "h")]));
        assert!(!is_ours(&[("sec-fetch-site", "same-site")]));
        assert!(is_ours(&[("origin", "http://h:80"), ("host", "h:80")]) && is_ours(&[]));
        assert!(
            !is_ours(&[("origin", "http://evil"), ("host", "h")])
                && !is_ours(&[("origin", "null"), ("host", "h")])
        );
    }
}
