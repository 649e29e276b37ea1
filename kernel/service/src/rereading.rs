//! A message that nobody could read is read again once its adapter was mended, the same way as the first time.

use fengqiao_core::actor::{Actor, Role};
use fengqiao_core::command::Command;
use fengqiao_core::ids::{Code, DivisionCode, Subject};
use fengqiao_core::refusal::Refusal;

use crate::Service;
use crate::intake::{
    Incoming, Matter, ReceiveError, Taken, TakenWording, UNREAD, UNREAD_NOTE, Waited, adapter,
};
use crate::ports::advisor::{Advisor, Reading};
use crate::ports::store::{
    Commit, MAX_PAGE_ROWS, Message, MessageFilter, MessageState, MessageWrite, Page, Store,
    StoreError,
};
use crate::ports::{Clock, Ids};
use crate::request::{Mode, RequestKey, SubmitError, Target};

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
        let waited = Waited { message, by };
        match self.advisor.intake(binding, channel, &incoming.raw).await {
            Ok(Reading::Submission {
                registration,
                repeats,
            }) => {
                let matter = Matter {
                    registration: *registration,
                    repeats,
                };
                let mut sent = message.sent.clone();
                let tried = self
                    .hand_in(binding, matter, &mut sent, incoming, Some(waited), wording)
                    .await?;
                Ok(tried.unwrap_or_else(|why| waits(message, why)))
            }
            Ok(Reading::Duplicate { external }) => {
                let sent = message.sent.under(external);
                match self.store.numbered_message(&sent).await? {
                    Some(first) if first.id != message.id => self.join(waited, first).await,
                    _ => Ok(waits(message, Code::word("first-unknown"))),
                }
            }
            // Its sender was told that it is kept for a person: only one dismisses it.
            Ok(Reading::NotForUs { code, .. }) => Ok(waits(message, code)),
            Err(error) => {
                tracing::warn!(binding = %binding.id, failure = error.kind(), "intake 仍无法回答");
                Ok(waits(message, Code::word(error.kind())))
            }
        }
    }

    /// It is the same as another one: that one's case is its own. One that waits itself settles nothing.
    pub(crate) async fn join(
        &self,
        waited: Waited<'_>,
        first: Message,
    ) -> Result<Taken, ReceiveError> {
        let Waited { message, by } = waited;
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
