//! Which message came before: by its bytes, or by the sender's number with the same statement.

use fengqiao_core::command::Registration;
use fengqiao_core::ids::{CaseId, Code};

use super::{Incoming, ReceiveError, Taken, TakenWording};
use crate::Service;
use crate::ports::advisor::Advisor;
use crate::ports::store::{
    Commit, Message, MessageState, MessageWrite, Person, Sent, Store, StoreError,
};
use crate::ports::{Clock, Ids};

impl<S: Store, A: Advisor, C: Clock, I: Ids> Service<S, A, C, I> {
    /// The case of the message with a number; nothing where nobody knows it, or it is no case.
    pub(super) async fn first_of(
        &self,
        number: Code,
        sent: &Sent,
    ) -> Result<Option<CaseId>, StoreError> {
        let first = self.store.numbered_message(&sent.under(number)).await?;
        Ok(first.and_then(|first| match first.state {
            MessageState::Registered(case) => Some(case),
            MessageState::Unread(_) | MessageState::Dismissed(_) => None,
        }))
    }

    /// Whether a message under a known number says what the first said: the same statement of the same place. Senders give times and states anew; another statement under an old number is another matter.
    pub(super) async fn is_same(
        &self,
        first: &Message,
        registration: &Registration<String, Person>,
    ) -> Result<bool, StoreError> {
        let MessageState::Registered(case) = &first.state else {
            return Ok(false);
        };
        let Some(case) = self.store.case(case).await? else {
            return Ok(false);
        };
        let words = std::slice::from_ref(&case.matter.text.id);
        let words = self.store.texts(words).await?.into_values().next();
        let said = registration.matter.text.trim();
        Ok(case.matter.place == registration.matter.place
            && words.is_some_and(|words| words.trim() == said))
    }

    /// It came before: that is noted, and the first one's case is the answer.
    pub(super) async fn same(
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
}
