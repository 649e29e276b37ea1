//! Reading JSON from outside: valid UTF-8, not too deep, then exactly the shape that the operation wants.

use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::limits::MAX_JSON_DEPTH;
use crate::problem::Problem;

/// Reads a document.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|_| Problem::invalid_utf8())?;
    if depth(text) > MAX_JSON_DEPTH {
        return Err(Problem::json_too_deep(MAX_JSON_DEPTH));
    }
    serde_json::from_str(text).map_err(|error| match error.classify() {
        Category::Syntax | Category::Eof | Category::Io => {
            Problem::malformed_json(error.line(), error.column())
        }
        Category::Data => Problem::invalid_document(&error.to_string()),
    })
}

/// How deep objects and lists nest at the most; whatever is inside a string doesn't count.
fn depth(text: &str) -> usize {
    let (mut deepest, mut now, mut in_string, mut escaped) = (0, 0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => {
                now += 1;
                deepest = deepest.max(now);
            }
            b'}' | b']' => now = now.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn nested(levels: usize) -> String {
        format!("{}{}", "[".repeat(levels), "]".repeat(levels))
    }

    fn code(text: &[u8]) -> String {
        parse::<Value>(text).unwrap_err().code().to_owned()
    }

    #[test]
    fn the_deepest_allowed_document_is_read_and_one_level_more_is_refused() {
        parse::<Value>(nested(MAX_JSON_DEPTH).as_bytes()).unwrap();
        assert_eq!(code(nested(MAX_JSON_DEPTH + 1).as_bytes()), "json-too-deep");
    }

    #[test]
    fn brackets_inside_a_string_are_not_depth() {
        let text = format!("[\"{}\\\"{}\"]", "[".repeat(200), "{".repeat(200));
        parse::<Value>(text.as_bytes()).unwrap();
    }

    #[test]
    fn broken_utf8_and_broken_json_are_told_apart() {
        assert_eq!(code(b"\"\xff\xfe\""), "invalid-utf8");
        assert_eq!(code(b"{\"a\":"), "malformed-json");
        assert_eq!(code(b""), "malformed-json");
    }

    #[test]
    fn a_date_that_does_not_exist_is_refused() {
        let refused = parse::<jiff::Timestamp>(b"\"2024-02-30T10:00:00+08:00\"").unwrap_err();
        assert_eq!(
            (refused.status().as_u16(), refused.code()),
            (422, "invalid-document")
        );
    }
}
