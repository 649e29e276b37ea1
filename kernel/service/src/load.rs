//! Loads the subjects, rules and grants that a command touches.

use std::sync::Arc;

use fengqiao_core::allowance::Allowance;
use fengqiao_core::case::Case;
use fengqiao_core::command::Command;
use fengqiao_core::docket::{Docket, Grant};
use fengqiao_core::ids::{Code, DivisionCode, Subject};
use fengqiao_core::proceeding::{End, Proceeding, ProceedingGraph};
use fengqiao_core::refusal::Refusal;

use crate::Service;
use crate::ports::advisor::Advisor;
use crate::ports::store::{Store, StoreError};
use crate::ports::{Clock, Ids};
use crate::request::{SubmitError, Target};
use crate::sets::BindingSet;
use crate::words::Interned;
use crate::work::Work;
use crate::world::World;

impl<S: Store, A: Advisor, C: Clock, I: Ids> Service<S, A, C, I> {
    /// Loads what the target names; a registration gets its number.
    pub(crate) async fn locate(
        &self,
        world: &World,
        target: &Target,
        interned: &Interned,
        work: &mut Work,
    ) -> Result<Subject, SubmitError> {
        let subject = match target {
            Target::NewCase => {
                let Command::Register(registration) = &interned.command else {
                    return Err(Refusal::NotForThisSubject {
                        command: Code::word(interned.command.name()),
                    }
                    .into());
                };
                return Ok(Subject::Case(
                    self.ids.case(&registration.matter.place, work.now),
                ));
            }
            Target::Case(id) => Subject::Case(id.clone()),
            Target::Unit(id) => Subject::Unit(id.clone()),
            Target::Division(division) => Subject::Division(division.clone()),
        };
        self.hold(world, &subject, work).await?;
        Ok(subject)
    }

    /// Loads a subject into the work, once.
    pub(crate) async fn hold(
        &self,
        world: &World,
        subject: &Subject,
        work: &mut Work,
    ) -> Result<(), SubmitError> {
        match subject {
            Subject::Case(id) => {
                if work.case(id).is_none() {
                    let case = self
                        .store
                        .case(id)
                        .await?
                        .ok_or_else(|| SubmitError::NoSuchCase(id.clone()))?;
                    work.hold_case(case);
                }
            }
            Subject::Unit(id) => {
                if world.reference.units().get(id).is_none() {
                    return Err(SubmitError::NoSuchSubject(subject.clone()));
                }
                self.hold_docket(subject, work).await?;
            }
            Subject::Division(division) => {
                if world.reference.divisions().get(division).is_none() {
                    return Err(SubmitError::NoSuchSubject(subject.clone()));
                }
                self.hold_docket(subject, work).await?;
            }
        }
        Ok(())
    }

    pub(crate) async fn hold_docket(
        &self,
        subject: &Subject,
        work: &mut Work,
    ) -> Result<(), StoreError> {
        if work.docket(subject).is_none() {
            let docket = self.store.docket(subject).await?;
            work.hold_docket(subject.clone(), docket);
        }
        Ok(())
    }

    /// The second case that a command is about.
    pub(crate) async fn other(
        &self,
        world: &World,
        command: &Command,
        case: Option<&Case>,
        work: &mut Work,
    ) -> Result<Option<Arc<Case>>, SubmitError> {
        let id = match command {
            Command::Merge { into } => into,
            Command::Link { to, .. } => to,
            Command::Mirror { primary } => primary,
            Command::Unmerge { .. } => match case.and_then(|case| case.merged.as_ref()) {
                Some(merging) => &merging.into,
                None => return Ok(None),
            },
            _ => return Ok(None),
        };
        self.hold(world, &Subject::Case(id.clone()), work).await?;
        Ok(work.case(id).cloned())
    }

    pub(crate) async fn set_of(
        &self,
        world: &World,
        subject: &Subject,
        work: &Work,
    ) -> Result<Arc<BindingSet>, StoreError> {
        match subject {
            Subject::Case(id) => match work.case(id) {
                Some(case) => self.pinned_in(world, case, work).await,
                None => Err(StoreError::Corrupt(format!("案件 {id} 未载入"))),
            },
            Subject::Unit(_) | Subject::Division(_) => {
                self.set_for(world, &self.place_of(world, subject, work)?)
                    .await
            }
        }
    }

    /// Where a loaded subject's rules are looked up.
    pub(crate) fn place_of(
        &self,
        world: &World,
        subject: &Subject,
        work: &Work,
    ) -> Result<DivisionCode, StoreError> {
        let place = match subject {
            Subject::Division(division) => Some(division),
            Subject::Unit(id) => world.reference.units().get(id).map(|unit| &unit.division),
            Subject::Case(id) => work.case(id).map(|case| &case.matter.place),
        };
        place
            .cloned()
            .ok_or_else(|| StoreError::Corrupt(format!("{subject} 未载入")))
    }

    /// The allowances that a command on this docket may draw on. The dockets that they lie on belong to the unit of work
    /// from then on: two commands that draw on one allowance can't both be committed.
    pub(crate) async fn allowances(
        &self,
        docket: &Docket,
        set: &BindingSet,
        places: &[DivisionCode],
        work: &mut Work,
    ) -> Result<Vec<(DivisionCode, Vec<Allowance>)>, StoreError> {
        let graphs = &set.rules.proceedings;
        let draws = |p: &Proceeding| {
            p.end == End::Open && graphs.get(&p.kind).is_some_and(ProceedingGraph::draws)
        };
        let mut allowances: Vec<(DivisionCode, Vec<Allowance>)> = Vec::new();
        if !docket.proceedings.iter().any(draws) {
            return Ok(allowances);
        }
        for division in places.iter().flat_map(DivisionCode::path) {
            if allowances.iter().any(|(known, _)| *known == division) {
                continue;
            }
            let subject = Subject::Division(division.clone());
            self.hold_docket(&subject, work).await?;
            let own = work.docket(&subject).map(|docket| &docket.allowances);
            allowances.push((division, own.cloned().unwrap_or_default()));
        }
        Ok(allowances)
    }

    /// The grants of every division on the path of a place.
    pub(crate) async fn grants(
        &self,
        place: &DivisionCode,
        work: &Work,
    ) -> Result<Vec<Grant>, StoreError> {
        let mut grants = Vec::new();
        for division in place.path() {
            let subject = Subject::Division(division);
            match work.docket(&subject) {
                Some(docket) => grants.extend(docket.grants.iter().cloned()),
                None => grants.extend(self.store.docket(&subject).await?.grants),
            }
        }
        Ok(grants)
    }
}

/// The sender's version must be the one in the store.
pub(crate) fn check_version(
    work: &Work,
    subject: &Subject,
    expected: Option<u64>,
) -> Result<(), SubmitError> {
    let actual = match subject {
        Subject::Case(id) => work.case(id).map(|case| case.docket.version),
        Subject::Unit(_) | Subject::Division(_) => {
            work.docket(subject).map(|docket| docket.version)
        }
    };
    match (expected, actual) {
        (Some(expected), Some(actual)) if expected != actual => {
            Err(SubmitError::Stale { expected, actual })
        }
        _ => Ok(()),
    }
}
