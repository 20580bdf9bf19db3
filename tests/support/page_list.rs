//! Every page that can be looked at, and as whom; for what holds of all of them. `{code}` is a dossier of the officer's unit, `{unit}` that unit.

/// Who looks (nobody signed in, or somebody of this role) and at what.
pub(crate) const PAGES: &[(&str, &str)] = &[
    ("anybody", "/"),
    ("anybody", "/sign-in"),
    ("anybody", "/status"),
    ("anybody", "/status?code={code}"),
    ("anybody", "/status?code=H19.15-000000-0000"),
    ("anybody", "/calculator"),
    ("anybody", "/calculator?procedure=chung+thuc"),
    ("anybody", "/calculator?procedure=2.000815&unit={unit}"),
    ("anybody", "/rates/{unit}"),
    ("officer", "/counter"),
    ("officer", "/counter?procedure=2.000815"),
    ("officer", "/dossiers/{code}/receipt"),
    ("officer", "/queue"),
    ("officer", "/queue?whose=unit"),
    ("officer", "/dossiers"),
    ("officer", "/dossiers/{code}"),
    ("officer", "/account"),
    ("leader", "/desk"),
    ("leader", "/desk/today"),
    ("leader", "/desk/friday"),
    ("leader", "/queue"),
    ("leader", "/dossiers?overdue=true"),
];
