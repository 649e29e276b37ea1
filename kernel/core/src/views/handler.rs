//! What a handling unit sees: its part, its deadlines and why; of a guarded case nothing that depends on who reported.

use jiff::Timestamp;
use serde::Serialize;

use super::accused::is_accused;
use super::lines::{self, Statement};
use super::strip::strip;
use super::timeline::Reader;
use super::{ApprovalLine, AssignmentLine, PersonView, Sheet, Summary};
use crate::case::Case;
use crate::command::Claim;
use crate::ids::{Code, PrincipalId, Seq, UnitId};
use crate::mask;
use crate::matter::{AssignmentRole, AssignmentState, Evidence, PartyRole, Protection};

/// A case as one of its units sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct HandlerView {
    /// The case.
    #[serde(flatten)]
    pub summary: Summary,
    /// The unit whose view it is.
    pub unit: UnitId,
    /// The unit's part; none for one that only a proceeding is addressed to.
    pub part: Option<AssignmentRole>,
    /// How closely the reporter is guarded.
    pub protection: Protection,
    /// Through which channel it came; none where the reporter is guarded.
    pub channel: Option<Code>,
    /// Who is in it, masked; without reporter and representatives where they are guarded.
    pub parties: Vec<PartyLine>,
    /// Which units have which parts.
    pub assignments: Vec<AssignmentLine>,
    /// The clocks that this unit has to act on.
    pub own_clocks: Vec<Seq>,
    /// The unit's own reports.
    pub reports: Vec<ReportLine>,
    /// What the unit asked to have approved.
    pub approvals: Vec<ApprovalLine>,
    /// The unit whose objection waits for a ruling.
    pub objection: Option<UnitId>,
    /// Whether an objection was denied.
    pub locked: bool,
    /// Facts set by rules.
    pub flags: Vec<Code>,
    /// How often somebody was urged.
    pub urges: u32,
}

/// Somebody in the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct PartyLine {
    /// The part they have.
    pub role: PartyRole,
    /// Who it is, masked; none for a unit, an anonymous or an erased person.
    pub person: Option<PersonView>,
    /// The unit, where the party is one.
    pub unit: Option<UnitId>,
}

/// A report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct ReportLine {
    /// Its number.
    pub id: Seq,
    /// When.
    pub at: Timestamp,
    /// The words; none for a waiver.
    pub text: Option<String>,
    /// What came with it.
    pub evidence: Vec<Evidence>,
    /// What the unit claims.
    pub claim: Option<Claim>,
    /// Whether it was sent back or overtaken by rework.
    pub sent_back: bool,
}

/// The case for a unit that has a part in it, or to which one of its proceedings is addressed; nothing for anybody
/// else, and never for a unit or person that is accused in it or has to stay out of it.
pub fn view(
    sheet: &Sheet<'_>,
    unit: &UnitId,
    principal: Option<&PrincipalId>,
) -> Option<HandlerView> {
    let case = sheet.case;
    if is_accused(case, principal, Some(unit)) || case.recused.contains(unit) {
        return None;
    }
    if !has_part(case, unit) {
        return None;
    }
    if case.protection == Protection::Open {
        return Some(computed(sheet, unit));
    }
    let (case, history) = strip(case, sheet.history);
    let without_reporter = Sheet {
        case: &case,
        history: &history,
        ..*sheet
    };
    Some(computed(&without_reporter, unit))
}

fn has_part(case: &Case, unit: &UnitId) -> bool {
    let assigned = case.assignments.iter().any(|a| {
        &a.unit == unit && matches!(a.state, AssignmentState::Active | AssignmentState::Done)
    });
    let proceeds = case
        .docket
        .proceedings
        .iter()
        .any(|p| p.addressee.as_ref() == Some(unit) || p.issuer.as_ref() == Some(unit));
    assigned || proceeds
}

/// Knows nothing but the sheet: for a guarded case that is the stripped one.
fn computed(sheet: &Sheet<'_>, unit: &UnitId) -> HandlerView {
    let case = sheet.case;
    let part = case
        .assignments
        .iter()
        .rfind(|a| &a.unit == unit && a.state == AssignmentState::Active)
        .map(|a| a.role);
    let statement = match (case.protection, part) {
        (Protection::Confidential, Some(AssignmentRole::Lead)) => Statement::Masked,
        (Protection::Confidential, _) => Statement::Withheld,
        (Protection::Open | Protection::ReporterHidden, _) => Statement::Masked,
    };
    let approvals = case.docket.approvals.iter();
    HandlerView {
        summary: lines::summary(sheet, Reader::Handler, statement),
        unit: unit.clone(),
        part,
        protection: case.protection,
        channel: (case.protection == Protection::Open).then(|| case.source.channel.clone()),
        parties: parties(sheet),
        assignments: sheet.assignments(),
        own_clocks: case
            .docket
            .clocks
            .iter()
            .filter(|clock| clock.owner.as_ref() == Some(unit) && clock.state.is_live())
            .map(|clock| clock.id)
            .collect(),
        reports: reports(sheet, unit),
        approvals: approvals
            .filter(|a| a.asked_unit.as_ref() == Some(unit))
            .map(|a| lines::approval(sheet, a))
            .collect(),
        objection: case.objection.clone(),
        locked: case.locked,
        flags: case.flags.iter().cloned().collect(),
        urges: case.urges,
    }
}

fn parties(sheet: &Sheet<'_>) -> Vec<PartyLine> {
    sheet
        .case
        .parties
        .iter()
        .map(|party| PartyLine {
            role: party.role,
            person: party
                .person
                .as_ref()
                .and_then(|person| sheet.persons.get(&person.id))
                .map(lines::masked),
            unit: party.unit.clone(),
        })
        .collect()
}

fn reports(sheet: &Sheet<'_>, unit: &UnitId) -> Vec<ReportLine> {
    let own = sheet.case.reports.iter().filter(|r| &r.unit == unit);
    own.map(|report| ReportLine {
        id: report.id,
        at: report.at,
        text: report
            .text
            .as_ref()
            .and_then(|text| sheet.text(text))
            .map(|text| mask::text(&text)),
        evidence: report.evidence.clone(),
        claim: report.claim,
        sent_back: report.sent_back,
    })
    .collect()
}
