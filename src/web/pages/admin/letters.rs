//! `/admin/alerts/sent`: the mails that were sent or were not, one as it went out, sending one again; `/admin/alerts/addresses`: dead addresses, and mails
//! that their readers turned off.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use serde::Deserialize;

use super::{Around, Done, Room, around, key};
use crate::app::access::Right;
use crate::app::alerts::opt_downs::{self, OptDownView};
use crate::app::alerts::{self, AlertFilter, AlertView, OutboxStatus, SuppressionView, TryView};
use crate::app::dossiers::PageRequest;
use crate::app::{App, AppError};
use crate::text::pages::{LetterWords, RoomWords, letter_status, letter_words, room_words, try_outcome};
use crate::text::{Lang, moments};
use crate::web::fault::{Faults, PageError};
use crate::web::form::Posted;
use crate::web::frame::{Frame, draw, draw_around_mail, go_on, mail};
use crate::web::sheet::{Choice, Sheet};
use crate::web::visitor::Visitor;

const PAGE: i64 = 50;

pub(super) fn configure(config: &mut ServiceConfig) {
    config.service(list_all).service(show_letter).service(show_mail).service(post_replay);
    config.service(list_addresses).service(post_release).service(post_turn_on);
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    status: String,
    #[serde(default)]
    rule: String,
    #[serde(default)]
    cursor: String,
    #[serde(default)]
    done: String,
}

struct Row {
    id: i64,
    rule: String,
    recipient: String,
    subject: String,
    slot: String,
    sent: String,
    status: (&'static str, &'static str),
    /// Whether it can be sent again.
    again: bool,
}

#[derive(Template)]
#[template(path = "admin/letters.html", config = "src/web/askama.toml")]
struct ListHtml {
    frame: Frame,
    a: Around,
    r: &'static RoomWords,
    w: &'static LetterWords,
    states: Vec<Choice>,
    rule: String,
    rows: Vec<Row>,
    /// Whether any of these can be sent again, and the form's token for asking so.
    again: bool,
    token: String,
    /// The state asked for; and whether all that the filter finds can be sent again at once.
    status: String,
    all: bool,
    next: Option<String>,
}

#[get("/admin/alerts/sent")]
async fn list_all(app: Data<App>, visitor: Visitor, asked: Query<Asked>) -> Result<HttpResponse, PageError> {
    let (lang, w) = (visitor.lang, letter_words(visitor.lang));
    let (frame, a) = around(&visitor, Room::Letters, w.title, &asked.done)?;
    let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let status = OutboxStatus::from_word(&asked.status);
    let filter = AlertFilter { status, rule: given(&asked.rule), ..AlertFilter::default() };
    let page = PageRequest { by: visitor.by.clone(), lang, limit: PAGE, cursor: given(&asked.cursor) };
    let found = alerts::list(&app, filter, page).await?;
    let many = |of: OutboxStatus| found.states.get(&of).copied().unwrap_or(0);
    let state = |of: &OutboxStatus| {
        // Counted only while nothing is left out.
        let count = if status.is_none() { format!(" ({})", many(*of)) } else { String::new() };
        let words = format!("{}{count}", letter_status(lang, of.word()).1);
        Choice::new(of.word(), words).when(status == Some(*of))
    };
    let states = std::iter::once(Choice::new("", w.all)).chain(OutboxStatus::ALL.iter().map(state)).collect();
    let rows: Vec<Row> = found.items.iter().map(|of| row(lang, of)).collect();
    let next = found.next.as_ref().map(|cursor| {
        let fields = [("status", asked.status.as_str()), ("rule", &asked.rule), ("cursor", cursor)];
        serde_urlencoded::to_string(fields).unwrap_or_default()
    });
    let again = rows.iter().any(|row| row.again);
    let filtered = status.is_some() || !asked.rule.is_empty();
    draw(&ListHtml {
        frame,
        a,
        r: room_words(lang),
        w,
        states,
        rule: asked.rule.clone(),
        again,
        token: visitor.form_token.clone(),
        status: asked.status.clone(),
        all: again && filtered,
        rows,
        next,
    })
}

/// Whether a mail of this state can be sent again; whether it is, the verb decides.
fn may_go_again(status: OutboxStatus) -> bool {
    !matches!(status, OutboxStatus::Sent | OutboxStatus::Pending)
}

fn row(lang: Lang, of: &AlertView) -> Row {
    let at = |at: crate::app::view::OfficeTime| moments::time_weekday_and_date(lang, at.0);
    Row {
        id: of.id,
        rule: of.rule.clone(),
        recipient: of.recipient.clone(),
        subject: of.subject.clone(),
        slot: at(of.slot_at),
        sent: of.sent_at.map_or_else(|| "—".to_owned(), at),
        status: letter_status(lang, of.status.word()),
        again: may_go_again(of.status),
    }
}

/// A try in words.
struct Tried {
    attempt: i32,
    channel: String,
    begun: String,
    ended: String,
    outcome: &'static str,
    reply: String,
}

#[derive(Template)]
#[template(path = "admin/letter.html", config = "src/web/askama.toml")]
struct LetterHtml {
    frame: Frame,
    a: Around,
    w: &'static LetterWords,
    row: Row,
    reply: String,
    message_id: String,
    next_try: Option<String>,
    tries: Vec<Tried>,
    text: String,
    said: Vec<String>,
    replay: Option<Sheet>,
    /// What is to be known before it is sent again.
    twice: &'static str,
}

#[get("/admin/alerts/sent/{id:\\d+}")]
async fn show_letter(
    app: Data<App>,
    visitor: Visitor,
    id: Path<String>,
    done: Query<Done>,
) -> Result<HttpResponse, PageError> {
    draw_around_mail(StatusCode::OK, &letter(&app, &visitor, &id, &done.done, &Faults::default()).await?)
}

async fn letter(
    app: &App,
    visitor: &Visitor,
    id: &str,
    done: &str,
    faults: &Faults,
) -> Result<LetterHtml, PageError> {
    let (lang, w) = (visitor.lang, letter_words(visitor.lang));
    let (frame, a) = around(visitor, Room::Letters, w.title, done)?;
    let of = alerts::find(app, key(id, "alert")?, visitor.by.clone()).await?;
    let again = may_go_again(of.alert.status);
    let replay =
        again.then(|| Sheet::to(visitor, "replay", format!("/admin/alerts/sent/{id}/replay"), w.replay));
    let uncertain = of.alert.status == OutboxStatus::Uncertain;
    Ok(LetterHtml {
        frame,
        a,
        w,
        row: row(lang, &of.alert),
        reply: of.alert.server_reply.clone().unwrap_or_default(),
        message_id: of.alert.message_id.clone(),
        next_try: of.alert.next_attempt_at.map(|at| moments::time_weekday_and_date(lang, at.0)),
        tries: of.tries.into_iter().map(|of| tried(lang, of)).collect(),
        text: of.text,
        said: faults.beside(&[]),
        replay,
        twice: if uncertain { crate::text::replays::may_come_twice(lang) } else { "" },
    })
}

fn tried(lang: Lang, of: TryView) -> Tried {
    Tried {
        attempt: of.attempt,
        channel: of.channel,
        begun: moments::time_weekday_and_date(lang, of.begun_at.0),
        ended: moments::time_weekday_and_date(lang, of.ended_at.0),
        outcome: try_outcome(lang, of.outcome.word()),
        reply: of.reply,
    }
}

#[get("/admin/alerts/sent/{id}/mail")]
async fn show_mail(app: Data<App>, visitor: Visitor, id: Path<String>) -> Result<HttpResponse, PageError> {
    visitor.must(Right::Administer)?;
    Ok(mail(alerts::find(&app, key(&id, "alert")?, visitor.by).await?.html))
}

#[post("/admin/alerts/sent/{id}/replay")]
async fn post_replay(app: Data<App>, id: Path<String>, posted: Posted) -> Result<HttpResponse, PageError> {
    let visitor = posted.visitor;
    visitor.must(Right::Administer)?;
    match alerts::replay(&app, key(&id, "alert")?, visitor.by.clone(), visitor.lang).await {
        Ok(_) => Ok(go_on(&format!("/admin/alerts/sent/{id}?done=replayed"))),
        Err(error @ AppError::NotReplayable(_)) => {
            let faults = Faults::of(visitor.lang, error)?;
            draw_around_mail(faults.status(), &letter(&app, &visitor, &id, "", &faults).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// A dead address, and the form that releases it.
struct Dead {
    of: SuppressionView,
    since: String,
    release: Sheet,
}

/// A mail that was turned off, and the form that turns it on again.
struct TurnedOff {
    of: OptDownView,
    since: String,
    turn_on: Sheet,
}

#[derive(Template)]
#[template(path = "admin/addresses.html", config = "src/web/askama.toml")]
struct AddressesHtml {
    frame: Frame,
    a: Around,
    w: &'static LetterWords,
    dead: Vec<Dead>,
    turned_off: Vec<TurnedOff>,
}

#[get("/admin/alerts/addresses")]
async fn list_addresses(
    app: Data<App>,
    visitor: Visitor,
    done: Query<Done>,
) -> Result<HttpResponse, PageError> {
    let (lang, w) = (visitor.lang, letter_words(visitor.lang));
    let (frame, a) = around(&visitor, Room::Rules, w.addresses_title, &done.done)?;
    let dead = alerts::suppressions(&app, visitor.by.clone()).await?.into_iter().map(|of| Dead {
        since: moments::weekday_and_date(lang, of.since.0),
        release: Sheet::to(
            &visitor,
            "release",
            format!("/admin/alerts/addresses/{}/release", of.id),
            w.release,
        )
        .small(),
        of,
    });
    let off = opt_downs::opt_downs(&app, visitor.by.clone()).await?.into_iter().map(|of| TurnedOff {
        since: moments::weekday_and_date(lang, of.since.0),
        turn_on: Sheet::to(&visitor, "on", format!("/admin/alerts/turned-off/{}/on", of.id), w.turn_on)
            .small(),
        of,
    });
    let (dead, turned_off) = (dead.collect(), off.collect());
    draw(&AddressesHtml { frame, a, w, dead, turned_off })
}

#[post("/admin/alerts/addresses/{id}/release")]
async fn post_release(app: Data<App>, id: Path<String>, posted: Posted) -> Result<HttpResponse, PageError> {
    alerts::release(&app, key(&id, "suppression")?, posted.visitor.by).await?;
    Ok(go_on("/admin/alerts/addresses?done=released"))
}

#[post("/admin/alerts/turned-off/{id}/on")]
async fn post_turn_on(app: Data<App>, id: Path<String>, posted: Posted) -> Result<HttpResponse, PageError> {
    opt_downs::take_back(&app, key(&id, "opt_down")?, posted.visitor.by).await?;
    Ok(go_on("/admin/alerts/addresses?done=saved"))
}
