//! The guide for a new district: every command that its README tells to type is typed, in order, and answered as it says.

use std::path::{Path, PathBuf};
use std::process::Command;

use fengqiao_tests::kernel::Kernel;

use crate::scenarios::{binary, workspace};

const GUIDE: &str = "examples/new-district/README.md";

/// What the guide tells to type, and what it says comes back.
#[derive(Debug)]
struct Typed {
    line: usize,
    commands: String,
    answer: Vec<String>,
}

/// The fenced blocks marked `sh`, each with the block marked `text` that follows it.
fn typed(guide: &str) -> Vec<Typed> {
    let mut all: Vec<Typed> = Vec::new();
    let mut within: Option<&str> = None;
    for (index, line) in guide.lines().enumerate() {
        match (within, line.strip_prefix("```")) {
            (None, Some("sh")) => {
                within = Some("sh");
                all.push(Typed {
                    line: index + 1,
                    commands: String::new(),
                    answer: Vec::new(),
                });
            }
            (None, Some(mark)) => within = Some(mark),
            (Some(_), Some(_)) => within = None,
            (Some("sh"), None) => {
                let own = &mut all.last_mut().unwrap().commands;
                own.push_str(line);
                own.push('\n');
            }
            (Some("text"), None) => all.last_mut().unwrap().answer.push(line.to_owned()),
            (_, None) => {}
        }
    }
    all
}

/// Types commands in a folder, and says what they wrote.
fn shell(folder: &Path, base: &str, commands: &str) -> String {
    let done = Command::new("sh")
        .args(["-eu", "-c", commands])
        .current_dir(folder)
        .env("K", base)
        .env("EXAMPLES", workspace().join("examples/new-district"))
        .env("PLUGINS", workspace().join("target/plugins"))
        .output()
        .unwrap();
    let complaint = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{complaint}\n{commands}");
    String::from_utf8(done.stdout).unwrap()
}

/// The first line of what was promised that isn't there; `…` stands for anything.
fn missing<'a>(promised: &'a [String], said: &str) -> Option<&'a str> {
    let there = |line: &str| {
        let mut rest = said;
        line.split('…').all(|piece| match rest.split_once(piece) {
            Some((_, after)) => {
                rest = after;
                true
            }
            None => false,
        })
    };
    promised
        .iter()
        .map(String::as_str)
        .find(|line| !there(line))
}

#[test]
fn the_guide_leads_from_an_empty_folder_to_the_first_case() {
    let guide = std::fs::read_to_string(workspace().join(GUIDE)).unwrap();
    let (files, requests): (Vec<Typed>, Vec<Typed>) = typed(&guide)
        .into_iter()
        .partition(|typed| !typed.commands.contains("\"$K/"));
    assert!(
        files.len() >= 5 && requests.len() >= 10,
        "the guide tells less than it did"
    );
    let folder = tempfile::tempdir().unwrap();
    let own: PathBuf = folder.path().join("my-district");
    std::fs::create_dir(&own).unwrap();
    for typed in &files {
        let said = shell(&own, "", &typed.commands);
        let lacking = missing(&typed.answer, &said);
        assert_eq!(lacking, None, "{GUIDE}:{}: {said}", typed.line);
    }
    let principals = [own.join("principals.toml")];
    let kernel = Kernel::start(&binary(), &own.join("data"), &principals).unwrap();
    // Every block is typed in a shell of its own; what earlier ones kept under a name is set again, and writes nothing.
    let mut kept = String::new();
    for typed in &requests {
        let said = shell(&own, &kernel.base(), &format!("{kept}{}", typed.commands));
        let lacking = missing(&typed.answer, &said);
        assert_eq!(lacking, None, "{GUIDE}:{}: {said}", typed.line);
        let names = typed.commands.lines().filter(|line| is_kept(line));
        kept.extend(names.flat_map(|line| [line, "\n"]));
    }
}

/// Whether a line keeps something under a name, such as `ID=$(…)`.
fn is_kept(line: &str) -> bool {
    let name = line.split_once("=$(").map(|(name, _)| name);
    name.is_some_and(|name| name.chars().all(|letter| letter.is_ascii_uppercase()))
}

#[test]
fn what_the_guide_promises_and_nobody_said_is_noticed() {
    let promised = vec!["\"a\":\"…\",\"b\":1".to_owned()];
    assert_eq!(missing(&promised, "{\"a\":\"x\",\"b\":1}"), None);
    assert!(missing(&promised, "{\"b\":1,\"a\":\"x\"}").is_some());
}
