//! The forms of acts: which fields each has, filled with what stands or with what was typed, and what they ask for when they come back.

use super::super::fault::Faults;
use super::super::form::{Form, TOKEN};
use super::super::moment;
use crate::app::view::DossierView;
use crate::app::writer::{ActRequest, Correction, PersonChanges};
use crate::app::{AppError, Fault};
use crate::domain::act::ActKind;
use crate::domain::correction::Changes;
use crate::domain::dossier::Channel;
use crate::domain::ledger::sha256_hex;
use crate::text::Lang;
use crate::text::pages::dossier::{self as words, DossierWords, dossier_words};

/// Before the name of a field: what it was filled with, so that only what was changed is put right.
const WAS: &str = "was.";

/// How a field is typed into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Line,
    Lines,
    Moment,
    Channel,
}

impl Kind {
    pub(super) fn is_lines(self) -> bool {
        self == Kind::Lines
    }

    pub(super) fn is_choice(self) -> bool {
        self == Kind::Channel
    }

    pub(super) fn input(self) -> &'static str {
        if self == Kind::Moment { "datetime-local" } else { "text" }
    }
}

/// A field of an act's form.
#[derive(Debug, Clone)]
pub(super) struct Field {
    pub(super) id: String,
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) hint: &'static str,
    pub(super) kind: Kind,
    pub(super) value: String,
    /// What it was filled with, for what may be put right.
    pub(super) was: Option<String>,
    pub(super) required: bool,
    pub(super) fault: Option<String>,
    pub(super) choices: Vec<(&'static str, &'static str)>,
}

/// An act's form.
#[derive(Debug, Clone)]
pub(super) struct ActForm {
    pub(super) act: &'static str,
    pub(super) words: &'static str,
    pub(super) effect: &'static str,
    pub(super) fields: Vec<Field>,
    /// It was sent, and something was wrong.
    pub(super) open: bool,
    /// What is wrong with the whole.
    pub(super) said: Vec<String>,
    /// The act that the state waits for.
    pub(super) main: bool,
    /// It leads to a slip of its own.
    pub(super) apologises: bool,
}

/// A form that came back, and what is wrong with it.
#[derive(Debug)]
pub(super) struct Refused<'a> {
    pub(super) form: &'a Form,
    pub(super) faults: Faults,
}

/// What an act's fields are called.
const REASON: (&str, Kind) = ("reason", Kind::Lines);
const GROUND: (&str, Kind) = ("ground", Kind::Line);
const APPOINTED: (&str, Kind) = ("appointed_at", Kind::Moment);
const AT: (&str, Kind) = ("at", Kind::Moment);

fn names(of: ActKind) -> &'static [(&'static str, Kind)] {
    match of {
        ActKind::RequestSupplement | ActKind::Refuse | ActKind::Withdraw | ActKind::Stop => &[REASON, AT],
        ActKind::Supplement | ActKind::Resume | ActKind::Resolve | ActKind::Return => &[AT],
        ActKind::Pause => &[REASON, GROUND, AT],
        ActKind::Apologise => &[REASON, APPOINTED, AT],
        ActKind::Correct => &[
            ("changes.procedure", Kind::Line),
            ("changes.channel", Kind::Channel),
            ("changes.received_at", Kind::Moment),
            ("changes.due_at", Kind::Moment),
            ("changes.closed_at", Kind::Moment),
            ("changes.returned_at", Kind::Moment),
            ("changes.officer", Kind::Line),
            ("changes.applicant.name", Kind::Line),
            ("changes.applicant.phone", Kind::Line),
            ("changes.applicant.email", Kind::Line),
            ("changes.applicant.address", Kind::Lines),
            ("changes.note", Kind::Lines),
            REASON,
        ],
    }
}

impl ActForm {
    /// The form of an act on a dossier; `refused` is the one that came back, if it is of this act.
    pub(super) fn of(lang: Lang, act: ActKind, view: &DossierView, refused: Option<&Refused<'_>>) -> ActForm {
        let refused = refused.filter(|of| of.form.text("act") == act.word());
        let shown: Vec<&str> = names(act).iter().map(|(name, _)| *name).collect();
        let fields = names(act).iter().filter_map(|of| field(lang, (act, *of), view, refused));
        ActForm {
            act: act.word(),
            words: words::act(lang, act),
            effect: words::act_effect(lang, act),
            fields: fields.collect(),
            open: refused.is_some(),
            said: refused.map(|of| of.faults.beside(&shown)).unwrap_or_default(),
            main: matches!(act, ActKind::Resolve | ActKind::Return | ActKind::Supplement | ActKind::Resume),
            apologises: act == ActKind::Apologise,
        }
    }
}

fn field(
    lang: Lang,
    (act, (name, kind)): (ActKind, (&'static str, Kind)),
    view: &DossierView,
    refused: Option<&Refused<'_>>,
) -> Option<Field> {
    let w = dossier_words(lang);
    let was = match stands(name, view) {
        Stands::Nothing => None,
        Stands::NotHere => return None,
        Stands::So(text) => Some(text),
    };
    let typed = refused.map(|of| of.form.text(name).to_owned());
    let (label, hint) = label(w, act, name);
    let choices = Channel::ALL.iter().map(|of| (of.word(), words::channel(lang, *of)));
    Some(Field {
        id: format!("{}-{name}", act.word()),
        name,
        label,
        hint,
        kind,
        value: typed.or_else(|| was.clone()).unwrap_or_default(),
        was,
        required: required(act, name),
        fault: refused.and_then(|of| of.faults.at(name)).map(ToOwned::to_owned),
        choices: if kind == Kind::Channel { choices.collect() } else { Vec::new() },
    })
}

fn required(act: ActKind, name: &str) -> bool {
    match name {
        "reason" => act != ActKind::Withdraw,
        "ground" | "appointed_at" => true,
        _ => false,
    }
}

fn label(w: &'static DossierWords, act: ActKind, name: &str) -> (&'static str, &'static str) {
    match name {
        "reason" if act == ActKind::RequestSupplement => (w.missing, ""),
        "reason" => (w.reason, ""),
        "ground" => (w.ground, w.ground_hint),
        "appointed_at" => (w.new_appointment, w.new_appointment_hint),
        "at" => (w.at, w.at_hint),
        "changes.procedure" => (w.procedure, ""),
        "changes.channel" => (w.channel, ""),
        "changes.received_at" => (w.received, ""),
        "changes.due_at" => (w.due, w.due_hint),
        "changes.closed_at" => (w.closed, ""),
        "changes.returned_at" => (w.returned, ""),
        "changes.officer" => (w.officer, ""),
        "changes.applicant.name" => (w.applicant, ""),
        "changes.applicant.phone" => (w.phone, ""),
        "changes.applicant.email" => (w.email, ""),
        "changes.applicant.address" => (w.address, ""),
        _ => (w.note, ""),
    }
}

/// What a field of a correction is filled with.
enum Stands {
    /// It is no matter of a correction.
    Nothing,
    /// It cannot be put right on this dossier.
    NotHere,
    /// This.
    So(String),
}

fn stands(name: &str, view: &DossierView) -> Stands {
    let person = |of: fn(&crate::app::view::ApplicantView) -> Option<&str>| match &view.applicant {
        Some(applicant) => Stands::So(of(applicant).unwrap_or_default().to_owned()),
        None => Stands::NotHere,
    };
    let open = view.closed_at.is_none();
    let while_open = |text: String| if open { Stands::So(text) } else { Stands::NotHere };
    let moment = |at: Option<crate::app::view::OfficeTime>| match at {
        Some(at) => Stands::So(moment::written(at.0)),
        None => Stands::NotHere,
    };
    match name {
        "changes.procedure" => while_open(view.procedure.clone()),
        "changes.channel" => while_open(view.channel.word().to_owned()),
        "changes.received_at" => while_open(moment::written(view.received_at.0)),
        "changes.due_at" => while_open(moment::written(view.due_at.0)),
        "changes.closed_at" => moment(view.closed_at),
        "changes.returned_at" => moment(view.returned_at),
        "changes.officer" => Stands::So(view.officer.clone().unwrap_or_default()),
        "changes.applicant.name" => person(|of| Some(&of.name)),
        "changes.applicant.phone" => person(|of| of.phone.as_deref()),
        "changes.applicant.email" => person(|of| of.email.as_deref()),
        "changes.applicant.address" => person(|of| of.address.as_deref()),
        "changes.note" if view.applicant.is_some() => Stands::So(view.note.clone().unwrap_or_default()),
        "changes.note" => Stands::NotHere,
        _ => Stands::Nothing,
    }
}

/// What was typed into a form whose act the state does not allow any more: label and text.
pub(super) fn typed(lang: Lang, form: &Form) -> Vec<(&'static str, String)> {
    let Some(act) = ActKind::from_word(form.text("act")) else { return Vec::new() };
    let texts = names(act).iter().filter(|(name, _)| {
        form.optional(name).is_some() && form.text(name) != form.text(&format!("{WAS}{name}"))
    });
    texts.map(|(name, _)| (label(dossier_words(lang), act, name).0, form.text(name).to_owned())).collect()
}

/// The act that a form asks for. Sent twice it is done once: its key is made of all that it says, the version that it was made for included.
///
/// # Errors
/// [`AppError::Invalid`] naming each field that cannot be read.
pub(super) fn asked(code: &str, form: &Form) -> Result<ActRequest, AppError> {
    let kind =
        ActKind::from_word(form.text("act")).ok_or_else(|| AppError::invalid("act", Fault::NotAllowed))?;
    let version = form.text("version").parse().map_err(|_| AppError::invalid("version", Fault::Required))?;
    let mut faults = Vec::new();
    let at = moment::read(form, "at", &mut faults);
    let appointed_at = moment::read(form, "appointed_at", &mut faults);
    let changes = if kind == ActKind::Correct { correction(form, &mut faults) } else { None };
    moment::no(faults)?;
    let key = key(code, form);
    Ok(ActRequest {
        at,
        reason: form.optional("reason"),
        ground: form.optional("ground"),
        appointed_at,
        changes,
        expected_version: Some(version),
        idempotency: Some((key.clone(), key)),
        ..ActRequest::of(code, kind)
    })
}

fn key(code: &str, form: &Form) -> String {
    let said: Vec<&(String, String)> = form.fields().iter().filter(|(name, _)| name != TOKEN).collect();
    let said = serde_urlencoded::to_string(said).unwrap_or_default();
    sha256_hex(format!("{code}\n{said}").as_bytes())
}

/// What was changed in a form of a correction; nothing where nothing was.
fn correction(form: &Form, faults: &mut Vec<crate::app::Invalid>) -> Option<Correction> {
    let changed = |name: &str| form.has(name) && form.text(name) != form.text(&format!("{WAS}{name}"));
    let text = |name: &str| changed(name).then(|| form.text(name).to_owned());
    // Emptied, it is taken away.
    let or_none = |name: &str| changed(name).then(|| form.optional(name));
    let mut moment = |name: &str| if changed(name) { moment::read(form, name, faults) } else { None };
    let (received_at, due_at) = (moment("changes.received_at"), moment("changes.due_at"));
    let (closed_at, returned_at) = (moment("changes.closed_at"), moment("changes.returned_at"));
    let person = PersonChanges {
        name: text("changes.applicant.name"),
        phone: or_none("changes.applicant.phone"),
        email: or_none("changes.applicant.email"),
        address: or_none("changes.applicant.address"),
        note: or_none("changes.note"),
    };
    let dossier = Changes {
        channel: text("changes.channel").and_then(|word| Channel::from_word(&word)),
        procedure: text("changes.procedure"),
        received_at,
        due_at,
        closed_at,
        returned_at,
        officer: or_none("changes.officer"),
        personal: person != PersonChanges::default(),
    };
    let correction = Correction { dossier, person };
    (correction != Correction::default()).then_some(correction)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(text: &str) -> Form {
        Form::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn only_what_was_changed_is_put_right_and_what_was_emptied_is_taken_away() {
        let sent = form(
            "act=correct&version=3&reason=x&changes.officer=&was.changes.officer=An&changes.procedure=1&was.changes.procedure=1\
             &changes.applicant.phone=09&was.changes.applicant.phone=&changes.note=a%0D%0Ab&was.changes.note=a%0Ab",
        );
        let asked = asked("A-1", &sent).unwrap();
        let changes = asked.changes.unwrap();
        assert_eq!(changes.dossier, Changes { officer: Some(None), personal: true, ..Changes::default() });
        assert_eq!(
            changes.person,
            PersonChanges { phone: Some(Some("09".to_owned())), ..PersonChanges::default() }
        );
        assert_eq!((asked.expected_version, asked.reason.as_deref()), (Some(3), Some("x")));
    }

    #[test]
    fn the_same_form_has_the_same_key_in_whichever_session_it_is_sent() {
        let key = |text: &str| asked("A-1", &form(text)).unwrap().idempotency;
        let first = key("act=resolve&version=3&form_token=one");
        assert_eq!(first, key("act=resolve&version=3&form_token=other"));
        assert_ne!(first, key("act=resolve&version=4&form_token=one"));
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let named = |text: &str| match asked("A-1", &form(text)) {
            Err(AppError::Invalid(all)) => all.into_iter().map(|of| of.name).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
        assert_eq!(named("act=fly&version=1"), ["act"]);
        assert_eq!(named("act=resolve"), ["version"]);
        assert_eq!(named("act=apologise&version=1&at=soon&appointed_at=later"), ["at", "appointed_at"]);
    }
}
