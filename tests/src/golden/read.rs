//! Reads a golden case and says of every mistake in which line it is.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;
use toml::Spanned;

use super::commands;
use super::expect::Expect;
use super::moment::moment;
use super::{Field, Golden, Mistake, Step, THE_CASE};

/// Reads one file; `day_one` is the jurisdiction's, where the file names none.
///
/// # Errors
/// The first mistake: an unknown key, command, field or expectation, a missing one, a time that is none or runs backwards.
pub fn read(file: &str, text: &str, day_one: Date) -> Result<Golden, Mistake> {
    let lines = Lines { file, text };
    let raw: Raw = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        lines.mistake(lines.of(at), error.message())
    })?;
    let day_one = match &raw.day_one {
        None => day_one,
        Some(date) => date.get_ref().parse().map_err(|_| {
            let reason = format!("“{}”不是日期：应写成 2024-02-02", date.get_ref());
            lines.mistake(lines.of(date.span().start), reason)
        })?,
    };
    let mut steps: Vec<Step> = Vec::new();
    for entries in raw.steps {
        let step = step(&lines, entries, day_one)?;
        if steps.last().is_some_and(|last| step.at < last.at) {
            let reason = "这一步的时间早于上一步：步骤须按时间先后写";
            return Err(lines.mistake(step.line, reason));
        }
        steps.push(step);
    }
    if steps.is_empty() {
        return Err(lines.mistake(1, "没有步骤：至少写一个 [[step]]"));
    }
    Ok(Golden {
        file: file.to_owned(),
        title: raw.title,
        source: raw.source,
        day_one,
        steps,
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Raw {
    title: String,
    source: String,
    #[serde(default)]
    day_one: Option<Spanned<String>>,
    #[serde(default, rename = "step")]
    steps: Vec<Entries>,
}

type Entries = BTreeMap<Spanned<String>, Spanned<toml::Value>>;

fn step(lines: &Lines<'_>, entries: Entries, day_one: Date) -> Result<Step, Mistake> {
    let mut entries: BTreeMap<String, Field> = entries
        .into_iter()
        .map(|(key, value)| {
            let line = lines.of(key.span().start);
            let value = value.into_inner();
            (key.into_inner(), Field { line, value })
        })
        .collect();
    let line = entries.values().map(|field| field.line).min().unwrap_or(1);
    let expect = match entries.remove("expect") {
        None => Expect::default(),
        Some(field) => expectation(lines, &field)?,
    };
    let mut take = |key: &str| match entries.remove(key) {
        None => Ok(None),
        Some(Field {
            value: toml::Value::String(text),
            ..
        }) => Ok(Some(text)),
        Some(field) => Err(lines.mistake(field.line, format!("`{key}` 应为文字"))),
    };
    let missing = |key: &str| lines.mistake(line, format!("这一步缺少 `{key}`"));
    let at = take("at")?.ok_or_else(|| missing("at"))?;
    let by = take("by")?.ok_or_else(|| missing("by"))?;
    let act = take("do")?.ok_or_else(|| missing("do"))?;
    let case = take("case")?.unwrap_or_else(|| THE_CASE.to_owned());
    let on = take("on")?;
    let at = moment(&at, day_one).map_err(|reason| lines.mistake(line, reason))?;
    check_fields(lines, line, &act, &entries)?;
    Ok(Step {
        line,
        at,
        by,
        case,
        on,
        act,
        fields: entries,
        expect,
    })
}

fn check_fields(
    lines: &Lines<'_>,
    line: usize,
    act: &str,
    fields: &BTreeMap<String, Field>,
) -> Result<(), Mistake> {
    let words = commands::find(act).ok_or_else(|| {
        let all: Vec<&str> = commands::ALL.iter().map(|words| words.act).collect();
        lines.mistake(
            line,
            format!("没有命令 `{act}`；可用的有 {}", all.join("、")),
        )
    })?;
    let mut written = fields.iter();
    if let Some((key, field)) = written
        .find(|(key, _)| !words.needs.contains(&key.as_str()) && !words.may.contains(&key.as_str()))
    {
        let known: Vec<&str> = words.needs.iter().chain(words.may).copied().collect();
        let known = if known.is_empty() {
            "没有字段".to_owned()
        } else {
            format!("的字段有 {}", known.join("、"))
        };
        return Err(lines.mistake(
            field.line,
            format!("`{key}` 不是 `{act}` 的字段；`{act}` {known}"),
        ));
    }
    match words.needs.iter().find(|key| !fields.contains_key(**key)) {
        Some(key) => Err(lines.mistake(line, format!("`{act}` 缺少 `{key}`"))),
        None => Ok(()),
    }
}

fn expectation(lines: &Lines<'_>, field: &Field) -> Result<Expect, Mistake> {
    field
        .value
        .clone()
        .try_into()
        .map_err(|error: toml::de::Error| {
            let message = error.message();
            let word = message.split('`').nth(1).unwrap_or_default();
            lines.mistake(
                lines.of_word(word, field.line),
                format!("期望写得不对：{message}"),
            )
        })
}

/// Counts lines as an editor does.
struct Lines<'a> {
    file: &'a str,
    text: &'a str,
}

impl Lines<'_> {
    fn of(&self, at: usize) -> usize {
        let before = self.text.as_bytes().get(..at).unwrap_or_default();
        1 + before.iter().filter(|byte| **byte == b'\n').count()
    }

    /// The first line from `line` on that has a word; `line` itself where none has.
    fn of_word(&self, word: &str, line: usize) -> usize {
        let mut lines = self.text.lines().enumerate().skip(line.saturating_sub(1));
        let found = lines.find(|(_, text)| !word.is_empty() && text.contains(word));
        found.map_or(line, |(index, _)| index + 1)
    }

    fn mistake(&self, line: usize, reason: impl Into<String>) -> Mistake {
        Mistake {
            file: self.file.to_owned(),
            line,
            reason: reason.into(),
        }
    }
}

#[cfg(test)]
mod tests;
