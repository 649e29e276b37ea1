//! The kernel, the contract, the SDK and the plugins name no place and no local mechanism: those are data under `examples/`.

mod names;

use std::collections::BTreeSet;

use anyhow::{Context, Result};

use super::tree::{File, Finding, Tree};
use names::{CARDS, MECHANISMS, PINYIN_ANYWHERE, PINYIN_WORDS};

const DIVISIONS: &str = "examples/divisions/divisions.csv";

/// The five places the examples are about, as the divisions' table codes them.
const PLACES: [&str; 5] = ["440608", "131000", "440300", "140581", "620982"];

/// Longer words in which a short name stands by accident: 提高平台 is no visit to a city.
const ACCIDENTS: [&str; 6] = ["提高明", "提高平", "最高平", "更高平", "较高平", "较高明"];

/// What must not be named, derived from the table of divisions.
#[derive(Debug, Default)]
struct Forbidden {
    /// Chinese names, long and, for the places themselves and what they belong to, short.
    names: BTreeSet<String>,
    /// The first six digits of a county's or prefecture's code.
    prefixes: BTreeSet<String>,
    /// Twelve digits of a province's code: its first six are too round a number to forbid.
    provinces: BTreeSet<String>,
}

pub(super) fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let table = tree
        .file(DIVISIONS)
        .with_context(|| format!("{DIVISIONS} is missing, so places can't be told"))?;
    let forbidden = Forbidden::read(&table.text);
    Ok(tree
        .files
        .iter()
        .filter(|file| is_free_of_places(&file.path))
        .flat_map(|file| check_file(file, &forbidden))
        .collect())
}

fn is_free_of_places(path: &str) -> bool {
    ["kernel/", "wit/", "sdk/", "plugins/"]
        .iter()
        .any(|folder| path.starts_with(folder))
}

fn check_file(file: &File, forbidden: &Forbidden) -> Vec<Finding> {
    let kernel = file.path.starts_with("kernel/") || file.path.starts_with("wit/");
    std::iter::once((0, file.path.as_str()))
        .chain(file.lines())
        .filter_map(|(number, line)| {
            let word = forbidden
                .named_in(line)
                .or_else(|| word_in(line, CARDS))
                .or_else(|| kernel.then(|| word_in(line, MECHANISMS))?)?;
            let what = format!("“{word}” is local: make it data under examples/");
            Some(file.finding(number, what))
        })
        .collect()
}

impl Forbidden {
    fn read(table: &str) -> Self {
        let mut forbidden = Self::default();
        for row in table.lines().skip(1) {
            let mut cells = row.split(',');
            let (Some(code), Some(name), Some(level)) = (cells.next(), cells.next(), cells.next())
            else {
                continue;
            };
            let Some(prefix) = code.get(..6) else {
                continue;
            };
            if !matches!(level, "province" | "prefecture" | "county") {
                continue;
            }
            forbidden.names.insert(name.to_owned());
            if level == "province" {
                forbidden.provinces.insert(code.to_owned());
            } else {
                forbidden.prefixes.insert(prefix.to_owned());
            }
            // A county's short name may be an ordinary word (光明, 大城); that of a place itself or above it is not.
            if level != "county" || PLACES.contains(&prefix) {
                let short = name.trim_end_matches(['省', '市', '区', '县']);
                forbidden.names.insert(short.to_owned());
            }
        }
        forbidden
    }

    fn named_in(&self, line: &str) -> Option<String> {
        let plain = ACCIDENTS
            .iter()
            .fold(line.to_owned(), |line, accident| line.replace(accident, ""));
        self.names
            .iter()
            .find(|name| plain.contains(name.as_str()))
            .cloned()
            .or_else(|| self.code_in(line))
            .or_else(|| pinyin_in(line))
    }

    /// A division's code: 6, 9, 12 or 15 digits that belong to one of the places, and are no part of a digest.
    fn code_in(&self, line: &str) -> Option<String> {
        line.split(|character: char| !character.is_ascii_alphanumeric())
            .filter(|word| !is_digest(word))
            .flat_map(|word| word.split(|character: char| !character.is_ascii_digit()))
            .find(|digits| {
                let prefix = digits.get(..6).unwrap_or_default();
                matches!(digits.len(), 6 | 9 | 12 | 15) && self.prefixes.contains(prefix)
                    || self.provinces.contains(*digits)
            })
            .map(str::to_owned)
    }
}

fn is_digest(word: &str) -> bool {
    word.len() >= 16
        && word.chars().all(|character| character.is_ascii_hexdigit())
        && word
            .chars()
            .any(|character| character.is_ascii_alphabetic())
}

fn pinyin_in(line: &str) -> Option<String> {
    let line = line.to_ascii_lowercase();
    let anywhere = PINYIN_ANYWHERE.iter().find(|name| line.contains(*name));
    let as_word = || {
        line.split(|character: char| !character.is_ascii_alphabetic())
            .find(|word| PINYIN_WORDS.contains(word))
    };
    anywhere.copied().or_else(as_word).map(str::to_owned)
}

fn word_in(line: &str, words: &[&str]) -> Option<String> {
    let line = line.to_ascii_lowercase();
    words
        .iter()
        .find(|word| line.contains(*word))
        .map(|word| (*word).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "code,name,level,parent\n\
        440000000000,广东省,province,\n\
        440300000000,深圳市,prefecture,440000000000\n\
        440311000000,光明区,county,440300000000\n\
        440608000000,高明区,county,440600000000\n\
        440608004000,荷城街道,township,440608000000\n\
        140581000000,高平市,county,140500000000\n";

    fn named(line: &str) -> Option<String> {
        Forbidden::read(TABLE).named_in(line)
    }

    #[test]
    fn a_place_is_found_by_name_code_and_pinyin() {
        for line in [
            "高明的规则",
            "光明区的规则",
            "广东",
            "let place = \"440608004\";",
            "place_440608",
            "440608004001,x",
            "440000000000",
            "fn gaoming_rule()",
            "GaomingTong",
            "// as in Futian",
        ] {
            assert!(named(line).is_some(), "{line}");
        }
    }

    #[test]
    fn ordinary_words_and_numbers_are_not_taken_for_places() {
        for line in [
            "提高平台的稳定性",
            "光明正大",
            "990101001001",
            "limit: 440_000",
            "440000",
            "1440608",
            "9f440608004a11bc2244",
            "the guan",
        ] {
            assert_eq!(named(line), None, "{line}");
        }
    }

    #[test]
    fn a_local_mechanism_is_found_in_the_kernel_and_a_card_colour_everywhere() {
        let forbidden = Forbidden::default();
        let found = |path, text| {
            let tree = Tree::of(path, text);
            check_file(&tree.files[0], &forbidden).len()
        };
        assert_eq!(found("kernel/core/src/a.rs", "街道吹哨"), 1);
        assert_eq!(found("plugins/upward-order/src/a.rs", "街道吹哨"), 0);
        assert_eq!(found("plugins/warning-ladder/src/a.rs", "YellowCard"), 1);
        assert_eq!(found("wit/one-three-x.wit", "interface a {}"), 1);
    }

    #[test]
    fn only_what_is_shared_by_all_places_is_read() {
        assert!(is_free_of_places("kernel/core/tests/fixtures/a.csv"));
        assert!(is_free_of_places("plugins/mediation/README.md"));
        assert!(!is_free_of_places(
            "examples/jurisdictions/gaoming/units.csv"
        ));
    }
}
