//! Cutting a long body into its elements as it arrives: those of a JSON array, or one a line. Nothing is kept but the element being read.
//!
//! It knows strings, escapes and depth, and no more of JSON: whether an element is sound is for those who read it
//! ([`super::incoming`]). Depth is counted, never descended into, so that no nesting can exhaust the stack.

/// The longest element, in bytes; a longer one is passed over, and its neighbours are unharmed.
pub(super) const LONGEST: usize = 64 * 1024;

/// What some programs put before UTF-8; it is passed over.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// How elements stand in a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Within one JSON array.
    Array,
    /// One a line; empty lines count for nothing.
    Lines,
}

/// A place in a body; columns count bytes, as serde's do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// From 1.
    pub(super) line: usize,
    /// From 1.
    pub(super) column: usize,
}

impl Place {
    /// The place that is `other` when this is counted as the first of all.
    pub(super) fn then(self, other: Place) -> Place {
        if other.line <= 1 {
            Place { line: self.line, column: (self.column + other.column).saturating_sub(1) }
        } else {
            Place { line: self.line + other.line - 1, column: other.column }
        }
    }
}

/// One element of a body.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Element {
    /// Where it begins.
    pub(super) place: Place,
    /// Its bytes, without the blanks around them; nothing when they are more than [`LONGEST`].
    pub(super) bytes: Option<Vec<u8>>,
}

/// Why a body has no further elements.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Broken {
    /// It is no array.
    NoArray,
    /// Something other than what an array is made of stands here, or nothing.
    At(Place),
}

/// What is expected, or being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The array's bracket, or the first line.
    Start,
    /// The first element, or the closing bracket.
    First,
    /// An element.
    Next,
    /// The rest of an element.
    Within,
    /// Nothing more.
    End,
}

/// Cuts one body; it is fed chunk by chunk, wherever the chunks may end.
#[derive(Debug)]
pub(super) struct Splitter {
    form: Form,
    stage: Stage,
    /// Of the byte to come.
    place: Place,
    /// How much of the byte-order mark has been seen.
    mark: usize,
    depth: usize,
    in_string: bool,
    escaped: bool,
    began: Place,
    kept: Vec<u8>,
    too_long: bool,
}

impl Splitter {
    pub(super) fn new(form: Form) -> Splitter {
        let place = Place { line: 1, column: 1 };
        Splitter {
            form,
            stage: Stage::Start,
            place,
            mark: 0,
            depth: 0,
            in_string: false,
            escaped: false,
            began: place,
            kept: Vec::new(),
            too_long: false,
        }
    }

    /// The next element that ends within `chunk`, which then begins behind it; nothing when the chunk is used up.
    ///
    /// # Errors
    /// [`Broken`], after which there is no going on.
    pub(super) fn next(&mut self, chunk: &mut &[u8]) -> Result<Option<Element>, Broken> {
        while let Some((&byte, rest)) = chunk.split_first() {
            *chunk = rest;
            let place = self.place;
            self.place = if byte == b'\n' {
                Place { line: place.line + 1, column: 1 }
            } else {
                Place { column: place.column + 1, ..place }
            };
            if self.marks(byte) {
                continue;
            }
            let element = match self.form {
                Form::Array => self.in_array(byte, place)?,
                Form::Lines => self.in_lines(byte, place),
            };
            if element.is_some() {
                return Ok(element);
            }
        }
        Ok(None)
    }

    /// What is left when the body has ended.
    ///
    /// # Errors
    /// [`Broken`] when an array is not closed.
    pub(super) fn finish(&mut self) -> Result<Option<Element>, Broken> {
        match (self.form, self.stage) {
            (Form::Lines, Stage::Within) => Ok(Some(self.complete(Stage::End))),
            (Form::Lines, _) | (Form::Array, Stage::End) => Ok(None),
            (Form::Array, Stage::Start | Stage::First | Stage::Next | Stage::Within) => {
                Err(Broken::At(self.place))
            }
        }
    }

    /// Whether the byte belongs to the mark before all else.
    fn marks(&mut self, byte: u8) -> bool {
        let expected = BYTE_ORDER_MARK.get(self.mark).copied();
        let at_start = self.stage == Stage::Start && self.place.line == 1;
        let belongs = at_start && self.place.column == self.mark + 2 && expected == Some(byte);
        if belongs {
            self.mark += 1;
        }
        belongs
    }

    fn in_array(&mut self, byte: u8, place: Place) -> Result<Option<Element>, Broken> {
        let whole_mark = self.mark == 0 || self.mark == BYTE_ORDER_MARK.len();
        match (self.stage, byte) {
            (Stage::Within, _) => return Ok(self.within(byte)),
            (_, b' ' | b'\t' | b'\n' | b'\r') => {}
            (Stage::Start, b'[') if whole_mark => self.stage = Stage::First,
            (Stage::Start, _) => return Err(Broken::NoArray),
            (Stage::First, b']') => self.stage = Stage::End,
            (Stage::First | Stage::Next, b']' | b',') | (Stage::End, _) => return Err(Broken::At(place)),
            (Stage::First | Stage::Next, _) => {
                self.begin(place);
                return Ok(self.within(byte));
            }
        }
        Ok(None)
    }

    /// A byte of an array's element, or the one that ends it.
    fn within(&mut self, byte: u8) -> Option<Element> {
        if self.in_string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_string = false,
                _ => {}
            }
        } else {
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth += 1,
                b',' if self.depth == 0 => return Some(self.complete(Stage::Next)),
                b']' if self.depth == 0 => return Some(self.complete(Stage::End)),
                b'}' | b']' => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
        self.keep(byte);
        None
    }

    fn in_lines(&mut self, byte: u8, place: Place) -> Option<Element> {
        match (self.stage, byte) {
            (Stage::Within, b'\n') => return Some(self.complete(Stage::Next)),
            (Stage::Within, _) => self.keep(byte),
            (_, b' ' | b'\t' | b'\n' | b'\r') => {}
            (_, _) => {
                self.begin(place);
                self.keep(byte);
            }
        }
        None
    }

    fn begin(&mut self, place: Place) {
        self.stage = Stage::Within;
        self.began = place;
        // A mark that broke off is a part of what stands there.
        if self.mark < BYTE_ORDER_MARK.len() {
            let broken_off = BYTE_ORDER_MARK.get(..self.mark).unwrap_or_default();
            self.kept.extend_from_slice(broken_off);
            self.mark = BYTE_ORDER_MARK.len();
        }
    }

    fn keep(&mut self, byte: u8) {
        if self.kept.len() < LONGEST && !self.too_long {
            self.kept.push(byte);
        } else {
            self.too_long = true;
            self.kept = Vec::new();
        }
    }

    fn complete(&mut self, then: Stage) -> Element {
        self.stage = then;
        let mut bytes = std::mem::take(&mut self.kept);
        while bytes.last().is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')) {
            bytes.pop();
        }
        let too_long = std::mem::take(&mut self.too_long);
        Element { place: self.began, bytes: (!too_long).then_some(bytes) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    /// The elements of `body`, fed in chunks that end at `ends`, and whether it broke.
    fn cut(form: Form, body: &[u8], ends: &[usize]) -> (Vec<Element>, Option<Broken>) {
        let mut splitter = Splitter::new(form);
        let mut found = Vec::new();
        let mut ends: Vec<usize> = ends.iter().map(|end| end % (body.len() + 1)).collect();
        ends.extend([0, body.len()]);
        ends.sort_unstable();
        for pair in ends.windows(2) {
            let mut chunk = &body[pair[0]..pair[1]];
            loop {
                match splitter.next(&mut chunk) {
                    Ok(Some(element)) => found.push(element),
                    Ok(None) => break,
                    Err(broken) => return (found, Some(broken)),
                }
            }
        }
        match splitter.finish() {
            Ok(last) => {
                found.extend(last);
                (found, None)
            }
            Err(broken) => (found, Some(broken)),
        }
    }

    fn texts(form: Form, body: &str) -> Vec<String> {
        let (found, broken) = cut(form, body.as_bytes(), &[]);
        assert_eq!(broken, None, "{body}");
        found.into_iter().map(|of| String::from_utf8(of.bytes.unwrap()).unwrap()).collect()
    }

    #[test]
    fn strings_escapes_and_depth_are_known() {
        assert_eq!(texts(Form::Array, " [ ] \n"), Vec::<String>::new());
        assert_eq!(texts(Form::Array, "[1]"), ["1"]);
        let body = r#"[ "a,]" , "\\" ,"\"]", {"x":[1,{"y":"}"}]} , [[],[2]],null ]"#;
        let expected = [r#""a,]""#, r#""\\""#, r#""\"]""#, r#"{"x":[1,{"y":"}"}]}"#, "[[],[2]]", "null"];
        assert_eq!(texts(Form::Array, body), expected);
        assert_eq!(texts(Form::Lines, "\n 1 \r\n\r\n\t{\"a\": [2,\n3]}"), ["1", "{\"a\": [2,", "3]}"]);
    }

    #[test]
    fn a_byte_order_mark_is_passed_over_only_where_it_belongs() {
        assert_eq!(texts(Form::Array, "\u{FEFF}[1]"), ["1"]);
        assert_eq!(texts(Form::Lines, "\u{FEFF}1\n2"), ["1", "2"]);
        assert_eq!(texts(Form::Lines, "1\n\u{FEFF}2"), ["1", "\u{FEFF}2"]);
        assert_eq!(cut(Form::Array, b"\xEF[1]", &[]).1, Some(Broken::NoArray));
        assert_eq!(cut(Form::Lines, b"\xEF\xBB1", &[1]).0[0].bytes.as_deref(), Some(&b"\xEF\xBB1"[..]));
    }

    #[test]
    fn what_is_no_array_breaks_where_it_ceases_to_be() {
        let at = |line, column| Some(Broken::At(Place { line, column }));
        for (body, broken) in [
            ("", at(1, 1)),
            ("{}", Some(Broken::NoArray)),
            ("7", Some(Broken::NoArray)),
            ("[", at(1, 2)),
            ("[,1]", at(1, 2)),
            ("[1,]", at(1, 4)),
            ("[1,,2]", at(1, 4)),
            ("[1]\n ]", at(2, 2)),
            ("[] []", at(1, 4)),
            ("[1,\n{\"a\":[", at(2, 7)),
            ("[\"a]", at(1, 5)),
            ("[]\0", at(1, 3)),
        ] {
            assert_eq!(cut(Form::Array, body.as_bytes(), &[]).1, broken, "{body}");
        }
    }

    #[test]
    fn a_long_element_is_passed_over_and_its_neighbours_are_unharmed() {
        for (form, before, between, after) in [(Form::Array, "[", ",", "]"), (Form::Lines, "", "\n", "\n")] {
            for (length, kept) in [(LONGEST, true), (LONGEST + 1, false), (3 * LONGEST, false)] {
                let long = format!("\"{}\"", "a".repeat(length - 2));
                let body = format!("{before}1{between}{long}{between}2{after}");
                let (found, broken) = cut(form, body.as_bytes(), &[LONGEST]);
                assert_eq!(broken, None);
                let sizes: Vec<Option<usize>> =
                    found.iter().map(|of| of.bytes.as_ref().map(Vec::len)).collect();
                assert_eq!(sizes, [Some(1), kept.then_some(length), Some(1)]);
            }
        }
        let nested = format!("[1,{}{},2]", "[".repeat(200_000), "]".repeat(200_000));
        let (found, broken) = cut(Form::Array, nested.as_bytes(), &[]);
        assert_eq!((found.len(), broken), (3, None));
    }

    #[test]
    fn a_fault_in_an_element_is_placed_in_the_whole() {
        let place = Place { line: 3, column: 5 };
        assert_eq!(place.then(Place { line: 1, column: 1 }), place);
        assert_eq!(place.then(Place { line: 1, column: 4 }), Place { line: 3, column: 8 });
        assert_eq!(place.then(Place { line: 2, column: 4 }), Place { line: 4, column: 4 });
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "[\\[\\]{}\",:\\\\ \nĐa\u{1F600}]{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec(("[a\"\\\\,{\\]]{0,3}", inner), 0..4)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    /// What all sound elements say; `None` as soon as one is not sound.
    fn read(found: &[Element]) -> Option<Vec<Value>> {
        found.iter().map(|of| serde_json::from_slice(of.bytes.as_deref()?).ok()).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_chunking_gives_the_elements_that_serde_sees(
            values in prop::collection::vec(any_json(), 0..6),
            pretty in any::<bool>(),
            ends in prop::collection::vec(any::<usize>(), 0..12),
        ) {
            let whole = json!(values);
            let text = if pretty { serde_json::to_string_pretty(&whole) } else { serde_json::to_string(&whole) }.unwrap();
            let (found, broken) = cut(Form::Array, text.as_bytes(), &ends);
            prop_assert_eq!(broken, None);
            prop_assert_eq!(read(&found), Some(values.clone()));
            let lines: String = values.iter().map(|of| format!("{of}\r\n")).collect();
            let (found, broken) = cut(Form::Lines, lines.as_bytes(), &ends);
            prop_assert_eq!(broken, None);
            prop_assert_eq!(read(&found), Some(values));
        }

        #[test]
        fn what_serde_refuses_is_never_taken_for_sound(
            values in prop::collection::vec(any_json(), 0..5),
            wounds in prop::collection::vec((any::<usize>(), prop::sample::select(b"[]{},\":\\ 1\xFF\0\n".to_vec()), any::<bool>()), 1..4),
            ends in prop::collection::vec(any::<usize>(), 0..6),
        ) {
            let mut body = json!(values).to_string().into_bytes();
            for (at, byte, instead) in wounds {
                let at = at % body.len();
                if instead { body[at] = byte } else { body.insert(at, byte) }
            }
            let (found, broken) = cut(Form::Array, &body, &ends);
            let ours = if broken.is_none() { read(&found) } else { None };
            prop_assert_eq!(ours, serde_json::from_slice::<Vec<Value>>(&body).ok());
            prop_assert_eq!((found, broken), cut(Form::Array, &body, &[]));
        }
    }
}
