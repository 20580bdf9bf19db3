//! Which dossiers a number of a report counts, as a condition of the database. What the numbers mean is said in [`crate::domain::cell`]; tests hold
//! the two together.

use chrono::NaiveDate;

use super::Moment;
use crate::domain::cell::Cell;
use crate::domain::statistics::{GroupBy, Window};

/// One number of a report: a cell, the window, and the row where it is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedBy {
    /// The cell.
    pub cell: Cell,
    /// The report's window.
    pub window: Window,
    /// The row; `None` for the sums.
    pub row: Option<(GroupBy, String)>,
    /// The day by whose tree of units the report goes, where that is not today's; which units these are, the filter says.
    pub units_as_of: Option<NaiveDate>,
}

/// The instants that a window's conditions compare with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Instants {
    pub(super) start: Moment,
    pub(super) cut: Moment,
    pub(super) open_from: Moment,
    pub(super) as_of: Moment,
}

impl From<&Window> for Instants {
    fn from(of: &Window) -> Instants {
        Instants {
            start: of.start().into(),
            cut: of.cut().into(),
            open_from: of.open_from().into(),
            as_of: of.as_of().into(),
        }
    }
}

/// Adds to a boxed query over `dossiers` that it finds those of the window, of the row and of the cell.
macro_rules! counted {
    ($query:expr, $counted:expr) => {{
        let counted: &CountedBy = $counted;
        let at = Instants::from(&counted.window);
        let query = $query
            .filter(dossiers::received_at.lt(at.cut))
            .filter(dossiers::closed_at.is_null().or(dossiers::closed_at.ge(at.open_from)));
        let query = match &counted.row {
            None => query,
            Some((GroupBy::Unit, key)) => query.filter(dossiers::unit.eq(key)),
            Some((GroupBy::Sector, key)) => query.filter(dossiers::sector.eq(key)),
            Some((GroupBy::Procedure, key)) => query.filter(dossiers::procedure.eq(key)),
            Some((GroupBy::Channel, key)) => query.filter(dossiers::channel.eq(key)),
            Some((GroupBy::Officer, key)) if key.is_empty() => {
                query.filter(dossiers::officer.is_null().or(dossiers::officer.eq(key)))
            }
            Some((GroupBy::Officer, key)) => query.filter(dossiers::officer.eq(key)),
        };
        of_cell!(query, counted.cell, at)
    }};
}

/// Adds that the dossier stands, within the window, as the cell asks.
macro_rules! of_cell {
    ($query:expr, $cell:expr, $at:expr) => {{
        let (query, at) = ($query, $at);
        let online = Channel::Online.word();
        let closed = || dossiers::closed_at.lt(at.cut);
        let open = || dossiers::closed_at.is_null().or(dossiers::closed_at.ge(at.cut));
        let came_new = || dossiers::received_at.ge(at.start);
        let lapsed = || dossiers::lapses_at.le(at.as_of);
        let runs = || dossiers::lapses_at.gt(at.as_of);
        let how = |outcome: Outcome| dossiers::outcome.eq(outcome.word());
        let way = |closed_as: ClosedAs| dossiers::closed_as.eq(closed_as.word());
        let late = || closed().and(how(Outcome::Late)).or(open().and(lapsed()));
        match $cell {
            Cell::Received => query,
            Cell::Online => query.filter(came_new().and(dossiers::channel.eq(online))),
            Cell::Direct => query.filter(came_new().and(dossiers::channel.ne(online))),
            Cell::CarriedOver => query.filter(dossiers::received_at.lt(at.start)),
            Cell::Resolved => query.filter(closed()),
            Cell::Early => query.filter(closed().and(how(Outcome::Early))),
            Cell::OnTime => query.filter(closed().and(how(Outcome::OnTime))),
            Cell::Late => query.filter(closed().and(how(Outcome::Late))),
            Cell::InProgress => query.filter(open()),
            Cell::WithinLimit => query.filter(open()).filter(runs()),
            Cell::Overdue => query.filter(open()).filter(lapsed()),
            Cell::Suspended => {
                let stood_still = dossier_halts::table
                    .filter(dossier_halts::dossier_id.eq(dossiers::id))
                    .filter(dossier_halts::from_at.lt(at.cut))
                    .filter(dossier_halts::to_at.is_null().or(dossier_halts::to_at.ge(at.cut)));
                query.filter(open()).filter(runs()).filter(diesel::dsl::exists(stood_still))
            }
            Cell::LateWithApology => query.filter(late()).filter(dossiers::reappointments.gt(0)),
            Cell::LateWithoutApology => query.filter(late()).filter(dossiers::reappointments.le(0)),
            Cell::ClosedResolved => query.filter(closed().and(way(ClosedAs::Resolved))),
            Cell::ClosedRefused => query.filter(closed().and(way(ClosedAs::Refused))),
            Cell::ClosedWithdrawn => query.filter(closed().and(way(ClosedAs::Withdrawn))),
            Cell::ClosedStopped => query.filter(closed().and(way(ClosedAs::Stopped))),
        }
    }};
}
