//! A message that nobody could read is kept as it came and waits for a person.

use fengqiao_core::actor::{Actor, Role};
use fengqiao_core::command::Command;
use fengqiao_core::ids::{Code, DivisionCode, Subject};

use super::bytes::kept;
use super::{Incoming, ReceiveError, Taken, TakenWording};
use crate::Service;
use crate::limits::MAX_SHARED_TRIES;
use crate::ports::advisor::Advisor;
use crate::ports::store::{Message, MessageState, MessageWrite, Sent, Store};
use crate::ports::{Clock, Ids};
use crate::request::SubmitError;
use crate::work::Work;
use crate::world::World;

/// The task that says that messages wait.
pub(crate) const UNREAD: &str = "unread-message";
pub(crate) const UNREAD_NOTE: &str = "渠道来件未能自动读取：请在来件一览中查看原文，人工登记或退回";

impl<S: Store, A: Advisor, C: Clock, I: Ids> Service<S, A, C, I> {
    /// Nobody could read it. It is kept as it came, and the hub has a task as long as any such message waits: a case made
    /// of what nobody understood would have a place, a kind and a statement that nobody gave, and show handlers who wrote.
    pub(super) async fn unread(
        &self,
        world: &World,
        mut sent: Sent,
        why: Code,
        incoming: &Incoming,
        wording: TakenWording<'_>,
    ) -> Result<Taken, ReceiveError> {
        let mut tries = 1;
        loop {
            if let Some(first) = self.store.same_message(&sent).await? {
                return self.same(first, incoming, wording).await;
            }
            // The number stays with the message that had it first.
            if self.store.numbered_message(&sent).await?.is_some() {
                sent.number = None;
            }
            let message = self.message_of(&sent, why.clone(), incoming);
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
                Err(SubmitError::Stale { .. } | SubmitError::MessageTaken)
                    if tries < MAX_SHARED_TRIES =>
                {
                    tries += 1;
                }
                ended => return Ok(ended?),
            }
        }
    }

    /// One open task says that messages wait, however many do. Where the docket takes none, the message is kept all the same.
    pub(super) async fn hold_unread_task(
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

    pub(super) fn message_of(&self, sent: &Sent, why: Code, incoming: &Incoming) -> Message {
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
}
