//! A linked platform in a golden case: it takes what was sent, says something about it, and what differs is looked at.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::act;
use crate::client::{Answer, Client};
use crate::golden::{Expect, Step};
use crate::jurisdiction::{Jurisdiction, Principal};

/// Whoever plays a step of a platform, and about which case.
pub(crate) struct Linked<'a> {
    pub(crate) client: &'a Client,
    pub(crate) jurisdiction: &'a Jurisdiction,
    pub(crate) case: &'a str,
}

impl Linked<'_> {
    /// The platform takes all that was sent, acknowledges it, and says something about its newest order of the case.
    pub(crate) fn say(&self, step: &Step) -> Result<Answer> {
        let (platform, principal) = self.platform()?;
        let token = Some(principal.token.as_str());
        let sent = self.sent(platform, principal)?;
        let last = sent.last().context("没有派到链接平台的案件")?;
        let path = format!("/v1/linked/{platform}/acknowledgements");
        let through = json!({ "through": last.get("seq") });
        self.client.post(&path, token, None, &through)?.done()?;
        let own = sent.iter().rev().find(|row| self.is_own(row));
        let order = own.and_then(|row| row.get("order"));
        let row = json!({
            "status": format!("{}-{}", self.case, step.line),
            "order": order.context("这一件没有派到链接平台")?,
            "state": step.text("state"),
            "text": step.text("text").unwrap_or_default(),
            "evidence": act::evidence(step),
            "solved": step.text("solved"),
        });
        let path = format!("/v1/linked/{platform}/statuses");
        let rows = json!({ "rows": [row] });
        Ok(self.client.post(&path, token, None, &rows)?.done()?)
    }

    /// The first difference between what was expected of the platform and what is there.
    pub(crate) fn otherwise(
        &self,
        expect: &Expect,
        answer: Option<&Answer>,
    ) -> Result<Option<String>> {
        if let Some(expected) = &expect.said {
            let row = answer.and_then(|answer| answer.body.pointer("/rows/0"));
            let actual = row.map_or("none", |row| word(row, "outcome"));
            if expected != actual {
                let why = row.map_or("", |row| word(row, "code"));
                return Ok(Some(format!(
                    "平台状态应为 {expected}，实际为 {actual} {why}"
                )));
            }
        }
        let lists = [
            ("发往平台的", &expect.sent, "change"),
            ("与平台不一致的", &expect.apart, "kind"),
        ];
        for (what, expected, field) in lists {
            let Some(expected) = expected else { continue };
            let (platform, principal) = self.platform()?;
            let rows = match field {
                "change" => self.sent(platform, principal)?,
                _ => self.list(platform, "reconciliation", principal)?,
            };
            let own = rows.iter().filter(|row| self.is_own(row));
            let actual: Vec<&str> = own.map(|row| word(row, field)).collect();
            if *expected != actual {
                let (expected, actual) = (expected.join("、"), actual.join("、"));
                return Ok(Some(format!("{what}应为 {expected}，实际为 {actual}")));
            }
        }
        Ok(None)
    }

    fn is_own(&self, row: &Value) -> bool {
        word(row, "number") == self.case
    }

    fn sent(&self, platform: &str, principal: &Principal) -> Result<Vec<Value>> {
        self.list(platform, "outbox", principal)
    }

    /// All rows, page after page.
    fn list(&self, platform: &str, list: &str, principal: &Principal) -> Result<Vec<Value>> {
        let mut all = Vec::new();
        let mut after = String::new();
        loop {
            let path = format!("/v1/linked/{platform}/{list}?limit=200{after}");
            let page = self.client.get(&path, Some(&principal.token))?.done()?.body;
            let rows = page.get("rows").and_then(Value::as_array);
            all.extend(rows.into_iter().flatten().cloned());
            match page.get("next").and_then(Value::as_str) {
                Some(next) => after = format!("&after={next}"),
                None => return Ok(all),
            }
        }
    }

    fn platform(&self) -> Result<(&str, &Principal)> {
        let mut principals = self.jurisdiction.principals.iter();
        let found = principals.find_map(|own| Some((own.platform.as_deref()?, own)));
        found.with_context(|| format!("{} 没有链接平台的账号", self.jurisdiction.title))
    }
}

fn word<'a>(row: &'a Value, field: &str) -> &'a str {
    row.get(field).and_then(Value::as_str).unwrap_or_default()
}
