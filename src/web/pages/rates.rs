//! `/rates/{unit}`: how often a unit kept its promises, where it wants everybody to see it; elsewhere there is no such page.

use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpResponse, get};
use askama::Template;

use super::super::fault::PageError;
use super::super::frame::{Frame, Tab, draw};
use super::super::visitor::Reader;
use crate::app::public_rates::{PublicRate, PublicRates, rates};
use crate::app::{App, AppError};
use crate::domain::statistics::Rate;
use crate::text::Lang;
use crate::text::pages::open::{self as words, RatesWords, rates_words};

pub(in crate::web) fn configure(config: &mut ServiceConfig) {
    config.service(page);
}

#[derive(Template)]
#[template(path = "rates.html", config = "src/web/askama.toml")]
struct RatesHtml<'a> {
    frame: &'a Frame,
    w: &'static RatesWords,
    unit: String,
    as_of: String,
    rows: Vec<Row>,
}

struct Row {
    period: String,
    days: String,
    over: bool,
    in_time: u32,
    due: u32,
    rate: String,
}

#[get("/rates/{unit}")]
async fn page(app: Data<App>, reader: Reader, unit: Path<String>) -> Result<HttpResponse, PageError> {
    let found = rates(&app, unit.into_inner()).await.map_err(|error| match error {
        AppError::NotFound(_) => PageError::NoSuchPage,
        error => error.into(),
    })?;
    let PublicRates { unit, as_of, periods } = found;
    let w = rates_words(reader.lang);
    let frame = Frame::of(&reader, Tab::None, w.title);
    let rows = periods.iter().map(|of| row(reader.lang, of)).collect();
    draw(&RatesHtml { frame: &frame, w, unit, as_of: words::as_of(reader.lang, as_of.0), rows })
}

fn row(lang: Lang, of: &PublicRate) -> Row {
    let rate = Rate { numerator: of.rate.numerator, denominator: of.rate.denominator };
    Row {
        period: words::period(lang, &of.period),
        days: words::days(lang, &of.period),
        over: of.over,
        in_time: rate.numerator,
        due: rate.denominator,
        rate: words::percent(lang, rate),
    }
}
