//! Search text without diacritics or case: "Nguyễn Thị Hòa" and "nguyen thi hoa" fold to the same.

/// The text in lower case, each letter without its marks, đ as d, runs of blanks as one; composed and decomposed input alike.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase).filter_map(base_letter) {
        if !(letter == ' ' && (folded.is_empty() || folded.ends_with(' '))) {
            folded.push(letter);
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// The letter under the marks; `None` for a combining mark on its own.
fn base_letter(letter: char) -> Option<char> {
    const FAMILIES: [(char, &str); 7] = [
        ('a', "àáảãạăằắẳẵặâầấẩẫậ"),
        ('e', "èéẻẽẹêềếểễệ"),
        ('i', "ìíỉĩị"),
        ('o', "òóỏõọôồốổỗộơờớởỡợ"),
        ('u', "ùúủũụưừứửữự"),
        ('y', "ỳýỷỹỵ"),
        ('d', "đ"),
    ];
    match letter {
        '\u{300}'..='\u{36f}' => None,
        letter if letter.is_whitespace() => Some(' '),
        letter if letter.is_ascii() => Some(letter),
        letter => Some(
            FAMILIES.iter().find(|(_, family)| family.contains(letter)).map_or(letter, |(base, _)| *base),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn marks_case_and_blanks_do_not_matter() {
        assert_eq!(fold("  Nguyễn   Thị HÒA "), "nguyen thi hoa");
        assert_eq!(fold("Đặng Ưỡn"), "dang uon");
        assert_eq!(fold("Ho\u{300}a"), fold("Hòa"));
    }
}
