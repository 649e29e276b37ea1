//! What a channel sends: its adapter reads it, and it becomes a case; the same message twice is one, and one that nobody could read waits for a person.

use fengqiao_core::actor::{Actor, Role};
use fengqiao_core::command::{Command, Registration};
use fengqiao_core::ids::{Code, Digest, DivisionCode, Subject, TextId};
use fengqiao_core::refusal::Refusal;

use crate::Service;
use crate::consult::hook_name;
use crate::limits::{MAX_KERNEL_TRIES, MAX_SHARED_TRIES};
use crate::ports::advisor::{Advisor, Binding, Hook, Reading};
use crate::ports::store::{
    Alike, Answer, Commit, CommitError, Consultation, Encoding, Message, MessageState,
    MessageWrite, Person, RefusedAttempt, Sent, Store, StoreError,
};
use crate::ports::{Clock, Ids};
use crate::request::{
    Mode, Outcome, ReadMessage, Receipt, Request, RequestKey, SubmitError, Target,
};
use crate::words::{digested, sha256};
use crate::work::Work;
use crate::world::World;

/// The task that says that messages wait.
pub(crate) const UNREAD: &str = "unread-message";
pub(crate) const UNREAD_NOTE: &str = "渠道来件未能自动读取：请在来件一览中查看原文，人工登记或退回";

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
            Ok(Reading::Submission { registration }) => {
                let tried = self
                    .hand_in(binding, *registration, &mut sent, &incoming, wording)
                    .await?;
                match tried {
                    Ok(taken) => return Ok(taken),
                    Err(refused) => refused,
                }
            }
            Ok(Reading::Duplicate { external }) => {
                let first = Sent {
                    number: Some(external),
                    ..sent.clone()
                };
                match self.store.same_message(&first).await? {
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

    /// The matter goes the way of every registration; the inner error is why it can't, for a person to see.
    async fn hand_in(
        &self,
        binding: &Binding,
        mut registration: Registration<String, Person>,
        sent: &mut Sent,
        incoming: &Incoming,
        wording: TakenWording<'_>,
    ) -> Result<Result<Taken, Code>, ReceiveError> {
        let now = self.clock.now();
        let source = &mut registration.source;
        source.channel = incoming.channel.clone();
        source.external = source.external.take().or_else(|| incoming.number.clone());
        source.detected_at.get_or_insert(now);
        sent.number = sent.number.take().or_else(|| source.external.clone());
        if let Some(first) = self.store.same_message(sent).await? {
            return self.same(first, incoming, wording).await.map(Ok);
        }
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
        let message = self.message_of(sent, Code::word("reading"), incoming);
        let request = Request {
            target: Target::NewCase,
            command,
            actor: incoming.actor.clone(),
            expected: None,
            key: incoming.key.clone(),
            mode: incoming.mode,
            message: Some(ReadMessage {
                write: MessageWrite::New(Box::new(message)),
                consultation: Some(Box::new(asked)),
            }),
        };
        let said = |outcome: &Outcome| {
            wording(&Taken::Registered {
                outcome: Box::new(outcome.clone()),
                alike: alike.clone(),
            })
        };
        let mut tries = 1;
        loop {
            return match self.submit_once(request.clone(), &said).await {
                Ok(Receipt::Done(outcome)) => Ok(Ok(Taken::Registered { outcome, alike })),
                Ok(Receipt::Again(before)) => Ok(Ok(Taken::Again(before))),
                // Its number is another case's: the next one is its own.
                Err(SubmitError::Stale { .. }) if tries < MAX_KERNEL_TRIES => {
                    tries += 1;
                    continue;
                }
                Err(SubmitError::MessageTaken) => match self.store.same_message(sent).await? {
                    Some(first) => self.same(first, incoming, wording).await.map(Ok),
                    None => Err(SubmitError::MessageTaken.into()),
                },
                Err(SubmitError::Refused(refusal)) => Ok(Err(refused(&refusal))),
                Err(SubmitError::TooLong { .. }) => Ok(Err(Code::word("too-long"))),
                Err(error) => Err(error.into()),
            };
        }
    }

    /// It came before: that is noted, and the first one's case is the answer.
    async fn same(
        &self,
        first: Message,
        incoming: &Incoming,
        wording: TakenWording<'_>,
    ) -> Result<Taken, ReceiveError> {
        let commit = Commit {
            message: Some(MessageWrite::Repeated {
                id: first.id.clone(),
                at: self.clock.now(),
            }),
            ..Commit::default()
        };
        let taken = Taken::Same(Box::new(first));
        Ok(self.conclude(commit, taken, incoming, wording).await?)
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

    /// Nobody could read it. It is kept as it came, and the hub has a task as long as any such message waits: a case made
    /// of what nobody understood would have a place, a kind and a statement that nobody gave, and show handlers who wrote.
    async fn unread(
        &self,
        world: &World,
        sent: Sent,
        why: Code,
        incoming: &Incoming,
        wording: TakenWording<'_>,
    ) -> Result<Taken, ReceiveError> {
        let message = self.message_of(&sent, why, incoming);
        let mut tries = 1;
        loop {
            let mut work = Work::new(self.clock.now(), world.reference.version());
            self.hold_unread_task(world, &sent.division, &mut work)
                .await?;
            let (encoding, words) = kept(&incoming.raw);
            debug_assert_eq!(encoding, message.encoding);
            let of = Subject::Division(sent.division.clone());
            work.texts.push((message.id.clone(), of, words));
            work.message = Some(MessageWrite::New(Box::new(message.clone())));
            let taken = Taken::Unread(Box::new(message.clone()));
            match self
                .conclude(work.into_commit(), taken, incoming, wording)
                .await
            {
                Err(SubmitError::Stale { .. }) if tries < MAX_SHARED_TRIES => tries += 1,
                Err(SubmitError::MessageTaken) => {
                    return match self.store.same_message(&sent).await? {
                        Some(first) => self.same(first, incoming, wording).await,
                        None => Err(SubmitError::MessageTaken.into()),
                    };
                }
                ended => return Ok(ended?),
            }
        }
    }

    /// One open task says that messages wait, however many do. Where the docket takes none, the message is kept all the same.
    async fn hold_unread_task(
        &self,
        world: &World,
        division: &DivisionCode,
        work: &mut Work,
    ) -> Result<(), SubmitError> {
        let subject = Subject::Division(division.clone());
        self.hold(world, &subject, work).await?;
        let mut tasks = work.docket(&subject).into_iter().flat_map(|d| &d.tasks);
        if tasks.any(|task| task.code.as_str() == UNREAD && task.done_at.is_none()) {
            // It must still be open when the message is written.
            work.watch(&subject);
            return Ok(());
        }
        let raise = Command::RaiseTask {
            code: Code::word(UNREAD),
            desk: division.clone(),
            role: Role::Dispatcher,
            note: UNREAD_NOTE.to_owned(),
        };
        match self
            .carry_out(world, &subject, &raise, &Actor::Kernel, work)
            .await
        {
            Err(SubmitError::Refused(refusal)) => {
                tracing::warn!(%division, code = refusal.code(), "未读来件的待办未能建立");
                Ok(())
            }
            raised => raised,
        }
    }

    fn message_of(&self, sent: &Sent, why: Code, incoming: &Incoming) -> Message {
        Message {
            id: self.ids.text(),
            sent: sent.clone(),
            media: incoming.media.clone(),
            encoding: kept(&incoming.raw).0,
            state: MessageState::Unread(why),
            received_at: self.clock.now(),
            received_by: incoming.actor.clone(),
            repeats: 0,
            repeated_at: None,
            settled: None,
        }
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

/// How bytes are kept as text, and read back by [`original`].
pub(crate) fn kept(raw: &[u8]) -> (Encoding, String) {
    match std::str::from_utf8(raw) {
        Ok(text) => (Encoding::Utf8, text.to_owned()),
        Err(_) => (Encoding::Hex, hex::encode(raw)),
    }
}

/// The bytes as they came.
pub(crate) fn original(encoding: Encoding, words: String) -> Result<Vec<u8>, StoreError> {
    match encoding {
        Encoding::Utf8 => Ok(words.into_bytes()),
        Encoding::Hex => hex::decode(words).map_err(|error| StoreError::Corrupt(error.to_string())),
    }
}

/// What a message says, whatever mark it begins with and however its lines end.
fn normal(raw: &[u8]) -> Vec<u8> {
    let raw = raw
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(raw)
        .trim_ascii();
    let mut normal = Vec::with_capacity(raw.len());
    let mut bytes = raw.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\r' => {
                bytes.next_if_eq(&b'\n');
                normal.push(b'\n');
            }
            byte => normal.push(byte),
        }
    }
    normal
}

pub(crate) fn digest(bytes: &[u8]) -> Result<Digest, SubmitError> {
    Digest::parse(&sha256(bytes)).map_err(|error| SubmitError::Inconsistent(error.to_string()))
}

pub(crate) fn refused(refusal: &Refusal) -> Code {
    Code::parse(refusal.code()).unwrap_or_else(|_| Code::word("refused"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_line_ends_and_blank_edges_make_no_other_message() {
        let same = [
            "甲\n乙".as_bytes(),
            "\u{feff}甲\r\n乙\r\n".as_bytes(),
            "\n甲\r乙 ".as_bytes(),
        ];
        for raw in same {
            assert_eq!(normal(raw), "甲\n乙".as_bytes());
        }
        assert_ne!(normal("甲 乙".as_bytes()), normal("甲\n乙".as_bytes()));
    }

    #[test]
    fn what_is_no_utf_8_is_kept_byte_for_byte() {
        let gbk = [0xc2, 0xb7, 0xb5, 0xc6];
        let (encoding, words) = kept(&gbk);
        assert_eq!((encoding, words.as_str()), (Encoding::Hex, "c2b7b5c6"));
        assert_eq!(original(encoding, words).unwrap(), gbk);
        let (encoding, words) = kept("路灯".as_bytes());
        assert_eq!(encoding, Encoding::Utf8);
        assert_eq!(original(encoding, words).unwrap(), "路灯".as_bytes());
    }
}
