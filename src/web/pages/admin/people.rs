//! `/admin/users`: who may do what, and adding somebody.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Query, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;

use super::{Around, Room, around, unit_choices, unit_names};
use crate::app::access::Role;
use crate::app::access::users::{self, MailLanguage, NewAccount, UserView, WhichUsers};
use crate::app::dossiers::PageRequest;
use crate::app::once::Sent;
use crate::app::{App, AppError, Fault};
use crate::text::pages::{RoomWords, UserWords, role, room_words, user_words, users_counted};
use crate::text::{Lang, moments};
use crate::web::fault::{Faults, PageError};
use crate::web::form::{Form, Posted};
use crate::web::frame::{Frame, draw, draw_as, go_on};
use crate::web::sheet::{Choice, Field, Sheet};
use crate::web::visitor::Visitor;

const PAGE: i64 = 50;

pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(list_all).service(ask_new).service(post_new);
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    unit: String,
    #[serde(default)]
    active: String,
    #[serde(default)]
    cursor: String,
    #[serde(default)]
    done: String,
}

/// A user in the list.
struct Row {
    id: i64,
    name: String,
    username: String,
    role: &'static str,
    unit: String,
    email: String,
    /// The class of the mark, and its words.
    state: (&'static str, String),
}

#[derive(Template)]
#[template(path = "admin/users.html", config = "src/web/askama.toml")]
struct ListHtml {
    frame: Frame,
    a: Around,
    r: &'static RoomWords,
    w: &'static UserWords,
    units: Vec<Choice>,
    states: Vec<Choice>,
    counted: String,
    rows: Vec<Row>,
    next: Option<String>,
}

/// Where a user stands: the class of the mark, and its words.
pub(super) fn state(lang: Lang, of: &UserView) -> (&'static str, String) {
    let w = user_words(lang);
    match of.locked_until {
        _ if !of.active => ("", w.inactive.to_owned()),
        Some(until) => ("late", format!("{} {}", w.locked, moments::time_weekday_and_date(lang, until))),
        None if of.username.is_some() && !of.has_password => ("soon", w.no_password.to_owned()),
        None => ("good", w.active.to_owned()),
    }
}

#[get("/admin/users")]
async fn list_all(app: Data<App>, visitor: Visitor, asked: Query<Asked>) -> Result<HttpResponse, PageError> {
    let (lang, w) = (visitor.lang, user_words(visitor.lang));
    let (frame, a) = around(&visitor, Room::People, w.title, &asked.done)?;
    let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let active = if asked.active.is_empty() { None } else { Some(asked.active == "yes") };
    let which = WhichUsers { unit: given(&asked.unit), active };
    let by = visitor.by.clone();
    let page = PageRequest { by, lang, limit: PAGE, cursor: given(&asked.cursor) };
    let found = users::users_list(&app, which, page).await?;
    let names = unit_names(&app, found.items.iter().map(|of| of.unit.clone()).collect()).await?;
    let rows = found.items.iter().zip(names).map(|(of, unit)| row(lang, of, unit)).collect();
    let shown = if asked.unit.is_empty() { &visitor.by.unit } else { &asked.unit };
    let units = unit_choices(&app, &visitor, shown).await?;
    let states = [("", w.all), ("yes", w.active_only), ("no", w.inactive_only)];
    let states = states.map(|(value, words)| Choice::new(value, words).when(asked.active == value)).into();
    let next = found.next.map(|cursor| {
        let fields = [("unit", asked.unit.as_str()), ("active", &asked.active), ("cursor", &cursor)];
        serde_urlencoded::to_string(fields).unwrap_or_default()
    });
    let counted = users_counted(lang, found.count);
    draw(&ListHtml { frame, a, r: room_words(lang), w, units, states, counted, rows, next })
}

fn row(lang: Lang, of: &UserView, unit: String) -> Row {
    Row {
        id: of.id,
        name: of.name.clone(),
        username: of.username.clone().unwrap_or_else(|| "—".to_owned()),
        role: role(lang, of.role.word()),
        unit,
        email: of.email.clone().unwrap_or_else(|| "—".to_owned()),
        state: state(lang, of),
    }
}

#[derive(Template)]
#[template(path = "admin/user_new.html", config = "src/web/askama.toml")]
struct NewHtml {
    frame: Frame,
    a: Around,
    w: &'static UserWords,
    sheet: Sheet,
}

#[get("/admin/users/new")]
async fn ask_new(app: Data<App>, visitor: Visitor) -> Result<HttpResponse, PageError> {
    let form = Form::filled(vec![("unit", visitor.by.unit.clone())]);
    draw(&new(&app, &visitor, &form, &Faults::default()).await?)
}

#[post("/admin/users/new")]
async fn post_new(app: Data<App>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    let once = app.once(form.once(&visitor));
    let added = match account(&form) {
        Ok(account) => users::user_add(&once, account, Some(visitor.by.clone())).await,
        Err(error) => Err(error),
    };
    match once.sent(added).await {
        Ok(Sent::Now(user)) => Ok(go_on(&format!("/admin/users/{}?done=added", user.id))),
        Ok(Sent::Before(made)) => Ok(go_on(&format!("/admin/users/{}?done=made_before", made.key("user")))),
        Err(error) => {
            let faults = Faults::of(visitor.lang, error)?;
            let status: StatusCode = faults.status();
            draw_as(status, &new(&app, &visitor, &form, &faults).await?)
        }
    }
}

/// Somebody to be added. Who is added by hand signs in by a name.
fn account(form: &Form) -> Result<NewAccount, AppError> {
    Ok(NewAccount {
        name: form.text("name").to_owned(),
        role: role_of(form)?,
        unit: form.text("unit").to_owned(),
        email: form.optional("email"),
        language: language_of(form),
        username: Some(form.text("username").to_owned()),
    })
}

/// The role chosen.
///
/// # Errors
/// [`AppError::Invalid`] naming `role`.
pub(super) fn role_of(form: &Form) -> Result<Role, AppError> {
    Role::from_word(form.text("role")).ok_or_else(|| AppError::invalid("role", Fault::Required))
}

/// The language chosen.
pub(super) fn language_of(form: &Form) -> MailLanguage {
    MailLanguage::from_word(form.text("language")).unwrap_or(MailLanguage::Vi)
}

async fn new(app: &App, visitor: &Visitor, form: &Form, faults: &Faults) -> Result<NewHtml, PageError> {
    let w = user_words(visitor.lang);
    let (frame, a) = around(visitor, Room::People, w.add, "")?;
    let units = unit_choices(app, visitor, form.text("unit")).await?;
    let sheet = Sheet::to(visitor, "new", "/admin/users/new", w.add_now);
    let sheet = sheet.once()?.ask_all(fields(visitor.lang, form, units)).with(faults);
    Ok(NewHtml { frame, a, w, sheet })
}

/// What is asked of a user, new or not.
pub(super) fn fields(lang: Lang, form: &Form, units: Vec<Choice>) -> Vec<Field> {
    let w = user_words(lang);
    let roles = Role::ALL
        .iter()
        .map(|of| Choice::new(of.word(), role(lang, of.word())).when(form.text("role") == of.word()));
    let languages = [("vi", w.vi), ("en", w.en)];
    let languages =
        languages.map(|(word, words)| Choice::new(word, words).when(form.text("language") == word));
    vec![
        Field::line("name", w.name, form.text("name")).hint(w.name_hint).required(),
        Field::line("username", w.username, form.text("username")).required(),
        Field::one("role", w.role, roles.collect()).hint(w.role_hint).wide(),
        Field::one("unit", w.unit, units).hint(w.unit_hint),
        Field::line("email", w.email, form.text("email")).hint(w.email_hint),
        Field::one("language", w.language, languages.into()),
    ]
}
