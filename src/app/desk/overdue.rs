//! What is overdue, and with whom: by unit where there are units below, by officer, by procedure, the worst first.

use std::collections::BTreeMap;

use super::about;
use crate::app::reports::heading::{list, row_name};
use crate::app::reports::links::cell_link;
use crate::app::reports::{PeriodView, Scope};
use crate::app::{AppError, Catalogue};
use crate::domain::cell::Cell;
use crate::domain::office_time::local_date;
use crate::domain::statistics::GroupBy;
use crate::store::AnyConnection;
use crate::store::overdue::{Overdue, overdue_list};
use crate::text::Lang;

/// Rows of a table that are shown.
const SHOWN: usize = 6;

/// What is overdue.
#[derive(Debug, Clone)]
pub struct OverdueView {
    /// How many dossiers.
    pub count: i64,
    /// The address of their list.
    pub link: String,
    /// By whom it waits for.
    pub tables: Vec<OverdueTable>,
}

/// The overdue by one of the things they can be told apart by.
#[derive(Debug, Clone)]
pub struct OverdueTable {
    /// By what.
    pub group_by: GroupBy,
    /// The first rows, the worst first.
    pub rows: Vec<OverdueRow>,
    /// How many rows there are besides.
    pub others: usize,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverdueRow {
    /// The unit's or procedure's code, or the officer's name; empty for what nobody is in charge of.
    pub key: String,
    /// The name to show.
    pub name: String,
    /// How many dossiers.
    pub count: i64,
    /// Working days that the longest overdue of them is late.
    pub days_late: u32,
    /// The address of their list.
    pub link: String,
}

pub(super) fn read(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    scope: &Scope,
    lang: Lang,
) -> Result<OverdueView, AppError> {
    let found = overdue_list(c, scope.narrowed(), scope.now.into())?;
    let today = local_date(scope.now);
    let mut late = Vec::with_capacity(found.len());
    for of in found {
        let calendar = catalogue.calendar(&of.unit)?;
        late.push((calendar.working_days_between(local_date(of.due_at), today), of));
    }
    let groups: &[GroupBy] = match scope.units.len() {
        0 | 1 => &[GroupBy::Officer, GroupBy::Procedure],
        _ => &[GroupBy::Unit, GroupBy::Officer, GroupBy::Procedure],
    };
    let drawing = Drawing { catalogue, scope, lang };
    Ok(OverdueView {
        count: i64::try_from(late.len()).unwrap_or(i64::MAX),
        link: list("dossiers", &[&about(scope)[..], &[("overdue", "true")]].concat()),
        tables: groups.iter().map(|group_by| drawing.table(*group_by, &late)).collect(),
    })
}

struct Drawing<'a> {
    catalogue: &'a Catalogue,
    scope: &'a Scope,
    lang: Lang,
}

impl Drawing<'_> {
    fn table(&self, group_by: GroupBy, late: &[(u32, Overdue)]) -> OverdueTable {
        let mut sums: BTreeMap<&str, (i64, u32)> = BTreeMap::new();
        for (days_late, of) in late {
            let sum = sums.entry(key(group_by, of)).or_default();
            *sum = (sum.0 + 1, sum.1.max(*days_late));
        }
        let mut sums: Vec<_> = sums.into_iter().collect();
        sums.sort_by_key(|(_, worst)| std::cmp::Reverse(*worst));
        let rows = sums.iter().take(SHOWN).map(|(key, (count, days_late))| OverdueRow {
            key: (*key).to_owned(),
            name: row_name(self.catalogue, group_by, key, self.lang).to_owned(),
            count: *count,
            days_late: *days_late,
            link: self.link(group_by, key),
        });
        OverdueTable { group_by, rows: rows.collect(), others: sums.len().saturating_sub(SHOWN) }
    }

    fn link(&self, group_by: GroupBy, key: &str) -> String {
        let overdue = ("overdue", "true");
        match group_by {
            GroupBy::Unit => list("dossiers", &[("unit", key), ("subtree", "false"), overdue]),
            // No filter asks for an officer who is not there; the cell of a report does.
            GroupBy::Officer if key.is_empty() => {
                let today = local_date(self.scope.now);
                let day = PeriodView { label: today.to_string(), from: today, to: today };
                let row = Some((group_by, key));
                cell_link(Cell::Overdue, &self.scope.unit, &day, (Some(self.scope.now.into()), row))
            }
            _ => list("dossiers", &[&about(self.scope)[..], &[overdue, (group_by.word(), key)]].concat()),
        }
    }
}

fn key(group_by: GroupBy, of: &Overdue) -> &str {
    match group_by {
        GroupBy::Unit => &of.unit,
        GroupBy::Procedure => &of.procedure,
        _ => &of.officer,
    }
}
