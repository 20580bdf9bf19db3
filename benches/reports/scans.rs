//! The rival: the form's columns counted by one plain statement, as well as each engine can.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use hentra::domain::statistics::{GroupBy, Window};
use hentra::store::AnyConnection;
use hentra::store::reports::{About, standings_count};

use crate::country::{Country, sqlite, window};
use crate::spread::Spread;
use crate::timed;

/// Columns (3) to (13) of form II.06a, and whose they are.
#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    unit: String,
    #[diesel(sql_type = BigInt)]
    received: i64,
    #[diesel(sql_type = BigInt)]
    online: i64,
    #[diesel(sql_type = BigInt)]
    direct: i64,
    #[diesel(sql_type = BigInt)]
    carried_over: i64,
    #[diesel(sql_type = BigInt)]
    resolved: i64,
    #[diesel(sql_type = BigInt)]
    early: i64,
    #[diesel(sql_type = BigInt)]
    on_time: i64,
    #[diesel(sql_type = BigInt)]
    late: i64,
    #[diesel(sql_type = BigInt)]
    in_progress: i64,
    #[diesel(sql_type = BigInt)]
    within_limit: i64,
    #[diesel(sql_type = BigInt)]
    overdue: i64,
}

/// How an instant is written for an engine: microseconds for SQLite and DuckDB.
pub(crate) type Written = fn(chrono::DateTime<chrono::Utc>) -> String;

pub(crate) fn micros(at: chrono::DateTime<chrono::Utc>) -> String {
    at.timestamp_micros().to_string()
}

fn timestamptz(at: chrono::DateTime<chrono::Utc>) -> String {
    format!("TIMESTAMPTZ '{}'", at.to_rfc3339())
}

/// The form's columns by unit, of the dossiers that `from` names.
fn form(window: &Window, written: Written, from: &str) -> String {
    let (start, cut, as_of) = (written(window.start()), written(window.cut()), written(window.as_of()));
    format!(
        "SELECT unit, COUNT(*) AS received,
           COUNT(*) FILTER (WHERE received_at >= {start} AND channel = 'online') AS online,
           COUNT(*) FILTER (WHERE received_at >= {start} AND channel <> 'online') AS direct,
           COUNT(*) FILTER (WHERE received_at < {start}) AS carried_over,
           COUNT(*) FILTER (WHERE closed_at < {cut}) AS resolved,
           COUNT(*) FILTER (WHERE closed_at < {cut} AND outcome = 'early') AS early,
           COUNT(*) FILTER (WHERE closed_at < {cut} AND outcome = 'on_time') AS on_time,
           COUNT(*) FILTER (WHERE closed_at < {cut} AND outcome = 'late') AS late,
           COUNT(*) FILTER (WHERE closed_at IS NULL OR closed_at >= {cut}) AS in_progress,
           COUNT(*) FILTER (WHERE (closed_at IS NULL OR closed_at >= {cut}) AND lapses_at > {as_of}) AS within_limit,
           COUNT(*) FILTER (WHERE (closed_at IS NULL OR closed_at >= {cut}) AND lapses_at <= {as_of}) AS overdue
         FROM {from} GROUP BY unit ORDER BY unit"
    )
}

/// Every dossier is looked at, whatever the engine makes of it.
pub(crate) fn plain(window: &Window, written: Written) -> String {
    let (start, cut) = (written(window.start()), written(window.cut()));
    let those = format!("dossiers WHERE received_at < {cut} AND (closed_at IS NULL OR closed_at >= {start})");
    form(window, written, &those)
}

/// The same with the table read through from its first page to its last, where SQLite would rather walk an index in the order of units.
fn read_through(window: &Window, written: Written) -> String {
    plain(window, written).replacen("dossiers WHERE", "dossiers NOT INDEXED WHERE", 1)
}

/// Two parts that the indexes by unit can find: what came in within the period, and what was open when it began.
fn by_indexes(window: &Window, written: Written) -> String {
    let (start, cut) = (written(window.start()), written(window.cut()));
    let columns = "d.unit, d.channel, d.outcome, d.received_at, d.closed_at, d.lapses_at";
    form(
        window,
        written,
        &format!(
            "(SELECT {columns} FROM units u JOIN dossiers d ON d.unit = u.code AND d.received_at >= {start} AND d.received_at < {cut}
              UNION ALL
              SELECT {columns} FROM units u JOIN dossiers d ON d.unit = u.code AND d.closed_at >= {start} AND d.closed_at IS NOT NULL
               WHERE d.received_at < {start}
              UNION ALL
              SELECT {columns} FROM units u JOIN dossiers d ON d.unit = u.code AND d.closed_at IS NULL WHERE d.received_at < {start}) d"
        ),
    )
}

/// The fastest of the plain statements, with Hentra's own count without its counters among them.
pub(crate) fn fastest(country: &Country) -> Spread {
    let window = window();
    let on_sqlite = country.url().starts_with("sqlite://");
    let written: Written = if on_sqlite { micros } else { timestamptz };
    let mut ways =
        vec![("plain scan", plain(&window, written)), ("plain, by indexes", by_indexes(&window, written))];
    if on_sqlite {
        ways.push(("plain scan, no index", read_through(&window, written)));
    }
    let (mut all, mut sums) = (Vec::new(), Vec::new());
    for (name, sql) in ways {
        let mut last = Vec::new();
        let spread = if on_sqlite {
            let mut c = sqlite(country.url());
            timed(name, || last = diesel::sql_query(&sql).load::<Row>(&mut c).unwrap())
        } else {
            let mut c = PgConnection::establish(country.url()).unwrap();
            timed(name, || last = diesel::sql_query(&sql).load::<Row>(&mut c).unwrap())
        };
        sums.push(sum(&last));
        all.push(spread);
    }
    assert!(sums.iter().all(|of| *of == sums[0]), "the plain statements do not count alike: {sums:?}");
    let mut c: AnyConnection = country.store().reader().unwrap();
    let units = country.units();
    all.push(timed("plain, as built for every row kind", || {
        let counted =
            standings_count(&mut c, About { units: Some(&units), sector: None }, GroupBy::Unit, &window)
                .unwrap();
        assert_eq!(counted.iter().map(|of| i64::from(of.count)).sum::<i64>(), sums[0][0]);
    }));
    all.into_iter().min_by(|one, other| one.median.total_cmp(&other.median)).unwrap()
}

fn sum(rows: &[Row]) -> [i64; 3] {
    for of in rows {
        let whole = of.received == of.online + of.direct + of.carried_over
            && of.resolved == of.early + of.on_time + of.late
            && of.in_progress == of.within_limit + of.overdue;
        assert!(whole && of.received == of.resolved + of.in_progress, "{} does not add up", of.unit);
    }
    [
        rows.iter().map(|of| of.received).sum(),
        rows.iter().map(|of| of.resolved).sum(),
        rows.iter().map(|of| of.overdue).sum(),
    ]
}
