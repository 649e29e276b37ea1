//! Cases of other systems of which only the number of each sort is known, imported one by one.

use anyhow::Result;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::client::Client;
use crate::jurisdiction::Jurisdiction;

/// So many cases that are alike.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Batch {
    /// How many.
    pub count: usize,
    /// The facts of each, as an import takes them; the number is put in.
    pub facts: Value,
}

/// Imports all batches at once; each case gets a number of its own, which begins with `name`.
pub(crate) fn import(
    client: &Client,
    jurisdiction: &Jurisdiction,
    name: &str,
    batches: &[Batch],
) -> Result<()> {
    if batches.is_empty() {
        return Ok(());
    }
    let admin = jurisdiction.principal("system-admin");
    let token = admin.map(|admin| admin.token.as_str());
    let lines = lines(name, batches).into_bytes();
    let answer = client.post_bytes("/v1/imported-cases", token, "application/x-ndjson", lines)?;
    answer.done()?;
    Ok(())
}

/// A line a case.
fn lines(name: &str, batches: &[Batch]) -> String {
    let mut lines = String::new();
    for (sort, batch) in (1..).zip(batches) {
        for number in 1..=batch.count {
            let mut facts = batch.facts.clone();
            facts["case"] = json!(format!("{name}-{sort}-{number}"));
            lines += &json!({ "facts": facts }).to_string();
            lines.push('\n');
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_case_of_each_batch_has_a_number_of_its_own() {
        let batch = |count, kind: &str| Batch {
            count,
            facts: json!({ "kind": kind }),
        };
        let text = lines("2021-07", &[batch(2, "dispute"), batch(1, "complaint")]);
        let expected = [("dispute", "1-1"), ("dispute", "1-2"), ("complaint", "2-1")].map(
            |(kind, number)| json!({ "facts": { "kind": kind, "case": format!("2021-07-{number}") } }),
        );
        let found: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(found, expected);
    }
}
