//! The words by which feeds call public holidays, days in lieu, and days that are only observed, in Vietnamese and English.
//!
//! Compared without case or marks ([`super::fold`]), so that "Giỗ tổ Hùng Vương" and "Gio To Hung Vuong" are one.

use super::elsewhere::Holiday;
use super::fold::fold;

/// What the words of a name speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Words {
    /// A holiday of the law.
    pub(super) holiday: Option<Holiday>,
    /// A day in lieu.
    pub(super) in_lieu: bool,
    /// A swapped day.
    pub(super) swaps: bool,
    /// A day made up.
    pub(super) makes_up: bool,
    /// A day that is observed and worked.
    pub(super) observance: bool,
}

/// Names of holidays, the more exact before those they contain.
const HOLIDAYS: [(Holiday, &[&str]); 7] = [
    (
        Holiday::Tet,
        &[
            "tet nguyen dan",
            "tet am lich",
            "tet ta",
            "tet holiday",
            "tet festival",
            "giao thua",
            "mung 1",
            "mung 2",
            "mung 3",
            "mung 4",
            "mung 5",
            "vietnamese new year",
            "lunar new year",
            "chinese new year",
            "tet",
        ],
    ),
    (
        Holiday::NewYear,
        &["tet duong lich", "tet tay", "new year's day", "new years day", "new year's", "nam moi"],
    ),
    (Holiday::HungKings, &["hung vuong", "hung king", "gio to"]),
    (
        Holiday::Reunification,
        &[
            "giai phong mien nam",
            "thong nhat",
            "ngay chien thang",
            "reunification",
            "liberation day",
            "victory day",
        ],
    ),
    (Holiday::Labour, &["quoc te lao dong", "labour day", "labor day", "may day"]),
    (Holiday::NationalDay, &["quoc khanh", "national day", "independence day"]),
    (Holiday::Culture, &["ngay van hoa viet nam", "culture day"]),
];

const IN_LIEU: &[&str] =
    &["nghi bu", "in lieu", "day off for", "compensatory", "substitute", "observed", "compensation day"];

const SWAPS: &[&str] = &["hoan doi", "swap", "bridge day", "bridge holiday"];

const MAKES_UP: &[&str] =
    &["lam bu", "ngay lam viec", "working day", "work day", "make-up", "makeup", "special working"];

const OBSERVANCES: &[&str] = &[
    "valentine",
    "tinh nhan",
    "phu nu",
    "women",
    "nha giao",
    "teacher",
    "thay thuoc",
    "doctors",
    "thieu nhi",
    "children",
    "gia dinh",
    "family",
    "nha bao",
    "journalist",
    "press day",
    "doanh nhan",
    "trung thu",
    "mid-autumn",
    "giang sinh",
    "noel",
    "christmas",
    "halloween",
    "easter",
    "phuc sinh",
    "new year's eve",
    "ram thang",
    "vu lan",
    "phat dan",
    "vesak",
    "buddha",
    "doan ngo",
    "ong cong",
    "kitchen",
    "thuong binh",
    "liet si",
    "ngay sinh",
    "sinh nhat",
    "birthday",
    "thanh lap",
    "founding",
    "quan doi",
    "army",
    "cach mang thang tam",
    "dien bien phu",
    "father",
    "mother",
    "equinox",
    "solstice",
    // The solar terms (tiết khí).
    "lap xuan",
    "vu thuy",
    "kinh trap",
    "xuan phan",
    "thanh minh",
    "coc vu",
    "lap ha",
    "tieu man",
    "mang chung",
    "ha chi",
    "tieu thu",
    "dai thu",
    "lap thu",
    "xu thu",
    "bach lo",
    "thu phan",
    "han lo",
    "suong giang",
    "lap dong",
    "tieu tuyet",
    "dai tuyet",
    "dong chi",
    "tieu han",
    "dai han",
];

impl Words {
    /// The words of a name.
    pub(super) fn of(name: &str) -> Words {
        let name = fold(&name.replace('\u{2019}', "'"));
        let says = |words: &[&str]| words.iter().any(|word| has(&name, word));
        let observance = says(OBSERVANCES);
        let holiday = HOLIDAYS.iter().find(|(_, words)| says(words)).map(|(holiday, _)| *holiday);
        // "Tết Dương lịch" holds the word of the other Tết.
        let solar = says(&["duong lich", "tet tay"]).then_some(Holiday::NewYear);
        let tet_eve = has(&name, "vietnamese new year") || has(&name, "lunar new year");
        Words {
            holiday: solar.or(holiday).filter(|_| !observance || tet_eve),
            in_lieu: says(IN_LIEU),
            swaps: says(SWAPS),
            makes_up: says(MAKES_UP),
            observance,
        }
    }
}

/// Whether the name has the word as a whole, or as the beginning of one.
fn has(name: &str, word: &str) -> bool {
    name.match_indices(word).any(|(at, _)| {
        let before = name.get(..at).and_then(|before| before.chars().next_back());
        let after = name.get(at + word.len()..).and_then(|after| after.chars().next());
        let joined = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
        // "king" may go on to "kings", but "tet" is no part of "tetris", nor "gio to" of "gio toi".
        !joined(before) && (!joined(after) || word.len() > 6)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whole_without_case_or_marks() {
        assert_eq!(Words::of("TẾT NGUYÊN ĐÁN").holiday, Some(Holiday::Tet));
        assert_eq!(Words::of("Tết Dương lịch").holiday, Some(Holiday::NewYear));
        assert_eq!(Words::of("New Year\u{2019}s Day").holiday, Some(Holiday::NewYear));
        assert_eq!(Words::of("Hung Kings' Commemoration").holiday, Some(Holiday::HungKings));
        assert_eq!(Words::of("Giờ tới").holiday, None);
        assert_eq!(Words::of("Tetris").holiday, None);
        let lunar = Words::of("Vietnamese New Year's Eve");
        assert_eq!((lunar.holiday, lunar.observance), (Some(Holiday::Tet), true));
        let christmas = Words::of("Christmas Eve");
        assert_eq!((christmas.holiday, christmas.observance), (None, true));
    }
}
