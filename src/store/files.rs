//! Dossiers with all that is decided about: their commitments and written findings, read and written together.

use std::collections::HashMap;

use super::bounds::{bounds_delete, bounds_differ, bounds_insert, bounds_of};
use super::dossiers::{dossiers_insert, dossiers_update};
use super::findings::{Cleared, findings_clear, findings_delete, findings_insert, findings_written};
use super::halts::{halts_delete, halts_insert};
use super::{AnyConnection, StoreError};
use crate::domain::decision::File;
use crate::domain::dossier::Dossier;
use crate::domain::finding::Finding;

/// The files of these dossiers, in their order, in two reads however many they are.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn files_of(c: &mut AnyConnection, dossiers: Vec<Dossier>) -> Result<Vec<File>, StoreError> {
    let ids: Vec<i64> = dossiers.iter().map(|dossier| dossier.id).collect();
    let mut bounds = grouped(bounds_of(c, &ids)?);
    let mut findings = grouped(findings_written(c, &ids)?);
    let file = |dossier: Dossier| File {
        bounds: bounds.remove(&dossier.id).unwrap_or_default(),
        findings: findings.remove(&dossier.id).unwrap_or_default(),
        dossier,
    };
    Ok(dossiers.into_iter().map(file).collect())
}

/// Writes new files, many rows a statement.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn files_insert(c: &mut AnyConnection, new: &[&File]) -> Result<(), StoreError> {
    dossiers_insert(c, &dossiers_in(new))?;
    bounds_insert(c, new)?;
    halts_insert(c, &hanging(new, |file| &file.dossier.halts))?;
    findings_insert(c, &hanging(new, |file| &file.findings))
}

/// Writes what became of files, as (before, after): the dossiers always, what hangs on them where it changed.
///
/// # Errors
/// [`StoreError`] of the engine.
pub fn files_update(c: &mut AnyConnection, changed: &[(&File, &File)]) -> Result<(), StoreError> {
    let after: Vec<&File> = changed.iter().map(|(_, after)| *after).collect();
    dossiers_update(c, &dossiers_in(&after))?;
    let moved = changed.iter().filter(|(before, after)| bounds_differ(before, after));
    let bound: Vec<&File> = moved.map(|(_, after)| *after).collect();
    bounds_delete(c, &ids(&bound))?;
    bounds_insert(c, &bound)?;
    let halted = changed.iter().filter(|(before, after)| before.dossier.halts != after.dossier.halts);
    let halted: Vec<&File> = halted.map(|(_, after)| *after).collect();
    halts_delete(c, &ids(&halted))?;
    halts_insert(c, &hanging(&halted, |file| &file.dossier.halts))?;
    // Most acts that touch findings close the dossier, which clears them in their places; what else became of them is written anew.
    let (mut at_once, mut found) = (Vec::new(), Vec::new());
    for (before, after) in changed.iter().filter(|(before, after)| before.findings != after.findings) {
        match cleared(before, after) {
            Some(all) => at_once.push(all),
            None => found.push(*after),
        }
    }
    findings_clear(c, &at_once)?;
    findings_delete(c, &ids(&found))?;
    findings_insert(c, &hanging(&found, |file| &file.findings))
}

/// How the file's findings were cleared, if all that has become of them is that every open one was, by one act.
fn cleared(before: &File, after: &File) -> Option<Cleared> {
    let act = |finding: &Finding| Some((finding.cleared_at?, finding.cleared_why?));
    let newly = |(was, is): (&Finding, &Finding)| act(was).is_none().then(|| act(is)).flatten();
    let (at, why) = before.findings.iter().zip(&after.findings).find_map(newly)?;
    let mut expected = before.findings.clone();
    expected.iter_mut().for_each(|finding| finding.clear(at, why));
    (expected == after.findings).then(|| Cleared::new(after.dossier.id, at, why))
}

fn ids(files: &[&File]) -> Vec<i64> {
    files.iter().map(|file| file.dossier.id).collect()
}

fn dossiers_in(files: &[&File]) -> Vec<Dossier> {
    files.iter().map(|file| file.dossier.clone()).collect()
}

fn hanging<T: Clone>(files: &[&File], of: fn(&File) -> &Vec<T>) -> Vec<(i64, T)> {
    files.iter().flat_map(|file| of(file).iter().map(|one| (file.dossier.id, one.clone()))).collect()
}

fn grouped<T>(rows: Vec<(i64, T)>) -> HashMap<i64, Vec<T>> {
    let mut groups: HashMap<i64, Vec<T>> = HashMap::new();
    for (id, row) in rows {
        groups.entry(id).or_default().push(row);
    }
    groups
}
