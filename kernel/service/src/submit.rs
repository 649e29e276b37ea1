//! The way of one command: load, consult, decide, react, commit.

use std::sync::Arc;

use fengqiao_core::actor::Actor;
use fengqiao_core::advice::Advice;
use fengqiao_core::case::Case;
use fengqiao_core::command::Command;
use fengqiao_core::context::Context;
use fengqiao_core::decide::decide;
use fengqiao_core::decision::Decision;
use fengqiao_core::docket::Grant;
use fengqiao_core::docket_decide::decide_docket;
use fengqiao_core::event::Event;
use fengqiao_core::evolve::evolve;
use fengqiao_core::ids::{CaseId, Code, DivisionCode, Subject};
use fengqiao_core::refusal::Refusal;
use fengqiao_core::stage::StageName;
use jiff::Timestamp;

use crate::Service;
use crate::consult::{as_actor, unavailable};
use crate::ports::advisor::Advisor;
use crate::ports::store::{Answer, Commit, IdempotencyKey, RefusedAttempt, Store, StoreError};
use crate::ports::{Clock, Ids};
use crate::request::{Mode, Outcome, Receipt, Request, RequestKey, SubmitError, Target};
use crate::sets::BindingSet;
use crate::words::{Interned, intern};
use crate::work::Work;
use crate::world::{Units, World};

/// The most rounds of reactions that one command may set off.
pub const MAX_REACTION_ROUNDS: u8 = 4;
/// How often a command of the kernel itself is decided anew after a conflict.
pub const MAX_KERNEL_TRIES: u32 = 3;
/// The most proposals that one binding may make in one round.
pub const MAX_PROPOSALS: usize = 32;

/// How the server words an outcome, so that the answer is part of the commit: status and body.
pub type Wording<'a> = &'a (dyn Fn(&Outcome) -> (u16, String) + Send + Sync);

impl<S: Store, A: Advisor, C: Clock, I: Ids> Service<S, A, C, I> {
    /// Carries out a person's command, once: its repetition under the same key is answered alike.
    pub async fn submit(
        &self,
        request: Request,
        wording: Wording<'_>,
    ) -> Result<Receipt, SubmitError> {
        if let Some(key) = &request.key
            && let Some(answer) = self.store.answer(&key.key).await?
        {
            return if answer.request == key.request {
                Ok(Receipt::Again(answer))
            } else {
                Err(SubmitError::KeyReused)
            };
        }
        let Request {
            target,
            command,
            actor,
            expected,
            key,
            mode,
        } = request;
        let interned = self.numbered(intern(command, &self.ids)?, &target);
        let tried = self
            .attempt(&target, &interned, &actor, expected, mode)
            .await;
        let (work, mut outcome) = match tried {
            Ok(done) => done,
            Err(SubmitError::Refused(refusal)) => {
                if mode == Mode::Commit {
                    self.record_refusal(&target, interned.command.name(), &refusal, &actor)
                        .await?;
                }
                return Err(SubmitError::Refused(refusal));
            }
            Err(error) => return Err(error),
        };
        if mode == Mode::DryRun {
            outcome.query_code = None;
            return Ok(Receipt::Done(Box::new(outcome)));
        }
        let now = work.now;
        let mut commit = work.into_commit();
        commit.answer =
            key.map(|RequestKey { key, request }| worded(key, request, &outcome, wording, now));
        self.store.commit(commit).await?;
        Ok(Receipt::Done(Box::new(outcome)))
    }

    /// Carries out a command of the kernel itself; after a conflict it is decided anew.
    pub(crate) async fn submit_own(
        &self,
        target: &Target,
        command: Command,
    ) -> Result<Outcome, SubmitError> {
        let interned = Interned {
            command,
            texts: Vec::new(),
            persons: Vec::new(),
        };
        let mut tries = 1;
        loop {
            let (work, outcome) = self
                .attempt(target, &interned, &Actor::Kernel, None, Mode::Commit)
                .await?;
            match self
                .store
                .commit(work.into_commit())
                .await
                .map_err(SubmitError::from)
            {
                Ok(()) => return Ok(outcome),
                Err(SubmitError::Stale { .. }) if tries < MAX_KERNEL_TRIES => tries += 1,
                Err(error) => return Err(error),
            }
        }
    }

    /// A split-off case gets its number here; whatever the sender wrote in its place is dropped.
    fn numbered(&self, mut interned: Interned, target: &Target) -> Interned {
        if let (Command::Split { new, matter }, Target::Case(_)) = (&mut interned.command, target) {
            *new = self.ids.case(&matter.place, self.clock.now());
        }
        interned
    }

    async fn attempt(
        &self,
        target: &Target,
        interned: &Interned,
        actor: &Actor,
        expected: Option<u64>,
        mode: Mode,
    ) -> Result<(Work, Outcome), SubmitError> {
        let world = self.world();
        let now = self.clock.now();
        let mut work = Work::new(now);
        let subject = self.locate(&world, target, interned, &mut work).await?;
        check_version(&work, &subject, expected)?;
        work.texts = interned
            .texts
            .iter()
            .map(|(id, words)| (id.clone(), subject.clone(), words.clone()))
            .collect();
        work.persons = interned
            .persons
            .iter()
            .map(|(id, person)| (id.clone(), subject.clone(), person.clone()))
            .collect();
        self.carry_out(&world, &subject, &interned.command, actor, &mut work)
            .await?;
        let query_code = match (&subject, target, mode) {
            (Subject::Case(id), Target::NewCase, Mode::Commit) => {
                let secret = self.ids.query_code();
                work.query_hashes.push((id.clone(), secret.hash));
                Some(secret.code)
            }
            _ => None,
        };
        self.share_query_code(&interned.command, &subject, &mut work)
            .await?;
        self.mirror(&world, &mut work).await?;
        self.react(&world, &mut work).await?;
        let outcome = outcome(subject, &work, query_code)?;
        Ok((work, outcome))
    }

    /// Loads what the target names; a registration gets its number.
    async fn locate(
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
                        command: code(interned.command.name()),
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
    async fn hold(
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

    async fn hold_docket(&self, subject: &Subject, work: &mut Work) -> Result<(), StoreError> {
        if work.docket(subject).is_none() {
            let docket = self.store.docket(subject).await?;
            work.hold_docket(subject.clone(), docket);
        }
        Ok(())
    }

    /// Consults and decides one command on one loaded subject.
    async fn carry_out(
        &self,
        world: &World,
        subject: &Subject,
        command: &Command,
        actor: &Actor,
        work: &mut Work,
    ) -> Result<(), SubmitError> {
        let decision = match subject {
            Subject::Case(id) => self.decide_case(world, id, command, actor, work).await?,
            Subject::Unit(_) | Subject::Division(_) => {
                let place = self.place_of(world, subject, work);
                let set = self.set_for(world, &place).await?;
                let grants = self.grants(&place, work).await?;
                let units = Units(&world.reference);
                let context = context(work.now, actor, world, &set, &units, &grants);
                let docket = work.docket(subject).cloned().unwrap_or_default();
                decide_docket(subject, &docket, command, &context)?
            }
        };
        work.record(decision, actor)
    }

    async fn decide_case(
        &self,
        world: &World,
        id: &CaseId,
        command: &Command,
        actor: &Actor,
        work: &mut Work,
    ) -> Result<Decision, SubmitError> {
        let case = work.case(id).cloned();
        let (set, place) = match (&case, command) {
            (Some(case), _) => (
                self.pinned(world, &case.bindings).await?,
                case.matter.place.clone(),
            ),
            (None, Command::Register(registration)) => {
                let place = registration.matter.place.clone();
                (self.set_for(world, &place).await?, place)
            }
            (None, _) => return Err(SubmitError::NoSuchCase(id.clone())),
        };
        let other = self.other(world, command, case.as_ref(), work).await?;
        let grants = if asks_for_grants(command) {
            self.grants(&place, work).await?
        } else {
            Vec::new()
        };
        let units = Units(&world.reference);
        let context = context(work.now, actor, world, &set, &units, &grants);
        let new_id = case.is_none().then_some(id);
        let mut advice = Advice::default();
        if let Some(case) = &case
            && matches!(actor, Actor::Official { .. } | Actor::Citizen { .. })
        {
            advice.guards = self.ask_guards(&set, case, command, actor, work).await?;
        }
        if asks_who(command) {
            let draft = decide(
                case.as_ref(),
                other.as_ref(),
                command,
                &advice,
                &context,
                new_id,
            )?;
            if let Some(draft) = drafted(case.clone(), draft, command, id, work.now, actor)? {
                self.ask_triage(&set, &draft, &mut advice, work).await?;
            }
        }
        Ok(decide(
            case.as_ref(),
            other.as_ref(),
            command,
            &advice,
            &context,
            new_id,
        )?)
    }

    /// The second case that a command is about.
    async fn other(
        &self,
        world: &World,
        command: &Command,
        case: Option<&Case>,
        work: &mut Work,
    ) -> Result<Option<Case>, SubmitError> {
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

    /// Cases that follow one whose stage moved take its stage over, in the same commit.
    async fn mirror(&self, world: &World, work: &mut Work) -> Result<(), SubmitError> {
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
    async fn react(&self, world: &World, work: &mut Work) -> Result<(), SubmitError> {
        let mut seen = 0;
        for depth in 0..MAX_REACTION_ROUNDS {
            let fresh = work.events().get(seen..).unwrap_or_default().to_vec();
            seen = work.events().len();
            let mut subjects: Vec<Subject> = fresh
                .iter()
                .map(|recorded| recorded.subject.clone())
                .collect();
            subjects.sort();
            subjects.dedup();
            for subject in subjects {
                let events: Vec<_> = fresh
                    .iter()
                    .filter(|recorded| recorded.subject == subject)
                    .cloned()
                    .collect();
                let set = self.set_of(world, &subject, work).await?;
                let home = self.place_of(world, &subject, work);
                for reacted in self
                    .ask_reactions(&set, &subject, &home, &events, depth, work)
                    .await?
                {
                    let actor = as_actor(&reacted.binding);
                    match reacted.proposals {
                        Ok(proposals) => {
                            for proposal in proposals.into_iter().take(MAX_PROPOSALS) {
                                self.propose(world, &subject, proposal, &actor, work)
                                    .await?;
                            }
                        }
                        Err(failure) => {
                            if let Some(event) = unavailable(&reacted.binding.id, "react", &failure)
                            {
                                let events = vec![(subject.clone(), event)];
                                work.record(
                                    Decision {
                                        events,
                                        effects: Vec::new(),
                                    },
                                    &Actor::Kernel,
                                )?;
                            }
                        }
                    }
                }
            }
            if work.events().len() == seen {
                break;
            }
        }
        Ok(())
    }

    /// One proposal is one command of the plugin: refused, it is recorded with the rule and changes nothing.
    async fn propose(
        &self,
        world: &World,
        from: &Subject,
        proposal: crate::ports::advisor::ProposedCommand,
        actor: &Actor,
        work: &mut Work,
    ) -> Result<(), SubmitError> {
        let name = proposal.command.name();
        let interned = intern(proposal.command, &self.ids)?;
        let tried = match self.hold(world, &proposal.subject, work).await {
            Ok(()) => {
                self.carry_out(world, &proposal.subject, &interned.command, actor, work)
                    .await
            }
            Err(error) => Err(error),
        };
        let code_of_refusal = match tried {
            Ok(()) => {
                let owned = |id: &_, words: &String| {
                    (Clone::clone(id), proposal.subject.clone(), words.clone())
                };
                work.texts
                    .extend(interned.texts.iter().map(|(id, words)| owned(id, words)));
                return Ok(());
            }
            Err(SubmitError::Refused(refusal)) => code(refusal.code()),
            Err(SubmitError::NoSuchCase(_) | SubmitError::NoSuchSubject(_)) => {
                code("unknown-subject")
            }
            Err(error) => return Err(error),
        };
        let Actor::Plugin { binding, .. } = actor else {
            return Ok(());
        };
        tracing::info!(%binding, proposal = name, rule = %code_of_refusal, "插件建议未被采纳");
        let event = Event::ProposalRefused {
            binding: binding.clone(),
            proposal: code(name),
            code: code_of_refusal,
        };
        work.record(
            Decision {
                events: vec![(from.clone(), event)],
                effects: Vec::new(),
            },
            &Actor::Kernel,
        )
    }

    async fn set_of(
        &self,
        world: &World,
        subject: &Subject,
        work: &Work,
    ) -> Result<Arc<BindingSet>, StoreError> {
        match subject {
            Subject::Case(id) => match work.case(id) {
                Some(case) => self.pinned(world, &case.bindings).await,
                None => Err(StoreError::Corrupt(format!("案件 {id} 未载入"))),
            },
            Subject::Unit(_) | Subject::Division(_) => {
                self.set_for(world, &self.place_of(world, subject, work))
                    .await
            }
        }
    }

    /// Where a subject's rules are looked up.
    fn place_of(&self, world: &World, subject: &Subject, work: &Work) -> DivisionCode {
        match subject {
            Subject::Division(division) => division.clone(),
            Subject::Unit(id) => match world.reference.units().get(id) {
                Some(unit) => unit.division.clone(),
                None => root(),
            },
            Subject::Case(id) => work
                .case(id)
                .map_or_else(root, |case| case.matter.place.clone()),
        }
    }

    /// The grants of every division on the path of a place.
    async fn grants(&self, place: &DivisionCode, work: &Work) -> Result<Vec<Grant>, StoreError> {
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

    /// The query code of a case opens the part that was split off it, too.
    async fn share_query_code(
        &self,
        command: &Command,
        subject: &Subject,
        work: &mut Work,
    ) -> Result<(), StoreError> {
        if let (Command::Split { new, .. }, Subject::Case(id)) = (command, subject)
            && let Some(hash) = self.store.query_hash(id).await?
        {
            work.query_hashes.push((new.clone(), hash));
        }
        Ok(())
    }

    async fn record_refusal(
        &self,
        target: &Target,
        command: &str,
        refusal: &Refusal,
        actor: &Actor,
    ) -> Result<(), SubmitError> {
        let subject = match target {
            Target::NewCase => None,
            Target::Case(id) => Some(Subject::Case(id.clone())),
            Target::Unit(id) => Some(Subject::Unit(id.clone())),
            Target::Division(division) => Some(Subject::Division(division.clone())),
        };
        let at = self.clock.now();
        let refused = RefusedAttempt {
            subject,
            command: command.to_owned(),
            code: refusal.code().to_owned(),
            actor: actor.clone(),
            at,
        };
        Ok(self
            .store
            .commit(Commit {
                refusals: vec![refused],
                at: Some(at),
                ..Commit::default()
            })
            .await?)
    }
}

fn context<'a>(
    now: Timestamp,
    actor: &'a Actor,
    world: &'a World,
    set: &'a BindingSet,
    units: &'a Units<'a>,
    grants: &'a [Grant],
) -> Context<'a> {
    Context {
        now,
        actor,
        calendar: &world.calendar,
        rules: &set.rules,
        bindings: &set.id,
        units,
        grants,
    }
}

fn check_version(work: &Work, subject: &Subject, expected: Option<u64>) -> Result<(), SubmitError> {
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

/// Whether triage is asked: the command leaves a case without a lead.
fn asks_who(command: &Command) -> bool {
    matches!(
        command,
        Command::Register(_)
            | Command::Accept {}
            | Command::Dispatch { lead: None, .. }
            | Command::HandUp { lead: None, .. }
            | Command::HandDown { lead: None, .. }
    )
}

/// Whether a valid grant may matter.
fn asks_for_grants(command: &Command) -> bool {
    matches!(
        command,
        Command::Register(_)
            | Command::Accept {}
            | Command::Dispatch { .. }
            | Command::Assign { .. }
            | Command::HandUp { .. }
            | Command::HandDown { .. }
            | Command::OpenProceeding { .. }
            | Command::MoveProceeding { .. }
            | Command::Decide { .. }
            | Command::Breach { .. }
    )
}

/// The case as triage sees it: of a registration only the fact that it was registered, of anything else all that follows.
fn drafted(
    case: Option<Case>,
    decision: Decision,
    command: &Command,
    id: &CaseId,
    now: Timestamp,
    actor: &Actor,
) -> Result<Option<Case>, SubmitError> {
    let registering = matches!(command, Command::Register(_));
    if matches!(command, Command::Dispatch { .. }) {
        return Ok(case);
    }
    let subject = Subject::Case(id.clone());
    let mut state = case;
    for (of, event) in decision.events {
        if of != subject {
            continue;
        }
        let version = state.as_ref().map_or(0, |case| case.docket.version) + 1;
        let recorded = fengqiao_core::event::Recorded {
            subject: of,
            version,
            at: now,
            actor: actor.clone(),
            event,
        };
        let folded = evolve(state.take(), &recorded)
            .map_err(|error| SubmitError::Inconsistent(error.to_string()))?;
        state = Some(folded);
        if registering {
            break;
        }
    }
    Ok(state.filter(|case| {
        matches!(
            case.stage.name(),
            StageName::Registered | StageName::Accepted
        )
    }))
}

fn moved(work: &Work, id: &CaseId) -> bool {
    let subject = Subject::Case(id.clone());
    work.events().iter().any(|recorded| {
        recorded.subject == subject && matches!(recorded.event, Event::StageMoved { .. })
    })
}

fn outcome(
    subject: Subject,
    work: &Work,
    query_code: Option<String>,
) -> Result<Outcome, SubmitError> {
    let (case, docket) = match &subject {
        Subject::Case(id) => (work.case(id).cloned(), None),
        Subject::Unit(_) | Subject::Division(_) => (None, work.docket(&subject).cloned()),
    };
    let version = case
        .as_ref()
        .map(|case| case.docket.version)
        .or(docket.as_ref().map(|docket| docket.version));
    let version =
        version.ok_or_else(|| SubmitError::Inconsistent(format!("{subject} 没有版本")))?;
    Ok(Outcome {
        subject,
        version,
        case,
        docket,
        events: work.events().to_vec(),
        query_code,
    })
}

fn worded(
    key: IdempotencyKey,
    request: String,
    outcome: &Outcome,
    wording: Wording<'_>,
    at: Timestamp,
) -> (IdempotencyKey, Answer) {
    let (status, body) = wording(outcome);
    (
        key,
        Answer {
            request,
            status,
            body,
            version: Some(outcome.version),
            at,
        },
    )
}

fn code(word: &str) -> Code {
    // Command names and refusal codes of the core are well formed; a guard's own code was checked when it came in.
    Code::parse(word).unwrap_or_else(|_| unreachable!("names of commands and refusals are codes"))
}

/// The whole country stands above every division; no binding is in force there.
fn root() -> DivisionCode {
    DivisionCode::parse("990000000000")
        .unwrap_or_else(|_| unreachable!("twelve digits are a division code"))
}
