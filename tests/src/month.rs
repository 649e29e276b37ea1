//! A golden month: the report that must come of a jurisdiction's golden cases, counted by hand.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::batch::{self, Batch};
use crate::client::Client;
use crate::files;
use crate::jurisdiction::Jurisdiction;
use crate::row::Row;

/// One month of a jurisdiction.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Month {
    /// The file, as errors name it.
    #[serde(skip)]
    pub file: String,
    /// What it is about, in a few words.
    pub title: String,
    /// The sentence of the article that it stands for.
    pub source: String,
    /// `2024-06`, or some days: `2024-06-01/2024-06-03`.
    pub window: String,
    /// When the report is made: whatever the jurisdiction's golden cases did until then counts.
    pub published: Timestamp,
    /// Cases of other systems that count beside them, of which only the number of each sort is known.
    #[serde(default)]
    pub imported: Vec<Batch>,
    /// By formula: above, below, and what is published (`2/3 66.67%`).
    pub figures: BTreeMap<String, String>,
    /// The same of a part of the cases, by what narrows the question to it (`kind=dispute`).
    #[serde(default)]
    pub among: BTreeMap<String, BTreeMap<String, String>>,
    /// By code.
    pub tallies: BTreeMap<String, u64>,
    /// Everybody on the sheet, in the order of their ranks; none where no mechanism scores, and then no sheet is made.
    #[serde(default)]
    pub units: Vec<Line>,
}

/// A unit on the sheet.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Line {
    /// Its name.
    pub name: String,
    /// Its rank.
    pub rank: u64,
    /// Its points, with two decimals.
    pub points: String,
}

impl Month {
    /// How its report went, as a row of the table.
    ///
    /// # Errors
    /// The kernel itself failed.
    pub(crate) fn row(&self, client: &Client, jurisdiction: &Jurisdiction) -> Result<Row> {
        Ok(Row {
            jurisdiction: jurisdiction.title.clone(),
            title: self.title.clone(),
            file: self.file.clone(),
            way: Vec::new(),
            lead: "—".to_owned(),
            met: 0,
            breached: 0,
            outcome: "月报".to_owned(),
            difference: self.difference(client, jurisdiction)?,
        })
    }

    /// Reads every month of a jurisdiction's folder.
    ///
    /// # Errors
    /// The first file that is wrong.
    pub fn all(folder: &Path) -> Result<Vec<Self>> {
        let files = files::listed(&folder.join("months"), "toml")?;
        let months = files.iter().map(|path| {
            let text = files::text(path)?;
            let month: Self = toml::from_str(&text).with_context(|| path.display().to_string())?;
            Ok(Self {
                file: path.display().to_string(),
                ..month
            })
        });
        months.collect()
    }

    /// Imports what counts beside the golden cases and makes the report; answers what isn't as it was counted by hand.
    ///
    /// # Errors
    /// The kernel can't be reached, or nobody assesses there.
    pub fn difference(
        &self,
        client: &Client,
        jurisdiction: &Jurisdiction,
    ) -> Result<Option<String>> {
        let mut differences = Vec::new();
        batch::import(client, jurisdiction, &self.window, &self.imported)?;
        self.compare_figures(client, jurisdiction, &mut differences)?;
        if !self.units.is_empty() {
            self.compare_sheet(client, jurisdiction, &mut differences)?;
        }
        Ok((!differences.is_empty()).then(|| differences.join("；")))
    }

    fn compare_figures(
        &self,
        client: &Client,
        jurisdiction: &Jurisdiction,
        differences: &mut Vec<String>,
    ) -> Result<()> {
        let path = format!("/v1/metrics?window={}", self.window);
        let ask = |path: &str| -> Result<Value> {
            let answer = client.get(path, Some(assessor(jurisdiction)?))?;
            Ok(answer.done()?.body)
        };
        let body = ask(&path)?;
        differences.extend(different(&body, "", &self.figures));
        for (narrowed, figures) in &self.among {
            let body = ask(&format!("{path}&{narrowed}"))?;
            differences.extend(different(&body, &format!("{narrowed} "), figures));
        }
        for (code, expected) in &self.tallies {
            let found = body
                .pointer(&format!("/tallies/{code}"))
                .and_then(Value::as_u64);
            if found != Some(*expected) {
                differences.push(format!("{code}：应为 {expected}，实为 {found:?}"));
            }
        }
        Ok(())
    }

    fn compare_sheet(
        &self,
        client: &Client,
        jurisdiction: &Jurisdiction,
        differences: &mut Vec<String>,
    ) -> Result<()> {
        let body = json!({ "division": jurisdiction.division, "window": self.window });
        let answer = client.post(
            "/v1/assessments",
            Some(assessor(jurisdiction)?),
            None,
            &body,
        )?;
        let body = answer.done()?.body;
        let sheet = body.get("sheet").context("答复里没有考核表")?;
        let found: Vec<Line> = list(sheet, "units")
            .iter()
            .map(|scored| line(scored, jurisdiction))
            .collect();
        if found != self.units {
            differences.push(format!("考核表：应为 {:#?}，实为 {found:#?}", self.units));
        }
        Ok(())
    }
}

/// The figures that aren't as they were counted by hand, in words; of which part, if it isn't the whole.
fn different(body: &Value, part: &str, figures: &BTreeMap<String, String>) -> Vec<String> {
    let compared = figures.iter().filter_map(|(formula, expected)| {
        let mut all = list(body, "figures").iter();
        let figure = all.find(|it| it.get("formula") == Some(&json!(formula)));
        let found = figure.map(told).unwrap_or_default();
        let differs = found != *expected;
        differs.then(|| format!("{part}{formula}：应为 {expected}，实为 {found}"))
    });
    compared.collect()
}

fn assessor(jurisdiction: &Jurisdiction) -> Result<&str> {
    let principal = jurisdiction.principal("assessor");
    let principal = principal.context("principals.toml 里没有考核员")?;
    Ok(&principal.token)
}

fn list<'a>(body: &'a Value, name: &str) -> &'a [Value] {
    let list = body.get(name).and_then(Value::as_array);
    list.map_or(&[], Vec::as_slice)
}

fn told(figure: &Value) -> String {
    let number = |name: &str| figure.get(name).and_then(Value::as_u64).unwrap_or_default();
    let published = figure.get("published").and_then(Value::as_str);
    format!(
        "{}/{} {}",
        number("numerator"),
        number("denominator"),
        published.unwrap_or_default()
    )
}

fn line(scored: &Value, jurisdiction: &Jurisdiction) -> Line {
    let id = scored
        .get("unit")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let unit = jurisdiction.units.iter().find(|unit| unit.id == id);
    let points = scored
        .pointer("/score/total-hundredths")
        .and_then(Value::as_i64);
    let points = points.unwrap_or_default();
    let (whole, rest) = (points.abs() / 100, points.abs() % 100);
    let sign = if points < 0 { "-" } else { "" };
    Line {
        name: unit.map_or(id, |unit| &unit.name).to_owned(),
        rank: scored
            .get("rank")
            .and_then(Value::as_u64)
            .unwrap_or_default(),
        points: format!("{sign}{whole}.{rest:02}"),
    }
}
