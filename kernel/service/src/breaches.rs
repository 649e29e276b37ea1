//! A breached clock is a command too, sent by the kernel.

use fengqiao_core::command::Command;
use fengqiao_core::ids::Subject;
use fengqiao_core::refusal::Refusal;
use futures_util::stream::{self, StreamExt as _};

use crate::Service;
use crate::limits::SWEEP_CLOCKS;
use crate::ports::advisor::Advisor;
use crate::ports::store::{DueClock, Store, StoreError};
use crate::ports::{Clock, Ids};
use crate::request::{SubmitError, Target};

/// What came of looking at the clocks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Swept {
    /// Breaches that were carried out.
    pub breached: u64,
    /// Clocks that are due and couldn't be breached: each is tried again the next time.
    pub stuck: Vec<Stuck>,
}

/// A clock that is due and couldn't be breached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stuck {
    /// Which.
    pub clock: DueClock,
    /// Why.
    pub why: String,
}

impl<S: Store, A: Advisor, C: Clock, I: Ids> Service<S, A, C, I> {
    /// Sends a breach for every clock that ran out before now, the earliest first; one that can't be breached holds up no
    /// other. So many subjects are looked at together, each subject's own clocks in their order. On a new day, reference
    /// data is looked up as it holds from then on; after a new notice of holidays, deadlines are moved first.
    pub async fn sweep_clocks(&self, at_once: usize) -> Result<Swept, StoreError> {
        self.follow_the_day().await?;
        self.follow_the_calendar().await?;
        let mut swept = Swept::default();
        loop {
            let pass = self.pass_over_clocks(at_once).await?;
            swept.breached += pass.breached;
            swept.stuck = pass.stuck;
            // Clocks started by a breach may be due already when time moved far: go on until nothing moves.
            if pass.breached == 0 {
                return Ok(swept);
            }
        }
    }

    /// Tries every clock that is due once.
    async fn pass_over_clocks(&self, at_once: usize) -> Result<Swept, StoreError> {
        let now = self.clock.now();
        let mut pass = Swept::default();
        let mut after: Option<DueClock> = None;
        loop {
            let due = self
                .store
                .due_clocks(now, after.as_ref(), SWEEP_CLOCKS)
                .await?;
            let more = u32::try_from(due.len()).is_ok_and(|read| read == SWEEP_CLOCKS);
            after = due.last().cloned();
            let mut ended = stream::iter(queues(due, at_once))
                .map(|queue| self.breach_in_turn(queue))
                .buffered(at_once.max(1));
            while let Some(part) = ended.next().await {
                let part = part?;
                pass.breached += part.breached;
                pass.stuck.extend(part.stuck);
            }
            if !more {
                return Ok(pass);
            }
        }
    }

    async fn breach_in_turn(&self, queue: Vec<DueClock>) -> Result<Swept, StoreError> {
        let mut swept = Swept::default();
        for clock in queue {
            match self.breach(&clock).await {
                Ok(()) => swept.breached += 1,
                // Somebody was quicker.
                Err(SubmitError::Refused(Refusal::ClockOver { .. } | Refusal::NotDue { .. })) => {}
                Err(SubmitError::Store(error @ StoreError::Unavailable(_))) => return Err(error),
                Err(error) => swept.stuck.push(Stuck {
                    clock,
                    why: error.to_string(),
                }),
            }
        }
        Ok(swept)
    }

    async fn breach(&self, due: &DueClock) -> Result<(), SubmitError> {
        let target = target_of(&due.subject);
        self.submit_own(&target, Command::Breach { clock: due.clock })
            .await
            .map(|_| ())
    }
}

/// What a command of the kernel itself about a subject goes to.
pub(crate) fn target_of(subject: &Subject) -> Target {
    match subject {
        Subject::Case(id) => Target::Case(id.clone()),
        Subject::Unit(id) => Target::Unit(id.clone()),
        Subject::Division(division) => Target::Division(division.clone()),
    }
}

/// The clocks of one subject in a row. One after another, all are taken in the order in which they ran out.
fn queues(due: Vec<DueClock>, at_once: usize) -> Vec<Vec<DueClock>> {
    let mut queues: Vec<Vec<DueClock>> = Vec::new();
    for clock in due {
        let own = |queue: &&mut Vec<DueClock>| {
            at_once > 1 && queue.first().is_some_and(|c| c.subject == clock.subject)
        };
        match queues.iter_mut().find(own) {
            Some(queue) => queue.push(clock),
            None => queues.push(vec![clock]),
        }
    }
    queues
}
