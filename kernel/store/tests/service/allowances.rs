//! Cases that draw on one allowance at the same time: what is there is given once, and the rows follow from the events.

use fengqiao_core::docket::Docket;
use fengqiao_core::ids::Subject;

use super::*;

/// A county in which every funding costs the same, and the money is there for `count` of them.
async fn county(files: &Files, count: u64) -> Kernel {
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
    let kernel = kernel_with(files, Vec::new(), serde_json::from_value(profile).unwrap()).await;
    bind(&kernel, COUNTY, "b1").await.unwrap();
    let set = json!({
        "do": "set-allowance", "kind": "fund", "year": 2024, "ceiling-fen": 100 * count, "text": "年度预算"
    });
    let admin = official(Role::SystemAdmin, None);
    let target = Target::Division(COUNTY.parse().unwrap());
    send(&kernel, target, admin, set).await.unwrap();
    kernel
}

fn secretary() -> Actor {
    official(Role::Secretary, None)
}

async fn asked(kernel: &Kernel) -> CaseId {
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
    let approve = async |case: &CaseId| {
        let stands = kernel.store().case(case).await.unwrap().unwrap();
        let command = step(&stands.docket, "approve");
        send(&kernel, Target::Case(case.clone()), secretary(), command).await
    };
    let (a, b, c, d) = tokio::join!(approve(&a), approve(&b), approve(&c), approve(&d));
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
