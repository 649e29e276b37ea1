//! SPDX licence expressions, as far as crates use them: `OR`, `AND`, `WITH`, parentheses, and the old `/` for `OR`.

/// Whether allowed licences satisfy the expression; nothing when it can't be read.
///
/// An exception belongs to its licence: `Apache-2.0 WITH LLVM-exception` is asked for as a whole.
pub(super) fn holds(text: &str, allowed: &dyn Fn(&str) -> bool) -> Option<bool> {
    let spaced = ["(", ")", "/"].iter().fold(text.to_owned(), |text, mark| {
        text.replace(mark, &format!(" {mark} "))
    });
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader {
        words: &words,
        allowed,
    };
    let answer = reader.either()?;
    reader.words.is_empty().then_some(answer)
}

struct Reader<'a> {
    words: &'a [&'a str],
    allowed: &'a dyn Fn(&str) -> bool,
}

impl<'a> Reader<'a> {
    fn either(&mut self) -> Option<bool> {
        let mut answer = self.both()?;
        while self.take(&["OR", "/"]) {
            answer |= self.both()?;
        }
        Some(answer)
    }

    fn both(&mut self) -> Option<bool> {
        let mut answer = self.term()?;
        while self.take(&["AND"]) {
            answer &= self.term()?;
        }
        Some(answer)
    }

    fn term(&mut self) -> Option<bool> {
        match self.word()? {
            "(" => {
                let answer = self.either()?;
                self.take(&[")"]).then_some(answer)
            }
            ")" | "OR" | "AND" | "WITH" | "/" => None,
            licence if self.take(&["WITH"]) => {
                let exception = self.word()?;
                Some((self.allowed)(&format!("{licence} WITH {exception}")))
            }
            licence => Some((self.allowed)(licence)),
        }
    }

    fn word(&mut self) -> Option<&'a str> {
        let (first, rest) = self.words.split_first()?;
        self.words = rest;
        Some(first)
    }

    /// Goes past the next word if it is one of these.
    fn take(&mut self, words: &[&str]) -> bool {
        let next = self.words.first().is_some_and(|word| words.contains(word));
        if next {
            self.words = self.words.get(1..).unwrap_or_default();
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Option<bool> {
        let allowed = ["MIT", "Unicode-3.0", "Apache-2.0 WITH LLVM-exception"];
        holds(text, &|licence| allowed.contains(&licence))
    }

    #[test]
    fn one_allowed_choice_is_enough_and_every_part_of_a_whole_is_needed() {
        assert_eq!(check("MIT OR Apache-2.0"), Some(true));
        assert_eq!(check("MIT/Apache-2.0"), Some(true));
        assert_eq!(check("MIT AND OpenSSL"), Some(false));
        assert_eq!(check("(GPL-2.0-only OR MIT) AND Unicode-3.0"), Some(true));
        assert_eq!(check("GPL-2.0-only OR MIT AND OpenSSL"), Some(false));
    }

    #[test]
    fn an_exception_is_part_of_the_licence() {
        assert_eq!(check("Apache-2.0 WITH LLVM-exception"), Some(true));
        assert_eq!(check("MIT WITH LLVM-exception"), Some(false));
    }

    #[test]
    fn what_is_no_expression_is_not_guessed_at() {
        for text in ["", "MIT OR", "(MIT", "MIT Apache-2.0", "AND MIT"] {
            assert_eq!(check(text), None, "{text}");
        }
    }
}
