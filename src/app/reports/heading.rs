//! What stands at the head of every report, and the addresses of the lists behind its numbers.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::{PeriodView, Scope};
use crate::app::Catalogue;
use crate::app::view::OfficeTime;
use crate::domain::statistics::GroupBy;
use crate::text::{Lang, reports as text};

/// What a report is about.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HeadingView {
    /// The period.
    pub period: PeriodView,
    /// The instant it is seen from; never after the period's end.
    pub as_of: OfficeTime,
    /// Whether that instant is still to come: what will be if nothing is received and nothing closed until then.
    pub forecast: bool,
    /// Top of the units it is about, with all below it.
    pub unit: String,
}

impl HeadingView {
    pub(super) fn new(of: &Scope) -> HeadingView {
        HeadingView {
            forecast: of.is_forecast(),
            period: (&of.period).into(),
            as_of: of.window.as_of().into(),
            unit: of.unit.clone(),
        }
    }
}

/// The name of a row.
pub(in crate::app) fn row_name<'a>(
    catalogue: &'a Catalogue,
    group_by: GroupBy,
    key: &'a str,
    lang: Lang,
) -> &'a str {
    match group_by {
        GroupBy::Unit => catalogue.unit_name(key),
        GroupBy::Procedure => catalogue.procedure_name(key),
        GroupBy::Officer if key.is_empty() => text::nobody(lang),
        GroupBy::Channel => text::channel(lang, key),
        GroupBy::Sector | GroupBy::Officer => key,
    }
}

/// The address of a list (`dossiers`, `findings`) with these parameters.
pub(in crate::app) fn list(of: &str, parameters: &[(&str, &str)]) -> String {
    format!("/api/v1/{of}?{}", query(parameters))
}

/// Parameters as a query string holds them. Pairs of texts can always be written.
pub(super) fn query(parameters: &[(&str, &str)]) -> String {
    serde_urlencoded::to_string(parameters).unwrap_or_default()
}

/// An instant as a parameter.
pub(in crate::app) fn written(at: DateTime<Utc>) -> String {
    OfficeTime(at).to_string()
}
