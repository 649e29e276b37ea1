//! Taking the reporter out of a case: what is left can't depend on who reported, because it isn't there.

use std::collections::BTreeSet;

use crate::actor::{Actor, Role};
use crate::case::Case;
use crate::clock::names;
use crate::command::{Delivery, Naming, Recipient};
use crate::event::{Event, Recorded};
use crate::ids::{Code, Seq, TextRef};
use crate::matter::{Party, PartyRole, Source};
use crate::trail::Trail;

/// A case and its history without its reporter.
///
/// Gone are: the reporter and representatives, whether a name was given, the channel and the rest of the source, who
/// registered it, which citizen signed in, words to and from the citizen, how an answer reached them, other cases of
/// theirs, and the contact clock, which only a named reporter has (contact with a guarded reporter is the hub's).
pub(super) fn strip(case: &Case, history: &[Recorded]) -> (Case, Vec<Recorded>) {
    let contact: BTreeSet<Seq> = case
        .docket
        .clocks
        .iter()
        .filter(|clock| clock.name.as_str() == names::CONTACT && clock.proceeding.is_none())
        .map(|clock| clock.id)
        .collect();
    let registration = history.first();
    let history = history
        .iter()
        .filter(|recorded| !tells_on_the_reporter(&recorded.event, &contact))
        .map(|event| Recorded {
            actor: whose(event, registration),
            ..recorded(event)
        })
        .collect();
    (stripped(case, &contact), history)
}

/// Whose deed an event is, as a handler may know it. All that a registration brought about bears the name of whoever
/// handed the matter in, and a channel speaks for its citizen.
fn whose(event: &Recorded, registration: Option<&Recorded>) -> Actor {
    let taken_in = |first: &Recorded| first.at == event.at && first.actor == event.actor;
    match &event.actor {
        _ if registration.is_some_and(taken_in) => Actor::Kernel,
        Actor::Citizen { .. }
        | Actor::Official {
            role: Role::Adapter,
            ..
        } => Actor::Citizen { principal: None },
        other => other.clone(),
    }
}

/// An event without the names by which citizens sign in: such a name may be a phone number.
pub(super) fn sign_ins(recorded: &Recorded) -> Recorded {
    let mut recorded = recorded.clone();
    if let Actor::Citizen { .. } = recorded.actor {
        recorded.actor = Actor::Citizen { principal: None };
    }
    match &mut recorded.event {
        Event::Registered { parties, .. } => {
            for party in parties.iter_mut().filter(|party| !is_other(party)) {
                party.principal = None;
            }
        }
        Event::ProceedingOpened { proceeding } => {
            if let Actor::Citizen { .. } = recorded.actor {
                proceeding.opened_by = None;
            }
        }
        Event::ApprovalAsked { approval } => {
            if let Actor::Citizen { .. } = recorded.actor {
                approval.asked_by = None;
            }
        }
        _ => {}
    }
    recorded
}

fn stripped(case: &Case, contact: &BTreeSet<Seq>) -> Case {
    let mut case = case.clone();
    case.parties.retain(is_other);
    case.naming = Naming::Anonymous;
    case.source = nowhere();
    case.contacted_at = None;
    case.followers.clear();
    case.links.clear();
    case.trail = Trail::default();
    for reply in &mut case.replies {
        reply.text = None;
        reply.delivery = None;
    }
    if let Some(fact) = &mut case.outcome.satisfied {
        fact.source = withheld();
    }
    if let Some(fact) = &mut case.outcome.solved {
        fact.source = withheld();
    }
    let docket = &mut case.docket;
    docket.clocks.retain(|clock| !contact.contains(&clock.id));
    docket.cases.clear();
    for proceeding in &mut docket.proceedings {
        proceeding.opened_by = None;
        proceeding.about = None;
    }
    for approval in &mut docket.approvals {
        approval.asked_by = None;
    }
    case
}

fn is_other(party: &Party) -> bool {
    !matches!(party.role, PartyRole::Reporter | PartyRole::Representative)
}

fn nowhere() -> Source {
    Source {
        channel: withheld(),
        first_receiver: None,
        external: None,
        posted_at: None,
        detected_at: None,
        assistance: None,
    }
}

fn withheld() -> Code {
    Code::word("withheld")
}

/// Events that exist only because of who the reporter is.
fn tells_on_the_reporter(event: &Event, contact: &BTreeSet<Seq>) -> bool {
    match event {
        Event::Contacted { .. }
        | Event::Told { .. }
        | Event::Erased { .. }
        | Event::AttemptRefused { .. }
        | Event::Joined { .. }
        | Event::Parted { .. }
        | Event::Linked { .. }
        | Event::Notified {
            to: Recipient::Citizen,
            ..
        } => true,
        Event::ClockStarted { clock } => contact.contains(&clock.id),
        Event::ClockMet { clock }
        | Event::ClockDoneLate { clock }
        | Event::ClockBreached { clock, .. }
        | Event::ClockCancelled { clock }
        | Event::ClockPaused { clock }
        | Event::ClockResumed { clock, .. }
        | Event::ClockExtended { clock, .. }
        | Event::ClockRecomputed { clock, .. } => contact.contains(clock),
        _ => false,
    }
}

fn recorded(recorded: &Recorded) -> Recorded {
    let mut recorded = sign_ins(recorded);
    match &mut recorded.event {
        Event::Registered {
            source,
            naming,
            parties,
            ..
        } => {
            *source = nowhere();
            *naming = Naming::Anonymous;
            parties.retain(is_other);
        }
        Event::Replied { text, delivery, .. } => {
            *text = TextRef::nothing();
            *delivery = Delivery::Delivered { way: withheld() };
        }
        Event::Rated { text, .. } | Event::FollowedUp { text, .. } => *text = None,
        Event::Unmerged { text, .. } => *text = TextRef::nothing(),
        Event::ProceedingOpened { proceeding } => {
            proceeding.opened_by = None;
            proceeding.about = None;
        }
        Event::ApprovalAsked { approval } => approval.asked_by = None,
        _ => {}
    }
    recorded
}
