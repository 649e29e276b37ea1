//! Whether a step led to what was expected: the first difference in a clear sentence.

use serde_json::Value;

use crate::gathered::GATHERED;
use crate::golden::{Expect, THE_CASE, day};
use crate::names::Names;
use crate::view::View;

/// What the kernel says after a step.
#[derive(Debug, Clone, Copy)]
pub struct Found<'a> {
    /// The case, as a supervisor sees it.
    pub case: View<'a>,
    /// Its number; nothing where the step is about no case.
    pub id: &'a str,
    /// What the citizen sees with the query code: view and timeline.
    pub citizen: &'a Value,
    /// Whether the lead's handler can see who reported; nothing where nobody asked.
    pub handler_sees_reporter: Option<bool>,
    /// The dockets that the expectation names: units and divisions by code.
    pub dockets: &'a [(String, Value)],
}

/// The first difference, or none.
#[must_use]
pub fn difference(expect: &Expect, found: &Found<'_>, names: &Names) -> Option<String> {
    let case = found.case;
    spine(expect, case, names)
        .or_else(|| units(expect, case, names))
        .or_else(|| clocks(expect, case))
        .or_else(|| proceedings(expect, case))
        .or_else(|| addressed(expect, case, names))
        .or_else(|| dockets(expect, found, names))
        .or_else(|| outcome(expect, case))
        .or_else(|| sight(expect, found))
}

/// The first difference in the dockets of units and divisions, where a step is about no case.
#[must_use]
pub fn docket_difference(
    expect: &Expect,
    found: &[(String, Value)],
    names: &Names,
) -> Option<String> {
    let nowhere = Found {
        case: View(&Value::Null),
        id: "",
        citizen: &Value::Null,
        handler_sees_reporter: None,
        dockets: found,
    };
    dockets(expect, &nowhere, names)
}

fn spine(expect: &Expect, case: View<'_>, names: &Names) -> Option<String> {
    differs("环节", expect.stage.as_deref(), case.stage().as_deref())
        .or_else(|| differs("终结原因", expect.ended.as_deref(), case.ended().as_deref()))
        .or_else(|| {
            let level = expect
                .level
                .as_deref()
                .and_then(|name| names.place(name).ok())?;
            let actual = case.division();
            differs(
                "办理层级",
                Some(names.place_name(level)),
                actual.as_deref().map(|code| names.place_name(code)),
            )
        })
        .or_else(|| {
            let code = expect.task.as_deref()?;
            let tasks: Vec<String> = case.tasks().into_iter().map(|task| task.1).collect();
            match code {
                "none" => differs("待办", Some("none"), tasks.first().map(String::as_str)),
                code => missing("待办", code, &tasks),
            }
        })
        .or_else(|| {
            let desk = expect.desk.as_deref()?;
            let wanted = names.place(desk).unwrap_or(desk);
            let tasks = case.tasks().into_iter();
            let same = |code: &str| expect.task.as_deref().is_none_or(|task| task == code);
            let desks: Vec<String> = tasks
                .filter(|task| same(&task.1))
                .map(|task| names.place_name(&task.2).to_owned())
                .collect();
            missing("待办所在区划", names.place_name(wanted), &desks)
        })
        .or_else(|| {
            expect
                .flags
                .iter()
                .flatten()
                .find_map(|flag| missing("标记", flag, &case.flags()))
        })
        .or_else(|| count("重办次数", expect.reworks, case.count("reworks")))
        .or_else(|| count("催办次数", expect.urges, case.count("urges")))
        .or_else(|| {
            let expected = expect.links.and_then(|links| u64::try_from(links).ok());
            count("关联案件数", expected, case.links())
        })
}

fn units(expect: &Expect, case: View<'_>, names: &Names) -> Option<String> {
    let lead = case.lead();
    let lead = lead.as_deref().map(|id| names.unit_name(id));
    let expected = expect
        .lead
        .as_deref()
        .map(|name| names.unit(name).map_or(name, |id| names.unit_name(id)));
    differs("主办单位", expected, lead)
        .or_else(|| in_role("协办单位", "assist", expect.assists.as_deref(), case, names))
        .or_else(|| {
            in_role(
                "督办单位",
                "supervise",
                expect.supervises.as_deref(),
                case,
                names,
            )
        })
}

fn in_role(
    what: &str,
    role: &str,
    expected: Option<&[String]>,
    case: View<'_>,
    names: &Names,
) -> Option<String> {
    let mut expected: Vec<&str> = expected?.iter().map(String::as_str).collect();
    let parts = case.parts();
    let mut actual: Vec<&str> = parts
        .iter()
        .filter(|part| part.role == role && part.state != "replaced")
        .map(|part| names.unit_name(&part.unit))
        .collect();
    expected.sort_unstable();
    actual.sort_unstable();
    (expected != actual)
        .then(|| format!("{what}应为{}，实际为{}", listed(&expected), listed(&actual)))
}

fn clocks(expect: &Expect, case: View<'_>) -> Option<String> {
    let clocks = case.clocks();
    let newest = |name: &str| clocks.iter().rev().find(|clock| clock.name == name);
    for (name, state) in &expect.clocks {
        let actual = newest(name).map_or("none", |clock| clock.state.as_str());
        if state != actual {
            return Some(format!("时限 {name} 应为 {state}，实际为 {actual}"));
        }
    }
    for (name, due) in &expect.due {
        let Some(at) = newest(name).and_then(|clock| clock.due) else {
            return Some(format!("时限 {name} 应于 {due} 到期，实际没有这个时限"));
        };
        let actual = if due.contains(' ') {
            at.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8)))
                .strftime("%F %H:%M")
                .to_string()
        } else {
            day(at).to_string()
        };
        if *due != actual {
            return Some(format!("时限 {name} 应于 {due} 到期，实际为 {actual}"));
        }
    }
    None
}

fn proceedings(expect: &Expect, case: View<'_>) -> Option<String> {
    let all = case.proceedings();
    expect.proceedings.iter().find_map(|(kind, state)| {
        let newest = all.iter().rev().find(|proceeding| proceeding.kind == *kind);
        let actual = newest.map_or("none", |proceeding| proceeding.state.as_str());
        (state != actual).then(|| format!("程序 {kind} 应在 {state}，实际在 {actual}"))
    })
}

fn addressed(expect: &Expect, case: View<'_>, names: &Names) -> Option<String> {
    let all = case.proceedings();
    expect.addressed.iter().find_map(|(unit, state)| {
        let id = names.unit(unit).ok();
        let mut newest = all.iter().rev();
        let newest = newest.find(|own| own.addressee.as_deref() == id);
        let actual = newest.map_or("none", |own| own.state.as_str());
        (state != actual).then(|| format!("发给{unit}的程序应在 {state}，实际在 {actual}"))
    })
}

fn dockets(expect: &Expect, found: &Found<'_>, names: &Names) -> Option<String> {
    let docket = |code: &str| {
        found
            .dockets
            .iter()
            .find(|docket| docket.0 == code)
            .map(|docket| View(&docket.1))
    };
    for (unit, state) in &expect.warnings {
        let about = names
            .unit(unit)
            .ok()
            .and_then(docket)
            .map(View::proceedings)
            .unwrap_or_default();
        let newest = about
            .iter()
            .rev()
            .find(|warning| found.id.is_empty() || warning.about.as_deref() == Some(found.id));
        let actual = newest.map_or("none", |warning| warning.state.as_str());
        if state != actual {
            return Some(format!("对{unit}的警示应为 {state}，实际为 {actual}"));
        }
    }
    for (desk, role) in &expect.waits {
        let view = if desk == THE_CASE {
            Some(found.case)
        } else {
            names.unit(desk).ok().and_then(docket)
        };
        let waiting = view.and_then(|view| view.waiting().pop());
        let actual = waiting
            .as_ref()
            .map_or("none", |approval| approval.role.as_str());
        if role != actual {
            return Some(format!("{desk}待批准的角色应为 {role}，实际为 {actual}"));
        }
    }
    if let Some(expected) = &expect.allowance {
        let found = names.place(&expected.division).ok().and_then(docket);
        let found = found.and_then(|docket| docket.allowance(&expected.kind));
        let (spent, left) = found.unzip();
        let yuan = |fen: Option<u64>| fen.map_or("none".to_owned(), |fen| (fen / 100).to_string());
        let money = |what: &str, expected: Option<u64>, fen: Option<u64>| {
            let expected = expected.map(|yuan| yuan.to_string());
            differs(what, expected.as_deref(), Some(&yuan(fen)))
        };
        let difference = money("已支出（元）", expected.spent_yuan, spent)
            .or_else(|| money("余额（元）", expected.left_yuan, left));
        if difference.is_some() {
            return difference;
        }
    }
    let common = expect.common_problem.as_ref()?;
    let found = names.place(&common.division).ok().and_then(docket);
    let gathered = found.and_then(|docket| docket.0.get(GATHERED)?.as_u64());
    if let Some(expected) = common.cases
        && gathered != u64::try_from(expected).ok()
    {
        return differs(
            "汇集案件数",
            Some(&expected.to_string()),
            Some(&gathered.unwrap_or_default().to_string()),
        );
    }
    let all = found.map(View::proceedings).unwrap_or_default();
    let newest = all
        .iter()
        .rev()
        .find(|proceeding| proceeding.kind == common.kind);
    differs(
        "共性问题",
        Some(&common.state),
        newest.map(|proceeding| proceeding.state.as_str()),
    )
}

fn outcome(expect: &Expect, case: View<'_>) -> Option<String> {
    let outcome = expect.outcome.as_ref()?;
    let closed = case.fact("closed").map(|_| "yes".to_owned());
    differs("办结", outcome.closed.as_deref(), closed.as_deref())
        .or_else(|| {
            differs(
                "解决",
                outcome.solved.as_deref(),
                case.fact("solved").as_deref(),
            )
        })
        .or_else(|| {
            differs(
                "满意",
                outcome.satisfied.as_deref(),
                case.fact("satisfied").as_deref(),
            )
        })
}

fn sight(expect: &Expect, found: &Found<'_>) -> Option<String> {
    if let (Some(expected), Some(actual)) =
        (expect.handler_sees_reporter, found.handler_sees_reporter)
        && expected != actual
    {
        let word = |sees| if sees { "能" } else { "不能" };
        return Some(format!(
            "承办人应{}看到诉求人，实际{}",
            word(expected),
            word(actual)
        ));
    }
    let text = found.citizen.to_string();
    if let Some(labels) = &expect.citizen_sees {
        let seen = View(found.citizen).told();
        let mut rest = seen.iter();
        if let Some(label) = labels.iter().find(|label| !rest.any(|seen| seen == *label)) {
            return Some(format!(
                "市民应依次看到{}，其中“{label}”没有看到（实际{}）",
                listed(labels),
                listed(&seen)
            ));
        }
    }
    let told = expect.told.iter().flatten();
    let mut told = told.filter(|words| !text.contains(words.as_str()));
    told.next()
        .map(|words| format!("市民应被告知“{words}”，实际没有"))
}

fn differs(what: &str, expected: Option<&str>, actual: Option<&str>) -> Option<String> {
    let expected = expected?;
    let actual = actual.unwrap_or("none");
    (expected != actual).then(|| format!("{what}应为“{expected}”，实际为“{actual}”"))
}

fn missing(what: &str, wanted: &str, actual: &[String]) -> Option<String> {
    let there = actual.iter().any(|found| found == wanted);
    (!there).then(|| format!("{what}应有“{wanted}”，实际为{}", listed(actual)))
}

fn count(what: &str, expected: Option<u64>, actual: u64) -> Option<String> {
    let expected = expected.filter(|expected| *expected != actual)?;
    Some(format!("{what}应为 {expected}，实际为 {actual}"))
}

fn listed(words: &[impl AsRef<str>]) -> String {
    if words.is_empty() {
        return "无".to_owned();
    }
    let quoted: Vec<String> = words
        .iter()
        .map(|word| format!("“{}”", word.as_ref()))
        .collect();
    quoted.join("、")
}

#[cfg(test)]
mod tests;
