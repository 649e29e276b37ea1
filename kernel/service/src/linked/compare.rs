//! A platform's own full list of open numbers, counted against ours.

use std::collections::BTreeSet;

use fengqiao_core::ids::Code;
use serde::Serialize;

use super::reconcile::is_open;
use crate::Service;
use crate::ports::advisor::Advisor;
use crate::ports::store::{MAX_PAGE_ROWS, OpenList, Page, Store, StoreError};
use crate::ports::{Clock, Ids};

/// How many numbers each side has open, and how many only one of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Comparison {
    /// Open here.
    pub ours: u64,
    /// Open there.
    pub theirs: u64,
    /// Open here, and not there.
    pub only_ours: u64,
    /// Open there, and not here.
    pub only_theirs: u64,
}

impl<S: Store, A: Advisor, C: Clock, I: Ids> Service<S, A, C, I> {
    /// Keeps a platform's own full list of open numbers, and counts both sides.
    pub async fn take_open_list(
        &self,
        platform: &Code,
        numbers: BTreeSet<Code>,
    ) -> Result<Comparison, StoreError> {
        let at = self.clock.now();
        let list = OpenList { at, numbers };
        self.store.put_linked_open(platform, &list).await?;
        let mut counted = Comparison {
            theirs: list.numbers.len() as u64,
            ..Comparison::default()
        };
        let mut both = 0;
        let mut after = None;
        loop {
            let page = Page {
                after,
                limit: MAX_PAGE_ROWS,
            };
            let stands = self.store.linked_stands(platform, &page).await?;
            for stand in &stands {
                let case = self.store.case(&stand.order.case).await?;
                if case.is_some_and(|case| is_open(stand, &case)) {
                    counted.ours += 1;
                    both += u64::from(list.numbers.contains(&stand.order.number));
                }
            }
            let last = stands
                .last()
                .map(|stand| stand.order.number.as_str().to_owned());
            let Some(last) = last else { break };
            after = Some(last);
        }
        counted.only_ours = counted.ours - both;
        counted.only_theirs = counted.theirs - both;
        Ok(counted)
    }
}
