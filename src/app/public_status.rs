//! Where a dossier stands, for anybody who has its code: what stands on the receipt, and what became of it. No person, no officer, no reason.

use crate::domain::dossier::Dossier;
use crate::domain::office_time::whole_seconds;
use crate::domain::public_state::{PublicState, public_state};
use crate::store::dossiers::dossiers_by_code;

use super::openness::Asker;
use super::view::OfficeTime;
use super::{App, AppError, Catalogue};

/// No code is longer.
const LONGEST_CODE: usize = 64;

/// What came of a look-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Looked {
    /// The dossier.
    Found(Box<PublicStatus>),
    /// There is none of this code.
    Unknown,
    /// The asker has to wait so many seconds first.
    TooOften(u64),
}

/// A dossier as anybody may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicStatus {
    /// Its code.
    pub code: String,
    /// Its unit's name.
    pub unit: String,
    /// Its procedure's name.
    pub procedure: String,
    /// When it was handed in.
    pub received_at: OfficeTime,
    /// What the receipt promised.
    pub promised_at: OfficeTime,
    /// The due date, where law has moved it since; `None` where it has not, or while its time stands still.
    pub moved_to: Option<OfficeTime>,
    /// The new appointment of an apology slip.
    pub reappointed_to: Option<OfficeTime>,
    /// When the citizen may count on it: the last of these; `None` while its time stands still, and once it is closed.
    pub appointment: Option<OfficeTime>,
    /// When it was closed.
    pub closed_at: Option<OfficeTime>,
    /// Where it stands.
    pub state: PublicState,
}

/// Looks a dossier up by its code as it stands on the receipt, or in small letters.
///
/// Whether there is one or not, the database is asked one question, so that the time it takes tells nothing.
///
/// # Errors
/// The store's.
pub async fn look_up(app: &App, code: &str, asker: Asker) -> Result<Looked, AppError> {
    let now = app.clock().now();
    if let Err(wait) = app.openness().look_up(asker, now) {
        // Rounded up: whoever comes back then is let in.
        return Ok(Looked::TooOften(u64::try_from(wait.num_seconds()).unwrap_or(0).saturating_add(1)));
    }
    let codes = written(code);
    app.read(move |c, catalogue| {
        let found = dossiers_by_code(c, &codes)?;
        // As it was typed goes before what is nearly so.
        let exact = |of: &&Dossier| codes.first() == Some(&of.code);
        let of = found.iter().find(exact).or(found.first());
        Ok(of.map_or(Looked::Unknown, |of| {
            Looked::Found(Box::new(shown(catalogue, of, public_state(of, now))))
        }))
    })
    .await
}

/// The ways in which the code may be kept. What can be no code becomes one that nothing has.
fn written(code: &str) -> [String; 2] {
    let code = code.trim();
    let can_be = code.chars().count() <= LONGEST_CODE && !code.chars().any(char::is_control);
    let code = if can_be { code } else { "" };
    [code.to_owned(), code.to_uppercase()]
}

fn shown(catalogue: &Catalogue, of: &Dossier, state: PublicState) -> PublicStatus {
    let running = !of.stands_still();
    let moved = running && of.due_at != of.first_due_at;
    let open = running && of.closed_at.is_none();
    PublicStatus {
        code: of.code.clone(),
        unit: catalogue.unit_name(&of.unit).to_owned(),
        procedure: catalogue.procedure_name(&of.procedure).to_owned(),
        received_at: whole_seconds(of.received_at).into(),
        promised_at: of.first_due_at.into(),
        moved_to: moved.then(|| of.due_at.into()),
        reappointed_to: (of.appointed_at > of.due_at).then(|| of.appointed_at.into()),
        appointment: open.then(|| of.appointment().into()),
        closed_at: of.closed_at.map(Into::into),
        state,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_no_code_is_asked_for_all_the_same() {
        assert_eq!(written(" h19.15-1 "), ["h19.15-1", "H19.15-1"]);
        assert_eq!(written("a\0b"), ["", ""]);
        assert_eq!(written(&"x".repeat(65)), ["", ""]);
    }
}
