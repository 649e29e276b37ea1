//! What somebody sees of a case: the core's projections over what the store holds.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use fengqiao_core::actor::Actor;
use fengqiao_core::case::Case;
use fengqiao_core::event::Recorded;
use fengqiao_core::ids::{CaseId, DivisionCode, PersonId, PrincipalId, Subject, TextId, UnitId};
use fengqiao_core::views::citizen::{CitizenView, Proof};
use fengqiao_core::views::handler::HandlerView;
use fengqiao_core::views::supervisor::SupervisorView;
use fengqiao_core::views::{PersonFacts, Sheet, citizen, handler, supervisor};
use serde::Serialize;

use crate::ports::advisor::Advisor;
use crate::ports::store::{Person, Store, StoreError};
use crate::ports::{Clock, Ids};
use crate::{BindingSet, Service};

/// How many events are read at a time.
const EVENTS_A_READ: u32 = 1_000;

/// As what somebody looks at a case.
#[derive(Debug, Clone)]
pub enum Viewer {
    /// The citizen with the query code, which was compared with its hash.
    QueryCode,
    /// A citizen who is signed in.
    Citizen(PrincipalId),
    /// An official of a unit that has a part in the case.
    Handler {
        /// Their unit.
        unit: UnitId,
        /// Who.
        principal: PrincipalId,
    },
    /// A clerk, dispatcher, supervisor… whose division contains the case.
    Supervisor(Actor),
}

/// A case as one of them sees it.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum CaseView {
    /// The citizen's.
    Citizen(Box<CitizenView>),
    /// The handling unit's.
    Handler(Box<HandlerView>),
    /// The hub's and the supervisor's.
    Supervisor(Box<SupervisorView>),
}

/// Everything that is read of a case before somebody looks at it.
pub(crate) struct Shelf {
    pub(crate) case: Arc<Case>,
    history: Vec<Recorded>,
    set: Arc<BindingSet>,
    texts: BTreeMap<TextId, String>,
    persons: BTreeMap<PersonId, PersonFacts>,
}

impl Shelf {
    pub(crate) fn sheet(&self) -> Sheet<'_> {
        Sheet {
            case: &self.case,
            history: &self.history,
            rules: &self.set.rules,
            texts: &self.texts,
            persons: &self.persons,
        }
    }
}

/// Why nothing is shown.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// There is no such case, or it isn't theirs to know of.
    #[error("没有编号为 {0} 的案件，或您无权查看")]
    NotFound(CaseId),
    /// The store couldn't.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl<S: Store, A: Advisor, C: Clock, I: Ids> Service<S, A, C, I> {
    /// The case as `viewer` sees it; what they may not see doesn't exist for them.
    pub async fn view(&self, id: &CaseId, viewer: &Viewer) -> Result<CaseView, ReadError> {
        let shelf = self.shelf(id).await?;
        let shelf = shelf.ok_or_else(|| ReadError::NotFound(id.clone()))?;
        let sheet = shelf.sheet();
        let view = match viewer {
            Viewer::QueryCode => citizen::view(&sheet, Proof::QueryCode)
                .map(Box::new)
                .map(CaseView::Citizen),
            Viewer::Citizen(principal) => citizen::view(&sheet, Proof::SignedIn(principal))
                .map(Box::new)
                .map(CaseView::Citizen),
            Viewer::Handler { unit, principal } => handler::view(&sheet, unit, Some(principal))
                .map(Box::new)
                .map(CaseView::Handler),
            Viewer::Supervisor(actor) => supervisor::view(&sheet, actor, &BTreeSet::new())
                .map(Box::new)
                .map(CaseView::Supervisor),
        };
        view.ok_or_else(|| ReadError::NotFound(id.clone()))
    }

    /// A case with its history, rules, words and people; none where there is no such case.
    pub(crate) async fn shelf(&self, id: &CaseId) -> Result<Option<Shelf>, StoreError> {
        let Some(case) = self.store.case(id).await? else {
            return Ok(None);
        };
        let subject = Subject::Case(id.clone());
        let history = self.history(&subject).await?;
        let set = self.pinned(&self.world(), &case.bindings).await?;
        let texts = self.texts_of(&case, &subject).await?;
        let persons = self.persons_of(&case, &subject).await?;
        let persons = persons.into_iter().map(|(id, person)| {
            let facts = PersonFacts {
                name: person.name,
                phone: person.phone,
                identity_number: person.identity_number,
                address: person.address,
            };
            (id, facts)
        });
        Ok(Some(Shelf {
            case,
            history,
            set,
            texts,
            persons: persons.collect(),
        }))
    }

    /// What a case is pinned to.
    pub async fn rules_of(&self, case: &Case) -> Result<Arc<BindingSet>, StoreError> {
        self.pinned(&self.world(), &case.bindings).await
    }

    /// What is in force for a place.
    pub async fn rules_at(&self, place: &DivisionCode) -> Result<Arc<BindingSet>, StoreError> {
        self.set_for(&self.world(), place).await
    }

    /// The words of a case. A part that was split off keeps its statement where it was written, and a case that follows
    /// another has that one's report and reply for its own.
    async fn texts_of(
        &self,
        case: &Case,
        subject: &Subject,
    ) -> Result<BTreeMap<TextId, String>, StoreError> {
        let mut texts = self.store.subject_texts(subject).await?;
        let reports = case.reports.iter().filter_map(|r| r.text.as_ref());
        let replies = case.replies.iter().filter_map(|r| r.text.as_ref());
        let elsewhere: Vec<TextId> = std::iter::once(&case.matter.text)
            .chain(reports)
            .chain(replies)
            .filter(|text| !texts.contains_key(&text.id))
            .map(|text| text.id.clone())
            .collect();
        if !elsewhere.is_empty() {
            texts.extend(self.store.texts(&elsewhere).await?);
        }
        Ok(texts)
    }

    /// The people of a case; a part that was split off shares them with the whole.
    async fn persons_of(
        &self,
        case: &Case,
        subject: &Subject,
    ) -> Result<BTreeMap<PersonId, Person>, StoreError> {
        let mut persons = self.store.subject_persons(subject).await?;
        let parties = case.parties.iter().filter_map(|p| p.person.as_ref());
        let elsewhere: Vec<PersonId> = parties
            .filter(|person| !persons.contains_key(&person.id))
            .map(|person| person.id.clone())
            .collect();
        if !elsewhere.is_empty() {
            persons.extend(self.store.persons(&elsewhere).await?);
        }
        Ok(persons)
    }

    /// The whole history of a subject, oldest first.
    pub async fn history(&self, subject: &Subject) -> Result<Vec<Recorded>, StoreError> {
        let mut history: Vec<Recorded> = Vec::new();
        loop {
            let after = history.last().map_or(0, |recorded| recorded.version);
            let more = self.store.events(subject, after, EVENTS_A_READ).await?;
            let full = u32::try_from(more.len()).is_ok_and(|read| read == EVENTS_A_READ);
            history.extend(more);
            if !full {
                return Ok(history);
            }
        }
    }
}
