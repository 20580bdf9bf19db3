//! The same benchmark once more on a disk whose flush takes longer, as most do: a shim between the processes and libc.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::{env, fs};

/// Set in the run on the slowed disk; the shim reads it.
const DELAY: &str = "HENTRA_FSYNC_DELAY_US";

/// How much longer a flush takes in this process, if it does.
pub(crate) fn delay() -> Option<String> {
    env::var(DELAY).ok()
}

/// Runs this program again with each flush of its own and of the server it starts slowed; says so when it cannot.
pub(crate) fn again(microseconds: u32) -> Result<(), String> {
    let directory = tempfile::tempdir().map_err(|error| error.to_string())?;
    // The server runs as another user and is to find the shim.
    fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755))
        .map_err(|error| error.to_string())?;
    let shim = directory.path().join("slow_fsync.so");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/writer/slow_fsync.c");
    let compiled =
        Command::new("cc").args(["-shared", "-fPIC", "-O2", "-o"]).arg(&shim).args([source, "-ldl"]).status();
    if !compiled.is_ok_and(|status| status.success()) {
        return Err("no C compiler: the run on a slowed disk is left out".to_owned());
    }
    let program = env::current_exe().map_err(|error| error.to_string())?;
    let ran = Command::new(program).env("LD_PRELOAD", &shim).env(DELAY, microseconds.to_string()).status();
    match ran {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("the run on a slowed disk failed: {status}")),
        Err(error) => Err(error.to_string()),
    }
}
