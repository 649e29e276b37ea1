//! Plays the golden cases of all jurisdictions on one timeline that only moves forward.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::act::{self, Scene};
use crate::client::{Answer, Client, is_the_kernels};
use crate::compare::{Found, difference, docket_difference};
use crate::gathered;
use crate::golden::{Expect, Golden, Step, THE_CASE};
use crate::jurisdiction::Jurisdiction;
use crate::linked::Linked;
use crate::month::Month;
use crate::names::{Names, Who};
pub use crate::row::Row;
use crate::row::outcome;
use crate::view::{Clock, View};

/// Clocks that bound a right: that nobody objected or rated in time is no fault of anybody's.
const RIGHTS: [&str; 2] = ["object", "rate"];

/// Plays everything; `tell` hears of every case that is through, for a progress bar.
///
/// # Errors
/// The kernel can't be reached or fails, or a name in a case isn't known. A difference isn't an error: it stands in its
/// row, and so does that a case can't go on.
pub fn play(
    client: &Client,
    all: &[(Jurisdiction, Names)],
    tell: &mut dyn FnMut(&str),
) -> Result<Vec<Row>> {
    let mut runs = Vec::new();
    for (jurisdiction, names) in all {
        for golden in &jurisdiction.cases {
            names.check(golden)?;
            runs.push(Run {
                client,
                jurisdiction,
                names,
                golden,
                aliases: BTreeMap::new(),
                difference: None,
            });
        }
    }
    let mut line: Vec<(Timestamp, Turn)> = Vec::new();
    for (run, played) in runs.iter().enumerate() {
        let steps = played.golden.steps.iter().enumerate();
        line.extend(steps.map(|(index, step)| (step.at, Turn::Step(run, index))));
    }
    let months: Vec<(&Jurisdiction, &Month)> = all
        .iter()
        .flat_map(|(jurisdiction, _)| jurisdiction.months.iter().map(move |it| (jurisdiction, it)))
        .collect();
    let reports = months.iter().enumerate();
    line.extend(reports.map(|(index, (_, month))| (month.published, Turn::Report(index))));
    line.sort_unstable();
    let mut reports = Vec::new();
    for (at, turn) in line {
        match turn {
            Turn::Step(run, index) => {
                let Some(run) = runs.get_mut(run) else {
                    continue;
                };
                if run.difference.is_none() {
                    move_clock(client, run.jurisdiction, at)?;
                    run.step(index)?;
                }
                if index + 1 == run.golden.steps.len() {
                    tell(&run.golden.title);
                }
            }
            Turn::Report(index) => {
                let Some((jurisdiction, month)) = months.get(index) else {
                    continue;
                };
                move_clock(client, jurisdiction, at)?;
                reports.push(month.row(client, jurisdiction)?);
                tell(&month.title);
            }
        }
    }
    let rows = runs.iter().map(Run::row);
    let rows: Result<Vec<Row>> = rows.chain(reports.into_iter().map(Ok)).collect();
    let mut rows = rows?;
    rows.sort_by_key(|row| {
        all.iter()
            .position(|(own, _)| own.title == row.jurisdiction)
    });
    Ok(rows)
}

/// What comes next on the timeline: a step of a case, or a month's report.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    Step(usize, usize),
    Report(usize),
}

fn move_clock(client: &Client, jurisdiction: &Jurisdiction, at: Timestamp) -> Result<()> {
    let token = jurisdiction
        .principal("system-admin")
        .map(|admin| admin.token.as_str());
    let answer = client.post(
        "/v1/demo/clock",
        token,
        None,
        &json!({ "now": at.to_string() }),
    )?;
    answer.done().with_context(|| format!("把时钟拨到 {at}"))?;
    Ok(())
}

/// Sealing the dossier has an address of its own.
const SEAL: &str = "seal";

/// One golden case on its way.
struct Run<'a> {
    client: &'a Client,
    jurisdiction: &'a Jurisdiction,
    names: &'a Names,
    golden: &'a Golden,
    aliases: BTreeMap<&'a str, Receipt<'a>>,
    difference: Option<String>,
}

/// What the citizen got at registration.
struct Receipt<'a> {
    id: String,
    number: String,
    query_code: String,
    registered: &'a Step,
}

impl<'a> Run<'a> {
    fn step(&mut self, index: usize) -> Result<()> {
        let golden = self.golden;
        let Some(step) = golden.steps.get(index) else {
            return Ok(());
        };
        let place = || {
            format!(
                "{}:{} 第{}步（{} {}）",
                golden.file,
                step.line,
                index + 1,
                step.by,
                step.act
            )
        };
        let played = self.send(step).and_then(|answer| self.judge(step, answer));
        let found = match played {
            Err(error) if is_the_kernels(&error) => return Err(error.context(place())),
            // The case isn't as its officers expect, so that it can't go on.
            Err(error) => Some(format!("{error:#}")),
            Ok(found) => found,
        };
        self.difference = found.map(|difference| {
            format!(
                "第{}步（{} {}）：{difference}",
                index + 1,
                step.by,
                step.act
            )
        });
        Ok(())
    }

    /// Does what the step says; nothing comes back for `wait`.
    fn send(&mut self, step: &'a Step) -> Result<Option<Answer>> {
        if step.act == "wait" {
            return Ok(None);
        }
        let who = self.names.who(&step.by)?;
        if step.act == "register" {
            return self.register(step, who).map(Some);
        }
        if step.act == "receive" {
            return self.receive(step, who).map(Some);
        }
        if step.act == "say" {
            return self.linked(step)?.say(step).map(Some);
        }
        let official = self.names.official(&step.by);
        let (path, now) = match &step.on {
            Some(name) => match self.names.unit(name) {
                Ok(unit) => self.docket("units", unit)?,
                Err(_) => self.docket("divisions", self.names.place(name)?)?,
            },
            None => self.case(&step.case)?,
        };
        if let (SEAL, Who::Official(token)) = (step.act.as_str(), &who) {
            let path = format!("{path}/dossier");
            let sealed = self
                .client
                .post(&path, Some(token), now.version, &json!({}))?;
            return Ok(Some(sealed));
        }
        if let ("book", Who::Official(token)) = (step.act.as_str(), &who) {
            let (room, wanted) = act::booking(step, self.golden, &self.receipt(&step.case)?.id)?;
            let path = format!("/v1/rooms/{room}/bookings");
            return Ok(Some(self.client.post(&path, Some(token), None, &wanted)?));
        }
        let scene = Scene {
            golden: self.golden,
            names: self.names,
            now: View(&now.body),
            unit: official.and_then(|official| official.unit.as_deref()),
        };
        let mut body = act::command(step, &scene)?;
        if let Some(other) = act::other_case(step, |alias| {
            self.aliases.get(alias).map(|receipt| receipt.id.as_str())
        })? {
            let field = if step.act == "link" { "to" } else { "into" };
            if let Some(object) = body.as_object_mut() {
                object.insert(field.to_owned(), other.into());
            }
        }
        let seen = now.version.or(View(&now.body).version());
        let answer = match who {
            Who::Official(token) => {
                self.client
                    .post(&format!("{path}/commands"), Some(token), seen, &body)?
            }
            Who::Citizen | Who::Clock => {
                let receipt = self.receipt(&step.case)?;
                let asked = json!({ "number": receipt.number, "query-code": receipt.query_code, "command": body });
                self.client.post("/v1/query/commands", None, seen, &asked)?
            }
        };
        Ok(Some(answer))
    }

    fn linked(&self, step: &Step) -> Result<Linked<'_>> {
        Ok(Linked {
            client: self.client,
            jurisdiction: self.jurisdiction,
            case: &self.receipt(&step.case)?.id,
        })
    }

    fn register(&mut self, step: &'a Step, who: Who<'_>) -> Result<Answer> {
        let body = act::registration(step, self.golden, self.names)?;
        let token = self.sender(who)?;
        let answer = self.client.post("/v1/cases", Some(token), None, &body)?;
        self.noted(step, answer)
    }

    /// The channel sends its message as it is.
    fn receive(&mut self, step: &'a Step, who: Who<'_>) -> Result<Answer> {
        let text = |field: &str| step.text(field).unwrap_or_default();
        let channel = self.names.channel(text("channel"))?;
        let number = step
            .text("number")
            .map(|number| format!("?number={number}"));
        let path = format!(
            "/v1/channels/{channel}/messages{}",
            number.unwrap_or_default()
        );
        let raw = self.jurisdiction.payload(text("payload"))?;
        let token = self.sender(who)?;
        let answer = self
            .client
            .post_bytes(&path, Some(token), "application/octet-stream", raw)?;
        self.noted(step, answer)
    }

    /// Whoever signs in, or the channel that speaks for a citizen.
    fn sender<'t>(&self, who: Who<'t>) -> Result<&'t str>
    where
        'a: 't,
    {
        match who {
            Who::Official(token) => Ok(token),
            Who::Citizen | Who::Clock => {
                let adapter = self.jurisdiction.principal("adapter");
                Ok(&adapter.context("没有渠道适配")?.token)
            }
        }
    }

    /// Keeps what the citizen got, where the answer is a new case.
    fn noted(&mut self, step: &'a Step, answer: Answer) -> Result<Answer> {
        if answer.status == 201 {
            let text = |field: &str| {
                answer
                    .body
                    .get(field)
                    .and_then(Value::as_str)
                    .map(str::to_owned)
            };
            let number = text("number").context("登记的答复里没有 number")?;
            let view = answer.body.get("case").map(View);
            let receipt = Receipt {
                id: view.and_then(View::id).unwrap_or_else(|| number.clone()),
                number,
                query_code: text("query-code").context("登记的答复里没有 query-code")?,
                registered: step,
            };
            self.aliases.insert(&step.case, receipt);
        }
        Ok(answer)
    }

    /// The first difference between what the step led to and what was expected.
    fn judge(&self, step: &Step, answer: Option<Answer>) -> Result<Option<String>> {
        if let Some(different) = self.received_otherwise(step, answer.as_ref()) {
            return Ok(Some(different));
        }
        let expect = &step.expect;
        if expect.said.is_some() || expect.sent.is_some() || expect.apart.is_some() {
            let different = self.linked(step)?.otherwise(expect, answer.as_ref())?;
            if different.is_some() {
                return Ok(different);
            }
        }
        let problem = answer.and_then(|answer| answer.done().err());
        match (&step.expect.refused, problem) {
            (None, Some(problem)) => return Ok(Some(format!("被拒绝：{problem}"))),
            (Some(code), None) => return Ok(Some(format!("应被拒绝（{code}），实际办成了"))),
            (Some(code), Some(problem)) if *code != problem.code => {
                return Ok(Some(format!("拒绝的理由应为 {code}，实际为 {problem}")));
            }
            _ => {}
        }
        let expect = &step.expect;
        if !self.aliases.contains_key(step.case.as_str()) {
            let dockets = self.dockets(expect)?;
            return Ok(docket_difference(expect, &dockets, self.names));
        }
        let (_, case) = self.case(&step.case)?;
        let receipt = self.receipt(&step.case)?;
        let asked = expect.citizen_sees.is_some() || expect.told.is_some();
        let citizen = if asked {
            self.citizen(receipt)?
        } else {
            Value::Null
        };
        let sees = match expect.handler_sees_reporter {
            Some(_) => Some(self.handler_sees(receipt, View(&case.body))?),
            None => None,
        };
        let dockets = self.dockets(expect)?;
        let refused = View(&case.body).refused_proposals();
        if let Some(unheard) = refused.first() {
            return Ok(Some(format!("本地规则的建议未被采纳：{unheard}")));
        }
        let found = Found {
            case: View(&case.body),
            id: &receipt.id,
            citizen: &citizen,
            handler_sees_reporter: sees,
            dockets: &dockets,
        };
        Ok(difference(expect, &found, self.names))
    }

    /// What became of a message, if it isn't what was expected; one that came before has to be the case of the step.
    fn received_otherwise(&self, step: &Step, answer: Option<&Answer>) -> Option<String> {
        let expected = step.expect.message.as_deref()?;
        let said = |field: &str| answer?.body.get(field)?.as_str();
        let actual = said("outcome").unwrap_or("none");
        if expected != actual {
            return Some(format!("来件应为 {expected}，实际为 {actual}"));
        }
        let own = self.aliases.get(step.case.as_str());
        let own = own.map(|receipt| receipt.number.as_str());
        (expected == "same" && said("number") != own)
            .then(|| format!("来件应是“{}”的重复，实际不是", step.case))
    }

    fn dockets(&self, expect: &Expect) -> Result<Vec<(String, Value)>> {
        let mut dockets = Vec::new();
        for unit in expect
            .warnings
            .keys()
            .chain(expect.waits.keys())
            .filter(|unit| *unit != THE_CASE)
        {
            let code = self.names.unit(unit)?;
            dockets.push((code.to_owned(), self.docket("units", code)?.1.body));
        }
        let common = expect.common_problem.iter().map(|own| &own.division);
        let divisions = common.chain(expect.allowance.iter().map(|own| &own.division));
        for division in divisions {
            let code = self.names.place(division)?;
            let (path, mut docket) = self.docket("divisions", code)?;
            if let Some(own) = &expect.common_problem {
                let read = |path: &str| Ok(self.client.get(path, Some(self.watcher()?))?.done());
                gathered::note(&mut docket.body, &own.kind, &path, read)?;
            }
            dockets.push((code.to_owned(), docket.body));
        }
        Ok(dockets)
    }

    /// The case as the jurisdiction's hub sees it.
    fn case(&self, alias: &str) -> Result<(String, Answer)> {
        let path = format!("/v1/cases/{}", self.receipt(alias)?.id);
        let answer = self.client.get(&path, Some(self.watcher()?))?.done()?;
        Ok((path, answer))
    }

    fn docket(&self, of: &str, code: &str) -> Result<(String, Answer)> {
        let path = format!("/v1/{of}/{code}");
        let answer = self
            .client
            .get(&format!("{path}/docket"), Some(self.watcher()?))?
            .done()?;
        Ok((path, answer))
    }

    fn citizen(&self, receipt: &Receipt<'_>) -> Result<Value> {
        let asked = json!({ "number": receipt.number, "query-code": receipt.query_code });
        Ok(self
            .client
            .post("/v1/query", None, None, &asked)?
            .done()?
            .body)
    }

    /// Whether anything that says who reported stands in what the lead's handler sees.
    fn handler_sees(&self, receipt: &Receipt<'_>, case: View<'_>) -> Result<bool> {
        let lead = case.lead().context("案件没有主办单位")?;
        let handler = self
            .names
            .handler(&lead)
            .with_context(|| format!("单位 {lead} 没有承办人"))?;
        let path = format!("/v1/cases/{}", receipt.id);
        let seen = self.client.get(&path, Some(&handler.token))?.done()?.body;
        let (name, phone) = act::reporter(receipt.registered);
        Ok(["\"reporter\"", name, phone]
            .iter()
            .any(|words| View(&seen).mentions(words)))
    }

    fn receipt(&self, alias: &str) -> Result<&Receipt<'a>> {
        match self.aliases.get(alias) {
            Some(receipt) => Ok(receipt),
            None => bail!("“{alias}”还没有登记"),
        }
    }

    fn watcher(&self) -> Result<&str> {
        let watcher = self
            .jurisdiction
            .principal("dispatcher")
            .context("没有总平台分拨员")?;
        Ok(&watcher.token)
    }

    /// The row of the file's last case.
    fn row(&self) -> Result<Row> {
        let mut row = Row {
            jurisdiction: self.jurisdiction.title.clone(),
            title: self.golden.title.clone(),
            file: self.golden.file.clone(),
            way: Vec::new(),
            lead: "—".to_owned(),
            met: 0,
            breached: 0,
            outcome: "未登记".to_owned(),
            difference: self.difference.clone(),
        };
        let last = self
            .golden
            .steps
            .iter()
            .rev()
            .find(|step| self.aliases.contains_key(step.case.as_str()));
        if let Some(step) = last {
            let (_, case) = self.case(&step.case)?;
            let view = View(&case.body);
            row.way = view.way();
            row.lead = view
                .lead()
                .map_or("—".to_owned(), |id| self.names.unit_name(&id).to_owned());
            let duties = |clock: &Clock| !RIGHTS.contains(&clock.name.as_str());
            let clocks: Vec<Clock> = view.clocks().into_iter().filter(duties).collect();
            row.met = clocks.iter().filter(|clock| clock.state == "met").count();
            row.breached = clocks
                .iter()
                .filter(|clock| clock.state == "breached")
                .count();
            row.outcome = outcome(view);
        }
        Ok(row)
    }
}
