//! Accounts: what a username and a password may be, and when wrong passwords lock the door.
//!
//! Sources: OWASP Password Storage and Authentication cheat sheets, NIST SP 800-63B (length before composition rules, a list of what is
//! guessed first), RFC 8265 (passwords compared in NFC, with one kind of blank). All cited from memory.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use icu_normalizer::ComposingNormalizerBorrowed;

use super::fold::fold;

/// The shortest username, in characters.
pub const USERNAME_SHORTEST: usize = 3;
/// The longest username, in characters.
pub const USERNAME_LONGEST: usize = 64;
/// The shortest password, in characters.
pub const PASSWORD_SHORTEST: usize = 10;
/// The longest password, in characters: room for a sentence, and no room for a body that keeps the hash busy.
pub const PASSWORD_LONGEST: usize = 128;
/// Bytes of a password that are looked at at all: no character takes more than 4, and a decomposed one not more than 3 of them.
const PASSWORD_BYTES: usize = PASSWORD_LONGEST * 12;
/// Fewer different characters than these make no password.
const DIFFERENT_CHARACTERS: usize = 5;
/// What is tried first at such a counter, as letters without marks.
const GUESSED_FIRST: [&str; 14] = [
    "password",
    "passwords",
    "matkhau",
    "matkhaumoi",
    "hentra",
    "administrator",
    "quantri",
    "quantrihethong",
    "motcua",
    "hanhchinhcong",
    "congchuc",
    "vietnam",
    "qwertyuiop",
    "iloveyou",
];
/// After so long without a failure, an account's failures are forgotten.
const FORGOTTEN_AFTER: TimeDelta = TimeDelta::hours(24);

/// Why a username or a password is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AccountFault {
    /// Nothing is there.
    #[error("empty")]
    Empty,
    /// Shorter than [`USERNAME_SHORTEST`] or [`PASSWORD_SHORTEST`].
    #[error("too short")]
    TooShort,
    /// Longer than [`USERNAME_LONGEST`] or [`PASSWORD_LONGEST`].
    #[error("too long")]
    TooLong,
    /// Characters that it cannot have.
    #[error("bad characters")]
    BadCharacters,
    /// A password that would be guessed.
    #[error("guessable")]
    Guessable,
}

/// A name to sign in by: Latin letters with or without Vietnamese marks (one at least), digits, and `. _ - @` within. No other alphabet, so that none looks
/// like another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Username {
    text: String,
    key: String,
}

impl Username {
    /// Reads a username; kept composed (NFC), in the case in which it was written.
    ///
    /// # Errors
    /// [`AccountFault`], never [`AccountFault::Guessable`].
    pub fn parse(text: &str) -> Result<Username, AccountFault> {
        if text.trim().is_empty() {
            return Err(AccountFault::Empty);
        }
        if text.len() > USERNAME_LONGEST * 12 {
            return Err(AccountFault::TooLong);
        }
        let text = composed(text);
        let key = fold(&text);
        let letters = text.chars().count();
        if letters > USERNAME_LONGEST {
            return Err(AccountFault::TooLong);
        }
        let edge = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_alphanumeric());
        let inner = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '_' | '-' | '@');
        let whole = key.chars().count() == letters && key.chars().all(inner);
        // Digits alone are the keys that users are listed by.
        let named = key.chars().any(char::is_alphabetic);
        if !whole || !named || !edge(key.chars().next()) || !edge(key.chars().next_back()) {
            return Err(AccountFault::BadCharacters);
        }
        if letters < USERNAME_SHORTEST {
            return Err(AccountFault::TooShort);
        }
        Ok(Username { text, key })
    }

    /// As it is shown.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// As it is compared: without case or marks, so that `Hòa` and `hoa` are one name, taken or typed.
    pub fn key(&self) -> &str {
        &self.key
    }
}

/// A password in clear, for as long as it takes to hash it; nothing shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(***)")
    }
}

impl Password {
    /// A password as somebody types it to sign in: composed (NFC) with plain blanks, for the same keys give other bytes on another machine.
    ///
    /// # Errors
    /// [`AccountFault::Empty`], [`AccountFault::TooLong`], and [`AccountFault::BadCharacters`] for control characters.
    pub fn typed(text: &str) -> Result<Password, AccountFault> {
        if text.is_empty() {
            return Err(AccountFault::Empty);
        }
        if text.len() > PASSWORD_BYTES {
            return Err(AccountFault::TooLong);
        }
        let blank = |letter: char| if letter.is_whitespace() && !letter.is_control() { ' ' } else { letter };
        let text: String = composed(text).chars().map(blank).collect();
        if text.chars().count() > PASSWORD_LONGEST {
            return Err(AccountFault::TooLong);
        }
        if text.chars().any(char::is_control) {
            return Err(AccountFault::BadCharacters);
        }
        Ok(Password(text))
    }

    /// A password as somebody chooses it; `about` are the account's own names, which are guessed first.
    ///
    /// # Errors
    /// [`AccountFault`].
    pub fn chosen(text: &str, about: &[&str]) -> Result<Password, AccountFault> {
        let password = Password::typed(text)?;
        if password.0.trim().is_empty() {
            return Err(AccountFault::Empty);
        }
        if password.0.chars().count() < PASSWORD_SHORTEST {
            return Err(AccountFault::TooShort);
        }
        if password.is_guessable(about) { Err(AccountFault::Guessable) } else { Ok(password) }
    }

    /// The clear text, for the hash alone.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    fn is_guessable(&self, about: &[&str]) -> bool {
        let folded = fold(&self.0);
        let different: BTreeSet<char> = folded.chars().collect();
        // Numbers alone are telephones, identity cards and birthdays.
        let letters = letters_of(&folded);
        different.len() < DIFFERENT_CHARACTERS
            || letters.is_empty()
            || is_run(&folded)
            || GUESSED_FIRST.contains(&letters.as_str())
            || about.iter().any(|name| letters == letters_of(&fold(name)))
    }
}

/// What is left of a text without digits, blanks and signs: `Lan.Nguyen2026!` is `lannguyen` with what everybody adds.
fn letters_of(folded: &str) -> String {
    folded.chars().filter(|letter| letter.is_alphabetic()).collect()
}

/// Whether each character follows the one before it: `abcdefghij`, `9876543210`.
fn is_run(text: &str) -> bool {
    let codes: Vec<i64> = text.chars().map(|letter| i64::from(u32::from(letter))).collect();
    let steps: BTreeSet<i64> = codes.iter().zip(codes.iter().skip(1)).map(|(one, next)| next - one).collect();
    matches!(steps.iter().next(), Some(-1..=1)) && steps.len() == 1
}

fn composed(text: &str) -> String {
    ComposingNormalizerBorrowed::new_nfc().normalize(text).into_owned()
}

/// When wrong passwords lock an account, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lockout {
    /// The failure that locks; the ones before it are free.
    pub attempts: u32,
    /// How long the first lock lasts; each failure after it doubles the time.
    pub first: TimeDelta,
    /// No lock lasts longer.
    pub longest: TimeDelta,
}

impl Lockout {
    /// How many failures an account has after one more at `now`: those before are forgotten after a day without one.
    pub fn failures(before: u32, last: Option<DateTime<Utc>>, now: DateTime<Utc>) -> u32 {
        let forgotten = last.is_none_or(|last| now - last >= FORGOTTEN_AFTER);
        if forgotten { 1 } else { before.saturating_add(1) }
    }

    /// Until when the account is locked after so many failures, the last of them at `now`; `None` while it is open.
    pub fn until(&self, failures: u32, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let doublings = failures.checked_sub(self.attempts)?;
        let factor = 1_i32.checked_shl(doublings.min(30)).unwrap_or(i32::MAX);
        let lasts = self.first.checked_mul(factor).unwrap_or(self.longest).min(self.longest);
        now.checked_add_signed(lasts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usernames_are_latin_and_the_same_without_case_or_marks() {
        let name = Username::parse("Hòa.Nguyễn-2@x").unwrap();
        assert_eq!((name.as_str(), name.key()), ("Hòa.Nguyễn-2@x", "hoa.nguyen-2@x"));
        assert_eq!(Username::parse("Ho\u{300}a").unwrap(), Username::parse("Hòa").unwrap());
        for (text, fault) in [
            ("", AccountFault::Empty),
            (" \t", AccountFault::Empty),
            ("la", AccountFault::TooShort),
            (&"a".repeat(65), AccountFault::TooLong),
            (&"a".repeat(10_000), AccountFault::TooLong),
            ("lan nguyen", AccountFault::BadCharacters),
            (" lan", AccountFault::BadCharacters),
            ("lan\u{0}x", AccountFault::BadCharacters),
            ("lan\u{202E}nal", AccountFault::BadCharacters),
            ("lаn.cyrillic", AccountFault::BadCharacters),
            ("שלום", AccountFault::BadCharacters),
            (".lan", AccountFault::BadCharacters),
            ("12345", AccountFault::BadCharacters),
            ("lan@", AccountFault::BadCharacters),
            ("lan/nguyen", AccountFault::BadCharacters),
            ("lan\u{200B}nguyen", AccountFault::BadCharacters),
        ] {
            assert_eq!(Username::parse(text), Err(fault), "{text:?}");
        }
    }

    #[test]
    fn passwords_are_long_enough_not_too_long_and_not_the_first_guess() {
        let about = ["lan.nguyen", "Nguyễn Thị Lan"];
        let chosen = |text: &str| Password::chosen(text, &about);
        for good in ["mưa rào tháng bảy", "Tr0ng-veo-nuoc", "🐟🐠🐡🦈🐙 ca map", &"ab cd ef gh ".repeat(10)]
        {
            assert!(chosen(good).is_ok(), "{good}");
        }
        for (text, fault) in [
            ("", AccountFault::Empty),
            ("          ", AccountFault::Empty),
            ("chín ký t", AccountFault::TooShort),
            (&"mưa rào ".repeat(17), AccountFault::TooLong),
            (&"x".repeat(2_000_000), AccountFault::TooLong),
            ("mưa rào\u{0} tháng", AccountFault::BadCharacters),
            ("mưa rào\n tháng", AccountFault::BadCharacters),
            ("Lan.Nguyen2026!", AccountFault::Guessable),
            ("NGUYENTHILAN 1990", AccountFault::Guessable),
            ("MatKhau@123456", AccountFault::Guessable),
            ("0912345678", AccountFault::Guessable),
            ("abcdefghijkl", AccountFault::Guessable),
            ("aaaaaaaaaaaa", AccountFault::Guessable),
            ("abababababab", AccountFault::Guessable),
        ] {
            assert_eq!(chosen(text), Err(fault), "{text:?}");
        }
    }

    #[test]
    fn a_password_is_the_same_from_every_keyboard_and_shown_by_none() {
        let composed = Password::typed("mưa rào tháng bảy").unwrap();
        assert_eq!(Password::typed("mu\u{31B}a ra\u{300}o tha\u{301}ng ba\u{309}y").unwrap(), composed);
        assert_eq!(Password::typed("mưa\u{A0}rào tháng\u{3000}bảy").unwrap(), composed);
        assert_ne!(Password::typed("mua rao thang bay").unwrap(), composed);
        assert_eq!(format!("{composed:?}"), "Password(***)");
    }

    #[test]
    fn locks_begin_with_the_fifth_failure_double_and_have_an_end() {
        let rule = Lockout { attempts: 5, first: TimeDelta::minutes(1), longest: TimeDelta::minutes(60) };
        let now = DateTime::UNIX_EPOCH;
        let minutes = |failures| rule.until(failures, now).map(|until| (until - now).num_minutes());
        assert_eq!(
            [1, 4, 5, 6, 7, 10, 11, 12, u32::MAX].map(minutes),
            [None, None, Some(1), Some(2), Some(4), Some(32), Some(60), Some(60), Some(60)]
        );
        let after = |hours| Lockout::failures(7, Some(now), now + TimeDelta::hours(hours));
        assert_eq!((Lockout::failures(0, None, now), after(23), after(24)), (1, 8, 1));
    }
}
