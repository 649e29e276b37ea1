//! The commands that documents tell people to type.

use std::process::Command;

use super::source::{files, root, text};

/// What a document tells to type: the words after the program's name, and the options among them.
#[derive(Debug)]
struct Told {
    document: String,
    words: Vec<String>,
    options: Vec<String>,
}

/// Every use of a program in every document.
fn told(program: &str) -> Vec<Told> {
    let mut told = Vec::new();
    for document in files("", ".md") {
        let text = text(&document);
        for (at, _) in text.match_indices(program) {
            let before = text[..at].chars().next_back();
            if before
                .is_some_and(|character| character.is_alphanumeric() || "-/".contains(character))
            {
                continue;
            }
            let rest = &text[at + program.len()..];
            let rest = rest.split(['`', '\n', '"', '，', '。']).next().unwrap();
            let typed = rest.split("  ").next().unwrap();
            let plain = |word: &&str| word.chars().all(|c| c.is_ascii_lowercase() || c == '-');
            let words: Vec<&str> = typed.split(' ').take_while(plain).collect();
            let words: Vec<String> = words
                .iter()
                .take_while(|word| !word.starts_with('-'))
                .map(|word| (*word).to_owned())
                .collect();
            let options = typed.split(' ').filter_map(|word| {
                word.trim_end_matches([']', ','])
                    .trim_start_matches('[')
                    .strip_prefix("--")
            });
            told.push(Told {
                document: document.clone(),
                words,
                options: options.map(str::to_owned).collect(),
            });
        }
    }
    assert!(!told.is_empty(), "no document tells how to use {program}");
    told
}

#[test]
fn documents_tell_only_automation_that_exists() {
    let main = text("xtask/src/main.rs");
    let (_, list) = main.split_once("enum Command {").unwrap();
    let (list, _) = list.split_once('}').unwrap();
    let subcommands: Vec<String> = list
        .lines()
        .filter_map(|line| line.trim().split('(').next())
        .filter(|variant| !variant.is_empty())
        .map(str::to_lowercase)
        .collect();
    for Told {
        document,
        words,
        options,
    } in told("cargo xtask ")
    {
        let name = words.first().unwrap();
        assert!(subcommands.contains(name), "{document}: cargo xtask {name}");
        let mut source = text(&format!("xtask/src/{name}.rs"));
        if root().join(format!("xtask/src/{name}")).is_dir() {
            for file in files(&format!("xtask/src/{name}"), ".rs") {
                source.push_str(&text(&file));
            }
        }
        for option in options {
            let field = format!("{}:", option.replace('-', "_"));
            assert!(source.contains(&field), "{document}: {name} --{option}");
        }
    }
}

#[test]
fn documents_tell_only_commands_that_the_program_knows() {
    let own = std::env::current_exe().unwrap();
    let binary = format!("fengqiao{}", std::env::consts::EXE_SUFFIX);
    let binary = own.ancestors().nth(2).unwrap().join(binary);
    for Told {
        document,
        words,
        options,
    } in told("fengqiao ")
    {
        let asked = Command::new(&binary).args(&words).arg("--help").output();
        let asked = asked.unwrap_or_else(|error| panic!("{}: {error}", binary.display()));
        assert!(asked.status.success(), "{document}: fengqiao {words:?}");
        let help = String::from_utf8(asked.stdout).unwrap();
        for option in options {
            assert!(
                help.contains(&format!("--{option}")),
                "{document}: {words:?} --{option}"
            );
        }
    }
}

#[test]
fn both_readmes_show_the_same_commands() {
    let shown = |document| {
        let text = text(document);
        let lines = text.lines().map(str::trim);
        let typed =
            lines.filter(|line| line.starts_with("cargo ") || line.starts_with("fengqiao "));
        let typed = typed.map(|line| line.split("  ").next().unwrap().to_owned());
        typed.collect::<Vec<_>>()
    };
    let english = shown("README.md");
    assert!(
        english.iter().any(|line| line == "cargo xtask demo"),
        "{english:?}"
    );
    assert_eq!(english, shown("README.zh-CN.md"));
}
