//! A letter: what the mail room wrote above it between two `---`, and its text under the name `正文`.

use super::Fields;

/// The name of a letter's text.
pub(crate) const BODY: &str = "正文";

pub(super) fn fields(text: &str) -> Fields {
    let mut fields = Fields::default();
    let mut lines = text.trim_start().lines();
    let mut body = text;
    if lines.next().map(str::trim) == Some("---") {
        let mut head = Vec::new();
        let closed = lines
            .by_ref()
            .map(|line| line.trim())
            .inspect(|line| head.push(*line))
            .any(|line| line == "---");
        if closed {
            for line in head {
                if let Some((name, value)) = line.split_once(['：', ':']) {
                    fields.put(name.trim().to_owned(), value);
                }
            }
            let rest: Vec<&str> = lines.collect();
            fields.put(BODY.to_owned(), &rest.join("\n"));
            return fields;
        }
        body = text;
    }
    fields.put(BODY.to_owned(), body);
    fields
}
