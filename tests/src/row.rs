//! How one golden case went, as a line of a table.

use crate::view::View;

/// How one golden case went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The jurisdiction's title.
    pub jurisdiction: String,
    /// The golden case's title.
    pub title: String,
    /// Its file.
    pub file: String,
    /// The stages it went through, in local words.
    pub way: Vec<String>,
    /// The unit that answers for it, by name.
    pub lead: String,
    /// How many clocks were met, rights that bound nobody aside.
    pub met: usize,
    /// How many clocks were breached.
    pub breached: usize,
    /// How it ended: the facts, or the stage that it is in.
    pub outcome: String,
    /// The first difference from what was expected.
    pub difference: Option<String>,
}

/// How a case ended, in words: the facts, or the stage that it is in.
pub(crate) fn outcome(view: View<'_>) -> String {
    let word = |fact: &str, words: &[(&str, &str)]| {
        let value = view.fact(fact)?;
        let known = words.iter().find(|(code, _)| *code == value);
        Some(known.map_or(value.clone(), |(_, word)| (*word).to_owned()))
    };
    let closed = view.fact("closed").map(|_| "办结".to_owned());
    let solved = word(
        "solved",
        &[
            ("solved", "已解决"),
            ("unsolved", "未解决"),
            ("unreached", "未访到"),
        ],
    );
    let satisfied = word(
        "satisfied",
        &[("yes", "满意"), ("basically", "基本满意"), ("no", "不满意")],
    );
    let facts: Vec<String> = [closed, solved, satisfied].into_iter().flatten().collect();
    if facts.is_empty() {
        let ended = view.ended().map(|reason| match reason.as_str() {
            "withdrawn" => "终结：群众撤回".to_owned(),
            reason => format!("终结：{reason}"),
        });
        return ended
            .or(view.stage_label())
            .or(view.stage())
            .unwrap_or_default();
    }
    facts.join("、")
}
