//! The fold: a subject's state after one more of its events. It decides nothing and runs no plugin.

mod case;
mod docket;

use crate::case::Case;
use crate::docket::Docket;
use crate::event::{Event, Recorded};
use crate::ids::Subject;

pub(crate) use case::apply;

/// Why an event can't follow on a state: a torn history, or events of another subject. `decide` never produces one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{subject} 的第 {version} 个事件不能接续：{fault}")]
pub struct EvolveError {
    /// Whose history.
    pub subject: Subject,
    /// The event's number.
    pub version: u64,
    /// What doesn't fit.
    pub fault: Fault,
}

/// What doesn't fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The number isn't the next one.
    #[error("序号应为 {expected}")]
    Gap {
        /// The next number.
        expected: u64,
    },
    /// The event belongs to another subject.
    #[error("事件属于其他对象")]
    OtherSubject,
    /// A case begins with its registration, once.
    #[error("案件的第一个事件必须且只能是登记")]
    Beginning,
    /// The event makes no sense on this kind of subject.
    #[error("该类对象没有这种事件")]
    WrongSubject,
    /// The event names a part that isn't there, or is in another state.
    #[error("事件所指的{0}不存在或状态不符")]
    Part(&'static str),
}

/// A case after one more event.
pub fn evolve(case: Option<Case>, recorded: &Recorded) -> Result<Case, EvolveError> {
    match case {
        Some(mut case) => apply(&mut case, recorded).map(|()| case),
        None => case::begin(recorded),
    }
}

/// A unit's or a division's docket after one more event.
pub fn evolve_docket(docket: &Docket, recorded: &Recorded) -> Result<Docket, EvolveError> {
    docket.clone().evolve(recorded)
}

impl Docket {
    /// This docket, of a unit or a division, after one more event.
    pub fn evolve(mut self, recorded: &Recorded) -> Result<Docket, EvolveError> {
        if matches!(recorded.subject, Subject::Case(_)) {
            return Err(error(recorded, Fault::WrongSubject));
        }
        check_version(self.version, recorded)?;
        let fits = docket::apply(&mut self, recorded).map_err(|fault| error(recorded, fault))?;
        let waived = matches!(recorded.event, Event::Waived { .. });
        if fits || waived || is_note(&recorded.event) {
            self.version = recorded.version;
            Ok(self)
        } else {
            Err(error(recorded, Fault::WrongSubject))
        }
    }
}

/// Whether an event is only a note: it is in the history and changes no state.
fn is_note(event: &Event) -> bool {
    matches!(
        event,
        Event::Told { .. }
            | Event::Notified { .. }
            | Event::AttemptRefused { .. }
            | Event::ProposalRefused { .. }
            | Event::RuleUnavailable { .. }
            | Event::Erased { .. }
    )
}

fn check_version(version: u64, recorded: &Recorded) -> Result<(), EvolveError> {
    let expected = version.saturating_add(1);
    if recorded.version == expected {
        Ok(())
    } else {
        Err(error(recorded, Fault::Gap { expected }))
    }
}

fn error(recorded: &Recorded, fault: Fault) -> EvolveError {
    EvolveError {
        subject: recorded.subject.clone(),
        version: recorded.version,
        fault,
    }
}
