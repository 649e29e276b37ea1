//! The same request twice at the same time.

use std::sync::Arc;

use fengqiao_core::ids::Subject;
use fengqiao_service::RequestKey;
use fengqiao_service::ports::store::IdempotencyKey;

use super::advisor::Door;
use super::*;

fn keyed(case: &CaseId, content: &str) -> Request {
    Request {
        target: Target::Case(case.clone()),
        command: serde_json::from_value(dispatch("roads")).unwrap(),
        actor: hub(),
        expected: None,
        key: Some(RequestKey {
            key: IdempotencyKey {
                principal: "hub".to_owned(),
                key: "k1".to_owned(),
            },
            request: content.to_owned(),
        }),
        mode: Mode::Commit,
        message: None,
    }
}

#[tokio::test]
async fn the_second_of_two_equal_requests_is_told_that_the_first_is_under_way() {
    let files = Files::new();
    let door = Arc::new(Door::default());
    let advisor = Proposing {
        door: Some(Arc::clone(&door)),
        ..Proposing::default()
    };
    let kernel = advised(&files, advisor).await;
    bind(&kernel, COUNTY, "b1").await.unwrap();
    let case = register(&kernel, "路坏了").await;
    let say = |_: &Outcome| (200, "first".to_owned());

    let first = kernel.submit(keyed(&case, "a"), &say);
    let meanwhile = async {
        door.reached.notified().await;
        let same = kernel.submit(keyed(&case, "a"), &say).await;
        let other = kernel.submit(keyed(&case, "b"), &say).await;
        door.opened.notify_one();
        (same, other)
    };
    let (first, (same, other)) = tokio::join!(first, meanwhile);
    assert!(matches!(first, Ok(Receipt::Done(_))), "{first:?}");
    assert!(matches!(same, Err(SubmitError::InFlight)), "{same:?}");
    assert!(matches!(other, Err(SubmitError::KeyReused)), "{other:?}");

    let again = kernel.submit(keyed(&case, "a"), &say).await;
    let Ok(Receipt::Again(answer)) = again else {
        panic!("{again:?}");
    };
    assert_eq!(answer.body, "first");
    let history = kernel.history(&Subject::Case(case)).await.unwrap();
    let assigned = |recorded: &&fengqiao_core::event::Recorded| {
        matches!(recorded.event, fengqiao_core::event::Event::Assigned { .. })
    };
    assert_eq!(history.iter().filter(assigned).count(), 1);
}

#[tokio::test]
async fn whoever_left_in_the_middle_gets_the_answer_and_no_refusal() {
    let files = Files::new();
    let door = Arc::new(Door::default());
    let advisor = Proposing {
        door: Some(Arc::clone(&door)),
        ..Proposing::default()
    };
    let kernel = advised(&files, advisor).await;
    bind(&kernel, COUNTY, "b1").await.unwrap();
    let case = register(&kernel, "路坏了").await;
    let say = |_: &Outcome| (200, "first".to_owned());
    // The repetition has read the case and found no answer yet when the first one's commit comes.
    let repeated = kernel.submit(keyed(&case, "a"), &say);
    let meanwhile = async {
        door.reached.notified().await;
        let mut commit = fengqiao_service::ports::store::Commit::default();
        let key = keyed(&case, "a").key.unwrap();
        let answer = fengqiao_service::ports::store::Answer {
            request: key.request,
            status: 200,
            body: "first".to_owned(),
            version: Some(9),
            at: Standing::new().now(),
        };
        commit.answer = Some((key.key, answer));
        commit.at = Some(Standing::new().now());
        kernel.store().commit(commit).await.unwrap();
        door.opened.notify_one();
    };
    let (repeated, ()) = tokio::join!(repeated, meanwhile);
    let Ok(Receipt::Again(answer)) = repeated else {
        panic!("{repeated:?}");
    };
    assert_eq!(answer.version, Some(9));
}
