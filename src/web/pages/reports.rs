//! The reform office's pages: form II.06a/VPCP, what stands beside it, and sealed reports.
//!
//! Each takes the parameters that the API's report of the same name takes, so that an address of the one leads to the other; [`asking`] draws the form in
//! which they are chosen. Every number that the report can link leads to the list of exactly the dossiers it counts.

mod asking;
mod beside;
mod commitments;
mod delays;
mod downloads;
mod fields;
mod findings;
mod form;
mod integrity;
mod paging;
mod processing;
mod ranking;
mod seal;
mod sealing;
mod seals;
mod titles;
mod trend;
mod ways;

use actix_web::web::ServiceConfig;

use crate::app::reports::RateView;
use crate::app::view::page_of;
use crate::text::Lang;
use crate::text::shares::share;

pub(in crate::web) fn configure(config: &mut ServiceConfig) {
    config
        .service(processing::processing)
        .service(downloads::processing_xlsx)
        .service(downloads::processing_csv)
        .service(downloads::ranking_csv)
        .service(downloads::trend_csv)
        .service(downloads::commitments_csv)
        .service(downloads::delays_csv)
        .service(downloads::findings_csv)
        .service(downloads::integrity_csv)
        .service(ranking::ranking)
        .service(trend::trend)
        .service(commitments::commitments)
        .service(delays::delays)
        .service(seals::seals)
        .service(sealing::confirm)
        .service(sealing::seal)
        .configure(seal::configure)
        .service(findings::list)
        .service(findings::counted)
        .service(integrity::integrity);
}

/// A number, and where the dossiers it counts are listed; of nothing there is no list.
#[derive(Debug, Clone)]
struct Count {
    said: String,
    href: Option<String>,
}

impl Count {
    fn new(lang: Lang, of: impl Into<u64>, link: Option<&str>) -> Count {
        let of = of.into();
        Count { said: crate::text::numbers::count(lang, of), href: link.filter(|_| of > 0).map(page_of) }
    }
}

/// "39/41 = 95,1 %"; "—" of nothing.
fn rate(lang: Lang, of: RateView) -> String {
    share(lang, of.into())
}
