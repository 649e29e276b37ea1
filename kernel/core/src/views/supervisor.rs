//! What the hub, supervision and audit see: everything, with people still masked unless they were revealed.

use std::collections::BTreeSet;

use serde::Serialize;

use super::accused::actor_is_accused;
use super::handler::PartyLine;
use super::lines::{self, Statement};
use super::strip;
use super::timeline::Reader;
use super::{ApprovalLine, AssignmentLine, Sheet, Summary};
use crate::actor::Actor;
use crate::case::{Instruction, LevelMove, Reply, Report, Seal};
use crate::command::{Naming, Relation};
use crate::docket::Task;
use crate::event::Recorded;
use crate::ids::{BindingSetId, CaseId, Code, PersonId, UnitId};
use crate::matter::{Protection, Source};

/// A case as supervision sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct SupervisorView {
    /// The case.
    #[serde(flatten)]
    pub summary: Summary,
    /// How it reached us.
    pub source: Source,
    /// Whether a name was given.
    pub naming: Naming,
    /// How closely the reporter is guarded.
    pub protection: Protection,
    /// Who is in it, masked unless revealed.
    pub parties: Vec<PartyLine>,
    /// The binding set that it is pinned to.
    pub bindings: BindingSetId,
    /// How the level moved.
    pub levels: Vec<LevelMove>,
    /// Which units have which parts.
    pub assignments: Vec<AssignmentLine>,
    /// Units that can't act in it.
    pub recused: Vec<UnitId>,
    /// The unit whose objection waits for a ruling.
    pub objection: Option<UnitId>,
    /// How many objections there were.
    pub objections: u32,
    /// Every report.
    pub reports: Vec<Report>,
    /// Every reply and how it arrived.
    pub replies: Vec<Reply>,
    /// Instructions.
    pub instructions: Vec<Instruction>,
    /// What waits for a named role's word, or had it.
    pub approvals: Vec<ApprovalLine>,
    /// What a person has to do because a rule couldn't.
    pub tasks: Vec<Task>,
    /// Facts set by rules.
    pub flags: Vec<Code>,
    /// How often somebody was urged.
    pub urges: u32,
    /// Cases that follow this one.
    pub followers: Vec<CaseId>,
    /// Cases that belong to this one.
    pub links: Vec<(CaseId, Relation)>,
    /// The seal of the dossier, once there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sealed: Option<Seal>,
    /// The recorded events themselves, with who caused them; how citizens sign in is left out.
    pub events: Vec<Recorded>,
}

/// The case for somebody whose role and reach the caller has checked; nothing for whoever is accused in it, be it
/// through their unit. `revealed` holds the people whom a command with a reason has revealed to this reader.
pub fn view(
    sheet: &Sheet<'_>,
    actor: &Actor,
    revealed: &BTreeSet<PersonId>,
) -> Option<SupervisorView> {
    let case = sheet.case;
    if actor_is_accused(case, actor) {
        return None;
    }
    let docket = &case.docket;
    Some(SupervisorView {
        summary: lines::summary(sheet, Reader::Supervisor, Statement::Masked),
        source: case.source.clone(),
        naming: case.naming,
        protection: case.protection,
        parties: parties(sheet, revealed),
        bindings: case.bindings.clone(),
        levels: case.levels.clone(),
        assignments: sheet.assignments(),
        recused: case.recused.iter().cloned().collect(),
        objection: case.objection.clone(),
        objections: case.objections,
        reports: case.reports.clone(),
        replies: case.replies.clone(),
        instructions: case.instructions.clone(),
        approvals: docket
            .approvals
            .iter()
            .map(|a| lines::approval(sheet, a))
            .collect(),
        tasks: docket.tasks.clone(),
        flags: case.flags.iter().cloned().collect(),
        urges: case.urges,
        followers: case.followers.iter().cloned().collect(),
        links: case.links.clone(),
        sealed: case.sealed.clone(),
        events: sheet.history.iter().map(strip::sign_ins).collect(),
    })
}

fn parties(sheet: &Sheet<'_>, open: &BTreeSet<PersonId>) -> Vec<PartyLine> {
    let person = |id: &PersonId| {
        let facts = sheet.persons.get(id)?;
        Some(if open.contains(id) {
            lines::revealed(facts)
        } else {
            lines::masked(facts)
        })
    };
    sheet
        .case
        .parties
        .iter()
        .map(|party| PartyLine {
            role: party.role,
            person: party.person.as_ref().and_then(|p| person(&p.id)),
            unit: party.unit.clone(),
        })
        .collect()
}
