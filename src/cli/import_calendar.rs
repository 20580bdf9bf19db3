//! `hentra import calendar`: a calendar from a file, told day by day before or as it is published; a web feed is only reported on.

use super::import::{Source, read};
use super::{Failure, output};
use crate::app::calendar_import::{self, Feed, FeedReport};
use crate::app::calendars::{self, CalendarFile, Changes, Proposal, Published, draft_from};
use crate::app::catalogue::NATIONAL;
use crate::app::redating::{Named, Redating};
use crate::app::{App, AppError, Fault};
use crate::domain::calendar::DayKind;
use crate::domain::calendar_changes::{ChangedDay, Said};
use crate::domain::office_time::local;
use crate::text::Lang;

/// A calendar's file and where it holds.
#[derive(Debug, clap::Args)]
pub(super) struct CalendarSource {
    #[command(flatten)]
    file: Source,
    /// The unit it is for, with all below it; the whole country without it.
    #[arg(long)]
    unit: Option<String>,
    /// The decision or notice it rests on; the file's name without it.
    #[arg(long)]
    source: Option<String>,
}

pub(super) async fn run(app: &App, of: CalendarSource) -> Result<(), Failure> {
    let CalendarSource { file: Source { file, dry_run }, unit, source } = of;
    let content = read(&file)?;
    let scope = unit.unwrap_or_else(|| NATIONAL.to_owned());
    if ends_in(&file, "ics") {
        return propose_feed(app, scope, &content).await;
    }
    let (draft, form) = draft_from(&content, ends_in(&file, "csv"))?;
    let name = || file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let source = source.unwrap_or_else(name);
    let proposal = Proposal { scope: scope.clone(), draft, form, source, based_on: None, dry_run, by: None };
    let published = calendars::propose(app, proposal).await.map_err(of_unit)?;
    tell(&scope, &published)
}

/// Reports on a feed, and prints what could be published as a file to be looked at: a feed is never published as it comes.
async fn propose_feed(app: &App, scope: String, content: &[u8]) -> Result<(), Failure> {
    let text = std::str::from_utf8(content).map_err(|_| AppError::invalid("file", Fault::BadCharacters))?;
    let report =
        calendar_import::report(app, scope, Feed::Ics(text), Lang::En, None).await.map_err(of_unit)?;
    for of in &report.events {
        let what = match (of.kind, &of.reason) {
            (Some(kind), _) => word(kind),
            (None, reason) => reason.as_deref().unwrap_or_default(),
        };
        let day = of.from.map_or_else(|| "no day".to_owned(), |day| day.to_string());
        output::complain(&format!("line {}: {day} «{}»: {}: {what}", of.line, of.name, of.outcome));
    }
    let FeedReport { proposed, stands, unclear, .. } = report;
    output::complain(&format!(
        "{proposed} proposed, {stands} stand already, {unclear} unclear; nothing is published. Look at each day of the file printed, put the decision in as \
         its source, and import that file"
    ));
    let draft = CalendarFile { announced: true, day: report.days, ..CalendarFile::default() };
    output::say(toml::to_string(&draft).map_err(|error| Failure::new(error.to_string()))?.trim_end())
}

/// Here a scope is asked for as a unit.
fn of_unit(error: AppError) -> AppError {
    match error {
        AppError::NotFound(_) => AppError::invalid("unit", Fault::UnknownReference),
        other => other,
    }
}

fn ends_in(file: &std::path::Path, ending: &str) -> bool {
    file.extension().is_some_and(|of| of.eq_ignore_ascii_case(ending))
}

fn tell(scope: &str, of: &Published) -> Result<(), Failure> {
    let Published { version, unchanged, days, changes, redating, .. } = of;
    tell_changes(changes)?;
    for of in &redating.redated {
        let day = |at| local(at).format("%Y-%m-%dT%H:%M");
        output::say(&format!("{}: {} -> {}", of.code, day(of.from), day(of.to)))?;
    }
    for (sign, all) in [('+', &redating.opened), ('-', &redating.cleared)] {
        for Named { dossier, code } in all {
            output::say(&format!("{dossier}: {sign}{code}"))?;
        }
    }
    if *unchanged {
        return output::say(&format!(
            "calendar of {scope}: the same stands already, {days} days; nothing is published"
        ));
    }
    let Redating { redated, touched, opened, cleared } = redating;
    let (moved, opened, cleared) = (redated.len(), opened.len(), cleared.len());
    let (state, would) = match version {
        Some(version) => (format!("version {version}"), "are"),
        None => ("would be published".to_owned(), "would be"),
    };
    output::say(&format!(
        "calendar of {scope}: {state}, {days} days; {moved} open dossiers {would} due on another date, {touched} more {would} touched; {opened} findings \
         {would} opened, {cleared} cleared"
    ))
}

fn tell_changes(of: &Changes) -> Result<(), Failure> {
    for day in &of.days {
        output::say(&line(day))?;
    }
    if of.sessions.is_some() {
        output::say("hours change")?;
    }
    for (years, what) in [(&of.announced, "announced"), (&of.withdrawn, "no longer announced")] {
        for year in years {
            output::say(&format!("{year} is {what}"))?;
        }
    }
    Ok(())
}

/// `2026-11-23 working -> closure «Ngập lụt» (QĐ 1)`.
fn line(of: &ChangedDay) -> String {
    let side = |said: &Option<Said>, works: bool| match said {
        None => if works { "working" } else { "weekend" }.to_owned(),
        Some(Said { kind, name, source }) => format!("{} «{name}» ({source})", word(*kind)),
    };
    format!("{} {} -> {}", of.date, side(&of.from, of.worked), side(&of.to, of.works))
}

fn word(kind: DayKind) -> &'static str {
    match kind {
        DayKind::Holiday => "holiday",
        DayKind::Compensatory => "compensatory",
        DayKind::Swapped => "swapped",
        DayKind::Makeup => "makeup",
        DayKind::Closure => "closure",
    }
}
