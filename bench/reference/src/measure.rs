//! Two ways to answer the same questions take turns; the medians of their processor time and their ratio are printed.

use std::hint::black_box;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// How long one contender is measured in one round.
const TURN: Duration = Duration::from_millis(20);

/// A way to answer question number so-and-so; the answer counts as a number, so that nobody leaves it out.
pub type Way<'a> = Box<dyn FnMut(usize) -> usize + 'a>;

pub fn head() {
    println!(
        "{:44} {:>9} {:>11} {:>11} {:>9}",
        "", "size", "kernel", "plain", "ratio"
    );
}

/// Prints one line: what the kernel and the plain way need for a question, and how many times as long the plain way takes.
pub fn line(what: &str, size: usize, rounds: usize, kernel: Way<'_>, plain: Way<'_>) {
    let mut ways = [kernel, plain];
    let mut counts = [0; 2];
    for (way, count) in ways.iter_mut().zip(&mut counts) {
        *count = enough(way);
    }
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..rounds {
        for turn in 0..2 {
            let which = (turn + round) % 2;
            let took = time(&mut ways[which], counts[which]);
            times[which].push(took.as_secs_f64() * 1e9 / counts[which] as f64);
        }
    }
    let mut ratios: Vec<f64> = times[0]
        .iter()
        .zip(&times[1])
        .map(|(kernel, plain)| plain / kernel)
        .collect();
    let [kernel, plain] = times;
    println!(
        "{what:44} {size:>9} {:>11} {:>11} {:>9.1}",
        shown(median(kernel)),
        shown(median(plain)),
        median(std::mem::take(&mut ratios))
    );
}

/// How many questions fill a turn; warms up meanwhile.
fn enough(way: &mut Way<'_>) -> usize {
    let mut count = 1;
    while time(way, count) < TURN {
        count *= 2;
    }
    count
}

fn time(way: &mut Way<'_>, count: usize) -> Duration {
    timed(|| {
        for question in 0..count {
            black_box(way(black_box(question)));
        }
    })
    .1
}

/// The processor time of this thread, so that what else the machine does doesn't count.
pub fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let now = || {
        let time = clock_gettime(ClockId::ThreadCPUTime);
        Duration::new(
            time.tv_sec.unsigned_abs(),
            time.tv_nsec.unsigned_abs() as u32,
        )
    };
    let start = now();
    let done = work();
    (done, now().saturating_sub(start))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn shown(nanoseconds: f64) -> String {
    if nanoseconds < 1e4 {
        format!("{nanoseconds:.0} ns")
    } else if nanoseconds < 1e7 {
        format!("{:.1} us", nanoseconds / 1e3)
    } else {
        format!("{:.1} ms", nanoseconds / 1e6)
    }
}

/// How long something takes that is done once.
pub fn once<T>(what: &str, size: usize, work: impl FnOnce() -> T) -> T {
    let (done, took) = timed(work);
    let took = shown(took.as_secs_f64() * 1e9);
    println!("{what:44} {size:>9} {took:>11}");
    done
}

/// Numbers that look random and are the same in every run.
pub fn mixed(number: usize) -> usize {
    let mut x = (number as u64).wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    usize::try_from((x ^ (x >> 31)) >> 1).unwrap_or_default()
}
