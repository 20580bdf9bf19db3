//! `/admin/users/{id}`: one user, with everything that can be changed of them, each in a form of its own.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use chrono::NaiveDate;

use super::people::{fields, language_of, role_of, state};
use super::{Around, Done, Room, around, key, unit_choices};
use crate::app::access::passwords::{NewPassword, password_set};
use crate::app::access::sessions::TokenKind;
use crate::app::access::tokens::{self, NewToken, TokenView};
use crate::app::access::user_changes::{UserChange, user_change, user_unlock};
use crate::app::access::users::{self, UserView, WhichUsers};
use crate::app::alerts::delegations::{self, DelegationView, NewDelegation};
use crate::app::dossiers::PageRequest;
use crate::app::once::Sent;
use crate::app::{App, AppError, Fault};
use crate::domain::office_time::{local_date, midnight_after};
use crate::text::pages::{UserWords, user_words};
use crate::text::{Lang, date, moments};
use crate::web::fault::{Faults, PageError};
use crate::web::form::{Form, Posted};
use crate::web::frame::{Frame, draw, draw_as, go_on};
use crate::web::sheet::{Choice, Field, Sheet};
use crate::web::visitor::Visitor;

/// Colleagues who may be chosen as a delegate.
const COLLEAGUES: i64 = 200;

pub(super) fn configure(config: &mut ServiceConfig) {
    config
        .service(show_user)
        .service(post_change)
        .service(post_password)
        .service(post_unlock)
        .service(post_active);
    config.service(post_token).service(post_revoke).service(post_delegate).service(post_undelegate);
}

/// A token in words.
struct Token {
    kind: &'static str,
    label: String,
    created: String,
    ends: String,
    used: String,
    revoke: Sheet,
}

/// A delegation in words.
struct Delegation {
    name: String,
    days: String,
    keep: bool,
    reason: String,
    remove: Sheet,
}

#[derive(Template)]
#[template(path = "admin/user.html", config = "src/web/askama.toml")]
struct UserHtml {
    frame: Frame,
    a: Around,
    w: &'static UserWords,
    user: UserView,
    state: (&'static str, String),
    just_added: bool,
    own: bool,
    change: Sheet,
    password: Sheet,
    unlock: Option<Sheet>,
    active: Sheet,
    tokens: Vec<Token>,
    issue: Sheet,
    delegations: Vec<Delegation>,
    delegate: Sheet,
}

/// A form that was not taken: which, with what was typed and what is wrong.
#[derive(Default)]
struct Refused {
    form: &'static str,
    typed: Form,
    faults: Faults,
}

impl Refused {
    /// What was typed into a form, where it is the one.
    fn typed(&self, form: &str) -> Option<&Form> {
        (self.form == form).then_some(&self.typed)
    }

    /// A form with what is wrong, where it is the one.
    fn told(&self, form: &str, sheet: Sheet) -> Sheet {
        if self.form == form { sheet.with(&self.faults) } else { sheet }
    }
}

#[get("/admin/users/{id:\\d+}")]
async fn show_user(
    app: Data<App>,
    visitor: Visitor,
    id: Path<String>,
    done: Query<Done>,
) -> Result<HttpResponse, PageError> {
    draw(&page(&app, &visitor, &id, &done.done, Refused::default()).await?)
}

/// Sends the browser back to the user, or draws the page again with what was wrong.
async fn answered(
    app: &App,
    visitor: &Visitor,
    id: &str,
    (done, form, typed): (&str, &'static str, Form),
    result: Result<(), AppError>,
) -> Result<HttpResponse, PageError> {
    match result {
        Ok(()) => Ok(go_on(&format!("/admin/users/{id}?done={done}"))),
        Err(error) => {
            let faults = Faults::of(visitor.lang, error)?;
            let status: StatusCode = faults.status();
            let refused = Refused { form, typed, faults };
            draw_as(status, &page(app, visitor, id, "", refused).await?)
        }
    }
}

#[post("/admin/users/{id}")]
async fn post_change(app: Data<App>, id: Path<String>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    let user = key(&id, "user")?;
    let done = match role_of(&form) {
        Ok(role) => {
            let change = UserChange {
                name: Some(form.text("name").to_owned()),
                role: Some(role),
                unit: Some(form.text("unit").to_owned()),
                email: Some(form.optional("email")),
                language: Some(language_of(&form)),
                username: Some(form.optional("username")),
                active: None,
            };
            user_change(&app, user, change, Some(visitor.by.clone())).await.map(drop)
        }
        Err(error) => Err(error),
    };
    answered(&app, &visitor, &id, ("saved", "change", form), done).await
}

#[post("/admin/users/{id}/password")]
async fn post_password(app: Data<App>, id: Path<String>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    let new = NewPassword {
        user_id: key(&id, "user")?,
        password: form.text("password").to_owned(),
        current: None,
        keep: Some(visitor.presented.token_id),
    };
    let done = password_set(&app, new, Some(visitor.by.clone())).await;
    answered(&app, &visitor, &id, ("password", "password", Form::default()), done).await
}

#[post("/admin/users/{id}/unlock")]
async fn post_unlock(app: Data<App>, id: Path<String>, posted: Posted) -> Result<HttpResponse, PageError> {
    user_unlock(&app, key(&id, "user")?, Some(posted.visitor.by)).await?;
    Ok(go_on(&format!("/admin/users/{id}?done=unlocked")))
}

#[post("/admin/users/{id}/active")]
async fn post_active(app: Data<App>, id: Path<String>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    let change = UserChange { active: Some(form.text("active") == "yes"), ..UserChange::default() };
    let done = user_change(&app, key(&id, "user")?, change, Some(visitor.by.clone())).await.map(drop);
    answered(&app, &visitor, &id, ("saved", "active", form), done).await
}

#[derive(Template)]
#[template(path = "admin/token.html", config = "src/web/askama.toml")]
struct TokenHtml {
    frame: Frame,
    a: Around,
    w: &'static UserWords,
    id: i64,
    token: String,
}

#[post("/admin/users/{id}/tokens")]
async fn post_token(app: Data<App>, id: Path<String>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    let w = user_words(visitor.lang);
    let user = key(&id, "user")?;
    let day = form.optional("expires_at").map(|text| text.parse::<NaiveDate>()).transpose();
    let once = app.once(form.once(&visitor));
    let issued = match day {
        Ok(day) => {
            let new = NewToken { label: form.optional("label"), expires_at: day.map(midnight_after) };
            tokens::token_issue(&once, user, new, Some(visitor.by.clone())).await
        }
        Err(_) => Err(AppError::invalid("expires_at", Fault::Malformed)),
    };
    match once.sent(issued).await {
        Ok(Sent::Now((token, _))) => {
            let (frame, a) = around(&visitor, Room::People, w.issued_title, "")?;
            draw(&TokenHtml { frame, a, w, id: user, token })
        }
        Ok(Sent::Before(_)) => {
            let refused = Refused { form: "issue", typed: form, faults: Faults::whole(w.issued_twice) };
            draw_as(StatusCode::CONFLICT, &page(&app, &visitor, &id, "", refused).await?)
        }
        Err(error) => answered(&app, &visitor, &id, ("", "issue", form), Err(error)).await,
    }
}

#[post("/admin/users/{id}/tokens/{token}/revoke")]
async fn post_revoke(
    app: Data<App>,
    path: Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, PageError> {
    let (id, token) = (key(&path.0, "user")?, key(&path.1, "token")?);
    tokens::token_revoke(&app, id, token, Some(posted.visitor.by)).await?;
    Ok(go_on(&format!("/admin/users/{id}?done=revoked")))
}

#[post("/admin/users/{id}/delegations")]
async fn post_delegate(app: Data<App>, id: Path<String>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    let day = |name: &str| {
        form.text(name).parse::<NaiveDate>().map_err(|_| AppError::invalid(name, Fault::Required))
    };
    let user = key(&id, "user")?;
    let new = day("from").and_then(|from| {
        let delegate = form.text("delegate").parse();
        Ok(NewDelegation {
            user,
            delegate: delegate.map_err(|_| AppError::invalid("delegate", Fault::Required))?,
            from,
            to: day("to")?,
            keep: form.has("keep"),
            reason: form.optional("reason"),
        })
    });
    let once = app.once(form.once(&visitor));
    let done = match new {
        Ok(new) => delegations::delegation_add(&once, new, visitor.by.clone()).await,
        Err(error) => Err(error),
    };
    let done = once.sent(done).await;
    let said = if matches!(done, Ok(Sent::Before(_))) { "made_before" } else { "added" };
    answered(&app, &visitor, &id, (said, "delegate", form), done.map(drop)).await
}

#[post("/admin/users/{id}/delegations/{delegation}/remove")]
async fn post_undelegate(
    app: Data<App>,
    path: Path<(String, String)>,
    posted: Posted,
) -> Result<HttpResponse, PageError> {
    let (id, delegation) = (key(&path.0, "user")?, key(&path.1, "delegation")?);
    delegations::delegation_remove(&app, id, delegation, posted.visitor.by).await?;
    Ok(go_on(&format!("/admin/users/{id}?done=removed")))
}

async fn page(
    app: &App,
    visitor: &Visitor,
    id: &str,
    done: &str,
    refused: Refused,
) -> Result<UserHtml, PageError> {
    let (lang, w, by) = (visitor.lang, user_words(visitor.lang), visitor.by.clone());
    let (frame, a) = around(visitor, Room::People, w.title, if done == "added" { "" } else { done })?;
    let user = users::user_find(app, key(id, "user")?, Some(by.clone())).await?;
    let tokens = tokens::tokens_list(app, user.id, Some(by.clone())).await?;
    let away = delegations::delegations_list(app, user.id, by.clone()).await?;
    let which = WhichUsers { unit: Some(user.unit.clone()), active: Some(true) };
    let asked = PageRequest { by, lang, limit: COLLEAGUES, cursor: None };
    let colleagues = users::users_list(app, which, asked).await?.items;
    let typed = refused.typed("change").cloned().unwrap_or_else(|| filled(&user));
    let units = unit_choices(app, visitor, typed.text("unit")).await?;
    let change = Sheet::to(visitor, "change", format!("/admin/users/{id}"), super::room_words(lang).save)
        .ask_all(fields(lang, &typed, units));
    let today = local_date(app.clock().now());
    Ok(UserHtml {
        frame,
        a,
        w,
        state: state(lang, &user),
        just_added: done == "added" && !user.has_password,
        own: user.id == visitor.by.user_id,
        change: refused.told("change", change),
        password: refused.told("password", password_sheet(visitor, &user)),
        unlock: user
            .locked_until
            .map(|_| Sheet::to(visitor, "unlock", format!("/admin/users/{id}/unlock"), w.unlock).calm()),
        active: refused.told("active", active_sheet(visitor, &user)),
        issue: refused.told("issue", issue_sheet(visitor, &user, refused.typed("issue")).once()?),
        tokens: tokens.into_iter().map(|of| token(visitor, &user, of)).collect(),
        delegate: refused.told(
            "delegate",
            delegate_sheet(visitor, &user, (&colleagues, today), refused.typed("delegate")).once()?,
        ),
        delegations: away.into_iter().map(|of| delegation(visitor, &user, of)).collect(),
        user,
    })
}

/// The form as it stands, before anybody typed.
fn filled(of: &UserView) -> Form {
    Form::filled(vec![
        ("name", of.name.clone()),
        ("username", of.username.clone().unwrap_or_default()),
        ("role", of.role.word().to_owned()),
        ("unit", of.unit.clone()),
        ("email", of.email.clone().unwrap_or_default()),
        ("language", of.language.word().to_owned()),
    ])
}

fn password_sheet(visitor: &Visitor, user: &UserView) -> Sheet {
    let w = user_words(visitor.lang);
    Sheet::to(visitor, "password", format!("/admin/users/{}/password", user.id), w.password)
        .calm()
        .ask(Field::password("password", w.new_password).hint(w.password_hint).required().wide())
}

fn active_sheet(visitor: &Visitor, user: &UserView) -> Sheet {
    let w = user_words(visitor.lang);
    let (to, button) = if user.active { ("no", w.stop) } else { ("yes", w.start) };
    Sheet::to(visitor, "active", format!("/admin/users/{}/active", user.id), button).calm().hide("active", to)
}

fn issue_sheet(visitor: &Visitor, user: &UserView, typed: Option<&Form>) -> Sheet {
    let w = user_words(visitor.lang);
    let text = |name: &str| typed.map(|form| form.text(name).to_owned()).unwrap_or_default();
    Sheet::to(visitor, "issue", format!("/admin/users/{}/tokens", user.id), w.issue)
        .calm()
        .ask(Field::line("label", w.label, text("label")))
        .ask(Field::day("expires_at", w.expires, text("expires_at")))
}

fn token(visitor: &Visitor, user: &UserView, of: TokenView) -> Token {
    let (lang, w) = (visitor.lang, user_words(visitor.lang));
    let at = |at| moments::time_weekday_and_date(lang, at);
    let revoke = format!("/admin/users/{}/tokens/{}/revoke", user.id, of.id);
    Token {
        kind: if of.kind == TokenKind::Token { w.token } else { w.session },
        label: of.label.unwrap_or_default(),
        created: at(of.created_at),
        ends: of.expires_at.map_or_else(|| w.never.to_owned(), at),
        used: of.last_used_on.map_or_else(|| "—".to_owned(), |day| date(lang, day)),
        revoke: Sheet::to(visitor, "revoke", revoke, w.revoke).small(),
    }
}

fn delegation(visitor: &Visitor, user: &UserView, of: DelegationView) -> Delegation {
    let (lang, w): (Lang, _) = (visitor.lang, user_words(visitor.lang));
    let remove = format!("/admin/users/{}/delegations/{}/remove", user.id, of.id);
    Delegation {
        name: of.delegate_name.unwrap_or_else(|| of.delegate.to_string()),
        days: moments::days(lang, of.from, of.to),
        keep: of.keep,
        reason: of.reason.unwrap_or_default(),
        remove: Sheet::to(visitor, "undelegate", remove, w.remove).small(),
    }
}

fn delegate_sheet(
    visitor: &Visitor,
    user: &UserView,
    (colleagues, today): (&[UserView], NaiveDate),
    typed: Option<&Form>,
) -> Sheet {
    let w = user_words(visitor.lang);
    let text = |name: &str| typed.map(|form| form.text(name).to_owned());
    let chosen = text("delegate").unwrap_or_default();
    let others = colleagues.iter().filter(|of| of.id != user.id);
    let choices =
        others.map(|of| Choice::new(of.id.to_string(), &of.name).when(chosen == of.id.to_string())).collect();
    let day = |name: &str| text(name).unwrap_or_else(|| today.to_string());
    Sheet::to(visitor, "delegate", format!("/admin/users/{}/delegations", user.id), w.delegate_add)
        .calm()
        .ask(Field::one("delegate", w.delegate, choices))
        .ask(Field::day("from", w.from, day("from")).required())
        .ask(Field::day("to", w.to, day("to")).required())
        .ask(Field::line("reason", w.reason, text("reason").unwrap_or_default()))
        .ask(Field::tick("keep", w.keep, typed.is_some_and(|form| form.has("keep"))))
}
