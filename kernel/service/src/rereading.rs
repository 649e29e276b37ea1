//! A message that nobody could read is read again once its adapter was mended, the same way as the first time.

use fengqiao_core::actor::{Actor, Role};
use fengqiao_core::command::{Command, Registration};
use fengqiao_core::ids::{Code, DivisionCode, Subject};
use fengqiao_core::refusal::Refusal;

use crate::Service;
use crate::consult::hook_name;
use crate::intake::{
    Incoming, ReceiveError, Taken, TakenWording, UNREAD, UNREAD_NOTE, adapter, digest, refused,
};
use crate::limits::MAX_KERNEL_TRIES;
use crate::ports::advisor::{Advisor, Binding, Hook, Reading};
use crate::ports::store::{
    Commit, Consultation, MAX_PAGE_ROWS, Message, MessageFilter, MessageState, MessageWrite, Page,
    Person, Sent, Store, StoreError,
};
use crate::ports::{Clock, Ids};
use crate::request::{
    Mode, Outcome, ReadMessage, Receipt, Request, RequestKey, SubmitError, Target,
};
use crate::words::digested;

impl<S: Store, A: Advisor, C: Clock, I: Ids> Service<S, A, C, I> {
    /// Reads a waiting message again, on the word of `by`. One that waits no more is answered as it stands, and one that
    /// still can't be read goes on waiting; only a registration is kept under the key.
    pub async fn read_again(
        &self,
        message: &Message,
        by: &Actor,
        key: RequestKey,
        wording: TakenWording<'_>,
    ) -> Result<Taken, ReceiveError> {
        let _flight = self.begin(&key)?;
        if let Some(before) = self.answered(&key).await? {
            return Ok(Taken::Again(before));
        }
        let same = || Ok(Taken::Same(Box::new(message.clone())));
        let MessageState::Unread(_) = message.state else {
            return same();
        };
        let Some(raw) = self.bytes_of(message).await? else {
            return same();
        };
        let incoming = Incoming {
            division: message.sent.division.clone(),
            channel: message.sent.channel.clone(),
            number: message.sent.number.clone(),
            media: message.media.clone(),
            raw,
            actor: message.received_by.clone(),
            key: Some(key),
            mode: Mode::Commit,
        };
        let taken = self.read_waiting(message, by, &incoming, wording).await?;
        if !matches!(taken, Taken::Unread(_)) {
            self.let_the_hub_go(&message.sent.division).await;
        }
        Ok(taken)
    }

    async fn read_waiting(
        &self,
        message: &Message,
        by: &Actor,
        incoming: &Incoming,
        wording: TakenWording<'_>,
    ) -> Result<Taken, ReceiveError> {
        let world = self.world();
        let binding = adapter(&world, incoming)?;
        let channel = incoming.channel.as_str();
        match self.advisor.intake(binding, channel, &incoming.raw).await {
            Ok(Reading::Submission { registration }) => {
                self.hand_in_again(message, by, binding, *registration, incoming, wording)
                    .await
            }
            Ok(Reading::Duplicate { external }) => match self.first_of(message, external).await? {
                Some(first) => self.join(message, first, by).await,
                None => Ok(waits(message, Code::word("first-unknown"))),
            },
            Ok(Reading::NotForUs { code, text }) => {
                self.dismiss(&message.id, code.clone(), by.clone()).await?;
                Ok(Taken::Declined { code, text })
            }
            Err(error) => {
                tracing::warn!(binding = %binding.id, failure = error.kind(), "intake 仍无法回答");
                Ok(waits(message, Code::word(error.kind())))
            }
        }
    }

    async fn hand_in_again(
        &self,
        message: &Message,
        by: &Actor,
        binding: &Binding,
        mut registration: Registration<String, Person>,
        incoming: &Incoming,
        wording: TakenWording<'_>,
    ) -> Result<Taken, ReceiveError> {
        let now = self.clock.now();
        let source = &mut registration.source;
        source.channel = incoming.channel.clone();
        source.external = source.external.take().or_else(|| incoming.number.clone());
        source.detected_at.get_or_insert(message.received_at);
        let number = source.external.clone();
        if let Some(number) = number.clone()
            && let Some(first) = self.first_of(message, number).await?
        {
            return self.join(message, first, by).await;
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
        let request = Request {
            target: Target::NewCase,
            command,
            actor: incoming.actor.clone(),
            expected: None,
            key: incoming.key.clone(),
            mode: Mode::Commit,
            message: Some(ReadMessage {
                write: MessageWrite::Settled {
                    id: message.id.clone(),
                    number,
                    state: message.state.clone(),
                    at: now,
                    by: by.clone(),
                },
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
                Ok(Receipt::Done(outcome)) => Ok(Taken::Registered { outcome, alike }),
                Ok(Receipt::Again(before)) => Ok(Taken::Again(before)),
                // Its number is another case's: the next one is its own.
                Err(SubmitError::Stale { .. }) if tries < MAX_KERNEL_TRIES => {
                    tries += 1;
                    continue;
                }
                Err(SubmitError::Refused(refusal)) => Ok(waits(message, refused(&refusal))),
                Err(SubmitError::TooLong { .. }) => Ok(waits(message, Code::word("too-long"))),
                Err(error) => Err(error.into()),
            };
        }
    }

    /// Another message of the same channel that has this number.
    async fn first_of(
        &self,
        message: &Message,
        number: Code,
    ) -> Result<Option<Message>, StoreError> {
        let sent = Sent {
            number: Some(number),
            ..message.sent.clone()
        };
        let first = self.store.same_message(&sent).await?;
        Ok(first.filter(|first| first.id != message.id))
    }

    /// It is the same as another one: that one's case is its own. One that waits itself settles nothing.
    async fn join(
        &self,
        message: &Message,
        first: Message,
        by: &Actor,
    ) -> Result<Taken, ReceiveError> {
        if !matches!(first.state, MessageState::Registered(_)) {
            return Ok(waits(message, Code::word("first-unread")));
        }
        let at = self.clock.now();
        let settled = MessageWrite::Settled {
            id: message.id.clone(),
            number: None,
            state: first.state.clone(),
            at,
            by: by.clone(),
        };
        let commit = Commit {
            message: Some(settled),
            at: Some(at),
            ..Commit::default()
        };
        self.store.commit(commit).await.map_err(SubmitError::from)?;
        Ok(Taken::Same(Box::new(first)))
    }

    /// The hub's task is done once nothing waits. Whatever comes in while it is being finished raises it again.
    pub(crate) async fn let_the_hub_go(&self, division: &DivisionCode) {
        if let Err(error) = self.finish_unread_task(division).await {
            tracing::warn!(%division, %error, "未读来件的待办未能办结");
        }
    }

    async fn finish_unread_task(&self, division: &DivisionCode) -> Result<(), SubmitError> {
        if self.is_any_unread(division).await? {
            return Ok(());
        }
        let target = Target::Division(division.clone());
        let subject = Subject::Division(division.clone());
        let docket = self.store.docket(&subject).await?;
        let open = docket.tasks.iter();
        let open = open.filter(|task| task.code.as_str() == UNREAD && task.done_at.is_none());
        for task in open {
            let finish = Command::FinishTask { task: task.id };
            match self.submit_own(&target, finish).await {
                // Somebody else finished it.
                Ok(_) | Err(SubmitError::Refused(Refusal::NotFound { .. })) => {}
                Err(error) => return Err(error),
            }
        }
        if self.is_any_unread(division).await? {
            let raise = Command::RaiseTask {
                code: Code::word(UNREAD),
                desk: division.clone(),
                role: Role::Dispatcher,
                note: UNREAD_NOTE.to_owned(),
            };
            self.submit_own(&target, raise).await?;
        }
        Ok(())
    }

    /// Whether a message of exactly this division waits; those of places below it have a hub of their own.
    async fn is_any_unread(&self, division: &DivisionCode) -> Result<bool, StoreError> {
        let filter = MessageFilter {
            division: Some(division.clone()),
            state: Some("unread".to_owned()),
            ..MessageFilter::default()
        };
        let mut after = None;
        loop {
            let page = Page {
                after,
                limit: MAX_PAGE_ROWS,
            };
            let rows = self.store.messages(&filter, &page).await?;
            if rows
                .iter()
                .any(|kept| kept.record.sent.division == *division)
            {
                return Ok(true);
            }
            after = match rows.into_iter().next_back() {
                Some(last) => Some(last.cursor),
                None => return Ok(false),
            };
        }
    }
}

/// It goes on waiting, and why.
fn waits(message: &Message, why: Code) -> Taken {
    Taken::Unread(Box::new(Message {
        state: MessageState::Unread(why),
        ..message.clone()
    }))
}
