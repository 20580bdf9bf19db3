//! Holds the dependencies to `.deny.toml` without a network: licences, bans, sources.
//!
//! The lock file names every package of every platform, so bans and sources are judged on it; licences stand in
//! the packages themselves, of which only this platform's are sure to be on the machine.

use std::process::Command;

use serde::Deserialize;

#[derive(Deserialize)]
struct Policy {
    licenses: Licenses,
    bans: Bans,
    sources: Sources,
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
}

#[derive(Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Ban {
    #[serde(rename = "crate")]
    name: String,
    #[serde(default)]
    deny_multiple_versions: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Sources {
    allow_registry: Vec<String>,
}

/// A package as the lock file and `cargo metadata` both describe it.
#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    source: Option<String>,
    license: Option<String>,
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<Package>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[test]
fn every_licence_is_on_the_list() {
    let allowed = policy().licenses.allow;
    let packages = metadata().packages;
    assert!(packages.len() > 100, "cargo metadata named only {} packages", packages.len());
    let refused: Vec<String> = packages
        .iter()
        .filter(|package| package.source.is_some())
        .filter(|package| !package.license.as_deref().is_some_and(|text| permits(text, &allowed)))
        .map(|package| format!("{} {}: {:?}", package.name, package.version, package.license))
        .collect();
    assert!(refused.is_empty(), "licences not in .deny.toml:\n{}", refused.join("\n"));
}

#[test]
fn no_banned_crate_and_one_version_of_the_chosen_ones() {
    let packages = lock().package;
    for ban in policy().bans.deny {
        let found: Vec<&str> =
            packages.iter().filter(|p| p.name == ban.name).map(|p| p.version.as_str()).collect();
        if ban.deny_multiple_versions {
            assert_eq!(found.len(), 1, "{}: exactly one version is wanted, found {found:?}", ban.name);
        } else {
            assert!(found.is_empty(), "{} is banned, found {found:?}", ban.name);
        }
    }
}

#[test]
fn every_package_comes_from_an_allowed_registry() {
    let allowed = policy().sources.allow_registry;
    let strangers: Vec<String> = lock()
        .package
        .into_iter()
        .filter(|package| match package.source.as_deref() {
            None => package.name != "hentra",
            Some(source) => !allowed.iter().any(|registry| source == format!("registry+{registry}")),
        })
        .map(|package| format!("{} from {:?}", package.name, package.source))
        .collect();
    assert!(strangers.is_empty(), "sources not in .deny.toml: {strangers:?}");
}

#[test]
fn a_licence_expression_is_read_as_spdx_means_it() {
    let allowed = ["MIT", "ISC", "Zlib"].map(str::to_owned);
    let cases = [
        ("MIT", true),
        ("GPL-3.0-only", false),
        ("GPL-3.0-only OR MIT", true),
        ("MIT/Apache-2.0", true),
        ("MIT AND GPL-3.0-only", false),
        ("(GPL-3.0-only OR MIT) AND ISC", true),
        ("MIT OR GPL-3.0-only AND LGPL-2.1-only", true),
        ("GPL-3.0-only OR MIT AND LGPL-2.1-only", false),
        ("MIT WITH Some-exception", false),
        ("(MIT", false),
        ("MIT ISC", false),
        ("", false),
    ];
    for (expression, expected) in cases {
        assert_eq!(permits(expression, &allowed), expected, "{expression}");
    }
}

/// Whether `expression` can be satisfied with `allowed` licences alone; a text that is no expression cannot.
fn permits(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut words = spaced.split_whitespace().peekable();
    any_of(&mut words, allowed) == Some(true) && words.next().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn any_of(words: &mut Words<'_>, allowed: &[String]) -> Option<bool> {
    let mut permitted = all_of(words, allowed)?;
    while words.next_if_eq(&"OR").is_some() {
        permitted |= all_of(words, allowed)?;
    }
    Some(permitted)
}

fn all_of(words: &mut Words<'_>, allowed: &[String]) -> Option<bool> {
    let mut permitted = one(words, allowed)?;
    while words.next_if_eq(&"AND").is_some() {
        permitted &= one(words, allowed)?;
    }
    Some(permitted)
}

/// A licence, with its exception as part of its name, or an expression in brackets.
fn one(words: &mut Words<'_>, allowed: &[String]) -> Option<bool> {
    let word = words.next()?;
    if word == "(" {
        let permitted = any_of(words, allowed)?;
        return words.next_if_eq(&")").map(|_| permitted);
    }
    let name = match words.next_if_eq(&"WITH") {
        Some(_) => format!("{word} WITH {}", words.next()?),
        None => word.to_owned(),
    };
    Some(allowed.contains(&name))
}

fn policy() -> Policy {
    toml::from_str(&file(".deny.toml")).unwrap()
}

fn lock() -> Lock {
    toml::from_str(&file("Cargo.lock")).unwrap()
}

fn file(name: &str) -> String {
    std::fs::read_to_string(format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

fn metadata() -> Metadata {
    let arguments = ["metadata", "--offline", "--locked", "--format-version", "1", "--filter-platform"];
    let mut cargo = Command::new(env!("CARGO"));
    let output = cargo.args(arguments).arg(host()).current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn host() -> String {
    let output = Command::new(env!("CARGO")).arg("-vV").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().find_map(|line| line.strip_prefix("host: ")).unwrap().to_owned()
}
