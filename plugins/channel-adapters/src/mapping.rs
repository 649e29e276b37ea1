//! From fields to a submission, as the place's table says; what the table doesn't know is left for a person.

use fengqiao_sdk::intake::Person;
use fengqiao_sdk::prelude::*;

use crate::config::Config;
use crate::formats::Fields;
use crate::times::instant;

/// Words that mean yes.
const YES: [&str; 7] = ["是", "1", "true", "Y", "y", "匿名", "不公开"];
/// What stands in the name's place where somebody left a telephone only.
const UNNAMED: &str = "未留姓名";

pub(crate) fn read(
    config: &Config,
    channel: &str,
    fields: &Fields,
) -> Result<Reading, PluginError> {
    for rule in &config.take_only {
        let value = fields.get(&rule.field);
        if !value.is_some_and(|value| rule.values.iter().any(|known| known == value)) {
            return Ok(Reading::not_for_us(&rule.code, &rule.text));
        }
    }
    let under = |name: &Option<String>| name.as_deref().and_then(|name| fields.get(name));
    let names = &config.fields;
    let first = under(&names.repeat_of);
    let text: Vec<&str> = names.text.iter().filter_map(|n| fields.get(n)).collect();
    if let (Some(first), true) = (first, text.is_empty()) {
        return Ok(Reading::Duplicate(first.to_owned()));
    }
    if text.is_empty() {
        return Err(PluginError::cannot_answer(format!(
            "没有诉求内容：{} 都是空的",
            names.text.join("、")
        )));
    }
    let kind = under(&names.kind).and_then(|word| config.kinds.get(word));
    let mut submission = Submission::new(
        channel,
        kind.unwrap_or(&config.kind),
        place(config, fields)?,
        &text.join("\n"),
    );
    if let Some(category) = under(&names.category).and_then(|word| config.categories.get(word)) {
        submission = submission.category(category);
    }
    if let Some(number) = under(&names.number) {
        submission = submission.external(number);
    }
    if let Some(first) = first {
        submission = submission.repeats(first);
    }
    if let Some(time) = under(&names.posted_at) {
        submission = submission.posted_at(&instant(time)?);
    }
    if let Some(people) = under(&names.people).and_then(|number| number.parse().ok()) {
        submission = submission.people(people);
    }
    for mark in marks(config, fields) {
        submission = submission.mark(mark);
    }
    let unnamed = under(&names.anonymous).is_some_and(|word| YES.contains(&word));
    let (name, phone) = (under(&names.name), under(&names.phone));
    if !unnamed && (name.is_some() || phone.is_some()) {
        submission = submission.reporter(Person {
            name: name.unwrap_or(UNNAMED).to_owned(),
            phone: phone.map(str::to_owned),
            identity_number: under(&names.identity_number).map(str::to_owned),
            address: under(&names.address).map(str::to_owned),
        });
    }
    Reading::submission(&submission)
}

/// A code as it is, else the longest known word in what is said of the place, the closest field first.
fn place<'a>(config: &'a Config, fields: &'a Fields) -> Result<&'a str, PluginError> {
    for name in &config.fields.place {
        let Some(said) = fields.get(name) else {
            continue;
        };
        if matches!(said.len(), 12 | 15) && said.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(said);
        }
        let known = config
            .places
            .iter()
            .filter(|(word, _)| said.contains(*word));
        if let Some((_, code)) = known.max_by_key(|(word, _)| word.chars().count()) {
            return Ok(code);
        }
    }
    config
        .place
        .as_deref()
        .ok_or_else(|| PluginError::cannot_answer("不知道发生在哪里：对照表中没有这个地点"))
}

fn marks<'a>(config: &'a Config, fields: &Fields) -> Vec<&'a str> {
    let holds = |field: &str, values: &[String]| {
        let value = fields.get(field);
        value.is_some_and(|value| values.iter().any(|known| known == value))
    };
    let by_field = config.mark_by.iter();
    let by_field = by_field
        .filter(|rule| holds(&rule.field, &rule.values))
        .map(|rule| rule.mark.as_str());
    let always = config.marks.iter().map(String::as_str);
    always.chain(by_field).collect()
}
