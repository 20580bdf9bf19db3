//! Points of local schemes: what a province or commune gives for a rate of the report. None is shipped, for none is law; an office writes its own in its
//! settings.

use serde::{Deserialize, Serialize};

use super::statistics::{Rate, Tally};

/// The most points that a whole rate can be worth.
const MOST_TIMES: u32 = 1_000;
/// A name longer than this fits no heading.
const LONGEST_NAME: usize = 100;

words! {
    /// The rates that points can be given for.
    RateName {
        /// Early and on time, of all closed.
        OnTimeOfResolved = "on_time_of_resolved",
        /// Early and on time, of all that came due.
        OnTimeOfDue = "on_time_of_due",
        /// Closed late or overdue and open, of all that came due.
        LateOfDue = "late_of_due",
    }
}

impl RateName {
    fn of(self, tally: &Tally) -> Rate {
        match self {
            RateName::OnTimeOfResolved => tally.on_time_of_resolved(),
            RateName::OnTimeOfDue => tally.on_time_of_due(),
            RateName::LateOfDue => tally.late_of_due(),
        }
    }
}

/// From a rate on there are so many points.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Threshold {
    /// The least rate, 0 to 1, itself taken in.
    pub at_least: f64,
    /// The points.
    pub points: f64,
}

/// A scheme as the settings write it: with `steps`, or with `times`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchemeForm {
    /// Its name, with the decision it rests on.
    pub name: String,
    /// The rate it is about.
    pub rate: RateName,
    /// Points by thresholds, the highest first; under the lowest there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steps: Option<Vec<Threshold>>,
    /// Points as the rate times this number, to two decimals, halves upwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
}

/// Why a scheme is none.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SchemeError {
    /// Its name says nothing, or too much.
    #[error("name: it must say something, in at most {LONGEST_NAME} letters")]
    Name,
    /// It says twice how points are given, or not at all.
    #[error("write either steps or times")]
    EitherOr,
    /// Steps that are none.
    #[error("steps: there must be at least one")]
    NoSteps,
    /// A threshold that no rate is.
    #[error("steps: at_least is a rate, from 0 to 1; {0} is none")]
    Threshold(f64),
    /// Thresholds out of order.
    #[error("steps: begin with the highest at_least; {0} does not lie below the one before it")]
    Order(f64),
    /// Points that are no number.
    #[error("steps: points must be a number")]
    Points,
    /// A factor out of range.
    #[error("times: it must lie between 1 and {MOST_TIMES}")]
    Times,
}

/// A scheme that makes sense.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "SchemeForm", into = "SchemeForm")]
pub struct Scheme {
    name: String,
    rate: RateName,
    award: Award,
}

#[derive(Debug, Clone, PartialEq)]
enum Award {
    Steps(Vec<Threshold>),
    Times(u32),
}

impl TryFrom<SchemeForm> for Scheme {
    type Error = SchemeError;

    fn try_from(form: SchemeForm) -> Result<Scheme, SchemeError> {
        if form.name.trim().is_empty() || form.name.chars().count() > LONGEST_NAME {
            return Err(SchemeError::Name);
        }
        let award = match (form.steps, form.times) {
            (Some(steps), None) => Award::Steps(checked(steps)?),
            (None, Some(times)) if (1..=MOST_TIMES).contains(&times) => Award::Times(times),
            (None, Some(_)) => return Err(SchemeError::Times),
            (Some(_), Some(_)) | (None, None) => return Err(SchemeError::EitherOr),
        };
        Ok(Scheme { name: form.name, rate: form.rate, award })
    }
}

fn checked(steps: Vec<Threshold>) -> Result<Vec<Threshold>, SchemeError> {
    if steps.is_empty() {
        return Err(SchemeError::NoSteps);
    }
    let mut before = f64::INFINITY;
    for step in &steps {
        if !(0.0..=1.0).contains(&step.at_least) {
            return Err(SchemeError::Threshold(step.at_least));
        }
        if step.at_least >= before {
            return Err(SchemeError::Order(step.at_least));
        }
        if !step.points.is_finite() {
            return Err(SchemeError::Points);
        }
        before = step.at_least;
    }
    Ok(steps)
}

impl From<Scheme> for SchemeForm {
    fn from(of: Scheme) -> Self {
        let (steps, times) = match of.award {
            Award::Steps(steps) => (Some(steps), None),
            Award::Times(times) => (None, Some(times)),
        };
        SchemeForm { name: of.name, rate: of.rate, steps, times }
    }
}

impl Scheme {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The points of a row; none where its rate is of nothing.
    pub fn points(&self, of: &Tally) -> Option<f64> {
        let rate = self.rate.of(of);
        // The nearest double of a fraction is that of its decimals: 49 of 50 is 0.98 and nothing below.
        let value = rate.value()?;
        match &self.award {
            Award::Steps(steps) => {
                let reached = steps.iter().find(|step| value >= step.at_least);
                Some(reached.map_or(0.0, |step| step.points))
            }
            Award::Times(times) => multiplied(rate, *times),
        }
    }
}

/// A rate times a number, in whole hundredths, so that no half is lost to binary fractions.
fn multiplied(of: Rate, times: u32) -> Option<f64> {
    let (numerator, denominator) = (u64::from(of.numerator), u64::from(of.denominator));
    let hundredths = (numerator * u64::from(times) * 200 + denominator).checked_div(denominator * 2)?;
    u32::try_from(hundredths).ok().map(|hundredths| f64::from(hundredths) / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::dossier::{ClosedAs, Outcome};
    use crate::domain::statistics::{Progress, Source};

    fn form() -> SchemeForm {
        SchemeForm {
            name: "Điểm tiến độ".into(), rate: RateName::OnTimeOfDue, steps: None, times: None
        }
    }

    fn step(at_least: f64, points: f64) -> Threshold {
        Threshold { at_least, points }
    }

    fn steps(of: &[(f64, f64)]) -> SchemeForm {
        SchemeForm {
            steps: Some(of.iter().map(|(at_least, points)| step(*at_least, *points)).collect()),
            ..form()
        }
    }

    fn worked(on_time: u32, late: u32) -> Tally {
        Tally { received: on_time + late, resolved: on_time + late, on_time, late, ..Tally::default() }
    }

    #[test]
    fn points_by_thresholds_take_the_threshold_in() {
        let scheme = Scheme::try_from(steps(&[(0.98, 10.0), (0.95, 8.5), (0.9, 5.0)])).unwrap();
        for (on_time, late, points) in
            [(49, 1, 10.0), (979, 21, 8.5), (95, 5, 8.5), (9, 1, 5.0), (899, 101, 0.0), (0, 3, 0.0)]
        {
            assert_eq!(
                scheme.points(&worked(on_time, late)),
                Some(points),
                "{on_time} of {}",
                on_time + late
            );
        }
        assert_eq!(scheme.points(&worked(0, 0)), None);
    }

    #[test]
    fn points_by_multiplying_are_rounded_to_hundredths_with_halves_upwards() {
        let scheme = Scheme::try_from(SchemeForm { times: Some(20), ..form() }).unwrap();
        // Vĩnh Phúc 9/2021: 4 157 of 4 169.
        assert_eq!(scheme.points(&worked(4157, 12)), Some(19.94));
        // 20 × 1/16 = 1.25; 20 × 1/800 = 0.025, a half.
        assert_eq!((scheme.points(&worked(1, 15)), scheme.points(&worked(1, 799))), (Some(1.25), Some(0.03)));
        let late =
            Scheme::try_from(SchemeForm { rate: RateName::LateOfDue, times: Some(100), ..form() }).unwrap();
        assert_eq!(late.points(&worked(3, 1)), Some(25.0));
        let resolved =
            Scheme::try_from(SchemeForm { rate: RateName::OnTimeOfResolved, times: Some(1), ..form() })
                .unwrap();
        let mut open = worked(1, 0);
        open.add(crate::domain::statistics::Standing { progress: Progress::Overdue, ..standing() }, 1);
        assert_eq!((resolved.points(&open), scheme.points(&open)), (Some(1.0), Some(10.0)));
    }

    fn standing() -> crate::domain::statistics::Standing {
        let mut dossier = crate::domain::sample::open();
        dossier.closed_at = Some(crate::domain::sample::at("2026-11-20T10:00:00"));
        (dossier.closed_as, dossier.outcome) = (Some(ClosedAs::Resolved), Some(Outcome::OnTime));
        let period = crate::domain::period::Period::parse("2026-12").unwrap();
        let window = crate::domain::statistics::Window::new(&period, period.end());
        let found = crate::domain::statistics::standing(&dossier, &window).unwrap();
        assert_eq!(found.source, Source::Direct);
        found
    }

    #[test]
    fn a_scheme_that_makes_no_sense_says_why() {
        let why = |form: SchemeForm| Scheme::try_from(form).unwrap_err();
        assert_eq!(why(form()), SchemeError::EitherOr);
        assert_eq!(why(SchemeForm { times: Some(1), ..steps(&[(0.5, 1.0)]) }), SchemeError::EitherOr);
        assert_eq!(why(SchemeForm { name: " ".into(), times: Some(1), ..form() }), SchemeError::Name);
        assert_eq!(why(steps(&[])), SchemeError::NoSteps);
        assert_eq!(why(steps(&[(98.0, 1.0)])), SchemeError::Threshold(98.0));
        assert_eq!(why(steps(&[(0.9, 1.0), (0.95, 2.0)])), SchemeError::Order(0.95));
        assert_eq!(why(steps(&[(0.9, 1.0), (0.9, 2.0)])), SchemeError::Order(0.9));
        assert_eq!(why(steps(&[(0.9, f64::NAN)])), SchemeError::Points);
        assert_eq!(why(SchemeForm { times: Some(0), ..form() }), SchemeError::Times);
    }
}
