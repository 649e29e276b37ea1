//! Rules about every text file: no path of the machine it was written on.

use super::tree::{Finding, Tree};

/// Folders that exist on somebody's machine only.
const MACHINE: &[&str] = &["/work/", "/root/", "/tmp/fq", "/home/", "/Users/"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(|file| !file.names_the_forbidden()) {
        for (number, line) in file.lines() {
            if let Some(path) = MACHINE.iter().find(|path| begins_a_path(line, path)) {
                let what = format!("`{path}` is a path of one machine");
                findings.push(file.finding(number, what));
            }
        }
    }
    findings
}

/// Whether the path stands in the line as the beginning of one: `docs/work/` and `https://a/work/` are others.
fn begins_a_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        before.is_none_or(|character| !character.is_alphanumeric() && !"._-/}".contains(character))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_one_machine_is_found_and_a_longer_path_is_not() {
        let found = |text| check(&Tree::of("README.md", text)).len();
        assert_eq!(found("see `/root/.cargo`"), 1);
        assert_eq!(found("cd /work/main"), 1);
        assert_eq!(found("docs/work/plan.md, https://example.org/home/a"), 0);
    }
}
