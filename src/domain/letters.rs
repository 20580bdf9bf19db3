//! Which letters a text may hold that people will read: no control characters, and none that make it read otherwise than it is written.

/// Whether the letter may stand in a text of one line, such as a name.
pub fn on_a_line(letter: char) -> bool {
    !(letter.is_control() || turns_direction(letter))
}

/// Whether the letter may stand in a text of several lines, such as a note.
pub fn in_lines(letter: char) -> bool {
    on_a_line(letter) || matches!(letter, '\n' | '\r' | '\t')
}

/// The text without the blanks and invisible characters around it; nothing, if nothing of it can be seen.
pub fn shown(text: &str) -> &str {
    text.trim_matches(|letter: char| letter.is_whitespace() || is_invisible(letter))
}

/// Unicode's default-ignorable characters, and the blank of Braille: they leave no mark on paper. Those that turn the direction of what follows
/// do ([`on_a_line`]), and are left in for their text to be refused.
fn is_invisible(letter: char) -> bool {
    matches!(letter,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2065}' | '\u{206A}'..='\u{206F}' | '\u{2800}' | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}' | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
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
