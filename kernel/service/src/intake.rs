//! What a channel sends: its adapter reads it, and it becomes a case; the same message twice is one, and one that nobody could read waits for a person.

mod bytes;
mod known;
mod waiting;

use fengqiao_core::actor::Actor;
use fengqiao_core::command::{Command, Registration};
use fengqiao_core::ids::{Code, Digest, DivisionCode, Subject, TextId};
use fengqiao_core::refusal::Refusal;
use jiff::Timestamp;

use bytes::normal;
pub(crate) use bytes::original;
pub(crate) use waiting::{UNREAD, UNREAD_NOTE};

use crate::Service;
use crate::consult::hook_name;
use crate::limits::MAX_KERNEL_TRIES;
use crate::ports::advisor::{Advisor, Binding, Hook, Reading};
use crate::ports::store::{
    Alike, Answer, Commit, CommitError, Consultation, Message, MessageWrite, Person,
    RefusedAttempt, Sent, Store, StoreError,
};
use crate::ports::{Clock, Ids};
use crate::request::{
    Mode, Outcome, ReadMessage, Receipt, Request, RequestKey, SubmitError, Target,
};
use crate::words::{digested, sha256};
use crate::world::World;

/// Why a message waits whose number is that of another one that says something else.
const NUMBER_REUSED: &str = "number-reused";

/// What an adapter read.
pub(crate) struct Matter {
    pub(crate) registration: Registration<String, Person>,
    /// The number of an earlier message that it repeats.
    pub(crate) repeats: Option<Code>,
}

/// A message that waited, and whoever has it read again.
#[derive(Clone, Copy)]
pub(crate) struct Waited<'a> {
    pub(crate) message: &'a Message,
    pub(crate) by: &'a Actor,
}

impl Waited<'_> {
    /// It waits no more; what became of it is filled in when that is known.
    fn settled(self, number: Option<Code>, at: Timestamp) -> MessageWrite {
        MessageWrite::Settled {
            id: self.message.id.clone(),
            number,
            state: self.message.state.clone(),
            at,
            by: self.by.clone(),
        }
    }
}

/// A message as its sender sends it.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// Whose channel it is.
    pub division: DivisionCode,
    /// The channel.
    pub channel: Code,
    /// The number that it has in the sender's system, where the sender says so beside the message.
    pub number: Option<Code>,
    /// The media type that the sender named.
    pub media: String,
    /// What it says.
    pub raw: Vec<u8>,
    /// Who sends it.
    pub actor: Actor,
    /// The sender's key; none for a dry run.
    pub key: Option<RequestKey>,
    /// For real, or only to see.
    pub mode: Mode,
}

/// What became of a message.
#[derive(Debug, Clone)]
pub enum Taken {
    /// It is a case now.
    Registered {
        /// The registration.
        outcome: Box<Outcome>,
        /// What may be about the same.
        alike: Vec<Alike>,
    },
    /// It came before; this is how the first one stands.
    Same(Box<Message>),
    /// It waits for a person.
    Unread(Box<Message>),
    /// This platform doesn't take it from this channel.
    Declined {
        /// Why, stable.
        code: Code,
        /// Why, in words.
        text: String,
    },
    /// The same request was answered before.
    Again(Answer),
}

/// How the server words what became of a message, so that the answer is part of the commit: status and body.
pub type TakenWording<'a> = &'a (dyn Fn(&Taken) -> (u16, String) + Send + Sync);

/// Why a message wasn't taken.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// No plugin in force reads this channel.
    #[error("区划 {division} 没有读取渠道“{channel}”的插件：请先绑定")]
    NoAdapter {
        /// Which channel.
        channel: Code,
        /// Whose.
        division: DivisionCode,
    },
    /// There is no such message.
    #[error("没有编号为 {0} 的来件")]
    NoSuchMessage(TextId),
    /// It waits for nobody any more.
    #[error("来件 {0} 已处理：请刷新后再看")]
    Settled(TextId),
    /// It couldn't be carried out.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl From<StoreError> for ReceiveError {
    fn from(error: StoreError) -> Self {
        Self::Submit(error.into())
    }
}

impl<S: Store, A: Advisor, C: Clock, I: Ids> Service<S, A, C, I> {
    /// Takes a message in. Whatever happens to its adapter, it isn't lost.
    pub async fn receive(
        &self,
        incoming: Incoming,
        wording: TakenWording<'_>,
    ) -> Result<Taken, ReceiveError> {
        let world = self.world();
        let binding = adapter(&world, &incoming)?;
        let _flight = match &incoming.key {
            Some(key) => Some(self.begin(key)?),
            None => None,
        };
        if let Some(before) = self.before(&incoming).await? {
            return Ok(before);
        }
        let mut sent = Sent {
            division: incoming.division.clone(),
            channel: incoming.channel.clone(),
            number: incoming.number.clone(),
            digest: digest(normal(&incoming.raw).as_slice())?,
        };
        if let Some(first) = self.store.same_message(&sent).await? {
            return self.same(first, &incoming, wording).await;
        }
        let answer = self
            .advisor
            .intake(binding, incoming.channel.as_str(), &incoming.raw)
            .await;
        let failure = match answer {
            Ok(Reading::Submission {
                registration,
                repeats,
            }) => {
                let matter = Matter {
                    registration: *registration,
                    repeats,
                };
                let tried = self
                    .hand_in(binding, matter, &mut sent, &incoming, None, wording)
                    .await?;
                match tried {
                    Ok(taken) => return Ok(taken),
                    Err(refused) => refused,
                }
            }
            Ok(Reading::Duplicate { external }) => {
                match self.store.numbered_message(&sent.under(external)).await? {
                    Some(first) => return self.same(first, &incoming, wording).await,
                    None => Code::word("first-unknown"),
                }
            }
            Ok(Reading::NotForUs { code, text }) => {
                return self.declined(code, text, &incoming, wording).await;
            }
            Err(error) => {
                tracing::warn!(binding = %binding.id, failure = error.kind(), "intake 无法回答");
                Code::word(error.kind())
            }
        };
        self.unread(&world, sent, failure, &incoming, wording).await
    }

    /// The matter goes the way of every registration, linked to the one that it repeats: whoever says so may be somebody
    /// else, accuse somebody else, or want to stay unknown. The inner error is why it can't, for a person to see.
    pub(crate) async fn hand_in(
        &self,
        binding: &Binding,
        matter: Matter,
        sent: &mut Sent,
        incoming: &Incoming,
        waited: Option<Waited<'_>>,
        wording: TakenWording<'_>,
    ) -> Result<Result<Taken, Code>, ReceiveError> {
        let now = self.clock.now();
        let Matter {
            mut registration,
            repeats,
        } = matter;
        let source = &mut registration.source;
        source.channel = incoming.channel.clone();
        source.external = source.external.take().or_else(|| incoming.number.clone());
        source
            .detected_at
            .get_or_insert(waited.map_or(now, |waited| waited.message.received_at));
        sent.number = sent.number.take().or_else(|| source.external.clone());
        let first = self.store.numbered_message(sent).await?;
        let is_other = |first: &Message| waited.is_none_or(|own| own.message.id != first.id);
        if let Some(first) = first.filter(is_other) {
            return match (self.is_same(&first, &registration).await?, waited) {
                (true, None) => self.same(first, incoming, wording).await.map(Ok),
                (true, Some(waited)) => self.join(waited, first).await.map(Ok),
                (false, _) => Ok(Err(Code::word(NUMBER_REUSED))),
            };
        }
        let first = match repeats {
            Some(number) => self.first_of(number, sent).await?,
            None => None,
        };
        let alike = self.alike_to(&registration, now).await?;
        let command = Command::Register(Box::new(registration));
        let asked = Consultation {
            subject: Subject::Division(binding.division.clone()),
            version: 0,
            hook: hook_name(Hook::Intake).to_owned(),
            binding: binding.id.clone(),
            component: binding.component.clone(),
            reference: self.reference().version().to_owned(),
            input: digest(&incoming.raw)?,
            answer: Ok(serde_json::to_string(&digested(command.clone())).unwrap_or_default()),
            at: now,
        };
        let write = match waited {
            Some(waited) => waited.settled(sent.number.clone(), now),
            None => {
                let message = self.message_of(sent, Code::word("reading"), incoming);
                MessageWrite::New(Box::new(message))
            }
        };
        let request = Request {
            target: Target::NewCase,
            command,
            actor: incoming.actor.clone(),
            expected: None,
            key: incoming.key.clone(),
            mode: incoming.mode,
            message: Some(ReadMessage {
                write,
                consultation: Some(Box::new(asked)),
                repeats: first,
            }),
        };
        let taken = |outcome: Box<Outcome>| Taken::Registered {
            outcome,
            alike: alike.clone(),
        };
        let said = |outcome: &Outcome| wording(&taken(Box::new(outcome.clone())));
        let mut tries = 1;
        loop {
            return match self.submit_once(request.clone(), &said).await {
                Ok(Receipt::Done(outcome)) => Ok(Ok(taken(outcome))),
                Ok(Receipt::Again(before)) => Ok(Ok(Taken::Again(before))),
                // Its number is another case's, or the case that it repeats has moved on.
                Err(SubmitError::Stale { .. }) if tries < MAX_KERNEL_TRIES => {
                    tries += 1;
                    continue;
                }
                // Another one with this number, or of these words, came in at the same moment.
                Err(SubmitError::MessageTaken) => Ok(Err(Code::word(NUMBER_REUSED))),
                Err(SubmitError::Refused(refusal)) => Ok(Err(refused(&refusal))),
                Err(SubmitError::TooLong { .. }) => Ok(Err(Code::word("too-long"))),
                Err(error) => Err(error.into()),
            };
        }
    }

    async fn declined(
        &self,
        code: Code,
        text: String,
        incoming: &Incoming,
        wording: TakenWording<'_>,
    ) -> Result<Taken, ReceiveError> {
        let refused = RefusedAttempt {
            subject: None,
            command: "receive".to_owned(),
            code: code.as_str().to_owned(),
            actor: incoming.actor.clone(),
            at: self.clock.now(),
        };
        let commit = Commit {
            refusals: vec![refused],
            ..Commit::default()
        };
        let taken = Taken::Declined { code, text };
        Ok(self.conclude(commit, taken, incoming, wording).await?)
    }

    /// Commits what became of a message, with the answer under the sender's key.
    async fn conclude(
        &self,
        mut commit: Commit,
        taken: Taken,
        incoming: &Incoming,
        wording: TakenWording<'_>,
    ) -> Result<Taken, SubmitError> {
        if incoming.mode == Mode::DryRun {
            return Ok(taken);
        }
        let now = self.clock.now();
        commit.at.get_or_insert(now);
        commit.answer = incoming.key.clone().map(|RequestKey { key, request }| {
            let (status, body) = wording(&taken);
            let answer = Answer {
                request,
                status,
                body,
                version: None,
                at: now,
            };
            (key, answer)
        });
        match self.store.commit(commit).await {
            Ok(()) => Ok(taken),
            // Whoever went away in the middle may have been answered after all.
            Err(error @ CommitError::KeyTaken) => {
                self.before(incoming).await?.ok_or_else(|| error.into())
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn before(&self, incoming: &Incoming) -> Result<Option<Taken>, SubmitError> {
        match &incoming.key {
            Some(key) => Ok(self.answered(key).await?.map(Taken::Again)),
            None => Ok(None),
        }
    }
}

/// The binding that reads a channel: the nearest division's, and of one division the first.
pub(crate) fn adapter<'a>(
    world: &'a World,
    incoming: &Incoming,
) -> Result<&'a Binding, ReceiveError> {
    let bindings = world.bindings.bindings.iter();
    let reads = |binding: &&Binding| {
        binding.division.contains(&incoming.division)
            && binding.hooks.contains(&Hook::Intake)
            && binding.channel.as_deref() == Some(incoming.channel.as_str())
    };
    bindings
        .filter(reads)
        .min_by_key(|binding| (binding.division.level(), binding.order, &binding.id))
        .ok_or_else(|| ReceiveError::NoAdapter {
            channel: incoming.channel.clone(),
            division: incoming.division.clone(),
        })
}

fn digest(bytes: &[u8]) -> Result<Digest, SubmitError> {
    Digest::parse(&sha256(bytes)).map_err(|error| SubmitError::Inconsistent(error.to_string()))
}

fn refused(refusal: &Refusal) -> Code {
    Code::parse(refusal.code()).unwrap_or_else(|_| Code::word("refused"))
}
