//! What stands around every page: the head, the ways to other pages, who is signed in, the language.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, LOCATION, REFERRER_POLICY,
};
use askama::Template;

use super::fault::PageError;
use super::statics::{SCRIPT, STYLE};
use super::visitor::{Reader, Visitor};
use crate::app::access::{Right, Role};
use crate::text::Lang;
use crate::text::pages::{FrameWords, frame_words, role};

/// Nothing that a page shows may be loaded from elsewhere, and no script or style may stand within it.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// A mail's own style, and nothing else; links of it open nothing within the frame.
const MAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox";
/// Pages hold persons' names: no cache on the way keeps them, and after signing out the browser's has none.
pub(super) const NOT_KEPT: (HeaderName, &str) = (CACHE_CONTROL, "no-store");

/// The ways that stand at the head of each page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tab {
    /// Logging a dossier.
    Counter,
    /// The dossiers to be worked on.
    Queue,
    /// The leader's desk.
    Desk,
    /// The reports.
    Reports,
    /// The findings, and what looks odd.
    Findings,
    /// When something would be due.
    Calculator,
    /// Units, procedures, commitments, calendars, alerts, users, the ledger.
    Admin,
    /// A page that is none of them.
    None,
}

impl Tab {
    /// In the order in which they stand, with their addresses.
    const ALL: [(Tab, &'static str); 7] = [
        (Tab::Desk, "/desk"),
        (Tab::Counter, "/counter"),
        (Tab::Queue, "/queue"),
        (Tab::Reports, "/reports"),
        (Tab::Findings, "/findings"),
        (Tab::Calculator, "/calculator"),
        (Tab::Admin, "/admin"),
    ];

    /// Whether it is of use to a role. What a role may do, the verbs decide.
    fn is_for(self, role: Role) -> bool {
        match self {
            Tab::Counter => role.may(Right::Handle),
            Tab::Desk => matches!(role, Role::Leader | Role::Admin),
            Tab::Reports | Tab::Findings => role != Role::Officer,
            Tab::Admin => role.may(Right::Administer),
            Tab::Queue | Tab::Calculator => true,
            Tab::None => false,
        }
    }

    fn words(self, w: &FrameWords) -> &'static str {
        match self {
            Tab::Counter => w.counter,
            Tab::Queue => w.queue,
            Tab::Desk => w.desk,
            Tab::Reports => w.reports,
            Tab::Findings => w.findings,
            Tab::Calculator => w.calculator,
            Tab::Admin => w.admin,
            Tab::None => "",
        }
    }
}

/// One way.
#[derive(Debug, Clone)]
pub(super) struct Way {
    pub(super) href: &'static str,
    pub(super) words: &'static str,
    pub(super) here: bool,
}

/// Who is signed in.
#[derive(Debug, Clone)]
pub(super) struct Who {
    pub(super) name: String,
    pub(super) role: &'static str,
    pub(super) unit: String,
    pub(super) form_token: String,
}

/// What every page's template is given as `frame`.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    pub(super) lang: Lang,
    pub(super) w: &'static FrameWords,
    pub(super) title: String,
    pub(super) who: Option<Who>,
    pub(super) ways: Vec<Way>,
    pub(super) style: &'static str,
    pub(super) script: &'static str,
    /// Leads to the same page in the other language.
    pub(super) other_language: String,
}

impl Frame {
    /// Around a page for anybody.
    pub(super) fn of(reader: &Reader, tab: Tab, title: impl Into<String>) -> Frame {
        match &reader.visitor {
            Some(visitor) => visitor.frame(tab, title),
            None => Frame::bare(reader.lang, &reader.at, title.into()),
        }
    }

    /// Around a page where it is no matter who looks at it.
    pub(super) fn bare(lang: Lang, at: &str, title: String) -> Frame {
        let other = if lang == Lang::Vi { Lang::En } else { Lang::Vi };
        let to = [("to", other.tag()), ("back", at)];
        let query = serde_urlencoded::to_string(to).unwrap_or_default();
        Frame {
            lang,
            w: frame_words(lang),
            title,
            who: None,
            ways: Vec::new(),
            style: &STYLE.address,
            script: &SCRIPT.address,
            other_language: format!("/language?{query}"),
        }
    }
}

impl Visitor {
    /// What stands around a page of this visitor's.
    pub(super) fn frame(&self, tab: Tab, title: impl Into<String>) -> Frame {
        let w = frame_words(self.lang);
        let who = Who {
            name: self.by.name.clone(),
            role: role(self.lang, self.role().word()),
            unit: self.unit_name.clone(),
            form_token: self.form_token.clone(),
        };
        let ways = ways(w, self, tab);
        Frame { who: Some(who), ways, ..Frame::bare(self.lang, &self.at, title.into()) }
    }

    /// The page that the visitor begins with.
    pub(super) fn home(&self) -> &'static str {
        match self.role() {
            Role::Officer => "/queue",
            Role::Leader => "/desk",
            Role::Reporter => "/reports",
            Role::Admin => "/admin",
        }
    }
}

/// The ways that are of use to the visitor.
fn ways(w: &FrameWords, visitor: &Visitor, tab: Tab) -> Vec<Way> {
    let all = Tab::ALL.into_iter().filter(|(of, _)| of.is_for(visitor.role()));
    all.map(|(of, href)| Way { href, words: of.words(w), here: of == tab }).collect()
}

/// A page.
///
/// # Errors
/// Only when the template cannot be rendered.
pub(super) fn draw(page: &impl Template) -> Result<HttpResponse, PageError> {
    draw_as(StatusCode::OK, page)
}

/// A page that says that something is amiss.
///
/// # Errors
/// As [`draw`].
pub(super) fn draw_as(status: StatusCode, page: &impl Template) -> Result<HttpResponse, PageError> {
    Ok(drawn_under(POLICY, status, page.render()?))
}

/// A page that shows a mail within a frame.
///
/// # Errors
/// As [`draw`].
pub(super) fn draw_around_mail(status: StatusCode, page: &impl Template) -> Result<HttpResponse, PageError> {
    Ok(drawn_under(&format!("{POLICY}; frame-src 'self'"), status, page.render()?))
}

/// A mail as its reader sees it, for the frame of a page of ours: its style stands within it, and it can do nothing.
pub(super) fn mail(html: String) -> HttpResponse {
    drawn_under(MAIL_POLICY, StatusCode::OK, html)
}

fn drawn_under(policy: &str, status: StatusCode, html: String) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
        .insert_header((CONTENT_SECURITY_POLICY, policy))
        .insert_header((REFERRER_POLICY, "same-origin"))
        .insert_header(("X-Content-Type-Options", "nosniff"))
        .insert_header(NOT_KEPT)
        .body(html)
}

/// Sends the browser on after a form was taken, so that the back button and reloading send nothing twice.
pub(super) fn go_on(to: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((LOCATION, to)).insert_header(NOT_KEPT).finish()
}
