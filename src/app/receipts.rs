//! What the receipts say that citizens take home (*giấy tiếp nhận hồ sơ và hẹn trả kết quả*), as it was promised on the day.

use std::collections::HashMap;

use super::access::{Principal, Right};
use super::dossier_deadline::explained;
use super::dossiers::draw;
use super::view::{DossierView, Scene};
use super::{App, AppError};
use crate::domain::deadline::Limit;
use crate::store::dossiers::dossiers_by_code;
use crate::store::files::files_of;
use crate::text::Lang;

/// A dossier with what its receipt says besides.
#[derive(Debug, Clone)]
pub struct ReceiptView {
    /// The dossier.
    pub dossier: DossierView,
    /// The name of the unit that took it.
    pub unit_name: String,
    /// The name of the unit above that.
    pub above_name: Option<String>,
    /// The procedure's name.
    pub procedure_name: String,
    /// The limit set by law at receipt.
    pub limit: Limit,
    /// How the promise came about, in one sentence; `None` once something has been done to the dossier, for it would tell of that.
    pub sentence: Option<String>,
}

/// What the receipts of these dossiers say, in the order asked for.
///
/// # Errors
/// [`AppError::Forbidden`] for those who may not see applicants; [`AppError::NotFound`] when one of the dossiers is none that the reader may see.
pub async fn receipts(
    app: &App,
    codes: Vec<String>,
    by: &Principal,
    lang: Lang,
) -> Result<Vec<ReceiptView>, AppError> {
    by.must(Right::SeeApplicant)?;
    let (now, by) = (app.clock().now(), by.clone());
    app.read_at_once(move |c, catalogue| {
        let found = dossiers_by_code(c, &codes)?;
        let mut by_code: HashMap<String, ReceiptView> = HashMap::with_capacity(found.len());
        let views = draw(c, &Scene { catalogue, lang, now }, found.clone(), &by)?;
        for (file, view) in files_of(c, found)?.into_iter().zip(views) {
            let dossier = &file.dossier;
            if !by.sees(&dossier.unit, &catalogue.units) {
                continue;
            }
            let untouched = dossier.version == 1;
            let sentence =
                untouched.then(|| explained(catalogue, &file, lang)).transpose()?.map(|of| of.sentence);
            let above = catalogue.units.get(&dossier.unit).and_then(|unit| unit.parent.as_deref());
            let receipt = ReceiptView {
                unit_name: catalogue.unit_name(&dossier.unit).to_owned(),
                above_name: above.map(|code| catalogue.unit_name(code).to_owned()),
                procedure_name: catalogue.procedure_name(&dossier.procedure).to_owned(),
                limit: dossier.limit,
                sentence,
                dossier: view,
            };
            by_code.insert(dossier.code.clone(), receipt);
        }
        codes.iter().map(|code| by_code.get(code).cloned().ok_or(AppError::NotFound("dossier"))).collect()
    })
    .await
}
