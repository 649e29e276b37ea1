//! The way of one command: load, consult, decide, react, commit.

use std::sync::Arc;

use fengqiao_core::actor::Actor;
use fengqiao_core::command::{Command, Relation};
use fengqiao_core::ids::{Code, Subject};
use fengqiao_core::refusal::Refusal;
use jiff::Timestamp;

use crate::Service;
use crate::in_flight::Flight;
use crate::limits::{MAX_KERNEL_TRIES, MAX_SHARED_TRIES};
use crate::linked::changes;
use crate::load::check_version;
use crate::ports::advisor::Advisor;
use crate::ports::store::{
    Answer, Commit, CommitError, IdempotencyKey, RefusedAttempt, Store, StoreError,
};
use crate::ports::{Clock, Ids};
use crate::request::{
    Mode, Outcome, ReadMessage, Receipt, Request, RequestKey, SubmitError, Target,
};
use crate::sets::BindingSet;
use crate::words::{Interned, intern};
use crate::work::Work;

/// How the server words an outcome, so that the answer is part of the commit: status and body.
pub type Wording<'a> = &'a (dyn Fn(&Outcome) -> (u16, String) + Send + Sync);

/// A person's command, its words and people taken out.
pub(crate) struct Order {
    pub(crate) target: Target,
    pub(crate) interned: Interned,
    pub(crate) actor: Actor,
    pub(crate) expected: Option<u64>,
    pub(crate) mode: Mode,
    /// The message of a channel that it answers.
    pub(crate) message: Option<ReadMessage>,
}

impl<S: Store, A: Advisor, C: Clock, I: Ids> Service<S, A, C, I> {
    /// Carries out a person's command, once: its repetition under the same key is answered alike, and told that the
    /// first is under way as long as it is.
    pub async fn submit(
        &self,
        request: Request,
        wording: Wording<'_>,
    ) -> Result<Receipt, SubmitError> {
        let key = request.key.clone();
        let Some(key) = key else {
            return self.submit_once(request, wording).await;
        };
        let _flight = self.begin(&key)?;
        if let Some(answer) = self.answered(&key).await? {
            return Ok(Receipt::Again(answer));
        }
        self.submit_once(request, wording).await
    }

    /// Takes a request's key for as long as it is carried out.
    pub fn begin(&self, key: &RequestKey) -> Result<Flight<'_>, SubmitError> {
        self.in_flight.begin(key)
    }

    /// The answer that the same request got before; another one's is refused.
    pub async fn answered(&self, key: &RequestKey) -> Result<Option<Answer>, SubmitError> {
        match self.store.answer(&key.key).await? {
            Some(answer) if answer.request != key.request => Err(SubmitError::KeyReused),
            answer => Ok(answer),
        }
    }

    /// What a request is told that failed: the answer, where it was carried out after all. Whoever goes away in the
    /// middle leaves their key, and their commit may still come.
    async fn unless_answered(
        &self,
        key: Option<&RequestKey>,
        error: SubmitError,
    ) -> Result<Receipt, SubmitError> {
        let answer = match key {
            Some(key) => self.answered(key).await?,
            None => None,
        };
        answer.map(Receipt::Again).ok_or(error)
    }

    /// The same without a look at the key, which the caller has taken.
    pub(crate) async fn submit_once(
        &self,
        request: Request,
        wording: Wording<'_>,
    ) -> Result<Receipt, SubmitError> {
        let Request {
            target,
            command,
            actor,
            expected,
            key,
            mode,
            message,
        } = request;
        let interned = self.numbered(intern(command, &self.ids)?, &target);
        let order = Order {
            target,
            interned,
            actor,
            expected,
            mode,
            message,
        };
        self.fill(&order, key, wording).await
    }

    /// Decides, until the commit stands or can't; what was refused is recorded.
    pub(crate) async fn fill(
        &self,
        order: &Order,
        key: Option<RequestKey>,
        wording: Wording<'_>,
    ) -> Result<Receipt, SubmitError> {
        let Order {
            target,
            interned,
            actor,
            expected,
            mode,
            message,
        } = order;
        let mut tries = 1;
        loop {
            let tried = self.attempt(order).await;
            let tried = tried.map(|done| noted(done, message.as_ref()));
            let (mut work, mut outcome) = match tried {
                Ok(done) => done,
                Err(error) => {
                    let refused = self.unless_answered(key.as_ref(), error).await;
                    if let (Err(SubmitError::Refused(refusal)), Mode::Commit) = (&refused, mode) {
                        self.record_refusal(target, interned.command.name(), refusal, actor)
                            .await?;
                    }
                    return refused;
                }
            };
            if *mode == Mode::DryRun {
                outcome.query_code = None;
                return Ok(Receipt::Done(Box::new(outcome)));
            }
            let (now, joined) = (work.now, std::mem::take(&mut work.joined));
            let mut commit = work.into_commit();
            commit.answer = key
                .clone()
                .map(|RequestKey { key, request }| worded(key, request, &outcome, wording, now));
            outcome.worded = commit.answer.as_ref().map(|(_, kept)| kept.body.clone());
            match self.commit(joined, commit).await {
                Ok(()) => return Ok(Receipt::Done(Box::new(outcome))),
                Err(CommitError::Conflict { subject, .. })
                    if is_shared(&subject, &outcome.subject, *expected)
                        && tries < MAX_SHARED_TRIES =>
                {
                    tries += 1;
                }
                Err(error) => return self.unless_answered(key.as_ref(), error.into()).await,
            }
        }
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
        let order = Order {
            target: target.clone(),
            interned,
            actor: Actor::Kernel,
            expected: None,
            mode: Mode::Commit,
            message: None,
        };
        let mut tries = 1;
        loop {
            let (mut work, outcome) = self.attempt(&order).await?;
            let joined = std::mem::take(&mut work.joined);
            match self
                .commit(joined, work.into_commit())
                .await
                .map_err(SubmitError::from)
            {
                Ok(()) => return Ok(outcome),
                Err(SubmitError::Stale { .. }) if tries < MAX_KERNEL_TRIES => tries += 1,
                Err(error) => return Err(error),
            }
        }
    }

    /// Keeps the binding sets that cases are pinned to by this commit, and commits, with what linked platforms are told of it.
    async fn commit(
        &self,
        joined: Vec<Arc<BindingSet>>,
        mut commit: Commit,
    ) -> Result<(), CommitError> {
        commit.linked = changes(&commit.writes, &self.reference());
        for set in &joined {
            self.keep_set(&self.world(), set).await?;
        }
        self.store.commit(commit).await
    }

    /// A split-off case gets its number here; whatever the sender wrote in its place is dropped.
    fn numbered(&self, mut interned: Interned, target: &Target) -> Interned {
        if let (Command::Split { new, matter }, Target::Case(_)) = (&mut interned.command, target) {
            *new = Some(self.ids.case(&matter.place, self.clock.now()));
        }
        interned
    }

    async fn attempt(&self, order: &Order) -> Result<(Work, Outcome), SubmitError> {
        let Order {
            target,
            interned,
            actor,
            expected,
            mode,
            message,
        } = order;
        let world = self.world();
        let now = self.clock.now();
        let mut work = Work::new(now, world.reference.version());
        let subject = self.locate(&world, target, interned, &mut work).await?;
        check_version(&work, &subject, *expected)?;
        self.check_set(&interned.command).await?;
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
        let first = message.as_ref().and_then(|message| message.repeats.clone());
        if let (Target::NewCase, Some(to)) = (target, first) {
            let relation = Relation::Repeats;
            let link = Command::Link { to, relation };
            self.carry_out(&world, &subject, &link, &Actor::Kernel, &mut work)
                .await?;
        }
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
        self.escalate(&world, &mut work).await?;
        let outcome = outcome(subject, &work, query_code)?;
        Ok((work, outcome))
    }

    /// A case is moved only to a binding set that exists: without its rules nobody could work on it or read it.
    async fn check_set(&self, command: &Command) -> Result<(), SubmitError> {
        let Command::Migrate { bindings, .. } = command else {
            return Ok(());
        };
        if self.store.binding_set(bindings).await?.is_some() {
            return Ok(());
        }
        Err(Refusal::FieldInvalid {
            field: Code::word("bindings"),
            reason: "没有这个绑定集：请填写案件或区划现有绑定集的编号".to_owned(),
        }
        .into())
    }

    /// The query code of a case opens the part that was split off it, too.
    async fn share_query_code(
        &self,
        command: &Command,
        subject: &Subject,
        work: &mut Work,
    ) -> Result<(), StoreError> {
        if let (Command::Split { new: Some(new), .. }, Subject::Case(id)) = (command, subject)
            && let Some(hash) = self.store.query_hash(id).await?
        {
            work.query_hashes.push((new.clone(), hash));
        }
        Ok(())
    }

    pub(crate) async fn record_refusal(
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

/// The message that a registration is, written down with it.
fn noted(done: (Work, Outcome), message: Option<&ReadMessage>) -> (Work, Outcome) {
    let (mut work, outcome) = done;
    if let (Some(message), Subject::Case(id)) = (message, &outcome.subject) {
        let (write, consultation) = message.of(id);
        work.message = Some(write);
        work.consultations.extend(consultation);
    }
    (work, outcome)
}

/// Whether it is a docket that the command only draws on or adds to: nobody looked at it when they decided, or said
/// which version they saw, so what they saw is as it was.
fn is_shared(moved: &Subject, own: &Subject, seen: Option<u64>) -> bool {
    (moved != own || seen.is_none()) && !matches!(moved, Subject::Case(_))
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
        worded: None,
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
