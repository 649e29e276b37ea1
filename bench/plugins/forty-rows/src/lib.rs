//! The same decision as a plugin of the kernel, and the same call with less and less in it, so that its parts can be told.

use bench_table::Answer as Found;
use fengqiao_sdk::prelude::*;
use fengqiao_sdk::profile::{ClockRule, LocalRules, Mark, Provenance};

/// What this call is made for.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", tag = "by", content = "table")]
enum Config {
    /// Decide by the table in this code.
    Code,
    /// Decide by a catalogue of the kernel, by name.
    Catalogue(String),
    /// Decide by this table.
    Rows(Vec<Row>),
    /// Look at nothing and pass: what the call costs without its work and its answer.
    Pass,
    /// Look at nothing and give an answer as long as the others.
    Canned,
}

/// A row of the table as a district would configure it.
#[derive(Deserialize)]
struct Row {
    category: String,
    lead: Office,
    assists: Vec<Office>,
    limit: String,
}

/// Where in the path its division stands, and its name there.
type Office = (usize, String);

struct FortyRows;

impl Plugin for FortyRows {
    type Config = Config;
}

impl Triage for FortyRows {
    fn triage(config: &Config, case: &Case) -> Result<Answer, PluginError> {
        let found = match config {
            Config::Pass => return Ok(Answer::Pass),
            Config::Canned => canned(),
            Config::Code => bench_table::decide(category(case)?, &case.place()?.path),
            Config::Catalogue(name) => by_catalogue(name, case)?,
            Config::Rows(rows) => by_rows(rows, case)?,
        };
        found
            .map(answer)
            .ok_or_else(|| PluginError::cannot_answer("表中没有这一类"))
    }
}

/// Clocks as a district has them, so that a command writes some.
impl Profile for FortyRows {
    fn profile(_: &Config) -> Result<LocalRules, PluginError> {
        let clocks = [
            ("handle-total", "15wd"),
            ("report", "5wd"),
            ("progress", "5cd"),
        ];
        let assumed = || Provenance::new(Mark::Assumed, "bench");
        let rules = clocks.map(|(name, spec)| ClockRule::new(name, spec, assumed()));
        Ok(rules
            .into_iter()
            .fold(LocalRules::default(), LocalRules::clock))
    }
}

impl Guard for FortyRows {
    fn guard(_: &Config, case: &Case, wanted: &Move) -> Result<Verdict, PluginError> {
        let is_listed = bench_table::decide(category(case)?, &case.place()?.path).is_some();
        if wanted.is("progress") && (case.lead()?.is_none() || !is_listed) {
            return Ok(Verdict::refuse("no-lead", "尚无主办单位，请先派单"));
        }
        Ok(Verdict::Permit)
    }
}

fn category(case: &Case) -> Result<&str, PluginError> {
    let category = case.matter()?.category.as_deref();
    category.ok_or_else(|| PluginError::bad_input("没有类别"))
}

fn by_catalogue(name: &str, case: &Case) -> Result<Option<Found>, PluginError> {
    let place = case.place()?;
    let Some(row) = catalogue::lookup(name, &place.place, &[category(case)?])? else {
        return Ok(None);
    };
    let assists = row
        .list("assists")
        .map(|office| written(&place.path, office));
    Ok(row.get("lead").and_then(|lead| {
        Some(Found {
            lead: written(&place.path, lead)?,
            assists: assists.collect::<Option<_>>()?,
            limit: row.get("limit")?.to_owned(),
        })
    }))
}

/// An office written as `2-name`: where its division stands, and its name there.
fn written(path: &[String], office: &str) -> Option<String> {
    let (depth, name) = office.split_once('-')?;
    unit(path, depth.parse().ok()?, name)
}

fn by_rows(rows: &[Row], case: &Case) -> Result<Option<Found>, PluginError> {
    let (category, path) = (category(case)?, &case.place()?.path);
    let office = |(depth, name): &Office| unit(path, *depth, name);
    let row = rows.iter().find(|row| row.category == category);
    Ok(row.and_then(|row| {
        Some(Found {
            lead: office(&row.lead)?,
            assists: row.assists.iter().map(office).collect::<Option<_>>()?,
            limit: row.limit.clone(),
        })
    }))
}

fn unit(path: &[String], depth: usize, name: &str) -> Option<String> {
    let division = path.get(depth)?;
    Some([division.as_str(), "-", name].concat())
}

fn canned() -> Option<Found> {
    Some(Found {
        lead: "990101000000-住房建设局".to_owned(),
        assists: vec!["990101001000-社区工作办公室".to_owned()],
        limit: "10wd".to_owned(),
    })
}

fn answer(found: Found) -> Answer {
    let accepted = Acceptance::lead(&found.lead).because("forty-rows");
    let source = Provenance::new(Mark::Assumed, "bench");
    let timed = accepted.limit("report", &found.limit, source);
    let whole = found
        .assists
        .iter()
        .fold(timed, |so_far, unit| so_far.assist(unit));
    whole.into()
}

fengqiao_sdk::export!(FortyRows: profile, guard, triage);
