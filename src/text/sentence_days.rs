//! Days off that follow each other, named together: "các ngày nghỉ Tết Nguyên đán 16–20/02".

use chrono::{Datelike, NaiveDate, Weekday};

use super::{Lang, listed, moments};
use crate::domain::calendar::DayKind;
use crate::domain::deadline_steps::{Step, Why};

/// As many stretches are all named; of more, the first is and the others are counted, so that the sentence stays one.
const NAMED: usize = 3;

struct Stretch<'a> {
    first: NaiveDate,
    last: NaiveDate,
    days: Vec<(DayKind, &'a str)>,
}

/// The stretches of days off among the steps, in order; days of `year` are written without it.
pub(super) fn stretches(lang: Lang, steps: &[Step], year: i32) -> Vec<String> {
    let mut all: Vec<Stretch<'_>> = Vec::new();
    let worked = |day: NaiveDate| {
        let makeup = |step: &Step| step.date == day && matches!(step.why, Why::Makeup { .. });
        !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) || steps.iter().any(makeup)
    };
    for step in steps {
        let Why::DayOff { kind, name } = &step.why else { continue };
        let closed = *kind == DayKind::Closure;
        let follows = |stretch: &Stretch<'_>| {
            let mut between = stretch.last.iter_days().skip(1).take_while(|day| *day < step.date);
            stretch.is_closure() == closed && !between.any(worked)
        };
        match all.last_mut().filter(|stretch| follows(stretch)) {
            Some(stretch) => {
                stretch.last = step.date;
                stretch.days.push((*kind, name));
            }
            None => all.push(Stretch { first: step.date, last: step.date, days: vec![(*kind, name)] }),
        }
    }
    let others = if all.len() > NAMED { all.len() - 1 } else { 0 };
    let mut told: Vec<String> =
        all.iter().take(all.len() - others).map(|stretch| stretch.told(lang, year)).collect();
    if others > 0 {
        told.push(match lang {
            Lang::Vi => format!("{others} đợt nghỉ khác"),
            Lang::En => format!("{others} more"),
        });
    }
    told
}

impl Stretch<'_> {
    fn told(&self, lang: Lang, year: i32) -> String {
        let range = self.range(lang, year);
        let several = self.first != self.last;
        let days = if several { "các ngày" } else { "ngày" };
        let labels = self.labels();
        let holidays = listed(lang, &labels);
        match (lang, labels.is_empty(), self.is_closure()) {
            (Lang::Vi, true, false) => format!("{days} nghỉ hoán đổi {range}"),
            (Lang::Vi, true, true) => format!("{days} cơ quan tạm ngừng làm việc {range}"),
            (Lang::En, true, false) => format!("swapped days off ({range})"),
            (Lang::En, true, true) => format!("days when the office is closed ({range})"),
            (Lang::Vi, false, _) => match holidays.replace("Ngày ", "ngày ") {
                spoken if spoken.starts_with("ngày ") && !several => format!("{spoken} {range}"),
                spoken if spoken.contains("ngày ") => format!("{days} nghỉ lễ {range} ({spoken})"),
                spoken => format!("{days} nghỉ {spoken} {range}"),
            },
            (Lang::En, false, _) => format!("{holidays} ({range})"),
        }
    }

    fn is_closure(&self) -> bool {
        self.days.iter().any(|(kind, _)| *kind == DayKind::Closure)
    }

    /// The holidays of the stretch, each once; what was swapped or closed beside them needs no name.
    fn labels(&self) -> Vec<String> {
        let mut labels: Vec<String> = Vec::new();
        for (kind, name) in &self.days {
            if !matches!(kind, DayKind::Holiday | DayKind::Compensatory) {
                continue;
            }
            let label = holiday(name);
            // "Tết Nguyên đán Bính Ngọ", "Tết Nguyên đán"; "Ngày Quốc tế lao động", "Quốc tế lao động".
            let bare = |name: &str| name.strip_prefix("Ngày ").unwrap_or(name).to_owned();
            let same =
                |of: &&mut String| bare(of).starts_with(&bare(label)) || bare(label).starts_with(&bare(of));
            match labels.iter_mut().find(same) {
                Some(of) if bare(label).len() < bare(of).len() => label.clone_into(of),
                Some(_) => {}
                None => labels.push(label.to_owned()),
            }
        }
        labels
    }

    fn range(&self, lang: Lang, year: i32) -> String {
        let whole = if self.first == self.last {
            super::date(lang, self.first)
        } else {
            moments::days(lang, self.first, self.last)
        };
        if self.first.year() != year || self.last.year() != year {
            return whole;
        }
        let ending = if lang == Lang::Vi { format!("/{year}") } else { format!(" {year}") };
        whole.trim_end_matches(&ending).to_owned()
    }
}

/// "Tết Nguyên đán" of "Nghỉ bù Tết Nguyên đán (cho 21/01)".
fn holiday(name: &str) -> &str {
    let name = name.split(" (").next().unwrap_or(name);
    name.strip_prefix("Nghỉ bù ").unwrap_or(name).trim()
}
