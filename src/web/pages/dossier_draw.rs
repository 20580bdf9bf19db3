//! How a dossier's page is filled: its facts, dates, findings and history in words, and the forms of its acts.

use askama::Template;

use super::super::form::Form;
use super::super::frame::Frame;
use super::super::standing::Mark;
use super::super::visitor::Visitor;
use super::act_form::{self, ActForm, Refused};
use super::dossier::Gathered;
use crate::app::access::Right;
use crate::app::deadlines::StepView;
use crate::app::dossier_history::{Change, Said, Told};
use crate::app::view::{DossierView, FindingView, OfficeTime, in_path};
use crate::domain::act::ActKind;
use crate::domain::dossier::{Channel, Status};
use crate::text::pages::dossier::{self as words, DossierWords, dossier_words};
use crate::text::{Lang, moments};

/// Why the page is drawn otherwise than it is looked at first.
#[derive(Default)]
pub(super) struct Drawn<'a> {
    /// What was just done.
    pub(super) done: Option<&'static str>,
    /// The form that came back.
    pub(super) refused: Option<&'a Refused<'a>>,
    /// It was made for another version.
    pub(super) stale: bool,
}

/// A date, and where it comes from.
struct Dated {
    label: &'static str,
    at: String,
    whence: String,
}

struct Found {
    detail: String,
    source: String,
    instead: Option<String>,
    cleared: Option<String>,
}

struct Happened {
    what: String,
    at: String,
    recorded: Option<String>,
    by: String,
    lines: Vec<String>,
}

struct Reminded {
    who: String,
    told: String,
    acknowledged: Option<String>,
}

#[derive(Template)]
#[template(path = "dossier.html", config = "src/web/askama.toml")]
pub(super) struct Html<'a> {
    frame: &'a Frame,
    w: &'static DossierWords,
    code: String,
    in_path: String,
    mark: Mark,
    status: Option<&'static str>,
    done: Option<&'static str>,
    view: DossierView,
    channel: &'static str,
    dates: Vec<Dated>,
    sentence: String,
    steps: Vec<(String, StepView)>,
    findings: Vec<Found>,
    history: Vec<Happened>,
    told: Vec<Reminded>,
    acts: Vec<ActForm>,
    may_handle: bool,
    leader_corrects: bool,
    may_apologise: bool,
    /// What has happened since the form was made that came back.
    meanwhile: Option<Vec<String>>,
    /// What was typed into the form of an act that cannot be done any more.
    typed: Vec<(&'static str, String)>,
    said: Vec<String>,
}

/// The page of a dossier.
pub(super) fn page<'a>(frame: &'a Frame, visitor: &Visitor, of: Gathered, drawn: Drawn<'_>) -> Html<'a> {
    let (lang, view) = (visitor.lang, of.view);
    let may_handle = visitor.may(Right::Handle);
    let may_correct = view.closed_at.is_none() || visitor.may(Right::CorrectClosed);
    let mut acts: Vec<ActForm> = view
        .allowed_acts
        .iter()
        .filter(|act| may_handle && (**act != ActKind::Correct || may_correct))
        .map(|act| ActForm::of(lang, *act, &view, drawn.refused))
        .collect();
    acts.sort_by_key(|act| !act.main);
    // Where its form is gone, what came back is shown above.
    let homeless = drawn.refused.filter(|_| !acts.iter().any(|act| act.open));
    let code = view.code.clone().unwrap_or_default();
    Html {
        frame,
        w: dossier_words(lang),
        in_path: in_path(&code),
        code,
        mark: Mark::of(lang, view.standing),
        status: (view.overdue && view.halted_at.is_some()).then(|| words::status(lang, view.status)),
        done: drawn.done,
        channel: words::channel(lang, view.channel),
        dates: dates(lang, &view),
        sentence: of.deadline.sentence,
        steps: of.deadline.steps.into_iter().map(|step| (moments::day(lang, step.date), step)).collect(),
        findings: view.findings.iter().map(|finding| found(lang, finding)).collect(),
        history: of.history.iter().rev().map(|event| happened(lang, event)).collect(),
        told: of.told.into_iter().map(|told| reminded(lang, &told)).collect(),
        may_apologise: view.allowed_acts.contains(&ActKind::Apologise) || view.reappointments > 0,
        leader_corrects: may_handle && !may_correct,
        may_handle,
        acts,
        meanwhile: drawn
            .refused
            .filter(|_| drawn.stale)
            .map(|of_form| meanwhile(lang, &of.history, of_form.form)),
        typed: homeless.map(|of| act_form::typed(lang, of.form)).unwrap_or_default(),
        said: homeless.filter(|_| !drawn.stale).map(|of| of.faults.beside(&[])).unwrap_or_default(),
        view,
    }
}

fn dates(lang: Lang, view: &DossierView) -> Vec<Dated> {
    let w = dossier_words(lang);
    let dated = |label, at: OfficeTime, whence: &str| Dated {
        label,
        at: words::at(lang, at.0),
        whence: whence.to_owned(),
    };
    let mut all = vec![dated(w.received, view.received_at, w.whence_received)];
    if view.effective_receipt != view.received_at {
        all.push(dated(w.effective, view.effective_receipt, w.whence_effective));
    }
    all.push(dated(w.statutory, view.statutory_due_at, w.whence_statutory));
    all.extend(view.commitment_due_at.map(|at| dated(w.commitment, at, w.whence_commitment)));
    all.push(dated(w.first, view.first_due_at, w.whence_first));
    all.push(dated(w.due, view.due_at, w.whence_due));
    if view.appointed_at != view.due_at {
        all.push(dated(w.appointed, view.appointed_at, w.whence_appointed));
    }
    match view.lapses_at {
        Some(at) => all.push(dated(w.lapses, at, w.whence_lapses)),
        None => all.push(Dated { label: w.lapses, at: "—".to_owned(), whence: w.whence_still.to_owned() }),
    }
    all.extend(view.halted_at.map(|at| dated(w.halted, at, words::status(lang, view.status))));
    all.extend(view.apologised_at.map(|at| dated(w.apologised, at, "NĐ 61/2018/NĐ-CP Đ.19(9)")));
    let closed = view.closed_at.zip(view.closed_as);
    all.extend(
        closed.map(|(at, way)| dated(w.closed, at, crate::text::pages::standing::closed(lang, way, false))),
    );
    all.extend(view.returned_at.map(|at| dated(w.returned, at, words::status(lang, Status::Returned))));
    all
}

fn found(lang: Lang, of: &FindingView) -> Found {
    let cleared = of.cleared_why.map(|why| words::cleared(lang, why).to_owned());
    Found {
        detail: of.detail.clone(),
        source: of.source.clone(),
        instead: of.compliant_due_at.filter(|_| of.cleared_at.is_none()).map(|at| words::at(lang, at.0)),
        cleared: of.cleared_at.map(|_| cleared.unwrap_or_default()),
    }
}

fn happened(lang: Lang, of: &Told) -> Happened {
    let w = dossier_words(lang);
    let late = of.recorded_at.timestamp() / 60 != of.at.timestamp() / 60;
    let mut lines: Vec<String> = of.changes.iter().map(|change| changed(lang, change)).collect();
    lines.extend(of.person.then(|| w.person_changed.to_owned()));
    lines.extend(of.reason.as_ref().map(|reason| format!("{}: {reason}", w.reason)));
    lines.extend(of.ground.as_ref().map(|ground| format!("{}: {ground}", w.ground)));
    Happened {
        what: words::event(lang, &of.act).to_owned(),
        at: words::at(lang, of.at),
        recorded: late.then(|| words::at(lang, of.recorded_at)),
        by: of.by.clone().unwrap_or_else(|| w.system.to_owned()),
        lines,
    }
}

fn changed(lang: Lang, of: &Change) -> String {
    let said = |said: &Option<Said>| match said {
        None => "—".to_owned(),
        Some(Said::At(at)) => words::at(lang, *at),
        Some(Said::Word(word)) => {
            Channel::from_word(word).map_or_else(|| word.clone(), |of| words::channel(lang, of).to_owned())
        }
    };
    let (name, after) = (words::field(lang, of.field), said(&of.after));
    match &of.before {
        None => format!("{name}: {after}"),
        before => format!("{name}: {} → {after}", said(before)),
    }
}

fn reminded(lang: Lang, of: &crate::app::alerts::acknowledging::ToldView) -> Reminded {
    Reminded {
        who: format!("{} ({})", of.user_name, words::step(lang, of.step)),
        told: words::at(lang, of.told_at.0),
        acknowledged: of.acknowledged_at.map(|at| words::at(lang, at.0)),
    }
}

/// What has happened since the version that a form was made for.
fn meanwhile(lang: Lang, history: &[Told], form: &Form) -> Vec<String> {
    let seen: i64 = form.text("version").parse().unwrap_or(i64::MAX);
    let later = history.iter().filter(|of| of.version.is_some_and(|version| version > seen));
    later
        .map(|of| {
            let of = happened(lang, of);
            let lines =
                if of.lines.is_empty() { String::new() } else { format!(" ({})", of.lines.join("; ")) };
            format!("{} – {}, {}{lines}", of.at, of.what, of.by)
        })
        .collect()
}
