//! What is kept of a case or a unit's docket for counting: facts, and local procedures as they went, read by nobody's rule yet.

use std::collections::BTreeSet;

use fengqiao_core::ids::{CaseId, Code, UnitId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::facts::CaseFacts;

/// A case. What of its procedures is an order or a mediation is the place's word, and so is asked when they are counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct CaseAccount {
    /// The facts of the loop.
    pub facts: CaseFacts,
    /// Its local procedures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub procedures: Vec<Procedure>,
}

/// A unit's own docket: its cards lie there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct UnitAccount {
    /// Whose.
    pub unit: UnitId,
    /// The procedures on it.
    pub procedures: Vec<Procedure>,
}

/// A local procedure and its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Procedure {
    /// Its kind.
    pub kind: Code,
    /// Who opened it; none for a rule's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<UnitId>,
    /// To whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub addressee: Option<UnitId>,
    /// The case that gave rise to it, where the docket isn't that case's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<CaseId>,
    /// Every state that it came to, in order.
    pub steps: Vec<StateReached>,
}

/// A state that a procedure came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct StateReached {
    /// Which.
    pub state: Code,
    /// When.
    pub at: Timestamp,
    /// Until when it has to be left, where a clock runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
}

impl Procedure {
    /// The first of these states that it came to, from an instant on.
    pub(crate) fn first(
        &self,
        states: &BTreeSet<Code>,
        from: Option<Timestamp>,
    ) -> Option<&StateReached> {
        let late_enough = |step: &&StateReached| from.is_none_or(|from| step.at >= from);
        let mut steps = self.steps.iter().filter(late_enough);
        steps.find(|step| states.contains(&step.state))
    }
}

impl CaseAccount {
    /// The first and the last instant at which anything of it can count. Outside of them it needn't be looked at.
    pub fn span(&self) -> (Timestamp, Timestamp) {
        let facts = &self.facts;
        let instants = &facts.instants;
        let mut all = vec![instants.registered_at];
        all.extend(
            [
                instants.accepted_at,
                instants.signed_at,
                instants.contacted_at,
                instants.arrived_at,
                instants.reported_at,
                instants.confirmed_at,
                instants.replied_at,
                instants.archived_at,
                instants.ended_at,
            ]
            .into_iter()
            .flatten(),
        );
        all.extend(&instants.ratable_at);
        for turn in &facts.turns {
            all.extend([turn.given_at].into_iter().chain(turn.left_at()));
        }
        let owed = facts.report_clocks.iter().map(|owed| &owed.clock);
        let clocks = owed.chain(&facts.total_clock);
        all.extend(clocks.map(|clock| clock.due_at));
        for closing in &facts.closings {
            all.extend([closing.at].into_iter().chain(closing.taken_back_at));
        }
        for report in &facts.reports {
            let later = report.confirmed_at.into_iter().chain(report.taken_back_at);
            all.extend([report.at].into_iter().chain(later));
        }
        all.extend(facts.replies.iter().map(|reply| reply.at));
        all.extend(facts.ratings.iter().map(|rating| rating.at));
        all.extend(facts.follow_ups.iter().map(|follow_up| follow_up.at));
        for mediation in &facts.mediations {
            all.extend(
                [mediation.accepted_at]
                    .into_iter()
                    .chain(mediation.closed_at),
            );
        }
        all.extend(facts.orders.iter().map(|order| order.issued_at));
        let steps = self.procedures.iter().flat_map(|it| &it.steps);
        all.extend(steps.map(|step| step.at));
        let first = all.iter().min().copied().unwrap_or(instants.registered_at);
        let last = all.iter().max().copied().unwrap_or(instants.registered_at);
        (first, last)
    }
}
