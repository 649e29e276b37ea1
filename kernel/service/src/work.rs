//! A unit of work: the subjects that a command touches, as they stand after each of its events.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use fengqiao_core::actor::Actor;
use fengqiao_core::case::Case;
use fengqiao_core::decision::{Decision, Effect};
use fengqiao_core::docket::Docket;
use fengqiao_core::event::{Event, Recorded};
use fengqiao_core::evolve::{evolve, evolve_docket};
use fengqiao_core::ids::{CaseId, PersonId, Subject, TextId};
use jiff::Timestamp;

use crate::ports::store::{After, Commit, Consultation, MessageWrite, Person, Write};
use crate::request::SubmitError;
use crate::sets::BindingSet;

/// Everything that will be one commit.
pub(crate) struct Work {
    pub(crate) now: Timestamp,
    /// The edition of the reference data that the command is decided under.
    pub(crate) reference: String,
    cases: BTreeMap<CaseId, Held<Arc<Case>>>,
    dockets: BTreeMap<Subject, Held<Docket>>,
    events: Vec<Recorded>,
    pub(crate) texts: Vec<(TextId, Subject, String)>,
    pub(crate) persons: Vec<(PersonId, Subject, Person)>,
    pub(crate) query_hashes: Vec<(CaseId, String)>,
    pub(crate) message: Option<MessageWrite>,
    pub(crate) consultations: Vec<Consultation>,
    /// Binding sets that its cases are pinned to from now on; the store keeps them before the commit, and not earlier.
    pub(crate) joined: Vec<Arc<BindingSet>>,
    effects: Vec<Effect>,
    /// Dockets that must be as they were when the commit is made, whether or not it changes them.
    watched: BTreeSet<Subject>,
}

struct Held<T> {
    expected: u64,
    state: T,
}

impl Work {
    pub(crate) fn new(now: Timestamp, reference: &str) -> Self {
        Self {
            now,
            reference: reference.to_owned(),
            cases: BTreeMap::new(),
            dockets: BTreeMap::new(),
            events: Vec::new(),
            texts: Vec::new(),
            persons: Vec::new(),
            query_hashes: Vec::new(),
            message: None,
            consultations: Vec::new(),
            joined: Vec::new(),
            effects: Vec::new(),
            watched: BTreeSet::new(),
        }
    }

    pub(crate) fn hold_case(&mut self, case: Arc<Case>) {
        let held = Held {
            expected: case.docket.version,
            state: case,
        };
        self.cases.insert(held.state.id.clone(), held);
    }

    pub(crate) fn hold_docket(&mut self, subject: Subject, docket: Docket) {
        self.dockets.insert(
            subject,
            Held {
                expected: docket.version,
                state: docket,
            },
        );
    }

    pub(crate) fn case(&self, id: &CaseId) -> Option<&Arc<Case>> {
        self.cases.get(id).map(|held| &held.state)
    }

    pub(crate) fn docket(&self, subject: &Subject) -> Option<&Docket> {
        self.dockets.get(subject).map(|held| &held.state)
    }

    pub(crate) fn cases(&self) -> impl Iterator<Item = &Case> {
        self.cases.values().map(|held| held.state.as_ref())
    }

    /// The commit is a conflict if this docket moved on meanwhile.
    pub(crate) fn watch(&mut self, subject: &Subject) {
        self.watched.insert(subject.clone());
    }

    /// All events so far, in order.
    pub(crate) fn events(&self) -> &[Recorded] {
        &self.events
    }

    /// Somebody more is told once the commit stands.
    pub(crate) fn tell(&mut self, effect: Effect) {
        self.effects.push(effect);
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
                let (expected, state) = match held {
                    Some(held) => (held.expected, Some(Arc::unwrap_or_clone(held.state))),
                    None => (0, None),
                };
                let state = evolve(state, &recorded).map_err(|error| inconsistent(&error))?;
                let state = Arc::new(state);
                self.cases.insert(id.clone(), Held { expected, state });
            }
            Subject::Unit(_) | Subject::Division(_) => {
                let held = self.dockets.get_mut(&subject);
                let held =
                    held.ok_or_else(|| SubmitError::Inconsistent(format!("{subject} 未载入")))?;
                held.state =
                    evolve_docket(&held.state, &recorded).map_err(|error| inconsistent(&error))?;
            }
        }
        self.events.push(recorded);
        Ok(())
    }

    /// The commit of everything so far.
    pub(crate) fn into_commit(self) -> Commit {
        let mut events: BTreeMap<Subject, Vec<Recorded>> = BTreeMap::new();
        for recorded in self.events {
            let own = events.entry(recorded.subject.clone()).or_default();
            own.push(recorded);
        }
        for subject in self.watched {
            events.entry(subject).or_default();
        }
        let mut write = |subject: Subject, expected, after| {
            events.remove(&subject).map(|events| Write {
                subject,
                expected,
                events,
                after,
            })
        };
        let mut writes = Vec::new();
        for (id, held) in self.cases {
            let after = After::Case(held.state);
            writes.extend(write(Subject::Case(id), held.expected, after));
        }
        for (subject, held) in self.dockets {
            let after = After::Docket(Box::new(held.state));
            writes.extend(write(subject, held.expected, after));
        }
        Commit {
            writes,
            texts: self.texts,
            persons: self.persons,
            query_hashes: self.query_hashes,
            message: self.message,
            linked: Vec::new(),
            assessment: None,
            effects: self.effects,
            consultations: self.consultations,
            refusals: Vec::new(),
            answer: None,
            at: Some(self.now),
        }
    }
}
