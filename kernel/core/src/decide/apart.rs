//! Parts and relations: 拆分 and 关联.

use crate::clock::names;
use crate::command::Relation;
use crate::decide::draft::Draft;
use crate::decide::limits::{MAX_LINKS, MAX_MARKS, within};
use crate::decide::register::{least_protection, wait_at_hub};
use crate::decide::written;
use crate::event::Event;
use crate::ids::{CaseId, Code};
use crate::matter::Matter;
use crate::refusal::Refusal;
use crate::stage::{Stage, StageName};

/// A part becomes a case of its own: same citizen, same source, same binding set, a lead of its own.
pub(super) fn split(
    draft: &mut Draft<'_>,
    new: Option<&CaseId>,
    matter: &Matter,
) -> Result<(), Refusal> {
    draft.at("split", StageName::is_open)?;
    let new = new.ok_or_else(|| no_such_case("new"))?;
    written(&matter.text)?;
    draft.check_division(&matter.place)?;
    within(matter.marks.len(), MAX_MARKS, "marks")?;
    within(matter.portfolios.len(), MAX_MARKS, "portfolios")?;
    within(draft.case.links.len() + 1, MAX_LINKS, "links")?;
    if *new == draft.case.id || draft.is_linked(new, Relation::SplitFrom) {
        return Err(no_such_case("new"));
    }
    let whole = &draft.case;
    let registered = Event::Registered {
        case: new.clone(),
        matter: Box::new(matter.clone()),
        source: whole.source.clone(),
        naming: whole.naming,
        parties: whole.parties.clone(),
        protection: least_protection(matter.kind, whole.naming).max(whole.protection),
        evidence: Vec::new(),
        division: matter.place.clone(),
        bindings: whole.bindings.clone(),
    };
    let mut part = Draft::begin(new, registered, draft.advice, draft.ctx)?;
    part.start(names::ACCEPT, None)?;
    for unit in whole.recused.clone() {
        part.emit(Event::Recused {
            unit,
            text: crate::ids::TextRef::nothing(),
        })?;
    }
    part.emit(Event::Linked {
        to: whole.id.clone(),
        relation: Relation::SplitFrom,
    })?;
    part.enter(Stage::Accepted)?;
    wait_at_hub(&mut part, "由他案拆分：请派单")?;
    part.watch()?;
    draft.emit(Event::Split { new: new.clone() })?;
    draft.absorb(part.into_decision());
    draft.told("split", None)
}

/// Two cases belong together, on both.
pub(super) fn link(draft: &mut Draft<'_>, to: &CaseId, relation: Relation) -> Result<(), Refusal> {
    draft.at("link", StageName::is_open)?;
    let Some(other) = draft.other.as_ref().filter(|c| &c.id == to) else {
        return Err(no_such_case("to"));
    };
    if other.id == draft.case.id {
        return Err(no_such_case("to"));
    }
    if draft.is_linked(to, relation) {
        return Ok(());
    }
    within(draft.case.links.len() + 1, MAX_LINKS, "links")?;
    within(other.links.len() + 1, MAX_LINKS, "links")?;
    let here = draft.case.id.clone();
    draft.emit(Event::Linked {
        to: to.clone(),
        relation,
    })?;
    draft.emit_other(Event::Linked {
        to: here,
        relation: Relation::Related,
    })
}

fn no_such_case(field: &'static str) -> Refusal {
    Refusal::FieldInvalid {
        field: Code::word(field),
        reason: "须是另一个存在的案件".to_owned(),
    }
}
