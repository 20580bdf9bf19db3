//! The form in which a report is asked for, and the room around every report: what was typed, what may be chosen, the ways to the other reports.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use chrono::NaiveDateTime;
use serde::de::DeserializeOwned;

use super::super::super::fault::{Faults, PageError};
use super::super::super::form::{Form, TOKEN};
use super::super::super::frame::{Frame, Tab, draw_as};
use super::super::super::visitor::Visitor;
use super::fields::{Choice, Field, Fields};
use super::ways::{Way, ways};
use crate::api::fields::from_query;
use crate::app::access::Principal;
use crate::app::reports::choices::{Choices, Periods, choices};
use crate::app::{App, AppError};
use crate::domain::office_time;
use crate::domain::period::Period;
use crate::domain::statistics::GroupBy;
use crate::text::pages::reports::{AskedWords, asked_words, period, period_name};
use crate::text::{Lang, reports as text};

/// What the pages ask of themselves and no report knows.
const OWN: [&str; 4] = ["all", "page", "key", TOKEN];
/// What is carried over from one report to another.
const CARRIED: [&str; 6] = ["period", "from", "to", "unit", "as_of", "units_as_of"];

/// What a browser asks of a report, as it was typed.
#[derive(Debug, Clone, Default)]
pub(super) struct Asking {
    pub(super) typed: Form,
}

impl Asking {
    pub(super) fn of(request: &HttpRequest) -> Asking {
        Asking { typed: Form::parse(request.query_string().as_bytes()).unwrap_or_default() }
    }

    /// The parameters as the API's report takes them; fields left empty ask for nothing.
    ///
    /// # Errors
    /// [`AppError::Invalid`] naming each that is none.
    pub(super) fn params<T: DeserializeOwned>(&self) -> Result<T, AppError> {
        from_query(&self.query(&[]))
    }

    /// What was typed as the query of an address, with these parameters instead of those of their names; empty ones are left out.
    pub(super) fn query(&self, instead: &[(&str, &str)]) -> String {
        let of_another = |name: &str| OWN.contains(&name) || instead.iter().any(|(of, _)| *of == name);
        let typed = self.typed.fields().iter().map(|(name, value)| (name.as_str(), value.trim()));
        let kept = typed.filter(|(name, value)| !value.is_empty() && !of_another(name));
        let instead = instead.iter().copied().filter(|(_, value)| !value.is_empty());
        let all = kept.chain(instead).map(|(name, value)| match name {
            "as_of" => (name, in_the_offices_zone(value)),
            _ => (name, value.to_owned()),
        });
        serde_urlencoded::to_string(all.collect::<Vec<_>>()).unwrap_or_default()
    }

    /// The same, with this period where none was asked for.
    pub(super) fn usually(self, period: &str) -> Asking {
        if ["period", "from", "to"].iter().any(|name| self.is_asked(name)) {
            return self;
        }
        let query = self.query(&[("period", period)]);
        Asking { typed: Form::parse(query.as_bytes()).unwrap_or_default() }
    }

    /// Of when and whom, for the other reports.
    fn carried(&self) -> String {
        let fields = self.typed.fields().iter();
        let carried =
            fields.filter(|(name, value)| CARRIED.contains(&name.as_str()) && !value.trim().is_empty());
        serde_urlencoded::to_string(carried.collect::<Vec<_>>()).unwrap_or_default()
    }

    pub(super) fn is_asked(&self, name: &str) -> bool {
        !self.typed.text(name).is_empty()
    }
}

/// An address with a query, where there is one.
pub(super) fn address(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// Browsers send an instant as the clock on the wall has it.
fn in_the_offices_zone(typed: &str) -> String {
    let forms = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"];
    let local = forms.iter().find_map(|form| NaiveDateTime::parse_from_str(typed, form).ok());
    local.map_or_else(|| typed.to_owned(), |at| format!("{}+07:00", at.format("%Y-%m-%dT%H:%M:%S")))
}

/// The form, drawn.
#[derive(Debug)]
pub(super) struct Question {
    pub(super) w: &'static AskedWords,
    pub(super) action: &'static str,
    pub(super) fields: Vec<Field>,
    /// Those that few need.
    pub(super) more: Vec<Field>,
    pub(super) more_open: bool,
    /// Sent along unseen.
    pub(super) hidden: Vec<(&'static str, String)>,
    /// What is wrong with something that has no field.
    pub(super) beside: Vec<String>,
    pub(super) ways: Vec<Way>,
}

/// The room around a report.
#[derive(Debug)]
pub(super) struct Room {
    pub(super) visitor: Visitor,
    pub(super) asking: Asking,
    pub(super) choices: Choices,
    periods: Periods,
    pub(super) path: &'static str,
}

#[derive(Template)]
#[template(path = "report_refused.html", config = "src/web/askama.toml")]
struct RefusedHtml<'a> {
    frame: &'a Frame,
    question: &'a Question,
}

impl Room {
    pub(super) async fn new(
        app: &App,
        visitor: Visitor,
        asking: Asking,
        path: &'static str,
    ) -> Result<Room, PageError> {
        let about = asking.typed.optional("unit");
        let choices = choices(app, about, visitor.by.clone()).await?;
        let periods = Periods::on(office_time::local_date(app.clock().now()));
        Ok(Room { visitor, asking, choices, periods, path })
    }

    pub(super) fn lang(&self) -> Lang {
        self.visitor.lang
    }

    pub(super) fn words(&self) -> &'static AskedWords {
        asked_words(self.visitor.lang)
    }

    pub(super) fn frame(&self, title: &str) -> Frame {
        let tab = if self.path == "/integrity" || self.path.starts_with("/findings") {
            Tab::Findings
        } else {
            Tab::Reports
        };
        self.visitor.frame(tab, title)
    }

    /// This page with other parameters.
    pub(super) fn here(&self, instead: &[(&str, &str)]) -> String {
        address(self.path, &self.asking.query(instead))
    }

    /// Another page of the same parameters.
    pub(super) fn there(&self, path: &str) -> String {
        address(path, &self.asking.query(&[]))
    }

    /// The form; `own` are the fields that are this report's alone.
    pub(super) fn question(&self, faults: &Faults, own: impl FnOnce(Fields<'_>) -> Vec<Field>) -> Question {
        let (w, typed) = (self.words(), &self.asking.typed);
        let fields = Fields { typed, faults };
        let mut shown = vec![self.period_field(fields)];
        shown.push(fields.input("from", w.from, "date").clearing("period"));
        shown.push(fields.input("to", w.to, "date").clearing("period"));
        shown.push(self.unit_field(fields));
        shown.extend(own(fields));
        let more = vec![
            fields.input("as_of", w.as_of, "datetime-local").hinted(w.as_of_hint),
            fields.input("units_as_of", w.units_as_of, "date").hinted(w.units_as_of_hint),
        ];
        let more_open = more.iter().any(|of| self.asking.is_asked(of.name) || of.fault.is_some());
        let names: Vec<&str> = shown.iter().chain(&more).map(|of| of.name).collect();
        let sector = typed.optional("sector").map(|sector| ("sector", sector));
        Question {
            w,
            action: self.path,
            beside: faults.beside(&names),
            fields: shown,
            more,
            more_open,
            hidden: sector.into_iter().collect(),
            ways: ways(self.lang(), self.path, &self.asking.carried()),
        }
    }

    fn period_field(&self, fields: Fields<'_>) -> Field {
        let (lang, w, all) = (self.lang(), self.words(), &self.periods);
        let choices = |periods: &[Period]| -> Vec<Choice> {
            let words = |of: &Period| period_name(lang, of).unwrap_or_else(|| period(lang, of));
            periods.iter().map(|of| Choice::new(of.to_string(), words(of))).collect()
        };
        let nothing = vec![Choice::new("", w.running)];
        let groups = vec![
            ("", nothing),
            (w.months, choices(&all.months)),
            (w.quarters, choices(&all.quarters)),
            (w.halves, choices(&all.parts)),
            (w.years, choices(&all.years)),
            (w.civil, choices(&all.civil)),
        ];
        fields.select("period", w.period, "", groups, w.chosen).clearing("from to")
    }

    pub(super) fn unit_field(&self, fields: Fields<'_>) -> Field {
        let w = self.words();
        fields.select("unit", w.unit, &self.visitor.by.unit, vec![("", self.unit_choices())], w.chosen)
    }

    pub(super) fn unit_choices(&self) -> Vec<Choice> {
        let words = |depth: usize, name: &str| format!("{}{name}", "\u{a0}\u{a0}\u{a0}".repeat(depth));
        self.choices.units.iter().map(|of| Choice::new(of.code.clone(), words(of.depth, &of.name))).collect()
    }

    /// The field of what a row stands for.
    pub(super) fn group_field(&self, fields: Fields<'_>, usual: GroupBy) -> Field {
        let (lang, w) = (self.lang(), self.words());
        let choice = |of: &GroupBy| Choice::new(of.word(), text::row_heading(lang, *of));
        let all = GroupBy::ALL.iter().map(choice).collect();
        fields.select("group_by", w.group_by, usual.word(), vec![("", all)], w.chosen)
    }

    /// The form again, with what is wrong beside each field; whose unit it is not finds nothing there.
    ///
    /// # Errors
    /// What is no matter of the form.
    /// The page of a report: of what `ask` tells for the parameters, or, where these make no sense, the form that says why.
    ///
    /// # Errors
    /// What is no fault of the parameters.
    pub(super) async fn report<P, R>(
        &self,
        title: &str,
        own: impl Fn(&Room, Fields<'_>) -> Vec<Field>,
        ask: impl AsyncFnOnce(P, Principal, Lang) -> Result<R, AppError>,
        page: impl FnOnce(&Frame, &Question, &R) -> Result<HttpResponse, PageError>,
    ) -> Result<HttpResponse, PageError>
    where
        P: DeserializeOwned,
    {
        let told = match self.asking.params::<P>() {
            Ok(params) => ask(params, self.visitor.by.clone(), self.lang()).await,
            Err(error) => Err(error),
        };
        let report = match told {
            Ok(report) => report,
            Err(error) => return self.refused(title, error, |fields| own(self, fields)),
        };
        let question = self.question(&Faults::default(), |fields| own(self, fields));
        page(&self.frame(title), &question, &report)
    }

    pub(super) fn refused(
        &self,
        title: &str,
        error: AppError,
        own: impl FnOnce(Fields<'_>) -> Vec<Field>,
    ) -> Result<HttpResponse, PageError> {
        let faults = Faults::of(self.lang(), error)?;
        let status =
            if faults.at("unit").is_some() { StatusCode::NOT_FOUND } else { StatusCode::BAD_REQUEST };
        let question = self.question(&faults, own);
        draw_as(status, &RefusedHtml { frame: &self.frame(title), question: &question })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_on_the_wall_is_the_offices() {
        assert_eq!(in_the_offices_zone("2026-11-20T16:00"), "2026-11-20T16:00:00+07:00");
        assert_eq!(in_the_offices_zone("2026-11-20T16:00:00Z"), "2026-11-20T16:00:00Z");
        assert_eq!(in_the_offices_zone("hôm qua"), "hôm qua");
    }

    #[test]
    fn what_is_left_empty_is_not_asked() {
        let asking = Asking {
            typed: Form::parse(b"period=&from=2026-09-01&to=2026-09-02&unit=H19&all=1&page=3").unwrap(),
        };
        assert_eq!(asking.query(&[]), "from=2026-09-01&to=2026-09-02&unit=H19");
        assert_eq!(asking.query(&[("unit", "H19.15"), ("to", "")]), "from=2026-09-01&unit=H19.15");
        assert_eq!(asking.carried(), "from=2026-09-01&to=2026-09-02&unit=H19");
    }
}
