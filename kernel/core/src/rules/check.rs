//! Whether each profile by itself is in order: sizes, no word twice, sound graphs, sourced clocks.

use std::collections::BTreeSet;

use crate::allowance::AllowanceRule;
use crate::clock::ClockRule;
use crate::graph;
use crate::ids::Code;
use crate::profile::{PlacedProfile, Profile, ProfileError};

/// The most profiles that one binding set may join.
pub const MAX_PROFILES: usize = 128;
/// The most labels of one profile.
pub const MAX_LABELS: usize = 500;
/// The most notices of one profile.
pub const MAX_NOTICES: usize = 200;
/// The most forms of one profile.
pub const MAX_FORMS: usize = 50;
/// The most fields of one form.
pub const MAX_FORM_FIELDS: usize = 60;
/// The most grades of a scale.
pub const MAX_GRADES: usize = 10;
/// The most clock rules of one profile.
pub const MAX_CLOCK_RULES: usize = 400;
/// The most proceeding graphs of one profile.
pub const MAX_GRAPHS: usize = 32;
/// The most kinds of allowances of one profile.
pub const MAX_ALLOWANCE_RULES: usize = 32;
/// The most codes in one list of holds, photo categories, or categories of a clock.
const MAX_CODES: usize = 2_000;
/// The most characters of a label, a notice, a title or a source.
pub const MAX_WORDS_CHARS: usize = 500;

/// Checks every profile; the first fault found names its binding.
pub(super) fn all(placed: &[PlacedProfile]) -> Result<(), ProfileError> {
    if let Some(extra) = placed.get(MAX_PROFILES) {
        return Err(ProfileError::Malformed {
            binding: extra.binding.clone(),
            fault: format!("绑定数超过上限 {MAX_PROFILES}"),
        });
    }
    for PlacedProfile {
        binding, profile, ..
    } in placed
    {
        one(profile).map_err(|fault| ProfileError::Malformed {
            binding: binding.clone(),
            fault,
        })?;
        for graph in &profile.proceedings {
            graph::check(graph).map_err(|fault| ProfileError::Graph {
                binding: binding.clone(),
                kind: graph.kind.clone(),
                fault,
            })?;
        }
    }
    Ok(())
}

fn one(profile: &Profile) -> Result<(), String> {
    size("labels", profile.labels.len(), MAX_LABELS)?;
    size("notices", profile.notices.len(), MAX_NOTICES)?;
    size("forms", profile.forms.len(), MAX_FORMS)?;
    size("clocks", profile.clocks.len(), MAX_CLOCK_RULES)?;
    size("proceedings", profile.proceedings.len(), MAX_GRAPHS)?;
    size("holds", profile.holds.len(), MAX_CODES)?;
    size("escalations", profile.escalations.len(), MAX_CODES)?;
    let unknown = |what: &&Code| {
        let what = what.as_str();
        !matches!(what, "hand-up" | "urge" | "proceeding") && !what.starts_with("breach.")
    };
    if let Some(what) = profile.escalations.iter().find(unknown) {
        return Err(format!(
            "escalations 中的 `{what}` 不存在：请写 hand-up、urge、proceeding 或 breach.时限名"
        ));
    }
    size(
        "photo-categories",
        profile.photo_categories.len(),
        MAX_CODES,
    )?;
    for (code, text) in profile.labels.iter().chain(&profile.notices) {
        words(code.as_str(), text)?;
    }
    once("forms", profile.forms.iter().map(|form| &form.code))?;
    once(
        "proceedings",
        profile.proceedings.iter().map(|graph| &graph.kind),
    )?;
    for form in &profile.forms {
        words(form.code.as_str(), &form.title)?;
        size(form.code.as_str(), form.fields.len(), MAX_FORM_FIELDS)?;
        once(form.code.as_str(), form.fields.iter().map(|(code, _)| code))?;
        for (code, text) in &form.fields {
            words(code.as_str(), text)?;
        }
    }
    if let Some(scale) = &profile.rating {
        size("rating", scale.grades.len(), MAX_GRADES)?;
        once("rating", scale.grades.iter().map(|grade| &grade.code))?;
        if scale.grades.len() < 2 {
            return Err("评价表 rating 至少要有两个等级".to_owned());
        }
        for grade in &scale.grades {
            words(grade.code.as_str(), &grade.label)?;
        }
    }
    size("allowances", profile.allowances.len(), MAX_ALLOWANCE_RULES)?;
    once(
        "allowances",
        profile.allowances.iter().map(|rule| &rule.kind),
    )?;
    profile.allowances.iter().try_for_each(allowance)?;
    profile.clocks.iter().try_for_each(clock)
}

fn allowance(rule: &AllowanceRule) -> Result<(), String> {
    let kind = &rule.kind;
    words(kind.as_str(), &rule.label)?;
    words(kind.as_str(), &rule.provenance.source)?;
    match (rule.at_least_fen, rule.at_most_fen) {
        (Some(least), Some(most)) if least > most => {
            Err(format!("额度 `{kind}` 的下限高于上限：请核对"))
        }
        _ => Ok(()),
    }
}

fn clock(rule: &ClockRule) -> Result<(), String> {
    let name = &rule.name;
    rule.spec
        .check()
        .map_err(|error| format!("时限 `{name}`：{error}"))?;
    if let Some(extend) = &rule.extend {
        extend
            .by
            .check()
            .map_err(|error| format!("时限 `{name}` 的延长：{error}"))?;
        words(name.as_str(), &extend.article)?;
    }
    words(name.as_str(), &rule.provenance.source)?;
    size(name.as_str(), rule.categories.len(), MAX_CODES)
}

fn words(key: &str, text: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err(format!("`{key}` 没有文字：请填写，或去掉这一项"));
    }
    if text.chars().count() > MAX_WORDS_CHARS {
        return Err(format!("`{key}` 超过 {MAX_WORDS_CHARS} 个字符"));
    }
    Ok(())
}

fn size(key: &str, is: usize, limit: usize) -> Result<(), String> {
    if is > limit {
        Err(format!("`{key}` 有 {is} 项，超过上限 {limit}"))
    } else {
        Ok(())
    }
}

fn once<'a>(key: &str, codes: impl Iterator<Item = &'a Code>) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    for code in codes {
        if !seen.insert(code) {
            return Err(format!("`{key}` 中 `{code}` 重复"));
        }
    }
    Ok(())
}
