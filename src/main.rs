//! The `hentra` program: everything it does begins in [`hentra::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    hentra::cli::main(std::env::args_os())
}
