//! Rounds in which all take turns, so that whatever the machine does meanwhile befalls all of them alike.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::Result;
use fengqiao_core::snapshot::Snapshot;

use crate::Contender;

/// How long one contender is measured in one round.
const TURN: Duration = Duration::from_millis(20);

/// How many rounds.
const ROUNDS: usize = 101;
const QUICK_ROUNDS: usize = 15;

/// Nanoseconds a call of each contender, by round.
pub struct Rounds(pub Vec<Vec<f64>>);

pub fn run(
    contenders: &mut [Box<dyn Contender>],
    cases: &[Snapshot],
    quick: bool,
) -> Result<Rounds> {
    let (count, turn) = if quick {
        (QUICK_ROUNDS, TURN / 4)
    } else {
        (ROUNDS, TURN)
    };
    let mut calls = Vec::with_capacity(contenders.len());
    for contender in contenders.iter_mut() {
        calls.push(calls_in(turn, contender.as_mut(), cases)?);
    }
    let mut rounds = vec![Vec::with_capacity(count); contenders.len()];
    for round in 0..count {
        for turn in 0..contenders.len() {
            // Each begins once, goes last once: nobody always runs after the same neighbour's warm-up.
            let which = (turn + round) % contenders.len();
            let took = time(calls[which], contenders[which].as_mut(), cases)?;
            rounds[which].push(took.as_secs_f64() * 1e9 / calls[which] as f64);
        }
    }
    Ok(Rounds(rounds))
}

/// Warms up, and finds how many calls fill a turn.
fn calls_in(turn: Duration, contender: &mut dyn Contender, cases: &[Snapshot]) -> Result<usize> {
    let mut calls = cases.len();
    loop {
        let took = time(calls, contender, cases)?;
        if took >= turn {
            return Ok(calls);
        }
        calls *= 2;
    }
}

fn time(calls: usize, contender: &mut dyn Contender, cases: &[Snapshot]) -> Result<Duration> {
    let start = Instant::now();
    for case in cases.iter().cycle().take(calls) {
        black_box(contender.decide(black_box(case))?);
    }
    Ok(start.elapsed())
}
