//! `/v1/linked/{platform}`: dispatch out, status back, and what doesn't agree. A platform asks and says; nothing is pushed.

mod outbox;
mod reconciliation;
mod statuses;

use crate::operation::Operation;

pub(super) fn operations() -> Vec<Operation> {
    let mut all = outbox::operations();
    all.push(statuses::operation());
    all.extend(reconciliation::operations());
    all
}
