//! What a case went through and its state forgets: counted by assessments, and decided upon by nobody.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::actor::{Actor, Role};
use crate::case::Case;
use crate::command::{FollowUpResult, Ruling};
use crate::event::{Event, Recorded};
use crate::ids::{Code, DivisionCode, Seq};
use crate::matter::AssignmentRole;
use crate::profile::Satisfied;
use crate::stage::StageName;

/// The way of a case, as far as it is counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case", default)]
pub struct Trail {
    /// As what whoever handed it in did so; nothing for a citizen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registered_as: Option<Role>,
    /// When which part came to an end, while the case went on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub released: Vec<(Seq, Timestamp)>,
    /// The leads that were let go because an objection was upheld (退单).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub returned: Vec<Seq>,
    /// When which report was taken back, by sending back or rework.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sent_back: Vec<(Seq, Timestamp)>,
    /// When which report was confirmed: somebody other than the lead answered the citizen by it (确认).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub confirmed: Vec<(Seq, Timestamp)>,
    /// Every time it was closed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub closings: Vec<ClosingMark>,
    /// Every time the citizen was asked again.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub follow_ups: Vec<FollowUpMark>,
    /// Every rating that was given; rework undoes none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ratings: Vec<(Satisfied, Timestamp)>,
    /// When it was archived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archived_at: Option<Timestamp>,
    /// When it ended outside the loop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
}

/// A closing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct ClosingMark {
    /// When.
    pub at: Timestamp,
    /// The division that handled the case then.
    pub division: DivisionCode,
    /// When rework took it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_back_at: Option<Timestamp>,
}

/// A follow-up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub struct FollowUpMark {
    /// When.
    pub at: Timestamp,
    /// Who asked, or at which level.
    pub by: Code,
    /// What was found.
    pub result: FollowUpResult,
}

impl Trail {
    /// Of a case that was just handed in.
    pub(crate) fn begin(actor: &Actor) -> Self {
        let registered_as = match actor {
            Actor::Official { role, .. } => Some(*role),
            Actor::Citizen { .. } | Actor::Plugin { .. } | Actor::Kernel => None,
        };
        Self {
            registered_as,
            ..Self::default()
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Notes an event that just happened to a case.
pub(crate) fn note(case: &mut Case, recorded: &Recorded) {
    let at = recorded.at;
    let trail = &mut case.trail;
    match &recorded.event {
        // What the end of the case takes from everybody, it takes from nobody in particular.
        Event::Released { .. } if trail.ended_at.is_some() => {}
        Event::Released { assignment, .. } => trail.released.push((*assignment, at)),
        Event::Ruled {
            ruling: Ruling::Upheld,
            ..
        } => {
            let mut parts = case.assignments.iter().rev();
            let lead = parts.find(|part| part.role == AssignmentRole::Lead);
            trail.returned.extend(lead.map(|part| part.id));
        }
        Event::Replied { .. } => {
            let by_hub = matches!(recorded.actor, Actor::Official { .. })
                && recorded.actor.unit() != case.stage.lead();
            let report = case.reports.last().filter(|_| by_hub);
            trail.confirmed.extend(report.map(|report| (report.id, at)));
        }
        Event::SentBack { report, .. } => trail.sent_back.push((*report, at)),
        Event::Closed { .. } => trail.closings.push(ClosingMark {
            at,
            division: case.division.clone(),
            taken_back_at: None,
        }),
        Event::Reworked { .. } => {
            if let Some(closing) = trail.closings.last_mut() {
                closing.taken_back_at = closing.taken_back_at.or(Some(at));
            }
            if let Some(report) = case.reports.last() {
                trail.sent_back.push((report.id, at));
            }
        }
        Event::FollowedUp { result, by, .. } => trail.follow_ups.push(FollowUpMark {
            at,
            by: by.clone(),
            result: *result,
        }),
        Event::Rated { satisfied, .. } => trail.ratings.push((*satisfied, at)),
        Event::StageMoved { to } => match to.name() {
            StageName::Archived => trail.archived_at = Some(at),
            StageName::Ended => trail.ended_at = Some(at),
            _ => {}
        },
        _ => {}
    }
}
