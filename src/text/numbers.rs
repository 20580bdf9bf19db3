//! Numbers as the language's papers write them: `12.345` and `0,5` in Vietnamese, `12,345` and `0.5` in English.

use super::Lang;

/// What stands for a number that is none.
pub(crate) const NONE: &str = "—";

/// A count, with a mark between thousands.
pub(crate) fn count(lang: Lang, of: impl Into<u64>) -> String {
    let digits = of.into().to_string();
    let mark = match lang {
        Lang::Vi => '.',
        Lang::En => ',',
    };
    let mut written = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            written.push(mark);
        }
        written.push(digit);
    }
    written
}

/// A difference with its sign: "+1.234", "−5", "0".
pub(crate) fn signed(lang: Lang, of: i64) -> String {
    let size = count(lang, of.unsigned_abs());
    match of {
        0 => size,
        1.. => format!("+{size}"),
        _ => format!("−{size}"),
    }
}

/// A number with so many decimals.
pub(crate) fn decimal(lang: Lang, of: f64, places: usize) -> String {
    let written = format!("{of:.places$}");
    match lang {
        Lang::Vi => written.replace('.', ","),
        Lang::En => written,
    }
}

/// A ratio in percent with two decimals; a dash where there is none.
pub(crate) fn percentage(lang: Lang, of: Option<f64>) -> String {
    let Some(of) = of else { return NONE.to_owned() };
    let written = decimal(lang, of * 100.0, 2);
    match lang {
        Lang::Vi => format!("{written}\u{a0}%"),
        Lang::En => format!("{written}%"),
    }
}

/// A difference of two shares, in percentage points with its sign; a dash where there is none.
pub(crate) fn points(lang: Lang, of: Option<f64>) -> String {
    let Some(of) = of else { return NONE.to_owned() };
    let size = decimal(lang, of.abs(), 2);
    let sign = match of {
        _ if size.chars().all(|letter| !('1'..='9').contains(&letter)) => "",
        grown if grown > 0.0 => "+",
        _ => "−",
    };
    match lang {
        Lang::Vi => format!("{sign}{size} điểm %"),
        Lang::En => format!("{sign}{size} points"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_marked() {
        let of = |n: u32| count(Lang::Vi, n);
        assert_eq!((of(0), of(999), of(1_000)), ("0".into(), "999".into(), "1.000".into()));
        assert_eq!((of(1_234_567), count(Lang::En, 12_345_u32)), ("1.234.567".into(), "12,345".into()));
    }

    #[test]
    fn a_difference_has_its_sign_and_nothing_has_none() {
        let of = |n| signed(Lang::Vi, n);
        assert_eq!((of(1_234), of(-5), of(0)), ("+1.234".into(), "−5".into(), "0".into()));
        assert_eq!(points(Lang::Vi, Some(-2.345)), "−2,35 điểm %");
        assert_eq!(points(Lang::En, Some(0.5)), "+0.50 points");
        assert_eq!(
            (points(Lang::Vi, Some(-0.001)), points(Lang::Vi, None)),
            ("0,00 điểm %".into(), "—".into())
        );
    }

    #[test]
    fn a_ratio_of_nothing_is_a_dash() {
        assert_eq!(
            (percentage(Lang::Vi, Some(0.923_46)), percentage(Lang::En, None)),
            ("92,35\u{a0}%".into(), "—".into())
        );
    }
}
