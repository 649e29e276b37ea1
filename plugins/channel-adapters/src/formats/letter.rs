//! A letter: what the mail room wrote above it between two `---`, and its text under the name `正文`.

use super::Fields;

/// The name of a letter's text.
const BODY: &str = "正文";
/// What stands before and after the lines above a letter.
const RULE: &str = "---";

pub(super) fn fields(text: &str) -> Fields {
    let mut fields = Fields::default();
    let (head, body) = parted(text).unwrap_or(("", text));
    for line in head.lines() {
        if let Some((name, value)) = line.split_once(['：', ':']) {
            fields.put(name.trim().to_owned(), value);
        }
    }
    let lines: Vec<&str> = body.lines().collect();
    fields.put(BODY.to_owned(), &lines.join("\n"));
    fields
}

/// The lines above a letter, and the letter; nothing where there are none.
fn parted(text: &str) -> Option<(&str, &str)> {
    let (first, rest) = text.trim_start().split_once('\n')?;
    if first.trim() != RULE {
        return None;
    }
    let mut end = 0;
    for line in rest.split_inclusive('\n') {
        let next = end + line.len();
        if line.trim() == RULE {
            return Some((rest.get(..end)?, rest.get(next..)?));
        }
        end = next;
    }
    None
}
