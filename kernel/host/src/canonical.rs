//! Answers as canonical JSON, so that the same answer is the same bytes.

use serde::Serialize;
use serde_json::Value;

/// JSON with the keys of every object in the order of their UTF-16 code units and without white space (RFC 8785; the
/// kernel's documents have no fractions).
///
/// # Errors
/// The value can't be written as JSON at all.
pub fn canonical_json<T: Serialize>(value: &T) -> Result<String, serde_json::Error> {
    let mut text = String::new();
    write(&serde_json::to_value(value)?, &mut text)?;
    Ok(text)
}

fn write(value: &Value, text: &mut String) -> Result<(), serde_json::Error> {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
            let mut separator = '{';
            for (name, value) in &fields {
                text.push(separator);
                text.push_str(&serde_json::to_string(name)?);
                text.push(':');
                write(value, text)?;
                separator = ',';
            }
            text.push_str(if fields.is_empty() { "{}" } else { "}" });
        }
        Value::Array(items) => {
            let mut separator = '[';
            for item in items {
                text.push(separator);
                write(item, text)?;
                separator = ',';
            }
            text.push_str(if items.is_empty() { "[]" } else { "]" });
        }
        leaf => text.push_str(&serde_json::to_string(leaf)?),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_in_the_order_of_their_utf_16_code_units() {
        let value: Value = serde_json::from_str(
            r#"{"ﬀ": 1, "😀": [], "b": {}, "a": [1, {"d": null, "c": "\n"}]}"#,
        )
        .unwrap();
        let text = canonical_json(&value).unwrap();
        assert_eq!(
            text,
            r#"{"a":[1,{"c":"\n","d":null}],"b":{},"😀":[],"ﬀ":1}"#
        );
    }
}
