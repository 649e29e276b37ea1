//! 卷宗: the whole way of a case in one document, or what it still lacks.

use std::collections::{BTreeMap, BTreeSet};

use fengqiao_calendar::local_text;
use serde::Serialize;

use super::supervisor::{self, SupervisorView};
use super::{Sheet, timeline, words};
use crate::actor::Actor;
use crate::ids::{Code, UnitId};
use crate::proceeding::End;
use crate::stage::StageName;

/// The form of the document; another form gets another number.
pub const FORMAT: &str = "fengqiao-dossier-1";

/// The whole way of a case, people and numbers masked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct Dossier {
    /// The form of this document.
    pub format: &'static str,
    /// The number of the last event that it covers.
    pub through: u64,
    /// The units that it names, as they were called when it was sealed.
    pub units: BTreeMap<UnitId, String>,
    /// The case as supervision sees it: matter, people masked, parts, deadlines and why they ended when they ended,
    /// procedures, approvals, every word that was written, every recorded event.
    pub case: SupervisorView,
}

/// The dossier of a case whose way is at its end, `None` for one whose way isn't told whole; then [`missing`] says why.
pub fn dossier(sheet: &Sheet<'_>, units: BTreeMap<UnitId, String>) -> Option<Dossier> {
    if !missing(sheet).is_empty() {
        return None;
    }
    Some(Dossier {
        format: FORMAT,
        through: sheet.case.docket.version,
        units,
        case: supervisor::view(sheet, &Actor::Kernel, &BTreeSet::new())?,
    })
}

/// The units that a case names.
pub fn units(sheet: &Sheet<'_>) -> BTreeSet<UnitId> {
    let case = sheet.case;
    let clocks = case.docket.clocks.iter().filter_map(|c| c.owner.clone());
    let sides = |p: &crate::proceeding::Proceeding| [p.issuer.clone(), p.addressee.clone()];
    let proceedings = case.docket.proceedings.iter().flat_map(sides).flatten();
    let acting = sheet.history.iter().filter_map(|r| r.actor.unit().cloned());
    let parties = case.parties.iter().filter_map(|p| p.unit.clone());
    case.assignments
        .iter()
        .map(|a| a.unit.clone())
        .chain(case.recused.iter().cloned())
        .chain(clocks)
        .chain(proceedings)
        .chain(acting)
        .chain(parties)
        .collect()
}

/// What the dossier lacks, in words; nothing for one that can be sealed.
pub fn missing(sheet: &Sheet<'_>) -> Vec<String> {
    let mut missing = Vec::new();
    let stage = sheet.case.stage.name();
    if !matches!(stage, StageName::Archived | StageName::Ended) {
        let label = sheet.rules.stage_label(stage);
        missing.push(format!("案件尚在“{label}”环节，归档后才能封卷"));
        missing.extend(undone(sheet));
    }
    missing.extend(erased(sheet));
    missing
}

/// What stands between a case in work and its archive.
fn undone(sheet: &Sheet<'_>) -> Vec<String> {
    let Sheet { case, rules, .. } = *sheet;
    let is_waived = |what| case.waived.contains(&Code::word(what));
    let facts = [
        (case.reports.iter().any(|r| !r.sent_back), "没有反馈"),
        (!case.replies.is_empty(), "没有回复"),
        (
            case.outcome.satisfied.is_some() || is_waived("rating"),
            "没有评价，也没有免除评价的记录",
        ),
    ];
    let facts = facts.into_iter().filter(|(there, _)| !there);
    let clocks = case.docket.clocks.iter().filter(|c| c.state.is_live());
    let clocks = clocks.map(|c| {
        let (label, due) = (words::clock(rules, &c.name), local_text(c.deadline.due));
        format!("{label}仍在计时，{due} 到期")
    });
    let open = case.docket.proceedings.iter();
    let open = open.filter(|p| p.end == End::Open);
    let open = open.map(|p| format!("{}尚未结束", words::proceeding(rules, &p.kind)));
    facts
        .map(|(_, lack)| lack.to_owned())
        .chain(clocks)
        .chain(open)
        .collect()
}

/// Words and people that were erased: the way can't be told whole any more.
fn erased(sheet: &Sheet<'_>) -> Vec<String> {
    let gone = |text: &crate::ids::TextRef| text.chars > 0 && !sheet.texts.contains_key(&text.id);
    let statement = gone(&sheet.case.matter.text).then(|| "诉求内容的文字已删除".to_owned());
    let people = sheet.case.parties.iter().filter_map(|p| p.person.as_ref());
    let people = people.filter(|person| !sheet.persons.contains_key(&person.id));
    let people = people.map(|_| "当事人的信息已删除".to_owned()).next();
    let words = sheet.history.iter().filter(|r| {
        let text = timeline::text(&r.event);
        text.is_some_and(gone)
    });
    let words = words.map(|r| {
        let (at, what) = (local_text(r.at), timeline::what(sheet, &r.event));
        format!("{at}“{what}”的文字已删除")
    });
    statement.into_iter().chain(people).chain(words).collect()
}
