//! Stopping: Ctrl-C and the signals that ask a program to end, heard without leaving a kernel behind.

use std::{
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    time::Duration,
};

use anyhow::{Context, Result, bail};

/// How often it is asked whether what is waited for is over.
const ASK_EVERY: Duration = Duration::from_millis(100);

/// The exit code of a program that Ctrl-C ended: 128 and the number of the signal.
const INTERRUPTED: i32 = 130;

/// Hears when the person, or the system, wants this to end.
#[derive(Debug)]
pub(crate) struct Stop {
    asked: Receiver<()>,
}

/// What ended the waiting.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Waited<T> {
    /// What was waited for.
    Over(T),
    /// Somebody asked to stop.
    Stopped,
}

impl Stop {
    /// From now on this process ends in order; once nobody listens any more, it ends at once.
    pub(crate) fn listen() -> Result<Self> {
        let (ask, asked) = channel();
        let end = move || {
            if ask.send(()).is_err() {
                std::process::exit(INTERRUPTED);
            }
        };
        ctrlc::set_handler(end).context("listening for Ctrl-C")?;
        Ok(Self { asked })
    }

    /// Waits until there is an answer, or until somebody asks to stop.
    pub(crate) fn unless_over<T>(
        &self,
        mut over: impl FnMut() -> Result<Option<T>>,
    ) -> Result<Waited<T>> {
        loop {
            if let Some(answer) = over()? {
                return Ok(Waited::Over(answer));
            }
            match self.asked.recv_timeout(ASK_EVERY) {
                Ok(()) => return Ok(Waited::Stopped),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => bail!("nothing listens for Ctrl-C"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_ends_with_the_answer_or_with_the_wish_to_stop() {
        let (ask, asked) = channel();
        let stop = Stop { asked };
        let mut left = 2;
        let answer = stop.unless_over(|| {
            left -= 1;
            Ok((left == 0).then_some("done"))
        });
        assert_eq!(answer.unwrap(), Waited::Over("done"));
        ask.send(()).unwrap();
        let never = stop.unless_over(|| Ok(None::<()>));
        assert_eq!(never.unwrap(), Waited::Stopped);
    }
}
