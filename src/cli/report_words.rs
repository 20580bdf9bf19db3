//! The words that reports are asked for with on the command line; a wrong one is answered with those that there are.

use crate::domain::finding_counts::FindingsBy;
use crate::domain::integrity::IntegrityBy;
use crate::domain::kept::CommitmentsBy;
use crate::domain::ranking::RankBy;
use crate::domain::statistics::GroupBy;
use crate::domain::steps::StepBy;

/// Declares how a word of a known set is read.
macro_rules! read_words {
    ($($name:ident: $of:ident,)+) => {
        $(pub(super) fn $name(word: &str) -> Result<$of, String> {
            $of::from_word(word).ok_or_else(|| there_are($of::ALL))
        })+
    };
}

read_words! {
    group_by: GroupBy,
    commitments_by: CommitmentsBy,
    findings_by: FindingsBy,
    integrity_by: IntegrityBy,
    rank_by: RankBy,
    by_step: StepBy,
}

fn there_are<T: std::fmt::Display>(all: &[T]) -> String {
    let words: Vec<String> = all.iter().map(ToString::to_string).collect();
    format!("there are {}", words.join(", "))
}
