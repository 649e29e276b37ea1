//! How many cases a procedure of a division gathers, as the kernel lists them.

use anyhow::Result;
use serde_json::Value;

use crate::client::{Answer, Problem};
use crate::view::View;

/// Where the number is noted in a docket.
pub(crate) const GATHERED: &str = "gathered";

/// Notes in a docket how many cases its newest procedure of a kind gathers.
pub(crate) fn note(
    docket: &mut Value,
    kind: &str,
    path: &str,
    read: impl Fn(&str) -> Result<Result<Answer, Problem>>,
) -> Result<()> {
    let mut newest = View(docket).proceedings().into_iter().rev();
    let Some(newest) = newest.find(|proceeding| proceeding.kind == kind) else {
        return Ok(());
    };
    let listed = read(&format!("{path}/proceedings/{}/cases?limit=200", newest.id))??;
    let cases = listed.body.get("rows").and_then(Value::as_array);
    if let Some(docket) = docket.as_object_mut() {
        docket.insert(GATHERED.to_owned(), cases.map_or(0, Vec::len).into());
    }
    Ok(())
}
