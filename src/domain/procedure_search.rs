//! Finding a procedure by a few typed letters: which ones fit, and how well. Diacritics, case and punctuation do not matter.
//!
//! What a unit takes often is no matter of letters; whoever lists the fits weighs it within each [`Fit`].

use super::fold::fold;
use super::procedure::Procedure;

/// Initials shorter than this would fit everywhere.
const FEWEST_INITIALS: usize = 3;

/// How well a procedure fits what was typed, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// The code begins so, with or without its number before the dot.
    Code,
    /// The words stand in the name as they were typed; the last one may be unfinished.
    Phrase,
    /// Each word begins a word of the name.
    Words,
    /// The letters are the first ones of words that follow each other ("ctbs": *chứng thực bản sao*).
    Initials,
    /// Each word stands somewhere in the name, the sector or the code.
    Letters,
}

/// What was typed, ready to be looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    words: Vec<String>,
    phrase: String,
}

impl Wanted {
    /// What stands in `text`.
    pub fn of(text: &str) -> Wanted {
        let words: Vec<String> =
            plain(text).split(' ').filter(|word| !word.is_empty()).map(Into::into).collect();
        Wanted { phrase: words.join(" "), words }
    }

    /// Whether nothing was typed that can be looked for.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

/// All procedures, ready to be searched.
#[derive(Debug, Default)]
pub struct ProcedureIndex {
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    code: String,
    plain_code: String,
    /// With a blank before each word, so that " ban" is where a word begins.
    name: String,
    initials: String,
    sector: String,
}

/// A procedure that fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit<'a> {
    /// Its code.
    pub code: &'a str,
    /// How well it fits.
    pub fit: Fit,
    /// Where in the name it fits; earlier is better.
    pub at: usize,
}

impl ProcedureIndex {
    /// The index of these procedures.
    pub fn of<'a>(procedures: impl Iterator<Item = &'a Procedure>) -> ProcedureIndex {
        ProcedureIndex { entries: procedures.map(Entry::of).collect() }
    }

    /// Those that fit, in no order; none when nothing was typed.
    pub fn hits<'a>(&'a self, wanted: &'a Wanted) -> impl Iterator<Item = Hit<'a>> {
        self.entries.iter().filter_map(move |entry| {
            let (fit, at) = entry.fit(wanted)?;
            Some(Hit { code: &entry.code, fit, at })
        })
    }
}

impl Entry {
    fn of(procedure: &Procedure) -> Entry {
        // A dot within a name ends a word, within a code it does not.
        let name = plain(&procedure.name).replace('.', " ");
        let words = name.split(' ').filter(|word| !word.is_empty());
        let initials = words.clone().filter_map(|word| word.chars().next()).collect();
        let name = words.fold(String::new(), |name, word| format!("{name} {word}"));
        let (plain_code, sector) = (fold(&procedure.code), plain(&procedure.sector));
        Entry { code: procedure.code.clone(), plain_code, name, initials, sector }
    }

    fn fit(&self, wanted: &Wanted) -> Option<(Fit, usize)> {
        let phrase = wanted.phrase.as_str();
        let number = self.plain_code.split_once('.').map_or("", |(_, number)| number);
        let first = wanted.words.first()?;
        let alone = wanted.words.len() == 1;
        if alone && first.contains(|letter: char| letter.is_ascii_digit()) {
            let begins = self.plain_code.starts_with(phrase) || number.starts_with(phrase);
            if begins {
                return Some((Fit::Code, 0));
            }
        }
        let begins = |word: &str| self.name.match_indices(word).find(|(at, _)| self.begins_word(*at));
        if let Some((at, _)) = begins(phrase) {
            return Some((Fit::Phrase, at));
        }
        if wanted.words.iter().all(|word| begins(word).is_some()) {
            return Some((Fit::Words, begins(first).map_or(0, |(at, _)| at)));
        }
        let initials =
            (alone && first.len() >= FEWEST_INITIALS).then(|| self.initials.find(phrase)).flatten();
        if let Some(at) = initials {
            return Some((Fit::Initials, at));
        }
        let holds = |word: &String| {
            [&self.name, &self.sector, &self.plain_code].iter().any(|of| of.contains(word.as_str()))
        };
        wanted.words.iter().all(holds).then_some((Fit::Letters, 0))
    }

    fn begins_word(&self, at: usize) -> bool {
        self.name.get(..at).is_some_and(|before| before.ends_with(' '))
    }
}

/// The folded text, whatever is neither letter nor digit as a blank; the dots of codes stay.
fn plain(text: &str) -> String {
    fold(text)
        .chars()
        .map(|letter| if letter.is_alphanumeric() || letter == '.' { letter } else { ' ' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> ProcedureIndex {
        let of = |code: &str, name: &str, sector: &str| Procedure {
            code: code.into(),
            name: name.into(),
            sector: sector.into(),
            limits: Vec::new(),
        };
        let all = [
            of("2.000815", "Chứng thực bản sao từ bản chính giấy tờ, văn bản", "Chứng thực"),
            of("2.000942", "Cấp bản sao có chứng thực từ bản chính giao dịch", "Chứng thực"),
            of("1.001193", "Đăng ký khai sinh", "Hộ tịch"),
            of("1.000656", "Đăng ký khai tử", "Hộ tịch"),
            of("1.013239", "Thẩm định thiết kế/Báo cáo nghiên cứu", "Xây dựng"),
        ];
        ProcedureIndex::of(all.iter())
    }

    fn found(text: &str) -> Vec<(String, Fit)> {
        let (index, wanted) = (index(), Wanted::of(text));
        let mut hits: Vec<Hit<'_>> = index.hits(&wanted).collect();
        hits.sort_by_key(|hit| (hit.fit, hit.at));
        hits.into_iter().map(|hit| (hit.code.to_owned(), hit.fit)).collect()
    }

    fn of(code: &str, fit: Fit) -> (String, Fit) {
        (code.to_owned(), fit)
    }

    #[test]
    fn words_as_typed_come_before_words_in_another_order() {
        let expected = [of("2.000815", Fit::Phrase), of("2.000942", Fit::Words)];
        assert_eq!(found("chung thuc ban sao"), expected);
        assert_eq!(found("  CHỨNG   thực, bản sao "), expected);
        let other_order = [of("2.000942", Fit::Words), of("2.000815", Fit::Words)];
        assert_eq!(found("sao bản chứng"), other_order, "the first word stands earlier in the one");
    }

    #[test]
    fn an_unfinished_word_fits_where_a_word_begins() {
        assert_eq!(found("khai si"), [of("1.001193", Fit::Phrase)]);
        assert_eq!(found("bao cao"), [of("1.013239", Fit::Phrase)], "a stroke parts words");
        let within = found("inh");
        assert!(
            within.contains(&of("1.001193", Fit::Letters))
                && within.iter().all(|(_, fit)| *fit == Fit::Letters)
        );
    }

    #[test]
    fn codes_initials_and_sectors_are_found() {
        assert_eq!(found("2.000815"), [of("2.000815", Fit::Code)]);
        assert_eq!(found("000942"), [of("2.000942", Fit::Code)]);
        assert_eq!(found("ctbs"), [of("2.000815", Fit::Initials)]);
        assert_eq!(found("hộ tịch tử"), [of("1.000656", Fit::Letters)]);
    }

    #[test]
    fn nothing_typed_finds_nothing() {
        assert!(Wanted::of(" ,;% ").is_empty() && found(" ,;% ").is_empty());
        assert!(found("khai thác biển").is_empty());
    }
}
