//! `hentra deadline`: when something is due and why, told in Vietnamese as the service tells it, or as JSON.

use chrono::{DateTime, NaiveTime, Utc};

use super::{Calling, Failure, calling, output, runtime};
use crate::app::deadlines::{self, By, DeadlineView, Question};
use crate::domain::deadline::{LateEffect, LateReceipt, Limit};
use crate::domain::dossier::Channel;
use crate::text::{Lang, explanation, moments};

/// What a due date is asked for.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("by").required(true).args(["limit", "procedure"])))]
pub(super) struct Arguments {
    /// When it is handed in; now without it.
    #[arg(long, value_name = "INSTANT", value_parser = calling::instant)]
    received_at: Option<DateTime<Utc>>,
    /// A limit: 3:working_day, 15:calendar_day, 1:month, 8:working_hour or same_day.
    #[arg(long, value_parser = limit)]
    limit: Option<Limit>,
    /// What a late receipt means: 15:00:result_next_working_day or 15:00:clock_starts_next_working_day.
    #[arg(long, value_parser = late, conflicts_with = "procedure")]
    late: Option<LateReceipt>,
    /// A procedure's code, for its own limit.
    #[arg(long)]
    procedure: Option<String>,
    /// The unit, for its calendar and commitments.
    #[arg(long, conflicts_with = "limit")]
    unit: Option<String>,
    /// in_person, online or postal.
    #[arg(long, default_value = "in_person", value_parser = channel)]
    channel: Channel,
    /// As which case of the procedure; the ordinary one without it.
    #[arg(long)]
    case: Option<String>,
    /// Print the answer as the API gives it.
    #[arg(long)]
    json: bool,
}

/// A limit as an argument, `3:working_day` or `same_day`.
pub(super) fn limit(text: &str) -> Result<Limit, String> {
    let (value, unit) = match text.split_once(':') {
        Some((value, unit)) => {
            let value = value.parse::<u32>().map_err(|_| format!("«{value}» is no number"))?;
            (Some(value), unit)
        }
        None => (None, text),
    };
    let unit = serde_json::from_value(serde_json::Value::from(unit))
        .map_err(|_| "units are working_day, calendar_day, month, working_hour, same_day".to_owned())?;
    Limit::new(unit, value).map_err(|error| error.to_string())
}

fn late(text: &str) -> Result<LateReceipt, String> {
    let (after, effect) =
        text.rsplit_once(':').ok_or_else(|| "write it as 15:00:result_next_working_day".to_owned())?;
    let after =
        NaiveTime::parse_from_str(after, "%H:%M").map_err(|_| format!("«{after}» is no time of day"))?;
    let effect: LateEffect = serde_json::from_value(serde_json::Value::from(effect))
        .map_err(|_| "effects are result_next_working_day, clock_starts_next_working_day".to_owned())?;
    Ok(LateReceipt { after, effect })
}

fn channel(word: &str) -> Result<Channel, String> {
    Channel::from_word(word).ok_or_else(|| "channels are in_person, online, postal".to_owned())
}

pub(super) fn run(calling: &Calling, arguments: Arguments) -> Result<(), Failure> {
    let Arguments { received_at, limit, late, procedure, unit, channel, case, json } = arguments;
    let by = match (limit, procedure) {
        (Some(limit), _) => By::Limit { limit, late_receipt: late },
        (None, Some(procedure)) => By::Procedure { procedure, unit, channel, case },
        (None, None) => return Err(Failure::new("either --limit or --procedure must be given")),
    };
    let (app, _) = calling.open()?;
    let question = Question { received_at, by, lang: Lang::Vi };
    let view = runtime(async { Ok(deadlines::preview(&app, question).await?) })?;
    if json {
        return output::say(
            &serde_json::to_string_pretty(&view).map_err(|error| Failure::new(error.to_string()))?,
        );
    }
    output::say(&told(&view))
}

fn told(view: &DeadlineView) -> String {
    use std::fmt::Write as _;
    let lang = Lang::Vi;
    let when = |at: DateTime<Utc>| moments::time_weekday_and_date(lang, at);
    let mut text = String::new();
    let mut line = |label: &str, value: String| {
        let _ = writeln!(text, "{label}: {value}");
    };
    line(explanation::RECEIVED, when(view.received_at.0));
    line(explanation::EFFECTIVE, when(view.effective_receipt.0));
    line(explanation::DUE, when(view.due_at.0));
    line(explanation::STATUTORY, when(view.statutory_due_at.0));
    if let Some(at) = view.commitment_due_at {
        line(explanation::COMMITMENT, when(at.0));
    }
    line(explanation::LAPSES, when(view.lapses_at.0));
    let _ = writeln!(text, "{}", view.sentence);
    for step in &view.steps {
        let source = step.source.as_ref().map(|source| format!(" ({source})")).unwrap_or_default();
        let counted = if step.counts > 0 { step.counts.to_string() } else { "·".to_owned() };
        let _ = writeln!(text, "  {counted:>3}  {}: {}{source}", moments::day(lang, step.date), step.why);
    }
    if view.provisional {
        let _ = writeln!(text, "{}", explanation::PROVISIONAL);
    }
    text.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_and_late_receipts_are_read_and_refused() {
        assert_eq!(limit("3:working_day"), Ok(Limit::WorkingDays(3)));
        assert_eq!(limit("same_day"), Ok(Limit::SameDay));
        for wrong in ["3", "x:month", "0:month", "working_day", "1:same_day", "2:weeks"] {
            assert!(limit(wrong).is_err(), "{wrong}");
        }
        let read = late("15:00:clock_starts_next_working_day").unwrap();
        assert_eq!(read.effect, LateEffect::ClockStartsNextWorkingDay);
        for wrong in ["15:00", "25:00:result_next_working_day", "15:00:never"] {
            assert!(late(wrong).is_err(), "{wrong}");
        }
    }
}
