//! The dossiers' own tables held against the ledger, and made again from it.
//!
//! Both go page by page over the keys of dossiers that either side knows, so that a large register is never held whole.

use serde_json::Value;

use super::error::AppError;
use super::intake::digest;
use crate::domain::decision::File;
use crate::domain::history::{self, ReplayError, Replayed};
use crate::store::applicants::{self, ApplicantRow};
use crate::store::bounds::{bounds_astray, bounds_delete};
use crate::store::findings::findings_delete;
use crate::store::halts::halts_delete;
use crate::store::ledger::{self, Told};
use crate::store::{AnyConnection, dossiers as store, files};

/// Dossiers looked at in one read.
const PAGE: i64 = 500;

/// What became of one dossier when it was held against the ledger.
pub(super) enum Held {
    /// The two agree.
    Same,
    /// Its entries are of an older form and do not tell all.
    Untold,
    /// The two differ.
    Differs(Difference),
}

/// How a dossier differs from what the ledger tells of it.
pub(super) struct Difference {
    /// Its code, or its key when it has none.
    pub(super) code: String,
    /// What differs, for the administrator.
    pub(super) what: String,
    remedy: Remedy,
}

/// What puts a difference right.
enum Remedy {
    /// The dossier has to be written again.
    Insert(Box<File>),
    /// It has to be changed, from what stands to what is told.
    Change(Box<(File, File)>),
    /// It has to go: the ledger never saw it received.
    Remove(i64),
    /// The ledger does not tell enough, or only of the person, whose data it does not hold.
    Nothing,
}

/// A page: where it ends, and what each of its dossiers came to.
pub(super) struct Page {
    /// The key with which it ends; `None` after the last page.
    pub(super) through: Option<i64>,
    /// One for each dossier.
    pub(super) held: Vec<Held>,
}

/// Compares the dossiers with keys beyond `after`, one page of them.
pub(super) fn compare(c: &mut AnyConnection, after: i64) -> Result<Page, AppError> {
    let kept = store::dossiers_after(c, after, PAGE)?;
    let received = ledger::ledger_received(c, after, PAGE)?;
    // Where one side has more to come, the page ends with the last that both have been read up to.
    let full = |count: usize, last: Option<i64>| {
        last.filter(|_| count >= usize::try_from(PAGE).unwrap_or(usize::MAX)).unwrap_or(i64::MAX)
    };
    let through =
        full(kept.len(), kept.last().map(|of| of.id)).min(full(received.len(), received.last().copied()));
    let kept = kept.into_iter().filter(|of| of.id <= through).collect();
    let told = ledger::ledger_told(c, after, through)?;
    let kept = files::files_of(c, kept)?;
    let astray = bounds_astray(c, &kept)?;
    let ids: Vec<i64> = kept.iter().map(|file| file.dossier.id).collect();
    let persons = applicants::applicants_of(c, &ids)?;
    let held = paired(kept, told)
        .into_iter()
        .map(|(id, kept, told)| {
            let person = persons.iter().find(|row| row.dossier_id == id);
            held(id, kept, &told, person, astray.contains(&id))
        })
        .collect();
    Ok(Page { through: (through < i64::MAX).then_some(through), held })
}

/// What stands and what is told, by key.
fn paired(kept: Vec<File>, told: Vec<Told>) -> Vec<(i64, Option<File>, Vec<Told>)> {
    let mut all: std::collections::BTreeMap<i64, (Option<File>, Vec<Told>)> = Default::default();
    for file in kept {
        let id = file.dossier.id;
        all.entry(id).or_default().0 = Some(file);
    }
    for of in told {
        all.entry(of.0).or_default().1.push(of);
    }
    all.into_iter().map(|(id, (kept, told))| (id, kept, told)).collect()
}

fn held(
    id: i64,
    kept: Option<File>,
    told: &[Told],
    person: Option<&ApplicantRow>,
    bounds_astray: bool,
) -> Held {
    let code = kept.as_ref().map_or_else(|| format!("key {id}"), |file| file.dossier.code.clone());
    let differs =
        |code: String, what: &str, remedy| Held::Differs(Difference { code, what: what.to_owned(), remedy });
    if told.is_empty() {
        return differs(code, "the ledger never saw it received", Remedy::Remove(id));
    }
    let replayed = match history::replay(told.iter().map(|(_, act, payload)| (act.as_str(), payload))) {
        Ok(replayed) => replayed,
        Err(ReplayError::OlderForm) => return Held::Untold,
        Err(ReplayError::Broken(why)) => {
            return differs(code, &format!("its entries do not fit together: {why}"), Remedy::Nothing);
        }
    };
    let mut file = replayed.file.clone();
    file.dossier.id = id;
    let Some(kept) = kept else {
        let code = file.dossier.code.clone();
        return differs(code, "it was taken away", Remedy::Insert(Box::new(file)));
    };
    let astray = bounds_astray.then(|| "its commitments carry something else than it says".to_owned());
    if let Some(what) = difference(&file, &kept).or(astray) {
        // As if nothing bound it: so all that binds it is written anew.
        let kept = if bounds_astray { File { bounds: Vec::new(), ..kept } } else { kept };
        return differs(code, &what, Remedy::Change(Box::new((kept, file))));
    }
    personal_difference(&replayed, person).map_or(Held::Same, |what| differs(code, what, Remedy::Nothing))
}

/// Which parts of two files differ.
fn difference(told: &File, kept: &File) -> Option<String> {
    if told == kept {
        return None;
    }
    let fields = |file: &File| match serde_json::to_value(&file.dossier) {
        Ok(Value::Object(fields)) => fields,
        Ok(_) | Err(_) => serde_json::Map::new(),
    };
    let (told_fields, kept_fields) = (fields(told), fields(kept));
    let mut parts: Vec<&str> = told_fields
        .iter()
        .filter(|(name, value)| kept_fields.get(*name) != Some(*value))
        .map(|(name, _)| name.as_str())
        .collect();
    parts.extend((told.bounds != kept.bounds).then_some("commitments"));
    parts.extend((told.findings != kept.findings).then_some("findings"));
    Some(format!("not as the ledger tells: {}", parts.join(", ")))
}

fn personal_difference(told: &Replayed, person: Option<&ApplicantRow>) -> Option<&'static str> {
    match person {
        Some(_) if told.erased => Some("the person's data were erased, and stand again"),
        Some(row) if told.applicant_digest.as_deref() != Some(digest(row).as_str()) => {
            Some("the person's data are not those that were written down")
        }
        None if !told.erased => Some("the person's data are gone without having been erased"),
        Some(_) | None => None,
    }
}

/// What rebuilding did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// Dossiers put right.
    pub restored: usize,
    /// Dossiers taken away that the ledger never saw received.
    pub removed: usize,
    /// Dossiers that the ledger cannot restore: their entries are of an older form or do not fit together, or only the person's data differ.
    pub left: usize,
}

impl std::ops::AddAssign for Rebuilt {
    fn add_assign(&mut self, other: Rebuilt) {
        self.restored += other.restored;
        self.removed += other.removed;
        self.left += other.left;
    }
}

/// Makes a page's dossiers what the ledger tells of them.
pub(super) fn restore(c: &mut AnyConnection, page: &Page) -> Result<Rebuilt, AppError> {
    let mut done = Rebuilt::default();
    let (mut missing, mut wrong, mut strange) = (Vec::new(), Vec::new(), Vec::new());
    for held in &page.held {
        match held {
            Held::Same => {}
            Held::Untold => done.left += 1,
            Held::Differs(of) => match &of.remedy {
                Remedy::Insert(told) => missing.push(told.as_ref()),
                Remedy::Change(pair) => wrong.push((&pair.0, &pair.1)),
                Remedy::Remove(id) => strange.push(*id),
                Remedy::Nothing => done.left += 1,
            },
        }
    }
    bounds_delete(c, &strange)?;
    halts_delete(c, &strange)?;
    findings_delete(c, &strange)?;
    applicants::applicants_erase(c, &strange)?;
    store::dossiers_delete(c, &strange)?;
    // Two rows may hold each other's code.
    store::dossiers_unname(c, &wrong.iter().map(|(kept, _)| kept.dossier.id).collect::<Vec<_>>())?;
    files::files_update(c, &wrong)?;
    files::files_insert(c, &missing)?;
    done.restored = missing.len() + wrong.len();
    done.removed = strange.len();
    Ok(done)
}
