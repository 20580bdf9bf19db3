//! Switching on a commitment that many units make in the same words. What the words mean is [`crate::domain::template`]'s.

use super::Catalogue;
use super::commitments::{added, commitment_faults, may_commit, stamped};
use crate::app::access::Principal;
use crate::app::{App, AppError, Fault, Invalid};
use crate::domain::commitment::Commitment;
use crate::domain::template::{Misfit, SwitchOn, Template, same_terms};

/// What switching a template on came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Switched {
    /// The commitment, with its key unless it was only tried.
    pub commitment: Commitment,
    /// Whether it is new; otherwise the unit had committed itself to the same before, and nothing was changed.
    pub created: bool,
}

/// Switches a template on for a unit within the administrator's own (any unit for the system itself). Asked for a second time with the same terms
/// it changes nothing and answers the commitment that stands. A dry run changes nothing either way.
///
/// # Errors
/// [`AppError::Forbidden`] for others and outside; [`AppError::Invalid`] for a parameter that is missing or that the template does not take, and
/// those of [`super::commitments::commitment_create`]; the store's.
pub async fn switch_on(
    app: &App,
    template: Template,
    with: SwitchOn,
    by: Option<Principal>,
    dry_run: bool,
) -> Result<Switched, AppError> {
    let stamp = stamped(app, by.as_ref())?;
    let unit = with.unit.clone();
    let made =
        template.commitment(with).map_err(|misfits| misfits.into_iter().map(named).collect::<Vec<_>>());
    let judge = move |catalogue: &Catalogue| -> Result<Switched, AppError> {
        may_commit(catalogue, &unit, by.as_ref())?;
        let (new, faults) = match made {
            Ok(new) => {
                let faults = commitment_faults(&new, catalogue);
                (Some(new), faults)
            }
            Err(faults) => (None, faults),
        };
        let new = new.filter(|_| faults.is_empty()).ok_or(AppError::Invalid(faults))?;
        let standing = catalogue.commitments.iter().find(|of| same_terms(of, &new));
        let created = standing.is_none();
        Ok(Switched { commitment: standing.cloned().unwrap_or(new), created })
    };
    if dry_run {
        return app.read(move |_, catalogue| judge(catalogue)).await;
    }
    app.write_job("template", move |c, catalogue| {
        let Switched { commitment, created } = judge(catalogue)?;
        let commitment = if created { added(c, commitment, stamp)? } else { commitment };
        Ok(Switched { commitment, created })
    })
    .await
}

fn named(of: Misfit) -> Invalid {
    match of {
        Misfit::Missing(name) => Invalid::new(name, Fault::Required),
        Misfit::Foreign(name) => Invalid::new(name, Fault::Conflicting),
    }
}
