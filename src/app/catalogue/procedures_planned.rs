//! What a table of procedures would change, told before it is read in.

use super::procedures::{NewProcedures, merged, topmost};
use crate::app::access::{Principal, Right};
use crate::app::{App, AppError};
use crate::domain::procedure::{Procedure, ProcedureLimit};

/// What a table would do to one procedure.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// Its code.
    pub code: String,
    /// Its name as it would be.
    pub name: String,
    /// Whether there is none of this code yet.
    pub new: bool,
    /// Whether its name or sector would be another.
    pub renamed: bool,
    /// The limits that would come, or be another.
    pub limits: Vec<ProcedureLimit>,
}

impl Planned {
    fn of(before: Option<&Procedure>, after: Procedure) -> Planned {
        let kept = |limit: &ProcedureLimit| before.is_some_and(|before| before.limits.contains(limit));
        Planned {
            new: before.is_none(),
            renamed: before.is_some_and(|of| of.name != after.name || of.sector != after.sector),
            limits: after.limits.iter().filter(|limit| !kept(limit)).cloned().collect(),
            code: after.code,
            name: after.name,
        }
    }

    /// Whether anything would change.
    #[must_use]
    pub fn changes(&self) -> bool {
        self.new || self.renamed || !self.limits.is_empty()
    }
}

/// What these procedures would change, each row for itself, in their order.
///
/// # Errors
/// [`AppError::Forbidden`] for who may not change procedures; the store's.
pub async fn procedures_planned(
    app: &App,
    new: NewProcedures,
    by: Principal,
) -> Result<Vec<Planned>, AppError> {
    by.must(Right::Administer)?;
    app.read(move |_, catalogue| {
        topmost(catalogue, Some(&by))?;
        let plan = |(_, procedure): (String, Procedure)| {
            let before = catalogue.procedures.get(&procedure.code);
            Planned::of(before, merged(before, procedure, new.whole))
        };
        Ok(new.rows.into_iter().map(plan).collect())
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::deadline::Limit;

    #[test]
    fn only_what_would_be_another_is_named() {
        let limit = |days, from: Option<&str>| ProcedureLimit {
            channel: None,
            case: None,
            limit: Limit::WorkingDays(days),
            late_receipt: None,
            valid_from: from.map(|day| day.parse().unwrap()),
            source: "QĐ".into(),
        };
        let of = |name: &str, limits| Procedure {
            code: "1.1".into(),
            name: name.into(),
            sector: "S".into(),
            limits,
        };
        let before = of("A", vec![limit(3, None)]);
        assert!(!Planned::of(Some(&before), before.clone()).changes());
        let later = Planned::of(Some(&before), of("A", vec![limit(3, None), limit(2, Some("2027-01-01"))]));
        assert_eq!(
            (later.new, later.renamed, later.limits),
            (false, false, vec![limit(2, Some("2027-01-01"))])
        );
        assert!(Planned::of(Some(&before), of("B", vec![limit(3, None)])).renamed);
        let new = Planned::of(None, before);
        assert!(new.new && new.limits.len() == 1);
    }
}
