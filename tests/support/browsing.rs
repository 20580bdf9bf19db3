//! A browser as far as pages without a script need one: it keeps cookies, and sends forms with the token of the page they stand on.

use std::collections::BTreeMap;

use actix_web::http::Method;
use hentra::app::access::authenticate;
use hentra::app::access::passwords::{NewPassword, password_set};
use hentra::app::access::user_changes::{UserChange, user_change};

use super::{Answer, TestApp};

/// The password of everybody in tests.
pub(crate) const PASSWORD: &str = "lúa chín vàng đồng 2026";

/// What somebody might type to make a page run it.
pub(crate) const SCRIPT: &str = "\"><script>alert(1)</script>";

/// Where a taken form sends the browser.
#[track_caller]
pub(crate) fn went(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.header("location").to_owned()
}

/// The value of the first field of this name on a page.
#[track_caller]
pub(crate) fn value<'a>(page: &'a str, name: &str) -> &'a str {
    let field = format!("name=\"{name}\" value=\"");
    page.split(&field).nth(1).unwrap_or_else(|| panic!("no {name}: {page}")).split('"').next().unwrap()
}

/// The value of a field of the form that is sent to an address.
#[track_caller]
pub(crate) fn value_of<'a>(page: &'a str, action: &str, name: &str) -> &'a str {
    let form = page.split(&format!("action=\"{action}\"")).nth(1);
    value(form.unwrap_or_else(|| panic!("no form to {action}: {page}")), name)
}

#[track_caller]
pub(crate) fn says(page: &str, what: &str) {
    assert!(page.contains(what), "«{what}» is not in {page}");
}

#[track_caller]
pub(crate) fn is_safe(page: &str) {
    assert!(!page.contains("<script>alert"), "{page}");
}

pub(crate) struct Browser<'a> {
    app: &'a TestApp,
    cookies: BTreeMap<String, String>,
    /// The form token of the last page seen; empty before there was one.
    pub(crate) form_token: String,
}

impl<'a> Browser<'a> {
    /// Of nobody.
    pub(crate) fn of(app: &'a TestApp) -> Browser<'a> {
        Browser { app, cookies: BTreeMap::new(), form_token: String::new() }
    }

    /// Of somebody of [`TestApp`]'s, signed in with their word for a username, and at their first page.
    pub(crate) async fn signed_in(app: &'a TestApp, who: &str) -> Browser<'a> {
        let user_id = authenticate(&app.app, app.token(who)).await.unwrap().user_id;
        let named = UserChange { username: Some(Some(who.to_owned())), ..UserChange::default() };
        user_change(&app.app, user_id, named, None).await.unwrap();
        let new = NewPassword { user_id, password: PASSWORD.to_owned(), current: None, keep: None };
        password_set(&app.app, new, None).await.unwrap();
        let mut browser = Browser::of(app);
        let answer = browser.post("/sign-in", &[("username", who), ("password", PASSWORD)]).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        let home = browser.follow(&answer).await;
        browser.follow(&home).await;
        browser
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    /// The page, which must be there.
    #[track_caller]
    pub(crate) fn page(&mut self, path: &str) -> impl Future<Output = String> {
        let place = std::panic::Location::caller();
        async move {
            let answer = self.get(path).await;
            assert_eq!(answer.status, 200, "{path} at {place}: {}", answer.body);
            answer.body
        }
    }

    /// How many bytes of a page go over the wire to a browser of today.
    pub(crate) async fn weight(&self, path: &str) -> usize {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let call =
            self.app.call(Method::GET, path).header("Accept", "text/html").header("Accept-Encoding", "gzip");
        call.header("Cookie", &cookies.join("; ")).send().await.bytes.len()
    }

    /// Sends a form's fields, with the form token that the last page had.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.form_token.clone();
        let with_token: Vec<_> = fields
            .iter()
            .copied()
            .chain((!token.is_empty()).then_some(("form_token", token.as_str())))
            .collect();
        self.send(Method::POST, path, Some(serde_urlencoded::to_string(with_token).unwrap())).await
    }

    /// Where an answer sends the browser.
    pub(crate) async fn follow(&mut self, answer: &Answer) -> Answer {
        if answer.status != 303 {
            return Answer {
                status: answer.status,
                headers: answer.headers.clone(),
                body: answer.body.clone(),
                bytes: answer.bytes.clone(),
            };
        }
        let to = answer.header("location").to_owned();
        self.get(&to).await
    }

    async fn send(&mut self, method: Method, path: &str, form: Option<String>) -> Answer {
        let mut call = self.app.call(method, path).header("Accept", "text/html");
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            call = call.header("Cookie", &cookies.join("; "));
        }
        if let Some(form) = form {
            call =
                call.header("Sec-Fetch-Site", "same-origin").body("application/x-www-form-urlencoded", form);
        }
        let answer = call.send().await;
        if let Some((name, value)) =
            answer.header("set-cookie").split(';').next().and_then(|of| of.split_once('='))
        {
            self.cookies.insert(name.to_owned(), value.to_owned());
            self.cookies.retain(|_, value| !value.is_empty());
        }
        let field = answer.body.split(r#"name="form_token" value=""#).nth(1);
        if let Some(token) = field.and_then(|rest| rest.split('"').next()) {
            self.form_token = token.to_owned();
        }
        answer
    }
}
