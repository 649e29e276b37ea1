//! What follows from a decision within the same commit: mirrored cases, and rounds of reactions.

use std::collections::BTreeSet;

use fengqiao_core::actor::Actor;
use fengqiao_core::command::Command;
use fengqiao_core::decision::Decision;
use fengqiao_core::event::Event;
use fengqiao_core::ids::{CaseId, Code, Subject};

use crate::Service;
use crate::limits::MAX_REACTION_ROUNDS;
use crate::ports::advisor::{Advisor, Hook, ProposedCommand};
use crate::ports::store::Store;
use crate::ports::{Clock, Ids};
use crate::request::SubmitError;
use crate::told::as_actor;
use crate::words::intern;
use crate::work::Work;
use crate::world::World;

impl<S: Store, A: Advisor, C: Clock, I: Ids> Service<S, A, C, I> {
    /// Cases that follow one whose stage moved take its stage over, in the same commit.
    pub(crate) async fn mirror(&self, world: &World, work: &mut Work) -> Result<(), SubmitError> {
        let followers: Vec<(CaseId, CaseId)> = work
            .cases()
            .filter(|case| moved(work, &case.id))
            .flat_map(|case| {
                case.followers
                    .iter()
                    .map(|follower| (case.id.clone(), follower.clone()))
            })
            .collect();
        for (primary, follower) in followers {
            let subject = Subject::Case(follower);
            self.hold(world, &subject, work).await?;
            self.carry_out(
                world,
                &subject,
                &Command::Mirror { primary },
                &Actor::Kernel,
                work,
            )
            .await?;
        }
        Ok(())
    }

    /// Asks the bindings what follows from the new events, until nothing does.
    pub(crate) async fn react(&self, world: &World, work: &mut Work) -> Result<(), SubmitError> {
        let mut seen = 0;
        for depth in 0..MAX_REACTION_ROUNDS {
            let fresh = seen..work.events().len();
            seen = fresh.end;
            let touched = work.events().get(fresh.clone()).unwrap_or_default().iter();
            let subjects: BTreeSet<Subject> =
                touched.map(|recorded| recorded.subject.clone()).collect();
            for subject in subjects {
                let set = self.set_of(world, &subject, work).await?;
                if set.with(Hook::React).next().is_none() {
                    continue;
                }
                let touched = work.events().get(fresh.clone()).unwrap_or_default().iter();
                let events: Vec<_> = touched
                    .filter(|recorded| recorded.subject == subject)
                    .cloned()
                    .collect();
                let home = self.place_of(world, &subject, work)?;
                for reacted in self
                    .ask_reactions(&set, &subject, &home, &events, depth, work)
                    .await?
                {
                    let actor = as_actor(&reacted.binding);
                    match reacted.proposals {
                        Ok(proposals) => {
                            for proposal in proposals {
                                self.propose(world, &subject, proposal, &actor, work)
                                    .await?;
                            }
                        }
                        Err(failure) => {
                            let event = Event::RuleUnavailable {
                                binding: reacted.binding.id,
                                hook: Code::word("react"),
                                failure,
                            };
                            note(work, &subject, event)?;
                        }
                    }
                }
            }
            // A proposal may have moved a case that others follow.
            self.mirror(world, work).await?;
            if work.events().len() == seen {
                break;
            }
        }
        Ok(())
    }

    /// One proposal is one command of the plugin: refused, it is recorded with the rule and changes nothing.
    pub(crate) async fn propose(
        &self,
        world: &World,
        from: &Subject,
        proposal: ProposedCommand,
        actor: &Actor,
        work: &mut Work,
    ) -> Result<(), SubmitError> {
        let name = proposal.command.name();
        let tried = self.try_proposal(world, proposal, actor, work).await;
        let code_of_refusal = match tried {
            Ok(()) => return Ok(()),
            Err(SubmitError::TooLong { .. }) => Code::word("too-long"),
            Err(SubmitError::Refused(refusal)) => refusal.into_code(),
            Err(SubmitError::NoSuchCase(_) | SubmitError::NoSuchSubject(_)) => {
                Code::word("unknown-subject")
            }
            Err(error) => return Err(error),
        };
        let Actor::Plugin { binding, .. } = actor else {
            return Ok(());
        };
        tracing::info!(%binding, proposal = name, rule = %code_of_refusal, "插件建议未被采纳");
        let event = Event::ProposalRefused {
            binding: binding.clone(),
            proposal: Code::word(name),
            code: code_of_refusal,
        };
        note(work, from, event)
    }

    async fn try_proposal(
        &self,
        world: &World,
        proposal: ProposedCommand,
        actor: &Actor,
        work: &mut Work,
    ) -> Result<(), SubmitError> {
        let ProposedCommand { subject, command } = proposal;
        let interned = intern(command, &self.ids)?;
        self.hold(world, &subject, work).await?;
        self.carry_out(world, &subject, &interned.command, actor, work)
            .await?;
        let texts = interned.texts.into_iter();
        work.texts
            .extend(texts.map(|(id, words)| (id, subject.clone(), words)));
        Ok(())
    }
}

/// Records what the kernel itself noticed.
fn note(work: &mut Work, subject: &Subject, event: Event) -> Result<(), SubmitError> {
    let events = vec![(subject.clone(), event)];
    work.record(
        Decision {
            events,
            effects: Vec::new(),
        },
        &Actor::Kernel,
    )
}

fn moved(work: &Work, id: &CaseId) -> bool {
    let subject = Subject::Case(id.clone());
    work.events().iter().any(|recorded| {
        recorded.subject == subject && matches!(recorded.event, Event::StageMoved { .. })
    })
}
