//! Secret addresses of calendars to subscribe to: made and taken back by those who handle dossiers, within their own units; told once, kept as a
//! digest. What stands under them is [`crate::app::feed_calendars`]'s.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::record::{self, AccessAct, Stamp};
use super::sessions::BYTES;
use super::users::check_line;
use super::{App, AppError, Catalogue, Fault, Principal, Right, principal_of, random_token};
use crate::domain::ledger::sha256_hex;
use crate::store::AnyConnection;
use crate::store::feeds::{self as store, FeedRow};

/// The longest label, in characters.
const LONGEST_LABEL: usize = 200;

/// An address to be made.
#[derive(Debug, Clone)]
pub struct NewFeed {
    /// Whose calendar and due dates it shows, with all below it.
    pub unit: String,
    /// What it is for.
    pub label: Option<String>,
}

/// An address that holds, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedView {
    /// Its key.
    pub id: i64,
    /// Whose calendar and due dates it shows, with all below it.
    pub unit: String,
    /// What it is for.
    pub label: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// The user who made it.
    pub created_by: i64,
}

impl From<FeedRow> for FeedView {
    fn from(row: FeedRow) -> Self {
        FeedView {
            id: row.id,
            unit: row.unit,
            label: row.label,
            created_at: row.created_at.utc(),
            created_by: row.created_by,
        }
    }
}

/// Makes an address; answers its secret, this once, with what is shown of it.
///
/// # Errors
/// [`AppError::Forbidden`] for those who handle no dossiers, and outside the asker's units; [`AppError::Invalid`] naming `label`.
pub async fn feed_create(app: &App, new: NewFeed, by: Principal) -> Result<(String, FeedView), AppError> {
    by.must(Right::Handle)?;
    if let Some(label) = &new.label {
        check_line("label", label, LONGEST_LABEL)?;
    }
    let (secret, now) = (random_token("", BYTES)?, app.clock().now());
    let digest = sha256_hex(secret.as_bytes());
    let row = app
        .write_job("feed", move |c, catalogue| {
            if catalogue.units.get(&new.unit).is_none() {
                return Err(AppError::invalid("unit", Fault::UnknownReference));
            }
            if !by.sees(&new.unit, &catalogue.units) {
                return Err(AppError::Forbidden);
            }
            let mut row = FeedRow {
                id: 0,
                unit: new.unit,
                digest,
                label: new.label,
                created_at: now.into(),
                created_by: by.user_id,
                revoked_at: None,
            };
            row.id = store::feed_insert(c, row.clone())?;
            let payload = json!({"feed": row.id, "unit": row.unit, "label": row.label});
            record::write(c, Stamp::of(Some(&by), now), AccessAct::FeedCreated, payload)?;
            Ok(row)
        })
        .await?;
    Ok((secret, row.into()))
}

/// The addresses of the asker's units that hold, the oldest first.
///
/// # Errors
/// [`AppError::Forbidden`] for those who handle no dossiers.
pub async fn feeds_list(app: &App, by: Principal) -> Result<Vec<FeedView>, AppError> {
    by.must(Right::Handle)?;
    app.read(move |c, catalogue| {
        let rows = store::feeds_of(c, &catalogue.units.subtree(&by.unit))?;
        Ok(rows.into_iter().map(Into::into).collect())
    })
    .await
}

/// Takes an address back: it ends at once.
///
/// # Errors
/// [`AppError::Forbidden`] for those who handle no dossiers; [`AppError::NotFound`] outside the asker's units, and for one that there is not, or
/// no longer.
pub async fn feed_revoke(app: &App, id: i64, by: Principal) -> Result<(), AppError> {
    by.must(Right::Handle)?;
    let now = app.clock().now();
    app.write_job("feed", move |c, catalogue| {
        let row = store::feed_by_id(c, id)?
            .filter(|row| row.revoked_at.is_none() && by.sees(&row.unit, &catalogue.units))
            .ok_or(AppError::NotFound("feed"))?;
        store::feed_revoke(c, id, now.into())?;
        let payload = json!({"feed": id, "unit": row.unit});
        record::write(c, Stamp::of(Some(&by), now), AccessAct::FeedRevoked, payload)
    })
    .await
}

/// The unit that the address with this secret shows. It shows what its maker may see today: it rests while that user is inactive, handles no
/// dossiers, or belongs elsewhere.
///
/// # Errors
/// [`AppError::NotFound`], alike for a secret that never was, one taken back, and one that rests.
pub(in crate::app) fn unit_shown(
    c: &mut AnyConnection,
    catalogue: &Catalogue,
    secret: &str,
) -> Result<String, AppError> {
    let found = store::feed_find(c, &sha256_hex(secret.as_bytes()))?;
    let Some((feed, maker)) = found.filter(|(feed, maker)| feed.revoked_at.is_none() && maker.active) else {
        return Err(AppError::NotFound("feed"));
    };
    let maker = principal_of(maker)?;
    let may = maker.may(Right::Handle) && maker.sees(&feed.unit, &catalogue.units);
    if may { Ok(feed.unit) } else { Err(AppError::NotFound("feed")) }
}
