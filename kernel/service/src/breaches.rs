//! A breached clock is a command too, sent by the kernel.

use fengqiao_core::command::Command;
use fengqiao_core::ids::Subject;
use fengqiao_core::refusal::Refusal;

use crate::Service;
use crate::limits::SWEEP_CLOCKS;
use crate::ports::advisor::Advisor;
use crate::ports::store::{DueClock, Store, StoreError};
use crate::ports::{Clock, Ids};
use crate::request::{SubmitError, Target};

impl<S: Store, A: Advisor, C: Clock, I: Ids> Service<S, A, C, I> {
    /// Sends a breach for every clock that ran out before now, the earliest first; answers how many were carried out.
    pub async fn sweep_clocks(&self) -> Result<u64, StoreError> {
        let mut breached = 0;
        loop {
            let due = self
                .store
                .due_clocks(self.clock.now(), SWEEP_CLOCKS)
                .await?;
            let mut advanced = false;
            for clock in &due {
                match self.breach(clock).await {
                    Ok(()) => {
                        breached += 1;
                        advanced = true;
                    }
                    Err(SubmitError::Refused(
                        Refusal::ClockOver { .. } | Refusal::NotDue { .. },
                    )) => {}
                    Err(SubmitError::Store(error)) => return Err(error),
                    Err(error) => {
                        tracing::error!(subject = %clock.subject, clock = clock.clock, %error, "到期时限未能处理");
                    }
                }
            }
            // Clocks started by a breach may be due already when time moved far: go on until nothing moves.
            if !advanced {
                return Ok(breached);
            }
        }
    }

    async fn breach(&self, due: &DueClock) -> Result<(), SubmitError> {
        let target = match &due.subject {
            Subject::Case(id) => Target::Case(id.clone()),
            Subject::Unit(id) => Target::Unit(id.clone()),
            Subject::Division(division) => Target::Division(division.clone()),
        };
        self.submit_own(&target, Command::Breach { clock: due.clock })
            .await
            .map(|_| ())
    }
}
