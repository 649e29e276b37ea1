//! Cases that draw on one allowance at the same time: what is there is given once, and the rows follow from the events.

use fengqiao_core::docket::Docket;
use fengqiao_core::ids::Subject;
use fengqiao_store::conformance::Backend as _;

use super::racing::{Deed, Racing};
use super::*;

/// A fund of the county, and fundings that draw on it.
fn profile() -> Profile {
    let rule = json!({
        "kind": "fund", "label": "经费", "level": "county",
        "provenance": { "mark": "S", "source": "测试" },
    });
    let secretary = json!({ "role": "secretary" });
    let step = |code: &str, from: &str, to: &str, how: Option<&str>| {
        let mut step =
            json!({ "code": code, "label": code, "from": from, "to": to, "by": [secretary] });
        if let Some(how) = how {
            step["draw"] = json!({ "allowance": "fund", "how": how, "amount": "amount-fen" });
        }
        step
    };
    let state =
        |code: &str| json!({ "code": code, "label": code, "owner": secretary, "end": "open" });
    let graph = json!({
        "kind": "funding", "label": "经费申请", "initial": "asked",
        "open": { "by": [secretary], "grant": "not-needed", "fields": ["amount-fen"] },
        "states": [state("asked"), state("approved"), { "code": "spent", "label": "spent", "end": "ends" }],
        "moves": [
            step("approve", "asked", "approved", Some("reserve")),
            step("spend", "approved", "spent", Some("spend")),
        ],
    });
    let profile = json!({ "allowances": [rule], "proceedings": [graph] });
    serde_json::from_value(profile).unwrap()
}

/// The year's budget for so many fundings: on which docket, by whom and how it is set.
fn budget(count: u64) -> (Target, Actor, Value) {
    let set = json!({
        "do": "set-allowance", "kind": "fund", "year": 2024, "ceiling-fen": 100 * count, "text": "年度预算"
    });
    let admin = official(Role::SystemAdmin, None);
    (Target::Division(COUNTY.parse().unwrap()), admin, set)
}

/// A county in which every funding costs the same, and the money is there for `count` of them.
async fn county(files: &Files, count: u64) -> Kernel {
    let kernel = kernel_with(files, Vec::new(), profile()).await;
    bind(&kernel, COUNTY, "b1").await.unwrap();
    let (target, admin, set) = budget(count);
    send(&kernel, target, admin, set).await.unwrap();
    kernel
}

/// A county with money for one funding, where a rival, so often, sets the budget anew while somebody approves; and a
/// case that asks for it.
async fn raced(files: &Files, often: u32) -> (Kernel<Racing>, CaseId, Arc<AtomicU32>) {
    let (store, clock) = (files.open().await, Standing::new());
    let silent = Proposing {
        profile: profile(),
        ..Proposing::default()
    };
    let rival = kernel_of(store.clone(), silent, clock.clone(), 1_000).await;
    bind(&rival, COUNTY, "b1").await.unwrap();
    let (target, actor, command) = budget(1);
    send(&rival, target.clone(), actor.clone(), command.clone())
        .await
        .unwrap();
    let asked_about = Arc::new(AtomicU32::new(0));
    let racing = Racing {
        rival,
        left: often.into(),
        asked: Arc::clone(&asked_about),
        profile: profile(),
        told_of: "proceeding-moved",
        deed: Deed::Elsewhere {
            target,
            actor,
            command,
        },
    };
    let kernel = kernel_of(store, racing, clock, 0).await;
    let case = asked(&kernel).await;
    (kernel, case, asked_about)
}

async fn approve<A: Advisor>(
    kernel: &Kernel<A>,
    case: &CaseId,
) -> Result<Box<Outcome>, SubmitError> {
    let stands = kernel.store().case(case).await.unwrap().unwrap();
    let command = step(&stands.docket, "approve");
    send(kernel, Target::Case(case.clone()), secretary(), command).await
}

async fn reservations<A: Advisor>(kernel: &Kernel<A>) -> usize {
    let county = Subject::Division(COUNTY.parse().unwrap());
    let docket = kernel.store().docket(&county).await.unwrap();
    docket.allowances.first().unwrap().reservations.len()
}

fn secretary() -> Actor {
    official(Role::Secretary, None)
}

async fn asked<A: Advisor>(kernel: &Kernel<A>) -> CaseId {
    let case = register(kernel, "水渠坏了").await;
    let open =
        json!({ "do": "open-proceeding", "kind": "funding", "fields": { "amount-fen": "100" } });
    work(kernel, &case, secretary(), open).await;
    case
}

fn step(docket: &Docket, code: &str) -> Value {
    let funding = docket.proceedings.last().unwrap();
    json!({ "do": "move-proceeding", "proceeding": funding.id, "code": code })
}

#[tokio::test]
async fn of_cases_that_draw_at_once_no_more_get_it_than_there_is() {
    let files = Files::new();
    let kernel = county(&files, 1).await;
    let [a, b, c, d] = [
        asked(&kernel).await,
        asked(&kernel).await,
        asked(&kernel).await,
        asked(&kernel).await,
    ];
    let (a, b, c, d) = tokio::join!(
        approve(&kernel, &a),
        approve(&kernel, &b),
        approve(&kernel, &c),
        approve(&kernel, &d)
    );
    let mut codes: Vec<String> = [a, b, c, d]
        .into_iter()
        .map(|answer| match answer {
            Ok(_) => "approved".to_owned(),
            Err(SubmitError::Refused(refusal)) => refusal.code().to_owned(),
            Err(other) => panic!("{other}"),
        })
        .collect();
    codes.sort();
    assert_eq!(
        codes,
        ["approved", "over-ceiling", "over-ceiling", "over-ceiling"]
    );
}

#[tokio::test]
async fn what_was_reserved_and_spent_is_rebuilt_from_the_events() {
    let files = Files::new();
    let kernel = county(&files, 2).await;
    let case = asked(&kernel).await;
    for code in ["approve", "spend"] {
        let stands = kernel.store().case(&case).await.unwrap().unwrap();
        let command = step(&stands.docket, code);
        work(&kernel, &case, secretary(), command).await;
    }
    for subject in kernel.store().subjects().await.unwrap() {
        let differences = kernel.store().verify(&subject).await.unwrap();
        assert_eq!(differences, [], "{subject}");
    }
    let county = Subject::Division(COUNTY.parse().unwrap());
    let docket = kernel.store().docket(&county).await.unwrap();
    let fund = docket.allowances.first().unwrap();
    assert_eq!((fund.spent_fen, fund.left_fen()), (100, 100));
}

#[tokio::test]
async fn a_draw_that_lost_seven_races_is_decided_an_eighth_time_and_stands() {
    let files = Files::new();
    let (kernel, case, asked_about) = raced(&files, 7).await;
    approve(&kernel, &case).await.unwrap();
    assert_eq!(asked_about.load(Ordering::Relaxed), 8);
    assert_eq!(reservations(&kernel).await, 1);
}

#[tokio::test]
async fn a_draw_that_lost_eight_races_is_told_so_and_keeps_nothing() {
    let files = Files::new();
    let (kernel, case, asked_about) = raced(&files, 8).await;
    let approved = approve(&kernel, &case).await;
    assert!(
        matches!(approved, Err(SubmitError::Stale { .. })),
        "{approved:?}"
    );
    assert_eq!(asked_about.load(Ordering::Relaxed), 8);
    assert_eq!(reservations(&kernel).await, 0);
}
