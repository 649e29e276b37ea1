//! JSON documents in answers: bounded in depth, complete, without unknown fields.

use serde::de::DeserializeOwned;

use super::Fault;

/// Reads a document.
///
/// # Errors
/// It nests deeper than `depth`, isn't JSON, or isn't what the core knows.
pub(crate) fn read<T: DeserializeOwned>(text: &str, depth: u64) -> Result<T, Fault> {
    let levels = nesting(text);
    if levels > depth {
        let detail = format!("{levels} levels of nesting; at most {depth}");
        return Err(Fault::new("document-depth", detail));
    }
    serde_json::from_str(text).map_err(|error| Fault::new("document-json", error.to_string()))
}

/// How deep brackets nest, outside of strings; right for any valid JSON, and harmless for the rest.
pub(crate) fn nesting(text: &str) -> u64 {
    let (mut open, mut deepest) = (0_u64, 0_u64);
    let (mut in_string, mut is_escaped) = (false, false);
    for byte in text.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_string => is_escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => {
                open += 1;
                deepest = deepest.max(open);
            }
            b'}' | b']' if !in_string => open = open.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_strings_do_not_nest() {
        assert_eq!(nesting(r#"{"a":"[[[{\"[["}"#), 1);
        assert_eq!(nesting(r#"[[{"a":[]}],{}]"#), 4);
        assert_eq!(nesting("12"), 0);
    }

    #[test]
    fn a_document_may_nest_as_deep_as_its_limit_and_no_deeper() {
        let read = |text: &str| read::<serde_json::Value>(text, 2).map_err(|fault| fault.rule);
        assert!(read("[[1]]").is_ok());
        assert_eq!(read("[[[1]]]"), Err("document-depth"));
        assert_eq!(read("[[1]"), Err("document-json"));
    }
}
