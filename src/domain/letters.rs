//! Which letters a text may hold that people will read: no control characters, and none that make it read otherwise than it is written.

/// Whether the letter may stand in a text of one line, such as a name.
pub fn on_a_line(letter: char) -> bool {
    !(letter.is_control() || turns_direction(letter))
}

/// Whether the letter may stand in a text of several lines, such as a note.
pub fn in_lines(letter: char) -> bool {
    on_a_line(letter) || matches!(letter, '\n' | '\r' | '\t')
}

/// Unicode's embeddings, overrides and isolates of direction (UAX 9): with one of them a name shows its letters in another order on the receipt.
/// The marks U+200E and U+200F turn nothing around and are kept.
fn turns_direction(letter: char) -> bool {
    matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_every_letter_but_those_that_deceive() {
        assert!("Nguyễn Thị Hòa \u{1F600} e\u{302}\u{301} \u{200F}".chars().all(on_a_line));
        for letter in ['\0', '\n', '\t', '\u{7F}', '\u{85}', '\u{202A}', '\u{202E}', '\u{2066}', '\u{2069}'] {
            assert!(!on_a_line(letter), "{letter:?}");
        }
        assert!("a\r\n\tb".chars().all(in_lines));
        assert!(!in_lines('\0') && !in_lines('\u{202E}'));
    }
}
