//! Who looks at a page: the session's cookie, the language, and the token that shows a form to be ours.

use std::pin::Pin;

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};

use super::fault::PageError;
use crate::app::access::sessions::{self, Presented, TokenKind};
use crate::app::access::{Principal, Right, Role};
use crate::app::{App, AppError};
use crate::domain::ledger::sha256_hex;
use crate::text::Lang;

/// The cookie that holds the session's token. No script can read it.
const SESSION: &str = "hentra_session";
/// The cookie that holds the language.
const LANGUAGE: &str = "hentra_language";
/// Letters of a form's token.
const FORM_TOKEN: usize = 32;

type Extracting<T> = Pin<Box<dyn Future<Output = Result<T, PageError>>>>;

/// Somebody who is signed in, and in which language they read.
#[derive(Debug, Clone)]
pub(super) struct Visitor {
    /// Who.
    pub(super) by: Principal,
    /// With what.
    pub(super) presented: Presented,
    /// In which language.
    pub(super) lang: Lang,
    /// The name of their unit.
    pub(super) unit_name: String,
    /// What their forms carry, which no other site can know.
    pub(super) form_token: String,
    /// The address they are at, for coming back to it.
    pub(super) at: String,
}

impl Visitor {
    /// # Errors
    /// [`AppError::Forbidden`] when the role has not the right.
    pub(super) fn must(&self, right: Right) -> Result<(), PageError> {
        Ok(self.by.must(right)?)
    }

    /// Whether the role has the right; for templates.
    pub(super) fn may(&self, right: Right) -> bool {
        self.by.may(right)
    }

    pub(super) fn role(&self) -> Role {
        self.by.role
    }
}

impl FromRequest for Visitor {
    type Error = PageError;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { recognise(&request).await?.ok_or(PageError::SignIn) })
    }
}

/// Anybody.
#[derive(Debug, Clone)]
pub(super) struct Reader {
    /// In which language they read.
    pub(super) lang: Lang,
    /// The address they are at.
    pub(super) at: String,
    /// Who they are, where they are signed in.
    pub(super) visitor: Option<Visitor>,
}

impl FromRequest for Reader {
    type Error = PageError;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let visitor = recognise(&request).await?;
            Ok(Reader { lang: language_of(&request), at: address_of(&request), visitor })
        })
    }
}

/// Who comes with the request; `None` for nobody, or for one whose session is over.
///
/// # Errors
/// The store's.
pub(super) async fn recognise(request: &HttpRequest) -> Result<Option<Visitor>, PageError> {
    let Some(cookie) = request.cookie(SESSION) else { return Ok(None) };
    let app = app_of(request)?;
    let presented = match sessions::present(app, cookie.value()).await {
        Ok(presented) if presented.kind == TokenKind::Session => presented,
        Ok(_) | Err(AppError::Unauthenticated) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let (lang, at) = (language_of(request), address_of(request));
    Ok(Some(of_session(app, presented, cookie.value(), lang, &at).await?))
}

/// The visitor whose session it is.
///
/// # Errors
/// The store's.
pub(super) async fn of_session(
    app: &App,
    presented: Presented,
    token: &str,
    lang: Lang,
    at: &str,
) -> Result<Visitor, PageError> {
    let unit = presented.principal.unit.clone();
    let unit_name = app
        .read(move |_, catalogue| {
            Ok(catalogue.units.get(&unit).map_or_else(|| unit.clone(), |of| of.name.clone()))
        })
        .await?;
    Ok(Visitor {
        by: presented.principal.clone(),
        presented,
        lang,
        unit_name,
        form_token: form_token(token),
        at: at.to_owned(),
    })
}

pub(super) fn app_of(request: &HttpRequest) -> Result<&web::Data<App>, PageError> {
    let missing = || AppError::Internal("the server was built without its app".to_owned());
    Ok(request.app_data::<web::Data<App>>().ok_or_else(missing)?)
}

/// Vietnamese unless the reader chose otherwise here. What the browser was installed in says little: many offices' are in English.
pub(super) fn language_of(request: &HttpRequest) -> Lang {
    match request.cookie(LANGUAGE) {
        Some(cookie) if cookie.value() == Lang::En.tag() => Lang::En,
        _ => Lang::Vi,
    }
}

fn address_of(request: &HttpRequest) -> String {
    request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string)
}

/// Made of the session's token, so that it needs no keeping, and ends with it.
fn form_token(session: &str) -> String {
    let hash = sha256_hex(format!("hentra form {session}").as_bytes());
    hash.chars().take(FORM_TOKEN).collect()
}

/// The cookie of a session just opened. It ends with the browser, or with the session.
pub(super) fn session_cookie(request: &HttpRequest, token: String) -> Cookie<'static> {
    cookie(request, SESSION, token).finish()
}

/// What takes the session's cookie away.
pub(super) fn no_session(request: &HttpRequest) -> Cookie<'static> {
    cookie(request, SESSION, String::new()).max_age(Duration::ZERO).finish()
}

/// The cookie that remembers the language for a year.
pub(super) fn language_cookie(request: &HttpRequest, lang: Lang) -> Cookie<'static> {
    cookie(request, LANGUAGE, lang.tag().to_owned()).max_age(Duration::days(365)).finish()
}

fn cookie(
    request: &HttpRequest,
    name: &'static str,
    value: String,
) -> actix_web::cookie::CookieBuilder<'static> {
    let secure = request.connection_info().scheme() == "https";
    Cookie::build(name, value).path("/").http_only(true).same_site(SameSite::Lax).secure(secure)
}

/// The address as one of this service, or the home page: nobody is sent elsewhere by a link to here.
pub(super) fn within(address: &str) -> &str {
    let mut letters = address.chars();
    let local = letters.next() == Some('/') && !matches!(letters.next(), Some('/' | '\\'));
    if local && !address.chars().any(char::is_control) { address } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_elsewhere() {
        assert_eq!(within("/dossiers?unit=H19"), "/dossiers?unit=H19");
        for strange in
            ["//evil.example", "/\\evil.example", "https://evil.example", "", "javascript:1", "/\r\nx"]
        {
            assert_eq!(within(strange), "/", "{strange}");
        }
    }

    #[test]
    fn a_forms_token_is_of_its_session_alone() {
        assert_eq!(form_token("a").len(), FORM_TOKEN);
        assert_ne!(form_token("a"), form_token("b"));
    }
}
