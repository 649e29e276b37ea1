//! `cargo xtask rules`: takes each rule out of its plugin, one at a time, and shows that the case that guards it then fails.

mod copy;
mod entry;
mod table;

use std::{
    collections::{BTreeMap, btree_map::Entry},
    fs,
    path::PathBuf,
};

use anyhow::{Context, Result, bail};
use fengqiao_tests::{jurisdiction::Jurisdiction, play::Row};

use crate::{
    plugins::Apart,
    say,
    stage::{self, ANY_PORT, Script, Stop, Waited},
    workspace::Workspace,
};
use copy::Copy;
use entry::Rule;

/// Take every rule out of its plugin, one at a time, and see whether the case that guards it fails.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Options {
    /// Only the rules of one plugin.
    #[arg(long, value_name = "NAME")]
    pub plugin: Option<String>,
    /// Only the rules whose name contains these words.
    #[arg(long, value_name = "WORDS")]
    pub rule: Option<String>,
    /// Go on from this one, after a run that was broken off.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub from: usize,
}

/// What became of the golden cases without a rule.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// The case that guards the rule failed, in these words.
    Guarded(String),
    /// It went as if the rule were still there.
    Unguarded,
    /// It couldn't be tried: the plugin doesn't compile without the rule, or isn't accepted.
    Untried(String),
}

/// Tries every rule; answers whether each of them is guarded.
pub fn run(workspace: &Workspace, options: &Options) -> Result<bool> {
    let all = stage::jurisdictions(workspace)?;
    let mut rules = entry::read_all(workspace, &all)?;
    rules.retain(|rule| {
        let plugin = options.plugin.as_ref();
        let words = options.rule.as_ref();
        plugin.is_none_or(|only| rule.plugin == *only)
            && words.is_none_or(|words| rule.rule.contains(words.as_str()))
    });
    if rules.is_empty() {
        bail!("no such rule is written down: see examples/jurisdictions/*/rules.toml");
    }
    let trial = Trial::prepare(workspace)?;
    let mut sound = BTreeMap::new();
    let mut tried = Vec::new();
    for (index, rule) in rules
        .iter()
        .enumerate()
        .skip(options.from.saturating_sub(1))
    {
        say(&format!(
            "rules: [{}/{}] without: {}",
            index + 1,
            rules.len(),
            rule.rule
        ));
        let mut known = all.iter();
        let jurisdiction = known
            .find(|one| one.name == rule.jurisdiction)
            .context("a rule of no jurisdiction")?;
        let guard = rule.guard(jurisdiction);
        let fails_anyway = match sound.entry((&rule.jurisdiction, &rule.case)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(trial.fails_anyway(&guard)?),
        };
        let verdict = match fails_anyway {
            Some(why) => Verdict::Untried(why.clone()),
            None => trial.without(&guard, rule)?,
        };
        say(&match &verdict {
            Verdict::Guarded(_) => format!("rules: {} fails, as it must", rule.case),
            Verdict::Unguarded => format!("rules: {} still goes as expected", rule.case),
            Verdict::Untried(why) => format!("rules: couldn't be tried: {why}"),
        });
        tried.push((rule, verdict));
    }
    println!("{}", table::of(&tried));
    let is_guarded = |(_, verdict): &&(&Rule, Verdict)| matches!(verdict, Verdict::Guarded(_));
    let guarded = tried.iter().filter(is_guarded).count();
    println!("{} rules, {guarded} guarded by a case", tried.len());
    Ok(guarded == tried.len())
}

/// Where rules are taken out: a copy of the tree, and a kernel for its plugins.
struct Trial<'a> {
    workspace: &'a Workspace,
    kernel: PathBuf,
    copy: Copy,
    apart: Apart,
    stop: Stop,
}

impl<'a> Trial<'a> {
    fn prepare(workspace: &'a Workspace) -> Result<Self> {
        let kernel = stage::build_kernel(workspace)?;
        let copy = Copy::of(workspace)?;
        let apart = Apart::new(workspace, "rules/guests")?;
        apart.build(copy.tree(), &copy.whole())?;
        Ok(Self {
            workspace,
            kernel,
            copy,
            apart,
            stop: Stop::listen()?,
        })
    }

    /// A case that fails with every rule in place guards nothing.
    fn fails_anyway(&self, jurisdiction: &Jurisdiction) -> Result<Option<String>> {
        let rows = self.play(jurisdiction, self.copy.whole())??;
        let failed = rows.into_iter().find_map(|row| {
            let difference = row.difference?;
            Some(format!(
                "{} fails with every rule in place: {difference}",
                row.file
            ))
        });
        Ok(failed)
    }

    fn without(&self, jurisdiction: &Jurisdiction, rule: &Rule) -> Result<Verdict> {
        let path = self.copy.source(rule);
        let whole =
            fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        fs::write(&path, rule.taken_out_of(&whole)?)?;
        let built = self.apart.build(self.copy.tree(), &self.copy.without());
        fs::write(&path, whole)?;
        match built {
            Ok(()) => Ok(verdict(rule, self.play(jurisdiction, self.copy.without())?)),
            Err(error) => Ok(Verdict::Untried(format!("{error:#}"))),
        }
    }

    /// Fails where nothing can be played at all; what broke the play off is an answer.
    fn play(&self, jurisdiction: &Jurisdiction, plugins: PathBuf) -> Result<Result<Vec<Row>>> {
        let cast = vec![jurisdiction.clone()];
        let script = Script::new(self.workspace, plugins, cast);
        let kernel = script.open(&self.kernel, &self.copy.fresh_data()?, ANY_PORT)?;
        let mut played = script.play(kernel.base(), |_| {});
        match self.stop.unless_over(|| Ok(played().transpose()))? {
            Waited::Over(ended) => Ok(ended),
            Waited::Stopped => bail!("asked to stop before every rule was tried"),
        }
    }
}

/// The case that guards the rule has to be the one that fails.
fn verdict(rule: &Rule, played: Result<Vec<Row>>) -> Verdict {
    let rows = match played {
        Ok(rows) => rows,
        Err(error) => return Verdict::Untried(format!("{error:#}")),
    };
    let guard = rows.into_iter().find(|row| rule.is_guarded_by(&row.file));
    guard
        .and_then(|row| row.difference)
        .map_or(Verdict::Unguarded, Verdict::Guarded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(file: &str, difference: Option<&str>) -> Row {
        Row {
            jurisdiction: "某县".to_owned(),
            title: "路灯不亮".to_owned(),
            file: file.to_owned(),
            way: Vec::new(),
            lead: "—".to_owned(),
            met: 0,
            breached: 0,
            outcome: String::new(),
            difference: difference.map(str::to_owned),
        }
    }

    #[test]
    fn only_the_case_that_is_named_guards_a_rule() {
        let rule = entry::tests::rule("02-lamp");
        let other = row("cases/01-roof.toml", Some("环节应为“closed”"));
        let same = |difference| row("cases/02-lamp.toml", difference);
        let unguarded = verdict(&rule, Ok(vec![other.clone(), same(None)]));
        assert_eq!(unguarded, Verdict::Unguarded);
        let guarded = verdict(&rule, Ok(vec![other, same(Some("没有主办单位"))]));
        assert_eq!(guarded, Verdict::Guarded("没有主办单位".to_owned()));
    }

    #[test]
    fn a_play_that_breaks_off_tries_no_rule() {
        let rule = entry::tests::rule("02-lamp");
        let broken = verdict(&rule, Err(anyhow::anyhow!("内核没有应答")));
        assert_eq!(broken, Verdict::Untried("内核没有应答".to_owned()));
    }
}
