//! The addresses that mails lead to: pages of this service, whose readers sign in first.

use crate::app::reports;
use crate::app::view::{in_path, page_of};
use crate::domain::period::Period;
use crate::domain::statistics::Window;

/// What a mail leads to.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place<'a> {
    /// A dossier, by its code.
    Dossier(&'a str),
    /// The dossiers of a unit and all below it, narrowed by these filters of the list.
    Dossiers(&'a str, &'a [(&'a str, &'a str)]),
    /// The report of a unit on some days.
    Report(&'a str, &'a Period),
    /// The dossiers which that report counts.
    Counted(&'a str, &'a Period),
    /// What is done without signing in, by a signed token.
    Signed(&'a str),
}

/// The address of a place of the service that is reached at `home`, which has no slash at its end.
pub(super) fn address(home: &str, place: Place<'_>) -> Option<String> {
    Some(match place {
        Place::Dossier(code) => format!("{home}/dossiers/{}", in_path(code)),
        Place::Dossiers(unit, filters) => {
            let of = [("unit", unit), ("subtree", "true")];
            format!("{home}/dossiers?{}", query(of.iter().chain(filters))?)
        }
        Place::Report(unit, days) => {
            let (from, to) = (days.from().to_string(), days.to().to_string());
            let of = [("unit", unit), ("from", &from), ("to", &to), ("group_by", "unit")];
            format!("{home}/reports?{}", query(of.iter())?)
        }
        Place::Counted(unit, days) => {
            let listed = reports::processing::link(unit, &Window::new(days, days.end()));
            format!("{home}{}", page_of(&listed))
        }
        Place::Signed(token) => format!("{home}/l/{token}"),
    })
}

fn query<'a>(parameters: impl Iterator<Item = &'a (&'a str, &'a str)>) -> Option<String> {
    serde_urlencoded::to_string(parameters.collect::<Vec<_>>()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_of_another_system_cannot_leave_its_segment() {
        let to = |code| address("https://h", Place::Dossier(code)).unwrap();
        assert_eq!(to("H19.15-261120-0007"), "https://h/dossiers/H19.15-261120-0007");
        assert_eq!(to("HS/1?ô"), "https://h/dossiers/HS%2F1%3F%C3%B4");
    }
}
