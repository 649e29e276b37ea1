//! A unit of work: the subjects that a command touches, as they stand after each of its events.

use std::collections::BTreeMap;

use fengqiao_core::actor::Actor;
use fengqiao_core::case::Case;
use fengqiao_core::decision::{Decision, Effect};
use fengqiao_core::docket::Docket;
use fengqiao_core::event::{Event, Recorded};
use fengqiao_core::evolve::{evolve, evolve_docket};
use fengqiao_core::ids::{CaseId, PersonId, Subject, TextId};
use jiff::Timestamp;

use crate::ports::store::{After, Commit, Consultation, Person, Write};
use crate::request::SubmitError;

/// Everything that will be one commit.
pub(crate) struct Work {
    pub(crate) now: Timestamp,
    cases: BTreeMap<CaseId, Held<Case>>,
    dockets: BTreeMap<Subject, Held<Docket>>,
    events: Vec<Recorded>,
    pub(crate) texts: Vec<(TextId, Subject, String)>,
    pub(crate) persons: Vec<(PersonId, Subject, Person)>,
    pub(crate) query_hashes: Vec<(CaseId, String)>,
    pub(crate) consultations: Vec<Consultation>,
    effects: Vec<Effect>,
}

struct Held<T> {
    expected: u64,
    state: T,
    events: Vec<Recorded>,
}

impl Work {
    pub(crate) fn new(now: Timestamp) -> Self {
        Self {
            now,
            cases: BTreeMap::new(),
            dockets: BTreeMap::new(),
            events: Vec::new(),
            texts: Vec::new(),
            persons: Vec::new(),
            query_hashes: Vec::new(),
            consultations: Vec::new(),
            effects: Vec::new(),
        }
    }

    pub(crate) fn hold_case(&mut self, case: Case) {
        let held = Held {
            expected: case.docket.version,
            state: case,
            events: Vec::new(),
        };
        self.cases.insert(held.state.id.clone(), held);
    }

    pub(crate) fn hold_docket(&mut self, subject: Subject, docket: Docket) {
        self.dockets.insert(
            subject,
            Held {
                expected: docket.version,
                state: docket,
                events: Vec::new(),
            },
        );
    }

    pub(crate) fn case(&self, id: &CaseId) -> Option<&Case> {
        self.cases.get(id).map(|held| &held.state)
    }

    pub(crate) fn docket(&self, subject: &Subject) -> Option<&Docket> {
        self.dockets.get(subject).map(|held| &held.state)
    }

    pub(crate) fn cases(&self) -> impl Iterator<Item = &Case> {
        self.cases.values().map(|held| &held.state)
    }

    /// All events so far, in order.
    pub(crate) fn events(&self) -> &[Recorded] {
        &self.events
    }

    /// Gives a decision's events their numbers and folds them in.
    pub(crate) fn record(&mut self, decision: Decision, actor: &Actor) -> Result<(), SubmitError> {
        for (subject, event) in decision.events {
            self.fold(subject, event, actor)?;
        }
        self.effects.extend(decision.effects);
        Ok(())
    }

    fn fold(&mut self, subject: Subject, event: Event, actor: &Actor) -> Result<(), SubmitError> {
        let version = match &subject {
            Subject::Case(id) => self
                .cases
                .get(id)
                .map_or(0, |held| held.state.docket.version),
            Subject::Unit(_) | Subject::Division(_) => self
                .dockets
                .get(&subject)
                .map_or(0, |held| held.state.version),
        };
        let recorded = Recorded {
            subject: subject.clone(),
            version: version + 1,
            at: self.now,
            actor: actor.clone(),
            event,
        };
        let inconsistent =
            |error: &dyn std::fmt::Display| SubmitError::Inconsistent(error.to_string());
        match &subject {
            Subject::Case(id) => {
                let held = self.cases.remove(id);
                let (expected, state, mut events) = match held {
                    Some(held) => (held.expected, Some(held.state), held.events),
                    None => (0, None, Vec::new()),
                };
                let state = evolve(state, &recorded).map_err(|error| inconsistent(&error))?;
                events.push(recorded.clone());
                self.cases.insert(
                    id.clone(),
                    Held {
                        expected,
                        state,
                        events,
                    },
                );
            }
            Subject::Unit(_) | Subject::Division(_) => {
                let held = self.dockets.get_mut(&subject);
                let held =
                    held.ok_or_else(|| SubmitError::Inconsistent(format!("{subject} 未载入")))?;
                held.state =
                    evolve_docket(&held.state, &recorded).map_err(|error| inconsistent(&error))?;
                held.events.push(recorded.clone());
            }
        }
        self.events.push(recorded);
        Ok(())
    }

    /// The commit of everything so far.
    pub(crate) fn into_commit(self) -> Commit {
        let cases = self
            .cases
            .into_iter()
            .filter(|(_, held)| !held.events.is_empty())
            .map(|(id, held)| Write {
                subject: Subject::Case(id),
                expected: held.expected,
                events: held.events,
                after: After::Case(Box::new(held.state)),
            });
        let dockets = self
            .dockets
            .into_iter()
            .filter(|(_, held)| !held.events.is_empty())
            .map(|(subject, held)| Write {
                subject,
                expected: held.expected,
                events: held.events,
                after: After::Docket(Box::new(held.state)),
            });
        Commit {
            writes: cases.chain(dockets).collect(),
            texts: self.texts,
            persons: self.persons,
            query_hashes: self.query_hashes,
            effects: self.effects,
            consultations: self.consultations,
            refusals: Vec::new(),
            answer: None,
            at: Some(self.now),
        }
    }
}
