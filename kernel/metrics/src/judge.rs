//! Where one entry stands in one formula; the pass over all and the list of one ask the same here.

use fengqiao_core::ids::CaseId;
use serde::{Deserialize, Serialize};

use crate::appeal::{AppealDecision, Appeals};
use crate::countable::{Countable, Countables};
use crate::entry::Entry;
use crate::formula::Formula;
use crate::lineage::Reason;
use crate::window::Period;

/// Whether merged cases count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Every case that was handed in.
    #[default]
    Raw,
    /// Each matter once: cases that were merged into another are taken out.
    Deduplicated,
}

/// Where an entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place<'a> {
    Nowhere,
    Above,
    Below,
    Both,
    Out(Why<'a>),
}

/// Why it is out, without copying anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why<'a> {
    Rule(Countable),
    Merged(&'a CaseId),
    Appeal(&'a AppealDecision),
}

impl Why<'_> {
    pub(crate) fn reason(self) -> Reason {
        match self {
            Why::Rule(fact) => Reason::Rule { fact },
            Why::Merged(into) => Reason::Merged { into: into.clone() },
            Why::Appeal(decision) => Reason::Appeal {
                public_reason: decision.public_reason.clone(),
                at: decision.at,
            },
        }
    }
}

/// Where an entry of which these facts hold stands; the formula's own exclusions only.
pub(crate) fn by_rule(formula: &Formula, held: Countables) -> Place<'static> {
    let (above, below) = (held.has(formula.numerator), held.has(formula.denominator));
    let out = || formula.excluding.iter().find(|reason| held.has(**reason));
    match (above, below) {
        (false, false) => Place::Nowhere,
        _ if let Some(reason) = out() => Place::Out(Why::Rule(*reason)),
        (true, true) => Place::Both,
        (true, false) => Place::Above,
        (false, true) => Place::Below,
    }
}

/// The same with merged cases and appeals: the rule's reason comes first, an appeal's last.
pub(crate) fn judge<'a>(
    formula: &Formula,
    entry: &Entry<'a>,
    held: Countables,
    basis: Basis,
    appeals: &'a Appeals,
    period: &Period,
) -> Place<'a> {
    let place = by_rule(formula, held);
    if matches!(place, Place::Nowhere | Place::Out(_)) {
        return place;
    }
    if basis == Basis::Deduplicated
        && let Some(into) = &entry.case.merged_into
    {
        return Place::Out(Why::Merged(into));
    }
    match appeals.against(entry, formula.id, period.as_of) {
        Some(decision) => Place::Out(Why::Appeal(decision)),
        None => place,
    }
}
