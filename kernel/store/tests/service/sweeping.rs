//! Clocks that can't be breached hold up no others.

use fengqiao_core::docket::Docket;
use fengqiao_core::event::Event;
use fengqiao_core::ids::Subject;
use fengqiao_service::Stuck;
use fengqiao_service::limits::SWEEP_CLOCKS;
use fengqiao_store::conformance::draft::{Draft, at, clock};

use super::*;

/// Before the kernel's standing time.
const OVER: i64 = -100_000_000_000;

/// A unit that reference data doesn't know (any more), with more due clocks than one page of a sweep.
async fn crowd(kernel: &Kernel) -> usize {
    let many = SWEEP_CLOCKS + 3;
    let gone = Draft::on_unit("gone", Docket::default());
    let gone = (1..=many).fold(gone, |draft, id| draft.then(OVER, clock(id, OVER)));
    kernel.store().commit(gone.commit()).await.unwrap();
    usize::try_from(many).unwrap()
}

/// A case with two clocks that ran out after those of the crowd.
async fn overdue(kernel: &Kernel) -> CaseId {
    let id = register(kernel, "路坏了").await;
    let case = kernel.store().case(&id).await.unwrap().unwrap();
    let case = Draft::on(Arc::unwrap_or_clone(case))
        .then(OVER, clock(101, OVER + 1))
        .then(OVER, clock(102, OVER + 2));
    kernel.store().commit(case.commit()).await.unwrap();
    id
}

#[tokio::test]
async fn clocks_that_cannot_be_breached_are_counted_and_passed_by() {
    for at_once in [1, 8] {
        let files = Files::new();
        let kernel = kernel(&files, Vec::new()).await;
        let many = crowd(&kernel).await;
        let cases = [
            overdue(&kernel).await,
            overdue(&kernel).await,
            overdue(&kernel).await,
        ];
        let swept = kernel.sweep_clocks(at_once).await.unwrap();
        assert_eq!(swept.breached, 6);
        assert_eq!(swept.stuck.len(), many);
        let Stuck { clock, why } = &swept.stuck[0];
        assert_eq!(clock.due, at(OVER));
        assert!(why.contains("gone"), "{why}");
        for id in cases {
            let history = kernel.history(&Subject::Case(id)).await.unwrap();
            let breached = history.iter().filter_map(|recorded| match recorded.event {
                Event::ClockBreached { clock, .. } => Some(clock),
                _ => None,
            });
            assert_eq!(breached.collect::<Vec<_>>(), [101, 102]);
        }
    }
}

#[tokio::test]
async fn a_case_that_cannot_be_read_holds_up_no_other() {
    let files = Files::new();
    let kernel = kernel(&files, Vec::new()).await;
    let (spoilt, _) = (overdue(&kernel).await, overdue(&kernel).await);
    let spoil = format!("UPDATE cases SET state = '{{' WHERE id = '{spoilt}'");
    assert_eq!(files.intrude(&spoil).await.unwrap(), 1);
    drop(kernel);
    let restarted = super::kernel(&files, Vec::new()).await;
    let swept = restarted.sweep_clocks(1).await.unwrap();
    assert_eq!((swept.breached, swept.stuck.len()), (2, 2));
}
