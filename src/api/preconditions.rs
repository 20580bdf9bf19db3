//! `If-Match`: which versions of a dossier the asker has seen (RFC 9110, 8.8.3 and 13.1.1).

use actix_web::http::header::{HeaderMap, IF_MATCH};

use crate::app::{AppError, Fault};

/// A version that no dossier has: dossiers begin with 1.
const NEVER: i64 = 0;

/// The versions named.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Tags {
    /// `*`: whatever stands.
    Any,
    /// This one; one that no dossier has when the tag is weak or none of ours.
    One(i64),
    /// Any of these, two at least.
    Several(Vec<i64>),
}

impl Tags {
    /// The tags of the header.
    ///
    /// # Errors
    /// [`AppError::PreconditionRequired`] without the header; [`AppError::Invalid`] when it is no list of tags.
    pub(super) fn of_request(headers: &HeaderMap) -> Result<Tags, AppError> {
        let malformed = || AppError::invalid("If-Match", Fault::Malformed);
        let lines = headers.get_all(IF_MATCH).map(|line| line.to_str().map_err(|_| malformed()));
        let lines = lines.collect::<Result<Vec<&str>, AppError>>()?;
        if lines.is_empty() {
            return Err(AppError::PreconditionRequired);
        }
        Tags::parse(&lines.join(",")).ok_or_else(malformed)
    }

    fn parse(text: &str) -> Option<Tags> {
        if text.trim() == "*" {
            return Some(Tags::Any);
        }
        let mut versions = Vec::new();
        let mut rest = text.trim_start_matches([' ', '\t', ',']);
        while !rest.is_empty() {
            let (weak, quoted) = rest.strip_prefix("W/").map_or((false, rest), |quoted| (true, quoted));
            let (tag, after) = quoted.strip_prefix('"')?.split_once('"')?;
            // A weak tag never matches where a change depends on it, and a tag that is none of ours matches nothing.
            versions.push(if weak { NEVER } else { tag.parse().unwrap_or(NEVER) });
            let after = after.trim_start_matches([' ', '\t']);
            if !after.is_empty() && !after.starts_with(',') {
                return None;
            }
            rest = after.trim_start_matches([' ', '\t', ',']);
        }
        match versions.as_slice() {
            [] => None,
            [one] => Some(Tags::One(*one)),
            _ => Some(Tags::Several(versions)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_as_rfc_9110_writes_them() {
        for (text, tags) in [
            ("*", Some(Tags::Any)),
            ("\"1\"", Some(Tags::One(1))),
            ("W/\"1\"", Some(Tags::One(NEVER))),
            ("\"abc\"", Some(Tags::One(NEVER))),
            ("\"a,b\" , ,W/\"2\",\"3\"", Some(Tags::Several(vec![NEVER, NEVER, 3]))),
            ("", None),
            (" , ", None),
            ("7", None),
            ("\"1", None),
            ("\"1\" \"2\"", None),
            ("\"1\", *", None),
            ("w/\"1\"", None),
        ] {
            assert_eq!(Tags::parse(text), tags, "{text}");
        }
    }
}
