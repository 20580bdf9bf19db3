//! Shares in words and as the length of a bar; of nothing there is none.

use super::Lang;
use crate::domain::statistics::Rate;

/// "39/41 = 95,1 %"; "—" of nothing.
pub(crate) fn share(lang: Lang, of: Rate) -> String {
    percent(lang, of)
        .map_or_else(|| "—".to_owned(), |percent| format!("{}/{} = {percent}", of.numerator, of.denominator))
}

/// The share in percent with one decimal, reckoned in whole numbers; `None` of nothing. Rounding makes neither all of what is less than all, nor
/// nothing of what is more than nothing.
pub(crate) fn percent(lang: Lang, of: Rate) -> Option<String> {
    let (numerator, denominator) = (u64::from(of.numerator), u64::from(of.denominator));
    let rounded = (numerator * 2_000 + denominator).checked_div(denominator * 2)?;
    let sign = match lang {
        Lang::Vi => "\u{a0}%",
        Lang::En => "%",
    };
    if numerator == 0 {
        return Some(format!("0{sign}"));
    }
    if numerator >= denominator {
        return Some(format!("100{sign}"));
    }
    let tenths = rounded.clamp(1, 999);
    let point = match lang {
        Lang::Vi => ',',
        Lang::En => '.',
    };
    Some(format!("{}{point}{}{sign}", tenths / 10, tenths % 10))
}

/// The hundredths of a bar that a share fills; `None` of nothing. As [`percent`], all is only what is all, and something is at least a hundredth.
pub(crate) fn hundredths(of: Rate) -> Option<u32> {
    let (numerator, denominator) = (u64::from(of.numerator), u64::from(of.denominator));
    let rounded = (numerator * 200 + denominator).checked_div(denominator * 2)?;
    let bounded = match numerator {
        0 => 0,
        some if some >= denominator => 100,
        _ => rounded.clamp(1, 99),
    };
    u32::try_from(bounded).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_never_all_of_nothing_nor_rounded_to_all() {
        let told = |numerator, denominator| {
            let of = Rate { numerator, denominator };
            (share(Lang::Vi, of).replace('\u{a0}', " "), share(Lang::En, of))
        };
        let expected = |vi: &str, en: &str| (vi.to_owned(), en.to_owned());
        assert_eq!(told(0, 0), expected("—", "—"));
        assert_eq!(told(39, 41), expected("39/41 = 95,1 %", "39/41 = 95.1%"));
        assert_eq!(told(41, 41), expected("41/41 = 100 %", "41/41 = 100%"));
        assert_eq!(told(0, 5), expected("0/5 = 0 %", "0/5 = 0%"));
        assert_eq!(told(1, 2), expected("1/2 = 50,0 %", "1/2 = 50.0%"));
        assert_eq!(told(9_999, 10_000), expected("9999/10000 = 99,9 %", "9999/10000 = 99.9%"));
        assert_eq!(told(1, 10_000), expected("1/10000 = 0,1 %", "1/10000 = 0.1%"));
        // Vĩnh Phúc, September 2021, as published: 4 157 of 4 169 in time, 99.71 %.
        assert_eq!(told(4_157, 4_169), expected("4157/4169 = 99,7 %", "4157/4169 = 99.7%"));
    }

    #[test]
    fn a_bar_is_full_only_of_all_and_empty_only_of_nothing() {
        let filled = |numerator, denominator| hundredths(Rate { numerator, denominator });
        assert_eq!(filled(0, 0), None);
        assert_eq!((filled(0, 7), filled(7, 7)), (Some(0), Some(100)));
        assert_eq!((filled(39, 41), filled(9_999, 10_000), filled(1, 10_000)), (Some(95), Some(99), Some(1)));
    }
}
