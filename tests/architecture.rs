//! The storeys hold: each module of `src/` names only what its storey may, functions and files stay short.

use std::fs;
use std::path::{Path, PathBuf};

struct Source {
    /// Path below `src/`, with forward slashes.
    path: String,
    /// The code before its tests, comments cut away.
    code: String,
    /// Lines before the tests.
    lines: usize,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut waiting: Vec<PathBuf> = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let before_tests = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
            let code: Vec<&str> =
                before_tests.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            found.push(Source {
                path: path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/"),
                code: code.join("\n"),
                lines: before_tests.lines().count(),
            });
        }
    }
    assert!(found.len() > 30, "the walk of src/ found only {} files", found.len());
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// Whether `code` names `name` as a path or module, not as a part of a longer word.
fn names(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + name.len()..].chars().next();
        let part_of_word =
            |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
        let ends_in_word = name.ends_with(|letter: char| letter.is_alphanumeric());
        !(part_of_word(before) || ends_in_word && part_of_word(after))
    })
}

#[track_caller]
fn no_file_of(storey: &[&str], forbidden: &[&str]) {
    let broken: Vec<String> = sources()
        .iter()
        .filter(|source| storey.iter().any(|prefix| source.path.starts_with(prefix)))
        .flat_map(|source| {
            forbidden
                .iter()
                .filter(|name| names(&source.code, name))
                .map(|name| format!("src/{} names {name}", source.path))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(broken.is_empty(), "the storeys are broken:\n{}", broken.join("\n"));
}

#[test]
fn the_domain_is_pure() {
    no_file_of(
        &["domain/"],
        &[
            "diesel",
            "actix_web",
            "tokio",
            "lettre",
            "tracing",
            "async",
            "std::fs",
            "std::net",
            "std::io",
            "std::env",
            "crate::store",
            "crate::app",
            "crate::api",
            "crate::web",
            "crate::clock",
            "crate::mail",
            "crate::config",
            "crate::text",
        ],
    );
}

#[test]
fn the_store_knows_no_one_above_it() {
    no_file_of(
        &["store/"],
        &[
            "actix_web",
            "lettre",
            "crate::app",
            "crate::api",
            "crate::web",
            "crate::clock",
            "crate::mail",
            "crate::text",
            "http",
        ],
    );
}

#[test]
fn the_app_speaks_neither_sql_nor_http() {
    no_file_of(&["app/"], &["diesel", "actix_web", "crate::api", "crate::web", "crate::cli"]);
}

#[test]
fn handlers_and_text_do_not_reach_into_the_store() {
    no_file_of(&["api/", "web/"], &["diesel", "diesel_migrations", "crate::store::schema"]);
    no_file_of(
        &["text/"],
        &["diesel", "actix_web", "tokio", "crate::store", "crate::app", "crate::api", "crate::clock"],
    );
}

#[test]
fn only_the_store_names_diesel_and_only_the_clock_reads_the_time() {
    for source in sources() {
        let within = source.path.starts_with("store/");
        assert!(within || !names(&source.code, "diesel"), "src/{} names diesel", source.path);
        let clock = source.path == "clock.rs";
        for call in ["Utc::now(", "Local::now(", "SystemTime::now("] {
            assert!(clock || !source.code.contains(call), "src/{} reads the clock by {call}", source.path);
        }
    }
}

#[test]
fn nothing_is_left_unfinished_or_silenced() {
    for source in sources() {
        for sign in ["todo!(", "unimplemented!(", "#[allow(", "#![allow(", "unsafe {"] {
            assert!(!source.code.contains(sign), "src/{} holds {sign}", source.path);
        }
    }
}

#[test]
fn files_are_short_and_have_a_name_that_says_something() {
    for source in sources() {
        assert!(source.lines <= 400, "src/{} has {} lines before its tests", source.path, source.lines);
        let name = source.path.rsplit('/').next().unwrap();
        assert!(
            !["utils.rs", "helpers.rs", "common.rs", "models.rs"].contains(&name),
            "src/{} is a room for anything",
            source.path
        );
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for source in sources() {
        let text = fs::read_to_string(root.join(&source.path)).unwrap();
        assert!(text.starts_with("//!"), "src/{} does not begin with what it is for", source.path);
    }
}

#[test]
fn the_walk_tells_words_from_parts_of_words() {
    assert!(names("use diesel::prelude::*;", "diesel"));
    assert!(!names("let biodiesel = 1; diesel_like()", "diesel"));
    assert!(names("pub async fn x()", "async"));
}
