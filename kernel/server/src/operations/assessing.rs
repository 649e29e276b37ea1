//! Metrics and assessments: figures with their cases, appeals, bulletins, sheets, and how a place counts.

mod appeals;
mod asked;
mod bulletins;
mod figures;
mod hidden;
mod imports;
mod lineage;
mod rules;
mod sheets;
mod suggestions;
mod watching;

use crate::operation::Operation;

pub(super) fn operations() -> Vec<Operation> {
    let mut all = vec![figures::operation(), lineage::operation()];
    all.extend(watching::operations());
    all.push(suggestions::operation());
    all.extend(rules::operations());
    all.push(imports::operation());
    all.extend(appeals::operations());
    all.extend(bulletins::operations());
    all.extend(sheets::operations());
    all
}
