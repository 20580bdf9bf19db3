//! The one place that writes to the terminal.
//!
//! Results go to standard output and nothing else does, so that they can be piped on; words about them go to standard error.

use std::io::{self, Write as _};

use super::Failure;

/// Writes a result and a line's end. A reader that has seen enough (`| head`) is no failure.
///
/// # Errors
/// When standard output takes no more, as on a full disk.
pub(crate) fn say(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::new(error.to_string())),
        _ => Ok(()),
    }
}

/// Says how far something long has come.
pub(crate) fn tell(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Says what went wrong.
pub(crate) fn complain(text: &str) {
    // There is nowhere left to say that standard error is gone.
    let _ = writeln!(io::stderr(), "hentra: {text}");
}
