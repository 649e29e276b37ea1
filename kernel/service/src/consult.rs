//! Asks the bindings of a case: guards root first, triage nearest first, reactions in rounds.

use std::sync::Arc;

use fengqiao_core::actor::Actor;
use fengqiao_core::advice::{Advice, GuardVerdict, GuardWord, RuleFailure, TriageWord};
use fengqiao_core::case::Case;
use fengqiao_core::command::Command;
use fengqiao_core::event::Recorded;
use fengqiao_core::ids::{Code, Digest, DivisionCode, PersonId, Subject};
use fengqiao_core::mask;
use fengqiao_core::snapshot::{Group, Snapshot, cared_for};
use serde::Serialize;

use crate::Service;
use crate::ports::advisor::{
    AdviceError, Advisor, Binding, GuardedMove, Hook, ProposedCommand, Reaction,
};
use crate::ports::store::{Consultation, Person, Store, StoreError};
use crate::ports::{Clock, Ids};
use crate::sets::BindingSet;
use crate::told::{guarded, told};
use crate::words::{digested, sha256};
use crate::work::Work;

/// What a reaction answered: the proposals of one binding, or why it couldn't.
pub(crate) struct Reacted {
    pub(crate) binding: Binding,
    pub(crate) proposals: Result<Vec<ProposedCommand>, Code>,
}

impl<S: Store, A: Advisor, C: Clock, I: Ids> Service<S, A, C, I> {
    /// Every guard's word on a command, the root's first.
    pub(crate) async fn ask_guards(
        &self,
        set: &BindingSet,
        case: &Case,
        command: &Command,
        actor: &Actor,
        work: &mut Work,
    ) -> Result<Vec<GuardWord>, StoreError> {
        let mut words = Vec::new();
        let mut asked = None;
        for binding in set.with(Hook::Guard) {
            let asked: &GuardedMove = asked.get_or_insert_with(|| guarded(command, case, actor));
            let snapshot = self.snapshot(binding, Hook::Guard, case, work).await?;
            let input = (
                &snapshot,
                &asked.code,
                &asked.document,
                &asked.actor_role,
                &asked.actor_unit,
            );
            let answer = self.advisor.guard(binding, &snapshot, asked).await;
            self.note(
                work,
                Subject::Case(case.id.clone()),
                case.docket.version,
                Hook::Guard,
                binding,
                &input,
                &answer,
            );
            let verdict = match answer {
                Ok(verdict) => verdict,
                Err(error) => GuardVerdict::Unavailable {
                    failure: failure(&error),
                },
            };
            words.push(GuardWord {
                binding: binding.id.clone(),
                verdict,
            });
        }
        Ok(words)
    }

    /// The word of the first triage that doesn't pass, the nearest division's first; failures go on to the next. A
    /// place that only passed the case on isn't asked.
    pub(crate) async fn ask_triage(
        &self,
        set: &BindingSet,
        case: &Case,
        advice: &mut Advice,
        work: &mut Work,
    ) -> Result<(), StoreError> {
        let concerned =
            |of: &DivisionCode| of.contains(&case.division) || of.contains(&case.matter.place);
        let mut bindings = set.nearest_first(Hook::Triage);
        bindings.retain(|binding| concerned(&binding.division));
        for binding in bindings {
            let snapshot = self.snapshot(binding, Hook::Triage, case, work).await?;
            let answer = self.advisor.triage(binding, &snapshot).await;
            self.note(
                work,
                Subject::Case(case.id.clone()),
                case.docket.version,
                Hook::Triage,
                binding,
                &snapshot,
                &answer,
            );
            match answer {
                Ok(None) => {}
                Ok(Some(answer)) => {
                    advice.triage = Some(TriageWord {
                        binding: binding.id.clone(),
                        division: binding.division.clone(),
                        component: binding.component.clone(),
                        answer,
                    });
                    return Ok(());
                }
                Err(error) => {
                    tracing::warn!(binding = %binding.id, failure = error.kind(), "triage 无法回答");
                    advice.triage_failures.push(RuleFailure {
                        binding: binding.id.clone(),
                        failure: failure(&error),
                    });
                }
            }
        }
        Ok(())
    }

    /// What every binding wants to follow from new events on one subject, the root's first; `home` is the division of a docket.
    #[allow(clippy::too_many_arguments, reason = "each is a part of the question")]
    pub(crate) async fn ask_reactions(
        &self,
        set: &Arc<BindingSet>,
        subject: &Subject,
        home: &DivisionCode,
        events: &[Recorded],
        depth: u8,
        work: &mut Work,
    ) -> Result<Vec<Reacted>, StoreError> {
        let told: Vec<(String, String)> = events.iter().filter_map(told).collect();
        let mut all = Vec::new();
        for binding in set.with(Hook::React) {
            let (after, version) = match subject {
                Subject::Case(id) => {
                    let Some(case) = work.case(id).cloned() else {
                        continue;
                    };
                    (
                        self.snapshot(binding, Hook::React, &case, work).await?,
                        case.docket.version,
                    )
                }
                Subject::Unit(_) | Subject::Division(_) => {
                    let Some(docket) = work.docket(subject) else {
                        continue;
                    };
                    (
                        Snapshot::of_docket(
                            docket,
                            home,
                            groups(binding, Hook::React),
                            &[],
                            work.now,
                        ),
                        docket.version,
                    )
                }
            };
            let related = after
                .history
                .as_ref()
                .map(|history| {
                    history
                        .related
                        .iter()
                        .map(|(name, count)| (name.to_string(), *count))
                        .collect()
                })
                .unwrap_or_default();
            let reaction = Reaction {
                subject: subject.clone(),
                after,
                events: told.clone(),
                depth,
                related,
            };
            let answer = self.advisor.react(binding, &reaction).await;
            let input = (&reaction.after, &reaction.events, depth, &reaction.related);
            let record = answer.as_ref().map(|proposals| {
                let digested: Vec<_> = proposals
                    .iter()
                    .map(|p| (p.subject.clone(), digested(p.command.clone())))
                    .collect();
                digested
            });
            self.note(
                work,
                subject.clone(),
                version,
                Hook::React,
                binding,
                &input,
                &record.map_err(Clone::clone),
            );
            let proposals = answer.map_err(|error| {
                tracing::warn!(binding = %binding.id, failure = error.kind(), "react 无法回答");
                failure(&error)
            });
            all.push(Reacted {
                binding: binding.clone(),
                proposals,
            });
        }
        Ok(all)
    }

    async fn snapshot(
        &self,
        binding: &Binding,
        hook: Hook,
        case: &Case,
        work: &Work,
    ) -> Result<Snapshot, StoreError> {
        let groups = groups(binding, hook);
        let statement = if groups.contains(&Group::Matter) {
            self.statement(case, work).await?
        } else {
            String::new()
        };
        let mut related = Vec::new();
        if groups.contains(&Group::History) {
            for query in &binding.queries {
                related.push((query.name.clone(), self.store.related(case, query).await?));
            }
        }
        let later = self.later(groups, case, work).await?;
        let snapshot = Snapshot::of(case, groups, &mask::text(&statement), &related, work.now);
        Ok(snapshot.with(later, groups))
    }

    /// What reference data says of a case's point and people, answered beforehand: the rule gets the answer, and neither names nor lists.
    async fn later(
        &self,
        groups: &[Group],
        case: &Case,
        work: &Work,
    ) -> Result<Vec<(Group, String)>, StoreError> {
        let mut later = Vec::new();
        let reference = self.reference();
        let place = &case.matter.place;
        if groups.contains(&Group::Nearby) {
            let point = case.matter.point;
            let nearby = point.and_then(|point| reference.nearby(point, place));
            let json = serde_json::to_string(&nearby).unwrap_or_else(|_| "null".to_owned());
            later.push((Group::Nearby, json));
        }
        if groups.contains(&Group::Care) {
            let numbers = self.numbers(case, work).await?;
            let is_in_care = numbers
                .iter()
                .any(|number| reference.is_in_care(number, place));
            later.push((Group::Care, is_in_care.to_string()));
        }
        Ok(later)
    }

    /// The phones and identity numbers of those whose care counts.
    async fn numbers(&self, case: &Case, work: &Work) -> Result<Vec<String>, StoreError> {
        let ids: Vec<PersonId> = cared_for(case)
            .filter_map(|party| Some(party.person.as_ref()?.id.clone()))
            .collect();
        let fresh = work.persons.iter();
        let fresh = fresh.filter(|(id, _, _)| ids.contains(id));
        let mut people: Vec<Person> = fresh.map(|(_, _, person)| person.clone()).collect();
        people.extend(self.store.persons(&ids).await?.into_values());
        let numbers = |person: Person| [person.phone, person.identity_number];
        Ok(people.into_iter().flat_map(numbers).flatten().collect())
    }

    async fn statement(&self, case: &Case, work: &Work) -> Result<String, StoreError> {
        let id = &case.matter.text.id;
        if let Some((_, _, words)) = work.texts.iter().find(|(text, _, _)| text == id) {
            return Ok(words.clone());
        }
        Ok(self
            .store
            .texts(std::slice::from_ref(id))
            .await?
            .remove(id)
            .unwrap_or_default())
    }

    #[allow(clippy::too_many_arguments, reason = "each is a column of the record")]
    fn note<T: Serialize>(
        &self,
        work: &mut Work,
        subject: Subject,
        version: u64,
        hook: Hook,
        binding: &Binding,
        input: &impl Serialize,
        answer: &Result<T, AdviceError>,
    ) {
        let input = serde_json::to_string(input).unwrap_or_default();
        let answer = match answer {
            Ok(answer) => Ok(serde_json::to_string(answer).unwrap_or_default()),
            Err(error) => Err(failure(error)),
        };
        let Ok(input) = Digest::parse(&sha256(input.as_bytes())) else {
            return;
        };
        work.consultations.push(Consultation {
            subject,
            version,
            hook: hook_name(hook).to_owned(),
            binding: binding.id.clone(),
            component: binding.component.clone(),
            input,
            reference: work.reference.clone(),
            answer,
            at: work.now,
        });
    }
}

fn groups(binding: &Binding, hook: Hook) -> &[Group] {
    binding
        .inputs
        .iter()
        .find(|(of, _)| *of == hook)
        .map_or(&[], |(_, groups)| groups.as_slice())
}

fn failure(error: &AdviceError) -> Code {
    Code::word(error.kind())
}

/// The word of a hook in records and metrics.
pub(crate) fn hook_name(hook: Hook) -> &'static str {
    match hook {
        Hook::Profile => "profile",
        Hook::Intake => "intake",
        Hook::Triage => "triage",
        Hook::Guard => "guard",
        Hook::React => "react",
        Hook::Assess => "assess",
    }
}
