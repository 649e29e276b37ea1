//! Working days and deadlines under Chinese law, each with its reasons; pure, without a system clock.
//!
//! A [`Calendar`] is built from the State Council's yearly notices. It turns a start and a [`Spec`] into a
//! [`Deadline`], extends it, shifts it by a pause, and recomputes it when a newer notice is published.
//!
//! Law: Civil Code (民法典) articles 201–204, Administrative Reconsideration Law (行政复议法) article 88.

mod calendar;
mod clock;
mod deadline;
mod explain;
mod instant;
mod notice;
mod reckoning;
mod spec;

pub use calendar::Calendar;
pub use clock::{ClockError, MAX_PAUSE_DAYS};
pub use deadline::{Change, Deadline, Roll};
pub use instant::{
    InstantError, MAX_INSTANT_BYTES, end_of_day, local_date, local_text, parse_instant,
};
pub use notice::CalendarError;
pub use spec::{MAX_AMOUNT, Spec, SpecError};
