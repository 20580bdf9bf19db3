//! The pages: HTML made on the server, on the same verbs of the app as the API.
//!
//! A page extracts, calls a verb, and draws its template within the `frame`; it computes no number and knows no table. Who asks is `visitor`'s, what
//! a browser sends back `form`'s, refusals are `fault`'s, and every word stands in `crate::text::pages`. All of it works without a script; the one
//! script (see `statics`) only makes it quicker.

mod charts;
mod client;
mod fault;
mod form;
mod frame;
mod moment;
mod pages;
mod qr;
mod sheet;
mod standing;
mod statics;
mod visitor;

pub(crate) use fault::nowhere;

use actix_web::middleware::{Compress, from_fn};
use actix_web::web::{self, ServiceConfig};

/// The addresses of the pages. To be configured last: it takes every address that nobody else took.
pub fn configure(config: &mut ServiceConfig) {
    config.service(
        web::scope("")
            .wrap(from_fn(fault::render))
            .wrap(Compress::default())
            .configure(statics::configure) // /static/…
            .configure(pages::home::configure) // /, /language
            .configure(pages::sign_in::configure) // /sign-in, /sign-out
            .configure(pages::account::configure) // /account
            .configure(pages::feeds::configure) // /account/feeds
            // For everybody
            .configure(pages::status::configure) // /status
            .configure(pages::calculator::configure) // /calculator
            .configure(pages::rates::configure) // /rates/{unit}
            // For officers
            .configure(pages::counter::configure) // /counter, /counter/preview
            .configure(pages::counter_procedures::configure) // /counter/procedures
            .configure(pages::counter_logged::configure) // /counter/logged
            .configure(pages::receipt::configure) // /dossiers/{code}/receipt, /counter/receipts
            .configure(pages::queue::configure) // /queue
            .configure(pages::dossier_search::configure) // /queue/search
            .configure(pages::dossier_list::configure) // /dossiers
            .configure(pages::dossier::configure) // /dossiers/{code}
            .configure(pages::acts::configure) // /dossiers/{code}/acts, /queue/acts
            .configure(pages::apology::configure) // /dossiers/{code}/apology
            // For leaders, the reform office and administrators
            .configure(pages::desk::configure) // /desk
            .configure(pages::desk_pressing::configure) // /desk/today, /desk/friday
            .configure(pages::reports::configure) // /reports…, /findings…, /integrity
            .configure(pages::admin::configure), // /admin…
    );
}
