//! Messages that nobody could read: a person looks at them, and registers or dismisses them.

use fengqiao_core::actor::Actor;
use fengqiao_core::command::{Command, Registration};
use fengqiao_core::ids::{Code, TextId};

use crate::Service;
use crate::intake::{ReceiveError, original};
use crate::ports::advisor::Advisor;
use crate::ports::store::{Commit, Message, MessageState, MessageWrite, Person, Store, StoreError};
use crate::ports::{Clock, Ids};
use crate::request::{Mode, ReadMessage, Receipt, Request, RequestKey, SubmitError, Target};
use crate::submit::Wording;

impl<S: Store, A: Advisor, C: Clock, I: Ids> Service<S, A, C, I> {
    /// What a message says, byte for byte; nothing of one that was read or erased.
    pub async fn bytes_of(&self, message: &Message) -> Result<Option<Vec<u8>>, StoreError> {
        let mut texts = self.store.texts(std::slice::from_ref(&message.id)).await?;
        let words = texts.remove(&message.id);
        words
            .map(|words| original(message.encoding, words))
            .transpose()
    }

    /// A person read it: it is registered by their hand, and what it says belongs to the case.
    pub async fn register_message(
        &self,
        message: &Message,
        mut registration: Registration<String, Person>,
        actor: Actor,
        key: Option<RequestKey>,
        mode: Mode,
        wording: Wording<'_>,
    ) -> Result<Receipt, SubmitError> {
        let source = &mut registration.source;
        source.channel = message.sent.channel.clone();
        source.external = source
            .external
            .take()
            .or_else(|| message.sent.number.clone());
        source.detected_at.get_or_insert(message.received_at);
        let settled = MessageWrite::Settled {
            id: message.id.clone(),
            number: None,
            state: message.state.clone(),
            at: self.clock.now(),
            by: actor.clone(),
        };
        let request = Request {
            target: Target::NewCase,
            command: Command::Register(Box::new(registration)),
            actor,
            expected: None,
            key,
            mode,
            message: Some(ReadMessage {
                write: settled,
                consultation: None,
                repeats: None,
            }),
        };
        let submitted = self.submit(request, wording).await?;
        if mode == Mode::Commit {
            self.let_the_hub_go(&message.sent.division).await;
        }
        Ok(submitted)
    }

    /// A person saw that it is nothing to register: what it says is erased, and that it came stays.
    pub async fn dismiss_message(
        &self,
        message: &Message,
        ground: Code,
        by: Actor,
    ) -> Result<(), ReceiveError> {
        self.dismiss(&message.id, ground, by).await?;
        self.let_the_hub_go(&message.sent.division).await;
        Ok(())
    }

    pub(crate) async fn dismiss(
        &self,
        id: &TextId,
        ground: Code,
        by: Actor,
    ) -> Result<(), ReceiveError> {
        let at = self.clock.now();
        let commit = Commit {
            message: Some(MessageWrite::Settled {
                id: id.clone(),
                number: None,
                state: MessageState::Dismissed(ground),
                at,
                by,
            }),
            at: Some(at),
            ..Commit::default()
        };
        match self.store.commit(commit).await.map_err(SubmitError::from) {
            Ok(()) => {
                self.store.erase(&[], std::slice::from_ref(id)).await?;
                Ok(())
            }
            Err(SubmitError::MessageTaken) => self.erase_dismissed(id).await,
            Err(error) => Err(error.into()),
        }
    }

    /// A dismissal that was broken off before its words were erased is finished by its repetition.
    async fn erase_dismissed(&self, id: &TextId) -> Result<(), ReceiveError> {
        let message = self.store.message(id).await?;
        match message.map(|message| message.state) {
            Some(MessageState::Dismissed(_)) => {
                self.store.erase(&[], std::slice::from_ref(id)).await?;
                Ok(())
            }
            _ => Err(ReceiveError::Settled(id.clone())),
        }
    }
}
