//! Starts a PostgreSQL server that lives exactly as long as this process.
//!
//! A shell guardian owns the server and its directory. It waits on its standard input, the other end of which
//! only this process holds (Rust opens pipes close-on-exec, so no child inherits it): when this process ends,
//! by returning, panicking or being killed, the pipe closes, and the guardian stops the server and removes the
//! directory, unless that was given to be kept. It has a process group of its own, so Ctrl-C in the terminal reaches it only this way.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A running server and the guardian that ends it.
pub(crate) struct Started {
    /// The maintenance database, as its superuser.
    pub(crate) url: String,
    /// Held for its standard input, whose closing is the sign to stop.
    _guardian: Child,
}

/// `$1` binaries, `$2` directory, `$3` port, `$4` further lines of configuration, `$5` what becomes of the directory: `kept` or `removed`. SIGPIPE is
/// caught because "ready" may find nobody listening any more; the stop is immediate because nothing in a directory that goes is worth a checkpoint.
const GUARDIAN: &str = r#"
trap : HUP INT TERM PIPE
if { [ -d "$2/data" ] || "$1/initdb" -D "$2/data" -U postgres -A trust -E UTF8 --locale=C --no-sync >>"$2/log" 2>&1; } &&
    cat >"$2/data/postgresql.auto.conf" <<END &&
listen_addresses = '127.0.0.1'
port = $3
unix_socket_directories = '$2'
max_connections = 300
$4
END
    "$1/pg_ctl" -D "$2/data" -l "$2/log" -w -t 60 start >>"$2/log" 2>&1
then echo ready
else echo "failed: $(tail -n 6 "$2/log" | tr '\n' ' ')"
fi
read -r _
if [ "$5" = kept ]
then "$1/pg_ctl" -D "$2/data" -m fast -w -t 600 stop >>"$2/log" 2>&1
else "$1/pg_ctl" -D "$2/data" -m immediate -w stop >>"$2/log" 2>&1
    rm -rf "$2"
fi
"#;

/// Starts a server from the newest binaries installed, with these further lines of configuration, or says why there is none.
pub(crate) fn start(configuration: &str) -> Result<Started, String> {
    start_in(None, configuration)
}

/// As [`start`], in a directory whose data outlive the server, or in a passing one.
pub(crate) fn start_in(kept: Option<&Path>, configuration: &str) -> Result<Started, String> {
    let binaries = binaries().ok_or(
        "set HENTRA_TEST_POSTGRES_URL or install a PostgreSQL server (13 or later): no initdb, pg_ctl and postgres \
         in PATH or /usr/lib/postgresql/*/bin",
    )?;
    let mut attempts = 3;
    loop {
        attempts -= 1;
        match start_once(&binaries, kept, configuration) {
            // Between finding a free port and listening on it, another process may take it.
            Err(reason) if attempts > 0 && reason.contains("could not bind") => {}
            outcome => return outcome,
        }
    }
}

fn start_once(binaries: &Path, kept: Option<&Path>, configuration: &str) -> Result<Started, String> {
    let port = free_port().map_err(|error| format!("no free port on 127.0.0.1: {error}"))?;
    let mut guardian = guardian(binaries, kept, port, configuration)
        .map_err(|error| format!("cannot start the guardian: {error}"))?;
    let mut answer = String::new();
    if let Some(output) = guardian.stdout.take() {
        BufReader::new(output).read_line(&mut answer).map_err(|error| error.to_string())?;
    }
    if answer.trim() == "ready" {
        let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
        return Ok(Started { url, _guardian: guardian });
    }
    drop(guardian.stdin.take());
    guardian.wait().ok();
    Err(format!("PostgreSQL from {} did not start: {}", binaries.display(), answer.trim()))
}

fn free_port() -> std::io::Result<u16> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

fn guardian(binaries: &Path, kept: Option<&Path>, port: u16, configuration: &str) -> std::io::Result<Child> {
    let probe = tempfile::tempfile()?;
    let servant = if probe.metadata()?.uid() == 0 { servant() } else { None };
    // A directory under root's own TMPDIR might be out of the servant's reach.
    let base = if servant.is_some() { PathBuf::from("/tmp") } else { std::env::temp_dir() };
    let passing = tempfile::Builder::new().prefix("hentra-postgres-").tempdir_in(base)?;
    let directory = kept.unwrap_or(passing.path());
    let mut command = Command::new("sh");
    command.args(["-c", GUARDIAN, "guardian"]).arg(binaries).arg(directory).arg(port.to_string());
    command.arg(configuration).arg(if kept.is_some() { "kept" } else { "removed" });
    command.current_dir("/").env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin").process_group(0);
    // What the benchmark slows its disk with is to hold for the server too.
    command.envs(
        std::env::vars_os().filter(|(name, _)| name == "LD_PRELOAD" || name == "HENTRA_FSYNC_DELAY_US"),
    );
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    if let Some((uid, gid)) = servant {
        chown(directory, Some(uid), Some(gid))?;
        command.uid(uid).gid(gid);
    }
    let child = command.spawn()?;
    if kept.is_none() {
        // From here on the guardian removes it.
        let _ = passing.keep();
    }
    Ok(child)
}

/// The user that runs the server when we are root, which PostgreSQL refuses to be: uid and gid.
fn servant() -> Option<(u32, u32)> {
    let passwd = std::fs::read_to_string("/etc/passwd").ok()?;
    ["postgres", "nobody"].iter().find_map(|wanted| {
        passwd.lines().find_map(|line| {
            let fields: Vec<&str> = line.split(':').collect();
            match fields.as_slice() {
                [name, _, uid, gid, ..] if name == wanted => Some((uid.parse().ok()?, gid.parse().ok()?)),
                _ => None,
            }
        })
    })
}

/// The directory with the newest complete set of server binaries.
pub(crate) fn binaries() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let installed = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    std::env::split_paths(&path)
        .chain(installed.map(|version| version.path().join("bin")))
        .filter(|directory| {
            ["initdb", "pg_ctl", "postgres"].iter().all(|name| directory.join(name).is_file())
        })
        .filter_map(|directory| Some((major_version(&directory)?, directory)))
        .filter(|(major, _)| *major >= 13)
        .max_by_key(|(major, _)| *major)
        .map(|(_, directory)| directory)
}

/// 15 for "postgres (PostgreSQL) 15.13 (Debian 15.13-0+deb12u1)"; also for "17beta1".
fn major_version(directory: &Path) -> Option<u32> {
    let output = Command::new(directory.join("postgres")).arg("--version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let version = text.split_once(") ")?.1;
    let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}
