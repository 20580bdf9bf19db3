//! Reports: one address each, as JSON or as a table.

use actix_web::http::header::{ACCEPT, CONTENT_DISPOSITION, CONTENT_LANGUAGE, CONTENT_TYPE, VARY};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use utoipa_actix_web::service_config::ServiceConfig;

use super::problem::Problem;
use crate::app::reports::tables::{Tabular, csv};
use crate::text::Lang;

/// Declares the parameters of a report: those that every report has, and its own.
macro_rules! report_params {
    ($(#[$about:meta])* struct $name:ident { $($(#[$attribute:meta])* $field:ident: $of:ty,)* }) => {
        $(#[$about])*
        #[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
        #[serde(deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        pub(crate) struct $name {
            /// `2026-09`, `2026-Q3`, `2026-H1`, `2026-9M` or `2026`: official periods, from the 15th to the 14th (NĐ 09/2019/NĐ-CP Đ.12); with `-civil` the
            /// calendar months instead. Without it and without days: the official month that runs now.
            period: Option<String>,
            /// First day of any two, instead of `period`.
            from: Option<chrono::NaiveDate>,
            /// Last day, included.
            to: Option<chrono::NaiveDate>,
            /// The instant to look from; what happens later has not happened yet. Now or the period's end, whichever is earlier; of one still to come it is told
            /// what will be if nothing is received and nothing closed until then.
            #[param(value_type = Option<String>, format = DateTime)]
            as_of: Option<$crate::api::values::WhenAsked>,
            /// Top of the units it is about; the reader's own.
            unit: Option<String>,
            /// The day by whose tree of units it goes, with the dossiers of units that were no more counted to those that had taken their place; without it
            /// today's tree, and each unit under its own code.
            units_as_of: Option<chrono::NaiveDate>,
            $($(#[$attribute])* $field: $of,)*
        }

        impl $name {
            fn asked(&self, lang: $crate::text::Lang) -> $crate::app::reports::Asked {
                $crate::app::reports::Asked {
                    period: self.period.clone(),
                    from: self.from,
                    to: self.to,
                    as_of: self.as_of.map(|at| at.0),
                    unit: self.unit.clone(),
                    units_as_of: self.units_as_of,
                    lang,
                }
            }
        }
    };
}

pub(crate) mod commitments;
pub(crate) mod delays;
pub(crate) mod findings;
pub(crate) mod integrity;
pub(crate) mod processing;
pub(crate) mod ranking;
pub(crate) mod seals;
pub(crate) mod trend;

/// The addresses of this file and those below it.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(processing::processing)
        .service(commitments::commitments)
        .service(trend::trend)
        .service(ranking::ranking)
        .service(findings::findings)
        .service(delays::delays)
        .service(integrity::integrity)
        .service(seals::create)
        .service(seals::list)
        .service(seals::find)
        .service(seals::restatement);
}

words! {
    /// In which form a report is answered.
    Format {
        /// All there is.
        Json = "json",
        /// A table for a spreadsheet.
        Csv = "csv",
    }
}

words! {
    /// In which form an official form is answered.
    FormFormat {
        /// All there is.
        Json = "json",
        /// The thirteen columns of the form.
        Csv = "csv",
        /// The form as it is printed and signed.
        Xlsx = "xlsx",
    }
}

/// A report in the form asked for, or else in the one that the reader likes better.
pub(super) fn answered<R: Serialize + Tabular>(
    report: &R,
    format: Option<Format>,
    request: &HttpRequest,
    lang: Lang,
) -> Result<HttpResponse, Problem> {
    Ok(match format.unwrap_or_else(|| accepted(request)) {
        Format::Json => HttpResponse::Ok().insert_header((VARY, "Accept")).json(report),
        Format::Csv => table(&report.file_name(), csv(report, lang)?, lang),
    })
}

/// A table as a file to keep.
pub(crate) fn table(name: &str, csv: String, lang: Lang) -> HttpResponse {
    file(&format!("{name}.csv"), "text/csv; charset=utf-8", csv.into_bytes(), lang)
}

/// A file to keep.
pub(crate) fn file(name: &str, media: &str, bytes: Vec<u8>, lang: Lang) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, media))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .insert_header((CONTENT_LANGUAGE, lang.tag()))
        .insert_header((VARY, "Accept, Accept-Language"))
        .body(bytes)
}

/// The table where the reader likes it better than JSON.
pub(super) fn accepted(request: &HttpRequest) -> Format {
    liked_best(request, &[("text/csv", Format::Csv)]).unwrap_or(Format::Json)
}

/// Which of these media types the reader likes best, where they like it better than JSON; of equals the first.
pub(super) fn liked_best<T: Copy>(request: &HttpRequest, offered: &[(&str, T)]) -> Option<T> {
    let wished: Vec<&str> =
        request.headers().get_all(ACCEPT).filter_map(|value| value.to_str().ok()).collect();
    let wished = wished.join(",").to_ascii_lowercase();
    let (mut best, mut chosen) = (liking(&wished, "application/json"), None);
    for (media, of) in offered {
        let liked = liking(&wished, media);
        if liked > best {
            (best, chosen) = (liked, Some(*of));
        }
    }
    chosen
}

/// How much a media type is liked (RFC 9110, 12.5.1): its quality, then how exactly it was named.
fn liking(wished: &str, media: &str) -> (f32, usize) {
    let family = media.split('/').next().unwrap_or_default();
    let mut best = (0.0, 0);
    for part in wished.split(',') {
        let mut parameters = part.split(';').map(str::trim);
        let exactness = match parameters.next().unwrap_or_default() {
            range if range == media => 3,
            range if range.strip_suffix("/*") == Some(family) => 2,
            "*/*" => 1,
            _ => continue,
        };
        let quality = parameters.find_map(|parameter| parameter.strip_prefix("q="));
        let quality =
            quality.map_or(1.0, |q| q.parse().ok().filter(|q| (0.0..=1.0).contains(q)).unwrap_or(0.0));
        // What is named most exactly decides, be it the lower.
        if exactness > best.1 {
            best = (quality, exactness);
        }
    }
    if best.0 > 0.0 { best } else { (0.0, 0) }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn the_table_is_answered_where_it_is_liked_better() {
        for (wished, format) in [
            ("", Format::Json),
            ("*/*", Format::Json),
            ("text/csv", Format::Csv),
            ("Text/CSV; charset=utf-8", Format::Csv),
            ("application/json, text/csv;q=0.1", Format::Json),
            ("application/json;q=0.1, text/csv", Format::Csv),
            ("text/csv, application/json", Format::Json),
            ("text/csv, */*;q=0.1", Format::Csv),
            ("text/*, */*;q=0.5", Format::Csv),
            ("text/csv;q=0, */*", Format::Json),
            ("text/csv;q=nan", Format::Json),
            ("image/png", Format::Json),
        ] {
            let request = TestRequest::get().insert_header((ACCEPT, wished)).to_http_request();
            assert_eq!(accepted(&request), format, "{wished}");
        }
    }
}
