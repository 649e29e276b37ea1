//! Which rule of which plugin is guarded by which golden case, as each jurisdiction's `rules.toml` says.

use std::{fs, path::Path, path::PathBuf};

use anyhow::{Context, Result, bail, ensure};
use fengqiao_tests::jurisdiction::Jurisdiction;
use serde::Deserialize;

use crate::workspace::Workspace;

/// One rule, how it is taken out of its plugin, and the case that must then fail.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Rule {
    /// The rule in one sentence, as the office knows it.
    pub(super) rule: String,
    /// The plugin.
    pub(super) plugin: String,
    /// The file below the plugin's `src/`.
    pub(super) file: String,
    /// The source that is the rule; it occurs exactly once in the file.
    pub(super) take_out: String,
    /// What stands there instead, where a gap doesn't compile.
    #[serde(default)]
    pub(super) put_in: String,
    /// The golden case or month, by its file's name without the extension.
    pub(super) case: String,
    /// The folder of the jurisdiction whose case it is.
    #[serde(skip)]
    pub(super) jurisdiction: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RulesFile {
    #[serde(default, rename = "rule")]
    rules: Vec<Rule>,
}

/// Reads the rules of all jurisdictions; one that names no source or no case is refused at once.
pub(super) fn read_all(workspace: &Workspace, all: &[Jurisdiction]) -> Result<Vec<Rule>> {
    let mut rules = Vec::new();
    for jurisdiction in all {
        let path = jurisdiction.folder.join("rules.toml");
        if !path.exists() {
            continue;
        }
        for mut rule in read(&path)? {
            rule.jurisdiction.clone_from(&jurisdiction.name);
            rule.check(workspace, jurisdiction)
                .with_context(|| format!("{}: {}", path.display(), rule.rule))?;
            rules.push(rule);
        }
    }
    Ok(rules)
}

fn read(path: &Path) -> Result<Vec<Rule>> {
    let text = fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
    let file: RulesFile =
        toml::from_str(&text).with_context(|| format!("in {}", path.display()))?;
    Ok(file.rules)
}

impl Rule {
    /// The file in a tree.
    pub(super) fn source(&self, root: &Path) -> PathBuf {
        root.join("plugins")
            .join(&self.plugin)
            .join("src")
            .join(&self.file)
    }

    /// The file's text without the rule.
    pub(super) fn taken_out_of(&self, text: &str) -> Result<String> {
        match text.matches(&self.take_out).count() {
            1 => Ok(text.replacen(&self.take_out, &self.put_in, 1)),
            0 => bail!("{} doesn't contain what is to be taken out", self.file),
            many => bail!(
                "{} contains it {many} times: write more of its surroundings",
                self.file
            ),
        }
    }

    /// Whether a golden case's file is the one that guards this rule.
    pub(super) fn is_guarded_by(&self, file: &str) -> bool {
        Path::new(file)
            .file_stem()
            .is_some_and(|stem| stem == self.case.as_str())
    }

    /// The jurisdiction with no other case than the one that guards this rule. A month's report is about all of them.
    pub(super) fn guard(&self, jurisdiction: &Jurisdiction) -> Jurisdiction {
        let mut alone = jurisdiction.clone();
        alone.months.retain(|month| self.is_guarded_by(&month.file));
        if alone.months.is_empty() {
            alone.cases.retain(|case| self.is_guarded_by(&case.file));
        }
        alone
    }

    fn check(&self, workspace: &Workspace, jurisdiction: &Jurisdiction) -> Result<()> {
        let path = self.source(workspace.root());
        let text =
            fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        self.taken_out_of(&text)?;
        let cases = jurisdiction.cases.iter().map(|case| &case.file);
        let months = jurisdiction.months.iter().map(|month| &month.file);
        let known = cases.chain(months).any(|file| self.is_guarded_by(file));
        ensure!(known, "there is no case or month {}", self.case);
        let bound = jurisdiction
            .bindings
            .iter()
            .any(|binding| binding.plugin == self.plugin);
        ensure!(bound, "{} isn't bound here", self.plugin);
        Ok(())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in super::super) fn rule(case: &str) -> Rule {
        Rule {
            rule: "紧急事项立即转介".to_owned(),
            plugin: "triage".to_owned(),
            file: "lib.rs".to_owned(),
            take_out: "if urgent { refer() }".to_owned(),
            put_in: String::new(),
            case: case.to_owned(),
            jurisdiction: "county".to_owned(),
        }
    }

    #[test]
    fn a_rule_is_taken_out_where_it_stands_once() {
        let rule = rule("01");
        let without = |text| rule.taken_out_of(text).ok();
        assert_eq!(
            without("a; if urgent { refer() } b;").as_deref(),
            Some("a;  b;")
        );
        assert_eq!(without("a; b;"), None);
        assert_eq!(without("if urgent { refer() } if urgent { refer() }"), None);
    }

    #[test]
    fn every_rule_that_is_written_down_names_its_source_and_its_case() {
        let workspace = Workspace::find().unwrap();
        let all = crate::stage::jurisdictions(&workspace).unwrap();
        let rules = read_all(&workspace, &all).unwrap();
        assert!(!rules.is_empty());
    }

    #[test]
    fn every_bound_plugin_has_a_rule_that_is_guarded() {
        let workspace = Workspace::find().unwrap();
        let all = crate::stage::jurisdictions(&workspace).unwrap();
        let rules = read_all(&workspace, &all).unwrap();
        for jurisdiction in &all {
            for binding in &jurisdiction.bindings {
                let guarded = rules.iter().any(|rule| rule.plugin == binding.plugin);
                assert!(guarded, "{}", binding.plugin);
            }
        }
    }
}
