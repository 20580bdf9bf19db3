//! `/admin/units`: the tree, one unit with what it was, renaming, moving and merging by date, and many from a table.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query, ServiceConfig};
use actix_web::{HttpResponse, get, post};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

use super::unit_tree::{Row, branch, state};
use super::{Around, Done, LONG_TREE, Room, around, download, unit_choices};
use crate::app::access::Right;
use crate::app::catalogue::units::{UnitRow, units_change};
use crate::app::once::Sent;
use crate::app::view::in_path;
use crate::app::{App, AppError, Catalogue, Fault, transfer};
use crate::domain::unit::{Unit, UnitVersion};
use crate::text::pages::{RoomWords, UnitWords, room_words, unit_words, written};
use crate::text::{Lang, date};
use crate::web::fault::{Faults, PageError};
use crate::web::form::{Form, Posted};
use crate::web::frame::{Frame, draw, draw_as, go_on};
use crate::web::sheet::{Choice, Field, Sheet};
use crate::web::visitor::Visitor;

pub(super) fn configure(config: &mut ServiceConfig) {
    config
        .service(list_all)
        .service(download_table)
        .service(post_new)
        .service(post_look)
        .service(post_import);
    config.service(show_unit).service(post_rename).service(post_merge);
}

#[derive(Deserialize, Default)]
struct Asked {
    #[serde(default)]
    below: String,
}

#[derive(Template)]
#[template(path = "admin/units.html", config = "src/web/askama.toml")]
struct ListHtml {
    frame: Frame,
    a: Around,
    w: &'static UnitWords,
    rows: Vec<Row>,
    add: Sheet,
    import: Sheet,
}

#[get("/admin/units")]
async fn list_all(
    app: Data<App>,
    visitor: Visitor,
    done: Query<Done>,
    asked: Query<Asked>,
) -> Result<HttpResponse, PageError> {
    let shown = (done.done.as_str(), asked.below.as_str());
    draw(&tree(&app, &visitor, shown, (&Form::default(), &Faults::default()), "").await?)
}

/// The tree, or what is below one of its units, with its two forms; what was typed and is wrong belongs to the one of this key.
async fn tree(
    app: &App,
    visitor: &Visitor,
    (done, below): (&str, &str),
    (form, faults): (&Form, &Faults),
    key: &str,
) -> Result<ListHtml, PageError> {
    let (lang, w) = (visitor.lang, unit_words(visitor.lang));
    let (frame, a) = around(visitor, Room::Units, w.title, done)?;
    let (by, below) = (visitor.by.clone(), below.to_owned());
    let rows = app.read(move |_, catalogue| {
        let is_seen = catalogue.units.get(&below).is_some() && by.sees(&below, &catalogue.units);
        let root = if is_seen { below } else { by.unit };
        let is_long = catalogue.units.subtree(&root).len() > LONG_TREE;
        let mut rows = Vec::new();
        branch(lang, catalogue, &root, (0, is_long), &mut rows);
        Ok(rows)
    });
    let rows = rows.await?;
    let parents = unit_choices(app, visitor, form.text("parent")).await?;
    let add = Sheet::to(visitor, "add", "/admin/units/new", w.add)
        .once()?
        .ask(Field::line("code", w.code, form.text("code")).hint(w.add_code_hint).required())
        .ask(Field::line("name", w.name, form.text("name")).required())
        .ask(Field::one("parent", w.parent, parents))
        .ask(Field::day("valid_from", w.valid_from, form.text("valid_from")));
    let import = Sheet::to(visitor, "import", "/admin/units/import/look", w.look)
        .calm()
        .ask(Field::area("csv", w.import, form.text("csv"), 6).hint(w.import_hint).required());
    let (add, import) = match key {
        "add" => (add.with(faults), import),
        "import" => (add, import.with(faults)),
        _ => (add, import),
    };
    Ok(ListHtml { frame, a, w, rows, add, import })
}

#[get("/admin/units.csv")]
async fn download_table(app: Data<App>, visitor: Visitor) -> Result<HttpResponse, PageError> {
    visitor.must(Right::Administer)?;
    let csv = app.read(move |_, catalogue| {
        let own = catalogue.units.subtree(&visitor.by.unit);
        transfer::units_to_csv(own.iter().filter_map(|code| catalogue.register.get(code)))
    });
    Ok(download("units.csv", csv.await?))
}

/// A day that may be left empty.
fn day(form: &Form, name: &'static str) -> Result<Option<NaiveDate>, AppError> {
    let read = form.optional(name).map(|text| text.parse::<NaiveDate>()).transpose();
    read.map_err(|_| AppError::invalid(name, Fault::Malformed))
}

#[post("/admin/units/new")]
async fn post_new(app: Data<App>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    let row = day(&form, "valid_from").and_then(|valid_from| {
        let unit = Unit {
            code: form.text("code").to_owned(),
            name: form.text("name").to_owned(),
            parent: form.optional("parent"),
            valid_from,
            valid_to: None,
            merged_into: None,
        };
        UnitRow::alone(unit, None)
    });
    let code = form.text("code").to_owned();
    let taken = app.read(move |_, catalogue| Ok(catalogue.register.get(&code).is_some())).await?;
    let once = app.once(form.once(&visitor));
    let done = match row {
        // Another unit's row would be written over.
        Ok(_) if taken => Err(AppError::invalid("code", Fault::Taken)),
        Ok(row) => units_change(&once, vec![row], Some(visitor.by.clone()), false).await,
        Err(error) => Err(error),
    };
    match once.sent(done).await {
        Ok(Sent::Now(_)) => Ok(go_on("/admin/units?done=added")),
        Ok(Sent::Before(made)) => {
            Ok(go_on(&format!("/admin/units/of/{}?done=made_before", in_path(&made.key("unit")))))
        }
        Err(error) => {
            let faults = Faults::of(visitor.lang, error)?;
            draw_as(faults.status(), &tree(&app, &visitor, ("", ""), (&form, &faults), "add").await?)
        }
    }
}

#[derive(Template)]
#[template(path = "admin/units_import.html", config = "src/web/askama.toml")]
struct LookHtml {
    frame: Frame,
    a: Around,
    w: &'static UnitWords,
    said: String,
    csv: String,
    sheet: Sheet,
}

async fn changed(app: &App, visitor: &Visitor, form: &Form, dry_run: bool) -> Result<usize, AppError> {
    let rows = transfer::units_from_csv(form.text("csv").as_bytes())?;
    units_change(app, rows, Some(visitor.by.clone()), dry_run).await
}

#[post("/admin/units/import/look")]
async fn post_look(app: Data<App>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    let w = unit_words(visitor.lang);
    match changed(&app, &visitor, &form, true).await {
        Ok(many) => {
            let (frame, a) = around(&visitor, Room::Units, w.import_title, "")?;
            let sheet = Sheet::to(&visitor, "import", "/admin/units/import", w.import_now);
            let sheet = sheet.hide("csv", form.text("csv"));
            let said = written(visitor.lang, many);
            draw(&LookHtml { frame, a, w, said, csv: form.text("csv").to_owned(), sheet })
        }
        Err(error) => {
            let faults = Faults::of(visitor.lang, error)?;
            draw_as(faults.status(), &tree(&app, &visitor, ("", ""), (&form, &faults), "import").await?)
        }
    }
}

#[post("/admin/units/import")]
async fn post_import(app: Data<App>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    match changed(&app, &visitor, &form, false).await {
        Ok(_) => Ok(go_on("/admin/units?done=saved")),
        Err(error) => {
            let faults = Faults::of(visitor.lang, error)?;
            draw_as(faults.status(), &tree(&app, &visitor, ("", ""), (&form, &faults), "import").await?)
        }
    }
}

/// A stretch of a unit's history in words.
struct Stretch {
    from: String,
    until: String,
    name: String,
    parent: String,
}

#[derive(Template)]
#[template(path = "admin/unit.html", config = "src/web/askama.toml")]
struct UnitHtml {
    frame: Frame,
    a: Around,
    r: &'static RoomWords,
    w: &'static UnitWords,
    code: String,
    name: String,
    state: String,
    history: Vec<Stretch>,
    rename: Sheet,
    merge: Sheet,
}

#[get("/admin/units/of/{code}")]
async fn show_unit(
    app: Data<App>,
    visitor: Visitor,
    code: Path<String>,
    done: Query<Done>,
) -> Result<HttpResponse, PageError> {
    let page = one(&app, &visitor, &code, &done.done, ("", &Form::default(), &Faults::default())).await?;
    draw_as(StatusCode::OK, &page)
}

/// A unit within the administrator's own.
async fn own(app: &App, visitor: &Visitor, code: &str) -> Result<Unit, PageError> {
    let (by, code) = (visitor.by.clone(), code.to_owned());
    let found = app.read(move |_, catalogue| {
        let seen = by.sees(&code, &catalogue.units);
        // As it is to be, should a change be under way: what is stored next follows that.
        catalogue.register.get(&code).filter(|_| seen).cloned().ok_or(AppError::NotFound("unit"))
    });
    Ok(found.await?)
}

async fn one(
    app: &App,
    visitor: &Visitor,
    code: &str,
    done: &str,
    (key, form, faults): (&str, &Form, &Faults),
) -> Result<UnitHtml, PageError> {
    let (lang, w) = (visitor.lang, unit_words(visitor.lang));
    let (frame, a) = around(visitor, Room::Units, w.title, done)?;
    let unit = own(app, visitor, code).await?;
    let asked = unit.clone();
    let (state, history) = app
        .read(move |_, catalogue| {
            let history = catalogue.register.history(&asked.code);
            let stretches = history.into_iter().map(|of| stretch(lang, catalogue, of)).collect::<Vec<_>>();
            Ok((state(lang, catalogue, &asked), stretches))
        })
        .await?;
    let typed = |name: &str, stands: &str| {
        if form.has(name) { form.text(name).to_owned() } else { stands.to_owned() }
    };
    let parent = typed("parent", unit.parent.as_deref().unwrap_or_default());
    let mut parents = unit_choices(app, visitor, &parent).await?;
    if !parents.iter().any(|of| of.value == parent) {
        parents
            .insert(0, Choice::new(parent.clone(), if parent.is_empty() { "—" } else { &parent }).when(true));
    }
    let into = typed("merged_into", unit.merged_into.as_deref().unwrap_or_default());
    let none = Choice::new("", w.no_successor).when(into.is_empty());
    let successors = unit_choices(app, visitor, &into).await?.into_iter().filter(|of| of.value != unit.code);
    let last = unit.valid_to.map(|day| day.to_string()).unwrap_or_default();
    let path = format!("/admin/units/of/{}", in_path(&unit.code));
    let rename = Sheet::to(visitor, "rename", format!("{path}/rename"), w.rename)
        .ask(Field::line("name", w.name, typed("name", &unit.name)).required().wide())
        .ask(Field::one("parent", w.parent, parents))
        .ask(Field::day("holds_from", w.holds_from, form.text("holds_from")));
    let merge = Sheet::to(visitor, "merge", format!("{path}/merge"), w.merge_now)
        .calm()
        .ask(Field::day("valid_to", w.last_day, typed("valid_to", &last)).required())
        .ask(Field::one("merged_into", w.into, std::iter::once(none).chain(successors).collect()));
    let (rename, merge) = match key {
        "rename" => (rename.with(faults), merge),
        "merge" => (rename, merge.with(faults)),
        _ => (rename, merge),
    };
    Ok(UnitHtml {
        frame,
        a,
        r: room_words(lang),
        w,
        code: unit.code,
        name: unit.name,
        state,
        history,
        rename,
        merge,
    })
}

fn stretch(lang: Lang, catalogue: &Catalogue, of: UnitVersion) -> Stretch {
    let w = unit_words(lang);
    Stretch {
        from: of.from.map_or_else(|| w.always.to_owned(), |day| date(lang, day)),
        until: of.until.map(|day| date(lang, day)).unwrap_or_default(),
        parent: of.parent.map(|code| catalogue.unit_name(&code).to_owned()).unwrap_or_default(),
        name: of.name,
    }
}

#[post("/admin/units/of/{code}/rename")]
async fn post_rename(app: Data<App>, code: Path<String>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    let stands = own(&app, &visitor, &code).await?;
    let row = day(&form, "holds_from").and_then(|holds_from| {
        let (name, parent) = (form.text("name").to_owned(), form.optional("parent"));
        UnitRow::alone(Unit { name, parent, ..stands }, holds_from)
    });
    stored(&app, &visitor, &code, ("rename", &form), row).await
}

#[post("/admin/units/of/{code}/merge")]
async fn post_merge(app: Data<App>, code: Path<String>, posted: Posted) -> Result<HttpResponse, PageError> {
    let Posted { visitor, form } = posted;
    let stands = own(&app, &visitor, &code).await?;
    let row = match day(&form, "valid_to") {
        Ok(Some(last)) => {
            let unit = Unit { valid_to: Some(last), merged_into: form.optional("merged_into"), ..stands };
            UnitRow::alone(unit, None)
        }
        Ok(None) => Err(AppError::invalid("valid_to", Fault::Required)),
        Err(error) => Err(error),
    };
    stored(&app, &visitor, &code, ("merge", &form), row).await
}

async fn stored(
    app: &App,
    visitor: &Visitor,
    code: &str,
    (key, form): (&str, &Form),
    row: Result<UnitRow, AppError>,
) -> Result<HttpResponse, PageError> {
    let done = match row {
        Ok(row) => units_change(app, vec![row], Some(visitor.by.clone()), false).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => Ok(go_on(&format!("/admin/units/of/{}?done=saved", in_path(code)))),
        Err(error) => {
            let faults = Faults::of(visitor.lang, error)?;
            draw_as(faults.status(), &one(app, visitor, code, "", (key, form, &faults)).await?)
        }
    }
}
