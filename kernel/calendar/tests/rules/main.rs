//! The rules of working days and deadlines, each as a test.
#![allow(clippy::unwrap_used, clippy::panic)]

mod agreement;
mod explanation;
mod instants;
mod notices;
mod pauses;
mod properties;
mod recomputing;
mod specs;
mod vectors;

use fengqiao_calendar::{Calendar, Deadline, Roll, Spec, parse_instant};
use jiff::Timestamp;
use jiff::civil::Date;

fn china() -> Calendar {
    Calendar::china().unwrap()
}

/// An instant in China, written `2024-02-02T10:00`.
fn at(local: &str) -> Timestamp {
    parse_instant(&format!("{local}+08:00")).unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn spec(text: &str) -> Spec {
    text.parse().unwrap()
}

/// The deadline by the built-in notices.
fn deadline(start: &str, limit: &str, roll: Roll) -> Deadline {
    china().deadline(at(start), spec(limit), roll).unwrap()
}
