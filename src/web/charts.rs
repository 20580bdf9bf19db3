//! Charts, drawn on the server as SVG within the page: nothing to load, nothing to run.
//!
//! Widths are percentages and heights pixels, so that a chart fills its column and its letters stay as large as the page's. Colours are the style sheet's,
//! by class: the policy of pages forbids styles within them. A chart says its numbers in short to who cannot see it; the page puts all of them into a
//! table beside it.

use std::fmt;

use askama::filters::HtmlSafe;
use svg::Document;
use svg::node::element::{Circle, Description, Line, Rectangle, Text, Title};

use crate::domain::statistics::Rate;
use crate::text::Lang;
use crate::text::pages::charts as text;
use crate::text::shares::{hundredths, share};

/// Where the plot begins and ends, in hundredths of the chart's width.
const LEFT: f64 = 11.0;
const RIGHT: f64 = 95.0;
/// The heights of 100 %, of the axis, of the labels below it, and of the whole.
const TOP: f64 = 18.0;
const AXIS: f64 = 138.0;
const LABELS: f64 = 158.0;
const HEIGHT: f64 = 168.0;
/// So many labels stand below the axis at most; on a phone, half of them.
const MOST_LABELS: usize = 8;

/// A drawing that a template may take as it is: every word in it has been escaped.
#[derive(Debug, Clone)]
pub(super) struct Drawing(String);

impl From<Document> for Drawing {
    /// The builder puts each word on a line of its own, which would make blanks of line ends.
    fn from(of: Document) -> Self {
        Drawing(of.to_string().replace('\n', ""))
    }
}

impl fmt::Display for Drawing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Drawing {}

/// What a bar is about; its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// What was kept.
    Good,
    /// What is late.
    Late,
}

impl Tone {
    const fn class(self) -> &'static str {
        match self {
            Tone::Good => "good",
            Tone::Late => "late",
        }
    }
}

/// A small horizontal bar, filled by a share; of nothing there is no bar. It stands beside its number and is silent.
pub(super) fn bar(of: Rate, tone: Tone) -> Option<Drawing> {
    let filled = hundredths(of)?;
    let part = |class: &str, width: u32| {
        Rectangle::new().set("class", class).set("width", format!("{width}%")).set("height", "100%")
    };
    let drawing = Document::new().set("class", "meter").set("aria-hidden", "true").set("focusable", "false");
    Some(drawing.add(part("ground", 100)).add(part(tone.class(), filled)).into())
}

/// A step of a rate over time.
#[derive(Debug, Clone)]
pub(super) struct Step {
    /// What stands below the axis; short.
    pub(super) label: String,
    /// The rate; of nothing there is none, and the line has a gap.
    pub(super) rate: Rate,
    /// Whether the step is over; the rate of one that is not may still change.
    pub(super) over: bool,
}

/// A rate over time, as a line with a point for each step.
#[derive(Debug, Clone)]
pub(super) struct RateChart<'a> {
    /// Its id on the page.
    pub(super) id: &'a str,
    /// What it shows.
    pub(super) title: &'a str,
    /// The steps in order of time.
    pub(super) steps: &'a [Step],
    /// The reader's language.
    pub(super) lang: Lang,
}

/// A point of the line: how far to the right, how far down.
type Place = (f64, f64);

impl RateChart<'_> {
    /// The drawing; `None` where no step has a rate: the table says so, and an empty plot would say less.
    pub(super) fn drawn(&self) -> Option<Drawing> {
        let floor = self.floor()?;
        let (title, said) = (format!("{}-title", self.id), format!("{}-said", self.id));
        let mut drawing = Document::new()
            .set("class", "chart")
            .set("role", "img")
            .set("aria-labelledby", format!("{title} {said}"))
            .set("height", HEIGHT)
            .add(Title::new(self.title).set("id", title))
            .add(Description::new().set("id", said).add(svg::node::Text::new(self.summary())));
        for level in [100, u32::midpoint(100, floor), floor] {
            drawing = drawing.add(grid(level, floor)).add(self.level(level, floor));
        }
        drawing = self.segments(floor).into_iter().fold(drawing, Document::add);
        for (index, step) in self.steps.iter().enumerate() {
            let across = self.across(index);
            drawing = match step.rate.value() {
                Some(value) => drawing.add(self.point(step, (across, down(value, floor)))),
                None => drawing.add(word("none", (percent(across), AXIS - 6.0), "middle", "—")),
            };
        }
        drawing = self.labels().into_iter().fold(drawing, Document::add);
        Some(drawing.add(self.newest(floor)?).into())
    }

    /// The hundredths at which the plot begins: as high as leaves all rates above it, so that what matters is seen. `None` without a rate.
    fn floor(&self) -> Option<u32> {
        let lowest = self.steps.iter().filter_map(|step| step.rate.value()).reduce(f64::min)?;
        Some(match lowest {
            high if high >= 0.85 => 80,
            middling if middling >= 0.55 => 50,
            _ => 0,
        })
    }

    fn across(&self, index: usize) -> f64 {
        let whole = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
        match self.steps.len() {
            0 | 1 => f64::midpoint(LEFT, RIGHT),
            all => LEFT + (RIGHT - LEFT) * whole(index) / whole(all - 1),
        }
    }

    /// Lines between neighbours that both have a rate.
    fn segments(&self, floor: u32) -> Vec<Line> {
        let neighbours = self.steps.iter().zip(self.steps.iter().skip(1)).enumerate();
        let drawn = neighbours.filter_map(|(index, (one, two))| {
            let (from, to) = (one.rate.value()?, two.rate.value()?);
            let class = if two.over { "line" } else { "line open" };
            let line = line(class, (self.across(index), down(from, floor)));
            Some(line.set("x2", percent(self.across(index + 1))).set("y2", rounded(down(to, floor))))
        });
        drawn.collect()
    }

    fn point(&self, step: &Step, (across, down): Place) -> Circle {
        let said = text::point(self.lang, &step.label, step.rate, step.over);
        Circle::new()
            .set("class", if step.over { "point" } else { "point open" })
            .set("cx", percent(across))
            .set("cy", rounded(down))
            .set("r", 4.5)
            .add(Title::new(said))
    }

    /// The newest rate stands at its point.
    fn newest(&self, floor: u32) -> Option<Text> {
        let (index, step) =
            self.steps.iter().enumerate().rev().find(|(_, step)| step.rate.value().is_some())?;
        let height = down(step.rate.value()?, floor);
        let above = if height < TOP + 12.0 { height + 18.0 } else { height - 10.0 };
        let said = crate::text::shares::percent(self.lang, step.rate)?;
        let across = self.across(index);
        let anchor = if across > 85.0 { "end" } else { "middle" };
        let at = if across > 85.0 { across + 2.0 } else { across };
        Some(word("newest", (percent(at), above), anchor, &said))
    }

    fn level(&self, level: u32, floor: u32) -> Text {
        let height = down(f64::from(level) / 100.0, floor) - 4.0;
        word("level", ("0".to_owned(), height), "start", &text::level(self.lang, level))
    }

    /// The newest step and every n-th before it have their label.
    fn labels(&self) -> Vec<Text> {
        let every = self.steps.len().div_ceil(MOST_LABELS).max(1);
        let from_newest = self.steps.iter().enumerate().rev().step_by(every).enumerate();
        let drawn = from_newest.map(|(nth, (index, step))| {
            let class = if nth % 2 == 1 && self.steps.len() > 4 { "label spare" } else { "label" };
            word(class, (percent(self.across(index)), LABELS), "middle", &step.label)
        });
        drawn.collect()
    }

    /// What the chart shows, in a sentence.
    fn summary(&self) -> String {
        let with_rate = || self.steps.iter().filter(|step| step.rate.value().is_some());
        let value = |step: &&Step| step.rate.value().unwrap_or_default();
        let told = |step: Option<&Step>| {
            step.map_or_else(String::new, |of| format!("{} ({})", share(self.lang, of.rate), of.label))
        };
        let lowest = with_rate().min_by(|one, two| value(one).total_cmp(&value(two)));
        let highest = with_rate().max_by(|one, two| value(one).total_cmp(&value(two)));
        text::summary(self.lang, &told(with_rate().next_back()), &told(lowest), &told(highest))
    }
}

fn grid(level: u32, floor: u32) -> Line {
    let height = down(f64::from(level) / 100.0, floor);
    line("grid", (0.0, height)).set("x2", "100%").set("y2", rounded(height))
}

fn line(class: &str, (across, down): Place) -> Line {
    Line::new().set("class", class).set("x1", percent(across)).set("y1", rounded(down))
}

fn word(class: &str, (across, down): (String, f64), anchor: &str, words: &str) -> Text {
    Text::new(words).set("class", class).set("x", across).set("y", rounded(down)).set("text-anchor", anchor)
}

/// How far down a share stands where the axis is at `floor` hundredths.
fn down(value: f64, floor: u32) -> f64 {
    let floor = f64::from(floor) / 100.0;
    AXIS - (AXIS - TOP) * (value - floor) / (1.0 - floor)
}

fn percent(of: f64) -> String {
    format!("{}%", rounded(of))
}

fn rounded(of: f64) -> f64 {
    (of * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(label: &str, numerator: u32, denominator: u32) -> Step {
        Step { label: label.to_owned(), rate: Rate { numerator, denominator }, over: true }
    }

    fn drawn(steps: &[Step]) -> String {
        let chart = RateChart { id: "t", title: "Tỷ lệ", steps, lang: Lang::Vi };
        chart.drawn().map(|of| of.to_string()).unwrap_or_default()
    }

    #[test]
    fn a_step_without_a_rate_is_a_gap() {
        let chart = drawn(&[step("1", 9, 10), step("2", 10, 10), step("3", 0, 0), step("4", 8, 10)]);
        assert_eq!(chart.matches("<circle").count(), 3, "{chart}");
        assert_eq!(chart.matches("class=\"line").count(), 1, "{chart}");
        assert_eq!(chart.matches(">—<").count(), 1, "{chart}");
        assert_eq!(drawn(&[step("1", 0, 0)]), "");
        assert_eq!(drawn(&[]), "");
    }

    #[test]
    fn a_rate_stands_where_it_belongs() {
        assert_eq!((down(1.0, 0), down(0.0, 0), down(0.5, 0)), (TOP, AXIS, f64::midpoint(TOP, AXIS)));
        assert!((down(0.8, 80) - AXIS).abs() < 1e-9 && (down(0.9, 80) - down(0.5, 0)).abs() < 1e-9);
        let nothing_kept = drawn(&[step("1", 0, 7)]);
        assert!(nothing_kept.contains("cy=\"138\"") && nothing_kept.contains(">0\u{a0}%<"), "{nothing_kept}");
    }

    #[test]
    fn a_rate_that_still_grows_is_marked() {
        let chart = drawn(&[step("1", 9, 10), Step { over: false, ..step("2", 1, 2) }]);
        assert_eq!((chart.matches("point open").count(), chart.matches("line open").count()), (1, 1));
    }

    #[test]
    fn many_steps_have_few_labels_and_the_newest_has_one() {
        let steps: Vec<Step> = (1..=30).map(|n| step(&format!("t{n}"), 1, 1)).collect();
        let chart = drawn(&steps);
        assert!(chart.matches("class=\"label").count() <= MOST_LABELS, "{chart}");
        assert!(chart.contains(">t30</text>"), "{chart}");
    }

    #[test]
    fn a_chart_keeps_to_the_policy_and_escapes() {
        let chart = drawn(&[step("<script>\"'&", 1, 2)]);
        assert!(!chart.contains("<script") && chart.contains("&lt;script&gt;"), "{chart}");
        assert!(!chart.contains("style=") && !chart.contains(" on"), "{chart}");
        assert!(chart.contains("role=\"img\"") && chart.contains("aria-labelledby=\"t-title t-said\""));
    }

    #[test]
    fn a_bar_is_filled_by_its_share() {
        let said = |n, of| bar(Rate { numerator: n, denominator: of }, Tone::Late).map(|of| of.to_string());
        assert!(said(1, 4).is_some_and(|bar| bar.contains("class=\"late\"") && bar.contains("25%")));
        assert_eq!(said(0, 0), None);
    }
}
