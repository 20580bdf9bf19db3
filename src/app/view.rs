//! How dossiers and findings are told to the world: the JSON shapes of the REST contract, instants in the office's zone.

use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;

use super::catalogue::Catalogue;
use super::error::AppError;
use crate::domain::act::{self, ActKind};
use crate::domain::dossier::{Channel, ClosedAs, Dossier, Outcome, Status};
use crate::domain::finding::{ClearedWhy, Finding, FindingCode};
use crate::domain::office_time;
use crate::domain::standing::{Standing, standing};
use crate::store::applicants::ApplicantRow;
use crate::text::{Lang, findings};

/// An instant, written RFC 3339 with the office's offset (+07:00).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-11-20T17:00:00+07:00")]
pub struct OfficeTime(pub DateTime<Utc>);

impl Serialize for OfficeTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Display for OfficeTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&office_time::local(self.0).to_rfc3339_opts(SecondsFormat::AutoSi, false))
    }
}

impl<'de> Deserialize<'de> for OfficeTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        DateTime::deserialize(deserializer).map(OfficeTime)
    }
}

impl From<DateTime<Utc>> for OfficeTime {
    fn from(at: DateTime<Utc>) -> Self {
        OfficeTime(at)
    }
}

/// All but what RFC 3986 (2.3) leaves as it is.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A code as one segment of an address, which it cannot leave, whatever it holds.
pub fn in_path(code: &str) -> String {
    utf8_percent_encode(code, RESERVED).to_string()
}

/// The page that shows to people what a link of the API's gives to programs: it takes the same parameters.
pub fn page_of(link: &str) -> String {
    link.strip_prefix("/api/v1").unwrap_or(link).to_owned()
}

/// What a view is drawn against.
pub struct Scene<'a> {
    /// Names and calendars.
    pub catalogue: &'a Catalogue,
    /// The reader's language.
    pub lang: Lang,
    /// The present instant.
    pub now: DateTime<Utc>,
}

/// A dossier.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DossierView {
    /// Its code; null in a dry run that was given none.
    pub code: Option<String>,
    /// Unit code.
    pub unit: String,
    /// Procedure code.
    pub procedure: String,
    /// The procedure's sector.
    pub sector: String,
    /// How it came in.
    pub channel: Channel,
    /// As which case of the procedure; absent for the ordinary one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// Where it stands.
    pub status: Status,
    /// The same as the national portal's code.
    pub portal_state: u8,
    /// When it was handed in.
    pub received_at: OfficeTime,
    /// When the office counts it as received.
    pub effective_receipt: OfficeTime,
    /// The law's due instant.
    pub statutory_due_at: OfficeTime,
    /// The unit's own commitment, if one applies.
    pub commitment_due_at: Option<OfficeTime>,
    /// What the receipt promised.
    pub first_due_at: OfficeTime,
    /// What punctuality is judged by.
    pub due_at: OfficeTime,
    /// What the citizen was last told.
    pub appointed_at: OfficeTime,
    /// Late from this instant on; null while its time stands still, paused or waiting for a supplement.
    pub lapses_at: Option<OfficeTime>,
    /// Whether a date rests on days off not yet announced.
    pub provisional: bool,
    /// Since when it has been paused or waiting for a supplement.
    pub halted_at: Option<OfficeTime>,
    /// When the first apology slip for the present due date was given.
    pub apologised_at: Option<OfficeTime>,
    /// When it was closed.
    pub closed_at: Option<OfficeTime>,
    /// In which way it was closed.
    pub closed_as: Option<ClosedAs>,
    /// When the citizen took the result.
    pub returned_at: Option<OfficeTime>,
    /// How punctual the closing was; null while open.
    pub outcome: Option<Outcome>,
    /// Open, and its limit has lapsed.
    pub overdue: bool,
    /// Working days after the due day: to the closing if it was late, to today if it is overdue, else 0.
    pub late_working_days: u32,
    /// Where it stands, for pages; a program has the fields above.
    #[serde(skip)]
    pub standing: Standing,
    /// What its unit and procedure are called, for pages.
    #[serde(skip)]
    pub names: Names,
    /// Requests for supplement so far.
    pub supplements: u32,
    /// Re-appointments so far.
    pub reappointments: u32,
    /// The officer in charge.
    pub officer: Option<String>,
    /// Who handed it in; null for those who may not see it.
    pub applicant: Option<ApplicantView>,
    /// Free text; null for those who may not see it.
    pub note: Option<String>,
    /// Why the promise breaks a rule.
    pub reason: Option<String>,
    /// The rules it breaks or broke.
    pub findings: Vec<FindingView>,
    /// The acts that its state allows.
    pub allowed_acts: Vec<ActKind>,
    /// Grows with each act; the same as the ETag.
    pub version: i64,
}

/// What things that a dossier names by code are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Names {
    /// Its unit.
    pub unit: String,
    /// Its procedure.
    pub procedure: String,
}

/// The person who handed a dossier in.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ApplicantView {
    /// Full name.
    pub name: String,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Postal address.
    pub address: Option<String>,
}

/// A finding.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FindingView {
    /// The rule.
    pub code: FindingCode,
    /// One sentence for the officer.
    pub detail: String,
    /// What was promised (for those of time: the due instant that passed).
    pub promised_at: OfficeTime,
    /// The promise to give instead.
    pub compliant_due_at: Option<OfficeTime>,
    /// The decision of the commitment that is broken.
    pub commitment: Option<String>,
    /// The law, decision or calendar row behind it.
    pub source: String,
    /// When the act that brought it about is said to have happened; null where no act after the receipt did.
    pub act_at: Option<OfficeTime>,
    /// When it came to be.
    pub first_seen_at: OfficeTime,
    /// When it ceased to matter.
    pub cleared_at: Option<OfficeTime>,
    /// Why it ceased to matter.
    pub cleared_why: Option<ClearedWhy>,
}

/// A dossier as JSON; without the person when the reader may not see them.
///
/// # Errors
/// [`AppError::Internal`] when the unit's calendar cannot be built.
pub fn dossier(
    scene: &Scene<'_>,
    of: &Dossier,
    applicant: Option<&ApplicantRow>,
    found: &[Finding],
) -> Result<DossierView, AppError> {
    let standing = standing(of, scene.now, &*scene.catalogue.calendar(&of.unit)?);
    Ok(DossierView {
        code: (!of.code.is_empty()).then(|| of.code.clone()),
        unit: of.unit.clone(),
        procedure: of.procedure.clone(),
        sector: of.sector.clone(),
        channel: of.channel,
        case: of.case.clone(),
        status: of.status,
        portal_state: of.status.portal_state(),
        received_at: of.received_at.into(),
        effective_receipt: of.effective_receipt.into(),
        statutory_due_at: of.statutory_due_at.into(),
        commitment_due_at: of.commitment_due_at.map(Into::into),
        first_due_at: of.first_due_at.into(),
        due_at: of.due_at.into(),
        appointed_at: of.appointment().into(),
        lapses_at: (!of.stands_still()).then(|| of.lapses_at.into()),
        provisional: of.provisional,
        halted_at: of.halted_at.map(Into::into),
        apologised_at: of.apologised_at.map(Into::into),
        closed_at: of.closed_at.map(Into::into),
        closed_as: of.closed_as,
        returned_at: of.returned_at.map(Into::into),
        outcome: of.outcome,
        overdue: of.is_overdue(scene.now),
        late_working_days: late_working_days(standing),
        standing,
        names: names(scene.catalogue, of),
        supplements: of.supplements,
        reappointments: of.reappointments,
        officer: of.officer.clone(),
        note: applicant.and_then(|row| row.note.clone()),
        applicant: applicant.map(|row| ApplicantView {
            name: row.name.clone(),
            phone: row.phone.clone(),
            email: row.email.clone(),
            address: row.address.clone(),
        }),
        reason: of.reason.clone(),
        findings: found.iter().map(|finding| finding_view(scene, finding)).collect(),
        allowed_acts: act::allowed(of.status).to_vec(),
        version: of.version,
    })
}

/// A finding as JSON.
pub fn finding_view(scene: &Scene<'_>, of: &Finding) -> FindingView {
    let decision =
        of.commitment_id.and_then(|id| scene.catalogue.commitment(id)).map(|of| of.decision.clone());
    let source = match (&decision, of.source.is_empty()) {
        (Some(decision), true) => decision.clone(),
        (None, true) => findings::law(of.code).to_owned(),
        (_, false) => of.source.clone(),
    };
    FindingView {
        code: of.code,
        detail: findings::detail(scene.lang, of),
        promised_at: of.promised_at.into(),
        compliant_due_at: of.compliant_due_at.map(Into::into),
        commitment: decision,
        source,
        act_at: of.act_at.map(Into::into),
        first_seen_at: of.first_seen_at.into(),
        cleared_at: of.cleared_at.map(Into::into),
        cleared_why: of.cleared_why,
    }
}

fn late_working_days(of: Standing) -> u32 {
    match of {
        Standing::Overdue { days, .. } => days,
        Standing::Closed { days_late, .. } => days_late,
        Standing::Within(_)
        | Standing::Soon(_)
        | Standing::Today(_)
        | Standing::Waiting
        | Standing::Paused => 0,
    }
}

/// By their codes where the catalogue knows them no more.
fn names(catalogue: &Catalogue, of: &Dossier) -> Names {
    let unit = catalogue.units.get(&of.unit).map_or(&of.unit, |unit| &unit.name);
    let procedure =
        catalogue.procedures.get(&of.procedure).map_or(&of.procedure, |procedure| &procedure.name);
    Names { unit: unit.clone(), procedure: procedure.clone() }
}
