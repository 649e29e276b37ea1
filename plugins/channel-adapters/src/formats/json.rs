//! One JSON object: members by their path, the elements of a list under the list's name.

use fengqiao_sdk::prelude::*;
use serde_json::Value;

use super::Fields;

pub(super) fn fields(text: &str) -> Result<Fields, PluginError> {
    let value: Value = serde_json::from_str(text)
        .map_err(|error| PluginError::bad_input(format!("不是完整的 JSON：{error}")))?;
    if !value.is_object() {
        return Err(PluginError::bad_input("不是一个 JSON 对象"));
    }
    let mut fields = Fields::default();
    walk("", &value, &mut fields);
    Ok(fields)
}

fn walk(path: &str, value: &Value, fields: &mut Fields) {
    match value {
        Value::Null => {}
        Value::Bool(word) => fields.put(path.to_owned(), if *word { "true" } else { "false" }),
        Value::Number(number) => fields.put(path.to_owned(), &number.to_string()),
        Value::String(text) => fields.put(path.to_owned(), text),
        Value::Array(list) => list.iter().for_each(|value| walk(path, value, fields)),
        Value::Object(members) => {
            for (name, value) in members {
                let path = match path {
                    "" => name.clone(),
                    path => format!("{path}/{name}"),
                };
                walk(&path, value, fields);
            }
        }
    }
}
